//! What acts and facts mean together: their fold in the order of time.

use super::fact::Observation;
use super::{Act, Announced, EventFact, Fact, Found, Next, Reading, Standing};
use crate::time::Instant;
use crate::whatsapp::{
    TemplateCategory, TemplateEvent, TemplatePause, TemplateQuality, TemplateReason, TemplateStatus,
};

const ARCHIVE_DAYS: u32 = 28;
const FIRST_PAUSE_HOURS: u32 = 3;
const SECOND_PAUSE_HOURS: u32 = 6;

/// Where acts, facts and the latest listing have brought a template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Fold {
    pub(super) standing: Standing,
    pub(super) since: Option<Instant>,
    /// Meta's word for a standing that is not known here.
    pub(super) other: Option<String>,
    pub(super) reason: Option<TemplateReason>,
    pub(super) pause: Option<Pause>,
    pub(super) flagged: Option<(Instant, Option<Instant>)>,
    pub(super) locked: Option<Instant>,
    pub(super) category: Option<TemplateCategory>,
    pub(super) announced: Option<Announced>,
    pub(super) quality: Option<TemplateQuality>,
    /// What it was before it was archived.
    before_archive: Standing,
    /// Whether it was approved since it was handed in.
    pub(super) was_approved: bool,
    /// Whether Meta has told anything of it since it was handed in.
    told: bool,
}

/// A pause: what it is about, and when it ends by itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Pause {
    pub(super) about: Option<TemplatePause>,
    pub(super) until: Option<Instant>,
}

/// An act that Meta has not refused.
pub(super) struct Acted {
    pub(super) at: Instant,
    pub(super) act: Act,
    pub(super) category: Option<TemplateCategory>,
    /// Whether Meta has said that it took it.
    pub(super) taken: bool,
}

/// Folds the acts in their order, the facts in theirs, and the reading.
///
/// Within a second a listing comes first, then what was asked here, then what Meta decided.
pub(super) fn fold(acts: &[Acted], facts: &[Observation], reading: Option<&Reading>) -> Fold {
    enum Step<'a> {
        Read(&'a Reading),
        Did(&'a Acted),
        Told(&'a Observation),
    }
    let mut steps: Vec<((Instant, u8), Step<'_>)> = Vec::new();
    steps.extend(reading.map(|reading| ((reading.at.floor_second(), 0), Step::Read(reading))));
    steps.extend(acts.iter().map(|act| ((act.at.floor_second(), 1), Step::Did(act))));
    steps.extend(facts.iter().map(|fact| ((fact.at.floor_second(), 2), Step::Told(fact))));
    // Stable: facts stay in the order of their rank and id, acts in that of their calls.
    steps.sort_by_key(|(key, _)| *key);
    let mut fold = Fold::BEFORE;
    for (_, step) in steps {
        match step {
            Step::Read(reading) => fold.read(reading),
            Step::Did(act) => fold.did(act),
            Step::Told(told) => fold.told(told.at, &told.fact),
        }
    }
    fold
}

impl Fold {
    const BEFORE: Self = Self {
        standing: Standing::Unsubmitted,
        since: None,
        other: None,
        reason: None,
        pause: None,
        flagged: None,
        locked: None,
        category: None,
        announced: None,
        quality: None,
        before_archive: Standing::Unsubmitted,
        was_approved: false,
        told: false,
    };

    fn did(&mut self, acted: &Acted) {
        // What was possible when it was asked stays done, whatever has been told since of the time before.
        let to = match acted.act {
            Act::Create | Act::Edit => Standing::Pending,
            Act::Appeal => Standing::InAppeal,
            Act::Delete => Standing::PendingDeletion,
            Act::Unpause => return,
        };
        if acted.act == Act::Create {
            *self = Self { told: acted.taken, ..Self::BEFORE };
        }
        if acted.category.is_some() {
            (self.category, self.announced) = (acted.category.clone(), None);
        }
        self.stand(to, acted.at, None);
    }

    fn told(&mut self, at: Instant, fact: &Fact) {
        self.told = true;
        match fact {
            Fact::Event(event) => self.happened(at, event),
            Fact::Category { category, announced } => {
                (self.category, self.announced) = (Some(category.clone()), announced.clone());
            }
            Fact::Quality(quality) => self.quality = Some(quality.clone()),
        }
    }

    fn happened(&mut self, at: Instant, fact: &EventFact) {
        let was = self.standing;
        match was.after(&fact.event) {
            Next::Becomes(to) => self.stand(to, at, fact.reason.clone()),
            Next::Stays => {}
            Next::Returns => {
                let before = match self.before_archive {
                    Standing::Unsubmitted | Standing::Archived => Standing::Other,
                    before => before,
                };
                self.stand(before, at, None);
            }
        }
        match &fact.event {
            TemplateEvent::Paused => {
                let until = match fact.pause {
                    Some(TemplatePause::First) => Some(at.plus_hours(FIRST_PAUSE_HOURS)),
                    Some(TemplatePause::Second) => Some(at.plus_hours(SECOND_PAUSE_HOURS)),
                    _ => None,
                };
                self.pause = Some(Pause { about: fact.pause.clone(), until });
            }
            TemplateEvent::Approved => {
                self.pause = None;
                // A new approval ends what was announced before it; the end of a pause does not.
                if !matches!(was, Standing::Approved | Standing::Paused) {
                    self.flagged = None;
                }
            }
            TemplateEvent::Reinstated => (self.pause, self.flagged) = (None, None),
            TemplateEvent::Flagged => self.flagged = Some((at, fact.disable_date)),
            TemplateEvent::Locked => self.locked = Some(at),
            TemplateEvent::Unlocked => self.locked = None,
            _ => {}
        }
        let beside = matches!(
            fact.event,
            TemplateEvent::Flagged | TemplateEvent::Locked | TemplateEvent::Unlocked | TemplateEvent::Unknown(_)
        );
        if was == self.standing && fact.reason.is_some() && !beside {
            self.reason.clone_from(&fact.reason);
        }
    }

    fn read(&mut self, reading: &Reading) {
        let Found::Listed(listed) = &reading.found else {
            // What Meta never told anything of was never there.
            if self.standing != Standing::Unsubmitted {
                self.stand(if self.told { Standing::Deleted } else { Standing::Unsubmitted }, reading.at, None);
            }
            return;
        };
        self.told = true;
        let to = Standing::from(&listed.status);
        if to == self.standing {
            self.reason = listed.reason.clone().or_else(|| self.reason.take());
        } else {
            self.stand(to, reading.at, listed.reason.clone());
        }
        if let TemplateStatus::Unknown(word) = &listed.status {
            self.other = Some(word.clone());
        }
        match (&mut self.pause, to) {
            // It should be over by then, and Meta says that it is not.
            (Some(pause), Standing::Paused) if pause.until.is_some_and(|until| until <= reading.at) => {
                pause.until = None;
            }
            (Some(_), Standing::Paused | Standing::Archived) => {}
            (pause, Standing::Paused) => *pause = Some(Pause { about: None, until: None }),
            (pause, _) => *pause = None,
        }
        if listed.category.is_some() {
            self.category.clone_from(&listed.category);
            if self.announced.as_ref().map(|announced| &announced.category) == listed.category.as_ref() {
                self.announced = None;
            }
        }
        if listed.quality.is_some() {
            self.quality.clone_from(&listed.quality);
        }
    }

    fn stand(&mut self, at_last: Standing, since: Instant, reason: Option<TemplateReason>) {
        if at_last == Standing::Archived && self.standing != Standing::Archived {
            self.before_archive = self.standing;
        }
        (self.standing, self.since, self.reason, self.other) = (at_last, Some(since), reason, None);
        self.was_approved |= matches!(at_last, Standing::Approved | Standing::Paused);
    }

    /// Where it stands at an instant, and since when: a pause ends and an archive is emptied whether or not Meta has said so.
    pub(super) fn at(&self, now: Instant) -> (Standing, Option<Instant>) {
        match (self.standing, &self.pause, self.since) {
            (Standing::Paused, Some(Pause { until: Some(until), .. }), _) if *until <= now => {
                (Standing::Approved, Some(*until))
            }
            (Standing::Archived, _, Some(since)) if since.plus_days(ARCHIVE_DAYS) <= now => {
                (Standing::Deleted, Some(since.plus_days(ARCHIVE_DAYS)))
            }
            (standing, _, since) => (standing, since),
        }
    }

    /// When what is archived will be gone.
    pub(super) fn deleted_from(&self) -> Option<Instant> {
        let since = self.since.filter(|_| self.standing == Standing::Archived)?;
        Some(since.plus_days(ARCHIVE_DAYS))
    }

    /// Its category at an instant: what is announced holds from its instant on.
    pub(super) fn category_at(&self, now: Instant) -> Option<&TemplateCategory> {
        match &self.announced {
            Some(announced) if announced.from <= now => Some(&announced.category),
            _ => self.category.as_ref(),
        }
    }
}
