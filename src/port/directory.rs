//! Who is who.

use std::future::Future;

use super::Backend;
use crate::access::Principal;
use crate::decider::Policy;
use crate::id::{ChannelId, ConversationId, OnboardingId, OperatorId, OrganisationId, UserId};
use crate::whatsapp::{NumberUse, PhoneNumber};

/// Tells who people are and what their organisations want. The host owns both.
///
/// Every answer is what holds now; one that is a little old delays what was changed by as much, and breaks nothing.
pub trait Directory: Send + Sync {
    /// A person of an organisation, with their teams and whether they are an account admin.
    ///
    /// # Contract
    ///
    /// Nobody for whoever is unknown, has left, or is another organisation's: the id is organisation and UUID together. The
    /// person that is given back has the id that was asked for.
    ///
    /// # Errors
    ///
    /// [`Backend`] where it cannot be read. Nobody is let in then.
    fn principal(&self, user: UserId) -> impl Future<Output = Result<Option<Principal>, Backend>> + Send;

    /// What an organisation has set for itself.
    ///
    /// # Contract
    ///
    /// The default for one that has set nothing.
    ///
    /// # Errors
    ///
    /// [`Backend`] where it cannot be read.
    fn policy(&self, organisation: OrganisationId) -> impl Future<Output = Result<Policy, Backend>> + Send;

    /// Whether an operator of the provider's serves an onboarding.
    ///
    /// # Contract
    ///
    /// *No* for an operator or an onboarding that is unknown.
    ///
    /// # Errors
    ///
    /// [`Backend`] where it cannot be read. Nobody is let in then.
    fn serves(
        &self,
        operator: OperatorId,
        onboarding: OnboardingId,
    ) -> impl Future<Output = Result<bool, Backend>> + Send;

    /// The open conversations of a channel, in the order of their ids, after one of them, at most so many.
    ///
    /// The host keeps this list, as ids and channels of its conversations are its own: let it note a conversation with its
    /// channel before it begins one. What follows when a channel closes or somebody loses access follows for these alone.
    ///
    /// # Contract
    ///
    /// Each that has been open all the time is listed. One too many does no harm: what follows for it is decided again.
    ///
    /// # Errors
    ///
    /// [`Backend`] where it cannot be read.
    fn conversations(
        &self,
        channel: ChannelId,
        after: Option<ConversationId>,
        limit: usize,
    ) -> impl Future<Output = Result<Vec<ConversationId>, Backend>> + Send;

    /// What a number has used up of its budgets at Meta in the onboardings that have ended
    /// (`onboarding.register-budget`).
    ///
    /// # Contract
    ///
    /// That of the onboarding which had the number last; the default where none had it.
    ///
    /// # Errors
    ///
    /// [`Backend`] where it cannot be read.
    fn number_use(&self, number: PhoneNumber) -> impl Future<Output = Result<NumberUse, Backend>> + Send;
}
