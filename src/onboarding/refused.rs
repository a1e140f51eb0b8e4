//! Why an onboarding refuses a command.

use serde::{Serialize, Serializer};

use super::{Attestation, Kind, Plan, Step, StepSet};
use crate::decider::{Class, Party, Refusal, write_refusal};
use crate::rule::{Explain, Rule};
use crate::time::Instant;

/// Why an onboarding refuses a command. A small value: the sentence is made when it is displayed.
///
/// ```
/// use whatsapp_inbox::onboarding::{Refused, Step, StepSet};
/// use whatsapp_inbox::rule::Explain;
///
/// let refused = Refused::OutOfOrder { step: Step::AcceptTerms, missing: StepSet::of(&[Step::SignAgreement]) };
/// assert_eq!(refused.to_string(), "AcceptTerms comes after SignAgreement, which is still open");
/// assert_eq!(refused.code(), "out-of-order");
/// assert_eq!(serde_json::to_value(refused)?["parameters"]["missing"][0], "SignAgreement");
/// # Ok::<(), serde_json::Error>(())
/// ```
///
#[doc = include_str!("refused.md")]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error, Serialize)]
#[serde(remote = "Self", untagged)]
#[non_exhaustive]
pub enum Refused {
    /// Nothing has begun.
    #[error("this onboarding has not been started")]
    NotStarted,
    /// It has begun already.
    #[error("this onboarding was started at {at}")]
    AlreadyStarted {
        /// When.
        at: Instant,
    },
    /// The one who asks is of another organisation, and is told no more than that.
    #[error("no such onboarding was found")]
    NotFound,
    /// Somebody else acts here.
    #[error("only {} may {act}", parties(*.act))]
    WrongActor {
        /// What was asked for.
        act: Kind,
    },
    /// The onboarding goes by a plan that has no such step.
    #[error("the plan `{}` has no step for this: to {act}", .plan.name())]
    NotInPlan {
        /// What was asked for.
        act: Kind,
        /// The plan that it goes by.
        plan: Plan,
    },
    /// The brand acts here, through an account admin.
    #[error("only an account admin acts for the brand: to {act}")]
    AdminOnly {
        /// What was asked for.
        act: Kind,
    },
    /// Other steps come first.
    #[error("{step} comes after {missing}, which {} still open", if .missing.iter().count() == 1 { "is" } else { "are" })]
    OutOfOrder {
        /// The step that is locked.
        step: Step,
        /// What is not done before it.
        missing: StepSet,
    },
    /// The step is done.
    #[error("{step} has been done since {at}")]
    AlreadyDone {
        /// The step.
        step: Step,
        /// Since when.
        at: Instant,
    },
    /// Somebody is deciding.
    #[error("{step} has been in review since {since}")]
    InReview {
        /// The step.
        step: Step,
        /// Since when.
        since: Instant,
    },
    /// No code was asked for, or it is used up or worthless.
    #[error("there is no code to enter: ask for one")]
    NoCode,
    /// The code is on its way.
    #[error("the code has not been reported as sent yet")]
    CodeNotSentYet,
    /// The ten minutes are over.
    #[error("the code was good until {expired_at}: ask for a new one")]
    CodeExpired {
        /// From when on it was no longer good.
        expired_at: Instant,
    },
    /// Too many wrong entries.
    #[error("the code was spent by wrong entries: ask for a new one")]
    CodeSpent,
    /// Too many spent codes.
    #[error("the number is locked until {until}, after too many wrong entries")]
    NumberLocked {
        /// Until when.
        until: Instant,
    },
    /// Too many codes were asked for.
    #[error("too many codes were asked for: the next may be asked for from {allowed_from}")]
    TooManyCodes {
        /// From when one may be asked for.
        allowed_from: Instant,
    },
    /// The budget of registrations is used up.
    #[error(
        "a number is registered and deregistered ten times in 72 hours at most: the next is allowed from {allowed_from}"
    )]
    RegistrationBudget {
        /// From when one more is allowed.
        allowed_from: Instant,
    },
    /// A registration has been begun and not answered, so its outcome has to be read first.
    #[error(
        "registration {attempt} has not been answered since {since}: read the number's status at Meta before another"
    )]
    RegistrationOpen {
        /// Which attempt.
        attempt: u32,
        /// Since when.
        since: Instant,
    },
    /// The number is registered.
    #[error("the number has been registered since {at}")]
    AlreadyRegistered {
        /// Since when.
        at: Instant,
    },
    /// The number is not registered.
    #[error("the number is not registered yet, and without that the account cannot be activated")]
    NotRegistered,
    /// The account is banned, offboarded, taken away or gone.
    #[error("the account has not been usable since {since}")]
    AccountLost {
        /// Since when.
        since: Instant,
    },
    /// The badge was denied a short time ago.
    #[error("the badge was denied: it may be applied for again from {allowed_from}")]
    BadgeTooSoon {
        /// From when.
        allowed_from: Instant,
    },
    /// The onboarding is over.
    #[error("this onboarding was withdrawn at {at}")]
    Withdrawn {
        /// When.
        at: Instant,
    },
    /// The channel is live.
    #[error(
        "the channel has been live since {at}, so the onboarding can no longer be withdrawn or its number given up"
    )]
    Live {
        /// Since when.
        at: Instant,
    },
    /// No call waits for an answer.
    #[error("no call waits for this answer: to {act}")]
    NothingPending {
        /// What was asked for.
        act: Kind,
    },
    /// No unverified number is held.
    #[error("no unverified number is held that could be released")]
    NothingToRelease,
    /// The brand has not attested its access.
    #[error(
        "before the start the brand attests access to its Business Manager ({}) and to its Security Center ({})",
        attested(*.business_manager),
        attested(*.security_center)
    )]
    PrerequisitesMissing {
        /// Access to the Business Manager.
        business_manager: Attestation,
        /// Access to the Security Center.
        security_center: Attestation,
    },
    /// Something named in the command belongs to another organisation.
    #[error("something named here was not found in this organisation")]
    OtherOrganisation,
    /// The brand has let the provider into another account since.
    #[error("the account named here is not the one that the brand let the provider into last")]
    OtherAccount,
    /// A land line receives no SMS.
    #[error("a land line takes its code by voice call, not by SMS")]
    LandLineNeedsVoice,
    /// A further number is one of the same business.
    #[error(
        "this onboarding took over what another business has done: begin one of its own for this business manager id"
    )]
    OtherBusiness,
    /// A live channel keeps its number and its business.
    #[error(
        "the channel has been live since {at} and keeps its number and business: a further number is an onboarding of its own"
    )]
    NumberIsLive {
        /// Since when.
        at: Instant,
    },
    /// No such entry or attempt waits for an answer.
    #[error("number {given} waits for no answer")]
    UnknownCall {
        /// What was given.
        given: u32,
    },
}

/// Who may give a kind of command, in words.
fn parties(act: Kind) -> String {
    let all = [Party::Brand, Party::Provider, Party::Meta, Party::System];
    let may = all.into_iter().filter(|party| Plan::ALL.iter().any(|plan| act.may_come_from(*party, *plan)));
    let names = may.map(|party| match party {
        Party::Meta => party.name().to_owned(),
        _ => format!("the {party}"),
    });
    names.collect::<Vec<_>>().join(" or ")
}

const fn attested(attestation: Attestation) -> &'static str {
    match attestation {
        Attestation::Given => "attested",
        Attestation::Missing => "not attested",
    }
}

impl Explain for Refused {
    fn code(&self) -> &'static str {
        match self {
            Self::NotStarted => "not-started",
            Self::AlreadyStarted { .. } => "already-started",
            Self::NotFound => "not-found",
            Self::WrongActor { .. } => "wrong-actor",
            Self::NotInPlan { .. } => "not-in-plan",
            Self::AdminOnly { .. } => "admin-only",
            Self::OutOfOrder { .. } => "out-of-order",
            Self::AlreadyDone { .. } => "already-done",
            Self::InReview { .. } => "in-review",
            Self::NoCode => "no-code",
            Self::CodeNotSentYet => "code-not-sent-yet",
            Self::CodeExpired { .. } => "code-expired",
            Self::CodeSpent => "code-spent",
            Self::NumberLocked { .. } => "number-locked",
            Self::TooManyCodes { .. } => "too-many-codes",
            Self::RegistrationBudget { .. } => "registration-budget",
            Self::RegistrationOpen { .. } => "registration-open",
            Self::AlreadyRegistered { .. } => "already-registered",
            Self::NotRegistered => "not-registered",
            Self::AccountLost { .. } => "account-lost",
            Self::BadgeTooSoon { .. } => "badge-too-soon",
            Self::Withdrawn { .. } => "withdrawn",
            Self::Live { .. } => "live",
            Self::NothingPending { .. } => "nothing-pending",
            Self::NothingToRelease => "nothing-to-release",
            Self::PrerequisitesMissing { .. } => "prerequisites-missing",
            Self::OtherOrganisation => "other-organisation",
            Self::OtherAccount => "other-account",
            Self::LandLineNeedsVoice => "land-line-needs-voice",
            Self::OtherBusiness => "other-business",
            Self::NumberIsLive { .. } => "number-is-live",
            Self::UnknownCall { .. } => "unknown-call",
        }
    }

    fn rule(&self) -> Rule {
        match self {
            Self::NotStarted | Self::PrerequisitesMissing { .. } => Rule::OnboardingPrerequisites,
            Self::AlreadyStarted { .. }
            | Self::AlreadyDone { .. }
            | Self::InReview { .. }
            | Self::OutOfOrder { .. }
            | Self::NotInPlan { .. }
            | Self::NothingPending { .. }
            | Self::UnknownCall { .. } => Rule::OnboardingOrder,
            Self::NotFound | Self::OtherOrganisation => Rule::AccessTenant,
            Self::WrongActor { .. } | Self::AdminOnly { .. } => Rule::OnboardingActor,
            Self::NoCode => Rule::OnboardingCodeSingle,
            Self::CodeNotSentYet | Self::CodeExpired { .. } => Rule::OnboardingCodeTenMinutes,
            Self::CodeSpent | Self::NumberLocked { .. } | Self::TooManyCodes { .. } => Rule::OnboardingCodeGuesses,
            Self::RegistrationBudget { .. } | Self::RegistrationOpen { .. } | Self::AlreadyRegistered { .. } => {
                Rule::OnboardingRegisterBudget
            }
            Self::NotRegistered | Self::AccountLost { .. } => Rule::OnboardingActivate,
            Self::BadgeTooSoon { .. } => Rule::OnboardingBadge,
            Self::Withdrawn { .. } | Self::Live { .. } => Rule::OnboardingWithdraw,
            Self::NothingToRelease => Rule::OnboardingNumberOnce,
            Self::OtherAccount => Rule::OnboardingAccountRequest,
            Self::LandLineNeedsVoice => Rule::OnboardingCodeMethod,
            Self::OtherBusiness => Rule::OnboardingMoreNumbers,
            Self::NumberIsLive { .. } => Rule::OnboardingDetailsRevise,
        }
    }
}

impl Refusal for Refused {
    fn class(&self) -> Class {
        match self {
            Self::PrerequisitesMissing { .. }
            | Self::OtherOrganisation
            | Self::OtherAccount
            | Self::LandLineNeedsVoice
            | Self::OtherBusiness
            | Self::NumberIsLive { .. }
            | Self::UnknownCall { .. } => Class::Input,
            _ => Class::Situation,
        }
    }
}

impl Serialize for Refused {
    /// Writes `code`, `class`, `rule`, `message` and `parameters` (`core.explain`).
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        /// The fields of the variant alone.
        struct Parameters<'a>(&'a Refused);
        impl Serialize for Parameters<'_> {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                Refused::serialize(self.0, serializer)
            }
        }
        write_refusal(self, &Parameters(self), serializer)
    }
}
