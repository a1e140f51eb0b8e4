//! Ids of another organisation, and of what one may not see: answered as ids that there are not, to the byte.

use std::time::Duration;

use inbox_service::demo::{ANA, BAKERY, CEM, FLOWERS, MARA, NOA, ORDERS, WHOLESALE};
use serde_json::{Value, json};
use tokio::time::Instant;
use whatsapp_inbox::id::UserId;

use super::good::conversation_with;
use super::world::{Ask, World, on_each};

const NOBODY: &str = "00000000-0000-0000-0000-00000000ffff";

/// A method, a path in which `ID` stands for the id, and a body.
type Route = (&'static str, &'static str, Option<Value>);

fn of_channels() -> Vec<Route> {
    let form = json!({ "name": "Mine" });
    let changes = json!([{ "grant": { "all-users": "supervisor" } }]);
    vec![
        ("GET", "/api/channels/ID", None),
        ("GET", "/api/channels/ID/settings", None),
        ("PATCH", "/api/channels/ID/settings", Some(form.clone())),
        ("PATCH", "/api/channels/ID/settings", Some(json!({ "name": null }))),
        ("POST", "/api/channels/ID/settings/preview", Some(form)),
        ("POST", "/api/channels/ID/settings/apply", None),
        ("POST", "/api/channels/ID/close", None),
        ("POST", "/api/channels/ID/access", Some(changes.clone())),
        ("POST", "/api/channels/ID/access/impact", Some(changes)),
        ("GET", "/api/channels/ID/may/view", None),
        ("GET", "/api/channels/ID/may/change-settings", None),
        ("GET", "/api/conversations?channel=ID", None),
        ("GET", "/api/conversations?channel=ID&queue=new", None),
    ]
}

fn of_conversations() -> Vec<Route> {
    let path = "/api/conversations/ID/commands";
    vec![
        ("GET", "/api/conversations/ID", None),
        ("POST", path, Some(json!("take"))),
        ("POST", path, Some(json!({ "reply": { "text": "Hello" } }))),
        ("POST", path, Some(json!({ "reply": { "text": "" } }))),
        ("POST", path, Some(json!({ "assign": { "to": CEM } }))),
        ("POST", path, Some(json!({ "add-note": { "text": "Hello" } }))),
        ("POST", path, Some(json!({ "move": { "to": "resolved" } }))),
    ]
}

fn of_onboardings() -> Vec<Route> {
    let path = "/api/onboardings/ID/commands";
    vec![
        ("GET", "/api/onboardings/ID", None),
        ("POST", path, Some(json!("withdraw"))),
        ("POST", path, Some(json!("settle"))),
        ("POST", path, Some(json!({ "enter-code": { "code": "123830" } }))),
        ("POST", path, Some(json!({ "enter-code": { "code": "1" } }))),
        ("POST", path, Some(json!({ "activate": { "grants": [] } }))),
    ]
}

fn of_templates() -> Vec<Route> {
    let path = "/api/templates/ID/commands";
    vec![
        ("GET", "/api/templates/ID", None),
        ("POST", path, Some(json!("delete"))),
        ("POST", path, Some(json!({ "switch": "off" }))),
        ("POST", path, Some(json!({ "edit": {} }))),
    ]
}

fn ask<'a>(world: &'a World, (method, path, body): &Route, id: &str, by: UserId) -> Ask<'a> {
    let ask = world.ask(method, &path.replace("ID", id)).by(by).on("\"1\"");
    match body {
        Some(body) => ask.json(body),
        None => ask,
    }
}

/// What somebody is told of one id and of another, apart from the ids.
async fn same(world: &World, route: &Route, by: UserId, [one, other]: [&str; 2]) {
    let (told_one, told_other) = (ask(world, route, one, by).send().await, ask(world, route, other, by).send().await);
    told_one.problem(404, "not-found");
    let plain = |text: &str, id: &str| text.replace(id, "ID").replace(id.split_once('/').unwrap().1, "ID");
    let what = format!("{route:?} by {by}");
    assert_eq!(plain(&told_one.text, one), plain(&told_other.text, other), "{what}");
    assert_eq!(told_one.status, told_other.status, "{what}");
    assert_eq!(told_one.kind_of_headers(), told_other.kind_of_headers(), "{what}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_another_organisations_is_not_there() {
    on_each(async |world| {
        let conversation = conversation_with(world, "Lena Brandt").await;
        let onboarding = format!("{BAKERY}/00000000-0000-0000-0000-0000000000b1");
        let template = format!("{BAKERY}/00000000-0000-0000-0000-0000000007a1");
        let kinds = [
            (of_channels(), ORDERS.to_string()),
            (of_channels(), WHOLESALE.to_string()),
            (of_conversations(), conversation),
            (of_onboardings(), onboarding),
            (of_templates(), template),
        ];
        let before = world.quiet().await;
        for (routes, id) in &kinds {
            let uuid = id.split_once('/').unwrap().1;
            for route in routes {
                same(world, route, NOA, [id, &format!("{BAKERY}/{NOBODY}")]).await;
                // The same in one's own organisation, where there is nothing of that id.
                same(world, route, NOA, [id, &format!("{FLOWERS}/{uuid}")]).await;
            }
        }
        // Of those who may see nothing of a channel either.
        for route in &of_channels()[..1] {
            same(world, route, ANA, [&WHOLESALE.to_string(), &format!("{BAKERY}/{NOBODY}")]).await;
        }
        assert_eq!(world.quiet().await, before);
        let why = async |user: &str, channel: &str| {
            let path = format!("/api/access/why?user={user}&channel={channel}&action=view");
            world.ask("GET", &path).by(NOA).send().await
        };
        let told = [
            why(&CEM.to_string(), &ORDERS.to_string()).await,
            why(&CEM.to_string(), &format!("{BAKERY}/{NOBODY}")).await,
            why(&NOA.to_string(), &ORDERS.to_string()).await,
        ];
        told[0].problem(404, "not-found");
        assert_eq!((&told[0].text, &told[0].text), (&told[1].text, &told[2].text));
        for path in ["/api/channels", "/api/onboardings", "/api/templates"] {
            assert_eq!(world.ask("GET", path).by(NOA).send().await.good(200), json!([]), "{path}");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_one_has_no_access_to_is_not_there() {
    on_each(async |world| {
        let told = world.ask("GET", &format!("/api/conversations?channel={WHOLESALE}"));
        let told = told.by(inbox_service::demo::DANA).send().await.good(200);
        let conversation = told["conversations"][0]["conversation"]["id"].as_str().unwrap().to_owned();
        let onboarding = format!("{BAKERY}/00000000-0000-0000-0000-0000000000b1");
        let template = format!("{BAKERY}/00000000-0000-0000-0000-0000000007a1");
        let kinds = [
            (of_channels(), WHOLESALE.to_string()),
            (of_conversations(), conversation),
            (of_onboardings(), onboarding),
            (of_templates(), template),
        ];
        let before = world.quiet().await;
        for (routes, id) in &kinds {
            for route in routes {
                same(world, route, ANA, [id, &format!("{BAKERY}/{NOBODY}")]).await;
            }
        }
        assert_eq!(world.quiet().await, before);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_template_is_handed_in_on_an_account_of_ones_own_alone() {
    on_each(async |world| {
        let create = |account: &str| {
            json!({ "account": account, "definition": { "name": "closing_warning", "language": "en", "category": "UTILITY",
                "components": [{ "type": "BODY", "text": "We close this conversation soon." }] } })
        };
        let before = world.quiet().await;
        let hand_in = async |by: UserId, account: &str| {
            world.ask("POST", "/api/templates").by(by).json(&create(account)).send().await
        };
        // Given the account of the bakery's channel, that of an onboarding which has no channel yet, and one that there is not,
        let told = [
            hand_in(NOA, "102290129340398").await,
            hand_in(NOA, "999").await,
            hand_in(MARA, "102290129340399").await,
            hand_in(MARA, "999").await,
        ];
        // when somebody hands in a template there whose account it is not, then all are told the same, and Meta is not asked.
        for answer in &told {
            let problem = answer.problem(422, "text");
            assert_eq!(problem["errors"][0]["pointer"], "/account");
            assert_eq!(answer.text, told[0].text);
        }
        assert_eq!(world.quiet().await, before);
        // Nor is one whose channel was closed an account to write on.
        world.ask("POST", &format!("/api/channels/{ORDERS}/close")).by(MARA).send().await.good(200);
        hand_in(MARA, "102290129340398").await.problem(422, "text");
    })
    .await;
}

/// How long it takes, at the median.
async fn takes(world: &World, route: &Route, id: &str) -> Duration {
    let mut times = Vec::new();
    for _ in 0..31 {
        let began = Instant::now();
        ask(world, route, id, NOA).send().await.problem(404, "not-found");
        times.push(began.elapsed());
    }
    times.sort();
    times[15]
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_time_tells_no_more() {
    on_each(async |world| {
        for route in &of_channels()[..2] {
            let there = takes(world, route, &ORDERS.to_string()).await;
            let not_there = takes(world, route, &format!("{BAKERY}/{NOBODY}")).await;
            // Of the same kind: neither is answered without looking, and none of the two by an error and its retries.
            let (less, more) = (there.min(not_there), there.max(not_there));
            assert!(more < less * 5 + Duration::from_millis(5), "{route:?}: {there:?} and {not_there:?}");
        }
    })
    .await;
}
