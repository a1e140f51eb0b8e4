//! The draft of a template.

use serde::{Deserialize, Serialize};

use super::read::read;
use super::{Definition, Header};
use crate::form::{Faults, Part};

/// A template as it comes from outside, in the form of Meta's API: any JSON may stand in any part, and
/// [`DefinitionDraft::check`] tells everything that is wrong with it (`template.components`).
///
/// It is read from JSON, or put together part by part. Members that no rule knows are left alone.
///
/// ```
/// use whatsapp_inbox::template::DefinitionDraft;
///
/// let draft: DefinitionDraft = serde_json::from_str(
///     r#"{ "name": "Order ready", "language": "en_US", "category": "UTILITY", "components": [
///         { "type": "BODY", "text": "Hello {{1}}, order {{3}} is ready.", "example": { "body_text": [["Ana"]] } },
///         { "type": "FOOTER", "text": 7 }
///     ] }"#,
/// )?;
/// let faults = draft.check().unwrap_err();
/// let found: Vec<_> = faults.as_slice().iter().map(|fault| (fault.pointer.as_str(), fault.code)).collect();
/// assert_eq!(
///     found,
///     [
///         ("/name", "template-name-character"),
///         ("/components/0/text", "template-placeholder-order"),
///         ("/components/0/example/body_text/0/1", "template-sample-missing"),
///         ("/components/1/text", "wrong-type"),
///     ]
/// );
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(transparent)]
pub struct DefinitionDraft(Part);

impl DefinitionDraft {
    /// A template with this key and category, which has no parts yet. Its placeholders are numbered.
    #[must_use]
    pub fn new(name: &str, language: &str, category: &str) -> Self {
        Self(Part::object([("name", name.into()), ("language", language.into()), ("category", category.into())]))
    }

    /// The template, if every part of it is sound (`template.name`, `template.language`, `template.components`,
    /// `template.placeholders`, `template.buttons`).
    ///
    /// # Errors
    ///
    /// Every fault there is, each with its JSON pointer, code and limit, and what was given.
    pub fn check(&self) -> Result<Definition, Faults> {
        let mut faults = Vec::new();
        let definition = read(&self.0, &mut faults);
        Faults::none_or(faults, definition)
    }

    /// The template as Meta tells it of one that it holds, whatever the rules for new ones say; nothing where it has no name,
    /// language, category or body.
    #[must_use]
    pub fn from_meta(&self) -> Option<Definition> {
        read(&self.0, &mut Vec::new())
    }

    /// The same, with this body and a sample for each of its numbered placeholders.
    #[must_use]
    pub fn body<const N: usize>(self, text: &str, samples: [&str; N]) -> Self {
        let samples: Part = samples.into_iter().map(Part::from).collect();
        self.with(body(text, ("body_text", Part::List(vec![samples]))))
    }

    /// The same, with this body and a sample for each of its named placeholders. From then on placeholders are named.
    #[must_use]
    pub fn named_body<const N: usize>(mut self, text: &str, samples: [(&str, &str); N]) -> Self {
        if let Part::Object(members) = &mut self.0 {
            members.push(("parameter_format".to_owned(), "NAMED".into()));
        }
        let named = |(name, sample)| named(name, sample);
        self.with(body(text, ("body_text_named_params", samples.into_iter().map(named).collect())))
    }

    /// The same, with this line above the text and a sample for its numbered placeholder.
    #[must_use]
    pub fn header<const N: usize>(self, text: &str, samples: [&str; N]) -> Self {
        let example = Part::object([("header_text", samples.into_iter().map(Part::from).collect())]);
        self.with(Part::object([
            ("type", "HEADER".into()),
            ("format", "TEXT".into()),
            ("text", text.into()),
            ("example", example),
        ]))
    }

    /// The same, with a header of another format (`IMAGE`, `VIDEO`, `DOCUMENT`) and a sample of it by its handle at Meta.
    #[must_use]
    pub fn media_header(self, format: &str, handle: &str) -> Self {
        let example = Part::object([("header_handle", Part::List(vec![handle.into()]))]);
        self.with(Part::object([("type", "HEADER".into()), ("format", format.into()), ("example", example)]))
    }

    /// The same, with a place on the map above the text.
    #[must_use]
    pub fn location_header(self) -> Self {
        self.with(Part::object([("type", "HEADER".into()), ("format", "LOCATION".into())]))
    }

    /// The same, with this line below the text.
    #[must_use]
    pub fn footer(self, text: &str) -> Self {
        self.with(Part::object([("type", "FOOTER".into()), ("text", text.into())]))
    }

    /// The same, with a button that answers.
    #[must_use]
    pub fn quick_reply(self, label: &str) -> Self {
        self.with_button(Part::object([("type", "QUICK_REPLY".into()), ("text", label.into())]))
    }

    /// The same, with a button that opens an address, and a sample for the placeholder at its end if it has one.
    #[must_use]
    pub fn url<const N: usize>(self, label: &str, url: &str, samples: [&str; N]) -> Self {
        let example = if N == 0 { Part::Absent } else { samples.into_iter().map(Part::from).collect() };
        self.with_button(Part::object([
            ("type", "URL".into()),
            ("text", label.into()),
            ("url", url.into()),
            ("example", example),
        ]))
    }

    /// The same, with a button that calls a number.
    #[must_use]
    pub fn phone_number(self, label: &str, number: &str) -> Self {
        let members = [("type", "PHONE_NUMBER".into()), ("text", label.into()), ("phone_number", number.into())];
        self.with_button(Part::object(members))
    }

    /// The same, with a button that copies a code, and a sample of the code.
    #[must_use]
    pub fn copy_code(self, sample: &str) -> Self {
        self.with_button(Part::object([("type", "COPY_CODE".into()), ("example", sample.into())]))
    }

    /// The same, with a button that takes a one-time code over (`COPY_CODE`, `ONE_TAP`, `ZERO_TAP`).
    #[must_use]
    pub fn one_time_code(self, how: &str) -> Self {
        self.with_button(Part::object([("type", "OTP".into()), ("otp_type", how.into())]))
    }

    /// The same, with one more component in the form of Meta's API.
    #[must_use]
    pub fn with(mut self, component: Part) -> Self {
        self.0.push("components", component);
        self
    }

    fn with_button(mut self, button: Part) -> Self {
        if let Part::Object(members) = &mut self.0 {
            for (name, part) in members {
                let Part::List(components) = part else { continue };
                let buttons = components.iter_mut().find(|part| part.member("type").text() == Some("BUTTONS"));
                if let (Some(buttons), "components") = (buttons, name.as_str()) {
                    buttons.push("buttons", button);
                    return self;
                }
            }
        }
        let buttons = Part::object([("type", "BUTTONS".into()), ("buttons", Part::List(vec![button]))]);
        self.with(buttons)
    }
}

fn body(text: &str, example: (&str, Part)) -> Part {
    Part::object([("type", "BODY".into()), ("text", text.into()), ("example", Part::object([example]))])
}

/// A sample by the name of its placeholder.
pub(super) fn named(name: &str, sample: &str) -> Part {
    Part::object([("param_name", name.into()), ("example", sample.into())])
}

impl From<&Definition> for DefinitionDraft {
    fn from(definition: &Definition) -> Self {
        Self(definition.written())
    }
}

impl Header {
    /// The format, in Meta's word.
    pub(super) fn format(&self) -> &str {
        match self {
            Self::Text(_) => "TEXT",
            Self::Media { format, .. } => format.as_str(),
            Self::Location => "LOCATION",
        }
    }
}
