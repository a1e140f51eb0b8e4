//! How a conversation closes: auto-resolve, warnings, the plan, the 24-hour window, and what events carry.

use whatsapp_inbox::conversation::*;
use whatsapp_inbox::decider::{Actor, Class, Decider, Refusal};
use whatsapp_inbox::rule::Explain;
use whatsapp_inbox::settings::{ClosingWarning, WarnBefore};

use crate::conversation_case::*;

fn report(attempt: u32, outcome: WarningOutcome) -> Command {
    Command::ReportWarning { attempt, outcome }
}

/// The attempts to warn that follow from these events, as the transport is given them.
fn warnings(events: &[Event]) -> Vec<(u32, MessageKind)> {
    let effects = events.iter().flat_map(Conversation::effects);
    let send = |effect| match effect {
        Effect::SendWarning { attempt, kind } => (attempt, kind),
        other => panic!("{other:?}"),
    };
    effects.map(send).collect()
}

#[track_caller]
fn warned(events: &[Event]) -> Warned {
    match cause(events).1 {
        ResolveCause::AutoResolve { warned, .. } => warned,
        other => panic!("{other:?}"),
    }
}

#[test]
fn conversation_auto_resolve_from_the_deadline_on_and_not_a_millisecond_before() {
    for queue in [Queue::New, Queue::Pending] {
        let mut talk = Talk::short();
        talk.rules.resolve_reason = reason("nobody wrote for an hour");
        talk.does(AS_ANA, Command::Take).does(AS_ANA, to(queue));
        let deadline = talk.deadline();
        // Early, nothing happens, and time is asked to call at the deadline.
        assert_eq!(talk.state.next_deadline(), Some(deadline));
        talk.until(shifted(deadline, -1)).idle(Actor::System, Command::Tick);
        assert_eq!((talk.queue(), talk.owner()), (Some(queue), Some(ANA)));
        // At it, and late, it is resolved as of the deadline, by the system, with the channel's reason, and nobody owns it.
        for late in [0, 1, 400 * DAY] {
            let mut talk = talk.clone();
            talk.until(shifted(deadline, late));
            assert_eq!((talk.queue(), talk.owner()), (Some(Queue::Resolved), None), "before anybody called");
            let events = talk.tick();
            let wanted =
                ResolveCause::AutoResolve { reason: reason("nobody wrote for an hour"), warned: Warned::NotAsked };
            assert_eq!((events.len(), events[0].by, events[0].at), (1, Actor::System, talk.now));
            assert_eq!(cause(&events), (deadline, wanted));
            assert_eq!((talk.queue(), talk.owner()), (Some(Queue::Resolved), None));
            // Twice resolves once; nothing is due any more.
            talk.idle(Actor::System, Command::Tick).passes(DAY).idle(Actor::System, Command::Tick);
            assert_eq!(talk.state.next_deadline(), None);
        }
    }
}

#[test]
fn conversation_auto_resolve_a_call_that_no_longer_fits_is_ignored() {
    // Given a call for a deadline that a message has moved, then it does nothing.
    let mut talk = Talk::short();
    let deadline = talk.deadline();
    talk.passes(MINUTE).does(Actor::Customer, receive()).until(deadline).idle(Actor::System, Command::Tick);
    // Nor after somebody resolved it, nor after it was opened again.
    talk.does(AS_ANA, to(Queue::Resolved)).idle(Actor::System, Command::Tick);
    talk.does(AS_ANA, to(Queue::New)).idle(Actor::System, Command::Tick);
    assert_eq!(talk.queue(), Some(Queue::New));
    // Only time lets time pass.
    for actor in [AS_ANA, Actor::Customer, META, Actor::BrandPhone] {
        assert_eq!(talk.refused(actor, Command::Tick).code(), "wrong-actor");
    }
}

#[test]
fn conversation_auto_resolve_holds_before_whatever_comes_late() {
    // Given a deadline that passed and nobody called, when the customer writes, then it was resolved and begins anew.
    let mut talk = Talk::short();
    talk.does(AS_ANA, Command::Take);
    let deadline = talk.deadline();
    talk.until(deadline);
    let late = talk.clone();
    let events = talk.gives(Actor::Customer, receive());
    assert_eq!(names(&events), ["resolved", "customer-wrote"]);
    assert_eq!((events[0].by, events[1].by), (Actor::System, Actor::Customer));
    assert_eq!((talk.queue(), talk.owner(), talk.deadline()), (Some(Queue::New), None, shifted(deadline, HOUR)));
    // When an agent replies, then nobody owned it, and they do.
    let mut talk = late.clone();
    assert_eq!(names(&talk.gives(AS_BEN, free_text())), ["resolved", "replied", "assigned"]);
    assert_eq!(talk.owner(), Some(BEN));
    // When somebody wants to take or to snooze it, it is resolved.
    let mut talk = late;
    for (command, act) in
        [(Command::Take, Kind::Take), (Command::Snooze { until: shifted(deadline, DAY) }, Kind::Snooze)]
    {
        assert_eq!(talk.refused(AS_BEN, command), Refused::Resolved { act });
        assert!(!talk.allows(AS_BEN, act));
    }
}

#[test]
fn conversation_auto_resolve_is_not_hidden_by_an_owner_who_signed_out() {
    // Given an owner who lost it a while before its deadline, and nobody called, then it is resolved all the same.
    let mut talk = Talk::short().releasing();
    talk.does(AS_ANA, Command::Take).does(Actor::System, Command::SignOut { user: ANA });
    let deadline = talk.deadline();
    talk.until(deadline);
    assert_eq!((talk.queue(), talk.owner()), (Some(Queue::Resolved), None));
    assert_eq!(talk.refused(AS_BEN, Command::Take), Refused::Resolved { act: Kind::Take });
    assert_eq!(names(&talk.tick()), ["unassigned", "resolved"]);
}

#[test]
fn conversation_warn_is_sent_before_the_deadline_and_then_it_closes() {
    let mut talk = Talk::warned(30, ClosingWarning::WhenOpen);
    let deadline = talk.deadline();
    let before = shifted(deadline, -30 * MINUTE);
    assert_eq!(talk.state.next_deadline(), Some(before));
    talk.until(shifted(before, -1)).idle(Actor::System, Command::Tick);
    // Half an hour before, it is given to the transport once.
    let events = talk.until(before).tick();
    assert_eq!(
        (names(&events), warnings(&events)),
        (vec!["warning-begun".to_owned()], vec![(1, MessageKind::FreeText)])
    );
    talk.idle(Actor::System, Command::Tick);
    // An answer to another attempt is ignored, and one given twice counts once.
    talk.idle(META, report(2, WarningOutcome::Sent)).idle(META, report(0, WarningOutcome::Failed));
    talk.does(META, report(1, WarningOutcome::Sent)).idle(META, report(1, WarningOutcome::Failed));
    assert_eq!((talk.state.warning(), talk.deadline()), (Warning::Sent { at: before }, deadline));
    // Then it closes at the deadline, and says that it was warned of.
    talk.until(shifted(deadline, -1)).idle(Actor::System, Command::Tick);
    let events = talk.until(deadline).tick();
    assert_eq!((names(&events), warned(&events)), (vec!["resolved".to_owned()], Warned::Sent));
}

#[test]
fn conversation_warn_failed_holds_the_close_is_tried_three_times_and_then_said() {
    let mut talk = Talk::warned(1, ClosingWarning::WhenOpen);
    let deadline = talk.deadline();
    talk.until(shifted(deadline, -MINUTE));
    assert_eq!(warnings(&talk.tick()), [(1, MessageKind::FreeText)]);
    // Given no answer, then the close is held beyond the deadline, for ten minutes.
    talk.until(shifted(deadline, 9 * MINUTE - 1)).idle(Actor::System, Command::Tick);
    assert_eq!(talk.queue(), Some(Queue::New));
    assert_eq!(names(&talk.passes(1).tick()), ["warning-failed"]);
    assert_eq!(talk.queue(), Some(Queue::New));
    // The second try follows a minute later, and fails.
    talk.passes(MINUTE - 1).idle(Actor::System, Command::Tick);
    assert_eq!(warnings(&talk.passes(1).tick()), [(2, MessageKind::FreeText)]);
    talk.idle(META, report(1, WarningOutcome::Sent)).does(META, report(2, WarningOutcome::Failed));
    assert_eq!(talk.queue(), Some(Queue::New));
    // So does the third, and the close says so.
    assert_eq!(warnings(&talk.passes(MINUTE).tick()), [(3, MessageKind::FreeText)]);
    talk.does(META, report(3, WarningOutcome::Failed));
    let events = talk.tick();
    assert_eq!((names(&events), warned(&events)), (vec!["resolved".to_owned()], Warned::Failed));
}

#[test]
fn conversation_warn_that_goes_out_after_the_deadline_leaves_the_same_time_to_answer_it() {
    for late in [-1, 0, 5 * MINUTE] {
        let mut talk = Talk::warned(20, ClosingWarning::WhenOpen);
        let deadline = talk.deadline();
        talk.until(shifted(deadline, -MINUTE)).tick();
        // Given a warning that was sent a millisecond before the deadline, then it closes at the deadline; and where it held
        // the close, then as long after it as it was to go before.
        talk.until(shifted(deadline, late)).does(META, report(1, WarningOutcome::Sent));
        let closes = if late < 0 { deadline } else { shifted(deadline, late + 20 * MINUTE) };
        talk.until(shifted(closes, -1)).idle(Actor::System, Command::Tick);
        assert_eq!(talk.queue(), Some(Queue::New));
        assert_eq!(talk.state.next_deadline(), Some(closes));
        talk.until(closes);
        assert_eq!(talk.queue(), Some(Queue::Resolved));
        let events = talk.tick();
        assert_eq!((cause(&events).0, warned(&events)), (closes, Warned::Sent));
    }
}

#[test]
fn conversation_warn_a_customers_answer_cancels_warning_and_close() {
    for outcome in [None, Some(WarningOutcome::Sent), Some(WarningOutcome::Failed)] {
        let mut talk = Talk::warned(30, ClosingWarning::WhenOpen);
        let deadline = talk.deadline();
        talk.until(shifted(deadline, -30 * MINUTE)).tick();
        if let Some(outcome) = outcome {
            talk.does(META, report(1, outcome));
        }
        // When the customer answers, then nothing closes, and a later report is ignored.
        talk.passes(5 * MINUTE).does(Actor::Customer, receive()).idle(META, report(1, WarningOutcome::Sent));
        assert_eq!((talk.state.warning(), talk.deadline()), (Warning::None, shifted(talk.now, HOUR)));
        talk.until(deadline).tick();
        assert_eq!(talk.queue(), Some(Queue::New));
        // The next warning is another attempt.
        let mut next = talk.clone();
        next.until(shifted(next.deadline(), -MINUTE));
        let again = next.tick();
        let begun: Vec<_> = talk.events.iter().flat_map(Conversation::effects).collect();
        assert!(warnings(&again).iter().chain(&[(2, MessageKind::FreeText)]).all(|(attempt, _)| *attempt == 2));
        assert!(!begun.is_empty());
    }
}

#[test]
fn conversation_warn_with_the_window_shut_it_goes_by_template_or_the_close_is_silent() {
    let long = |warning: fn(WarnBefore) -> ClosingWarning| {
        let mut rules = windows(after(2 * 1440), after(2 * 1440), 1);
        rules.warning = warning(WarnBefore::minutes(60).expect("an hour"));
        Talk::with(rules)
    };
    let mut talk = long(ClosingWarning::WhenOpen);
    let deadline = talk.deadline();
    assert_eq!(names(&talk.until(shifted(deadline, -HOUR)).tick()), ["warning-skipped"]);
    talk.idle(Actor::System, Command::Tick);
    let events = talk.until(deadline).tick();
    assert_eq!((names(&events), warned(&events)), (vec!["resolved".to_owned()], Warned::NoWay));
    // With a template there is one.
    let mut talk = long(ClosingWarning::Always);
    assert_eq!(warnings(&talk.until(shifted(deadline, -HOUR)).tick()), [(1, MessageKind::Template)]);
    // Within the 24 hours it is free text, also where there is a template.
    let mut talk = Talk::warned(30, ClosingWarning::Always);
    assert_eq!(warnings(&talk.passes(30 * MINUTE).tick()), [(1, MessageKind::FreeText)]);
}

#[test]
fn conversation_warn_that_nobody_called_for_in_time_is_missed() {
    let mut talk = Talk::warned(30, ClosingWarning::WhenOpen);
    let deadline = talk.deadline();
    let mut just = talk.clone();
    assert_eq!(names(&just.until(shifted(deadline, -1)).tick()), ["warning-begun"]);
    let events = talk.until(deadline).tick();
    assert_eq!((names(&events), warned(&events)), (vec!["resolved".to_owned()], Warned::Missed));
}

#[test]
fn conversation_warn_is_1_minute_to_7_days_before() {
    for (minutes, accepted) in [(0, false), (1, true), (10_080, true), (10_081, false)] {
        assert_eq!(WarnBefore::minutes(minutes).is_ok(), accepted);
    }
    // One longer than the window is sent at once.
    let mut talk = Talk::warned(10_080, ClosingWarning::WhenOpen);
    assert_eq!(talk.state.next_deadline(), Some(talk.now));
    assert_eq!(names(&talk.tick()), ["warning-begun"]);
}

#[test]
fn conversation_window_is_24_hours_after_the_customers_last_message() {
    let mut talk = Talk::new();
    let shut = shifted(talk.now, DAY);
    assert_eq!(talk.state.free_text_until(), Some(shut));
    // At 23:59:59.999 free text goes.
    talk.until(shifted(shut, -1)).does(AS_ANA, free_text());
    // At 24:00:00.000 it does not, and the refusal says since when and what instead; a reply opened nothing.
    talk.until(shut);
    let refused = talk.refused(AS_ANA, free_text());
    let Refused::WindowShut(why) = refused else { panic!("{refused}") };
    assert_eq!((why.since, why.instead, refused.class()), (Some(shut), MessageKind::Template, Class::Input));
    assert!(refused.to_string().contains(&shut.to_string()) && refused.to_string().contains("template"));
    assert!(talk.state.may_send(MessageKind::FreeText, talk.now).is_err());
    // A template does, and the customer's next message opens it again.
    talk.does(AS_ANA, template()).does(Actor::Customer, receive()).does(AS_ANA, free_text());
}

#[test]
fn conversation_window_is_shut_where_the_customer_never_wrote() {
    let mut talk = Talk::unbegun();
    talk.does(AS_ANA, begin());
    let refused = talk.refused(AS_ANA, free_text());
    assert!(matches!(refused, Refused::WindowShut(why) if why.since.is_none()), "{refused}");
    talk.does(AS_ANA, template());
    assert_eq!((talk.queue(), talk.owner()), (Some(Queue::Pending), Some(ANA)));
}

#[test]
fn conversation_close_plan_is_in_order_each_part_idempotent_and_never_reopens() {
    // Given a conversation that is warned of and closes, then warning, its outcome and the close come in this order,
    let mut talk = Talk::warned(30, ClosingWarning::WhenOpen);
    talk.does(AS_ANA, Command::Take);
    let (deadline, begun) = (talk.deadline(), talk.events.len());
    talk.passes(30 * MINUTE).tick();
    talk.idle(Actor::System, Command::Tick).does(Actor::System, report(1, WarningOutcome::Sent));
    // And what the system sends moves no deadline, nor is it a message of the team's.
    assert_eq!((talk.deadline(), talk.queue()), (deadline, Some(Queue::New)));
    talk.until(deadline).tick();
    assert_eq!(names(&talk.events[begun..]), ["warning-begun", "warning-sent", "resolved"]);
    // Resolving unassigns by itself. Each part again changes nothing, and nothing opens it.
    talk.idle(Actor::System, report(1, WarningOutcome::Sent))
        .idle(Actor::System, Command::Tick)
        .idle(Actor::System, close());
    assert_eq!((talk.queue(), talk.owner()), (Some(Queue::Resolved), None));
}

#[test]
fn conversation_no_customer_text_events_carry_ids_kinds_and_times() {
    let mut talk = Talk::warned(30, ClosingWarning::WhenOpen).releasing();
    talk.does(AS_ANA, free_text()).does(AS_ANA, tags(&["a"], &[])).does(AS_ANA, Command::AddNote(note(1)));
    talk.does(AS_ANA, Command::Unassign).does(AS_ANA, assign(BEN)).does(Actor::Customer, receive());
    talk.does(Actor::System, Command::SignOut { user: BEN }).does(Actor::System, Command::SignIn { user: BEN });
    talk.passes(30 * MINUTE).tick();
    talk.does(META, report(1, WarningOutcome::Failed)).does(AS_ANA, Command::RemoveNote(note(1)));
    talk.does(AS_ANA, Command::Snooze { until: shifted(talk.now, DAY) }).does(AS_ANA, Command::Wake);
    talk.passes(60 * MINUTE).tick();
    let mut keys = std::collections::BTreeSet::new();
    for event in &talk.events {
        collect(&serde_json::to_value(event).expect("an event is JSON"), &mut keys);
    }
    let known = "added assigned at attempt auto-resolve begun by cause change channel customer-wrote entry given how id kind \
                 labels-changed message meta moved note note-added note-removed organisation owner reason releases_owner \
                 replied resolved sent_at snoozed source to try_number unassigned until user version warn_before_minutes \
                 warned warning-begun warning-failed why window";
    let unknown: Vec<&String> = keys.iter().filter(|key| !known.split(' ').any(|known| known == *key)).collect();
    assert!(unknown.is_empty(), "{unknown:?}: is it what a customer wrote, or who they are?");
    assert!(keys.len() > 30, "{keys:?}");
}

fn collect(json: &serde_json::Value, keys: &mut std::collections::BTreeSet<String>) {
    match json {
        serde_json::Value::Object(map) => map.iter().for_each(|(key, value)| {
            keys.insert(key.clone());
            collect(value, keys);
        }),
        serde_json::Value::Array(values) => values.iter().for_each(|value| collect(value, keys)),
        _ => {}
    }
}
