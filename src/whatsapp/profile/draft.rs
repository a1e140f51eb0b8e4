//! The draft of a business profile, and what can be wrong with it.

use serde::{Deserialize, Serialize};

use super::{Profile, RULE};
use crate::form::{Fault, Faults, Field, FieldList, optional, required};
use crate::rule::{Explain, Limit, Rule};
use crate::text::{is_bidirectional, is_control};
use crate::whatsapp::Vertical;

const ABOUT: Limit = Limit::new(1, 139, "characters");
const ADDRESS: Limit = Limit::new(0, 256, "characters");
const DESCRIPTION: Limit = Limit::new(0, 512, "characters");
const EMAIL: Limit = Limit::new(0, 128, "characters");
const WEBSITE: Limit = Limit::new(0, 256, "characters");
const WEBSITES: Limit = Limit::new(0, 2, "websites");
const VERTICAL: Limit = Limit::new(0, 256, "characters");
const LOGO: Limit = Limit::new(1, 2048, "characters");

/// A business profile as it comes from outside: any JSON may stand in any field, and [`ProfileDraft::check`] tells what is
/// wrong with it (`onboarding.profile`).
///
/// ```
/// use whatsapp_inbox::whatsapp::ProfileDraft;
///
/// let draft: ProfileDraft = serde_json::from_str(
///     r#"{ "about": 7, "websites": ["https://loaf.example", "loaf.example"], "logo": "4::aW1hZ2U=" }"#,
/// )?;
/// let faults = draft.check().unwrap_err();
/// let pointers: Vec<_> = faults.as_slice().iter().map(|fault| fault.pointer.as_str()).collect();
/// assert_eq!(pointers, ["/about", "/websites/1"]);
///
/// let mut draft = ProfileDraft::default();
/// draft.about = "Bread, twice a day".into();
/// draft.logo = "4::aW1hZ2U=".into();
/// let profile = draft.check()?;
/// assert_eq!(profile.about(), Some("Bread, twice a day"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(default)]
#[non_exhaustive]
pub struct ProfileDraft {
    /// The line under the name, 1 to 139 characters.
    #[serde(skip_serializing_if = "Field::is_absent")]
    pub about: Field,
    /// Where the business is, at most 256 characters.
    #[serde(skip_serializing_if = "Field::is_absent")]
    pub address: Field,
    /// What the business does, at most 512 characters.
    #[serde(skip_serializing_if = "Field::is_absent")]
    pub description: Field,
    /// An e-mail address, at most 128 characters.
    #[serde(skip_serializing_if = "Field::is_absent")]
    pub email: Field,
    /// At most two web addresses, each of at most 256 characters.
    #[serde(skip_serializing_if = "FieldList::is_absent")]
    pub websites: FieldList,
    /// The line of business, one of Meta's list ([`Vertical`]).
    #[serde(skip_serializing_if = "Field::is_absent")]
    pub vertical: Field,
    /// A reference to the picture, 1 to 2,048 characters.
    #[serde(skip_serializing_if = "Field::is_absent")]
    pub logo: Field,
}

/// What can be wrong with a field of a profile. [`ProfileDraft::check`] tells it as a [`Fault`] at the field.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ProfileError {
    /// Too short or too long.
    #[error("{field} has {limit}, and this one has {characters}")]
    Length {
        /// The field, in words.
        field: &'static str,
        /// What is allowed.
        limit: Limit,
        /// How many characters (Unicode scalar values) it has without the white space around it.
        characters: usize,
    },
    /// A control character, or a line break where there may be none.
    #[error("{field} has no control characters, and this one has {character:?}")]
    Character {
        /// The field, in words.
        field: &'static str,
        /// The first such character.
        character: char,
    },
    /// Not the form of an e-mail address.
    #[error("an e-mail address has the form name@example.com, and `{given}` does not")]
    Email {
        /// What was given.
        given: String,
    },
    /// Not the form of a web address.
    #[error("a website starts with http:// or https:// and has no spaces, and `{given}` does not")]
    Website {
        /// What was given.
        given: String,
    },
    /// Too many websites.
    #[error("a profile has {WEBSITES}, and this one has {count}")]
    TooManyWebsites {
        /// How many were given.
        count: usize,
    },
    /// The websites are no list.
    #[error("the websites must be a list of texts, and this is {given}")]
    NotAList {
        /// What was given, in words.
        given: &'static str,
    },
    /// No business information at all (our decision).
    #[error(
        "a profile needs at least one of about, address, description, email, websites and vertical, and this one has none"
    )]
    NoInformation,
}

impl Explain for ProfileError {
    fn code(&self) -> &'static str {
        match self {
            Self::Length { .. } => "profile-length",
            Self::Character { .. } => "profile-character",
            Self::Email { .. } => "profile-email",
            Self::Website { .. } => "profile-website",
            Self::TooManyWebsites { .. } => "profile-too-many-websites",
            Self::NotAList { .. } => "wrong-type",
            Self::NoInformation => "profile-no-information",
        }
    }

    fn rule(&self) -> Rule {
        RULE
    }

    fn limit(&self) -> Option<Limit> {
        match self {
            Self::Length { limit, .. } => Some(*limit),
            Self::TooManyWebsites { .. } => Some(WEBSITES),
            _ => None,
        }
    }
}

impl ProfileDraft {
    /// Checks the whole draft.
    ///
    /// Lengths are Unicode scalar values without the white space around a text. There are no control characters, but line
    /// breaks in address and description. An address, a description, an e-mail address or a line of business that is
    /// empty counts as not given, `about` does not: Meta says that it must not be empty.
    ///
    /// Ours, where Meta is silent: at least one piece of business information must be there; the logo must be there, as
    /// a reference of 1 to 2,048 characters to a picture that is kept elsewhere (Meta takes a handle of its upload and says
    /// nothing of pixels); a line of business that is not in Meta's list is kept, up to 256 characters.
    ///
    /// # Errors
    ///
    /// Every fault there is, in the order of the fields, each with its JSON pointer (`/websites/1`). `profile-no-information`
    /// is told of the whole draft, whose pointer is empty.
    pub fn check(&self) -> Result<Profile, Faults> {
        let mut faults = Vec::new();
        let about = optional(&self.about, "/about", RULE, &mut faults, |text| line("about", ABOUT, text));
        let address = optional(&self.address, "/address", RULE, &mut faults, |text| lines("an address", ADDRESS, text));
        let description = optional(&self.description, "/description", RULE, &mut faults, |text| {
            lines("a description", DESCRIPTION, text)
        });
        let email = optional(&self.email, "/email", RULE, &mut faults, email);
        let websites = websites(&self.websites, &mut faults);
        let vertical =
            optional(&self.vertical, "/vertical", RULE, &mut faults, |text| line("a line of business", VERTICAL, text));

        let given = |text: Option<String>| text.filter(|text| !text.is_empty());
        let (address, description, email, vertical) =
            (given(address), given(description), given(email), given(vertical));
        let texts = [&about, &address, &description, &email, &vertical];
        if faults.is_empty() && websites.is_empty() && texts.iter().all(|text| text.is_none()) {
            faults.push(Fault::new("", &ProfileError::NoInformation, &Field::Absent));
        }

        let logo = required(&self.logo, "/logo", RULE, &mut faults, |text| line("a logo's reference", LOGO, text));
        let vertical = vertical.map(|text| Vertical::from(text.as_str()));
        let profile = logo.map(|logo| Profile { about, address, description, email, websites, vertical, logo });
        Faults::none_or(faults, profile)
    }
}

fn websites(list: &FieldList, faults: &mut Vec<Fault>) -> Vec<String> {
    if let FieldList::Other(given) = list {
        faults.push(Fault::new("/websites", &ProfileError::NotAList { given }, &Field::Other(given)));
    }
    let count = list.items().len();
    if count > 2 {
        faults.push(Fault::new("/websites", &ProfileError::TooManyWebsites { count }, &Field::Other("a list")));
    }
    let read = |(index, item)| required(item, &format!("/websites/{index}"), RULE, faults, website);
    list.items().iter().enumerate().filter_map(read).collect()
}

fn website(text: &str) -> Result<String, ProfileError> {
    let text = line("a website", WEBSITE, text)?;
    let host = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://")).unwrap_or_default();
    if host.is_empty() || host.chars().any(spaces_or_turns) {
        return Err(ProfileError::Website { given: text });
    }
    Ok(text)
}

/// Only the form is checked that no address can be without; whether mail arrives nobody can tell from it.
fn email(text: &str) -> Result<String, ProfileError> {
    let text = line("an e-mail address", EMAIL, text)?;
    let (local, domain) = text.split_once('@').unwrap_or_default();
    let domain_sound =
        domain.contains('.') && !domain.contains('@') && domain.split('.').all(|label| !label.is_empty());
    let sound = !local.is_empty() && domain_sound && !text.chars().any(spaces_or_turns);
    if sound || text.is_empty() { Ok(text) } else { Err(ProfileError::Email { given: text }) }
}

fn spaces_or_turns(character: char) -> bool {
    character.is_whitespace() || is_bidirectional(character)
}

fn line(field: &'static str, limit: Limit, text: &str) -> Result<String, ProfileError> {
    bounded(field, limit, text, is_control)
}

fn lines(field: &'static str, limit: Limit, text: &str) -> Result<String, ProfileError> {
    bounded(field, limit, text, |character| is_control(character) && !matches!(character, '\r' | '\n'))
}

fn bounded(field: &'static str, limit: Limit, text: &str, bad: fn(char) -> bool) -> Result<String, ProfileError> {
    let text = text.trim();
    let characters = text.chars().count();
    if !u64::try_from(characters).is_ok_and(|count| (limit.min..=limit.max).contains(&count)) {
        return Err(ProfileError::Length { field, limit, characters });
    }
    match text.chars().find(|&character| bad(character)) {
        Some(character) => Err(ProfileError::Character { field, character }),
        None => Ok(text.to_owned()),
    }
}

impl From<&Profile> for ProfileDraft {
    fn from(profile: &Profile) -> Self {
        let field = |text: Option<&str>| text.map_or(Field::Absent, Field::from);
        let websites = profile.websites();
        Self {
            about: field(profile.about()),
            address: field(profile.address()),
            description: field(profile.description()),
            email: field(profile.email()),
            websites: if websites.is_empty() { FieldList::Absent } else { websites.iter().cloned().collect() },
            vertical: field(profile.vertical().map(Vertical::as_str)),
            logo: field(Some(profile.logo())),
        }
    }
}
