//! What refusals say.

use std::collections::BTreeSet;
use std::fmt::Write;

use serde_json::Value;
use whatsapp_inbox::decider::{Class, Refusal};
use whatsapp_inbox::onboarding::{Attestation, Kind, Plan, Refused, Step, StepSet};
use whatsapp_inbox::rule::Explain;

use crate::case::at;
use crate::golden::golden;

/// One of every kind of refusal.
fn refusals() -> Vec<Refused> {
    let at = at("2026-01-05T09:00:00Z");
    let missing = StepSet::of(&[Step::VerifyBusiness, Step::VerifyNumber]);
    let (business_manager, security_center) = (Attestation::Given, Attestation::Missing);
    vec![
        Refused::NotStarted,
        Refused::AlreadyStarted { at },
        Refused::NotFound,
        Refused::WrongActor { act: Kind::CreateAccount },
        Refused::NotInPlan { act: Kind::EndSignup, plan: Plan::Walkthrough },
        Refused::AdminOnly { act: Kind::SubmitDetails },
        Refused::OutOfOrder { step: Step::ActivateAccount, missing },
        Refused::AlreadyDone { step: Step::SignAgreement, at },
        Refused::InReview { step: Step::VerifyBusiness, since: at },
        Refused::NoCode,
        Refused::CodeNotSentYet,
        Refused::CodeExpired { expired_at: at },
        Refused::CodeSpent,
        Refused::NumberLocked { until: at },
        Refused::TooManyCodes { allowed_from: at },
        Refused::RegistrationBudget { allowed_from: at },
        Refused::RegistrationOpen { attempt: 2, since: at },
        Refused::AlreadyRegistered { at },
        Refused::NotRegistered,
        Refused::AccountLost { since: at },
        Refused::BadgeTooSoon { allowed_from: at },
        Refused::Withdrawn { at },
        Refused::Live { at },
        Refused::NothingPending { act: Kind::ReportCodeEntry },
        Refused::NothingToRelease,
        Refused::PrerequisitesMissing { business_manager, security_center },
        Refused::OtherOrganisation,
        Refused::OtherAccount,
        Refused::LandLineNeedsVoice,
        Refused::OtherBusiness,
        Refused::NumberIsLive { at },
        Refused::UnknownCall { given: 7 },
    ]
}

#[test]
fn core_explain_every_refusal_once() {
    // Given the source of the refusals, then every code that stands there is in the list, once.
    let source = include_str!("../../src/onboarding/refused.rs");
    let (_, codes) = source.split_once("fn code(&self)").expect("the codes");
    let (codes, _) = codes.split_once("fn rule(&self)").expect("the end of the codes");
    let written: Vec<&str> = codes.split('"').skip(1).step_by(2).collect();
    let listed: Vec<&str> = refusals().iter().map(Explain::code).collect();
    assert_eq!(listed, written);
    assert_eq!(BTreeSet::from_iter(&listed).len(), listed.len(), "a code is one refusal's");
}

#[test]
fn core_explain_in_plain_words_with_code_rule_class_and_parameters() {
    // Every refusal has a code in lower-case words, and a sentence without the names of types,
    for refused in refusals() {
        let (code, message) = (refused.code(), refused.to_string());
        assert!(!code.is_empty() && code.chars().all(|c| c.is_ascii_lowercase() || c == '-'), "{code}");
        assert!(message.len() > 10 && !message.ends_with('.'), "{message}");
        assert!(
            message.starts_with(|c: char| c.is_lowercase())
                || message.starts_with("ActivateAccount")
                || message.starts_with("SignAgreement")
                || message.starts_with("VerifyBusiness"),
            "{message}"
        );
        for alien in ["{", "}", "::", "Some(", "None", "StepSet", "Refused", "Kind", "\n"] {
            assert!(!message.contains(alien), "{message}");
        }
        // and as JSON its code, class, rule, sentence and parameters, those of the variant alone.
        let json = serde_json::to_value(refused).expect("JSON");
        let keys: Vec<&str> = json.as_object().expect("an object").keys().map(String::as_str).collect();
        assert_eq!(BTreeSet::from_iter(keys), BTreeSet::from(["class", "code", "message", "parameters", "rule"]));
        assert_eq!(json["code"], code);
        assert_eq!(json["rule"], refused.rule().id());
        assert_eq!(json["message"], message);
        assert_eq!(json["class"], if refused.class() == Class::Input { "input" } else { "situation" });
        let debug = format!("{refused:?}");
        match &json["parameters"] {
            Value::Null => assert!(!debug.contains('{'), "{debug}"),
            Value::Object(parameters) => {
                assert!(!parameters.is_empty());
                assert!(parameters.keys().all(|key| debug.contains(&format!("{key}:"))), "{debug}");
                assert_eq!(parameters.len(), debug.matches(": ").count(), "{debug}");
            }
            other => panic!("{other}"),
        }
    }
}

#[test]
fn core_explain_as_the_table_of_refusals_says() {
    let mut table =
        "# What an onboarding refuses\n\n| code | class | rule | sentence |\n| --- | --- | --- | --- |\n".to_owned();
    for refused in refusals() {
        let class = if refused.class() == Class::Input { "input" } else { "situation" };
        let _ = writeln!(table, "| `{}` | {class} | `{}` | {refused} |", refused.code(), refused.rule());
    }
    golden("../../src/onboarding/refused.md", &table);
}
