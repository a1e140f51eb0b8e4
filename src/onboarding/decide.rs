//! What a command changes, once the situation allows its kind: the one place where a command's parameters meet a state.

use super::event::{Activated, Change, NumberClaim};
use super::state::Onboarding;
use super::{Answer, Attestation, CodeAnswer, CodeSend, Command, Details, Fact, Refused, SignupEnd};
use crate::access::Grant;
use crate::decider::Context;
use crate::id::{ChannelId, FactId};
use crate::time::Instant;
use crate::whatsapp::{CodeMethod, NumberUse, PhoneNumber, PhoneNumberId, ProfileDraft, RequestStatus, WabaId};

const CODE_TTL_MINUTES: u32 = 10;
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
            Command::RequestAccount { account } => Change::AccountRequested { account },
            Command::EndSignup(end) => return Ok(self.end_signup(end)),
            Command::AddNumber { account, phone_number } => return self.add_number(account, phone_number),
            Command::SubscribeApp { account } => {
                self.in_force(&account)?;
                Change::AppSubscribed { account }
            }
            Command::AnswerRequest(answer) => return Ok(self.answer_request(answer)),
            Command::SubmitBusiness => return Ok(self.submit_business()),
            Command::RequestCode { method } => return self.request_code(method, context),
            Command::ReportCodeSend { request, outcome } => return self.report_send(request, outcome, now),
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
        let signup = self.signup_expires_at().filter(|(_, at)| *at <= now);
        let signup = signup.map(|(account, expired_at)| Change::SignupExpired { account: account.clone(), expired_at });
        expired.into_iter().chain(signup).chain(lapsed.map(|number| Change::NumberReleased { number })).collect()
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
        let number_use =
            if former.is_some_and(|former| former.number == number) { None } else { self.known_use(number, context) };
        Ok(Some(Change::DetailsSubmitted { number, line, business, name: name.as_str().to_owned(), claim, number_use }))
    }

    /// What is known of the use of a number that was not the one in force: by the host, and by this onboarding itself.
    fn known_use(&self, number: PhoneNumber, context: &Context<'_>) -> Option<Box<NumberUse>> {
        // The latest record of ours holds what the ones before it counted, and what was done with since.
        let own = self.number_uses().find(|(of, _)| *of == number).map(|(_, number_use)| number_use);
        let known = own.into_iter().chain(context.number_use).fold(NumberUse::default(), NumberUse::merged);
        let known = known.recounted(context.policy.code);
        (known != NumberUse::default()).then(|| Box::new(known))
    }

    fn answer_request(&self, answer: Answer) -> Option<Change> {
        let status = match answer {
            Answer::Approved => RequestStatus::Approved,
            Answer::Declined => RequestStatus::Declined,
        };
        self.request().map(|request| Change::RequestAnswered { account: request.account.clone(), status })
    }

    fn end_signup(&self, end: SignupEnd) -> Option<Change> {
        let number = self.submission.as_deref()?.number;
        Some(match end {
            SignupEnd::Completed { account, number: found } => Change::SignupCompleted { account, number, found },
            SignupEnd::Abandoned { screen } => Change::SignupAbandoned { screen },
        })
    }

    fn add_number(&self, account: WabaId, phone_number: PhoneNumberId) -> Result<Option<Change>, Refused> {
        self.in_force(&account)?;
        let number = self.submission.as_deref().map(|submission| submission.number);
        Ok(number.map(|number| Change::NumberAdded { account, number, phone_number }))
    }

    /// What is done in an account is done in the one in force: of another it would count for nothing.
    fn in_force(&self, account: &WabaId) -> Result<(), Refused> {
        if self.account_in_force() == Some(account) { Ok(()) } else { Err(Refused::OtherAccount) }
    }

    fn submit_business(&self) -> Option<Change> {
        let business = self.submission.as_deref()?.business.clone();
        Some(Change::BusinessSubmitted { business })
    }

    /// `onboarding.code-method`; the rest is the situation's.
    fn request_code(&self, method: CodeMethod, context: &Context<'_>) -> Result<Option<Change>, Refused> {
        let (Some(submission), Some(phone_number)) = (self.submission.as_deref(), self.number_in_account()) else {
            return Ok(None);
        };
        if !submission.line.takes(method) {
            return Err(Refused::LandLineNeedsVoice);
        }
        let allowed_from = self.number_use.code_allowed_after(context.now, context.policy.code);
        let request_number = self.code_requests.saturating_add(1);
        Ok(Some(Change::CodeRequested {
            request: request_number,
            method,
            phone_number: phone_number.clone(),
            allowed_from,
        }))
    }

    /// A report about another code than the latest would let its ten minutes begin too early.
    fn report_send(&self, request: u32, outcome: CodeSend, now: Instant) -> Result<Option<Change>, Refused> {
        if request != self.code_requests {
            return Err(Refused::UnknownCall { given: request });
        }
        Ok(Some(match outcome {
            CodeSend::Sent => Change::CodeSent { expires_at: now.plus_minutes(CODE_TTL_MINUTES) },
            CodeSend::NotSent => Change::CodeNotSent,
            CodeSend::Unknown => Change::CodeSendUnknown,
        }))
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
        let (Some(submission), Some(account), Some(phone_number), Some(started)) =
            (self.submission.as_deref(), self.account_in_force(), self.number_in_account(), self.started.as_ref())
        else {
            return Ok(None);
        };
        let organisation = started.id.organisation();
        let ours = |grant: &Grant| grant.holder().organisation().is_none_or(|other| other == organisation);
        if channel.organisation() != organisation || !grants.iter().all(ours) {
            return Err(Refused::OtherOrganisation);
        }
        Ok(Some(Change::Activated(Box::new(Activated {
            channel,
            number: submission.number,
            phone_number: phone_number.clone(),
            account: account.clone(),
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
