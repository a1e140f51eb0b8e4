//! Conversations: the queues with their deadlines, and what the team does.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use futures_util::future::try_join;
use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use serde::Deserialize;
use serde_json::{Value, json};
use whatsapp_inbox::access::{Action, Principal};
use whatsapp_inbox::channel::Channel;
use whatsapp_inbox::conversation::{Command, Conversation, Event, Label, LabelKind, MessageKind, Queue};
use whatsapp_inbox::decider::{ChannelRules, Context, Decider, Policy};
use whatsapp_inbox::id::{ChannelId, CommandId, ConversationId, MessageId, NoteId, OrganisationId, UserId};
use whatsapp_inbox::port::{Backend, Directory};
use whatsapp_inbox::service::{Answer, Request, ServiceError};
use whatsapp_inbox::time::Instant;
use whatsapp_inbox::uuid::Uuid;

use super::sending::{self, Filled};
use super::{Body, CommandKey, Done, Path, Query, Who};
use crate::app::App;
use crate::clock;
use crate::host::{Outgoing, Spot, Written};
use crate::problem::Problem;

/// A text of WhatsApp's has at most so many characters.
const TEXT_CHARACTERS: usize = 4096;
/// So many messages are shown.
const SHOWN: i64 = 100;
/// So many conversations are read at once for a list: fewer than there are connections.
const READ_AT_ONCE: usize = 8;

/// What the team does.
#[derive(Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(super) enum Act {
    Reply { text: String },
    SendTemplate(Filled),
    Move { to: Queue },
    Take,
    Assign { to: UserId },
    Unassign,
    Snooze { until: Instant },
    Wake,
    EditTags(Labels),
    EditTopics(Labels),
    AddNote { text: String },
    RemoveNote(NoteId),
}

/// What is to be there, and what is not.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Labels {
    #[serde(default)]
    add: Vec<String>,
    #[serde(default)]
    remove: Vec<String>,
}

/// Which conversations are listed.
#[derive(Deserialize)]
pub(super) struct ListQuery {
    channel: ChannelId,
    queue: Option<Queue>,
}

/// A channel with what holds in it.
struct Around {
    channel: Channel,
    rules: ChannelRules,
    policy: Policy,
}

impl Around {
    /// The channel, for who may see it.
    async fn of(app: &App, person: &Principal, id: ChannelId, now: Instant) -> Result<Self, Problem> {
        let channel: Channel = app.service.state(id).await?;
        channel.decide_access(person, Action::View, now).into_result()?;
        let policy = app.host.policy(id.organisation()).await?;
        let rules = channel.rules(&policy.auto_resolve).unwrap_or_default();
        Ok(Self { channel, rules, policy })
    }
}

/// The conversations of a channel, by queue if one is named.
pub(super) async fn list(
    State(app): State<Arc<App>>,
    who: Who,
    Query(ListQuery { channel, queue }): Query<ListQuery>,
) -> Result<Json<Value>, Problem> {
    let (person, now) = (who.principal("channel")?, clock::now());
    let around = Around::of(&app, person, channel, now).await?;
    let ids = super::channel::ids(&app, channel).await?;
    let told = stream::iter(ids).map(|id| card(&app, id, queue, &around.rules, now)).buffered(READ_AT_ONCE);
    let told: Vec<Value> = told.try_filter_map(async |card| Ok(card)).try_collect().await?;
    // Where a customer would write to: only the stand-in is told it, by the page that plays the customer.
    let line = around.channel.whatsapp().filter(|_| app.demonstration);
    Ok(Json(json!({ "now": now, "conversations": told, "line": line })))
}

/// A conversation as it is listed, where it stands in the queue that is asked for.
async fn card(
    app: &App,
    id: ConversationId,
    queue: Option<Queue>,
    rules: &ChannelRules,
    now: Instant,
) -> Result<Option<Value>, Problem> {
    let conversation = app.service.state::<Conversation>(id).await?.as_of(rules, now);
    let stands = conversation.queue(now);
    if stands.is_none() || queue.is_some_and(|queue| stands != Some(queue)) {
        return Ok(None);
    }
    let (spot, latest) = try_join(app.host.conversation(id), app.host.messages(id, 1)).await?;
    Ok(Some(json!({ "latest": latest.last(), "conversation": view(&conversation, spot.as_ref(), now) })))
}

/// What holds of a conversation at an instant.
fn view(conversation: &Conversation, spot: Option<&Spot>, now: Instant) -> Value {
    let window = conversation.may_send(MessageKind::FreeText, now).err().map(|shut| shut.to_string());
    json!({
        "id": conversation.id(),
        "channel": conversation.channel(),
        "customer": spot.map(|spot| json!({ "name": spot.name, "number": format!("+{}", spot.wa_id) })),
        "queue": conversation.queue(now),
        "owner": conversation.owner(now),
        "deadline": conversation.deadline(),
        "snoozed_until": conversation.snoozed_until(now),
        "last_message": conversation.last_message(),
        "free_text_until": conversation.free_text_until(),
        "window_shut": window,
        "warning": conversation.warning(),
        "tags": conversation.labels(LabelKind::Tag).collect::<Vec<_>>(),
        "topics": conversation.labels(LabelKind::Topic).collect::<Vec<_>>(),
    })
}

/// One conversation, with what was written and what may be done now by the one who asks.
pub(super) async fn show(
    State(app): State<Arc<App>>,
    who: Who,
    Path((organisation, id)): Path<(OrganisationId, Uuid)>,
) -> Result<Json<Value>, Problem> {
    let (person, id, now) = (who.principal("conversation")?, ConversationId::new(organisation, id), clock::now());
    let (around, spot) = seen(&app, person, id, now).await?;
    let conversation = app.service.state::<Conversation>(id).await?.as_of(&around.rules, now);
    let role = around.channel.access().and_then(|access| access.role(person, now));
    let context = Context::new(now, who.actor(), CommandId::new(clock::new_id()), &around.policy);
    let context = context.with_role(role).with_channel(&around.rules);
    let allowed: Vec<_> = conversation.allowed(&context).collect();
    let refused = refused(&conversation, &around, person, &context);
    let there: Vec<NoteId> = conversation.notes().collect();
    let mut notes = app.host.notes(id).await?;
    notes.retain(|note| there.contains(&note.id));
    Ok(Json(json!({
        "conversation": view(&conversation, Some(&spot), now),
        "messages": app.host.messages(id, SHOWN).await?,
        "notes": notes,
        "allowed": allowed,
        "refused": refused,
    })))
}

/// Why what the team does is not allowed now, where it is not: a page can say it beside the button, before anybody tries.
fn refused(
    conversation: &Conversation,
    around: &Around,
    person: &Principal,
    context: &Context<'_>,
) -> BTreeMap<&'static str, String> {
    let (now, some) = (context.now, clock::new_id());
    let snooze = Command::Snooze { until: now.plus_hours(1) };
    let tried = [
        ("reply", Command::Reply { message: MessageId::new(some), kind: MessageKind::FreeText }),
        ("send-template", Command::Reply { message: MessageId::new(some), kind: MessageKind::Template }),
        ("take", Command::Take),
        ("unassign", Command::Unassign),
        ("move-to-new", Command::Move { to: Queue::New }),
        ("move-to-pending", Command::Move { to: Queue::Pending }),
        ("move-to-resolved", Command::Move { to: Queue::Resolved }),
        ("snooze", snooze),
        ("wake", Command::Wake),
        ("edit-tags", Command::EditTags { add: Vec::new(), remove: Vec::new() }),
        ("edit-topics", Command::EditTopics { add: Vec::new(), remove: Vec::new() }),
        ("add-note", Command::AddNote(NoteId::new(some))),
    ];
    let mut refused: BTreeMap<_, _> = tried
        .into_iter()
        .filter_map(|(kind, command)| Some((kind, conversation.decide(command, context).err()?.to_string())))
        .collect();
    // To whom it is assigned comes later; who may assign may be assigned to.
    let access = around.channel.access();
    let assigns = if let Some(Ok(to)) = access.map(|access| access.assignee(person, now)) {
        conversation.decide(Command::Assign { to }, context).err().map(|refused| refused.to_string())
    } else {
        let denied = around.channel.decide_access(person, Action::Assign, now).into_result();
        denied.err().map(|denied| denied.to_string())
    };
    refused.extend(assigns.map(|why| ("assign", why)));
    refused
}

/// A conversation with its channel, for who may see it: to anybody else there is none.
async fn seen(app: &App, person: &Principal, id: ConversationId, now: Instant) -> Result<(Around, Spot), Problem> {
    let not_found = || Problem::not_found("conversation");
    let spot = app.host.conversation(id).await?.ok_or_else(not_found)?;
    let around = Around::of(app, person, spot.channel, now).await.map_err(|problem| match problem.status() {
        StatusCode::NOT_FOUND => not_found(),
        _ => problem,
    })?;
    Ok((around, spot))
}

/// Does something.
pub(super) async fn command(
    State(app): State<Arc<App>>,
    who: Who,
    key: CommandKey,
    Path((organisation, id)): Path<(OrganisationId, Uuid)>,
    Body(act): Body<Act>,
) -> Result<Json<Done>, Problem> {
    let (id, now) = (ConversationId::new(organisation, id), clock::now());
    let person = who.principal("conversation")?;
    let (around, _) = seen(&app, person, id, now).await?;
    let request = who.request(key, now);
    let answer = match act {
        Act::Reply { text } => {
            let written = Written::text(person.id(), written(&text, "/reply/text")?);
            reply(&app, id, (written, MessageKind::FreeText), &request).await?
        }
        Act::SendTemplate(filled) => {
            let message = MessageId::new(request.id.uuid());
            let (text, sending) = sending::read(&app, &around.channel, (id, message), &filled, now).await?;
            let template = serde_json::to_string(&sending).map_err(Backend::new)?;
            let written = Written { author: person.id(), text: &text, template: &template };
            reply(&app, id, (written, MessageKind::Template), &request).await?
        }
        Act::AddNote { text } => {
            let (text, note) = (written(&text, "/add-note/text")?, NoteId::new(key.0.uuid()));
            if !app.host.keep_note(id, note, (person.id(), text), now).await? {
                return Err(ServiceError::<Conversation>::OtherContent.into());
            }
            app.service.conversation(id, Command::AddNote(note), &request).await?
        }
        Act::Assign { to } => {
            // Somebody of another organisation is nobody here, whether there is such a person or not.
            let owner = app.host.principal(to).await?.filter(|owner| owner.organisation() == organisation);
            let owner = owner.ok_or_else(|| Problem::not_found("user"))?;
            let access = around.channel.access().ok_or_else(|| Problem::not_found("conversation"))?;
            let to = access.assignee(&owner, now).map_err(|denied| Problem::at("/assign/to", &denied))?;
            app.service.conversation(id, Command::Assign { to }, &request).await?
        }
        act => app.service.conversation(id, read(act)?, &request).await?,
    };
    app.happened.notify_one();
    Ok(Json(Done::of::<Conversation>(&answer)))
}

/// Replies. The message has the command's id: what was asked and not answered can be settled by it.
async fn reply(
    app: &App,
    id: ConversationId,
    (written, kind): (Written<'_>, MessageKind),
    request: &Request,
) -> Result<Answer<Event>, Problem> {
    let message = MessageId::new(request.id.uuid());
    if !app.host.keep_asked(id, message, written, request.now).await? {
        return Err(ServiceError::<Conversation>::OtherContent.into());
    }
    let answer = app.service.conversation(id, Command::Reply { message, kind }, request).await;
    match &answer {
        Ok(_) => {
            app.host.reply_decided(id, message, written, request.now).await?;
            app.replied.notify_one();
        }
        // Nobody knows: it is settled later, by whether the command was written.
        Err(ServiceError::Backend(_)) => {}
        Err(_) => app.host.forget_asked(Outgoing { conversation: id, message }).await?,
    }
    Ok(answer?)
}

fn read(act: Act) -> Result<Command, Problem> {
    Ok(match act {
        Act::Move { to } => Command::Move { to },
        Act::Take => Command::Take,
        Act::Unassign => Command::Unassign,
        Act::Snooze { until } => Command::Snooze { until },
        Act::Wake => Command::Wake,
        Act::EditTags(Labels { add, remove }) => {
            Command::EditTags { add: labels("/edit-tags/add", &add)?, remove: labels("/edit-tags/remove", &remove)? }
        }
        Act::EditTopics(Labels { add, remove }) => {
            let (add, remove) = (labels("/edit-topics/add", &add)?, labels("/edit-topics/remove", &remove)?);
            Command::EditTopics { add, remove }
        }
        Act::RemoveNote(note) => Command::RemoveNote(note),
        // These need more than the body.
        Act::Reply { .. } | Act::SendTemplate(_) | Act::AddNote { .. } | Act::Assign { .. } => {
            return Err(Problem::not_found("command"));
        }
    })
}

fn labels(pointer: &str, texts: &[String]) -> Result<Vec<Label>, Problem> {
    let label =
        |(n, text): (usize, &String)| Label::new(text).map_err(|error| Problem::at(&format!("{pointer}/{n}"), &error));
    texts.iter().enumerate().map(label).collect()
}

/// A text that somebody wrote, as long as WhatsApp takes it.
fn written<'a>(text: &'a str, pointer: &str) -> Result<&'a str, Problem> {
    match text.chars().count() {
        0 => Err(Problem::text(pointer, "a text is missing")),
        length if length > TEXT_CHARACTERS => Err(Problem::text(
            pointer,
            &format!("a text has at most {TEXT_CHARACTERS} characters, and this one has {length}"),
        )),
        // PostgreSQL keeps no such character.
        _ if text.contains('\0') => Err(Problem::text(pointer, "a text has no zero characters")),
        _ => Ok(text),
    }
}
