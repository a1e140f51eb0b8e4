//! A conversation as cqrs-es has it: as many queues, an owner, and the events that this crate records.
//!
//! Commands and changes are this crate's types, so that an event is as large and as costly to copy on both sides. Of the
//! rules it has what moves a conversation and who becomes its owner. It knows no roles, windows, snoozes, warnings or labels,
//! and nothing of its channel; where a rule would refuse, it asks no more than whether there is a conversation.

use std::collections::HashMap;
use std::sync::{Arc, RwLock};

use cqrs_es::event_sink::EventSink;
use cqrs_es::{Aggregate, AggregateContext, AggregateError, DomainEvent, EventEnvelope, EventStore};
use serde::{Deserialize, Serialize};
use whatsapp_inbox::conversation::{Assignment, Change, Command, Queue, ResolveCause};
use whatsapp_inbox::decider::{Actor, ChannelRules, GivenWindow};
use whatsapp_inbox::id::{ChannelId, ConversationId, UserId};
use whatsapp_inbox::settings::OpenQueue;
use whatsapp_inbox::time::Instant;

/// A command with who gives it and when: cqrs-es has no place of its own for them.
#[derive(Debug, Clone)]
pub struct Given {
    pub command: Command,
    pub by: Actor,
    pub at: Instant,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Event {
    pub at: Instant,
    pub by: Actor,
    pub change: Change,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refused {
    NotBegun,
    AlreadyBegun,
    /// It is none of those that this aggregate knows.
    Unknown,
}

#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Conversation {
    id: Option<ConversationId>,
    channel: Option<ChannelId>,
    place: Place,
    last_customer_message: Option<Instant>,
    last_message: Option<Instant>,
}

#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
enum Place {
    #[default]
    Nowhere,
    New(Stay),
    Pending(Stay),
    Resolved {
        at: Instant,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
struct Stay {
    entered: Instant,
    given: GivenWindow,
    owner: Option<UserId>,
}

impl Conversation {
    pub const fn queue(&self) -> Option<Queue> {
        match self.place {
            Place::Nowhere => None,
            Place::New(_) => Some(Queue::New),
            Place::Pending(_) => Some(Queue::Pending),
            Place::Resolved { .. } => Some(Queue::Resolved),
        }
    }

    pub fn owner(&self) -> Option<UserId> {
        match self.place {
            Place::New(stay) | Place::Pending(stay) => stay.owner,
            Place::Nowhere | Place::Resolved { .. } => None,
        }
    }

    pub const fn last_message(&self) -> Option<Instant> {
        self.last_message
    }

    fn enter(&mut self, queue: Queue, entered: Instant, given: GivenWindow) {
        let stay = Stay { entered, given, owner: self.owner() };
        self.place = match queue {
            Queue::New => Place::New(stay),
            Queue::Pending => Place::Pending(stay),
            Queue::Resolved => Place::Resolved { at: entered },
        };
    }

    fn changes(&self, command: Command, by: Actor, at: Instant) -> Result<Vec<Change>, Refused> {
        const RULES: ChannelRules = ChannelRules::BUILT_IN;
        let queue = self.queue();
        let entry = |to: Queue, open: OpenQueue| (queue != Some(to)).then(|| RULES.given(open));
        match (command, queue) {
            (Command::Begin { id, channel }, None) => {
                Ok(vec![Change::Begun { id, channel, given: RULES.given(OpenQueue::New) }])
            }
            (Command::Begin { .. }, Some(_)) => Err(Refused::AlreadyBegun),
            (_, None) => Err(Refused::NotBegun),
            (Command::Receive { message, sent_at }, _) => {
                let sent_at = sent_at.map_or(at, |sent| sent.min(at));
                let entry = entry(Queue::New, OpenQueue::New);
                Ok(vec![Change::CustomerWrote { message, sent_at, entry, releases_owner: false }])
            }
            (Command::Reply { message, kind }, _) => {
                let entry = entry(Queue::Pending, OpenQueue::Pending);
                let mut changes = vec![Change::Replied { message, kind, sent_at: at, entry }];
                if let (None, Some(owner)) = (self.owner(), by.user()) {
                    changes.push(Change::Assigned { owner, how: Assignment::FirstReply });
                }
                Ok(changes)
            }
            (Command::Move { to: Queue::Resolved }, _) => {
                Ok(vec![Change::Resolved { at, cause: Box::new(ResolveCause::ByHand) }])
            }
            _ => Err(Refused::Unknown),
        }
    }
}

impl Aggregate for Conversation {
    const TYPE: &'static str = "conversation";

    type Command = Given;
    type Event = Event;
    type Error = Refused;
    type Services = ();

    async fn handle(&mut self, given: Given, (): &(), sink: &EventSink<Self>) -> Result<(), Refused> {
        let Given { command, by, at } = given;
        for change in self.changes(command, by, at)? {
            sink.write(Event { at, by, change }, self).await;
        }
        Ok(())
    }

    fn apply(&mut self, event: Event) {
        match event.change {
            Change::Begun { id, channel, given } => {
                (self.id, self.channel) = (Some(id), Some(channel));
                self.enter(Queue::New, event.at, given);
            }
            Change::CustomerWrote { sent_at, entry, .. } => {
                self.last_customer_message = self.last_customer_message.max(Some(sent_at));
                self.last_message = self.last_message.max(Some(sent_at));
                if let Some(given) = entry {
                    self.enter(Queue::New, event.at, given);
                }
            }
            Change::Replied { sent_at, entry, .. } => {
                self.last_message = self.last_message.max(Some(sent_at));
                if let Some(given) = entry {
                    self.enter(Queue::Pending, event.at, given);
                }
            }
            Change::Assigned { owner, .. } => {
                if let Place::New(stay) | Place::Pending(stay) = &mut self.place {
                    stay.owner = Some(owner);
                }
            }
            Change::Resolved { at, .. } => self.place = Place::Resolved { at },
            _ => {}
        }
    }
}

impl DomainEvent for Event {
    fn event_type(&self) -> String {
        self.change.name().to_owned()
    }

    fn event_version(&self) -> String {
        "1".to_owned()
    }
}

impl std::fmt::Display for Refused {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{self:?}")
    }
}

impl std::error::Error for Refused {}

/// The steps of cqrs-es's `MemStore`, but for the two lines that it prints to standard output for each command: what is timed
/// beside it is then work, and not a terminal.
#[derive(Debug, Clone, Default)]
pub struct Quiet {
    events: Arc<RwLock<HashMap<String, Vec<EventEnvelope<Conversation>>>>>,
}

/// What [`Quiet`] has loaded.
#[derive(Debug)]
pub struct Loaded {
    aggregate_id: String,
    pub aggregate: Conversation,
    current_sequence: usize,
}

impl AggregateContext<Conversation> for Loaded {
    fn aggregate(&mut self) -> &mut Conversation {
        &mut self.aggregate
    }
}

impl EventStore<Conversation> for Quiet {
    type AC = Loaded;

    async fn load_events(
        &self,
        aggregate_id: &str,
    ) -> Result<Vec<EventEnvelope<Conversation>>, AggregateError<Refused>> {
        Ok(self.events.read().expect("no panic").get(aggregate_id).into_iter().flatten().cloned().collect())
    }

    async fn load_aggregate(&self, aggregate_id: &str) -> Result<Loaded, AggregateError<Refused>> {
        let (mut aggregate, mut current_sequence) = (Conversation::default(), 0);
        for envelope in self.load_events(aggregate_id).await? {
            current_sequence = envelope.sequence;
            aggregate.apply(envelope.payload);
        }
        Ok(Loaded { aggregate_id: aggregate_id.to_owned(), aggregate, current_sequence })
    }

    async fn commit(
        &self,
        events: Vec<Event>,
        context: Loaded,
        metadata: HashMap<String, String>,
    ) -> Result<Vec<EventEnvelope<Conversation>>, AggregateError<Refused>> {
        let Loaded { aggregate_id, current_sequence, .. } = context;
        let wrapped: Vec<EventEnvelope<Conversation>> = (current_sequence + 1..)
            .zip(events)
            .map(|(sequence, payload)| EventEnvelope {
                aggregate_id: aggregate_id.clone(),
                sequence,
                payload,
                metadata: metadata.clone(),
            })
            .collect();
        if wrapped.is_empty() {
            return Ok(wrapped);
        }
        // `MemStore` reads all events again, adds the new ones, and puts the whole back.
        let mut all = self.load_events(&aggregate_id).await?;
        all.extend(wrapped.iter().cloned());
        self.events.write().expect("no panic").insert(aggregate_id, all);
        Ok(wrapped)
    }
}
