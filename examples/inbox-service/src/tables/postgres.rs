//! The tables in PostgreSQL.

use std::error::Error;

use deadpool_postgres::{GenericClient, Object, Pool};
use tokio_postgres::types::private::BytesMut;
use tokio_postgres::types::{IsNull, ToSql, Type, to_sql_checked};
use whatsapp_inbox::port::Backend;

use super::{Row, Value};

/// Any number that nothing else in the database locks.
const MIGRATION_LOCK: i64 = 0x696e_626f_782d_7376;

pub(super) async fn migrate(pool: &Pool, migrations: &[&str]) -> Result<(), Backend> {
    let mut client = connection(pool).await?;
    let applied = async {
        let transaction = client.transaction().await?;
        transaction.execute("SELECT pg_advisory_xact_lock($1)", &[&MIGRATION_LOCK]).await?;
        transaction.batch_execute("CREATE TABLE IF NOT EXISTS host_migrations (number bigint PRIMARY KEY)").await?;
        let applied: i64 =
            transaction.query_one("SELECT coalesce(max(number), 0) FROM host_migrations", &[]).await?.get(0);
        for (number, migration) in (1_i64..).zip(migrations).filter(|(number, _)| *number > applied) {
            transaction.batch_execute(migration).await?;
            transaction.execute("INSERT INTO host_migrations (number) VALUES ($1)", &[&number]).await?;
        }
        transaction.commit().await
    };
    applied.await.map_err(Backend::new)
}

/// What a statement gives back. One statement is one transaction.
pub(super) async fn rows(pool: &Pool, sql: &'static str, values: Vec<Value>) -> Result<Vec<Row>, Backend> {
    let client = connection(pool).await?;
    let found = async {
        let statement = client.prepare_cached(sql).await?;
        let values: Vec<&(dyn ToSql + Sync)> = values.iter().map(|value| value as &(dyn ToSql + Sync)).collect();
        client.query(&statement, &values).await
    };
    found.await.map_err(Backend::new)?.iter().map(read).collect()
}

async fn connection(pool: &Pool) -> Result<Object, Backend> {
    pool.get().await.map_err(Backend::new)
}

fn read(row: &tokio_postgres::Row) -> Result<Row, Backend> {
    let value = |column: usize| {
        let kind = row.columns().get(column).map(tokio_postgres::Column::type_);
        Ok(match kind {
            Some(&Type::TEXT) => row.try_get::<_, Option<String>>(column)?.map(Value::Text),
            Some(&Type::INT8) => row.try_get::<_, Option<i64>>(column)?.map(Value::Int),
            _ => row.try_get::<_, Option<Vec<u8>>>(column)?.map(Value::Bytes),
        }
        .unwrap_or(Value::Null))
    };
    let read: Result<_, tokio_postgres::Error> = (0..row.len()).map(value).collect();
    read.map(Row).map_err(Backend::new)
}

impl ToSql for Value {
    fn to_sql(&self, kind: &Type, out: &mut BytesMut) -> Result<IsNull, Box<dyn Error + Sync + Send>> {
        match self {
            Self::Null => Ok(IsNull::Yes),
            Self::Text(text) => text.to_sql_checked(kind, out),
            Self::Int(number) => number.to_sql_checked(kind, out),
            Self::Bytes(bytes) => bytes.to_sql_checked(kind, out),
        }
    }

    /// Each value is checked when it is written.
    fn accepts(_: &Type) -> bool {
        true
    }

    to_sql_checked!();
}
