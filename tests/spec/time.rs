//! Instants and business days.

use proptest::collection::{btree_set, vec};
use proptest::{prop_assert, prop_assert_eq, test_runner::TestRunner};
use std::time::Duration;
use whatsapp_inbox::chrono::{DateTime, Datelike, Days, NaiveDate, Utc, Weekday};
use whatsapp_inbox::time::{Calendar, CalendarError, Instant, InstantError};

use crate::case::{at, shifted};

const WEEK: [Weekday; 7] =
    [Weekday::Mon, Weekday::Tue, Weekday::Wed, Weekday::Thu, Weekday::Fri, Weekday::Sat, Weekday::Sun];

fn day(text: &str) -> NaiveDate {
    text.parse().expect(text)
}

#[test]
fn core_total_instants_lie_from_1970_to_9999() {
    assert_eq!(Instant::MIN.to_string(), "1970-01-01T00:00:00.000Z");
    assert_eq!(Instant::MAX.to_string(), "9999-12-31T23:59:59.999Z");
    let (min, max) = (Instant::MIN.unix_millis(), Instant::MAX.unix_millis());
    assert_eq!(Instant::from_unix_millis(min), Ok(Instant::MIN));
    assert_eq!(Instant::from_unix_millis(max), Ok(Instant::MAX));
    for given_ms in [min - 1, max + 1, i64::MIN, i64::MAX] {
        assert_eq!(Instant::from_unix_millis(given_ms), Err(InstantError::OutOfRange { given_ms }));
    }
    assert_eq!(Instant::from_unix_seconds(max / 1000), Ok(at("9999-12-31T23:59:59Z")));
    for seconds in [-1, max / 1000 + 1, i64::MIN, i64::MAX] {
        assert!(Instant::from_unix_seconds(seconds).is_err(), "{seconds}");
    }
    for time in [DateTime::<Utc>::MIN_UTC, DateTime::<Utc>::MAX_UTC] {
        assert!(Instant::try_from(time).is_err());
    }
    assert_eq!(DateTime::<Utc>::from(Instant::MAX).timestamp_millis(), max);
}

#[test]
fn core_total_instants_are_read_from_rfc_3339() {
    for (text, wanted) in [
        ("2026-01-05T09:00:00Z", "2026-01-05T09:00:00.000Z"),
        ("2026-01-05T10:00:00+01:00", "2026-01-05T09:00:00.000Z"),
        ("2026-01-05T09:00:00.1239999Z", "2026-01-05T09:00:00.123Z"),
        ("1970-01-01T01:00:00+01:00", "1970-01-01T00:00:00.000Z"),
        ("9999-12-31T23:59:59.999Z", "9999-12-31T23:59:59.999Z"),
    ] {
        assert_eq!(at(text).to_string(), wanted);
        assert_eq!(serde_json::to_string(&at(text)).unwrap(), format!("\"{wanted}\""));
        assert_eq!(serde_json::from_str::<Instant>(&format!("\"{text}\"")).unwrap(), at(text));
    }
    for text in ["1969-12-31T23:59:59.999Z", "1970-01-01T00:00:00+00:01", "9999-12-31T23:59:59-00:01"] {
        assert!(matches!(text.parse::<Instant>(), Err(InstantError::OutOfRange { .. })), "{text}");
    }
    for text in ["", "2026-01-05", "2026-01-05T09:00:00", "1767603600", "2026-02-30T09:00:00Z", "10000-01-01T00:00:00Z"]
    {
        let given = text.to_owned();
        assert_eq!(text.parse::<Instant>(), Err(InstantError::NotRfc3339 { given }), "{text}");
    }
    assert!(serde_json::from_str::<Instant>("1767603600").is_err());
}

#[test]
fn core_total_instants_stop_at_the_ends_of_time() {
    assert_eq!(Instant::MAX.plus_minutes(1), Instant::MAX);
    assert_eq!(Instant::MAX.plus_hours(u32::MAX), Instant::MAX);
    assert_eq!(Instant::MIN.plus_days(u32::MAX), Instant::MAX);
    assert_eq!(shifted(Instant::MAX, -60_000).plus_minutes(1), Instant::MAX);
    assert_eq!(shifted(Instant::MAX, -60_001).plus_minutes(1), shifted(Instant::MAX, -1));
    // What lies between is told forwards only.
    assert_eq!(Instant::MAX.since(Instant::MIN), Duration::from_millis(253_402_300_799_999));
    assert_eq!(Instant::MIN.since(Instant::MAX), Duration::ZERO);
    assert_eq!(shifted(Instant::MIN, 1999).floor_second(), shifted(Instant::MIN, 1000));
    assert_eq!(Instant::MAX.floor_second(), at("9999-12-31T23:59:59Z"));
}

#[test]
fn core_total_reads_any_text_as_an_instant_or_not() {
    let law = |text: String| {
        if let Ok(instant) = text.parse::<Instant>() {
            prop_assert_eq!(instant.to_string().parse(), Ok(instant));
        }
        Ok(())
    };
    TestRunner::default()
        .run(&"[0-9]{4}-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-6][0-9](\\.[0-9]{1,9})?Z", law)
        .unwrap();
    TestRunner::default().run(&"\\PC*", law).unwrap();
    let every = |millis: i64| {
        let instant = Instant::from_unix_millis(millis).unwrap();
        prop_assert_eq!(instant.to_string().parse(), Ok(instant));
        prop_assert_eq!(Instant::try_from(DateTime::<Utc>::from(instant)), Ok(instant));
        Ok(())
    };
    TestRunner::default().run(&(0..=Instant::MAX.unix_millis()), every).unwrap();
}

#[test]
fn onboarding_duration_counts_in_the_callers_calendar() {
    // Given Monday to Friday, when a day falls before a weekend, then the next business day is the Monday.
    let usual = Calendar::default();
    assert_eq!(usual.business_day_after(day("2026-01-08"), 1), day("2026-01-09"));
    assert_eq!(usual.business_day_after(day("2026-01-08"), 2), day("2026-01-12"));
    assert_eq!(usual.business_day_after(day("2026-01-10"), 1), day("2026-01-12"));
    assert_eq!(usual.business_day_after(day("2026-01-10"), 0), day("2026-01-10"));
    assert_eq!(usual.business_day_from(day("2026-01-09")), day("2026-01-09"));
    assert_eq!(usual.business_day_from(day("2026-01-10")), day("2026-01-12"));
    // Given that Monday is a holiday, then it is the Tuesday.
    let holiday = Calendar::new(&[Weekday::Sat, Weekday::Sun], &[day("2026-01-12")], 0).unwrap();
    assert_eq!(holiday.business_day_after(day("2026-01-09"), 1), day("2026-01-13"));
    assert!(!holiday.is_business_day(day("2026-01-12")) && holiday.is_business_day(day("2026-01-13")));
    // Given a weekend of Friday and Saturday, then the Sunday is worked on.
    let gulf = Calendar::new(&[Weekday::Fri, Weekday::Sat], &[], 240).unwrap();
    assert_eq!(gulf.business_day_after(day("2026-01-08"), 1), day("2026-01-11"));
}

#[test]
fn onboarding_duration_begins_and_ends_a_day_at_its_midnight() {
    for (offset, midnight) in [
        (0, "2026-01-06T00:00:00Z"),
        (330, "2026-01-05T18:30:00Z"),
        (-720, "2026-01-06T12:00:00Z"),
        (840, "2026-01-05T10:00:00Z"),
    ] {
        let calendar = Calendar::new(&[], &[], offset).unwrap();
        let end = calendar.end_of(day("2026-01-05"));
        assert_eq!(end, at(midnight), "{offset}");
        assert_eq!(calendar.day_of(end), day("2026-01-06"), "{offset}");
        assert_eq!(calendar.day_of(shifted(end, -1)), day("2026-01-05"), "{offset}");
    }
    // Beyond the ends of time it stops at them.
    for offset in [-720, 0, 840] {
        let calendar = Calendar::new(&[], &[], offset).unwrap();
        assert_eq!(calendar.end_of(NaiveDate::MAX), Instant::MAX);
        assert_eq!(calendar.end_of(day("1969-12-30")), Instant::MIN);
        assert_eq!(calendar.end_of(NaiveDate::MIN), Instant::MIN);
    }
    let ahead = Calendar::new(&[], &[], 60).unwrap();
    assert_eq!(ahead.end_of(day("9999-12-31")), at("9999-12-31T23:00:00Z"));
}

#[test]
fn onboarding_duration_needs_a_business_day_and_an_offset_of_this_world() {
    assert_eq!(Calendar::new(&WEEK, &[], 0), Err(CalendarError::NoBusinessDay));
    assert!(Calendar::new(&WEEK[1..], &[], 0).is_ok());
    for given_minutes in [-721, 841, i16::MIN, i16::MAX] {
        assert_eq!(Calendar::new(&[], &[], given_minutes), Err(CalendarError::Offset { given_minutes }));
    }
    for offset in [-720, 840] {
        assert!(Calendar::new(&[], &[], offset).is_ok());
    }
    let written = r#"{"weekend":["Fri","Sat"],"holidays":["2026-01-01"],"utc_offset_minutes":240}"#;
    let calendar: Calendar = serde_json::from_str(written).unwrap();
    assert_eq!(serde_json::to_string(&calendar).unwrap(), written);
    assert!(serde_json::from_str::<Calendar>(r#"{"weekend":[],"utc_offset_minutes":900}"#).is_err());
    assert!(serde_json::from_str::<Calendar>(r#"{"weekend":[],"holiday":[]}"#).is_err());
}

#[test]
fn onboarding_duration_counts_business_days_like_a_naive_loop() {
    let strategy = (btree_set(0_usize..7, 0..6), vec(0_u64..60, 0..20), 0_u64..3000, 0_u32..15);
    let law = |(weekend, holidays, from, count): (std::collections::BTreeSet<usize>, Vec<u64>, u64, u32)| {
        let from = day("2024-02-20") + Days::new(from);
        let holidays: Vec<NaiveDate> = holidays.into_iter().map(|days| from + Days::new(days)).collect();
        let weekend: Vec<Weekday> = weekend.into_iter().map(|index| WEEK[index]).collect();
        let calendar = Calendar::new(&weekend, &holidays, 0).unwrap();
        let works = |day: NaiveDate| !weekend.contains(&day.weekday()) && !holidays.contains(&day);
        let (mut naive, mut left) = (from, count);
        while left > 0 {
            naive = naive + Days::new(1);
            left -= u32::from(works(naive));
        }
        prop_assert_eq!(calendar.business_day_after(from, count), naive);
        prop_assert_eq!(calendar.is_business_day(from), works(from));
        let mut first = from;
        while !works(first) {
            first = first + Days::new(1);
        }
        prop_assert_eq!(calendar.business_day_from(from), first);
        prop_assert!(calendar.is_business_day(first));
        Ok(())
    };
    TestRunner::default().run(&strategy, law).unwrap();
}
