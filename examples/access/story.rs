//! The story: questions and their answers, the matrix, All users switched off, a team deleted.

use std::collections::BTreeMap;
use std::path::Path;

use whatsapp_inbox::access::{AccessChange, Action, Holder, Impact, Role, RoleChange, Warning};
use whatsapp_inbox::channel::{Channel, Command, Departure, Leaver};
use whatsapp_inbox::decider::{Actor, Decider};
use whatsapp_inbox::id::{ChannelId, UserId};

use crate::answer::{answer, date, matrix, name};
use crate::organisation::{self, Organisation, SwitchOff, given};
use crate::paint::{Paint, wrap};

const HELP: &str = "\
Tells who may do what in an organisation, and why.

  cargo run --example access                      the story of a bakery
  cargo run --example access -- ana reply orders  one question: person, action, channel
  cargo run --example access -- mine.json         the story of an organisation of yours
  cargo run --example access -- mine.json ana reply orders

examples/data/organisation.json shows the format. A wrong name lists those there are.
";

/// What the arguments of a command line ask for.
pub fn run(shipped: &str, arguments: &[String], paint: Paint) -> Result<String, String> {
    if arguments.iter().any(|argument| argument == "--help" || argument == "-h") {
        return Ok(HELP.to_owned());
    }
    let is_file = |argument: &String| Path::new(argument).extension().is_some_and(|extension| extension == "json");
    let (path, question) = match arguments.split_first() {
        Some((first, rest)) if is_file(first) => (first.as_str(), rest),
        _ => (shipped, arguments),
    };
    let organisation = organisation::read(path)?;
    match question {
        [] => tell(organisation, paint),
        [person, action, channel] => answer(&organisation, &organisation.question(person, action, channel)?, paint),
        _ => Err("a question is a person, an action and a channel, such as: ana reply orders".to_owned()),
    }
}

/// The whole story.
pub fn tell(organisation: Organisation, paint: Paint) -> Result<String, String> {
    let mut story = Story { organisation, paint, text: String::new() };
    story.questions()?;
    story.who_is_what();
    if let Some(wish) = story.organisation.switch_off.clone() {
        story.all_users_off(&wish)?;
    }
    if let Some(team) = story.organisation.delete_team.clone() {
        story.team_deleted(&team)?;
    }
    Ok(story.text)
}

struct Story {
    organisation: Organisation,
    paint: Paint,
    text: String,
}

/// Who is what where.
type Roles = BTreeMap<(ChannelId, UserId), Option<Role>>;

impl Story {
    fn questions(&mut self) -> Result<(), String> {
        let now = date(self.organisation.now);
        self.title(&format!("{} on {now}: may they, and why?", self.organisation.name));
        self.paragraph(
            "The reasons are for admins and the record. A person who may not is told what stands after “told”, and who may \
             not even view a channel is not told that it exists.",
        );
        for question in &self.organisation.questions {
            self.text.push('\n');
            self.text += &answer(&self.organisation, question, self.paint)?;
        }
        Ok(())
    }

    fn who_is_what(&mut self) {
        self.title("Who is what where");
        self.text += &matrix(&self.organisation, self.paint);
    }

    /// What it would mean, then the same in earnest.
    fn all_users_off(&mut self, wish: &SwitchOff) -> Result<(), String> {
        let admin = self.organisation.person(&wish.by)?;
        let by = Actor::of(&admin.value);
        let admin = admin.name.clone();
        let channel = self.organisation.channel(&wish.all_users_in)?;
        let (name, version) = (channel.name.clone(), channel.value.access_version());
        let id = channel.value.id().ok_or("a channel that has not opened")?;
        let changes = vec![AccessChange::Revoke(Holder::AllUsers)];

        let (people, channels) = (self.organisation.principals(), self.organisation.accesses());
        let access = channel.value.access().ok_or("a channel that has not opened")?;
        let told = access.impact(&changes, &people, &channels, self.organisation.now);
        let told = told.map_err(|error| error.to_string())?;
        self.title(&format!("What if All users is switched off in {name}?"));
        self.impact(&told);

        self.title(&format!("{admin} does it, on version {version} of the access"));
        let roles = self.roles();
        let command = || Command::ChangeAccess { on: version, changes: changes.clone() };
        self.give(id, command(), by).map_err(|refused| format!("{admin} is refused: {refused}"))?;
        self.compare(&roles, &told)?;
        match self.give(id, command(), by) {
            Ok(_) => Err("a change on an old version was taken".to_owned()),
            Err(refused) => {
                self.paragraph(&format!("The same once more is refused: {refused}."));
                Ok(())
            }
        }
    }

    fn team_deleted(&mut self, team: &str) -> Result<(), String> {
        let team = self.organisation.teams.iter().find(|known| known.id == team).ok_or("there is no such team")?;
        let (leaver, name) = (Leaver::Team(team.value), team.name.clone());
        self.title(&format!("What if the team {name} is deleted?"));
        let people = self.organisation.principals();
        let channels = self.organisation.channels.iter().map(|channel| &channel.value);
        let departure = Departure::of(leaver, &people, channels, self.organisation.now);
        let departure = departure.map_err(|error| error.to_string())?;
        self.impact(&departure.impact);

        self.title("It is deleted, and the channels that had it forget it");
        let roles = self.roles();
        for person in &mut self.organisation.people {
            if let Leaver::Team(team) = leaver {
                person.value = person.value.clone().without_team(team);
            }
        }
        for (channel, command) in departure.commands {
            self.paragraph(&format!("{}:", self.organisation.channel_name(channel)));
            self.give(channel, command.clone(), Actor::System)?;
            if self.give(channel, command, Actor::System)? > 0 {
                return Err("a team was forgotten twice".to_owned());
            }
        }
        self.compare(&roles, &departure.impact)?;
        self.paragraph("Each was asked twice, and the second time there was nothing left to do.");
        self.title("And so in the end");
        self.text += &matrix(&self.organisation, self.paint);
        Ok(())
    }

    /// Gives a command to a channel, writes down what happened and what is to be done, and tells how many events there were.
    fn give(&mut self, id: ChannelId, command: Command, by: Actor) -> Result<usize, String> {
        let now = self.organisation.now;
        let place = self.organisation.channels.iter().position(|channel| channel.value.id() == Some(id));
        let place = place.ok_or("there is no such channel")?;
        let channel = &self.organisation.channels[place].value;
        let person = self.organisation.people.iter().find(|person| by.user() == Some(person.value.id()));
        let role = channel.access().zip(person).and_then(|(access, person)| access.role(&person.value, now));
        let events = given(channel, command, by, role, now)?;
        let after = events.iter().fold(channel.clone(), Channel::evolve);
        self.organisation.channels[place].value = after;
        for event in &events {
            self.json("event", serde_json::to_string(event))?;
            for effect in Channel::effects(event) {
                self.json("to do", serde_json::to_string(&effect))?;
            }
        }
        Ok(events.len())
    }

    fn json(&mut self, what: &str, line: serde_json::Result<String>) -> Result<(), String> {
        let line = self.organisation.in_names(&line.map_err(|error| error.to_string())?);
        let line = format!("  {what}  {}", self.paint.faint(line));
        self.line(&line);
        Ok(())
    }

    fn roles(&self) -> Roles {
        let (people, accesses) = (self.organisation.principals(), self.organisation.accesses());
        let pairs = accesses.iter().flat_map(|access| people.iter().map(move |person| (access, person)));
        pairs
            .map(|(access, person)| ((access.channel(), person.id()), access.role(person, self.organisation.now)))
            .collect()
    }

    /// Asks for everybody's role everywhere again, and holds the difference to what was told.
    fn compare(&mut self, before: &Roles, told: &Impact) -> Result<(), String> {
        let after = self.roles();
        let found = after.iter().filter(|(place, role)| before.get(place) != Some(*role));
        let found: Vec<_> = found.map(|((channel, user), is)| (*channel, *user, *is)).collect();
        let foretold: Vec<_> = told.changes.iter().map(|change| (change.channel, change.user, change.is)).collect();
        if found != foretold {
            return Err(format!("{} roles differ, and {} were foretold", found.len(), foretold.len()));
        }
        let (all, differ) = (after.len(), found.len());
        self.paragraph(&format!("All {all} roles asked for again: {differ} differ, exactly those foretold."));
        Ok(())
    }

    /// Who loses what, those with the same loss together; then the warnings.
    fn impact(&mut self, impact: &Impact) {
        let mut losses: BTreeMap<(Option<Role>, Option<Role>), Vec<RoleChange>> = BTreeMap::new();
        for change in &impact.changes {
            losses.entry((change.was, change.is)).or_default().push(*change);
        }
        let mut lines = Vec::new();
        for ((was, is), changes) in losses {
            lines.push(format!("  {} → {}", name(was), name(is)));
            lines.extend(wrap(&self.who_and_where(&changes), 4).into_iter().map(|line| format!("    {line}")));
            let lost: Vec<&str> =
                changes.first().into_iter().flat_map(|change| change.lost()).map(Action::title).collect();
            let lost = wrap(&format!("can no longer: {}", lost.join(", ")), 4);
            lines.extend(lost.into_iter().map(|line| self.paint.faint(format!("    {line}"))));
        }
        for warning in &impact.warnings {
            let warning = match *warning {
                Warning::NobodyMayReply { channel } => {
                    format!("in {} nobody may reply any more", self.organisation.channel_name(channel))
                }
                Warning::NoChannel { user } => format!("{} has no channel any more", self.organisation.user_name(user)),
                other => other.to_string(),
            };
            lines.push(self.paint.waits(format!("  ! {warning}")));
        }
        self.line(&lines.join("\n"));
    }

    /// Each person once, with the channels: `Ana Lopes (Orders, Feedback)`.
    fn who_and_where(&self, changes: &[RoleChange]) -> String {
        let mut channels: BTreeMap<UserId, Vec<&str>> = BTreeMap::new();
        for change in changes {
            channels.entry(change.user).or_default().push(self.organisation.channel_name(change.channel));
        }
        let people = channels.into_iter();
        let people =
            people.map(|(user, channels)| format!("{} ({})", self.organisation.user_name(user), channels.join(", ")));
        people.collect::<Vec<_>>().join(", ")
    }

    fn title(&mut self, title: &str) {
        if !self.text.is_empty() {
            self.line("");
        }
        let title = self.paint.strong(format!("== {title}"));
        self.line(&title);
    }

    fn paragraph(&mut self, text: &str) {
        for line in wrap(text, 2) {
            self.line(&format!("  {line}"));
        }
    }

    fn line(&mut self, line: &str) {
        self.text.push_str(line);
        self.text.push('\n');
    }
}
