//! One channel that is told step by step: given, when, then.

use std::ops::{Deref, DerefMut};

use whatsapp_inbox::access::{AccessChange, Grant, Principal};
use whatsapp_inbox::channel::{Channel, Command, Event, Opening, Refused, WhatsAppLine};
use whatsapp_inbox::decider::{Actor, Decider, Version};
use whatsapp_inbox::id::{TeamId, UserId};
use whatsapp_inbox::settings::{ChannelName, Settings, SettingsPatch};
use whatsapp_inbox::testing::Case;
use whatsapp_inbox::uuid::Uuid;

use crate::case::{ACCOUNT, ADMIN, CHANNEL, NAME, NUMBER, ORGANISATION, PHONE_NUMBER, number, phone_number_id, waba};

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

/// A channel that is told step by step.
#[derive(Debug, Clone)]
pub struct ChannelCase(pub Case<Channel>);

impl Deref for ChannelCase {
    type Target = Case<Channel>;

    fn deref(&self) -> &Case<Channel> {
        &self.0
    }
}

impl DerefMut for ChannelCase {
    fn deref_mut(&mut self) -> &mut Case<Channel> {
        &mut self.0
    }
}

impl ChannelCase {
    /// Nothing has opened. It is Monday, 5 January 2026, 9:00 UTC, and nobody has a role.
    pub fn new() -> Self {
        let mut case = Case::new();
        case.role = None;
        Self(case)
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

    /// Gives a command, and takes what comes of it. The events are the same after they were written and read.
    pub fn tries(&mut self, actor: Actor, command: Command) -> Result<Vec<Event>, Refused> {
        let events = self.0.tries(actor, command)?;
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
        let before = self.state.clone();
        assert_eq!(self.tries(actor, command), Ok(Vec::new()));
        assert_eq!(self.state, before);
        self
    }

    /// Gives a command that must be refused, and says why.
    #[track_caller]
    pub fn refused(&mut self, actor: Actor, command: Command) -> Refused {
        let before = self.state.clone();
        let shown = format!("{command:?}");
        let Err(refused) = self.tries(actor, command) else { panic!("{shown} by {actor} was accepted") };
        assert_eq!(self.state, before, "a refusal changes nothing");
        refused
    }

    pub fn settings(&self) -> &Settings {
        self.state.settings().expect("an open channel")
    }

    /// A change of settings on the version there is.
    pub fn change(&self, patch: SettingsPatch) -> Command {
        Command::ChangeSettings { on: self.state.settings_version(), patch: Box::new(patch) }
    }

    /// A new name on the version there is.
    pub fn rename(&self, name: &str) -> Command {
        let mut patch = SettingsPatch::default();
        patch.name = Some(channel_name(name));
        self.change(patch)
    }

    /// Changes of access on the version there is.
    pub fn access(&self, changes: impl IntoIterator<Item = AccessChange>) -> Command {
        Command::ChangeAccess { on: self.state.access_version(), changes: changes.into_iter().collect() }
    }

    pub fn versions(&self) -> (Version, Version) {
        (self.state.settings_version(), self.state.access_version())
    }

    /// The event as JSON, to be read as history.
    pub fn reads(&mut self, json: serde_json::Value) -> &mut Self {
        let event: Event = serde_json::from_value(json).expect("an event");
        self.state = std::mem::take(&mut self.state).evolve(&event);
        self.events.push(event);
        self
    }

    /// Time passes.
    pub fn minutes(&mut self, minutes: u32) -> &mut Self {
        self.0.minutes(minutes);
        self
    }
}
