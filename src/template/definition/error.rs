//! What can be wrong with a template that is handed in.

use crate::rule::{Explain, Limit, Rule};
use crate::whatsapp::{ButtonKind, ParameterFormat};

/// What can be wrong with a template. [`DefinitionDraft::check`](super::DefinitionDraft::check) tells each as a
/// [`Fault`](crate::form::Fault) at its place.
///
#[doc = include_str!("faults.md")]
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DefinitionError {
    /// The draft is no object.
    #[error("a template is an object with name, language, category and components")]
    Shape,
    /// A list or an object is something else.
    #[error("this must be {wanted}")]
    PartShape {
        /// What it must be.
        wanted: &'static str,
        /// The rule that asks for it.
        rule: Rule,
    },
    /// The category is none that a template can be handed in with.
    #[error("a template's category is AUTHENTICATION, MARKETING or UTILITY, not `{given}`")]
    Category {
        /// What was given.
        given: String,
    },
    /// The placeholders are said to be neither numbered nor named.
    #[error("the placeholders of a template are POSITIONAL or NAMED, not `{given}`")]
    ParameterFormat {
        /// What was given.
        given: String,
    },
    /// A component of another kind.
    #[error("a template is made of HEADER, BODY, FOOTER and BUTTONS, and has no `{given}`")]
    Component {
        /// What was given.
        given: String,
    },
    /// A component that is there already.
    #[error("a template has {limit}, and this is another")]
    Again {
        /// What is allowed.
        limit: Limit,
    },
    /// There is no body.
    #[error("a template has one body, and this one has none")]
    NoBody,
    /// A text is too short or too long.
    #[error("{part} has {limit}, and this one has {characters}")]
    Length {
        /// The part, in words.
        part: &'static str,
        /// What is allowed.
        limit: Limit,
        /// How many characters (Unicode scalar values) it has.
        characters: usize,
        /// The rule that sets the limit.
        rule: Rule,
    },
    /// The header is of another kind.
    #[error("a header is TEXT, IMAGE, VIDEO, DOCUMENT or LOCATION, not `{given}`")]
    HeaderFormat {
        /// What was given.
        given: String,
    },
    /// The header's text is set in bold, italic, struck through or as code.
    #[error("a header has no formatting, and this one has {marker:?} around a part of it")]
    HeaderFormatting {
        /// The character around it.
        marker: char,
    },
    /// A control character or a line break where there may be none.
    #[error("{part} has no line breaks and no control characters, and this one has {character:?}")]
    Character {
        /// The part, in words.
        part: &'static str,
        /// The first such character.
        character: char,
    },
    /// Too many placeholders.
    #[error("{part} has {limit}, and this one has {found}")]
    PlaceholderCount {
        /// The part, in words.
        part: &'static str,
        /// What is allowed.
        limit: Limit,
        /// How many there are.
        found: usize,
    },
    /// Braces that do not match.
    #[error("a placeholder stands between {{{{ and }}}}, and here they do not match")]
    Braces,
    /// Between the braces stands something else than the format says.
    #[error("{} are written like {}, not like {{{{{given}}}}}", placeholders(.format), sample(.format))]
    Placeholder {
        /// What stands between the braces.
        given: String,
        /// What the format says.
        format: ParameterFormat,
    },
    /// A number that is not the next one.
    #[error("placeholders are numbered from 1 without gaps: here {{{{{expected}}}}} comes next, not {{{{{given}}}}}")]
    PlaceholderOrder {
        /// What stands between the braces.
        given: String,
        /// The number that comes next.
        expected: usize,
    },
    /// A name that is there already.
    #[error("the name of a placeholder stands once in a text, and {{{{{given}}}}} is there twice")]
    PlaceholderTwice {
        /// The name.
        given: String,
    },
    /// The text begins with a placeholder.
    #[error("a text does not begin with a placeholder, and this one begins with {{{{{given}}}}}")]
    PlaceholderFirst {
        /// Which.
        given: String,
    },
    /// The text ends with a placeholder.
    #[error("a text does not end with a placeholder, and this one ends with {{{{{given}}}}}")]
    PlaceholderLast {
        /// Which.
        given: String,
    },
    /// Nothing stands between two placeholders.
    #[error("placeholders do not stand side by side, and {{{{{given}}}}} follows another at once")]
    PlaceholdersTouch {
        /// The second of the two.
        given: String,
    },
    /// A placeholder or a header of media without a sample.
    #[error("{of} has a sample, and here there is none")]
    SampleMissing {
        /// What it is for, in words.
        of: String,
    },
    /// A sample for a placeholder that there is not.
    #[error("there is no placeholder for this sample")]
    SampleStray,
    /// Too many buttons.
    #[error("a template has {limit}, and this one has {found}")]
    ButtonCount {
        /// What is allowed.
        limit: Limit,
        /// How many there are.
        found: usize,
    },
    /// Quick replies are not together, or the others are not.
    #[error("quick replies stand together and the other buttons stand together, and here they are mixed")]
    ButtonsMixed,
    /// A button of another kind.
    #[error("a button is QUICK_REPLY, URL, PHONE_NUMBER, COPY_CODE or OTP, not `{given}`")]
    ButtonKind {
        /// What was given.
        given: String,
    },
    /// The address of a button is none.
    #[error("a button's address is https:// or http:// with a host after it, without spaces")]
    Url,
    /// The placeholder in an address stands elsewhere than at the end.
    #[error("the placeholder of an address stands at its end")]
    UrlPlaceholder,
    /// Something that an authentication template may not have, or only it may.
    #[error("{0}")]
    Authentication(OnlyCodes),
}

/// What tells an authentication template from the others (`template.components`, `template.buttons`).
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum OnlyCodes {
    /// A web address in its text.
    #[error("an authentication template has no web address, and this text has one")]
    Address,
    /// An emoji in its text.
    #[error("an authentication template has no emoji, and this text has {character:?}")]
    Emoji {
        /// The first one.
        character: char,
    },
    /// A header of media.
    #[error("an authentication template has no picture, film or file")]
    Media,
    /// A button of another kind.
    #[error("the buttons of an authentication template are OTP, not {kind}")]
    Button {
        /// Its kind.
        kind: ButtonKind,
    },
    /// A button for one-time codes in a template that is not for them.
    #[error("only an authentication template has an OTP button")]
    OneTimeCode,
}

const fn placeholders(format: &ParameterFormat) -> &'static str {
    match format {
        ParameterFormat::Named => "named placeholders",
        _ => "numbered placeholders",
    }
}

const fn sample(format: &ParameterFormat) -> &'static str {
    match format {
        ParameterFormat::Named => "{{order_number}}, in lower-case ASCII letters and underscores",
        _ => "{{1}}",
    }
}

impl Explain for DefinitionError {
    fn code(&self) -> &'static str {
        match self {
            Self::Shape | Self::PartShape { .. } => "template-shape",
            Self::Category { .. } => "template-category",
            Self::ParameterFormat { .. } => "template-parameter-format",
            Self::Component { .. } => "template-component",
            Self::Again { .. } => "template-component-again",
            Self::NoBody => "template-no-body",
            Self::Length { .. } => "template-length",
            Self::HeaderFormat { .. } => "template-header-format",
            Self::HeaderFormatting { .. } => "template-header-formatting",
            Self::Character { .. } => "template-character",
            Self::PlaceholderCount { .. } => "template-placeholder-count",
            Self::Braces => "template-braces",
            Self::Placeholder { .. } => "template-placeholder",
            Self::PlaceholderOrder { .. } => "template-placeholder-order",
            Self::PlaceholderTwice { .. } => "template-placeholder-twice",
            Self::PlaceholderFirst { .. } => "template-placeholder-first",
            Self::PlaceholderLast { .. } => "template-placeholder-last",
            Self::PlaceholdersTouch { .. } => "template-placeholders-touch",
            Self::SampleMissing { .. } => "template-sample-missing",
            Self::SampleStray => "template-sample-stray",
            Self::ButtonCount { .. } => "template-button-count",
            Self::ButtonsMixed => "template-buttons-mixed",
            Self::ButtonKind { .. } => "template-button-kind",
            Self::Url => "template-url",
            Self::UrlPlaceholder => "template-url-placeholder",
            Self::Authentication(_) => "template-authentication",
        }
    }

    fn rule(&self) -> Rule {
        match self {
            Self::PartShape { rule, .. } | Self::Length { rule, .. } => *rule,
            Self::ButtonCount { .. }
            | Self::ButtonsMixed
            | Self::ButtonKind { .. }
            | Self::Url
            | Self::UrlPlaceholder
            | Self::Authentication(OnlyCodes::Button { .. } | OnlyCodes::OneTimeCode) => Rule::TemplateButtons,
            Self::ParameterFormat { .. }
            | Self::PlaceholderCount { .. }
            | Self::Braces
            | Self::Placeholder { .. }
            | Self::PlaceholderOrder { .. }
            | Self::PlaceholderTwice { .. }
            | Self::PlaceholderFirst { .. }
            | Self::PlaceholderLast { .. }
            | Self::PlaceholdersTouch { .. }
            | Self::SampleMissing { .. }
            | Self::SampleStray => Rule::TemplatePlaceholders,
            _ => Rule::TemplateComponents,
        }
    }

    fn limit(&self) -> Option<Limit> {
        match self {
            Self::Again { limit }
            | Self::Length { limit, .. }
            | Self::PlaceholderCount { limit, .. }
            | Self::ButtonCount { limit, .. } => Some(*limit),
            _ => None,
        }
    }
}
