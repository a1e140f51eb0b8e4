//! What `account_update` says.

use std::borrow::Cow;

use super::cursor::Cursor;
use super::value::{WhyUnknown, needed, read_members};
use crate::time::Instant;
use crate::whatsapp::{
    AccountEvent, BanState, BusinessVerification, DisconnectedBy, Disconnection, MetaDate, Restriction,
    TemplateCategory, Violation,
};

/// Something that happened to an account. Which parts there are depends on the event, and Meta leaves out any of them.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct AccountUpdate<'a> {
    /// What happened.
    pub event: AccountEvent,
    /// The number it happened to, as Meta writes it.
    pub phone_number: Option<Cow<'a, str>>,
    /// Where it happened.
    pub place: AccountPlace<'a>,
    /// What is not allowed for a while.
    pub restrictions: Vec<ActiveRestriction<'a>>,
    /// The policy that was broken. It may come with restrictions, whatever the event.
    pub violation: Option<Violation>,
    /// What to do about the violation, in Meta's own sentence.
    pub remediation: Option<Cow<'a, str>>,
    /// The ban.
    pub ban: Option<Ban>,
    /// How far the verification of the business is that the provider handed in.
    pub certification: Option<Certification<'a>>,
    /// Why business app and API no longer share the number.
    pub disconnection: Option<Disconnection>,
    /// Who ended that.
    pub disconnected_by: Option<DisconnectedBy>,
    /// The country of the business, in two letters.
    pub country: Option<Cow<'a, str>>,
    /// From when international prices for authentication hold.
    pub international_prices: Option<InternationalPrices<'a>>,
    /// The tier of prices by volume.
    pub volume_tier: Option<VolumeTier<'a>>,
    /// When it happened, where Meta says so beside the time of the entry.
    pub at: Option<Instant>,
}

/// Where something happened to an account, as far as Meta says.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct AccountPlace<'a> {
    /// The WhatsApp Business account, where the entry is about the provider's business.
    pub waba: Option<Cow<'a, str>>,
    /// The business that owns that account.
    pub business: Option<Cow<'a, str>>,
    /// Meta's id of the number.
    pub phone_number_id: Option<Cow<'a, str>>,
    /// The advertising account that was linked.
    pub ad_account: Option<Cow<'a, str>>,
    /// The provider's app.
    pub partner_app: Option<Cow<'a, str>>,
    /// The solution that several partners run together.
    pub solution: Option<Cow<'a, str>>,
    /// The businesses of those partners.
    pub solution_partners: Vec<Cow<'a, str>>,
}

/// Something that is not allowed for a while.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ActiveRestriction<'a> {
    /// What is not allowed; the text as it came where Meta does not name it.
    pub kind: Restriction,
    /// Until when, where Meta says.
    pub expires: Option<MetaDate>,
    /// What to do about it, in Meta's own sentence.
    pub remediation: Option<Cow<'a, str>>,
}

/// The ban of an account.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Ban {
    /// How far it is; the text as it came where Meta names more than one state at once.
    pub state: Option<BanState>,
    /// Its date.
    pub date: Option<MetaDate>,
}

/// How far the verification is that a provider handed in for its client.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Certification<'a> {
    /// Meta's id of the client's business.
    pub client_business: Option<Cow<'a, str>>,
    /// How far it is.
    pub status: Option<BusinessVerification>,
    /// Why it was turned down: words with underscores, or with spaces.
    pub reasons: Vec<Cow<'a, str>>,
}

/// From when international prices for authentication hold.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct InternationalPrices<'a> {
    /// From when.
    pub starts: Option<MetaDate>,
    /// Countries, in two letters, for which they hold from another time.
    pub exceptions: Vec<(Cow<'a, str>, Option<MetaDate>)>,
}

/// The tier of prices by volume that an account has reached.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct VolumeTier<'a> {
    /// For which kind of message.
    pub category: Option<TemplateCategory>,
    /// Its lower and upper bound: `25000001:50000000`.
    pub tier: Option<Cow<'a, str>>,
    /// For which month: `2025-11`.
    pub month: Option<Cow<'a, str>>,
    /// For messages to where.
    pub region: Option<Cow<'a, str>>,
    /// When it was reached.
    pub reached: Option<MetaDate>,
}

impl<'a> AccountUpdate<'a> {
    /// It is large, so it is read where it will stay.
    pub(super) fn read(cursor: &mut Cursor<'a>) -> Result<Box<Self>, WhyUnknown> {
        let mut event = None;
        let mut update = Box::new(Self::empty());
        read_members(cursor, |key, cursor| match key {
            "event" => event = cursor.listed(),
            "phone_number" => update.phone_number = cursor.text(),
            "waba_info" | "account_offboarded" | "account_reconnected" => update.read_place(cursor),
            "restriction_info" => cursor.elements_or_one(|cursor| update.restrictions.push(restriction(cursor))),
            "violation_info" => update.read_violation(cursor),
            "ban_info" => update.ban = ban(cursor),
            "partner_client_certification_info" => update.certification = certification(cursor),
            "disconnection_info" => cursor.each_member(|key, cursor| match key {
                "reason" => update.disconnection = cursor.listed_reason(),
                "initiated_by" => update.disconnected_by = cursor.listed(),
                _ => {}
            }),
            "country" => update.country = cursor.text(),
            "auth_international_rate_eligibility" => update.international_prices = international_prices(cursor),
            "volume_tier_info" => update.volume_tier = volume_tier(cursor),
            _ => {}
        })?;
        update.event = needed(event, "event")?;
        Ok(update)
    }

    /// Where: the part of the account, or the part that is named for what happened.
    fn read_place(&mut self, cursor: &mut Cursor<'a>) {
        let place = &mut self.place;
        cursor.each_member(|key, cursor| match key {
            "waba_id" => place.waba = cursor.text(),
            "owner_business_id" => place.business = cursor.text(),
            "phone_number_id" => place.phone_number_id = cursor.text(),
            "ad_account_linked" | "ad_account_id" => place.ad_account = cursor.text(),
            "partner_app_id" => place.partner_app = cursor.text(),
            "solution_id" => place.solution = cursor.text(),
            "solution_partner_business_ids" => {
                cursor.elements_or_one(|cursor| place.solution_partners.extend(cursor.text()));
            }
            "timestamp" => self.at = cursor.instant(),
            _ => {}
        });
    }

    fn read_violation(&mut self, cursor: &mut Cursor<'a>) {
        cursor.each_member(|key, cursor| match key {
            "violation_type" => self.violation = cursor.listed(),
            "remediation" => self.remediation = cursor.text(),
            _ => {}
        });
    }

    fn empty() -> Self {
        Self {
            event: AccountEvent::Unknown(String::new()),
            phone_number: None,
            place: AccountPlace::default(),
            restrictions: Vec::new(),
            violation: None,
            remediation: None,
            ban: None,
            certification: None,
            disconnection: None,
            disconnected_by: None,
            country: None,
            international_prices: None,
            volume_tier: None,
            at: None,
        }
    }
}

/// Every restriction counts, one that cannot be read as well: none may get lost.
fn restriction<'a>(cursor: &mut Cursor<'a>) -> ActiveRestriction<'a> {
    let mut start = *cursor;
    let (mut kind, mut expires, mut remediation) = (None, None, None);
    cursor.each_member(|key, cursor| match key {
        "restriction_type" => kind = cursor.listed(),
        "expiration" => expires = cursor.listed(),
        "remediation" => remediation = cursor.text(),
        _ => {}
    });
    let kind = kind.unwrap_or_else(|| Restriction::Unknown(start.value().to_owned()));
    ActiveRestriction { kind, expires, remediation }
}

fn ban(cursor: &mut Cursor<'_>) -> Option<Ban> {
    let mut ban = Ban { state: None, date: None };
    let is_object = cursor.members(|key, cursor| match key {
        "waba_ban_state" => ban.state = ban_state(cursor),
        "waba_ban_date" => ban.date = cursor.listed(),
        _ => {}
    });
    is_object.then_some(ban)
}

/// One state, by itself or alone in an array. Where a page of Meta's prints all of them, nobody can tell which it is.
fn ban_state(cursor: &mut Cursor<'_>) -> Option<BanState> {
    let mut start = *cursor;
    let (mut count, mut state) = (0_usize, None);
    cursor.elements_or_one(|cursor| {
        count = count.saturating_add(1);
        state = cursor.listed();
    });
    if count > 1 { Some(cursor.recognised(start.value())) } else { state }
}

fn certification<'a>(cursor: &mut Cursor<'a>) -> Option<Certification<'a>> {
    let mut certification = Certification { client_business: None, status: None, reasons: Vec::new() };
    let is_object = cursor.members(|key, cursor| match key {
        "client_business_id" => certification.client_business = cursor.text(),
        "status" => certification.status = cursor.listed(),
        "rejection_reasons" => cursor.elements_or_one(|cursor| certification.reasons.extend(cursor.reason())),
        _ => {}
    });
    is_object.then_some(certification)
}

fn international_prices<'a>(cursor: &mut Cursor<'a>) -> Option<InternationalPrices<'a>> {
    let mut prices = InternationalPrices { starts: None, exceptions: Vec::new() };
    let is_object = cursor.members(|key, cursor| match key {
        "start_time" => prices.starts = cursor.listed(),
        "exception_countries" => cursor.elements_or_one(|cursor| {
            let (mut country, mut starts) = (None, None);
            cursor.each_member(|key, cursor| match key {
                "country_code" => country = cursor.text(),
                "start_time" => starts = cursor.listed(),
                _ => {}
            });
            prices.exceptions.extend(country.map(|country| (country, starts)));
        }),
        _ => {}
    });
    is_object.then_some(prices)
}

fn volume_tier<'a>(cursor: &mut Cursor<'a>) -> Option<VolumeTier<'a>> {
    let mut tier = VolumeTier { category: None, tier: None, month: None, region: None, reached: None };
    let is_object = cursor.members(|key, cursor| match key {
        "pricing_category" => tier.category = cursor.listed(),
        "tier" => tier.tier = cursor.text(),
        "effective_month" => tier.month = cursor.text(),
        "region" => tier.region = cursor.text(),
        "tier_update_time" => tier.reached = cursor.listed(),
        _ => {}
    });
    is_object.then_some(tier)
}
