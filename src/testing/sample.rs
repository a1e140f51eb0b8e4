//! A brand to tell tests about: the people, things and values that [`Case`](super::Case) begins with.

use std::fmt;

use uuid::Uuid;

use crate::channel::WhatsAppLine;
use crate::decider::{Actor, Source};
use crate::id::{ChannelId, ConversationId, MessageId, OnboardingId, OperatorId, OrganisationId, TeamId, UserId};
use crate::onboarding::{Details, TextReference};
use crate::settings::ChannelName;
use crate::time::Instant;
use crate::whatsapp::{
    BusinessManagerId, DisplayName, Ivr, LineKind, PhoneNumber, PhoneNumberId, Profile, ProfileDraft, TemplateKey,
    WabaId,
};

/// The brand's organisation.
pub const ORGANISATION: OrganisationId = OrganisationId::new(Uuid::from_u128(1));
/// Another brand's.
pub const OTHER_ORGANISATION: OrganisationId = OrganisationId::new(Uuid::from_u128(2));
/// An account admin.
pub const ADMIN: UserId = UserId::new(ORGANISATION, Uuid::from_u128(10));
/// One of the team.
pub const ANA: UserId = UserId::new(ORGANISATION, Uuid::from_u128(7));
/// Another of the team.
pub const BEN: UserId = UserId::new(ORGANISATION, Uuid::from_u128(8));
/// Their team.
pub const TEAM: TeamId = TeamId::new(ORGANISATION, Uuid::from_u128(50));
/// Who serves the brand at the provider.
pub const OPERATOR: OperatorId = OperatorId::new(Uuid::from_u128(20));
/// Meta, as it delivers.
pub const META: Actor = Actor::Meta(Source::Delivery);
/// Meta, as it answers.
pub const GRAPH: Actor = Actor::Meta(Source::GraphApi);
/// The onboarding.
pub const ONBOARDING: OnboardingId = OnboardingId::new(ORGANISATION, Uuid::from_u128(100));
/// The channel.
pub const CHANNEL: ChannelId = ChannelId::new(ORGANISATION, Uuid::from_u128(200));
/// The conversation.
pub const CONVERSATION: ConversationId = ConversationId::new(ORGANISATION, Uuid::from_u128(300));

/// When every case begins: Monday, 5 January 2026, 9:00 UTC.
#[must_use]
pub fn begin() -> Instant {
    legal(Instant::from_unix_seconds(1_767_603_600))
}

/// A message's id.
#[must_use]
pub const fn message(number: u128) -> MessageId {
    MessageId::new(Uuid::from_u128(number))
}

/// The brand's number, a land line.
#[must_use]
pub fn number() -> PhoneNumber {
    legal(PhoneNumber::new("+49 40 1234567"))
}

/// The number's id at Meta.
#[must_use]
pub fn phone_number_id() -> PhoneNumberId {
    legal(PhoneNumberId::new("457147519855515"))
}

/// The brand's account at Meta.
#[must_use]
pub fn account() -> WabaId {
    legal(WabaId::new("475722846428926"))
}

/// The details that the brand submits.
#[must_use]
pub fn details() -> Details {
    let business = legal(BusinessManagerId::new("328888869464070"));
    Details::new(number(), LineKind::LandLine(Ivr::Absent), business, legal(DisplayName::new("Harbour Bakery")))
}

/// The text that it signs and accepts.
#[must_use]
pub fn text() -> TextReference {
    legal(TextReference::new("agreement 2026-01"))
}

/// Its business profile.
#[must_use]
pub fn profile() -> Profile {
    let about = "Bread and rolls, baked by the harbour.".into();
    legal(ProfileDraft { about, logo: "harbour-logo".into(), ..ProfileDraft::default() }.check())
}

/// Its template.
#[must_use]
pub fn template() -> TemplateKey {
    legal(TemplateKey::new("loaf_ready", "en_US"))
}

/// The channel's name.
#[must_use]
pub fn channel_name() -> ChannelName {
    legal(ChannelName::new("Harbour Bakery"))
}

/// The line at Meta that the channel is on.
#[must_use]
pub fn line() -> WhatsAppLine {
    WhatsAppLine::new(number(), phone_number_id(), account())
}

#[expect(clippy::expect_used, reason = "a value that stands above, which every test of this module reads")]
fn legal<T, E: fmt::Debug>(value: Result<T, E>) -> T {
    value.expect("a legal value")
}
