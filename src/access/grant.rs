//! Grants: the ways in which people get access to a channel.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::{Action, Role};
use crate::id::{OrganisationId, TeamId, UserId};
use crate::time::Instant;

/// One way in which people have access to a channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[expect(clippy::exhaustive_enums, reason = "a storage must keep every kind of grant, a new one too")]
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

/// Whom a grant is for. A channel has one grant at most for each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[expect(clippy::exhaustive_enums, reason = "there is one kind of holder for each kind of grant")]
pub enum Holder {
    /// One user.
    User(UserId),
    /// The members of one team.
    Team(TeamId),
    /// All users.
    AllUsers,
    /// The members of all teams.
    AllTeams,
}

/// A change of access that is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub enum AccessChange {
    /// Give access, in place of what the same holder has.
    Grant(Grant),
    /// Take away what this holder has, and nothing else (`access.all-users`).
    Revoke(Holder),
}

/// A change of access that happened: what a holder had and what it has (`settings.audit`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct GrantChange {
    /// Whose access changed.
    pub holder: Holder,
    /// The grant before, if there was one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub was: Option<Grant>,
    /// The grant now, if there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub is: Option<Grant>,
}

impl Grant {
    /// Access for all users as viewers: what is meant where no role is said (`access.all-users`).
    pub const ALL_USERS: Self = Self::AllUsers(Role::Viewer);

    /// A user with a role, without an end.
    #[must_use]
    pub const fn user(user: UserId, role: Role) -> Self {
        Self::User { user, role, ends: None }
    }

    /// A user with a role, until an instant.
    #[must_use]
    pub const fn user_until(user: UserId, role: Role, ends: Instant) -> Self {
        Self::User { user, role, ends: Some(ends) }
    }

    /// Whom it is for.
    #[must_use]
    pub const fn holder(self) -> Holder {
        match self {
            Self::User { user, .. } => Holder::User(user),
            Self::Team(team) => Holder::Team(team),
            Self::AllUsers(_) => Holder::AllUsers,
            Self::AllTeams => Holder::AllTeams,
        }
    }

    /// When it ended, if it has at an instant: from its end on it is as if it were not there (`access.expiry`).
    #[must_use]
    pub fn ended(self, now: Instant) -> Option<Instant> {
        match self {
            Self::User { ends, .. } => over(ends, now),
            Self::Team(_) | Self::AllUsers(_) | Self::AllTeams => None,
        }
    }

    /// Whether somebody may reply by this grant at an instant, as far as can be told without knowing who is in which team: a
    /// team may have a member who may.
    #[must_use]
    pub fn may_let_reply(self, now: Instant) -> bool {
        match self {
            _ if self.ended(now).is_some() => false,
            Self::User { role, .. } | Self::AllUsers(role) => role.allows(Action::Reply),
            Self::Team(_) | Self::AllTeams => true,
        }
    }
}

/// `access.expiry`: an end holds from its instant on.
pub(super) fn over(ends: Option<Instant>, now: Instant) -> Option<Instant> {
    ends.filter(|end| *end <= now)
}

impl Holder {
    /// The organisation of the user or team, where it is one.
    #[must_use]
    pub const fn organisation(self) -> Option<OrganisationId> {
        match self {
            Self::User(user) => Some(user.organisation()),
            Self::Team(team) => Some(team.organisation()),
            Self::AllUsers | Self::AllTeams => None,
        }
    }
}

impl AccessChange {
    /// Whose access it changes.
    #[must_use]
    pub const fn holder(self) -> Holder {
        match self {
            Self::Grant(grant) => grant.holder(),
            Self::Revoke(holder) => holder,
        }
    }
}

impl GrantChange {
    /// Whether somebody may have less by it than before: a grant is gone, its role is lower, or it ends sooner.
    #[must_use]
    pub fn takes_away(self) -> bool {
        match (self.was, self.is) {
            (None, _) => false,
            (Some(_), None) => true,
            (Some(Grant::User { role, ends, .. }), Some(Grant::User { role: now, ends: end, .. })) => {
                now < role || end.is_some_and(|end| ends.is_none_or(|before| end < before))
            }
            (Some(Grant::AllUsers(role)), Some(Grant::AllUsers(now))) => now < role,
            (Some(was), Some(is)) => was != is,
        }
    }
}

impl fmt::Display for Holder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::User(user) => write!(f, "user {}", user.uuid()),
            Self::Team(team) => write!(f, "team {}", team.uuid()),
            Self::AllUsers => f.write_str("all users"),
            Self::AllTeams => f.write_str("all teams"),
        }
    }
}
