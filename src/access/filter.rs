//! A decision over all channels at once, for a storage to apply.

use std::ops::ControlFlow;

use serde::Serialize;

use super::{Access, AccountRole, Action, Least, Principal, Role};
use crate::id::{OrganisationId, TeamId, UserId};
use crate::time::Instant;

/// Which channels a person may do something in, as a value that a storage turns into its own query.
///
/// It gives exactly the channels for which the single decision says yes (`access.one-decision`). `examples/visibility-sql`
/// turns it into SQL.
///
/// ```
/// use whatsapp_inbox::access::{Action, Principal, Reach, Role};
/// use whatsapp_inbox::id::{OrganisationId, TeamId, UserId};
/// use whatsapp_inbox::time::Instant;
/// use whatsapp_inbox::uuid::Uuid;
///
/// let bakery = OrganisationId::new(Uuid::from_u128(1));
/// let counter = TeamId::new(bakery, Uuid::from_u128(50));
/// let ana = Principal::user(UserId::new(bakery, Uuid::from_u128(7))).in_team(counter, Role::Viewer);
///
/// let filter = ana.filter(Action::Reply, Instant::MIN);
/// let Reach::Granted(granted) = filter.reach() else { panic!("an admin's action") };
/// assert_eq!(granted.roles(), [Role::Contributor, Role::Supervisor]);
/// assert!(granted.teams().is_empty(), "her role in the team is too low to reply");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct VisibilityFilter {
    organisation: OrganisationId,
    reach: Reach,
}

/// How far a filter reaches in its organisation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
#[expect(clippy::exhaustive_enums, reason = "a storage must answer each of them")]
pub enum Reach {
    /// No channel: the action takes an account admin, and the person is none.
    Nothing,
    /// Every channel: the action takes an account admin, and the person is one.
    Everything,
    /// The channels with a grant that is enough.
    Granted(Granted),
}

/// A channel is reached if any of these holds: a grant of the user's own with one of the roles that has not ended, a grant
/// of one of the teams, a grant to all users with one of the roles, or a grant to all teams where there is a team here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Granted {
    user: UserId,
    roles: &'static [Role],
    teams: Vec<TeamId>,
    ends_after: Instant,
    /// The user with these teams and no other: the paths that are left are the ones that are enough.
    #[serde(skip)]
    person: Principal,
}

impl Principal {
    /// Which channels the person may do something in at an instant, for a storage to apply.
    #[must_use]
    pub fn filter(&self, action: Action, now: Instant) -> VisibilityFilter {
        let organisation = self.organisation();
        let reach = match (action.least(), self.account()) {
            (Least::Admin, AccountRole::Admin) => Reach::Everything,
            (Least::Admin, AccountRole::User) => Reach::Nothing,
            (Least::Role(least), _) => {
                let memberships = self.memberships().iter();
                let enough =
                    memberships.filter(|member| member.team.organisation() == organisation && least <= member.role);
                let mut teams: Vec<TeamId> = enough.map(|member| member.team).collect();
                teams.sort_unstable();
                teams.dedup();
                let person = Principal::user(self.id());
                let person = teams.iter().fold(person, |person, team| person.in_team(*team, Role::Supervisor));
                Reach::Granted(Granted { user: self.id(), roles: least.and_higher(), teams, ends_after: now, person })
            }
        };
        VisibilityFilter { organisation, reach }
    }
}

impl VisibilityFilter {
    /// Only channels of this organisation (`access.tenant`).
    #[must_use]
    pub const fn organisation(&self) -> OrganisationId {
        self.organisation
    }

    /// Which of them, closed channels among them.
    #[must_use]
    pub const fn reach(&self) -> &Reach {
        &self.reach
    }

    /// Whether the filter lets a channel through: what a storage's query has to answer, in memory.
    #[must_use]
    pub fn matches(&self, access: &Access) -> bool {
        if access.organisation() != self.organisation {
            return false;
        }
        match &self.reach {
            Reach::Nothing => false,
            Reach::Everything => true,
            Reach::Granted(granted) => granted.matches(access),
        }
    }
}

impl Granted {
    /// Whose grants of their own count.
    #[must_use]
    pub const fn user(&self) -> UserId {
        self.user
    }

    /// The roles that are enough, of a grant to the user or to all users.
    #[must_use]
    pub const fn roles(&self) -> &'static [Role] {
        self.roles
    }

    /// The teams in which the person's role is enough. If there is any, a grant to all teams is enough as well.
    #[must_use]
    pub fn teams(&self) -> &[TeamId] {
        &self.teams
    }

    /// A grant that has an end counts if the end is after this instant.
    #[must_use]
    pub const fn ends_after(&self) -> Instant {
        self.ends_after
    }

    fn matches(&self, access: &Access) -> bool {
        let found = access.each_path(&self.person, |path| {
            if path.ended(self.ends_after).is_none() && self.roles.contains(&path.role()) {
                ControlFlow::Break(())
            } else {
                ControlFlow::Continue(())
            }
        });
        found.is_break()
    }
}
