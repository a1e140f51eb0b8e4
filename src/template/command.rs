//! What may be asked of a template.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::{Act, Definition, Fact, Reading};
use crate::decider::Party;
use crate::id::{FactId, TemplateId};
use crate::time::Instant;
use crate::whatsapp::{TemplateKey, WabaId};

/// Something that is asked of a template.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Command {
    /// Hand it in at Meta, for the first time or again after it was deleted. Given by an account admin.
    Create(Box<Creation>),
    /// Take note of one that Meta holds and that was not created here. Given by the host, for a listing or a delivery.
    Adopt(Box<Adoption>),
    /// Hand in other parts or another category (`template.edit-budget`). Name and language stay. Given by an account admin.
    Edit(Box<Definition>),
    /// Have Meta look at a rejection again. Given by an account admin.
    Appeal,
    /// End a pause that does not end by itself. Given by an account admin.
    Unpause,
    /// Delete it at Meta, in this language alone. Given by an account admin.
    Delete,
    /// Set our own switch (`template.enabled-by-us`). Given by an account admin.
    Switch(Switch),
    /// What Meta answered to what was asked of it. Told by whoever asked.
    Answer {
        /// The number of the call.
        call: u32,
        /// What Meta answered.
        outcome: Outcome,
    },
    /// Something is so at Meta (`template.lifecycle`). Told by Meta, as often as Meta likes.
    Observe {
        /// The fact's id.
        id: FactId,
        /// Since when it is so; from the first time it is told where Meta does not say.
        at: Option<Instant>,
        /// What is so.
        fact: Fact,
    },
    /// What a listing says of it (`template.sync`). Told by Meta: it was read.
    Read(Reading),
}

/// A kind of command.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub enum Kind {
    /// [`Command::Create`]
    Create,
    /// [`Command::Adopt`]
    Adopt,
    /// [`Command::Edit`]
    Edit,
    /// [`Command::Appeal`]
    Appeal,
    /// [`Command::Unpause`]
    Unpause,
    /// [`Command::Delete`]
    Delete,
    /// [`Command::Switch`]
    Switch,
    /// [`Command::Answer`]
    Answer,
    /// [`Command::Observe`]
    Observe,
    /// [`Command::Read`]
    Read,
}

/// A template as it is handed in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Creation {
    /// The template.
    pub id: TemplateId,
    /// The account at Meta that is to hold it.
    pub account: WabaId,
    /// What it looks like.
    pub definition: Definition,
}

/// A template that Meta holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Adoption {
    /// The template.
    pub id: TemplateId,
    /// The account at Meta that holds it.
    pub account: WabaId,
    /// Its name and language, as Meta tells them.
    pub key: TemplateKey,
    /// What it looks like, if that is known.
    pub definition: Option<Definition>,
}

/// Our own switch (`template.enabled-by-us`). No status of Meta's moves it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[expect(clippy::exhaustive_enums, reason = "a switch is on or off")]
pub enum Switch {
    /// It may be sent, as far as we say.
    #[default]
    On,
    /// It is not to be sent.
    Off,
}

/// What Meta answered to a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub enum Outcome {
    /// It took it.
    Taken,
    /// It refused it. All is as before, and the call counts against no budget here.
    Refused {
        /// Meta's number of the error, such as 2388019.
        error: u32,
    },
    /// No answer came. The call counts, until a listing or a delivery says what became of it.
    Unknown,
}

impl Creation {
    /// A template for an account.
    #[must_use]
    pub const fn new(id: TemplateId, account: WabaId, definition: Definition) -> Self {
        Self { id, account, definition }
    }
}

impl Adoption {
    /// A template of an account, of which the key is known.
    #[must_use]
    pub const fn new(id: TemplateId, account: WabaId, key: TemplateKey) -> Self {
        Self { id, account, key, definition: None }
    }

    /// The same, with what it looks like.
    #[must_use]
    pub fn looking_like(mut self, definition: Definition) -> Self {
        self.definition = Some(definition);
        self
    }
}

impl Kind {
    /// Every kind.
    pub const ALL: [Self; 10] = [
        Self::Create,
        Self::Adopt,
        Self::Edit,
        Self::Appeal,
        Self::Unpause,
        Self::Delete,
        Self::Switch,
        Self::Answer,
        Self::Observe,
        Self::Read,
    ];

    /// What it asks for, in words.
    #[must_use]
    pub const fn phrase(self) -> &'static str {
        match self {
            Self::Create => "create the template",
            Self::Adopt => "take note of a template",
            Self::Edit => "edit the template",
            Self::Appeal => "appeal",
            Self::Unpause => "end the pause",
            Self::Delete => "delete the template",
            Self::Switch => "switch the template",
            Self::Answer => "tell what Meta answered",
            Self::Observe => "tell a fact",
            Self::Read => "tell what a listing says",
        }
    }

    /// What it asks of Meta, if anything.
    #[must_use]
    pub const fn act(self) -> Option<Act> {
        match self {
            Self::Create => Some(Act::Create),
            Self::Edit => Some(Act::Edit),
            Self::Appeal => Some(Act::Appeal),
            Self::Unpause => Some(Act::Unpause),
            Self::Delete => Some(Act::Delete),
            Self::Adopt | Self::Switch | Self::Answer | Self::Observe | Self::Read => None,
        }
    }

    /// Whether it may come from a party. From the brand it comes through an account admin only (ours: a template is a setting of
    /// the account, `settings.admin-only`).
    #[must_use]
    pub const fn may_come_from(self, party: Party) -> bool {
        match self {
            Self::Create | Self::Edit | Self::Appeal | Self::Unpause | Self::Delete | Self::Switch => {
                matches!(party, Party::Brand)
            }
            Self::Adopt => matches!(party, Party::Meta | Party::System),
            Self::Answer | Self::Observe | Self::Read => matches!(party, Party::Meta),
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.phrase())
    }
}

impl Command {
    /// What kind of command this is.
    #[must_use]
    pub const fn kind(&self) -> Kind {
        match self {
            Self::Create(_) => Kind::Create,
            Self::Adopt(_) => Kind::Adopt,
            Self::Edit(_) => Kind::Edit,
            Self::Appeal => Kind::Appeal,
            Self::Unpause => Kind::Unpause,
            Self::Delete => Kind::Delete,
            Self::Switch(_) => Kind::Switch,
            Self::Answer { .. } => Kind::Answer,
            Self::Observe { .. } => Kind::Observe,
            Self::Read(_) => Kind::Read,
        }
    }
}
