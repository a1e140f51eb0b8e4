//! What may be sent to the customer now.

use serde::{Deserialize, Serialize};

use super::Conversation;
use crate::rule::{Explain, Rule};
use crate::time::Instant;

/// For so many hours after the customer's last message free text may be sent.
const WINDOW_HOURS: u32 = 24;

/// What kind of message is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[expect(clippy::exhaustive_enums, reason = "the 24-hour window knows these two")]
pub enum MessageKind {
    /// Anything that is not a template: text, pictures, buttons.
    FreeText,
    /// A template that Meta has approved.
    Template,
}

/// That free text may not be sent now: since when not, and what may be sent instead (`conversation.window`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error, Serialize)]
#[error("free text may be sent for 24 hours after the customer's last message{}: send an approved template instead", over_since(*.since))]
#[non_exhaustive]
pub struct WindowShut {
    /// Since when; nothing where the customer has never written.
    pub since: Option<Instant>,
    /// What may be sent instead.
    pub instead: MessageKind,
}

fn over_since(since: Option<Instant>) -> String {
    since.map_or_else(|| ", and there is none".to_owned(), |since| format!(", and they were over at {since}"))
}

impl Explain for WindowShut {
    fn code(&self) -> &'static str {
        "window-shut"
    }

    fn rule(&self) -> Rule {
        Rule::ConversationWindow
    }
}

impl Conversation {
    /// Whether a message of this kind may be sent to the customer at an instant: a template always, free text until 24
    /// hours after the customer's last message, at 24:00:00.000 no more (`conversation.window`). It is about that window alone:
    /// who may reply, and whether the channel is open, a [reply](super::Command::Reply) is asked beside it.
    ///
    /// # Errors
    ///
    /// [`WindowShut`], which tells since when, and what may be sent instead.
    pub fn may_send(&self, kind: MessageKind, now: Instant) -> Result<(), WindowShut> {
        match (kind, self.free_text_until()) {
            (MessageKind::Template, _) => Ok(()),
            (MessageKind::FreeText, Some(until)) if now < until => Ok(()),
            (MessageKind::FreeText, since) => Err(WindowShut { since, instead: MessageKind::Template }),
        }
    }

    /// Until when free text may be sent: at this instant no more. Nothing where the customer has never written.
    #[must_use]
    pub fn free_text_until(&self) -> Option<Instant> {
        self.last_customer_message().map(|at| at.plus_hours(WINDOW_HOURS))
    }
}
