//! A store that fails by a seed.

use std::future::poll_fn;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::Poll;

use crate::decider::Decider;
use crate::id::CommandId;
use crate::port::{Backend, Commit, CommitError, Committed, Due, EffectId, Leased, Loaded, Store};
use crate::time::Instant;

/// Passes every call on to a store, but for those that it delays, fails or loses the answer of, by a seed: the same seed and
/// the same calls in the same order fail alike.
///
/// Before and after each call it may let others go first. To let a process crash between any two steps, drop the future of what
/// it does where that waits.
///
/// ```
/// use whatsapp_inbox::conversation::Conversation;
/// use whatsapp_inbox::id::{ConversationId, OrganisationId};
/// use whatsapp_inbox::memory::Memory;
/// use whatsapp_inbox::port::Store;
/// use whatsapp_inbox::testing::{Faulty, Odds, block_on};
/// use whatsapp_inbox::uuid::Uuid;
///
/// let mut odds = Odds::default();
/// odds.fails = 500;
/// let store = Faulty::new(Memory::default(), odds, 7);
/// let id = ConversationId::new(OrganisationId::new(Uuid::from_u128(1)), Uuid::from_u128(300));
/// let failed = (0..100).filter(|_| block_on(Store::<Conversation>::load(&store, id, None)).is_err()).count();
/// assert!((30..70).contains(&failed));
/// ```
#[derive(Debug)]
pub struct Faulty<S> {
    store: S,
    odds: Odds,
    chance: Chance,
}

/// How many of a thousand calls go wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Odds {
    /// So many fail, and nothing is done.
    pub fails: u16,
    /// So many are done, and their answer is lost.
    pub loses_answer: u16,
    /// At so many points of a thousand, before and after each call, others go first.
    pub waits: u16,
}

/// Numbers by a seed, for tests that must come out alike every time.
#[derive(Debug)]
pub struct Chance(AtomicU64);

impl Chance {
    /// Numbers by this seed.
    #[must_use]
    pub const fn new(seed: u64) -> Self {
        Self(AtomicU64::new(seed))
    }

    /// The next number.
    pub fn draw(&self) -> u64 {
        // SplitMix64, of Steele, Lea and Flood.
        let mut mixed = self.0.fetch_add(0x9e37_79b9_7f4a_7c15, Ordering::Relaxed);
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// The next number below a bound; nought where that is nought.
    pub fn below(&self, bound: usize) -> usize {
        let bound = u64::try_from(bound).unwrap_or(u64::MAX);
        self.draw().checked_rem(bound).and_then(|drawn| usize::try_from(drawn).ok()).unwrap_or_default()
    }

    /// Yes, so many times of a thousand.
    pub fn happens(&self, per_mille: u16) -> bool {
        self.below(1000) < usize::from(per_mille)
    }

    /// Lets others go first, so many times of a thousand.
    pub async fn waits(&self, per_mille: u16) {
        if self.happens(per_mille) {
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
    }
}

impl<S> Faulty<S> {
    /// A store that goes wrong with these odds.
    #[must_use]
    pub const fn new(store: S, odds: Odds, seed: u64) -> Self {
        Self { store, odds, chance: Chance::new(seed) }
    }

    /// The store behind it.
    pub const fn inner(&self) -> &S {
        &self.store
    }

    async fn before(&self) -> Result<(), Backend> {
        self.chance.waits(self.odds.waits).await;
        if self.chance.happens(self.odds.fails) { Err(Backend::new("it failed, and did nothing")) } else { Ok(()) }
    }

    async fn after(&self) -> Result<(), Backend> {
        self.chance.waits(self.odds.waits).await;
        if self.chance.happens(self.odds.loses_answer) { Err(Backend::new("the answer was lost")) } else { Ok(()) }
    }
}

impl<A: Decider, S: Store<A>> Store<A> for Faulty<S> {
    async fn load(&self, aggregate: A::Id, command: Option<CommandId>) -> Result<Loaded<A>, Backend> {
        self.before().await?;
        let loaded = self.store.load(aggregate, command).await?;
        self.after().await?;
        Ok(loaded)
    }

    async fn commit(&self, commit: Commit<A>) -> Result<Committed, CommitError> {
        self.before().await?;
        let answer = self.store.commit(commit).await;
        self.after().await?;
        answer
    }

    async fn due(&self, now: Instant, limit: usize) -> Result<Vec<Due<A::Id>>, Backend> {
        self.before().await?;
        let due = self.store.due(now, limit).await?;
        self.after().await?;
        Ok(due)
    }

    async fn lease(&self, now: Instant, until: Instant, limit: usize) -> Result<Vec<Leased<A>>, Backend> {
        self.before().await?;
        let leased = self.store.lease(now, until, limit).await?;
        self.after().await?;
        Ok(leased)
    }

    async fn done(&self, effect: EffectId<A::Id>) -> Result<(), Backend> {
        self.before().await?;
        self.store.done(effect).await?;
        self.after().await
    }
}
