//! What the port's values are in rows, and the SQL that writes and reads them.

use std::error::Error;

use deadpool_postgres::GenericClient;
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

/// An id is written `<organisation>/<uuid>`, and the UUID alone is what stands beside the organisation.
fn key<A: Decider>(aggregate: A::Id) -> Result<Key, Failure> {
    let text = aggregate.to_string();
    let id = text.rsplit_once('/').map_or(&*text, |(_, id)| id);
    Ok(Key { organisation: A::organisation(aggregate).uuid(), kind: A::NAME, id: Uuid::try_parse(id)? })
}

fn aggregate<A: Decider>(organisation: Uuid, id: Uuid) -> Result<A::Id, Failure> {
    Ok(format!("{}/{id}", OrganisationId::new(organisation)).parse()?)
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

/// One statement, so that what it finds is of one moment: version and state belong together, and the command with them.
pub(crate) async fn load<A: Decider>(
    client: &impl GenericClient,
    id: A::Id,
    command: Option<CommandId>,
) -> Result<Loaded<A>, Failure> {
    let Key { organisation, kind, id } = key::<A>(id)?;
    let statement = client
        .prepare_cached(
            "SELECT version, payload, NULL::uuid AS fingerprint FROM events
               WHERE (organisation, kind, id) = ($1, $2, $3)
             UNION ALL SELECT version, NULL, fingerprint FROM commands
               WHERE (organisation, kind, id, command) = ($1, $2, $3, $4)
             ORDER BY version",
        )
        .await?;
    let command = command.map(CommandId::uuid);
    let mut loaded = Loaded::<A>::default();
    for row in client.query(&statement, &[&organisation, &kind, &id, &command]).await? {
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
    let key = key::<A>(commit.aggregate)?;
    let current = lock(client, &key).await?;
    let Key { organisation, kind, id } = &key;
    let command = commit.metadata.command.uuid();
    let known = client
        .prepare_cached(
            "SELECT version, fingerprint FROM commands WHERE (organisation, kind, id, command) = ($1, $2, $3, $4)",
        )
        .await?;
    let known = client.query_opt(&known, &[organisation, kind, id, &command]).await?;
    if let Some(answer) = commit.settled(current, known.as_ref().map(applied).transpose()?.as_ref()) {
        return Ok(answer);
    }
    if !claim(client, &key, &commit.claims).await? {
        return Ok(Err(Unavailable::new().into()));
    }
    let (version, deadline) = (commit.version(), commit.deadline.map(Instant::unix_millis));
    let (fingerprint, at) = (Uuid::from_u128(commit.fingerprint.as_u128()), commit.metadata.at.unix_millis());
    let written = i64::try_from(version.get())?;
    let statement = client
        .prepare_cached(
            "WITH moved AS (
               UPDATE aggregates SET version = $7, deadline = $8 WHERE (organisation, kind, id) = ($1, $2, $3))
             INSERT INTO commands (organisation, kind, id, command, fingerprint, at, version)
             VALUES ($1, $2, $3, $4, $5, $6, $7)",
        )
        .await?;
    let row: [&(dyn ToSql + Sync); 8] = [organisation, kind, id, &command, &fingerprint, &at, &written, &deadline];
    client.execute(&statement, &row).await?;
    events(client, &key, commit).await?;
    effects(client, &key, &commit.effects).await?;
    Ok(Ok(Committed::Now { version }))
}

/// Locks an aggregate's row until the transaction ends, and says which version it has. Who writes the same aggregate waits here.
async fn lock(client: &impl GenericClient, Key { organisation, kind, id }: &Key) -> Result<Version, Failure> {
    let lock = client
        .prepare_cached("SELECT version FROM aggregates WHERE (organisation, kind, id) = ($1, $2, $3) FOR UPDATE")
        .await?;
    if let Some(row) = client.query_opt(&lock, &[organisation, kind, id]).await? {
        return version(&row, "version");
    }
    // Of two who begin the same aggregate the second waits, and then finds the row of the first.
    let begin = client
        .prepare_cached(
            "INSERT INTO aggregates (organisation, kind, id, version) VALUES ($1, $2, $3, 0) ON CONFLICT DO NOTHING",
        )
        .await?;
    client.execute(&begin, &[organisation, kind, id]).await?;
    version(&client.query_one(&lock, &[organisation, kind, id]).await?, "version")
}

/// Takes and gives back, in order; whether all of it could be taken. A claim is written as its JSON, whatever kind it is.
async fn claim(client: &impl GenericClient, key: &Key, changes: &[ClaimChange]) -> Result<bool, Failure> {
    let Key { organisation, kind, id } = key;
    for change in changes {
        match change {
            ClaimChange::Released(claim) => {
                let statement = client.prepare_cached("DELETE FROM claims WHERE claim = $1").await?;
                client.execute(&statement, &[&serde_json::to_string(claim)?]).await?;
            }
            ClaimChange::Taken(claim) => {
                // Its holder takes it again without harm, and for another no row is written. Who comes second waits until
                // the first has it or has given up.
                let statement = client
                    .prepare_cached(
                        "INSERT INTO claims (claim, organisation, kind, id) VALUES ($1, $2, $3, $4)
                         ON CONFLICT (claim) DO UPDATE SET id = excluded.id WHERE
                           (claims.organisation, claims.kind, claims.id) =
                           (excluded.organisation, excluded.kind, excluded.id)",
                    )
                    .await?;
                let claim = serde_json::to_string(claim)?;
                if client.execute(&statement, &[&claim, organisation, kind, id]).await? == 0 {
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
    let statement = client
        .prepare_cached(
            "INSERT INTO events (organisation, kind, id, version, payload, command, actor, at, correlation, causation)
             SELECT $1, $2, $3, $4 + place, payload, $6, $7, $8, $9, $10
             FROM unnest($5::json[]) WITH ORDINALITY AS event (payload, place)",
        )
        .await?;
    let row: [&(dyn ToSql + Sync); 10] =
        [organisation, kind, id, &expected, &payloads, &command, &actor, &at, &correlation, &causation];
    client.execute(&statement, &row).await?;
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
    let statement = client
        .prepare_cached(
            "INSERT INTO effects (organisation, kind, id, version, n, payload)
             SELECT $1, $2, $3, * FROM unnest($4::bigint[], $5::integer[], $6::json[])",
        )
        .await?;
    client.execute(&statement, &[organisation, kind, id, &versions, &numbers, &payloads]).await?;
    free_first(client, key).await
}

/// Lets the first effect of an aggregate be lent, unless it may be or is already.
async fn free_first(client: &impl GenericClient, Key { organisation, kind, id }: &Key) -> Result<(), Failure> {
    let statement = client
        .prepare_cached(
            "UPDATE effects SET free_from = $4
             WHERE (organisation, kind, id) = ($1, $2, $3) AND free_from IS NULL AND (version, n) = (
               SELECT version, n FROM effects WHERE (organisation, kind, id) = ($1, $2, $3)
               ORDER BY version, n LIMIT 1)",
        )
        .await?;
    client.execute(&statement, &[organisation, kind, id, &Instant::MIN.unix_millis()]).await?;
    Ok(())
}

/// What is due, by index.
pub(crate) async fn due<A: Decider>(
    client: &impl GenericClient,
    now: Instant,
    limit: usize,
) -> Result<Vec<Due<A::Id>>, Failure> {
    let statement = client
        .prepare_cached(
            "SELECT organisation, id, deadline, version FROM aggregates
             WHERE kind = $1 AND deadline <= $2 ORDER BY deadline LIMIT $3",
        )
        .await?;
    let found = client.query(&statement, &[&A::NAME, &now.unix_millis(), &rows(limit)]).await?;
    let due = found.iter().map(|row| {
        let id = aggregate::<A>(row.try_get("organisation")?, row.try_get("id")?)?;
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
    let statement = client
        .prepare_cached(
            "WITH free AS (
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
             FROM lent JOIN events USING (organisation, kind, id, version)",
        )
        .await?;
    let row: [&(dyn ToSql + Sync); 4] = [&A::NAME, &now.unix_millis(), &until.unix_millis(), &rows(limit)];
    client.query(&statement, &row).await?.iter().map(read_leased).collect()
}

fn read_leased<A: Decider>(row: &Row) -> Result<Leased<A>, Failure> {
    let id = aggregate::<A>(row.try_get("organisation")?, row.try_get("id")?)?;
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
    let key = key::<A>(effect.event.aggregate)?;
    let Key { organisation, kind, id } = &key;
    let Ok(version) = i64::try_from(effect.event.version.get()) else { return Ok(()) };
    let lock = client
        .prepare_cached("SELECT FROM aggregates WHERE (organisation, kind, id) = ($1, $2, $3) FOR UPDATE")
        .await?;
    client.execute(&lock, &[organisation, kind, id]).await?;
    let remove = client
        .prepare_cached("DELETE FROM effects WHERE (organisation, kind, id, version, n) = ($1, $2, $3, $4, $5)")
        .await?;
    client.execute(&remove, &[organisation, kind, id, &version, &i32::from(effect.n)]).await?;
    free_first(client, &key).await
}
