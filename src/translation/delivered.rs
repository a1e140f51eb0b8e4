//! From Meta's deliveries to facts.

use crate::channel::{self, Loss};
use crate::id::FactId;
use crate::onboarding::{AccountNotice, Command, Fact, Onboarding};
use crate::time::Instant;
use crate::whatsapp::delivery::{AccountUpdate, BanState, Change, Value};
use crate::whatsapp::{AccountEvent, BusinessManagerId, PhoneNumber, PhoneNumberId, RequestStatus, WabaId};

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

/// By what the onboarding of a fact is found: whatever of the three the delivery names.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct About {
    /// The WhatsApp Business account.
    pub account: Option<WabaId>,
    /// The phone number.
    pub number: Option<PhoneNumber>,
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
        match (&self.number, &self.account) {
            (Some(number), _) => onboarding.number() == Some(*number),
            (None, Some(account)) if onboarding.accounts().any(|ours| ours == account) => true,
            _ => self.business.is_some() && self.business.as_ref() == onboarding.business(),
        }
    }
}

/// The command that closes a channel whose account was lost, if that is what a change tells (`channel.close`). It is for each
/// channel on that account, or on the one number of it that is named, as Meta's.
#[must_use]
pub fn lose_account(change: &Change<'_>) -> Option<channel::Command> {
    facts(change).into_iter().find_map(|told| {
        let Fact::Account { account, notice } = told.fact else { return None };
        let loss = match notice {
            AccountNotice::Offboarded => Loss::Offboarded,
            AccountNotice::Deleted => Loss::AccountDeleted,
            _ => return None,
        };
        Some(channel::Command::LoseAccount { account, number: told.about.number, loss })
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
    let account = change.account_or_business().and_then(|id| WabaId::new(id).ok());
    let of_account = About { account: account.clone(), ..About::default() };
    let (about, facts, at) = match change.value() {
        Value::Account(update) => {
            let (about, facts) = account_facts(update, account);
            (about, facts, update.at)
        }
        Value::AccountReview { decision } => {
            let fact = account.map(|account| Fact::AccountReview { account, decision: decision.clone() });
            (of_account, fact.into_iter().collect(), None)
        }
        Value::PhoneNumberName(name) => {
            let number = PhoneNumber::new(&name.display_phone_number).ok();
            let fact = number.map(|number| Fact::DisplayName {
                number,
                name: name.requested_name.to_string(),
                status: name.decision.clone(),
                reason: name.rejection.clone(),
            });
            (About { number, ..of_account }, fact.into_iter().collect(), None)
        }
        Value::Alert(alert) => {
            // An alert about a number tells its id: another number of the same account has a badge of its own.
            let of_number = alert.entity_type.as_deref().is_some_and(|kind| kind.eq_ignore_ascii_case("PHONE_NUMBER"));
            let named = alert.entity_id.as_deref().filter(|_| of_number);
            let phone_number = named.and_then(|id| PhoneNumberId::new(id).ok());
            let fact = alert.badge().map(|status| Fact::Badge { phone_number, status });
            (of_account, fact.into_iter().collect(), None)
        }
        Value::TemplateStatus(status) => {
            let (template, event) = (status.key.clone(), status.event.clone());
            let fact = Fact::Template { template, event, reason: status.reason.as_deref().map(str::to_owned) };
            (of_account, vec![fact], None)
        }
        _ => return Vec::new(),
    };
    let at = at.or(change.time());
    let told = |(n, fact)| Told { about: about.clone(), id: change.fact_id(n), at, fact };
    (0..=u8::MAX).zip(facts).map(told).collect()
}

fn account_facts(update: &AccountUpdate<'_>, entry: Option<WabaId>) -> (About, Vec<Fact>) {
    let named = update.waba.as_deref().and_then(|id| WabaId::new(id).ok());
    // Of these the entry is the provider's own Business Manager, never the account.
    let entry_is_provider = matches!(
        update.event,
        AccountEvent::PartnerAdded
            | AccountEvent::PartnerRemoved
            | AccountEvent::PartnerAppInstalled
            | AccountEvent::PartnerAppUninstalled
            | AccountEvent::PartnerClientCertification
    );
    let account = named.or(if entry_is_provider { None } else { entry });
    let business = update.business.as_deref().and_then(|id| BusinessManagerId::new(id).ok());
    // What the business app and the API share is a number: the others of its account are none of it.
    let of_number = matches!(update.event, AccountEvent::Offboarded | AccountEvent::Reconnected);
    let number = update.phone_number.as_deref().filter(|_| of_number).and_then(|number| PhoneNumber::new(number).ok());
    let about = About { account: account.clone(), number, business };
    if update.event == AccountEvent::PartnerClientCertification {
        return certification_facts(update, about);
    }
    let Some(account) = account else { return (about, Vec::new()) };
    let notice = |notice| vec![Fact::Account { account: account.clone(), notice }];
    let facts = match &update.event {
        AccountEvent::PartnerAdded | AccountEvent::PartnerAppInstalled => {
            vec![Fact::Request { account, status: RequestStatus::Approved }]
        }
        AccountEvent::PartnerRemoved | AccountEvent::PartnerAppUninstalled => notice(AccountNotice::AccessRemoved),
        AccountEvent::Offboarded => notice(AccountNotice::Offboarded),
        AccountEvent::Reconnected => notice(AccountNotice::Reconnected),
        AccountEvent::Deleted => notice(AccountNotice::Deleted),
        AccountEvent::Restricted => {
            let restricted = update
                .restrictions
                .iter()
                .map(|active| AccountNotice::Restricted { restriction: active.kind.clone(), until: active.expires });
            restricted.flat_map(notice).collect()
        }
        AccountEvent::DisabledUpdate => match update.ban.as_ref().and_then(|ban| ban.state.as_ref()) {
            Some(BanState::Disabled) => notice(AccountNotice::Banned),
            Some(BanState::Scheduled) => notice(AccountNotice::BanScheduled),
            Some(BanState::Reinstated) => notice(AccountNotice::BanLifted),
            _ => Vec::new(),
        },
        _ => Vec::new(),
    };
    (about, facts)
}

/// The verification that the provider handed in for the brand.
fn certification_facts(update: &AccountUpdate<'_>, about: About) -> (About, Vec<Fact>) {
    let certification = update.certification.as_ref();
    let client = certification.and_then(|told| told.client_business.as_deref());
    let business = client.and_then(|id| BusinessManagerId::new(id).ok()).or(about.business);
    let status = certification.and_then(|told| told.status.clone());
    let fact = business.clone().zip(status);
    let fact = fact.map(|(business, status)| Fact::BusinessVerification { business, status });
    (About { business, ..About::default() }, fact.into_iter().collect())
}
