//! A stand-in for Meta, for demonstrations and tests: it answers on this machine as the Graph API does, and delivers what Meta
//! would deliver. It is not Meta, and each of its answers says so in the header `X-Stand-In`.
//!
//! What it knows it keeps in memory. A number, an account or a template that it has not met is answered as one that exists, so
//! that it works on after a restart; what it does not know of it, it leaves out.

mod calls;
mod decision;
mod deliveries;
mod fault;
mod meta;
mod templates;
mod written;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE};
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::middleware::{Next, from_fn, map_response};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use reqwest::{Client, Url};
use serde_json::{Value, json};
use whatsapp_inbox::whatsapp::delivery::AppSecret;

use self::fault::Fault;
use self::meta::Meta;

pub use self::decision::{CustomerWrites, Decision, NameReviewed, TemplateMoved, Until};

/// The header of each answer, and what it says.
pub const HEADER: (&str, &str) = ("x-stand-in", "not Meta");
/// The code that the stand-in sends: the right one for every number.
pub const RIGHT_CODE: &str = "123830";
/// The PIN that is no number's. Every other is.
pub const WRONG_PIN: &str = "000000";
/// The text that is refused when it is sent to a customer.
pub const REFUSED_TEXT: &str = "fail";
/// The text that is taken and does not arrive.
pub const LOST_TEXT: &str = "lose";
/// The text that is refused for now: too many are sent. The second time it is taken.
pub const LATER_TEXT: &str = "later";

/// As long as Meta waits for an answer to what it delivers.
const DELIVERY_SECONDS: u64 = 20;

/// What stands in for Meta.
#[derive(Debug)]
pub struct StandIn {
    meta: Mutex<Meta>,
    secret: AppSecret,
    webhook: Url,
    client: Client,
}

impl StandIn {
    /// One that signs with this secret, and delivers to this address of the service.
    ///
    /// # Errors
    ///
    /// The client that delivers could not be made.
    pub fn new(secret: AppSecret, webhook: Url) -> Result<Self, reqwest::Error> {
        let client = Client::builder().timeout(Duration::from_secs(DELIVERY_SECONDS)).no_proxy().build()?;
        Ok(Self { meta: Mutex::default(), secret, webhook, client })
    }

    fn meta(&self) -> MutexGuard<'_, Meta> {
        self.meta.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Delivers something, signed, and tells the status that the service answered.
    async fn deliver(&self, delivery: &Value) -> Result<StatusCode, reqwest::Error> {
        let body = written::as_meta_writes(delivery);
        let signature = self.secret.sign(body.as_bytes());
        let request = self.client.post(self.webhook.clone()).header(CONTENT_TYPE, "application/json");
        Ok(request.header("X-Hub-Signature-256", signature).body(body).send().await?.status())
    }
}

/// The routes of the stand-in: `/{version}/…` as the Graph API has them, and `/decide` for what Meta decides. The service nests
/// them, such as under `/graph-stand-in`.
pub fn router(stand_in: Arc<StandIn>) -> Router {
    let graph = Router::new()
        .route("/{version}/{id}", get(calls::node).post(calls::change))
        .route("/{version}/{id}/request_code", post(calls::request_code))
        .route("/{version}/{id}/verify_code", post(calls::verify_code))
        .route("/{version}/{id}/register", post(calls::register))
        .route("/{version}/{id}/messages", post(calls::messages))
        .route("/{version}/{id}/phone_numbers", post(calls::add_number))
        .route("/{version}/{id}/unpause", post(templates::unpause))
        .route(
            "/{version}/{id}/message_templates",
            get(templates::list).post(templates::create).delete(templates::delete),
        )
        .layer(from_fn(with_token));
    Router::new()
        .route("/decide", post(decide))
        .merge(graph)
        .fallback(unsupported)
        .method_not_allowed_fallback(unsupported)
        .layer(map_response(marked))
        .with_state(stand_in)
}

/// What Meta decides: a [`Decision`] in JSON. It is delivered to the service, whose status is told with what was delivered.
async fn decide(State(stand_in): State<Arc<StandIn>>, body: axum::body::Bytes) -> Response {
    let decision: Decision = match serde_json::from_slice(&body) {
        Ok(decision) => decision,
        Err(error) => return told(StatusCode::BAD_REQUEST, &format!("this is no decision: {error}")),
    };
    let delivery = deliveries::delivery(&decision, &mut stand_in.meta());
    match stand_in.deliver(&delivery).await {
        Ok(status) => axum::Json(json!({ "status": status.as_u16(), "delivery": delivery })).into_response(),
        Err(error) => told(StatusCode::BAD_GATEWAY, &format!("the service did not answer: {error}")),
    }
}

fn told(status: StatusCode, message: &str) -> Response {
    (status, axum::Json(json!({ "error": { "message": message } }))).into_response()
}

/// Meta answers nobody without a token. Which one is all the same here.
async fn with_token(request: Request, next: Next) -> Response {
    let header = request.headers().get(AUTHORIZATION).and_then(|header| header.to_str().ok());
    let token = header.and_then(|header| header.strip_prefix("Bearer ")).unwrap_or_default();
    if token.trim().is_empty() { Fault::token().into_response() } else { next.run(request).await }
}

async fn unsupported() -> Fault {
    Fault::new(100, "Unsupported request")
}

async fn marked(mut response: Response) -> Response {
    let (name, value) = (HeaderName::from_static(HEADER.0), HeaderValue::from_static(HEADER.1));
    response.headers_mut().insert(name, value);
    response
}
