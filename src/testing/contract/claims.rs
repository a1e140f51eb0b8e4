//! What one aggregate at most may hold.

use super::Report;
use super::trial::{Outcome, Trial, same};
use crate::channel::Channel;
use crate::conversation::Conversation;
use crate::decider::{Claim, ClaimChange};
use crate::id::ConversationId;
use crate::onboarding::Onboarding;
use crate::port::{Commit, CommitError, Committed, Loaded};
use crate::service::Stores;
use crate::testing::wait::all;
use crate::whatsapp::PhoneNumber;

pub(super) async fn checks<S: Stores>(trial: &Trial<'_, S>, report: &mut Report) {
    report.note("what another holds is unavailable", held(trial).await);
    report.note("what another organisation holds is unavailable", held_elsewhere(trial).await);
    report.note("what another kind of aggregate holds is unavailable", held_by_kind(trial).await);
    report.note("an unavailable claim writes nothing", writes_nothing(trial).await);
    report.note("its holder may take a claim again", taken_again(trial).await);
    report.note("what is given back is free, whoever held it", given_back(trial).await);
    report.note("a claim moves within one commit", moved(trial).await);
    report.note("of two who claim at once one gets it", two_at_once(trial).await);
}

const fn taken(number: PhoneNumber) -> ClaimChange {
    ClaimChange::Taken(Claim::Number(number))
}

const fn released(number: PhoneNumber) -> ClaimChange {
    ClaimChange::Released(Claim::Number(number))
}

impl<S: Stores> Trial<'_, S> {
    /// The commit that begins a conversation and claims.
    fn claiming(&self, id: ConversationId, claims: Vec<ClaimChange>) -> Commit<Conversation> {
        let mut commit = self.beginning(id, self.instant());
        commit.claims = claims;
        commit
    }
}

fn unavailable(answer: &Result<Committed, CommitError>) -> Outcome {
    match answer {
        Err(CommitError::Unavailable(_)) => Ok(()),
        other => Err(format!("it must be unavailable, and the answer is {other:?}")),
    }
}

async fn held<S: Stores>(trial: &Trial<'_, S>) -> Outcome {
    let (first, number) = (trial.conversation(), trial.number()?);
    trial.write(trial.claiming(first, vec![taken(number)])).await?;
    let other = ConversationId::new(first.organisation(), trial.uuid());
    unavailable(&trial.commit(trial.claiming(other, vec![taken(number)])).await)
}

async fn held_elsewhere<S: Stores>(trial: &Trial<'_, S>) -> Outcome {
    let (first, number) = (trial.conversation(), trial.number()?);
    trial.write(trial.claiming(first, vec![taken(number)])).await?;
    let other = ConversationId::new(trial.organisation(), first.uuid());
    unavailable(&trial.commit(trial.claiming(other, vec![taken(number)])).await)
}

async fn held_by_kind<S: Stores>(trial: &Trial<'_, S>) -> Outcome {
    let (first, number) = (trial.conversation(), trial.number()?);
    trial.write(trial.claiming(first, vec![taken(number)])).await?;
    let other = crate::id::OnboardingId::new(first.organisation(), first.uuid());
    let mut commit = trial.empty::<Onboarding>(other, &Loaded::default());
    commit.claims = vec![taken(number)];
    unavailable(&trial.commit(commit).await)
}

async fn writes_nothing<S: Stores>(trial: &Trial<'_, S>) -> Outcome {
    let (first, other) = (trial.conversation(), trial.conversation());
    let (number, free) = (trial.number()?, trial.number()?);
    trial.write(trial.claiming(first, vec![taken(number)])).await?;
    // The first of its claims is free, and must stay so.
    let commit = trial.claiming(other, vec![taken(free), taken(number)]);
    let command = commit.metadata.command;
    unavailable(&trial.commit(commit).await)?;
    same("what is loaded", trial.load::<Conversation>(other).await?, Loaded::default())?;
    same("what is known of its command", trial.applied(other, command).await?, None)?;
    trial.write(trial.claiming(trial.conversation(), vec![taken(free)])).await?;
    Ok(())
}

async fn taken_again<S: Stores>(trial: &Trial<'_, S>) -> Outcome {
    let (id, number) = (trial.conversation(), trial.number()?);
    trial.write(trial.claiming(id, vec![taken(number)])).await?;
    let on = trial.load(id).await?;
    let mut commit = trial.notes(id, &on, 1);
    commit.claims = vec![taken(number)];
    trial.write(commit).await?;
    unavailable(&trial.commit(trial.claiming(trial.conversation(), vec![taken(number)])).await)
}

async fn given_back<S: Stores>(trial: &Trial<'_, S>) -> Outcome {
    let (first, number) = (trial.conversation(), trial.number()?);
    trial.write(trial.claiming(first, vec![taken(number)])).await?;
    // As a channel gives back what its onboarding took.
    let mut back = trial.empty::<Channel>(trial.channel(), &Loaded::default());
    back.claims = vec![released(number)];
    trial.write(back).await?;
    trial.write(trial.claiming(trial.conversation(), vec![taken(number)])).await?;
    unavailable(&trial.commit(trial.claiming(trial.conversation(), vec![taken(number)])).await)
}

async fn moved<S: Stores>(trial: &Trial<'_, S>) -> Outcome {
    let (id, from, to) = (trial.conversation(), trial.number()?, trial.number()?);
    trial.write(trial.claiming(id, vec![taken(from)])).await?;
    let mut commit = trial.notes(id, &trial.load(id).await?, 1);
    commit.claims = vec![released(from), taken(to)];
    trial.write(commit).await?;
    unavailable(&trial.commit(trial.claiming(trial.conversation(), vec![taken(to)])).await)?;
    trial.write(trial.claiming(trial.conversation(), vec![taken(from)])).await?;
    Ok(())
}

async fn two_at_once<S: Stores>(trial: &Trial<'_, S>) -> Outcome {
    for _ in 0..8 {
        let number = trial.number()?;
        let commits = (0..4).map(|_| trial.commit(trial.claiming(trial.conversation(), vec![taken(number)])));
        let answers = all(commits.collect()).await;
        let won = answers.iter().filter(|answer| answer.is_ok()).count();
        let told = answers.iter().filter(|answer| unavailable(answer).is_ok()).count();
        same("how many get it, and are told that it is unavailable", (won, told), (1, 3))?;
    }
    Ok(())
}
