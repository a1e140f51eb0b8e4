//! What a channel may be set to, and how a change of it is asked for, checked and recorded.
//!
//! [`Settings`] are always legal. A [`SettingsPatch`] names only what it changes; code makes one with [`Settings::with`], a
//! form is read into a [`SettingsDraft`] whose `check()` tells every fault at once. Settings know no medium
//! (`settings.any-medium`): they are the same for WhatsApp and for anything else.

mod auto_resolve;
mod change;
mod conversations;
mod draft;
mod field;
mod name;
mod patch;

use std::fmt;

use serde::{Deserialize, Serialize};

pub use auto_resolve::{AutoResolve, AutoResolvePolicy, BoundsError, OpenQueue, Window, WindowBounds, WindowError};
pub use change::SettingChange;
pub(crate) use change::{recorded_name, recorded_reason, recorded_window};
pub use conversations::{ClosingWarning, ReplyPolicy, WarnBefore, WarnBeforeError};
pub use draft::SettingsDraft;
pub use field::{ChoiceField, Minutes};
pub use name::{ChannelName, ResolveReason, TextError};
pub use patch::{SettingsError, SettingsPatch, SettingsWith};

/// Whether the first agent who replies to a conversation without an owner becomes its owner (`settings.auto-assignment`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[expect(clippy::exhaustive_enums, reason = "it is on or off")]
pub enum AutoAssignment {
    /// The first agent who replies becomes the owner. The default.
    #[default]
    On,
    /// Owners are set by hand only.
    Off,
}

/// The settings of one channel. Always legal; each channel has its own (`settings.auto-resolve-queues`).
///
/// Auto-resolve can go back to what the organisation says. Auto-assignment and the resolve reason cannot be unset: to have what
/// is built in, set that.
///
/// ```
/// use whatsapp_inbox::settings::{AutoAssignment, AutoResolve, AutoResolvePolicy, ChannelName, OpenQueue, Settings, Source, Window};
///
/// let policy = AutoResolvePolicy::default();
/// let settings = Settings::new(ChannelName::new("Orders")?);
/// assert_eq!(settings.auto_assignment().value, AutoAssignment::On);
///
/// let window = settings.window(OpenQueue::New, &policy);
/// assert_eq!((window.value, window.source), (Some(Window::days(30)?), Source::BuiltIn));
///
/// let settings = settings.with().name("Orders EU").auto_resolve_new(AutoResolve::After(Window::days(7)?)).build(&policy)?;
/// assert_eq!(settings.name().as_str(), "Orders EU");
/// assert_eq!(settings.window(OpenQueue::New, &policy).source, Source::Channel);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
pub struct Settings {
    name: ChannelName,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    auto_assignment: Option<AutoAssignment>,
    #[serde(default)]
    auto_resolve_new: AutoResolve,
    #[serde(default)]
    auto_resolve_pending: AutoResolve,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    resolve_reason: Option<ResolveReason>,
    #[serde(default)]
    closing_warning: ClosingWarning,
    #[serde(default)]
    reply_policy: ReplyPolicy,
}

/// A setting as it holds, and who says so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Reading<T> {
    /// What holds.
    pub value: T,
    /// Who says so.
    pub source: Source,
}

/// Who says what a setting is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[expect(clippy::exhaustive_enums, reason = "a host shows each of them")]
pub enum Source {
    /// The channel itself.
    Channel,
    /// The organisation, for channels that say nothing of their own.
    Organisation,
    /// Nobody: it is what is built in.
    BuiltIn,
}

impl<T> Reading<T> {
    pub(crate) const fn new(value: T, source: Source) -> Self {
        Self { value, source }
    }
}

impl Settings {
    /// The settings of a channel that has set nothing but its name: auto-assignment on, both queues resolved as the
    /// organisation says.
    #[must_use]
    pub const fn new(name: ChannelName) -> Self {
        Self {
            name,
            auto_assignment: None,
            auto_resolve_new: AutoResolve::Inherit,
            auto_resolve_pending: AutoResolve::Inherit,
            resolve_reason: None,
            closing_warning: ClosingWarning::Off,
            reply_policy: ReplyPolicy::Anyone,
        }
    }

    /// What agents know the channel by.
    #[must_use]
    pub const fn name(&self) -> &ChannelName {
        &self.name
    }

    /// Whether the first agent who replies becomes the owner.
    #[must_use]
    pub fn auto_assignment(&self) -> Reading<AutoAssignment> {
        match self.auto_assignment {
            Some(value) => Reading::new(value, Source::Channel),
            None => Reading::new(AutoAssignment::default(), Source::BuiltIn),
        }
    }

    /// What the channel itself says of auto-resolve in a queue. See [`Settings::window`] for what holds.
    #[must_use]
    pub const fn auto_resolve(&self, queue: OpenQueue) -> AutoResolve {
        match queue {
            OpenQueue::New => self.auto_resolve_new,
            OpenQueue::Pending => self.auto_resolve_pending,
        }
    }

    /// After how long conversations in a queue resolve by themselves, if they do, and who says so: the channel, the
    /// organisation, or nobody, and then it is 30 days (`settings.auto-resolve-values`, `settings.auto-resolve-default`).
    #[must_use]
    pub const fn window(&self, queue: OpenQueue, organisation: &AutoResolvePolicy) -> Reading<Option<Window>> {
        match (self.auto_resolve(queue), organisation.of(queue)) {
            (AutoResolve::Inherit, AutoResolve::Inherit) => Reading::new(Some(Window::BUILT_IN), Source::BuiltIn),
            (AutoResolve::Inherit, said) => Reading::new(said.window(), Source::Organisation),
            (said, _) => Reading::new(said.window(), Source::Channel),
        }
    }

    /// Whether the customer is warned before a conversation closes, and how (`conversation.warn`).
    #[must_use]
    pub const fn closing_warning(&self) -> ClosingWarning {
        self.closing_warning
    }

    /// Who may reply beside the owner (`conversation.reply-policy`).
    #[must_use]
    pub const fn reply_policy(&self) -> ReplyPolicy {
        self.reply_policy
    }

    /// Why auto-resolve closes a conversation, as its record will say (`settings.resolve-reason`).
    #[must_use]
    pub fn resolve_reason(&self) -> Reading<ResolveReason> {
        match &self.resolve_reason {
            Some(reason) => Reading::new(reason.clone(), Source::Channel),
            None => Reading::new(ResolveReason::built_in(), Source::BuiltIn),
        }
    }
}

impl fmt::Display for AutoAssignment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::On => "on",
            Self::Off => "off",
        })
    }
}
