//! What holds for every rule: no panic, replay, purity, and what is allowed is what is accepted.

use std::cell::Cell;

use proptest::prelude::*;
use whatsapp_inbox::decider::{Class, Context, Decider, Refusal};
use whatsapp_inbox::id::CommandId;
use whatsapp_inbox::onboarding::{Event, Kind, Onboarding, Overview};
use whatsapp_inbox::time::{Calendar, Instant};
use whatsapp_inbox::uuid::Uuid;

use crate::case::*;
use crate::random::*;

#[test]
fn core_replay_of_a_history_is_the_state_it_was_made_in() {
    let long = Cell::new(0_u32);
    let law = |turns: Vec<Turn>| {
        // Given a random history, then replaying its events, before and after a way through JSON, ends in its state.
        let case = history(&turns);
        prop_assert_eq!(&Onboarding::replay(&case.events), &case.onboarding);
        let json = serde_json::to_string(&case.events).expect("events are written");
        let read: Vec<Event> = serde_json::from_str(&json).expect("events are read");
        prop_assert_eq!(&read, &case.events);
        prop_assert_eq!(Onboarding::replay(&read), case.onboarding);
        long.set(long.get() + u32::from(case.events.len() >= 20));
        Ok(())
    };
    runner(400).run(&turns(80), law).unwrap();
    assert!(long.get() >= 100, "only {} histories were long", long.get());
}

#[test]
fn core_replay_takes_any_event_in_any_state() {
    let law = |(first, second): (Vec<Turn>, Vec<Turn>)| {
        // Given the events of two histories, one after the other and backwards, then they are taken without a check.
        let (first, second) = (history(&first).events, history(&second).events);
        for events in [first.iter().chain(&second).collect::<Vec<_>>(), second.iter().chain(&first).rev().collect()] {
            let state = Onboarding::replay(events);
            let checklist = state.checklist(&Calendar::default(), at("2026-03-01T00:00:00Z"));
            prop_assert_eq!(checklist.items.len(), 12);
        }
        Ok(())
    };
    runner(200).run(&(turns(40), turns(40)), law).unwrap();
}

#[test]
fn core_total_over_random_commands_actors_and_instants() {
    let counts = [const { Cell::new(0_u32) }; 2];
    let law = |turns: Vec<Turn>| {
        // Given any commands by anybody at any time, the ends of time and a clock that goes back included,
        let mut case = Case::new();
        for turn in turns {
            let accepted = play(&mut case, turn, Clock::Wild).is_ok();
            let count = &counts[usize::from(accepted)];
            count.set(count.get() + 1);
        }
        // then nothing panics, and everything can be read at any time.
        for now in [Instant::MIN, case.now, Instant::MAX] {
            let checklist = case.onboarding.checklist(&case.policy.calendar, now);
            let shown = (checklist.gantt(), serde_json::to_string(&checklist), case.onboarding.inheritance());
            prop_assert!(shown.1.is_ok());
            let overview = Overview::of([&case.onboarding], &case.policy.calendar, now);
            prop_assert!(overview.overdue.len() + overview.waits_for_us.len() <= 12);
        }
        Ok(())
    };
    runner(2000).run(&prop::collection::vec(turn(), 60), law).unwrap();
    let [refused, accepted] = counts.map(|count| count.get());
    let all = refused + accepted;
    assert_eq!(all, 120_000);
    assert!(accepted >= all / 10 && refused >= all / 10, "{accepted} accepted, {refused} refused");
}

#[test]
fn core_pure_decides_the_same_twice() {
    let law = |(turns, last): (Vec<Turn>, Turn)| {
        // Given a state, a command and a context, when it is decided twice, then the answers are the same, and the state too.
        let case = history(&turns);
        let (mut one, mut two) = (case.clone(), case.clone());
        prop_assert_eq!(play(&mut one, last, Clock::Sane), play(&mut two, last, Clock::Sane));
        prop_assert_eq!(one.onboarding, two.onboarding);
        prop_assert_eq!(case.onboarding.next_deadline(), Onboarding::replay(&case.events).next_deadline());
        Ok(())
    };
    runner(300).run(&(turns(60), turn()), law).unwrap();
}

#[test]
fn core_total_allowed_lists_exactly_what_no_situation_refuses() {
    let counts = [const { Cell::new(0_u32) }; 2];
    let law = |(turns, time, parameters): (Vec<Turn>, u16, u16)| {
        // Given a random state and instant, for every actor and every kind,
        let case = history(&turns);
        let now = shifted(case.now, i64::from(time) * 60_000 - 600_000);
        for actor in ACTORS {
            let allowed: Vec<Kind> = case.onboarding.allowed(actor, now).collect();
            for kind in Kind::ALL {
                // when a well-formed command of it is given, then the situation refuses it if and only if it is not listed.
                let id = CommandId::new(Uuid::from_u128(1));
                let context = Context::new(now, actor, id, &case.policy);
                let decided = case.onboarding.decide(command(&case, kind, parameters), &context);
                let in_the_way = decided.as_ref().is_err_and(|refused| refused.class() == Class::Situation);
                prop_assert_eq!(allowed.contains(&kind), !in_the_way, "{:?} by {}: {:?}", kind, actor, decided);
                let count = &counts[usize::from(in_the_way)];
                count.set(count.get() + 1);
            }
        }
        Ok(())
    };
    runner(400).run(&(turns(60), 0_u16..400, any::<u16>()), law).unwrap();
    let [allowed, refused] = counts.map(|count| count.get());
    assert!(allowed >= 2000 && refused >= 2000, "{allowed} allowed, {refused} refused");
}

#[test]
fn core_total_what_is_allowed_is_accepted_with_the_right_parameters() {
    let seen = Cell::new([0_u32; Kind::ALL.len()]);
    let law = |turns: Vec<Turn>| {
        // Given a kind that is allowed to somebody, then some command of it is accepted.
        let case = history(&turns);
        for actor in [ADMIN, OPERATOR, META, whatsapp_inbox::decider::Actor::System] {
            for kind in case.onboarding.allowed(actor, case.now) {
                let accepted = (0..60).any(|parameters| {
                    let context = Context::new(case.now, actor, CommandId::new(Uuid::from_u128(1)), &case.policy);
                    case.onboarding.decide(command(&case, kind, parameters), &context).is_ok()
                });
                prop_assert!(accepted, "{:?} by {}", kind, actor);
                let mut counted = seen.get();
                counted[Kind::ALL.iter().position(|other| *other == kind).unwrap()] += 1;
                seen.set(counted);
            }
        }
        Ok(())
    };
    runner(300).run(&turns(80), law).unwrap();
    let never: Vec<Kind> =
        Kind::ALL.into_iter().zip(seen.get()).filter(|(_, n)| *n == 0).map(|(kind, _)| kind).collect();
    assert_eq!(never, [], "every kind is allowed somewhere");
}
