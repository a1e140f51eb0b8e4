//! What had to follow from what happened has followed.

use std::collections::{BTreeMap, BTreeSet};

use inbox_service::clock;
use whatsapp_inbox::channel::Channel;
use whatsapp_inbox::conversation::{Conversation, Queue, owners_without_access};
use whatsapp_inbox::id::{ChannelId, ConversationId};
use whatsapp_inbox::port::Store;

use super::super::world::World;
use super::Found;
use super::left::Left;

/// So much earlier than it is written something may have happened.
const SLACK_MS: i64 = 2_000;

pub(super) async fn check(world: &World, left: &Left, found: &mut Found) {
    channels(world, left, found);
    let mut conversations: BTreeMap<ChannelId, Vec<Conversation>> = BTreeMap::new();
    for (kind, id) in left.aggregates.keys().filter(|(kind, _)| kind == "conversation") {
        let id: ConversationId = id.parse().unwrap_or_else(|_| panic!("{kind} {id}"));
        let state = Store::<Conversation>::load(&*world.store, id, None).await.unwrap().state;
        if let Some(channel) = state.channel() {
            conversations.entry(channel).or_default().push(state);
        }
    }
    for (channel, conversations) in conversations {
        in_channel(world, left, channel, &conversations, found).await;
    }
}

/// Each activation has opened its channel, and nothing else has opened one.
fn channels(world: &World, left: &Left, found: &mut Found) {
    let activated = left.named("activated").map(|event| event.told["channel"].as_str().unwrap());
    let ours = world.organisations.iter().flat_map(|organisation| &organisation.lines);
    let ours: Vec<String> = ours.map(|line| line.channel.to_string()).collect();
    let expected: BTreeSet<&str> = activated.chain(ours.iter().map(String::as_str)).collect();
    let opened = left.count("opened");
    for channel in &expected {
        found.lost(!opened.contains_key(channel), || format!("the channel {channel} was never opened"));
    }
    for (channel, times) in opened {
        found.doubled(times > 1, || format!("{channel} was opened {times} times"));
        found.wrong(!expected.contains(channel), || format!("{channel} was opened by nobody"));
    }
}

async fn in_channel(world: &World, left: &Left, id: ChannelId, conversations: &[Conversation], found: &mut Found) {
    let now = clock::now();
    let channel = Store::<Channel>::load(&*world.store, id, None).await.unwrap().state;
    let Some(access) = channel.access() else {
        found.lost(true, || format!("{} conversations are in {id}, which nobody sees", conversations.len()));
        return;
    };
    let people = world.host.people(id.organisation()).await.unwrap();
    let people: Vec<_> = people.into_iter().map(|person| person.principal).collect();
    for lost in owners_without_access(access, &people, conversations, now) {
        found.lost(true, || format!("{lost:?} is still the owner"));
    }
    let Some((closed, _)) = channel.closed() else { return };
    for conversation in conversations {
        let name = conversation.id().unwrap().to_string();
        let reopened = || opened_again(left, &name, closed.unix_millis());
        let resolved = conversation.queue(now) == Some(Queue::Resolved);
        found.lost(!resolved && !reopened(), || format!("{name} is open, and its channel is closed"));
    }
}

/// Whether a conversation was resolved with its channel, and opened again since: whoever writes to a closed channel is heard all
/// the same, and the team may move what is resolved. Each event has the time of whoever made it, so that one that was written
/// later may tell an earlier one.
fn opened_again(left: &Left, conversation: &str, closed: i64) -> bool {
    let events: Vec<_> = left.events.iter().filter(|event| event.key.1 == conversation).collect();
    let Some(resolved) = events.iter().rposition(|event| event.name == "resolved") else { return false };
    let opens = |name: &str| matches!(name, "customer-wrote" | "moved");
    let with_channel = events[resolved].told["cause"].get("channel-closed").is_some();
    events[resolved..].iter().any(|event| opens(&event.name) && (with_channel || event.at + SLACK_MS >= closed))
}
