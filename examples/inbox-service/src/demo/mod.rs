//! A demonstration organisation: people and teams, channels, onboardings at three points of their way, conversations in every
//! queue. Everything is done by commands, dated back, and by calls to the stand-in, as it would be in life.

mod channels;
mod conversations;
mod onboardings;

use whatsapp_inbox::access::{Principal, Role};
use whatsapp_inbox::decider::{Actor, Decider, Policy, Source};
use whatsapp_inbox::id::{ChannelId, CommandId, OperatorId, OrganisationId, TeamId, UserId};
use whatsapp_inbox::port::Backend;
use whatsapp_inbox::service::{Request, ServiceError};
use whatsapp_inbox::time::Instant;
use whatsapp_inbox::uuid::Uuid;

use crate::app::App;
use crate::clock;
use crate::problem::chain;

/// The organisation.
pub const BAKERY: OrganisationId = OrganisationId::new(Uuid::from_u128(0xba5e));
/// Its account admin.
pub const MARA: UserId = user(1);
/// In the team at the counter, as a contributor.
pub const ANA: UserId = user(2);
/// In no team.
pub const BEN: UserId = user(3);
/// Supervisor of the orders, by a grant of their own.
pub const CEM: UserId = user(4);
/// In the team of the night, as a viewer.
pub const DANA: UserId = user(5);
/// Whose grant has ended.
pub const ELI: UserId = user(6);
/// The provider's person.
pub const OPERATOR: OperatorId = OperatorId::new(Uuid::from_u128(0x0be1));
/// The channel that an onboarding has opened.
pub const ORDERS: ChannelId = ChannelId::new(BAKERY, Uuid::from_u128(0xc0));
/// A channel of another medium.
pub const WHOLESALE: ChannelId = ChannelId::new(BAKERY, Uuid::from_u128(0xc1));
/// A channel that is closed.
pub const PRESS: ChannelId = ChannelId::new(BAKERY, Uuid::from_u128(0xc2));

/// The organisation next door, which must see nothing of it.
pub const FLOWERS: OrganisationId = OrganisationId::new(Uuid::from_u128(0xf10e));
/// Its account admin.
pub const NOA: UserId = UserId::new(FLOWERS, Uuid::from_u128(1));

const COUNTER: TeamId = TeamId::new(BAKERY, Uuid::from_u128(0x7e1));
const NIGHT: TeamId = TeamId::new(BAKERY, Uuid::from_u128(0x7e2));
const META: Actor = Actor::Meta(Source::Delivery);
const MINUTE_MS: i64 = 60_000;

const fn user(n: u128) -> UserId {
    UserId::new(BAKERY, Uuid::from_u128(n))
}

/// Makes it, unless it is there. Of several processes that start at once, one does.
///
/// # Errors
///
/// [`Backend`] where it cannot be written. The rest is not made up for then: begin with empty storage.
pub async fn seed(app: &App, now: Instant) -> Result<(), Backend> {
    if !app.host.add_organisation(BAKERY, "Harbour Bakery", &Policy::default()).await? {
        return Ok(());
    }
    tracing::info!("a demonstration organisation is made");
    let seed = Seed { app, now };
    seed.people().await?;
    seed.onboardings().await?;
    seed.channels().await?;
    seed.templates().await?;
    seed.conversations().await
}

/// What it is made with.
struct Seed<'a> {
    app: &'a App,
    now: Instant,
}

impl Seed<'_> {
    async fn people(&self) -> Result<(), Backend> {
        let host = &self.app.host;
        host.add_operator(OPERATOR, "Oona (provider)").await?;
        host.add_team(COUNTER, "Counter").await?;
        host.add_team(NIGHT, "Night shift").await?;
        let people = [
            (Principal::admin(MARA), "Mara Lund"),
            (Principal::user(ANA).in_team(COUNTER, Role::Contributor), "Ana Silva"),
            (Principal::user(BEN), "Ben Okafor"),
            (Principal::user(CEM), "Cem Yılmaz"),
            (Principal::user(DANA).in_team(NIGHT, Role::Viewer).in_team(COUNTER, Role::Viewer), "Dana Novák"),
            (Principal::user(ELI), "Eli Roth"),
        ];
        for (person, name) in &people {
            host.add_person(person, name).await?;
        }
        host.add_organisation(FLOWERS, "Quayside Flowers", &Policy::default()).await?;
        host.add_person(&Principal::admin(NOA), "Noa Baum").await
    }

    /// So many minutes ago.
    fn ago(&self, minutes: i64) -> Instant {
        Instant::from_unix_millis(self.now.unix_millis() - minutes * MINUTE_MS).unwrap_or(self.now)
    }

    fn hours_ago(&self, hours: i64) -> Instant {
        self.ago(hours * 60)
    }
}

/// The request of a step of the story: its id follows from what it is.
fn request(what: &[&str], actor: Actor, at: Instant) -> Request {
    Request::new(command(what), actor, at)
}

fn command(what: &[&str]) -> CommandId {
    CommandId::new(clock::id_from(what))
}

/// A step of the story that is refused is a mistake in the story: it is told, and the story goes on.
fn told<T, A: Decider>(what: &[&str], answer: Result<T, ServiceError<A>>) -> Result<(), Backend> {
    match answer {
        Ok(_) => Ok(()),
        Err(ServiceError::Backend(backend)) => Err(backend),
        Err(error) => {
            tracing::warn!(step = what.join(" "), error = chain(&error), "the demonstration lacks a step");
            Ok(())
        }
    }
}
