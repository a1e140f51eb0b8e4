//! A template in the form of Meta's API.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::draft::named;
use super::{Button, Definition, DefinitionDraft, Header, Wording};
use crate::form::Part;
use crate::whatsapp::ParameterFormat;

impl Definition {
    /// The template as Meta's API takes it.
    pub(super) fn written(&self) -> Part {
        let mut components = Vec::new();
        if let Some(header) = &self.header {
            let (text, example) = match header {
                Header::Text(wording) => (wording.as_str().into(), self.example(wording, "header_text")),
                Header::Media { sample, .. } => {
                    let handles = Part::List(vec![Part::from(&**sample)]);
                    (Part::Absent, Part::object([("header_handle", handles)]))
                }
                Header::Location => (Part::Absent, Part::Absent),
            };
            let format = header.format().into();
            let members = [("type", "HEADER".into()), ("format", format), ("text", text), ("example", example)];
            components.push(Part::object(members));
        }
        let example = self.example(&self.body, "body_text");
        components.push(Part::object([
            ("type", "BODY".into()),
            ("text", self.body.as_str().into()),
            ("example", example),
        ]));
        if let Some(footer) = &self.footer {
            components.push(Part::object([("type", "FOOTER".into()), ("text", Part::from(&**footer))]));
        }
        if !self.buttons.is_empty() {
            let buttons = self.buttons.iter().map(Button::written).collect();
            components.push(Part::object([("type", "BUTTONS".into()), ("buttons", buttons)]));
        }
        Part::object([
            ("name", self.key.name().into()),
            ("language", self.key.language().into()),
            ("category", self.category.as_str().into()),
            ("parameter_format", self.format.as_str().into()),
            ("components", Part::List(components)),
        ])
    }

    /// The samples of a text, if it has any: by name, or in a list, which for a body stands in a list.
    fn example(&self, wording: &Wording, listed: &str) -> Part {
        let mut placeholders = wording.placeholders().peekable();
        if placeholders.peek().is_none() {
            return Part::Absent;
        }
        if self.format == ParameterFormat::Named {
            let samples = placeholders.map(|placeholder| named(placeholder.name, placeholder.sample)).collect();
            return Part::object([(&*format!("{listed}_named_params"), samples)]);
        }
        let samples: Part = placeholders.map(|placeholder| Part::from(placeholder.sample)).collect();
        let samples = if listed == "body_text" { Part::List(vec![samples]) } else { samples };
        Part::object([(listed, samples)])
    }
}

impl Button {
    fn written(&self) -> Part {
        let label = self.label().map_or(Part::Absent, Part::from);
        let kind = self.kind();
        let kind = kind.as_str().into();
        match self {
            Self::QuickReply { .. } | Self::Other { .. } => Part::object([("type", kind), ("text", label)]),
            Self::Url { url, .. } => {
                let samples: Vec<Part> = url.placeholders().map(|placeholder| placeholder.sample.into()).collect();
                let example = if samples.is_empty() { Part::Absent } else { Part::List(samples) };
                let url = url.as_str().into();
                Part::object([("type", kind), ("text", label), ("url", url), ("example", example)])
            }
            Self::PhoneNumber { phone_number, .. } => {
                Part::object([("type", kind), ("text", label), ("phone_number", Part::from(&**phone_number))])
            }
            Self::CopyCode { sample } => Part::object([("type", kind), ("example", Part::from(&**sample))]),
            Self::OneTimeCode { how, .. } => {
                Part::object([("type", kind), ("otp_type", Part::from(&**how)), ("text", label)])
            }
        }
    }
}

impl Serialize for Definition {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.written().serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Definition {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        DefinitionDraft::deserialize(deserializer)?.check().map_err(serde::de::Error::custom)
    }
}

/// Reads a template that was once accepted, whatever the rules for new ones say today.
///
/// # Errors
///
/// Where name, language, category or body are missing.
pub(in crate::template) fn recorded<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Box<Definition>, D::Error> {
    let definition = DefinitionDraft::deserialize(deserializer)?.from_meta();
    definition.map(Box::new).ok_or_else(|| serde::de::Error::custom("a template has name, language, category and body"))
}

#[cfg(feature = "schemars")]
impl schemars::JsonSchema for Definition {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Definition".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "type": "object",
            "properties": {
                "name": { "type": "string" },
                "language": { "type": "string" },
                "category": { "type": "string" },
                "parameter_format": { "type": "string" },
                "components": { "type": "array", "items": { "type": "object" }, "minItems": 1 },
            },
            "required": ["name", "language", "category", "components"],
        })
    }
}
