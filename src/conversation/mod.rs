//! Conversations: their queues, owners and deadlines.
//!
//! A [`Conversation`] is in exactly one of New, Pending and Resolved (`conversation.queues`). What moves it is one table:
//!
#![doc = include_str!("queue.md")]
//!
//! **Deadlines are values.** A conversation is given the window in force when it enters a queue, and keeps it. What a deadline
//! means holds from its instant on, whether or not anybody called: [`Conversation::queue`] and [`Conversation::owner`] tell
//! what holds at an instant, and every decision begins with what is due. A [`sweep`] writes it down.
//!
//! **Closing is one plan**, in order (`conversation.close-plan`): the warning, then the close, which takes the owner away with
//! it. Each part happens once however often it is called for, and what the system sends never opens anything again.

mod command;
mod deadline;
mod decide;
mod event;
mod label;
mod owners;
mod preview;
mod queue;
mod refused;
mod sending;
mod state;
mod sweep;

use crate::access::Action;
use crate::decider::{ClaimChange, Context, Decider, Delivery};
use crate::id::ConversationId;
use crate::time::Instant;

pub use command::{Command, Kind, WarningOutcome};
pub use deadline::Warning;
pub use event::{Assignment, Change, Effect, Event, Release, ResolveCause, Warned};
pub use label::{Label, LabelError, LabelKind};
pub use owners::{LostOwner, owners_lost, owners_without_access};
pub use preview::{Applied, Counts, Preview, preview};
pub use queue::{Input, Queue};
pub use refused::Refused;
pub use sending::{MessageKind, WindowShut};
pub use state::Conversation;
pub use sweep::{Swept, due, sweep};

impl Decider for Conversation {
    const NAME: &'static str = "conversation";

    type Id = ConversationId;
    type Command = Command;
    type Event = Event;
    type Refused = Refused;
    type Effect = Effect;

    fn decide(&self, command: Command, context: &Context<'_>) -> Result<Vec<Event>, Refused> {
        self.decided(command, context)
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
        Delivery::Once
    }

    fn effect_name(effect: &Effect) -> &'static str {
        effect.name()
    }

    fn event_name(event: &Event) -> &'static str {
        event.change.name()
    }

    fn claims(_: &Event) -> Vec<ClaimChange> {
        Vec::new()
    }

    fn next_deadline(&self) -> Option<Instant> {
        self.next_due()
    }
}
