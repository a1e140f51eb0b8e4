//! The buttons of a template.

use super::read::length;
use super::{DefinitionError, OnlyCodes, Wording};
use crate::form::{Fault, Part, Place};
use crate::rule::{Limit, Rule};
use crate::whatsapp::{ButtonKind, ParameterFormat, PhoneNumber};

const ALL: Limit = Limit::new(0, 10, "buttons");
const QUICK_REPLIES: Limit = Limit::new(0, 10, "quick replies");
const URLS: Limit = Limit::new(0, 2, "buttons with an address");
const PHONE_NUMBERS: Limit = Limit::new(0, 1, "buttons with a phone number");
const COPY_CODES: Limit = Limit::new(0, 1, "buttons that copy a code");
const ONE_TIME_CODES: Limit = Limit::new(0, 1, "buttons for a one-time code");
const LABEL: Limit = Limit::new(1, 25, "characters");
/// The most that an address may say, filled in or not.
pub(in crate::template) const URL: Limit = Limit::new(1, 2000, "characters");
const PHONE_NUMBER: Limit = Limit::new(1, 20, "characters");
const CODE: Limit = Limit::new(1, 15, "characters");

/// A button of a template (`template.buttons`).
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Button {
    /// Answers with its label.
    QuickReply {
        /// What stands on it.
        label: Box<str>,
    },
    /// Opens a web address.
    Url {
        /// What stands on it.
        label: Box<str>,
        /// The address, with at most one placeholder, at its end.
        url: Wording,
    },
    /// Calls a number.
    PhoneNumber {
        /// What stands on it.
        label: Box<str>,
        /// The number, as it was handed in.
        phone_number: Box<str>,
    },
    /// Copies a code. What stands on it is Meta's.
    CopyCode {
        /// A sample of the code.
        sample: Box<str>,
    },
    /// Takes a one-time code over, in a template for those.
    OneTimeCode {
        /// How (`otp_type`), in Meta's word.
        how: Box<str>,
        /// What stands on it, if that is said.
        label: Option<Box<str>>,
    },
    /// A kind of button that is Meta's and has no rule here. It is read from Meta and cannot be handed in.
    Other {
        /// Its kind.
        kind: ButtonKind,
        /// What stands on it, if that is said.
        label: Option<Box<str>>,
    },
}

impl Button {
    /// What it does.
    #[must_use]
    pub fn kind(&self) -> ButtonKind {
        match self {
            Self::QuickReply { .. } => ButtonKind::QuickReply,
            Self::Url { .. } => ButtonKind::Url,
            Self::PhoneNumber { .. } => ButtonKind::PhoneNumber,
            Self::CopyCode { .. } => ButtonKind::CopyCode,
            Self::OneTimeCode { .. } => ButtonKind::OneTimeCode,
            Self::Other { kind, .. } => kind.clone(),
        }
    }

    /// What stands on it, where that is not left to Meta.
    #[must_use]
    pub fn label(&self) -> Option<&str> {
        match self {
            Self::QuickReply { label } | Self::Url { label, .. } | Self::PhoneNumber { label, .. } => Some(label),
            Self::OneTimeCode { label, .. } | Self::Other { label, .. } => label.as_deref(),
            Self::CopyCode { .. } => None,
        }
    }
}

/// Reads the list of buttons; `codes` where the template is for one-time codes.
pub(super) fn read_buttons(part: &Part, codes: bool, place: &Place<'_>, faults: &mut Vec<Fault>) -> Vec<Button> {
    let Part::List(items) = part else {
        let error = DefinitionError::PartShape { wanted: "a list of buttons", rule: Rule::TemplateButtons };
        faults.push(place.fault(&error, part));
        return Vec::new();
    };
    let buttons: Vec<Button> = items
        .iter()
        .enumerate()
        .filter_map(|(index, item)| read_button(item, codes, &place.item(index), faults))
        .collect();
    // Counted over what was given, so that a faulty button counts as well.
    let kinds: Vec<ButtonKind> =
        items.iter().filter_map(|item| item.member("type").text()).map(ButtonKind::from).collect();
    let mut counts = vec![(ALL, items.len())];
    for (kind, limit) in [
        (ButtonKind::QuickReply, QUICK_REPLIES),
        (ButtonKind::Url, URLS),
        (ButtonKind::PhoneNumber, PHONE_NUMBERS),
        (ButtonKind::CopyCode, COPY_CODES),
        (ButtonKind::OneTimeCode, ONE_TIME_CODES),
    ] {
        counts.push((limit, kinds.iter().filter(|given| **given == kind).count()));
    }
    for (limit, found) in counts {
        if u64::try_from(found).is_ok_and(|found| found > limit.max) {
            faults.push(place.fault(&DefinitionError::ButtonCount { limit, found }, part));
        }
    }
    let turns = kinds.windows(2).filter(
        |pair| matches!(pair, [one, other] if (*one == ButtonKind::QuickReply) != (*other == ButtonKind::QuickReply)),
    );
    if turns.count() > 1 {
        faults.push(place.fault(&DefinitionError::ButtonsMixed, part));
    }
    buttons
}

fn read_button(item: &Part, codes: bool, place: &Place<'_>, faults: &mut Vec<Fault>) -> Option<Button> {
    let at_type = place.member("type");
    let given = item.member("type").required(&at_type, Rule::TemplateButtons, faults)?;
    let kind = ButtonKind::from(given);
    let stranger = match &kind {
        ButtonKind::OneTimeCode if !codes => Some(OnlyCodes::OneTimeCode),
        ButtonKind::Unknown(_) | ButtonKind::OneTimeCode => None,
        other if codes => Some(OnlyCodes::Button { kind: other.clone() }),
        _ => None,
    };
    if let Some(error) = stranger {
        faults.push(at_type.fault(&DefinitionError::Authentication(error), item.member("type")));
    }
    match kind {
        ButtonKind::QuickReply => label(item, place, faults).map(|label| Button::QuickReply { label }),
        ButtonKind::Url => {
            let label = label(item, place, faults);
            let url = url(item, place, faults);
            Some(Button::Url { label: label?, url: url? })
        }
        ButtonKind::PhoneNumber => {
            let label = label(item, place, faults);
            let at_number = place.member("phone_number");
            let number = item.member("phone_number").required(&at_number, Rule::TemplateButtons, faults);
            if let Some(number) = number {
                length("a button's phone number", PHONE_NUMBER, number, &at_number, faults);
                if let Err(error) = PhoneNumber::new(number) {
                    faults.push(at_number.fault(&error, item.member("phone_number")));
                }
            }
            Some(Button::PhoneNumber { label: label?, phone_number: number?.into() })
        }
        ButtonKind::CopyCode => {
            let (example, at_example) = (item.member("example"), place.member("example"));
            let sample = example.items().first().unwrap_or(example);
            let sample = sample.required(&at_example, Rule::TemplateButtons, faults)?;
            length("a button's code", CODE, sample, &at_example, faults);
            Some(Button::CopyCode { sample: sample.into() })
        }
        ButtonKind::OneTimeCode => {
            let how = item.member("otp_type").required(&place.member("otp_type"), Rule::TemplateButtons, faults);
            let at_text = place.member("text");
            let label = item.member("text").optional(&at_text, Rule::TemplateButtons, faults);
            if let Some(label) = label {
                length("a button's label", LABEL, label, &at_text, faults);
            }
            Some(Button::OneTimeCode { how: how?.into(), label: label.map(Into::into) })
        }
        ButtonKind::Unknown(given) => {
            faults.push(at_type.fault(&DefinitionError::ButtonKind { given: given.clone() }, item.member("type")));
            let label = item.member("text").text().map(Into::into);
            Some(Button::Other { kind: ButtonKind::Unknown(given), label })
        }
    }
}

fn label(item: &Part, place: &Place<'_>, faults: &mut Vec<Fault>) -> Option<Box<str>> {
    let at_text = place.member("text");
    let label = item.member("text").required(&at_text, Rule::TemplateButtons, faults)?;
    length("a button's label", LABEL, label, &at_text, faults);
    Some(label.into())
}

/// Whether it is an address of the web: a scheme, a host, and nothing that an address cannot hold.
fn is_address(text: &str) -> bool {
    let after_scheme = ["https://", "http://"].iter().find_map(|scheme| text.strip_prefix(scheme));
    let host = after_scheme.and_then(|rest| rest.split(['/', '?', '#']).next());
    host.is_some_and(|host| !host.is_empty()) && !text.contains(|one: char| one.is_whitespace() || one.is_control())
}

/// The address, whose one placeholder is always numbered.
fn url(item: &Part, place: &Place<'_>, faults: &mut Vec<Fault>) -> Option<Wording> {
    let (part, at_url) = (item.member("url"), place.member("url"));
    let text = part.required(&at_url, Rule::TemplateButtons, faults)?;
    length("a button's address", URL, text, &at_url, faults);
    if !is_address(text) {
        faults.push(at_url.fault(&DefinitionError::Url, part));
    }
    let mut wording = Wording::read(text, &ParameterFormat::Positional, &at_url, faults);
    if wording.placeholders().len() > 1 || !wording.ends_in_its_placeholder() {
        faults.push(at_url.fault(&DefinitionError::UrlPlaceholder, part));
    }
    let (example, at_example) = (item.member("example"), place.member("example"));
    match example {
        Part::Text(_) => wording.take_list(std::slice::from_ref(example), &at_example, faults),
        _ => wording.take_list(example.items(), &at_example, faults),
    }
    Some(wording)
}
