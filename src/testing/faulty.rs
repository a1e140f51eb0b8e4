//! Ports that fail by a seed.

use std::future::{Future, poll_fn};
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::Poll;

use crate::access::Principal;
use crate::conversation::{MessageKind, WarningOutcome};
use crate::decider::{Decider, Policy};
use crate::id::{ChannelId, CommandId, ConversationId, OnboardingId, OperatorId, OrganisationId, TemplateId, UserId};
use crate::onboarding::{CodeAnswer, CodeSend, Fact, RegistrationAnswer};
use crate::port::{
    Backend, Commit, CommitError, Committed, Directory, Due, EffectId, Leased, Loaded, Store, Templates, Transport,
};
use crate::template::{Effect, Outcome};
use crate::time::Instant;
use crate::whatsapp::{CodeMethod, NumberUse, PhoneNumber, PhoneNumberId, Pin, TemplateUse, VerificationCode, WabaId};

/// Passes every call on to a port (a store, a directory, a transport), but for those that it delays, fails or loses the answer
/// of, by a seed: the same seed and the same calls in the same order fail alike.
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
pub struct Faulty<P> {
    port: P,
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

impl<P> Faulty<P> {
    /// A port that goes wrong with these odds.
    #[must_use]
    pub const fn new(port: P, odds: Odds, seed: u64) -> Self {
        Self { port, odds, chance: Chance::new(seed) }
    }

    /// The port behind it.
    pub const fn inner(&self) -> &P {
        &self.port
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

impl<P> Faulty<P> {
    /// A call, and what may go wrong with it.
    async fn passed<T>(&self, call: impl Future<Output = Result<T, Backend>> + Send) -> Result<T, Backend> {
        self.before().await?;
        let answer = call.await?;
        self.after().await?;
        Ok(answer)
    }
}

impl<A: Decider, S: Store<A>> Store<A> for Faulty<S> {
    async fn load(&self, aggregate: A::Id, command: Option<CommandId>) -> Result<Loaded<A>, Backend> {
        self.passed(self.port.load(aggregate, command)).await
    }

    async fn commit(&self, commit: Commit<A>) -> Result<Committed, CommitError> {
        self.before().await?;
        let answer = self.port.commit(commit).await;
        self.after().await?;
        answer
    }

    async fn due(&self, now: Instant, limit: usize) -> Result<Vec<Due<A::Id>>, Backend> {
        self.passed(self.port.due(now, limit)).await
    }

    async fn lease(&self, now: Instant, until: Instant, limit: usize) -> Result<Vec<Leased<A>>, Backend> {
        self.passed(self.port.lease(now, until, limit)).await
    }

    async fn done(&self, effect: EffectId<A::Id>) -> Result<(), Backend> {
        self.passed(self.port.done(effect)).await
    }
}

impl<D: Directory> Directory for Faulty<D> {
    async fn principal(&self, user: UserId) -> Result<Option<Principal>, Backend> {
        self.passed(self.port.principal(user)).await
    }

    async fn policy(&self, organisation: OrganisationId) -> Result<Policy, Backend> {
        self.passed(self.port.policy(organisation)).await
    }

    async fn serves(&self, operator: OperatorId, onboarding: OnboardingId) -> Result<bool, Backend> {
        self.passed(self.port.serves(operator, onboarding)).await
    }

    async fn conversations(
        &self,
        channel: ChannelId,
        after: Option<ConversationId>,
        limit: usize,
    ) -> Result<Vec<ConversationId>, Backend> {
        self.passed(self.port.conversations(channel, after, limit)).await
    }

    async fn number_use(&self, number: PhoneNumber) -> Result<NumberUse, Backend> {
        self.passed(self.port.number_use(number)).await
    }
}

impl<T: Transport> Transport for Faulty<T> {
    async fn ask_for_code(&self, number: &PhoneNumberId, method: CodeMethod) -> Result<CodeSend, Backend> {
        self.passed(self.port.ask_for_code(number, method)).await
    }

    async fn enter_code(&self, number: &PhoneNumberId, code: &VerificationCode) -> Result<CodeAnswer, Backend> {
        self.passed(self.port.enter_code(number, code)).await
    }

    async fn register(&self, number: &PhoneNumberId, pin: &Pin) -> Result<RegistrationAnswer, Backend> {
        self.passed(self.port.register(number, pin)).await
    }

    async fn send_warning(
        &self,
        conversation: ConversationId,
        attempt: u32,
        kind: MessageKind,
    ) -> Result<WarningOutcome, Backend> {
        self.passed(self.port.send_warning(conversation, attempt, kind)).await
    }

    async fn read(&self, onboarding: OnboardingId) -> Result<Vec<(Option<Instant>, Fact)>, Backend> {
        self.passed(self.port.read(onboarding)).await
    }
}

impl<T: Templates> Templates for Faulty<T> {
    async fn used(&self, account: &WabaId) -> Result<TemplateUse, Backend> {
        self.passed(self.port.used(account)).await
    }

    async fn call(&self, template: TemplateId, effect: &Effect) -> Result<Outcome, Backend> {
        self.passed(self.port.call(template, effect)).await
    }
}
