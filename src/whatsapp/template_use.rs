//! What an account has used up of its room for templates.

use serde::{Deserialize, Serialize};

use crate::rule::{Explain, Limit, Rule};
use crate::time::{Instant, allowed_from};

const CREATIONS: usize = 100;
const CREATIONS_WINDOW_MINUTES: u32 = 60;

/// How many templates an account may hold (`template.account-limits`). Meta's pages disagree on it; this is the newer one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[expect(clippy::exhaustive_enums, reason = "the business is verified and has an approved display name, or not")]
pub enum TemplateAllowance {
    /// 250.
    #[default]
    Standard,
    /// 6,000: the business is verified and one of its accounts has a number with an approved display name.
    Raised,
}

impl TemplateAllowance {
    /// The number of templates.
    #[must_use]
    pub const fn templates(self) -> u32 {
        match self {
            Self::Standard => 250,
            Self::Raised => 6_000,
        }
    }
}

/// What one account has used up of its room for templates: how many it holds, and when it has created the latest
/// (`template.account-limits`). Each language of a name counts as one.
///
/// It belongs to the account and not to a template, so a host keeps it and hands it on.
///
/// ```
/// use whatsapp_inbox::time::Instant;
/// use whatsapp_inbox::whatsapp::{TemplateAllowance, TemplateUse};
///
/// let used = TemplateUse::new(249, TemplateAllowance::Standard).with_creation(Instant::MIN);
/// let refused = used.may_create(Instant::MIN.plus_days(1)).unwrap_err();
/// assert_eq!(refused.to_string(), "an account holds at most 250 templates, and this one has 250");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
pub struct TemplateUse {
    templates: u32,
    allowance: TemplateAllowance,
    creations: Vec<Instant>,
}

/// Why an account may not create a template now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
#[non_exhaustive]
pub enum TemplateUseError {
    /// It holds as many as it may.
    #[error("an account holds at most {limit} templates, and this one has {templates}")]
    Full {
        /// How many it holds.
        templates: u32,
        /// How many it may hold.
        limit: u32,
    },
    /// It has created too many in the last hour.
    #[error("an account creates at most {CREATIONS} templates an hour: the next one from {from}")]
    TooFast {
        /// From when it may create another.
        from: Instant,
    },
}

impl Explain for TemplateUseError {
    fn code(&self) -> &'static str {
        match self {
            Self::Full { .. } => "template-account-full",
            Self::TooFast { .. } => "template-creation-rate",
        }
    }

    fn rule(&self) -> Rule {
        Rule::TemplateAccountLimits
    }

    fn limit(&self) -> Option<Limit> {
        Some(match self {
            Self::Full { limit, .. } => Limit::new(0, u64::from(*limit), "templates"),
            Self::TooFast { .. } => Limit::new(0, 100, "creations an hour"),
        })
    }
}

impl TemplateUse {
    /// An account that holds so many templates and has created none in the last hour.
    #[must_use]
    pub const fn new(templates: u32, allowance: TemplateAllowance) -> Self {
        Self { templates, allowance, creations: Vec::new() }
    }

    /// The same, after a call that created a template. It counts against the account and against the hour.
    #[must_use]
    pub fn with_creation(mut self, at: Instant) -> Self {
        self.templates = self.templates.saturating_add(1);
        self.creations.insert(self.creations.partition_point(|earlier| *earlier <= at), at);
        if self.creations.len() > CREATIONS {
            self.creations.remove(0);
        }
        self
    }

    /// The same, after Meta has said how many templates the account holds.
    #[must_use]
    pub const fn holding(mut self, templates: u32) -> Self {
        self.templates = templates;
        self
    }

    /// How many templates it holds.
    #[must_use]
    pub const fn templates(&self) -> u32 {
        self.templates
    }

    /// From when another template may be created, as far as the hour goes; `None` while there is room.
    #[must_use]
    pub fn creation_allowed_from(&self) -> Option<Instant> {
        allowed_from(&self.creations, CREATIONS, CREATIONS_WINDOW_MINUTES)
    }

    /// Whether another template may be created at an instant (`template.account-limits`).
    ///
    /// # Errors
    ///
    /// A [`TemplateUseError`]: the account is full, or has created 100 in the last hour.
    pub fn may_create(&self, now: Instant) -> Result<(), TemplateUseError> {
        let limit = self.allowance.templates();
        if self.templates >= limit {
            return Err(TemplateUseError::Full { templates: self.templates, limit });
        }
        match self.creation_allowed_from() {
            Some(from) if now < from => Err(TemplateUseError::TooFast { from }),
            _ => Ok(()),
        }
    }
}
