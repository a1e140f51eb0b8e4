//! Walking over JSON without asking that any part of it be of one type (`webhook.tolerant`).
//!
//! The text has been found to be JSON before, so nothing here can fail: what is not what was looked for is passed over. It
//! is walked once, without recursion over what is passed, so that no depth of nesting reaches the stack. On a text that is
//! no JSON the answers have no meaning, and still every walk ends.

use std::borrow::Cow;

use crate::time::Instant;
use crate::whatsapp::open_enum::Listed;

/// As many elements of one list are read. Meta's lists have a handful, and a fact's number is a byte.
const MOST_ELEMENTS: usize = 256;

/// A place in a JSON text. A copy of it is a bookmark.
#[derive(Clone, Copy)]
pub(super) struct Cursor<'a> {
    json: &'a str,
    at: usize,
    passed_over: u32,
}

impl<'a> Cursor<'a> {
    /// At the first value of a text.
    pub(super) fn new(json: &'a str) -> Self {
        let mut cursor = Self { json, at: 0, passed_over: 0 };
        cursor.pass_white_space();
        cursor
    }

    /// Visits each member of an object with its key as it is written; tells whether there is an object here.
    ///
    /// A member that the visitor does not read is passed over. A key that is escaped is none that anybody looks for: Meta's
    /// keys are ASCII and come as they are.
    pub(super) fn members(&mut self, mut visit: impl FnMut(&'a str, &mut Self)) -> bool {
        if self.byte() != Some(b'{') {
            return false;
        }
        self.step();
        while let Some(b'"') = self.after_comma() {
            let key = self.value();
            self.pass_white_space();
            self.step();
            self.pass_white_space();
            let start = self.at;
            visit(key.get(1..key.len().saturating_sub(1)).unwrap_or_default(), self);
            self.pass_unread(start);
        }
        self.step();
        true
    }

    /// Visits each member of an object, if there is one here.
    pub(super) fn each_member(&mut self, visit: impl FnMut(&'a str, &mut Self)) {
        self.members(visit);
    }

    /// Visits each element of an array; tells whether there is an array here.
    ///
    /// An element that the visitor does not read is passed over.
    pub(super) fn elements(&mut self, mut visit: impl FnMut(&mut Self)) -> bool {
        if self.byte() != Some(b'[') {
            return false;
        }
        self.step();
        while self.after_comma().is_some_and(|byte| byte != b']') {
            let start = self.at;
            visit(self);
            self.pass_unread(start);
        }
        self.step();
        true
    }

    /// Visits the first 256 elements of an array, or the one value that stands where an array should; nothing for `null`.
    pub(super) fn elements_or_one(&mut self, mut visit: impl FnMut(&mut Self)) {
        let mut seen = 0_usize;
        let listed = self.elements(|cursor| {
            seen = seen.saturating_add(1);
            if seen <= MOST_ELEMENTS {
                visit(cursor);
            }
        });
        if !listed && self.byte() != Some(b'n') {
            visit(self);
        }
    }

    /// Passes over one value and gives its text as it came.
    pub(super) fn value(&mut self) -> &'a str {
        let start = self.at;
        let rest = self.json.as_bytes().get(start..).unwrap_or_default();
        let length = match rest.first() {
            Some(b'"') => string_length(rest),
            Some(b'{' | b'[') => nested_length(rest),
            _ => plain_length(rest),
        };
        self.at = start.saturating_add(length);
        self.json.get(start..self.at).unwrap_or_default()
    }

    /// Reads a text: a string, or a number as it is written.
    pub(super) fn text(&mut self) -> Option<Cow<'a, str>> {
        let raw = self.value();
        let text = text(raw);
        if text.is_none() && raw != "null" {
            self.pass_over();
        }
        text
    }

    /// Reads a text where Meta writes `NONE`, `null` or nothing for *there is none*.
    pub(super) fn reason(&mut self) -> Option<Cow<'a, str>> {
        self.text().filter(|reason| !reason.is_empty() && !reason.eq_ignore_ascii_case("NONE"))
    }

    /// Reads a value of one of Meta's lists.
    pub(super) fn listed<T: Listed>(&mut self) -> Option<T> {
        let text = self.text()?;
        Some(self.recognised(&text))
    }

    /// Reads a value of one of Meta's lists, where Meta writes `NONE`, `null` or nothing for *there is none*.
    pub(super) fn listed_reason<T: Listed>(&mut self) -> Option<T> {
        let text = self.reason()?;
        Some(self.recognised(&text))
    }

    /// The value that a text writes.
    pub(super) fn recognised<T: Listed>(&mut self, text: &str) -> T {
        let value = T::from(text);
        if !value.is_listed() {
            self.pass_over();
        }
        value
    }

    /// Reads a time: seconds since 1970, in a number or in a string of digits.
    pub(super) fn instant(&mut self) -> Option<Instant> {
        let raw = self.value();
        let instant = instant(raw);
        if instant.is_none() && raw != "null" {
            self.pass_over();
        }
        instant
    }

    /// How much was passed over on the way here: members that nobody looks for, elements beyond the 256th of a list, and
    /// values that are of another type or in no list.
    pub(super) const fn passed_over(&self) -> u32 {
        self.passed_over
    }

    fn pass_over(&mut self) {
        self.passed_over = self.passed_over.saturating_add(1);
    }

    fn pass_unread(&mut self, start: usize) {
        if self.at == start && self.value() != "null" {
            self.pass_over();
        }
    }

    /// The byte with which the next key or element starts, or which closes the object or array.
    fn after_comma(&mut self) -> Option<u8> {
        self.pass_white_space();
        if self.byte() == Some(b',') {
            self.step();
            self.pass_white_space();
        }
        self.byte()
    }

    fn pass_white_space(&mut self) {
        while let Some(b' ' | b'\t' | b'\n' | b'\r') = self.byte() {
            self.step();
        }
    }

    fn byte(&self) -> Option<u8> {
        self.json.as_bytes().get(self.at).copied()
    }

    fn step(&mut self) {
        self.at = self.at.saturating_add(1);
    }
}

/// How many bytes the string has that starts here.
fn string_length(bytes: &[u8]) -> usize {
    let mut length = 1;
    while let Some(rest) = bytes.get(length..) {
        length = length.saturating_add(plain_bytes(rest)).saturating_add(1);
        match bytes.get(length.saturating_sub(1)) {
            Some(b'\\') => length = length.saturating_add(1),
            _ => break,
        }
    }
    length.min(bytes.len())
}

/// How many bytes stand before the first quotation mark, backslash or control character, looked at by eights: half the time
/// of a delivery is spent in strings.
pub(super) fn plain_bytes(bytes: &[u8]) -> usize {
    const HIGH: u64 = u64::from_le_bytes([0x80; 8]);
    // The high bit of a byte is set where the byte is less than that, and perhaps in bytes behind it.
    let below = |word: u64, limit: u8| word.wrapping_sub(u64::from_le_bytes([limit; 8])) & !word & HIGH;
    let hits = |word: u64, byte: u8| below(word ^ u64::from_le_bytes([byte; 8]), 1);
    let mut rest = bytes;
    while let Some((eight, behind)) = rest.split_first_chunk::<8>() {
        let word = u64::from_le_bytes(*eight);
        let found = hits(word, b'"') | hits(word, b'\\') | below(word, b' ');
        if found != 0 {
            let before = bytes.len().saturating_sub(rest.len());
            return before.saturating_add(found.trailing_zeros() as usize / 8);
        }
        rest = behind;
    }
    let before = bytes.len().saturating_sub(rest.len());
    before.saturating_add(rest.iter().position(|byte| matches!(byte, b'"' | b'\\' | ..b' ')).unwrap_or(rest.len()))
}

/// How many bytes the object or array has that starts here.
fn nested_length(bytes: &[u8]) -> usize {
    let (mut length, mut depth) = (0_usize, 0_usize);
    while let Some(byte) = bytes.get(length) {
        match byte {
            b'"' => {
                length = length.saturating_add(string_length(bytes.get(length..).unwrap_or_default()));
                continue;
            }
            b'{' | b'[' => depth = depth.saturating_add(1),
            b'}' | b']' => depth = depth.saturating_sub(1),
            _ => {}
        }
        length = length.saturating_add(1);
        if depth == 0 {
            break;
        }
    }
    length
}

/// How many bytes the number, `true`, `false` or `null` has that starts here; one at least, so that every walk ends.
fn plain_length(bytes: &[u8]) -> usize {
    let ends = |byte: &u8| matches!(byte, b',' | b']' | b'}' | b' ' | b'\t' | b'\n' | b'\r');
    bytes.iter().position(ends).unwrap_or(bytes.len()).max(1)
}

/// A text: a string, or a number as it is written.
pub(super) fn text(raw: &str) -> Option<Cow<'_, str>> {
    if let Some(b'-' | b'0'..=b'9') = raw.as_bytes().first() {
        return Some(Cow::Borrowed(raw));
    }
    let inner = raw.strip_prefix('"')?.strip_suffix('"')?;
    if inner.as_bytes().contains(&b'\\') {
        serde_json::from_str(raw).ok().map(Cow::Owned)
    } else {
        Some(Cow::Borrowed(inner))
    }
}

/// A time: seconds since 1970, in a number or in a string of digits.
pub(super) fn instant(raw: &str) -> Option<Instant> {
    Instant::from_unix_seconds(text(raw)?.parse().ok()?).ok()
}
