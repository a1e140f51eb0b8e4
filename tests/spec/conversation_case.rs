//! One conversation that is told step by step: given, when, then.

use std::ops::{Deref, DerefMut};

use whatsapp_inbox::access::{Access, Action, Assignee, Grant, Least, Principal, Role};
use whatsapp_inbox::conversation::{
    Change, Command, Conversation, Event, Kind, Label, MessageKind, Queue, Refused, ResolveCause,
};
use whatsapp_inbox::decider::{Actor, ChannelRules, Decider, SignOut, Version};
use whatsapp_inbox::id::{ChannelId, ConversationId, MessageId, NoteId, UserId};
use whatsapp_inbox::settings::{
    AutoAssignment, AutoResolve, AutoResolvePolicy, ChannelName, ClosingWarning, ReplyPolicy, ResolveReason, Settings,
    WarnBefore, Window,
};
use whatsapp_inbox::testing::Case;
use whatsapp_inbox::time::Instant;
use whatsapp_inbox::uuid::Uuid;

pub use crate::case::{CHANNEL, META, ORGANISATION, OTHER_ORGANISATION, at, shifted};

pub const CONVERSATION: ConversationId = ConversationId::new(ORGANISATION, Uuid::from_u128(300));
pub const ANA: UserId = UserId::new(ORGANISATION, Uuid::from_u128(7));
pub const BEN: UserId = UserId::new(ORGANISATION, Uuid::from_u128(8));
/// Two of the team, with the role that the case gives them.
pub const AS_ANA: Actor = Actor::User(ANA);
pub const AS_BEN: Actor = Actor::User(BEN);

pub const MINUTE: i64 = 60_000;
pub const HOUR: i64 = 60 * MINUTE;
pub const DAY: i64 = 24 * HOUR;

pub fn begin() -> Command {
    Command::Begin { id: CONVERSATION, channel: CHANNEL }
}

pub const fn message(number: u128) -> MessageId {
    MessageId::new(Uuid::from_u128(number))
}

pub const fn note(number: u128) -> NoteId {
    NoteId::new(Uuid::from_u128(number))
}

pub const fn receive() -> Command {
    Command::Receive { message: message(1), sent_at: None }
}

pub const fn template() -> Command {
    Command::Reply { message: message(2), kind: MessageKind::Template }
}

pub const fn free_text() -> Command {
    Command::Reply { message: message(2), kind: MessageKind::FreeText }
}

pub const fn to(queue: Queue) -> Command {
    Command::Move { to: queue }
}

/// Somebody who may reply in a channel.
pub fn assignee_in(channel: ChannelId, user: UserId) -> Assignee {
    let access = Access::of(channel, [Grant::user(user, Role::Contributor)]).expect("its own organisation");
    access.assignee(&Principal::user(user), Instant::MIN).expect("a contributor may reply")
}

pub fn assign(user: UserId) -> Command {
    Command::Assign { to: assignee_in(CHANNEL, user) }
}

pub fn label(text: &str) -> Label {
    Label::new(text).expect(text)
}

pub fn labels(texts: &[&str]) -> Vec<Label> {
    texts.iter().map(|text| label(text)).collect()
}

pub fn tags(add: &[&str], remove: &[&str]) -> Command {
    Command::EditTags { add: labels(add), remove: labels(remove) }
}

pub fn topics(add: &[&str], remove: &[&str]) -> Command {
    Command::EditTopics { add: labels(add), remove: labels(remove) }
}

pub fn reason(text: &str) -> ResolveReason {
    ResolveReason::new(text).expect(text)
}

pub fn close() -> Command {
    Command::CloseWithChannel { reason: reason("the channel closed") }
}

pub fn after(minutes: u32) -> AutoResolve {
    AutoResolve::After(Window::minutes(minutes).expect("within the bounds"))
}

/// A channel's rules with these windows, on a version.
pub fn windows(new: AutoResolve, pending: AutoResolve, version: u64) -> ChannelRules {
    let policy = AutoResolvePolicy::default();
    let settings = Settings::new(ChannelName::new("Orders").expect("a name"));
    let built = settings.with().auto_resolve_new(new).auto_resolve_pending(pending).build(&policy).expect("legal");
    let mut rules = ChannelRules::BUILT_IN;
    rules.settings_version = Version::new(version);
    rules.auto_resolve_new = built.window(whatsapp_inbox::settings::OpenQueue::New, &policy);
    rules.auto_resolve_pending = built.window(whatsapp_inbox::settings::OpenQueue::Pending, &policy);
    rules
}

/// A name for each event, as JSON has it.
pub fn names(events: &[Event]) -> Vec<String> {
    let name = |event: &Event| {
        let json = serde_json::to_value(&event.change).expect("an event is JSON");
        let object = json.as_object().and_then(|change| change.keys().next().cloned());
        object.or_else(|| json.as_str().map(str::to_owned)).expect("an event has a name")
    };
    events.iter().map(name).collect()
}

/// The cause with which the last of these events resolves.
#[track_caller]
pub fn cause(events: &[Event]) -> (Instant, ResolveCause) {
    match events.last().map(|event| &event.change) {
        Some(Change::Resolved { at, cause }) => (*at, (**cause).clone()),
        other => panic!("not resolved: {other:?}"),
    }
}

/// A conversation that is told step by step.
#[derive(Debug, Clone)]
pub struct Talk(pub Case<Conversation>);

impl Deref for Talk {
    type Target = Case<Conversation>;

    fn deref(&self) -> &Case<Conversation> {
        &self.0
    }
}

impl DerefMut for Talk {
    fn deref_mut(&mut self) -> &mut Case<Conversation> {
        &mut self.0
    }
}

impl Talk {
    /// Nothing has begun. It is Monday, 5 January 2026, 9:00 UTC, all windows are built in, and people are contributors.
    pub fn unbegun() -> Self {
        Self(Case::new())
    }

    /// Begun, in New, and the customer has written. Nobody owns it.
    pub fn new() -> Self {
        Self::with(ChannelRules::BUILT_IN)
    }

    /// The same, in a channel with these rules.
    pub fn with(rules: ChannelRules) -> Self {
        let mut talk = Self::unbegun();
        talk.rules = rules;
        talk.does(Actor::Customer, begin()).does(Actor::Customer, receive());
        talk
    }

    /// The same, with one hour in New and two in Pending.
    pub fn short() -> Self {
        Self::with(windows(after(60), after(120), 3))
    }

    /// The same, with a warning so many minutes before.
    pub fn warned(before: u32, warning: fn(WarnBefore) -> ClosingWarning) -> Self {
        let mut rules = windows(after(60), after(120), 3);
        rules.warning = warning(WarnBefore::minutes(before).expect("a time before"));
        Self::with(rules)
    }

    pub fn without_auto_assignment(mut self) -> Self {
        self.rules.auto_assignment = AutoAssignment::Off;
        self
    }

    pub fn releasing(mut self) -> Self {
        self.policy.sign_out = SignOut::Releases;
        self
    }

    pub fn replies(mut self, policy: ReplyPolicy) -> Self {
        self.rules.reply_policy = policy;
        self
    }

    pub fn asks(&self, actor: Actor, command: Command) -> Result<Vec<Event>, Refused> {
        self.state.decide(command, &self.context(actor))
    }

    /// Gives a command, and takes what comes of it. The events are the same after they were written and read. Nobody did what
    /// their role does not allow, and nobody owns what is resolved.
    pub fn tries(&mut self, actor: Actor, command: Command) -> Result<Vec<Event>, Refused> {
        let events = self.0.tries(actor, command)?;
        for event in &events {
            let enough = match Conversation::required(event).map(Action::least) {
                Some(Least::Role(least)) => self.role >= Some(least),
                Some(Least::Admin) => matches!(event.by, Actor::Admin(_)),
                None => true,
            };
            assert!(enough, "{event:?} as {:?}", self.role);
        }
        let json = serde_json::to_string(&events).expect("events are written");
        assert_eq!(serde_json::from_str::<Vec<Event>>(&json).expect("events are read"), events);
        assert!(self.queue() != Some(Queue::Resolved) || self.owner().is_none(), "nobody owns what is resolved");
        Ok(events)
    }

    #[track_caller]
    pub fn does(&mut self, actor: Actor, command: Command) -> &mut Self {
        self.gives(actor, command);
        self
    }

    /// What comes of a command that is accepted.
    #[track_caller]
    pub fn gives(&mut self, actor: Actor, command: Command) -> Vec<Event> {
        let shown = format!("{command:?}");
        self.tries(actor, command).unwrap_or_else(|refused| panic!("{shown} by {actor}: {refused}"))
    }

    /// Gives a command that changes nothing.
    #[track_caller]
    pub fn idle(&mut self, actor: Actor, command: Command) -> &mut Self {
        assert_eq!(self.gives(actor, command), []);
        self
    }

    /// Gives a command that must be refused, and says why.
    #[track_caller]
    pub fn refused(&mut self, actor: Actor, command: Command) -> Refused {
        let shown = format!("{command:?}");
        let Err(refused) = self.asks(actor, command) else { panic!("{shown} by {actor} was accepted") };
        refused
    }

    /// Time lets happen what is due.
    #[track_caller]
    pub fn tick(&mut self) -> Vec<Event> {
        self.gives(Actor::System, Command::Tick)
    }

    pub fn allows(&self, actor: Actor, kind: Kind) -> bool {
        self.state.allowed(&self.context(actor)).any(|allowed| allowed == kind)
    }

    pub fn queue(&self) -> Option<Queue> {
        self.state.queue(self.now)
    }

    pub fn owner(&self) -> Option<UserId> {
        self.state.owner(self.now)
    }

    #[track_caller]
    pub fn deadline(&self) -> Instant {
        self.state.deadline().expect("a deadline")
    }

    /// The clock jumps.
    pub fn until(&mut self, now: Instant) -> &mut Self {
        self.now = now;
        self
    }

    /// Time passes.
    pub fn passes(&mut self, millis: i64) -> &mut Self {
        self.now = shifted(self.now, millis);
        self
    }
}
