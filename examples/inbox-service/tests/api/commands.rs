//! Versions that a change is made on, and commands that are given more than once.

use inbox_service::demo::{ANA, BAKERY, CEM, MARA, ORDERS, PRESS, WHOLESALE};
use serde_json::{Value, json};
use whatsapp_inbox::id::UserId;
use whatsapp_inbox::uuid::Uuid;

use super::good::conversation_with;
use super::world::{World, on_each};

/// A method, a path, who asks, a body, and another one.
type Twice = (&'static str, String, UserId, Value, Value);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_change_is_made_on_the_version_that_was_read() {
    on_each(async |world| {
        let settings = format!("/api/channels/{ORDERS}/settings");
        let form = json!({ "resolve_reason": "Because" });
        let change = || world.ask("PATCH", &settings).by(MARA).json(&form);
        let access = || {
            let changes = json!([{ "revoke": "all-users" }]);
            world.ask("POST", &format!("/api/channels/{ORDERS}/access")).by(MARA).json(&changes)
        };
        let apply = || world.ask("POST", &format!("{settings}/apply")).by(MARA);
        let before = world.quiet().await;
        for ask in [change(), access(), apply()] {
            ask.send().await.problem(428, "if-match");
        }
        for tag in
            ["", "\"\"", "x", "\"x\"", "*", "W/\"1\"", "-1", "+1", "1.0", "\"1\", \"2\"", "\"1", "99999999999999999999"]
        {
            for ask in [change(), access(), apply()] {
                ask.on(tag).send().await.problem(400, "if-match");
            }
        }
        for tag in ["\"0\"", "\"2\"", "\"99\"", "99"] {
            let told = change().on(tag).send().await.problem(412, "old-settings");
            assert_eq!(told["rule"], "settings.version", "{told}");
            apply().on(tag).send().await.problem(412, "old-settings");
        }
        for tag in ["\"7\"", "\"99\""] {
            access().on(tag).send().await.problem(412, "old-access");
        }
        assert_eq!(world.quiet().await, before);

        // Of several on one version one is made.
        let tag = world.settings_tag(ORDERS).await;
        let mut made = Vec::new();
        for n in 0..5 {
            let form = json!({ "resolve_reason": format!("Because of {n}") });
            made.push(world.ask("PATCH", &settings).by(MARA).on(&tag).json(&form).send());
        }
        let mut all = Vec::new();
        for told in futures_of(made).await {
            all.push(told.status);
        }
        all.sort_unstable();
        assert_eq!(all, [200, 412, 412, 412, 412]);
    })
    .await;
}

/// All at once.
pub(crate) async fn futures_of<T>(futures: Vec<impl Future<Output = T>>) -> Vec<T> {
    let mut waiting: Vec<_> = futures.into_iter().map(Box::pin).map(|future| (Some(future), None)).collect();
    std::future::poll_fn(|context| {
        let mut all = true;
        for (future, outcome) in &mut waiting {
            let Some(begun) = future else { continue };
            match begun.as_mut().poll(context) {
                std::task::Poll::Ready(done) => (*future, *outcome) = (None, Some(done)),
                std::task::Poll::Pending => all = false,
            }
        }
        if all { std::task::Poll::Ready(()) } else { std::task::Poll::Pending }
    })
    .await;
    waiting.into_iter().filter_map(|(_, outcome)| outcome).collect()
}

async fn every_command(world: &World) -> Vec<Twice> {
    let lena = format!("/api/conversations/{}/commands", conversation_with(world, "Lena Brandt").await);
    let omar = format!("/api/conversations/{}/commands", conversation_with(world, "Omar Haddad").await);
    let begun = format!("/api/onboardings/{BAKERY}/00000000-0000-0000-0000-0000000000b3/commands");
    let template = format!("/api/templates/{BAKERY}/00000000-0000-0000-0000-0000000007a1/commands");
    let reply = |text: &str| json!({ "reply": { "text": text } });
    let note = |text: &str| json!({ "add-note": { "text": text } });
    let terms = |text: &str| json!({ "accept-terms": { "text": text } });
    let start = |given: &str| json!({ "business_manager": "given", "security_center": "given", "plan": given });
    let definition = |text: &str| {
        let body = json!([{ "type": "BODY", "text": text }]);
        let definition = json!({ "name": "cold", "language": "en_US", "category": "UTILITY", "components": body });
        json!({ "account": "102290129340398", "definition": definition })
    };
    let settings = |reason: &str| json!({ "resolve_reason": reason });
    let access = |role: &str| json!([{ "grant": { "all-users": role } }]);
    vec![
        ("POST", lena.clone(), CEM, json!("take"), json!({ "edit-tags": { "add": ["a"] } })),
        ("POST", lena.clone(), CEM, reply("One"), reply("Two")),
        ("POST", lena, CEM, note("One"), note("Two")),
        ("POST", omar, ANA, json!({ "edit-tags": { "add": ["a"] } }), json!({ "edit-tags": { "add": ["b"] } })),
        ("POST", begun, MARA, terms("terms 1"), terms("terms 2")),
        ("POST", "/api/onboardings".to_owned(), MARA, start("walkthrough"), start("embedded-signup")),
        ("POST", "/api/templates".to_owned(), MARA, definition("The oven is cold."), definition("The oven is hot.")),
        ("POST", template, MARA, json!({ "switch": "off" }), json!({ "switch": "on" })),
        ("PATCH", format!("/api/channels/{ORDERS}/settings"), MARA, settings("One"), settings("Two")),
        ("POST", format!("/api/channels/{WHOLESALE}/access"), MARA, access("viewer"), access("supervisor")),
    ]
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_command_is_done_once() {
    on_each(async |world| {
        let mut wrong = Vec::new();
        for (n, (method, path, by, body, other)) in (1..).zip(every_command(world).await) {
            let (key, what) = (Uuid::from_u128(0xfeed_0000 + n), format!("{method} {path} {body}"));
            let tag = match &*path {
                path if path.contains(&WHOLESALE.to_string()) => world.access_tag(WHOLESALE).await,
                _ => world.settings_tag(ORDERS).await,
            };
            let ask = |body: &Value| world.ask(method, &path).by(by).key(key).on(&tag).json(body).send();
            let first = ask(&body).await;
            let first = first.good(if first.status == 201 { 201 } else { 200 });
            let before = world.quiet().await;
            let second = ask(&body).await;
            let json = second.json();
            let repeated = json["outcome"] == "already-applied" || second.status == 201;
            if !repeated || json["version"] != first["version"] || json["id"] != first["id"] {
                wrong.push(format!("{what}: {first}, and then {}", second.text));
            }
            let third = ask(&other).await;
            if third.status == 422 && third.json()["code"] == "command-id-reused" {
                assert_eq!(third.problem(422, "command-id-reused")["rule"], "core.idempotent");
            } else {
                wrong.push(format!("{what}, and then {other}: {}", third.text));
            }
            let after = world.quiet().await;
            if after != before {
                wrong.push(format!("{what} has changed something the second time: {after:?} after {before:?}"));
            }
        }
        assert!(wrong.is_empty(), "{}:\n{}", world.kind, wrong.join("\n"));
        for key in ["", "x", "1234", "\"\"", "00000000-0000-0000-0000-00000000000g", "' OR 1=1"] {
            let take = world.ask("POST", &format!("/api/channels/{PRESS}/close")).by(MARA);
            take.header("idempotency-key", key).send().await.problem(400, "idempotency-key");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_command_that_is_given_fifty_times_at_once_is_done_once() {
    on_each(async |world| {
        let path = format!("/api/conversations/{}/commands", conversation_with(world, "Lena Brandt").await);
        let (key, before) = (Uuid::from_u128(0xfeed), world.quiet().await);
        let reply = json!({ "reply": { "text": "We do." } });
        let asks = (0..50).map(|_| world.ask("POST", &path).by(CEM).key(key).json(&reply).send());
        let mut done = 0;
        for told in futures_of(asks.collect()).await {
            // Others were faster, so often that it was given up: that is told.
            if told.status == 409 {
                told.problem(409, "conflict");
                continue;
            }
            done += usize::from(told.good(200)["outcome"] == "done");
        }
        assert_eq!(done, 1);
        let after = world.quiet().await;
        assert_eq!((after["commands"], after["messages"]), (before["commands"] + 1, before["messages"] + 1));
        let sent =
            world.rows.number("SELECT count(*) FROM messages WHERE body = 'We do.' AND state = 'delivered'").await;
        assert_eq!(sent, 1);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_reply_that_was_refused_may_be_given_again() {
    on_each(async |world| {
        let path = format!("/api/conversations/{}/commands", conversation_with(world, "Lena Brandt").await);
        let reply = json!({ "reply": { "text": "Two loaves are kept for you." } });
        let key = Uuid::from_u128(0xbee);
        let by_ben = || world.ask("POST", &path).by(inbox_service::demo::BEN).key(key).json(&reply).send();
        by_ben().await.problem(403, "role-too-low");
        let tag = world.access_tag(ORDERS).await;
        let grant = json!([{ "grant": { "all-users": "contributor" } }]);
        let access = world.ask("POST", &format!("/api/channels/{ORDERS}/access")).by(MARA).on(&tag).json(&grant);
        access.send().await.good(200);
        assert_eq!(by_ben().await.good(200)["outcome"], "done");
        world.quiet().await;
        let sent = "SELECT count(*) FROM messages WHERE body = 'Two loaves are kept for you.' AND state = 'delivered'";
        assert_eq!(world.rows.number(sent).await, 1);
    })
    .await;
}
