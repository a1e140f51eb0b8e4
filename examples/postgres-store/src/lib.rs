//! A store in PostgreSQL, for as many processes as you like.
//!
//! Copy it and make it yours: `lib.rs` brings the tables up to date and answers the port, `rows.rs` has the SQL,
//! `migrations/` the tables.
//!
//! ```no_run
//! use deadpool_postgres::{Manager, Pool};
//! use postgres_store::Postgres;
//! use tokio_postgres::NoTls;
//! use whatsapp_inbox::conversation::Conversation;
//! use whatsapp_inbox::id::ConversationId;
//! use whatsapp_inbox::port::Store;
//!
//! async fn look(id: ConversationId) -> Result<(), Box<dyn std::error::Error>> {
//!     let manager = Manager::new("host=localhost user=inbox".parse()?, NoTls);
//!     let store = Postgres::new(Pool::builder(manager).max_size(16).build()?);
//!     store.migrate().await?;
//!     let loaded = Store::<Conversation>::load(&store, id, None).await?;
//!     println!("{:?}", loaded.state);
//!     Ok(())
//! }
//! ```

mod rows;

use deadpool_postgres::{Object, Pool, Transaction};
use tokio_postgres::IsolationLevel;
use whatsapp_inbox::decider::Decider;
use whatsapp_inbox::id::CommandId;
use whatsapp_inbox::port::{Backend, Commit, CommitError, Committed, Due, EffectId, Leased, Loaded, Store};
use whatsapp_inbox::time::Instant;

use crate::rows::Failure;

/// In this order, and each once. What is released is never changed: a change is another file.
const MIGRATIONS: [&str; 1] = [include_str!("../migrations/1-tables.sql")];
/// Any number that nothing else in the database locks.
const MIGRATION_LOCK: i64 = 0x7768_6174_7361_7070;
/// What the contract asks for (`core.idempotent`).
const COMMANDS_KNOWN_DAYS: i64 = 7;
const DAY_MS: i64 = 24 * 60 * 60 * 1_000;

/// A database of PostgreSQL, for every kind of aggregate.
///
/// It takes connections from a pool of the host's, which knows where the database is, how it is spoken to and how long one
/// waits for it. A connection that is lost is [`Backend`], as is a transaction that PostgreSQL breaks off: the same may be tried
/// again. A future that is dropped takes back what it began, unless it was written already.
#[derive(Debug, Clone)]
pub struct Postgres {
    pool: Pool,
}

impl Postgres {
    /// The database behind a pool, whose tables [`Postgres::migrate`] makes.
    #[must_use]
    pub const fn new(pool: Pool) -> Self {
        Self { pool }
    }

    /// Brings the tables up to date. Of several processes that start at once, one does and the others wait for it.
    ///
    /// # Errors
    ///
    /// [`Backend`] where it cannot be done, or a newer version of this library made the tables. Nothing is changed then.
    pub async fn migrate(&self) -> Result<(), Backend> {
        let mut connection = self.connection().await?;
        let transaction = begin(&mut connection).await?;
        apply(&transaction).await?;
        transaction.commit().await.map_err(Backend::new)
    }

    /// Forgets the commands that are older than the seven days for which they must be known, and says how many they were. Call
    /// it once a day: it keeps the table small, and nothing else depends on it.
    ///
    /// # Errors
    ///
    /// [`Backend`] where it cannot be written.
    pub async fn forget_commands(&self, now: Instant) -> Result<u64, Backend> {
        let before = now.unix_millis() - COMMANDS_KNOWN_DAYS * DAY_MS;
        let connection = self.connection().await?;
        connection.execute("DELETE FROM commands WHERE at < $1", &[&before]).await.map_err(Backend::new)
    }

    async fn connection(&self) -> Result<Object, Backend> {
        self.pool.get().await.map_err(Backend::new)
    }
}

/// READ COMMITTED, whatever the database's default: each statement sees what was committed before it began, so that who has
/// waited for a lock sees what the other wrote.
async fn begin(connection: &mut Object) -> Result<Transaction<'_>, Backend> {
    connection.build_transaction().isolation_level(IsolationLevel::ReadCommitted).start().await.map_err(Backend::new)
}

/// Applies what the database has not seen. The lock is let go when the transaction ends.
async fn apply(transaction: &Transaction<'_>) -> Result<(), Failure> {
    transaction.execute("SELECT pg_advisory_xact_lock($1)", &[&MIGRATION_LOCK]).await?;
    transaction.batch_execute("CREATE TABLE IF NOT EXISTS migrations (number bigint PRIMARY KEY)").await?;
    let applied: i64 = transaction.query_one("SELECT coalesce(max(number), 0) FROM migrations", &[]).await?.get(0);
    for (number, migration) in (1..).zip(MIGRATIONS).filter(|(number, _)| *number > applied) {
        transaction.batch_execute(migration).await?;
        transaction.execute("INSERT INTO migrations (number) VALUES ($1)", &[&number]).await?;
    }
    if usize::try_from(applied)? > MIGRATIONS.len() {
        let newer = format!("the database has migration {applied}, and {} are known here", MIGRATIONS.len());
        return Err(Failure(Backend::new(newer)));
    }
    Ok(())
}

impl<A: Decider> Store<A> for Postgres {
    async fn load(&self, aggregate: A::Id, command: Option<CommandId>) -> Result<Loaded<A>, Backend> {
        Ok(rows::load(&self.connection().await?, aggregate, command).await?)
    }

    async fn commit(&self, commit: Commit<A>) -> Result<Committed, CommitError> {
        let mut connection = self.connection().await?;
        let transaction = begin(&mut connection).await?;
        let answer = rows::commit(&transaction, &commit).await.map_err(Backend::from)?;
        // Dropped, the transaction takes back whatever was written before a claim turned out to be held.
        if matches!(answer, Ok(Committed::Now { .. })) {
            transaction.commit().await.map_err(Backend::new)?;
        }
        answer
    }

    async fn due(&self, now: Instant, limit: usize) -> Result<Vec<Due<A::Id>>, Backend> {
        Ok(rows::due::<A>(&self.connection().await?, now, limit).await?)
    }

    async fn lease(&self, now: Instant, until: Instant, limit: usize) -> Result<Vec<Leased<A>>, Backend> {
        Ok(rows::lease(&self.connection().await?, now, until, limit).await?)
    }

    async fn done(&self, effect: EffectId<A::Id>) -> Result<(), Backend> {
        let mut connection = self.connection().await?;
        let transaction = begin(&mut connection).await?;
        rows::done::<A>(&transaction, effect).await?;
        transaction.commit().await.map_err(Backend::new)
    }
}
