//! What the host knows beside what is decided: people, where conversations are, what was written, what Meta calls things.
//!
//! Whatever a later command needs is noted *before* the command that makes it necessary: a note too many does no harm, and after
//! a crash none is missing.

mod deliveries;
mod directory;
mod messages;
mod outgoing;
mod places;

use std::sync::Arc;

use whatsapp_inbox::decider::Policy;
use whatsapp_inbox::id::OrganisationId;
use whatsapp_inbox::port::Backend;

use crate::stored::Stored;
use crate::tables::{Tables, text};

pub use deliveries::Taken;
pub use directory::{Operator, Organisation, Person, Team};
pub use messages::{Message, Note, Sending, Written};
pub use outgoing::{Outgoing, Report, ToSend};
pub use places::{Customer, Line, Spot, TemplateAtMeta};

/// The host's own tables, and the store for what numbers have used up.
#[derive(Debug)]
pub struct Host {
    tables: Tables,
    store: Arc<Stored>,
}

impl Host {
    /// Over these tables, which are brought up to date first.
    ///
    /// # Errors
    ///
    /// [`Backend`] where they cannot be.
    pub async fn open(tables: Tables, store: Arc<Stored>) -> Result<Self, Backend> {
        tables.migrate().await?;
        Ok(Self { tables, store })
    }

    /// Whether the tables answer.
    ///
    /// # Errors
    ///
    /// [`Backend`] where they do not.
    pub async fn answers(&self) -> Result<(), Backend> {
        self.tables.rows("SELECT 1 WHERE 1 = 0", []).await.map(drop)
    }

    /// An organisation, and what it has set for itself. Says whether it was not there.
    ///
    /// # Errors
    ///
    /// [`Backend`] where it cannot be written.
    pub async fn add_organisation(&self, id: OrganisationId, name: &str, policy: &Policy) -> Result<bool, Backend> {
        let policy = serde_json::to_string(policy).map_err(Backend::new)?;
        let sql = "INSERT INTO organisations (id, name, policy) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING
                   RETURNING id";
        Ok(!self.tables.write(sql, [text(id), text(name), text(policy)]).await?.is_empty())
    }
}
