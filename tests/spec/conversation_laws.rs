//! What holds of every conversation: no panic, replay, the same answer twice, and what a tick and a sweep do.

use std::cell::Cell;

use proptest::prelude::*;
use whatsapp_inbox::conversation::*;
use whatsapp_inbox::decider::{Actor, ChannelRules, Decider};
use whatsapp_inbox::id::{ConversationId, UserId};
use whatsapp_inbox::settings::{ClosingWarning, WarnBefore};
use whatsapp_inbox::testing::{actors, instants};
use whatsapp_inbox::time::Instant;
use whatsapp_inbox::uuid::Uuid;

use crate::conversation_case::*;
use crate::random::runner;

fn commands() -> impl Strategy<Value = Command> {
    let queue = prop::sample::select(Queue::ALL.to_vec());
    let who = prop::sample::select(vec![ANA, BEN, UserId::new(OTHER_ORGANISATION, ANA.uuid())]);
    let names = || prop::collection::vec(prop::sample::select(vec!["a", "b", "c"]).prop_map(label), 0..3);
    let kind = prop::sample::select(vec![MessageKind::FreeText, MessageKind::Template]);
    let outcome = prop::sample::select(vec![WarningOutcome::Sent, WarningOutcome::Failed]);
    let id = (0u128..2).prop_map(|id| ConversationId::new(ORGANISATION, Uuid::from_u128(300 + id)));
    prop_oneof![
        1 => id.prop_map(|id| Command::Begin { id, channel: CHANNEL }),
        4 => prop::option::of(instants()).prop_map(|sent_at| Command::Receive { message: message(1), sent_at }),
        4 => kind.prop_map(|kind| Command::Reply { message: message(2), kind }),
        3 => queue.prop_map(|to| Command::Move { to }),
        2 => prop::sample::select(vec![Command::Take, Command::Unassign, Command::Wake, Command::ApplySettings, close()]),
        1 => who.clone().prop_map(assign_any),
        1 => who.clone().prop_map(|user| Command::LoseAccess { user }),
        2 => who.clone().prop_map(|user| Command::SignOut { user }),
        1 => who.prop_map(|user| Command::SignIn { user }),
        2 => instants().prop_map(|until| Command::Snooze { until }),
        1 => (names(), names()).prop_map(|(add, remove)| Command::EditTags { add, remove }),
        1 => (names(), names()).prop_map(|(add, remove)| Command::EditTopics { add, remove }),
        1 => (0u128..3).prop_map(|id| Command::AddNote(note(id))),
        1 => (0u128..3).prop_map(|id| Command::RemoveNote(note(id))),
        2 => (0u32..4, outcome).prop_map(|(attempt, outcome)| Command::ReportWarning { attempt, outcome }),
        4 => Just(Command::Tick),
    ]
}

fn assign_any(user: UserId) -> Command {
    if user.organisation() == ORGANISATION { assign(user) } else { Command::Assign { to: assignee_in(TWIN, user) } }
}

const TWIN: whatsapp_inbox::id::ChannelId =
    whatsapp_inbox::id::ChannelId::new(OTHER_ORGANISATION, Uuid::from_u128(200));

/// Who acts, for each kind somebody who may as a rule, and how far the clock jumps, sometimes to the ends of time.
type Turn = (Command, Option<Actor>, Option<Instant>, i64, bool);

fn turns() -> impl Strategy<Value = Vec<Turn>> {
    let actor = prop_oneof![9 => Just(None), 1 => actors(ORGANISATION).prop_map(Some)];
    let jump = prop_oneof![60 => Just(None), 1 => instants().prop_map(Some)];
    prop::collection::vec((commands(), actor, jump, -HOUR..3 * HOUR, any::<bool>()), 1..40)
}

fn fitting(command: &Command) -> Actor {
    let kind = command.kind();
    let all = [AS_ANA, Actor::Customer, META, Actor::System, Actor::Admin(ANA)];
    let fits =
        |actor: &Actor| kind.may_come_from(actor.party()) && (kind != Kind::ApplySettings || *actor == Actor::System);
    all.into_iter().find(fits).unwrap_or(Actor::System)
}

fn warning_rules() -> ChannelRules {
    let mut rules = windows(after(60), after(120), 3);
    rules.warning = ClosingWarning::WhenOpen(WarnBefore::minutes(10).expect("a time before"));
    rules
}

/// A conversation that lived these turns. What [`Talk::tries`] checks holds of each: replay, JSON, roles, no owner in Resolved.
fn lived(turns: &[Turn], counts: &[Cell<u32>; 2]) -> Talk {
    let mut talk = Talk::unbegun().releasing();
    talk.does(Actor::Customer, begin());
    for (command, actor, jump, millis, warned) in turns {
        talk.rules = if *warned { warning_rules() } else { windows(after(60), after(120), 3) };
        let moved = Instant::from_unix_millis(talk.now.unix_millis().saturating_add(*millis)).unwrap_or(talk.now);
        talk.now = jump.unwrap_or(moved);
        let actor = actor.unwrap_or_else(|| fitting(command));
        let entered = talk.now;
        let accepted = talk.tries(actor, command.clone()).is_ok();
        let count = &counts[usize::from(accepted)];
        count.set(count.get() + 1);
        // A deadline never lies before the entry that set it, nor before what came in last.
        if talk.state.last_message().is_some_and(|at| at >= entered) {
            assert!(talk.state.deadline().is_none_or(|deadline| deadline >= entered));
        }
    }
    talk
}

#[test]
fn core_total_over_any_commands_of_a_conversation_and_whatever_is_read_of_it() {
    let counts = [const { Cell::new(0u32) }; 2];
    let law = |turns: Vec<Turn>| {
        let talk = lived(&turns, &counts);
        for now in [Instant::MIN, talk.now, Instant::MAX] {
            let mut talk = talk.clone();
            talk.now = now;
            let conversation = &talk.state;
            prop_assert!(conversation.queue(now).is_some());
            prop_assert!(conversation.queue(now) != Some(Queue::Resolved) || conversation.owner(now).is_none());
            let _ = (conversation.snoozed_until(now), conversation.may_send(MessageKind::FreeText, now));
            let told = preview(&talk.rules, [conversation], now);
            let total = [told.new, told.pending].map(|of| of.resolved_at_once + of.other_deadline + of.unchanged);
            prop_assert_eq!(total[0] + total[1] + told.resolved, 1);
            prop_assert!(conversation.allowed(&talk.context(AS_ANA)).count() <= Kind::ALL.len());
            // A sweep is a tick, no more and no less.
            let swept = sweep([conversation], &talk.context(AS_ANA), |_| {}).next();
            let ticked = talk.asks(Actor::System, Command::Tick).expect("time may always pass");
            prop_assert_eq!(swept.map(|swept| swept.events).unwrap_or_default(), ticked);
        }
        Ok(())
    };
    runner(600).run(&turns(), law).expect("it holds");
    let [refused, accepted] = counts.map(|count| count.get());
    assert!(refused > 1000 && accepted > 3000, "{refused} refused, {accepted} accepted");
}

#[test]
fn core_replay_a_conversation_takes_any_event_in_any_state() {
    let counts = [const { Cell::new(0u32) }; 2];
    let law = |(first, second): (Vec<Turn>, Vec<Turn>)| {
        let (first, second) = (lived(&first, &counts).0.events, lived(&second, &counts).0.events);
        for events in [first.iter().chain(&second).collect::<Vec<_>>(), second.iter().chain(&first).rev().collect()] {
            let state = Conversation::replay(events);
            for now in [Instant::MIN, Instant::MAX] {
                prop_assert!(state.queue(now).is_some() || state.owner(now).is_none());
            }
        }
        Ok(())
    };
    runner(200).run(&(turns(), turns()), law).expect("it holds");
}

#[test]
fn conversation_deadline_a_tick_before_what_is_due_does_nothing_and_at_it_something() {
    let (counts, due, twice) = ([const { Cell::new(0u32) }; 2], Cell::new(0u32), Cell::new(0u32));
    let law = |turns: Vec<Turn>| {
        let mut talk = lived(&turns, &counts);
        // What is due now comes first; after it nothing is due before the next deadline.
        talk.tick();
        let Some(next) = talk.state.next_deadline() else { return Ok(()) };
        due.set(due.get() + 1);
        if next > Instant::MIN && next > talk.now {
            talk.until(shifted(next, -1)).idle(Actor::System, Command::Tick);
        }
        if next < Instant::MAX {
            let events = talk.until(next).tick();
            prop_assert!(!events.is_empty(), "{:?}", talk.state);
            talk.idle(Actor::System, Command::Tick);
            twice.set(twice.get() + 1);
        }
        Ok(())
    };
    runner(400).run(&turns(), law).expect("it holds");
    assert!(due.get() > 100 && twice.get() > 100, "{due:?} {twice:?}");
}
