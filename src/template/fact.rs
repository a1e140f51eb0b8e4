//! Facts about a template: what is so at Meta, and is only learned here.

use serde::{Deserialize, Serialize};

use crate::id::FactId;
use crate::time::Instant;
use crate::whatsapp::{
    TemplateCategory, TemplateEvent, TemplatePause, TemplateQuality, TemplateReason, TemplateStatus,
};

/// Something that is so at Meta of one template. Facts are kept as a set; what they mean is their fold in the order of time, rank
/// of kind and id, so that they may arrive in any order and any number of times (`template.lifecycle`).
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub enum Fact {
    /// Something happened to it (`message_template_status_update`).
    Event(EventFact),
    /// Its category changed, or will (`template_category_update`).
    Category {
        /// Its category now.
        category: TemplateCategory,
        /// What it will be changed to, and when, if that is announced.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        announced: Option<Announced>,
    },
    /// How customers take to it (`message_template_quality_update`).
    Quality(TemplateQuality),
}

/// An event of Meta's with what it says beside.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct EventFact {
    /// What happened.
    pub event: TemplateEvent,
    /// Why, if Meta says. It may say so, say `NONE`, `null` or nothing at all, of every event.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<TemplateReason>,
    /// What a pause is about, if Meta says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pause: Option<TemplatePause>,
    /// When a flagged template will be disabled, if Meta says and it could be read ([`disable_date`]).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub disable_date: Option<Instant>,
}

/// A change of category that Meta has announced.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Announced {
    /// The category that Meta finds right.
    pub category: TemplateCategory,
    /// From when on.
    pub from: Instant,
}

impl EventFact {
    /// An event and nothing beside.
    #[must_use]
    pub const fn new(event: TemplateEvent) -> Self {
        Self { event, reason: None, pause: None, disable_date: None }
    }

    /// The same, with a reason.
    #[must_use]
    pub fn because(mut self, reason: TemplateReason) -> Self {
        self.reason = Some(reason);
        self
    }

    /// The same, with what the pause is about.
    #[must_use]
    pub fn pausing(mut self, pause: TemplatePause) -> Self {
        self.pause = Some(pause);
        self
    }

    /// The same, with the date on which it will be disabled.
    #[must_use]
    pub const fn disabled_on(mut self, date: Instant) -> Self {
        self.disable_date = Some(date);
        self
    }
}

impl Announced {
    /// A category from an instant on.
    #[must_use]
    pub const fn new(category: TemplateCategory, from: Instant) -> Self {
        Self { category, from }
    }
}

impl From<TemplateEvent> for Fact {
    fn from(event: TemplateEvent) -> Self {
        Self::Event(EventFact::new(event))
    }
}

impl From<EventFact> for Fact {
    fn from(event: EventFact) -> Self {
        Self::Event(event)
    }
}

impl Fact {
    /// The order of facts that tell the same instant: by kind, and within a kind what is still open before what went wrong, and
    /// that before what went well (`template.lifecycle`, as in `onboarding.repeat`).
    #[must_use]
    pub const fn rank(&self) -> u8 {
        match self {
            Self::Event(EventFact { event, .. }) => match event {
                TemplateEvent::Pending | TemplateEvent::InAppeal => 2,
                TemplateEvent::Approved
                | TemplateEvent::Reinstated
                | TemplateEvent::Unarchived
                | TemplateEvent::Unlocked => 4,
                _ => 3,
            },
            Self::Category { .. } => 5,
            Self::Quality(_) => 6,
        }
    }
}

/// A fact as it was learned.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Observation {
    pub(super) id: FactId,
    pub(super) at: Instant,
    pub(super) fact: Fact,
}

impl Observation {
    /// The order in which facts are folded. The time counts by the second, because Meta's deliveries tell no more of it.
    pub(super) const fn key(&self) -> (Instant, u8, FactId) {
        (self.at.floor_second(), self.fact.rank(), self.id)
    }
}

/// What a listing says of one template (`template.sync`).
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Reading {
    /// Of when the listing is: when the first page of it was asked for.
    pub at: Instant,
    /// What it says.
    pub found: Found,
}

/// Whether a template is in a listing.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[expect(clippy::exhaustive_enums, reason = "it is in the listing or not")]
pub enum Found {
    /// It is.
    Listed(Listed),
    /// It is not, and the listing is complete.
    Missing,
}

/// A template as a listing has it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Listed {
    /// How far it is.
    pub status: TemplateStatus,
    /// Its category, if the listing has it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub category: Option<TemplateCategory>,
    /// How customers take to it, if the listing has it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quality: Option<TemplateQuality>,
    /// Why it was turned down, if the listing has it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<TemplateReason>,
}

impl Listed {
    /// A template with this status.
    #[must_use]
    pub const fn new(status: TemplateStatus) -> Self {
        Self { status, category: None, quality: None, reason: None }
    }

    /// The same, with a category.
    #[must_use]
    pub fn with_category(mut self, category: TemplateCategory) -> Self {
        self.category = Some(category);
        self
    }

    /// The same, with a quality.
    #[must_use]
    pub fn with_quality(mut self, quality: TemplateQuality) -> Self {
        self.quality = Some(quality);
        self
    }

    /// The same, with a reason.
    #[must_use]
    pub fn because(mut self, reason: TemplateReason) -> Self {
        self.reason = Some(reason);
        self
    }
}

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// The date on which a flagged template will be disabled, as Meta's deliveries have it: seconds since 1970, or `March 3, 2026`,
/// which is the beginning of that day in UTC. Nothing where it is written in another way.
///
/// ```
/// use whatsapp_inbox::template::disable_date;
///
/// assert_eq!(disable_date("March 3, 2026"), "2026-03-03T00:00:00Z".parse().ok());
/// assert_eq!(disable_date("1772496000"), "2026-03-03T00:00:00Z".parse().ok());
/// assert_eq!(disable_date("soon"), None);
/// ```
#[must_use]
pub fn disable_date(text: &str) -> Option<Instant> {
    let text = text.trim();
    if let Ok(seconds) = text.parse::<i64>() {
        return Instant::from_unix_seconds(seconds).ok();
    }
    let (month, rest) = text.split_once(' ')?;
    let (day, year) = rest.split_once(", ")?;
    let month = MONTHS.iter().position(|name| name.eq_ignore_ascii_case(month))?.saturating_add(1);
    let month = u32::try_from(month).ok()?;
    let date = chrono::NaiveDate::from_ymd_opt(year.trim().parse().ok()?, month, day.trim().parse().ok()?)?;
    Instant::try_from(date.and_hms_opt(0, 0, 0)?.and_utc()).ok()
}
