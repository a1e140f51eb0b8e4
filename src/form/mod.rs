//! Forms: lenient drafts as they come from outside, and the faults that are found in them, all at once.
//!
//! A draft (`DetailsDraft`, `ProfileDraft`, `SettingsDraft`, `DefinitionDraft`) takes any JSON for any of its fields, so that reading it never stops at the
//! first wrong one. Its `check()` gives the strict value or every [`Fault`] there is.

mod list;
mod part;

use std::fmt;

use serde::de::Visitor;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::rule::{Explain, Limit, Rule};

pub use list::FieldList;
pub use part::Part;
pub(crate) use part::Place;

/// One field of a draft, as it was given.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Field {
    /// Not there.
    #[default]
    Absent,
    /// `null`.
    Null,
    /// A text.
    Text(String),
    /// Anything else; what it was is told in words, such as `a number`.
    Other(&'static str),
}

impl Field {
    /// The text, if it is one.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// Whether the field is not there at all.
    #[must_use]
    pub const fn is_absent(&self) -> bool {
        matches!(self, Self::Absent)
    }

    /// What was given, in words, for an error.
    #[must_use]
    pub fn given(&self) -> String {
        match self {
            Self::Absent => "nothing".to_owned(),
            Self::Null => "null".to_owned(),
            Self::Text(text) => text.clone(),
            Self::Other(what) => (*what).to_owned(),
        }
    }
}

impl From<&str> for Field {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Field {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl Serialize for Field {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Text(text) => serializer.serialize_str(text),
            Self::Absent | Self::Null | Self::Other(_) => serializer.serialize_none(),
        }
    }
}

impl<'de> Deserialize<'de> for Field {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(AnyField)
    }
}

#[cfg(feature = "schemars")]
impl schemars::JsonSchema for Field {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Field".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": ["string", "null"] })
    }
}

struct AnyField;

impl<'de> Visitor<'de> for AnyField {
    type Value = Field;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("anything")
    }

    fn visit_str<E>(self, text: &str) -> Result<Field, E> {
        Ok(Field::Text(text.to_owned()))
    }

    fn visit_string<E>(self, text: String) -> Result<Field, E> {
        Ok(Field::Text(text))
    }

    fn visit_unit<E>(self) -> Result<Field, E> {
        Ok(Field::Null)
    }

    fn visit_bool<E>(self, _: bool) -> Result<Field, E> {
        Ok(Field::Other("true or false"))
    }

    fn visit_i64<E>(self, _: i64) -> Result<Field, E> {
        Ok(Field::Other("a number"))
    }

    fn visit_u64<E>(self, _: u64) -> Result<Field, E> {
        Ok(Field::Other("a number"))
    }

    fn visit_f64<E>(self, _: f64) -> Result<Field, E> {
        Ok(Field::Other("a number"))
    }

    fn visit_seq<A: serde::de::SeqAccess<'de>>(self, mut items: A) -> Result<Field, A::Error> {
        while items.next_element::<serde::de::IgnoredAny>()?.is_some() {}
        Ok(Field::Other("a list"))
    }

    fn visit_map<A: serde::de::MapAccess<'de>>(self, mut entries: A) -> Result<Field, A::Error> {
        while entries.next_entry::<serde::de::IgnoredAny, serde::de::IgnoredAny>()?.is_some() {}
        Ok(Field::Other("an object"))
    }
}

/// One fault in a draft.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Fault {
    /// Where, as a JSON pointer (RFC 6901): `/display_name`, `/websites/1`.
    pub pointer: String,
    /// A stable name of the fault.
    pub code: &'static str,
    /// The rule that was broken.
    pub rule: Rule,
    /// The limit that was passed, where there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit: Option<Limit>,
    /// What was given: a text whole, however long; of anything else what it is; of a field that there is not, its name. Escape
    /// it before it is shown or logged.
    pub given: String,
    /// One English sentence that names the limit.
    pub message: String,
}

impl Fault {
    /// The fault that an error tells of a field.
    pub fn new(pointer: impl Into<String>, error: &dyn Explain, given: &Field) -> Self {
        let (code, rule, limit) = (error.code(), error.rule(), error.limit());
        Self { pointer: pointer.into(), code, rule, limit, given: given.given(), message: error.to_string() }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.pointer, self.message)
    }
}

/// How a refusal or a warning that stands alone crosses a wire: a [`Fault`] without a place.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
pub(crate) struct Told<'a> {
    pub(crate) code: &'static str,
    pub(crate) rule: Rule,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) limit: Option<Limit>,
    pub(crate) given: &'a str,
    pub(crate) message: String,
}

/// Every fault of a draft. There is at least one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
pub struct Faults(#[cfg_attr(feature = "schemars", schemars(length(min = 1)))] Vec<Fault>);

impl Faults {
    /// The faults, in the order of the draft's fields.
    #[must_use]
    pub fn as_slice(&self) -> &[Fault] {
        &self.0
    }

    /// `value` where every part of it is sound, otherwise the faults.
    ///
    /// # Errors
    ///
    /// The faults that were collected, where there is one.
    pub(crate) fn none_or<T>(faults: Vec<Fault>, value: Option<T>) -> Result<T, Self> {
        match value {
            Some(value) if faults.is_empty() => Ok(value),
            _ => Err(Self(faults)),
        }
    }
}

impl std::error::Error for Faults {}

impl fmt::Display for Faults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, fault) in self.0.iter().enumerate() {
            let comma = if index == 0 { "" } else { "; " };
            write!(f, "{comma}{fault}")?;
        }
        Ok(())
    }
}

/// That a field is not the text it should be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NotText {
    /// It is not there, or `null`, and it must be.
    #[error("this is missing")]
    Missing {
        /// The rule that asks for it.
        rule: Rule,
    },
    /// It is there and not a text.
    #[error("this must be a text in quotes, and it is {given}")]
    WrongType {
        /// The rule that asks for it.
        rule: Rule,
        /// What it is, in words.
        given: &'static str,
    },
}

impl Explain for NotText {
    fn code(&self) -> &'static str {
        match self {
            Self::Missing { .. } => "missing",
            Self::WrongType { .. } => "wrong-type",
        }
    }

    fn rule(&self) -> Rule {
        match self {
            Self::Missing { rule } | Self::WrongType { rule, .. } => *rule,
        }
    }
}

/// Reads a field that must be there, or notes why it cannot be.
pub(crate) fn required<T, E: Explain>(
    field: &Field,
    pointer: &str,
    rule: Rule,
    faults: &mut Vec<Fault>,
    read: impl FnOnce(&str) -> Result<T, E>,
) -> Option<T> {
    let text = match field {
        Field::Text(text) => Ok(text.as_str()),
        Field::Absent | Field::Null => Err(NotText::Missing { rule }),
        Field::Other(given) => Err(NotText::WrongType { rule, given }),
    };
    match text {
        Ok(text) => read(text).map_err(|error| faults.push(Fault::new(pointer, &error, field))).ok(),
        Err(error) => {
            faults.push(Fault::new(pointer, &error, field));
            None
        }
    }
}

/// Reads a field that may be absent, or notes why it cannot be read.
pub(crate) fn optional<T, E: Explain>(
    field: &Field,
    pointer: &str,
    rule: Rule,
    faults: &mut Vec<Fault>,
    read: impl FnOnce(&str) -> Result<T, E>,
) -> Option<T> {
    match field {
        Field::Absent | Field::Null => None,
        Field::Text(_) | Field::Other(_) => required(field, pointer, rule, faults, read),
    }
}
