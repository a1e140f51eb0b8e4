//! Fingerprints of commands: the same for the same content, another for any other.

use std::cell::Cell;
use std::collections::BTreeMap;

use proptest::prelude::*;
use whatsapp_inbox::conversation::{Command, Label};
use whatsapp_inbox::decider::Fingerprint;
use whatsapp_inbox::testing::{Subjects, commands, subjects};

use crate::conversation_case::*;
use crate::random::runner;

#[test]
fn core_idempotent_a_fingerprint_differs_where_the_json_differs_and_only_there() {
    let (equal, different) = (Cell::new(0u32), Cell::new(0u32));
    let law = |(one, other): (Vec<_>, Vec<_>)| {
        for a in &one {
            for b in &other {
                let same = serde_json::to_string(a).unwrap() == serde_json::to_string(b).unwrap();
                prop_assert_eq!(Fingerprint::of(a) == Fingerprint::of(b), same, "{:?} {:?}", a, b);
                let count = if same { &equal } else { &different };
                count.set(count.get() + 1);
            }
        }
        Ok(())
    };
    let drawn = subjects().prop_flat_map(|subjects: Subjects| {
        let some = move || prop::collection::vec(commands(&subjects.clone()), 1..20);
        (some(), some())
    });
    runner(250).run(&drawn, law).unwrap();
    assert!(equal.get() > 500 && different.get() > 5000, "{equal:?} {different:?}");
}

#[test]
fn core_idempotent_a_fingerprint_does_not_run_two_values_into_one() {
    let tags = |add: &[&str], remove: &[&str]| tags(add, remove);
    let all: Vec<Command> = vec![
        tags(&["ab"], &[]),
        tags(&["a", "b"], &[]),
        tags(&["a"], &["b"]),
        tags(&[], &["a", "b"]),
        topics(&["ab"], &[]),
        tags(&["b", "a"], &[]),
        tags(&["a", "b", "a"], &[]),
        tags(&["abcdefgh"], &[]),
        tags(&["abcdefg", "h"], &[]),
        Command::AddNote(note(1)),
        Command::RemoveNote(note(1)),
        Command::AddNote(note(256)),
    ];
    let mut seen = BTreeMap::new();
    for command in all {
        let before = seen.insert(Fingerprint::of(&command), format!("{command:?}"));
        assert_eq!(before, None, "{command:?}");
    }
}

#[test]
fn core_idempotent_a_fingerprint_is_written_read_and_stays_what_it_is() {
    let command = Command::EditTags { add: vec![Label::new("refund").unwrap()], remove: Vec::new() };
    let fingerprint = Fingerprint::of(&command);
    // Storages hold it, so it may never become another one.
    assert_eq!(fingerprint.to_string(), "383f0ecc09d40fca1a038878ae5394c0");
    let json = serde_json::to_string(&fingerprint).unwrap();
    assert_eq!(serde_json::from_str::<Fingerprint>(&json).unwrap(), fingerprint);
    assert_eq!(Fingerprint::from_u128(fingerprint.as_u128()), fingerprint);
    // Text that is displayed counts as the text it is.
    assert_eq!(Fingerprint::of(&note(1)), Fingerprint::of(&note(1).to_string()));
}
