//! Starts the service. `README.md` says what it can be told.

use std::error::Error;
use std::io::IsTerminal;
use std::process::ExitCode;

use inbox_service::config::{Config, Meta, Storage};
use inbox_service::problem::chain;
use inbox_service::start::start;
use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;
use tracing_subscriber::EnvFilter;

#[tokio::main]
async fn main() -> ExitCode {
    match run().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("inbox-service: {}", chain(&*error));
            ExitCode::FAILURE
        }
    }
}

async fn run() -> Result<(), Box<dyn Error + Send + Sync>> {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    log.with_ansi(std::io::stderr().is_terminal()).init();
    let config = Config::from_env()?;
    let kept = match &config.storage {
        Storage::Folder(folder) => format!("SQLite, in {}", folder.display()),
        Storage::Database(_) => "PostgreSQL".to_owned(),
    };
    let meta = match &config.meta {
        Meta::StandIn => "a stand-in, started here: nothing goes to Meta".to_owned(),
        Meta::Graph(graph) => graph.url.to_string(),
    };
    let stop = CancellationToken::new();
    let started = start(config, &stop).await?;
    println!("inbox-service\n  pages    http://{}/\n  kept in  {kept}\n  Meta     {meta}", started.address);
    let (mut terminate, mut interrupt) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
    tracing::info!("stopping: what was begun is brought to its end");
    stop.cancel();
    started.stopped(&stop).await;
    Ok(())
}
