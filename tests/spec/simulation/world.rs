//! Two brands with the same UUIDs, their people, and Meta.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, MutexGuard, PoisonError};

use whatsapp_inbox::access::Principal;
use whatsapp_inbox::conversation::{MessageKind, WarningOutcome};
use whatsapp_inbox::decider::Actor;
use whatsapp_inbox::id::{ChannelId, CommandId, ConversationId, OnboardingId, OperatorId, OrganisationId, UserId};
use whatsapp_inbox::onboarding::{CodeAnswer, CodeSend, Fact, RegistrationAnswer};
use whatsapp_inbox::port::{Backend, Transport};
use whatsapp_inbox::testing::{People, sample};
use whatsapp_inbox::time::Instant;
use whatsapp_inbox::uuid::Uuid;
use whatsapp_inbox::whatsapp::{
    CodeMethod, CodeVerification, NumberStatus, PhoneNumber, PhoneNumberId, Pin, VerificationCode, WabaId,
};

pub const OPERATOR: OperatorId = sample::OPERATOR;
pub const TALKS: u128 = 2;

/// A brand.
#[derive(Debug, Clone, Copy)]
pub struct Brand {
    pub number: u128,
    pub onboarding: OnboardingId,
    pub channel: ChannelId,
    pub organisation: OrganisationId,
}

/// Both want the same number, and their UUIDs are the same.
pub const BRANDS: [Brand; 2] = [Brand::new(1), Brand::new(2)];

impl Brand {
    const fn new(number: u128) -> Self {
        let organisation = OrganisationId::new(Uuid::from_u128(number));
        let onboarding = OnboardingId::new(organisation, Uuid::from_u128(100));
        Self { number, onboarding, channel: ChannelId::new(organisation, Uuid::from_u128(200)), organisation }
    }

    pub fn conversations(self) -> impl Iterator<Item = ConversationId> {
        (0..TALKS).map(move |talk| ConversationId::new(self.organisation, Uuid::from_u128(300 + talk)))
    }

    pub const fn user(self, number: u128) -> UserId {
        UserId::new(self.organisation, Uuid::from_u128(number))
    }

    pub const fn admin(self) -> Actor {
        Actor::Admin(self.user(10))
    }

    /// The agent whose access is revoked in the end.
    pub const fn leaver(self) -> UserId {
        self.user(7)
    }

    pub const fn stayer(self) -> UserId {
        self.user(8)
    }

    pub fn phone_number(self) -> PhoneNumberId {
        PhoneNumberId::new(&format!("45714751985551{}", self.number)).expect("digits")
    }

    pub fn account(self) -> WabaId {
        WabaId::new(&format!("47572284642892{}", self.number)).expect("digits")
    }

    /// The number that only this brand wants.
    pub fn own_number(self) -> PhoneNumber {
        PhoneNumber::new(&format!("+49 40 765432{}", self.number)).expect("a number")
    }

    pub fn id(self, program: usize, n: u128) -> CommandId {
        CommandId::new(Uuid::from_u128((self.number << 96) + ((program as u128) << 64) + n))
    }
}

pub fn people() -> People {
    let people = People::default();
    for brand in BRANDS {
        people.joins(Principal::admin(brand.user(10)));
        people.joins(Principal::user(brand.leaver()));
        people.joins(Principal::user(brand.stayer()));
        people.serves(OPERATOR, brand.onboarding);
        brand.conversations().for_each(|conversation| people.lists(brand.channel, conversation));
    }
    people
}

/// Meta: what it was called for, and what is so there.
#[derive(Debug, Default)]
pub struct Meta(Mutex<There>);

#[derive(Debug, Default)]
struct There {
    asked: BTreeMap<PhoneNumberId, usize>,
    entered: BTreeMap<PhoneNumberId, usize>,
    registered: BTreeMap<PhoneNumberId, usize>,
    warned: BTreeMap<(ConversationId, u32), usize>,
    verified: BTreeSet<PhoneNumberId>,
    connected: BTreeSet<PhoneNumberId>,
}

impl Meta {
    fn there(&self) -> MutexGuard<'_, There> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub fn asked(&self, brand: Brand) -> usize {
        self.there().asked.get(&brand.phone_number()).copied().unwrap_or_default()
    }

    pub fn entered(&self, brand: Brand) -> usize {
        self.there().entered.get(&brand.phone_number()).copied().unwrap_or_default()
    }

    pub fn registered(&self, brand: Brand) -> usize {
        self.there().registered.get(&brand.phone_number()).copied().unwrap_or_default()
    }

    pub fn warned(&self) -> BTreeMap<(ConversationId, u32), usize> {
        self.there().warned.clone()
    }
}

impl Transport for Meta {
    async fn ask_for_code(&self, number: &PhoneNumberId, _: CodeMethod) -> Result<CodeSend, Backend> {
        *self.there().asked.entry(number.clone()).or_default() += 1;
        Ok(CodeSend::Sent)
    }

    async fn enter_code(&self, number: &PhoneNumberId, _: &VerificationCode) -> Result<CodeAnswer, Backend> {
        let mut there = self.there();
        let entered = there.entered.entry(number.clone()).or_default();
        *entered += 1;
        // The first is mistyped.
        if *entered == 1 {
            return Ok(CodeAnswer::Wrong);
        }
        there.verified.insert(number.clone());
        Ok(CodeAnswer::Accepted)
    }

    async fn register(&self, number: &PhoneNumberId, _: &Pin) -> Result<RegistrationAnswer, Backend> {
        let mut there = self.there();
        *there.registered.entry(number.clone()).or_default() += 1;
        there.connected.insert(number.clone());
        Ok(RegistrationAnswer::Registered)
    }

    async fn send_warning(
        &self,
        conversation: ConversationId,
        attempt: u32,
        _: MessageKind,
    ) -> Result<WarningOutcome, Backend> {
        *self.there().warned.entry((conversation, attempt)).or_default() += 1;
        Ok(if attempt == 1 { WarningOutcome::Failed } else { WarningOutcome::Sent })
    }

    async fn read(&self, onboarding: OnboardingId) -> Result<Vec<(Option<Instant>, Fact)>, Backend> {
        let brand = BRANDS.into_iter().find(|brand| brand.onboarding == onboarding).expect("one of both");
        let (there, mut facts) = (self.there(), Vec::new());
        for number in [sample::number(), brand.own_number()] {
            if there.verified.contains(&brand.phone_number()) {
                facts.push((None, Fact::NumberVerification { number, status: CodeVerification::Verified }));
            }
            let connected = there.connected.contains(&brand.phone_number());
            let status = if connected { NumberStatus::Connected } else { NumberStatus::Disconnected };
            facts.push((None, Fact::NumberStatus { number, status }));
        }
        Ok(facts)
    }
}
