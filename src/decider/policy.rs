//! What an organisation may set for itself.

use serde::{Deserialize, Serialize};

use crate::settings::AutoResolvePolicy;
use crate::time::Calendar;
use crate::whatsapp::CodePolicy;

/// The organisation's policy: plain values that the host keeps and hands to every decision.
///
/// ```
/// use whatsapp_inbox::decider::Policy;
///
/// let mut policy = Policy::default();
/// policy.code.lock_hours = 24;
/// assert_eq!(policy.code.guesses_per_code.get(), 5);
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct Policy {
    /// Which days are business days (`onboarding.duration`).
    pub calendar: Calendar,
    /// How often a verification code may be guessed and sent.
    pub code: CodePolicy,
    /// What holds of auto-resolve where a channel inherits, and from which to which window it may choose.
    pub auto_resolve: AutoResolvePolicy,
    /// What becomes of an owner's conversations when they sign out (`conversation.sign-out`).
    pub sign_out: SignOut,
}

/// What becomes of an owner's conversations when they sign out (`conversation.sign-out`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[expect(clippy::exhaustive_enums, reason = "they are kept or released")]
pub enum SignOut {
    /// They keep them. The default.
    #[default]
    Keeps,
    /// Those in New are released after two minutes, those in Pending when the customer writes.
    Releases,
}
