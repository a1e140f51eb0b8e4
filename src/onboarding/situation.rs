//! Whether a kind of command may be given in a situation: order, actor, time, budget.

use super::outcome::Outcome;
use super::state::{Onboarding, Sending};
use super::{Ending, Kind, Refused, RegistrationAnswer, Status, Step};
use crate::decider::Actor;
use crate::time::Instant;

const BADGE_AGAIN_DAYS: u32 = 30;

impl Onboarding {
    /// Whether the situation refuses a kind of command: the one place that both [`Onboarding::allowed`] and every decision
    /// ask, so that a kind is listed if and only if no refusal of this class awaits it.
    pub(super) fn situation(&self, kind: Kind, actor: Actor, now: Instant) -> Result<(), Refused> {
        let Some(started) = &self.started else {
            // Which plan it will go by is not known yet, and so not whether the plan knows the act.
            if kind.is_in(self.plan()) {
                self.actor_fits(kind, actor)?;
            }
            return match kind {
                Kind::Start | Kind::Observe | Kind::Tick => Ok(()),
                _ => Err(Refused::NotStarted),
            };
        };
        if actor.user().is_some_and(|user| user.organisation() != started.id.organisation()) {
            return Err(Refused::NotFound);
        }
        if !kind.is_in(started.plan) {
            return Err(Refused::NotInPlan { act: kind, plan: started.plan });
        }
        self.actor_fits(kind, actor)?;
        match kind {
            Kind::Observe | Kind::Tick => return Ok(()),
            Kind::Start => return Err(Refused::AlreadyStarted { at: started.stamp.at }),
            _ => {}
        }
        if let Some(withdrawn) = self.withdrawn {
            return Err(Refused::Withdrawn { at: withdrawn.at });
        }
        match kind {
            Kind::SubmitDetails => self.may_submit(now),
            Kind::CreateAccount => self.may_replace_account(Step::CreateAccount, now),
            Kind::RequestAccount => self.may_replace_account(Step::RequestAccount, now),
            Kind::EndSignup => self.may_end_signup(now),
            Kind::RequestCode => self.may_request_code(now),
            Kind::EnterCode => self.may_enter_code(now),
            Kind::Register => self.may_register(now),
            Kind::Activate => self.may_activate(now),
            Kind::ApplyForBadge => self.may_apply_for_badge(now),
            Kind::SubmitTemplate => self.may_submit_template(now),
            Kind::ReportCodeSend => {
                let waits = self.code.is_some_and(|code| matches!(code.sending, Sending::Asked | Sending::Unknown));
                waits.then_some(()).ok_or(Refused::NothingPending { act: kind })
            }
            Kind::ReportCodeEntry => {
                (!self.open_entries.is_empty()).then_some(()).ok_or(Refused::NothingPending { act: kind })
            }
            Kind::ReportRegistration => {
                // Also once a reading has settled it: what Meta answers may say more, such as that the limit is hit.
                self.registration.open.map(|_| ()).ok_or(Refused::NothingPending { act: kind })
            }
            Kind::Withdraw => match &self.activation {
                Some((live, _)) => Err(Refused::Live { at: live.at }),
                None => Ok(()),
            },
            Kind::ReleaseNumber => self.claim_lapses_at().map(|_| ()).ok_or(Refused::NothingToRelease),
            _ => kind.step().map_or(Ok(()), |step| self.may_act(step, now)),
        }
    }

    /// `onboarding.actor`
    fn actor_fits(&self, kind: Kind, actor: Actor) -> Result<(), Refused> {
        if !kind.may_come_from(actor.party(), self.plan()) {
            return Err(Refused::WrongActor { act: kind });
        }
        match actor {
            Actor::User(_) | Actor::BrandPhone => Err(Refused::AdminOnly { act: kind }),
            _ => Ok(()),
        }
    }

    /// `onboarding.order`: an act is for a step that is open, or that needs attention.
    fn may_act(&self, step: Step, now: Instant) -> Result<(), Refused> {
        match self.status(step, now) {
            Status::Open { .. } | Status::NeedsAttention { .. } => Ok(()),
            Status::Locked { behind } => Err(Refused::OutOfOrder { step, missing: behind }),
            Status::InReview { since, .. } => Err(Refused::InReview { step, since }),
            Status::Done { at, .. } => Err(Refused::AlreadyDone { step, at }),
        }
    }

    /// Details may be mended at any time, once they may be handed in.
    fn may_submit(&self, now: Instant) -> Result<(), Refused> {
        match self.status(Step::SubmitDetails, now) {
            Status::Locked { behind } => Err(Refused::OutOfOrder { step: Step::SubmitDetails, missing: behind }),
            _ => Ok(()),
        }
    }

    /// An account that Meta turned down, or that is lost before it is active, may be replaced by another: of some losses it
    /// never comes back.
    fn may_replace_account(&self, step: Step, now: Instant) -> Result<(), Refused> {
        let replaceable = self.activation.is_none()
            && (self.account_lost().is_some() || matches!(self.number_half(), Outcome::Wrong(..)));
        match self.may_act(step, now) {
            Err(Refused::AlreadyDone { .. }) if replaceable => Ok(()),
            answer => answer,
        }
    }

    /// The brand tells of a signup that Meta has told of already: only the brand knows what became of the number.
    fn may_end_signup(&self, now: Instant) -> Result<(), Refused> {
        match self.may_replace_account(Step::CompleteSignup, now) {
            Err(Refused::AlreadyDone { .. }) if self.activation.is_none() && !self.signup_told_by_brand() => Ok(()),
            answer => answer,
        }
    }

    fn may_request_code(&self, now: Instant) -> Result<(), Refused> {
        self.may_act(Step::VerifyNumber, now)?;
        self.unlocked(now)?;
        match self.number_use.code_allowed_from() {
            Some(allowed_from) if now < allowed_from => Err(Refused::TooManyCodes { allowed_from }),
            _ => Ok(()),
        }
    }

    /// `onboarding.code-ten-minutes`: from the instant it was sent, and not at the end of the tenth minute any more.
    fn may_enter_code(&self, now: Instant) -> Result<(), Refused> {
        self.may_act(Step::VerifyNumber, now)?;
        self.unlocked(now)?;
        let code = self.code.ok_or(Refused::NoCode)?;
        match code.sending {
            _ if code.spent => Err(Refused::CodeSpent),
            Sending::Failed { .. } => Err(Refused::NoCode),
            Sending::Sent { expires_at, .. } if expires_at <= now => {
                Err(Refused::CodeExpired { expired_at: expires_at })
            }
            Sending::Sent { at, .. } if at <= now => Ok(()),
            Sending::Asked | Sending::Unknown | Sending::Sent { .. } => Err(Refused::CodeNotSentYet),
        }
    }

    fn unlocked(&self, now: Instant) -> Result<(), Refused> {
        match self.number_use.locked_until() {
            Some(until) if now < until => Err(Refused::NumberLocked { until }),
            _ => Ok(()),
        }
    }

    /// `onboarding.register-budget`. A number is registered again after another display name of it was approved, which Meta
    /// asks for, and then also on a live channel.
    fn may_register(&self, now: Instant) -> Result<(), Refused> {
        let step = Step::ActivateAccount;
        if let Status::Locked { behind } = self.status(step, now) {
            return Err(Refused::OutOfOrder { step, missing: behind });
        }
        if let Some(since) = self.account_lost() {
            return Err(Refused::AccountLost { since });
        }
        if let Some((since, _)) = self.registration_open() {
            return Err(Refused::RegistrationOpen { attempt: self.registration.attempts, since });
        }
        if let Some(registered) = self.registered() {
            let at = self.registered_again(registered.at);
            let renamed = matches!(self.name_half(), Outcome::Met(name, _) if at < name.at);
            if !renamed {
                return Err(Refused::AlreadyRegistered { at });
            }
        }
        match self.number_use.registration_allowed_from() {
            Some(allowed_from) if now < allowed_from => Err(Refused::RegistrationBudget { allowed_from }),
            _ => Ok(()),
        }
    }

    /// When a number was registered last that is registered since `first` and waits for no answer: by the latest attempt
    /// that succeeded, or by the one whose answer was lost and that a reading has settled.
    fn registered_again(&self, first: Instant) -> Instant {
        let answered = self.registration.answer.filter(|(_, answer)| *answer == RegistrationAnswer::Registered);
        let settled = self.registration.open.map(|(since, _)| since);
        answered.map(|(at, _)| at).into_iter().chain(settled).fold(first, Instant::max)
    }

    fn may_activate(&self, now: Instant) -> Result<(), Refused> {
        self.may_act(Step::ActivateAccount, now)?;
        if let Some(since) = self.account_lost() {
            return Err(Refused::AccountLost { since });
        }
        self.registered().map(|_| ()).ok_or(Refused::NotRegistered)
    }

    /// `onboarding.badge`: after a denial a new application is taken from the 30th day on.
    fn may_apply_for_badge(&self, now: Instant) -> Result<(), Refused> {
        match self.status(Step::ObtainBadge, now) {
            Status::Done { at, result: Ending::Denied, .. } => match at.plus_days(BADGE_AGAIN_DAYS) {
                allowed_from if now < allowed_from => Err(Refused::BadgeTooSoon { allowed_from }),
                _ => Ok(()),
            },
            _ => self.may_act(Step::ObtainBadge, now),
        }
    }

    /// More templates may be handed in while others are looked at.
    fn may_submit_template(&self, now: Instant) -> Result<(), Refused> {
        match self.status(Step::AddTemplates, now) {
            Status::InReview { .. } => Ok(()),
            _ => self.may_act(Step::AddTemplates, now),
        }
    }

    /// From when on a denied badge may be applied for again.
    #[must_use]
    pub fn badge_again_from(&self, now: Instant) -> Option<Instant> {
        match self.status(Step::ObtainBadge, now) {
            Status::Done { at, result: Ending::Denied, .. } => Some(at.plus_days(BADGE_AGAIN_DAYS)),
            _ => None,
        }
    }

    /// The kinds of command that no situation refuses to an actor now. A kind is listed if and only if a command of it, with
    /// the right parameters, is accepted. Facts are always allowed to Meta.
    ///
    /// ```
    /// use whatsapp_inbox::decider::Actor;
    /// use whatsapp_inbox::onboarding::{Kind, Onboarding};
    /// use whatsapp_inbox::time::Instant;
    ///
    /// let system: Vec<Kind> = Onboarding::default().allowed(Actor::System, Instant::MIN).collect();
    /// assert_eq!(system, [Kind::Tick]);
    /// ```
    pub fn allowed(&self, actor: Actor, now: Instant) -> impl Iterator<Item = Kind> {
        Kind::ALL.into_iter().filter(move |kind| self.situation(*kind, actor, now).is_ok())
    }
}
