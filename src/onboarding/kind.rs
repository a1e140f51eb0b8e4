//! The kinds of commands: which step each works on, and who may give it.

use std::fmt;

use serde::{Deserialize, Serialize};

#[cfg(doc)]
use super::Command;
use super::{Plan, Row, Step};
use crate::decider::Party;

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
    /// [`Command::EndSignup`].
    EndSignup,
    /// [`Command::AddNumber`].
    AddNumber,
    /// [`Command::SubscribeApp`].
    SubscribeApp,
    /// [`Command::RequestAccount`].
    RequestAccount,
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
    pub const ALL: [Self; 25] = [
        Self::Start,
        Self::SignAgreement,
        Self::AcceptTerms,
        Self::SubmitDetails,
        Self::EndSignup,
        Self::AddNumber,
        Self::SubscribeApp,
        Self::RequestAccount,
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
            Self::EndSignup => "tell how the signup ended",
            Self::AddNumber => "add the number to the account",
            Self::SubscribeApp => "subscribe the app",
            Self::RequestAccount => "ask the brand for an account",
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
            Self::EndSignup => Some(Step::CompleteSignup),
            Self::AddNumber => Some(Step::AddNumber),
            Self::SubscribeApp => Some(Step::SubscribeApp),
            Self::RequestAccount => Some(Step::RequestAccount),
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

    /// Whether a plan knows it: it works on no step, or on one that the plan has.
    #[must_use]
    pub fn is_in(self, plan: Plan) -> bool {
        self.step().is_none_or(|step| plan.row(step).is_some())
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
