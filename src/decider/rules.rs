//! What holds in a channel, for the conversations in it.

use serde::{Deserialize, Serialize};

use super::Version;
use crate::settings::{
    AutoAssignment, ClosingWarning, OpenQueue, Reading, ReplyPolicy, ResolveReason, Source, Window, recorded_window,
};

/// The settings of a channel as they hold now, which decide what becomes of a conversation in it: plain values that the host
/// takes from the channel (`Channel::rules`) and hands to every decision.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct ChannelRules {
    /// The version of the settings.
    pub settings_version: Version,
    /// Whether the first agent who replies becomes the owner.
    pub auto_assignment: AutoAssignment,
    /// After how long conversations in New resolve by themselves, if they do.
    pub auto_resolve_new: Reading<Option<Window>>,
    /// After how long conversations in Pending resolve by themselves, if they do.
    pub auto_resolve_pending: Reading<Option<Window>>,
    /// Why, as the record will say.
    pub resolve_reason: ResolveReason,
    /// Whether the customer is warned before it, and how.
    pub warning: ClosingWarning,
    /// Who may reply beside the owner.
    pub reply_policy: ReplyPolicy,
    /// Whether anything can be sent.
    pub status: ChannelStatus,
}

/// Whether anything can be sent in a channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[expect(clippy::exhaustive_enums, reason = "a channel is open or closed")]
pub enum ChannelStatus {
    /// It is open.
    #[default]
    Open,
    /// It is closed, and nothing can be sent (`channel.close`).
    Closed,
}

/// The window that a conversation was given when it entered a queue: a later change of settings does not touch it
/// (`settings.auto-resolve-new-only`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct GivenWindow {
    /// After how long without a message it resolves by itself, if it does.
    #[serde(deserialize_with = "recorded_window")]
    #[cfg_attr(feature = "schemars", schemars(with = "Option<u32>"))]
    pub window: Option<Window>,
    /// Who says so.
    pub source: Source,
    /// The version of the settings it comes from.
    pub version: Version,
    /// So many minutes before the deadline the customer is warned, if they are.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub warn_before_minutes: Option<u32>,
}

impl ChannelRules {
    /// What is built in: auto-assignment on, 30 days in both queues, anyone may reply, no warning, open.
    pub const BUILT_IN: Self = Self {
        settings_version: Version::FIRST,
        auto_assignment: AutoAssignment::On,
        auto_resolve_new: Reading::new(Some(Window::BUILT_IN), Source::BuiltIn),
        auto_resolve_pending: Reading::new(Some(Window::BUILT_IN), Source::BuiltIn),
        resolve_reason: ResolveReason::built_in(),
        warning: ClosingWarning::Off,
        reply_policy: ReplyPolicy::Anyone,
        status: ChannelStatus::Open,
    };

    /// The window that a conversation is given when it enters a queue now.
    #[must_use]
    pub const fn given(&self, queue: OpenQueue) -> GivenWindow {
        let reading = match queue {
            OpenQueue::New => self.auto_resolve_new,
            OpenQueue::Pending => self.auto_resolve_pending,
        };
        let (window, source, version) = (reading.value, reading.source, self.settings_version);
        GivenWindow { window, source, version, warn_before_minutes: self.warning.before_minutes() }
    }
}

/// The same, for contexts to point to.
pub(super) static BUILT_IN: ChannelRules = ChannelRules::BUILT_IN;

impl Default for ChannelRules {
    fn default() -> Self {
        Self::BUILT_IN
    }
}
