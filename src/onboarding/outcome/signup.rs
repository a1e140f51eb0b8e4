//! The embedded signup: which account the brand let the provider into, whether the number stands in it, and until when the
//! number may be registered.

use super::number::registered_by;
use super::{Outcome, counts};
use crate::onboarding::state::{Onboarding, Stamp};
use crate::onboarding::{Attention, Ending, Fact, NumberOrigin, Observation, Step};
use crate::time::Instant;
use crate::whatsapp::{NumberStatus, PhoneNumberId, RequestStatus, WabaId};

/// The account that the brand let the provider into, and when.
#[derive(Debug, Clone, Copy)]
pub(in crate::onboarding) struct Signup<'s> {
    pub(in crate::onboarding) account: &'s WabaId,
    pub(in crate::onboarding) stamp: Stamp,
}

impl Onboarding {
    /// The account in force: of the latest signup where the plan has one, otherwise of the provider's latest request.
    pub(in crate::onboarding) fn account_in_force(&self) -> Option<&WabaId> {
        match self.plan().row(Step::CompleteSignup) {
            Some(_) => self.signup().map(|signup| signup.account),
            None => self.request().map(|request| &request.account),
        }
    }

    /// The latest signup for the business in force.
    ///
    /// What is told before a number had to be registered, or after one was, tells of the same signup again, unless the brand
    /// names another account. Meta tells of every account of a business, also of those that are for other numbers.
    pub(in crate::onboarding) fn signup(&self) -> Option<Signup<'_>> {
        self.shared().fold(None, |latest: Option<Signup<'_>>, (told, account)| match latest {
            Some(signup)
                if (signup.account == account || told.id.is_some()) && self.is_same_signup(signup, told.at) =>
            {
                Some(signup)
            }
            _ => Some(Signup { account, stamp: Stamp { at: told.at, by: told.by } }),
        })
    }

    fn is_same_signup(&self, signup: Signup<'_>, at: Instant) -> bool {
        at < self.register_by_of(signup) || self.registered_after(signup).is_some_and(|registered| registered <= at)
    }

    /// Whether the brand itself has told of the signup, and not Meta alone, which does not say what became of the number.
    pub(in crate::onboarding) fn signup_told_by_brand(&self) -> bool {
        self.signup().is_some_and(|signup| {
            let begin = signup.stamp.at.floor_second();
            self.shared().any(|(told, account)| told.id.is_none() && account == signup.account && begin <= told.at)
        })
    }

    /// Until when a number has to be registered after the signup, while none is: 14 days, or 90 if it was verified before the
    /// brand claimed it. From then on the signup is to be gone through again (`onboarding.activate`; the days are Meta's).
    ///
    /// Nothing by the other plans: for an account that the provider created or asked for, Meta names no days.
    #[must_use]
    pub fn register_by(&self) -> Option<Instant> {
        self.plan().row(Step::CompleteSignup)?;
        let signup = self.signup().filter(|_| self.activation.is_none() && self.withdrawn.is_none())?;
        self.registered_after(signup).is_none().then(|| self.register_by_of(signup))
    }

    /// When the signup runs out, if no number is registered before, and it has not been recorded.
    pub(in crate::onboarding) fn signup_expires_at(&self) -> Option<(&WabaId, Instant)> {
        let (signup, register_by) = (self.signup()?, self.register_by()?);
        let told = self.signup_expired.is_some_and(|told| register_by <= told);
        (!told).then_some((signup.account, register_by))
    }

    fn register_by_of(&self, signup: Signup<'_>) -> Instant {
        let pre_verified = self.added(Some(signup.account)).any(|(.., origin)| origin == NumberOrigin::PreVerified);
        let origin = if pre_verified { NumberOrigin::PreVerified } else { NumberOrigin::Brand };
        signup.stamp.at.plus_days(origin.register_days())
    }

    /// Since when a number has been registered after a signup, or was when it was gone through.
    fn registered_after(&self, signup: Signup<'_>) -> Option<Instant> {
        let begin = signup.stamp.at.floor_second();
        let connected = self.facts.iter().find(|told| {
            let connected = matches!(&told.fact, Fact::NumberStatus { status: NumberStatus::Connected, .. });
            connected && begin <= told.at
        });
        // In another account than before a number is registered anew.
        let stays = self.shared().next().is_some_and(|(_, first)| first == signup.account);
        let before = self.statuses_since(None).filter(|(told, _)| stays && told.at < begin);
        connected.map(|told| told.at).or(registered_by(before).map(|registered| registered.at))
    }

    /// What tells that the brand let the provider into an account, for the business in force.
    fn shared(&self) -> impl Iterator<Item = (&Observation, &WabaId)> {
        let round = self.submission.as_deref().map(|submission| submission.business_round);
        let from = round.filter(|round| round.number > 0).map(|round| round.at.floor_second());
        self.facts.iter().filter(move |told| round.is_some() && counts(told, from)).filter_map(|told| {
            match &told.fact {
                Fact::Request { account, status: RequestStatus::Approved } => Some((told, account)),
                _ => None,
            }
        })
    }

    /// How far the signup is. What is not registered in time has to go through it again.
    pub(super) fn signup_outcome(&self, now: Instant) -> Outcome {
        if let Some(signup) = self.signup() {
            return match self.register_by().filter(|register_by| *register_by <= now) {
                Some(expired_at) => Outcome::Wrong(expired_at, Attention::SignupExpired),
                None => Outcome::Met(signup.stamp, Ending::Met),
            };
        }
        let Some(submission) = self.submission.as_deref() else { return Outcome::Nothing };
        let round = submission.business_round;
        let from = (round.number > 0).then(|| round.at.floor_second());
        let mut outcome = Outcome::Nothing;
        for told in self.since(from) {
            if let Fact::SignupAbandoned { screen } = &told.fact {
                outcome.fail(told.at, Attention::SignupAbandoned { screen: screen.clone() });
            }
        }
        outcome
    }

    /// When the brand first let the provider into an account, ever, for the business in force.
    pub(super) fn first_signup(&self) -> Option<Instant> {
        self.shared().next().map(|(told, _)| told.at)
    }

    /// When the brand first let the provider into the account in force.
    pub(super) fn account_opened(&self) -> Option<Instant> {
        let in_force = self.signup()?.account;
        self.shared().find(|(_, account)| *account == in_force).map(|(told, _)| told.at)
    }

    /// What tells that the number in force stands in an account: in this one, or in any.
    fn added<'s>(
        &'s self,
        account: Option<&'s WabaId>,
    ) -> impl Iterator<Item = (&'s Observation, &'s PhoneNumberId, NumberOrigin)> {
        let submission = self.submission.as_deref();
        let from = submission.and_then(|submission| submission.number_round.facts_from);
        self.since(from).filter_map(move |told| match &told.fact {
            Fact::NumberAdded { account: of, number, phone_number, origin }
                if submission.is_some_and(|submission| submission.number == *number)
                    && account.is_none_or(|account| account == of) =>
            {
                Some((told, phone_number, *origin))
            }
            _ => None,
        })
    }

    /// When the number in force first stood in an account, ever.
    pub(super) fn first_added(&self) -> Option<Instant> {
        self.added(None).next().map(|(told, ..)| told.at)
    }

    /// Whether the number in force stands in the account in force.
    pub(super) fn added_outcome(&self) -> Outcome {
        let Some(account) = self.account_in_force() else { return Outcome::Nothing };
        let first = self.added(Some(account)).next();
        Outcome::met(first.map(|(told, ..)| Stamp { at: told.at, by: told.by }))
    }

    /// Meta's id of the number in force in the account in force.
    pub(in crate::onboarding) fn number_in_account(&self) -> Option<&PhoneNumberId> {
        if self.plan().row(Step::AddNumber).is_none() {
            return self.request().and_then(|request| request.phone_number.as_ref());
        }
        let account = self.account_in_force()?;
        self.added(Some(account)).last().map(|(_, phone_number, _)| phone_number)
    }

    /// Whether the provider's app receives the deliveries of the account in force.
    pub(super) fn subscribed_outcome(&self) -> Outcome {
        let account = self.account_in_force();
        let subscribed = self.facts.iter().find(
            |told| matches!(&told.fact, Fact::AppSubscribed { account: of } if account.is_some_and(|account| account == of)),
        );
        Outcome::met(subscribed.map(|told| Stamp { at: told.at, by: told.by }))
    }

    /// From when on it counts that the number is registered: since the account in force is another than the first, from then.
    pub(super) fn moved_by_signup(&self) -> Option<Instant> {
        let (first, signup) = (self.shared().next()?, self.signup()?);
        (first.1 != signup.account).then(|| signup.stamp.at.floor_second())
    }
}
