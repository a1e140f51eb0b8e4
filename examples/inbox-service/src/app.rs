//! What everything in the service shares.

use std::sync::Arc;

use tokio::sync::Notify;
use tokio_util::task::TaskTracker;
use whatsapp_inbox::service::Service;
use whatsapp_inbox::whatsapp::delivery::AppSecret;

use crate::config::VerifyToken;
use crate::graph::Graph;
use crate::host::Host;
use crate::stored::Stored;

/// The service's parts.
#[derive(Debug)]
pub struct App {
    /// The rules over the ports.
    pub service: Service<Arc<Stored>, Arc<Host>, Graph>,
    /// What the host keeps for itself.
    pub host: Arc<Host>,
    /// With what Meta signs.
    pub secret: AppSecret,
    /// What Meta says to prove that it is Meta who asks for the webhook.
    pub verify_token: VerifyToken,
    /// Whether everybody may be anybody.
    pub demonstration: bool,
    /// Wakes whoever reads deliveries.
    pub delivered: Notify,
    /// Wakes whoever does what follows from commands.
    pub happened: Notify,
    /// Wakes whoever sends what was replied.
    pub replied: Notify,
    /// What is brought to its end although nobody waits for it any more.
    pub tasks: TaskTracker,
}
