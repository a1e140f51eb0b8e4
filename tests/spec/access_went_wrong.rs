//! What went wrong with access in systems like this one, each by what it was.

use whatsapp_inbox::access::{Access, AccessChange, Action, Grant, Holder, Principal, Reach, Role, Snapshot, Warning};
use whatsapp_inbox::channel::{Change, Channel, Command, Departure, Event, Leaver, Loss, Refused};
use whatsapp_inbox::decider::{Actor, Decider, Version};
use whatsapp_inbox::id::{TeamId, UserId};
use whatsapp_inbox::settings::AutoResolvePolicy;
use whatsapp_inbox::time::Instant;
use whatsapp_inbox::uuid::Uuid;

use crate::access_case::*;
use crate::case::lose;

fn change(channel: &Channel, changes: Vec<AccessChange>) -> Command {
    Command::ChangeAccess { on: channel.access_version(), changes }
}

#[test]
fn access_tenant_a_lookup_by_an_equal_id_does_not_reach_into_another_organisation() {
    // Given two organisations in which user, team and channel have the same UUIDs, and every grant there is,
    let grants = |user, team| {
        [Grant::user(user, Role::Supervisor), Grant::Team(team), Grant::AllUsers(Role::Supervisor), Grant::AllTeams]
    };
    let here = orders(grants(ANA, COUNTER));
    let there = Access::of(twin_channel(ORDERS), grants(twin_user(ANA), twin_team(COUNTER))).expect("its own");
    let people = [
        ana().in_team(COUNTER, Role::Supervisor),
        Principal::user(twin_user(ANA)).in_team(twin_team(COUNTER), Role::Supervisor),
    ];
    let both = [here, there];
    for action in Action::ALL.into_iter().filter(|action| *action < Action::ChangeSettings) {
        for (own, person) in people.iter().enumerate() {
            // then nobody is let into the other's channel, by no question that can be asked,
            assert!(person.where_can(&both, action, now()).eq([&both[own]]));
            assert!(both.iter().filter(|access| person.filter(action, now()).matches(access)).eq([&both[own]]));
            assert!(both[own].who_can(&people, action, now()).eq([person]));
            assert!(both[1 - own].why(person, action, now()).paths.is_empty());
        }
    }
    // not even as a member of a team there, or as an admin here.
    let astray = Principal::admin(ANA).in_team(twin_team(COUNTER), Role::Supervisor);
    assert!(may(&both[1], &astray, now()).is_empty());
    assert_eq!(orders([Grant::Team(COUNTER), Grant::AllTeams]).role(&astray, now()), None);
    for holder in [Holder::User(twin_user(ANA)), Holder::Team(twin_team(COUNTER))] {
        assert_eq!(both[0].grant(holder), None);
    }
}

#[test]
fn access_default_deny_no_kind_of_actor_was_let_through_unasked() {
    let life = Life::open([Grant::AllUsers(Role::Supervisor), Grant::AllTeams]);
    let others = [Actor::Customer, Actor::BrandPhone, crate::case::OPERATOR, crate::case::META, crate::case::GRAPH];
    for actor in others.into_iter().chain([Actor::System, Actor::User(ANA)]) {
        for command in [change(&life.channel, vec![AccessChange::Revoke(Holder::AllUsers)]), Command::Close] {
            assert!(life.asks(actor, Some(Role::Supervisor), command).is_err(), "{actor:?}");
        }
    }
}

#[test]
fn access_tenant_a_list_was_half_written_before_a_foreign_entry_was_found() {
    let life = Life::open([Grant::user(ANA, Role::Viewer)]);
    let good = [
        AccessChange::Grant(Grant::ALL_USERS),
        AccessChange::Revoke(Holder::User(ANA)),
        AccessChange::Grant(Grant::Team(COUNTER)),
    ];
    let bad = AccessChange::Grant(Grant::user(twin_user(BEN), Role::Viewer));
    for place in 0..=good.len() {
        // Given a list with one foreign entry in whichever place,
        let mut changes = good.to_vec();
        changes.insert(place, bad);
        let before = life.access().clone();
        // when it is given, then the entry is named and nothing of the list is done;
        let refused = life.asks(Actor::Admin(BOSS), None, change(&life.channel, changes.clone())).unwrap_err();
        assert!(matches!(refused, Refused::OtherOrganisation(error) if error.index == place));
        assert_eq!(before.after(&changes).unwrap_err().index, place);
        assert_eq!(life.access(), &before);
    }
    // and so with an entry that would have ended.
    let late = AccessChange::Grant(Grant::user_until(BEN, Role::Viewer, now()));
    let changes = [&good[..], &[late]].concat();
    assert!(life.asks(Actor::Admin(BOSS), None, change(&life.channel, changes)).is_err());
    let all = life.asks(Actor::Admin(BOSS), None, change(&life.channel, good.to_vec())).expect("it is accepted");
    assert!(matches!(&all[..], [Event { change: Change::AccessChanged { changes, .. }, .. }] if changes.len() == 3));
}

#[test]
fn access_by_effect_what_was_refused_by_one_command_was_done_by_another() {
    // Given that somebody may not take access away, in whatever way that is asked for,
    let grants = [Grant::user(ANA, Role::Supervisor), Grant::user(BEN, Role::Viewer), Grant::Team(COUNTER)];
    let life = Life::open(grants);
    let ways = [
        change(&life.channel, vec![AccessChange::Revoke(Holder::User(BEN))]),
        Command::Forget(Leaver::User(BEN)),
        Command::Forget(Leaver::Team(COUNTER)),
        change(&life.channel, vec![AccessChange::Grant(Grant::user(BEN, Role::Supervisor))]),
        change(&life.channel, vec![AccessChange::Grant(Grant::AllUsers(Role::Supervisor))]),
        change(&life.channel, vec![AccessChange::Grant(Grant::user(ANA, Role::Supervisor))]),
        opening(grants),
        Command::Close,
        lose(Loss::Offboarded),
        Command::Tick,
    ];
    for command in ways {
        let refused = life.asks(Actor::User(ANA), Some(Role::Supervisor), command.clone());
        assert!(refused.is_err(), "{command:?}");
        // then whoever may, may by the resulting event.
        for event in life.asks(Actor::Admin(BOSS), None, command).into_iter().flatten() {
            assert!(allowed(life.access(), &boss(), Channel::required(&event).expect("an action")));
        }
    }
}

#[test]
fn access_viewer_changed_what_only_others_may() {
    let life = Life::open([Grant::user(ANA, Role::Viewer)]);
    let policy = AutoResolvePolicy::default();
    // Given somebody who reads the channel, then knowing it is enough for no act that takes more,
    let view = life.channel.view(&ana(), now()).expect("it is found");
    assert!(!view.actions.iter().any(|action| action.least() != Action::View.least()));
    assert_eq!(view.actions, may(life.access(), &ana(), now()));
    assert!(life.channel.settings_view(&ana(), &policy, now()).is_err());
    assert!(life.channel.settings_view(&boss(), &policy, now()).is_ok());
    // and every command is refused.
    for command in [change(&life.channel, vec![]), Command::Close, Command::Forget(Leaver::User(BEN)), Command::Tick] {
        assert!(life.asks(Actor::User(ANA), Some(Role::Viewer), command).is_err());
    }
}

#[test]
fn access_team_somebody_saw_the_channels_of_other_teams() {
    let [counter, kitchen] = [(200, COUNTER), (201, KITCHEN)]
        .map(|(id, team)| Access::of(channel(id), [Grant::Team(team)]).expect("its own"));
    let all = [counter.clone(), kitchen];
    for role in Role::ALL {
        let member = ana().in_team(COUNTER, role);
        assert!(member.where_can(&all, Action::View, now()).eq([&counter]), "{role}");
        assert!(all.iter().filter(|access| member.filter(Action::View, now()).matches(access)).eq([&counter]));
    }
}

#[test]
fn access_revoke_impact_what_was_taken_away_came_back_at_the_next_start() {
    let standing =
        [Grant::AllUsers(Role::Contributor), Grant::AllTeams, Grant::Team(COUNTER), Grant::user(ANA, Role::Viewer)];
    for grant in standing {
        // Given a grant that the channel opened with, and that is taken away,
        let mut life = Life::open(standing);
        life.changes(vec![AccessChange::Revoke(grant.holder())]);
        life.does(Actor::System, Command::Tick);
        // when the channel is read again from its events, as often as you like, in memory or from JSON,
        let stored: Vec<Event> = serde_json::from_str(&json(&life.events)).expect("events are read");
        for _ in 0..3 {
            let again = Channel::replay(&stored);
            // then it stays away.
            assert_eq!(again.access().and_then(|access| access.grant(grant.holder())), None);
            assert_eq!(again, life.channel);
        }
        // Opening it once more is refused, and giving it back is a change with its own record.
        assert!(matches!(life.asks(Actor::System, None, opening(standing)), Err(Refused::AlreadyOpened { .. })));
        life.changes(vec![AccessChange::Grant(grant)]);
        assert_eq!(life.access().grant(grant.holder()), Some(grant));
    }
}

#[test]
fn access_expiry_an_ended_grant_came_back_with_a_late_event_or_a_clock_set_back() {
    let mut life = Life::open([Grant::user_until(ANA, Role::Contributor, now_and(5))]);
    life.now = now_and(5);
    life.does(Actor::System, Command::Tick);
    for later in [now_and(5), now_and(6), Instant::MAX] {
        assert_eq!(Channel::replay(&life.events).access().and_then(|access| access.role(&ana(), later)), None);
    }
    // A clock that is set back notes nothing twice.
    life.now = now_and(-5);
    assert!(life.does(Actor::System, Command::Tick).is_empty());
    // Given again without an end, it has none, and given again with one, it ends then.
    life.now = now_and(6);
    life.changes(vec![AccessChange::Grant(Grant::user(ANA, Role::Viewer))]);
    assert_eq!((life.channel.next_deadline(), life.access().role(&ana(), Instant::MAX)), (None, Some(Role::Viewer)));
    life.changes(vec![AccessChange::Grant(Grant::user_until(ANA, Role::Viewer, now_and(9)))]);
    assert_eq!(life.channel.next_deadline(), Some(now_and(9)));
    life.changes(vec![AccessChange::Revoke(Holder::User(ANA))]);
    assert_eq!(life.channel.next_deadline(), None);
}

#[test]
fn access_one_decision_the_list_showed_what_could_not_be_opened() {
    let many: Vec<Life> = [
        vec![Grant::user(ANA, Role::Viewer)],
        vec![Grant::user_until(ANA, Role::Viewer, now())],
        vec![Grant::user_until(ANA, Role::Viewer, now_and(1))],
        vec![Grant::Team(COUNTER)],
        vec![Grant::Team(KITCHEN)],
        vec![Grant::ALL_USERS],
        vec![Grant::AllTeams],
        vec![],
    ]
    .into_iter()
    .map(Life::open)
    .collect();
    let person = ana().in_team(COUNTER, Role::Viewer);
    for person in [person.clone(), ana(), boss(), Principal::user(twin_user(ANA))] {
        let filter = person.filter(Action::View, now());
        for life in &many {
            assert_eq!(filter.matches(life.access()), life.channel.view(&person, now()).is_ok(), "{person:?}");
        }
    }
    let shown = many.iter().filter(|life| person.filter(Action::View, now()).matches(life.access())).count();
    assert_eq!(shown, 5);
}

/// All orders of some items.
fn orders_of<T: Copy>(items: &[T]) -> Vec<Vec<T>> {
    let Some((first, rest)) = items.split_first() else { return vec![vec![]] };
    let put = |rest: Vec<T>| {
        (0..=rest.len()).map(move |place| {
            let mut all = rest.clone();
            all.insert(place, *first);
            all
        })
    };
    orders_of(rest).into_iter().flat_map(put).collect()
}

#[test]
fn access_highest_a_public_and_a_direct_grant_met_and_the_order_of_ids_decided() {
    // Given ids that are neighbours of one another and prefixes, in one order and the other,
    let ids = [
        "00000000-0000-0000-0000-000000000007",
        "00000000-0000-0000-0000-000000000008",
        "00000000-0000-0000-0000-000000000070",
        "70000000-0000-0000-0000-000000000000",
    ];
    let ids = ids.map(|id| Uuid::parse_str(id).expect("a UUID"));
    let mut cells = 0;
    for mine in ids {
        for other in ids.into_iter().filter(|other| *other != mine) {
            let (me, them) = (UserId::new(BAKERY, mine), UserId::new(BAKERY, other));
            let (ours, theirs) = (TeamId::new(BAKERY, mine), TeamId::new(BAKERY, other));
            let grants = [
                Grant::user(me, Role::Contributor),
                Grant::user(them, Role::Supervisor),
                Grant::ALL_USERS,
                Grant::AllTeams,
                Grant::Team(theirs),
            ];
            for grants in orders_of(&grants) {
                // when all kinds of grants meet, in every order of giving them,
                let access = orders(grants);
                // then nobody gets another's role, and nobody too little.
                let role = |person: &Principal| access.role(person, now());
                assert_eq!(role(&Principal::user(me)), Some(Role::Contributor));
                assert_eq!(role(&Principal::user(them)), Some(Role::Supervisor));
                let supervisor = Principal::user(me).in_team(ours, Role::Supervisor);
                assert_eq!(role(&supervisor), Some(Role::Supervisor), "by all teams");
                let without = access.after(&[AccessChange::Revoke(Holder::AllTeams)]).expect("its own");
                assert_eq!(without.role(&supervisor, now()), Some(Role::Contributor), "theirs is not ours");
                let viewer = Principal::user(UserId::new(BAKERY, Uuid::from_u128(9))).in_team(ours, Role::Viewer);
                assert_eq!((role(&viewer), allowed(&access, &viewer, Action::Reply)), (Some(Role::Viewer), false));
                assert!(
                    !ana().in_team(theirs, Role::Viewer).filter(Action::Reply, now()).matches(&Access::new(ORDERS))
                );
                cells += 1;
            }
        }
    }
    assert_eq!(cells, 12 * 120);
}

#[test]
fn access_highest_a_team_twice_or_a_lower_role_that_came_last_took_the_higher_away() {
    let access = orders([Grant::Team(COUNTER), Grant::user(ANA, Role::Viewer), Grant::ALL_USERS]);
    for roles in orders_of(&Role::ALL) {
        let person = roles.iter().fold(ana(), |person, role| person.in_team(COUNTER, *role));
        assert_eq!(access.role(&person, now()), Some(Role::Supervisor));
        assert!(allowed(&access, &person, Action::ViewReports));
        assert!(person.filter(Action::ViewReports, now()).matches(&access));
        assert_eq!(access.role(&person.without_team(COUNTER), now()), Some(Role::Viewer));
    }
}

#[test]
fn access_tenant_a_list_was_asked_for_with_the_teams_of_another_organisation() {
    // Given somebody with memberships astray, doubled and too low,
    let person = ana()
        .in_team(KITCHEN, Role::Contributor)
        .in_team(twin_team(COUNTER), Role::Supervisor)
        .in_team(COUNTER, Role::Supervisor)
        .in_team(KITCHEN, Role::Supervisor)
        .in_team(team(52), Role::Viewer);
    // when a storage is told what to list, then it is told of the person's own organisation and of what is enough there.
    let filter = person.filter(Action::Reply, now());
    let Reach::Granted(granted) = filter.reach() else { panic!("{filter:?}") };
    assert_eq!((filter.organisation(), granted.user(), granted.ends_after()), (BAKERY, ANA, now()));
    assert_eq!(granted.teams(), [COUNTER, KITCHEN]);
    assert_eq!(granted.roles(), [Role::Contributor, Role::Supervisor]);
    for action in [Action::ChangeSettings, Action::ChangeAccess, Action::ActForBrand] {
        assert_eq!(person.filter(action, now()).reach(), &Reach::Nothing);
        assert_eq!(boss().filter(action, now()).reach(), &Reach::Everything);
    }
}

#[test]
fn settings_version_only_an_older_version_was_refused_and_not_a_gap_or_a_later_one() {
    let mut life = Life::open([]);
    for role in [Role::Viewer, Role::Contributor, Role::Supervisor] {
        life.changes(vec![AccessChange::Grant(Grant::AllUsers(role))]);
    }
    let current = life.channel.access_version();
    assert_eq!(current, Version::new(Version::FIRST.get() + 3));
    // Given a change that was made on any other version, older, equal to the first, the one after or far off,
    for given in (0..10).chain([u64::MAX]).map(Version::new) {
        let changes = vec![AccessChange::Revoke(Holder::AllUsers)];
        let answer = life.asks(Actor::Admin(BOSS), None, Command::ChangeAccess { on: given, changes });
        // then it is refused with both versions, and only on the version there is it is accepted.
        match answer {
            Ok(events) => assert_eq!((given, events.len()), (current, 1)),
            Err(refused) => {
                assert_ne!(given, current);
                assert_eq!(refused, Refused::OldAccess { given, current });
            }
        }
    }
}

#[test]
fn access_guards_a_deleted_team_was_still_counted_where_all_teams_have_access() {
    // Given a channel that all teams have access to, when a team is deleted,
    let life = Life::open([Grant::AllTeams]);
    let people =
        [ana().in_team(COUNTER, Role::Contributor), Principal::user(BEN).in_team(KITCHEN, Role::Viewer), boss()];
    let leaver = Leaver::Team(COUNTER);
    let departure = Departure::of(leaver, &people, [&life.channel], now()).expect("an admin is left");
    // then its members lose the channel, though it has no grant to take away.
    let changes: Vec<_> = departure.impact.changes.iter().map(|change| (change.user, change.was, change.is)).collect();
    assert_eq!(changes, [(ANA, Some(Role::Contributor), None)]);
    let warnings = [Warning::NobodyMayReply { channel: ORDERS }, Warning::NoChannel { user: ANA }];
    assert_eq!(departure.impact.warnings, warnings);
    assert!(departure.commands.is_empty());
}

#[test]
fn access_guards_what_was_new_was_left_without_anybody_and_nobody_was_warned() {
    // Given an organisation that gets a channel without grants and a user without a channel,
    let (people, more) = ([boss()], [boss(), ana()]);
    let new = [Access::new(ORDERS)];
    let before = Snapshot::new(&people, &[]);
    let impact = before.impact(&Snapshot::new(&more, &new), now()).expect("an admin is left");
    // then both are warned of, and not who had none before.
    assert_eq!(impact.warnings, [Warning::NobodyMayReply { channel: ORDERS }, Warning::NoChannel { user: ANA }]);
    assert!(impact.changes.is_empty());
    let again = Snapshot::new(&more, &new).impact(&Snapshot::new(&more, &new), now()).expect("an admin is left");
    assert!(again.warnings.is_empty());
}
