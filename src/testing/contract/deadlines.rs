//! What is due.

use super::Report;
use super::trial::{Outcome, Trial, backend, same};
use crate::conversation::Conversation;
use crate::id::ConversationId;
use crate::port::{Commit, Due, Store};
use crate::service::Stores;
use crate::time::Instant;

pub(super) async fn checks<S: Stores>(trial: &Trial<'_, S>, report: &mut Report) {
    report.note("what is due is due from its instant on", from_its_instant(trial).await);
    report.note("what is due stays due until it is written", stays(trial).await);
    report.note("another deadline takes the place of the one before", replaced(trial).await);
    report.note("without a deadline nothing is due", without(trial).await);
    report.note("the earliest is due first", earliest_first(trial).await);
    report.note("no more is due than was asked for", limited(trial).await);
}

impl<S: Stores> Trial<'_, S> {
    /// Which of these are due.
    async fn due(&self, of: &[ConversationId], now: Instant) -> Result<Vec<Due<ConversationId>>, String> {
        let due = Store::<Conversation>::due(self.store, now, usize::MAX).await.map_err(backend)?;
        Ok(due.into_iter().filter(|due| of.contains(&due.aggregate)).collect())
    }

    /// A conversation whose deadline is this one.
    fn with_deadline(&self, id: ConversationId, deadline: Option<Instant>) -> Commit<Conversation> {
        let mut commit = self.beginning(id, self.instant());
        commit.deadline = deadline;
        commit
    }
}

fn earlier(at: Instant) -> Instant {
    Instant::from_unix_millis(at.unix_millis().saturating_sub(1)).unwrap_or(Instant::MIN)
}

async fn from_its_instant<S: Stores>(trial: &Trial<'_, S>) -> Outcome {
    let (id, at) = (trial.conversation(), trial.instant().plus_minutes(1));
    let version = trial.write(trial.with_deadline(id, Some(at))).await?;
    same("a millisecond before it", trial.due(&[id], earlier(at)).await?, vec![])?;
    same("at its instant", trial.due(&[id], at).await?, vec![Due::new(id, at, version)])
}

async fn stays<S: Stores>(trial: &Trial<'_, S>) -> Outcome {
    let (id, at) = (trial.conversation(), trial.instant());
    trial.write(trial.with_deadline(id, Some(at))).await?;
    for _ in 0..2 {
        same("how many are due", trial.due(&[id], at.plus_days(1)).await?.len(), 1)?;
    }
    Ok(())
}

async fn replaced<S: Stores>(trial: &Trial<'_, S>) -> Outcome {
    let (id, first) = (trial.conversation(), trial.instant());
    let second = first.plus_hours(1);
    trial.write(trial.with_deadline(id, Some(first))).await?;
    let mut commit = trial.notes(id, &trial.load(id).await?, 1);
    commit.deadline = Some(second);
    let version = trial.write(commit).await?;
    same("before the second", trial.due(&[id], earlier(second)).await?, vec![])?;
    same("at the second", trial.due(&[id], second).await?, vec![Due::new(id, second, version)])
}

async fn without<S: Stores>(trial: &Trial<'_, S>) -> Outcome {
    let (id, never) = (trial.conversation(), trial.conversation());
    trial.write(trial.with_deadline(id, Some(trial.instant()))).await?;
    trial.write(trial.with_deadline(never, None)).await?;
    let mut commit = trial.notes(id, &trial.load(id).await?, 1);
    commit.deadline = None;
    trial.write(commit).await?;
    same("at the end of time", trial.due(&[id, never], Instant::MAX).await?, vec![])
}

async fn earliest_first<S: Stores>(trial: &Trial<'_, S>) -> Outcome {
    let first = trial.instant();
    let mut of = Vec::new();
    for minutes in [3, 1, 2, 0] {
        let id = trial.conversation();
        trial.write(trial.with_deadline(id, Some(first.plus_minutes(minutes)))).await?;
        of.push(id);
    }
    let due = trial.due(&of, first.plus_hours(1)).await?;
    let wanted: Vec<Instant> = (0..4).map(|minutes| first.plus_minutes(minutes)).collect();
    same("their order", due.into_iter().map(|due| due.deadline).collect(), wanted)
}

async fn limited<S: Stores>(trial: &Trial<'_, S>) -> Outcome {
    let at = trial.instant();
    for _ in 0..3 {
        trial.write(trial.with_deadline(trial.conversation(), Some(at))).await?;
    }
    for limit in [0, 1, 2] {
        let due = Store::<Conversation>::due(trial.store, at.plus_days(1), limit).await.map_err(backend)?;
        same("how many are told", due.len(), limit)?;
    }
    Ok(())
}
