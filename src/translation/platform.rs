//! From Meta's deliveries to facts about health and templates.

use super::About;
use crate::health::{self, Access, Link};
use crate::id::FactId;
use crate::template::{Announced, Command, EventFact, Fact};
use crate::time::Instant;
use crate::whatsapp::delivery::{AccountUpdate, Capability, Change, TemplateCategoryUpdate, Value};
use crate::whatsapp::{AccountEvent, BanState, MetaDate, Restriction, TemplateKey, Violation, WabaId};

/// A fact about the health of channels that a delivery tells.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct HealthTold {
    /// What it is about: the channels on that number, or on that account where no number is named
    /// ([`About::concerns_line`]); where a business alone is, those of its [onboardings](About::concerns).
    pub about: About,
    /// The fact, to be [heard](health::Health::hear) by each of them.
    pub told: health::Told,
}

/// A fact about a template that a delivery tells.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct TemplateTold {
    /// The account that holds it, if the delivery names it.
    pub account: Option<WabaId>,
    /// Its name and language.
    pub key: TemplateKey,
    /// The fact's id: the same for the same delivery, however often it arrives.
    pub id: FactId,
    /// Since when it is so, if Meta says.
    pub at: Option<Instant>,
    /// What is so.
    pub fact: Fact,
}

impl TemplateTold {
    /// The command that tells the fact to its template.
    #[must_use]
    pub fn command(self) -> Command {
        Command::Observe { id: self.id, at: self.at, fact: self.fact }
    }
}

/// The facts that a change tells about the health of channels (`health.two-axes`): none, one, or several.
///
/// ```
/// use whatsapp_inbox::health::Fact;
/// use whatsapp_inbox::translation::health_facts;
/// use whatsapp_inbox::whatsapp::Allowance;
/// use whatsapp_inbox::whatsapp::delivery::AppSecret;
///
/// let body = br#"{"entry": [{"id": "4757", "time": 1767600000, "changes": [{"field": "business_capability_update",
///     "value": {"max_daily_conversations_per_business": "TIER_2K"}}]}]}"#;
/// let secret = AppSecret::new("an app's secret").unwrap();
/// let delivery = secret.check(body, &secret.sign(body)).unwrap().read().unwrap();
/// let told = health_facts(&delivery.changes[0]);
/// assert_eq!(told[0].told.fact, Fact::MessagingLimit(Allowance::UpTo(2_000)));
/// ```
#[must_use]
pub fn health_facts(change: &Change<'_>) -> Vec<HealthTold> {
    let facts = match change.value() {
        Value::Account(update) => of_account(update),
        Value::AccountReview { decision } => vec![health::Fact::Review(decision.clone())],
        Value::BusinessStatus(status) => vec![health::Fact::Business(status.event.clone())],
        Value::Capability(capability) => of_capability(capability),
        Value::PhoneNumberName(name) => vec![health::Fact::Name(name.decision.clone())],
        Value::NumberQuality(quality) => {
            let limit = quality.limit().cloned().map(health::Fact::MessagingLimit);
            [health::Fact::Standing(quality.event.clone())].into_iter().chain(limit).collect()
        }
        Value::NumberSecurity(security) => vec![health::Fact::Pin(security.event.clone())],
        // Of the alerts that are known some tell of badges, and some of limits that stay as they are.
        Value::Alert(alert) if !alert.kind.is_known() => vec![health::Fact::Alert(alert.kind.clone())],
        // What is paid to the brand, names, solutions and
        // templates are no health of a channel.
        _ => Vec::new(),
    };
    let (about, at) = (About::of(change), change.at());
    let told = |(n, fact)| HealthTold { about: about.clone(), told: health::Told::new(change.fact_id(n), at, fact) };
    (0..=u8::MAX).zip(facts).map(told).collect()
}

/// What is not allowed for a while comes with any event. Of an event that does not say which, and of one that nobody here has
/// heard of, Meta's word for the event is what is told.
fn of_account(update: &AccountUpdate<'_>) -> Vec<health::Fact> {
    let event = match &update.event {
        AccountEvent::Deleted => Some(health::Fact::Deleted),
        AccountEvent::PartnerAdded | AccountEvent::PartnerAppInstalled => Some(health::Fact::Access(Access::Given)),
        AccountEvent::PartnerRemoved | AccountEvent::PartnerAppUninstalled => {
            Some(health::Fact::Access(Access::Removed))
        }
        AccountEvent::Offboarded => Some(health::Fact::Link(Link::Disconnected(update.disconnection.clone()))),
        AccountEvent::Reconnected => Some(health::Fact::Link(Link::Connected)),
        _ => None,
    };
    let unsaid = |event: AccountEvent| (update.event == event).then(|| event.to_string());
    let state = update.ban.as_ref().and_then(|ban| ban.state.clone());
    let ban = state.or_else(|| unsaid(AccountEvent::DisabledUpdate).map(BanState::Unknown)).map(|state| {
        let date = update.ban.as_ref().and_then(|ban| ban.date.as_ref()?.instant());
        health::Fact::Ban { state, date }
    });
    let violation = update.violation.clone().or_else(|| unsaid(AccountEvent::Violation).map(Violation::Unknown));
    let violation = violation.map(health::Fact::Violation);
    let unheard = match &update.event {
        AccountEvent::Unknown(_) => Some(health::Fact::Event(update.event.clone())),
        AccountEvent::Restricted if update.restrictions.is_empty() => {
            let restriction = Restriction::Unknown(update.event.to_string());
            Some(health::Fact::Restricted { restriction, until: None })
        }
        _ => None,
    };
    let restricted = update.restrictions.iter().map(|active| health::Fact::Restricted {
        restriction: active.kind.clone(),
        until: active.expires.as_ref().and_then(MetaDate::instant),
    });
    event.into_iter().chain(ban).chain(violation).chain(restricted).chain(unheard).collect()
}

fn of_capability(capability: &Capability) -> Vec<health::Fact> {
    let customers = capability.customers_a_day.clone().or_else(|| capability.customers_a_day_per_number.clone());
    let limit = customers.map(health::Fact::MessagingLimit);
    let of_business = capability.numbers_per_business.clone().map(health::Fact::NumbersPerBusiness);
    let of_account = capability.numbers_per_account.clone().map(health::Fact::NumbersPerAccount);
    limit.into_iter().chain(of_business).chain(of_account).collect()
}

/// What a change tells about a template (`template.lifecycle`), if it tells anything that moves it. Content that changed at
/// Meta, and a category that Meta only finds better, are none of it: a listing tells the first.
#[must_use]
pub fn template_fact(change: &Change<'_>) -> Option<TemplateTold> {
    let (key, fact) = match change.value() {
        Value::TemplateStatus(status) => {
            let mut fact = EventFact::new(status.event.clone());
            fact.reason.clone_from(&status.reason);
            fact.pause.clone_from(&status.pause);
            fact.disable_date = status.disable_date.as_ref().and_then(MetaDate::instant);
            (&status.template.key, Fact::Event(fact))
        }
        Value::TemplateQuality(quality) => (&quality.template.key, Fact::Quality(quality.current.clone())),
        Value::TemplateCategory(update) => (&update.template.key, of_category(update)),
        _ => return None,
    };
    let account = About::of(change).account;
    Some(TemplateTold { account, key: key.clone(), id: change.fact_id(0), at: change.at(), fact })
}

fn of_category(update: &TemplateCategoryUpdate<'_>) -> Fact {
    let from = update.moves_at.as_ref().and_then(MetaDate::instant);
    let announced = update.correct.clone().zip(from).map(|(category, from)| Announced::new(category, from));
    Fact::Category { category: update.current.clone(), announced }
}
