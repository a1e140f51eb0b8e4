//! Who and what there is before the processes start: two organisations with people and channels, and conversations that were
//! begun minutes ago, so that warnings, closes and snoozes come due while the processes are killed.

use std::sync::Arc;

use inbox_service::clock;
use inbox_service::graph::{Graph, Token};
use inbox_service::host::{Host, Spot};
use inbox_service::stored::Stored;
use whatsapp_inbox::access::{Grant, Principal, Role};
use whatsapp_inbox::channel::{self, Opening, WhatsAppLine};
use whatsapp_inbox::conversation::{Command, MessageKind};
use whatsapp_inbox::decider::{Actor, Policy, Version};
use whatsapp_inbox::id::{ChannelId, CommandId, ConversationId, MessageId, OperatorId, OrganisationId, TeamId, UserId};
use whatsapp_inbox::service::{Request, Service};
use whatsapp_inbox::settings::{ChannelName, Settings, SettingsDraft};
use whatsapp_inbox::time::Instant;
use whatsapp_inbox::uuid::Uuid;
use whatsapp_inbox::whatsapp::{PhoneNumber, PhoneNumberId, WabaId};

use super::random::Random;

/// The provider's person.
pub(crate) const OPERATOR: OperatorId = OperatorId::new(Uuid::from_u128(0x0be1));
/// The shortest window there is has ten minutes, and its warning goes out a minute before the end at the latest.
const WARNED_MS: i64 = 9 * 60_000;
/// The shortest snooze.
const SNOOZE_MS: i64 = 15 * 60_000;
/// So many conversations of an organisation become due, and so many wake.
const DUE: u64 = 50;
const SNOOZED: u64 = 15;

/// A number that customers write to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Line {
    pub(crate) channel: ChannelId,
    pub(crate) number: PhoneNumber,
    /// Its id at Meta.
    pub(crate) phone_number: String,
    pub(crate) account: String,
}

/// An organisation with its people and the channels that it has from the beginning.
#[derive(Debug, Clone)]
pub(crate) struct Organisation {
    pub(crate) id: OrganisationId,
    pub(crate) admin: UserId,
    /// The first two by their team, the others by grants of their own.
    pub(crate) staff: [UserId; 4],
    /// Settings and access change in the first two, and the third closes. In the last conversations end by themselves.
    pub(crate) lines: [Line; 4],
}

impl Line {
    /// The conversation of a customer on it: the id is the one that the service makes.
    pub(crate) fn conversation(&self, customer: &str) -> ConversationId {
        let id = clock::id_from(&["conversation", &self.channel.to_string(), customer]);
        ConversationId::new(self.channel.organisation(), id)
    }
}

impl Organisation {
    pub(crate) fn new(n: u32) -> Self {
        let id = OrganisationId::new(Uuid::from_u128(0xba5e + u128::from(n)));
        let user = |user| UserId::new(id, Uuid::from_u128(user));
        let line = |place: u32| Line {
            channel: ChannelId::new(id, Uuid::from_u128(0xc0 + u128::from(place))),
            number: PhoneNumber::new(&format!("+49 40 1234{n}{place}0")).unwrap(),
            phone_number: format!("1065403522{n}{place}"),
            account: format!("1022901293{n}{place}"),
        };
        Self { id, admin: user(1), staff: [2, 3, 4, 5].map(user), lines: [0, 1, 2, 3].map(line) }
    }

    pub(crate) fn team(&self) -> TeamId {
        TeamId::new(self.id, Uuid::from_u128(0x7e1))
    }

    /// Who has access to each of its channels at first, and to those that are activated.
    pub(crate) fn grants(&self) -> Vec<Grant> {
        let [.., supervisor, contributor] = self.staff;
        let own = [Grant::user(supervisor, Role::Supervisor), Grant::user(contributor, Role::Contributor)];
        [Grant::ALL_USERS, Grant::Team(self.team())].into_iter().chain(own).collect()
    }
}

/// The service's rules in the test's process, over the same database.
pub(crate) type Rules = Service<Arc<Stored>, Arc<Host>, Graph>;

pub(crate) fn rules(host: &Arc<Host>, store: &Arc<Stored>, graph: &str) -> Rules {
    let graph = Graph::new(graph.parse().unwrap(), Token::new("test").unwrap(), Arc::clone(host)).unwrap();
    Service::new(Arc::clone(store), Arc::clone(host), graph)
}

/// Writes history.
pub(crate) struct History<'a> {
    pub(crate) host: &'a Host,
    pub(crate) rules: &'a Rules,
    pub(crate) now: Instant,
}

impl History<'_> {
    fn ago(&self, millis: i64) -> Instant {
        Instant::from_unix_millis(self.now.unix_millis() - millis).unwrap()
    }

    pub(crate) async fn organisation(&self, organisation: &Organisation) {
        let Organisation { id, admin, staff, lines } = organisation;
        self.host.add_organisation(*id, "Harbour Bakery", &Policy::default()).await.unwrap();
        self.host.add_operator(OPERATOR, "Oona").await.unwrap();
        self.host.add_team(organisation.team(), "Counter").await.unwrap();
        self.host.add_person(&Principal::admin(*admin), "Mara").await.unwrap();
        for (user, name) in staff.iter().zip(["Ana", "Ben", "Cem", "Dana"]) {
            let person = Principal::user(*user);
            let in_team = matches!(name, "Ana" | "Ben");
            let person = if in_team { person.in_team(organisation.team(), Role::Contributor) } else { person };
            self.host.add_person(&person, name).await.unwrap();
        }
        for (line, name) in lines.iter().zip(["Orders", "Desk", "Press", "Quick"]) {
            self.open(organisation, line, name).await;
        }
        self.quick(&lines[3], *admin).await;
    }

    async fn open(&self, organisation: &Organisation, line: &Line, name: &str) {
        let (account, phone_number) =
            (WabaId::new(&line.account).unwrap(), PhoneNumberId::new(&line.phone_number).unwrap());
        self.host.note_channel(line.channel, Some((&phone_number, &account))).await.unwrap();
        let opening = Opening::new(line.channel, ChannelName::new(name).unwrap()).with_grants(organisation.grants());
        let opening = opening.on_whatsapp(WhatsAppLine::new(line.number, phone_number, account));
        let by = self.by(Actor::System, self.ago(24 * 60 * 60_000));
        self.rules.channel(line.channel, channel::Command::Open(Box::new(opening)), &by).await.unwrap();
    }

    /// In this channel conversations end as soon as they may.
    async fn quick(&self, line: &Line, admin: UserId) {
        let form = r#"{"auto_resolve_new": {"after-minutes": 10}, "auto_resolve_pending": {"after-minutes": 10},
            "closing_warning": {"when-open": 1}}"#;
        let form: SettingsDraft = serde_json::from_str(form).unwrap();
        let standing = Settings::new(ChannelName::new("Quick").unwrap());
        let patch = Box::new(form.check(&standing, &Policy::default().auto_resolve).unwrap());
        let by = self.by(Actor::Admin(admin), self.ago(23 * 60 * 60_000));
        let change = channel::Command::ChangeSettings { on: Version::FIRST, patch };
        self.rules.channel(line.channel, change, &by).await.unwrap();
    }

    /// Conversations whose warnings and closes come due from now on, over so many milliseconds, and some that wake.
    pub(crate) async fn conversations(&self, organisation: &Organisation, over: u64, random: &mut Random) {
        let line = &organisation.lines[3];
        for n in 0..DUE + SNOOZED {
            let customer = format!("49151777{n:04}");
            let later = i64::try_from(random.below(over)).unwrap();
            let (wrote, snoozes) = if n < DUE {
                (self.ago(WARNED_MS - later), None)
            } else {
                (self.ago(SNOOZE_MS + 60_000), Some(self.ago(-later)))
            };
            let id = self.begun(line, &customer, wrote).await;
            let staff = *random.pick(&organisation.staff);
            if random.percent(50) {
                let message = MessageId::new(clock::new_id());
                let reply = Command::Reply { message, kind: MessageKind::FreeText };
                self.give(id, Actor::User(staff), wrote, reply).await;
            }
            if let Some(until) = snoozes {
                let snooze = Command::Snooze { until };
                self.give(id, Actor::User(organisation.staff[2]), self.ago(SNOOZE_MS + 1000), snooze).await;
            }
        }
    }

    /// A conversation that a customer has begun.
    pub(crate) async fn begun(&self, line: &Line, customer: &str, at: Instant) -> ConversationId {
        let id = line.conversation(customer);
        let (wa_id, name) = (customer.to_owned(), "Lena".to_owned());
        self.host.note_conversation(&Spot { id, channel: line.channel, wa_id, name }).await.unwrap();
        let begin = CommandId::new(clock::id_from(&["begin", &id.to_string()]));
        let by = Request::new(begin, Actor::Customer, at);
        self.rules.conversation(id, Command::Begin { id, channel: line.channel }, &by).await.unwrap();
        let message = MessageId::new(clock::new_id());
        self.give(id, Actor::Customer, at, Command::Receive { message, sent_at: Some(at) }).await;
        id
    }

    async fn give(&self, id: ConversationId, actor: Actor, at: Instant, command: Command) {
        self.rules.conversation(id, command, &self.by(actor, at)).await.unwrap();
    }

    #[expect(clippy::unused_self, reason = "history is told by its teller")]
    fn by(&self, actor: Actor, at: Instant) -> Request {
        Request::new(CommandId::new(clock::new_id()), actor, at)
    }
}
