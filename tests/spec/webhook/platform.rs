//! What each kind of delivery tells onboardings, channels' health and templates.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use whatsapp_inbox::channel::WhatsAppLine;
use whatsapp_inbox::health::Health;
use whatsapp_inbox::testing::{Chance, sample as of_sample};
use whatsapp_inbox::time::Instant;
use whatsapp_inbox::translation::{About, facts, health_facts, template_fact};
use whatsapp_inbox::whatsapp::{AlertKind, WabaId};

use super::translation::about;
use super::{changes, samples};
use crate::case::*;
use crate::golden::golden;

#[test]
fn webhook_tolerant_every_delivery_is_told_to_whom_it_concerns() {
    let mut table = "| delivery | onboarding | health | template |\n| --- | --- | --- | --- |\n".to_owned();
    let mut told = [0, 0, 0];
    for (name, body) in samples() {
        for change in changes(&body) {
            let onboarding: Vec<String> = facts(&change).iter().map(|told| in_a_word(&told.fact)).collect();
            let health: Vec<String> = health_facts(&change).iter().map(|told| told.told.fact.to_string()).collect();
            let template: Vec<String> = template_fact(&change)
                .map(|told| format!("{} {}", told.key, in_a_word(&told.fact)))
                .into_iter()
                .collect();
            let columns = [&onboarding, &health, &template];
            for (count, column) in told.iter_mut().zip(columns) {
                *count += column.len();
            }
            let [onboarding, health, template] =
                columns.map(|told| if told.is_empty() { "–".to_owned() } else { told.join("; ") });
            let _ = writeln!(table, "| {name} | {onboarding} | {health} | {template} |");
        }
    }
    assert!(told.iter().all(|count| *count >= 10), "{told:?}");
    golden("deliveries.md", &table);
}

/// The tag of a fact as JSON has it.
fn in_a_word(fact: &impl serde::Serialize) -> String {
    let json = serde_json::to_value(fact).expect("JSON");
    json.as_object().and_then(|object| object.keys().next().cloned()).expect("a tag")
}

#[test]
fn webhook_order_any_order_of_all_deliveries_ends_in_the_same_health() {
    let bodies: Vec<String> = samples().into_iter().map(|(_, body)| body).collect();
    let all: Vec<_> = bodies.iter().flat_map(|body| changes(body)).collect();
    let now = Instant::MAX;
    let heard = |order: &[usize]| {
        let mut views: BTreeMap<String, Health> = BTreeMap::new();
        for change in order {
            for told in health_facts(&all[*change]) {
                views.entry(format!("{:?}", told.about)).or_default().hear(told.told, now);
            }
        }
        views
    };
    let straight = heard(&(0..all.len()).collect::<Vec<_>>());
    assert!(straight.len() > 5 && straight.values().any(|health| !health.can_send(of_sample::begin()).is_yes()));
    let chance = Chance::new(7);
    for _ in 0..200 {
        let mut order: Vec<usize> = (0..all.len()).chain(0..all.len()).collect();
        for n in (1..order.len()).rev() {
            order.swap(n, chance.below(n + 1));
        }
        assert_eq!(heard(&order), straight);
    }
}

#[test]
fn webhook_tolerant_what_is_told_of_health_finds_the_lines_that_it_is_about() {
    let line = WhatsAppLine::new(number(NUMBER), phone_number_id(PHONE_NUMBER), waba(ACCOUNT));
    let named = |account: Option<&str>, id: &str| {
        let mut about = about(account, None, None);
        about.phone_number = Some(phone_number_id(id));
        about
    };
    for (about, concerns) in [
        // The number decides alone,
        (about(None, Some(NUMBER), None), true),
        (about(Some(OTHER_ACCOUNT), Some(NUMBER), None), true),
        (about(Some(ACCOUNT), Some(OTHER_NUMBER), None), false),
        // then its id, which is of an account,
        (named(None, PHONE_NUMBER), true),
        (named(Some(ACCOUNT), PHONE_NUMBER), true),
        (named(Some(OTHER_ACCOUNT), PHONE_NUMBER), false),
        (named(Some(ACCOUNT), "7"), false),
        // then the account.
        (about(Some(ACCOUNT), None, None), true),
        (about(Some(ACCOUNT), None, Some(OTHER_BUSINESS)), true),
        (about(Some(OTHER_ACCOUNT), None, Some(BUSINESS)), false),
        // A line knows no business.
        (about(None, None, Some(BUSINESS)), false),
        (About::default(), false),
    ] {
        assert_eq!(about.concerns_line(&line), concerns, "{about:?}");
    }
}

#[test]
fn webhook_tolerant_every_delivery_about_health_names_whose_it_is_where_meta_does() {
    let mut nobodys = Vec::new();
    for (name, body) in samples() {
        for told in changes(&body).iter().flat_map(health_facts) {
            let About { account, number, phone_number, business, .. } = told.about.clone();
            if account.is_none() && number.is_none() && phone_number.is_none() {
                nobodys.push((name.clone(), business.is_some()));
                continue;
            }
            // A line made of what it names is found.
            let line = WhatsAppLine::new(
                number.unwrap_or_else(|| self::number(NUMBER)),
                phone_number.unwrap_or_else(|| phone_number_id(PHONE_NUMBER)),
                account.unwrap_or_else(|| waba(ACCOUNT)),
            );
            assert!(told.about.concerns_line(&line), "{name}");
        }
    }
    nobodys.dedup();
    // Without the entry nobody can know whose account it is.
    let expected = [
        ("account_ban_state_in_array", false),
        ("array_of_bare_changes", false),
        ("business_compromised", true),
        ("capability_per_number_old", false),
    ];
    assert_eq!(nobodys, expected.map(|(name, business)| (name.to_owned(), business)));
}

/// What is told of health by a change of this field with this value.
fn told(field: &str, value: &str) -> Vec<String> {
    let body = format!(
        r#"{{"entry": [{{"id": "4757", "time": 1767600000, "changes": [{{"field": "{field}", "value": {value}}}]}}]}}"#
    );
    let all = changes(&body);
    let told = all.iter().flat_map(health_facts);
    told.map(|told| {
        assert_eq!(told.about.account.as_ref().map(WabaId::as_str), Some("4757"));
        told.told.fact.to_string()
    })
    .collect()
}

#[test]
fn webhook_tolerant_what_happened_to_an_account_is_never_silent() {
    for (value, expected) in [
        (r#"{"event": "ACCOUNT_PAINTED_BLUE"}"#, &["account event ACCOUNT_PAINTED_BLUE"][..]),
        // Meta says that there is something and not what.
        (r#"{"event": "DISABLED_UPDATE"}"#, &["ban DISABLED_UPDATE"]),
        (r#"{"event": "DISABLED_UPDATE", "ban_info": {"waba_ban_date": "2026-02-11"}}"#, &["ban DISABLED_UPDATE"]),
        (r#"{"event": "ACCOUNT_RESTRICTION"}"#, &["restriction ACCOUNT_RESTRICTION"]),
        (r#"{"event": "ACCOUNT_RESTRICTION", "restriction_info": []}"#, &["restriction ACCOUNT_RESTRICTION"]),
        (r#"{"event": "ACCOUNT_VIOLATION"}"#, &["violation ACCOUNT_VIOLATION"]),
        // It says what.
        (r#"{"event": "DISABLED_UPDATE", "ban_info": {"waba_ban_state": "DISABLE"}}"#, &["ban DISABLE"]),
        (r#"{"event": "DISABLED_UPDATE", "ban_info": {"waba_ban_state": "MELT"}}"#, &["ban MELT"]),
        (
            r#"{"event": "ACCOUNT_RESTRICTION", "restriction_info": [{"restriction_type": "RESTRICTED_BREAD"}]}"#,
            &["restriction RESTRICTED_BREAD"],
        ),
        (r#"{"event": "ACCOUNT_VIOLATION", "violation_info": {"violation_type": "BREAD"}}"#, &["violation BREAD"]),
        // What comes with an event that nobody here has heard of counts as well.
        (
            r#"{"event": "ACCOUNT_BAKED", "violation_info": {"violation_type": "SCAM"}}"#,
            &["violation SCAM", "account event ACCOUNT_BAKED"],
        ),
        (r#"{"event": "VOLUME_BASED_PRICING_TIER_UPDATE"}"#, &[]),
        (r#"{"event": "VERIFIED_ACCOUNT"}"#, &[]),
    ] {
        assert_eq!(told("account_update", value), expected, "{value}");
    }
}

#[test]
fn webhook_tolerant_an_alert_that_nobody_here_has_heard_of_is_never_silent() {
    let alert = |kind: &str| told("account_alerts", &format!(r#"{{"alert_info": {{"alert_type": "{kind}"}}}}"#));
    assert_eq!(alert("OVEN_IS_HOT"), ["alert OVEN_IS_HOT"]);
    for known in AlertKind::KNOWN {
        assert_eq!(alert(known.as_str()), Vec::<String>::new(), "{known}");
    }
}
