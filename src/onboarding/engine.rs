//! The one engine over every plan: how far each step is.

use super::outcome::Outcome;
use super::state::Onboarding;
use super::{Acts, Plan, Row, Status, Step, StepSet};
use crate::access::Grant;
use crate::decider::Party;
use crate::id::OnboardingId;
use crate::time::Instant;
use crate::whatsapp::{BusinessManagerId, LineKind, NumberUse, PhoneNumber, PhoneNumberId, WabaId};

impl Onboarding {
    /// Which way it goes. Before its start it is taken to go the default way.
    #[must_use]
    pub fn plan(&self) -> Plan {
        self.started.as_ref().map_or(Plan::default(), |started| started.plan)
    }

    /// Its id, once it has started.
    #[must_use]
    pub fn id(&self) -> Option<OnboardingId> {
        self.started.as_ref().map(|started| started.id)
    }

    /// The number that was submitted last.
    #[must_use]
    pub fn number(&self) -> Option<PhoneNumber> {
        self.submission.as_deref().map(|submission| submission.number)
    }

    /// The kind of line of the number that was submitted last: what it takes a code by (`onboarding.code-method`).
    #[must_use]
    pub fn line(&self) -> Option<LineKind> {
        self.submission.as_deref().map(|submission| submission.line)
    }

    /// Meta's id of the number in the account for the details in force. Codes and PINs are handed
    /// to Meta under it.
    #[must_use]
    pub fn phone_number_id(&self) -> Option<&PhoneNumberId> {
        self.number_in_account()
    }

    /// The Business Manager that was submitted last.
    #[must_use]
    pub fn business(&self) -> Option<&BusinessManagerId> {
        self.submission.as_deref().map(|submission| &submission.business)
    }

    /// The display name that was submitted last.
    #[must_use]
    pub fn display_name(&self) -> Option<&str> {
        self.submission.as_deref().map(|submission| submission.name.as_str())
    }

    /// The accounts that the provider has asked for, the latest last, and the one that the brand came back with from its
    /// signup.
    pub fn accounts(&self) -> impl Iterator<Item = &WabaId> {
        let signup = self.plan().row(Step::CompleteSignup).and_then(|_| self.account_in_force());
        self.requests.iter().map(|request| &request.account).chain(signup)
    }

    /// Meta's ids of the numbers in those accounts, the one in force last.
    pub fn phone_numbers(&self) -> impl Iterator<Item = &PhoneNumberId> {
        self.requests.iter().filter_map(|request| request.phone_number.as_ref()).chain(self.phone_number_id())
    }

    /// The grants that the channel opened with; none before activation (`onboarding.channel-appears`).
    #[must_use]
    pub fn grants(&self) -> &[Grant] {
        self.activation.as_ref().map_or(&[], |(_, activated)| &activated.grants)
    }

    /// What each number of this onboarding has used up of its budgets, the number in force first.
    ///
    /// The budgets belong to the number, so a host hands them on to the next onboarding of it, in the context of the command
    /// that submits the number there (`onboarding.register-budget`, `onboarding.code-guesses`).
    ///
    /// ```
    /// use whatsapp_inbox::decider::Context;
    /// use whatsapp_inbox::onboarding::Onboarding;
    /// use whatsapp_inbox::whatsapp::{NumberUse, PhoneNumber};
    ///
    /// fn handed_on(earlier: &[Onboarding], number: PhoneNumber) -> NumberUse {
    ///     let uses = earlier.iter().flat_map(Onboarding::number_uses).filter(|(of, _)| *of == number);
    ///     uses.fold(NumberUse::default(), |known, (_, more)| known.merged(more))
    /// }
    ///
    /// let nothing = handed_on(&[Onboarding::default()], PhoneNumber::new("+49 40 1234567")?);
    /// assert_eq!(nothing, NumberUse::default());
    /// # Ok::<(), whatsapp_inbox::whatsapp::PhoneNumberError>(())
    /// ```
    pub fn number_uses(&self) -> impl Iterator<Item = (PhoneNumber, &NumberUse)> {
        let current = self.submission.as_deref().map(|submission| (submission.number, &self.number_use));
        let earlier = self.earlier.iter().rev().map(|earlier| (earlier.number, &earlier.number_use));
        let mut uses: Vec<(PhoneNumber, &NumberUse)> = Vec::new();
        for (number, number_use) in current.into_iter().chain(earlier) {
            if uses.iter().all(|(known, _)| *known != number) {
                uses.push((number, number_use));
            }
        }
        uses.into_iter()
    }

    /// How far a step is at an instant (`onboarding.order`). A step that the plan does not have is locked behind nothing.
    ///
    /// ```
    /// use whatsapp_inbox::onboarding::{Onboarding, Status, Step, StepSet};
    /// use whatsapp_inbox::time::Instant;
    ///
    /// let behind = StepSet::of(&[Step::SignAgreement]);
    /// assert_eq!(Onboarding::default().status(Step::AcceptTerms, Instant::MIN), Status::Locked { behind });
    /// ```
    #[must_use]
    pub fn status(&self, step: Step, now: Instant) -> Status {
        self.status_in(step, now, &mut Known::default())
    }

    /// Whether a step is done at an instant.
    #[must_use]
    pub fn is_done(&self, step: Step, now: Instant) -> bool {
        self.is_done_in(step, now, &mut Known::default())
    }

    /// Whether every step of the plan is done (`onboarding.complete`).
    #[must_use]
    pub fn is_complete(&self, now: Instant) -> bool {
        let known = &mut Known::default();
        self.started.is_some() && self.plan().rows().iter().all(|row| self.is_done_in(row.step, now, known))
    }

    /// The status of a step, with what is known of the steps before it at this instant.
    pub(super) fn status_in(&self, step: Step, now: Instant, known: &mut Known) -> Status {
        match self.plan().row(step) {
            Some(row) => self.status_of(row, self.outcome(step, now), now, known),
            None => Status::Locked { behind: StepSet::EMPTY },
        }
    }

    fn is_done_in(&self, step: Step, now: Instant, known: &mut Known) -> bool {
        if known.asked.contains(step) {
            return known.done.contains(step);
        }
        // Only what is reached can be done, so most questions end here.
        let outcome = self.outcome(step, now);
        let reached = matches!(outcome, Outcome::Met(..));
        let row = self.plan().row(step).filter(|_| reached);
        let done = row.is_some_and(|row| self.status_of(row, outcome, now, known).is_done());
        known.asked = known.asked.with(step);
        if done {
            known.done = known.done.with(step);
        }
        done
    }

    fn status_of(&self, row: &Row, outcome: Outcome, now: Instant, known: &mut Known) -> Status {
        let done_here = matches!(row.acts, Acts::Here(_));
        if let Outcome::Met(stamp, result) = &outcome {
            if row.stays_done() || self.took_over(row.step) {
                return Status::Done { at: stamp.at, by: stamp.by, result: *result };
            }
        }
        let behind: StepSet = row.after.iter().filter(|before| !self.is_done_in(*before, now, known)).collect();
        let opened = match self.opened(row, behind, now) {
            Ok(opened) => opened,
            Err(behind) => return Status::Locked { behind },
        };
        let needs_number = !matches!(row.step, Step::SignAgreement | Step::AcceptTerms | Step::SubmitDetails);
        match outcome {
            Outcome::Met(stamp, result) => Status::Done { at: stamp.at.max(opened), by: stamp.by, result },
            _ if needs_number && self.claim_lost_at(now).is_some() => {
                Status::Locked { behind: StepSet::EMPTY.with(Step::SubmitDetails) }
            }
            _ if done_here && !behind.is_empty() => Status::Locked { behind },
            Outcome::Nothing if !behind.is_empty() => Status::Locked { behind },
            outcome => match self.started_over(row, now, known) {
                behind if done_here && !behind.is_empty() => Status::Locked { behind },
                _ => open_status(row, outcome, opened),
            },
        }
    }

    /// When a step was opened: by the last of those it comes after. Otherwise, what it is locked behind.
    ///
    /// What Meta decides was opened once its steps were reached, even if one of them has been started over since: the rest
    /// stays done (`onboarding.details-revise`).
    fn opened(&self, row: &Row, behind: StepSet, now: Instant) -> Result<Instant, StepSet> {
        let mut opened = self.started.as_ref().map_or(Instant::MIN, |started| started.stamp.at);
        for before in row.after.iter() {
            match self.reached(before, row.step, now) {
                Some(at) => opened = opened.max(at),
                None => return Err(if behind.is_empty() { StepSet::EMPTY.with(before) } else { behind }),
            }
        }
        Ok(opened)
    }

    /// What has been started over further back, behind steps that stay done: while it is, nobody acts on from there.
    ///
    /// It does not look behind what was done here, such as the activation: that stays done for good.
    fn started_over(&self, row: &Row, now: Instant, known: &mut Known) -> StepSet {
        let mut found = StepSet::EMPTY;
        for row in row.after.iter().filter_map(|before| self.plan().row(before)) {
            if !self.is_done_in(row.step, now, known) {
                found = found.with(row.step);
            } else if !row.stays_done() {
                found = self.started_over(row, now, known).iter().fold(found, StepSet::with);
            }
        }
        found
    }

    /// Whether a step was done by an earlier onboarding of the same business (`onboarding.more-numbers`).
    fn took_over(&self, step: Step) -> bool {
        let earlier = self.started.as_ref().and_then(|started| started.took_over.as_deref());
        let business = self.submission.as_deref().map(|submission| &submission.business);
        step == Step::VerifyBusiness && earlier.is_some_and(|earlier| Some(&earlier.business) == business)
    }
}

/// What has been found out about steps within one question, so that it is not asked again.
#[derive(Debug, Default)]
pub(super) struct Known {
    asked: StepSet,
    done: StepSet,
}

/// The status of a step that is open and not done.
fn open_status(row: &Row, outcome: Outcome, opened: Instant) -> Status {
    match outcome {
        Outcome::Nothing => Status::Open { since: opened },
        Outcome::Review(at) => Status::InReview { since: at.max(opened), by: row.decides.unwrap_or(Party::Meta) },
        Outcome::Wrong(at, why) => Status::NeedsAttention { since: at.max(opened), why },
        Outcome::Met(stamp, result) => Status::Done { at: stamp.at.max(opened), by: stamp.by, result },
    }
}
