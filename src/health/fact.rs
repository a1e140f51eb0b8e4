//! What is told about a channel's health.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::Answered;
use crate::id::FactId;
use crate::time::Instant;
use crate::whatsapp::{
    AccountEvent, AlertKind, Allowance, BanState, BusinessEvent, Disconnection, NameStatus, NumberQualityEvent,
    NumberRating, NumberStatus, Restriction, ReviewDecision, SecurityEvent, Violation,
};

/// Something that is so of a channel's number, its account or its business.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub enum Fact {
    /// The status of the number, as it was read.
    Number(NumberStatus),
    /// How well customers take what the number sends, as it was read.
    Rating(NumberRating),
    /// Something happened to the standing of the number (`phone_number_quality_update`).
    Standing(NumberQualityEvent),
    /// How far the display name is (`phone_number_name_update`).
    Name(NameStatus),
    /// What the review of the account came to (`account_review_update`).
    Review(ReviewDecision),
    /// Something is not allowed for a while.
    Restricted {
        /// What is not allowed.
        restriction: Restriction,
        /// Until when, where Meta says.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        until: Option<Instant>,
    },
    /// How far a ban is.
    Ban {
        /// How far.
        state: BanState,
        /// Its date, where Meta says. One that is scheduled holds from then on.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        date: Option<Instant>,
    },
    /// Whether number and provider are connected.
    Link(Link),
    /// Whether the provider may use the account.
    Access(Access),
    /// The account is gone.
    Deleted,
    /// Whether the number is registered: what a host learns by registering it, or by an error such as 133010. A number that is read
    /// as connected is registered; and one that is registered is no longer pending, disconnected or unverified.
    Registration(Registration),
    /// Whether what is sent can be paid: what a host learns by an error such as 131042.
    Payment(Payment),
    /// Whether the account is locked: what a host learns by an error such as 131031.
    Lock(Lock),
    /// Nothing can be sent before a display name is approved: what a host learns by error 131037. A name that is approved lifts it.
    Unnamed,
    /// A policy was broken.
    Violation(Violation),
    /// Something happened to the business.
    Business(BusinessEvent),
    /// Something happened to the two-step PIN of the number.
    Pin(SecurityEvent),
    /// What Meta answers when it is asked whether one can send: what a host learns by reading `health_status`.
    Answered(Answered),
    /// Something happened to the account that nobody here has heard of (`account_update`). What is known of it has facts of its
    /// own.
    Event(AccountEvent),
    /// Meta alerts to something (`account_alerts`). Of those that are known none is about sending or receiving.
    Alert(AlertKind),
    /// To how many customers a day one may write first. It is the portfolio's.
    MessagingLimit(Allowance),
    /// How many numbers the business may have.
    NumbersPerBusiness(Allowance),
    /// How many numbers an account may have.
    NumbersPerAccount(Allowance),
}

/// Whether a number that the business app uses too is connected to the provider.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[expect(clippy::exhaustive_enums, reason = "it is connected or not")]
pub enum Link {
    /// It is.
    Connected,
    /// It is not, for this reason where Meta says one.
    Disconnected(Option<Disconnection>),
}

/// Whether the provider may use the account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[expect(clippy::exhaustive_enums, reason = "it may or may not")]
pub enum Access {
    /// It may.
    Given,
    /// It may not.
    Removed,
}

/// Whether the number is registered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[expect(clippy::exhaustive_enums, reason = "it is registered or not")]
pub enum Registration {
    /// It is.
    Registered,
    /// It is not any more.
    Lost,
}

/// Whether what is sent can be paid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[expect(clippy::exhaustive_enums, reason = "it can be paid or not")]
pub enum Payment {
    /// It can.
    Settled,
    /// It cannot: there is no way of paying, or it failed.
    Failing,
}

/// Whether the account is locked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[expect(clippy::exhaustive_enums, reason = "it is locked or not")]
pub enum Lock {
    /// It is not.
    Lifted,
    /// It is, for breaking a policy.
    Locked,
}

/// A fact as it is told.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Told {
    /// The fact's id: the same however often it is told.
    pub id: FactId,
    /// Since when it is so, if Meta says.
    pub at: Option<Instant>,
    /// What is so.
    pub fact: Fact,
}

impl Told {
    /// A fact with its id, and since when it is so.
    #[must_use]
    pub const fn new(id: FactId, at: Option<Instant>, fact: Fact) -> Self {
        Self { id, at, fact }
    }
}

impl Fact {
    /// Whether Meta's word for it was in Meta's list when this crate was made. Why a number was disconnected is none of it: that it
    /// was is known.
    #[must_use]
    pub const fn is_known(&self) -> bool {
        match self {
            Self::Number(status) => status.is_known(),
            Self::Rating(rating) => rating.is_known(),
            Self::Standing(event) => event.is_known(),
            Self::Name(status) => status.is_known(),
            Self::Review(decision) => decision.is_known(),
            Self::Restricted { restriction, .. } => restriction.is_known(),
            Self::Ban { state, .. } => state.is_known(),
            Self::Violation(violation) => violation.is_known(),
            Self::Business(event) => event.is_known(),
            Self::Pin(event) => event.is_known(),
            Self::Answered(answered) => answered.can_send().is_known(),
            Self::Event(event) => event.is_known(),
            Self::Alert(kind) => kind.is_known(),
            Self::MessagingLimit(allowance)
            | Self::NumbersPerBusiness(allowance)
            | Self::NumbersPerAccount(allowance) => allowance.is_known(),
            Self::Link(_)
            | Self::Access(_)
            | Self::Deleted
            | Self::Registration(_)
            | Self::Payment(_)
            | Self::Lock(_)
            | Self::Unnamed => true,
        }
    }
}

impl Fact {
    /// When what it does changes by time alone.
    pub(super) const fn changes_at(&self) -> Option<Instant> {
        match self {
            Self::Restricted { until: at, .. } | Self::Ban { state: BanState::Scheduled, date: at } => *at,
            _ => None,
        }
    }
}

/// As in `restriction RESTRICTED_BIZ_INITIATED_MESSAGING`, with Meta's own word.
impl fmt::Display for Fact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(status) => write!(f, "number {status}"),
            Self::Rating(rating) => write!(f, "rating {rating}"),
            Self::Standing(event) => write!(f, "standing {event}"),
            Self::Name(status) => write!(f, "display name {status}"),
            Self::Review(decision) => write!(f, "account review {decision}"),
            Self::Restricted { restriction, .. } => write!(f, "restriction {restriction}"),
            Self::Ban { state, .. } => write!(f, "ban {state}"),
            Self::Link(Link::Connected) => f.write_str("connected"),
            Self::Link(Link::Disconnected(None)) => f.write_str("disconnected"),
            Self::Link(Link::Disconnected(Some(reason))) => write!(f, "disconnected {reason}"),
            Self::Access(Access::Given) => f.write_str("access given"),
            Self::Access(Access::Removed) => f.write_str("access removed"),
            Self::Deleted => f.write_str("account deleted"),
            Self::Registration(Registration::Registered) => f.write_str("registered"),
            Self::Registration(Registration::Lost) => f.write_str("registration lost"),
            Self::Payment(Payment::Settled) => f.write_str("payment settled"),
            Self::Payment(Payment::Failing) => f.write_str("payment failing"),
            Self::Lock(Lock::Lifted) => f.write_str("account unlocked"),
            Self::Lock(Lock::Locked) => f.write_str("account locked"),
            Self::Unnamed => f.write_str("no approved display name"),
            Self::Violation(violation) => write!(f, "violation {violation}"),
            Self::Business(event) => write!(f, "business {event}"),
            Self::Pin(event) => write!(f, "PIN {event}"),
            Self::Answered(answered) => write!(f, "health status {answered}"),
            Self::Event(event) => write!(f, "account event {event}"),
            Self::Alert(kind) => write!(f, "alert {kind}"),
            Self::MessagingLimit(allowance) => write!(f, "messaging limit {allowance}"),
            Self::NumbersPerBusiness(allowance) => write!(f, "numbers for the business {allowance}"),
            Self::NumbersPerAccount(allowance) => write!(f, "numbers for an account {allowance}"),
        }
    }
}
