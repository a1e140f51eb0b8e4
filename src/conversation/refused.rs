//! Why a conversation refuses a command.

use serde::{Serialize, Serializer};

use super::label::{MOST_LABELS, MOST_NOTES};
use super::{Kind, LabelKind, WindowShut};
use crate::access::Role;
use crate::decider::{Class, Party, Refusal, write_refusal};
use crate::id::UserId;
use crate::rule::{Explain, Limit, Rule};
use crate::settings::ReplyPolicy;
use crate::time::Instant;

const DAY_MINUTES: u64 = 24 * 60;
/// From 15 minutes to 90 days.
pub(super) const SNOOZE: Limit = Limit::new(15, 90 * DAY_MINUTES, "minutes");

/// Why a conversation refuses a command. A small value: the sentence is made when it is displayed.
///
/// ```
/// use whatsapp_inbox::conversation::{Kind, Refused};
/// use whatsapp_inbox::rule::Explain;
///
/// let refused = Refused::Resolved { act: Kind::Snooze };
/// assert_eq!(refused.to_string(), "the conversation is resolved: to snooze it, move it to New or Pending first");
/// assert_eq!(refused.code(), "resolved");
/// ```
///
#[doc = include_str!("refused.md")]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error, Serialize)]
#[serde(remote = "Self", untagged)]
#[non_exhaustive]
pub enum Refused {
    /// The one who asks may not view the channel, or there is no such conversation, and is told no more than that.
    #[error("no such conversation was found")]
    NotFound,
    /// It has not begun.
    #[error("this conversation has not begun")]
    NotBegun,
    /// It has begun already.
    #[error("this conversation has begun already")]
    AlreadyBegun,
    /// Somebody else does that.
    #[error("only {} may {act}", parties(*.act))]
    WrongActor {
        /// What was asked for.
        act: Kind,
    },
    /// The role in the channel is not enough.
    #[error("it takes a {needed} to {act}, and this person {}", role_of(*.held))]
    RoleTooLow {
        /// What was asked for.
        act: Kind,
        /// The role of the person, if there is one: an account admin may have none.
        held: Option<Role>,
        /// The least that it takes.
        needed: Role,
    },
    /// It takes an account admin.
    #[error("only an account admin may {act}")]
    AdminOnly {
        /// What was asked for.
        act: Kind,
    },
    /// It is resolved.
    #[error("the conversation is resolved: to {act}, move it to New or Pending first")]
    Resolved {
        /// What was asked for.
        act: Kind,
    },
    /// It is not snoozed.
    #[error("the conversation is not snoozed")]
    NotSnoozed,
    /// Nothing can be sent in a closed channel.
    #[error("the channel is closed, and nothing can be sent")]
    ChannelClosed,
    /// The channel lets somebody else reply.
    #[error("this channel lets {} reply, and the conversation has an owner", who_may(*.policy))]
    NotTheOwner {
        /// Who may reply.
        policy: ReplyPolicy,
        /// Who the owner is.
        owner: UserId,
    },
    /// Free text may not be sent now.
    #[error(transparent)]
    WindowShut(#[from] WindowShut),
    /// The conversation, its channel and whoever begins it are not of one organisation.
    #[error("a conversation is of the same organisation as its channel and as whoever begins it")]
    OtherOrganisation,
    /// The one who should become the owner was looked up in another channel.
    #[error("the new owner must be allowed to reply in this channel, and was looked up in another")]
    OtherChannel,
    /// Too short or too long a snooze.
    #[error("a snooze is {} minutes to {} days, and this one, until {until}, is {given_minutes} minutes", SNOOZE.min, SNOOZE.max / DAY_MINUTES)]
    SnoozeLength {
        /// How long it would be, in minutes, rounded down.
        given_minutes: u64,
        /// Until when it would be.
        until: Instant,
    },
    /// Too many tags or topics.
    #[error("a conversation has at most {MOST_LABELS} {kind}s, and this would make {count}")]
    TooManyLabels {
        /// Which of the two.
        kind: LabelKind,
        /// How many it would have.
        count: usize,
    },
    /// Too many notes.
    #[error("a conversation has at most {MOST_NOTES} notes")]
    TooManyNotes,
}

/// Who may give a kind of command, in words.
fn parties(act: Kind) -> String {
    let all = [Party::Brand, Party::Customer, Party::Meta, Party::System];
    let names = all.into_iter().filter(|party| act.may_come_from(*party)).map(|party| match party {
        Party::Brand => "the team",
        Party::Customer => "the customer",
        Party::Meta => "Meta",
        _ => "the system",
    });
    names.collect::<Vec<_>>().join(" or ")
}

fn role_of(held: Option<Role>) -> String {
    held.map_or_else(|| "has no role in this channel".to_owned(), |role| format!("is a {role}"))
}

const fn who_may(policy: ReplyPolicy) -> &'static str {
    match policy {
        ReplyPolicy::Anyone => "anyone",
        ReplyPolicy::Owner => "only the owner",
        ReplyPolicy::OwnerAndSupervisors => "only the owner and supervisors",
    }
}

impl Explain for Refused {
    fn code(&self) -> &'static str {
        match self {
            Self::NotFound => "not-found",
            Self::NotBegun => "not-begun",
            Self::AlreadyBegun => "already-begun",
            Self::WrongActor { .. } => "wrong-actor",
            Self::RoleTooLow { .. } => "role-too-low",
            Self::AdminOnly { .. } => "admin-only",
            Self::Resolved { .. } => "resolved",
            Self::NotSnoozed => "not-snoozed",
            Self::ChannelClosed => "channel-closed",
            Self::NotTheOwner { .. } => "not-the-owner",
            Self::WindowShut(_) => "window-shut",
            Self::OtherOrganisation => "other-organisation",
            Self::OtherChannel => "other-channel",
            Self::SnoozeLength { .. } => "snooze-length",
            Self::TooManyLabels { .. } => "too-many-labels",
            Self::TooManyNotes => "too-many-notes",
        }
    }

    fn rule(&self) -> Rule {
        match self {
            Self::NotFound => Rule::AccessNotFound,
            Self::NotBegun | Self::AlreadyBegun | Self::WrongActor { .. } => Rule::ConversationQueues,
            Self::RoleTooLow { act, .. } | Self::AdminOnly { act } => {
                act.action().map_or(Rule::AccessByEffect, crate::access::Action::rule)
            }
            Self::Resolved { .. } => Rule::ConversationResolveUnassigns,
            Self::NotSnoozed | Self::SnoozeLength { .. } => Rule::ConversationSnooze,
            Self::ChannelClosed => Rule::ChannelClose,
            Self::NotTheOwner { .. } => Rule::ConversationReplyPolicy,
            Self::WindowShut(shut) => shut.rule(),
            Self::OtherOrganisation => Rule::AccessTenant,
            Self::OtherChannel => Rule::ConversationManualAssign,
            Self::TooManyLabels { .. } | Self::TooManyNotes => Rule::ConversationTags,
        }
    }

    fn limit(&self) -> Option<Limit> {
        match self {
            Self::SnoozeLength { .. } => Some(SNOOZE),
            Self::TooManyLabels { kind, .. } => {
                let unit = match kind {
                    LabelKind::Tag => "tags",
                    LabelKind::Topic => "topics",
                };
                Some(Limit::new(0, MOST_LABELS as u64, unit))
            }
            Self::TooManyNotes => Some(Limit::new(0, MOST_NOTES as u64, "notes")),
            _ => None,
        }
    }
}

impl Refusal for Refused {
    fn class(&self) -> Class {
        match self {
            Self::WindowShut(_)
            | Self::OtherOrganisation
            | Self::OtherChannel
            | Self::SnoozeLength { .. }
            | Self::TooManyLabels { .. }
            | Self::TooManyNotes => Class::Input,
            _ => Class::Situation,
        }
    }
}

impl Serialize for Refused {
    /// Writes `code`, `class`, `rule`, `message` and `parameters` (`core.explain`).
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        /// The fields of the variant alone.
        struct Parameters<'a>(&'a Refused);
        impl Serialize for Parameters<'_> {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                Refused::serialize(self.0, serializer)
            }
        }
        write_refusal(self, &Parameters(self), serializer)
    }
}
