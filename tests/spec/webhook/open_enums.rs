//! `webhook.open-enums`

use std::collections::HashSet;

use proptest::prelude::*;
use whatsapp_inbox::whatsapp::delivery::BanState;
use whatsapp_inbox::whatsapp::{
    AccountEvent, BadgeStatus, BusinessVerification, ButtonKind, CodeVerification, HeaderFormat, NameRejection,
    NameStatus, NumberStatus, ParameterFormat, RequestStatus, Restriction, ReviewDecision, TemplateCategory,
    TemplateComponent, TemplateEvent, TemplatePause, TemplateQuality, TemplateReason, TemplateStatus,
};

/// For each list of Meta's: every value in it comes back as itself, whatever its case, and so does any text beside it.
macro_rules! open {
    ($($known:ident $unknown:ident $list:ident,)*) => {$(
        #[test]
        fn $known() {
            let mut spellings = HashSet::new();
            for value in $list::KNOWN {
                let spelling = value.as_str();
                assert!(spellings.insert(spelling), "{spelling} twice");
                assert_eq!($list::from(spelling), *value);
                assert_eq!($list::from(&*spelling.to_ascii_lowercase()), *value);
                assert_eq!($list::from(&*spelling.to_ascii_uppercase()), *value);
                assert_eq!(value.to_string(), spelling);
                let json = serde_json::to_string(value).unwrap();
                assert_eq!(json, format!("\"{spelling}\""));
                assert_eq!(serde_json::from_str::<$list>(&json).unwrap(), *value);
            }
        }

        proptest! {
            #[test]
            fn $unknown(text: String) {
                let value = $list::from(&*text);
                if let $list::Unknown(kept) = &value {
                    prop_assert_eq!(kept, &text);
                    prop_assert_eq!(value.as_str(), &*text);
                }
                let json = serde_json::to_string(&value).unwrap();
                prop_assert_eq!(serde_json::from_str::<$list>(&json).unwrap(), value);
            }
        }
    )*};
}

open! {
    webhook_open_enums_account_event webhook_open_enums_account_event_unknown AccountEvent,
    webhook_open_enums_badge_status webhook_open_enums_badge_status_unknown BadgeStatus,
    webhook_open_enums_ban_state webhook_open_enums_ban_state_unknown BanState,
    webhook_open_enums_business_verification webhook_open_enums_business_verification_unknown BusinessVerification,
    webhook_open_enums_code_verification webhook_open_enums_code_verification_unknown CodeVerification,
    webhook_open_enums_name_rejection webhook_open_enums_name_rejection_unknown NameRejection,
    webhook_open_enums_name_status webhook_open_enums_name_status_unknown NameStatus,
    webhook_open_enums_number_status webhook_open_enums_number_status_unknown NumberStatus,
    webhook_open_enums_request_status webhook_open_enums_request_status_unknown RequestStatus,
    webhook_open_enums_restriction webhook_open_enums_restriction_unknown Restriction,
    webhook_open_enums_review_decision webhook_open_enums_review_decision_unknown ReviewDecision,
    webhook_open_enums_button_kind webhook_open_enums_button_kind_unknown ButtonKind,
    webhook_open_enums_header_format webhook_open_enums_header_format_unknown HeaderFormat,
    webhook_open_enums_parameter_format webhook_open_enums_parameter_format_unknown ParameterFormat,
    webhook_open_enums_template_category webhook_open_enums_template_category_unknown TemplateCategory,
    webhook_open_enums_template_component webhook_open_enums_template_component_unknown TemplateComponent,
    webhook_open_enums_template_pause webhook_open_enums_template_pause_unknown TemplatePause,
    webhook_open_enums_template_quality webhook_open_enums_template_quality_unknown TemplateQuality,
    webhook_open_enums_template_reason webhook_open_enums_template_reason_unknown TemplateReason,
    webhook_open_enums_template_status webhook_open_enums_template_status_unknown TemplateStatus,
    webhook_open_enums_template_event webhook_open_enums_template_event_unknown TemplateEvent,
}

#[test]
fn webhook_open_enums_two_spellings_of_one_value_are_one() {
    assert_eq!(NameStatus::from("REJECTED"), NameStatus::Declined);
    assert_eq!(BusinessVerification::from("DISCARDED"), BusinessVerification::Failed);
    assert_eq!(CodeVerification::from("UNVERIFIED"), CodeVerification::NotVerified);
    assert_eq!(BadgeStatus::from("OBA_APPROVED"), BadgeStatus::Granted);
    assert_eq!(RequestStatus::from("CANCELLED"), RequestStatus::from("CANCELED"));
}

#[test]
fn webhook_open_enums_unknown_values_are_kept_as_they_came() {
    for text in ["", "approved!", " APPROVED", "Größe", "DUMMY"] {
        assert_eq!(ReviewDecision::from(text), ReviewDecision::Unknown(text.to_owned()));
    }
}
