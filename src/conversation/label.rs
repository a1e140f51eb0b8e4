//! Tags, topics and notes.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize};

use crate::id::NoteId;
use crate::rule::{Explain, Limit, Rule};
use crate::text::{is_bidirectional, is_control};

const CHARACTERS: Limit = Limit::new(1, 100, "characters");
/// So many tags, and so many topics, a conversation has at most.
pub(super) const MOST_LABELS: usize = 50;
/// So many notes a conversation has at most.
pub(super) const MOST_NOTES: usize = 1000;

/// A tag or a topic: 1 to 100 characters (Unicode scalar values) after trimming, in one line (`conversation.tags`).
///
/// ```
/// use whatsapp_inbox::conversation::Label;
///
/// assert_eq!(Label::new(" refund ")?.as_str(), "refund");
/// assert!(Label::new(&"x".repeat(101)).is_err());
/// # Ok::<(), whatsapp_inbox::conversation::LabelError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(transparent)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
pub struct Label(#[cfg_attr(feature = "schemars", schemars(length(min = 1, max = 100)))] Box<str>);

/// Why a text is no tag or topic.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
#[non_exhaustive]
pub enum LabelError {
    /// Empty or too long.
    #[error("a tag or topic has {CHARACTERS}, and this one has {characters}")]
    Length {
        /// How many characters (Unicode scalar values) it has without the white space around it.
        characters: usize,
    },
    /// A control character, a line break, or a character that turns the direction of the text.
    #[error(
        "a tag or topic is one line without control characters or changes of direction, and this one has {character:?}"
    )]
    Character {
        /// The first such character.
        character: char,
    },
}

impl Explain for LabelError {
    fn code(&self) -> &'static str {
        match self {
            Self::Length { .. } => "label-length",
            Self::Character { .. } => "label-character",
        }
    }

    fn rule(&self) -> Rule {
        Rule::ConversationTags
    }

    fn limit(&self) -> Option<Limit> {
        matches!(self, Self::Length { .. }).then_some(CHARACTERS)
    }
}

impl Label {
    /// The label, without the white space around it.
    ///
    /// # Errors
    ///
    /// A [`LabelError`] unless it is one line of 1 to 100 characters.
    pub fn new(text: &str) -> Result<Self, LabelError> {
        let text = text.trim();
        let characters = text.chars().count();
        if !u64::try_from(characters).is_ok_and(|count| (CHARACTERS.min..=CHARACTERS.max).contains(&count)) {
            return Err(LabelError::Length { characters });
        }
        match text.chars().find(|character| is_control(*character) || is_bidirectional(*character)) {
            Some(character) => Err(LabelError::Character { character }),
            None => Ok(Self(text.into())),
        }
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Label {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for Label {
    type Err = LabelError;

    fn from_str(text: &str) -> Result<Self, LabelError> {
        Self::new(text)
    }
}

impl<'de> Deserialize<'de> for Label {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::new(&String::deserialize(deserializer)?).map_err(serde::de::Error::custom)
    }
}

/// What a label is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[expect(clippy::exhaustive_enums, reason = "the domain has these two")]
pub enum LabelKind {
    /// A tag.
    Tag,
    /// A topic.
    Topic,
}

impl fmt::Display for LabelKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Tag => "tag",
            Self::Topic => "topic",
        })
    }
}

/// What people add to a conversation.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Added {
    pub(super) tags: BTreeSet<Label>,
    pub(super) topics: BTreeSet<Label>,
    pub(super) notes: BTreeSet<NoteId>,
}

impl Added {
    pub(super) const fn labels(&self, kind: LabelKind) -> &BTreeSet<Label> {
        match kind {
            LabelKind::Tag => &self.tags,
            LabelKind::Topic => &self.topics,
        }
    }

    pub(super) const fn labels_mut(&mut self, kind: LabelKind) -> &mut BTreeSet<Label> {
        match kind {
            LabelKind::Tag => &mut self.tags,
            LabelKind::Topic => &mut self.topics,
        }
    }
}
