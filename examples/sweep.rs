//! A million conversations: what a change of auto-resolve would do, and what is due.
//!
//! `cargo run --release --example sweep`, or with another number: `cargo run --release --example sweep -- 100000`
#![expect(clippy::disallowed_methods, clippy::disallowed_types, reason = "a program may look at the clock")]

use std::error::Error;
use std::time::{Duration, Instant as Clock};

use indicatif::{ProgressBar, ProgressStyle};
use whatsapp_inbox::conversation::{Change, Command, Conversation, Counts, preview, sweep};
use whatsapp_inbox::decider::{Actor, ChannelRules, Context, Decider, Policy, Version};
use whatsapp_inbox::id::{ChannelId, CommandId, ConversationId, MessageId, OrganisationId};
use whatsapp_inbox::settings::{AutoResolve, AutoResolvePolicy, ChannelName, OpenQueue, Settings, Window};
use whatsapp_inbox::time::Instant;
use whatsapp_inbox::uuid::Uuid;

const ORGANISATION: OrganisationId = OrganisationId::new(Uuid::from_u128(1));
const CHANNEL: ChannelId = ChannelId::new(ORGANISATION, Uuid::from_u128(200));

fn main() -> std::process::ExitCode {
    match run() {
        Ok(()) => std::process::ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            std::process::ExitCode::FAILURE
        }
    }
}

fn run() -> Result<(), Box<dyn Error>> {
    let count = std::env::args().nth(1).map_or(Ok(1_000_000), |given| number(&given))?;
    let now: Instant = "2026-03-02T09:00:00Z".parse()?;
    let policy = Policy::default();
    let before = rules(&policy.auto_resolve, AutoResolve::Inherit, 0)?;
    let after = rules(&policy.auto_resolve, AutoResolve::After(Window::days(7)?), 1)?;

    let bar = progress(count, "making conversations");
    let mut conversations = Vec::new();
    for number in 0..count {
        conversations.push(conversation(number, now, &policy, &before)?);
        if number % 65_536 == 0 {
            bar.set_position(u64::from(number));
        }
    }
    bar.finish_and_clear();
    println!(
        "{} conversations in a channel that resolves them after 30 days. It is {now}.\n",
        thousands(u64::from(count))
    );
    histogram("Open, or due and not yet resolved", &conversations, now);

    let system = Context::new(now, Actor::System, CommandId::new(Uuid::from_u128(9)), &policy).with_channel(&before);
    let (due, took) = timed(|| swept(&conversations, &system, count));
    for (place, conversation) in &due {
        conversations[*place] = conversation.clone();
    }
    println!(
        "A sweep resolves what has passed its deadline: {} in {}.",
        thousands(due.len() as u64),
        rate(count, took)
    );
    let (again, took) = timed(|| swept(&conversations, &system, count));
    println!("The same sweep again finds {}, in {}.\n", again.len(), rate(count, took));

    println!("What if the channel says 7 days, for what is there already too?");
    let (told, took) = timed(|| preview(&after, &conversations, now));
    table(&told.new, "New");
    table(&told.pending, "Pending");
    println!("  {} are resolved already. Previewed in {}.\n", thousands(told.resolved), rate(count, took));

    let host = Context::new(now, Actor::System, CommandId::new(Uuid::from_u128(10)), &policy).with_channel(&after);
    let (done, took) = timed(|| applied(&mut conversations, &host));
    let done = done?;
    println!(
        "It is applied, one command for each: {} resolved, {} with another deadline, in {}.",
        thousands(done.0),
        thousands(done.1),
        rate(count, took)
    );
    let foretold = told.new.resolved_at_once + told.pending.resolved_at_once == done.0
        && told.new.other_deadline + told.pending.other_deadline == done.1;
    if !foretold {
        return Err("applying did not do what the preview told".into());
    }
    println!("That is exactly what the preview told.\n");
    histogram("Open afterwards", &conversations, now);
    Ok(())
}

/// How many conversations, as it was given.
fn number(given: &str) -> Result<u32, String> {
    let number = given.replace(['_', ','], "").parse().ok().filter(|number| (1..=20_000_000).contains(number));
    number.ok_or_else(|| format!("give a number of conversations from 1 to 20,000,000, not `{given}`"))
}

/// What holds in the channel, with this auto-resolve in both queues.
fn rules(organisation: &AutoResolvePolicy, said: AutoResolve, version: u64) -> Result<ChannelRules, Box<dyn Error>> {
    let settings = Settings::new(ChannelName::new("Orders")?);
    let settings = settings.with().auto_resolve_new(said).auto_resolve_pending(said).build(organisation)?;
    let mut rules = ChannelRules::default();
    rules.settings_version = Version::new(version);
    rules.auto_resolve_new = settings.window(OpenQueue::New, organisation);
    rules.auto_resolve_pending = settings.window(OpenQueue::Pending, organisation);
    Ok(rules)
}

/// A conversation whose last message is some time ago: most of them days, one in two hundred more than 30.
fn conversation(
    number: u32,
    now: Instant,
    policy: &Policy,
    rules: &ChannelRules,
) -> Result<Conversation, Box<dyn Error>> {
    let mixed = u64::from(number).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 11;
    let days = if mixed % 200 == 0 { 30 + mixed / 200 % 10 } else { mixed / 200 % 30 };
    let at = Instant::from_unix_millis(now.unix_millis() - i64::try_from(days)? * 86_400_000 - 1)?;
    let id = ConversationId::new(ORGANISATION, Uuid::from_u128(u128::from(number)));
    let by = |actor| Context::new(at, actor, CommandId::new(Uuid::from_u128(1)), policy).with_channel(rules);
    let message = MessageId::new(Uuid::from_u128(u128::from(number)));
    let mut conversation = Conversation::default();
    let mut give = |command, context: &Context<'_>| -> Result<(), Box<dyn Error>> {
        let events = conversation.decide(command, context).map_err(|refused| refused.to_string())?;
        conversation = events.iter().fold(std::mem::take(&mut conversation), Conversation::evolve);
        Ok(())
    };
    give(Command::Begin { id, channel: CHANNEL }, &by(Actor::Customer))?;
    give(Command::Receive { message, sent_at: None }, &by(Actor::Customer))?;
    if number % 3 == 0 {
        give(
            Command::Reply { message, kind: whatsapp_inbox::conversation::MessageKind::FreeText },
            &by(Actor::BrandPhone),
        )?;
    }
    Ok(conversation)
}

/// What a sweep does, by the place of the conversation.
fn swept(conversations: &[Conversation], context: &Context<'_>, count: u32) -> Vec<(usize, Conversation)> {
    let bar = progress(count, "sweeping");
    let mut done = Vec::new();
    for swept in sweep(conversations, context, |rows| bar.set_position(rows)) {
        let place = usize::try_from(swept.conversation.uuid().as_u128()).expect("a place in the list");
        let after = swept.events.iter().fold(conversations[place].clone(), Conversation::evolve);
        done.push((place, after));
    }
    bar.finish_and_clear();
    done
}

/// How many were resolved, and how many got another deadline.
fn applied(conversations: &mut [Conversation], context: &Context<'_>) -> Result<(u64, u64), String> {
    let (mut resolved, mut moved) = (0, 0);
    for conversation in conversations {
        let events = conversation.decide(Command::ApplySettings, context).map_err(|refused| refused.to_string())?;
        match events.last().map(|event| &event.change) {
            Some(Change::Resolved { .. }) => resolved += 1,
            Some(_) => moved += 1,
            None => continue,
        }
        *conversation = events.iter().fold(std::mem::take(conversation), Conversation::evolve);
    }
    Ok((resolved, moved))
}

fn table(counts: &Counts, queue: &str) {
    println!(
        "  {queue:<8}  {:>9} resolved at once   {:>9} get another deadline   {:>9} unchanged",
        thousands(counts.resolved_at_once),
        thousands(counts.other_deadline),
        thousands(counts.unchanged),
    );
}

/// Days since the last message, in weeks, and what is past the 30 days that are built in.
const AGES: [(u64, &str); 5] = [(0, " 0–6"), (7, " 7–13"), (14, "14–20"), (21, "21–29"), (30, "30 and more")];

/// How long ago the last message is of those that nobody has resolved yet.
fn histogram(title: &str, conversations: &[Conversation], now: Instant) {
    let mut counts = [0_u64; AGES.len()];
    for conversation in conversations.iter().filter(|conversation| conversation.given().is_some()) {
        let Some(last) = conversation.last_message() else { continue };
        let days = now.since(last).as_secs() / 86_400;
        let age = AGES.iter().rposition(|(from, _)| *from <= days).unwrap_or(0);
        counts[age] += 1;
    }
    println!("{title}, by days since the last message:");
    let most = counts.iter().copied().max().unwrap_or(0).max(1);
    for ((_, age), count) in AGES.into_iter().zip(counts) {
        let width = usize::try_from((count * 40).div_ceil(most)).unwrap_or(0);
        println!("  {age:<12} {:<40} {:>9}", "▇".repeat(width), thousands(count));
    }
    println!();
}

fn timed<T>(work: impl FnOnce() -> T) -> (T, Duration) {
    let began = Clock::now();
    let done = work();
    (done, began.elapsed())
}

fn rate(rows: u32, took: Duration) -> String {
    let nanos = took.as_secs_f64() * 1e9 / f64::from(rows.max(1));
    format!("{:.0} ms ({nanos:.1} ns a conversation)", took.as_secs_f64() * 1e3)
}

fn thousands(number: u64) -> String {
    let digits = number.to_string();
    let groups = digits.as_bytes().rchunks(3).rev().map(|group| String::from_utf8_lossy(group).into_owned());
    groups.collect::<Vec<_>>().join(",")
}

fn progress(rows: u32, what: &'static str) -> ProgressBar {
    let bar = ProgressBar::new(u64::from(rows)).with_message(what);
    let style = ProgressStyle::with_template("{msg:<22} {bar:40} {human_pos} of {human_len}");
    bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
    bar
}
