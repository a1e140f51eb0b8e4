//! `health.two-axes`: can send and can receive, each with reasons and since when.

use std::cell::Cell;
use std::collections::BTreeMap;

use proptest::prelude::*;
use whatsapp_inbox::conversation::{Conversation, Queue};
use whatsapp_inbox::health::{Axis, Effect, Fact, Health, Link, Remedy, Told};
use whatsapp_inbox::id::FactId;
use whatsapp_inbox::testing::{Case, health_facts, instants};
use whatsapp_inbox::time::Instant;
use whatsapp_inbox::uuid::Uuid;
use whatsapp_inbox::whatsapp::{Allowance, NumberStatus, Restriction};

use crate::case::shifted;
use crate::health_case::*;
use crate::random::runner;

fn id(number: u128) -> FactId {
    FactId::new(Uuid::from_u128(number))
}

#[test]
fn health_two_axes_each_fact_alone_does_what_the_table_says() {
    assert!(Health::default().can_send(later()).is_yes() && Health::default().can_receive(later()).is_yes());
    for fact in health_facts(None) {
        let health = of([fact.clone()]);
        for (axis, answer) in [(Axis::Send, health.can_send(later())), (Axis::Receive, health.can_receive(later()))] {
            let effect = Effect::of(&fact, axis);
            assert_eq!(answer.effect, effect, "{fact}: {axis:?}");
            assert_eq!(answer.is_no(), effect == Some(Effect::Stops));
            assert_eq!(answer.is_yes(), effect.is_none() || effect == Some(Effect::Warns));
            let reasons: Vec<_> = answer.reasons.iter().map(|reason| (&reason.fact, reason.since)).collect();
            assert_eq!(reasons, effect.map(|_| (&fact, now())).into_iter().collect::<Vec<_>>());
        }
        // Whatever stops receiving stops sending or answering, too.
        if let Some(receive) = Effect::of(&fact, Axis::Receive) {
            assert!(Effect::of(&fact, Axis::Send) >= Some(receive.min(Effect::Limits)), "{fact}");
        }
        assert_eq!(serde_json::from_str::<Fact>(&serde_json::to_string(&fact).expect("JSON")).expect("a fact"), fact);
    }
}

#[test]
fn health_two_axes_all_pairs_give_both_reasons_and_the_gravest_counts() {
    let facts = health_facts(None);
    let mut pairs = 0;
    for one in &facts {
        for other in &facts {
            let health = of([one.clone(), other.clone()]);
            // Of one kind the later replaces the earlier.
            let same = of([one.clone()]).facts().count() + of([other.clone()]).facts().count() > health.facts().count();
            let counting: Vec<&Fact> = if same { vec![other] } else { vec![one, other] };
            for (axis, answer) in [(Axis::Send, health.can_send(later())), (Axis::Receive, health.can_receive(later()))]
            {
                let effects = counting.iter().filter_map(|fact| Effect::of(fact, axis));
                assert_eq!(answer.reasons.len(), effects.clone().count(), "{one}, {other}");
                let messaging = |restriction| {
                    counting
                        .iter()
                        .any(|fact| matches!(fact, Fact::Restricted { restriction: r, .. } if *r == restriction))
                };
                let neither = axis == Axis::Send
                    && messaging(Restriction::BusinessInitiatedMessaging)
                    && messaging(Restriction::CustomerInitiatedMessaging);
                let gravest = if neither { Some(Effect::Stops) } else { effects.max() };
                assert_eq!(answer.effect, gravest, "{one}, {other}");
                assert!(answer.reasons.is_sorted_by_key(|reason| (std::cmp::Reverse(reason.effect), reason.since)));
            }
            pairs += 1;
        }
    }
    assert!(pairs > 10_000);
}

#[test]
fn health_two_axes_a_restriction_ends_by_itself_at_its_end() {
    for restriction in Restriction::KNOWN {
        let end = now().plus_days(3);
        let health = of([Fact::Restricted { restriction: restriction.clone(), until: Some(end) }]);
        let forever = of([Fact::Restricted { restriction: restriction.clone(), until: None }]);
        for (at, ended) in [(shifted(end, -1), false), (end, true), (Instant::MAX, true)] {
            let stopped = Effect::of(&Fact::Restricted { restriction: restriction.clone(), until: None }, Axis::Send);
            assert_eq!(health.can_send(at).effect, stopped.filter(|_| !ended), "{restriction} at {at}");
            assert_eq!(forever.can_send(at).effect, stopped);
        }
        let before = health.can_send(now()).reasons;
        assert!(before.iter().all(|reason| reason.until == Some(end) && reason.remedy == Remedy::Wait));
        assert!(forever.can_send(now()).reasons.iter().all(|reason| reason.remedy == Remedy::Appeal));
    }
}

#[test]
fn health_two_axes_what_is_lifted_is_over() {
    for (worse, better) in [
        (Fact::Number(NumberStatus::Disconnected), Fact::Number(NumberStatus::Connected)),
        (Fact::Link(Link::Disconnected(None)), Fact::Link(Link::Connected)),
        (
            Fact::Ban { state: whatsapp_inbox::whatsapp::BanState::Disabled, date: None },
            Fact::Ban { state: whatsapp_inbox::whatsapp::BanState::Reinstated, date: None },
        ),
    ] {
        assert!(of([worse.clone()]).can_send(later()).is_no());
        assert!(of([worse.clone(), better.clone()]).can_send(later()).is_yes());
        assert!(of([better, worse]).can_send(later()).is_no());
    }
}

#[test]
fn health_two_axes_a_flag_is_lifted_by_unflagging_alone() {
    use whatsapp_inbox::whatsapp::NumberQualityEvent::{Flagged, Onboarding, ThroughputUpgrade, Unflagged};
    for (later_event, warned) in [(Onboarding, true), (ThroughputUpgrade, true), (Unflagged, false)] {
        let health = of([Fact::Standing(Flagged), Fact::Standing(later_event.clone())]);
        assert_eq!(health.can_send(later()).effect.is_some(), warned, "{later_event}");
    }
}

#[test]
fn health_two_axes_limits_are_numbers_of_the_portfolio_the_business_and_the_account() {
    let health = of([
        Fact::MessagingLimit(Allowance::UpTo(250)),
        Fact::NumbersPerBusiness(Allowance::UpTo(2)),
        Fact::NumbersPerAccount(Allowance::UpTo(20)),
        Fact::MessagingLimit(Allowance::UpTo(2_000)),
    ]);
    assert_eq!(health.messaging_limit(), Some(&Allowance::UpTo(2_000)));
    assert_eq!(health.numbers_per_business(), Some(&Allowance::UpTo(2)));
    assert_eq!(health.numbers_per_account(), Some(&Allowance::UpTo(20)));
    assert_eq!(Health::default().messaging_limit(), None);
}

#[test]
fn health_two_axes_a_time_to_come_counts_as_none() {
    for future in [shifted(now(), 1), now().plus_days(365 * 75), Instant::MAX] {
        let mut health = Health::default();
        health.hear(Told::new(id(1), Some(future), Fact::Deleted), now());
        assert_eq!(health.can_send(now()).reasons[0].since, now());
        // And told again it is since when it was first heard, also when that time has come.
        health.hear(Told::new(id(1), Some(future), Fact::Deleted), Instant::MAX);
        assert_eq!(health.can_send(now()).reasons[0].since, now());
        // So it hides nothing that comes after.
        health.hear(Told::new(id(2), Some(shifted(now(), 1)), Fact::Deleted), later());
        assert_eq!(health.can_send(later()).reasons[0].since, shifted(now(), 1));
    }
    let mut health = Health::default();
    health.hear(Told::new(id(1), Some(now()), Fact::Deleted), now());
    assert_eq!(health.can_send(now()).reasons[0].since, now());
}

#[test]
fn webhook_order_of_facts_of_health_and_their_repetition_change_nothing() {
    let kinds = health_facts(Some(now().plus_days(2)));
    let told = (0..kinds.len(), prop::option::of(0_i64..5), any::<bool>()).prop_map(move |(kind, second, unheard)| {
        let fact = match &kinds[kind] {
            Fact::Restricted { until, .. } if unheard => {
                let restriction = Restriction::Unknown(format!("KIND_{kind}_{second:?}"));
                Fact::Restricted { restriction, until: *until }
            }
            fact => fact.clone(),
        };
        (second.map(|second| shifted(now(), second * 1000)), fact)
    });
    let several = prop::collection::vec(told, 0..90);
    let counts = [const { Cell::new(0_u32) }; 2];
    let law = |(facts, seed): (Vec<(Option<Instant>, Fact)>, u64)| {
        let told: Vec<Told> = (0..).zip(facts).map(|(n, (at, fact))| Told::new(id(n), at, fact)).collect();
        let mut shuffled: Vec<(u64, &Told)> =
            told.iter().chain(&told).zip(1..).map(|(told, n)| (seed.wrapping_mul(n).rotate_left(17), told)).collect();
        shuffled.sort_by_key(|(key, _)| *key);
        let [mut one, mut other] = [Health::default(), Health::default()];
        for told in &told {
            one.hear(told.clone(), later());
        }
        for (_, told) in shuffled {
            other.hear(told.clone(), later());
        }
        for at in [now(), later(), now().plus_days(2), Instant::MAX] {
            prop_assert_eq!(one.can_send(at), other.can_send(at));
            prop_assert_eq!(one.can_receive(at), other.can_receive(at));
        }
        prop_assert_eq!(&one, &other);
        counts[0].set(counts[0].get() + u32::from(!one.can_send(later()).reasons.is_empty()));
        counts[1].set(counts[1].get() + u32::from(one.facts().count() < told.len()));
        let json = serde_json::to_string(&one).expect("JSON");
        prop_assert_eq!(serde_json::from_str::<Health>(&json).expect("health"), one);
        Ok(())
    };
    runner(600).run(&(several, any::<u64>()), law).expect("it holds");
    let [reasons, replaced] = counts.map(|count| count.get());
    assert!(reasons > 300 && replaced > 300, "{reasons} with reasons, {replaced} with something replaced");
}

#[test]
fn webhook_order_health_is_bounded_whatever_meta_makes_up() {
    let mut health = of([Fact::Deleted]);
    for n in 0..2_000_u32 {
        let fact = Fact::Restricted { restriction: Restriction::Unknown(format!("NEW_{n}")), until: None };
        health.hear(Told::new(id(n.into()), None, fact), shifted(later(), n.into()));
    }
    assert_eq!(health.facts().count(), 33);
    assert!(serde_json::to_string(&health).expect("JSON").len() < 64 * 200 + 256 * 80);
    // The latest are kept, and they hide nothing else.
    let unheard = health.facts().filter(|(fact, _)| **fact != Fact::Deleted);
    assert!(unheard.map(|(_, since)| since).all(|since| since >= shifted(later(), 2_000 - 32)));
    assert!(health.can_send(later().plus_days(1)).is_no());
}

#[test]
fn core_total_health_answers_at_any_instant() {
    let law = |(at, heard, asked, kind): (Option<Instant>, Instant, Instant, usize)| {
        let facts = health_facts(at);
        let mut health = Health::default();
        health.hear(Told::new(id(1), at, facts[kind % facts.len()].clone()), heard);
        prop_assert!(health.can_send(asked).reasons.len() <= 1 && health.can_receive(asked).reasons.len() <= 1);
        Ok(())
    };
    let drawn = (prop::option::of(instants()), instants(), instants(), any::<usize>());
    runner(400).run(&drawn, law).expect("it holds");
}

#[test]
fn webhook_never_drop_inbound_a_customers_message_is_taken_in_every_state_of_health() {
    let mut stopped = BTreeMap::<bool, u32>::new();
    for fact in health_facts(None) {
        let health = of([fact]);
        *stopped.entry(health.can_receive(later()).is_no()).or_default() += 1;
        // No command takes a channel's health, so none can refuse for it: not in any queue,
        for queue in Queue::ALL {
            let mut case = Case::<Conversation>::in_queue(queue);
            case.customer_writes();
            assert_eq!(case.state.queue(case.now), Some(Queue::New));
        }
    }
    // and not where the channel was closed because its account was lost.
    let mut case = Case::<Conversation>::in_queue(Queue::Resolved);
    case.rules.status = whatsapp_inbox::decider::ChannelStatus::Closed;
    case.customer_writes();
    assert_eq!(case.state.queue(case.now), Some(Queue::New));
    assert!(stopped[&true] > 10 && stopped[&false] > 50, "{stopped:?}");
}
