//! What was written: the rules hold ids and times, never what a customer wrote.

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use whatsapp_inbox::id::{ConversationId, MessageId, NoteId, UserId};
use whatsapp_inbox::port::Backend;
use whatsapp_inbox::time::Instant;

use super::Host;
use crate::tables::{Row, Value, text};

/// A message as it is shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Message {
    /// Which.
    pub id: MessageId,
    /// `customer`, or the UUID of who wrote it.
    pub author: String,
    /// What was written.
    pub text: String,
    /// When.
    pub at: Instant,
    /// `received`, or how far it is on its way.
    pub state: String,
    /// Why it did not arrive, in Meta's words.
    pub fault: Option<String>,
    /// The name of the template that was sent, where it is one.
    pub template: Option<String>,
}

/// A template that is sent: what was asked for, and what Meta is told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sending {
    /// The template and its parameters, as they were given.
    pub given: Json,
    /// The object `template` of Meta's call.
    pub told: Json,
}

/// What somebody of the team is about to reply.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Written<'a> {
    /// Who.
    pub author: UserId,
    /// What the customer will read.
    pub text: &'a str,
    /// A [`Sending`] in JSON where it is a template; nothing where it is a text.
    pub template: &'a str,
}

impl<'a> Written<'a> {
    /// A text.
    #[must_use]
    pub const fn text(author: UserId, text: &'a str) -> Self {
        Self { author, text, template: "" }
    }
}

/// A note as it is shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Note {
    /// Which.
    pub id: NoteId,
    /// The UUID of who wrote it.
    pub author: String,
    /// What was written.
    pub text: String,
    /// When.
    pub at: Instant,
}

impl Host {
    /// Keeps what a customer wrote, once.
    ///
    /// # Errors
    ///
    /// [`Backend`] where it cannot be written.
    pub async fn keep_received(
        &self,
        conversation: ConversationId,
        message: MessageId,
        body: &str,
        at: Instant,
    ) -> Result<(), Backend> {
        self.keep(conversation, message, ("customer", body, ""), (at, "received")).await.map(drop)
    }

    /// Keeps what somebody of the team is about to reply, once. False where another text, or somebody else's, has
    /// this id: the rules know the id alone.
    ///
    /// # Errors
    ///
    /// [`Backend`] where it cannot be written.
    pub async fn keep_asked(
        &self,
        conversation: ConversationId,
        message: MessageId,
        written: Written<'_>,
        at: Instant,
    ) -> Result<bool, Backend> {
        let Written { author, text, template } = written;
        self.keep(conversation, message, (&author.uuid().to_string(), text, template), (at, "asked")).await
    }

    async fn keep(
        &self,
        conversation: ConversationId,
        message: MessageId,
        (author, body, template): (&str, &str, &str),
        (at, state): (Instant, &str),
    ) -> Result<bool, Backend> {
        let sql = "INSERT INTO messages (organisation, conversation, id, author, body, template, at, state, state_at)
                   VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
                   ON CONFLICT (organisation, conversation, id) DO UPDATE SET
                     state = CASE WHEN messages.state = 'asked' THEN excluded.state ELSE messages.state END,
                     state_at = CASE WHEN messages.state = 'asked' THEN excluded.state_at ELSE messages.state_at END
                   WHERE messages.author = excluded.author AND messages.body = excluded.body
                     AND messages.template = excluded.template
                   RETURNING id";
        let (organisation, conversation) = (text(conversation.organisation()), text(conversation.uuid()));
        let (message, at, template) = (text(message), Value::from(at), text(template));
        let (author, body, state) = (text(author), text(body), text(state));
        let values = [organisation, conversation, message, author, body, template, at.clone(), state, at];
        Ok(!self.tables.write(sql, values).await?.is_empty())
    }

    /// A reply was decided: its message is to be sent, unless it is on its way already. It may have been forgotten meanwhile, by
    /// the same request that was refused elsewhere or by who settles what was left behind: what is decided holds.
    ///
    /// # Errors
    ///
    /// [`Backend`] where it cannot be written.
    pub async fn reply_decided(
        &self,
        conversation: ConversationId,
        message: MessageId,
        written: Written<'_>,
        at: Instant,
    ) -> Result<(), Backend> {
        let Written { author, text, template } = written;
        let author = author.uuid().to_string();
        self.keep(conversation, message, (&author, text, template), (at, "to-send")).await.map(drop)
    }

    /// The latest messages of a conversation, in the order of their times. What is not decided yet is not among them.
    ///
    /// # Errors
    ///
    /// [`Backend`] where it cannot be read.
    pub async fn messages(&self, conversation: ConversationId, limit: i64) -> Result<Vec<Message>, Backend> {
        let sql = "SELECT id, author, body, at, state, fault, template FROM messages
                   WHERE organisation = $1 AND conversation = $2 AND state <> 'asked'
                   ORDER BY at DESC, id DESC LIMIT $3";
        let values = [text(conversation.organisation()), text(conversation.uuid()), limit.into()];
        let read = |row: &Row| {
            let (author, body) = (row.text(1)?.to_owned(), row.text(2)?.to_owned());
            let (at, state) = (row.instant(3)?, row.text(4)?.to_owned());
            let fault = row.maybe_text(5).map(str::to_owned);
            let template = of_template(row, 6)?.and_then(|sending| Some(sending.told["name"].as_str()?.to_owned()));
            Ok(Message { id: row.parsed(0)?, author, text: body, at, state, fault, template })
        };
        self.tables.rows(sql, values).await?.iter().rev().map(read).collect()
    }

    /// The template that a message is, with the text that the customer reads, where there is one.
    ///
    /// # Errors
    ///
    /// [`Backend`] where it cannot be read.
    pub async fn sent_template(
        &self,
        conversation: ConversationId,
        message: MessageId,
    ) -> Result<Option<(String, Sending)>, Backend> {
        let sql = "SELECT body, template FROM messages WHERE organisation = $1 AND conversation = $2 AND id = $3";
        let values = [text(conversation.organisation()), text(conversation.uuid()), text(message)];
        let found = self.tables.rows(sql, values).await?;
        let Some(row) = found.first() else { return Ok(None) };
        of_template(row, 1)?.map(|sending| Ok((row.text(0)?.to_owned(), sending))).transpose()
    }

    /// Keeps the text of a note, once. False where another text, or somebody else's, has this id.
    ///
    /// # Errors
    ///
    /// [`Backend`] where it cannot be written.
    pub async fn keep_note(
        &self,
        conversation: ConversationId,
        note: NoteId,
        (author, body): (UserId, &str),
        at: Instant,
    ) -> Result<bool, Backend> {
        let sql = "INSERT INTO notes (organisation, conversation, id, author, body, at)
                   VALUES ($1, $2, $3, $4, $5, $6)
                   ON CONFLICT (organisation, conversation, id) DO UPDATE SET body = excluded.body
                   WHERE notes.author = excluded.author AND notes.body = excluded.body
                   RETURNING id";
        let (organisation, conversation) = (text(conversation.organisation()), text(conversation.uuid()));
        let values = [organisation, conversation, text(note), text(author.uuid()), text(body), at.into()];
        Ok(!self.tables.write(sql, values).await?.is_empty())
    }

    /// The texts of a conversation's notes. Which of them are there the conversation says.
    ///
    /// # Errors
    ///
    /// [`Backend`] where it cannot be read.
    pub async fn notes(&self, conversation: ConversationId) -> Result<Vec<Note>, Backend> {
        let sql =
            "SELECT id, author, body, at FROM notes WHERE organisation = $1 AND conversation = $2 ORDER BY at, id";
        let values = [text(conversation.organisation()), text(conversation.uuid())];
        let read = |row: &Row| {
            let (author, body) = (row.text(1)?.to_owned(), row.text(2)?.to_owned());
            Ok(Note { id: row.parsed(0)?, author, text: body, at: row.instant(3)? })
        };
        self.tables.rows(sql, values).await?.iter().map(read).collect()
    }
}

/// The template that a message is, where it is one.
pub(super) fn of_template(row: &Row, column: usize) -> Result<Option<Sending>, Backend> {
    match row.text(column)? {
        "" => Ok(None),
        told => serde_json::from_str(told).map(Some).map_err(Backend::new),
    }
}
