//! A channel from the activation that opens it to the end that closes it.

use serde_json::json;
use whatsapp_inbox::access::{AccessChange, Action, Grant, Principal, Role};
use whatsapp_inbox::channel::{Cause, Change, Channel, Command, Effect, Kind, Leaver, Loss, Opening, Refused, Status};
use whatsapp_inbox::decider::{Actor, Claim, ClaimChange, Decider, Version};
use whatsapp_inbox::id::{ChannelId, UserId};
use whatsapp_inbox::onboarding::{Activated, Effect as OnboardingEffect, Onboarding, Step};
use whatsapp_inbox::rule::{Explain, Rule};
use whatsapp_inbox::settings::{AutoResolve, AutoResolvePolicy, OpenQueue, SettingsDraft, SettingsPatch};
use whatsapp_inbox::translation::open_channel;
use whatsapp_inbox::uuid::Uuid;

use crate::case::*;
use crate::channel_case::*;

/// What a real onboarding asks for once its account is activated.
fn activated() -> Activated {
    let case = Case::open(Step::CompleteProfile);
    let asked = case.events.iter().flat_map(Onboarding::effects).find_map(|effect| match effect {
        OnboardingEffect::OpenChannel(activated) => Some(*activated),
        _ => None,
    });
    asked.expect("an activation opens its channel")
}

fn with_name(name: &str) -> Activated {
    let mut json = serde_json::to_value(activated()).expect("JSON");
    json["name"] = json!(name);
    serde_json::from_value(json).expect("an activation that history holds")
}

#[test]
fn onboarding_channel_appears_by_the_activation_with_its_name_number_and_grants() {
    // Given an onboarding that was just activated, when the host gives what it asks for,
    let mut case = ChannelCase::new();
    assert_eq!((case.state.id(), case.state.status(), case.state.settings()), (None, None, None));
    let command = open_channel(&activated());
    assert_eq!(command.kind(), Kind::Open);
    case.does(Actor::System, command.clone());
    // then the channel is open under the display name, on its number, with the grants that the activation names.
    assert_eq!(case.state.id(), Some(CHANNEL));
    assert_eq!(case.settings().name().as_str(), NAME);
    assert_eq!(case.state.whatsapp(), Some(&line()));
    assert_eq!(case.state.status(), Some(Status::Open { since: case.now }));
    assert_eq!(case.versions(), (Version::FIRST, Version::FIRST));
    let grants: Vec<Grant> = case.state.access().unwrap().grants().collect();
    assert_eq!(grants, [Grant::AllUsers(Role::Contributor)]);
    let view = case.state.view(&Principal::user(user(30)), case.now).unwrap();
    assert_eq!((view.role, view.name.as_str()), (Role::Contributor, NAME));
    // It opens once, asks for nothing elsewhere, and keeps the claim that the onboarding took.
    assert_eq!(case.refused(Actor::System, command), Refused::AlreadyOpened { at: case.now });
    assert_eq!(Channel::effects(&case.events[0]), []);
    assert_eq!(Channel::claims(&case.events[0]), []);
}

#[test]
fn onboarding_channel_appears_under_its_number_where_the_display_name_is_no_channel_name() {
    for (name, wanted) in [
        (NAME.to_owned(), NAME.to_owned()),
        (format!(" {NAME} "), NAME.to_owned()),
        ("x".repeat(255), "x".repeat(255)),
        ("x".repeat(256), "+49401234567".to_owned()),
        (String::new(), "+49401234567".to_owned()),
        ("two\nlines".to_owned(), "+49401234567".to_owned()),
        ("turned\u{202e}".to_owned(), "+49401234567".to_owned()),
    ] {
        // Given an activation of any name that history may hold, then the channel opens, and its name is a legal one.
        let mut case = ChannelCase::new();
        case.does(Actor::System, open_channel(&with_name(&name)));
        assert_eq!(case.settings().name().as_str(), wanted);
        assert_eq!(channel_name(&wanted), *case.settings().name());
    }
}

#[test]
fn onboarding_channel_appears_with_no_grant_of_another_organisation() {
    let foreign = Grant::user(UserId::new(OTHER_ORGANISATION, Uuid::from_u128(30)), Role::Viewer);
    let opening = Opening::new(CHANNEL, channel_name(NAME)).with_grants([Grant::ALL_USERS, foreign]);
    let refused = ChannelCase::new().refused(Actor::System, Command::Open(Box::new(opening)));
    let Refused::OtherOrganisation(error) = refused else { panic!("{refused}") };
    assert_eq!((error.holder, error.index, refused.rule()), (foreign.holder(), 1, Rule::AccessTenant));
    // Without a grant nobody sees it but by its settings.
    let case = ChannelCase::open([]);
    assert!(case.state.view(&admin(), case.now).is_err());
    assert!(case.state.settings_view(&admin(), &AutoResolvePolicy::default(), case.now).is_ok());
}

/// The ways in which a channel closes, and why it is closed then.
fn ends() -> [(Actor, Command, Cause); 4] {
    [
        (ADMIN, Command::Close, Cause::Admin),
        (META, lose(Loss::Offboarded), Cause::Offboarded),
        (GRAPH, lose(Loss::AccountDeleted), Cause::AccountDeleted),
        (OBSERVED, lose(Loss::Offboarded), Cause::Offboarded),
    ]
}

#[test]
fn channel_close_by_an_admin_or_meta_resolves_conversations_and_frees_the_number() {
    for (actor, command, cause) in ends() {
        // Given an open channel, when it is closed,
        let mut case = ChannelCase::open([Grant::ALL_USERS]);
        case.minutes(10).does(actor, command);
        // then it is closed from then on and for that reason,
        assert_eq!(case.state.closed(), Some((case.now, cause)));
        assert_eq!(case.state.status(), Some(Status::Closed { since: case.now, cause }));
        let event = case.events.last().unwrap();
        assert_eq!((event.by, event.at), (actor, case.now));
        assert_eq!(event.change, Change::Closed { cause, number: Some(number(NUMBER)) });
        // open conversations are resolved with that reason, and the number is free for a new onboarding.
        assert_eq!(Channel::effects(event), [Effect::ResolveConversations { cause }]);
        assert_eq!(Channel::claims(event), [ClaimChange::Released(Claim::Number(number(NUMBER)))]);
        // What happened before released nothing.
        assert!(case.events[..1].iter().all(|event| Channel::claims(event).is_empty()));
    }
}

#[test]
fn channel_close_is_told_by_meta_as_often_as_it_likes() {
    for (actor, command, cause) in ends() {
        // Given a closed channel, when Meta tells again, or otherwise, then nothing changes: the first reason stands.
        let mut case = ChannelCase::open([]);
        case.does(actor, command);
        let since = case.now;
        case.minutes(5);
        for source in [META, GRAPH, OBSERVED] {
            case.idle(source, lose(Loss::Offboarded));
            case.idle(source, lose(Loss::AccountDeleted));
        }
        assert_eq!(case.state.closed(), Some((since, cause)));
        // An admin, who can see that it is closed, is told so.
        assert_eq!(case.refused(ADMIN, Command::Close), Refused::Closed { at: since });
    }
}

#[test]
fn channel_close_of_another_medium_frees_no_number_and_is_not_metas() {
    let mut case = ChannelCase::elsewhere([]);
    let refused = case.refused(META, lose(Loss::Offboarded));
    assert_eq!((refused, refused.rule()), (Refused::NotOnWhatsApp, Rule::ChannelClose));
    case.does(ADMIN, Command::Close);
    let event = case.events.last().unwrap();
    assert_eq!(event.change, Change::Closed { cause: Cause::Admin, number: None });
    assert_eq!(Channel::claims(event), []);
    assert_eq!(Channel::effects(event), [Effect::ResolveConversations { cause: Cause::Admin }]);
}

#[test]
fn channel_close_ends_settings_and_leaves_access_and_history() {
    for (actor, command, _) in ends() {
        let mut case = ChannelCase::open([Grant::user(user(30), Role::Supervisor), Grant::Team(TEAM)]);
        case.does(actor, command);
        let closed = Refused::Closed { at: case.now };
        case.minutes(5);
        // Given a closed channel, then its settings stay, whatever the change and its version,
        assert_eq!(case.refused(ADMIN, case.rename("Orders")), closed);
        assert_eq!(case.refused(ADMIN, case.change(SettingsPatch::default())), closed);
        let stale = Command::ChangeSettings { on: Version::new(9), patch: Box::default() };
        assert_eq!(case.refused(ADMIN, stale), closed);
        // who may read its history still changes,
        case.does(ADMIN, case.access([AccessChange::Grant(Grant::user(user(31), Role::Contributor))]));
        case.does(Actor::System, Command::Forget(Leaver::Team(TEAM)));
        assert_eq!(case.state.access_version(), Version::new(2));
        // and all who may, read it; nobody sends.
        for (number, role, wanted) in [
            (30, Role::Supervisor, vec![Action::View, Action::ViewReports]),
            (31, Role::Contributor, vec![Action::View]),
        ] {
            let view = case.state.view(&Principal::user(user(number)), case.now).unwrap();
            assert_eq!((view.role, view.actions), (role, wanted));
        }
    }
}

#[test]
fn channel_close_shows_in_the_views_as_json() {
    let person = Principal::user(user(30));
    let mut case = ChannelCase::open([Grant::user(user(30), Role::Viewer)]);
    let view = |case: &ChannelCase| serde_json::to_value(case.state.view(&person, case.now).unwrap()).unwrap();
    assert_eq!(
        view(&case),
        json!({
            "id": CHANNEL, "name": NAME, "role": "viewer", "status": { "open": { "since": "2026-01-05T09:00:00.000Z" } },
            "actions": ["view", "move-to-pending", "move-to-resolved", "edit-tags", "edit-notes", "edit-topics"],
        })
    );
    case.minutes(1).does(META, lose(Loss::AccountDeleted));
    let status = json!({ "closed": { "since": "2026-01-05T09:01:00.000Z", "cause": "account-deleted" } });
    assert_eq!(view(&case)["status"], status);
    assert_eq!(view(&case)["actions"], json!(["view"]));
    let policy = AutoResolvePolicy::default();
    let settings = serde_json::to_value(case.state.settings_view(&admin(), &policy, case.now).unwrap()).unwrap();
    assert_eq!(
        settings,
        json!({
            "id": CHANNEL, "name": NAME, "status": status, "window_bounds": { "min": 10, "max": 1_438_560 },
            "settings": { "name": NAME, "auto_resolve_new": "inherit", "auto_resolve_pending": "inherit",
                "closing_warning": "off", "reply_policy": "anyone" },
            "closing_warning": "off", "reply_policy": "anyone",
            "whatsapp": { "number": number(NUMBER), "phone_number": PHONE_NUMBER, "account": ACCOUNT },
            "settings_version": 0, "access_version": 0,
            "auto_assignment": { "value": "on", "source": "built-in" },
            "auto_resolve_new": { "value": 43200, "source": "built-in" },
            "auto_resolve_pending": { "value": 43200, "source": "built-in" },
            "resolve_reason": { "value": "no message within the auto-resolve window", "source": "built-in" },
            "grants": [{ "user": { "user": user(30), "role": "viewer" } }],
        })
    );
}

#[test]
fn channel_close_leaves_a_channel_of_the_same_id_elsewhere_alone() {
    // Given the admin of another organisation, in which a channel has the same UUID, then this one is not found.
    let mut case = ChannelCase::open([]);
    for command in [Command::Close, case.rename("Orders"), case.access([AccessChange::Grant(Grant::ALL_USERS)])] {
        assert_eq!(case.refused(FOREIGN_ADMIN, command), Refused::NotFound);
    }
    let theirs = ChannelId::new(OTHER_ORGANISATION, CHANNEL.uuid());
    let mut theirs = ChannelCase::opened(Opening::new(theirs, channel_name(NAME)));
    theirs.does(FOREIGN_ADMIN, Command::Close);
    assert_eq!(theirs.refused(ADMIN, Command::Close), Refused::NotFound);
    assert_eq!(case.state.closed(), None);
}

#[test]
fn core_replay_reads_what_an_earlier_version_accepted() {
    // Given a record of a name of 300 characters with a line break, and of windows of a minute and of 2000 days,
    let long = format!("{}\n{}", "x".repeat(150), "x".repeat(149));
    let mut case = ChannelCase::new();
    case.reads(json!({ "at": "2020-01-01T00:00:00Z", "by": "system", "change": { "opened":
        { "id": CHANNEL, "name": long, "grants": [] } } }));
    assert_eq!(case.settings().name().as_str(), long);
    let changes = json!([
        { "name": { "was": long, "is": format!(" {long} ") } },
        { "auto-resolve": { "queue": "new", "was": "inherit", "is": { "after-minutes": 1 } } },
        { "auto-resolve": { "queue": "pending", "was": { "after-minutes": 0 }, "is": { "after-minutes": 2_880_000 } } },
        { "resolve-reason": { "was": "", "is": long } },
    ]);
    case.reads(json!({ "at": "2020-01-02T00:00:00Z", "by": { "admin": user(10) }, "change":
        { "settings-changed": { "version": 7, "changes": changes } } }));
    // then it is read as it was, without trimming, and it is written as it was.
    assert_eq!(case.settings().name().as_str(), format!(" {long} "));
    let minutes = OpenQueue::ALL.map(|queue| case.settings().auto_resolve(queue).window().unwrap().in_minutes());
    assert_eq!((minutes, case.state.settings_version()), ([1, 2_880_000], Version::new(7)));
    assert_eq!(case.settings().resolve_reason().value.as_str(), long);
    assert_eq!(serde_json::to_value(&case.events[1]).unwrap()["change"]["settings-changed"]["changes"], changes);
    // It stands and is shown, and the next change keeps to the rules of today.
    let view = case.state.settings_view(&admin(), &AutoResolvePolicy::default(), case.now).unwrap();
    assert_eq!(view.auto_resolve_new.value.unwrap().in_minutes(), 1);
    let draft: SettingsDraft =
        serde_json::from_value(json!({ "name": long, "auto_resolve_pending": { "after-minutes": 1 } })).unwrap();
    let faults = draft.check(case.settings(), &AutoResolvePolicy::default()).unwrap_err();
    assert_eq!(faults.as_slice().len(), 2);
    // What stands may be sent back as it is.
    let same = json!({ "name": format!(" {long} "), "auto_resolve_new": { "after-minutes": 1 },
        "auto_resolve_pending": { "after-minutes": 2_880_000 } });
    let same: SettingsDraft = serde_json::from_value(same).unwrap();
    let patch = same.check(case.settings(), &AutoResolvePolicy::default()).unwrap();
    assert_eq!(case.settings().changes(&patch), []);
    let mut taken = SettingsPatch::default();
    taken.auto_resolve_pending = Some(case.settings().auto_resolve(OpenQueue::New));
    assert_eq!(case.refused(ADMIN, case.change(taken)).code(), "window-out-of-bounds");
    case.does(ADMIN, case.rename("Orders"));
    let mut off = SettingsPatch::default();
    off.auto_resolve_new = Some(AutoResolve::Off);
    case.does(ADMIN, case.change(off));
    assert_eq!(case.state.settings_version(), Version::new(9));
}

#[test]
fn core_replay_of_a_channel_takes_any_event_in_any_state() {
    // Given the events of a channel without its opening, then they change nothing.
    let mut case = ChannelCase::open([Grant::user_until(user(30), Role::Viewer, at("2026-01-06T00:00:00Z"))]);
    case.does(ADMIN, case.rename("Orders")).does(ADMIN, Command::Close);
    assert_eq!(Channel::replay(&case.events[1..]), Channel::default());
    assert_eq!(Channel::replay([]), Channel::default());
    // A second opening opens anew, and the same events again end in the same state.
    let twice: Vec<_> = case.events.iter().chain(&case.events).collect();
    assert_eq!(Channel::replay(twice), case.state);
    // An end that nothing was to end, a grant of another organisation, and a version out of turn are taken without a panic.
    let foreign = Grant::user(UserId::new(OTHER_ORGANISATION, Uuid::from_u128(30)), Role::Supervisor);
    let grant = Grant::user_until(user(31), Role::Viewer, at("2026-01-07T00:00:00Z"));
    case.reads(json!({ "at": case.now, "by": "system", "change": { "grants-ended": { "grants": [grant, foreign] } } }));
    let changes = json!([{ "holder": foreign.holder(), "is": foreign }]);
    let change = json!({ "access-changed": { "version": 40, "changes": changes } });
    case.reads(json!({ "at": case.now, "by": "system", "change": change }));
    assert_eq!(case.state.access_version(), Version::new(40));
    assert_eq!(case.state.access().unwrap().grants().count(), 1, "the foreign grant gives nobody access");
}

#[test]
fn settings_name_text_a_name_that_was_read_from_history_is_no_way_around_the_rules() {
    // Given a name and a reason that only history may hold,
    let opening = json!({ "id": CHANNEL, "name": "\u{202e}\n", "grants": [] });
    let opening: Opening = serde_json::from_value(opening).expect("history is read leniently");
    // when they are put into commands, then they are refused there.
    let refused = ChannelCase::new().refused(Actor::System, Command::Open(Box::new(opening.clone())));
    assert_eq!((refused.code(), refused.rule()), ("text-character", Rule::SettingsNameText));
    let mut case = ChannelCase::open([]);
    let mut patch = SettingsPatch::default();
    patch.name = Some(opening.name);
    assert_eq!(case.refused(ADMIN, case.change(patch)).code(), "text-character");
    let change = json!({ "resolve-reason": { "was": "", "is": "x".repeat(256) } });
    let change = serde_json::from_value(change).expect("history is read leniently");
    let whatsapp_inbox::settings::SettingChange::ResolveReason { is, .. } = change else { panic!("{change:?}") };
    let mut patch = SettingsPatch::default();
    patch.resolve_reason = Some(is);
    let refused = case.refused(ADMIN, case.change(patch));
    assert_eq!((refused.code(), refused.rule()), ("text-length", Rule::SettingsResolveReason));
    case.does(ADMIN, case.rename("Orders"));
}

#[test]
fn channel_close_leaves_only_what_reads_history_and_changes_who_may() {
    // Given a supervisor and an admin of a channel that closes,
    let mut case = ChannelCase::open([Grant::user(user(30), Role::Supervisor)]);
    let people = [Principal::user(user(30)), admin()];
    let may = |case: &ChannelCase, person: &Principal| {
        let allowed = |action: &Action| case.state.decide_access(person, *action, case.now).is_allowed();
        Action::ALL.into_iter().filter(allowed).collect::<Vec<_>>()
    };
    assert_eq!(people.each_ref().map(|person| may(&case, person).len()), [13, 3]);
    case.does(ADMIN, Command::Close);
    // then history and reports can be read, who may can be changed, and the rest tells why not.
    assert_eq!(may(&case, &people[0]), [Action::View, Action::ViewReports]);
    assert_eq!(may(&case, &people[1]), [Action::ChangeAccess, Action::ActForBrand]);
    let denied = case.state.decide_access(&people[0], Action::Reply, case.now).into_result().unwrap_err();
    assert_eq!((denied.code(), denied.rule()), ("closed", Rule::ChannelClose));
    assert_eq!(denied.to_string(), "not allowed to reply: the channel was closed at 2026-01-05T09:00:00.000Z");
}

#[test]
fn channel_close_by_meta_is_for_the_account_and_number_that_it_names() {
    let lost = |account: &str, number, phone_number: Option<&str>| Command::LoseAccount {
        account: waba(account),
        number,
        phone_number: phone_number.map(|id| id.parse().unwrap()),
        loss: Loss::Offboarded,
    };
    for (command, closes) in [
        (lost(ACCOUNT, None, None), true),
        (lost(ACCOUNT, Some(number(NUMBER)), None), true),
        (lost(ACCOUNT, None, Some(PHONE_NUMBER)), true),
        (lost(ACCOUNT, Some(number(OTHER_NUMBER)), None), false),
        (lost(ACCOUNT, None, Some("7")), false),
        (lost(ACCOUNT, Some(number(NUMBER)), Some("7")), false),
        (lost(OTHER_ACCOUNT, None, None), false),
        (lost(OTHER_ACCOUNT, None, Some(PHONE_NUMBER)), false),
    ] {
        let mut case = ChannelCase::open([]);
        if closes {
            case.does(META, command);
            assert!(case.state.closed().is_some());
        } else {
            assert_eq!(case.refused(META, command), Refused::OtherAccount);
        }
    }
}
