//! A field of a draft that should be a list.

use std::fmt;

use serde::de::{IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::Field;

/// One field of a draft that should be a list of texts, as it was given.
///
/// ```
/// use whatsapp_inbox::form::{Field, FieldList};
///
/// let list: FieldList = serde_json::from_str(r#"["https://loaf.example", 7]"#)?;
/// assert_eq!(list, FieldList::Items(vec![Field::from("https://loaf.example"), Field::Other("a number")]));
/// assert_eq!(serde_json::from_str::<FieldList>("7")?, FieldList::Other("a number"));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum FieldList {
    /// Not there.
    #[default]
    Absent,
    /// `null`.
    Null,
    /// A list of anything.
    Items(Vec<Field>),
    /// Anything else; what it was is told in words, such as `a text`.
    Other(&'static str),
}

impl FieldList {
    /// The items; none where there is no list.
    #[must_use]
    pub fn items(&self) -> &[Field] {
        match self {
            Self::Items(items) => items,
            _ => &[],
        }
    }

    /// Whether the field is not there at all.
    #[must_use]
    pub const fn is_absent(&self) -> bool {
        matches!(self, Self::Absent)
    }
}

impl<T: Into<Field>> FromIterator<T> for FieldList {
    fn from_iter<I: IntoIterator<Item = T>>(items: I) -> Self {
        Self::Items(items.into_iter().map(Into::into).collect())
    }
}

impl Serialize for FieldList {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Items(items) => items.serialize(serializer),
            Self::Absent | Self::Null | Self::Other(_) => serializer.serialize_none(),
        }
    }
}

impl<'de> Deserialize<'de> for FieldList {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(AnyList)
    }
}

#[cfg(feature = "schemars")]
impl schemars::JsonSchema for FieldList {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "FieldList".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": ["array", "null"], "items": { "type": ["string", "null"] } })
    }
}

struct AnyList;

impl<'de> Visitor<'de> for AnyList {
    type Value = FieldList;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("anything")
    }

    fn visit_str<E>(self, _: &str) -> Result<FieldList, E> {
        Ok(FieldList::Other("a text"))
    }

    fn visit_unit<E>(self) -> Result<FieldList, E> {
        Ok(FieldList::Null)
    }

    fn visit_bool<E>(self, _: bool) -> Result<FieldList, E> {
        Ok(FieldList::Other("true or false"))
    }

    fn visit_i64<E>(self, _: i64) -> Result<FieldList, E> {
        Ok(FieldList::Other("a number"))
    }

    fn visit_u64<E>(self, _: u64) -> Result<FieldList, E> {
        Ok(FieldList::Other("a number"))
    }

    fn visit_f64<E>(self, _: f64) -> Result<FieldList, E> {
        Ok(FieldList::Other("a number"))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<FieldList, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element()? {
            list.push(item);
        }
        Ok(FieldList::Items(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<FieldList, A::Error> {
        while entries.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(FieldList::Other("an object"))
    }
}
