//! What people see of a channel.

use serde::Serialize;

use super::{Cause, Channel, WhatsAppLine};
use crate::access::{Action, Denied, Grant, Principal, Role};
use crate::decider::Version;
use crate::id::ChannelId;
use crate::settings::{
    AutoAssignment, AutoResolvePolicy, ChannelName, ClosingWarning, OpenQueue, Reading, ReplyPolicy, ResolveReason,
    Settings, Window, WindowBounds,
};
use crate::time::Instant;

/// A channel as the channel selector shows it to one person (`settings.name-visible`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct ChannelView {
    /// The channel.
    pub id: ChannelId,
    /// Its name.
    pub name: ChannelName,
    /// Whether it is open.
    pub status: Status,
    /// The person's highest role here.
    pub role: Role,
    /// What the person may do here, by that role. In a closed channel history stays readable, and nothing can be sent.
    pub actions: Vec<Action>,
}

/// Whether a channel is open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub enum Status {
    /// It takes and sends messages.
    Open {
        /// Since when.
        since: Instant,
    },
    /// It is closed, and its history stays readable (`channel.close`).
    Closed {
        /// Since when.
        since: Instant,
        /// Why.
        cause: Cause,
    },
}

/// A channel as its settings page shows it to an account admin: every setting with who says so, every grant, and the
/// versions that a change is made on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct SettingsView {
    /// The channel.
    pub id: ChannelId,
    /// Its name.
    pub name: ChannelName,
    /// Whether it is open.
    pub status: Status,
    /// What the channel itself says, as a form shows it and sends it back ([`SettingsDraft`](crate::settings::SettingsDraft)).
    pub settings: Settings,
    /// From which to which window the organisation lets it choose.
    pub window_bounds: WindowBounds,
    /// Where it is on WhatsApp, if it is.
    pub whatsapp: Option<WhatsAppLine>,
    /// The version of the settings, which the next change of them names.
    pub settings_version: Version,
    /// Whether the first agent who replies becomes the owner.
    pub auto_assignment: Reading<AutoAssignment>,
    /// After how many minutes conversations in New resolve by themselves, if they do.
    pub auto_resolve_new: Reading<Option<Window>>,
    /// After how many minutes conversations in Pending resolve by themselves, if they do.
    pub auto_resolve_pending: Reading<Option<Window>>,
    /// What the record of an auto-resolved conversation says.
    pub resolve_reason: Reading<ResolveReason>,
    /// Whether the customer is warned before a conversation closes.
    pub closing_warning: ClosingWarning,
    /// Who may reply beside the owner.
    pub reply_policy: ReplyPolicy,
    /// The version of the access, which the next change of it names.
    pub access_version: Version,
    /// Every grant, those that have ended included.
    pub grants: Vec<Grant>,
}

impl Channel {
    /// The channel as one person sees it at an instant.
    ///
    /// # Errors
    ///
    /// The denial, where the person may not view it.
    pub fn view(&self, principal: &Principal, now: Instant) -> Result<ChannelView, Denied> {
        self.decide_access(principal, Action::View, now).into_result()?;
        let (Some(open), Some(status)) = (self.open.as_deref(), self.status()) else {
            return Err(Denied::no_channel(Action::View));
        };
        let Some(role) = open.access.role(principal, now) else {
            return Err(Denied::no_channel(Action::View));
        };
        let may = |action: &Action| role.allows(*action) && self.decide_access(principal, *action, now).is_allowed();
        let actions = Action::ALL.into_iter().filter(may).collect();
        Ok(ChannelView { id: open.access.channel(), name: open.settings.name().clone(), status, role, actions })
    }

    /// The channel's settings and access as an account admin sees them.
    ///
    /// # Errors
    ///
    /// The denial, where the person is no account admin of its organisation.
    pub fn settings_view(
        &self,
        principal: &Principal,
        organisation: &AutoResolvePolicy,
        now: Instant,
    ) -> Result<SettingsView, Denied> {
        let (Some(open), Some(status)) = (self.open.as_deref(), self.status()) else {
            return Err(Denied::no_channel(Action::ChangeSettings));
        };
        // Of a closed channel too: its settings can be seen and not changed.
        open.access.decide(principal, Action::ChangeSettings, now).into_result()?;
        let settings = &open.settings;
        Ok(SettingsView {
            id: open.access.channel(),
            name: settings.name().clone(),
            status,
            settings: settings.clone(),
            window_bounds: organisation.bounds,
            whatsapp: open.whatsapp.clone(),
            settings_version: open.settings_version,
            auto_assignment: settings.auto_assignment(),
            auto_resolve_new: settings.window(OpenQueue::New, organisation),
            auto_resolve_pending: settings.window(OpenQueue::Pending, organisation),
            resolve_reason: settings.resolve_reason(),
            closing_warning: settings.closing_warning(),
            reply_policy: settings.reply_policy(),
            access_version: open.access_version,
            grants: open.access.grants().collect(),
        })
    }

    /// Whether it is open, once it has opened.
    #[must_use]
    pub fn status(&self) -> Option<Status> {
        let open = self.open.as_deref()?;
        Some(match open.closed {
            None => Status::Open { since: open.at },
            Some((since, cause)) => Status::Closed { since, cause },
        })
    }
}
