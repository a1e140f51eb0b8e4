//! What the numbers of Meta's errors say of a channel: a table.

use super::{Fact, Lock, Payment, Registration};
use crate::whatsapp::NumberStatus;

impl Fact {
    /// The fact that an error's number implies, where it is about the number, the account or the payment. Nothing for all others:
    /// those about one message or one template, those that a call for a code or a registration gets, and what Meta's pages do not
    /// describe.
    ///
    /// A host tells it with an id of its own and the instant of the error. What lifts it is the opposite: that the number was
    /// [registered](Registration::Registered) or read as connected, that payment was [settled](Payment::Settled), that the
    /// account was [unlocked](Lock::Lifted), that a display name was approved.
    ///
    /// ```
    /// use whatsapp_inbox::health::{Fact, Registration};
    ///
    /// assert_eq!(Fact::of_error(133_010), Some(Fact::Registration(Registration::Lost)));
    /// // More than 24 hours have passed: that is about a conversation.
    /// assert_eq!(Fact::of_error(131_047), None);
    /// ```
    #[must_use]
    pub const fn of_error(code: u32) -> Option<Self> {
        match code {
            // Blocked for breaking a policy; locked.
            368 | 131_031 => Some(Self::Lock(Lock::Locked)),
            131_037 => Some(Self::Unnamed),
            131_042 => Some(Self::Payment(Payment::Failing)),
            // The certificate is that of a registration; the number is not registered.
            131_045 | 133_010 => Some(Self::Registration(Registration::Lost)),
            133_006 => Some(Self::Number(NumberStatus::Unverified)),
            _ => None,
        }
    }
}
