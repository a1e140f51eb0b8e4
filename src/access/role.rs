//! Roles.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::{Action, Least};

/// What somebody is in a channel. Each role may do all that the ones before it may.
///
/// ```
/// use whatsapp_inbox::access::{Action, Role};
///
/// assert!(Role::Viewer.allows(Action::MoveToResolved));
/// assert!(!Role::Viewer.allows(Action::Reply));
/// assert!(Role::Viewer < Role::Contributor && Role::Contributor < Role::Supervisor);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[expect(clippy::exhaustive_enums, reason = "the roles are closed on purpose")]
pub enum Role {
    /// Reads, moves conversations to Pending and Resolved, edits tags, notes and topics (`access.viewer`).
    Viewer,
    /// Also replies, takes and assigns, moves back to New and snoozes (`access.contributor`).
    Contributor,
    /// Also reads the reports (`access.supervisor`).
    Supervisor,
}

impl Role {
    /// Every role, the least first.
    pub const ALL: [Self; 3] = [Self::Viewer, Self::Contributor, Self::Supervisor];

    /// Whether this role is enough for an action. For what only an account admin does no role is (`settings.admin-only`).
    #[must_use]
    pub fn allows(self, action: Action) -> bool {
        match action.least() {
            Least::Role(least) => least <= self,
            Least::Admin => false,
        }
    }

    /// This role and every higher one, as a query over stored roles needs them.
    ///
    /// ```
    /// use whatsapp_inbox::access::Role;
    ///
    /// assert_eq!(Role::Contributor.and_higher(), [Role::Contributor, Role::Supervisor]);
    /// ```
    #[must_use]
    pub const fn and_higher(self) -> &'static [Self] {
        match self {
            Self::Viewer => &Self::ALL,
            Self::Contributor => &[Self::Contributor, Self::Supervisor],
            Self::Supervisor => &[Self::Supervisor],
        }
    }

    /// The name, as JSON has it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Viewer => "viewer",
            Self::Contributor => "contributor",
            Self::Supervisor => "supervisor",
        }
    }
}

/// A text that names no role.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("there is no role `{given}`; there are {}", Role::ALL.map(Role::name).join(", "))]
#[non_exhaustive]
pub struct UnknownRole {
    /// What was given.
    pub given: String,
}

impl FromStr for Role {
    type Err = UnknownRole;

    fn from_str(text: &str) -> Result<Self, UnknownRole> {
        let named = |role: &Self| role.name() == text;
        Self::ALL.into_iter().find(named).ok_or_else(|| UnknownRole { given: text.to_owned() })
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
