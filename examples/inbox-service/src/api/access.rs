//! Who may do what, and why.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use serde_json::{Value, json};
use whatsapp_inbox::access::{Access, AccessChange, Action, Principal};
use whatsapp_inbox::channel::{Channel, Command};
use whatsapp_inbox::id::{ChannelId, OrganisationId, UserId};
use whatsapp_inbox::uuid::Uuid;

use super::{Body, CommandKey, Done, IfMatch, Path, Query, Tag, Who};
use crate::app::App;
use crate::clock;
use crate::host::Person;
use crate::problem::Problem;

/// Whether one may do something in a channel: 200 and *allowed*, or the denial as the person may know it.
pub(super) async fn may(
    State(app): State<Arc<App>>,
    who: Who,
    Path((organisation, id, action)): Path<(OrganisationId, Uuid, String)>,
) -> Result<Json<Value>, Problem> {
    let action = read_action(&action)?;
    let channel: Channel = app.service.state(ChannelId::new(organisation, id)).await?;
    channel.decide_access(who.principal("channel")?, action, clock::now()).into_result()?;
    Ok(Json(json!({ "allowed": true, "action": action })))
}

fn read_action(action: &str) -> Result<Action, Problem> {
    let read = action.parse::<Action>();
    read.map_err(|error| Problem::new(axum::http::StatusCode::NOT_FOUND, "action", error.to_string()))
}

/// The channels of the organisation, as far as an account admin may see who has access.
async fn channels(app: &App, person: &Principal) -> Result<Vec<(String, Channel)>, Problem> {
    let mut channels = Vec::new();
    for id in app.host.channels(person.organisation()).await? {
        let channel: Channel = app.service.state(id).await?;
        let (Some(settings), Some(access)) = (channel.settings(), channel.access()) else { continue };
        access.decide(person, Action::ChangeAccess, clock::now()).into_result()?;
        channels.push((settings.name().as_str().to_owned(), channel));
    }
    Ok(channels)
}

/// People by channels: the highest role that each has in each. For account admins.
pub(super) async fn matrix(State(app): State<Arc<App>>, who: Who) -> Result<Json<Value>, Problem> {
    let (person, now) = (who.principal("channel")?, clock::now());
    let channels = channels(&app, person).await?;
    let people = app.host.people(person.organisation()).await?;
    let rows: Vec<Value> = people.iter().map(|person| row(person, &channels, now)).collect();
    let columns = channels.iter().filter_map(|(name, channel)| {
        let access = channel.access()?;
        let grants: Vec<_> = access.grants().collect();
        let id = access.channel();
        Some(json!({
            "id": id,
            "name": name,
            "status": channel.status(),
            "version": channel.access_version(),
            "grants": grants,
        }))
    });
    let actions: Vec<_> = Action::ALL.into_iter().map(described).collect();
    Ok(Json(json!({ "channels": columns.collect::<Vec<_>>(), "people": rows, "actions": actions })))
}

fn row(person: &Person, channels: &[(String, Channel)], now: whatsapp_inbox::time::Instant) -> Value {
    let role = |channel: &Channel| channel.access().and_then(|access| access.role(&person.principal, now));
    let roles: Vec<_> = channels.iter().map(|(_, channel)| role(channel)).collect();
    json!({ "user": person.principal.id(), "name": person.name, "account": person.principal.account(), "roles": roles })
}

fn described(action: Action) -> Value {
    json!({ "action": action, "title": action.title(), "least": action.least() })
}

/// What a why is asked about.
#[derive(Deserialize)]
pub(super) struct WhyQuery {
    user: UserId,
    channel: ChannelId,
    action: String,
}

/// Why a person may or may not do something: every path, the highest role, a sentence. For account admins.
pub(super) async fn why(
    State(app): State<Arc<App>>,
    who: Who,
    Query(query): Query<WhyQuery>,
) -> Result<Json<Value>, Problem> {
    let now = clock::now();
    let action = read_action(&query.action)?;
    let channel: Channel = app.service.state(query.channel).await?;
    let access = may_change(&channel, who.principal("channel")?)?;
    let not_found = || Problem::not_found("user");
    // Of another organisation nobody is told who is there.
    if query.user.organisation() != query.channel.organisation() {
        return Err(not_found());
    }
    let person = app.host.person(query.user).await?.ok_or_else(not_found)?;
    let why = access.why(&person.principal, action, now);
    let teams: BTreeMap<String, String> = app
        .host
        .teams(query.channel.organisation())
        .await?
        .into_iter()
        .map(|team| (team.id.uuid().to_string(), team.name))
        .collect();
    // The crate writes ids; people read names.
    let sentence = teams.iter().fold(why.to_string(), |sentence, (id, name)| sentence.replace(id, name));
    let paths: Vec<String> = why.paths.iter().map(ToString::to_string).collect();
    let paths = paths.iter().map(|path| teams.iter().fold(path.clone(), |path, (id, name)| path.replace(id, name)));
    let paths: Vec<String> = paths.collect();
    Ok(Json(json!({ "name": person.name, "sentence": sentence, "path_sentences": paths, "why": why })))
}

/// The access of a channel, for who may change it.
fn may_change<'a>(channel: &'a Channel, person: &Principal) -> Result<&'a Access, Problem> {
    let now = clock::now();
    let Some(access) = channel.access() else {
        // The same to the letter as of a channel that this person may not know of.
        channel.decide_access(person, Action::ChangeAccess, now).into_result()?;
        return Err(Problem::not_found("channel"));
    };
    access.decide(person, Action::ChangeAccess, now).into_result()?;
    Ok(access)
}

/// What a change of access means for whom, before it is made.
pub(super) async fn impact(
    State(app): State<Arc<App>>,
    who: Who,
    Path((organisation, id)): Path<(OrganisationId, Uuid)>,
    Body(changes): Body<Vec<AccessChange>>,
) -> Result<Json<Value>, Problem> {
    let (person, id, now) = (who.principal("channel")?, ChannelId::new(organisation, id), clock::now());
    let channel: Channel = app.service.state(id).await?;
    let access = may_change(&channel, person)?;
    let people: Vec<Principal> =
        app.host.people(organisation).await?.into_iter().map(|person| person.principal).collect();
    let others = channels(&app, person).await?;
    let others = others.iter().filter_map(|(_, channel)| channel.access()).filter(|other| other.channel() != id);
    let impact = access.impact(&changes, &people, others, now);
    let impact = impact.map_err(|error| Problem::of(axum::http::StatusCode::UNPROCESSABLE_ENTITY, &error))?;
    Ok(Json(json!(impact)))
}

/// Changes who has access, on the version that was read.
pub(super) async fn change(
    State(app): State<Arc<App>>,
    who: Who,
    key: CommandKey,
    IfMatch(on): IfMatch,
    Path((organisation, id)): Path<(OrganisationId, Uuid)>,
    Body(changes): Body<Vec<AccessChange>>,
) -> Result<(Tag, Json<Done>), Problem> {
    let id = ChannelId::new(organisation, id);
    let command = Command::ChangeAccess { on, changes };
    let answer = app.service.channel(id, command, &who.request(key, clock::now())).await?;
    app.happened.notify_one();
    Ok((Tag::after(on, &answer), Json(Done::of::<Channel>(&answer))))
}
