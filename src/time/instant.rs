//! A point in time, in whole milliseconds.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use chrono::{DateTime, Datelike, Timelike, Utc};
use serde::de::Visitor;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

const MINUTE_MS: i64 = 60_000;
const HOUR_MS: i64 = 60 * MINUTE_MS;
const DAY_MS: i64 = 24 * HOUR_MS;

/// A point in time: UTC, whole milliseconds, from 1970-01-01T00:00:00.000Z to 9999-12-31T23:59:59.999Z.
///
/// It is checked where it enters and stays legal: arithmetic stops at the two ends instead of leaving them (`core.total`).
/// In text and JSON it is RFC 3339 in UTC with milliseconds, `2026-01-05T09:00:00.000Z`; any offset is understood on the
/// way in, and digits beyond the millisecond are cut off.
///
/// ```
/// use whatsapp_inbox::time::Instant;
///
/// let sent: Instant = "2026-01-05T09:00:00Z".parse()?;
/// assert_eq!(sent.plus_minutes(10).to_string(), "2026-01-05T09:10:00.000Z");
/// # Ok::<(), whatsapp_inbox::time::InstantError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Instant(i64);

/// Why something is no instant.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum InstantError {
    /// Outside of the years 1970 to 9999.
    #[error("an instant lies in the years 1970 to 9999, not at {given_ms} ms from 1970")]
    OutOfRange {
        /// What was given, in milliseconds since 1970-01-01T00:00:00Z, as far as it can be told.
        given_ms: i64,
    },
    /// Not written as RFC 3339 asks.
    #[error("an instant is written like 2026-01-05T09:00:00Z, not like `{given}`")]
    NotRfc3339 {
        /// What was given.
        given: String,
    },
}

impl InstantError {
    /// The stable code of this error.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::OutOfRange { .. } => "instant-out-of-range",
            Self::NotRfc3339 { .. } => "instant-shape",
        }
    }
}

impl Instant {
    /// The first instant, 1970-01-01T00:00:00.000Z.
    pub const MIN: Self = Self(0);
    /// The last instant, 9999-12-31T23:59:59.999Z.
    pub const MAX: Self = Self(253_402_300_799_999);

    /// The instant so many milliseconds after 1970-01-01T00:00:00Z.
    ///
    /// # Errors
    ///
    /// [`InstantError::OutOfRange`] outside of the years 1970 to 9999.
    pub const fn from_unix_millis(millis: i64) -> Result<Self, InstantError> {
        if millis < Self::MIN.0 || millis > Self::MAX.0 {
            return Err(InstantError::OutOfRange { given_ms: millis });
        }
        Ok(Self(millis))
    }

    /// The instant so many seconds after 1970-01-01T00:00:00Z, as Meta's deliveries tell it.
    ///
    /// # Errors
    ///
    /// [`InstantError::OutOfRange`] outside of the years 1970 to 9999.
    pub const fn from_unix_seconds(seconds: i64) -> Result<Self, InstantError> {
        Self::from_unix_millis(seconds.saturating_mul(1000))
    }

    /// Milliseconds since 1970-01-01T00:00:00Z.
    #[must_use]
    pub const fn unix_millis(self) -> i64 {
        self.0
    }

    /// This instant and so many minutes, or [`Instant::MAX`].
    #[must_use]
    pub const fn plus_minutes(self, minutes: u32) -> Self {
        self.moved(minutes as i64, MINUTE_MS)
    }

    /// This instant and so many hours, or [`Instant::MAX`].
    #[must_use]
    pub const fn plus_hours(self, hours: u32) -> Self {
        self.moved(hours as i64, HOUR_MS)
    }

    /// This instant and so many days of 24 hours, or [`Instant::MAX`].
    #[must_use]
    pub const fn plus_days(self, days: u32) -> Self {
        self.moved(days as i64, DAY_MS)
    }

    /// This instant moved by so many minutes, back if negative, or the end of time it would pass.
    pub(crate) const fn shifted_minutes(self, minutes: i64) -> Self {
        self.moved(minutes, MINUTE_MS)
    }

    const fn moved(self, count: i64, unit_ms: i64) -> Self {
        let millis = self.0.saturating_add(count.saturating_mul(unit_ms));
        if millis < Self::MIN.0 {
            Self::MIN
        } else if millis > Self::MAX.0 {
            Self::MAX
        } else {
            Self(millis)
        }
    }

    /// The time from `earlier` to this instant; nothing if `earlier` is the later one.
    #[must_use]
    pub fn since(self, earlier: Self) -> Duration {
        Duration::from_millis(u64::try_from(self.0.saturating_sub(earlier.0)).unwrap_or(0))
    }

    /// The start of the second this instant lies in: as much as Meta's deliveries tell of a time.
    #[must_use]
    pub const fn floor_second(self) -> Self {
        Self(self.0.saturating_sub(self.0.rem_euclid(1000)))
    }
}

/// From when one more call fits in a moving window that holds `limit` calls of `span`; nothing while there is room anyway.
///
/// A window of 72 hours with ten calls in it lets the eleventh go 72 hours after the first of them, to the millisecond.
pub(crate) fn allowed_from(calls: &[Instant], limit: usize, window_minutes: u32) -> Option<Instant> {
    let mut latest_first = calls.to_vec();
    latest_first.sort_unstable_by(|a, b| b.cmp(a));
    latest_first.get(limit.checked_sub(1)?).map(|oldest| oldest.plus_minutes(window_minutes))
}

impl From<Instant> for DateTime<Utc> {
    fn from(instant: Instant) -> Self {
        Self::from_timestamp_millis(instant.0).unwrap_or(Self::UNIX_EPOCH)
    }
}

impl TryFrom<DateTime<Utc>> for Instant {
    type Error = InstantError;

    fn try_from(time: DateTime<Utc>) -> Result<Self, InstantError> {
        Self::from_unix_millis(time.timestamp_millis())
    }
}

impl fmt::Display for Instant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let time = DateTime::<Utc>::from(*self).naive_utc();
        let (year, month, day) = (time.year(), time.month(), time.day());
        let (hour, minute, second) = (time.hour(), time.minute(), time.second());
        let millis = self.0.rem_euclid(1000);
        write!(f, "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{millis:03}Z")
    }
}

impl fmt::Debug for Instant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for Instant {
    type Err = InstantError;

    fn from_str(text: &str) -> Result<Self, InstantError> {
        let parsed = DateTime::parse_from_rfc3339(text);
        let time = parsed.map_err(|_| InstantError::NotRfc3339 { given: text.to_owned() })?;
        Self::from_unix_millis(time.timestamp_millis())
    }
}

impl Serialize for Instant {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Instant {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Rfc3339;
        impl Visitor<'_> for Rfc3339 {
            type Value = Instant;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an instant in a string, like 2026-01-05T09:00:00Z")
            }

            fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Instant, E> {
                text.parse().map_err(E::custom)
            }
        }
        deserializer.deserialize_str(Rfc3339)
    }
}

#[cfg(feature = "schemars")]
impl schemars::JsonSchema for Instant {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Instant".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "string", "format": "date-time" })
    }
}
