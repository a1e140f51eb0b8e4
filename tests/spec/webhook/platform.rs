//! What each kind of delivery tells onboardings, channels' health and templates.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use whatsapp_inbox::health::Health;
use whatsapp_inbox::testing::{Chance, sample as of_sample};
use whatsapp_inbox::time::Instant;
use whatsapp_inbox::translation::{facts, health_facts, template_fact};

use super::{changes, samples};
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
