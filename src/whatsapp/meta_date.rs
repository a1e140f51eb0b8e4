//! A date as Meta writes it.

use std::fmt;

use chrono::{Datelike, NaiveDate};

use super::open_enum::as_text;
use crate::time::Instant;

/// A date as Meta writes it: seconds since 1970 in a number or a string, RFC 3339, a day (`2026-02-09`), or prose
/// (`February 9, 2026`), in the same place at different times. What is none of these is kept as it came
/// (`webhook.open-enums`).
///
/// ```
/// use whatsapp_inbox::whatsapp::MetaDate;
///
/// let day = MetaDate::from("February 9, 2026");
/// assert_eq!(day, MetaDate::from("2026-02-09"));
/// assert_eq!(day.instant(), MetaDate::from("1770595200").instant());
/// assert_eq!(MetaDate::from("soon").instant(), None);
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum MetaDate {
    /// An instant.
    At(Instant),
    /// A day, of which Meta does not say in what zone.
    On(NaiveDate),
    /// Something that was not understood when this crate was made.
    Unknown(String),
}

impl MetaDate {
    /// Whether Meta said something that is understood.
    #[must_use]
    pub const fn is_known(&self) -> bool {
        !matches!(self, Self::Unknown(_))
    }

    /// The instant; of a day the one at which it begins in UTC (ours: Meta names no zone, so it may be half a day off).
    #[must_use]
    pub fn instant(&self) -> Option<Instant> {
        match self {
            Self::At(instant) => Some(*instant),
            Self::On(day) => Instant::try_from(day.and_hms_opt(0, 0, 0)?.and_utc()).ok(),
            Self::Unknown(_) => None,
        }
    }
}

impl From<&str> for MetaDate {
    fn from(text: &str) -> Self {
        let seconds = text.parse().ok().and_then(|seconds| Instant::from_unix_seconds(seconds).ok());
        if let Some(instant) = seconds.or_else(|| text.parse().ok()) {
            return Self::At(instant);
        }
        let day = ["%Y-%m-%d", "%B %d, %Y"].iter().find_map(|form| NaiveDate::parse_from_str(text, form).ok());
        match day.filter(|day| (1970..=9999).contains(&day.year())) {
            Some(day) => Self::On(day),
            None => Self::Unknown(text.to_owned()),
        }
    }
}

impl fmt::Display for MetaDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::At(instant) => instant.fmt(f),
            Self::On(day) => day.fmt(f),
            Self::Unknown(text) => f.write_str(text),
        }
    }
}

as_text!(MetaDate);
