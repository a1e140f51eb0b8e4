//! `health.two-axes`: what the number of an error says of a channel.

use std::slice::from_ref;

use whatsapp_inbox::health::{Fact, Health, Lock, Payment, Registration, Told};
use whatsapp_inbox::id::FactId;
use whatsapp_inbox::testing::sample;
use whatsapp_inbox::time::Instant;
use whatsapp_inbox::uuid::Uuid;
use whatsapp_inbox::whatsapp::{NameStatus, NumberStatus};

use crate::case::shifted;

fn later() -> Instant {
    sample::begin().plus_days(1)
}

/// What counts against sending, of facts that are told one after another, each a second after the one before.
fn reasons<const N: usize>(facts: [&Fact; N]) -> Vec<Fact> {
    let mut health = Health::default();
    for (n, fact) in (0_u32..).zip(facts) {
        let at = shifted(sample::begin(), i64::from(n) * 1000);
        health.hear(Told::new(FactId::new(Uuid::from_u128(n.into())), Some(at), fact.clone()), later());
    }
    health.can_send(later()).reasons.into_iter().map(|reason| reason.fact).collect()
}

#[test]
fn health_two_axes_an_error_that_is_about_the_channel_is_a_fact_and_any_other_is_none() {
    let implied: Vec<(u32, Fact)> = (0..3_000_000).filter_map(|code| Some((code, Fact::of_error(code)?))).collect();
    let expected = [
        (368, Fact::Lock(Lock::Locked)),
        (131_031, Fact::Lock(Lock::Locked)),
        (131_037, Fact::Unnamed),
        (131_042, Fact::Payment(Payment::Failing)),
        (131_045, Fact::Registration(Registration::Lost)),
        (133_006, Fact::Number(NumberStatus::Unverified)),
        (133_010, Fact::Registration(Registration::Lost)),
    ];
    assert_eq!(implied, expected);
    assert_eq!(Fact::of_error(u32::MAX), None);
    for (code, fact) in implied {
        assert_eq!(reasons([&fact]), from_ref(&fact), "{code}");
    }
}

#[test]
fn health_two_axes_what_an_error_implies_is_lifted_by_its_opposite_and_by_nothing_else() {
    let name = |status| Fact::Name(status);
    let connected = Fact::Number(NumberStatus::Connected);
    let registered = Fact::Registration(Registration::Registered);
    let opposites = [
        (131_031, vec![Fact::Lock(Lock::Lifted)]),
        (131_037, vec![name(NameStatus::Approved), name(NameStatus::AvailableWithoutReview)]),
        (131_042, vec![Fact::Payment(Payment::Settled)]),
        (131_045, vec![registered.clone(), connected.clone()]),
        (133_006, vec![registered, connected]),
    ];
    let all: Vec<Fact> = opposites.iter().flat_map(|(_, lifts)| lifts.clone()).collect();
    for (code, lifts) in opposites {
        let fact = Fact::of_error(code).expect("it implies something");
        for other in &all {
            assert_eq!(reasons([&fact, other]).contains(&fact), !lifts.contains(other), "{code}, then {other}");
            // What was so before lifts nothing.
            assert!(reasons([other, &fact]).contains(&fact), "{other}, then {code}");
        }
    }
}

#[test]
fn health_two_axes_a_name_that_was_approved_lets_send_while_the_next_is_in_review() {
    let [approved, pending] = [NameStatus::Approved, NameStatus::PendingReview].map(Fact::Name);
    assert_eq!(reasons([&Fact::Unnamed, &pending]), [Fact::Unnamed]);
    assert_eq!(reasons([&Fact::Unnamed, &approved, &pending]), []);
    assert_eq!(reasons([&approved, &pending, &Fact::Unnamed]), [Fact::Unnamed]);
}
