//! What starts over when details are revised, and what stays done.

use whatsapp_inbox::onboarding::{Command, Details, Fact, Kind, Refused, RegistrationAnswer, Status, Step, StepSet};
use whatsapp_inbox::rule::{Explain, Rule};
use whatsapp_inbox::whatsapp::{
    BusinessVerification, CodeVerification, NameStatus, NumberStatus, RequestStatus, ReviewDecision,
};

use crate::case::*;

const NUMBER_RESTARTS: StepSet =
    StepSet::of(&[Step::CreateAccount, Step::ApproveRequest, Step::ApproveNumber, Step::VerifyNumber]);
const BUSINESS_RESTARTS: StepSet = StepSet::of(&[Step::CreateAccount, Step::ApproveRequest, Step::VerifyBusiness]);
const NAME_RESTARTS: StepSet = StepSet::of(&[Step::ApproveNumber, Step::ObtainBadge]);

fn revisions() -> [(Details, StepSet); 4] {
    let all = NUMBER_RESTARTS.iter().chain(BUSINESS_RESTARTS.iter()).collect();
    [
        (details_of(OTHER_NUMBER, BUSINESS, NAME), NUMBER_RESTARTS),
        (details_of(NUMBER, OTHER_BUSINESS, NAME), BUSINESS_RESTARTS),
        (details_of(NUMBER, BUSINESS, OTHER_NAME), NAME_RESTARTS),
        (details_of(OTHER_NUMBER, OTHER_BUSINESS, OTHER_NAME), all),
    ]
}

fn revise(case: &mut Case, details: Details) -> &mut Case {
    case.minutes(1).does(ADMIN, Command::SubmitDetails(details))
}

/// Exactly these steps have started over.
#[track_caller]
fn restarted(before: &Case, after: &Case, restarts: StepSet) {
    let wanted = before.done().filter(|step| !restarts.contains(step));
    assert_eq!(after.done(), wanted, "{} of {} start over", restarts, before.done());
}

#[test]
fn onboarding_details_revise_restarts_nothing_before_the_account_is_created() {
    for (details, _) in revisions() {
        let before = Case::open(Step::CreateAccount);
        let mut case = before.clone();
        revise(&mut case, details);
        restarted(&before, &case, StepSet::EMPTY);
        // It goes on with what was submitted last.
        case.complete(Step::CreateAccount).complete(Step::ApproveRequest);
    }
}

#[test]
fn onboarding_details_revise_restarts_exactly_what_depends_on_what_was_revised() {
    let steps =
        [Step::ApproveRequest, Step::VerifyBusiness, Step::ApproveNumber, Step::VerifyNumber, Step::ActivateAccount];
    for (here, (details, restarts)) in steps.into_iter().flat_map(|here| revisions().map(|revision| (here, revision))) {
        // Given an onboarding that has come to some step, when its details are revised,
        let before = Case::open(here);
        let mut case = before.clone();
        revise(&mut case, details.clone());
        // then exactly the steps of the rule start over.
        restarted(&before, &case, restarts);
        // What was handed in before is back only as a new submission: everything that starts over stays open.
        let back = before.onboarding.clone();
        revise(&mut case, crate::case::details());
        restarted(&before, &case, restarts);
        assert_eq!((case.onboarding.number(), case.onboarding.display_name()), (back.number(), back.display_name()));
    }
}

#[test]
fn onboarding_details_revise_takes_the_same_details_again_as_nothing() {
    for step in [Step::CreateAccount, Step::ActivateAccount, Step::CompleteProfile] {
        let mut case = Case::open(step);
        let events = case.events.len();
        case.minutes(1).does(ADMIN, Command::SubmitDetails(details()));
        assert_eq!(case.events.len(), events, "at {step}");
    }
}

#[test]
fn onboarding_details_revise_registers_no_new_number_with_an_old_registration() {
    // Given a registered number, when another takes its place and goes the whole way, then it is registered anew.
    let mut case = Case::open(Step::ActivateAccount);
    case.register(RegistrationAnswer::Registered);
    revise(&mut case, details_of(OTHER_NUMBER, BUSINESS, NAME));
    let number = number(OTHER_NUMBER);
    case.does(OPERATOR, create(OTHER_ACCOUNT)).fact(request(OTHER_ACCOUNT, RequestStatus::Approved));
    case.fact(review(OTHER_ACCOUNT, ReviewDecision::Approved));
    case.fact(Fact::DisplayName { number, name: NAME.into(), status: NameStatus::Approved, reason: None });
    case.fact(Fact::NumberVerification { number, status: CodeVerification::Verified });
    assert_eq!(case.refused(OPERATOR, activate()), Refused::NotRegistered);
    // A late word about the old number does not register the new one.
    case.minutes(1).fact(number_status(NumberStatus::Connected));
    assert_eq!(case.refused(OPERATOR, activate()), Refused::NotRegistered);
    case.fact(Fact::NumberStatus { number, status: NumberStatus::Connected }).does(OPERATOR, activate());
}

#[test]
fn onboarding_details_revise_leaves_the_new_name_alone_whatever_is_said_of_the_old_one() {
    // Given a name that takes the place of one under review, or of an approved one,
    for here in [Step::ApproveNumber, Step::VerifyNumber] {
        for status in [NameStatus::Approved, NameStatus::Declined, NameStatus::Expired] {
            let mut case = Case::open(here);
            case.fact(review(ACCOUNT, ReviewDecision::Approved));
            revise(&mut case, details_of(NUMBER, BUSINESS, OTHER_NAME));
            let waits = case.status(Step::ApproveNumber);
            assert!(matches!(waits, Status::InReview { since, .. } if since == case.now), "{waits:?}");
            // when Meta decides on the old one, even later, then the new one waits as before,
            case.minutes(1).fact(name(NAME, status.clone()));
            assert_eq!(case.status(Step::ApproveNumber), waits, "{status}");
            // until Meta decides on it.
            case.minutes(1).fact(name(OTHER_NAME, NameStatus::Approved));
            assert!(case.done().contains(Step::ApproveNumber));
        }
    }
}

#[test]
fn onboarding_details_revise_counts_a_name_that_comes_back_as_a_new_one() {
    // Given a name that was approved, given up, and submitted again,
    let mut case = Case::open(Step::VerifyNumber);
    let first_decided = case.now;
    revise(&mut case, details_of(NUMBER, BUSINESS, OTHER_NAME));
    revise(&mut case, details());
    let again = case.now;
    assert!(!case.done().contains(Step::ApproveNumber));
    // when a decision of then arrives late, then it does not count, up to the second before the name came back,
    case.fact_at(first_decided, name(NAME, NameStatus::Declined));
    case.fact_at(shifted(again, -1), name(NAME, NameStatus::Approved));
    assert!(matches!(case.status(Step::ApproveNumber), Status::InReview { .. }));
    // and one from the instant on counts.
    case.fact_at(again, name(NAME, NameStatus::Approved));
    assert!(case.done().contains(Step::ApproveNumber));
}

#[test]
fn onboarding_details_revise_counts_a_number_that_comes_back_as_a_new_one() {
    // Given a number that was verified, given up, and submitted again, even with the same account,
    let mut case = Case::open(Step::ActivateAccount);
    let earlier = case.now;
    revise(&mut case, details_of(OTHER_NUMBER, BUSINESS, NAME));
    revise(&mut case, details());
    assert!(matches!(case.status(Step::CreateAccount), Status::Open { .. }));
    case.minutes(1).complete(Step::CreateAccount);
    // when everything that was decided on it before is told again as of then,
    case.fact_at(earlier, request(ACCOUNT, RequestStatus::Approved));
    assert!(matches!(case.status(Step::ApproveRequest), Status::Open { .. }));
    case.complete(Step::ApproveRequest);
    case.fact_at(earlier, review(ACCOUNT, ReviewDecision::Approved)).fact_at(earlier, name(NAME, NameStatus::Approved));
    // then it counts for nothing, and what is decided now does.
    assert!(!case.done().contains(Step::ApproveNumber));
    case.complete(Step::ApproveNumber).fact_at(earlier, verification(CodeVerification::Verified));
    assert!(!case.done().contains(Step::VerifyNumber));
    case.complete(Step::VerifyNumber);
    case.fact_at(earlier, number_status(NumberStatus::Connected));
    assert_eq!(case.refused(OPERATOR, activate()), Refused::NotRegistered);
    case.complete(Step::ActivateAccount);
}

#[test]
fn onboarding_details_revise_counts_a_business_that_comes_back_as_a_new_one() {
    let mut case = Case::open(Step::ActivateAccount);
    let earlier = case.now;
    revise(&mut case, details_of(NUMBER, OTHER_BUSINESS, NAME));
    // A decision on the old business does not touch the new one,
    case.minutes(1).fact(business(BusinessVerification::Verified));
    assert!(!case.done().contains(Step::VerifyBusiness));
    revise(&mut case, details());
    case.minutes(1).does(OPERATOR, create(OTHER_ACCOUNT)).fact(request(OTHER_ACCOUNT, RequestStatus::Approved));
    // nor does one of then the same business once it is submitted again.
    case.fact_at(earlier, business(BusinessVerification::Rejected));
    assert!(matches!(case.status(Step::VerifyBusiness), Status::Open { .. }));
    case.fact_at(earlier, business(BusinessVerification::Verified));
    assert!(!case.done().contains(Step::VerifyBusiness));
    case.complete(Step::VerifyBusiness);
    assert!(case.done().contains(Step::VerifyBusiness) && case.done().contains(Step::VerifyNumber));
}

#[test]
fn onboarding_details_revise_ignores_the_answer_to_an_earlier_request() {
    // Given a new number with a new account, when the brand's answer to the old request arrives,
    for status in [RequestStatus::Approved, RequestStatus::Declined, RequestStatus::Cancelled] {
        let mut case = Case::open(Step::ApproveRequest);
        revise(&mut case, details_of(OTHER_NUMBER, BUSINESS, NAME));
        case.does(OPERATOR, create(OTHER_ACCOUNT)).minutes(1).fact(request(ACCOUNT, status.clone()));
        // then the new request waits as before.
        assert!(matches!(case.status(Step::ApproveRequest), Status::Open { .. }), "{status}");
        case.fact(request(OTHER_ACCOUNT, RequestStatus::Approved));
        assert!(case.done().contains(Step::ApproveRequest));
    }
}

#[test]
fn onboarding_details_revise_changes_only_the_name_of_a_live_channel() {
    for step in [Step::CompleteProfile, Step::ObtainBadge, Step::AddTemplates] {
        let case = Case::open(step);
        let Status::Done { at: live, .. } = case.status(Step::ActivateAccount) else { panic!("not live") };
        for other in [
            details_of(OTHER_NUMBER, BUSINESS, NAME),
            details_of(NUMBER, OTHER_BUSINESS, NAME),
            details_of(OTHER_NUMBER, OTHER_BUSINESS, OTHER_NAME),
        ] {
            let refused = case.clone().refused(ADMIN, Command::SubmitDetails(other));
            assert_eq!(refused, Refused::NumberIsLive { at: live });
            assert_eq!(refused.rule(), Rule::OnboardingDetailsRevise);
        }
        let mut renamed = case.clone();
        revise(&mut renamed, details_of(NUMBER, BUSINESS, OTHER_NAME));
        restarted(&case, &renamed, NAME_RESTARTS);
    }
    // The badge is of the name: it is applied for anew, and the whole is complete again with both.
    let before = Case::complete_onboarding();
    let mut case = before.clone();
    revise(&mut case, details_of(NUMBER, BUSINESS, OTHER_NAME));
    restarted(&before, &case, NAME_RESTARTS);
    case.minutes(1).fact(name(OTHER_NAME, NameStatus::Approved)).complete(Step::ObtainBadge);
    assert!(case.onboarding.is_complete(case.now));
}

#[test]
fn onboarding_details_revise_waits_for_its_turn() {
    let missing = StepSet::of(&[Step::AcceptTerms]);
    let refused = Case::open(Step::AcceptTerms).refused(ADMIN, Command::SubmitDetails(details()));
    assert_eq!(refused, Refused::OutOfOrder { step: Step::SubmitDetails, missing });
}

#[test]
fn onboarding_details_revise_leaves_a_replaced_account_behind() {
    // Given a number that was approved in one account, and another account since, of another business,
    let mut case = Case::open(Step::VerifyNumber);
    case.minutes(1).does(ADMIN, Command::SubmitDetails(details_of(NUMBER, OTHER_BUSINESS, NAME)));
    case.does(OPERATOR, create(OTHER_ACCOUNT));
    assert!(case.status(Step::ApproveNumber).is_done());
    // when Meta turns the earlier account down afterwards, then the number is still approved;
    case.minutes(1).fact(review(ACCOUNT, ReviewDecision::Rejected));
    assert!(case.status(Step::ApproveNumber).is_done());
    // but not when it turns down the account in force.
    case.fact(review(OTHER_ACCOUNT, ReviewDecision::Rejected));
    assert!(!case.status(Step::ApproveNumber).is_done());
}

#[test]
fn onboarding_register_budget_keeps_an_open_call_of_a_number_that_comes_back() {
    // Given a registration that was begun and not answered, and another number submitted since,
    let mut case = Case::open(Step::ActivateAccount);
    case.does(OPERATOR, Command::Register);
    case.does(ADMIN, Command::SubmitDetails(details_of(OTHER_NUMBER, BUSINESS, NAME)));
    // when the first number comes back, then its call is still open.
    case.does(ADMIN, Command::SubmitDetails(details()));
    assert!(case.allows(GRAPH, Kind::ReportRegistration));
}

#[test]
fn onboarding_details_revise_registers_a_number_anew_in_another_account() {
    // Given a registered number, when another Business Manager is submitted for it, then it is registered in its account.
    let mut case = Case::open(Step::ActivateAccount);
    case.minutes(1).register(RegistrationAnswer::Registered);
    case.minutes(1).does(ADMIN, Command::SubmitDetails(details_of(NUMBER, OTHER_BUSINESS, NAME)));
    case.minutes(1).does(OPERATOR, create(OTHER_ACCOUNT)).fact(request(OTHER_ACCOUNT, RequestStatus::Approved));
    let (business, status) = (manager(OTHER_BUSINESS), BusinessVerification::Verified);
    case.minutes(1).fact(Fact::BusinessVerification { business, status });
    assert_eq!(case.refused(OPERATOR, activate()), Refused::NotRegistered);
    case.register(RegistrationAnswer::Registered).does(OPERATOR, activate());
}
