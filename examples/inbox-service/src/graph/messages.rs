//! Messages to customers.

use serde_json::{Value, json};
use whatsapp_inbox::conversation::{MessageKind, WarningOutcome};
use whatsapp_inbox::id::ConversationId;
use whatsapp_inbox::port::Backend;

use super::Graph;
use super::answer::{self, No};
use crate::host::Customer;

/// What a customer is told before a conversation closes. The template says it in its own words.
const WARNING: &str = "This conversation closes soon. Is there anything else that we can do for you?";
/// The template for it, which each account that wants warnings has to hold, and its language.
const WARNING_TEMPLATE: (&str, &str) = ("closing_warning", "en");

/// A message that Meta took. That it took it does not say that it arrived.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Sent {
    /// Meta's id of the message.
    pub message_id: String,
}

/// Why a message is not known to be sent.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum NotSent {
    /// Meta refused it: the customer gets nothing.
    #[error("Meta refused the message with error {code}: {message}")]
    Refused {
        /// Meta's code of the error.
        code: u32,
        /// Meta's sentence about it.
        message: String,
    },
    /// No answer came: the customer may get it or not, and to send it again may send it twice.
    #[error("nobody knows whether the message was sent")]
    Unknown(#[source] Backend),
}

impl Graph {
    /// Sends a text to a customer, once. Meta repeats the mark in what it reports of the message later.
    ///
    /// # Errors
    ///
    /// [`NotSent`]: Meta refused it, or nobody knows.
    pub async fn send_text(&self, customer: &Customer, text: &str, mark: &str) -> Result<Sent, NotSent> {
        self.send(customer, text_body(text), mark).await
    }

    /// Sends a template with its parameters to a customer, once: an object `template` as Meta asks for it.
    ///
    /// # Errors
    ///
    /// [`NotSent`]: Meta refused it, or nobody knows.
    pub async fn send_template(&self, customer: &Customer, template: Value, mark: &str) -> Result<Sent, NotSent> {
        self.send(customer, ("template", template), mark).await
    }

    async fn send(&self, customer: &Customer, content: (&str, Value), mark: &str) -> Result<Sent, NotSent> {
        let answer = self.message(customer, content, Some(mark)).await.map_err(|no| match no {
            No::Refused(refusal) => NotSent::Refused { code: refusal.number(), message: refusal.message },
            No::Unknown(lost) => NotSent::Unknown(lost),
        })?;
        let message_id = answer.pointer("/messages/0/id").and_then(answer::text);
        let nameless = || NotSent::Unknown(Backend::new("Meta answered without the id of the message"));
        message_id.map(|message_id| Sent { message_id }).ok_or_else(nameless)
    }

    pub(super) async fn warn(
        &self,
        conversation: ConversationId,
        kind: MessageKind,
    ) -> Result<WarningOutcome, Backend> {
        let content = match kind {
            MessageKind::FreeText => text_body(WARNING),
            MessageKind::Template => template_body(),
        };
        // Nobody to be warned is nobody who was warned.
        let Some(customer) = self.host.customer(conversation).await? else { return Ok(WarningOutcome::Failed) };
        match self.message(&customer, content, None).await {
            Ok(_) => Ok(WarningOutcome::Sent),
            Err(No::Refused(_)) => Ok(WarningOutcome::Failed),
            Err(No::Unknown(lost)) => Err(lost),
        }
    }

    async fn message(
        &self,
        customer: &Customer,
        (kind, content): (&str, Value),
        mark: Option<&str>,
    ) -> Result<Value, No> {
        let mut body = json!({
            "messaging_product": "whatsapp",
            "recipient_type": "individual",
            "to": customer.wa_id,
            "type": kind,
            kind: content,
        });
        if let Some(mark) = mark {
            body["biz_opaque_callback_data"] = mark.into();
        }
        self.post(&[customer.phone_number.as_str(), "messages"], &body).await
    }
}

fn text_body(text: &str) -> (&'static str, Value) {
    ("text", json!({ "body": text, "preview_url": false }))
}

fn template_body() -> (&'static str, Value) {
    let (name, language) = WARNING_TEMPLATE;
    ("template", json!({ "name": name, "language": { "code": language } }))
}
