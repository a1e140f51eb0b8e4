//! A change of settings as a form sends it.

use std::fmt;

use serde::de::{IgnoredAny, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};

use super::field::stray;
use super::{
    AutoAssignment, AutoResolvePolicy, ChannelName, ChoiceField, OpenQueue, ReplyPolicy, ResolveReason, Settings,
    SettingsError, SettingsPatch,
};
use crate::form::{self, Fault, Faults, Field};
use crate::rule::{Explain, Rule};

const FIELDS: &[&str] = &[
    "name",
    "auto_assignment",
    "auto_resolve_new",
    "auto_resolve_pending",
    "resolve_reason",
    "closing_warning",
    "reply_policy",
];

/// More fields that should not be there are not told, so that a hostile form costs no more than it sends.
pub(super) const MOST_STRAYS: usize = 100;

/// A change of settings as a form sends it: anything in any field, until it is checked.
///
/// A field that is absent stays as it is; `null` is refused, and so is a field that there is not (`settings.patch`).
///
/// ```
/// use whatsapp_inbox::settings::{AutoResolvePolicy, ChannelName, Settings, SettingsDraft};
///
/// let settings = Settings::new(ChannelName::new("Orders")?);
/// let draft: SettingsDraft = serde_json::from_str(
///     r#"{"name": "", "auto_assignment": "maybe", "auto_resolve_new": {"after-minutes": 5}, "auto_resolve_pending": "off"}"#,
/// )?;
/// let faults = draft.check(&settings, &AutoResolvePolicy::default()).unwrap_err();
/// let found: Vec<_> = faults.as_slice().iter().map(|fault| (fault.pointer.as_str(), fault.code)).collect();
/// assert_eq!(
///     found,
///     [
///         ("/name", "text-length"),
///         ("/auto_assignment", "auto-assignment"),
///         ("/auto_resolve_new/after-minutes", "window-out-of-bounds"),
///     ]
/// );
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct SettingsDraft {
    /// The channel's name.
    pub name: Field,
    /// `on` or `off`.
    pub auto_assignment: Field,
    /// `inherit`, `off`, or an object with `after-minutes`.
    pub auto_resolve_new: ChoiceField,
    /// `inherit`, `off`, or an object with `after-minutes`.
    pub auto_resolve_pending: ChoiceField,
    /// Why auto-resolve closes a conversation.
    pub resolve_reason: Field,
    /// `off`, or an object with `when-open` or `always`, in minutes before the close.
    pub closing_warning: ChoiceField,
    /// `anyone`, `owner` or `owner-and-supervisors`.
    pub reply_policy: Field,
    /// The names of fields that there are not, the first 100.
    pub unknown: Vec<String>,
    /// The names of fields that were given more than once, the first 100.
    pub twice: Vec<String>,
}

impl SettingsDraft {
    /// The patch, if every field is sound and the organisation allows it.
    ///
    /// What is asked for binds what changes, not what stands: a window or a name that stays as it is may lie outside
    /// (`settings.auto-resolve-bounds`).
    ///
    /// # Errors
    ///
    /// Every fault there is, each with its JSON pointer, code and limit, and what was given.
    pub fn check(&self, standing: &Settings, organisation: &AutoResolvePolicy) -> Result<SettingsPatch, Faults> {
        let mut faults = Vec::new();
        let length = Rule::SettingsNameLength;
        let name = text(&self.name, "/name", length, &mut faults, |text| match standing.name() {
            stands if stands.as_str() == text => Ok(stands.clone()),
            _ => ChannelName::new(text),
        });
        let auto_assignment = word(
            &self.auto_assignment,
            "/auto_assignment",
            Rule::SettingsAutoAssignment,
            &mut faults,
            auto_assignment,
            |given| SettingsError::AutoAssignment { given },
        );
        let mut window = |field: &ChoiceField, queue, pointer| {
            field.auto_resolve(pointer, standing.auto_resolve(queue), organisation.bounds, &mut faults)
        };
        let auto_resolve_new = window(&self.auto_resolve_new, OpenQueue::New, "/auto_resolve_new");
        let auto_resolve_pending = window(&self.auto_resolve_pending, OpenQueue::Pending, "/auto_resolve_pending");
        let reason = Rule::SettingsResolveReason;
        let stands = standing.resolve_reason().value;
        let resolve_reason = text(&self.resolve_reason, "/resolve_reason", reason, &mut faults, |text| {
            if stands.as_str() == text { Ok(stands) } else { ResolveReason::new(text) }
        });
        let closing_warning = self.closing_warning.closing_warning("/closing_warning", &mut faults);
        let rule = Rule::ConversationReplyPolicy;
        let policy = word(&self.reply_policy, "/reply_policy", rule, &mut faults, reply_policy, |given| {
            SettingsError::ReplyPolicy { given }
        });
        faults.extend(self.unknown.iter().map(|name| stray("", name, &SettingsError::UnknownField { known: FIELDS })));
        faults.extend(self.twice.iter().map(|name| stray("", name, &SettingsError::Twice)));
        let patch = SettingsPatch {
            name,
            auto_assignment,
            auto_resolve_new,
            auto_resolve_pending,
            resolve_reason,
            closing_warning,
            reply_policy: policy,
        };
        Faults::none_or(faults, Some(patch))
    }
}

fn text<T, E: Explain>(
    field: &Field,
    pointer: &str,
    rule: Rule,
    faults: &mut Vec<Fault>,
    read: impl FnOnce(&str) -> Result<T, E>,
) -> Option<T> {
    match field {
        Field::Null => {
            faults.push(Fault::new(pointer, &SettingsError::Null, field));
            None
        }
        _ => form::optional(field, pointer, rule, faults, read),
    }
}

/// A field that is one of some words, whatever was given instead.
fn word<T>(
    field: &Field,
    pointer: &str,
    rule: Rule,
    faults: &mut Vec<Fault>,
    read: impl FnOnce(&str) -> Result<T, SettingsError>,
    other: impl FnOnce(String) -> SettingsError,
) -> Option<T> {
    if let Field::Other(given) = field {
        faults.push(Fault::new(pointer, &other((*given).to_owned()), field));
        return None;
    }
    text(field, pointer, rule, faults, read)
}

fn auto_assignment(text: &str) -> Result<AutoAssignment, SettingsError> {
    match text {
        "on" => Ok(AutoAssignment::On),
        "off" => Ok(AutoAssignment::Off),
        _ => Err(SettingsError::AutoAssignment { given: format!("`{text}`") }),
    }
}

fn reply_policy(text: &str) -> Result<ReplyPolicy, SettingsError> {
    let named = |policy: &ReplyPolicy| policy.to_string() == text;
    let found = ReplyPolicy::ALL.into_iter().find(named);
    found.ok_or_else(|| SettingsError::ReplyPolicy { given: format!("`{text}`") })
}

/// The name of a field of the form.
enum Key {
    Name,
    AutoAssignment,
    AutoResolveNew,
    AutoResolvePending,
    ResolveReason,
    ClosingWarning,
    ReplyPolicy,
    Unknown(String),
}

impl<'de> Deserialize<'de> for Key {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct AnyKey;
        impl Visitor<'_> for AnyKey {
            type Value = Key;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("the name of a field")
            }

            fn visit_str<E>(self, name: &str) -> Result<Key, E> {
                Ok(match name {
                    "name" => Key::Name,
                    "auto_assignment" => Key::AutoAssignment,
                    "auto_resolve_new" => Key::AutoResolveNew,
                    "auto_resolve_pending" => Key::AutoResolvePending,
                    "resolve_reason" => Key::ResolveReason,
                    "closing_warning" => Key::ClosingWarning,
                    "reply_policy" => Key::ReplyPolicy,
                    _ => Key::Unknown(name.to_owned()),
                })
            }
        }
        deserializer.deserialize_identifier(AnyKey)
    }
}

impl<'de> Deserialize<'de> for SettingsDraft {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(AnyDraft)
    }
}

struct AnyDraft;

impl<'de> Visitor<'de> for AnyDraft {
    type Value = SettingsDraft;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object with the settings that change")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<SettingsDraft, A::Error> {
        let mut draft = SettingsDraft::default();
        while let Some(key) = entries.next_key()? {
            let twice = match key {
                Key::Name => put(&mut draft.name, entries.next_value()?, "name"),
                Key::AutoAssignment => put(&mut draft.auto_assignment, entries.next_value()?, "auto_assignment"),
                Key::AutoResolveNew => put(&mut draft.auto_resolve_new, entries.next_value()?, "auto_resolve_new"),
                Key::AutoResolvePending => {
                    put(&mut draft.auto_resolve_pending, entries.next_value()?, "auto_resolve_pending")
                }
                Key::ResolveReason => put(&mut draft.resolve_reason, entries.next_value()?, "resolve_reason"),
                Key::ClosingWarning => put(&mut draft.closing_warning, entries.next_value()?, "closing_warning"),
                Key::ReplyPolicy => put(&mut draft.reply_policy, entries.next_value()?, "reply_policy"),
                Key::Unknown(name) => {
                    entries.next_value::<IgnoredAny>()?;
                    if draft.unknown.len() < MOST_STRAYS {
                        draft.unknown.push(name);
                    }
                    None
                }
            };
            if draft.twice.len() < MOST_STRAYS {
                draft.twice.extend(twice.map(str::to_owned));
            }
        }
        Ok(draft)
    }
}

/// Puts what was read into its field, and names the field if there was something.
fn put<T: Default + PartialEq>(field: &mut T, read: T, name: &'static str) -> Option<&'static str> {
    let before = std::mem::replace(field, read);
    (before != T::default()).then_some(name)
}

#[cfg(feature = "schemars")]
impl schemars::JsonSchema for SettingsDraft {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "SettingsDraft".into()
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        let name = generator.subschema_for::<ChannelName>();
        let reason = generator.subschema_for::<ResolveReason>();
        let warning = generator.subschema_for::<super::ClosingWarning>();
        let policy = generator.subschema_for::<ReplyPolicy>();
        let auto_resolve = generator.subschema_for::<super::AutoResolve>();
        schemars::json_schema!({
            "type": "object",
            "properties": {
                "name": name,
                "auto_assignment": { "enum": ["on", "off"] },
                "auto_resolve_new": auto_resolve,
                "auto_resolve_pending": auto_resolve,
                "resolve_reason": reason,
                "closing_warning": warning,
                "reply_policy": policy,
            },
            "additionalProperties": false,
        })
    }
}
