//! What a change of settings did, for the record.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize};

use super::auto_resolve::Window;
use super::{
    AutoAssignment, AutoResolve, ChannelName, ClosingWarning, OpenQueue, ReplyPolicy, ResolveReason, Settings,
    SettingsPatch, WarnBefore,
};

/// One setting that changed: what it was and what it is (`settings.audit`).
///
/// Read leniently: what was once accepted stays readable, whatever is asked of a setting today.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub enum SettingChange {
    /// The channel's name.
    Name {
        /// Before.
        #[serde(deserialize_with = "recorded_name")]
        #[cfg_attr(feature = "schemars", schemars(with = "String"))]
        was: ChannelName,
        /// After.
        #[serde(deserialize_with = "recorded_name")]
        #[cfg_attr(feature = "schemars", schemars(with = "String"))]
        is: ChannelName,
    },
    /// Whether the first agent who replies becomes the owner.
    AutoAssignment {
        /// Before.
        was: AutoAssignment,
        /// After.
        is: AutoAssignment,
    },
    /// After how long conversations in a queue resolve by themselves.
    AutoResolve {
        /// Which queue.
        queue: OpenQueue,
        /// Before.
        #[serde(deserialize_with = "recorded_auto_resolve")]
        #[cfg_attr(feature = "schemars", schemars(with = "Recorded"))]
        was: AutoResolve,
        /// After.
        #[serde(deserialize_with = "recorded_auto_resolve")]
        #[cfg_attr(feature = "schemars", schemars(with = "Recorded"))]
        is: AutoResolve,
    },
    /// Why auto-resolve closes a conversation.
    ResolveReason {
        /// Before.
        #[serde(deserialize_with = "recorded_reason")]
        #[cfg_attr(feature = "schemars", schemars(with = "String"))]
        was: ResolveReason,
        /// After.
        #[serde(deserialize_with = "recorded_reason")]
        #[cfg_attr(feature = "schemars", schemars(with = "String"))]
        is: ResolveReason,
    },
    /// Whether the customer is warned before a conversation closes.
    ClosingWarning {
        /// Before.
        #[serde(deserialize_with = "recorded_warning")]
        #[cfg_attr(feature = "schemars", schemars(with = "RecordedWarning"))]
        was: ClosingWarning,
        /// After.
        #[serde(deserialize_with = "recorded_warning")]
        #[cfg_attr(feature = "schemars", schemars(with = "RecordedWarning"))]
        is: ClosingWarning,
    },
    /// Who may reply beside the owner.
    ReplyPolicy {
        /// Before.
        was: ReplyPolicy,
        /// After.
        is: ReplyPolicy,
    },
}

/// [`ClosingWarning`] with any number of minutes.
#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
enum RecordedWarning {
    Off,
    WhenOpen(u32),
    Always(u32),
}

fn recorded_warning<'de, D: Deserializer<'de>>(deserializer: D) -> Result<ClosingWarning, D::Error> {
    Ok(match RecordedWarning::deserialize(deserializer)? {
        RecordedWarning::Off => ClosingWarning::Off,
        RecordedWarning::WhenOpen(minutes) => ClosingWarning::WhenOpen(WarnBefore::recorded(minutes)),
        RecordedWarning::Always(minutes) => ClosingWarning::Always(WarnBefore::recorded(minutes)),
    })
}

/// [`AutoResolve`] with any number of minutes.
#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
enum Recorded {
    Inherit,
    Off,
    #[serde(rename = "after-minutes")]
    After(u32),
}

/// Reads a name that history holds.
pub(crate) fn recorded_name<'de, D: Deserializer<'de>>(deserializer: D) -> Result<ChannelName, D::Error> {
    String::deserialize(deserializer).map(|text| ChannelName::recorded(&text))
}

/// Reads a reason that history holds.
pub(crate) fn recorded_reason<'de, D: Deserializer<'de>>(deserializer: D) -> Result<ResolveReason, D::Error> {
    String::deserialize(deserializer).map(|text| ResolveReason::recorded(&text))
}

/// Reads a window that history holds.
pub(crate) fn recorded_window<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Window>, D::Error> {
    Ok(Option::<u32>::deserialize(deserializer)?.map(Window::recorded))
}

fn recorded_auto_resolve<'de, D: Deserializer<'de>>(deserializer: D) -> Result<AutoResolve, D::Error> {
    Ok(match Recorded::deserialize(deserializer)? {
        Recorded::Inherit => AutoResolve::Inherit,
        Recorded::Off => AutoResolve::Off,
        Recorded::After(minutes) => AutoResolve::After(Window::recorded(minutes)),
    })
}

impl Settings {
    /// What a patch would change, in the order of the fields. What it names and does not change is not in it
    /// (`settings.patch`).
    #[must_use]
    pub fn changes(&self, patch: &SettingsPatch) -> Vec<SettingChange> {
        let name = patch.name.clone().map(|is| SettingChange::Name { was: self.name.clone(), is });
        let auto_assignment =
            patch.auto_assignment.map(|is| SettingChange::AutoAssignment { was: self.auto_assignment().value, is });
        let auto_resolve = |queue, is: Option<AutoResolve>| {
            is.map(|is| SettingChange::AutoResolve { queue, was: self.auto_resolve(queue), is })
        };
        let reason = patch.resolve_reason.clone();
        let reason = reason.map(|is| SettingChange::ResolveReason { was: self.resolve_reason().value, is });
        let new = auto_resolve(OpenQueue::New, patch.auto_resolve_new);
        let pending = auto_resolve(OpenQueue::Pending, patch.auto_resolve_pending);
        let warning = patch.closing_warning;
        let warning = warning.map(|is| SettingChange::ClosingWarning { was: self.closing_warning, is });
        let policy = patch.reply_policy.map(|is| SettingChange::ReplyPolicy { was: self.reply_policy, is });
        let changes = [name, auto_assignment, new, pending, reason, warning, policy].into_iter().flatten();
        changes.filter(SettingChange::changes_something).collect()
    }

    /// Takes a change that is recorded.
    pub(crate) fn apply(&mut self, change: &SettingChange) {
        match change {
            SettingChange::Name { is, .. } => self.name = is.clone(),
            SettingChange::AutoAssignment { is, .. } => self.auto_assignment = Some(*is),
            SettingChange::AutoResolve { queue: OpenQueue::New, is, .. } => self.auto_resolve_new = *is,
            SettingChange::AutoResolve { queue: OpenQueue::Pending, is, .. } => self.auto_resolve_pending = *is,
            SettingChange::ResolveReason { is, .. } => self.resolve_reason = Some(is.clone()),
            SettingChange::ClosingWarning { is, .. } => self.closing_warning = *is,
            SettingChange::ReplyPolicy { is, .. } => self.reply_policy = *is,
        }
    }
}

impl SettingChange {
    fn changes_something(&self) -> bool {
        match self {
            Self::Name { was, is } => was != is,
            Self::AutoAssignment { was, is } => was != is,
            Self::AutoResolve { was, is, .. } => was != is,
            Self::ResolveReason { was, is } => was != is,
            Self::ClosingWarning { was, is } => was != is,
            Self::ReplyPolicy { was, is } => was != is,
        }
    }
}

impl fmt::Display for SettingChange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Name { was, is } => write!(f, "name: {was} → {is}"),
            Self::AutoAssignment { was, is } => write!(f, "auto-assignment: {was} → {is}"),
            Self::AutoResolve { queue, was, is } => write!(f, "auto-resolve of {queue}: {was} → {is}"),
            Self::ResolveReason { was, is } => write!(f, "resolve reason: {was} → {is}"),
            Self::ClosingWarning { was, is } => write!(f, "closing warning: {was} → {is}"),
            Self::ReplyPolicy { was, is } => write!(f, "reply policy: {was} → {is}"),
        }
    }
}
