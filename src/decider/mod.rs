//! How things change over time: one trait, the context a decision is made in, and who makes it.
//!
//! What changes is a [`Decider`]: a state that answers a command with events or a refusal, and takes events to become the
//! next state. Both are pure (`core.pure`): what a decision depends on beside the state comes in the [`Context`], and what
//! it used of that is written into the events, so that replaying them needs nothing else (`core.replay`).

mod actor;
mod fingerprint;
mod mixer;
mod policy;
mod rules;
mod version;

use std::fmt;
use std::hash::Hash;
use std::str::FromStr;

use serde::de::DeserializeOwned;
use serde::ser::SerializeStruct;
use serde::{Deserialize, Serialize, Serializer};
use uuid::Uuid;

use crate::access::{Action, Role};
use crate::id::{CommandId, IdError, OrganisationId};
use crate::rule::Explain;
use crate::time::Instant;
use crate::whatsapp::{NumberUse, PhoneNumber, TemplateUse};

pub use actor::{Actor, Party, Source};
pub use fingerprint::Fingerprint;
pub use policy::{Policy, SignOut};
pub use rules::{ChannelRules, ChannelStatus, GivenWindow};
pub use version::Version;

/// A state that commands change through events.
///
/// ```
/// use whatsapp_inbox::decider::Decider;
/// use whatsapp_inbox::onboarding::Onboarding;
///
/// // No event yet: the state before everything.
/// assert_eq!(Onboarding::replay([]), Onboarding::default());
/// ```
pub trait Decider: Clone + fmt::Debug + PartialEq + Default + Send + Sync + 'static {
    /// What it is called in a storage, such as `conversation`. It never changes.
    const NAME: &'static str;

    /// What one of them is known by: an organisation and a UUID, which a storage may keep in two columns.
    ///
    /// ```
    /// use whatsapp_inbox::decider::Decider;
    /// use whatsapp_inbox::id::OrganisationId;
    /// use whatsapp_inbox::uuid::Uuid;
    ///
    /// fn columns<A: Decider>(id: A::Id) -> (OrganisationId, Uuid) {
    ///     id.into()
    /// }
    ///
    /// fn read<A: Decider>(organisation: OrganisationId, id: Uuid) -> A::Id {
    ///     (organisation, id).into()
    /// }
    /// ```
    type Id: Copy
        + From<(OrganisationId, Uuid)>
        + Into<(OrganisationId, Uuid)>
        + Ord
        + Hash
        + fmt::Debug
        + fmt::Display
        + FromStr<Err = IdError>
        + Serialize
        + DeserializeOwned
        + Send
        + Sync
        + 'static;
    /// What may be asked for. Strict: a command that exists is well formed.
    type Command: Clone + fmt::Debug + Serialize + Send + Sync + 'static;
    /// What happened. Lenient: what was once accepted stays readable.
    type Event: Clone + fmt::Debug + PartialEq + Serialize + DeserializeOwned + Send + Sync + 'static;
    /// Why a command was refused.
    type Refused: Refusal + Clone + PartialEq + Send + Sync + 'static;
    /// What is to be done elsewhere because of an event.
    type Effect: Clone + fmt::Debug + PartialEq + Serialize + DeserializeOwned + Send + Sync + 'static;

    /// The organisation that an id belongs to, by which storages keep apart what has the same UUID (`access.tenant`).
    #[must_use]
    fn organisation(id: Self::Id) -> OrganisationId {
        let (organisation, _) = id.into();
        organisation
    }

    /// The events that a command leads to here and now. None at all means that nothing changes.
    ///
    /// # Errors
    ///
    /// The refusal, which changes nothing. It never panics, whatever the state, the command and the context.
    fn decide(&self, command: Self::Command, context: &Context<'_>) -> Result<Vec<Self::Event>, Self::Refused>;

    /// The state after an event. It takes any event in any state and checks nothing: what happened, happened.
    #[must_use]
    fn evolve(self, event: &Self::Event) -> Self;

    /// What one of the brand's people must be allowed to do for an event to happen through them (`access.by-effect`): it is
    /// asked of what would happen, not of the command's name. Nothing where somebody else is behind the event: the provider,
    /// Meta, time, a customer.
    fn required(event: &Self::Event) -> Option<Action>;

    /// What is to be done elsewhere because of an event, in order.
    fn effects(event: &Self::Event) -> Vec<Self::Effect>;

    /// How often an effect may be delivered.
    fn delivery(effect: &Self::Effect) -> Delivery;

    /// What kind of effect it is, such as `ask-for-code`: its tag in JSON. It never changes.
    fn effect_name(effect: &Self::Effect) -> &'static str;

    /// What kind of event it is, such as `customer-wrote`: its tag in JSON. It never changes.
    fn event_name(event: &Self::Event) -> &'static str;

    /// What an event takes for this aggregate alone, or gives back.
    fn claims(event: &Self::Event) -> Vec<ClaimChange>;

    /// The next instant for which a tick is due, if any. A tick before it does nothing, a late one no harm. Views need no
    /// tick: they tell at any instant what holds then.
    fn next_deadline(&self) -> Option<Instant>;

    /// The state that a history of events leads to (`core.replay`).
    #[must_use]
    fn replay<'e>(events: impl IntoIterator<Item = &'e Self::Event>) -> Self
    where
        Self::Event: 'e,
    {
        events.into_iter().fold(Self::default(), Self::evolve)
    }
}

/// How often an effect may be delivered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Delivery {
    /// As often as it takes: at least once.
    Repeatable,
    /// At most once: where the answer is lost, the outcome is unknown and the call is not repeated.
    Once,
}

/// What a refusal can tell: its class beside what every error tells.
///
/// A refusal serialises to `code`, `class`, `rule`, `message` and `parameters` (`core.explain`).
pub trait Refusal: Explain + Serialize {
    /// Whether the situation or the input is in the way.
    fn class(&self) -> Class;
}

/// Writes a refusal as every one is written, with the parameters of its kind.
///
/// # Errors
///
/// Whatever the serializer says.
pub(crate) fn write_refusal<S: Serializer>(
    refusal: &impl Refusal,
    parameters: &impl Serialize,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    let mut written = serializer.serialize_struct("Refused", 5)?;
    written.serialize_field("code", refusal.code())?;
    written.serialize_field("class", &refusal.class())?;
    written.serialize_field("rule", &refusal.rule())?;
    written.serialize_field("message", &refusal.to_string())?;
    written.serialize_field("parameters", parameters)?;
    written.end()
}

/// What stands in the way of a command.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Class {
    /// The situation: order, actor, time or budget. The same command may do later, or from somebody else.
    Situation,
    /// The command's parameters. The same command will not do, another may do now.
    Input,
}

/// What a decision depends on beside the state: now, who asks, and what the host has looked up.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct Context<'a> {
    /// The instant of the decision. It may lie before that of an earlier one.
    pub now: Instant,
    /// Who asks.
    pub actor: Actor,
    /// The command's own id.
    pub command: CommandId,
    /// The organisation's policy.
    pub policy: &'a Policy,
    /// The role that the actor has here, asked for when a user acts. Without one there is nothing to be found.
    pub role: Option<Role>,
    /// What holds in the channel, asked for when a conversation changes: what is built in, unless it is said.
    pub channel: &'a ChannelRules,
    /// Whether the owner of the conversation may still reply.
    pub owner_access: OwnerAccess,
    /// What earlier onboardings have used up of the number's budgets at Meta, asked for when details name a number.
    pub number_use: Option<&'a NumberUse>,
    /// What the account has used up of its room for templates, asked for when one is created.
    pub template_use: Option<&'a TemplateUse>,
}

impl<'a> Context<'a> {
    /// A context of these values.
    #[must_use]
    pub const fn new(now: Instant, actor: Actor, command: CommandId, policy: &'a Policy) -> Self {
        Self {
            now,
            actor,
            command,
            policy,
            role: None,
            channel: &rules::BUILT_IN,
            owner_access: OwnerAccess::Held,
            number_use: None,
            template_use: None,
        }
    }

    /// The same context, knowing the role that the actor has here ([`Access::role`](crate::access::Access::role)).
    #[must_use]
    pub const fn with_role(mut self, role: Option<Role>) -> Self {
        self.role = role;
        self
    }

    /// The same context, knowing what holds in the channel.
    #[must_use]
    pub const fn with_channel(mut self, rules: &'a ChannelRules) -> Self {
        self.channel = rules;
        self
    }

    /// The same context, knowing that the owner of the conversation may not reply any more, and so counts as none
    /// (`access.revoke-impact`).
    #[must_use]
    pub const fn with_owner_access(mut self, access: OwnerAccess) -> Self {
        self.owner_access = access;
        self
    }

    /// The same context, knowing what earlier onboardings have used up of the number's budgets
    /// (`onboarding.register-budget`).
    #[must_use]
    pub const fn with_number_use(mut self, number_use: &'a NumberUse) -> Self {
        self.number_use = Some(number_use);
        self
    }

    /// The same context, knowing what the account has used up of its room for templates (`template.account-limits`).
    #[must_use]
    pub const fn with_template_use(mut self, template_use: &'a TemplateUse) -> Self {
        self.template_use = Some(template_use);
        self
    }
}

/// Whether the owner of a conversation may still reply in its channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[expect(clippy::exhaustive_enums, reason = "they may or may not")]
pub enum OwnerAccess {
    /// They may, or nobody knows better.
    #[default]
    Held,
    /// They may not, and count as none until the conversation has followed.
    Lost,
}

/// Something that one aggregate at most may hold, over all organisations.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Claim {
    /// A phone number (`onboarding.number-once`).
    Number(PhoneNumber),
}

/// That a claim is taken or given back. The store does both in one step with the events they come from.
///
/// A number is taken by its onboarding, and given back by it or by the channel that came of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[expect(clippy::exhaustive_enums, reason = "a storage must do every kind of change, a new one too")]
pub enum ClaimChange {
    /// From now on it is held. Where another holds it, nothing is written and the answer is [`Unavailable`].
    Taken(Claim),
    /// From now on it is free.
    Released(Claim),
}

/// That a claim is held by another. Whose it is, even in which organisation, is not told (`onboarding.number-once`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Unavailable;

impl Unavailable {
    /// The one answer to a claim that is held by another.
    #[must_use]
    pub const fn new() -> Self {
        Self
    }
}

impl Default for Unavailable {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Display for Unavailable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("number unavailable")
    }
}

impl std::error::Error for Unavailable {}

impl Explain for Unavailable {
    fn code(&self) -> &'static str {
        "number-unavailable"
    }

    fn rule(&self) -> crate::rule::Rule {
        crate::rule::Rule::OnboardingNumberOnce
    }
}
