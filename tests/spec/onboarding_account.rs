//! What befalls the account as a whole, and giving up.

use whatsapp_inbox::decider::{Actor, Claim, ClaimChange, Decider};
use whatsapp_inbox::onboarding::{
    AccountNotice, Attention, Command, Fact, Kind, Notice, Onboarding, Refused, RegistrationAnswer, Step,
};
use whatsapp_inbox::whatsapp::{NameStatus, RequestStatus, Restriction};

use crate::case::*;
use crate::status::*;

fn notices(case: &Case) -> Vec<Notice> {
    case.onboarding.checklist(&case.policy.calendar, case.now).notices
}

/// What takes the account away, and what gives it back.
fn losses() -> Vec<(Fact, Option<Fact>)> {
    use AccountNotice::{AccessRemoved, BanLifted, Banned, Deleted, Offboarded, Reconnected};
    vec![
        (notice(Banned), Some(notice(BanLifted))),
        (notice(Offboarded), Some(notice(Reconnected))),
        (notice(AccessRemoved), Some(request(ACCOUNT, RequestStatus::Approved))),
        (notice(Deleted), None),
    ]
}

#[test]
fn onboarding_activate_waits_while_the_account_is_lost() {
    for (loss, lifting) in losses() {
        // Given an account that could be activated, when it is lost,
        let mut case = Case::open(Step::ActivateAccount);
        case.register(RegistrationAnswer::Registered).minutes(1).fact(loss.clone());
        let since = case.now;
        // then that is what the step needs mended, nobody registers or activates, and the checklist says so;
        assert_eq!(case.status(Step::ActivateAccount), wrong(since, Attention::AccountLost));
        assert_eq!(case.refused(OPERATOR, activate()), Refused::AccountLost { since });
        assert_eq!(case.refused(OPERATOR, Command::Register), Refused::AccountLost { since });
        assert_eq!(notices(&case), [Notice::Lost { since }]);
        // told again, it is so since the first time;
        case.minutes(1).fact(loss);
        assert_eq!(notices(&case), [Notice::Lost { since }]);
        // what lifts it lifts it, and what lifts something else does not.
        for (_, other) in losses().into_iter().filter(|(_, other)| *other != lifting) {
            let mut case = case.clone();
            case.minutes(1).does(META, observe(9, other.unwrap_or_else(|| notice(AccountNotice::BanScheduled))));
            assert_eq!(notices(&case), [Notice::Lost { since }]);
        }
        if let Some(lifting) = lifting {
            case.minutes(1).fact(lifting);
            assert_eq!(notices(&case), []);
            case.does(OPERATOR, activate());
        }
    }
}

fn observe(id: u128, fact: Fact) -> Command {
    use whatsapp_inbox::{id::FactId, uuid::Uuid};
    Command::Observe { id: FactId::new(Uuid::from_u128(id)), at: None, fact }
}

#[test]
fn onboarding_activate_waits_until_every_loss_is_lifted() {
    // Given an account that is lost for two reasons, in every order of losing and lifting,
    let all = losses();
    for (first, (lost_first, lift_first)) in all.iter().enumerate() {
        for (second, (lost_second, lift_second)) in all.iter().enumerate() {
            if first == second {
                continue;
            }
            for first_lifted_first in [true, false] {
                let mut case = Case::open(Step::ActivateAccount);
                case.minutes(1).fact(lost_first.clone());
                let since = case.now;
                case.minutes(1).fact(lost_second.clone());
                let since_second = case.now;
                assert_eq!(notices(&case), [Notice::Lost { since }], "lost since the first");
                // when one is lifted, it is lost because of the other; when both are, it is not lost.
                let (lifted, other, left) = if first_lifted_first {
                    (lift_first, lift_second, since_second)
                } else {
                    (lift_second, lift_first, since)
                };
                let Some(lifted) = lifted else { continue };
                case.minutes(1).fact(lifted.clone());
                assert_eq!(notices(&case), [Notice::Lost { since: left }], "{lost_first:?} {lost_second:?} {lifted:?}");
                let Some(other) = other else { continue };
                case.minutes(1).fact(other.clone());
                assert_eq!(notices(&case), [], "{lost_first:?} {lost_second:?}");
            }
        }
    }
}

#[test]
fn onboarding_activate_tells_a_later_loss_and_restrictions_as_notices() {
    // Given a live channel, when its account is banned, it stays live, and the checklist says so;
    let mut case = Case::complete_onboarding();
    let live = case.now;
    case.minutes(1).fact(notice(AccountNotice::Banned));
    assert_eq!(case.status(Step::ActivateAccount), done(live, OPERATOR));
    assert_eq!(notices(&case), [Notice::Lost { since: case.now }]);
    case.minutes(1).fact(notice(AccountNotice::BanLifted));
    // when something is not allowed to it until an instant, it says so until the millisecond before that;
    let (since, until) = (case.now, case.now.plus_days(1));
    let restriction = Restriction::BusinessInitiatedMessaging;
    let restricted = |until| notice(AccountNotice::Restricted { restriction: restriction.clone(), until });
    case.fact(restricted(Some(until)));
    let told = Notice::Restricted { restriction: restriction.clone(), since, until: Some(until) };
    assert_eq!(notices(case.until(shifted(until, -1))), [told]);
    assert_eq!(notices(case.until(until)), []);
    // without an end, it says so for good; another account's restriction is none of ours.
    case.fact(restricted(None));
    assert_eq!(notices(case.days(1000)).len(), 1);
    case.minutes(1).fact(restricted(None));
    assert_eq!(notices(&case).len(), 1, "told again, it stands once");
    let mut case = Case::complete_onboarding();
    case.fact(Fact::Account { account: waba(OTHER_ACCOUNT), notice: AccountNotice::Deleted });
    case.fact(notice(AccountNotice::BanScheduled));
    assert_eq!(notices(&case), []);
}

#[test]
fn onboarding_withdraw_by_brand_or_provider_before_activation() {
    for actor in [ADMIN, OPERATOR] {
        // Given an onboarding at any point before activation, when brand or provider give it up,
        for step in [Step::SignAgreement, Step::SubmitDetails, Step::VerifyBusiness, Step::ActivateAccount] {
            let mut case = Case::open(step);
            case.minutes(1);
            let events = case.tries(actor, Command::Withdraw).expect("withdrawn");
            // then the number is free again, if it was held,
            let released: Vec<ClaimChange> = events.iter().flat_map(Onboarding::claims).collect();
            let held = !matches!(step, Step::SignAgreement | Step::SubmitDetails);
            let number = held.then_some(ClaimChange::Released(Claim::Number(number(NUMBER))));
            assert_eq!(released, Vec::from_iter(number), "{step}");
            // and nobody may do anything but tell facts.
            let at = case.now;
            case.minutes(1);
            assert_eq!(case.refused(actor, Command::Withdraw), Refused::Withdrawn { at });
            for (actor, kinds) in
                [(ADMIN, vec![]), (OPERATOR, vec![]), (META, vec![Kind::Observe]), (Actor::System, vec![Kind::Tick])]
            {
                assert_eq!(case.onboarding.allowed(actor, case.now).collect::<Vec<_>>(), kinds);
            }
            let checklist = case.onboarding.checklist(&case.policy.calendar, case.now);
            assert_eq!((checklist.withdrawn_at, checklist.live, checklist.complete), (Some(at), None, None));
            assert_eq!(checklist.next, []);
            assert_eq!(case.onboarding.next_deadline(), None);
            case.days(1000);
            assert_eq!(case.tries(Actor::System, Command::Tick), Ok(Vec::new()));
        }
    }
}

#[test]
fn onboarding_withdraw_keeps_what_meta_tells_afterwards() {
    // Given an onboarding that was given up while Meta decided, when Meta decides, then it is kept and shown.
    let mut case = Case::open(Step::ApproveNumber);
    case.minutes(1).does(ADMIN, Command::Withdraw).minutes(1);
    case.complete(Step::ApproveNumber).fact(name(NAME, NameStatus::Declined));
    assert_eq!(case.events.len(), Case::open(Step::ApproveNumber).events.len() + 4);
    let why = Attention::NameDeclined { rejection: Some(whatsapp_inbox::whatsapp::NameRejection::Format) };
    assert_ne!(case.status(Step::ApproveNumber), wrong(case.now, why), "an approval at the same instant goes last");
    assert!(case.status(Step::ApproveNumber).is_done());
}

#[test]
fn onboarding_withdraw_not_after_activation_and_not_by_others() {
    // Given a live channel, when somebody withdraws, then it is too late.
    let mut case = Case::open(Step::CompleteProfile);
    let at = case.now;
    case.minutes(1);
    for actor in [ADMIN, OPERATOR] {
        assert_eq!(case.refused(actor, Command::Withdraw), Refused::Live { at });
    }
    // Before, it is not for Meta, for time or for any user to do.
    let mut case = Case::open(Step::ActivateAccount);
    assert_eq!(case.refused(META, Command::Withdraw), Refused::WrongActor { act: Kind::Withdraw });
    assert_eq!(case.refused(Actor::System, Command::Withdraw), Refused::WrongActor { act: Kind::Withdraw });
    assert_eq!(case.refused(USER, Command::Withdraw), Refused::AdminOnly { act: Kind::Withdraw });
    assert_eq!(case.refused(FOREIGN_ADMIN, Command::Withdraw), Refused::NotFound);
    assert_eq!(Case::new().refused(ADMIN, Command::Withdraw), Refused::NotStarted);
}

#[test]
fn onboarding_account_request_names_the_number_under_which_meta_is_called() {
    // Given no account yet, then the number has no id at Meta; with one it has, and with other details no more.
    let mut case = Case::open(Step::CreateAccount);
    assert_eq!((case.onboarding.line(), case.onboarding.phone_number_id()), (Some(details().line), None));
    case.complete(Step::CreateAccount);
    assert_eq!(case.onboarding.phone_number_id(), Some(&phone_number_id(PHONE_NUMBER)));
    case.does(ADMIN, Command::SubmitDetails(details_of(OTHER_NUMBER, BUSINESS, NAME)));
    assert_eq!(case.onboarding.phone_number_id(), None);
}
