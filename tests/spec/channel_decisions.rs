//! The golden table of a channel: every state, with every kind of command from every actor.
//!
//! `UPDATE_GOLDEN=1 cargo test --test spec` writes the table anew.

use std::fmt::Write;

use whatsapp_inbox::access::{AccessChange, Grant, Role};
use whatsapp_inbox::channel::{Command, Event, Kind, Leaver, Loss, Opening, Refused};
use whatsapp_inbox::decider::{Actor, Class, Party, Refusal};
use whatsapp_inbox::rule::Explain;

use crate::case::*;
use crate::channel_case::*;
use crate::golden::golden;

const ACTORS: [(&str, Actor, Option<Role>); 13] = [
    ("admin", ADMIN, None),
    ("viewer", USER, Some(Role::Viewer)),
    ("contributor", USER, Some(Role::Contributor)),
    ("supervisor", USER, Some(Role::Supervisor)),
    ("user without a role", USER, None),
    ("foreign admin", FOREIGN_ADMIN, Some(Role::Supervisor)),
    ("operator", OPERATOR, None),
    ("Meta", META, None),
    ("Graph API", GRAPH, None),
    ("observed", OBSERVED, None),
    ("system", Actor::System, None),
    ("customer", Actor::Customer, None),
    ("brand's phone", Actor::BrandPhone, None),
];

/// Every state that a command can meet. A grant has ended in each of them, so that a tick has something to note.
fn states() -> Vec<(&'static str, ChannelCase)> {
    let grants = [Grant::user_until(user(30), Role::Viewer, at("2026-01-05T09:01:00Z")), Grant::Team(TEAM)];
    let mut closed = ChannelCase::open(grants);
    closed.does(ADMIN, Command::Close);
    let mut lost = ChannelCase::open(grants);
    lost.does(META, lose(Loss::Offboarded));
    let mut elsewhere_closed = ChannelCase::elsewhere(grants);
    elsewhere_closed.does(ADMIN, Command::Close);
    let mut states = vec![
        ("not opened", ChannelCase::new()),
        ("open", ChannelCase::open(grants)),
        ("closed by an admin", closed),
        ("lost at Meta", lost),
        ("not on WhatsApp", ChannelCase::elsewhere(grants)),
        ("not on WhatsApp, closed", elsewhere_closed),
    ];
    for (_, case) in &mut states {
        case.minutes(2);
    }
    states
}

/// A well-formed command of a kind, on the versions there are.
fn command(kind: Kind, case: &ChannelCase) -> Command {
    match kind {
        Kind::Open => Command::Open(Box::new(Opening::new(CHANNEL, channel_name(NAME)).on_whatsapp(line()))),
        Kind::ChangeSettings => case.rename("Orders"),
        Kind::ChangeAccess => case.access([AccessChange::Grant(Grant::ALL_USERS)]),
        Kind::Forget => Command::Forget(Leaver::Team(TEAM)),
        Kind::Close => Command::Close,
        Kind::LoseAccount => lose(Loss::AccountDeleted),
        Kind::Tick => Command::Tick,
        other => panic!("{other:?} has no command in this table"),
    }
}

fn decided(case: &ChannelCase, actor: Actor, role: Option<Role>, command: Command) -> Result<Vec<Event>, Refused> {
    let mut case = case.clone();
    if let Some(user) = actor.user() {
        case.with_role(user, role);
    }
    case.tries(actor, command)
}

/// The events of an accepted command, or the code of the refusal.
fn outcome(decided: Result<Vec<Event>, Refused>) -> String {
    let name = |event: &Event| {
        let json = serde_json::to_value(&event.change).expect("an event is JSON");
        let name = json.as_object().and_then(|change| change.keys().next().cloned());
        format!("**{}**", name.expect("an event has a name"))
    };
    match decided {
        Err(refused) => refused.code().to_owned(),
        Ok(events) if events.is_empty() => "nothing".to_owned(),
        Ok(events) => events.iter().map(name).collect::<Vec<_>>().join(" + "),
    }
}

#[test]
fn channel_close_and_settings_admin_only_decide_as_in_the_golden_table() {
    let mut table = "# Every state of a channel × kind of command × actor\n\n\
                     Bold: the events of an accepted command. Otherwise: the code of the refusal.\n"
        .to_owned();
    for (state, case) in states() {
        let _ = write!(table, "\n## {state}\n\n| command | outcomes |\n| --- | --- |\n");
        for kind in Kind::ALL {
            let mut outcomes: Vec<(String, Vec<&str>)> = Vec::new();
            for (who, actor, role) in ACTORS {
                let outcome = outcome(decided(&case, actor, role, command(kind, &case)));
                match outcomes.iter_mut().find(|(same, _)| *same == outcome) {
                    Some((_, actors)) => actors.push(who),
                    None => outcomes.push((outcome, vec![who])),
                }
            }
            let outcomes = outcomes.iter().map(|(outcome, actors)| format!("{outcome} ({})", actors.join(", ")));
            let _ = writeln!(table, "| {kind:?} | {} |", outcomes.collect::<Vec<_>>().join("; "));
        }
    }
    golden("channel-decisions.md", &table);
}

#[test]
fn settings_admin_only_lets_no_role_and_no_other_actor_change_anything() {
    let mut tried = 0;
    for (state, case) in states() {
        for kind in [Kind::ChangeSettings, Kind::ChangeAccess, Kind::Close] {
            for (who, actor, role) in ACTORS.into_iter().filter(|(who, ..)| *who != "admin") {
                // Given anybody but an account admin, whatever their role, then the change is refused for who they are.
                let refused = decided(&case, actor, role, command(kind, &case)).unwrap_err();
                let wanted = match (who, actor.party()) {
                    ("foreign admin" | "user without a role", _) => Refused::NotFound,
                    ("viewer" | "contributor" | "supervisor", _) if state == "not opened" => Refused::NotFound,
                    (_, Party::Brand) => Refused::AdminOnly { act: kind },
                    _ => Refused::WrongActor { act: kind },
                };
                assert_eq!(refused, wanted, "{kind:?} by {who} in {state}");
                tried += 1;
            }
        }
    }
    assert_eq!(tried, 6 * 3 * 12);
}

#[test]
fn access_not_found_is_one_answer_whatever_is_asked_for() {
    // Given somebody of the brand's who may not view the channel, then every kind of command has the same answer as where
    // there is none.
    for kind in Kind::ALL {
        for (_, case) in states() {
            for (actor, role) in [(USER, None), (FOREIGN_ADMIN, None), (FOREIGN_ADMIN, Some(Role::Supervisor))] {
                assert_eq!(decided(&case, actor, role, command(kind, &case)), Err(Refused::NotFound));
            }
        }
        assert_eq!(
            decided(&ChannelCase::new(), ADMIN, None, command(kind, &ChannelCase::new())),
            Err(Refused::NotFound)
        );
        // A role that was looked up elsewhere finds nothing in another organisation's channel.
        let theirs = Actor::User(whatsapp_inbox::id::UserId::new(OTHER_ORGANISATION, user(11).uuid()));
        let case = ChannelCase::open([]);
        assert_eq!(decided(&case, theirs, Some(Role::Supervisor), command(kind, &case)), Err(Refused::NotFound));
    }
}

#[test]
fn core_total_a_channel_allows_exactly_what_no_situation_refuses() {
    let (mut allowed, mut refused) = (0, 0);
    for (state, case) in states() {
        for (who, actor, role) in ACTORS {
            let listed: Vec<Kind> = case.state.allowed(actor).collect();
            for kind in Kind::ALL {
                // Given any state, actor and kind, then the kind is listed if and only if the situation does not refuse it.
                let decided = decided(&case, actor, role, command(kind, &case));
                let in_the_way = decided.as_ref().is_err_and(|refused| refused.class() == Class::Situation);
                assert_eq!(listed.contains(&kind), !in_the_way, "{kind:?} by {who} in {state}: {decided:?}");
                if in_the_way { refused += 1 } else { allowed += 1 }
            }
        }
    }
    assert_eq!((allowed + refused, allowed), (6 * 13 * 7, 2 + 9 + 7 + 7 + 6 + 4), "allowed, state by state");
}

#[test]
fn core_total_a_channels_input_is_refused_as_input() {
    // Given a command that may be given now, when its parameters will not do, then the refusal says so: it is no situation.
    let case = ChannelCase::open([]);
    let foreign = whatsapp_inbox::id::TeamId::new(OTHER_ORGANISATION, TEAM.uuid());
    let stale = Command::ChangeAccess { on: whatsapp_inbox::decider::Version::new(3), changes: Vec::new() };
    for (command, code) in [
        (Command::Forget(Leaver::Team(foreign)), "other-organisation"),
        (case.access([AccessChange::Grant(Grant::user_until(user(30), Role::Viewer, case.now))]), "ends-in-past"),
        (stale, "old-access"),
    ] {
        let refused = decided(&case, ADMIN, None, command).unwrap_err();
        assert_eq!((refused.code(), refused.class()), (code, Class::Input));
    }
}
