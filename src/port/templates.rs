//! The way to Meta for templates.

use std::future::Future;

use super::Backend;
use crate::id::TemplateId;
use crate::template::{Effect, Outcome};
use crate::whatsapp::{TemplateUse, WabaId};

/// Asks Meta about templates, and nothing else. A transport that has it serves templates as well; one without need not know
/// of them.
pub trait Templates: Send + Sync {
    /// How many templates an account holds, how many it may hold, and when it created the latest
    /// (`template.account-limits`).
    ///
    /// # Contract
    ///
    /// One that is a little old lets Meta refuse what is refused here otherwise, and breaks nothing.
    ///
    /// # Errors
    ///
    /// [`Backend`] where it cannot be told.
    fn used(&self, account: &WabaId) -> impl Future<Output = Result<TemplateUse, Backend>> + Send;

    /// Hands a template in, or has it edited, looked at again, let go or deleted (`POST /<account>/message_templates`,
    /// `POST /<template>`, `DELETE …`).
    ///
    /// # Contract
    ///
    /// One call at most, for which the host knows Meta's id of the template. An answer with a number of an error is
    /// [`Outcome::Refused`]; where it is not certain that Meta took it, [`Outcome::Unknown`].
    ///
    /// # Errors
    ///
    /// [`Backend`] where no answer came, and nobody knows whether Meta took it.
    fn call(&self, template: TemplateId, effect: &Effect) -> impl Future<Output = Result<Outcome, Backend>> + Send;
}
