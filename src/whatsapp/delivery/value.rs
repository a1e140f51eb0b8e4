//! What a change says, field by field.

use std::borrow::Cow;

use super::account::AccountUpdate;
use super::cursor::{Cursor, listed, reason, text};
use crate::whatsapp::{BadgeStatus, NameRejection, NameStatus, ReviewDecision, TemplateEvent, TemplateKey};

/// What a change says. The fields that no rule needs yet, `messages` among them, are unknown and kept as raw text.
///
/// Texts are borrowed from the body wherever it holds them unescaped.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Value<'a> {
    /// `account_update`: something happened to an account.
    Account(Box<AccountUpdate<'a>>),
    /// `account_review_update`: Meta has reviewed an account.
    AccountReview {
        /// What the review came to.
        decision: ReviewDecision,
    },
    /// `phone_number_name_update`: Meta has reviewed a display name.
    PhoneNumberName(PhoneNumberName<'a>),
    /// `account_alerts`: Meta has something to tell about an account, a number or a business.
    Alert(Alert<'a>),
    /// `message_template_status_update`: something happened to a template.
    TemplateStatus(TemplateStatus<'a>),
    /// Anything else (`webhook.tolerant`): its text is in [`Change::raw`](super::Change::raw).
    Unknown(WhyUnknown),
}

/// Why a change is not understood.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum WhyUnknown {
    /// The field is none that this version reads.
    Field,
    /// A change, an entry or a value is of another shape than Meta's.
    Shape,
    /// A key without which nothing can be understood is missing, or is no text.
    Missing {
        /// The key.
        key: &'static str,
    },
}

/// Meta's decision about a display name.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct PhoneNumberName<'a> {
    /// The number, as Meta writes it: mostly digits only.
    pub display_phone_number: Cow<'a, str>,
    /// How far the name is now.
    pub decision: NameStatus,
    /// The name that was asked for.
    pub requested_name: Cow<'a, str>,
    /// Why it was turned down; nothing where Meta says `null` or `NONE`.
    pub rejection: Option<NameRejection>,
}

/// Something that Meta tells about an account, a number or a business.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Alert<'a> {
    /// What it is about: `BUSINESS`, `PHONE_NUMBER`, `WABA` and others.
    pub entity_type: Option<Cow<'a, str>>,
    /// Meta's id of that.
    pub entity_id: Option<Cow<'a, str>>,
    /// What is told, such as `OBA_APPROVED`.
    pub alert_type: Cow<'a, str>,
    /// `CRITICAL`, `WARNING` or `INFORMATIONAL`.
    pub severity: Option<Cow<'a, str>>,
    /// `ACTIVE` or `NONE`.
    pub status: Option<Cow<'a, str>>,
    /// Meta's own sentence.
    pub description: Option<Cow<'a, str>>,
}

/// Something that happened to a template.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct TemplateStatus<'a> {
    /// What happened.
    pub event: TemplateEvent,
    /// Meta's id of the template.
    pub template_id: Cow<'a, str>,
    /// Name and language of the template.
    pub key: TemplateKey,
    /// Why; nothing where Meta says `null` or `NONE`.
    pub reason: Option<Cow<'a, str>>,
    /// The date on which a flagged template will be disabled, in Meta's words: `January 31, 2026`.
    pub disable_date: Option<Cow<'a, str>>,
}

impl Alert<'_> {
    /// What became of the application for the badge, where the alert is about that.
    #[must_use]
    pub fn badge(&self) -> Option<BadgeStatus> {
        let about_badge = self.alert_type.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("OBA_"));
        match BadgeStatus::from(&*self.alert_type) {
            status @ (BadgeStatus::Granted | BadgeStatus::Denied) if about_badge => Some(status),
            _ => None,
        }
    }
}

impl<'a> Value<'a> {
    pub(super) fn read(field: &str, raw: &'a str) -> Self {
        let read = match field {
            "account_update" => AccountUpdate::read(raw).map(|update| Self::Account(Box::new(update))),
            "account_review_update" => review(raw),
            "phone_number_name_update" => phone_number_name(raw).map(Self::PhoneNumberName),
            "account_alerts" => alert(raw).map(Self::Alert),
            "message_template_status_update" => template_status(raw).map(Self::TemplateStatus),
            _ => Err(WhyUnknown::Field),
        };
        read.unwrap_or_else(Self::Unknown)
    }
}

/// Visits each member of a value, which has to be an object.
pub(super) fn read_members<'a>(raw: &'a str, visit: impl FnMut(&'a str, &mut Cursor<'a>)) -> Result<(), WhyUnknown> {
    if Cursor::new(raw).members(visit) { Ok(()) } else { Err(WhyUnknown::Shape) }
}

/// A key that cannot be done without.
pub(super) fn needed<T>(value: Option<T>, key: &'static str) -> Result<T, WhyUnknown> {
    value.ok_or(WhyUnknown::Missing { key })
}

fn review(raw: &str) -> Result<Value<'_>, WhyUnknown> {
    let mut decision = None;
    read_members(raw, |key, cursor| {
        if key == "decision" {
            decision = listed(cursor.value());
        }
    })?;
    Ok(Value::AccountReview { decision: needed(decision, "decision")? })
}

fn phone_number_name(raw: &str) -> Result<PhoneNumberName<'_>, WhyUnknown> {
    let (mut number, mut decision, mut name, mut rejection) = (None, None, None, None);
    read_members(raw, |key, cursor| match key {
        "display_phone_number" => number = text(cursor.value()),
        "decision" => decision = listed(cursor.value()),
        "requested_verified_name" => name = text(cursor.value()),
        "rejection_reason" => rejection = reason(cursor.value()),
        _ => {}
    })?;
    Ok(PhoneNumberName {
        display_phone_number: needed(number, "display_phone_number")?,
        decision: needed(decision, "decision")?,
        requested_name: needed(name, "requested_verified_name")?,
        rejection: rejection.map(|reason| (&*reason).into()),
    })
}

/// Half of an alert stands in `alert_info`, or beside `entity_type` where the test panel puts it.
fn alert<'a>(raw: &'a str) -> Result<Alert<'a>, WhyUnknown> {
    let (mut entity_type, mut entity_id, mut alert_type) = (None, None, None);
    let (mut severity, mut status, mut description) = (None, None, None);
    let mut info = |key: &str, cursor: &mut Cursor<'a>| match key {
        "alert_type" => alert_type = text(cursor.value()),
        "alert_severity" => severity = text(cursor.value()),
        "alert_status" => status = text(cursor.value()),
        "alert_description" => description = text(cursor.value()),
        _ => {}
    };
    read_members(raw, |key, cursor| match key {
        "entity_type" => entity_type = text(cursor.value()),
        "entity_id" => entity_id = text(cursor.value()),
        "alert_info" => {
            cursor.members(&mut info);
        }
        _ => info(key, cursor),
    })?;
    let alert_type = needed(alert_type, "alert_type")?;
    Ok(Alert { entity_type, entity_id, alert_type, severity, status, description })
}

fn template_status(raw: &str) -> Result<TemplateStatus<'_>, WhyUnknown> {
    let (mut event, mut id, mut name, mut language) = (None, None, None, None);
    let (mut why, mut disable_date) = (None, None);
    read_members(raw, |key, cursor| match key {
        "event" => event = listed(cursor.value()),
        "message_template_id" => id = text(cursor.value()),
        "message_template_name" => name = text(cursor.value()),
        "message_template_language" => language = text(cursor.value()),
        "reason" => why = reason(cursor.value()),
        "disable_info" => {
            cursor.members(|key, cursor| {
                if key == "disable_date" {
                    disable_date = text(cursor.value());
                }
            });
        }
        _ => {}
    })?;
    let (name, language) = (needed(name, "message_template_name")?, needed(language, "message_template_language")?);
    Ok(TemplateStatus {
        event: needed(event, "event")?,
        template_id: needed(id, "message_template_id")?,
        key: TemplateKey::from_meta(&name, &language),
        reason: why,
        disable_date,
    })
}
