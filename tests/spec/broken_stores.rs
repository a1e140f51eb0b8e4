//! Stores that are broken on purpose fail the contract, each at the check that names its fault.

use std::collections::BTreeSet;
use std::future::poll_fn;
use std::sync::Mutex;
use std::task::Poll;

use whatsapp_inbox::conversation::Conversation;
use whatsapp_inbox::decider::{Decider, Fingerprint, Version};
use whatsapp_inbox::id::CommandId;
use whatsapp_inbox::memory::Memory;
use whatsapp_inbox::port::*;
use whatsapp_inbox::testing::{block_on, contract};
use whatsapp_inbox::time::Instant;

/// What is broken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    ForgetsCommands,
    IgnoresContent,
    CommandsOfAll,
    AcceptsAhead,
    AcceptsBehind,
    ReadsThenWrites,
    ConflictAfterwards,
    SaysNoVersions,
    IgnoresClaims,
    DueTooLate,
    DueUnordered,
    DueUnlimited,
    LendsAgain,
    LendsOutOfOrder,
    CountsNoTries,
    NeverDone,
    LosesEffects,
    KeepsOldDeadline,
    OneOrganisation,
    ClearsOutbox,
    LendsUnlimited,
    LaterFirst,
    CutsBeforeSorting,
    Reverses,
    OnlyConversations,
}

/// A memory with one fault.
pub struct Broken {
    memory: Memory,
    fault: Fault,
    /// Commands that were committed anywhere.
    seen: Mutex<BTreeSet<CommandId>>,
}

/// Lets others go first, once.
async fn others_first() {
    let mut waited = false;
    poll_fn(|context| {
        if std::mem::replace(&mut waited, true) {
            return Poll::Ready(());
        }
        context.waker().wake_by_ref();
        Poll::Pending
    })
    .await;
}

impl Broken {
    pub fn new(fault: Fault) -> Self {
        Self { memory: Memory::default(), fault, seen: Mutex::default() }
    }

    pub const fn memory(&self) -> &Memory {
        &self.memory
    }

    const fn is(&self, fault: Fault) -> bool {
        self.fault as u8 == fault as u8
    }

    /// The commit with what this store gets wrong of it.
    async fn bent<A: Decider>(&self, mut commit: Commit<A>) -> Commit<A>
    where
        Memory: Store<A>,
    {
        let there = Store::<A>::load(&self.memory, commit.aggregate, None).await.expect("memory").version;
        let expected = commit.expected;
        let moves =
            (self.is(Fault::AcceptsAhead) && expected > there) || (self.is(Fault::AcceptsBehind) && expected < there);
        if moves {
            commit.expected = there;
        }
        if self.is(Fault::ReadsThenWrites) && expected == there {
            // It has checked the version, and writes on whatever is there by then.
            others_first().await;
            commit.expected = Store::<A>::load(&self.memory, commit.aggregate, None).await.expect("memory").version;
        }
        match self.fault {
            Fault::ForgetsCommands => {
                let other = Fingerprint::of(&(commit.metadata.command, there)).as_u128();
                commit.metadata.command = CommandId::new(whatsapp_inbox::uuid::Uuid::from_u128(other));
            }
            Fault::IgnoresContent => commit.fingerprint = Fingerprint::from_u128(1),
            Fault::IgnoresClaims => commit.claims.clear(),
            Fault::LaterFirst if there > Version::new(1) => {
                commit.effects.iter_mut().for_each(|outgoing| outgoing.id.event.version = Version::FIRST);
            }
            Fault::Reverses => {
                let before = Store::<A>::load(&self.memory, commit.aggregate, None).await.expect("memory").state;
                commit.events.reverse();
                commit.state = commit.events.iter().fold(before, A::evolve);
            }
            Fault::OnlyConversations if A::NAME != "conversation" => commit.effects.clear(),
            Fault::ClearsOutbox => {
                // Whatever was waiting is taken for done.
                let lent =
                    Store::<A>::lease(&self.memory, Instant::MAX, Instant::MIN, usize::MAX).await.expect("memory");
                for leased in lent.into_iter().filter(|leased| leased.outgoing.id.event.aggregate == commit.aggregate) {
                    Store::<A>::done(&self.memory, leased.outgoing.id).await.expect("memory");
                }
            }
            Fault::LosesEffects => _ = commit.effects.pop(),
            Fault::KeepsOldDeadline if commit.deadline.is_none() => commit.deadline = Some(Instant::MIN),
            _ => {}
        }
        commit
    }
}

impl<A: Decider> Store<A> for Broken
where
    Memory: Store<A>,
{
    async fn load(&self, aggregate: A::Id, command: Option<CommandId>) -> Result<Loaded<A>, Backend> {
        let loaded = Store::<A>::load(&self.memory, aggregate, command).await?;
        if self.is(Fault::OneOrganisation) {
            // Looked up by the UUID alone: a shadow of whatever was written last under it is found.
            let text = aggregate.to_string();
            let key = text.rsplit('/').next().unwrap_or_default().to_owned();
            let shadow: Result<A::Id, _> = format!("{}/{key}", whatsapp_inbox::uuid::Uuid::nil()).parse();
            if let (Ok(shadow), true) = (shadow, loaded.version == Version::FIRST) {
                return Store::<A>::load(&self.memory, shadow, command).await;
            }
        }
        Ok(loaded)
    }

    async fn commit(&self, commit: Commit<A>) -> Result<Committed, CommitError> {
        if self.is(Fault::CommandsOfAll) && !self.seen.lock().expect("no panic").insert(commit.metadata.command) {
            return Ok(Committed::AlreadyApplied { version: commit.version() });
        }
        if self.is(Fault::OneOrganisation) {
            let text = commit.aggregate.to_string();
            let key = text.rsplit('/').next().unwrap_or_default().to_owned();
            if let Ok(shadow) = format!("{}/{key}", whatsapp_inbox::uuid::Uuid::nil()).parse::<A::Id>() {
                let there = Store::<A>::load(&self.memory, shadow, None).await?.version;
                let mut copy = commit.clone();
                (copy.aggregate, copy.expected) = (shadow, there);
                (copy.claims, copy.effects, copy.deadline) = (Vec::new(), Vec::new(), None);
                let _written = Store::<A>::commit(&self.memory, copy).await;
            }
        }
        let wanted = commit.clone();
        match Store::<A>::commit(&self.memory, self.bent(commit).await).await {
            Err(CommitError::Conflict { expected, .. }) if self.is(Fault::SaysNoVersions) => {
                Err(CommitError::Conflict { expected, current: expected })
            }
            Err(error @ CommitError::Conflict { .. }) if self.is(Fault::ConflictAfterwards) => {
                // It tells of the conflict, and has written half of it.
                let mut half = wanted;
                half.expected = Store::<A>::load(&self.memory, half.aggregate, None).await?.version;
                let _written = Store::<A>::commit(&self.memory, half).await;
                Err(error)
            }
            answer => answer,
        }
    }

    async fn due(&self, now: Instant, limit: usize) -> Result<Vec<Due<A::Id>>, Backend> {
        if self.is(Fault::CutsBeforeSorting) {
            let mut due = Store::<A>::due(&self.memory, now, usize::MAX).await?;
            due.reverse();
            due.truncate(limit);
            due.sort_by_key(|due| due.deadline);
            return Ok(due);
        }
        let limit = if self.is(Fault::DueUnlimited) { usize::MAX } else { limit };
        let mut due = Store::<A>::due(&self.memory, now, limit).await?;
        match self.fault {
            Fault::DueTooLate => due.retain(|due| due.deadline < now),
            Fault::DueUnordered => due.reverse(),
            _ => {}
        }
        Ok(due)
    }

    async fn lease(&self, now: Instant, until: Instant, limit: usize) -> Result<Vec<Leased<A>>, Backend> {
        let until = if self.is(Fault::LendsAgain) { now } else { until };
        let limit = if self.is(Fault::LendsUnlimited) { usize::MAX } else { limit };
        let mut leased = Store::<A>::lease(&self.memory, now, until, limit).await?;
        if self.is(Fault::CountsNoTries) {
            for leased in &mut leased {
                leased.tries = 1;
            }
        }
        if self.is(Fault::LendsOutOfOrder) {
            // It gives each out as done at once, and so the next before this one is.
            for leased in &leased {
                Store::<A>::done(&self.memory, leased.outgoing.id).await?;
            }
        }
        Ok(leased)
    }

    async fn done(&self, effect: EffectId<A::Id>) -> Result<(), Backend> {
        if self.is(Fault::NeverDone) {
            return Ok(());
        }
        Store::<A>::done(&self.memory, effect).await
    }
}

const FAULTS: [(Fault, &str); 25] = [
    (Fault::ClearsOutbox, "a later commit leaves what waits and what is lent as it is"),
    (Fault::LendsUnlimited, "no more is lent than was asked for"),
    (Fault::LaterFirst, "effects of a later commit are lent after those before"),
    (Fault::CutsBeforeSorting, "of many that are due the earliest are told"),
    (Fault::Reverses, "what happened later is read as later"),
    (Fault::OnlyConversations, "a channel has versions, effects and deadlines, too"),
    (Fault::ForgetsCommands, "the same command again is already applied"),
    (Fault::IgnoresContent, "the same command with another content is refused"),
    (Fault::CommandsOfAll, "a command is known by its aggregate alone"),
    (Fault::AcceptsAhead, "a version with a gap before it is a conflict"),
    (Fault::AcceptsBehind, "a stale version is a conflict"),
    (Fault::ReadsThenWrites, "of the first two writers one wins"),
    (Fault::ConflictAfterwards, "a conflict writes nothing"),
    (Fault::SaysNoVersions, "a stale version is a conflict"),
    (Fault::IgnoresClaims, "what another holds is unavailable"),
    (Fault::DueTooLate, "what is due is due from its instant on"),
    (Fault::DueUnordered, "the earliest is due first"),
    (Fault::DueUnlimited, "no more is due than was asked for"),
    (Fault::LendsAgain, "what is lent is not lent again before its time"),
    (Fault::LendsOutOfOrder, "what is not done is lent again, and the tries are counted"),
    (Fault::CountsNoTries, "what is not done is lent again, and the tries are counted"),
    (Fault::NeverDone, "what is done is lent no more"),
    (Fault::LosesEffects, "effects of one aggregate are lent in their order"),
    (Fault::KeepsOldDeadline, "without a deadline nothing is due"),
    (Fault::OneOrganisation, "the same id in two organisations is two aggregates"),
];

#[test]
fn core_atomic_core_concurrent_core_idempotent_broken_stores_fail_at_the_check_that_names_their_fault() {
    for (fault, check) in FAULTS {
        let broken = Broken::new(fault);
        let report = block_on(contract(&broken, 1));
        let failed: Vec<&str> = report.failed.iter().map(|failure| failure.check).collect();
        assert!(failed.contains(&check), "{fault:?}: {report}");
        // It is that fault, and not everything, that is noticed.
        assert!(failed.len() <= 12, "{fault:?}: {report}");
        assert!(report.into_result().is_err());
    }
}

#[test]
fn core_atomic_core_concurrent_core_idempotent_the_memory_store_passes_every_check() {
    let memory = Memory::default();
    // Also where other data is, and again with another seed.
    for seed in [1, 2, u128::MAX] {
        let report = block_on(contract(&memory, seed));
        assert!(report.failed.is_empty(), "{report}");
        assert!(report.passed.len() >= 25, "{report}");
        assert_eq!(BTreeSet::from_iter(&report.passed).len(), report.passed.len(), "each has a name of its own");
    }
    assert!(memory.waiting::<Conversation>().len() > 10, "what the checks left");
}

/// What a thread may be given.
const fn sendable<T: Send>(value: T) -> T {
    value
}

#[test]
fn core_concurrent_the_futures_of_ports_and_checks_may_be_sent_to_other_threads() {
    std::thread::scope(|scope| {
        for seed in 10..14 {
            scope.spawn(move || {
                // A store of its own: whoever else lends effects out meanwhile is no part of the checks.
                let report = block_on(sendable(async move { contract(&Memory::default(), seed).await }));
                assert!(report.failed.is_empty(), "{report}");
            });
        }
    });
}
