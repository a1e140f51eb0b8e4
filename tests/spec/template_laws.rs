//! What holds of every template: facts in any order and repetition, replay, and what is allowed.

use std::cell::Cell;
use std::fmt::Write;

use proptest::prelude::*;
use whatsapp_inbox::access::{Action, Role};
use whatsapp_inbox::decider::{Actor, Class, Decider, Refusal};
use whatsapp_inbox::id::FactId;
use whatsapp_inbox::rule::Explain;
use whatsapp_inbox::template::*;
use whatsapp_inbox::time::Instant;
use whatsapp_inbox::uuid::Uuid;
use whatsapp_inbox::whatsapp::{
    TemplateCategory, TemplateEvent, TemplatePause, TemplateQuality, TemplateReason, TemplateStatus,
};

use crate::case::*;
use crate::golden::golden;
use crate::random::runner;
use crate::template_case::*;

fn facts() -> impl Strategy<Value = Fact> {
    let event = prop_oneof![
        12 => prop::sample::select(TemplateEvent::KNOWN.to_vec()),
        1 => Just(TemplateEvent::Unknown("POLISHED".to_owned())),
    ];
    let category = || prop::sample::select(TemplateCategory::KNOWN.to_vec());
    let pause = prop::option::of(prop::sample::select(TemplatePause::KNOWN.to_vec()));
    let reason = prop::option::of(prop::sample::select(TemplateReason::KNOWN.to_vec()));
    let event = (event, pause, reason, prop::option::of(0_i64..9)).prop_map(|(event, pause, reason, date)| {
        let mut fact = EventFact::new(event);
        (fact.pause, fact.reason) = (pause, reason);
        fact.disable_date = date.map(|days| shifted(base(), days * 86_400_000));
        Fact::Event(fact)
    });
    let announced = prop::option::of(
        (category(), 0_i64..40)
            .prop_map(|(category, hours)| Announced::new(category, shifted(base(), hours * 3_600_000))),
    );
    prop_oneof![
        8 => event,
        1 => (category(), announced).prop_map(|(category, announced)| Fact::Category { category, announced }),
        1 => prop::sample::select(TemplateQuality::KNOWN.to_vec()).prop_map(Fact::Quality),
    ]
}

fn base() -> Instant {
    at("2026-01-05T09:00:00Z")
}

/// A command of Meta's, of an instant that is one of a few half hours, now and then half a second later.
fn told() -> impl Strategy<Value = (Command, Instant)> {
    let when = (0_i64..8, any::<bool>())
        .prop_map(|(halves, late)| shifted(base(), halves * 1_800_000 + i64::from(late) * 500));
    let status = prop_oneof![
        9 => prop::sample::select(TemplateStatus::KNOWN.to_vec()).prop_map(Some),
        1 => Just(Some(TemplateStatus::Unknown("POLISHED".to_owned()))),
        2 => Just(None),
    ];
    let key = || ready_definition().key().clone();
    let reading = (status, when.clone()).prop_map(move |(status, at)| {
        let page: Vec<_> = status.map(|status| (key(), Listed::new(status))).into_iter().collect();
        (Command::Read(Listing::begun(at).with_page(page, Page::Last).reading_of(&key()).expect("complete")), at)
    });
    let fact = (facts(), when).prop_map(|(fact, at)| {
        // The id comes with the place in the list.
        (Command::Observe { id: FactId::new(Uuid::nil()), at: Some(at), fact }, at)
    });
    prop_oneof![4 => fact, 1 => reading]
}

fn numbered(told: Vec<(Command, Instant)>) -> Vec<Command> {
    let number = |(index, (command, _)): (usize, (Command, Instant))| match command {
        Command::Observe { at, fact, .. } => {
            Command::Observe { id: FactId::new(Uuid::from_u128(900 + index as u128)), at, fact }
        }
        other => other,
    };
    told.into_iter().enumerate().map(number).collect()
}

/// Whether it was created here, what is told of it, and two orders of arrival.
type Trial = (bool, Vec<(Command, Instant)>, Vec<usize>, Vec<usize>);

/// All that can be seen, now and later.
fn views(case: &TemplateCase) -> Vec<(TemplateView, Result<(), MayNotSend>)> {
    let hours = [0, 1, 2, 3, 5, 7, 24, 27 * 24, 29 * 24];
    hours
        .map(|hours| base().plus_hours(hours))
        .map(|now| (case.template.view(now).expect("known"), case.template.may_send(now)))
        .into()
}

#[test]
fn template_lifecycle_any_order_and_repetition_of_facts_and_listings_ends_in_one_view() {
    let counts = Cell::new([0_u32; 2]);
    let order = prop::collection::vec(0_usize..8, 0..6)
        .prop_flat_map(|again| Just((0..8).chain(again).collect::<Vec<_>>()).prop_shuffle());
    let law = |(created, told, one, two): Trial| {
        // Given a template and facts about it, when they arrive in two orders with repetitions, then both end in one view.
        let told = numbered(told);
        let start = if created {
            TemplateCase::approved()
        } else {
            let mut case = TemplateCase::new();
            case.does(Actor::System, adopt());
            case
        };
        let arrive = |order: &[usize]| {
            let mut case = start.clone();
            for command in order.iter().filter_map(|index| told.get(*index)) {
                case.does(GRAPH, command.clone());
            }
            views(&case)
        };
        let (first, second) = (arrive(&one), arrive(&two));
        prop_assert_eq!(&first, &second);
        let in_order = arrive(&(0..told.len()).collect::<Vec<_>>());
        prop_assert_eq!(&first, &in_order);
        let [moved, sent] = counts.get();
        let sends = first.iter().any(|(_, may)| may.is_ok());
        counts.set([moved + u32::from(first != views(&start)), sent + u32::from(sends)]);
        Ok(())
    };
    runner(600).run(&(any::<bool>(), prop::collection::vec(told(), 1..8), order.clone(), order), law).unwrap();
    let [moved, sent] = counts.get();
    assert!(moved >= 400 && sent >= 120, "{moved} sets changed a view, {sent} could be sent at some time");
}

const ACTORS: [(&str, Actor, Option<Role>); 11] = [
    ("admin", ADMIN, None),
    ("supervisor", USER, Some(Role::Supervisor)),
    ("user without a role", USER, None),
    ("foreign admin", FOREIGN_ADMIN, None),
    ("operator", OPERATOR, None),
    ("Meta", META, None),
    ("Graph API", GRAPH, None),
    ("observed", OBSERVED, None),
    ("system", Actor::System, None),
    ("customer", Actor::Customer, None),
    ("brand's phone", Actor::BrandPhone, None),
];

/// Every place a command can meet.
fn places() -> Vec<(String, TemplateCase)> {
    let mut places = vec![("not known".to_owned(), TemplateCase::new())];
    let mut full = TemplateCase::new();
    full.used = whatsapp_inbox::whatsapp::TemplateUse::default().holding(250);
    places.push(("not known, the account is full".to_owned(), full));
    for standing in Standing::ALL {
        let mut case = TemplateCase::new();
        case.does(Actor::System, adopt());
        if standing != Standing::Unsubmitted {
            case.read(Listed::new(TemplateStatus::from(if standing == Standing::Other {
                "X"
            } else {
                standing.name()
            })));
        }
        case.hours(1);
        places.push((standing.to_string(), case));
    }
    let mut asked = TemplateCase::approved();
    asked.does(ADMIN, edit(other_definition()));
    places.push(("an edit is not answered".to_owned(), asked.clone()));
    asked.answers(Outcome::Taken).hours(1).told(TemplateEvent::Approved).hours(1);
    places.push(("edited two hours ago".to_owned(), asked));
    let mut locked = TemplateCase::approved();
    locked.told(TemplateEvent::Locked).hours(1);
    places.push(("locked".to_owned(), locked));
    let mut deleted = TemplateCase::approved();
    deleted.told(TemplateEvent::Deleted).hours(1);
    places.push(("deleted, the name is blocked".to_owned(), deleted));
    places
}

fn command(kind: Kind) -> Command {
    match kind {
        Kind::Create => create_template(),
        Kind::Adopt => adopt(),
        Kind::Edit => edit(other("Your loaf is ready, {{1}}, come by.")),
        Kind::Appeal => Command::Appeal,
        Kind::Unpause => Command::Unpause,
        Kind::Delete => Command::Delete,
        Kind::Switch => Command::Switch(Switch::Off),
        Kind::Answer => Command::Answer { call: 1, outcome: Outcome::Unknown },
        Kind::Observe => {
            Command::Observe { id: FactId::new(Uuid::from_u128(1)), at: None, fact: TemplateEvent::Paused.into() }
        }
        Kind::Read => Command::Read(
            Listing::begun(at("2026-02-05T09:00:00Z"))
                .with_page([], Page::Last)
                .reading_of(ready_definition().key())
                .expect("complete"),
        ),
        other => panic!("{other:?} has no command in this table"),
    }
}

fn asked(
    place: &TemplateCase,
    actor: Actor,
    role: Option<Role>,
    kind: Kind,
) -> (TemplateCase, Result<Vec<Event>, Refused>) {
    let mut case = place.clone();
    case.role = role;
    let answer = case.tries(actor, command(kind));
    (case, answer)
}

#[test]
fn template_lifecycle_decides_as_in_the_golden_table() {
    let mut table = "# Every place of a template × kind of command × actor\n\n\
                     Bold: the event of an accepted command, and where it leads. Otherwise: the code of the refusal.\n"
        .to_owned();
    for (place, case) in places() {
        let _ = write!(table, "\n## {place}\n\n| command | outcomes |\n| --- | --- |\n");
        for kind in Kind::ALL {
            let mut outcomes: Vec<(String, Vec<&str>)> = Vec::new();
            for (who, actor, role) in ACTORS {
                let (after, answer) = asked(&case, actor, role, kind);
                let outcome = match answer {
                    Err(refused) => refused.code().to_owned(),
                    Ok(events) if events.is_empty() => "nothing".to_owned(),
                    Ok(events) => {
                        let names: Vec<String> =
                            events.iter().map(|event| format!("**{}**", Template::event_name(event))).collect();
                        let led = if after.standing() == case.standing() {
                            String::new()
                        } else {
                            format!(" → {}", after.standing())
                        };
                        names.join(" + ") + &led
                    }
                };
                match outcomes.iter_mut().find(|(same, _)| *same == outcome) {
                    Some((_, actors)) => actors.push(who),
                    None => outcomes.push((outcome, vec![who])),
                }
            }
            let outcomes = outcomes.iter().map(|(outcome, actors)| format!("{outcome} ({})", actors.join(", ")));
            let _ = writeln!(table, "| {kind:?} | {} |", outcomes.collect::<Vec<_>>().join("; "));
        }
    }
    golden("template-decisions.md", &table);
}

#[test]
fn core_total_a_template_allows_exactly_what_no_situation_refuses() {
    let (mut allowed, mut refused) = (0, 0);
    for (place, case) in places() {
        for (who, actor, role) in ACTORS {
            let mut case = case.clone();
            case.role = role;
            let listed: Vec<Kind> = case.template.allowed(&case.context(actor)).collect();
            for kind in Kind::ALL {
                let (_, answer) = asked(&case, actor, role, kind);
                let in_the_way = answer.as_ref().is_err_and(|refused| refused.class() == Class::Situation);
                assert_eq!(listed.contains(&kind), !in_the_way, "{kind:?} by {who} in {place}: {answer:?}");
                if in_the_way {
                    refused += 1;
                } else {
                    allowed += 1;
                }
                // What people do asks for the right to change settings; what Meta tells asks for none.
                for event in answer.unwrap_or_default() {
                    let wanted = event.by.user().map(|_| Action::ChangeSettings);
                    assert_eq!(Template::required(&event), wanted);
                    assert_eq!(Template::claims(&event), []);
                }
            }
            assert_eq!(case.template.next_deadline(), None);
        }
    }
    assert_eq!(allowed + refused, 18 * 11 * 10);
    assert!(allowed > 150 && refused > 1000, "{allowed} and {refused}");
}

#[test]
fn core_replay_an_event_that_the_rules_of_today_would_refuse_is_read() {
    // Given an event with a text that begins with a placeholder and names nobody could hand in today.
    let mut case = TemplateCase::approved();
    let json = serde_json::to_string(&case.events[0]).unwrap();
    let json = json.replace("Hello {{1}}, your order {{2}}", "{{1}}{{2}}").replace("order_ready", "Order Ready");
    let event: Event = serde_json::from_str(&json).unwrap();
    // Then it is read, and written as it was.
    assert_eq!(serde_json::to_string(&event).unwrap(), json);
    case.events[0] = event;
    let template = Template::replay(&case.events);
    assert_eq!(template.key().map(|key| key.name().to_owned()), Some("Order Ready".to_owned()));
    // As a command it is refused.
    let definition = serde_json::to_value(template.definition().unwrap()).unwrap();
    assert!(serde_json::from_value::<Definition>(definition).is_err());
}

/// One of every kind of refusal.
fn refusals() -> Vec<Refused> {
    let since = at("2026-01-05T09:00:00Z");
    vec![
        Refused::NotFound,
        Refused::NotKnown,
        Refused::AlreadyKnown,
        Refused::WrongActor { act: Kind::Adopt },
        Refused::AdminOnly { act: Kind::Create },
        Refused::Standing { act: Act::Delete, standing: Standing::Disabled },
        Refused::Locked { since },
        Refused::CallOpen { since },
        Refused::EditBudget { from: since },
        Refused::Account(whatsapp_inbox::whatsapp::TemplateUseError::Full { templates: 250, limit: 250 }),
        Refused::Account(whatsapp_inbox::whatsapp::TemplateUseError::TooFast { from: since }),
        Refused::NameBlocked { until: since },
        Refused::OtherTemplate,
        Refused::OtherKey,
        Refused::CategoryFixed,
        Refused::OtherOrganisation,
        Refused::Unsound { faults: 2 },
        Refused::UnknownCall { call: 7 },
    ]
}

#[test]
fn core_explain_as_the_table_of_a_templates_refusals_says() {
    let mut table = "# What a template refuses\n\n| code | class | rule | sentence | parameters |\n| --- | --- | --- | --- | --- |\n".to_owned();
    for refused in refusals() {
        let json = serde_json::to_value(refused).unwrap();
        assert_eq!(json["message"], refused.to_string());
        let class = json["class"].as_str().unwrap();
        let (code, rule, parameters) = (refused.code(), refused.rule(), &json["parameters"]);
        let _ = writeln!(table, "| `{code}` | {class} | `{rule}` | {refused} | `{parameters}` |");
        let sentence = refused.to_string();
        assert!(!sentence.ends_with('.') && !sentence.contains("::"), "{sentence}");
    }
    golden("../../src/template/refused.md", &table);
}

/// One of every fault of a template.
fn definition_errors() -> Vec<DefinitionError> {
    use whatsapp_inbox::rule::{Limit, Rule};
    use whatsapp_inbox::whatsapp::{ButtonKind, ParameterFormat};
    let given = || "3".to_owned();
    let limit = Limit::new(1, 60, "characters");
    let only = DefinitionError::Authentication;
    vec![
        DefinitionError::Shape,
        DefinitionError::PartShape { wanted: "a list of buttons", rule: Rule::TemplateButtons },
        DefinitionError::Category { given: "NEWS".to_owned() },
        DefinitionError::ParameterFormat { given: "ROMAN".to_owned() },
        DefinitionError::Component { given: "CAROUSEL".to_owned() },
        DefinitionError::Again { limit: Limit::new(0, 1, "header") },
        DefinitionError::NoBody,
        DefinitionError::Length { part: "a header", limit, characters: 61, rule: Rule::TemplateComponents },
        DefinitionError::HeaderFormat { given: "GIF".to_owned() },
        DefinitionError::HeaderFormatting { marker: '*' },
        DefinitionError::Character { part: "a footer", character: '\n' },
        DefinitionError::PlaceholderCount { part: "a header", limit: Limit::new(0, 1, "placeholders"), found: 2 },
        DefinitionError::Braces,
        DefinitionError::Placeholder { given: given(), format: ParameterFormat::Named },
        DefinitionError::Placeholder { given: "x".to_owned(), format: ParameterFormat::Positional },
        DefinitionError::PlaceholderOrder { given: given(), expected: 2 },
        DefinitionError::PlaceholderTwice { given: "order".to_owned() },
        DefinitionError::PlaceholderFirst { given: given() },
        DefinitionError::PlaceholderLast { given: given() },
        DefinitionError::PlaceholdersTouch { given: given() },
        DefinitionError::SampleMissing { of: "the placeholder {{3}}".to_owned() },
        DefinitionError::SampleStray,
        DefinitionError::ButtonCount { limit: Limit::new(0, 2, "buttons with an address"), found: 3 },
        DefinitionError::ButtonsMixed,
        DefinitionError::ButtonKind { given: "FLOW".to_owned() },
        DefinitionError::Url,
        DefinitionError::UrlPlaceholder,
        only(OnlyCodes::Address),
        only(OnlyCodes::Emoji { character: '🔑' }),
        only(OnlyCodes::Media),
        only(OnlyCodes::Button { kind: ButtonKind::Url }),
        only(OnlyCodes::OneTimeCode),
    ]
}

#[test]
fn core_explain_as_the_table_of_a_templates_faults_says() {
    let mut table =
        "# What can be wrong with a template\n\n| code | rule | sentence |\n| --- | --- | --- |\n".to_owned();
    for error in definition_errors() {
        let sentence = error.to_string();
        assert!(!sentence.ends_with('.') && !sentence.contains("::"), "{sentence}");
        let _ = writeln!(table, "| `{}` | `{}` | {sentence} |", error.code(), error.rule());
    }
    golden("../../src/template/definition/faults.md", &table);
}
