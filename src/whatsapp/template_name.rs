//! The key of a message template.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::rule::{Explain, Limit, Rule};

const NAME: Limit = Limit::new(1, 512, "characters");

/// What names a message template: its name and its language together (`template.name`).
///
/// Meta's deliveries may tell of names that break the rule for new ones, so a key that was read from them is not checked.
///
/// ```
/// use whatsapp_inbox::whatsapp::TemplateKey;
///
/// let key = TemplateKey::new("loaf_ready", "en-US")?;
/// assert_eq!(key.to_string(), "loaf_ready (en_US)");
/// # Ok::<(), whatsapp_inbox::whatsapp::TemplateKeyError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
pub struct TemplateKey {
    name: String,
    language: String,
}

/// Why something is no key of a template.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TemplateKeyError {
    /// The name has another length.
    #[error("a template's name has {NAME}, and this one has {characters}")]
    NameLength {
        /// How many characters were given.
        characters: usize,
    },
    /// The name has another character.
    #[error("a template's name is lower-case ASCII letters, digits and underscores, and `{given}` has {character:?}")]
    NameCharacter {
        /// The first such character.
        character: char,
        /// What was given.
        given: String,
    },
    /// The language is no code.
    #[error("a template's language is a code like en_US, not `{given}`")]
    Language {
        /// What was given.
        given: String,
    },
}

impl Explain for TemplateKeyError {
    fn code(&self) -> &'static str {
        match self {
            Self::NameLength { .. } => "template-name-length",
            Self::NameCharacter { .. } => "template-name-character",
            Self::Language { .. } => "template-language",
        }
    }

    fn rule(&self) -> Rule {
        match self {
            Self::NameLength { .. } | Self::NameCharacter { .. } => Rule::TemplateName,
            Self::Language { .. } => Rule::TemplateLanguage,
        }
    }

    fn limit(&self) -> Option<Limit> {
        matches!(self, Self::NameLength { .. }).then_some(NAME)
    }
}

impl TemplateKey {
    /// The key of a template that is handed in. A hyphen in the language is read as an underscore.
    ///
    /// # Errors
    ///
    /// A [`TemplateKeyError`] where the name has not 1 to 512 lower-case ASCII letters, digits and underscores, or the
    /// language is not made of ASCII letters and underscores.
    pub fn new(name: &str, language: &str) -> Result<Self, TemplateKeyError> {
        let characters = name.chars().count();
        if !(1..=512).contains(&characters) {
            return Err(TemplateKeyError::NameLength { characters });
        }
        let allowed = |character: &char| matches!(character, 'a'..='z' | '0'..='9' | '_');
        if let Some(character) = name.chars().find(|character| !allowed(character)) {
            return Err(TemplateKeyError::NameCharacter { character, given: name.to_owned() });
        }
        let key = Self::from_meta(name, language);
        let code = |byte: u8| byte.is_ascii_alphabetic() || byte == b'_';
        if !(2..=16).contains(&key.language.len()) || !key.language.bytes().all(code) {
            return Err(TemplateKeyError::Language { given: language.to_owned() });
        }
        Ok(key)
    }

    /// The key of a template as Meta tells it, whatever it looks like. A hyphen in the language is read as an underscore.
    #[must_use]
    pub fn from_meta(name: &str, language: &str) -> Self {
        Self { name: name.to_owned(), language: language.replace('-', "_") }
    }

    /// The name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The language's code, such as `en_US`.
    #[must_use]
    pub fn language(&self) -> &str {
        &self.language
    }
}

impl fmt::Display for TemplateKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", self.name, self.language)
    }
}
