//! One number, one onboarding: claims, and how they end.

use std::collections::BTreeMap;

use whatsapp_inbox::decider::{Actor, Claim, ClaimChange, Decider, Unavailable};
use whatsapp_inbox::id::{OnboardingId, UserId};
use whatsapp_inbox::onboarding::{
    Attention, Attestation, Change, Command, Event, Kind, Onboarding, Plan, Refused, RegistrationAnswer, Step, StepSet,
};
use whatsapp_inbox::rule::{Explain, Rule};
use whatsapp_inbox::time::Instant;
use whatsapp_inbox::uuid::Uuid;
use whatsapp_inbox::whatsapp::CodeVerification;

use crate::case::*;
use crate::status::*;

fn taken(text: &str) -> ClaimChange {
    ClaimChange::Taken(Claim::Number(number(text)))
}

fn released(text: &str) -> ClaimChange {
    ClaimChange::Released(Claim::Number(number(text)))
}

fn claims(events: &[Event]) -> Vec<ClaimChange> {
    events.iter().flat_map(Onboarding::claims).collect()
}

/// Who holds what, as a store keeps it.
#[derive(Default)]
struct Registry(BTreeMap<Claim, OnboardingId>);

impl Registry {
    fn apply(&mut self, holder: OnboardingId, events: &[Event]) -> Result<(), Unavailable> {
        for change in claims(events) {
            match change {
                ClaimChange::Taken(claim) if self.0.get(&claim).is_some_and(|other| *other != holder) => {
                    return Err(Unavailable::new());
                }
                ClaimChange::Taken(claim) => drop(self.0.insert(claim, holder)),
                ClaimChange::Released(claim) => drop(self.0.remove(&claim)),
            }
        }
        Ok(())
    }
}

/// An onboarding of another organisation, up to its details.
fn other_onboarding(phone_number: &str) -> (OnboardingId, Vec<Event>) {
    let id = OnboardingId::new(OTHER_ORGANISATION, Uuid::from_u128(101));
    let admin = Actor::Admin(UserId::new(OTHER_ORGANISATION, Uuid::from_u128(12)));
    let (business_manager, security_center) = (Attestation::Given, Attestation::Given);
    let mut case = Case::new();
    let start = Command::Start { id, plan: Plan::Walkthrough, business_manager, security_center, takes_over: None };
    case.does(admin, start).does(admin, sign()).does(admin, accept());
    case.does(admin, Command::SubmitDetails(details_of(phone_number, OTHER_BUSINESS, OTHER_NAME)));
    (id, case.events)
}

#[test]
fn onboarding_number_once_over_all_organisations() {
    // Given a number that an onboarding holds, when another organisation's submits it,
    let mut case = Case::open(Step::CreateAccount);
    let mut registry = Registry::default();
    registry.apply(ID, &case.events).expect("free");
    let (other, events) = other_onboarding(NUMBER);
    let unavailable = registry.apply(other, &events).expect_err("held");
    // then it is unavailable, and that is all that is told;
    assert_eq!(unavailable.to_string(), "number unavailable");
    assert_eq!((unavailable.code(), unavailable.rule()), ("number-unavailable", Rule::OnboardingNumberOnce));
    let json = serde_json::to_string(&unavailable).expect("JSON");
    assert!(!json.contains(char::is_numeric), "{json}");
    // another number is free, and this one is, once the first onboarding is withdrawn.
    let (other, free) = other_onboarding(OTHER_NUMBER);
    registry.apply(other, &free).expect("free");
    let withdrawn = case.minutes(1).tries(OPERATOR, Command::Withdraw).expect("withdrawn");
    registry.apply(ID, &withdrawn).expect("released");
    registry.apply(other, &events).expect("free again");
}

#[test]
fn onboarding_number_once_is_claimed_with_the_details_and_by_nothing_else() {
    // Given an onboarding from start to end, then it takes its number once, with its details.
    let case = Case::complete_onboarding();
    for event in &case.events {
        let wanted = match &event.change {
            Change::DetailsSubmitted { .. } => vec![taken(NUMBER)],
            _ => vec![],
        };
        assert_eq!(Onboarding::claims(event), wanted, "{event:?}");
    }
    assert_eq!(claims(&case.events), [taken(NUMBER)]);
}

#[test]
fn onboarding_number_once_moves_with_the_number() {
    // Given a claim, when the brand submits another number, the claim moves; with another name alone it is kept;
    let mut case = Case::open(Step::CreateAccount);
    case.minutes(1);
    let renamed = case.tries(ADMIN, Command::SubmitDetails(details_of(NUMBER, BUSINESS, OTHER_NAME))).expect("renamed");
    assert_eq!((renamed.len(), claims(&renamed)), (1, vec![]));
    let moved = case.tries(ADMIN, Command::SubmitDetails(details_of(OTHER_NUMBER, BUSINESS, NAME))).expect("moved");
    assert_eq!(claims(&moved), [released(NUMBER), taken(OTHER_NUMBER)]);
    // the same again is nothing; and its 90 days begin with the new number.
    let same = case.tries(ADMIN, Command::SubmitDetails(details_of(OTHER_NUMBER, BUSINESS, NAME)));
    assert_eq!(same, Ok(vec![]));
    assert_eq!(case.onboarding.next_deadline(), Some(case.now.plus_days(90)));
    // Withdrawn, the number in force is released.
    let withdrawn = case.tries(ADMIN, Command::Withdraw).expect("withdrawn");
    assert_eq!(claims(&withdrawn), [released(OTHER_NUMBER)]);
}

#[test]
fn onboarding_number_once_lapses_unverified_after_90_days_to_the_millisecond() {
    // Given an unverified number,
    let mut case = Case::open(Step::CreateAccount);
    let deadline = case.now.plus_days(90);
    assert_eq!(case.onboarding.next_deadline(), Some(deadline));
    // when its 90 days are not quite over, it is held;
    case.until(shifted(deadline, -1));
    assert!(case.status(Step::SubmitDetails).is_done() && case.allows(OPERATOR, Kind::CreateAccount));
    assert_eq!(case.tries(Actor::System, Command::Tick), Ok(vec![]));
    // when they are, it has lapsed, without anybody having called, and only submitting again is left (or giving up);
    case.until(deadline);
    lapsed(&mut case, deadline);
    let events = case.tries(Actor::System, Command::Tick).expect("a tick");
    assert_eq!(claims(&events), [released(NUMBER)]);
    lapsed(&mut case, deadline);
    assert_eq!(case.tries(Actor::System, Command::Tick), Ok(vec![]));
    // submitted again, it is claimed again, for 90 days more.
    let events = case.minutes(1).tries(ADMIN, Command::SubmitDetails(details())).expect("submitted");
    assert_eq!(claims(&events), [taken(NUMBER)]);
    assert!(case.allows(OPERATOR, Kind::CreateAccount));
    assert_eq!(case.onboarding.next_deadline(), Some(case.now.plus_days(90)));
}

fn lapsed(case: &mut Case, since: Instant) {
    let missing = StepSet::of(&[Step::SubmitDetails]);
    assert_eq!(case.status(Step::SubmitDetails), wrong(since, Attention::NumberReleased));
    assert_eq!(case.status(Step::CreateAccount), locked(&[Step::SubmitDetails]));
    let refused = case.refused(OPERATOR, create(ACCOUNT));
    assert_eq!(refused, Refused::OutOfOrder { step: Step::CreateAccount, missing });
    let brand: Vec<Kind> = case.onboarding.allowed(ADMIN, case.now).collect();
    assert_eq!(brand, [Kind::SubmitDetails, Kind::Withdraw]);
}

#[test]
fn onboarding_number_once_lapses_whatever_is_in_progress() {
    for step in [Step::ApproveRequest, Step::VerifyBusiness, Step::ApproveNumber, Step::VerifyNumber] {
        // Given an onboarding that stands somewhere before its number is verified, its account asked for a day later,
        let mut case = Case::open(Step::CreateAccount);
        let deadline = case.now.plus_days(90);
        case.days(1);
        for earlier in [Step::CreateAccount, Step::ApproveRequest, Step::VerifyBusiness, Step::ApproveNumber] {
            if earlier < step {
                case.complete(earlier);
            }
        }
        let before = case.status(step);
        // when its 90 days pass, then what was open or in review waits for the details, and nobody may go on.
        case.until(deadline);
        assert_eq!(case.status(step), locked(&[Step::SubmitDetails]), "{step}");
        let brand: Vec<Kind> = case.onboarding.allowed(ADMIN, case.now).collect();
        assert_eq!(brand, [Kind::SubmitDetails, Kind::Withdraw], "{step}");
        // Submitted again, it goes on where it was.
        case.does(ADMIN, Command::SubmitDetails(details()));
        assert_eq!(case.status(step), before);
    }
}

#[test]
fn onboarding_number_once_is_released_on_an_operators_word() {
    // Given an unverified number, when an operator releases it, then it is free and only submitting again is left;
    let mut case = Case::open(Step::CreateAccount);
    case.minutes(7);
    assert_eq!(case.refused(ADMIN, Command::ReleaseNumber), Refused::WrongActor { act: Kind::ReleaseNumber });
    let events = case.tries(OPERATOR, Command::ReleaseNumber).expect("released");
    assert_eq!(claims(&events), [released(NUMBER)]);
    let at = case.now;
    lapsed(&mut case, at);
    assert_eq!(case.refused(OPERATOR, Command::ReleaseNumber), Refused::NothingToRelease);
    // another number may be submitted then, which releases nothing twice.
    let moved = case.tries(ADMIN, Command::SubmitDetails(details_of(OTHER_NUMBER, BUSINESS, NAME))).expect("another");
    assert_eq!(claims(&moved), [taken(OTHER_NUMBER)]);
    // Withdrawn after a release, it releases nothing twice either.
    let mut case = Case::open(Step::CreateAccount);
    case.does(OPERATOR, Command::ReleaseNumber);
    assert_eq!(claims(&case.tries(ADMIN, Command::Withdraw).expect("withdrawn")), []);
    // Before there are details there is nothing to release.
    assert_eq!(Case::open(Step::SubmitDetails).refused(OPERATOR, Command::ReleaseNumber), Refused::NothingToRelease);
}

#[test]
fn onboarding_number_once_verified_never_lapses() {
    // Given a number that is verified at the last millisecond, when years pass, it is held;
    let mut case = Case::open(Step::VerifyNumber);
    let deadline = case.now.plus_days(90);
    case.until(shifted(deadline, -1)).fact(verification(CodeVerification::Verified));
    case.days(3650);
    assert!(case.status(Step::SubmitDetails).is_done());
    assert_eq!(case.onboarding.next_deadline(), None);
    assert_eq!(case.tries(Actor::System, Command::Tick), Ok(vec![]));
    assert_eq!(case.refused(OPERATOR, Command::ReleaseNumber), Refused::NothingToRelease);
    // nor does that of a live channel, whatever is told of its number.
    let mut case = Case::complete_onboarding();
    case.fact(verification(CodeVerification::Expired)).days(3650);
    assert!(case.status(Step::SubmitDetails).is_done());
    assert_eq!(case.refused(OPERATOR, Command::ReleaseNumber), Refused::NothingToRelease);
    // A proof that ran out was one: the claim stays.
    let mut case = Case::open(Step::ActivateAccount);
    case.minutes(1).fact(verification(CodeVerification::Expired)).register_if_allowed();
    case.days(3650);
    assert!(case.status(Step::SubmitDetails).is_done());
}

impl Case {
    fn register_if_allowed(&mut self) {
        if self.allows(OPERATOR, Kind::Register) {
            self.register(RegistrationAnswer::Registered);
        }
    }
}

#[test]
fn onboarding_number_once_a_lapse_holds_from_its_instant_on_whoever_calls() {
    // Given a claim that lapsed, when the number is told to be verified from then on, with and without a tick between,
    let mut case = Case::open(Step::VerifyNumber);
    let deadline = case.now.plus_days(90);
    case.days(91);
    let mut ticked = case.clone();
    ticked.does(Actor::System, Command::Tick);
    for case in [&mut case, &mut ticked] {
        case.fact_at(deadline, verification(CodeVerification::Verified));
        // then it has lapsed all the same, at its 90 days and not when that was recorded.
        assert_eq!(case.status(Step::SubmitDetails), wrong(deadline, Attention::NumberReleased));
    }
    assert_eq!(case.onboarding.next_deadline(), Some(deadline));
    // Submitted again it is held, and what was told counts.
    case.does(ADMIN, Command::SubmitDetails(details()));
    assert!(case.status(Step::VerifyNumber).is_done() && case.onboarding.next_deadline().is_none());
    assert_eq!(case.onboarding, Onboarding::replay(&case.events));
}
