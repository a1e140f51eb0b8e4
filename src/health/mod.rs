//! How well a channel is at Meta: whether it can send, whether it can receive, why, since when, and what to do
//! (`health.two-axes`).
//!
//! [`Health`] is a value that a host keeps beside each channel. It takes facts in any order and however often
//! (`webhook.order`): of each kind the latest counts. Nothing here refuses a customer's message, whatever the answer
//! (`webhook.never-drop-inbound`): *cannot receive* says that Meta will not bring any.
//!
//! Facts come from deliveries (`translation::health_facts`), from what a host reads of number and account, and from the numbers
//! of errors that sending gets ([`Fact::of_error`]). A word of Meta's that this version does not know warns, blocks nothing, and
//! of what is announced it lifts nothing: the next word that is known ends it.
//!
//! ```
//! use whatsapp_inbox::health::{Effect, Fact, Health, Remedy, Told};
//! use whatsapp_inbox::id::FactId;
//! use whatsapp_inbox::time::Instant;
//! use whatsapp_inbox::uuid::Uuid;
//! use whatsapp_inbox::whatsapp::Restriction;
//!
//! let monday: Instant = "2026-01-05T09:00:00Z".parse()?;
//! let mut health = Health::default();
//! assert!(health.can_send(monday).is_yes());
//!
//! // For three days it may only answer.
//! let restriction = Restriction::BusinessInitiatedMessaging;
//! let fact = Fact::Restricted { restriction, until: Some(monday.plus_days(3)) };
//! health.hear(Told::new(FactId::new(Uuid::from_u128(1)), Some(monday), fact), monday);
//!
//! let answer = health.can_send(monday);
//! assert_eq!(answer.effect, Some(Effect::Limits));
//! assert_eq!((answer.reasons[0].until, answer.reasons[0].remedy), (Some(monday.plus_days(3)), Remedy::Wait));
//! assert_eq!(
//!     answer.to_string(),
//!     "not all can be sent: restriction RESTRICTED_BIZ_INITIATED_MESSAGING since 2026-01-05T09:00:00.000Z \
//!      until 2026-01-08T09:00:00.000Z, so wait: it ends by itself"
//! );
//! assert!(health.can_receive(monday).is_yes());
//! assert!(health.can_send(monday.plus_days(3)).is_yes());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # What does what
//!
#![doc = include_str!("effects.md")]

mod answer;
mod answered;
mod effect;
mod error;
mod fact;
mod remedy;
mod topic;

use std::collections::BTreeMap;
use std::iter;

use serde::{Deserialize, Serialize};

use self::topic::{Kept, Topic};
use crate::id::FactId;
use crate::time::Instant;
use crate::whatsapp::{Allowance, NumberStatus, Restriction};

pub use answer::{Answer, Reason};
pub use answered::{Answered, Cause, NodeHealth};
pub use effect::{Axis, Effect};
pub use fact::{Access, Fact, Link, Lock, Payment, Registration, Told};
pub use remedy::Remedy;

/// So many restrictions that nobody here has heard of are kept, the latest. Of all else there is one fact of each kind.
const MOST_UNHEARD: usize = 32;
/// So many facts without a time are known again, the latest that were heard.
const MOST_UNTIMED: usize = 256;

/// What is known of a channel at Meta.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(from = "Written", into = "Written")]
pub struct Health {
    facts: BTreeMap<Topic, Kept>,
    /// Facts of which Meta does not say since when: when they were first heard.
    untimed: BTreeMap<FactId, Instant>,
}

/// Health as JSON has it.
#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(default)]
struct Written {
    facts: Vec<Kept>,
    untimed: BTreeMap<FactId, Instant>,
}

impl Health {
    /// Takes a fact. Of each kind the latest counts, whatever the order in which they are told; told again, it changes nothing.
    /// Of those of one second what went well counts, then what went wrong, then what is open, and of equal ones that with the
    /// later end, or with none.
    ///
    /// A fact without a time, or of a time to come, is so from when it is first heard.
    pub fn hear(&mut self, told: Told, now: Instant) {
        let Told { id, at, fact } = told;
        let since = match (self.untimed.get(&id), at.filter(|at| *at <= now)) {
            (Some(heard), _) => *heard,
            (None, Some(at)) => at,
            (None, None) => *self.untimed.entry(id).or_insert(now),
        };
        if self.untimed.len() > MOST_UNTIMED {
            let oldest = self.untimed.iter().min_by_key(|(id, at)| (**at, **id)).map(|(id, _)| *id);
            self.untimed.retain(|id, _| Some(*id) != oldest);
        }
        self.place(&Kept { since, id, fact });
        let unheard = |topic: &Topic| matches!(topic, Topic::Restriction(Restriction::Unknown(_)));
        if self.facts.keys().filter(|topic| unheard(topic)).count() > MOST_UNHEARD {
            let kept = self.facts.iter().filter(|(topic, _)| unheard(topic));
            let oldest = kept.min_by_key(|(_, kept)| *kept).map(|(topic, _)| topic.clone());
            self.facts.retain(|topic, _| Some(topic) != oldest.as_ref());
        }
    }

    fn place(&mut self, told: &Kept) {
        for topic in iter::once(told.fact.topic()).chain(told.fact.other_topic()) {
            let kept = self.facts.entry(topic).or_insert_with(|| told.clone());
            if *kept < *told {
                kept.clone_from(told);
            }
        }
    }

    /// Whether anything can be sent at an instant, and why not.
    #[must_use]
    pub fn can_send(&self, now: Instant) -> Answer {
        let mut answer = self.answer(Axis::Send, now);
        // Neither first nor in answer: that leaves nothing.
        let stopped = |wanted| answer.reasons.iter().any(|reason| restriction(&reason.fact) == Some(wanted));
        if stopped(&Restriction::BusinessInitiatedMessaging) && stopped(&Restriction::CustomerInitiatedMessaging) {
            answer.effect = Some(Effect::Stops);
        }
        answer
    }

    /// Whether customers' messages come in at an instant, and why not. One that does come in is taken whatever this says
    /// (`webhook.never-drop-inbound`).
    #[must_use]
    pub fn can_receive(&self, now: Instant) -> Answer {
        self.answer(Axis::Receive, now)
    }

    /// The next instant at which one of the answers changes by time alone, if any does: a restriction ends, or a ban that is
    /// scheduled begins. Until then both answers are as they are now, unless something is heard.
    ///
    /// It is when a host that shows or caches them has to ask again.
    #[must_use]
    pub fn next_change(&self, now: Instant) -> Option<Instant> {
        let differs = |fact: &Fact, at: Instant| {
            Axis::ALL.into_iter().any(|axis| Effect::at(fact, axis, now) != Effect::at(fact, axis, at))
        };
        let facts = self.counting().map(|kept| &kept.fact);
        let changes = facts.filter_map(|fact| fact.changes_at().filter(|at| now < *at && differs(fact, *at)));
        changes.min()
    }

    /// To how many customers a day one may write first from all numbers of the portfolio, if Meta has said.
    #[must_use]
    pub fn messaging_limit(&self) -> Option<&Allowance> {
        self.facts.get(&Topic::MessagingLimit).and_then(|kept| match &kept.fact {
            Fact::MessagingLimit(allowance) => Some(allowance),
            _ => None,
        })
    }

    /// How many numbers the business may have, if Meta has said.
    #[must_use]
    pub fn numbers_per_business(&self) -> Option<&Allowance> {
        self.facts.get(&Topic::NumbersPerBusiness).and_then(|kept| match &kept.fact {
            Fact::NumbersPerBusiness(allowance) => Some(allowance),
            _ => None,
        })
    }

    /// How many numbers an account may have, if Meta has said.
    #[must_use]
    pub fn numbers_per_account(&self) -> Option<&Allowance> {
        self.facts.get(&Topic::NumbersPerAccount).and_then(|kept| match &kept.fact {
            Fact::NumbersPerAccount(allowance) => Some(allowance),
            _ => None,
        })
    }

    /// All that counts, with since when it is so.
    pub fn facts(&self) -> impl Iterator<Item = (&Fact, Instant)> {
        self.counting().map(|kept| (&kept.fact, kept.since))
    }

    fn counting(&self) -> impl Iterator<Item = &Kept> {
        self.facts.iter().filter(|(topic, kept)| !self.is_over(topic, kept)).map(|(_, kept)| kept)
    }

    /// Whether something on another topic that came later has ended it.
    fn is_over(&self, topic: &Topic, kept: &Kept) -> bool {
        let ends = |later: &Topic| self.facts.get(later).is_some_and(|later| kept < later);
        match (topic, &kept.fact) {
            (Topic::Unheard(known), _) => ends(known),
            // Whoever registers a number has verified it, and it is connected from then on.
            (Topic::Lost, _)
            | (
                Topic::Number,
                Fact::Number(NumberStatus::Pending | NumberStatus::Disconnected | NumberStatus::Unverified),
            ) => ends(&Topic::Registered),
            (Topic::Registered, Fact::Registration(_)) => ends(&Topic::Lost),
            (Topic::Unnamed, _) => ends(&Topic::Named),
            // As the status of number or name it counts on its own topic, or no more.
            (Topic::Registered | Topic::Named, _) => true,
            _ => false,
        }
    }

    fn answer(&self, axis: Axis, now: Instant) -> Answer {
        let mut reasons: Vec<Reason> = self.counting().filter_map(|kept| Reason::of(kept, axis, now)).collect();
        reasons.sort_by_key(|reason| (std::cmp::Reverse(reason.effect), reason.since));
        Answer { axis, effect: reasons.first().map(|reason| reason.effect), reasons }
    }
}

const fn restriction(fact: &Fact) -> Option<&Restriction> {
    match fact {
        Fact::Restricted { restriction, .. } => Some(restriction),
        _ => None,
    }
}

impl From<Written> for Health {
    fn from(written: Written) -> Self {
        let mut health = Self { facts: BTreeMap::new(), untimed: written.untimed };
        for kept in written.facts {
            health.place(&kept);
        }
        health
    }
}

impl From<Health> for Written {
    fn from(health: Health) -> Self {
        let mut facts: Vec<Kept> = Vec::with_capacity(health.facts.len());
        for kept in health.facts.into_values() {
            // One that is about two topics is written once.
            if !facts.contains(&kept) {
                facts.push(kept);
            }
        }
        Self { facts, untimed: health.untimed }
    }
}
