//! What a conversation remembers, and how an event changes it.

use super::label::Added;
use super::{Change, Event, Label, LabelKind, Queue, ResolveCause, Warning};
use crate::decider::GivenWindow;
use crate::id::{ChannelId, ConversationId, NoteId, UserId};
use crate::time::Instant;

/// A conversation: where it is, who owns it, and what will become of it.
///
/// It is worked out from its events by [`Decider::replay`](crate::decider::Decider::replay). It holds ids, kinds and times,
/// never what a customer wrote or who they are (`conversation.no-customer-text`).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Conversation {
    pub(super) id: Option<ConversationId>,
    pub(super) channel: Option<ChannelId>,
    pub(super) place: Place,
    pub(super) last_customer_message: Option<Instant>,
    pub(super) last_message: Option<Instant>,
    /// How often a warning was begun, which numbers the attempts.
    pub(super) warnings: u32,
    /// What people add, which most conversations have not.
    added: Option<Box<Added>>,
}

/// Where it is, with what belongs to being there.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) enum Place {
    /// It has not begun.
    #[default]
    Nowhere,
    New(Stay),
    Pending(Stay),
    Resolved {
        at: Instant,
        cause: Box<ResolveCause>,
    },
}

/// A stay in an open queue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Stay {
    pub(super) entered: Instant,
    pub(super) given: GivenWindow,
    pub(super) owner: Option<Owner>,
    pub(super) snoozed_until: Option<Instant>,
    pub(super) warning: Warning,
}

/// The owner, and when they signed out, if that counts and they have not come back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Owner {
    pub(super) user: UserId,
    pub(super) signed_out_at: Option<Instant>,
}

impl Conversation {
    /// Its id, once it has begun.
    #[must_use]
    pub const fn id(&self) -> Option<ConversationId> {
        self.id
    }

    /// The channel it is in, once it has begun.
    #[must_use]
    pub const fn channel(&self) -> Option<ChannelId> {
        self.channel
    }

    /// The queue it was put into last. See [`Conversation::queue`] for where it is at an instant.
    pub(super) const fn recorded_queue(&self) -> Option<Queue> {
        match self.place {
            Place::Nowhere => None,
            Place::New(_) => Some(Queue::New),
            Place::Pending(_) => Some(Queue::Pending),
            Place::Resolved { .. } => Some(Queue::Resolved),
        }
    }

    pub(super) const fn stay(&self) -> Option<&Stay> {
        match &self.place {
            Place::New(stay) | Place::Pending(stay) => Some(stay),
            Place::Nowhere | Place::Resolved { .. } => None,
        }
    }

    const fn stay_mut(&mut self) -> Option<&mut Stay> {
        match &mut self.place {
            Place::New(stay) | Place::Pending(stay) => Some(stay),
            Place::Nowhere | Place::Resolved { .. } => None,
        }
    }

    /// When the customer wrote last.
    #[must_use]
    pub const fn last_customer_message(&self) -> Option<Instant> {
        self.last_customer_message
    }

    /// When customer or team wrote last.
    #[must_use]
    pub const fn last_message(&self) -> Option<Instant> {
        self.last_message
    }

    /// The window that it was given when it entered its queue (`conversation.deadline`).
    #[must_use]
    pub fn given(&self) -> Option<GivenWindow> {
        self.stay().map(|stay| stay.given)
    }

    /// Its tags or its topics, in their order as text.
    pub fn labels(&self, kind: LabelKind) -> impl Iterator<Item = &Label> {
        self.added.iter().flat_map(move |added| added.labels(kind))
    }

    /// Its notes.
    pub fn notes(&self) -> impl Iterator<Item = NoteId> + '_ {
        self.added.iter().flat_map(|added| added.notes.iter().copied())
    }

    pub(super) fn has_label(&self, kind: LabelKind, label: &Label) -> bool {
        self.added.as_ref().is_some_and(|added| added.labels(kind).contains(label))
    }

    pub(super) fn after(mut self, event: &Event) -> Self {
        match &event.change {
            Change::Begun { id, channel, given } => {
                self.id = Some(*id);
                self.channel = Some(*channel);
                self.place = Place::New(Stay::new(event.at, *given, None));
            }
            Change::CustomerWrote { sent_at, entry, releases_owner, .. } => {
                self.customer_wrote(event.at, *sent_at, *entry, *releases_owner);
            }
            Change::Replied { sent_at, entry, .. } => {
                self.last_message = self.last_message.max(Some(*sent_at));
                self.stay_or_enter(Queue::Pending, event.at, *entry);
            }
            Change::Moved { to, at, given } => self.enter(*to, *at, *given),
            Change::Resolved { at, cause } => self.place = Place::Resolved { at: *at, cause: cause.clone() },
            Change::GivenWindow { given } => {
                if let Some(stay) = self.stay_mut() {
                    (stay.given, stay.warning) = (*given, Warning::None);
                }
            }
            Change::LabelsChanged { kind, added, removed } => {
                let labels = self.added.get_or_insert_default().labels_mut(*kind);
                labels.retain(|label| !removed.contains(label));
                labels.extend(added.iter().cloned());
            }
            Change::NoteAdded { note } => _ = self.added.get_or_insert_default().notes.insert(*note),
            Change::NoteRemoved { note } => _ = self.added.get_or_insert_default().notes.remove(note),
            _ => self.after_in_stay(event),
        }
        self
    }

    /// What happens to a conversation without moving it.
    fn after_in_stay(&mut self, event: &Event) {
        if let Change::WarningBegun { attempt, .. } = event.change {
            self.warnings = attempt;
        }
        let Some(stay) = self.stay_mut() else { return };
        match &event.change {
            Change::Assigned { owner, .. } => stay.owner = Some(Owner { user: *owner, signed_out_at: None }),
            Change::Unassigned { .. } => stay.owner = None,
            Change::Snoozed { until } => stay.snoozed_until = Some(*until),
            Change::OwnerSignedOut => {
                if let Some(owner) = &mut stay.owner {
                    owner.signed_out_at = Some(event.at);
                }
            }
            Change::OwnerSignedIn => {
                if let Some(owner) = &mut stay.owner {
                    owner.signed_out_at = None;
                }
            }
            Change::WarningBegun { attempt, try_number, .. } => {
                stay.warning = Warning::Begun { attempt: *attempt, try_number: *try_number, at: event.at };
            }
            Change::WarningSent { .. } => stay.warning = Warning::Sent { at: event.at },
            Change::WarningFailed { try_number, .. } => {
                stay.warning = Warning::Failed { try_number: *try_number, at: event.at };
            }
            Change::WarningSkipped => stay.warning = Warning::Skipped,
            _ => {}
        }
    }

    /// `conversation.inbound`
    fn customer_wrote(&mut self, at: Instant, sent_at: Instant, entry: Option<GivenWindow>, releases_owner: bool) {
        self.last_customer_message = self.last_customer_message.max(Some(sent_at));
        self.last_message = self.last_message.max(Some(sent_at));
        self.stay_or_enter(Queue::New, at, entry);
        if let Some(stay) = self.stay_mut().filter(|_| releases_owner) {
            stay.owner = None;
        }
    }

    fn stay_or_enter(&mut self, queue: Queue, at: Instant, entry: Option<GivenWindow>) {
        match (entry, self.stay_mut()) {
            (Some(given), _) => self.enter(queue, at, given),
            // A message inside the queue moves the deadline, and what was tried before it counts no more.
            (None, Some(stay)) => stay.warning = Warning::None,
            (None, None) => {}
        }
    }

    /// The owner stays, unless it comes from Resolved, where there is none.
    fn enter(&mut self, queue: Queue, at: Instant, given: GivenWindow) {
        let stay = Stay::new(at, given, self.stay().and_then(|stay| stay.owner));
        match queue {
            Queue::New => self.place = Place::New(stay),
            Queue::Pending => self.place = Place::Pending(stay),
            Queue::Resolved => {}
        }
    }
}

impl Stay {
    const fn new(entered: Instant, given: GivenWindow, owner: Option<Owner>) -> Self {
        Self { entered, given, owner, snoozed_until: None, warning: Warning::None }
    }
}
