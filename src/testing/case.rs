//! Given, when, then.

use std::collections::BTreeMap;

use uuid::Uuid;

use super::sample;
use crate::access::Role;
use crate::decider::{Actor, ChannelRules, Context, Decider, OwnerAccess, Policy};
use crate::id::{CommandId, UserId};
use crate::rule::Explain;
use crate::time::Instant;
use crate::whatsapp::{NumberUse, TemplateUse};

/// One aggregate that a test tells step by step, whichever it is: its state, the events that made it, and what a decision
/// depends on beside them, to be set as the test needs it.
///
/// ```
/// use whatsapp_inbox::access::Role;
/// use whatsapp_inbox::conversation::{Command, Conversation, MessageKind, Queue};
/// use whatsapp_inbox::decider::Actor;
/// use whatsapp_inbox::testing::{Case, sample};
///
/// // Given a customer who wrote,
/// let mut case = Case::<Conversation>::in_queue(Queue::New);
/// // when Ana replies, then it is hers;
/// let reply = Command::Reply { message: sample::message(7), kind: MessageKind::FreeText };
/// case.when(Actor::User(sample::ANA), reply).happens(["replied", "assigned"]);
/// assert_eq!(case.state.queue(case.now), Some(Queue::Pending));
/// // given that Ben is but a viewer, when he wants it, then he may not.
/// case.with_role(sample::BEN, Role::Viewer);
/// case.when(Actor::User(sample::BEN), Command::Take).is_refused("role-too-low");
/// ```
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Case<A: Decider> {
    /// The state.
    pub state: A,
    /// What has happened.
    pub events: Vec<A::Event>,
    /// The instant at which the next command is given.
    pub now: Instant,
    /// The organisation's policy.
    pub policy: Policy,
    /// What holds in the channel of a conversation.
    pub rules: ChannelRules,
    /// The role that people have here whom nobody gave [another](Self::with_role). Account admins have none then: being one gives
    /// no permission in conversations.
    pub role: Option<Role>,
    /// The roles of single people.
    roles: BTreeMap<UserId, Option<Role>>,
    /// Whether the owner of a conversation may still reply.
    pub owner_access: OwnerAccess,
    /// What earlier onboardings have used up of the number's budgets.
    pub number_use: Option<NumberUse>,
    /// What the account has used up of what it may have in templates.
    pub template_use: Option<TemplateUse>,
}

/// What came of a command that a [`Case`] was given.
#[derive(Debug)]
#[must_use = "say what it should be"]
pub struct Then<A: Decider> {
    /// What was given, and by whom.
    given: String,
    /// The events, or the refusal.
    pub outcome: Result<Vec<A::Event>, A::Refused>,
}

impl<A: Decider> Default for Case<A> {
    fn default() -> Self {
        Self::new()
    }
}

impl<A: Decider> Case<A> {
    /// Nothing has happened yet: it is Monday, 5 January 2026, 9:00 UTC, all rules are those built in, and people are
    /// contributors.
    #[must_use]
    pub fn new() -> Self {
        Self {
            state: A::default(),
            events: Vec::new(),
            now: sample::begin(),
            policy: Policy::default(),
            rules: ChannelRules::BUILT_IN,
            role: Some(Role::Contributor),
            roles: BTreeMap::new(),
            owner_access: OwnerAccess::Held,
            number_use: None,
            template_use: None,
        }
    }

    /// What has happened so far, as it was written.
    #[must_use]
    pub fn of(events: Vec<A::Event>) -> Self {
        Self { state: A::replay(&events), events, ..Self::new() }
    }

    /// What a decision about the next command depends on.
    #[must_use]
    pub fn context(&self, actor: Actor) -> Context<'_> {
        let id = CommandId::new(Uuid::from_u128(u128::try_from(self.events.len()).unwrap_or(u128::MAX)));
        let mut context = Context::new(self.now, actor, id, &self.policy)
            .with_role(self.role_of(actor))
            .with_channel(&self.rules)
            .with_owner_access(self.owner_access);
        context.number_use = self.number_use.as_ref();
        context.template_use = self.template_use.as_ref();
        context
    }

    /// Gives a person a role here, or none.
    pub fn with_role(&mut self, user: UserId, role: impl Into<Option<Role>>) -> &mut Self {
        self.roles.insert(user, role.into());
        self
    }

    fn role_of(&self, actor: Actor) -> Option<Role> {
        let given = self.roles.get(&actor.user()?).copied();
        given.unwrap_or(if matches!(actor, Actor::Admin(_)) { None } else { self.role })
    }

    /// Gives a command, and takes what comes of it: a refusal changes nothing.
    ///
    /// # Errors
    ///
    /// The refusal.
    ///
    /// # Panics
    ///
    /// If the same command at the same instant is decided otherwise the second time, or the events do not replay to the state
    /// (`core.pure`, `core.replay`): a fault of the decider.
    #[track_caller]
    pub fn tries(&mut self, actor: Actor, command: A::Command) -> Result<Vec<A::Event>, A::Refused> {
        let decided = self.state.decide(command.clone(), &self.context(actor));
        let again = self.state.decide(command, &self.context(actor));
        assert!(decided == again, "{decided:?}, and the second time {again:?}");
        let events = decided?;
        let before = std::mem::take(&mut self.state);
        self.state = events.iter().fold(before, A::evolve);
        self.events.extend(events.iter().cloned());
        assert!(A::replay(&self.events) == self.state, "its events lead to another state than {:?}", self.state);
        Ok(events)
    }

    /// Given that somebody does this, which is allowed.
    ///
    /// # Panics
    ///
    /// If it is refused, with what was given and why.
    #[track_caller]
    pub fn given(&mut self, actor: Actor, command: A::Command) -> &mut Self {
        let _events = self.when(actor, command).events();
        self
    }

    /// When somebody does this, then …
    #[track_caller]
    pub fn when(&mut self, actor: Actor, command: A::Command) -> Then<A> {
        let given = format!("{command:?} by {actor}");
        Then { given, outcome: self.tries(actor, command) }
    }

    /// Pushes the clock.
    pub fn minutes(&mut self, minutes: u32) -> &mut Self {
        self.now = self.now.plus_minutes(minutes);
        self
    }

    /// Pushes the clock.
    pub fn days(&mut self, days: u32) -> &mut Self {
        self.now = self.now.plus_days(days);
        self
    }

    /// Sets the clock, also back.
    pub const fn until(&mut self, now: Instant) -> &mut Self {
        self.now = now;
        self
    }

    /// Pushes the clock to when something is due next, if something is.
    pub fn until_due(&mut self) -> &mut Self {
        self.now = self.state.next_deadline().unwrap_or(self.now);
        self
    }
}

impl<A: Decider> Then<A> {
    /// It happens.
    ///
    /// # Panics
    ///
    /// If it is refused, with what was given and why.
    #[track_caller]
    pub fn events(self) -> Vec<A::Event> {
        let refusal = self.outcome.as_ref().err().map(ToString::to_string).unwrap_or_default();
        assert!(self.outcome.is_ok(), "{} was refused: {refusal}", self.given);
        self.outcome.unwrap_or_default()
    }

    /// Exactly these kinds of events happen, in this order; none at all where nothing changes.
    ///
    /// # Panics
    ///
    /// If others do.
    #[track_caller]
    pub fn happens<'n>(self, names: impl IntoIterator<Item = &'n str>) {
        let given = self.given.clone();
        let events = self.events();
        let happened: Vec<&str> = events.iter().map(A::event_name).collect();
        let wanted: Vec<&str> = names.into_iter().collect();
        assert!(happened == wanted, "{given} led to {happened:?}, not to {wanted:?}: {events:?}");
    }

    /// It is refused, for the reason with this code.
    ///
    /// # Panics
    ///
    /// If it is accepted, or refused for another reason.
    #[track_caller]
    pub fn is_refused(self, code: &str) {
        let refusal = self.outcome.err();
        let became = |refused: &A::Refused| format!("refused as `{}` ({refused})", refused.code());
        let became = refusal.as_ref().map_or("accepted".to_owned(), became);
        let right = refusal.is_some_and(|refused| refused.code() == code);
        assert!(right, "{} was {became}, and was to be refused as `{code}`", self.given);
    }
}
