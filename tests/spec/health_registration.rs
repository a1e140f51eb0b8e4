//! `health.two-axes`: a number's registration is lost and found by what is told of it, and by what its status is read as.

use std::cell::Cell;
use std::slice::from_ref;

use proptest::prelude::*;
use whatsapp_inbox::health::{Fact, Health, Registration, Told};
use whatsapp_inbox::id::FactId;
use whatsapp_inbox::testing::sample;
use whatsapp_inbox::uuid::Uuid;
use whatsapp_inbox::whatsapp::NumberStatus;

use crate::case::shifted;
use crate::random::runner;

const LOST: Fact = Fact::Registration(Registration::Lost);
const REGISTERED: Fact = Fact::Registration(Registration::Registered);
const CONNECTED: Fact = Fact::Number(NumberStatus::Connected);

/// What still counts against sending, of facts at these seconds.
fn reasons<const N: usize>(facts: [(i64, &Fact); N]) -> Vec<Fact> {
    let health = heard((1..).zip(facts).map(|(id, (second, fact))| told(id, second, fact)));
    health.can_send(sample::begin().plus_days(1)).reasons.into_iter().map(|reason| reason.fact).collect()
}

fn told(id: u128, second: i64, fact: &Fact) -> Told {
    Told::new(FactId::new(Uuid::from_u128(id)), Some(shifted(sample::begin(), second * 1000)), fact.clone())
}

fn heard(told: impl IntoIterator<Item = Told>) -> Health {
    let mut health = Health::default();
    for told in told {
        health.hear(told, sample::begin().plus_days(1));
    }
    health
}

/// Whether a number with this status is not registered.
const fn unregistered(status: &NumberStatus) -> bool {
    matches!(status, NumberStatus::Pending | NumberStatus::Disconnected | NumberStatus::Unverified)
}

#[test]
fn health_two_axes_a_number_that_is_read_as_connected_lifts_a_lost_registration() {
    assert_eq!(reasons([(1, &LOST)]), [LOST]);
    assert_eq!(reasons([(1, &LOST), (2, &CONNECTED)]), []);
    assert_eq!(reasons([(2, &CONNECTED), (1, &LOST)]), [], "in either order of arrival");
    assert_eq!(reasons([(1, &LOST), (1, &CONNECTED)]), [], "in one second");
    assert_eq!(reasons([(2, &LOST), (1, &CONNECTED)]), [LOST], "lost since");
    assert_eq!(reasons([(1, &LOST), (2, &REGISTERED)]), []);
    assert_eq!(reasons([(2, &LOST), (1, &REGISTERED)]), [LOST]);
    // It stays lifted when the number has another status since.
    let restricted = Fact::Number(NumberStatus::Restricted);
    assert_eq!(reasons([(1, &LOST), (2, &CONNECTED), (3, &restricted)]), from_ref(&restricted));
    assert_eq!(reasons([(3, &restricted), (2, &CONNECTED), (1, &LOST)]), [restricted]);
    // No other status lifts it.
    for status in NumberStatus::KNOWN.iter().filter(|status| **status != NumberStatus::Connected) {
        assert!(reasons([(1, &LOST), (2, &Fact::Number(status.clone()))]).contains(&LOST), "{status}");
    }
}

#[test]
fn health_two_axes_registering_a_number_lifts_what_was_read_of_it_without_registration() {
    for status in NumberStatus::KNOWN.iter().cloned().chain([NumberStatus::Unknown("TOMORROWS".to_owned())]) {
        let read = Fact::Number(status.clone());
        let stays =
            if unregistered(&status) || status == NumberStatus::Connected { vec![] } else { vec![read.clone()] };
        assert_eq!(reasons([(1, &read), (2, &REGISTERED)]), stays, "{status}");
        assert_eq!(reasons([(1, &read), (1, &REGISTERED)]), stays, "{status}");
        // What is read since is so.
        let since = if status == NumberStatus::Connected { vec![] } else { vec![read.clone()] };
        assert_eq!(reasons([(2, &read), (1, &REGISTERED)]), since, "{status}");
    }
    let disconnected = Fact::Number(NumberStatus::Disconnected);
    assert_eq!(reasons([(1, &disconnected), (2, &REGISTERED), (3, &LOST)]), [LOST]);
    assert_eq!(reasons([(1, &LOST), (2, &REGISTERED), (3, &disconnected)]), [disconnected]);
}

#[test]
fn health_two_axes_of_a_registration_that_is_told_of_the_latest_alone_is_a_fact() {
    let facts = |told: [Told; 2]| heard(told).facts().map(|(fact, _)| fact.clone()).collect::<Vec<_>>();
    assert_eq!(facts([told(1, 1, &LOST), told(2, 2, &REGISTERED)]), [REGISTERED]);
    assert_eq!(facts([told(1, 1, &REGISTERED), told(2, 2, &LOST)]), [LOST]);
    assert_eq!(facts([told(1, 1, &LOST), told(2, 2, &CONNECTED)]), [CONNECTED]);
    let health = heard([told(1, 1, &CONNECTED)]);
    assert_eq!(serde_json::to_value(&health).expect("JSON")["facts"].as_array().map(Vec::len), Some(1), "written once");
}

#[test]
fn health_two_axes_registration_is_as_if_all_were_told_in_order() {
    let mut facts = vec![LOST, LOST, REGISTERED, CONNECTED];
    facts.extend(NumberStatus::KNOWN.iter().cloned().map(Fact::Number));
    let counts = [const { Cell::new(0_u32) }; 2];
    let law = |(drawn, seed): (Vec<usize>, u64)| {
        // Each a second after the one before, and told in any order.
        let all: Vec<&Fact> = drawn.iter().map(|kind| &facts[kind % facts.len()]).collect();
        let (mut status, mut lost) = (None::<NumberStatus>, false);
        for fact in &all {
            match fact {
                Fact::Number(read) => {
                    lost &= *read != NumberStatus::Connected;
                    status = Some(read.clone());
                }
                Fact::Registration(Registration::Registered) => {
                    lost = false;
                    status = status.filter(|status| !unregistered(status));
                }
                _ => lost = true,
            }
        }
        let mut shuffled: Vec<(u64, Told)> = (1_u64..)
            .zip(&all)
            .map(|(n, fact)| (seed.wrapping_mul(n).rotate_left(17), told(n.into(), n.try_into().expect("few"), fact)))
            .collect();
        shuffled.sort_by_key(|(key, _)| *key);
        let health = heard(shuffled.into_iter().map(|(_, told)| told));
        let answer = health.can_send(sample::begin().plus_days(1));
        let status = status.filter(|status| *status != NumberStatus::Connected).map(Fact::Number);
        for fact in &facts {
            let counts = (*fact == LOST && lost) || Some(fact) == status.as_ref();
            prop_assert_eq!(answer.reasons.iter().any(|reason| reason.fact == *fact), counts, "{} of {:?}", fact, all);
        }
        let json = serde_json::to_string(&health).expect("JSON");
        prop_assert_eq!(serde_json::from_str::<Health>(&json).expect("health"), health);
        counts[0].set(counts[0].get() + u32::from(lost));
        counts[1].set(counts[1].get() + u32::from(!lost && all.contains(&&LOST)));
        Ok(())
    };
    runner(800).run(&(prop::collection::vec(any::<usize>(), 1..8), any::<u64>()), law).expect("it holds");
    let [lost, lifted] = counts.map(|count| count.get());
    assert!(lost > 80 && lifted > 80, "{lost} lost, {lifted} lifted");
}
