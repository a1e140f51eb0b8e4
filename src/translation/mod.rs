//! What one part tells another: from Meta's deliveries to facts (feature `webhook`), and from an activation to the channel
//! that it opens.
//!
//! What a change of Meta's says about an onboarding, and which onboarding it is about, is `facts`; what concerns no
//! onboarding gives no fact. The facts' ids are made from what was delivered, so that the same delivery again is the same
//! fact again (`webhook.order`).

#[cfg(feature = "webhook")]
mod delivered;

use crate::channel::{Command, Opening, WhatsAppLine};
use crate::onboarding::Activated;
use crate::settings::ChannelName;

#[cfg(feature = "webhook")]
pub use delivered::{About, Told, facts, lose_account};

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
