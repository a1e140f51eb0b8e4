//! How many rows there are, asked of the database itself: what a request has changed, whatever it answered.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use reqwest::Url;
use rusqlite::{Connection, OpenFlags};
use tokio_postgres::{Client, NoTls};

/// The store's tables and the host's. Events are only added, so that their number is the sum of all versions.
const OF_STORE: [&str; 4] = ["aggregates", "events", "commands", "claims"];
const OF_HOST: [&str; 14] = [
    "organisations",
    "people",
    "teams",
    "memberships",
    "operators",
    "served",
    "onboardings",
    "traces",
    "channels",
    "conversations",
    "messages",
    "notes",
    "templates",
    "deliveries",
];

/// Where the rows are.
pub(crate) enum Rows {
    Sqlite(PathBuf),
    Postgres { client: Box<Client>, maintenance: Box<Client>, name: String },
}

/// Rows by table.
pub(crate) type Counts = BTreeMap<String, i64>;

impl Rows {
    /// A new database beside the one that `DATABASE_URL` names, and how it is reached.
    pub(crate) async fn new_database(url: &str, name: &str) -> (Self, String) {
        let maintenance = connect(url).await;
        maintenance.batch_execute(&format!("CREATE DATABASE {name}")).await.unwrap();
        let here = match Url::parse(url) {
            Ok(mut url) => {
                url.set_path(name);
                url.to_string()
            }
            // Of two names the last one counts.
            Err(_) => format!("{url} dbname={name}"),
        };
        let client = connect(&here).await;
        (Self::Postgres { client, maintenance, name: name.to_owned() }, here)
    }

    pub(crate) async fn drop_database(self) {
        if let Self::Postgres { client, maintenance, name } = self {
            drop(client);
            maintenance.batch_execute(&format!("DROP DATABASE {name} WITH (FORCE)")).await.unwrap();
        }
    }

    /// The one number that a query finds.
    pub(crate) async fn number(&self, sql: &str) -> i64 {
        match self {
            Self::Sqlite(folder) => {
                let of_store = OF_STORE.iter().chain(&["effects"]).any(|table| sql.contains(table));
                let file = if of_store { "inbox.db" } else { "host.db" };
                one(&folder.join(file), sql)
            }
            Self::Postgres { client, .. } => client.query_one(sql, &[]).await.unwrap().get(0),
        }
    }

    pub(crate) async fn counts(&self) -> Counts {
        let mut counts = Counts::new();
        for table in OF_STORE.iter().chain(&OF_HOST) {
            counts.insert((*table).to_owned(), self.number(&format!("SELECT count(*) FROM {table}")).await);
        }
        counts
    }
}

fn one(file: &Path, sql: &str) -> i64 {
    let connection = Connection::open_with_flags(file, OpenFlags::SQLITE_OPEN_READ_ONLY).unwrap();
    connection.query_row(sql, [], |row| row.get(0)).unwrap()
}

async fn connect(url: &str) -> Box<Client> {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await.unwrap();
    tokio::spawn(connection);
    Box::new(client)
}
