//! A team's own policy, on top of what the crate decides anyway: one short function for each rule.
//!
//! `cargo run --example policy_test` tells which rules hold, `cargo test --example policy_test` fails where one does not.

use std::error::Error;
use std::process::ExitCode;

use whatsapp_inbox::access::{Access, Action, Grant, Principal, Role};
use whatsapp_inbox::decider::Policy;
use whatsapp_inbox::id::{ChannelId, OrganisationId, TeamId, UserId};
use whatsapp_inbox::settings::{AutoResolve, ChannelName, OpenQueue, Settings, Window, WindowBounds};
use whatsapp_inbox::time::Instant;
use whatsapp_inbox::uuid::Uuid;

/// A rule holds, or says who or what breaks it.
pub(crate) type Rule = fn(&House) -> Result<(), String>;

pub(crate) const RULES: [(&str, Rule); 6] = [
    ("no contributor ever closes a channel", no_contributor_ever_closes),
    ("interns never see reports", interns_never_see_reports),
    ("what is granted to one person ends within 90 days", personal_grants_end),
    ("in every channel two people may reply", two_people_may_reply),
    ("every channel resolves by itself within 30 days", every_channel_resolves),
    ("no admin can set a window of more than 30 days", no_admin_can_set_more),
];

fn no_contributor_ever_closes(house: &House) -> Result<(), String> {
    each(house, |channel, person| {
        let contributor = channel.access.role(&person.is, house.now) == Some(Role::Contributor);
        // Closing takes the same as changing the settings.
        let closes = channel.access.decide(&person.is, Action::ChangeSettings, house.now).is_allowed();
        ensure(!(contributor && closes), || format!("{} may close {}", person.name, channel.settings.name()))
    })
}

fn interns_never_see_reports(house: &House) -> Result<(), String> {
    each(house, |channel, person| {
        let intern = person.is.memberships().iter().any(|membership| membership.team == house.interns);
        let sees = channel.access.decide(&person.is, Action::ViewReports, house.now).is_allowed();
        ensure(!(intern && sees), || format!("{} sees the reports of {}", person.name, channel.settings.name()))
    })
}

fn personal_grants_end(house: &House) -> Result<(), String> {
    let latest = house.now.plus_days(90);
    for channel in &house.channels {
        let lasting =
            |grant: &Grant| matches!(grant, Grant::User { ends, .. } if ends.is_none_or(|ends| ends > latest));
        let found = channel.access.grants().find(lasting);
        ensure(found.is_none(), || format!("one in {} does not", channel.settings.name()))?;
    }
    Ok(())
}

fn two_people_may_reply(house: &House) -> Result<(), String> {
    house.channels.iter().try_for_each(|channel| {
        let people = house.people.iter().map(|person| &person.is);
        let count = channel.access.who_can(people, Action::Reply, house.now).count();
        ensure(count >= 2, || format!("in {} it is {count}", channel.settings.name()))
    })
}

fn every_channel_resolves(house: &House) -> Result<(), String> {
    for channel in &house.channels {
        for queue in OpenQueue::ALL {
            let window = channel.settings.window(queue, &house.policy.auto_resolve).value;
            let within = window.is_some_and(|window| window <= THIRTY_DAYS);
            let told = || window.map_or("never".to_owned(), |window| format!("after {window}"));
            ensure(within, || format!("{} resolves what is in {queue} {}", channel.settings.name(), told()))?;
        }
    }
    Ok(())
}

fn no_admin_can_set_more(house: &House) -> Result<(), String> {
    house.channels.iter().try_for_each(|channel| {
        let more = AutoResolve::After(Window::days(31).expect("a window"));
        let set = channel.settings.with().auto_resolve_new(more).build(&house.policy.auto_resolve);
        ensure(set.is_err(), || format!("{} can be set to 31 days", channel.settings.name()))
    })
}

/// What the rules are asked of. A team reads it from where it keeps channels and people.
pub(crate) struct House {
    pub(crate) now: Instant,
    pub(crate) policy: Policy,
    pub(crate) interns: TeamId,
    pub(crate) people: Vec<Person>,
    pub(crate) channels: Vec<Channel>,
}

pub(crate) struct Person {
    pub(crate) name: &'static str,
    pub(crate) is: Principal,
}

pub(crate) struct Channel {
    pub(crate) settings: Settings,
    pub(crate) access: Access,
}

const THIRTY_DAYS: Window = Window::BUILT_IN;

fn ensure(holds: bool, why: impl FnOnce() -> String) -> Result<(), String> {
    if holds { Ok(()) } else { Err(why()) }
}

/// Everybody in every channel.
fn each(house: &House, rule: impl Fn(&Channel, &Person) -> Result<(), String>) -> Result<(), String> {
    house.channels.iter().try_for_each(|channel| house.people.iter().try_for_each(|person| rule(channel, person)))
}

/// A bakery that keeps all of them.
pub(crate) fn bakery() -> Result<House, Box<dyn Error>> {
    let organisation = OrganisationId::new(Uuid::from_u128(1));
    let id = |number| Uuid::from_u128(number);
    let user = |number| UserId::new(organisation, id(number));
    let (counter, interns) = (TeamId::new(organisation, id(50)), TeamId::new(organisation, id(51)));
    let now: Instant = "2026-03-02T09:00:00Z".parse()?;

    let mut policy = Policy::default();
    policy.auto_resolve.bounds = WindowBounds::new(Window::hours(1)?, THIRTY_DAYS)?;
    let people = vec![
        Person { name: "Ana", is: Principal::user(user(7)).in_team(counter, Role::Contributor) },
        Person { name: "Carla", is: Principal::user(user(8)).in_team(counter, Role::Supervisor) },
        Person { name: "Ivo", is: Principal::user(user(9)).in_team(interns, Role::Contributor) },
        Person { name: "Mara", is: Principal::admin(user(10)) },
    ];

    let (orders, wholesale) = (ChannelId::new(organisation, id(200)), ChannelId::new(organisation, id(201)));
    let week = AutoResolve::After(Window::days(7)?);
    let help = Grant::user_until(user(9), Role::Viewer, now.plus_days(30));
    let channels = vec![
        Channel {
            settings: Settings::new(ChannelName::new("Orders")?),
            access: Access::of(orders, [Grant::ALL_USERS, Grant::AllTeams])?,
        },
        Channel {
            settings: Settings::new(ChannelName::new("Wholesale")?)
                .with()
                .auto_resolve_new(week)
                .build(&policy.auto_resolve)?,
            access: Access::of(wholesale, [Grant::Team(counter), help])?,
        },
    ];
    Ok(House { now, policy, interns, people, channels })
}

/// Each rule on a line of its own, with what breaks it where something does, and whether all of them hold.
pub(crate) fn tell(house: &House) -> (String, bool) {
    let mut told = format!("The bakery's own policy, at {}:\n\n", house.now);
    let mut kept = 0;
    for (name, rule) in RULES {
        match rule(house) {
            Ok(()) => (kept, told) = (kept + 1, format!("{told}  ✓ {name}\n")),
            Err(why) => told = format!("{told}  ✗ {name}: {why}\n"),
        }
    }
    (format!("{told}\n{kept} of {} rules hold\n", RULES.len()), kept == RULES.len())
}

fn main() -> ExitCode {
    let (told, holds) = tell(&bakery().expect("the bakery is as it should be"));
    print!("{told}");
    if holds { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

#[test]
fn every_rule_holds() {
    let (told, holds) = tell(&bakery().expect("the bakery is as it should be"));
    assert!(holds, "{told}");
}
