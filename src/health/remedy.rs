//! What an admin should do about a fact: a table.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::Fact;
use crate::whatsapp::{NumberStatus, ReviewDecision};

/// What an admin of the brand should do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[expect(clippy::exhaustive_enums, reason = "ours")]
pub enum Remedy {
    /// Nothing but wait.
    Wait,
    /// Ask Meta to look at it again.
    Appeal,
    /// Have the number registered again with its PIN.
    Register,
    /// Verify the number again with a code.
    Verify,
    /// Connect the number to the provider again.
    Reconnect,
    /// Give the provider access to the account again.
    GiveAccess,
    /// Put the way of paying in order.
    Pay,
    /// Submit another display name.
    Rename,
    /// Have a display name approved.
    HaveNamed,
    /// Write less often, and only what customers want.
    SendBetter,
    /// Look after the business's own security.
    Secure,
    /// Bring a number onto WhatsApp anew.
    OnboardAgain,
    /// Look at what Meta says in its WhatsApp Manager.
    LookAtMeta,
}

impl Remedy {
    /// What to do about a fact that does something to an axis.
    #[must_use]
    pub const fn of(fact: &Fact) -> Self {
        match fact {
            // That a policy was broken is known, whichever it was.
            unheard if !unheard.is_known() && !matches!(unheard, Fact::Violation(_)) => Self::LookAtMeta,
            Fact::Number(NumberStatus::Pending) | Fact::Registration(_) => Self::Register,
            Fact::Number(NumberStatus::Unverified) => Self::Verify,
            Fact::Number(NumberStatus::Disconnected) | Fact::Link(_) => Self::Reconnect,
            Fact::Number(NumberStatus::Migrated | NumberStatus::Deleted) | Fact::Deleted => Self::OnboardAgain,
            Fact::Number(NumberStatus::Flagged | NumberStatus::Restricted) | Fact::Rating(_) | Fact::Standing(_) => {
                Self::SendBetter
            }
            Fact::Number(NumberStatus::Banned)
            | Fact::Ban { .. }
            | Fact::Lock(_)
            | Fact::Violation(_)
            | Fact::Review(ReviewDecision::Rejected)
            | Fact::Restricted { until: None, .. } => Self::Appeal,
            Fact::Number(NumberStatus::RateLimited) | Fact::Review(_) | Fact::Restricted { until: Some(_), .. } => {
                Self::Wait
            }
            Fact::Unnamed => Self::HaveNamed,
            Fact::Name(_) => Self::Rename,
            Fact::Access(_) => Self::GiveAccess,
            Fact::Payment(_) => Self::Pay,
            Fact::Business(_) | Fact::Pin(_) => Self::Secure,
            Fact::Number(_)
            | Fact::Answered(_)
            | Fact::Event(_)
            | Fact::Alert(_)
            | Fact::MessagingLimit(_)
            | Fact::NumbersPerBusiness(_)
            | Fact::NumbersPerAccount(_) => Self::LookAtMeta,
        }
    }

    /// What to do, as a sentence for an admin.
    #[must_use]
    pub const fn sentence(self) -> &'static str {
        match self {
            Self::Wait => "wait: it ends by itself",
            Self::Appeal => "ask Meta to look at it again, in the Business Support Home",
            Self::Register => "have the number registered again with its PIN",
            Self::Verify => "verify the number again with a code",
            Self::Reconnect => "connect the number to the provider again",
            Self::GiveAccess => "give the provider access to the account again, in the Business Manager",
            Self::Pay => "put the way of paying in order, in the Business Manager",
            Self::Rename => "submit another display name",
            Self::HaveNamed => "have a display name approved by Meta",
            Self::SendBetter => "write less often, and only what customers want to read",
            Self::Secure => "look after the security of the Business Manager and of the PIN",
            Self::OnboardAgain => "bring a number onto WhatsApp anew",
            Self::LookAtMeta => "see what Meta says in the WhatsApp Manager",
        }
    }
}

impl fmt::Display for Remedy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.sentence())
    }
}
