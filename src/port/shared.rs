//! Ports behind a pointer, so that several services share one.

use std::sync::Arc;

use super::{
    Backend, Commit, CommitError, Committed, Directory, Due, EffectId, Leased, Loaded, Store, Templates, Transport,
};
use crate::access::Principal;
use crate::conversation::{MessageKind, WarningOutcome};
use crate::decider::{Decider, Policy};
use crate::id::{ChannelId, CommandId, ConversationId, OnboardingId, OperatorId, OrganisationId, TemplateId, UserId};
use crate::onboarding::{CodeAnswer, CodeSend, Fact, RegistrationAnswer};
use crate::template::{Effect, Outcome};
use crate::time::Instant;
use crate::whatsapp::{CodeMethod, NumberUse, PhoneNumber, PhoneNumberId, Pin, TemplateUse, VerificationCode, WabaId};

macro_rules! shared {
    ($($pointer:ty),*) => {
        $(
            impl<A: Decider, P: Store<A>> Store<A> for $pointer {
                async fn load(&self, aggregate: A::Id, command: Option<CommandId>) -> Result<Loaded<A>, Backend> {
                    P::load(self, aggregate, command).await
                }

                async fn commit(&self, commit: Commit<A>) -> Result<Committed, CommitError> {
                    P::commit(self, commit).await
                }

                async fn due(&self, now: Instant, limit: usize) -> Result<Vec<Due<A::Id>>, Backend> {
                    P::due(self, now, limit).await
                }

                async fn lease(&self, now: Instant, until: Instant, limit: usize) -> Result<Vec<Leased<A>>, Backend> {
                    P::lease(self, now, until, limit).await
                }

                async fn done(&self, effect: EffectId<A::Id>) -> Result<(), Backend> {
                    P::done(self, effect).await
                }
            }

            impl<P: Directory> Directory for $pointer {
                async fn principal(&self, user: UserId) -> Result<Option<Principal>, Backend> {
                    P::principal(self, user).await
                }

                async fn policy(&self, organisation: OrganisationId) -> Result<Policy, Backend> {
                    P::policy(self, organisation).await
                }

                async fn serves(&self, operator: OperatorId, onboarding: OnboardingId) -> Result<bool, Backend> {
                    P::serves(self, operator, onboarding).await
                }

                async fn conversations(
                    &self,
                    channel: ChannelId,
                    after: Option<ConversationId>,
                    limit: usize,
                ) -> Result<Vec<ConversationId>, Backend> {
                    P::conversations(self, channel, after, limit).await
                }

                async fn number_use(&self, number: PhoneNumber) -> Result<NumberUse, Backend> {
                    P::number_use(self, number).await
                }
            }

            impl<P: Transport> Transport for $pointer {
                async fn ask_for_code(&self, number: &PhoneNumberId, method: CodeMethod) -> Result<CodeSend, Backend> {
                    P::ask_for_code(self, number, method).await
                }

                async fn enter_code(
                    &self,
                    number: &PhoneNumberId,
                    code: &VerificationCode,
                ) -> Result<CodeAnswer, Backend> {
                    P::enter_code(self, number, code).await
                }

                async fn register(&self, number: &PhoneNumberId, pin: &Pin) -> Result<RegistrationAnswer, Backend> {
                    P::register(self, number, pin).await
                }

                async fn send_warning(
                    &self,
                    conversation: ConversationId,
                    attempt: u32,
                    kind: MessageKind,
                ) -> Result<WarningOutcome, Backend> {
                    P::send_warning(self, conversation, attempt, kind).await
                }

                async fn read(&self, onboarding: OnboardingId) -> Result<Vec<(Option<Instant>, Fact)>, Backend> {
                    P::read(self, onboarding).await
                }
            }

            impl<P: Templates> Templates for $pointer {
                async fn used(&self, account: &WabaId) -> Result<TemplateUse, Backend> {
                    P::used(self, account).await
                }

                async fn call(&self, template: TemplateId, effect: &Effect) -> Result<Outcome, Backend> {
                    P::call(self, template, effect).await
                }
            }
        )*
    };
}

shared!(&P, Arc<P>);
