//! What kind of line a number is on, and how a code reaches it.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::rule::{Explain, Rule};

/// What kind of line a phone number is on. It stands beside the number, not in it.
///
/// ```
/// use whatsapp_inbox::whatsapp::{CodeMethod, Ivr, LineKind};
///
/// assert!(LineKind::Mobile.takes(CodeMethod::Voice));
/// assert!(!LineKind::LandLine(Ivr::Absent).takes(CodeMethod::Sms));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub enum LineKind {
    /// It receives SMS and calls.
    Mobile,
    /// It receives calls only, past its voice menu if it has one (`onboarding.landline-ivr`).
    LandLine(Ivr),
}

/// Whether a voice menu (interactive voice response) answers a land line, and what can be done about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub enum Ivr {
    /// There is none.
    Absent,
    /// It can be switched off for the call that tells the code.
    CanBeSwitchedOff,
}

/// How a verification code is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub enum CodeMethod {
    /// By text message. Meta's `code_method` is `SMS`.
    Sms,
    /// By an automated call. Meta's `code_method` is `VOICE`.
    Voice,
}

impl LineKind {
    /// How a code is sent to such a line unless somebody asks otherwise (`onboarding.code-method`).
    #[must_use]
    pub const fn code_method(self) -> CodeMethod {
        match self {
            Self::Mobile => CodeMethod::Sms,
            Self::LandLine(_) => CodeMethod::Voice,
        }
    }

    /// Whether a code can be sent to such a line this way (`onboarding.code-method`).
    #[must_use]
    pub const fn takes(self, method: CodeMethod) -> bool {
        matches!((self, method), (Self::Mobile, _) | (Self::LandLine(_), CodeMethod::Voice))
    }
}

impl fmt::Display for LineKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Mobile => "mobile",
            Self::LandLine(Ivr::Absent) => "land line",
            Self::LandLine(Ivr::CanBeSwitchedOff) => "land line with a voice menu that can be switched off",
        })
    }
}

impl fmt::Display for CodeMethod {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Sms => "SMS",
            Self::Voice => "voice call",
        })
    }
}

/// Why something is no kind of line, or a line that cannot be verified.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum LineError {
    /// Neither word.
    #[error("a line is `mobile` or `land-line`, not `{given}`")]
    UnknownLine {
        /// What was given.
        given: String,
    },
    /// None of the three answers.
    #[error("a land line's voice menu is `absent`, `can-be-switched-off` or `cannot-be-switched-off`, not `{given}`")]
    UnknownIvr {
        /// What was given.
        given: String,
    },
    /// The call that tells the code would end in the menu.
    #[error("a voice menu that cannot be switched off swallows the call that tells the code: choose another number")]
    IvrStays,
}

impl Explain for LineError {
    fn code(&self) -> &'static str {
        match self {
            Self::UnknownLine { .. } => "line-unknown",
            Self::UnknownIvr { .. } => "ivr-unknown",
            Self::IvrStays => "ivr-cannot-be-switched-off",
        }
    }

    fn rule(&self) -> Rule {
        match self {
            Self::UnknownLine { .. } => Rule::OnboardingDetailsWhole,
            Self::UnknownIvr { .. } | Self::IvrStays => Rule::OnboardingLandlineIvr,
        }
    }
}

impl FromStr for Ivr {
    type Err = LineError;

    /// Reads `absent` and `can-be-switched-off`; `cannot-be-switched-off` is understood and refused.
    fn from_str(text: &str) -> Result<Self, LineError> {
        match text {
            "absent" => Ok(Self::Absent),
            "can-be-switched-off" => Ok(Self::CanBeSwitchedOff),
            "cannot-be-switched-off" => Err(LineError::IvrStays),
            _ => Err(LineError::UnknownIvr { given: text.to_owned() }),
        }
    }
}
