//! The service, put together from its parts and started.

use std::error::Error;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::http::{HeaderName, HeaderValue, header};
use axum::middleware::from_fn;
use deadpool_postgres::{Manager, Pool};
use postgres_store::Postgres;
use tokio::net::TcpListener;
use tokio::sync::Notify;
use tokio_postgres::NoTls;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tower_http::compression::CompressionLayer;
use tower_http::set_header::SetResponseHeaderLayer;
use tower_http::trace::TraceLayer;
use whatsapp_inbox::service::Service;
use whatsapp_inbox::whatsapp::delivery::AppSecret;

use crate::app::App;
use crate::config::{Config, ConfigError, GraphApi, Meta, Storage, VerifyToken};
use crate::graph::{Graph, Token};
use crate::host::Host;
use crate::stand_in::{self, StandIn};
use crate::stored::Stored;
use crate::tables::{Sqlite, Tables};
use crate::{api, clock, demo, pages, serve, work};

/// So many connections to PostgreSQL each process has at most.
const CONNECTIONS: usize = 16;
/// So long what was begun may take to end, once it is time to stop.
const GRACE: Duration = Duration::from_secs(10);
/// What the stand-in signs with, which is no secret.
const STAND_IN_SECRET: &str = "the stand-in signs with this, and it is no secret";

/// A service that runs.
#[derive(Debug)]
pub struct Started {
    /// Where it listens.
    pub address: SocketAddr,
    /// Its parts.
    pub app: Arc<App>,
    tasks: TaskTracker,
}

impl Started {
    /// Waits until it was told to stop, and what was begun has ended or has taken too long.
    pub async fn stopped(self, stop: &CancellationToken) {
        stop.cancelled().await;
        self.tasks.close();
        if tokio::time::timeout(GRACE, self.tasks.wait()).await.is_err() {
            tracing::warn!("something did not end in time; it is taken up again at the next start");
        }
    }
}

/// Starts it, and returns when it answers.
///
/// # Errors
///
/// Where it cannot listen, or where its storage cannot be opened.
pub async fn start(config: Config, stop: &CancellationToken) -> Result<Started, Box<dyn Error + Send + Sync>> {
    let listener = TcpListener::bind(config.listen)
        .await
        .map_err(|error| ConfigError::new("LISTEN", format!("{}: {error}", config.listen)))?;
    let address = listener.local_addr()?;
    let named = match &config.storage {
        Storage::Folder(_) => "DATA",
        Storage::Database(_) => "DATABASE_URL",
    };
    let opened = async {
        let (tables, store) = storage(&config.storage).await?;
        let store = Arc::new(store);
        Ok::<_, Box<dyn Error + Send + Sync>>((Arc::new(Host::open(tables, Arc::clone(&store)).await?), store))
    };
    let (host, store) = opened.await.map_err(|error| ConfigError::of(named, &*error))?;
    let here = format!("http://{}", reachable(address));
    let (graph, secret, verify_token, stand_in) = meta(config.meta, &here, &host)?;
    let demonstration = stand_in.is_some();
    let service = Service::new(store, Arc::clone(&host), graph);
    let tasks = TaskTracker::new();
    let (delivered, happened, replied) = (Notify::new(), Notify::new(), Notify::new());
    let app = Arc::new(App {
        service,
        host,
        secret,
        verify_token,
        demonstration,
        delivered,
        happened,
        replied,
        tasks: tasks.clone(),
    });
    let router = router(&app, stand_in);
    tasks.spawn(serve::serve(listener, router, stop.clone()));
    // The stand-in is called for it, and nothing else may be done with it before it is complete.
    if demonstration {
        if app.host.organisations().await?.iter().any(|known| known.id != demo::BAKERY && known.id != demo::FLOWERS) {
            let why = "the storage holds organisations that are no demonstration: without GRAPH_URL anybody could be anybody there";
            return Err(why.into());
        }
        demo::seed(&app, clock::now()).await?;
    }
    work::begin(&app, stop, &tasks);
    Ok(Started { address, app, tasks })
}

/// An address that listens on every interface is reached on this machine.
fn reachable(address: SocketAddr) -> SocketAddr {
    let local = if address.is_ipv4() { [127, 0, 0, 1].into() } else { std::net::Ipv6Addr::LOCALHOST.into() };
    if address.ip().is_unspecified() { SocketAddr::new(local, address.port()) } else { address }
}

/// The host's tables and the store. In a folder they are two files, so that neither waits for the other to write.
async fn storage(storage: &Storage) -> Result<(Tables, Stored), Box<dyn Error + Send + Sync>> {
    Ok(match storage {
        Storage::Folder(folder) => {
            std::fs::create_dir_all(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
            let tables = Tables::Sqlite(Sqlite::open(&folder.join("host.db"))?);
            (tables, Stored::Sqlite(sqlite_store::Sqlite::open(folder.join("inbox.db"))?))
        }
        Storage::Database(url) => {
            // The store and the tables wait for each other in no transaction, so one pool serves both.
            let pool = Pool::builder(Manager::new(url.parse()?, NoTls)).max_size(CONNECTIONS).build()?;
            let store = Postgres::new(pool.clone());
            store.migrate().await?;
            (Tables::Postgres(pool), Stored::Postgres(store))
        }
    })
}

type Answers = (Graph, AppSecret, VerifyToken, Option<Arc<StandIn>>);

fn meta(meta: Meta, here: &str, host: &Arc<Host>) -> Result<Answers, Box<dyn Error + Send + Sync>> {
    Ok(match meta {
        Meta::Graph(graph) => {
            let GraphApi { url, token, secret, verify_token } = *graph;
            (Graph::new(url, token, Arc::clone(host))?, secret, verify_token, None)
        }
        Meta::StandIn => {
            let secret = AppSecret::new(STAND_IN_SECRET)?;
            let stand_in = StandIn::new(AppSecret::new(STAND_IN_SECRET)?, format!("{here}/webhook").parse()?)?;
            let url = format!("{here}/graph-stand-in/v23.0").parse()?;
            let graph = Graph::new(url, Token::new("stand-in")?, Arc::clone(host))?;
            (graph, secret, VerifyToken::new("stand-in".to_owned()), Some(Arc::new(stand_in)))
        }
    })
}

fn router(app: &Arc<App>, stand_in: Option<Arc<StandIn>>) -> Router {
    let mut router = api::router(Arc::clone(app)).merge(pages::router());
    if let Some(stand_in) = stand_in {
        router = router.nest("/graph-stand-in", stand_in::router(stand_in));
    }
    router = router.fallback(api::unknown).method_not_allowed_fallback(api::not_allowed);
    let header =
        |name: HeaderName, value| SetResponseHeaderLayer::if_not_present(name, HeaderValue::from_static(value));
    router
        .layer(header(header::CONTENT_SECURITY_POLICY, "default-src 'self'; frame-ancestors 'none'; base-uri 'none'"))
        .layer(header(header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .layer(header(header::REFERRER_POLICY, "same-origin"))
        .layer(header(header::CACHE_CONTROL, "no-store"))
        .layer(CompressionLayer::new())
        .layer(from_fn(serve::in_time))
        // Method, path, status and time: no header, no query and no body, where secrets would be.
        .layer(TraceLayer::new_for_http().make_span_with(|request: &axum::http::Request<_>| {
            tracing::info_span!("request", method = %request.method(), path = request.uri().path())
        }))
}
