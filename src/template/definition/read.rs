//! Reading a template from its draft: every part by itself, so that every fault is told at once.

use super::buttons::read_buttons;
use super::{Definition, DefinitionError, Header, OnlyCodes, Wording};
use crate::form::{Fault, Part, Place};
use crate::rule::{Limit, Rule};
use crate::text::is_control;
use crate::whatsapp::{HeaderFormat, ParameterFormat, TemplateCategory, TemplateComponent, TemplateKey};

/// The most that a header of text may say, filled in or not.
pub(in crate::template) const HEADER: Limit = Limit::new(1, 60, "characters");
/// The most that a body may say, filled in or not.
pub(in crate::template) const BODY: Limit = Limit::new(1, 1024, "characters");
/// A sample that is missing is told as missing, not as too short.
const SAMPLE_OF_CODES: Limit = Limit::new(0, 15, "characters");
const FOOTER: Limit = Limit::new(1, 60, "characters");
const HEADER_PLACEHOLDERS: Limit = Limit::new(0, 1, "placeholders");
const FOOTER_PLACEHOLDERS: Limit = Limit::new(0, 0, "placeholders");
/// The most that a parameter of a template for one-time codes may say.
pub(in crate::template) const PARAMETER_OF_CODES: Limit = Limit::new(1, 15, "characters");

/// Reads a template. Everything that is wrong is noted; what comes out is as much of it as there is.
pub(super) fn read(draft: &Part, faults: &mut Vec<Fault>) -> Option<Definition> {
    let whole = Place::Whole;
    if !matches!(draft, Part::Object(_)) {
        faults.push(whole.fault(&DefinitionError::Shape, draft));
        return None;
    }
    let key = key(draft, faults);
    let category = category(draft.member("category"), &whole.member("category"), faults);
    let format = format(draft.member("parameter_format"), &whole.member("parameter_format"), faults);
    let place = whole.member("components");
    let mut parts =
        Parts { format, category, header: None, body: None, footer: None, buttons: Vec::new(), seen: Vec::new() };
    match draft.member("components") {
        Part::List(components) => {
            for (index, component) in components.iter().enumerate() {
                parts.take(component, &place.item(index), faults);
            }
        }
        other if other.is_nothing() => {}
        other => {
            let error = DefinitionError::PartShape { wanted: "a list of components", rule: Rule::TemplateComponents };
            faults.push(place.fault(&error, other));
        }
    }
    if !parts.seen.contains(&TemplateComponent::Body) {
        faults.push(place.fault(&DefinitionError::NoBody, &Part::Absent));
    }
    Some(Definition {
        key: key?,
        category: parts.category?,
        format: parts.format,
        header: parts.header,
        body: parts.body?,
        footer: parts.footer,
        buttons: parts.buttons,
    })
}

/// Name and language, each checked by itself.
fn key(draft: &Part, faults: &mut Vec<Fault>) -> Option<TemplateKey> {
    let whole = Place::Whole;
    let [name, language] = ["name", "language"].map(|member| draft.member(member));
    let (at_name, at_language) = (whole.member("name"), whole.member("language"));
    let given_name = name.required(&at_name, Rule::TemplateName, faults);
    if let Some(Err(error)) = given_name.map(|given| TemplateKey::new(given, "en")) {
        faults.push(at_name.fault(&error, name));
    }
    let given_language = language.required(&at_language, Rule::TemplateLanguage, faults);
    if let Some(Err(error)) = given_language.map(|given| TemplateKey::new("a", given)) {
        faults.push(at_language.fault(&error, language));
    }
    Some(TemplateKey::from_meta(given_name?, given_language?))
}

fn category(part: &Part, place: &Place<'_>, faults: &mut Vec<Fault>) -> Option<TemplateCategory> {
    let category = TemplateCategory::from(part.required(place, Rule::TemplateComponents, faults)?);
    if let TemplateCategory::Unknown(given) = &category {
        faults.push(place.fault(&DefinitionError::Category { given: given.clone() }, part));
    }
    Some(category)
}

fn format(part: &Part, place: &Place<'_>, faults: &mut Vec<Fault>) -> ParameterFormat {
    let given = part.optional(place, Rule::TemplatePlaceholders, faults);
    let format = given.map_or(ParameterFormat::Positional, ParameterFormat::from);
    if let ParameterFormat::Unknown(given) = &format {
        faults.push(place.fault(&DefinitionError::ParameterFormat { given: given.clone() }, part));
    }
    format
}

/// The parts that were found.
struct Parts {
    format: ParameterFormat,
    category: Option<TemplateCategory>,
    header: Option<Header>,
    body: Option<Wording>,
    footer: Option<Box<str>>,
    buttons: Vec<super::Button>,
    /// Which kinds have been there, sound or not.
    seen: Vec<TemplateComponent>,
}

impl Parts {
    fn is_for_codes(&self) -> bool {
        self.category == Some(TemplateCategory::Authentication)
    }

    fn take(&mut self, component: &Part, place: &Place<'_>, faults: &mut Vec<Fault>) {
        let at_type = place.member("type");
        let Some(given) = component.member("type").required(&at_type, Rule::TemplateComponents, faults) else { return };
        let kind = TemplateComponent::from(given);
        if let TemplateComponent::Unknown(given) = kind {
            faults.push(at_type.fault(&DefinitionError::Component { given }, component.member("type")));
            return;
        }
        if self.seen.contains(&kind) {
            let unit = match kind {
                TemplateComponent::Header => "header",
                TemplateComponent::Body => "body",
                TemplateComponent::Footer => "footer",
                _ => "list of buttons",
            };
            let limit = Limit::new(0, 1, unit);
            faults.push(place.fault(&DefinitionError::Again { limit }, component));
            return;
        }
        match kind {
            TemplateComponent::Header => self.header = self.header(component, place, faults),
            TemplateComponent::Body => self.body = self.body(component, place, faults),
            TemplateComponent::Footer => self.footer = self.footer(component, place, faults),
            _ => {
                let codes = self.is_for_codes();
                self.buttons = read_buttons(component.member("buttons"), codes, &place.member("buttons"), faults);
            }
        }
        self.seen.push(kind);
    }

    fn header(&self, component: &Part, place: &Place<'_>, faults: &mut Vec<Fault>) -> Option<Header> {
        let at_format = place.member("format");
        let given = component.member("format").required(&at_format, Rule::TemplateComponents, faults)?;
        let format = HeaderFormat::from(given);
        match format {
            HeaderFormat::Text => self.header_text(component, place, faults).map(Header::Text),
            HeaderFormat::Location => Some(Header::Location),
            HeaderFormat::Unknown(given) => {
                faults.push(at_format.fault(&DefinitionError::HeaderFormat { given }, component.member("format")));
                None
            }
            HeaderFormat::Image | HeaderFormat::Video | HeaderFormat::Document => {
                if self.is_for_codes() {
                    let error = DefinitionError::Authentication(OnlyCodes::Media);
                    faults.push(at_format.fault(&error, component.member("format")));
                }
                let at_example = place.member("example");
                let at_handles = at_example.member("header_handle");
                let sample = component.member("example").member("header_handle").items().first();
                let sample = sample.and_then(Part::text).filter(|text| !text.trim().is_empty());
                if sample.is_none() {
                    let error =
                        DefinitionError::SampleMissing { of: "a header with a picture, film or file".to_owned() };
                    faults.push(at_handles.fault(&error, component.member("example").member("header_handle")));
                }
                Some(Header::Media { format, sample: sample.unwrap_or_default().into() })
            }
        }
    }

    fn header_text(&self, component: &Part, place: &Place<'_>, faults: &mut Vec<Fault>) -> Option<Wording> {
        let (part, at_text) = (component.member("text"), place.member("text"));
        let text = part.required(&at_text, Rule::TemplateComponents, faults)?;
        length("a header", HEADER, text, &at_text, faults);
        line("a header", text, &at_text, faults);
        if let Some(marker) = formatting(text) {
            faults.push(at_text.fault(&DefinitionError::HeaderFormatting { marker }, part));
        }
        let mut wording = Wording::read(text, &self.format, &at_text, faults);
        count("a header", HEADER_PLACEHOLDERS, &wording, &at_text, faults);
        wording.check_ends(&at_text, faults);
        self.no_strangers(text, &at_text, faults);
        let members = ["header_text", "header_text_named_params"];
        self.samples(&mut wording, component.member("example"), members, &place.member("example"), faults);
        Some(wording)
    }

    fn body(&self, component: &Part, place: &Place<'_>, faults: &mut Vec<Fault>) -> Option<Wording> {
        let at_text = place.member("text");
        let text = component.member("text").required(&at_text, Rule::TemplateComponents, faults)?;
        length("a body", BODY, text, &at_text, faults);
        let mut wording = Wording::read(text, &self.format, &at_text, faults);
        wording.check_ends(&at_text, faults);
        self.no_strangers(text, &at_text, faults);
        let members = ["body_text", "body_text_named_params"];
        self.samples(&mut wording, component.member("example"), members, &place.member("example"), faults);
        Some(wording)
    }

    fn footer(&self, component: &Part, place: &Place<'_>, faults: &mut Vec<Fault>) -> Option<Box<str>> {
        let at_text = place.member("text");
        let text = component.member("text").required(&at_text, Rule::TemplateComponents, faults)?;
        length("a footer", FOOTER, text, &at_text, faults);
        line("a footer", text, &at_text, faults);
        // What is in its braces is not looked at: there may be none at all.
        let wording = Wording::read(text, &self.format, &at_text, &mut Vec::new());
        count("a footer", FOOTER_PLACEHOLDERS, &wording, &at_text, faults);
        self.no_strangers(text, &at_text, faults);
        Some(text.into())
    }

    /// Samples stand in a list, for a body in a list of lists, or by their names.
    fn samples(
        &self,
        wording: &mut Wording,
        example: &Part,
        [listed, named]: [&str; 2],
        place: &Place<'_>,
        faults: &mut Vec<Fault>,
    ) {
        if self.format == ParameterFormat::Named {
            wording.take_named(example.member(named).items(), &place.member(named), faults);
        } else {
            let at_list = place.member(listed);
            match example.member(listed).items() {
                [first @ Part::List(samples), ..] if first.text().is_none() => {
                    wording.take_list(samples, &at_list.item(0), faults);
                }
                samples => wording.take_list(samples, &at_list, faults),
            }
        }
        if self.is_for_codes() {
            for placeholder in wording.placeholders() {
                length("a sample for a one-time code", SAMPLE_OF_CODES, placeholder.sample, place, faults);
            }
        }
    }

    /// What a template for one-time codes may not say.
    fn no_strangers(&self, text: &str, place: &Place<'_>, faults: &mut Vec<Fault>) {
        if !self.is_for_codes() {
            return;
        }
        let mut fault = |error| faults.push(place.fault(&DefinitionError::Authentication(error), &Part::from(text)));
        let lower = text.to_ascii_lowercase();
        if ["https://", "http://", "www."].iter().any(|address| lower.contains(address)) {
            fault(OnlyCodes::Address);
        }
        if let Some(character) = text.chars().find(|&character| is_emoji(character)) {
            fault(OnlyCodes::Emoji { character });
        }
    }
}

/// Notes a text of another length. A character is a Unicode scalar value.
pub(super) fn length(part: &'static str, limit: Limit, text: &str, place: &Place<'_>, faults: &mut Vec<Fault>) {
    let characters = text.chars().count();
    let blank = limit.min > 0 && text.trim().is_empty();
    if blank || !u64::try_from(characters).is_ok_and(|count| (limit.min..=limit.max).contains(&count)) {
        let rule = if part.starts_with("a button") { Rule::TemplateButtons } else { Rule::TemplateComponents };
        let characters = if blank { 0 } else { characters };
        faults.push(place.fault(&DefinitionError::Length { part, limit, characters, rule }, &Part::from(text)));
    }
}

fn line(part: &'static str, text: &str, place: &Place<'_>, faults: &mut Vec<Fault>) {
    if let Some(character) = text.chars().find(|&character| is_control(character)) {
        faults.push(place.fault(&DefinitionError::Character { part, character }, &Part::from(text)));
    }
}

fn count(part: &'static str, limit: Limit, wording: &Wording, place: &Place<'_>, faults: &mut Vec<Fault>) {
    let found = wording.placeholders().len();
    if u64::try_from(found).is_ok_and(|found| found > limit.max) {
        let error = DefinitionError::PlaceholderCount { part, limit, found };
        faults.push(place.fault(&error, &Part::from(wording.as_str())));
    }
}

/// The character that formats a part of a text, as WhatsApp reads it: at the beginning of a word, and again at an end.
fn formatting(text: &str) -> Option<char> {
    let opens = |marker: char| {
        let begins = |at: usize| {
            let before = text.get(..at).and_then(|before| before.chars().next_back());
            let after = text.get(at..).and_then(|rest| rest.chars().nth(1));
            !before.is_some_and(char::is_alphanumeric) && after.is_some_and(|after| !after.is_whitespace())
        };
        let ends = |at: usize| {
            let before = text.get(..at).and_then(|before| before.chars().next_back());
            let after = text.get(at..).and_then(|rest| rest.chars().nth(1));
            before.is_some_and(|before| !before.is_whitespace()) && !after.is_some_and(char::is_alphanumeric)
        };
        let first = text.match_indices(marker).map(|(at, _)| at).find(|at| begins(*at));
        // Something stands between the two.
        first.is_some_and(|first| text.match_indices(marker).any(|(at, _)| at > first.saturating_add(1) && ends(at)))
    };
    ['*', '_', '~', '`'].into_iter().find(|marker| opens(*marker))
}

/// Whether a character is shown as an emoji. The blocks that hold nearly nothing else; there is no list here that would say it
/// of each.
const fn is_emoji(character: char) -> bool {
    matches!(character, '\u{1f000}'..='\u{1faff}' | '\u{2600}'..='\u{27bf}' | '\u{fe0f}' | '\u{20e3}')
}
