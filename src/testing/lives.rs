//! Histories of channels and conversations: what comes of commands, drawn so that most are accepted.

use std::ops::RangeInclusive;

use proptest::arbitrary::any;
use proptest::collection::vec;
use proptest::strategy::Strategy;
use uuid::Uuid;

use super::{Case, sample};
use crate::access::{Access, AccessChange, Assignee, Grant, Holder, Principal, Role};
use crate::channel::{self, Channel, Leaver, Loss};
use crate::conversation::{self, Conversation, Label, MessageKind, Queue, WarningOutcome};
use crate::decider::{Actor, ChannelRules, Decider, SignOut};
use crate::id::{NoteId, UserId};
use crate::settings::{AutoResolve, AutoResolvePolicy, ClosingWarning, Reading, Source, WarnBefore, Window};

const ADMIN: Actor = Actor::Admin(sample::ADMIN);
const PEOPLE: [UserId; 2] = [sample::ANA, sample::BEN];

/// Draws of the clock that let it go on to what is due next.
const UNTIL_DUE: RangeInclusive<u8> = 220..=249;
/// Kinds of what happens to a conversation.
const REPORT: u8 = 18;
const TICK: u8 = 19;

/// A draw that a command is made of: which kind, what it is about, and how far the clock goes before it.
type Turn = (u8, u8, u8);

/// Conversations that have lived through up to so many commands: of customers, of two of the team, of the channel's settings
/// and of time, most of which were accepted. The clock goes forward, by minutes or days, to when something is due, and seldom a
/// little back.
///
/// ```
/// use proptest::prelude::*;
/// use whatsapp_inbox::conversation::Queue;
/// use whatsapp_inbox::testing::conversations;
///
/// proptest!(ProptestConfig::with_cases(32), |(case in conversations(40))| {
///     let (queue, owner) = (case.state.queue(case.now), case.state.owner(case.now));
///     prop_assert!(queue != Some(Queue::Resolved) || owner.is_none());
/// });
/// ```
pub fn conversations(most_commands: usize) -> impl Strategy<Value = Case<Conversation>> {
    vec(any::<Turn>(), 0..=most_commands).prop_map(|turns| {
        let mut case = Case::<Conversation>::in_queue(Queue::New);
        case.policy.sign_out = SignOut::Releases;
        for (kind, draw, clock) in turns {
            push(&mut case, clock);
            case.rules = rules(draw);
            // What is due is done, and a warning that was asked for is answered, more often than not.
            let kind = match case.events.last().map(Conversation::event_name) {
                _ if UNTIL_DUE.contains(&clock) => TICK,
                Some("warning-begun") if draw % 4 != 0 => REPORT,
                _ => kind,
            };
            let (actor, command) = talk(&case, kind, draw);
            let _refused = case.tries(actor, command);
        }
        case
    })
}

/// Channels that have lived through up to so many commands: of an account admin, of the host, of Meta and of time, most of
/// which were accepted. Some are closed.
///
/// ```
/// use proptest::prelude::*;
/// use whatsapp_inbox::channel::Channel;
/// use whatsapp_inbox::decider::Decider;
/// use whatsapp_inbox::testing::channels;
///
/// proptest!(ProptestConfig::with_cases(32), |(case in channels(20))| {
///     prop_assert!(Channel::replay(&case.events) == case.state);
/// });
/// ```
pub fn channels(most_commands: usize) -> impl Strategy<Value = Case<Channel>> {
    vec(any::<Turn>(), 0..=most_commands).prop_map(|turns| {
        let mut case = Case::<Channel>::open([Grant::user(sample::ANA, Role::Contributor)]);
        for (kind, draw, clock) in turns {
            push(&mut case, clock);
            let (actor, command) = administer(&case, kind, draw);
            let _refused = case.tries(actor, command);
        }
        case
    })
}

fn push<A: Decider>(case: &mut Case<A>, clock: u8) {
    match clock {
        0..100 => case,
        100..200 => case.minutes(7),
        200..215 => case.days(1),
        215..220 => case.days(31),
        clock if UNTIL_DUE.contains(&clock) => case.until_due(),
        _ => {
            let before = case.now.unix_millis().saturating_sub(90_000);
            case.until(crate::time::Instant::from_unix_millis(before).unwrap_or(case.now))
        }
    };
}

/// One of the windows that a channel may have, and a warning before it or none.
fn rules(draw: u8) -> ChannelRules {
    let window = one_of(&[120, 1_440, 43_200], draw).and_then(|minutes| Window::minutes(minutes).ok());
    let mut rules = ChannelRules::BUILT_IN;
    rules.auto_resolve_new = Reading::new(window, Source::Channel);
    rules.auto_resolve_pending = rules.auto_resolve_new;
    rules.warning = warning(draw);
    rules
}

fn warning(draw: u8) -> ClosingWarning {
    WarnBefore::minutes(60).ok().filter(|_| draw % 2 == 0).map_or(ClosingWarning::Off, ClosingWarning::Always)
}

fn one_of<T: Copy>(these: &[T], draw: u8) -> Option<T> {
    these.get(usize::from(draw).checked_rem(these.len())?).copied()
}

/// Somebody who may reply in the channel.
fn assignee(user: UserId, case: &Case<Conversation>) -> Option<Assignee> {
    let access = Access::of(sample::CHANNEL, [Grant::user(user, Role::Contributor)]).ok()?;
    access.assignee(&Principal::user(user), case.now).ok()
}

/// The warning that was asked for last.
fn warnings(case: &Case<Conversation>) -> u32 {
    let begun = |event: &conversation::Event| match event.change {
        conversation::Change::WarningBegun { attempt, .. } => Some(attempt),
        _ => None,
    };
    case.events.iter().rev().find_map(begun).unwrap_or(1)
}

fn talk(case: &Case<Conversation>, kind: u8, draw: u8) -> (Actor, conversation::Command) {
    use conversation::Command as Ask;
    let user = one_of(&PEOPLE, draw).unwrap_or(sample::ANA);
    let (agent, message) = (Actor::User(user), sample::message(u128::from(draw)));
    let until = case.now.plus_hours(u32::from(draw).saturating_add(1));
    let note = NoteId::new(Uuid::from_u128(u128::from(draw / 64)));
    let label = || Label::new(if draw % 2 == 0 { "bread" } else { "rolls" }).ok();
    let kind_of_message = if draw % 4 == 0 { MessageKind::Template } else { MessageKind::FreeText };
    let outcome = if draw % 2 == 0 { WarningOutcome::Sent } else { WarningOutcome::Failed };
    match kind % 20 {
        0..4 => (Actor::Customer, Ask::Receive { message, sent_at: None }),
        4..8 => (agent, Ask::Reply { message, kind: kind_of_message }),
        8 | 9 => (agent, Ask::Move { to: one_of(&Queue::ALL, draw).unwrap_or(Queue::Pending) }),
        10 => (agent, Ask::Take),
        11 => (agent, assignee(user, case).map_or(Ask::Unassign, |to| Ask::Assign { to })),
        12 => (agent, Ask::Snooze { until }),
        13 => (agent, if case.state.snoozed_until(case.now).is_some() { Ask::Wake } else { Ask::Unassign }),
        14 => (agent, Ask::EditTags { add: label().into_iter().collect(), remove: Vec::new() }),
        15 => (agent, if draw % 2 == 0 { Ask::AddNote(note) } else { Ask::RemoveNote(note) }),
        16 => {
            let user = case.state.owner(case.now).unwrap_or(user);
            (Actor::System, if draw % 3 == 0 { Ask::SignIn { user } } else { Ask::SignOut { user } })
        }
        17 => (Actor::System, Ask::LoseAccess { user }),
        REPORT => (Actor::System, Ask::ReportWarning { attempt: warnings(case), outcome }),
        TICK if draw % 8 == 7 => (ADMIN, Ask::ApplySettings),
        _ => (Actor::System, Ask::Tick),
    }
}

fn administer(case: &Case<Channel>, kind: u8, draw: u8) -> (Actor, channel::Command) {
    use channel::Command as Ask;
    let user = one_of(&PEOPLE, draw).unwrap_or(sample::ANA);
    let role = one_of(&Role::ALL, draw).unwrap_or(Role::Viewer);
    let on = case.state.access_version();
    match kind {
        0..80 => {
            let window =
                Window::minutes(u32::from(draw).saturating_mul(60)).map_or(AutoResolve::Off, AutoResolve::After);
            let with = case.state.settings().map(|settings| settings.with().auto_resolve_new(window));
            let with = with.map(|with| with.closing_warning(warning(draw)));
            let patch = with.and_then(|with| with.patch(&AutoResolvePolicy::default()).ok()).unwrap_or_default();
            (ADMIN, Ask::ChangeSettings { on: case.state.settings_version(), patch: Box::new(patch) })
        }
        80..150 => {
            let ends = case.now.plus_days(u32::from(draw).saturating_add(1));
            let grant = if draw % 3 == 0 { Grant::user_until(user, role, ends) } else { Grant::user(user, role) };
            let change = AccessChange::Grant(if draw % 5 == 0 { Grant::Team(sample::TEAM) } else { grant });
            (ADMIN, Ask::ChangeAccess { on, changes: vec![change] })
        }
        150..190 => (ADMIN, Ask::ChangeAccess { on, changes: vec![AccessChange::Revoke(Holder::User(user))] }),
        190..210 => (Actor::System, Ask::Forget(Leaver::User(user))),
        210..212 => (ADMIN, Ask::Close),
        212 => {
            let (account, number, phone_number) = (sample::account(), None, None);
            (sample::META, Ask::LoseAccount { account, number, phone_number, loss: Loss::Offboarded })
        }
        _ => (Actor::System, Ask::Tick),
    }
}
