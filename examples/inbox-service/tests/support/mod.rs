//! What the tests talk to: servers on a loopback port, and a host that knows one line, one customer and two templates.
#![allow(dead_code, unreachable_pub, reason = "each test program uses a part of it")]

use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::header::AUTHORIZATION;
use axum::http::{HeaderMap, Method, StatusCode, Uri};
use inbox_service::graph::{Graph, Patience, Token};
use inbox_service::host::{Customer, Host, Spot};
use inbox_service::stand_in::{self, StandIn};
use inbox_service::stored::Stored;
use inbox_service::tables::{Sqlite, Tables};
use reqwest::Url;
use serde_json::Value;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpSocket};
use whatsapp_inbox::decider::{Actor, Context, Decider, Fingerprint, Policy};
use whatsapp_inbox::id::{
    ChannelId, CommandId, ConversationId, OnboardingId, OperatorId, OrganisationId, TemplateId, UserId,
};
use whatsapp_inbox::onboarding::{Attestation, Command, Details, Onboarding, Plan, TextReference};
use whatsapp_inbox::port::{Commit, Loaded, Metadata, Store};
use whatsapp_inbox::time::Instant;
use whatsapp_inbox::uuid::Uuid;
use whatsapp_inbox::whatsapp::delivery::AppSecret;
use whatsapp_inbox::whatsapp::{
    BusinessManagerId, DisplayName, LineKind, PhoneNumber, PhoneNumberId, TemplateKey, WabaId,
};

pub const TOKEN: &str = "EAAtoken-that-nobody-may-see";
pub const SECRET: &str = "5f2b7c9e";
const BAKERY: OrganisationId = OrganisationId::new(Uuid::from_u128(1));
pub const ONBOARDING: OnboardingId = OnboardingId::new(BAKERY, Uuid::from_u128(2));
pub const CONVERSATION: ConversationId = ConversationId::new(BAKERY, Uuid::from_u128(3));
/// Meta's id of it is known.
pub const TEMPLATE: TemplateId = TemplateId::new(BAKERY, Uuid::from_u128(4));
/// Meta's id of it is not known.
pub const ADOPTED: TemplateId = TemplateId::new(BAKERY, Uuid::from_u128(5));
/// The host does not know these.
pub const NO_CONVERSATION: ConversationId = ConversationId::new(BAKERY, Uuid::from_u128(6));
pub const NO_ONBOARDING: OnboardingId = OnboardingId::new(BAKERY, Uuid::from_u128(7));

pub fn number() -> PhoneNumber {
    PhoneNumber::new("+49 40 1234567").unwrap()
}

pub fn phone_number() -> PhoneNumberId {
    PhoneNumberId::new("106540352242922").unwrap()
}

pub fn account() -> WabaId {
    WabaId::new("70414200118").unwrap()
}

pub fn customer() -> Customer {
    Customer { phone_number: phone_number(), wa_id: "16315551181".to_owned(), name: "Cleo".to_owned() }
}

/// A host over new files of SQLite.
pub fn host() -> Arc<Host> {
    let made = || tokio::runtime::Runtime::new().unwrap().block_on(made());
    // A test is in a runtime already, which must not wait for another.
    std::thread::spawn(made).join().unwrap()
}

async fn made() -> Arc<Host> {
    // The folder stays until the test ends.
    let folder = tempfile::tempdir().unwrap().keep();
    let store = Arc::new(Stored::Sqlite(sqlite_store::Sqlite::open(folder.join("inbox.db")).unwrap()));
    let tables = Tables::Sqlite(Sqlite::open(&folder.join("host.db")).unwrap());
    let host = Host::open(tables, Arc::clone(&store)).await.unwrap();
    onboard(&store).await;
    let channel = ChannelId::new(BAKERY, Uuid::from_u128(8));
    host.note_channel(channel, Some((&phone_number(), &account()))).await.unwrap();
    let Customer { wa_id, name, .. } = customer();
    host.note_conversation(&Spot { id: CONVERSATION, channel, wa_id, name }).await.unwrap();
    for (id, name, meta_id) in [(TEMPLATE, "loaf_ready", Some("594425479261596")), (ADOPTED, "oven_cold", None)] {
        host.note_template(id, &account(), &TemplateKey::new(name, "en_US").unwrap()).await.unwrap();
        if let Some(meta_id) = meta_id {
            host.note_template_id(id, meta_id).await.unwrap();
        }
    }
    Arc::new(host)
}

/// An onboarding up to its account.
async fn onboard(store: &Stored) {
    let text = TextReference::new("agreement 1").unwrap();
    let business = BusinessManagerId::new("203040506070809").unwrap();
    let details = Details::new(number(), LineKind::Mobile, business, DisplayName::new("Harbour Bakery").unwrap());
    let start = Command::Start {
        id: ONBOARDING,
        plan: Plan::Walkthrough,
        business_manager: Attestation::Given,
        security_center: Attestation::Given,
        takes_over: None,
    };
    let (admin, operator) =
        (Actor::Admin(UserId::new(BAKERY, Uuid::from_u128(9))), OperatorId::new(Uuid::from_u128(1)));
    let steps = [
        (admin, start),
        (admin, Command::SignAgreement { text: text.clone() }),
        (admin, Command::AcceptTerms { text }),
        (admin, Command::SubmitDetails(details)),
        (Actor::Operator(operator), Command::CreateAccount { account: account(), phone_number: phone_number() }),
    ];
    let policy = Policy::default();
    for (n, (actor, step)) in (1..).zip(steps) {
        let id = CommandId::new(Uuid::from_u128(n));
        let Loaded { state, version, .. } = Store::<Onboarding>::load(store, ONBOARDING, None).await.unwrap();
        let fingerprint = Fingerprint::of(&step);
        let events = state.decide(step, &Context::new(Instant::MIN, actor, id, &policy)).unwrap();
        let metadata = Metadata::new(id, actor, Instant::MIN);
        store.commit(Commit::new(ONBOARDING, (state, version), events, metadata, fingerprint)).await.unwrap();
    }
}

pub fn graph(base: &str) -> Graph {
    graph_of(base, host())
}

pub fn graph_of(base: &str, host: Arc<Host>) -> Graph {
    let patience = Patience::new(Duration::from_secs(5), Duration::from_secs(5));
    Graph::with_patience(Url::parse(base).unwrap(), Token::new(TOKEN).unwrap(), host, patience).unwrap()
}

pub async fn serve(router: Router) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, router).await });
    address
}

/// A call as it came over the wire.
#[derive(Debug, Clone)]
pub struct Call {
    pub method: Method,
    pub path: String,
    pub token: String,
    pub body: Value,
}

/// A server that answers every call the same, and writes them down.
#[derive(Debug, Clone)]
pub struct Scripted {
    pub base: String,
    status: StatusCode,
    body: String,
    location: Option<String>,
    calls: Arc<Mutex<Vec<Call>>>,
}

impl Scripted {
    pub async fn new(status: u16, body: &str) -> Self {
        Self::moved(status, body, None).await
    }

    pub async fn moved(status: u16, body: &str, location: Option<&str>) -> Self {
        let mut scripted = Self {
            base: String::new(),
            status: StatusCode::from_u16(status).unwrap(),
            body: body.to_owned(),
            location: location.map(str::to_owned),
            calls: Arc::default(),
        };
        let address = serve(Router::new().fallback(answer).with_state(scripted.clone())).await;
        scripted.base = format!("http://{address}/v23.0");
        scripted
    }

    pub fn calls(&self) -> Vec<Call> {
        self.calls.lock().unwrap().clone()
    }
}

async fn answer(
    State(scripted): State<Scripted>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> (StatusCode, HeaderMap, String) {
    let token = headers.get(AUTHORIZATION).and_then(|token| token.to_str().ok()).unwrap_or_default().to_owned();
    let body = serde_json::from_slice(&body).unwrap_or_default();
    scripted.calls.lock().unwrap().push(Call { method, path: uri.to_string(), token, body });
    let location = scripted.location.map(|location| ("location".parse().unwrap(), location.parse().unwrap()));
    (scripted.status, location.into_iter().collect(), scripted.body)
}

/// A server that accepts, sends so much and then nothing, and never hangs up.
pub async fn silent(said: &'static [u8]) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        let mut held = Vec::new();
        while let Ok((mut stream, _)) = listener.accept().await {
            let _ = stream.write_all(said).await;
            held.push(stream);
        }
    });
    format!("http://{address}/v23.0")
}

/// An address where nobody listens, as long as the socket is held: a port that is let go may be the next test's.
pub fn nobody() -> (SocketAddr, TcpSocket) {
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    (socket.local_addr().unwrap(), socket)
}

/// A server that answers the first request of a connection and hangs up on the second, and counts what it was asked.
pub async fn hanging_up() -> (String, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let asked = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&asked);
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            for answer in [b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}".as_slice(), b""] {
                // What these tests ask fits into one read.
                if stream.read(&mut [0; 4096]).await.is_ok_and(|read| read > 0) {
                    count.fetch_add(1, Ordering::SeqCst);
                    stream.write_all(answer).await.unwrap();
                }
            }
        }
    });
    (format!("http://{address}/v23.0"), asked)
}

/// A delivery as it arrived: its signature and its body.
pub type Delivered = (String, Vec<u8>);

/// The stand-in as the service nests it, with a webhook that answers a status and writes down what arrives.
pub struct Demonstration {
    pub address: SocketAddr,
    pub base: String,
    delivered: Arc<Mutex<Vec<Delivered>>>,
}

impl Demonstration {
    pub async fn answering(status: u16) -> Self {
        let status = StatusCode::from_u16(status).unwrap();
        let delivered: Arc<Mutex<Vec<Delivered>>> = Arc::default();
        let kept = Arc::clone(&delivered);
        let webhook = axum::routing::post(async move |headers: HeaderMap, body: Bytes| {
            let signature = headers.get("X-Hub-Signature-256").and_then(|header| header.to_str().ok());
            kept.lock().unwrap().push((signature.unwrap_or_default().to_owned(), body.to_vec()));
            status
        });
        let hook = serve(Router::new().route("/webhook", webhook)).await;
        let hook = Url::parse(&format!("http://{hook}/webhook")).unwrap();
        let stand_in = Arc::new(StandIn::new(AppSecret::new(SECRET).unwrap(), hook).unwrap());
        let address = serve(Router::new().nest("/graph-stand-in", stand_in::router(stand_in))).await;
        Self { address, base: format!("http://{address}/graph-stand-in/v23.0"), delivered }
    }

    /// Has Meta decide something, and gives the stand-in's status and answer.
    pub async fn decide(&self, decision: &Value) -> (u16, Value) {
        let url = format!("http://{}/graph-stand-in/decide", self.address);
        let client = reqwest::Client::builder().no_proxy().build().unwrap();
        let answer = client.post(url).json(decision).send().await.unwrap();
        assert_eq!(answer.headers()[stand_in::HEADER.0], stand_in::HEADER.1);
        (answer.status().as_u16(), answer.json().await.unwrap())
    }

    pub fn delivered(&self) -> Vec<Delivered> {
        self.delivered.lock().unwrap().clone()
    }
}
