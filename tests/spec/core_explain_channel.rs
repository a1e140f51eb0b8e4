//! What refusals of settings, access and channels say.

use std::collections::BTreeSet;
use std::fmt::Write;

use serde_json::{Value, json};
use whatsapp_inbox::access::{
    Access, AccessChange, Action, Decision, Denied, Grant, Holder, NoAdminLeft, Principal, Role, Snapshot,
};
use whatsapp_inbox::channel::{Kind, Refused};
use whatsapp_inbox::decider::{Class, Refusal, Version};
use whatsapp_inbox::id::{TeamId, UserId};
use whatsapp_inbox::rule::Explain;
use whatsapp_inbox::settings::{
    BoundsError, ChannelName, ResolveReason, SettingsError, TextError, Window, WindowBounds, WindowError,
};
use whatsapp_inbox::uuid::Uuid;

use crate::case::*;
use crate::channel_case::*;
use crate::golden::golden;

fn window_error() -> WindowError {
    Window::minutes(9).unwrap_err()
}

fn bounds_error() -> BoundsError {
    WindowBounds::new(Window::MAX, Window::MIN).unwrap_err()
}

fn text_errors() -> Vec<TextError> {
    let name = |text: &str| ChannelName::new(text).unwrap_err();
    let reason = |text: &str| ResolveReason::new(text).unwrap_err();
    vec![name(""), name("a\nb"), reason(""), reason("a\u{202e}b")]
}

/// One of every fault of a form, as far as only a form has it.
fn settings_errors() -> Vec<SettingsError> {
    let given = || "`perhaps`".to_owned();
    vec![
        SettingsError::Null,
        SettingsError::UnknownField { known: &["name"] },
        SettingsError::Twice,
        SettingsError::AutoAssignment { given: given() },
        SettingsError::AutoResolve { given: given() },
        SettingsError::ClosingWarning { given: given() },
        SettingsError::ReplyPolicy { given: given() },
        SettingsError::Minutes { given: given() },
    ]
}

fn foreign(holder: Holder) -> whatsapp_inbox::access::ForeignHolder {
    Access::new(CHANNEL).after(&[AccessChange::Revoke(holder)]).unwrap_err()
}

fn foreign_user() -> Holder {
    Holder::User(UserId::new(OTHER_ORGANISATION, Uuid::from_u128(30)))
}

/// One of every kind of refusal of a channel.
fn refusals() -> Vec<Refused> {
    let at = at("2026-01-05T09:00:00Z");
    let (given, current) = (Version::new(3), Version::new(4));
    vec![
        Refused::NotFound,
        Refused::NotOpened,
        Refused::AlreadyOpened { at },
        Refused::WrongActor { act: Kind::LoseAccount },
        Refused::AdminOnly { act: Kind::ChangeSettings },
        Refused::Closed { at },
        Refused::NotOnWhatsApp,
        Refused::OtherAccount,
        Refused::OldSettings { given, current },
        Refused::OldAccess { given, current },
        Refused::Window { queue: whatsapp_inbox::settings::OpenQueue::New, error: window_error() },
        Refused::OtherOrganisation(foreign(foreign_user())),
        Refused::EndsInPast { holder: Holder::User(user(30)), ends: at, now: at },
    ]
}

/// One denial of every kind that a person can be told, and one of every true reason that they cannot.
fn denials() -> Vec<Denied> {
    let ended = at("2026-01-05T09:00:00Z");
    let grants = [Grant::user(user(30), Role::Viewer), Grant::user_until(user(12), Role::Viewer, ended)];
    let access = Access::of(CHANNEL, grants).unwrap();
    let asked = [
        (Principal::user(user(31)), Action::View),
        (Principal::user(user(12)), Action::View),
        (Principal::admin(FOREIGN_ADMIN.user().unwrap()), Action::View),
        (admin(), Action::View),
        (Principal::user(user(30)), Action::Reply),
        (Principal::user(user(30)), Action::ViewReports),
        (Principal::user(user(30)), Action::ChangeSettings),
        (Principal::admin(user(12)), Action::View),
    ];
    let mut denials = vec![Denied::no_channel(Action::View)];
    for (person, action) in asked {
        let Decision::Denied(denied) = access.decide(&person, action, ended) else { panic!("{person:?} {action}") };
        denials.push(denied);
    }
    denials
}

#[track_caller]
pub fn plain(error: &dyn Explain) {
    // A character that cannot be seen is written as its number.
    let (code, message) = (error.code(), error.to_string().replace("\\u{202e}", "U+202E"));
    assert!(!code.is_empty() && code.chars().all(|c| c.is_ascii_lowercase() || c == '-'), "{code}");
    assert!(message.len() > 10 && !message.ends_with('.'), "{message}");
    assert!(message.starts_with(|c: char| c.is_lowercase() || c == '`'), "{message}");
    let alien = ["{", "}", "::", "Some(", "None", "Refused", "Kind", "Error", "Window", "Holder", "AutoResolve", "\n"];
    for alien in alien {
        assert!(!message.contains(alien), "{alien} in {message}");
    }
    if let Some(limit) = error.limit() {
        // A window is told in the largest unit that leaves no rest.
        let most = if limit.unit == "minutes" && limit.max % 1440 == 0 { limit.max / 1440 } else { limit.max };
        assert!(limit.min <= limit.max && message.contains(limit.unit), "{message}");
        assert!(message.contains(&most.to_string()), "{message}");
    }
}

#[test]
fn core_explain_settings_access_and_channels_in_plain_words() {
    let (texts, forms, refusals, denials) = (text_errors(), settings_errors(), refusals(), denials());
    let errors = texts.iter().map(|error| error as &dyn Explain).chain(forms.iter().map(|error| error as &dyn Explain));
    let told =
        refusals.iter().map(|error| error as &dyn Explain).chain(denials.iter().map(|error| error as &dyn Explain));
    for error in errors.chain(told) {
        plain(error);
    }
    plain(&window_error());
    plain(&bounds_error());
    plain(&foreign(foreign_user()));
    plain(&no_admin());
    // Every kind of command has its words in what only some may give.
    for act in Kind::ALL {
        plain(&Refused::WrongActor { act });
        plain(&Refused::AdminOnly { act });
    }
    // A team is called a team.
    let team = Holder::Team(TeamId::new(OTHER_ORGANISATION, Uuid::from_u128(50)));
    assert_eq!(foreign(team).to_string(), "this team was not found in this organisation");
}

fn no_admin() -> NoAdminLeft {
    let people = [admin()];
    Snapshot::new(&people, &[]).impact(&Snapshot::new(&[], &[]), at("2026-01-05T09:00:00Z")).unwrap_err()
}

/// The codes that stand in the source of one error.
pub fn written<'s>(source: &'s str, of: &str) -> Vec<&'s str> {
    let (_, rest) = source.split_once(&format!("impl Explain for {of} {{")).expect(of);
    let (_, rest) = rest.split_once("fn code(&self)").expect("the codes");
    let (codes, _) = rest.split_once("fn rule(&self)").expect("the end of the codes");
    codes.split('"').skip(1).step_by(2).collect()
}

fn codes<E: Explain>(errors: &[E]) -> Vec<&'static str> {
    errors.iter().map(Explain::code).collect()
}

#[test]
fn core_explain_has_one_code_for_each_kind_and_lists_every_one() {
    let channel = written(include_str!("../../src/channel/refused.rs"), "Refused");
    assert_eq!(codes(&refusals()), channel);
    assert_eq!(BTreeSet::from_iter(&channel).len(), channel.len(), "a code is one refusal's");
    let form = written(include_str!("../../src/settings/patch.rs"), "SettingsError");
    assert_eq!(codes(&settings_errors()), form);
    assert_eq!(BTreeSet::from_iter(&form).len(), form.len(), "a code is one fault's");
    let text = written(include_str!("../../src/settings/name.rs"), "TextError");
    assert_eq!(codes(&text_errors()[..2]), text);
    assert_eq!(text, ["text-length", "text-character"]);
    // What a person is told is one of three; what else there is to know is not for them.
    let told: BTreeSet<&str> = codes(&denials()).into_iter().collect();
    assert_eq!(told, BTreeSet::from(["admin-only", "not-found", "role-too-low", "no-access", "access-ended"]));
    let all: BTreeSet<&str> = written(include_str!("../../src/access/decision.rs"), "Denied").into_iter().collect();
    assert!(told.is_subset(&all));
    let (window, bounds) = (window_error(), bounds_error());
    assert_eq!([window.code(), bounds.code()], ["window-out-of-bounds", "bounds-crossed"]);
    assert_eq!([foreign(foreign_user()).code(), no_admin().code()], ["other-organisation", "no-admin-left"]);
}

#[test]
fn core_explain_a_channels_refusal_in_json_has_its_parameters() {
    let at = "2026-01-05T09:00:00.000Z";
    let (versions, nothing) = (json!({ "given": 3, "current": 4 }), json!({}));
    let limit = json!({ "min": 10, "max": 1_438_560, "unit": "minutes" });
    let parameters = [
        nothing.clone(),
        nothing.clone(),
        json!({ "at": at }),
        json!({ "act": "lose-account" }),
        json!({ "act": "change-settings" }),
        json!({ "at": at }),
        nothing,
        json!({}),
        versions.clone(),
        versions,
        json!({ "queue": "new", "given_minutes": 9, "limit": limit }),
        json!({ "holder": foreign_user(), "index": 0 }),
        json!({ "holder": { "user": user(30) }, "ends": at, "now": at }),
    ];
    assert_eq!(refusals().len(), parameters.len());
    for (refused, parameters) in refusals().into_iter().zip(parameters) {
        let class = if refused.class() == Class::Input { "input" } else { "situation" };
        let wanted = json!({
            "code": refused.code(), "class": class, "rule": refused.rule().id(), "message": refused.to_string(),
            "parameters": parameters,
        });
        assert_eq!(serde_json::to_value(refused).unwrap(), wanted);
        assert_eq!(refused.limit().is_some(), parameters.get("limit").is_some());
    }
}

#[test]
fn core_explain_a_denial_in_json_tells_no_more_than_the_person_may_know() {
    let not_found = json!({ "code": "not-found", "rule": "access.not-found", "message": "no such channel was found" });
    let mut seen = [0, 0];
    for denied in denials() {
        let json = serde_json::to_value(denied).unwrap();
        seen[usize::from(denied.is_not_found())] += 1;
        if denied.is_not_found() {
            assert_eq!(json, not_found, "the same to the letter, whatever the reason: {:?}", denied.reason());
            continue;
        }
        let keys: Vec<&str> = json.as_object().unwrap().keys().map(String::as_str).collect();
        assert_eq!(BTreeSet::from_iter(keys), BTreeSet::from(["action", "code", "message", "reason", "rule"]));
        assert_eq!(json["code"], denied.code());
        assert_eq!(json["reason"], serde_json::to_value(denied.reason()).unwrap());
        assert!(!matches!(json["action"], Value::Null));
    }
    assert_eq!(seen, [5, 4]);
}

#[test]
fn core_explain_as_the_table_of_a_channels_refusals_says() {
    let mut table =
        "# What a channel refuses\n\n| code | class | rule | sentence |\n| --- | --- | --- | --- |\n".to_owned();
    for refused in refusals() {
        let class = if refused.class() == Class::Input { "input" } else { "situation" };
        let _ = writeln!(table, "| `{}` | {class} | `{}` | {refused} |", refused.code(), refused.rule());
    }
    table.push_str("\n# What is wrong with a change of settings\n\n| code | rule | sentence |\n| --- | --- | --- |\n");
    let (texts, forms) = (text_errors(), settings_errors());
    let (window, bounds) = (window_error(), bounds_error());
    let own = texts.iter().map(|error| error as &dyn Explain).chain(forms.iter().map(|error| error as &dyn Explain));
    for error in own.chain([&window as &dyn Explain, &bounds]) {
        let _ = writeln!(table, "| `{}` | `{}` | {error} |", error.code(), error.rule());
    }
    golden("../../src/channel/refused.md", &table);
}
