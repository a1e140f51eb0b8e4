//! What answers in Meta's place in tests.

use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::conversation::{MessageKind, WarningOutcome};
use crate::id::{ConversationId, OnboardingId, TemplateId};
use crate::onboarding::{CodeAnswer, CodeSend, Fact, RegistrationAnswer};
use crate::port::{Backend, Templates, Transport};
use crate::template;
use crate::time::Instant;
use crate::whatsapp::{CodeMethod, PhoneNumberId, Pin, TemplateUse, VerificationCode, WabaId};

/// A [`Transport`] that calls nobody: it writes down what would have been called, and answers as a test has told it, and
/// otherwise that all went well.
///
/// ```
/// use whatsapp_inbox::conversation::MessageKind;
/// use whatsapp_inbox::port::Transport;
/// use whatsapp_inbox::testing::{Call, StandIn, block_on, sample};
///
/// let meta = StandIn::default();
/// block_on(meta.send_warning(sample::CONVERSATION, 1, MessageKind::FreeText)).unwrap();
/// let (conversation, kind) = (sample::CONVERSATION, MessageKind::FreeText);
/// assert_eq!(meta.calls(), [Call::SendWarning { conversation, attempt: 1, kind }]);
/// ```
#[derive(Debug, Default)]
pub struct StandIn {
    told: Mutex<Told>,
}

#[derive(Debug, Default)]
struct Told {
    calls: Vec<Call>,
    answers: Answers,
}

/// A call to Meta, without its secret.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Call {
    /// [`Transport::ask_for_code`]
    AskForCode {
        /// For which number.
        number: PhoneNumberId,
        /// How it is sent.
        method: CodeMethod,
    },
    /// [`Transport::enter_code`]
    EnterCode {
        /// For which number.
        number: PhoneNumberId,
    },
    /// [`Transport::register`]
    Register {
        /// Which number.
        number: PhoneNumberId,
    },
    /// [`Transport::send_warning`]
    SendWarning {
        /// In which conversation.
        conversation: ConversationId,
        /// Which attempt, from 1.
        attempt: u32,
        /// As what.
        kind: MessageKind,
    },
    /// [`Transport::read`]
    Read {
        /// Which onboarding.
        onboarding: OnboardingId,
    },
    /// [`Templates::call`]
    Template {
        /// Which template.
        template: TemplateId,
        /// What was asked.
        effect: template::Effect,
    },
}

/// What is answered to each call from now on. No answer at all is a fault: it is lost.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Answers {
    /// To [`Transport::ask_for_code`].
    pub code_send: Option<CodeSend>,
    /// To [`Transport::enter_code`].
    pub code: Option<CodeAnswer>,
    /// To [`Transport::register`].
    pub registration: Option<RegistrationAnswer>,
    /// To [`Transport::send_warning`].
    pub warning: Option<WarningOutcome>,
    /// To [`Transport::read`].
    pub facts: Option<Vec<(Option<Instant>, Fact)>>,
    /// To [`Templates::used`].
    pub templates: Option<TemplateUse>,
    /// To [`Templates::call`].
    pub template: Option<template::Outcome>,
}

impl Default for Answers {
    /// All goes well, and there is nothing to read.
    fn default() -> Self {
        Self {
            code_send: Some(CodeSend::Sent),
            code: Some(CodeAnswer::Accepted),
            registration: Some(RegistrationAnswer::Registered),
            warning: Some(WarningOutcome::Sent),
            facts: Some(Vec::new()),
            templates: Some(TemplateUse::default()),
            template: Some(template::Outcome::Taken),
        }
    }
}

impl StandIn {
    /// What was called, in order.
    pub fn calls(&self) -> Vec<Call> {
        self.told().calls.clone()
    }

    /// Answers otherwise from now on.
    pub fn answers(&self, change: impl FnOnce(&mut Answers)) {
        change(&mut self.told().answers);
    }

    fn told(&self) -> MutexGuard<'_, Told> {
        self.told.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn called<T>(&self, call: Call, answer: impl FnOnce(&Answers) -> Option<T>) -> Result<T, Backend> {
        let mut told = self.told();
        told.calls.push(call);
        answer(&told.answers).ok_or_else(|| Backend::new("no answer came"))
    }
}

impl Transport for StandIn {
    async fn ask_for_code(&self, number: &PhoneNumberId, method: CodeMethod) -> Result<CodeSend, Backend> {
        self.called(Call::AskForCode { number: number.clone(), method }, |answers| answers.code_send)
    }

    async fn enter_code(&self, number: &PhoneNumberId, _: &VerificationCode) -> Result<CodeAnswer, Backend> {
        self.called(Call::EnterCode { number: number.clone() }, |answers| answers.code)
    }

    async fn register(&self, number: &PhoneNumberId, _: &Pin) -> Result<RegistrationAnswer, Backend> {
        self.called(Call::Register { number: number.clone() }, |answers| answers.registration)
    }

    async fn send_warning(
        &self,
        conversation: ConversationId,
        attempt: u32,
        kind: MessageKind,
    ) -> Result<WarningOutcome, Backend> {
        self.called(Call::SendWarning { conversation, attempt, kind }, |answers| answers.warning)
    }

    async fn read(&self, onboarding: OnboardingId) -> Result<Vec<(Option<Instant>, Fact)>, Backend> {
        self.called(Call::Read { onboarding }, |answers| answers.facts.clone())
    }
}

impl Templates for StandIn {
    async fn used(&self, _: &WabaId) -> Result<TemplateUse, Backend> {
        self.told().answers.templates.clone().ok_or_else(|| Backend::new("no answer came"))
    }

    async fn call(&self, template: TemplateId, effect: &template::Effect) -> Result<template::Outcome, Backend> {
        self.called(Call::Template { template, effect: effect.clone() }, |answers| answers.template)
    }
}
