//! The fingerprint of a command's content.

use std::fmt::{self, Display};

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use uuid::Uuid;

use super::mixer::Mixer;

/// What a command asks for, in 128 bits: the same command id with another fingerprint is another command, and refused
/// (`core.idempotent`).
///
/// It is made from what the command would be in JSON, so that it is the same on every machine and survives a release that only
/// adds. It tells equal from different, and is no protection against somebody who looks for two commands that share one. No
/// command carries a secret, so none is in it (`onboarding.code-secret`).
///
/// ```
/// use whatsapp_inbox::conversation::{Command, Queue};
/// use whatsapp_inbox::decider::Fingerprint;
///
/// let to = |to| Fingerprint::of(&Command::Move { to });
/// assert_eq!(to(Queue::New), to(Queue::New));
/// assert_ne!(to(Queue::New), to(Queue::Pending));
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Fingerprint(u128);

impl Fingerprint {
    /// The fingerprint of a command, or of anything else that can be written.
    #[must_use]
    pub fn of(content: &impl Serialize) -> Self {
        let mut mixer = Mixer::default();
        // What cannot be written, such as a map without keys, is not told apart from where it stops. No command is such.
        _ = content.serialize(&mut mixer);
        Self(mixer.finish())
    }

    /// The fingerprint as a number, for storages.
    #[must_use]
    pub const fn as_u128(self) -> u128 {
        self.0
    }

    /// The fingerprint that a storage holds as a number.
    #[must_use]
    pub const fn from_u128(number: u128) -> Self {
        Self(number)
    }

    /// A UUID (version 8) of it: the id of a command that follows from something else, the same however often it follows.
    pub(crate) fn uuid(self) -> Uuid {
        uuid::Builder::from_custom_bytes(self.0.to_be_bytes()).into_uuid()
    }
}

impl Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:032x}", self.0)
    }
}

impl fmt::Debug for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Fingerprint({self})")
    }
}

impl Serialize for Fingerprint {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Fingerprint {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<str>::deserialize(deserializer)?;
        u128::from_str_radix(&text, 16).map(Self).map_err(serde::de::Error::custom)
    }
}
