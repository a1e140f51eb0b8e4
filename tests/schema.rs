//! The JSON Schemas (feature `schemars`) hold for the JSON that the crate writes, and for what it is meant to read.

use std::cell::RefCell;
use std::collections::BTreeSet;

use jsonschema::Validator;
use proptest::strategy::Strategy;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde_json::{Value, json};
use whatsapp_inbox::form::Faults;
use whatsapp_inbox::onboarding::{Checklist, DetailsDraft, Event, Fact, Onboarding, Overview};
use whatsapp_inbox::testing::{History, details, facts, histories, profiles, subjects};
use whatsapp_inbox::time::Calendar;
use whatsapp_inbox::whatsapp::{Judgement, ProfileDraft};

/// The schema of what is written.
fn written<T: JsonSchema>() -> Validator {
    validator(&SchemaSettings::draft2020_12().for_serialize().into_generator().into_root_schema_for::<T>())
}

/// The schema of what is to be read.
fn read<T: JsonSchema>() -> Validator {
    validator(&SchemaSettings::draft2020_12().for_deserialize().into_generator().into_root_schema_for::<T>())
}

fn validator(schema: &schemars::Schema) -> Validator {
    jsonschema::options().should_validate_formats(true).build(schema.as_value()).expect("a sound schema")
}

#[track_caller]
fn holds(schema: &Validator, value: &Value) {
    let faults: Vec<String> =
        schema.iter_errors(value).map(|fault| format!("{}: {fault}", fault.instance_path())).collect();
    assert!(faults.is_empty(), "{}\n{value:#}", faults.join("\n"));
}

/// The same draws in every run.
fn each<T: std::fmt::Debug>(cases: u32, values: impl Strategy<Value = T>, law: impl Fn(T)) {
    let config = Config { cases, failure_persistence: None, ..Config::default() };
    let mut runner = TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha));
    let checked = runner.run(&values, |value| {
        law(value);
        Ok(())
    });
    checked.unwrap();
}

fn of<T: serde::Serialize>(value: &T) -> Value {
    serde_json::to_value(value).expect("JSON")
}

/// The words that stand under a key anywhere, or the only key of an object there.
fn words(value: &Value, key: &str, found: &mut BTreeSet<String>) {
    match value {
        Value::Object(entries) => {
            found.extend(match entries.get(key) {
                Some(Value::String(word)) => Some(word.clone()),
                Some(Value::Object(inner)) => inner.keys().next().cloned(),
                _ => None,
            });
            entries.values().for_each(|inner| words(inner, key, found));
        }
        Value::Array(items) => items.iter().for_each(|inner| words(inner, key, found)),
        _ => {}
    }
}

#[test]
fn checklists_and_overviews() {
    let (checklist, overview) = (written::<Checklist>(), written::<Overview>());
    let seen = RefCell::new([const { BTreeSet::new() }; 4]);
    each(300, histories(40), |history: History| {
        for days in [0, 7] {
            let now = history.now.plus_days(days);
            let value = of(&history.onboarding.checklist(&Calendar::default(), now));
            holds(&checklist, &value);
            for (key, found) in ["status", "reason", "notice", "warning"].into_iter().zip(&mut *seen.borrow_mut()) {
                words(&value, key, found);
            }
            holds(&overview, &of(&Overview::of([&history.onboarding], &Calendar::default(), now)));
        }
    });
    let [statuses, reasons, notices, warnings] = seen.take();
    assert_eq!(statuses.len(), 5, "{statuses:?}");
    assert!(reasons.len() >= 12, "{reasons:?}");
    assert_eq!(notices.len(), 2, "{notices:?}");
    assert!(warnings.contains("nobody-can-reply"), "{warnings:?}");
}

#[test]
fn events() {
    let (written, read) = (written::<Event>(), read::<Event>());
    let seen = RefCell::new(BTreeSet::new());
    each(900, histories(40), |history: History| {
        for event in &history.events {
            let value = of(event);
            holds(&written, &value);
            holds(&read, &value);
            words(&value, "change", &mut seen.borrow_mut());
        }
    });
    assert!(seen.borrow().len() >= 25, "{:?}", seen.borrow());
}

#[test]
fn facts_of_every_kind() {
    let (written, read) = (written::<Fact>(), read::<Fact>());
    each(1000, subjects().prop_flat_map(|subjects| facts(&subjects)), |fact| {
        holds(&written, &of(&fact));
        holds(&read, &of(&fact));
    });
}

#[test]
fn drafts_and_their_faults() {
    let (form, kept) = (read::<DetailsDraft>(), written::<DetailsDraft>());
    let sound = json!({ "phone_number": "+49 40 1234567", "line": "mobile", "business_manager_id": "32", "display_name": "Loaf" });
    for value in [sound, json!({}), json!({ "ivr": null })] {
        let draft: DetailsDraft = serde_json::from_value(value.clone()).expect("a draft reads anything");
        holds(&form, &value);
        holds(&kept, &of(&draft));
    }
    let (form, kept) = (read::<ProfileDraft>(), written::<ProfileDraft>());
    each(100, profiles(), |profile| {
        let value = of(&ProfileDraft::from(&profile));
        holds(&form, &value);
        holds(&kept, &value);
    });
    let faults = written::<Faults>();
    let wrong: DetailsDraft = serde_json::from_value(json!({ "phone_number": "1", "line": 7 })).expect("a draft");
    holds(&faults, &of(&wrong.check().unwrap_err()));
    let wrong: ProfileDraft = serde_json::from_value(json!({ "websites": ["x", 7, null] })).expect("a draft");
    holds(&faults, &of(&wrong.check().unwrap_err()));
    holds(&kept, &of(&wrong));
}

#[test]
fn judgements() {
    let schema = written::<Judgement>();
    for name in ["Loaf", "Loaf Sale", "x", "WhatsApp", "..", "a b.c"] {
        holds(&schema, &of(&whatsapp_inbox::whatsapp::DisplayName::judge(name)));
    }
    each(100, details(), |details| holds(&written::<whatsapp_inbox::whatsapp::DisplayName>(), &of(&details.name)));
}

#[test]
fn what_is_wrong_does_not_pass() {
    let checklist = written::<Checklist>();
    let sound = of(&Onboarding::default().checklist(&Calendar::default(), "2026-01-05T09:00:00Z".parse().unwrap()));
    holds(&checklist, &sound);
    for (pointer, wrong) in [
        ("/as_of", json!("Monday")),
        ("/plan", json!("another")),
        ("/progress/done", json!(-1)),
        ("/items", json!({})),
        ("/items/0/status", json!("perhaps")),
        ("/items/0/since", json!(7)),
        ("/items/0/span/from", json!("5 January")),
        ("/items/1/behind", json!(["Nothing"])),
        ("/live/earliest", json!("soon")),
        ("/next/0/party", json!("Somebody")),
    ] {
        let mut value = sound.clone();
        *value.pointer_mut(pointer).unwrap_or_else(|| panic!("{pointer} in {sound:#}")) = wrong;
        assert!(!checklist.is_valid(&value), "{pointer}");
    }
    assert!(!read::<DetailsDraft>().is_valid(&json!({ "line": 7 })));
    assert!(!read::<Fact>().is_valid(&json!({ "request": { "account": "no digits", "status": "APPROVE" } })));
    assert!(!written::<Faults>().is_valid(&json!([])), "there is at least one");
}
