//! Yes or no.

use std::fmt;
use std::ops::ControlFlow;

use serde::ser::SerializeStruct;
use serde::{Deserialize, Serialize, Serializer};

use super::{Access, AccountRole, Action, Least, Principal, Role};
use crate::id::{ChannelId, UserId};
use crate::rule::{Explain, Rule};
use crate::time::Instant;

/// Whether a person may do something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[must_use]
#[expect(clippy::exhaustive_enums, reason = "an answer is yes or no")]
pub enum Decision {
    /// Yes.
    Allowed,
    /// No.
    Denied(Denied),
}

/// That a person may not do something: what they may be told of it, and the true reason.
///
/// Displayed, serialised and by its code it tells what *the person* may know. Who may not view the channel is told that it
/// was not found, always in the same words (`access.not-found`). The [reason](Denied::reason) is for admins, records and
/// tests, and so is `{:?}`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Denied {
    action: Action,
    reason: Reason,
    told: Told,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Told {
    NotFound,
    Reason,
}

/// Why a person may not do something (`access.why`). It tells that a channel exists: show it to admins only.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub enum Reason {
    /// No grant is for this person (`access.default-deny`).
    NoAccess,
    /// The highest role is not enough.
    RoleTooLow {
        /// The highest role that the person has in this channel.
        held: Role,
        /// The least that the action takes.
        needed: Role,
    },
    /// It takes an account admin, and the person is none. No role in the channel suffices.
    AdminOnly,
    /// The person had access, and it has ended (`access.expiry`).
    Ended {
        /// When.
        at: Instant,
    },
    /// The channel is another organisation's (`access.tenant`).
    OtherOrganisation,
    /// There is no such channel.
    NoChannel,
    /// The channel is closed, and its history can only be read (`channel.close`).
    Closed {
        /// Since when.
        at: Instant,
    },
}

/// Somebody who may become the owner of a conversation in a channel, because they may reply there
/// (`conversation.manual-assign`). Made by [`Access::assignee`] only.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
pub struct Assignee {
    user: UserId,
    channel: ChannelId,
}

impl Assignee {
    /// Who it is.
    #[must_use]
    pub const fn user(self) -> UserId {
        self.user
    }

    /// The channel they may reply in.
    #[must_use]
    pub const fn channel(self) -> ChannelId {
        self.channel
    }
}

/// What is known of a person in a channel at an instant.
#[derive(Clone, Copy)]
pub(super) struct Standing {
    /// The highest role, over all paths.
    pub(super) held: Option<Role>,
    /// When their own grant ended, if it has.
    pub(super) ended: Option<Instant>,
}

impl Access {
    /// Whether a person may do something in this channel at an instant.
    ///
    /// The one decision: lists, filters, views and impacts all come from it (`access.one-decision`). Over several paths the
    /// highest role counts (`access.highest`). It allocates nothing.
    ///
    /// It knows grants and people, not whether the channel is closed: that is
    /// [`Channel::decide_access`](crate::channel::Channel::decide_access).
    pub fn decide(&self, principal: &Principal, action: Action, now: Instant) -> Decision {
        let least = action.least();
        let enough = match least {
            Least::Role(needed) => needed,
            // Whoever has any role knows the channel and may be told.
            Least::Admin => Role::Viewer,
        };
        let standing = self.standing(principal, now, enough);
        let reason = match (least, principal.account()) {
            _ if principal.organisation() != self.organisation() => Reason::OtherOrganisation,
            (Least::Admin, AccountRole::Admin) => return Decision::Allowed,
            (Least::Admin, AccountRole::User) => Reason::AdminOnly,
            (Least::Role(needed), _) => match (standing.held, standing.ended) {
                (Some(held), _) if needed <= held => return Decision::Allowed,
                (Some(held), _) => Reason::RoleTooLow { held, needed },
                (None, Some(at)) => Reason::Ended { at },
                (None, None) => Reason::NoAccess,
            },
        };
        let knows = standing.held.is_some() || principal.account() == AccountRole::Admin;
        let told = if knows && reason != Reason::OtherOrganisation { Told::Reason } else { Told::NotFound };
        Decision::Denied(Denied { action, reason, told })
    }

    /// The highest role that a person has in this channel at an instant, if any (`access.highest`).
    #[must_use]
    pub fn role(&self, principal: &Principal, now: Instant) -> Option<Role> {
        self.standing(principal, now, Role::Supervisor).held
    }

    /// Who of these people may do something in this channel at an instant, in the order in which they are given.
    pub fn who_can<'p>(
        &self,
        people: impl IntoIterator<Item = &'p Principal>,
        action: Action,
        now: Instant,
    ) -> impl Iterator<Item = &'p Principal> {
        people.into_iter().filter(move |person| self.decide(person, action, now).is_allowed())
    }

    /// A person who may reply here at an instant, and so may become the owner of a conversation
    /// (`conversation.manual-assign`).
    ///
    /// # Errors
    ///
    /// The denial, where the person may not reply.
    pub fn assignee(&self, principal: &Principal, now: Instant) -> Result<Assignee, Denied> {
        self.decide(principal, Action::Reply, now).into_result()?;
        Ok(Assignee { user: principal.id(), channel: self.channel() })
    }

    /// The highest role, or the first that is enough.
    #[inline]
    fn standing(&self, principal: &Principal, now: Instant, enough: Role) -> Standing {
        let mut standing = Standing { held: None, ended: None };
        _ = self.each_path(principal, |path| {
            match path.ended(now) {
                Some(at) => standing.ended = Some(at),
                None => standing.held = standing.held.max(Some(path.role())),
            }
            if standing.held >= Some(enough) { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        });
        standing
    }
}

impl Principal {
    /// In which of these channels the person may do something at an instant, in the order in which they are given, closed
    /// channels among them.
    pub fn where_can<'a>(
        &self,
        channels: impl IntoIterator<Item = &'a Access>,
        action: Action,
        now: Instant,
    ) -> impl Iterator<Item = &'a Access> {
        channels.into_iter().filter(move |access| access.decide(self, action, now).is_allowed())
    }
}

impl Decision {
    /// Whether it is a yes.
    #[must_use]
    pub const fn is_allowed(self) -> bool {
        matches!(self, Self::Allowed)
    }

    /// The denial, as an error to pass on with `?`.
    ///
    /// # Errors
    ///
    /// The denial, if it is one.
    pub const fn into_result(self) -> Result<(), Denied> {
        match self {
            Self::Allowed => Ok(()),
            Self::Denied(denied) => Err(denied),
        }
    }

    /// The true reason of a denial: see [`Denied::reason`].
    #[must_use]
    pub const fn reason(self) -> Option<Reason> {
        match self {
            Self::Allowed => None,
            Self::Denied(denied) => Some(denied.reason),
        }
    }
}

impl Denied {
    /// The answer where there is no such channel: to the person it is the same as any other *not found*.
    ///
    /// ```
    /// use whatsapp_inbox::access::{Action, Denied};
    ///
    /// assert_eq!(Denied::no_channel(Action::View).to_string(), "no such channel was found");
    /// ```
    #[must_use]
    pub const fn no_channel(action: Action) -> Self {
        Self { action, reason: Reason::NoChannel, told: Told::NotFound }
    }

    /// The answer in a closed channel, to somebody who may view it.
    pub(crate) const fn closed(action: Action, at: Instant) -> Self {
        Self { action, reason: Reason::Closed { at }, told: Told::Reason }
    }

    /// What was asked for.
    #[must_use]
    pub const fn action(self) -> Action {
        self.action
    }

    /// The true reason. It tells that the channel exists, so it is for admins, records and tests.
    #[must_use]
    pub const fn reason(self) -> Reason {
        self.reason
    }

    /// Whether the person is told that the channel was not found.
    #[must_use]
    pub const fn is_not_found(self) -> bool {
        matches!(self.told, Told::NotFound)
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoAccess => f.write_str("no grant is for this person"),
            Self::RoleTooLow { held, needed } => write!(f, "it takes a {needed}, and this person is a {held}"),
            Self::AdminOnly => f.write_str("it takes an account admin, and this person is none"),
            Self::Ended { at } => write!(f, "the access of this person ended at {at}"),
            Self::OtherOrganisation => f.write_str("the channel is another organisation's"),
            Self::NoChannel => f.write_str("there is no such channel"),
            Self::Closed { at } => write!(f, "the channel was closed at {at}"),
        }
    }
}

impl fmt::Display for Denied {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.told {
            Told::NotFound => f.write_str("no such channel was found"),
            // Only an account admin is told this, and may wonder.
            Told::Reason if self.reason == Reason::NoAccess => {
                write!(f, "not allowed to {}: {}, and being an account admin gives none", self.action, self.reason)
            }
            Told::Reason => write!(f, "not allowed to {}: {}", self.action, self.reason),
        }
    }
}

impl std::error::Error for Denied {}

impl Explain for Denied {
    fn code(&self) -> &'static str {
        match (self.told, self.reason) {
            (Told::NotFound, _) => "not-found",
            (_, Reason::NoAccess) => "no-access",
            (_, Reason::RoleTooLow { .. }) => "role-too-low",
            (_, Reason::AdminOnly) => "admin-only",
            (_, Reason::Ended { .. }) => "access-ended",
            (_, Reason::OtherOrganisation) => "other-organisation",
            (_, Reason::NoChannel) => "no-channel",
            (_, Reason::Closed { .. }) => "closed",
        }
    }

    fn rule(&self) -> Rule {
        match (self.told, self.reason) {
            (Told::NotFound, _) => Rule::AccessNotFound,
            (_, Reason::NoAccess) => Rule::AccessDefaultDeny,
            (_, Reason::RoleTooLow { .. } | Reason::AdminOnly) => self.action.rule(),
            (_, Reason::Ended { .. }) => Rule::AccessExpiry,
            (_, Reason::OtherOrganisation | Reason::NoChannel) => Rule::AccessTenant,
            (_, Reason::Closed { .. }) => Rule::ChannelClose,
        }
    }
}

impl Serialize for Denied {
    /// Writes `code`, `rule` and `message`, and where the person may know the reason, `action` and `reason`.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let known = matches!(self.told, Told::Reason);
        let mut denied = serializer.serialize_struct("Denied", if known { 5 } else { 3 })?;
        denied.serialize_field("code", self.code())?;
        denied.serialize_field("rule", &self.rule())?;
        denied.serialize_field("message", &self.to_string())?;
        if known {
            denied.serialize_field("action", &self.action)?;
            denied.serialize_field("reason", &self.reason)?;
        }
        denied.end()
    }
}
