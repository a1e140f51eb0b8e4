//! `webhook.open-enums`

use std::collections::HashSet;

use proptest::prelude::*;
use serde::Serialize;
use serde::de::DeserializeOwned;
use whatsapp_inbox::chrono::NaiveDate;
use whatsapp_inbox::time::Instant;
use whatsapp_inbox::whatsapp::{
    AccountEvent, AlertKind, AlertSeverity, AlertStatus, AlertSubject, Allowance, BadgeStatus, BanState, BusinessEvent,
    BusinessVerification, ButtonKind, CategoryAppeal, CodeVerification, DisconnectedBy, Disconnection, HeaderFormat,
    HealthNode, MessagingHealth, MetaDate, NameRejection, NameStatus, NumberQualityEvent, NumberStatus,
    ParameterFormat, PaymentStatus, RequestStatus, Restriction, ReviewDecision, SecurityEvent, SolutionEvent,
    SolutionStatus, TemplateCategory, TemplateComponent, TemplateEvent, TemplatePause, TemplateQuality, TemplateReason,
    TemplateStatus, UsernameStatus, Vertical, Violation,
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
                assert!(value.is_known());
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
    webhook_open_enums_alert_kind webhook_open_enums_alert_kind_unknown AlertKind,
    webhook_open_enums_alert_severity webhook_open_enums_alert_severity_unknown AlertSeverity,
    webhook_open_enums_alert_status webhook_open_enums_alert_status_unknown AlertStatus,
    webhook_open_enums_alert_subject webhook_open_enums_alert_subject_unknown AlertSubject,
    webhook_open_enums_badge_status webhook_open_enums_badge_status_unknown BadgeStatus,
    webhook_open_enums_ban_state webhook_open_enums_ban_state_unknown BanState,
    webhook_open_enums_business_event webhook_open_enums_business_event_unknown BusinessEvent,
    webhook_open_enums_business_verification webhook_open_enums_business_verification_unknown BusinessVerification,
    webhook_open_enums_button_kind webhook_open_enums_button_kind_unknown ButtonKind,
    webhook_open_enums_category_appeal webhook_open_enums_category_appeal_unknown CategoryAppeal,
    webhook_open_enums_code_verification webhook_open_enums_code_verification_unknown CodeVerification,
    webhook_open_enums_disconnected_by webhook_open_enums_disconnected_by_unknown DisconnectedBy,
    webhook_open_enums_disconnection webhook_open_enums_disconnection_unknown Disconnection,
    webhook_open_enums_header_format webhook_open_enums_header_format_unknown HeaderFormat,
    webhook_open_enums_health_node webhook_open_enums_health_node_unknown HealthNode,
    webhook_open_enums_messaging_health webhook_open_enums_messaging_health_unknown MessagingHealth,
    webhook_open_enums_name_rejection webhook_open_enums_name_rejection_unknown NameRejection,
    webhook_open_enums_name_status webhook_open_enums_name_status_unknown NameStatus,
    webhook_open_enums_number_quality_event webhook_open_enums_number_quality_event_unknown NumberQualityEvent,
    webhook_open_enums_number_status webhook_open_enums_number_status_unknown NumberStatus,
    webhook_open_enums_parameter_format webhook_open_enums_parameter_format_unknown ParameterFormat,
    webhook_open_enums_payment_status webhook_open_enums_payment_status_unknown PaymentStatus,
    webhook_open_enums_request_status webhook_open_enums_request_status_unknown RequestStatus,
    webhook_open_enums_restriction webhook_open_enums_restriction_unknown Restriction,
    webhook_open_enums_review_decision webhook_open_enums_review_decision_unknown ReviewDecision,
    webhook_open_enums_security_event webhook_open_enums_security_event_unknown SecurityEvent,
    webhook_open_enums_solution_event webhook_open_enums_solution_event_unknown SolutionEvent,
    webhook_open_enums_solution_status webhook_open_enums_solution_status_unknown SolutionStatus,
    webhook_open_enums_template_category webhook_open_enums_template_category_unknown TemplateCategory,
    webhook_open_enums_template_component webhook_open_enums_template_component_unknown TemplateComponent,
    webhook_open_enums_template_event webhook_open_enums_template_event_unknown TemplateEvent,
    webhook_open_enums_template_pause webhook_open_enums_template_pause_unknown TemplatePause,
    webhook_open_enums_template_quality webhook_open_enums_template_quality_unknown TemplateQuality,
    webhook_open_enums_template_reason webhook_open_enums_template_reason_unknown TemplateReason,
    webhook_open_enums_template_status webhook_open_enums_template_status_unknown TemplateStatus,
    webhook_open_enums_username_status webhook_open_enums_username_status_unknown UsernameStatus,
    webhook_open_enums_vertical webhook_open_enums_vertical_unknown Vertical,
    webhook_open_enums_violation webhook_open_enums_violation_unknown Violation,
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

#[test]
fn webhook_open_enums_an_allowance_is_a_number_or_a_tier() {
    for (texts, expected) in [
        (&["TIER_50", "50", "tier_50"][..], Allowance::UpTo(50)),
        (&["TIER_250", "250"], Allowance::UpTo(250)),
        (&["TIER_1K", "1000", "1K"], Allowance::UpTo(1_000)),
        (&["TIER_2K", "2000", "TIER_2000"], Allowance::UpTo(2_000)),
        (&["TIER_100K", "100000"], Allowance::UpTo(100_000)),
        (&["0"], Allowance::UpTo(0)),
        (&["4294967295"], Allowance::UpTo(u32::MAX)),
        (&["TIER_UNLIMITED", "UNLIMITED", "-1", "unlimited"], Allowance::Unlimited),
        (&["TIER_NOT_SET", "NOT_SET", "UNTIERED"], Allowance::NotSet),
    ] {
        for text in texts {
            assert_eq!(Allowance::from(*text), expected, "{text}");
        }
    }
    for text in ["", "TIER_", "K", "TIER_K", "-2", "+5", "2.5", "4294967296", "4294968K", "many", "TIÊR_5", " 50"] {
        assert_eq!(Allowance::from(text), Allowance::Unknown(text.to_owned()));
    }
}

#[test]
fn webhook_open_enums_only_what_is_known_to_be_allowed_is() {
    for (text, least, allowed) in
        [("250", 250, true), ("250", 251, false), ("-1", u32::MAX, true), ("NOT_SET", 0, false), ("some", 0, false)]
    {
        assert_eq!(Allowance::from(text).allows(least), allowed, "{text} {least}");
    }
}

#[test]
fn webhook_open_enums_a_date_is_a_number_a_day_or_prose() {
    let day = |year, month, day| MetaDate::On(NaiveDate::from_ymd_opt(year, month, day).unwrap());
    let second = |seconds| MetaDate::At(Instant::from_unix_seconds(seconds).unwrap());
    for (text, expected, instant) in [
        ("1767862800", second(1_767_862_800), "2026-01-08T09:00:00Z"),
        ("2026-01-08T10:00:00+01:00", second(1_767_862_800), "2026-01-08T09:00:00Z"),
        ("February 9, 2026", day(2026, 2, 9), "2026-02-09T00:00:00Z"),
        ("Feb 9, 2026", day(2026, 2, 9), "2026-02-09T00:00:00Z"),
        ("2026-02-09", day(2026, 2, 9), "2026-02-09T00:00:00Z"),
        ("January 31, 2021", day(2021, 1, 31), "2021-01-31T00:00:00Z"),
        ("1970-01-01", day(1970, 1, 1), "1970-01-01T00:00:00Z"),
        ("9999-12-31", day(9999, 12, 31), "9999-12-31T00:00:00Z"),
        ("0", second(0), "1970-01-01T00:00:00Z"),
    ] {
        assert_eq!(MetaDate::from(text), expected, "{text}");
        assert_eq!(MetaDate::from(text).instant(), Some(instant.parse().unwrap()), "{text}");
    }
    for text in ["", "soon", "-1", "99999999999999", "February 30, 2026", "1969-12-31", "+10000-01-01", "31.1.2021"] {
        assert_eq!(MetaDate::from(text), MetaDate::Unknown(text.to_owned()));
        assert_eq!(MetaDate::from(text).instant(), None);
    }
}

/// What was read is written so that it is read again as the same, and what was not understood as it came.
fn round_trip<T>(text: &str, known: fn(&T) -> bool)
where
    T: for<'t> From<&'t str> + std::fmt::Display + std::fmt::Debug + PartialEq + Serialize + DeserializeOwned,
{
    let value = T::from(text);
    assert_eq!(T::from(&*value.to_string()), value);
    assert!(known(&value) || value.to_string() == text);
    let json = serde_json::to_string(&value).unwrap();
    assert_eq!(json, serde_json::to_string(&value.to_string()).unwrap());
    assert_eq!(serde_json::from_str::<T>(&json).unwrap(), value);
}

proptest! {
    #[test]
    fn webhook_open_enums_allowances_and_dates_round_trip(
        any_text: String,
        number: i64,
        day in "[0-9+-]{0,5}-[0-9]{1,2}-[0-9]{1,2}",
        tier in "(TIER_)?[0-9]{0,6}K?",
        prose in "(January|March|May) [0-9]{1,2}, [0-9]{1,6}",
    ) {
        for text in [any_text, number.to_string(), (number % 100_000).to_string(), day, tier, prose] {
            round_trip(&text, Allowance::is_known);
            round_trip(&text, MetaDate::is_known);
        }
    }
}
