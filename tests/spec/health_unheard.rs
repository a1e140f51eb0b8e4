//! `health.two-axes`: a word of Meta's that this version does not know is never silent, and never more than a warning.

use std::slice::from_ref;

use whatsapp_inbox::health::{Axis, Effect, Fact, Health, Link, Remedy, Told};
use whatsapp_inbox::id::FactId;
use whatsapp_inbox::testing::{health_facts, sample};
use whatsapp_inbox::uuid::Uuid;
use whatsapp_inbox::whatsapp::{
    BanState, BusinessEvent, NameStatus, NumberQualityEvent, NumberRating, NumberStatus, ReviewDecision, SecurityEvent,
};

use crate::health_case::*;

fn reasons(health: &Health) -> Vec<Fact> {
    health.can_send(later()).reasons.into_iter().map(|reason| reason.fact).collect()
}

fn word() -> String {
    "TOMORROWS".to_owned()
}

#[test]
fn health_two_axes_a_word_that_nobody_here_has_heard_of_warns_and_blocks_nothing() {
    let mut unheard = 0;
    for fact in health_facts(None).into_iter().chain(health_facts(Some(later().plus_days(1)))) {
        let in_json = serde_json::to_string(&fact).expect("JSON");
        if !in_json.contains("TOMORROWS") && !in_json.contains("MANY") {
            continue;
        }
        // It is the event that is known, and stops; and how many numbers one may have stops nothing, whatever it is.
        if matches!(fact, Fact::Link(_)) {
            assert_eq!(Effect::of(&fact, Axis::Send), Some(Effect::Stops));
            continue;
        }
        if matches!(fact, Fact::NumbersPerBusiness(_) | Fact::NumbersPerAccount(_)) {
            assert_eq!(Effect::of(&fact, Axis::Send), None);
            continue;
        }
        let health = of([&fact]);
        let answer = health.can_send(later());
        assert_eq!((answer.effect, answer.is_yes()), (Some(Effect::Warns), true), "{fact}");
        assert!(Effect::of(&fact, Axis::Receive) <= Some(Effect::Warns), "{fact}");
        assert!(health.can_receive(later()).is_yes());
        // With Meta's word.
        assert!(answer.reasons[0].fact.to_string().contains(if in_json.contains("MANY") {
            "MANY"
        } else {
            "TOMORROWS"
        }));
        // That a policy was broken is known.
        let remedy = if matches!(fact, Fact::Violation(_)) { Remedy::Appeal } else { Remedy::LookAtMeta };
        assert_eq!(answer.reasons[0].remedy, remedy, "{fact}");
        unheard += 1;
    }
    assert_eq!(unheard, 2 * 14);
}

#[test]
fn health_two_axes_an_announcement_that_nobody_here_has_heard_of_lifts_nothing() {
    let ban = |state| Fact::Ban { state, date: None };
    for (worse, unheard, better) in [
        (ban(BanState::Disabled), ban(BanState::Unknown(word())), ban(BanState::Reinstated)),
        (
            Fact::Review(ReviewDecision::Rejected),
            Fact::Review(ReviewDecision::Unknown(word())),
            Fact::Review(ReviewDecision::Approved),
        ),
        (Fact::Name(NameStatus::Declined), Fact::Name(NameStatus::Unknown(word())), Fact::Name(NameStatus::Approved)),
        (
            Fact::Standing(NumberQualityEvent::Flagged),
            Fact::Standing(NumberQualityEvent::Unknown(word())),
            Fact::Standing(NumberQualityEvent::Unflagged),
        ),
        (
            Fact::Pin(SecurityEvent::PinResetRequested),
            Fact::Pin(SecurityEvent::Unknown(word())),
            Fact::Pin(SecurityEvent::PinChanged),
        ),
    ] {
        let alone = of([&worse]).can_send(later()).effect;
        let both = of([&worse, &unheard]);
        assert_eq!(both.can_send(later()).effect, alone, "{worse}, then {unheard}");
        assert_eq!(reasons(&both).len(), 2);
        // The next word that is known ends it, whatever it says.
        assert_eq!(reasons(&of([&worse, &unheard, &better])), []);
        assert_eq!(reasons(&of([&better, &unheard, &worse])), from_ref(&worse));
        assert_eq!(reasons(&of([&better, &unheard])), from_ref(&unheard));
        assert_eq!(of([&unheard, &better]).facts().map(|(fact, _)| fact).collect::<Vec<_>>(), [&better]);
        // In one second it is the known one that counts.
        for known in [&worse, &better] {
            let [mut one, mut other] = [Health::default(), Health::default()];
            let told = [(1, &unheard), (2, known)]
                .map(|(n, fact)| Told::new(FactId::new(Uuid::from_u128(3 - n)), Some(sample::begin()), fact.clone()));
            for (health, order) in [(&mut one, [0, 1]), (&mut other, [1, 0])] {
                for place in order {
                    health.hear(told[place].clone(), later());
                }
            }
            assert_eq!(one, other);
            assert!(!reasons(&one).contains(&unheard), "{known}");
        }
    }
    let compromised = Fact::Business(BusinessEvent::Compromised);
    let unheard = Fact::Business(BusinessEvent::Unknown(word()));
    assert_eq!(reasons(&of([&compromised, &unheard])).len(), 2);
    assert_eq!(reasons(&of([&unheard, &compromised])), [compromised]);
}

#[test]
fn health_two_axes_a_status_that_is_read_is_what_is_so_whether_it_is_known_or_not() {
    for (worse, unheard) in [
        (Fact::Number(NumberStatus::Banned), Fact::Number(NumberStatus::Unknown(word()))),
        (Fact::Rating(NumberRating::Red), Fact::Rating(NumberRating::Unknown(word()))),
    ] {
        assert_eq!(reasons(&of([&worse, &unheard])), from_ref(&unheard));
        assert_eq!(reasons(&of([&unheard, &worse])), [worse]);
    }
}

#[test]
fn health_two_axes_a_word_that_nobody_here_has_heard_of_leaves_what_else_stops_as_it_is() {
    let stopped = Fact::Link(Link::Disconnected(None));
    for fact in health_facts(None) {
        if serde_json::to_string(&fact).expect("JSON").contains("TOMORROWS") && !matches!(fact, Fact::Link(_)) {
            for health in [of([&stopped, &fact]), of([&fact, &stopped])] {
                assert!(health.can_send(later()).is_no() && health.can_receive(later()).is_no());
                assert_eq!(reasons(&health), [stopped.clone(), fact.clone()], "the gravest first");
            }
        }
    }
}
