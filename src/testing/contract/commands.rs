//! The same command again.

use super::Report;
use super::trial::{Outcome, Trial, conflict, same};
use crate::decider::{Fingerprint, Version};
use crate::id::ConversationId;
use crate::port::{Applied, CommitError, Committed, Loaded};
use crate::service::Stores;
use crate::testing::wait::all;

pub(super) async fn checks<S: Stores>(trial: &Trial<'_, S>, report: &mut Report) {
    report.note("the same command again is already applied", again(trial).await);
    report.note("a command is known after others came", known_later(trial).await);
    report.note("the same command with another content is refused", other_content(trial).await);
    report.note("a command is known by its aggregate alone", by_aggregate(trial).await);
    report.note("a command in two organisations is two commands", by_organisation(trial).await);
    report.note("a refused command may be tried again", tried_again(trial).await);
    report.note("the same command twice at once is applied once", twice_at_once(trial).await);
}

async fn again<S: Stores>(trial: &Trial<'_, S>) -> Outcome {
    let id = trial.conversation();
    let begun = trial.begun(id).await?;
    let commit = trial.notes(id, &begun, 2);
    let version = trial.write(commit.clone()).await?;
    for _ in 0..2 {
        // Its version is stale by now, and that is not what matters.
        already(trial.commit(commit.clone()).await, version)?;
    }
    same("the version", trial.load(id).await?, Loaded::new(commit.state, version, None))
}

async fn known_later<S: Stores>(trial: &Trial<'_, S>) -> Outcome {
    let id = trial.conversation();
    let mut on = trial.begun(id).await?;
    let first = trial.notes(id, &on, 2);
    on = Loaded::new(first.state.clone(), trial.write(first.clone()).await?, None);
    for _ in 0..20 {
        let next = trial.notes(id, &on, 1);
        on = Loaded::new(next.state.clone(), trial.write(next).await?, None);
    }
    let known = Applied::new(Version::new(3), first.fingerprint);
    same("what is known of it", trial.applied(id, first.metadata.command).await?, Some(known))?;
    same("what is known of another", trial.applied(id, trial.command()).await?, None)?;
    already(trial.commit(first).await, Version::new(3))?;
    same("what is loaded", trial.load(id).await?, on)
}

async fn other_content<S: Stores>(trial: &Trial<'_, S>) -> Outcome {
    let id = trial.conversation();
    let begun = trial.begun(id).await?;
    let commit = trial.notes(id, &begun, 1);
    let now = Loaded::new(commit.state.clone(), trial.write(commit.clone()).await?, None);
    // On the version that is there, and on the one it was made on.
    for on in [&now, &begun] {
        let mut other = trial.notes(id, on, 1);
        other.metadata.command = commit.metadata.command;
        other.fingerprint = Fingerprint::of(&"another content");
        match trial.commit(other).await {
            Err(CommitError::OtherContent) => {}
            answer => return Err(format!("it must be told that the content is another, and the answer is {answer:?}")),
        }
    }
    same("what is loaded", trial.load(id).await?, now)
}

async fn by_aggregate<S: Stores>(trial: &Trial<'_, S>) -> Outcome {
    let first = trial.conversation();
    apart(trial, first, ConversationId::new(first.organisation(), trial.uuid())).await
}

async fn by_organisation<S: Stores>(trial: &Trial<'_, S>) -> Outcome {
    let first = trial.conversation();
    apart(trial, first, ConversationId::new(trial.organisation(), first.uuid())).await
}

/// The same command id on two aggregates is two commands.
async fn apart<S: Stores>(trial: &Trial<'_, S>, first: ConversationId, other: ConversationId) -> Outcome {
    let one = trial.beginning(first, trial.instant());
    let mut two = trial.beginning(other, trial.instant());
    two.metadata.command = one.metadata.command;
    let command = one.metadata.command;
    trial.write(one).await?;
    same("what the other knows of it", trial.applied(other, command).await?, None)?;
    trial.write(two).await?;
    Ok(())
}

async fn tried_again<S: Stores>(trial: &Trial<'_, S>) -> Outcome {
    let id = trial.conversation();
    let begun = trial.begun(id).await?;
    let ahead = Loaded::new(begun.state.clone(), Version::new(2), None);
    let refused = trial.notes(id, &ahead, 1);
    conflict(trial.commit(refused.clone()).await, (Version::new(2), Version::new(1)))?;
    let mut again = trial.notes(id, &begun, 1);
    (again.metadata, again.fingerprint) = (refused.metadata, refused.fingerprint);
    trial.write(again).await?;
    Ok(())
}

async fn twice_at_once<S: Stores>(trial: &Trial<'_, S>) -> Outcome {
    let id = trial.conversation();
    let begun = trial.begun(id).await?;
    let commit = trial.notes(id, &begun, 1);
    let answers = all(vec![trial.commit(commit.clone()), trial.commit(commit)]).await;
    let version = Version::new(2);
    let now = answers.iter().filter(|answer| matches!(answer, Ok(Committed::Now { .. }))).count();
    let before = Committed::AlreadyApplied { version };
    let already = answers.iter().filter(|answer| matches!(answer, Ok(committed) if *committed == before)).count();
    same("how often it is written, and already applied", (now, already), (1, 1))?;
    same("the version", trial.load::<crate::conversation::Conversation>(id).await?.version, version)
}

fn already(answer: Result<Committed, CommitError>, version: Version) -> Outcome {
    match answer {
        Ok(committed) => same("the answer", committed, Committed::AlreadyApplied { version }),
        Err(error) => Err(format!("it must be already applied, and the answer is {error:?}")),
    }
}
