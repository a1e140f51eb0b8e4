//! The checklist: one value that a front end can show as it is.

use chrono::NaiveDate;
use serde::Serialize;

use super::engine::Known;
use super::outcome::Outcome;
use super::state::{Onboarding, Sending};
use super::timeline::Projection;
use super::{Attention, Plan, Row, Status, Step};
use crate::decider::Party;
use crate::id::{ChannelId, OnboardingId};
use crate::time::{Calendar, Expected, Instant};
use crate::whatsapp::{CodeMethod, DisplayName, DisplayNameWarning, Restriction};

/// How far an onboarding is: every step with its status, who must act where, since when, and what is expected.
///
/// ```
/// use whatsapp_inbox::onboarding::Onboarding;
/// use whatsapp_inbox::time::{Calendar, Instant};
///
/// let checklist = Onboarding::default().checklist(&Calendar::default(), Instant::MIN);
/// assert_eq!((checklist.progress.done, checklist.progress.of), (0, 12));
/// assert_eq!(checklist.next[0].action, "sign the provider's agreement");
/// ```
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Checklist {
    /// Which onboarding, once it has started.
    pub onboarding: Option<OnboardingId>,
    /// Which plan it follows.
    pub plan: Plan,
    /// The instant that all of this is told for.
    pub as_of: Instant,
    /// How many steps are done.
    pub progress: Progress,
    /// The channel, from activation on (`onboarding.channel-appears`).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub channel: Option<ChannelId>,
    /// When it was given up, if it was.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub withdrawn_at: Option<Instant>,
    /// When the channel is expected to go live, while it is not: the longest path through what is left
    /// (`onboarding.duration`).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub live: Option<Expected>,
    /// When every step is expected to be done, while some are not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub complete: Option<Expected>,
    /// What each party has to do next, in the order of the plan.
    pub next: Vec<NextAction>,
    /// Every step of the plan, in its order.
    pub items: Vec<Item>,
    /// What Meta has said about the account as a whole.
    pub notices: Vec<Notice>,
    /// What is allowed and perhaps not meant.
    pub warnings: Vec<Warning>,
}

/// How many steps are done, of how many.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Progress {
    /// So many are done.
    pub done: usize,
    /// Of so many.
    pub of: usize,
}

/// What a party has to do next.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct NextAction {
    /// Who.
    pub party: Party,
    /// On which step.
    pub step: Step,
    /// What, in a few words.
    pub action: &'static str,
    /// Where.
    pub place: &'static str,
    /// Since when it waits.
    pub since: Instant,
}

/// One step.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Item {
    /// The step.
    pub step: Step,
    /// What has to happen, in a few words.
    pub title: &'static str,
    /// How far it is.
    #[serde(flatten)]
    pub status: Status,
    /// Who acts on it, if anybody does.
    pub acts: Option<Party>,
    /// Who decides, if it is not the one who acts.
    pub decides: Option<Party>,
    /// Who it waits for now.
    pub waits_for: Option<Party>,
    /// Where it is done, or mended where it needs attention (`onboarding.where`).
    pub place: &'static str,
    /// The address of a page that guides through it.
    pub guidance: &'static str,
    /// Why it needs attention, in a few words for people; the status has it for machines.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub explanation: Option<String>,
    /// What mends it, where it needs attention.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mends: Option<&'static str>,
    /// Between which days it is expected to be done, while it is not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expected: Option<Expected>,
    /// When it is too late for it, and something before it starts over: a request that nobody answered, a signup after which
    /// no number was registered. It stands while it lies ahead.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub due_by: Option<Instant>,
    /// Whether a review has taken longer than is usual. What brand or provider have to do is never overdue.
    pub overdue: bool,
    /// From which day to which day it stands in a timeline, both included.
    pub span: Span,
    /// The halves of `ApproveNumber`, while it is under review or needs attention.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub parts: Vec<Part>,
    /// The latest code, while it can be entered.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<LiveCode>,
}

/// A range of days, both ends included, in the caller's calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Span {
    /// The first day.
    #[cfg_attr(feature = "schemars", schemars(with = "String", extend("format" = "date")))]
    pub from: NaiveDate,
    /// The last day.
    #[cfg_attr(feature = "schemars", schemars(with = "String", extend("format" = "date")))]
    pub until: NaiveDate,
}

/// One half of a step that has two.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Part {
    /// What is decided on: `number` or `display name`.
    pub part: &'static str,
    /// How far it is.
    #[serde(flatten)]
    pub status: Status,
}

/// A code that can be entered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct LiveCode {
    /// How it was sent.
    pub method: CodeMethod,
    /// When.
    pub sent_at: Instant,
    /// From when on it is no longer good.
    pub expires_at: Instant,
}

/// What Meta has said about the account as a whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "notice", rename_all = "kebab-case")]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub enum Notice {
    /// Something is not allowed to it.
    Restricted {
        /// What.
        restriction: Restriction,
        /// Since when.
        since: Instant,
        /// Until when, if Meta says.
        until: Option<Instant>,
    },
    /// It cannot be used: banned, offboarded, taken away or gone.
    Lost {
        /// Since when.
        since: Instant,
    },
}

/// Something that is allowed and perhaps not meant.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "warning", rename_all = "kebab-case")]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub enum Warning {
    /// The channel opened with grants by which nobody can reply (`onboarding.channel-appears`).
    NobodyCanReply,
    /// Meta may decline the display name.
    DisplayName {
        /// Why.
        why: DisplayNameWarning,
    },
}

impl Onboarding {
    /// The checklist at an instant, with its days in the caller's calendar.
    #[must_use]
    pub fn checklist(&self, calendar: &Calendar, now: Instant) -> Checklist {
        let rows = self.plan().rows();
        let known = &mut Known::default();
        let statuses: Vec<Status> = rows.iter().map(|row| self.status_in(row.step, now, known)).collect();
        let projection = Projection::of(self.plan(), &statuses, calendar, now);
        let items = rows.iter().zip(statuses).map(|(row, status)| self.item(row, status, &projection, now));
        let items: Vec<Item> = items.collect();
        let over = self.withdrawn_at();
        let done = items.iter().filter(|item| item.status.is_done()).count();
        Checklist {
            onboarding: self.started.as_ref().map(|started| started.id),
            plan: self.plan(),
            as_of: now,
            progress: Progress { done, of: rows.len() },
            channel: self.channel(),
            withdrawn_at: over,
            live: projection.live().filter(|_| over.is_none()),
            complete: projection.complete().filter(|_| over.is_none()),
            next: if over.is_some() { Vec::new() } else { items.iter().filter_map(next_action).collect() },
            items,
            notices: self.notices(now),
            warnings: self.warnings(),
        }
    }

    /// The channel, from activation on and not before (`onboarding.channel-appears`).
    #[must_use]
    pub fn channel(&self) -> Option<ChannelId> {
        self.activation.as_ref().map(|(_, activated)| activated.channel)
    }

    /// When it was withdrawn, if it was (`onboarding.withdraw`).
    #[must_use]
    pub fn withdrawn_at(&self) -> Option<Instant> {
        self.withdrawn.map(|withdrawn| withdrawn.at)
    }

    /// What is allowed and perhaps not meant.
    #[must_use]
    pub fn warnings(&self) -> Vec<Warning> {
        let opened = self.activation.as_ref();
        let nobody =
            opened.is_some_and(|(live, opened)| !opened.grants.iter().any(|grant| grant.may_let_reply(live.at)));
        let name = self.submission.as_deref().and_then(|submission| DisplayName::new(&submission.name).ok());
        let name = name.into_iter().flat_map(|name| name.warnings()).map(|why| Warning::DisplayName { why });
        nobody.then_some(Warning::NobodyCanReply).into_iter().chain(name).collect()
    }

    fn notices(&self, now: Instant) -> Vec<Notice> {
        let lost = self.account_lost().map(|since| Notice::Lost { since });
        let restricted = self.restrictions(now).into_iter().map(|(restriction, since, until)| Notice::Restricted {
            restriction: restriction.clone(),
            since,
            until,
        });
        lost.into_iter().chain(restricted).collect()
    }

    fn item(&self, row: &Row, status: Status, projection: &Projection, now: Instant) -> Item {
        let (waits_for, why) = match &status {
            Status::Locked { .. } | Status::Done { .. } => (None, None),
            Status::Open { .. } => (row.actor().or(row.decides), None),
            Status::InReview { by, .. } => (Some(*by), None),
            Status::NeedsAttention { why, .. } => (Some(why.party()), Some(why.clone())),
        };
        let (expected, span, overdue) = projection.step(row.step);
        Item {
            step: row.step,
            title: row.step.title(),
            parts: self.parts(row.step, &status),
            code: self.live_code(row.step, &status, now),
            due_by: self.due_by(row.step, &status).filter(|due_by| now < *due_by),
            status,
            acts: row.actor(),
            decides: row.decides,
            waits_for,
            place: why.as_ref().and_then(Attention::place).unwrap_or(row.step.place()),
            guidance: row.step.guidance(),
            mends: why.as_ref().map(Attention::mends),
            explanation: why.map(|why| why.to_string()),
            expected,
            overdue,
            span,
        }
    }

    fn due_by(&self, step: Step, status: &Status) -> Option<Instant> {
        match step {
            _ if status.is_done() => None,
            Step::ApproveRequest => self.request_expires_at().map(|(_, expires_at)| expires_at),
            Step::ActivateAccount => self.register_by(),
            _ => None,
        }
    }

    fn parts(&self, step: Step, whole: &Status) -> Vec<Part> {
        let opened = match whole {
            Status::InReview { since, .. } | Status::NeedsAttention { since, .. } if step == Step::ApproveNumber => {
                *since
            }
            _ => return Vec::new(),
        };
        let half = |part, outcome| {
            let status = match outcome {
                Outcome::Met(stamp, result) => Status::Done { at: stamp.at, by: stamp.by, result },
                Outcome::Wrong(since, why) => Status::NeedsAttention { since, why },
                Outcome::Review(since) => Status::InReview { since: since.max(opened), by: Party::Meta },
                Outcome::Nothing => Status::Open { since: opened },
            };
            Part { part, status }
        };
        vec![half("number", self.number_half()), half("display name", self.name_half())]
    }

    fn live_code(&self, step: Step, status: &Status, now: Instant) -> Option<LiveCode> {
        if step != Step::VerifyNumber || !matches!(status, Status::Open { .. }) {
            return None;
        }
        let code = self.code.filter(|code| !code.spent)?;
        match code.sending {
            Sending::Sent { at, expires_at } if at <= now && now < expires_at => {
                Some(LiveCode { method: code.method, sent_at: at, expires_at })
            }
            _ => None,
        }
    }
}

fn next_action(item: &Item) -> Option<NextAction> {
    let since = match item.status {
        Status::Open { since } | Status::InReview { since, .. } | Status::NeedsAttention { since, .. } => since,
        Status::Locked { .. } | Status::Done { .. } => return None,
    };
    let action = item.mends.unwrap_or(item.title);
    Some(NextAction { party: item.waits_for?, step: item.step, action, place: item.place, since })
}
