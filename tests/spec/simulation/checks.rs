//! What must hold when a simulation has calmed down.

use std::collections::BTreeMap;
use std::sync::Mutex;

use whatsapp_inbox::channel::Channel;
use whatsapp_inbox::conversation::{Conversation, Queue};
use whatsapp_inbox::decider::{ClaimChange, Decider, Version};
use whatsapp_inbox::id::CommandId;
use whatsapp_inbox::memory::Memory;
use whatsapp_inbox::onboarding::{self, Onboarding};
use whatsapp_inbox::port::{Backend, Commit, CommitError, Committed, Due, EffectId, Leased, Loaded, Metadata, Store};
use whatsapp_inbox::testing::block_on;
use whatsapp_inbox::time::Instant;

use super::Stage;
use super::world::{BRANDS, Brand, Meta};

/// A commit that was written, in the order of all.
pub struct Written {
    kind: &'static str,
    aggregate: String,
    events: Vec<&'static str>,
    claims: Vec<ClaimChange>,
}

impl Written {
    fn is(&self, kind: &str, aggregate: &impl ToString, event: Option<&str>) -> bool {
        self.kind == kind
            && self.aggregate == aggregate.to_string()
            && event.is_none_or(|event| self.events.contains(&event))
    }
}

/// A store that remembers in which order it wrote what.
pub struct Ordered<'s, S> {
    pub store: &'s S,
    pub commits: Mutex<Vec<Written>>,
}

impl<A: Decider, S: Store<A>> Store<A> for Ordered<'_, S> {
    async fn load(&self, aggregate: A::Id, command: Option<CommandId>) -> Result<Loaded<A>, Backend> {
        self.store.load(aggregate, command).await
    }

    async fn commit(&self, commit: Commit<A>) -> Result<Committed, CommitError> {
        let (aggregate, events) = (commit.aggregate.to_string(), commit.events.iter().map(A::event_name).collect());
        let claims = commit.claims.clone();
        let committed = self.store.commit(commit).await?;
        if matches!(committed, Committed::Now { .. }) {
            self.commits.lock().expect("no panic").push(Written { kind: A::NAME, aggregate, events, claims });
        }
        Ok(committed)
    }

    async fn due(&self, now: Instant, limit: usize) -> Result<Vec<Due<A::Id>>, Backend> {
        self.store.due(now, limit).await
    }

    async fn lease(&self, now: Instant, until: Instant, limit: usize) -> Result<Vec<Leased<A>>, Backend> {
        self.store.lease(now, until, limit).await
    }

    async fn done(&self, effect: EffectId<A::Id>) -> Result<(), Backend> {
        self.store.done(effect).await
    }
}

/// What must hold when it has calmed down.
pub fn check(stage: &Stage, memory: &Memory, commits: &[Written], faults: &mut Vec<String>) {
    let mut told: BTreeMap<(&str, String), BTreeMap<CommandId, Version>> = BTreeMap::new();
    for (kind, aggregate, command, version) in stage.acknowledged.borrow().iter() {
        let known = told.entry((*kind, aggregate.clone())).or_default().insert(*command, *version);
        if known.is_some_and(|known| known != *version) {
            faults.push(format!("{kind} {aggregate}: {command} was told {known:?}, then {version}"));
        }
    }
    claims(commits, faults);
    for brand in &BRANDS {
        history::<Onboarding>(
            memory,
            (brand.onboarding, memory.history::<Onboarding>(brand.onboarding)),
            &told,
            faults,
        );
        history::<Channel>(memory, (brand.channel, memory.history::<Channel>(brand.channel)), &told, faults);
        for id in brand.conversations() {
            history::<Conversation>(memory, (id, memory.history::<Conversation>(id)), &told, faults);
        }
        follows((memory, commits), brand, stage.clock.now(), faults);
        calls(&stage.meta, memory, *brand, faults);
    }
    let waiting = [
        memory.waiting::<Onboarding>().len(),
        memory.waiting::<Channel>().len(),
        memory.waiting::<Conversation>().len(),
    ];
    if waiting != [0, 0, 0] {
        faults.push(format!("effects that are not delivered: {waiting:?}"));
    }
}

/// Every acknowledged command is in the history, as one run of events that ends in the version that was told; no command is
/// there twice; and the state is what the events lead to.
fn history<A: Decider>(
    memory: &Memory,
    (id, history): (A::Id, Vec<(Metadata, A::Event)>),
    told: &BTreeMap<(&str, String), BTreeMap<CommandId, Version>>,
    faults: &mut Vec<String>,
) where
    Memory: Store<A>,
{
    let mut ends: BTreeMap<CommandId, Version> = BTreeMap::new();
    for (version, (metadata, _)) in (1..).map(Version::new).zip(&history) {
        let before = ends.insert(metadata.command, version);
        if before.is_some_and(|before| before.next() != version) {
            faults.push(format!("{} {id}: {} was done twice", A::NAME, metadata.command));
        }
    }
    let name = (A::NAME, id.to_string());
    for (command, version) in told.get(&name).into_iter().flatten() {
        if ends.get(command) != Some(version) {
            faults.push(format!(
                "{} {id}: {command} was acknowledged at {version}, and is at {:?}",
                A::NAME,
                ends.get(command)
            ));
        }
    }
    let loaded = block_on(Store::<A>::load(memory, id, None)).expect("memory");
    if A::replay(history.iter().map(|(_, event)| event)) != loaded.state {
        faults.push(format!("{} {id}: the state is not what the events lead to", A::NAME));
    }
    if loaded.version.get() != history.len() as u64 {
        faults.push(format!("{} {id}: version {} with {} events", A::NAME, loaded.version, history.len()));
    }
}

/// What must have followed elsewhere, of what was written before.
fn follows((memory, commits): (&Memory, &[Written]), brand: &Brand, now: Instant, faults: &mut Vec<String>) {
    let channel = block_on(Store::<Channel>::load(memory, brand.channel, None)).expect("memory").state;
    let activated = memory.history::<Onboarding>(brand.onboarding);
    let activated = activated.iter().any(|(_, event)| matches!(event.change, onboarding::Change::Activated { .. }));
    // The programs do not give up before it is.
    if !activated {
        faults.push(format!("{}: not activated", brand.onboarding));
    }
    if activated != channel.id().is_some() {
        faults.push(format!("{}: activated {activated}, and the channel is {:?}", brand.channel, channel.status()));
    }
    let when =
        |wanted: &str| commits.iter().position(|written| written.is(Channel::NAME, &brand.channel, Some(wanted)));
    let (closed, revoked) = (when("closed"), when("access-changed"));
    for id in brand.conversations() {
        let conversation = block_on(Store::<Conversation>::load(memory, id, None)).expect("memory").state;
        let (queue, owner) = (conversation.queue(now), conversation.owner(now));
        let last = commits.iter().rposition(|written| written.is(Conversation::NAME, &id, None));
        if queue == Some(Queue::Resolved) && owner.is_some() {
            faults.push(format!("{id}: resolved, and owned"));
        }
        if last < closed && queue.is_some_and(|queue| queue != Queue::Resolved) {
            faults.push(format!("{id}: open since before its channel closed"));
        }
        if last < revoked && owner == Some(brand.leaver()) {
            faults.push(format!("{id}: owned since before its owner lost access"));
        }
        if conversation.next_deadline().is_some_and(|at| at <= now) {
            faults.push(format!("{id}: something is due and was not done"));
        }
    }
}

/// No call that may be made once was made twice.
fn calls(meta: &Meta, memory: &Memory, brand: Brand, faults: &mut Vec<String>) {
    use onboarding::Change::{CodeEntryBegun, CodeRequested, RegistrationBegun};
    let history = memory.history::<Onboarding>(brand.onboarding);
    let begun =
        |wanted: fn(&onboarding::Change) -> bool| history.iter().filter(|(_, event)| wanted(&event.change)).count();
    for (what, called, begun) in [
        ("codes asked for", meta.asked(brand), begun(|change| matches!(change, CodeRequested { .. }))),
        ("codes entered", meta.entered(brand), begun(|change| matches!(change, CodeEntryBegun { .. }))),
        ("registrations", meta.registered(brand), begun(|change| matches!(change, RegistrationBegun { .. }))),
    ] {
        if called > begun {
            faults.push(format!("{}: {called} {what}, and {begun} were begun", brand.onboarding));
        }
    }
    for ((conversation, attempt), times) in meta.warned() {
        if times > 1 {
            faults.push(format!("{conversation}: warned {times} times by attempt {attempt}"));
        }
    }
}

/// Nothing was taken while another held it, in the order in which all was written.
fn claims(commits: &[Written], faults: &mut Vec<String>) {
    let mut held = BTreeMap::new();
    for written in commits {
        for change in &written.claims {
            let ClaimChange::Taken(claim) = change else {
                held.retain(|claim, _| *change != ClaimChange::Released(*claim));
                continue;
            };
            let before = held.insert(*claim, &written.aggregate);
            if before.is_some_and(|holder| *holder != written.aggregate) {
                faults.push(format!("{claim:?} was taken by {} from {before:?}", written.aggregate));
            }
        }
    }
}
