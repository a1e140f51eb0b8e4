//! Meta's webhook. It answers as soon as a delivery is kept; what it says is read afterwards.

use std::sync::Arc;

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use serde::Deserialize;

use super::request::{Query, Raw};
use crate::app::App;
use crate::clock;
use crate::problem::Problem;

/// As long a delivery may be: 3 MB is Meta's own limit.
const DELIVERY_BYTES: usize = 3 * 1024 * 1024;

/// How Meta asks whether this is the webhook that was meant.
#[derive(Deserialize)]
pub(super) struct Handshake {
    #[serde(rename = "hub.mode")]
    mode: String,
    #[serde(rename = "hub.verify_token")]
    verify_token: String,
    #[serde(rename = "hub.challenge")]
    challenge: String,
}

/// Says back what Meta says, if it knows the token.
pub(super) async fn verify(State(app): State<Arc<App>>, Query(handshake): Query<Handshake>) -> Result<String, Problem> {
    if handshake.mode == "subscribe" && app.verify_token.is(&handshake.verify_token) {
        return Ok(handshake.challenge);
    }
    Err(Problem::new(StatusCode::FORBIDDEN, "verify-token", "this is not the token that was agreed on"))
}

/// Keeps what Meta has signed. Whatever it says, Meta is told that it was taken: a delivery that is refused comes again, for days.
pub(super) async fn deliver(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    Raw(body): Raw<DELIVERY_BYTES>,
) -> Result<StatusCode, Problem> {
    let header = headers.get("x-hub-signature-256").and_then(|value| value.to_str().ok()).unwrap_or_default();
    if let Err(error) = app.secret.check(&body, header) {
        tracing::warn!(
            code = whatsapp_inbox::rule::Explain::code(&error),
            bytes = body.len(),
            "a delivery was not Meta's"
        );
        return Err(Problem::of(StatusCode::UNAUTHORIZED, &error));
    }
    app.host.keep_delivery(body, clock::now()).await?;
    app.delivered.notify_one();
    Ok(StatusCode::OK)
}
