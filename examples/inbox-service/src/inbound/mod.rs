//! What Meta delivered, read: facts for onboardings, channels and templates, and what customers write.
//!
//! Everything here may be done twice, and by two processes at once: ids follow from what was delivered, so the second time
//! nothing happens.

mod messages;

use futures_util::future::try_join_all;
use whatsapp_inbox::decider::{Actor, Source};
use whatsapp_inbox::id::{CommandId, OnboardingId};
use whatsapp_inbox::onboarding::Onboarding;
use whatsapp_inbox::port::Backend;
use whatsapp_inbox::service::{Request, ServiceError};
use whatsapp_inbox::time::Instant;
use whatsapp_inbox::translation::{About, Told, facts, lose_account, template_fact};
use whatsapp_inbox::whatsapp::delivery::Change;
use whatsapp_inbox::whatsapp::{PhoneNumberId, WabaId};

use crate::app::App;
use crate::host::Taken;
use crate::problem::chain;
use crate::tables::text;

/// So many deliveries are taken at once.
const BATCH: i64 = 32;
/// So long nobody else takes them.
const LEASE_MINUTES: u32 = 2;
/// What is about something unknown is read again when it is twice as old, within these bounds.
const AGAIN_MS: (i64, i64) = (60_000, 6 * 60 * 60_000);

/// Reads the deliveries that wait, and says how many they were.
///
/// # Errors
///
/// [`Backend`] where they cannot be taken. One that cannot be dealt with is taken again later.
pub async fn read(app: &App, now: Instant) -> Result<usize, Backend> {
    let until = now.plus_minutes(LEASE_MINUTES);
    let taken = app.host.take_deliveries(now, until, BATCH).await?;
    let mut read = Vec::new();
    for delivery in &taken {
        match place(app, delivery, now).await {
            Ok(placed) => read.push(settle(app, delivery, placed, (now, until))),
            Err(backend) => tracing::warn!(error = chain(&backend), "a delivery is read again later"),
        }
    }
    // Written down together, so that they wait for the disk once. What a crash comes before is read again, and nothing happens.
    try_join_all(read).await?;
    Ok(taken.len())
}

async fn settle(app: &App, delivery: &Taken, placed: bool, (now, until): (Instant, Instant)) -> Result<(), Backend> {
    if placed {
        return app.host.delivery_read(&delivery.id).await;
    }
    let (now, came) = (now.unix_millis(), delivery.received_at.unix_millis());
    let again = now.saturating_add(now.saturating_sub(came).clamp(AGAIN_MS.0, AGAIN_MS.1));
    let again = Instant::from_unix_millis(again).map_err(Backend::new)?;
    app.host.delivery_unplaced(&delivery.id, until, again).await
}

/// Whether all that it tells is about something that is known here.
async fn place(app: &App, delivery: &Taken, now: Instant) -> Result<bool, Backend> {
    // Only what was checked is kept, so it is signed again to be read.
    let signature = app.secret.sign(&delivery.body);
    let Ok(verified) = app.secret.check(&delivery.body, &signature) else { return Ok(true) };
    let read = match verified.read() {
        Ok(read) => read,
        Err(error) => {
            tracing::warn!(%error, delivery = delivery.id, "a delivery that Meta signed cannot be read, and is kept as it is");
            return Ok(true);
        }
    };
    let mut placed = true;
    for change in &read.changes {
        if change.field() == "messages" {
            placed &= messages::receive(app, change.raw(), now).await?;
            continue;
        }
        for told in facts(change) {
            placed &= tell(app, told, now).await?;
        }
        lose(app, change, now).await?;
        placed &= of_template(app, change, now).await?;
    }
    let tally = read.tally();
    tracing::info!(
        understood = tally.understood,
        of_other_fields = tally.of_other_fields,
        placed,
        "a delivery was read"
    );
    Ok(placed)
}

/// Tells a fact to the onboardings that it concerns, and says whether there is one.
async fn tell(app: &App, told: Told, now: Instant) -> Result<bool, Backend> {
    let mut concerned = false;
    for id in found(app, &told.about).await? {
        let onboarding = app.service.state::<Onboarding>(id).await?;
        if told.about.concerns(&onboarding) {
            concerned = true;
            // From here on it may be what the onboarding has.
            let account = told.about.account.as_ref().map(WabaId::as_str);
            let number = told.about.phone_number.as_ref().map(PhoneNumberId::as_str);
            for place in account.into_iter().chain(number) {
                app.host.note_trace(id, place).await?;
            }
            let request = by_meta(CommandId::new(told.id.uuid()), now);
            settled(app.service.onboarding(id, told.clone().command(), &request).await)?;
        }
    }
    Ok(concerned)
}

/// The onboardings that something may be about.
async fn found(app: &App, about: &About) -> Result<Vec<OnboardingId>, Backend> {
    let number = about.number.map(|number| number.to_string());
    let account = about.account.as_ref().map(|account| account.as_str().to_owned());
    let phone_number = about.phone_number.as_ref().map(|id| id.as_str().to_owned());
    let business = about.business.as_ref().map(|business| business.as_str().to_owned());
    let mut found = Vec::new();
    for value in [number, account, phone_number, business].into_iter().flatten() {
        found.extend(app.host.onboardings_at(&text(value)).await?);
    }
    found.sort_unstable();
    found.dedup();
    Ok(found)
}

/// Closes the channels of an account that was lost.
async fn lose(app: &App, change: &Change<'_>, now: Instant) -> Result<(), Backend> {
    let Some(command) = lose_account(change) else { return Ok(()) };
    let whatsapp_inbox::channel::Command::LoseAccount { account, .. } = &command else { return Ok(()) };
    for channel in app.host.channels_of(account).await? {
        // One that is of another number, or closed, says so and stays as it is.
        let request = by_meta(CommandId::new(change.fact_id(0).uuid()), now);
        settled(app.service.channel(channel, command.clone(), &request).await)?;
    }
    Ok(())
}

/// Tells a fact about a template, and says whether it is known here, or none is told.
async fn of_template(app: &App, change: &Change<'_>, now: Instant) -> Result<bool, Backend> {
    let Some(told) = template_fact(change) else { return Ok(true) };
    let known = app.host.templates_at(told.account.as_ref(), &told.key).await?;
    for id in &known {
        let request = by_meta(CommandId::new(told.id.uuid()), now);
        settled(app.service.template(*id, told.clone().command(), &request).await)?;
    }
    Ok(!known.is_empty())
}

fn by_meta(id: CommandId, now: Instant) -> Request {
    Request::new(id, Actor::Meta(Source::Delivery), now)
}

/// What the rules refuse would be refused again: only a port's fault, or that others were faster, is tried again.
fn settled<T, A: whatsapp_inbox::decider::Decider>(answer: Result<T, ServiceError<A>>) -> Result<Option<T>, Backend> {
    match answer {
        Ok(answer) => Ok(Some(answer)),
        Err(ServiceError::Backend(backend)) => Err(backend),
        Err(error @ ServiceError::Conflict { .. }) => Err(Backend::new(error.to_string())),
        Err(error) => {
            tracing::info!(%error, "what was delivered changes nothing");
            Ok(None)
        }
    }
}
