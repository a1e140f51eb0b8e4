//! What happened to a template, and what follows from it at Meta.

use serde::{Deserialize, Serialize};

use super::definition::recorded;
use super::{Act, Definition, Fact, Outcome, Reading, Standing, Switch};
use crate::access::Action;
use crate::decider::{Actor, Delivery};
use crate::id::{FactId, TemplateId};
use crate::time::Instant;
use crate::whatsapp::{TemplateKey, WabaId};

/// Something that happened to a template: what, when, and by whom.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Event {
    /// When it was recorded.
    pub at: Instant,
    /// Who did it or told it.
    pub by: Actor,
    /// What happened.
    pub change: Change,
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub enum Change {
    /// It is to be handed in at Meta.
    Created {
        /// The template.
        id: TemplateId,
        /// The account that is to hold it.
        account: WabaId,
        /// The number of the call.
        call: u32,
        /// What it looks like.
        #[serde(deserialize_with = "recorded")]
        definition: Box<Definition>,
    },
    /// It is held by Meta and known from then on.
    Adopted {
        /// The template.
        id: TemplateId,
        /// The account that holds it.
        account: WabaId,
        /// Its name and language.
        key: TemplateKey,
        /// What it looks like, if that is known.
        #[serde(default, deserialize_with = "perhaps_recorded", skip_serializing_if = "Option::is_none")]
        definition: Option<Box<Definition>>,
    },
    /// Other parts are to be handed in.
    Edited {
        /// The number of the call.
        call: u32,
        /// Where it stood: an edit of an approved one counts against the budget.
        was: Standing,
        /// What it looks like.
        #[serde(deserialize_with = "recorded")]
        definition: Box<Definition>,
    },
    /// Meta is to look at the rejection again.
    Appealed {
        /// The number of the call.
        call: u32,
    },
    /// The pause is to end.
    Unpaused {
        /// The number of the call.
        call: u32,
    },
    /// It is to be deleted.
    DeletionAsked {
        /// The number of the call.
        call: u32,
    },
    /// Meta answered a call, or did not.
    Answered {
        /// The number of the call.
        call: u32,
        /// What Meta answered.
        outcome: Outcome,
    },
    /// Our switch was set.
    Switched {
        /// To what.
        to: Switch,
    },
    /// Something is so at Meta.
    Observed {
        /// The fact's id.
        id: FactId,
        /// Since when it is so.
        since: Instant,
        /// What is so.
        fact: Fact,
    },
    /// A listing said something of it.
    Read(Reading),
}

/// What is to be asked of Meta.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Effect {
    /// Hand it in. Once: an answer that is lost is settled by a listing.
    Create {
        /// The number of the call, to be told with the answer.
        call: u32,
        /// The account.
        account: WabaId,
        /// What it looks like: its JSON is what Meta takes.
        #[serde(deserialize_with = "recorded")]
        definition: Box<Definition>,
    },
    /// Hand in other parts. Once: it counts against the budget.
    Edit {
        /// The number of the call, to be told with the answer.
        call: u32,
        /// What it looks like.
        #[serde(deserialize_with = "recorded")]
        definition: Box<Definition>,
    },
    /// Have it looked at again. Once.
    Appeal {
        /// The number of the call, to be told with the answer.
        call: u32,
    },
    /// End its pause. Repeatable.
    Unpause {
        /// The number of the call, to be told with the answer.
        call: u32,
    },
    /// Delete it in this language. Repeatable.
    Delete {
        /// The number of the call, to be told with the answer.
        call: u32,
    },
}

/// Reads a template that may not be there.
fn perhaps_recorded<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<Box<Definition>>, D::Error> {
    #[derive(Deserialize)]
    struct There(#[serde(deserialize_with = "recorded")] Box<Definition>);
    Ok(Option::<There>::deserialize(deserializer)?.map(|there| there.0))
}

impl Change {
    /// What kind of event it is: its tag in JSON, which never changes.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Created { .. } => "created",
            Self::Adopted { .. } => "adopted",
            Self::Edited { .. } => "edited",
            Self::Appealed { .. } => "appealed",
            Self::Unpaused { .. } => "unpaused",
            Self::DeletionAsked { .. } => "deletion-asked",
            Self::Answered { .. } => "answered",
            Self::Switched { .. } => "switched",
            Self::Observed { .. } => "observed",
            Self::Read(_) => "read",
        }
    }

    /// The call that it makes at Meta, if it makes one.
    pub(super) const fn call(&self) -> Option<(u32, Act)> {
        match self {
            Self::Created { call, .. } => Some((*call, Act::Create)),
            Self::Edited { call, .. } => Some((*call, Act::Edit)),
            Self::Appealed { call } => Some((*call, Act::Appeal)),
            Self::Unpaused { call } => Some((*call, Act::Unpause)),
            Self::DeletionAsked { call } => Some((*call, Act::Delete)),
            Self::Adopted { .. }
            | Self::Answered { .. }
            | Self::Switched { .. }
            | Self::Observed { .. }
            | Self::Read(_) => None,
        }
    }
}

impl Event {
    /// What one of the brand's people must be allowed to do for it (`access.by-effect`).
    pub(super) fn required(&self) -> Option<Action> {
        self.by.user().map(|_| Action::ChangeSettings)
    }

    /// What is to be asked of Meta because of it.
    pub(super) fn effects(&self) -> Vec<Effect> {
        let effect = match &self.change {
            Change::Created { account, call, definition, .. } => {
                Effect::Create { call: *call, account: account.clone(), definition: definition.clone() }
            }
            Change::Edited { call, definition, .. } => Effect::Edit { call: *call, definition: definition.clone() },
            Change::Appealed { call } => Effect::Appeal { call: *call },
            Change::Unpaused { call } => Effect::Unpause { call: *call },
            Change::DeletionAsked { call } => Effect::Delete { call: *call },
            Change::Adopted { .. }
            | Change::Answered { .. }
            | Change::Switched { .. }
            | Change::Observed { .. }
            | Change::Read(_) => return Vec::new(),
        };
        vec![effect]
    }
}

impl Effect {
    /// What kind of effect it is: its tag in JSON, which never changes.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Create { .. } => "create",
            Self::Edit { .. } => "edit",
            Self::Appeal { .. } => "appeal",
            Self::Unpause { .. } => "unpause",
            Self::Delete { .. } => "delete",
        }
    }

    /// How often it may be delivered.
    pub(super) const fn delivery(&self) -> Delivery {
        match self {
            Self::Create { .. } | Self::Edit { .. } | Self::Appeal { .. } => Delivery::Once,
            Self::Unpause { .. } | Self::Delete { .. } => Delivery::Repeatable,
        }
    }
}
