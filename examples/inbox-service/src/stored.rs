//! The store: SQLite or PostgreSQL, chosen at the start.

use postgres_store::Postgres;
use sqlite_store::Sqlite;
use whatsapp_inbox::decider::Decider;
use whatsapp_inbox::id::CommandId;
use whatsapp_inbox::port::{Backend, Commit, CommitError, Committed, Due, EffectId, Leased, Loaded, Store};
use whatsapp_inbox::time::Instant;

/// One of the two stores.
#[derive(Debug)]
pub enum Stored {
    /// For one machine.
    Sqlite(Sqlite),
    /// For as many processes as you like.
    Postgres(Postgres),
}

impl Stored {
    /// Forgets the commands that need not be known any more.
    ///
    /// # Errors
    ///
    /// [`Backend`] where it cannot be written.
    pub async fn forget_commands(&self, now: Instant) -> Result<(), Backend> {
        match self {
            Self::Sqlite(store) => store.forget_commands(now).await.map(drop),
            Self::Postgres(store) => store.forget_commands(now).await.map(drop),
        }
    }
}

impl<A: Decider> Store<A> for Stored {
    async fn load(&self, aggregate: A::Id, command: Option<CommandId>) -> Result<Loaded<A>, Backend> {
        match self {
            Self::Sqlite(store) => store.load(aggregate, command).await,
            Self::Postgres(store) => store.load(aggregate, command).await,
        }
    }

    async fn commit(&self, commit: Commit<A>) -> Result<Committed, CommitError> {
        match self {
            Self::Sqlite(store) => store.commit(commit).await,
            Self::Postgres(store) => store.commit(commit).await,
        }
    }

    async fn due(&self, now: Instant, limit: usize) -> Result<Vec<Due<A::Id>>, Backend> {
        match self {
            Self::Sqlite(store) => Store::<A>::due(store, now, limit).await,
            Self::Postgres(store) => Store::<A>::due(store, now, limit).await,
        }
    }

    async fn lease(&self, now: Instant, until: Instant, limit: usize) -> Result<Vec<Leased<A>>, Backend> {
        match self {
            Self::Sqlite(store) => store.lease(now, until, limit).await,
            Self::Postgres(store) => store.lease(now, until, limit).await,
        }
    }

    async fn done(&self, effect: EffectId<A::Id>) -> Result<(), Backend> {
        match self {
            Self::Sqlite(store) => Store::<A>::done(store, effect).await,
            Self::Postgres(store) => Store::<A>::done(store, effect).await,
        }
    }
}
