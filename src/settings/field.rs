//! One field of a form that should be a word, or an object with a number of minutes.

use std::fmt;

use serde::de::{IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};

use super::draft::MOST_STRAYS;
use super::{
    AutoResolve, ClosingWarning, SettingsError, WarnBefore, WarnBeforeError, Window, WindowBounds, WindowError,
};
use crate::form::{Fault, Field};
use crate::rule::Explain;

/// One field of a draft that should be a word, or an object with one number of minutes, as it was given.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum ChoiceField {
    /// Not there.
    #[default]
    Absent,
    /// `null`.
    Null,
    /// A text.
    Text(String),
    /// An object: its names and what stands under them.
    Object(Vec<(String, Minutes)>),
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

impl From<AutoResolve> for ChoiceField {
    fn from(auto_resolve: AutoResolve) -> Self {
        match auto_resolve {
            AutoResolve::Inherit | AutoResolve::Off => Self::Text(auto_resolve.to_string()),
            AutoResolve::After(window) => Self::minutes("after-minutes", window.in_minutes()),
        }
    }
}

impl From<ClosingWarning> for ChoiceField {
    fn from(warning: ClosingWarning) -> Self {
        match warning {
            ClosingWarning::Off => Self::Text("off".to_owned()),
            ClosingWarning::WhenOpen(before) => Self::minutes("when-open", before.in_minutes()),
            ClosingWarning::Always(before) => Self::minutes("always", before.in_minutes()),
        }
    }
}

/// The fault of a field that should not be there, its name escaped as RFC 6901 asks.
pub(super) fn stray(parent: &str, name: &str, error: &SettingsError) -> Fault {
    let pointer = format!("{parent}/{}", name.replace('~', "~0").replace('/', "~1"));
    Fault::new(pointer, error, &Field::from(name))
}

impl ChoiceField {
    fn minutes(name: &str, minutes: u32) -> Self {
        Self::Object(vec![(name.to_owned(), Minutes::Whole(u64::from(minutes)))])
    }

    /// The value of auto-resolve that is asked for, if one is, or notes why it cannot be. What stands already is never out
    /// of bounds (`settings.auto-resolve-bounds`).
    pub(super) fn auto_resolve(
        &self,
        pointer: &str,
        standing: AutoResolve,
        bounds: WindowBounds,
        faults: &mut Vec<Fault>,
    ) -> Option<AutoResolve> {
        match self {
            Self::Text(text) if text == "inherit" => Some(AutoResolve::Inherit),
            Self::Text(text) if text == "off" => Some(AutoResolve::Off),
            _ => {
                let error = |given| SettingsError::AutoResolve { given };
                let (_, minutes) = self.number(pointer, &["after-minutes"], error, faults)?;
                let window = minutes.read(|given_minutes| {
                    let stands = standing.window().filter(|stands| u64::from(stands.in_minutes()) == given_minutes);
                    let window = u32::try_from(given_minutes).ok().and_then(|minutes| Window::minutes(minutes).ok());
                    let sound = window.filter(|window| bounds.check(*window).is_ok());
                    stands.or(sound).ok_or(WindowError { given_minutes, bounds })
                });
                minutes.noted(window, &format!("{pointer}/after-minutes"), faults).map(AutoResolve::After)
            }
        }
    }

    /// The warning before the close that is asked for, if one is, or notes why it cannot be.
    pub(super) fn closing_warning(&self, pointer: &str, faults: &mut Vec<Fault>) -> Option<ClosingWarning> {
        if matches!(self, Self::Text(text) if text == "off") {
            return Some(ClosingWarning::Off);
        }
        let error = |given| SettingsError::ClosingWarning { given };
        let (name, minutes) = self.number(pointer, &["when-open", "always"], error, faults)?;
        let before = minutes.read(|given_minutes| {
            let minutes = u32::try_from(given_minutes).ok().and_then(|minutes| WarnBefore::minutes(minutes).ok());
            minutes.ok_or(WarnBeforeError { given_minutes })
        });
        let before = minutes.noted(before, &format!("{pointer}/{name}"), faults)?;
        let free_text = name == "when-open";
        Some(if free_text { ClosingWarning::WhenOpen(before) } else { ClosingWarning::Always(before) })
    }

    /// The one number of an object under one of the known names, or notes why there is none. Nothing where the field is not
    /// there.
    fn number(
        &self,
        pointer: &str,
        known: &'static [&'static str],
        error: impl FnOnce(String) -> SettingsError,
        faults: &mut Vec<Fault>,
    ) -> Option<(&str, &Minutes)> {
        let (error, given) = match self {
            Self::Absent => return None,
            Self::Object(entries) => {
                let is_known = |name: &str| known.contains(&name);
                let mut numbers = entries.iter().filter(|(name, _)| is_known(name));
                let given = match (numbers.next(), numbers.next()) {
                    (Some((name, minutes)), None) => {
                        let strays = entries.iter().filter(|(name, _)| !is_known(name));
                        let unknown = SettingsError::UnknownField { known };
                        faults.extend(strays.map(|(name, _)| stray(pointer, name, &unknown)));
                        return Some((name, minutes));
                    }
                    (Some(_), Some(_)) => "an object with more than one time".to_owned(),
                    (None, _) if entries.is_empty() => "an empty object".to_owned(),
                    (None, _) => {
                        let names: Vec<&str> = entries.iter().map(|(name, _)| name.as_str()).collect();
                        format!("an object with `{}`", names.join("`, `"))
                    }
                };
                (error(given.clone()), given)
            }
            Self::Null => (SettingsError::Null, "null".to_owned()),
            Self::Text(text) => (error(format!("`{text}`")), text.clone()),
            Self::Other(what) => (error((*what).to_owned()), (*what).to_owned()),
        };
        faults.push(Fault::new(pointer, &error, &Field::Text(given)));
        None
    }
}

impl Minutes {
    /// What a whole number of minutes is read as.
    ///
    /// # Errors
    ///
    /// That it is no whole number, or what `read` says.
    fn read<T, E: Explain + 'static>(&self, read: impl FnOnce(u64) -> Result<T, E>) -> Result<T, Box<dyn Explain>> {
        match self {
            Self::Whole(minutes) => read(*minutes).map_err(|error| -> Box<dyn Explain> { Box::new(error) }),
            Self::Other(given) => Err(Box::new(SettingsError::Minutes { given: given.clone() })),
        }
    }

    fn noted<T>(&self, read: Result<T, Box<dyn Explain>>, pointer: &str, faults: &mut Vec<Fault>) -> Option<T> {
        let given = Field::Text(match self {
            Self::Whole(minutes) => minutes.to_string(),
            Self::Other(given) => given.clone(),
        });
        read.map_err(|error| faults.push(Fault::new(pointer, &*error, &given))).ok()
    }
}

impl<'de> Deserialize<'de> for ChoiceField {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(AnyField)
    }
}

struct AnyField;

impl<'de> Visitor<'de> for AnyField {
    type Value = ChoiceField;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("anything")
    }

    fn visit_str<E>(self, text: &str) -> Result<ChoiceField, E> {
        Ok(ChoiceField::Text(text.to_owned()))
    }

    fn visit_unit<E>(self) -> Result<ChoiceField, E> {
        Ok(ChoiceField::Null)
    }

    fn visit_bool<E>(self, _: bool) -> Result<ChoiceField, E> {
        Ok(ChoiceField::Other("true or false"))
    }

    fn visit_i64<E>(self, _: i64) -> Result<ChoiceField, E> {
        Ok(ChoiceField::Other("a number"))
    }

    fn visit_u64<E>(self, _: u64) -> Result<ChoiceField, E> {
        Ok(ChoiceField::Other("a number"))
    }

    fn visit_f64<E>(self, _: f64) -> Result<ChoiceField, E> {
        Ok(ChoiceField::Other("a number"))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<ChoiceField, A::Error> {
        while items.next_element::<IgnoredAny>()?.is_some() {}
        Ok(ChoiceField::Other("a list"))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<ChoiceField, A::Error> {
        let mut object = Vec::new();
        while let Some(entry) = entries.next_entry()? {
            if object.len() <= MOST_STRAYS {
                object.push(entry);
            }
        }
        Ok(ChoiceField::Object(object))
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
