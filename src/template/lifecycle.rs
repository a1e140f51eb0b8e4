//! The lifecycle of a template: where it stands, and what moves it.

use std::fmt::{self, Write};

use serde::{Deserialize, Serialize};

use crate::whatsapp::{TemplateEvent, TemplateStatus};

/// Where a template stands: Meta's statuses, and what they leave out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[expect(clippy::exhaustive_enums, reason = "what Meta adds is Other")]
pub enum Standing {
    /// Meta does not hold it.
    Unsubmitted,
    /// Meta looks at it.
    Pending,
    /// Meta turned it down and looks at it again.
    InAppeal,
    /// May be sent.
    Approved,
    /// Held back for a while.
    Paused,
    /// Turned down.
    Rejected,
    /// Out of use.
    Disabled,
    /// Put away for not being used.
    Archived,
    /// The account holds too many.
    LimitExceeded,
    /// Being deleted.
    PendingDeletion,
    /// Gone.
    Deleted,
    /// Meta holds it, and its status is one that is not known here, or was not told.
    Other,
}

/// What may be asked of Meta for a template.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[expect(clippy::exhaustive_enums, reason = "what is asked is ours")]
pub enum Act {
    /// Hand it in.
    Create,
    /// Hand in other parts or another category.
    Edit,
    /// Have it looked at again.
    Appeal,
    /// End a pause that does not end by itself.
    Unpause,
    /// Delete it, in this language.
    Delete,
}

/// Where an event leads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[expect(clippy::exhaustive_enums, reason = "there is no fourth way")]
pub enum Next {
    /// It stays where it is.
    Stays,
    /// It stands here from then on.
    Becomes(Standing),
    /// It is again what it was before it was archived.
    Returns,
}

impl Standing {
    /// Every standing.
    pub const ALL: [Self; 12] = [
        Self::Unsubmitted,
        Self::Pending,
        Self::InAppeal,
        Self::Approved,
        Self::Paused,
        Self::Rejected,
        Self::Disabled,
        Self::Archived,
        Self::LimitExceeded,
        Self::PendingDeletion,
        Self::Deleted,
        Self::Other,
    ];

    /// The table: where an event of Meta's leads from here (`template.lifecycle`). Meta is believed: no event is out of place.
    ///
    /// ```
    /// use whatsapp_inbox::template::{Next, Standing};
    /// use whatsapp_inbox::whatsapp::TemplateEvent;
    ///
    /// // Rejected can follow approved; flagged stays approved.
    /// assert_eq!(Standing::Approved.after(&TemplateEvent::Rejected), Next::Becomes(Standing::Rejected));
    /// assert_eq!(Standing::Approved.after(&TemplateEvent::Flagged), Next::Stays);
    /// assert_eq!(Standing::Archived.after(&TemplateEvent::Unarchived), Next::Returns);
    /// ```
    #[must_use]
    pub const fn after(self, event: &TemplateEvent) -> Next {
        let to = match (event, self) {
            (TemplateEvent::Unarchived, Self::Archived) => return Next::Returns,
            // Some events are no status. They tell at least that Meta holds it.
            (
                TemplateEvent::Unarchived | TemplateEvent::Locked | TemplateEvent::Unlocked | TemplateEvent::Unknown(_),
                Self::Unsubmitted,
            ) => Self::Other,
            // What is flagged is approved, with a date on which it will be disabled.
            (
                TemplateEvent::Unarchived | TemplateEvent::Locked | TemplateEvent::Unlocked | TemplateEvent::Unknown(_),
                _,
            )
            | (
                TemplateEvent::Flagged,
                Self::Paused | Self::Disabled | Self::Archived | Self::PendingDeletion | Self::Deleted,
            ) => return Next::Stays,
            (TemplateEvent::Flagged | TemplateEvent::Approved | TemplateEvent::Reinstated, _) => Self::Approved,
            (TemplateEvent::Rejected, _) => Self::Rejected,
            (TemplateEvent::Pending, _) => Self::Pending,
            (TemplateEvent::InAppeal, _) => Self::InAppeal,
            (TemplateEvent::Paused, _) => Self::Paused,
            (TemplateEvent::Disabled, _) => Self::Disabled,
            (TemplateEvent::Archived, _) => Self::Archived,
            (TemplateEvent::PendingDeletion, _) => Self::PendingDeletion,
            (TemplateEvent::Deleted, _) => Self::Deleted,
            (TemplateEvent::LimitExceeded, _) => Self::LimitExceeded,
        };
        if to as u8 == self as u8 { Next::Stays } else { Next::Becomes(to) }
    }

    /// The table: where it stands after something was asked of Meta; nothing where that may not be asked
    /// (`template.lifecycle`, `template.edit-budget`).
    ///
    /// An edited template is looked at anew. Meta's pages disagree on whether an approved one may be sent meanwhile; here it may
    /// not, until Meta says that it is approved. A disabled one may be neither edited nor deleted.
    #[must_use]
    pub const fn acted(self, act: Act) -> Option<Self> {
        match (act, self) {
            (Act::Create, Self::Unsubmitted | Self::Deleted)
            | (Act::Edit, Self::Approved | Self::Rejected | Self::Paused) => Some(Self::Pending),
            (Act::Appeal, Self::Rejected) => Some(Self::InAppeal),
            (Act::Unpause, Self::Paused) => Some(Self::Paused),
            (
                Act::Delete,
                Self::Pending
                | Self::InAppeal
                | Self::Approved
                | Self::Paused
                | Self::Rejected
                | Self::Archived
                | Self::LimitExceeded
                | Self::Other,
            ) => Some(Self::PendingDeletion),
            _ => None,
        }
    }

    /// What time alone makes of it, and after how long: a first pause of three hours, a second of six, 28 days in the archive.
    const fn timed(self) -> Option<(&'static str, Self)> {
        match self {
            Self::Paused => Some(("after 3 h or 6 h", Self::Approved)),
            Self::Archived => Some(("after 28 days", Self::Deleted)),
            _ => None,
        }
    }

    /// The name, in Meta's word where it has one.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Unsubmitted => "unsubmitted",
            Self::Pending => "PENDING",
            Self::InAppeal => "IN_APPEAL",
            Self::Approved => "APPROVED",
            Self::Paused => "PAUSED",
            Self::Rejected => "REJECTED",
            Self::Disabled => "DISABLED",
            Self::Archived => "ARCHIVED",
            Self::LimitExceeded => "LIMIT_EXCEEDED",
            Self::PendingDeletion => "PENDING_DELETION",
            Self::Deleted => "DELETED",
            Self::Other => "other",
        }
    }

    /// The table as Markdown: Meta's events, what may be asked, and time, over every standing.
    #[must_use]
    pub fn table() -> String {
        let mut table = "| |".to_owned();
        for standing in Self::ALL {
            // Writing to a `String` cannot fail.
            _ = write!(table, " {standing} |");
        }
        _ = writeln!(table, "\n| --- |{}", " --- |".repeat(Self::ALL.len()));
        for event in events() {
            _ = write!(table, "| event {} |", event_title(&event));
            for standing in Self::ALL {
                _ = write!(
                    table,
                    " {} |",
                    match standing.after(&event) {
                        Next::Stays => "stays",
                        Next::Becomes(to) => to.name(),
                        Next::Returns => "what it was",
                    }
                );
            }
            table.push('\n');
        }
        for act in Act::ALL {
            _ = write!(table, "| {act} |");
            for standing in Self::ALL {
                _ = write!(
                    table,
                    " {} |",
                    match standing.acted(act) {
                        None => "–",
                        Some(to) if to == standing => "stays",
                        Some(to) => to.name(),
                    }
                );
            }
            table.push('\n');
        }
        table.push_str("| time |");
        for standing in Self::ALL {
            let timed = standing.timed().map_or("stays".to_owned(), |(when, to)| format!("{to} {when}"));
            _ = write!(table, " {timed} |");
        }
        table.push('\n');
        table
    }

    /// The table as a Mermaid diagram: the ways that a template goes as a rule. Events that lead to one place from anywhere are
    /// left to the table.
    #[must_use]
    pub fn diagram() -> String {
        let mut diagram = "stateDiagram-v2\n    [*] --> unsubmitted\n".to_owned();
        for act in Act::ALL {
            for (from, to) in Self::ALL.into_iter().filter_map(|from| Some((from, from.acted(act)?))) {
                if from != to && act != Act::Delete {
                    _ = writeln!(diagram, "    {from} --> {to}: {act}");
                }
            }
        }
        for (from, event) in USUAL {
            match from.after(&event) {
                Next::Becomes(to) => _ = writeln!(diagram, "    {from} --> {to}: {event}"),
                Next::Returns => _ = writeln!(diagram, "    {from} --> {}: {event}, or what it was", Self::Approved),
                Next::Stays => {}
            }
        }
        for (from, (when, to)) in Self::ALL.into_iter().filter_map(|from| Some((from, from.timed()?))) {
            _ = writeln!(diagram, "    {from} --> {to}: {when}");
        }
        _ = writeln!(diagram, "    {} --> {}: {}", Self::Approved, Self::PendingDeletion, Act::Delete);
        diagram
    }
}

/// What the diagram shows of Meta's events.
const USUAL: [(Standing, TemplateEvent); 13] = [
    (Standing::Pending, TemplateEvent::Approved),
    (Standing::Pending, TemplateEvent::Rejected),
    (Standing::Pending, TemplateEvent::LimitExceeded),
    (Standing::InAppeal, TemplateEvent::Approved),
    (Standing::InAppeal, TemplateEvent::Rejected),
    (Standing::Approved, TemplateEvent::Rejected),
    (Standing::Approved, TemplateEvent::Paused),
    (Standing::Approved, TemplateEvent::Disabled),
    (Standing::Paused, TemplateEvent::Disabled),
    (Standing::Disabled, TemplateEvent::Reinstated),
    (Standing::Approved, TemplateEvent::Archived),
    (Standing::Archived, TemplateEvent::Unarchived),
    (Standing::PendingDeletion, TemplateEvent::Deleted),
];

/// Every event that is known, and one that is not.
fn events() -> impl Iterator<Item = TemplateEvent> {
    TemplateEvent::KNOWN.iter().cloned().chain([TemplateEvent::Unknown(String::new())])
}

fn event_title(event: &TemplateEvent) -> &str {
    if matches!(event, TemplateEvent::Unknown(_)) { "of another name" } else { event.as_str() }
}

impl Act {
    /// Every act.
    pub const ALL: [Self; 5] = [Self::Create, Self::Edit, Self::Appeal, Self::Unpause, Self::Delete];

    /// What it is, in words.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::Edit => "edit",
            Self::Appeal => "appeal",
            Self::Unpause => "unpause",
            Self::Delete => "delete",
        }
    }
}

impl fmt::Display for Act {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.title())
    }
}

impl fmt::Display for Standing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl From<&TemplateStatus> for Standing {
    fn from(status: &TemplateStatus) -> Self {
        match status {
            TemplateStatus::Approved => Self::Approved,
            TemplateStatus::Archived => Self::Archived,
            TemplateStatus::Deleted => Self::Deleted,
            TemplateStatus::Disabled => Self::Disabled,
            TemplateStatus::InAppeal => Self::InAppeal,
            TemplateStatus::LimitExceeded => Self::LimitExceeded,
            TemplateStatus::Paused => Self::Paused,
            TemplateStatus::Pending => Self::Pending,
            TemplateStatus::PendingDeletion => Self::PendingDeletion,
            TemplateStatus::Rejected => Self::Rejected,
            TemplateStatus::Unknown(_) => Self::Other,
        }
    }
}
