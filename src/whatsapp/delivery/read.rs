//! From a checked body to its changes.

use serde::de::IgnoredAny;

use super::change::Change;
use super::cursor::{Cursor, instant, text};
use super::signature::Verified;
use crate::rule::{Explain, Limit, Rule};

/// Three megabytes are the most that Meta delivers at once.
const SIZE: Limit = Limit::new(0, 3 * 1024 * 1024, "bytes");

/// What one call from Meta told: up to a thousand changes, in the order in which they stood.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Delivery<'a> {
    /// The changes of all entries.
    pub changes: Vec<Change<'a>>,
}

/// Why nothing at all can be read from a body.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ReadError {
    /// It is no JSON.
    #[error("the body is not JSON: it breaks at line {line}, column {column}")]
    NotJson {
        /// The line where it breaks, from 1.
        line: usize,
        /// The byte of that line where it breaks, from 1; 0 where the line has none.
        column: usize,
    },
    /// It is longer than what Meta delivers.
    #[error("a delivery has {SIZE}, and this one has {bytes}")]
    TooLong {
        /// How many bytes were given.
        bytes: usize,
    },
}

impl Explain for ReadError {
    fn code(&self) -> &'static str {
        match self {
            Self::NotJson { .. } => "delivery-not-json",
            Self::TooLong { .. } => "delivery-too-long",
        }
    }

    fn rule(&self) -> Rule {
        Rule::WebhookTolerant
    }

    fn limit(&self) -> Option<Limit> {
        matches!(self, Self::TooLong { .. }).then_some(SIZE)
    }
}

impl<'a> Verified<'a> {
    /// Reads what was delivered (`webhook.tolerant`).
    ///
    /// Understood are an object with `entry`, an array of such objects, and a bare `{"field": …, "value": …}` as the test
    /// panel posts it; `field` may stand inside of `value`, and `object`, `id` and `time` may be missing. Whatever else
    /// stands there becomes a change with [`Value::Unknown`](super::Value::Unknown) and its raw text.
    ///
    /// # Errors
    ///
    /// [`ReadError`] where the body is no JSON, which tells where it breaks, or is longer than 3 MB. Nothing that is JSON
    /// is refused for what it says.
    pub fn read(&self) -> Result<Delivery<'a>, ReadError> {
        let body = self.body();
        if u64::try_from(body.len()).unwrap_or(u64::MAX) > SIZE.max {
            return Err(ReadError::TooLong { bytes: body.len() });
        }
        let text = std::str::from_utf8(body).map_err(|error| not_text(body, error.valid_up_to()))?;
        let is_json: Result<IgnoredAny, _> = serde_json::from_str(text);
        is_json.map_err(|error| ReadError::NotJson { line: error.line(), column: error.column() })?;

        let mut changes = Vec::new();
        let mut cursor = Cursor::new(text);
        if !cursor.elements(|cursor| read_item(cursor, &mut changes)) {
            read_item(&mut cursor, &mut changes);
        }
        Ok(Delivery { changes })
    }
}

/// Where a body stops being UTF-8.
fn not_text(body: &[u8], valid: usize) -> ReadError {
    let (mut line, mut column) = (1_usize, 1_usize);
    for byte in body.iter().take(valid) {
        if *byte == b'\n' {
            (line, column) = (line.saturating_add(1), 1);
        } else {
            column = column.saturating_add(1);
        }
    }
    ReadError::NotJson { line, column }
}

/// One object of a delivery: an envelope with entries, or a bare change.
fn read_item<'a>(cursor: &mut Cursor<'a>, changes: &mut Vec<Change<'a>>) {
    let start = *cursor;
    let (mut envelope, mut field, mut value) = (false, None, None);
    cursor.members(|key, cursor| match key {
        "entry" => envelope |= cursor.elements(|cursor| read_entry(cursor, changes)),
        "field" => field = Some(cursor.value()),
        "value" => value = Some(cursor.value()),
        _ => {}
    });
    if !envelope {
        changes.push(Change::new(start, field, value));
    }
}

/// One entry. Its id and time may stand behind its changes.
fn read_entry<'a>(cursor: &mut Cursor<'a>, changes: &mut Vec<Change<'a>>) {
    let (start, first) = (*cursor, changes.len());
    let (mut listed, mut id, mut time) = (false, None, None);
    cursor.members(|key, cursor| match key {
        "id" => id = text(cursor.value()),
        "time" => time = instant(cursor.value()),
        "changes" => listed |= cursor.elements(|cursor| changes.push(read_change(cursor))),
        _ => {}
    });
    if !listed {
        changes.push(Change::new(start, None, None));
    }
    for change in changes.iter_mut().skip(first) {
        change.told_in(id.clone(), time);
    }
}

fn read_change<'a>(cursor: &mut Cursor<'a>) -> Change<'a> {
    let start = *cursor;
    let (mut field, mut value) = (None, None);
    cursor.members(|key, cursor| match key {
        "field" => field = Some(cursor.value()),
        "value" => value = Some(cursor.value()),
        _ => {}
    });
    Change::new(start, field, value)
}
