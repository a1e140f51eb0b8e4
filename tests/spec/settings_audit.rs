//! The record of every change, the name in every view, and that settings know no medium.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::json;
use whatsapp_inbox::access::{AccessChange, Action, Grant, Holder, Principal, Role};
use whatsapp_inbox::channel::{Change, Channel, Command, Event, Leaver, Opening};
use whatsapp_inbox::decider::{Actor, Decider};
use whatsapp_inbox::settings::{
    AutoAssignment, AutoResolve, AutoResolvePolicy, OpenQueue, ResolveReason, Settings, SettingsPatch, Window,
};

use crate::case::*;
use crate::channel_case::*;

const OTHER_ADMIN: Actor = Actor::Admin(user(12));

fn hour() -> AutoResolve {
    AutoResolve::After(Window::hours(1).expect("a window"))
}

fn everything() -> SettingsPatch {
    let mut patch = SettingsPatch::default();
    patch.name = Some(channel_name("Orders"));
    patch.auto_assignment = Some(AutoAssignment::Off);
    patch.auto_resolve_new = Some(hour());
    patch.auto_resolve_pending = Some(AutoResolve::Off);
    patch.resolve_reason = Some(ResolveReason::new("Gone quiet").expect("a reason"));
    patch
}

/// All commands that settings and access take, given to a channel one after another.
fn changed(mut case: ChannelCase) -> ChannelCase {
    case.does(ADMIN, case.change(everything()));
    case.minutes(5);
    case.does(OTHER_ADMIN, case.rename("Returns"));
    let until = case.now.plus_hours(1);
    let grants = [
        AccessChange::Grant(Grant::user_until(user(30), Role::Supervisor, until)),
        AccessChange::Grant(Grant::Team(TEAM)),
        AccessChange::Revoke(Holder::AllUsers),
    ];
    case.minutes(5);
    case.does(ADMIN, case.access(grants));
    case.minutes(60).does(Actor::System, Command::Tick);
    case.does(Actor::System, Command::Forget(Leaver::Team(TEAM)));
    case
}

#[test]
fn settings_audit_records_who_when_old_and_new_value() {
    // Given a channel that everybody sees, when all its settings change, then the names, then who has access,
    let case = changed(ChannelCase::open([Grant::ALL_USERS]));
    // then the record has each change with its instant, its actor, what was and what is.
    let by = |number: u128| json!({ "admin": user(number) });
    let told: Vec<serde_json::Value> = case.events.iter().map(|event| serde_json::to_value(event).unwrap()).collect();
    let team = json!({ "team": TEAM });
    let grant = json!({ "user": { "user": user(30), "role": "supervisor", "ends": "2026-01-05T10:05:00.000Z" } });
    let wanted = [
        json!({ "at": "2026-01-05T09:00:00.000Z", "by": "system", "change": { "opened": {
            "id": CHANNEL, "name": NAME, "grants": [{ "all-users": "viewer" }],
            "whatsapp": { "number": number(NUMBER), "phone_number": PHONE_NUMBER, "account": ACCOUNT },
        } } }),
        json!({ "at": "2026-01-05T09:00:00.000Z", "by": by(10), "change": { "settings-changed": { "version": 1, "changes": [
            { "name": { "was": NAME, "is": "Orders" } },
            { "auto-assignment": { "was": "on", "is": "off" } },
            { "auto-resolve": { "queue": "new", "was": "inherit", "is": { "after-minutes": 60 } } },
            { "auto-resolve": { "queue": "pending", "was": "inherit", "is": "off" } },
            { "resolve-reason": { "was": "no message within the auto-resolve window", "is": "Gone quiet" } },
        ] } } }),
        json!({ "at": "2026-01-05T09:05:00.000Z", "by": by(12), "change": { "settings-changed": { "version": 2, "changes": [
            { "name": { "was": "Orders", "is": "Returns" } },
        ] } } }),
        json!({ "at": "2026-01-05T09:10:00.000Z", "by": by(10), "change": { "access-changed": { "version": 1, "changes": [
            { "holder": { "user": user(30) }, "is": grant },
            { "holder": team, "is": team },
            { "holder": "all-users", "was": { "all-users": "viewer" } },
        ] } } }),
        json!({ "at": "2026-01-05T10:10:00.000Z", "by": "system", "change": { "grants-ended": { "grants": [grant] } } }),
        json!({ "at": "2026-01-05T10:10:00.000Z", "by": "system", "change": { "access-changed": { "version": 2, "changes": [
            { "holder": team, "was": team },
        ] } } }),
    ];
    assert_eq!(told, wanted);
}

#[test]
fn settings_audit_says_each_change_in_words() {
    let case = changed(ChannelCase::open([]));
    let words = |event: &Event| match &event.change {
        Change::SettingsChanged { changes, .. } => changes.iter().map(ToString::to_string).collect(),
        _ => Vec::new(),
    };
    assert_eq!(
        case.events.iter().flat_map(words).collect::<Vec<String>>(),
        [
            "name: Harbour Bakery → Orders",
            "auto-assignment: on → off",
            "auto-resolve of New: inherit → after 1 hour",
            "auto-resolve of Pending: inherit → off",
            "resolve reason: no message within the auto-resolve window → Gone quiet",
            "name: Orders → Returns",
        ]
    );
}

#[test]
fn settings_audit_alone_tells_the_settings_before_each_change() {
    // Given the record of a channel, when it is read backwards from the settings there are, undoing each change,
    let case = changed(ChannelCase::open([Grant::ALL_USERS]));
    for upto in 1..=case.events.len() {
        let history = &case.events[..upto];
        let (before, after) = (Channel::replay(&history[..upto - 1]), Channel::replay(history));
        let Change::SettingsChanged { changes, version } = &history[upto - 1].change else { continue };
        // then every old value is what stood before, and every new value what stood after.
        let mut undo = SettingsPatch::default();
        for change in changes {
            use whatsapp_inbox::settings::SettingChange as Setting;
            match change {
                Setting::Name { was, .. } => undo.name = Some(was.clone()),
                Setting::AutoAssignment { was, .. } => undo.auto_assignment = Some(*was),
                Setting::AutoResolve { queue: OpenQueue::New, was, .. } => undo.auto_resolve_new = Some(*was),
                Setting::AutoResolve { queue: OpenQueue::Pending, was, .. } => undo.auto_resolve_pending = Some(*was),
                Setting::ResolveReason { was, .. } => undo.resolve_reason = Some(was.clone()),
                other => panic!("{other:?}"),
            }
        }
        let (stood, stands) = (before.settings().unwrap(), after.settings().unwrap());
        let undone = stands.patched(&undo);
        let read = |settings: &Settings| {
            let windows = OpenQueue::ALL.map(|queue| settings.auto_resolve(queue));
            let reason = settings.resolve_reason().value;
            (settings.name().clone(), settings.auto_assignment().value, windows, reason)
        };
        assert_eq!(read(&undone), read(stood));
        assert_eq!(*version, before.settings_version().next());
        assert_eq!(*version, after.settings_version());
    }
}

#[test]
fn settings_audit_names_who_may_have_been_behind_it() {
    // Given the events of every kind, then what an account admin did takes an admin, and what the host did asks nobody.
    let mut case = changed(ChannelCase::open([Grant::ALL_USERS]));
    case.does(ADMIN, Command::Close);
    let asked: Vec<Option<Action>> = case.events.iter().map(Channel::required).collect();
    let (settings, access) = (Some(Action::ChangeSettings), Some(Action::ChangeAccess));
    assert_eq!(asked, [None, settings, settings, access, None, None, settings]);
}

#[test]
fn settings_any_medium_names_none_in_its_source() {
    let mut files = 0;
    for folder in ["src/settings", "src/access"] {
        let mut paths: Vec<PathBuf> = fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join(folder))
            .expect(folder)
            .map(|entry| entry.expect("an entry").path())
            .collect();
        paths.sort();
        for path in paths.iter().filter(|path| path.extension().is_some_and(|extension| extension == "rs")) {
            // Given what the compiler sees of each file: no comments, and not the name of the crate,
            let text = fs::read_to_string(path).expect("a file");
            let code = text.lines().filter(|line| !line.trim_start().starts_with("//"));
            let code = code.collect::<Vec<_>>().join("\n").to_lowercase().replace("whatsapp_inbox", "");
            // then no medium is named in it.
            for medium in ["whatsapp", "meta", "waba", "phone", "template", "sms", "email"] {
                assert!(!code.contains(medium), "{medium} in {}", path.display());
            }
            files += 1;
        }
    }
    assert!(files >= 15, "{files} files");
}

#[test]
fn settings_any_medium_takes_the_same_changes_elsewhere() {
    // Given a channel on WhatsApp and one of another medium, when all that settings and access take is given to both,
    let (here, elsewhere) =
        (changed(ChannelCase::open([Grant::ALL_USERS])), changed(ChannelCase::elsewhere([Grant::ALL_USERS])));
    // then both recorded the same but for the opening, and stand alike.
    assert_eq!(here.events[1..], elsewhere.events[1..]);
    assert_eq!(here.state.settings(), elsewhere.state.settings());
    assert_eq!(here.state.access(), elsewhere.state.access());
    assert!(here.state.whatsapp().is_some() && elsewhere.state.whatsapp().is_none());
    let policy = AutoResolvePolicy::default();
    let mut views = [&here, &elsewhere]
        .map(|case| serde_json::to_value(case.state.settings_view(&admin(), &policy, case.now).unwrap()).unwrap());
    assert_eq!(views[1]["whatsapp"], json!(null));
    views[0]["whatsapp"] = json!(null);
    assert_eq!(views[0], views[1]);
}

#[test]
fn settings_name_visible_in_every_view_for_all_who_may_view() {
    let team = |person: Principal, role| person.in_team(TEAM, role);
    let mut seen = 0;
    for role in Role::ALL {
        let person = Principal::user(user(30));
        let end = at("2026-01-05T09:00:00Z").plus_minutes(1);
        let paths = [
            (Grant::user(user(30), role), person.clone()),
            (Grant::user_until(user(30), role, end), person.clone()),
            (Grant::AllUsers(role), person.clone()),
            (Grant::Team(TEAM), team(person.clone(), role)),
            (Grant::AllTeams, team(person.clone(), role)),
            (Grant::AllUsers(role), Principal::admin(user(30))),
        ];
        for (grant, person) in paths {
            // Given a person who has come into the channel on any path with any role, when an admin renames it,
            let mut case = ChannelCase::open([grant]);
            assert_eq!(case.state.view(&person, case.now).unwrap().name.as_str(), NAME);
            case.does(ADMIN, case.rename("Orders"));
            // then that person sees the new name and the role, and so does an admin in the settings.
            let view = case.state.view(&person, case.now).unwrap();
            assert_eq!((view.id, view.name.as_str(), view.role), (CHANNEL, "Orders", role));
            let settings = case.state.settings_view(&admin(), &case.policy.auto_resolve, case.now).unwrap();
            assert_eq!(settings.name, view.name);
            // A closed channel shows it still.
            case.does(ADMIN, Command::Close);
            assert_eq!(case.state.view(&person, case.now).unwrap().name.as_str(), "Orders");
            seen += 1;
        }
    }
    assert_eq!(seen, 18);
}

#[test]
fn settings_name_visible_to_nobody_else() {
    let case = ChannelCase::open([Grant::user_until(user(30), Role::Viewer, at("2026-01-05T09:00:00Z"))]);
    let foreign = Principal::admin(FOREIGN_ADMIN.user().unwrap());
    // Given people without access, one of them an admin, one whose access has ended, then the channel is shown to none,
    for person in [Principal::user(user(30)), Principal::user(user(31)), foreign.clone(), admin()] {
        assert!(case.state.view(&person, case.now).is_err());
        assert!(Channel::default().view(&person, case.now).unwrap_err().is_not_found());
    }
    // and its settings to an account admin of its organisation alone.
    let policy = AutoResolvePolicy::default();
    assert!(case.state.settings_view(&admin(), &policy, case.now).is_ok());
    for person in [Principal::user(user(30)), foreign] {
        assert!(case.state.settings_view(&person, &policy, case.now).unwrap_err().is_not_found());
    }
    assert!(Channel::default().settings_view(&admin(), &policy, case.now).unwrap_err().is_not_found());
    let supervised =
        ChannelCase::opened(Opening::new(CHANNEL, channel_name(NAME)).with_grants([Grant::AllUsers(Role::Supervisor)]));
    let denied = supervised.state.settings_view(&Principal::user(user(30)), &policy, case.now).unwrap_err();
    assert!(!denied.is_not_found(), "they see the channel, so they are told that it takes an admin: {denied}");
}
