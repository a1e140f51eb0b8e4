//! What a change means for people, before it is made.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde::Serialize;

use super::{Access, AccessChange, AccountRole, Action, ForeignHolder, Principal, Role};
use crate::id::{ChannelId, OrganisationId, UserId};
use crate::rule::{Explain, Rule};
use crate::time::Instant;

/// The people of an organisation and the access of its channels, at one time: before a change, or after it.
///
/// Any change can be seen as two of these: grants given and taken, teams joined and left, teams deleted, people come and
/// gone, account admins made and unmade.
#[derive(Debug, Clone)]
pub struct Snapshot<'a> {
    people: BTreeMap<UserId, &'a Principal>,
    channels: BTreeMap<ChannelId, &'a Access>,
}

/// What a change means: who gains and loses what, and what to warn of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Impact {
    /// Whose highest role changes where, in the order of channels and users.
    pub changes: Vec<RoleChange>,
    /// What to warn of before the change is made (`access.guards`).
    pub warnings: Vec<Warning>,
}

/// That a person's highest role in a channel changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct RoleChange {
    /// The channel.
    pub channel: ChannelId,
    /// The person.
    pub user: UserId,
    /// The role before, if there was one.
    pub was: Option<Role>,
    /// The role after, if there is one.
    pub is: Option<Role>,
}

/// What an admin should know before the change is made (`access.guards`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub enum Warning {
    /// Nobody may reply in this channel after the change, and the change concerns it.
    NobodyMayReply {
        /// The channel.
        channel: ChannelId,
    },
    /// This person has no channel after the change, and the change concerns them.
    NoChannel {
        /// The person.
        user: UserId,
    },
}

/// That a change would leave the organisation without an account admin, which is refused (`access.guards`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
#[error("an organisation keeps at least one account admin, and this change would leave none")]
#[non_exhaustive]
pub struct NoAdminLeft;

impl Explain for NoAdminLeft {
    fn code(&self) -> &'static str {
        "no-admin-left"
    }

    fn rule(&self) -> Rule {
        Rule::AccessGuards
    }
}

impl<'a> Snapshot<'a> {
    /// These people and channels, once each; of two with the same id the last counts.
    ///
    /// Give all of the organisation's people: the guards can only count those they are given.
    #[must_use]
    pub fn new(
        people: impl IntoIterator<Item = &'a Principal>,
        channels: impl IntoIterator<Item = &'a Access>,
    ) -> Self {
        Self {
            people: people.into_iter().map(|person| (person.id(), person)).collect(),
            channels: channels.into_iter().map(|access| (access.channel(), access)).collect(),
        }
    }

    /// What the change from this to `after` means at an instant (`access.revoke-impact`). That a grant will end sooner is
    /// no difference yet: it is one from that end on.
    ///
    /// # Errors
    ///
    /// [`NoAdminLeft`] where there is an account admin now and none afterwards.
    pub fn impact(&self, after: &Snapshot<'_>, now: Instant) -> Result<Impact, NoAdminLeft> {
        if !self.organisations_with_admin().is_subset(&after.organisations_with_admin()) {
            return Err(NoAdminLeft);
        }
        Ok(self.differences(after, now))
    }

    fn differences(&self, after: &Snapshot<'_>, now: Instant) -> Impact {
        let mut impact = Impact { changes: Vec::new(), warnings: Vec::new() };
        for channel in keys(&self.channels, &after.channels) {
            let access = Pair::of(&self.channels, &after.channels, &channel);
            for user in keys(&self.people, &after.people) {
                let person = Pair::of(&self.people, &after.people, &user);
                impact.changes.extend(role_change(channel, &access, user, &person, now));
            }
        }
        impact.warnings = self.silent(after, now).chain(self.stranded(after, now)).collect();
        impact
    }

    fn organisations_with_admin(&self) -> BTreeSet<OrganisationId> {
        let admins = self.people.values().filter(|person| person.account() == AccountRole::Admin);
        admins.map(|person| person.organisation()).collect()
    }

    /// The channels in which nobody may reply afterwards, unless that was so before and nothing changes there.
    fn silent<'s>(&'s self, after: &'s Snapshot<'_>, now: Instant) -> impl Iterator<Item = Warning> + 's {
        let may_reply = move |access: &Access, snapshot: &Snapshot<'_>| {
            access.who_can(snapshot.people.values().copied(), Action::Reply, now).next().is_some()
        };
        let silent = after.channels.iter().filter(move |(channel, access)| {
            let before = self.channels.get(*channel);
            let as_before = before == Some(*access) && !may_reply(access, self);
            !may_reply(access, after) && !as_before
        });
        silent.map(|(channel, _)| Warning::NobodyMayReply { channel: *channel })
    }

    /// The people who have no channel afterwards, unless that was so before and nothing changes for them.
    fn stranded<'s>(&'s self, after: &'s Snapshot<'_>, now: Instant) -> impl Iterator<Item = Warning> + 's {
        let has_channel = move |person: &Principal, snapshot: &Snapshot<'_>| {
            person.where_can(snapshot.channels.values().copied(), Action::View, now).next().is_some()
        };
        let stranded = after.people.iter().filter(move |(user, person)| {
            let before = self.people.get(*user);
            let as_before = before == Some(*person) && !has_channel(person, self);
            !has_channel(person, after) && !as_before
        });
        stranded.map(|(user, _)| Warning::NoChannel { user: *user })
    }
}

/// Something before a change and after it.
struct Pair<'a, T> {
    was: Option<&'a T>,
    is: Option<&'a T>,
}

impl<'a, T: PartialEq> Pair<'a, T> {
    fn of<K: Ord>(before: &BTreeMap<K, &'a T>, after: &BTreeMap<K, &'a T>, key: &K) -> Self {
        Self { was: before.get(key).copied(), is: after.get(key).copied() }
    }

    fn same(&self) -> bool {
        self.was == self.is
    }
}

fn keys<K: Ord + Copy, T>(before: &BTreeMap<K, T>, after: &BTreeMap<K, T>) -> BTreeSet<K> {
    before.keys().chain(after.keys()).copied().collect()
}

/// How a person's highest role in a channel changes, if it does.
fn role_change(
    channel: ChannelId,
    access: &Pair<'_, Access>,
    user: UserId,
    person: &Pair<'_, Principal>,
    now: Instant,
) -> Option<RoleChange> {
    if access.same() && person.same() {
        return None;
    }
    let role = |access: Option<&Access>, person: Option<&Principal>| access?.role(person?, now);
    let (was, is) = (role(access.was, person.was), role(access.is, person.is));
    (was != is).then_some(RoleChange { channel, user, was, is })
}

impl Access {
    /// What changes of this channel's access mean for these people, before they are made (`access.revoke-impact`).
    ///
    /// `others` are the organisation's other channels, which a person may have beside this one; without them everybody who
    /// loses this channel is warned of as having none any more.
    ///
    /// ```
    /// use whatsapp_inbox::access::{Access, AccessChange, Grant, Holder, Principal, Warning};
    /// use whatsapp_inbox::id::{ChannelId, OrganisationId, UserId};
    /// use whatsapp_inbox::time::Instant;
    /// use whatsapp_inbox::uuid::Uuid;
    ///
    /// let bakery = OrganisationId::new(Uuid::from_u128(1));
    /// let ana = Principal::user(UserId::new(bakery, Uuid::from_u128(7)));
    /// let access = Access::of(ChannelId::new(bakery, Uuid::from_u128(200)), [Grant::ALL_USERS])?;
    ///
    /// let impact = access.impact(&[AccessChange::Revoke(Holder::AllUsers)], [&ana], [], Instant::MIN)?;
    /// assert_eq!((impact.changes[0].user, impact.changes[0].is), (ana.id(), None));
    /// assert!(impact.warnings.contains(&Warning::NoChannel { user: ana.id() }));
    /// # Ok::<(), whatsapp_inbox::access::ForeignHolder>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`ForeignHolder`] as in [`Access::after`].
    pub fn impact<'a>(
        &'a self,
        changes: &[AccessChange],
        people: impl IntoIterator<Item = &'a Principal>,
        others: impl IntoIterator<Item = &'a Access>,
        now: Instant,
    ) -> Result<Impact, ForeignHolder> {
        let access = self.after(changes)?;
        let mut before = Snapshot::new(people, others);
        before.channels.insert(self.channel(), self);
        let mut after = before.clone();
        after.channels.insert(self.channel(), &access);
        Ok(before.differences(&after, now))
    }
}

impl Impact {
    /// Who may no longer reply in which channel: their open conversations there lose their owner. A host gives each of them
    /// that command, whatever the change was: a grant, a membership, a person who left.
    pub fn replies_lost(&self) -> impl Iterator<Item = (ChannelId, UserId)> + '_ {
        let lost = self.changes.iter().filter(|change| change.lost().any(|action| action == Action::Reply));
        lost.map(|change| (change.channel, change.user))
    }
}

impl RoleChange {
    /// What the person may no longer do.
    pub fn lost(self) -> impl Iterator<Item = Action> {
        only(self.was, self.is)
    }

    /// What the person may do from then on.
    pub fn gained(self) -> impl Iterator<Item = Action> {
        only(self.is, self.was)
    }
}

/// What one role allows and the other does not.
fn only(more: Option<Role>, less: Option<Role>) -> impl Iterator<Item = Action> {
    let allows = |role: Option<Role>, action| role.is_some_and(|role| role.allows(action));
    Action::ALL.into_iter().filter(move |action| allows(more, *action) && !allows(less, *action))
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NobodyMayReply { channel } => write!(f, "nobody may reply in channel {}", channel.uuid()),
            Self::NoChannel { user } => write!(f, "user {} has no channel", user.uuid()),
        }
    }
}
