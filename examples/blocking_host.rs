//! The core without ports: a host that keeps rows of its own and waits for nothing. `cargo run --example blocking_host`
use std::{collections::HashMap, error::Error, mem::take};

use whatsapp_inbox::conversation::{Command, Conversation, MessageKind, Refused};
use whatsapp_inbox::decider::{Actor, Context, Decider, Policy};
use whatsapp_inbox::id::{ChannelId, CommandId, ConversationId, MessageId, OrganisationId, UserId};
use whatsapp_inbox::{access::Role, time::Instant, uuid::Uuid};

/// With a database this is a transaction: read the row for update, decide, write the row, and the events if you like.
fn give(row: &mut Conversation, command: Command, context: &Context<'_>) -> Result<String, Refused> {
    let events = row.decide(command, context)?;
    *row = events.iter().fold(take(row), Conversation::evolve);
    let happened = events.iter().map(Conversation::event_name).collect::<Vec<_>>().join(", ");
    let queue = row.queue(context.now).map(|queue| queue.to_string()).unwrap_or_default();
    Ok(format!("{}  {happened} → {queue}\n", context.now))
}

pub(crate) fn tell() -> Result<String, Box<dyn Error>> {
    let (bakery, policy) = (OrganisationId::new(Uuid::from_u128(1)), Policy::default());
    let (id, channel) = (ConversationId::new(bakery, Uuid::from_u128(300)), Uuid::from_u128(200));
    let begin = Command::Begin { id, channel: ChannelId::new(bakery, channel) };
    let receive = Command::Receive { message: MessageId::new(Uuid::from_u128(4)), sent_at: None };
    let reply = |n| Command::Reply { message: MessageId::new(Uuid::from_u128(n)), kind: MessageKind::FreeText };
    let (monday, ana) = ("2026-01-05T09:00:00Z".parse::<Instant>()?, UserId::new(bakery, Uuid::from_u128(7)));
    let by = |actor, now| Context::new(now, actor, CommandId::new(Uuid::from_u128(3)), &policy);
    let by_ana = |now| by(Actor::User(ana), now).with_role(Some(Role::Contributor)); // The host knows her role.

    let mut rows: HashMap<ConversationId, Conversation> = HashMap::new();
    let row = rows.entry(id).or_default();
    let mut told = give(row, begin, &by(Actor::Customer, monday))?;
    told += &give(row, receive, &by(Actor::Customer, monday))?;
    told += &give(row, reply(5), &by_ana(monday.plus_minutes(20)))?;
    told +=
        &give(row, reply(6), &by_ana(monday.plus_days(1))).unwrap_or_else(|refused| format!("refused: {refused}\n"));
    // Again and again, from a thread or a cron job: what is due gets a tick.
    let now = monday.plus_days(31);
    for row in rows.values_mut().filter(|row| row.next_deadline().is_some_and(|due| due <= now)) {
        told += &give(row, Command::Tick, &by(Actor::System, now))?;
    }
    Ok(told)
}

fn main() -> Result<(), Box<dyn Error>> {
    tell().map(|told| print!("{told}"))
}
