//! Message templates (the article's HSMs): what one looks like, its way through Meta's reviews, and whether it may be sent.
//!
//! A [`Definition`] is read from a [`DefinitionDraft`] that reports every fault at once, and [`Definition::render`] fills it in;
//! both need nothing else. A [`Template`] is a decider: it takes [`Command`]s from account admins and facts from Meta, and answers
//! [`Template::may_send`] and [`Template::view`]. Name and language together are its key; each language is a template of its own.
//!
//! ```
//! use whatsapp_inbox::decider::{Actor, Context, Decider, Policy, Source};
//! use whatsapp_inbox::id::{CommandId, FactId, OrganisationId, TemplateId, UserId};
//! use whatsapp_inbox::template::{Command, Creation, DefinitionDraft, Standing, Switch, Template};
//! use whatsapp_inbox::time::Instant;
//! use whatsapp_inbox::uuid::Uuid;
//! use whatsapp_inbox::whatsapp::{TemplateEvent, WabaId};
//!
//! let bakery = OrganisationId::new(Uuid::from_u128(1));
//! let ana = Actor::Admin(UserId::new(bakery, Uuid::from_u128(7)));
//! let meta = Actor::Meta(Source::Delivery);
//! let now: Instant = "2026-01-05T09:00:00Z".parse()?;
//! let policy = Policy::default();
//! let context = |actor| Context::new(now, actor, CommandId::new(Uuid::from_u128(3)), &policy);
//!
//! // An account admin hands it in.
//! let draft = DefinitionDraft::new("loaf_ready", "en_US", "UTILITY").body("Your loaf is ready, {{1}}!", ["Ana"]);
//! let id = TemplateId::new(bakery, Uuid::from_u128(300));
//! let create = Command::Create(Box::new(Creation::new(id, WabaId::new("70414200118")?, draft.check()?)));
//! let mut events = Template::default().decide(create, &context(ana))?;
//! let template = Template::replay(&events);
//! assert_eq!(template.standing(now), Standing::Pending);
//!
//! // Meta approves it, and it may be sent until somebody switches it off.
//! let approved = FactId::new(Uuid::from_u128(4));
//! let observe = Command::Observe { id: approved, at: Some(now.plus_hours(1)), fact: TemplateEvent::Approved.into() };
//! events.extend(template.decide(observe, &context(meta))?);
//! let template = Template::replay(&events);
//! assert!(template.may_send(now.plus_hours(2)).is_ok());
//! events.extend(template.decide(Command::Switch(Switch::Off), &context(ana))?);
//! let refused = Template::replay(&events).may_send(now.plus_hours(2)).unwrap_err();
//! assert_eq!(refused.to_string(), "this template may not be sent: it is switched off");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Lifecycle
//!
//! Where each event of Meta's, each act and time lead from each standing (`template.lifecycle`). A dash: it may not be asked.
//!
#![doc = include_str!("lifecycle.md")]

mod budget;
mod command;
mod decide;
mod definition;
mod event;
mod fact;
mod fold;
mod lifecycle;
mod refused;
mod render;
mod state;
mod sync;
mod view;

use crate::access::Action;
use crate::decider::{ClaimChange, Context, Decider, Delivery};
use crate::id::TemplateId;
use crate::time::Instant;

pub use budget::edit_allowed_from;
pub use command::{Adoption, Command, Creation, Kind, Outcome, Switch};
pub use definition::{
    Button, Definition, DefinitionDraft, DefinitionError, DefinitionWarning, Header, OnlyCodes, Placeholder, Wording,
    languages,
};
pub use event::{Change, Effect, Event};
pub use fact::{Announced, EventFact, Fact, Found, Listed, Reading, disable_date};
pub use lifecycle::{Act, Next, Standing};
pub use refused::Refused;
pub use render::{Parameters, RenderError, Rendered, RenderedButton, RenderedHeader};
pub use state::Template;
pub use sync::{Extent, Listing, Page};
pub use view::{MayNotSend, TemplateView};

impl Decider for Template {
    const NAME: &'static str = "template";

    type Id = TemplateId;
    type Command = Command;
    type Event = Event;
    type Refused = Refused;
    type Effect = Effect;

    fn decide(&self, command: Command, context: &Context<'_>) -> Result<Vec<Event>, Refused> {
        self.situation(command.kind(), context)?;
        let change = self.change(command, context)?;
        Ok(change.into_iter().map(|change| Event { at: context.now, by: context.actor, change }).collect())
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

    fn delivery(effect: &Effect) -> Delivery {
        effect.delivery()
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

    /// Never: a pause ends and an archive is emptied in the view, and nothing is to be done then.
    fn next_deadline(&self) -> Option<Instant> {
        None
    }
}
