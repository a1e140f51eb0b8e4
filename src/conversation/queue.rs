//! The queues, and what moves a conversation between them.

use std::fmt::{self, Write};

use serde::{Deserialize, Serialize};

use crate::settings::OpenQueue;

/// Where a conversation is: always in exactly one of these (`conversation.queues`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[expect(clippy::exhaustive_enums, reason = "the queues are closed on purpose")]
pub enum Queue {
    /// Something waits for the team.
    New,
    /// Something waits for the customer.
    Pending,
    /// Nothing is waited for. Nobody owns it.
    Resolved,
}

/// What may move a conversation to another queue.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[expect(clippy::exhaustive_enums, reason = "what moves a conversation is closed on purpose")]
pub enum Input {
    /// The customer writes.
    CustomerMessage,
    /// An agent replies, or somebody from the brand's phone.
    Reply,
    /// Somebody moves it to New.
    MoveToNew,
    /// Somebody moves it to Pending.
    MoveToPending,
    /// Somebody moves it to Resolved.
    MoveToResolved,
    /// It wakes from a snooze.
    Wake,
    /// Its deadline is there.
    Deadline,
    /// Its channel closes.
    ChannelCloses,
}

impl Queue {
    /// Every queue.
    pub const ALL: [Self; 3] = [Self::New, Self::Pending, Self::Resolved];

    /// The table: where an input puts a conversation that is here. The same queue again means that it stays.
    ///
    /// ```
    /// use whatsapp_inbox::conversation::{Input, Queue};
    ///
    /// assert_eq!(Queue::Resolved.after(Input::CustomerMessage), Queue::New);
    /// assert_eq!(Queue::Resolved.after(Input::Deadline), Queue::Resolved);
    /// ```
    #[must_use]
    pub const fn after(self, input: Input) -> Self {
        match (input, self) {
            // conversation.inbound, conversation.snooze: only an open conversation can wake.
            (Input::CustomerMessage | Input::MoveToNew, _) | (Input::Wake, Self::New | Self::Pending) => Self::New,
            // conversation.reply, from Resolved too
            (Input::Reply | Input::MoveToPending, _) => Self::Pending,
            // conversation.auto-resolve, channel.close: what is resolved stays so
            (Input::MoveToResolved | Input::Deadline | Input::ChannelCloses, _) | (Input::Wake, Self::Resolved) => {
                Self::Resolved
            }
        }
    }

    /// The queue as one that resolves by itself, unless it is resolved.
    #[must_use]
    pub const fn open(self) -> Option<OpenQueue> {
        match self {
            Self::New => Some(OpenQueue::New),
            Self::Pending => Some(OpenQueue::Pending),
            Self::Resolved => None,
        }
    }

    /// The name, as people know it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::New => "New",
            Self::Pending => "Pending",
            Self::Resolved => "Resolved",
        }
    }

    /// The table as Markdown.
    #[must_use]
    pub fn table() -> String {
        let mut table = "| input | in New | in Pending | in Resolved |\n| --- | --- | --- | --- |\n".to_owned();
        for input in Input::ALL {
            let [new, pending, resolved] = Self::ALL.map(|queue| match queue.after(input) {
                after if after == queue => "stays",
                after => after.name(),
            });
            // Writing to a `String` cannot fail.
            _ = writeln!(table, "| {} | {new} | {pending} | {resolved} |", input.title());
        }
        table
    }

    /// The table as a Mermaid diagram, without what stays where it is.
    #[must_use]
    pub fn diagram() -> String {
        let mut diagram = "stateDiagram-v2\n    [*] --> New\n".to_owned();
        for queue in Self::ALL {
            for after in Self::ALL.into_iter().filter(|after| *after != queue) {
                let inputs = Input::ALL.into_iter().filter(|input| queue.after(*input) == after);
                let titles: Vec<&str> = inputs.map(Input::title).collect();
                if !titles.is_empty() {
                    _ = writeln!(diagram, "    {} --> {}: {}", queue.name(), after.name(), titles.join(", "));
                }
            }
        }
        diagram
    }
}

impl Input {
    /// Every input.
    pub const ALL: [Self; 8] = [
        Self::CustomerMessage,
        Self::Reply,
        Self::MoveToNew,
        Self::MoveToPending,
        Self::MoveToResolved,
        Self::Wake,
        Self::Deadline,
        Self::ChannelCloses,
    ];

    /// What it is, in words.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::CustomerMessage => "customer's message",
            Self::Reply => "reply",
            Self::MoveToNew => "move to New",
            Self::MoveToPending => "move to Pending",
            Self::MoveToResolved => "move to Resolved",
            Self::Wake => "wake",
            Self::Deadline => "deadline",
            Self::ChannelCloses => "channel closes",
        }
    }
}

impl From<OpenQueue> for Queue {
    fn from(queue: OpenQueue) -> Self {
        match queue {
            OpenQueue::New => Self::New,
            OpenQueue::Pending => Self::Pending,
        }
    }
}

impl fmt::Display for Queue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
