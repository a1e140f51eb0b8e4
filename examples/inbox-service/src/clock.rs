//! The time, and new ids: what the crate leaves to its host.

#![expect(
    clippy::disallowed_types,
    clippy::disallowed_methods,
    reason = "the host has the clock that the crate leaves to it"
)]

use std::time::{SystemTime, UNIX_EPOCH};

use sha2::{Digest, Sha256};
use whatsapp_inbox::time::Instant;
use whatsapp_inbox::uuid::Uuid;

/// The instant that it is.
#[must_use]
pub fn now() -> Instant {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis())
        .ok()
        .and_then(|millis| Instant::from_unix_millis(millis).ok())
        .unwrap_or(Instant::MAX)
}

/// A new id, later ones after earlier ones.
#[must_use]
pub fn new_id() -> Uuid {
    Uuid::from_bytes(uuid::Uuid::now_v7().into_bytes())
}

/// The id that follows from these: the same from the same, so that two who see the same make it alike.
#[must_use]
pub fn id_from(parts: &[&str]) -> Uuid {
    let mut digest = Sha256::new();
    for part in parts {
        digest.update(part.len().to_be_bytes());
        digest.update(part.as_bytes());
    }
    let mut bytes = [0; 16];
    bytes.iter_mut().zip(digest.finalize()).for_each(|(byte, of)| *byte = of);
    uuid::Builder::from_custom_bytes(bytes).into_uuid()
}
