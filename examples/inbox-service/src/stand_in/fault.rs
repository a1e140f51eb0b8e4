//! An error in the form of the Graph API.

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

/// An error that the stand-in answers as the Graph API would.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Fault {
    status: StatusCode,
    code: u32,
    subcode: Option<u32>,
    message: &'static str,
    told: Option<&'static str>,
}

impl Fault {
    pub(super) const fn new(code: u32, message: &'static str) -> Self {
        Self { status: StatusCode::BAD_REQUEST, code, subcode: None, message, told: None }
    }

    const fn with_subcode(mut self, subcode: u32) -> Self {
        self.subcode = Some(subcode);
        self
    }

    const fn telling(mut self, told: &'static str) -> Self {
        self.told = Some(told);
        self
    }

    pub(super) const fn token() -> Self {
        let mut fault = Self::new(190, "An access token is required");
        fault.status = StatusCode::UNAUTHORIZED;
        fault
    }

    pub(super) const fn code_not_sent() -> Self {
        Self::new(136_024, "Request code error").with_subcode(2_388_091).telling("Try again after a while.")
    }

    pub(super) const fn wrong_code() -> Self {
        Self::new(136_025, "Verify code error").with_subcode(2_388_093).telling("The code is not right.")
    }

    /// Meta publishes the sentence and no number, so it has the one of a wrong code.
    pub(super) const fn too_many_guesses() -> Self {
        Self::new(136_025, "Verify code error").telling("You have guessed too many times. Try again in 12 hours.")
    }

    pub(super) const fn pin_mismatch() -> Self {
        Self::new(133_005, "Two step verification PIN mismatch")
    }

    pub(super) const fn not_deliverable() -> Self {
        Self::new(131_026, "Message undeliverable")
    }

    pub(super) const fn too_many_messages() -> Self {
        Self::new(130_429, "Rate limit hit")
    }

    pub(super) const fn parameter(message: &'static str) -> Self {
        Self::new(100, message)
    }

    pub(super) const fn template_exists() -> Self {
        Self::new(100, "Invalid parameter")
            .with_subcode(2_388_024)
            .telling("There is content in this language already.")
    }
}

impl IntoResponse for Fault {
    fn into_response(self) -> Response {
        let mut error =
            json!({ "message": self.message, "type": "OAuthException", "code": self.code, "is_transient": false });
        if let Some(members) = error.as_object_mut() {
            members.extend(self.subcode.map(|subcode| ("error_subcode".to_owned(), Value::from(subcode))));
            members.extend(self.told.map(|told| ("error_user_msg".to_owned(), Value::from(told))));
        }
        (self.status, Json(json!({ "error": error }))).into_response()
    }
}
