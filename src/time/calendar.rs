//! Business days, as the caller counts them.

use std::collections::BTreeSet;

use chrono::{DateTime, Datelike, NaiveDate, NaiveTime, Utc, Weekday};
use serde::{Deserialize, Serialize};

use super::Instant;

const OFFSET_MINUTES_MIN: i16 = -12 * 60;
const OFFSET_MINUTES_MAX: i16 = 14 * 60;

/// Which days are business days and when a day begins: the caller's weekend, holidays and offset from UTC.
///
/// The default is Monday to Friday in UTC without holidays. The offset is fixed, in minutes; a host whose zone changes its
/// offset in summer passes the one in force.
///
/// ```
/// use whatsapp_inbox::chrono::{NaiveDate, Weekday};
/// use whatsapp_inbox::time::Calendar;
///
/// let gulf = Calendar::new(&[Weekday::Fri, Weekday::Sat], &[], 4 * 60)?;
/// let day = |day| NaiveDate::from_ymd_opt(2026, 1, day);
/// assert_eq!(day(8).map(|thursday| gulf.business_day_after(thursday, 1)), day(11));
/// # Ok::<(), whatsapp_inbox::time::CalendarError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Written", into = "Written")]
pub struct Calendar {
    /// One bit a weekday, Monday the lowest.
    weekend: u8,
    holidays: BTreeSet<NaiveDate>,
    utc_offset_minutes: i16,
}

/// How a calendar is written.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    weekend: Vec<Weekday>,
    #[serde(default)]
    holidays: Vec<NaiveDate>,
    #[serde(default)]
    utc_offset_minutes: i16,
}

/// Why something is no calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CalendarError {
    /// All seven days are weekend, so no business day would ever come.
    #[error("a calendar needs a business day, and this weekend has all seven days")]
    NoBusinessDay,
    /// The offset is none of the world's.
    #[error(
        "an offset from UTC is {OFFSET_MINUTES_MIN} to {OFFSET_MINUTES_MAX} minutes, and this one is {given_minutes}"
    )]
    Offset {
        /// What was given, in minutes.
        given_minutes: i16,
    },
}

impl CalendarError {
    /// The stable code of this error.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::NoBusinessDay => "calendar-no-business-day",
            Self::Offset { .. } => "calendar-offset",
        }
    }
}

/// The days between which something is expected, both of them included, in the caller's calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Expected {
    /// The earliest day.
    #[cfg_attr(feature = "schemars", schemars(with = "String", extend("format" = "date")))]
    pub earliest: NaiveDate,
    /// The latest day.
    #[cfg_attr(feature = "schemars", schemars(with = "String", extend("format" = "date")))]
    pub latest: NaiveDate,
}

impl Calendar {
    /// A calendar with these days of the week off, these holidays, and this offset from UTC in minutes.
    ///
    /// # Errors
    ///
    /// [`CalendarError::NoBusinessDay`] when the weekend has all seven days, [`CalendarError::Offset`] when the offset lies
    /// outside of −12 to +14 hours.
    pub fn new(weekend: &[Weekday], holidays: &[NaiveDate], utc_offset_minutes: i16) -> Result<Self, CalendarError> {
        let weekend = weekend.iter().fold(0_u8, |bits, day| bits | bit(*day));
        if weekend.count_ones() >= 7 {
            return Err(CalendarError::NoBusinessDay);
        }
        if !(OFFSET_MINUTES_MIN..=OFFSET_MINUTES_MAX).contains(&utc_offset_minutes) {
            return Err(CalendarError::Offset { given_minutes: utc_offset_minutes });
        }
        Ok(Self { weekend, holidays: holidays.iter().copied().collect(), utc_offset_minutes })
    }

    /// How far local time is ahead of UTC, in minutes.
    #[must_use]
    pub const fn utc_offset_minutes(&self) -> i16 {
        self.utc_offset_minutes
    }

    /// The day on which an instant falls here.
    #[must_use]
    pub fn day_of(&self, instant: Instant) -> NaiveDate {
        let local = instant.shifted_minutes(i64::from(self.utc_offset_minutes));
        DateTime::<Utc>::from(local).naive_utc().date()
    }

    /// The first instant after a day here: its midnight, or the end of time that it would pass.
    #[must_use]
    pub fn end_of(&self, day: NaiveDate) -> Instant {
        let Some(next) = day.succ_opt() else { return Instant::MAX };
        let midnight_ms = next.and_time(NaiveTime::MIN).and_utc().timestamp_millis();
        let offset_ms = i64::from(self.utc_offset_minutes).saturating_mul(60_000);
        let millis = midnight_ms.saturating_sub(offset_ms);
        let beyond = if millis < Instant::MIN.unix_millis() { Instant::MIN } else { Instant::MAX };
        Instant::from_unix_millis(millis).unwrap_or(beyond)
    }

    /// Whether work is done on a day.
    #[must_use]
    pub fn is_business_day(&self, day: NaiveDate) -> bool {
        self.weekend & bit(day.weekday()) == 0 && !self.holidays.contains(&day)
    }

    /// This day if it is a business day, otherwise the first one after it.
    #[must_use]
    pub fn business_day_from(&self, day: NaiveDate) -> NaiveDate {
        if self.is_business_day(day) { day } else { self.business_day_after(day, 1) }
    }

    /// The `count`-th business day after a day, which itself does not count.
    #[must_use]
    pub fn business_day_after(&self, day: NaiveDate, count: u32) -> NaiveDate {
        let mut found = day;
        for _ in 0..count {
            if found == NaiveDate::MAX {
                break;
            }
            let mut following = found.iter_days().skip(1);
            found = following.find(|day| self.is_business_day(*day)).unwrap_or(NaiveDate::MAX);
        }
        found
    }
}

impl Default for Calendar {
    fn default() -> Self {
        let weekend = bit(Weekday::Sat) | bit(Weekday::Sun);
        Self { weekend, holidays: BTreeSet::new(), utc_offset_minutes: 0 }
    }
}

impl TryFrom<Written> for Calendar {
    type Error = CalendarError;

    fn try_from(written: Written) -> Result<Self, CalendarError> {
        Self::new(&written.weekend, &written.holidays, written.utc_offset_minutes)
    }
}

impl From<Calendar> for Written {
    fn from(calendar: Calendar) -> Self {
        use Weekday::{Fri, Mon, Sat, Sun, Thu, Tue, Wed};
        let week = [Mon, Tue, Wed, Thu, Fri, Sat, Sun];
        Self {
            weekend: week.into_iter().filter(|day| calendar.weekend & bit(*day) != 0).collect(),
            holidays: calendar.holidays.into_iter().collect(),
            utc_offset_minutes: calendar.utc_offset_minutes,
        }
    }
}

const fn bit(day: Weekday) -> u8 {
    1 << day.num_days_from_monday()
}
