//! The stand-in: it answers as Meta does, and what it decides is delivered as Meta delivers it.

mod support;

use std::sync::Arc;
use std::time::Duration;

use inbox_service::graph::NotSent;
use inbox_service::stand_in::{self, HEADER, StandIn};
use serde_json::{Value, json};
use support::{
    CONVERSATION, Demonstration, ONBOARDING, SECRET, account, customer, graph, nobody, number, phone_number, serve,
};
use whatsapp_inbox::conversation::{MessageKind, WarningOutcome};
use whatsapp_inbox::onboarding::{AccountNotice, CodeAnswer, CodeSend, Fact, RegistrationAnswer};
use whatsapp_inbox::port::Transport;
use whatsapp_inbox::time::Instant;
use whatsapp_inbox::translation::{facts, lose_account};
use whatsapp_inbox::whatsapp::delivery::AppSecret;
use whatsapp_inbox::whatsapp::{
    BadgeStatus, BusinessManagerId, BusinessVerification, CodeMethod, CodeVerification, NameRejection, NameStatus,
    NumberStatus, Pin, RequestStatus, Restriction, ReviewDecision, TemplateEvent, TemplateKey, VerificationCode,
};

fn code(digits: &str) -> VerificationCode {
    VerificationCode::new(digits).unwrap()
}

fn business() -> BusinessManagerId {
    BusinessManagerId::new("35602282435505").unwrap()
}

#[tokio::test]
async fn a_number_goes_its_way() {
    let meta = Demonstration::answering(200).await;
    let graph = graph(&meta.base);
    let read = async || graph.read(ONBOARDING).await.unwrap().into_iter().map(|(_, fact)| fact).collect::<Vec<_>>();
    let is = |verification, status| {
        let verification = Fact::NumberVerification { number: number(), status: verification };
        vec![verification, Fact::NumberStatus { number: number(), status }]
    };
    // Of a number that it has not met it tells nothing, so that it contradicts nothing after a restart.
    assert_eq!(read().await, []);
    assert_eq!(graph.ask_for_code(&phone_number(), CodeMethod::Sms).await.unwrap(), CodeSend::Sent);
    assert_eq!(graph.enter_code(&phone_number(), &code("123831")).await.unwrap(), CodeAnswer::Wrong);
    assert_eq!(read().await, is(CodeVerification::NotVerified, NumberStatus::Pending));
    assert_eq!(graph.enter_code(&phone_number(), &code("123-830")).await.unwrap(), CodeAnswer::Accepted);
    assert_eq!(graph.ask_for_code(&phone_number(), CodeMethod::Sms).await.unwrap(), CodeSend::NotSent);
    let mismatch = graph.register(&phone_number(), &Pin::new("000000").unwrap()).await.unwrap();
    assert_eq!(mismatch, RegistrationAnswer::PinMismatch);
    assert_eq!(read().await, is(CodeVerification::Verified, NumberStatus::Pending));
    let registered = graph.register(&phone_number(), &Pin::new("150954").unwrap()).await.unwrap();
    assert_eq!(registered, RegistrationAnswer::Registered);
    assert_eq!(read().await, is(CodeVerification::Verified, NumberStatus::Connected));
}

#[tokio::test]
async fn five_wrong_codes_in_a_row_are_too_many() {
    let meta = Demonstration::answering(200).await;
    let graph = graph(&meta.base);
    let enter = async |digits| graph.enter_code(&phone_number(), &code(digits)).await.unwrap();
    for _ in 0..4 {
        assert_eq!(enter("111111").await, CodeAnswer::Wrong);
    }
    assert_eq!(enter("123830").await, CodeAnswer::Accepted);
    for _ in 0..4 {
        assert_eq!(enter("111111").await, CodeAnswer::Wrong);
    }
    assert_eq!(enter("111111").await, CodeAnswer::TooManyGuesses);
    assert_eq!(enter("123830").await, CodeAnswer::TooManyGuesses);
}

#[tokio::test]
async fn messages_have_ids_of_their_own_and_one_text_fails() {
    let meta = Demonstration::answering(200).await;
    let graph = graph(&meta.base);
    let first = graph.send_text(&customer(), "Hello", "mark").await.unwrap();
    let second = graph.send_text(&customer(), "Hello", "mark").await.unwrap();
    assert!(first.message_id.starts_with("wamid.") && first != second);
    let refused = graph.send_text(&customer(), "fail", "mark").await.unwrap_err();
    assert!(matches!(refused, NotSent::Refused { code: 131_026, .. }));
    for kind in [MessageKind::FreeText, MessageKind::Template] {
        assert_eq!(graph.send_warning(CONVERSATION, 1, kind).await.unwrap(), WarningOutcome::Sent);
    }
}

#[tokio::test]
async fn what_became_of_a_message_is_delivered_with_its_mark() {
    for (text, last) in [("Hello", "delivered"), ("lose", "failed")] {
        let meta = Demonstration::answering(200).await;
        let sent = graph(&meta.base).send_text(&customer(), text, "a mark").await.unwrap();
        for _ in 0..200 {
            if meta.delivered().len() < 2 {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        }
        let secret = AppSecret::new(SECRET).unwrap();
        let states = meta.delivered().into_iter().map(|(signature, body)| {
            secret.check(&body, &signature).unwrap();
            let told: Value = serde_json::from_slice(&body).unwrap();
            let value = &told["entry"][0]["changes"][0]["value"];
            assert_eq!(value["metadata"]["phone_number_id"], phone_number().as_str());
            let status = &value["statuses"][0];
            assert_eq!(
                (&status["id"], &status["biz_opaque_callback_data"]),
                (&json!(sent.message_id), &json!("a mark"))
            );
            (status["status"].as_str().unwrap().to_owned(), status["errors"][0]["code"].as_u64())
        });
        let code = (last == "failed").then_some(131_026);
        assert_eq!(states.collect::<Vec<_>>(), [("sent".to_owned(), None), (last.to_owned(), code)]);
    }
}

#[tokio::test]
async fn every_answer_says_that_it_is_not_meta() {
    let meta = Demonstration::answering(200).await;
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let root = format!("http://{}/graph-stand-in", meta.address);
    let cases = [
        (client.get(format!("{}/1", meta.base)).bearer_auth("any"), 200),
        // Nobody is answered without a token.
        (client.get(format!("{}/1", meta.base)), 401),
        (client.post(format!("{}/1/register", meta.base)).bearer_auth("any"), 400),
        (client.get(format!("{}/1/register", meta.base)).bearer_auth("any"), 400),
        (client.get(format!("{}/1/2/3/4", meta.base)), 400),
        (client.get(format!("{root}/decide")), 400),
        (client.post(format!("{root}/decide")).body("{"), 400),
        (
            client.post(format!("{root}/decide")).body(r#"{"account-reviewed":{"account":"1","decison":"APPROVED"}}"#),
            400,
        ),
    ];
    for (at, (request, status)) in cases.into_iter().enumerate() {
        let answer = request.send().await.unwrap();
        assert_eq!(
            (answer.status().as_u16(), &answer.headers()[HEADER.0]),
            (status, &HEADER.1.parse().unwrap()),
            "{at}"
        );
    }
}

#[tokio::test]
async fn a_number_that_is_added_waits_for_its_name() {
    let meta = Demonstration::answering(200).await;
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let body = json!({ "cc": "49", "phone_number": "401234567", "verified_name": "Harbour Bakery" });
    let added = client.post(format!("{}/{}/phone_numbers", meta.base, account())).bearer_auth("any").json(&body);
    let id = added.send().await.unwrap().json::<Value>().await.unwrap()["id"].as_str().unwrap().to_owned();
    let node = async || {
        let asked = format!("{}/{id}?fields=name_status,verified_name", meta.base);
        client.get(asked).bearer_auth("any").send().await.unwrap().json::<Value>().await.unwrap()
    };
    assert_eq!(node().await, json!({ "id": id, "name_status": "PENDING_REVIEW", "verified_name": "Harbour Bakery" }));
    let review = json!({ "account": account(), "number": number(), "name": "Harbour Bakery", "decision": "DECLINED" });
    let (_, told) = meta.decide(&json!({ "name-reviewed": review })).await;
    // Meta has two words for it: one in deliveries, one on the node.
    assert_eq!(told["delivery"]["entry"][0]["changes"][0]["value"]["decision"], "REJECTED");
    assert_eq!(node().await["name_status"], "DECLINED");
}

/// A decision, and the facts that it is delivered as.
type Case = (Value, Vec<Fact>);

fn of_the_account() -> Vec<Case> {
    let (account, business) = (account(), business());
    let until: Instant = "2026-02-01T09:00:00Z".parse().unwrap();
    let notice = |notice| vec![Fact::Account { account: account.clone(), notice }];
    let restricted =
        |until| notice(AccountNotice::Restricted { restriction: Restriction::BusinessInitiatedMessaging, until });
    let restrict = |until: Value| {
        let kind = "RESTRICTED_BIZ_INITIATED_MESSAGING";
        json!({ "restricted": { "account": account, "kind": kind, "until": until } })
    };
    let numbered = json!({ "account": account, "number": number(), "phone_number_id": phone_number() });
    let deleted = json!({ "field": "account_update", "value": { "event": "ACCOUNT_DELETED" } });
    let raw = json!({ "entry": [{ "id": account, "time": 1_767_603_600, "changes": [deleted] }] });
    let mut cases = vec![
        (
            json!({ "request-approved": { "account": account, "business": business } }),
            vec![Fact::Request { account: account.clone(), status: RequestStatus::Approved }],
        ),
        (restrict(json!(until)), restricted(Some(until))),
        (restrict(json!(until.unix_millis() / 1000)), restricted(Some(until))),
        (restrict(Value::Null), restricted(None)),
        (json!({ "offboarded": { "account": account } }), notice(AccountNotice::Offboarded)),
        (json!({ "offboarded": numbered }), notice(AccountNotice::Offboarded)),
        (json!({ "raw": raw }), notice(AccountNotice::Deleted)),
    ];
    cases.extend(ReviewDecision::KNOWN.iter().map(|decision| {
        let fact = Fact::AccountReview { account: account.clone(), decision: decision.clone() };
        (json!({ "account-reviewed": { "account": account, "decision": decision } }), vec![fact])
    }));
    cases.extend(BusinessVerification::KNOWN.iter().map(|status| {
        let fact = Fact::BusinessVerification { business: business.clone(), status: status.clone() };
        let verified = json!({ "account": account, "business": business, "status": status });
        (json!({ "business-verified": verified }), vec![fact])
    }));
    cases
}

fn of_number_and_templates() -> Vec<Case> {
    let (account, phone_number) = (account(), phone_number());
    let named = |decision: &str, reason: Value, status, rejection| {
        let name = "Bäckerei 🥐";
        let review =
            json!({ "account": account, "number": number(), "name": name, "decision": decision, "reason": reason });
        let fact = Fact::DisplayName { number: number(), name: name.to_owned(), status, reason: rejection };
        (json!({ "name-reviewed": review }), vec![fact])
    };
    let badge = |granted: bool, status| {
        let fact = Fact::Badge { phone_number: Some(phone_number.clone()), status };
        let badge = json!({ "account": account, "phone_number_id": phone_number, "granted": granted });
        (json!({ "badge": badge }), vec![fact])
    };
    let template = |event: &TemplateEvent, reason: Option<&str>| {
        let (name, language) = ("loaf_ready", "en_US");
        let moved = json!({ "account": account, "name": name, "language": language, "event": event, "reason": reason });
        let (template, reason) = (TemplateKey::from_meta(name, language), reason.map(str::to_owned));
        (json!({ "template": moved }), vec![Fact::Template { template, event: event.clone(), reason }])
    };
    let inconsistent = NameRejection::Inconsistent;
    let mut cases = vec![
        named("APPROVED", Value::Null, NameStatus::Approved, None),
        named("DECLINED", json!("NAME_NOT_CONSISTENT"), NameStatus::Declined, Some(inconsistent)),
        named("PENDING_REVIEW", Value::Null, NameStatus::PendingReview, None),
        badge(true, BadgeStatus::Granted),
        badge(false, BadgeStatus::Denied),
        template(&TemplateEvent::Rejected, Some("PROMOTIONAL")),
    ];
    cases.extend(TemplateEvent::KNOWN.iter().map(|event| template(event, None)));
    cases
}

#[tokio::test]
async fn what_is_decided_is_delivered_signed_and_understood() {
    let meta = Demonstration::answering(200).await;
    let secret = AppSecret::new(SECRET).unwrap();
    for (at, (decision, expected)) in of_the_account().into_iter().chain(of_number_and_templates()).enumerate() {
        let (status, answer) = meta.decide(&decision).await;
        assert_eq!((status, &answer["status"]), (200, &json!(200)), "{decision}");
        let delivered = meta.delivered();
        assert_eq!(delivered.len(), at + 1, "one decision is one delivery");
        let (signature, body) = &delivered[at];
        assert!(body.is_ascii(), "Meta escapes what is not ASCII");
        let delivery = secret.check(body, signature).unwrap().read().unwrap();
        assert_eq!(delivery.tally().not_understood, 0, "{decision}");
        let told: Vec<_> = delivery.changes.iter().flat_map(facts).collect();
        assert!(told.iter().all(|told| told.at.is_some()));
        assert_eq!(told.into_iter().map(|told| told.fact).collect::<Vec<_>>(), expected, "{decision}");
        assert_eq!(serde_json::from_slice::<Value>(body).unwrap(), answer["delivery"]);
    }
}

#[tokio::test]
async fn an_offboarded_number_is_named_and_its_channel_alone_is_lost() {
    let meta = Demonstration::answering(200).await;
    meta.decide(&json!({ "offboarded": { "account": account(), "number": number() } })).await;
    let (signature, body) = meta.delivered().remove(0);
    let secret = AppSecret::new(SECRET).unwrap();
    let delivery = secret.check(&body, &signature).unwrap().read().unwrap();
    let lost = serde_json::to_value(lose_account(&delivery.changes[0])).unwrap();
    assert_eq!(lost["lose-account"]["number"], json!(number()));
}

#[tokio::test]
async fn a_customer_writes_as_in_the_cloud_api() {
    let meta = Demonstration::answering(200).await;
    let writes = json!({ "customer-writes": { "account": account(), "phone_number_id": phone_number(), "number": number(),
        "from": "+1 631-555-1181", "name": "Cleo", "text": "Is my loaf \"ready\"? 🥐" } });
    meta.decide(&writes).await;
    meta.decide(&writes).await;
    let secret = AppSecret::new(SECRET).unwrap();
    let mut ids = Vec::new();
    for (signature, body) in meta.delivered() {
        let delivery = secret.check(&body, &signature).unwrap().read().unwrap();
        assert_eq!((delivery.changes.len(), delivery.changes[0].field()), (1, "messages"));
        assert_eq!(delivery.changes[0].account_or_business(), Some(account().as_str()));
        let value: Value = serde_json::from_str(delivery.changes[0].raw()).unwrap();
        let metadata = json!({ "display_phone_number": "49401234567", "phone_number_id": "106540352242922" });
        assert_eq!((&value["messaging_product"], &value["metadata"]), (&json!("whatsapp"), &metadata));
        assert_eq!(value["contacts"], json!([{ "profile": { "name": "Cleo" }, "wa_id": "16315551181" }]));
        let message = &value["messages"][0];
        assert_eq!((&message["from"], &message["type"]), (&json!("16315551181"), &json!("text")));
        assert_eq!(message["text"]["body"], "Is my loaf \"ready\"? 🥐");
        assert!(message["timestamp"].as_str().unwrap().parse::<u64>().is_ok());
        ids.push(message["id"].as_str().unwrap().to_owned());
    }
    assert!(ids.len() == 2 && ids[0] != ids[1]);
}

#[tokio::test]
async fn what_was_decided_is_read_as_well() {
    let meta = Demonstration::answering(200).await;
    let (account, number, business) = (account(), number(), business());
    let name = json!({ "account": account, "number": number, "name": "Harbour Bakery", "decision": "APPROVED",
        "phone_number_id": phone_number() });
    meta.decide(&json!({ "name-reviewed": name })).await;
    meta.decide(&json!({ "account-reviewed": { "account": account, "decision": "APPROVED" } })).await;
    meta.decide(&json!({ "business-verified": { "account": account, "business": business, "status": "verified" } }))
        .await;
    meta.decide(&json!({ "offboarded": { "account": account, "phone_number_id": phone_number() } })).await;
    let read: Vec<_> = graph(&meta.base).read(ONBOARDING).await.unwrap().into_iter().map(|(_, fact)| fact).collect();
    let expected = [
        Fact::NumberStatus { number, status: NumberStatus::Disconnected },
        Fact::DisplayName { number, name: "Harbour Bakery".to_owned(), status: NameStatus::Approved, reason: None },
        Fact::AccountReview { account, decision: ReviewDecision::Approved },
        Fact::BusinessVerification { business, status: BusinessVerification::Verified },
    ];
    assert_eq!(read, expected);
}

#[tokio::test]
async fn the_service_s_own_status_is_told() {
    for status in [200, 401, 500] {
        let meta = Demonstration::answering(status).await;
        let reviewed = json!({ "account-reviewed": { "account": account(), "decision": "APPROVED" } });
        let (told, answer) = meta.decide(&reviewed).await;
        assert_eq!((told, &answer["status"]), (200, &json!(status)));
    }
}

#[tokio::test]
async fn a_service_that_does_not_answer_is_told_of() {
    let (nobody, _held) = nobody();
    let webhook = format!("http://{nobody}/webhook").parse().unwrap();
    let stand_in = StandIn::new(AppSecret::new(SECRET).unwrap(), webhook).unwrap();
    let address = serve(stand_in::router(Arc::new(stand_in))).await;
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let raw = client.post(format!("http://{address}/decide")).json(&json!({ "raw": {} })).send().await.unwrap();
    assert_eq!(raw.status().as_u16(), 502);
}
