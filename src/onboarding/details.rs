//! What the brand hands in: number, line, business manager id, display name.

use serde::{Deserialize, Serialize};

use crate::form::{self, Fault, Faults, Field};
use crate::rule::{Explain, Limit, Rule};
use crate::whatsapp::{BusinessManagerId, DisplayName, Ivr, LineError, LineKind, PhoneNumber};

const RULE: Rule = Rule::OnboardingDetailsWhole;

/// The details of an onboarding, whole and well formed (`onboarding.details-whole`).
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
#[non_exhaustive]
pub struct Details {
    /// The number that is to be on WhatsApp.
    pub number: PhoneNumber,
    /// What kind of line it is on.
    pub line: LineKind,
    /// The brand's Business Manager.
    pub business: BusinessManagerId,
    /// The name that WhatsApp is to show to consumers. Meta decides on it.
    pub name: DisplayName,
}

impl Details {
    /// Details of these values.
    #[must_use]
    pub const fn new(number: PhoneNumber, line: LineKind, business: BusinessManagerId, name: DisplayName) -> Self {
        Self { number, line, business, name }
    }
}

/// The details as a form sends them: anything in any field, until it is checked.
///
/// ```
/// use whatsapp_inbox::onboarding::DetailsDraft;
///
/// let draft: DetailsDraft = serde_json::from_str(
///     r#"{"phone_number": "0151 23456789", "line": "land-line", "ivr": "cannot-be-switched-off", "display_name": "Bakery"}"#,
/// )?;
/// let faults = draft.check().unwrap_err();
/// let pointers: Vec<_> = faults.as_slice().iter().map(|fault| fault.pointer.as_str()).collect();
/// assert_eq!(pointers, ["/phone_number", "/ivr", "/business_manager_id"]);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct DetailsDraft {
    /// The phone number, with its country code.
    pub phone_number: Field,
    /// `mobile` or `land-line`.
    pub line: Field,
    /// For a land line, its voice menu: `absent`, `can-be-switched-off`, or `cannot-be-switched-off`, which is refused.
    pub ivr: Field,
    /// The business manager id, as *Business Settings › Business Info* shows it.
    pub business_manager_id: Field,
    /// The display name.
    pub display_name: Field,
}

impl DetailsDraft {
    /// The details, if every field is sound.
    ///
    /// # Errors
    ///
    /// Every fault there is, each with its JSON pointer.
    pub fn check(&self) -> Result<Details, Faults> {
        let mut faults = Vec::new();
        let number = form::required(&self.phone_number, "/phone_number", RULE, &mut faults, PhoneNumber::new);
        let line = self.check_line(&mut faults);
        let business = form::required(
            &self.business_manager_id,
            "/business_manager_id",
            RULE,
            &mut faults,
            BusinessManagerId::new,
        );
        let name = form::required(&self.display_name, "/display_name", RULE, &mut faults, DisplayName::new);
        let details = (|| Some(Details::new(number?, line?, business?, name?)))();
        Faults::none_or(faults, details)
    }

    fn check_line(&self, faults: &mut Vec<Fault>) -> Option<LineKind> {
        let line = form::required(&self.line, "/line", RULE, faults, |text| match text {
            "mobile" | "land-line" => Ok(text.to_owned()),
            _ => Err(LineError::UnknownLine { given: text.to_owned() }),
        })?;
        if line == "mobile" {
            return Some(LineKind::Mobile);
        }
        form::required(&self.ivr, "/ivr", Rule::OnboardingLandlineIvr, faults, str::parse::<Ivr>)
            .map(LineKind::LandLine)
    }
}

/// Which text was signed or accepted: its address or its version (`onboarding.agreement-before-terms`).
///
/// ```
/// use whatsapp_inbox::onboarding::TextReference;
///
/// let terms = TextReference::new("https://www.whatsapp.com/legal/business-terms")?;
/// assert_eq!(terms.as_str(), "https://www.whatsapp.com/legal/business-terms");
/// # Ok::<(), whatsapp_inbox::onboarding::TextReferenceError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub struct TextReference(String);

/// Why something refers to no text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TextReferenceError {
    /// Nothing, or too much.
    #[error("the address or version of a text has {TEXT_REFERENCE}, and this one has {characters}")]
    Length {
        /// How many characters were given.
        characters: usize,
    },
    /// A line break or another control character.
    #[error("the address or version of a text has no control characters, and this one has {character:?}")]
    Control {
        /// The first of them.
        character: char,
    },
}

const TEXT_REFERENCE: Limit = Limit::new(1, 2048, "characters");

impl Explain for TextReferenceError {
    fn code(&self) -> &'static str {
        match self {
            Self::Length { .. } => "text-reference-length",
            Self::Control { .. } => "text-reference-control",
        }
    }

    fn rule(&self) -> Rule {
        Rule::OnboardingAgreementBeforeTerms
    }

    fn limit(&self) -> Option<Limit> {
        matches!(self, Self::Length { .. }).then_some(TEXT_REFERENCE)
    }
}

impl TextReference {
    /// A reference by address or version: 1 to 2,048 characters after trimming, none of them a control character.
    ///
    /// # Errors
    ///
    /// A [`TextReferenceError`] that tells the limit and what was given.
    pub fn new(text: &str) -> Result<Self, TextReferenceError> {
        let trimmed = text.trim();
        let characters = trimmed.chars().count();
        if !(1..=2048).contains(&characters) {
            return Err(TextReferenceError::Length { characters });
        }
        match trimmed.chars().find(|character| character.is_control()) {
            Some(character) => Err(TextReferenceError::Control { character }),
            None => Ok(Self(trimmed.to_owned())),
        }
    }

    /// The reference.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}
