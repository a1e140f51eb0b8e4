//! One change of a delivery.

use std::borrow::Cow;

use super::cursor::{Cursor, text};
use super::identity::Identity;
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
    passed_over: u32,
    raw: &'a str,
}

/// As deep may a value be nested. Meta's have five levels; a common parser stops at 128.
const DEEPEST: usize = 128;

impl<'a> Change<'a> {
    /// The change that is this as a whole, with the field and the value that were found in it, and how deep the value is nested.
    ///
    /// A field that is not named beside the value is looked for in it.
    pub(super) fn new(whole: &'a str, field: Option<&'a str>, value: Option<(&'a str, usize)>) -> Self {
        let value = value.filter(|(value, _)| *value != "null");
        let deep = value.is_some_and(|(_, depth)| depth > DEEPEST);
        let value = value.map(|(value, _)| value);
        let field = field.and_then(text).or_else(|| misplaced(value?));
        let unknown = |why| (Value::Unknown(why), 0);
        let ((read, passed_over), raw) = match (&field, value) {
            (_, Some(value)) if deep => (unknown(WhyUnknown::TooDeep), value),
            (Some(field), Some(value)) => (Value::read(field, value), value),
            (Some(_), None) => (unknown(WhyUnknown::Missing { key: "value" }), whole),
            (None, Some(value)) => (unknown(WhyUnknown::Missing { key: "field" }), value),
            (None, None) => (unknown(WhyUnknown::Shape), whole),
        };
        let field = field.unwrap_or_default();
        Self { entry_id: None, time: None, field, value: read, passed_over, raw }
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

    /// The time of the entry, to the second, as far as Meta says.
    #[must_use]
    pub const fn time(&self) -> Option<Instant> {
        self.time
    }

    /// Since when it is so: what the value itself says of that, or else the time of the entry. Where Meta says neither, as
    /// its test panel does, it is so since it was first received (`onboarding.repeat`).
    #[must_use]
    pub fn at(&self) -> Option<Instant> {
        self.value.at().or(self.time)
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

    /// How much of the value was passed over, though it is understood as a whole: keys that this version does not know, texts
    /// of no list of Meta's that it knows, and values of another type. They are in [`raw`](Self::raw).
    #[must_use]
    pub const fn passed_over(&self) -> u32 {
        self.passed_over
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
    /// the time, the field, the value, and `n`. Of the value counts what it says, not how it is written: neither white space
    /// nor the order of its keys, neither how a character is escaped nor whether a number stands in quotation marks. Meta
    /// itself writes all of these now one way and now another. The same value at another time is another fact.
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
        let mut identity = Identity::default();
        identity.part(self.entry_id.as_deref().map(str::as_bytes));
        identity.part(self.time.map(|time| time.unix_millis().to_be_bytes()).as_ref().map(<[u8; 8]>::as_slice));
        identity.part(Some(self.field.as_bytes()));
        identity.json(self.raw);
        identity.finish(n)
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
