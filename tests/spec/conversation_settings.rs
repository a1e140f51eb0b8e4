//! What a change of settings does to conversations: a preview, and the same when it is applied.

use whatsapp_inbox::conversation::*;
use whatsapp_inbox::decider::{Actor, ChannelRules};
use whatsapp_inbox::settings::{AutoResolve, ClosingWarning};

use crate::conversation_case::*;

/// Conversations of every kind at one instant: ages, queues, owners, snoozes, warnings.
fn many() -> Vec<Talk> {
    let mut many = Vec::new();
    for queue in Queue::ALL {
        for age in [0, 9, 10, 59, 60, 61, 119, 120, 121, 300, 3000] {
            for extra in 0..5 {
                let mut talk = if extra == 4 { Talk::warned(30, ClosingWarning::WhenOpen) } else { Talk::short() };
                talk = talk.releasing();
                talk.does(AS_ANA, Command::Take).does(AS_ANA, to(queue));
                match extra {
                    1 if queue != Queue::Resolved => {
                        let until = shifted(talk.now, 100 * MINUTE);
                        talk.does(AS_ANA, Command::Snooze { until });
                    }
                    2 => _ = talk.does(Actor::System, Command::SignOut { user: ANA }),
                    3 => _ = talk.passes(MINUTE).does(Actor::Customer, receive()),
                    _ => {}
                }
                let end = shifted(talk.now, i64::from(age) * MINUTE);
                if extra == 4 {
                    talk.until(shifted(end, -MINUTE.min(i64::from(age) * MINUTE))).tick();
                }
                talk.until(end);
                many.push(talk);
            }
        }
    }
    many
}

/// What applying does, found by doing it: what is due anyway comes first and is not counted.
fn applying(talk: &Talk, rules: &ChannelRules) -> Preview {
    let mut counts = Preview::default();
    let mut before = talk.clone();
    before.rules = rules.clone();
    let settled = talk.state.as_of(rules, talk.now);
    let (queue, was) = (settled.queue(talk.now), settled.deadline());
    let events = before.gives(Actor::System, Command::ApplySettings);
    let at_once = events.iter().any(|event| matches!(event.change, Change::GivenWindow { .. }));
    let resolved = before.queue() == Some(Queue::Resolved);
    let of = match queue {
        Some(Queue::New) => &mut counts.new,
        Some(Queue::Pending) => &mut counts.pending,
        _ => {
            assert!(resolved && !at_once);
            counts.resolved = 1;
            return counts;
        }
    };
    match (at_once, resolved) {
        (true, true) => of.resolved_at_once = 1,
        (true, false) => {
            assert_ne!(before.state.deadline(), was);
            of.other_deadline = 1;
        }
        (false, _) => of.unchanged = 1,
    }
    // Once more changes nothing.
    before.idle(Actor::System, Command::ApplySettings);
    counts
}

#[test]
fn settings_auto_resolve_apply_does_exactly_what_the_preview_told_by_queue() {
    let (mut at_once, mut other, mut unchanged) = (0, 0, 0);
    for (new, pending) in [
        (after(60), after(120)),
        (after(10), after(120)),
        (after(60), after(10)),
        (after(119), after(121)),
        (AutoResolve::Off, after(30)),
        (AutoResolve::Inherit, AutoResolve::Off),
    ] {
        let rules = windows(new, pending, 9);
        for talk in many() {
            let told = preview(&rules, [&talk.state], talk.now);
            assert_eq!(told, applying(&talk, &rules), "{:?}\n{talk:?}", (new, pending));
            for counts in [told.new, told.pending] {
                at_once += counts.resolved_at_once;
                other += counts.other_deadline;
                unchanged += counts.unchanged;
            }
        }
    }
    assert!(at_once > 20 && other > 100 && unchanged > 50, "{at_once} {other} {unchanged}");
}

#[test]
fn settings_auto_resolve_apply_gives_another_deadline_to_the_queue_it_was_changed_for() {
    // Given three conversations of 30 minutes' age in each queue, when New gets 20 minutes, then the preview tells,
    let talks = [Queue::New, Queue::Pending].map(|queue| {
        let mut talk = Talk::short();
        talk.does(AS_ANA, to(queue)).passes(30 * MINUTE);
        talk
    });
    let rules = windows(after(30), after(120), 4);
    let told = preview(&rules, talks.iter().map(|talk| &talk.state), talks[0].now);
    assert_eq!((told.new.resolved_at_once, told.new.other_deadline, told.new.unchanged), (1, 0, 0));
    assert_eq!((told.pending.unchanged, told.resolved), (1, 0));
    // A millisecond earlier it is another deadline only.
    let told = preview(&rules, [&talks[0].state], shifted(talks[0].now, -1));
    assert_eq!((told.new.resolved_at_once, told.new.other_deadline), (0, 1));
    // And by an account admin it is done: by them the window, by the system the close.
    let mut talk = talks[0].clone();
    talk.rules = rules;
    let events = talk.gives(Actor::Admin(ANA), Command::ApplySettings);
    assert_eq!(names(&events), ["given-window", "resolved"]);
    assert_eq!((events[0].by, events[1].by), (Actor::Admin(ANA), Actor::System));
    assert_eq!(cause(&events).0, talk.now);
}

#[test]
fn settings_auto_resolve_apply_takes_an_account_admin_or_the_host() {
    let mut talk = Talk::short();
    talk.role = Some(whatsapp_inbox::access::Role::Supervisor);
    assert_eq!(talk.refused(AS_ANA, Command::ApplySettings), Refused::AdminOnly { act: Kind::ApplySettings });
    talk.role = None;
    talk.rules = windows(AutoResolve::Off, AutoResolve::Off, 4);
    talk.does(Actor::Admin(ANA), Command::ApplySettings);
    assert_eq!(talk.state.deadline(), None);
    talk.rules = windows(after(60), AutoResolve::Off, 5);
    talk.does(Actor::System, Command::ApplySettings);
    assert_eq!(talk.deadline(), shifted(talk.now, HOUR));
}

#[test]
fn settings_auto_resolve_new_only_a_change_alone_touches_nothing() {
    let mut talk = Talk::short();
    let deadline = talk.deadline();
    talk.rules = windows(after(10), after(10), 4);
    talk.until(shifted(deadline, -1)).idle(Actor::System, Command::Tick);
    assert_eq!(talk.deadline(), deadline);
}

#[test]
fn settings_resolve_reason_in_force_at_the_close_stands_in_the_record() {
    let mut talk = Talk::short();
    talk.rules.resolve_reason = reason(&"x".repeat(255));
    let deadline = talk.deadline();
    let events = talk.until(deadline).tick();
    let json = serde_json::to_string(&events).expect("events are JSON");
    assert!(json.contains(&"x".repeat(255)));
}
