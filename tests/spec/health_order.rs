//! `webhook.order` in health: which of several facts of one kind counts, whatever the order in which they arrive.

use std::cell::Cell;
use std::slice::from_ref;

use proptest::prelude::*;
use whatsapp_inbox::health::{Access, Answered, Fact, Health, Link, NodeHealth, Payment, Registration, Told};
use whatsapp_inbox::id::FactId;
use whatsapp_inbox::testing::{health_facts, sample};
use whatsapp_inbox::time::Instant;
use whatsapp_inbox::uuid::Uuid;
use whatsapp_inbox::whatsapp::{
    BanState, HealthNode, MessagingHealth, NameStatus, NumberQualityEvent, NumberRating, NumberStatus, Restriction,
    ReviewDecision, SecurityEvent,
};

use crate::case::shifted;
use crate::random::runner;

fn told(number: u128, at: Instant, fact: &Fact) -> Told {
    Told::new(FactId::new(Uuid::from_u128(number)), Some(at), fact.clone())
}

/// Health that heard these in this order.
fn heard<'a>(told: impl IntoIterator<Item = &'a Told>) -> Health {
    let mut health = Health::default();
    for told in told {
        health.hear(told.clone(), sample::begin().plus_days(1));
    }
    health
}

/// What counts of two facts, which must be the same in either order of arrival.
fn counting(one: &Told, other: &Told) -> Vec<Fact> {
    let health = heard([one, other]);
    assert_eq!(health, heard([other, one]));
    health.facts().map(|(fact, _)| fact.clone()).collect()
}

/// Every order of some things.
fn permutations<T: Clone>(of: &[T]) -> Vec<Vec<T>> {
    let Some((first, rest)) = of.split_first() else { return vec![Vec::new()] };
    let mut all = Vec::new();
    for shorter in permutations(rest) {
        for place in 0..=shorter.len() {
            let mut longer = shorter.clone();
            longer.insert(place, first.clone());
            all.push(longer);
        }
    }
    all
}

fn restricted(until: Option<Instant>) -> Fact {
    Fact::Restricted { restriction: Restriction::BusinessInitiatedMessaging, until }
}

fn answered(can_send: MessagingHealth) -> Fact {
    Fact::Answered(Answered::of([NodeHealth::new(HealthNode::App, can_send)]))
}

const fn ban(state: BanState, date: Option<Instant>) -> Fact {
    Fact::Ban { state, date }
}

#[test]
fn webhook_order_in_one_second_open_comes_before_wrong_and_wrong_before_well() {
    let second = sample::begin();
    for ranked in [
        vec![
            Fact::Number(NumberStatus::Pending),
            Fact::Number(NumberStatus::Banned),
            Fact::Number(NumberStatus::Connected),
        ],
        vec![Fact::Rating(NumberRating::Unrated), Fact::Rating(NumberRating::Red), Fact::Rating(NumberRating::Green)],
        vec![Fact::Standing(NumberQualityEvent::Flagged), Fact::Standing(NumberQualityEvent::Unflagged)],
        vec![
            Fact::Name(NameStatus::PendingReview),
            Fact::Name(NameStatus::Declined),
            Fact::Name(NameStatus::AvailableWithoutReview),
        ],
        vec![
            Fact::Review(ReviewDecision::Deferred),
            Fact::Review(ReviewDecision::Rejected),
            Fact::Review(ReviewDecision::Approved),
        ],
        vec![ban(BanState::Scheduled, None), ban(BanState::Disabled, None), ban(BanState::Reinstated, None)],
        vec![Fact::Link(Link::Disconnected(None)), Fact::Link(Link::Connected)],
        vec![Fact::Access(Access::Removed), Fact::Access(Access::Given)],
        vec![Fact::Registration(Registration::Lost), Fact::Registration(Registration::Registered)],
        vec![Fact::Payment(Payment::Failing), Fact::Payment(Payment::Settled)],
        [MessagingHealth::Limited, MessagingHealth::Available].map(answered).to_vec(),
        vec![Fact::Pin(SecurityEvent::PinResetRequested), Fact::Pin(SecurityEvent::PinResetDone)],
    ] {
        for (place, earlier) in ranked.iter().enumerate() {
            for later in ranked.iter().skip(place + 1) {
                // Neither the milliseconds nor the ids decide.
                for (ms, ids) in [(0, (1, 2)), (0, (2, 1)), (999, (1, 2)), (999, (2, 1))] {
                    let [one, other] = [told(ids.0, shifted(second, ms), earlier), told(ids.1, second, later)];
                    assert_eq!(counting(&one, &other), from_ref(later), "{earlier} before {later}");
                }
                // A second later it counts, whatever its rank.
                let [one, other] = [told(1, shifted(second, 1000), earlier), told(2, shifted(second, 999), later)];
                assert_eq!(counting(&one, &other), from_ref(earlier), "{later} a second before {earlier}");
            }
        }
    }
}

#[test]
fn webhook_order_in_one_second_the_later_end_counts_and_none_is_the_latest() {
    let second = sample::begin();
    let [sooner, later] = [second.plus_days(1), shifted(second.plus_days(1), 1)];
    for [loses, counts] in [
        [restricted(Some(sooner)), restricted(Some(later))],
        [restricted(Some(later)), restricted(None)],
        [ban(BanState::Scheduled, Some(sooner)), ban(BanState::Scheduled, Some(later))],
        // One without a date says less.
        [ban(BanState::Scheduled, None), ban(BanState::Scheduled, Some(sooner))],
        // The rank counts before the end.
        [ban(BanState::Disabled, Some(later)), ban(BanState::Reinstated, Some(sooner))],
    ] {
        for (ms, ids) in [(0, (1, 2)), (0, (2, 1)), (999, (1, 2)), (999, (2, 1))] {
            let [one, other] = [told(ids.0, shifted(second, ms), &loses), told(ids.1, second, &counts)];
            assert_eq!(counting(&one, &other), from_ref(&counts));
        }
        let [one, other] = [told(1, shifted(second, 1000), &loses), told(2, shifted(second, 999), &counts)];
        assert_eq!(counting(&one, &other), [loses]);
    }
}

#[test]
fn webhook_order_of_what_is_equal_in_all_else_the_id_decides() {
    let [yellow, red] = [NumberRating::Yellow, NumberRating::Red].map(Fact::Rating);
    for [loses, counts] in [[&yellow, &red], [&red, &yellow]] {
        let [one, other] = [told(1, shifted(sample::begin(), 900), loses), told(2, sample::begin(), counts)];
        assert_eq!(counting(&one, &other), from_ref(counts));
    }
}

#[test]
fn webhook_order_of_health_is_the_same_in_every_permutation() {
    let mut kinds = health_facts(None);
    kinds.extend((1..4).flat_map(|days| health_facts(Some(sample::begin().plus_days(days)))));
    let about = kinds.len();
    // Facts that lie together in the list are of one kind.
    let drawn = prop::collection::vec((0..12_usize, 0..2_i64, 0..1000_i64), 2..=5);
    let counts = [const { Cell::new(0_u32) }; 2];
    let law = |(place, drawn): (usize, Vec<(usize, i64, i64)>)| {
        let all: Vec<Told> = (1..)
            .zip(&drawn)
            .map(|(id, (step, second, ms))| {
                // Every second one is the same fact with another end.
                let kind = (place + step / 2 + (step % 2) * about / 4) % about;
                told(id, shifted(sample::begin(), second * 1000 + ms), &kinds[kind])
            })
            .collect();
        let first = heard(&all);
        for order in permutations(&all) {
            prop_assert_eq!(&heard(&order), &first);
        }
        counts[0].set(counts[0].get() + u32::from(first.facts().count() < all.len()));
        counts[1].set(counts[1].get() + u32::from(!first.can_send(sample::begin()).is_yes()));
        Ok(())
    };
    runner(600).run(&(0..about, drawn), law).expect("it holds");
    let [replaced, reasons] = counts.map(|count| count.get());
    assert!(replaced > 300 && reasons > 150, "{replaced} with something replaced, {reasons} where not all can be sent");
}

#[test]
fn core_replay_health_that_an_earlier_version_wrote_can_still_be_read() {
    let kept = |second: u32, id: u32, fact: &str| {
        format!(
            r#"{{"since":"2026-01-05T09:00:{second:02}.000Z","id":"00000000-0000-0000-0000-{id:012}","fact":{fact}}}"#
        )
    };
    let facts = [
        kept(2, 1, r#"{"number":"CONNECTED"}"#),
        kept(3, 2, r#"{"ban":{"state":"MELTED"}}"#),
        kept(1, 3, r#"{"registration":"lost"}"#),
    ];
    let written = format!(r#"{{"facts":[{}],"untimed":{{}}}}"#, facts.join(","));
    let health: Health = serde_json::from_str(&written).expect("health");
    // What has become a rule since holds for it.
    let answer = health.can_send(sample::begin().plus_days(1));
    let reasons: Vec<String> = answer.reasons.iter().map(|reason| reason.fact.to_string()).collect();
    assert_eq!(reasons, ["ban MELTED"]);
    assert_eq!(serde_json::from_str::<Health>(&serde_json::to_string(&health).expect("JSON")).expect("health"), health);
}
