//! What `load/run` needs beside the service: channels to change, databases, and a bare handler to compare with.
//!
//! - `load database NAME` makes a new database where `DATABASE_URL` says, in place of one with this name, and prints its address.
//! - `load prepare COUNT` makes the demonstration in the storage of the environment with so many channels more, and prints them.
//! - `load bare` listens on `LISTEN` and does nothing but read or write one row of the same tables for each request.

use std::error::Error;
use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::routing::{get, patch, post};
use deadpool_postgres::{Manager, Pool};
use inbox_service::clock;
use inbox_service::config::{Config, Storage};
use inbox_service::demo::BAKERY;
use inbox_service::start::start;
use inbox_service::tables::{Sqlite, Tables, Value, text};
use reqwest::Url;
use tokio_postgres::NoTls;
use tokio_util::sync::CancellationToken;
use whatsapp_inbox::access::Grant;
use whatsapp_inbox::channel::{Command, Opening};
use whatsapp_inbox::decider::Actor;
use whatsapp_inbox::id::{ChannelId, CommandId};
use whatsapp_inbox::service::Request;
use whatsapp_inbox::settings::ChannelName;

type Outcome<T> = Result<T, Box<dyn Error + Send + Sync>>;

/// As many as the service has.
const CONNECTIONS: usize = 16;

#[tokio::main]
async fn main() -> Outcome<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["database", name] => database(name).await,
        ["prepare", count] => prepare(count.parse()?).await,
        ["bare"] => bare().await,
        _ => Err("load database NAME, load prepare COUNT, or load bare".into()),
    }
}

async fn database(name: &str) -> Outcome<()> {
    let url = std::env::var("DATABASE_URL")?;
    let (client, connection) = tokio_postgres::connect(&url, NoTls).await?;
    tokio::spawn(connection);
    client.batch_execute(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")).await?;
    client.batch_execute(&format!("CREATE DATABASE {name}")).await?;
    match Url::parse(&url) {
        Ok(mut url) => {
            url.set_path(name);
            println!("{url}");
        }
        // Of two names the last one counts.
        Err(_) => println!("{url} dbname={name}"),
    }
    Ok(())
}

async fn prepare(count: usize) -> Outcome<()> {
    let stop = CancellationToken::new();
    let started = start(Config::from_env()?, &stop).await?;
    for n in 0..count {
        let id = ChannelId::new(BAKERY, clock::new_id());
        started.app.host.note_channel(id, None).await?;
        let opening = Opening::new(id, ChannelName::new(&format!("Channel {n}"))?).with_grants(vec![Grant::AllTeams]);
        let by = Request::new(CommandId::new(clock::new_id()), Actor::System, clock::now());
        started.app.service.channel(id, Command::Open(Box::new(opening)), &by).await?;
        println!("{id}");
    }
    stop.cancel();
    started.stopped(&stop).await;
    Ok(())
}

async fn bare() -> Outcome<()> {
    let Config { listen, storage, .. } = Config::from_env()?;
    let tables = match storage {
        Storage::Folder(folder) => {
            std::fs::create_dir_all(&folder)?;
            Tables::Sqlite(Sqlite::open(&folder.join("bare.db"))?)
        }
        Storage::Database(url) => {
            Tables::Postgres(Pool::builder(Manager::new(url.parse()?, NoTls)).max_size(CONNECTIONS).build()?)
        }
    };
    tables.migrate().await?;
    for n in 0..256 {
        let sql = "INSERT INTO organisations (id, name, policy) VALUES ($1, '', '') ON CONFLICT DO NOTHING";
        tables.write(sql, [text(n)]).await?;
    }
    let router = Router::new()
        .route("/read/{row}", get(read))
        .route("/write/{row}", patch(write))
        .route("/append", post(append))
        .with_state(Arc::new(tables));
    axum::serve(tokio::net::TcpListener::bind(listen).await?, router).await?;
    Ok(())
}

async fn read(State(tables): State<Arc<Tables>>, Path(row): Path<String>) -> Result<String, StatusCode> {
    let found = tables.rows("SELECT policy FROM organisations WHERE id = $1", [text(row)]).await;
    let found = found.map_err(|_| StatusCode::SERVICE_UNAVAILABLE)?;
    found.first().and_then(|row| row.maybe_text(0)).map(str::to_owned).ok_or(StatusCode::NOT_FOUND)
}

async fn write(State(tables): State<Arc<Tables>>, Path(row): Path<String>, body: String) -> StatusCode {
    let sql = "UPDATE organisations SET policy = $1 WHERE id = $2 RETURNING id";
    match tables.write(sql, [text(body), text(row)]).await {
        Ok(written) if written.is_empty() => StatusCode::NOT_FOUND,
        Ok(_) => StatusCode::OK,
        Err(_) => StatusCode::SERVICE_UNAVAILABLE,
    }
}

async fn append(State(tables): State<Arc<Tables>>, body: Bytes) -> StatusCode {
    let sql = "INSERT INTO deliveries (id, body, received_at, state, taken_until) VALUES ($1, $2, $3, 'done', 0)";
    match tables.write(sql, [text(clock::new_id()), Value::Bytes(body.into()), clock::now().into()]).await {
        Ok(_) => StatusCode::OK,
        Err(_) => StatusCode::SERVICE_UNAVAILABLE,
    }
}
