//! What happened to an onboarding, and what follows from it elsewhere.

use serde::{Deserialize, Serialize};

use super::{Fact, Inheritance, Plan, RegistrationAnswer, SignupNumber};
use crate::access::Grant;
use crate::decider::{Actor, Claim, ClaimChange, Delivery};
use crate::id::{ChannelId, FactId, OnboardingId};
use crate::time::Instant;
use crate::whatsapp::{
    BusinessManagerId, CodeMethod, LineKind, NumberUse, PhoneNumber, PhoneNumberId, ProfileDraft, RequestStatus,
    SignupScreen, TemplateKey, WabaId,
};

/// Something that happened to an onboarding: what, when, and by whom. No secret is ever part of it
/// (`onboarding.code-secret`).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Event {
    /// When it was recorded.
    pub at: Instant,
    /// Who did it or told it.
    pub by: Actor,
    /// What happened.
    pub change: Change,
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub enum Change {
    /// The brand began, and attested its access to the Business Manager and the Security Center.
    Started {
        /// The onboarding.
        id: OnboardingId,
        /// Which way it goes.
        plan: Plan,
        /// What it took over from an earlier onboarding of the same business.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        took_over: Option<Box<Inheritance>>,
    },
    /// The brand signed the provider's agreement.
    AgreementSigned {
        /// The text's address or version.
        text: String,
    },
    /// The brand accepted WhatsApp's business terms.
    TermsAccepted {
        /// The text's address or version.
        text: String,
    },
    /// The brand handed in its details, for the first time or again.
    DetailsSubmitted {
        /// The number.
        number: PhoneNumber,
        /// Its line.
        line: LineKind,
        /// The Business Manager.
        business: BusinessManagerId,
        /// The display name.
        name: String,
        /// What becomes of the claim on the number.
        claim: NumberClaim,
        /// What earlier onboardings had used up of a new number's budgets.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        number_use: Option<Box<NumberUse>>,
    },
    /// The provider asked the brand for an account.
    AccountRequested {
        /// The account.
        account: WabaId,
    },
    /// The brand came back from the embedded signup with an account.
    SignupCompleted {
        /// The account.
        account: WabaId,
        /// The number that was submitted.
        number: PhoneNumber,
        /// How the signup left that number, if it stands in the account.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        found: Option<SignupNumber>,
    },
    /// The brand left the embedded signup before its end.
    SignupAbandoned {
        /// On which screen.
        screen: SignupScreen,
    },
    /// No number had been registered in time after the signup: it is to be gone through again.
    SignupExpired {
        /// The account that it had led to.
        account: WabaId,
        /// When the time was over.
        expired_at: Instant,
    },
    /// The number stands in the account.
    NumberAdded {
        /// The account.
        account: WabaId,
        /// The number.
        number: PhoneNumber,
        /// The number's id in it.
        phone_number: PhoneNumberId,
    },
    /// The provider's app receives the deliveries of the account.
    AppSubscribed {
        /// The account.
        account: WabaId,
    },
    /// The provider created the account, which asks the brand to approve it.
    AccountCreated {
        /// The account.
        account: WabaId,
        /// The number's id in it.
        phone_number: PhoneNumberId,
    },
    /// The brand told how it answered the request.
    RequestAnswered {
        /// The account that was asked for.
        account: WabaId,
        /// How it was answered.
        status: RequestStatus,
    },
    /// The request had not been answered for 90 days.
    RequestExpired {
        /// The account that was asked for.
        account: WabaId,
    },
    /// The brand told that it handed in its business for verification.
    BusinessSubmitted {
        /// The business.
        business: BusinessManagerId,
    },
    /// A code was asked for. The one before it is worthless (`onboarding.code-single`).
    CodeRequested {
        /// The number of the request within the onboarding.
        request: u32,
        /// How it is to be sent.
        method: CodeMethod,
        /// The number's id at Meta.
        phone_number: PhoneNumberId,
        /// From when another may be asked for, where the window is full now.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        allowed_from: Option<Instant>,
    },
    /// The code was sent.
    CodeSent {
        /// From when on it is no longer good.
        expires_at: Instant,
    },
    /// The code was not sent.
    CodeNotSent,
    /// Nobody knows whether the code was sent.
    CodeSendUnknown,
    /// An entry of a code was begun, which counts whether or not an answer comes.
    CodeEntryBegun {
        /// The number of the entry within the onboarding.
        entry: u32,
        /// Whether it was the code's last.
        spends_code: bool,
        /// Until when it locks the number, unless it is the right one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        locks_until: Option<Instant>,
    },
    /// The right code was entered: the number is the brand's.
    CodeAccepted {
        /// Which entry.
        entry: u32,
        /// The number that is verified.
        number: PhoneNumber,
    },
    /// A wrong code was entered.
    CodeRejected {
        /// Which entry.
        entry: u32,
    },
    /// Meta itself has locked the number for too many guesses.
    CodeLocked {
        /// Which entry.
        entry: u32,
        /// Until when.
        until: Instant,
    },
    /// Nobody knows what became of an entry.
    CodeEntryUnknown {
        /// Which entry.
        entry: u32,
    },
    /// A registration was begun, which counts whether or not an answer comes.
    RegistrationBegun {
        /// The number of the attempt within the onboarding.
        attempt: u32,
    },
    /// A registration was answered.
    RegistrationAnswered {
        /// Which attempt.
        attempt: u32,
        /// What the answer was.
        answer: RegistrationAnswer,
    },
    /// The account is active and linked: the channel is there.
    Activated(Box<Activated>),
    /// The brand completed its profile.
    ProfileCompleted {
        /// The profile, as it was handed in.
        profile: Box<ProfileDraft>,
    },
    /// The provider applied for the badge.
    BadgeAppliedFor,
    /// The brand handed in a message template.
    TemplateSubmitted {
        /// Which one.
        template: TemplateKey,
    },
    /// The claim on the unverified number ended, after 90 days or on an operator's word.
    NumberReleased {
        /// The number.
        number: PhoneNumber,
    },
    /// Brand or provider gave up.
    Withdrawn {
        /// The number that is free again, if one was held.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        number: Option<PhoneNumber>,
    },
    /// A fact was told.
    Observed {
        /// Its id.
        id: FactId,
        /// Since when it is so.
        at: Instant,
        /// What is so.
        fact: Fact,
    },
}

/// The channel that an activation opens.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Activated {
    /// The channel.
    pub channel: ChannelId,
    /// The number it is on.
    pub number: PhoneNumber,
    /// The number's id at Meta.
    pub phone_number: PhoneNumberId,
    /// The account at Meta.
    pub account: WabaId,
    /// The display name that was submitted.
    pub name: String,
    /// Who has access to it at once.
    pub grants: Vec<Grant>,
}

/// What details do to the claim on their number (`onboarding.number-once`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub enum NumberClaim {
    /// It is held already.
    Kept,
    /// It is taken.
    Taken,
    /// It is taken, and the one on another number given back.
    Moved {
        /// The number that is free again.
        from: PhoneNumber,
    },
}

/// What is to be done elsewhere because of an event.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Effect {
    /// Ask Meta to send a code (`POST /<phone number id>/request_code`). Once: a second call would spend the first code.
    AskForCode {
        /// The number of the request, which the report of its outcome names.
        request: u32,
        /// The number's id at Meta.
        phone_number: PhoneNumberId,
        /// How it is to be sent.
        method: CodeMethod,
    },
    /// Open the channel (`onboarding.channel-appears`). Repeatable: it becomes an idempotent command there.
    OpenChannel(Box<Activated>),
}

impl Effect {
    /// What kind of effect it is: its tag in JSON, which never changes.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::AskForCode { .. } => "ask-for-code",
            Self::OpenChannel(_) => "open-channel",
        }
    }

    /// How often it may be delivered.
    #[must_use]
    pub const fn delivery(&self) -> Delivery {
        match self {
            Self::AskForCode { .. } => Delivery::Once,
            Self::OpenChannel(_) => Delivery::Repeatable,
        }
    }
}

impl Change {
    /// What kind of event it is: its tag in JSON, which never changes.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Started { .. } => "started",
            Self::AgreementSigned { .. } => "agreement-signed",
            Self::TermsAccepted { .. } => "terms-accepted",
            Self::DetailsSubmitted { .. } => "details-submitted",
            Self::AccountRequested { .. } => "account-requested",
            Self::SignupCompleted { .. } => "signup-completed",
            Self::SignupAbandoned { .. } => "signup-abandoned",
            Self::SignupExpired { .. } => "signup-expired",
            Self::NumberAdded { .. } => "number-added",
            Self::AppSubscribed { .. } => "app-subscribed",
            Self::AccountCreated { .. } => "account-created",
            Self::RequestAnswered { .. } => "request-answered",
            Self::RequestExpired { .. } => "request-expired",
            Self::BusinessSubmitted { .. } => "business-submitted",
            Self::CodeRequested { .. } => "code-requested",
            Self::CodeSent { .. } => "code-sent",
            Self::CodeNotSent => "code-not-sent",
            Self::CodeSendUnknown => "code-send-unknown",
            Self::CodeEntryBegun { .. } => "code-entry-begun",
            Self::CodeAccepted { .. } => "code-accepted",
            Self::CodeRejected { .. } => "code-rejected",
            Self::CodeLocked { .. } => "code-locked",
            Self::CodeEntryUnknown { .. } => "code-entry-unknown",
            Self::RegistrationBegun { .. } => "registration-begun",
            Self::RegistrationAnswered { .. } => "registration-answered",
            Self::Activated(_) => "activated",
            Self::ProfileCompleted { .. } => "profile-completed",
            Self::BadgeAppliedFor => "badge-applied-for",
            Self::TemplateSubmitted { .. } => "template-submitted",
            Self::NumberReleased { .. } => "number-released",
            Self::Withdrawn { .. } => "withdrawn",
            Self::Observed { .. } => "observed",
        }
    }
}

impl Event {
    /// What is to be done elsewhere because of it, in order.
    pub(super) fn effects(&self) -> Vec<Effect> {
        match &self.change {
            Change::CodeRequested { request, method, phone_number, .. } => {
                vec![Effect::AskForCode { request: *request, phone_number: phone_number.clone(), method: *method }]
            }
            Change::Activated(activated) => vec![Effect::OpenChannel(activated.clone())],
            _ => Vec::new(),
        }
    }

    /// What it does to the claim on a number (`onboarding.number-once`).
    pub(super) fn claims(&self) -> Vec<ClaimChange> {
        let taken = |number: PhoneNumber| ClaimChange::Taken(Claim::Number(number));
        let released = |number: PhoneNumber| ClaimChange::Released(Claim::Number(number));
        match &self.change {
            Change::DetailsSubmitted { number, claim: NumberClaim::Taken, .. } => vec![taken(*number)],
            Change::DetailsSubmitted { number, claim: NumberClaim::Moved { from }, .. } => {
                vec![released(*from), taken(*number)]
            }
            Change::NumberReleased { number } | Change::Withdrawn { number: Some(number) } => vec![released(*number)],
            _ => Vec::new(),
        }
    }
}
