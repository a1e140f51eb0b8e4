//! Meta, in the test's process, so that its calls are counted over every kill: the stand-in behind a layer that writes down
//! each call, takes its time, and now and then loses the answer.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use axum::Router;
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{Request, State};
use axum::http::header::AUTHORIZATION;
use axum::http::{HeaderMap, Method, StatusCode};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse as _, Response};
use axum::routing::post;
use inbox_service::stand_in::{self, StandIn};
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::sync::broadcast;
use tokio::sync::broadcast::error::RecvError;
use whatsapp_inbox::whatsapp::delivery::AppSecret;

use super::client::Client;
use super::random::Random;

pub(crate) const APP_SECRET: &str = "the test signs with this";
pub(crate) const VERIFY_TOKEN: &str = "kill";

/// The token of a process, by which Meta tells them apart.
pub(crate) fn token(process: usize) -> String {
    format!("process-{process}")
}

/// Something that was seen from outside: the moments at which a kill may do the most harm.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Moment {
    /// A call to Meta has arrived.
    CallBegun,
    /// The same, and whoever entered a code or a PIN waits for the answer.
    EntryBegun,
    /// Meta has answered.
    CallAnswered,
    /// Meta was told that a delivery was taken.
    DeliveryAnswered,
    /// Somebody was told that a command is done.
    CommandAnswered,
}

/// Who wants to know of moments.
#[derive(Debug, Clone)]
pub(crate) struct Moments(broadcast::Sender<(Moment, usize)>);

impl Moments {
    pub(crate) fn new() -> Self {
        Self(broadcast::Sender::new(1024))
    }

    pub(crate) fn tell(&self, moment: Moment, process: usize) {
        // Mostly nobody listens.
        _ = self.0.send((moment, process));
    }

    /// The process of the next moment of this kind.
    pub(crate) async fn next(&self, wanted: Moment) -> usize {
        let mut moments = self.0.subscribe();
        loop {
            match moments.recv().await {
                Ok((moment, process)) if moment == wanted => return process,
                Ok(_) | Err(RecvError::Lagged(_)) => {}
                Err(RecvError::Closed) => unreachable!("the sender is held here"),
            }
        }
    }
}

/// A call that changes something.
#[derive(Debug, Clone)]
pub(crate) struct Call {
    /// Its path after the version: the node, and what is asked of it.
    pub(crate) path: String,
    pub(crate) body: Value,
}

impl Call {
    /// To whom a message goes: the channel's number at Meta and the customer.
    pub(crate) fn to(&self) -> Option<(&str, &str)> {
        let number = self.path.strip_suffix("/messages")?;
        Some((number, self.body["to"].as_str()?))
    }

    /// The text of a message that has one.
    pub(crate) fn text(&self) -> Option<&str> {
        self.body.pointer("/text/body")?.as_str()
    }
}

/// What Meta reports of messages that it has taken.
#[derive(Debug, Default)]
pub(crate) struct Reports {
    /// What is still to be delivered, and how much of it somebody is at.
    waiting: Vec<Delivery>,
    held: usize,
    /// How far each message is, by its mark.
    pub(crate) told: BTreeMap<String, &'static str>,
}

impl Reports {
    fn keep(&mut self, delivery: Delivery) {
        let told: Value = serde_json::from_slice(&delivery.body).unwrap();
        let status = &told["entry"][0]["changes"][0]["value"]["statuses"][0];
        let state = match status["status"].as_str().unwrap() {
            "sent" => "sent",
            "delivered" => "delivered",
            "failed" => "failed",
            other => panic!("the stand-in reports {other}"),
        };
        if let Some(mark) = status["biz_opaque_callback_data"].as_str() {
            // It reports them in their order, whatever the order in which they are delivered.
            self.told.insert(mark.to_owned(), state);
        }
        self.waiting.push(delivery);
    }

    /// How many are not delivered yet.
    pub(crate) fn left(&self) -> usize {
        self.waiting.len() + self.held
    }
}

/// A delivery as Meta sends it: its signature and its bytes.
#[derive(Debug, Clone)]
pub(crate) struct Delivery {
    pub(crate) signature: String,
    pub(crate) body: Bytes,
}

impl Delivery {
    pub(crate) fn of(value: &Value) -> Self {
        let body = Bytes::from(value.to_string());
        let signature = AppSecret::new(APP_SECRET).unwrap().sign(&body);
        Self { signature, body }
    }
}

/// Meta.
pub(crate) struct Meta {
    /// Where the Graph API answers, with its version.
    pub(crate) graph: String,
    decide: String,
    calls: Arc<Mutex<Vec<Call>>>,
    office: Arc<Mutex<Vec<Delivery>>>,
    reports: Arc<Mutex<Reports>>,
    /// One decision at a time, so that what comes to the office is that decision's.
    deciding: tokio::sync::Mutex<reqwest::Client>,
}

/// How slow Meta is: so many out of a hundred calls take up to so many milliseconds before they are done, and after.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Slowness {
    pub(crate) percent: u64,
    pub(crate) millis: u64,
}

#[derive(Clone)]
struct Counter {
    calls: Arc<Mutex<Vec<Call>>>,
    random: Arc<Mutex<Random>>,
    moments: Moments,
    slowness: Slowness,
}

impl Meta {
    /// Serves it.
    pub(crate) async fn serve(random: Random, moments: Moments, slowness: Slowness) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let office: Arc<Mutex<Vec<Delivery>>> = Arc::default();
        let reports: Arc<Mutex<Reports>> = Arc::default();
        let (kept, told) = (Arc::clone(&office), Arc::clone(&reports));
        // What is decided, and what is reported, comes here first: to deliver it until somebody takes it is the test's part.
        let keep = post(async move |headers: HeaderMap, body: Bytes| {
            let signature = headers["x-hub-signature-256"].to_str().unwrap().to_owned();
            let delivery = Delivery { signature, body };
            if String::from_utf8_lossy(&delivery.body).contains("\"statuses\"") {
                told.lock().unwrap_or_else(PoisonError::into_inner).keep(delivery);
            } else {
                kept.lock().unwrap_or_else(PoisonError::into_inner).push(delivery);
            }
        });
        let webhook = format!("http://{address}/office").parse().unwrap();
        let stand_in = Arc::new(StandIn::new(AppSecret::new(APP_SECRET).unwrap(), webhook).unwrap());
        let calls: Arc<Mutex<Vec<Call>>> = Arc::default();
        let counter = Counter { calls: Arc::clone(&calls), random: Arc::new(Mutex::new(random)), moments, slowness };
        let router = Router::new()
            .nest("/meta", stand_in::router(stand_in).layer(from_fn_with_state(counter, count)))
            .route("/office", keep);
        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self {
            graph: format!("http://{address}/meta/v23.0"),
            decide: format!("http://{address}/meta/decide"),
            calls,
            office,
            reports,
            deciding: tokio::sync::Mutex::new(reqwest::Client::builder().no_proxy().build().unwrap()),
        }
    }

    /// The calls so far.
    pub(crate) fn calls(&self) -> Vec<Call> {
        self.calls.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// What Meta reports.
    pub(crate) fn reports<T>(&self, look: impl FnOnce(&mut Reports) -> T) -> T {
        look(&mut self.reports.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Delivers what Meta reports, in any order and for ever.
    pub(crate) async fn report(&self, mut client: Client) {
        loop {
            let which = client.random.next();
            let next = self.reports(|reports| {
                let count = u64::try_from(reports.waiting.len()).unwrap();
                let which = usize::try_from(which.checked_rem(count)?).unwrap();
                reports.held += 1;
                Some(reports.waiting.swap_remove(which))
            });
            if let Some(next) = next {
                client.deliver(&next).await;
                self.reports(|reports| reports.held -= 1);
            } else {
                tokio::time::sleep(client.random.millis(5, 40)).await;
            }
        }
    }

    /// What Meta delivers because of a decision.
    pub(crate) async fn decide(&self, decision: &Value) -> Delivery {
        let client = self.deciding.lock().await;
        let answer = client.post(&self.decide).json(decision).send().await.unwrap();
        assert!(answer.status().is_success(), "{}: {decision}", answer.text().await.unwrap());
        self.office.lock().unwrap_or_else(PoisonError::into_inner).pop().unwrap()
    }
}

/// Counts a call when it arrives: whatever becomes of the caller, Meta may have done it.
async fn count(State(counter): State<Counter>, request: Request, next: Next) -> Response {
    let (head, body) = request.into_parts();
    let bearer = head.headers.get(AUTHORIZATION).and_then(|header| header.to_str().ok());
    let process = bearer.and_then(|bearer| bearer.strip_prefix("Bearer process-")?.parse().ok());
    let Some(process) = process else { return next.run(Request::from_parts(head, body)).await };
    let body = to_bytes(body, usize::MAX).await.unwrap();
    let mut entry = false;
    if head.method != Method::GET {
        let path = head.uri.path().trim_start_matches("/v23.0/").to_owned();
        let body = serde_json::from_slice(&body).unwrap_or_default();
        entry = path.ends_with("/verify_code") || path.ends_with("/register");
        counter.calls.lock().unwrap_or_else(PoisonError::into_inner).push(Call { path, body });
    }
    counter.moments.tell(Moment::CallBegun, process);
    if entry {
        counter.moments.tell(Moment::EntryBegun, process);
    }
    let (before, after, lost) = {
        let mut random = counter.random.lock().unwrap_or_else(PoisonError::into_inner);
        let to = if random.percent(counter.slowness.percent) { counter.slowness.millis } else { 8 };
        (random.millis(0, to), random.millis(0, to), random.percent(2))
    };
    tokio::time::sleep(before).await;
    let answer = next.run(Request::from_parts(head, Body::from(body))).await;
    tokio::time::sleep(after).await;
    counter.moments.tell(Moment::CallAnswered, process);
    if lost { (StatusCode::BAD_GATEWAY, "something in between has failed").into_response() } else { answer }
}
