//! What is submitted: whole, with every fault told at once, and what a further number takes over.

use serde_json::{Value, json};
use whatsapp_inbox::form::{Fault, Faults};
use whatsapp_inbox::id::OnboardingId;
use whatsapp_inbox::onboarding::{Command, Details, DetailsDraft, Inheritance, Refused, Status, Step, StepSet};
use whatsapp_inbox::rule::{Explain, Limit, Rule};
use whatsapp_inbox::uuid::Uuid;
use whatsapp_inbox::whatsapp::{BusinessVerification, CodeVerification, Ivr, LineKind, NameStatus, ReviewDecision};

use crate::case::*;

fn check(details: Value) -> Result<Details, Faults> {
    serde_json::from_value::<DetailsDraft>(details).expect("a draft takes anything").check()
}

fn sound() -> Value {
    json!({
        "phone_number": "+49 40 1234567",
        "line": "land-line",
        "ivr": "absent",
        "business_manager_id": "328888869464070",
        "display_name": "Harbour Bakery",
    })
}

fn with(field: &str, value: Value) -> Value {
    let mut details = sound();
    details[field] = value;
    details
}

/// The faults of details, and that there are some.
fn faults(details: Value) -> Vec<Fault> {
    let shown = details.to_string();
    let Err(faults) = check(details) else { panic!("{shown} was accepted") };
    assert!(!faults.as_slice().is_empty());
    faults.as_slice().to_vec()
}

fn pointers_and_codes(details: Value) -> Vec<(String, &'static str)> {
    faults(details).into_iter().map(|fault| (fault.pointer, fault.code)).collect()
}

const FIELDS: [&str; 5] = ["phone_number", "line", "ivr", "business_manager_id", "display_name"];

#[test]
fn onboarding_details_whole_are_taken_together() {
    let details = check(sound()).unwrap();
    assert_eq!(details.number, number(NUMBER));
    assert_eq!(details.line, LineKind::LandLine(Ivr::Absent));
    assert_eq!(details.business, manager(BUSINESS));
    assert_eq!(details.name.as_str(), NAME);
}

#[test]
fn onboarding_details_whole_names_every_fault_at_once() {
    // Given details that are wrong everywhere,
    let long = "x".repeat(600);
    let given = json!({
        "phone_number": "+49 40 12",
        "line": "fax",
        "ivr": "absent",
        "business_manager_id": "32888886946407O",
        "display_name": long,
    });
    // when they are checked, then each field has its fault, in order, with what was given, whole.
    let faults = faults(given.clone());
    let pointers: Vec<_> = faults.iter().map(|fault| fault.pointer.as_str()).collect();
    assert_eq!(pointers, ["/phone_number", "/line", "/business_manager_id", "/display_name"]);
    for fault in &faults {
        assert_eq!(given.pointer(&fault.pointer).and_then(Value::as_str), Some(fault.given.as_str()));
        assert_eq!(fault.rule.id().split('.').next(), Some("onboarding"), "{}", fault.pointer);
        assert!(!fault.message.is_empty());
    }
    let codes: Vec<_> = faults.iter().map(|fault| fault.code).take(3).collect();
    assert_eq!(codes, ["phone-number-length", "line-unknown", "meta-id-not-digits"]);
    // The limits are told where there are any.
    assert_eq!(faults[0].limit, Some(Limit::new(7, 15, "digits")));
    assert_eq!((faults[1].limit, faults[2].limit), (None, None));
    assert!(faults[3].limit.is_some());
    // All of it stands in the message of the whole.
    let whole = check(given).unwrap_err().to_string();
    assert!(pointers.iter().all(|pointer| whole.contains(&format!("{pointer}: "))), "{whole}");
}

#[test]
fn onboarding_details_whole_misses_what_is_absent_or_null() {
    for missing in [None, Some(Value::Null)] {
        let mut given = json!({ "line": "land-line" });
        for field in FIELDS.into_iter().filter(|field| *field != "line") {
            if let Some(null) = &missing {
                given[field] = null.clone();
            }
        }
        let wanted = ["/phone_number", "/ivr", "/business_manager_id", "/display_name"];
        assert_eq!(pointers_and_codes(given), wanted.map(|pointer| (pointer.to_owned(), "missing")));
    }
    // Nothing at all: the menu is asked for of land lines only.
    let wanted = ["/phone_number", "/line", "/business_manager_id", "/display_name"];
    assert_eq!(pointers_and_codes(json!({})), wanted.map(|pointer| (pointer.to_owned(), "missing")));
}

#[test]
fn onboarding_details_whole_tells_a_wrong_type_as_a_fault_like_any_other() {
    let wrong = [
        (json!(true), "true or false"),
        (json!(4_940_123_456_u64), "a number"),
        (json!(-1), "a number"),
        (json!(1.5), "a number"),
        (json!(["+49"]), "a list"),
        (json!({ "text": "+49" }), "an object"),
    ];
    for (value, words) in wrong {
        for field in FIELDS {
            let faults = faults(with(field, value.clone()));
            let [fault] = &faults[..] else { panic!("one fault in {field}, not {faults:?}") };
            assert_eq!((fault.pointer.clone(), fault.code), (format!("/{field}"), "wrong-type"));
            assert_eq!(fault.given, words);
        }
        // One wrong type hides no other fault.
        let mut given = with("phone_number", value);
        given["display_name"] = Value::Null;
        let wanted = [("/phone_number".to_owned(), "wrong-type"), ("/display_name".to_owned(), "missing")];
        assert_eq!(pointers_and_codes(given), wanted);
    }
}

#[test]
fn onboarding_landline_ivr_is_absent_or_can_be_switched_off() {
    let line = |ivr| check(with("ivr", ivr)).map(|details| details.line);
    assert_eq!(line(json!("absent")), Ok(LineKind::LandLine(Ivr::Absent)));
    assert_eq!(line(json!("can-be-switched-off")), Ok(LineKind::LandLine(Ivr::CanBeSwitchedOff)));
    for (ivr, code) in [
        (json!("cannot-be-switched-off"), "ivr-cannot-be-switched-off"),
        (json!("perhaps"), "ivr-unknown"),
        (json!("Absent"), "ivr-unknown"),
        (json!(""), "ivr-unknown"),
        (Value::Null, "missing"),
    ] {
        let faults = faults(with("ivr", ivr.clone()));
        assert_eq!(faults.len(), 1, "{ivr}");
        assert_eq!((faults[0].pointer.as_str(), faults[0].code), ("/ivr", code));
        assert_eq!(faults[0].rule, Rule::OnboardingLandlineIvr);
    }
}

#[test]
fn onboarding_landline_ivr_is_not_asked_of_a_mobile_number() {
    for ivr in [Value::Null, json!("absent"), json!("cannot-be-switched-off")] {
        let mut given = with("line", json!("mobile"));
        given["ivr"] = ivr;
        assert_eq!(check(given).unwrap().line, LineKind::Mobile);
    }
}

/// An onboarding of which a further number takes over, and the instants of what it takes over.
fn first() -> (Case, Inheritance) {
    let mut case = Case::new();
    case.start().minutes(1).complete(Step::SignAgreement).minutes(1).complete(Step::AcceptTerms);
    for step in [Step::SubmitDetails, Step::CreateAccount, Step::ApproveRequest, Step::VerifyBusiness] {
        case.minutes(1).complete(step);
    }
    let inheritance = case.onboarding.inheritance().expect("verified");
    (case, inheritance)
}

#[test]
fn onboarding_more_numbers_take_over_with_the_original_times() {
    let (first, inheritance) = first();
    // Given a further number of the same business, days later,
    let mut case = Case::new();
    case.until(first.now).days(3).does(ADMIN, start(Some(inheritance.clone())));
    // then agreement and terms stand as they were done,
    for step in [Step::SignAgreement, Step::AcceptTerms] {
        assert_eq!(case.status(step), first.status(step), "{step}");
        assert!(case.status(step).is_done());
    }
    assert_eq!(case.done(), StepSet::of(&[Step::SignAgreement, Step::AcceptTerms]));
    // and with the details the business too, by Meta and at the time of then, before any account is there.
    let further = details_of(OTHER_NUMBER, BUSINESS, NAME);
    case.does(ADMIN, Command::SubmitDetails(further));
    assert_eq!(case.status(Step::VerifyBusiness), first.status(Step::VerifyBusiness));
    let Status::Done { at, by, .. } = case.status(Step::VerifyBusiness) else { panic!("not done") };
    assert_eq!((at, by), (first.now, META));
    // The rest is this number's own,
    let missing = StepSet::of(&[Step::VerifyNumber]);
    let locked = Refused::OutOfOrder { step: Step::ActivateAccount, missing };
    assert_eq!(case.refused(OPERATOR, Command::Register), locked);
    // and what it took over it may hand on, with the first times.
    assert_eq!(case.onboarding.inheritance(), Some(inheritance));
}

#[test]
fn onboarding_more_numbers_keep_to_the_order_of_the_number() {
    // Given a number that took over a verified business, all decided at Meta but the brand's approval of the request,
    let (_, inheritance) = first();
    let mut case = Case::new();
    case.does(ADMIN, start(Some(inheritance))).complete(Step::SubmitDetails).complete(Step::CreateAccount);
    case.fact(review(ACCOUNT, ReviewDecision::Approved)).fact(name(NAME, NameStatus::Approved));
    case.fact(verification(CodeVerification::Verified));
    // then it cannot be registered without that approval, and with it it can.
    let missing = StepSet::of(&[Step::VerifyNumber]);
    let locked = Refused::OutOfOrder { step: Step::ActivateAccount, missing };
    assert_eq!(case.refused(OPERATOR, Command::Register), locked);
    case.complete(Step::ApproveRequest).complete(Step::ActivateAccount);
}

#[test]
fn onboarding_more_numbers_are_of_the_same_organisation_and_business() {
    let (_, inheritance) = first();
    // Given another organisation, its start is refused;
    let foreign = |takes_over| {
        let Command::Start { plan, business_manager, security_center, takes_over, .. } = start(takes_over) else {
            panic!("a start")
        };
        let id = OnboardingId::new(OTHER_ORGANISATION, Uuid::from_u128(1));
        Command::Start { id, plan, business_manager, security_center, takes_over }
    };
    assert_eq!(Case::new().refused(FOREIGN_ADMIN, foreign(Some(inheritance.clone()))), Refused::OtherOrganisation);
    Case::new().does(FOREIGN_ADMIN, foreign(None));
    // given another business, its details are, and the same onboarding takes those of the right one.
    let mut case = Case::new();
    case.does(ADMIN, start(Some(inheritance)));
    let other = details_of(OTHER_NUMBER, OTHER_BUSINESS, NAME);
    let refused = case.refused(ADMIN, Command::SubmitDetails(other));
    assert_eq!((refused, refused.rule()), (Refused::OtherBusiness, Rule::OnboardingMoreNumbers));
    case.does(ADMIN, Command::SubmitDetails(details_of(OTHER_NUMBER, BUSINESS, NAME)));
}

#[test]
fn onboarding_more_numbers_take_over_nothing_from_a_business_that_is_not_verified() {
    // Given an onboarding on its way, there is nothing to take over before the business is verified,
    let mut case = Case::new();
    assert_eq!(case.onboarding.inheritance(), None);
    case.start();
    for step in [Step::SignAgreement, Step::AcceptTerms, Step::SubmitDetails, Step::CreateAccount, Step::ApproveRequest]
    {
        case.complete(step);
        assert_eq!(case.onboarding.inheritance(), None, "{step}");
    }
    case.fact(business(BusinessVerification::Pending));
    assert_eq!(case.onboarding.inheritance(), None);
    case.minutes(1).complete(Step::VerifyBusiness);
    assert!(case.onboarding.inheritance().is_some());
    // and nothing any more once Meta has taken it back.
    case.minutes(1).fact(business(BusinessVerification::Revoked));
    assert_eq!(case.onboarding.inheritance(), None);
}

#[test]
fn onboarding_more_numbers_lose_the_business_when_meta_takes_it_back() {
    let (first, inheritance) = first();
    let mut case = Case::new();
    case.until(first.now).minutes(1).does(ADMIN, start(Some(inheritance))).complete(Step::SubmitDetails);
    assert!(case.done().contains(Step::VerifyBusiness));
    case.minutes(1).fact(business(BusinessVerification::Revoked));
    assert!(!case.done().contains(Step::VerifyBusiness));
}
