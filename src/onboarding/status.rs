//! How far a step is.

use std::fmt;

use serde::Serialize;

use super::{RegistrationAnswer, Step, StepSet};
use crate::decider::{Actor, Party};
use crate::time::Instant;
use crate::whatsapp::{BusinessVerification, NameRejection, SignupScreen};

/// How far a step is, and who has to do what about it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
#[serde(tag = "status", rename_all = "kebab-case")]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub enum Status {
    /// Something before it is not done.
    Locked {
        /// What.
        behind: StepSet,
    },
    /// Somebody must act.
    Open {
        /// Since when.
        since: Instant,
    },
    /// Somebody decides. It is not a fault.
    InReview {
        /// Since when.
        since: Instant,
        /// Who decides.
        by: Party,
    },
    /// Refused, declined, expired: it goes no further by itself.
    NeedsAttention {
        /// Since when.
        since: Instant,
        /// Why.
        why: Attention,
    },
    /// Done.
    Done {
        /// When.
        at: Instant,
        /// By whom, or who told it.
        by: Actor,
        /// How it ended.
        result: Ending,
    },
}

/// How a step that is done has ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub enum Ending {
    /// Well.
    Met,
    /// Meta denied the badge, which holds nothing back (`onboarding.badge`).
    Denied,
}

/// Why a step needs attention, and so who has to mend it and how.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
#[serde(tag = "reason", rename_all = "kebab-case")]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub enum Attention {
    /// The claim on the unverified number has lapsed (`onboarding.number-once`).
    NumberReleased,
    /// The brand left the embedded signup before its end.
    SignupAbandoned {
        /// On which screen.
        screen: SignupScreen,
    },
    /// No number was registered in time after the signup: 14 days, 90 for one that was verified before.
    SignupExpired,
    /// The brand has declined the provider's request.
    RequestDeclined,
    /// The brand had not answered the request for 90 days, or it was taken back.
    RequestExpired,
    /// Meta has not verified the business.
    BusinessNotVerified {
        /// In Meta's word.
        verification: BusinessVerification,
    },
    /// Meta's review of account and number ended badly.
    NumberRejected,
    /// Meta has turned the display name down.
    NameDeclined {
        /// Why, if Meta said.
        #[serde(skip_serializing_if = "Option::is_none")]
        rejection: Option<NameRejection>,
    },
    /// The approval of the display name has run out.
    NameExpired,
    /// Meta did not send the code.
    CodeNotSent,
    /// The code's ten minutes are over.
    CodeExpired,
    /// The code was spent by wrong entries.
    CodeSpent,
    /// The number is locked after too many wrong entries.
    NumberLocked {
        /// Until when.
        until: Instant,
    },
    /// The proof that the number is the brand's has run out.
    VerificationExpired,
    /// Meta refused to register the number.
    RegistrationFailed {
        /// How.
        answer: RegistrationAnswer,
    },
    /// The answer to a registration was lost, or has not come within two minutes.
    RegistrationUnknown,
    /// The account is banned, offboarded, taken away or gone.
    AccountLost,
    /// Meta has turned down every template so far.
    TemplateRejected,
}

impl Attention {
    /// Who has to mend it.
    #[must_use]
    pub const fn party(&self) -> Party {
        match self {
            Self::RequestDeclined
            | Self::RequestExpired
            | Self::NumberRejected
            | Self::RegistrationFailed { .. }
            | Self::RegistrationUnknown
            | Self::AccountLost => Party::Provider,
            Self::NumberReleased
            | Self::SignupAbandoned { .. }
            | Self::SignupExpired
            | Self::BusinessNotVerified { .. }
            | Self::NameDeclined { .. }
            | Self::NameExpired
            | Self::CodeNotSent
            | Self::CodeExpired
            | Self::CodeSpent
            | Self::NumberLocked { .. }
            | Self::VerificationExpired
            | Self::TemplateRejected => Party::Brand,
        }
    }

    /// Where it is mended, if not where the step itself is done (`onboarding.where`).
    #[must_use]
    pub const fn place(&self) -> Option<&'static str> {
        match self {
            Self::NameDeclined { .. } | Self::NameExpired => Some(Step::SubmitDetails.place()),
            Self::NumberRejected | Self::AccountLost => Some(Step::CreateAccount.place()),
            _ => None,
        }
    }

    /// What mends it.
    #[must_use]
    pub const fn mends(&self) -> &'static str {
        match self {
            Self::NumberReleased => "submit the details again",
            Self::SignupAbandoned { .. } | Self::SignupExpired => "go through the embedded signup again",
            Self::RequestDeclined | Self::RequestExpired => "create the account again",
            Self::BusinessNotVerified { verification } => match verification {
                BusinessVerification::NeedsMoreInformation => "send Meta what it asks for, and submit again",
                BusinessVerification::Ineligible => "ask Meta's support: this business is not eligible",
                _ => "mend what Meta names, and submit the business again",
            },
            Self::NumberRejected => {
                "ask Meta to review the account again, have another made, or have another number submitted"
            }
            Self::NameDeclined { .. } | Self::NameExpired => "submit another display name",
            Self::CodeNotSent | Self::CodeExpired | Self::CodeSpent | Self::VerificationExpired => "ask for a new code",
            Self::NumberLocked { .. } => "wait until the lock ends, then ask for a new code",
            Self::RegistrationFailed { answer } => match answer {
                RegistrationAnswer::PinMismatch => "reset the PIN, then register again",
                RegistrationAnswer::LimitHit => "wait 72 hours, then register again",
                _ => "look up Meta's error code, then register again",
            },
            Self::RegistrationUnknown => "read the number's status at Meta",
            Self::AccountLost => "clear the account up with Meta, or have another made",
            Self::TemplateRejected => "mend the template, and submit it again",
        }
    }
}

impl fmt::Display for Attention {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NumberReleased => f.write_str("the claim on the number has lapsed"),
            Self::SignupAbandoned { screen } => write!(f, "the brand left the signup on the screen `{screen}`"),
            Self::SignupExpired => f.write_str("no number was registered in time after the signup"),
            Self::RequestDeclined => f.write_str("the brand declined the request"),
            Self::RequestExpired => f.write_str("the request ran out unanswered"),
            Self::BusinessNotVerified { verification } => write!(f, "Meta says `{verification}`"),
            Self::NumberRejected => f.write_str("Meta turned down the account with its number"),
            Self::NameDeclined { rejection: None } => f.write_str("Meta declined the display name"),
            Self::NameDeclined { rejection: Some(why) } => write!(f, "Meta declined the display name: {why}"),
            Self::NameExpired => f.write_str("the approval of the display name ran out"),
            Self::CodeNotSent => f.write_str("Meta did not send the code"),
            Self::CodeExpired => f.write_str("the code's ten minutes are over"),
            Self::CodeSpent => f.write_str("the code was spent by wrong entries"),
            Self::NumberLocked { until } => write!(f, "too many wrong entries: the number is locked until {until}"),
            Self::VerificationExpired => f.write_str("the verification of the number ran out"),
            Self::RegistrationFailed { answer } => match answer {
                RegistrationAnswer::PinMismatch => f.write_str("the PIN is not the number's"),
                RegistrationAnswer::LimitHit => f.write_str("Meta's limit on registering is hit"),
                RegistrationAnswer::Failed { error } => write!(f, "Meta refused to register the number: error {error}"),
                _ => f.write_str("Meta refused to register the number"),
            },
            Self::RegistrationUnknown => f.write_str("the answer to the registration was lost"),
            Self::AccountLost => f.write_str("the account cannot be used at Meta"),
            Self::TemplateRejected => f.write_str("Meta turned the template down"),
        }
    }
}

impl Status {
    /// Whether the step is done.
    #[must_use]
    pub const fn is_done(&self) -> bool {
        matches!(self, Self::Done { .. })
    }

    /// The status in a word or two.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Locked { .. } => "locked",
            Self::Open { .. } => "open",
            Self::InReview { .. } => "in review",
            Self::NeedsAttention { .. } => "needs attention",
            Self::Done { result: Ending::Met, .. } => "done",
            Self::Done { result: Ending::Denied, .. } => "done (denied)",
        }
    }
}
