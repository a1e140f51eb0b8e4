//! What may be asked of an onboarding.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::{Details, Fact, Inheritance, Plan, Row, Step, TextReference};
use crate::access::Grant;
use crate::decider::Party;
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

/// What kind of command it is: its name without its parameters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub enum Kind {
    /// [`Command::Start`].
    Start,
    /// [`Command::SignAgreement`].
    SignAgreement,
    /// [`Command::AcceptTerms`].
    AcceptTerms,
    /// [`Command::SubmitDetails`].
    SubmitDetails,
    /// [`Command::CreateAccount`].
    CreateAccount,
    /// [`Command::AnswerRequest`].
    AnswerRequest,
    /// [`Command::SubmitBusiness`].
    SubmitBusiness,
    /// [`Command::RequestCode`].
    RequestCode,
    /// [`Command::ReportCodeSend`].
    ReportCodeSend,
    /// [`Command::EnterCode`].
    EnterCode,
    /// [`Command::ReportCodeEntry`].
    ReportCodeEntry,
    /// [`Command::Register`].
    Register,
    /// [`Command::ReportRegistration`].
    ReportRegistration,
    /// [`Command::Activate`].
    Activate,
    /// [`Command::CompleteProfile`].
    CompleteProfile,
    /// [`Command::ApplyForBadge`].
    ApplyForBadge,
    /// [`Command::SubmitTemplate`].
    SubmitTemplate,
    /// [`Command::Withdraw`].
    Withdraw,
    /// [`Command::ReleaseNumber`].
    ReleaseNumber,
    /// [`Command::Observe`].
    Observe,
    /// [`Command::Tick`].
    Tick,
}

impl Kind {
    /// Every kind.
    pub const ALL: [Self; 21] = [
        Self::Start,
        Self::SignAgreement,
        Self::AcceptTerms,
        Self::SubmitDetails,
        Self::CreateAccount,
        Self::AnswerRequest,
        Self::SubmitBusiness,
        Self::RequestCode,
        Self::ReportCodeSend,
        Self::EnterCode,
        Self::ReportCodeEntry,
        Self::Register,
        Self::ReportRegistration,
        Self::Activate,
        Self::CompleteProfile,
        Self::ApplyForBadge,
        Self::SubmitTemplate,
        Self::Withdraw,
        Self::ReleaseNumber,
        Self::Observe,
        Self::Tick,
    ];

    /// What it asks for, as a phrase that follows *to*.
    #[must_use]
    pub const fn phrase(self) -> &'static str {
        match self {
            Self::Start => "start the onboarding",
            Self::SignAgreement => "sign the agreement",
            Self::AcceptTerms => "accept the terms",
            Self::SubmitDetails => "submit the details",
            Self::CreateAccount => "create the account",
            Self::AnswerRequest => "answer the request",
            Self::SubmitBusiness => "submit the business for verification",
            Self::RequestCode => "ask for a code",
            Self::ReportCodeSend => "report what became of a code",
            Self::EnterCode => "enter a code",
            Self::ReportCodeEntry => "report the answer to a code",
            Self::Register => "register the number",
            Self::ReportRegistration => "report the answer to a registration",
            Self::Activate => "activate the account",
            Self::CompleteProfile => "complete the profile",
            Self::ApplyForBadge => "apply for the badge",
            Self::SubmitTemplate => "submit a template",
            Self::Withdraw => "withdraw",
            Self::ReleaseNumber => "release the number",
            Self::Observe => "tell what Meta decided",
            Self::Tick => "let time pass",
        }
    }

    /// The step it works on, where it works on one.
    #[must_use]
    pub const fn step(self) -> Option<Step> {
        match self {
            Self::SignAgreement => Some(Step::SignAgreement),
            Self::AcceptTerms => Some(Step::AcceptTerms),
            Self::SubmitDetails => Some(Step::SubmitDetails),
            Self::CreateAccount => Some(Step::CreateAccount),
            Self::AnswerRequest => Some(Step::ApproveRequest),
            Self::SubmitBusiness => Some(Step::VerifyBusiness),
            Self::RequestCode | Self::EnterCode => Some(Step::VerifyNumber),
            Self::Register | Self::Activate => Some(Step::ActivateAccount),
            Self::CompleteProfile => Some(Step::CompleteProfile),
            Self::ApplyForBadge => Some(Step::ObtainBadge),
            Self::SubmitTemplate => Some(Step::AddTemplates),
            Self::Start
            | Self::ReportCodeSend
            | Self::ReportCodeEntry
            | Self::ReportRegistration
            | Self::Withdraw
            | Self::ReleaseNumber
            | Self::Observe
            | Self::Tick => None,
        }
    }

    /// Whether it may come from a party (`onboarding.actor`). For a step it is the party that the plan names.
    #[must_use]
    pub fn may_come_from(self, party: Party, plan: Plan) -> bool {
        match self {
            Self::Start => party == Party::Brand,
            Self::Withdraw => matches!(party, Party::Brand | Party::Provider),
            Self::ReleaseNumber => party == Party::Provider,
            Self::ReportCodeSend | Self::ReportCodeEntry | Self::ReportRegistration | Self::Observe => {
                party == Party::Meta
            }
            Self::Tick => party == Party::System,
            _ => self.step().and_then(|step| plan.row(step)).and_then(Row::actor) == Some(party),
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.phrase())
    }
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
