//! What may be asked of a conversation.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::{Label, MessageKind, Queue};
use crate::access::{Action, Assignee};
use crate::decider::Party;
use crate::id::{ChannelId, ConversationId, MessageId, NoteId, UserId};
use crate::settings::ResolveReason;
use crate::time::Instant;

/// Something that is asked of a conversation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Command {
    /// Begin it, in New. Given by the host for a customer's first message, or by who wants to write first. Its channel may be one
    /// that has not opened yet: until it has, what is built in holds, and nobody may see it.
    Begin {
        /// The conversation.
        id: ConversationId,
        /// The channel it is in.
        channel: ChannelId,
    },
    /// The customer wrote (`conversation.inbound`). Once it has begun no state refuses it, of the conversation or of its channel
    /// (`webhook.never-drop-inbound`): a closed one, one that is restricted or banned takes it too. One
    /// message is given once: Meta delivers more than once, so make the command's id from Meta's id of the message.
    Receive {
        /// The message.
        message: MessageId,
        /// When it was sent, if that is known. A time to come counts as now.
        sent_at: Option<Instant>,
    },
    /// Reply to the customer (`conversation.reply`). Given by an agent, or by the brand's phone.
    Reply {
        /// The message.
        message: MessageId,
        /// What kind of message it is.
        kind: MessageKind,
    },
    /// Move it to a queue.
    Move {
        /// Which.
        to: Queue,
    },
    /// Become its owner.
    Take,
    /// Make somebody else its owner, who may reply in the channel (`conversation.manual-assign`).
    Assign {
        /// Who.
        to: Assignee,
    },
    /// Take its owner away.
    Unassign,
    /// Its owner may not reply any more (`conversation.access-lost`). Given by the host; of somebody else it changes nothing.
    LoseAccess {
        /// Who lost access.
        user: UserId,
    },
    /// Leave it alone until then (`conversation.snooze`).
    Snooze {
        /// Until when: in 15 minutes to 90 days.
        until: Instant,
    },
    /// Wake it before its time. Given by somebody of the team; at its time it wakes by itself.
    Wake,
    /// Add and remove tags.
    EditTags {
        /// What is to be there.
        add: Vec<Label>,
        /// What is not to be there.
        remove: Vec<Label>,
    },
    /// Add and remove topics.
    EditTopics {
        /// What is to be there.
        add: Vec<Label>,
        /// What is not to be there.
        remove: Vec<Label>,
    },
    /// Add a note.
    AddNote(NoteId),
    /// Remove a note.
    RemoveNote(NoteId),
    /// Somebody signed out (`conversation.sign-out`). Given by the host; of somebody else than the owner it changes nothing, and
    /// nothing of anybody unless the organisation's policy [releases](crate::decider::SignOut::Releases), which it does not by
    /// default.
    SignOut {
        /// Who.
        user: UserId,
    },
    /// Somebody signed in again. Given by the host.
    SignIn {
        /// Who.
        user: UserId,
    },
    /// What became of a warning (`conversation.warn`). What no longer fits is ignored.
    ReportWarning {
        /// Which attempt.
        attempt: u32,
        /// Whether it was sent.
        outcome: WarningOutcome,
    },
    /// Apply the settings as they are now to where it is (`settings.auto-resolve-apply`). Given by an account admin, or by
    /// the host for one, with the channel's rules in the [context](crate::decider::Context::with_channel): without them what
    /// is built in would be applied.
    ApplySettings,
    /// Its channel closed (`channel.close`). Given by the host.
    CloseWithChannel {
        /// Why.
        reason: ResolveReason,
    },
    /// Let what is due happen. Given by time; late, early and repeated is harmless.
    Tick,
}

/// What became of a warning.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub enum WarningOutcome {
    /// It was sent.
    Sent,
    /// It was not sent.
    Failed,
}

/// A kind of command.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub enum Kind {
    /// [`Command::Begin`]
    Begin,
    /// [`Command::Receive`]
    Receive,
    /// [`Command::Reply`]
    Reply,
    /// [`Command::Move`] to New.
    MoveToNew,
    /// [`Command::Move`] to Pending.
    MoveToPending,
    /// [`Command::Move`] to Resolved.
    MoveToResolved,
    /// [`Command::Take`]
    Take,
    /// [`Command::Assign`]
    Assign,
    /// [`Command::Unassign`]
    Unassign,
    /// [`Command::LoseAccess`]
    LoseAccess,
    /// [`Command::Snooze`]
    Snooze,
    /// [`Command::Wake`]
    Wake,
    /// [`Command::EditTags`]
    EditTags,
    /// [`Command::EditTopics`]
    EditTopics,
    /// [`Command::AddNote`]
    AddNote,
    /// [`Command::RemoveNote`]
    RemoveNote,
    /// [`Command::SignOut`]
    SignOut,
    /// [`Command::SignIn`]
    SignIn,
    /// [`Command::ReportWarning`]
    ReportWarning,
    /// [`Command::ApplySettings`]
    ApplySettings,
    /// [`Command::CloseWithChannel`]
    CloseWithChannel,
    /// [`Command::Tick`]
    Tick,
}

/// What a kind asks for in words, who may give it, and the action that one of the brand's people needs for it.
struct Row {
    phrase: &'static str,
    parties: &'static [Party],
    action: Option<Action>,
}

impl Kind {
    /// Every kind.
    pub const ALL: [Self; 22] = [
        Self::Begin,
        Self::Receive,
        Self::Reply,
        Self::MoveToNew,
        Self::MoveToPending,
        Self::MoveToResolved,
        Self::Take,
        Self::Assign,
        Self::Unassign,
        Self::LoseAccess,
        Self::Snooze,
        Self::Wake,
        Self::EditTags,
        Self::EditTopics,
        Self::AddNote,
        Self::RemoveNote,
        Self::SignOut,
        Self::SignIn,
        Self::ReportWarning,
        Self::ApplySettings,
        Self::CloseWithChannel,
        Self::Tick,
    ];

    const fn row(self) -> Row {
        const TEAM: &[Party] = &[Party::Brand];
        const TIME: &[Party] = &[Party::System];
        const fn team(action: Action, phrase: &'static str) -> Row {
            Row { phrase, parties: TEAM, action: Some(action) }
        }
        const fn host(phrase: &'static str) -> Row {
            Row { phrase, parties: TIME, action: None }
        }
        match self {
            Self::Begin => Row {
                phrase: "begin a conversation",
                parties: &[Party::Customer, Party::System, Party::Brand],
                action: Some(Action::Reply),
            },
            Self::Receive => Row { phrase: "write as the customer", parties: &[Party::Customer], action: None },
            Self::Reply => team(Action::Reply, "reply"),
            Self::MoveToNew => team(Action::MoveToNew, "move it to New"),
            Self::MoveToPending => team(Action::MoveToPending, "move it to Pending"),
            Self::MoveToResolved => team(Action::MoveToResolved, "move it to Resolved"),
            Self::Take => team(Action::Take, "take it"),
            Self::Assign => team(Action::Assign, "assign it"),
            Self::Unassign => team(Action::Unassign, "unassign it"),
            Self::LoseAccess => host("tell that somebody lost access"),
            Self::Snooze => team(Action::Snooze, "snooze it"),
            Self::Wake => team(Action::Snooze, "wake it"),
            Self::EditTags => team(Action::EditTags, "add and remove tags"),
            Self::EditTopics => team(Action::EditTopics, "add and remove topics"),
            Self::AddNote => team(Action::EditNotes, "add a note"),
            Self::RemoveNote => team(Action::EditNotes, "remove a note"),
            Self::SignOut => host("tell that somebody signed out"),
            Self::SignIn => host("tell that somebody signed in"),
            Self::ReportWarning => {
                Row { phrase: "report what became of a warning", parties: &[Party::Meta, Party::System], action: None }
            }
            Self::ApplySettings => Row {
                phrase: "apply the settings to it",
                parties: &[Party::Brand, Party::System],
                action: Some(Action::ChangeSettings),
            },
            Self::CloseWithChannel => host("close it with its channel"),
            Self::Tick => host("let time pass"),
        }
    }

    /// What it asks for, in words.
    #[must_use]
    pub const fn phrase(self) -> &'static str {
        self.row().phrase
    }

    /// The action that one of the brand's people needs for it, where they may give it.
    #[must_use]
    pub const fn action(self) -> Option<Action> {
        self.row().action
    }

    /// Whether it may come from a party.
    #[must_use]
    pub fn may_come_from(self, party: Party) -> bool {
        self.row().parties.contains(&party)
    }

    pub(super) const fn move_to(queue: Queue) -> Self {
        match queue {
            Queue::New => Self::MoveToNew,
            Queue::Pending => Self::MoveToPending,
            Queue::Resolved => Self::MoveToResolved,
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.phrase())
    }
}

impl Command {
    /// What kind of command this is.
    #[must_use]
    pub const fn kind(&self) -> Kind {
        match self {
            Self::Begin { .. } => Kind::Begin,
            Self::Receive { .. } => Kind::Receive,
            Self::Reply { .. } => Kind::Reply,
            Self::Move { to } => Kind::move_to(*to),
            Self::Take => Kind::Take,
            Self::Assign { .. } => Kind::Assign,
            Self::Unassign => Kind::Unassign,
            Self::LoseAccess { .. } => Kind::LoseAccess,
            Self::Snooze { .. } => Kind::Snooze,
            Self::Wake => Kind::Wake,
            Self::EditTags { .. } => Kind::EditTags,
            Self::EditTopics { .. } => Kind::EditTopics,
            Self::AddNote(_) => Kind::AddNote,
            Self::RemoveNote(_) => Kind::RemoveNote,
            Self::SignOut { .. } => Kind::SignOut,
            Self::SignIn { .. } => Kind::SignIn,
            Self::ReportWarning { .. } => Kind::ReportWarning,
            Self::ApplySettings => Kind::ApplySettings,
            Self::CloseWithChannel { .. } => Kind::CloseWithChannel,
            Self::Tick => Kind::Tick,
        }
    }
}
