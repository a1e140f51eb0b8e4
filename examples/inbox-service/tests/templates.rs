//! Templates at Meta: what is called for each effect, and what its answer comes to.

mod support;

use std::sync::Arc;

use inbox_service::host::Host;
use reqwest::Method;
use serde_json::json;
use support::{ADOPTED, Demonstration, Scripted, TEMPLATE, account, graph, graph_of, host};
use whatsapp_inbox::port::Templates;
use whatsapp_inbox::template::{Definition, DefinitionDraft, Effect, Outcome};
use whatsapp_inbox::time::Instant;
use whatsapp_inbox::whatsapp::{TemplateAllowance, TemplateUse, TemplateUseError};

const DONE: &str = r#"{"success":true}"#;

fn definition(name: &str, text: &str) -> Box<Definition> {
    Box::new(DefinitionDraft::new(name, "en_US", "UTILITY").body(text, ["Ana"]).check().unwrap())
}

fn create(name: &str) -> Effect {
    Effect::Create { call: 1, account: account(), definition: definition(name, "Your loaf is ready, {{1}}!") }
}

fn edit(text: &str) -> Effect {
    Effect::Edit { call: 2, definition: definition("loaf_ready", text) }
}

async fn meta_id(host: &Host, template: whatsapp_inbox::id::TemplateId) -> Option<String> {
    host.template_at_meta(template).await.unwrap().unwrap().meta_id
}

#[tokio::test]
async fn one_that_is_created_is_known_by_metas_id() {
    for id in [json!("1245"), json!(1245)] {
        let meta =
            Scripted::new(200, &json!({ "id": id, "status": "PENDING", "category": "UTILITY" }).to_string()).await;
        let host = host();
        let graph = graph_of(&meta.base, Arc::clone(&host));
        assert_eq!(graph.call(ADOPTED, &create("oven_cold")).await.unwrap(), Outcome::Taken);
        assert_eq!(meta_id(&host, ADOPTED).await.as_deref(), Some("1245"));
        let calls = meta.calls();
        assert_eq!((calls.len(), calls[0].path.as_str()), (1, "/v23.0/70414200118/message_templates"));
        assert_eq!((&calls[0].body["name"], &calls[0].body["language"]), (&json!("oven_cold"), &json!("en_US")));
    }
}

#[tokio::test]
async fn each_effect_is_one_call() {
    let path = "/v23.0/594425479261596";
    let cases = [
        (edit("It is ready, {{1}}, at last."), Method::POST, path.to_owned()),
        (Effect::Unpause { call: 3 }, Method::POST, format!("{path}/unpause")),
        (
            Effect::Delete { call: 4 },
            Method::DELETE,
            "/v23.0/70414200118/message_templates?hsm_id=594425479261596&name=loaf_ready".to_owned(),
        ),
    ];
    for (effect, method, path) in cases {
        let meta = Scripted::new(200, DONE).await;
        assert_eq!(graph(&meta.base).call(TEMPLATE, &effect).await.unwrap(), Outcome::Taken, "{effect:?}");
        let calls = meta.calls();
        assert_eq!((calls.len(), &calls[0].method, &calls[0].path), (1, &method, &path));
        if let Effect::Edit { .. } = effect {
            // Name and language stay, and are no part of an edit.
            let members: Vec<_> = calls[0].body.as_object().unwrap().keys().collect();
            assert_eq!(members, ["category", "components", "parameter_format"]);
        }
    }
}

#[tokio::test]
async fn a_refusal_has_metas_number_and_no_answer_has_none() {
    let error = |code: u32, subcode: u32| json!({ "error": { "code": code, "error_subcode": subcode } }).to_string();
    let effects =
        [create("loaf_ready"), edit("It is, {{1}}, so."), Effect::Unpause { call: 3 }, Effect::Delete { call: 4 }];
    for (body, number) in [
        (error(100, 2_388_019), 2_388_019),
        (error(2_388_293, 0), 2_388_293),
        (error(190, 463), 190),
        (r#"{"error":{"code":100}}"#.to_owned(), 100),
    ] {
        let meta = Scripted::new(400, &body).await;
        for effect in &effects {
            let told = graph(&meta.base).call(TEMPLATE, effect).await.unwrap();
            assert_eq!(told, Outcome::Refused { error: number }, "{effect:?}");
        }
        assert_eq!(meta.calls().len(), effects.len());
    }
    for body in ["<html>", ""] {
        let meta = Scripted::new(502, body).await;
        for effect in &effects {
            assert!(graph(&meta.base).call(TEMPLATE, effect).await.is_err(), "{effect:?}");
        }
        assert_eq!(meta.calls().len(), effects.len());
    }
}

#[tokio::test]
async fn an_appeal_calls_nobody() {
    let meta = Scripted::new(200, DONE).await;
    let told = graph(&meta.base).call(TEMPLATE, &Effect::Appeal { call: 5 }).await.unwrap();
    assert_eq!((told, meta.calls().len()), (Outcome::Refused { error: 0 }, 0));
}

#[tokio::test]
async fn an_id_that_is_not_known_is_looked_up_once() {
    // Meta lists whatever has a part of the name, in every language.
    let listing = json!({ "data": [
        { "id": "1", "name": "oven_cold_again", "language": "en_US" },
        { "id": "2", "name": "oven_cold", "language": "de" },
        { "id": 3, "name": "oven_cold", "language": "en-US" },
    ] });
    let meta = Scripted::new(200, &listing.to_string()).await;
    let host = host();
    let graph = graph_of(&meta.base, Arc::clone(&host));
    for _ in 0..2 {
        assert_eq!(graph.call(ADOPTED, &Effect::Unpause { call: 1 }).await.unwrap(), Outcome::Taken);
    }
    let calls: Vec<_> = meta.calls().into_iter().map(|call| (call.method, call.path)).collect();
    let unpause = (Method::POST, "/v23.0/3/unpause".to_owned());
    assert_eq!((calls.len(), &calls[0].0, &calls[1], &calls[2]), (3, &Method::GET, &unpause, &unpause));
    assert_eq!(meta_id(&host, ADOPTED).await.as_deref(), Some("3"));

    // Where Meta lists none there is nothing to call.
    let meta = Scripted::new(200, r#"{"data":[]}"#).await;
    assert!(self::graph(&meta.base).call(ADOPTED, &Effect::Delete { call: 1 }).await.is_err());
    assert_eq!(meta.calls().len(), 1);
}

#[tokio::test]
async fn an_account_tells_how_many_it_holds() {
    let summary = |summary| json!({ "data": [], "summary": summary }).to_string();
    let cases = [
        (
            summary(json!({ "message_template_count": 3, "message_template_limit": 250 })),
            3,
            TemplateAllowance::Standard,
        ),
        (
            summary(json!({ "message_template_count": 251, "message_template_limit": 6000 })),
            251,
            TemplateAllowance::Raised,
        ),
        (summary(json!({ "total_count": "7" })), 7, TemplateAllowance::Standard),
    ];
    for (body, count, allowance) in cases {
        let meta = Scripted::new(200, &body).await;
        assert_eq!(graph(&meta.base).used(&account()).await.unwrap(), TemplateUse::new(count, allowance));
        assert_eq!(meta.calls().len(), 1);
    }
    for (status, body) in [(200, r#"{"data":[]}"#), (200, "{}"), (400, r#"{"error":{"code":100}}"#), (500, "")] {
        let meta = Scripted::new(status, body).await;
        assert!(graph(&meta.base).used(&account()).await.is_err(), "{status} {body}");
    }
    let full = TemplateUse::new(250, TemplateAllowance::Standard).may_create(Instant::MIN);
    assert!(matches!(full, Err(TemplateUseError::Full { .. })));
}

#[tokio::test]
async fn the_stand_in_keeps_templates() {
    let meta = Demonstration::answering(200).await;
    let host = host();
    let graph = graph_of(&meta.base, Arc::clone(&host));
    assert_eq!(graph.used(&account()).await.unwrap().templates(), 0);
    assert_eq!(graph.call(ADOPTED, &create("oven_cold")).await.unwrap(), Outcome::Taken);
    assert_eq!(graph.used(&account()).await.unwrap().templates(), 1);
    let twice = graph.call(ADOPTED, &create("oven_cold")).await.unwrap();
    assert_eq!(twice, Outcome::Refused { error: 2_388_024 });

    // The id that Meta gave is the one it delivers under.
    let event = json!({ "account": account(), "name": "oven_cold", "language": "en_US", "event": "PAUSED" });
    let (_, told) = meta.decide(&json!({ "template": event })).await;
    let id = told["delivery"]["entry"][0]["changes"][0]["value"]["message_template_id"].to_string();
    assert_eq!(meta_id(&host, ADOPTED).await, Some(id.clone()));
    let status = async || {
        let client = reqwest::Client::builder().no_proxy().build().unwrap();
        let url = format!("{}/{}/message_templates?name=oven", meta.base, account());
        let listing = client.get(url).bearer_auth("any").send().await.unwrap();
        listing.json::<serde_json::Value>().await.unwrap()["data"][0]["status"].clone()
    };
    assert_eq!(status().await, "PAUSED");
    assert_eq!(graph.call(ADOPTED, &Effect::Unpause { call: 2 }).await.unwrap(), Outcome::Taken);
    assert_eq!(status().await, "APPROVED");
    assert_eq!(graph.call(ADOPTED, &edit("It is, {{1}}, cold.")).await.unwrap(), Outcome::Taken);
    assert_eq!(status().await, "PENDING");
    assert_eq!(graph.call(ADOPTED, &Effect::Delete { call: 3 }).await.unwrap(), Outcome::Taken);
    assert_eq!(graph.used(&account()).await.unwrap().templates(), 0);

    // One that it has not met, as after a restart, is there as well.
    for effect in [edit("It is, {{1}}, so."), Effect::Unpause { call: 4 }, Effect::Delete { call: 5 }] {
        assert_eq!(graph.call(TEMPLATE, &effect).await.unwrap(), Outcome::Taken);
    }
}
