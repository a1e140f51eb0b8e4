//! Changes of access: who may make them, what they touch, what is told before and after.

use whatsapp_inbox::access::{
    Access, AccessChange, Action, Grant, Holder, Principal, Role, RoleChange, Snapshot, Warning,
};
use whatsapp_inbox::channel::{
    Change, Channel, Command, Departure, Effect, Event, Kind, Leaver, Loss, Opening, Refused,
};
use whatsapp_inbox::decider::{Actor, Decider, Refusal, Version};
use whatsapp_inbox::id::TeamId;
use whatsapp_inbox::rule::{Explain, Rule};
use whatsapp_inbox::settings::{ChannelName, SettingsPatch};

use crate::access_case::*;
use crate::case::lose;
use crate::case::{GRAPH, META, OBSERVED, OPERATOR};

const BY_BOSS: Actor = Actor::Admin(BOSS);

fn rename(on: Version) -> Command {
    let mut patch = SettingsPatch::default();
    patch.name = Some(ChannelName::new("Bread").expect("a name"));
    Command::ChangeSettings { on, patch: Box::new(patch) }
}

/// Everything that would change a channel which `ANA` has access to, as it is now.
fn commands(channel: &Channel) -> Vec<Command> {
    let on = channel.access_version();
    let change = |change| Command::ChangeAccess { on, changes: vec![change] };
    vec![
        opening([]),
        rename(channel.settings_version()),
        change(AccessChange::Grant(Grant::user(BEN, Role::Viewer))),
        change(AccessChange::Grant(Grant::AllUsers(Role::Supervisor))),
        change(AccessChange::Revoke(Holder::User(ANA))),
        Command::Forget(Leaver::User(ANA)),
        Command::Forget(Leaver::Team(COUNTER)),
        Command::Close,
        lose(Loss::AccountDeleted),
        Command::Tick,
    ]
}

/// A channel before it opens, open with a grant that has just ended, and closed.
fn lives() -> [Life; 3] {
    let mut open = Life::open([Grant::user_until(ANA, Role::Supervisor, now_and(5)), Grant::Team(COUNTER)]);
    open.now = now_and(5);
    let mut closed = open.clone();
    closed.does(BY_BOSS, Command::Close);
    [Life::unopened(), open, closed]
}

/// Who but the brand's admins may change a channel: the host opens, forgets and lets time pass, Meta takes the account.
fn by_others(actor: Actor, kind: Kind) -> bool {
    match actor {
        Actor::System => matches!(kind, Kind::Open | Kind::Forget | Kind::Tick),
        Actor::Meta(_) => kind == Kind::LoseAccount,
        _ => false,
    }
}

#[test]
fn access_by_effect_nobody_but_an_admin_of_the_organisation_changes_anything_for_the_brand() {
    let roles = [None, Some(Role::Viewer), Some(Role::Contributor), Some(Role::Supervisor)];
    let (mut refused, mut changed) = (0, 0);
    for life in lives() {
        for command in commands(&life.channel) {
            for role in roles {
                let twins = [Actor::Admin(twin_user(BOSS)), Actor::User(twin_user(ANA)), Actor::User(twin_user(BOSS))];
                let own = [Actor::User(ANA), Actor::User(BOSS), Actor::BrandPhone];
                let others = [OPERATOR, Actor::Customer, META, GRAPH, OBSERVED, Actor::System];
                // Given anybody who is no admin of the organisation, with whatever role, when they give any command,
                for actor in own.into_iter().chain(twins).chain(others) {
                    let answer = life.asks(actor, role, command.clone());
                    if by_others(actor, command.kind()) {
                        let events = answer.iter().flatten();
                        assert!(events.map(Channel::required).all(|required| required.is_none()));
                        continue;
                    }
                    // then it is refused.
                    assert!(answer.is_err(), "{actor:?} as {role:?}: {command:?} led to {answer:?}");
                    refused += 1;
                }
            }
            // Given an admin, then every event that comes of it takes no more than an admin may.
            for event in life.asks(BY_BOSS, None, command.clone()).into_iter().flatten() {
                // What has ended is noted by time.
                if matches!(event.change, Change::GrantsEnded { .. }) {
                    assert_eq!((event.by, Channel::required(&event)), (Actor::System, None));
                    continue;
                }
                let required = Channel::required(&event).expect("an action");
                assert!(allowed(life.access(), &boss(), required), "{event:?}");
                assert!(!allowed(life.access(), &Principal::user(BOSS), required), "{event:?}");
                changed += 1;
            }
        }
    }
    assert_eq!(refused, 3 * 4 * (10 * 12 - 4 - 3), "some cells were left out");
    assert_eq!(changed, 7 + 5, "every change was made once");
}

#[test]
fn access_by_effect_every_event_has_its_action() {
    let mut life = Life::open([Grant::user_until(ANA, Role::Viewer, now_and(5))]);
    life.does(BY_BOSS, rename(Version::FIRST));
    life.changes(vec![AccessChange::Grant(Grant::ALL_USERS)]);
    life.now = now_and(5);
    life.does(Actor::System, Command::Tick);
    life.does(BY_BOSS, Command::Close);
    let required = |change: &Change| match change {
        Change::SettingsChanged { .. } | Change::Closed { .. } => Action::ChangeSettings,
        _ => Action::ChangeAccess,
    };
    assert_eq!(life.events.len(), 5);
    for event in &mut life.events {
        // Given any event, whoever of the brand's people is behind it must hold its action, and nobody else is asked.
        for person in [Actor::Admin(BOSS), Actor::User(ANA)] {
            event.by = person;
            assert_eq!(Channel::required(event), Some(required(&event.change)));
        }
        for other in [OPERATOR, META, GRAPH, OBSERVED, Actor::System, Actor::Customer, Actor::BrandPhone] {
            event.by = other;
            assert_eq!(Channel::required(event), None);
        }
    }
    let kinds = life.events.iter().map(|event| std::mem::discriminant(&event.change));
    assert_eq!(kinds.collect::<std::collections::HashSet<_>>().len(), 5, "every kind of event once");
}

#[test]
fn settings_admin_only_a_user_is_told_no_more_than_the_role_lets_them_know() {
    let life = Life::open([Grant::user(ANA, Role::Supervisor)]);
    let not_found = Life::unopened().asks(BY_BOSS, None, Command::Close).unwrap_err();
    assert_eq!(not_found, Refused::NotFound);
    for command in [rename(Version::FIRST), Command::Close, Command::Forget(Leaver::User(ANA))] {
        let kind = command.kind();
        for role in Role::ALL {
            // Whoever may view the channel is told that it takes an admin,
            let refused = life.asks(Actor::User(ANA), Some(role), command.clone()).unwrap_err();
            assert_eq!((refused, refused.rule()), (Refused::AdminOnly { act: kind }, Rule::SettingsAdminOnly));
            // and whoever may not, or is of another organisation, that it was not found.
            for actor in [Actor::User(twin_user(ANA)), Actor::Admin(twin_user(BOSS))] {
                assert_eq!(json(&life.asks(actor, Some(role), command.clone()).unwrap_err()), json(&not_found));
            }
        }
        assert_eq!(json(&life.asks(Actor::User(ANA), None, command.clone()).unwrap_err()), json(&not_found));
        assert_eq!(life.channel.allowed(Actor::User(ANA)).count(), 0);
        assert!(life.channel.allowed(BY_BOSS).any(|allowed| allowed == kind));
    }
}

#[test]
fn access_all_users_off_takes_away_the_standing_grant_alone() {
    let own = [Grant::user(ANA, Role::Contributor), Grant::Team(COUNTER), Grant::AllTeams];
    for role in Role::ALL {
        // Given access for all users beside other grants, when it is switched off,
        let mut life = Life::open(own.into_iter().chain([Grant::AllUsers(role)]));
        assert_eq!(life.access().role(&Principal::user(BEN), now()), Some(role));
        life.changes(vec![AccessChange::Revoke(Holder::AllUsers)]);
        // then all the others are left.
        assert_eq!(life.access(), &orders(own));
        assert_eq!(life.access().role(&Principal::user(BEN), now()), None);
        assert_eq!(life.access().role(&ana(), now()), Some(Role::Contributor));
    }
}

#[test]
fn access_all_teams_off_takes_away_the_standing_grant_alone() {
    let own = [Grant::user(ANA, Role::Viewer), Grant::Team(COUNTER), Grant::ALL_USERS];
    let mut life = Life::open(own);
    life.changes(vec![AccessChange::Grant(Grant::AllTeams)]);
    assert_eq!(life.access().role(&ana().in_team(KITCHEN, Role::Supervisor), now()), Some(Role::Supervisor));
    life.changes(vec![AccessChange::Revoke(Holder::AllTeams)]);
    assert_eq!(life.access(), &orders(own));
    assert_eq!(life.access().role(&ana().in_team(COUNTER, Role::Supervisor), now()), Some(Role::Supervisor));
    assert_eq!(life.access().role(&ana().in_team(KITCHEN, Role::Supervisor), now()), Some(Role::Viewer));
}

#[test]
fn access_tenant_nobody_and_no_team_of_another_organisation_is_given_anything() {
    let life = Life::open([Grant::user(ANA, Role::Viewer)]);
    let on = life.channel.access_version();
    let (user, team) = (twin_user(ANA), twin_team(COUNTER));
    let foreign = [
        (AccessChange::Grant(Grant::user(user, Role::Viewer)), "user"),
        (AccessChange::Revoke(Holder::User(user)), "user"),
        (AccessChange::Grant(Grant::Team(team)), "team"),
        (AccessChange::Revoke(Holder::Team(team)), "team"),
    ];
    for (change, kind) in foreign {
        let changes = vec![AccessChange::Grant(Grant::ALL_USERS), change];
        let refused = life.asks(BY_BOSS, None, Command::ChangeAccess { on, changes }).unwrap_err();
        assert_eq!(refused.to_string(), format!("this {kind} was not found in this organisation"));
        assert_eq!((refused.code(), refused.rule()), ("other-organisation", Rule::AccessTenant));
        assert_eq!(refused.class(), whatsapp_inbox::decider::Class::Input);
        assert_eq!(life.access().grant(change.holder()), None);
    }
    let error = Access::of(ORDERS, [Grant::ALL_USERS, Grant::Team(team)]).unwrap_err();
    assert_eq!((error.holder, error.index, error.code()), (Holder::Team(team), 1, "other-organisation"));
    let opened = Life::unopened().asks(Actor::System, None, opening([Grant::user(user, Role::Viewer)]));
    assert!(matches!(opened, Err(Refused::OtherOrganisation(_))));
}

#[test]
fn access_expiry_is_noted_at_the_end_and_not_before() {
    let grant = Grant::user_until(ANA, Role::Contributor, now_and(5));
    let mut life = Life::open([grant, Grant::user_until(BEN, Role::Viewer, now_and(9))]);
    assert_eq!(life.channel.next_deadline(), Some(now_and(5)));
    // One millisecond before the end nothing happens,
    life.now = now_and(4);
    assert!(life.does(Actor::System, Command::Tick).is_empty());
    // at the end it is noted, once, and the owners are looked at;
    life.now = now_and(5);
    let events = life.does(Actor::System, Command::Tick);
    assert!(matches!(&events[..], [Event { change: Change::GrantsEnded { grants }, .. }] if *grants == [grant]));
    assert_eq!(effects(&events), [Effect::ReviewOwners { holders: vec![Holder::User(ANA)] }]);
    assert!(life.does(Actor::System, Command::Tick).is_empty());
    assert_eq!(life.channel.next_deadline(), Some(now_and(9)));
    // and it is no change of access that somebody could have missed.
    assert_eq!(life.channel.access_version(), Version::FIRST);
}

#[test]
fn access_expiry_a_grant_cannot_be_given_that_has_ended() {
    let life = Life::open([]);
    let give = |ends| {
        let changes = vec![AccessChange::Grant(Grant::user_until(ANA, Role::Viewer, ends))];
        life.asks(BY_BOSS, None, Command::ChangeAccess { on: Version::FIRST, changes })
    };
    let (holder, now) = (Holder::User(ANA), now());
    for ends in [now_and(-1), now] {
        assert_eq!(give(ends), Err(Refused::EndsInPast { holder, ends, now }));
    }
    assert_eq!(give(now_and(1)).map(|events| events.len()), Ok(1));
}

#[test]
fn access_guards_a_channel_where_nobody_may_reply_any_more_is_warned_of() {
    let people = [ana(), Principal::user(BEN).in_team(COUNTER, Role::Contributor)];
    let access = orders([Grant::user(ANA, Role::Contributor), Grant::Team(COUNTER), Grant::ALL_USERS]);
    let warnings = |changes: &[AccessChange]| access.impact(changes, &people, [], now()).expect("its own").warnings;
    let (user, team) = (AccessChange::Revoke(Holder::User(ANA)), AccessChange::Revoke(Holder::Team(COUNTER)));
    let lower = AccessChange::Grant(Grant::user(ANA, Role::Viewer));
    let silent = [Warning::NobodyMayReply { channel: ORDERS }];
    assert!(warnings(&[user]).is_empty() && warnings(&[team]).is_empty());
    assert_eq!(warnings(&[user, team]), silent);
    assert_eq!(warnings(&[team, lower]), silent);
    assert!(warnings(&[user, team, AccessChange::Grant(Grant::AllUsers(Role::Contributor))]).is_empty());
    assert_eq!(silent[0].to_string(), format!("nobody may reply in channel {}", ORDERS.uuid()));
}

#[test]
fn access_guards_a_user_without_any_channel_is_warned_of() {
    let (one, two) = (orders([Grant::user(ANA, Role::Contributor)]), channel(201));
    let two = Access::of(two, [Grant::user(ANA, Role::Viewer), Grant::user(BEN, Role::Contributor)]).expect("its own");
    let (people, before) = ([ana(), Principal::user(BEN), boss()], [one.clone(), two.clone()]);
    let after = |access: &Access| access.after(&[AccessChange::Revoke(Holder::User(ANA))]).expect("its own");
    let warnings = |after: &[Access]| {
        Snapshot::new(&people, &before).impact(&Snapshot::new(&people, after), now()).expect("an admin").warnings
    };
    let (no_channel, silent) = (Warning::NoChannel { user: ANA }, Warning::NobodyMayReply { channel: ORDERS });
    assert!(warnings(&before).is_empty());
    assert!(warnings(&[one.clone(), after(&two)]).is_empty());
    assert_eq!(warnings(&[after(&one), two.clone()]), [silent]);
    assert_eq!(warnings(&[after(&one), after(&two)]), [silent, no_channel]);
    assert_eq!(no_channel.to_string(), format!("user {} has no channel", ANA.uuid()));
}

#[test]
fn access_guards_an_organisation_keeps_an_admin() {
    let two = [boss(), Principal::admin(BEN), ana()];
    let impact = |before: &[Principal], after: &[Principal]| {
        Snapshot::new(before, &[]).impact(&Snapshot::new(after, &[]), now())
    };
    assert!(impact(&two, &two[1..]).is_ok());
    let refused = impact(&two, &two[2..]).unwrap_err();
    assert_eq!((refused.code(), refused.rule()), ("no-admin-left", Rule::AccessGuards));
    let wanted = "an organisation keeps at least one account admin, and this change would leave none";
    assert_eq!(refused.to_string(), wanted);
    assert_eq!(impact(&two[..1], &[Principal::user(BOSS)]), Err(refused), "who was admin is a user now");
    let leaves = |person| Departure::of(Leaver::User(person), &two[..1], [], now());
    assert_eq!(leaves(BOSS), Err(refused));
    assert!(leaves(ANA).is_ok() && leaves(twin_user(BOSS)).is_ok());
    assert!(Departure::of(Leaver::User(BOSS), &two, [], now()).is_ok());
}

#[test]
fn access_guards_who_leaves_is_told_with_what_follows_in_every_channel() {
    // Given a user with a grant of their own in one channel, and a team that opens it and another,
    let other =
        Opening::new(channel(201), ChannelName::new("Bread").expect("a name")).with_grants([Grant::Team(COUNTER)]);
    let mut bread = Life::unopened();
    bread.does(Actor::System, Command::Open(Box::new(other)));
    let orders = Life::open([Grant::user(ANA, Role::Contributor), Grant::ALL_USERS]);
    let people = [ana().in_team(COUNTER, Role::Supervisor), boss()];
    let channels = [&orders.channel, &bread.channel];
    let change = |change: &RoleChange| (change.channel, change.user, change.was, change.is);
    // when the user leaves, then all they had is told, and one command, which may be given again, takes the grant away;
    let departure = Departure::of(Leaver::User(ANA), &people, channels, now()).expect("an admin is left");
    let lost = [(ORDERS, ANA, Some(Role::Contributor), None), (channel(201), ANA, Some(Role::Supervisor), None)];
    assert_eq!(departure.impact.changes.iter().map(change).collect::<Vec<_>>(), lost);
    let silent = [ORDERS, channel(201)].map(|channel| Warning::NobodyMayReply { channel });
    assert_eq!(departure.impact.warnings, silent);
    assert_eq!(departure.commands, [(ORDERS, Command::Forget(Leaver::User(ANA)))]);
    let mut forgotten = orders.clone();
    for (given, command) in [1, 0].into_iter().zip([departure.commands[0].1.clone(), departure.commands[0].1.clone()]) {
        assert_eq!(forgotten.does(Actor::System, command).len(), given);
    }
    // when the team is deleted, then its members keep what they have otherwise.
    let departure = Departure::of(Leaver::Team(COUNTER), &people, channels, now()).expect("an admin is left");
    let lost = [(channel(201), ANA, Some(Role::Supervisor), None)];
    assert_eq!(departure.impact.changes.iter().map(change).collect::<Vec<_>>(), lost);
    assert_eq!(departure.impact.warnings, [Warning::NobodyMayReply { channel: channel(201) }]);
    assert_eq!(departure.commands, [(channel(201), Command::Forget(Leaver::Team(COUNTER)))]);
    let twin = Departure::of(Leaver::Team(TeamId::new(CAFE, COUNTER.uuid())), &people, channels, now());
    let twin = twin.expect("an admin is left");
    assert!(twin.commands.is_empty() && twin.impact.changes.is_empty() && twin.impact.warnings.is_empty());
}

#[test]
fn access_revoke_impact_tells_before_who_loses_what_and_after_whose_conversations_to_look_at() {
    let people = [ana(), Principal::user(BEN).in_team(COUNTER, Role::Supervisor), boss()];
    let mut life = Life::open([Grant::user(ANA, Role::Supervisor), Grant::Team(COUNTER), Grant::ALL_USERS]);
    // Given access that is to be lowered and taken away, when it is asked what that means,
    let lower = AccessChange::Grant(Grant::user(ANA, Role::Contributor));
    let changes = [AccessChange::Revoke(Holder::Team(COUNTER)), lower];
    let impact = life.access().impact(&changes, &people, [], now()).expect("its own");
    // then it tells who loses and who gains what, and not who keeps all,
    let [ana_loses, ben_loses] = &impact.changes[..] else { panic!("{impact:?}") };
    assert_eq!((ana_loses.user, ana_loses.was, ana_loses.is), (ANA, Some(Role::Supervisor), Some(Role::Contributor)));
    assert_eq!((ben_loses.user, ben_loses.was, ben_loses.is), (BEN, Some(Role::Supervisor), Some(Role::Viewer)));
    assert!(ana_loses.lost().eq([Action::ViewReports]) && ana_loses.gained().next().is_none());
    let (reply, reports) = (Action::Reply, Action::ViewReports);
    assert!(ben_loses.lost().eq([
        reply,
        Action::Take,
        Action::Assign,
        Action::Unassign,
        Action::MoveToNew,
        Action::Snooze,
        reports
    ]));
    // nothing has happened yet, and afterwards owners are looked at.
    assert_eq!(life.access().role(&people[1], now()), Some(Role::Supervisor));
    let effects = life.changes(changes.to_vec());
    let holders = vec![Holder::User(ANA), Holder::Team(COUNTER)];
    assert_eq!(effects, [Effect::ReviewOwners { holders }]);
    assert_eq!(life.access().role(&people[1], now()), Some(Role::Viewer));
    // The way back only gives.
    let back = life.access().impact(&[AccessChange::Grant(Grant::Team(COUNTER))], &people, [], now()).expect("its own");
    assert!(back.changes.iter().all(|change| change.lost().next().is_none() && change.gained().count() == 7));
}

#[test]
fn access_revoke_impact_looks_at_owners_whenever_less_is_left_and_never_else() {
    let (user, until) = (Grant::user, |role, millis| Grant::user_until(ANA, role, now_and(millis)));
    let (viewer, contributor, supervisor) = (Role::Viewer, Role::Contributor, Role::Supervisor);
    // Given what somebody has and what they are given, then owners are looked at if and only if it is less.
    let cases = [
        (Some(user(ANA, contributor)), Some(user(ANA, viewer)), true),
        (Some(user(ANA, contributor)), Some(user(ANA, supervisor)), false),
        (Some(user(ANA, contributor)), Some(until(supervisor, 5)), true),
        (Some(until(contributor, 5)), Some(until(contributor, 4)), true),
        (Some(until(contributor, 5)), Some(until(contributor, 6)), false),
        (Some(until(contributor, 5)), Some(until(viewer, 6)), true),
        (Some(until(contributor, 5)), Some(user(ANA, contributor)), false),
        (Some(user(ANA, viewer)), None, true),
        (None, Some(user(ANA, viewer)), false),
        (Some(Grant::AllUsers(contributor)), Some(Grant::AllUsers(viewer)), true),
        (Some(Grant::AllUsers(contributor)), Some(Grant::AllUsers(supervisor)), false),
        (Some(Grant::AllUsers(viewer)), None, true),
        (None, Some(Grant::AllUsers(viewer)), false),
        (Some(Grant::Team(COUNTER)), None, true),
        (None, Some(Grant::Team(COUNTER)), false),
        (Some(Grant::AllTeams), None, true),
        (None, Some(Grant::AllTeams), false),
    ];
    for (was, is, less) in cases {
        let mut life = Life::open(was);
        let holder = was.or(is).expect("a grant").holder();
        let change = is.map_or(AccessChange::Revoke(holder), AccessChange::Grant);
        let wanted = less.then(|| Effect::ReviewOwners { holders: vec![holder] });
        assert_eq!(life.changes(vec![change]), Vec::from_iter(wanted), "{was:?} to {is:?}");
    }
}
