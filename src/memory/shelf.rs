//! What is kept of each kind of aggregate.

use std::collections::{BTreeMap, BTreeSet};

use crate::channel::Channel;
use crate::conversation::Conversation;
use crate::decider::{Claim, Decider, Version};
use crate::id::CommandId;
use crate::onboarding::Onboarding;
use crate::port::{Applied, Commit, Due, EffectId, Leased, Metadata, Outgoing};
use crate::template::Template;
use crate::time::Instant;

/// Everything that is kept.
#[derive(Debug, Default)]
pub struct Shelves {
    onboardings: Shelf<Onboarding>,
    channels: Shelf<Channel>,
    conversations: Shelf<Conversation>,
    templates: Shelf<Template>,
    /// Who holds what, over all kinds of aggregates and all organisations.
    pub(super) claims: BTreeMap<Claim, (&'static str, String)>,
}

/// All aggregates of one kind.
#[derive(Debug)]
pub struct Shelf<A: Decider> {
    pub(super) rows: BTreeMap<A::Id, Row<A>>,
    due: BTreeSet<(Instant, A::Id)>,
    /// Those with effects that are not done.
    waiting: BTreeSet<A::Id>,
}

/// One aggregate.
#[derive(Debug)]
pub(super) struct Row<A: Decider> {
    pub(super) state: A,
    pub(super) version: Version,
    deadline: Option<Instant>,
    pub(super) events: Vec<(Metadata, A::Event)>,
    pub(super) commands: BTreeMap<CommandId, Applied>,
    pub(super) effects: BTreeMap<EffectId<A::Id>, Waiting<A>>,
}

/// An effect that is not done.
#[derive(Debug)]
pub(super) struct Waiting<A: Decider> {
    pub(super) outgoing: Outgoing<A>,
    pub(super) tries: u32,
    lent_until: Option<Instant>,
}

/// What [`Memory`](super::Memory) keeps: onboardings, channels, conversations, templates.
pub trait Kept: Decider {
    /// Where they are.
    fn shelf(shelves: &mut Shelves) -> &mut Shelf<Self>;
}

impl Kept for Onboarding {
    fn shelf(shelves: &mut Shelves) -> &mut Shelf<Self> {
        &mut shelves.onboardings
    }
}

impl Kept for Channel {
    fn shelf(shelves: &mut Shelves) -> &mut Shelf<Self> {
        &mut shelves.channels
    }
}

impl Kept for Conversation {
    fn shelf(shelves: &mut Shelves) -> &mut Shelf<Self> {
        &mut shelves.conversations
    }
}

impl Kept for Template {
    fn shelf(shelves: &mut Shelves) -> &mut Shelf<Self> {
        &mut shelves.templates
    }
}

impl<A: Decider> Default for Shelf<A> {
    fn default() -> Self {
        Self { rows: BTreeMap::new(), due: BTreeSet::new(), waiting: BTreeSet::new() }
    }
}

impl<A: Decider> Default for Row<A> {
    fn default() -> Self {
        Self {
            state: A::default(),
            version: Version::FIRST,
            deadline: None,
            events: Vec::new(),
            commands: BTreeMap::new(),
            effects: BTreeMap::new(),
        }
    }
}

impl<A: Decider> Shelf<A> {
    pub(super) fn due(&self, now: Instant, limit: usize) -> Vec<Due<A::Id>> {
        let due = self.due.iter().take_while(|(at, _)| *at <= now).take(limit);
        due.filter_map(|(at, id)| Some(Due::new(*id, *at, self.rows.get(id)?.version))).collect()
    }

    pub(super) fn lease(&mut self, now: Instant, until: Instant, limit: usize) -> Vec<Leased<A>> {
        let mut leased = Vec::new();
        for id in &self.waiting {
            if leased.len() >= limit {
                break;
            }
            let first = self.rows.get_mut(id).and_then(|row| row.effects.values_mut().next());
            let Some(first) = first.filter(|first| first.lent_until.is_none_or(|lent| lent <= now)) else { continue };
            first.lent_until = Some(until);
            first.tries = first.tries.saturating_add(1);
            leased.push(Leased::new(first.outgoing.clone(), first.tries));
        }
        leased
    }

    pub(super) fn done(&mut self, effect: EffectId<A::Id>) {
        let id = effect.event.aggregate;
        let Some(row) = self.rows.get_mut(&id) else { return };
        row.effects.remove(&effect);
        if row.effects.is_empty() {
            self.waiting.remove(&id);
        }
    }

    /// Writes a commit that has passed every check.
    pub(super) fn write(&mut self, commit: Commit<A>) -> Version {
        let (id, version) = (commit.aggregate, commit.version());
        let row = self.rows.entry(id).or_default();
        if row.deadline != commit.deadline {
            if let Some(before) = row.deadline {
                self.due.remove(&(before, id));
            }
            self.due.extend(commit.deadline.map(|at| (at, id)));
        }
        if !commit.effects.is_empty() {
            self.waiting.insert(id);
        }
        (row.state, row.version, row.deadline) = (commit.state, version, commit.deadline);
        row.events.extend(commit.events.into_iter().map(|event| (commit.metadata, event)));
        row.commands.insert(commit.metadata.command, Applied::new(version, commit.fingerprint));
        let waiting = |outgoing: Outgoing<A>| (outgoing.id, Waiting { outgoing, tries: 0, lent_until: None });
        row.effects.extend(commit.effects.into_iter().map(waiting));
        version
    }
}
