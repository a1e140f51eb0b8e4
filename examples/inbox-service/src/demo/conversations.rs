//! Conversations in every queue.

use whatsapp_inbox::conversation::{Command, Label, MessageKind, Queue};
use whatsapp_inbox::decider::Actor;
use whatsapp_inbox::id::{ChannelId, CommandId, ConversationId, MessageId, UserId};
use whatsapp_inbox::port::Backend;
use whatsapp_inbox::time::Instant;

use super::{ANA, CEM, DANA, ORDERS, Seed, WHOLESALE, request, told};
use crate::clock;
use crate::host::{Outgoing, Spot, Written};

/// What happens in a conversation, so many minutes ago.
enum Turn {
    Writes(i64, &'static str),
    Replies(i64, UserId, &'static str),
    Tags(i64, UserId, &'static str),
    Snoozes(i64, UserId, u32),
    Moves(i64, UserId, Queue),
}

use Turn::{Moves, Replies, Snoozes, Tags, Writes};

const HOUR: i64 = 60;
const DAY: i64 = 24 * HOUR;

struct Told {
    customer: &'static str,
    number: &'static str,
    turns: &'static [Turn],
}

const fn with(customer: &'static str, number: &'static str, turns: &'static [Turn]) -> Told {
    Told { customer, number, turns }
}

const OF_ORDERS: [Told; 12] = [
    with("Lena Brandt", "4915100000001", &[Writes(4, "Good morning! Do you still have rye loaves today?")]),
    with("Omar Haddad", "4915100000002", &[Writes(38, "Can I change my order for Saturday to two loaves?")]),
    with(
        "Greta Holm",
        "4915100000003",
        &[
            Writes(3 * HOUR, "The cake was wonderful, thank you."),
            Writes(2 * HOUR, "May I order the same for my daughter, on the 12th?"),
            Tags(2 * HOUR - 5, CEM, "cake"),
        ],
    ),
    with("Paul Wieser", "4915100000004", &[Writes(70 * HOUR, "Is the bread free of nuts?")]),
    with(
        "Ines Costa",
        "4915100000005",
        &[
            Writes(9 * HOUR, "What does delivery cost to Altona?"),
            Replies(8 * HOUR, ANA, "Four euros, and nothing from thirty euros on. Shall I put it down for you?"),
        ],
    ),
    with(
        "Tomasz Zieliński",
        "4915100000006",
        &[Writes(26 * HOUR, "Do you bake on Sunday?"), Replies(23 * HOUR + 30, ANA, "From six to eleven, yes.")],
    ),
    with(
        "Yuki Tanaka",
        "4915100000007",
        &[
            Writes(5 * HOUR, "I paid twice, please look."),
            Tags(5 * HOUR - 3, CEM, "refund"),
            Replies(4 * HOUR, CEM, "I see it. The second payment goes back today."),
            Snoozes(4 * HOUR - 2, CEM, 18 * 60),
        ],
    ),
    with(
        "Mina Rahimi",
        "4915100000008",
        &[Writes(3 * DAY, "Do you have vegan croissants?"), Replies(3 * DAY - 20, ANA, "On Fridays and Saturdays.")],
    ),
    with(
        "Jonas Vik",
        "4915100000009",
        &[
            Writes(2 * DAY, "Please cancel order 118."),
            Replies(2 * DAY - 12, ANA, "It is cancelled."),
            Moves(2 * DAY - 15, ANA, Queue::Resolved),
        ],
    ),
    with(
        "Aylin Demir",
        "4915100000010",
        &[
            Writes(6 * HOUR, "Where is my delivery? It should have been here at nine."),
            Tags(6 * HOUR - 2, ANA, "delivery"),
            Replies(6 * HOUR - 4, ANA, "The driver is ten minutes away, I am sorry."),
            Writes(5 * HOUR, "Still nothing."),
        ],
    ),
    with(
        "Carlo Ferri",
        "4915100000011",
        &[
            Writes(11 * HOUR, "Ciao, do you take orders for weddings?"),
            Replies(10 * HOUR, CEM, "We do. How many guests?"),
            Writes(50, "A hundred and twenty, in June."),
        ],
    ),
    with("Ruth Adler", "4915100000012", &[Writes(12, "Which of your breads keeps longest?")]),
];

const OF_WHOLESALE: [Told; 2] = [
    with("Café Anker", "4940000000021", &[Writes(90, "Forty rolls instead of thirty from Monday on, please.")]),
    with(
        "Hotel Elbblick",
        "4940000000022",
        &[Writes(30 * HOUR, "Can you deliver at five?"), Replies(29 * HOUR, DANA, "From next week on, yes.")],
    ),
];

impl Seed<'_> {
    pub(super) async fn conversations(&self) -> Result<(), Backend> {
        for story in &OF_ORDERS {
            self.conversation(ORDERS, story).await?;
        }
        for story in &OF_WHOLESALE {
            self.conversation(WHOLESALE, story).await?;
        }
        Ok(())
    }

    async fn conversation(&self, channel: ChannelId, story: &Told) -> Result<(), Backend> {
        // The same id as a message from this customer makes: what they write next is in the same conversation.
        let id = clock::id_from(&["conversation", &channel.to_string(), story.number]);
        let id = ConversationId::new(channel.organisation(), id);
        let (wa_id, name) = (story.number.to_owned(), story.customer.to_owned());
        self.app.host.note_conversation(&Spot { id, channel, wa_id, name }).await?;
        for (n, turn) in story.turns.iter().enumerate() {
            if n == 0 {
                let at = self.ago(turn.minutes_ago());
                let begin = CommandId::new(clock::id_from(&["begin", &id.to_string()]));
                let by = whatsapp_inbox::service::Request::new(begin, Actor::Customer, at);
                let answer = self.app.service.conversation(id, Command::Begin { id, channel }, &by).await;
                told(&[story.customer, "begins"], answer)?;
            }
            self.turn(id, story, n, turn).await?;
        }
        Ok(())
    }

    async fn turn(&self, id: ConversationId, story: &Told, n: usize, turn: &Turn) -> Result<(), Backend> {
        let n = n.to_string();
        let what = [story.number, n.as_str()];
        let message = MessageId::new(clock::id_from(&what));
        let at: Instant = self.ago(turn.minutes_ago());
        let (actor, command) = match *turn {
            Writes(_, text) => {
                self.app.host.keep_received(id, message, text, at).await?;
                (Actor::Customer, Command::Receive { message, sent_at: Some(at) })
            }
            Replies(_, who, text) => {
                self.app.host.keep_asked(id, message, Written::text(who, text), at).await?;
                self.app.host.move_message(Outgoing { conversation: id, message }, ("asked", "read"), at).await?;
                (Actor::User(who), Command::Reply { message, kind: MessageKind::FreeText })
            }
            Tags(_, who, tag) => {
                let tag = Label::new(tag).map_err(Backend::new)?;
                (Actor::User(who), Command::EditTags { add: vec![tag], remove: Vec::new() })
            }
            Snoozes(_, who, minutes) => (Actor::User(who), Command::Snooze { until: at.plus_minutes(minutes) }),
            Moves(_, who, to) => (Actor::User(who), Command::Move { to }),
        };
        told(&what, self.app.service.conversation(id, command, &request(&what, actor, at)).await)
    }
}

impl Turn {
    const fn minutes_ago(&self) -> i64 {
        match self {
            Writes(at, _) | Replies(at, ..) | Tags(at, ..) | Snoozes(at, ..) | Moves(at, ..) => *at,
        }
    }
}
