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
