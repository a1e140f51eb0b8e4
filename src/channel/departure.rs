//! What follows when somebody leaves, or a team is deleted.

use std::collections::BTreeSet;

use super::{Channel, Command, Leaver};
use crate::access::{Access, AccessChange, Holder, Impact, NoAdminLeft, Principal, Snapshot, Warning};
use crate::id::ChannelId;
use crate::time::Instant;

/// What follows when a user leaves the organisation or a team is deleted: what it means, and what to do.
///
/// ```
/// use whatsapp_inbox::access::Principal;
/// use whatsapp_inbox::channel::{Departure, Leaver};
/// use whatsapp_inbox::id::{OrganisationId, UserId};
/// use whatsapp_inbox::time::Instant;
/// use whatsapp_inbox::uuid::Uuid;
///
/// let bakery = OrganisationId::new(Uuid::from_u128(1));
/// let ana = UserId::new(bakery, Uuid::from_u128(7));
/// let refused = Departure::of(Leaver::User(ana), [&Principal::admin(ana)], [], Instant::MIN);
/// assert_eq!(
///     refused.unwrap_err().to_string(),
///     "an organisation keeps at least one account admin, and this change would leave none"
/// );
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Departure {
    /// Who loses what, on whatever path they had it, and what to warn of. A user who leaves loses all. Whose conversations
    /// lose their owner is [`Impact::replies_lost`].
    pub impact: Impact,
    /// The command to give to each channel that has a grant for the one who leaves. Each may be given again.
    pub commands: Vec<(ChannelId, Command)>,
}

impl Departure {
    /// What follows in these channels when one of these people, or one of their teams, is gone.
    ///
    /// The host deletes the user or the team from its directory, and gives the commands as
    /// [`Actor::System`](crate::decider::Actor::System) or as the account admin. Even before they are given nobody has access
    /// through a team they are no longer in.
    ///
    /// Of somebody unknown, or of another organisation, nothing follows.
    ///
    /// # Errors
    ///
    /// [`NoAdminLeft`] where the only account admin would leave.
    pub fn of<'a>(
        leaver: Leaver,
        people: impl IntoIterator<Item = &'a Principal>,
        channels: impl IntoIterator<Item = &'a Channel>,
        now: Instant,
    ) -> Result<Self, NoAdminLeft> {
        let channels: Vec<&Channel> = channels.into_iter().collect();
        let closed = channels.iter().filter(|channel| channel.closed().is_some());
        let closed: BTreeSet<ChannelId> = closed.filter_map(|channel| channel.id()).collect();
        let before: Vec<&Access> = channels.into_iter().filter_map(Channel::access).collect();
        let people: Vec<&Principal> = people.into_iter().collect();
        let holder = Holder::from(leaver);
        let held = before.iter().filter(|access| access.grant(holder).is_some());
        let commands = held.map(|access| (access.channel(), Command::Forget(leaver))).collect();
        let revoke = [AccessChange::Revoke(holder)];
        let revoked = |access: &&Access| access.after(&revoke).unwrap_or_else(|_| Access::clone(access));
        let after: Vec<Access> = before.iter().map(revoked).collect();
        let others: Vec<Principal> = match leaver {
            Leaver::User(user) => people.iter().copied().filter(|person| person.id() != user).cloned().collect(),
            Leaver::Team(team) => people.iter().map(|person| Principal::clone(person).without_team(team)).collect(),
        };
        let mut impact = Snapshot::new(people, before).impact(&Snapshot::new(&others, &after), now)?;
        impact.warnings.retain(|warning| match warning {
            // Nothing can be sent in a closed channel anyway.
            Warning::NobodyMayReply { channel } => !closed.contains(channel),
            Warning::NoChannel { .. } => true,
        });
        Ok(Self { impact, commands })
    }
}
