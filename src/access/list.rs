//! The access of one channel: its grants, ready to be asked.

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{AccessChange, Grant, GrantChange, Holder, Path, Principal, Role};
use crate::id::{ChannelId, OrganisationId, TeamId, UserId};
use crate::rule::{Explain, Rule};
use crate::time::Instant;

/// Who has access to one channel: its grants, one at most for each user, for each team, for all users and for all teams.
///
/// Without a grant nobody has access (`access.default-deny`), and no grant is for anybody of another organisation
/// (`access.tenant`).
///
/// ```
/// use whatsapp_inbox::access::{Access, Action, Decision, Grant, Principal, Role};
/// use whatsapp_inbox::id::{ChannelId, OrganisationId, UserId};
/// use whatsapp_inbox::time::Instant;
/// use whatsapp_inbox::uuid::Uuid;
///
/// let bakery = OrganisationId::new(Uuid::from_u128(1));
/// let ana = Principal::user(UserId::new(bakery, Uuid::from_u128(7)));
/// let orders = ChannelId::new(bakery, Uuid::from_u128(200));
///
/// let access = Access::of(orders, [Grant::ALL_USERS, Grant::user(ana.id(), Role::Contributor)])?;
/// let now: Instant = "2026-01-05T09:00:00Z".parse()?;
/// assert_eq!(access.decide(&ana, Action::Reply, now), Decision::Allowed);
/// println!("{}", access.why(&ana, Action::Reply, now));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(into = "Written", try_from = "Written")]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema), schemars(with = "Written"))]
pub struct Access {
    channel: ChannelId,
    all_users: Option<Role>,
    all_teams: bool,
    /// Sorted. The organisation is the channel's, so it is asked once and not for each.
    teams: Vec<Uuid>,
    /// Sorted by user.
    users: Vec<Direct>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Direct {
    user: Uuid,
    role: Role,
    ends: Option<Instant>,
}

/// The access as it is written.
#[derive(Serialize, Deserialize)]
#[serde(rename = "Access", deny_unknown_fields)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema), schemars(rename = "Access"))]
struct Written {
    /// The channel.
    channel: ChannelId,
    /// Its grants.
    grants: Vec<Grant>,
}

/// That a grant is for a user or team of another organisation; that is all that is told (`access.tenant`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
#[error("this {} was not found in this organisation", kind(*.holder))]
#[non_exhaustive]
pub struct ForeignHolder {
    /// Whose access it should have changed.
    pub holder: Holder,
    /// The place of the change in what was given, counted from 0.
    pub index: usize,
}

const fn kind(holder: Holder) -> &'static str {
    match holder {
        Holder::Team(_) => "team",
        _ => "user",
    }
}

impl Explain for ForeignHolder {
    fn code(&self) -> &'static str {
        "other-organisation"
    }

    fn rule(&self) -> Rule {
        Rule::AccessTenant
    }
}

impl Access {
    /// A channel without any grant: nobody has access (`access.default-deny`).
    #[must_use]
    pub const fn new(channel: ChannelId) -> Self {
        Self { channel, all_users: None, all_teams: false, teams: Vec::new(), users: Vec::new() }
    }

    /// A channel with these grants; of two for the same holder the last counts.
    ///
    /// # Errors
    ///
    /// [`ForeignHolder`] for the first grant to a user or team of another organisation than the channel's.
    pub fn of(channel: ChannelId, grants: impl IntoIterator<Item = Grant>) -> Result<Self, ForeignHolder> {
        let changes: Vec<AccessChange> = grants.into_iter().map(AccessChange::Grant).collect();
        Self::new(channel).after(&changes)
    }

    /// The channel.
    #[must_use]
    pub const fn channel(&self) -> ChannelId {
        self.channel
    }

    /// The organisation of the channel.
    #[must_use]
    pub const fn organisation(&self) -> OrganisationId {
        self.channel.organisation()
    }

    /// The role that all users have, if they have one.
    #[must_use]
    pub const fn all_users(&self) -> Option<Role> {
        self.all_users
    }

    /// Whether the members of all teams have access.
    #[must_use]
    pub const fn all_teams(&self) -> bool {
        self.all_teams
    }

    /// Every grant, those that have ended included: users, teams, all users, all teams.
    pub fn grants(&self) -> impl Iterator<Item = Grant> + '_ {
        let organisation = self.organisation();
        let users = self.users.iter().map(move |direct| direct.grant(organisation));
        let teams = self.teams.iter().map(move |team| Grant::Team(TeamId::new(organisation, *team)));
        let all_users = self.all_users.map(Grant::AllUsers);
        users.chain(teams).chain(all_users).chain(self.all_teams.then_some(Grant::AllTeams))
    }

    /// The grant of one holder, if there is one.
    #[must_use]
    pub fn grant(&self, holder: Holder) -> Option<Grant> {
        let organisation = self.organisation();
        if holder.organisation().is_some_and(|other| other != organisation) {
            return None;
        }
        match holder {
            Holder::User(user) => self.direct(user.uuid()).map(|direct| direct.grant(organisation)),
            Holder::Team(team) => self.has_team(team.uuid()).then_some(Grant::Team(team)),
            Holder::AllUsers => self.all_users.map(Grant::AllUsers),
            Holder::AllTeams => self.all_teams.then_some(Grant::AllTeams),
        }
    }

    /// The access after these changes, made one after another, all or none of them.
    ///
    /// # Errors
    ///
    /// [`ForeignHolder`] for the first change that concerns a user or team of another organisation than the channel's.
    pub fn after(&self, changes: &[AccessChange]) -> Result<Self, ForeignHolder> {
        let organisation = self.organisation();
        let foreign = |holder: Holder| holder.organisation().is_some_and(|other| other != organisation);
        let holders = changes.iter().map(|change| change.holder()).enumerate();
        if let Some((index, holder)) = holders.into_iter().find(|(_, holder)| foreign(*holder)) {
            return Err(ForeignHolder { holder, index });
        }
        // Of each holder the last change counts; in the order of holders each finds its place at the end of a new list.
        let last = changes.iter().map(|change| match *change {
            AccessChange::Grant(grant) => (grant.holder(), Some(grant)),
            AccessChange::Revoke(holder) => (holder, None),
        });
        let mut after = self.clone();
        for (holder, grant) in last.collect::<BTreeMap<_, _>>() {
            after.set(holder, grant);
        }
        Ok(after)
    }

    /// What differs for whom between this access and a later one of the same channel, in the order of the holders. What
    /// does not differ is not in it.
    #[must_use]
    pub fn changes_to(&self, after: &Self) -> Vec<GrantChange> {
        let mut holders: Vec<Holder> = self.grants().chain(after.grants()).map(Grant::holder).collect();
        holders.sort_unstable();
        holders.dedup();
        let change = |holder| GrantChange { holder, was: self.grant(holder), is: after.grant(holder) };
        holders.into_iter().map(change).filter(|change| change.was != change.is).collect()
    }

    /// Takes what is recorded. What cannot be gives nobody access: a holder of another organisation, a grant for another
    /// holder.
    pub(crate) fn set(&mut self, holder: Holder, grant: Option<Grant>) {
        let organisation = self.organisation();
        let theirs = grant.is_none_or(|grant| grant.holder() == holder);
        if !theirs || holder.organisation().is_some_and(|other| other != organisation) {
            return;
        }
        match holder {
            Holder::User(user) => {
                let place = self.users.binary_search_by_key(&user.uuid(), |direct| direct.user);
                let direct = match grant {
                    Some(Grant::User { role, ends, .. }) => Some(Direct { user: user.uuid(), role, ends }),
                    _ => None,
                };
                put(&mut self.users, place, direct);
            }
            Holder::Team(team) => {
                let place = self.teams.binary_search(&team.uuid());
                put(&mut self.teams, place, grant.map(|_| team.uuid()));
            }
            Holder::AllUsers => {
                self.all_users = match grant {
                    Some(Grant::AllUsers(role)) => Some(role),
                    _ => None,
                };
            }
            Holder::AllTeams => self.all_teams = grant.is_some(),
        }
    }

    /// Every path on which a person of this organisation has access, ended ones included: the one place where grants meet
    /// a person. Decisions fold it, the *why* lists it. Who has found enough breaks off.
    #[inline]
    pub(super) fn each_path(
        &self,
        principal: &Principal,
        mut found: impl FnMut(Path) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
        let organisation = self.organisation();
        if principal.organisation() != organisation {
            return ControlFlow::Continue(());
        }
        if let Some(role) = self.all_users {
            found(Path::AllUsers { role })?;
        }
        if let Some(direct) = self.direct(principal.id().uuid()) {
            found(Path::Direct { role: direct.role, ends: direct.ends })?;
        }
        for membership in principal.memberships() {
            let (team, role) = (membership.team, membership.role);
            if team.organisation() != organisation {
                continue;
            }
            if self.has_team(team.uuid()) {
                found(Path::Team { team, role })?;
            }
            if self.all_teams {
                found(Path::AllTeams { team, role })?;
            }
        }
        ControlFlow::Continue(())
    }

    fn direct(&self, user: Uuid) -> Option<&Direct> {
        let place = self.users.binary_search_by(|direct| direct.user.cmp(&user)).ok()?;
        self.users.get(place)
    }

    fn has_team(&self, team: Uuid) -> bool {
        // Most channels have a handful of teams, and those are quicker to look through than to search in.
        if self.teams.len() <= 16 { self.teams.contains(&team) } else { self.teams.binary_search(&team).is_ok() }
    }
}

/// Puts an item where it was found, or where it belongs; or takes it out.
fn put<T>(items: &mut Vec<T>, place: Result<usize, usize>, item: Option<T>) {
    match (place, item) {
        (Ok(found), Some(item)) => {
            if let Some(slot) = items.get_mut(found) {
                *slot = item;
            }
        }
        (Ok(found), None) => drop(items.remove(found)),
        (Err(free), Some(item)) => items.insert(free, item),
        (Err(_), None) => {}
    }
}

impl Direct {
    const fn grant(self, organisation: OrganisationId) -> Grant {
        Grant::User { user: UserId::new(organisation, self.user), role: self.role, ends: self.ends }
    }
}

impl From<Access> for Written {
    fn from(access: Access) -> Self {
        Self { channel: access.channel, grants: access.grants().collect() }
    }
}

impl TryFrom<Written> for Access {
    type Error = ForeignHolder;

    fn try_from(written: Written) -> Result<Self, ForeignHolder> {
        Self::of(written.channel, written.grants)
    }
}
