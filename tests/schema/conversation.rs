//! Conversations: every event that there is.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use whatsapp_inbox::access::{Access, Grant, Principal, Role};
use whatsapp_inbox::conversation::{
    Command, Conversation, Event, Label, LabelKind, MessageKind, Queue, Warning, WarningOutcome,
};
use whatsapp_inbox::decider::{Actor, ChannelRules, Context, Decider, Policy, SignOut};
use whatsapp_inbox::id::{ChannelId, CommandId, ConversationId, MessageId, NoteId, UserId};
use whatsapp_inbox::settings::{AutoResolve, ClosingWarning, Settings, WarnBefore, Window};
use whatsapp_inbox::time::Instant;
use whatsapp_inbox::uuid::Uuid;

use super::{ORGANISATION, holds, of, read, written};

const CHANNEL: ChannelId = ChannelId::new(ORGANISATION, Uuid::from_u128(200));
const ANA: UserId = UserId::new(ORGANISATION, Uuid::from_u128(30));

/// A channel that resolves after an hour, and warns ten minutes before where it may.
fn rules(minutes: u32) -> ChannelRules {
    let window = AutoResolve::After(Window::minutes(minutes).unwrap());
    let policy = Policy::default().auto_resolve;
    let settings = Settings::new("Orders".parse().unwrap()).with().auto_resolve_new(window).build(&policy).unwrap();
    let mut rules = ChannelRules::BUILT_IN;
    rules.auto_resolve_new = settings.window(whatsapp_inbox::settings::OpenQueue::New, &policy);
    rules.warning = ClosingWarning::WhenOpen(WarnBefore::minutes(10).unwrap());
    rules
}

/// Commands that lead to every event, each with who gives it and how many minutes after the one before.
fn commands() -> Vec<(Actor, u32, Command)> {
    let ana = Actor::User(ANA);
    let message = |number: u128| MessageId::new(Uuid::from_u128(number));
    let receive = |number| Command::Receive { message: message(number), sent_at: None };
    let reply = |number, kind| Command::Reply { message: message(number), kind };
    let access = Access::of(CHANNEL, [Grant::user(ANA, Role::Contributor)]).unwrap();
    let assignee = access.assignee(&Principal::user(ANA), Instant::MIN).unwrap();
    let label = || vec![Label::new("refund").unwrap()];
    let note = NoteId::new(Uuid::from_u128(1));
    let day_later = "2026-01-06T10:00:00Z".parse().unwrap();
    vec![
        (
            Actor::Customer,
            0,
            Command::Begin { id: ConversationId::new(ORGANISATION, Uuid::from_u128(9)), channel: CHANNEL },
        ),
        (Actor::Customer, 0, receive(1)),
        (ana, 1, reply(2, MessageKind::FreeText)),
        (ana, 1, Command::EditTags { add: label(), remove: Vec::new() }),
        (ana, 1, Command::EditTopics { add: label(), remove: Vec::new() }),
        (ana, 1, Command::EditTopics { add: Vec::new(), remove: label() }),
        (ana, 1, Command::AddNote(note)),
        (ana, 1, Command::RemoveNote(note)),
        (Actor::System, 1, Command::SignOut { user: ANA }),
        (Actor::System, 1, Command::SignIn { user: ANA }),
        (ana, 1, Command::Unassign),
        (ana, 1, Command::Assign { to: assignee }),
        (ana, 1, Command::Move { to: Queue::New }),
        (Actor::System, 1, Command::ApplySettings),
        // A try that nobody answers, and one that is sent; then the customer answers, and the next finds no way.
        (Actor::System, 85, Command::Tick),
        (Actor::System, 11, Command::Tick),
        (Actor::System, 1, Command::Tick),
        (Actor::System, 0, Command::ReportWarning { attempt: 2, outcome: WarningOutcome::Sent }),
        (Actor::Customer, 1, receive(3)),
        (ana, 1, Command::Snooze { until: day_later }),
        (Actor::System, 24 * 60 + 30, Command::Tick),
        (ana, 10, Command::Move { to: Queue::Resolved }),
        (Actor::BrandPhone, 1, reply(4, MessageKind::Template)),
    ]
}

#[test]
fn events_of_conversations() {
    let (written_event, read_event) = (written::<Event>(), read::<Event>());
    let (before, after) = (rules(60), rules(90));
    let mut policy = Policy::default();
    policy.sign_out = SignOut::Releases;
    let mut now: Instant = "2026-01-05T09:00:00Z".parse().unwrap();
    let mut conversation = Conversation::default();
    let mut seen = BTreeSet::new();
    for (number, (actor, minutes, command)) in commands().into_iter().enumerate() {
        now = now.plus_minutes(minutes);
        let id = CommandId::new(Uuid::from_u128(number as u128));
        let rules = if number < 13 { &before } else { &after };
        let role = actor.user().map(|_| Role::Contributor);
        let context = Context::new(now, actor, id, &policy).with_role(role).with_channel(rules);
        for event in conversation.decide(command, &context).unwrap() {
            let value = of(&event);
            holds(&written_event, &value);
            holds(&read_event, &value);
            assert_eq!(serde_json::from_value::<Event>(value.clone()).unwrap(), event);
            let change = &value["change"];
            let name = change.as_object().and_then(|change| change.keys().next().cloned());
            seen.insert(name.unwrap_or_else(|| change.as_str().unwrap_or_default().to_owned()));
            conversation = conversation.evolve(&event);
        }
        holds(&written::<Warning>(), &of(&conversation.warning()));
        holds(&written::<Option<Queue>>(), &of(&conversation.queue(now)));
    }
    // As many as there are.
    let source = include_str!("../../src/conversation/event.rs");
    let (_, changes) = source.split_once("pub enum Change {").unwrap();
    let (changes, _) = changes.split_once("\n}\n").unwrap();
    let variants = changes.lines().filter(|line| line.starts_with("    ") && line.as_bytes()[4].is_ascii_uppercase());
    assert_eq!(seen.len(), variants.count(), "{seen:?}");
}

#[test]
fn events_of_conversations_that_history_holds() {
    // What was once accepted is read, and the schema says so: a window and a reason beyond today's limits.
    let (written, read) = (written::<Event>(), read::<Event>());
    let given = json!({ "window": 2_000_000, "source": "channel", "version": 1 });
    let long = "x".repeat(300);
    for change in [
        json!({ "given-window": { "given": given } }),
        json!({ "resolved": { "at": "2020-01-01T00:00:00Z", "cause": { "channel-closed": { "reason": long } } } }),
    ] {
        let value = json!({ "at": "2020-01-01T00:00:00Z", "by": "system", "change": change });
        let event: Event = serde_json::from_value(value.clone()).expect("an event");
        for schema in [&written, &read] {
            holds(schema, &value);
            holds(schema, &of(&event));
        }
    }
}

#[test]
fn values_of_conversations() {
    let label = read::<Label>();
    for (text, sound) in [("refund", true), ("", false), (&*"x".repeat(100), true), (&"x".repeat(101), false)] {
        assert_eq!(label.is_valid(&json!(text)), sound);
        assert_eq!(serde_json::from_value::<Label>(json!(text)).is_ok(), sound);
    }
    let names =
        |values: Vec<Value>| values.iter().filter_map(|value| value.as_str().map(str::to_owned)).collect::<Vec<_>>();
    for queue in Queue::ALL {
        holds(&read::<Queue>(), &of(&queue));
    }
    assert_eq!(names(Queue::ALL.map(|queue| of(&queue)).to_vec()), ["new", "pending", "resolved"]);
    for kind in [LabelKind::Tag, LabelKind::Topic] {
        holds(&read::<LabelKind>(), &of(&kind));
    }
    for kind in [MessageKind::FreeText, MessageKind::Template] {
        holds(&read::<MessageKind>(), &of(&kind));
    }
    for status in [
        Warning::None,
        Warning::Skipped,
        Warning::Sent { at: Instant::MIN },
        Warning::Failed { try_number: 1, at: Instant::MIN },
    ] {
        holds(&read::<Warning>(), &of(&status));
    }
}
