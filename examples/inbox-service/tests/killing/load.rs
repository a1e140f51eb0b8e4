//! The teams: they answer customers, change settings, and change who has access.

use std::sync::Arc;

use inbox_service::clock;
use inbox_service::stand_in::{LOST_TEXT, REFUSED_TEXT};
use reqwest::Method;
use serde_json::{Value, json};
use whatsapp_inbox::id::UserId;

use super::client::{Ask, Client};
use super::history::{Line, Organisation};
use super::world::World;

pub(crate) fn user(id: UserId) -> (&'static str, String) {
    ("x-user", id.to_string())
}

/// Does what a team does in its conversations.
pub(crate) async fn team(world: Arc<World>, which: u64) {
    let mut client = world.client(which);
    while world.goes_on() {
        act(&world, &mut client).await;
        tokio::time::sleep(client.random.millis(5, 60)).await;
    }
}

async fn act(world: &World, client: &mut Client) {
    let talks = world.talks();
    if talks.is_empty() {
        return;
    }
    let conversation = *client.random.pick(&talks);
    let organisation = world.organisations.iter().find(|organisation| organisation.id == conversation.organisation());
    let staff = organisation.unwrap().staff;
    let (who, key) = (*client.random.pick(&staff), client.random.uuid());
    let act = match client.random.below(100) {
        0..2 => json!({ "reply": { "text": REFUSED_TEXT } }),
        2..4 => json!({ "reply": { "text": LOST_TEXT } }),
        4..50 => json!({ "reply": { "text": format!("Yes, we do. {key}") } }),
        50..58 => json!({ "add-note": { "text": format!("A note {key}") } }),
        58..68 => json!({ "edit-tags": { "add": [format!("tag {}", client.random.below(9))], "remove": ["tag 0"] } }),
        68..76 => json!("take"),
        76..82 => json!({ "assign": { "to": client.random.pick(&staff) } }),
        82..85 => json!("unassign"),
        85..90 => json!({ "move": { "to": "resolved" } }),
        90..94 => json!({ "move": { "to": "pending" } }),
        94..97 => json!({ "snooze": { "until": clock::now().plus_minutes(16) } }),
        _ => json!("wake"),
    };
    let path = format!("/api/conversations/{conversation}/commands");
    let ask = Ask::post(path, user(who), key, act);
    if client.random.percent(world.clients.impatient) {
        client.abandoned(&ask).await;
    } else {
        client.command(ask).await;
    }
}

/// Changes settings of the first two channels, on the version that was read. Somebody else does so at the same time.
pub(crate) async fn settings(world: Arc<World>, which: u64) {
    let mut client = world.client(which);
    while world.goes_on() {
        let organisation = client.random.pick(&world.organisations).clone();
        let line = client.random.pick(&organisation.lines[..2]).clone();
        let path = format!("/api/channels/{}/settings", line.channel);
        let read = client.read(&path, user(organisation.admin)).await;
        let key = client.random.uuid();
        let form = json!({ "resolve_reason": format!("reason {key}"), "auto_resolve_new": { "after-minutes": 60 + key.as_u128() % 60 } });
        let mut ask = Ask::post(path, user(organisation.admin), key, form).on(read.tag.unwrap());
        ask.method = Method::PATCH;
        client.command(ask).await;
        tokio::time::sleep(client.random.millis(100, 500)).await;
    }
}

/// Takes access from the two who have it by grants of their own, and gives it back.
pub(crate) async fn access(world: Arc<World>, which: u64) {
    let mut client = world.client(which);
    while world.goes_on() {
        let organisation = client.random.pick(&world.organisations).clone();
        let line = client.random.pick(&organisation.lines[..2]).clone();
        let who = *client.random.pick(&organisation.staff[2..]);
        let (on, held) = standing(&mut client, &organisation, &line, who).await;
        change_access(&mut client, &organisation, &line, (on, who, !held)).await;
        tokio::time::sleep(client.random.millis(150, 700)).await;
    }
}

/// The version of a channel's access, and whether somebody has a grant of their own.
pub(crate) async fn standing(
    client: &mut Client,
    organisation: &Organisation,
    line: &Line,
    who: UserId,
) -> (u64, bool) {
    let matrix = client.read("/api/access", user(organisation.admin)).await.body;
    let is_it = |channel: &&Value| channel["id"] == line.channel.to_string();
    let channel = matrix["channels"].as_array().and_then(|channels| channels.iter().find(is_it)).unwrap();
    let grants = channel["grants"].as_array().unwrap();
    let held = grants.iter().any(|grant| grant.pointer("/user/user") == Some(&json!(who)));
    (channel["version"].as_u64().unwrap(), held)
}

/// Gives access to somebody as a supervisor, or takes it.
pub(crate) async fn change_access(
    client: &mut Client,
    organisation: &Organisation,
    line: &Line,
    (on, who, give): (u64, UserId, bool),
) {
    let change = if give {
        json!({ "grant": { "user": { "user": who, "role": "supervisor" } } })
    } else {
        json!({ "revoke": { "user": who } })
    };
    let path = format!("/api/channels/{}/access", line.channel);
    let key = client.random.uuid();
    client.command(Ask::post(path, user(organisation.admin), key, json!([change])).on(on)).await;
}

/// Closes a channel that customers write to no longer.
pub(crate) async fn close(world: &World, client: &mut Client, organisation: &Organisation) {
    let line = &organisation.lines[2];
    world.remove_line(line);
    let path = format!("/api/channels/{}/close", line.channel);
    let key = client.random.uuid();
    client.command(Ask::post(path, user(organisation.admin), key, Value::Null)).await;
}
