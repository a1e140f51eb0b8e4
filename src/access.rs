//! Who may do what in a channel: roles, and the grants that give them.
//!
//! So far this is what the activation of a channel names: the grants that it opens with (`onboarding.channel-appears`).

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::id::{TeamId, UserId};
use crate::time::Instant;

/// What somebody is in a channel. Each role has all that the ones before it have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[expect(clippy::exhaustive_enums, reason = "the roles are closed on purpose")]
pub enum Role {
    /// Reads, moves conversations to Pending and Resolved, tags and notes.
    Viewer,
    /// Also replies.
    Contributor,
    /// Also reads the reports.
    Supervisor,
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Viewer => "viewer",
            Self::Contributor => "contributor",
            Self::Supervisor => "supervisor",
        })
    }
}

/// One way in which people have access to a channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub enum Grant {
    /// One user, with a role, until an instant if there is one (`access.expiry`).
    User {
        /// Who.
        user: UserId,
        /// As what.
        role: Role,
        /// From when on it is as if it were not there.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        ends: Option<Instant>,
    },
    /// Every member of a team, each with the role of the membership (`access.team`).
    Team(TeamId),
    /// Every user of the organisation, with one role (`access.all-users`).
    AllUsers(Role),
    /// Every member of any team, each with the role of the membership (`access.all-teams`).
    AllTeams,
}

impl Grant {
    /// Whether somebody may reply by this grant, as far as can be told without knowing who is in which team: a team may
    /// have a member who may.
    #[must_use]
    pub const fn may_let_reply(self) -> bool {
        match self {
            Self::User { role, .. } | Self::AllUsers(role) => !matches!(role, Role::Viewer),
            Self::Team(_) | Self::AllTeams => true,
        }
    }
}
