//! What a template remembers, and how an event changes it.

use super::fact::Observation;
use super::fold::{Acted, Fold, fold};
use super::{Act, Change, Definition, Event, Outcome, Reading, Standing, Switch, edit_allowed_from};
use crate::id::{FactId, OrganisationId, TemplateId};
use crate::time::Instant;
use crate::whatsapp::{TemplateKey, WabaId};

const NAME_BLOCKED_DAYS: u32 = 30;

/// A message template: what it looks like, our switch, and what Meta says of it.
///
/// Before it is created or adopted it is empty. It is worked out from its events by
/// [`Decider::replay`](crate::decider::Decider::replay).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Template {
    /// Boxed, because deciders pass their state on by value.
    pub(super) known: Option<Box<Known>>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Known {
    pub(super) id: TemplateId,
    pub(super) account: WabaId,
    pub(super) key: TemplateKey,
    adopted: Option<Box<Definition>>,
    pub(super) switch: Switch,
    pub(super) switched: Option<Instant>,
    pub(super) calls: Vec<Call>,
    /// In the order in which they are folded.
    facts: Vec<Observation>,
    /// The latest. An earlier one says no more.
    pub(super) reading: Option<Reading>,
    /// What acts, facts and reading mean together.
    pub(super) fold: Fold,
}

/// Something that was asked of Meta.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Call {
    pub(super) number: u32,
    pub(super) at: Instant,
    act: Act,
    /// Where it stood when it was asked.
    was: Standing,
    definition: Option<Box<Definition>>,
    pub(super) outcome: Option<Outcome>,
}

impl Call {
    const fn stands(&self) -> bool {
        !matches!(self.outcome, Some(Outcome::Refused { .. }))
    }
}

impl Template {
    /// Its id, once it is known.
    #[must_use]
    pub fn id(&self) -> Option<TemplateId> {
        self.known.as_deref().map(|known| known.id)
    }

    /// The account at Meta that it belongs to, once it is known.
    #[must_use]
    pub fn account(&self) -> Option<&WabaId> {
        self.known.as_deref().map(|known| &known.account)
    }

    /// Its name and language, once it is known (`template.name`).
    #[must_use]
    pub fn key(&self) -> Option<&TemplateKey> {
        self.known.as_deref().map(|known| &known.key)
    }

    /// What it looks like, as far as that is known: as it was handed in last, unless Meta refused that.
    #[must_use]
    pub fn definition(&self) -> Option<&Definition> {
        self.known.as_deref()?.definition()
    }

    /// Our own switch (`template.enabled-by-us`).
    #[must_use]
    pub fn switch(&self) -> Switch {
        self.known.as_deref().map(|known| known.switch).unwrap_or_default()
    }

    /// Where it stands at an instant. A pause ends and an archive is emptied whether or not Meta has said so
    /// (`template.lifecycle`).
    #[must_use]
    pub fn standing(&self, now: Instant) -> Standing {
        self.known.as_deref().map_or(Standing::Unsubmitted, |known| known.fold.at(now).0)
    }

    /// From when it may be edited, as far as the budget goes (`template.edit-budget`): only the edits of an approved one count, and
    /// bind only an approved one.
    #[must_use]
    pub fn edit_allowed_from(&self, now: Instant) -> Option<Instant> {
        let known = self.known.as_deref().filter(|_| self.standing(now) == Standing::Approved)?;
        edit_allowed_from(&known.edits())
    }

    pub(super) fn after(mut self, event: &Event) -> Self {
        match (&event.change, &mut self.known) {
            (Change::Created { id, account, definition, .. }, None) => {
                let key = definition.key().clone();
                let mut known = Known::new(*id, account.clone(), key, None);
                known.take(event);
                self.known = Some(Box::new(known));
            }
            (Change::Adopted { id, account, key, definition }, None) => {
                self.known = Some(Box::new(Known::new(*id, account.clone(), key.clone(), definition.clone())));
            }
            (_, Some(known)) => known.take(event),
            (_, None) => {}
        }
        self
    }
}

impl Known {
    fn new(id: TemplateId, account: WabaId, key: TemplateKey, adopted: Option<Box<Definition>>) -> Self {
        Self {
            id,
            account,
            key,
            adopted,
            switch: Switch::On,
            switched: None,
            calls: Vec::new(),
            facts: Vec::new(),
            reading: None,
            fold: fold(&[], &[], None),
        }
    }

    pub(super) fn organisation(&self) -> OrganisationId {
        self.id.organisation()
    }

    pub(super) fn definition(&self) -> Option<&Definition> {
        let handed_in =
            self.calls.iter().rev().filter(|call| call.stands()).find_map(|call| call.definition.as_deref());
        handed_in.or(self.adopted.as_deref())
    }

    /// When it was edited while it was approved.
    pub(super) fn edits(&self) -> Vec<Instant> {
        let approved = |call: &&Call| call.act == Act::Edit && call.was == Standing::Approved && call.stands();
        self.calls.iter().filter(approved).map(|call| call.at).collect()
    }

    pub(super) fn next_call(&self) -> u32 {
        self.calls.last().map_or(1, |call| call.number.saturating_add(1))
    }

    /// Since when a call waits for its answer. What Meta has told since then is the answer as well.
    pub(super) fn waits_since(&self) -> Option<Instant> {
        let call = self.calls.last().filter(|call| call.outcome.is_none())?;
        let told = self.facts.iter().any(|fact| fact.at >= call.at.floor_second());
        let read = self.reading.as_ref().is_some_and(|reading| reading.at > call.at);
        (!told && !read).then_some(call.at)
    }

    /// Until when the name is blocked: 30 days after a template that was approved has been deleted.
    pub(super) fn name_blocked_until(&self, now: Instant) -> Option<Instant> {
        let (standing, since) = self.fold.at(now);
        let since = since.filter(|_| standing == Standing::Deleted && self.fold.was_approved)?;
        Some(since.plus_days(NAME_BLOCKED_DAYS)).filter(|until| now < *until)
    }

    pub(super) fn knows(&self, id: FactId) -> bool {
        self.facts.iter().any(|fact| fact.id == id)
    }

    fn take(&mut self, event: &Event) {
        match &event.change {
            Change::Switched { to } => {
                (self.switch, self.switched) = (*to, Some(event.at));
                return;
            }
            Change::Adopted { .. } => return,
            Change::Answered { call, outcome } => {
                if let Some(call) = self.calls.iter_mut().find(|known| known.number == *call) {
                    call.outcome = Some(*outcome);
                }
            }
            Change::Observed { id, since, fact } => {
                if !self.knows(*id) {
                    let told = Observation { id: *id, at: *since, fact: fact.clone() };
                    let at = self.facts.partition_point(|earlier| earlier.key() <= told.key());
                    self.facts.insert(at, told);
                }
            }
            Change::Read(reading) => {
                if self.reading.as_ref().is_none_or(|kept| kept < reading) {
                    self.reading = Some(reading.clone());
                }
            }
            Change::Created { .. }
            | Change::Edited { .. }
            | Change::Appealed { .. }
            | Change::Unpaused { .. }
            | Change::DeletionAsked { .. } => self.call(event),
        }
        self.fold_anew();
    }

    fn call(&mut self, event: &Event) {
        let Some((number, act)) = event.change.call() else { return };
        let (was, definition) = match &event.change {
            Change::Edited { was, definition, .. } => (*was, Some(definition.clone())),
            Change::Created { definition, .. } => (Standing::Unsubmitted, Some(definition.clone())),
            _ => (self.fold.at(event.at).0, None),
        };
        self.calls.push(Call { number, at: event.at, act, was, definition, outcome: None });
    }

    fn fold_anew(&mut self) {
        let acts: Vec<Acted> = self
            .calls
            .iter()
            .filter(|call| call.stands())
            .map(|call| Acted {
                at: call.at,
                act: call.act,
                category: call.definition.as_deref().map(|definition| definition.category().clone()),
                taken: call.outcome == Some(Outcome::Taken),
            })
            .collect();
        self.fold = fold(&acts, &self.facts, self.reading.as_ref());
    }
}
