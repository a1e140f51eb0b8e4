//! Errors as they are answered: `application/problem+json` (RFC 9457) with the code, the rule and, of a form, a pointer to each
//! fault.

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value, json};
use whatsapp_inbox::access::Denied;
use whatsapp_inbox::decider::{Class, Decider, Refusal};
use whatsapp_inbox::form::Faults;
use whatsapp_inbox::port::Backend;
use whatsapp_inbox::rule::{Explain, Rule};
use whatsapp_inbox::service::ServiceError;

/// Why a request was not done.
#[derive(Debug)]
pub struct Problem {
    status: StatusCode,
    code: &'static str,
    detail: String,
    /// `rule`, `parameters` of the code for machines, and of a form `errors`, each with its pointer.
    more: Map<String, Value>,
}

impl Problem {
    /// A problem that no rule of the crate is about.
    pub fn new(status: StatusCode, code: &'static str, detail: impl Into<String>) -> Self {
        Self { status, code, detail: detail.into(), more: Map::new() }
    }

    fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.more.insert(name.to_owned(), value.into());
        self
    }

    /// Of an error that names its code and rule.
    pub fn of(status: StatusCode, error: &impl Explain) -> Self {
        Self::new(status, error.code(), error.to_string()).with("rule", error.rule().id())
    }

    /// Of a value that cannot be what it should be, at a place in the body.
    pub fn at(pointer: &str, error: &impl Explain) -> Self {
        let fault =
            json!({ "pointer": pointer, "code": error.code(), "rule": error.rule(), "message": error.to_string() });
        Self::of(StatusCode::UNPROCESSABLE_ENTITY, error).with("errors", vec![fault])
    }

    /// Of a text that cannot be taken, at a place in the body.
    #[must_use]
    pub fn text(pointer: &str, message: &str) -> Self {
        let fault = json!({ "pointer": pointer, "code": "text", "message": message });
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, "text", message).with("errors", vec![fault])
    }

    /// Of a body that is JSON and is not what is asked for, at a place in it.
    #[must_use]
    pub fn shape(pointer: &str, message: &str) -> Self {
        let fault = json!({ "pointer": pointer, "code": "shape", "message": message });
        let detail = format!("the body is not what is asked for here: {message}");
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, "shape", detail).with("errors", vec![fault])
    }

    /// Of something that is not there, or that the person may not know of.
    #[must_use]
    pub fn not_found(what: &str) -> Self {
        let detail = format!("no such {what} was found");
        // As the rules answer it, so that nobody can tell who answered.
        Self::new(StatusCode::NOT_FOUND, "not-found", detail).with("rule", Rule::AccessNotFound.id())
    }

    /// Its status.
    #[must_use]
    pub const fn status(&self) -> StatusCode {
        self.status
    }

    fn refused(refused: &impl Refusal) -> Self {
        let status = match (refused.code(), refused.class()) {
            ("not-found", _) => StatusCode::NOT_FOUND,
            ("admin-only" | "wrong-actor" | "role-too-low" | "not-the-owner", _) => StatusCode::FORBIDDEN,
            ("old-settings" | "old-access", _) => StatusCode::PRECONDITION_FAILED,
            (_, Class::Input) => StatusCode::UNPROCESSABLE_ENTITY,
            (_, Class::Situation) => StatusCode::CONFLICT,
            _ => StatusCode::BAD_REQUEST,
        };
        let written = serde_json::to_value(refused).ok();
        let parameters = written.as_ref().and_then(|written| written.get("parameters")).cloned();
        let problem = Self::of(status, refused);
        match parameters.filter(|given| given.as_object().is_some_and(|given| !given.is_empty())) {
            Some(parameters) => problem.with("parameters", parameters),
            None => problem,
        }
    }
}

impl From<Denied> for Problem {
    fn from(denied: Denied) -> Self {
        let status = if denied.is_not_found() { StatusCode::NOT_FOUND } else { StatusCode::FORBIDDEN };
        Self::of(status, &denied)
    }
}

impl From<Faults> for Problem {
    fn from(faults: Faults) -> Self {
        Self::form("", &faults)
    }
}

impl Problem {
    /// Of a form that stands at a place in the body.
    #[must_use]
    pub fn form(at: &str, faults: &Faults) -> Self {
        let detail = match faults.as_slice().len() {
            1 => "one field cannot be taken".to_owned(),
            count => format!("{count} fields cannot be taken"),
        };
        let mut errors = serde_json::to_value(faults).unwrap_or_default();
        for error in errors.as_array_mut().into_iter().flatten() {
            let pointer = format!("{at}{}", error["pointer"].as_str().unwrap_or_default());
            error["pointer"] = pointer.into();
        }
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, "form", detail).with("errors", errors)
    }
}

impl From<Backend> for Problem {
    /// What failed is for the log alone: it may name tables and hosts.
    fn from(backend: Backend) -> Self {
        tracing::error!(error = chain(&backend), "a port failed");
        let detail =
            "a part of this service does not answer: give the same request again, with the same Idempotency-Key";
        Self::new(StatusCode::SERVICE_UNAVAILABLE, "backend", detail)
    }
}

impl<A: Decider<Refused: Refusal>> From<ServiceError<A>> for Problem {
    fn from(error: ServiceError<A>) -> Self {
        match error {
            ServiceError::Refused(refused) => Self::refused(&refused),
            ServiceError::Denied(denied) => denied.into(),
            ServiceError::Backend(backend) => backend.into(),
            ServiceError::OtherContent => Self::of(StatusCode::UNPROCESSABLE_ENTITY, &error),
            error => Self::of(StatusCode::CONFLICT, &error),
        }
    }
}

/// An error with what caused it, on one line.
pub fn chain(error: &dyn std::error::Error) -> String {
    let mut chain = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        let more = error.to_string();
        if !chain.ends_with(&more) {
            chain = format!("{chain}: {more}");
        }
        cause = error.source();
    }
    chain
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let title = self.status.canonical_reason().unwrap_or_default();
        let mut body = json!({
            "type": "about:blank",
            "title": title,
            "status": self.status.as_u16(),
            "detail": self.detail,
            "code": self.code,
        });
        if let Value::Object(body) = &mut body {
            body.extend(self.more);
        }
        let mut response = (self.status, Json(body)).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        if self.status == StatusCode::SERVICE_UNAVAILABLE {
            headers.insert(header::RETRY_AFTER, HeaderValue::from_static("1"));
        }
        response
    }
}
