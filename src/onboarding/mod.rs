//! Onboarding: the way of a brand's phone number onto WhatsApp, from a signed agreement to a live channel.
//!
//! A dozen steps, three parties, reviews that take days, a code that lives ten minutes. An [`Onboarding`] answers how far
//! each step is ([`Onboarding::status`]), who may do what next ([`Onboarding::allowed`]), and what a [`Command`] leads to
//! ([`Decider::decide`]).
//!
//! **Acts** are what somebody does here; they keep to the order of the [plan](Plan). **Facts** are what is so at Meta and is
//! only learned here; they come in any order and any number of times and always end in the same view.
//!
//! There are three plans over one engine ([`Plan`] has the tables of all): the article's walkthrough, which is the default, and
//! Meta's flow of today, by the embedded signup or by the provider's request. The walkthrough:
//!
#![doc = include_str!("plan.md")]

mod checklist;
mod command;
mod decide;
mod details;
mod diagram;
mod engine;
mod event;
mod fact;
mod inheritance;
mod kind;
mod outcome;
mod overview;
mod plan;
mod refused;
mod signup;
mod situation;
mod state;
mod status;
mod step;
mod timeline;

use crate::access::Action;
use crate::decider::{ClaimChange, Context, Decider, Delivery};
use crate::id::OnboardingId;
use crate::time::Instant;

pub use checklist::{Checklist, Item, LiveCode, NextAction, Notice, Part, Progress, Span, Warning};
pub use command::{Answer, Attestation, CodeAnswer, CodeSend, Command, RegistrationAnswer};
pub use details::{Details, DetailsDraft, TextReference, TextReferenceError};
pub use event::{Activated, Change, Effect, Event, NumberClaim};
pub use fact::{AccountNotice, Fact, Observation};
pub use inheritance::Inheritance;
pub use kind::Kind;
pub use overview::{Overview, Waiting};
pub use plan::{Acts, Plan, Row, Usual, Weight};
pub use refused::Refused;
pub use signup::{NumberOrigin, SignupEnd, SignupNumber};
pub use state::Onboarding;
pub use status::{Attention, Ending, Status};
pub use step::{Step, StepSet};

impl Decider for Onboarding {
    const NAME: &'static str = "onboarding";

    type Id = OnboardingId;
    type Command = Command;
    type Event = Event;
    type Refused = Refused;
    type Effect = Effect;

    fn decide(&self, command: Command, context: &Context<'_>) -> Result<Vec<Event>, Refused> {
        self.situation(command.kind(), context.actor, context.now)?;
        let (at, by) = (context.now, context.actor);
        if command.kind() == Kind::Tick {
            return Ok(self.due(at).into_iter().map(|change| Event { at, by, change }).collect());
        }
        Ok(self.change(command, context)?.map(|change| Event { at, by, change }).into_iter().collect())
    }

    fn evolve(self, event: &Event) -> Self {
        self.after(event)
    }

    fn required(event: &Event) -> Option<Action> {
        event.by.user().map(|_| Action::ActForBrand)
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

    fn claims(event: &Event) -> Vec<ClaimChange> {
        event.claims()
    }

    fn next_deadline(&self) -> Option<Instant> {
        let expires_at = self.request_expires_at().map(|(_, at)| at);
        let signup = self.signup_expires_at().map(|(_, at)| at);
        [expires_at, signup, self.claim_lapses_at()].into_iter().flatten().min()
    }
}
