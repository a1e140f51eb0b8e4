//! The signature of a delivery.

use std::fmt;
use std::fmt::Write as _;

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use crate::rule::{Explain, Rule};

const PREFIX: &str = "sha256=";

/// The secret of the provider's app at Meta, with which Meta signs what it delivers (`webhook.signature`).
///
/// It cannot be serialised, displayed or compared, and `Debug` shows nothing of it.
///
/// ```
/// use whatsapp_inbox::whatsapp::delivery::AppSecret;
///
/// let secret = AppSecret::new("5f2b7c9e")?;
/// assert_eq!(format!("{secret:?}"), "AppSecret(******)");
/// # Ok::<(), whatsapp_inbox::whatsapp::delivery::AppSecretError>(())
/// ```
///
/// ```compile_fail,E0277
/// let secret = whatsapp_inbox::whatsapp::delivery::AppSecret::new("5f2b7c9e").unwrap();
/// serde_json::to_string(&secret); // the trait bound `AppSecret: Serialize` is not satisfied
/// ```
///
/// ```compile_fail,E0277
/// let secret = whatsapp_inbox::whatsapp::delivery::AppSecret::new("5f2b7c9e").unwrap();
/// println!("{secret}"); // `AppSecret` doesn't implement `std::fmt::Display`
/// ```
pub struct AppSecret(Hmac<Sha256>);

/// An app secret that is empty. With it anybody could sign.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("an app secret is missing: it stands in the basic settings of the app at Meta")]
#[non_exhaustive]
pub struct AppSecretError;

impl Explain for AppSecretError {
    fn code(&self) -> &'static str {
        "app-secret-empty"
    }

    fn rule(&self) -> Rule {
        Rule::WebhookSignature
    }
}

/// Why a body is not Meta's. It tells nothing of the secret, of the body, or of the signature that would be right.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SignatureError {
    /// The header is not written as Meta writes it.
    #[error("a signature is `sha256=` and 64 hexadecimal digits, and the header is not")]
    Malformed,
    /// The header is well written, and signs something else or with another secret.
    #[error("the signature does not fit the body")]
    Mismatch,
}

impl Explain for SignatureError {
    fn code(&self) -> &'static str {
        match self {
            Self::Malformed => "signature-malformed",
            Self::Mismatch => "signature-mismatch",
        }
    }

    fn rule(&self) -> Rule {
        Rule::WebhookSignature
    }
}

/// A body that Meta has signed: the only kind that can be read (`webhook.signature`).
///
/// [`AppSecret::check`] alone makes one, and an unchecked body is another type:
///
/// ```compile_fail,E0599
/// let body: &[u8] = b"{}";
/// body.read(); // no method named `read` found for reference `&[u8]`
/// ```
///
/// ```compile_fail,E0451
/// use whatsapp_inbox::whatsapp::delivery::Verified;
///
/// let unchecked = Verified { body: b"{}" }; // field `body` of struct `Verified` is private
/// ```
#[derive(Clone, Copy)]
pub struct Verified<'a> {
    body: &'a [u8],
}

impl AppSecret {
    /// Takes the secret as Meta shows it. White space around it is dropped.
    ///
    /// # Errors
    ///
    /// [`AppSecretError`] where nothing is left.
    pub fn new(secret: &str) -> Result<Self, AppSecretError> {
        let secret = secret.trim();
        if secret.is_empty() {
            return Err(AppSecretError);
        }
        Hmac::new_from_slice(secret.as_bytes()).map(Self).map_err(|_| AppSecretError)
    }

    /// Checks the signature of a body, over its raw bytes and in constant time (`webhook.signature`).
    ///
    /// `body` is what came over the wire, untouched: Meta signs its own spelling of the JSON, so a body that was parsed and
    /// written again has another signature. `header` is the value of `X-Hub-Signature-256`: `sha256=` and 64 hexadecimal
    /// digits in either case.
    ///
    /// # Errors
    ///
    /// [`SignatureError`]: the header is malformed, or the signature is another.
    ///
    /// # Examples
    ///
    /// ```
    /// use whatsapp_inbox::whatsapp::delivery::{AppSecret, SignatureError};
    ///
    /// let secret = AppSecret::new("5f2b7c9e")?;
    /// let header = secret.sign(b"{}");
    /// assert!(secret.check(b"{}", &header).is_ok());
    /// assert_eq!(secret.check(b"{ }", &header).err(), Some(SignatureError::Mismatch));
    /// assert_eq!(secret.check(b"{}", "sha1=00").err(), Some(SignatureError::Malformed));
    /// # Ok::<(), whatsapp_inbox::whatsapp::delivery::AppSecretError>(())
    /// ```
    pub fn check<'a>(&self, body: &'a [u8], header: &str) -> Result<Verified<'a>, SignatureError> {
        let signature = header.strip_prefix(PREFIX).and_then(from_hex).ok_or(SignatureError::Malformed)?;
        let mac = self.0.clone().chain_update(body);
        mac.verify_slice(&signature).map(|()| Verified { body }).map_err(|_| SignatureError::Mismatch)
    }

    /// The header that Meta would send with this body: for tests, and for whatever stands in for Meta.
    #[must_use]
    pub fn sign(&self, body: &[u8]) -> String {
        let mut header = PREFIX.to_owned();
        for byte in self.0.clone().chain_update(body).finalize().into_bytes() {
            // Writing to a string does not fail.
            let _ = write!(header, "{byte:02x}");
        }
        header
    }
}

impl<'a> Verified<'a> {
    /// The bytes that were checked.
    #[must_use]
    pub const fn body(self) -> &'a [u8] {
        self.body
    }
}

/// The bytes that 64 hexadecimal digits write, in either case.
fn from_hex(digits: &str) -> Option<[u8; 32]> {
    if digits.len() != 64 {
        return None;
    }
    let mut bytes = [0; 32];
    let mut values = digits.chars().map(|digit| digit.to_digit(16).and_then(|value| u8::try_from(value).ok()));
    for byte in &mut bytes {
        *byte = values.next()?? << 4 | values.next()??;
    }
    Some(bytes)
}

impl fmt::Debug for AppSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AppSecret(******)")
    }
}

impl fmt::Debug for Verified<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Verified({} bytes)", self.body.len())
    }
}
