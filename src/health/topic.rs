//! What replaces what: of each topic the latest fact counts.

use serde::{Deserialize, Serialize};

use super::Fact;
use crate::id::FactId;
use crate::time::Instant;
use crate::whatsapp::{NumberQualityEvent, Restriction};

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
    Registration,
    Payment,
    Violation,
    Business,
    Pin,
    MessagingLimit,
    NumbersPerBusiness,
    NumbersPerAccount,
}

impl Fact {
    pub(super) fn topic(&self) -> Topic {
        match self {
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
            Self::Registration(_) => Topic::Registration,
            Self::Payment(_) => Topic::Payment,
            Self::Violation(_) => Topic::Violation,
            Self::Business(_) => Topic::Business,
            Self::Pin(_) => Topic::Pin,
            Self::MessagingLimit(_) => Topic::MessagingLimit,
            Self::NumbersPerBusiness(_) => Topic::NumbersPerBusiness,
            Self::NumbersPerAccount(_) => Topic::NumbersPerAccount,
        }
    }
}

/// A fact that counts.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(super) struct Kept {
    pub(super) since: Instant,
    pub(super) id: FactId,
    pub(super) fact: Fact,
}
