//! Registering the number: ten calls in 72 hours, one at a time, on the number's account.

use std::cell::Cell;

use proptest::collection::vec;
use proptest::{prop_assert_eq, test_runner::TestRunner};
use whatsapp_inbox::decider::{Class, Decider, Refusal};
use whatsapp_inbox::onboarding::{
    Attention, Command, Fact, Kind, Onboarding, Refused, RegistrationAnswer, Status, Step, StepSet,
};
use whatsapp_inbox::rule::{Explain, Rule};
use whatsapp_inbox::time::Instant;
use whatsapp_inbox::whatsapp::{NameStatus, NumberStatus, NumberUse};

use crate::case::*;
use crate::status::*;

const FAILED: RegistrationAnswer = RegistrationAnswer::Failed { error: 133_010 };

/// Ten failed calls, a minute after each other, and the instant of the first.
fn ten_calls() -> (Case, Instant) {
    let mut case = Case::open(Step::ActivateAccount);
    let first = case.now;
    for _ in 0..10 {
        case.register(FAILED).minutes(1);
    }
    (case, first)
}

/// What the number of a case has used up.
fn used(case: &Case) -> NumberUse {
    let of = case.onboarding.number_uses().find(|(of, _)| *of == number(NUMBER));
    of.map(|(_, used)| used.clone()).unwrap_or_default()
}

#[test]
fn onboarding_register_budget_is_ten_calls_in_72_hours() {
    // Given ten calls, the eleventh is refused before it is made, with the time from which it is allowed:
    let (mut case, first) = ten_calls();
    let allowed_from = first.plus_hours(72);
    for instant in [case.now, shifted(allowed_from, -1)] {
        case.until(instant);
        let refused = case.refused(OPERATOR, Command::Register);
        assert_eq!(
            (refused, refused.rule()),
            (Refused::RegistrationBudget { allowed_from }, Rule::OnboardingRegisterBudget)
        );
        assert_eq!(refused.class(), Class::Situation);
        assert!(!case.allows(OPERATOR, Kind::Register));
    }
    // at that millisecond it is,
    case.until(allowed_from).register(FAILED);
    // and the next when the second call is 72 hours old.
    let allowed_from = allowed_from.plus_minutes(1);
    assert_eq!(case.refused(OPERATOR, Command::Register), Refused::RegistrationBudget { allowed_from });
}

#[test]
fn onboarding_register_budget_has_room_for_the_tenth() {
    let mut case = Case::open(Step::ActivateAccount);
    for _ in 0..9 {
        case.register(FAILED);
    }
    case.register(RegistrationAnswer::Registered).does(OPERATOR, activate());
}

#[test]
fn onboarding_register_budget_is_counted_across_onboardings_of_the_number() {
    // Given ten calls in an onboarding that was given up,
    let (mut first, begun) = ten_calls();
    first.does(OPERATOR, Command::Withdraw);
    let known = used(&first);
    assert_eq!(known.registration_allowed_from(), Some(begun.plus_hours(72)));
    // when the number comes again in another, on whose details the host hands its use on,
    let mut case = Case::new();
    case.number_use = Some(known);
    case.start();
    for step in [Step::SignAgreement, Step::AcceptTerms, Step::SubmitDetails] {
        case.complete(step);
    }
    case.number_use = None;
    for step in [Step::CreateAccount, Step::ApproveRequest, Step::VerifyBusiness, Step::ApproveNumber] {
        case.complete(step);
    }
    case.complete(Step::VerifyNumber);
    // then the eleventh call is refused there.
    let allowed_from = begun.plus_hours(72);
    assert_eq!(case.refused(OPERATOR, Command::Register), Refused::RegistrationBudget { allowed_from });
    case.until(allowed_from).complete(Step::ActivateAccount);
}

#[test]
fn onboarding_register_budget_is_the_numbers_when_it_goes_and_comes_back() {
    // Given ten calls for a number at one instant, another number in its place,
    let mut case = Case::open(Step::ActivateAccount);
    let first = case.now;
    for _ in 0..10 {
        case.register(FAILED);
    }
    let of_number = used(&case);
    case.minutes(1).does(ADMIN, Command::SubmitDetails(details_of(OTHER_NUMBER, BUSINESS, NAME)));
    // which has a budget of its own,
    let uses: Vec<_> = case.onboarding.number_uses().map(|(of, used)| (of, used.clone())).collect();
    assert_eq!(uses, [(number(OTHER_NUMBER), NumberUse::default()), (number(NUMBER), of_number)]);
    // when the first comes back and has gone its way again, then its ten calls are still counted.
    case.minutes(1).does(ADMIN, Command::SubmitDetails(details()));
    for step in [Step::CreateAccount, Step::ApproveRequest, Step::ApproveNumber, Step::VerifyNumber] {
        case.complete(step);
    }
    let allowed_from = first.plus_hours(72);
    assert_eq!(case.refused(OPERATOR, Command::Register), Refused::RegistrationBudget { allowed_from });
}

#[test]
fn onboarding_register_budget_is_closed_for_72_hours_by_metas_own_word() {
    // Given one call that Meta answers with its limit (133016), minutes after it was begun,
    let mut case = Case::open(Step::ActivateAccount);
    case.does(OPERATOR, Command::Register).minutes(2);
    let report = Command::ReportRegistration { attempt: case.last_attempt(), answer: RegistrationAnswer::LimitHit };
    case.does(GRAPH, report);
    // then nothing is called for 72 hours from the answer,
    let allowed_from = case.now.plus_hours(72);
    let why = Attention::RegistrationFailed { answer: RegistrationAnswer::LimitHit };
    assert_eq!(case.status(Step::ActivateAccount), Status::NeedsAttention { since: case.now, why });
    case.until(shifted(allowed_from, -1));
    assert_eq!(case.refused(OPERATOR, Command::Register), Refused::RegistrationBudget { allowed_from });
    // and the use that is handed on says so.
    assert_eq!(used(&case).registration_allowed_from(), Some(allowed_from));
    case.until(allowed_from).complete(Step::ActivateAccount);
}

#[test]
fn onboarding_register_budget_is_spent_by_one_call_at_a_time() {
    // Given a call that was begun, no other is made before it is answered, however long that takes,
    let mut case = Case::open(Step::ActivateAccount);
    case.does(OPERATOR, Command::Register);
    let open = Refused::RegistrationOpen { attempt: 1, since: case.now };
    for days in [0, 1, 100] {
        assert_eq!(case.clone().days(days).refused(OPERATOR, Command::Register), open);
    }
    assert_eq!(case.refused(OPERATOR, activate()), Refused::NotRegistered);
    // and the answer is to that call alone.
    for given in [0, 2] {
        let report = Command::ReportRegistration { attempt: given, answer: FAILED };
        assert_eq!(case.refused(GRAPH, report), Refused::UnknownCall { given });
    }
    let report = |answer| Command::ReportRegistration { attempt: 1, answer };
    case.does(GRAPH, report(FAILED));
    let refused = case.refused(GRAPH, report(RegistrationAnswer::Registered));
    assert_eq!(refused, Refused::NothingPending { act: Kind::ReportRegistration });
    case.does(OPERATOR, Command::Register);
}

#[test]
fn onboarding_register_budget_calls_an_answer_lost_after_two_minutes() {
    // Given a call that was begun, and nobody who waits for it any more,
    let mut case = Case::open(Step::ActivateAccount);
    let open = case.status(Step::ActivateAccount);
    case.does(OPERATOR, Command::Register);
    let since = case.now;
    // then it may still be answered for two minutes, and from then on somebody is told to read how it went.
    case.until(shifted(since.plus_minutes(2), -1));
    assert_eq!(case.status(Step::ActivateAccount), open);
    case.until(since.plus_minutes(2));
    let why = Attention::RegistrationUnknown;
    assert_eq!(case.status(Step::ActivateAccount), Status::NeedsAttention { since, why });
    // An answer that comes all the same counts.
    let report = Command::ReportRegistration { attempt: 1, answer: RegistrationAnswer::Registered };
    case.does(GRAPH, report);
    assert_eq!(case.status(Step::ActivateAccount), open);
    case.does(OPERATOR, activate());
}

#[test]
fn onboarding_register_budget_shows_each_answer_and_what_mends_it() {
    for (answer, words) in [
        (RegistrationAnswer::PinMismatch, "reset the PIN, then register again"),
        (RegistrationAnswer::LimitHit, "wait 72 hours, then register again"),
        (FAILED, "look up Meta's error code, then register again"),
    ] {
        let mut case = Case::open(Step::ActivateAccount);
        case.register(answer);
        let Status::NeedsAttention { why, .. } = case.status(Step::ActivateAccount) else { panic!("{answer:?}") };
        assert_eq!((why.mends(), why), (words, Attention::RegistrationFailed { answer }));
        assert_eq!(case.refused(OPERATOR, activate()), Refused::NotRegistered);
    }
}

#[test]
fn onboarding_register_budget_settles_a_lost_answer_by_reading_never_by_calling() {
    // Given a call whose answer was lost,
    let mut lost = Case::open(Step::ActivateAccount);
    lost.minutes(1).register(RegistrationAnswer::Unknown);
    let since = lost.now;
    let why = Attention::RegistrationUnknown;
    assert_eq!(lost.status(Step::ActivateAccount), Status::NeedsAttention { since, why });
    lost.days(4);
    assert_eq!(lost.refused(OPERATOR, Command::Register), Refused::RegistrationOpen { attempt: 1, since });
    assert_eq!(lost.refused(OPERATOR, activate()), Refused::NotRegistered);
    // when a reading says that it went well, then the number is registered;
    let mut well = lost.clone();
    well.fact(number_status(NumberStatus::Connected));
    assert!(matches!(well.refused(OPERATOR, Command::Register), Refused::AlreadyRegistered { .. }));
    well.does(OPERATOR, activate());
    // when it says that it did not, then another call is made;
    let mut wrong = lost.clone();
    wrong.fact(number_status(NumberStatus::Pending));
    assert_eq!(wrong.refused(OPERATOR, activate()), Refused::NotRegistered);
    wrong.complete(Step::ActivateAccount);
    // a reading of before the call settles nothing, nor does one of another number;
    let mut older = lost.clone();
    let number = number(OTHER_NUMBER);
    older.fact_at(shifted(since, -1), number_status(NumberStatus::Pending));
    older.fact(Fact::NumberStatus { number, status: NumberStatus::Connected });
    assert_eq!(older.refused(OPERATOR, Command::Register), Refused::RegistrationOpen { attempt: 1, since });
    // and an answer that turns up after all does as well.
    lost.does(GRAPH, Command::ReportRegistration { attempt: 1, answer: RegistrationAnswer::Registered });
    lost.does(OPERATOR, activate());
}

#[test]
fn onboarding_register_budget_hears_an_answer_whatever_was_read_around_the_call() {
    // Given a reading of just before a call, in the same second, the call still waits for its answer;
    let mut case = Case::open(Step::ActivateAccount);
    let soon = shifted(case.now, 1);
    case.fact(number_status(NumberStatus::Pending)).until(soon).does(OPERATOR, Command::Register);
    let open = Refused::RegistrationOpen { attempt: 1, since: case.now };
    assert_eq!(case.refused(OPERATOR, Command::Register), open);
    // given one while it waits, the answer is heard all the same, also that the limit is hit.
    case.minutes(1).fact(number_status(NumberStatus::Pending)).minutes(1);
    case.does(GRAPH, Command::ReportRegistration { attempt: 1, answer: RegistrationAnswer::LimitHit });
    let allowed_from = case.now.plus_hours(72);
    assert_eq!(case.refused(OPERATOR, Command::Register), Refused::RegistrationBudget { allowed_from });
}

#[test]
fn onboarding_register_budget_is_not_spent_on_a_registered_number() {
    let mut case = Case::open(Step::ActivateAccount);
    case.register(RegistrationAnswer::Registered);
    let at = case.now;
    assert_eq!(case.minutes(1).refused(OPERATOR, Command::Register), Refused::AlreadyRegistered { at });
    case.does(OPERATOR, activate()).minutes(1);
    assert_eq!(case.refused(OPERATOR, Command::Register), Refused::AlreadyRegistered { at });
    // Lost at Meta, it may be registered again.
    case.fact(number_status(NumberStatus::Disconnected)).register(RegistrationAnswer::Registered);
}

/// A live channel whose new display name Meta has just approved.
fn renamed() -> Case {
    let mut case = Case::open(Step::CompleteProfile);
    case.minutes(1).does(ADMIN, Command::SubmitDetails(details_of(NUMBER, BUSINESS, OTHER_NAME)));
    assert!(matches!(case.refused(OPERATOR, Command::Register), Refused::AlreadyRegistered { .. }));
    case.minutes(1).fact(name(OTHER_NAME, NameStatus::Approved)).minutes(1);
    case
}

#[test]
fn onboarding_register_budget_allows_one_more_registration_for_each_name_approved_later() {
    // Given another name that is approved, the number is registered again, and only once,
    let mut case = renamed();
    case.register(RegistrationAnswer::Registered);
    let at = case.now;
    assert_eq!(case.minutes(1).refused(OPERATOR, Command::Register), Refused::AlreadyRegistered { at });
    // also if it took more than one call, or its answer was lost and settled by a reading.
    let mut case = renamed();
    case.register(FAILED).minutes(1).register(RegistrationAnswer::Unknown);
    let at = case.now;
    assert!(matches!(case.refused(OPERATOR, Command::Register), Refused::RegistrationOpen { attempt: 3, .. }));
    case.minutes(1).fact(number_status(NumberStatus::Connected));
    assert_eq!(case.refused(OPERATOR, Command::Register), Refused::AlreadyRegistered { at });
    // A reading alone registers nothing under the new name.
    let mut case = renamed();
    case.fact(number_status(NumberStatus::Connected)).register(RegistrationAnswer::Registered);
}

#[test]
fn onboarding_register_budget_waits_for_the_steps_before() {
    let missing = StepSet::of(&[Step::VerifyNumber]);
    let refused = Case::open(Step::VerifyNumber).refused(OPERATOR, Command::Register);
    assert_eq!(refused, Refused::OutOfOrder { step: Step::ActivateAccount, missing });
}

#[test]
fn onboarding_register_budget_follows_a_sliding_window() {
    let (allowed, refused) = (Cell::new(0), Cell::new(0));
    let case = Case::open(Step::ActivateAccount);
    let law = |gaps: Vec<i64>| {
        let mut case = case.clone();
        let mut calls: Vec<i64> = Vec::new();
        for gap in gaps {
            case.until(shifted(case.now, gap));
            let now = case.now.unix_millis();
            let room = calls.iter().filter(|at| now - **at < 72 * 3_600_000).count() < 10;
            prop_assert_eq!(case.allows(OPERATOR, Kind::Register), room);
            let count = if room { &allowed } else { &refused };
            count.set(count.get() + 1);
            if room {
                case.register(FAILED);
                calls.push(now);
            }
        }
        Ok(())
    };
    TestRunner::default().run(&vec(0_i64..8 * 3_600_000, 1..40), law).unwrap();
    let (allowed, refused) = (allowed.get(), refused.get());
    assert!(allowed * 9 >= refused && refused * 9 >= allowed, "{allowed} allowed, {refused} refused");
}

#[test]
fn onboarding_register_budget_loses_no_call_when_two_records_are_merged() {
    // Calls at one instant are as many as they were; calls that only one record knows are added.
    let instant = at("2026-01-05T09:00:00Z");
    let ten = (0..10).fold(NumberUse::default(), |used, _| used.with_registration(instant));
    assert_eq!(NumberUse::default().merged(&ten).registration_allowed_from(), Some(instant.plus_hours(72)));
    assert_eq!(ten.clone().merged(&ten), ten);
    let four = (0..4).fold(NumberUse::default(), |used, hour| used.with_registration(instant.plus_hours(hour)));
    let six = (4..10).fold(NumberUse::default(), |used, hour| used.with_registration(instant.plus_hours(hour)));
    assert_eq!((four.registration_allowed_from(), six.registration_allowed_from()), (None, None));
    assert_eq!(four.clone().merged(&six).registration_allowed_from(), Some(instant.plus_hours(72)));
    assert_eq!(four.clone().merged(&six), six.merged(&four));
    // Of two locks the longer one holds.
    let hit = NumberUse::default().with_registration_limit_hit(instant.plus_hours(5));
    assert_eq!(ten.merged(&hit).registration_allowed_from(), Some(instant.plus_hours(77)));
}

#[test]
fn onboarding_register_budget_is_not_spent_on_a_number_that_must_be_verified_again() {
    // Given a verified number, when Meta answers that it must be verified again (133006), then the brand asks for a code,
    let mut case = Case::open(Step::ActivateAccount);
    case.minutes(1).register(RegistrationAnswer::Failed { error: 133_006 });
    assert_eq!(case.status(Step::VerifyNumber), wrong(case.now, Attention::VerificationExpired));
    // nobody registers before it is verified again,
    assert!(case.allows(ADMIN, Kind::RequestCode) && !case.allows(OPERATOR, Kind::Register));
    case.minutes(1).complete(Step::VerifyNumber);
    // and then it is registered and activated.
    case.register(RegistrationAnswer::Registered).does(OPERATOR, activate());
    assert_eq!(case.onboarding, Onboarding::replay(&case.events));
    // Any other error leaves the proof alone.
    let mut case = Case::open(Step::ActivateAccount);
    case.minutes(1).register(RegistrationAnswer::Failed { error: 133_010 });
    assert!(case.status(Step::VerifyNumber).is_done());
}
