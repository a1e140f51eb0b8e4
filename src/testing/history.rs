//! Histories: what comes of commands, drawn so that many are accepted.

use proptest::arbitrary::any;
use proptest::collection::vec;
use proptest::sample::select;
use proptest::strategy::{Just, Strategy};
use uuid::Uuid;

use super::{Subjects, subjects};
use crate::decider::{Actor, Context, Decider, Policy};
use crate::id::{CommandId, FactId};
use crate::onboarding::{Change, Command, Event, Kind, Onboarding, Plan, Refused};
use crate::time::Instant;

/// The shortest way to an onboarding that is complete by the walkthrough: kinds of commands and, for facts, which of the helpful ones.
const WALKTHROUGH: [(Kind, usize); 20] = [
    (Kind::Start, 0),
    (Kind::SignAgreement, 0),
    (Kind::AcceptTerms, 0),
    (Kind::SubmitDetails, 0),
    (Kind::CreateAccount, 0),
    (Kind::Observe, 0),
    (Kind::Observe, 1),
    (Kind::Observe, 2),
    (Kind::Observe, 3),
    (Kind::RequestCode, 0),
    (Kind::ReportCodeSend, 0),
    (Kind::EnterCode, 0),
    (Kind::ReportCodeEntry, 0),
    (Kind::Register, 0),
    (Kind::ReportRegistration, 0),
    (Kind::Activate, 0),
    (Kind::CompleteProfile, 0),
    (Kind::ApplyForBadge, 0),
    (Kind::Observe, 4),
    (Kind::Observe, 5),
];

/// The same by the embedded signup, from which the brand comes back without the number.
const EMBEDDED_SIGNUP: [(Kind, usize); 21] = [
    (Kind::Start, 0),
    (Kind::SignAgreement, 0),
    (Kind::AcceptTerms, 0),
    (Kind::SubmitDetails, 0),
    (Kind::EndSignup, 0),
    (Kind::AddNumber, 0),
    (Kind::SubscribeApp, 0),
    (Kind::RequestCode, 0),
    (Kind::ReportCodeSend, 0),
    (Kind::EnterCode, 0),
    (Kind::ReportCodeEntry, 0),
    (Kind::Register, 0),
    (Kind::ReportRegistration, 0),
    (Kind::Activate, 0),
    (Kind::Observe, 1),
    (Kind::Observe, 2),
    (Kind::Observe, 3),
    (Kind::CompleteProfile, 0),
    (Kind::ApplyForBadge, 0),
    (Kind::Observe, 4),
    (Kind::Observe, 5),
];

/// The same by the provider's request, which the brand approves without adding the number.
const PARTNER_INITIATED: [(Kind, usize); 22] = [
    (Kind::Start, 0),
    (Kind::SignAgreement, 0),
    (Kind::AcceptTerms, 0),
    (Kind::SubmitDetails, 0),
    (Kind::RequestAccount, 0),
    (Kind::Observe, 0),
    (Kind::AddNumber, 0),
    (Kind::SubscribeApp, 0),
    (Kind::RequestCode, 0),
    (Kind::ReportCodeSend, 0),
    (Kind::EnterCode, 0),
    (Kind::ReportCodeEntry, 0),
    (Kind::Register, 0),
    (Kind::ReportRegistration, 0),
    (Kind::Activate, 0),
    (Kind::Observe, 1),
    (Kind::Observe, 2),
    (Kind::Observe, 3),
    (Kind::CompleteProfile, 0),
    (Kind::ApplyForBadge, 0),
    (Kind::Observe, 4),
    (Kind::Observe, 5),
];

const fn way(plan: Plan) -> &'static [(Kind, usize)] {
    match plan {
        Plan::Walkthrough => &WALKTHROUGH,
        Plan::EmbeddedSignup => &EMBEDDED_SIGNUP,
        Plan::PartnerInitiated => &PARTNER_INITIATED,
    }
}

/// One onboarding under the default policy, the events that made it, and the clock.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct History {
    /// Who and what it is about.
    pub subjects: Subjects,
    /// The onboarding.
    pub onboarding: Onboarding,
    /// What has happened.
    pub events: Vec<Event>,
    /// The instant at which the next command is given.
    pub now: Instant,
}

/// What is to be given next, as a draw that [`History::play`] makes a command of.
#[derive(Debug, Clone, Copy)]
pub struct Turn {
    /// Whether it is picked from what is allowed.
    listed: bool,
    pick: u16,
    actor: u8,
    draw: u32,
    clock: u8,
}

/// Turns, three of five picked from what is allowed.
pub fn turn() -> impl Strategy<Value = Turn> {
    let draws = (proptest::bool::weighted(0.6), any::<u16>(), any::<u8>(), any::<u32>(), any::<u8>());
    draws.prop_map(|(listed, pick, actor, draw, clock)| Turn { listed, pick, actor, draw, clock })
}

/// Histories of every plan: up to 22 commands on its shortest way, all given at one instant, and up to so many [turns](Turn) after them,
/// refused ones included.
///
/// ```
/// use proptest::prelude::*;
/// use whatsapp_inbox::testing::histories;
/// use whatsapp_inbox::time::Calendar;
///
/// proptest!(ProptestConfig::with_cases(16), |(history in histories(40))| {
///     let checklist = history.onboarding.checklist(&Calendar::default(), history.now);
///     prop_assert_eq!(checklist.items.len(), history.onboarding.plan().rows().len());
/// });
/// ```
pub fn histories(most_turns: usize) -> impl Strategy<Value = History> {
    let begun = select(Plan::ALL.to_vec()).prop_flat_map(|plan| (Just(plan), 0..=way(plan).len()));
    (subjects(), begun, vec(turn(), 0..=most_turns)).prop_map(|(subjects, (plan, steps), turns)| {
        let mut history = History::new(subjects);
        for (kind, fact) in way(plan).iter().take(steps) {
            history.go(plan, *kind, *fact);
        }
        for turn in turns {
            let _refused = history.play(turn);
        }
        history
    })
}

impl History {
    /// Nothing has happened yet.
    #[must_use]
    pub fn new(subjects: Subjects) -> Self {
        let now = subjects.begin;
        Self { subjects, onboarding: Onboarding::default(), events: Vec::new(), now }
    }

    /// Gives a command, and takes what comes of it.
    ///
    /// # Errors
    ///
    /// The refusal, which changes nothing.
    pub fn give(&mut self, actor: Actor, command: Command) -> Result<Vec<Event>, Refused> {
        let id = CommandId::new(Uuid::from_u128(u128::try_from(self.events.len()).unwrap_or(u128::MAX)));
        let events = self.onboarding.decide(command, &Context::new(self.now, actor, id, &Policy::default()))?;
        let before = std::mem::take(&mut self.onboarding);
        self.onboarding = events.iter().fold(before, Onboarding::evolve);
        self.events.extend(events.iter().cloned());
        Ok(events)
    }

    /// Sets the clock, most often a little forward and seldom back, makes a command of the turn and gives it.
    ///
    /// # Errors
    ///
    /// The refusal, which leaves only the clock changed.
    pub fn play(&mut self, turn: Turn) -> Result<Vec<Event>, Refused> {
        self.now = moved(self.now, turn.clock);
        let (actor, kind) = self.drawn(turn);
        self.give(actor, self.command(kind, turn.draw))
    }

    /// A well-formed command of a kind; the same for the same draw. A report answers the latest call, as a rule.
    #[must_use]
    pub fn command(&self, kind: Kind, draw: u32) -> Command {
        let call = |event: &Event| match (kind, &event.change) {
            (Kind::ReportCodeSend, Change::CodeRequested { request: call, .. })
            | (Kind::ReportCodeEntry, Change::CodeEntryBegun { entry: call, .. })
            | (Kind::ReportRegistration, Change::RegistrationBegun { attempt: call }) => Some(*call),
            _ => None,
        };
        let latest = self.events.iter().rev().find_map(call).unwrap_or(0);
        self.subjects.command(kind, draw, latest, self.now)
    }

    /// Goes on the shortest way of a plan.
    fn go(&mut self, plan: Plan, kind: Kind, fact: usize) {
        let actor = self.subjects.actors.into_iter().find(|actor| kind.may_come_from(actor.party(), plan));
        let command = match self.subjects.helpful().get(fact) {
            Some(fact) if kind == Kind::Observe => {
                let id = FactId::new(Uuid::from_u128(u128::MAX.saturating_sub(self.events.len() as u128)));
                Command::Observe { id, at: Some(self.now), fact: fact.clone() }
            }
            _ => match self.command(kind, 0) {
                Command::Start { id, business_manager, security_center, takes_over, .. } => {
                    Command::Start { id, plan, business_manager, security_center, takes_over }
                }
                command => command,
            },
        };
        let _refused = self.give(actor.unwrap_or(Actor::System), command);
    }

    fn drawn(&self, turn: Turn) -> (Actor, Kind) {
        let pick = usize::from(turn.pick);
        let actors = &self.subjects.actors;
        let any_actor = nth(actors, turn.actor.into()).unwrap_or(Actor::System);
        let any = (any_actor, nth(&Kind::ALL, pick).unwrap_or(Kind::Tick));
        if !turn.listed {
            return any;
        }
        let [admin, operator, meta, ..] = *actors;
        let listed: Vec<(Actor, Kind)> = [admin, operator, meta]
            .into_iter()
            .flat_map(|actor| self.onboarding.allowed(actor, self.now).map(move |kind| (actor, kind)))
            .collect();
        match nth(&listed, pick) {
            // What ends an onboarding is drawn seldom, so that more than its beginning is seen.
            Some((_, Kind::Withdraw | Kind::ReleaseNumber)) if turn.draw % 16 != 0 => (meta, Kind::Observe),
            Some(found) => found,
            None => any,
        }
    }
}

fn nth<T: Copy>(items: &[T], draw: usize) -> Option<T> {
    items.get(draw.checked_rem(items.len())?).copied()
}

fn moved(now: Instant, clock: u8) -> Instant {
    match clock {
        0..5 => now.plus_days(31),
        5..7 => now.plus_days(90),
        7..24 => Instant::from_unix_millis(now.unix_millis().saturating_sub(90_000)).unwrap_or(Instant::MIN),
        24..32 => now.plus_minutes(10),
        32..48 => now.plus_hours(12),
        48..100 => now,
        _ => now.plus_minutes(1),
    }
}
