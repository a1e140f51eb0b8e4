//! What comes before the start, and the first two steps.

use whatsapp_inbox::onboarding::{
    Attestation, Change, Command, Plan, Refused, Step, StepSet, TextReference, TextReferenceError,
};
use whatsapp_inbox::rule::{Explain, Limit, Rule};

use crate::case::*;

#[test]
fn onboarding_agreement_before_terms_keeps_who_when_and_the_text_of_both() {
    // Given nothing signed, terms are refused;
    let mut case = Case::open(Step::SignAgreement);
    let missing = StepSet::of(&[Step::SignAgreement]);
    assert_eq!(case.refused(ADMIN, accept()), Refused::OutOfOrder { step: Step::AcceptTerms, missing });
    // when both are done, one minute after the other,
    let signed = case.now;
    case.does(ADMIN, sign()).minutes(1).does(ADMIN, accept());
    // then both records keep who, when and which text.
    let [.., agreement, terms] = &case.events[..] else { panic!("two events") };
    let text = "agreement 2026-01".to_owned();
    assert_eq!((agreement.at, agreement.by), (signed, ADMIN));
    assert_eq!(agreement.change, Change::AgreementSigned { text });
    let text = "https://www.whatsapp.com/legal/business-terms".to_owned();
    assert_eq!((terms.at, terms.by), (signed.plus_minutes(1), ADMIN));
    assert_eq!(terms.change, Change::TermsAccepted { text });
    // Neither is done twice.
    let again = Refused::AlreadyDone { step: Step::SignAgreement, at: signed };
    assert_eq!(case.refused(ADMIN, sign()), again);
}

#[test]
fn onboarding_agreement_before_terms_refers_to_a_text_by_address_or_version() {
    let limit = Some(Limit::new(1, 2048, "characters"));
    for blank in ["", " \t\n"] {
        let error = TextReference::new(blank).unwrap_err();
        assert_eq!((error, error.limit()), (TextReferenceError::Length { characters: 0 }, limit));
    }
    assert_eq!(TextReference::new(" v1 ").unwrap().as_str(), "v1");
    assert_eq!(TextReference::new(&"ü".repeat(2048)).unwrap().as_str().chars().count(), 2048);
    let long = TextReference::new(&"ü".repeat(2049)).unwrap_err();
    assert_eq!(long, TextReferenceError::Length { characters: 2049 });
    let control = TextReference::new("v1\nv2").unwrap_err();
    assert_eq!((control, control.limit()), (TextReferenceError::Control { character: '\n' }, None));
}

#[test]
fn onboarding_prerequisites_are_both_attested_before_the_start() {
    use Attestation::{Given, Missing};
    for (business_manager, security_center) in [(Given, Given), (Given, Missing), (Missing, Given), (Missing, Missing)]
    {
        let mut case = Case::new();
        let command =
            Command::Start { id: ID, plan: Plan::Walkthrough, business_manager, security_center, takes_over: None };
        if (business_manager, security_center) == (Given, Given) {
            case.does(ADMIN, command);
            assert_eq!(case.onboarding.id(), Some(ID));
            assert_eq!(case.refused(ADMIN, start(None)), Refused::AlreadyStarted { at: case.now });
        } else {
            let refused = case.refused(ADMIN, command);
            assert_eq!(refused, Refused::PrerequisitesMissing { business_manager, security_center });
            assert_eq!(refused.rule(), Rule::OnboardingPrerequisites);
            // Nothing has begun, so nothing else is taken.
            assert_eq!(case.refused(ADMIN, sign()), Refused::NotStarted);
        }
    }
}
