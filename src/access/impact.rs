//! What a change means for people, before it is made.

use std::collections::BTreeMap;
use std::fmt;

use serde::Serialize;

use super::{Access, AccessChange, AccountRole, Action, ForeignHolder, Principal, Role};
use crate::id::{ChannelId, UserId};
use crate::rule::{Explain, Rule};
use crate::time::Instant;

/// The people of an organisation and the access of its channels, at one time: before a change, or after it.
///
/// Any change can be seen as two of these: grants given and taken, teams joined and left, teams deleted, people come and
/// gone, account admins made and unmade.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct Snapshot<'a> {
    /// Everybody, once each.
    pub people: &'a [Principal],
    /// The access of every channel, once each.
    pub channels: &'a [Access],
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
    /// Somebody may reply in this channel before the change, and nobody after it.
    NobodyMayReply {
        /// The channel.
        channel: ChannelId,
    },
    /// This person has a channel before the change, and none after it.
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
    /// These people and channels.
    #[must_use]
    pub const fn new(people: &'a [Principal], channels: &'a [Access]) -> Self {
        Self { people, channels }
    }

    /// What the change from this to `after` means at an instant (`access.revoke-impact`).
    ///
    /// # Errors
    ///
    /// [`NoAdminLeft`] where there is an account admin now and none afterwards.
    pub fn impact(self, after: Snapshot<'_>, now: Instant) -> Result<Impact, NoAdminLeft> {
        if self.has_admin() && !after.has_admin() {
            return Err(NoAdminLeft);
        }
        Ok(self.compared(after, now))
    }

    fn has_admin(self) -> bool {
        self.people.iter().any(|person| person.account() == AccountRole::Admin)
    }

    fn compared(self, after: Snapshot<'_>, now: Instant) -> Impact {
        let channels = pairs(self.channels, after.channels, Access::channel);
        let people = pairs(self.people, after.people, Principal::id);
        let mut changes = Vec::new();
        for (channel, access) in &channels {
            for (user, person) in &people {
                if access.same() && person.same() {
                    continue;
                }
                let role = |access: Option<&Access>, person: Option<&Principal>| access?.role(person?, now);
                let (was, is) = (role(access.was, person.was), role(access.is, person.is));
                if was != is {
                    changes.push(RoleChange { channel: *channel, user: *user, was, is });
                }
            }
        }
        let silent = channels.iter().filter(|(_, access)| {
            let may_reply = |access: &&Access, people| somebody_may_reply(access, people, now);
            let silent_now = access.is.is_some_and(|access| !may_reply(&access, after.people));
            silent_now && (!access.same() || access.was.is_some_and(|access| may_reply(&access, self.people)))
        });
        let silent = silent.map(|(channel, _)| Warning::NobodyMayReply { channel: *channel });
        let stranded = people.iter().filter(|(_, person)| {
            let stranded_now = person.is.is_some_and(|person| !has_channel(person, after.channels, now));
            stranded_now && (!person.same() || person.was.is_some_and(|person| has_channel(person, self.channels, now)))
        });
        let stranded = stranded.map(|(user, _)| Warning::NoChannel { user: *user });
        let warnings = silent.chain(stranded).collect();
        Impact { changes, warnings }
    }
}

/// Something before a change and after it.
struct Pair<'a, T> {
    was: Option<&'a T>,
    is: Option<&'a T>,
}

impl<T: PartialEq> Pair<'_, T> {
    fn same(&self) -> bool {
        self.was == self.is
    }
}

fn pairs<'a, T, K: Ord>(before: &'a [T], after: &'a [T], key: fn(&T) -> K) -> BTreeMap<K, Pair<'a, T>> {
    let mut pairs: BTreeMap<K, Pair<'a, T>> =
        before.iter().map(|was| (key(was), Pair { was: Some(was), is: None })).collect();
    for is in after {
        pairs.entry(key(is)).or_insert(Pair { was: None, is: None }).is = Some(is);
    }
    pairs
}

fn somebody_may_reply(access: &Access, people: &[Principal], now: Instant) -> bool {
    access.who_can(people, Action::Reply, now).next().is_some()
}

fn has_channel(person: &Principal, channels: &[Access], now: Instant) -> bool {
    person.where_can(channels, Action::View, now).next().is_some()
}

impl Access {
    /// What changes of this channel's access mean for these people, before they are made (`access.revoke-impact`).
    ///
    /// ```
    /// use whatsapp_inbox::access::{Access, AccessChange, Grant, Holder, Principal, Warning};
    /// use whatsapp_inbox::id::{ChannelId, OrganisationId, UserId};
    /// use whatsapp_inbox::time::Instant;
    /// use whatsapp_inbox::uuid::Uuid;
    ///
    /// let bakery = OrganisationId::new(Uuid::from_u128(1));
    /// let people = [Principal::user(UserId::new(bakery, Uuid::from_u128(7)))];
    /// let access = Access::of(ChannelId::new(bakery, Uuid::from_u128(200)), [Grant::ALL_USERS])?;
    ///
    /// let impact = access.impact(&[AccessChange::Revoke(Holder::AllUsers)], &people, Instant::MIN)?;
    /// assert_eq!(impact.changes[0].is, None);
    /// assert_eq!(impact.warnings, [Warning::NobodyMayReply { channel: access.channel() }]);
    /// # Ok::<(), whatsapp_inbox::access::ForeignHolder>(())
    /// ```
    ///
    /// Nobody is warned here of being left without any channel: that takes all of them, in a [`Snapshot`].
    ///
    /// # Errors
    ///
    /// [`ForeignHolder`] as in [`Access::after`].
    pub fn impact(
        &self,
        changes: &[AccessChange],
        people: &[Principal],
        now: Instant,
    ) -> Result<Impact, ForeignHolder> {
        let (before, after) = (std::slice::from_ref(self), [self.after(changes)?]);
        let mut impact = Snapshot { people, channels: before }.compared(Snapshot { people, channels: &after }, now);
        impact.warnings.retain(|warning| !matches!(warning, Warning::NoChannel { .. }));
        Ok(impact)
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
            Self::NobodyMayReply { channel } => write!(f, "nobody may reply in channel {} any more", channel.uuid()),
            Self::NoChannel { user } => write!(f, "user {} has no channel any more", user.uuid()),
        }
    }
}
