//! Versions.

use std::fmt;

use serde::{Deserialize, Serialize};

/// How often something has been changed. A change says on which version it was made, so that nobody overwrites what they
/// have not seen (`settings.version`).
///
/// ```
/// use whatsapp_inbox::decider::Version;
///
/// assert_eq!(Version::FIRST.next(), Version::new(1));
/// assert_eq!(Version::new(7).to_string(), "7");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default, Serialize, Deserialize)]
#[serde(transparent)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
pub struct Version(u64);

impl Version {
    /// Never changed: 0.
    pub const FIRST: Self = Self(0);

    /// Changed so often.
    #[must_use]
    pub const fn new(version: u64) -> Self {
        Self(version)
    }

    /// The number.
    #[must_use]
    pub const fn get(self) -> u64 {
        self.0
    }

    /// Changed once more.
    #[must_use]
    pub const fn next(self) -> Self {
        Self(self.0.saturating_add(1))
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}
