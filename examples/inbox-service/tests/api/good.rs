//! Every route with its good answer.

use inbox_service::demo::{BAKERY, CEM, MARA, ORDERS, PRESS, WHOLESALE};
use inbox_service::stand_in::RIGHT_CODE;
use serde_json::{Value, json};
use whatsapp_inbox::uuid::Uuid;

use super::world::{World, on_each};

const ACCOUNT: &str = "102290129340777";
const NUMBER: &str = "+49 40 5550777";
const PHONE_NUMBER: &str = "106540352242777";

/// One of the conversations of a channel, by its customer.
pub(crate) async fn conversation_with(world: &World, customer: &str) -> String {
    let told = world.ask("GET", &format!("/api/conversations?channel={ORDERS}")).by(MARA).send().await.good(200);
    let all = told["conversations"].as_array().unwrap();
    let found = all.iter().find(|told| told["conversation"]["customer"]["name"] == customer);
    found.unwrap()["conversation"]["id"].as_str().unwrap().to_owned()
}

/// What happened when somebody did something.
#[track_caller]
pub(crate) fn happened(told: &Value, events: &[&str]) {
    assert_eq!(told["outcome"], "done", "{told}");
    assert_eq!(told["events"], json!(events), "{told}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn people_and_access() {
    on_each(async |world| {
        let told = world.ask("GET", "/api/me").by(MARA).send().await.good(200);
        assert_eq!(told["person"]["name"], "Mara Lund");
        let told = world.ask("GET", "/api/me").operator().send().await.good(200);
        assert_eq!(told["operator"]["name"], "Oona (provider)");
        let told = world.ask("GET", "/api/me").header("cookie", &format!("a=b; who=user:{CEM}")).send().await.good(200);
        assert_eq!(told["person"]["name"], "Cem Yılmaz");
        let told = world.ask("GET", "/api/people").send().await.good(200);
        assert_eq!((told["demonstration"].as_bool(), told["organisations"].as_array().unwrap().len()), (Some(true), 2));

        let told = world.ask("GET", &format!("/api/channels/{ORDERS}/may/reply")).by(CEM).send().await.good(200);
        assert_eq!(told, json!({ "allowed": true, "action": "reply" }));
        let told = world.ask("GET", "/api/access").by(MARA).send().await.good(200);
        assert_eq!((told["channels"].as_array().unwrap().len(), told["people"].as_array().unwrap().len()), (3, 6));
        let why = format!("/api/access/why?user={CEM}&channel={ORDERS}&action=reply");
        let told = world.ask("GET", &why).by(MARA).send().await.good(200);
        assert_eq!(told["name"], "Cem Yılmaz");

        let changes = json!([{ "revoke": { "user": CEM } }]);
        let path = format!("/api/channels/{ORDERS}/access");
        let before = world.quiet().await;
        let told = world.ask("POST", &format!("{path}/impact")).by(MARA).json(&changes).send().await.good(200);
        assert!(told.to_string().contains(&CEM.to_string()), "{told}");
        assert_eq!(world.quiet().await, before);
        let tag = world.access_tag(ORDERS).await;
        let told = world.ask("POST", &path).by(MARA).on(&tag).json(&changes).send().await.good(200);
        happened(&told, &["access-changed"]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn channels_and_their_settings() {
    on_each(async |world| {
        let told = world.ask("GET", "/api/channels").by(MARA).send().await.good(200);
        assert_eq!(told.as_array().unwrap().len(), 3);
        let told = world.ask("GET", &format!("/api/channels/{ORDERS}")).by(CEM).send().await.good(200);
        assert_eq!(told["role"], "supervisor");
        let path = format!("/api/channels/{ORDERS}/settings");
        let answer = world.ask("GET", &path).by(MARA).send().await;
        let told = answer.good(200);
        let tag = answer.headers["etag"].to_str().unwrap();
        assert_eq!(tag, format!("\"{}\"", told["settings_version"]));

        let form = json!({ "auto_resolve_new": { "after-minutes": 60 } });
        let before = world.quiet().await;
        let told = world.ask("POST", &format!("{path}/preview")).by(MARA).json(&form).send().await.good(200);
        assert!(told.is_object(), "{told}");
        assert_eq!(world.quiet().await, before);
        let answer = world.ask("PATCH", &path).by(MARA).on(tag).json(&form).send().await;
        happened(&answer.good(200), &["settings-changed"]);
        let tag = answer.headers["etag"].to_str().unwrap();
        assert_eq!(tag, world.settings_tag(ORDERS).await);
        let told = world.ask("POST", &format!("{path}/apply")).by(MARA).on(tag).send().await.good(200);
        assert!(told["changed"].as_u64().is_some_and(|changed| changed > 0), "{told}");

        let path = format!("/api/channels/{WHOLESALE}/close");
        happened(&world.ask("POST", &path).by(MARA).send().await.good(200), &["closed"]);
        // An account admin settles who has access, and has none by that.
        world.ask("GET", &format!("/api/channels/{PRESS}")).by(MARA).send().await.problem(403, "no-access");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn conversations() {
    on_each(async |world| {
        let path = format!("/api/conversations?channel={ORDERS}&queue=new");
        let told = world.ask("GET", &path).by(CEM).send().await.good(200);
        assert!(told["conversations"].as_array().is_some_and(|all| !all.is_empty()), "{told}");
        let id = conversation_with(world, "Lena Brandt").await;
        let path = format!("/api/conversations/{id}");
        let told = world.ask("GET", &path).by(CEM).send().await.good(200);
        assert_eq!(told["messages"][0]["text"], "Good morning! Do you still have rye loaves today?");
        let acts = [
            json!("take"),
            json!({ "reply": { "text": "We do: shall I keep two?" } }),
            json!({ "edit-tags": { "add": ["rye"], "remove": [] } }),
            json!({ "edit-topics": { "add": ["bread"] } }),
            json!({ "add-note": { "text": "She comes on Saturdays." } }),
            json!({ "assign": { "to": CEM } }),
            json!({ "snooze": { "until": "2099-01-01T00:00:00Z" } }),
            json!("wake"),
            json!("unassign"),
            json!({ "move": { "to": "resolved" } }),
        ];
        for act in acts {
            let told = world.ask("POST", &format!("{path}/commands")).by(CEM).json(&act).send().await;
            // A long snooze is refused: there is a bound.
            let status = if act.get("snooze").is_some() || act == "wake" { told.status } else { 200 };
            assert_eq!(told.status, status, "{act}: {}", told.text);
        }
        world.quiet().await;
        let told = world.ask("GET", &path).by(CEM).send().await.good(200);
        assert_eq!(
            (&told["messages"][1]["state"], &told["conversation"]["queue"]),
            (&json!("delivered"), &json!("resolved"))
        );
        let note = told["notes"][0]["id"].clone();
        assert_eq!(told["notes"][0]["text"], "She comes on Saturdays.");
        let remove = json!({ "remove-note": note });
        let told = world.ask("POST", &format!("{path}/commands")).by(CEM).json(&remove).send().await.good(200);
        happened(&told, &["note-removed"]);
        let told = world.ask("GET", &path).by(CEM).send().await.good(200);
        assert_eq!(told["notes"], json!([]));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn templates() {
    on_each(async |world| {
        let told = world.ask("GET", "/api/templates").by(MARA).send().await.good(200);
        assert_eq!(told.as_array().unwrap().len(), 2);
        let definition = json!({ "name": "oven_cold", "language": "en_US", "category": "UTILITY",
            "components": [{ "type": "BODY", "text": "The oven is cold until {{1}}, we are sorry.",
                             "example": { "body_text": [["six"]] } }] });
        let told = world.ask("POST", "/api/templates/check").by(MARA).json(&definition).send().await.good(200);
        assert!(told["rendered"].to_string().contains("The oven is cold until six"), "{told}");
        let create = json!({ "account": "102290129340398", "definition": definition });
        let told = world.ask("POST", "/api/templates").by(MARA).json(&create).send().await.good(201);
        let path = format!("/api/templates/{}", told["id"].as_str().unwrap());
        world.quiet().await;
        let told = world.ask("GET", &path).by(MARA).send().await.good(200);
        assert_eq!(told["template"]["view"]["standing"], "pending", "{told}");
        let off = json!({ "switch": "off" });
        let told = world.ask("POST", &format!("{path}/commands")).by(MARA).json(&off).send().await.good(200);
        happened(&told, &["switched"]);
        let told = world.ask("POST", &format!("{path}/commands")).by(MARA).json(&json!("delete")).send().await;
        told.good(200);
    })
    .await;
}

/// Onboards a number until its code can be entered, and says which onboarding that is.
pub(crate) async fn until_code(world: &World) -> String {
    let start = json!({ "business_manager": "given", "security_center": "given" });
    let told = world.ask("POST", "/api/onboardings").by(MARA).json(&start).send().await.good(201);
    let id = told["id"].as_str().unwrap().to_owned();
    let path = format!("/api/onboardings/{id}/commands");
    let by_brand = async |act: Value| world.ask("POST", &path).by(MARA).json(&act).send().await.good(200);
    let by_provider = async |act: Value| world.ask("POST", &path).operator().json(&act).send().await.good(200);
    by_brand(json!({ "sign-agreement": { "text": "agreement 2026-01" } })).await;
    by_brand(json!({ "accept-terms": { "text": "terms 2026-01" } })).await;
    let business = "203040506070777";
    let details = json!({ "phone_number": NUMBER, "line": "mobile", "business_manager_id": business,
        "display_name": "Harbour Cakes" });
    by_brand(json!({ "submit-details": details })).await;
    by_provider(json!({ "create-account": { "account": ACCOUNT, "phone_number_id": PHONE_NUMBER } })).await;
    by_brand(json!({ "answer-request": "approved" })).await;
    let decisions = [
        json!({ "request-approved": { "account": ACCOUNT, "business": business } }),
        json!({ "account-reviewed": { "account": ACCOUNT, "decision": "APPROVED" } }),
        json!({ "name-reviewed": { "account": ACCOUNT, "number": NUMBER, "name": "Harbour Cakes",
            "decision": "APPROVED", "phone_number_id": PHONE_NUMBER } }),
        json!({ "business-verified": { "account": ACCOUNT, "business": business, "status": "verified" } }),
    ];
    for decision in decisions {
        let told = world.ask("POST", "/graph-stand-in/decide").json(&decision).send().await;
        assert_eq!(told.good(200)["status"], 200, "{}", told.text);
    }
    world.quiet().await;
    by_brand(json!({ "request-code": { "method": "SMS" } })).await;
    world.quiet().await;
    id
}

/// Onboards a number up to its channel, and says which onboarding and channel that is.
pub(crate) async fn onboard(world: &World, pin: &str) -> (String, String) {
    let id = until_code(world).await;
    let path = format!("/api/onboardings/{id}/commands");
    let by_brand = async |act: Value| world.ask("POST", &path).by(MARA).json(&act).send().await.good(200);
    let by_provider = async |act: Value| world.ask("POST", &path).operator().json(&act).send().await.good(200);
    by_brand(json!({ "enter-code": { "code": RIGHT_CODE } })).await;
    by_provider(json!({ "register": { "pin": pin } })).await;
    by_provider(json!({ "activate": { "grants": [{ "all-users": "contributor" }] } })).await;
    world.quiet().await;
    let told = world.ask("GET", &format!("/api/onboardings/{id}")).by(MARA).send().await.good(200);
    (id, told["checklist"]["channel"].as_str().unwrap_or_else(|| panic!("{told}")).to_owned())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_onboarding_from_start_to_channel() {
    on_each(async |world| {
        let told = world.ask("GET", "/api/onboardings").by(MARA).send().await.good(200);
        assert_eq!(told.as_array().unwrap().len(), 3);
        let (id, channel) = onboard(world, "246802").await;
        let told = world.ask("GET", "/api/onboardings").operator().send().await.good(200);
        assert_eq!(told.as_array().unwrap().len(), 4);
        let told = world.ask("GET", &format!("/api/channels/{channel}")).by(MARA).send().await;
        told.good(200);
        let path = format!("/api/onboardings/{id}/commands");
        let told = world.ask("POST", &path).operator().json(&json!("settle")).send().await.good(200);
        assert_eq!(told["outcome"], "read", "{told}");

        // What was noted for an activation that is refused leads nobody astray: customers are still heard.
        let again = json!({ "activate": { "grants": [{ "all-users": "contributor" }] } });
        for key in [Uuid::from_u128(1), Uuid::from_u128(u128::MAX), ORDERS.uuid()] {
            let told = world.ask("POST", &path).operator().key(key).json(&again).send().await;
            assert!(matches!(told.status, 409 | 422), "{}", told.text);
        }
        let writes = |number: &str, phone_number: &str, from: &str| {
            json!({ "customer-writes": { "account": ACCOUNT, "phone_number_id": phone_number, "number": number,
                "from": from, "name": "Nils", "text": "Is anybody there?" } })
        };
        let orders = writes("+49 40 12345678", "106540352242922", "+4915100000099");
        for decision in [writes(NUMBER, PHONE_NUMBER, "+4915100000098"), orders] {
            world.ask("POST", "/graph-stand-in/decide").json(&decision).send().await.good(200);
        }
        world.quiet().await;
        for channel in [channel, ORDERS.to_string()] {
            let told = world.ask("GET", &format!("/api/conversations?channel={channel}")).by(MARA).send().await;
            assert!(told.text.contains("Is anybody there?"), "{channel}: {}", told.text);
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pages_and_health() {
    on_each(async |world| {
        let told = world.ask("GET", "/health").send().await;
        assert_eq!((told.status, told.text.as_str()), (200, "ok\n"));
        for page in ["/", "/onboarding", "/settings", "/access", "/queues"] {
            let told = world.ask("GET", page).send().await;
            assert_eq!(
                (told.status, &told.headers["content-type"]),
                (200, &"text/html; charset=utf-8".parse().unwrap())
            );
            let policy = told.headers["content-security-policy"].to_str().unwrap();
            assert!(policy.contains("frame-ancestors 'none'"), "{page}");
        }
        for name in ["style.css", "common.js", "onboarding.js", "settings.js", "access.js", "queues.js"] {
            let told = world.ask("GET", &format!("/pages/{name}")).send().await;
            assert_eq!((told.status, &told.headers["x-content-type-options"]), (200, &"nosniff".parse().unwrap()));
        }
        assert_eq!(BAKERY, ORDERS.organisation());
    })
    .await;
}
