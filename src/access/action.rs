//! What people do in a channel, and the least that each takes.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::Role;
use crate::rule::Rule;

/// Something that people do in a channel. Closed: an action without a row in the table does not compile.
///
/// ```
/// use whatsapp_inbox::access::{Action, Least, Role};
///
/// assert_eq!(Action::Reply.least(), Least::Role(Role::Contributor));
/// assert_eq!(Action::ChangeSettings.least(), Least::Admin);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[expect(clippy::exhaustive_enums, reason = "the actions are closed on purpose")]
pub enum Action {
    /// See the channel and its conversations.
    View,
    /// Move a conversation to Pending.
    MoveToPending,
    /// Move a conversation to Resolved.
    MoveToResolved,
    /// Add and remove tags.
    EditTags,
    /// Add and remove notes.
    EditNotes,
    /// Add and remove topics.
    EditTopics,
    /// Reply with free text or a template.
    Reply,
    /// Become the owner of a conversation.
    Take,
    /// Make somebody else the owner.
    Assign,
    /// Take the owner away.
    Unassign,
    /// Move a conversation back to New.
    MoveToNew,
    /// Snooze a conversation, and wake it.
    Snooze,
    /// See the reports of the channel, for an account admin too by the role in it alone (`access.reports`).
    ViewReports,
    /// Change the channel's settings, or close it.
    ChangeSettings,
    /// Change who has access.
    ChangeAccess,
    /// Act for the brand in an onboarding.
    ActForBrand,
}

/// The least that an action takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[expect(clippy::exhaustive_enums, reason = "there is nothing between a role and the account admin")]
pub enum Least {
    /// This role in the channel, or a higher one. Being an account admin does not count (`settings.admin-only`).
    Role(Role),
    /// Being an account admin. No role counts.
    Admin,
}

/// What the table says of an action.
struct Row {
    name: &'static str,
    least: Least,
    rule: Rule,
    title: &'static str,
}

/// A text that names no action.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("there is no action `{given}`; there are {}", Action::ALL.map(Action::name).join(", "))]
#[non_exhaustive]
pub struct UnknownAction {
    /// What was given.
    pub given: String,
}

impl Action {
    /// Every action, in the order of the table.
    pub const ALL: [Self; 16] = [
        Self::View,
        Self::MoveToPending,
        Self::MoveToResolved,
        Self::EditTags,
        Self::EditNotes,
        Self::EditTopics,
        Self::Reply,
        Self::Take,
        Self::Assign,
        Self::Unassign,
        Self::MoveToNew,
        Self::Snooze,
        Self::ViewReports,
        Self::ChangeSettings,
        Self::ChangeAccess,
        Self::ActForBrand,
    ];

    /// The table: the least that each action takes, by which rule.
    const fn row(self) -> Row {
        const fn row(name: &'static str, least: Least, rule: Rule, title: &'static str) -> Row {
            Row { name, least, rule, title }
        }
        const VIEWER: Least = Least::Role(Role::Viewer);
        const CONTRIBUTOR: Least = Least::Role(Role::Contributor);
        const SUPERVISOR: Least = Least::Role(Role::Supervisor);
        const ADMIN: Least = Least::Admin;
        match self {
            Self::View => row("view", VIEWER, Rule::AccessViewer, "view the channel and its conversations"),
            Self::MoveToPending => row("move-to-pending", VIEWER, Rule::AccessViewer, "move to Pending"),
            Self::MoveToResolved => row("move-to-resolved", VIEWER, Rule::AccessViewer, "move to Resolved"),
            Self::EditTags => row("edit-tags", VIEWER, Rule::AccessViewer, "add and remove tags"),
            Self::EditNotes => row("edit-notes", VIEWER, Rule::AccessViewer, "add and remove notes"),
            Self::EditTopics => row("edit-topics", VIEWER, Rule::AccessViewer, "add and remove topics"),
            Self::Reply => row("reply", CONTRIBUTOR, Rule::AccessContributor, "reply"),
            Self::Take => row("take", CONTRIBUTOR, Rule::AccessContributor, "take a conversation"),
            Self::Assign => row("assign", CONTRIBUTOR, Rule::AccessContributor, "assign a conversation"),
            Self::Unassign => row("unassign", CONTRIBUTOR, Rule::AccessContributor, "unassign a conversation"),
            Self::MoveToNew => row("move-to-new", CONTRIBUTOR, Rule::AccessContributor, "move back to New"),
            Self::Snooze => row("snooze", CONTRIBUTOR, Rule::AccessContributor, "snooze a conversation"),
            Self::ViewReports => row("view-reports", SUPERVISOR, Rule::AccessReports, "view the channel's reports"),
            Self::ChangeSettings => {
                row("change-settings", ADMIN, Rule::SettingsAdminOnly, "change the channel's settings")
            }
            Self::ChangeAccess => row("change-access", ADMIN, Rule::SettingsAdminOnly, "change who has access"),
            Self::ActForBrand => {
                row("act-for-brand", ADMIN, Rule::SettingsAdminOnly, "act for the brand in an onboarding")
            }
        }
    }

    /// The least that it takes.
    #[must_use]
    pub const fn least(self) -> Least {
        self.row().least
    }

    /// The rule that says so.
    #[must_use]
    pub const fn rule(self) -> Rule {
        self.row().rule
    }

    /// The name, as JSON has it: `reply`, `move-to-pending`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        self.row().name
    }

    /// What it is, in words: `reply`, `move to Pending`.
    #[must_use]
    pub const fn title(self) -> &'static str {
        self.row().title
    }
}

impl FromStr for Action {
    type Err = UnknownAction;

    fn from_str(text: &str) -> Result<Self, UnknownAction> {
        let named = |action: &Self| action.name() == text;
        Self::ALL.into_iter().find(named).ok_or_else(|| UnknownAction { given: text.to_owned() })
    }
}

impl fmt::Display for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.title())
    }
}

impl fmt::Display for Least {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Role(role) => write!(f, "{role}"),
            Self::Admin => f.write_str("account admin"),
        }
    }
}
