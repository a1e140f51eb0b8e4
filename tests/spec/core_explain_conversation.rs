//! What refusals of a conversation say.

use std::collections::BTreeSet;
use std::fmt::Write;

use serde_json::json;
use whatsapp_inbox::access::Role;
use whatsapp_inbox::conversation::{Kind, Label, LabelError, LabelKind, MessageKind, Refused, WindowShut};
use whatsapp_inbox::decider::{Class, Refusal};
use whatsapp_inbox::rule::Explain;
use whatsapp_inbox::settings::{ReplyPolicy, WarnBefore};

use crate::conversation_case::*;
use crate::core_explain_channel::{plain, written};
use crate::golden::golden;

/// What a conversation says of free text: that the customer has never written, and that the 24 hours are over.
fn window_shut() -> [WindowShut; 2] {
    let late = Talk::new().passes(DAY).clone();
    let mut never = Talk::unbegun();
    never.does(whatsapp_inbox::decider::Actor::System, begin());
    [never, late].map(|talk| talk.state.may_send(MessageKind::FreeText, talk.now).unwrap_err())
}

/// One of every kind of refusal.
fn refusals() -> Vec<Refused> {
    let until = at("2026-01-05T09:14:00Z");
    vec![
        Refused::NotFound,
        Refused::NotBegun,
        Refused::AlreadyBegun,
        Refused::WrongActor { act: Kind::Receive },
        Refused::RoleTooLow { act: Kind::Reply, held: Some(Role::Viewer), needed: Role::Contributor },
        Refused::AdminOnly { act: Kind::ApplySettings },
        Refused::Resolved { act: Kind::Snooze },
        Refused::NotSnoozed,
        Refused::ChannelClosed,
        Refused::NotTheOwner { policy: ReplyPolicy::OwnerAndSupervisors, owner: ANA },
        Refused::WindowShut(window_shut()[1]),
        Refused::OtherOrganisation,
        Refused::OtherChannel,
        Refused::SnoozeLength { given_minutes: 14, until },
        Refused::TooManyLabels { kind: LabelKind::Tag, count: 51 },
        Refused::TooManyNotes,
    ]
}

fn label_errors() -> [LabelError; 2] {
    [Label::new(&"x".repeat(101)).unwrap_err(), Label::new("a\nb").unwrap_err()]
}

#[test]
fn core_explain_conversations_in_plain_words() {
    for refused in refusals() {
        plain(&refused);
        assert_eq!(
            refused.limit().is_some(),
            refused.code().starts_with("too-many") || refused.code() == "snooze-length"
        );
    }
    let before = WarnBefore::minutes(0).unwrap_err();
    let shut = window_shut();
    for error in [&before as &dyn Explain, &shut[0], &shut[1], &label_errors()[0]] {
        plain(error);
    }
    assert_eq!((before.limit().is_some(), label_errors().map(|error| error.limit().is_some())), (true, [true, false]));
    // Every kind of command has its words in what only some may give.
    for act in Kind::ALL {
        plain(&Refused::WrongActor { act });
        plain(&Refused::Resolved { act });
        plain(&Refused::AdminOnly { act });
        plain(&Refused::RoleTooLow { act, held: None, needed: Role::Supervisor });
    }
    for policy in ReplyPolicy::ALL {
        plain(&Refused::NotTheOwner { policy, owner: ANA });
    }
}

#[test]
fn core_explain_conversations_have_one_code_for_each_kind_and_list_every_one() {
    let source = written(include_str!("../../src/conversation/refused.rs"), "Refused");
    let listed: Vec<&str> = refusals().iter().map(Explain::code).collect();
    assert_eq!(listed, source);
    assert_eq!(BTreeSet::from_iter(&listed).len(), listed.len(), "a code is one refusal's");
    assert_eq!(
        written(include_str!("../../src/conversation/label.rs"), "LabelError"),
        label_errors().map(|e| e.code())
    );
}

#[test]
fn core_explain_a_conversations_refusal_in_json_has_its_parameters() {
    let nothing = json!({});
    let parameters = [
        nothing.clone(),
        nothing.clone(),
        nothing.clone(),
        json!({ "act": "receive" }),
        json!({ "act": "reply", "held": "viewer", "needed": "contributor" }),
        json!({ "act": "apply-settings" }),
        json!({ "act": "snooze" }),
        nothing.clone(),
        nothing.clone(),
        json!({ "policy": "owner-and-supervisors", "owner": ANA }),
        json!({ "since": "2026-01-06T09:00:00.000Z", "instead": "template" }),
        nothing.clone(),
        nothing.clone(),
        json!({ "given_minutes": 14, "until": "2026-01-05T09:14:00.000Z" }),
        json!({ "kind": "tag", "count": 51 }),
        nothing,
    ];
    assert_eq!(refusals().len(), parameters.len());
    for (refused, parameters) in refusals().into_iter().zip(parameters) {
        let class = if refused.class() == Class::Input { "input" } else { "situation" };
        let mut json = serde_json::to_value(refused).expect("JSON");
        // A refusal without parameters writes none.
        if json["parameters"].is_null() {
            json["parameters"] = json!({});
        }
        let wanted = json!({
            "code": refused.code(), "class": class, "rule": refused.rule().id(), "message": refused.to_string(),
            "parameters": parameters,
        });
        assert_eq!(json, wanted);
    }
}

#[test]
fn core_explain_as_the_table_of_a_conversations_refusals_says() {
    let mut table =
        "# What a conversation refuses\n\n| code | class | rule | sentence |\n| --- | --- | --- | --- |\n".to_owned();
    for refused in refusals() {
        let class = if refused.class() == Class::Input { "input" } else { "situation" };
        let _ = writeln!(table, "| `{}` | {class} | `{}` | {refused} |", refused.code(), refused.rule());
    }
    golden("../../src/conversation/refused.md", &table);
}
