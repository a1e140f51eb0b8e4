//! What is left in the database, read at once.

use std::collections::BTreeMap;

use serde_json::Value;
use tokio_postgres::Row;

use super::super::world::World;

/// An aggregate: its kind, and its id with its organisation.
pub(crate) type Key = (String, String);

#[derive(Debug)]
pub(crate) struct Event {
    pub(crate) key: Key,
    pub(crate) version: i64,
    pub(crate) command: String,
    pub(crate) actor: Value,
    /// When it was recorded.
    pub(crate) at: i64,
    /// What kind of event, and what it tells.
    pub(crate) name: String,
    pub(crate) told: Value,
}

#[derive(Debug)]
pub(crate) struct Message {
    pub(crate) conversation: String,
    pub(crate) id: String,
    pub(crate) author: String,
    pub(crate) body: String,
    pub(crate) state: String,
}

/// All of it.
#[derive(Debug)]
pub(crate) struct Left {
    /// By aggregate and version.
    pub(crate) events: Vec<Event>,
    /// The version of each aggregate.
    pub(crate) aggregates: BTreeMap<Key, i64>,
    /// The version that each command made.
    pub(crate) commands: BTreeMap<(Key, String), i64>,
    pub(crate) messages: Vec<Message>,
    /// The state of each delivery.
    pub(crate) deliveries: BTreeMap<String, String>,
}

impl Left {
    pub(crate) async fn of(world: &World) -> Self {
        let database = &world.database;
        let key = |row: &Row| (row.get(0), row.get(1));
        let events = "SELECT kind, organisation || '/' || id, version, command::text, actor::text, payload::text, at
                      FROM events ORDER BY 1, 2, 3";
        let event = |row: &Row| {
            let json = |column| serde_json::from_str::<Value>(row.get::<_, &str>(column)).unwrap();
            let (name, told) = match json(5)["change"].take() {
                Value::Object(change) => change.into_iter().next().unwrap(),
                name => (name.as_str().unwrap().to_owned(), Value::Null),
            };
            Event {
                key: key(row),
                version: row.get(2),
                command: row.get(3),
                actor: json(4),
                at: row.get(6),
                name,
                told,
            }
        };
        let aggregates = "SELECT kind, organisation || '/' || id, version FROM aggregates";
        let commands = "SELECT kind, organisation || '/' || id, command::text, version FROM commands";
        let messages = "SELECT organisation || '/' || conversation, id, author, body, state FROM messages";
        let message = |row: &Row| Message {
            conversation: row.get(0),
            id: row.get(1),
            author: row.get(2),
            body: row.get(3),
            state: row.get(4),
        };
        Self {
            events: database.rows(events).await.iter().map(event).collect(),
            aggregates: database.rows(aggregates).await.iter().map(|row| (key(row), row.get(2))).collect(),
            commands: database.rows(commands).await.iter().map(|row| ((key(row), row.get(2)), row.get(3))).collect(),
            messages: database.rows(messages).await.iter().map(message).collect(),
            deliveries: database
                .rows("SELECT id, state FROM deliveries")
                .await
                .iter()
                .map(|row| (row.get(0), row.get(1)))
                .collect(),
        }
    }

    /// The events with a name.
    pub(crate) fn named(&self, name: &'static str) -> impl Iterator<Item = &Event> {
        self.events.iter().filter(move |event| event.name == name)
    }

    /// How many events with a name each aggregate has.
    pub(crate) fn count(&self, name: &'static str) -> BTreeMap<&str, usize> {
        let mut counts = BTreeMap::new();
        self.named(name).for_each(|event| *counts.entry(event.key.1.as_str()).or_default() += 1);
        counts
    }

    /// How many messages are in a state.
    pub(crate) fn messages_in(&self, state: &str) -> usize {
        self.messages.iter().filter(|message| message.state == state).count()
    }
}
