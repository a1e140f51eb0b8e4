//! Why the service did not do it.

use crate::access::Denied;
use crate::decider::{Decider, Unavailable, Version};
use crate::port::{Backend, CommitError};
use crate::rule::{Explain, Rule};

/// Why a command was not done. Each is something else for the caller: a refusal is an answer, a conflict may be tried again, of a
/// backend's fault nobody knows what became of it.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ServiceError<A: Decider> {
    /// The rules refuse it. Nothing was written.
    #[error("{0}")]
    Refused(A::Refused),
    /// What would happen is more than the actor may do (`access.by-effect`). Nothing was written.
    #[error(transparent)]
    Denied(Denied),
    /// The command's id was used for another content before (`core.idempotent`). Nothing was written.
    #[error("this command id was used before, for a command with another content: a new command takes a new id")]
    OtherContent,
    /// Others kept writing first, as often as it was tried (`core.concurrent`). Nothing was written; try again.
    #[error("others were faster: decided on version {expected}, and it is at version {current}")]
    Conflict {
        /// The version that the last try was decided on.
        expected: Version,
        /// The version that was there.
        current: Version,
    },
    /// What it claims is held by another (`onboarding.number-once`). Nothing was written.
    #[error(transparent)]
    Unavailable(Unavailable),
    /// A port failed. Give the same command again, with the same id.
    #[error(transparent)]
    Backend(Backend),
}

impl<A: Decider> Explain for ServiceError<A> {
    fn code(&self) -> &'static str {
        match self {
            Self::Refused(refused) => refused.code(),
            Self::Denied(denied) => denied.code(),
            Self::OtherContent => "command-id-reused",
            Self::Conflict { .. } => "conflict",
            Self::Unavailable(unavailable) => unavailable.code(),
            Self::Backend(backend) => backend.code(),
        }
    }

    fn rule(&self) -> Rule {
        match self {
            Self::Refused(refused) => refused.rule(),
            Self::Denied(denied) => denied.rule(),
            Self::OtherContent => Rule::CoreIdempotent,
            Self::Conflict { .. } => Rule::CoreConcurrent,
            Self::Unavailable(unavailable) => unavailable.rule(),
            Self::Backend(backend) => backend.rule(),
        }
    }
}

impl<A: Decider> From<Backend> for ServiceError<A> {
    fn from(backend: Backend) -> Self {
        Self::Backend(backend)
    }
}

impl<A: Decider> From<CommitError> for ServiceError<A> {
    fn from(error: CommitError) -> Self {
        match error {
            CommitError::OtherContent => Self::OtherContent,
            CommitError::Conflict { expected, current } => Self::Conflict { expected, current },
            CommitError::Unavailable(unavailable) => Self::Unavailable(unavailable),
            CommitError::Backend(backend) => Self::Backend(backend),
        }
    }
}
