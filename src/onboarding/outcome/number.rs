//! Approval, verification and registration of the number.

use super::{Outcome, counts};
use crate::onboarding::state::{Onboarding, Sending, Stamp, Submission};
use crate::onboarding::{Attention, Ending, Fact, Observation, RegistrationAnswer, Step};
use crate::time::Instant;
use crate::whatsapp::{CodeVerification, NameStatus, NumberStatus, ReviewDecision, WabaId};

/// An answer to a registration that has not come by then is lost: whoever called for it is gone.
const ANSWER_MINUTES: u32 = 2;

impl Onboarding {
    pub(super) fn approval_outcome(&self) -> Outcome {
        match (self.number_half(), self.name_half()) {
            (Outcome::Wrong(at, why), _) | (_, Outcome::Wrong(at, why)) => Outcome::Wrong(at, why),
            (Outcome::Met(number, _), Outcome::Met(name, _)) => {
                Outcome::Met(if number.at > name.at { number } else { name }, Ending::Met)
            }
            (Outcome::Review(number), Outcome::Review(name)) => Outcome::Review(number.min(name)),
            (half @ Outcome::Review(_), _) | (_, half) => half,
        }
    }

    /// What Meta says of the number: its review of the account that the number is in.
    pub(in crate::onboarding) fn number_half(&self) -> Outcome {
        let Some(submission) = self.submission.as_deref() else { return Outcome::Nothing };
        let mut outcome = Outcome::Nothing;
        for told in &self.facts {
            let Fact::AccountReview { account, decision } = &told.fact else { continue };
            if !self.is_about_number(submission, account, told) {
                continue;
            }
            match decision {
                ReviewDecision::Approved => outcome.meet(told),
                // What was turned down is done with once the account is replaced.
                ReviewDecision::Rejected if self.is_about_account_in_force(account, told) => {
                    outcome.fail(told.at, Attention::NumberRejected);
                }
                ReviewDecision::Pending | ReviewDecision::Deferred => outcome.review(told.at),
                ReviewDecision::Rejected | ReviewDecision::Unknown(_) => {}
            }
        }
        outcome.or_review(submission.number_round.at)
    }

    /// What Meta says of the display name.
    pub(in crate::onboarding) fn name_half(&self) -> Outcome {
        let Some(submission) = self.submission.as_deref() else { return Outcome::Nothing };
        let mut outcome = Outcome::Nothing;
        for told in self.since(submission.name_round.facts_from) {
            let Fact::DisplayName { number, name, status, reason } = &told.fact else { continue };
            if *number != submission.number || *name != submission.name {
                continue;
            }
            match status {
                NameStatus::Declined => outcome.fail(told.at, Attention::NameDeclined { rejection: reason.clone() }),
                NameStatus::Expired => outcome.fail(told.at, Attention::NameExpired),
                NameStatus::PendingReview => outcome.review(told.at),
                status if is_approved(status) => outcome.meet(told),
                _ => {}
            }
        }
        outcome.or_review(submission.name_round.at)
    }

    /// When number and some display name of it were first approved, both.
    pub(super) fn first_number_approval(&self, submission: &Submission) -> Option<Instant> {
        let approved = |told: &&Observation| match &told.fact {
            Fact::DisplayName { number, status, .. } => *number == submission.number && is_approved(status),
            _ => false,
        };
        let name = self.since(submission.number_round.facts_from).find(approved)?.at;
        let account = |told: &&Observation| match &told.fact {
            Fact::AccountReview { account, decision: ReviewDecision::Approved } => {
                self.is_about_number(submission, account, told)
            }
            _ => false,
        };
        Some(self.facts.iter().find(account)?.at.max(name))
    }

    /// Whether a review is about an account with the number in force, and was made before the account was replaced by
    /// another.
    fn is_about_number(&self, submission: &Submission, account: &WabaId, told: &Observation) -> bool {
        if self.plan().row(Step::CompleteSignup).is_some() {
            return self.is_about_account_in_force(account, told);
        }
        let replaced = self.requests.iter().skip(1).map(|next| Some(next.stamp.at.floor_second())).chain([None]);
        self.requests.iter().zip(replaced).any(|(request, replaced)| {
            request.account == *account
                && request.number_round == submission.number_round.number
                && counts(told, request.facts_from)
                && replaced.is_none_or(|replaced| told.at < replaced)
        })
    }

    fn is_about_account_in_force(&self, account: &WabaId, told: &Observation) -> bool {
        let from = self.request().and_then(|request| request.facts_from);
        self.account_in_force() == Some(account) && counts(told, from)
    }

    pub(super) fn verification_outcome(&self, now: Instant) -> Outcome {
        let Some(submission) = self.submission.as_deref() else { return Outcome::Nothing };
        let mut outcome = Outcome::Nothing;
        for (told, status) in self.number_facts(submission) {
            match status {
                CodeVerification::Verified => outcome.meet(told),
                CodeVerification::Expired if matches!(outcome, Outcome::Met(..)) => {
                    outcome.fail(told.at, Attention::VerificationExpired);
                }
                // A reading of `NOT_VERIFIED` may be older than what it is read after, so it takes nothing back.
                CodeVerification::Expired | CodeVerification::NotVerified | CodeVerification::Unknown(_) => {}
            }
        }
        match outcome {
            Outcome::Met(..) => outcome,
            outcome => match (self.code_trouble(now), self.code) {
                (Some((at, why)), _) => Outcome::Wrong(at, why),
                // A code is on its way or can be entered, which mends a proof that ran out.
                (None, Some(_)) => Outcome::Nothing,
                (None, None) => outcome,
            },
        }
    }

    /// What is told of whether the number in force is the brand's.
    pub(super) fn number_facts<'s>(
        &'s self,
        submission: &'s Submission,
    ) -> impl Iterator<Item = (&'s Observation, &'s CodeVerification)> {
        self.since(submission.number_round.facts_from).filter_map(|told| match &told.fact {
            Fact::NumberVerification { number, status } if *number == submission.number => Some((told, status)),
            _ => None,
        })
    }

    /// What is wrong with the latest code, if anything.
    fn code_trouble(&self, now: Instant) -> Option<(Instant, Attention)> {
        let code = self.code?;
        if let Some(until) = self.number_use.locked_until().filter(|until| now < *until) {
            return Some((code.at, Attention::NumberLocked { until }));
        }
        match code.sending {
            _ if code.spent => Some((code.at, Attention::CodeSpent)),
            Sending::Failed { at } => Some((at, Attention::CodeNotSent)),
            Sending::Sent { expires_at, .. } if expires_at <= now => Some((expires_at, Attention::CodeExpired)),
            Sending::Asked | Sending::Unknown | Sending::Sent { .. } => None,
        }
    }

    pub(super) fn activation_outcome(&self, now: Instant) -> Outcome {
        if let Some((stamp, _)) = &self.activation {
            return Outcome::Met(*stamp, Ending::Met);
        }
        if let Some(at) = self.account_lost() {
            return Outcome::Wrong(at, Attention::AccountLost);
        }
        if self.registered().is_some() {
            return Outcome::Nothing;
        }
        match (self.registration_open(), self.registration.answer) {
            (Some((since, lost)), _) if lost || since.plus_minutes(ANSWER_MINUTES) <= now => {
                Outcome::Wrong(since, Attention::RegistrationUnknown)
            }
            (None, Some((at, answer))) if answer != RegistrationAnswer::Registered => {
                Outcome::Wrong(at, Attention::RegistrationFailed { answer })
            }
            _ => Outcome::Nothing,
        }
    }

    /// Since when the number is registered, if it is: told by the answer to a registration or by a reading of its status.
    pub(in crate::onboarding) fn registered(&self) -> Option<Stamp> {
        registered_by(self.number_statuses())
    }

    /// The registration that waits for its answer: since when, and whether the answer was lost. A reading of the number's
    /// status that is not older settles it.
    pub(in crate::onboarding) fn registration_open(&self) -> Option<(Instant, bool)> {
        let (since, lost) = self.registration.open?;
        let settled = self.number_statuses().any(|(told, _)| since <= told.at);
        (!settled).then_some((since, lost))
    }

    fn number_statuses(&self) -> impl Iterator<Item = (&Observation, &NumberStatus)> {
        self.statuses_since(self.submission.as_deref().and_then(|submission| self.registered_from(submission)))
    }

    /// What is told of the state of the number in force, from an instant on.
    pub(super) fn statuses_since(&self, from: Option<Instant>) -> impl Iterator<Item = (&Observation, &NumberStatus)> {
        let submission = self.submission.as_deref();
        self.since(from).filter_map(move |told| match &told.fact {
            Fact::NumberStatus { number, status } if submission.is_some_and(|s| s.number == *number) => {
                Some((told, status))
            }
            _ => None,
        })
    }

    /// From when on it counts that the number is registered: a number that moves to another account is registered there anew.
    fn registered_from(&self, submission: &Submission) -> Option<Instant> {
        let round = submission.number_round;
        if self.plan().row(Step::CompleteSignup).is_some() {
            return self.moved_by_signup().max(round.facts_from);
        }
        let mut requests = self.requests.iter().filter(|request| request.number_round == round.number);
        let (first, account) = (requests.next(), self.request().map(|request| &request.account));
        if first.map(|request| &request.account) == account {
            return round.facts_from;
        }
        let moved = requests.find(|request| Some(&request.account) == account);
        moved.map(|request| request.stamp.at.floor_second()).or(round.facts_from)
    }
}

const fn is_approved(status: &NameStatus) -> bool {
    matches!(status, NameStatus::Approved | NameStatus::AvailableWithoutReview)
}

/// Since when a number is registered, if it is, by what was told of its state.
pub(super) fn registered_by<'o>(statuses: impl Iterator<Item = (&'o Observation, &'o NumberStatus)>) -> Option<Stamp> {
    let mut registered = None;
    for (told, status) in statuses {
        match status {
            NumberStatus::Connected => registered = registered.or(Some(Stamp { at: told.at, by: told.by })),
            NumberStatus::Pending
            | NumberStatus::Disconnected
            | NumberStatus::Unverified
            | NumberStatus::Migrated
            | NumberStatus::Banned
            | NumberStatus::Deleted => registered = None,
            NumberStatus::Flagged | NumberStatus::Restricted | NumberStatus::RateLimited | NumberStatus::Unknown(_) => {
            }
        }
    }
    registered
}
