//! What histories are about, and what can be said and asked of it.

use proptest::arbitrary::any;
use proptest::sample::select;
use proptest::strategy::Strategy;
use uuid::Uuid;

use super::{DIGITS, PLAIN, cast, details, of_our_time, profiles, text, uuids};
use crate::access::{Grant, Role};
use crate::decider::Actor;
use crate::id::{ChannelId, FactId, OnboardingId, OperatorId, OrganisationId};
use crate::onboarding::{
    AccountNotice, Answer, Attestation, CodeAnswer, CodeSend, Command, Details, Fact, Kind, NumberOrigin, Plan,
    RegistrationAnswer, SignupEnd, SignupNumber, TextReference,
};
use crate::time::Instant;
use crate::whatsapp::{
    BadgeStatus, BusinessVerification, CodeMethod, CodeVerification, LineKind, NameStatus, NumberStatus, PhoneNumberId,
    Profile, RequestStatus, Restriction, ReviewDecision, SignupScreen, TemplateEvent, TemplateKey, WabaId,
};

/// The people and things that a history is about. Where there are two, the first is meant and the second is another, for
/// mistakes and for facts that touch nothing.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Subjects {
    /// The brand's organisation.
    pub organisation: [OrganisationId; 2],
    /// One actor of each kind: admin, operator, Meta and time first, people of the other organisation last.
    pub actors: [Actor; 11],
    /// The onboarding and, in each organisation, the channel, are named by this.
    pub id: Uuid,
    /// What is submitted.
    pub details: [Details; 2],
    /// The account at Meta.
    pub account: [WabaId; 2],
    /// The number's id at Meta.
    pub phone_number: [PhoneNumberId; 2],
    /// The template that is handed in.
    pub template: [TemplateKey; 2],
    /// The text that is signed or accepted.
    pub text: TextReference,
    /// The profile.
    pub profile: Profile,
    /// When it all begins.
    pub begin: Instant,
}

/// Subjects of histories, which begin in the years 2020 to 2039.
pub fn subjects() -> impl Strategy<Value = Subjects> {
    let account = text(DIGITS, 15..=15).prop_filter_map("no id", |text| WabaId::new(&text).ok());
    let phone_number = text(DIGITS, 15..=15).prop_filter_map("no id", |text| PhoneNumberId::new(&text).ok());
    let template = text("abcdefghijklmnopqrstuvwxyz_0123456789", 1..=20)
        .prop_filter_map("no name", |text| TemplateKey::new(&text, "en_US").ok());
    let agreement = text(PLAIN, 1..=40).prop_filter_map("no text", |text| TextReference::new(&text).ok());
    let at_meta = ([account.clone(), account], [phone_number.clone(), phone_number], [template.clone(), template]);
    let ids = [uuids(), uuids(), uuids(), uuids(), uuids()];
    let drawn = (ids, [details(), details()], at_meta, agreement, profiles(), of_our_time());
    let all = drawn.prop_map(|([ours, other, person, operator, id], details, at_meta, text, profile, begin)| {
        let organisation = [OrganisationId::new(ours), OrganisationId::new(other)];
        let actors = cast(organisation[0], organisation[1], person, OperatorId::new(operator));
        let (account, phone_number, template) = at_meta;
        Subjects { organisation, actors, id, details, account, phone_number, template, text, profile, begin }
    });
    all.prop_filter("two that are one", |all| {
        let [ours, other] = &all.details;
        let details = ours.number != other.number && ours.business != other.business && ours.name != other.name;
        let ids = all.organisation[0] != all.organisation[1] && all.account[0] != all.account[1];
        details && ids && all.phone_number[0] != all.phone_number[1] && all.template[0] != all.template[1]
    })
}

/// Facts about subjects: two of three that help a history on, otherwise any, about the right subject or another, with
/// values that are known and not.
///
/// ```
/// use proptest::prelude::*;
/// use whatsapp_inbox::onboarding::Fact;
/// use whatsapp_inbox::testing::{facts, subjects};
///
/// proptest!(|(fact in subjects().prop_flat_map(|subjects| facts(&subjects)))| {
///     let json = serde_json::to_string(&fact).unwrap();
///     prop_assert_eq!(serde_json::from_str::<Fact>(&json).unwrap(), fact);
/// });
/// ```
pub fn facts(subjects: &Subjects) -> impl Strategy<Value = Fact> + use<> {
    let subjects = subjects.clone();
    any::<u32>().prop_map(move |draw| subjects.fact(draw))
}

/// Well-formed commands of every kind about subjects, four of five with parameters that help a history on.
///
/// ```
/// use proptest::prelude::*;
/// use whatsapp_inbox::decider::{Context, Decider, Policy};
/// use whatsapp_inbox::id::CommandId;
/// use whatsapp_inbox::onboarding::Onboarding;
/// use whatsapp_inbox::testing::{commands, subjects};
/// use whatsapp_inbox::uuid::Uuid;
///
/// let drawn = subjects().prop_flat_map(|subjects| (commands(&subjects), Just(subjects)));
/// proptest!(|((command, subjects) in drawn)| {
///     let (id, policy) = (CommandId::new(Uuid::nil()), Policy::default());
///     let context = Context::new(subjects.begin, subjects.actors[0], id, &policy);
///     let allowed = Onboarding::default().allowed(context.actor, context.now).any(|kind| kind == command.kind());
///     prop_assert!(allowed || Onboarding::default().decide(command, &context).is_err());
/// });
/// ```
pub fn commands(subjects: &Subjects) -> impl Strategy<Value = Command> + use<> {
    let subjects = subjects.clone();
    (select(Kind::ALL.to_vec()), any::<u32>(), 0_u32..4)
        .prop_map(move |(kind, draw, call)| subjects.command(kind, draw, call, subjects.begin))
}

/// A number that is taken apart, one choice at a time; nought is the first of everything.
struct Draw(u32);

impl Draw {
    /// One of so many.
    fn below(&mut self, count: usize) -> usize {
        let count = u32::try_from(count).unwrap_or(u32::MAX).max(1);
        let digit = self.0.checked_rem(count).unwrap_or(0);
        self.0 = self.0.checked_div(count).unwrap_or(0);
        usize::try_from(digit).unwrap_or(0)
    }

    /// One of these and the other.
    fn one<T: Clone>(&mut self, these: &[T], other: T) -> T {
        these.get(self.below(these.len().saturating_add(1))).cloned().unwrap_or(other)
    }

    /// The first of two, two of three times.
    fn first<T: Clone>(&mut self, [first, other]: &[T; 2]) -> T {
        if self.below(3) < 2 { first.clone() } else { other.clone() }
    }
}

impl Subjects {
    /// The facts that help a history on, in the order in which it needs them, and some that help where the other details or
    /// the other account were given.
    pub(super) fn helpful(&self) -> [Fact; 13] {
        let name = |details: &Details| Fact::DisplayName {
            number: details.number,
            name: details.name.as_str().to_owned(),
            status: NameStatus::Approved,
            reason: None,
        };
        let request = |account: &WabaId| Fact::Request { account: account.clone(), status: RequestStatus::Approved };
        let review =
            |account: &WabaId| Fact::AccountReview { account: account.clone(), decision: ReviewDecision::Approved };
        let ([ours, theirs], [account, other]) = (&self.details, &self.account);
        let business = ours.business.clone();
        [
            request(account),
            Fact::BusinessVerification { business, status: BusinessVerification::Verified },
            review(account),
            name(ours),
            Fact::Badge { phone_number: None, status: BadgeStatus::Granted },
            Fact::Template { template: self.template[0].clone(), event: TemplateEvent::Approved, reason: None },
            Fact::NumberVerification { number: ours.number, status: CodeVerification::Verified },
            Fact::NumberStatus { number: ours.number, status: NumberStatus::Connected },
            name(theirs),
            request(other),
            review(other),
            Fact::NumberAdded {
                account: account.clone(),
                number: ours.number,
                phone_number: self.phone_number[0].clone(),
                origin: NumberOrigin::Brand,
            },
            Fact::AppSubscribed { account: account.clone() },
        ]
    }

    /// A fact about them; the same for the same draw.
    #[must_use]
    pub fn fact(&self, draw: u32) -> Fact {
        let mut draw = Draw(draw);
        let any = draw.below(3) == 2;
        let helpful = self.helpful();
        let helpful = helpful.get(draw.below(helpful.len())).cloned();
        helpful.filter(|_| !any).unwrap_or_else(|| self.any_fact(&mut draw))
    }

    fn any_fact(&self, draw: &mut Draw) -> Fact {
        let kind = draw.below(12);
        let account = draw.first(&self.account);
        let Details { number, business, name, .. } = draw.first(&self.details);
        let word = || "PERHAPS".to_owned();
        match kind {
            0 => Fact::Request { account, status: draw.one(RequestStatus::KNOWN, RequestStatus::Unknown(word())) },
            1 => Fact::AccountReview {
                account,
                decision: draw.one(ReviewDecision::KNOWN, ReviewDecision::Unknown(word())),
            },
            2 => {
                let status = draw.one(NameStatus::KNOWN, NameStatus::Unknown(word()));
                let name = draw.one(&[name.as_str(), self.details[0].name.as_str()], "Somebody else").to_owned();
                Fact::DisplayName { number, name, status, reason: None }
            }
            3 => Fact::BusinessVerification {
                business,
                status: draw.one(BusinessVerification::KNOWN, BusinessVerification::Unknown(word())),
            },
            4 => Fact::NumberVerification {
                number,
                status: draw.one(CodeVerification::KNOWN, CodeVerification::Unknown(word())),
            },
            5 => Fact::NumberStatus { number, status: draw.one(NumberStatus::KNOWN, NumberStatus::Unknown(word())) },
            6 => {
                let status = draw.one(BadgeStatus::KNOWN, BadgeStatus::Unknown(word()));
                Fact::Badge { phone_number: draw.one(&self.phone_number.clone().map(Some), None), status }
            }
            7 => {
                let event = draw.one(TemplateEvent::KNOWN, TemplateEvent::Unknown(word()));
                Fact::Template { template: draw.first(&self.template), event, reason: draw.one(&[None], Some(word())) }
            }
            8 => Fact::NumberAdded {
                account,
                number,
                phone_number: draw.first(&self.phone_number),
                origin: draw.one(&[NumberOrigin::Brand], NumberOrigin::PreVerified),
            },
            9 => Fact::AppSubscribed { account },
            10 => Fact::SignupAbandoned { screen: draw.one(SignupScreen::KNOWN, SignupScreen::Unknown(word())) },
            _ => Fact::Account { account, notice: self.any_notice(draw) },
        }
    }

    fn any_notice(&self, draw: &mut Draw) -> AccountNotice {
        use AccountNotice::{
            AccessRemoved, BanLifted, BanScheduled, Banned, Deleted, Offboarded, Reconnected, Restricted,
        };
        let others = [BanScheduled, Banned, BanLifted, Offboarded, Reconnected, AccessRemoved];
        if draw.below(9) < 2 {
            let until = draw.one(&[None], Some(self.begin.plus_hours(1)));
            Restricted { restriction: draw.one(Restriction::KNOWN, Restriction::Unknown("PERHAPS".to_owned())), until }
        } else {
            draw.one(&others, Deleted)
        }
    }

    /// A well-formed command of a kind at an instant; the same for the same draw. A report names this call: the number of the
    /// request, the entry or the attempt that it answers.
    pub(super) fn command(&self, kind: Kind, draw: u32, call: u32, now: Instant) -> Command {
        let mut draw = Draw(draw);
        let good = draw.below(5) < 4;
        match kind {
            Kind::Start => {
                let organisation = draw.first(&self.organisation);
                Command::Start {
                    id: OnboardingId::new(organisation, self.id),
                    plan: draw.one(&[Plan::Walkthrough, Plan::EmbeddedSignup], Plan::PartnerInitiated),
                    business_manager: Attestation::Given,
                    security_center: if good { Attestation::Given } else { Attestation::Missing },
                    takes_over: None,
                }
            }
            Kind::RequestAccount | Kind::CreateAccount | Kind::EndSignup | Kind::AddNumber | Kind::SubscribeApp => {
                self.account_command(kind, good, &mut draw)
            }
            Kind::SignAgreement => Command::SignAgreement { text: self.text.clone() },
            Kind::AcceptTerms => Command::AcceptTerms { text: self.text.clone() },
            Kind::SubmitDetails => Command::SubmitDetails(self.any_details(good, &mut draw)),
            Kind::AnswerRequest => Command::AnswerRequest(if good { Answer::Approved } else { Answer::Declined }),
            Kind::SubmitBusiness => Command::SubmitBusiness,
            Kind::RequestCode => {
                Command::RequestCode { method: if good { CodeMethod::Voice } else { CodeMethod::Sms } }
            }
            Kind::ReportCodeSend => {
                let outcome = if good { CodeSend::Sent } else { draw.one(&[CodeSend::NotSent], CodeSend::Unknown) };
                Command::ReportCodeSend { request: call, outcome }
            }
            Kind::EnterCode => Command::EnterCode,
            Kind::ReportCodeEntry => {
                use CodeAnswer::{Accepted, TooManyGuesses, Unknown, Wrong};
                let answer = draw.one(&[Accepted, Accepted, Wrong, Wrong, TooManyGuesses], Unknown);
                Command::ReportCodeEntry { entry: if good { call } else { draw.0 }, answer }
            }
            Kind::Register => Command::Register,
            Kind::ReportRegistration => {
                use RegistrationAnswer::{Failed, LimitHit, PinMismatch, Registered, Unknown};
                let answer = draw.one(&[Registered, Registered, PinMismatch, LimitHit, Failed { error: 1 }], Unknown);
                Command::ReportRegistration { attempt: if good { call } else { draw.0 }, answer }
            }
            Kind::Activate => {
                let [ours, other] = self.organisation;
                let organisation = if good { ours } else { other };
                let grants = draw.one(&[vec![Grant::AllUsers(Role::Contributor)]], Vec::new());
                Command::Activate { channel: ChannelId::new(organisation, self.id), grants }
            }
            Kind::CompleteProfile => Command::CompleteProfile(Box::new(self.profile.clone())),
            Kind::ApplyForBadge => Command::ApplyForBadge,
            Kind::SubmitTemplate => Command::SubmitTemplate(draw.first(&self.template)),
            Kind::Withdraw => Command::Withdraw,
            Kind::ReleaseNumber => Command::ReleaseNumber,
            Kind::Observe => self.observation(&mut draw, now),
            Kind::Tick => Command::Tick,
        }
    }

    /// How the provider comes to an account, and what makes it ready.
    fn account_command(&self, kind: Kind, good: bool, draw: &mut Draw) -> Command {
        match kind {
            Kind::RequestAccount => Command::RequestAccount { account: draw.first(&self.account) },
            Kind::EndSignup => Command::EndSignup(self.signup_end(good, draw)),
            Kind::AddNumber => {
                let (account, phone_number) = (draw.first(&self.account), draw.first(&self.phone_number));
                Command::AddNumber { account, phone_number }
            }
            Kind::CreateAccount => Command::CreateAccount {
                account: draw.first(&self.account),
                phone_number: self.phone_number[0].clone(),
            },
            _ => Command::SubscribeApp { account: draw.first(&self.account) },
        }
    }

    /// An account without the number, as a rule, or with it; or nothing.
    fn signup_end(&self, good: bool, draw: &mut Draw) -> SignupEnd {
        if !good {
            let screen = draw.one(SignupScreen::KNOWN, SignupScreen::Unknown("PERHAPS".to_owned()));
            return SignupEnd::Abandoned { screen };
        }
        let origin = draw.one(&[NumberOrigin::Brand], NumberOrigin::PreVerified);
        let verification = draw.one(CodeVerification::KNOWN, CodeVerification::Unknown("PERHAPS".to_owned()));
        let number = SignupNumber::new(self.phone_number[0].clone(), origin, verification);
        let account = draw.first(&self.account);
        SignupEnd::Completed { account, number: draw.one(&[None], Some(number)) }
    }

    fn observation(&self, draw: &mut Draw, now: Instant) -> Command {
        let at = match draw.below(97) {
            0..58 => Some(now),
            58..86 => None,
            86..95 => Some(now.plus_minutes(1)),
            95 => Some(Instant::MIN),
            _ => Some(Instant::MAX),
        };
        // Seldom an id that was there before, with another fact: it is the first again.
        let id = FactId::new(Uuid::from_u128(u128::from(draw.0 % 512)));
        Command::Observe { id, at, fact: self.fact(draw.0) }
    }

    /// The details, also with another line, and what mends them: another number, business or name.
    fn any_details(&self, good: bool, draw: &mut Draw) -> Details {
        let [ours, other] = &self.details;
        if good {
            let line = draw.one(&[ours.line], LineKind::Mobile);
            return Details { line, ..ours.clone() };
        }
        Details::new(
            draw.first(&[ours.number, other.number]),
            ours.line,
            draw.first(&[ours.business.clone(), other.business.clone()]),
            draw.first(&[ours.name.clone(), other.name.clone()]),
        )
    }
}
