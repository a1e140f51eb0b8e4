//! What a decision depends on beside the state, read from the ports.

use std::future::Future;

use super::{Request, ServiceError, Stores};
use crate::access::{AccountRole, Denied, Principal, Role};
use crate::channel::{self, Channel};
use crate::conversation::{self, Conversation};
use crate::decider::{Actor, ChannelRules, Context, Decider, OwnerAccess, Policy, Source};
use crate::id::{ChannelId, ConversationId, OnboardingId, OrganisationId, TemplateId, UserId};
use crate::onboarding::{self, Onboarding};
use crate::port::{Backend, Directory, Store};
use crate::template::{self, Template};
use crate::time::Instant;
use crate::whatsapp::{NumberUse, TemplateUse};

/// What the ports know that a decision may need.
pub(super) struct Surroundings {
    /// Who acts, as the directory knows them: whoever is unknown is a user without anything.
    actor: Actor,
    principal: Option<Principal>,
    policy: Policy,
    role: Option<Role>,
    rules: ChannelRules,
    owner_access: OwnerAccess,
    number_use: Option<NumberUse>,
    template_use: Option<TemplateUse>,
    channel: Option<Channel>,
}

impl Surroundings {
    pub(super) const fn context(&self, request: &Request) -> Context<'_> {
        let mut context = Context::new(request.now, self.actor, request.id, &self.policy)
            .with_role(self.role)
            .with_channel(&self.rules)
            .with_owner_access(self.owner_access);
        context.number_use = self.number_use.as_ref();
        context.template_use = self.template_use.as_ref();
        context
    }

    pub(super) const fn actor(&self) -> Actor {
        self.actor
    }

    /// Of the actor, as the directory knows them, and their organisation.
    async fn of<D: Directory>(directory: &D, actor: Actor, organisation: OrganisationId) -> Result<Self, Backend> {
        let principal = match actor.user() {
            Some(user) => directory.principal(user).await?.filter(|principal| principal.id() == user),
            None => None,
        };
        let actor = match (&principal, actor.user()) {
            (Some(principal), _) => Actor::of(principal),
            (None, Some(user)) => Actor::User(user),
            (None, None) => actor,
        };
        Ok(Self {
            actor,
            principal,
            policy: directory.policy(organisation).await?,
            role: None,
            rules: ChannelRules::BUILT_IN,
            owner_access: OwnerAccess::Held,
            number_use: None,
            template_use: None,
            channel: None,
        })
    }

    /// Knowing what an account has used up of what it may have in templates.
    pub(super) fn with_template_use(mut self, used: Option<&TemplateUse>) -> Self {
        self.template_use = used.cloned();
        self
    }

    /// In a channel.
    fn within(mut self, channel: Channel, now: Instant) -> Self {
        self.role = channel.access().zip(self.principal.as_ref()).and_then(|(access, person)| access.role(person, now));
        self.rules = channel.rules(&self.policy.auto_resolve).unwrap_or_default();
        self.channel = Some(channel);
        self
    }

    /// Whether what would happen asks nothing of the person who acts, or they are an account admin.
    fn permits_admin<A: Decider>(&self, events: &[A::Event]) -> bool {
        let admin = self.principal.as_ref().is_some_and(|person| person.account() == AccountRole::Admin);
        admin || events.iter().all(|event| A::required(event).is_none())
    }

    /// Whether the person who acts may do all that would happen in the channel (`access.by-effect`).
    fn permit<A: Decider>(&self, events: &[A::Event], now: Instant) -> Result<(), Denied> {
        let (Some(principal), Some(channel)) = (&self.principal, &self.channel) else { return Ok(()) };
        let mut actions = events.iter().filter_map(A::required);
        actions.try_for_each(|action| channel.decide_access(principal, action, now).into_result())
    }
}

/// Whether an id is not of the organisation of the person who asks: to them there is nothing, also where nothing has begun,
/// so that they cannot tell the one from the other (`access.tenant`).
fn foreign<A: Decider>(id: A::Id, request: &Request) -> bool {
    request.actor.user().is_some_and(|user| user.organisation() != A::organisation(id))
}

/// An aggregate that the service serves: how its surroundings are found, and who may do what.
pub(super) trait Served: Decider {
    /// What a command needs to be decided here.
    fn surroundings<S: Stores, D: Directory>(
        &self,
        id: Self::Id,
        command: &Self::Command,
        request: &Request,
        ports: (&S, &D),
    ) -> impl Future<Output = Result<Surroundings, ServiceError<Self>>> + Send;

    /// Whether the actor holds all actions of what would happen.
    fn permitted(
        &self,
        surroundings: &Surroundings,
        events: &[Self::Event],
        now: Instant,
    ) -> Result<(), ServiceError<Self>>;
}

impl Served for Onboarding {
    async fn surroundings<S: Stores, D: Directory>(
        &self,
        id: OnboardingId,
        command: &onboarding::Command,
        request: &Request,
        (_, directory): (&S, &D),
    ) -> Result<Surroundings, ServiceError<Self>> {
        let operator = match request.actor {
            Actor::Operator(operator) | Actor::Meta(Source::Observed(operator)) => Some(operator),
            _ => None,
        };
        if let Some(operator) = operator {
            if !directory.serves(operator, id).await? {
                return Err(ServiceError::Refused(onboarding::Refused::NotFound));
            }
        }
        let elsewhere = matches!(command, onboarding::Command::Start { id: named, .. } if *named != id);
        if elsewhere || foreign::<Self>(id, request) {
            return Err(ServiceError::Refused(onboarding::Refused::NotFound));
        }
        let mut surroundings = Surroundings::of(directory, request.actor, id.organisation()).await?;
        if let onboarding::Command::SubmitDetails(details) = command {
            surroundings.number_use = Some(directory.number_use(details.number).await?);
        }
        Ok(surroundings)
    }

    fn permitted(&self, around: &Surroundings, events: &[Self::Event], _: Instant) -> Result<(), ServiceError<Self>> {
        let fits = around.permits_admin::<Self>(events);
        if fits { Ok(()) } else { Err(ServiceError::Refused(onboarding::Refused::NotFound)) }
    }
}

impl Served for Template {
    async fn surroundings<S: Stores, D: Directory>(
        &self,
        id: TemplateId,
        command: &template::Command,
        request: &Request,
        (_, directory): (&S, &D),
    ) -> Result<Surroundings, ServiceError<Self>> {
        let named = match command {
            template::Command::Create(creation) => creation.id,
            template::Command::Adopt(adoption) => adoption.id,
            _ => id,
        };
        if named != id || foreign::<Self>(id, request) {
            return Err(ServiceError::Refused(template::Refused::NotFound));
        }
        Ok(Surroundings::of(directory, request.actor, id.organisation()).await?)
    }

    fn permitted(&self, around: &Surroundings, events: &[Self::Event], _: Instant) -> Result<(), ServiceError<Self>> {
        let fits = around.permits_admin::<Self>(events);
        if fits { Ok(()) } else { Err(ServiceError::Refused(template::Refused::NotFound)) }
    }
}

impl Served for Channel {
    async fn surroundings<S: Stores, D: Directory>(
        &self,
        id: ChannelId,
        command: &channel::Command,
        request: &Request,
        (_, directory): (&S, &D),
    ) -> Result<Surroundings, ServiceError<Self>> {
        let elsewhere = matches!(command, channel::Command::Open(opening) if opening.id != id);
        if elsewhere || foreign::<Self>(id, request) {
            return Err(ServiceError::Refused(channel::Refused::NotFound));
        }
        let surroundings = Surroundings::of(directory, request.actor, id.organisation()).await?;
        Ok(surroundings.within(self.clone(), request.now))
    }

    fn permitted(&self, around: &Surroundings, events: &[Self::Event], now: Instant) -> Result<(), ServiceError<Self>> {
        around.permit::<Self>(events, now).map_err(ServiceError::Denied)
    }
}

impl Served for Conversation {
    async fn surroundings<S: Stores, D: Directory>(
        &self,
        id: ConversationId,
        command: &conversation::Command,
        request: &Request,
        (store, directory): (&S, &D),
    ) -> Result<Surroundings, ServiceError<Self>> {
        let elsewhere = matches!(command, conversation::Command::Begin { id: named, .. } if *named != id);
        if elsewhere || foreign::<Self>(id, request) {
            return Err(ServiceError::Refused(conversation::Refused::NotFound));
        }
        let mut surroundings = Surroundings::of(directory, request.actor, id.organisation()).await?;
        let begins_in = match command {
            conversation::Command::Begin { channel, .. } => Some(*channel),
            _ => None,
        };
        if let Some(channel) = self.channel().or(begins_in) {
            let channel = Store::<Channel>::load(store, channel, None).await?.state;
            surroundings = surroundings.within(channel, request.now);
        }
        if let Some(owner) = self.owner(request.now) {
            surroundings.owner_access = self.access_of(owner, &surroundings, directory, request.now).await?;
        }
        Ok(surroundings)
    }

    fn permitted(&self, around: &Surroundings, events: &[Self::Event], now: Instant) -> Result<(), ServiceError<Self>> {
        around.permit::<Self>(events, now).map_err(ServiceError::Denied)
    }
}

impl Conversation {
    /// Whether its owner may still reply.
    async fn access_of<D: Directory>(
        &self,
        owner: UserId,
        around: &Surroundings,
        directory: &D,
        now: Instant,
    ) -> Result<OwnerAccess, Backend> {
        let Some(access) = around.channel.as_ref().and_then(Channel::access) else { return Ok(OwnerAccess::Held) };
        let known = around.principal.as_ref().filter(|person| person.id() == owner);
        Ok(match known {
            Some(person) => self.owner_access(access, Some(person), now),
            None => self.owner_access(access, directory.principal(owner).await?.as_ref(), now),
        })
    }
}
