//! A change of settings that is asked for.

use serde::Serialize;

use super::{
    AutoAssignment, AutoResolve, AutoResolvePolicy, ChannelName, ChoiceField, ClosingWarning, ReplyPolicy,
    ResolveReason, Settings, SettingsDraft,
};
use crate::form::{Faults, Field};
use crate::rule::{Explain, Rule};

/// What is to change, and nothing else: a field that is `None` stays as it is (`settings.patch`). It counts for conversations that
/// enter a queue after it (`settings.auto-resolve-new-only`).
///
/// Made by [`Settings::with`] or [`SettingsDraft::check`], or from values that are legal by themselves:
///
/// ```
/// use whatsapp_inbox::settings::{ChannelName, SettingsPatch};
///
/// let mut patch = SettingsPatch::default();
/// patch.name = Some(ChannelName::new("Orders")?);
/// # Ok::<(), whatsapp_inbox::settings::TextError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default, Serialize)]
#[non_exhaustive]
pub struct SettingsPatch {
    /// The channel's name.
    pub name: Option<ChannelName>,
    /// Whether the first agent who replies becomes the owner.
    pub auto_assignment: Option<AutoAssignment>,
    /// Auto-resolve of the New queue.
    pub auto_resolve_new: Option<AutoResolve>,
    /// Auto-resolve of the Pending queue.
    pub auto_resolve_pending: Option<AutoResolve>,
    /// Why auto-resolve closes a conversation.
    pub resolve_reason: Option<ResolveReason>,
    /// Whether the customer is warned before a conversation closes.
    pub closing_warning: Option<ClosingWarning>,
    /// Who may reply beside the owner.
    pub reply_policy: Option<ReplyPolicy>,
}

/// Settings with something else in some fields, checked once at the end. Made by [`Settings::with`].
#[derive(Debug, Clone)]
#[must_use = "it changes nothing until `patch` or `build` is called"]
pub struct SettingsWith<'s> {
    settings: &'s Settings,
    draft: SettingsDraft,
}

impl Settings {
    /// Begins a change: name the fields that become something else, then ask for the [patch](SettingsWith::patch), which a
    /// command takes, or for the [settings](SettingsWith::build) as they would be.
    ///
    /// ```
    /// use whatsapp_inbox::settings::{AutoAssignment, AutoResolvePolicy, ChannelName, Settings};
    ///
    /// let settings = Settings::new(ChannelName::new("Orders")?);
    /// let policy = AutoResolvePolicy::default();
    /// let patch = settings.with().auto_assignment(AutoAssignment::Off).patch(&policy)?;
    /// assert_eq!(patch.name, None);
    ///
    /// let faults = settings.with().name("two\nlines").resolve_reason("").patch(&policy).unwrap_err();
    /// assert_eq!(faults.as_slice().len(), 2);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn with(&self) -> SettingsWith<'_> {
        SettingsWith { settings: self, draft: SettingsDraft::default() }
    }

    /// The settings after a patch. Whether the organisation allows it was asked when the patch was made.
    #[must_use]
    pub fn patched(&self, patch: &SettingsPatch) -> Self {
        let mut settings = self.clone();
        self.changes(patch).iter().for_each(|change| settings.apply(change));
        settings
    }
}

impl SettingsWith<'_> {
    /// Another name.
    pub fn name(mut self, name: &str) -> Self {
        self.draft.name = name.into();
        self
    }

    /// Auto-assignment on or off.
    pub fn auto_assignment(mut self, auto_assignment: AutoAssignment) -> Self {
        self.draft.auto_assignment = Field::Text(auto_assignment.to_string());
        self
    }

    /// Auto-resolve of the New queue.
    pub fn auto_resolve_new(mut self, auto_resolve: AutoResolve) -> Self {
        self.draft.auto_resolve_new = ChoiceField::from(auto_resolve);
        self
    }

    /// Auto-resolve of the Pending queue.
    pub fn auto_resolve_pending(mut self, auto_resolve: AutoResolve) -> Self {
        self.draft.auto_resolve_pending = ChoiceField::from(auto_resolve);
        self
    }

    /// Another reason that auto-resolve closes a conversation with.
    pub fn resolve_reason(mut self, reason: &str) -> Self {
        self.draft.resolve_reason = reason.into();
        self
    }

    /// Another warning before a conversation closes, or none.
    pub fn closing_warning(mut self, warning: ClosingWarning) -> Self {
        self.draft.closing_warning = ChoiceField::from(warning);
        self
    }

    /// Somebody else who may reply beside the owner.
    pub fn reply_policy(mut self, policy: ReplyPolicy) -> Self {
        self.draft.reply_policy = Field::Text(policy.to_string());
        self
    }

    /// The patch, if every field is sound and the organisation allows it.
    ///
    /// # Errors
    ///
    /// Every fault there is, as [`SettingsDraft::check`] tells them.
    pub fn patch(self, organisation: &AutoResolvePolicy) -> Result<SettingsPatch, Faults> {
        self.draft.check(self.settings, organisation)
    }

    /// The settings as they would be, if every field is sound and the organisation allows it.
    ///
    /// # Errors
    ///
    /// Every fault there is, as [`SettingsDraft::check`] tells them.
    pub fn build(self, organisation: &AutoResolvePolicy) -> Result<Settings, Faults> {
        let settings = self.settings;
        Ok(settings.patched(&self.patch(organisation)?))
    }
}

/// That a field of a settings form is not what it could be.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SettingsError {
    /// `null`, which could mean many things.
    #[error("`null` is no value: leave the field out to keep what it is")]
    Null,
    /// There is no such field.
    #[error("there is no such field: what can stand here is {}", known.join(", "))]
    UnknownField {
        /// What can stand here.
        known: &'static [&'static str],
    },
    /// The field stands there more than once.
    #[error("the field is given more than once")]
    Twice,
    /// Auto-assignment that is neither on nor off.
    #[error("auto-assignment is `on` or `off`, and this is {given}")]
    AutoAssignment {
        /// What was given.
        given: String,
    },
    /// Auto-resolve that is none of its three values.
    #[error("auto-resolve is `inherit`, `off` or an object with `after-minutes`, and this is {given}")]
    AutoResolve {
        /// What was given.
        given: String,
    },
    /// A warning that is none of its three values.
    #[error("a closing warning is `off` or an object with `when-open` or `always`, and this is {given}")]
    ClosingWarning {
        /// What was given.
        given: String,
    },
    /// A reply policy that there is not.
    #[error("a reply policy is `anyone`, `owner` or `owner-and-supervisors`, and this is {given}")]
    ReplyPolicy {
        /// What was given.
        given: String,
    },
    /// Minutes that are no whole number.
    #[error("the time is a whole number of minutes, such as 1440, and this is {given}")]
    Minutes {
        /// What was given.
        given: String,
    },
}

impl Explain for SettingsError {
    fn code(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::UnknownField { .. } => "unknown-field",
            Self::Twice => "given-twice",
            Self::AutoAssignment { .. } => "auto-assignment",
            Self::AutoResolve { .. } => "auto-resolve",
            Self::ClosingWarning { .. } => "closing-warning",
            Self::ReplyPolicy { .. } => "reply-policy",
            Self::Minutes { .. } => "minutes",
        }
    }

    fn rule(&self) -> Rule {
        match self {
            Self::Null | Self::UnknownField { .. } | Self::Twice => Rule::SettingsPatch,
            Self::AutoAssignment { .. } => Rule::SettingsAutoAssignment,
            Self::AutoResolve { .. } => Rule::SettingsAutoResolveValues,
            Self::ClosingWarning { .. } => Rule::ConversationWarn,
            Self::ReplyPolicy { .. } => Rule::ConversationReplyPolicy,
            Self::Minutes { .. } => Rule::SettingsAutoResolveBounds,
        }
    }
}
