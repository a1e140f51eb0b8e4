//! A conversation against a naive model that is kept by hand: random histories, with a clock that jumps.

use std::cell::Cell;
use std::collections::BTreeSet;

use proptest::prelude::*;
use whatsapp_inbox::conversation::*;
use whatsapp_inbox::decider::{Actor, Decider};
use whatsapp_inbox::id::{ConversationId, UserId};
use whatsapp_inbox::settings::{AutoAssignment, AutoResolve, Window};
use whatsapp_inbox::time::Instant;
use whatsapp_inbox::uuid::Uuid;

use crate::conversation_case::*;
use crate::random::runner;

/// What the rules say, in plain words: numbers are milliseconds.
#[derive(Debug, Clone)]
struct Model {
    queue: Queue,
    owner: Option<UserId>,
    signed_out: Option<i64>,
    entered: i64,
    window: Option<i64>,
    last_message: Option<i64>,
    snoozed: Option<i64>,
}

/// The windows of the channel as they are now: New, Pending.
type Windows = [Option<i64>; 2];

impl Model {
    fn deadline(&self) -> Option<i64> {
        if self.queue == Queue::Resolved || self.snoozed.is_some() {
            return None;
        }
        Some(self.entered.max(self.last_message.unwrap_or(0)) + self.window?)
    }

    fn enters(&mut self, queue: Queue, at: i64, windows: Windows) {
        (self.queue, self.entered, self.snoozed) = (queue, at, None);
        self.window = if queue == Queue::New { windows[0] } else { windows[1] };
    }

    fn resolves(&mut self) {
        (self.queue, self.owner, self.signed_out, self.snoozed) = (Queue::Resolved, None, None, None);
    }

    fn disowns(&mut self) {
        (self.owner, self.signed_out) = (None, None);
    }

    /// What has become due, the earliest first.
    fn settles(&mut self, now: i64, windows: Windows) {
        loop {
            let wake = self.snoozed.filter(|at| *at <= now);
            let close = self.deadline().filter(|at| *at <= now);
            let out = self.signed_out.filter(|_| self.queue == Queue::New).map(|at| at + 2 * MINUTE);
            let out = out.filter(|at| *at <= now);
            match [wake, close, out].into_iter().flatten().min() {
                None => return,
                first if first == close => self.resolves(),
                Some(at) if wake == Some(at) => self.enters(Queue::New, at, windows),
                Some(_) => self.disowns(),
            }
        }
    }

    fn does(&mut self, step: &Step, now: i64, auto: AutoAssignment, windows: Windows) {
        self.settles(now, windows);
        let open = self.queue != Queue::Resolved;
        match step {
            Step::Receive => {
                if self.queue == Queue::Pending && self.signed_out.is_some() {
                    self.disowns();
                }
                if self.queue != Queue::New || self.snoozed.is_some() {
                    self.enters(Queue::New, now, windows);
                }
                self.last_message = self.last_message.max(Some(now));
            }
            Step::Reply(who) => {
                if self.queue != Queue::Pending || self.snoozed.is_some() {
                    self.enters(Queue::Pending, now, windows);
                }
                self.last_message = self.last_message.max(Some(now));
                if self.owner.is_none() && auto == AutoAssignment::On {
                    self.owner = *who;
                }
            }
            Step::Move(Queue::Resolved) | Step::Close => self.resolves(),
            Step::Move(queue) if *queue != self.queue || self.snoozed.is_some() => self.enters(*queue, now, windows),
            Step::Assign(who) if open && self.owner != Some(*who) => (self.owner, self.signed_out) = (Some(*who), None),
            Step::Unassign => self.disowns(),
            Step::LoseAccess(who) if self.owner == Some(*who) => self.disowns(),
            Step::Snooze(millis) if open => self.snoozed = Some(now + millis),
            Step::Wake if self.snoozed.is_some() => self.enters(Queue::New, now, windows),
            Step::SignOut(who) if self.owner == Some(*who) => self.signed_out = self.signed_out.or(Some(now)),
            Step::SignIn(who) if self.owner == Some(*who) => self.signed_out = None,
            Step::Apply if open && self.snoozed.is_none() => {
                self.window = if self.queue == Queue::New { windows[0] } else { windows[1] };
                self.settles(now, windows);
            }
            _ => {}
        }
    }
}

#[derive(Debug, Clone)]
enum Step {
    Receive,
    Reply(Option<UserId>),
    Move(Queue),
    Assign(UserId),
    Unassign,
    LoseAccess(UserId),
    Snooze(i64),
    Wake,
    SignOut(UserId),
    SignIn(UserId),
    Tag,
    Apply,
    Close,
    Tick,
    Settings(u32, u32),
    AutoAssignment(AutoAssignment),
}

fn steps() -> impl Strategy<Value = Vec<(i64, Step)>> {
    let who = prop_oneof![Just(ANA), Just(BEN)];
    let minutes = prop_oneof![Just(0u32), 10u32..40, 40u32..200];
    let step = prop_oneof![
        4 => Just(Step::Receive),
        4 => prop_oneof![3 => who.clone().prop_map(Some), 1 => Just(None)].prop_map(Step::Reply),
        3 => prop_oneof![Just(Queue::New), Just(Queue::Pending), Just(Queue::Resolved)].prop_map(Step::Move),
        2 => who.clone().prop_map(Step::Assign),
        1 => Just(Step::Unassign),
        1 => who.clone().prop_map(Step::LoseAccess),
        2 => (15 * MINUTE..3 * HOUR).prop_map(Step::Snooze),
        1 => Just(Step::Wake),
        3 => who.clone().prop_map(Step::SignOut),
        1 => who.prop_map(Step::SignIn),
        1 => Just(Step::Tag),
        1 => Just(Step::Apply),
        1 => Just(Step::Close),
        3 => Just(Step::Tick),
        1 => (minutes.clone(), minutes).prop_map(|(new, pending)| Step::Settings(new, pending)),
        1 => prop_oneof![Just(AutoAssignment::On), Just(AutoAssignment::Off)].prop_map(Step::AutoAssignment),
    ];
    // On the minute, a millisecond before or after it, or long after; seldom back.
    let jump = prop_oneof![
        3 => Just(0),
        6 => (0i64..60, -1i64..2).prop_map(|(minutes, millis)| minutes * MINUTE + millis),
        1 => 0..5 * HOUR,
        1 => -2 * HOUR..0,
    ];
    prop::collection::vec((jump, step), 1..30)
}

fn command(step: &Step, talk: &Talk) -> Option<(Actor, Command)> {
    Some(match step {
        Step::Receive => (Actor::Customer, receive()),
        Step::Reply(Some(who)) => (Actor::User(*who), template()),
        Step::Reply(None) => (Actor::BrandPhone, template()),
        Step::Move(queue) => (AS_ANA, to(*queue)),
        Step::Assign(who) => (AS_ANA, assign(*who)),
        Step::Unassign => (AS_ANA, Command::Unassign),
        Step::LoseAccess(who) => (Actor::System, Command::LoseAccess { user: *who }),
        Step::Snooze(millis) => (AS_ANA, Command::Snooze { until: shifted(talk.now, *millis) }),
        Step::Wake => (AS_ANA, Command::Wake),
        Step::SignOut(who) => (Actor::System, Command::SignOut { user: *who }),
        Step::SignIn(who) => (Actor::System, Command::SignIn { user: *who }),
        Step::Tag => (AS_ANA, tags(&["seen"], &[])),
        Step::Apply => (Actor::System, Command::ApplySettings),
        Step::Close => (Actor::System, close()),
        Step::Tick => (Actor::System, Command::Tick),
        Step::Settings(..) | Step::AutoAssignment(_) => return None,
    })
}

fn setting(minutes: u32) -> AutoResolve {
    if minutes == 0 { AutoResolve::Off } else { after(minutes) }
}

fn millis(window: Option<Window>) -> Option<i64> {
    window.map(|window| i64::from(window.in_minutes()) * MINUTE)
}

/// A conversation, and the model of it, in a channel whose settings change.
struct Both {
    talk: Talk,
    model: Model,
    refused: u32,
}

impl Both {
    fn new() -> Self {
        let mut talk = Talk::unbegun().releasing();
        talk.rules = windows(after(60), after(120), 1);
        talk.does(Actor::Customer, begin());
        let model = Model {
            queue: Queue::New,
            owner: None,
            signed_out: None,
            entered: talk.now.unix_millis(),
            window: Some(HOUR),
            last_message: None,
            snoozed: None,
        };
        Self { talk, model, refused: 0 }
    }

    fn windows(&self) -> Windows {
        [self.talk.rules.auto_resolve_new.value, self.talk.rules.auto_resolve_pending.value].map(millis)
    }

    fn takes(&mut self, jump: i64, step: &Step) {
        self.talk.passes(jump);
        match step {
            Step::Settings(new, pending) => {
                let auto = self.talk.rules.auto_assignment;
                self.talk.rules = windows(setting(*new), setting(*pending), 2);
                self.talk.rules.auto_assignment = auto;
            }
            Step::AutoAssignment(auto) => self.talk.rules.auto_assignment = *auto,
            _ => {}
        }
        let now = self.talk.now.unix_millis();
        if let Some((actor, command)) = command(step, &self.talk) {
            if self.talk.tries(actor, command).is_ok() {
                self.model.does(step, now, self.talk.rules.auto_assignment, self.windows());
            } else {
                self.refused += 1;
            }
        }
    }

    /// What holds at an instant, whether or not anybody called, is what the model says; and so it is written down.
    fn agree(&self, now: Instant) {
        let mut model = self.model.clone();
        model.settles(now.unix_millis(), self.windows());
        let mut talk = self.talk.clone();
        talk.now = now;
        // After a late wake, how long it lasted is for the settings to say, which a read does not know.
        if self.model.snoozed.is_none_or(|until| now.unix_millis() < until || model.queue != Queue::Resolved) {
            assert_eq!((talk.queue(), talk.owner()), (Some(model.queue), model.owner), "{model:?}\n{:?}", self.talk);
        }
        // Who knows the settings sees it all.
        let seen = talk.state.as_of(&talk.rules, now);
        assert_eq!((seen.queue(now), seen.owner(now)), (Some(model.queue), model.owner), "{model:?}");
        assert_eq!(seen.deadline().map(Instant::unix_millis), model.deadline(), "{model:?}");
        talk.tick();
        assert_eq!((talk.queue(), talk.owner()), (Some(model.queue), model.owner), "{model:?}\n{:?}", self.talk);
        let deadline = talk.state.deadline().map(Instant::unix_millis);
        assert_eq!(deadline, model.deadline(), "{:?}", self.talk);
        assert!(deadline.is_none_or(|at| at >= model.entered), "never before the entry that set it");
        assert!(model.queue != Queue::Resolved || talk.owner().is_none());
        assert_eq!(talk.tick(), [], "once");
    }
}

#[test]
fn conversation_queues_owner_and_deadline_are_those_of_the_model_after_any_history() {
    let held = [const { Cell::new(0u32) }; 6];
    runner(600)
        .run(&steps(), |steps| {
            let mut both = Both::new();
            for (jump, step) in &steps {
                both.takes(*jump, step);
                let now = both.talk.now;
                let next = both.talk.state.next_deadline();
                let around = next.into_iter().flat_map(|at| [shifted(at, -1), at, shifted(at, HOUR)]);
                for instant in [now, shifted(now, 2 * MINUTE - 1), shifted(now, 2 * MINUTE)].into_iter().chain(around) {
                    both.agree(instant);
                }
                count(&held[both.model.queue as usize], 1);
                count(&held[3], u32::from(both.model.owner.is_some()));
                count(&held[4], u32::from(both.model.snoozed.is_some()));
            }
            count(&held[5], both.refused);
            Ok(())
        })
        .expect("the model and the conversation agree");
    assert!(held.iter().all(|count| count.get() > 300), "New, Pending, Resolved, owned, snoozed, refused: {held:?}");
}

#[test]
fn conversation_auto_resolve_any_batches_order_and_repetition_resolve_the_same_set() {
    let histories = prop::collection::vec(steps(), 1..25);
    let resolved = Cell::new(0);
    runner(60)
        .run(&(histories, any::<u64>(), 1usize..9), |(histories, order, size)| {
            let mut talks: Vec<Talk> = histories.iter().map(|steps| lived(steps)).collect();
            for (number, talk) in talks.iter_mut().enumerate() {
                let id = ConversationId::new(ORGANISATION, Uuid::from_u128(1000 + number as u128));
                let first = Change::Begun { id, channel: CHANNEL, given: given(&talk.events[0]) };
                talk.events[0].change = first;
                talk.state = Conversation::replay(&talk.events);
            }
            let now = talks.iter().map(|talk| talk.now).max().unwrap_or_else(|| at("2026-01-05T09:00:00Z"));
            let now = shifted(now, HOUR);
            let whole = swept(&mut talks.clone(), now, &[(0..talks.len()).collect()]);
            // Given the same in another order, in batches, some of them twice,
            let mut rows: Vec<usize> = (0..talks.len()).chain(0..talks.len() / 2).collect();
            rows.sort_by_key(|row| (order ^ (*row as u64)).wrapping_mul(0x9e37_79b9_7f4a_7c15));
            let batches: Vec<Vec<usize>> =
                rows.chunks(size).map(<[usize]>::to_vec).chain([(0..talks.len()).collect()]).collect();
            let apart = swept(&mut talks, now, &batches);
            assert_eq!(whole, apart);
            count(&resolved, u32::try_from(whole.len()).unwrap_or(u32::MAX));
            Ok(())
        })
        .expect("the same set");
    assert!(resolved.get() > 100, "{resolved:?}");
}

fn count(counter: &Cell<u32>, more: u32) {
    counter.set(counter.get() + more);
}

fn lived(steps: &[(i64, Step)]) -> Talk {
    let mut both = Both::new();
    for (jump, step) in steps {
        both.takes(*jump, step);
    }
    both.talk
}

fn given(event: &Event) -> whatsapp_inbox::decider::GivenWindow {
    match event.change {
        Change::Begun { given, .. } => given,
        ref other => panic!("{other:?}"),
    }
}

/// Which of them sweeping in these batches resolved, and with which events; what was done is committed batch by batch.
fn swept(talks: &mut [Talk], now: Instant, batches: &[Vec<usize>]) -> BTreeSet<(ConversationId, String)> {
    let mut context = Talk::unbegun();
    context.now = now;
    let mut set = BTreeSet::new();
    for batch in batches {
        let conversations: Vec<Conversation> = batch.iter().map(|row| talks[*row].state.clone()).collect();
        for done in sweep(&conversations, &context.context(Actor::System), |_| {}) {
            let talk = talks.iter_mut().find(|talk| talk.state.id() == Some(done.conversation)).expect("known");
            let before = talk.state.clone();
            talk.state = done.events.iter().fold(before, Conversation::evolve);
            set.insert((done.conversation, names(&done.events).join(" ")));
        }
    }
    set
}
