//! The token by which Meta knows the provider.

use std::fmt;

use reqwest::header::HeaderValue;

/// The access token of the provider's system user. It goes into a header of each call and nowhere else: it cannot be displayed
/// or serialised, and `Debug` shows nothing of it.
#[derive(Clone)]
pub struct Token {
    text: String,
    header: HeaderValue,
}

/// Something that is no access token. It tells nothing of what was given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("an access token is missing, or has a character that no header may have")]
#[non_exhaustive]
pub struct TokenError;

impl Token {
    /// Takes the token as Meta shows it. White space around it is dropped.
    ///
    /// # Errors
    ///
    /// [`TokenError`] where nothing is left, or a character that no header may have.
    pub fn new(token: &str) -> Result<Self, TokenError> {
        let text = token.trim();
        let visible = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic());
        if !visible {
            return Err(TokenError);
        }
        let mut header = HeaderValue::from_str(&format!("Bearer {text}")).map_err(|_| TokenError)?;
        header.set_sensitive(true);
        Ok(Self { text: text.to_owned(), header })
    }

    /// The header that Meta wants.
    pub(super) fn header(&self) -> HeaderValue {
        self.header.clone()
    }

    /// A text of Meta's without the token, which some of its errors repeat.
    pub(super) fn strike_from(&self, text: &str) -> String {
        text.replace(&self.text, "******")
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(******)")
    }
}
