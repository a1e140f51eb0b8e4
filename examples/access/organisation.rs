//! An organisation in a file, in names: reading it, and finding what a name or an id stands for.
//!
//! Ids follow from the place in the file, so the same file always gives the same ids.

use std::collections::BTreeMap;
use std::fs;

use serde::Deserialize;
use whatsapp_inbox::access::{Access, AccountRole, Action, Grant, Principal, Role, UnknownAction};
use whatsapp_inbox::channel::{Channel, Command, Event, Opening};
use whatsapp_inbox::decider::{Actor, Context, Decider, Policy};
use whatsapp_inbox::id::{ChannelId, CommandId, OrganisationId, TeamId, UserId};
use whatsapp_inbox::settings::ChannelName;
use whatsapp_inbox::time::Instant;
use whatsapp_inbox::uuid::Uuid;

const ORGANISATION: OrganisationId = OrganisationId::new(Uuid::from_u128(1));
const NEIGHBOUR: OrganisationId = OrganisationId::new(Uuid::from_u128(2));

/// The organisation, as the library knows it, with the names of everything.
pub struct Organisation {
    pub name: String,
    pub now: Instant,
    pub teams: Vec<Named<TeamId>>,
    pub people: Vec<Named<Principal>>,
    pub outsiders: Vec<Named<Principal>>,
    pub channels: Vec<Named<Channel>>,
    pub questions: Vec<Question>,
    pub switch_off: Option<SwitchOff>,
    pub delete_team: Option<String>,
}

/// Something with the id that the file gives it, and its name.
pub struct Named<T> {
    pub id: String,
    pub name: String,
    pub value: T,
}

/// Whether a person may do something in a channel.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Question {
    pub person: String,
    pub action: Action,
    pub channel: String,
}

/// An admin's wish to switch All users off in a channel.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SwitchOff {
    pub all_users_in: String,
    pub by: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    name: String,
    /// When its channels opened.
    since: Instant,
    now: Instant,
    teams: Vec<Team>,
    people: Vec<Person>,
    #[serde(default)]
    outsiders: Vec<Outsider>,
    channels: Vec<Opened>,
    #[serde(default)]
    questions: Vec<Question>,
    #[serde(default)]
    switch_off: Option<SwitchOff>,
    #[serde(default)]
    delete_team: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Team {
    id: String,
    name: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Person {
    id: String,
    name: String,
    #[serde(default)]
    account: AccountRole,
    #[serde(default)]
    teams: BTreeMap<String, Role>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Outsider {
    id: String,
    name: String,
    organisation: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Opened {
    id: String,
    name: ChannelName,
    grants: Vec<Given>,
}

/// A grant in the library's own JSON, with names in place of ids.
#[derive(Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
enum Given {
    User {
        user: String,
        role: Role,
        #[serde(default)]
        ends: Option<Instant>,
    },
    Team(String),
    AllUsers(Role),
    AllTeams,
}

/// Reads an organisation's file.
pub fn read(path: &str) -> Result<Organisation, String> {
    let text = fs::read_to_string(path).map_err(|error| format!("{path}: cannot be read: {error}"))?;
    parse(path, &text)
}

/// Reads the text of an organisation's file; the path is for errors alone.
pub fn parse(path: &str, text: &str) -> Result<Organisation, String> {
    let mut reader = serde_json::Deserializer::from_str(text);
    let file: File = serde_path_to_error::deserialize(&mut reader).map_err(|error| {
        let (field, inner) = (error.path().to_string(), error.inner());
        let (line, column, why) = (inner.line(), inner.column(), inner.to_string());
        let why = why.rsplit_once(" at line ").map_or(why.as_str(), |(why, _)| why);
        let field =
            if matches!(field.as_str(), "." | "?") { "the file".to_owned() } else { format!("field `{field}`") };
        format!("{path}:{line}:{column}: {field}: {why}")
    })?;
    reader.end().map_err(|_| format!("{path}: a file is one JSON object, and something follows this one"))?;
    file.named().map_err(|error| format!("{path}: {error}"))
}

impl File {
    fn named(self) -> Result<Organisation, String> {
        let outsiders = self.outsiders.iter().map(|outsider| &outsider.id);
        once("person", &self.people.iter().map(|person| &person.id).chain(outsiders))?;
        once("team", &self.teams.iter().map(|team| &team.id))?;
        once("channel", &self.channels.iter().map(|channel| &channel.id))?;
        let mut organisation = Organisation {
            name: self.name,
            now: self.now,
            teams: self.teams.into_iter().zip(200..).map(team).collect(),
            people: Vec::new(),
            outsiders: self.outsiders.into_iter().zip(100..).map(outsider).collect(),
            channels: Vec::new(),
            questions: self.questions,
            switch_off: self.switch_off,
            delete_team: self.delete_team,
        };
        for (place, person) in self.people.into_iter().enumerate() {
            let joined = organisation.joined(person, place);
            organisation.people.push(joined.map_err(|error| format!("field `people[{place}]`: {error}"))?);
        }
        for (place, channel) in self.channels.into_iter().enumerate() {
            let opened = organisation.opened(channel, place, self.since);
            organisation.channels.push(opened.map_err(|error| format!("field `channels[{place}]`: {error}"))?);
        }
        organisation.checked()?;
        Ok(organisation)
    }
}

fn team((Team { id, name }, number): (Team, u128)) -> Named<TeamId> {
    Named { id, name, value: TeamId::new(ORGANISATION, Uuid::from_u128(number)) }
}

/// With the number of the first person of ours: the same number in two organisations is two people.
fn outsider((outsider, number): (Outsider, u128)) -> Named<Principal> {
    let name = format!("{} of {}", outsider.name, outsider.organisation);
    Named { id: outsider.id, name, value: Principal::user(UserId::new(NEIGHBOUR, Uuid::from_u128(number))) }
}

impl Organisation {
    fn joined(&self, person: Person, place: usize) -> Result<Named<Principal>, String> {
        let user = UserId::new(ORGANISATION, Uuid::from_u128(100 + place as u128));
        let mut principal = match person.account {
            AccountRole::User => Principal::user(user),
            AccountRole::Admin => Principal::admin(user),
        };
        for (team, role) in &person.teams {
            principal = principal.in_team(find("team", &self.teams, team)?.value, *role);
        }
        Ok(Named { id: person.id, name: person.name, value: principal })
    }

    fn opened(&self, channel: Opened, place: usize, since: Instant) -> Result<Named<Channel>, String> {
        let id = ChannelId::new(ORGANISATION, Uuid::from_u128(300 + place as u128));
        let name = channel.name.as_str().to_owned();
        let grants = channel.grants.into_iter().map(|given| self.grant(given)).collect::<Result<Vec<_>, String>>()?;
        let open = Command::Open(Box::new(Opening::new(id, channel.name).with_grants(grants)));
        let events = given(&Channel::default(), open, Actor::System, None, since)?;
        Ok(Named { id: channel.id, name, value: Channel::replay(&events) })
    }

    fn grant(&self, given: Given) -> Result<Grant, String> {
        Ok(match given {
            Given::User { user, role, ends } => {
                let user = find("person", &self.people, &user)?.value.id();
                ends.map_or_else(|| Grant::user(user, role), |ends| Grant::user_until(user, role, ends))
            }
            Given::Team(team) => Grant::Team(find("team", &self.teams, &team)?.value),
            Given::AllUsers(role) => Grant::AllUsers(role),
            Given::AllTeams => Grant::AllTeams,
        })
    }

    /// Every name that the file asks about is there.
    fn checked(&self) -> Result<(), String> {
        for (place, question) in self.questions.iter().enumerate() {
            let found = self.person(&question.person).and_then(|_| self.channel(&question.channel));
            found.map_err(|error| format!("field `questions[{place}]`: {error}"))?;
        }
        if let Some(wish) = &self.switch_off {
            let found = self.person(&wish.by).and_then(|_| self.channel(&wish.all_users_in));
            found.map_err(|error| format!("field `switch_off`: {error}"))?;
        }
        if let Some(team) = &self.delete_team {
            find("team", &self.teams, team).map_err(|error| format!("field `delete_team`: {error}"))?;
        }
        Ok(())
    }

    /// A question in words, as a command line has it.
    pub fn question(&self, person: &str, action: &str, channel: &str) -> Result<Question, String> {
        self.person(person)?;
        let action = action.parse().map_err(|error: UnknownAction| error.to_string())?;
        self.channel(channel)?;
        Ok(Question { person: person.to_owned(), action, channel: channel.to_owned() })
    }

    pub fn person(&self, id: &str) -> Result<&Named<Principal>, String> {
        find("person", self.people.iter().chain(&self.outsiders), id)
    }

    pub fn channel(&self, id: &str) -> Result<&Named<Channel>, String> {
        find("channel", &self.channels, id)
    }

    pub fn user_name(&self, user: UserId) -> &str {
        let mut all = self.people.iter().chain(&self.outsiders);
        all.find(|person| person.value.id() == user).map_or("somebody", |person| &person.name)
    }

    pub fn team_name(&self, id: TeamId) -> &str {
        self.teams.iter().find(|team| team.value == id).map_or("a team", |team| &team.name)
    }

    pub fn channel_name(&self, id: ChannelId) -> &str {
        self.channels.iter().find(|channel| channel.value.id() == Some(id)).map_or("a channel", |channel| &channel.name)
    }

    /// The people of the organisation itself, as the library asks for them.
    pub fn principals(&self) -> Vec<Principal> {
        self.people.iter().map(|person| person.value.clone()).collect()
    }

    pub fn accesses(&self) -> Vec<Access> {
        self.channels.iter().filter_map(|channel| channel.value.access()).cloned().collect()
    }

    /// A line of JSON with names where the library writes ids.
    pub fn in_names(&self, json: &str) -> String {
        let people = self.people.iter().map(|person| (person.value.id().to_string(), &person.id));
        let teams = self.teams.iter().map(|team| (team.value.to_string(), &team.id));
        people.chain(teams).fold(json.to_owned(), |json, (id, name)| json.replace(&id, name))
    }
}

/// The events that a command leads to. The role is what a person who is no account admin has here.
pub fn given(
    channel: &Channel,
    command: Command,
    by: Actor,
    role: Option<Role>,
    at: Instant,
) -> Result<Vec<Event>, String> {
    let policy = Policy::default();
    let context = Context::new(at, by, CommandId::new(Uuid::from_u128(1)), &policy).with_role(role);
    channel.decide(command, &context).map_err(|refused| refused.to_string())
}

fn find<'a, T>(
    what: &str,
    among: impl IntoIterator<Item = &'a Named<T>, IntoIter: Clone>,
    id: &str,
) -> Result<&'a Named<T>, String> {
    let among = among.into_iter();
    among.clone().find(|named| named.id == id).ok_or_else(|| {
        let ids: Vec<&str> = among.map(|named| named.id.as_str()).collect();
        format!("there is no {what} `{id}`; there are {}", ids.join(", "))
    })
}

fn once<'a>(what: &str, ids: &(impl Iterator<Item = &'a String> + Clone)) -> Result<(), String> {
    let twice = ids.clone().find(|id| ids.clone().filter(|other| other == id).count() > 1);
    twice.map_or(Ok(()), |id| Err(format!("there is more than one {what} `{id}`")))
}
