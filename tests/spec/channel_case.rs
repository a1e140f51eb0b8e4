//! One channel that is told step by step: given, when, then.

use whatsapp_inbox::access::{AccessChange, Grant, Principal, Role};
use whatsapp_inbox::channel::{Channel, Command, Event, Opening, Refused, WhatsAppLine};
use whatsapp_inbox::decider::{Actor, Context, Decider, Policy, Version};
use whatsapp_inbox::id::{CommandId, TeamId, UserId};
use whatsapp_inbox::settings::{ChannelName, Settings, SettingsPatch};
use whatsapp_inbox::time::Instant;
use whatsapp_inbox::uuid::Uuid;

use crate::case::*;

pub const TEAM: TeamId = TeamId::new(ORGANISATION, Uuid::from_u128(50));

/// A user of the organisation.
pub const fn user(number: u128) -> UserId {
    UserId::new(ORGANISATION, Uuid::from_u128(number))
}

/// The account admin, as a person.
pub fn admin() -> Principal {
    Principal::admin(ADMIN.user().expect("a person"))
}

pub fn channel_name(text: &str) -> ChannelName {
    ChannelName::new(text).expect(text)
}

pub fn line() -> WhatsAppLine {
    WhatsAppLine::new(number(NUMBER), phone_number_id(PHONE_NUMBER), waba(ACCOUNT))
}

/// A channel, the events that made it, the clock, and the role of whoever acts as a user.
#[derive(Debug, Clone)]
pub struct ChannelCase {
    pub channel: Channel,
    pub events: Vec<Event>,
    pub now: Instant,
    pub policy: Policy,
    pub role: Option<Role>,
}

impl ChannelCase {
    /// Nothing has opened. It is Monday, 5 January 2026, 9:00 UTC.
    pub fn new() -> Self {
        let now = at("2026-01-05T09:00:00Z");
        Self { channel: Channel::default(), events: Vec::new(), now, policy: Policy::default(), role: None }
    }

    /// A channel on WhatsApp with these grants.
    pub fn open(grants: impl IntoIterator<Item = Grant>) -> Self {
        Self::opened(Opening::new(CHANNEL, channel_name(NAME)).on_whatsapp(line()).with_grants(grants))
    }

    /// A channel of another medium with these grants.
    pub fn elsewhere(grants: impl IntoIterator<Item = Grant>) -> Self {
        Self::opened(Opening::new(CHANNEL, channel_name(NAME)).with_grants(grants))
    }

    pub fn opened(opening: Opening) -> Self {
        let mut case = Self::new();
        case.does(Actor::System, Command::Open(Box::new(opening)));
        case
    }

    /// Gives a command, and takes what comes of it. Replaying the events ends in the same state, and so it does after they
    /// were written and read.
    pub fn tries(&mut self, actor: Actor, command: Command) -> Result<Vec<Event>, Refused> {
        let id = CommandId::new(Uuid::from_u128(self.events.len() as u128));
        let context = Context::new(self.now, actor, id, &self.policy).with_role(self.role);
        let events = self.channel.decide(command, &context)?;
        for event in &events {
            self.channel = std::mem::take(&mut self.channel).evolve(event);
        }
        self.events.extend(events.iter().cloned());
        assert_eq!(Channel::replay(&self.events), self.channel);
        let json = serde_json::to_string(&self.events).expect("events are written");
        let read: Vec<Event> = serde_json::from_str(&json).expect("events are read");
        assert_eq!(read, self.events);
        Ok(events)
    }

    #[track_caller]
    pub fn does(&mut self, actor: Actor, command: Command) -> &mut Self {
        let shown = format!("{command:?}");
        if let Err(refused) = self.tries(actor, command) {
            panic!("{shown} by {actor}: {refused}");
        }
        self
    }

    /// Gives a command that changes nothing.
    #[track_caller]
    pub fn idle(&mut self, actor: Actor, command: Command) -> &mut Self {
        let before = self.channel.clone();
        assert_eq!(self.tries(actor, command), Ok(Vec::new()));
        assert_eq!(self.channel, before);
        self
    }

    /// Gives a command that must be refused, and says why.
    #[track_caller]
    pub fn refused(&mut self, actor: Actor, command: Command) -> Refused {
        let before = self.channel.clone();
        let shown = format!("{command:?}");
        let Err(refused) = self.tries(actor, command) else { panic!("{shown} by {actor} was accepted") };
        assert_eq!(self.channel, before, "a refusal changes nothing");
        refused
    }

    pub fn settings(&self) -> &Settings {
        self.channel.settings().expect("an open channel")
    }

    /// A change of settings on the version there is.
    pub fn change(&self, patch: SettingsPatch) -> Command {
        Command::ChangeSettings { on: self.channel.settings_version(), patch: Box::new(patch) }
    }

    /// A new name on the version there is.
    pub fn rename(&self, name: &str) -> Command {
        let mut patch = SettingsPatch::default();
        patch.name = Some(channel_name(name));
        self.change(patch)
    }

    /// Changes of access on the version there is.
    pub fn access(&self, changes: impl IntoIterator<Item = AccessChange>) -> Command {
        Command::ChangeAccess { on: self.channel.access_version(), changes: changes.into_iter().collect() }
    }

    pub fn versions(&self) -> (Version, Version) {
        (self.channel.settings_version(), self.channel.access_version())
    }

    /// The event as JSON, to be read as history.
    pub fn reads(&mut self, json: serde_json::Value) -> &mut Self {
        let event: Event = serde_json::from_value(json).expect("an event");
        self.channel = std::mem::take(&mut self.channel).evolve(&event);
        self.events.push(event);
        self
    }

    /// Time passes.
    pub fn minutes(&mut self, minutes: u32) -> &mut Self {
        self.now = self.now.plus_minutes(minutes);
        self
    }
}
