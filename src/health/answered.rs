//! What Meta answers to the question whether a number can send.

use std::cmp::Ordering;
use std::fmt;

use serde::{Deserialize, Serialize};

use crate::whatsapp::{HealthNode, MessagingHealth};

/// So many nodes are kept of an answer, so many causes of each, and so many characters of each text: health is a value that stays
/// small, whatever Meta writes.
const MOST_NODES: usize = 8;
const MOST_CAUSES: usize = 4;
const MOST_CHARACTERS: usize = 300;

/// What a reading of the Graph field `health_status` of a number or an account says about sending.
///
/// ```
/// use whatsapp_inbox::health::{Answered, Cause, NodeHealth};
/// use whatsapp_inbox::whatsapp::{HealthNode, MessagingHealth};
///
/// let cause = Cause::new("The business has no way of paying.").with_code(131_042);
/// let answered = Answered::of([
///     NodeHealth::new(HealthNode::PhoneNumber, MessagingHealth::Available),
///     NodeHealth::new(HealthNode::Business, MessagingHealth::Blocked).because([cause]),
/// ]);
/// assert_eq!(answered.can_send(), &MessagingHealth::Blocked);
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
pub struct Answered {
    can_send: MessagingHealth,
    /// Those that are not available.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    nodes: Vec<NodeHealth>,
}

/// What the answer says about one of the nodes that take part in sending (`entities`).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct NodeHealth {
    /// Which (`entity_type`).
    pub node: HealthNode,
    /// Whether it can take part in sending (`can_send_message`).
    pub can_send: MessagingHealth,
    /// Why not, or not in all (`errors` and `additional_info`).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub causes: Vec<Cause>,
}

/// Why a node cannot take part in sending, or not in all.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Cause {
    /// Meta's own sentence (`error_description`, or one of `additional_info`).
    pub says: String,
    /// Meta's number for it (`error_code`), if there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<u32>,
    /// What Meta advises (`possible_solution`), if anything.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub advice: Option<String>,
}

impl Answered {
    /// What the nodes of an answer mean together: the worst of them counts.
    ///
    /// Meta's word for the whole is left aside. It is `BLOCKED` also where calls alone are, and where a template is, which is no
    /// matter of a channel: templates are passed over. So are causes of a node that is available, for they are about calls. Of
    /// what Meta writes at length the beginning is kept.
    #[must_use]
    pub fn of(nodes: impl IntoIterator<Item = NodeHealth>) -> Self {
        let counts =
            |node: &NodeHealth| node.node != HealthNode::Template && node.can_send != MessagingHealth::Available;
        let mut nodes: Vec<NodeHealth> = nodes.into_iter().filter(counts).collect();
        // The worst first; else in Meta's order.
        nodes.sort_by(|one, other| by_gravity(&other.can_send, &one.can_send));
        nodes.truncate(MOST_NODES);
        nodes.iter_mut().for_each(NodeHealth::shorten);
        let can_send = nodes.first().map_or(MessagingHealth::Available, |worst| worst.can_send.clone());
        Self { can_send, nodes }
    }

    /// Whether anything can be sent.
    #[must_use]
    pub const fn can_send(&self) -> &MessagingHealth {
        &self.can_send
    }

    /// The nodes that are not available, the worst first.
    #[must_use]
    pub fn nodes(&self) -> &[NodeHealth] {
        &self.nodes
    }
}

impl NodeHealth {
    /// A node and whether it can take part in sending.
    #[must_use]
    pub const fn new(node: HealthNode, can_send: MessagingHealth) -> Self {
        Self { node, can_send, causes: Vec::new() }
    }

    /// The same, for these causes besides.
    #[must_use]
    pub fn because(mut self, causes: impl IntoIterator<Item = Cause>) -> Self {
        self.causes.extend(causes);
        self
    }

    fn shorten(&mut self) {
        self.causes.truncate(MOST_CAUSES);
        for Cause { says, advice, .. } in &mut self.causes {
            for text in [says].into_iter().chain(advice) {
                if let Some((end, _)) = text.char_indices().nth(MOST_CHARACTERS) {
                    text.truncate(end);
                }
            }
        }
    }
}

impl Cause {
    /// A cause in Meta's own sentence.
    #[must_use]
    pub fn new(says: impl Into<String>) -> Self {
        Self { says: says.into(), code: None, advice: None }
    }

    /// The same, with Meta's number for it.
    #[must_use]
    pub const fn with_code(mut self, code: u32) -> Self {
        self.code = Some(code);
        self
    }

    /// The same, with what Meta advises.
    #[must_use]
    pub fn with_advice(mut self, advice: impl Into<String>) -> Self {
        self.advice = Some(advice.into());
        self
    }
}

/// A word that nobody here has heard of is worse than none and better than a limit: it blocks nothing by itself.
fn by_gravity(one: &MessagingHealth, other: &MessagingHealth) -> Ordering {
    const fn gravity(health: &MessagingHealth) -> u8 {
        match health {
            MessagingHealth::Available => 0,
            MessagingHealth::Unknown(_) => 1,
            MessagingHealth::Limited => 2,
            MessagingHealth::Blocked => 3,
        }
    }
    gravity(one).cmp(&gravity(other))
}

/// As in `BLOCKED (BUSINESS: there is no way of paying, error 131042)`.
impl fmt::Display for Answered {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.can_send.fmt(f)?;
        for (place, node) in self.nodes.iter().enumerate() {
            f.write_str(if place == 0 { " (" } else { "; " })?;
            node.fmt(f)?;
        }
        f.write_str(if self.nodes.is_empty() { "" } else { ")" })
    }
}

impl fmt::Display for NodeHealth {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.causes.is_empty() {
            return write!(f, "{} {}", self.node, self.can_send);
        }
        for (place, cause) in self.causes.iter().enumerate() {
            let before = if place == 0 { "" } else { "; " };
            write!(f, "{before}{}: {cause}", self.node)?;
        }
        Ok(())
    }
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.says.trim_end_matches('.'))?;
        if let Some(code) = self.code {
            write!(f, ", error {code}")?;
        }
        match &self.advice {
            Some(advice) => write!(f, ", Meta's advice: {}", advice.trim_end_matches('.')),
            None => Ok(()),
        }
    }
}
