//! Display names.

mod words;

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::form::Told;
use crate::rule::{Explain, Limit, Rule};
use crate::text::{is_bidirectional, is_control};

const CHARACTERS: Limit = Limit::new(2, 75, "characters");

/// Names that may be Meta's and may as well be anybody's word.
const PERHAPS_META: &[&str] = &["messenger", "threads", "oculus", "insta", "fb"];
const ENDORSEMENTS: &[&str] = &["official", "verified"];
const PROMOTIONS: &[&str] =
    &["sale", "best", "cheap", "cheapest", "discount", "discounts", "deal", "deals", "offer", "offers"];

/// What WhatsApp shows to consumers as the name of a business (`onboarding.details-whole`).
///
/// It is not the channel's name, which only agents see. A `DisplayName` is not refused by what can be told from its text,
/// and that is all: **only Meta approves a display name**. See [`DisplayName::judge`] for what Meta refuses beyond that.
///
/// The rules are those of the current edition of Meta's guidelines (help article 757569725593362). Older editions also
/// refused capitals, emoji and short forms of a brand; these are accepted. A brand that is really written like an address
/// (`loaf.com`) or with one of the refused words has to send another name: no exemption is known any more.
///
/// ```
/// use whatsapp_inbox::whatsapp::{DisplayName, DisplayNameError};
///
/// let name = DisplayName::new("  Sarah's Sporting Goods Shop ")?;
/// assert_eq!(name.as_str(), "Sarah's Sporting Goods Shop");
///
/// let error = DisplayName::new("sarahssportinggoods.com").unwrap_err();
/// assert_eq!(
///     error.to_string(),
///     "a display name must not be or have a web address, and `sarahssportinggoods.com` is one"
/// );
/// # Ok::<(), DisplayNameError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct DisplayName(String);

/// Why a display name is refused. It holds the whole name as it was given and what was found in it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DisplayNameError {
    /// Too short or too long.
    #[error("a display name has {CHARACTERS}, and this one has {characters}")]
    Length {
        /// How many characters (Unicode scalar values) it has without the white space around it.
        characters: usize,
        /// What was given.
        given: String,
    },
    /// A control character, a line break, or a character that turns the direction of the text.
    #[error(
        "a display name is one line without control characters or changes of direction, and this one has {character:?}"
    )]
    Character {
        /// The first such character.
        character: char,
        /// What was given.
        given: String,
    },
    /// An e-mail address.
    #[error("a display name must not be or have an e-mail address, and `{word}` is one")]
    EmailAddress {
        /// The first such word.
        word: String,
        /// What was given.
        given: String,
    },
    /// A web address.
    #[error("a display name must not be or have a web address, and `{word}` is one")]
    WebAddress {
        /// The first such word.
        word: String,
        /// What was given.
        given: String,
    },
    /// A brand of Meta's.
    #[error("a display name must not name Meta or its apps, and `{word}` does")]
    MetaBrand {
        /// The first such word.
        word: String,
        /// What was given.
        given: String,
    },
    /// A word that claims Meta's endorsement: `official` or `verified`.
    #[error("a display name must not claim to be official or verified, and `{word}` does")]
    Endorsement {
        /// The first such word.
        word: String,
        /// What was given.
        given: String,
    },
}

impl DisplayNameError {
    /// The whole name as it was given.
    #[must_use]
    pub fn given(&self) -> &str {
        match self {
            Self::Length { given, .. }
            | Self::Character { given, .. }
            | Self::EmailAddress { given, .. }
            | Self::WebAddress { given, .. }
            | Self::MetaBrand { given, .. }
            | Self::Endorsement { given, .. } => given,
        }
    }
}

impl Explain for DisplayNameError {
    fn code(&self) -> &'static str {
        match self {
            Self::Length { .. } => "display-name-length",
            Self::Character { .. } => "display-name-character",
            Self::EmailAddress { .. } => "display-name-email-address",
            Self::WebAddress { .. } => "display-name-web-address",
            Self::MetaBrand { .. } => "display-name-meta-brand",
            Self::Endorsement { .. } => "display-name-endorsement",
        }
    }

    fn rule(&self) -> Rule {
        Rule::OnboardingDetailsWhole
    }

    fn limit(&self) -> Option<Limit> {
        matches!(self, Self::Length { .. }).then_some(CHARACTERS)
    }
}

/// Why Meta may well turn down a display name that is not refused here. A warning holds nothing back.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum DisplayNameWarning {
    /// It has two characters; older editions of the guidelines ask for three.
    Short {
        /// The name.
        name: String,
    },
    /// It has neither a letter nor a digit (our decision).
    NoLetter {
        /// The name.
        name: String,
    },
    /// A word has the form of a web address, with an ending that is not well known.
    WebAddressLike {
        /// The word.
        word: String,
    },
    /// A word may stand for one of Meta's apps, and is a common word too.
    PerhapsMetaBrand {
        /// The word.
        word: String,
    },
    /// A word reads like advertising.
    Promotional {
        /// The word, or the percentage.
        word: String,
    },
}

impl DisplayNameWarning {
    /// A stable, machine-readable name of the warning in lower-case words joined by hyphens. It never changes.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Short { .. } => "short",
            Self::NoLetter { .. } => "no-letter",
            Self::WebAddressLike { .. } => "web-address-like",
            Self::PerhapsMetaBrand { .. } => "perhaps-meta-brand",
            Self::Promotional { .. } => "promotional",
        }
    }

    /// What the warning is about: the word, or the whole name.
    #[must_use]
    pub fn given(&self) -> &str {
        match self {
            Self::Short { name } | Self::NoLetter { name } => name,
            Self::WebAddressLike { word } | Self::PerhapsMetaBrand { word } | Self::Promotional { word } => word,
        }
    }
}

impl fmt::Display for DisplayNameWarning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Short { name } => write!(f, "`{name}` has 2 characters, and Meta used to ask for at least 3"),
            Self::NoLetter { name } => write!(f, "`{name}` has neither a letter nor a digit"),
            Self::WebAddressLike { word } => write!(f, "`{word}` looks like a web address, which Meta refuses"),
            Self::PerhapsMetaBrand { word } => {
                write!(f, "`{word}` may be read as an app of Meta's, which Meta refuses")
            }
            Self::Promotional { word } => write!(f, "`{word}` may be read as advertising, which Meta refuses"),
        }
    }
}

/// What can be told of a display name from its text alone. It is never *approved*: only Meta approves a name.
///
/// ```
/// use whatsapp_inbox::whatsapp::{DisplayName, Judgement};
///
/// assert_eq!(DisplayName::judge("Fresh Produce Boston"), Judgement::MetaDecides);
/// assert!(matches!(DisplayName::judge("Minni's Muffins WhatsApp"), Judgement::Refused(_)));
/// assert!(matches!(DisplayName::judge("Sarah's Sporting Goods - 20% off sale"), Judgement::Warned(_)));
///
/// // A generic term: Meta refuses it, and nothing in the text says so.
/// assert_eq!(DisplayName::judge("Juice"), Judgement::MetaDecides);
///
/// assert_eq!(
///     serde_json::to_value(DisplayName::judge("Muffin Sale"))?,
///     serde_json::json!({ "judgement": "warned", "why": [{
///         "code": "promotional",
///         "rule": "onboarding.details-whole",
///         "given": "Sale",
///         "message": "`Sale` may be read as advertising, which Meta refuses",
///     }] }),
/// );
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(tag = "judgement", content = "why", rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Judgement {
    /// It breaks Meta's guidelines and cannot be submitted.
    Refused(DisplayNameError),
    /// It can be submitted, and Meta may well turn it down. There is at least one warning.
    Warned(Vec<DisplayNameWarning>),
    /// Nothing speaks against it here. That is no approval.
    MetaDecides,
}

impl DisplayName {
    /// Reads a display name. White space around it is dropped, all other characters are kept as they are.
    ///
    /// # Errors
    ///
    /// A [`DisplayNameError`] where the name has not 2 to 75 characters (Unicode scalar values); has a control character, a
    /// line break, or a bidirectional embedding, override or isolate; has an e-mail address or a web address; names a brand
    /// of Meta's (`whatsapp`, `facebook`, `instagram` anywhere in a word, `meta` as a word); or has the word `official` or
    /// `verified`. Case makes no difference, nor do invisible characters within a word; letters of other scripts that look
    /// alike are not seen through.
    pub fn new(text: &str) -> Result<Self, DisplayNameError> {
        let (name, given) = (text.trim(), || text.to_owned());
        let characters = name.chars().count();
        if !(2..=75).contains(&characters) {
            return Err(DisplayNameError::Length { characters, given: given() });
        }
        if let Some(character) = name.chars().find(|&character| is_control(character) || is_bidirectional(character)) {
            return Err(DisplayNameError::Character { character, given: given() });
        }
        let visible = words::visible(name);
        if let Some(word) = words::email(&visible) {
            return Err(DisplayNameError::EmailAddress { word: word.to_owned(), given: given() });
        }
        if let Some(word) = words::web_address(&visible) {
            return Err(DisplayNameError::WebAddress { word: word.to_owned(), given: given() });
        }
        if let Some(word) = words::brand(&visible) {
            return Err(DisplayNameError::MetaBrand { word: word.to_owned(), given: given() });
        }
        if let Some(word) = words::whole(&visible, ENDORSEMENTS).next() {
            return Err(DisplayNameError::Endorsement { word: word.to_owned(), given: given() });
        }
        Ok(Self(name.to_owned()))
    }

    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What Meta may turn the name down for, as far as the text gives a hint. Empty is no approval.
    #[must_use]
    pub fn warnings(&self) -> Vec<DisplayNameWarning> {
        let (name, visible) = (|| self.0.clone(), words::visible(&self.0));
        let short = (self.0.chars().count() == 2).then(|| DisplayNameWarning::Short { name: name() });
        let no_letter = (!words::any(&visible)).then(|| DisplayNameWarning::NoLetter { name: name() });
        let addresses =
            words::web_address_like(&visible).map(|word| DisplayNameWarning::WebAddressLike { word: word.to_owned() });
        let brands = words::whole(&visible, PERHAPS_META)
            .map(|word| DisplayNameWarning::PerhapsMetaBrand { word: word.to_owned() });
        let promotions = words::percentages(&visible)
            .chain(words::whole(&visible, PROMOTIONS))
            .map(|word| DisplayNameWarning::Promotional { word: word.to_owned() });
        short.into_iter().chain(no_letter).chain(addresses).chain(brands).chain(promotions).collect()
    }

    /// Judges a name before it is submitted.
    ///
    /// It never answers *approved*: only Meta approves a name, after its review. Of the names that Meta gives as
    /// unacceptable these cannot be told from their text: generic terms (`Fashion`, `Juice`), places (`New York`, while
    /// `… Service New York` is accepted), names with no tie to the brand or between two brands (`Tom Ford Nike`), goods that
    /// WhatsApp does not allow (`… Guns department`), and names that no other source knows (`Digital Cloud Solutions`).
    #[must_use]
    pub fn judge(text: &str) -> Judgement {
        match Self::new(text) {
            Err(error) => Judgement::Refused(error),
            Ok(name) => match name.warnings() {
                warnings if warnings.is_empty() => Judgement::MetaDecides,
                warnings => Judgement::Warned(warnings),
            },
        }
    }
}

impl fmt::Display for DisplayName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for DisplayName {
    type Err = DisplayNameError;

    fn from_str(text: &str) -> Result<Self, DisplayNameError> {
        Self::new(text)
    }
}

impl Serialize for DisplayName {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for DisplayName {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::new(&String::deserialize(deserializer)?).map_err(serde::de::Error::custom)
    }
}

impl Serialize for DisplayNameError {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let (code, rule, limit) = (self.code(), self.rule(), self.limit());
        Told { code, rule, limit, given: self.given(), message: self.to_string() }.serialize(serializer)
    }
}

impl Serialize for DisplayNameWarning {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let (code, rule) = (self.code(), Rule::OnboardingDetailsWhole);
        Told { code, rule, limit: None, given: self.given(), message: self.to_string() }.serialize(serializer)
    }
}

#[cfg(feature = "schemars")]
mod schema {
    use std::borrow::Cow;

    use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};

    use super::{DisplayName, DisplayNameError, DisplayNameWarning, Told};

    impl JsonSchema for DisplayName {
        fn schema_name() -> Cow<'static, str> {
            "DisplayName".into()
        }

        fn json_schema(_: &mut SchemaGenerator) -> Schema {
            json_schema!({ "type": "string", "minLength": 2, "maxLength": 75 })
        }
    }

    impl JsonSchema for DisplayNameError {
        fn schema_name() -> Cow<'static, str> {
            "DisplayNameError".into()
        }

        fn json_schema(generator: &mut SchemaGenerator) -> Schema {
            Told::json_schema(generator)
        }
    }

    impl JsonSchema for DisplayNameWarning {
        fn schema_name() -> Cow<'static, str> {
            "DisplayNameWarning".into()
        }

        fn json_schema(generator: &mut SchemaGenerator) -> Schema {
            Told::json_schema(generator)
        }
    }
}
