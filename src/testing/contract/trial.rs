//! What every check uses: ids that nobody else has, and commits of a few conversations.

use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};

use uuid::Uuid;

use crate::conversation::{Change, Conversation, Event, MessageKind};
use crate::decider::{Actor, ChannelRules, Decider, Fingerprint, Version};
use crate::id::{ChannelId, CommandId, ConversationId, NoteId, OnboardingId, OrganisationId};
use crate::port::{Applied, Backend, Commit, CommitError, Committed, Leased, Loaded, Metadata, Store};
use crate::service::Stores;
use crate::settings::OpenQueue;
use crate::time::Instant;
use crate::whatsapp::PhoneNumber;

/// So many characters of a value are shown at most.
const MOST: usize = 160;
/// So many of them before the first that differs.
const LEAD: usize = 60;

/// A store on trial.
pub(super) struct Trial<'s, S> {
    pub(super) store: &'s S,
    seed: u128,
    drawn: AtomicU64,
}

/// What a check finds: nothing, or what was done instead of what must be.
pub(super) type Outcome = Result<(), String>;

impl<'s, S: Stores> Trial<'s, S> {
    pub(super) const fn new(store: &'s S, seed: u128) -> Self {
        Self { store, seed, drawn: AtomicU64::new(0) }
    }

    /// A number that no other check has and no other run with another seed.
    fn draw(&self) -> u128 {
        Fingerprint::of(&(self.seed, self.drawn.fetch_add(1, Ordering::Relaxed))).as_u128()
    }

    pub(super) fn uuid(&self) -> Uuid {
        Uuid::from_u128(self.draw())
    }

    pub(super) fn organisation(&self) -> OrganisationId {
        OrganisationId::new(self.uuid())
    }

    pub(super) fn conversation(&self) -> ConversationId {
        ConversationId::new(self.organisation(), self.uuid())
    }

    pub(super) fn onboarding(&self) -> OnboardingId {
        OnboardingId::new(self.organisation(), self.uuid())
    }

    pub(super) fn channel(&self) -> ChannelId {
        ChannelId::new(self.organisation(), self.uuid())
    }

    pub(super) fn command(&self) -> CommandId {
        CommandId::new(self.uuid())
    }

    /// A phone number of fifteen digits.
    pub(super) fn number(&self) -> Result<PhoneNumber, String> {
        let digits = self.draw().checked_rem(100_000_000_000_000).unwrap_or_default();
        PhoneNumber::new(&format!("4{digits:014}")).map_err(|error| error.to_string())
    }

    /// An instant of its own in the seventies, so that nothing of today is due before it.
    pub(super) fn instant(&self) -> Instant {
        let millis = self.draw().checked_rem(300_000_000_000).and_then(|millis| i64::try_from(millis).ok());
        millis.and_then(|millis| Instant::from_unix_millis(millis).ok()).unwrap_or(Instant::MIN)
    }

    pub(super) async fn load<A: Decider>(&self, id: A::Id) -> Result<Loaded<A>, String>
    where
        S: Store<A>,
    {
        Store::<A>::load(self.store, id, None).await.map_err(backend)
    }

    pub(super) async fn applied(&self, id: ConversationId, command: CommandId) -> Result<Option<Applied>, String> {
        let loaded = Store::<Conversation>::load(self.store, id, Some(command)).await.map_err(backend)?;
        Ok(loaded.applied)
    }

    pub(super) async fn commit<A: Decider>(&self, commit: Commit<A>) -> Result<Committed, CommitError>
    where
        S: Store<A>,
    {
        Store::<A>::commit(self.store, commit).await
    }

    /// A commit that must be written now.
    pub(super) async fn write<A: Decider>(&self, commit: Commit<A>) -> Result<Version, String>
    where
        S: Store<A>,
    {
        let wanted = commit.version();
        written(self.commit(commit).await, wanted)
    }

    /// Begins a conversation.
    pub(super) async fn begun(&self, id: ConversationId) -> Result<Loaded<Conversation>, String> {
        let state = Conversation::default();
        let commit = self.beginning(id, self.instant());
        let state = commit.events.iter().fold(state, Conversation::evolve);
        let version = self.write(commit).await?;
        Ok(Loaded::new(state, version, None))
    }

    /// The commit that begins a conversation.
    pub(super) fn beginning(&self, id: ConversationId, at: Instant) -> Commit<Conversation> {
        let channel = ChannelId::new(id.organisation(), self.uuid());
        let given = ChannelRules::BUILT_IN.given(OpenQueue::New);
        self.of(id, Loaded::default(), vec![Change::Begun { id, channel, given }], at)
    }

    /// A commit that adds so many notes.
    pub(super) fn notes(&self, id: ConversationId, on: &Loaded<Conversation>, count: usize) -> Commit<Conversation> {
        let changes = (0..count).map(|_| Change::NoteAdded { note: NoteId::new(self.uuid()) }).collect();
        self.of(id, on.clone(), changes, self.instant())
    }

    /// A commit whose events have so many effects, one each.
    pub(super) fn warnings(&self, id: ConversationId, on: &Loaded<Conversation>, count: u32) -> Commit<Conversation> {
        let warning = |attempt| Change::WarningBegun { attempt, try_number: 1, kind: MessageKind::FreeText };
        self.of(id, on.clone(), (1..=count).map(warning).collect(), self.instant())
    }

    /// A commit of these changes.
    pub(super) fn of(
        &self,
        id: ConversationId,
        on: Loaded<Conversation>,
        changes: Vec<Change>,
        at: Instant,
    ) -> Commit<Conversation> {
        let by = Actor::System;
        let events: Vec<Event> = changes.into_iter().map(|change| Event { at, by, change }).collect();
        let command = self.command();
        let fingerprint = Fingerprint::of(&(id, &events));
        Commit::new(id, (on.state, on.version), events, Metadata::new(command, by, at), fingerprint)
    }

    /// A commit without events on another kind of aggregate, for what it claims.
    pub(super) fn empty<A: Decider>(&self, id: A::Id, on: &Loaded<A>) -> Commit<A> {
        let metadata = Metadata::new(self.command(), Actor::System, self.instant());
        Commit::new(id, (on.state.clone(), on.version), Vec::new(), metadata, Fingerprint::of(&id))
    }

    /// Lends out what is waiting, and gives what belongs to these.
    pub(super) async fn lease(
        &self,
        of: &[ConversationId],
        now: Instant,
        until: Instant,
    ) -> Result<Vec<Leased<Conversation>>, String> {
        let leased = Store::<Conversation>::lease(self.store, now, until, usize::MAX).await.map_err(backend)?;
        Ok(leased.into_iter().filter(|leased| of.contains(&leased.outgoing.id.event.aggregate)).collect())
    }
}

#[expect(clippy::needless_pass_by_value, reason = "it is what `map_err` hands on")]
pub(super) fn backend(backend: Backend) -> String {
    backend.to_string()
}

/// What must be written now, with the version it makes.
pub(super) fn written(answer: Result<Committed, CommitError>, wanted: Version) -> Result<Version, String> {
    match answer {
        Ok(Committed::Now { version }) if version == wanted => Ok(version),
        other => Err(format!("it must be written with version {wanted}, and the answer is {other:?}")),
    }
}

/// What must be a conflict, with both versions.
pub(super) fn conflict(answer: Result<Committed, CommitError>, wanted: (Version, Version)) -> Outcome {
    match answer {
        Err(CommitError::Conflict { expected, current }) => {
            same("expected and current version", (expected, current), wanted)
        }
        other => Err(format!("it must be a conflict, and the answer is {other:?}")),
    }
}

#[expect(clippy::needless_pass_by_value, reason = "values are made where they are compared")]
pub(super) fn same<T: PartialEq + fmt::Debug>(what: &str, found: T, wanted: T) -> Outcome {
    if found == wanted { Ok(()) } else { Err(differs(what, &format!("{found:?}"), &format!("{wanted:?}"))) }
}

/// Long values only from where they differ.
fn differs(what: &str, found: &str, wanted: &str) -> String {
    let alike = found.chars().zip(wanted.chars()).take_while(|(found, wanted)| found == wanted).count();
    let from = if found.len().max(wanted.len()) <= MOST { 0 } else { alike.saturating_sub(LEAD) };
    let part = |text: &str| {
        let shown: String = text.chars().skip(from).take(MOST).collect();
        let (before, after) = (from > 0, text.chars().count() > from.saturating_add(MOST));
        format!("{}{shown}{}", if before { "…" } else { "" }, if after { "…" } else { "" })
    };
    format!("{what} must be `{}`, and it is `{}`", part(wanted), part(found))
}
