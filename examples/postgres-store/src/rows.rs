//! What the port's values are in rows, and the SQL that writes and reads them.

use std::error::Error;

use deadpool_postgres::GenericClient;
use futures_util::future::try_join3;
use tokio_postgres::Row;
use tokio_postgres::types::{Json, ToSql};
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

impl From<Failure> for Backend {
    fn from(Failure(backend): Failure) -> Self {
        backend
    }
}

/// The key of an aggregate in every table.
struct Key {
    organisation: Uuid,
    kind: &'static str,
    id: Uuid,
}

fn key<A: Decider>(aggregate: A::Id) -> Key {
    let (organisation, id) = aggregate.into();
    Key { organisation: organisation.uuid(), kind: A::NAME, id }
}

fn aggregate<A: Decider>(organisation: Uuid, id: Uuid) -> A::Id {
    (OrganisationId::new(organisation), id).into()
}

/// PostgreSQL counts with a sign.
fn version(row: &Row, column: &str) -> Result<Version, Failure> {
    Ok(Version::new(row.try_get::<_, i64>(column)?.try_into()?))
}

fn applied(row: &Row) -> Result<Applied, Failure> {
    let fingerprint = Fingerprint::from_u128(row.try_get::<_, Uuid>("fingerprint")?.as_u128());
    Ok(Applied::new(version(row, "version")?, fingerprint))
}

/// As many rows as were asked for, or as many as PostgreSQL can count.
fn rows(limit: usize) -> i64 {
    i64::try_from(limit).unwrap_or(i64::MAX)
}

async fn query(client: &impl GenericClient, sql: &str, values: &[&(dyn ToSql + Sync)]) -> Result<Vec<Row>, Failure> {
    let statement = client.prepare_cached(sql).await?;
    Ok(client.query(&statement, values).await?)
}

/// How many rows it concerned.
async fn execute(client: &impl GenericClient, sql: &str, values: &[&(dyn ToSql + Sync)]) -> Result<u64, Failure> {
    let statement = client.prepare_cached(sql).await?;
    Ok(client.execute(&statement, values).await?)
}

/// One statement, so that what it finds is of one moment: version and state belong together, and the command with them.
pub(crate) async fn load<A: Decider>(
    client: &impl GenericClient,
    id: A::Id,
    command: Option<CommandId>,
) -> Result<Loaded<A>, Failure> {
    let Key { organisation, kind, id } = key::<A>(id);
    let sql = "SELECT version, payload, NULL::uuid AS fingerprint FROM events
                 WHERE (organisation, kind, id) = ($1, $2, $3)
               UNION ALL SELECT version, NULL, fingerprint FROM commands
                 WHERE (organisation, kind, id, command) = ($1, $2, $3, $4)
               ORDER BY version";
    let mut loaded = Loaded::<A>::default();
    for row in query(client, sql, &[&organisation, &kind, &id, &command.map(CommandId::uuid)]).await? {
        if let Some(Json(event)) = row.try_get("payload")? {
            (loaded.state, loaded.version) = (loaded.state.evolve(&event), version(&row, "version")?);
        } else {
            loaded.applied = Some(applied(&row)?);
        }
    }
    Ok(loaded)
}

/// Writes a commit, within a transaction. Where the answer is not *now*, the transaction is to be rolled back.
pub(crate) async fn commit<A: Decider>(
    client: &impl GenericClient,
    commit: &Commit<A>,
) -> Result<Result<Committed, CommitError>, Failure> {
    let key = key::<A>(commit.aggregate);
    // The lock first, in a statement of its own: what another wrote meanwhile is seen by statements that begin after it.
    let current = lock(client, &key).await?;
    let Key { organisation, kind, id } = &key;
    let command = commit.metadata.command.uuid();
    let sql = "SELECT version, fingerprint FROM commands WHERE (organisation, kind, id, command) = ($1, $2, $3, $4)";
    let known = query(client, sql, &[organisation, kind, id, &command]).await?;
    if let Some(answer) = commit.settled(current, known.first().map(applied).transpose()?.as_ref()) {
        return Ok(answer);
    }
    if !claim(client, &key, &commit.claims).await? {
        return Ok(Err(Unavailable::new().into()));
    }
    let version = i64::try_from(commit.version().get())?;
    let deadline = commit.deadline.map(Instant::unix_millis);
    let (fingerprint, at) = (Uuid::from_u128(commit.fingerprint.as_u128()), commit.metadata.at.unix_millis());
    let aggregate: [&(dyn ToSql + Sync); 5] = [organisation, kind, id, &version, &deadline];
    let command: [&(dyn ToSql + Sync); 7] = [organisation, kind, id, &command, &fingerprint, &version, &at];
    // Sent at once: the way to the database and back is what a commit mostly waits for.
    try_join3(
        execute(
            client,
            "UPDATE aggregates SET version = $4, deadline = $5 WHERE (organisation, kind, id) = ($1, $2, $3)",
            &aggregate,
        ),
        execute(
            client,
            "INSERT INTO commands (organisation, kind, id, command, fingerprint, version, at)
             VALUES ($1, $2, $3, $4, $5, $6, $7)",
            &command,
        ),
        events(client, &key, commit),
    )
    .await?;
    effects(client, &key, &commit.effects).await?;
    Ok(Ok(Committed::Now { version: commit.version() }))
}

/// Locks an aggregate's row until the transaction ends, and says which version it has. Who writes the same aggregate waits here.
async fn lock(client: &impl GenericClient, Key { organisation, kind, id }: &Key) -> Result<Version, Failure> {
    let lock = "SELECT version FROM aggregates WHERE (organisation, kind, id) = ($1, $2, $3) FOR UPDATE";
    let begin =
        "INSERT INTO aggregates (organisation, kind, id, version) VALUES ($1, $2, $3, 0) ON CONFLICT DO NOTHING";
    let key: [&(dyn ToSql + Sync); 3] = [organisation, kind, id];
    let mut found = query(client, lock, &key).await?;
    if found.is_empty() {
        // Of two who begin the same aggregate the second waits here, and then finds the row of the first.
        execute(client, begin, &key).await?;
        found = query(client, lock, &key).await?;
    }
    found.first().map_or(Ok(Version::FIRST), |row| version(row, "version"))
}

/// Takes and gives back, in order; whether all of it could be taken. A claim is written as its JSON, whatever kind it is.
async fn claim(client: &impl GenericClient, key: &Key, changes: &[ClaimChange]) -> Result<bool, Failure> {
    let Key { organisation, kind, id } = key;
    // Its holder takes it again without harm, and for another no row is written. Who comes second waits until the first has it
    // or has given up.
    let take = "INSERT INTO claims (claim, organisation, kind, id) VALUES ($1, $2, $3, $4)
                ON CONFLICT (claim) DO UPDATE SET id = excluded.id
                WHERE (claims.organisation, claims.kind, claims.id) =
                      (excluded.organisation, excluded.kind, excluded.id)";
    for change in changes {
        match change {
            ClaimChange::Released(claim) => {
                let claim = serde_json::to_string(claim)?;
                execute(client, "DELETE FROM claims WHERE claim = $1", &[&claim]).await?;
            }
            ClaimChange::Taken(claim) => {
                let claim = serde_json::to_string(claim)?;
                if execute(client, take, &[&claim, organisation, kind, id]).await? == 0 {
                    return Ok(false);
                }
            }
        }
    }
    Ok(true)
}

/// However many there are, in one statement.
async fn events<A: Decider>(client: &impl GenericClient, key: &Key, commit: &Commit<A>) -> Result<(), Failure> {
    let Key { organisation, kind, id } = key;
    let Metadata { command, actor, at, correlation, causation, .. } = commit.metadata;
    let (command, correlation, causation) = (command.uuid(), correlation.uuid(), causation.map(CommandId::uuid));
    let (actor, at, expected) = (Json(actor), at.unix_millis(), i64::try_from(commit.expected.get())?);
    let payloads: Vec<_> = commit.events.iter().map(Json).collect();
    let sql =
        "INSERT INTO events (organisation, kind, id, version, payload, command, actor, at, correlation, causation)
               SELECT $1, $2, $3, $4 + place, payload, $6, $7, $8, $9, $10
               FROM unnest($5::json[]) WITH ORDINALITY AS event (payload, place)";
    let values: [&(dyn ToSql + Sync); 10] =
        [organisation, kind, id, &expected, &payloads, &command, &actor, &at, &correlation, &causation];
    execute(client, sql, &values).await?;
    Ok(())
}

async fn effects<A: Decider>(client: &impl GenericClient, key: &Key, effects: &[Outgoing<A>]) -> Result<(), Failure> {
    if effects.is_empty() {
        return Ok(());
    }
    let Key { organisation, kind, id } = key;
    let versions = effects.iter().map(|outgoing| i64::try_from(outgoing.id.event.version.get()));
    let versions = versions.collect::<Result<Vec<_>, _>>()?;
    let numbers: Vec<_> = effects.iter().map(|outgoing| i32::from(outgoing.id.n)).collect();
    let payloads: Vec<_> = effects.iter().map(|outgoing| Json(&outgoing.effect)).collect();
    let sql = "INSERT INTO effects (organisation, kind, id, version, n, payload)
               SELECT $1, $2, $3, * FROM unnest($4::bigint[], $5::integer[], $6::json[])";
    execute(client, sql, &[organisation, kind, id, &versions, &numbers, &payloads]).await?;
    free_first(client, key).await
}

/// Lets the first effect of an aggregate be lent, unless it may be or is already.
async fn free_first(client: &impl GenericClient, Key { organisation, kind, id }: &Key) -> Result<(), Failure> {
    let sql = "UPDATE effects SET free_from = $4
               WHERE (organisation, kind, id) = ($1, $2, $3) AND free_from IS NULL AND (version, n) = (
                 SELECT version, n FROM effects WHERE (organisation, kind, id) = ($1, $2, $3)
                 ORDER BY version, n LIMIT 1)";
    execute(client, sql, &[organisation, kind, id, &Instant::MIN.unix_millis()]).await?;
    Ok(())
}

/// What is due, by index.
pub(crate) async fn due<A: Decider>(
    client: &impl GenericClient,
    now: Instant,
    limit: usize,
) -> Result<Vec<Due<A::Id>>, Failure> {
    let sql = "SELECT organisation, id, deadline, version FROM aggregates
               WHERE kind = $1 AND deadline <= $2 ORDER BY deadline LIMIT $3";
    let found = query(client, sql, &[&A::NAME, &now.unix_millis(), &rows(limit)]).await?;
    let due = found.iter().map(|row| {
        let id = aggregate::<A>(row.try_get("organisation")?, row.try_get("id")?);
        Ok(Due::new(id, Instant::from_unix_millis(row.try_get("deadline")?)?, version(row, "version")?))
    });
    due.collect()
}

/// Lends out what is free, by index. Who asks at the same time passes over what is being lent here, and waits for nobody.
pub(crate) async fn lease<A: Decider>(
    client: &impl GenericClient,
    now: Instant,
    until: Instant,
    limit: usize,
) -> Result<Vec<Leased<A>>, Failure> {
    let sql = "WITH free AS (
                 SELECT organisation, kind, id, version, n FROM effects
                 WHERE kind = $1 AND free_from <= $2 ORDER BY free_from LIMIT $4
                 FOR UPDATE SKIP LOCKED
               ), lent AS (
                 UPDATE effects SET tries = tries + 1, free_from = $3 FROM free
                 WHERE (effects.organisation, effects.kind, effects.id, effects.version, effects.n) =
                       (free.organisation, free.kind, free.id, free.version, free.n)
                 RETURNING effects.*
               )
               SELECT organisation, id, version, n, lent.payload, tries, command, actor, at, correlation, causation
               FROM lent JOIN events USING (organisation, kind, id, version)";
    let values: [&(dyn ToSql + Sync); 4] = [&A::NAME, &now.unix_millis(), &until.unix_millis(), &rows(limit)];
    query(client, sql, &values).await?.iter().map(read_leased).collect()
}

fn read_leased<A: Decider>(row: &Row) -> Result<Leased<A>, Failure> {
    let id = aggregate::<A>(row.try_get("organisation")?, row.try_get("id")?);
    let n = row.try_get::<_, i32>("n")?.try_into()?;
    let (Json(effect), Json(actor)) = (row.try_get("payload")?, row.try_get("actor")?);
    let at = Instant::from_unix_millis(row.try_get("at")?)?;
    let mut metadata = Metadata::new(CommandId::new(row.try_get("command")?), actor, at);
    metadata.correlation = CommandId::new(row.try_get("correlation")?);
    metadata.causation = row.try_get::<_, Option<_>>("causation")?.map(CommandId::new);
    let outgoing = Outgoing::new(EffectId::new(EventId::new(id, version(row, "version")?), n), effect, metadata);
    Ok(Leased::new(outgoing, row.try_get::<_, i64>("tries")?.try_into()?))
}

/// Takes an effect out and frees the one behind it, within a transaction. The aggregate is locked, since a commit that adds an
/// effect meanwhile would take this one for the first.
pub(crate) async fn done<A: Decider>(client: &impl GenericClient, effect: EffectId<A::Id>) -> Result<(), Failure> {
    let key = key::<A>(effect.event.aggregate);
    let Key { organisation, kind, id } = &key;
    // So high a version nobody has written, so nobody knows the effect.
    let Ok(version) = i64::try_from(effect.event.version.get()) else { return Ok(()) };
    let lock = "SELECT FROM aggregates WHERE (organisation, kind, id) = ($1, $2, $3) FOR UPDATE";
    execute(client, lock, &[organisation, kind, id]).await?;
    let remove = "DELETE FROM effects WHERE (organisation, kind, id, version, n) = ($1, $2, $3, $4, $5)";
    if execute(client, remove, &[organisation, kind, id, &version, &i32::from(effect.n)]).await? > 0 {
        free_first(client, &key).await?;
    }
    Ok(())
}
