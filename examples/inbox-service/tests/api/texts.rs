//! Texts that try something: kept to the letter, or refused with the place; never cut, and never run.

use inbox_service::demo::{CEM, MARA, ORDERS};
use serde_json::{Value, json};

use super::good::conversation_with;
use super::webhook::{message, messages};
use super::world::{World, on_each};

const SQL: &str = "'; DROP TABLE messages; SELECT '$1' || \"%s\" -- \\";
const EMOJI: &str = "👩🏽‍🍳🥖 zwölf Brote, e\u{301}claire, 👨‍👩‍👧‍👦, اِثنان, ½ ﷽";
const TURNED: &str = "\u{202e}gnihtemos\u{202c}";
const MARKUP: &str = "<script>alert(1)</script>&amp;{{1}}${x}\r\n\t\u{7f}\u{1b}[31m";

/// Texts that are taken as they are.
fn kept() -> Vec<String> {
    let mut texts: Vec<String> =
        [SQL, EMOJI, TURNED, MARKUP, " ", "null", "\u{feff}\u{fffe}\u{10ffff}"].map(str::to_owned).into();
    texts.extend(["a".repeat(4096), "🥖".repeat(4096), "e\u{301}".repeat(2048)]);
    texts
}

async fn shown(world: &World, id: &str) -> Value {
    world.ask("GET", &format!("/api/conversations/{id}")).by(CEM).send().await.good(200)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn replies_and_notes_are_kept_to_the_letter() {
    on_each(async |world| {
        let id = conversation_with(world, "Lena Brandt").await;
        let path = format!("/api/conversations/{id}/commands");
        for text in kept() {
            for act in [json!({ "reply": { "text": text } }), json!({ "add-note": { "text": text } })] {
                world.ask("POST", &path).by(CEM).json(&act).send().await.good(200);
            }
        }
        world.quiet().await;
        let told = shown(world, &id).await;
        let texts = |of: &str| told[of].as_array().unwrap().iter().map(|told| told["text"].clone()).collect::<Vec<_>>();
        let (messages, notes) = (texts("messages"), texts("notes"));
        for text in kept() {
            let text = json!(text);
            assert!(messages.contains(&text) && notes.contains(&text), "{}: {text}", world.kind);
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_customers_write_is_kept_to_the_letter() {
    on_each(async |world| {
        for (n, text) in kept().iter().enumerate() {
            let body = message(&format!("wamid.{n}"), text).to_string();
            assert_eq!(world.delivery(body.as_bytes()).send().await.status, 200);
        }
        world.quiet().await;
        let id = conversation_with(world, "Nele").await;
        let told = shown(world, &id).await;
        let texts: Vec<_> = told["messages"].as_array().unwrap().iter().map(|told| told["text"].clone()).collect();
        for text in kept() {
            assert!(texts.contains(&json!(text)), "{}: {text:?}", world.kind);
        }
        for (n, name) in [SQL, EMOJI, TURNED, &"n".repeat(10_000)].into_iter().enumerate() {
            let from = format!("49151000002{n:02}");
            let message =
                json!([{ "from": from, "id": format!("wamid.name{n}"), "type": "text", "text": { "body": "a" } }]);
            let contacts = json!([{ "wa_id": from, "profile": { "name": name } }]);
            let body = messages("106540352242922", message, contacts).to_string();
            assert_eq!(world.delivery(body.as_bytes()).send().await.status, 200);
            world.quiet().await;
            conversation_with(world, name.trim()).await;
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn names_and_labels_are_kept_or_refused() {
    on_each(async |world| {
        let path = format!("/api/channels/{ORDERS}/settings");
        let long = "n".repeat(255);
        let wide = "🥖".repeat(255);
        let names = [
            (SQL, ""),
            ("Brötchen 🥖 e\u{301}", ""),
            (&long, ""),
            (&wide, ""),
            (&format!("{long}n"), "text-length"),
            (&format!("{wide}🥖"), "text-length"),
            (TURNED, "text-character"),
            ("a\0b", "text-character"),
            ("two\nlines", "text-character"),
        ];
        for (name, code) in names {
            let tag = world.settings_tag(ORDERS).await;
            let told = world.ask("PATCH", &path).by(MARA).on(&tag).json(&json!({ "name": name })).send().await;
            if code.is_empty() {
                told.good(200);
                let stands = world.ask("GET", &path).by(MARA).send().await.good(200);
                assert_eq!(stands["name"], name, "{}: {stands}", world.kind);
            } else {
                let told = told.problem(422, "form");
                assert_eq!(
                    (&told["errors"][0]["pointer"], &told["errors"][0]["code"]),
                    (&json!("/name"), &json!(code))
                );
            }
        }
        let id = conversation_with(world, "Lena Brandt").await;
        let tags = ["'; DROP TABLE events; --", "🥖", "ا", &"t".repeat(100)];
        let act = json!({ "edit-tags": { "add": tags } });
        world.ask("POST", &format!("/api/conversations/{id}/commands")).by(CEM).json(&act).send().await.good(200);
        let told = shown(world, &id).await;
        assert_eq!(told["conversation"]["tags"].as_array().unwrap().len(), tags.len(), "{told}");
    })
    .await;
}
