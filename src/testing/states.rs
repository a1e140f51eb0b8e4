//! Any state in one line.

use uuid::Uuid;

use super::{Case, sample};
use crate::access::{Grant, Role};
use crate::channel::{self, Channel, Opening};
use crate::conversation::{self, Conversation, MessageKind, Queue};
use crate::decider::Actor;
use crate::id::FactId;
use crate::onboarding::{
    self, Attestation, CodeAnswer, CodeSend, Command, Fact, Onboarding, Plan, RegistrationAnswer, SignupEnd, Step,
};
use crate::settings::{ClosingWarning, WarnBefore};
use crate::whatsapp::{
    BadgeStatus, BusinessVerification, CodeMethod, NameStatus, RequestStatus, ReviewDecision, TemplateEvent,
};

const ADMIN: Actor = Actor::Admin(sample::ADMIN);
const OPERATOR: Actor = Actor::Operator(sample::OPERATOR);
const ANA: Actor = Actor::User(sample::ANA);

impl Case<Onboarding> {
    /// The article's walkthrough, where everything is done up to this step, which is open or in review. No time has passed.
    ///
    /// ```
    /// use whatsapp_inbox::onboarding::{Onboarding, Status, Step};
    /// use whatsapp_inbox::testing::Case;
    ///
    /// for step in Step::ALL {
    ///     let case = Case::<Onboarding>::at_step(step);
    ///     assert!(!case.state.is_done(step, case.now));
    /// }
    /// ```
    #[track_caller]
    #[must_use]
    pub fn at_step(step: Step) -> Self {
        Self::at_step_of(Plan::Walkthrough, step)
    }

    /// The same by any plan. From the embedded signup the brand comes back with an account and no number.
    ///
    /// ```
    /// use whatsapp_inbox::onboarding::{Onboarding, Plan};
    /// use whatsapp_inbox::testing::Case;
    ///
    /// for plan in Plan::ALL {
    ///     for row in plan.rows() {
    ///         let case = Case::<Onboarding>::at_step_of(plan, row.step);
    ///         assert!(!case.state.is_done(row.step, case.now));
    ///     }
    /// }
    /// ```
    #[track_caller]
    #[must_use]
    pub fn at_step_of(plan: Plan, step: Step) -> Self {
        let mut case = Self::started(plan);
        for earlier in plan.rows().iter().map(|row| row.step).take_while(|earlier| *earlier != step) {
            case.completes(earlier);
        }
        case
    }

    /// Every step of the walkthrough is done.
    #[track_caller]
    #[must_use]
    pub fn complete() -> Self {
        let mut case = Self::started(Plan::Walkthrough);
        for row in Plan::Walkthrough.rows() {
            case.completes(row.step);
        }
        case
    }

    fn started(plan: Plan) -> Self {
        let mut case = Self::new();
        let start = Command::Start {
            id: sample::ONBOARDING,
            plan,
            business_manager: Attestation::Given,
            security_center: Attestation::Given,
            takes_over: None,
        };
        case.given(ADMIN, start);
        case
    }

    /// Does what completes a step that is open.
    ///
    /// # Panics
    ///
    /// If it is not open.
    #[track_caller]
    pub fn completes(&mut self, step: Step) -> &mut Self {
        let account = sample::account();
        match step {
            Step::SignAgreement => self.given(ADMIN, Command::SignAgreement { text: sample::text() }),
            Step::AcceptTerms => self.given(ADMIN, Command::AcceptTerms { text: sample::text() }),
            Step::SubmitDetails => self.given(ADMIN, Command::SubmitDetails(sample::details())),
            Step::CreateAccount => {
                self.given(OPERATOR, Command::CreateAccount { account, phone_number: sample::phone_number_id() })
            }
            Step::ApproveRequest => self.meta_says(Fact::Request { account, status: RequestStatus::Approved }),
            Step::VerifyBusiness => {
                let business = sample::details().business;
                self.meta_says(Fact::BusinessVerification { business, status: BusinessVerification::Verified })
            }
            Step::ApproveNumber => {
                let name = sample::details().name.as_str().to_owned();
                let (number, status) = (sample::number(), NameStatus::Approved);
                self.meta_says(Fact::AccountReview { account, decision: ReviewDecision::Approved });
                self.meta_says(Fact::DisplayName { number, name, status, reason: None })
            }
            Step::VerifyNumber => self.sends_code(CodeSend::Sent).enters_code(CodeAnswer::Accepted),
            Step::ActivateAccount => {
                let grants = vec![Grant::AllUsers(Role::Contributor)];
                self.registers(RegistrationAnswer::Registered)
                    .given(OPERATOR, Command::Activate { channel: sample::CHANNEL, grants })
            }
            Step::CompleteProfile => self.given(ADMIN, Command::CompleteProfile(Box::new(sample::profile()))),
            Step::ObtainBadge => {
                let granted = Fact::Badge { phone_number: None, status: BadgeStatus::Granted };
                self.given(OPERATOR, Command::ApplyForBadge).meta_says(granted)
            }
            Step::AddTemplates => {
                let (template, event) = (sample::template(), TemplateEvent::Approved);
                self.meta_says(Fact::Template { template, event, reason: None })
            }
            Step::CompleteSignup => {
                self.given(ADMIN, Command::EndSignup(SignupEnd::Completed { account, number: None }))
            }
            Step::RequestAccount => self.given(OPERATOR, Command::RequestAccount { account }),
            Step::AddNumber => {
                self.given(OPERATOR, Command::AddNumber { account, phone_number: sample::phone_number_id() })
            }
            Step::SubscribeApp => self.given(OPERATOR, Command::SubscribeApp { account }),
        }
    }

    /// Meta delivers that something is so from now on.
    #[track_caller]
    pub fn meta_says(&mut self, fact: Fact) -> &mut Self {
        let id = FactId::new(Uuid::from_u128(u128::try_from(self.events.len()).unwrap_or(u128::MAX)));
        let at = Some(self.now);
        self.given(sample::META, Command::Observe { id, at, fact })
    }

    /// A code is asked for, and Meta answers.
    #[track_caller]
    pub fn sends_code(&mut self, outcome: CodeSend) -> &mut Self {
        let events = self.when(ADMIN, Command::RequestCode { method: CodeMethod::Voice }).events();
        let request = events.iter().find_map(called).unwrap_or_default();
        self.given(sample::GRAPH, Command::ReportCodeSend { request, outcome })
    }

    /// The code is entered, and Meta answers.
    #[track_caller]
    pub fn enters_code(&mut self, answer: CodeAnswer) -> &mut Self {
        let entry = self.when(ADMIN, Command::EnterCode).events().iter().find_map(called).unwrap_or_default();
        self.given(sample::GRAPH, Command::ReportCodeEntry { entry, answer })
    }

    /// The number is registered, and Meta answers.
    #[track_caller]
    pub fn registers(&mut self, answer: RegistrationAnswer) -> &mut Self {
        let attempt = self.when(OPERATOR, Command::Register).events().iter().find_map(called).unwrap_or_default();
        self.given(sample::GRAPH, Command::ReportRegistration { attempt, answer })
    }
}

/// The number of the call to Meta that began.
const fn called(event: &onboarding::Event) -> Option<u32> {
    use onboarding::Change::{CodeEntryBegun, CodeRequested, RegistrationBegun};
    match event.change {
        CodeRequested { request: call, .. }
        | CodeEntryBegun { entry: call, .. }
        | RegistrationBegun { attempt: call } => Some(call),
        _ => None,
    }
}

impl Case<Channel> {
    /// A channel on WhatsApp with these grants.
    ///
    /// ```
    /// use whatsapp_inbox::access::{Grant, Role};
    /// use whatsapp_inbox::channel::{Channel, Command};
    /// use whatsapp_inbox::decider::Actor;
    /// use whatsapp_inbox::testing::{Case, sample};
    ///
    /// let mut case = Case::<Channel>::open([Grant::user(sample::ANA, Role::Supervisor)]);
    /// case.when(Actor::User(sample::ANA), Command::Close).is_refused("admin-only");
    /// case.when(Actor::Admin(sample::ADMIN), Command::Close).happens(["closed"]);
    /// ```
    #[track_caller]
    #[must_use]
    pub fn open(grants: impl IntoIterator<Item = Grant>) -> Self {
        let opening = Opening::new(sample::CHANNEL, sample::channel_name()).on_whatsapp(sample::line());
        let mut case = Self::new();
        case.given(Actor::System, channel::Command::Open(Box::new(opening.with_grants(grants))));
        case
    }

    /// The same, closed by an admin.
    #[track_caller]
    #[must_use]
    pub fn closed(grants: impl IntoIterator<Item = Grant>) -> Self {
        let mut case = Self::open(grants);
        case.given(ADMIN, channel::Command::Close);
        case
    }
}

impl Case<Conversation> {
    /// A conversation in a queue: the customer wrote; for Pending Ana replied, who owns it now; for Resolved she then resolved it.
    ///
    /// ```
    /// use whatsapp_inbox::conversation::{Conversation, Queue};
    /// use whatsapp_inbox::testing::{Case, sample};
    ///
    /// for queue in Queue::ALL {
    ///     let case = Case::<Conversation>::in_queue(queue);
    ///     assert_eq!(case.state.queue(case.now), Some(queue));
    ///     assert_eq!(case.state.owner(case.now), (queue == Queue::Pending).then_some(sample::ANA));
    /// }
    /// ```
    #[track_caller]
    #[must_use]
    pub fn in_queue(queue: Queue) -> Self {
        let mut case = Self::new();
        case.given(
            Actor::Customer,
            conversation::Command::Begin { id: sample::CONVERSATION, channel: sample::CHANNEL },
        );
        case.customer_writes();
        if queue != Queue::New {
            case.given(ANA, reply());
        }
        if queue == Queue::Resolved {
            case.given(ANA, conversation::Command::Move { to: Queue::Resolved });
        }
        case
    }

    /// In a queue, and snoozed by Ana for a day.
    #[track_caller]
    #[must_use]
    pub fn snoozed_in(queue: Queue) -> Self {
        let mut case = Self::in_queue(queue);
        let until = case.now.plus_days(1);
        case.given(ANA, conversation::Command::Snooze { until });
        case
    }

    /// In Pending, and the customer was told an hour before its close, which is next.
    #[track_caller]
    #[must_use]
    pub fn warned() -> Self {
        let mut case = Self::in_queue(Queue::Pending);
        case.rules.warning = WarnBefore::minutes(60).map_or(ClosingWarning::Off, ClosingWarning::Always);
        case.given(ANA, conversation::Command::Move { to: Queue::New });
        case.given(ANA, reply()).until_due().given(Actor::System, conversation::Command::Tick);
        let outcome = conversation::WarningOutcome::Sent;
        case.given(Actor::System, conversation::Command::ReportWarning { attempt: 1, outcome });
        case
    }

    /// The customer writes.
    #[track_caller]
    pub fn customer_writes(&mut self) -> &mut Self {
        let message = sample::message(1);
        self.given(Actor::Customer, conversation::Command::Receive { message, sent_at: None })
    }
}

const fn reply() -> conversation::Command {
    conversation::Command::Reply { message: sample::message(2), kind: MessageKind::FreeText }
}
