//! Deliveries: reading them beside `serde_json::Value` on the same bytes, and checking their signature.

use std::hint::black_box;

use criterion::{Criterion, Throughput};
use whatsapp_inbox::whatsapp::delivery::AppSecret;

/// What Meta's fields look like on the wire, compact and escaped.
const CHANGES: [&str; 10] = [
    r#"{"field":"account_update","value":{"event":"PARTNER_ADDED","waba_info":{"waba_id":"70414200118","owner_business_id":"415500921","solution_id":"6617","solution_partner_business_ids":["8830017742","99100"]}}}"#,
    r#"{"field":"account_update","value":{"event":"ACCOUNT_RESTRICTION","restriction_info":[{"restriction_type":"RESTRICTED_BIZ_INITIATED_MESSAGING","expiration":1767862800},{"restriction_type":"RESTRICTED_ADD_PHONE_NUMBER_ACTION","expiration":1767949200}]}}"#,
    r#"{"field":"account_review_update","value":{"decision":"APPROVED"}}"#,
    r#"{"field":"phone_number_name_update","value":{"display_phone_number":"31201234567","decision":"REJECTED","requested_verified_name":"Caf\u00e9 Zuid","rejection_reason":"NAME_NOT_CONSISTENT"}}"#,
    r#"{"field":"account_alerts","value":{"entity_type":"BUSINESS","entity_id":"415500921","alert_info":{"alert_severity":"WARNING","alert_status":"ACTIVE","alert_type":"INCREASED_CAPABILITIES_ELIGIBILITY_DEFERRED","alert_description":"The limit of this business stays for now."}}}"#,
    r#"{"field":"message_template_status_update","value":{"event":"APPROVED","message_template_id":9120044310,"message_template_name":"cake_ready","message_template_language":"nl","reason":"NONE","message_template_category":"UTILITY"}}"#,
    r#"{"field":"message_template_status_update","value":{"event":"REJECTED","message_template_id":9120044311,"message_template_name":"cake_offer","message_template_language":"pt_BR","reason":"INVALID_FORMAT"}}"#,
    r#"{"field":"message_template_quality_update","value":{"previous_quality_score":"GREEN","new_quality_score":"YELLOW","message_template_id":9120044310,"message_template_name":"cake_ready","message_template_language":"nl"}}"#,
    r#"{"field":"phone_number_quality_update","value":{"display_phone_number":"31201234567","event":"ONBOARDING","current_limit":"TIER_250","old_limit":"TIER_NOT_SET","max_daily_conversations_per_business":"TIER_250"}}"#,
    r#"{"field":"messages","value":{"messaging_product":"whatsapp","metadata":{"display_phone_number":"31201234567","phone_number_id":"30217745"},"contacts":[{"profile":{"name":"Noor"},"wa_id":"31687654321"}],"messages":[{"from":"31687654321","id":"wamid.HBgLMzE2ODc2NTQzMjE","timestamp":"1767603599","type":"text","text":{"body":"Is my cake ready? \ud83c\udf82"}}]}}"#,
];

/// So many entries with one change each, as Meta batches them.
fn delivery(changes: usize) -> String {
    let mut entries = Vec::new();
    for (n, change) in (0..changes).zip(CHANGES.iter().cycle()) {
        entries.push(format!(r#"{{"id":"70414200118","time":{},"changes":[{change}]}}"#, 1_767_603_600 + n));
    }
    format!(r#"{{"object":"whatsapp_business_account","entry":[{}]}}"#, entries.join(","))
}

fn read(criterion: &mut Criterion) {
    let secret = AppSecret::new("5f2b7c9e").unwrap();
    // What Meta sends mostly, what it sends at most, and what three megabytes hold: ten times as much takes ten times as long.
    for changes in [1, 1_000, 10_000] {
        let body = delivery(changes);
        let header = secret.sign(body.as_bytes());
        let verified = secret.check(body.as_bytes(), &header).unwrap();
        assert_eq!(verified.read().unwrap().changes.len(), changes);

        let mut group = criterion.benchmark_group(format!("deliveries/{changes}"));
        group.throughput(Throughput::Bytes(body.len() as u64));
        group.bench_function("read", |bencher| bencher.iter(|| black_box(verified).read().unwrap()));
        group.bench_function("serde_json::Value", |bencher| {
            bencher.iter(|| serde_json::from_slice::<serde_json::Value>(black_box(body.as_bytes())).unwrap());
        });
        group.bench_function("check", |bencher| {
            bencher.iter(|| secret.check(black_box(body.as_bytes()), black_box(&header)).is_ok());
        });
        group.finish();
    }
}

fn main() {
    let mut criterion = Criterion::default().configure_from_args();
    read(&mut criterion);
    criterion.final_summary();
}
