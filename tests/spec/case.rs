//! One onboarding that is told step by step: given, when, then.

use whatsapp_inbox::access::{Grant, Role};
use whatsapp_inbox::decider::{Actor, Context, Decider, Policy, Source};
use whatsapp_inbox::id::{ChannelId, CommandId, FactId, OnboardingId, OperatorId, OrganisationId, UserId};
use whatsapp_inbox::onboarding::{
    AccountNotice, Answer, Attestation, CodeAnswer, CodeSend, Command, Details, DetailsDraft, Event, Fact, Inheritance,
    Kind, Onboarding, Plan, Refused, RegistrationAnswer, SignupEnd, SignupNumber, Status, Step, StepSet, TextReference,
};
use whatsapp_inbox::time::Instant;
use whatsapp_inbox::uuid::Uuid;
use whatsapp_inbox::whatsapp::{
    BadgeStatus, BusinessManagerId, BusinessVerification, CodeMethod, CodeVerification, NameRejection, NameStatus,
    NumberStatus, NumberUse, PhoneNumber, PhoneNumberId, Profile, ProfileDraft, RequestStatus, ReviewDecision,
    TemplateEvent, TemplateKey, WabaId,
};

pub const ORGANISATION: OrganisationId = OrganisationId::new(Uuid::from_u128(1));
pub const OTHER_ORGANISATION: OrganisationId = OrganisationId::new(Uuid::from_u128(2));
pub const ADMIN: Actor = Actor::Admin(UserId::new(ORGANISATION, Uuid::from_u128(10)));
pub const USER: Actor = Actor::User(UserId::new(ORGANISATION, Uuid::from_u128(11)));
pub const FOREIGN_ADMIN: Actor = Actor::Admin(UserId::new(OTHER_ORGANISATION, Uuid::from_u128(10)));
pub const OPERATOR: Actor = Actor::Operator(OperatorId::new(Uuid::from_u128(20)));
pub const META: Actor = Actor::Meta(Source::Delivery);
pub const GRAPH: Actor = Actor::Meta(Source::GraphApi);
pub const OBSERVED: Actor = Actor::Meta(Source::Observed(OperatorId::new(Uuid::from_u128(20))));
pub const ID: OnboardingId = OnboardingId::new(ORGANISATION, Uuid::from_u128(100));
pub const CHANNEL: ChannelId = ChannelId::new(ORGANISATION, Uuid::from_u128(200));

/// That Meta has lost the account.
pub fn lose(loss: whatsapp_inbox::channel::Loss) -> whatsapp_inbox::channel::Command {
    whatsapp_inbox::channel::Command::LoseAccount { account: waba(ACCOUNT), number: None, phone_number: None, loss }
}

pub const NUMBER: &str = "+49 40 1234567";
pub const OTHER_NUMBER: &str = "+49 151 23456789";
pub const BUSINESS: &str = "328888869464070";
pub const OTHER_BUSINESS: &str = "99000000000001";
pub const NAME: &str = "Harbour Bakery";
pub const OTHER_NAME: &str = "Harbour Bakery Hamburg";
pub const ACCOUNT: &str = "475722846428926";
pub const PHONE_NUMBER: &str = "457147519855515";
pub const OTHER_ACCOUNT: &str = "475722846428927";

/// An onboarding, the events that made it, and the clock.
#[derive(Debug, Clone)]
pub struct Case {
    pub onboarding: Onboarding,
    pub events: Vec<Event>,
    pub now: Instant,
    pub policy: Policy,
    pub number_use: Option<NumberUse>,
    facts: u128,
}

impl Case {
    /// Nothing has happened yet. It is Monday, 5 January 2026, 9:00 UTC.
    pub fn new() -> Self {
        Self {
            onboarding: Onboarding::default(),
            events: Vec::new(),
            now: at("2026-01-05T09:00:00Z"),
            policy: Policy::default(),
            number_use: None,
            facts: 1000,
        }
    }

    /// Everything is done up to this step, which is open (or in review), on the shortest way; the clock has not moved.
    pub fn open(step: Step) -> Self {
        Self::open_in(Plan::Walkthrough, step)
    }

    /// The same by a plan, the steps in the order of its table.
    pub fn open_in(plan: Plan, step: Step) -> Self {
        let mut case = Self::new();
        case.does(ADMIN, start_in(plan, None));
        for earlier in plan.rows().iter().map(|row| row.step).take_while(|earlier| *earlier != step) {
            case.complete(earlier);
        }
        case
    }

    /// Everything is done.
    pub fn complete_onboarding() -> Self {
        let mut case = Self::open(Step::AddTemplates);
        case.complete(Step::AddTemplates);
        case
    }

    /// Starts, with everything attested.
    pub fn start(&mut self) -> &mut Self {
        self.does(ADMIN, start(None))
    }

    /// Does what completes a step that is open.
    pub fn complete(&mut self, step: Step) -> &mut Self {
        match step {
            Step::SignAgreement => self.does(ADMIN, sign()),
            Step::AcceptTerms => self.does(ADMIN, accept()),
            Step::SubmitDetails => self.does(ADMIN, Command::SubmitDetails(details())),
            Step::CreateAccount => self.does(OPERATOR, create(ACCOUNT)),
            Step::ApproveRequest => self.fact(request(ACCOUNT, RequestStatus::Approved)),
            Step::VerifyBusiness => self.fact(business(BusinessVerification::Verified)),
            Step::ApproveNumber => {
                self.fact(review(ACCOUNT, ReviewDecision::Approved)).fact(name(NAME, NameStatus::Approved))
            }
            Step::VerifyNumber => self.send_code(CodeMethod::Voice).enter(CodeAnswer::Accepted),
            Step::ActivateAccount => self.register(RegistrationAnswer::Registered).does(OPERATOR, activate()),
            Step::CompleteProfile => self.does(ADMIN, Command::CompleteProfile(Box::new(profile()))),
            Step::ObtainBadge => self.does(OPERATOR, Command::ApplyForBadge).fact(badge(BadgeStatus::Granted)),
            Step::AddTemplates => self.fact(template(TemplateEvent::Approved)),
            Step::CompleteSignup => self.does(ADMIN, signed_up(None)),
            Step::RequestAccount => self.does(OPERATOR, Command::RequestAccount { account: waba(ACCOUNT) }),
            Step::AddNumber => self.does(OPERATOR, add_number(ACCOUNT)),
            Step::SubscribeApp => self.does(OPERATOR, subscribe(ACCOUNT)),
        }
    }

    /// Asks for a code and has it sent.
    pub fn send_code(&mut self, method: CodeMethod) -> &mut Self {
        self.does(ADMIN, Command::RequestCode { method }).reports(CodeSend::Sent)
    }

    /// The transport reports what became of the latest request for a code.
    #[track_caller]
    pub fn reports(&mut self, outcome: CodeSend) -> &mut Self {
        let request = self.last_request();
        self.does(GRAPH, Command::ReportCodeSend { request, outcome })
    }

    /// The number of the latest request for a code.
    pub fn last_request(&self) -> u32 {
        use whatsapp_inbox::onboarding::Change;
        let request = |event: &Event| match event.change {
            Change::CodeRequested { request, .. } => Some(request),
            _ => None,
        };
        self.events.iter().rev().find_map(request).unwrap_or(0)
    }

    /// Enters a code, and has it answered.
    pub fn enter(&mut self, answer: CodeAnswer) -> &mut Self {
        self.does(ADMIN, Command::EnterCode);
        let entry = self.last_entry();
        self.does(GRAPH, Command::ReportCodeEntry { entry, answer })
    }

    /// Registers the number, and has it answered.
    pub fn register(&mut self, answer: RegistrationAnswer) -> &mut Self {
        self.does(OPERATOR, Command::Register);
        let attempt = self.last_attempt();
        self.does(GRAPH, Command::ReportRegistration { attempt, answer })
    }

    /// The number of the latest entry of a code.
    pub fn last_entry(&self) -> u32 {
        use whatsapp_inbox::onboarding::Change;
        let entry = |event: &Event| match event.change {
            Change::CodeEntryBegun { entry, .. } => Some(entry),
            _ => None,
        };
        self.events.iter().rev().find_map(entry).unwrap_or(0)
    }

    /// The number of the latest attempt to register.
    pub fn last_attempt(&self) -> u32 {
        use whatsapp_inbox::onboarding::Change;
        let attempt = |event: &Event| match event.change {
            Change::RegistrationBegun { attempt } => Some(attempt),
            _ => None,
        };
        self.events.iter().rev().find_map(attempt).unwrap_or(0)
    }

    /// Gives a command, and takes what comes of it.
    pub fn tries(&mut self, actor: Actor, command: Command) -> Result<Vec<Event>, Refused> {
        let id = CommandId::new(Uuid::from_u128(self.events.len() as u128));
        let mut context = Context::new(self.now, actor, id, &self.policy);
        if let Some(number_use) = &self.number_use {
            context = context.with_number_use(number_use);
        }
        let events = self.onboarding.decide(command, &context)?;
        for event in &events {
            self.onboarding = std::mem::take(&mut self.onboarding).evolve(event);
        }
        self.events.extend(events.iter().cloned());
        Ok(events)
    }

    /// Gives a command that must be accepted.
    #[track_caller]
    pub fn does(&mut self, actor: Actor, command: Command) -> &mut Self {
        let shown = format!("{command:?}");
        if let Err(refused) = self.tries(actor, command) {
            panic!("{shown} by {actor}: {refused}");
        }
        self
    }

    /// Gives a command that must be refused, and says why.
    #[track_caller]
    pub fn refused(&mut self, actor: Actor, command: Command) -> Refused {
        let before = self.onboarding.clone();
        let shown = format!("{command:?}");
        let Err(refused) = self.tries(actor, command) else { panic!("{shown} by {actor} was accepted") };
        assert_eq!(self.onboarding, before, "a refusal changes nothing");
        refused
    }

    /// Meta delivers a fact that is so from now on.
    #[track_caller]
    pub fn fact(&mut self, fact: Fact) -> &mut Self {
        let now = self.now;
        self.fact_at(now, fact)
    }

    /// Meta delivers a fact that is so since some instant.
    #[track_caller]
    pub fn fact_at(&mut self, since: Instant, fact: Fact) -> &mut Self {
        self.facts += 1;
        let id = FactId::new(Uuid::from_u128(self.facts));
        self.does(META, Command::Observe { id, at: Some(since), fact })
    }

    /// Time passes.
    pub fn minutes(&mut self, minutes: u32) -> &mut Self {
        self.now = self.now.plus_minutes(minutes);
        self
    }

    /// Time passes.
    pub fn days(&mut self, days: u32) -> &mut Self {
        self.now = self.now.plus_days(days);
        self
    }

    /// Time passes, or goes back.
    pub fn until(&mut self, instant: Instant) -> &mut Self {
        self.now = instant;
        self
    }

    pub fn status(&self, step: Step) -> Status {
        self.onboarding.status(step, self.now)
    }

    pub fn done(&self) -> StepSet {
        Step::ALL.into_iter().filter(|step| self.onboarding.is_done(*step, self.now)).collect()
    }

    pub fn allows(&self, actor: Actor, kind: Kind) -> bool {
        self.onboarding.allowed(actor, self.now).any(|allowed| allowed == kind)
    }
}

pub fn at(text: &str) -> Instant {
    text.parse().expect(text)
}

/// The instant some milliseconds later, or earlier if negative.
pub fn shifted(instant: Instant, millis: i64) -> Instant {
    Instant::from_unix_millis(instant.unix_millis() + millis).expect("in range")
}

pub fn number(text: &str) -> PhoneNumber {
    PhoneNumber::new(text).expect(text)
}

pub fn phone_number_id(text: &str) -> PhoneNumberId {
    PhoneNumberId::new(text).expect(text)
}

pub fn waba(text: &str) -> WabaId {
    WabaId::new(text).expect(text)
}

pub fn manager(text: &str) -> BusinessManagerId {
    BusinessManagerId::new(text).expect(text)
}

pub fn start(takes_over: Option<Inheritance>) -> Command {
    start_in(Plan::Walkthrough, takes_over)
}

pub fn start_in(plan: Plan, takes_over: Option<Inheritance>) -> Command {
    let (business_manager, security_center) = (Attestation::Given, Attestation::Given);
    Command::Start { id: ID, plan, business_manager, security_center, takes_over: takes_over.map(Box::new) }
}

/// The brand comes back from the signup with an account, and with the number in it or not.
pub fn signed_up(number: Option<SignupNumber>) -> Command {
    Command::EndSignup(SignupEnd::Completed { account: waba(ACCOUNT), number })
}

pub fn add_number(account: &str) -> Command {
    Command::AddNumber { account: waba(account), phone_number: phone_number_id(PHONE_NUMBER) }
}

pub fn subscribe(account: &str) -> Command {
    Command::SubscribeApp { account: waba(account) }
}

pub fn sign() -> Command {
    Command::SignAgreement { text: TextReference::new("agreement 2026-01").expect("a version") }
}

pub fn accept() -> Command {
    Command::AcceptTerms {
        text: TextReference::new("https://www.whatsapp.com/legal/business-terms").expect("an address"),
    }
}

/// The details that every case begins with: a land line without a voice menu.
pub fn details() -> Details {
    details_of(NUMBER, BUSINESS, NAME)
}

pub fn details_of(number: &str, business: &str, name: &str) -> Details {
    draft(number, "land-line", business, name).check().expect("sound details")
}

pub fn mobile_details() -> Details {
    draft(NUMBER, "mobile", BUSINESS, NAME).check().expect("sound details")
}

pub fn draft(number: &str, line: &str, business: &str, name: &str) -> DetailsDraft {
    let mut draft = DetailsDraft::default();
    draft.phone_number = number.into();
    draft.line = line.into();
    draft.ivr = "absent".into();
    draft.business_manager_id = business.into();
    draft.display_name = name.into();
    draft
}

pub fn create(account: &str) -> Command {
    Command::CreateAccount { account: waba(account), phone_number: phone_number_id(PHONE_NUMBER) }
}

pub fn answer(answer: Answer) -> Command {
    Command::AnswerRequest(answer)
}

pub fn activate() -> Command {
    Command::Activate { channel: CHANNEL, grants: vec![Grant::AllUsers(Role::Contributor)] }
}

pub fn profile() -> Profile {
    let mut draft = ProfileDraft::default();
    draft.about = "Bread and rolls, baked by the harbour.".into();
    draft.logo = "harbour-logo".into();
    draft.check().expect("a sound profile")
}

pub fn request(account: &str, status: RequestStatus) -> Fact {
    Fact::Request { account: waba(account), status }
}

pub fn review(account: &str, decision: ReviewDecision) -> Fact {
    Fact::AccountReview { account: waba(account), decision }
}

pub fn name(name: &str, status: NameStatus) -> Fact {
    let reason = (status == NameStatus::Declined).then_some(NameRejection::Format);
    Fact::DisplayName { number: number(NUMBER), name: name.to_owned(), status, reason }
}

pub fn business(status: BusinessVerification) -> Fact {
    Fact::BusinessVerification { business: manager(BUSINESS), status }
}

pub fn verification(status: CodeVerification) -> Fact {
    Fact::NumberVerification { number: number(NUMBER), status }
}

pub fn number_status(status: NumberStatus) -> Fact {
    Fact::NumberStatus { number: number(NUMBER), status }
}

pub fn badge(status: BadgeStatus) -> Fact {
    Fact::Badge { phone_number: None, status }
}

pub fn key(name: &str) -> TemplateKey {
    TemplateKey::new(name, "en_US").expect(name)
}

pub fn template(event: TemplateEvent) -> Fact {
    Fact::Template { template: key("loaf_ready"), event, reason: None }
}

pub fn notice(notice: AccountNotice) -> Fact {
    Fact::Account { account: waba(ACCOUNT), notice }
}
