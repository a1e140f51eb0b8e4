//! Secrets: the code that proves a number, and the PIN that registers it.
//!
//! They pass from the caller to the transport and are gone (`onboarding.code-secret`). They cannot be serialised, displayed
//! or compared, and `Debug` shows none of them.
//!
//! ```compile_fail,E0277
//! let code = whatsapp_inbox::whatsapp::VerificationCode::new("123-830").unwrap();
//! serde_json::to_string(&code); // the trait bound `VerificationCode: Serialize` is not satisfied
//! ```
//!
//! ```compile_fail,E0277
//! let code = whatsapp_inbox::whatsapp::VerificationCode::new("123-830").unwrap();
//! println!("{code}"); // `VerificationCode` doesn't implement `std::fmt::Display`
//! ```
//!
//! ```compile_fail,E0277
//! let pin = whatsapp_inbox::whatsapp::Pin::new("150954").unwrap();
//! serde_json::to_string(&pin); // the trait bound `Pin: Serialize` is not satisfied
//! ```
//!
//! ```compile_fail,E0277
//! let pin = whatsapp_inbox::whatsapp::Pin::new("150954").unwrap();
//! println!("{pin}"); // `Pin` doesn't implement `std::fmt::Display`
//! ```

use std::fmt;

use crate::rule::{Explain, Limit, Rule};

const DIGITS: Limit = Limit::new(6, 6, "digits");

/// Why something is no code or PIN. It tells how much was given, never what.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{kind} is six digits, and what was given has {digits} digits among {characters} characters")]
#[non_exhaustive]
pub struct SecretError {
    /// What was wanted: `a verification code` or `a PIN`.
    pub kind: &'static str,
    /// How many ASCII digits were given.
    pub digits: usize,
    /// How many characters were given in all.
    pub characters: usize,
    rule: Rule,
}

impl Explain for SecretError {
    fn code(&self) -> &'static str {
        "not-six-digits"
    }

    fn rule(&self) -> Rule {
        self.rule
    }

    fn limit(&self) -> Option<Limit> {
        Some(DIGITS)
    }
}

/// The code that proves that a number is the brand's: six digits that Meta sends to it (`onboarding.code-digits`).
///
/// ```
/// use whatsapp_inbox::whatsapp::VerificationCode;
///
/// let code = VerificationCode::new("123-830")?;
/// assert_eq!(code.expose(), "123830");
/// assert_eq!(format!("{code:?}"), "VerificationCode(******)");
/// # Ok::<(), whatsapp_inbox::whatsapp::SecretError>(())
/// ```
pub struct VerificationCode([u8; 6]);

/// The PIN of two-step verification with which a number is registered: six digits that the provider keeps.
///
/// ```
/// use whatsapp_inbox::whatsapp::Pin;
///
/// assert_eq!(format!("{:?}", Pin::new("150954")?), "Pin(******)");
/// # Ok::<(), whatsapp_inbox::whatsapp::SecretError>(())
/// ```
pub struct Pin([u8; 6]);

impl VerificationCode {
    /// Reads a code: six ASCII digits. White space around them is dropped, and one hyphen or space after the third.
    ///
    /// # Errors
    ///
    /// [`SecretError`] where anything else is given. It does not repeat what that was.
    pub fn new(text: &str) -> Result<Self, SecretError> {
        let trimmed = text.trim();
        let joined = match trimmed.split_once(['-', ' ']) {
            Some((first, second)) if first.len() == 3 => [first, second].concat(),
            _ => trimmed.to_owned(),
        };
        six_digits(&joined).map(Self).ok_or_else(|| wrong("a verification code", text, Rule::OnboardingCodeDigits))
    }

    /// The six digits, for the transport that hands them to Meta and for nothing else.
    #[must_use]
    pub fn expose(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or_default()
    }
}

impl Pin {
    /// Reads a PIN: six ASCII digits. White space around them is dropped.
    ///
    /// # Errors
    ///
    /// [`SecretError`] where anything else is given. It does not repeat what that was.
    pub fn new(text: &str) -> Result<Self, SecretError> {
        six_digits(text.trim()).map(Self).ok_or_else(|| wrong("a PIN", text, Rule::OnboardingCodeSecret))
    }

    /// The six digits, for the transport that hands them to Meta and for nothing else.
    #[must_use]
    pub fn expose(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or_default()
    }
}

fn six_digits(text: &str) -> Option<[u8; 6]> {
    let digits: [u8; 6] = text.as_bytes().try_into().ok()?;
    digits.iter().all(u8::is_ascii_digit).then_some(digits)
}

fn wrong(kind: &'static str, text: &str, rule: Rule) -> SecretError {
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    SecretError { kind, digits, characters: text.chars().count(), rule }
}

impl fmt::Debug for VerificationCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("VerificationCode(******)")
    }
}

impl fmt::Debug for Pin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Pin(******)")
    }
}
