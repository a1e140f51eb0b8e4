//! Messages of the team on their way to customers: what is to be sent, by whom it was taken, and what became of it.

use std::fmt;

use serde_json::Value as Json;
use whatsapp_inbox::id::{CommandId, ConversationId, MessageId};
use whatsapp_inbox::port::Backend;
use whatsapp_inbox::time::Instant;

use super::Host;
use super::messages::of_template;
use crate::tables::{Row, Value, text};

/// A message of the team.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Outgoing {
    /// Its conversation.
    pub conversation: ConversationId,
    /// The message, whose id is that of the command that replies with it.
    pub message: MessageId,
}

/// A message that is to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ToSend {
    /// Which.
    pub outgoing: Outgoing,
    /// What was written.
    pub text: String,
    /// What Meta is told instead, where it is a template.
    pub template: Option<Json>,
    /// When.
    pub at: Instant,
}

/// What Meta reports of a message that it was given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Report {
    /// It left Meta.
    Sent,
    /// The customer's phone has it.
    Delivered,
    /// The customer has seen it.
    Read,
    /// It cannot be delivered.
    Failed,
}

impl Outgoing {
    /// The command that replies with it.
    #[must_use]
    pub fn command(self) -> CommandId {
        CommandId::new(self.message.uuid())
    }

    /// The message that was sent with this mark, which is how it is written.
    #[must_use]
    pub fn of_mark(mark: &str) -> Option<Self> {
        let (conversation, message) = mark.rsplit_once('/')?;
        Some(Self { conversation: conversation.parse().ok()?, message: message.parse().ok()? })
    }

    fn key(self) -> [Value; 3] {
        let Self { conversation, message } = self;
        [text(conversation.organisation()), text(conversation.uuid()), text(message)]
    }
}

impl fmt::Display for Outgoing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.conversation, self.message)
    }
}

impl Report {
    /// What Meta's word means. Of some, such as those about voice messages, nothing follows here.
    #[must_use]
    pub fn from_meta(word: &str) -> Option<Self> {
        Some(match word {
            "sent" => Self::Sent,
            "delivered" => Self::Delivered,
            "read" => Self::Read,
            "failed" => Self::Failed,
            _ => return None,
        })
    }

    /// As it is kept, and how far that is: what was reported later may be delivered earlier.
    const fn state(self) -> (&'static str, i64) {
        match self {
            Self::Sent => ("sent", 1),
            Self::Failed => ("failed", 2),
            Self::Delivered => ("delivered", 2),
            Self::Read => ("read", 3),
        }
    }
}

impl Host {
    /// Moves a message from one state to another, and says whether it was there.
    ///
    /// # Errors
    ///
    /// [`Backend`] where it cannot be written.
    pub async fn move_message(
        &self,
        outgoing: Outgoing,
        (from, to): (&str, &str),
        now: Instant,
    ) -> Result<bool, Backend> {
        self.settle_message(outgoing, (from, to), None, now).await
    }

    /// The same, with why it did not arrive.
    ///
    /// # Errors
    ///
    /// [`Backend`] where it cannot be written.
    pub async fn settle_message(
        &self,
        outgoing: Outgoing,
        (from, to): (&str, &str),
        fault: Option<&str>,
        now: Instant,
    ) -> Result<bool, Backend> {
        let sql = "UPDATE messages SET state = $1, fault = $2, state_at = $3
                   WHERE organisation = $4 AND conversation = $5 AND id = $6 AND state = $7 RETURNING id";
        let [organisation, conversation, message] = outgoing.key();
        let fault = fault.map_or(Value::Null, text);
        let values = [text(to), fault, now.into(), organisation, conversation, message, text(from)];
        Ok(!self.tables.write(sql, values).await?.is_empty())
    }

    /// Takes in what Meta reports of a message that was sent from one of its numbers, and says whether it was news. What nobody
    /// knew to be sent was sent; what has arrived does not fail any more.
    ///
    /// # Errors
    ///
    /// [`Backend`] where it cannot be written.
    pub async fn report_message(
        &self,
        outgoing: Outgoing,
        number: &str,
        (report, fault): (Report, Option<&str>),
        now: Instant,
    ) -> Result<bool, Backend> {
        let sql = "UPDATE messages SET state = $1, fault = $2, state_at = $3
                   WHERE organisation = $4 AND conversation = $5 AND id = $6
                     AND CAST(CASE state WHEN 'sending' THEN 0 WHEN 'unknown' THEN 0 WHEN 'sent' THEN 1
                                         WHEN 'delivered' THEN 2 ELSE 3 END AS bigint) < $7
                     AND EXISTS (SELECT 1 FROM conversations
                                 JOIN channels ON channels.organisation = conversations.organisation
                                              AND channels.id = conversations.channel
                                 WHERE conversations.organisation = messages.organisation
                                   AND conversations.id = messages.conversation AND channels.phone_number = $8)
                   RETURNING id";
        let (state, rank) = report.state();
        let [organisation, conversation, message] = outgoing.key();
        let fault = fault.map_or(Value::Null, text);
        let values = [text(state), fault, now.into(), organisation, conversation, message, rank.into(), text(number)];
        Ok(!self.tables.write(sql, values).await?.is_empty())
    }

    /// Forgets what somebody of the team was about to reply: it was refused.
    ///
    /// # Errors
    ///
    /// [`Backend`] where it cannot be written.
    pub async fn forget_asked(&self, outgoing: Outgoing) -> Result<(), Backend> {
        let sql = "DELETE FROM messages
                   WHERE organisation = $1 AND conversation = $2 AND id = $3 AND state = 'asked'";
        self.tables.write(sql, outgoing.key()).await.map(drop)
    }

    /// What is to be sent by now, the oldest first: of each conversation the first message that is not on its way yet, and none
    /// where one is, or may be. The customer is to read them in the order in which they were written, whoever sends them.
    ///
    /// # Errors
    ///
    /// [`Backend`] where it cannot be read.
    pub async fn to_send(&self, now: Instant, limit: i64) -> Result<Vec<ToSend>, Backend> {
        // The indexes' conditions to the letter, without which SQLite reads every message there is.
        let sql = "SELECT organisation, conversation, id, body, at, template FROM messages
                   WHERE state = 'to-send' AND state IN ('asked', 'to-send', 'sending') AND state_at <= $1
                     AND NOT EXISTS (SELECT 1 FROM messages AS earlier
                                     WHERE earlier.organisation = messages.organisation
                                       AND earlier.conversation = messages.conversation
                                       AND earlier.state IN ('asked', 'to-send', 'sending')
                                       AND (earlier.at, earlier.id) < (messages.at, messages.id))
                   ORDER BY state_at LIMIT $2";
        let read = |row: &Row| {
            let (text, template) = (row.text(3)?.to_owned(), of_template(row, 5)?.map(|sending| sending.told));
            Ok(ToSend { outgoing: outgoing(row)?, text, template, at: row.instant(4)? })
        };
        self.tables.rows(sql, [now.into(), limit.into()]).await?.iter().map(read).collect()
    }

    /// What has been in a state since before an instant: somebody began with it and did not come to an end.
    ///
    /// # Errors
    ///
    /// [`Backend`] where it cannot be read.
    pub async fn left_in(&self, state: &str, before: Instant, limit: i64) -> Result<Vec<Outgoing>, Backend> {
        let sql = "SELECT organisation, conversation, id FROM messages
                   WHERE state = $1 AND state IN ('asked', 'to-send', 'sending') AND state_at < $2
                   ORDER BY state_at LIMIT $3";
        self.tables.rows(sql, [text(state), before.into(), limit.into()]).await?.iter().map(outgoing).collect()
    }
}

/// The message in the first three columns.
fn outgoing(row: &Row) -> Result<Outgoing, Backend> {
    let conversation = ConversationId::new(row.parsed(0)?, row.parsed(1)?);
    Ok(Outgoing { conversation, message: row.parsed(2)? })
}
