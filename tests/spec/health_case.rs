//! Health as tests tell it.

use std::borrow::Borrow;

use whatsapp_inbox::health::{Fact, Health, Told};
use whatsapp_inbox::id::FactId;
use whatsapp_inbox::testing::sample;
use whatsapp_inbox::time::Instant;
use whatsapp_inbox::uuid::Uuid;

use crate::case::shifted;

/// When the first fact is told.
pub fn now() -> Instant {
    sample::begin()
}

/// When all have been told.
pub fn later() -> Instant {
    now().plus_days(1)
}

/// A channel of which these are told, one after another, each a second after the one before.
pub fn of(facts: impl IntoIterator<Item = impl Borrow<Fact>>) -> Health {
    let mut health = Health::default();
    for (n, fact) in (0_u32..).zip(facts) {
        let at = shifted(now(), i64::from(n) * 1000);
        let told = Told::new(FactId::new(Uuid::from_u128(n.into())), Some(at), fact.borrow().clone());
        health.hear(told, later());
    }
    health
}
