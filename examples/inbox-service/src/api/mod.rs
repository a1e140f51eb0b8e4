//! The HTTP API: JSON in and out, errors as problems, one command a request.

mod access;
mod channel;
mod conversation;
mod onboarding;
mod people;
mod request;
mod sending;
mod template;
mod webhook;

use std::convert::Infallible;
use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponseParts, ResponseParts};
use axum::routing::{get, patch, post};
use serde::Serialize;
use whatsapp_inbox::channel::Channel;
use whatsapp_inbox::decider::{Decider, Version};
use whatsapp_inbox::id::{ChannelId, OrganisationId};
use whatsapp_inbox::service::Answer;
use whatsapp_inbox::uuid::Uuid;

use crate::app::App;
use crate::problem::Problem;

pub use request::{Body, CommandKey, IfMatch, Path, Query, Who};

/// All of the API, and Meta's webhook.
pub fn router(app: Arc<App>) -> Router {
    let api = Router::new()
        .route("/me", get(people::me))
        .route("/people", get(people::people))
        .route("/onboardings", get(onboarding::list).post(onboarding::start))
        .route("/onboardings/{organisation}/{id}", get(onboarding::show))
        .route("/onboardings/{organisation}/{id}/commands", post(onboarding::command))
        .route("/channels", get(channel::list))
        .route("/channels/{organisation}/{id}", get(channel::show))
        .route("/channels/{organisation}/{id}/settings", get(channel::settings))
        .route("/channels/{organisation}/{id}/settings", patch(channel::change_settings))
        .route("/channels/{organisation}/{id}/settings/preview", post(channel::preview))
        .route("/channels/{organisation}/{id}/settings/apply", post(channel::apply))
        .route("/channels/{organisation}/{id}/close", post(channel::close))
        .route("/channels/{organisation}/{id}/templates", get(sending::list))
        .route("/channels/{organisation}/{id}/access", post(access::change))
        .route("/channels/{organisation}/{id}/access/impact", post(access::impact))
        .route("/channels/{organisation}/{id}/may/{action}", get(access::may))
        .route("/access", get(access::matrix))
        .route("/access/why", get(access::why))
        .route("/conversations", get(conversation::list))
        .route("/conversations/{organisation}/{id}", get(conversation::show))
        .route("/conversations/{organisation}/{id}/commands", post(conversation::command))
        .route("/templates", get(template::list).post(template::create))
        .route("/templates/check", post(template::check))
        .route("/templates/{organisation}/{id}", get(template::show))
        .route("/templates/{organisation}/{id}/commands", post(template::command))
        .fallback(unknown)
        .method_not_allowed_fallback(not_allowed);
    Router::new()
        .nest("/api", api)
        .route("/webhook", get(webhook::verify).post(webhook::deliver))
        .route("/health", get(health))
        .with_state(app)
}

/// Answers for every address that there is not.
pub async fn unknown() -> Problem {
    Problem::new(StatusCode::NOT_FOUND, "no-such-route", "there is nothing at this address")
}

/// Answers for every method that an address does not have.
pub async fn not_allowed() -> Problem {
    Problem::new(StatusCode::METHOD_NOT_ALLOWED, "method", "this method is not for this address")
}

/// Whether store and tables answer.
async fn health(State(app): State<Arc<App>>) -> Result<&'static str, Problem> {
    app.host.answers().await?;
    // Nobody's channel: it is read, and there is none.
    app.service.state::<Channel>(ChannelId::new(OrganisationId::new(Uuid::nil()), Uuid::nil())).await?;
    Ok("ok\n")
}

/// What a command came to.
#[derive(Debug, Serialize)]
pub struct Done {
    /// `done`, or `already-applied` where the same request was made before.
    outcome: &'static str,
    /// The version that it made.
    version: Version,
    /// What happened now.
    events: Vec<&'static str>,
}

/// The header `ETag`: the version that the next change is made on, as its `If-Match`.
struct Tag(Version);

impl IntoResponseParts for Tag {
    type Error = Infallible;

    fn into_response_parts(self, mut parts: ResponseParts) -> Result<ResponseParts, Infallible> {
        if let Ok(tag) = HeaderValue::try_from(format!("\"{}\"", self.0)) {
            parts.headers_mut().insert(header::ETAG, tag);
        }
        Ok(parts)
    }
}

impl Tag {
    /// After a change of settings or of access that was made on a version of them. It is not the version that is there by now: who
    /// goes on from that would undo what somebody else did meanwhile.
    fn after<E>(on: Version, answer: &Answer<E>) -> Self {
        let nothing = matches!(answer, Answer::Done { events, .. } if events.is_empty());
        Self(if nothing { on } else { on.next() })
    }
}

impl Done {
    fn of<A: Decider>(answer: &Answer<A::Event>) -> Self {
        let outcome = match answer {
            Answer::AlreadyApplied { .. } => "already-applied",
            _ => "done",
        };
        Self { outcome, version: answer.version(), events: answer.events().iter().map(A::event_name).collect() }
    }
}
