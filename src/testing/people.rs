//! A directory for tests.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::access::Principal;
use crate::decider::Policy;
use crate::id::{ChannelId, ConversationId, OnboardingId, OperatorId, OrganisationId, UserId};
use crate::port::{Backend, Directory};
use crate::whatsapp::{NumberUse, PhoneNumber};

/// A [`Directory`] that knows what a test has told it, and nothing else.
///
/// ```
/// use whatsapp_inbox::access::Principal;
/// use whatsapp_inbox::port::Directory;
/// use whatsapp_inbox::testing::{People, block_on, sample};
///
/// let people = People::default();
/// people.joins(Principal::user(sample::ANA));
/// assert!(block_on(people.principal(sample::ANA)).unwrap().is_some());
/// people.leaves(sample::ANA);
/// assert!(block_on(people.principal(sample::ANA)).unwrap().is_none());
/// ```
#[derive(Debug, Default)]
pub struct People {
    known: Mutex<Known>,
}

#[derive(Debug, Default)]
struct Known {
    people: BTreeMap<UserId, Principal>,
    policies: BTreeMap<OrganisationId, Policy>,
    serving: BTreeSet<(OperatorId, OnboardingId)>,
    conversations: BTreeSet<(ChannelId, ConversationId)>,
    numbers: BTreeMap<PhoneNumber, NumberUse>,
}

impl People {
    /// Somebody joins, or is somebody else from now on: other teams, or an account admin.
    pub fn joins(&self, person: Principal) {
        self.known().people.insert(person.id(), person);
    }

    /// Somebody leaves.
    pub fn leaves(&self, user: UserId) {
        self.known().people.remove(&user);
    }

    /// An organisation sets its policy.
    pub fn sets(&self, organisation: OrganisationId, policy: Policy) {
        self.known().policies.insert(organisation, policy);
    }

    /// An operator serves an onboarding from now on.
    pub fn serves(&self, operator: OperatorId, onboarding: OnboardingId) {
        self.known().serving.insert((operator, onboarding));
    }

    /// A channel has a conversation.
    pub fn lists(&self, channel: ChannelId, conversation: ConversationId) {
        self.known().conversations.insert((channel, conversation));
    }

    /// A number has used up so much.
    pub fn uses(&self, number: PhoneNumber, used: NumberUse) {
        self.known().numbers.insert(number, used);
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Directory for People {
    async fn principal(&self, user: UserId) -> Result<Option<Principal>, Backend> {
        Ok(self.known().people.get(&user).cloned())
    }

    async fn policy(&self, organisation: OrganisationId) -> Result<Policy, Backend> {
        Ok(self.known().policies.get(&organisation).cloned().unwrap_or_default())
    }

    async fn serves(&self, operator: OperatorId, onboarding: OnboardingId) -> Result<bool, Backend> {
        Ok(self.known().serving.contains(&(operator, onboarding)))
    }

    async fn conversations(
        &self,
        channel: ChannelId,
        after: Option<ConversationId>,
        limit: usize,
    ) -> Result<Vec<ConversationId>, Backend> {
        let known = self.known();
        let listed = known.conversations.iter().filter(|(of, id)| *of == channel && Some(*id) > after);
        Ok(listed.map(|(_, id)| *id).take(limit).collect())
    }

    async fn number_use(&self, number: PhoneNumber) -> Result<NumberUse, Backend> {
        Ok(self.known().numbers.get(&number).cloned().unwrap_or_default())
    }
}
