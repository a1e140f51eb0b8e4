//! One field of a form that should be a value of auto-resolve.

use std::fmt;

use serde::de::{IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};

use super::draft::MOST_STRAYS;
use super::{AutoResolve, SettingsError, Window, WindowBounds, WindowError};
use crate::form::{Fault, Field};
use crate::rule::Explain;

/// One field of a draft that should be a value of auto-resolve, as it was given.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum AutoResolveField {
    /// Not there.
    #[default]
    Absent,
    /// `null`.
    Null,
    /// A text.
    Text(String),
    /// An object: what stands under `after-minutes`, if anything, and the names of what else is in it.
    Object {
        /// The minutes, as they were given.
        after_minutes: Option<Minutes>,
        /// The names of what is there beside them.
        unknown: Vec<String>,
    },
    /// Anything else; what it was is told in words, such as `a number`.
    Other(&'static str),
}

/// A number of minutes as it was given.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Minutes {
    /// A whole number, zero or more.
    Whole(u64),
    /// Anything else, as it was given or in words.
    Other(String),
}

impl From<AutoResolve> for AutoResolveField {
    fn from(auto_resolve: AutoResolve) -> Self {
        match auto_resolve {
            AutoResolve::Inherit | AutoResolve::Off => Self::Text(auto_resolve.to_string()),
            AutoResolve::After(window) => {
                let after_minutes = Some(Minutes::Whole(u64::from(window.in_minutes())));
                Self::Object { after_minutes, unknown: Vec::new() }
            }
        }
    }
}

/// The fault of a field that should not be there, its name escaped as RFC 6901 asks.
pub(super) fn stray(parent: &str, name: &str, error: &SettingsError) -> Fault {
    let pointer = format!("{parent}/{}", name.replace('~', "~0").replace('/', "~1"));
    Fault::new(pointer, error, &Field::from(name))
}

impl AutoResolveField {
    /// What is asked for, if anything is, or notes why it cannot be. What stands already is never out of bounds
    /// (`settings.auto-resolve-bounds`).
    pub(super) fn read(
        &self,
        pointer: &str,
        standing: AutoResolve,
        bounds: WindowBounds,
        faults: &mut Vec<Fault>,
    ) -> Option<AutoResolve> {
        let (error, given) = match self {
            Self::Absent => return None,
            Self::Text(text) if text == "inherit" => return Some(AutoResolve::Inherit),
            Self::Text(text) if text == "off" => return Some(AutoResolve::Off),
            Self::Object { after_minutes: Some(minutes), unknown } => {
                let known = "after-minutes";
                faults.extend(unknown.iter().map(|name| stray(pointer, name, &SettingsError::UnknownField { known })));
                let read = minutes.read(standing, bounds);
                let noted = read.map_err(|error| {
                    faults.push(Fault::new(format!("{pointer}/after-minutes"), &*error, &minutes.given()));
                });
                return noted.ok().map(AutoResolve::After);
            }
            Self::Object { after_minutes: None, unknown } => {
                let given = match unknown.as_slice() {
                    [] => "an empty object".to_owned(),
                    names => format!("an object with `{}`", names.join("`, `")),
                };
                (SettingsError::AutoResolve { given: given.clone() }, given)
            }
            Self::Null => (SettingsError::Null, "null".to_owned()),
            Self::Text(text) => (SettingsError::AutoResolve { given: format!("`{text}`") }, text.clone()),
            Self::Other(what) => (SettingsError::AutoResolve { given: (*what).to_owned() }, (*what).to_owned()),
        };
        faults.push(Fault::new(pointer, &error, &Field::Text(given)));
        None
    }
}

impl Minutes {
    /// The window.
    ///
    /// # Errors
    ///
    /// That it is no whole number, or out of bounds and not what stands.
    fn read(&self, standing: AutoResolve, bounds: WindowBounds) -> Result<Window, Box<dyn Explain>> {
        let given_minutes = match self {
            Self::Whole(minutes) => *minutes,
            Self::Other(given) => return Err(Box::new(SettingsError::Minutes { given: given.clone() })),
        };
        let out_of_bounds = || -> Box<dyn Explain> { Box::new(WindowError { given_minutes, bounds }) };
        if let Some(stands) = standing.window().filter(|stands| u64::from(stands.in_minutes()) == given_minutes) {
            return Ok(stands);
        }
        let window = u32::try_from(given_minutes).ok().and_then(|minutes| Window::minutes(minutes).ok());
        match window {
            Some(window) if bounds.check(window).is_ok() => Ok(window),
            _ => Err(out_of_bounds()),
        }
    }

    fn given(&self) -> Field {
        Field::Text(match self {
            Self::Whole(minutes) => minutes.to_string(),
            Self::Other(given) => given.clone(),
        })
    }
}

impl<'de> Deserialize<'de> for AutoResolveField {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(AnyField)
    }
}

struct AnyField;

impl<'de> Visitor<'de> for AnyField {
    type Value = AutoResolveField;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("anything")
    }

    fn visit_str<E>(self, text: &str) -> Result<AutoResolveField, E> {
        Ok(AutoResolveField::Text(text.to_owned()))
    }

    fn visit_unit<E>(self) -> Result<AutoResolveField, E> {
        Ok(AutoResolveField::Null)
    }

    fn visit_bool<E>(self, _: bool) -> Result<AutoResolveField, E> {
        Ok(AutoResolveField::Other("true or false"))
    }

    fn visit_i64<E>(self, _: i64) -> Result<AutoResolveField, E> {
        Ok(AutoResolveField::Other("a number"))
    }

    fn visit_u64<E>(self, _: u64) -> Result<AutoResolveField, E> {
        Ok(AutoResolveField::Other("a number"))
    }

    fn visit_f64<E>(self, _: f64) -> Result<AutoResolveField, E> {
        Ok(AutoResolveField::Other("a number"))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<AutoResolveField, A::Error> {
        while items.next_element::<IgnoredAny>()?.is_some() {}
        Ok(AutoResolveField::Other("a list"))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<AutoResolveField, A::Error> {
        let (mut after_minutes, mut unknown) = (None, Vec::new());
        while let Some(key) = entries.next_key::<std::borrow::Cow<'de, str>>()? {
            if key != "after-minutes" {
                entries.next_value::<IgnoredAny>()?;
                if unknown.len() < MOST_STRAYS {
                    unknown.push(key.into_owned());
                }
            } else if after_minutes.is_none() {
                after_minutes = Some(entries.next_value()?);
            } else {
                entries.next_value::<IgnoredAny>()?;
                after_minutes = Some(Minutes::Other("given twice".to_owned()));
            }
        }
        Ok(AutoResolveField::Object { after_minutes, unknown })
    }
}

impl<'de> Deserialize<'de> for Minutes {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(AnyMinutes)
    }
}

struct AnyMinutes;

impl<'de> Visitor<'de> for AnyMinutes {
    type Value = Minutes;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("anything")
    }

    fn visit_u64<E>(self, minutes: u64) -> Result<Minutes, E> {
        Ok(Minutes::Whole(minutes))
    }

    fn visit_i64<E>(self, minutes: i64) -> Result<Minutes, E> {
        Ok(u64::try_from(minutes).map_or_else(|_| Minutes::Other(minutes.to_string()), Minutes::Whole))
    }

    fn visit_f64<E>(self, minutes: f64) -> Result<Minutes, E> {
        Ok(Minutes::Other(format!("{minutes:?}")))
    }

    fn visit_str<E>(self, text: &str) -> Result<Minutes, E> {
        Ok(Minutes::Other(format!("`{text}`")))
    }

    fn visit_unit<E>(self) -> Result<Minutes, E> {
        Ok(Minutes::Other("null".to_owned()))
    }

    fn visit_bool<E>(self, _: bool) -> Result<Minutes, E> {
        Ok(Minutes::Other("true or false".to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Minutes, A::Error> {
        while items.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Minutes::Other("a list".to_owned()))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Minutes, A::Error> {
        while entries.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Minutes::Other("an object".to_owned()))
    }
}
