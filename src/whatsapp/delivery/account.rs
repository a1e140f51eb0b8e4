//! What `account_update` says.

use std::borrow::Cow;

use super::cursor::{Cursor, instant, listed, reason, text};
use super::value::{WhyUnknown, needed, read_members};
use crate::time::Instant;
use crate::whatsapp::open_enum::open_enum;
use crate::whatsapp::{AccountEvent, BusinessVerification, Restriction};

open_enum! {
    /// How far the ban of an account is (`waba_ban_state`).
    BanState {
        /// Announced for a date.
        Scheduled = "SCHEDULE_FOR_DISABLE",
        /// In force.
        Disabled = "DISABLE",
        /// Lifted.
        Reinstated = "REINSTATE",
    }
}

/// Something that happened to an account. Which parts there are depends on the event, and Meta leaves out any of them.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct AccountUpdate<'a> {
    /// What happened.
    pub event: AccountEvent,
    /// The number it happened to, as Meta writes it.
    pub phone_number: Option<Cow<'a, str>>,
    /// Meta's id of that number.
    pub phone_number_id: Option<Cow<'a, str>>,
    /// The WhatsApp Business account, where the entry is about the provider's business.
    pub waba: Option<Cow<'a, str>>,
    /// The business that owns that account.
    pub business: Option<Cow<'a, str>>,
    /// What is not allowed for a while.
    pub restrictions: Vec<ActiveRestriction>,
    /// The policy that was broken, such as `SCAM`.
    pub violation: Option<Cow<'a, str>>,
    /// The ban.
    pub ban: Option<Ban<'a>>,
    /// How far the verification of the business is that the provider handed in.
    pub certification: Option<Certification<'a>>,
    /// Why business app and API no longer share the number, such as `PRIMARY_INACTIVITY`.
    pub disconnection_reason: Option<Cow<'a, str>>,
    /// When it happened, where Meta says so beside the time of the entry.
    pub at: Option<Instant>,
}

/// Something that is not allowed for a while.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ActiveRestriction {
    /// What is not allowed; the text as it came where Meta does not name it.
    pub kind: Restriction,
    /// Until when, where Meta says.
    pub expires: Option<Instant>,
}

/// The ban of an account.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Ban<'a> {
    /// How far it is; the text as it came where Meta names more than one state at once.
    pub state: Option<BanState>,
    /// Its date in Meta's words: `April 17, 2025`.
    pub date: Option<Cow<'a, str>>,
}

/// How far the verification is that a provider handed in for its client.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Certification<'a> {
    /// Meta's id of the client's business.
    pub client_business: Option<Cow<'a, str>>,
    /// How far it is.
    pub status: Option<BusinessVerification>,
    /// Why it was turned down.
    pub reasons: Vec<Cow<'a, str>>,
}

impl<'a> AccountUpdate<'a> {
    pub(super) fn read(raw: &'a str) -> Result<Self, WhyUnknown> {
        let mut event = None;
        let mut update = Self::empty();
        read_members(raw, |key, cursor| match key {
            "event" => event = listed(cursor.value()),
            "phone_number" => update.phone_number = text(cursor.value()),
            "waba_info" | "account_offboarded" | "account_reconnected" => update.read_place(cursor),
            "restriction_info" => cursor.elements_or_one(|cursor| update.restrictions.push(restriction(cursor))),
            "violation_info" => update.violation = member(cursor, "violation_type").and_then(text),
            "ban_info" => update.ban = ban(cursor),
            "partner_client_certification_info" => update.certification = certification(cursor),
            "disconnection_info" => update.disconnection_reason = member(cursor, "reason").and_then(reason),
            _ => {}
        })?;
        update.event = needed(event, "event")?;
        Ok(update)
    }

    /// What happened where: the part of the account, or the part that is named for what happened.
    fn read_place(&mut self, cursor: &mut Cursor<'a>) {
        cursor.members(|key, cursor| match key {
            "waba_id" => self.waba = text(cursor.value()),
            "owner_business_id" => self.business = text(cursor.value()),
            "phone_number_id" => self.phone_number_id = text(cursor.value()),
            "timestamp" => self.at = instant(cursor.value()),
            _ => {}
        });
    }

    const fn empty() -> Self {
        Self {
            event: AccountEvent::Unknown(String::new()),
            phone_number: None,
            phone_number_id: None,
            waba: None,
            business: None,
            restrictions: Vec::new(),
            violation: None,
            ban: None,
            certification: None,
            disconnection_reason: None,
            at: None,
        }
    }
}

/// The text of one member of an object.
fn member<'a>(cursor: &mut Cursor<'a>, name: &str) -> Option<&'a str> {
    let mut found = None;
    cursor.members(|key, cursor| {
        if key == name {
            found = Some(cursor.value());
        }
    });
    found
}

/// Every restriction counts, one that cannot be read as well: none may get lost.
fn restriction(cursor: &mut Cursor<'_>) -> ActiveRestriction {
    let mut start = *cursor;
    let (mut kind, mut expires) = (None, None);
    cursor.members(|key, cursor| match key {
        "restriction_type" => kind = listed(cursor.value()),
        "expiration" => expires = instant(cursor.value()),
        _ => {}
    });
    ActiveRestriction { kind: kind.unwrap_or_else(|| Restriction::Unknown(start.value().to_owned())), expires }
}

fn ban<'a>(cursor: &mut Cursor<'a>) -> Option<Ban<'a>> {
    let mut ban = Ban { state: None, date: None };
    let is_object = cursor.members(|key, cursor| match key {
        "waba_ban_state" => ban.state = ban_state(cursor),
        "waba_ban_date" => ban.date = text(cursor.value()),
        _ => {}
    });
    is_object.then_some(ban)
}

fn ban_state(cursor: &mut Cursor<'_>) -> Option<BanState> {
    let (mut start, mut states) = (*cursor, Vec::new());
    cursor.elements_or_one(|cursor| states.push(cursor.value()));
    match states.as_slice() {
        [] => None,
        [state] => listed(state),
        _ => Some(BanState::Unknown(start.value().to_owned())),
    }
}

fn certification<'a>(cursor: &mut Cursor<'a>) -> Option<Certification<'a>> {
    let mut certification = Certification { client_business: None, status: None, reasons: Vec::new() };
    let is_object = cursor.members(|key, cursor| match key {
        "client_business_id" => certification.client_business = text(cursor.value()),
        "status" => certification.status = listed(cursor.value()),
        "rejection_reasons" => {
            cursor.elements_or_one(|cursor| certification.reasons.extend(reason(cursor.value())));
        }
        _ => {}
    });
    is_object.then_some(certification)
}
