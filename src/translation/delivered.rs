//! From Meta's deliveries to facts.

use crate::channel::{self, Loss, WhatsAppLine};
use crate::id::FactId;
use crate::onboarding::{AccountNotice, Command, Fact, Onboarding};
use crate::time::Instant;
use crate::whatsapp::delivery::{AccountUpdate, Alert, Change, Value};
use crate::whatsapp::{
    AccountEvent, AlertSubject, BanState, BusinessManagerId, MetaDate, PhoneNumber, PhoneNumberId, RequestStatus,
    TemplatePause, TemplateReason, WabaId,
};

/// A fact that a delivery tells.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Told {
    /// By what its onboarding is found.
    pub about: About,
    /// The fact's id: the same for the same delivery, however often it arrives.
    pub id: FactId,
    /// Since when it is so, if Meta says.
    pub at: Option<Instant>,
    /// What is so.
    pub fact: Fact,
}

/// What a change is about, by which onboardings, channels and templates of it are found: whatever of the four the delivery
/// names.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct About {
    /// The WhatsApp Business account.
    pub account: Option<WabaId>,
    /// The phone number.
    pub number: Option<PhoneNumber>,
    /// Meta's id of the phone number.
    pub phone_number: Option<PhoneNumberId>,
    /// The Business Manager.
    pub business: Option<BusinessManagerId>,
}

impl Told {
    /// The command that tells the fact to its onboarding.
    #[must_use]
    pub fn command(self) -> Command {
        Command::Observe { id: self.id, at: self.at, fact: self.fact }
    }
}

impl About {
    /// Whether this is about an onboarding: its number, one of its accounts, or its Business Manager.
    ///
    /// A fact may concern several onboardings of one business, and then is told to each of them. One that names an account
    /// only, and comes before the account is noted in its onboarding, concerns none yet: a host keeps it and offers it again
    /// once an account was created.
    #[must_use]
    pub fn concerns(&self, onboarding: &Onboarding) -> bool {
        if let Some(number) = self.number {
            return onboarding.number() == Some(number);
        }
        let of_account = self.account.as_ref().is_some_and(|account| onboarding.accounts().any(|ours| ours == account));
        match &self.phone_number {
            Some(phone_number) if of_account => onboarding.phone_numbers().any(|ours| ours == phone_number),
            _ => of_account || self.business.is_some() && self.business.as_ref() == onboarding.business(),
        }
    }

    /// Whether this is about a channel's line: its number, or its account where no number is named. So a host finds the channels
    /// that a fact about health is for.
    ///
    /// A line knows no business. What names a business alone is for every channel of that business: a host finds those by the
    /// [onboardings that it concerns](Self::concerns).
    #[must_use]
    pub fn concerns_line(&self, line: &WhatsAppLine) -> bool {
        if let Some(number) = self.number {
            return line.number == number;
        }
        let of_account = self.account.as_ref().map(|account| *account == line.account);
        match &self.phone_number {
            Some(phone_number) => of_account != Some(false) && *phone_number == line.phone_number,
            None => of_account == Some(true),
        }
    }

    /// What a change is about.
    ///
    /// The entry of a change is the account, but for partnerships it is the provider's own business, which is never what a
    /// change is about.
    #[must_use]
    pub fn of(change: &Change<'_>) -> Self {
        let entry = change.account_or_business().and_then(waba);
        let of_number = |number: &str| Self { number: PhoneNumber::new(number).ok(), ..Self::default() };
        let about = match change.value() {
            Value::Account(update) => return Self::of_account(update, entry),
            Value::PartnerSolution(_) => return Self::default(),
            Value::Alert(alert) => Self::of_alert(alert),
            Value::BusinessStatus(told) => Self { business: business(told.business.as_deref()), ..Self::default() },
            Value::PhoneNumberName(told) => of_number(&told.display_phone_number),
            Value::NumberQuality(told) => of_number(&told.display_phone_number),
            Value::NumberSecurity(told) => of_number(&told.display_phone_number),
            Value::NumberUsername(told) => of_number(&told.display_phone_number),
            _ => Self::default(),
        };
        Self { account: entry.or(about.account), ..about }
    }

    fn of_account(update: &AccountUpdate<'_>, entry: Option<WabaId>) -> Self {
        let place = &update.place;
        let owner = business(place.business.as_deref());
        if update.event == AccountEvent::PartnerClientCertification {
            let client = update.certification.as_ref().and_then(|told| business(told.client_business.as_deref()));
            return Self { business: client.or(owner), ..Self::default() };
        }
        // Of these the entry is the provider's own Business Manager, never the account.
        let entry_is_provider = matches!(
            update.event,
            AccountEvent::PartnerAdded
                | AccountEvent::PartnerRemoved
                | AccountEvent::PartnerAppInstalled
                | AccountEvent::PartnerAppUninstalled
                | AccountEvent::PartnerClientCertificationNeeded
                | AccountEvent::AdAccountLinked
                | AccountEvent::MarketingTermsSigned
        );
        let account = place.waba.as_deref().and_then(waba).or(if entry_is_provider { None } else { entry });
        let about = Self { account, business: owner, ..Self::default() };
        // What the business app and the API share is a number: the others of its account are none of it.
        if !matches!(update.event, AccountEvent::Offboarded | AccountEvent::Reconnected) {
            return about;
        }
        let number = update.phone_number.as_deref().and_then(|number| PhoneNumber::new(number).ok());
        let phone_number = place.phone_number_id.as_deref().and_then(|id| PhoneNumberId::new(id).ok());
        Self { number, phone_number, ..about }
    }

    /// An alert about a number tells its id: another number of the same account has a badge of its own.
    fn of_alert(alert: &Alert<'_>) -> Self {
        let id = alert.subject_id.as_deref();
        match alert.subject {
            Some(AlertSubject::Business) => Self { business: business(id), ..Self::default() },
            Some(AlertSubject::PhoneNumber) => {
                Self { phone_number: id.and_then(|id| PhoneNumberId::new(id).ok()), ..Self::default() }
            }
            Some(AlertSubject::Account) => Self { account: id.and_then(waba), ..Self::default() },
            _ => Self::default(),
        }
    }
}

fn waba(id: &str) -> Option<WabaId> {
    WabaId::new(id).ok()
}

fn business(id: Option<&str>) -> Option<BusinessManagerId> {
    BusinessManagerId::new(id?).ok()
}

/// The command that closes a channel whose account was lost, if that is what a change tells (`channel.close`). It is for each
/// channel on that account, or on the one number of it that is named or whose id is, as Meta's.
#[must_use]
pub fn lose_account(change: &Change<'_>) -> Option<channel::Command> {
    facts(change).into_iter().find_map(|told| {
        let Fact::Account { account, notice } = told.fact else { return None };
        let loss = match notice {
            AccountNotice::Offboarded => Loss::Offboarded,
            AccountNotice::Deleted => Loss::AccountDeleted,
            _ => return None,
        };
        let About { number, phone_number, .. } = told.about;
        Some(channel::Command::LoseAccount { account, number, phone_number, loss })
    })
}

/// The facts that a change tells about onboardings: none, one, or for several restrictions several (256 at most).
///
/// ```
/// use whatsapp_inbox::onboarding::Fact;
/// use whatsapp_inbox::translation::facts;
/// use whatsapp_inbox::whatsapp::ReviewDecision;
/// use whatsapp_inbox::whatsapp::delivery::AppSecret;
///
/// let body = br#"{"entry": [{"id": "4757", "time": 1767600000,
///     "changes": [{"field": "account_review_update", "value": {"decision": "APPROVED"}}]}]}"#;
/// let secret = AppSecret::new("an app's secret").unwrap();
/// let delivery = secret.check(body, &secret.sign(body)).unwrap().read().unwrap();
/// let told = facts(&delivery.changes[0]);
/// assert!(matches!(&told[0].fact, Fact::AccountReview { decision: ReviewDecision::Approved, .. }));
/// ```
#[must_use]
pub fn facts(change: &Change<'_>) -> Vec<Told> {
    let about = About::of(change);
    let facts = match change.value() {
        Value::Account(update) => account_facts(update, &about),
        Value::AccountReview { decision } => {
            let fact = about.account.clone().map(|account| Fact::AccountReview { account, decision: decision.clone() });
            fact.into_iter().collect()
        }
        Value::PhoneNumberName(name) => {
            let fact = about.number.map(|number| Fact::DisplayName {
                number,
                name: name.requested_name.to_string(),
                status: name.decision.clone(),
                reason: name.rejection.clone(),
            });
            fact.into_iter().collect()
        }
        Value::Alert(alert) => {
            let badge = alert.badge().map(|status| Fact::Badge { phone_number: about.phone_number.clone(), status });
            badge.into_iter().collect()
        }
        Value::TemplateStatus(status) => {
            // Of a template that was held back the reason is in the notice.
            let reason = status.reason.as_ref().map(TemplateReason::to_string);
            let reason = reason.or_else(|| status.pause.as_ref().map(TemplatePause::to_string));
            vec![Fact::Template { template: status.template.key.clone(), event: status.event.clone(), reason }]
        }
        _ => return Vec::new(),
    };
    let at = change.at();
    let told = |(n, fact)| Told { about: about.clone(), id: change.fact_id(n), at, fact };
    (0..=u8::MAX).zip(facts).map(told).collect()
}

fn account_facts(update: &AccountUpdate<'_>, about: &About) -> Vec<Fact> {
    if update.event == AccountEvent::PartnerClientCertification {
        let status = update.certification.as_ref().and_then(|told| told.status.clone());
        let fact = about.business.clone().zip(status);
        return fact.map(|(business, status)| Fact::BusinessVerification { business, status }).into_iter().collect();
    }
    let Some(account) = about.account.clone() else { return Vec::new() };
    let notice = |notice| vec![Fact::Account { account: account.clone(), notice }];
    match &update.event {
        AccountEvent::PartnerAdded | AccountEvent::PartnerAppInstalled => {
            vec![Fact::Request { account, status: RequestStatus::Approved }]
        }
        AccountEvent::PartnerRemoved | AccountEvent::PartnerAppUninstalled => notice(AccountNotice::AccessRemoved),
        AccountEvent::Offboarded => notice(AccountNotice::Offboarded),
        AccountEvent::Reconnected => notice(AccountNotice::Reconnected),
        AccountEvent::Deleted => notice(AccountNotice::Deleted),
        AccountEvent::Restricted => {
            let restricted = update.restrictions.iter().map(|active| AccountNotice::Restricted {
                restriction: active.kind.clone(),
                until: active.expires.as_ref().and_then(MetaDate::instant),
            });
            restricted.flat_map(notice).collect()
        }
        AccountEvent::DisabledUpdate => match update.ban.as_ref().and_then(|ban| ban.state.as_ref()) {
            Some(BanState::Disabled) => notice(AccountNotice::Banned),
            Some(BanState::Scheduled) => notice(AccountNotice::BanScheduled),
            Some(BanState::Reinstated) => notice(AccountNotice::BanLifted),
            _ => Vec::new(),
        },
        _ => Vec::new(),
    }
}
