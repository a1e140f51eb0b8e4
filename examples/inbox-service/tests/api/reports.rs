//! Replies on their way, and what Meta reports of them.

use std::time::Duration;

use inbox_service::clock;
use inbox_service::demo::CEM;
use inbox_service::host::{Message, Outgoing, Written};
use serde_json::{Value, json};
use whatsapp_inbox::id::{ConversationId, MessageId};
use whatsapp_inbox::time::Instant;

use super::good::conversation_with;
use super::webhook::change;
use super::world::{World, on_each};

/// The number of the orders, by its id at Meta.
const ORDERS: &str = "106540352242922";
/// The states that a message may be in, and what it is after each of Meta's four reports. One that is `to-send` is none of these:
/// it is sent before anybody looks.
const BECOMES: [(&str, [&str; 4]); 8] = [
    ("received", ["received", "received", "received", "received"]),
    ("asked", ["asked", "asked", "asked", "asked"]),
    ("sending", ["sent", "delivered", "read", "failed"]),
    ("unknown", ["sent", "delivered", "read", "failed"]),
    ("sent", ["sent", "delivered", "read", "failed"]),
    ("delivered", ["delivered", "delivered", "read", "delivered"]),
    ("read", ["read", "read", "read", "read"]),
    ("failed", ["failed", "failed", "failed", "failed"]),
];
const REPORTS: [&str; 4] = ["sent", "delivered", "read", "failed"];

/// A message of the team's that is in a state.
async fn message(world: &World, conversation: ConversationId, state: &str) -> Outgoing {
    let (host, now) = (&world.started.app.host, clock::now());
    let outgoing = Outgoing { conversation, message: MessageId::new(clock::new_id()) };
    assert!(host.keep_asked(conversation, outgoing.message, Written::text(CEM, "Hello"), now).await.unwrap());
    if state != "asked" {
        assert!(host.move_message(outgoing, ("asked", state), now).await.unwrap());
    }
    outgoing
}

async fn found(world: &World, outgoing: Outgoing) -> Option<Message> {
    let messages = world.started.app.host.messages(outgoing.conversation, 1000).await.unwrap();
    messages.into_iter().find(|message| message.id == outgoing.message)
}

/// Meta's delivery of statuses on a number.
fn statuses(number: &str, statuses: &[Value]) -> Vec<u8> {
    let metadata = json!({ "display_phone_number": "494012345678", "phone_number_id": number });
    let value = json!({ "messaging_product": "whatsapp", "metadata": metadata, "statuses": statuses });
    change("102290129340398", "messages", value).to_string().into_bytes()
}

fn status(mark: &str, word: &str) -> Value {
    let mut status = json!({ "id": "wamid.A", "status": word, "timestamp": "1760000000", "recipient_id": "4915100000001",
        "biz_opaque_callback_data": mark, "conversation": { "id": "a" }, "pricing": { "billable": true } });
    if word == "failed" {
        status["errors"] = json!([{ "code": 131_026, "title": "Message undeliverable", "message": "m" }]);
    }
    status
}

async fn deliver(world: &World, body: &[u8]) {
    assert_eq!(world.delivery(body).send().await.status, 200);
    until(async || world.rows.number("SELECT count(*) FROM deliveries WHERE state = 'new'").await == 0).await;
}

async fn with_lena(world: &World) -> ConversationId {
    conversation_with(world, "Lena Brandt").await.parse().unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_message_becomes_what_is_reported_unless_it_is_further() {
    on_each(async |world| {
        let conversation = with_lena(world).await;
        let (mut made, mut told) = (Vec::new(), Vec::new());
        for (state, becomes) in BECOMES {
            for (report, last) in REPORTS.into_iter().zip(becomes) {
                let outgoing = message(world, conversation, state).await;
                told.push(status(&outgoing.to_string(), report));
                made.push((outgoing, state, report, last));
            }
        }
        deliver(world, &statuses(ORDERS, &told)).await;
        for (outgoing, state, report, last) in made {
            let Some(message) = found(world, outgoing).await else {
                assert_eq!(state, "asked", "{}", world.kind);
                continue;
            };
            let failed = (last == "failed" && state != "failed").then(|| "131026: Message undeliverable".to_owned());
            assert_eq!((message.state.as_str(), message.fault), (last, failed), "{}: {state}, {report}", world.kind);
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn reports_of_others_change_nothing() {
    on_each(async |world| {
        let outgoing = message(world, with_lena(world).await, "unknown").await;
        let mark = outgoing.to_string();
        let mut nameless = status(&mark, "read");
        nameless.as_object_mut().unwrap().remove("biz_opaque_callback_data");
        let other = Outgoing { message: MessageId::new(clock::new_id()), ..outgoing };
        let odd = [
            nameless,
            status(&other.to_string(), "read"),
            status("", "read"),
            status(&format!("{mark}/"), "read"),
            status("' OR 1=1 --", "read"),
            status(&mark, "played"),
            status(&mark, "READ"),
            json!(null),
            json!({ "status": 1 }),
            json!({ "status": "failed", "biz_opaque_callback_data": 5 }),
        ];
        deliver(world, &statuses(ORDERS, &odd)).await;
        // From the number of another channel, and of none: whoever holds it cannot tell of this one's messages.
        for number in ["106540352242923", "0", ""] {
            deliver(world, &statuses(number, &[status(&mark, "read")])).await;
        }
        assert_eq!(found(world, outgoing).await.unwrap().state, "unknown", "{}", world.kind);
        deliver(world, &statuses(ORDERS, &[status(&mark, "read")])).await;
        assert_eq!(found(world, outgoing).await.unwrap().state, "read", "{}", world.kind);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_reason_of_another_shape_costs_itself_alone() {
    on_each(async |world| {
        let conversation = with_lena(world).await;
        let cases = [
            (json!(null), None),
            (json!("x"), None),
            (json!([]), None),
            (json!([5]), Some("")),
            (json!([{ "title": "Why" }]), Some("Why")),
            (json!([{ "code": "131026" }]), Some("131026")),
            (json!([{ "code": 131_026, "title": null }, 7]), Some("131026")),
            (json!([{ "code": 131_026, "title": "Why" }]), Some("131026: Why")),
        ];
        for (errors, fault) in cases {
            let outgoing = message(world, conversation, "sent").await;
            let mut told = status(&outgoing.to_string(), "failed");
            told["errors"] = errors.clone();
            deliver(world, &statuses(ORDERS, &[told])).await;
            let found = found(world, outgoing).await.unwrap();
            assert_eq!((&*found.state, found.fault.as_deref()), ("failed", fault), "{}: {errors}", world.kind);
        }
    })
    .await;
}

#[test]
fn whether_an_earlier_one_is_unsent_is_found_by_its_index() {
    let connection = rusqlite::Connection::open_in_memory().unwrap();
    for migration in ["1-tables", "2-deliveries-by-time", "3-reports-and-order"] {
        let file = format!("{}/migrations/{migration}.sql", env!("CARGO_MANIFEST_DIR"));
        connection.execute_batch(&std::fs::read_to_string(file).unwrap()).unwrap();
    }
    let sql =
        "EXPLAIN QUERY PLAN SELECT 1 FROM messages WHERE state = 'to-send' AND state IN ('asked', 'to-send', 'sending')
                 AND NOT EXISTS (SELECT 1 FROM messages AS earlier
                                 WHERE earlier.organisation = messages.organisation
                                   AND earlier.conversation = messages.conversation
                                   AND earlier.state IN ('asked', 'to-send', 'sending')
                                   AND (earlier.at, earlier.id) < (messages.at, messages.id))";
    let mut statement = connection.prepare(sql).unwrap();
    let steps = statement.query_map([], |row| row.get::<_, String>(3)).unwrap().map(Result::unwrap);
    let plan = steps.collect::<Vec<_>>().join("\n");
    assert!(plan.contains("messages_on_the_way") && plan.contains("messages_unsent"), "{plan}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_reply_that_does_not_arrive_says_why() {
    on_each(async |world| {
        let path = format!("/api/conversations/{}", conversation_with(world, "Lena Brandt").await);
        for (text, state, fault) in [
            ("We do.", "delivered", json!(null)),
            ("lose", "failed", json!("131026: Message undeliverable")),
            ("fail", "failed", json!("131026: Message undeliverable")),
        ] {
            let reply = json!({ "reply": { "text": text } });
            world.ask("POST", &format!("{path}/commands")).by(CEM).json(&reply).send().await.good(200);
            world.quiet().await;
            let told = world.ask("GET", &path).by(CEM).send().await.good(200);
            let last = told["messages"].as_array().unwrap().last().unwrap();
            assert_eq!((&last["text"], &last["state"], &last["fault"]), (&json!(text), &json!(state), &fault));
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_meta_refuses_for_now_is_sent_later_and_nothing_overtakes_it() {
    on_each(async |world| {
        let id = with_lena(world).await;
        let (path, host) = (format!("/api/conversations/{id}"), &world.started.app.host);
        let reply = async |text: &str| {
            let act = json!({ "reply": { "text": text } });
            world.ask("POST", &format!("{path}/commands")).by(CEM).json(&act).send().await.good(200);
        };
        let states = async || {
            let messages = host.messages(id, 1000).await.unwrap();
            let ours = messages.into_iter().filter(|message| message.author != "customer");
            ours.map(|message| (message.text, message.state, message.fault)).collect::<Vec<_>>()
        };
        let told = |text: &str, state: &str, fault: Option<&str>| {
            (text.to_owned(), state.to_owned(), fault.map(str::to_owned))
        };
        // Given a reply that Meta refuses for now, and one after it,
        reply("later").await;
        until(async || states().await[0].2.is_some()).await;
        reply("and then").await;
        // when time passes, then the second waits for the first,
        tokio::time::sleep(Duration::from_secs(2)).await;
        let waits = told("later", "to-send", Some("130429: Rate limit hit"));
        assert_eq!(states().await, [waits, told("and then", "to-send", None)], "{}", world.kind);
        // and when the minute is over, then both arrive.
        let messages = host.messages(id, 1000).await.unwrap();
        let first = messages.iter().find(|message| message.text == "later").unwrap();
        let outgoing = Outgoing { conversation: id, message: first.id };
        assert!(host.move_message(outgoing, ("to-send", "to-send"), clock::now()).await.unwrap());
        until(async || states().await[1].1 == "delivered").await;
        assert_eq!(states().await, [told("later", "delivered", None), told("and then", "delivered", None)]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_a_conversation_one_is_sent_at_a_time() {
    on_each(async |world| {
        let (host, organisation) = (&world.started.app.host, with_lena(world).await.organisation());
        // In the future, so that nobody sends them meanwhile.
        let at = clock::now().plus_hours(1);
        for before in ["received", "asked", "to-send", "sending", "sent", "delivered", "read", "failed", "unknown"] {
            let conversation = ConversationId::new(organisation, clock::new_id());
            let mut made = Vec::new();
            for (n, state) in [before, "to-send", "sending"].into_iter().enumerate() {
                let outgoing = Outgoing { conversation, message: MessageId::new(clock::new_id()) };
                let at = at.plus_minutes(u32::try_from(n).unwrap());
                assert!(
                    host.keep_asked(conversation, outgoing.message, Written::text(CEM, "Hello"), at).await.unwrap()
                );
                if state != "asked" {
                    assert!(host.move_message(outgoing, ("asked", state), at).await.unwrap());
                }
                made.push(outgoing);
            }
            let to_send = async |now| {
                let all = host.to_send(now, 1000).await.unwrap();
                let here = all.into_iter().filter(|to_send| to_send.outgoing.conversation == conversation);
                here.map(|to_send| to_send.outgoing).collect::<Vec<_>>()
            };
            // The one before it goes first, or is on its way; whatever comes after it does not keep it.
            let expected = match before {
                "to-send" => vec![made[0]],
                "asked" | "sending" => vec![],
                _ => vec![made[1]],
            };
            assert_eq!(to_send(at.plus_hours(1)).await, expected, "{}: {before}", world.kind);
            assert_eq!(to_send(shifted(at, -1)).await, [], "{}: {before}", world.kind);
        }
    })
    .await;
}

/// Waits until it holds.
async fn until(holds: impl AsyncFn() -> bool) {
    for _ in 0..400 {
        if holds().await {
            return;
        }
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    panic!("it does not come to hold");
}

fn shifted(at: Instant, millis: i64) -> Instant {
    Instant::from_unix_millis(at.unix_millis() + millis).unwrap()
}
