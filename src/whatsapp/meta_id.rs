//! Meta's own ids: decimal strings of unknown length, three kinds that look alike and are not the same.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::rule::{Explain, Rule};

/// Why something is no id of Meta's.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{kind} is digits only, like 102290129340398, not `{given}`")]
#[non_exhaustive]
pub struct MetaIdError {
    /// What was wanted, such as `a business manager id`.
    pub kind: &'static str,
    /// What was given.
    pub given: String,
}

impl Explain for MetaIdError {
    fn code(&self) -> &'static str {
        "meta-id-not-digits"
    }

    fn rule(&self) -> Rule {
        Rule::OnboardingDetailsWhole
    }
}

macro_rules! meta_id {
    ($(#[$doc:meta])* $name:ident, $kind:literal) => {
        $(#[$doc])*
        ///
        /// ASCII digits, one at least; Meta publishes no length, so none is checked. Leading zeros are kept.
        #[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(Box<str>);

        impl $name {
            /// Reads an id; white space around it is dropped.
            ///
            /// # Errors
            ///
            /// [`MetaIdError`] where anything but ASCII digits is left, or nothing.
            pub fn new(text: &str) -> Result<Self, MetaIdError> {
                let digits = text.trim();
                if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
                    return Err(MetaIdError { kind: $kind, given: text.to_owned() });
                }
                Ok(Self(digits.into()))
            }

            /// The digits.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl FromStr for $name {
            type Err = MetaIdError;

            fn from_str(text: &str) -> Result<Self, MetaIdError> {
                Self::new(text)
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(&self.0)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                Self::new(&String::deserialize(deserializer)?).map_err(serde::de::Error::custom)
            }
        }

        #[cfg(feature = "schemars")]
        impl schemars::JsonSchema for $name {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($name).into()
            }

            fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                schemars::json_schema!({ "type": "string", "pattern": "^[0-9]+$" })
            }
        }
    };
}

meta_id! {
    /// The id of the brand's Business Manager (business portfolio), as *Business Settings › Business Info* shows it.
    BusinessManagerId, "a business manager id"
}
meta_id! {
    /// The id of a WhatsApp Business account (WABA).
    WabaId, "a WhatsApp Business account id"
}
meta_id! {
    /// The id of a phone number within a WhatsApp Business account. It is not the phone number.
    PhoneNumberId, "a phone number id"
}
