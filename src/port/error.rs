//! What can go wrong in a port.

use std::error::Error;
use std::fmt;

use crate::decider::{Unavailable, Version};
use crate::rule::{Explain, Rule};

/// That a database, a network or a service behind a port failed.
///
/// Of a commit it says nothing: it may have been written or not. Give the same command again, with the same id: where it was
/// written the answer is *already applied* (`core.idempotent`).
#[derive(Debug)]
pub struct Backend(Box<dyn Error + Send + Sync>);

impl Backend {
    /// The failure with its cause: an error, or a text.
    #[must_use]
    pub fn new(cause: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self(cause.into())
    }
}

impl fmt::Display for Backend {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the backend failed, and the same may be tried again: {}", self.0)
    }
}

impl Error for Backend {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(&*self.0)
    }
}

impl Explain for Backend {
    fn code(&self) -> &'static str {
        "backend"
    }

    fn rule(&self) -> Rule {
        Rule::CoreAtomic
    }
}

/// Why a commit was not written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CommitError {
    /// The id was given to a command with another content before (`core.idempotent`).
    #[error("this command id was used before, for a command with another content: a new command takes a new id")]
    OtherContent,
    /// Somebody else wrote first (`core.concurrent`): read again and decide again.
    #[error("it was decided on version {expected}, and it is at version {current}: read it again")]
    Conflict {
        /// The version that the commit was decided on.
        expected: Version,
        /// The version that is there.
        current: Version,
    },
    /// What it claims is held by another.
    #[error(transparent)]
    Unavailable(#[from] Unavailable),
    /// Nobody knows whether it was written.
    #[error(transparent)]
    Backend(#[from] Backend),
}

impl Explain for CommitError {
    fn code(&self) -> &'static str {
        match self {
            Self::OtherContent => "command-id-reused",
            Self::Conflict { .. } => "conflict",
            Self::Unavailable(unavailable) => unavailable.code(),
            Self::Backend(backend) => backend.code(),
        }
    }

    fn rule(&self) -> Rule {
        match self {
            Self::OtherContent => Rule::CoreIdempotent,
            Self::Conflict { .. } => Rule::CoreConcurrent,
            Self::Unavailable(unavailable) => unavailable.rule(),
            Self::Backend(backend) => backend.rule(),
        }
    }
}
