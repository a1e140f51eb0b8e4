//! The code: asked for, sent, ten minutes, guesses, the lock.

use std::cell::Cell;

use proptest::{prop_assert_eq, test_runner::TestRunner};
use whatsapp_inbox::decider::{Class, Decider, Refusal};
use whatsapp_inbox::onboarding::{
    Attention, CodeAnswer, CodeSend, Command, Effect, Kind, Onboarding, Refused, Status, Step,
};
use whatsapp_inbox::rule::{Explain, Limit, Rule};
use whatsapp_inbox::whatsapp::{CodeMethod, CodeVerification, Ivr, LineKind, Pin, VerificationCode};

use crate::case::*;

const VOICE: Command = Command::RequestCode { method: CodeMethod::Voice };

/// A code is there to be entered.
fn with_code() -> Case {
    let mut case = Case::open(Step::VerifyNumber);
    case.send_code(CodeMethod::Voice);
    case
}

/// Wrong entries of the code that is there.
fn guess(case: &mut Case, times: usize) {
    for _ in 0..times {
        case.enter(CodeAnswer::Wrong);
    }
}

#[test]
fn onboarding_code_digits_are_six_with_one_hyphen_or_space_after_the_third() {
    for text in ["123830", "123-830", "123 830", " 123830\n", "\u{a0}123-830\u{a0}", "000000"] {
        let wanted = if text == "000000" { "000000" } else { "123830" };
        assert_eq!(VerificationCode::new(text).expect(text).expose(), wanted);
    }
    for text in [
        "",
        " ",
        "12383",
        "1238300",
        "123--830",
        "123 -830",
        "12-3830",
        "1238-30",
        "123-83",
        "123-8300",
        "-123830",
        "123830-",
        "123_830",
        "123\u{2013}830",
        "12383O",
        "١٢٣٨٣٠",
        "123\u{a0}830",
        "+23830",
        "1 2 3 8 3 0",
    ] {
        let error = VerificationCode::new(text).expect_err(text);
        assert_eq!((error.code(), error.rule()), ("not-six-digits", Rule::OnboardingCodeDigits), "{text}");
        assert_eq!(error.limit(), Some(Limit::new(6, 6, "digits")));
        assert_eq!(error.characters, text.chars().count());
    }
    // A PIN has nothing between its digits.
    assert_eq!(Pin::new(" 150954 ").unwrap().expose(), "150954");
    for text in ["150-954", "150 954", "15095", "1509544", "15095x", "١٥٠٩٥٤"] {
        assert!(Pin::new(text).is_err(), "{text}");
    }
}

#[test]
fn onboarding_code_digits_follow_the_rule_for_any_text() {
    let (taken, left) = (Cell::new(0), Cell::new(0));
    let law = |text: String| {
        let six = |text: &[char]| text.len() == 6 && text.iter().all(char::is_ascii_digit);
        let mut naive: Vec<char> = text.trim().chars().collect();
        prop_assert_eq!(Pin::new(&text).is_ok(), six(&naive));
        if naive.len() == 7 && ['-', ' '].contains(&naive[3]) {
            naive.remove(3);
        }
        let code = VerificationCode::new(&text);
        prop_assert_eq!(code.is_ok(), six(&naive));
        let count = if code.is_ok() { &taken } else { &left };
        count.set(count.get() + 1);
        if let Ok(code) = code {
            prop_assert_eq!(code.expose(), naive.into_iter().collect::<String>());
        }
        Ok(())
    };
    TestRunner::default().run(&" {0,1}[0-9]{3}[- 0-9]{0,2}[0-9]{2,4}[0-9x]{0,1}", law).unwrap();
    assert!(taken.get() >= 15 && left.get() >= 15, "{} taken, {} left", taken.get(), left.get());
    TestRunner::default().run(&"\\PC*", law).unwrap();
}

#[test]
fn onboarding_code_method_follows_the_line() {
    let lines = [LineKind::Mobile, LineKind::LandLine(Ivr::Absent), LineKind::LandLine(Ivr::CanBeSwitchedOff)];
    for line in lines {
        let wanted = if line == LineKind::Mobile { CodeMethod::Sms } else { CodeMethod::Voice };
        assert_eq!(line.code_method(), wanted);
    }
    for (line, method) in lines.into_iter().flat_map(|line| [CodeMethod::Sms, CodeMethod::Voice].map(|way| (line, way)))
    {
        // Given a number on a line, when a code is asked for in a way,
        let mut case = Case::open(Step::VerifyNumber);
        let mut details = details();
        details.line = line;
        case.does(ADMIN, Command::SubmitDetails(details));
        let (command, before) = (Command::RequestCode { method }, case.events.len());
        // then only a land line refuses, and only an SMS; otherwise Meta is asked in just this way.
        if line != LineKind::Mobile && method == CodeMethod::Sms {
            let refused = case.refused(ADMIN, command);
            assert_eq!((refused, refused.class()), (Refused::LandLineNeedsVoice, Class::Input));
            assert_eq!(refused.rule(), Rule::OnboardingCodeMethod);
        } else {
            case.does(ADMIN, command);
            let effects: Vec<Effect> = case.events[before..].iter().flat_map(Onboarding::effects).collect();
            assert!(matches!(effects[..], [Effect::AskForCode { method: asked, .. }] if asked == method));
        }
    }
}

#[test]
fn onboarding_code_ten_minutes_to_the_millisecond() {
    // Given a code that was asked for some minutes before it was sent, at nine o'clock,
    let mut case = Case::open(Step::VerifyNumber);
    case.does(ADMIN, VOICE);
    assert_eq!(case.refused(ADMIN, Command::EnterCode), Refused::CodeNotSentYet);
    case.minutes(7).reports(CodeSend::Sent);
    let sent = case.now;
    // when it is entered at 9:59.999 it is taken, and at 10:00.000 it is not;
    case.until(shifted(sent, 599_999)).does(ADMIN, Command::EnterCode);
    case.until(shifted(sent, 600_000));
    let expired = Refused::CodeExpired { expired_at: sent.plus_minutes(10) };
    assert_eq!(case.refused(ADMIN, Command::EnterCode), expired);
    assert_eq!((expired.rule(), expired.class()), (Rule::OnboardingCodeTenMinutes, Class::Situation));
    // nor, with a clock that went back, before it was sent.
    case.until(shifted(sent, -1));
    assert_eq!(case.refused(ADMIN, Command::EnterCode), Refused::CodeNotSentYet);
    case.until(sent).does(ADMIN, Command::EnterCode);
}

#[test]
fn onboarding_code_ten_minutes_show_without_anybody_acting() {
    let mut case = with_code();
    let expired_at = case.now.plus_minutes(10);
    let live = |case: &Case| {
        let checklist = case.onboarding.checklist(&whatsapp_inbox::time::Calendar::default(), case.now);
        checklist.items.iter().find_map(|item| item.code).map(|code| code.expires_at)
    };
    case.until(shifted(expired_at, -1));
    assert!(matches!(case.status(Step::VerifyNumber), Status::Open { .. }));
    assert_eq!(live(&case), Some(expired_at));
    case.until(expired_at);
    let why = Attention::CodeExpired;
    assert_eq!(case.status(Step::VerifyNumber), Status::NeedsAttention { since: expired_at, why });
    assert_eq!(live(&case), None);
}

#[test]
fn onboarding_code_ten_minutes_hold_at_any_instant() {
    let case = with_code();
    let sent = case.now;
    let (inside, outside) = (Cell::new(0), Cell::new(0));
    let law = |offset: i64| {
        let mut case = case.clone();
        case.until(shifted(sent, offset));
        let good = (0..600_000).contains(&offset);
        let count = if good { &inside } else { &outside };
        count.set(count.get() + 1);
        prop_assert_eq!(case.allows(ADMIN, Kind::EnterCode), good);
        prop_assert_eq!(case.tries(ADMIN, Command::EnterCode).is_ok(), good);
        Ok(())
    };
    TestRunner::default().run(&(-600_000_i64..1_200_000), law).unwrap();
    let (inside, outside) = (inside.get(), outside.get());
    assert!(inside * 9 >= outside && outside * 9 >= inside, "{inside} inside, {outside} outside");
}

#[test]
fn onboarding_code_single_is_the_latest_one() {
    // Given a code that is good, when a new one is asked for, then the old one is worthless at once,
    let mut case = with_code();
    case.minutes(1).does(ADMIN, VOICE);
    assert_eq!(case.refused(ADMIN, Command::EnterCode), Refused::CodeNotSentYet);
    // also if the new one is not sent, or nobody knows;
    let mut unsent = case.clone();
    unsent.reports(CodeSend::NotSent);
    assert_eq!(unsent.refused(ADMIN, Command::EnterCode), Refused::NoCode);
    let why = Attention::CodeNotSent;
    assert_eq!(unsent.status(Step::VerifyNumber), Status::NeedsAttention { since: unsent.now, why });
    let mut unknown = case.clone();
    unknown.reports(CodeSend::Unknown);
    assert_eq!(unknown.refused(ADMIN, Command::EnterCode), Refused::CodeNotSentYet);
    // and an answer to an entry of the old one is nobody's.
    let mut late = with_code();
    late.does(ADMIN, Command::EnterCode);
    let entry = late.last_entry();
    late.does(ADMIN, VOICE).reports(CodeSend::Sent);
    let report = Command::ReportCodeEntry { entry, answer: CodeAnswer::Accepted };
    assert!(matches!(late.refused(GRAPH, report), Refused::NothingPending { .. }));
}

#[test]
fn onboarding_code_single_is_used_up_when_accepted() {
    let mut case = with_code();
    case.enter(CodeAnswer::Accepted);
    let at = case.now;
    assert!(matches!(case.status(Step::VerifyNumber), Status::Done { by: GRAPH, .. }));
    let done = Refused::AlreadyDone { step: Step::VerifyNumber, at };
    assert_eq!(case.refused(ADMIN, Command::EnterCode), done);
    assert_eq!(case.refused(ADMIN, VOICE), done);
    // When the proof runs out, the used code is gone although its ten minutes are not over.
    case.minutes(1).fact(verification(CodeVerification::Expired));
    assert_eq!(case.refused(ADMIN, Command::EnterCode), Refused::NoCode);
    case.send_code(CodeMethod::Voice).enter(CodeAnswer::Accepted);
    // An answer is for an entry that was begun.
    let report = Command::ReportCodeEntry { entry: 1, answer: CodeAnswer::Wrong };
    assert!(matches!(case.refused(GRAPH, report), Refused::NothingPending { act: Kind::ReportCodeEntry }));
}

#[test]
fn onboarding_code_secret_is_nowhere() {
    const CODE: &str = "918273";
    const PIN: &str = "564738";
    let (code, pin) = (VerificationCode::new(CODE).unwrap(), Pin::new(PIN).unwrap());
    // Given a whole onboarding, whose code and PIN went by it to the transport,
    let case = Case::complete_onboarding();
    let mut told = vec![
        format!("{code:?} {code:#?} {pin:?} {pin:#?}"),
        format!("{:?}", Command::EnterCode),
        format!("{:?}", Command::Register),
        format!("{:?}", case.onboarding),
        serde_json::to_string(&case.events).unwrap(),
        format!("{:?}", case.events.iter().flat_map(Onboarding::effects).collect::<Vec<_>>()),
    ];
    // and errors about secrets that were nearly right,
    for nearly in [format!("{CODE}7"), format!("x{CODE}"), CODE[..5].to_owned(), format!("{PIN}1")] {
        let errors = [VerificationCode::new(&nearly).unwrap_err(), Pin::new(&nearly).unwrap_err()];
        told.extend(errors.iter().map(|error| format!("{error} {error:?} {:?}", error.limit())));
    }
    // then none of it has as much as four of their digits in a row.
    for digits in [CODE, PIN].into_iter().flat_map(|secret| (0..3).map(move |from| &secret[from..from + 4])) {
        assert!(told.iter().all(|text| !text.contains(digits)), "{digits} in {told:?}");
    }
}

#[test]
fn onboarding_code_guesses_spend_a_code_at_the_fifth() {
    let mut case = with_code();
    guess(&mut case, 4);
    assert!(matches!(case.status(Step::VerifyNumber), Status::Open { .. }));
    guess(&mut case, 1);
    let refused = case.refused(ADMIN, Command::EnterCode);
    assert_eq!((refused, refused.rule()), (Refused::CodeSpent, Rule::OnboardingCodeGuesses));
    assert!(matches!(case.status(Step::VerifyNumber), Status::NeedsAttention { why: Attention::CodeSpent, .. }));
    // A new code may be guessed as often again.
    case.send_code(CodeMethod::Voice);
    guess(&mut case, 5);
    assert_eq!(case.refused(ADMIN, Command::EnterCode), Refused::CodeSpent);
}

#[test]
fn onboarding_code_guesses_count_the_fifth_even_if_it_is_right() {
    let mut case = with_code();
    guess(&mut case, 4);
    case.enter(CodeAnswer::Accepted);
    assert!(case.status(Step::VerifyNumber).is_done());
}

#[test]
fn onboarding_code_guesses_are_not_reset_by_a_new_code() {
    // Three wrong entries, a new code, and two more spend it.
    let mut case = with_code();
    guess(&mut case, 3);
    case.minutes(1).send_code(CodeMethod::Voice);
    guess(&mut case, 1);
    case.clone().does(ADMIN, Command::EnterCode);
    guess(&mut case, 1);
    assert_eq!(case.refused(ADMIN, Command::EnterCode), Refused::CodeSpent);
}

#[test]
fn onboarding_code_guesses_count_an_entry_whose_answer_is_unknown_or_missing() {
    let mut case = with_code();
    for _ in 0..4 {
        case.enter(CodeAnswer::Unknown);
    }
    case.does(ADMIN, Command::EnterCode);
    assert_eq!(case.refused(ADMIN, Command::EnterCode), Refused::CodeSpent);
    // The lost answer may still be told, and a reading settles it as well.
    let mut told = case.clone();
    told.does(GRAPH, Command::ReportCodeEntry { entry: 1, answer: CodeAnswer::Accepted });
    assert!(told.status(Step::VerifyNumber).is_done());
    case.fact(verification(CodeVerification::Verified));
    assert!(case.status(Step::VerifyNumber).is_done());
    // An entry that was never begun, or was answered, takes no answer.
    let mut case = with_code();
    guess(&mut case, 1);
    case.does(ADMIN, Command::EnterCode);
    for given in [0, 1, 3] {
        let report = Command::ReportCodeEntry { entry: given, answer: CodeAnswer::Accepted };
        assert_eq!(case.refused(GRAPH, report), Refused::UnknownCall { given });
    }
}

/// Fourteen wrong entries, the last four on the third code.
fn nearly_locked() -> Case {
    let mut case = Case::open(Step::VerifyNumber);
    for guesses in [5, 5, 4] {
        case.minutes(11).send_code(CodeMethod::Voice);
        guess(&mut case, guesses);
    }
    case
}

#[test]
fn onboarding_code_guesses_lock_the_number_for_twelve_hours_at_the_fifteenth() {
    let mut case = nearly_locked();
    let locked_at = case.now;
    guess(&mut case, 1);
    // Given the third spent code, nothing is entered or asked for,
    let until = locked_at.plus_hours(12);
    for instant in [locked_at, shifted(until, -1)] {
        case.until(instant);
        assert_eq!(case.refused(ADMIN, VOICE), Refused::NumberLocked { until });
        assert_eq!(case.refused(ADMIN, Command::EnterCode), Refused::NumberLocked { until });
        let locked = case.status(Step::VerifyNumber);
        assert!(
            matches!(locked, Status::NeedsAttention { why: Attention::NumberLocked { until: at }, .. } if at == until)
        );
    }
    // until twelve hours are over, to the millisecond. Then it counts from nothing.
    case.until(until);
    assert_eq!(case.refused(ADMIN, Command::EnterCode), Refused::CodeSpent);
    case.send_code(CodeMethod::Voice);
    guess(&mut case, 5);
    case.send_code(CodeMethod::Voice);
}

#[test]
fn onboarding_code_guesses_are_cleared_by_an_accepted_code() {
    // Given fourteen wrong entries and a right one, when the proof runs out later,
    let mut case = nearly_locked();
    case.enter(CodeAnswer::Accepted).minutes(11).fact(verification(CodeVerification::Expired));
    // then guessing is counted from nothing: five spend a code and lock nothing.
    case.minutes(11).send_code(CodeMethod::Voice);
    guess(&mut case, 5);
    assert_eq!(case.refused(ADMIN, Command::EnterCode), Refused::CodeSpent);
    case.send_code(CodeMethod::Voice);
    // A right entry also lifts the lock that came with it.
    let mut case = nearly_locked();
    case.enter(CodeAnswer::Accepted);
    let used = case.onboarding.number_uses().next().expect("a number").1;
    assert_eq!(used.locked_until(), None);
}

#[test]
fn onboarding_code_guesses_follow_metas_own_lock() {
    let mut case = with_code();
    case.enter(CodeAnswer::TooManyGuesses);
    let until = case.now.plus_hours(12);
    case.until(shifted(until, -1));
    assert_eq!(case.refused(ADMIN, VOICE), Refused::NumberLocked { until });
    case.until(until).send_code(CodeMethod::Voice).enter(CodeAnswer::Accepted);
    // It never shortens a longer one of our own.
    let mut case = nearly_locked();
    case.policy.code.lock_hours = 48;
    let until = case.now.plus_hours(48);
    case.enter(CodeAnswer::TooManyGuesses);
    assert_eq!(case.refused(ADMIN, VOICE), Refused::NumberLocked { until });
}

#[test]
fn onboarding_code_ten_minutes_shows_the_code_that_renews_a_proof() {
    use whatsapp_inbox::onboarding::LiveCode;
    // Given a number whose proof has run out, when another code is asked for, then the brand is no longer told to ask for
    // one, and the code is shown once it was sent.
    let mut case = Case::open(Step::ActivateAccount);
    case.minutes(1).fact(verification(CodeVerification::Expired));
    assert!(matches!(case.status(Step::VerifyNumber), Status::NeedsAttention { .. }));
    case.minutes(1).does(ADMIN, VOICE);
    assert!(matches!(case.status(Step::VerifyNumber), Status::Open { .. }));
    case.reports(CodeSend::Sent);
    let shown = |case: &Case| -> Option<LiveCode> {
        case.onboarding.checklist(&case.policy.calendar, case.now).items.iter().find_map(|item| item.code)
    };
    assert_eq!(shown(&case).map(|code| code.expires_at), Some(case.now.plus_minutes(10)));
    assert!(case.allows(ADMIN, Kind::EnterCode));
    case.minutes(10);
    assert_eq!((shown(&case), case.allows(ADMIN, Kind::EnterCode)), (None, false));
    assert!(matches!(case.status(Step::VerifyNumber), Status::NeedsAttention { why: Attention::CodeExpired, .. }));
}
