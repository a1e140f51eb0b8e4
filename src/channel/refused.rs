//! Why a channel refuses a command.

use serde::{Serialize, Serializer};

use super::Kind;
use crate::access::{ForeignHolder, Holder};
use crate::decider::{Class, Party, Refusal, Version, write_refusal};
use crate::rule::{Explain, Limit, Rule};
use crate::settings::{OpenQueue, TextError, WindowError};
use crate::time::Instant;

/// Why a channel refuses a command. A small value: the sentence is made when it is displayed.
///
/// ```
/// use whatsapp_inbox::channel::Refused;
/// use whatsapp_inbox::decider::Version;
/// use whatsapp_inbox::rule::Explain;
///
/// let refused = Refused::OldSettings { given: Version::new(3), current: Version::new(4) };
/// assert_eq!(refused.to_string(), "the change was made on version 3 of the settings, and they are at version 4");
/// assert_eq!(refused.code(), "old-settings");
/// ```
///
#[doc = include_str!("refused.md")]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
#[non_exhaustive]
pub enum Refused {
    /// The one who asks may not view the channel, or there is none, and is told no more than that.
    #[error("no such channel was found")]
    NotFound,
    /// It has not opened.
    #[error("this channel has not been opened")]
    NotOpened,
    /// It is open already.
    #[error("this channel was opened at {at}")]
    AlreadyOpened {
        /// When.
        at: Instant,
    },
    /// Somebody else does that.
    #[error("only {} may {act}", parties(*.act))]
    WrongActor {
        /// What was asked for.
        act: Kind,
    },
    /// It takes an account admin; no role in the channel suffices.
    #[error("only an account admin may {act}")]
    AdminOnly {
        /// What was asked for.
        act: Kind,
    },
    /// The channel is closed.
    #[error("this channel was closed at {at}")]
    Closed {
        /// When.
        at: Instant,
    },
    /// The channel is on no account at Meta that could be lost.
    #[error("this channel is not on WhatsApp")]
    NotOnWhatsApp,
    /// The channel is on another account at Meta.
    #[error("this channel is on another account")]
    OtherAccount,
    /// A name or a reason that may not stand.
    #[error(transparent)]
    Text(#[from] TextError),
    /// The settings have changed since.
    #[error("the change was made on version {given} of the settings, and they are at version {current}")]
    OldSettings {
        /// The version it was made on.
        given: Version,
        /// The version there is.
        current: Version,
    },
    /// The access has changed since.
    #[error("the change was made on version {given} of the access, and it is at version {current}")]
    OldAccess {
        /// The version it was made on.
        given: Version,
        /// The version there is.
        current: Version,
    },
    /// A window that the organisation does not allow.
    #[error("auto-resolve of {queue}: {error}")]
    Window {
        /// In which queue.
        queue: OpenQueue,
        /// What was given, and what is allowed.
        error: WindowError,
    },
    /// A user or team of another organisation.
    #[error(transparent)]
    OtherOrganisation(#[from] ForeignHolder),
    /// A grant that would have ended before it is given.
    #[error("the grant would end at {ends}, and it is {now} already")]
    EndsInPast {
        /// Whose.
        holder: Holder,
        /// When it would end.
        ends: Instant,
        /// The instant of the decision.
        now: Instant,
    },
}

/// Who may give a kind of command, in words.
fn parties(act: Kind) -> String {
    let all = [Party::Brand, Party::Meta, Party::System].into_iter().filter(|party| act.may_come_from(*party));
    let names = all.map(|party| match party {
        Party::Brand => "an account admin",
        Party::Meta => "Meta",
        _ => "the system",
    });
    names.collect::<Vec<_>>().join(" or ")
}

impl Explain for Refused {
    fn code(&self) -> &'static str {
        match self {
            Self::NotFound => "not-found",
            Self::NotOpened => "not-opened",
            Self::AlreadyOpened { .. } => "already-opened",
            Self::WrongActor { .. } => "wrong-actor",
            Self::AdminOnly { .. } => "admin-only",
            Self::Closed { .. } => "closed",
            Self::NotOnWhatsApp => "not-on-whatsapp",
            Self::OtherAccount => "other-account",
            Self::Text(error) => error.code(),
            Self::OldSettings { .. } => "old-settings",
            Self::OldAccess { .. } => "old-access",
            Self::Window { .. } => "window-out-of-bounds",
            Self::OtherOrganisation(_) => "other-organisation",
            Self::EndsInPast { .. } => "ends-in-past",
        }
    }

    fn rule(&self) -> Rule {
        match self {
            Self::NotFound => Rule::AccessNotFound,
            Self::NotOpened | Self::AlreadyOpened { .. } => Rule::OnboardingChannelAppears,
            Self::WrongActor { act } => match act {
                Kind::Open => Rule::OnboardingChannelAppears,
                Kind::LoseAccount => Rule::ChannelClose,
                Kind::Tick => Rule::AccessExpiry,
                Kind::ChangeSettings | Kind::ChangeAccess | Kind::Forget | Kind::Close => Rule::SettingsAdminOnly,
            },
            Self::AdminOnly { .. } => Rule::SettingsAdminOnly,
            Self::Closed { .. } | Self::NotOnWhatsApp | Self::OtherAccount => Rule::ChannelClose,
            Self::Text(error) => error.rule(),
            Self::OldSettings { .. } | Self::OldAccess { .. } => Rule::SettingsVersion,
            Self::Window { error, .. } => error.rule(),
            Self::OtherOrganisation(error) => error.rule(),
            Self::EndsInPast { .. } => Rule::AccessExpiry,
        }
    }

    fn limit(&self) -> Option<Limit> {
        match self {
            Self::Window { error, .. } => error.limit(),
            Self::Text(error) => error.limit(),
            _ => None,
        }
    }
}

impl Refusal for Refused {
    fn class(&self) -> Class {
        match self {
            Self::OtherAccount
            | Self::Text(_)
            | Self::OldSettings { .. }
            | Self::OldAccess { .. }
            | Self::Window { .. }
            | Self::OtherOrganisation(_)
            | Self::EndsInPast { .. } => Class::Input,
            _ => Class::Situation,
        }
    }
}

/// What a refusal names, as it is written.
#[derive(Default, Serialize)]
struct Parameters {
    #[serde(skip_serializing_if = "Option::is_none")]
    act: Option<Kind>,
    #[serde(skip_serializing_if = "Option::is_none")]
    at: Option<Instant>,
    #[serde(skip_serializing_if = "Option::is_none")]
    given: Option<Version>,
    #[serde(skip_serializing_if = "Option::is_none")]
    current: Option<Version>,
    #[serde(skip_serializing_if = "Option::is_none")]
    queue: Option<OpenQueue>,
    #[serde(skip_serializing_if = "Option::is_none")]
    given_minutes: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    limit: Option<Limit>,
    #[serde(skip_serializing_if = "Option::is_none")]
    holder: Option<Holder>,
    #[serde(skip_serializing_if = "Option::is_none")]
    index: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ends: Option<Instant>,
    #[serde(skip_serializing_if = "Option::is_none")]
    now: Option<Instant>,
}

impl From<Refused> for Parameters {
    fn from(refused: Refused) -> Self {
        let none = Self::default();
        match refused {
            Refused::NotFound | Refused::NotOpened | Refused::NotOnWhatsApp | Refused::OtherAccount => none,
            Refused::Text(error) => Self { limit: error.limit(), ..none },
            Refused::AlreadyOpened { at } | Refused::Closed { at } => Self { at: Some(at), ..none },
            Refused::WrongActor { act } | Refused::AdminOnly { act } => Self { act: Some(act), ..none },
            Refused::OldSettings { given, current } | Refused::OldAccess { given, current } => {
                Self { given: Some(given), current: Some(current), ..none }
            }
            Refused::Window { queue, error } => {
                Self { queue: Some(queue), given_minutes: Some(error.given_minutes), limit: error.limit(), ..none }
            }
            Refused::OtherOrganisation(ForeignHolder { holder, index, .. }) => {
                Self { holder: Some(holder), index: Some(index), ..none }
            }
            Refused::EndsInPast { holder, ends, now } => {
                Self { holder: Some(holder), ends: Some(ends), now: Some(now), ..none }
            }
        }
    }
}

impl Serialize for Refused {
    /// Writes `code`, `class`, `rule`, `message` and `parameters` (`core.explain`).
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        write_refusal(self, &Parameters::from(*self), serializer)
    }
}
