//! The golden table of a conversation: queue × owner × snoozed × kind of command × who asks × auto-assignment.
//!
//! `UPDATE_GOLDEN=1 cargo test --test spec` writes the table anew.

use std::fmt::Write;

use whatsapp_inbox::access::Role;
use whatsapp_inbox::conversation::*;
use whatsapp_inbox::decider::{Actor, ChannelStatus, Class, Refusal};
use whatsapp_inbox::rule::Explain;
use whatsapp_inbox::settings::{AutoAssignment, ReplyPolicy};

use crate::case::{GRAPH, OBSERVED, OPERATOR};
use crate::conversation_case::*;
use crate::golden::golden;

const AS_ADMIN: Actor = Actor::Admin(ANA);

const ACTORS: [(&str, Actor, Option<Role>); 15] = [
    ("viewer", AS_ANA, Some(Role::Viewer)),
    ("contributor", AS_ANA, Some(Role::Contributor)),
    ("supervisor", AS_ANA, Some(Role::Supervisor)),
    ("nobody", AS_ANA, None),
    ("admin", AS_ADMIN, None),
    ("admin contributor", AS_ADMIN, Some(Role::Contributor)),
    ("stranger", Actor::Admin(whatsapp_inbox::id::UserId::new(OTHER_ORGANISATION, ANA.uuid())), Some(Role::Supervisor)),
    ("operator", OPERATOR, None),
    ("Meta", META, None),
    ("Graph API", GRAPH, None),
    ("observed", OBSERVED, None),
    ("system", Actor::System, None),
    ("customer", Actor::Customer, None),
    ("phone", Actor::BrandPhone, None),
    ("Ben", AS_BEN, Some(Role::Contributor)),
];

/// Every place a command can meet. Where there is an owner, it is Ana or Ben; those who ask are Ana, but for Ben.
fn places() -> Vec<(String, Talk)> {
    let mut places = vec![("not begun".to_owned(), Talk::unbegun())];
    for queue in [Queue::New, Queue::Pending] {
        for (owned, owner) in [("nobody's", None), ("the asker's", Some(AS_ANA)), ("somebody else's", Some(AS_BEN))] {
            for (how, snoozed) in [("", false), (", snoozed", true)] {
                let mut talk = Talk::short();
                talk.does(AS_ANA, tags(&["old"], &[]));
                if let Some(owner) = owner {
                    talk.does(owner, Command::Take);
                }
                talk.does(AS_ANA, to(queue));
                if snoozed {
                    talk.does(AS_ANA, Command::Snooze { until: shifted(talk.now, DAY) });
                }
                places.push((format!("{queue}, {owned}{how}"), talk));
            }
        }
    }
    let mut resolved = Talk::short();
    resolved.does(AS_ANA, Command::Take).does(AS_ANA, to(Queue::Resolved));
    places.push(("Resolved".to_owned(), resolved));
    places
}

/// The state of a place after its deadline, or the end of its snooze, that nobody has written down.
fn overdue(talk: &Talk) -> Talk {
    let mut talk = talk.clone();
    talk.passes(DAY - 1);
    if talk.state.snoozed_until(talk.now).is_some() {
        talk.passes(1);
    }
    talk
}

fn command(kind: Kind, talk: &Talk) -> Command {
    match kind {
        Kind::Begin => begin(),
        Kind::Receive => receive(),
        Kind::Reply => template(),
        Kind::MoveToNew => to(Queue::New),
        Kind::MoveToPending => to(Queue::Pending),
        Kind::MoveToResolved => to(Queue::Resolved),
        Kind::Take => Command::Take,
        Kind::Assign => assign(BEN),
        Kind::Unassign => Command::Unassign,
        Kind::LoseAccess => Command::LoseAccess { user: ANA },
        Kind::Snooze => Command::Snooze { until: shifted(talk.now, HOUR) },
        Kind::Wake => Command::Wake,
        Kind::EditTags => tags(&["new"], &["old"]),
        Kind::EditTopics => topics(&["new"], &[]),
        Kind::AddNote => Command::AddNote(note(1)),
        Kind::RemoveNote => Command::RemoveNote(note(1)),
        Kind::SignOut => Command::SignOut { user: ANA },
        Kind::SignIn => Command::SignIn { user: ANA },
        Kind::ReportWarning => Command::ReportWarning { attempt: 1, outcome: WarningOutcome::Sent },
        Kind::ApplySettings => Command::ApplySettings,
        Kind::CloseWithChannel => close(),
        Kind::Tick => Command::Tick,
        other => panic!("{other:?} has no command in this table"),
    }
}

/// Settings that differ from those the conversation was given, so that applying them does something.
fn asked(talk: &Talk, actor: Actor, role: Option<Role>, assignment: AutoAssignment) -> Talk {
    let mut talk = talk.clone().releasing();
    talk.rules = windows(after(90), after(180), 4);
    talk.rules.auto_assignment = assignment;
    if let Some(user) = actor.user() {
        talk.with_role(user, role);
    }
    talk
}

/// The events of an accepted command with where they lead, or the code of the refusal.
fn outcome(talk: &Talk, actor: Actor, kind: Kind) -> String {
    let mut talk = talk.clone();
    match talk.asks(actor, command(kind, &talk)) {
        Err(refused) => refused.code().to_owned(),
        Ok(events) if events.is_empty() => "nothing".to_owned(),
        Ok(events) => {
            use whatsapp_inbox::decider::Decider;
            let was = (talk.queue(), talk.owner());
            talk.state = events.iter().fold(talk.state.clone(), Conversation::evolve);
            let is = (talk.queue(), talk.owner());
            let mut text = names(&events).iter().map(|name| format!("**{name}**")).collect::<Vec<_>>().join(" + ");
            if was.0 != is.0 {
                let _ = write!(text, " → {}", is.0.map_or("?", Queue::name));
            }
            if was.1 != is.1 {
                let owner = is.1.map_or("nobody", |owner| if owner == ANA { "Ana" } else { "Ben" });
                let _ = write!(text, ", owner {owner}");
            }
            text
        }
    }
}

fn row(place: &Talk, kind: Kind) -> String {
    let mut outcomes: Vec<(String, Vec<String>)> = Vec::new();
    for (who, actor, role) in ACTORS {
        let [on, off] = [AutoAssignment::On, AutoAssignment::Off]
            .map(|assignment| outcome(&asked(place, actor, role, assignment), actor, kind));
        let each = if on == off {
            vec![(on, who.to_owned())]
        } else {
            vec![(on, format!("{who}, auto on")), (off, format!("{who}, auto off"))]
        };
        for (outcome, who) in each {
            match outcomes.iter_mut().find(|(same, _)| *same == outcome) {
                Some((_, actors)) => actors.push(who),
                None => outcomes.push((outcome, vec![who])),
            }
        }
    }
    let outcomes = outcomes.iter().map(|(outcome, actors)| format!("{outcome} ({})", actors.join(", ")));
    outcomes.collect::<Vec<_>>().join("; ")
}

#[test]
fn conversation_queues_decide_as_in_the_golden_table() {
    let mut table = "# Every place of a conversation × kind of command × who asks\n\n\
                     Bold: the events of an accepted command, and where they lead. Otherwise: the code of the refusal. \
                     Auto-assignment is told where it matters. All that ask are Ana, but for Ben. A reply is a template.\n"
        .to_owned();
    for (place, talk) in places() {
        let _ = write!(table, "\n## {place}\n\n| command | outcomes |\n| --- | --- |\n");
        for kind in Kind::ALL {
            let _ = writeln!(table, "| {kind:?} | {} |", row(&talk, kind));
        }
    }
    for (place, talk) in places().iter().filter(|(place, _)| place.contains("asker's")) {
        let _ = write!(table, "\n## {place}, overdue\n\n| command | outcomes |\n| --- | --- |\n");
        for kind in Kind::ALL {
            let _ = writeln!(table, "| {kind:?} | {} |", row(&overdue(talk), kind));
        }
    }
    golden("conversation-decisions.md", &table);
}

#[test]
fn core_total_a_conversation_allows_exactly_what_no_situation_refuses() {
    let (mut allowed, mut refused) = (0, 0);
    let places = places();
    let late: Vec<_> = places.iter().map(|(place, talk)| (format!("{place}, overdue"), overdue(talk))).collect();
    for (place, talk) in places.iter().chain(&late) {
        for (who, actor, role) in ACTORS {
            for policy in ReplyPolicy::ALL {
                for status in [ChannelStatus::Open, ChannelStatus::Closed] {
                    let mut talk = asked(talk, actor, role, AutoAssignment::On).replies(policy);
                    talk.rules.status = status;
                    let listed: Vec<Kind> = talk.state.allowed(&talk.context(actor)).collect();
                    for kind in Kind::ALL {
                        // Given any place, person and kind, then the kind is listed if and only if no situation refuses it.
                        let answer = talk.asks(actor, command(kind, &talk));
                        let in_the_way = answer.as_ref().is_err_and(|refused| refused.class() == Class::Situation);
                        assert_eq!(listed.contains(&kind), !in_the_way, "{kind:?} by {who} in {place}: {answer:?}");
                        if in_the_way { refused += 1 } else { allowed += 1 }
                    }
                }
            }
        }
    }
    assert_eq!(allowed + refused, 28 * 15 * 3 * 2 * 22);
    assert!(allowed > 5_000 && refused > 20_000, "{allowed} and {refused}");
}

#[test]
fn access_not_found_is_one_answer_whatever_is_asked_of_a_conversation() {
    // What has not begun belongs to nobody yet, so that only who has no role at all is kept out.
    for (place, talk) in places() {
        let kept_out = if place == "not begun" { &["nobody"][..] } else { &["nobody", "stranger"] };
        for kind in Kind::ALL {
            for (who, actor, role) in ACTORS.into_iter().filter(|(who, ..)| kept_out.contains(who)) {
                let talk = asked(&talk, actor, role, AutoAssignment::On);
                assert_eq!(
                    talk.asks(actor, command(kind, &talk)),
                    Err(Refused::NotFound),
                    "{kind:?} by {who} in {place}"
                );
            }
        }
    }
}

#[test]
fn conversation_queues_the_table_names_where_each_input_leads() {
    // The generated table holds of what commands do.
    for (place, talk) in places().iter().filter(|(place, _)| !place.contains("not begun") && !place.contains("snoozed"))
    {
        let from = talk.queue().expect("begun");
        for (input, actor, kind) in [
            (Input::CustomerMessage, Actor::Customer, Kind::Receive),
            (Input::Reply, Actor::BrandPhone, Kind::Reply),
            (Input::MoveToNew, AS_ANA, Kind::MoveToNew),
            (Input::MoveToPending, AS_ANA, Kind::MoveToPending),
            (Input::MoveToResolved, AS_ANA, Kind::MoveToResolved),
            (Input::ChannelCloses, Actor::System, Kind::CloseWithChannel),
        ] {
            let mut talk = talk.clone();
            talk.does(actor, command(kind, &talk));
            assert_eq!(talk.queue(), Some(from.after(input)), "{input:?} in {place}");
        }
        if from != Queue::Resolved {
            let mut asleep = talk.clone();
            asleep.does(AS_ANA, Command::Snooze { until: shifted(talk.now, HOUR) }).does(AS_ANA, Command::Wake);
            assert_eq!(asleep.queue(), Some(from.after(Input::Wake)));
        }
        let mut late = overdue(talk);
        late.tick();
        assert_eq!(late.queue(), Some(from.after(Input::Deadline)));
    }
}

#[test]
fn access_tenant_a_conversation_begins_in_a_channel_of_its_own() {
    let theirs = whatsapp_inbox::id::ChannelId::new(OTHER_ORGANISATION, CHANNEL.uuid());
    let stranger = Actor::User(whatsapp_inbox::id::UserId::new(OTHER_ORGANISATION, ANA.uuid()));
    assert_eq!(Talk::unbegun().refused(stranger, begin()), Refused::OtherOrganisation);
    for actor in [Actor::System, Actor::Customer, AS_ANA] {
        let refused = Talk::unbegun().refused(actor, Command::Begin { id: CONVERSATION, channel: theirs });
        assert_eq!((refused.code(), refused.class()), ("other-organisation", Class::Input));
    }
}
