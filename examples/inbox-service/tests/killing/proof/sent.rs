//! What went to Meta went once, and what became of it is known, as far as anybody can know.

use std::collections::{BTreeMap, BTreeSet};

use inbox_service::stand_in::{LOST_TEXT, REFUSED_TEXT};

use super::super::meta::Call;
use super::super::world::World;
use super::Found;
use super::left::{Left, Message};

/// With this a warning begins.
const WARNING: &str = "This conversation closes soon";

pub(super) fn check(world: &World, left: &Left, found: &mut Found) {
    let calls = world.meta.calls();
    replies(world, left, &calls, found);
    warnings(world, left, &calls, found);
    numbers(left, &calls, found);
}

fn replies(world: &World, left: &Left, calls: &[Call], found: &mut Found) {
    let reported = world.meta.reports(|reports| reports.told.clone());
    let mut sent: BTreeMap<&str, usize> = BTreeMap::new();
    calls.iter().filter_map(Call::text).for_each(|text| *sent.entry(text).or_default() += 1);
    let mut decided = BTreeSet::new();
    for event in left.named("replied") {
        let message = event.told["message"].as_str().unwrap();
        found.doubled(!decided.insert(message), || format!("{message} was replied twice"));
    }
    for message in left.messages.iter().filter(|message| message.author != "customer") {
        let Message { id, conversation, body, state, .. } = message;
        // What is the same for many is counted by none of them.
        let alike = body == REFUSED_TEXT || body == LOST_TEXT;
        let times = if alike { 0 } else { sent.get(&**body).copied().unwrap_or(0) };
        let decided = decided.contains(&**id);
        found.doubled(times > 1, || format!("{message:?} was sent {times} times"));
        let reported = reported.get(&format!("{conversation}/{id}")).copied();
        match state.as_str() {
            // Whatever Meta has taken it has reported, and in the end that holds.
            "delivered" | "failed" if reported.is_some() => {
                found.lost(!decided, || format!("{message:?} was never decided"));
                found.wrong(reported != Some(&**state), || format!("{message:?} is {reported:?} at Meta"));
            }
            "failed" => found.lost(body != REFUSED_TEXT || !decided, || format!("{message:?} was never refused")),
            "unknown" => {
                found.lost(!decided, || format!("{message:?} was never decided"));
                found.lost(reported.is_some(), || format!("{message:?} is {reported:?} at Meta"));
            }
            "refused" => {
                found.lost(decided, || format!("{message:?} was decided and is not sent"));
                found.wrong(times > 0, || format!("{message:?} was sent all the same"));
            }
            _ => found.lost(true, || format!("{message:?} is on its way, and {reported:?} at Meta")),
        }
    }
    let states: BTreeMap<&str, &Message> = left.messages.iter().map(|message| (&*message.id, message)).collect();
    for asked in world.clients.record(|record| record.commands.clone()) {
        if asked.answer.done() && asked.ask.body.get("reply").is_some() {
            let message = states.get(&*asked.ask.key.to_string());
            let there = message.is_some_and(|message| matches!(&*message.state, "delivered" | "failed" | "unknown"));
            found.lost(!there, || format!("{asked:?} has the message {message:?}"));
        }
    }
}

/// Each attempt calls once at most, and comes to an end.
fn warnings(world: &World, left: &Left, calls: &[Call], found: &mut Found) {
    let mut called: BTreeMap<String, usize> = BTreeMap::new();
    for call in calls.iter().filter(|call| call.text().is_none_or(|text| text.starts_with(WARNING))) {
        let Some((number, customer)) = call.to() else { continue };
        let line = world.all_lines().find(|line| line.phone_number == number);
        let Some(line) = line else {
            found.wrong(true, || format!("{call:?} is to a number that nobody knows"));
            continue;
        };
        *called.entry(line.conversation(customer).to_string()).or_default() += 1;
    }
    let (begun, told) = (left.count("warning-begun"), left.count("warning-sent"));
    for (conversation, times) in &called {
        let begun = begun.get(&**conversation).copied().unwrap_or(0);
        found.doubled(*times > begun, || format!("{conversation} was warned {times} times in {begun} attempts"));
    }
    for (conversation, times) in told {
        let called = called.get(conversation).copied().unwrap_or(0);
        found.wrong(times > called, || format!("{conversation} was warned {called} times, and {times} times are told"));
    }
    let mut open: BTreeMap<&str, &str> = BTreeMap::new();
    for event in left.events.iter().filter(|event| event.key.0 == "conversation") {
        match event.name.as_str() {
            // These say nothing of a warning.
            "labels-changed" | "note-added" | "note-removed" | "assigned" | "unassigned" => {}
            name => _ = open.insert(&event.key.1, name),
        }
    }
    for (conversation, last) in open {
        found.lost(last == "warning-begun", || format!("what became of the warning of {conversation}"));
    }
}

/// Codes, entries and registrations: each was written before it was called.
fn numbers(left: &Left, calls: &[Call], found: &mut Found) {
    let mut onboardings = BTreeMap::new();
    for event in left.named("account-created") {
        onboardings.insert(event.told["phone_number"].as_str().unwrap(), event.key.1.as_str());
    }
    let kinds = [
        ("request_code", "code-requested", Some("code-sent")),
        ("verify_code", "code-entry-begun", Some("code-accepted")),
        ("register", "registration-begun", None),
    ];
    for (call, begun, done) in kinds {
        let (begun, done) = (left.count(begun), done.map(|done| left.count(done)).unwrap_or_default());
        for (number, onboarding) in &onboardings {
            let path = format!("{number}/{call}");
            let called = calls.iter().filter(|call| call.path == path).count();
            let begun = begun.get(onboarding).copied().unwrap_or(0);
            let done = done.get(onboarding).copied().unwrap_or(0);
            found.doubled(called > begun, || format!("{path} was called {called} times, and begun {begun} times"));
            found.wrong(done > called, || format!("{path} was called {called} times, and done {done} times"));
        }
    }
}
