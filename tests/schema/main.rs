//! The JSON Schemas (feature `schemars`) hold for the JSON that the crate writes, and for what it is meant to read.

mod conversation;
mod health;
mod template;

use std::cell::RefCell;
use std::collections::BTreeSet;

use jsonschema::Validator;
use proptest::strategy::Strategy;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde_json::{Value, json};
use whatsapp_inbox::access::{Access, AccessChange, Action, Grant, Holder, Impact, Principal, Role, Snapshot, Why};
use whatsapp_inbox::channel::{self, Cause, Channel, ChannelView, Leaver, Loss, Opening, SettingsView, WhatsAppLine};
use whatsapp_inbox::decider::{Actor, Context, Decider, Policy, Source};
use whatsapp_inbox::form::Faults;
use whatsapp_inbox::id::{ChannelId, CommandId, OrganisationId, TeamId, UserId};
use whatsapp_inbox::onboarding::{Checklist, DetailsDraft, Event, Fact, Onboarding, Overview};
use whatsapp_inbox::settings::{
    AutoAssignment, AutoResolve, AutoResolvePolicy, ChannelName, Settings, SettingsDraft, Window,
};
use whatsapp_inbox::testing::{History, details, facts, histories, profiles, subjects};
use whatsapp_inbox::time::{Calendar, Instant};
use whatsapp_inbox::uuid::Uuid;
use whatsapp_inbox::whatsapp::{Judgement, PhoneNumber, PhoneNumberId, ProfileDraft, WabaId};

/// The schema of what is written.
fn written<T: JsonSchema>() -> Validator {
    validator(&SchemaSettings::draft2020_12().for_serialize().into_generator().into_root_schema_for::<T>())
}

/// The schema of what is to be read.
fn read<T: JsonSchema>() -> Validator {
    validator(&SchemaSettings::draft2020_12().for_deserialize().into_generator().into_root_schema_for::<T>())
}

fn validator(schema: &schemars::Schema) -> Validator {
    jsonschema::options().should_validate_formats(true).build(schema.as_value()).expect("a sound schema")
}

#[track_caller]
fn holds(schema: &Validator, value: &Value) {
    let faults: Vec<String> =
        schema.iter_errors(value).map(|fault| format!("{}: {fault}", fault.instance_path())).collect();
    assert!(faults.is_empty(), "{}\n{value:#}", faults.join("\n"));
}

/// The same draws in every run.
fn each<T: std::fmt::Debug>(cases: u32, values: impl Strategy<Value = T>, law: impl Fn(T)) {
    let config = Config { cases, failure_persistence: None, ..Config::default() };
    let mut runner = TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha));
    let checked = runner.run(&values, |value| {
        law(value);
        Ok(())
    });
    checked.unwrap();
}

fn of<T: serde::Serialize>(value: &T) -> Value {
    serde_json::to_value(value).expect("JSON")
}

/// The words that stand under a key anywhere, or the only key of an object there.
fn words(value: &Value, key: &str, found: &mut BTreeSet<String>) {
    match value {
        Value::Object(entries) => {
            found.extend(match entries.get(key) {
                Some(Value::String(word)) => Some(word.clone()),
                Some(Value::Object(inner)) => inner.keys().next().cloned(),
                _ => None,
            });
            entries.values().for_each(|inner| words(inner, key, found));
        }
        Value::Array(items) => items.iter().for_each(|inner| words(inner, key, found)),
        _ => {}
    }
}

#[test]
fn checklists_and_overviews() {
    let (checklist, overview) = (written::<Checklist>(), written::<Overview>());
    let seen = RefCell::new([const { BTreeSet::new() }; 4]);
    each(300, histories(40), |history: History| {
        for days in [0, 7] {
            let now = history.now.plus_days(days);
            let value = of(&history.onboarding.checklist(&Calendar::default(), now));
            holds(&checklist, &value);
            for (key, found) in ["status", "reason", "notice", "warning"].into_iter().zip(&mut *seen.borrow_mut()) {
                words(&value, key, found);
            }
            holds(&overview, &of(&Overview::of([&history.onboarding], &Calendar::default(), now)));
        }
    });
    let [statuses, reasons, notices, warnings] = seen.take();
    assert_eq!(statuses.len(), 5, "{statuses:?}");
    assert!(reasons.len() >= 12, "{reasons:?}");
    assert_eq!(notices.len(), 2, "{notices:?}");
    assert!(warnings.contains("nobody-can-reply"), "{warnings:?}");
}

#[test]
fn events() {
    let (written, read) = (written::<Event>(), read::<Event>());
    let seen = RefCell::new(BTreeSet::new());
    each(900, histories(40), |history: History| {
        for event in &history.events {
            let value = of(event);
            holds(&written, &value);
            holds(&read, &value);
            words(&value, "change", &mut seen.borrow_mut());
        }
    });
    assert!(seen.borrow().len() >= 25, "{:?}", seen.borrow());
}

#[test]
fn facts_of_every_kind() {
    let (written, read) = (written::<Fact>(), read::<Fact>());
    each(1000, subjects().prop_flat_map(|subjects| facts(&subjects)), |fact| {
        holds(&written, &of(&fact));
        holds(&read, &of(&fact));
    });
}

#[test]
fn drafts_and_their_faults() {
    let (form, kept) = (read::<DetailsDraft>(), written::<DetailsDraft>());
    let sound = json!({ "phone_number": "+49 40 1234567", "line": "mobile", "business_manager_id": "32", "display_name": "Loaf" });
    for value in [sound, json!({}), json!({ "ivr": null })] {
        let draft: DetailsDraft = serde_json::from_value(value.clone()).expect("a draft reads anything");
        holds(&form, &value);
        holds(&kept, &of(&draft));
    }
    let (form, kept) = (read::<ProfileDraft>(), written::<ProfileDraft>());
    each(100, profiles(), |profile| {
        let value = of(&ProfileDraft::from(&profile));
        holds(&form, &value);
        holds(&kept, &value);
    });
    let faults = written::<Faults>();
    let wrong: DetailsDraft = serde_json::from_value(json!({ "phone_number": "1", "line": 7 })).expect("a draft");
    holds(&faults, &of(&wrong.check().unwrap_err()));
    let wrong: ProfileDraft = serde_json::from_value(json!({ "websites": ["x", 7, null] })).expect("a draft");
    holds(&faults, &of(&wrong.check().unwrap_err()));
    holds(&kept, &of(&wrong));
}

#[test]
fn judgements() {
    let schema = written::<Judgement>();
    for name in ["Loaf", "Loaf Sale", "x", "WhatsApp", "..", "a b.c"] {
        holds(&schema, &of(&whatsapp_inbox::whatsapp::DisplayName::judge(name)));
    }
    each(100, details(), |details| holds(&written::<whatsapp_inbox::whatsapp::DisplayName>(), &of(&details.name)));
}

#[test]
fn what_is_wrong_does_not_pass() {
    let checklist = written::<Checklist>();
    let sound = of(&Onboarding::default().checklist(&Calendar::default(), "2026-01-05T09:00:00Z".parse().unwrap()));
    holds(&checklist, &sound);
    for (pointer, wrong) in [
        ("/as_of", json!("Monday")),
        ("/plan", json!("another")),
        ("/progress/done", json!(-1)),
        ("/items", json!({})),
        ("/items/0/status", json!("perhaps")),
        ("/items/0/since", json!(7)),
        ("/items/0/span/from", json!("5 January")),
        ("/items/1/behind", json!(["Nothing"])),
        ("/live/earliest", json!("soon")),
        ("/next/0/party", json!("Somebody")),
    ] {
        let mut value = sound.clone();
        *value.pointer_mut(pointer).unwrap_or_else(|| panic!("{pointer} in {sound:#}")) = wrong;
        assert!(!checklist.is_valid(&value), "{pointer}");
    }
    assert!(!read::<DetailsDraft>().is_valid(&json!({ "line": 7 })));
    assert!(!read::<Fact>().is_valid(&json!({ "request": { "account": "no digits", "status": "APPROVE" } })));
    assert!(!written::<Faults>().is_valid(&json!([])), "there is at least one");
}

const ORGANISATION: OrganisationId = OrganisationId::new(Uuid::from_u128(1));
const TEAM: TeamId = TeamId::new(ORGANISATION, Uuid::from_u128(50));

fn user(number: u128) -> UserId {
    UserId::new(ORGANISATION, Uuid::from_u128(number))
}

fn minute(minutes: u32) -> Instant {
    "2026-01-05T09:00:00Z".parse::<Instant>().expect("an instant").plus_minutes(minutes)
}

/// One grant of every kind.
fn grants() -> [Grant; 5] {
    [
        Grant::user(user(30), Role::Viewer),
        Grant::user_until(user(31), Role::Contributor, minute(5)),
        Grant::Team(TEAM),
        Grant::AllUsers(Role::Supervisor),
        Grant::AllTeams,
    ]
}

/// The events of a channel of every kind, and what it is after each.
fn channel_story(on_whatsapp: bool) -> (Vec<channel::Event>, Vec<Channel>) {
    use channel::Command;
    let mut opening =
        Opening::new(ChannelId::new(ORGANISATION, Uuid::from_u128(200)), ChannelName::new("Orders").expect("a name"));
    if on_whatsapp {
        let (number, account) = (PhoneNumber::new("+49 40 1234567").unwrap(), WabaId::new("32").unwrap());
        opening = opening.on_whatsapp(WhatsAppLine::new(number, PhoneNumberId::new("457").unwrap(), account));
    }
    let policy = Policy::default();
    let (mut events, mut states) = (Vec::new(), vec![Channel::default()]);
    let mut give = |minutes, actor, command: &dyn Fn(&Channel) -> Command| {
        let before = states.last().expect("a state").clone();
        let context = Context::new(minute(minutes), actor, CommandId::new(Uuid::from_u128(1)), &policy);
        for event in before.decide(command(&before), &context).expect("accepted") {
            states.push(states.last().expect("a state").clone().evolve(&event));
            events.push(event);
        }
    };
    let admin = Actor::Admin(user(10));
    give(0, Actor::System, &|_| Command::Open(Box::new(opening.clone().with_grants(grants()))));
    let changes = |settings: &Settings, name: &str, window| {
        let with = settings.with().name(name).auto_assignment(AutoAssignment::Off).resolve_reason("Gone quiet");
        with.auto_resolve_new(window).auto_resolve_pending(AutoResolve::Off).patch(&AutoResolvePolicy::default())
    };
    for (name, window) in [("Returns", AutoResolve::After(Window::MIN)), ("Ours", AutoResolve::Inherit)] {
        give(1, admin, &|channel| Command::ChangeSettings {
            on: channel.settings_version(),
            patch: Box::new(changes(channel.settings().expect("open"), name, window).expect("a patch")),
        });
    }
    give(2, admin, &|channel| Command::ChangeAccess {
        on: channel.access_version(),
        changes: vec![AccessChange::Revoke(Holder::AllUsers), AccessChange::Revoke(Holder::User(user(30)))],
    });
    give(5, Actor::System, &|_| Command::Tick);
    give(6, Actor::System, &|_| Command::Forget(Leaver::Team(TEAM)));
    if on_whatsapp {
        give(7, Actor::Meta(Source::GraphApi), &|channel| Command::LoseAccount {
            account: channel.whatsapp().expect("on WhatsApp").account.clone(),
            number: None,
            phone_number: None,
            loss: Loss::AccountDeleted,
        });
    } else {
        give(7, admin, &|_| Command::Close);
    }
    (events, states)
}

#[test]
fn events_and_views_of_channels() {
    let (written_event, read_event) = (written::<channel::Event>(), read::<channel::Event>());
    let (view, settings) = (written::<ChannelView>(), written::<SettingsView>());
    let access = (written::<Access>(), read::<Access>());
    let mut seen = BTreeSet::new();
    let (mut viewed, mut causes) = (0, BTreeSet::new());
    for on_whatsapp in [true, false] {
        let (events, states) = channel_story(on_whatsapp);
        for event in &events {
            let value = of(event);
            holds(&written_event, &value);
            holds(&read_event, &value);
            words(&value, "change", &mut seen);
        }
        let people = [Principal::user(user(30)), Principal::user(user(32)).in_team(TEAM, Role::Contributor)];
        for state in &states {
            for (person, minutes) in people.iter().zip([0, 9]) {
                if let Ok(shown) = state.view(person, minute(minutes)) {
                    holds(&view, &of(&shown));
                    viewed += 1;
                }
            }
            let organisation = AutoResolvePolicy::default();
            if let Ok(shown) = state.settings_view(&Principal::admin(user(10)), &organisation, minute(9)) {
                holds(&settings, &of(&shown));
            }
            if let Some(shown) = state.access() {
                holds(&access.0, &of(shown));
                holds(&access.1, &of(shown));
            }
            causes.extend(state.closed().map(|(_, cause)| of(&cause).to_string()));
        }
    }
    assert_eq!(seen.len(), 5, "{seen:?}");
    assert!(viewed >= 10, "{viewed}");
    assert_eq!(causes, BTreeSet::from([Cause::Admin, Cause::AccountDeleted].map(|cause| of(&cause).to_string())));
}

#[test]
fn events_of_channels_that_history_holds() {
    // What was once accepted is read, and the schema says so: long names, and windows of any length.
    let (written, read) = (written::<channel::Event>(), read::<channel::Event>());
    let long = "x".repeat(300);
    let changes = json!([
        { "name": { "was": "Orders", "is": long } },
        { "auto-resolve": { "queue": "new", "was": { "after-minutes": 1 }, "is": { "after-minutes": 2_000_000 } } },
        { "resolve-reason": { "was": "", "is": long } },
    ]);
    let change = json!({ "settings-changed": { "version": 1, "changes": changes } });
    let value = json!({ "at": "2020-01-01T00:00:00Z", "by": "system", "change": change });
    let event: channel::Event = serde_json::from_value(value.clone()).expect("an event");
    for schema in [&written, &read] {
        holds(schema, &value);
        holds(schema, &of(&event));
    }
}

#[test]
fn people_impacts_and_whys() {
    let channel = ChannelId::new(ORGANISATION, Uuid::from_u128(200));
    let before = [Access::of(channel, grants()).unwrap()];
    let after = [Access::of(channel, [Grant::user(user(30), Role::Supervisor)]).unwrap()];
    let people = [
        Principal::user(user(30)),
        Principal::user(user(31)).in_team(TEAM, Role::Supervisor),
        Principal::admin(user(10)),
        Principal::user(UserId::new(OrganisationId::new(Uuid::from_u128(2)), Uuid::from_u128(30))),
    ];
    let (person, impact, why) = ((written::<Principal>(), read::<Principal>()), written::<Impact>(), written::<Why>());
    let mut reasons = BTreeSet::new();
    for someone in &people {
        holds(&person.0, &of(someone));
        holds(&person.1, &of(someone));
        for access in before.iter().chain(&after) {
            for (action, minutes) in Action::ALL.into_iter().flat_map(|action| [(action, 0), (action, 9)]) {
                let value = of(&access.why(someone, action, minute(minutes)));
                holds(&why, &value);
                words(&value, "reason", &mut reasons);
            }
        }
    }
    let ended = Access::of(channel, [Grant::user_until(user(31), Role::Viewer, minute(5))]).unwrap();
    holds(&why, &of(&ended.why(&people[1], Action::View, minute(5))));
    assert!(reasons.len() >= 3, "{reasons:?}");
    holds(&person.1, &json!({ "user": user(30) }));
    for value in [json!({}), json!({ "user": 7 }), json!({ "user": user(30), "account": "owner" })] {
        assert!(!person.1.is_valid(&value), "{value}");
    }
    let (was, is) = (Snapshot::new(&people, &before), Snapshot::new(&people, &after));
    for (one, other) in [(&was, &is), (&is, &was), (&was, &was)] {
        holds(&impact, &of(&one.impact(other, minute(0)).expect("an admin is left")));
    }
}

#[test]
fn settings_drafts() {
    let (form, faults) = (read::<SettingsDraft>(), written::<Faults>());
    let standing = Settings::new(ChannelName::new("Orders").unwrap());
    let checked = |value: &Value| {
        let draft: SettingsDraft = serde_json::from_value(value.clone()).expect("a draft reads anything");
        draft.check(&standing, &AutoResolvePolicy::default())
    };
    for sound in [
        json!({}),
        json!({ "name": "Returns", "auto_assignment": "off", "resolve_reason": "Gone quiet" }),
        json!({ "auto_resolve_new": "inherit", "auto_resolve_pending": { "after-minutes": 10 } }),
        json!({ "auto_resolve_new": "off", "auto_resolve_pending": { "after-minutes": 1_438_560 } }),
    ] {
        holds(&form, &sound);
        assert!(checked(&sound).is_ok(), "{sound}");
    }
    // What the schema does not let through, the form does not either, and its faults hold.
    for wrong in [
        json!({ "name": null }),
        json!({ "name": "" }),
        json!({ "name": "x".repeat(256) }),
        json!({ "nick": "x" }),
        json!({ "auto_assignment": "maybe" }),
        json!({ "auto_resolve_new": null }),
        json!({ "auto_resolve_new": { "after-minutes": 9 } }),
        json!({ "auto_resolve_pending": { "after-minutes": 1_438_561 } }),
        json!({ "auto_resolve_pending": { "after-minutes": 60, "x": 1 } }),
        json!({ "resolve_reason": 7 }),
    ] {
        assert!(!form.is_valid(&wrong), "{wrong}");
        holds(&faults, &of(&checked(&wrong).unwrap_err()));
    }
}
