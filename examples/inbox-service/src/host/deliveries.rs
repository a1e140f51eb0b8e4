//! What Meta delivered, until it is read.

use std::fmt::Write as _;

use sha2::{Digest, Sha256};
use whatsapp_inbox::port::Backend;
use whatsapp_inbox::time::Instant;

use super::Host;
use crate::tables::{Row, Value, text};

/// A delivery that was taken to be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Taken {
    /// By what it is known.
    pub id: String,
    /// What Meta delivered, to the byte.
    pub body: Vec<u8>,
    /// When it came first.
    pub received_at: Instant,
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        // Writing to a string does not fail.
        _ = write!(text, "{byte:02x}");
        text
    })
}

impl Host {
    /// Keeps a delivery that Meta has signed. The same again is kept once.
    ///
    /// # Errors
    ///
    /// [`Backend`] where it cannot be written: Meta must not be told that it was taken.
    pub async fn keep_delivery(&self, body: Vec<u8>, now: Instant) -> Result<(), Backend> {
        let id: String = hex(&Sha256::digest(&body));
        let sql = "INSERT INTO deliveries (id, body, received_at, state, taken_until) VALUES ($1, $2, $3, 'new', 0)
                   ON CONFLICT DO NOTHING";
        self.tables.write(sql, [text(id), Value::Bytes(body), now.into()]).await.map(drop)
    }

    /// Takes deliveries that are to be read: what is new, the oldest first, and where there is room what waits for what it is
    /// about. Nobody else takes them before `until`; from then on they may, so that a crash loses none.
    ///
    /// # Errors
    ///
    /// [`Backend`] where it cannot be written.
    pub async fn take_deliveries(&self, now: Instant, until: Instant, limit: i64) -> Result<Vec<Taken>, Backend> {
        let mut taken = self.take("new", now, until, limit).await?;
        let room = limit - i64::try_from(taken.len()).unwrap_or(limit);
        if room > 0 {
            taken.extend(self.take("unplaced", now, until, room).await?);
        }
        Ok(taken)
    }

    async fn take(&self, state: &str, now: Instant, until: Instant, limit: i64) -> Result<Vec<Taken>, Backend> {
        // Who asks at the same time waits for the rows and then finds them taken. SQLite uses the index where its condition is
        // repeated to the letter, and reads all there is where it is not.
        let sql = "UPDATE deliveries SET taken_until = $1
                   WHERE state = $2 AND taken_until <= $3 AND id IN (
                     SELECT id FROM deliveries WHERE state = $2 AND state <> 'done' AND taken_until <= $3
                     ORDER BY taken_until, received_at LIMIT $4)
                   RETURNING id, body, received_at";
        let found = self.tables.write(sql, [until.into(), text(state), now.into(), limit.into()]).await?;
        let taken = |row: &Row| {
            Ok(Taken { id: row.text(0)?.to_owned(), body: row.bytes(1)?.to_vec(), received_at: row.instant(2)? })
        };
        let mut taken = found.iter().map(taken).collect::<Result<Vec<_>, Backend>>()?;
        taken.sort_by_key(|delivery| delivery.received_at);
        Ok(taken)
    }

    /// A delivery was read.
    ///
    /// # Errors
    ///
    /// [`Backend`] where it cannot be written.
    pub async fn delivery_read(&self, id: &str) -> Result<(), Backend> {
        self.tables.write("UPDATE deliveries SET state = 'done' WHERE id = $1", [text(id)]).await.map(drop)
    }

    /// A delivery that was taken until an instant tells of something that is not known here, and is read again later: the longer
    /// it waits the more seldom. Where it was offered again meanwhile, that stands.
    ///
    /// # Errors
    ///
    /// [`Backend`] where it cannot be written.
    pub async fn delivery_unplaced(&self, id: &str, until: Instant, again: Instant) -> Result<(), Backend> {
        let sql = "UPDATE deliveries SET state = 'unplaced', taken_until = $1 WHERE id = $2 AND taken_until = $3";
        self.tables.write(sql, [again.into(), text(id), until.into()]).await.map(drop)
    }

    /// Something is known now that was not: whatever waits for such is read again.
    ///
    /// # Errors
    ///
    /// [`Backend`] where it cannot be written.
    pub async fn offer_again(&self) -> Result<(), Backend> {
        let sql = "UPDATE deliveries SET taken_until = 0 WHERE state = 'unplaced' AND state <> 'done'";
        self.tables.write(sql, []).await.map(drop)
    }

    /// What waits and came before an instant waits no longer: it is kept as it is.
    ///
    /// # Errors
    ///
    /// [`Backend`] where it cannot be written.
    pub async fn give_up_deliveries(&self, before: Instant) -> Result<(), Backend> {
        let sql = "UPDATE deliveries SET state = 'done'
                   WHERE state = 'unplaced' AND state <> 'done' AND received_at < $1";
        self.tables.write(sql, [before.into()]).await.map(drop)
    }

    /// Forgets what was read and came before an instant.
    ///
    /// # Errors
    ///
    /// [`Backend`] where it cannot be written.
    pub async fn forget_deliveries(&self, before: Instant) -> Result<(), Backend> {
        let sql = "DELETE FROM deliveries WHERE state = 'done' AND received_at < $1";
        self.tables.write(sql, [before.into()]).await.map(drop)
    }
}
