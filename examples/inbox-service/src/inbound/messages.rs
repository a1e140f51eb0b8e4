//! What customers write, and what became of what was written to them.

use serde::Deserialize;
use serde_json::Value;
use whatsapp_inbox::channel::Channel;
use whatsapp_inbox::conversation::Command;
use whatsapp_inbox::decider::Actor;
use whatsapp_inbox::id::{ChannelId, CommandId, ConversationId, MessageId};
use whatsapp_inbox::onboarding::Onboarding;
use whatsapp_inbox::port::Backend;
use whatsapp_inbox::service::Request;
use whatsapp_inbox::time::Instant;

use super::settled;
use crate::app::App;
use crate::clock::id_from;
use crate::host::{Outgoing, Report, Spot};
use crate::tables::text;

/// A value of the field `messages`, as far as it is needed. What is absent or of another shape costs only itself.
#[derive(Deserialize)]
struct Delivered {
    metadata: Metadata,
    #[serde(default)]
    contacts: Value,
    #[serde(default)]
    messages: Value,
    #[serde(default)]
    statuses: Value,
}

#[derive(Deserialize)]
struct Metadata {
    phone_number_id: String,
}

#[derive(Deserialize)]
struct Message {
    from: String,
    id: String,
    #[serde(default)]
    timestamp: String,
    #[serde(rename = "type", default)]
    kind: String,
    text: Option<Text>,
}

#[derive(Deserialize)]
struct Text {
    #[serde(default)]
    body: String,
}

/// What became of a message that was sent.
#[derive(Deserialize)]
struct Reported {
    #[serde(rename = "status")]
    state: String,
    /// By what we know the message again. Of what others sent from the same number, and of warnings, there is none.
    biz_opaque_callback_data: Option<String>,
    #[serde(default)]
    errors: Value,
}

/// Takes what customers wrote and what is reported of messages to them, and says whether a number that was written to is one of a
/// channel here.
pub(super) async fn receive(app: &App, raw: &str, now: Instant) -> Result<bool, Backend> {
    let Ok(delivered) = serde_json::from_str::<Delivered>(raw) else {
        tracing::warn!("a delivery of messages has another shape, and is kept as it is");
        return Ok(true);
    };
    for status in each(&delivered.statuses) {
        report(app, &delivered.metadata.phone_number_id, status, now).await?;
    }
    if each(&delivered.messages).is_empty() {
        return Ok(true);
    }
    let Some(channel) = channel_on(app, &delivered.metadata.phone_number_id).await? else { return Ok(false) };
    for message in each(&delivered.messages) {
        let Ok(message) = Message::deserialize(message) else {
            // The error would repeat what the customer wrote.
            tracing::warn!("a message has another shape, and is kept as it is");
            continue;
        };
        take(app, channel, &message, each(&delivered.contacts), now).await?;
    }
    Ok(true)
}

/// Takes in what became of a message. One that is not known here will not be known later either: it was noted before it was sent.
async fn report(app: &App, number: &str, status: &Value, now: Instant) -> Result<(), Backend> {
    let Ok(Reported { state, biz_opaque_callback_data: mark, errors }) = Reported::deserialize(status) else {
        tracing::warn!("a report of a message has another shape, and is kept as it is");
        return Ok(());
    };
    let outgoing = mark.as_deref().and_then(Outgoing::of_mark);
    let (Some(outgoing), Some(report)) = (outgoing, Report::from_meta(&state)) else { return Ok(()) };
    let fault = each(&errors).first().map(reason);
    if app.host.report_message(outgoing, number, (report, fault.as_deref()), now).await? && report == Report::Failed {
        tracing::warn!(%outgoing, fault, "a message did not arrive");
    }
    Ok(())
}

/// Why a message did not arrive, as far as it is said.
fn reason(error: &Value) -> String {
    let code = error["code"].as_u64().map(|code| code.to_string());
    let code = code.as_deref().or(error["code"].as_str());
    let parts = [code, error["title"].as_str()];
    parts.into_iter().flatten().collect::<Vec<_>>().join(": ")
}

/// What stands in a list, and nothing where there is none.
fn each(list: &Value) -> &[Value] {
    list.as_array().map(Vec::as_slice).unwrap_or_default()
}

/// The channel on a number: the one that is open, or that is about to open, or else one that was closed.
async fn channel_on(app: &App, phone_number: &str) -> Result<Option<ChannelId>, Backend> {
    let (mut coming, mut closed) = (Vec::new(), None);
    for id in app.host.channels_on(phone_number).await? {
        let channel = app.service.state::<Channel>(id).await?;
        match (channel.settings(), channel.closed()) {
            (Some(_), None) => return Ok(Some(id)),
            (Some(_), Some(_)) => closed = Some(id),
            (None, _) => coming.push(id),
        }
    }
    // A channel is noted before its activation is decided. One whose activation was refused never opens, and nobody would see
    // what is written there.
    if !coming.is_empty() {
        for id in app.host.onboardings_at(&text(phone_number)).await? {
            let onboarding = app.service.state::<Onboarding>(id).await?;
            if let Some(channel) = onboarding.channel().filter(|channel| coming.contains(channel)) {
                return Ok(Some(channel));
            }
        }
    }
    Ok(closed)
}

async fn take(
    app: &App,
    channel: ChannelId,
    message: &Message,
    contacts: &[Value],
    now: Instant,
) -> Result<(), Backend> {
    let Message { from, id: wamid, timestamp, kind, text: written } = message;
    // One conversation for each customer of a channel: everybody who sees it makes its id alike.
    let conversation = id_from(&["conversation", &channel.to_string(), from]);
    let conversation = ConversationId::new(channel.organisation(), conversation);
    let contact = contacts.iter().find(|contact| contact["wa_id"] == **from);
    let name = contact.and_then(|contact| contact["profile"]["name"].as_str()).map(str::trim);
    let name = name.filter(|name| !name.is_empty()).unwrap_or(from);
    let name = name.replace('\0', "");
    app.host.note_conversation(&Spot { id: conversation, channel, wa_id: from.clone(), name }).await?;

    let sent_at = timestamp.parse().ok().and_then(|seconds| Instant::from_unix_seconds(seconds).ok());
    let id = id_from(&["message", wamid]);
    let body = written.as_ref().map_or_else(|| format!("[{kind}]"), |text| text.body.replace('\0', ""));
    app.host.keep_received(conversation, MessageId::new(id), &body, sent_at.unwrap_or(now)).await?;

    let first = id_from(&["begin", &conversation.to_string()]);
    let by_customer = |id| Request::new(CommandId::new(id), Actor::Customer, now);
    let begin = Command::Begin { id: conversation, channel };
    // After a week nobody knows the command any more, and it is refused as begun already: both are well.
    settled(app.service.conversation(conversation, begin, &by_customer(first)).await)?;
    let receive = Command::Receive { message: MessageId::new(id), sent_at };
    settled(app.service.conversation(conversation, receive, &by_customer(id)).await)?;
    Ok(())
}
