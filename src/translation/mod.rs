//! What one part tells another: from Meta's deliveries to facts (feature `webhook`), from an activation to the channel that
//! it opens, and from a channel to its conversations.
//!
//! What a change of Meta's says about an onboarding, and which onboarding it is about, is `facts`; what concerns no
//! onboarding gives no fact. The facts' ids are made from what was delivered, so that the same delivery again is the same
//! fact again (`webhook.order`). What it says about the health of channels is `health_facts`, and about a template
//! `template_fact`.

#[cfg(feature = "webhook")]
mod delivered;
#[cfg(feature = "webhook")]
mod platform;

use crate::channel::{Cause, Command, Opening, WhatsAppLine};
use crate::conversation;
use crate::onboarding::Activated;
use crate::settings::{ChannelName, ResolveReason};

#[cfg(feature = "webhook")]
pub use delivered::{About, Told, facts, lose_account};
#[cfg(feature = "webhook")]
pub use platform::{HealthTold, TemplateTold, health_facts, template_fact};

/// The command that opens the channel of an activation (`onboarding.channel-appears`).
///
/// Its name is the display name at first, or the number where the display name can be no channel name. Give it as
/// [`Actor::System`](crate::decider::Actor::System), for [`Effect::OpenChannel`](crate::onboarding::Effect::OpenChannel).
#[must_use]
pub fn open_channel(activated: &Activated) -> Command {
    let name =
        ChannelName::new(&activated.name).unwrap_or_else(|_| ChannelName::recorded(&activated.number.to_string()));
    let line = WhatsAppLine::new(activated.number, activated.phone_number.clone(), activated.account.clone());
    let opening = Opening::new(activated.channel, name).on_whatsapp(line);
    Command::Open(Box::new(opening.with_grants(activated.grants.iter().copied())))
}

/// The command by which each open conversation of a channel follows when it closed (`channel.close`). It may be given again.
///
/// Give it as [`Actor::System`](crate::decider::Actor::System), for
/// [`Effect::ResolveConversations`](crate::channel::Effect::ResolveConversations).
///
/// ```
/// use whatsapp_inbox::channel::Cause;
/// use whatsapp_inbox::conversation::Kind;
/// use whatsapp_inbox::translation::close_conversation;
///
/// assert_eq!(close_conversation(Cause::Admin).kind(), Kind::CloseWithChannel);
/// ```
#[must_use]
pub fn close_conversation(cause: Cause) -> conversation::Command {
    let reason = ResolveReason::recorded(match cause {
        Cause::Admin => "an account admin closed the channel",
        Cause::Offboarded => "Meta took the channel's account off the platform",
        Cause::AccountDeleted => "the channel's account at Meta was deleted",
    });
    conversation::Command::CloseWithChannel { reason }
}
