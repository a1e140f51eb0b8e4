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
        let events = left.events.iter().filter(|event| event.key.1 == name);
        let later = events.filter(|event| event.name == "customer-wrote" && event.at >= closed.unix_millis()).count();
        let resolved = conversation.queue(now) == Some(Queue::Resolved);
        // Whoever writes to a closed channel is heard all the same.
        found.lost(!resolved && later == 0, || format!("{name} is open, and its channel is closed"));
    }
}
