//! A store in memory: the reference of what a store does, and one for tests.

mod shelf;

use std::sync::{Mutex, MutexGuard, PoisonError};

use self::shelf::{Kept, Shelves};
use crate::id::CommandId;
use crate::port::{Backend, Commit, CommitError, Committed, Due, EffectId, Leased, Loaded, Metadata, Outgoing, Store};
use crate::time::Instant;

/// Keeps onboardings, channels, conversations and templates in memory, and forgets nothing until it is dropped.
///
/// Every call is one step under one lock, and its future is ready at once.
///
/// ```
/// use whatsapp_inbox::conversation::Conversation;
/// use whatsapp_inbox::id::{ConversationId, OrganisationId};
/// use whatsapp_inbox::memory::Memory;
/// use whatsapp_inbox::uuid::Uuid;
///
/// let memory = Memory::default();
/// let id = ConversationId::new(OrganisationId::new(Uuid::from_u128(1)), Uuid::from_u128(300));
/// assert_eq!(memory.history::<Conversation>(id), []);
/// ```
#[derive(Debug, Default)]
pub struct Memory {
    shelves: Mutex<Shelves>,
}

impl Memory {
    /// What has happened to an aggregate, in order, with what is kept beside each event.
    pub fn history<A: Kept>(&self, aggregate: A::Id) -> Vec<(Metadata, A::Event)> {
        A::shelf(&mut self.lock()).rows.get(&aggregate).map(|row| row.events.clone()).unwrap_or_default()
    }

    /// The effects that are not done, in the order of their ids, with how often each was lent out.
    pub fn waiting<A: Kept>(&self) -> Vec<(Outgoing<A>, u32)> {
        let mut shelves = self.lock();
        let waiting = A::shelf(&mut shelves).rows.values().flat_map(|row| row.effects.values());
        waiting.map(|waiting| (waiting.outgoing.clone(), waiting.tries)).collect()
    }

    /// Nothing is left half done by a panic: what is written is written in one assignment each, after every check.
    fn lock(&self) -> MutexGuard<'_, Shelves> {
        self.shelves.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<A: Kept> Store<A> for Memory {
    async fn load(&self, aggregate: A::Id, command: Option<CommandId>) -> Result<Loaded<A>, Backend> {
        let mut shelves = self.lock();
        let Some(row) = A::shelf(&mut shelves).rows.get(&aggregate) else { return Ok(Loaded::default()) };
        let applied = command.and_then(|command| row.commands.get(&command)).copied();
        Ok(Loaded::new(row.state.clone(), row.version, applied))
    }

    async fn commit(&self, commit: Commit<A>) -> Result<Committed, CommitError> {
        let mut shelves = self.lock();
        let row = A::shelf(&mut shelves).rows.get(&commit.aggregate);
        let current = row.map(|row| row.version).unwrap_or_default();
        let applied = row.and_then(|row| row.commands.get(&commit.metadata.command));
        if let Some(answer) = commit.settled(current, applied) {
            return answer;
        }
        if !commit.claims.is_empty() {
            let holder = (A::NAME, commit.aggregate.to_string());
            commit.claim(&mut shelves.claims, &holder)?;
        }
        Ok(Committed::Now { version: A::shelf(&mut shelves).write(commit) })
    }

    async fn due(&self, now: Instant, limit: usize) -> Result<Vec<Due<A::Id>>, Backend> {
        Ok(A::shelf(&mut self.lock()).due(now, limit))
    }

    async fn lease(&self, now: Instant, until: Instant, limit: usize) -> Result<Vec<Leased<A>>, Backend> {
        Ok(A::shelf(&mut self.lock()).lease(now, until, limit))
    }

    async fn done(&self, effect: EffectId<A::Id>) -> Result<(), Backend> {
        A::shelf(&mut self.lock()).done(effect);
        Ok(())
    }
}
