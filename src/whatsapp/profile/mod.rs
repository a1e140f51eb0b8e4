//! Business profiles.

mod draft;

use serde::{Serialize, Serializer};

use super::Vertical;
use crate::form::Told;
use crate::rule::{Limit, Rule};

pub use draft::{ProfileDraft, ProfileError};

const RULE: Rule = Rule::OnboardingProfile;
const DESCRIPTION_IN_OLDER_COPIES: Limit = Limit::new(0, 256, "characters");

/// What customers are shown of a business: business information and a logo (`onboarding.profile`).
///
/// It is made by [`ProfileDraft::check`] only, and [`ProfileDraft::from`] gives the draft back.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
pub struct Profile {
    #[serde(skip_serializing_if = "Option::is_none")]
    about: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    address: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    email: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    websites: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    vertical: Option<Vertical>,
    logo: String,
}

/// What Meta may refuse of a profile that is sound here. A warning holds nothing back.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ProfileWarning {
    /// The description is longer than 256 characters. Meta's pages allow 512, its `OpenAPI` file and older copies 256.
    LongDescription {
        /// The description.
        description: String,
    },
    /// The line of business is not in Meta's list as this crate knows it.
    UnknownVertical {
        /// The line of business.
        vertical: String,
    },
}

impl ProfileWarning {
    /// A stable, machine-readable name of the warning in lower-case words joined by hyphens. It never changes.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::LongDescription { .. } => "long-description",
            Self::UnknownVertical { .. } => "unknown-vertical",
        }
    }

    /// What the warning is about, as it was given.
    #[must_use]
    pub fn given(&self) -> &str {
        match self {
            Self::LongDescription { description: given } | Self::UnknownVertical { vertical: given } => given,
        }
    }
}

impl std::fmt::Display for ProfileWarning {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::LongDescription { description } => {
                let characters = description.chars().count();
                write!(f, "a description of {characters} characters may be refused: some pages of Meta's allow 256")
            }
            Self::UnknownVertical { vertical } => {
                write!(f, "`{vertical}` is not in the known list of lines of business")
            }
        }
    }
}

impl Serialize for ProfileWarning {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let limit = matches!(self, Self::LongDescription { .. }).then_some(DESCRIPTION_IN_OLDER_COPIES);
        Told { code: self.code(), rule: RULE, limit, given: self.given(), message: self.to_string() }
            .serialize(serializer)
    }
}

impl Profile {
    /// The line under the name.
    #[must_use]
    pub fn about(&self) -> Option<&str> {
        self.about.as_deref()
    }

    /// Where the business is.
    #[must_use]
    pub fn address(&self) -> Option<&str> {
        self.address.as_deref()
    }

    /// What the business does.
    #[must_use]
    pub fn description(&self) -> Option<&str> {
        self.description.as_deref()
    }

    /// The e-mail address.
    #[must_use]
    pub fn email(&self) -> Option<&str> {
        self.email.as_deref()
    }

    /// The web addresses, at most two.
    #[must_use]
    pub fn websites(&self) -> &[String] {
        &self.websites
    }

    /// The line of business.
    #[must_use]
    pub const fn vertical(&self) -> Option<&Vertical> {
        self.vertical.as_ref()
    }

    /// The reference to the picture.
    #[must_use]
    pub fn logo(&self) -> &str {
        &self.logo
    }

    /// What Meta may refuse of the profile.
    #[must_use]
    pub fn warnings(&self) -> Vec<ProfileWarning> {
        let long = self.description().filter(|text| text.chars().count() > 256);
        let long = long.map(|text| ProfileWarning::LongDescription { description: text.to_owned() });
        let unknown = match self.vertical() {
            Some(Vertical::Unknown(text)) => Some(ProfileWarning::UnknownVertical { vertical: text.clone() }),
            _ => None,
        };
        long.into_iter().chain(unknown).collect()
    }
}

#[cfg(feature = "schemars")]
impl schemars::JsonSchema for ProfileWarning {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "ProfileWarning".into()
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        Told::json_schema(generator)
    }
}
