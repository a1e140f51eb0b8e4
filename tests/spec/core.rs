//! What holds for every rule: no panic, replay, purity, and what is allowed is what is accepted.

use std::cell::Cell;

use proptest::prelude::*;
use whatsapp_inbox::decider::{Actor, Class, Context, Decider, Policy, Refusal};
use whatsapp_inbox::id::CommandId;
use whatsapp_inbox::onboarding::{Command, Event, Kind, Onboarding, Overview, Refused, Step};
use whatsapp_inbox::testing::{History, Subjects, Turn, histories, instants, subjects, turn};
use whatsapp_inbox::time::{Calendar, Instant};
use whatsapp_inbox::uuid::Uuid;

use crate::case::shifted;
use crate::random::runner;

/// What somebody would be answered now.
fn decided(history: &History, actor: Actor, now: Instant, command: Command) -> Result<Vec<Event>, Refused> {
    let (id, policy) = (CommandId::new(Uuid::from_u128(1)), Policy::default());
    history.onboarding.decide(command, &Context::new(now, actor, id, &policy))
}

#[test]
fn core_replay_of_a_history_is_the_state_it_was_made_in() {
    let long = Cell::new(0_u32);
    let law = |history: History| {
        // Given a random history, then replaying its events, before and after a way through JSON, ends in its state.
        prop_assert_eq!(&Onboarding::replay(&history.events), &history.onboarding);
        let json = serde_json::to_string(&history.events).expect("events are written");
        let read: Vec<Event> = serde_json::from_str(&json).expect("events are read");
        prop_assert_eq!(&read, &history.events);
        prop_assert_eq!(Onboarding::replay(&read), history.onboarding);
        long.set(long.get() + u32::from(history.events.len() >= 20));
        Ok(())
    };
    runner(400).run(&histories(80), law).unwrap();
    assert!(long.get() >= 100, "only {} histories were long", long.get());
}

#[test]
fn core_replay_takes_any_event_in_any_state() {
    let law = |(first, second): (History, History)| {
        // Given the events of two histories, one after the other and backwards, then they are taken without a check.
        let (now, first, second) = (first.now, first.events, second.events);
        for events in [first.iter().chain(&second).collect::<Vec<_>>(), second.iter().chain(&first).rev().collect()] {
            let state = Onboarding::replay(events);
            let checklist = state.checklist(&Calendar::default(), now);
            prop_assert_eq!(checklist.items.len(), state.plan().rows().len());
        }
        Ok(())
    };
    runner(200).run(&(histories(40), histories(40)), law).unwrap();
}

#[test]
fn core_total_over_random_commands_actors_and_instants() {
    let counts = [const { Cell::new(0_u32) }; 2];
    let law = |(subjects, turns): (Subjects, Vec<(Option<Instant>, Turn)>)| {
        // Given any commands by anybody at any time, the ends of time and a clock that goes back included,
        let mut history = History::new(subjects);
        for (jump, turn) in turns {
            history.now = jump.unwrap_or(history.now);
            let accepted = history.play(turn).is_ok();
            let count = &counts[usize::from(accepted)];
            count.set(count.get() + 1);
        }
        // then nothing panics, and everything can be read at any time.
        for now in [Instant::MIN, history.now, Instant::MAX] {
            let checklist = history.onboarding.checklist(&Calendar::default(), now);
            let shown = (checklist.gantt(), serde_json::to_string(&checklist), history.onboarding.inheritance());
            prop_assert!(shown.1.is_ok());
            let overview = Overview::of([&history.onboarding], &Calendar::default(), now);
            prop_assert!(overview.overdue.len() + overview.waits_for_us.len() <= Step::ALL.len());
        }
        Ok(())
    };
    let jump = prop_oneof![84 => Just(None), 1 => instants().prop_map(Some)];
    let drawn = (subjects(), prop::collection::vec((jump, turn()), 60));
    runner(2000).run(&drawn, law).unwrap();
    let [refused, accepted] = counts.map(|count| count.get());
    let all = refused + accepted;
    assert_eq!(all, 120_000);
    assert!(accepted >= all / 10 && refused >= all / 10, "{accepted} accepted, {refused} refused");
}

#[test]
fn core_pure_decides_the_same_twice() {
    let law = |(history, last): (History, Turn)| {
        // Given a state, a command and a context, when it is decided twice, then the answers are the same, and the state too.
        let (mut one, mut two) = (history.clone(), history.clone());
        prop_assert_eq!(one.play(last), two.play(last));
        prop_assert_eq!(one.onboarding, two.onboarding);
        prop_assert_eq!(history.onboarding.next_deadline(), Onboarding::replay(&history.events).next_deadline());
        Ok(())
    };
    runner(300).run(&(histories(60), turn()), law).unwrap();
}

#[test]
fn core_total_allowed_lists_exactly_what_no_situation_refuses() {
    let counts = [const { Cell::new(0_u32) }; 2];
    let law = |(history, time, draw): (History, u16, u32)| {
        // Given a random state and instant, for every actor and every kind,
        let now = shifted(history.now, i64::from(time) * 60_000 - 600_000);
        for actor in history.subjects.actors {
            let allowed: Vec<Kind> = history.onboarding.allowed(actor, now).collect();
            for kind in Kind::ALL {
                // when a well-formed command of it is given, then the situation refuses it if and only if it is not listed.
                let decided = decided(&history, actor, now, history.command(kind, draw));
                let in_the_way = decided.as_ref().is_err_and(|refused| refused.class() == Class::Situation);
                prop_assert_eq!(allowed.contains(&kind), !in_the_way, "{:?} by {}: {:?}", kind, actor, decided);
                let count = &counts[usize::from(in_the_way)];
                count.set(count.get() + 1);
            }
        }
        Ok(())
    };
    runner(400).run(&(histories(60), 0_u16..400, any::<u32>()), law).unwrap();
    let [allowed, refused] = counts.map(|count| count.get());
    assert!(allowed >= 2000 && refused >= 2000, "{allowed} allowed, {refused} refused");
}

#[test]
fn core_total_what_is_allowed_is_accepted_with_the_right_parameters() {
    let seen = Cell::new([0_u32; Kind::ALL.len()]);
    let law = |history: History| {
        // Given a kind that is allowed to somebody, then some command of it is accepted.
        for actor in history.subjects.actors {
            for kind in history.onboarding.allowed(actor, history.now) {
                let accepts = |draw| decided(&history, actor, history.now, history.command(kind, draw)).is_ok();
                let accepted = (0..90).any(accepts);
                prop_assert!(accepted, "{:?} by {}", kind, actor);
                let mut counted = seen.get();
                counted[Kind::ALL.iter().position(|other| *other == kind).unwrap()] += 1;
                seen.set(counted);
            }
        }
        Ok(())
    };
    runner(300).run(&histories(30), law).unwrap();
    let never: Vec<Kind> =
        Kind::ALL.into_iter().zip(seen.get()).filter(|(_, n)| *n == 0).map(|(kind, _)| kind).collect();
    assert_eq!(never, [], "every kind is allowed somewhere");
}
