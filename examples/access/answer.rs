//! Answers in names: may this person do this here, and why; and who is what where.

use whatsapp_inbox::access::{AccountRole, Least, Path, Principal, Reason, Role, Why};
use whatsapp_inbox::channel::Channel;
use whatsapp_inbox::chrono::{DateTime, Utc};
use whatsapp_inbox::time::Instant;

use crate::organisation::{Named, Organisation, Question};
use crate::paint::{Paint, wrap};

/// A question, its answer with every path that led to it, and what the person is told.
pub fn answer(organisation: &Organisation, question: &Question, paint: Paint) -> Result<String, String> {
    let person = organisation.person(&question.person)?;
    let channel = organisation.channel(&question.channel)?;
    let access = channel.value.access().ok_or("a channel that has not opened")?;
    let (principal, action, now) = (&person.value, question.action, organisation.now);

    let why = access.why(principal, action, now);
    let mut lines = vec![paint.strong(format!("{}: may {} {action}?", channel.name, person.name))];
    let because = because(&why, person);
    lines.push(if why.allowed {
        paint.good(format!("  yes: {because}"))
    } else {
        paint.bad(format!("  no: {because}"))
    });
    if why.needed != Least::Admin {
        lines.extend(paths(organisation, &why).into_iter().map(|path| format!("    {path}")));
    }
    if let Some(told) = &why.told {
        let told = wrap(&format!("told: “{told}”"), 4);
        lines.extend(told.into_iter().map(|line| paint.faint(format!("    {line}"))));
    }
    Ok(lines.join("\n") + "\n")
}

/// The true reason, in a sentence.
fn because(why: &Why, person: &Named<Principal>) -> String {
    let name = &person.name;
    let counts = if why.paths.len() > 1 { ", and the highest of these counts" } else { "" };
    match (why.reason, why.needed) {
        (None, Least::Admin) => format!("it takes an account admin, as {name} is"),
        (None, Least::Role(needed)) => format!("it takes a {needed}{counts}"),
        (Some(Reason::RoleTooLow { needed, held }), _) => {
            format!("it takes a {needed}, and {name} is a {held}{counts}")
        }
        (Some(Reason::AdminOnly), _) => format!("it takes an account admin, and {name} is none"),
        (Some(Reason::Ended { at }), _) => format!("the access of {name} ended on {}", date(at)),
        (Some(Reason::NoAccess), _) if person.value.account() == AccountRole::Admin => {
            format!("{name} has no role here; being an account admin gives none")
        }
        (Some(Reason::NoAccess), _) => format!("{name} has no role here"),
        (Some(reason), _) => reason.to_string(),
    }
}

/// The paths, the highest role first, and the one that has ended.
fn paths(organisation: &Organisation, why: &Why) -> Vec<String> {
    let mut paths = why.paths.clone();
    paths.sort_by_key(|path| std::cmp::Reverse(path.role()));
    let now = paths.into_iter().map(|path| by(organisation, path, "until"));
    now.chain(why.ended.map(|path| by(organisation, path, "ended on"))).collect()
}

fn by(organisation: &Organisation, path: Path, end: &str) -> String {
    let way = match path {
        Path::Direct { ends: None, .. } => "by an own grant".to_owned(),
        Path::Direct { ends: Some(at), .. } => format!("by an own grant, {end} {}", date(at)),
        Path::Team { team, .. } => format!("in team {}", organisation.team_name(team)),
        Path::AllUsers { .. } => "as one of all users".to_owned(),
        Path::AllTeams { team, .. } => format!("in team {}, as all teams have access", organisation.team_name(team)),
    };
    format!("{:<11}  {way}", path.role().name())
}

/// People and channels, and the role of each in each.
pub fn matrix(organisation: &Organisation, paint: Paint) -> String {
    let label = |person: &Named<Principal>| match person.value.account() {
        AccountRole::Admin => format!("{} *", person.name),
        AccountRole::User => person.name.clone(),
    };
    let widest = organisation.people.iter().map(|person| label(person).chars().count()).max().unwrap_or_default();
    let columns = organisation.channels.iter().map(|channel| (channel, channel.name.chars().count().max(11)));
    let columns: Vec<(&Named<Channel>, usize)> = columns.collect();
    let row = |first: &str, cells: Vec<String>| {
        let cells = cells.iter().zip(&columns).map(|(cell, (_, width))| format!("  {cell:<width$}"));
        format!("  {first:<widest$}{}", cells.collect::<String>()).trim_end().to_owned()
    };
    let head = row("", columns.iter().map(|(channel, _)| channel.name.clone()).collect());
    let mut lines = vec![paint.faint(head)];
    for person in &organisation.people {
        let role = |channel: &Named<Channel>| {
            channel.value.access().and_then(|access| access.role(&person.value, organisation.now))
        };
        lines.push(row(&label(person), columns.iter().map(|(channel, _)| name(role(channel)).to_owned()).collect()));
    }
    lines.push(paint.faint("  * account admin: changes settings and access everywhere, whatever the role"));
    lines.join("\n") + "\n"
}

/// A role, or a dash for none.
pub fn name(role: Option<Role>) -> &'static str {
    role.map_or("–", Role::name)
}

/// A day and a time, in UTC.
pub fn date(at: Instant) -> String {
    DateTime::<Utc>::from(at).format("%-d %b %Y at %H:%M UTC").to_string()
}
