//! Everything that a test needs, put together.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use inbox_service::clock;
use inbox_service::host::Host;
use inbox_service::stored::Stored;
use whatsapp_inbox::id::ConversationId;

use super::client::{Client, Clients};
use super::customers::{CUSTOMERS, customer};
use super::database::Database;
use super::history::{History, Line, Organisation, rules};
use super::meta::{Meta, Moments, Slowness};
use super::process::Processes;
use super::random::Random;

/// A message that Meta was told to be taken.
#[derive(Debug, Clone)]
pub(crate) struct Written {
    pub(crate) line: Line,
    pub(crate) customer: String,
    /// Meta's id of it.
    pub(crate) id: String,
}

/// How it is to be.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Plan {
    pub(crate) seed: u64,
    /// So many, none of which runs at first.
    pub(crate) processes: usize,
    /// History comes due over so many milliseconds.
    pub(crate) over: u64,
    /// So many out of a hundred requests are given up after a moment, and made again.
    pub(crate) impatient: u64,
    pub(crate) slowness: Slowness,
}

pub(crate) struct World {
    pub(crate) seed: u64,
    pub(crate) database: Database,
    pub(crate) meta: Meta,
    pub(crate) moments: Moments,
    pub(crate) processes: Arc<Processes>,
    pub(crate) clients: Arc<Clients>,
    pub(crate) organisations: [Organisation; 2],
    pub(crate) host: Arc<Host>,
    pub(crate) store: Arc<Stored>,
    /// Where customers write, those among them that onboardings have made.
    lines: Mutex<Vec<Line>>,
    /// Whom the team talks to.
    talks: Mutex<Vec<ConversationId>>,
    pub(crate) written: Mutex<Vec<Written>>,
    /// What Meta was told to be taken of an onboarding: which, and what kind of fact.
    pub(crate) told: Mutex<Vec<(String, &'static str)>>,
    every_line: Mutex<Vec<Line>>,
    over: AtomicBool,
    logs: tempfile::TempDir,
}

impl World {
    /// In a database with this name, made beside another.
    pub(crate) async fn make(url: &str, name: &str, plan: Plan) -> Arc<Self> {
        let Plan { seed, processes, over, impatient, slowness } = plan;
        let database = Database::make(url, name).await;
        let (host, store) = database.host().await;
        let moments = Moments::new();
        let meta = Meta::serve(Random::of(seed, 1), moments.clone(), slowness).await;
        let mut logs = tempfile::tempdir().unwrap();
        // Where something goes wrong it can be looked up.
        logs.disable_cleanup(true);
        let processes = Processes::new(processes, &database.url, &meta.graph, logs.path().to_owned());
        let processes = Arc::new(processes);
        let clients = Clients::new(Arc::clone(&processes), moments.clone(), impatient);
        let rules = rules(&host, &store, &meta.graph);
        let organisations = [0, 1].map(Organisation::new);
        let (mut random, mut talks) = (Random::of(seed, 2), Vec::new());
        let history = History { host: &host, rules: &rules, now: clock::now() };
        for organisation in &organisations {
            history.organisation(organisation).await;
            history.conversations(organisation, over, &mut random).await;
            for (line, n) in organisation.lines[..3].iter().flat_map(|line| (0..CUSTOMERS).map(move |n| (line, n))) {
                talks.push(history.begun(line, &customer(n), history.now).await);
            }
        }
        let lines = organisations.iter().flat_map(|organisation| organisation.lines[..3].to_vec()).collect();
        Arc::new(Self {
            seed,
            database,
            meta,
            moments,
            processes,
            clients,
            organisations,
            host,
            store,
            lines: Mutex::new(lines),
            talks: Mutex::new(talks),
            written: Mutex::default(),
            told: Mutex::default(),
            every_line: Mutex::default(),
            over: AtomicBool::new(false),
            logs,
        })
    }

    /// Leaves nothing behind. Nobody does this where something went wrong: database and logs can be looked at.
    pub(crate) async fn clear(mut self) {
        self.logs.disable_cleanup(false);
        self.database.drop().await;
    }

    /// Where it can be looked up.
    pub(crate) fn place(&self) -> String {
        format!("(database {}, logs {})", self.database.name, self.logs.path().display())
    }

    pub(crate) fn client(&self, which: u64) -> Client {
        self.clients.client(Random::of(self.seed, which))
    }

    /// Whether it goes on.
    pub(crate) fn goes_on(&self) -> bool {
        !self.over.load(Ordering::Relaxed)
    }

    pub(crate) fn end(&self) {
        self.over.store(true, Ordering::Relaxed);
    }

    pub(crate) fn lines(&self) -> Vec<Line> {
        self.lines.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Customers write there as well from now on.
    pub(crate) fn add_line(&self, line: Line) {
        self.every_line.lock().unwrap_or_else(PoisonError::into_inner).push(line.clone());
        self.lines.lock().unwrap_or_else(PoisonError::into_inner).push(line);
    }

    /// Also those to which nobody writes any more.
    pub(crate) fn all_lines(&self) -> impl Iterator<Item = Line> {
        let added = self.every_line.lock().unwrap_or_else(PoisonError::into_inner).clone();
        self.organisations.iter().flat_map(|organisation| organisation.lines.clone()).chain(added)
    }

    /// Nobody writes there any more.
    pub(crate) fn remove_line(&self, line: &Line) {
        self.lines.lock().unwrap_or_else(PoisonError::into_inner).retain(|other| other != line);
    }

    pub(crate) fn wrote(&self, written: Written) {
        let conversation = written.line.conversation(&written.customer);
        let mut talks = self.talks.lock().unwrap_or_else(PoisonError::into_inner);
        if !talks.contains(&conversation) {
            talks.push(conversation);
        }
        drop(talks);
        self.written.lock().unwrap_or_else(PoisonError::into_inner).push(written);
    }

    pub(crate) fn talks(&self) -> Vec<ConversationId> {
        self.talks.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}
