//! The one place where a command meets a state.

use super::event::{Activated, Change, NumberClaim};
use super::state::{Onboarding, Sending};
use super::{
    Answer, Attestation, CodeAnswer, CodeSend, Command, Details, Ending, Fact, Kind, Refused, RegistrationAnswer,
    Status, Step,
};
use crate::access::Grant;
use crate::decider::{Actor, Context};
use crate::id::{ChannelId, FactId, OrganisationId};
use crate::time::Instant;
use crate::whatsapp::{CodeMethod, NumberUse, PhoneNumber, ProfileDraft, RequestStatus};

const CODE_TTL_MINUTES: u32 = 10;
const BADGE_AGAIN_DAYS: u32 = 30;
const LOCK_BY_META_HOURS: u32 = 12;

impl Onboarding {
    /// What a command changes, once the situation allows its kind.
    pub(super) fn change(&self, command: Command, context: &Context<'_>) -> Result<Option<Change>, Refused> {
        let now = context.now;
        let change = match command {
            Command::Start { id, plan, business_manager, security_center, takes_over } => {
                if context.actor.user().is_some_and(|user| user.organisation() != id.organisation())
                    || takes_over.as_ref().is_some_and(|earlier| earlier.organisation != id.organisation())
                {
                    return Err(Refused::OtherOrganisation);
                }
                if [business_manager, security_center].contains(&Attestation::Missing) {
                    return Err(Refused::PrerequisitesMissing { business_manager, security_center });
                }
                Change::Started { id, plan, took_over: takes_over }
            }
            Command::SignAgreement { text } => Change::AgreementSigned { text: text.as_str().to_owned() },
            Command::AcceptTerms { text } => Change::TermsAccepted { text: text.as_str().to_owned() },
            Command::SubmitDetails(details) => return self.submit_details(details, context),
            Command::CreateAccount { account, phone_number } => Change::AccountCreated { account, phone_number },
            Command::AnswerRequest(answer) => return Ok(self.answer_request(answer)),
            Command::SubmitBusiness => return Ok(self.submit_business()),
            Command::RequestCode { method } => return self.request_code(method, context),
            Command::ReportCodeSend(CodeSend::Sent) => {
                Change::CodeSent { expires_at: now.plus_minutes(CODE_TTL_MINUTES) }
            }
            Command::ReportCodeSend(CodeSend::NotSent) => Change::CodeNotSent,
            Command::ReportCodeSend(CodeSend::Unknown) => Change::CodeSendUnknown,
            Command::EnterCode => {
                let (spends_code, locks_until) = self.number_use.entry_costs(now, context.policy.code);
                Change::CodeEntryBegun { entry: self.entries.saturating_add(1), spends_code, locks_until }
            }
            Command::ReportCodeEntry { entry, answer } => return self.report_entry(entry, answer, now),
            Command::Register => Change::RegistrationBegun { attempt: self.registration.attempts.saturating_add(1) },
            Command::ReportRegistration { attempt, .. } if attempt != self.registration.attempts => {
                return Err(Refused::UnknownCall { given: attempt });
            }
            Command::ReportRegistration { attempt, answer } => Change::RegistrationAnswered { attempt, answer },
            Command::Activate { channel, grants } => return self.activate(channel, grants),
            Command::CompleteProfile(profile) => {
                Change::ProfileCompleted { profile: Box::new(ProfileDraft::from(&*profile)) }
            }
            Command::ApplyForBadge => Change::BadgeAppliedFor,
            Command::SubmitTemplate(template) => Change::TemplateSubmitted { template },
            Command::Withdraw => Change::Withdrawn { number: self.held_number() },
            Command::ReleaseNumber => return Ok(self.held_number().map(|number| Change::NumberReleased { number })),
            Command::Observe { id, at, fact } => {
                // What is told to be so from later on than it is told cannot be, and is read as without a time.
                let at = at.filter(|at| *at <= now).unwrap_or(now);
                return Ok(self.observe(id, at, fact));
            }
            Command::Tick => return Ok(None),
        };
        Ok(Some(change))
    }

    /// What time has brought about by now and nobody has recorded yet.
    pub(super) fn due(&self, now: Instant) -> Vec<Change> {
        let expired = self.request_expires_at().filter(|(_, at)| *at <= now);
        let expired = expired.map(|(request, _)| Change::RequestExpired { account: request.account.clone() });
        let lapsed = self.claim_lapses_at().filter(|at| *at <= now).and_then(|_| self.held_number());
        expired.into_iter().chain(lapsed.map(|number| Change::NumberReleased { number })).collect()
    }

    /// The number that this onboarding has a claim on.
    fn held_number(&self) -> Option<PhoneNumber> {
        let submission = self.submission.as_deref()?;
        (submission.released_at.is_none() && self.withdrawn.is_none()).then_some(submission.number)
    }

    /// `onboarding.details-revise`: what starts over follows from what is other than before.
    fn submit_details(&self, details: Details, context: &Context<'_>) -> Result<Option<Change>, Refused> {
        let former = self.submission.as_deref();
        let took_over = self.started.as_ref().and_then(|started| started.took_over.as_deref());
        if took_over.is_some_and(|earlier| earlier.business != details.business) {
            return Err(Refused::OtherBusiness);
        }
        if let (Some((live, _)), Some(former)) = (&self.activation, former) {
            if former.number != details.number || former.business != details.business {
                return Err(Refused::NumberIsLive { at: live.at });
            }
        }
        let Details { number, line, business, name } = details;
        let claim = match former {
            Some(former) if self.claim_lost_at(context.now).is_none() && former.number == number => NumberClaim::Kept,
            Some(former) if former.released_at.is_none() && former.number != number => {
                NumberClaim::Moved { from: former.number }
            }
            _ => NumberClaim::Taken,
        };
        let same = |former: &super::state::Submission| {
            former.line == line && former.business == business && former.name == name.as_str()
        };
        if claim == NumberClaim::Kept && former.is_some_and(same) {
            return Ok(None);
        }
        let number_use = if former.is_some_and(|former| former.number == number) {
            None
        } else {
            self.known_use(number, context.number_use)
        };
        Ok(Some(Change::DetailsSubmitted { number, line, business, name: name.as_str().to_owned(), claim, number_use }))
    }

    /// What is known of the use of a number that was not the one in force: by the host, and by this onboarding itself.
    fn known_use(&self, number: PhoneNumber, told: Option<&NumberUse>) -> Option<Box<NumberUse>> {
        // The latest record of ours holds what the ones before it counted, and what was done with since.
        let own = self.number_uses().find(|(of, _)| *of == number).map(|(_, number_use)| number_use);
        let known = own.into_iter().chain(told).fold(NumberUse::default(), NumberUse::merged);
        (known != NumberUse::default()).then(|| Box::new(known))
    }

    fn answer_request(&self, answer: Answer) -> Option<Change> {
        let status = match answer {
            Answer::Approved => RequestStatus::Approved,
            Answer::Declined => RequestStatus::Declined,
        };
        self.request().map(|request| Change::RequestAnswered { account: request.account.clone(), status })
    }

    fn submit_business(&self) -> Option<Change> {
        let business = self.submission.as_deref()?.business.clone();
        Some(Change::BusinessSubmitted { business })
    }

    /// `onboarding.code-method`; the rest is the situation's.
    fn request_code(&self, method: CodeMethod, context: &Context<'_>) -> Result<Option<Change>, Refused> {
        let (Some(submission), Some(request)) = (self.submission.as_deref(), self.request()) else { return Ok(None) };
        if !submission.line.takes(method) {
            return Err(Refused::LandLineNeedsVoice);
        }
        let allowed_from = self.number_use.code_allowed_after(context.now, context.policy.code);
        Ok(Some(Change::CodeRequested { method, phone_number: request.phone_number.clone(), allowed_from }))
    }

    fn report_entry(&self, entry: u32, answer: CodeAnswer, now: Instant) -> Result<Option<Change>, Refused> {
        let submission = self.submission.as_deref().filter(|_| self.open_entries.contains(&entry));
        let number = submission.ok_or(Refused::UnknownCall { given: entry })?.number;
        Ok(Some(match answer {
            CodeAnswer::Accepted => Change::CodeAccepted { entry, number },
            CodeAnswer::Wrong => Change::CodeRejected { entry },
            CodeAnswer::TooManyGuesses => Change::CodeLocked { entry, until: now.plus_hours(LOCK_BY_META_HOURS) },
            CodeAnswer::Unknown => Change::CodeEntryUnknown { entry },
        }))
    }

    /// `onboarding.channel-appears`: the channel opens with the grants that are named here.
    fn activate(&self, channel: ChannelId, grants: Vec<Grant>) -> Result<Option<Change>, Refused> {
        let (Some(submission), Some(request), Some(started)) =
            (self.submission.as_deref(), self.request(), self.started.as_ref())
        else {
            return Ok(None);
        };
        let organisation = started.id.organisation();
        let ours = |grant: &Grant| grant_organisation(grant).is_none_or(|other| other == organisation);
        if channel.organisation() != organisation || !grants.iter().all(ours) {
            return Err(Refused::OtherOrganisation);
        }
        Ok(Some(Change::Activated(Box::new(Activated {
            channel,
            number: submission.number,
            phone_number: request.phone_number.clone(),
            account: request.account.clone(),
            name: submission.name.clone(),
            grants,
        }))))
    }

    /// A fact told twice changes nothing (`onboarding.repeat`).
    fn observe(&self, id: FactId, at: Instant, fact: Fact) -> Option<Change> {
        let known = self.facts.iter().any(|kept| kept.id == Some(id));
        (!known).then_some(Change::Observed { id, at, fact })
    }
}

const fn grant_organisation(grant: &Grant) -> Option<OrganisationId> {
    match grant {
        Grant::User { user, .. } => Some(user.organisation()),
        Grant::Team(team) => Some(team.organisation()),
        Grant::AllUsers(_) | Grant::AllTeams => None,
    }
}

impl Onboarding {
    /// Whether the situation refuses a kind of command: the one place that both [`Onboarding::allowed`] and every decision
    /// ask, so that a kind is listed if and only if no refusal of this class awaits it.
    pub(super) fn situation(&self, kind: Kind, actor: Actor, now: Instant) -> Result<(), Refused> {
        let Some(started) = &self.started else {
            self.actor_fits(kind, actor)?;
            return match kind {
                Kind::Start | Kind::Observe | Kind::Tick => Ok(()),
                _ => Err(Refused::NotStarted),
            };
        };
        if actor.user().is_some_and(|user| user.organisation() != started.id.organisation()) {
            return Err(Refused::NotFound);
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
            let renamed = matches!(self.name_half(), super::outcome::Outcome::Met(name, _) if at < name.at);
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
