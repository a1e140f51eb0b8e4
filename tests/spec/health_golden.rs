//! `health.two-axes` in examples: what is told, in the order in which it arrives, and both answers. One case a line, so that a
//! change of any of them is seen where it is reviewed.

use std::fmt::Write as _;

use serde_json::json;
use whatsapp_inbox::health::{
    Access, Answered, Cause, Fact, Health, Link, Lock, NodeHealth, Payment, Registration, Told,
};
use whatsapp_inbox::id::FactId;
use whatsapp_inbox::testing::sample;
use whatsapp_inbox::time::Instant;
use whatsapp_inbox::uuid::Uuid;
use whatsapp_inbox::whatsapp::*;

use crate::case::shifted;
use crate::golden::golden;

const CONNECTED: Fact = Fact::Number(NumberStatus::Connected);
const DISCONNECTED: Fact = Fact::Number(NumberStatus::Disconnected);
const LOST: Fact = Fact::Registration(Registration::Lost);

/// What a case is about, facts each with the second at which it is so, if Meta says, and after how many days it is asked.
type Case = (&'static str, Vec<(Option<i64>, Fact)>, u32);

fn day(days: u32) -> Instant {
    sample::begin().plus_days(days)
}

fn word() -> String {
    "TOMORROWS".to_owned()
}

const fn ban(state: BanState, date: Option<Instant>) -> Fact {
    Fact::Ban { state, date }
}

const fn restricted(restriction: Restriction, until: Option<Instant>) -> Fact {
    Fact::Restricted { restriction, until }
}

fn error(code: u32) -> Fact {
    Fact::of_error(code).expect("it implies something")
}

/// Facts that Meta dates one second after another.
fn one_by_one(facts: impl IntoIterator<Item = Fact>) -> Vec<(Option<i64>, Fact)> {
    (0..).map(Some).zip(facts).collect()
}

/// Facts that Meta dates to one second.
fn at_once(facts: impl IntoIterator<Item = Fact>) -> Vec<(Option<i64>, Fact)> {
    facts.into_iter().map(|fact| (Some(0), fact)).collect()
}

fn of_the_number() -> Vec<Case> {
    let restricted = Fact::Number(NumberStatus::Restricted);
    let registered = Fact::Registration(Registration::Registered);
    let mut late = one_by_one([CONNECTED, DISCONNECTED]);
    late.reverse();
    vec![
        ("nothing is told", vec![], 1),
        ("disconnected", one_by_one([CONNECTED, DISCONNECTED]), 1),
        ("disconnected, and what was before arrives late", late, 1),
        ("disconnected and connected in one second", at_once([CONNECTED, DISCONNECTED]), 1),
        ("error 133010", one_by_one([CONNECTED, error(133_010)]), 1),
        ("error 133010, then read as connected, then as restricted", one_by_one([LOST, CONNECTED, restricted]), 1),
        ("disconnected, then registered", one_by_one([DISCONNECTED, registered]), 1),
        ("error 133006", one_by_one([error(133_006)]), 1),
        ("error 131037", one_by_one([error(131_037), Fact::Name(NameStatus::PendingReview)]), 1),
        (
            "error 131037, then a name that is approved, then the next",
            one_by_one([error(131_037), Fact::Name(NameStatus::Approved), Fact::Name(NameStatus::PendingReview)]),
            1,
        ),
        ("a name that was turned down", one_by_one([Fact::Name(NameStatus::Declined)]), 1),
        (
            "the business app lets go",
            one_by_one([Fact::Link(Link::Disconnected(Some(Disconnection::ChangedNumber)))]),
            1,
        ),
        ("a bad rating", one_by_one([Fact::Rating(NumberRating::Red), Fact::Standing(NumberQualityEvent::Flagged)]), 1),
    ]
}

fn of_the_account() -> Vec<Case> {
    let first = Restriction::BusinessInitiatedMessaging;
    let answers = Restriction::CustomerInitiatedMessaging;
    let scheduled = ban(BanState::Scheduled, Some(day(9)));
    let review = |decision| one_by_one([Fact::Review(decision)]);
    vec![
        ("a restriction without an end", one_by_one([restricted(first.clone(), None)]), 99),
        ("a restriction before its end", one_by_one([restricted(first.clone(), Some(day(3)))]), 2),
        ("a restriction at its end", one_by_one([restricted(first.clone(), Some(day(3)))]), 3),
        (
            "a restriction with two ends in one second, between them",
            at_once([restricted(first.clone(), Some(day(7))), restricted(first.clone(), Some(day(3)))]),
            5,
        ),
        (
            "neither first nor in answer",
            one_by_one([restricted(first.clone(), Some(day(3))), restricted(answers.clone(), Some(day(5)))]),
            1,
        ),
        (
            "neither first nor in answer, and the first is over",
            one_by_one([restricted(first, Some(day(3))), restricted(answers, Some(day(5)))]),
            3,
        ),
        ("a ban that is scheduled", one_by_one([scheduled.clone()]), 8),
        ("a ban that was scheduled, on its date", one_by_one([scheduled.clone()]), 9),
        ("a ban that was scheduled and taken back", one_by_one([scheduled, ban(BanState::Reinstated, None)]), 9),
        ("a ban", one_by_one([ban(BanState::Disabled, Some(day(0)))]), 1),
        ("a review that goes on", review(ReviewDecision::Pending), 1),
        ("a review that was lost", review(ReviewDecision::Rejected), 1),
        ("a review that was won", review(ReviewDecision::Approved), 1),
        ("error 131042", one_by_one([error(131_042)]), 1),
        ("error 131042, and it was paid", one_by_one([error(131_042), Fact::Payment(Payment::Settled)]), 1),
        ("error 131031", one_by_one([error(131_031)]), 1),
        ("error 368, and it was unlocked", one_by_one([error(368), Fact::Lock(Lock::Lifted)]), 1),
        ("a business that somebody else got hold of", one_by_one([Fact::Business(BusinessEvent::Compromised)]), 1),
        (
            "all at once",
            one_by_one([
                Fact::Violation(Violation::Alcohol),
                Fact::Payment(Payment::Failing),
                Fact::Access(Access::Removed),
                Fact::Deleted,
            ]),
            1,
        ),
        ("a time to come, and none at all", vec![(Some(86_400 * 99), Fact::Deleted), (None, error(131_042))], 1),
    ]
}

fn of_what_nobody_here_has_heard_of() -> Vec<Case> {
    let unheard = || ban(BanState::Unknown(word()), Some(day(3)));
    let banned = || ban(BanState::Disabled, None);
    vec![
        ("a ban, then a word", one_by_one([banned(), unheard()]), 9),
        ("a word, then a ban", one_by_one([unheard(), banned()]), 9),
        ("a ban, a word, and it is taken back", one_by_one([banned(), unheard(), ban(BanState::Reinstated, None)]), 9),
        ("a restriction", one_by_one([restricted(Restriction::Unknown(word()), Some(day(3)))]), 2),
        ("a restriction, at its end", one_by_one([restricted(Restriction::Unknown(word()), Some(day(3)))]), 3),
        ("a status that is read", one_by_one([DISCONNECTED, Fact::Number(NumberStatus::Unknown(word()))]), 1),
        ("a rating that is read", one_by_one([Fact::Rating(NumberRating::Unknown(word()))]), 1),
        ("a standing", one_by_one([Fact::Standing(NumberQualityEvent::Unknown(word()))]), 1),
        ("a display name", one_by_one([Fact::Name(NameStatus::Unknown(word()))]), 1),
        ("a review", one_by_one([Fact::Review(ReviewDecision::Unknown(word()))]), 1),
        (
            "why it is disconnected",
            one_by_one([Fact::Link(Link::Disconnected(Some(Disconnection::Unknown(word()))))]),
            1,
        ),
        ("a policy", one_by_one([Fact::Violation(Violation::Unknown(word()))]), 1),
        ("what happened to the business", one_by_one([Fact::Business(BusinessEvent::Unknown(word()))]), 1),
        ("what happened to the PIN", one_by_one([Fact::Pin(SecurityEvent::Unknown(word()))]), 1),
        ("what happened to the account", one_by_one([Fact::Event(AccountEvent::Unknown(word()))]), 1),
        ("an alert", one_by_one([Fact::Alert(AlertKind::Unknown(word()))]), 1),
        ("a messaging limit", one_by_one([Fact::MessagingLimit(Allowance::Unknown(word()))]), 1),
        ("a cap of numbers", one_by_one([Fact::NumbersPerAccount(Allowance::Unknown(word()))]), 1),
    ]
}

fn of_what_meta_answers() -> Vec<Case> {
    let answered = |can_send: MessagingHealth, cause: Cause| {
        Fact::Answered(Answered::of([
            NodeHealth::new(HealthNode::PhoneNumber, MessagingHealth::Available),
            NodeHealth::new(HealthNode::Business, can_send).because([cause]),
        ]))
    };
    let blocked = || {
        let cause = Cause::new("There is no way of paying.").with_code(131_042).with_advice("Add a card.");
        answered(MessagingHealth::Blocked, cause)
    };
    let limited = answered(MessagingHealth::Limited, Cause::new("The display name is in review"));
    let unheard = answered(MessagingHealth::Unknown(word()), Cause::new("Nobody knows"));
    vec![
        ("blocked", one_by_one([blocked()]), 1),
        ("limited", one_by_one([limited]), 1),
        ("a word that nobody here has heard of", one_by_one([unheard]), 1),
        ("blocked, then available", one_by_one([blocked(), Fact::Answered(Answered::of([]))]), 1),
        ("available while the registration is lost", one_by_one([LOST, Fact::Answered(Answered::of([]))]), 1),
    ]
}

#[test]
fn health_two_axes_in_examples() {
    let mut lines = String::new();
    for (about, cases) in [
        ("number", of_the_number()),
        ("account", of_the_account()),
        ("unheard", of_what_nobody_here_has_heard_of()),
        ("answered", of_what_meta_answers()),
    ] {
        for (case, facts, days) in cases {
            let mut health = Health::default();
            let mut told = Vec::new();
            for (n, (second, fact)) in (1_u128..).zip(facts) {
                let at = second.map(|second| shifted(sample::begin(), second * 1000));
                told.push(json!({"at": at, "fact": &fact}));
                health.hear(Told::new(FactId::new(Uuid::from_u128(n)), at, fact), day(0).plus_minutes(1));
            }
            let asked = day(days);
            let answers = [health.can_send(asked), health.can_receive(asked)];
            let line = json!({
                "about": about,
                "case": case,
                "told": told,
                "asked": asked,
                "answers": &answers,
                "sentences": answers.each_ref().map(ToString::to_string),
                "next_change": health.next_change(asked),
            });
            writeln!(lines, "{line}").expect("a text takes it");
        }
    }
    golden("health.jsonl", &lines);
}
