//! What may be asked of a channel.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::access::{AccessChange, Grant, Holder};
use crate::decider::{Party, Version};
use crate::id::{ChannelId, TeamId, UserId};
use crate::settings::{ChannelName, SettingsPatch, recorded_name};
use crate::whatsapp::{PhoneNumber, PhoneNumberId, WabaId};

/// Something that is asked of a channel.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Command {
    /// Open it, as an activation has it (`onboarding.channel-appears`). Given by the host, for the effect of the activation.
    Open(Box<Opening>),
    /// Change its settings. Given by an account admin.
    ChangeSettings {
        /// The version of the settings that the change was made on (`settings.version`).
        on: Version,
        /// What is to change.
        patch: Box<SettingsPatch>,
    },
    /// Change who has access, all of it or none. Given by an account admin, also when the channel is closed: its history
    /// stays readable, and by whom can change.
    ChangeAccess {
        /// The version of the access that the change was made on (`settings.version`).
        on: Version,
        /// What is to change, one after another.
        changes: Vec<AccessChange>,
    },
    /// Take away the grant of somebody who is gone, if there is one. Given by an account admin, or by the host where its
    /// directory has lost them. It names no version: who is gone is gone on any.
    Forget(Leaver),
    /// Close it (`channel.close`). Given by an account admin. From then on nothing can be sent, its settings stay as they
    /// are, and its number is free.
    Close,
    /// The account at Meta is lost, which closes it (`channel.close`). Told by Meta, as often as Meta likes.
    LoseAccount {
        /// Which account.
        account: WabaId,
        /// Which number of it, where it is one alone.
        number: Option<PhoneNumber>,
        /// Meta's id of that number, where Meta tells the id.
        phone_number: Option<PhoneNumberId>,
        /// How it was lost.
        loss: Loss,
    },
    /// Let what is due happen. Given by time.
    Tick,
}

/// A kind of command.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub enum Kind {
    /// [`Command::Open`]
    Open,
    /// [`Command::ChangeSettings`]
    ChangeSettings,
    /// [`Command::ChangeAccess`]
    ChangeAccess,
    /// [`Command::Forget`]
    Forget,
    /// [`Command::Close`]
    Close,
    /// [`Command::LoseAccount`]
    LoseAccount,
    /// [`Command::Tick`]
    Tick,
}

/// A channel as it opens.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Opening {
    /// The channel.
    pub id: ChannelId,
    /// What agents know it by at first.
    #[serde(deserialize_with = "recorded_name")]
    #[cfg_attr(feature = "schemars", schemars(with = "String"))]
    pub name: ChannelName,
    /// Where it is on WhatsApp; nothing for a channel of another medium.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub whatsapp: Option<WhatsAppLine>,
    /// Who has access to it at once. One that has ended is taken as it is: the activation that named it may be long ago.
    pub grants: Vec<Grant>,
}

/// Where a channel is on WhatsApp.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct WhatsAppLine {
    /// The number.
    pub number: PhoneNumber,
    /// The number's id at Meta.
    pub phone_number: PhoneNumberId,
    /// The account at Meta.
    pub account: WabaId,
}

/// Somebody who is gone from the organisation, or a team that is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub enum Leaver {
    /// A user who has left.
    User(UserId),
    /// A team that was deleted.
    Team(TeamId),
}

/// How an account at Meta was lost. A number that comes back is a new onboarding and a new channel (ours).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub enum Loss {
    /// It was taken off the platform.
    Offboarded,
    /// It was deleted.
    AccountDeleted,
}

impl Opening {
    /// A channel with this name, which nobody has access to yet.
    #[must_use]
    pub const fn new(id: ChannelId, name: ChannelName) -> Self {
        Self { id, name, whatsapp: None, grants: Vec::new() }
    }

    /// The same, on WhatsApp.
    #[must_use]
    pub fn on_whatsapp(mut self, line: WhatsAppLine) -> Self {
        self.whatsapp = Some(line);
        self
    }

    /// The same, with these grants besides.
    #[must_use]
    pub fn with_grants(mut self, grants: impl IntoIterator<Item = Grant>) -> Self {
        self.grants.extend(grants);
        self
    }
}

impl WhatsAppLine {
    /// A number of an account.
    #[must_use]
    pub const fn new(number: PhoneNumber, phone_number: PhoneNumberId, account: WabaId) -> Self {
        Self { number, phone_number, account }
    }
}

impl From<Leaver> for Holder {
    fn from(leaver: Leaver) -> Self {
        match leaver {
            Leaver::User(user) => Self::User(user),
            Leaver::Team(team) => Self::Team(team),
        }
    }
}

impl Kind {
    /// Every kind.
    pub const ALL: [Self; 7] = [
        Self::Open,
        Self::ChangeSettings,
        Self::ChangeAccess,
        Self::Forget,
        Self::Close,
        Self::LoseAccount,
        Self::Tick,
    ];

    /// What it asks for, in words.
    #[must_use]
    pub const fn phrase(self) -> &'static str {
        match self {
            Self::Open => "open the channel",
            Self::ChangeSettings => "change the settings",
            Self::ChangeAccess => "change who has access",
            Self::Forget => "take away the grant of somebody who is gone",
            Self::Close => "close the channel",
            Self::LoseAccount => "tell that the account is lost",
            Self::Tick => "let time pass",
        }
    }

    /// Whether it may come from a party. From the brand it comes through an account admin only (`settings.admin-only`).
    #[must_use]
    pub const fn may_come_from(self, party: Party) -> bool {
        match self {
            Self::ChangeSettings | Self::ChangeAccess | Self::Close => matches!(party, Party::Brand),
            Self::Forget => matches!(party, Party::Brand | Party::System),
            Self::LoseAccount => matches!(party, Party::Meta),
            Self::Open | Self::Tick => matches!(party, Party::System),
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
            Self::Open(_) => Kind::Open,
            Self::ChangeSettings { .. } => Kind::ChangeSettings,
            Self::ChangeAccess { .. } => Kind::ChangeAccess,
            Self::Forget(_) => Kind::Forget,
            Self::Close => Kind::Close,
            Self::LoseAccount { .. } => Kind::LoseAccount,
            Self::Tick => Kind::Tick,
        }
    }
}
