//! Where a conversation is, and until when: queues, messages, deadlines, snoozes.

use whatsapp_inbox::conversation::*;
use whatsapp_inbox::decider::{Actor, Class, Decider, Refusal, Version};
use whatsapp_inbox::rule::Explain;
use whatsapp_inbox::settings::{AutoResolve, Source, Window};

use crate::conversation_case::*;

#[test]
fn conversation_queues_it_is_in_exactly_one() {
    // Given what has not begun, then it is in none, and only beginning it, or time, finds something to do.
    let mut talk = Talk::unbegun();
    assert_eq!(talk.queue(), None);
    assert_eq!(talk.refused(Actor::Customer, receive()), Refused::NotBegun);
    talk.idle(Actor::System, Command::Tick);
    // When it begins, it is in New, and cannot begin again.
    talk.does(Actor::Customer, begin());
    assert_eq!((talk.queue(), talk.state.id()), (Some(Queue::New), Some(CONVERSATION)));
    assert_eq!(talk.state.channel(), Some(CHANNEL));
    assert_eq!(talk.refused(Actor::Customer, begin()), Refused::AlreadyBegun);
    // When somebody moves it, it is where they moved it, and moving it there again changes nothing.
    for queue in [Queue::Pending, Queue::New, Queue::Resolved, Queue::Pending, Queue::Resolved, Queue::New] {
        talk.does(AS_ANA, to(queue)).idle(AS_ANA, to(queue));
        assert_eq!(talk.queue(), Some(queue));
    }
}

#[test]
fn conversation_queues_of_another_organisation_are_not_found() {
    let mut talk = Talk::new();
    let foreign = Actor::Admin(whatsapp_inbox::id::UserId::new(OTHER_ORGANISATION, ANA.uuid()));
    assert_eq!(talk.refused(foreign, to(Queue::Pending)), Refused::NotFound);
    talk.role = None;
    assert_eq!(talk.refused(AS_ANA, to(Queue::Pending)), Refused::NotFound);
    assert_eq!(talk.refused(META, to(Queue::Pending)), Refused::WrongActor { act: Kind::MoveToPending });
}

#[test]
fn conversation_inbound_puts_it_into_new_from_every_queue() {
    // From New it stays, with its owner.
    let mut talk = Talk::new();
    talk.does(AS_ANA, Command::Take).does(Actor::Customer, receive());
    assert_eq!((talk.queue(), talk.owner()), (Some(Queue::New), Some(ANA)));
    // From Pending its owner is kept.
    talk.does(AS_ANA, free_text());
    assert_eq!((talk.queue(), talk.owner()), (Some(Queue::Pending), Some(ANA)));
    talk.does(Actor::Customer, receive());
    assert_eq!((talk.queue(), talk.owner()), (Some(Queue::New), Some(ANA)));
    // From Resolved there is none.
    talk.does(AS_ANA, to(Queue::Resolved)).does(Actor::Customer, receive());
    assert_eq!((talk.queue(), talk.owner()), (Some(Queue::New), None));
}

#[test]
fn conversation_inbound_wakes_it_from_a_snooze() {
    for queue in [Queue::New, Queue::Pending] {
        let mut talk = Talk::short();
        talk.does(AS_ANA, Command::Take).does(AS_ANA, to(queue));
        talk.does(AS_ANA, Command::Snooze { until: shifted(talk.now, DAY) }).passes(HOUR);
        talk.does(Actor::Customer, receive());
        assert_eq!((talk.queue(), talk.owner()), (Some(Queue::New), Some(ANA)));
        assert_eq!(talk.state.snoozed_until(talk.now), None);
        assert_eq!(talk.deadline(), shifted(talk.now, HOUR), "a fresh window");
    }
}

#[test]
fn conversation_inbound_a_time_to_come_counts_as_now() {
    let mut talk = Talk::short();
    let (early, late) = (shifted(talk.now, -HOUR), shifted(talk.now, HOUR));
    talk.does(Actor::Customer, Command::Receive { message: message(2), sent_at: Some(late) });
    assert_eq!(talk.state.last_customer_message(), Some(talk.now));
    // One that was sent before the last moves nothing back.
    talk.does(Actor::Customer, Command::Receive { message: message(3), sent_at: Some(early) });
    assert_eq!(talk.state.last_customer_message(), Some(talk.now));
    assert_eq!(talk.state.last_message(), Some(talk.now));
}

#[test]
fn conversation_reply_puts_it_into_pending_from_every_queue() {
    for queue in Queue::ALL {
        for actor in [AS_ANA, Actor::BrandPhone] {
            let mut talk = Talk::new();
            talk.does(AS_BEN, to(queue)).does(actor, free_text());
            assert_eq!(talk.queue(), Some(Queue::Pending), "from {queue} by {actor}");
            assert_eq!(talk.state.last_message(), Some(talk.now));
        }
    }
    // A viewer may not reply.
    let mut talk = Talk::new();
    talk.role = Some(whatsapp_inbox::access::Role::Viewer);
    assert_eq!(talk.refused(AS_ANA, free_text()).code(), "role-too-low");
}

#[test]
fn conversation_reply_from_the_brands_phone_has_been_sent_whatever_was_allowed() {
    // Given a shut window, a closed channel and a policy that lets only the owner reply,
    let mut talk = Talk::new().replies(whatsapp_inbox::settings::ReplyPolicy::Owner);
    talk.does(AS_ANA, Command::Take).passes(DAY);
    talk.rules.status = whatsapp_inbox::decider::ChannelStatus::Closed;
    // When somebody answers on the phone, then it is in Pending and the owner stays.
    talk.does(Actor::BrandPhone, free_text());
    assert_eq!((talk.queue(), talk.owner()), (Some(Queue::Pending), Some(ANA)));
    // The phone does nothing else.
    for command in [begin(), Command::Take, to(Queue::New), tags(&["a"], &[])] {
        assert_eq!(talk.refused(Actor::BrandPhone, command).code(), "wrong-actor");
    }
}

#[test]
fn conversation_deadline_is_the_window_in_force_at_the_entry_with_its_source_and_version() {
    let mut talk = Talk::short();
    let given = talk.state.given().expect("given");
    assert_eq!(
        (given.window, given.source, given.version),
        (Window::minutes(60).ok(), Source::Channel, Version::new(3))
    );
    assert_eq!(talk.deadline(), shifted(talk.now, HOUR));
    // When the settings change, what stands keeps its window; a message moves the deadline by it.
    talk.rules = windows(after(10), AutoResolve::Inherit, 4);
    talk.passes(MINUTE).does(Actor::Customer, receive());
    assert_eq!((talk.state.given(), talk.deadline()), (Some(given), shifted(talk.now, HOUR)));
    // What enters a queue is given the new one.
    talk.does(AS_ANA, free_text());
    let given = talk.state.given().expect("given");
    assert_eq!((given.window, given.source, given.version), (Some(Window::BUILT_IN), Source::BuiltIn, Version::new(4)));
    assert_eq!(talk.deadline(), shifted(talk.now, 30 * DAY));
}

#[test]
fn conversation_deadline_is_moved_by_messages_and_by_nothing_else_in_the_queue() {
    let mut talk = Talk::short();
    let deadline = talk.deadline();
    talk.passes(10 * MINUTE);
    let (ana, none) = (AS_ANA, Actor::System);
    talk.does(ana, tags(&["a"], &[])).does(ana, topics(&["b"], &[])).does(ana, Command::AddNote(note(1)));
    talk.does(ana, Command::RemoveNote(note(1))).does(ana, Command::Take).does(ana, assign(BEN));
    talk.does(ana, Command::Unassign)
        .idle(ana, to(Queue::New))
        .idle(none, Command::Tick)
        .idle(none, Command::ApplySettings);
    assert_eq!(talk.deadline(), deadline);
    talk.does(Actor::Customer, receive());
    assert_eq!(talk.deadline(), shifted(deadline, 10 * MINUTE));
    // In Pending a reply moves it, also one from the phone; a move to Pending does not.
    talk.does(ana, free_text()).passes(MINUTE).idle(ana, to(Queue::Pending));
    assert_eq!(talk.deadline(), shifted(talk.now, 119 * MINUTE));
    for actor in [ana, Actor::BrandPhone] {
        talk.passes(MINUTE).does(actor, template());
        assert_eq!(talk.deadline(), shifted(talk.now, 120 * MINUTE));
    }
}

#[test]
fn conversation_deadline_counts_from_the_later_of_entry_and_last_message() {
    // Given a last message an hour ago, when it enters a queue, then the entry counts.
    let mut talk = Talk::short();
    talk.passes(30 * MINUTE).does(AS_ANA, to(Queue::Pending));
    assert_eq!(talk.deadline(), shifted(talk.now, 120 * MINUTE));
    // Given a clock that went back, when it enters, then the message counts, and no deadline lies before the entry.
    let last = talk.state.last_message().expect("written");
    talk.until(shifted(last, -HOUR)).does(AS_ANA, to(Queue::New));
    assert_eq!(talk.deadline(), shifted(last, HOUR));
}

#[test]
fn conversation_deadline_without_a_window_there_is_none() {
    let mut talk = Talk::with(windows(AutoResolve::Off, after(10), 1));
    assert_eq!((talk.state.deadline(), talk.state.next_deadline()), (None, None));
    talk.until(at("9999-12-31T23:59:59.999Z")).idle(Actor::System, Command::Tick);
    assert_eq!(talk.queue(), Some(Queue::New));
    // Resolved, there is none either.
    let mut talk = Talk::short();
    talk.does(AS_ANA, to(Queue::Resolved));
    assert_eq!((talk.state.deadline(), talk.state.given()), (None, None));
}

#[test]
fn conversation_snooze_is_15_minutes_to_90_days() {
    let talk = Talk::new();
    let snooze = |millis| Command::Snooze { until: shifted(talk.now, millis) };
    for (millis, accepted) in [
        (15 * MINUTE - 1, false),
        (15 * MINUTE, true),
        (90 * DAY, true),
        (90 * DAY + 1, false),
        (-DAY, false),
        (0, false),
    ] {
        let mut talk = talk.clone();
        match talk.tries(AS_ANA, snooze(millis)) {
            Ok(_) => assert!(accepted, "{millis} ms"),
            Err(refused) => {
                assert!(!accepted, "{millis} ms");
                assert_eq!((refused.code(), refused.class()), ("snooze-length", Class::Input));
                let limit = refused.limit().expect("a limit");
                assert_eq!((limit.min, limit.max, limit.unit), (15, 129_600, "minutes"));
            }
        }
    }
    // What is resolved cannot be snoozed, and what is not snoozed cannot be woken.
    let mut talk = talk;
    assert_eq!(talk.refused(AS_ANA, Command::Wake), Refused::NotSnoozed);
    talk.does(AS_ANA, to(Queue::Resolved));
    let until = shifted(talk.now, HOUR);
    assert_eq!(talk.refused(AS_ANA, Command::Snooze { until }), Refused::Resolved { act: Kind::Snooze });
}

#[test]
fn conversation_snooze_is_not_auto_resolved_and_wakes_into_new_with_its_owner_and_a_fresh_window() {
    for queue in [Queue::New, Queue::Pending] {
        // Given a snooze beyond the deadline,
        let mut talk = Talk::short();
        talk.does(AS_ANA, Command::Take).does(AS_ANA, to(queue));
        let end = shifted(talk.now, DAY);
        talk.does(AS_ANA, Command::Snooze { until: end }).idle(AS_ANA, Command::Snooze { until: end });
        assert_eq!(talk.state.deadline(), None);
        assert_eq!(talk.state.next_deadline(), Some(end));
        // Then a millisecond before its end it sleeps,
        talk.until(shifted(end, -1)).idle(Actor::System, Command::Tick);
        assert_eq!((talk.queue(), talk.state.snoozed_until(talk.now)), (Some(queue), Some(end)));
        // And at it, it is in New, whether or not anybody called.
        talk.until(end);
        assert_eq!((talk.queue(), talk.state.snoozed_until(talk.now)), (Some(Queue::New), None));
        assert_eq!(talk.refused(AS_ANA, Command::Wake), Refused::NotSnoozed);
        assert_eq!(names(&talk.tick()), ["moved"]);
        assert_eq!((talk.queue(), talk.owner()), (Some(Queue::New), Some(ANA)));
        assert_eq!(talk.deadline(), shifted(end, HOUR));
        talk.idle(Actor::System, Command::Tick);
    }
}

#[test]
fn conversation_snooze_ends_by_hand_by_a_reply_and_by_a_move() {
    let mut talk = Talk::short();
    talk.does(AS_ANA, to(Queue::Pending));
    let until = shifted(talk.now, DAY);
    talk.does(AS_ANA, Command::Snooze { until }).passes(HOUR);
    let sleeping = talk;
    for (command, queue, minutes) in [
        (Command::Wake, Queue::New, 60),
        (free_text(), Queue::Pending, 120),
        (to(Queue::Pending), Queue::Pending, 120),
        (to(Queue::New), Queue::New, 60),
    ] {
        let mut talk = sleeping.clone();
        talk.does(AS_ANA, command);
        assert_eq!((talk.queue(), talk.deadline()), (Some(queue), shifted(talk.now, minutes * MINUTE)));
        assert_eq!(talk.state.snoozed_until(talk.now), None);
    }
}

#[test]
fn conversation_snooze_what_wakes_late_has_lived_its_fresh_window_too() {
    // Given a snooze whose end, and the fresh window after it, are long over, when time calls at last,
    let mut talk = Talk::short();
    let end = shifted(talk.now, 15 * MINUTE);
    talk.does(AS_ANA, Command::Take).does(AS_ANA, Command::Snooze { until: end }).until(shifted(end, HOUR));
    let late = talk.clone();
    // Then it has woken, and was resolved an hour later.
    let events = talk.tick();
    assert_eq!(names(&events), ["moved", "resolved"]);
    assert_eq!(cause(&events).0, shifted(end, HOUR));
    // And whoever would take it before time calls is told so.
    let mut talk = late;
    assert_eq!(talk.refused(AS_BEN, Command::Take), Refused::Resolved { act: Kind::Take });
    assert!(!talk.allows(AS_BEN, Kind::Take));
}
