//! Channels and their grants in SQLite.

use rusqlite::{Connection, params, params_from_iter};
use whatsapp_inbox::access::{Access, Grant, Role, VisibilityFilter};
use whatsapp_inbox::time::Instant;
use whatsapp_inbox::uuid::Uuid;

use crate::query::{id, query};

pub const SCHEMA: &str = include_str!("schema.sql");

/// A database in memory with these channels.
pub fn filled(channels: &[Access]) -> rusqlite::Result<Connection> {
    let mut connection = Connection::open_in_memory()?;
    connection.execute_batch(SCHEMA)?;
    let transaction = connection.transaction()?;
    for access in channels {
        insert(&transaction, access)?;
    }
    transaction.commit()?;
    Ok(connection)
}

fn insert(connection: &Connection, access: &Access) -> rusqlite::Result<()> {
    let (organisation, channel) = (id(access.organisation().uuid()), id(access.channel().uuid()));
    let (all_users, all_teams) = (access.all_users().map(Role::name), access.all_teams());
    connection
        .prepare_cached("INSERT INTO channels (organisation, id, all_users, all_teams) VALUES (?1, ?2, ?3, ?4)")?
        .execute(params![organisation, channel, all_users, all_teams])?;
    for grant in access.grants() {
        match grant {
            Grant::User { user, role, ends } => connection
                .prepare_cached(
                    "INSERT INTO user_grants (organisation, user, channel, role, ends) VALUES (?1, ?2, ?3, ?4, ?5)",
                )?
                .execute(params![
                    organisation,
                    id(user.uuid()),
                    channel,
                    role.name(),
                    ends.map(Instant::unix_millis)
                ])?,
            Grant::Team(team) => connection
                .prepare_cached("INSERT INTO team_grants (organisation, team, channel) VALUES (?1, ?2, ?3)")?
                .execute(params![organisation, id(team.uuid()), channel])?,
            // They stand with the channel.
            Grant::AllUsers(_) | Grant::AllTeams => 0,
        };
    }
    Ok(())
}

/// The ids of the channels that a filter lets through, as the database finds them.
pub fn visible(connection: &Connection, filter: &VisibilityFilter) -> rusqlite::Result<Vec<Uuid>> {
    let (sql, values) = query(filter);
    let mut statement = connection.prepare_cached(&sql)?;
    let ids = statement.query_map(params_from_iter(values), |row| row.get::<_, [u8; 16]>(0))?;
    ids.map(|id| id.map(Uuid::from_bytes)).collect()
}
