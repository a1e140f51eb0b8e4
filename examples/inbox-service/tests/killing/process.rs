//! The processes: started, killed, told to stop.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::{ExitStatus, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::{Child, Command};
use tokio::time::timeout;

use super::meta::{APP_SECRET, VERIFY_TOKEN, token};

/// So long a process may take until it answers.
const START: Duration = Duration::from_secs(30);

/// All processes of the service, each with a place of its own, whatever runs there now.
pub(crate) struct Processes {
    places: Vec<Place>,
    environment: [(&'static str, String); 2],
    logs: PathBuf,
}

#[derive(Default)]
struct Place {
    child: tokio::sync::Mutex<Option<Child>>,
    address: Mutex<Option<SocketAddr>>,
}

impl Processes {
    /// So many, none of which runs yet, over a database and a way to Meta. They log into a folder.
    pub(crate) fn new(count: usize, database: &str, graph: &str, logs: PathBuf) -> Self {
        let places = (0..count).map(|_| Place::default()).collect();
        let environment = [("DATABASE_URL", database.to_owned()), ("GRAPH_URL", graph.to_owned())];
        Self { places, environment, logs }
    }

    pub(crate) fn count(&self) -> usize {
        self.places.len()
    }

    pub(crate) fn log(&self, process: usize) -> PathBuf {
        self.logs.join(format!("process-{process}.log"))
    }

    /// Where one answers, if it runs.
    pub(crate) fn address(&self, process: usize) -> Option<SocketAddr> {
        *self.places[process].address.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn moved(&self, process: usize, address: Option<SocketAddr>) {
        *self.places[process].address.lock().unwrap_or_else(PoisonError::into_inner) = address;
    }

    /// Starts one, and waits until it says where it listens.
    pub(crate) async fn start(&self, process: usize) {
        let log = std::fs::OpenOptions::new().create(true).append(true).open(self.log(process)).unwrap();
        let mut child = Command::new(env!("CARGO_BIN_EXE_inbox-service"))
            .envs(self.environment.iter().map(|(name, value)| (name, value)))
            .env("LISTEN", "127.0.0.1:0")
            .env("GRAPH_TOKEN", token(process))
            .env("APP_SECRET", APP_SECRET)
            .env("VERIFY_TOKEN", VERIFY_TOKEN)
            .env("RUST_LOG", "warn")
            .stdout(Stdio::piped())
            .stderr(log)
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let said = async {
            while let Some(line) = lines.next_line().await.unwrap() {
                if let Some((_, address)) = line.split_once("http://") {
                    return address.trim_end_matches('/').parse().unwrap();
                }
            }
            panic!("process {process} ended before it answered: see {}", self.log(process).display());
        };
        let address = timeout(START, said).await.expect("it answers in time");
        // Whoever prints where nobody reads any more fails.
        tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
        *self.places[process].child.lock().await = Some(child);
        self.moved(process, Some(address));
    }

    /// Starts all of them, at once.
    pub(crate) async fn start_all(self: &Arc<Self>) {
        let mut starting = tokio::task::JoinSet::new();
        for process in 0..self.count() {
            let processes = Arc::clone(self);
            starting.spawn(async move { processes.start(process).await });
        }
        starting.join_all().await;
    }

    /// `kill -9`.
    pub(crate) async fn kill(&self, process: usize) {
        let child = self.places[process].child.lock().await.take();
        self.moved(process, None);
        if let Some(mut child) = child {
            child.start_kill().unwrap();
            let status = child.wait().await.unwrap();
            assert!(status.code().is_none(), "process {process} had ended by itself, with {status}");
        }
    }

    pub(crate) async fn kill_all(&self) {
        for process in 0..self.count() {
            self.kill(process).await;
        }
    }

    /// `SIGTERM`, and how it ended, if it did within a time. Whoever asks where it answers is told until it has ended.
    pub(crate) async fn terminate(&self, process: usize, within: Duration) -> Option<ExitStatus> {
        let mut child = self.places[process].child.lock().await.take()?;
        let pid = child.id().unwrap();
        let sent = Command::new("sh").args(["-c", &format!("kill -TERM {pid}")]).status().await.unwrap();
        assert!(sent.success());
        let ended = timeout(within, child.wait()).await.ok().map(Result::unwrap);
        self.moved(process, None);
        ended
    }
}
