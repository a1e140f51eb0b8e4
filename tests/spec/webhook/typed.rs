//! `webhook.tolerant`: what the fields say that are understood.

use whatsapp_inbox::time::Instant;
use whatsapp_inbox::whatsapp::delivery::{AccountUpdate, Alert, TemplateStatusUpdate, Value, WhyUnknown};
use whatsapp_inbox::whatsapp::{
    AccountEvent, AlertKind, AlertSeverity, AlertStatus, AlertSubject, BadgeStatus, BanState, BusinessVerification,
    Disconnection, MetaDate, NameRejection, NameStatus, Restriction, ReviewDecision, TemplateEvent, TemplateKey,
    TemplateReason, Violation,
};

use super::{only, sample};

fn account(body: &str) -> AccountUpdate<'_> {
    let Value::Account(update) = only(body).value().clone() else { panic!("{body}") };
    *update
}

fn alert(body: &str) -> Alert<'_> {
    let Value::Alert(alert) = only(body).value().clone() else { panic!("{body}") };
    *alert
}

fn template(body: &str) -> TemplateStatusUpdate<'_> {
    let Value::TemplateStatus(status) = only(body).value().clone() else { panic!("{body}") };
    *status
}

fn at(seconds: i64) -> Option<Instant> {
    Instant::from_unix_seconds(seconds).ok()
}

#[test]
fn webhook_tolerant_account_restrictions_with_every_kind_of_expiration() {
    let body = sample("account_restriction");
    let update = account(&body);
    assert_eq!(update.event, AccountEvent::Restricted);
    assert_eq!(update.phone_number.as_deref(), Some("31201234567"));
    let restrictions: Vec<_> = update.restrictions.into_iter().map(|one| (one.kind, one.expires)).collect();
    assert_eq!(
        restrictions,
        [
            (Restriction::BusinessInitiatedMessaging, at(1_767_862_800).map(MetaDate::At)),
            (Restriction::AddPhoneNumber, at(1_767_949_200).map(MetaDate::At)),
            (Restriction::CallButtonHidden, None),
        ]
    );
}

#[test]
fn webhook_tolerant_no_restriction_gets_lost() {
    let kinds = |info: &str| {
        let value = format!(r#"{{"event":"ACCOUNT_RESTRICTION","restriction_info":{info}}}"#);
        let body = format!(r#"{{"field":"account_update","value":{value}}}"#);
        account(&body).restrictions.into_iter().map(|one| one.kind.as_str().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(kinds(r#"{"restriction_type":"X"}"#), ["X"]);
    assert_eq!(kinds(r#"[7, {"restriction_type":"X"}, {"a": [1]}]"#), ["7", "X", r#"{"a": [1]}"#]);
    assert_eq!(kinds("null"), [""; 0]);
    assert_eq!(kinds("[]"), [""; 0]);
}

#[test]
fn webhook_tolerant_account_bans_with_a_state_in_text_or_array() {
    let body = sample("account_ban");
    let ban = account(&body).ban.unwrap();
    assert_eq!((ban.state, ban.date), (Some(BanState::Scheduled), Some("2026-02-09".into())));
    let body = sample("account_ban_state_in_array");
    let ban = account(&body).ban.unwrap();
    assert_eq!((ban.state, ban.date), (Some(BanState::Reinstated), Some("2026-02-11".into())));
    let body = r#"{"field":"account_update","value":{"event":"DISABLED_UPDATE","ban_info":{"waba_ban_state":["DISABLE","REINSTATE"]}}}"#;
    let unclear = BanState::Unknown(r#"["DISABLE","REINSTATE"]"#.to_owned());
    assert_eq!(account(body).ban.unwrap().state, Some(unclear));
}

#[test]
fn webhook_tolerant_account_certifications() {
    let body = sample("account_certification");
    let certification = account(&body).certification.unwrap();
    assert_eq!(certification.client_business.as_deref(), Some("415500921"));
    assert_eq!(certification.status, Some(BusinessVerification::Failed));
    assert_eq!(certification.reasons, ["LEGAL NAME NOT MATCHING", "WEBSITE_NOT_MATCHING"]);
    let body = sample("account_certification_approved");
    let certification = account(&body).certification.unwrap();
    assert_eq!(certification.client_business.as_deref(), Some("415500921"));
    assert_eq!(certification.status, Some(BusinessVerification::Verified));
    assert!(certification.reasons.is_empty());
}

#[test]
fn webhook_tolerant_account_partnerships_name_the_brands_account() {
    for (name, event) in [
        ("account_partner_added", AccountEvent::PartnerAdded),
        ("account_partner_removed", AccountEvent::PartnerRemoved),
        ("account_partner_app_installed_no_object", AccountEvent::PartnerAppInstalled),
        ("account_partner_app_uninstalled_field_misplaced", AccountEvent::PartnerAppUninstalled),
    ] {
        let body = sample(name);
        assert_eq!(only(&body).account_or_business(), Some("8830017742"), "{name}");
        assert_eq!(only(&body).field(), "account_update", "{name}");
        let update = account(&body);
        assert_eq!(update.event, event, "{name}");
        assert_eq!(update.place.waba.as_deref(), Some("70414200118"), "{name}");
        assert_eq!(update.place.business.as_deref(), Some("415500921"), "{name}");
    }
    let body = sample("account_partner_removed");
    assert_eq!(account(&body).disconnection, Some(Disconnection::PrimaryInactivity));
}

#[test]
fn webhook_tolerant_account_events_in_lower_case_and_nested() {
    let body = sample("account_offboarded_lower_case");
    let update = account(&body);
    assert_eq!(update.event, AccountEvent::Offboarded);
    assert_eq!(update.place.waba.as_deref(), Some("70414200118"));
    assert_eq!(update.place.phone_number_id.as_deref(), Some("30217745"));
    assert_eq!(update.at, at(1_767_600_001));
    let body = sample("account_reconnected");
    assert_eq!(account(&body).event, AccountEvent::Reconnected);
}

#[test]
fn webhook_tolerant_account_events_unknown_and_violations() {
    let body = sample("account_event_of_tomorrow");
    assert_eq!(account(&body).event, AccountEvent::Unknown("ACCOUNT_PAINTED_BLUE".to_owned()));
    let body = sample("account_violation_in_array");
    assert_eq!(account(&body).violation, Some(Violation::Alcohol));
}

#[test]
fn webhook_tolerant_account_reviews_with_every_kind_of_time() {
    for (name, decision, time) in [
        ("account_review", ReviewDecision::Rejected, at(1_767_603_600)),
        ("account_review_no_time", ReviewDecision::Pending, None),
        ("account_review_time_in_string", ReviewDecision::Deferred, at(1_767_603_600)),
        ("account_review_time_nonsense", ReviewDecision::Approved, None),
    ] {
        let body = sample(name);
        let change = only(&body);
        assert_eq!(change.account_or_business(), Some("70414200118"), "{name}");
        assert_eq!(change.time(), time, "{name}");
        assert_eq!(*change.value(), Value::AccountReview { decision }, "{name}");
    }
}

#[test]
fn webhook_tolerant_display_names_with_every_kind_of_reason() {
    for (name, decision, requested, rejection) in [
        ("name_approved", NameStatus::Approved, "Café Zuid", None),
        ("name_rejected", NameStatus::Declined, "Zuid 🍰", Some(NameRejection::Inconsistent)),
        ("name_reason_none", NameStatus::Approved, "Zuid", None),
    ] {
        let body = sample(name);
        let change = only(&body);
        let Value::PhoneNumberName(told) = change.value() else { panic!("{name}") };
        assert_eq!(told.display_phone_number, "31201234567", "{name}");
        assert_eq!(told.decision, decision, "{name}");
        assert_eq!(told.requested_name, requested, "{name}");
        assert_eq!(told.rejection, rejection, "{name}");
    }
}

#[test]
fn webhook_tolerant_alerts_nested_and_flat() {
    let body = sample("alert_nested");
    let told = alert(&body);
    assert_eq!(told.subject, Some(AlertSubject::PhoneNumber));
    assert_eq!((&told.kind, told.badge()), (&AlertKind::PictureLost, None));
    assert_eq!((told.severity, told.status), (Some(AlertSeverity::Critical), Some(AlertStatus::Active)));
    assert_eq!(told.description.as_deref(), Some("The picture is gone."));
    let body = sample("alert_badge_flat");
    let told = alert(&body);
    assert_eq!(told.subject_id.as_deref(), Some("70414200118"));
    assert_eq!((&told.kind, told.badge()), (&AlertKind::BadgeDenied, Some(BadgeStatus::Denied)));
    assert_eq!((told.severity, told.status), (Some(AlertSeverity::Informational), Some(AlertStatus::Nothing)));
    assert_eq!(told.description.as_deref(), Some("The badge was not granted."));
}

#[test]
fn webhook_tolerant_only_badge_alerts_tell_of_the_badge() {
    for (alert_type, badge) in [
        ("OBA_APPROVED", Some(BadgeStatus::Granted)),
        ("oba_rejected", Some(BadgeStatus::Denied)),
        ("APPROVED", None),
        ("OBA_", None),
        ("OBA_PENDING", None),
        ("ÖÖÖ", None),
    ] {
        let body = format!(r#"{{"field":"account_alerts","value":{{"alert_type":"{alert_type}"}}}}"#);
        assert_eq!(alert(&body).badge(), badge, "{alert_type}");
    }
}

#[test]
fn webhook_tolerant_template_events() {
    for (name, event, language, reason, disable_date) in [
        ("template_approved", TemplateEvent::Approved, "nl", None, None),
        ("template_rejected", TemplateEvent::Rejected, "pt_BR", Some(TemplateReason::InvalidFormat), None),
        ("template_flagged", TemplateEvent::Flagged, "nl", None, Some("2026-03-03")),
    ] {
        let body = sample(name);
        let told = template(&body);
        assert_eq!(told.event, event, "{name}");
        assert_eq!(told.template.id.as_deref(), Some("9120044310"), "{name}");
        assert_eq!(told.template.key, TemplateKey::from_meta("cake_ready", language), "{name}");
        assert_eq!(told.reason, reason, "{name}");
        assert_eq!(told.disable_date, disable_date.map(MetaDate::from), "{name}");
    }
}

#[test]
fn webhook_tolerant_there_is_no_reason_in_any_of_metas_spellings() {
    for (written, reason) in [
        ("null", None),
        (r#""""#, None),
        (r#""NONE""#, None),
        (r#""None""#, None),
        ("[]", None),
        (r#""NONE_OF_OURS""#, Some("NONE_OF_OURS")),
        ("7", Some("7")),
    ] {
        let value = format!(
            r#"{{"event":"REJECTED","reason":{written},"message_template_id":1,"message_template_name":"x","message_template_language":"nl"}}"#
        );
        let body = format!(r#"{{"field":"message_template_status_update","value":{value}}}"#);
        assert_eq!(template(&body).reason, reason.map(TemplateReason::from), "{written}");
    }
}

#[test]
fn webhook_tolerant_a_template_status_without_event_is_unknown() {
    let body = sample("template_approved").replace("\"event\"", "\"even\"");
    assert_eq!(*only(&body).value(), Value::Unknown(WhyUnknown::Missing { key: "event" }));
}
