//! What a template looks like: its parts, what may stand in them, and the draft they are read from.

mod buttons;
mod draft;
mod error;
mod language;
mod read;
mod wording;
mod written;

use crate::rule::{Explain, Limit, Rule};
use crate::whatsapp::{HeaderFormat, ParameterFormat, TemplateCategory, TemplateKey};

pub use buttons::Button;
pub(super) use buttons::URL;
pub use draft::DefinitionDraft;
pub use error::{DefinitionError, OnlyCodes};
pub use language::languages;
pub(super) use read::{BODY, HEADER, PARAMETER_OF_CODES};
pub use wording::{Placeholder, Wording};
pub(super) use written::recorded;

/// A message template as it is handed in: key, category, and its parts within Meta's limits (`template.name`,
/// `template.components`, `template.placeholders`, `template.buttons`).
///
/// It is read from a [`DefinitionDraft`], which reports every fault at once, and its JSON is what Meta's API takes. What no rule
/// here knows (the time to live, tracking of links) is not kept.
///
/// ```
/// use whatsapp_inbox::template::{Definition, DefinitionDraft, Parameters};
///
/// let definition: Definition = DefinitionDraft::new("order_ready", "en_US", "UTILITY")
///     .body("Hello {{1}}, order {{2}} is ready.", ["Ana", "A7"])
///     .check()?;
/// let rendered = definition.render(&Parameters::new().body("1", "Ben").body("2", "B12"))?;
/// assert_eq!(rendered.body, "Hello Ben, order B12 is ready.");
/// # Ok::<(), whatsapp_inbox::form::Faults>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Definition {
    key: TemplateKey,
    category: TemplateCategory,
    format: ParameterFormat,
    header: Option<Header>,
    body: Wording,
    footer: Option<Box<str>>,
    buttons: Vec<Button>,
}

/// What stands above the text of a template.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Header {
    /// A line of text with at most one placeholder.
    Text(Wording),
    /// A picture, a film or a file, with a sample as Meta knows it (its handle).
    Media {
        /// Which of them.
        format: HeaderFormat,
        /// The sample.
        sample: Box<str>,
    },
    /// A place on the map.
    Location,
}

/// What is allowed in a template and will perhaps not do.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DefinitionWarning {
    /// Meta does not list the language (`template.language`).
    #[error("Meta lists no templates in the language `{given}`")]
    UnlistedLanguage {
        /// The code that was given.
        given: String,
    },
    /// One of Meta's specifications sets a lower limit on labels (`template.buttons`).
    #[error("one of Meta's pages allows a label {limit}, and this one has {characters}")]
    LongLabel {
        /// Which button, from 0.
        button: usize,
        /// The lower limit.
        limit: Limit,
        /// How many characters it has.
        characters: usize,
    },
    /// Few words for many placeholders: Meta may turn it down (error 2388293). It publishes no figure, so this one is ours: fewer
    /// than two words for each placeholder.
    #[error("Meta may find {words} words too few for {placeholders} placeholders")]
    FewWords {
        /// How many placeholders the body has.
        placeholders: usize,
        /// How many words it has beside them.
        words: usize,
    },
}

impl Explain for DefinitionWarning {
    fn code(&self) -> &'static str {
        match self {
            Self::UnlistedLanguage { .. } => "template-language-unlisted",
            Self::LongLabel { .. } => "template-label-long",
            Self::FewWords { .. } => "template-few-words",
        }
    }

    fn rule(&self) -> Rule {
        match self {
            Self::UnlistedLanguage { .. } => Rule::TemplateLanguage,
            Self::LongLabel { .. } => Rule::TemplateButtons,
            Self::FewWords { .. } => Rule::TemplatePlaceholders,
        }
    }

    fn limit(&self) -> Option<Limit> {
        match self {
            Self::LongLabel { limit, .. } => Some(*limit),
            _ => None,
        }
    }
}

/// What another of Meta's pages says of labels.
const SHORT_LABEL: Limit = Limit::new(1, 20, "characters");

impl Definition {
    /// Name and language, which together are the key (`template.name`).
    #[must_use]
    pub const fn key(&self) -> &TemplateKey {
        &self.key
    }

    /// What it is for.
    #[must_use]
    pub const fn category(&self) -> &TemplateCategory {
        &self.category
    }

    /// How its placeholders are written.
    #[must_use]
    pub const fn parameter_format(&self) -> &ParameterFormat {
        &self.format
    }

    /// What stands above the text.
    #[must_use]
    pub const fn header(&self) -> Option<&Header> {
        self.header.as_ref()
    }

    /// The text.
    #[must_use]
    pub const fn body(&self) -> &Wording {
        &self.body
    }

    /// What stands below the text.
    #[must_use]
    pub fn footer(&self) -> Option<&str> {
        self.footer.as_deref()
    }

    /// What can be tapped.
    #[must_use]
    pub fn buttons(&self) -> &[Button] {
        &self.buttons
    }

    /// Whether another template says the same: same body and same footer. Meta turns the second down, unless it is for one-time
    /// codes.
    #[must_use]
    pub fn says_the_same_as(&self, other: &Self) -> bool {
        let codes = self.category == TemplateCategory::Authentication;
        !codes && self.body.as_str() == other.body.as_str() && self.footer == other.footer
    }

    /// What is allowed and will perhaps not do.
    #[must_use]
    pub fn lint(&self) -> Vec<DefinitionWarning> {
        let mut warnings = Vec::new();
        let language = self.key.language();
        if !languages().contains(&language) {
            warnings.push(DefinitionWarning::UnlistedLanguage { given: language.to_owned() });
        }
        let placeholders = self.body.placeholders().len();
        let words = self.body.filled(|_| None).split_whitespace().filter(|word| has_letter(word)).count();
        if words < placeholders.saturating_mul(2) {
            warnings.push(DefinitionWarning::FewWords { placeholders, words });
        }
        for (button, label) in self.buttons.iter().enumerate().filter_map(|(at, button)| Some((at, button.label()?))) {
            let characters = label.chars().count();
            if characters > 20 {
                warnings.push(DefinitionWarning::LongLabel { button, limit: SHORT_LABEL, characters });
            }
        }
        warnings
    }
}

fn has_letter(word: &str) -> bool {
    word.chars().any(char::is_alphanumeric)
}
