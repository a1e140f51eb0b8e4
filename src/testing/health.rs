//! Everything that can be told of a channel's health.

use crate::health::{Access, Answered, Cause, Fact, Link, Lock, NodeHealth, Payment, Registration};
use crate::time::Instant;
use crate::whatsapp::{
    AccountEvent, AlertKind, Allowance, BanState, BusinessEvent, Disconnection, HealthNode, MessagingHealth,
    NameStatus, NumberQualityEvent, NumberRating, NumberStatus, Restriction, ReviewDecision, SecurityEvent, Violation,
};

fn and_unknown<T: Clone>(known: &[T], unknown: fn(String) -> T) -> impl Iterator<Item = T> + use<'_, T> {
    known.iter().cloned().chain([unknown("TOMORROWS".to_owned())])
}

/// Every fact of health, with each of Meta's words and one that nobody here has heard of. Restrictions and bans are told
/// with this date.
///
/// ```
/// use whatsapp_inbox::testing::health_facts;
///
/// assert!(health_facts(None).len() > 100);
/// ```
#[must_use]
pub fn health_facts(until: Option<Instant>) -> Vec<Fact> {
    let mut facts = vec![
        Fact::Link(Link::Connected),
        Fact::Link(Link::Disconnected(None)),
        Fact::Access(Access::Given),
        Fact::Access(Access::Removed),
        Fact::Deleted,
        Fact::Registration(Registration::Registered),
        Fact::Registration(Registration::Lost),
        Fact::Payment(Payment::Settled),
        Fact::Payment(Payment::Failing),
        Fact::Lock(Lock::Lifted),
        Fact::Lock(Lock::Locked),
        Fact::Unnamed,
    ];
    facts.extend(and_unknown(NumberStatus::KNOWN, NumberStatus::Unknown).map(Fact::Number));
    facts.extend(and_unknown(NumberRating::KNOWN, NumberRating::Unknown).map(Fact::Rating));
    facts.extend(and_unknown(NumberQualityEvent::KNOWN, NumberQualityEvent::Unknown).map(Fact::Standing));
    facts.extend(and_unknown(NameStatus::KNOWN, NameStatus::Unknown).map(Fact::Name));
    facts.extend(and_unknown(ReviewDecision::KNOWN, ReviewDecision::Unknown).map(Fact::Review));
    let restricted = |restriction| Fact::Restricted { restriction, until };
    facts.extend(and_unknown(Restriction::KNOWN, Restriction::Unknown).map(restricted));
    facts.extend(and_unknown(BanState::KNOWN, BanState::Unknown).map(|state| Fact::Ban { state, date: until }));
    let disconnected = |reason| Fact::Link(Link::Disconnected(Some(reason)));
    facts.extend(and_unknown(Disconnection::KNOWN, Disconnection::Unknown).map(disconnected));
    facts.extend(and_unknown(Violation::KNOWN, Violation::Unknown).map(Fact::Violation));
    facts.extend(and_unknown(BusinessEvent::KNOWN, BusinessEvent::Unknown).map(Fact::Business));
    facts.extend(and_unknown(SecurityEvent::KNOWN, SecurityEvent::Unknown).map(Fact::Pin));
    let answered = |can_send: MessagingHealth| {
        let node = NodeHealth::new(HealthNode::Account, can_send);
        Fact::Answered(Answered::of([node.because([Cause::new("the reason that Meta tells")])]))
    };
    facts.extend(and_unknown(MessagingHealth::KNOWN, MessagingHealth::Unknown).map(answered));
    facts.extend(and_unknown(AccountEvent::KNOWN, AccountEvent::Unknown).map(Fact::Event));
    facts.extend(and_unknown(AlertKind::KNOWN, AlertKind::Unknown).map(Fact::Alert));
    for allowance in [Allowance::NotSet, Allowance::UpTo(250), Allowance::Unlimited, Allowance::Unknown("MANY".into())]
    {
        facts.push(Fact::MessagingLimit(allowance.clone()));
        facts.push(Fact::NumbersPerBusiness(allowance.clone()));
        facts.push(Fact::NumbersPerAccount(allowance));
    }
    facts
}
