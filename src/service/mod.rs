//! One thin layer over the ports: may they see it? what would happen? may they do all of that? then it is written.
//!
//! A [`Service`] takes a command with its [`Request`] (its id, who gives it, when) and says what became of it. A conflict is
//! tried again on the state read anew, a bounded number of times; the same id again is *already applied*. What must follow
//! elsewhere is delivered by [`Service::relay`], what is due by [`Service::tick`]: single calls, that a host repeats.
//!
//! A command that names another aggregate than the one it is given to (in *begin*, *open*, *start*, *create*) finds nothing.
//!
//! Clock and ids are the caller's: nothing here reads a time or draws an id (`core.pure`).

mod calls;
mod error;
mod relay;
mod surroundings;
mod templates;
mod tick;

use self::surroundings::Served;
use crate::channel::{self, Channel};
use crate::conversation::{self, Conversation};
use crate::decider::{Actor, Decider, Fingerprint, Version};
use crate::id::{ChannelId, CommandId, ConversationId, OnboardingId};
use crate::onboarding::{self, Onboarding};
use crate::port::{Applied, Backend, Commit, Committed, Directory, Metadata, Store, Transport};
use crate::time::Instant;
use crate::whatsapp::TemplateUse;

pub use error::ServiceError;
pub use relay::{RelayOutcome, Relayed, RelayedEffect};
pub use tick::Ticked;

/// So often a command is decided before a conflict is told.
const TRIES: usize = 5;

/// A store of all that the service serves.
pub trait Stores: Store<Onboarding> + Store<Channel> + Store<Conversation> {}

impl<S: Store<Onboarding> + Store<Channel> + Store<Conversation>> Stores for S {}

/// Commands in, answers out, over a store, a directory and a transport.
#[derive(Debug, Clone)]
pub struct Service<S, D, T> {
    store: S,
    directory: D,
    transport: T,
}

/// What comes with a command: its id, who gives it, when, and what it follows from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Request {
    /// The command's id. The same id again is the same command again (`core.idempotent`).
    pub id: CommandId,
    /// Who gives it, as the host has authenticated them. Of a person only the id is believed: what they are the directory says.
    pub actor: Actor,
    /// When.
    pub now: Instant,
    /// The command it follows from, if it does.
    pub follows: Option<Metadata>,
}

/// What became of a command that was not refused.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Answer<E> {
    /// It is done. Where nothing had to change there are no events, and nothing was written.
    Done {
        /// The version from then on.
        version: Version,
        /// What happened.
        events: Vec<E>,
    },
    /// It was done before: this time nothing happened.
    AlreadyApplied {
        /// The version that it made then.
        version: Version,
    },
}

impl Request {
    /// A request of these values.
    #[must_use]
    pub const fn new(id: CommandId, actor: Actor, now: Instant) -> Self {
        Self { id, actor, now, follows: None }
    }

    /// One that follows from another command: what is recorded names it, and the first of the chain.
    #[must_use]
    pub const fn following(mut self, from: Metadata) -> Self {
        self.follows = Some(from);
        self
    }

    fn metadata(&self, actor: Actor) -> Metadata {
        let metadata = Metadata::new(self.id, actor, self.now);
        self.follows.map_or(metadata, |from| metadata.following(&from))
    }
}

impl<E> Answer<E> {
    /// The version that the command made, now or before.
    #[must_use]
    pub const fn version(&self) -> Version {
        match self {
            Self::Done { version, .. } | Self::AlreadyApplied { version } => *version,
        }
    }

    /// What happened now.
    #[must_use]
    pub fn events(&self) -> &[E] {
        match self {
            Self::Done { events, .. } => events,
            Self::AlreadyApplied { .. } => &[],
        }
    }
}

impl<S: Stores, D: Directory, T: Transport> Service<S, D, T> {
    /// A service over these ports.
    #[must_use]
    pub const fn new(store: S, directory: D, transport: T) -> Self {
        Self { store, directory, transport }
    }

    /// The store, for reads.
    #[must_use]
    pub const fn store(&self) -> &S {
        &self.store
    }

    /// The directory.
    #[must_use]
    pub const fn directory(&self) -> &D {
        &self.directory
    }

    /// The transport.
    #[must_use]
    pub const fn transport(&self) -> &T {
        &self.transport
    }

    /// An aggregate as it is, for reads: whoever shows it asks first whether it may be seen
    /// ([`Channel::view`], [`Channel::decide_access`]). What has never been is the default.
    ///
    /// ```
    /// # #[cfg(feature = "testing")] {
    /// use whatsapp_inbox::channel::Channel;
    /// use whatsapp_inbox::memory::Memory;
    /// use whatsapp_inbox::service::Service;
    /// use whatsapp_inbox::testing::{StandIn, People, block_on, sample};
    ///
    /// let service = Service::new(Memory::default(), People::default(), StandIn::default());
    /// let channel = block_on(service.state::<Channel>(sample::CHANNEL)).unwrap();
    /// assert!(channel.id().is_none());
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// [`Backend`] where it cannot be read.
    pub async fn state<A: Decider>(&self, id: A::Id) -> Result<A, Backend>
    where
        S: Store<A>,
    {
        Ok(Store::<A>::load(&self.store, id, None).await?.state)
    }

    /// Gives a command to an onboarding. A code or a PIN is entered by [`Service::enter_code`] and [`Service::register`].
    ///
    /// # Errors
    ///
    /// [`ServiceError`]: refused, a conflict, the number unavailable, or a backend's fault.
    pub async fn onboarding(
        &self,
        id: OnboardingId,
        command: onboarding::Command,
        request: &Request,
    ) -> Result<Answer<onboarding::Event>, ServiceError<Onboarding>> {
        self.serve(id, command, request, None).await
    }

    /// Gives a command to a channel.
    ///
    /// # Errors
    ///
    /// [`ServiceError`]: refused or denied, a conflict, or a backend's fault.
    pub async fn channel(
        &self,
        id: ChannelId,
        command: channel::Command,
        request: &Request,
    ) -> Result<Answer<channel::Event>, ServiceError<Channel>> {
        self.serve(id, command, request, None).await
    }

    /// Gives a command to a conversation, under the rules of its channel.
    ///
    /// # Errors
    ///
    /// [`ServiceError`]: refused or denied, a conflict, or a backend's fault.
    pub async fn conversation(
        &self,
        id: ConversationId,
        command: conversation::Command,
        request: &Request,
    ) -> Result<Answer<conversation::Event>, ServiceError<Conversation>> {
        self.serve(id, command, request, None).await
    }
}

impl<S: Stores, D: Directory, T: Sync> Service<S, D, T> {
    /// Read, decide, write; where somebody else was faster, once more.
    async fn serve<A: Served>(
        &self,
        id: A::Id,
        command: A::Command,
        request: &Request,
        templates: Option<&TemplateUse>,
    ) -> Result<Answer<A::Event>, ServiceError<A>>
    where
        S: Store<A>,
    {
        let fingerprint = Fingerprint::of(&command);
        for _ in 1..TRIES {
            match self.attempt(id, (command.clone(), fingerprint), request, templates).await {
                Err(ServiceError::Conflict { .. }) => {}
                answer => return answer,
            }
        }
        self.attempt(id, (command, fingerprint), request, templates).await
    }

    async fn attempt<A: Served>(
        &self,
        id: A::Id,
        (command, fingerprint): (A::Command, Fingerprint),
        request: &Request,
        templates: Option<&TemplateUse>,
    ) -> Result<Answer<A::Event>, ServiceError<A>>
    where
        S: Store<A>,
    {
        let loaded = Store::<A>::load(&self.store, id, Some(request.id)).await?;
        if let Some(applied) = loaded.applied {
            return repeated(applied, fingerprint);
        }
        let state = loaded.state;
        let around = state.surroundings(id, &command, request, (&self.store, &self.directory)).await?;
        let around = around.with_template_use(templates);
        let events = state.decide(command, &around.context(request)).map_err(ServiceError::Refused)?;
        if events.is_empty() {
            return Ok(Answer::Done { version: loaded.version, events });
        }
        state.permitted(&around, &events, request.now)?;
        let metadata = request.metadata(around.actor());
        let commit = Commit::new(id, (state, loaded.version), events.clone(), metadata, fingerprint);
        match Store::<A>::commit(&self.store, commit).await? {
            Committed::Now { version } => Ok(Answer::Done { version, events }),
            Committed::AlreadyApplied { version } => Ok(Answer::AlreadyApplied { version }),
        }
    }
}

fn repeated<A: Decider>(applied: Applied, fingerprint: Fingerprint) -> Result<Answer<A::Event>, ServiceError<A>> {
    if applied.fingerprint == fingerprint {
        Ok(Answer::AlreadyApplied { version: applied.version })
    } else {
        Err(ServiceError::OtherContent)
    }
}
