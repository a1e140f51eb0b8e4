//! The host's own tables, in SQLite or in PostgreSQL: one SQL text for both, with `$1`, `$2`, … in the order of their first use.

mod postgres;
mod sqlite;

use std::fmt::Display;

use deadpool_postgres::Pool;
use whatsapp_inbox::port::Backend;
use whatsapp_inbox::time::Instant;

pub use sqlite::Sqlite;

/// In this order, and each once. What is released is never changed: a change is another file.
const MIGRATIONS: [&str; 3] = [
    include_str!("../../migrations/1-tables.sql"),
    include_str!("../../migrations/2-deliveries-by-time.sql"),
    include_str!("../../migrations/3-reports-and-order.sql"),
];

/// Where the tables are.
#[derive(Debug)]
pub enum Tables {
    /// In a file.
    Sqlite(Sqlite),
    /// In a database that several processes share.
    Postgres(Pool),
}

/// What stands in a column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// Nothing.
    Null,
    /// A text, or an id as text.
    Text(String),
    /// A number, or an instant.
    Int(i64),
    /// Bytes as they came.
    Bytes(Vec<u8>),
}

/// What a query found, column by column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row(Vec<Value>);

impl Tables {
    /// Brings the tables up to date. Of several processes that start at once, one does and the others wait for it.
    ///
    /// # Errors
    ///
    /// [`Backend`] where it cannot be done.
    pub async fn migrate(&self) -> Result<(), Backend> {
        match self {
            Self::Sqlite(sqlite) => sqlite.migrate(&MIGRATIONS).await,
            Self::Postgres(pool) => postgres::migrate(pool, &MIGRATIONS).await,
        }
    }

    /// The rows that a query finds.
    ///
    /// # Errors
    ///
    /// [`Backend`] where it cannot be read.
    pub async fn rows(&self, sql: &'static str, values: impl Into<Vec<Value>>) -> Result<Vec<Row>, Backend> {
        match self {
            Self::Sqlite(sqlite) => sqlite.rows(sql, values.into()).await,
            Self::Postgres(pool) => postgres::rows(pool, sql, values.into()).await,
        }
    }

    /// What a statement that writes gives back, once the disk has it.
    ///
    /// # Errors
    ///
    /// [`Backend`] where it cannot be written.
    pub async fn write(&self, sql: &'static str, values: impl Into<Vec<Value>>) -> Result<Vec<Row>, Backend> {
        match self {
            Self::Sqlite(sqlite) => sqlite.write(sql, values.into()).await,
            Self::Postgres(pool) => postgres::rows(pool, sql, values.into()).await,
        }
    }
}

impl Row {
    /// The text in a column.
    ///
    /// # Errors
    ///
    /// [`Backend`] where there is none.
    pub fn text(&self, column: usize) -> Result<&str, Backend> {
        self.maybe_text(column).ok_or_else(|| Backend::new(format!("column {column} is no text")))
    }

    /// The text in a column, if there is one.
    #[must_use]
    pub fn maybe_text(&self, column: usize) -> Option<&str> {
        match self.0.get(column) {
            Some(Value::Text(text)) => Some(text),
            _ => None,
        }
    }

    /// The number in a column.
    ///
    /// # Errors
    ///
    /// [`Backend`] where there is none.
    pub fn int(&self, column: usize) -> Result<i64, Backend> {
        match self.0.get(column) {
            Some(Value::Int(number)) => Ok(*number),
            _ => Err(Backend::new(format!("column {column} is no number"))),
        }
    }

    /// The instant in a column.
    ///
    /// # Errors
    ///
    /// [`Backend`] where there is none.
    pub fn instant(&self, column: usize) -> Result<Instant, Backend> {
        Instant::from_unix_millis(self.int(column)?).map_err(Backend::new)
    }

    /// The bytes in a column.
    ///
    /// # Errors
    ///
    /// [`Backend`] where there are none.
    pub fn bytes(&self, column: usize) -> Result<&[u8], Backend> {
        match self.0.get(column) {
            Some(Value::Bytes(bytes)) => Ok(bytes),
            _ => Err(Backend::new(format!("column {column} is no bytes"))),
        }
    }

    /// What the text in a column is read as.
    ///
    /// # Errors
    ///
    /// [`Backend`] where it is none.
    pub fn parsed<T: std::str::FromStr<Err: std::error::Error + Send + Sync + 'static>>(
        &self,
        column: usize,
    ) -> Result<T, Backend> {
        self.text(column)?.parse().map_err(Backend::new)
    }
}

/// Anything that is written as a text: above all ids. A zero character, which PostgreSQL has no place for, is written as the
/// character that stands for what cannot be shown: what Meta delivers would else be tried again for ever.
pub fn text(value: impl Display) -> Value {
    Value::Text(value.to_string().replace('\0', "\u{fffd}"))
}

impl From<Instant> for Value {
    fn from(instant: Instant) -> Self {
        Self::Int(instant.unix_millis())
    }
}

impl From<i64> for Value {
    fn from(number: i64) -> Self {
        Self::Int(number)
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        self::text(text)
    }
}
