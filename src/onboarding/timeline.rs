//! What is expected when, in the caller's calendar (`onboarding.duration`).

use std::fmt::Write;

use chrono::NaiveDate;

use super::checklist::{Checklist, Item, Span};
use super::{Attention, Plan, Row, Status, Step, Usual};
use crate::time::{Calendar, Expected, Instant};

/// A review takes one to two business days after the day on which it began.
const REVIEW_DAYS: (u32, u32) = (1, 2);

/// The days of every step: past ones as they were, coming ones as they are usual.
#[derive(Debug)]
pub(super) struct Projection {
    steps: Vec<(Step, Days)>,
}

#[derive(Debug, Clone, Copy)]
struct Days {
    /// What is told of a step that is not done.
    expected: Option<Expected>,
    span: Span,
    overdue: bool,
    /// From when those that come after it can go on.
    ready: Expected,
}

impl Projection {
    pub(super) fn of(plan: Plan, statuses: &[Status], calendar: &Calendar, now: Instant) -> Self {
        let mut projection = Self { steps: Vec::with_capacity(statuses.len()) };
        for (row, status) in plan.rows().iter().zip(statuses) {
            let days = projection.days(row, status, calendar, now);
            projection.steps.push((row.step, days));
        }
        projection
    }

    /// When a step is expected, where it stands in a timeline, and whether it is overdue.
    pub(super) fn step(&self, step: Step) -> (Option<Expected>, Span, bool) {
        let days = self.steps.iter().find(|(of, _)| *of == step).map(|(_, days)| *days);
        let nowhere = Span { from: NaiveDate::MIN, until: NaiveDate::MIN };
        days.map_or((None, nowhere, false), |days| (days.expected, days.span, days.overdue))
    }

    /// When the channel is expected to go live, while it is not.
    pub(super) fn live(&self) -> Option<Expected> {
        let days = self.steps.iter().find(|(step, _)| *step == Step::ActivateAccount).map(|(_, days)| days)?;
        days.expected.map(|_| days.ready)
    }

    /// When every step is expected to be done, while some are not.
    pub(super) fn complete(&self) -> Option<Expected> {
        let open = self.steps.iter().filter(|(_, days)| days.expected.is_some());
        open.map(|(_, days)| days.ready).reduce(later)
    }

    /// The days of the steps that a row comes after.
    fn before(&self, row: &Row) -> impl Iterator<Item = Days> {
        self.steps.iter().filter(|(step, _)| row.after.contains(*step)).map(|(_, days)| *days)
    }

    fn days(&self, row: &Row, status: &Status, calendar: &Calendar, now: Instant) -> Days {
        let today = calendar.business_day_from(calendar.day_of(now));
        match status {
            Status::Done { at, .. } => {
                let until = calendar.day_of(*at);
                let from = self.before(row).map(|days| days.ready.latest).max().map_or(until, |day| day.min(until));
                let ready = Expected { earliest: until, latest: until };
                // Behind a step that stays done, something may have been started over.
                let before = self.before(row).map(|days| days.ready).filter(|_| !row.stays_done());
                let ready = before.fold(ready, later);
                Days { expected: None, span: Span { from, until }, overdue: false, ready }
            }
            Status::InReview { since, .. } => {
                let from = calendar.day_of(*since);
                let expected = review(calendar, from, from);
                let overdue = calendar.end_of(expected.latest) <= now;
                let ready = later(expected, Expected { earliest: today, latest: today });
                Days { expected: Some(expected), span: Span { from, until: ready.latest }, overdue, ready }
            }
            Status::Open { since } => act(row, calendar, calendar.day_of(*since), today, today),
            Status::NeedsAttention { since, why } => {
                let begin = match why {
                    Attention::NumberLocked { until } => today.max(calendar.business_day_from(calendar.day_of(*until))),
                    _ => today,
                };
                act(row, calendar, calendar.day_of(*since), begin, begin)
            }
            Status::Locked { .. } => {
                let today = Expected { earliest: today, latest: today };
                let begin = self.before(row).map(|days| days.ready).fold(today, later);
                act(row, calendar, begin.earliest, begin.earliest, begin.latest)
            }
        }
    }
}

/// The days of a step that begins between two days and takes as long as is usual.
fn act(row: &Row, calendar: &Calendar, from: NaiveDate, earliest: NaiveDate, latest: NaiveDate) -> Days {
    let expected = match row.usual {
        Usual::Minutes => {
            Expected { earliest: calendar.business_day_from(earliest), latest: calendar.business_day_from(latest) }
        }
        Usual::Review => review(calendar, earliest, latest),
    };
    let span = Span { from, until: expected.latest };
    Days { expected: Some(expected), span, overdue: false, ready: expected }
}

fn review(calendar: &Calendar, earliest: NaiveDate, latest: NaiveDate) -> Expected {
    Expected {
        earliest: calendar.business_day_after(earliest, REVIEW_DAYS.0),
        latest: calendar.business_day_after(latest, REVIEW_DAYS.1),
    }
}

fn later(a: Expected, b: Expected) -> Expected {
    Expected { earliest: a.earliest.max(b.earliest), latest: a.latest.max(b.latest) }
}

impl Checklist {
    /// The timeline as a Mermaid gantt chart, a section for each party that acts or decides.
    ///
    /// ```
    /// use whatsapp_inbox::onboarding::Onboarding;
    /// use whatsapp_inbox::time::{Calendar, Instant};
    ///
    /// let checklist = Onboarding::default().checklist(&Calendar::default(), Instant::MIN);
    /// assert!(checklist.gantt().starts_with("gantt\n    title WhatsApp onboarding\n"));
    /// ```
    #[must_use]
    pub fn gantt(&self) -> String {
        let mut chart = "gantt\n    title WhatsApp onboarding\n    dateFormat YYYY-MM-DD\n".to_owned();
        let mut section = None;
        for item in &self.items {
            let party = item.acts.or(item.decides);
            if section != party {
                section = party;
                let _ = writeln!(chart, "    section {}", party.map_or("nobody", |party| party.name()));
            }
            chart.push_str(&bar(item));
        }
        chart
    }
}

/// One bar. Mermaid takes the day after the last one as the end, and reads a colon as the end of the text.
fn bar(item: &Item) -> String {
    let tag = match item.status {
        Status::Done { .. } => "done, ",
        Status::NeedsAttention { .. } => "crit, ",
        _ if item.overdue => "crit, ",
        Status::Open { .. } | Status::InReview { .. } => "active, ",
        Status::Locked { .. } => "",
    };
    let end = item.span.until.succ_opt().unwrap_or(item.span.until);
    format!("    {} :{tag}{}, {}, {end}\n", item.title, item.step, item.span.from)
}
