//! The tables in a file of SQLite.

use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use rusqlite::types::{ToSql, ToSqlOutput, ValueRef};
use rusqlite::{Connection, TransactionBehavior, params_from_iter};
use tokio::sync::oneshot;
use tokio::task::spawn_blocking;
use whatsapp_inbox::port::Backend;

use super::{Row, Value};

/// So many reads go on at once.
const READERS: usize = 4;
/// So many statements that wait are written in one transaction, and with one wait for the disk.
const BATCH: usize = 128;
/// So long another process may hold the file before it is a failure.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

/// A file of SQLite. One thread writes, and takes all that waits for it at once: SQLite has one writer, and most of what a
/// small write costs is the wait for the disk.
#[derive(Debug)]
pub struct Sqlite {
    writer: Sender<Job>,
    readers: Vec<Arc<Mutex<Connection>>>,
    turn: AtomicUsize,
}

struct Job {
    work: Work,
    answer: oneshot::Sender<Result<Vec<Row>, Backend>>,
}

enum Work {
    Statement(&'static str, Vec<Value>),
    Migrations(&'static [&'static str]),
}

impl Sqlite {
    /// Opens the file, or makes it. It blocks: do it at the start.
    ///
    /// # Errors
    ///
    /// [`Backend`] where it cannot be opened.
    pub fn open(path: &Path) -> Result<Self, Backend> {
        let connection = connect(path).map_err(Backend::new)?;
        let (writer, jobs) = channel();
        let name = "host-writer".to_owned();
        std::thread::Builder::new().name(name).spawn(move || write(connection, &jobs)).map_err(Backend::new)?;
        let reader = |_| Ok(Arc::new(Mutex::new(connect(path).map_err(Backend::new)?)));
        let readers = (0..READERS).map(reader).collect::<Result<_, Backend>>()?;
        Ok(Self { writer, readers, turn: AtomicUsize::new(0) })
    }

    pub(super) async fn migrate(&self, migrations: &'static [&'static str]) -> Result<(), Backend> {
        self.job(Work::Migrations(migrations)).await.map(drop)
    }

    pub(super) async fn write(&self, sql: &'static str, values: Vec<Value>) -> Result<Vec<Row>, Backend> {
        self.job(Work::Statement(sql, values)).await
    }

    pub(super) async fn rows(&self, sql: &'static str, values: Vec<Value>) -> Result<Vec<Row>, Backend> {
        let turn = self.turn.fetch_add(1, Ordering::Relaxed) % READERS;
        let reader = Arc::clone(&self.readers[turn]);
        let read = move || query(&reader.lock().unwrap_or_else(PoisonError::into_inner), sql, &values);
        spawn_blocking(read).await.map_err(Backend::new)?.map_err(Backend::new)
    }

    async fn job(&self, work: Work) -> Result<Vec<Row>, Backend> {
        let (answer, answered) = oneshot::channel();
        self.writer.send(Job { work, answer }).map_err(|_| Backend::new("the writer has stopped"))?;
        answered.await.map_err(Backend::new)?
    }
}

fn connect(path: &Path) -> rusqlite::Result<Connection> {
    let connection = Connection::open(path)?;
    connection.busy_timeout(BUSY_TIMEOUT)?;
    // The store beside it does so as well, and says why it may take more than one try.
    sqlite_store::write_ahead(&connection)?;
    // What is answered is on the disk: with NORMAL a power cut would take back what Meta was told we have.
    connection.pragma_update(None, "synchronous", "FULL")?;
    Ok(connection)
}

/// Until nobody can send any more. Nobody is answered before the transaction is committed.
fn write(mut connection: Connection, jobs: &Receiver<Job>) {
    while let Ok(first) = jobs.recv() {
        let batch: Vec<Job> = std::iter::once(first).chain(jobs.try_iter().take(BATCH)).collect();
        let (work, waiting): (Vec<_>, Vec<_>) = batch.into_iter().map(|job| (job.work, job.answer)).unzip();
        let answers = write_all(&mut connection, &work).unwrap_or_else(|error| {
            let why = error.to_string();
            work.iter().map(|_| Err(Backend::new(why.clone()))).collect()
        });
        for (waits, answer) in waiting.into_iter().zip(answers) {
            // Whoever has gone away meanwhile needs no answer.
            _ = waits.send(answer);
        }
    }
}

/// A statement that fails takes back itself and nothing else.
fn write_all(connection: &mut Connection, work: &[Work]) -> rusqlite::Result<Vec<Result<Vec<Row>, Backend>>> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let answer = |work: &Work| match work {
        Work::Statement(sql, values) => query(&transaction, sql, values),
        Work::Migrations(migrations) => migrate(&transaction, migrations).map(|()| Vec::new()),
    };
    let answers = work.iter().map(|work| answer(work).map_err(Backend::new)).collect();
    transaction.commit()?;
    Ok(answers)
}

fn migrate(connection: &Connection, migrations: &[&str]) -> rusqlite::Result<()> {
    let applied: usize = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
    for (migration, number) in migrations.iter().zip(1..).skip(applied) {
        connection.execute_batch("SAVEPOINT migration")?;
        let applied = connection.execute_batch(&format!("{migration}; PRAGMA user_version = {number}"));
        // Half of one is none: the transaction around it is committed whatever becomes of it.
        let undo = if applied.is_err() { "ROLLBACK TO migration;" } else { "" };
        connection.execute_batch(&format!("{undo} RELEASE migration"))?;
        applied?;
    }
    Ok(())
}

fn query(connection: &Connection, sql: &str, values: &[Value]) -> rusqlite::Result<Vec<Row>> {
    let mut statement = connection.prepare_cached(sql)?;
    let columns = statement.column_count();
    let row = |row: &rusqlite::Row<'_>| {
        let values: rusqlite::Result<_> = (0..columns).map(|column| row.get_ref(column).and_then(read)).collect();
        values.map(Row)
    };
    statement.query_map(params_from_iter(values), row)?.collect()
}

fn read(value: ValueRef<'_>) -> rusqlite::Result<Value> {
    Ok(match value {
        ValueRef::Integer(number) => Value::Int(number),
        ValueRef::Text(_) => Value::Text(value.as_str()?.to_owned()),
        ValueRef::Blob(bytes) => Value::Bytes(bytes.to_vec()),
        ValueRef::Null | ValueRef::Real(_) => Value::Null,
    })
}

impl ToSql for Value {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self {
            Self::Null => ValueRef::Null,
            Self::Text(text) => ValueRef::Text(text.as_bytes()),
            Self::Int(number) => ValueRef::Integer(*number),
            Self::Bytes(bytes) => ValueRef::Blob(bytes),
        }))
    }
}
