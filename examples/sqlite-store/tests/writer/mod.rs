//! Somebody who gives a conversation one command after another.

use whatsapp_inbox::conversation::{Command, Conversation};
use whatsapp_inbox::decider::{Actor, Context, Decider, Fingerprint, Policy};
use whatsapp_inbox::id::{CommandId, ConversationId, MessageId};
use whatsapp_inbox::port::{Applied, Commit, CommitError, Committed, Metadata, Store};
use whatsapp_inbox::testing::sample;
use whatsapp_inbox::time::Instant;
use whatsapp_inbox::uuid::Uuid;

pub(crate) const CONVERSATION: ConversationId = sample::CONVERSATION;

pub(crate) fn now() -> Instant {
    sample::begin()
}

pub(crate) fn command(n: u128) -> CommandId {
    CommandId::new(Uuid::from_u128(n))
}

/// Gives the command with this number, of one event, and again for as long as others come first.
pub(crate) async fn write(store: &impl Store<Conversation>, n: u128) -> Committed {
    let policy = Policy::default();
    let context = Context::new(now(), Actor::Customer, command(n), &policy);
    loop {
        let loaded = store.load(CONVERSATION, Some(command(n))).await.unwrap();
        if let Some(Applied { version, .. }) = loaded.applied {
            return Committed::AlreadyApplied { version };
        }
        let asked = match loaded.version.get() {
            0 => Command::Begin { id: CONVERSATION, channel: sample::CHANNEL },
            _ => Command::Receive { message: MessageId::new(Uuid::from_u128(n)), sent_at: None },
        };
        let events = loaded.state.decide(asked, &context).unwrap();
        assert_eq!(events.len(), 1, "{events:?}");
        let metadata = Metadata::new(command(n), Actor::Customer, now());
        let on = (loaded.state, loaded.version);
        match store.commit(Commit::new(CONVERSATION, on, events, metadata, Fingerprint::of(&n))).await {
            Ok(committed) => return committed,
            Err(CommitError::Conflict { .. }) => {}
            Err(error) => panic!("{error}"),
        }
    }
}
