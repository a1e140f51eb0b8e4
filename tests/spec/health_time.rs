//! `health.two-axes` by time alone: what ends by itself, what begins by itself, and when to ask again.

use std::cell::Cell;

use proptest::prelude::*;
use whatsapp_inbox::health::{Answer, Axis, Effect, Fact, Health, Remedy};
use whatsapp_inbox::testing::health_facts;
use whatsapp_inbox::time::Instant;
use whatsapp_inbox::whatsapp::{BanState, Restriction};

use crate::case::shifted;
use crate::health_case::*;
use crate::random::runner;

const fn restricted(restriction: Restriction, until: Instant) -> Fact {
    Fact::Restricted { restriction, until: Some(until) }
}

const fn scheduled(date: Option<Instant>) -> Fact {
    Fact::Ban { state: BanState::Scheduled, date }
}

fn both(health: &Health, at: Instant) -> [Answer; 2] {
    [health.can_send(at), health.can_receive(at)]
}

#[test]
fn health_two_axes_a_scheduled_ban_stops_from_its_date_on() {
    let date = now().plus_days(9);
    let health = of([scheduled(Some(date))]);
    for axis in Axis::ALL {
        for (at, effect, since, stops_from) in [
            (now(), Effect::Warns, now(), Some(date)),
            (shifted(date, -1), Effect::Warns, now(), Some(date)),
            (date, Effect::Stops, date, None),
            (Instant::MAX, Effect::Stops, date, None),
        ] {
            let answer = if axis == Axis::Send { health.can_send(at) } else { health.can_receive(at) };
            assert_eq!(answer.effect, Some(effect), "{axis:?} at {at}");
            let reason = &answer.reasons[0];
            assert_eq!((reason.since, reason.until, reason.stops_from), (since, None, stops_from));
            assert_eq!(reason.remedy, Remedy::Appeal);
        }
    }
    // Without a date only Meta can tell when it begins.
    assert!(both(&of([scheduled(None)]), Instant::MAX).iter().all(|answer| answer.effect == Some(Effect::Warns)));
    // What Meta tells afterwards counts, in time or not.
    for state in [BanState::Reinstated, BanState::Disabled] {
        let effect = (state == BanState::Disabled).then_some(Effect::Stops);
        let health = of([scheduled(Some(date)), Fact::Ban { state, date: None }]);
        for at in [now(), date] {
            assert!(both(&health, at).iter().all(|answer| answer.effect == effect));
        }
        assert_eq!(health.next_change(now()), None);
    }
    // The date of any other ban is no beginning and no end.
    for state in [BanState::Disabled, BanState::Reinstated, BanState::Unknown("TOMORROWS".to_owned())] {
        let health = of([Fact::Ban { state, date: Some(date) }]);
        assert_eq!(both(&health, now()), both(&health, date));
        assert_eq!(health.next_change(now()), None);
    }
}

#[test]
fn health_two_axes_the_next_change_is_the_first_end_or_beginning_to_come() {
    let [soon, later, latest] = [1, 2, 3].map(|days| now().plus_days(days));
    let health = of([
        restricted(Restriction::BusinessInitiatedMessaging, later),
        restricted(Restriction::UtilityTemplates, soon),
        scheduled(Some(latest)),
        // Calls and further numbers are neither sending nor receiving.
        restricted(Restriction::AllCalling, shifted(soon, -1)),
        restricted(Restriction::AddPhoneNumber, shifted(soon, -1)),
    ]);
    for (at, next) in [
        (now(), Some(soon)),
        (shifted(soon, -1), Some(soon)),
        (soon, Some(later)),
        (shifted(later, -1), Some(later)),
        (later, Some(latest)),
        (latest, None),
        (Instant::MAX, None),
    ] {
        assert_eq!(health.next_change(at), next, "at {at}");
    }
    assert_eq!(Health::default().next_change(now()), None);
    let forever = Fact::Restricted { restriction: Restriction::UtilityTemplates, until: None };
    assert_eq!(of([forever, Fact::Deleted]).next_change(now()), None);
    // What nobody here has heard of ends as well.
    let unheard = restricted(Restriction::Unknown("TOMORROWS".to_owned()), soon);
    assert_eq!(of([unheard]).next_change(now()), Some(soon));
}

#[test]
fn health_two_axes_between_now_and_the_next_change_the_answers_stay_as_they_are() {
    let dates: Vec<Instant> = (0..6).map(|days| now().plus_days(days)).collect();
    let mut facts: Vec<Fact> = dates.iter().flat_map(|date| health_facts(Some(*date))).collect();
    // So that a date stands in every second one.
    facts.extend(dates.iter().flat_map(|date| {
        let kinds = Restriction::KNOWN.iter().cloned();
        kinds.map(|kind| restricted(kind, *date)).chain([scheduled(Some(*date))]).cycle().take(240)
    }));
    let counts = [const { Cell::new(0_u32) }; 3];
    let law = |(drawn, hours, probes): (Vec<usize>, i64, Vec<u64>)| {
        let health = of(drawn.iter().map(|kind| facts[kind % facts.len()].clone()));
        let asked = shifted(now(), hours * 3_600_000);
        let next = health.next_change(asked);
        // Looked for one by one: the first date at which the answers are others than just before.
        let changes = |at: &Instant| *at > asked && both(&health, *at) != both(&health, shifted(*at, -1));
        prop_assert_eq!(next, dates.iter().copied().find(changes));
        let end = next.unwrap_or(Instant::MAX);
        let span = end.since(asked).as_millis();
        let between = probes.iter().map(|probe| shifted(asked, i64::try_from(u128::from(*probe) % span).expect("ms")));
        for at in between.chain([shifted(end, -1)]) {
            prop_assert_eq!(both(&health, at), both(&health, asked), "at {}, asked at {}", at, asked);
        }
        if let Some(next) = next {
            prop_assert_ne!(both(&health, next), both(&health, asked));
            counts[0].set(counts[0].get() + 1);
            counts[1].set(counts[1].get() + u32::from(health.next_change(next).is_some()));
        } else {
            counts[2].set(counts[2].get() + 1);
        }
        Ok(())
    };
    let drawn = (prop::collection::vec(any::<usize>(), 0..12), -30_i64..150, prop::collection::vec(any::<u64>(), 4));
    runner(600).run(&drawn, law).expect("it holds");
    let [some, further, none] = counts.map(|count| count.get());
    assert!(
        some > 200 && further > 80 && none > 60,
        "{some} with a change, {further} with a further one, {none} without"
    );
}
