//! Details, account, request and business.

use super::Outcome;
use crate::onboarding::state::{CLAIM_DAYS, Onboarding, REQUEST_DAYS, Request};
use crate::onboarding::{Attention, Ending, Fact, Observation};
use crate::time::Instant;
use crate::whatsapp::{BusinessVerification, CodeVerification, RequestStatus};

impl Onboarding {
    pub(super) fn details_outcome(&self, now: Instant) -> Outcome {
        let Some(submission) = self.submission.as_deref() else { return Outcome::Nothing };
        match self.claim_lost_at(now) {
            Some(at) => Outcome::Wrong(at, Attention::NumberReleased),
            None => Outcome::Met(submission.stamp, Ending::Met),
        }
    }

    /// Since when the claim on the number is gone, by lapse or by an operator's word (`onboarding.number-once`).
    pub(in crate::onboarding) fn claim_lost_at(&self, now: Instant) -> Option<Instant> {
        let submission = self.submission.as_deref()?;
        let overdue = submission.claimed_at.plus_days(CLAIM_DAYS) <= now;
        submission.released_at.or_else(|| self.claim_lapses_at().filter(|_| overdue))
    }

    /// When the claim on the number lapses, if the number is not verified by then.
    pub(in crate::onboarding) fn claim_lapses_at(&self) -> Option<Instant> {
        let submission = self.submission.as_deref()?;
        let held = submission.released_at.is_none() && self.withdrawn.is_none() && self.activation.is_none();
        let lapses_at = submission.claimed_at.plus_days(CLAIM_DAYS);
        // What comes from then on comes too late, whether or not anybody has recorded the lapse.
        let in_time = |(told, status): (&Observation, &CodeVerification)| {
            *status == CodeVerification::Verified && told.at < lapses_at
        };
        (held && !self.number_facts(submission).any(in_time)).then_some(lapses_at)
    }

    /// The request that is about the details in force.
    pub(in crate::onboarding) fn request(&self) -> Option<&Request> {
        let (request, submission) = (self.requests.last()?, self.submission.as_deref()?);
        let current = request.number_round == submission.number_round.number
            && request.business_round == submission.business_round.number;
        current.then_some(request)
    }

    pub(super) fn account_outcome(&self, now: Instant) -> Outcome {
        let Some(request) = self.request() else { return Outcome::Nothing };
        match self.answer(request, now) {
            wrong @ Outcome::Wrong(..) => wrong,
            _ => Outcome::Met(request.stamp, Ending::Met),
        }
    }

    pub(super) fn request_outcome(&self, now: Instant) -> Outcome {
        match self.request().map(|request| self.answer(request, now)) {
            Some(met @ Outcome::Met(..)) => met,
            _ => Outcome::Nothing,
        }
    }

    /// What became of a request (`onboarding.account-request`).
    fn answer(&self, request: &Request, now: Instant) -> Outcome {
        let mut outcome = Outcome::Nothing;
        for told in self.since(request.facts_from) {
            let Fact::Request { account, status } = &told.fact else { continue };
            if *account != request.account {
                continue;
            }
            match status {
                RequestStatus::Approved => outcome.meet(told),
                RequestStatus::Declined => outcome.fail(told.at, Attention::RequestDeclined),
                RequestStatus::Expired | RequestStatus::Cancelled | RequestStatus::Invalid => {
                    outcome.fail(told.at, Attention::RequestExpired);
                }
                RequestStatus::Pending | RequestStatus::InProgress | RequestStatus::Unknown(_) => {}
            }
        }
        let expires_at = request.stamp.at.plus_days(REQUEST_DAYS);
        match outcome {
            Outcome::Nothing if expires_at <= now => Outcome::Wrong(expires_at, Attention::RequestExpired),
            outcome => outcome,
        }
    }

    /// When the request runs out, if nobody answers it before.
    pub(in crate::onboarding) fn request_expires_at(&self) -> Option<(&Request, Instant)> {
        let request = self.request().filter(|request| !request.expiry_told && self.withdrawn.is_none())?;
        let unanswered = self.answer(request, Instant::MIN) == Outcome::Nothing;
        unanswered.then(|| (request, request.stamp.at.plus_days(REQUEST_DAYS)))
    }

    /// When a request of these rounds was first approved, ever.
    pub(super) fn first_approval(&self, rounds: impl Fn(&Request) -> bool) -> Option<Instant> {
        let approved = |request: &&Request| rounds(request);
        let first = |request: &Request| {
            let told = self.since(request.facts_from).find(|told| {
                matches!(&told.fact, Fact::Request { account, status: RequestStatus::Approved } if *account == request.account)
            })?;
            Some(told.at.max(request.stamp.at))
        };
        self.requests.iter().filter(approved).filter_map(first).min()
    }

    /// How far the verification of the business is (`onboarding.business-review`).
    pub(super) fn business_outcome(&self) -> Outcome {
        let Some(submission) = self.submission.as_deref() else { return Outcome::Nothing };
        let mut outcome = Outcome::Nothing;
        for told in self.since(submission.business_round.facts_from) {
            let Fact::BusinessVerification { business, status } = &told.fact else { continue };
            if *business != submission.business {
                continue;
            }
            match status {
                BusinessVerification::Verified => outcome.meet(told),
                BusinessVerification::Pending => outcome.review(told.at),
                BusinessVerification::NotVerified
                | BusinessVerification::PendingSubmission
                | BusinessVerification::Unknown(_) => {}
                wrong => outcome.fail(told.at, Attention::BusinessNotVerified { verification: wrong.clone() }),
            }
        }
        outcome
    }
}
