//! What has come of each step, from acts and facts alone, whatever stands before it.
//!
//! Facts are folded in their order: time, rank, id (`onboarding.repeat`). Only those count that are about what is submitted
//! now (`onboarding.details-revise`).

mod account;
mod afterwards;
mod number;
mod signup;

use super::state::{Onboarding, Stamp};
use super::{Attention, Ending, Observation, Step};
use crate::time::Instant;

/// What has come of a step.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Outcome {
    /// Nothing yet.
    Nothing,
    /// Somebody decides, since then.
    Review(Instant),
    /// It went wrong.
    Wrong(Instant, Attention),
    /// It is reached.
    Met(Stamp, Ending),
}

impl Outcome {
    fn met(stamp: Option<Stamp>) -> Self {
        stamp.map_or(Self::Nothing, |stamp| Self::Met(stamp, Ending::Met))
    }

    /// Reached once and for good: a later fact that says the same changes nothing.
    fn meet(&mut self, by: &Observation) {
        if !matches!(self, Self::Met(_, Ending::Met)) {
            *self = Self::Met(Stamp { at: by.at, by: by.by }, Ending::Met);
        }
    }

    /// Under review from now on, unless it is reached or was under review before.
    fn review(&mut self, at: Instant) {
        if !matches!(self, Self::Met(_, Ending::Met) | Self::Review(_)) {
            *self = Self::Review(at);
        }
    }

    /// Under review since then, where nothing else is told.
    fn or_review(self, since: Instant) -> Self {
        if self == Self::Nothing { Self::Review(since) } else { self }
    }

    fn fail(&mut self, at: Instant, why: Attention) {
        match self {
            Self::Wrong(_, same) if *same == why => {}
            _ => *self = Self::Wrong(at, why),
        }
    }
}

impl Onboarding {
    /// What has come of a step, as of `now`.
    pub(super) fn outcome(&self, step: Step, now: Instant) -> Outcome {
        match step {
            Step::SignAgreement => Outcome::met(self.agreement),
            Step::AcceptTerms => Outcome::met(self.terms),
            Step::SubmitDetails => self.details_outcome(now),
            Step::RequestAccount | Step::CreateAccount => self.account_outcome(now),
            Step::ApproveRequest => self.request_outcome(now),
            Step::VerifyBusiness => self.business_outcome(),
            Step::ApproveNumber => self.approval_outcome(),
            Step::VerifyNumber => self.verification_outcome(now),
            Step::ActivateAccount => self.activation_outcome(now),
            Step::CompleteProfile => Outcome::met(self.profile),
            Step::ObtainBadge => self.badge_outcome(),
            Step::AddTemplates => self.template_outcome(),
            Step::CompleteSignup => self.signup_outcome(now),
            Step::AddNumber => self.added_outcome(),
            Step::SubscribeApp => self.subscribed_outcome(),
        }
    }

    /// When a step was first reached, as far as one that comes after it asks: what a fact may then complete.
    pub(super) fn reached(&self, step: Step, by: Step, now: Instant) -> Option<Instant> {
        let submission = self.submission.as_deref();
        match step {
            Step::ApproveRequest if by == Step::VerifyBusiness => {
                let round = submission?.business_round.number;
                self.first_approval(|request| request.business_round == round)
            }
            Step::ApproveRequest => {
                let round = submission?.number_round.number;
                self.first_approval(|request| request.number_round == round)
            }
            Step::CompleteSignup if matches!(by, Step::AddNumber | Step::SubscribeApp) => self.account_opened(),
            Step::CompleteSignup => self.first_signup(),
            // The number may be known to stand in an account before the provider is known to be let in.
            Step::AddNumber => {
                let mut reached = self.first_added()?;
                for before in self.plan().row(step)?.after.iter() {
                    reached = reached.max(self.reached(before, by, now)?);
                }
                Some(reached)
            }
            // Meta may decide before the brand has approved the request; the step is reached with both.
            Step::ApproveNumber => {
                let approved = self.first_number_approval(submission?)?;
                self.reached(Step::ApproveRequest, step, now).map(|at| at.max(approved))
            }
            _ => match self.outcome(step, now) {
                Outcome::Met(stamp, _) => Some(stamp.at),
                _ => None,
            },
        }
    }

    /// The facts that count for something that was submitted again: those from then on; otherwise all.
    fn since(&self, from: Option<Instant>) -> impl Iterator<Item = &Observation> {
        self.facts.iter().filter(move |told| counts(told, from))
    }
}

fn counts(told: &Observation, from: Option<Instant>) -> bool {
    from.is_none_or(|from| from <= told.at)
}
