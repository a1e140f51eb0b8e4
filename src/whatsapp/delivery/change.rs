//! One change of a delivery.

use std::borrow::Cow;

use sha2::{Digest, Sha256};

use super::cursor::{Cursor, text};
use super::value::{Value, WhyUnknown};
use crate::id::FactId;
use crate::time::Instant;

/// One change that Meta tells of: where, when, which field, and what it says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change<'a> {
    entry_id: Option<Cow<'a, str>>,
    time: Option<Instant>,
    field: Cow<'a, str>,
    value: Value<'a>,
    raw: &'a str,
}

impl<'a> Change<'a> {
    /// The change that starts here, with the field and the value that were found in it.
    ///
    /// A field that is not named beside the value is looked for in it.
    pub(super) fn new(mut start: Cursor<'a>, field: Option<&'a str>, value: Option<&'a str>) -> Self {
        let value = value.filter(|value| *value != "null");
        let field = field.and_then(text).or_else(|| misplaced(value?));
        let (read, raw) = match (&field, value) {
            (Some(field), Some(value)) => (Value::read(field, value), value),
            (Some(_), None) => (Value::Unknown(WhyUnknown::Missing { key: "value" }), start.value()),
            (None, Some(value)) => (Value::Unknown(WhyUnknown::Missing { key: "field" }), value),
            (None, None) => (Value::Unknown(WhyUnknown::Shape), start.value()),
        };
        Self { entry_id: None, time: None, field: field.unwrap_or_default(), value: read, raw }
    }

    /// Adds where and when it was told.
    pub(super) fn told_in(&mut self, entry_id: Option<Cow<'a, str>>, time: Option<Instant>) {
        (self.entry_id, self.time) = (entry_id, time);
    }

    /// Meta's id of the entry as text: the WhatsApp Business account's, or that of the provider's own business where the
    /// change is about a partnership (`PARTNER_…`, `AD_ACCOUNT_LINKED`, `MM_LITE_TERMS_SIGNED`). The test panel says `0`.
    #[must_use]
    pub fn account_or_business(&self) -> Option<&str> {
        self.entry_id.as_deref()
    }

    /// When it happened, to the second, as far as Meta says.
    #[must_use]
    pub const fn time(&self) -> Option<Instant> {
        self.time
    }

    /// The name of the field, such as `account_update`; empty where none was told.
    #[must_use]
    pub fn field(&self) -> &str {
        &self.field
    }

    /// What the change says.
    #[must_use]
    pub const fn value(&self) -> &Value<'a> {
        &self.value
    }

    /// The text of the value as it came; of the whole change or entry where that has no value.
    #[must_use]
    pub const fn raw(&self) -> &'a str {
        self.raw
    }

    /// The id of the `n`-th fact that this change tells of: the same for the same change in every delivery, another for
    /// any other (`webhook.order`).
    ///
    /// Meta gives a change no id, so it is made of what was told: a UUID of version 8 from SHA-256 over the id of the entry,
    /// the time, the field, the raw value without the white space between its parts, and `n`. The same value at another time
    /// is another fact.
    ///
    /// # Examples
    ///
    /// ```
    /// use whatsapp_inbox::whatsapp::delivery::AppSecret;
    ///
    /// let secret = AppSecret::new("5f2b7c9e")?;
    /// let id = |body: &[u8]| {
    ///     let delivery = secret.check(body, &secret.sign(body)).unwrap().read().unwrap();
    ///     delivery.changes[0].fact_id(0)
    /// };
    /// let told = id(br#"{"field":"account_review_update","value":{"decision":"APPROVED"}}"#);
    /// let again = id(br#"{"value": {"decision": "APPROVED"}, "field": "account_review_update"}"#);
    /// let other = id(br#"{"field":"account_review_update","value":{"decision":"REJECTED"}}"#);
    /// assert_eq!(told, again);
    /// assert_ne!(told, other);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn fact_id(&self, n: u8) -> FactId {
        let mut hash = Sha256::new();
        part(&mut hash, self.entry_id.as_deref().map(str::as_bytes));
        part(&mut hash, self.time.map(|time| time.unix_millis().to_be_bytes()).as_ref().map(<[u8; 8]>::as_slice));
        part(&mut hash, Some(self.field.as_bytes()));
        part(&mut hash, Some(&without_white_space(self.raw)));
        hash.update([n]);
        let mut id = [0; 16];
        for (byte, hashed) in id.iter_mut().zip(hash.finalize()) {
            *byte = hashed;
        }
        FactId::new(uuid::Builder::from_custom_bytes(id).into_uuid())
    }
}

/// The field, where it stands inside of the value.
fn misplaced(value: &str) -> Option<Cow<'_, str>> {
    let mut field = None;
    Cursor::new(value).members(|key, cursor| {
        if key == "field" {
            field = text(cursor.value());
        }
    });
    field
}

/// Adds one part: a byte that says whether there is one, its length, itself. So no two lists of parts are the same bytes.
fn part(hash: &mut Sha256, bytes: Option<&[u8]>) {
    hash.update([u8::from(bytes.is_some())]);
    if let Some(bytes) = bytes {
        hash.update(u64::try_from(bytes.len()).unwrap_or(u64::MAX).to_be_bytes());
        hash.update(bytes);
    }
}

/// A JSON text without the white space outside of its strings.
fn without_white_space(json: &str) -> Vec<u8> {
    let (mut in_string, mut escaped) = (false, false);
    let kept = json.bytes().filter(|byte| {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = in_string,
            b'"' => in_string = !in_string,
            b' ' | b'\t' | b'\n' | b'\r' => return in_string,
            _ => {}
        }
        true
    });
    kept.collect()
}
