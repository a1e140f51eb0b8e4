//! What waits while other things are written, and every kind of aggregate.

use super::Report;
use super::effects::{attempt, later};
use super::trial::{Outcome, Trial, backend, conflict, same};
use crate::channel::{self, Cause, Channel, Opening};
use crate::conversation::{Change, Conversation, MessageKind};
use crate::decider::{Actor, Decider, Fingerprint, Version};
use crate::id::{ConversationId, NoteId};
use crate::onboarding::{self, Onboarding, Plan};
use crate::port::{Commit, Loaded, Metadata, Store};
use crate::service::Stores;
use crate::settings::ChannelName;
use crate::time::Instant;
use crate::whatsapp::{CodeMethod, PhoneNumberId};

pub(super) async fn checks<S: Stores>(trial: &Trial<'_, S>, report: &mut Report) {
    report.note("a later commit leaves what waits and what is lent as it is", undisturbed(trial).await);
    report.note("effects of a later commit are lent after those before", later_ones(trial).await);
    report.note("no more is lent than was asked for", limited(trial).await);
    report.note("what is lent takes no place of what is not", not_crowded(trial).await);
    report.note("what happened later is read as later", in_order(trial).await);
    report.note("of many that are due the earliest are told", earliest(trial).await);
    report.note("a channel has versions, effects and deadlines, too", channels(trial).await);
    report.note("an onboarding has versions, effects and deadlines, too", onboardings(trial).await);
}

impl<S: Stores> Trial<'_, S> {
    /// One more effect on a conversation, for this attempt.
    async fn one_more(&self, id: ConversationId, attempt: u32) -> Outcome {
        let change = Change::WarningBegun { attempt, try_number: 1, kind: MessageKind::FreeText };
        let on = self.load(id).await?;
        self.write(self.of(id, on, vec![change], self.instant())).await.map(drop)
    }

    /// The attempts and tries of what is lent.
    async fn lends(&self, id: ConversationId, now: Instant, until: Instant) -> Result<Vec<(u32, u32)>, String> {
        Ok(self.lease(&[id], now, until).await?.iter().map(attempt).collect())
    }

    async fn done_with(&self, id: ConversationId, now: Instant) -> Outcome {
        for leased in self.lease(&[id], now, later(now)).await? {
            Store::<Conversation>::done(self.store, leased.outgoing.id).await.map_err(backend)?;
        }
        Ok(())
    }
}

async fn undisturbed<S: Stores>(trial: &Trial<'_, S>) -> Outcome {
    let (id, now) = (trial.conversation(), trial.instant());
    let begun = trial.begun(id).await?;
    trial.write(trial.warnings(id, &begun, 2)).await?;
    let until = now.plus_minutes(1);
    same("what is lent (attempt, try)", trial.lends(id, now, until).await?, vec![(1, 1)])?;
    trial.write(trial.notes(id, &trial.load(id).await?, 1)).await?;
    trial.one_more(id, 3).await?;
    same("what is lent before its time (attempt, try)", trial.lends(id, later(now), until).await?, vec![])?;
    for attempt in [1, 2, 3] {
        let tries = if attempt == 1 { 2 } else { 1 };
        let at = until.plus_minutes(attempt);
        same("what is lent then (attempt, try)", trial.lends(id, at, later(at)).await?, vec![(attempt, tries)])?;
        trial.done_with(id, later(at)).await?;
        trial.write(trial.notes(id, &trial.load(id).await?, 1)).await?;
    }
    same("what is left (attempt, try)", trial.lends(id, until.plus_days(1), until.plus_days(2)).await?, vec![])
}

async fn later_ones<S: Stores>(trial: &Trial<'_, S>) -> Outcome {
    let (id, mut now) = (trial.conversation(), trial.instant());
    trial.begun(id).await?;
    for attempt in 1..=4 {
        trial.one_more(id, attempt).await?;
    }
    for attempt in 1..=4 {
        same("what is lent (attempt, try)", trial.lends(id, now, later(now)).await?, vec![(attempt, 1)])?;
        now = now.plus_minutes(1);
        trial.done_with(id, now).await?;
        now = now.plus_minutes(1);
    }
    Ok(())
}

async fn limited<S: Stores>(trial: &Trial<'_, S>) -> Outcome {
    for attempt in 1..=3 {
        let id = trial.conversation();
        trial.begun(id).await?;
        trial.one_more(id, attempt).await?;
    }
    let now = trial.instant();
    for limit in [0, 1, 2] {
        let leased = Store::<Conversation>::lease(trial.store, now, now, limit).await.map_err(backend)?;
        same("how many are lent", leased.len(), limit)?;
    }
    Ok(())
}

/// Everything is lent for a millisecond, then one more waits: it is the next, whatever its place.
async fn not_crowded<S: Stores>(trial: &Trial<'_, S>) -> Outcome {
    let now = trial.instant();
    for _ in 0..3 {
        Store::<Conversation>::lease(trial.store, now, later(now), usize::MAX).await.map_err(backend)?;
        let id = trial.conversation();
        trial.begun(id).await?;
        trial.one_more(id, 1).await?;
        let leased = Store::<Conversation>::lease(trial.store, now, later(now), 1).await.map_err(backend)?;
        same(
            "whose effect is lent",
            leased.iter().map(|leased| leased.outgoing.id.event.aggregate).collect(),
            vec![id],
        )?;
    }
    Ok(())
}

/// A note that is removed after it was added is gone; the other way round it would be there.
async fn in_order<S: Stores>(trial: &Trial<'_, S>) -> Outcome {
    let id = trial.conversation();
    trial.begun(id).await?;
    let [one, other] = [(); 2].map(|()| NoteId::new(trial.uuid()));
    let (added, removed) = (|note| Change::NoteAdded { note }, |note| Change::NoteRemoved { note });
    for changes in [vec![added(one), removed(one)], vec![added(other)], vec![removed(other)]] {
        let commit = trial.of(id, trial.load(id).await?, changes, trial.instant());
        let wanted = Loaded::new(commit.state.clone(), commit.version(), None);
        trial.write(commit).await?;
        same("what is loaded", trial.load(id).await?, wanted)?;
    }
    Ok(())
}

async fn earliest<S: Stores>(trial: &Trial<'_, S>) -> Outcome {
    let at = trial.instant();
    for minutes in [3, 2, 1] {
        let mut commit = trial.beginning(trial.conversation(), at);
        commit.deadline = Some(at.plus_minutes(minutes));
        trial.write(commit).await?;
    }
    let now = at.plus_hours(1);
    let all = Store::<Conversation>::due(trial.store, now, usize::MAX).await.map_err(backend)?;
    let two = Store::<Conversation>::due(trial.store, now, 2).await.map_err(backend)?;
    let first = all.iter().take(2).map(|due| due.deadline).collect::<Vec<_>>();
    same("the first two of all", two.iter().map(|due| due.deadline).collect(), first)
}

async fn channels<S: Stores>(trial: &Trial<'_, S>) -> Outcome {
    let (id, at, by) = (trial.channel(), trial.instant(), Actor::System);
    let name = ChannelName::new("Orders").map_err(|error| error.to_string())?;
    let opened = channel::Change::Opened(Box::new(Opening::new(id, name)));
    let closed = channel::Change::Closed { cause: Cause::Admin, number: None };
    kind::<Channel, S>(trial, id, [opened, closed].map(|change| channel::Event { at, by, change })).await
}

async fn onboardings<S: Stores>(trial: &Trial<'_, S>) -> Outcome {
    let (id, at, by) = (trial.onboarding(), trial.instant(), Actor::System);
    let started = onboarding::Change::Started { id, plan: Plan::Walkthrough, took_over: None };
    let phone_number = PhoneNumberId::new("457147519855515").map_err(|error| error.to_string())?;
    let method = CodeMethod::Voice;
    let asked = onboarding::Change::CodeRequested { request: 1, method, phone_number, allowed_from: None };
    kind::<Onboarding, S>(trial, id, [started, asked].map(|change| onboarding::Event { at, by, change })).await
}

/// An aggregate of any kind with these two events, of which the second has one effect.
async fn kind<A: Decider, S: Stores + Store<A>>(trial: &Trial<'_, S>, id: A::Id, events: [A::Event; 2]) -> Outcome {
    let now = trial.instant();
    let commit = |on: Loaded<A>, events: Vec<A::Event>| {
        let fingerprint = Fingerprint::of(&(A::NAME, &events));
        let metadata = Metadata::new(trial.command(), Actor::System, now);
        Commit::new(id, (on.state, on.version), events, metadata, fingerprint)
    };
    let [first, second] = events;
    trial.write(commit(Loaded::default(), vec![first.clone()])).await?;
    let stale = commit(Loaded::default(), vec![first]);
    conflict(trial.commit(stale).await, (Version::FIRST, Version::new(1)))?;
    let mut last = commit(trial.load::<A>(id).await?, vec![second]);
    last.deadline = Some(now);
    let (wanted, effects) = (Loaded::new(last.state.clone(), last.version(), None), last.effects.clone());
    trial.write(last).await?;
    same("what is loaded", trial.load::<A>(id).await?, wanted)?;

    let due = Store::<A>::due(trial.store, now, usize::MAX).await.map_err(backend)?;
    same("how often it is due", due.iter().filter(|due| due.aggregate == id).count(), 1)?;
    let leased = Store::<A>::lease(trial.store, now, later(now), usize::MAX).await.map_err(backend)?;
    let ours = leased.into_iter().map(|leased| leased.outgoing).filter(|outgoing| outgoing.id.event.aggregate == id);
    let ours: Vec<_> = ours.collect();
    same("what is lent", &ours, &effects)?;
    for outgoing in ours {
        Store::<A>::done(trial.store, outgoing.id).await.map_err(backend)?;
    }
    let leased = Store::<A>::lease(trial.store, later(now), later(now), usize::MAX).await.map_err(backend)?;
    same("what is lent when it is done", leased.iter().any(|left| left.outgoing.id.event.aggregate == id), false)
}
