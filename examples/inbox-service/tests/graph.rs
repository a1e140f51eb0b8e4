//! The way to Meta: what each of its answers comes to, that each call is made once, and that no secret is seen.

mod support;

use std::error::Error;
use std::sync::atomic::Ordering;
use std::time::Duration;

use axum::Router;
use axum::http::{StatusCode, Uri};
use inbox_service::graph::{Graph, NotSent, Patience, SetupError, Token};
use reqwest::{Method, Url};
use serde_json::{Value, json};
use support::{
    CONVERSATION, NO_CONVERSATION, NO_ONBOARDING, ONBOARDING, Scripted, TOKEN, account, customer, graph, hanging_up,
    host, nobody, number, phone_number, serve, silent,
};
use whatsapp_inbox::conversation::{MessageKind, WarningOutcome};
use whatsapp_inbox::onboarding::{CodeAnswer, CodeSend, Fact, RegistrationAnswer};
use whatsapp_inbox::port::{Backend, Transport};
use whatsapp_inbox::whatsapp::{
    BusinessManagerId, BusinessVerification, CodeMethod, CodeVerification, NameStatus, NumberStatus, Pin,
    ReviewDecision, VerificationCode,
};

const DONE: &str = r#"{"success":true}"#;

fn code() -> VerificationCode {
    VerificationCode::new("123-830").unwrap()
}

fn pin() -> Pin {
    Pin::new("150954").unwrap()
}

/// An error of the Graph API, with a subcode and a sentence for people where there are any.
fn error(code: u32, subcode: u32, told: &str) -> String {
    let message = "Something is wrong";
    json!({ "error": { "message": message, "code": code, "error_subcode": subcode, "error_user_msg": told } })
        .to_string()
}

/// All that an error tells, to whoever prints it in whatever way.
fn everything(error: &(dyn Error + 'static)) -> String {
    let mut told = format!("{error:?}");
    let mut next = Some(error);
    while let Some(error) = next {
        told.push_str(&error.to_string());
        next = error.source();
    }
    told
}

/// What every call of the port comes to, as text.
async fn every_call(graph: &Graph) -> Vec<(&'static str, Result<String, Backend>)> {
    let number = phone_number();
    vec![
        ("ask_for_code", graph.ask_for_code(&number, CodeMethod::Sms).await.map(|told| format!("{told:?}"))),
        ("enter_code", graph.enter_code(&number, &code()).await.map(|told| format!("{told:?}"))),
        ("register", graph.register(&number, &pin()).await.map(|told| format!("{told:?}"))),
        (
            "send_warning",
            graph.send_warning(CONVERSATION, 1, MessageKind::FreeText).await.map(|told| format!("{told:?}")),
        ),
        ("read", graph.read(ONBOARDING).await.map(|told| format!("{told:?}"))),
    ]
}

#[tokio::test]
async fn a_request_for_a_code_is_answered() {
    let cases = [
        (200, DONE.to_owned(), CodeSend::Sent),
        (200, "{}".to_owned(), CodeSend::Sent),
        (200, r#"{"success":false}"#.to_owned(), CodeSend::NotSent),
        (400, error(136_024, 2_388_091, ""), CodeSend::NotSent),
        (400, error(4, 0, ""), CodeSend::NotSent),
        (401, error(190, 463, ""), CodeSend::NotSent),
        (400, r#"{"error":{"code":"136024"}}"#.to_owned(), CodeSend::NotSent),
    ];
    for (status, body, expected) in cases {
        let meta = Scripted::new(status, &body).await;
        let told = graph(&meta.base).ask_for_code(&phone_number(), CodeMethod::Voice).await.unwrap();
        assert_eq!(told, expected, "{status} {body}");
        let calls = meta.calls();
        assert_eq!(calls.len(), 1);
        assert_eq!(calls[0].path, "/v23.0/106540352242922/request_code");
        assert_eq!(calls[0].body, json!({ "code_method": "VOICE", "language": "en_US" }));
    }
}

#[tokio::test]
async fn a_code_is_answered() {
    let too_many = "You have guessed too many times. Try again in 12 hours.";
    let cases = [
        (200, DONE.to_owned(), CodeAnswer::Accepted),
        (400, error(136_025, 2_388_093, "The code is not right."), CodeAnswer::Wrong),
        (400, error(100, 2_388_093, ""), CodeAnswer::Wrong),
        (400, error(136_025, 0, too_many), CodeAnswer::TooManyGuesses),
        (400, error(133_008, 0, ""), CodeAnswer::TooManyGuesses),
        // It is not the code that Meta finds fault with.
        (401, error(190, 0, ""), CodeAnswer::Unknown),
        (400, error(100, 33, ""), CodeAnswer::Unknown),
    ];
    for (status, body, expected) in cases {
        let meta = Scripted::new(status, &body).await;
        let told = graph(&meta.base).enter_code(&phone_number(), &code()).await.unwrap();
        assert_eq!(told, expected, "{status} {body}");
        assert_eq!(meta.calls().len(), 1);
    }
}

#[tokio::test]
async fn a_registration_is_answered() {
    let failed = |error| RegistrationAnswer::Failed { error };
    let cases = [
        (200, DONE.to_owned(), RegistrationAnswer::Registered),
        (400, error(133_005, 0, ""), RegistrationAnswer::PinMismatch),
        (400, error(133_016, 0, ""), RegistrationAnswer::LimitHit),
        (400, error(133_010, 2_593_006, ""), failed(133_010)),
        (400, error(133_008, 0, ""), failed(133_008)),
        (400, error(100, 2_388_001, ""), failed(2_388_001)),
        // Meta answers these two with 5xx, and they are refusals all the same.
        (500, error(133_000, 0, ""), failed(133_000)),
        (503, error(133_004, 0, ""), failed(133_004)),
    ];
    for (status, body, expected) in cases {
        let meta = Scripted::new(status, &body).await;
        let told = graph(&meta.base).register(&phone_number(), &pin()).await.unwrap();
        assert_eq!(told, expected, "{status} {body}");
        let calls = meta.calls();
        assert_eq!(calls.len(), 1);
        assert_eq!(calls[0].body, json!({ "messaging_product": "whatsapp", "pin": "150954" }));
    }
}

#[tokio::test]
async fn what_is_no_answer_of_meta_is_unknown_and_asked_for_once() {
    let cases = [
        (500, "<html>".to_owned()),
        (502, String::new()),
        (404, "<html>".to_owned()),
        (429, "{}".to_owned()),
        (200, "<html>".to_owned()),
        (400, r#"{"error":"no"}"#.to_owned()),
        (400, r#"{"error":{"message":"no"}}"#.to_owned()),
        // Meta says of both that it does not know itself.
        (500, error(1, 0, "")),
        (503, error(2, 0, "")),
    ];
    for (status, body) in cases {
        let meta = Scripted::new(status, &body).await;
        for (name, told) in every_call(&graph(&meta.base)).await {
            assert!(told.is_err(), "{name}: {status} {body}");
        }
        // One for each of the five: reading stops at the number.
        assert_eq!(meta.calls().len(), 5, "{status} {body}");
    }
}

#[tokio::test]
async fn nothing_is_followed() {
    let elsewhere = Scripted::new(200, DONE).await;
    for status in [302, 307, 308] {
        let meta = Scripted::moved(status, "", Some(&elsewhere.base)).await;
        assert!(every_call(&graph(&meta.base)).await.iter().all(|(_, told)| told.is_err()));
        assert_eq!((meta.calls().len(), elsewhere.calls().len()), (5, 0));
    }
}

#[tokio::test]
async fn who_does_not_answer_is_not_waited_for() {
    let half = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 16\r\n\r\n{\"succ";
    let patience = Patience::new(Duration::from_millis(100), Duration::from_millis(100));
    for said in [b"".as_slice(), half] {
        let base = Url::parse(&silent(said).await).unwrap();
        let graph = Graph::with_patience(base, Token::new(TOKEN).unwrap(), host(), patience).unwrap();
        let told = tokio::time::timeout(Duration::from_secs(5), every_call(&graph)).await.unwrap();
        assert!(told.iter().all(|(_, told)| told.is_err()));
        assert!(matches!(graph.send_text(&customer(), "Hello", "mark").await, Err(NotSent::Unknown(_))));
    }
    assert_eq!(Patience::default(), Patience::new(Duration::from_secs(3), Duration::from_secs(10)));
}

#[tokio::test]
async fn nobody_there_is_unknown() {
    let (address, _held) = nobody();
    assert!(every_call(&graph(&format!("http://{address}/v23.0"))).await.iter().all(|(_, told)| told.is_err()));
}

#[tokio::test]
async fn the_token_is_in_a_header_and_secrets_in_the_body_alone() {
    let meta = Scripted::new(200, DONE).await;
    let graph = graph(&meta.base);
    every_call(&graph).await;
    let calls = meta.calls();
    assert_eq!(calls.len(), 6);
    for call in &calls {
        assert_eq!(call.token, format!("Bearer {TOKEN}"));
        assert!(!call.path.contains("123830") && !call.path.contains("150954") && !call.path.contains(TOKEN));
    }
    assert_eq!(calls[1].body, json!({ "code": "123830" }));
    assert_eq!(format!("{:?}", Token::new(TOKEN).unwrap()), "Token(******)");
    assert!(!format!("{graph:?} {graph:#?}").contains(TOKEN));
}

#[tokio::test]
async fn no_error_tells_a_secret() {
    // Some of Meta's errors repeat the token, and one may repeat what it was given.
    let message = format!("Malformed access token {TOKEN}, code 123830, pin 150954");
    for (status, code) in [(401, 190), (400, 2_500), (500, 1)] {
        let body = json!({ "error": { "message": message, "code": code, "error_user_msg": message } }).to_string();
        let meta = Scripted::new(status, &body).await;
        let graph = graph(&meta.base);
        let mut told = vec![];
        for (name, outcome) in every_call(&graph).await {
            match outcome {
                Ok(outcome) => told.push(outcome),
                Err(error) if matches!(name, "enter_code" | "register") => {
                    let everything = everything(&error);
                    assert!(!everything.contains("123830") && !everything.contains("150954"), "{everything}");
                    told.push(everything);
                }
                Err(error) => told.push(everything(&error)),
            }
        }
        told.push(everything(&graph.send_text(&customer(), "Hello", "mark").await.unwrap_err()));
        assert!(told.iter().all(|told| !told.contains(TOKEN)), "{told:?}");
    }
    // Nor where nobody answers.
    let (address, _held) = nobody();
    let gone = every_call(&graph(&format!("http://{address}/EAAsecret-in-a-path"))).await;
    for (_, outcome) in gone {
        let told = everything(&outcome.unwrap_err());
        assert!(!told.contains(TOKEN) && !told.contains("EAAsecret"), "{told}");
    }
}

#[test]
fn an_address_and_a_token_are_checked() {
    for address in
        ["ftp://graph/v23.0", "https://me:secret@graph/v23.0", "https://graph/v23.0?access_token=x", "data:,x"]
    {
        let refused = Graph::new(Url::parse(address).unwrap(), Token::new(TOKEN).unwrap(), host());
        assert!(matches!(refused, Err(SetupError::Address)), "{address}");
    }
    for token in ["", "  ", "two words", "line\nbreak", "umläut"] {
        assert!(Token::new(token).is_err(), "{token}");
    }
    assert!(Graph::new(Url::parse("https://graph/v23.0/").unwrap(), Token::new(" x ").unwrap(), host()).is_ok());
}

#[tokio::test]
async fn a_warning_is_sent_as_text_or_template() {
    let taken = r#"{"messages":[{"id":"wamid.A"}]}"#;
    let cases = [
        (200, taken.to_owned(), WarningOutcome::Sent),
        (200, "{}".to_owned(), WarningOutcome::Sent),
        (400, error(131_047, 0, ""), WarningOutcome::Failed),
        (404, error(132_001, 0, ""), WarningOutcome::Failed),
    ];
    for (status, body, expected) in cases {
        let meta = Scripted::new(status, &body).await;
        let graph = graph(&meta.base);
        for kind in [MessageKind::FreeText, MessageKind::Template] {
            assert_eq!(graph.send_warning(CONVERSATION, 1, kind).await.unwrap(), expected, "{status} {body}");
        }
        let calls = meta.calls();
        assert_eq!(calls.len(), 2);
        assert!(calls.iter().all(|call| call.path == "/v23.0/106540352242922/messages"));
        assert!(
            calls.iter().all(|call| call.body["to"] == "16315551181" && call.body["messaging_product"] == "whatsapp")
        );
        assert_eq!(calls[0].body["type"], "text");
        assert!(calls[0].body["text"]["body"].as_str().is_some_and(|text| !text.is_empty()));
        let template = json!({ "name": "closing_warning", "language": { "code": "en" } });
        assert_eq!((&calls[1].body["type"], &calls[1].body["template"]), (&json!("template"), &template));
    }
    let meta = Scripted::new(200, taken).await;
    let nobody = graph(&meta.base).send_warning(NO_CONVERSATION, 1, MessageKind::FreeText).await.unwrap();
    assert_eq!((nobody, meta.calls().len()), (WarningOutcome::Failed, 0));
}

#[tokio::test]
async fn a_text_is_sent_or_refused_or_nobody_knows() {
    let meta = Scripted::new(200, r#"{"messages":[{"id":"wamid.A"}]}"#).await;
    let sent = graph(&meta.base).send_text(&customer(), "Your loaf is ready", "mark").await.unwrap();
    assert_eq!((sent.message_id.as_str(), meta.calls().len()), ("wamid.A", 1));
    assert_eq!(meta.calls()[0].body["text"], json!({ "body": "Your loaf is ready", "preview_url": false }));
    assert_eq!(meta.calls()[0].body["biz_opaque_callback_data"], "mark");

    let meta = Scripted::new(400, &error(131_047, 0, "")).await;
    let refused = graph(&meta.base).send_text(&customer(), "Hello", "mark").await.unwrap_err();
    assert!(matches!(&refused, NotSent::Refused { code: 131_047, message, .. } if message == "Something is wrong"));
    assert_eq!(refused.to_string(), "Meta refused the message with error 131047: Something is wrong");

    for (status, body) in [(200, "{}"), (500, "")] {
        let meta = Scripted::new(status, body).await;
        assert!(matches!(graph(&meta.base).send_text(&customer(), "Hello", "mark").await, Err(NotSent::Unknown(_))));
    }
}

/// What reading comes to, where number and account say the same.
async fn read(node: &Value) -> (Vec<Fact>, Scripted) {
    let meta = Scripted::new(200, &node.to_string()).await;
    let read = graph(&meta.base).read(ONBOARDING).await.unwrap();
    assert!(read.iter().all(|(at, _)| at.is_none()));
    (read.into_iter().map(|(_, fact)| fact).collect(), meta)
}

#[tokio::test]
async fn reading_tells_what_is_so_and_what_is_not() {
    let (number, account) = (number(), account());
    let name = |name: &str, status| Fact::DisplayName { number, name: name.to_owned(), status, reason: None };
    let (facts, meta) = read(&json!({
        "code_verification_status": "NOT_VERIFIED", "status": "PENDING", "verified_name": "Harbour Bakery",
        "name_status": "PENDING_REVIEW", "new_display_name": "Harbour Bread", "new_name_status": "DECLINED",
        "account_review_status": "APPROVED", "business_verification_status": "verified",
        "owner_business_info": { "id": 35_602_282, "name": "Harbour" }, "id": "1",
    }))
    .await;
    let business = BusinessManagerId::new("35602282").unwrap();
    let expected = [
        Fact::NumberVerification { number, status: CodeVerification::NotVerified },
        Fact::NumberStatus { number, status: NumberStatus::Pending },
        name("Harbour Bakery", NameStatus::PendingReview),
        name("Harbour Bread", NameStatus::Declined),
        Fact::AccountReview { account: account.clone(), decision: ReviewDecision::Approved },
        Fact::BusinessVerification { business, status: BusinessVerification::Verified },
    ];
    assert_eq!(facts, expected);
    let calls = meta.calls();
    assert!(calls.iter().all(|call| call.method == Method::GET));
    assert!(
        calls[0].path.starts_with("/v23.0/106540352242922?fields=") && calls[1].path.starts_with("/v23.0/70414200118?")
    );

    // What Meta says in a new word is kept, and what it does not say is not made up.
    let (facts, _) =
        read(&json!({ "status": "ASLEEP", "verified_name": "Harbour Bakery", "business_verification_status": 7 }))
            .await;
    assert_eq!(facts, [Fact::NumberStatus { number, status: NumberStatus::Unknown("ASLEEP".to_owned()) }]);
    assert!(read(&json!([])).await.0.is_empty());

    // Whose id it is the number itself says: the id of another number tells nothing of this one.
    for (shown, told) in [("+49 40-1234567", 1), ("49401234567", 1), ("+49 40 1234568", 0), ("+1 631-555-1181", 0)] {
        let (facts, _) = read(&json!({ "display_phone_number": shown, "status": "CONNECTED" })).await;
        assert_eq!(facts.len(), told, "{shown}");
    }

    let nothing = graph(&meta.base).read(NO_ONBOARDING).await.unwrap();
    assert_eq!((nothing.len(), meta.calls().len()), (0, 2));
}

#[tokio::test]
async fn an_account_that_may_not_be_read_hides_no_number() {
    let node = async |uri: Uri| match uri.path() {
        "/v23.0/106540352242922" => (StatusCode::OK, r#"{"status":"CONNECTED"}"#.to_owned()),
        _ => (StatusCode::FORBIDDEN, error(200, 0, "")),
    };
    let address = serve(Router::new().fallback(node)).await;
    let read = graph(&format!("http://{address}/v23.0")).read(ONBOARDING).await.unwrap();
    assert_eq!(read, [(None, Fact::NumberStatus { number: number(), status: NumberStatus::Connected })]);
}

#[tokio::test]
async fn a_call_that_was_hung_up_on_is_not_made_again() {
    let (base, asked) = hanging_up().await;
    let graph = graph(&base);
    assert_eq!(graph.ask_for_code(&phone_number(), CodeMethod::Sms).await.unwrap(), CodeSend::Sent);
    // It goes over the connection that is open, where clients like to try again.
    assert!(graph.enter_code(&phone_number(), &code()).await.is_err());
    assert_eq!(asked.load(Ordering::SeqCst), 2);
}
