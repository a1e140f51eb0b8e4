//! What deliveries say about a business as a whole: alerts, what it is allowed, its standing, its ways of being paid.

use std::borrow::Cow;

use super::cursor::Cursor;
use super::value::{WhyUnknown, needed, read_members};
use crate::time::Instant;
use crate::whatsapp::{
    AlertKind, AlertSeverity, AlertStatus, AlertSubject, Allowance, BadgeStatus, BusinessEvent, PaymentStatus,
    SolutionEvent, SolutionStatus,
};

/// Something that Meta tells about an account, a number or a business.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Alert<'a> {
    /// What it is about.
    pub subject: Option<AlertSubject>,
    /// Meta's id of that.
    pub subject_id: Option<Cow<'a, str>>,
    /// What is told.
    pub kind: AlertKind,
    /// How grave it is.
    pub severity: Option<AlertSeverity>,
    /// Whether it goes on.
    pub status: Option<AlertStatus>,
    /// Meta's own sentence.
    pub description: Option<Cow<'a, str>>,
}

/// How much Meta allows a business. What is not told has not changed.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Capability {
    /// To how many customers a day the business may write first (`max_daily_conversations_per_business`).
    pub customers_a_day: Option<Allowance>,
    /// To how many each of its numbers may (`max_daily_conversation_per_phone`): told before the limit became the business's.
    pub customers_a_day_per_number: Option<Allowance>,
    /// How many numbers the business may have (`max_phone_numbers_per_business`). Told while the limit is 250 customers.
    pub numbers_per_business: Option<Allowance>,
    /// How many numbers each of its accounts may have (`max_phone_numbers_per_waba`). Told from then on.
    pub numbers_per_account: Option<Allowance>,
}

/// Something that happened to a business.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct BusinessStatus<'a> {
    /// What happened.
    pub event: BusinessEvent,
    /// Meta's id of the business.
    pub business: Option<Cow<'a, str>>,
}

/// A way of being paid, as it is from now on.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct PaymentConfiguration<'a> {
    /// Its name.
    pub name: Cow<'a, str>,
    /// Who takes the money.
    pub provider: Option<Cow<'a, str>>,
    /// The provider's id of the business.
    pub merchant: Option<Cow<'a, str>>,
    /// How far it is.
    pub status: Option<PaymentStatus>,
    /// When it was made.
    pub created: Option<Instant>,
    /// When it became as it is.
    pub updated: Option<Instant>,
}

/// Something that happened to a solution that several partners run together. Its entry is the provider's own business.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct PartnerSolution<'a> {
    /// What happened.
    pub event: SolutionEvent,
    /// Meta's id of the solution.
    pub solution: Option<Cow<'a, str>>,
    /// How far it is.
    pub status: Option<SolutionStatus>,
}

impl Alert<'_> {
    /// What became of the application for the badge, where the alert is about that.
    #[must_use]
    pub const fn badge(&self) -> Option<BadgeStatus> {
        match self.kind {
            AlertKind::BadgeGranted => Some(BadgeStatus::Granted),
            AlertKind::BadgeDenied => Some(BadgeStatus::Denied),
            _ => None,
        }
    }
}

impl<'a> Alert<'a> {
    /// Half of an alert stands in `alert_info`, or beside `entity_type` where the test panel puts it.
    pub(super) fn read(cursor: &mut Cursor<'a>) -> Result<Self, WhyUnknown> {
        let (mut subject, mut subject_id, mut kind) = (None, None, None);
        let (mut severity, mut status, mut description) = (None, None, None);
        let mut info = |key: &str, cursor: &mut Cursor<'a>| match key {
            "alert_type" => kind = cursor.listed(),
            "alert_severity" => severity = cursor.listed(),
            "alert_status" => status = cursor.listed(),
            "alert_description" => description = cursor.text(),
            _ => {}
        };
        read_members(cursor, |key, cursor| match key {
            "entity_type" => subject = cursor.listed(),
            "entity_id" => subject_id = cursor.text(),
            "alert_info" => cursor.each_member(&mut info),
            _ => info(key, cursor),
        })?;
        Ok(Self { subject, subject_id, kind: needed(kind, "alert_type")?, severity, status, description })
    }
}

impl Capability {
    pub(super) fn read(cursor: &mut Cursor<'_>) -> Result<Self, WhyUnknown> {
        let mut told = Self {
            customers_a_day: None,
            customers_a_day_per_number: None,
            numbers_per_business: None,
            numbers_per_account: None,
        };
        read_members(cursor, |key, cursor| match key {
            "max_daily_conversations_per_business" => told.customers_a_day = cursor.listed(),
            "max_daily_conversation_per_phone" => told.customers_a_day_per_number = cursor.listed(),
            "max_phone_numbers_per_business" => told.numbers_per_business = cursor.listed(),
            "max_phone_numbers_per_waba" => told.numbers_per_account = cursor.listed(),
            _ => {}
        })?;
        let any = told.customers_a_day.as_ref().or(told.customers_a_day_per_number.as_ref());
        let any = any.or(told.numbers_per_business.as_ref()).or(told.numbers_per_account.as_ref());
        needed(any, "max_daily_conversations_per_business")?;
        Ok(told)
    }
}

impl<'a> BusinessStatus<'a> {
    pub(super) fn read(cursor: &mut Cursor<'a>) -> Result<Self, WhyUnknown> {
        let (mut event, mut business) = (None, None);
        read_members(cursor, |key, cursor| match key {
            "event" => event = cursor.listed(),
            "business_id" => business = cursor.text(),
            _ => {}
        })?;
        Ok(Self { event: needed(event, "event")?, business })
    }
}

impl<'a> PaymentConfiguration<'a> {
    pub(super) fn read(cursor: &mut Cursor<'a>) -> Result<Self, WhyUnknown> {
        let (mut name, mut provider, mut merchant) = (None, None, None);
        let (mut status, mut created, mut updated) = (None, None, None);
        read_members(cursor, |key, cursor| match key {
            "configuration_name" => name = cursor.text(),
            "provider_name" => provider = cursor.text(),
            "provider_mid" => merchant = cursor.text(),
            "status" => status = cursor.listed(),
            "created_timestamp" => created = cursor.instant(),
            "updated_timestamp" => updated = cursor.instant(),
            _ => {}
        })?;
        Ok(Self { name: needed(name, "configuration_name")?, provider, merchant, status, created, updated })
    }
}

impl<'a> PartnerSolution<'a> {
    pub(super) fn read(cursor: &mut Cursor<'a>) -> Result<Self, WhyUnknown> {
        let (mut event, mut solution, mut status) = (None, None, None);
        read_members(cursor, |key, cursor| match key {
            "event" => event = cursor.listed(),
            "solution_id" => solution = cursor.text(),
            "solution_status" => status = cursor.listed(),
            _ => {}
        })?;
        Ok(Self { event: needed(event, "event")?, solution, status })
    }
}
