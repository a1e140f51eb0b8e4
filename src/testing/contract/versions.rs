//! Two writers on one version.

use super::Report;
use super::trial::{Outcome, Trial, conflict, same};
use crate::conversation::Conversation;
use crate::decider::Version;
use crate::port::{CommitError, Committed, Loaded};
use crate::service::Stores;
use crate::testing::wait::all;

pub(super) async fn checks<S: Stores>(trial: &Trial<'_, S>, report: &mut Report) {
    report.note("a stale version is a conflict", stale(trial).await);
    report.note("the version before the last is a conflict", one_behind(trial).await);
    report.note("a version with a gap before it is a conflict", gap(trial).await);
    report.note("a version far ahead is a conflict", future(trial).await);
    report.note("an empty aggregate has version 0 and no other", empty(trial).await);
    report.note("what exists does not begin again", begins_again(trial).await);
    report.note("a conflict writes nothing", writes_nothing(trial).await);
    report.note("of the first two writers one wins", first_two(trial).await);
    report.note("of many writers on one version one wins", many(trial).await);
    report.note("a commit of many events is written whole", whole(trial).await);
}

/// What comes of a commit on another version than the one that is there.
async fn on<S: Stores>(trial: &Trial<'_, S>, expected: impl Fn(u64) -> u64) -> Outcome {
    let id = trial.conversation();
    let begun = trial.begun(id).await?;
    let commit = trial.notes(id, &begun, 3);
    let current = Loaded::new(commit.state.clone(), commit.version(), None);
    trial.write(commit).await?;
    let wrong = Version::new(expected(current.version.get()));
    let commit = trial.notes(id, &Loaded::new(current.state.clone(), wrong, None), 1);
    conflict(trial.commit(commit).await, (wrong, current.version))?;
    same("what is loaded", trial.load(id).await?, current)
}

async fn stale<S: Stores>(trial: &Trial<'_, S>) -> Outcome {
    on(trial, |_| 1).await
}

async fn one_behind<S: Stores>(trial: &Trial<'_, S>) -> Outcome {
    on(trial, |current| current.saturating_sub(1)).await
}

async fn gap<S: Stores>(trial: &Trial<'_, S>) -> Outcome {
    on(trial, |current| current.saturating_add(1)).await
}

async fn future<S: Stores>(trial: &Trial<'_, S>) -> Outcome {
    on(trial, |current| current.saturating_add(1_000_000)).await
}

async fn empty<S: Stores>(trial: &Trial<'_, S>) -> Outcome {
    for wrong in [1, 2, 1_000] {
        let (id, wrong) = (trial.conversation(), Version::new(wrong));
        let commit = trial.notes(id, &Loaded::new(Conversation::default(), wrong, None), 1);
        conflict(trial.commit(commit).await, (wrong, Version::FIRST))?;
        same("what is loaded", trial.load::<Conversation>(id).await?, Loaded::default())?;
    }
    Ok(())
}

async fn begins_again<S: Stores>(trial: &Trial<'_, S>) -> Outcome {
    let id = trial.conversation();
    let begun = trial.begun(id).await?;
    conflict(trial.commit(trial.beginning(id, trial.instant())).await, (Version::FIRST, Version::new(1)))?;
    same("what is loaded", trial.load(id).await?, begun)
}

async fn writes_nothing<S: Stores>(trial: &Trial<'_, S>) -> Outcome {
    let id = trial.conversation();
    let begun = trial.begun(id).await?;
    let ahead = Loaded::new(begun.state.clone(), Version::new(9), None);
    let commit = trial.warnings(id, &ahead, 2);
    let command = commit.metadata.command;
    conflict(trial.commit(commit).await, (Version::new(9), Version::new(1)))?;
    same("what is loaded", trial.load(id).await?, begun)?;
    same("what is known of its command", trial.applied(id, command).await?, None)?;
    let at = trial.instant();
    same("the number of its effects", trial.lease(&[id], at, at).await?.len(), 0)
}

async fn first_two<S: Stores>(trial: &Trial<'_, S>) -> Outcome {
    for _ in 0..8 {
        let id = trial.conversation();
        let [one, other] = [(); 2].map(|()| trial.commit(trial.beginning(id, trial.instant())));
        one_wins(&all(vec![one, other]).await)?;
        same("the version", trial.load::<Conversation>(id).await?.version, Version::new(1))?;
    }
    Ok(())
}

async fn many<S: Stores>(trial: &Trial<'_, S>) -> Outcome {
    let id = trial.conversation();
    let mut on = trial.begun(id).await?;
    for _ in 0..5 {
        let commits = (0..8).map(|_| trial.commit(trial.notes(id, &on, 1))).collect();
        one_wins(&all(commits).await)?;
        let next = trial.load(id).await?;
        same("the version", next.version, on.version.next())?;
        on = next;
    }
    same("the number of notes", on.state.notes().count(), 5)
}

fn one_wins(answers: &[Result<Committed, CommitError>]) -> Outcome {
    let won = answers.iter().filter(|answer| matches!(answer, Ok(Committed::Now { .. }))).count();
    let lost = answers.iter().filter(|answer| matches!(answer, Err(CommitError::Conflict { .. }))).count();
    if won == 1 && won.saturating_add(lost) == answers.len() {
        return Ok(());
    }
    Err(format!("one must win and the others must be told of a conflict, and the answers are {answers:?}"))
}

async fn whole<S: Stores>(trial: &Trial<'_, S>) -> Outcome {
    let id = trial.conversation();
    let begun = trial.begun(id).await?;
    let commit = trial.notes(id, &begun, 1_000);
    let state = commit.state.clone();
    trial.write(commit).await?;
    same("what is loaded", trial.load(id).await?, Loaded::new(state, Version::new(1_001), None))
}
