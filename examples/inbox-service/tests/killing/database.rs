//! A database of the test's own, and how time passes in it.

use std::sync::Arc;
use std::time::Duration;

use inbox_service::host::Host;
use inbox_service::stored::Stored;
use inbox_service::tables::Tables;
use postgres_store::Postgres;
use tokio_postgres::{Client, NoTls, Row};

/// Longer than any lease, and than anybody waits for what somebody else has begun.
const OUTAGE_MS: i64 = 6 * 60_000;
/// By what the test's own connections are told from those of the processes.
const OURS: &str = "kill-test";

pub(crate) struct Database {
    pub(crate) name: String,
    /// As the processes are told it.
    pub(crate) url: String,
    admin: Client,
    client: Client,
}

impl Database {
    /// Makes one beside the database that is named.
    pub(crate) async fn make(beside: &str, name: &str) -> Self {
        let admin = connect(beside).await;
        admin.batch_execute(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")).await.unwrap();
        admin.batch_execute(&format!("CREATE DATABASE {name}")).await.unwrap();
        let url = named(beside, name);
        let client = connect(&url).await;
        Self { name: name.to_owned(), url, admin, client }
    }

    pub(crate) async fn drop(self) {
        drop(self.client);
        self.admin.batch_execute(&format!("DROP DATABASE {} WITH (FORCE)", self.name)).await.unwrap();
    }

    pub(crate) async fn rows(&self, sql: &str) -> Vec<Row> {
        self.client.query(sql, &[]).await.unwrap_or_else(|error| panic!("{error:?}: {sql}"))
    }

    pub(crate) async fn count(&self, sql: &str) -> i64 {
        self.rows(sql).await[0].get(0)
    }

    /// The host and the store, in the test's process. Their tables are made here.
    pub(crate) async fn host(&self) -> (Arc<Host>, Arc<Stored>) {
        let mut config: tokio_postgres::Config = self.url.parse().unwrap();
        config.application_name(OURS);
        let manager = deadpool_postgres::Manager::new(config, NoTls);
        let pool = deadpool_postgres::Pool::builder(manager).max_size(4).build().unwrap();
        let store = Postgres::new(pool.clone());
        store.migrate().await.unwrap();
        let store = Arc::new(Stored::Postgres(store));
        (Arc::new(Host::open(Tables::Postgres(pool), Arc::clone(&store)).await.unwrap()), store)
    }

    /// Whoever writes a table waits for a while. It begins when nobody else is writing it, and ends by itself.
    pub(crate) fn stall(&self, table: &'static str, last: Duration) {
        let url = self.url.clone();
        tokio::spawn(async move {
            let client = connect(&url).await;
            let seconds = last.as_secs_f64();
            let sql = format!("BEGIN; LOCK TABLE {table} IN SHARE MODE; SELECT pg_sleep({seconds}); COMMIT");
            client.batch_execute(&sql).await.unwrap();
        });
    }

    /// Waits until PostgreSQL has ended whatever the processes had begun.
    pub(crate) async fn left_alone(&self) {
        let others = format!(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND application_name <> '{OURS}'"
        );
        while self.count(&others).await > 0 {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }

    /// Minutes pass in which no process runs: whatever they had taken for a while is theirs no longer.
    pub(crate) async fn outage(&self) {
        self.left_alone().await;
        let sql = format!(
            "UPDATE effects SET free_from = free_from - {OUTAGE_MS} WHERE tries > 0 AND free_from > {OUTAGE_MS};
             UPDATE deliveries SET taken_until = taken_until - {OUTAGE_MS} WHERE taken_until > 0;
             UPDATE messages SET state_at = state_at - {OUTAGE_MS} WHERE state IN ('asked', 'sending')"
        );
        self.client.batch_execute(&sql).await.unwrap();
    }
}

async fn connect(url: &str) -> Client {
    let mut config: tokio_postgres::Config = url.parse().unwrap();
    let (client, connection) = config.application_name(OURS).connect(NoTls).await.unwrap();
    tokio::spawn(connection);
    client
}

/// The same place with another database, in either of the two forms that there are.
fn named(url: &str, name: &str) -> String {
    if url.contains("://") {
        let mut url = reqwest::Url::parse(url).unwrap();
        url.set_path(name);
        url.to_string()
    } else {
        // Of a word that is said twice the last counts.
        format!("{url} dbname={name}")
    }
}
