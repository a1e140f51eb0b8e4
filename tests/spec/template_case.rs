//! One template that is told step by step: given, when, then.

use whatsapp_inbox::access::Role;
use whatsapp_inbox::decider::{Actor, Context, Decider, Policy};
use whatsapp_inbox::form::Faults;
use whatsapp_inbox::id::{CommandId, FactId, TemplateId};
use whatsapp_inbox::template::*;
use whatsapp_inbox::time::Instant;
use whatsapp_inbox::uuid::Uuid;
use whatsapp_inbox::whatsapp::{TemplateEvent, TemplateUse};

use crate::case::*;

pub const TEMPLATE: TemplateId = TemplateId::new(ORGANISATION, Uuid::from_u128(300));

/// A sound draft of a utility template.
pub fn ready() -> DefinitionDraft {
    DefinitionDraft::new("order_ready", "en_US", "UTILITY")
        .body("Hello {{1}}, your order {{2}} is ready to be picked up.", ["Ana", "A7"])
}

pub fn ready_definition() -> Definition {
    ready().check().expect("a sound template")
}

/// The same template with another text.
pub fn other_definition() -> Definition {
    other("Your order is ready, {{1}}, come by.")
}

pub fn other(text: &str) -> Definition {
    DefinitionDraft::new("order_ready", "en_US", "UTILITY").body(text, ["Ana"]).check().expect("a sound template")
}

/// Where something is wrong with a draft, and what.
pub fn found(draft: &DefinitionDraft) -> Vec<(String, &'static str)> {
    draft.check().map_or_else(|faults| listed(&faults), |_| Vec::new())
}

pub fn listed(faults: &Faults) -> Vec<(String, &'static str)> {
    faults.as_slice().iter().map(|fault| (fault.pointer.clone(), fault.code)).collect()
}

pub fn create_template() -> Command {
    Command::Create(Box::new(Creation::new(TEMPLATE, waba(ACCOUNT), ready_definition())))
}

pub fn adopt() -> Command {
    Command::Adopt(Box::new(Adoption::new(TEMPLATE, waba(ACCOUNT), ready_definition().key().clone())))
}

pub fn edit(definition: Definition) -> Command {
    Command::Edit(Box::new(definition))
}

/// A template, the events that made it, the clock, and what its account has used up.
#[derive(Debug, Clone)]
pub struct TemplateCase {
    pub template: Template,
    pub events: Vec<Event>,
    pub now: Instant,
    pub policy: Policy,
    pub role: Option<Role>,
    pub used: TemplateUse,
    facts: u128,
}

impl TemplateCase {
    /// Nothing is known. It is Monday, 5 January 2026, 9:00 UTC.
    pub fn new() -> Self {
        let now = at("2026-01-05T09:00:00Z");
        Self {
            template: Template::default(),
            events: Vec::new(),
            now,
            policy: Policy::default(),
            role: None,
            used: TemplateUse::default(),
            facts: 0,
        }
    }

    /// One that was handed in, and Meta took it.
    pub fn created() -> Self {
        let mut case = Self::new();
        case.does(ADMIN, create_template()).answers(Outcome::Taken);
        case
    }

    /// One that was handed in two hours ago and approved an hour ago: it is 11:00.
    pub fn approved() -> Self {
        let mut case = Self::created();
        case.hours(1).told(TemplateEvent::Approved).hours(1);
        case
    }

    pub fn context(&self, actor: Actor) -> Context<'_> {
        let id = CommandId::new(Uuid::from_u128(self.events.len() as u128));
        Context::new(self.now, actor, id, &self.policy).with_role(self.role).with_template_use(&self.used)
    }

    /// Gives a command, and takes what comes of it. Replaying the events ends in the same state, and so it does after they
    /// were written and read.
    pub fn tries(&mut self, actor: Actor, command: Command) -> Result<Vec<Event>, Refused> {
        let events = self.template.decide(command, &self.context(actor))?;
        for event in &events {
            self.template = std::mem::take(&mut self.template).evolve(event);
        }
        self.events.extend(events.iter().cloned());
        assert_eq!(Template::replay(&self.events), self.template);
        let json = serde_json::to_string(&self.events).expect("events are written");
        let read: Vec<Event> = serde_json::from_str(&json).expect("events are read");
        assert_eq!(read, self.events);
        Ok(events)
    }

    #[track_caller]
    pub fn does(&mut self, actor: Actor, command: Command) -> &mut Self {
        self.tries(actor, command).expect("allowed");
        self
    }

    #[track_caller]
    pub fn refused(&mut self, actor: Actor, command: Command) -> Refused {
        self.tries(actor, command).expect_err("refused")
    }

    /// Meta answers the last call.
    #[track_caller]
    pub fn answers(&mut self, outcome: Outcome) -> &mut Self {
        let asked = |event: &Event| match event.change {
            Change::Created { call, .. }
            | Change::Edited { call, .. }
            | Change::Appealed { call }
            | Change::Unpaused { call }
            | Change::DeletionAsked { call } => Some(call),
            _ => None,
        };
        let call = self.events.iter().rev().find_map(asked).expect("a call");
        self.does(GRAPH, Command::Answer { call, outcome })
    }

    /// Meta tells a fact, of now.
    #[track_caller]
    pub fn told(&mut self, fact: impl Into<Fact>) -> &mut Self {
        self.told_at(self.now, fact)
    }

    /// Meta tells a fact, of an instant.
    #[track_caller]
    pub fn told_at(&mut self, since: Instant, fact: impl Into<Fact>) -> &mut Self {
        self.facts += 1;
        let id = FactId::new(Uuid::from_u128(5_000 + self.facts));
        self.does(META, Command::Observe { id, at: Some(since), fact: fact.into() })
    }

    /// A complete listing has this.
    #[track_caller]
    pub fn read(&mut self, listed: Listed) -> &mut Self {
        let key = self.template.key().expect("known").clone();
        let listing = Listing::begun(self.now).with_page([(key.clone(), listed)], Page::Last);
        self.does(GRAPH, Command::Read(listing.reading_of(&key).expect("in the listing")))
    }

    /// A complete listing has not got it.
    #[track_caller]
    pub fn missing(&mut self) -> &mut Self {
        let key = self.template.key().expect("known").clone();
        let listing = Listing::begun(self.now).with_page([], Page::Last);
        self.does(GRAPH, Command::Read(listing.reading_of(&key).expect("missing")))
    }

    pub fn hours(&mut self, hours: u32) -> &mut Self {
        self.now = self.now.plus_hours(hours);
        self
    }

    pub fn days(&mut self, days: u32) -> &mut Self {
        self.now = self.now.plus_days(days);
        self
    }

    pub fn millis(&mut self, millis: i64) -> &mut Self {
        self.now = shifted(self.now, millis);
        self
    }

    pub fn standing(&self) -> Standing {
        self.template.standing(self.now)
    }

    pub fn view(&self) -> TemplateView {
        self.template.view(self.now).expect("known")
    }

    pub fn may_send(&self) -> bool {
        self.template.may_send(self.now).is_ok()
    }
}
