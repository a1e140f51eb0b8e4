//! What holds of access as it is recorded: order, repetition and a way through JSON make no difference.

use std::cell::Cell;

use proptest::prelude::*;
use whatsapp_inbox::access::{Access, AccessChange, AccountRole, Action, Grant, Holder, Principal, Role, Warning};
use whatsapp_inbox::channel::{Change, Channel, Command, Departure, Event, Leaver};
use whatsapp_inbox::decider::{Actor, Decider};

use crate::access_case::*;
use crate::access_random::*;
use crate::random::runner;

/// The same items in another order.
fn shuffled<T: Clone>(items: &[T], draws: &mut Draws) -> Vec<T> {
    let mut left = items.to_vec();
    let mut shuffled = Vec::new();
    while !left.is_empty() {
        shuffled.push(left.remove(usize::try_from(draws.below(left.len() as u64)).expect("few")));
    }
    shuffled
}

#[test]
fn access_highest_the_order_of_grants_and_of_memberships_makes_no_difference() {
    let moved = Cell::new(0_u32);
    let law = |(organisation, seed): (Organisation, u64)| {
        let draws = &mut Draws(seed);
        for access in &organisation.channels {
            let grants: Vec<Grant> = access.grants().collect();
            let other = shuffled(&grants, draws);
            prop_assert_eq!(&Access::of(access.channel(), other.iter().copied()).expect("its own"), access);
            moved.set(moved.get() + u32::from(other != grants));
            for person in &organisation.people {
                let same = match person.account() {
                    AccountRole::Admin => Principal::admin(person.id()),
                    AccountRole::User => Principal::user(person.id()),
                };
                let memberships = shuffled(person.memberships(), draws);
                let same = memberships.iter().fold(same, |same, member| same.in_team(member.team, member.role));
                prop_assert_eq!(may(access, &same, now()), may(access, person, now()));
                prop_assert_eq!(access.role(&same, now()), access.role(person, now()));
            }
        }
        Ok(())
    };
    runner(100).run(&organisations(20, 20), law).unwrap();
    assert!(moved.get() > 300, "{}", moved.get());
}

#[test]
fn settings_audit_a_change_of_access_is_recorded_if_and_only_if_it_changes_something() {
    let counts = [const { Cell::new(0_u32) }; 2];
    let law = |(organisation, seed): (Organisation, u64)| {
        let draws = &mut Draws(seed);
        for access in organisation.channels.iter().filter(|access| access.organisation() == BAKERY) {
            // Given a channel with some grants, and changes that may change nothing,
            let life = Life::open(access.grants());
            let before = life.access().clone();
            let lasting =
                |change: &AccessChange| !matches!(change, AccessChange::Grant(Grant::User { ends: Some(_), .. }));
            let some: Vec<AccessChange> = (0..draws.below(3))
                .map(|_| draws.change(&before, organisation.users(), organisation.teams))
                .filter(lasting)
                .collect();
            let again = shuffled(&before.grants().map(AccessChange::Grant).collect::<Vec<_>>(), draws);
            let changes: Vec<AccessChange> = if draws.one_in(2) { [some, again].concat() } else { some };
            let after = before.after(&changes).expect("its own");
            // when an admin makes them,
            let command = Command::ChangeAccess { on: life.channel.access_version(), changes };
            let events = life.asks(Actor::Admin(BOSS), None, command).expect("it is accepted");
            // then what differs is recorded, with what was and what is, and nothing where nothing does.
            prop_assert_eq!(events.is_empty(), before == after);
            counts[usize::from(events.is_empty())].set(counts[usize::from(events.is_empty())].get() + 1);
            for event in &events {
                let changes = match &event.change {
                    Change::AccessChanged { changes, .. } => changes,
                    Change::GrantsEnded { .. } => continue,
                    other => panic!("{other:?}"),
                };
                prop_assert_eq!(changes, &before.changes_to(&after));
                prop_assert!(changes.iter().all(|change| change.was != change.is));
                for change in changes {
                    prop_assert_eq!(change.was, before.grant(change.holder));
                    prop_assert_eq!(change.is, after.grant(change.holder));
                }
            }
            let all: Vec<Event> = life.events.iter().chain(&events).cloned().collect();
            let replayed = Channel::replay(&all);
            prop_assert_eq!(replayed.access(), Some(&after));
        }
        Ok(())
    };
    runner(100).run(&organisations(20, 20), law).unwrap();
    let [recorded, nothing] = counts.map(|count| count.get());
    assert!(recorded > 200 && nothing > 200, "{recorded} recorded, {nothing} not");
}

#[test]
fn core_replay_access_and_people_come_back_from_json_as_they_are() {
    let read = Cell::new(0_u32);
    let law = |(organisation, _): (Organisation, u64)| {
        for access in &organisation.channels {
            let back: Access = serde_json::from_str(&json(access)).expect("it is read");
            prop_assert_eq!(&back, access);
            prop_assert!(back.grants().eq(access.grants()));
            read.set(read.get() + u32::from(access.grants().count() > 2));
        }
        for person in &organisation.people {
            let back: Principal = serde_json::from_str(&json(person)).expect("it is read");
            prop_assert_eq!(&back, person);
        }
        Ok(())
    };
    runner(100).run(&organisations(50, 200), law).unwrap();
    assert!(read.get() > 300, "{}", read.get());
}

#[test]
fn access_tenant_what_is_read_from_json_is_checked_like_what_is_given() {
    let foreign = orders([]).channel().to_string();
    let written = format!(r#"{{"channel":"{foreign}","grants":[{{"team":"{}"}}]}}"#, twin_team(COUNTER));
    let error = serde_json::from_str::<Access>(&written).expect_err("a foreign team").to_string();
    assert!(error.starts_with("this team was not found in this organisation"), "{error}");
    let unknown = format!(r#"{{"channel":"{foreign}","grants":[],"everybody":true}}"#);
    assert!(serde_json::from_str::<Access>(&unknown).is_err());
}

#[test]
fn access_tenant_a_recorded_grant_of_another_organisation_gives_nobody_access() {
    // Given a stored record of a change for foreign holders, which no command leads to,
    let mut life = Life::open([Grant::user(ANA, Role::Viewer)]);
    let (user, team) = (twin_user(ANA), twin_team(COUNTER));
    let grants = [Grant::user(user, Role::Supervisor), Grant::Team(team)];
    let changes: Vec<_> = grants.map(|is| serde_json::json!({ "holder": is.holder(), "is": is })).into();
    let change = serde_json::json!({ "access-changed": { "version": 2, "changes": changes } });
    let event = serde_json::json!({ "at": now(), "by": Actor::Admin(BOSS), "change": change });
    life.events.push(serde_json::from_value(event).expect("an event"));
    // when it is read, then it is taken, and the twins here and there have what they had.
    let channel = Channel::replay(&life.events);
    assert_eq!(channel.access(), life.channel.access());
    let member = Principal::user(user).in_team(team, Role::Supervisor);
    assert!(channel.view(&member, now()).is_err());
    assert_eq!(channel.view(&ana().in_team(COUNTER, Role::Supervisor), now()).map(|view| view.role), Ok(Role::Viewer));
}

#[test]
fn access_supervisor_actions_and_roles_are_read_by_the_name_that_json_has() {
    for action in Action::ALL {
        assert_eq!(json(&action), format!("\"{}\"", action.name()));
        assert_eq!(action.name().parse(), Ok(action));
    }
    for role in Role::ALL {
        assert_eq!(role.name().parse(), Ok(role));
    }
    // What is no name is read as nothing, however near it is.
    for near in ["", "View", "viewer ", "supervisors", "admin"] {
        assert_eq!(near.parse::<Action>().unwrap_err().given, near);
        assert_eq!(near.parse::<Role>().unwrap_err().given, near);
    }
    let wanted = "there is no role `admin`; there are viewer, contributor, supervisor";
    assert_eq!("admin".parse::<Role>().unwrap_err().to_string(), wanted);
}

#[test]
fn access_all_users_and_all_teams_are_read_as_they_stand() {
    for role in Role::ALL {
        let access = orders([Grant::AllUsers(role), Grant::user(ANA, Role::Viewer)]);
        assert_eq!((access.all_users(), access.all_teams()), (Some(role), false));
    }
    let access = orders([Grant::AllTeams, Grant::Team(COUNTER)]);
    assert_eq!((access.all_users(), access.all_teams()), (None, true));
    assert_eq!((orders([Grant::Team(COUNTER)]).all_teams(), orders([]).all_users()), (false, None));
}

#[test]
fn access_default_deny_a_record_for_one_holder_gives_another_nothing() {
    // Given records in which the grant is not the holder's,
    let mismatches = [
        (Holder::Team(COUNTER), Grant::user(ANA, Role::Supervisor)),
        (Holder::AllTeams, Grant::AllUsers(Role::Supervisor)),
        (Holder::AllUsers, Grant::AllTeams),
        (Holder::User(ANA), Grant::user(BEN, Role::Supervisor)),
        (Holder::User(ANA), Grant::AllUsers(Role::Supervisor)),
    ];
    for (holder, grant) in mismatches {
        // when they are replayed, then they give nobody anything.
        let change = serde_json::json!({ "holder": holder, "is": grant });
        let event = serde_json::json!({
            "at": now(), "by": "system", "change": { "access-changed": { "version": 1, "changes": [change] } },
        });
        let event = serde_json::from_value(event).expect("an event");
        let channel = Life::open([]).channel.evolve(&event);
        assert_eq!(channel.access().expect("it is open").grants().count(), 0, "{holder} {grant:?}");
    }
}

#[test]
fn access_guards_an_admin_of_another_organisation_is_no_admin_of_this_one() {
    // Given the one admin of an organisation, and an admin of another beside her,
    let foreign = Principal::admin(twin_user(BEN));
    let leaving = |people: &[Principal]| Departure::of(Leaver::User(BOSS), people, [], now());
    // when she leaves, then no admin is left, whoever stands there beside her.
    assert!(leaving(&[boss(), foreign.clone()]).is_err());
    assert!(leaving(&[boss(), Principal::admin(ANA), foreign]).is_ok());
}

#[test]
fn access_guards_a_closed_channel_is_not_warned_of_when_its_team_is_deleted() {
    // Given a channel in which only a team may reply, open, and then closed,
    let mut life = Life::open([Grant::Team(COUNTER)]);
    let people = [boss(), ana().in_team(COUNTER, Role::Contributor)];
    let silent = |life: &Life| {
        let departure =
            Departure::of(Leaver::Team(COUNTER), &people, [&life.channel], now()).expect("an admin is left");
        departure.impact.warnings.contains(&Warning::NobodyMayReply { channel: ORDERS })
    };
    assert!(silent(&life));
    life.does(Actor::Admin(BOSS), Command::Close);
    // then nobody is warned that nobody may reply: nothing can be sent there anyway.
    assert!(!silent(&life));
}
