//! What the service is told in its environment.

use std::env;
use std::error::Error;
use std::fmt;
use std::net::SocketAddr;
use std::path::PathBuf;

use reqwest::Url;
use sha2::{Digest, Sha256};
use whatsapp_inbox::whatsapp::delivery::AppSecret;

use crate::graph::Token;
use crate::problem::chain;

/// What is used where nothing is said.
const LISTEN: &str = "127.0.0.1:8080";
const DATA: &str = "inbox-data";

/// How the service runs.
#[derive(Debug)]
pub struct Config {
    /// Where it listens.
    pub listen: SocketAddr,
    /// Where everything is kept.
    pub storage: Storage,
    /// Who answers for Meta.
    pub meta: Meta,
}

/// Where everything is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Storage {
    /// In files of SQLite in a folder: for one machine.
    Folder(PathBuf),
    /// In a database of PostgreSQL: for as many processes as you like.
    Database(String),
}

/// Who answers for Meta.
#[derive(Debug)]
pub enum Meta {
    /// The stand-in, which the service starts itself. A demonstration organisation is made, and everybody may be anybody.
    StandIn,
    /// The Graph API.
    Graph(Box<GraphApi>),
}

/// The Graph API, and what was agreed on with it.
#[derive(Debug)]
pub struct GraphApi {
    /// Its base address, with the version.
    pub url: Url,
    /// With what the service is let in.
    pub token: Token,
    /// With what Meta signs.
    pub secret: AppSecret,
    /// What Meta says to prove that it is Meta who asks for the webhook.
    pub verify_token: VerifyToken,
}

/// What Meta says to prove that it is Meta who asks for the webhook. `Debug` shows nothing of it.
pub struct VerifyToken(String);

/// What is wrong with a variable of the environment, or with what it names.
#[derive(Debug, thiserror::Error)]
#[error("{name}: {why}")]
pub struct ConfigError {
    name: &'static str,
    why: String,
}

impl ConfigError {
    pub(crate) const fn new(name: &'static str, why: String) -> Self {
        Self { name, why }
    }

    /// What a variable names cannot be used, for this reason.
    pub fn of(name: &'static str, error: &dyn Error) -> Self {
        Self { name, why: chain(error) }
    }
}

impl Config {
    /// As the environment says.
    ///
    /// # Errors
    ///
    /// [`ConfigError`] for the first variable that cannot be read, or that is missing.
    pub fn from_env() -> Result<Self, ConfigError> {
        let listen = variable("LISTEN").unwrap_or_else(|| LISTEN.to_owned());
        let listen = listen
            .parse()
            .map_err(|_| wrong("LISTEN", &format!("an address and a port, such as {LISTEN}, and not `{listen}`")))?;
        let storage = match variable("DATABASE_URL") {
            Some(url) => Storage::Database(url),
            None => Storage::Folder(variable("DATA").unwrap_or_else(|| DATA.to_owned()).into()),
        };
        let meta = match variable("GRAPH_URL") {
            None => {
                match ["GRAPH_TOKEN", "APP_SECRET", "VERIFY_TOKEN"].into_iter().find(|name| variable(name).is_some()) {
                    // Whoever has one of these means Meta: a demonstration in its place would look as if all were well.
                    Some(name) => return Err(wrong("GRAPH_URL", &format!("this is missing, and {name} is set"))),
                    None => Meta::StandIn,
                }
            }
            Some(url) => Meta::Graph(Box::new(GraphApi {
                url: url.parse().map_err(|error| wrong("GRAPH_URL", &error))?,
                token: Token::new(&required("GRAPH_TOKEN")?).map_err(|error| wrong("GRAPH_TOKEN", &error))?,
                secret: AppSecret::new(&required("APP_SECRET")?).map_err(|error| wrong("APP_SECRET", &error))?,
                verify_token: VerifyToken::new(required("VERIFY_TOKEN")?),
            })),
        };
        Ok(Self { listen, storage, meta })
    }
}

impl VerifyToken {
    /// The token, as it is agreed on.
    #[must_use]
    pub const fn new(token: String) -> Self {
        Self(token)
    }

    /// Whether it is this one.
    #[must_use]
    pub fn is(&self, given: &str) -> bool {
        // Compared are their digests, so that the time it takes tells nothing of how much of a guess was right.
        Sha256::digest(&self.0) == Sha256::digest(given)
    }
}

impl fmt::Debug for VerifyToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("VerifyToken(******)")
    }
}

fn variable(name: &str) -> Option<String> {
    env::var(name).ok().filter(|value| !value.is_empty())
}

fn required(name: &'static str) -> Result<String, ConfigError> {
    variable(name).ok_or_else(|| wrong(name, &"this is missing, and needed where GRAPH_URL is set"))
}

fn wrong(name: &'static str, why: &impl ToString) -> ConfigError {
    ConfigError { name, why: why.to_string() }
}
