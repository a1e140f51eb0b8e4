//! Who may do what in a channel, by which way, and what is told: each rule by itself.

use whatsapp_inbox::access::{
    Access, AccountRole, Action, Decision, Denied, Grant, Least, Path, Principal, Reason, Role,
};
use whatsapp_inbox::channel::{Channel, Kind};
use whatsapp_inbox::rule::{Explain, Rule};
use whatsapp_inbox::settings::AutoResolvePolicy;
use whatsapp_inbox::time::Instant;

use crate::access_case::*;

const VIEWER: [Action; 6] = [
    Action::View,
    Action::MoveToPending,
    Action::MoveToResolved,
    Action::EditTags,
    Action::EditNotes,
    Action::EditTopics,
];
const CONTRIBUTOR: [Action; 6] =
    [Action::Reply, Action::Take, Action::Assign, Action::Unassign, Action::MoveToNew, Action::Snooze];
const ADMIN: [Action; 3] = [Action::ChangeSettings, Action::ChangeAccess, Action::ActForBrand];

fn denied(access: &Access, person: &Principal, action: Action) -> Denied {
    access.decide(person, action, now()).into_result().expect_err("a denial")
}

/// What somebody with a role of their own may do.
fn of(role: Role) -> Vec<Action> {
    may(&orders([Grant::user(ANA, role)]), &ana(), now())
}

#[test]
fn access_default_deny_without_a_grant_nobody_may_do_anything_in_conversations() {
    let nobody = Access::new(ORDERS);
    for person in [ana(), ana().in_team(COUNTER, Role::Supervisor)] {
        assert!(may(&nobody, &person, now()).is_empty());
        assert_eq!(reason(&nobody, &person, Action::View), Some(Reason::NoAccess));
        assert_eq!(nobody.role(&person, now()), None);
    }
    // A grant to somebody else, or to a team of others, is none.
    let others = orders([Grant::user(BEN, Role::Supervisor), Grant::Team(KITCHEN)]);
    assert!(may(&others, &ana().in_team(COUNTER, Role::Supervisor), now()).is_empty());
    // One grant is enough.
    assert!(allowed(&orders([Grant::user(ANA, Role::Viewer)]), &ana(), Action::View));
}

#[test]
fn access_default_deny_a_person_is_read_without_rights_that_are_not_written() {
    let read: Principal = serde_json::from_str(&format!(r#"{{"user":"{ANA}"}}"#)).expect("a person");
    assert_eq!(read, ana());
    assert_eq!((read.account(), AccountRole::default()), (AccountRole::User, AccountRole::User));
    assert!(serde_json::from_str::<Principal>(&format!(r#"{{"user":"{ANA}","admin":true}}"#)).is_err());
}

#[test]
fn access_not_found_is_one_answer_byte_for_byte_whatever_the_reason() {
    let ended = orders([Grant::user_until(ANA, Role::Supervisor, now())]);
    let here = orders([Grant::user(BEN, Role::Supervisor)]);
    for action in Action::ALL {
        let foreign = Access::of(twin_channel(ORDERS), [Grant::AllUsers(Role::Supervisor)]).expect("its own");
        // Given a channel that is not there, another organisation's, one that access has ended to, one that never was theirs,
        let answers = [
            (Denied::no_channel(action), Reason::NoChannel),
            (denied(&foreign, &ana(), action), Reason::OtherOrganisation),
            (denied(&foreign, &boss(), action), Reason::OtherOrganisation),
            (denied(&ended, &ana(), action), Reason::Ended { at: now() }),
            (denied(&here, &ana(), action), Reason::NoAccess),
        ];
        for (answer, wanted) in answers {
            // then the answer is the same, to the last byte,
            assert_eq!(answer.to_string(), "no such channel was found");
            let wire = r#"{"code":"not-found","rule":"access.not-found","message":"no such channel was found"}"#;
            assert_eq!(json(&answer), wire);
            assert_eq!((answer.code(), answer.rule()), ("not-found", Rule::AccessNotFound));
            assert_eq!((answer.limit(), answer.is_not_found(), answer.action()), (None, true, action));
            // and records have the true reason.
            let admins = ADMIN.contains(&action) && matches!(wanted, Reason::Ended { .. } | Reason::NoAccess);
            assert_eq!(answer.reason(), if admins { Reason::AdminOnly } else { wanted });
        }
    }
}

#[test]
fn access_not_found_tells_an_admin_and_whoever_may_view_the_true_reason() {
    let told = |access: &Access, person: &Principal, action| {
        let denied = denied(access, person, action);
        assert!(!denied.is_not_found());
        (denied.code(), denied.rule(), denied.to_string())
    };
    let (nothing, ended) = (Access::new(ORDERS), orders([Grant::user_until(BOSS, Role::Viewer, now())]));
    let wanted = "not allowed to reply: no grant is for this person, and being an account admin gives none".to_owned();
    assert_eq!(told(&nothing, &boss(), Action::Reply), ("no-access", Rule::AccessDefaultDeny, wanted));
    let wanted = "not allowed to view the channel and its conversations: the access of this person ended at \
                  2026-01-05T09:00:00.000Z";
    assert_eq!(told(&ended, &boss(), Action::View), ("access-ended", Rule::AccessExpiry, wanted.to_owned()));
    let viewer = orders([Grant::user(ANA, Role::Viewer)]);
    let wanted = "not allowed to take a conversation: it takes a contributor, and this person is a viewer".to_owned();
    assert_eq!(told(&viewer, &ana(), Action::Take), ("role-too-low", Rule::AccessContributor, wanted));
    let wanted = "not allowed to change who has access: it takes an account admin, and this person is none".to_owned();
    assert_eq!(told(&viewer, &ana(), Action::ChangeAccess), ("admin-only", Rule::SettingsAdminOnly, wanted));
    let wire = r#"{"code":"role-too-low","rule":"access.reports","message":"not allowed to view the channel's reports: it takes a supervisor, and this person is a viewer","action":"view-reports","reason":{"role-too-low":{"held":"viewer","needed":"supervisor"}}}"#;
    assert_eq!(json(&denied(&viewer, &ana(), Action::ViewReports)), wire);
}

#[test]
fn access_not_found_is_what_views_of_a_channel_answer_too() {
    let (policy, unopened) = (AutoResolvePolicy::default(), Channel::default());
    let open = Life::open([Grant::user(BEN, Role::Viewer)]).channel;
    let not_found = json(&Denied::no_channel(Action::View));
    let stranger = Principal::admin(twin_user(BOSS));
    for (channel, person) in [(&unopened, &ana()), (&unopened, &boss()), (&open, &ana()), (&open, &stranger)] {
        assert_eq!(json(&channel.view(person, now()).unwrap_err()), not_found);
        assert_eq!(json(&channel.settings_view(person, &policy, now()).unwrap_err()), not_found);
        for action in Action::ALL {
            assert_eq!(json(&channel.decide_access(person, action, now()).into_result().unwrap_err()), not_found);
        }
    }
    assert_eq!(unopened.decide_access(&boss(), Action::View, now()).reason(), Some(Reason::NoChannel));
}

#[test]
fn access_viewer_reads_moves_on_and_tags() {
    assert_eq!(of(Role::Viewer), VIEWER);
}

#[test]
fn access_contributor_also_replies_assigns_and_moves_back() {
    assert_eq!(of(Role::Contributor), [VIEWER, CONTRIBUTOR].concat());
}

#[test]
fn access_supervisor_also_reads_reports_and_that_is_all() {
    assert_eq!(of(Role::Supervisor), [&VIEWER[..], &CONTRIBUTOR, &[Action::ViewReports]].concat());
}

#[test]
fn access_supervisor_the_table_has_every_action_once_and_roles_nest() {
    assert_eq!([&VIEWER[..], &CONTRIBUTOR, &[Action::ViewReports], &ADMIN].concat(), Action::ALL);
    let rows: [(&[Action], Least, Rule); 4] = [
        (&VIEWER, Least::Role(Role::Viewer), Rule::AccessViewer),
        (&CONTRIBUTOR, Least::Role(Role::Contributor), Rule::AccessContributor),
        (&[Action::ViewReports], Least::Role(Role::Supervisor), Rule::AccessReports),
        (&ADMIN, Least::Admin, Rule::SettingsAdminOnly),
    ];
    for (actions, least, rule) in rows {
        for action in actions {
            assert_eq!((action.least(), action.rule()), (least, rule), "{action}");
            for (rank, role) in Role::ALL.into_iter().enumerate() {
                let enough = matches!(least, Least::Role(least) if role.and_higher().len() <= least.and_higher().len());
                assert_eq!(role.allows(*action), enough, "{role} {action}");
                assert_eq!(role.and_higher(), &Role::ALL[rank..]);
            }
        }
    }
}

#[test]
fn access_supervisor_the_lists_of_actions_roles_and_kinds_are_complete() {
    assert_eq!(variants::<Action>(), Action::ALL.map(|action| json(&action).replace('"', "")));
    assert_eq!(variants::<Role>(), Role::ALL.map(|role| role.name().to_owned()));
    assert_eq!(variants::<Kind>(), Kind::ALL.map(|kind| json(&kind).replace('"', "")));
    assert_eq!(variants::<Role>(), Role::ALL.map(|role| json(&role).replace('"', "")));
}

#[test]
fn access_reports_need_a_supervisor_for_an_admin_too() {
    for (role, yes) in [(Role::Viewer, false), (Role::Contributor, false), (Role::Supervisor, true)] {
        let access = orders([Grant::user(ANA, role), Grant::user(BOSS, role)]);
        assert_eq!(allowed(&access, &ana(), Action::ViewReports), yes, "{role}");
        assert_eq!(allowed(&access, &boss(), Action::ViewReports), yes, "an admin who is a {role}");
    }
    let none = Access::new(ORDERS);
    assert_eq!(reason(&none, &boss(), Action::ViewReports), Some(Reason::NoAccess));
    // Being a supervisor of another channel does not count.
    let other = Access::of(channel(201), [Grant::user(BOSS, Role::Supervisor)]).expect("its own");
    assert!(allowed(&other, &boss(), Action::ViewReports) && !allowed(&none, &boss(), Action::ViewReports));
}

#[test]
fn settings_admin_only_an_admin_changes_and_has_no_permission_in_conversations() {
    let (none, all) = (Access::new(ORDERS), orders([Grant::AllUsers(Role::Supervisor), Grant::AllTeams]));
    assert_eq!(may(&none, &boss(), now()), ADMIN);
    // The highest role of all does not make an admin, and an admin is in conversations what their role says.
    let supervisor = ana().in_team(COUNTER, Role::Supervisor);
    assert_eq!(may(&all, &supervisor, now()), of(Role::Supervisor));
    for role in Role::ALL {
        let access = orders([Grant::user(BOSS, role)]);
        assert_eq!(may(&access, &boss(), now()), [&of(role)[..], &ADMIN].concat());
    }
}

#[test]
fn access_team_gives_its_channels_with_the_role_of_the_membership() {
    let access = orders([Grant::Team(COUNTER)]);
    for role in Role::ALL {
        let member = ana().in_team(COUNTER, role);
        assert_eq!(access.role(&member, now()), Some(role));
        assert_eq!(may(&access, &member, now()), of(role));
        assert_eq!(access.role(&member.without_team(COUNTER), now()), None);
        assert_eq!(access.role(&ana().in_team(KITCHEN, role), now()), None);
    }
}

#[test]
fn access_many_teams_each_opens_its_own_channels() {
    let both = ana().in_team(COUNTER, Role::Viewer).in_team(KITCHEN, Role::Supervisor);
    assert_eq!(both.memberships().len(), 2);
    let [counter, kitchen] = [COUNTER, KITCHEN].map(|team| orders([Grant::Team(team)]));
    assert_eq!((counter.role(&both, now()), kitchen.role(&both, now())), (Some(Role::Viewer), Some(Role::Supervisor)));
    let one = both.without_team(COUNTER);
    assert_eq!((counter.role(&one, now()), kitchen.role(&one, now())), (None, Some(Role::Supervisor)));
}

#[test]
fn access_highest_counts_on_whichever_path_it_comes() {
    let paths =
        |direct, all_users| orders([Grant::user(ANA, direct), Grant::AllUsers(all_users), Grant::Team(COUNTER)]);
    for direct in Role::ALL {
        for all_users in Role::ALL {
            for member in Role::ALL {
                let highest = [direct, all_users, member].into_iter().max();
                let person = ana().in_team(COUNTER, member);
                assert_eq!(paths(direct, all_users).role(&person, now()), highest);
            }
        }
    }
}

#[test]
fn access_all_users_is_viewer_unless_said_and_reaches_everybody_of_the_organisation() {
    assert_eq!(Grant::ALL_USERS, Grant::AllUsers(Role::Viewer));
    for role in Role::ALL {
        let access = orders([Grant::AllUsers(role)]);
        for person in [ana(), boss(), Principal::user(user(999))] {
            assert_eq!(access.role(&person, now()), Some(role));
        }
        assert_eq!(access.role(&Principal::user(twin_user(ANA)), now()), None);
    }
}

#[test]
fn access_all_teams_gives_each_member_the_role_of_the_membership_and_others_nothing() {
    let access = orders([Grant::AllTeams]);
    for role in Role::ALL {
        for any in [COUNTER, KITCHEN, team(999)] {
            assert_eq!(access.role(&ana().in_team(any, role), now()), Some(role));
        }
    }
    assert_eq!(access.role(&ana(), now()), None);
    assert_eq!(access.role(&boss(), now()), None);
}

#[test]
fn access_why_lists_every_path_and_the_one_that_has_ended() {
    let all = [Grant::AllUsers(Role::Viewer), Grant::Team(COUNTER), Grant::AllTeams, Grant::Team(KITCHEN)];
    let person = ana().in_team(COUNTER, Role::Contributor).in_team(team(52), Role::Viewer);
    let others = vec![
        Path::AllUsers { role: Role::Viewer },
        Path::Team { team: COUNTER, role: Role::Contributor },
        Path::AllTeams { team: COUNTER, role: Role::Contributor },
        Path::AllTeams { team: team(52), role: Role::Viewer },
    ];
    for (ends, is_there) in [(None, true), (Some(now_and(1)), true), (Some(now()), false)] {
        // Given access on every path, of which one may have ended, when it is asked why,
        let own = Grant::User { user: ANA, role: Role::Supervisor, ends };
        let access = orders(all.into_iter().chain([own]));
        let why = access.why(&person, Action::ViewReports, now());
        // then each is listed once, and what has ended is told apart.
        let direct = Path::Direct { role: Role::Supervisor, ends };
        let (mut found, mut wanted) = (why.paths.clone(), others.clone());
        wanted.extend(is_there.then_some(direct));
        found.sort_by_key(json);
        wanted.sort_by_key(json);
        assert_eq!(found, wanted);
        assert_eq!(why.ended, (!is_there).then_some(direct));
        let held = if is_there { Role::Supervisor } else { Role::Contributor };
        assert_eq!((why.allowed, why.held), (is_there, Some(held)));
        assert_eq!((why.action, why.needed), (Action::ViewReports, Least::Role(Role::Supervisor)));
        let low = Reason::RoleTooLow { held: Role::Contributor, needed: Role::Supervisor };
        assert_eq!(why.reason, (!is_there).then_some(low));
    }
}

#[test]
fn access_why_is_a_sentence() {
    let why = |access: &Access, person: &Principal, action| access.why(person, action, now()).to_string();
    let (none, until) = (Access::new(ORDERS), orders([Grant::user_until(ANA, Role::Viewer, now_and(1))]));
    let ended = orders([Grant::user_until(ANA, Role::Viewer, now())]);
    assert_eq!(why(&none, &ana(), Action::Reply), "no: no grant is for this person");
    assert_eq!(why(&ended, &ana(), Action::Reply), "no: the access of this person ended at 2026-01-05T09:00:00.000Z");
    let stranger = Principal::user(twin_user(ANA));
    assert_eq!(why(&none, &stranger, Action::Reply), "no: the channel is another organisation's");
    assert_eq!(why(&none, &stranger, Action::ChangeAccess), "no: the channel is another organisation's");
    let settings = "to change the channel's settings takes an account admin, and this person is";
    assert_eq!(why(&until, &ana(), Action::ChangeSettings), format!("no: {settings} none"));
    assert_eq!(why(&until, &boss(), Action::ChangeSettings), format!("yes: {settings} one"));
    let own = "viewer by a grant of their own";
    let reply = "to reply takes a contributor, and the highest role is viewer";
    assert_eq!(
        why(&until, &ana(), Action::Reply),
        format!("no: {reply} ({own} that ends at 2026-01-05T09:00:00.001Z)")
    );
    let many = orders([Grant::user(ANA, Role::Viewer), Grant::ALL_USERS, Grant::Team(COUNTER), Grant::AllTeams]);
    let team = "contributor as a member of team 00000000-0000-0000-0000-000000000032";
    assert_eq!(
        why(&many, &ana().in_team(COUNTER, Role::Contributor), Action::Reply),
        format!(
            "yes: to reply takes a contributor, and the highest role is contributor \
             (viewer as one of all users; {own}; {team}; {team}, as all teams have access)"
        )
    );
}

#[test]
fn access_why_is_written_with_all_that_led_to_it() {
    let access = orders([Grant::user_until(ANA, Role::Supervisor, now()), Grant::Team(COUNTER)]);
    let why = access.why(&ana().in_team(COUNTER, Role::Viewer), Action::Reply, now());
    let wanted = serde_json::json!({
        "allowed": false,
        "action": "reply",
        "needed": { "role": "contributor" },
        "held": "viewer",
        "paths": [{ "team": { "team": COUNTER.to_string(), "role": "viewer" } }],
        "ended": { "direct": { "role": "supervisor", "ends": "2026-01-05T09:00:00.000Z" } },
        "reason": { "role-too-low": { "held": "viewer", "needed": "contributor" } },
        "told": "not allowed to reply: it takes a contributor, and this person is a viewer",
    });
    assert_eq!(serde_json::to_value(why).expect("it is JSON"), wanted);
}

#[test]
fn access_expiry_holds_from_the_instant_on() {
    for role in Role::ALL {
        let access = orders([Grant::user_until(ANA, role, now())]);
        let (before, at, after) = (now_and(-1), now(), now_and(1));
        assert_eq!(may(&access, &ana(), before), of(role));
        assert_eq!(access.role(&ana(), before), Some(role));
        for later in [at, after, Instant::MAX] {
            assert!(may(&access, &ana(), later).is_empty());
            assert_eq!(access.role(&ana(), later), None);
            assert_eq!(access.decide(&ana(), Action::View, later).reason(), Some(Reason::Ended { at: now() }));
            assert!(!ana().filter(Action::View, later).matches(&access));
        }
        assert!(ana().filter(Action::View, before).matches(&access));
    }
    // A grant without an end lasts, and what has ended leaves the other paths as they are.
    assert_eq!(orders([Grant::user(ANA, Role::Viewer)]).role(&ana(), Instant::MAX), Some(Role::Viewer));
    let beside = orders([Grant::user_until(ANA, Role::Supervisor, now()), Grant::ALL_USERS]);
    assert_eq!(beside.role(&ana(), now()), Some(Role::Viewer));
    assert_eq!(beside.decide(&ana(), Action::View, now()), Decision::Allowed);
}
