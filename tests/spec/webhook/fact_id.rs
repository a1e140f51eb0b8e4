//! The ids of facts: `webhook.order` rests on them.

use std::collections::HashSet;

use super::{changes, only};

#[test]
fn webhook_order_the_id_of_a_fact_never_changes() {
    // Made by another implementation of SHA-256 over the same parts.
    let told = super::sample("account_review");
    assert_eq!(only(&told).fact_id(0).to_string(), "4cc11e7a-41a8-8c2c-9f8b-8591a9231b8e");
    let bare = r#"{"field":"account_review_update","value":{ "decision" : "a  b"}}"#;
    assert_eq!(only(bare).fact_id(3).to_string(), "49ecadb5-98e6-87e5-9514-dc0b7d98be77");
}

#[test]
fn webhook_order_the_same_change_again_has_the_same_id() {
    let told = r#"{"entry":[{"id":"7","time":5,"changes":[{"field":"f","value":{"a":[1,"x \" y"]}}]}]}"#;
    let again = r#"[{"entry":[
        {"changes":[{"value":{ "a" : [1, "x \" y"] },"field":"f"}],"time":"5","id":7},
        {"id":"other"}]}]"#;
    assert_eq!(changes(told)[0].fact_id(0), changes(again)[0].fact_id(0));
}

#[test]
fn webhook_order_any_other_change_has_another_id() {
    let tellings = [
        r#"{"entry":[{"id":"7","time":5,"changes":[{"field":"f","value":"x"}]}]}"#,
        r#"{"entry":[{"id":"8","time":5,"changes":[{"field":"f","value":"x"}]}]}"#,
        r#"{"entry":[{"id":"","time":5,"changes":[{"field":"f","value":"x"}]}]}"#,
        r#"{"entry":[{"time":5,"changes":[{"field":"f","value":"x"}]}]}"#,
        r#"{"entry":[{"id":"7","time":6,"changes":[{"field":"f","value":"x"}]}]}"#,
        r#"{"entry":[{"id":"7","time":0,"changes":[{"field":"f","value":"x"}]}]}"#,
        r#"{"entry":[{"id":"7","changes":[{"field":"f","value":"x"}]}]}"#,
        r#"{"entry":[{"id":"7","time":5,"changes":[{"field":"g","value":"x"}]}]}"#,
        r#"{"entry":[{"id":"7","time":5,"changes":[{"field":"f","value":"x "}]}]}"#,
        r#"{"entry":[{"id":"7","time":5,"changes":[{"field":"f","value":["x"]}]}]}"#,
        r#"{"entry":[{"id":"7","time":5,"changes":[{"field":"f\"x","value":""}]}]}"#,
    ];
    let ids: HashSet<_> = tellings.iter().flat_map(|told| (0..=255).map(move |n| only(told).fact_id(n))).collect();
    assert_eq!(ids.len(), tellings.len() * 256);
    assert!(ids.iter().all(|id| id.uuid().get_version_num() == 8));
}

#[test]
fn webhook_order_another_spelling_of_a_change_has_the_same_id() {
    let id = |value: &str| only(&format!(r#"{{"field":"f","value":{value}}}"#)).fact_id(0);
    for (told, again) in [
        (r#"{"a":1,"b":2}"#, r#"{ "b" : 2 , "a" : 1 }"#),
        (r#"{"a":{"c":[1,{"e":2,"d":3}]}}"#, r#"{"a":{"c":[1,{"d":3,"e":2}]}}"#),
        (r#"{"id":9120044310}"#, r#"{"id":"9120044310"}"#),
        (r#"{"name":"Caf\u00e9 \ud83c\udf70"}"#, r#"{"name":"Café 🍰"}"#),
        (r#"{"url":"https:\/\/zuid.example"}"#, r#"{"url":"https://zuid.example"}"#),
        (r#""a\"b\\c\n""#, r#""a\u0022b\u005cc\u000a""#),
        ("[]", "[ ]"),
        ("{}", "{ }"),
    ] {
        assert_eq!(id(told), id(again), "{told} {again}");
    }
    for (told, other) in [
        (r#"{"a":1,"b":2}"#, r#"{"a":2,"b":1}"#),
        ("[1,2]", "[2,1]"),
        (r#"{"a":null}"#, r#"{"a":"null"}"#),
        (r#"{"a":true}"#, r#"{"a":"true"}"#),
        (r#"{"a":null}"#, "{}"),
        (r#"{"a":1}"#, r#"{"a":1.0}"#),
        (r#"{"a":{}}"#, r#"{"a":[]}"#),
        (r#"{"a":"{}"}"#, r#"{"a":{}}"#),
        (r#"["a,b"]"#, r#"["a","b"]"#),
        (r#"["a\",\"b"]"#, r#"["a","b"]"#),
        (r#"{"a":1,"a":2}"#, r#"{"a":2,"a":1}"#),
        (r#""\ud800""#, r#""\ud801""#),
        (r#""a b""#, r#""ab""#),
        (r#"{"a":{"b":1}}"#, r#"{"a":{},"b":1}"#),
    ] {
        assert_ne!(id(told), id(other), "{told} {other}");
    }
}

#[test]
fn webhook_order_keys_count_in_any_order_down_to_a_depth() {
    let nested = |levels: usize, inner: &str| {
        let value = [&*"[".repeat(levels), inner, &*"]".repeat(levels)].concat();
        only(&format!(r#"{{"field":"f","value":{value}}}"#)).fact_id(0)
    };
    let (one, other) = (r#"{"a":1,"b":2}"#, r#"{"b":2,"a":1}"#);
    assert_eq!(nested(31, one), nested(31, other));
    assert_ne!(nested(32, one), nested(32, other), "deeper than anything of Meta's, as it came");
    assert_eq!(nested(32, one), nested(32, r#"{ "a" : 1 , "b" : 2 }"#));
    assert_eq!(nested(100_000, one), nested(100_000, one));
}

#[test]
fn webhook_order_the_facts_of_all_samples_have_ids_of_their_own() {
    let (mut ids, mut changes_read) = (HashSet::new(), 0);
    for (_, body) in super::samples() {
        for change in changes(&body) {
            ids.insert(change.fact_id(0));
            changes_read += 1;
        }
    }
    assert!(changes_read > 65);
    // `account_review` and an entry of `batch_of_entries` tell the same or not; whatever differs has another id.
    let told: HashSet<_> = super::samples()
        .iter()
        .flat_map(|(_, body)| {
            let said = |change: &whatsapp_inbox::whatsapp::delivery::Change<'_>| {
                let value: serde_json::Value = serde_json::from_str(change.raw()).unwrap();
                format!("{:?} {:?} {} {value}", change.account_or_business(), change.time(), change.field())
            };
            changes(body).iter().map(said).collect::<Vec<_>>()
        })
        .collect();
    assert_eq!(ids.len(), told.len());
}

/// A JSON value as somebody else writes it: keys in another order, every character escaped, numbers in quotation marks.
fn respelled(value: &serde_json::Value, turn: usize) -> String {
    use serde_json::Value::{Array, Number, Object, String as Text};
    match value {
        Object(members) => {
            let mut members: Vec<_> = members
                .iter()
                .map(|(key, value)| format!("{}: {}", serde_json::to_string(key).unwrap(), respelled(value, turn + 1)))
                .collect();
            let by = turn % members.len().max(1);
            members.rotate_left(by);
            format!("{{ {} }}", members.join(" , "))
        }
        Array(items) => {
            let items: Vec<_> = items.iter().map(|item| respelled(item, turn + 1)).collect();
            format!("[ {} ]", items.join(" , "))
        }
        Number(number) if turn % 2 == 0 => format!("\"{number}\""),
        Text(text) if turn % 2 == 0 => {
            let escaped: Vec<_> = text.encode_utf16().map(|unit| format!("\\u{unit:04X}")).collect();
            format!("\"{}\"", escaped.concat())
        }
        other => other.to_string(),
    }
}

#[test]
fn webhook_order_every_sample_is_known_again_in_another_spelling() {
    let mut premise = 0;
    for (name, body) in super::samples() {
        for change in changes(&body) {
            let Ok(value) = serde_json::from_str::<serde_json::Value>(change.raw()) else { panic!("{name}") };
            let told = |value: &str| {
                let body = format!(r#"{{"field":"{}","value":{value}}}"#, change.field());
                let change = only(&body);
                (change.fact_id(0), change.field().to_owned(), change.passed_over())
            };
            for turn in 0..4 {
                let again = respelled(&value, turn);
                assert_eq!(told(change.raw()), told(&again), "{name}: {again}");
                premise += usize::from(again != change.raw());
            }
        }
    }
    assert!(premise > 250, "{premise}");
}
