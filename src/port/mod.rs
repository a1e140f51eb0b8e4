//! What a host plugs in: a [`Store`], a [`Directory`] and a [`Transport`], which may also be one for [`Templates`].
//!
//! One [`Commit`] writes one aggregate, whole: its events, its state, effects to be delivered, the next deadline, claims, and
//! the id of the command (`core.atomic`). What must follow on another aggregate is an effect that becomes an idempotent command
//! there. A host that keeps rows stores the state and need not become event-sourced; one that is event-sourced ignores the
//! state and folds the events.
//!
//! Implementers write `async fn`; the futures are `Send`, and no runtime is depended on. Whoever needs none of it uses the
//! deciders directly: [`Commit::new`] says all there is to write.
//!
//! [`Memory`](crate::memory::Memory) is the reference. What any store must do is checked by
//! `testing::contract` (feature `testing`). `examples/own_store` is a store over plain files, to copy; `examples/sqlite-store` and
//! `examples/postgres-store` are two for production.

mod commit;
mod directory;
mod error;
mod shared;
mod store;
mod templates;
mod transport;

pub use commit::{Commit, EffectId, EventId, Metadata, Outgoing};
pub use directory::Directory;
pub use error::{Backend, CommitError};
pub use store::{Applied, Committed, Due, Leased, Loaded, Store};
pub use templates::Templates;
pub use transport::Transport;
