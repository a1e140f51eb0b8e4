//! For tests of what is built on this crate (feature `testing`).
//!
//! [`Case`] tells any aggregate given, when, then, and reaches any state in one line, about the brand in [`sample`]. [`People`]
//! and [`StandIn`] are a directory and a transport that do as they are told, [`Clock`] is pushed, [`block_on`] waits without a
//! runtime. [`contract`] is what any store must pass; [`Faulty`] lets ports fail, by a seed.
//!
//! The rest are strategies for `proptest`: values, commands, facts and whole legal histories. [`conversations`] and
//! [`channels`] give a [`Case`] that has lived through something.
//!
//! The values alone are [`instants`], [`phone_numbers`], [`display_names`], [`details`], [`profiles`] and [`actors`]. What
//! belongs together is drawn together: [`Subjects`] are the people and things that one history is about, each with another
//! that it may be taken for; [`commands`] and [`facts`] are about them, and [`histories`] are what comes of giving such
//! commands.
//!
//! ```
//! use proptest::prelude::*;
//! use whatsapp_inbox::decider::Decider;
//! use whatsapp_inbox::onboarding::Onboarding;
//! use whatsapp_inbox::testing::histories;
//!
//! proptest!(ProptestConfig::with_cases(16), |(history in histories(40))| {
//!     prop_assert_eq!(Onboarding::replay(&history.events), history.onboarding);
//! });
//! ```

mod case;
mod clock;
mod contract;
mod faulty;
mod health;
mod history;
mod lives;
mod people;
pub mod sample;
mod stand_in;
mod states;
mod subjects;
mod wait;

use std::ops::RangeInclusive;

use proptest::arbitrary::any;
use proptest::collection::vec;
use proptest::prop_oneof;
use proptest::sample::select;
use proptest::strategy::{Just, Strategy};
use uuid::Uuid;

use crate::decider::{Actor, Source};
use crate::id::{OperatorId, OrganisationId, UserId};
use crate::onboarding::Details;
use crate::time::Instant;
use crate::whatsapp::{BusinessManagerId, DisplayName, Ivr, LineKind, PhoneNumber, Profile, ProfileDraft};

pub use case::{Case, Then};
pub use clock::Clock;
pub use contract::{Failure, Report, contract};
pub use faulty::{Chance, Faulty, Odds};
pub use health::health_facts;
pub use history::{History, Turn, histories, turn};
pub use lives::{channels, conversations};
pub use people::People;
pub use stand_in::{Answers, Call, StandIn};
pub use subjects::{Subjects, commands, facts, subjects};
pub use wait::block_on;

const DIGITS: &str = "0123456789";
const PLAIN: &str = "abcdefghijklmnopqrstuvwxyz ABCDEFGHIJKLMNOPQRSTUVWXYZ 'éß";
const YEAR_2020_MS: i64 = 1_577_836_800_000;
const YEAR_2040_MS: i64 = 2_208_988_800_000;

/// Instants of the years 2020 to 2039, and some of all time with both of its ends.
///
/// ```
/// use proptest::prelude::*;
/// use whatsapp_inbox::time::Instant;
/// use whatsapp_inbox::testing::instants;
///
/// proptest!(|(instant in instants())| {
///     prop_assert_eq!(instant.to_string().parse::<Instant>(), Ok(instant));
/// });
/// ```
pub fn instants() -> impl Strategy<Value = Instant> {
    let ever = Instant::MIN.unix_millis()..=Instant::MAX.unix_millis();
    prop_oneof![
        6 => of_our_time(),
        2 => ever.prop_filter_map("out of range", |millis| Instant::from_unix_millis(millis).ok()),
        1 => Just(Instant::MIN),
        1 => Just(Instant::MAX),
    ]
}

/// Instants of the years 2020 to 2039.
fn of_our_time() -> impl Strategy<Value = Instant> {
    let millis = YEAR_2020_MS..YEAR_2040_MS;
    millis.prop_filter_map("out of range", |millis| Instant::from_unix_millis(millis).ok())
}

/// Phone numbers of every length.
pub fn phone_numbers() -> impl Strategy<Value = PhoneNumber> {
    text(DIGITS, 7..=15).prop_filter_map("no phone number", |text| PhoneNumber::new(&text).ok())
}

/// Display names that may be submitted: most of them plain, some of any letters and signs.
pub fn display_names() -> impl Strategy<Value = DisplayName> {
    let any = vec(any::<char>(), 2..=75).prop_map(String::from_iter);
    let text = prop_oneof![9 => text(PLAIN, 2..=30), 1 => any];
    text.prop_filter_map("no display name", |text| DisplayName::new(&text).ok())
}

/// Details that may be submitted, on every kind of line.
///
/// ```
/// use proptest::prelude::*;
/// use whatsapp_inbox::onboarding::DetailsDraft;
/// use whatsapp_inbox::testing::details;
///
/// proptest!(|(details in details())| {
///     prop_assert!(details.line.takes(details.line.code_method()));
/// });
/// ```
pub fn details() -> impl Strategy<Value = Details> {
    let lines = [LineKind::Mobile, LineKind::LandLine(Ivr::Absent), LineKind::LandLine(Ivr::CanBeSwitchedOff)];
    let business = text(DIGITS, 6..=17).prop_filter_map("no id", |text| BusinessManagerId::new(&text).ok());
    (phone_numbers(), select(lines.to_vec()), business, display_names())
        .prop_map(|(number, line, business, name)| Details::new(number, line, business, name))
}

/// Business profiles that are sound, with one field or more.
pub fn profiles() -> impl Strategy<Value = Profile> {
    let address = proptest::option::of(text(PLAIN, 1..=256));
    (text(PLAIN, 1..=139), address, text(DIGITS, 1..=60)).prop_filter_map("no profile", |(about, address, logo)| {
        let mut draft = ProfileDraft { about: about.into(), logo: logo.into(), ..ProfileDraft::default() };
        draft.address = address.map_or(draft.address, Into::into);
        draft.check().ok()
    })
}

/// Every kind of actor: people of an organisation, some of another, and those who belong to none.
///
/// ```
/// use proptest::prelude::*;
/// use whatsapp_inbox::decider::Party;
/// use whatsapp_inbox::id::OrganisationId;
/// use whatsapp_inbox::testing::actors;
/// use whatsapp_inbox::uuid::Uuid;
///
/// proptest!(|(actor in actors(OrganisationId::new(Uuid::from_u128(1))))| {
///     prop_assert!(actor.user().is_none() || actor.party() == Party::Brand);
/// });
/// ```
pub fn actors(organisation: OrganisationId) -> impl Strategy<Value = Actor> {
    (uuids(), uuids(), uuids()).prop_flat_map(move |(other, person, operator)| {
        select(cast(organisation, OrganisationId::new(other), person, OperatorId::new(operator)).to_vec())
    })
}

/// One actor of each kind, the admin, the operator, Meta and time first.
const fn cast(ours: OrganisationId, other: OrganisationId, person: Uuid, operator: OperatorId) -> [Actor; 11] {
    [
        Actor::Admin(UserId::new(ours, person)),
        Actor::Operator(operator),
        Actor::Meta(Source::Delivery),
        Actor::System,
        Actor::Meta(Source::GraphApi),
        Actor::Meta(Source::Observed(operator)),
        Actor::User(UserId::new(ours, person)),
        Actor::Customer,
        Actor::BrandPhone,
        Actor::Admin(UserId::new(other, person)),
        Actor::User(UserId::new(other, person)),
    ]
}

/// Texts of some characters. A regular expression would be read anew for each text.
fn text(characters: &str, length: RangeInclusive<usize>) -> impl Strategy<Value = String> + Clone + use<> {
    vec(select(characters.chars().collect::<Vec<char>>()), length).prop_map(String::from_iter)
}

fn uuids() -> impl Strategy<Value = Uuid> {
    any::<u128>().prop_map(Uuid::from_u128)
}
