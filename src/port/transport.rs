//! The way to Meta.

use std::future::Future;

use super::Backend;
use crate::conversation::{MessageKind, WarningOutcome};
use crate::id::{ConversationId, OnboardingId};
use crate::onboarding::{CodeAnswer, CodeSend, Fact, RegistrationAnswer};
use crate::time::Instant;
use crate::whatsapp::{CodeMethod, PhoneNumberId, Pin, VerificationCode};

/// Calls Meta, and nothing else. No call is repeated by whoever uses this: an answer that is lost is reported as unknown, and
/// settled by reading.
pub trait Transport: Send + Sync {
    /// Asks Meta to send a code to a number (`POST /<phone number id>/request_code`).
    ///
    /// # Contract
    ///
    /// One call at most: a second one spends the code of the first (`onboarding.code-single`).
    ///
    /// # Errors
    ///
    /// [`Backend`] where no answer came, and nobody knows whether a code was sent.
    fn ask_for_code(
        &self,
        number: &PhoneNumberId,
        method: CodeMethod,
    ) -> impl Future<Output = Result<CodeSend, Backend>> + Send;

    /// Hands a code to Meta, which checks it (`POST /<phone number id>/verify_code`).
    ///
    /// # Contract
    ///
    /// One call at most: each counts as a guess. The code is kept nowhere and logged nowhere (`onboarding.code-secret`).
    ///
    /// # Errors
    ///
    /// [`Backend`] where no answer came, and nobody knows what Meta thinks of it.
    fn enter_code(
        &self,
        number: &PhoneNumberId,
        code: &VerificationCode,
    ) -> impl Future<Output = Result<CodeAnswer, Backend>> + Send;

    /// Registers a number with its PIN (`POST /<phone number id>/register`).
    ///
    /// # Contract
    ///
    /// One call at most: each is one of ten in 72 hours (`onboarding.register-budget`). The PIN is kept nowhere and logged
    /// nowhere.
    ///
    /// # Errors
    ///
    /// [`Backend`] where no answer came, and nobody knows whether the number is registered.
    fn register(
        &self,
        number: &PhoneNumberId,
        pin: &Pin,
    ) -> impl Future<Output = Result<RegistrationAnswer, Backend>> + Send;

    /// Warns a customer that their conversation is about to close (`conversation.warn`): by free text, or by the template that
    /// the channel has for it. The host knows the customer, and what the warning says. No two calls for one conversation have the
    /// same attempt.
    ///
    /// # Contract
    ///
    /// One call at most: a second one would warn twice.
    ///
    /// # Errors
    ///
    /// [`Backend`] where no answer came.
    fn send_warning(
        &self,
        conversation: ConversationId,
        attempt: u32,
        kind: MessageKind,
    ) -> impl Future<Output = Result<WarningOutcome, Backend>> + Send;

    /// Reads at Meta how far an onboarding is: what settles an outcome that nobody knows. It changes nothing there.
    ///
    /// # Contract
    ///
    /// What is not so is told as well: of a number that was to be registered its status, whatever it is, and of one that was
    /// to be verified likewise. Each with the instant since when Meta says that it is so; without one, where Meta says none,
    /// it is so as of the reading.
    ///
    /// # Errors
    ///
    /// [`Backend`] where no answer came.
    fn read(
        &self,
        onboarding: OnboardingId,
    ) -> impl Future<Output = Result<Vec<(Option<Instant>, Fact)>, Backend>> + Send;
}
