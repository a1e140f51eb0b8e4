//! From a checked body to its changes.

use serde::de::IgnoredAny;

use super::change::Change;
use super::cursor::instant;
use super::scanner::Scanner;
use super::signature::Verified;
use super::value::{Value, WhyUnknown};
use crate::rule::{Explain, Limit, Rule};

/// Three megabytes are the most that Meta delivers at once.
const SIZE: Limit = Limit::new(0, 3 * 1024 * 1024, "bytes");

/// Meta promises a thousand changes at most. So many do not fit into three megabytes if each has a field and a value; it is
/// what bounds the memory that a body takes which is nothing but commas (ours).
const CHANGES: Limit = Limit::new(0, 100_000, "changes");

/// What one call from Meta told: up to a thousand changes, in the order in which they stood.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Delivery<'a> {
    /// The changes of all entries.
    pub changes: Vec<Change<'a>>,
}

/// How much of a delivery was understood: what a host watches, to hear of what Meta has added (`webhook.tolerant`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub struct Tally {
    /// The changes that are understood.
    pub understood: usize,
    /// The changes of a field that this version does not read, `messages` among them.
    pub of_other_fields: usize,
    /// The changes of a field that it does read, or of none, that are not understood all the same.
    pub not_understood: usize,
    /// What was passed over in those that are understood: see [`Change::passed_over`].
    pub passed_over: u64,
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
    /// It has more changes than fit into what Meta delivers.
    #[error("a delivery has {CHANGES}, and this one has {changes}")]
    TooMany {
        /// How many changes there are.
        changes: usize,
    },
}

impl Explain for ReadError {
    fn code(&self) -> &'static str {
        match self {
            Self::NotJson { .. } => "delivery-not-json",
            Self::TooLong { .. } => "delivery-too-long",
            Self::TooMany { .. } => "delivery-too-many-changes",
        }
    }

    fn rule(&self) -> Rule {
        Rule::WebhookTolerant
    }

    fn limit(&self) -> Option<Limit> {
        match self {
            Self::NotJson { .. } => None,
            Self::TooLong { .. } => Some(SIZE),
            Self::TooMany { .. } => Some(CHANGES),
        }
    }
}

impl Delivery<'_> {
    /// How much of it was understood.
    ///
    /// ```
    /// use whatsapp_inbox::whatsapp::delivery::AppSecret;
    ///
    /// let secret = AppSecret::new("5f2b7c9e").unwrap();
    /// let body = br#"[{"field":"account_review_update","value":{"decision":"APPROVED","mood":"good"}},
    ///     {"field":"oven_update","value":{"degrees":210}}]"#;
    /// let tally = secret.check(body, &secret.sign(body)).unwrap().read().unwrap().tally();
    /// assert_eq!((tally.understood, tally.of_other_fields, tally.not_understood, tally.passed_over), (1, 1, 0, 1));
    /// ```
    #[must_use]
    pub fn tally(&self) -> Tally {
        let mut tally = Tally::default();
        for change in &self.changes {
            let count = match change.value() {
                Value::Unknown(WhyUnknown::Field) => &mut tally.of_other_fields,
                Value::Unknown(_) => &mut tally.not_understood,
                _ => &mut tally.understood,
            };
            *count = count.saturating_add(1);
            tally.passed_over = tally.passed_over.saturating_add(change.passed_over().into());
        }
        tally
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
    /// [`ReadError`] where the body is no JSON, which tells where it breaks, is longer than 3 MB, or has more changes than fit
    /// into that. Nothing else that is JSON is refused: a change that is nested too deep is unknown, and its neighbours are
    /// read.
    pub fn read(&self) -> Result<Delivery<'a>, ReadError> {
        let body = self.body();
        if u64::try_from(body.len()).unwrap_or(u64::MAX) > SIZE.max {
            return Err(ReadError::TooLong { bytes: body.len() });
        }
        let text = std::str::from_utf8(body).map_err(|error| not_text(body, error.valid_up_to()))?;
        let mut found = Found::default();
        let mut scanner = Scanner::new(text);
        if !scanner.elements(|scanner| found.item(scanner)) {
            found.item(&mut scanner);
        }
        if !scanner.finish() {
            return Err(not_json(text));
        }
        found.delivery()
    }
}

/// Where a body stops being JSON. That is rare, so it is looked for a second time, by whoever can tell the place.
fn not_json(text: &str) -> ReadError {
    let place: Result<IgnoredAny, _> = serde_json::from_str(text);
    let (line, column) = place.map_or_else(|error| (error.line(), error.column()), |_| (1, 0));
    ReadError::NotJson { line, column }
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

/// The changes that were found so far.
#[derive(Default)]
struct Found<'a> {
    changes: Vec<Change<'a>>,
    /// Those that were too many to be kept.
    beyond: usize,
}

impl<'a> Found<'a> {
    /// One object of a delivery: an envelope with entries, or a bare change.
    fn item(&mut self, scanner: &mut Scanner<'a>) {
        let start = scanner.at();
        let (mut envelope, mut field, mut value) = (false, None, None);
        let is_object = scanner.members(|key, scanner| match key {
            "entry" => envelope |= scanner.elements(|scanner| self.entry(scanner)),
            "field" => field = Some(scanner.value()),
            "value" => value = Some(scanner.value_and_depth()),
            _ => {}
        });
        if !envelope {
            self.add(whole(scanner, start, is_object), field, value);
        }
    }

    /// One entry. Its id and time may stand behind its changes.
    fn entry(&mut self, scanner: &mut Scanner<'a>) {
        let (start, first) = (scanner.at(), self.changes.len());
        let (mut listed, mut id, mut time) = (false, None, None);
        let is_object = scanner.members(|key, scanner| match key {
            "id" => id = scanner.text(),
            "time" => time = instant(scanner.value()),
            "changes" => listed |= scanner.elements(|scanner| self.change(scanner)),
            _ => {}
        });
        if !listed {
            self.add(whole(scanner, start, is_object), None, None);
        }
        for change in self.changes.iter_mut().skip(first) {
            change.told_in(id.clone(), time);
        }
    }

    fn change(&mut self, scanner: &mut Scanner<'a>) {
        let start = scanner.at();
        let (mut field, mut value) = (None, None);
        let is_object = scanner.members(|key, scanner| match key {
            "field" => field = Some(scanner.value()),
            "value" => value = Some(scanner.value_and_depth()),
            _ => {}
        });
        self.add(whole(scanner, start, is_object), field, value);
    }

    fn add(&mut self, whole: &'a str, field: Option<&'a str>, value: Option<(&'a str, usize)>) {
        if u64::try_from(self.changes.len()).unwrap_or(u64::MAX) < CHANGES.max {
            self.changes.push(Change::new(whole, field, value));
        } else {
            self.beyond = self.beyond.saturating_add(1);
        }
    }

    fn delivery(self) -> Result<Delivery<'a>, ReadError> {
        match self.beyond {
            0 => Ok(Delivery { changes: self.changes }),
            more => Err(ReadError::TooMany { changes: self.changes.len().saturating_add(more) }),
        }
    }
}

/// The text of what stands there, which is passed over if it is no object.
fn whole<'a>(scanner: &mut Scanner<'a>, start: usize, is_object: bool) -> &'a str {
    if !is_object {
        scanner.value();
    }
    scanner.since(start)
}
