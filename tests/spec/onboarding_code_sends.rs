//! How often a code is sent, with the usual figures and with others, and on whose account.

use std::cell::Cell;
use std::num::NonZeroU8;

use proptest::collection::vec;
use proptest::{prop_assert_eq, test_runner::TestRunner};
use whatsapp_inbox::onboarding::{CodeAnswer, CodeSend, Command, Kind, Refused, Step};
use whatsapp_inbox::rule::{Explain, Rule};
use whatsapp_inbox::whatsapp::{CodeMethod, CodePolicy, NumberUse};

use crate::case::*;

const VOICE: Command = Command::RequestCode { method: CodeMethod::Voice };

fn figures(guesses: u8, codes: u8, sends: u8) -> CodePolicy {
    let mut policy = CodePolicy::default();
    let figure = |figure| NonZeroU8::new(figure).expect("not zero");
    policy.guesses_per_code = figure(guesses);
    policy.codes_before_lock = figure(codes);
    policy.sends = figure(sends);
    policy
}

#[test]
fn onboarding_code_guesses_allow_five_sends_in_ten_minutes() {
    // Given five codes within four minutes,
    let mut case = Case::open(Step::VerifyNumber);
    let first = case.now;
    for _ in 0..4 {
        case.does(ADMIN, VOICE).minutes(1);
    }
    case.does(ADMIN, VOICE);
    // then the sixth is refused, with the time from which it is allowed, to the millisecond:
    let allowed_from = first.plus_minutes(10);
    for instant in [case.now, shifted(allowed_from, -1)] {
        case.until(instant);
        let refused = case.refused(ADMIN, VOICE);
        assert_eq!((refused, refused.rule()), (Refused::TooManyCodes { allowed_from }, Rule::OnboardingCodeGuesses));
    }
    case.until(allowed_from).does(ADMIN, VOICE);
    // and the next is due when the second leaves the window.
    let allowed_from = first.plus_minutes(11);
    assert_eq!(case.refused(ADMIN, VOICE), Refused::TooManyCodes { allowed_from });
}

#[test]
fn onboarding_code_guesses_take_other_figures_from_the_policy() {
    let mut case = Case::open(Step::VerifyNumber);
    case.policy.code = figures(2, 2, 3);
    case.policy.code.lock_hours = 1;
    case.policy.code.sends_window_minutes = 60;
    let start = case.now;
    // Two wrong entries spend a code, two such codes lock for one hour,
    for _ in 0..2 {
        case.send_code(CodeMethod::Voice).enter(CodeAnswer::Wrong).enter(CodeAnswer::Wrong);
    }
    let until = start.plus_hours(1);
    assert_eq!(case.refused(ADMIN, VOICE), Refused::NumberLocked { until });
    // and three sends fit in an hour.
    case.until(until);
    for _ in 0..3 {
        case.does(ADMIN, VOICE);
    }
    assert_eq!(case.refused(ADMIN, VOICE), Refused::TooManyCodes { allowed_from: until.plus_hours(1) });
    // The usual figures are the rule's.
    let usual = figures(5, 3, 5);
    assert_eq!((usual, usual.lock_hours, usual.sends_window_minutes), (CodePolicy::default(), 12, 10));
}

#[test]
fn onboarding_code_guesses_are_handed_on_with_the_number() {
    // Given four wrong entries and five sends in one onboarding,
    let mut first = Case::open(Step::VerifyNumber);
    for _ in 0..5 {
        first.send_code(CodeMethod::Voice);
    }
    for _ in 0..4 {
        first.enter(CodeAnswer::Wrong);
    }
    let (of, used) = first.onboarding.number_uses().next().expect("a number");
    assert_eq!(of, number(NUMBER));
    // when another begins with the same number and knows of it,
    let mut case = Case::new();
    case.number_use = Some(used.clone());
    case.start();
    for step in [Step::SignAgreement, Step::AcceptTerms, Step::SubmitDetails, Step::CreateAccount] {
        case.complete(step);
    }
    case.number_use = None;
    for step in [Step::ApproveRequest, Step::ApproveNumber] {
        case.complete(step);
    }
    // then neither count begins anew.
    let allowed_from = case.now.plus_minutes(10);
    assert_eq!(case.refused(ADMIN, VOICE), Refused::TooManyCodes { allowed_from });
    case.until(allowed_from).send_code(CodeMethod::Voice).enter(CodeAnswer::Wrong);
    assert_eq!(case.refused(ADMIN, Command::EnterCode), Refused::CodeSpent);
}

#[test]
fn onboarding_code_guesses_of_an_accepted_code_stay_done_with_when_the_number_comes_back() {
    // Given four wrong entries, another number, and this one again, which is then verified,
    let mut case = Case::open(Step::VerifyNumber);
    case.send_code(CodeMethod::Voice);
    for _ in 0..4 {
        case.enter(CodeAnswer::Wrong);
    }
    let away = |case: &mut Case| {
        case.minutes(1).does(ADMIN, Command::SubmitDetails(details_of(OTHER_NUMBER, BUSINESS, NAME)));
        case.minutes(1).does(ADMIN, Command::SubmitDetails(details()));
        for step in [Step::CreateAccount, Step::ApproveRequest, Step::ApproveNumber] {
            case.minutes(1).complete(step);
        }
        case.minutes(20).send_code(CodeMethod::Voice);
    };
    away(&mut case);
    // the four still count,
    let mut wrong = case.clone();
    wrong.enter(CodeAnswer::Wrong);
    assert_eq!(wrong.refused(ADMIN, Command::EnterCode), Refused::CodeSpent);
    // and after a right entry they do not, also when the number comes back once more.
    case.enter(CodeAnswer::Accepted);
    away(&mut case);
    case.enter(CodeAnswer::Wrong).does(ADMIN, Command::EnterCode);
}

#[test]
fn onboarding_code_guesses_follow_a_sliding_window_of_sends() {
    let (allowed, refused) = (Cell::new(0), Cell::new(0));
    let case = Case::open(Step::VerifyNumber);
    let law = |gaps: Vec<i64>| {
        let mut case = case.clone();
        let mut sends: Vec<i64> = Vec::new();
        for gap in gaps {
            case.until(shifted(case.now, gap));
            let now = case.now.unix_millis();
            let room = sends.iter().filter(|at| now - **at < 600_000).count() < 5;
            prop_assert_eq!(case.allows(ADMIN, Kind::RequestCode), room);
            prop_assert_eq!(case.tries(ADMIN, VOICE).is_ok(), room);
            let count = if room { &allowed } else { &refused };
            count.set(count.get() + 1);
            if room {
                sends.push(now);
            }
        }
        Ok(())
    };
    TestRunner::default().run(&vec(0_i64..150_000, 1..30), law).unwrap();
    let (allowed, refused) = (allowed.get(), refused.get());
    assert!(allowed * 9 >= refused && refused * 9 >= allowed, "{allowed} allowed, {refused} refused");
}

#[test]
fn onboarding_code_guesses_lose_no_send_when_two_records_are_merged() {
    // Two sends at one instant are two, in whichever order and however often two records are put together.
    let mut case = Case::open(Step::VerifyNumber);
    case.does(ADMIN, VOICE).does(ADMIN, VOICE);
    let used = case.onboarding.number_uses().next().expect("a number").1.clone();
    assert_eq!(NumberUse::default().merged(&used), used);
    assert_eq!(used.clone().merged(&used), used);
}

#[test]
fn onboarding_code_ten_minutes_do_not_begin_with_a_report_about_an_earlier_code() {
    // Given a code that was asked for, and another before the first was reported,
    let mut case = Case::open(Step::VerifyNumber);
    case.does(ADMIN, Command::RequestCode { method: CodeMethod::Voice });
    let first = case.last_request();
    case.minutes(1).does(ADMIN, Command::RequestCode { method: CodeMethod::Voice });
    // when the first is reported late, then it is not taken for the second.
    let late = Command::ReportCodeSend { request: first, outcome: CodeSend::Sent };
    assert_eq!(case.refused(GRAPH, late), Refused::UnknownCall { given: first });
    assert_eq!(case.refused(ADMIN, Command::EnterCode), Refused::CodeNotSentYet);
    case.reports(CodeSend::Sent).does(ADMIN, Command::EnterCode);
}

#[test]
fn onboarding_code_guesses_count_sends_of_two_onboardings_together() {
    // Given three codes asked for in one onboarding, which is then withdrawn,
    let mut earlier = Case::open(Step::VerifyNumber);
    for _ in 0..3 {
        earlier.does(ADMIN, Command::RequestCode { method: CodeMethod::Voice });
    }
    let used = earlier.onboarding.number_uses().next().expect("its number").1.clone();
    // when the number is handed in again elsewhere, where two more are asked for,
    let mut later = Case::open(Step::SubmitDetails);
    later.until(earlier.now.plus_minutes(1));
    later.number_use = Some(used.merged(&used_twice(&later)));
    later.complete(Step::SubmitDetails);
    // then the five together fill the window.
    let from = later.onboarding.number_uses().next().expect("its number").1.code_allowed_from();
    assert_eq!(from, Some(earlier.now.plus_minutes(10)));
}

/// What a number has used up after two codes were asked for now.
fn used_twice(now: &Case) -> whatsapp_inbox::whatsapp::NumberUse {
    let mut case = Case::open(Step::VerifyNumber);
    case.until(now.now);
    for _ in 0..2 {
        case.does(ADMIN, Command::RequestCode { method: CodeMethod::Voice });
    }
    case.onboarding.number_uses().next().expect("its number").1.clone()
}
