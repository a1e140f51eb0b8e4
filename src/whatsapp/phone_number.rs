//! Phone numbers.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::rule::{Explain, Limit, Rule};

const DIGITS: Limit = Limit::new(7, 15, "digits");

/// A phone number in E.164: country code and number, 7 to 15 digits, the first not zero.
///
/// Numbers are compared by their digits, however they were written: Meta writes `+1 631-555-1111` in one place and
/// `16315551111` in another. Accepted beside the digits are one `+` in front and, anywhere after it, spaces, no-break
/// spaces, hyphens, dots and parentheses; white space around the whole is dropped. Whether a number is in use nobody can tell from
/// its digits, and no list of numbering plans is asked.
///
/// ```
/// use whatsapp_inbox::whatsapp::PhoneNumber;
///
/// let number = PhoneNumber::new("+1 (631) 555-1111")?;
/// assert_eq!(number.to_string(), "+16315551111");
/// assert_eq!(number, PhoneNumber::new("16315551111")?);
/// # Ok::<(), whatsapp_inbox::whatsapp::PhoneNumberError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PhoneNumber(u64);

/// Why something is no phone number.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PhoneNumberError {
    /// Nothing was given.
    #[error("a phone number is missing its digits: write it with its country code, like +1 631-555-1111")]
    Empty,
    /// A character that stands in no phone number.
    #[error(
        "a phone number is digits, with `+` in front and spaces, hyphens, dots and parentheses between, and `{given}` has {character:?}"
    )]
    Character {
        /// The first such character.
        character: char,
        /// What was given.
        given: String,
    },
    /// It starts with a zero, as numbers do that are dialled within a country.
    #[error("a phone number starts with its country code, never with 0, and `{given}` does not")]
    LeadingZero {
        /// What was given.
        given: String,
    },
    /// Too few or too many digits.
    #[error("a phone number has {DIGITS}, country code included, and `{given}` has {digits}")]
    Length {
        /// How many digits were given.
        digits: usize,
        /// What was given.
        given: String,
    },
}

impl Explain for PhoneNumberError {
    fn code(&self) -> &'static str {
        match self {
            Self::Empty => "phone-number-empty",
            Self::Character { .. } => "phone-number-character",
            Self::LeadingZero { .. } => "phone-number-leading-zero",
            Self::Length { .. } => "phone-number-length",
        }
    }

    fn rule(&self) -> Rule {
        Rule::OnboardingDetailsWhole
    }

    fn limit(&self) -> Option<Limit> {
        matches!(self, Self::Length { .. }).then_some(DIGITS)
    }
}

impl PhoneNumber {
    /// Reads a phone number.
    ///
    /// # Errors
    ///
    /// A [`PhoneNumberError`] that names what is wrong and repeats what was given.
    pub fn new(text: &str) -> Result<Self, PhoneNumberError> {
        let trimmed = text.trim();
        let (mut value, mut digits, mut leading_zero) = (0_u64, 0_usize, false);
        for character in trimmed.strip_prefix('+').unwrap_or(trimmed).chars() {
            match character.to_digit(10) {
                Some(digit) => {
                    leading_zero |= digits == 0 && digit == 0;
                    digits = digits.saturating_add(1);
                    value = value.saturating_mul(10).saturating_add(u64::from(digit));
                }
                None if matches!(character, ' ' | '\u{a0}' | '\u{202f}' | '-' | '.' | '(' | ')') => {}
                None => return Err(PhoneNumberError::Character { character, given: text.to_owned() }),
            }
        }
        match digits {
            0 => Err(PhoneNumberError::Empty),
            _ if leading_zero => Err(PhoneNumberError::LeadingZero { given: text.to_owned() }),
            7..=15 => Ok(Self(value)),
            _ => Err(PhoneNumberError::Length { digits, given: text.to_owned() }),
        }
    }

    /// The digits as a number, country code first.
    #[must_use]
    pub const fn digits(self) -> u64 {
        self.0
    }
}

impl fmt::Display for PhoneNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "+{}", self.0)
    }
}

impl fmt::Debug for PhoneNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PhoneNumber({self})")
    }
}

impl FromStr for PhoneNumber {
    type Err = PhoneNumberError;

    fn from_str(text: &str) -> Result<Self, PhoneNumberError> {
        Self::new(text)
    }
}

impl Serialize for PhoneNumber {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for PhoneNumber {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::new(&String::deserialize(deserializer)?).map_err(serde::de::Error::custom)
    }
}

#[cfg(feature = "schemars")]
impl schemars::JsonSchema for PhoneNumber {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "PhoneNumber".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "string", "pattern": "^\\+[1-9][0-9]{6,14}$" })
    }
}
