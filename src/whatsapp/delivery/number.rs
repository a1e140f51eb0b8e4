//! What deliveries say about phone numbers. They name a number as it is shown, never by its id.

use std::borrow::Cow;

use super::cursor::Cursor;
use super::value::{WhyUnknown, needed, needed_number, read_members};
use crate::whatsapp::{Allowance, NameRejection, NameStatus, NumberQualityEvent, SecurityEvent, UsernameStatus};

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

/// The standing of a number: how fast and to how many it may send.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct NumberQuality<'a> {
    /// The number, as Meta writes it: mostly digits only.
    pub display_phone_number: Cow<'a, str>,
    /// What happened.
    pub event: NumberQualityEvent,
    /// To how many customers a day the number may write first (`current_limit`). Meta announced to leave it out from February
    /// 2026, and still sends it.
    pub current: Option<Allowance>,
    /// What that was before (`old_limit`).
    pub previous: Option<Allowance>,
    /// To how many customers a day the whole business may write first (`max_daily_conversations_per_business`).
    pub of_business: Option<Allowance>,
}

/// Something that happened to the two-step PIN of a number.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct NumberSecurity<'a> {
    /// The number, as Meta writes it: mostly digits only.
    pub display_phone_number: Cow<'a, str>,
    /// What happened.
    pub event: SecurityEvent,
    /// Meta's id of who asked for it; told for requests to switch the PIN off, and by the test panel always.
    pub requester: Option<Cow<'a, str>>,
}

/// Something that happened to the username of a number.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct NumberUsername<'a> {
    /// The number, as Meta writes it: mostly digits only.
    pub display_phone_number: Cow<'a, str>,
    /// How far the username is now.
    pub status: UsernameStatus,
    /// The username; Meta leaves it out where it is gone.
    pub username: Option<Cow<'a, str>>,
}

impl NumberQuality<'_> {
    /// To how many customers a day one may write first from this number: what holds for the business, or else what is told of
    /// the number. Limits are the business's since October 2025.
    #[must_use]
    pub fn limit(&self) -> Option<&Allowance> {
        self.of_business.as_ref().or(self.current.as_ref())
    }
}

impl<'a> PhoneNumberName<'a> {
    pub(super) fn read(cursor: &mut Cursor<'a>) -> Result<Self, WhyUnknown> {
        let (mut number, mut decision, mut name, mut rejection) = (None, None, None, None);
        read_members(cursor, |key, cursor| match key {
            "display_phone_number" => number = cursor.text(),
            "decision" => decision = cursor.listed(),
            "requested_verified_name" => name = cursor.text(),
            "rejection_reason" => rejection = cursor.listed_reason(),
            _ => {}
        })?;
        Ok(Self {
            display_phone_number: needed_number(number)?,
            decision: needed(decision, "decision")?,
            requested_name: needed(name, "requested_verified_name")?,
            rejection,
        })
    }
}

impl<'a> NumberQuality<'a> {
    pub(super) fn read(cursor: &mut Cursor<'a>) -> Result<Self, WhyUnknown> {
        let (mut number, mut event) = (None, None);
        let (mut current, mut previous, mut of_business) = (None, None, None);
        read_members(cursor, |key, cursor| match key {
            "display_phone_number" => number = cursor.text(),
            "event" => event = cursor.listed(),
            "current_limit" => current = cursor.listed(),
            "old_limit" => previous = cursor.listed(),
            "max_daily_conversations_per_business" => of_business = cursor.listed(),
            _ => {}
        })?;
        let (display_phone_number, event) = (needed_number(number)?, needed(event, "event")?);
        Ok(Self { display_phone_number, event, current, previous, of_business })
    }
}

impl<'a> NumberSecurity<'a> {
    pub(super) fn read(cursor: &mut Cursor<'a>) -> Result<Self, WhyUnknown> {
        let (mut number, mut event, mut requester) = (None, None, None);
        read_members(cursor, |key, cursor| match key {
            "display_phone_number" => number = cursor.text(),
            "event" => event = cursor.listed(),
            "requester" => requester = cursor.text(),
            _ => {}
        })?;
        Ok(Self { display_phone_number: needed_number(number)?, event: needed(event, "event")?, requester })
    }
}

impl<'a> NumberUsername<'a> {
    pub(super) fn read(cursor: &mut Cursor<'a>) -> Result<Self, WhyUnknown> {
        let (mut number, mut status, mut username) = (None, None, None);
        read_members(cursor, |key, cursor| match key {
            "display_phone_number" => number = cursor.text(),
            "status" => status = cursor.listed(),
            "username" => username = cursor.text(),
            _ => {}
        })?;
        Ok(Self { display_phone_number: needed_number(number)?, status: needed(status, "status")?, username })
    }
}
