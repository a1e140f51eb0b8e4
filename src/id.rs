//! Typed ids that cannot be mixed up, the organisation always with them.
//!
//! What belongs to an organisation is named by the organisation and its own UUID together, so that the same UUID in two
//! organisations is two things (`access.tenant`) and no lookup can forget whose it is. Such an id is written
//! `<organisation>/<id>` in text and in JSON.
//!
//! ```
//! use whatsapp_inbox::id::{OrganisationId, UserId};
//! use whatsapp_inbox::uuid::Uuid;
//!
//! let bakery = OrganisationId::new(Uuid::from_u128(1));
//! let ana = UserId::new(bakery, Uuid::from_u128(7));
//! assert_eq!(ana.organisation(), bakery);
//! assert_eq!(ana.to_string().parse(), Ok(ana));
//! ```
//!
//! The crate draws no ids: hosts bring them, in whatever version of UUID they like.

use std::fmt;
use std::str::FromStr;

use serde::de::Visitor;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use uuid::Uuid;

/// A text that is not an id of the wanted kind.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{kind} is written as {shape}, not as `{given}`")]
#[non_exhaustive]
pub struct IdError {
    /// What was wanted, such as `a user's id`.
    pub kind: &'static str,
    /// How it is written.
    pub shape: &'static str,
    /// What was given.
    pub given: String,
}

impl IdError {
    /// The stable code of this error.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        "id-shape"
    }
}

/// Reads a value from a string through its `FromStr`.
struct FromText<T>(std::marker::PhantomData<T>);

impl<T: FromStr<Err = IdError>> Visitor<'_> for FromText<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an id in a string")
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<T, E> {
        text.parse().map_err(E::custom)
    }
}

/// Serde, `Debug` and JSON Schema of an id by its text.
macro_rules! text_id {
    ($name:ident) => {
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self)
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                deserializer.deserialize_str(FromText(std::marker::PhantomData))
            }
        }

        #[cfg(feature = "schemars")]
        impl schemars::JsonSchema for $name {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($name).into()
            }

            fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                schemars::json_schema!({ "type": "string" })
            }
        }
    };
}

/// An id of its own: no organisation stands before it.
macro_rules! own_id {
    ($(#[$doc:meta])* $name:ident, $kind:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(Uuid);

        impl $name {
            /// The id with this UUID.
            #[must_use]
            pub const fn new(id: Uuid) -> Self {
                Self(id)
            }

            /// The UUID.
            #[must_use]
            pub const fn uuid(self) -> Uuid {
                self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(&self.0, f)
            }
        }

        impl FromStr for $name {
            type Err = IdError;

            fn from_str(text: &str) -> Result<Self, IdError> {
                let wrong = |_| IdError { kind: $kind, shape: "a UUID", given: text.to_owned() };
                Uuid::try_parse(text).map(Self).map_err(wrong)
            }
        }

        text_id!($name);
    };
}

/// An id within an organisation.
macro_rules! scoped_id {
    ($(#[$doc:meta])* $name:ident, $kind:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name {
            organisation: OrganisationId,
            id: Uuid,
        }

        impl $name {
            /// The id with this UUID in this organisation.
            #[must_use]
            pub const fn new(organisation: OrganisationId, id: Uuid) -> Self {
                Self { organisation, id }
            }

            /// The organisation it belongs to.
            #[must_use]
            pub const fn organisation(self) -> OrganisationId {
                self.organisation
            }

            /// The UUID, which alone names nothing: another organisation may have the same.
            #[must_use]
            pub const fn uuid(self) -> Uuid {
                self.id
            }
        }

        impl From<(OrganisationId, Uuid)> for $name {
            fn from((organisation, id): (OrganisationId, Uuid)) -> Self {
                Self { organisation, id }
            }
        }

        impl From<$name> for (OrganisationId, Uuid) {
            fn from(id: $name) -> Self {
                (id.organisation, id.id)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}/{}", self.organisation, self.id)
            }
        }

        impl FromStr for $name {
            type Err = IdError;

            fn from_str(text: &str) -> Result<Self, IdError> {
                let parts = text.split_once('/').and_then(|(organisation, id)| {
                    Some((organisation.parse().ok()?, Uuid::try_parse(id).ok()?))
                });
                let wrong = || IdError { kind: $kind, shape: "two UUIDs with a slash between", given: text.to_owned() };
                parts.map(|(organisation, id)| Self { organisation, id }).ok_or_else(wrong)
            }
        }

        text_id!($name);
    };
}

own_id! {
    /// The organisation: the brand, the tenant, whose people, channels and conversations stay among themselves.
    OrganisationId, "an organisation's id"
}
own_id! {
    /// A person of the provider's, who serves onboardings of many organisations.
    OperatorId, "an operator's id"
}
own_id! {
    /// One command. The same id again is the same command again.
    CommandId, "a command's id"
}
own_id! {
    /// One fact, as it was told. The same id again is the same fact again, however often it arrives.
    FactId, "a fact's id"
}
own_id! {
    /// One message, as the host knows it.
    MessageId, "a message's id"
}
own_id! {
    /// One note on a conversation, whose text the host keeps.
    NoteId, "a note's id"
}
scoped_id! {
    /// One person of an organisation.
    UserId, "a user's id"
}
scoped_id! {
    /// One team of an organisation.
    TeamId, "a team's id"
}
scoped_id! {
    /// One channel of an organisation.
    ChannelId, "a channel's id"
}
scoped_id! {
    /// One onboarding: the way of one phone number of an organisation onto WhatsApp.
    OnboardingId, "an onboarding's id"
}
scoped_id! {
    /// One conversation of an organisation, with one customer in one channel.
    ConversationId, "a conversation's id"
}
scoped_id! {
    /// One message template of an organisation: one name in one language, on one account.
    TemplateId, "a template's id"
}
