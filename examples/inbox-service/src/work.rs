//! What is done without anybody asking: deliveries are read, effects delivered, messages sent, and what is due happens.
//!
//! Any number of processes may do it on one database. What may be done once is claimed first, in the store or in a row, and
//! what a crash leaves behind is settled by whoever finds it.

use std::sync::Arc;
use std::time::Duration;

use futures_util::StreamExt as _;
use futures_util::stream;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use whatsapp_inbox::conversation::Conversation;
use whatsapp_inbox::port::{Backend, Store};
use whatsapp_inbox::service::{RelayOutcome, RelayedEffect};
use whatsapp_inbox::time::Instant;

use crate::app::App;
use crate::clock;
use crate::graph::NotSent;
use crate::host::ToSend;
use crate::inbound;
use crate::problem::chain;

/// So often each of them looks, also when nobody woke it.
const PAUSE: Duration = Duration::from_millis(500);
/// So often it is looked for what was left behind.
const HOUSEKEEPING: Duration = Duration::from_mins(1);
/// So many are dealt with at once.
const BATCH: usize = 64;
/// Of so many aggregates effects are taken at once. They are called one after the other: whoever is killed on the way leaves the
/// rest to wait until their lease is over, and those that may be called once are called by nobody then.
const RELAYED: usize = 8;
/// So many messages are sent at once. Meta takes eighty a second from a number, and some tenths of a second for each.
const SENT_AT_ONCE: usize = 16;
/// What Meta refuses for now: the token is not accepted, one of its limits is hit, or the account is in maintenance.
const PASSING: [u32; 6] = [4, 190, 80_007, 130_429, 131_056, 131_057];
/// So long it is tried again: a reply of yesterday's answers nobody.
const PASSING_MINUTES: u32 = 60;
/// A request is over by then, whatever became of it.
const ASKED_MINUTES: i64 = 1;
/// A call to Meta is over by then, whatever became of it.
const SENDING_MINUTES: i64 = 1;
/// Meta delivers again for seven days.
const DELIVERIES_DAYS: i64 = 8;
/// So long a delivery waits for what it is about: what of it was placed must not be placed anew once its commands are forgotten,
/// which is after seven days.
const UNPLACED_DAYS: i64 = 6;
const MINUTE_MS: i64 = 60_000;

/// Begins all of it, until it is told to stop. What was begun is brought to its end.
pub fn begin(app: &Arc<App>, stop: &CancellationToken, tasks: &TaskTracker) {
    tasks.spawn(deliveries(Arc::clone(app), stop.clone()));
    tasks.spawn(effects(Arc::clone(app), stop.clone()));
    tasks.spawn(replies(Arc::clone(app), stop.clone()));
    tasks.spawn(deadlines(Arc::clone(app), stop.clone()));
    tasks.spawn(housekeeping(Arc::clone(app), stop.clone()));
}

/// Waits until there may be something to do; false when it is time to stop.
async fn goes_on(stop: &CancellationToken, wake: Option<&Notify>, pause: Duration) -> bool {
    let woken = async {
        match wake {
            Some(wake) => wake.notified().await,
            None => std::future::pending().await,
        }
    };
    tokio::select! {
        // First, or whoever is always woken would go on for a while.
        biased;
        () = stop.cancelled() => false,
        () = woken => true,
        () = tokio::time::sleep(pause) => true,
    }
}

async fn deliveries(app: Arc<App>, stop: CancellationToken) {
    while goes_on(&stop, Some(&app.delivered), PAUSE).await {
        loop {
            match inbound::read(&app, clock::now()).await {
                Ok(0) => break,
                Ok(_) => app.happened.notify_one(),
                Err(error) => {
                    failed("deliveries", &error);
                    break;
                }
            }
            if stop.is_cancelled() {
                break;
            }
        }
    }
}

async fn effects(app: Arc<App>, stop: CancellationToken) {
    while goes_on(&stop, Some(&app.happened), PAUSE).await {
        if let Err(error) = deliver(&app, &stop).await {
            failed("effects", &error);
        }
    }
}

/// Delivers effects until there are none, or it is time to stop.
async fn deliver(app: &App, stop: &CancellationToken) -> Result<(), Backend> {
    while !stop.is_cancelled() {
        let now = clock::now();
        let relayed = app.service.relay(now, RELAYED).await?;
        let templates = app.service.relay_templates(now, RELAYED).await?;
        for effect in relayed.effects.iter().chain(&templates.effects) {
            let RelayedEffect { kind, name, id, tries, outcome, .. } = effect;
            match outcome {
                RelayOutcome::Done => tracing::info!(kind, name, id, "an effect was delivered"),
                outcome => {
                    tracing::warn!(kind, name, id, tries, ?outcome, "an effect was not delivered as it was meant");
                }
            }
        }
        if relayed.effects.is_empty() && templates.effects.is_empty() {
            break;
        }
    }
    Ok(())
}

async fn replies(app: Arc<App>, stop: CancellationToken) {
    while goes_on(&stop, Some(&app.replied), PAUSE).await {
        if let Err(error) = send_all(&app, &stop).await {
            failed("replies", &error);
        }
    }
}

/// Sends what was replied until there is nothing, or it is time to stop: of one conversation one after the other, of several at
/// once.
async fn send_all(app: &App, stop: &CancellationToken) -> Result<(), Backend> {
    let mut sent = true;
    while sent {
        sent = false;
        let waiting = app.host.to_send(clock::now(), i64::try_from(BATCH).unwrap_or(i64::MAX)).await?;
        let sending = waiting.into_iter().map(|to_send| send(app, stop, to_send));
        // Each to its end, whatever becomes of the others: a call that is dropped is one of which nobody knows.
        for one in stream::iter(sending).buffer_unordered(SENT_AT_ONCE).collect::<Vec<_>>().await {
            sent |= one?;
        }
    }
    Ok(())
}

/// Sends a message, unless another process does, or it is time to stop. Who takes it calls Meta for it, once: an answer that is
/// lost is *unknown*, until Meta reports what became of the message. Of what Meta cannot do now nothing was done, and it is asked
/// again later, for an hour.
async fn send(app: &App, stop: &CancellationToken, to_send: ToSend) -> Result<bool, Backend> {
    let ToSend { outgoing, text, template, at } = to_send;
    let customer = app.host.customer(outgoing.conversation).await?;
    // Behind one there may be many that are slow, and whoever stops has little time. Others send them, or the next start.
    if stop.is_cancelled() || !app.host.move_message(outgoing, ("to-send", "sending"), clock::now()).await? {
        return Ok(false);
    }
    let Some(customer) = customer else {
        let fault = Some("its channel has no number");
        return app.host.settle_message(outgoing, ("sending", "failed"), fault, clock::now()).await;
    };
    let (meta, mark) = (app.service.transport(), outgoing.to_string());
    let sent = match template {
        None => meta.send_text(&customer, &text, &mark).await,
        Some(template) => meta.send_template(&customer, template, &mark).await,
    };
    let now = clock::now();
    let (state, fault, when) = match sent {
        Ok(_) => ("sent", None, now),
        Err(NotSent::Refused { code, message }) => {
            let later = PASSING.contains(&code) && now < at.plus_minutes(PASSING_MINUTES);
            tracing::warn!(code, message, later, "Meta refused a message");
            let (state, when) = if later { ("to-send", now.plus_minutes(1)) } else { ("failed", now) };
            (state, Some(format!("{code}: {message}")), when)
        }
        Err(NotSent::Unknown(error)) => {
            tracing::warn!(error = chain(&error), "nobody knows whether a message was sent");
            ("unknown", None, now)
        }
    };
    // Where Meta has reported already, that stands.
    app.host.settle_message(outgoing, ("sending", state), fault.as_deref(), when).await?;
    Ok(true)
}

async fn deadlines(app: Arc<App>, stop: CancellationToken) {
    while goes_on(&stop, None, PAUSE).await {
        match app.service.tick(clock::now(), BATCH).await {
            Ok(ticked) if ticked.done > 0 => {
                tracing::info!(due = ticked.due, done = ticked.done, left = ticked.left, "time has passed");
                app.happened.notify_one();
            }
            Ok(_) => {}
            Err(error) => failed("deadlines", &error),
        }
    }
}

async fn housekeeping(app: Arc<App>, stop: CancellationToken) {
    loop {
        if let Err(error) = tidy(&app, clock::now()).await {
            failed("housekeeping", &error);
        }
        if !goes_on(&stop, None, HOUSEKEEPING).await {
            return;
        }
    }
}

/// Settles what a crash left behind, and forgets what need not be known any more.
async fn tidy(app: &App, now: Instant) -> Result<(), Backend> {
    let limit = i64::try_from(BATCH).unwrap_or(i64::MAX);
    for asked in app.host.left_in("asked", minutes_before(now, ASKED_MINUTES)?, limit).await? {
        let command = Some(asked.command());
        let loaded = Store::<Conversation>::load(&**app.service.store(), asked.conversation, command).await?;
        if loaded.applied.is_some() {
            app.host.move_message(asked, ("asked", "to-send"), now).await?;
            app.replied.notify_one();
        } else {
            app.host.forget_asked(asked).await?;
        }
    }
    for sending in app.host.left_in("sending", minutes_before(now, SENDING_MINUTES)?, limit).await? {
        app.host.move_message(sending, ("sending", "unknown"), now).await?;
    }
    app.host.give_up_deliveries(minutes_before(now, UNPLACED_DAYS * 24 * 60)?).await?;
    app.host.forget_deliveries(minutes_before(now, DELIVERIES_DAYS * 24 * 60)?).await?;
    app.service.store().forget_commands(now).await
}

fn minutes_before(now: Instant, minutes: i64) -> Result<Instant, Backend> {
    Instant::from_unix_millis(now.unix_millis() - minutes * MINUTE_MS).map_err(Backend::new)
}

fn failed(what: &'static str, error: &Backend) {
    tracing::error!(what, error = chain(error), "it is tried again");
}
