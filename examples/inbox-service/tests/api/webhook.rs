//! Meta's webhook, as Meta calls it and as others do.

use serde_json::{Value, json};

use super::commands::futures_of;
use super::world::{World, on_each};

const NEW: &str = "SELECT count(*) FROM deliveries WHERE state = 'new'";

/// A message of a customer's on the number of the orders, as Meta delivers it.
pub(crate) fn message(wamid: &str, text: &str) -> Value {
    let message = json!({ "from": "4915100000055", "id": wamid, "timestamp": "1760000000", "type": "text",
        "text": { "body": text } });
    messages("106540352242922", json!([message]), json!([{ "wa_id": "4915100000055", "profile": { "name": "Nele" } }]))
}

#[expect(clippy::needless_pass_by_value, reason = "as `json!` makes it")]
pub(crate) fn messages(number: &str, messages: Value, contacts: Value) -> Value {
    let metadata = json!({ "display_phone_number": "494012345678", "phone_number_id": number });
    let value =
        json!({ "messaging_product": "whatsapp", "metadata": metadata, "contacts": contacts, "messages": messages });
    change("102290129340398", "messages", value)
}

#[expect(clippy::needless_pass_by_value, reason = "as `json!` makes it")]
pub(crate) fn change(account: &str, field: &str, value: Value) -> Value {
    let change = json!({ "field": field, "value": value });
    json!({ "object": "whatsapp_business_account", "entry": [{ "id": account, "time": 1_760_000_000, "changes": [change] }] })
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn meta_proves_who_it_is() {
    on_each(async |world| {
        let get = |query: &str| world.ask("GET", &format!("/webhook{query}")).send();
        let right = "?hub.mode=subscribe&hub.verify_token=stand-in&hub.challenge=1158201444";
        let told = get(right).await;
        assert_eq!((told.status, told.text.as_str()), (200, "1158201444"));
        assert!(told.headers["content-type"].to_str().unwrap().starts_with("text/plain"));
        let wrong = [
            "?hub.mode=subscribe&hub.verify_token=stand-in2&hub.challenge=1",
            "?hub.mode=subscribe&hub.verify_token=&hub.challenge=1",
            "?hub.mode=unsubscribe&hub.verify_token=stand-in&hub.challenge=1",
            "?hub.mode=subscribe&hub.verify_token=%00&hub.challenge=1",
        ];
        for query in wrong {
            get(query).await.problem(403, "verify-token");
        }
        for query in [
            "",
            "?",
            "?hub.mode=subscribe",
            "?hub.mode=subscribe&hub.challenge=1",
            "?hub.verify_token=stand-in",
            &format!("{right}&hub.mode=x"),
        ] {
            get(query).await.problem(400, "query");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_meta_has_not_signed_is_not_kept() {
    on_each(async |world| {
        let body = message("wamid.A", "Hello").to_string();
        let right = world.started.app.secret.sign(body.as_bytes());
        let hex = right.strip_prefix("sha256=").unwrap();
        let other = world.started.app.secret.sign(b"something else");
        let shapes = [
            String::new(),
            "sha256=".to_owned(),
            hex.to_owned(),
            format!("sha1={hex}"),
            format!("sha256={}", &hex[1..]),
            format!("{right}00"),
            format!("sha256={}", "g".repeat(64)),
            format!("sha256={}", "ä".repeat(32)),
            "sha256=' OR 1=1 --".to_owned(),
        ];
        let before = world.quiet().await;
        let post = || world.ask("POST", "/webhook").bytes("application/json", body.as_bytes());
        post().send().await.problem(401, "signature-malformed");
        for header in shapes {
            post().header("x-hub-signature-256", &header).send().await.problem(401, "signature-malformed");
        }
        post().header("x-hub-signature-256", &other).send().await.problem(401, "signature-mismatch");
        post()
            .header("x-hub-signature-256", &format!("sha256={}", "0".repeat(64)))
            .send()
            .await
            .problem(401, "signature-mismatch");
        // Of the body as it came: the same JSON, written otherwise, is another body.
        let spaced = format!("{body} ");
        let spaced = world.ask("POST", "/webhook").bytes("application/json", spaced.as_bytes());
        spaced.header("x-hub-signature-256", &right).send().await.problem(401, "signature-mismatch");
        // Of two headers the first counts, and a right one after it mends nothing.
        let two = post().header("x-hub-signature-256", &other).header("x-hub-signature-256", &right);
        two.send().await.problem(401, "signature-mismatch");
        assert_eq!(world.quiet().await, before);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_meta_has_signed_is_kept_whatever_it_is() {
    on_each(async |world| {
        let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
        let mut more = message("wamid.more", "With more in it");
        more["new"] = json!({ "from": ["Meta"] });
        more["entry"][0]["changes"][0]["value"]["messages"][0]["new"] = json!(null);
        let long = format!("\"{}\"", "a".repeat(3 * 1024 * 1024 - 2));
        let surrogate = message("wamid.half", "HALF").to_string().replace("HALF", "\\ud83e");
        let zeros = [
            messages("106540352242922\0", json!([]), json!([])),
            messages("1\0", json!([{ "from": "1", "id": "a", "type": "text" }]), json!([])),
            messages("106540352242922", json!([{ "from": "4\0", "id": "b\0", "type": "te\0xt" }]), json!([])),
            message("wamid.zero\0", "zero \0 character"),
            change(
                "1022\0",
                "account_update",
                json!({ "event": "PARTNER_ADDED\0", "waba_info": { "waba_id": "1\0" } }),
            ),
            change(
                "102290129340398",
                "phone_number_name_update",
                json!({ "display_phone_number": "494012345678",
                "decision": "APPROVED\0", "requested_verified_name": "Harbour\0", "rejection_reason": "\0" }),
            ),
            change(
                "102290129340398",
                "message_template_status_update",
                json!({ "event": "REJECTED", "message_template_name": "loaf_ready",
                "message_template_language": "en_US", "message_template_id": 1, "reason": "SC\0AM" }),
            ),
            change("102290129340398", "messa\0ges", json!(null)),
        ];
        let mut bodies: Vec<(&str, Vec<u8>)> = vec![
            ("an empty body", vec![]),
            ("no JSON", b"{\"entry\": [".to_vec()),
            ("no UTF-8", b"{\"object\": \"\xff\xfe\"}".to_vec()),
            ("deep", deep.into_bytes()),
            ("more than is known", more.to_string().into_bytes()),
            ("as long as may be", long.into_bytes()),
            ("half a character", surrogate.into_bytes()),
            (
                "other shapes",
                messages("106540352242922", json!([5, null, { "from": {} }]), json!([{ "profile": null }]))
                    .to_string()
                    .into_bytes(),
            ),
            ("messages of nothing", change("1", "messages", json!(null)).to_string().into_bytes()),
            ("another object", b"{\"object\":\"page\",\"entry\":[]}".to_vec()),
        ];
        bodies.extend(zeros.iter().map(|zero| ("a zero character", zero.to_string().into_bytes())));
        for (name, body) in bodies {
            let before = world.rows.counts().await["deliveries"];
            let told = world.delivery(&body).send().await;
            assert_eq!((told.status, told.text.as_str()), (200, ""), "{}: {name}", world.kind);
            assert_eq!(world.rows.counts().await["deliveries"], before + 1, "{}: {name}", world.kind);
            world.quiet().await;
            // Read, or kept for later: not tried again for ever.
            assert_eq!(world.rows.number(NEW).await, 0, "{}: {name}", world.kind);
        }
        let kept = "SELECT count(*) FROM messages WHERE body LIKE 'zero %character'";
        assert_eq!(world.rows.number(kept).await, 1);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_longer_than_metas_is_not_taken() {
    on_each(async |world| {
        let before = world.quiet().await;
        for size in [3 * 1024 * 1024 + 1, 10_000_000, 10_000_000, 10_000_000] {
            world.delivery(&vec![b' '; size]).send().await.problem(413, "body");
        }
        assert_eq!(world.quiet().await, before);
    })
    .await;
}

async fn delivered(world: &World, bodies: Vec<Vec<u8>>) {
    let asks = bodies.iter().map(|body| world.delivery(body).send());
    for told in futures_of(asks.collect()).await {
        assert_eq!(told.status, 200, "{}", told.text);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_delivery_that_comes_a_hundred_times_at_once_is_one() {
    on_each(async |world| {
        let before = world.quiet().await;
        let body = message("wamid.once", "Only once").to_string().into_bytes();
        delivered(world, vec![body; 100]).await;
        let after = world.quiet().await;
        for (table, more) in
            [("deliveries", 1), ("messages", 1), ("conversations", 1), ("commands", 2), ("aggregates", 1)]
        {
            assert_eq!(after[table], before[table] + more, "{}: {table}", world.kind);
        }
        // The same message in another delivery, as Meta tells it again, is the same message.
        let mut again = message("wamid.once", "Only once");
        again["entry"][0]["time"] = json!(1_760_000_001);
        delivered(world, vec![again.to_string().into_bytes()]).await;
        let last = world.quiet().await;
        assert_eq!((last["deliveries"], last["messages"]), (before["deliveries"] + 2, before["messages"] + 1));
        assert_eq!((last["events"], last["commands"]), (after["events"], after["commands"]));
    })
    .await;
}
