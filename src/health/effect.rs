//! What a fact does to sending and receiving: a table.

use serde::{Deserialize, Serialize};

use super::{Access, Fact, Link, Lock, Payment, Registration};
use crate::time::Instant;
use crate::whatsapp::{
    BanState, BusinessEvent, MessagingHealth, NameStatus, NumberQualityEvent, NumberRating, NumberStatus, Restriction,
    ReviewDecision, SecurityEvent,
};

/// One of the two answers (`health.two-axes`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[expect(clippy::exhaustive_enums, reason = "there are two")]
pub enum Axis {
    /// Whether anything can be sent.
    Send,
    /// Whether customers' messages come in.
    Receive,
}

impl Axis {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Send, Self::Receive];
}

/// What a fact does to an axis. The gravest counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[expect(clippy::exhaustive_enums, reason = "ours, and ordered")]
pub enum Effect {
    /// All works, and may not for long.
    Warns,
    /// Some of it works: fewer messages, or not of every kind.
    Limits,
    /// Nothing works.
    Stops,
}

impl Effect {
    /// What a fact does to an axis; nothing where all is well, or where it is about something else.
    ///
    /// A word of Meta's that nobody here has heard of warns: what it stops, only Meta knows, and it is never silent. A pending name
    /// or a yellow rating stops nothing. How many numbers one may have is neither about sending nor about receiving, whatever the
    /// word.
    #[must_use]
    pub const fn of(fact: &Fact, axis: Axis) -> Option<Self> {
        match fact {
            unheard if !unheard.is_known() => of_unheard(unheard, axis),
            Fact::Number(status) => of_number(status, axis),
            Fact::Restricted { restriction, .. } => of_restriction(restriction, axis),
            Fact::Ban { state: BanState::Disabled, .. }
            | Fact::Link(Link::Disconnected(_))
            | Fact::Access(Access::Removed)
            | Fact::Deleted
            | Fact::Registration(Registration::Lost) => Some(Self::Stops),
            Fact::Ban { state: BanState::Scheduled, .. } | Fact::Business(BusinessEvent::Compromised) => {
                Some(Self::Warns)
            }
            _ => match axis {
                Axis::Send => on_sending(fact),
                Axis::Receive => on_receiving(fact),
            },
        }
    }

    /// What a fact does to an axis at an instant: as [`of`](Self::of), but a restriction does nothing from its end on, and a ban that
    /// is scheduled for a date stops from that date on, whether or not Meta has told since that it was carried out. A date that
    /// Meta writes as a day begins in UTC.
    #[must_use]
    pub fn at(fact: &Fact, axis: Axis, now: Instant) -> Option<Self> {
        let over = fact.changes_at().is_some_and(|at| at <= now);
        match fact {
            Fact::Restricted { .. } if over => None,
            Fact::Ban { .. } if over => Some(Self::Stops),
            _ => Self::of(fact, axis),
        }
    }

    /// In one word.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Warns => "warns",
            Self::Limits => "limits",
            Self::Stops => "stops",
        }
    }
}

/// What is only about what is sent, when it is known, is no more when it is not.
const fn of_unheard(fact: &Fact, axis: Axis) -> Option<Effect> {
    match (fact, axis) {
        (Fact::NumbersPerBusiness(_) | Fact::NumbersPerAccount(_), _)
        | (
            Fact::Rating(_)
            | Fact::Standing(_)
            | Fact::Name(_)
            | Fact::Violation(_)
            | Fact::Pin(_)
            | Fact::Answered(_)
            | Fact::MessagingLimit(_),
            Axis::Receive,
        ) => None,
        _ => Some(Effect::Warns),
    }
}

/// What has to do with what is sent.
const fn on_sending(fact: &Fact) -> Option<Effect> {
    match fact {
        Fact::Review(ReviewDecision::Rejected | ReviewDecision::Pending | ReviewDecision::Deferred) => {
            Some(Effect::Stops)
        }
        Fact::Answered(answered) => match answered.can_send() {
            MessagingHealth::Available => None,
            MessagingHealth::Unknown(_) => Some(Effect::Warns),
            MessagingHealth::Limited => Some(Effect::Limits),
            MessagingHealth::Blocked => Some(Effect::Stops),
        },
        Fact::Lock(Lock::Locked) | Fact::Unnamed => Some(Effect::Stops),
        Fact::Name(NameStatus::Declined) | Fact::Payment(Payment::Failing) => Some(Effect::Limits),
        Fact::Rating(NumberRating::Yellow | NumberRating::Red)
        | Fact::Standing(NumberQualityEvent::Flagged)
        | Fact::Name(NameStatus::Expired)
        | Fact::Violation(_)
        | Fact::Pin(SecurityEvent::PinResetRequested) => Some(Effect::Warns),
        _ => None,
    }
}

/// An account that is not reviewed, was turned down or is locked may get messages or not: Meta does not say.
const fn on_receiving(fact: &Fact) -> Option<Effect> {
    match fact {
        Fact::Review(ReviewDecision::Rejected | ReviewDecision::Pending | ReviewDecision::Deferred)
        | Fact::Lock(Lock::Locked) => Some(Effect::Warns),
        _ => None,
    }
}

/// Only a connected number sends.
const fn of_number(status: &NumberStatus, axis: Axis) -> Option<Effect> {
    match (status, axis) {
        (NumberStatus::Connected, _)
        | (NumberStatus::Flagged | NumberStatus::Restricted | NumberStatus::RateLimited, Axis::Receive) => None,
        (NumberStatus::Flagged, Axis::Send) | (NumberStatus::Unknown(_), _) => Some(Effect::Warns),
        (NumberStatus::Restricted | NumberStatus::RateLimited, Axis::Send) => Some(Effect::Limits),
        (
            NumberStatus::Pending
            | NumberStatus::Disconnected
            | NumberStatus::Unverified
            | NumberStatus::Migrated
            | NumberStatus::Banned
            | NumberStatus::Deleted,
            _,
        ) => Some(Effect::Stops),
    }
}

/// Calls and further numbers are no messages.
const fn of_restriction(restriction: &Restriction, axis: Axis) -> Option<Effect> {
    match (restriction, axis) {
        (
            Restriction::BusinessInitiatedMessaging
            | Restriction::UtilityTemplates
            | Restriction::DirectSendUtilityTemplates
            | Restriction::CustomerInitiatedMessaging,
            Axis::Send,
        ) => Some(Effect::Limits),
        (Restriction::CustomerInitiatedMessaging, Axis::Receive) => Some(Effect::Stops),
        _ => None,
    }
}
