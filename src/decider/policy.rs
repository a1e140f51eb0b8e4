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
}
