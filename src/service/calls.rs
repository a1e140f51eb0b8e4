//! Calls to Meta with a secret: begun, called, told.

use serde::Serialize;

use super::{Answer, Request, Service, ServiceError, Stores};
use crate::decider::{Actor, Fingerprint, Source};
use crate::id::{CommandId, FactId, OnboardingId};
use crate::onboarding::{Change, CodeAnswer, Command, Event, Onboarding, RegistrationAnswer};
use crate::port::{Directory, Store, Transport};
use crate::whatsapp::{PhoneNumberId, Pin, VerificationCode};

/// The id of a command that follows from something: the same however often it follows.
pub(super) fn follows(from: &impl Serialize) -> CommandId {
    CommandId::new(Fingerprint::of(from).uuid())
}

impl<S: Stores, D: Directory, T: Transport> Service<S, D, T> {
    /// Enters a code (`onboarding.code-secret`): it is written that an entry has begun, which counts as a try; then Meta is
    /// called, once; then its answer is written. Where no answer comes it is [`CodeAnswer::Unknown`], and [`Service::settle`]
    /// tells more.
    ///
    /// The same request again calls nobody: its answer is *already applied*.
    ///
    /// # Errors
    ///
    /// [`ServiceError`] as of [`Service::onboarding`]. After a backend's fault it may be that Meta was called: read the
    /// onboarding, or [settle](Service::settle) it.
    pub async fn enter_code(
        &self,
        id: OnboardingId,
        code: &VerificationCode,
        request: &Request,
    ) -> Result<Answer<Event>, ServiceError<Onboarding>> {
        let begun = self.onboarding(id, Command::EnterCode, request).await?;
        let entry = begun.events().iter().find_map(|event| match event.change {
            Change::CodeEntryBegun { entry, .. } => Some(entry),
            _ => None,
        });
        let Some(entry) = entry else { return Ok(begun) };
        let answer = match self.number(id).await? {
            Some(number) => self.transport.enter_code(&number, code).await.unwrap_or(CodeAnswer::Unknown),
            None => CodeAnswer::Unknown,
        };
        self.report(id, Command::ReportCodeEntry { entry, answer }, request).await
    }

    /// Registers the number with its PIN (`onboarding.register-budget`): as with a code, it is written that the call has begun,
    /// Meta is called once, and its answer is written.
    ///
    /// # Errors
    ///
    /// As of [`Service::enter_code`].
    pub async fn register(
        &self,
        id: OnboardingId,
        pin: &Pin,
        request: &Request,
    ) -> Result<Answer<Event>, ServiceError<Onboarding>> {
        let begun = self.onboarding(id, Command::Register, request).await?;
        let attempt = begun.events().iter().find_map(|event| match event.change {
            Change::RegistrationBegun { attempt } => Some(attempt),
            _ => None,
        });
        let Some(attempt) = attempt else { return Ok(begun) };
        let answer = match self.number(id).await? {
            Some(number) => self.transport.register(&number, pin).await.unwrap_or(RegistrationAnswer::Unknown),
            None => RegistrationAnswer::Unknown,
        };
        self.report(id, Command::ReportRegistration { attempt, answer }, request).await
    }

    /// Reads at Meta how far an onboarding is, and tells it what was read: how an outcome that nobody knows is settled. It says
    /// how many facts that were.
    ///
    /// The same request again is the same reading and changes nothing. Another request reads anew, and what it reads is kept
    /// as told anew, unless Meta says of it since when it is so: read when there is something to settle, not on a timer.
    ///
    /// # Errors
    ///
    /// [`ServiceError::Backend`] where no answer came, or as of [`Service::onboarding`].
    pub async fn settle(&self, id: OnboardingId, request: &Request) -> Result<usize, ServiceError<Onboarding>> {
        let facts = self.transport.read(id).await?;
        let told = facts.len();
        for (at, fact) in facts {
            let reading = at.map_or_else(|| follows(&("read", request.id, &fact)), |at| follows(&("read", at, &fact)));
            let observe = Command::Observe { id: FactId::new(reading.uuid()), at, fact };
            let request = Request { id: reading, actor: Actor::Meta(Source::GraphApi), ..*request };
            self.onboarding(id, observe, &request).await?;
        }
        Ok(told)
    }

    /// Writes what Meta answered to a request.
    async fn report(
        &self,
        id: OnboardingId,
        report: Command,
        request: &Request,
    ) -> Result<Answer<Event>, ServiceError<Onboarding>> {
        let actor = Actor::Meta(Source::GraphApi);
        let report_request = Request::new(follows(&("answer", request.id)), actor, request.now);
        self.onboarding(id, report, &report_request.following(request.metadata(request.actor))).await
    }

    async fn number(&self, id: OnboardingId) -> Result<Option<PhoneNumberId>, ServiceError<Onboarding>> {
        let loaded = Store::<Onboarding>::load(&self.store, id, None).await?;
        Ok(loaded.state.phone_number_id().cloned())
    }
}
