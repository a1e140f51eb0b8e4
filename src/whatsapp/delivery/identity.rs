//! What a change is known by when it is told again.

use std::borrow::Cow;

use sha2::{Digest, Sha256};

use super::cursor::{Cursor, text};
use crate::id::FactId;

/// Down to this level the keys of a value are put in order. Below it the text counts as it came, without white space.
const DEEPEST: usize = 32;

/// Gathers what makes a fact the one it is (`webhook.order`).
#[derive(Default)]
pub(super) struct Identity(Sha256);

impl Identity {
    /// Adds one part: a byte that says whether there is one, its length, itself. So no two lists of parts are the same bytes.
    pub(super) fn part(&mut self, bytes: Option<&[u8]>) {
        self.0.update([u8::from(bytes.is_some())]);
        if let Some(bytes) = bytes {
            self.0.update(u64::try_from(bytes.len()).unwrap_or(u64::MAX).to_be_bytes());
            self.0.update(bytes);
        }
    }

    /// Adds what a JSON text says.
    pub(super) fn json(&mut self, raw: &str) {
        let mut plain = Vec::with_capacity(raw.len());
        write(raw, DEEPEST, &mut plain);
        self.part(Some(&plain));
    }

    /// The id of the `n`-th fact of it.
    pub(super) fn finish(mut self, n: u8) -> FactId {
        self.0.update([n]);
        let mut id = [0; 16];
        for (byte, hashed) in id.iter_mut().zip(self.0.finalize()) {
            *byte = hashed;
        }
        FactId::new(uuid::Builder::from_custom_bytes(id).into_uuid())
    }
}

/// Writes a JSON text in the one way that all its spellings share.
fn write(raw: &str, levels: usize, plain: &mut Vec<u8>) {
    let Some(levels) = levels.checked_sub(1) else {
        plain.extend(without_white_space(raw));
        return;
    };
    match raw.as_bytes().first() {
        Some(b'{') => write_object(raw, levels, plain),
        Some(b'[') => write_array(raw, levels, plain),
        _ => write_scalar(raw, plain),
    }
}

/// Members in the order of their keys. One that stands twice keeps its order, as the last of them is the one that counts.
fn write_object(raw: &str, levels: usize, plain: &mut Vec<u8>) {
    let mut members: Vec<(&str, &str)> = Vec::new();
    Cursor::new(raw).members(|key, cursor| members.push((key, cursor.value())));
    members.sort_by_key(|(key, _)| *key);
    plain.push(b'{');
    for (n, (key, value)) in members.into_iter().enumerate() {
        if n > 0 {
            plain.push(b',');
        }
        plain.push(b'"');
        plain.extend(key.as_bytes());
        plain.extend(b"\":");
        write(value, levels, plain);
    }
    plain.push(b'}');
}

fn write_array(raw: &str, levels: usize, plain: &mut Vec<u8>) {
    let mut first = true;
    plain.push(b'[');
    Cursor::new(raw).elements(|cursor| {
        if !first {
            plain.push(b',');
        }
        first = false;
        write(cursor.value(), levels, plain);
    });
    plain.push(b']');
}

/// A text in quotation marks, in which only those, the backslash and control characters are escaped. A number is the text
/// that it is written with.
fn write_scalar(raw: &str, plain: &mut Vec<u8>) {
    match text(raw) {
        Some(Cow::Borrowed(text)) => {
            plain.push(b'"');
            plain.extend(text.as_bytes());
            plain.push(b'"');
        }
        Some(Cow::Owned(text)) => {
            // A text becomes JSON without fail.
            plain.extend(serde_json::to_vec(&text).unwrap_or_default());
        }
        None => plain.extend(raw.as_bytes()),
    }
}

/// A JSON text without the white space outside of its strings.
fn without_white_space(json: &str) -> impl Iterator<Item = u8> {
    let (mut in_string, mut escaped) = (false, false);
    json.bytes().filter(move |byte| {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = in_string,
            b'"' => in_string = !in_string,
            b' ' | b'\t' | b'\n' | b'\r' => return in_string,
            _ => {}
        }
        true
    })
}
