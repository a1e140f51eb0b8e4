//! Who owns a conversation, who may reply in it, and what people add to it.

use whatsapp_inbox::access::Role;
use whatsapp_inbox::conversation::*;
use whatsapp_inbox::decider::{Actor, ChannelStatus, Class, OwnerAccess, Refusal};
use whatsapp_inbox::id::{ChannelId, UserId};
use whatsapp_inbox::rule::Explain;
use whatsapp_inbox::settings::ReplyPolicy;
use whatsapp_inbox::uuid::Uuid;

use crate::conversation_case::*;

/// How the last of these events made an owner.
fn how(events: &[Event]) -> Option<(UserId, Assignment)> {
    match events.last()?.change {
        Change::Assigned { owner, how } => Some((owner, how)),
        _ => None,
    }
}

#[test]
fn conversation_auto_assign_makes_the_first_who_replies_the_owner() {
    // Given nobody owns it, when somebody replies, then they do, in New and from Resolved too.
    for queue in Queue::ALL {
        let mut talk = Talk::new();
        talk.does(AS_BEN, to(queue));
        assert_eq!(how(&talk.gives(AS_ANA, free_text())), Some((ANA, Assignment::FirstReply)));
        assert_eq!(talk.owner(), Some(ANA));
        // And stays it, whoever replies.
        talk.does(AS_BEN, free_text()).does(Actor::BrandPhone, free_text());
        assert_eq!(talk.owner(), Some(ANA));
    }
    // The brand's phone is nobody, so nobody owns it then.
    let mut talk = Talk::new();
    talk.does(Actor::BrandPhone, free_text());
    assert_eq!(talk.owner(), None);
}

#[test]
fn conversation_manual_assign_with_auto_assignment_off_owners_are_set_by_hand() {
    let mut talk = Talk::new().without_auto_assignment();
    talk.does(AS_ANA, free_text());
    assert_eq!(talk.owner(), None);
    assert_eq!(how(&talk.gives(AS_ANA, Command::Take)), Some((ANA, Assignment::Taken)));
    talk.idle(AS_ANA, Command::Take).idle(AS_BEN, assign(ANA));
    assert_eq!(how(&talk.gives(AS_ANA, assign(BEN))), Some((BEN, Assignment::ByHand)));
    talk.does(AS_ANA, Command::Unassign).idle(AS_ANA, Command::Unassign);
    assert_eq!(talk.owner(), None);
}

#[test]
fn conversation_manual_assign_takes_somebody_who_may_reply_in_this_channel() {
    let mut talk = Talk::new();
    let elsewhere = ChannelId::new(ORGANISATION, Uuid::from_u128(201));
    let refused = talk.refused(AS_ANA, Command::Assign { to: assignee_in(elsewhere, BEN) });
    assert_eq!((refused, refused.class()), (Refused::OtherChannel, Class::Input));
    // A viewer neither takes nor assigns; what is resolved has no owner to be.
    talk.role = Some(Role::Viewer);
    for command in [Command::Take, assign(BEN), Command::Unassign] {
        assert_eq!(talk.refused(AS_ANA, command).code(), "role-too-low");
    }
    talk.role = Some(Role::Contributor);
    talk.does(AS_ANA, to(Queue::Resolved));
    assert_eq!(talk.refused(AS_ANA, Command::Take), Refused::Resolved { act: Kind::Take });
    assert_eq!(talk.refused(AS_ANA, assign(BEN)), Refused::Resolved { act: Kind::Assign });
}

#[test]
fn conversation_resolve_unassigns_whatever_resolves_it() {
    for queue in [Queue::New, Queue::Pending] {
        for (actor, command) in [
            (AS_BEN, Some(to(Queue::Resolved))),
            (Actor::System, Some(close())),
            (Actor::System, Some(Command::Tick)),
            (Actor::System, None),
        ] {
            let mut talk = Talk::short();
            talk.does(AS_ANA, Command::Take).does(AS_ANA, to(queue));
            let deadline = talk.deadline();
            if matches!(command, None | Some(Command::Tick)) {
                talk.until(deadline);
            }
            if let Some(command) = command {
                talk.does(actor, command);
            }
            assert_eq!((talk.queue(), talk.owner()), (Some(Queue::Resolved), None));
            // Nor has it one when it is opened again.
            talk.does(AS_BEN, to(Queue::New));
            assert_eq!((talk.queue(), talk.owner()), (Some(Queue::New), None));
        }
    }
}

#[test]
fn conversation_access_lost_takes_the_owner_away_and_nobody_else() {
    for queue in [Queue::New, Queue::Pending] {
        let mut talk = Talk::new();
        talk.does(AS_ANA, Command::Take).does(AS_ANA, to(queue));
        talk.idle(Actor::System, Command::LoseAccess { user: BEN });
        let events = talk.gives(Actor::System, Command::LoseAccess { user: ANA });
        assert_eq!(events[0].change, Change::Unassigned { owner: ANA, why: Release::AccessLost });
        assert_eq!((talk.owner(), talk.queue()), (None, Some(queue)));
        talk.idle(Actor::System, Command::LoseAccess { user: ANA });
        assert_eq!(talk.refused(AS_BEN, Command::LoseAccess { user: ANA }).code(), "wrong-actor");
    }
}

#[test]
fn access_revoke_impact_an_owner_who_may_not_reply_counts_as_none() {
    // Given a channel where only the owner replies, and an owner who still may, then nobody else does.
    let mut talk = Talk::new().replies(ReplyPolicy::Owner);
    talk.does(AS_ANA, free_text());
    assert_eq!(talk.refused(AS_BEN, free_text()).code(), "not-the-owner");
    // When they may not any more, then anybody may, and the first who does becomes the owner.
    talk.owner_access = OwnerAccess::Lost;
    assert!(talk.allows(AS_BEN, Kind::Reply));
    let late = talk.clone();
    talk.does(AS_BEN, free_text());
    assert_eq!(talk.owner(), Some(BEN));
    // With auto-assignment off, nobody is made the owner.
    let mut talk = late.without_auto_assignment();
    talk.does(AS_BEN, free_text());
    assert_ne!(talk.owner(), Some(BEN));
}

#[test]
fn conversation_sign_out_takes_a_new_conversation_away_after_two_minutes() {
    let mut talk = Talk::new().releasing();
    talk.does(AS_ANA, Command::Take).idle(Actor::System, Command::SignOut { user: BEN });
    talk.does(Actor::System, Command::SignOut { user: ANA }).idle(Actor::System, Command::SignOut { user: ANA });
    let out = talk.now;
    // Given a millisecond less than two minutes, then nothing happens; signing in again keeps it for good.
    talk.until(shifted(out, 2 * MINUTE - 1)).idle(Actor::System, Command::Tick);
    assert_eq!(talk.owner(), Some(ANA));
    let mut back = talk.clone();
    back.does(Actor::System, Command::SignIn { user: ANA }).idle(Actor::System, Command::SignIn { user: ANA });
    back.passes(HOUR).idle(Actor::System, Command::Tick);
    assert_eq!(back.owner(), Some(ANA));
    // Given two minutes, then nobody owns it, whether or not anybody called.
    talk.until(shifted(out, 2 * MINUTE));
    assert_eq!(talk.owner(), None);
    // Who signs in then is too late.
    let events = talk.gives(Actor::System, Command::SignIn { user: ANA });
    assert_eq!(events.len(), 1);
    assert_eq!(events[0].change, Change::Unassigned { owner: ANA, why: Release::SignedOut });
    assert_eq!((events[0].by, talk.owner()), (Actor::System, None));
}

#[test]
fn conversation_sign_out_counts_only_where_the_organisation_says_so() {
    let mut talk = Talk::new();
    talk.does(AS_ANA, Command::Take).idle(Actor::System, Command::SignOut { user: ANA });
    talk.passes(HOUR).idle(Actor::System, Command::Tick);
    assert_eq!(talk.owner(), Some(ANA));
}

#[test]
fn conversation_sign_out_a_pending_one_keeps_its_owner_until_the_customer_writes() {
    let mut talk = Talk::new().releasing();
    talk.does(AS_ANA, free_text()).does(Actor::System, Command::SignOut { user: ANA });
    talk.passes(HOUR).idle(Actor::System, Command::Tick);
    assert_eq!(talk.owner(), Some(ANA));
    let mut back = talk.clone();
    // When the customer writes and finds the owner signed out, then nobody owns it.
    talk.does(Actor::Customer, receive());
    assert_eq!((talk.queue(), talk.owner()), (Some(Queue::New), None));
    // When the owner is back before, then they keep it.
    back.does(Actor::System, Command::SignIn { user: ANA }).does(Actor::Customer, receive());
    assert_eq!((back.queue(), back.owner()), (Some(Queue::New), Some(ANA)));
}

#[test]
fn conversation_sign_out_takes_away_what_woke_into_new() {
    // Given a Pending conversation that sleeps, and an owner who signed out, when it wakes, then they lose it then, whether
    // or not anybody called.
    let mut talk = Talk::new().releasing();
    talk.does(AS_ANA, free_text());
    let until = shifted(talk.now, HOUR);
    talk.does(AS_ANA, Command::Snooze { until }).does(Actor::System, Command::SignOut { user: ANA });
    talk.until(shifted(until, -1)).idle(Actor::System, Command::Tick);
    assert_eq!(talk.owner(), Some(ANA));
    talk.until(until);
    assert_eq!((talk.queue(), talk.owner()), (Some(Queue::New), None));
    talk.tick();
    assert_eq!((talk.queue(), talk.owner()), (Some(Queue::New), None));
}

#[test]
fn conversation_sign_out_shortly_before_it_wakes_still_leaves_two_minutes() {
    let mut talk = Talk::new().releasing();
    talk.does(AS_ANA, free_text());
    let until = shifted(talk.now, HOUR);
    talk.does(AS_ANA, Command::Snooze { until }).until(shifted(until, -MINUTE));
    talk.does(Actor::System, Command::SignOut { user: ANA });
    // Nobody calls: it has woken, and the two minutes are over a minute later.
    for (now, owner) in [(until, Some(ANA)), (shifted(until, MINUTE - 1), Some(ANA)), (shifted(until, MINUTE), None)] {
        assert_eq!((talk.until(now).queue(), talk.owner()), (Some(Queue::New), owner));
    }
}

#[test]
fn conversation_sign_out_is_not_hidden_by_a_warning_that_is_due() {
    // Given a warning that became due before the two minutes were over, and nobody called,
    let mut talk = Talk::warned(30, whatsapp_inbox::settings::ClosingWarning::WhenOpen).releasing();
    talk.does(AS_ANA, Command::Take).passes(29 * MINUTE).does(Actor::System, Command::SignOut { user: ANA });
    talk.passes(3 * MINUTE);
    assert_eq!(talk.owner(), None);
    // When somebody else replies, then they are the first who does.
    talk.does(AS_BEN, free_text());
    assert_eq!(talk.owner(), Some(BEN));
}

#[test]
fn conversation_reply_policy_says_who_replies_beside_the_owner() {
    let (contributor, supervisor) = (Role::Contributor, Role::Supervisor);
    for (policy, role, ben_may) in [
        (ReplyPolicy::Anyone, contributor, true),
        (ReplyPolicy::Anyone, supervisor, true),
        (ReplyPolicy::Owner, contributor, false),
        (ReplyPolicy::Owner, supervisor, false),
        (ReplyPolicy::OwnerAndSupervisors, contributor, false),
        (ReplyPolicy::OwnerAndSupervisors, supervisor, true),
    ] {
        // Given nobody owns it, then anyone with the role replies.
        let mut talk = Talk::new().replies(policy);
        talk.role = Some(role);
        assert!(talk.allows(AS_BEN, Kind::Reply) && talk.allows(AS_ANA, Kind::Reply));
        // Given an owner, then the owner always does, and others as the policy says, also by template.
        talk.does(AS_ANA, free_text()).does(AS_ANA, free_text());
        for command in [free_text(), template()] {
            let answer = talk.asks(AS_BEN, command);
            assert_eq!(answer.is_ok(), ben_may, "{policy} {role}");
            if let Err(refused) = answer {
                assert_eq!(refused, Refused::NotTheOwner { policy, owner: ANA });
                assert_eq!(refused.class(), Class::Situation);
            }
        }
        // Given it is resolved, then anyone again.
        talk.does(AS_ANA, to(Queue::Resolved));
        assert!(talk.allows(AS_BEN, Kind::Reply));
    }
}

#[test]
fn channel_close_nothing_can_be_sent_and_open_conversations_are_resolved_with_the_reason() {
    let mut talk = Talk::new();
    talk.does(AS_ANA, free_text());
    talk.rules.status = ChannelStatus::Closed;
    for command in [free_text(), template()] {
        assert_eq!(talk.refused(AS_ANA, command), Refused::ChannelClosed);
    }
    let (at, why) = cause(&talk.gives(Actor::System, close()));
    assert_eq!((at, why), (talk.now, ResolveCause::ChannelClosed { reason: reason("the channel closed") }));
    assert_eq!(talk.owner(), None);
    // Once. What was resolved before keeps its cause.
    talk.idle(Actor::System, close());
    let mut earlier = Talk::new();
    earlier.does(AS_ANA, to(Queue::Resolved)).idle(Actor::System, close());
    // A customer's message is recorded all the same.
    talk.does(Actor::Customer, receive());
    assert_eq!(talk.queue(), Some(Queue::New));
}

#[test]
fn channel_close_no_warning_is_sent_in_a_closed_channel() {
    // Given a channel that closed while a warning became due, when time calls before the conversation has followed, then
    // nothing is sent.
    let mut talk = Talk::warned(30, whatsapp_inbox::settings::ClosingWarning::Always);
    talk.rules.status = ChannelStatus::Closed;
    talk.passes(30 * MINUTE);
    assert_eq!(names(&talk.tick()), ["warning-skipped"]);
}

#[test]
fn conversation_tags_and_topics_are_sets_of_at_most_50() {
    for edit in [tags as fn(&[&str], &[&str]) -> Command, topics] {
        let mut talk = Talk::new();
        let all: Vec<String> = (0..51).map(|number| format!("label {number}")).collect();
        let all: Vec<&str> = all.iter().map(String::as_str).collect();
        talk.does(AS_ANA, edit(&all[..50], &[]));
        // Adding what is there, or removing what is not, changes nothing; a 51st is refused.
        talk.idle(AS_ANA, edit(&all[..50], &[])).idle(AS_ANA, edit(&[], &["another"]));
        talk.idle(AS_ANA, edit(&[" label 1 ", "label 1"], &[])).idle(AS_ANA, edit(&["x"], &["x"]));
        let refused = talk.refused(AS_ANA, edit(&all[50..], &[]));
        assert_eq!((refused.code(), refused.class()), ("too-many-labels", Class::Input));
        assert!(matches!(refused, Refused::TooManyLabels { count: 51, .. }));
        // One out and one in is fine.
        talk.does(AS_ANA, edit(&all[50..], &all[..1]));
        let kinds = [LabelKind::Tag, LabelKind::Topic].map(|kind| talk.state.labels(kind).count());
        assert_eq!(kinds.iter().sum::<usize>(), 50);
        // What is resolved is edited too, and a viewer may.
        talk.role = Some(Role::Viewer);
        talk.does(AS_ANA, to(Queue::Resolved)).does(AS_ANA, edit(&[], &all[1..]));
        assert_eq!(talk.state.labels(LabelKind::Tag).count() + talk.state.labels(LabelKind::Topic).count(), 0);
    }
}

#[test]
fn conversation_tags_have_1_to_100_characters_in_one_line() {
    for (text, code) in [
        ("", Some("label-length")),
        ("  ", Some("label-length")),
        ("ü", None),
        (&"ü".repeat(100), None),
        (&format!(" {} ", "ü".repeat(100)), None),
        (&"ü".repeat(101), Some("label-length")),
        ("a\nb", Some("label-character")),
        ("a\u{202e}b", Some("label-character")),
    ] {
        let error = Label::new(text).err();
        assert_eq!(error.map(|error| error.code()), code, "{text:?}");
        assert_eq!(serde_json::from_value::<Label>(text.into()).is_err(), code.is_some());
    }
    assert!(Label::new("").unwrap_err().limit().is_some_and(|limit| (limit.min, limit.max) == (1, 100)));
}

#[test]
fn conversation_tags_a_note_is_known_by_its_id_and_there_are_1000() {
    let mut talk = Talk::new();
    for number in 0..1000 {
        let events = talk.asks(AS_ANA, Command::AddNote(note(number))).expect("fewer than 1000");
        talk.state = whatsapp_inbox::decider::Decider::evolve(talk.state.clone(), &events[0]);
        talk.events.extend(events);
    }
    assert_eq!(talk.state.notes().count(), 1000);
    assert_eq!(talk.refused(AS_ANA, Command::AddNote(note(1000))), Refused::TooManyNotes);
    talk.idle(AS_ANA, Command::AddNote(note(7))).idle(AS_ANA, Command::RemoveNote(note(1000)));
    talk.does(AS_ANA, Command::RemoveNote(note(7))).does(AS_ANA, Command::AddNote(note(1000)));
    assert_eq!(talk.state.notes().count(), 1000);
}
