//! What the testing kit promises: any state in one line, and histories in which enough happens.

use std::collections::{BTreeMap, BTreeSet};

use proptest::strategy::{Strategy, ValueTree};
use whatsapp_inbox::access::{Grant, Role};
use whatsapp_inbox::channel::{Channel, Status as ChannelStatus};
use whatsapp_inbox::conversation::{Command, Conversation, Queue};
use whatsapp_inbox::decider::{Actor, Decider};
use whatsapp_inbox::onboarding::{Onboarding, Plan, Status};
use whatsapp_inbox::rule::Explain;
use whatsapp_inbox::testing::{Case, Clock, channels, conversations, sample};
use whatsapp_inbox::time::Instant;

use crate::random::runner;

#[test]
fn core_total_any_state_is_reached_in_one_line() {
    for row in Plan::Walkthrough.rows() {
        let case = Case::<Onboarding>::at_step(row.step);
        let status = case.state.status(row.step, case.now);
        assert!(matches!(status, Status::Open { .. } | Status::InReview { .. }), "{:?}: {status:?}", row.step);
    }
    let complete = Case::<Onboarding>::complete();
    assert!(Plan::Walkthrough.rows().iter().all(|row| complete.state.is_done(row.step, complete.now)));

    let grants = [Grant::user(sample::ANA, Role::Viewer)];
    assert!(matches!(Case::<Channel>::open(grants).state.status(), Some(ChannelStatus::Open { .. })));
    assert!(matches!(Case::<Channel>::closed(grants).state.status(), Some(ChannelStatus::Closed { .. })));

    for queue in Queue::ALL {
        assert_eq!(Case::<Conversation>::in_queue(queue).state.queue(sample::begin()), Some(queue));
    }
    for queue in [Queue::New, Queue::Pending] {
        let case = Case::<Conversation>::snoozed_in(queue);
        assert_eq!(case.state.snoozed_until(case.now), Some(case.now.plus_days(1)));
    }
    let mut warned = Case::<Conversation>::warned();
    warned.until_due().when(Actor::System, Command::Tick).happens(["resolved"]);
    // A case that was told elsewhere goes on.
    let mut again = Case::<Conversation>::of(warned.events.clone());
    assert!(again.state == warned.state);
    again.until(warned.now).customer_writes();
    assert_eq!(again.state.queue(again.now), Some(Queue::New));
}

#[test]
fn core_total_a_case_says_what_it_expected() {
    let said = |what: fn(&mut Case<Conversation>)| {
        let told = std::panic::catch_unwind(|| what(&mut Case::<Conversation>::in_queue(Queue::New)));
        *told.expect_err("it is not so").downcast::<String>().expect("a text")
    };
    let viewer: fn(&mut Case<Conversation>) = |case| {
        case.role = Some(Role::Viewer);
        case.given(Actor::User(sample::ANA), Command::Take);
    };
    assert_eq!(
        said(viewer),
        "Take by user was refused: it takes a contributor to take it, and this person is a viewer"
    );
    let other: fn(&mut Case<Conversation>) = |case| case.when(Actor::Customer, Command::Take).happens(["taken"]);
    assert!(said(other).starts_with("Take by customer was refused: only the team may "));
    let events = said(|case| case.when(Actor::User(sample::ANA), Command::Take).happens(["taken"]));
    assert!(events.starts_with("Take by user led to [\"assigned\"], not to [\"taken\"]: [Event {"), "{events}");
    let accepted = said(|case| case.when(Actor::User(sample::ANA), Command::Take).is_refused("not-found"));
    assert_eq!(accepted, "Take by user was accepted, and was to be refused as `not-found`");
}

#[test]
fn settings_admin_only_in_a_case_an_admin_has_no_role_unless_given_one() {
    let take =
        |case: &mut Case<Conversation>, actor| case.tries(actor, Command::Take).map_err(|refused| refused.code());
    let new = || Case::<Conversation>::in_queue(Queue::New);
    let admin = Actor::Admin(sample::ADMIN);
    assert_eq!(take(&mut new(), admin), Err("role-too-low"));
    assert!(take(new().with_role(sample::ADMIN, Role::Contributor), admin).is_ok());
    // Of two people each has their own, and nobody else's changes.
    let mut case = new();
    case.with_role(sample::BEN, None);
    assert_eq!(take(&mut case, Actor::User(sample::BEN)), Err("not-found"));
    assert!(take(&mut case, Actor::User(sample::ANA)).is_ok());
}

#[test]
fn core_total_histories_of_conversations_and_channels_go_everywhere() {
    let (mut seen, mut happened) = (BTreeMap::<&str, u32>::new(), BTreeSet::new());
    let mut runner = runner(400);
    for _ in 0..400 {
        let case = conversations(40).new_tree(&mut runner).expect("a case").current();
        let queue = case.state.queue(case.now).expect("it has begun");
        *seen.entry(queue.name()).or_default() += 1;
        *seen.entry("owned").or_default() += u32::from(case.state.owner(case.now).is_some());
        *seen.entry("snoozed").or_default() += u32::from(case.state.snoozed_until(case.now).is_some());
        happened.extend(case.events.iter().map(Conversation::event_name));
        let case = channels(20).new_tree(&mut runner).expect("a case").current();
        let closed = matches!(case.state.status(), Some(ChannelStatus::Closed { .. }));
        *seen.entry(if closed { "channel closed" } else { "channel open" }).or_default() += 1;
        happened.extend(case.events.iter().map(Channel::event_name));
    }
    let seldom: Vec<_> = seen.iter().filter(|(_, count)| **count < 10).collect();
    assert!(seldom.is_empty(), "{seldom:?}");
    // All that can happen, happens.
    let missing: Vec<String> = ["conversation", "channel"]
        .into_iter()
        .flat_map(|kind| {
            let golden = format!("{}/tests/golden/events/{kind}.jsonl", env!("CARGO_MANIFEST_DIR"));
            let lines = std::fs::read_to_string(golden).expect("golden events");
            let name = |line: &str| {
                serde_json::from_str::<serde_json::Value>(line).expect("JSON")["name"]
                    .as_str()
                    .expect("a name")
                    .to_owned()
            };
            lines.lines().map(name).collect::<Vec<_>>()
        })
        .filter(|name| !happened.contains(name.as_str()))
        .collect();
    assert!(missing.is_empty(), "{missing:?}");
}

#[test]
fn core_pure_a_clock_stands_until_it_is_pushed_and_stops_at_the_ends_of_time() {
    let clock = Clock::at(sample::begin());
    assert_eq!((clock.now(), clock.now()), (sample::begin(), sample::begin()));
    clock.push_seconds(1);
    clock.push_minutes(1);
    clock.push_days(1);
    clock.push_millis(-1);
    assert_eq!(clock.now().unix_millis() - sample::begin().unix_millis(), 1_000 + 60_000 + 86_400_000 - 1);
    clock.push_millis(i64::MAX);
    assert_eq!(clock.now(), Instant::MAX);
    clock.push_millis(i64::MIN);
    assert_eq!(clock.now(), Instant::MIN);
}
