//! What the port's values are in rows, and the SQL that writes and reads them.

use std::error::Error;

use rusqlite::{Connection, OptionalExtension, Row, params};
use whatsapp_inbox::decider::{ClaimChange, Decider, Fingerprint, Unavailable, Version};
use whatsapp_inbox::id::{CommandId, OrganisationId};
use whatsapp_inbox::port::{
    Applied, Backend, Commit, CommitError, Committed, Due, EffectId, EventId, Leased, Loaded, Metadata, Outgoing,
};
use whatsapp_inbox::time::Instant;
use whatsapp_inbox::uuid::Uuid;

/// Whatever goes wrong on the way: in the database, or in what is read there.
pub(crate) struct Failure(pub(crate) Backend);

impl<E: Error + Send + Sync + 'static> From<E> for Failure {
    fn from(error: E) -> Self {
        Self(Backend::new(error))
    }
}

/// The key of an aggregate in every table.
struct Key {
    organisation: [u8; 16],
    kind: &'static str,
    id: [u8; 16],
}

fn key<A: Decider>(aggregate: A::Id) -> Key {
    let (organisation, id) = aggregate.into();
    Key { organisation: organisation.uuid().into_bytes(), kind: A::NAME, id: id.into_bytes() }
}

fn aggregate<A: Decider>(organisation: [u8; 16], id: [u8; 16]) -> A::Id {
    (OrganisationId::new(Uuid::from_bytes(organisation)), Uuid::from_bytes(id)).into()
}

fn applied(version: u64, fingerprint: [u8; 16]) -> Applied {
    Applied::new(Version::new(version), Fingerprint::from_u128(u128::from_be_bytes(fingerprint)))
}

/// As many rows as were asked for, or as many as SQLite can count.
fn rows(limit: usize) -> i64 {
    i64::try_from(limit).unwrap_or(i64::MAX)
}

/// One statement, so that what it finds is of one moment: version and state belong together, and the command with them.
pub(crate) fn load<A: Decider>(
    connection: &Connection,
    id: A::Id,
    command: Option<CommandId>,
) -> Result<Loaded<A>, Failure> {
    let Key { organisation, kind, id } = key::<A>(id);
    let mut statement = connection.prepare_cached(
        "SELECT version, payload, NULL FROM events WHERE (organisation, kind, id) = (?1, ?2, ?3)
         UNION ALL SELECT version, NULL, fingerprint FROM commands
           WHERE (organisation, kind, id, command) = (?1, ?2, ?3, ?4)
         ORDER BY version",
    )?;
    let command = command.map(|command| command.uuid().into_bytes());
    let mut found = statement.query(params![organisation, kind, id, command])?;
    let mut loaded = Loaded::<A>::default();
    while let Some(row) = found.next()? {
        if let Some(fingerprint) = row.get(2)? {
            loaded.applied = Some(applied(row.get(0)?, fingerprint));
        } else {
            let event = serde_json::from_str(row.get_ref(1)?.as_str()?)?;
            (loaded.state, loaded.version) = (loaded.state.evolve(&event), Version::new(row.get(0)?));
        }
    }
    Ok(loaded)
}

/// Writes a commit, within a transaction that has the lock. Where the answer is not *now*, the transaction is to be dropped.
pub(crate) fn commit<A: Decider>(
    connection: &Connection,
    commit: &Commit<A>,
) -> Result<Result<Committed, CommitError>, Failure> {
    let key = key::<A>(commit.aggregate);
    let Key { organisation, kind, id } = key;
    let command = commit.metadata.command.uuid().into_bytes();
    let current = connection
        .prepare_cached("SELECT version FROM aggregates WHERE (organisation, kind, id) = (?1, ?2, ?3)")?
        .query_row(params![organisation, kind, id], |row| row.get(0))
        .optional()?;
    let known = connection
        .prepare_cached(
            "SELECT version, fingerprint FROM commands WHERE (organisation, kind, id, command) = (?1, ?2, ?3, ?4)",
        )?
        .query_row(params![organisation, kind, id, command], |row| Ok(applied(row.get(0)?, row.get(1)?)))
        .optional()?;
    if let Some(answer) = commit.settled(current.map_or(Version::FIRST, Version::new), known.as_ref()) {
        return Ok(answer);
    }
    if !claim(connection, &key, &commit.claims)? {
        return Ok(Err(Unavailable::new().into()));
    }
    let (version, deadline) = (commit.version(), commit.deadline.map(Instant::unix_millis));
    connection
        .prepare_cached(
            "INSERT INTO aggregates (organisation, kind, id, version, deadline) VALUES (?1, ?2, ?3, ?4, ?5)
             ON CONFLICT DO UPDATE SET version = excluded.version, deadline = excluded.deadline",
        )?
        .execute(params![organisation, kind, id, version.get(), deadline])?;
    let (fingerprint, at) = (commit.fingerprint.as_u128().to_be_bytes(), commit.metadata.at.unix_millis());
    connection
        .prepare_cached(
            "INSERT INTO commands (organisation, kind, id, command, fingerprint, version, at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        )?
        .execute(params![organisation, kind, id, command, fingerprint, version.get(), at])?;
    events(connection, &key, commit)?;
    effects(connection, &key, &commit.effects)?;
    Ok(Ok(Committed::Now { version }))
}

/// Takes and gives back, in order; whether all of it could be taken. A claim is written as its JSON, whatever kind it is.
fn claim(connection: &Connection, key: &Key, changes: &[ClaimChange]) -> Result<bool, Failure> {
    let Key { organisation, kind, id } = key;
    for change in changes {
        match change {
            ClaimChange::Released(claim) => {
                let mut statement = connection.prepare_cached("DELETE FROM claims WHERE claim = ?1")?;
                statement.execute([serde_json::to_string(claim)?])?;
            }
            ClaimChange::Taken(claim) => {
                // Its holder takes it again without harm, and for another no row is written.
                let mut statement = connection.prepare_cached(
                    "INSERT INTO claims (claim, organisation, kind, id) VALUES (?1, ?2, ?3, ?4)
                     ON CONFLICT DO UPDATE SET id = excluded.id
                       WHERE (organisation, kind, id) = (excluded.organisation, excluded.kind, excluded.id)",
                )?;
                if statement.execute(params![serde_json::to_string(claim)?, organisation, kind, id])? == 0 {
                    return Ok(false);
                }
            }
        }
    }
    Ok(true)
}

fn events<A: Decider>(connection: &Connection, key: &Key, commit: &Commit<A>) -> Result<(), Failure> {
    let Key { organisation, kind, id } = key;
    let Metadata { command, actor, at, correlation, causation, .. } = commit.metadata;
    let [command, correlation] = [command, correlation].map(|command| command.uuid().into_bytes());
    let causation = causation.map(|command| command.uuid().into_bytes());
    let (actor, at) = (serde_json::to_string(&actor)?, at.unix_millis());
    let mut statement = connection.prepare_cached(
        "INSERT INTO events (organisation, kind, id, version, payload, command, actor, at, correlation, causation)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
    )?;
    let mut place = commit.expected;
    for event in &commit.events {
        place = place.next();
        let (version, payload) = (place.get(), serde_json::to_string(event)?);
        let row = params![organisation, kind, id, version, payload, command, actor, at, correlation, causation];
        statement.execute(row)?;
    }
    Ok(())
}

fn effects<A: Decider>(connection: &Connection, key: &Key, effects: &[Outgoing<A>]) -> Result<(), Failure> {
    let Key { organisation, kind, id } = key;
    let mut statement = connection.prepare_cached(
        "INSERT INTO effects (organisation, kind, id, version, n, payload) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
    )?;
    for Outgoing { id: EffectId { event, n, .. }, effect, .. } in effects {
        let (version, payload) = (event.version.get(), serde_json::to_string(effect)?);
        statement.execute(params![organisation, kind, id, version, n, payload])?;
    }
    if effects.is_empty() { Ok(()) } else { free_first(connection, key) }
}

/// Lets the first effect of an aggregate be lent, unless it may be or is already.
fn free_first(connection: &Connection, Key { organisation, kind, id }: &Key) -> Result<(), Failure> {
    connection
        .prepare_cached(
            "UPDATE effects SET free_from = ?4
             WHERE (organisation, kind, id) = (?1, ?2, ?3) AND free_from IS NULL AND (version, n) = (
               SELECT version, n FROM effects WHERE (organisation, kind, id) = (?1, ?2, ?3)
               ORDER BY version, n LIMIT 1)",
        )?
        .execute(params![organisation, kind, id, Instant::MIN.unix_millis()])?;
    Ok(())
}

/// What is due, by index.
pub(crate) fn due<A: Decider>(connection: &Connection, now: Instant, limit: usize) -> Result<Vec<Due<A::Id>>, Failure> {
    let mut statement = connection.prepare_cached(
        "SELECT organisation, id, deadline, version FROM aggregates
         WHERE kind = ?1 AND deadline <= ?2 ORDER BY deadline LIMIT ?3",
    )?;
    let mut found = statement.query(params![A::NAME, now.unix_millis(), rows(limit)])?;
    let mut due = Vec::new();
    while let Some(row) = found.next()? {
        let deadline = Instant::from_unix_millis(row.get(2)?)?;
        due.push(Due::new(aggregate::<A>(row.get(0)?, row.get(1)?), deadline, Version::new(row.get(3)?)));
    }
    Ok(due)
}

/// Lends out what is free, by index, within a transaction that has the lock.
pub(crate) fn lease<A: Decider>(
    connection: &Connection,
    now: Instant,
    until: Instant,
    limit: usize,
) -> Result<Vec<Leased<A>>, Failure> {
    let mut free = connection.prepare_cached(
        "SELECT organisation, id, version, n, effects.payload, tries + 1, command, actor, at, correlation, causation
         FROM effects JOIN events USING (organisation, kind, id, version)
         WHERE kind = ?1 AND free_from <= ?2 ORDER BY free_from LIMIT ?3",
    )?;
    let mut lend = connection.prepare_cached(
        "UPDATE effects SET tries = ?6, free_from = ?7
         WHERE (organisation, kind, id, version, n) = (?1, ?2, ?3, ?4, ?5)",
    )?;
    let mut found = free.query(params![A::NAME, now.unix_millis(), rows(limit)])?;
    let mut leased = Vec::new();
    while let Some(row) = found.next()? {
        leased.push(read_leased::<A>(row)?);
    }
    for Leased { outgoing: Outgoing { id: EffectId { event, n, .. }, .. }, tries, .. } in &leased {
        let Key { organisation, kind, id } = key::<A>(event.aggregate);
        lend.execute(params![organisation, kind, id, event.version.get(), n, tries, until.unix_millis()])?;
    }
    Ok(leased)
}

fn read_leased<A: Decider>(row: &Row<'_>) -> Result<Leased<A>, Failure> {
    let command = |bytes| CommandId::new(Uuid::from_bytes(bytes));
    let event = EventId::new(aggregate::<A>(row.get(0)?, row.get(1)?), Version::new(row.get(2)?));
    let effect = serde_json::from_str(row.get_ref(4)?.as_str()?)?;
    let actor = serde_json::from_str(row.get_ref(7)?.as_str()?)?;
    let mut metadata = Metadata::new(command(row.get(6)?), actor, Instant::from_unix_millis(row.get(8)?)?);
    (metadata.correlation, metadata.causation) = (command(row.get(9)?), row.get::<_, Option<_>>(10)?.map(command));
    Ok(Leased::new(Outgoing::new(EffectId::new(event, row.get(3)?), effect, metadata), row.get(5)?))
}

/// Takes an effect out and frees the one behind it, within a transaction that has the lock.
pub(crate) fn done<A: Decider>(connection: &Connection, effect: EffectId<A::Id>) -> Result<(), Failure> {
    let key = key::<A>(effect.event.aggregate);
    let Key { organisation, kind, id } = key;
    let removed = connection
        .prepare_cached("DELETE FROM effects WHERE (organisation, kind, id, version, n) = (?1, ?2, ?3, ?4, ?5)")?
        .execute(params![organisation, kind, id, effect.event.version.get(), effect.n])?;
    if removed == 0 { Ok(()) } else { free_first(connection, &key) }
}
