//! What goes on in a simulation: what people, customers, Meta and the host do with each of two brands.
//!
//! A program asks for one thing after another, with ids that are its own. Begun anew after a crash it asks for the same again.

use whatsapp_inbox::access::{AccessChange, Grant, Holder, Role};
use whatsapp_inbox::channel::{self, Channel};
use whatsapp_inbox::conversation::{self, Conversation, MessageKind, Queue};
use whatsapp_inbox::decider::{Actor, Decider, Source};
use whatsapp_inbox::id::{ConversationId, FactId};
use whatsapp_inbox::onboarding::{Attestation, Command, Details, Fact, Kind, Onboarding, Plan, Step};
use whatsapp_inbox::service::{Answer, Request, ServiceError, Stores};
use whatsapp_inbox::settings::{AutoResolve, AutoResolvePolicy, ClosingWarning, WarnBefore, Window};
use whatsapp_inbox::testing::sample;
use whatsapp_inbox::uuid::Uuid;
use whatsapp_inbox::whatsapp::{
    BusinessVerification, CodeMethod, NameStatus, Pin, RequestStatus, ReviewDecision, VerificationCode,
};

use super::world::{BRANDS, Brand, OPERATOR, TALKS};
use super::{Served, World};

/// The programs of each brand.
const PROGRAMS: usize = 7;

pub const fn program_count() -> usize {
    PROGRAMS * BRANDS.len()
}

pub async fn run_program<S: Stores>(program: usize, service: &Served<'_, S>, world: &World<'_>) {
    let brand = BRANDS[program / PROGRAMS];
    let asks = Asks { brand, program: program % PROGRAMS, service, world };
    match program % PROGRAMS {
        0 => asks.onboards().await,
        1 => asks.delivers(false).await,
        // The same once more, the last first.
        2 => asks.delivers(true).await,
        3 => asks.writes(0).await,
        4 => asks.writes(1).await,
        5 => asks.answers().await,
        _ => asks.keeps_going().await,
    }
}

/// A program on its service.
struct Asks<'a, 'w, S> {
    brand: Brand,
    program: usize,
    service: &'a Served<'w, S>,
    world: &'a World<'w>,
}

/// What is not worth trying again at once.
type Told<A> = Result<Answer<<A as Decider>::Event>, ServiceError<A>>;

/// Gives a command until there is an answer, and writes down what was acknowledged.
macro_rules! ask {
    ($asks:ident, $kind:ty, $id:expr, $n:expr, $actor:expr, $call:expr) => {{
        let command = $asks.brand.id($asks.program, $n);
        loop {
            let request = Request::new(command, $actor, $asks.world.clock.now());
            let told: Told<$kind> = $call(request).await;
            match told {
                Err(ServiceError::Conflict { .. } | ServiceError::Backend(_)) => $asks.waits().await,
                Err(told) => break Err(told),
                Ok(answer) => {
                    if answer != (Answer::Done { version: answer.version(), events: Vec::new() }) {
                        let told = (<$kind>::NAME, $id.to_string(), command, answer.version());
                        $asks.world.acknowledged.borrow_mut().push(told);
                    }
                    break Ok(answer);
                }
            }
        }
    }};
}

impl<S: Stores> Asks<'_, '_, S> {
    async fn waits(&self) {
        self.world.chance.waits(1000).await;
    }

    async fn onboard(&self, n: u128, actor: Actor, command: Command) -> Told<Onboarding> {
        let id = self.brand.onboarding;
        ask!(self, Onboarding, id, n, actor, async |request| {
            self.service.onboarding(id, command.clone(), &request).await
        })
    }

    async fn channel(&self, n: u128, actor: Actor, command: channel::Command) -> Told<Channel> {
        let id = self.brand.channel;
        ask!(self, Channel, id, n, actor, async |request| self.service.channel(id, command.clone(), &request).await)
    }

    async fn talk(&self, talk: u128, n: u128, actor: Actor, command: conversation::Command) -> Told<Conversation> {
        let id = ConversationId::new(self.brand.organisation, Uuid::from_u128(300 + talk));
        ask!(self, Conversation, id, n, actor, async |request| {
            self.service.conversation(id, command.clone(), &request).await
        })
    }

    /// Gives a command until it is accepted, as long as others may still make it acceptable.
    async fn until_accepted(&self, n: u128, actor: Actor, command: Command) {
        for _ in 0..300 {
            if self.onboard(n, actor, command.clone()).await.is_ok() {
                break;
            }
            self.waits().await;
        }
    }

    async fn onboards(&self) {
        let (brand, admin, operator) = (self.brand, self.brand.admin(), Actor::Operator(OPERATOR));
        let start = Command::Start {
            id: brand.onboarding,
            plan: Plan::Walkthrough,
            business_manager: Attestation::Given,
            security_center: Attestation::Given,
            takes_over: None,
        };
        self.until_accepted(1, admin, start).await;
        self.until_accepted(2, admin, Command::SignAgreement { text: sample::text() }).await;
        self.until_accepted(3, admin, Command::AcceptTerms { text: sample::text() }).await;
        let details = |number| {
            let Details { line, business, name, .. } = sample::details();
            Command::SubmitDetails(Details::new(number, line, business, name))
        };
        // Not once more where it has a number: the other brand may have given this one back by then.
        let without = self.world.state::<Onboarding>(brand.onboarding).number().is_none();
        if without && self.onboard(4, admin, details(sample::number())).await.is_err() {
            self.until_accepted(5, admin, details(brand.own_number())).await;
        }
        let (account, phone_number) = (brand.account(), brand.phone_number());
        self.until_accepted(6, operator, Command::CreateAccount { account, phone_number }).await;
        self.verifies(admin).await;
        self.registers(operator).await;
        let grants = [brand.leaver(), brand.stayer()].map(|user| Grant::user(user, Role::Contributor)).to_vec();
        self.until_accepted(7, operator, Command::Activate { channel: brand.channel, grants }).await;
        self.settles_in(admin).await;
    }

    /// Asks for codes and enters them until one is accepted, or reading says so.
    async fn verifies(&self, admin: Actor) {
        let code = VerificationCode::new("990817").expect("six digits");
        for attempt in 0..60 {
            if self.is_done(Step::VerifyNumber) {
                break;
            }
            let n = 1_000 + attempt * 10;
            let _soon = self.onboard(n, admin, Command::RequestCode { method: CodeMethod::Voice }).await;
            self.waits().await;
            let _told = ask!(self, Onboarding, self.brand.onboarding, n + 1, admin, async |request| {
                let answer = self.service.enter_code(self.brand.onboarding, &code, &request).await;
                // The version is that of the answer, which is another command.
                answer.map(|answer| Answer::Done { version: answer.version(), events: Vec::new() })
            });
            self.reads(n + 2, admin).await;
        }
    }

    async fn registers(&self, operator: Actor) {
        let pin = Pin::new("654321").expect("six digits");
        for attempt in 0..60 {
            let onboarding = self.world.state::<Onboarding>(self.brand.onboarding);
            let may_activate = onboarding.allowed(operator, self.world.clock.now()).any(|kind| kind == Kind::Activate);
            if may_activate || onboarding.is_done(Step::ActivateAccount, self.world.clock.now()) {
                break;
            }
            let n = 2_000 + attempt * 10;
            let _told = ask!(self, Onboarding, self.brand.onboarding, n, operator, async |request| {
                let answer = self.service.register(self.brand.onboarding, &pin, &request).await;
                answer.map(|answer| Answer::Done { version: answer.version(), events: Vec::new() })
            });
            self.reads(n + 1, operator).await;
        }
    }

    async fn reads(&self, n: u128, actor: Actor) {
        let request = Request::new(self.brand.id(self.program, n), actor, self.world.clock.now());
        let _told = self.service.settle(self.brand.onboarding, &request).await;
        self.waits().await;
    }

    fn is_done(&self, step: Step) -> bool {
        self.world.state::<Onboarding>(self.brand.onboarding).is_done(step, self.world.clock.now())
    }

    async fn appears(&self) -> bool {
        for _ in 0..600 {
            if self.world.state::<Channel>(self.brand.channel).id().is_some() {
                return true;
            }
            self.waits().await;
        }
        false
    }

    /// Short windows and a warning; then an agent's access is revoked, and the channel of one brand is closed.
    async fn settles_in(&self, admin: Actor) {
        if !self.appears().await {
            return;
        }
        let channel = self.world.state::<Channel>(self.brand.channel);
        if let Some(settings) = channel.settings() {
            let short = AutoResolve::After(Window::minutes(120).expect("two hours"));
            let before = WarnBefore::minutes(60).expect("an hour");
            let with = settings.with().auto_resolve_new(short).auto_resolve_pending(short);
            let with = with.closing_warning(ClosingWarning::Always(before));
            let patch = Box::new(with.patch(&AutoResolvePolicy::default()).expect("legal"));
            let on = channel.settings_version();
            let _told = self.channel(20, admin, channel::Command::ChangeSettings { on, patch }).await;
        }
        for _ in 0..30 {
            self.waits().await;
        }
        for n in 0..5 {
            let on = self.world.state::<Channel>(self.brand.channel).access_version();
            let changes = vec![AccessChange::Revoke(Holder::User(self.brand.leaver()))];
            if self.channel(30 + n, admin, channel::Command::ChangeAccess { on, changes }).await.is_ok() {
                break;
            }
        }
        for _ in 0..30 {
            self.waits().await;
        }
        if self.brand.number == 1 {
            let _told = self.channel(40, admin, channel::Command::Close).await;
        }
    }

    async fn delivers(&self, backwards: bool) {
        let brand = self.brand;
        for _ in 0..600 {
            if self.world.state::<Onboarding>(brand.onboarding).accounts().next().is_some() {
                break;
            }
            self.waits().await;
        }
        let number = self.world.state::<Onboarding>(brand.onboarding).number().unwrap_or(sample::number());
        let account = brand.account();
        let Details { business, name, .. } = sample::details();
        let name = name.as_str().to_owned();
        let facts = [
            Fact::Request { account: account.clone(), status: RequestStatus::Approved },
            Fact::BusinessVerification { business, status: BusinessVerification::Verified },
            Fact::AccountReview { account, decision: ReviewDecision::Approved },
            Fact::DisplayName { number, name, status: NameStatus::Approved, reason: None },
        ];
        let mut facts: Vec<(u128, Fact)> = (50..).zip(facts).collect();
        if backwards {
            facts.reverse();
        }
        for (n, fact) in facts {
            let id = FactId::new(Uuid::from_u128(n));
            // When it was so does not hang on when it is delivered.
            let at = Some(sample::begin().plus_minutes(1));
            self.until_accepted(n, Actor::Meta(Source::Delivery), Command::Observe { id, at, fact }).await;
        }
    }

    async fn writes(&self, talk: u128) {
        if !self.appears().await {
            return;
        }
        let id = ConversationId::new(self.brand.organisation, Uuid::from_u128(300 + talk));
        let begin = conversation::Command::Begin { id, channel: self.brand.channel };
        let _told = self.talk(talk, 1, Actor::Customer, begin).await;
        for n in 2..8 {
            let message = sample::message(n);
            let command = conversation::Command::Receive { message, sent_at: None };
            let _told = self.talk(talk, n, Actor::Customer, command).await;
            for _ in 0..8 {
                self.waits().await;
            }
        }
    }

    async fn answers(&self) {
        if !self.appears().await {
            return;
        }
        for n in 0..24_u128 {
            let user = if n % 3 == 2 { self.brand.stayer() } else { self.brand.leaver() };
            let command = match n % 8 {
                0..3 => conversation::Command::Reply { message: sample::message(100 + n), kind: MessageKind::FreeText },
                3 => conversation::Command::Take,
                4 => conversation::Command::Snooze { until: sample::begin().plus_days(2) },
                5 => conversation::Command::Move { to: Queue::Pending },
                6 => conversation::Command::Wake,
                _ => conversation::Command::Unassign,
            };
            let _told = self.talk(n / 2 % TALKS, 100 + n, Actor::User(user), command).await;
            for _ in 0..3 {
                self.waits().await;
            }
        }
    }

    /// What a host repeats.
    async fn keeps_going(&self) {
        for _ in 0..self.world.rounds {
            let now = self.world.clock.now();
            let _ticked = self.service.tick(now, 4).await;
            let _relayed = self.service.relay(now, 4).await;
            self.waits().await;
        }
    }
}
