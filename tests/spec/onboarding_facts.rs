//! Facts are a set: any order of arrival and any repetition end in one view.

use std::cell::Cell;

use proptest::prelude::*;
use whatsapp_inbox::decider::{Actor, Decider, Party};
use whatsapp_inbox::id::FactId;
use whatsapp_inbox::onboarding::{Checklist, Command, Event, Fact, Kind, Onboarding, Status, Step};
use whatsapp_inbox::testing::{History, histories};
use whatsapp_inbox::time::{Calendar, Instant};
use whatsapp_inbox::uuid::Uuid;
use whatsapp_inbox::whatsapp::{BusinessVerification, NameStatus, TemplateEvent};

use crate::case::*;
use crate::random::runner;
use crate::status::*;

/// A fact that is told: which, how many half seconds after the base case, and by whom.
#[derive(Debug, Clone, Copy)]
struct Told {
    fact: u32,
    half_seconds: u8,
    by: usize,
}

fn told() -> impl Strategy<Value = Vec<Told>> {
    let one = (any::<u32>(), 0_u8..8, any::<usize>());
    prop::collection::vec(one.prop_map(|(fact, half_seconds, by)| Told { fact, half_seconds, by }), 1..9)
}

/// The order in which they arrive, and which of them again: every one at least once.
fn order() -> impl Strategy<Value = Vec<usize>> {
    prop::collection::vec(0_usize..9, 0..6)
        .prop_flat_map(|again| Just((0..9).chain(again).collect::<Vec<usize>>()).prop_shuffle())
}

/// Tells the facts at one instant of receipt, in this order. They are so around the instant at which the history began.
fn tell(history: &mut History, facts: &[Told], order: &[usize]) {
    let base = shifted(history.subjects.begin.floor_second(), -2000);
    let meta: Vec<Actor> = history.subjects.actors.into_iter().filter(|actor| actor.party() == Party::Meta).collect();
    for index in order {
        let Some(told) = facts.get(*index) else { continue };
        let id = FactId::new(Uuid::from_u128(70_000 + *index as u128));
        let since = shifted(base, i64::from(told.half_seconds) * 500);
        let fact = history.subjects.fact(told.fact);
        let by = meta[told.by % meta.len()];
        history.give(by, Command::Observe { id, at: Some(since), fact }).expect("facts are always allowed to Meta");
    }
}

/// All that can be seen, now and later.
fn view(history: &History) -> Vec<(Vec<Status>, Checklist)> {
    let now = history.now;
    let later = [now, now.plus_days(1), now.plus_days(90), now.plus_days(400)];
    let seen = |now: &Instant| {
        let statuses = Step::ALL.iter().map(|step| history.onboarding.status(*step, *now)).collect();
        (statuses, history.onboarding.checklist(&Calendar::default(), *now))
    };
    later.iter().map(seen).collect()
}

#[test]
fn onboarding_repeat_and_webhook_order_any_order_and_repetition_ends_in_one_view() {
    let moved = Cell::new(0_u32);
    let law = |(base, facts, one, two): (History, Vec<Told>, Vec<usize>, Vec<usize>)| {
        // Given a set of facts, when it arrives in two orders with repetitions, then both end in one view,
        let (mut first, mut second, mut once) = (base.clone(), base.clone(), base.clone());
        tell(&mut first, &facts, &one);
        tell(&mut second, &facts, &two);
        tell(&mut once, &facts, &(0..facts.len()).collect::<Vec<usize>>());
        prop_assert_eq!(view(&first), view(&second));
        // and so does the set told once in the order of the list.
        prop_assert_eq!(view(&first), view(&once));
        moved.set(moved.get() + u32::from(view(&first) != view(&base)));
        Ok(())
    };
    runner(1000).run(&(histories(6), told(), order(), order()), law).unwrap();
    assert!(moved.get() >= 300, "only {} sets changed a view", moved.get());
}

#[test]
fn webhook_order_facts_before_or_after_an_act_end_in_one_view() {
    let held = Cell::new(0_u32);
    let law = |(base, facts, order, pick, draw): (History, Vec<Told>, Vec<usize>, usize, u32)| {
        // Given an act that is accepted whether the facts have come or not (what is due is no act: it depends on them),
        let acts = base.subjects.actors.into_iter();
        let acts = acts.flat_map(|actor| base.onboarding.allowed(actor, base.now).map(move |kind| (actor, kind)));
        let acts: Vec<(Actor, Kind)> = acts.filter(|(_, kind)| !matches!(kind, Kind::Observe | Kind::Tick)).collect();
        prop_assume!(!acts.is_empty());
        let (actor, kind) = acts[pick % acts.len()];
        let act = base.command(kind, draw);
        let (mut before, mut after) = (base.clone(), base);
        tell(&mut before, &facts, &order);
        let (Ok(told_first), Ok(told_last)) = (before.give(actor, act.clone()), after.give(actor, act)) else {
            return Ok(());
        };
        // A number that time has given free stays free, whatever is told afterwards: somebody else may hold it.
        let claims = |events: &[Event]| events.iter().flat_map(Onboarding::claims).collect::<Vec<_>>();
        if claims(&told_first) != claims(&told_last) {
            return Ok(());
        }
        // when the facts come before it or after it, then both end in one view.
        tell(&mut after, &facts, &order);
        prop_assert_eq!(view(&before), view(&after), "{:?}", kind);
        held.set(held.get() + 1);
        Ok(())
    };
    runner(1500).run(&(histories(6), told(), order(), any::<usize>(), any::<u32>()), law).unwrap();
    assert!(held.get() >= 300, "the premise held {} times", held.get());
}

#[test]
fn onboarding_repeat_of_the_same_id_changes_nothing() {
    // Given a fact, when its id is told again, with the same content or another, then nothing happens.
    let mut case = Case::open(Step::VerifyBusiness);
    let id = FactId::new(Uuid::from_u128(1));
    let observe = |status, at| Command::Observe { id, at, fact: business(status) };
    let first = case.tries(META, observe(BusinessVerification::Verified, Some(case.now)));
    assert_eq!(first.map(|events| events.len()), Ok(1));
    let before = case.onboarding.clone();
    case.minutes(5);
    assert_eq!(case.tries(META, observe(BusinessVerification::Verified, Some(case.now))), Ok(vec![]));
    assert_eq!(case.tries(GRAPH, observe(BusinessVerification::Revoked, None)), Ok(vec![]));
    assert_eq!(case.onboarding, before);
}

#[test]
fn onboarding_repeat_takes_the_first_receipt_of_a_fact_without_a_time() {
    // Given a fact without a time, when it comes, it is so since then, and not since it came again.
    let mut case = Case::open(Step::VerifyBusiness);
    let untimed = |id| Command::Observe {
        id: FactId::new(Uuid::from_u128(id)),
        at: None,
        fact: business(BusinessVerification::Verified),
    };
    case.minutes(7).does(META, untimed(1));
    let first = done(case.now, META);
    assert_eq!(case.status(Step::VerifyBusiness), first);
    assert_eq!(case.minutes(7).tries(META, untimed(1)), Ok(vec![]));
    case.does(META, untimed(2));
    assert_eq!(case.status(Step::VerifyBusiness), first);
}

#[test]
fn onboarding_repeat_orders_facts_of_one_instant_by_rank_and_id() {
    // Given a name that is pending, declined and approved at one instant, in any order, then it is approved.
    let facts = [NameStatus::PendingReview, NameStatus::Declined, NameStatus::Approved];
    for order in [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]] {
        let mut case = Case::open(Step::VerifyBusiness);
        case.minutes(1).fact(review(ACCOUNT, whatsapp_inbox::whatsapp::ReviewDecision::Approved));
        for index in order {
            case.fact(name(NAME, facts[index].clone()));
        }
        assert!(case.status(Step::ApproveNumber).is_done(), "{order:?}");
    }
    // A later one counts however it ranks, even if it came first.
    let mut case = Case::open(Step::AddTemplates);
    let nine = case.now;
    case.fact_at(nine.plus_minutes(2), template(TemplateEvent::Rejected));
    case.fact_at(nine.plus_minutes(1), template(TemplateEvent::Pending));
    assert!(matches!(case.status(Step::AddTemplates), Status::NeedsAttention { .. }));
}

#[test]
fn onboarding_repeat_keeps_facts_before_anything_has_begun() {
    // Given facts that come before the start, then they are kept, and complete their steps as these open.
    let mut case = Case::new();
    let early: [Fact; 2] = [business(BusinessVerification::Verified), template(TemplateEvent::Approved)];
    for fact in early {
        case.fact(fact);
    }
    case.minutes(3).start();
    for step in [Step::SignAgreement, Step::AcceptTerms, Step::SubmitDetails, Step::CreateAccount] {
        case.complete(step);
    }
    assert_eq!(case.status(Step::VerifyBusiness), locked(&[Step::ApproveRequest]));
    case.complete(Step::ApproveRequest);
    assert_eq!(case.status(Step::VerifyBusiness), done(case.now, META));
}

#[test]
fn onboarding_repeat_takes_what_was_done_within_the_second_of_a_reading_as_later() {
    use whatsapp_inbox::onboarding::RegistrationAnswer;
    use whatsapp_inbox::whatsapp::NumberStatus;
    // Given a number that is read as pending and registered within one second, then it is registered.
    let mut case = Case::open(Step::ActivateAccount);
    case.until(at("2026-01-05T10:00:00.300Z"));
    let id = FactId::new(Uuid::from_u128(77));
    case.does(GRAPH, Command::Observe { id, at: None, fact: number_status(NumberStatus::Pending) });
    case.until(at("2026-01-05T10:00:00.900Z")).register(RegistrationAnswer::Registered);
    case.does(OPERATOR, activate());
    // Read as disconnected in the next second, it is not.
    let mut case = Case::open(Step::ActivateAccount);
    case.until(at("2026-01-05T10:00:00.900Z")).register(RegistrationAnswer::Registered);
    case.until(at("2026-01-05T10:00:01Z")).fact(number_status(NumberStatus::Disconnected));
    assert!(case.allows(OPERATOR, Kind::Register));
}
