//! The one way in which the lists that Meta owns are written down.

/// A value that Meta writes as text, and of which it may write some that nobody here has heard of.
#[cfg(feature = "webhook")]
pub(crate) trait Listed: for<'t> From<&'t str> {
    /// Whether it was recognised.
    fn is_listed(&self) -> bool;
}

/// An enumeration that keeps the values it does not know (`webhook.open-enums`).
///
/// Each variant has Meta's spelling, then other spellings that mean the same and are read, never written. Reading ignores
/// ASCII case, because Meta's own pages do not agree on it.
macro_rules! open_enum {
    (
        $(#[$doc:meta])*
        $name:ident { $($(#[$says:meta])* $variant:ident = $spelling:literal $(| $other:literal)*,)* }
    ) => {
        $(#[$doc])*
        ///
        /// The list is Meta's and may grow: a value that is not in it is kept as it came.
        #[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[non_exhaustive]
        pub enum $name {
            $($(#[$says])* #[doc = concat!("`", $spelling, "`.")] $variant,)*
            /// A value that was not in the list when this crate was made.
            Unknown(String),
        }

        impl $name {
            /// The values that are known, in the order of the list.
            pub const KNOWN: &'static [Self] = &[$(Self::$variant,)*];

            /// Whether this is a value of the list, not one that was not in it when this crate was made.
            #[must_use]
            pub const fn is_known(&self) -> bool {
                !matches!(self, Self::Unknown(_))
            }

            /// Meta's spelling.
            #[must_use]
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$variant => $spelling,)*
                    Self::Unknown(text) => text,
                }
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                $(
                    if [$spelling $(, $other)*].iter().any(|known| known.eq_ignore_ascii_case(text)) {
                        return Self::$variant;
                    }
                )*
                Self::Unknown(text.to_owned())
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        crate::whatsapp::open_enum::as_text!($name);
    };
}

/// JSON for a type that is read with `From<&str>`, which never fails, written with `Display`, and has `is_known`.
macro_rules! as_text {
    ($name:ident) => {
        #[cfg(feature = "webhook")]
        impl crate::whatsapp::open_enum::Listed for $name {
            fn is_listed(&self) -> bool {
                self.is_known()
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                struct Value;
                impl serde::de::Visitor<'_> for Value {
                    type Value = $name;

                    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        f.write_str("a value in a string")
                    }

                    fn visit_str<E>(self, text: &str) -> Result<$name, E> {
                        Ok(text.into())
                    }
                }
                deserializer.deserialize_str(Value)
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

pub(crate) use {as_text, open_enum};
