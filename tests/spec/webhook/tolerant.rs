//! `webhook.tolerant`: what nobody expected.

use proptest::prelude::*;
use whatsapp_inbox::rule::{Explain, Rule};
use whatsapp_inbox::whatsapp::ReviewDecision;
use whatsapp_inbox::whatsapp::delivery::{ReadError, Value, WhyUnknown};

use super::{changes, only, read, sample, samples};

pub(super) const REVIEW: &str = r#"{"field":"account_review_update","value":{"decision":"APPROVED"}}"#;

pub(super) fn approved() -> Value<'static> {
    Value::AccountReview { decision: ReviewDecision::Approved }
}

#[test]
fn webhook_tolerant_every_sample_is_read() {
    let samples = samples();
    assert!(samples.len() > 65);
    for (name, body) in &samples {
        let changes = changes(body);
        assert!(!changes.is_empty(), "{name}");
        let typed = !["unknown_field", "messages", "user_preferences", "batch_of_entries"].contains(&&**name);
        let unknown = changes.iter().any(|change| matches!(change.value(), Value::Unknown(_)));
        assert_eq!(unknown, !typed, "{name}");
    }
}

#[test]
fn webhook_tolerant_an_unknown_field_is_kept_as_it_came() {
    let value = r#"{ "degrees": [210.5, -1e3], "note": "mind the \u201cgap\u201d" }"#;
    let body = format!(r#"{{"entry":[{{"id":"9","changes":[{{"value":{value},"field":"oven_update"}}]}}]}}"#);
    let change = only(&body);
    assert_eq!(change.field(), "oven_update");
    assert_eq!(*change.value(), Value::Unknown(WhyUnknown::Field));
    assert_eq!(change.raw(), value);
    assert_eq!(change.account_or_business(), Some("9"));
}

#[test]
fn webhook_never_drop_inbound_messages_are_handed_on_as_they_came() {
    let body = sample("messages");
    let change = only(&body);
    assert_eq!((change.field(), change.value()), ("messages", &Value::Unknown(WhyUnknown::Field)));
    assert!(change.raw().contains("wamid.A1"));
}

#[test]
fn webhook_tolerant_changes_stand_in_the_order_of_the_delivery() {
    let body = sample("batch_of_entries");
    let told: Vec<_> =
        changes(&body).iter().map(|change| (change.account_or_business() == Some("6"), change.raw().len())).collect();
    assert_eq!(told.len(), 3);
    assert_eq!(told[2], (true, 1));
    assert_eq!(changes(&body)[1].value(), &Value::AccountReview { decision: "ON_THE_MOON".into() });
}

#[test]
fn webhook_tolerant_a_value_that_is_null_is_missing() {
    for change in [r#"{"field":"account_update","value":null}"#, r#"{"field":"account_update"}"#] {
        for body in [change.to_owned(), format!(r#"{{"entry":[{{"id":"9","changes":[{change}]}}]}}"#)] {
            let told = only(&body);
            assert_eq!(*told.value(), Value::Unknown(WhyUnknown::Missing { key: "value" }), "{body}");
            assert_eq!((told.field(), told.raw()), ("account_update", change), "{body}");
        }
    }
}

#[test]
fn webhook_tolerant_a_key_that_stands_twice_makes_no_change_out_of_nothing() {
    for body in [
        format!(r#"{{"entry":[{{"changes":[{REVIEW}],"changes":null}}]}}"#),
        format!(r#"{{"entry":[{{"changes":[{REVIEW}]}}],"entry":7}}"#),
    ] {
        assert_eq!(*only(&body).value(), approved(), "{body}");
    }
}

#[test]
fn webhook_tolerant_one_broken_change_among_a_thousand_costs_only_itself() {
    let broken = [
        "null",
        "7",
        "[]",
        r#""text""#,
        "{}",
        r#"{"field":"account_review_update"}"#,
        r#"{"field":"account_review_update","value":null}"#,
        r#"{"field":"account_review_update","value":["APPROVED"]}"#,
        r#"{"field":"account_review_update","value":{"decision":"\ud800"}}"#,
        r#"{"field":"account_review_update","value":{"decision":1e999,"decision":{}}}"#,
        r#"{"field":{"a":1},"value":{"decision":"APPROVED"}}"#,
        r#"["account_review_update",{"decision":"APPROVED"}]"#,
        r#"{"\ud800":1}"#,
    ];
    for (n, broken) in broken.iter().enumerate() {
        let mut parts = vec![REVIEW; 1_000];
        parts[n * 83] = broken;
        let body = format!(r#"{{"entry":[{{"id":"1","time":2,"changes":[{}]}}]}}"#, parts.join(","));
        let changes = changes(&body);
        assert_eq!(changes.len(), 1_000);
        for (at, change) in changes.iter().enumerate() {
            let lost = matches!(change.value(), Value::Unknown(_));
            assert_eq!(lost, at == n * 83, "{broken}");
            assert!(lost || *change.value() == approved());
            assert_eq!(change.account_or_business(), Some("1"), "{broken}");
            assert!(broken.contains(change.raw()) || !lost, "{broken}");
        }
    }
}

#[test]
fn webhook_tolerant_one_broken_entry_costs_only_itself() {
    let whole = format!(r#"{{"id":"1","changes":[{REVIEW}]}}"#);
    for broken in ["null", "7", "[]", r#"{"id":"2"}"#, r#"{"changes":{}}"#, r#"{"changes":"x"}"#] {
        let body = format!(r#"{{"entry":[{whole},{broken},{whole}]}}"#);
        let changes = changes(&body);
        assert_eq!(changes.len(), 3, "{broken}");
        assert_eq!((changes[0].value(), changes[2].value()), (&approved(), &approved()), "{broken}");
        assert_eq!((changes[1].value(), changes[1].raw()), (&Value::Unknown(WhyUnknown::Shape), broken));
    }
}

#[test]
fn webhook_tolerant_array_bare_and_misplaced_are_understood() {
    let misplaced = r#"{"value":{"decision":"APPROVED","field":"account_review_update"}}"#;
    for change in [REVIEW, misplaced] {
        for body in [
            change.to_owned(),
            format!("\n [ {change} ] \n"),
            format!(r#"{{"entry":[{{"changes":[{change}]}}]}}"#),
            format!(r#"[{{"object":7,"entry":[{{"id":null,"changes":[{change}],"time":[]}}]}}]"#),
        ] {
            assert_eq!(*only(&body).value(), approved(), "{body}");
            assert_eq!((only(&body).account_or_business(), only(&body).time()), (None, None), "{body}");
        }
    }
}

#[test]
fn webhook_tolerant_json_of_another_shape_is_one_unknown_change() {
    for body in ["null", "7", "-1.5e3", r#""text""#, "true", "{}", r#"{"entry":{}}"#, r#"{"entry":null}"#, "[[]]"] {
        let change = only(body);
        assert_eq!(*change.value(), Value::Unknown(WhyUnknown::Shape), "{body}");
        assert!(format!("[{}]", change.raw()).contains(body), "{body}");
    }
    for body in ["[]", r#"{"entry":[]}"#, r#"{"entry":[{"changes":[]}]}"#] {
        assert!(changes(body).is_empty(), "{body}");
    }
}

#[test]
fn webhook_tolerant_every_key_may_have_any_type() {
    let others = ["null", "true", "7", "-1.5e999", r#""""#, r#""\ud800""#, "[]", "[[{}]]", "{}", r#"{"a":{"b":[]}}"#];
    let mut premise = 0;
    for (name, body) in samples() {
        let whole: serde_json::Value = serde_json::from_str(&body).unwrap();
        let expected = changes(&body).len();
        for at in pointers(&whole, "") {
            let mut marked = whole.clone();
            *marked.pointer_mut(&at).unwrap() = "@@".into();
            for other in others {
                let body = marked.to_string().replace("\"@@\"", other);
                let found = changes(&body).len();
                // What holds changes is gone with them; whatever is within a change costs none.
                let inside =
                    at.contains("/value/") || ["/id", "/time", "/object", "/field"].iter().any(|end| at.ends_with(end));
                assert!(!inside || found == expected, "{name}: {body}");
                premise += usize::from(inside);
            }
        }
    }
    assert!(premise > 2_000, "{premise}");
}

/// Where every value of a document stands, below its root.
fn pointers(value: &serde_json::Value, at: &str) -> Vec<String> {
    let members: Vec<(String, &serde_json::Value)> = match value {
        serde_json::Value::Array(items) => {
            items.iter().enumerate().map(|(n, item)| (format!("{at}/{n}"), item)).collect()
        }
        serde_json::Value::Object(items) => items.iter().map(|(key, item)| (format!("{at}/{key}"), item)).collect(),
        _ => Vec::new(),
    };
    members.into_iter().flat_map(|(at, item)| [vec![at.clone()], pointers(item, &at)].concat()).collect()
}

#[test]
fn webhook_tolerant_truncated_json_is_an_error_that_tells_where() {
    let body = "{\"entry\":[\n{\"id\":\"1\"";
    let error = read(body.as_bytes()).unwrap_err();
    assert_eq!(error, ReadError::NotJson { line: 2, column: 9 });
    assert_eq!(error.to_string(), "the body is not JSON: it breaks at line 2, column 9");
    assert_eq!((error.code(), error.rule(), error.limit()), ("delivery-not-json", Rule::WebhookTolerant, None));
    let whole = sample("account_restriction");
    for end in 0..whole.trim_end().len() {
        assert!(read(&whole.as_bytes()[..end]).is_err(), "{end}");
    }
    assert!(read(b"{} {}").is_err());
    assert!(read(b"\xef\xbb\xbf{}").is_err());
    assert_eq!(read(b"{\n\"\xff\"}").unwrap_err(), ReadError::NotJson { line: 2, column: 2 });
}

#[test]
fn webhook_tolerant_whatever_is_unknown_is_counted() {
    let tally = |body: &str| {
        let tally = read(body.as_bytes()).unwrap().tally();
        (tally.understood, tally.of_other_fields, tally.not_understood, tally.passed_over)
    };
    assert_eq!(tally(&sample("messages")), (0, 1, 0, 0));
    assert_eq!(tally(&sample("account_event_of_tomorrow")), (1, 0, 0, 2));
    assert_eq!(tally(&sample("batch_of_entries")), (2, 1, 0, 1));
    assert_eq!(tally(r#"{"entry":[{"changes":[null,{},{"field":"security","value":{}}]}]}"#), (0, 0, 3, 0));
    assert_eq!(tally("[]"), (0, 0, 0, 0));
    let mut all = (0, 0);
    for (name, body) in samples() {
        let (understood, other, not, passed) = tally(&body);
        assert_eq!(understood + other + not, changes(&body).len(), "{name}");
        all = (all.0 + understood, all.1 + passed);
    }
    assert!(all.0 > 60, "{all:?}");
}

/// JSON in which Meta's own keys stand in any place.
pub(super) fn json() -> impl Strategy<Value = String> {
    let key = prop::sample::select(vec![
        "entry",
        "changes",
        "field",
        "value",
        "id",
        "time",
        "event",
        "decision",
        "waba_info",
        "restriction_info",
        "ban_info",
        "waba_ban_state",
        "alert_info",
        "alert_type",
        "x",
        "\\u0066ield",
        "\\\"",
    ]);
    let leaf = prop_oneof![
        prop::sample::select(vec![
            "null",
            "true",
            "0",
            "-1.5e7",
            "1767603600",
            "\"\"",
            "\"account_update\"",
            "\"account_alerts\"",
            "\"\\\\\"",
            "\"a\\\"]}\"",
            "\"\\ud800\"",
            "\"é🎂\"",
        ])
        .prop_map(str::to_owned),
        any::<String>().prop_map(|text| serde_json::to_string(&text).unwrap()),
    ];
    let space = || prop::sample::select(vec!["", " ", "\n\t"]);
    leaf.prop_recursive(8, 64, 6, move |inner| {
        let members = prop::collection::vec((space(), key.clone(), space(), inner.clone()), 0..6);
        prop_oneof![
            (prop::collection::vec(inner, 0..6), space())
                .prop_map(|(items, gap)| format!("[{gap}{}{gap}]", items.join(","))),
            members.prop_map(|members| {
                let members: Vec<_> =
                    members.into_iter().map(|(a, key, b, value)| format!("{a}\"{key}\"{b}:{a}{value}{b}")).collect();
                format!("{{{}}}", members.join(","))
            }),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn webhook_tolerant_any_bytes_are_read_or_refused(body: Vec<u8>) {
        let is_json = serde_json::from_slice::<serde::de::IgnoredAny>(&body).is_ok() && std::str::from_utf8(&body).is_ok();
        prop_assert_eq!(read(&body).is_ok(), is_json);
    }

    #[test]
    fn webhook_tolerant_any_json_is_read_and_its_raw_texts_are_json(body in json()) {
        for change in changes(&body) {
            prop_assert!(body.contains(change.raw()));
            prop_assert!(serde_json::from_str::<serde::de::IgnoredAny>(change.raw()).is_ok(), "{}", change.raw());
            let _ = change.fact_id(0);
        }
    }

    #[test]
    fn webhook_tolerant_a_value_within_other_values_is_found_whole(value in json(), before in json(), behind in json()) {
        let body = format!(r#"{{"a":{before},"entry":[{{"b":{before},"changes":[{{"field":"f","value":{value},"c":{behind}}}],"id":{behind}}}]}}"#);
        let found = changes(&body);
        prop_assert_eq!(found.len(), 1);
        if value != "null" {
            prop_assert_eq!(found[0].raw(), value);
        }
    }
}
