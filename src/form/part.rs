//! A part of a draft that may have any shape.

use std::fmt::{self, Write};

use serde::de::{MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::{Fault, Field, NotText};
use crate::rule::{Explain, Rule};

/// One part of a draft that may hold further parts, as it was given. For drafts that are deeper than a row of fields.
///
/// ```
/// use whatsapp_inbox::form::Part;
///
/// let part: Part = serde_json::from_str(r#"{ "text": "Hello", "buttons": [7] }"#)?;
/// assert_eq!(part.member("text").text(), Some("Hello"));
/// assert_eq!(part.member("buttons").items(), [Part::Other("a number")]);
/// assert_eq!(part.member("footer"), &Part::Absent);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Part {
    /// Not there.
    #[default]
    Absent,
    /// `null`.
    Null,
    /// A text.
    Text(String),
    /// A list.
    List(Vec<Self>),
    /// An object. A name that was given twice stands here twice, and the last one counts.
    Object(Vec<(String, Self)>),
    /// Anything else; what it was is told in words, such as `a number`.
    Other(&'static str),
}

static ABSENT: Part = Part::Absent;

impl Part {
    /// The member of an object with this name; absent where there is none.
    #[must_use]
    pub fn member(&self, name: &str) -> &Self {
        let Self::Object(members) = self else { return &ABSENT };
        members.iter().rev().find(|(given, _)| given == name).map_or(&ABSENT, |(_, part)| part)
    }

    /// The items of a list; none where there is no list.
    #[must_use]
    pub fn items(&self) -> &[Self] {
        match self {
            Self::List(items) => items,
            _ => &[],
        }
    }

    /// The text, if it is one.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// Whether there is nothing: not there, or `null`.
    #[must_use]
    pub const fn is_nothing(&self) -> bool {
        matches!(self, Self::Absent | Self::Null)
    }

    /// The same as a field: what is no text is told in words.
    #[must_use]
    pub fn field(&self) -> Field {
        match self {
            Self::Absent => Field::Absent,
            Self::Null => Field::Null,
            Self::Text(text) => Field::Text(text.clone()),
            Self::List(_) => Field::Other("a list"),
            Self::Object(_) => Field::Other("an object"),
            Self::Other(what) => Field::Other(what),
        }
    }

    /// An object of these members, without those that are absent.
    pub(crate) fn object<const N: usize>(members: [(&str, Self); N]) -> Self {
        let there = members.into_iter().filter(|(_, part)| !matches!(part, Self::Absent));
        Self::Object(there.map(|(name, part)| (name.to_owned(), part)).collect())
    }

    /// Adds an item to the list at this name, which is made where there is none.
    pub(crate) fn push(&mut self, name: &str, item: Self) {
        let Self::Object(members) = self else { return };
        match members.iter_mut().find(|(given, _)| given == name) {
            Some((_, Self::List(items))) => items.push(item),
            _ => members.push((name.to_owned(), Self::List(vec![item]))),
        }
    }

    /// The text that must stand here, or a fault.
    pub(crate) fn required(&self, place: &Place<'_>, rule: Rule, faults: &mut Vec<Fault>) -> Option<&str> {
        let error = match self {
            Self::Text(text) => return Some(text),
            Self::Absent | Self::Null => NotText::Missing { rule },
            Self::List(_) => NotText::WrongType { rule, given: "a list" },
            Self::Object(_) => NotText::WrongType { rule, given: "an object" },
            Self::Other(given) => NotText::WrongType { rule, given },
        };
        faults.push(place.fault(&error, self));
        None
    }

    /// The text that may stand here, or a fault.
    pub(crate) fn optional(&self, place: &Place<'_>, rule: Rule, faults: &mut Vec<Fault>) -> Option<&str> {
        if self.is_nothing() { None } else { self.required(place, rule, faults) }
    }
}

impl From<&str> for Part {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl FromIterator<Part> for Part {
    fn from_iter<I: IntoIterator<Item = Self>>(items: I) -> Self {
        Self::List(items.into_iter().collect())
    }
}

/// Where in a draft a part stands. It is written as a JSON pointer only when there is a fault.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Place<'a> {
    /// The draft itself.
    Whole,
    /// A member of an object.
    Member(&'a Self, &'a str),
    /// An item of a list.
    Item(&'a Self, usize),
}

impl<'a> Place<'a> {
    pub(crate) const fn member(&'a self, name: &'a str) -> Self {
        Self::Member(self, name)
    }

    pub(crate) const fn item(&'a self, index: usize) -> Self {
        Self::Item(self, index)
    }

    /// The fault that an error tells of what stands here.
    pub(crate) fn fault(&self, error: &dyn Explain, given: &Part) -> Fault {
        let mut pointer = String::new();
        self.write(&mut pointer);
        Fault::new(pointer, error, &given.field())
    }

    fn write(&self, pointer: &mut String) {
        match self {
            Self::Whole => {}
            Self::Member(parent, name) => {
                parent.write(pointer);
                pointer.push('/');
                pointer.push_str(name);
            }
            Self::Item(parent, index) => {
                parent.write(pointer);
                // Writing to a `String` cannot fail.
                _ = write!(pointer, "/{index}");
            }
        }
    }
}

impl Serialize for Part {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Text(text) => serializer.serialize_str(text),
            Self::List(items) => serializer.collect_seq(items),
            Self::Object(members) => serializer.collect_map(members.iter().map(|(name, part)| (name, part))),
            Self::Absent | Self::Null | Self::Other(_) => serializer.serialize_none(),
        }
    }
}

impl<'de> Deserialize<'de> for Part {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(AnyPart)
    }
}

#[cfg(feature = "schemars")]
impl schemars::JsonSchema for Part {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Part".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": ["string", "array", "object", "null"] })
    }
}

struct AnyPart;

impl<'de> Visitor<'de> for AnyPart {
    type Value = Part;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("anything")
    }

    fn visit_str<E>(self, text: &str) -> Result<Part, E> {
        Ok(Part::Text(text.to_owned()))
    }

    fn visit_string<E>(self, text: String) -> Result<Part, E> {
        Ok(Part::Text(text))
    }

    fn visit_unit<E>(self) -> Result<Part, E> {
        Ok(Part::Null)
    }

    fn visit_bool<E>(self, _: bool) -> Result<Part, E> {
        Ok(Part::Other("true or false"))
    }

    fn visit_i64<E>(self, _: i64) -> Result<Part, E> {
        Ok(Part::Other("a number"))
    }

    fn visit_u64<E>(self, _: u64) -> Result<Part, E> {
        Ok(Part::Other("a number"))
    }

    fn visit_f64<E>(self, _: f64) -> Result<Part, E> {
        Ok(Part::Other("a number"))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Part, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element()? {
            list.push(item);
        }
        Ok(Part::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Part, A::Error> {
        let mut members = Vec::new();
        while let Some(member) = entries.next_entry()? {
            members.push(member);
        }
        Ok(Part::Object(members))
    }
}
