//! Templates, where the transport has them.

use super::relay::{RelayOutcome, Relayed, once, request_for, written};
use super::{Answer, Request, Service, ServiceError, Stores};
use crate::decider::{Actor, Source};
use crate::id::TemplateId;
use crate::port::{Backend, Directory, Leased, Store, Templates};
use crate::template::{Command, Effect, Event, Outcome, Template};
use crate::time::Instant;

impl<S: Stores + Store<Template>, D: Directory, T: Templates> Service<S, D, T> {
    /// Gives a command to a template. A creation is held to what its account has left at Meta (`template.account-limits`).
    ///
    /// # Errors
    ///
    /// [`ServiceError`]: refused, a conflict, or a backend's fault.
    pub async fn template(
        &self,
        id: TemplateId,
        command: Command,
        request: &Request,
    ) -> Result<Answer<Event>, ServiceError<Template>> {
        let used = match &command {
            Command::Create(creation) => Some(self.transport.used(&creation.account).await?),
            _ => None,
        };
        self.serve(id, command, request, used.as_ref()).await
    }

    /// Delivers what is to be asked of Meta about at most so many templates, as [`Service::relay`] does for the rest: what may be
    /// asked once is asked on its first try alone.
    ///
    /// # Errors
    ///
    /// [`Backend`] where effects cannot be read or marked. What was lent out is tried again later.
    pub async fn relay_templates(&self, now: Instant, limit: usize) -> Result<Relayed, Backend> {
        let mut relayed = Relayed::default();
        for leased in self.lend::<Template>(now, limit).await? {
            let outcome = self.deliver_template(&leased, now).await;
            self.settled::<Template>(&leased, outcome, &mut relayed).await?;
        }
        Ok(relayed)
    }

    async fn deliver_template(&self, leased: &Leased<Template>, now: Instant) -> RelayOutcome {
        let outgoing = &leased.outgoing;
        let id = outgoing.id.event.aggregate;
        let call = async { self.transport.call(id, &outgoing.effect).await };
        let (outcome, lost) = once(leased, call, Outcome::Unknown).await;
        let (Effect::Create { call, .. }
        | Effect::Edit { call, .. }
        | Effect::Appeal { call }
        | Effect::Unpause { call }
        | Effect::Delete { call }) = &outgoing.effect;
        let answer = Command::Answer { call: *call, outcome };
        let by = request_for(outgoing, &"answered", Actor::Meta(Source::GraphApi), now);
        written(self.serve::<Template>(id, answer, &by, None).await, lost)
    }
}
