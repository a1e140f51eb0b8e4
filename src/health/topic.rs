//! What replaces what: of each topic the latest fact counts.

use std::cmp::Ordering;

use serde::{Deserialize, Serialize};

use super::{Access, Fact, Link, Lock, Payment, Registration};
use crate::id::FactId;
use crate::time::Instant;
use crate::whatsapp::{
    Allowance, BanState, MessagingHealth, NameStatus, NumberQualityEvent, NumberRating, NumberStatus, Restriction,
    ReviewDecision, SecurityEvent,
};

/// What a fact is about: the latest of each replaces those before.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Topic {
    Number,
    Rating,
    Standing,
    /// Faster or slower: it lifts no flag.
    Throughput,
    Name,
    Review,
    Restriction(Restriction),
    Ban,
    Link,
    Access,
    Account,
    /// The latest word that the number is registered: said so, or read as connected.
    Registered,
    /// The latest word that it is not any more.
    Lost,
    Payment,
    Lock,
    Unnamed,
    /// The latest word that a display name may be shown.
    Named,
    Violation,
    Business,
    Pin,
    MessagingLimit,
    NumbersPerBusiness,
    NumbersPerAccount,
    Answered,
    Event,
    Alert,
    /// A word of a topic that nobody here has heard of. It stands beside what was known, until the next that is known.
    Unheard(Box<Self>),
}

impl Fact {
    /// What is read (number, rating, health status) is read whole: whatever the word, it is what is so now. All else is announced,
    /// and a word that nobody here has heard of lifts nothing.
    pub(super) fn topic(&self) -> Topic {
        let topic = match self {
            Self::Number(_) => Topic::Number,
            Self::Rating(_) => Topic::Rating,
            Self::Standing(NumberQualityEvent::Onboarding | NumberQualityEvent::ThroughputUpgrade) => Topic::Throughput,
            Self::Standing(_) => Topic::Standing,
            Self::Name(_) => Topic::Name,
            Self::Review(_) => Topic::Review,
            Self::Restricted { restriction, .. } => Topic::Restriction(restriction.clone()),
            Self::Ban { .. } => Topic::Ban,
            Self::Link(_) => Topic::Link,
            Self::Access(_) => Topic::Access,
            Self::Deleted => Topic::Account,
            Self::Registration(Registration::Registered) => Topic::Registered,
            Self::Registration(Registration::Lost) => Topic::Lost,
            Self::Payment(_) => Topic::Payment,
            Self::Lock(_) => Topic::Lock,
            Self::Unnamed => Topic::Unnamed,
            Self::Violation(_) => Topic::Violation,
            Self::Business(_) => Topic::Business,
            Self::Pin(_) => Topic::Pin,
            Self::MessagingLimit(_) => Topic::MessagingLimit,
            Self::NumbersPerBusiness(_) => Topic::NumbersPerBusiness,
            Self::NumbersPerAccount(_) => Topic::NumbersPerAccount,
            Self::Answered(_) => Topic::Answered,
            Self::Event(_) => Topic::Event,
            Self::Alert(_) => Topic::Alert,
        };
        match topic {
            Topic::Standing | Topic::Name | Topic::Review | Topic::Ban | Topic::Business | Topic::Pin
                if !self.is_known() =>
            {
                Topic::Unheard(Box::new(topic))
            }
            topic => topic,
        }
    }

    /// What else it is about.
    pub(super) const fn other_topic(&self) -> Option<Topic> {
        match self {
            Self::Number(NumberStatus::Connected) => Some(Topic::Registered),
            Self::Name(NameStatus::Approved | NameStatus::AvailableWithoutReview) => Some(Topic::Named),
            _ => None,
        }
    }
}

/// How what is told in one second is ordered: what is still open before what went wrong, and that before what went well. A word
/// that nobody here has heard of comes before all that is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    Unheard,
    Open,
    Wrong,
    Well,
}

impl Fact {
    /// The table of ranks.
    const fn rank(&self) -> Rank {
        match self {
            Self::Answered(answered) if matches!(answered.can_send(), MessagingHealth::Available) => Rank::Well,
            unheard if !unheard.is_known() => Rank::Unheard,
            Self::Number(NumberStatus::Connected)
            | Self::Rating(NumberRating::Green)
            | Self::Standing(
                NumberQualityEvent::Unflagged
                | NumberQualityEvent::Upgrade
                | NumberQualityEvent::Onboarding
                | NumberQualityEvent::ThroughputUpgrade,
            )
            | Self::Name(NameStatus::Approved | NameStatus::AvailableWithoutReview)
            | Self::Review(ReviewDecision::Approved)
            | Self::Ban { state: BanState::Reinstated, .. }
            | Self::Link(Link::Connected)
            | Self::Access(Access::Given)
            | Self::Registration(Registration::Registered)
            | Self::Payment(Payment::Settled)
            | Self::Lock(Lock::Lifted)
            | Self::Pin(SecurityEvent::PinChanged | SecurityEvent::PinResetDone)
            | Self::MessagingLimit(Allowance::UpTo(_) | Allowance::Unlimited)
            | Self::NumbersPerBusiness(Allowance::UpTo(_) | Allowance::Unlimited)
            | Self::NumbersPerAccount(Allowance::UpTo(_) | Allowance::Unlimited) => Rank::Well,
            Self::Number(NumberStatus::Pending)
            | Self::Rating(NumberRating::Unrated)
            | Self::Name(NameStatus::PendingReview | NameStatus::Absent)
            | Self::Review(ReviewDecision::Pending | ReviewDecision::Deferred)
            | Self::Ban { state: BanState::Scheduled, .. }
            | Self::Pin(SecurityEvent::PinResetRequested)
            | Self::Event(_)
            | Self::Alert(_)
            | Self::MessagingLimit(Allowance::NotSet)
            | Self::NumbersPerBusiness(Allowance::NotSet)
            | Self::NumbersPerAccount(Allowance::NotSet) => Rank::Open,
            Self::Number(_)
            | Self::Rating(_)
            | Self::Standing(_)
            | Self::Name(_)
            | Self::Review(_)
            | Self::Restricted { .. }
            | Self::Ban { .. }
            | Self::Link(_)
            | Self::Access(_)
            | Self::Deleted
            | Self::Registration(_)
            | Self::Payment(_)
            | Self::Lock(_)
            | Self::Unnamed
            | Self::Violation(_)
            | Self::Business(_)
            | Self::Answered(_)
            | Self::MessagingLimit(_)
            | Self::NumbersPerBusiness(_)
            | Self::NumbersPerAccount(_)
            | Self::Pin(_) => Rank::Wrong,
        }
    }

    /// Of two that differ in nothing else the later end counts. A restriction without one is the longest; a ban without a date
    /// says the least.
    const fn end(&self) -> Instant {
        match self {
            Self::Restricted { until: Some(end), .. } | Self::Ban { date: Some(end), .. } => *end,
            Self::Restricted { until: None, .. } => Instant::MAX,
            _ => Instant::MIN,
        }
    }
}

/// A fact that counts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Kept {
    pub(super) since: Instant,
    pub(super) id: FactId,
    pub(super) fact: Fact,
}

impl Kept {
    /// Time, rank, end, id, as in `onboarding.repeat`; the rest is for what is told twice under one id.
    ///
    /// The time counts by the second, because Meta's deliveries tell no more of it.
    const fn key(&self) -> (Instant, Rank, Instant, FactId, Instant, &Fact) {
        let Self { since, id, fact } = self;
        (since.floor_second(), fact.rank(), fact.end(), *id, *since, fact)
    }
}

impl Ord for Kept {
    fn cmp(&self, other: &Self) -> Ordering {
        self.key().cmp(&other.key())
    }
}

impl PartialOrd for Kept {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
