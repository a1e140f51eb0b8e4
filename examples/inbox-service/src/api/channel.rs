//! Channels: what people see of them, and their settings.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use serde_json::{Value, json};
use whatsapp_inbox::access::AccountRole;
use whatsapp_inbox::channel::{Channel, Command, Refused};
use whatsapp_inbox::conversation::{self, Conversation, Preview};
use whatsapp_inbox::decider::{Context, Decider, Policy};
use whatsapp_inbox::id::{ChannelId, CommandId, ConversationId, OrganisationId};
use whatsapp_inbox::port::Directory;
use whatsapp_inbox::service::{Answer, ServiceError};
use whatsapp_inbox::settings::{SettingsDraft, SettingsPatch};
use whatsapp_inbox::uuid::Uuid;

use super::{Body, CommandKey, Done, IfMatch, Path, Tag, Who};
use crate::app::App;
use crate::clock;
use crate::problem::Problem;

/// So many conversations are read at once.
const PAGE: usize = 256;

/// The channels that one may see; of an account admin all of the organisation.
pub(super) async fn list(State(app): State<Arc<App>>, who: Who) -> Result<Json<Value>, Problem> {
    let (person, now) = (who.principal("channel")?, clock::now());
    let mut told = Vec::new();
    for id in app.host.channels(person.organisation()).await? {
        let channel: Channel = app.service.state(id).await?;
        let (Some(settings), Some(status)) = (channel.settings(), channel.status()) else { continue };
        let view = channel.view(person, now).ok();
        if view.is_none() && person.account() != AccountRole::Admin {
            continue;
        }
        let (role, actions) = view.map_or((None, Vec::new()), |view| (Some(view.role), view.actions));
        let name = settings.name();
        told.push(json!({ "id": id, "name": name, "status": status, "role": role, "actions": actions }));
    }
    Ok(Json(json!(told)))
}

/// A channel as one person sees it.
pub(super) async fn show(
    State(app): State<Arc<App>>,
    who: Who,
    Path((organisation, id)): Path<(OrganisationId, Uuid)>,
) -> Result<Json<Value>, Problem> {
    let channel: Channel = app.service.state(ChannelId::new(organisation, id)).await?;
    Ok(Json(json!(channel.view(who.principal("channel")?, clock::now())?)))
}

/// Its settings, for account admins. The `ETag` is the version that a change is made on.
pub(super) async fn settings(
    State(app): State<Arc<App>>,
    who: Who,
    Path((organisation, id)): Path<(OrganisationId, Uuid)>,
) -> Result<(Tag, Json<Value>), Problem> {
    let channel: Channel = app.service.state(ChannelId::new(organisation, id)).await?;
    let policy = app.host.policy(organisation).await?;
    let view = channel.settings_view(who.principal("channel")?, &policy.auto_resolve, clock::now())?;
    Ok((Tag(view.settings_version), Json(json!(view))))
}

/// What a form asks for of a channel, for who may change its settings.
async fn checked(
    app: &App,
    who: &Who,
    id: ChannelId,
    form: &SettingsDraft,
) -> Result<(Channel, SettingsPatch, Policy), Problem> {
    let channel: Channel = app.service.state(id).await?;
    let policy = app.host.policy(id.organisation()).await?;
    channel.settings_view(who.principal("channel")?, &policy.auto_resolve, clock::now())?;
    let standing = channel.settings().ok_or_else(|| Problem::not_found("channel"))?;
    let patch = form.check(standing, &policy.auto_resolve)?;
    Ok((channel, patch, policy))
}

/// Changes settings, on the version that was read.
pub(super) async fn change_settings(
    State(app): State<Arc<App>>,
    who: Who,
    key: CommandKey,
    IfMatch(on): IfMatch,
    Path((organisation, id)): Path<(OrganisationId, Uuid)>,
    Body(form): Body<SettingsDraft>,
) -> Result<(Tag, Json<Done>), Problem> {
    let id = ChannelId::new(organisation, id);
    let (_, patch, _) = checked(&app, &who, id, &form).await?;
    let command = Command::ChangeSettings { on, patch: Box::new(patch) };
    let answer = app.service.channel(id, command, &who.request(key, clock::now())).await?;
    Ok((Tag::after(on, &answer), Json(Done::of::<Channel>(&answer))))
}

/// What applying a form would do to the conversations of the channel.
pub(super) async fn preview(
    State(app): State<Arc<App>>,
    who: Who,
    Path((organisation, id)): Path<(OrganisationId, Uuid)>,
    Body(form): Body<SettingsDraft>,
) -> Result<Json<Preview>, Problem> {
    let (id, now) = (ChannelId::new(organisation, id), clock::now());
    let (channel, patch, policy) = checked(&app, &who, id, &form).await?;
    // What would be is decided as what is, and thrown away.
    let change = Command::ChangeSettings { on: channel.settings_version(), patch: Box::new(patch) };
    let context = Context::new(now, who.actor(), CommandId::new(clock::new_id()), &policy);
    let events = channel.decide(change, &context).map_err(ServiceError::<Channel>::Refused)?;
    let after = events.iter().fold(channel, Channel::evolve);
    let rules = after.rules(&policy.auto_resolve).unwrap_or_default();
    Ok(Json(conversation::preview(&rules, &conversations(&app, id).await?, now)))
}

/// Applies the settings as they are to the conversations that are open, and says for how many something happened.
pub(super) async fn apply(
    State(app): State<Arc<App>>,
    who: Who,
    key: CommandKey,
    IfMatch(on): IfMatch,
    Path((organisation, id)): Path<(OrganisationId, Uuid)>,
) -> Result<Json<Value>, Problem> {
    let (id, now) = (ChannelId::new(organisation, id), clock::now());
    let (channel, ..) = checked(&app, &who, id, &SettingsDraft::default()).await?;
    if channel.settings_version() != on {
        let current = channel.settings_version();
        return Err(ServiceError::<Channel>::Refused(Refused::OldSettings { given: on, current }).into());
    }
    let mut changed = 0_usize;
    for conversation in ids(&app, id).await? {
        // The same request again is the same command again for each of them.
        let parts = ["apply", &key.0.to_string(), &conversation.to_string()];
        let key = CommandKey(CommandId::new(clock::id_from(&parts)));
        let request = who.request(key, now);
        let command = conversation::Command::ApplySettings;
        match app.service.conversation(conversation, command, &request).await {
            // What an earlier try of the same request has done counts as well.
            Ok(answer) => {
                let before = matches!(answer, Answer::AlreadyApplied { .. });
                changed += usize::from(before || !answer.events().is_empty());
            }
            // It is noted, and begins with the settings as they are.
            Err(ServiceError::Refused(conversation::Refused::NotBegun)) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(Json(json!({ "changed": changed })))
}

/// Closes it.
pub(super) async fn close(
    State(app): State<Arc<App>>,
    who: Who,
    key: CommandKey,
    Path((organisation, id)): Path<(OrganisationId, Uuid)>,
) -> Result<Json<Done>, Problem> {
    let id = ChannelId::new(organisation, id);
    let answer = app.service.channel(id, Command::Close, &who.request(key, clock::now())).await?;
    app.happened.notify_one();
    Ok(Json(Done::of::<Channel>(&answer)))
}

/// Every conversation of a channel, page by page.
pub(super) async fn ids(app: &App, channel: ChannelId) -> Result<Vec<ConversationId>, Problem> {
    let mut ids = Vec::new();
    loop {
        let page = app.host.conversations(channel, ids.last().copied(), PAGE).await?;
        let last = page.len() < PAGE;
        ids.extend(page);
        if last {
            return Ok(ids);
        }
    }
}

async fn conversations(app: &App, channel: ChannelId) -> Result<Vec<Conversation>, Problem> {
    let mut conversations = Vec::new();
    for id in ids(app, channel).await? {
        conversations.push(app.service.state::<Conversation>(id).await?);
    }
    Ok(conversations)
}
