//! `webhook.tolerant`: which facts a delivery tells, about whom, and since when.

use proptest::prelude::*;
use whatsapp_inbox::channel::{self, Loss};
use whatsapp_inbox::onboarding::{AccountNotice, Fact};
use whatsapp_inbox::time::Instant;
use whatsapp_inbox::translation::{About, Told, facts, lose_account};
use whatsapp_inbox::whatsapp::{
    BadgeStatus, BusinessVerification, NameRejection, NameStatus, RequestStatus, Restriction, ReviewDecision,
    TemplateEvent, TemplateKey,
};

use super::{changes, only, sample, samples};
use crate::case::*;

/// Monday, 5 January 2026, 9:00 UTC, when every [`Case`] begins.
pub(super) const MORNING: i64 = 1_767_603_600;

/// The provider's own Business Manager.
pub(super) const PROVIDER: &str = "8830017742";

/// A delivery of one change.
pub(super) fn body(entry: &str, time: i64, field: &str, value: &str) -> String {
    format!(
        r#"{{"object":"whatsapp_business_account","entry":[{{"id":"{entry}","time":{time},"changes":[{{"value":{value},"field":"{field}"}}]}}]}}"#
    )
}

/// A delivery of `account_update` that has nothing but its event and this.
pub(super) fn update(entry: &str, time: i64, event: &str, more: &str) -> String {
    body(entry, time, "account_update", &format!(r#"{{"event":"{event}"{more}}}"#))
}

/// A delivery about the partnership with the brand.
pub(super) fn partner(time: i64, event: &str) -> String {
    let place = format!(r#","waba_info":{{"waba_id":"{ACCOUNT}","owner_business_id":"{BUSINESS}"}}"#);
    update(PROVIDER, time, event, &place)
}

/// A delivery about the verification of the brand's business.
pub(super) fn certification(time: i64, status: &str) -> String {
    let info = format!(
        r#","partner_client_certification_info":{{"client_business_id":"{BUSINESS}","status":"{status}","rejection_reasons":["NONE"]}}"#
    );
    update(PROVIDER, time, "PARTNER_CLIENT_CERTIFICATION_STATUS_UPDATE", &info)
}

/// A delivery about the display name of the brand's number.
pub(super) fn name_update(time: i64, decision: &str, name: &str, reason: &str) -> String {
    let value = format!(
        r#"{{"display_phone_number":"49401234567","decision":"{decision}","requested_verified_name":"{name}","rejection_reason":{reason}}}"#
    );
    body(ACCOUNT, time, "phone_number_name_update", &value)
}

/// A delivery about the template of [`key`].
pub(super) fn template_update(time: i64, name: &str, event: &str, reason: &str) -> String {
    let value = format!(
        r#"{{"event":"{event}","message_template_id":912,"message_template_name":"{name}","message_template_language":"en_US","reason":{reason}}}"#
    );
    body(ACCOUNT, time, "message_template_status_update", &value)
}

pub(super) fn about(account: Option<&str>, number: Option<&str>, business: Option<&str>) -> About {
    let mut about = About::default();
    about.account = account.map(waba);
    about.number = number.map(self::number);
    about.business = business.map(manager);
    about
}

fn at(seconds: i64) -> Option<Instant> {
    Instant::from_unix_seconds(seconds).ok()
}

fn told(body: &str) -> Vec<Told> {
    facts(&only(body))
}

/// The delivery tells these facts and no others, about this, since that second.
#[track_caller]
fn tells(body: &str, about: &About, since: Option<Instant>, expected: &[Fact]) {
    let told = told(body);
    let found: Vec<_> = told.iter().map(|told| told.fact.clone()).collect();
    assert_eq!(found, expected, "{body}");
    for (n, told) in (0..).zip(told) {
        assert_eq!(told.about, *about, "{body}");
        assert_eq!(told.at, since, "{body}");
        assert_eq!(told.id, only(body).fact_id(n), "{body}");
    }
}

#[test]
fn webhook_tolerant_a_partner_that_is_added_has_its_request_approved() {
    let place = about(Some(ACCOUNT), None, Some(BUSINESS));
    for event in ["PARTNER_ADDED", "PARTNER_APP_INSTALLED", "partner_added"] {
        tells(&partner(MORNING, event), &place, at(MORNING), &[request(ACCOUNT, RequestStatus::Approved)]);
    }
}

#[test]
fn webhook_tolerant_a_partner_that_is_removed_has_lost_its_access() {
    let place = about(Some(ACCOUNT), None, Some(BUSINESS));
    for event in ["PARTNER_REMOVED", "PARTNER_APP_UNINSTALLED", "partner_app_uninstalled"] {
        tells(&partner(MORNING, event), &place, at(MORNING), &[notice(AccountNotice::AccessRemoved)]);
    }
}

#[test]
fn webhook_tolerant_a_partnership_is_never_about_the_entry_which_is_the_providers_own() {
    let events = ["PARTNER_ADDED", "PARTNER_REMOVED", "PARTNER_APP_INSTALLED", "PARTNER_APP_UNINSTALLED"];
    for event in events {
        for place in ["", r#","waba_info":{}"#, r#","waba_info":{"waba_id":"none","owner_business_id":"1"}"#] {
            assert_eq!(told(&update(ACCOUNT, MORNING, event, place)), [], "{event} {place}");
        }
    }
}

#[test]
fn webhook_tolerant_account_reviews_tell_their_decision() {
    for (word, decision) in [
        ("APPROVED", ReviewDecision::Approved),
        ("REJECTED", ReviewDecision::Rejected),
        ("PENDING", ReviewDecision::Pending),
        ("DEFERRED", ReviewDecision::Deferred),
        ("ON_THE_MOON", ReviewDecision::Unknown("ON_THE_MOON".to_owned())),
    ] {
        let body = body(ACCOUNT, MORNING, "account_review_update", &format!(r#"{{"decision":"{word}"}}"#));
        tells(&body, &about(Some(ACCOUNT), None, None), at(MORNING), &[review(ACCOUNT, decision)]);
    }
}

#[test]
fn webhook_tolerant_certifications_are_about_the_clients_business_alone() {
    for (word, status) in [
        ("PENDING", BusinessVerification::Pending),
        ("APPROVED", BusinessVerification::Verified),
        ("FAILED", BusinessVerification::Failed),
        ("DISCARDED", BusinessVerification::Failed),
        ("REVOKED", BusinessVerification::Revoked),
        ("ADMIRED", BusinessVerification::Unknown("ADMIRED".to_owned())),
    ] {
        let client = about(None, None, Some(BUSINESS));
        tells(&certification(MORNING, word), &client, at(MORNING), &[business(status)]);
    }
}

#[test]
fn webhook_tolerant_a_certification_without_client_is_about_the_owner_of_the_account() {
    let event = "PARTNER_CLIENT_CERTIFICATION_STATUS_UPDATE";
    let owner = format!(r#","waba_info":{{"waba_id":"{ACCOUNT}","owner_business_id":"{BUSINESS}"}}"#);
    let info = |info: &str| format!(r#","partner_client_certification_info":{{{info}}}"#);
    let body = update(PROVIDER, MORNING, event, &(info(r#""status":"APPROVED""#) + &owner));
    let verified = [business(BusinessVerification::Verified)];
    tells(&body, &about(None, None, Some(BUSINESS)), at(MORNING), &verified);
    let both = info(&format!(r#""status":"APPROVED","client_business_id":"{BUSINESS}""#));
    let other = owner.replace(BUSINESS, OTHER_BUSINESS);
    tells(
        &update(PROVIDER, MORNING, event, &(both + &other)),
        &about(None, None, Some(BUSINESS)),
        at(MORNING),
        &verified,
    );
    for nothing in [info(r#""status":"APPROVED""#), info(r#""client_business_id":"1""#), owner] {
        assert_eq!(told(&update(PROVIDER, MORNING, event, &nothing)), [], "{nothing}");
    }
}

#[test]
fn webhook_tolerant_display_names_tell_their_decision_and_its_reason() {
    let place = about(Some(ACCOUNT), Some(NUMBER), None);
    for (word, why, status, reason) in [
        ("APPROVED", "null", NameStatus::Approved, None),
        ("APPROVED", r#""NONE""#, NameStatus::Approved, None),
        ("REJECTED", r#""NAME_FORMAT_UNACCEPTABLE""#, NameStatus::Declined, Some(NameRejection::Format)),
        ("REJECTED", r#""NAME_EMPLOYEE_ISSUE""#, NameStatus::Declined, Some(NameRejection::Employee)),
        ("REJECTED", r#""TOO_BLUE""#, NameStatus::Declined, Some(NameRejection::Unknown("TOO_BLUE".to_owned()))),
        ("REJECTED", "null", NameStatus::Declined, None),
        ("PENDING", "null", NameStatus::PendingReview, None),
        ("DEFERRED", "null", NameStatus::PendingReview, None),
    ] {
        let fact = Fact::DisplayName { number: number(NUMBER), name: NAME.to_owned(), status, reason };
        tells(&name_update(MORNING, word, NAME, why), &place, at(MORNING), &[fact]);
    }
}

#[test]
fn webhook_tolerant_display_names_are_those_that_were_asked_for() {
    let fact = |body: &str| told(body).remove(0).fact;
    let name = |name: &str| Fact::DisplayName {
        number: number(NUMBER),
        name: name.to_owned(),
        status: NameStatus::Approved,
        reason: None,
    };
    assert_eq!(fact(&name_update(MORNING, "APPROVED", r"Caf\u00e9 \ud83c\udf70", "null")), name("Café 🍰"));
    let written = name_update(MORNING, "APPROVED", NAME, "null").replace("49401234567", "+49 40 1234-567");
    assert_eq!(fact(&written), name(NAME));
    let unreadable = name_update(MORNING, "APPROVED", NAME, "null").replace("49401234567", "(unknown)");
    assert_eq!(told(&unreadable), []);
}

#[test]
fn webhook_tolerant_badges_nested_and_flat() {
    for (word, status) in [("OBA_APPROVED", BadgeStatus::Granted), ("OBA_REJECTED", BadgeStatus::Denied)] {
        let nested = format!(r#"{{"entity_type":"PHONE_NUMBER","alert_info":{{"alert_type":"{word}"}}}}"#);
        let flat = format!(r#"{{"entity_type":"WABA","entity_id":7,"alert_type":"{word}"}}"#);
        for value in [nested, flat] {
            let body = body(ACCOUNT, MORNING, "account_alerts", &value);
            tells(&body, &about(Some(ACCOUNT), None, None), at(MORNING), &[badge(status.clone())]);
        }
    }
}

#[test]
fn webhook_tolerant_template_events_tell_event_key_and_reason() {
    for (word, why, event, reason) in [
        ("APPROVED", r#""NONE""#, TemplateEvent::Approved, None),
        ("REJECTED", r#""INVALID_FORMAT""#, TemplateEvent::Rejected, Some("INVALID_FORMAT")),
        ("PENDING", "null", TemplateEvent::Pending, None),
        ("IN_APPEAL", "null", TemplateEvent::InAppeal, None),
        ("PAUSED", r#""FIRST_PAUSE""#, TemplateEvent::Paused, Some("FIRST_PAUSE")),
        ("DISABLED", "null", TemplateEvent::Disabled, None),
        ("REINSTATED", "null", TemplateEvent::Reinstated, None),
        ("GILDED", "null", TemplateEvent::Unknown("GILDED".to_owned()), None),
    ] {
        let fact = Fact::Template { template: key("loaf_ready"), event, reason: reason.map(str::to_owned) };
        let body = template_update(MORNING, "loaf_ready", word, why);
        tells(&body, &about(Some(ACCOUNT), None, None), at(MORNING), &[fact]);
    }
    let body = sample("template_rejected");
    assert!(matches!(&told(&body)[0].fact, Fact::Template { template, .. }
        if *template == TemplateKey::from_meta("cake_ready", "pt_BR")));
}

#[test]
fn webhook_tolerant_every_restriction_of_a_change_is_a_fact() {
    let info = r#","phone_number":"31201234567","restriction_info":[
        {"restriction_type":"RESTRICTED_BIZ_INITIATED_MESSAGING","expiration":1767862800},
        {"restriction_type":"RESTRICTED_BAKING"}]"#;
    let restricted = |restriction, until| notice(AccountNotice::Restricted { restriction, until });
    let both = [
        restricted(Restriction::BusinessInitiatedMessaging, at(1_767_862_800)),
        restricted(Restriction::Unknown("RESTRICTED_BAKING".to_owned()), None),
    ];
    let body = update(ACCOUNT, MORNING, "ACCOUNT_RESTRICTION", info);
    tells(&body, &about(Some(ACCOUNT), None, None), at(MORNING), &both);
    let ids: Vec<_> = told(&body).into_iter().map(|told| told.id).collect();
    assert_ne!(ids[0], ids[1]);
    assert_eq!(told(&update(ACCOUNT, MORNING, "ACCOUNT_RESTRICTION", "")), []);
}

#[test]
fn webhook_tolerant_bans_tell_how_far_they_are() {
    let states = [
        (r#""SCHEDULE_FOR_DISABLE""#, vec![notice(AccountNotice::BanScheduled)]),
        (r#""DISABLE""#, vec![notice(AccountNotice::Banned)]),
        (r#"["DISABLE"]"#, vec![notice(AccountNotice::Banned)]),
        (r#""REINSTATE""#, vec![notice(AccountNotice::BanLifted)]),
        (r#""PAINT""#, Vec::new()),
        (r#"["DISABLE","REINSTATE"]"#, Vec::new()),
        ("null", Vec::new()),
    ];
    for (state, expected) in states {
        let info = format!(r#","ban_info":{{"waba_ban_state":{state},"waba_ban_date":"February 9, 2026"}}"#);
        let body = update(ACCOUNT, MORNING, "DISABLED_UPDATE", &info);
        tells(&body, &about(Some(ACCOUNT), None, None), at(MORNING), &expected);
    }
}

#[test]
fn webhook_tolerant_accounts_that_leave_and_come_back_in_either_spelling() {
    let place = about(Some(ACCOUNT), None, None);
    for (word, expected) in [
        ("ACCOUNT_OFFBOARDED", AccountNotice::Offboarded),
        ("account_offboarded", AccountNotice::Offboarded),
        ("ACCOUNT_RECONNECTED", AccountNotice::Reconnected),
        ("account_reconnected", AccountNotice::Reconnected),
        ("ACCOUNT_DELETED", AccountNotice::Deleted),
        ("account_deleted", AccountNotice::Deleted),
    ] {
        let expected = [notice(expected)];
        tells(&update(ACCOUNT, MORNING, word, ""), &place, at(MORNING), &expected);
        // A number that is named is the one it is about, if it is one that business app and API share.
        let of_number = (!word.eq_ignore_ascii_case("ACCOUNT_DELETED")).then_some(NUMBER);
        let place_of_number = about(Some(ACCOUNT), of_number, None);
        let named = update(ACCOUNT, MORNING, word, r#","phone_number":"49401234567""#);
        tells(&named, &place_of_number, at(MORNING), &expected);
        // The part that is named for what happened names account and second too, and is nearer to it than the entry.
        let part = word.to_ascii_lowercase().replace("deleted", "offboarded");
        let part = format!(r#","{part}":{{"waba_id":"{ACCOUNT}","phone_number_id":"7","timestamp":"1767600001"}}"#);
        let mut place_of_id = place.clone();
        place_of_id.phone_number = of_number.map(|_| phone_number_id("7"));
        tells(&update("5", MORNING, word, &part), &place_of_id, at(1_767_600_001), &expected);
    }
}

#[test]
fn channel_close_by_meta_comes_from_a_delivery() {
    let lost_by = |number: Option<&str>, id: Option<&str>, loss| {
        let (number, phone_number) = (number.map(crate::case::number), id.map(phone_number_id));
        Some(channel::Command::LoseAccount { account: waba(ACCOUNT), number, phone_number, loss })
    };
    let lost = |number, loss| lost_by(number, None, loss);
    let named = r#","phone_number":"49401234567""#;
    let by_id = format!(r#","account_offboarded":{{"waba_id":"{ACCOUNT}","phone_number_id":"{PHONE_NUMBER}"}}"#);
    for (word, more, expected) in [
        ("ACCOUNT_OFFBOARDED", "", lost(None, Loss::Offboarded)),
        ("account_offboarded", named, lost(Some(NUMBER), Loss::Offboarded)),
        // Where the number is told by its id alone, the others of the account stay.
        ("account_offboarded", &*by_id, lost_by(None, Some(PHONE_NUMBER), Loss::Offboarded)),
        ("ACCOUNT_DELETED", named, lost(None, Loss::AccountDeleted)),
        ("ACCOUNT_RECONNECTED", named, None),
        ("PARTNER_REMOVED", "", None),
        ("something of tomorrow", "", None),
    ] {
        let body = update(ACCOUNT, MORNING, word, more);
        let told: Vec<_> = changes(&body).iter().map(lose_account).collect();
        assert_eq!(told, [expected], "{word}");
    }
}

#[test]
fn webhook_tolerant_facts_without_a_time_say_so() {
    for time in ["", r#""time":"yesterday","#, r#""time":99999999999999999999,"#] {
        let body = format!(
            r#"{{"entry":[{{"id":"{ACCOUNT}",{time}"changes":[{{"field":"account_review_update","value":{{"decision":"APPROVED"}}}}]}}]}}"#
        );
        let told = told(&body);
        assert_eq!((told.len(), told[0].at), (1, None), "{time}");
    }
}

#[test]
fn webhook_tolerant_every_sample_tells_the_facts_that_it_tells() {
    // What is no fact of an onboarding, is of no account as the test panel posts it, or is not understood.
    let none = [
        "account_ad_account_linked",
        "account_ad_account_linked_other_key",
        "account_ban_state_in_array",
        "account_country",
        "account_event_of_tomorrow",
        "account_international_prices",
        "account_marketing_terms",
        "account_verified_legacy",
        "account_violation_in_array",
        "account_volume_tier",
        "alert_limit_deferred",
        "alert_nested",
        "array_of_bare_changes",
        "messages",
        "unknown_field",
        "user_preferences",
    ];
    let of_health = ["business_", "capability_", "number_", "partner_", "payment_", "security_", "username_"];
    let of_templates = ["template_category_", "template_components", "template_quality"];
    for (name, body) in samples() {
        let count = changes(&body).iter().flat_map(facts).count();
        let expected = match &*name {
            "account_restriction" => 3,
            "batch_of_entries" => 2,
            name if none.contains(&name) => 0,
            name if of_health.iter().chain(&of_templates).any(|start| name.starts_with(start)) => 0,
            _ => 1,
        };
        assert_eq!(count, expected, "{name}");
    }
}

#[test]
fn webhook_tolerant_every_change_tells_what_it_is_about() {
    const WABA: &str = "70414200118";
    const ZUID: &str = "+31201234567";
    const OWNER: &str = "415500921";
    let of = |name: &str| {
        let body = sample(name);
        let About { account, number, phone_number, business, .. } = About::of(&only(&body));
        let digits = number.map(|number| number.to_string());
        let id = |id: Option<String>| id.unwrap_or_default();
        [
            id(account.map(|account| account.to_string())),
            id(digits),
            id(phone_number.map(|id| id.to_string())),
            id(business.map(|business| business.to_string())),
        ]
    };
    for (name, expected) in [
        ("account_deleted", [WABA, "", "", ""]),
        ("account_partner_added", [WABA, "", "", OWNER]),
        ("account_ad_account_linked", [WABA, "", "", OWNER]),
        ("account_marketing_terms", [WABA, "", "", OWNER]),
        ("account_certification", ["", "", "", OWNER]),
        ("account_offboarded_lower_case", [WABA, "", "30217745", ""]),
        ("account_restriction", [WABA, "", "", ""]),
        ("account_ban_state_in_array", ["", "", "", ""]),
        ("account_review", [WABA, "", "", ""]),
        ("alert_limit_deferred", [WABA, "", "", OWNER]),
        ("alert_badge_flat_no_entry", [WABA, "", "", ""]),
        ("business_compromised", ["", "", "", OWNER]),
        ("capability_tier", [WABA, "", "", ""]),
        ("name_approved", [WABA, ZUID, "", ""]),
        ("name_rejected", ["", ZUID, "", ""]),
        ("number_quality_flagged", [WABA, ZUID, "", ""]),
        ("security_pin_reset_request", [WABA, ZUID, "", ""]),
        ("security_pin_changed_no_entry", ["", ZUID, "", ""]),
        ("username_approved", [WABA, ZUID, "", ""]),
        ("template_locked", [WABA, "", "", ""]),
        ("template_category_announced", [WABA, "", "", ""]),
        ("template_components", [WABA, "", "", ""]),
        ("payment_configuration", [WABA, "", "", ""]),
        // Its entry is the provider's own business.
        ("partner_solution", ["", "", "", ""]),
        ("messages", [WABA, "", "", ""]),
    ] {
        assert_eq!(of(name), expected, "{name}");
    }
}

#[test]
fn webhook_tolerant_a_template_that_is_held_back_says_why_in_its_notice() {
    let body = sample("template_locked");
    assert!(matches!(&told(&body)[0].fact, Fact::Template { event: TemplateEvent::Locked, reason: Some(reason), .. }
        if reason == "RATE_LIMITING_PAUSE"));
}

#[test]
fn webhook_tolerant_what_concerns_no_onboarding_tells_nothing() {
    let bodies = [
        update(ACCOUNT, MORNING, "ACCOUNT_VIOLATION", r#","violation_info":{"violation_type":"SCAM"}"#),
        update(ACCOUNT, MORNING, "AD_ACCOUNT_LINKED", ""),
        update(ACCOUNT, MORNING, "MM_LITE_TERMS_SIGNED", ""),
        update(ACCOUNT, MORNING, "VERIFIED_ACCOUNT", ""),
        update(ACCOUNT, MORNING, "ACCOUNT_PAINTED_BLUE", ""),
        body(ACCOUNT, MORNING, "account_update", "[]"),
        body(ACCOUNT, MORNING, "account_alerts", r#"{"alert_type":"OBA_POSTPONED"}"#),
        body(ACCOUNT, MORNING, "account_alerts", r#"{"alert_type":"APPROVED"}"#),
        body(ACCOUNT, MORNING, "messages", r#"{"event":"PARTNER_ADDED"}"#),
        body(ACCOUNT, MORNING, "security", r#"{"event":"PIN_CHANGED"}"#),
    ];
    for body in bodies {
        assert_eq!(told(&body), [], "{body}");
    }
}

#[test]
fn webhook_tolerant_an_entry_that_is_no_account_makes_no_account() {
    for entry in ["waba-id", "", " ", "-1", "1e3", "１２", "7a", r"\u0000", r"\ud83c\udf70"] {
        assert_eq!(told(&body(entry, MORNING, "account_review_update", r#"{"decision":"APPROVED"}"#)), [], "{entry}");
        assert_eq!(told(&update(entry, MORNING, "ACCOUNT_DELETED", "")), [], "{entry}");
        let name = name_update(MORNING, "APPROVED", NAME, "null").replace(ACCOUNT, entry);
        tells(&name, &about(None, Some(NUMBER), None), at(MORNING), &[self::name(NAME, NameStatus::Approved)]);
        for (_, body) in samples() {
            for change in changes(&body.replace(r#""70414200118""#, &format!(r#""{entry}""#))) {
                let _ = facts(&change);
            }
        }
    }
    let zero = told(&update("0", MORNING, "ACCOUNT_DELETED", ""));
    assert_eq!(zero[0].about, about(Some("0"), None, None));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn webhook_tolerant_no_delivery_is_too_odd_to_translate(
        entry: String,
        time: i64,
        field in prop::sample::select(vec!["account_update", "phone_number_name_update", "account_alerts",
            "account_review_update", "message_template_status_update"]),
        event in prop_oneof![prop::sample::select(whatsapp_inbox::whatsapp::AccountEvent::KNOWN)
            .prop_map(|event| event.as_str().to_owned()), any::<String>()],
        texts in prop::collection::vec(any::<String>(), 4),
    ) {
        let [a, b, c, d] = <[String; 4]>::try_from(texts).unwrap();
        let value = serde_json::json!({
            "event": event, "decision": a, "alert_type": event,
            "waba_info": { "waba_id": b, "owner_business_id": c },
            "restriction_info": [{ "restriction_type": a, "expiration": d }, c],
            "ban_info": { "waba_ban_state": [b] },
            "partner_client_certification_info": { "client_business_id": a, "status": d },
            "display_phone_number": b, "requested_verified_name": c, "rejection_reason": d,
            "message_template_id": a, "message_template_name": b, "message_template_language": c, "reason": d,
        });
        let body = serde_json::json!({
            "entry": [{ "id": entry, "time": time, "changes": [{ "field": field, "value": value }] }]
        });
        for told in told(&body.to_string()) {
            let _ = told.command();
        }
    }
}
