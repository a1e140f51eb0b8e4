//! Where aggregates are kept.

use std::future::Future;

use serde::{Deserialize, Serialize};

use super::{Backend, Commit, CommitError, EffectId, Outgoing};
use crate::decider::{Decider, Fingerprint, Version};
use crate::id::CommandId;
use crate::time::Instant;

/// Keeps one kind of aggregate.
///
/// A host implements it for each kind it uses, on one type, so that a claim holds over all of them. Every answer may be late:
/// only a commit decides, by its version.
pub trait Store<A: Decider>: Send + Sync {
    /// What is there: state and version, and what became of a command, if it was committed on this aggregate before.
    ///
    /// # Contract
    ///
    /// - What has never been written is the default state at version 0, and no error.
    /// - What a commit has answered *committed* is seen by every load that begins after that answer.
    /// - State and version belong together: no load sees half of a commit.
    /// - The id is the organisation and the UUID together: the same UUID in another organisation is another aggregate.
    /// - A committed command is known for seven days at least, by the aggregate it was committed on (`core.idempotent`).
    ///
    /// # Errors
    ///
    /// [`Backend`] where it cannot be read.
    fn load(
        &self,
        aggregate: A::Id,
        command: Option<CommandId>,
    ) -> impl Future<Output = Result<Loaded<A>, Backend>> + Send;

    /// Writes all of a commit, or nothing (`core.atomic`).
    ///
    /// # Contract
    ///
    /// In this order, and in one step that no other write comes between:
    ///
    /// - The command's id was committed on this aggregate before: with the same fingerprint the answer is
    ///   [`Committed::AlreadyApplied`] with the version it made, with another [`CommitError::OtherContent`].
    /// - The version is not exactly the expected one, be it lower, higher or none at all: [`CommitError::Conflict`] with both
    ///   (`core.concurrent`).
    /// - A claim is held by another aggregate of any kind in any organisation: [`CommitError::Unavailable`]. One that this
    ///   aggregate holds already is taken again without harm. One that is given back is free, whoever held it.
    /// - Otherwise events, state, effects, deadline, claims and the command's id are written. A refused command is not known
    ///   afterwards, and may be tried again.
    /// - One without events makes no version, and all else of it is written.
    ///
    /// A crash leaves all or nothing. Where the answer is lost, or is [`CommitError::Backend`], it may have been written: the
    /// same commit again tells.
    ///
    /// # Errors
    ///
    /// As above; nothing is written then, but for [`CommitError::Backend`], of which nobody knows.
    fn commit(&self, commit: Commit<A>) -> impl Future<Output = Result<Committed, CommitError>> + Send;

    /// The aggregates whose deadline is at this instant or before it, the earliest first, at most so many.
    ///
    /// # Contract
    ///
    /// - The deadline is that of the latest commit; one without takes the aggregate out.
    /// - It takes nothing out: the same is due until a commit sets another deadline.
    /// - The limit may be any number, `usize::MAX` included.
    ///
    /// # Errors
    ///
    /// [`Backend`] where it cannot be read.
    fn due(&self, now: Instant, limit: usize) -> impl Future<Output = Result<Vec<Due<A::Id>>, Backend>> + Send;

    /// Lends out effects that are to be delivered, of at most so many aggregates: of each the first that is not done.
    ///
    /// # Contract
    ///
    /// - Of one aggregate effects are lent in their order, each only when those before it are done.
    /// - The limit may be any number, `usize::MAX` included.
    /// - One that is lent is not lent again before `until`. From then on it is, with a higher number of tries, so that a crash
    ///   loses none.
    /// - The number of tries is written before the answer is given: whoever sees 1 is the first who may deliver it.
    ///
    /// # Errors
    ///
    /// [`Backend`] where it cannot be written.
    fn lease(
        &self,
        now: Instant,
        until: Instant,
        limit: usize,
    ) -> impl Future<Output = Result<Vec<Leased<A>>, Backend>> + Send;

    /// Marks an effect as done: it is lent no more.
    ///
    /// # Contract
    ///
    /// - Once more, late, after the lease, or for an effect that nobody knows: no harm, and no error.
    ///
    /// # Errors
    ///
    /// [`Backend`] where it cannot be written.
    fn done(&self, effect: EffectId<A::Id>) -> impl Future<Output = Result<(), Backend>> + Send;
}

/// An aggregate as it is.
#[derive(Debug, Clone, PartialEq, Default)]
#[non_exhaustive]
pub struct Loaded<A> {
    /// Its state.
    pub state: A,
    /// Its version: the number of its events.
    pub version: Version,
    /// What became of the command that was asked for, if it was committed.
    pub applied: Option<Applied>,
}

/// What a store knows of a command that was committed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Applied {
    /// The version it made.
    pub version: Version,
    /// What it asked for.
    pub fingerprint: Fingerprint,
}

/// What became of a commit that is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Committed {
    /// Now.
    Now {
        /// The version it made.
        version: Version,
    },
    /// Before: this call changed nothing.
    AlreadyApplied {
        /// The version it made then.
        version: Version,
    },
}

/// Something is due for an aggregate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Due<I> {
    /// Which.
    pub aggregate: I,
    /// Since when.
    pub deadline: Instant,
    /// The version it has.
    pub version: Version,
}

/// An effect that is lent out to be delivered.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(bound = "")]
#[non_exhaustive]
pub struct Leased<A: Decider> {
    /// The effect.
    pub outgoing: Outgoing<A>,
    /// How often it was lent, this time included.
    pub tries: u32,
}

impl<A: Decider> Loaded<A> {
    /// What was read.
    #[must_use]
    pub const fn new(state: A, version: Version, applied: Option<Applied>) -> Self {
        Self { state, version, applied }
    }
}

impl Applied {
    /// What was read.
    #[must_use]
    pub const fn new(version: Version, fingerprint: Fingerprint) -> Self {
        Self { version, fingerprint }
    }
}

impl<I> Due<I> {
    /// What was read.
    #[must_use]
    pub const fn new(aggregate: I, deadline: Instant, version: Version) -> Self {
        Self { aggregate, deadline, version }
    }
}

impl<A: Decider> Leased<A> {
    /// What was read and written.
    #[must_use]
    pub const fn new(outgoing: Outgoing<A>, tries: u32) -> Self {
        Self { outgoing, tries }
    }
}
