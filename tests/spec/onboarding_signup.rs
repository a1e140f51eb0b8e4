//! The embedded signup: what the brand comes back with, and until when its number is registered.

use whatsapp_inbox::decider::{Actor, Decider, Party};
use whatsapp_inbox::onboarding::{
    AccountNotice, Attention, Change, CodeAnswer, Command, Fact, Kind, NumberOrigin, Onboarding, Plan, Refused,
    RegistrationAnswer, SignupEnd, SignupNumber, Step, StepSet,
};
use whatsapp_inbox::whatsapp::{
    CodeMethod, CodeVerification, NumberStatus, RequestStatus, ReviewDecision, SignupScreen,
};

use crate::case::*;
use crate::onboarding_today::{added, due_by};
use crate::status::*;

/// The number as the signup left it.
fn found(origin: NumberOrigin, verification: CodeVerification) -> SignupNumber {
    SignupNumber::new(phone_number_id(PHONE_NUMBER), origin, verification)
}

fn signup(step: Step) -> Case {
    Case::open_in(Plan::EmbeddedSignup, step)
}

/// The brand comes back at nine with an account and its verified number, and the app is subscribed.
fn signed_up_with(origin: NumberOrigin) -> Case {
    let mut case = signup(Step::CompleteSignup);
    case.does(ADMIN, signed_up(Some(found(origin, CodeVerification::Verified)))).complete(Step::SubscribeApp);
    case
}

#[test]
fn onboarding_order_takes_the_signup_whole_or_in_part() {
    // Given a brand that comes back with account, number and code, then the number is verified without a code from here.
    let case = signed_up_with(NumberOrigin::Brand);
    for step in [Step::CompleteSignup, Step::AddNumber, Step::VerifyNumber] {
        assert_eq!(case.status(step), done(case.now, ADMIN), "{step}");
    }
    assert_eq!(case.onboarding.phone_number_id(), Some(&phone_number_id(PHONE_NUMBER)));
    assert_eq!(case.status(Step::ActivateAccount), open(case.now));
    // With a number that is not verified: its code is asked for and entered here.
    let mut unverified = signup(Step::CompleteSignup);
    unverified.does(ADMIN, signed_up(Some(found(NumberOrigin::Brand, CodeVerification::NotVerified))));
    assert_eq!(unverified.status(Step::AddNumber), done(unverified.now, ADMIN));
    assert_eq!(unverified.status(Step::VerifyNumber), open(unverified.now));
    unverified.send_code(CodeMethod::Voice).enter(CodeAnswer::Accepted);
    assert!(unverified.status(Step::VerifyNumber).is_done());
    // With an account and no number: that is no fault, and the provider adds the number.
    let mut without = signup(Step::CompleteSignup);
    without.does(ADMIN, signed_up(None));
    assert_eq!(without.status(Step::CompleteSignup), done(without.now, ADMIN));
    assert_eq!(without.status(Step::AddNumber), open(without.now));
    assert_eq!(without.status(Step::VerifyNumber), locked(&[Step::AddNumber]));
    assert_eq!(without.onboarding.phone_number_id(), None);
    let next = without.onboarding.checklist(&without.policy.calendar, without.now).next;
    assert!(next.iter().any(|next| (next.party, next.step) == (Party::Provider, Step::AddNumber)));
    without.minutes(1).does(OPERATOR, add_number(ACCOUNT));
    assert_eq!(without.status(Step::AddNumber), done(without.now, OPERATOR));
    assert_eq!(without.status(Step::VerifyNumber), open(without.now));
    // With nothing: where the brand left is kept, and it goes through the signup again.
    let mut left = signup(Step::CompleteSignup);
    for screen in SignupScreen::KNOWN {
        left.minutes(1).does(ADMIN, Command::EndSignup(SignupEnd::Abandoned { screen: screen.clone() }));
        assert_eq!(
            left.status(Step::CompleteSignup),
            wrong(left.now, Attention::SignupAbandoned { screen: screen.clone() })
        );
    }
    left.minutes(1).complete(Step::CompleteSignup);
    assert_eq!(left.status(Step::CompleteSignup), done(left.now, ADMIN));
}

#[test]
fn onboarding_actor_lets_the_brand_or_meta_tell_of_the_signup_whichever_comes_first() {
    // Given that Meta tells that the provider was let in, then the signup is done, and the brand tells it no more.
    let mut case = signup(Step::CompleteSignup);
    case.minutes(3).fact(request(ACCOUNT, RequestStatus::Approved));
    let told = case.now;
    assert_eq!(case.status(Step::CompleteSignup), done(told, META));
    // The brand may still tell what became of the number, once, and the signup is the one that Meta told of.
    let mut brand = case.clone();
    brand.minutes(1).does(ADMIN, signed_up(Some(found(NumberOrigin::Brand, CodeVerification::Verified))));
    assert_eq!(brand.status(Step::CompleteSignup), done(told, META));
    assert!(brand.status(Step::VerifyNumber).is_done());
    let again = brand.refused(ADMIN, signed_up(None));
    assert_eq!(again, Refused::AlreadyDone { step: Step::CompleteSignup, at: told });
    // Nor does it once the channel is live.
    let mut live = case.clone();
    live.fact(added(NumberOrigin::Brand)).fact(verification(CodeVerification::Verified));
    live.complete(Step::SubscribeApp).complete(Step::ActivateAccount);
    assert!(!live.allows(ADMIN, Kind::EndSignup));
    // Number and subscription are told by Meta as well, and by the provider.
    case.fact(added(NumberOrigin::Brand)).fact(Fact::AppSubscribed { account: waba(ACCOUNT) });
    assert_eq!(case.status(Step::AddNumber), done(case.now, META));
    assert_eq!(case.status(Step::SubscribeApp), done(case.now, META));
    // What is told of another account or another number touches nothing.
    let mut other = signup(Step::AddNumber);
    other.fact(Fact::AppSubscribed { account: waba(OTHER_ACCOUNT) });
    let phone_number = phone_number_id(PHONE_NUMBER);
    let (account, number) = (waba(ACCOUNT), number(OTHER_NUMBER));
    other.fact(Fact::NumberAdded { account, number, phone_number, origin: NumberOrigin::Brand });
    assert_eq!(other.status(Step::AddNumber), open(other.now));
    assert_eq!(other.status(Step::SubscribeApp), open(other.now));
}

#[test]
fn onboarding_activate_asks_for_a_registration_within_fourteen_days_of_the_signup_ninety_if_pre_verified() {
    for (origin, days) in [(NumberOrigin::Brand, 14), (NumberOrigin::PreVerified, 90)] {
        // Given a verified number of a signup at nine,
        let mut case = signed_up_with(origin);
        let (nine, last) = (case.now, case.now.plus_days(days));
        assert_eq!(origin.register_days(), days);
        assert_eq!(case.onboarding.register_by(), Some(last));
        assert_eq!(case.onboarding.next_deadline(), Some(last));
        // when it is one millisecond before the end, then it may be registered, and time changes nothing;
        case.until(shifted(last, -1));
        assert!(case.allows(OPERATOR, Kind::Register));
        assert_eq!(case.status(Step::CompleteSignup), done(nine, ADMIN));
        assert_eq!(due_by(&case, Step::ActivateAccount), Some(last));
        let mut in_time = case.clone();
        assert_eq!(in_time.tries(Actor::System, Command::Tick), Ok(vec![]));
        in_time.register(RegistrationAnswer::Registered).until(last);
        assert_eq!(in_time.status(Step::CompleteSignup), done(nine, ADMIN));
        assert_eq!((in_time.onboarding.register_by(), in_time.onboarding.next_deadline()), (None, None));
        assert_eq!(due_by(&in_time, Step::ActivateAccount), None);
        // at it, the signup is to be gone through again, whether or not anybody has recorded it,
        case.until(last);
        assert_eq!(due_by(&case, Step::ActivateAccount), None);
        assert_eq!(case.status(Step::CompleteSignup), wrong(last, Attention::SignupExpired));
        let missing = StepSet::of(&[Step::CompleteSignup]);
        assert_eq!(
            case.refused(OPERATOR, Command::Register),
            Refused::OutOfOrder { step: Step::ActivateAccount, missing }
        );
        // which is recorded once,
        let told = case.minutes(5).tries(Actor::System, Command::Tick).expect("time");
        let changes: Vec<&Change> = told.iter().map(|event| &event.change).collect();
        assert_eq!(changes, [&Change::SignupExpired { account: waba(ACCOUNT), expired_at: last }]);
        assert_eq!(case.tries(Actor::System, Command::Tick), Ok(vec![]));
        assert_eq!(case.status(Step::CompleteSignup), wrong(last, Attention::SignupExpired));
        // and the same account, signed up again, has as long again.
        case.does(ADMIN, signed_up(Some(found(origin, CodeVerification::Verified))));
        assert_eq!(case.status(Step::CompleteSignup), done(case.now, ADMIN));
        assert_eq!(case.onboarding.register_by(), Some(case.now.plus_days(days)));
        case.complete(Step::ActivateAccount);
        assert_eq!(case.onboarding, Onboarding::replay(&case.events));
    }
}

#[test]
fn onboarding_activate_takes_a_signup_that_is_told_again_as_the_same_until_its_days_are_over() {
    // Given a signup at nine, when it is told again a millisecond before its fourteen days are over, then they are not
    // longer for it; told at their end, it is another.
    let mut case = signup(Step::AddNumber);
    let last = case.now.plus_days(14);
    case.until(shifted(last, -1)).fact(request(ACCOUNT, RequestStatus::Approved));
    assert_eq!(case.onboarding.register_by(), Some(last));
    case.until(last).fact(request(ACCOUNT, RequestStatus::Approved));
    assert_eq!(case.onboarding.register_by(), Some(last.plus_days(14)));
    assert_eq!(case.status(Step::CompleteSignup), done(last, META));
    // Meta tells of every account of the business: one for another number takes nothing from this one.
    let mut other = signup(Step::ActivateAccount);
    let before = other.done();
    other.minutes(1).fact(request(OTHER_ACCOUNT, RequestStatus::Approved));
    assert_eq!(other.done(), before);
    assert_eq!(other.onboarding.accounts().last(), Some(&waba(ACCOUNT)));
    // Another account that the brand tells of is another signup at once, and the number is added, and registered, there.
    let mut moved = signup(Step::ActivateAccount);
    moved.register(RegistrationAnswer::Registered).minutes(1).fact(notice(AccountNotice::Offboarded));
    let account = waba(OTHER_ACCOUNT);
    moved.does(ADMIN, Command::EndSignup(SignupEnd::Completed { account, number: None }));
    assert_eq!(moved.onboarding.register_by(), Some(moved.now.plus_days(14)));
    assert_eq!(moved.status(Step::AddNumber), open(moved.now));
    assert_eq!(moved.status(Step::SubscribeApp), open(moved.now));
    for act in [add_number, subscribe] {
        assert_eq!(moved.refused(OPERATOR, act(ACCOUNT)), Refused::OtherAccount);
        moved.does(OPERATOR, act(OTHER_ACCOUNT));
    }
    assert!(moved.allows(OPERATOR, Kind::Register) && !moved.allows(OPERATOR, Kind::Activate));
    moved.register(RegistrationAnswer::Registered).does(OPERATOR, activate());
}

#[test]
fn onboarding_activate_counts_a_number_that_is_connected_as_registered_in_time() {
    // Given a number that was connected when the signup was gone through, then no days run; nor once Meta says it is.
    let mut before = signup(Step::CompleteSignup);
    before.fact(number_status(NumberStatus::Connected)).minutes(1).complete(Step::CompleteSignup);
    assert_eq!(before.onboarding.register_by(), None);
    let mut after = signup(Step::AddNumber);
    after.days(20).fact(number_status(NumberStatus::Connected));
    assert_eq!(after.onboarding.register_by(), None);
    assert!(after.status(Step::CompleteSignup).is_done());
    // One that is live or withdrawn has none either.
    let mut live = signup(Step::CompleteProfile);
    assert_eq!(live.days(15).onboarding.register_by(), None);
    assert!(live.status(Step::CompleteSignup).is_done());
    let mut withdrawn = signup(Step::AddNumber);
    withdrawn.does(ADMIN, Command::Withdraw);
    assert_eq!((withdrawn.onboarding.register_by(), withdrawn.onboarding.next_deadline()), (None, None));
}

#[test]
fn onboarding_details_revise_by_the_signup_restarts_what_depends_on_what_was_revised() {
    let all: StepSet = Step::ALL.into_iter().collect();
    let revised = |details| {
        let mut case = signup(Step::ActivateAccount);
        case.complete(Step::VerifyBusiness).complete(Step::ApproveNumber);
        let before = case.done();
        case.minutes(1).does(ADMIN, Command::SubmitDetails(details));
        let lost = all.filter(|step| before.contains(step) && !case.done().contains(step));
        (case, lost)
    };
    // Given a new number, then it is added, verified and reviewed; the account is the business's and stays.
    let (mut case, lost) = revised(details_of(OTHER_NUMBER, BUSINESS, NAME));
    assert_eq!(lost, StepSet::of(&[Step::AddNumber, Step::VerifyNumber, Step::ApproveNumber]));
    case.does(OPERATOR, add_number(ACCOUNT));
    assert_eq!(case.status(Step::VerifyNumber), open(case.now));
    // Given a new business, then it goes through the signup itself.
    let (case, lost) = revised(details_of(NUMBER, OTHER_BUSINESS, NAME));
    let wanted = [Step::CompleteSignup, Step::AddNumber, Step::SubscribeApp, Step::VerifyBusiness];
    assert!(wanted.iter().all(|step| lost.contains(*step)), "{lost}");
    assert_eq!(case.status(Step::CompleteSignup), open(case.now));
    // Given a new name, then its half alone.
    let (_, lost) = revised(details_of(NUMBER, BUSINESS, OTHER_NAME));
    assert_eq!(lost, StepSet::of(&[Step::ApproveNumber]));
}

#[test]
fn onboarding_account_request_lets_a_lost_account_be_signed_up_again() {
    // Given an account that is deleted or turned down before it is active, then the brand signs up another.
    for fact in [notice(AccountNotice::Deleted), review(ACCOUNT, ReviewDecision::Rejected)] {
        let mut case = signup(Step::ActivateAccount);
        assert!(!case.allows(ADMIN, Kind::EndSignup));
        case.minutes(1).fact(fact);
        assert!(case.allows(ADMIN, Kind::EndSignup));
        let account = waba(OTHER_ACCOUNT);
        let number = Some(found(NumberOrigin::Brand, CodeVerification::Verified));
        case.minutes(1).does(ADMIN, Command::EndSignup(SignupEnd::Completed { account, number }));
        assert!(!case.allows(ADMIN, Kind::EndSignup));
        case.does(OPERATOR, subscribe(OTHER_ACCOUNT)).complete(Step::ActivateAccount);
        assert_eq!(case.onboarding.accounts().last(), Some(&waba(OTHER_ACCOUNT)));
    }
}
