//! What came back, and whether a problem tells what it should and nothing else.

use reqwest::Response;
use reqwest::header::HeaderMap;
use serde_json::Value;

/// What no answer may show of how the service is made, or of whom else it serves.
const INSIDE: [&str; 22] = [
    "SELECT",
    "INSERT",
    "UPDATE ",
    "sqlite",
    "SQLite",
    "postgres",
    "rusqlite",
    "constraint",
    "syntax error",
    ".rs:",
    ".db",
    "src/",
    "/tmp",
    "127.0.0.1",
    "panicked",
    "thread '",
    "no secret",
    "stand-in",
    "serde",
    "axum",
    "hyper",
    "connection",
];

/// An answer.
pub(crate) struct Answer {
    /// What was asked.
    pub(crate) what: String,
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
}

impl Answer {
    pub(crate) async fn read(what: String, answer: Response) -> Self {
        let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
        let text = answer.text().await.unwrap_or_else(|error| panic!("{what}: {error:?}"));
        Self { what, status, headers, text }
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|error| panic!("{}: {error}: {}", self.what, self.text))
    }

    /// The JSON of an answer that is good.
    #[track_caller]
    pub(crate) fn good(&self, status: u16) -> Value {
        assert_eq!(self.status, status, "{}: {}", self.what, self.text);
        assert_eq!(self.headers["content-type"], "application/json", "{}", self.what);
        self.json()
    }

    /// The problem that an answer is, with all that a problem has to tell.
    #[track_caller]
    pub(crate) fn problem(&self, status: u16, code: &str) -> Value {
        let Self { what, text, headers, .. } = self;
        assert_eq!(self.status, status, "{what}: {text}");
        let kind = headers.get("content-type").map(|kind| kind.to_str().unwrap());
        assert_eq!(kind, Some("application/problem+json"), "{what}: {text}");
        let problem = self.json();
        assert_eq!(problem["type"], "about:blank", "{what}");
        assert_eq!(problem["status"], status, "{what}");
        assert_eq!(problem["code"], code, "{what}: {text}");
        for name in ["title", "detail"] {
            assert!(problem[name].as_str().is_some_and(|text| !text.is_empty()), "{what}: {name}: {text}");
        }
        self.tells_nothing();
        problem
    }

    #[track_caller]
    pub(crate) fn tells_nothing(&self) {
        for word in INSIDE {
            assert!(!self.text.contains(word), "{}: {word:?} in {}", self.what, self.text);
        }
    }

    /// The names of its headers, and their values as far as those are no times or lengths.
    pub(crate) fn kind_of_headers(&self) -> Vec<(String, String)> {
        let one = |(name, value): (&reqwest::header::HeaderName, &reqwest::header::HeaderValue)| {
            let value = if matches!(name.as_str(), "date" | "content-length") { "" } else { value.to_str().unwrap() };
            (name.to_string(), value.to_owned())
        };
        let mut all: Vec<_> = self.headers.iter().map(one).collect();
        all.sort();
        all
    }
}
