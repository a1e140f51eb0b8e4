//! What a change says, field by field.

use std::borrow::Cow;

use super::account::AccountUpdate;
use super::business::{Alert, BusinessStatus, Capability, PartnerSolution, PaymentConfiguration};
use super::cursor::Cursor;
use super::number::{NumberQuality, NumberSecurity, NumberUsername, PhoneNumberName};
use super::template::{TemplateCategoryUpdate, TemplateComponentsUpdate, TemplateQualityUpdate, TemplateStatusUpdate};
use crate::time::Instant;
use crate::whatsapp::ReviewDecision;

/// What a change says: one variant for each kind of fact.
///
/// The fields that are the host's are unknown here and kept as raw text: `messages` (`webhook.never-drop-inbound`), and
/// whatever else customers say (`user_preferences`, `calls`). Texts are borrowed from the body wherever it holds them unescaped.
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
    /// `account_alerts`: Meta has something to tell about an account, a number or a business.
    Alert(Box<Alert<'a>>),
    /// `business_capability_update`: how much Meta allows has changed.
    Capability(Box<Capability>),
    /// `business_status_update`: something happened to a business.
    BusinessStatus(BusinessStatus<'a>),
    /// `phone_number_name_update`: Meta has reviewed a display name.
    PhoneNumberName(Box<PhoneNumberName<'a>>),
    /// `phone_number_quality_update`: the standing of a number has changed.
    NumberQuality(Box<NumberQuality<'a>>),
    /// `security`: something happened to the two-step PIN of a number.
    NumberSecurity(Box<NumberSecurity<'a>>),
    /// `business_username_update`, in the plural too: something happened to the username of a number.
    NumberUsername(Box<NumberUsername<'a>>),
    /// `message_template_status_update`: something happened to a template.
    TemplateStatus(Box<TemplateStatusUpdate<'a>>),
    /// `message_template_quality_update`: how well customers take a template has changed.
    TemplateQuality(Box<TemplateQualityUpdate<'a>>),
    /// `template_category_update`: a template was moved to another category, or will be.
    TemplateCategory(Box<TemplateCategoryUpdate<'a>>),
    /// `template_correct_category_detection`: Meta takes a template to be of another category; it has not moved.
    TemplateCategoryDetected(Box<TemplateCategoryUpdate<'a>>),
    /// `message_template_components_update`: a template has another content.
    TemplateComponents(Box<TemplateComponentsUpdate<'a>>),
    /// `payment_configuration_update`: something happened to a way of being paid.
    Payment(Box<PaymentConfiguration<'a>>),
    /// `partner_solutions`: something happened to a solution that several partners run together.
    PartnerSolution(Box<PartnerSolution<'a>>),
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
    /// It is nested deeper than 128 levels. Look at its raw text only with a parser that has a limit of its own.
    TooDeep,
}

impl<'a> Value<'a> {
    /// What a value says, with how much of it was passed over.
    pub(super) fn read(field: &str, raw: &'a str) -> (Self, u32) {
        let mut cursor = Cursor::new(raw);
        let read = Self::of_field(field, &mut cursor);
        (read.unwrap_or_else(Self::Unknown), cursor.passed_over())
    }

    fn of_field(field: &str, cursor: &mut Cursor<'a>) -> Result<Self, WhyUnknown> {
        match field {
            "account_update" => AccountUpdate::read(cursor).map(Self::Account),
            "account_review_update" => review(cursor),
            "account_alerts" => Alert::read(cursor).map(|read| Self::Alert(Box::new(read))),
            "business_capability_update" => Capability::read(cursor).map(|read| Self::Capability(Box::new(read))),
            "business_status_update" => BusinessStatus::read(cursor).map(Self::BusinessStatus),
            "phone_number_name_update" => {
                PhoneNumberName::read(cursor).map(|read| Self::PhoneNumberName(Box::new(read)))
            }
            "phone_number_quality_update" => {
                NumberQuality::read(cursor).map(|read| Self::NumberQuality(Box::new(read)))
            }
            "security" => NumberSecurity::read(cursor).map(|read| Self::NumberSecurity(Box::new(read))),
            "business_username_update" | "business_username_updates" => {
                NumberUsername::read(cursor).map(|read| Self::NumberUsername(Box::new(read)))
            }
            "message_template_status_update" => Self::template_status(cursor),
            "message_template_quality_update" => {
                TemplateQualityUpdate::read(cursor).map(|read| Self::TemplateQuality(Box::new(read)))
            }
            "template_category_update" => {
                TemplateCategoryUpdate::read(cursor).map(|read| Self::TemplateCategory(Box::new(read)))
            }
            "template_correct_category_detection" => {
                TemplateCategoryUpdate::read(cursor).map(|read| Self::TemplateCategoryDetected(Box::new(read)))
            }
            "message_template_components_update" => {
                TemplateComponentsUpdate::read(cursor).map(|read| Self::TemplateComponents(Box::new(read)))
            }
            "payment_configuration_update" => {
                PaymentConfiguration::read(cursor).map(|read| Self::Payment(Box::new(read)))
            }
            "partner_solutions" => PartnerSolution::read(cursor).map(|read| Self::PartnerSolution(Box::new(read))),
            _ => Err(WhyUnknown::Field),
        }
    }

    /// Meta's own example of a template's quality names the field of its status, and so do those who copied it.
    fn template_status(cursor: &mut Cursor<'a>) -> Result<Self, WhyUnknown> {
        let mut start = *cursor;
        match TemplateStatusUpdate::read(cursor) {
            Ok(status) => Ok(Self::TemplateStatus(Box::new(status))),
            Err(why) => match TemplateQualityUpdate::read(&mut start) {
                Ok(quality) => {
                    *cursor = start;
                    Ok(Self::TemplateQuality(Box::new(quality)))
                }
                Err(_) => Err(why),
            },
        }
    }

    /// When it happened, where the value itself says so: nearer to it than the time of the entry.
    pub(super) fn at(&self) -> Option<Instant> {
        match self {
            Self::Account(update) => update.at,
            Self::Payment(payment) => payment.updated,
            _ => None,
        }
    }
}

/// Visits each member of a value, which has to be an object.
pub(super) fn read_members<'a>(
    cursor: &mut Cursor<'a>,
    visit: impl FnMut(&'a str, &mut Cursor<'a>),
) -> Result<(), WhyUnknown> {
    if cursor.members(visit) { Ok(()) } else { Err(WhyUnknown::Shape) }
}

/// A key that cannot be done without.
pub(super) fn needed<T>(value: Option<T>, key: &'static str) -> Result<T, WhyUnknown> {
    value.ok_or(WhyUnknown::Missing { key })
}

/// A number that a value is about, as Meta writes it: mostly digits only.
pub(super) fn needed_number(number: Option<Cow<'_, str>>) -> Result<Cow<'_, str>, WhyUnknown> {
    needed(number, "display_phone_number")
}

fn review<'a>(cursor: &mut Cursor<'a>) -> Result<Value<'a>, WhyUnknown> {
    let mut decision = None;
    read_members(cursor, |key, cursor| {
        if key == "decision" {
            decision = cursor.listed();
        }
    })?;
    Ok(Value::AccountReview { decision: needed(decision, "decision")? })
}
