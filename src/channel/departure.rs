//! What follows when somebody leaves, or a team is deleted.

use super::{Channel, Command, Leaver};
use crate::access::{Access, AccessChange, Holder, Impact, NoAdminLeft, Principal, Snapshot};
use crate::id::ChannelId;
use crate::time::Instant;

/// What follows when a user leaves the organisation or a team is deleted: what it means, and what to do.
///
/// ```
/// use whatsapp_inbox::access::{AccountRole, Principal, Role};
/// use whatsapp_inbox::channel::{Departure, Leaver};
/// use whatsapp_inbox::id::{OrganisationId, UserId};
/// use whatsapp_inbox::time::Instant;
/// use whatsapp_inbox::uuid::Uuid;
///
/// let bakery = OrganisationId::new(Uuid::from_u128(1));
/// let ana = UserId::new(bakery, Uuid::from_u128(7));
/// let refused = Departure::of(Leaver::User(ana), &[Principal::admin(ana)], [], Instant::MIN);
/// assert_eq!(
///     refused.unwrap_err().to_string(),
///     "an organisation keeps at least one account admin, and this change would leave none"
/// );
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Departure {
    /// Who loses what, and what to warn of. A user who leaves loses all.
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
    /// # Errors
    ///
    /// [`NoAdminLeft`] where the only account admin would leave.
    pub fn of<'c>(
        leaver: Leaver,
        people: &[Principal],
        channels: impl IntoIterator<Item = &'c Channel>,
        now: Instant,
    ) -> Result<Self, NoAdminLeft> {
        let before: Vec<Access> = channels.into_iter().filter_map(Channel::access).cloned().collect();
        let holder = Holder::from(leaver);
        let held = before.iter().filter(|access| access.grant(holder).is_some());
        let commands = held.map(|access| (access.channel(), Command::Forget(leaver))).collect();
        let revoked =
            |access: &Access| access.after(&[AccessChange::Revoke(holder)]).unwrap_or_else(|_| access.clone());
        let after: Vec<Access> = before.iter().map(revoked).collect();
        let others: Vec<Principal> = match leaver {
            Leaver::User(user) => people.iter().filter(|person| person.id() != user).cloned().collect(),
            Leaver::Team(team) => people.iter().map(|person| person.clone().without_team(team)).collect(),
        };
        let impact = Snapshot::new(people, &before).impact(Snapshot::new(&others, &after), now)?;
        Ok(Self { impact, commands })
    }
}
