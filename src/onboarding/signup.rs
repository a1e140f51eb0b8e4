//! How a brand's way through Meta's embedded signup ends.

use serde::{Deserialize, Serialize};

use crate::whatsapp::{CodeVerification, PhoneNumberId, SignupScreen, WabaId};

/// How a brand's way through Meta's embedded signup ended. It comes back with an account and its number, with an account
/// and no number, or with nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum SignupEnd {
    /// The brand let the provider into an account, new or its own from before.
    Completed {
        /// The account.
        account: WabaId,
        /// The number that was submitted, if it stands in the account.
        number: Option<SignupNumber>,
    },
    /// The brand left before the end.
    Abandoned {
        /// On which screen.
        screen: SignupScreen,
    },
}

/// The number that was submitted, as the signup left it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct SignupNumber {
    /// Its id in the account.
    pub phone_number: PhoneNumberId,
    /// Whose it was before.
    pub origin: NumberOrigin,
    /// Whether its code was entered inside the signup. If not, it is asked for and entered here.
    pub verification: CodeVerification,
}

impl SignupNumber {
    /// A number as the signup left it.
    #[must_use]
    pub const fn new(phone_number: PhoneNumberId, origin: NumberOrigin, verification: CodeVerification) -> Self {
        Self { phone_number, origin, verification }
    }
}

/// Whose a number was before the signup, which decides how long it may wait for its registration.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub enum NumberOrigin {
    /// The brand's: 14 days.
    #[default]
    Brand,
    /// The provider's, from its pool of numbers that are verified already, and claimed by the brand: 90 days.
    PreVerified,
}

impl NumberOrigin {
    /// So many days after the signup the number has to be registered; from then on the signup is to be gone through again
    /// (`onboarding.activate`).
    #[must_use]
    pub const fn register_days(self) -> u32 {
        match self {
            Self::Brand => 14,
            Self::PreVerified => 90,
        }
    }
}
