//! What others decide: the brand on the provider's request, Meta on business, number and display name.

use whatsapp_inbox::decider::{Actor, Decider};
use whatsapp_inbox::onboarding::{
    Answer, Attention, Change, Command, Fact, Kind, Onboarding, Refused, Status, Step, StepSet,
};
use whatsapp_inbox::time::Instant;
use whatsapp_inbox::whatsapp::{
    BusinessVerification, CodeVerification, NameRejection, NameStatus, RequestStatus, ReviewDecision,
};

use crate::case::*;
use crate::status::*;

#[test]
fn onboarding_account_request_is_approved_by_whoever_tells_it_first() {
    // Given a request that waits for the brand since nine o'clock,
    let mut case = Case::open(Step::ApproveRequest);
    let (nine, asked) = (case.now, case.clone());
    assert_eq!(case.status(Step::ApproveRequest), open(nine));
    // when the brand tells that it approved it, it is done, and stays so when Meta tells it later;
    case.minutes(1).does(ADMIN, answer(Answer::Approved));
    let told = case.now;
    assert_eq!(case.status(Step::ApproveRequest), done(told, ADMIN));
    case.minutes(1).fact(request(ACCOUNT, RequestStatus::Approved));
    assert_eq!(case.status(Step::ApproveRequest), done(told, ADMIN));
    // when Meta dates it before the brand's word, Meta's is the first.
    case.fact_at(shifted(told, -1000), request(ACCOUNT, RequestStatus::Approved));
    assert_eq!(case.status(Step::ApproveRequest), done(shifted(told, -1000), META));
    // And the other way round: once Meta has told it, the brand has nothing to answer.
    let mut case = asked;
    case.minutes(1).fact(request(ACCOUNT, RequestStatus::Approved));
    assert_eq!(case.status(Step::ApproveRequest), done(case.now, META));
    let refused = Refused::AlreadyDone { step: Step::ApproveRequest, at: case.now };
    assert_eq!(case.refused(ADMIN, answer(Answer::Approved)), refused);
}

#[test]
fn onboarding_account_request_that_is_declined_is_created_again() {
    for by_brand in [true, false] {
        // Given a request,
        let mut case = Case::open(Step::ApproveRequest);
        // when it is declined, told by the brand or by Meta,
        case.minutes(1);
        if by_brand {
            case.does(ADMIN, answer(Answer::Declined));
        } else {
            case.fact(request(ACCOUNT, RequestStatus::Declined));
        }
        // then it waits for the provider,
        assert_eq!(case.status(Step::CreateAccount), wrong(case.now, Attention::RequestDeclined));
        assert_eq!(case.status(Step::ApproveRequest), locked(&[Step::CreateAccount]));
        let refused = case.refused(ADMIN, answer(Answer::Approved));
        let missing = StepSet::of(&[Step::CreateAccount]);
        assert_eq!(refused, Refused::OutOfOrder { step: Step::ApproveRequest, missing });
        // who may create another account or the same one again, and the old answer does not count for it.
        for account in [OTHER_ACCOUNT, ACCOUNT] {
            let mut case = case.clone();
            case.minutes(1).does(OPERATOR, create(account));
            assert_eq!(case.status(Step::ApproveRequest), open(case.now), "{account}");
            case.fact_at(shifted(case.now, -30_000), request(ACCOUNT, RequestStatus::Declined));
            assert_eq!(case.status(Step::ApproveRequest), open(case.now), "{account}");
            case.fact(request(account, RequestStatus::Approved));
            assert_eq!(case.status(Step::ApproveRequest), done(case.now, META), "{account}");
        }
    }
}

#[test]
fn onboarding_account_request_that_meta_takes_back_is_created_again() {
    use RequestStatus::{Cancelled, Expired, InProgress, Invalid, Pending, Unknown};
    for ended in [Cancelled, Expired, Invalid] {
        // Given a request, when Meta tells that it was cancelled, ran out or cannot be answered, then it needs another;
        let mut case = Case::open(Step::ApproveRequest);
        case.minutes(1).fact(request(ACCOUNT, ended.clone()));
        assert_eq!(case.status(Step::CreateAccount), wrong(case.now, Attention::RequestExpired), "{ended}");
        assert!(case.allows(OPERATOR, Kind::CreateAccount));
        assert!(!case.allows(ADMIN, Kind::AnswerRequest));
    }
    for waits in [Pending, InProgress, Unknown("WONDERING".into())] {
        // but not when Meta tells that it waits, or something that nobody knows,
        let mut case = Case::open(Step::ApproveRequest);
        let nine = case.now;
        case.minutes(1).fact(request(ACCOUNT, waits.clone()));
        assert_eq!(case.status(Step::ApproveRequest), open(nine), "{waits}");
    }
    // nor when it is about another account.
    let mut case = Case::open(Step::ApproveRequest);
    case.minutes(1).fact(request(OTHER_ACCOUNT, Cancelled));
    assert!(case.status(Step::CreateAccount).is_done());
}

/// A request for a number that is the brand's already, so that its claim does not lapse, and the end of its 90 days.
fn unanswered() -> (Case, Instant) {
    let mut case = Case::open(Step::CreateAccount);
    case.fact(verification(CodeVerification::Verified)).minutes(5).does(OPERATOR, create(ACCOUNT));
    let deadline = case.now.plus_days(90);
    (case, deadline)
}

#[test]
fn onboarding_account_request_lasts_90_days_to_the_millisecond() {
    // Given a request that nobody answers,
    let (mut case, deadline) = unanswered();
    let asked = case.now;
    assert_eq!(case.onboarding.next_deadline(), Some(deadline));
    // when the last of its 90 days is not quite over, it can be answered;
    case.until(shifted(deadline, -1));
    assert_eq!(case.status(Step::ApproveRequest), open(asked));
    case.clone().does(ADMIN, answer(Answer::Approved));
    // when it is over, it is locked, without anybody having called.
    case.until(deadline);
    assert_eq!(case.status(Step::CreateAccount), wrong(deadline, Attention::RequestExpired));
    assert_eq!(case.status(Step::ApproveRequest), locked(&[Step::CreateAccount]));
    let missing = StepSet::of(&[Step::CreateAccount]);
    let refused = Refused::OutOfOrder { step: Step::ApproveRequest, missing };
    assert_eq!(case.refused(ADMIN, answer(Answer::Approved)), refused);
    // The provider may create it again, which gives it 90 days more.
    case.does(OPERATOR, create(OTHER_ACCOUNT));
    assert_eq!(case.status(Step::ApproveRequest), open(deadline));
    assert_eq!(case.onboarding.next_deadline(), Some(deadline.plus_days(90)));
}

#[test]
fn onboarding_account_request_that_ran_out_is_recorded_once() {
    // Given a request that nobody answers, when time passes before its end, then nothing is recorded;
    let (mut case, deadline) = unanswered();
    let events = case.until(shifted(deadline, -1)).tries(Actor::System, Command::Tick).expect("a tick");
    assert_eq!(events, []);
    // at its end it is, once, and the view does not depend on it.
    case.until(deadline);
    let before = case.status(Step::CreateAccount);
    let events = case.tries(Actor::System, Command::Tick).expect("a tick");
    assert!(matches!(&events[..], [event] if matches!(event.change, Change::RequestExpired { .. })));
    assert_eq!(case.status(Step::CreateAccount), before);
    assert_eq!(case.tries(Actor::System, Command::Tick), Ok(Vec::new()));
    assert_eq!(case.onboarding.next_deadline(), None);
}

#[test]
fn onboarding_account_request_approved_in_time_counts_however_late_it_is_told() {
    // Given a request that ran out, recorded or not,
    for recorded in [true, false] {
        let (mut case, deadline) = unanswered();
        case.until(deadline.plus_minutes(1));
        if recorded {
            case.does(Actor::System, Command::Tick);
        }
        // when Meta tells that it had been approved just before,
        let in_time = shifted(deadline, -1);
        case.fact_at(in_time, request(ACCOUNT, RequestStatus::Approved));
        // then it was.
        assert_eq!(case.status(Step::ApproveRequest), done(in_time, META));
        assert!(case.status(Step::CreateAccount).is_done());
        assert_eq!(case.onboarding.next_deadline(), None);
    }
}

#[test]
fn onboarding_business_review_is_submitted_decided_and_submitted_again() {
    // Given a business that is to be verified,
    let mut case = Case::open(Step::VerifyBusiness);
    assert_eq!(case.status(Step::VerifyBusiness), open(case.now));
    // when the brand hands it in, Meta decides, since then, and there is nothing to hand in;
    case.minutes(1).does(ADMIN, Command::SubmitBusiness);
    let submitted = case.now;
    assert_eq!(case.status(Step::VerifyBusiness), in_review(submitted));
    let waits = Refused::InReview { step: Step::VerifyBusiness, since: submitted };
    assert_eq!(case.refused(ADMIN, Command::SubmitBusiness), waits);
    // told once more that it is pending, it is so since the first time;
    case.minutes(1).fact(business(BusinessVerification::Pending));
    assert_eq!(case.status(Step::VerifyBusiness), in_review(submitted));
    // when Meta turns it down, the brand hands it in again, and Meta decides again;
    case.minutes(60).fact(business(BusinessVerification::Rejected));
    let rejected = case.now;
    let why = Attention::BusinessNotVerified { verification: BusinessVerification::Rejected };
    assert_eq!(case.status(Step::VerifyBusiness), wrong(rejected, why));
    case.minutes(60).does(ADMIN, Command::SubmitBusiness);
    let again = case.now;
    assert_eq!(case.status(Step::VerifyBusiness), in_review(again));
    // a rejection from before, told late, does not touch the newer submission;
    case.minutes(1).fact_at(shifted(again, -1000), business(BusinessVerification::Rejected));
    assert_eq!(case.status(Step::VerifyBusiness), in_review(again));
    // one from after it does.
    let mut rejected = case.clone();
    rejected.fact(business(BusinessVerification::Rejected));
    assert!(matches!(rejected.status(Step::VerifyBusiness), Status::NeedsAttention { .. }));
    case.fact(business(BusinessVerification::Verified));
    assert_eq!(case.status(Step::VerifyBusiness), done(case.now, META));
}

#[test]
fn onboarding_business_review_decided_in_the_second_of_its_submission_is_decided() {
    // Given a business handed in at 9:01:00.700, when Meta's delivery, which tells whole seconds, dates its decision at
    // 9:01:00, then it is about that submission.
    let mut case = Case::open(Step::VerifyBusiness);
    case.until(shifted(case.now, 60_700)).does(ADMIN, Command::SubmitBusiness);
    let second = shifted(case.now, -700);
    case.fact_at(second, business(BusinessVerification::Rejected));
    assert!(matches!(case.status(Step::VerifyBusiness), Status::NeedsAttention { .. }));
}

#[test]
fn onboarding_business_review_goes_back_to_the_brand_or_is_taken_back() {
    use BusinessVerification::{Expired, Failed, Ineligible, NeedsMoreInformation, Rejected, Revoked};
    for verification in [NeedsMoreInformation, Rejected, Failed, Ineligible, Revoked, Expired] {
        for verified_before in [false, true] {
            // Given a business in review, or verified, when Meta wants more or says no, then the brand must act,
            let mut case = Case::open(Step::VerifyBusiness);
            case.does(ADMIN, Command::SubmitBusiness);
            if verified_before {
                case.minutes(1).fact(business(BusinessVerification::Verified));
            }
            case.minutes(1).fact(business(verification.clone()));
            let why = Attention::BusinessNotVerified { verification: verification.clone() };
            assert_eq!(case.status(Step::VerifyBusiness), wrong(case.now, why));
            // and what it hands in again is looked at again.
            case.minutes(1).does(ADMIN, Command::SubmitBusiness);
            assert_eq!(case.status(Step::VerifyBusiness), in_review(case.now));
        }
    }
}

#[test]
fn onboarding_business_review_is_not_moved_by_what_decides_nothing() {
    use BusinessVerification::{NotVerified, Pending, PendingSubmission, Unknown, Verified};
    for says_nothing in [NotVerified, PendingSubmission, Unknown("perhaps".into())] {
        for so_far in [None, Some(Pending), Some(Verified)] {
            // Given a business at any point, when Meta says what decides nothing, then it is where it was.
            let mut case = Case::open(Step::VerifyBusiness);
            case.minutes(1);
            if let Some(so_far) = so_far {
                case.fact(business(so_far));
            }
            let before = case.status(Step::VerifyBusiness);
            case.minutes(1).fact(business(says_nothing.clone()));
            assert_eq!(case.status(Step::VerifyBusiness), before, "{says_nothing}");
        }
    }
    // Nor by a decision about another business, or by a review told after the verification.
    let mut case = Case::open(Step::VerifyBusiness);
    let before = case.status(Step::VerifyBusiness);
    case.fact(Fact::BusinessVerification { business: manager(OTHER_BUSINESS), status: Verified });
    assert_eq!(case.status(Step::VerifyBusiness), before);
    case.fact(business(Verified)).minutes(1).fact(business(Pending));
    assert!(case.status(Step::VerifyBusiness).is_done());
}

#[test]
fn onboarding_business_review_may_end_before_the_brand_told_that_it_began() {
    // Given a business that Meta had verified before the brand told that it handed it in,
    let mut case = Case::open(Step::VerifyBusiness);
    case.minutes(10).does(ADMIN, Command::SubmitBusiness);
    let verified = shifted(case.now, -60_000);
    // when the fact comes, then it is verified since Meta did it;
    case.fact_at(verified, business(BusinessVerification::Verified));
    assert_eq!(case.status(Step::VerifyBusiness), done(verified, META));
    let refused = Refused::AlreadyDone { step: Step::VerifyBusiness, at: verified };
    assert_eq!(case.refused(ADMIN, Command::SubmitBusiness), refused);
    // even told before the step is open, it is done the moment it opens.
    let mut case = Case::open(Step::ApproveRequest);
    case.fact(business(BusinessVerification::Verified)).minutes(5);
    assert_eq!(case.status(Step::VerifyBusiness), locked(&[Step::ApproveRequest]));
    case.fact(request(ACCOUNT, RequestStatus::Approved));
    assert_eq!(case.status(Step::VerifyBusiness), done(case.now, META));
}

/// What a half of `ApproveNumber` comes to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Half {
    Met,
    Wrong,
    Review,
}

#[test]
fn onboarding_order_of_approve_number_needs_both_halves() {
    use NameStatus as N;
    use ReviewDecision as R;
    let unknown = || "PERHAPS".to_owned();
    let reviews = [
        (None, Half::Review),
        (Some(R::Approved), Half::Met),
        (Some(R::Rejected), Half::Wrong),
        (Some(R::Pending), Half::Review),
        (Some(R::Deferred), Half::Review),
        (Some(R::Unknown(unknown())), Half::Review),
    ];
    let names = [
        (None, Half::Review),
        (Some(N::Approved), Half::Met),
        (Some(N::AvailableWithoutReview), Half::Met),
        (Some(N::Declined), Half::Wrong),
        (Some(N::Expired), Half::Wrong),
        (Some(N::PendingReview), Half::Review),
        (Some(N::Absent), Half::Review),
        (Some(N::Unknown(unknown())), Half::Review),
    ];
    // Given every pair of decisions on number and display name, then the step is done with both alone, needs attention
    // with one that went wrong, and is in review otherwise.
    for (decision, number) in &reviews {
        for (status, shown) in &names {
            let mut case = Case::open(Step::VerifyBusiness);
            case.minutes(1);
            let facts = decision.clone().map(|decision| review(ACCOUNT, decision)).into_iter();
            for fact in facts.chain(status.clone().map(|status| name(NAME, status))) {
                case.fact(fact);
            }
            let found = match case.status(Step::ApproveNumber) {
                Status::Done { .. } => Half::Met,
                Status::NeedsAttention { .. } => Half::Wrong,
                Status::InReview { .. } => Half::Review,
                other => panic!("{other:?}"),
            };
            let wanted = match (number, shown) {
                (Half::Met, Half::Met) => Half::Met,
                (Half::Wrong, _) | (_, Half::Wrong) => Half::Wrong,
                _ => Half::Review,
            };
            assert_eq!(found, wanted, "{decision:?} {status:?}");
        }
    }
}

#[test]
fn onboarding_order_of_approve_number_follows_each_half_by_itself() {
    // Given a number whose name is declined, when both halves go well in the end, then it is done with the later one.
    let mut case = Case::open(Step::VerifyBusiness);
    let nine = case.now;
    assert_eq!(case.status(Step::ApproveNumber), in_review(nine));
    case.minutes(1).fact(name(NAME, NameStatus::Declined));
    let why = Attention::NameDeclined { rejection: Some(NameRejection::Format) };
    assert_eq!(case.status(Step::ApproveNumber), wrong(case.now, why));
    let nobody_acts = |case: &Case| !case.allows(ADMIN, Kind::RequestCode) && !case.allows(OPERATOR, Kind::Register);
    assert!(nobody_acts(&case) && case.allows(ADMIN, Kind::SubmitDetails));
    case.minutes(1).fact(name(NAME, NameStatus::Approved));
    assert_eq!(case.status(Step::ApproveNumber), in_review(nine), "the number is still being looked at");
    case.minutes(1).fact(review(ACCOUNT, ReviewDecision::Deferred));
    assert!(matches!(case.status(Step::ApproveNumber), Status::InReview { .. }));
    case.minutes(1).fact(review(ACCOUNT, ReviewDecision::Rejected));
    assert_eq!(case.status(Step::ApproveNumber), wrong(case.now, Attention::NumberRejected));
    case.minutes(1).fact(review(ACCOUNT, ReviewDecision::Approved));
    assert_eq!(case.status(Step::ApproveNumber), done(case.now, META));
    // A name of another number, or another name, decides nothing.
    let mut case = Case::open(Step::VerifyBusiness);
    case.fact(review(ACCOUNT, ReviewDecision::Approved)).fact(name(OTHER_NAME, NameStatus::Approved));
    assert_eq!(case.status(Step::ApproveNumber), in_review(nine));
    assert_eq!(case.onboarding, Onboarding::replay(&case.events));
}
