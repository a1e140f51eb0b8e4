//! Templates that a team sends by hand.

use inbox_service::clock;
use inbox_service::demo::{ANA, BAKERY, DANA, FLOWERS, MARA, NOA, ORDERS, WHOLESALE};
use inbox_service::host::{Outgoing, ToSend, Written};
use serde_json::{Value, json};
use whatsapp_inbox::id::MessageId;
use whatsapp_inbox::uuid::Uuid;

use super::good::conversation_with;
use super::world::{World, on_each};

/// Approved, and the one that waits for Meta.
const READY: &str = "00000000-0000-0000-0000-0000000007a1";
const CLOSING: &str = "00000000-0000-0000-0000-0000000007a2";

/// Hands a template in and has Meta approve it.
async fn approved(world: &World, definition: Value) -> String {
    let create = json!({ "account": "102290129340398", "definition": definition });
    let told = world.ask("POST", "/api/templates").by(MARA).json(&create).send().await.good(201);
    world.quiet().await;
    let moved = json!({ "account": "102290129340398", "name": definition["name"], "language": definition["language"],
        "event": "APPROVED" });
    world.ask("POST", "/graph-stand-in/decide").json(&json!({ "template": moved })).send().await.good(200);
    world.quiet().await;
    told["id"].as_str().unwrap().to_owned()
}

#[expect(clippy::needless_pass_by_value, reason = "as `json!` makes it")]
fn send(template: &str, parameters: Value) -> Value {
    json!({ "send-template": { "template": template, "parameters": parameters } })
}

/// One with all that may be filled in.
fn rich() -> Value {
    json!({ "name": "order_late", "language": "de", "category": "UTILITY", "parameter_format": "NAMED",
        "components": [
            { "type": "HEADER", "format": "TEXT", "text": "Order {{number}} is late",
              "example": { "header_text_named_params": [{ "param_name": "number", "example": "A7" }] } },
            { "type": "BODY", "text": "Dear {{name}}, it comes at {{time}} instead.",
              "example": { "body_text_named_params": [{ "param_name": "name", "example": "Ana" },
                                                      { "param_name": "time", "example": "six" }] } },
            { "type": "FOOTER", "text": "Harbour Bakery" },
            { "type": "BUTTONS", "buttons": [
                { "type": "URL", "text": "Follow it", "url": "https://harbour-bakery.example/{{1}}", "example": ["a7"] },
                { "type": "QUICK_REPLY", "text": "Cancel it" }] },
        ] })
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_template_is_sent_where_the_window_is_shut() {
    on_each(async |world| {
        let path = format!("/api/conversations/{}", conversation_with(world, "Paul Wieser").await);
        let commands = format!("{path}/commands");
        let act = async |act: &Value| world.ask("POST", &commands).by(ANA).json(act).send().await;
        let told = world.ask("GET", &path).by(ANA).send().await.good(200);
        assert!(told["refused"]["reply"].is_string() && told["refused"]["send-template"].is_null(), "{told}");
        act(&json!({ "reply": { "text": "Hello" } })).await.problem(422, "window-shut");
        // Given what is offered: of the two templates the one that Meta has approved,
        let offered = world.ask("GET", &format!("/api/channels/{ORDERS}/templates")).by(ANA).send().await.good(200);
        let [offer] = &offered.as_array().unwrap()[..] else { panic!("{offered}") };
        assert_eq!(
            (&offer["name"], &offer["placeholders"]["body"][1]["sample"]),
            (&json!("loaf_ready"), &json!("six"))
        );
        let ready = offer["id"].as_str().unwrap().to_owned();
        // when it is sent, then the customer and the team read the same,
        let sends = send(&ready, json!({ "body": { "1": "Paul", "2": "eight" } }));
        let answer = world.ask("POST", &commands).by(ANA).key(Uuid::from_u128(7)).json(&sends).send().await;
        assert_eq!(answer.good(200)["events"][0], "replied");
        world.quiet().await;
        let told = world.ask("GET", &path).by(ANA).send().await.good(200);
        let last = told["messages"].as_array().unwrap().last().unwrap();
        assert_eq!(last["text"], "Your order is ready, Paul. We keep it until eight.");
        assert_eq!((&last["template"], &last["state"]), (&json!("loaf_ready"), &json!("delivered")));
        // the same again is the same message, and other parameters with the same key are another.
        let again = world.ask("POST", &commands).by(ANA).key(Uuid::from_u128(7)).json(&sends).send().await;
        assert_eq!(again.good(200)["outcome"], "already-applied");
        let other = send(&ready, json!({ "body": { "1": "Paul", "2": "nine" } }));
        let other = world.ask("POST", &commands).by(ANA).key(Uuid::from_u128(7)).json(&other).send().await;
        other.problem(422, "command-id-reused");
        // Nor is a text that reads the same the same.
        let text = json!({ "reply": { "text": last["text"] } });
        let text = world.ask("POST", &commands).by(ANA).key(Uuid::from_u128(7)).json(&text).send().await;
        text.problem(422, "command-id-reused");
        let sent =
            "SELECT count(*) FROM messages WHERE author = '00000000-0000-0000-0000-000000000002' AND template <> ''";
        assert_eq!(world.rows.number(sent).await, 1);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_template_that_cannot_be_sent_is_refused_at_its_place() {
    on_each(async |world| {
        let code = json!({ "name": "code", "language": "en", "category": "AUTHENTICATION", "components": [
            { "type": "BODY", "text": "Your code: {{1}}.", "example": { "body_text": [["123456"]] } }] });
        let code = approved(world, code).await;
        let picture = json!({ "name": "picture", "language": "en", "category": "UTILITY", "components": [
            { "type": "HEADER", "format": "IMAGE", "example": { "header_handle": ["4::a"] } }, { "type": "BODY", "text": "Look." }] });
        let picture = approved(world, picture).await;
        let path = format!("/api/conversations/{}/commands", conversation_with(world, "Paul Wieser").await);
        let (ready, closing) = (format!("{BAKERY}/{READY}"), format!("{BAKERY}/{CLOSING}"));
        let full = json!({ "body": { "1": "Paul", "2": "six" } });
        let cases = [
            (send(&closing, json!({})), "template-not-approved", vec!["/send-template/template"]),
            (send(&code, json!({})), "text", vec!["/send-template/template"]),
            (send(&picture, json!({})), "text", vec!["/send-template/template"]),
            (send(&format!("{BAKERY}/{}", Uuid::from_u128(9)), full.clone()), "text", vec!["/send-template/template"]),
            (send(&format!("{FLOWERS}/{READY}"), full.clone()), "text", vec!["/send-template/template"]),
            (send(&ready, json!({ "body": { "1": "Paul" } })), "form", vec!["/send-template/parameters/body/2"]),
            (
                send(&ready, json!({ "body": { "1": "", "2": "six", "3": "more" }, "header": { "1": "x" }, "buttons": { "0": "x" } })),
                "form",
                vec!["/send-template/parameters/body/1", "/send-template/parameters/body/3",
                     "/send-template/parameters/buttons/0", "/send-template/parameters/header/1"],
            ),
            (send(&ready, json!({ "body": { "1": "Paul", "2": "x".repeat(1024) } })), "form", vec!["/send-template/parameters/body/2"]),
            (send(&ready, json!({ "body": { "1": 5, "2": "six" } })), "shape", vec!["/send-template/parameters/body/1"]),
            (send(&ready, json!({ "media": "x" })), "shape", vec!["/send-template/parameters/media"]),
            (
                send(&ready, json!({ "body": { "1": "Paul", "2": "six\0" } })),
                "text",
                vec!["/send-template/parameters/body/2"],
            ),
        ];
        let before = world.quiet().await;
        for (act, code, pointers) in cases {
            let problem = world.ask("POST", &path).by(ANA).json(&act).send().await.problem(422, code);
            let mut told: Vec<_> = problem["errors"].as_array().unwrap().iter().map(|error| error["pointer"].as_str().unwrap()).collect();
            told.sort_unstable();
            assert_eq!(told, pointers, "{act}: {problem}");
        }
        world.ask("POST", &path).by(DANA).json(&send(&ready, full.clone())).send().await.problem(403, "role-too-low");
        // A channel without a number at Meta has none, and who may not reply is told of none.
        let list = |channel| world.ask("GET", &format!("/api/channels/{channel}/templates"));
        assert_eq!(list(WHOLESALE).by(DANA).send().await.good(200), json!([]));
        list(ORDERS).by(DANA).send().await.problem(403, "role-too-low");
        list(ORDERS).by(NOA).send().await.problem(404, "not-found");
        assert_eq!(world.quiet().await, before);
        // Switched off it is not offered either.
        let off = json!({ "switch": "off" });
        world.ask("POST", &format!("/api/templates/{ready}/commands")).by(MARA).json(&off).send().await.good(200);
        world.ask("POST", &path).by(ANA).json(&send(&ready, full)).send().await.problem(422, "template-switched-off");
        assert_eq!(list(ORDERS).by(ANA).send().await.good(200), json!([]));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn meta_is_told_of_a_template_as_it_asks_for_it() {
    on_each(async |world| {
        let template = approved(world, rich()).await;
        let conversation = conversation_with(world, "Paul Wieser").await;
        let (path, host) = (format!("/api/conversations/{conversation}/commands"), &world.started.app.host);
        // Given something before it that is on its way, so that it waits and can be looked at,
        let first = Outgoing { conversation: conversation.parse().unwrap(), message: MessageId::new(clock::new_id()) };
        assert!(
            host.keep_asked(first.conversation, first.message, Written::text(ANA, "First"), clock::now())
                .await
                .unwrap()
        );
        assert!(host.move_message(first, ("asked", "sending"), clock::now()).await.unwrap());
        let act = send(
            &template,
            json!({ "header": { "number": "A9" }, "body": { "time": "eight", "name": "Paul" },
            "buttons": { "0": "a9" } }),
        );
        world.ask("POST", &path).by(ANA).json(&act).send().await.good(200);
        // when the first has arrived, then this is what is sent.
        assert_eq!(host.to_send(clock::now(), 9).await.unwrap(), []);
        let waiting = "SELECT count(*) FROM messages WHERE state = 'to-send'";
        assert_eq!(world.rows.number(waiting).await, 1);
        let told = json!({ "name": "order_late", "language": { "code": "de" }, "components": [
            { "type": "header", "parameters": [{ "type": "text", "parameter_name": "number", "text": "A9" }] },
            { "type": "body", "parameters": [{ "type": "text", "parameter_name": "name", "text": "Paul" },
                                             { "type": "text", "parameter_name": "time", "text": "eight" }] },
            { "type": "button", "sub_type": "url", "index": "0", "parameters": [{ "type": "text", "text": "a9" }] },
        ] });
        let text = "Order A9 is late\nDear Paul, it comes at eight instead.\nHarbour Bakery\n[Follow it]\n[Cancel it]";
        let [ToSend { text: read, template, .. }] = &waits(world, first).await[..] else { panic!("it does not wait") };
        assert_eq!((read.as_str(), template), (text, &Some(told)));
    })
    .await;
}

/// What waits behind a message, seen as if that were done; the service finds nothing meanwhile.
async fn waits(world: &World, first: Outgoing) -> Vec<ToSend> {
    let host = &world.started.app.host;
    let messages = host.messages(first.conversation, 9).await.unwrap();
    let next = messages.iter().find(|message| message.state == "to-send").unwrap();
    let outgoing = Outgoing { message: next.id, ..first };
    // From an hour on, so that nobody sends it now.
    let later = clock::now().plus_hours(1);
    assert!(host.move_message(outgoing, ("to-send", "to-send"), later).await.unwrap());
    assert!(host.move_message(first, ("sending", "delivered"), clock::now()).await.unwrap());
    host.to_send(later, 9).await.unwrap()
}
