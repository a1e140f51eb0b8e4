//! The way to Meta: the crate's [`Transport`] and [`Templates`](whatsapp_inbox::port::Templates) over the Graph API.
//!
//! Each call is made once and never again: an answer that is lost is reported as unknown, and reading settles it. A code and a
//! PIN travel in the body, the token in a header, so that no address, no log line of a proxy and no error has any of them.

mod answer;
mod messages;
mod reading;
mod templates;
mod token;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use reqwest::header::AUTHORIZATION;
use reqwest::{Client, Method, RequestBuilder, Url, redirect};
use serde_json::{Value, json};
use whatsapp_inbox::conversation::{MessageKind, WarningOutcome};
use whatsapp_inbox::id::{ConversationId, OnboardingId};
use whatsapp_inbox::onboarding::{CodeAnswer, CodeSend, Fact, RegistrationAnswer};
use whatsapp_inbox::port::{Backend, Transport};
use whatsapp_inbox::time::Instant;
use whatsapp_inbox::whatsapp::{CodeMethod, PhoneNumberId, Pin, VerificationCode};

use self::answer::{No, Refusal};
use crate::host::Host;

pub use self::messages::{NotSent, Sent};
pub use self::token::{Token, TokenError};

/// The language in which the code is told. Meta's specification wants it with its country.
const CODE_LANGUAGE: &str = "en_US";

/// The numbers of Meta's errors that mean something of their own here.
mod error {
    /// The code is wrong; the second is the same as a subcode.
    pub(super) const WRONG_CODE: [u32; 2] = [136_025, 2_388_093];
    /// The PIN is not the number's.
    pub(super) const PIN_MISMATCH: u32 = 133_005;
    /// Too many wrong PINs.
    pub(super) const TOO_MANY_PINS: u32 = 133_008;
    /// The limit on registering is hit.
    pub(super) const REGISTRATION_LIMIT: u32 = 133_016;
}

/// Meta's Graph API, as one system user sees it.
pub struct Graph {
    client: Client,
    base: Url,
    token: Token,
    host: Arc<Host>,
}

/// How long an answer is waited for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Patience {
    /// Until there is a connection.
    pub connect: Duration,
    /// Until the answer is there as a whole.
    pub total: Duration,
}

/// Why there is no way to Meta.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SetupError {
    /// The address is none that calls can be made to.
    #[error(
        "the address of the Graph API is http or https and its version, like https://graph.facebook.com/v23.0, without a name, a password or a query"
    )]
    Address,
    /// The client could not be made.
    #[error("the client for the Graph API could not be made")]
    Client(#[from] reqwest::Error),
}

impl Default for Patience {
    /// Three seconds for the connection, ten in all: Meta's own deliveries wait for twenty, and behind a call somebody waits.
    fn default() -> Self {
        Self::new(Duration::from_secs(3), Duration::from_secs(10))
    }
}

impl Patience {
    /// So long for the connection, and so long in all.
    #[must_use]
    pub const fn new(connect: Duration, total: Duration) -> Self {
        Self { connect, total }
    }
}

impl Graph {
    /// The Graph API at an address, such as `https://graph.facebook.com/v23.0` or that of a stand-in.
    ///
    /// # Errors
    ///
    /// [`SetupError`] where the address is none, or the client cannot be made.
    pub fn new(base: Url, token: Token, host: Arc<Host>) -> Result<Self, SetupError> {
        Self::with_patience(base, token, host, Patience::default())
    }

    /// The same, with another patience.
    ///
    /// # Errors
    ///
    /// As of [`Graph::new`].
    pub fn with_patience(base: Url, token: Token, host: Arc<Host>, patience: Patience) -> Result<Self, SetupError> {
        let plain = base.username().is_empty() && base.password().is_none() && base.query().is_none();
        if !plain || !matches!(base.scheme(), "http" | "https") || base.cannot_be_a_base() {
            return Err(SetupError::Address);
        }
        // One call is one request: nothing is followed and nothing is tried again.
        let mut client = Client::builder()
            .connect_timeout(patience.connect)
            .timeout(patience.total)
            .redirect(redirect::Policy::none())
            .retry(reqwest::retry::never());
        // A proxy of the surroundings is a way out, not one to this machine.
        if is_local(&base) {
            client = client.no_proxy();
        }
        Ok(Self { client: client.build()?, base, token, host })
    }

    /// A request to a path below the address.
    fn request(&self, method: Method, path: &[&str]) -> RequestBuilder {
        let mut address = self.base.clone();
        // An address without a path was refused when this was made.
        if let Ok(mut segments) = address.path_segments_mut() {
            segments.pop_if_empty().extend(path);
        }
        self.client.request(method, address).header(AUTHORIZATION, self.token.header())
    }

    /// Sends a request, once, and reads the answer.
    async fn ask(&self, request: RequestBuilder) -> Result<Value, No> {
        let answer = request.send().await.map_err(answer::lost)?;
        let status = answer.status();
        let body = answer.bytes().await.map_err(answer::lost)?;
        answer::read(status, &body, &self.token)
    }

    async fn post(&self, path: &[&str], body: &Value) -> Result<Value, No> {
        self.ask(self.request(Method::POST, path).json(body)).await
    }
}

fn is_local(base: &Url) -> bool {
    let host = base.host_str().unwrap_or_default();
    let address = host.trim_matches(['[', ']']).parse::<std::net::IpAddr>();
    host == "localhost" || address.is_ok_and(|address| address.is_loopback())
}

impl fmt::Debug for Graph {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Graph").field("base", &self.base.as_str()).field("token", &self.token).finish_non_exhaustive()
    }
}

impl Transport for Graph {
    async fn ask_for_code(&self, number: &PhoneNumberId, method: CodeMethod) -> Result<CodeSend, Backend> {
        let body = json!({ "code_method": method, "language": CODE_LANGUAGE });
        match self.post(&[number.as_str(), "request_code"], &body).await {
            Ok(_) => Ok(CodeSend::Sent),
            // Whatever Meta refused it for, no code is on its way.
            Err(No::Refused(_)) => Ok(CodeSend::NotSent),
            Err(No::Unknown(lost)) => Err(lost),
        }
    }

    async fn enter_code(&self, number: &PhoneNumberId, code: &VerificationCode) -> Result<CodeAnswer, Backend> {
        let body = json!({ "code": code.expose() });
        match self.post(&[number.as_str(), "verify_code"], &body).await {
            Ok(_) => Ok(CodeAnswer::Accepted),
            Err(No::Refused(refusal)) => Ok(of_code(&refusal)),
            Err(No::Unknown(lost)) => Err(lost),
        }
    }

    async fn register(&self, number: &PhoneNumberId, pin: &Pin) -> Result<RegistrationAnswer, Backend> {
        let body = json!({ "messaging_product": "whatsapp", "pin": pin.expose() });
        match self.post(&[number.as_str(), "register"], &body).await {
            Ok(_) => Ok(RegistrationAnswer::Registered),
            Err(No::Refused(refusal)) => Ok(of_registration(&refusal)),
            Err(No::Unknown(lost)) => Err(lost),
        }
    }

    async fn send_warning(
        &self,
        conversation: ConversationId,
        _attempt: u32,
        kind: MessageKind,
    ) -> Result<WarningOutcome, Backend> {
        self.warn(conversation, kind).await
    }

    /// What Meta refuses to tell of the account is left out: what is to be settled stands on the number.
    async fn read(&self, onboarding: OnboardingId) -> Result<Vec<(Option<Instant>, Fact)>, Backend> {
        self.read_line(onboarding).await
    }
}

/// Of the lock after too many guesses Meta publishes a sentence and no number, so it is known by its words, and by the number
/// that it has for PINs. A refusal that is not about the code says nothing of it.
fn of_code(refusal: &Refusal) -> CodeAnswer {
    let too_many = ["too many times", "too many guesses", "too many attempts"];
    if refusal.code == error::TOO_MANY_PINS || too_many.iter().any(|words| refusal.says(words)) {
        CodeAnswer::TooManyGuesses
    } else if error::WRONG_CODE.contains(&refusal.number()) {
        CodeAnswer::Wrong
    } else {
        CodeAnswer::Unknown
    }
}

fn of_registration(refusal: &Refusal) -> RegistrationAnswer {
    match refusal.code {
        error::PIN_MISMATCH => RegistrationAnswer::PinMismatch,
        error::REGISTRATION_LIMIT => RegistrationAnswer::LimitHit,
        _ => RegistrationAnswer::Failed { error: refusal.number() },
    }
}
