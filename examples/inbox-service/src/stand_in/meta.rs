//! What is so at the stand-in: numbers, accounts and templates, as far as it has met them.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};
use whatsapp_inbox::whatsapp::{
    BadgeStatus, BusinessManagerId, BusinessVerification, CodeVerification, NameStatus, NumberStatus, ReviewDecision,
    TemplateEvent, TemplateKey,
};

use super::fault::Fault;
use super::written::{micros_now, seconds_now};
use super::{RIGHT_CODE, WRONG_PIN};

/// So many wrong codes in a row lock a number, for so long.
const GUESSES: u32 = 5;
const LOCK_SECONDS: u64 = 12 * 60 * 60;

#[derive(Debug, Default)]
pub(super) struct Meta {
    numbers: BTreeMap<String, Number>,
    accounts: BTreeMap<String, Account>,
    last_id: u64,
    /// To whom something was refused for now.
    put_off: BTreeSet<String>,
}

/// A number, as far as it is known.
#[derive(Debug, Default)]
pub(super) struct Number {
    /// Its digits.
    pub(super) digits: Option<String>,
    pub(super) name: Option<String>,
    pub(super) name_status: Option<NameStatus>,
    pub(super) status: Option<NumberStatus>,
    pub(super) badge: Option<BadgeStatus>,
    verification: Option<CodeVerification>,
    guesses: u32,
    /// Until when no code is taken, in seconds since 1970.
    locked_until: u64,
}

/// An account, as far as it is known.
#[derive(Debug, Default)]
pub(super) struct Account {
    pub(super) review: Option<ReviewDecision>,
    pub(super) business: Option<BusinessManagerId>,
    pub(super) business_verification: Option<BusinessVerification>,
    pub(super) templates: Vec<Template>,
}

/// A template: its node as it was handed in, with its id and its status.
#[derive(Debug)]
pub(super) struct Template {
    pub(super) id: u64,
    pub(super) key: TemplateKey,
    pub(super) node: Map<String, Value>,
}

impl Meta {
    /// An id that was not given before, nor by one that stood here before a restart.
    pub(super) fn fresh(&mut self) -> u64 {
        self.last_id = self.last_id.saturating_add(1).max(micros_now());
        self.last_id
    }

    /// An id of a message, in Meta's form.
    pub(super) fn message_id(&mut self) -> String {
        format!("wamid.STANDIN{:X}", self.fresh())
    }

    /// Whether something is refused to somebody for now: every other time.
    pub(super) fn puts_off(&mut self, to: &str) -> bool {
        if self.put_off.remove(to) {
            return false;
        }
        self.put_off.insert(to.to_owned())
    }

    /// A number, which is made where it was not met before.
    pub(super) fn number(&mut self, id: &str) -> &mut Number {
        self.numbers.entry(id.to_owned()).or_default()
    }

    /// The number with these digits, if it was met.
    pub(super) fn number_with(&mut self, digits: &str) -> Option<&mut Number> {
        self.numbers.values_mut().find(|number| number.digits.as_deref() == Some(digits))
    }

    /// An account, which is made where it was not met before.
    pub(super) fn account(&mut self, id: &str) -> &mut Account {
        self.accounts.entry(id.to_owned()).or_default()
    }

    /// The template with this id, if it was met.
    pub(super) fn template(&mut self, id: &str) -> Option<&mut Template> {
        let id: u64 = id.parse().ok()?;
        self.accounts.values_mut().flat_map(|account| &mut account.templates).find(|template| template.id == id)
    }

    /// What a node says, be it a number, an account or a template.
    pub(super) fn node(&mut self, id: &str) -> Map<String, Value> {
        let mut node = Map::new();
        if let Some(number) = self.numbers.get(id) {
            node.extend(number.node());
        }
        if let Some(account) = self.accounts.get(id) {
            node.extend(account.node());
        }
        if let Some(template) = self.template(id) {
            node.extend(template.node());
        }
        node
    }
}

impl Number {
    /// Sends a code, unless the number is proved already.
    pub(super) fn request_code(&mut self) -> Result<(), Fault> {
        if self.verification == Some(CodeVerification::Verified) {
            return Err(Fault::code_not_sent());
        }
        self.verification = Some(CodeVerification::NotVerified);
        self.status.get_or_insert(NumberStatus::Pending);
        Ok(())
    }

    /// Takes a guess. The fifth wrong one in a row locks the number.
    pub(super) fn verify_code(&mut self, code: &str) -> Result<(), Fault> {
        if seconds_now() < self.locked_until {
            return Err(Fault::too_many_guesses());
        }
        if code == RIGHT_CODE {
            self.guesses = 0;
            self.verification = Some(CodeVerification::Verified);
            self.status.get_or_insert(NumberStatus::Pending);
            return Ok(());
        }
        self.verification.get_or_insert(CodeVerification::NotVerified);
        self.guesses = self.guesses.saturating_add(1);
        if self.guesses < GUESSES {
            return Err(Fault::wrong_code());
        }
        self.guesses = 0;
        self.locked_until = seconds_now().saturating_add(LOCK_SECONDS);
        Err(Fault::too_many_guesses())
    }

    /// Registers the number, unless the PIN is the one that is no number's.
    pub(super) fn register(&mut self, pin: &str) -> Result<(), Fault> {
        if pin == WRONG_PIN {
            return Err(Fault::pin_mismatch());
        }
        self.status = Some(NumberStatus::Connected);
        Ok(())
    }

    fn node(&self) -> Map<String, Value> {
        known([
            ("display_phone_number", self.digits.as_ref().map(|digits| format!("+{digits}").into())),
            ("verified_name", self.name.clone().map(Into::into)),
            ("name_status", self.name_status.as_ref().map(|status| status.as_str().into())),
            ("code_verification_status", self.verification.as_ref().map(|status| status.as_str().into())),
            ("status", self.status.as_ref().map(|status| status.as_str().into())),
            ("official_business_account", self.badge.as_ref().map(|status| json!({ "oba_status": status.as_str() }))),
        ])
    }
}

impl Account {
    fn node(&self) -> Map<String, Value> {
        known([
            ("account_review_status", self.review.as_ref().map(|review| review.as_str().into())),
            ("owner_business_info", self.business.as_ref().map(|business| json!({ "id": business.as_str() }))),
            ("business_verification_status", self.business_verification.as_ref().map(|status| status.as_str().into())),
        ])
    }

    /// The id of a template with this key, if it was met.
    pub(super) fn template_id(&self, key: &TemplateKey) -> Option<u64> {
        self.templates.iter().find(|template| template.key == *key).map(|template| template.id)
    }

    /// Moves a template as an event of Meta's does. Of some events the status is another word, or stays as it was.
    pub(super) fn move_template(&mut self, key: &TemplateKey, event: &TemplateEvent) {
        let status = match event {
            TemplateEvent::Deleted => {
                self.templates.retain(|template| template.key != *key);
                return;
            }
            TemplateEvent::Locked | TemplateEvent::Unlocked => return,
            TemplateEvent::Flagged | TemplateEvent::Reinstated | TemplateEvent::Unarchived => "APPROVED",
            event => event.as_str(),
        };
        for template in self.templates.iter_mut().filter(|template| template.key == *key) {
            template.node.insert("status".to_owned(), status.into());
        }
    }
}

impl Template {
    pub(super) fn node(&self) -> Map<String, Value> {
        let mut node = self.node.clone();
        node.insert("id".to_owned(), self.id.to_string().into());
        node
    }
}

/// What is known of a node. Meta leaves out what has no value.
fn known<const N: usize>(members: [(&str, Option<Value>); N]) -> Map<String, Value> {
    members.into_iter().filter_map(|(key, value)| Some((key.to_owned(), value?))).collect()
}
