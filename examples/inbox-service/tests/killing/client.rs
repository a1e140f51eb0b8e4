//! Whoever asks the service for something, and does not give up: the same request again, with the same key and through any
//! process, until it is answered.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use inbox_service::problem::chain;
use reqwest::header::{CONTENT_TYPE, ETAG, IF_MATCH};
use reqwest::{Method, RequestBuilder};
use serde_json::Value;
use tokio::time::Instant;
use whatsapp_inbox::uuid::Uuid;

use super::meta::{Delivery, Moment, Moments};
use super::process::Processes;
use super::random::Random;

/// Longer nobody waits in one go: the service itself ends a request before.
const PATIENCE: Duration = Duration::from_secs(20);
/// Who is not answered by then will never be.
const NEVER: Duration = Duration::from_mins(1);

/// A request.
#[derive(Debug, Clone)]
pub(crate) struct Ask {
    pub(crate) method: Method,
    pub(crate) path: String,
    /// The header that says who asks, and what it says.
    pub(crate) who: (&'static str, String),
    pub(crate) on: Option<u64>,
    pub(crate) key: Uuid,
    pub(crate) body: Value,
}

impl Ask {
    pub(crate) fn get(path: impl Into<String>, who: (&'static str, String)) -> Self {
        let (path, body) = (path.into(), Value::Null);
        Self { method: Method::GET, path, who, on: None, key: Uuid::nil(), body }
    }

    pub(crate) fn post(path: impl Into<String>, who: (&'static str, String), key: Uuid, body: Value) -> Self {
        Self { method: Method::POST, path: path.into(), who, on: None, key, body }
    }

    pub(crate) const fn on(mut self, version: u64) -> Self {
        self.on = Some(version);
        self
    }

    /// What is asked, in words: where, and what act it is.
    fn told(&self) -> String {
        let act = self.body.as_object().and_then(|act| act.keys().next());
        act.map_or_else(|| self.path.clone(), |act| format!("{} {act}", self.path))
    }

    fn request(&self, http: &reqwest::Client, base: &str) -> RequestBuilder {
        let request = http.request(self.method.clone(), format!("{base}{}", self.path)).header(self.who.0, &self.who.1);
        let request = match self.on {
            Some(version) => request.header(IF_MATCH, format!("\"{version}\"")),
            None => request,
        };
        if self.method == Method::GET {
            return request;
        }
        request.header("Idempotency-Key", self.key.to_string()).json(&self.body)
    }
}

/// What a request came to.
#[derive(Debug, Clone)]
pub(crate) struct Answered {
    pub(crate) status: u16,
    pub(crate) tag: Option<u64>,
    pub(crate) body: Value,
}

impl Answered {
    pub(crate) const fn done(&self) -> bool {
        matches!(self.status, 200..300)
    }
}

/// A command with its answer.
#[derive(Debug, Clone)]
pub(crate) struct Asked {
    pub(crate) ask: Ask,
    pub(crate) answer: Answered,
}

/// What was asked and answered so far.
#[derive(Debug, Default)]
pub(crate) struct Record {
    pub(crate) commands: Vec<Asked>,
    pub(crate) deliveries: Vec<Delivery>,
    /// So many requests were made for them.
    pub(crate) requests: u64,
    /// Those that were not answered although whoever made them waited.
    pub(crate) cut: Vec<Cut>,
}

/// A request that was not answered.
#[derive(Debug, Clone)]
pub(crate) struct Cut {
    pub(crate) process: usize,
    pub(crate) what: String,
    pub(crate) begun: Instant,
    pub(crate) ended: Instant,
    pub(crate) why: String,
}

/// What all clients share.
pub(crate) struct Clients {
    http: reqwest::Client,
    processes: Arc<Processes>,
    moments: Moments,
    /// So many out of a hundred requests are given up after a moment, and made again.
    pub(crate) impatient: u64,
    record: Mutex<Record>,
}

/// One of them.
pub(crate) struct Client {
    shared: Arc<Clients>,
    pub(crate) random: Random,
}

impl Clients {
    pub(crate) fn new(processes: Arc<Processes>, moments: Moments, impatient: u64) -> Arc<Self> {
        let http = reqwest::Client::builder().no_proxy().timeout(PATIENCE).build().unwrap();
        Arc::new(Self { http, processes, moments, impatient, record: Mutex::default() })
    }

    pub(crate) fn client(self: &Arc<Self>, random: Random) -> Client {
        Client { shared: Arc::clone(self), random }
    }

    pub(crate) fn record<T>(&self, look: impl FnOnce(&mut Record) -> T) -> T {
        look(&mut self.record.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Client {
    /// Gives a command, until it is answered.
    pub(crate) async fn command(&mut self, ask: Ask) -> Answered {
        let answer = self.answered(&ask, Some(Moment::CommandAnswered)).await;
        self.shared.record(|record| record.commands.push(Asked { ask, answer: answer.clone() }));
        answer
    }

    /// Reads something.
    pub(crate) async fn read(&mut self, path: impl Into<String>, who: (&'static str, String)) -> Answered {
        self.answered(&Ask::get(path, who), None).await
    }

    /// Gives a command and goes away: nobody hears of it, and nobody asks again.
    pub(crate) async fn abandoned(&mut self, ask: &Ask) {
        let process = self.process();
        if let Some(address) = self.shared.processes.address(process) {
            let request = ask.request(&self.shared.http, &format!("http://{address}"));
            _ = request.timeout(self.random.millis(1, 60)).send().await;
        }
    }

    async fn answered(&mut self, ask: &Ask, moment: Option<Moment>) -> Answered {
        self.until(|http, base| ask.request(http, base), moment, &ask.told()).await
    }

    /// Any of them, whether it runs or not.
    fn process(&mut self) -> usize {
        let count = u64::try_from(self.shared.processes.count()).unwrap();
        usize::try_from(self.random.below(count)).unwrap()
    }

    /// Delivers something as Meta does: until it is told that it was taken, and now and then once more.
    pub(crate) async fn deliver(&mut self, delivery: &Delivery) {
        let make = |http: &reqwest::Client, base: &str| {
            let request = http.post(format!("{base}/webhook")).header(CONTENT_TYPE, "application/json");
            request.header("X-Hub-Signature-256", &delivery.signature).body(delivery.body.clone())
        };
        let times = if self.random.percent(15) { 2 } else { 1 };
        for _ in 0..times {
            let answer = self.until(make, Some(Moment::DeliveryAnswered), "/webhook").await;
            assert!(answer.done(), "Meta's own delivery was answered {answer:?}");
        }
        self.shared.record(|record| record.deliveries.push(delivery.clone()));
    }

    async fn until(
        &mut self,
        make: impl Fn(&reqwest::Client, &str) -> RequestBuilder,
        moment: Option<Moment>,
        what: &str,
    ) -> Answered {
        let begun = Instant::now();
        loop {
            assert!(begun.elapsed() < NEVER, "nobody answers {what}");
            let process = self.process();
            if let Some(address) = self.shared.processes.address(process) {
                let mut request = make(&self.shared.http, &format!("http://{address}"));
                // Who is impatient hangs up, and has the same done by another while the first is still at it.
                let impatient = self.random.percent(self.shared.impatient);
                if impatient {
                    request = request.timeout(self.random.millis(1, 60));
                }
                self.shared.record(|record| record.requests += 1);
                let begun = Instant::now();
                match answer(request).await {
                    Ok(Some(answer)) => {
                        if let Some(moment) = moment.filter(|_| answer.done()) {
                            self.shared.moments.tell(moment, process);
                        }
                        return answer;
                    }
                    Ok(None) => {}
                    Err(_) if impatient => {}
                    Err(error) => {
                        let (what, why) = (what.to_owned(), chain(&error));
                        let cut = Cut { process, what, begun, ended: Instant::now(), why };
                        self.shared.record(|record| record.cut.push(cut));
                    }
                }
            }
            tokio::time::sleep(self.random.millis(10, 80)).await;
        }
    }
}

/// An answer that settles it: nothing where the service asks for the same again.
async fn answer(request: RequestBuilder) -> Result<Option<Answered>, reqwest::Error> {
    let answer = request.send().await?;
    let status = answer.status().as_u16();
    let tag = answer.headers().get(ETAG).and_then(|tag| tag.to_str().ok()?.trim_matches('"').parse().ok());
    let bytes = answer.bytes().await?;
    let body: Value = serde_json::from_slice(&bytes).unwrap_or_default();
    let again = matches!(status, 408 | 503) || body["code"] == "conflict";
    Ok((!again).then_some(Answered { status, tag, body }))
}
