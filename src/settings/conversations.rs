//! Settings that say who may reply, and what the customer is told before a conversation closes.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize};

use crate::rule::{Explain, Limit, Rule};

/// Who may reply in a conversation that has an owner (`conversation.reply-policy`). The role in the channel is needed anyway.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[expect(clippy::exhaustive_enums, reason = "there are these three")]
pub enum ReplyPolicy {
    /// Anyone with the role. The default.
    #[default]
    Anyone,
    /// Only the owner.
    Owner,
    /// The owner and supervisors.
    OwnerAndSupervisors,
}

impl ReplyPolicy {
    /// Every policy.
    pub const ALL: [Self; 3] = [Self::Anyone, Self::Owner, Self::OwnerAndSupervisors];
}

impl fmt::Display for ReplyPolicy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Anyone => "anyone",
            Self::Owner => "owner",
            Self::OwnerAndSupervisors => "owner-and-supervisors",
        })
    }
}

const BEFORE: Limit = Limit::new(1, 10_080, "minutes");

/// Whether the customer is warned before a conversation closes, and how long before (`conversation.warn`).
///
/// In JSON: `"off"`, `{"when-open": 60}` or `{"always": 60}`, in minutes before the close. What the warning says the host knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[expect(clippy::exhaustive_enums, reason = "there is nothing else to say of it")]
pub enum ClosingWarning {
    /// No warning. The default.
    #[default]
    Off,
    /// Where the customer can be written to freely; none otherwise.
    WhenOpen(WarnBefore),
    /// Always: also where the customer cannot be written to freely, by what is allowed there.
    Always(WarnBefore),
}

/// How long before the close the customer is warned: 1 minute to 7 days (ours).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(transparent)]
pub struct WarnBefore(u32);

/// That a warning would be too short or too long before the close.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
#[error("a warning is sent {} minute to {} days before the close, and this one {given_minutes} minutes", BEFORE.min, BEFORE.max / 1440)]
#[non_exhaustive]
pub struct WarnBeforeError {
    /// What was given, in minutes.
    pub given_minutes: u64,
}

impl Explain for WarnBeforeError {
    fn code(&self) -> &'static str {
        "warn-before-out-of-bounds"
    }

    fn rule(&self) -> Rule {
        Rule::ConversationWarn
    }

    fn limit(&self) -> Option<Limit> {
        Some(BEFORE)
    }
}

impl WarnBefore {
    /// So many minutes.
    ///
    /// # Errors
    ///
    /// [`WarnBeforeError`] below 1 minute and above 7 days.
    pub const fn minutes(minutes: u32) -> Result<Self, WarnBeforeError> {
        let given_minutes = minutes as u64;
        if given_minutes < BEFORE.min || given_minutes > BEFORE.max {
            return Err(WarnBeforeError { given_minutes });
        }
        Ok(Self(minutes))
    }

    /// A time that history holds: it was accepted when it was recorded, whatever is asked for today.
    pub(super) const fn recorded(minutes: u32) -> Self {
        Self(minutes)
    }

    /// Its length in minutes.
    #[must_use]
    pub const fn in_minutes(self) -> u32 {
        self.0
    }
}

impl<'de> Deserialize<'de> for WarnBefore {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::minutes(u32::deserialize(deserializer)?).map_err(serde::de::Error::custom)
    }
}

#[cfg(feature = "schemars")]
impl schemars::JsonSchema for WarnBefore {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "WarnBefore".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "integer", "minimum": BEFORE.min, "maximum": BEFORE.max })
    }
}

impl ClosingWarning {
    /// So many minutes before the close, if at all.
    #[must_use]
    pub const fn before_minutes(self) -> Option<u32> {
        match self {
            Self::Off => None,
            Self::WhenOpen(before) | Self::Always(before) => Some(before.0),
        }
    }

    /// Whether it is sent also where the customer cannot be written to freely.
    #[must_use]
    pub const fn is_always(self) -> bool {
        matches!(self, Self::Always(_))
    }
}

impl fmt::Display for ClosingWarning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Off => f.write_str("off"),
            Self::WhenOpen(before) => write!(f, "{} minutes before", before.0),
            Self::Always(before) => write!(f, "{} minutes before, always", before.0),
        }
    }
}
