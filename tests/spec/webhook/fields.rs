//! `webhook.tolerant`: what health and templates are told, field by field.

use whatsapp_inbox::time::Instant;
use whatsapp_inbox::whatsapp::delivery::{AccountUpdate, Capability, NumberQuality, TemplateCategoryUpdate, Value};
use whatsapp_inbox::whatsapp::{
    AccountEvent, AlertKind, AlertSubject, Allowance, BusinessEvent, ButtonKind, CategoryAppeal, DisconnectedBy,
    Disconnection, MetaDate, NumberQualityEvent, PaymentStatus, Restriction, SecurityEvent, SolutionEvent,
    SolutionStatus, TemplateCategory, TemplateEvent, TemplateKey, TemplatePause, TemplateQuality, TemplateReason,
    UsernameStatus, Violation,
};

use super::{only, sample};

const NUMBER: &str = "31201234567";

fn at(seconds: i64) -> Option<Instant> {
    Instant::from_unix_seconds(seconds).ok()
}

fn date(seconds: i64) -> Option<MetaDate> {
    at(seconds).map(MetaDate::At)
}

/// What the one change of a sample says, to the last key.
macro_rules! said {
    ($name:literal, $variant:ident) => {{
        let body: &'static str = sample($name).leak();
        let change = only(body);
        assert_eq!(change.passed_over(), 0, $name);
        let Value::$variant(said) = change.value().clone() else { panic!("{}: {:?}", $name, change.value()) };
        said
    }};
}

#[test]
fn webhook_tolerant_account_places_with_every_id() {
    let account = |update: AccountUpdate<'static>| {
        let place = update.place;
        assert_eq!((place.waba.as_deref(), place.business.as_deref()), (Some("70414200118"), Some("415500921")));
        (update.event, place.ad_account.as_deref().map(str::to_owned), place.solution_partners.len())
    };
    let ad = Some("330044".to_owned());
    assert_eq!(account(*said!("account_ad_account_linked", Account)), (AccountEvent::AdAccountLinked, ad.clone(), 0));
    assert_eq!(account(*said!("account_ad_account_linked_other_key", Account)), (AccountEvent::AdAccountLinked, ad, 0));
    assert_eq!(account(*said!("account_marketing_terms", Account)), (AccountEvent::MarketingTermsSigned, None, 0));
    let update = said!("account_solution_partners", Account);
    assert_eq!(update.place.solution.as_deref(), Some("6617"));
    assert_eq!(update.place.solution_partners, ["8830017742", "99100"]);
    let update = said!("account_partner_app_installed_no_object", Account);
    assert_eq!(update.place.partner_app.as_deref(), Some("5150"));
}

#[test]
fn webhook_tolerant_account_violations_and_restrictions_come_together() {
    let update = said!("account_violation_with_restriction", Account);
    assert_eq!(update.event, AccountEvent::Restricted);
    assert_eq!(update.violation, Some(Violation::LowPickupRate));
    assert_eq!(update.remediation.as_deref(), Some("Answer more calls."));
    let [restriction] = update.restrictions.as_slice() else { panic!() };
    assert_eq!((&restriction.kind, &restriction.expires), (&Restriction::CallButtonHidden, &None));
    assert_eq!(restriction.remediation.as_deref(), Some("Answer more calls."));
}

#[test]
fn webhook_tolerant_account_prices_countries_and_disconnections() {
    assert_eq!(said!("account_country", Account).country.as_deref(), Some("NL"));
    let prices = said!("account_international_prices", Account).international_prices.unwrap();
    assert_eq!(prices.starts, date(1_769_904_000));
    assert_eq!(prices.exceptions, [("IN".into(), date(1_772_323_200)), ("ID".into(), None)]);
    let tier = said!("account_volume_tier", Account).volume_tier.unwrap();
    assert_eq!((tier.category, tier.reached), (Some(TemplateCategory::Utility), date(1_767_600_000)));
    let texts = (tier.tier.as_deref(), tier.month.as_deref(), tier.region.as_deref());
    assert_eq!(texts, (Some("100001:500000"), Some("2026-01"), Some("Netherlands")));
    let update = said!("account_partner_removed", Account);
    assert_eq!(update.disconnection, Some(Disconnection::PrimaryInactivity));
    assert_eq!(update.disconnected_by, Some(DisconnectedBy::System));
    let update = said!("account_verified_legacy", Account);
    assert_eq!((update.event, update.phone_number.as_deref()), (AccountEvent::VerifiedAccount, Some(NUMBER)));
}

#[test]
fn webhook_tolerant_alerts_name_what_they_are_about() {
    let alert = said!("alert_limit_deferred", Alert);
    assert_eq!((alert.subject, alert.subject_id.as_deref()), (Some(AlertSubject::Business), Some("415500921")));
    assert_eq!(alert.kind, AlertKind::LimitDeferred);
    let alert = said!("alert_badge_flat_no_entry", Alert);
    assert_eq!((alert.subject, alert.subject_id.as_deref()), (Some(AlertSubject::Account), Some("70414200118")));
    assert_eq!(alert.kind, AlertKind::BadgeGranted);
}

#[test]
fn webhook_tolerant_capabilities_in_numbers_tiers_and_without_limit() {
    let told = |told: Capability| {
        [told.customers_a_day, told.customers_a_day_per_number, told.numbers_per_business, told.numbers_per_account]
    };
    let up_to = |most| Some(Allowance::UpTo(most));
    assert_eq!(told(*said!("capability_tier", Capability)), [up_to(2_000), None, None, up_to(25)]);
    assert_eq!(told(*said!("capability_unlimited", Capability)), [Some(Allowance::Unlimited), None, None, up_to(25)]);
    assert_eq!(told(*said!("capability_per_number_old", Capability)), [None, up_to(50), up_to(2), None]);
}

#[test]
fn webhook_tolerant_a_business_that_is_compromised() {
    let told = said!("business_compromised", BusinessStatus);
    assert_eq!((told.event, told.business.as_deref()), (BusinessEvent::Compromised, Some("415500921")));
}

#[test]
fn webhook_tolerant_the_quality_of_a_number_with_limits_and_without() {
    let told = |told: NumberQuality<'_>| {
        assert_eq!(told.display_phone_number, NUMBER);
        let limit = told.limit().cloned();
        (told.event, told.current, told.previous, told.of_business, limit)
    };
    let up_to = |most| Some(Allowance::UpTo(most));
    let expected = (NumberQualityEvent::Flagged, up_to(10_000), None, None, up_to(10_000));
    assert_eq!(told(*said!("number_quality_flagged", NumberQuality)), expected);
    let expected = (NumberQualityEvent::Onboarding, up_to(250), Some(Allowance::NotSet), up_to(250), up_to(250));
    assert_eq!(told(*said!("number_quality_onboarding", NumberQuality)), expected);
    let expected = (NumberQualityEvent::ThroughputUpgrade, None, None, None, None);
    assert_eq!(told(*said!("number_quality_throughput", NumberQuality)), expected);
    let both = r#"{"field":"phone_number_quality_update","value":{"display_phone_number":"1","event":"UPGRADE","current_limit":"TIER_1K","max_daily_conversations_per_business":"TIER_2K"}}"#;
    let Value::NumberQuality(quality) = only(both).value().clone() else { panic!() };
    assert_eq!(quality.limit(), Some(&Allowance::UpTo(2_000)));
}

#[test]
fn webhook_tolerant_pins_and_usernames_of_a_number() {
    let told = said!("security_pin_changed_no_entry", NumberSecurity);
    assert_eq!((&*told.display_phone_number, told.event), (NUMBER, SecurityEvent::PinChanged));
    assert_eq!(told.requester.as_deref(), Some("6100"));
    assert_eq!(said!("security_pin_reset_request", NumberSecurity).event, SecurityEvent::PinResetRequested);
    assert_eq!(SecurityEvent::from("PIN_REQUEST_SUCCESS"), SecurityEvent::from("PIN_RESET_SUCCESS"));
    let told = said!("username_approved", NumberUsername);
    assert_eq!((told.status, told.username.as_deref()), (UsernameStatus::Approved, Some("cafe_zuid")));
    let told = said!("username_deleted_plural", NumberUsername);
    assert_eq!((told.status, told.username), (UsernameStatus::Deleted, None));
}

#[test]
fn webhook_tolerant_payments_and_partners() {
    let told = said!("payment_configuration", Payment);
    assert_eq!((&*told.name, told.status), ("counter", Some(PaymentStatus::NeedsTesting)));
    assert_eq!((told.provider.as_deref(), told.merchant.as_deref()), (Some("tulippay"), Some("acc_77")));
    assert_eq!((told.created, told.updated), (at(1_767_500_000), at(1_767_600_000)));
    let told = said!("partner_solution", PartnerSolution);
    assert_eq!((told.event, told.status), (SolutionEvent::Created, Some(SolutionStatus::Initiated)));
    assert_eq!(told.solution.as_deref(), Some("6617"));
}

#[test]
fn webhook_tolerant_template_statuses_with_all_that_stands_beside_them() {
    let told = said!("template_flagged_date_in_number", TemplateStatus);
    assert_eq!((told.event, told.reason, told.disable_date), (TemplateEvent::Flagged, None, date(1_772_496_000)));
    let told = said!("template_approved_no_reason", TemplateStatus);
    assert_eq!((told.event, told.reason, told.category), (TemplateEvent::Approved, None, None));
    let told = said!("template_locked", TemplateStatus);
    assert_eq!((told.event, told.pause), (TemplateEvent::Locked, Some(TemplatePause::RateLimiting)));
    assert_eq!(told.pause_description.as_deref(), Some("Held back for a while."));
    let told = said!("template_invalid_format", TemplateStatus);
    assert_eq!((told.reason, told.category), (Some(TemplateReason::InvalidFormat), Some(TemplateCategory::Marketing)));
    assert_eq!(told.rejection_detail.as_deref(), Some("Two placeholders touch."));
    assert_eq!(told.recommendation.as_deref(), Some("Put a word between them."));
}

#[test]
fn webhook_tolerant_template_quality_under_either_field() {
    let told = said!("template_quality", TemplateQuality);
    assert_eq!((told.previous, told.current), (Some(TemplateQuality::Green), TemplateQuality::Yellow));
    let told = said!("template_quality_wrong_field", TemplateQuality);
    assert_eq!((told.previous, told.current), (Some(TemplateQuality::Yellow), TemplateQuality::Red));
    assert_eq!(told.template.key, TemplateKey::from_meta("cake_ready", "nl"));
    assert_eq!(told.template.id.as_deref(), Some("9120044310"));
    assert_eq!(TemplateQuality::from("UNKNOWN"), TemplateQuality::Unrated);
}

#[test]
fn webhook_tolerant_a_new_category_is_the_one_of_that_time() {
    use TemplateCategory::{Marketing, Utility};
    let told = |told: TemplateCategoryUpdate<'_>| {
        let upcoming = told.upcoming().cloned();
        (told.current, told.previous, told.moves_at, upcoming)
    };
    // Announced: it is still what the notice calls new.
    let expected = (Utility, None, date(1_767_690_000), Some(Marketing));
    assert_eq!(told(*said!("template_category_announced", TemplateCategory)), expected);
    let body = sample("template_category_done");
    let change = only(&body);
    let Value::TemplateCategory(done) = change.value().clone() else { panic!() };
    // A category that Meta has given up is none of its list, and still told as an earlier one.
    assert_eq!((change.passed_over(), told(*done)), (1, (Utility, Some("SHIPPING_UPDATE".into()), None, None)));
    assert_eq!(told(*said!("template_category_no_previous", TemplateCategory)), (Marketing, None, None, None));
    let appealable = said!("template_category_appeal", TemplateCategory);
    assert_eq!(appealable.appeal, Some(CategoryAppeal::Eligible));
    assert_eq!(told(*appealable), (Utility, Some(Marketing), None, Some(Marketing)));
    let detected = said!("template_category_detected", TemplateCategoryDetected);
    assert_eq!(told(*detected), (Utility, None, None, Some(Marketing)));
}

#[test]
fn webhook_tolerant_template_contents_whole_and_in_part() {
    let told = said!("template_components", TemplateComponents);
    let texts = [told.header.as_deref(), told.body.as_deref(), told.footer.as_deref()];
    assert_eq!(texts, [Some("Your cake"), Some("Hello {{1}}, your cake {{2}} waits."), Some("Zuid, open from seven")]);
    let [call, see] = told.buttons.as_slice() else { panic!() };
    assert_eq!((&call.kind, call.label.as_deref()), (&Some(ButtonKind::PhoneNumber), Some("Call")));
    assert_eq!((call.phone_number.as_deref(), call.url.as_deref()), (Some("+31201234567"), None));
    assert_eq!((&see.kind, see.url.as_deref()), (&Some(ButtonKind::Url), Some("https://zuid.example/cake")));
    let told = said!("template_components_body_only", TemplateComponents);
    assert_eq!((told.header, told.body.as_deref(), told.footer), (None, Some("Your cake waits."), None));
    assert!(told.buttons.is_empty());
}

#[test]
fn webhook_order_a_value_knows_nearer_than_its_entry_since_when_it_is_so() {
    let body = sample("account_offboarded_lower_case");
    assert_eq!((only(&body).time(), only(&body).at()), (at(1_767_603_600), at(1_767_600_001)));
    let body = sample("payment_configuration");
    assert_eq!((only(&body).time(), only(&body).at()), (at(1_767_603_600), at(1_767_600_000)));
    let body = sample("username_approved");
    assert_eq!((only(&body).time(), only(&body).at()), (at(1_767_603_600), at(1_767_603_600)));
    let body = sample("business_compromised");
    assert_eq!((only(&body).time(), only(&body).at()), (None, None));
}

#[test]
fn webhook_tolerant_what_is_passed_over_is_counted() {
    let passed = |value: &str| {
        let body = format!(r#"{{"field":"account_update","value":{value}}}"#);
        let change = only(&body);
        assert!(matches!(change.value(), Value::Account(_)), "{value}");
        change.passed_over()
    };
    for (value, expected) in [
        (r#"{"event":"ACCOUNT_DELETED"}"#, 0),
        (r#"{"event":"ACCOUNT_PAINTED_BLUE"}"#, 1),
        (r#"{"event":"ACCOUNT_DELETED","paint":{"shade":7},"more":[1]}"#, 2),
        (r#"{"event":"ACCOUNT_DELETED","phone_number":{"a":1}}"#, 1),
        (r#"{"event":"ACCOUNT_DELETED","phone_number":null,"waba_info":null}"#, 0),
        (r#"{"event":"ACCOUNT_DELETED","waba_info":{"waba_id":"1","mood":"good"}}"#, 1),
        (r#"{"event":"ACCOUNT_DELETED","waba_info":"1"}"#, 1),
        (r#"{"event":"ACCOUNT_OFFBOARDED","account_offboarded":{"timestamp":"soon"}}"#, 1),
        (r#"{"event":"DISABLED_UPDATE","ban_info":{"waba_ban_date":"soon","waba_ban_state":"DISABLE"}}"#, 1),
        (r#"{"event":"ACCOUNT_RESTRICTION","restriction_info":[{"restriction_type":"X"},7]}"#, 2),
    ] {
        assert_eq!(passed(value), expected, "{value}");
    }
    let many = vec!["{}"; 300].join(",");
    assert_eq!(passed(&format!(r#"{{"event":"ACCOUNT_RESTRICTION","restriction_info":[{many}]}}"#)), 44);
}
