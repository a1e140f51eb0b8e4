//! A change of settings: what it names, what is wrong with it, and on which version it was made.

use std::cell::Cell;

use proptest::prelude::*;
use serde_json::{Value, json};
use whatsapp_inbox::access::{AccessChange, Grant, Holder};
use whatsapp_inbox::channel::{Command, Refused};
use whatsapp_inbox::decider::Version;
use whatsapp_inbox::form::{Fault, Faults};
use whatsapp_inbox::rule::{Explain, Limit, Rule};
use whatsapp_inbox::settings::{
    AutoAssignment, AutoResolve, AutoResolvePolicy, OpenQueue, ResolveReason, Settings, SettingsDraft, SettingsPatch,
    Window, WindowBounds,
};

use crate::case::*;
use crate::channel_case::*;
use crate::random::runner;

fn settings() -> Settings {
    Settings::new(channel_name(NAME))
}

#[track_caller]
fn checked(form: &str) -> Result<SettingsPatch, Faults> {
    let draft: SettingsDraft = serde_json::from_str(form).unwrap_or_else(|error| panic!("{form}: {error}"));
    draft.check(&settings(), &AutoResolvePolicy::default())
}

/// The faults of a form, each by pointer, code, rule, limit and what was given.
#[track_caller]
fn faults(form: &str) -> Vec<(String, &'static str, Rule, Option<Limit>, String)> {
    let told = |fault: &Fault| (fault.pointer.clone(), fault.code, fault.rule, fault.limit, fault.given.clone());
    checked(form).expect_err(form).as_slice().iter().map(told).collect()
}

fn fault(
    pointer: &str,
    code: &'static str,
    rule: Rule,
    limit: Option<Limit>,
    given: &str,
) -> (String, &'static str, Rule, Option<Limit>, String) {
    (pointer.to_owned(), code, rule, limit, given.to_owned())
}

const CHARACTERS: Option<Limit> = Some(Limit::new(1, 255, "characters"));
const MINUTES: Option<Limit> = Some(Limit::new(10, 1_438_560, "minutes"));

#[test]
fn settings_patch_changes_only_what_it_names() {
    // Given a form with nothing in it, then nothing changes.
    assert_eq!(checked("{}"), Ok(SettingsPatch::default()));
    assert_eq!(settings().changes(&SettingsPatch::default()), []);
    // Given a form with one field, then the patch names that field alone.
    let after = |minutes| AutoResolve::After(Window::minutes(minutes).unwrap());
    let patches = ["name", "auto_assignment", "auto_resolve_new", "auto_resolve_pending", "resolve_reason"];
    let values = [json!(" Orders "), json!("off"), json!({ "after-minutes": 60 }), json!("off"), json!("Gone quiet")];
    for (field, value) in patches.into_iter().zip(values) {
        let patch = checked(&json!({ field: value }).to_string()).expect(field);
        let mut wanted = SettingsPatch::default();
        match field {
            "name" => wanted.name = Some(channel_name("Orders")),
            "auto_assignment" => wanted.auto_assignment = Some(AutoAssignment::Off),
            "auto_resolve_new" => wanted.auto_resolve_new = Some(after(60)),
            "auto_resolve_pending" => wanted.auto_resolve_pending = Some(AutoResolve::Off),
            _ => wanted.resolve_reason = Some(ResolveReason::new("Gone quiet").unwrap()),
        }
        assert_eq!(patch, wanted);
        assert_eq!(settings().changes(&patch).len(), 1);
    }
}

#[test]
fn settings_patch_refuses_null_in_every_field() {
    for field in ["name", "auto_assignment", "auto_resolve_new", "auto_resolve_pending", "resolve_reason"] {
        let found = faults(&json!({ field: null }).to_string());
        assert_eq!(found, [fault(&format!("/{field}"), "null", Rule::SettingsPatch, None, "null")]);
    }
}

#[test]
fn settings_patch_tells_every_fault_at_once() {
    use Rule::*;
    // Given a form in which every field is wrong in its own way, and one that there is not, and one given twice,
    let form = format!(
        r#"{{"resolve_reason": "", "auto_resolve_pending": {{"after-minutes": 9}}, "auto_assignment": "maybe", "nick": 1,
             "name": "{}", "auto_resolve_new": {{"after-minutes": 1438561, "after-days": 1}}, "name": "{}"}}"#,
        "first",
        "x".repeat(256)
    );
    // then each is told, in the order of the form's fields, with pointer, code, rule, limit and what was given.
    let wanted = [
        fault("/name", "text-length", SettingsNameLength, CHARACTERS, &"x".repeat(256)),
        fault("/auto_assignment", "auto-assignment", SettingsAutoAssignment, None, "maybe"),
        fault("/auto_resolve_new/after-days", "unknown-field", SettingsPatch, None, "after-days"),
        fault("/auto_resolve_new/after-minutes", "window-out-of-bounds", SettingsAutoResolveBounds, MINUTES, "1438561"),
        fault("/auto_resolve_pending/after-minutes", "window-out-of-bounds", SettingsAutoResolveBounds, MINUTES, "9"),
        fault("/resolve_reason", "text-length", SettingsResolveReason, CHARACTERS, ""),
        fault("/nick", "unknown-field", SettingsPatch, None, "nick"),
        fault("/name", "given-twice", SettingsPatch, None, "name"),
    ];
    assert_eq!(faults(&form), wanted);
}

#[test]
fn settings_patch_takes_any_json_in_any_field_and_says_what_is_wrong_with_it() {
    let wrong = [
        (json!(7), "a number"),
        (json!(-7), "a number"),
        (json!(7.5), "a number"),
        (json!(true), "true or false"),
        (json!([null, [7]]), "a list"),
        (json!({ "a": { "b": 7 } }), "an object"),
    ];
    for (value, words) in &wrong {
        for (field, rule) in [("name", Rule::SettingsNameLength), ("resolve_reason", Rule::SettingsResolveReason)] {
            let found = faults(&json!({ field: value }).to_string());
            assert_eq!(found, [fault(&format!("/{field}"), "wrong-type", rule, None, words)], "{value}");
        }
        let found = faults(&json!({ "auto_assignment": value }).to_string());
        let rule = Rule::SettingsAutoAssignment;
        assert_eq!(found, [fault("/auto_assignment", "auto-assignment", rule, None, words)], "{value}");
        for field in ["auto_resolve_new", "auto_resolve_pending"] {
            let words = if value.is_object() { "an object with `a`" } else { words };
            let found = faults(&json!({ field: value }).to_string());
            let rule = Rule::SettingsAutoResolveValues;
            assert_eq!(found, [fault(&format!("/{field}"), "auto-resolve", rule, None, words)], "{value}");
        }
    }
    for text in ["", "Off", " off", "after", "60"] {
        let found = faults(&json!({ "auto_resolve_new": text }).to_string());
        assert_eq!(found, [fault("/auto_resolve_new", "auto-resolve", Rule::SettingsAutoResolveValues, None, text)]);
    }
    // What is no object is no form.
    for form in ["7", "null", "[]", "\"name\"", "{\"name\""] {
        assert!(serde_json::from_str::<SettingsDraft>(form).is_err(), "{form}");
    }
}

#[test]
fn settings_auto_resolve_bounds_take_whole_minutes_only() {
    let found = |minutes: &str| {
        let found = faults(&format!(r#"{{"auto_resolve_pending": {{"after-minutes": {minutes}}}}}"#));
        assert_eq!(found.len(), 1, "{minutes}");
        let (pointer, code, rule, _, given) = found.into_iter().next().expect("one");
        assert_eq!((pointer.as_str(), rule), ("/auto_resolve_pending/after-minutes", Rule::SettingsAutoResolveBounds));
        (code, given)
    };
    for (minutes, given) in [
        ("60.5", "60.5"),
        ("-60", "-60"),
        ("\"60\"", "`60`"),
        ("null", "null"),
        ("true", "true or false"),
        ("[60]", "a list"),
        ("{\"a\": 60}", "an object"),
    ] {
        assert_eq!(found(minutes), ("minutes", given.to_owned()), "{minutes}");
    }
    // A number that does not fit in 32 bits is not cut off.
    for minutes in ["0", "9", "1438561", "4294967295", "4294967356", "18446744073709551615"] {
        assert_eq!(found(minutes), ("window-out-of-bounds", minutes.to_owned()));
    }
    for minutes in ["10", "1438560"] {
        assert!(checked(&format!(r#"{{"auto_resolve_pending": {{"after-minutes": {minutes}}}}}"#)).is_ok());
    }
}

#[test]
fn settings_patch_refuses_a_field_that_there_is_not_by_its_escaped_name() {
    for (name, pointer) in [
        ("Name", "/Name"),
        ("", "/"),
        ("a/b", "/a~1b"),
        ("a~b", "/a~0b"),
        ("~1", "/~01"),
        ("/~", "/~1~0"),
        ("ö \"x\"", "/ö \"x\""),
        ("auto-assignment", "/auto-assignment"),
    ] {
        assert_eq!(
            faults(&json!({ name: "on" }).to_string()),
            [fault(pointer, "unknown-field", Rule::SettingsPatch, None, name)]
        );
        let form = json!({ "auto_resolve_new": { "after-minutes": 60, name: 7 } }).to_string();
        let pointer = format!("/auto_resolve_new{pointer}");
        assert_eq!(faults(&form), [fault(&pointer, "unknown-field", Rule::SettingsPatch, None, name)]);
    }
    let found = checked(r#"{"nick": 1}"#).unwrap_err().to_string();
    let known =
        "name, auto_assignment, auto_resolve_new, auto_resolve_pending, resolve_reason, closing_warning, reply_policy";
    assert_eq!(found, format!("/nick: there is no such field: what can stand here is {known}"));
}

#[test]
fn settings_patch_refuses_a_field_that_is_given_twice() {
    for (field, value) in [
        ("name", r#""Orders""#),
        ("auto_assignment", r#""on""#),
        ("auto_resolve_new", r#""off""#),
        ("auto_resolve_pending", r#"{"after-minutes": 60}"#),
        ("resolve_reason", r#""Gone quiet""#),
    ] {
        let found = faults(&format!(r#"{{"{field}": {value}, "{field}": {value}}}"#));
        assert_eq!(found, [fault(&format!("/{field}"), "given-twice", Rule::SettingsPatch, None, field)]);
        // Also where the first of the two was null.
        let found = faults(&format!(r#"{{"{field}": null, "{field}": {value}}}"#));
        assert_eq!(found, [fault(&format!("/{field}"), "given-twice", Rule::SettingsPatch, None, field)]);
    }
}

#[test]
fn settings_patch_that_changes_nothing_records_nothing() {
    let mut case = ChannelCase::open([]);
    case.does(ADMIN, case.rename("Orders"));
    let versions = case.versions();
    let mut same = SettingsPatch::default();
    same.name = Some(channel_name("  Orders "));
    same.auto_assignment = Some(AutoAssignment::On);
    same.auto_resolve_new = Some(AutoResolve::Inherit);
    same.auto_resolve_pending = Some(AutoResolve::Inherit);
    same.resolve_reason = Some(ResolveReason::built_in());
    // Given every setting as it is, when it is sent, then nothing is recorded, and the version stays,
    case.idle(ADMIN, case.change(same.clone()));
    case.idle(ADMIN, case.change(SettingsPatch::default()));
    assert_eq!(case.versions(), versions);
    // and of a change with one difference only that is recorded.
    same.auto_assignment = Some(AutoAssignment::Off);
    assert_eq!(case.settings().changes(&same).len(), 1);
    case.does(ADMIN, case.change(same));
    assert_eq!(case.versions(), (versions.0.next(), versions.1));
    // Access that stays as it is records nothing either, nor does what is given and taken back in one change.
    case.does(ADMIN, case.access([AccessChange::Grant(Grant::ALL_USERS)]));
    let there_and_back = [AccessChange::Grant(Grant::AllTeams), AccessChange::Revoke(Holder::AllTeams)];
    case.idle(ADMIN, case.access([AccessChange::Grant(Grant::ALL_USERS)]));
    case.idle(ADMIN, case.access([AccessChange::Revoke(Holder::Team(TEAM))]));
    case.idle(ADMIN, case.access(there_and_back));
    case.idle(ADMIN, case.access([]));
}

#[test]
fn settings_version_refuses_a_change_made_on_another_with_both() {
    // Given settings that were changed twice and access that was changed once,
    let mut case = ChannelCase::open([]);
    assert_eq!(case.versions(), (Version::FIRST, Version::FIRST));
    case.does(ADMIN, case.rename("One"));
    case.does(ADMIN, case.rename("Two"));
    case.does(ADMIN, case.access([AccessChange::Grant(Grant::AllTeams)]));
    let (settings, access) = (Version::new(2), Version::new(1));
    assert_eq!(case.versions(), (settings, access), "each has its own version");
    let mut patch = SettingsPatch::default();
    patch.name = Some(channel_name("Three"));
    let changes = vec![AccessChange::Revoke(Holder::AllTeams)];
    for given in [0, 1, 2, 3, u64::MAX].map(Version::new) {
        // when a change was made on any version, then it is refused unless it is this one, and told both.
        let mut tried = case.clone();
        let change = Command::ChangeSettings { on: given, patch: Box::new(patch.clone()) };
        if given == settings {
            tried.does(ADMIN, change);
            assert_eq!(tried.versions(), (settings.next(), access));
        } else {
            let refused = tried.refused(ADMIN, change);
            assert_eq!(refused, Refused::OldSettings { given, current: settings });
            assert_eq!(refused.rule(), Rule::SettingsVersion);
        }
        let mut tried = case.clone();
        let change = Command::ChangeAccess { on: given, changes: changes.clone() };
        if given == access {
            tried.does(ADMIN, change);
            assert_eq!(tried.versions(), (settings, access.next()));
        } else {
            assert_eq!(tried.refused(ADMIN, change), Refused::OldAccess { given, current: access });
        }
        // A change of nothing on another version is refused too: it was made on what was not seen.
        let empty = Command::ChangeSettings { on: given, patch: Box::default() };
        assert_eq!(case.clone().tries(ADMIN, empty).is_ok(), given == settings);
    }
}

/// What may be asked of the five fields: anything legal, and some that is not.
fn asked() -> impl Strategy<Value = [Option<Value>; 5]> {
    let text = prop_oneof![Just("Orders"), Just(" Brot "), Just(NAME), Just(""), Just("a\nb")].prop_map(Value::from);
    let assignment = prop_oneof![Just("on"), Just("off")].prop_map(Value::from);
    let window = prop_oneof![
        Just(json!("inherit")),
        Just(json!("off")),
        prop_oneof![Just(60_u32), Just(59), Just(1440), Just(1441), Just(43_200)]
            .prop_map(|minutes| json!({ "after-minutes": minutes })),
    ];
    let maybe = |value: BoxedStrategy<Value>| prop::option::of(value);
    (
        maybe(text.clone().boxed()),
        maybe(assignment.boxed()),
        maybe(window.clone().boxed()),
        maybe(window.boxed()),
        maybe(text.boxed()),
    )
        .prop_map(|(name, assignment, new, pending, reason)| [name, assignment, new, pending, reason])
}

const FIELDS: [&str; 5] = ["name", "auto_assignment", "auto_resolve_new", "auto_resolve_pending", "resolve_reason"];

fn form(asked: &[Option<Value>; 5]) -> SettingsDraft {
    let named = FIELDS.into_iter().zip(asked).filter_map(|(field, value)| Some((field.to_owned(), value.clone()?)));
    serde_json::from_value(Value::Object(named.collect())).expect("a draft")
}

/// The same by code.
fn coded(settings: &Settings, asked: &[Option<Value>; 5], policy: &AutoResolvePolicy) -> Result<SettingsPatch, Faults> {
    let mut with = settings.with();
    for (field, value) in FIELDS.into_iter().zip(asked) {
        let Some(value) = value else { continue };
        let text = value.as_str().unwrap_or_default();
        let auto_resolve = || serde_json::from_value::<AutoResolve>(value.clone()).expect("a value");
        with = match field {
            "name" => with.name(text),
            "auto_assignment" if text == "on" => with.auto_assignment(AutoAssignment::On),
            "auto_assignment" => with.auto_assignment(AutoAssignment::Off),
            "auto_resolve_new" => with.auto_resolve_new(auto_resolve()),
            "auto_resolve_pending" => with.auto_resolve_pending(auto_resolve()),
            _ => with.resolve_reason(text),
        };
    }
    with.patch(policy)
}

#[test]
fn settings_patch_by_code_is_the_patch_by_form() {
    let counts = [const { Cell::new(0_u32) }; 2];
    let law = |(first, second, narrow): ([Option<Value>; 5], [Option<Value>; 5], bool)| {
        // Given settings that were changed once, under an organisation that may have narrowed the bounds since,
        let mut policy = AutoResolvePolicy::default();
        let settings = settings().patched(&form(&first).check(&settings(), &policy).unwrap_or_default());
        if narrow {
            policy.bounds = WindowBounds::new(Window::hours(1).unwrap(), Window::days(1).unwrap()).unwrap();
        }
        // when the same change is asked for by code and by form, then patch and faults are the same.
        let (by_form, by_code) = (form(&second).check(&settings, &policy), coded(&settings, &second, &policy));
        prop_assert_eq!(&by_form, &by_code);
        counts[usize::from(by_form.is_ok())].set(counts[usize::from(by_form.is_ok())].get() + 1);
        // What the draft lets through the channel takes: both ask the same of it.
        if let Ok(patch) = by_form {
            let built = settings.patched(&patch);
            prop_assert_eq!(settings.changes(&patch).is_empty(), built == settings);
        }
        Ok(())
    };
    runner(1500).run(&(asked(), asked(), any::<bool>()), law).unwrap();
    let [faulty, sound] = counts.map(|count| count.get());
    assert!(faulty >= 300 && sound >= 300, "{faulty} faulty, {sound} sound");
}

#[test]
fn settings_patch_to_different_fields_in_any_order_ends_in_the_same_settings() {
    let several = Cell::new(0_u32);
    let order = Just([0_usize, 1, 2, 3, 4]).prop_shuffle();
    let law = |(asked, order): ([Option<Value>; 5], [usize; 5])| {
        // Given one change of several fields, and as many changes of one field each, in any order,
        let policy = AutoResolvePolicy::default();
        let Ok(whole) = form(&asked).check(&settings(), &policy) else { return Ok(()) };
        let mut one_by_one = settings();
        for place in order {
            let mut single = [const { None }; 5];
            single[place].clone_from(&asked[place]);
            one_by_one = one_by_one.patched(&form(&single).check(&one_by_one, &policy).expect("sound alone too"));
        }
        // then both end in the same settings, and so does the whole change made again.
        let at_once = settings().patched(&whole);
        prop_assert_eq!(&one_by_one, &at_once);
        prop_assert_eq!(&at_once.patched(&whole), &at_once);
        several.set(several.get() + u32::from(settings().changes(&whole).len() >= 2));
        Ok(())
    };
    runner(1500).run(&(asked(), order), law).unwrap();
    assert!(several.get() >= 200, "only {} changed several fields", several.get());
}

#[test]
fn settings_auto_resolve_queues_are_both_in_a_patch() {
    let patch = checked(r#"{"auto_resolve_new": "off", "auto_resolve_pending": {"after-minutes": 60}}"#).unwrap();
    let settings = settings().patched(&patch);
    assert_eq!(settings.auto_resolve(OpenQueue::New), AutoResolve::Off);
    assert_eq!(settings.auto_resolve(OpenQueue::Pending).window(), Some(Window::hours(1).unwrap()));
}

#[test]
fn settings_patch_a_hostile_form_gets_no_more_faults_than_it_is_worth() {
    let many: Vec<String> = (0..5000).map(|name| format!(r#""{name}":0"#)).collect();
    assert_eq!(faults(r#"{"auto_resolve_new": {"after-minutes": 60, "after-minutes": 9999}}"#).len(), 1);
    for form in [format!("{{{}}}", many.join(",")), format!(r#"{{"auto_resolve_new":{{{}}}}}"#, many.join(","))] {
        assert!((1..=101).contains(&faults(&form).len()));
    }
}
