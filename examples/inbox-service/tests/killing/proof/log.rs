//! Every command that was acknowledged is there, at the version that was told, and once.

use std::collections::BTreeMap;

use serde_json::Value;
use whatsapp_inbox::channel::Channel;
use whatsapp_inbox::conversation::Conversation;
use whatsapp_inbox::decider::Decider;
use whatsapp_inbox::onboarding::Onboarding;
use whatsapp_inbox::port::Store;

use super::super::client::Asked;
use super::super::world::World;
use super::Found;
use super::left::{Key, Left};
use inbox_service::stored::Stored;

/// Statuses that a sound request may have.
const SOUND: [u16; 7] = [200, 201, 403, 404, 409, 412, 422];

pub(super) async fn check(world: &World, left: &Left, found: &mut Found) {
    versions(left, found);
    commands(left, found);
    for asked in world.clients.record(|record| record.commands.clone()) {
        answer(&asked, left, found);
    }
    for key in left.aggregates.keys() {
        let version = match key.0.as_str() {
            Onboarding::NAME => replayed::<Onboarding>(&world.store, key).await,
            Channel::NAME => replayed::<Channel>(&world.store, key).await,
            _ => replayed::<Conversation>(&world.store, key).await,
        };
        found.wrong(version != left.aggregates[key], || format!("{key:?} replays to version {version}"));
    }
}

/// Without a gap, and as many as the aggregate says.
fn versions(left: &Left, found: &mut Found) {
    let mut latest: BTreeMap<&Key, i64> = BTreeMap::new();
    for event in &left.events {
        let before = latest.insert(&event.key, event.version).unwrap_or(0);
        found.lost(event.version > before + 1, || format!("a version before {event:?}"));
        found.doubled(event.version <= before, || format!("{event:?}"));
    }
    for (key, version) in &left.aggregates {
        let events = latest.get(key).copied().unwrap_or(0);
        found.wrong(events != *version, || format!("{key:?} is at version {version} and has {events} events"));
    }
}

/// What a command made lies together, and ends where the command says.
fn commands(left: &Left, found: &mut Found) {
    let mut made: BTreeMap<(Key, String), Vec<i64>> = BTreeMap::new();
    for event in &left.events {
        made.entry((event.key.clone(), event.command.clone())).or_default().push(event.version);
    }
    for (command, versions) in &made {
        let together = versions.windows(2).all(|pair| pair[1] == pair[0] + 1);
        found.doubled(!together, || format!("{command:?} was applied at {versions:?}"));
        let known = left.commands.get(command);
        found.wrong(known != versions.last(), || format!("{command:?} made {versions:?} and is known at {known:?}"));
    }
    let without = left.commands.keys().filter(|command| !made.contains_key(*command));
    without.for_each(|command| found.lost(true, || format!("the events of {command:?}")));
}

async fn replayed<A: Decider>(store: &Stored, key: &Key) -> i64
where
    Stored: Store<A>,
{
    let id: A::Id = key.1.parse().unwrap_or_else(|_| panic!("{key:?} has no id"));
    let loaded = Store::<A>::load(store, id, None).await.unwrap();
    i64::try_from(loaded.version.get()).unwrap()
}

fn answer(Asked { ask, answer }: &Asked, left: &Left, found: &mut Found) {
    let sound = SOUND.contains(&answer.status) && answer.body["code"] != "command-id-reused";
    found.wrong(!sound, || format!("{ask:?} was answered {answer:?}"));
    let nothing = answer.body["outcome"] == "done" && answer.body["events"] == Value::Array(Vec::new());
    if !answer.done() || nothing || answer.body["outcome"] == "read" {
        return;
    }
    let command = (aggregate(ask.path.as_str(), &answer.body), ask.key.to_string());
    let known = left.commands.get(&command).copied();
    // A call to Meta is another command that follows from it.
    let called = ask.body.get("enter-code").or(ask.body.get("register")).is_some();
    let there = known.is_some() && (called || known == answer.body["version"].as_i64());
    found.lost(!there, || format!("{ask:?} was answered {answer:?} and is known at {known:?}"));
    if let (true, Some(on)) = (ask.path.ends_with("/settings"), ask.on) {
        found.wrong(answer.tag != Some(on + 1), || format!("a change on {on} was answered {answer:?}"));
    }
}

/// What a request is about.
fn aggregate(path: &str, answer: &Value) -> Key {
    let mut parts = path.trim_start_matches("/api/").split('/');
    let kind = parts.next().unwrap().trim_end_matches('s').to_owned();
    let id = match (parts.next(), parts.next()) {
        (Some(organisation), Some(id)) => format!("{organisation}/{id}"),
        _ => answer["id"].as_str().unwrap().to_owned(),
    };
    (kind, id)
}
