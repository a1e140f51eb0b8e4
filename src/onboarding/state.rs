//! What an onboarding remembers, and how events change it.

use super::event::{Activated, Change, Event, NumberClaim};
use super::{Fact, Inheritance, NumberOrigin, Observation, Plan, RegistrationAnswer, SignupNumber};
use crate::decider::Actor;
use crate::id::OnboardingId;
use crate::time::Instant;
use crate::whatsapp::{
    BadgeStatus, BusinessManagerId, BusinessVerification, CodeMethod, CodeVerification, LineKind, NumberStatus,
    NumberUse, PhoneNumber, PhoneNumberId, RequestStatus, TemplateEvent, WabaId,
};

pub(super) const REQUEST_DAYS: u32 = 90;
pub(super) const CLAIM_DAYS: u32 = 90;
/// Meta asks that the number be verified again before it is registered.
const VERIFY_AGAIN: u32 = 133_006;

/// The way of one phone number onto WhatsApp, from its start to a live channel.
///
/// It is what its events made it: acts as they were done, facts as a set in the order of time, rank and id. How far each
/// step is follows from both and from the time (`status`), so that facts may come in any order (`onboarding.repeat`).
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Onboarding {
    pub(super) started: Option<Started>,
    pub(super) agreement: Option<Stamp>,
    pub(super) terms: Option<Stamp>,
    pub(super) submission: Option<Box<Submission>>,
    /// What was submitted before it was revised.
    pub(super) earlier: Vec<Earlier>,
    pub(super) requests: Vec<Request>,
    /// Up to when it has been recorded that signups ran out.
    pub(super) signup_expired: Option<Instant>,
    /// How many codes were asked for, and the latest of them.
    pub(super) code_requests: u32,
    pub(super) code: Option<Code>,
    /// How many entries of codes were begun, and which of them wait for an answer.
    pub(super) entries: u32,
    pub(super) open_entries: Vec<u32>,
    pub(super) registration: Registration,
    pub(super) number_use: NumberUse,
    pub(super) activation: Option<(Stamp, Box<Activated>)>,
    pub(super) profile: Option<Stamp>,
    pub(super) withdrawn: Option<Stamp>,
    /// Sorted by `Observation::order`.
    pub(super) facts: Vec<Observation>,
}

/// When something was done, and by whom.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Stamp {
    pub(super) at: Instant,
    pub(super) by: Actor,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) struct Started {
    pub(super) id: OnboardingId,
    pub(super) plan: Plan,
    pub(super) stamp: Stamp,
    pub(super) took_over: Option<Box<Inheritance>>,
}

/// The details in force.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Submission {
    pub(super) stamp: Stamp,
    pub(super) number: PhoneNumber,
    pub(super) line: LineKind,
    pub(super) business: BusinessManagerId,
    pub(super) name: String,
    pub(super) number_round: Round,
    pub(super) business_round: Round,
    pub(super) name_round: Round,
    pub(super) claimed_at: Instant,
    pub(super) released_at: Option<Instant>,
}

/// Which submission of a value this is, so that a decision about an earlier one does not touch it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Round {
    /// Counts up with every other value.
    pub(super) number: u32,
    /// When this value was submitted.
    pub(super) at: Instant,
    /// From when on facts about it count, where the same value was submitted once before.
    pub(super) facts_from: Option<Instant>,
}

/// Details that are no longer in force.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Earlier {
    pub(super) number: PhoneNumber,
    pub(super) business: BusinessManagerId,
    pub(super) name: String,
    pub(super) number_use: NumberUse,
    pub(super) registration: Registration,
}

/// The provider's request for an account.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Request {
    pub(super) account: WabaId,
    /// The number's id in it, where the provider creates it with its number.
    pub(super) phone_number: Option<PhoneNumberId>,
    pub(super) stamp: Stamp,
    pub(super) number_round: u32,
    pub(super) business_round: u32,
    pub(super) facts_from: Option<Instant>,
    pub(super) expiry_told: bool,
}

/// The latest code.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Code {
    pub(super) method: CodeMethod,
    pub(super) at: Instant,
    pub(super) sending: Sending,
    pub(super) spent: bool,
}

/// How far the sending of a code is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Sending {
    /// Asked for, and not reported yet.
    Asked,
    /// Nobody knows.
    Unknown,
    /// Not sent.
    Failed { at: Instant },
    /// Sent, and good until it expires.
    Sent { at: Instant, expires_at: Instant },
}

/// The registration of the number.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(super) struct Registration {
    pub(super) attempts: u32,
    /// The attempt that waits for an answer, since when, and whether its answer was lost.
    pub(super) open: Option<(Instant, bool)>,
    /// The latest answer but a lost one.
    pub(super) answer: Option<(Instant, RegistrationAnswer)>,
}

impl Onboarding {
    /// The state after an event; see [`Decider::evolve`](crate::decider::Decider::evolve).
    pub(super) fn after(mut self, event: &Event) -> Self {
        let stamp = Stamp { at: event.at, by: event.by };
        match &event.change {
            Change::Started { id, plan, took_over } => self.start(stamp, *id, *plan, took_over.as_deref()),
            Change::AgreementSigned { .. } => self.agreement = Some(stamp),
            Change::TermsAccepted { .. } => self.terms = Some(stamp),
            Change::DetailsSubmitted { .. } => self.submit(stamp, &event.change),
            Change::AccountRequested { account } => self.create_account(stamp, account, None),
            Change::AccountCreated { account, phone_number } => {
                self.create_account(stamp, account, Some(phone_number));
            }
            Change::RequestAnswered { account, status } => {
                self.tell(stamp, Fact::Request { account: account.clone(), status: status.clone() });
            }
            Change::RequestExpired { account } => {
                let expired = self.requests.iter_mut().rev().find(|request| request.account == *account);
                if let Some(request) = expired {
                    request.expiry_told = true;
                }
            }
            Change::BusinessSubmitted { business } => {
                let status = BusinessVerification::Pending;
                self.tell(stamp, Fact::BusinessVerification { business: business.clone(), status });
            }
            Change::ProfileCompleted { .. } => self.profile = Some(stamp),
            Change::BadgeAppliedFor => {
                self.tell(stamp, Fact::Badge { phone_number: None, status: BadgeStatus::Pending });
            }
            Change::TemplateSubmitted { template } => {
                let (template, event) = (template.clone(), TemplateEvent::Pending);
                self.tell(stamp, Fact::Template { template, event, reason: None });
            }
            Change::Activated(activated) => self.activation = Some((stamp, activated.clone())),
            Change::NumberReleased { .. } => {
                // However late it is recorded, it has lapsed at its 90 days.
                self.submission.iter_mut().for_each(|submission| {
                    submission.released_at = Some(event.at.min(submission.claimed_at.plus_days(CLAIM_DAYS)));
                });
            }
            Change::Withdrawn { .. } => self.withdrawn = Some(stamp),
            Change::Observed { id, at, fact } => {
                self.keep(Observation { id: Some(*id), at: *at, by: event.by, fact: fact.clone() });
            }
            Change::SignupCompleted { .. }
            | Change::SignupAbandoned { .. }
            | Change::SignupExpired { .. }
            | Change::NumberAdded { .. }
            | Change::AppSubscribed { .. } => self.sign_up(stamp, &event.change),
            change => self.call(stamp, change),
        }
        self
    }

    /// The embedded signup, and what makes its account ready.
    fn sign_up(&mut self, stamp: Stamp, change: &Change) {
        match change {
            Change::SignupCompleted { account, number, found } => {
                self.tell(stamp, Fact::Request { account: account.clone(), status: RequestStatus::Approved });
                let Some(SignupNumber { phone_number, origin, verification }) = found else { return };
                let (number, origin) = (*number, *origin);
                let (account, phone_number) = (account.clone(), phone_number.clone());
                self.tell(stamp, Fact::NumberAdded { account, number, phone_number, origin });
                self.tell(stamp, Fact::NumberVerification { number, status: verification.clone() });
            }
            Change::SignupAbandoned { screen } => {
                self.tell(stamp, Fact::SignupAbandoned { screen: screen.clone() });
            }
            Change::SignupExpired { expired_at, .. } => self.signup_expired = Some(*expired_at),
            Change::NumberAdded { account, number, phone_number } => {
                let (account, phone_number) = (account.clone(), phone_number.clone());
                let (number, origin) = (*number, NumberOrigin::Brand);
                self.tell(stamp, Fact::NumberAdded { account, number, phone_number, origin });
            }
            Change::AppSubscribed { account } => self.tell(stamp, Fact::AppSubscribed { account: account.clone() }),
            _ => {}
        }
    }

    fn start(&mut self, stamp: Stamp, id: OnboardingId, plan: Plan, took_over: Option<&Inheritance>) {
        if let Some(earlier) = took_over {
            self.agreement = Some(Stamp { at: earlier.agreement_at, by: earlier.agreement_by });
            self.terms = Some(Stamp { at: earlier.terms_at, by: earlier.terms_by });
            let (business, status) = (earlier.business.clone(), BusinessVerification::Verified);
            let fact = Fact::BusinessVerification { business, status };
            self.keep(Observation { id: None, at: earlier.verified_at, by: earlier.verified_by, fact });
        }
        self.started = Some(Started { id, plan, stamp, took_over: took_over.cloned().map(Box::new) });
    }

    fn submit(&mut self, stamp: Stamp, change: &Change) {
        let Change::DetailsSubmitted { number, line, business, name, claim, number_use } = change else { return };
        let former = self.submission.take();
        if let Some(former) = &former {
            let (number, business, name) = (former.number, former.business.clone(), former.name.clone());
            let (number_use, registration) = (self.number_use.clone(), self.registration);
            self.earlier.push(Earlier { number, business, name, number_use, registration });
        }
        let seen = |same: &dyn Fn(&Earlier) -> bool| self.earlier.iter().any(same);
        let round = |former: Option<Round>, kept: bool, seen: bool| match former {
            Some(round) if kept => round,
            _ => Round {
                number: former.map_or(0, |round| round.number.saturating_add(1)),
                at: stamp.at,
                facts_from: seen.then(|| stamp.at.floor_second()),
            },
        };
        let former = former.as_deref();
        let same_number = former.is_some_and(|former| former.number == *number);
        let same_business = former.is_some_and(|former| former.business == *business);
        let same_name = same_number && former.is_some_and(|former| former.name == *name);
        let number_round =
            round(former.map(|former| former.number_round), same_number, seen(&|earlier| earlier.number == *number));
        let business_round = round(
            former.map(|former| former.business_round),
            same_business,
            seen(&|earlier| earlier.business == *business),
        );
        let name_round = round(
            former.map(|former| former.name_round),
            same_name,
            seen(&|earlier| earlier.number == *number && earlier.name == *name),
        );
        if !same_number {
            self.number_use = number_use.as_deref().cloned().unwrap_or_default();
            self.code = None;
            self.open_entries.clear();
            // What was begun for a number and not answered is still open when the number comes back.
            let before = self.earlier.iter().rev().find(|earlier| earlier.number == *number);
            let before = before.map_or(Registration::default(), |earlier| earlier.registration);
            self.registration = Registration { attempts: self.registration.attempts, ..before };
        }
        let kept = former.filter(|_| matches!(claim, NumberClaim::Kept));
        self.submission = Some(Box::new(Submission {
            stamp,
            number: *number,
            line: *line,
            business: business.clone(),
            name: name.clone(),
            number_round,
            business_round,
            name_round,
            claimed_at: kept.map_or(stamp.at, |former| former.claimed_at),
            released_at: kept.and_then(|former| former.released_at),
        }));
    }

    fn create_account(&mut self, stamp: Stamp, account: &WabaId, phone_number: Option<&PhoneNumberId>) {
        let again = self.requests.iter().any(|request| request.account == *account);
        let round = |round: fn(&Submission) -> Round| self.submission.as_deref().map_or(0, |s| round(s).number);
        self.requests.push(Request {
            account: account.clone(),
            phone_number: phone_number.cloned(),
            stamp,
            number_round: round(|submission| submission.number_round),
            business_round: round(|submission| submission.business_round),
            facts_from: again.then(|| stamp.at.floor_second()),
            expiry_told: false,
        });
    }

    /// Codes and registrations: what was begun, and what became of it.
    fn call(&mut self, stamp: Stamp, change: &Change) {
        match change {
            Change::CodeRequested { request, method, allowed_from, .. } => {
                self.number_use.note_code_request(stamp.at, *allowed_from);
                self.code_requests = *request;
                self.code = Some(Code { method: *method, at: stamp.at, sending: Sending::Asked, spent: false });
                self.open_entries.clear();
            }
            Change::CodeSent { expires_at } => self.sending(Sending::Sent { at: stamp.at, expires_at: *expires_at }),
            Change::CodeNotSent => self.sending(Sending::Failed { at: stamp.at }),
            Change::CodeSendUnknown => self.sending(Sending::Unknown),
            Change::CodeEntryBegun { entry, spends_code, locks_until } => {
                self.number_use.note_entry(*spends_code, *locks_until);
                self.code.iter_mut().for_each(|code| code.spent = *spends_code);
                self.entries = *entry;
                self.open_entries.push(*entry);
            }
            Change::CodeAccepted { number, .. } => {
                self.number_use.note_accepted();
                self.code = None;
                self.open_entries.clear();
                let status = CodeVerification::Verified;
                self.tell(stamp, Fact::NumberVerification { number: *number, status });
            }
            Change::CodeRejected { entry } => self.open_entries.retain(|open| open != entry),
            Change::CodeLocked { entry, until } => {
                self.number_use.note_lock(*until);
                self.open_entries.retain(|open| open != entry);
            }
            Change::RegistrationBegun { attempt } => {
                self.number_use = std::mem::take(&mut self.number_use).with_registration(stamp.at);
                self.registration.attempts = *attempt;
                self.registration.open = Some((stamp.at, false));
            }
            Change::RegistrationAnswered { answer, .. } => self.registration_answered(stamp, *answer),
            _ => {}
        }
    }

    fn registration_answered(&mut self, stamp: Stamp, answer: RegistrationAnswer) {
        if answer == RegistrationAnswer::Unknown {
            self.registration.open = self.registration.open.map(|(since, _)| (since, true));
            return;
        }
        if answer == RegistrationAnswer::LimitHit {
            self.number_use = std::mem::take(&mut self.number_use).with_registration_limit_hit(stamp.at);
        }
        self.registration.open = None;
        self.registration.answer = Some((stamp.at, answer));
        let Some(number) = self.submission.as_deref().map(|submission| submission.number) else { return };
        match answer {
            RegistrationAnswer::Registered => {
                self.tell(stamp, Fact::NumberStatus { number, status: NumberStatus::Connected });
            }
            RegistrationAnswer::Failed { error: VERIFY_AGAIN } => {
                self.tell(stamp, Fact::NumberVerification { number, status: CodeVerification::Expired });
            }
            _ => {}
        }
    }

    fn sending(&mut self, sending: Sending) {
        self.code.iter_mut().for_each(|code| code.sending = sending);
    }

    /// Keeps what brand, provider or transport told of their own doings at Meta.
    fn tell(&mut self, stamp: Stamp, fact: Fact) {
        self.keep(Observation { id: None, at: stamp.at, by: stamp.by, fact });
    }

    fn keep(&mut self, observation: Observation) {
        let place = self.facts.partition_point(|kept| kept.order(&observation).is_le());
        self.facts.insert(place, observation);
    }
}
