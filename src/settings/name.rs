//! The channel's name, and the reason of an auto-resolve: short lines of text for agents.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use serde::de::Visitor;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::rule::{Explain, Limit, Rule};
use crate::text::{is_bidirectional, is_control};

const CHARACTERS: Limit = Limit::new(1, 255, "characters");

/// What a channel is called for agents, in every view of it (`settings.name-visible`).
///
/// 1 to 255 characters after trimming, each a Unicode scalar value (`settings.name-length`): the article says 255, and of what
/// it does not say. Without control characters, line breaks and characters that turn the direction of the text
/// (`settings.name-text`); marks that only hint at a direction and characters that show nothing, such as a zero-width space, are
/// let through. It is not the display name, which consumers see and Meta reviews.
///
/// ```
/// use whatsapp_inbox::settings::ChannelName;
///
/// assert_eq!(ChannelName::new("  Support ")?.as_str(), "Support");
/// assert_eq!(
///     ChannelName::new(&"x".repeat(256)).unwrap_err().to_string(),
///     "a channel name has 1 to 255 characters, and this one has 256"
/// );
/// # Ok::<(), whatsapp_inbox::settings::TextError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ChannelName(Box<str>);

/// Why auto-resolve closed a conversation, in words that stand in the record of each (`settings.resolve-reason`).
///
/// 1 to 255 characters after trimming, with the same characters as a [`ChannelName`]. Where a channel sets none, it is
/// [`ResolveReason::built_in`].
///
/// ```
/// use whatsapp_inbox::settings::ResolveReason;
///
/// assert_eq!(ResolveReason::new("Customer stopped responding")?.as_str(), "Customer stopped responding");
/// assert_eq!(ResolveReason::built_in().as_str(), "no message within the auto-resolve window");
/// # Ok::<(), whatsapp_inbox::settings::TextError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ResolveReason(Cow<'static, str>);

/// Why a text is no channel name, or no reason.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
#[non_exhaustive]
pub enum TextError {
    /// Empty or too long.
    #[error("{field} has {CHARACTERS}, and this one has {characters}")]
    Length {
        /// What it should be, such as `a channel name`.
        field: &'static str,
        /// How many characters (Unicode scalar values) it has without the white space around it.
        characters: usize,
        /// The rule it breaks.
        rule: Rule,
    },
    /// A control character, a line break, or a character that turns the direction of the text.
    #[error("{field} is one line without control characters or changes of direction, and this one has U+{:04X}", u32::from(*.character))]
    Character {
        /// What it should be, such as `a channel name`.
        field: &'static str,
        /// The first such character.
        character: char,
        /// Its place, counted in characters from 0, without the white space in front.
        position: usize,
        /// The rule it breaks.
        rule: Rule,
    },
}

impl Explain for TextError {
    fn code(&self) -> &'static str {
        match self {
            Self::Length { .. } => "text-length",
            Self::Character { .. } => "text-character",
        }
    }

    fn rule(&self) -> Rule {
        match self {
            Self::Length { rule, .. } | Self::Character { rule, .. } => *rule,
        }
    }

    fn limit(&self) -> Option<Limit> {
        matches!(self, Self::Length { .. }).then_some(CHARACTERS)
    }
}

fn allowed(characters: usize) -> bool {
    u64::try_from(characters).is_ok_and(|count| (CHARACTERS.min..=CHARACTERS.max).contains(&count))
}

/// The text of a line, trimmed, if it may stand.
fn line<'t>(text: &'t str, field: &'static str, length: Rule, kind: Rule) -> Result<&'t str, TextError> {
    // Most names are plain ASCII, where a byte is a character. All are looked at, which is quicker than to stop at the first.
    if text.bytes().fold(true, |plain, byte| plain & matches!(byte, b' '..=b'~')) {
        let text = text.trim_ascii();
        let characters = text.len();
        return if allowed(characters) { Ok(text) } else { Err(TextError::Length { field, characters, rule: length }) };
    }
    let text = text.trim();
    let characters = text.chars().count();
    if !allowed(characters) {
        return Err(TextError::Length { field, characters, rule: length });
    }
    let bad = |character: char| is_control(character) || is_bidirectional(character);
    match text.chars().enumerate().find(|(_, character)| bad(*character)) {
        Some((position, character)) => Err(TextError::Character { field, character, position, rule: kind }),
        None => Ok(text),
    }
}

impl ChannelName {
    /// The name, without the white space around it.
    ///
    /// # Errors
    ///
    /// [`TextError::Length`] unless it has 1 to 255 characters (Unicode scalar values) after trimming,
    /// [`TextError::Character`] if it has a control character, a line break, or one that turns the direction of the text.
    pub fn new(text: &str) -> Result<Self, TextError> {
        let text = line(text, "a channel name", Rule::SettingsNameLength, Rule::SettingsNameText)?;
        Ok(Self(text.into()))
    }
}

impl ResolveReason {
    /// The reason, without the white space around it.
    ///
    /// # Errors
    ///
    /// [`TextError::Length`] unless it has 1 to 255 characters (Unicode scalar values) after trimming,
    /// [`TextError::Character`] if it has a control character, a line break, or one that turns the direction of the text.
    pub fn new(text: &str) -> Result<Self, TextError> {
        let text = line(text, "a resolve reason", Rule::SettingsResolveReason, Rule::SettingsResolveReason)?;
        Ok(Self(Cow::Owned(text.to_owned())))
    }

    /// The reason of a channel that has set none (ours).
    #[must_use]
    pub const fn built_in() -> Self {
        Self(Cow::Borrowed("no message within the auto-resolve window"))
    }
}

/// What both have in common.
macro_rules! line_of_text {
    ($name:ident, $expecting:literal) => {
        impl $name {
            /// The text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }

            /// A text that history holds: it was accepted when it was recorded, whatever is asked for today.
            pub(crate) fn recorded(text: &str) -> Self {
                Self(text.to_owned().into())
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl FromStr for $name {
            type Err = TextError;

            fn from_str(text: &str) -> Result<Self, TextError> {
                Self::new(text)
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(&self.0)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                struct Line;
                impl Visitor<'_> for Line {
                    type Value = $name;

                    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                        f.write_str($expecting)
                    }

                    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<$name, E> {
                        $name::new(text).map_err(E::custom)
                    }
                }
                deserializer.deserialize_str(Line)
            }
        }

        #[cfg(feature = "schemars")]
        impl schemars::JsonSchema for $name {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($name).into()
            }

            fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
                // What is written may be older than the limit.
                if generator.contract().is_serialize() {
                    return schemars::json_schema!({ "type": "string" });
                }
                schemars::json_schema!({ "type": "string", "minLength": CHARACTERS.min, "maxLength": CHARACTERS.max })
            }
        }
    };
}

line_of_text!(ChannelName, "a channel name in a string");
line_of_text!(ResolveReason, "a resolve reason in a string");
