//! A text with placeholders.

use super::DefinitionError;
use crate::form::{Fault, Part, Place};
use crate::whatsapp::ParameterFormat;

/// The longest text that there may be: an address of 2,000 characters of four bytes each.
const MOST_BYTES: usize = 8_000;

/// A text of a template with its placeholders and a sample for each (`template.placeholders`).
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Wording {
    text: Box<str>,
    slots: Vec<Slot>,
}

/// One placeholder: where it stands in the text, braces included.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Slot {
    start: usize,
    end: usize,
    name: Box<str>,
    sample: Box<str>,
}

/// A placeholder of a text: its name, and what was given as a sample.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Placeholder<'a> {
    /// What stands between the braces: `1`, or `order_number`.
    pub name: &'a str,
    /// The sample.
    pub sample: &'a str,
}

impl Wording {
    /// The text as it was handed in, placeholders in braces.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The placeholders in the order of the text.
    #[must_use]
    pub fn placeholders(&self) -> impl ExactSizeIterator<Item = Placeholder<'_>> {
        self.slots.iter().map(|slot| Placeholder { name: &slot.name, sample: &slot.sample })
    }

    /// The sample of what an address ends with. Meta's pages give as the sample that end, or all of the address.
    pub(crate) fn sample_of_end(&self) -> Option<&str> {
        let fixed = self.filled(|_| Some(""));
        self.placeholders().next().map(|one| one.sample.strip_prefix(&*fixed).unwrap_or(one.sample))
    }

    /// The text with the placeholders filled in by name.
    pub(crate) fn filled<'a>(&self, value: impl Fn(&str) -> Option<&'a str>) -> String {
        let mut filled = String::with_capacity(self.text.len());
        let mut from = 0;
        for slot in &self.slots {
            filled.push_str(self.text.get(from..slot.start).unwrap_or_default());
            filled.push_str(value(&slot.name).unwrap_or_default());
            from = slot.end;
        }
        filled.push_str(self.text.get(from..).unwrap_or_default());
        filled
    }

    /// Whether the text ends in its only placeholder, or has none.
    pub(super) fn ends_in_its_placeholder(&self) -> bool {
        self.slots.iter().all(|slot| slot.end == self.text.len())
    }

    /// Reads a text and its placeholders. What is wrong with them is noted, and the text is taken as far as it goes.
    pub(super) fn read(text: &str, format: &ParameterFormat, place: &Place<'_>, faults: &mut Vec<Fault>) -> Self {
        // A longer one is told to be too long, and what else is in it is not worth the work.
        if text.len() > MOST_BYTES {
            return Self { text: text.into(), slots: Vec::new() };
        }
        let (slots, matched) = slots(text);
        if !matched {
            faults.push(place.fault(&DefinitionError::Braces, &Part::from(text)));
        }
        for (index, slot) in slots.iter().enumerate() {
            let given = || slot.name.to_string();
            let mut fault = |error| faults.push(place.fault(&error, &Part::from(&*slot.name)));
            let next = index.saturating_add(1);
            let earlier = slots.get(..index).unwrap_or_default();
            match format {
                ParameterFormat::Named if !is_name(&slot.name) => {
                    fault(DefinitionError::Placeholder { given: given(), format: ParameterFormat::Named });
                }
                ParameterFormat::Named if earlier.iter().any(|earlier| earlier.name == slot.name) => {
                    fault(DefinitionError::PlaceholderTwice { given: given() });
                }
                ParameterFormat::Named => {}
                _ if !is_number(&slot.name) => {
                    fault(DefinitionError::Placeholder { given: given(), format: ParameterFormat::Positional });
                }
                _ if slot.name.parse() != Ok(next) => {
                    fault(DefinitionError::PlaceholderOrder { given: given(), expected: next });
                }
                _ => {}
            }
            if earlier.last().is_some_and(|earlier| earlier.end == slot.start) {
                fault(DefinitionError::PlaceholdersTouch { given: given() });
            }
        }
        Self { text: text.into(), slots }
    }

    /// Notes where a placeholder stands first or last; white space around it does not help.
    pub(super) fn check_ends(&self, place: &Place<'_>, faults: &mut Vec<Fault>) {
        let mut fault = |error: DefinitionError| faults.push(place.fault(&error, &Part::from(self.as_str())));
        let blank = |text: Option<&str>| text.is_some_and(|text| text.trim().is_empty());
        if let Some(first) = self.slots.first().filter(|slot| blank(self.text.get(..slot.start))) {
            fault(DefinitionError::PlaceholderFirst { given: first.name.to_string() });
        }
        if let Some(last) = self.slots.last().filter(|slot| blank(self.text.get(slot.end..))) {
            fault(DefinitionError::PlaceholderLast { given: last.name.to_string() });
        }
    }

    /// Takes the samples from a list in the order of the placeholders.
    pub(super) fn take_list(&mut self, samples: &[Part], place: &Place<'_>, faults: &mut Vec<Fault>) {
        for (index, sample) in samples.iter().enumerate() {
            let place = place.item(index);
            match self.slots.get_mut(index) {
                None => faults.push(place.fault(&DefinitionError::SampleStray, sample)),
                Some(slot) => slot.take(sample, &place, faults),
            }
        }
        self.miss(samples.len(), place, faults);
    }

    /// Takes the samples by the names of the placeholders.
    pub(super) fn take_named(&mut self, samples: &[Part], place: &Place<'_>, faults: &mut Vec<Fault>) {
        for (index, sample) in samples.iter().enumerate() {
            let place = place.item(index);
            let name = sample.member("param_name");
            match self.slots.iter_mut().find(|slot| name.text() == Some(&*slot.name)) {
                Some(slot) => slot.take(sample.member("example"), &place.member("example"), faults),
                None => faults.push(place.member("param_name").fault(&DefinitionError::SampleStray, name)),
            }
        }
        let named = |slot: &&Slot| samples.iter().any(|part| part.member("param_name").text() == Some(&*slot.name));
        for slot in self.slots.iter().filter(|slot| !named(slot)) {
            faults.push(place.fault(&slot.missing(), &Part::Absent));
        }
    }

    /// Notes the placeholders from the `from`-th on as being without a sample.
    pub(super) fn miss(&self, from: usize, place: &Place<'_>, faults: &mut Vec<Fault>) {
        for (index, slot) in self.slots.iter().enumerate().skip(from) {
            faults.push(place.item(index).fault(&slot.missing(), &Part::Absent));
        }
    }
}

impl Slot {
    fn take(&mut self, sample: &Part, place: &Place<'_>, faults: &mut Vec<Fault>) {
        match sample {
            Part::Text(text) if !text.trim().is_empty() => self.sample = text.as_str().into(),
            Part::Text(_) | Part::Absent | Part::Null => faults.push(place.fault(&self.missing(), sample)),
            _ => _ = sample.required(place, crate::rule::Rule::TemplatePlaceholders, faults),
        }
    }

    fn missing(&self) -> DefinitionError {
        DefinitionError::SampleMissing { of: format!("the placeholder {{{{{}}}}}", self.name) }
    }
}

/// The placeholders of a text, and whether all its double braces match.
fn slots(text: &str) -> (Vec<Slot>, bool) {
    let (mut slots, mut matched, mut from) = (Vec::new(), true, 0_usize);
    let rest = |from: usize| text.get(from..).unwrap_or_default();
    while let Some(open) = rest(from).find("{{") {
        let start = from.saturating_add(open);
        matched &= !rest(from).get(..open).unwrap_or_default().contains("}}");
        let inside = start.saturating_add(2);
        let Some(length) = rest(inside).find("}}") else { return (slots, false) };
        let name = rest(inside).get(..length).unwrap_or_default();
        let end = inside.saturating_add(length).saturating_add(2);
        if name.contains('{') || rest(end).starts_with('}') {
            matched = false;
        } else {
            slots.push(Slot { start, end, name: name.into(), sample: "".into() });
        }
        from = end;
    }
    (slots, matched && !rest(from).contains("}}"))
}

fn is_number(name: &str) -> bool {
    !name.is_empty() && !name.starts_with('0') && name.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_name(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_')
}
