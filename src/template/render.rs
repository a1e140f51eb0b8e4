//! Filling in the parameters of a template.

use std::fmt;

use super::definition::{BODY, HEADER, PARAMETER_OF_CODES, URL};
use super::{Button, Definition, Header, Wording};
use crate::form::{Fault, Faults, Part, Place};
use crate::rule::{Explain, Limit, Rule};
use crate::whatsapp::{HeaderFormat, TemplateCategory};

/// What is filled into the placeholders of a template (`template.render`).
///
/// A placeholder goes by its name, which for a numbered one is its number.
///
/// ```
/// use whatsapp_inbox::template::Parameters;
///
/// let parameters = Parameters::new().header("1", "A7").body("1", "Ana").body("2", "A7").button(0, "a7");
/// assert_eq!(parameters, Parameters::numbered(["Ana", "A7"]).header("1", "A7").button(0, "a7"));
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct Parameters<'a> {
    header: Vec<(&'a str, &'a str)>,
    media: Option<&'a str>,
    body: Vec<(&'a str, &'a str)>,
    buttons: Vec<(usize, &'a str)>,
}

/// The numbers of placeholders as they are written. A body of 1,024 characters has room for no more.
const NUMBERS: [&str; 20] =
    ["1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12", "13", "14", "15", "16", "17", "18", "19", "20"];

impl<'a> Parameters<'a> {
    /// No parameters.
    #[must_use]
    pub const fn new() -> Self {
        Self { header: Vec::new(), media: None, body: Vec::new(), buttons: Vec::new() }
    }

    /// Parameters for the numbered placeholders of the body, in order; at most 20, more go by [`Parameters::body`].
    #[must_use]
    pub fn numbered(values: impl IntoIterator<Item = &'a str>) -> Self {
        Self { body: NUMBERS.into_iter().zip(values).collect(), ..Self::new() }
    }

    /// The samples that the template was handed in with: what Meta's reviewers saw.
    #[must_use]
    pub fn samples(definition: &'a Definition) -> Self {
        let all = |wording: &'a Wording| wording.placeholders().map(|one| (one.name, one.sample)).collect();
        let mut samples = Self { body: all(definition.body()), ..Self::new() };
        match definition.header() {
            Some(Header::Text(wording)) => samples.header = all(wording),
            Some(Header::Media { sample, .. }) => samples.media = Some(sample),
            Some(Header::Location) => samples.media = Some("the place"),
            None => {}
        }
        for (index, button) in definition.buttons().iter().enumerate() {
            let sample = match button {
                Button::Url { url, .. } => url.sample_of_end(),
                Button::CopyCode { sample } => Some(&**sample),
                _ => None,
            };
            samples.buttons.extend(sample.map(|sample| (index, sample)));
        }
        samples
    }

    /// The same, with this in a placeholder of the header's text.
    #[must_use]
    pub fn header(mut self, name: &'a str, value: &'a str) -> Self {
        self.header.push((name, value));
        self
    }

    /// The same, with this picture, film, file or place in the header: a reference that the caller's transport understands.
    #[must_use]
    pub const fn media(mut self, reference: &'a str) -> Self {
        self.media = Some(reference);
        self
    }

    /// The same, with this in a placeholder of the body.
    #[must_use]
    pub fn body(mut self, name: &'a str, value: &'a str) -> Self {
        self.body.push((name, value));
        self
    }

    /// The same, with this for a button, counted from 0: the end of its address, or the code that it copies.
    #[must_use]
    pub fn button(mut self, index: usize, value: &'a str) -> Self {
        self.buttons.push((index, value));
        self
    }
}

/// A template with its parameters filled in: what the customer will see.
#[derive(Debug, Clone, PartialEq, Eq, Hash, serde::Serialize)]
#[non_exhaustive]
pub struct Rendered {
    /// What stands above the text.
    pub header: Option<RenderedHeader>,
    /// The text.
    pub body: String,
    /// What stands below the text.
    pub footer: Option<String>,
    /// What can be tapped, in order.
    pub buttons: Vec<RenderedButton>,
}

/// What stands above the text of a rendered template.
#[derive(Debug, Clone, PartialEq, Eq, Hash, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum RenderedHeader {
    /// A line of text.
    Text(String),
    /// A picture, film, file or place.
    Media {
        /// Which of them.
        format: HeaderFormat,
        /// The reference that was given.
        reference: String,
    },
}

/// A button of a rendered template.
#[derive(Debug, Clone, PartialEq, Eq, Hash, serde::Serialize)]
#[non_exhaustive]
pub struct RenderedButton {
    /// What stands on it, where that is not left to Meta.
    pub label: Option<String>,
    /// The address that it opens, the number that it calls, or the code that it copies.
    pub target: Option<String>,
}

/// What can be wrong with the parameters of a template. [`Definition::render`] tells each as a [`Fault`] at its place:
/// `/body/1`, `/header/1`, `/buttons/0`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RenderError {
    /// A parameter is not there, or empty.
    #[error("the parameter `{name}` of {part} is missing")]
    Missing {
        /// What it is for, in words.
        part: &'static str,
        /// Its name.
        name: String,
    },
    /// A parameter that the template has no placeholder for.
    #[error("{part} has no placeholder `{name}`")]
    Stray {
        /// What it was given for, in words.
        part: &'static str,
        /// The name that was given.
        name: String,
    },
    /// A parameter is too long by itself.
    #[error("the parameter `{name}` of {part} has {limit}, and this one has {characters}")]
    TooLong {
        /// What it is for, in words.
        part: &'static str,
        /// Its name.
        name: String,
        /// What is allowed.
        limit: Limit,
        /// How many characters (Unicode scalar values) it has.
        characters: usize,
    },
    /// A text that is too long once it is filled in. It is told at the longest parameter.
    #[error("filled in, {part} has {limit}, and this one has {characters}: the longest parameter is `{name}`")]
    FilledTooLong {
        /// The part, in words.
        part: &'static str,
        /// The name of its longest parameter.
        name: String,
        /// What is allowed.
        limit: Limit,
        /// How many characters it has.
        characters: usize,
    },
}

impl Explain for RenderError {
    fn code(&self) -> &'static str {
        match self {
            Self::Missing { .. } => "parameter-missing",
            Self::Stray { .. } => "parameter-stray",
            Self::TooLong { .. } => "parameter-length",
            Self::FilledTooLong { .. } => "filled-length",
        }
    }

    fn rule(&self) -> Rule {
        Rule::TemplateRender
    }

    fn limit(&self) -> Option<Limit> {
        match self {
            Self::TooLong { limit, .. } | Self::FilledTooLong { limit, .. } => Some(*limit),
            Self::Missing { .. } | Self::Stray { .. } => None,
        }
    }
}

impl Definition {
    /// The template with its parameters filled in (`template.render`).
    ///
    /// The limits on a text hold for what comes out as well (Meta's error 132005). In a template for one-time codes a parameter
    /// has at most 15 characters.
    ///
    /// # Errors
    ///
    /// Every parameter that is missing, too long, or that no placeholder asks for, as a fault whose pointer names the part and
    /// the parameter: `/body/2`, `/header/1`, `/header` for media, `/buttons/0`.
    pub fn render(&self, parameters: &Parameters<'_>) -> Result<Rendered, Faults> {
        let mut filling = Filling { codes: *self.category() == TemplateCategory::Authentication, faults: Vec::new() };
        let header = filling.header(self.header(), parameters);
        let body = filling.text("body", "the body", self.body(), &parameters.body, BODY);
        let buttons = filling.buttons(self.buttons(), &parameters.buttons);
        let rendered = Rendered { header, body, footer: self.footer().map(str::to_owned), buttons };
        Faults::none_or(filling.faults, Some(rendered))
    }
}

struct Filling {
    codes: bool,
    faults: Vec<Fault>,
}

impl Filling {
    fn fault(&mut self, place: &Place<'_>, error: &RenderError, given: Option<&str>) {
        self.faults.push(place.fault(error, &given.map_or(Part::Absent, Part::from)));
    }

    fn header(&mut self, header: Option<&Header>, parameters: &Parameters<'_>) -> Option<RenderedHeader> {
        let place = Place::Member(&Place::Whole, "header");
        let media = |format: &HeaderFormat, filling: &mut Self| {
            let reference = parameters.media.filter(|reference| !reference.trim().is_empty());
            if reference.is_none() {
                let name = format.as_str().to_owned();
                filling.fault(&place, &RenderError::Missing { part: "the header", name }, parameters.media);
            }
            let reference = reference.unwrap_or_default().to_owned();
            RenderedHeader::Media { format: format.clone(), reference }
        };
        let rendered = match header {
            Some(Header::Text(wording)) => {
                let text = self.text("header", "the header", wording, &parameters.header, HEADER);
                return self.no_media(parameters).then_some(RenderedHeader::Text(text));
            }
            Some(Header::Media { format, .. }) => Some(media(format, self)),
            Some(Header::Location) => Some(media(&HeaderFormat::Location, self)),
            None => {
                self.no_media(parameters);
                None
            }
        };
        for (name, value) in &parameters.header {
            let error = RenderError::Stray { part: "the header", name: (*name).to_owned() };
            self.fault(&place.member(name), &error, Some(value));
        }
        rendered
    }

    /// Whether no media was given; where it was, there is no place for it.
    fn no_media(&mut self, parameters: &Parameters<'_>) -> bool {
        let Some(reference) = parameters.media else { return true };
        let error = RenderError::Stray { part: "the header", name: "media".to_owned() };
        self.fault(&Place::Member(&Place::Whole, "header"), &error, Some(reference));
        false
    }

    fn text(
        &mut self,
        member: &'static str,
        part: &'static str,
        wording: &Wording,
        given: &[(&str, &str)],
        limit: Limit,
    ) -> String {
        let place = Place::Member(&Place::Whole, member);
        let value = |name: &str| given.iter().rev().find(|(named, _)| *named == name).map(|(_, value)| *value);
        for placeholder in wording.placeholders() {
            let (name, value) = (placeholder.name, value(placeholder.name));
            self.parameter(&place.member(name), part, name, value);
        }
        for (name, value) in given {
            if !wording.placeholders().any(|placeholder| placeholder.name == *name) {
                let error = RenderError::Stray { part, name: (*name).to_owned() };
                self.fault(&place.member(name), &error, Some(value));
            }
        }
        let filled = wording.filled(value);
        self.filled(&place, part, given.iter().copied(), &filled, limit);
        filled
    }

    fn parameter(&mut self, place: &Place<'_>, part: &'static str, name: &str, value: Option<&str>) {
        let name = || name.to_owned();
        let Some(text) = value.filter(|text| !text.trim().is_empty()) else {
            return self.fault(place, &RenderError::Missing { part, name: name() }, value);
        };
        if self.codes && over(text, PARAMETER_OF_CODES) {
            let characters = text.chars().count();
            let error = RenderError::TooLong { part, name: name(), limit: PARAMETER_OF_CODES, characters };
            self.fault(place, &error, value);
        }
    }

    /// Notes a text that has become too long, at its longest parameter.
    fn filled<'p>(
        &mut self,
        place: &Place<'_>,
        part: &'static str,
        given: impl Iterator<Item = (&'p str, &'p str)>,
        filled: &str,
        limit: Limit,
    ) {
        if !over(filled, limit) {
            return;
        }
        let characters = filled.chars().count();
        if let Some((name, value)) = given.max_by_key(|(_, value)| value.len()) {
            let error = RenderError::FilledTooLong { part, name: name.to_owned(), limit, characters };
            self.fault(&place.member(name), &error, Some(value));
        }
    }

    fn buttons(&mut self, buttons: &[Button], given: &[(usize, &str)]) -> Vec<RenderedButton> {
        let place = Place::Member(&Place::Whole, "buttons");
        let value = |index: usize| given.iter().rev().find(|(at, _)| *at == index).map(|(_, value)| *value);
        let takes = |button: &Button| match button {
            Button::Url { url, .. } => url.placeholders().len() > 0,
            Button::CopyCode { .. } => true,
            _ => false,
        };
        for (index, value) in given {
            if !buttons.get(*index).is_some_and(takes) {
                let error = RenderError::Stray { part: "the buttons", name: index.to_string() };
                self.fault(&place.item(*index), &error, Some(value));
            }
        }
        let each = buttons.iter().enumerate().map(|(index, button)| {
            let (at, value) = (place.item(index), value(index));
            let target = match button {
                Button::Url { url, .. } => {
                    if takes(button) {
                        self.parameter(&at, "a button", &index.to_string(), value);
                    }
                    let address = url.filled(|_| value);
                    if over(&address, URL) {
                        let (name, characters) = (index.to_string(), address.chars().count());
                        let error = RenderError::FilledTooLong { part: "a button", name, limit: URL, characters };
                        self.fault(&at, &error, value);
                    }
                    Some(address)
                }
                Button::CopyCode { .. } => {
                    self.parameter(&at, "a button", &index.to_string(), value);
                    if let Some(code) = value.filter(|code| over(code, PARAMETER_OF_CODES)) {
                        let (name, characters) = (index.to_string(), code.chars().count());
                        let limit = PARAMETER_OF_CODES;
                        self.fault(&at, &RenderError::TooLong { part: "a button", name, limit, characters }, value);
                    }
                    value.map(str::to_owned)
                }
                Button::PhoneNumber { phone_number, .. } => Some(phone_number.to_string()),
                _ => None,
            };
            RenderedButton { label: button.label().map(str::to_owned), target }
        });
        each.collect()
    }
}

/// Whether a text has more characters than it may. A text of no more bytes than that cannot.
fn over(text: &str, limit: Limit) -> bool {
    let most = usize::try_from(limit.max).unwrap_or(usize::MAX);
    text.len() > most && text.chars().count() > most
}

impl fmt::Display for Rendered {
    /// The texts one below the other, as a preview: header, body, footer, and the labels of the buttons in brackets.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.header {
            Some(RenderedHeader::Text(text)) => writeln!(f, "{text}")?,
            Some(RenderedHeader::Media { format, .. }) => writeln!(f, "[{format}]")?,
            None => {}
        }
        f.write_str(&self.body)?;
        if let Some(footer) = &self.footer {
            write!(f, "\n{footer}")?;
        }
        for label in self.buttons.iter().filter_map(|button| button.label.as_deref()) {
            write!(f, "\n[{label}]")?;
        }
        Ok(())
    }
}
