//! What is due.

use super::calls::follows;
use super::surroundings::Served;
use super::{Request, Service, ServiceError, Stores};
use crate::channel::{self, Channel};
use crate::conversation::{self, Conversation};
use crate::decider::Actor;
use crate::onboarding::{self, Onboarding};
use crate::port::{Backend, Directory, Store, Transport};
use crate::time::Instant;

/// What a tick did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Ticked {
    /// So many aggregates had something due.
    pub due: usize,
    /// For so many of them something happened.
    pub done: usize,
    /// Of so many others wrote at the same time, or a backend failed: the next tick takes them again.
    pub left: usize,
}

impl<S: Stores, D: Directory, T: Transport> Service<S, D, T> {
    /// Lets happen what is due, of each kind for at most so many aggregates, the longest due first. Late, early and repeated is
    /// harmless, and so are several at once.
    ///
    /// # Errors
    ///
    /// [`Backend`] where it cannot be read what is due.
    pub async fn tick(&self, now: Instant, limit: usize) -> Result<Ticked, Backend> {
        let mut ticked = Ticked::default();
        self.tick_each::<Onboarding>(&onboarding::Command::Tick, now, limit, &mut ticked).await?;
        self.tick_each::<Channel>(&channel::Command::Tick, now, limit, &mut ticked).await?;
        self.tick_each::<Conversation>(&conversation::Command::Tick, now, limit, &mut ticked).await?;
        Ok(ticked)
    }

    async fn tick_each<A: Served>(
        &self,
        tick: &A::Command,
        now: Instant,
        limit: usize,
        ticked: &mut Ticked,
    ) -> Result<(), Backend>
    where
        S: Store<A>,
    {
        for due in Store::<A>::due(&self.store, now, limit).await? {
            ticked.due = ticked.due.saturating_add(1);
            // Another version is another tick: what is due again at the same instant is not the same again.
            let id = follows(&("tick", A::NAME, due.aggregate, due.version));
            let answer =
                self.serve::<A>(due.aggregate, tick.clone(), &Request::new(id, Actor::System, now), None).await;
            match answer {
                Ok(answer) if answer.events().is_empty() => {}
                Ok(_) => ticked.done = ticked.done.saturating_add(1),
                Err(ServiceError::Conflict { .. } | ServiceError::Backend(_)) => {
                    ticked.left = ticked.left.saturating_add(1);
                }
                // Time is never refused where something is due; what is refused has moved on since.
                Err(_) => {}
            }
        }
        Ok(())
    }
}
