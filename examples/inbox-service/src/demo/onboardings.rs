//! Three onboardings: one that is live, one that needs attention, one that has just begun.

use whatsapp_inbox::access::{Grant, Role};
use whatsapp_inbox::decider::Actor;
use whatsapp_inbox::id::{FactId, OnboardingId};
use whatsapp_inbox::onboarding::{Answer, Attestation, Command, Details, Fact, Plan, TextReference};
use whatsapp_inbox::port::Backend;
use whatsapp_inbox::time::Instant;
use whatsapp_inbox::uuid::Uuid;
use whatsapp_inbox::whatsapp::{
    BusinessManagerId, BusinessVerification, CodeMethod, DisplayName, LineKind, NameRejection, NameStatus, PhoneNumber,
    PhoneNumberId, Pin, Profile, ProfileDraft, RequestStatus, ReviewDecision, TemplateKey, VerificationCode, WabaId,
};

use super::{BAKERY, CEM, COUNTER, ELI, MARA, META, OPERATOR, ORDERS, Seed, command, request, told};

/// A number, as it is known at Meta.
pub(super) struct AtMeta {
    pub(super) name: &'static str,
    pub(super) digits: &'static str,
    pub(super) account: &'static str,
    pub(super) phone_number: &'static str,
}

/// Of the channel that is live.
pub(super) const LIVE: AtMeta = AtMeta {
    name: "Harbour Bakery",
    digits: "+49 40 12345678",
    account: "102290129340398",
    phone_number: "106540352242922",
};

const DECLINED: AtMeta = AtMeta {
    name: "Harbour Bakery Wholesale",
    digits: "+49 40 87654321",
    account: "102290129340399",
    phone_number: "106540352242923",
};

const BUSINESS: &str = "203040506070809";
const MARA_ACTS: Actor = Actor::Admin(MARA);
const OPERATOR_ACTS: Actor = Actor::Operator(OPERATOR);

/// Values of the story, which are sound.
fn read<T, E: std::error::Error + Send + Sync + 'static>(value: Result<T, E>) -> Result<T, Backend> {
    value.map_err(Backend::new)
}

impl Seed<'_> {
    pub(super) async fn onboardings(&self) -> Result<(), Backend> {
        self.live().await?;
        self.needs_attention().await?;
        self.just_begun().await
    }

    async fn live(&self) -> Result<(), Backend> {
        let id = OnboardingId::new(BAKERY, Uuid::from_u128(0x0b1));
        let day = |day: i64| self.hours_ago((12 - day) * 24);
        self.until_account(id, &LIVE, day(0)).await?;
        let AtMeta { account, phone_number, digits: number, name } = LIVE;
        let (account, number) = (read(WabaId::new(account))?, read(PhoneNumber::new(number))?);
        let phone_number = read(PhoneNumberId::new(phone_number))?;
        let business = read(BusinessManagerId::new(BUSINESS))?;
        let approved = NameStatus::Approved;
        let facts = [
            Fact::Request { account: account.clone(), status: RequestStatus::Approved },
            Fact::AccountReview { account: account.clone(), decision: ReviewDecision::Approved },
            Fact::DisplayName { number, name: name.to_owned(), status: approved, reason: None },
            Fact::BusinessVerification { business, status: BusinessVerification::Verified },
        ];
        for (n, fact) in facts.into_iter().enumerate() {
            self.fact(id, &format!("live {n}"), day(1 + i64::try_from(n).unwrap_or_default()), fact).await?;
        }
        // The code goes the way it goes in life: the relay asks the stand-in for it.
        let (asks, enters) = (day(5), day(5).plus_minutes(3));
        self.step(id, "live code", MARA_ACTS, asks, Command::RequestCode { method: CodeMethod::Sms }).await?;
        self.app.service.relay(asks, 64).await?;
        let code = read(VerificationCode::new(crate::stand_in::RIGHT_CODE))?;
        let entered = self.app.service.enter_code(id, &code, &request(&["live enters"], MARA_ACTS, enters)).await;
        told(&["live", "enters the code"], entered)?;
        let registers = request(&["live registers"], OPERATOR_ACTS, day(5).plus_hours(1));
        let registered = self.app.service.register(id, &read(Pin::new("135790"))?, &registers).await;
        told(&["live", "registers"], registered)?;
        self.app.host.note_channel(ORDERS, Some((&phone_number, &account))).await?;
        let grants = vec![
            Grant::ALL_USERS,
            Grant::Team(COUNTER),
            Grant::user(CEM, Role::Supervisor),
            Grant::user_until(ELI, Role::Supervisor, self.hours_ago(48)),
        ];
        let activate = Command::Activate { channel: ORDERS, grants };
        self.step(id, "live activates", OPERATOR_ACTS, day(5).plus_hours(2), activate).await?;
        self.app.service.relay(day(5).plus_hours(2), 64).await?;
        let profile = Command::CompleteProfile(Box::new(profile()?));
        self.step(id, "live profile", MARA_ACTS, day(6), profile).await?;
        self.step(id, "live badge", OPERATOR_ACTS, day(11), Command::ApplyForBadge).await?;
        let template = read(TemplateKey::new("loaf_ready", "en_US"))?;
        self.step(id, "live template", MARA_ACTS, day(6), Command::SubmitTemplate(template)).await
    }

    /// The name was declined, and the business has been looked at for longer than usual.
    async fn needs_attention(&self) -> Result<(), Backend> {
        let id = OnboardingId::new(BAKERY, Uuid::from_u128(0x0b2));
        self.until_account(id, &DECLINED, self.hours_ago(7 * 24)).await?;
        let number = read(PhoneNumber::new(DECLINED.digits))?;
        let (status, reason) = (NameStatus::Declined, Some(NameRejection::Format));
        let declined = Fact::DisplayName { number, name: DECLINED.name.to_owned(), status, reason };
        let account = read(WabaId::new(DECLINED.account))?;
        let approved = Fact::Request { account, status: RequestStatus::Approved };
        self.fact(id, "declined request", self.hours_ago(6 * 24), approved).await?;
        self.step(id, "declined business", MARA_ACTS, self.hours_ago(6 * 24 - 1), Command::SubmitBusiness).await?;
        self.fact(id, "declined name", self.hours_ago(4 * 24), declined).await
    }

    async fn just_begun(&self) -> Result<(), Backend> {
        let id = OnboardingId::new(BAKERY, Uuid::from_u128(0x0b3));
        self.begin(id, "begun", self.hours_ago(20)).await?;
        let text = read(TextReference::new("agreement 2026-01"))?;
        self.step(id, "begun agreement", MARA_ACTS, self.hours_ago(19), Command::SignAgreement { text }).await
    }

    /// From the start to the account that the provider created, and the brand's answer.
    async fn until_account(&self, id: OnboardingId, number: &AtMeta, at: Instant) -> Result<(), Backend> {
        let name = number.name;
        self.begin(id, name, at).await?;
        let agreement = read(TextReference::new("agreement 2026-01"))?;
        let terms = read(TextReference::new("https://www.whatsapp.com/legal/business-terms"))?;
        let details = Details::new(
            read(PhoneNumber::new(number.digits))?,
            LineKind::Mobile,
            read(BusinessManagerId::new(BUSINESS))?,
            read(DisplayName::new(name))?,
        );
        let (account, phone_number) =
            (read(WabaId::new(number.account))?, read(PhoneNumberId::new(number.phone_number))?);
        for trace in [&details.number.to_string(), number.account, number.phone_number, BUSINESS] {
            self.app.host.note_trace(id, trace).await?;
        }
        let steps = [
            ("agreement", MARA_ACTS, Command::SignAgreement { text: agreement }),
            ("terms", MARA_ACTS, Command::AcceptTerms { text: terms }),
            ("details", MARA_ACTS, Command::SubmitDetails(details)),
            ("account", OPERATOR_ACTS, Command::CreateAccount { account, phone_number }),
            ("answer", MARA_ACTS, Command::AnswerRequest(Answer::Approved)),
        ];
        for ((what, actor, command), minutes) in steps.into_iter().zip([10, 20, 40, 180, 200]) {
            self.step(id, &format!("{name} {what}"), actor, at.plus_minutes(minutes), command).await?;
        }
        Ok(())
    }

    async fn begin(&self, id: OnboardingId, what: &str, at: Instant) -> Result<(), Backend> {
        self.app.host.note_onboarding(id).await?;
        self.app.host.add_served(OPERATOR, id).await?;
        let start = Command::Start {
            id,
            plan: Plan::Walkthrough,
            business_manager: Attestation::Given,
            security_center: Attestation::Given,
            takes_over: None,
        };
        self.step(id, &format!("{what} start"), MARA_ACTS, at, start).await
    }

    async fn step(&self, id: OnboardingId, what: &str, actor: Actor, at: Instant, act: Command) -> Result<(), Backend> {
        told(&[what], self.app.service.onboarding(id, act, &request(&[what], actor, at)).await)
    }

    async fn fact(&self, id: OnboardingId, what: &str, at: Instant, fact: Fact) -> Result<(), Backend> {
        let observe = Command::Observe { id: FactId::new(command(&[what]).uuid()), at: Some(at), fact };
        self.step(id, what, META, at, observe).await
    }
}

fn profile() -> Result<Profile, Backend> {
    let draft: ProfileDraft = serde_json::from_str(
        r#"{"about": "Bread and cake, from four in the morning", "description": "The bakery at the old harbour",
            "websites": ["https://harbour-bakery.example"], "logo": "logo-2026"}"#,
    )
    .map_err(Backend::new)?;
    draft.check().map_err(Backend::new)
}
