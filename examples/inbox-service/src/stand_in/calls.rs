//! The calls about numbers, accounts and messages.

use std::collections::HashMap;
use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, Query, State};
use serde_json::{Map, Value, json};
use whatsapp_inbox::whatsapp::{NameStatus, PhoneNumber};

use super::deliveries::{Reported, message_reported};
use super::fault::Fault;
use super::{LATER_TEXT, LOST_TEXT, REFUSED_TEXT, StandIn};

/// The version and the id in a path.
pub(super) type Place = Path<(String, String)>;
/// What is asked beside the path.
pub(super) type Asked = Query<HashMap<String, String>>;
/// What a call comes to.
pub(super) type Answer = Result<Json<Value>, Fault>;

/// `GET /<id>`: the fields that were asked for, as far as they are known; without any all of them.
pub(super) async fn node(
    State(stand_in): State<Arc<StandIn>>,
    Path((_, id)): Place,
    Query(asked): Asked,
) -> Json<Value> {
    let node = stand_in.meta().node(&id);
    let fields = asked.get("fields").map(|fields| fields.split(',').map(str::trim).collect::<Vec<_>>());
    let wanted = |key: &String| fields.as_ref().is_none_or(|fields| fields.contains(&key.as_str()));
    let mut answer: Map<String, Value> = node.into_iter().filter(|(key, _)| wanted(key)).collect();
    answer.insert("id".to_owned(), id.into());
    Json(answer.into())
}

/// `POST /<id>`: an edit of a template, or a setting of a number. Whatever was not met before takes it as well.
pub(super) async fn change(State(stand_in): State<Arc<StandIn>>, Path((_, id)): Place, body: Bytes) -> Answer {
    if let (Some(template), Value::Object(changes)) = (stand_in.meta().template(&id), read(&body)) {
        template.edit(changes);
    }
    success()
}

/// `POST /<phone number id>/request_code`
pub(super) async fn request_code(State(stand_in): State<Arc<StandIn>>, Path((_, id)): Place, body: Bytes) -> Answer {
    let body = read(&body);
    if !matches!(said(&body, "code_method"), Some("SMS" | "VOICE")) || said(&body, "language").is_none() {
        return Err(Fault::parameter("code_method and language are required"));
    }
    stand_in.meta().number(&id).request_code()?;
    success()
}

/// `POST /<phone number id>/verify_code`
pub(super) async fn verify_code(State(stand_in): State<Arc<StandIn>>, Path((_, id)): Place, body: Bytes) -> Answer {
    let body = read(&body);
    let code = said(&body, "code").ok_or(Fault::parameter("code is required"))?;
    stand_in.meta().number(&id).verify_code(code)?;
    success()
}

/// `POST /<phone number id>/register`
pub(super) async fn register(State(stand_in): State<Arc<StandIn>>, Path((_, id)): Place, body: Bytes) -> Answer {
    let body = read(&body);
    let pin = said(&body, "pin").filter(|pin| pin.len() == 6 && pin.bytes().all(|byte| byte.is_ascii_digit()));
    let pin = pin.ok_or(Fault::parameter("pin is six digits"))?;
    if said(&body, "messaging_product") != Some("whatsapp") {
        return Err(Fault::parameter("messaging_product is required"));
    }
    stand_in.meta().number(&id).register(pin)?;
    success()
}

/// `POST /<phone number id>/messages`. What became of the message is delivered afterwards.
pub(super) async fn messages(State(stand_in): State<Arc<StandIn>>, Path((_, id)): Place, body: Bytes) -> Answer {
    let body = read(&body);
    let (Some(to), Some("whatsapp")) = (said(&body, "to"), said(&body, "messaging_product")) else {
        return Err(Fault::parameter("messaging_product and to are required"));
    };
    let text = body.pointer("/text/body").and_then(Value::as_str);
    if text == Some(REFUSED_TEXT) {
        return Err(Fault::not_deliverable());
    }
    if text == Some(LATER_TEXT) && stand_in.meta().puts_off(to) {
        return Err(Fault::too_many_messages());
    }
    let (message, digits) = {
        let mut meta = stand_in.meta();
        (meta.message_id(), meta.number(&id).digits.clone())
    };
    let states = if text == Some(LOST_TEXT) { ["sent", "failed"] } else { ["sent", "delivered"] };
    let reports = states.map(|state| {
        let message = Reported { id: &message, to, mark: said(&body, "biz_opaque_callback_data"), state };
        message_reported((&id, digits.as_deref()), &message)
    });
    tokio::spawn(async move {
        for report in reports {
            if let Err(error) = stand_in.deliver(&report).await {
                tracing::warn!(%error, "the stand-in could not deliver what became of a message");
            }
        }
    });
    Ok(Json(json!({
        "messaging_product": "whatsapp",
        "contacts": [{ "input": to, "wa_id": to }],
        "messages": [{ "id": message }],
    })))
}

/// `POST /<account>/phone_numbers`
pub(super) async fn add_number(State(stand_in): State<Arc<StandIn>>, Path(_): Place, body: Bytes) -> Answer {
    let body = read(&body);
    let name = said(&body, "verified_name").ok_or(Fault::parameter("verified_name is required"))?;
    let (country, rest) = (said(&body, "cc").unwrap_or_default(), said(&body, "phone_number").unwrap_or_default());
    let number = PhoneNumber::new(&format!("{country}{rest}"));
    let number = number.map_err(|_| Fault::parameter("cc and phone_number are no phone number"))?;
    let mut meta = stand_in.meta();
    let id = meta.fresh().to_string();
    let added = meta.number(&id);
    added.digits = Some(number.digits().to_string());
    added.name = Some(name.to_owned());
    added.name_status = Some(NameStatus::PendingReview);
    Ok(Json(json!({ "id": id })))
}

/// A body, whatever it is. What is no JSON says nothing.
pub(super) fn read(body: &Bytes) -> Value {
    serde_json::from_slice(body).unwrap_or_default()
}

pub(super) fn said<'a>(body: &'a Value, key: &str) -> Option<&'a str> {
    body.get(key)?.as_str()
}

#[expect(clippy::unnecessary_wraps, reason = "what the calls end with")]
pub(super) fn success() -> Answer {
    Ok(Json(json!({ "success": true })))
}
