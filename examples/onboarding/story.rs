//! Telling a case: each line is given to the rules, and what they answer is printed.

use std::io::{self, Write};

use whatsapp_inbox::decider::{Actor, Context, Decider, Policy, Source};
use whatsapp_inbox::form::Faults;
use whatsapp_inbox::id::{CommandId, FactId, OperatorId, OrganisationId, UserId};
use whatsapp_inbox::onboarding::{
    Change, Command, Event, Onboarding, Refused, RegistrationAnswer, Status, Step, Warning,
};
use whatsapp_inbox::rule::Explain;
use whatsapp_inbox::time::Instant;
use whatsapp_inbox::translation;
use whatsapp_inbox::uuid::Uuid;
use whatsapp_inbox::whatsapp::delivery::AppSecret;

use crate::case::{Case, Line, RawDelivery};
use crate::page::halves;
use crate::paint::{Paint, wrap};

pub const BRAND: OrganisationId = OrganisationId::new(Uuid::from_u128(0xba5e));
pub const ADMIN: Actor = Actor::Admin(UserId::new(BRAND, Uuid::from_u128(1)));
const OPERATOR_ID: OperatorId = OperatorId::new(Uuid::from_u128(2));
pub const OPERATOR: Actor = Actor::Operator(OPERATOR_ID);
pub const GRAPH_API: Actor = Actor::Meta(Source::GraphApi);
/// The columns of the clock and of who acts.
const INDENT: usize = 28;

/// Tells a whole case.
pub fn tell(case: &Case, gantt: bool, paint: Paint, out: &mut dyn Write) -> io::Result<()> {
    let policy = Policy::default();
    let mut story =
        Story { case, paint, policy, onboarding: Onboarding::default(), commands: 0, shown: Vec::new(), out };
    writeln!(story.out, "{}", paint.strong(&case.head.title))?;
    writeln!(story.out, "{}", paint.faint(format!("{} with {}", case.head.brand, case.head.provider)))?;
    for line in &case.lines {
        story.line(line)?;
    }
    story.end(case.lines.last().map_or(Instant::MIN, |line| line.at), gantt)
}

pub struct Story<'a> {
    pub case: &'a Case,
    pub paint: Paint,
    pub policy: Policy,
    pub onboarding: Onboarding,
    pub commands: u128,
    /// The status of each step as it was last shown.
    pub shown: Vec<(Step, &'static str)>,
    pub out: &'a mut dyn Write,
}

impl Story<'_> {
    fn line(&mut self, line: &Line) -> io::Result<()> {
        if let Some(note) = &line.note {
            writeln!(self.out)?;
            for line in wrap(note, 0) {
                writeln!(self.out, "{}", self.paint.faint(line))?;
            }
        }
        if let Some(act) = &line.brand {
            self.brand(line.at, act)
        } else if let Some(act) = &line.provider {
            self.provider(line.at, act)
        } else if let Some(delivery) = &line.delivery {
            self.delivery(line.at, delivery)
        } else if let Some(fact) = &line.observed {
            self.says(line.at, "operator", "saw at Meta", None)?;
            let id = FactId::new(Uuid::from_u128(line.number.into()));
            let command = Command::Observe { id, at: None, fact: fact.clone() };
            self.give(line.at, Actor::Meta(Source::Observed(OPERATOR_ID)), command)
        } else {
            self.checklist(line.at)
        }
    }

    /// Checks a delivery, reads it, and tells its facts.
    fn delivery(&mut self, at: Instant, delivery: &RawDelivery) -> io::Result<()> {
        let secret = AppSecret::new(&self.case.head.app_secret).map_err(io::Error::other)?;
        let verified = match secret.check(delivery.body.as_bytes(), &delivery.signature) {
            Ok(verified) => verified,
            Err(error) => {
                self.says(at, "Meta?", "a delivery arrives", None)?;
                return self.bad(&format!("dropped unread: {error}"));
            }
        };
        let read = match verified.read() {
            Ok(read) => read,
            Err(error) => {
                self.says(at, "Meta", "a delivery arrives", None)?;
                return self.bad(&format!("not understood: {error}"));
            }
        };
        for change in &read.changes {
            self.says(at, "Meta", "delivers", Some(change.field()))?;
            if let Some(time) = change.time().filter(|time| at.since(*time).as_secs() > 3600) {
                let when = self.clock(time);
                self.plain(&format!("arrives late: it is so since {when}"))?;
            }
            let facts = translation::facts(change);
            if facts.is_empty() {
                self.plain("kept as it came: no fact about an onboarding")?;
            }
            for told in facts {
                if told.about.concerns(&self.onboarding) {
                    self.give(at, Actor::Meta(Source::Delivery), told.command())?;
                } else {
                    self.plain("about no onboarding that is known here")?;
                }
            }
        }
        Ok(())
    }

    /// Gives a command, and shows what changed.
    pub fn give(&mut self, at: Instant, actor: Actor, command: Command) -> io::Result<()> {
        let observed = matches!(command, Command::Observe { .. });
        let before = self.onboarding.clone();
        let events = self.give_quietly(at, actor, command)?;
        match events.last().map(|event| &event.change) {
            None if observed => self.plain("told before: nothing changes")?,
            Some(Change::RegistrationAnswered { answer: RegistrationAnswer::Registered, .. }) => {
                self.plain("the number is registered")?;
            }
            Some(Change::CodeRejected { .. }) => self.bad("Meta says that it is the wrong code")?,
            Some(Change::CodeSent { expires_at }) => {
                let until = self.clock(*expires_at);
                self.plain(&format!("the code is on its way, good until {until}"))?;
            }
            Some(_) if observed && statuses(&before, at) == statuses(&self.onboarding, at) => {
                let halves = |onboarding: &Onboarding| halves(&onboarding.checklist(&self.case.head.calendar, at));
                match halves(&self.onboarding) {
                    Some(after) if Some(&after) != halves(&before).as_ref() => self.plain(&after)?,
                    _ => self.plain("kept: it changes nothing now")?,
                }
            }
            Some(Change::DetailsSubmitted { .. }) => {
                for warning in self.onboarding.warnings() {
                    if let Warning::DisplayName { why } = warning {
                        self.plain(&format!("warned: {why}"))?;
                    }
                }
            }
            _ => {}
        }
        self.changes(at)
    }

    /// Gives a command, and shows a refusal only.
    pub fn give_quietly(&mut self, at: Instant, actor: Actor, command: Command) -> io::Result<Vec<Event>> {
        self.commands += 1;
        let id = CommandId::new(Uuid::from_u128(self.commands));
        match self.onboarding.decide(command, &Context::new(at, actor, id, &self.policy)) {
            Ok(events) => {
                for event in &events {
                    self.onboarding = std::mem::take(&mut self.onboarding).evolve(event);
                }
                Ok(events)
            }
            Err(refused) => {
                self.refuses(refused)?;
                Ok(Vec::new())
            }
        }
    }

    /// The command from a value that was read, or the reason why it could not be.
    pub fn parsed<T, E: Explain>(
        &mut self,
        at: Instant,
        actor: Actor,
        value: Result<T, E>,
        command: impl FnOnce(T) -> Command,
    ) -> io::Result<()> {
        match self.sound(value)? {
            Some(value) => self.give(at, actor, command(value)),
            None => Ok(()),
        }
    }

    pub fn checked<T>(
        &mut self,
        at: Instant,
        checked: Result<T, Faults>,
        command: impl FnOnce(T) -> Command,
    ) -> io::Result<()> {
        match checked {
            Ok(value) => self.give(at, ADMIN, command(value)),
            Err(faults) => faults.as_slice().iter().try_for_each(|fault| self.bad(&fault.to_string())),
        }
    }

    pub fn sound<T, E: Explain>(&mut self, value: Result<T, E>) -> io::Result<Option<T>> {
        match value {
            Ok(value) => Ok(Some(value)),
            Err(error) => self.bad(&format!("refused: {error} ({})", error.rule())).map(|()| None),
        }
    }

    fn refuses(&mut self, refused: Refused) -> io::Result<()> {
        // The sentence has its instants in UTC; here they are told on the same clock as everything else.
        let sentence = refused.to_string();
        let words = sentence.split(' ').map(|word| {
            let bare = word.trim_end_matches([':', ',']);
            let rest = word.strip_prefix(bare).unwrap_or_default();
            bare.parse().map_or_else(|_| word.to_owned(), |instant| format!("{}{rest}", self.clock(instant)))
        });
        let sentence = words.collect::<Vec<_>>().join(" ");
        self.bad(&format!("refused: {sentence} ({})", refused.rule()))
    }
}

impl Story<'_> {
    /// The clock, who, and what.
    pub fn says(&mut self, at: Instant, who: &str, what: &str, detail: Option<&str>) -> io::Result<()> {
        let sentence = detail.map_or_else(|| what.to_owned(), |detail| format!("{what}: {detail}"));
        let clock = self.clock(at);
        let mut lines = wrap(&sentence, INDENT).into_iter();
        let first = lines.next().unwrap_or_default();
        writeln!(self.out, "{}  {}  {first}", self.paint.faint(clock), self.paint.strong(format!("{who:<8}")))?;
        lines.try_for_each(|line| writeln!(self.out, "{:INDENT$}{line}", ""))
    }

    pub fn plain(&mut self, text: &str) -> io::Result<()> {
        self.marked("· ", text, Paint::faint)
    }

    pub fn bad(&mut self, text: &str) -> io::Result<()> {
        self.marked("✗ ", text, Paint::bad)
    }

    pub fn marked(&mut self, mark: &str, text: &str, how: impl Fn(Paint, String) -> String) -> io::Result<()> {
        for (index, line) in wrap(text, INDENT + 2).into_iter().enumerate() {
            let mark = if index == 0 { mark } else { "  " };
            writeln!(self.out, "{:INDENT$}{}", "", how(self.paint, format!("{mark}{line}")))?;
        }
        Ok(())
    }
}

fn statuses(onboarding: &Onboarding, at: Instant) -> Vec<Status> {
    Step::ALL.into_iter().map(|step| onboarding.status(step, at)).collect()
}
