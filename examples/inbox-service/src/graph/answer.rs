//! What Meta answers to a call: yes, no with the number of an error, or nothing that can be relied on.

use reqwest::StatusCode;
use serde_json::Value;
use whatsapp_inbox::port::Backend;

use super::Token;

/// *Invalid parameter*: it says nothing, and what is wrong is in its subcode.
const INVALID_PARAMETER: u32 = 100;
/// The token is not accepted. Meta's sentence about it repeats the token.
const TOKEN: u32 = 190;
/// *Unknown error* and *service unavailable*: Meta itself does not say whether it was done.
const NOBODY_KNOWS: [u32; 2] = [1, 2];

/// Why a call has no good answer.
#[derive(Debug)]
pub(super) enum No {
    /// Meta refused it: nothing was done.
    Refused(Refusal),
    /// Nobody knows whether it was done.
    Unknown(Backend),
}

/// An error of the Graph API.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Refusal {
    /// Meta's code; 0 where it only says that there was no success.
    pub(super) code: u32,
    /// Meta's subcode, if it says one.
    pub(super) subcode: Option<u32>,
    /// Meta's sentence for developers.
    pub(super) message: String,
    /// Meta's title and sentence for people, in the language of the app.
    told: String,
}

impl Refusal {
    /// The number that names the cause: the code, or the subcode where the code only says that a parameter is wrong.
    pub(super) fn number(&self) -> u32 {
        self.subcode.filter(|_| self.code == INVALID_PARAMETER).unwrap_or(self.code)
    }

    /// Whether some text of it has these words.
    pub(super) fn says(&self, words: &str) -> bool {
        [&self.message, &self.told].iter().any(|text| text.to_ascii_lowercase().contains(words))
    }

    /// It as a fault of a port that knows no refusal.
    pub(super) fn into_backend(self) -> Backend {
        Backend::new(format!("Meta refused it with error {}: {}", self.number(), self.message))
    }

    /// The error that a body has, if it has one with a number.
    fn of(error: &Value, token: &Token) -> Option<Self> {
        let text = |key: &str| token.strike_from(error.get(key).and_then(Value::as_str).unwrap_or_default());
        let code = number(error.get("code")?)?;
        let message = if code == TOKEN { "the access token is not accepted".to_owned() } else { text("message") };
        let told = format!("{}\n{}", text("error_user_title"), text("error_user_msg"));
        Some(Self { code, subcode: error.get("error_subcode").and_then(number), message, told })
    }
}

impl No {
    /// It as a fault of a port that knows no refusal.
    pub(super) fn into_backend(self) -> Backend {
        match self {
            Self::Refused(refusal) => refusal.into_backend(),
            Self::Unknown(lost) => lost,
        }
    }
}

/// That no answer came. It tells no address: one that somebody put a secret into would tell it.
pub(super) fn lost(error: reqwest::Error) -> No {
    No::Unknown(Backend::new(error.without_url()))
}

/// Reads an answer. An error with a number is a refusal whatever the status, and whatever else is no success tells nothing of
/// what Meta did: it may come from something in between.
pub(super) fn read(status: StatusCode, body: &[u8], token: &Token) -> Result<Value, No> {
    let unknown = |what: &str| No::Unknown(Backend::new(format!("Meta answered {} {what}", status.as_u16())));
    let Ok(value) = serde_json::from_slice::<Value>(body) else { return Err(unknown("and no JSON")) };
    match value.get("error").filter(|error| !error.is_null()).map(|error| Refusal::of(error, token)) {
        // Without Meta's sentence: the call may have had a code or a PIN, and a sentence may repeat what was given.
        Some(Some(refusal)) if NOBODY_KNOWS.contains(&refusal.code) => {
            Err(unknown(&format!("with error {}", refusal.code)))
        }
        Some(Some(refusal)) => Err(No::Refused(refusal)),
        Some(None) => Err(unknown("with an error that has no number")),
        None if !status.is_success() => Err(unknown("without an error of the Graph API")),
        None if value.get("success") == Some(&Value::Bool(false)) => Err(No::Refused(Refusal {
            code: 0,
            subcode: None,
            message: "Meta answered that it had no success".to_owned(),
            told: String::new(),
        })),
        None => Ok(value),
    }
}

/// A number that Meta writes as one, or as text.
pub(super) fn number(value: &Value) -> Option<u32> {
    match value {
        Value::Number(number) => u32::try_from(number.as_u64()?).ok(),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    }
}

/// A text that Meta writes as one, or as a number.
pub(super) fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) if !text.is_empty() => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}
