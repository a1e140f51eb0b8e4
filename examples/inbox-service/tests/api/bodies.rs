//! Bodies that are none, are not what is asked for, or hold values that the rules refuse.

use inbox_service::demo::{ANA, BAKERY, BEN, CEM, MARA, NOA, ORDERS};
use serde_json::{Value, json};

use super::bad::{Case, NOBODY, check};
use super::good::conversation_with;
use super::world::on_each;

const JSON: &str = "application/json";

#[expect(clippy::too_many_lines, reason = "a table")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn bodies_that_are_none() {
    on_each(async |world| {
        let id = conversation_with(world, "Lena Brandt").await;
        let act = |kind: &str, body: &[u8]| {
            world.ask("POST", &format!("/api/conversations/{id}/commands")).by(CEM).bytes(kind, body)
        };
        let acts = |body: &Value| act(JSON, body.to_string().as_bytes());
        let text = |body: &str| act(JSON, body.as_bytes());
        let template = |body: &[u8]| world.ask("POST", "/api/templates/check").by(MARA).bytes(JSON, body);
        let onboarding = |body: &Value| world.ask("POST", "/api/onboardings").by(MARA).json(body);
        let create = |body: &Value| world.ask("POST", "/api/templates").by(MARA).json(body);
        let no_body = world.ask("POST", &format!("/api/conversations/{id}/commands")).by(CEM);
        let deep = format!("{}{}", "[".repeat(50_000), "]".repeat(50_000));
        let long = json!({ "reply": { "text": "a".repeat(300_000) } });
        let twice = r#"{"reply": {"text": "one", "text": "two"}}"#;
        let given = json!({ "business_manager": "given", "security_center": "given" });
        let mut more = given.clone();
        more["organisation"] = json!(BAKERY);
        let cases: Vec<Case<'_>> = vec![
            ("no body", no_body, 415, "content-type", "", ""),
            ("a body of no kind", act("", b"{}"), 415, "content-type", "", ""),
            ("a form", act("application/x-www-form-urlencoded", b"take="), 415, "content-type", "", ""),
            ("plain text", act("text/plain", b"\"take\""), 415, "content-type", "", ""),
            ("nearly JSON", act("application/jsonp", b"\"take\""), 415, "content-type", "", ""),
            ("nothing", text(""), 400, "json", "", ""),
            ("half of it", text(r#"{"reply": {"#), 400, "json", "", ""),
            ("more than one", text(r#""take" "wake""#), 400, "json", "", ""),
            ("no UTF-8", act(JSON, b"{\"reply\": {\"text\": \"\xff\xfe\"}}"), 400, "json", "", ""),
            ("half a character", text(r#"{"reply": {"text": "\ud83e"}}"#), 400, "json", "", ""),
            ("deeper than one reads", template(deep.as_bytes()), 400, "json", "", ""),
            ("longer than one takes", acts(&long), 413, "body", "", ""),
            ("an act that there is not", acts(&json!("fly")), 422, "shape", "", ""),
            ("two acts at once", acts(&json!({ "take": null, "wake": null })), 422, "shape", "", ""),
            ("a list", acts(&json!([])), 422, "shape", "", ""),
            (
                "a field that there is not",
                acts(&json!({ "reply": { "text": "a", "to": "b" } })),
                422,
                "shape",
                "",
                "/reply/to",
            ),
            ("a field of another kind", acts(&json!({ "reply": { "text": 5 } })), 422, "shape", "", "/reply/text"),
            ("no field", acts(&json!({ "reply": {} })), 422, "shape", "", "/reply"),
            ("a field twice", text(twice), 422, "shape", "", "/reply"),
            (
                "a tag of another kind",
                acts(&json!({ "edit-tags": { "add": ["a", 1] } })),
                422,
                "shape",
                "",
                "/edit-tags/add/1",
            ),
            ("a time that is none", acts(&json!({ "snooze": { "until": "soon" } })), 422, "shape", "", "/snooze/until"),
            ("a queue that there is not", acts(&json!({ "move": { "to": "old" } })), 422, "shape", "", "/move/to"),
            ("a user that is none", acts(&json!({ "assign": { "to": "Ana" } })), 422, "shape", "", "/assign/to"),
            (
                "an attestation that is none",
                onboarding(&json!({ "business_manager": "maybe" })),
                422,
                "shape",
                "",
                "/business_manager",
            ),
            ("an onboarding with more", onboarding(&more), 422, "shape", "", "/organisation"),
            (
                "an onboarding, as no admin",
                world.ask("POST", "/api/onboardings").by(ANA).json(&given),
                403,
                "admin-only",
                "onboarding.actor",
                "",
            ),
            (
                "an onboarding, as an operator",
                world.ask("POST", "/api/onboardings").operator().json(&given),
                404,
                "not-found",
                "access.not-found",
                "",
            ),
            (
                "a template of no account",
                create(&json!({ "account": "x", "definition": {} })),
                422,
                "shape",
                "",
                "/account",
            ),
            (
                "a template with nothing",
                create(&json!({ "account": "1", "definition": {} })),
                422,
                "form",
                "template.name",
                "/definition/name",
            ),
            (
                "a template, as no admin",
                world.ask("POST", "/api/templates").by(ANA).json(&json!({ "account": "1", "definition": {} })),
                404,
                "not-found",
                "access.not-found",
                "",
            ),
        ];
        check(world, cases).await;
    })
    .await;
}

#[expect(clippy::too_many_lines, reason = "a table")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn values_that_the_rules_refuse() {
    on_each(async |world| {
        let id = conversation_with(world, "Lena Brandt").await;
        let act = |body: &Value| world.ask("POST", &format!("/api/conversations/{id}/commands")).by(CEM).json(body);
        let by = |person, body: &Value| {
            world.ask("POST", &format!("/api/conversations/{id}/commands")).by(person).json(body)
        };
        let onboarding = "/api/onboardings/00000000-0000-0000-0000-00000000ba5e/00000000-0000-0000-0000-0000000000b2";
        let steps = |body: &Value| world.ask("POST", &format!("{onboarding}/commands")).by(MARA).json(body);
        let reply = |text: &str| json!({ "reply": { "text": text } });
        let note = |text: &str| json!({ "add-note": { "text": text } });
        let tag = world.settings_tag(ORDERS).await;
        let settings =
            |body: &Value| world.ask("PATCH", &format!("/api/channels/{ORDERS}/settings")).by(MARA).on(&tag).json(body);
        let access_tag = world.access_tag(ORDERS).await;
        let access = |body: &Value| {
            world.ask("POST", &format!("/api/channels/{ORDERS}/access")).by(MARA).on(&access_tag).json(body)
        };
        let cases: Vec<Case<'_>> = vec![
            ("a reply of nothing", act(&reply("")), 422, "text", "", "/reply/text"),
            ("a reply of 4097 characters", act(&reply(&"🥖".repeat(4097))), 422, "text", "", "/reply/text"),
            ("a reply with a zero character", act(&reply("a\0b")), 422, "text", "", "/reply/text"),
            ("a note of nothing", act(&note("")), 422, "text", "", "/add-note/text"),
            ("a note of 4097 characters", act(&note(&"a".repeat(4097))), 422, "text", "", "/add-note/text"),
            (
                "a tag of nothing",
                act(&json!({ "edit-tags": { "add": ["a", " "] } })),
                422,
                "label-length",
                "conversation.tags",
                "/edit-tags/add/1",
            ),
            (
                "a tag with a zero character",
                act(&json!({ "edit-topics": { "remove": ["a\0"] } })),
                422,
                "label-character",
                "conversation.tags",
                "/edit-topics/remove/0",
            ),
            ("a reply, as one who may look", by(BEN, &reply("a")), 403, "role-too-low", "access.contributor", ""),
            (
                "somebody unknown as owner",
                act(&json!({ "assign": { "to": format!("{BAKERY}/{NOBODY}") } })),
                404,
                "not-found",
                "access.not-found",
                "",
            ),
            (
                "somebody elsewhere as owner",
                act(&json!({ "assign": { "to": NOA } })),
                404,
                "not-found",
                "access.not-found",
                "",
            ),
            (
                "one who may look as owner",
                act(&json!({ "assign": { "to": BEN } })),
                422,
                "role-too-low",
                "access.contributor",
                "/assign/to",
            ),
            (
                "snoozed until the past",
                act(&json!({ "snooze": { "until": "2020-01-01T00:00:00Z" } })),
                422,
                "snooze-length",
                "conversation.snooze",
                "",
            ),
            ("awake", act(&json!("wake")), 409, "not-snoozed", "conversation.snooze", ""),
            (
                "a code of two digits",
                steps(&json!({ "enter-code": { "code": "12" } })),
                422,
                "not-six-digits",
                "onboarding.code-digits",
                "/enter-code/code",
            ),
            (
                "a code as a number",
                steps(&json!({ "enter-code": { "code": 471_113 } })),
                422,
                "shape",
                "",
                "/enter-code/code",
            ),
            (
                "a PIN of five digits",
                steps(&json!({ "register": { "pin": "12345" } })),
                422,
                "not-six-digits",
                "onboarding.code-secret",
                "/register/pin",
            ),
            ("a PIN at a wrong place", steps(&json!({ "register": "862951" })), 422, "shape", "", "/register"),
            (
                "what only an operator sees",
                steps(&json!({ "observe": { "request": { "account": "1", "status": "approved" } } })),
                404,
                "not-found",
                "access.not-found",
                "",
            ),
            (
                "what the other side does",
                steps(&json!({ "register": { "pin": "862951" } })),
                403,
                "wrong-actor",
                "onboarding.actor",
                "",
            ),
            (
                "a setting that there is not",
                settings(&json!({ "colour": "red" })),
                422,
                "form",
                "settings.patch",
                "/colour",
            ),
            ("a setting of null", settings(&json!({ "name": null })), 422, "form", "settings.patch", "/name"),
            ("a name of nothing", settings(&json!({ "name": " " })), 422, "form", "settings.name-length", "/name"),
            (
                "a window too short",
                settings(&json!({ "auto_resolve_new": { "after-minutes": 1 } })),
                422,
                "form",
                "settings.auto-resolve-bounds",
                "/auto_resolve_new/after-minutes",
            ),
            ("settings as a list", settings(&json!([])), 422, "shape", "", ""),
            (
                "access for somebody elsewhere",
                access(&json!([{ "grant": { "user": { "user": NOA, "role": "viewer" } } }])),
                422,
                "other-organisation",
                "access.tenant",
                "",
            ),
            (
                "a role that there is not",
                access(&json!([{ "grant": { "all-users": "king" } }])),
                422,
                "shape",
                "",
                "/0/grant/all-users",
            ),
            ("access as one object", access(&json!({ "grant": "all-teams" })), 422, "shape", "", ""),
        ];
        check(world, cases).await;
    })
    .await;
}
