//! The channel: what an activation opens, with its settings and its access, until it is closed.
//!
//! A [`Channel`] takes [`Command`]s from account admins, from Meta and from the host, keeps a record of every change
//! (`settings.audit`), and shows itself to those who may see it ([`Channel::view`]).
//!
//! ```
//! use whatsapp_inbox::access::{Action, Grant, Principal};
//! use whatsapp_inbox::channel::{Channel, Command, Opening};
//! use whatsapp_inbox::decider::{Actor, Context, Decider, Policy, Version};
//! use whatsapp_inbox::id::{ChannelId, CommandId, OrganisationId, UserId};
//! use whatsapp_inbox::settings::ChannelName;
//! use whatsapp_inbox::time::Instant;
//! use whatsapp_inbox::uuid::Uuid;
//!
//! let bakery = OrganisationId::new(Uuid::from_u128(1));
//! let ana = Principal::admin(UserId::new(bakery, Uuid::from_u128(7)));
//! let now: Instant = "2026-01-05T09:00:00Z".parse()?;
//! let policy = Policy::default();
//! let context = |actor| Context::new(now, actor, CommandId::new(Uuid::from_u128(3)), &policy);
//!
//! // Activation opens the channel.
//! let opening = Opening::new(ChannelId::new(bakery, Uuid::from_u128(200)), ChannelName::new("Harbour Bakery")?)
//!     .with_grants([Grant::ALL_USERS]);
//! let mut events = Channel::default().decide(Command::Open(Box::new(opening)), &context(Actor::System))?;
//! let channel = Channel::replay(&events);
//!
//! // An account admin renames it, on the version that was shown. The host has authenticated her: an actor is believed.
//! let patch = Box::new(channel.settings().unwrap().with().name("Orders").patch(&policy.auto_resolve)?);
//! let rename = Command::ChangeSettings { on: Version::FIRST, patch };
//! events.extend(channel.decide(rename, &context(Actor::of(&ana)))?);
//!
//! let channel = Channel::replay(&events);
//! assert_eq!(channel.view(&ana, now)?.name.as_str(), "Orders");
//! assert!(!channel.decide_access(&ana, Action::Reply, now).is_allowed(), "all users are viewers here, and so is she");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod command;
mod decide;
mod departure;
mod event;
mod refused;
mod state;
mod view;

use crate::access::Action;
use crate::decider::{Actor, ClaimChange, Context, Decider, Delivery};
use crate::id::ChannelId;
use crate::time::Instant;

pub use command::{Command, Kind, Leaver, Loss, Opening, WhatsAppLine};
pub use departure::Departure;
pub use event::{Cause, Change, Effect, Event};
pub use refused::Refused;
pub use state::Channel;
pub use view::{ChannelView, SettingsView, Status};

impl Decider for Channel {
    const NAME: &'static str = "channel";

    type Id = ChannelId;
    type Command = Command;
    type Event = Event;
    type Refused = Refused;
    type Effect = Effect;

    fn decide(&self, command: Command, context: &Context<'_>) -> Result<Vec<Event>, Refused> {
        let kind = command.kind();
        self.situation(kind, context.actor, context.role)?;
        let Some(change) = self.change(command, context)? else { return Ok(Vec::new()) };
        // What has ended is noted before what changes it, so that a late tick makes no difference.
        let ended = if kind == Kind::Tick { None } else { self.ended(context.now) };
        let ended = ended.map(|change| Event { at: context.now, by: Actor::System, change });
        Ok(ended.into_iter().chain([Event { at: context.now, by: context.actor, change }]).collect())
    }

    fn evolve(self, event: &Event) -> Self {
        self.after(event)
    }

    fn required(event: &Event) -> Option<Action> {
        event.required()
    }

    fn effects(event: &Event) -> Vec<Effect> {
        event.effects()
    }

    fn delivery(_: &Effect) -> Delivery {
        Delivery::Repeatable
    }

    fn effect_name(effect: &Effect) -> &'static str {
        effect.name()
    }

    fn event_name(event: &Event) -> &'static str {
        event.change.name()
    }

    fn claims(event: &Event) -> Vec<ClaimChange> {
        event.claims()
    }

    /// The earliest end of a grant that nobody has taken note of yet.
    fn next_deadline(&self) -> Option<Instant> {
        self.next_end()
    }
}
