//! What Meta decides.

use serde::Deserialize;
use serde_json::Value;
use whatsapp_inbox::time::Instant;
use whatsapp_inbox::whatsapp::{
    BusinessManagerId, BusinessVerification, NameRejection, NameStatus, PhoneNumber, PhoneNumberId, Restriction,
    ReviewDecision, TemplateEvent, WabaId,
};

/// Something that Meta decides, or that happens at Meta. In JSON it is `{"account-reviewed": {"account": "…", …}}`.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
#[non_exhaustive]
pub enum Decision {
    /// The brand approved the provider's request for its account.
    RequestApproved {
        /// Which account.
        account: WabaId,
        /// Whose it is.
        business: BusinessManagerId,
    },
    /// The account was reviewed.
    AccountReviewed {
        /// Which account.
        account: WabaId,
        /// What the review came to.
        decision: ReviewDecision,
    },
    /// The display name was reviewed.
    NameReviewed(NameReviewed),
    /// The business was verified, or was not.
    BusinessVerified {
        /// The account.
        account: WabaId,
        /// The business.
        business: BusinessManagerId,
        /// How far its verification is.
        status: BusinessVerification,
    },
    /// The badge was granted or denied.
    Badge {
        /// The account that the number is in.
        account: WabaId,
        /// Meta's id of the number.
        phone_number_id: PhoneNumberId,
        /// Whether it was granted.
        granted: bool,
    },
    /// Something happened to a template.
    Template(TemplateMoved),
    /// Something is not allowed to the account.
    Restricted {
        /// Which account.
        account: WabaId,
        /// What is not allowed.
        kind: Restriction,
        /// Until when.
        until: Option<Until>,
    },
    /// Business app and API no longer share the number of the account.
    Offboarded {
        /// Which account.
        account: WabaId,
        /// The number, where not all of the account is meant.
        number: Option<PhoneNumber>,
        /// Meta's id of the number, so that a reading of it tells that it is no longer connected.
        phone_number_id: Option<PhoneNumberId>,
    },
    /// A customer writes.
    CustomerWrites(CustomerWrites),
    /// Something else: it is delivered as it stands here.
    Raw(Value),
}

/// What Meta's review of a display name came to.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct NameReviewed {
    /// The account that the number is in.
    pub account: WabaId,
    /// The number that is to show the name.
    pub number: PhoneNumber,
    /// The name.
    pub name: String,
    /// What the review came to.
    pub decision: NameStatus,
    /// Why it was turned down.
    pub reason: Option<NameRejection>,
    /// Meta's id of the number, so that a reading of it tells the name as well.
    pub phone_number_id: Option<PhoneNumberId>,
}

/// What happened to a template.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct TemplateMoved {
    /// The account that holds it.
    pub account: WabaId,
    /// Its name.
    pub name: String,
    /// Its language.
    pub language: String,
    /// What happened.
    pub event: TemplateEvent,
    /// Why, in Meta's word.
    pub reason: Option<String>,
}

/// What a customer writes.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct CustomerWrites {
    /// The account.
    pub account: WabaId,
    /// Meta's id of the number that is written to.
    pub phone_number_id: PhoneNumberId,
    /// That number.
    pub number: PhoneNumber,
    /// The customer's number.
    pub from: PhoneNumber,
    /// The customer's name.
    pub name: String,
    /// What the customer writes.
    pub text: String,
}

/// Until when something holds.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(untagged)]
#[non_exhaustive]
pub enum Until {
    /// In seconds since 1970.
    Seconds(i64),
    /// As an instant, such as `2026-01-05T09:00:00Z`.
    Instant(Instant),
}

impl Until {
    pub(super) const fn seconds(self) -> i64 {
        match self {
            Self::Seconds(seconds) => seconds,
            Self::Instant(instant) => instant.unix_millis() / 1000,
        }
    }
}
