//! What Meta was told to be taken has had its effect, once.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use inbox_service::clock::id_from;
use sha2::{Digest as _, Sha256};

use super::super::world::World;
use super::Found;
use super::left::Left;

pub(super) fn check(world: &World, left: &Left, found: &mut Found) {
    messages(world, left, found);
    let delivered = world.clients.record(|record| record.deliveries.clone());
    for delivery in delivered {
        let id = Sha256::digest(&delivery.body).iter().fold(String::new(), |mut id, byte| {
            write!(id, "{byte:02x}").unwrap();
            id
        });
        let state = left.deliveries.get(&id);
        found.lost(state.is_none_or(|state| state != "done"), || format!("the delivery {id} is {state:?}"));
    }
    facts(world, left, found);
}

/// Each message is in its conversation, and nowhere else.
fn messages(world: &World, left: &Left, found: &mut Found) {
    let mut taken: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for event in left.named("customer-wrote") {
        taken.entry(event.told["message"].as_str().unwrap()).or_default().push(&event.key.1);
    }
    for (message, conversations) in &taken {
        found.doubled(conversations.len() > 1, || format!("{message} was received in {conversations:?}"));
    }
    let mut kept: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for message in left.messages.iter().filter(|message| message.author == "customer") {
        kept.entry(&message.id).or_default().push(&message.conversation);
    }
    for written in world.written.lock().unwrap().iter() {
        let id = id_from(&["message", &written.id]).to_string();
        let conversation = written.line.conversation(&written.customer).to_string();
        for (what, messages) in [("received", &taken), ("kept", &kept)] {
            let there = messages.get(&*id).map(Vec::as_slice).unwrap_or_default();
            found.lost(there != [&*conversation], || format!("{written:?} was {what} in {there:?}"));
        }
    }
}

/// Each fact that was told of an onboarding was observed, once.
fn facts(world: &World, left: &Left, found: &mut Found) {
    let mut observed: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    let mut delivered: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    for event in left.named("observed") {
        *observed.entry((&event.key.1, event.told["id"].as_str().unwrap())).or_default() += 1;
        if event.actor.to_string().contains("delivery") {
            let kind = event.told["fact"].as_object().and_then(|fact| fact.keys().next()).unwrap();
            *delivered.entry((&event.key.1, kind)).or_default() += 1;
        }
    }
    for (fact, times) in observed {
        found.doubled(times > 1, || format!("{fact:?} was observed {times} times"));
    }
    for (onboarding, kind) in world.told.lock().unwrap().iter() {
        let times = delivered.get(&(&**onboarding, *kind)).copied().unwrap_or(0);
        found.lost(times == 0, || format!("{kind} of {onboarding}"));
        found.doubled(times > 1, || format!("{kind} of {onboarding} was observed {times} times"));
    }
}
