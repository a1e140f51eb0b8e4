//! What may be asked of an onboarding.

use serde::{Deserialize, Serialize};

use super::{Details, Fact, Inheritance, Kind, Plan, SignupEnd, TextReference};
use crate::access::Grant;
use crate::id::{ChannelId, FactId, OnboardingId};
use crate::time::Instant;
use crate::whatsapp::{CodeMethod, PhoneNumberId, Profile, TemplateKey, WabaId};

/// What may be asked of an onboarding: acts of brand and provider, answers of the transport, facts from Meta, time.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Command {
    /// The brand begins, and attests its access to the two places it will need (`onboarding.prerequisites`).
    Start {
        /// The new onboarding's id, in the brand's organisation.
        id: OnboardingId,
        /// Which way it goes.
        plan: Plan,
        /// Access to the Business Manager.
        business_manager: Attestation,
        /// Access to the Security Center.
        security_center: Attestation,
        /// What an earlier onboarding of the same business has done already (`onboarding.more-numbers`).
        takes_over: Option<Box<Inheritance>>,
    },
    /// The brand signs the provider's agreement.
    SignAgreement {
        /// Which text.
        text: TextReference,
    },
    /// The brand accepts WhatsApp's business terms.
    AcceptTerms {
        /// Which text.
        text: TextReference,
    },
    /// The brand hands in its details, or mends them (`onboarding.details-whole`, `onboarding.details-revise`).
    SubmitDetails(Details),
    /// The brand tells how its way through Meta's embedded signup ended.
    EndSignup(SignupEnd),
    /// The provider tells that the number stands in the brand's account: it was added there where the brand had come back
    /// with an account and no number.
    AddNumber {
        /// The account, which must be the one in force.
        account: WabaId,
        /// The number's id in the account.
        phone_number: PhoneNumberId,
    },
    /// The provider tells that its app receives the deliveries of the brand's account.
    SubscribeApp {
        /// The account, which must be the one in force.
        account: WabaId,
    },
    /// The provider has asked the brand at Meta for an account, which has no number yet (`onboarding.account-request`).
    RequestAccount {
        /// The account that is asked for.
        account: WabaId,
    },
    /// The provider has created the account at Meta, which asks the brand to approve it (`onboarding.account-request`).
    CreateAccount {
        /// The account.
        account: WabaId,
        /// The number's id in it.
        phone_number: PhoneNumberId,
    },
    /// The brand tells how it answered the request.
    AnswerRequest(Answer),
    /// The brand tells that it handed in its business for verification (`onboarding.business-review`).
    SubmitBusiness,
    /// The brand asks for a code (`onboarding.code-method`).
    RequestCode {
        /// How it is to be sent.
        method: CodeMethod,
    },
    /// The transport reports what became of the request for a code. Like every answer of Meta's it is given as
    /// `Actor::Meta(Source::GraphApi)`, a lost one too.
    ReportCodeSend {
        /// Which request: the number that its event and its effect carry.
        request: u32,
        /// What became of it.
        outcome: CodeSend,
    },
    /// The brand begins to enter a code. The code itself is not part of it: after this is committed the caller hands it to
    /// the transport, and reports the answer (`onboarding.code-secret`).
    ///
    /// ```
    /// use whatsapp_inbox::decider::{Context, Decider};
    /// use whatsapp_inbox::onboarding::{Change, CodeAnswer, Command, Event, Onboarding, Refused};
    /// use whatsapp_inbox::whatsapp::VerificationCode;
    ///
    /// /// Begins an entry, has it committed, calls Meta, and gives the command that reports the answer.
    /// fn enter(
    ///     onboarding: &Onboarding,
    ///     context: &Context<'_>,
    ///     code: &VerificationCode,
    ///     commit: impl Fn(&[Event]),
    ///     verify_at_meta: impl Fn(&str) -> CodeAnswer,
    /// ) -> Result<Option<Command>, Refused> {
    ///     let events = onboarding.decide(Command::EnterCode, context)?;
    ///     commit(&events);
    ///     let entry = events.iter().find_map(|event| match event.change {
    ///         Change::CodeEntryBegun { entry, .. } => Some(entry),
    ///         _ => None,
    ///     });
    ///     Ok(entry.map(|entry| Command::ReportCodeEntry { entry, answer: verify_at_meta(code.expose()) }))
    /// }
    /// ```
    EnterCode,
    /// The transport reports what Meta answered to an entry, as `Actor::Meta(Source::GraphApi)`.
    ReportCodeEntry {
        /// Which entry: the number that its event carries.
        entry: u32,
        /// What Meta answered.
        answer: CodeAnswer,
    },
    /// The provider begins to register the number. The PIN is not part of it: after this is committed the caller hands it
    /// to the transport, and reports the answer (`onboarding.register-budget`).
    Register,
    /// The transport reports what Meta answered to a registration, as `Actor::Meta(Source::GraphApi)`.
    ReportRegistration {
        /// Which attempt: the number that its event carries.
        attempt: u32,
        /// What Meta answered.
        answer: RegistrationAnswer,
    },
    /// The provider activates the account and links it: the channel appears (`onboarding.activate`).
    Activate {
        /// The new channel's id, in the brand's organisation.
        channel: ChannelId,
        /// Who has access to it at once (`onboarding.channel-appears`).
        grants: Vec<Grant>,
    },
    /// The brand completes its business profile (`onboarding.profile`).
    CompleteProfile(Box<Profile>),
    /// The provider has applied for the badge (`onboarding.badge`).
    ApplyForBadge,
    /// The brand has handed in a message template (`onboarding.templates`).
    SubmitTemplate(TemplateKey),
    /// Brand or provider give up (`onboarding.withdraw`).
    Withdraw,
    /// An operator gives an unverified number free (`onboarding.number-once`).
    ReleaseNumber,
    /// Meta tells a fact, or tells it again (`onboarding.repeat`).
    Observe {
        /// The fact's id.
        id: FactId,
        /// Since when it is so, if Meta says. Without a time, or with one that lies after its first receipt, it takes the
        /// instant of that.
        at: Option<Instant>,
        /// What is so.
        fact: Fact,
    },
    /// Time has passed: what is due happens. Early, late and repeated it does no harm.
    Tick,
}

/// Whether the brand attests something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Attestation {
    /// It does.
    Given,
    /// It does not.
    Missing,
}

/// How the brand answered the provider's request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Answer {
    /// Approved it.
    Approved,
    /// Declined it.
    Declined,
}

/// What became of the request for a code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum CodeSend {
    /// Meta has sent it. Its ten minutes begin with this report (`onboarding.code-ten-minutes`).
    Sent,
    /// Meta has not sent it (error 136024).
    NotSent,
    /// The answer was lost: nobody knows.
    Unknown,
}

/// What Meta answered to an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum CodeAnswer {
    /// It is the right code.
    Accepted,
    /// It is a wrong one (error 136025).
    Wrong,
    /// There were too many guesses: Meta itself has locked the number for about twelve hours.
    TooManyGuesses,
    /// The answer was lost: nobody knows. The entry counts as a wrong one until a reading says otherwise.
    Unknown,
}

/// What Meta answered to a registration.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub enum RegistrationAnswer {
    /// The number is registered.
    Registered,
    /// The PIN is not the number's (error 133005).
    PinMismatch,
    /// The limit on registering is hit: nothing for 72 hours (error 133016).
    LimitHit,
    /// Refused for another reason, with Meta's error code.
    Failed {
        /// Meta's error code, such as 133010.
        error: u32,
    },
    /// The answer was lost: nobody knows. It is settled by reading the number's status, never by calling again.
    Unknown,
}

impl Command {
    /// What kind of command this is.
    #[must_use]
    pub const fn kind(&self) -> Kind {
        match self {
            Self::Start { .. } => Kind::Start,
            Self::SignAgreement { .. } => Kind::SignAgreement,
            Self::AcceptTerms { .. } => Kind::AcceptTerms,
            Self::SubmitDetails(_) => Kind::SubmitDetails,
            Self::EndSignup(_) => Kind::EndSignup,
            Self::AddNumber { .. } => Kind::AddNumber,
            Self::SubscribeApp { .. } => Kind::SubscribeApp,
            Self::RequestAccount { .. } => Kind::RequestAccount,
            Self::CreateAccount { .. } => Kind::CreateAccount,
            Self::AnswerRequest(_) => Kind::AnswerRequest,
            Self::SubmitBusiness => Kind::SubmitBusiness,
            Self::RequestCode { .. } => Kind::RequestCode,
            Self::ReportCodeSend { .. } => Kind::ReportCodeSend,
            Self::EnterCode => Kind::EnterCode,
            Self::ReportCodeEntry { .. } => Kind::ReportCodeEntry,
            Self::Register => Kind::Register,
            Self::ReportRegistration { .. } => Kind::ReportRegistration,
            Self::Activate { .. } => Kind::Activate,
            Self::CompleteProfile(_) => Kind::CompleteProfile,
            Self::ApplyForBadge => Kind::ApplyForBadge,
            Self::SubmitTemplate(_) => Kind::SubmitTemplate,
            Self::Withdraw => Kind::Withdraw,
            Self::ReleaseNumber => Kind::ReleaseNumber,
            Self::Observe { .. } => Kind::Observe,
            Self::Tick => Kind::Tick,
        }
    }
}
