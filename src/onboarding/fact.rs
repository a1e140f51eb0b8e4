//! Facts: what is so at Meta, and is only learned here.

use std::cmp::Ordering;

use serde::{Deserialize, Serialize};

use super::NumberOrigin;
use crate::decider::Actor;
use crate::id::FactId;
use crate::time::Instant;
use crate::whatsapp::{
    BadgeStatus, BusinessManagerId, BusinessVerification, CodeVerification, NameRejection, NameStatus, NumberStatus,
    PhoneNumber, PhoneNumberId, RequestStatus, Restriction, ReviewDecision, SignupScreen, TemplateEvent, TemplateKey,
    WabaId,
};

/// Something that is so at Meta, with what it is about. A fact about something else than what was submitted last is kept
/// and touches nothing (`onboarding.details-revise`).
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub enum Fact {
    /// What became of the provider's request for an account (`onboarding.account-request`). An approved one tells as well that
    /// a brand let the provider into its account by the embedded signup: Meta delivers the same for both.
    Request {
        /// Which account.
        account: WabaId,
        /// What became of it.
        status: RequestStatus,
    },
    /// The brand left the embedded signup before its end.
    SignupAbandoned {
        /// On which screen.
        screen: SignupScreen,
    },
    /// The number stands in an account.
    NumberAdded {
        /// Which account.
        account: WabaId,
        /// Which number.
        number: PhoneNumber,
        /// Its id in the account.
        phone_number: PhoneNumberId,
        /// Whose it was before.
        #[serde(default)]
        origin: NumberOrigin,
    },
    /// The provider's app receives the deliveries of an account.
    AppSubscribed {
        /// Which account.
        account: WabaId,
    },
    /// What Meta's review of an account, and of the number in it, came to. It is the number's half of `ApproveNumber`.
    AccountReview {
        /// Which account.
        account: WabaId,
        /// What it came to.
        decision: ReviewDecision,
    },
    /// What Meta's review of a display name came to. It is the name's half of `ApproveNumber`.
    DisplayName {
        /// The number that is to show it.
        number: PhoneNumber,
        /// The name that was looked at.
        name: String,
        /// What it came to.
        status: NameStatus,
        /// Why it was turned down, if Meta says.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<NameRejection>,
    },
    /// How far the verification of the business is (`onboarding.business-review`).
    BusinessVerification {
        /// Which business.
        business: BusinessManagerId,
        /// How far it is.
        status: BusinessVerification,
    },
    /// Whether the number is proved to be the brand's.
    NumberVerification {
        /// Which number.
        number: PhoneNumber,
        /// Whether it is.
        status: CodeVerification,
    },
    /// In what state the number is on the Cloud API. A connected one is registered.
    NumberStatus {
        /// Which number.
        number: PhoneNumber,
        /// In what state.
        status: NumberStatus,
    },
    /// How far the badge is (`onboarding.badge`).
    Badge {
        /// Meta's id of the number it is for, if Meta says.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        phone_number: Option<PhoneNumberId>,
        /// How far it is.
        status: BadgeStatus,
    },
    /// What happened to a message template (`onboarding.templates`).
    Template {
        /// Which template.
        template: TemplateKey,
        /// What happened to it.
        event: TemplateEvent,
        /// Why, in Meta's word, if it says.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<String>,
    },
    /// What happened to the account as a whole.
    Account {
        /// Which account.
        account: WabaId,
        /// What happened to it.
        notice: AccountNotice,
    },
}

/// What happened to an account as a whole.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub enum AccountNotice {
    /// Something is not allowed to it, until an instant if Meta says.
    Restricted {
        /// What is not allowed.
        restriction: Restriction,
        /// Until when.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        until: Option<Instant>,
    },
    /// It will be banned unless something changes.
    BanScheduled,
    /// It is banned.
    Banned,
    /// The ban was lifted.
    BanLifted,
    /// The business app and the API no longer share its number.
    Offboarded,
    /// They share it again.
    Reconnected,
    /// The brand has taken the account away from the provider.
    AccessRemoved,
    /// It is gone.
    Deleted,
}

impl Fact {
    /// The order of facts that tell the same instant: by kind, and within a kind what is still open before what went
    /// wrong, and that before what went well (`onboarding.repeat`).
    #[must_use]
    pub fn rank(&self) -> u8 {
        const OPEN: u8 = 0;
        const WRONG: u8 = 1;
        const WELL: u8 = 2;
        let (kind, how) = match self {
            Self::Request { status: RequestStatus::Approved, .. } => (0, WELL),
            Self::Request { status: RequestStatus::Pending | RequestStatus::InProgress, .. } => (0, OPEN),
            Self::Request { .. } => (0, WRONG),
            Self::AccountReview { decision: ReviewDecision::Approved, .. } => (4, WELL),
            Self::AccountReview { decision: ReviewDecision::Rejected, .. } => (4, WRONG),
            Self::AccountReview { .. } => (4, OPEN),
            Self::DisplayName { status: NameStatus::Approved | NameStatus::AvailableWithoutReview, .. } => (8, WELL),
            Self::DisplayName { status: NameStatus::Declined | NameStatus::Expired, .. } => (8, WRONG),
            Self::DisplayName { .. } => (8, OPEN),
            Self::BusinessVerification { status: BusinessVerification::Verified, .. } => (12, WELL),
            Self::BusinessVerification {
                status: BusinessVerification::Pending | BusinessVerification::PendingSubmission,
                ..
            } => (12, OPEN),
            Self::BusinessVerification { .. } => (12, WRONG),
            Self::NumberVerification { status: CodeVerification::Verified, .. } => (16, WELL),
            Self::NumberVerification { .. } => (16, WRONG),
            Self::NumberStatus { status: NumberStatus::Connected, .. } => (20, WELL),
            Self::NumberStatus { .. } => (20, WRONG),
            Self::Badge { status: BadgeStatus::Granted, .. } => (24, WELL),
            Self::Badge { status: BadgeStatus::Denied, .. } => (24, WRONG),
            Self::Badge { .. } => (24, OPEN),
            Self::Template { event: TemplateEvent::Approved | TemplateEvent::Reinstated, .. } => (28, WELL),
            Self::Template { event: TemplateEvent::Pending | TemplateEvent::InAppeal, .. } => (28, OPEN),
            Self::Template { .. } => (28, WRONG),
            Self::Account { notice: AccountNotice::BanLifted | AccountNotice::Reconnected, .. } => (32, WELL),
            Self::Account { notice: AccountNotice::BanScheduled, .. } => (32, OPEN),
            Self::Account { .. } => (32, WRONG),
            Self::SignupAbandoned { .. } => (36, WRONG),
            Self::NumberAdded { .. } => (40, WELL),
            Self::AppSubscribed { .. } => (44, WELL),
        };
        kind | how
    }
}

/// A fact as it was learned: when it was so, who told it, and the id by which it is known when it is told again.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Observation {
    /// Its id. What brand and provider tell of their own doings at Meta has none.
    pub id: Option<FactId>,
    /// Since when it is so.
    pub at: Instant,
    /// Who told it.
    pub by: Actor,
    /// What is so.
    pub fact: Fact,
}

impl Observation {
    /// The order in which facts are folded: time, rank of kind, id (`onboarding.repeat`).
    ///
    /// The time counts by the second, because Meta's deliveries tell no more of it: a decision that fell within the second of
    /// what it decides on comes after it, and so does what was done here within the second of a reading.
    pub(super) fn order(&self, other: &Self) -> Ordering {
        self.key().cmp(&other.key())
    }

    fn key(&self) -> (Instant, u8, Option<FactId>) {
        (self.at.floor_second(), self.fact.rank(), self.id)
    }
}
