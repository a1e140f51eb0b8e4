//! How grants end, and how somebody who is gone is forgotten.

use std::cell::Cell;

use proptest::prelude::*;
use whatsapp_inbox::access::{AccessChange, Action, Decision, Grant, Holder, Principal, Reason, Role};
use whatsapp_inbox::channel::{Change, Channel, Command, Departure, Effect, Kind, Leaver, Refused};
use whatsapp_inbox::decider::{Actor, Decider, Version};
use whatsapp_inbox::id::{TeamId, UserId};
use whatsapp_inbox::rule::{Explain, Rule};
use whatsapp_inbox::time::Instant;
use whatsapp_inbox::uuid::Uuid;

use crate::case::*;
use crate::channel_case::*;
use crate::random::runner;

/// Nine o'clock, and so many minutes.
fn minute(minutes: u32) -> Instant {
    at("2026-01-05T09:00:00Z").plus_minutes(minutes)
}

fn until(number: u128, minutes: u32) -> Grant {
    Grant::user_until(user(number), Role::Contributor, minute(minutes))
}

fn reason(case: &ChannelCase, number: u128) -> Option<Reason> {
    case.state.decide_access(&Principal::user(user(number)), Action::View, case.now).reason()
}

#[test]
fn access_expiry_makes_the_earliest_end_the_next_deadline() {
    assert_eq!(Channel::default().next_deadline(), None);
    // Given a channel that opens with grants that end and others that do not, then the earliest end is the next deadline,
    let mut case =
        ChannelCase::open([until(30, 20), until(31, 10), Grant::user(user(32), Role::Viewer), Grant::AllTeams]);
    assert_eq!(case.state.next_deadline(), Some(minute(10)));
    // sooner with a grant that ends sooner,
    case.does(ADMIN, case.access([AccessChange::Grant(until(33, 5))]));
    assert_eq!(case.state.next_deadline(), Some(minute(5)));
    // later once that is replaced by one that ends later, or never,
    case.does(ADMIN, case.access([AccessChange::Grant(until(33, 15))]));
    assert_eq!(case.state.next_deadline(), Some(minute(10)));
    case.does(ADMIN, case.access([AccessChange::Grant(Grant::user(user(31), Role::Viewer))]));
    assert_eq!(case.state.next_deadline(), Some(minute(15)));
    // or revoked, or forgotten.
    case.does(ADMIN, case.access([AccessChange::Revoke(Holder::User(user(33)))]));
    assert_eq!(case.state.next_deadline(), Some(minute(20)));
    case.does(Actor::System, Command::Forget(Leaver::User(user(30))));
    assert_eq!(case.state.next_deadline(), None);
    // What is refused moves nothing, and neither does closing.
    case.does(ADMIN, case.access([AccessChange::Grant(until(34, 30))])).does(ADMIN, Command::Close);
    case.refused(ADMIN, case.access([AccessChange::Grant(until(35, 0))]));
    assert_eq!(case.state.next_deadline(), Some(minute(30)));
}

#[test]
fn access_expiry_is_noted_by_a_tick_from_the_end_on_and_once() {
    // Given two grants that end together and one that ends later,
    let mut case = ChannelCase::open([until(30, 10), until(31, 10), until(32, 20)]);
    case.now = shifted(minute(10), -1);
    // when time has not come, then a tick does nothing,
    case.idle(Actor::System, Command::Tick);
    assert_eq!(reason(&case, 30), None);
    // when it has, to the millisecond, then both have ended whether or not anybody ticks,
    case.now = minute(10);
    assert_eq!(reason(&case, 30), Some(Reason::Ended { at: minute(10) }));
    let version = case.state.access_version();
    case.does(Actor::System, Command::Tick);
    let event = case.events.last().unwrap();
    assert_eq!(event.change, Change::GrantsEnded { grants: vec![until(30, 10), until(31, 10)] });
    let holders = vec![Holder::User(user(30)), Holder::User(user(31))];
    assert_eq!(Channel::effects(event), [Effect::ReviewOwners { holders }]);
    assert_eq!(case.state.access_version(), version, "that a grant ends is no change that somebody made");
    // the next deadline is the other's, a second tick does nothing, nor does one of a clock that went back,
    assert_eq!(case.state.next_deadline(), Some(minute(20)));
    case.idle(Actor::System, Command::Tick);
    case.now = minute(0);
    case.idle(Actor::System, Command::Tick);
    assert_eq!(reason(&case, 30), None, "what holds at an instant is told by the grant alone");
    // and a late one does no harm. That they ended is still told.
    case.now = minute(9000);
    case.does(Actor::System, Command::Tick);
    assert_eq!(case.state.next_deadline(), None);
    case.idle(Actor::System, Command::Tick);
    for (number, ended) in [(30, 10), (31, 10), (32, 20)] {
        assert_eq!(reason(&case, number), Some(Reason::Ended { at: minute(ended) }));
    }
    assert_eq!(reason(&case, 33), Some(Reason::NoAccess));
    assert_eq!(case.state.access().unwrap().grants().count(), 3, "they are shown to admins still");
}

#[test]
fn access_expiry_of_all_that_is_due_is_noted_at_once_also_in_a_closed_channel() {
    let mut case = ChannelCase::open([until(30, 10), until(31, 20), until(32, 30)]);
    case.does(ADMIN, Command::Close);
    case.now = minute(25);
    case.does(Actor::System, Command::Tick);
    let ended = Change::GrantsEnded { grants: vec![until(30, 10), until(31, 20)] };
    assert_eq!(case.events.last().unwrap().change, ended);
    assert_eq!(case.state.next_deadline(), Some(minute(30)));
}

#[test]
fn access_expiry_refuses_a_grant_that_has_ended_already() {
    let mut case = ChannelCase::open([until(30, 10)]);
    case.now = minute(20);
    for (ends, sound) in
        [(minute(10), false), (shifted(minute(20), -1), false), (minute(20), false), (shifted(minute(20), 1), true)]
    {
        let grant = Grant::user_until(user(31), Role::Viewer, ends);
        let changes = case.access([AccessChange::Grant(Grant::ALL_USERS), AccessChange::Grant(grant)]);
        if sound {
            case.clone().does(ADMIN, changes);
            continue;
        }
        let refused = case.refused(ADMIN, changes);
        assert_eq!(refused, Refused::EndsInPast { holder: grant.holder(), ends, now: minute(20) });
        assert_eq!(refused.rule(), Rule::AccessExpiry);
    }
    // One that stands and has ended may be sent again as it is, and revoked, but not changed.
    case.idle(ADMIN, case.access([AccessChange::Grant(until(30, 10))]));
    let changed = Grant::user_until(user(30), Role::Viewer, minute(10));
    assert_eq!(case.refused(ADMIN, case.access([AccessChange::Grant(changed)])).code(), "ends-in-past");
    case.does(ADMIN, case.access([AccessChange::Revoke(Holder::User(user(30)))]));
    assert_eq!(case.state.next_deadline(), None, "what is gone need not be noted as ended");
    case.idle(Actor::System, Command::Tick);
}

#[test]
fn access_expiry_begins_anew_with_a_new_grant() {
    // Given a grant that was noted as ended, when it is given again for longer, then it ends again.
    let mut case = ChannelCase::open([until(30, 10)]);
    case.now = minute(10);
    case.does(Actor::System, Command::Tick);
    case.does(ADMIN, case.access([AccessChange::Grant(until(30, 20))]));
    assert_eq!((case.state.next_deadline(), reason(&case, 30)), (Some(minute(20)), None));
    case.now = minute(20);
    case.does(Actor::System, Command::Tick);
    assert_eq!(reason(&case, 30), Some(Reason::Ended { at: minute(20) }));
}

#[test]
fn access_expiry_keeps_the_next_deadline_the_earliest_end_over_random_changes() {
    let (ended, counted) = (Cell::new(0_u32), Cell::new(0_u32));
    // Changes of a few users' grants, ticks, and a clock that goes both ways.
    let turn = prop_oneof![
        4 => (30_u128..34, 1_u32..60).prop_map(|(number, minutes)| (number, Some(minutes))),
        1 => (30_u128..34).prop_map(|number| (number, None)),
    ];
    let law = |turns: Vec<((u128, Option<u32>), i64, bool)>| {
        let mut case = ChannelCase::open([until(30, 10)]);
        let mut noted = std::collections::BTreeSet::new();
        for ((number, minutes), moved, tick) in turns {
            case.now = shifted(case.now, moved * 60_000);
            let change = match minutes {
                Some(minutes) => {
                    AccessChange::Grant(Grant::user_until(user(number), Role::Viewer, case.now.plus_minutes(minutes)))
                }
                None => AccessChange::Revoke(Holder::User(user(number))),
            };
            let events = case.tries(ADMIN, case.access([change])).expect("a sound change");
            for event in &events {
                let Change::GrantsEnded { grants } = &event.change else { continue };
                ended.set(ended.get() + 1);
                for grant in grants {
                    let Grant::User { user, ends: Some(ends), .. } = *grant else { panic!() };
                    prop_assert!(ends <= case.now && noted.insert((ends, user)), "once each, and not early");
                }
            }
            if !events.is_empty() {
                noted.retain(|(_, other): &(Instant, UserId)| *other != user(number));
            }
            if tick {
                let events = case.tries(Actor::System, Command::Tick).expect("a tick");
                ended.set(ended.get() + u32::try_from(events.len()).unwrap());
                for event in events {
                    let Change::GrantsEnded { grants } = event.change else { panic!() };
                    for grant in grants {
                        let Grant::User { user, ends: Some(ends), .. } = grant else { panic!() };
                        prop_assert!(ends <= case.now && noted.insert((ends, user)), "once each, and not early");
                    }
                }
            }
            // Then the next deadline is the earliest end that was not noted, and after a tick none is due.
            let ends = case.state.access().unwrap().grants().filter_map(|grant| match grant {
                Grant::User { user, ends: Some(ends), .. } => Some((ends, user)),
                _ => None,
            });
            let next = ends.filter(|end| !noted.contains(end)).min().map(|(ends, _)| ends);
            prop_assert_eq!(case.state.next_deadline(), next);
            prop_assert!(!tick || next.is_none_or(|next| next > case.now));
            counted.set(counted.get() + 1);
        }
        Ok(())
    };
    let turns = prop::collection::vec((turn, -20_i64..40, any::<bool>()), 1..12);
    runner(200).run(&turns, law).unwrap();
    assert!(ended.get() >= 200 && counted.get() >= 800, "{} ended in {} turns", ended.get(), counted.get());
}

#[test]
fn access_revoke_impact_forgets_who_is_gone_as_often_as_it_is_told() {
    let team = TeamId::new(ORGANISATION, Uuid::from_u128(51));
    for by in [Actor::System, ADMIN] {
        let mut case = ChannelCase::open([until(30, 10), Grant::Team(TEAM), Grant::ALL_USERS]);
        // Given a user and a team with grants, when they are gone, then their grants are, and only theirs,
        case.does(by, Command::Forget(Leaver::User(user(30)))).does(by, Command::Forget(Leaver::Team(TEAM)));
        let grants: Vec<Grant> = case.state.access().unwrap().grants().collect();
        assert_eq!((grants, case.state.access_version()), (vec![Grant::ALL_USERS], Version::new(2)));
        let holders = vec![Holder::User(user(30))];
        assert_eq!(Channel::effects(&case.events[1]), [Effect::ReviewOwners { holders }]);
        // again and again, with and without a grant, in a closed channel too.
        case.does(ADMIN, Command::Close);
        for leaver in [Leaver::User(user(30)), Leaver::Team(TEAM), Leaver::User(user(31)), Leaver::Team(team)] {
            case.idle(by, Command::Forget(leaver));
        }
        // A user of another organisation is not found, though the UUID is the same.
        let foreign = Leaver::User(UserId::new(OTHER_ORGANISATION, Uuid::from_u128(30)));
        assert_eq!(case.refused(by, Command::Forget(foreign)).code(), "other-organisation");
    }
}

#[test]
fn access_revoke_impact_reviews_owners_only_where_something_is_taken_away() {
    let someone = |role, ends: Option<u32>| Grant::User { user: user(30), role, ends: ends.map(minute) };
    let (low, high) = (Role::Viewer, Role::Contributor);
    let (all, revoke) = (|role| Some(Grant::AllUsers(role)), None);
    for (was, is, taken) in [
        (None, Some(someone(high, None)), false),
        (Some(someone(low, None)), Some(someone(high, None)), false),
        (Some(someone(high, None)), Some(someone(low, None)), true),
        (Some(someone(low, Some(10))), Some(someone(low, Some(9))), true),
        (Some(someone(low, Some(10))), Some(someone(low, Some(11))), false),
        (Some(someone(low, Some(10))), Some(someone(low, None)), false),
        (Some(someone(low, None)), Some(someone(low, Some(10))), true),
        (Some(someone(low, None)), Some(someone(high, Some(10))), true),
        (Some(someone(high, Some(10))), Some(someone(low, None)), true),
        (Some(someone(low, None)), revoke, true),
        (None, all(low), false),
        (all(low), all(high), false),
        (all(high), all(low), true),
        (all(low), revoke, true),
        (None, Some(Grant::Team(TEAM)), false),
        (Some(Grant::Team(TEAM)), revoke, true),
        (None, Some(Grant::AllTeams), false),
        (Some(Grant::AllTeams), revoke, true),
    ] {
        // Given what a holder has, when it has something else, then owners are reviewed if and only if it may be less.
        let mut case = ChannelCase::open(was);
        let holder = is.or(was).expect("a grant").holder();
        let beside = AccessChange::Grant(Grant::user(user(40), Role::Supervisor));
        let changes = [is.map_or(AccessChange::Revoke(holder), AccessChange::Grant), beside];
        case.does(ADMIN, case.access(changes));
        let wanted = if taken { vec![Effect::ReviewOwners { holders: vec![holder] }] } else { Vec::new() };
        assert_eq!(Channel::effects(case.events.last().unwrap()), wanted, "{was:?} to {is:?}");
    }
}

#[test]
fn access_revoke_impact_of_a_departure_gives_one_command_to_each_channel_concerned() {
    let (leaver, now) = (Leaver::User(user(30)), minute(0));
    let one = ChannelCase::open([Grant::user(user(30), Role::Contributor)]).state.clone();
    let other = ChannelCase::elsewhere([Grant::ALL_USERS]).state.clone();
    let people = [admin(), Principal::user(user(30))];
    let departure = Departure::of(leaver, &people, [&one, &other, &Channel::default()], now).expect("an admin is left");
    assert_eq!(departure.commands, [(CHANNEL, Command::Forget(leaver))]);
    assert_eq!(departure.commands[0].1.kind(), Kind::Forget);
    assert!(departure.impact.changes.iter().all(|change| change.user == user(30) && change.is.is_none()));
    // The only account admin does not leave; with a second one, either may.
    let leaving = Leaver::User(admin().id());
    assert!(Departure::of(leaving, &people, [&one], now).is_err());
    let people = [admin(), Principal::admin(user(12))];
    assert_eq!(Departure::of(leaving, &people, [&one], now).expect("one is left").commands, []);
    // A team that is deleted is nobody's any more.
    let teams = ChannelCase::open([Grant::Team(TEAM)]).state.clone();
    let people = [admin(), Principal::user(user(30)).in_team(TEAM, Role::Supervisor)];
    let departure = Departure::of(Leaver::Team(TEAM), &people, [&teams], now).expect("an admin is left");
    let [change] = departure.impact.changes.as_slice() else { panic!("{:?}", departure.impact) };
    assert_eq!((change.user, change.was, change.is), (user(30), Some(Role::Supervisor), None));
}

#[test]
fn access_default_deny_until_a_channel_opens() {
    for action in Action::ALL {
        let Decision::Denied(denied) = Channel::default().decide_access(&admin(), action, minute(0)) else { panic!() };
        assert!(denied.is_not_found());
        assert_eq!(denied.reason(), Reason::NoChannel);
    }
}

#[test]
fn access_expiry_is_noted_before_what_comes_after_it_however_late_the_tick() {
    // Given a grant that ends, and a new one for the same person after that end,
    let again = |case: &ChannelCase| case.access([AccessChange::Grant(Grant::user(user(30), Role::Supervisor))]);
    let mut punctual = ChannelCase::open([until(30, 10)]);
    let mut late = punctual.clone();
    // when a tick comes in between, and when none does,
    punctual.minutes(11).does(Actor::System, Command::Tick);
    punctual.minutes(4);
    let command = again(&punctual);
    punctual.does(ADMIN, command);
    late.minutes(15);
    let command = again(&late);
    late.does(ADMIN, command);
    // then the same is recorded and is to be done.
    let changes = |case: &ChannelCase| case.events.iter().map(|event| event.change.clone()).collect::<Vec<_>>();
    assert_eq!(changes(&punctual), changes(&late));
    let effects = late.events.iter().flat_map(Channel::effects).collect::<Vec<_>>();
    assert_eq!(effects, [Effect::ReviewOwners { holders: vec![Holder::User(user(30))] }]);
    assert_eq!(punctual.state, late.state);
}
