//! What happened to a channel, and what follows from it elsewhere.

use serde::{Deserialize, Serialize};

use super::{Loss, Opening};
use crate::access::{Action, Grant, GrantChange, Holder};
use crate::decider::{Actor, Claim, ClaimChange, Version};
use crate::settings::SettingChange;
use crate::time::Instant;
use crate::whatsapp::PhoneNumber;

/// Something that happened to a channel: what, when, and by whom. Together they are the record of every change
/// (`settings.audit`).
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
    /// It opened.
    Opened(Box<Opening>),
    /// Its settings changed.
    SettingsChanged {
        /// The version of the settings from then on.
        version: Version,
        /// What each was and is.
        changes: Vec<SettingChange>,
    },
    /// Who has access changed.
    AccessChanged {
        /// The version of the access from then on.
        version: Version,
        /// What each holder had and has.
        changes: Vec<GrantChange>,
    },
    /// Grants came to their end (`access.expiry`). They had no effect from that instant on, whenever this was recorded.
    GrantsEnded {
        /// The grants.
        grants: Vec<Grant>,
    },
    /// It closed.
    Closed {
        /// Why.
        cause: Cause,
        /// The number that is free again, if it was on one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        number: Option<PhoneNumber>,
    },
}

/// Why a channel closed (`channel.close`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub enum Cause {
    /// An account admin closed it.
    Admin,
    /// Meta took its account off the platform.
    Offboarded,
    /// Its account at Meta was deleted.
    AccountDeleted,
}

/// What is to be done in the channel's conversations because of an event. Repeatable: it becomes one idempotent command for
/// each conversation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Effect {
    /// Access was taken away: owners who may no longer reply lose their open conversations (`access.revoke-impact`).
    ReviewOwners {
        /// Whose grants were taken away or lowered, or have ended.
        holders: Vec<Holder>,
    },
    /// The channel closed: open conversations are resolved, and the record says why (`channel.close`).
    ResolveConversations {
        /// Why.
        cause: Cause,
    },
}

impl Effect {
    /// What kind of effect it is: its tag in JSON, which never changes.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::ReviewOwners { .. } => "review-owners",
            Self::ResolveConversations { .. } => "resolve-conversations",
        }
    }
}

impl From<Loss> for Cause {
    fn from(loss: Loss) -> Self {
        match loss {
            Loss::Offboarded => Self::Offboarded,
            Loss::AccountDeleted => Self::AccountDeleted,
        }
    }
}

impl Change {
    /// What kind of event it is: its tag in JSON, which never changes.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Opened(_) => "opened",
            Self::SettingsChanged { .. } => "settings-changed",
            Self::AccessChanged { .. } => "access-changed",
            Self::GrantsEnded { .. } => "grants-ended",
            Self::Closed { .. } => "closed",
        }
    }
}

impl Event {
    /// What one of the brand's people must be allowed to do for it (`access.by-effect`).
    pub(super) fn required(&self) -> Option<Action> {
        self.by.user()?;
        match self.change {
            Change::SettingsChanged { .. } | Change::Closed { .. } => Some(Action::ChangeSettings),
            Change::AccessChanged { .. } | Change::GrantsEnded { .. } | Change::Opened(_) => Some(Action::ChangeAccess),
        }
    }

    /// What is to be done elsewhere because of it.
    pub(super) fn effects(&self) -> Vec<Effect> {
        let review = |holders: Vec<Holder>| {
            if holders.is_empty() { Vec::new() } else { vec![Effect::ReviewOwners { holders }] }
        };
        match &self.change {
            Change::AccessChanged { changes, .. } => {
                review(changes.iter().filter(|change| change.takes_away()).map(|change| change.holder).collect())
            }
            Change::GrantsEnded { grants } => review(grants.iter().map(|grant| grant.holder()).collect()),
            Change::Closed { cause, .. } => vec![Effect::ResolveConversations { cause: *cause }],
            Change::Opened(_) | Change::SettingsChanged { .. } => Vec::new(),
        }
    }

    /// What it does to the claim on the number: a closed channel's is free (`channel.close`).
    pub(super) fn claims(&self) -> Vec<ClaimChange> {
        match self.change {
            Change::Closed { number: Some(number), .. } => vec![ClaimChange::Released(Claim::Number(number))],
            _ => Vec::new(),
        }
    }
}
