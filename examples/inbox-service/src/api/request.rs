//! What a request brings: who asks, the command's id, the version it was made on, a body.

use std::sync::Arc;

use axum::extract::rejection::{PathRejection, QueryRejection};
use axum::extract::{self, FromRequest, FromRequestParts, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, header};
use http_body_util::BodyExt as _;
use serde::de::DeserializeOwned;
use serde_json::error::Category;
use serde_path_to_error::{Path as Place, Segment};
use whatsapp_inbox::access::Principal;
use whatsapp_inbox::decider::{Actor, Version};
use whatsapp_inbox::id::{CommandId, OperatorId, OrganisationId, UserId};
use whatsapp_inbox::time::Instant;

use crate::app::App;
use crate::clock;
use crate::host::{Operator, Person};
use crate::problem::Problem;

/// As long a body may be that people send.
const BODY_BYTES: usize = 256 * 1024;
/// So much of a body that is too long is listened to, and thrown away, before it is said that it is: who is hung up on while
/// still sending may never read the answer.
const LISTENED_BYTES: usize = 16 * 1024 * 1024;

/// Who asks. It is believed what stands in `X-User` or `X-Operator`, or in the cookie `who` that the pages set: put your own
/// authentication here.
#[derive(Debug, Clone)]
pub enum Who {
    /// A person of an organisation.
    Person(Person),
    /// A person of the provider's.
    Operator(Operator),
}

/// The id of the command: the header `Idempotency-Key`, which is a UUID, or a new one. The same request may be sent again with
/// the same key, and is done once.
#[derive(Debug, Clone, Copy)]
pub struct CommandKey(pub CommandId);

/// The version that a change was made on: the header `If-Match`, such as `"3"`.
#[derive(Debug, Clone, Copy)]
pub struct IfMatch(pub Version);

/// A body of JSON.
#[derive(Debug)]
pub struct Body<T>(pub T);

/// A body as it came, of at most so many bytes.
#[derive(Debug)]
pub(super) struct Raw<const MOST: usize>(pub Vec<u8>);

/// What stands in the path. What cannot be read of it is answered as a problem, as anything else.
#[derive(Debug, FromRequestParts)]
#[from_request(via(extract::Path), rejection(Problem))]
pub struct Path<T>(pub T);

/// What stands in the query.
#[derive(Debug, FromRequestParts)]
#[from_request(via(extract::Query), rejection(Problem))]
pub struct Query<T>(pub T);

impl Who {
    /// As the rules know them.
    #[must_use]
    pub fn actor(&self) -> Actor {
        match self {
            Self::Person(person) => Actor::of(&person.principal),
            Self::Operator(operator) => Actor::Operator(operator.id),
        }
    }

    /// The person of an organisation, if it is one.
    ///
    /// # Errors
    ///
    /// *Not found*, for what people of the provider's do not see.
    pub fn principal(&self, what: &str) -> Result<&Principal, Problem> {
        match self {
            Self::Person(person) => Ok(&person.principal),
            Self::Operator(_) => Err(Problem::not_found(what)),
        }
    }

    /// The organisation that they are of.
    ///
    /// # Errors
    ///
    /// *Not found*, for people of the provider's, who are of none.
    pub fn organisation(&self, what: &str) -> Result<OrganisationId, Problem> {
        self.principal(what).map(Principal::organisation)
    }

    /// The request that comes with a command.
    #[must_use]
    pub fn request(&self, key: CommandKey, now: Instant) -> whatsapp_inbox::service::Request {
        whatsapp_inbox::service::Request::new(key.0, self.actor(), now)
    }
}

/// Who a request names, in words that are parsed next.
enum Named {
    User(UserId),
    Operator(OperatorId),
}

fn named(headers: &HeaderMap) -> Result<Named, Problem> {
    let unreadable = |error: &dyn std::error::Error| {
        Problem::new(StatusCode::UNAUTHORIZED, "who", format!("who asks cannot be read: {error}"))
    };
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    if let Some(user) = text("x-user") {
        return user.parse().map(Named::User).map_err(|error| unreadable(&error));
    }
    if let Some(operator) = text("x-operator") {
        return operator.parse().map(Named::Operator).map_err(|error| unreadable(&error));
    }
    let cookies = text(header::COOKIE.as_str()).unwrap_or_default();
    let who = cookies.split(';').find_map(|cookie| cookie.trim().strip_prefix("who="));
    match who.and_then(|who| who.split_once(':')) {
        Some(("user", user)) => user.parse().map(Named::User).map_err(|error| unreadable(&error)),
        Some(("operator", operator)) => operator.parse().map(Named::Operator).map_err(|error| unreadable(&error)),
        _ => {
            let detail = "say who you are: X-User with <organisation>/<user>, or X-Operator with an operator's id";
            Err(Problem::new(StatusCode::UNAUTHORIZED, "who", detail))
        }
    }
}

impl FromRequestParts<Arc<App>> for Who {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Problem> {
        let unknown = || Problem::new(StatusCode::UNAUTHORIZED, "who", "nobody is known by this id");
        match named(&parts.headers)? {
            Named::User(user) => app.host.person(user).await?.map(Self::Person).ok_or_else(unknown),
            Named::Operator(operator) => app.host.operator(operator).await?.map(Self::Operator).ok_or_else(unknown),
        }
    }
}

impl<S: Sync> FromRequestParts<S> for CommandKey {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let Some(given) = parts.headers.get("idempotency-key") else {
            return Ok(Self(CommandId::new(clock::new_id())));
        };
        let given = given.to_str().unwrap_or_default();
        given.trim_matches('"').parse().map(Self).map_err(|error| {
            Problem::new(StatusCode::BAD_REQUEST, "idempotency-key", format!("the header Idempotency-Key: {error}"))
        })
    }
}

impl<S: Sync> FromRequestParts<S> for IfMatch {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let missing =
            "say which version the change was made on, in the header If-Match: it is the ETag of what was read";
        let Some(given) = parts.headers.get(header::IF_MATCH) else {
            return Err(Problem::new(StatusCode::PRECONDITION_REQUIRED, "if-match", missing));
        };
        let version = given.to_str().ok().and_then(|given| {
            let given = given.trim();
            let given = given.strip_prefix('"').and_then(|given| given.strip_suffix('"')).unwrap_or(given);
            // `parse` would take a plus as well.
            given.bytes().all(|byte| byte.is_ascii_digit()).then(|| given.parse().ok()).flatten()
        });
        let unreadable = "the header If-Match is a version in quotation marks, such as \"3\"";
        let problem = || Problem::new(StatusCode::BAD_REQUEST, "if-match", unreadable);
        version.map(|version| Self(Version::new(version))).ok_or_else(problem)
    }
}

impl<const MOST: usize, S: Sync> FromRequest<S> for Raw<MOST> {
    type Rejection = Problem;

    async fn from_request(request: Request, _: &S) -> Result<Self, Problem> {
        let mut body = request.into_body();
        let (mut bytes, mut length) = (Vec::new(), 0_usize);
        while let Some(frame) = body.frame().await {
            let broken = |_| Problem::new(StatusCode::BAD_REQUEST, "body", "the body did not come to its end");
            let Ok(data) = frame.map_err(broken)?.into_data() else { continue };
            length = length.saturating_add(data.len());
            if length <= MOST {
                bytes.extend_from_slice(&data);
            } else if length > LISTENED_BYTES {
                break;
            }
        }
        if length > MOST {
            let detail = format!("the body is longer than the {MOST} bytes that are taken here");
            return Err(Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "body", detail));
        }
        Ok(Self(bytes))
    }
}

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Body<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        // A form of another page cannot send this type without being asked first, so it cannot act for who is signed in here.
        let kind = request.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
        let kind = kind.split(';').next().unwrap_or_default().trim();
        if !kind.eq_ignore_ascii_case("application/json") {
            let detail = "the body is JSON, with the Content-Type application/json";
            return Err(Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "content-type", detail));
        }
        let Raw::<BODY_BYTES>(body) = Raw::from_request(request, state).await?;
        read(&body).map(Self)
    }
}

/// Reads JSON. What is none is 400; what is, and is not what is asked for, is 422 with the place.
fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, Problem> {
    let mut json = serde_json::Deserializer::from_slice(body);
    let read = serde_path_to_error::deserialize(&mut json);
    let read = read.map_err(|error| (pointer(error.path()), error.into_inner()));
    let read = read.and_then(|value| json.end().map(|()| value).map_err(|error| (String::new(), error)));
    read.map_err(|(pointer, error)| {
        // Where an act is looked for and a list stands there, `serde_json` calls it bad syntax.
        let is_json = error.classify() == Category::Data || serde_json::from_slice::<serde_json::Value>(body).is_ok();
        if is_json {
            return Problem::shape(&pointer, &expected(&error));
        }
        Problem::new(StatusCode::BAD_REQUEST, "json", format!("the body is not JSON: {error}"))
    })
}

/// A place in the body, as a JSON pointer.
fn pointer(place: &Place) -> String {
    let step = |segment: &Segment| match segment {
        Segment::Seq { index } => format!("/{index}"),
        Segment::Map { key } => format!("/{}", key.replace('~', "~0").replace('/', "~1")),
        Segment::Enum { variant } => format!("/{variant}"),
        Segment::Unknown => String::new(),
    };
    place.iter().map(step).collect()
}

/// What was expected, without what was given: that may be a secret at the wrong place.
fn expected(error: &serde_json::Error) -> String {
    let said = error.to_string();
    let of_value = ["invalid ", "unknown variant "].iter().any(|begin| said.starts_with(begin));
    match said.rsplit_once(", expected ") {
        Some((_, expected)) if of_value => format!("expected {expected}"),
        _ => said,
    }
}

impl From<PathRejection> for Problem {
    fn from(rejection: PathRejection) -> Self {
        Self::new(rejection.status(), "path", format!("the address cannot be read: {}", rejection.body_text()))
    }
}

impl From<QueryRejection> for Problem {
    fn from(rejection: QueryRejection) -> Self {
        Self::new(rejection.status(), "query", format!("the query cannot be read: {}", rejection.body_text()))
    }
}
