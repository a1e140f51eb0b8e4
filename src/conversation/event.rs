//! What happened to a conversation, and what follows from it elsewhere.

use serde::{Deserialize, Serialize};

use super::{Label, LabelKind, MessageKind, Queue};
use crate::access::Action;
use crate::decider::{Actor, GivenWindow};
use crate::id::{ChannelId, ConversationId, MessageId, NoteId, UserId};
use crate::settings::{ResolveReason, recorded_reason};
use crate::time::Instant;

/// Something that happened to a conversation: what, when, and by whom. Ids, kinds and times, never what a customer wrote or
/// who they are (`conversation.no-customer-text`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Event {
    /// When it was recorded.
    pub at: Instant,
    /// Who did it or told it.
    pub by: Actor,
    /// What happened.
    pub change: Change,
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub enum Change {
    /// It began, in New.
    Begun {
        /// The conversation.
        id: ConversationId,
        /// The channel it is in.
        channel: ChannelId,
        /// The window it was given.
        given: GivenWindow,
    },
    /// The customer wrote, which puts it into New.
    CustomerWrote {
        /// The message.
        message: MessageId,
        /// When it was sent.
        sent_at: Instant,
        /// The window it was given, if it was not in New already or was snoozed.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        entry: Option<GivenWindow>,
        /// Whether its owner was signed out and lost it (`conversation.sign-out`).
        #[serde(default)]
        releases_owner: bool,
    },
    /// The team replied, which puts it into Pending.
    Replied {
        /// The message.
        message: MessageId,
        /// What kind of message it was.
        kind: MessageKind,
        /// When it was sent.
        sent_at: Instant,
        /// The window it was given, if it was not in Pending already or was snoozed.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        entry: Option<GivenWindow>,
    },
    /// Somebody, or the end of a snooze, put it into New or Pending.
    Moved {
        /// Where it is.
        to: Queue,
        /// Since when: for the end of a snooze that end, whenever it was recorded.
        at: Instant,
        /// The window it was given.
        given: GivenWindow,
    },
    /// It is resolved, and nobody owns it.
    Resolved {
        /// Since when: for auto-resolve the deadline, whenever it was recorded.
        at: Instant,
        /// Why.
        cause: Box<ResolveCause>,
    },
    /// Somebody owns it.
    Assigned {
        /// Who.
        owner: UserId,
        /// How it came.
        how: Assignment,
    },
    /// Nobody owns it any more.
    Unassigned {
        /// Who did.
        owner: UserId,
        /// How it came.
        why: Release,
    },
    /// It is snoozed.
    Snoozed {
        /// Until when.
        until: Instant,
    },
    /// An admin had a change of settings applied to it (`settings.auto-resolve-apply`).
    GivenWindow {
        /// The window it was given.
        given: GivenWindow,
    },
    /// The owner signed out, and the organisation says that this counts.
    OwnerSignedOut,
    /// The owner signed in again.
    OwnerSignedIn,
    /// A warning was given to the transport.
    WarningBegun {
        /// The number of the attempt within the conversation.
        attempt: u32,
        /// Which try it is, from 1.
        try_number: u8,
        /// As what it is sent.
        kind: MessageKind,
    },
    /// The warning was sent.
    WarningSent {
        /// Which attempt.
        attempt: u32,
    },
    /// The warning could not be sent, or nobody said that it was.
    WarningFailed {
        /// Which attempt.
        attempt: u32,
        /// Which try it was, from 1.
        try_number: u8,
    },
    /// No warning could be sent: the 24-hour window was shut and no template is set.
    WarningSkipped,
    /// Tags or topics were added or removed.
    LabelsChanged {
        /// Which of the two.
        kind: LabelKind,
        /// What was added.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        added: Vec<Label>,
        /// What was removed.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        removed: Vec<Label>,
    },
    /// A note was added.
    NoteAdded {
        /// Which.
        note: NoteId,
    },
    /// A note was removed.
    NoteRemoved {
        /// Which.
        note: NoteId,
    },
}

/// How somebody became the owner.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub enum Assignment {
    /// By replying first (`conversation.auto-assign`).
    FirstReply,
    /// By taking it.
    Taken,
    /// Somebody else assigned it to them.
    ByHand,
}

/// How an owner lost it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub enum Release {
    /// Somebody took it away.
    ByHand,
    /// They may not reply any more (`conversation.access-lost`).
    AccessLost,
    /// They signed out (`conversation.sign-out`).
    SignedOut,
}

/// Why a conversation is resolved.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub enum ResolveCause {
    /// Somebody moved it there.
    ByHand,
    /// Its deadline was there (`conversation.auto-resolve`).
    AutoResolve {
        /// The channel's reason (`settings.resolve-reason`).
        #[serde(deserialize_with = "recorded_reason")]
        #[cfg_attr(feature = "schemars", schemars(with = "String"))]
        reason: ResolveReason,
        /// What became of the warning.
        warned: Warned,
    },
    /// Its channel closed (`channel.close`).
    ChannelClosed {
        /// Why.
        #[serde(deserialize_with = "recorded_reason")]
        #[cfg_attr(feature = "schemars", schemars(with = "String"))]
        reason: ResolveReason,
    },
}

/// What became of the warning before a close (`conversation.warn`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub enum Warned {
    /// The channel sends none.
    NotAsked,
    /// It was sent.
    Sent,
    /// It could not be: the 24-hour window was shut and no template is set.
    NoWay,
    /// It was tried three times and failed.
    Failed,
    /// Nobody called in time for it.
    Missed,
}

/// What is to be done elsewhere because of an event.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Effect {
    /// Warn the customer that the conversation is about to close. Once: a second call would warn twice. The outcome is
    /// reported with the attempt's number.
    SendWarning {
        /// The attempt, which the report names.
        attempt: u32,
        /// As what: free text, or the template that the channel has set.
        kind: MessageKind,
    },
}

impl Effect {
    /// What kind of effect it is: its tag in JSON, which never changes.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::SendWarning { .. } => "send-warning",
        }
    }
}

impl Change {
    /// What kind of event it is: its tag in JSON, which never changes.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Begun { .. } => "begun",
            Self::CustomerWrote { .. } => "customer-wrote",
            Self::Replied { .. } => "replied",
            Self::Moved { .. } => "moved",
            Self::Resolved { .. } => "resolved",
            Self::Assigned { .. } => "assigned",
            Self::Unassigned { .. } => "unassigned",
            Self::Snoozed { .. } => "snoozed",
            Self::GivenWindow { .. } => "given-window",
            Self::OwnerSignedOut => "owner-signed-out",
            Self::OwnerSignedIn => "owner-signed-in",
            Self::WarningBegun { .. } => "warning-begun",
            Self::WarningSent { .. } => "warning-sent",
            Self::WarningFailed { .. } => "warning-failed",
            Self::WarningSkipped => "warning-skipped",
            Self::LabelsChanged { .. } => "labels-changed",
            Self::NoteAdded { .. } => "note-added",
            Self::NoteRemoved { .. } => "note-removed",
        }
    }
}

impl Event {
    /// What one of the brand's people must be allowed to do for it (`access.by-effect`).
    pub(super) fn required(&self) -> Option<Action> {
        self.by.user()?;
        match &self.change {
            Change::Replied { .. } | Change::Begun { .. } => Some(Action::Reply),
            Change::Moved { to: Queue::New, .. } => Some(Action::MoveToNew),
            Change::Moved { .. } => Some(Action::MoveToPending),
            Change::Resolved { .. } => Some(Action::MoveToResolved),
            Change::Assigned { how: Assignment::ByHand, .. } => Some(Action::Assign),
            Change::Assigned { .. } => Some(Action::Take),
            Change::Unassigned { .. } => Some(Action::Unassign),
            Change::Snoozed { .. } => Some(Action::Snooze),
            Change::GivenWindow { .. } => Some(Action::ChangeSettings),
            Change::LabelsChanged { kind: LabelKind::Tag, .. } => Some(Action::EditTags),
            Change::LabelsChanged { kind: LabelKind::Topic, .. } => Some(Action::EditTopics),
            Change::NoteAdded { .. } | Change::NoteRemoved { .. } => Some(Action::EditNotes),
            Change::CustomerWrote { .. }
            | Change::OwnerSignedOut
            | Change::OwnerSignedIn
            | Change::WarningBegun { .. }
            | Change::WarningSent { .. }
            | Change::WarningFailed { .. }
            | Change::WarningSkipped => None,
        }
    }

    /// What is to be done elsewhere because of it.
    pub(super) fn effects(&self) -> Vec<Effect> {
        match self.change {
            Change::WarningBegun { attempt, kind, .. } => vec![Effect::SendWarning { attempt, kind }],
            _ => Vec::new(),
        }
    }
}
