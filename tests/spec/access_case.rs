//! People, teams and channels of two organisations whose UUIDs are the same, and a channel that lives through commands.

use std::fmt::Debug;

use serde::Serialize;
use serde::de::DeserializeOwned;
use whatsapp_inbox::access::{Access, Action, Grant, Principal, Reason, Role};
use whatsapp_inbox::channel::{Channel, Command, Effect, Event, Opening, Refused, WhatsAppLine};
use whatsapp_inbox::decider::{Actor, Context, Decider, Policy};
use whatsapp_inbox::id::{ChannelId, CommandId, OrganisationId, TeamId, UserId};
use whatsapp_inbox::settings::ChannelName;
use whatsapp_inbox::time::Instant;
use whatsapp_inbox::uuid::Uuid;

use crate::case::{ACCOUNT, NUMBER, PHONE_NUMBER, number, phone_number_id, shifted, waba};

pub const BAKERY: OrganisationId = OrganisationId::new(Uuid::from_u128(1));
pub const CAFE: OrganisationId = OrganisationId::new(Uuid::from_u128(2));

pub const fn user(id: u128) -> UserId {
    UserId::new(BAKERY, Uuid::from_u128(id))
}

pub const fn team(id: u128) -> TeamId {
    TeamId::new(BAKERY, Uuid::from_u128(id))
}

pub const fn channel(id: u128) -> ChannelId {
    ChannelId::new(BAKERY, Uuid::from_u128(id))
}

pub const ANA: UserId = user(7);
pub const BEN: UserId = user(8);
pub const BOSS: UserId = user(10);
pub const COUNTER: TeamId = team(50);
pub const KITCHEN: TeamId = team(51);
pub const ORDERS: ChannelId = channel(200);

/// The same UUID, in the other organisation.
pub const fn twin_user(user: UserId) -> UserId {
    UserId::new(CAFE, user.uuid())
}

/// The same UUID, in the other organisation.
pub const fn twin_team(team: TeamId) -> TeamId {
    TeamId::new(CAFE, team.uuid())
}

/// The same UUID, in the other organisation.
pub const fn twin_channel(channel: ChannelId) -> ChannelId {
    ChannelId::new(CAFE, channel.uuid())
}

/// Monday, 5 January 2026, 9:00 UTC, and so many milliseconds.
pub fn now_and(millis: i64) -> Instant {
    shifted(crate::case::at("2026-01-05T09:00:00Z"), millis)
}

pub fn now() -> Instant {
    now_and(0)
}

/// The channel `ORDERS` with these grants.
pub fn orders(grants: impl IntoIterator<Item = Grant>) -> Access {
    Access::of(ORDERS, grants).expect("grants of its own organisation")
}

pub fn ana() -> Principal {
    Principal::user(ANA)
}

pub fn boss() -> Principal {
    Principal::admin(BOSS)
}

pub fn allowed(access: &Access, person: &Principal, action: Action) -> bool {
    access.decide(person, action, now()).is_allowed()
}

pub fn reason(access: &Access, person: &Principal, action: Action) -> Option<Reason> {
    access.decide(person, action, now()).reason()
}

/// Everything that somebody may do.
pub fn may(access: &Access, person: &Principal, now: Instant) -> Vec<Action> {
    Action::ALL.into_iter().filter(|action| access.decide(person, *action, now).is_allowed()).collect()
}

pub fn json(value: &impl Serialize) -> String {
    serde_json::to_string(value).expect("it is JSON")
}

/// The variants that serde knows, in order, as its error on an unknown one lists them.
pub fn variants<T: DeserializeOwned + Debug>() -> Vec<String> {
    let error = serde_json::from_str::<T>("\"none of them\"").expect_err("no such variant").to_string();
    error.split('`').skip(3).step_by(2).map(str::to_owned).collect()
}

/// A channel, the events that made it, and the clock.
#[derive(Debug, Clone)]
pub struct Life {
    pub channel: Channel,
    pub events: Vec<Event>,
    pub now: Instant,
}

impl Life {
    /// Nothing has happened yet.
    pub fn unopened() -> Self {
        Self { channel: Channel::default(), events: Vec::new(), now: now() }
    }

    /// `ORDERS`, open on WhatsApp with these grants.
    pub fn open(grants: impl IntoIterator<Item = Grant>) -> Self {
        let mut life = Self::unopened();
        life.does(Actor::System, opening(grants));
        life
    }

    pub fn access(&self) -> &Access {
        self.channel.access().expect("it is open")
    }

    /// Gives a command as somebody with a role; the answer changes nothing yet.
    pub fn asks(&self, actor: Actor, role: Option<Role>, command: Command) -> Result<Vec<Event>, Refused> {
        let policy = Policy::default();
        let context = Context::new(self.now, actor, CommandId::new(Uuid::from_u128(1)), &policy).with_role(role);
        self.channel.decide(command, &context)
    }

    /// Gives a command that is accepted, and takes what it leads to.
    #[track_caller]
    pub fn does(&mut self, actor: Actor, command: Command) -> Vec<Event> {
        let events = self.asks(actor, None, command).expect("it is accepted");
        self.channel = events.iter().fold(std::mem::take(&mut self.channel), Channel::evolve);
        self.events.extend(events.iter().cloned());
        events
    }

    /// Changes access as the account admin, on the version there is; then what is to be done in conversations.
    #[track_caller]
    pub fn changes(&mut self, changes: Vec<whatsapp_inbox::access::AccessChange>) -> Vec<Effect> {
        let on = self.channel.access_version();
        effects(&self.does(Actor::Admin(BOSS), Command::ChangeAccess { on, changes }))
    }
}

pub fn effects(events: &[Event]) -> Vec<Effect> {
    events.iter().flat_map(Channel::effects).collect()
}

/// The command that opens `ORDERS` on WhatsApp with these grants.
pub fn opening(grants: impl IntoIterator<Item = Grant>) -> Command {
    let line = WhatsAppLine::new(number(NUMBER), phone_number_id(PHONE_NUMBER), waba(ACCOUNT));
    let name = ChannelName::new("Orders").expect("a name");
    Command::Open(Box::new(Opening::new(ORDERS, name).on_whatsapp(line).with_grants(grants)))
}
