//! A service that runs for one test.

use std::env;
use std::net::SocketAddr;
use std::time::Duration;

use inbox_service::clock;
use inbox_service::config::{Config, GraphApi, Meta, Storage, VerifyToken};
use inbox_service::graph::Token;
use inbox_service::start::{Started, start};
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use reqwest::{Client, Method};
use serde_json::Value;
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;
use whatsapp_inbox::id::{ChannelId, UserId};
use whatsapp_inbox::uuid::Uuid;
use whatsapp_inbox::whatsapp::delivery::AppSecret;

use super::answer::Answer;
use super::logs;
use super::rows::{Counts, Rows};

/// Longer than anything may take that answers at once.
pub(crate) const PATIENCE: Duration = Duration::from_secs(30);

/// The service with the demonstration organisation in it, over one of the two databases.
pub(crate) struct World {
    /// Which of the two.
    pub(crate) kind: &'static str,
    pub(crate) address: SocketAddr,
    pub(crate) started: Started,
    pub(crate) rows: Rows,
    client: Client,
    stop: CancellationToken,
    _folder: TempDir,
}

/// A request that is being put together.
pub(crate) struct Ask<'a> {
    world: &'a World,
    method: Method,
    path: String,
    headers: HeaderMap,
    body: Option<Vec<u8>>,
}

/// Runs a test on SQLite, and on PostgreSQL where there is one.
pub(crate) async fn on_each(test: impl AsyncFn(&World)) {
    let sqlite = World::on_sqlite().await;
    test(&sqlite).await;
    sqlite.end().await;
    match env::var("DATABASE_URL") {
        Ok(url) => {
            let postgres = World::on_postgres(&url).await;
            test(&postgres).await;
            postgres.end().await;
        }
        Err(_) => assert!(env::var("CI").is_err(), "where all is checked, DATABASE_URL names a PostgreSQL"),
    }
}

impl World {
    pub(crate) async fn on_sqlite() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let storage = Storage::Folder(folder.path().to_owned());
        let rows = Rows::Sqlite(folder.path().to_owned());
        Self::new("SQLite", storage, rows, folder).await
    }

    async fn on_postgres(url: &str) -> Self {
        let name = format!("inbox_api_{}", clock::new_id().simple());
        let (rows, here) = Rows::new_database(url, &name).await;
        Self::new("PostgreSQL", Storage::Database(here), rows, tempfile::tempdir().unwrap()).await
    }

    /// One that is no demonstration: Meta is at an address where nobody answers, and nobody is there yet.
    pub(crate) async fn without_demonstration() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let storage = Storage::Folder(folder.path().to_owned());
        let rows = Rows::Sqlite(folder.path().to_owned());
        let graph = GraphApi {
            url: "http://127.0.0.1:9/v23.0".parse().unwrap(),
            token: Token::new("token").unwrap(),
            secret: AppSecret::new("it is no secret").unwrap(),
            verify_token: VerifyToken::new("verify".to_owned()),
        };
        Self::with("SQLite", storage, Meta::Graph(Box::new(graph)), rows, folder).await
    }

    async fn new(kind: &'static str, storage: Storage, rows: Rows, folder: TempDir) -> Self {
        Self::with(kind, storage, Meta::StandIn, rows, folder).await
    }

    async fn with(kind: &'static str, storage: Storage, meta: Meta, rows: Rows, folder: TempDir) -> Self {
        logs::listen();
        let stop = CancellationToken::new();
        let listen = SocketAddr::from(([127, 0, 0, 1], 0));
        let started = start(Config { listen, storage, meta }, &stop).await.unwrap();
        let client = Client::builder().no_proxy().timeout(PATIENCE).build().unwrap();
        let world = Self { kind, address: started.address, started, rows, client, stop, _folder: folder };
        world.quiet().await;
        world
    }

    async fn end(self) {
        self.stop.cancel();
        drop(self.client);
        tokio::time::timeout(PATIENCE, self.started.stopped(&self.stop)).await.unwrap();
        self.rows.drop_database().await;
    }

    /// Waits until whatever follows has followed, and says how many rows there are then.
    pub(crate) async fn quiet(&self) -> Counts {
        let mut before = self.rows.counts().await;
        for _ in 0..100 {
            tokio::time::sleep(Duration::from_millis(150)).await;
            let counts = self.rows.counts().await;
            let left = self.rows.number("SELECT count(*) FROM effects").await;
            let unread = self.rows.number("SELECT count(*) FROM deliveries WHERE state = 'new'").await;
            // Of what was sent Meta reports something.
            let unsent = "SELECT count(*) FROM messages WHERE state IN ('asked', 'to-send', 'sending', 'sent')";
            let unsent = self.rows.number(unsent).await;
            if counts == before && left + unread + unsent == 0 {
                return counts;
            }
            before = counts;
        }
        panic!("{}: it does not come to rest", self.kind)
    }

    pub(crate) fn ask(&self, method: &str, path: &str) -> Ask<'_> {
        let method = method.parse().unwrap();
        Ask { world: self, method, path: path.to_owned(), headers: HeaderMap::new(), body: None }
    }

    /// A delivery that Meta has signed.
    pub(crate) fn delivery(&self, body: &[u8]) -> Ask<'_> {
        let signature = self.started.app.secret.sign(body);
        self.ask("POST", "/webhook").header("x-hub-signature-256", &signature).bytes("application/json", body)
    }

    /// The version of a channel's settings that stands, as its `ETag`.
    pub(crate) async fn settings_tag(&self, channel: ChannelId) -> String {
        let told = self.ask("GET", &format!("/api/channels/{channel}/settings")).by(inbox_service::demo::MARA).send();
        told.await.headers["etag"].to_str().unwrap().to_owned()
    }

    /// The version of a channel's access that stands, in quotation marks.
    pub(crate) async fn access_tag(&self, channel: ChannelId) -> String {
        let told = self.ask("GET", "/api/access").by(inbox_service::demo::MARA).send().await.json();
        let is_it = |told: &&Value| told["id"] == channel.to_string();
        let found = told["channels"].as_array().unwrap().iter().find(is_it).unwrap();
        format!("\"{}\"", found["version"])
    }
}

impl Ask<'_> {
    pub(crate) fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.append(name.parse::<HeaderName>().unwrap(), HeaderValue::from_bytes(value.as_bytes()).unwrap());
        self
    }

    pub(crate) fn by(self, person: UserId) -> Self {
        self.header("x-user", &person.to_string())
    }

    pub(crate) fn operator(self) -> Self {
        self.header("x-operator", &inbox_service::demo::OPERATOR.to_string())
    }

    pub(crate) fn key(self, key: Uuid) -> Self {
        self.header("idempotency-key", &key.to_string())
    }

    pub(crate) fn on(self, tag: &str) -> Self {
        self.header("if-match", tag)
    }

    pub(crate) fn json(self, body: &Value) -> Self {
        self.bytes("application/json", body.to_string().as_bytes())
    }

    pub(crate) fn bytes(self, kind: &str, body: &[u8]) -> Self {
        let mut with = self.header("content-type", kind);
        with.body = Some(body.to_vec());
        with
    }

    pub(crate) async fn send(self) -> Answer {
        let url = format!("http://{}{}", self.world.address, self.path);
        let what = format!("{}: {} {}", self.world.kind, self.method, self.path);
        let mut request = self.world.client.request(self.method, url).headers(self.headers);
        if let Some(body) = self.body {
            request = request.body(body);
        }
        let answer = request.send().await.unwrap_or_else(|error| panic!("{what}: {error:?}"));
        Answer::read(what, answer).await
    }
}
