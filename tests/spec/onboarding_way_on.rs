//! There is always a way on: no onboarding ends in a state that nobody can leave.

use std::cell::Cell;

use proptest::prelude::*;
use whatsapp_inbox::decider::Decider;
use whatsapp_inbox::id::OnboardingId;
use whatsapp_inbox::onboarding::{
    AccountNotice, Attention, Fact, Kind, Onboarding, Plan, Refused, RegistrationAnswer, Status, Step,
};
use whatsapp_inbox::testing::{History, histories};
use whatsapp_inbox::time::Calendar;
use whatsapp_inbox::whatsapp::{NameStatus, RequestStatus, ReviewDecision};

use crate::case::*;
use crate::random::runner;
use crate::status::*;

/// Whether somebody may act on what is left, by something else than starting over with other details or giving up.
fn somebody_acts(history: &History) -> bool {
    let (onboarding, now) = (&history.onboarding, history.now);
    let [admin, operator, meta, ..] = history.subjects.actors;
    let allowed = [admin, operator, meta].into_iter().flat_map(|actor| onboarding.allowed(actor, now));
    let leads_on = |kind: Kind| match kind {
        Kind::Observe | Kind::Tick | Kind::Withdraw | Kind::ReleaseNumber | Kind::SubmitDetails => false,
        // An account may be replaced, although to have created it is done.
        Kind::CreateAccount | Kind::RequestAccount | Kind::EndSignup => true,
        kind => kind.step().is_none_or(|step| !onboarding.is_done(step, now)),
    };
    allowed.filter(|kind| leads_on(*kind)).count() > 0
}

/// Whether a review, other details or an instant that has been told leads on.
fn something_is_awaited(history: &History) -> bool {
    let items = history.onboarding.checklist(&Calendar::default(), history.now).items;
    let live = history.onboarding.channel().is_some();
    let awaited = items.iter().any(|item| match &item.status {
        Status::InReview { .. } => true,
        Status::Open { .. } => item.step == Step::SubmitDetails,
        // A live channel keeps its account: what Meta takes from it, only Meta gives back.
        Status::NeedsAttention { why: Attention::NumberRejected, .. } => live,
        Status::NeedsAttention { why, .. } => matches!(
            why,
            Attention::NumberReleased
                | Attention::NameDeclined { .. }
                | Attention::NameExpired
                | Attention::NumberLocked { .. }
        ),
        _ => false,
    });
    let [_, operator, ..] = history.subjects.actors;
    let tells_an_instant = |(actor, kind)| {
        use Refused::{BadgeTooSoon, NumberLocked, RegistrationBudget, TooManyCodes};
        let refused = history.clone().give(actor, history.command(kind, 0));
        matches!(
            refused,
            Err(NumberLocked { .. } | TooManyCodes { .. } | RegistrationBudget { .. } | BadgeTooSoon { .. })
        )
    };
    let kinds = [Kind::Register, Kind::ApplyForBadge].map(|kind| (operator, kind));
    awaited
        || tells_an_instant((history.subjects.actors[0], Kind::RequestCode))
        || kinds.into_iter().any(tells_an_instant)
}

#[test]
fn onboarding_order_always_leaves_a_way_on() {
    let unfinished = Cell::new(0);
    let law = |history: History| {
        let list = history.onboarding.checklist(&Calendar::default(), history.now);
        // Another organisation's is led on by its own people.
        let ours = |id: OnboardingId| id.organisation() == history.subjects.organisation[0];
        if list.onboarding.is_none_or(ours)
            && list.withdrawn_at.is_none()
            && !history.onboarding.is_complete(history.now)
        {
            unfinished.set(unfinished.get() + 1);
            let items = list.items.iter().map(|item| (item.step, &item.status)).collect::<Vec<_>>();
            prop_assert!(somebody_acts(&history) || something_is_awaited(&history), "{items:#?}");
        }
        Ok(())
    };
    runner(3000).run(&histories(60), law).unwrap();
    assert!(unfinished.get() > 1000, "{unfinished:?}");
}

#[test]
fn onboarding_complete_is_reached_by_histories_of_every_plan() {
    let complete = Cell::new([0_u32; Plan::ALL.len()]);
    let law = |history: History| {
        let mut counted = complete.get();
        for (plan, count) in Plan::ALL.iter().zip(&mut counted) {
            let reached = history.onboarding.is_complete(history.now);
            *count += u32::from(reached && history.onboarding.plan() == *plan);
        }
        complete.set(counted);
        Ok(())
    };
    runner(600).run(&histories(0), law).unwrap();
    assert!(complete.get().iter().all(|count| *count >= 6), "{complete:?}");
}

#[test]
fn onboarding_account_request_replaces_an_account_that_is_lost_before_it_is_active() {
    // Given a registered number whose account is deleted, then the provider creates another,
    let mut case = Case::open(Step::ActivateAccount);
    case.register(RegistrationAnswer::Registered).minutes(1).fact(notice(AccountNotice::Deleted));
    assert!(case.allows(OPERATOR, Kind::CreateAccount));
    // the same one again is lost as before,
    let mut same = case.clone();
    same.minutes(1).does(OPERATOR, create(ACCOUNT)).fact(request(ACCOUNT, RequestStatus::Approved));
    assert!(matches!(same.status(Step::ActivateAccount), Status::NeedsAttention { why: Attention::AccountLost, .. }));
    // and of another one the brand is asked anew, and the number is registered in it.
    case.minutes(1).does(OPERATOR, create(OTHER_ACCOUNT));
    assert_eq!(case.status(Step::ApproveRequest), open(case.now));
    assert!(!case.allows(OPERATOR, Kind::CreateAccount));
    case.minutes(1).fact(request(OTHER_ACCOUNT, RequestStatus::Approved));
    assert!(!case.allows(OPERATOR, Kind::Activate));
    case.register(RegistrationAnswer::Registered).does(OPERATOR, activate());
    assert_eq!(case.onboarding, Onboarding::replay(&case.events));
    // Once the channel is live, the account is the channel's.
    case.minutes(1).fact(Fact::Account { account: waba(OTHER_ACCOUNT), notice: AccountNotice::Deleted });
    assert!(!case.allows(OPERATOR, Kind::CreateAccount));
}

#[test]
fn onboarding_account_request_replaces_an_account_that_meta_turned_down() {
    // Given an account that Meta's review turned down, then the provider creates another, or the same again,
    for account in [ACCOUNT, OTHER_ACCOUNT] {
        let mut case = Case::open(Step::ApproveNumber);
        case.minutes(1).fact(name(NAME, NameStatus::Approved)).fact(review(ACCOUNT, ReviewDecision::Rejected));
        assert_eq!(case.status(Step::ApproveNumber), wrong(case.now, Attention::NumberRejected));
        case.minutes(1).does(OPERATOR, create(account));
        // which the brand approves and Meta looks at.
        case.minutes(1).fact(request(account, RequestStatus::Approved));
        assert!(matches!(case.status(Step::ApproveNumber), Status::InReview { .. }), "{account}");
        case.minutes(1).fact(review(account, ReviewDecision::Approved));
        assert!(case.status(Step::ApproveNumber).is_done() && case.allows(ADMIN, Kind::RequestCode));
        assert!(!case.allows(OPERATOR, Kind::CreateAccount));
    }
    // One that is well is not replaced.
    assert!(!Case::open(Step::ApproveNumber).allows(OPERATOR, Kind::CreateAccount));
}
