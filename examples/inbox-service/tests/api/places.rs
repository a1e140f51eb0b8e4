//! What is at Meta, and whose it is.

use std::path::Path;
use std::sync::Arc;

use inbox_service::demo::{BAKERY, MARA, NOA, ORDERS};
use inbox_service::host::{Host, Spot};
use inbox_service::stored::Stored;
use inbox_service::tables::{Sqlite, Tables};
use serde_json::{Value, json};
use whatsapp_inbox::id::{ConversationId, TemplateId, UserId};
use whatsapp_inbox::time::Instant;
use whatsapp_inbox::uuid::Uuid;
use whatsapp_inbox::whatsapp::{TemplateKey, WabaId};

use super::answer::Answer;
use super::webhook::{message, messages};
use super::world::{World, on_each};

/// Of the bakery's channel.
const ACCOUNT: &str = "102290129340398";
const NUMBER: &str = "106540352242922";
/// Of its onboarding that goes on.
const OTHER_ACCOUNT: &str = "102290129340399";
const OTHER_NUMBER: &str = "106540352242923";
const OTHER_ONBOARDING: &str = "00000000-0000-0000-0000-0000000000b2";

/// An onboarding up to its details.
async fn onboarding(world: &World, by: UserId, plan: &str, number: &str) -> String {
    let start = json!({ "plan": plan, "business_manager": "given", "security_center": "given" });
    let told = world.ask("POST", "/api/onboardings").by(by).json(&start).send().await.good(201);
    let path = format!("/api/onboardings/{}/commands", told["id"].as_str().unwrap());
    let details = json!({ "phone_number": number, "line": "mobile", "business_manager_id": "203040506070778",
        "display_name": "Quayside Flowers" });
    for act in [
        json!({ "sign-agreement": { "text": "agreement" } }),
        json!({ "accept-terms": { "text": "terms" } }),
        json!({ "submit-details": details }),
    ] {
        world.ask("POST", &path).by(by).json(&act).send().await.good(200);
    }
    path
}

fn signup(account: &str, number: &str) -> Value {
    let number = json!({ "phone_number": number, "origin": "brand", "verification": "VERIFIED" });
    json!({ "end-signup": { "completed": { "account": account, "number": number } } })
}

fn create(account: &str, number: &str) -> Value {
    json!({ "create-account": { "account": account, "phone_number_id": number } })
}

#[track_caller]
fn is_anothers(told: &Answer, pointer: &str) {
    let problem = told.problem(422, "text");
    assert_eq!(problem["errors"][0]["pointer"], pointer, "{}", told.text);
    assert!(told.text.contains("another organisation has"), "{}", told.text);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_another_organisation_has_at_meta_is_not_taken() {
    on_each(async |world| {
        // Given another organisation's onboardings, one for each plan,
        let by_signup = onboarding(world, NOA, "embedded-signup", "+49 40 5550001").await;
        let by_provider = onboarding(world, NOA, "walkthrough", "+49 40 5550002").await;
        let signs = async |act: &Value| world.ask("POST", &by_signup).by(NOA).json(act).send().await;
        let creates = async |act: &Value| world.ask("POST", &by_provider).operator().json(act).send().await;
        world.quiet().await;
        let events = world.rows.counts().await["events"];
        // when they name what the bakery has, in a channel or on its way to one, then it is refused at its field.
        for (account, number) in [(ACCOUNT, NUMBER), (OTHER_ACCOUNT, OTHER_NUMBER)] {
            is_anothers(&signs(&signup(account, "1")).await, "/end-signup/completed/account");
            is_anothers(&signs(&signup("1", number)).await, "/end-signup/completed/number/phone_number");
            is_anothers(&creates(&create(account, "1")).await, "/create-account/account");
            is_anothers(&creates(&create("1", number)).await, "/create-account/phone_number_id");
            let request = json!({ "request-account": { "account": account } });
            is_anothers(&creates(&request).await, "/request-account/account");
        }
        assert_eq!(world.rows.counts().await["events"], events, "{}", world.kind);
        // What Meta tells of it is still told to whose it is, and to nobody else.
        let restricted = json!({ "restricted": { "account": ACCOUNT, "kind": "RESTRICTED_BIZ_INITIATED_MESSAGING" } });
        world.ask("POST", "/graph-stand-in/decide").json(&restricted).send().await.good(200);
        world.quiet().await;
        for path in [&by_signup, &by_provider] {
            let path = path.trim_end_matches("/commands");
            let told = world.ask("GET", path).by(NOA).send().await.good(200);
            assert_eq!((&told["accounts"], &told["checklist"]["notices"]), (&json!([]), &json!([])), "{told}");
        }
        // One's own is one's own, in whichever onboarding.
        let own = onboarding(world, MARA, "embedded-signup", "+49 40 5550003").await;
        world.ask("POST", &own).by(MARA).json(&signup(OTHER_ACCOUNT, "5")).send().await.good(200);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_meta_tells_that_somebody_has_is_theirs() {
    on_each(async |world| {
        // Given a brand that let the provider in and closed the window, so that Meta alone tells the account,
        let own = onboarding(world, MARA, "embedded-signup", "+49 40 5550003").await;
        let told = json!({ "request-approved": { "account": "5550", "business": "203040506070778" } });
        world.ask("POST", "/graph-stand-in/decide").json(&told).send().await.good(200);
        world.quiet().await;
        let seen = world.ask("GET", own.trim_end_matches("/commands")).by(MARA).send().await.good(200);
        assert_eq!(seen["accounts"], json!(["5550"]), "{seen}");
        // when another names it, then it is not theirs.
        let path = onboarding(world, NOA, "embedded-signup", "+49 40 5550001").await;
        let signs = world.ask("POST", &path).by(NOA).json(&signup("5550", "1")).send().await;
        is_anothers(&signs, "/end-signup/completed/account");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_another_organisation_had_is_free() {
    on_each(async |world| {
        let path = onboarding(world, NOA, "embedded-signup", "+49 40 5550001").await;
        let signs = async |account: &str, number: &str| {
            world.ask("POST", &path).by(NOA).json(&signup(account, number)).send().await
        };
        // Given up before it was live,
        is_anothers(&signs(OTHER_ACCOUNT, "1").await, "/end-signup/completed/account");
        let other = format!("/api/onboardings/{BAKERY}/{OTHER_ONBOARDING}/commands");
        world.ask("POST", &other).by(MARA).json(&json!("withdraw")).send().await.good(200);
        signs(OTHER_ACCOUNT, OTHER_NUMBER).await.good(200);
        // or closed.
        let path = onboarding(world, NOA, "embedded-signup", "+49 40 5550004").await;
        world.ask("POST", &format!("/api/channels/{ORDERS}/close")).by(MARA).send().await.good(200);
        world.ask("POST", &path).by(NOA).json(&signup(ACCOUNT, NUMBER)).send().await.good(200);
    })
    .await;
}

/// What is written to a number that nobody has.
fn to_nobody(n: usize) -> Vec<u8> {
    let text =
        json!([{ "from": "4915100000055", "id": format!("wamid.{n}"), "type": "text", "text": { "body": "?" } }]);
    messages("999", text, json!([])).to_string().into_bytes()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_about_nothing_known_waits_as_long_again() {
    on_each(async |world| {
        let waiting = "SELECT count(*) FROM deliveries WHERE state = 'unplaced'
                         AND taken_until BETWEEN received_at + 60000 AND received_at + 75000";
        for n in 0..3 {
            assert_eq!(world.delivery(&to_nobody(n)).send().await.status, 200);
        }
        world.quiet().await;
        assert_eq!(world.rows.number(waiting).await, 3, "{}", world.kind);
    })
    .await;
}

/// A host beside which no service runs.
async fn alone(folder: &Path) -> Host {
    let store = Arc::new(Stored::Sqlite(sqlite_store::Sqlite::open(folder.join("inbox.db")).unwrap()));
    let tables = Tables::Sqlite(Sqlite::open(&folder.join("host.db")).unwrap());
    Host::open(tables, store).await.unwrap()
}

#[tokio::test]
async fn what_nobody_knows_is_given_up_and_then_forgotten() {
    let folder = tempfile::tempdir().unwrap();
    let host = alone(folder.path()).await;
    let connection = rusqlite::Connection::open(folder.path().join("host.db")).unwrap();
    let states = || {
        let mut statement = connection.prepare("SELECT state FROM deliveries ORDER BY received_at").unwrap();
        let states = statement.query_map([], |row| row.get::<_, String>(0)).unwrap();
        states.map(Result::unwrap).collect::<Vec<_>>()
    };
    let at = |milli: i64| Instant::from_unix_millis(milli).unwrap();
    for (body, came) in [("waits", 5), ("waits as well", 6)] {
        host.keep_delivery(body.into(), at(came)).await.unwrap();
        let [taken] = &host.take_deliveries(at(9), at(10), 9).await.unwrap()[..] else { panic!("{body}") };
        host.delivery_unplaced(&taken.id, at(10), at(1000)).await.unwrap();
    }
    host.keep_delivery("new".into(), at(7)).await.unwrap();
    host.give_up_deliveries(at(5)).await.unwrap();
    assert_eq!(states(), ["unplaced", "unplaced", "new"]);
    host.give_up_deliveries(at(6)).await.unwrap();
    assert_eq!(states(), ["done", "unplaced", "new"]);
    // What is not done is kept, however old.
    host.forget_deliveries(at(5)).await.unwrap();
    assert_eq!(states(), ["done", "unplaced", "new"]);
    host.forget_deliveries(at(100)).await.unwrap();
    assert_eq!(states(), ["unplaced", "new"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_new_is_read_before_what_waits() {
    let folder = tempfile::tempdir().unwrap();
    let host = alone(folder.path()).await;
    let at = |second: i64| Instant::from_unix_seconds(second).unwrap();
    let keep = async |body: &str, second| host.keep_delivery(body.into(), at(second)).await.unwrap();
    let take = async |second, limit| {
        let taken = host.take_deliveries(at(second), at(second + 100), limit).await.unwrap();
        taken.into_iter().map(|taken| String::from_utf8(taken.body).unwrap()).collect::<Vec<_>>()
    };
    // Given two that wait, until 50 and 60, and three that came later,
    for (body, came, again) in [("a", 1, 60), ("b", 2, 50)] {
        keep(body, came).await;
        let [taken] = &host.take_deliveries(at(3), at(4), 9).await.unwrap()[..] else { panic!("{body}") };
        // Where it was taken by somebody else meanwhile, or offered again, nothing is written.
        host.delivery_unplaced(&taken.id, at(5), at(1)).await.unwrap();
        host.delivery_unplaced(&taken.id, at(4), at(again)).await.unwrap();
    }
    for (body, second) in [("e", 12), ("c", 10), ("d", 11)] {
        keep(body, second).await;
    }
    // then what is new goes first, the oldest before the others, and what waits not before its time.
    assert_eq!(take(49, 2).await, ["c", "d"]);
    assert_eq!(take(49, 9).await, ["e"]);
    assert_eq!(take(49, 9).await, [""; 0]);
    assert_eq!(take(50, 9).await, ["b"]);
    assert_eq!(take(50, 9).await, [""; 0]);
    // Something is known now that was not.
    host.offer_again().await.unwrap();
    keep("f", 51).await;
    assert_eq!(take(51, 2).await, ["f", "a"]);
    assert_eq!(take(51, 9).await, ["b"]);
    // Whoever took them and did not come back has them taken again, those that came first before the others.
    assert_eq!(take(149, 9).await, ["c", "d", "e"]);
    assert_eq!(take(151, 9).await, ["f", "a", "b"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_operator_has_pages_where_nobody_may_be_anybody() {
    let world = World::without_demonstration().await;
    let operator = inbox_service::demo::OPERATOR;
    world.started.app.host.add_operator(operator, "Lee").await.unwrap();
    let people = world.ask("GET", "/api/people").operator().send().await.good(200);
    assert_eq!(people, json!({ "demonstration": false, "organisations": [], "operators": [] }));
    assert_eq!(world.ask("GET", "/api/me").operator().send().await.good(200)["operator"]["name"], "Lee");
    assert_eq!(world.ask("GET", "/api/onboardings").operator().send().await.good(200), json!([]));
    world.ask("GET", "/api/people").send().await.problem(401, "who");
    world.ask("GET", "/api/people").by(MARA).send().await.problem(401, "who");
    assert_eq!(world.ask("GET", "/health").send().await.status, 200);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_contact_of_another_shape_costs_no_message() {
    on_each(async |world| {
        let contacts = [
            json!(null),
            json!(5),
            json!([null, 5, { "wa_id": null }]),
            json!([{ "wa_id": "4915100000055", "profile": null }]),
            json!([{ "wa_id": "4915100000055", "profile": { "name": null } }]),
            json!([{ "profile": { "name": 5 } }, { "wa_id": "4915100000055", "profile": { "name": "Nele" } }]),
        ];
        for (n, contacts) in contacts.into_iter().enumerate() {
            let mut told = message(&format!("wamid.contact{n}"), &format!("contact {n}"));
            told["entry"][0]["changes"][0]["value"]["contacts"] = contacts;
            assert_eq!(world.delivery(told.to_string().as_bytes()).send().await.status, 200);
            world.quiet().await;
            let kept = world.rows.number("SELECT count(*) FROM messages WHERE body LIKE 'contact %'").await;
            assert_eq!(kept, i64::try_from(n).unwrap() + 1, "{}: {n}", world.kind);
        }
        let named = "SELECT count(*) FROM conversations WHERE customer = '4915100000055' AND name = 'Nele'";
        assert_eq!(world.rows.number(named).await, 1);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_template_is_known_by_what_was_handed_in_last() {
    on_each(async |world| {
        let create = |name: &str| {
            json!({ "account": ACCOUNT, "definition": { "name": name, "language": "en", "category": "UTILITY",
                "components": [{ "type": "BODY", "text": "We are open again." }] } })
        };
        // Given the note of a template that was not taken,
        let id = TemplateId::new(BAKERY, Uuid::from_u128(0x7e3));
        let refused = TemplateKey::new("open_again", "en").unwrap();
        let account = WabaId::new("1").unwrap();
        world.started.app.host.note_template(id, &account, &refused).await.unwrap();
        let hand_in = async |name: &str| {
            let ask = world.ask("POST", "/api/templates").by(MARA).key(id.uuid());
            ask.json(&create(name)).send().await
        };
        // when it is handed in otherwise and with the same key, then what Meta tells of that name is told to it;
        hand_in("open_anew").await.good(201);
        world.quiet().await;
        let approved =
            json!({ "template": { "account": ACCOUNT, "name": "open_anew", "language": "en", "event": "APPROVED" } });
        world.ask("POST", "/graph-stand-in/decide").json(&approved).send().await.good(200);
        world.quiet().await;
        let told = world.ask("GET", &format!("/api/templates/{id}")).by(MARA).send().await.good(200);
        assert_eq!(told["template"]["view"]["standing"], "approved", "{told}");
        // and once it is there, the same key with another name is another request, and changes nothing.
        hand_in("open_again").await.problem(422, "command-id-reused");
        let named = "SELECT count(*) FROM templates WHERE name = 'open_anew'";
        assert_eq!(world.rows.number(named).await, 1);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn settings_are_applied_past_a_conversation_that_has_not_begun() {
    on_each(async |world| {
        // Its id comes before those of all others.
        let id = ConversationId::new(BAKERY, Uuid::from_u128(1));
        let spot = Spot { id, channel: ORDERS, wa_id: "1".to_owned(), name: "1".to_owned() };
        world.started.app.host.note_conversation(&spot).await.unwrap();
        let path = format!("/api/channels/{ORDERS}/settings");
        let (tag, form) = (world.settings_tag(ORDERS).await, json!({ "auto_resolve_new": { "after-minutes": 60 } }));
        world.ask("PATCH", &path).by(MARA).on(&tag).json(&form).send().await.good(200);
        let (tag, key) = (world.settings_tag(ORDERS).await, Uuid::from_u128(0xa1));
        let apply = async || {
            let ask = world.ask("POST", &format!("{path}/apply")).by(MARA).on(&tag).key(key);
            ask.send().await.good(200)["changed"].as_u64().unwrap()
        };
        let changed = apply().await;
        assert!(changed > 0);
        // The same request again has done the same.
        assert_eq!(apply().await, changed);
    })
    .await;
}
