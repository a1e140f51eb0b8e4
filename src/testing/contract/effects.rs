//! What is to be delivered.

use super::Report;
use super::trial::{Outcome, Trial, backend, same};
use crate::conversation::{Conversation, Effect, MessageKind};
use crate::id::ConversationId;
use crate::port::{EffectId, EventId, Leased, Store};
use crate::service::Stores;
use crate::testing::wait::all;
use crate::time::Instant;

pub(super) async fn checks<S: Stores>(trial: &Trial<'_, S>, report: &mut Report) {
    report.note("an effect is lent with all that was written of it", whole(trial).await);
    report.note("effects of one aggregate are lent in their order", in_order(trial).await);
    report.note("what is lent is not lent again before its time", not_before(trial).await);
    report.note("what is not done is lent again, and the tries are counted", again(trial).await);
    report.note("what is done is lent no more", done(trial).await);
    report.note("done again, or for what nobody knows, is no harm", done_again(trial).await);
    report.note("effects of two aggregates do not wait for each other", apart(trial).await);
    report.note("of two who ask at once one is lent an effect", two_at_once(trial).await);
    report.note("the same command again lends no effect again", no_second(trial).await);
}

impl<S: Stores> Trial<'_, S> {
    /// A conversation with so many effects.
    async fn waiting(&self, count: u32) -> Result<ConversationId, String> {
        let id = self.conversation();
        let begun = self.begun(id).await?;
        self.write(self.warnings(id, &begun, count)).await?;
        Ok(id)
    }

    async fn done(&self, leased: &Leased<Conversation>) -> Outcome {
        Store::<Conversation>::done(self.store, leased.outgoing.id).await.map_err(backend)
    }

    /// The attempts and tries of what is lent, for a millisecond.
    async fn lent(&self, id: ConversationId, now: Instant) -> Result<Vec<(u32, u32)>, String> {
        let until = later(now);
        Ok(self.lease(&[id], now, until).await?.iter().map(attempt).collect())
    }
}

pub(super) fn later(at: Instant) -> Instant {
    Instant::from_unix_millis(at.unix_millis().saturating_add(1)).unwrap_or(Instant::MAX)
}

pub(super) const fn attempt(leased: &Leased<Conversation>) -> (u32, u32) {
    match leased.outgoing.effect {
        Effect::SendWarning { attempt, .. } => (attempt, leased.tries),
    }
}

async fn whole<S: Stores>(trial: &Trial<'_, S>) -> Outcome {
    let id = trial.conversation();
    let begun = trial.begun(id).await?;
    let commit = trial.warnings(id, &begun, 1);
    let (metadata, wanted) = (commit.metadata, EffectId::new(EventId::new(id, commit.version()), 0));
    trial.write(commit).await?;
    let at = trial.instant();
    let leased = trial.lease(&[id], at, at).await?;
    let Some(first) = leased.first() else { return Err("it must be lent, and nothing is".to_owned()) };
    same("its id", first.outgoing.id, wanted)?;
    same("its effect", &first.outgoing.effect, &Effect::SendWarning { attempt: 1, kind: MessageKind::FreeText })?;
    same("what was kept beside it", first.outgoing.metadata, metadata)
}

async fn in_order<S: Stores>(trial: &Trial<'_, S>) -> Outcome {
    let (id, mut now) = (trial.waiting(12).await?, trial.instant());
    for number in 1..=12 {
        let leased = trial.lease(&[id], now, later(now)).await?;
        same("what is lent, and for which try", leased.iter().map(attempt).collect(), vec![(number, 1)])?;
        for leased in &leased {
            trial.done(leased).await?;
        }
        now = later(now);
    }
    same("what is left", trial.lent(id, later(now)).await?, vec![])
}

async fn not_before<S: Stores>(trial: &Trial<'_, S>) -> Outcome {
    let (id, now) = (trial.waiting(1).await?, trial.instant());
    let until = now.plus_minutes(1);
    same("what is lent", trial.lease(&[id], now, until).await?.len(), 1)?;
    for at in [now, later(now), Instant::from_unix_millis(until.unix_millis().saturating_sub(1)).unwrap_or(now)] {
        same("what is lent before its time", trial.lent(id, at).await?, vec![])?;
    }
    same("what is lent at its time", trial.lent(id, until).await?, vec![(1, 2)])
}

async fn again<S: Stores>(trial: &Trial<'_, S>) -> Outcome {
    let (id, mut now) = (trial.waiting(2).await?, trial.instant());
    for tries in 1..=5 {
        same("what is lent, and for which try", trial.lent(id, now).await?, vec![(1, tries)])?;
        now = later(now);
    }
    Ok(())
}

async fn done<S: Stores>(trial: &Trial<'_, S>) -> Outcome {
    let (id, now) = (trial.waiting(1).await?, trial.instant());
    for leased in trial.lease(&[id], now, later(now)).await? {
        // Late: its lease is over, and somebody else may have it.
        trial.lease(&[id], now.plus_minutes(1), now.plus_minutes(2)).await?;
        trial.done(&leased).await?;
    }
    same("what is lent", trial.lent(id, Instant::MAX).await?, vec![])
}

async fn done_again<S: Stores>(trial: &Trial<'_, S>) -> Outcome {
    let (id, now) = (trial.waiting(2).await?, trial.instant());
    for leased in trial.lease(&[id], now, later(now)).await? {
        trial.done(&leased).await?;
        trial.done(&leased).await?;
    }
    let unknown = EffectId::new(EventId::new(trial.conversation(), crate::decider::Version::new(7)), 3);
    Store::<Conversation>::done(trial.store, unknown).await.map_err(backend)?;
    same("what is lent next", trial.lent(id, now.plus_minutes(1)).await?, vec![(2, 1)])
}

async fn apart<S: Stores>(trial: &Trial<'_, S>) -> Outcome {
    let (one, other, now) = (trial.waiting(2).await?, trial.waiting(2).await?, trial.instant());
    let leased = trial.lease(&[one, other], now, now.plus_days(1)).await?;
    same("how many are lent", leased.len(), 2)?;
    for leased in leased.iter().filter(|leased| leased.outgoing.id.event.aggregate == one) {
        trial.done(leased).await?;
    }
    same("the next of the first", trial.lent(one, later(now)).await?, vec![(2, 1)])?;
    same("the next of the other", trial.lent(other, later(now)).await?, vec![])
}

async fn two_at_once<S: Stores>(trial: &Trial<'_, S>) -> Outcome {
    for _ in 0..8 {
        let (id, now) = (trial.waiting(1).await?, trial.instant());
        let of = [id];
        let asked = (0..4).map(|_| trial.lease(&of, now, now.plus_days(1))).collect();
        let lent = all(asked).await.into_iter().collect::<Result<Vec<_>, _>>()?;
        same("how often it is lent", lent.iter().map(Vec::len).sum::<usize>(), 1)?;
    }
    Ok(())
}

async fn no_second<S: Stores>(trial: &Trial<'_, S>) -> Outcome {
    let id = trial.conversation();
    let begun = trial.begun(id).await?;
    let commit = trial.warnings(id, &begun, 1);
    trial.write(commit.clone()).await?;
    let now = trial.instant();
    for leased in trial.lease(&[id], now, later(now)).await? {
        trial.done(&leased).await?;
    }
    trial.commit(commit).await.map_err(|error| error.to_string())?;
    same("what is lent", trial.lent(id, Instant::MAX).await?, vec![])
}
