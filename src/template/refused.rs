//! Why a template refuses a command.

use serde::{Serialize, Serializer};

use super::{Act, Kind, Standing};
use crate::decider::{Class, Party, Refusal, write_refusal};
use crate::rule::{Explain, Limit, Rule};
use crate::time::Instant;
use crate::whatsapp::TemplateUseError;

/// Why a template refuses a command. A small value: the sentence is made when it is displayed.
///
/// ```
/// use whatsapp_inbox::rule::Explain;
/// use whatsapp_inbox::template::{Act, Refused, Standing};
///
/// let refused = Refused::Standing { act: Act::Edit, standing: Standing::Disabled };
/// assert_eq!(refused.to_string(), "this template is DISABLED, and one may edit it only while it is APPROVED, PAUSED or REJECTED");
/// assert_eq!(refused.code(), "template-standing");
/// ```
///
#[doc = include_str!("refused.md")]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
#[non_exhaustive]
pub enum Refused {
    /// The one who asks may not view it, and is told no more than that.
    #[error("no such template was found")]
    NotFound,
    /// It was neither created nor adopted.
    #[error("this template is not known")]
    NotKnown,
    /// It is known already.
    #[error("this template is known already")]
    AlreadyKnown,
    /// Somebody else does that.
    #[error("only {} may {act}", parties(*.act))]
    WrongActor {
        /// What was asked for.
        act: Kind,
    },
    /// It takes an account admin; no role in a channel suffices.
    #[error("only an account admin may {act}")]
    AdminOnly {
        /// What was asked for.
        act: Kind,
    },
    /// It does not stand where that may be asked of Meta.
    #[error("this template is {standing}, and one may {act} it only while it is {}", where_allowed(*.act))]
    Standing {
        /// What was asked for.
        act: Act,
        /// Where it stands.
        standing: Standing,
    },
    /// Meta has locked it.
    #[error("Meta has locked this template since {since}, and it cannot be edited")]
    Locked {
        /// Since when.
        since: Instant,
    },
    /// Something was asked of Meta and is not answered.
    #[error("Meta was asked at {since} and has not answered")]
    CallOpen {
        /// Since when.
        since: Instant,
    },
    /// An approved template was edited too often.
    #[error("an approved template may be edited once in 24 hours and ten times in 30 days: this one again from {from}")]
    EditBudget {
        /// From when it may be edited.
        from: Instant,
    },
    /// The account has no room for another, or creates them too fast.
    #[error(transparent)]
    Account(#[from] TemplateUseError),
    /// An approved template with this name was deleted.
    #[error("the name of a deleted template is free 30 days later: this one from {until}")]
    NameBlocked {
        /// Until when.
        until: Instant,
    },
    /// The command is about another template.
    #[error("this is another template")]
    OtherTemplate,
    /// The name or the language is another one.
    #[error("a template keeps its name and its language")]
    OtherKey,
    /// The category of an approved template is another one.
    #[error("an approved template keeps its category")]
    CategoryFixed,
    /// The template is of another organisation.
    #[error("this template is of another organisation")]
    OtherOrganisation,
    /// The template does not keep to the rules for new ones.
    #[error("the template has {faults} faults")]
    Unsound {
        /// How many faults [`DefinitionDraft::check`](super::DefinitionDraft::check) finds.
        faults: usize,
    },
    /// There was no such call.
    #[error("there was no call {call}")]
    UnknownCall {
        /// The number that was given.
        call: u32,
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

/// Where something may be asked, in words.
fn where_allowed(act: Act) -> String {
    let mut names: Vec<&str> =
        Standing::ALL.into_iter().filter(|standing| standing.acted(act).is_some()).map(Standing::name).collect();
    let last = names.pop().unwrap_or_default();
    if names.is_empty() { last.to_owned() } else { format!("{} or {last}", names.join(", ")) }
}

impl Explain for Refused {
    fn code(&self) -> &'static str {
        match self {
            Self::NotFound => "not-found",
            Self::NotKnown => "template-not-known",
            Self::AlreadyKnown => "template-already-known",
            Self::WrongActor { .. } => "wrong-actor",
            Self::AdminOnly { .. } => "admin-only",
            Self::Standing { .. } => "template-standing",
            Self::Locked { .. } => "template-locked",
            Self::CallOpen { .. } => "template-call-open",
            Self::EditBudget { .. } => "template-edit-budget",
            Self::Account(error) => error.code(),
            Self::NameBlocked { .. } => "template-name-blocked",
            Self::OtherTemplate => "other-template",
            Self::OtherKey => "other-template-key",
            Self::CategoryFixed => "template-category-fixed",
            Self::OtherOrganisation => "other-organisation",
            Self::Unsound { .. } => "template-unsound",
            Self::UnknownCall { .. } => "template-unknown-call",
        }
    }

    fn rule(&self) -> Rule {
        match self {
            Self::NotFound => Rule::AccessNotFound,
            Self::AdminOnly { .. } => Rule::SettingsAdminOnly,
            Self::WrongActor { act } if act.may_come_from(Party::Brand) => Rule::SettingsAdminOnly,
            Self::WrongActor { act: Kind::Adopt | Kind::Read } => Rule::TemplateSync,
            Self::NotKnown | Self::AlreadyKnown | Self::WrongActor { .. } | Self::CallOpen { .. } => {
                Rule::TemplateLifecycle
            }
            Self::Standing { act: Act::Edit, .. } | Self::Locked { .. } | Self::EditBudget { .. } => {
                Rule::TemplateEditBudget
            }
            Self::CategoryFixed => Rule::TemplateEditBudget,
            Self::Standing { .. } | Self::UnknownCall { .. } => Rule::TemplateLifecycle,
            Self::Account(error) => error.rule(),
            Self::NameBlocked { .. } | Self::OtherTemplate | Self::OtherKey => Rule::TemplateName,
            Self::OtherOrganisation => Rule::AccessTenant,
            Self::Unsound { .. } => Rule::TemplateComponents,
        }
    }

    fn limit(&self) -> Option<Limit> {
        match self {
            Self::Account(error) => error.limit(),
            _ => None,
        }
    }
}

impl Refusal for Refused {
    fn class(&self) -> Class {
        match self {
            Self::OtherTemplate
            | Self::OtherKey
            | Self::CategoryFixed
            | Self::OtherOrganisation
            | Self::Unsound { .. }
            | Self::UnknownCall { .. } => Class::Input,
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
    asked: Option<Act>,
    #[serde(skip_serializing_if = "Option::is_none")]
    standing: Option<Standing>,
    #[serde(skip_serializing_if = "Option::is_none")]
    since: Option<Instant>,
    #[serde(skip_serializing_if = "Option::is_none")]
    from: Option<Instant>,
    #[serde(skip_serializing_if = "Option::is_none")]
    limit: Option<Limit>,
    #[serde(skip_serializing_if = "Option::is_none")]
    given: Option<u64>,
}

impl From<Refused> for Parameters {
    fn from(refused: Refused) -> Self {
        let none = Self::default();
        match refused {
            Refused::WrongActor { act } | Refused::AdminOnly { act } => Self { act: Some(act), ..none },
            Refused::Standing { act, standing } => Self { asked: Some(act), standing: Some(standing), ..none },
            Refused::Locked { since } | Refused::CallOpen { since } => Self { since: Some(since), ..none },
            Refused::EditBudget { from } | Refused::NameBlocked { until: from } => Self { from: Some(from), ..none },
            Refused::Account(error) => {
                let limit = error.limit();
                match error {
                    TemplateUseError::Full { templates, .. } => Self { given: Some(templates.into()), limit, ..none },
                    TemplateUseError::TooFast { from } => Self { from: Some(from), limit, ..none },
                }
            }
            Refused::Unsound { faults } => Self { given: u64::try_from(faults).ok(), ..none },
            Refused::UnknownCall { call } => Self { given: Some(call.into()), ..none },
            Refused::NotFound
            | Refused::NotKnown
            | Refused::AlreadyKnown
            | Refused::OtherTemplate
            | Refused::OtherKey
            | Refused::CategoryFixed
            | Refused::OtherOrganisation => none,
        }
    }
}

impl Serialize for Refused {
    /// Writes `code`, `class`, `rule`, `message` and `parameters` (`core.explain`).
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        write_refusal(self, &Parameters::from(*self), serializer)
    }
}
