//! What is read is what was written.

use super::Report;
use super::trial::{Outcome, Trial, same};
use crate::channel::{self, Channel, Opening};
use crate::conversation::{Change, Conversation, Label, LabelKind};
use crate::decider::{Actor, Decider, Fingerprint, Version};
use crate::id::{ConversationId, OnboardingId, OrganisationId};
use crate::onboarding::Onboarding;
use crate::port::{Commit, Loaded, Metadata};
use crate::service::Stores;
use crate::settings::ChannelName;

pub(super) async fn checks<S: Stores>(trial: &Trial<'_, S>, report: &mut Report) {
    report.note("what was never written is empty, at version 0", nothing(trial).await);
    report.note("a commit is read back whole", read_back(trial).await);
    report.note("many events of many commits are read in their order", in_order(trial).await);
    report.note("the same id in two organisations is two aggregates", two_organisations(trial).await);
    report.note("the same id of another kind is another aggregate", two_kinds(trial).await);
    report.note("ids that differ in one bit are apart", one_bit(trial).await);
    report.note("text is kept to the letter", text(trial).await);
}

async fn nothing<S: Stores>(trial: &Trial<'_, S>) -> Outcome {
    same("a conversation", trial.load::<Conversation>(trial.conversation()).await?, Loaded::default())?;
    same("a channel", trial.load::<Channel>(trial.channel()).await?, Loaded::default())?;
    same("an onboarding", trial.load::<Onboarding>(trial.onboarding()).await?, Loaded::default())
}

async fn read_back<S: Stores>(trial: &Trial<'_, S>) -> Outcome {
    let id = trial.conversation();
    let commit = trial.beginning(id, trial.instant());
    let state = commit.state.clone();
    trial.write(commit).await?;
    same("what is loaded", trial.load(id).await?, Loaded::new(state, Version::new(1), None))
}

async fn in_order<S: Stores>(trial: &Trial<'_, S>) -> Outcome {
    let id = trial.conversation();
    let mut on = trial.begun(id).await?;
    for count in [1, 7, 1, 100] {
        let commit = trial.notes(id, &on, count);
        on = Loaded::new(commit.state.clone(), commit.version(), None);
        trial.write(commit).await?;
        same("what is loaded", &trial.load(id).await?, &on)?;
    }
    same("the version", on.version, Version::new(110))
}

async fn two_organisations<S: Stores>(trial: &Trial<'_, S>) -> Outcome {
    let uuid = trial.uuid();
    let [ours, theirs] = [(); 2].map(|()| ConversationId::new(trial.organisation(), uuid));
    let on = trial.begun(ours).await?;
    same("what another organisation finds", trial.load::<Conversation>(theirs).await?, Loaded::default())?;
    let other = trial.begun(theirs).await?;
    trial.write(trial.notes(theirs, &other, 2)).await?;
    same("what the first finds", trial.load(ours).await?, on)
}

async fn two_kinds<S: Stores>(trial: &Trial<'_, S>) -> Outcome {
    let id = trial.conversation();
    let onboarding = OnboardingId::new(id.organisation(), id.uuid());
    let on = trial.begun(id).await?;
    same("an onboarding", trial.load::<Onboarding>(onboarding).await?, Loaded::default())?;
    same("the conversation", trial.load(id).await?, on)
}

async fn one_bit<S: Stores>(trial: &Trial<'_, S>) -> Outcome {
    let id = trial.conversation();
    let on = trial.begun(id).await?;
    for bit in [0_u32, 31, 63, 64, 127] {
        let flip = |uuid: uuid::Uuid| uuid::Uuid::from_u128(uuid.as_u128() ^ 1_u128.rotate_left(bit));
        let other = ConversationId::new(id.organisation(), flip(id.uuid()));
        same("another id", trial.load::<Conversation>(other).await?, Loaded::default())?;
        let other = ConversationId::new(OrganisationId::new(flip(id.organisation().uuid())), id.uuid());
        same("another organisation", trial.load::<Conversation>(other).await?, Loaded::default())?;
    }
    same("the first", trial.load(id).await?, on)
}

async fn text<S: Stores>(trial: &Trial<'_, S>) -> Outcome {
    let id = trial.conversation();
    let on = trial.begun(id).await?;
    // Alike but for case, accents and what a database may take for the same; a quote, a percent sign, a backslash.
    let texts = ["refund", "Refund", "REFUND", "réfund", "re\u{301}fund", "straße", "strasse", "it's 100 %_\\", "🏪"];
    let added: Vec<Label> = texts.iter().filter_map(|text| Label::new(text).ok()).collect();
    let count = added.len();
    let change = Change::LabelsChanged { kind: LabelKind::Tag, added, removed: Vec::new() };
    trial.write(trial.of(id, on, vec![change], trial.instant())).await?;
    let loaded = trial.load::<Conversation>(id).await?;
    same("the number of tags", loaded.state.labels(LabelKind::Tag).count(), count)?;
    // As long a name as there may be, of characters of four bytes.
    let (channel, at) = (trial.channel(), trial.instant());
    let name = ChannelName::new(&"🏪".repeat(255)).map_err(|error| error.to_string())?;
    let change = channel::Change::Opened(Box::new(Opening::new(channel, name.clone())));
    let event = channel::Event { at, by: Actor::System, change };
    let metadata = Metadata::new(trial.command(), Actor::System, at);
    let commit = Commit::new(channel, (Channel::default(), Version::FIRST), vec![event], metadata, Fingerprint::of(&0));
    let state: Channel = commit.state.clone();
    trial.write(commit).await?;
    let loaded = trial.load::<Channel>(channel).await?;
    same("the name", loaded.state.settings().map(|settings| settings.name().as_str()), Some(name.as_str()))?;
    same("the channel", (loaded.state.next_deadline(), loaded.state), (state.next_deadline(), state))
}
