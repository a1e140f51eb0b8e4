//! Who asks: a person of an organisation, as the host's directory knows them.

use serde::{Deserialize, Serialize};

use super::Role;
use crate::id::{OrganisationId, TeamId, UserId};

/// A person of an organisation: whether they are an account admin, and the teams they are in.
///
/// A plain value that a host fills from its own directory. Nothing is allowed by default: a person without a membership
/// gets what a channel grants to them alone or to all users.
///
/// ```
/// use whatsapp_inbox::access::{Principal, Role};
/// use whatsapp_inbox::id::{OrganisationId, TeamId, UserId};
/// use whatsapp_inbox::uuid::Uuid;
///
/// let bakery = OrganisationId::new(Uuid::from_u128(1));
/// let counter = TeamId::new(bakery, Uuid::from_u128(50));
/// let ana = Principal::user(UserId::new(bakery, Uuid::from_u128(7))).in_team(counter, Role::Contributor);
/// assert_eq!(ana.memberships().len(), 1);
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
pub struct Principal {
    user: UserId,
    #[serde(default)]
    account: AccountRole,
    #[serde(default)]
    memberships: Vec<Membership>,
}

/// What a person is in the account, whatever they are in its channels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[expect(clippy::exhaustive_enums, reason = "one is an account admin or not")]
pub enum AccountRole {
    /// Works in conversations, where a channel grants it.
    #[default]
    User,
    /// Also changes settings and access. It gives no permission in conversations (`settings.admin-only`).
    Admin,
}

/// That a person is in a team, and as what (`access.team`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Membership {
    /// The team.
    pub team: TeamId,
    /// The role in the channels of that team.
    pub role: Role,
}

impl Membership {
    /// A membership in a team with a role.
    #[must_use]
    pub const fn new(team: TeamId, role: Role) -> Self {
        Self { team, role }
    }
}

impl Principal {
    /// A person who is in no team and no account admin.
    #[must_use]
    pub const fn user(user: UserId) -> Self {
        Self { user, account: AccountRole::User, memberships: Vec::new() }
    }

    /// An account admin who is in no team.
    #[must_use]
    pub const fn admin(user: UserId) -> Self {
        Self { user, account: AccountRole::Admin, memberships: Vec::new() }
    }

    /// The same person, also in this team with this role. A person may be in many teams (`access.many-teams`); a team of
    /// another organisation gives nothing (`access.tenant`).
    #[must_use]
    pub fn in_team(mut self, team: TeamId, role: Role) -> Self {
        self.memberships.push(Membership { team, role });
        self
    }

    /// The same person without this team.
    #[must_use]
    pub fn without_team(mut self, team: TeamId) -> Self {
        self.memberships.retain(|membership| membership.team != team);
        self
    }

    /// Who it is.
    #[must_use]
    pub const fn id(&self) -> UserId {
        self.user
    }

    /// The organisation the person belongs to.
    #[must_use]
    pub const fn organisation(&self) -> OrganisationId {
        self.user.organisation()
    }

    /// What the person is in the account.
    #[must_use]
    pub const fn account(&self) -> AccountRole {
        self.account
    }

    /// The teams the person is in.
    #[must_use]
    pub fn memberships(&self) -> &[Membership] {
        &self.memberships
    }
}
