//! `webhook.tolerant`: what nobody means well with.

use whatsapp_inbox::rule::Explain;
use whatsapp_inbox::translation::facts;
use whatsapp_inbox::whatsapp::delivery::{Change, ReadError, Value, WhyUnknown};

use super::tolerant::{REVIEW, approved};
use super::{changes, only, read, sample, samples};

#[test]
fn webhook_tolerant_a_value_is_read_down_to_level_128() {
    let nested = |levels: usize| [&*"[".repeat(levels - 1), &*"]".repeat(levels - 1)].concat();
    let body = |levels| format!(r#"{{"field":"account_update","value":{{"event":"X","more":{}}}}}"#, nested(levels));
    assert!(matches!(only(&body(128)).value(), Value::Account(_)));
    let deep = body(129);
    let change = only(&deep);
    assert_eq!(*change.value(), Value::Unknown(WhyUnknown::TooDeep));
    assert_eq!(change.field(), "account_update");
    assert!(change.raw().starts_with(r#"{"event":"X","more":[["#));
    assert!(serde_json::from_str::<serde_json::Value>(only(&body(127)).raw()).is_ok());
    assert!(serde_json::from_str::<serde_json::Value>(change.raw()).is_err());
}

#[test]
fn webhook_tolerant_any_depth_of_nesting_costs_only_itself_and_no_stack() {
    let deep =
        |open: &str, middle: &str, close: &str| [&*open.repeat(100_000), middle, &*close.repeat(100_000)].concat();
    for nested in [deep("[", "", "]"), deep(r#"{"value":"#, "1", "}"), deep(r#"[{"entry":["#, "", "]}]")] {
        assert_eq!(changes(&nested).len(), 1);
        let body = format!(r#"{{"entry":[{{"changes":[{{"field":"account_update","value":{nested}}},{REVIEW}]}}]}}"#);
        assert_eq!(changes(&body)[0].value(), &Value::Unknown(WhyUnknown::TooDeep));
        assert_eq!(changes(&body)[1].value(), &approved());
        let body = format!(r#"{{"field":"account_update","value":{{"event":"X","waba_info":{nested}}}}}"#);
        assert_eq!(only(&body).value(), &Value::Unknown(WhyUnknown::TooDeep));
        assert_eq!(only(&body).fact_id(0), only(&body).fact_id(0));
        assert!(facts(&only(&body)).is_empty());
    }
    assert!(read("[".repeat(100_000).as_bytes()).is_err());
    assert!(read(r#"{"entry":["#.repeat(100_000).as_bytes()).is_err());
}

#[test]
fn webhook_tolerant_three_megabytes_are_read_and_no_more() {
    let mut body = vec![b' '; 3 * 1024 * 1024];
    body[0] = b'7';
    assert_eq!(read(&body).unwrap().changes.len(), 1);
    body.push(b' ');
    let error = read(&body).unwrap_err();
    assert_eq!(error, ReadError::TooLong { bytes: 3_145_729 });
    assert_eq!(error.to_string(), "a delivery has at most 3145728 bytes, and this one has 3145729");
    assert_eq!(error.limit().map(|limit| limit.max), Some(3_145_728));
}

#[test]
fn webhook_tolerant_a_hundred_thousand_changes_are_read_and_no_more() {
    let body = |count: usize| format!(r#"{{"entry":[{{"changes":[{}]}}]}}"#, vec!["0"; count].join(","));
    assert_eq!(changes(&body(100_000)).len(), 100_000);
    let error = read(body(100_001).as_bytes()).unwrap_err();
    assert_eq!(error, ReadError::TooMany { changes: 100_001 });
    assert_eq!(error.to_string(), "a delivery has at most 100000 changes, and this one has 100001");
    assert_eq!((error.code(), error.limit().map(|limit| limit.max)), ("delivery-too-many-changes", Some(100_000)));
    // Neither what is in several entries, nor what is no entry at all, nor bare changes get past it.
    let entries = |count: usize| format!(r#"{{"entry":[{}]}}"#, vec!["0"; count].join(","));
    assert!(read(entries(100_001).as_bytes()).is_err());
    assert!(read(format!("[{},{}]", body(60_000), entries(40_001)).as_bytes()).is_err());
    assert!(read(format!("[{}]", vec!["0"; 100_001].join(",")).as_bytes()).is_err());
}

#[test]
fn webhook_never_drop_inbound_no_delivery_of_changes_has_too_many() {
    // The least that Meta could write, with the shortest of its fields: a hundred thousand of it are too long.
    let least = r#"{"field":"calls","value":{"a":1}},"#;
    assert!(least.len() * 100_000 > 3 * 1024 * 1024);
    let message = sample("messages");
    let message = only(&message).raw().to_owned();
    let change = format!(r#"{{"field":"messages","value":{message}}}"#);
    let count = (3 * 1024 * 1024 - 64) / (change.len() + 1);
    let body = format!(r#"{{"entry":[{{"changes":[{}]}}]}}"#, vec![&*change; count].join(","));
    let changes = changes(&body);
    assert_eq!(changes.len(), count);
    assert!(changes.iter().all(|change| change.field() == "messages" && change.raw() == message));
}

#[test]
fn webhook_tolerant_one_broken_change_among_a_thousand_of_every_kind_costs_only_itself() {
    let kinds: Vec<String> = samples()
        .iter()
        .flat_map(|(_, body)| {
            let bare = |change: &Change<'_>| format!(r#"{{"field":"{}","value":{}}}"#, change.field(), change.raw());
            changes(body).iter().map(bare).collect::<Vec<_>>()
        })
        .collect();
    let whole: Vec<&str> = kinds.iter().map(String::as_str).cycle().take(1_000).collect();
    let batch = |parts: &[&str]| format!(r#"{{"entry":[{{"id":"1","time":2,"changes":[{}]}}]}}"#, parts.join(","));
    let body = batch(&whole);
    let expected = changes(&body);
    let deep = format!(r#"{{"field":"security","value":{}{}}}"#, "[".repeat(200), "]".repeat(200));
    for (n, broken) in ["null", "{}", "[[]]", r#"{"field":"security","value":{}}"#, &deep].into_iter().enumerate() {
        let at = 17 + n * 211;
        let mut parts = whole.clone();
        parts[at] = broken;
        let body = batch(&parts);
        let found = changes(&body);
        assert_eq!(found.len(), 1_000);
        assert!(matches!(found[at].value(), Value::Unknown(_)), "{broken}");
        for (n, (found, expected)) in found.iter().zip(&expected).enumerate() {
            assert!(n == at || found == expected, "{broken}: {}", found.raw());
        }
    }
}

#[test]
fn webhook_tolerant_three_hostile_megabytes_are_read_or_refused_at_once() {
    let full = |open: &str, part: &str, close: &str| {
        let count = (3 * 1024 * 1024 - open.len() - close.len()) / part.len();
        [open, &*part.repeat(count), close].concat()
    };
    let (open, close) = (r#"{"field":"account_update","value":{"event":"X""#, "}}");
    for body in [
        full(open, r#","waba_info":{"waba_id":"\u00e4"}"#, close),
        full(open, r#","restriction_info":[1,2]"#, close),
        full(&format!(r#"{open},"restriction_info":[0"#), ",0", &format!("]{close}")),
        full(&format!(r#"{open},"x":""#), r"\\", &format!("\"{close}")),
        full(open, r#","waba_info":[[[[[[[[]]]]]]]]"#, close),
        full(r#"{"field":"message_template_status_update","value":{"a":1"#, r#","reason":"\ud83c\udf82""#, close),
        full(r#"{"entry":[{"id":"\u0031","changes":[0"#, ",0", "]}]}"),
        full(r#"{"a":1"#, r#","entry":[]"#, "}"),
        full(r#"{"a":1"#, r#","entry":[{"id":"\u0031"}]"#, "}"),
        full("", "[", ""),
        full("\"", "a", "\""),
        full("", " ", "1"),
    ] {
        if let Ok(delivery) = read(body.as_bytes()) {
            assert!(delivery.changes.len() <= 100_000);
            for change in delivery.changes.iter().take(3) {
                let _ = (change.fact_id(0), facts(change));
            }
        }
    }
}
