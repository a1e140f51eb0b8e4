//! A store in one SQLite file, for one machine.
//!
//! Copy it and make it yours: `lib.rs` opens the file and answers the port, `rows.rs` has the SQL, `migrations/` the tables.
//!
//! ```no_run
//! use sqlite_store::Sqlite;
//! use whatsapp_inbox::conversation::Conversation;
//! use whatsapp_inbox::id::ConversationId;
//! use whatsapp_inbox::port::{Backend, Loaded, Store};
//!
//! async fn look(id: ConversationId) -> Result<Loaded<Conversation>, Backend> {
//!     let store = Sqlite::open("inbox.db")?;
//!     store.load(id, None).await
//! }
//! ```

mod rows;

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use rusqlite::{Connection, ErrorCode, TransactionBehavior};
use tokio::sync::Mutex;
use tokio::task::spawn_blocking;
use whatsapp_inbox::decider::Decider;
use whatsapp_inbox::id::CommandId;
use whatsapp_inbox::port::{Backend, Commit, CommitError, Committed, Due, EffectId, Leased, Loaded, Store};
use whatsapp_inbox::time::Instant;

use crate::rows::Failure;

/// In this order, and each once. What is released is never changed: a change is another file.
const MIGRATIONS: [&str; 1] = [include_str!("../migrations/1-tables.sql")];
/// So many reads go on at once. In WAL mode they wait for no write, and no write for them.
const READERS: usize = 4;
/// So long another process may hold the file before it is a failure.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);
/// After so long it is tried again what SQLite does not wait for.
const PAUSE: Duration = Duration::from_millis(10);
/// What the contract asks for (`core.idempotent`).
const COMMANDS_KNOWN_DAYS: i64 = 7;
const DAY_MS: i64 = 24 * 60 * 60 * 1_000;

/// A file of SQLite, for every kind of aggregate. Several processes of one machine may open it.
///
/// It wants a runtime of tokio: SQLite blocks, and does so on the threads that the runtime has for it. A future that is dropped
/// does not stop what it began there: the commit is written whole, or not at all.
#[derive(Debug)]
pub struct Sqlite {
    /// SQLite has one writer at a time, so one connection is enough, and whoever waits for it holds no thread.
    writer: Arc<Mutex<Connection>>,
    readers: Vec<Arc<Mutex<Connection>>>,
    turn: AtomicUsize,
}

impl Sqlite {
    /// Opens the file, makes it if there is none, and brings its tables up to date. It blocks: do it at the start.
    ///
    /// # Errors
    ///
    /// [`Backend`] where the file cannot be opened, or a newer version of this library made its tables.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, Backend> {
        let path = path.as_ref();
        let open = || connect(path).map_err(Backend::new);
        let mut writer = open()?;
        migrate(&mut writer)?;
        let readers = (0..READERS).map(|_| Ok(Arc::new(Mutex::new(open()?)))).collect::<Result<_, Backend>>()?;
        Ok(Self { writer: Arc::new(Mutex::new(writer)), readers, turn: AtomicUsize::new(0) })
    }

    /// Forgets the commands that are older than the seven days for which they must be known, and says how many they were. Call
    /// it once a day: it keeps the file small, and nothing else depends on it.
    ///
    /// # Errors
    ///
    /// [`Backend`] where it cannot be written.
    pub async fn forget_commands(&self, now: Instant) -> Result<usize, Backend> {
        let before = now.unix_millis() - COMMANDS_KNOWN_DAYS * DAY_MS;
        on(&self.writer, move |writer| {
            Ok(writer.prepare_cached("DELETE FROM commands WHERE at < ?1")?.execute([before])?)
        })
        .await
    }

    fn reader(&self) -> &Arc<Mutex<Connection>> {
        &self.readers[self.turn.fetch_add(1, Ordering::Relaxed) % READERS]
    }
}

/// Works on a connection, on a thread that may block.
async fn on<T: Send + 'static>(
    connection: &Arc<Mutex<Connection>>,
    work: impl FnOnce(&mut Connection) -> Result<T, Failure> + Send + 'static,
) -> Result<T, Backend> {
    let mut connection = Arc::clone(connection).lock_owned().await;
    spawn_blocking(move || work(&mut connection)).await.map_err(Backend::new)?.map_err(|Failure(backend)| backend)
}

fn connect(path: &Path) -> rusqlite::Result<Connection> {
    let connection = Connection::open(path)?;
    connection.busy_timeout(BUSY_TIMEOUT)?;
    write_ahead(&connection)?;
    // A commit is answered when the disk has it: with NORMAL a power cut would take back what was acknowledged.
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update(None, "foreign_keys", true)?;
    Ok(connection)
}

/// Has SQLite write ahead, which stands in the file from then on. To turn it on takes the file alone for a moment, and where another
/// is at the same SQLite does not wait, whatever the timeout.
///
/// # Errors
///
/// SQLite's, where the file cannot be written, or is busy all the time.
pub fn write_ahead(connection: &Connection) -> rusqlite::Result<()> {
    let turn_on = || connection.pragma_update(None, "journal_mode", "WAL");
    for _ in 0..BUSY_TIMEOUT.as_millis() / PAUSE.as_millis() {
        match turn_on() {
            Err(error) if error.sqlite_error_code() == Some(ErrorCode::DatabaseBusy) => std::thread::sleep(PAUSE),
            done => return done,
        }
    }
    turn_on()
}

/// Applies what the file has not seen. SQLite keeps a number for this in the file's header, which is written in the same
/// transaction; of two processes that start at once, one waits and finds nothing to do.
fn migrate(connection: &mut Connection) -> Result<(), Backend> {
    let applied = apply(connection).map_err(Backend::new)?;
    if applied > MIGRATIONS.len() {
        return Err(Backend::new(format!("the file has migration {applied}, and {} are known here", MIGRATIONS.len())));
    }
    Ok(())
}

/// How many the file had seen before.
fn apply(connection: &mut Connection) -> rusqlite::Result<usize> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let applied = transaction.pragma_query_value(None, "user_version", |row| row.get(0))?;
    for (migration, number) in MIGRATIONS.iter().zip(1..).skip(applied) {
        transaction.execute_batch(migration)?;
        transaction.pragma_update(None, "user_version", number)?;
    }
    transaction.commit()?;
    Ok(applied)
}

impl<A: Decider> Store<A> for Sqlite {
    async fn load(&self, aggregate: A::Id, command: Option<CommandId>) -> Result<Loaded<A>, Backend> {
        on(self.reader(), move |reader| rows::load(reader, aggregate, command)).await
    }

    async fn commit(&self, commit: Commit<A>) -> Result<Committed, CommitError> {
        on(&self.writer, move |writer| {
            // IMMEDIATE takes the lock before it reads: nobody writes between what is looked at and what is written.
            let transaction = writer.transaction_with_behavior(TransactionBehavior::Immediate)?;
            let answer = rows::commit(&transaction, &commit)?;
            // Dropped, the transaction takes back whatever was written before a claim turned out to be held.
            if matches!(answer, Ok(Committed::Now { .. })) {
                transaction.commit()?;
            }
            Ok(answer)
        })
        .await?
    }

    async fn due(&self, now: Instant, limit: usize) -> Result<Vec<Due<A::Id>>, Backend> {
        on(self.reader(), move |reader| rows::due::<A>(reader, now, limit)).await
    }

    async fn lease(&self, now: Instant, until: Instant, limit: usize) -> Result<Vec<Leased<A>>, Backend> {
        on(&self.writer, move |writer| {
            let transaction = writer.transaction_with_behavior(TransactionBehavior::Immediate)?;
            let leased = rows::lease(&transaction, now, until, limit)?;
            transaction.commit()?;
            Ok(leased)
        })
        .await
    }

    async fn done(&self, effect: EffectId<A::Id>) -> Result<(), Backend> {
        on(&self.writer, move |writer| {
            let transaction = writer.transaction_with_behavior(TransactionBehavior::Immediate)?;
            rows::done::<A>(&transaction, effect)?;
            Ok(transaction.commit()?)
        })
        .await
    }
}
