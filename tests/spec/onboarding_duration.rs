//! What is expected when, in the caller's calendar.

use whatsapp_inbox::chrono::{NaiveDate, Weekday};
use whatsapp_inbox::onboarding::{Checklist, Command, Item, RegistrationAnswer, Step};
use whatsapp_inbox::time::Calendar;
use whatsapp_inbox::whatsapp::{NameStatus, ReviewDecision};

use crate::case::*;

fn day(text: &str) -> NaiveDate {
    text.parse().expect(text)
}

fn item(checklist: &Checklist, step: Step) -> &Item {
    checklist.items.iter().find(|item| item.step == step).expect("the step is in the plan")
}

/// The days of a step, as `earliest latest`, and whether it is overdue.
fn expected(case: &Case, calendar: &Calendar, step: Step) -> (String, bool) {
    let checklist = case.onboarding.checklist(calendar, case.now);
    let item = item(&checklist, step);
    let days = item.expected.map_or("–".to_owned(), |days| format!("{} {}", days.earliest, days.latest));
    (days, item.overdue)
}

fn live(case: &Case, calendar: &Calendar) -> String {
    let live = case.onboarding.checklist(calendar, case.now).live;
    live.map_or("–".to_owned(), |days| format!("{} {}", days.earliest, days.latest))
}

#[test]
fn onboarding_duration_of_a_review_is_one_to_two_business_days_after_its_local_date() {
    let usual = Calendar::default();
    let gulf = Calendar::new(&[Weekday::Fri, Weekday::Sat], &[], 240).expect("a calendar");
    let holidays = Calendar::new(&[Weekday::Sat, Weekday::Sun], &[day("2026-01-06")], 0).expect("a calendar");
    let west = Calendar::new(&[Weekday::Sat, Weekday::Sun], &[], -480).expect("a calendar");
    // Given a business that is handed in at an instant, in a calendar, then Meta is expected to decide between two days,
    // and is overdue from the end of the second, to the millisecond.
    let table = [
        (&usual, "2026-01-05T09:00:00Z", "2026-01-06 2026-01-07", "2026-01-08T00:00:00Z"),
        (&usual, "2026-01-08T23:59:59.999Z", "2026-01-09 2026-01-12", "2026-01-13T00:00:00Z"),
        (&usual, "2026-01-09T09:00:00Z", "2026-01-12 2026-01-13", "2026-01-14T00:00:00Z"),
        (&usual, "2026-01-10T09:00:00Z", "2026-01-12 2026-01-13", "2026-01-14T00:00:00Z"),
        (&holidays, "2026-01-05T09:00:00Z", "2026-01-07 2026-01-08", "2026-01-09T00:00:00Z"),
        (&gulf, "2026-01-07T19:59:59.999Z", "2026-01-08 2026-01-11", "2026-01-11T20:00:00Z"),
        (&gulf, "2026-01-07T20:00:00Z", "2026-01-11 2026-01-12", "2026-01-12T20:00:00Z"),
        (&west, "2026-01-06T07:59:59.999Z", "2026-01-06 2026-01-07", "2026-01-08T08:00:00Z"),
        (&west, "2026-01-06T08:00:00Z", "2026-01-07 2026-01-08", "2026-01-09T08:00:00Z"),
    ];
    for (calendar, since, days, overdue) in table {
        let mut case = Case::open(Step::VerifyBusiness);
        case.until(at(since)).does(ADMIN, Command::SubmitBusiness);
        assert_eq!(expected(&case, calendar, Step::VerifyBusiness), (days.to_owned(), false), "{since}");
        case.until(shifted(at(overdue), -1));
        assert_eq!(expected(&case, calendar, Step::VerifyBusiness), (days.to_owned(), false), "{since}");
        case.until(at(overdue));
        assert_eq!(expected(&case, calendar, Step::VerifyBusiness), (days.to_owned(), true), "{since}");
    }
}

#[test]
fn onboarding_duration_of_what_brand_or_provider_do_is_never_overdue() {
    use Step::{ActivateAccount, CompleteProfile, ObtainBadge, SignAgreement, SubmitDetails, VerifyBusiness};
    for step in [SignAgreement, SubmitDetails, VerifyBusiness, ActivateAccount, CompleteProfile, ObtainBadge] {
        // Given a step that waits for brand or provider, when a year passes, it is expected from today on, and not overdue.
        let mut case = Case::open(step);
        case.until(at("2027-01-05T09:00:00Z"));
        let (days, overdue) = expected(&case, &Calendar::default(), step);
        assert!(days.starts_with("2027-01-0") && !overdue, "{step} {days}");
    }
}

#[test]
fn onboarding_duration_of_what_is_done_is_told_no_more() {
    let case = Case::complete_onboarding();
    let checklist = case.onboarding.checklist(&Calendar::default(), case.now.plus_days(365));
    assert!(checklist.items.iter().all(|item| item.expected.is_none() && !item.overdue));
    assert_eq!((checklist.live, checklist.complete), (None, None));
    assert!(
        checklist.items.iter().all(|item| item.span.from == day("2026-01-05") && item.span.until == day("2026-01-05"))
    );
}

#[test]
fn onboarding_duration_until_live_is_the_longest_path_through_what_is_left() {
    let usual = Calendar::default();
    // Monday: all but the two reviews takes minutes; both take one to two days, side by side.
    let mut case = Case::new();
    assert_eq!(live(&case, &usual), "2026-01-06 2026-01-07");
    // On Saturday what brand and provider do begins on Monday, and the reviews the day after.
    case.until(at("2026-01-10T09:00:00Z"));
    assert_eq!(live(&case, &usual), "2026-01-13 2026-01-14");
    // Badge and templates hold nothing back, but completing waits for them: a review after the account is live.
    let checklist = Case::new().onboarding.checklist(&usual, at("2026-01-05T09:00:00Z"));
    let complete = checklist.complete.expect("not complete");
    assert_eq!((complete.earliest, complete.latest), (day("2026-01-07"), day("2026-01-09")));
    // Asked for on Monday and not handed in by Thursday, the business is the longer path: Friday to Monday.
    let mut case = Case::open(Step::VerifyBusiness);
    case.until(at("2026-01-08T09:00:00Z"));
    assert_eq!(live(&case, &usual), "2026-01-09 2026-01-12");
    // With the business verified on Monday, number and name are what is left, from Monday on;
    let mut case = Case::open(Step::ApproveNumber);
    assert_eq!(live(&case, &usual), "2026-01-06 2026-01-07");
    // on Tuesday it is the same, on Wednesday it can only be Wednesday any more,
    assert_eq!(live(case.until(at("2026-01-06T09:00:00Z")), &usual), "2026-01-06 2026-01-07");
    assert_eq!(live(case.until(at("2026-01-07T09:00:00Z")), &usual), "2026-01-07 2026-01-07");
    // on Thursday it is overdue, and pushes what comes after it before it: today, and on Saturday the next Monday.
    assert_eq!(live(case.until(at("2026-01-08T00:00:00Z")), &usual), "2026-01-08 2026-01-08");
    assert_eq!(live(case.until(at("2026-01-10T09:00:00Z")), &usual), "2026-01-12 2026-01-12");
    let days = ("2026-01-06 2026-01-07".to_owned(), true);
    assert_eq!(expected(&case, &usual, Step::ApproveNumber), days, "what was expected of it stays");
    assert_eq!(expected(&case, &usual, Step::VerifyNumber).0, "2026-01-12 2026-01-12");
    // One half declined on Monday: the brand may submit another name today, which takes a review.
    let mut case = Case::open(Step::ApproveNumber);
    case.fact(review(ACCOUNT, ReviewDecision::Approved)).fact(name(NAME, NameStatus::Declined));
    assert_eq!(live(&case, &usual), "2026-01-06 2026-01-07");
    assert_eq!(live(case.until(at("2026-01-09T09:00:00Z")), &usual), "2026-01-12 2026-01-13");
    // Once only minutes are left, it is today; once it is live, there is nothing to expect.
    let mut case = Case::open(Step::VerifyNumber);
    assert_eq!(live(&case, &usual), "2026-01-05 2026-01-05");
    case.complete(Step::VerifyNumber).register(RegistrationAnswer::Registered);
    assert_eq!(live(&case, &usual), "2026-01-05 2026-01-05");
    case.does(OPERATOR, activate());
    assert_eq!(live(&case, &usual), "–");
}

#[test]
fn onboarding_duration_counts_the_lock_of_a_number() {
    // Given a number that Meta has locked late on Friday evening, then its code is expected on Monday.
    let mut case = Case::open(Step::VerifyNumber);
    case.until(at("2026-01-09T18:00:00Z")).send_code(whatsapp_inbox::whatsapp::CodeMethod::Voice);
    case.enter(whatsapp_inbox::onboarding::CodeAnswer::TooManyGuesses);
    assert_eq!(expected(&case, &Calendar::default(), Step::VerifyNumber).0, "2026-01-12 2026-01-12");
    assert_eq!(live(&case, &Calendar::default()), "2026-01-12 2026-01-12");
}

#[test]
fn onboarding_duration_until_live_goes_through_what_was_started_over() {
    // Given a verified number whose display name is submitted anew, then its review is what is left, and what waits for it
    // is not expected before.
    let usual = Calendar::default();
    let mut case = Case::open(Step::ActivateAccount);
    assert_eq!(live(&case, &usual), "2026-01-05 2026-01-05");
    case.does(ADMIN, Command::SubmitDetails(details_of(NUMBER, BUSINESS, OTHER_NAME)));
    assert_eq!(expected(&case, &usual, Step::ApproveNumber).0, "2026-01-06 2026-01-07");
    assert_eq!(live(&case, &usual), "2026-01-06 2026-01-07");
    assert_eq!(expected(&case, &usual, Step::ActivateAccount).0, "2026-01-06 2026-01-07");
    // What stays done keeps nothing waiting: on a live channel the profile is expected today all the same.
    let mut case = Case::open(Step::CompleteProfile);
    case.does(ADMIN, Command::SubmitDetails(details_of(NUMBER, BUSINESS, OTHER_NAME)));
    assert_eq!(expected(&case, &usual, Step::CompleteProfile).0, "2026-01-05 2026-01-05");
    assert_eq!(live(&case, &usual), "–");
}
