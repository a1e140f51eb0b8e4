//! Somebody who gives a conversation one command after another, and does not give up.

use whatsapp_inbox::conversation::{Command, Conversation};
use whatsapp_inbox::decider::{Actor, Context, Decider, Fingerprint, Policy};
use whatsapp_inbox::id::{CommandId, ConversationId, MessageId};
use whatsapp_inbox::port::{Applied, Commit, CommitError, Committed, Loaded, Metadata, Store};
use whatsapp_inbox::testing::sample;
use whatsapp_inbox::time::Instant;
use whatsapp_inbox::uuid::Uuid;

pub(crate) fn now() -> Instant {
    sample::begin()
}

/// One of many conversations of one organisation.
pub(crate) fn conversation(n: u128) -> ConversationId {
    ConversationId::new(sample::CONVERSATION.organisation(), Uuid::from_u128(n))
}

/// A commit of the command with this number, of one event.
pub(crate) fn commit(id: ConversationId, on: Loaded<Conversation>, n: u128) -> Commit<Conversation> {
    let (policy, command) = (Policy::default(), CommandId::new(Uuid::from_u128(n)));
    let context = Context::new(now(), Actor::Customer, command, &policy);
    let asked = match on.version.get() {
        0 => Command::Begin { id, channel: sample::CHANNEL },
        _ => Command::Receive { message: MessageId::new(Uuid::from_u128(n)), sent_at: None },
    };
    let events = on.state.decide(asked, &context).unwrap();
    assert_eq!(events.len(), 1, "{events:?}");
    let metadata = Metadata::new(command, Actor::Customer, now());
    Commit::new(id, (on.state, on.version), events, metadata, Fingerprint::of(&n))
}

/// Gives the command with this number, and again for as long as others come first or the database fails.
pub(crate) async fn write(store: &impl Store<Conversation>, id: ConversationId, n: u128) -> Committed {
    loop {
        let Ok(on) = store.load(id, Some(CommandId::new(Uuid::from_u128(n)))).await else { continue };
        if let Some(Applied { version, .. }) = on.applied {
            return Committed::AlreadyApplied { version };
        }
        match store.commit(commit(id, on, n)).await {
            Ok(committed) => return committed,
            Err(CommitError::Conflict { .. } | CommitError::Backend(_)) => {}
            Err(error) => panic!("{error}"),
        }
    }
}
