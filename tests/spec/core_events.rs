//! Events as a storage keeps them: what is written today, and what was once written.
//!
//! `tests/golden/events` has a line for every kind of event, and is written anew like every golden file. `released-0.1` in it
//! is what that version wrote: nothing writes it anew, and a line of it that is no longer read is a broken promise.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Debug;
use std::fs;
use std::path::Path;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use whatsapp_inbox::channel::Channel;
use whatsapp_inbox::conversation::Conversation;
use whatsapp_inbox::decider::{Actor, Decider, Version};
use whatsapp_inbox::id::CommandId;
use whatsapp_inbox::onboarding::Onboarding;
use whatsapp_inbox::port::{EventId, Metadata};
use whatsapp_inbox::template::Template;
use whatsapp_inbox::time::Instant;
use whatsapp_inbox::uuid::Uuid;

use crate::case::{CHANNEL, ID};
use crate::conversation_case::CONVERSATION;
use crate::event_stories;
use crate::golden::golden;
use crate::template_case::TEMPLATE;

/// An event with what is kept beside it.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
#[serde(bound = "")]
struct Record<A: Decider> {
    id: EventId<A::Id>,
    name: String,
    metadata: Metadata,
    event: A::Event,
}

/// The kinds of event as their source has them: the tag of each with its optional fields.
type Kinds = BTreeMap<String, Vec<String>>;

#[test]
fn core_replay_reads_every_event_of_an_onboarding() {
    let kinds = kinds(include_str!("../../src/onboarding/event.rs"));
    let lines = written::<Onboarding>(ID, &event_stories::onboarding(), |event| (event.at, event.by), &kinds);
    // What Meta can tell is an event's content, and every kind of it is there.
    let facts: BTreeSet<String> =
        lines.iter().filter_map(|line| tag(line.pointer("/event/change/observed/fact")?)).collect();
    assert_eq!(facts, declared(include_str!("../../src/onboarding/fact.rs"), "Fact").into_keys().collect());
}

#[test]
fn core_replay_reads_every_event_of_a_channel() {
    let kinds = kinds(include_str!("../../src/channel/event.rs"));
    written::<Channel>(CHANNEL, &event_stories::channel(), |event| (event.at, event.by), &kinds);
}

#[test]
fn core_replay_reads_every_event_of_a_conversation() {
    let kinds = kinds(include_str!("../../src/conversation/event.rs"));
    written::<Conversation>(CONVERSATION, &event_stories::conversation(), |event| (event.at, event.by), &kinds);
}

#[test]
fn core_replay_reads_every_event_of_a_template() {
    let kinds = kinds(include_str!("../../src/template/event.rs"));
    written::<Template>(TEMPLATE, &event_stories::template(), |event| (event.at, event.by), &kinds);
}

#[test]
fn core_replay_reads_what_version_0_1_wrote() {
    assert_eq!(
        [
            released::<Onboarding>("0.1"),
            released::<Channel>("0.1"),
            released::<Conversation>("0.1"),
            released::<Template>("0.1")
        ],
        [ONBOARDING_0_1, CHANNEL_0_1, CONVERSATION_0_1, TEMPLATE_0_1],
        "a line was lost"
    );
}

/// So many events of version 0.1 are kept.
const ONBOARDING_0_1: usize = 70;
const CHANNEL_0_1: usize = 13;
const TEMPLATE_0_1: usize = 23;
const CONVERSATION_0_1: usize = 42;

/// Holds the golden file to the story, and every line of it to what is asked of a record.
fn written<A: Decider>(
    id: A::Id,
    events: &[A::Event],
    told: impl Fn(&A::Event) -> (Instant, Actor),
    kinds: &Kinds,
) -> Vec<Value> {
    // Given the events of a story, one of each shape, as a storage keeps them,
    let records = records::<A>(id, events, told);
    let text: String = records.iter().map(|record| json(record) + "\n").collect();
    // then they are what is committed,
    golden(&format!("events/{}.jsonl", A::NAME), &text);
    // each line reads back to the same event, whose name is its tag,
    let committed = lines(&format!("{}.jsonl", A::NAME));
    assert_eq!(committed.len(), records.len());
    let values: Vec<Value> = committed.iter().map(|line| serde_json::from_str(line).expect(line)).collect();
    for ((line, value), record) in committed.iter().zip(&values).zip(&records) {
        assert_eq!(&read::<A>(line), record);
        assert_eq!(tag(&value["event"]["change"]).as_deref(), Some(A::event_name(&record.event)));
        // as is that of each of its effects.
        for effect in A::effects(&record.event) {
            let written = serde_json::to_value(&effect).expect("JSON");
            assert_eq!(tag(&written).as_deref(), Some(A::effect_name(&effect)));
        }
    }
    // and every kind is there, with each of its optional fields and without.
    let mut seen = Kinds::new();
    for value in &values {
        let change = &value["event"]["change"];
        let name = tag(change).expect("a name");
        let fields = kinds.get(&name).unwrap_or_else(|| panic!("{name} is not in the source"));
        let there = |field: &String| change[&name].get(field).is_some();
        let shown = fields.iter().map(|field| format!("{field}: {}", there(field)));
        seen.entry(name.clone()).or_default().extend(shown);
    }
    assert_eq!(seen.keys().collect::<Vec<_>>(), kinds.keys().collect::<Vec<_>>());
    for (name, fields) in kinds {
        for wanted in fields.iter().flat_map(|field| [format!("{field}: true"), format!("{field}: false")]) {
            assert!(seen[name].contains(&wanted), "no {name} with {wanted}");
        }
    }
    values
}

/// Reads what a released version wrote. Gives the number of its events.
fn released<A: Decider>(version: &str) -> usize {
    let lines = lines(&format!("released-{version}/{}.jsonl", A::NAME));
    let mut events = Vec::new();
    for line in &lines {
        let Record { name, event, .. } = read::<A>(line);
        assert_eq!(name, A::event_name(&event), "{line}");
        // An optional field that has another name today would be read as if it had not been there.
        let (was, is) = (serde_json::from_str::<Value>(line).expect(line), serde_json::to_value(&event).expect("JSON"));
        let (mut kept, mut lost) = (Vec::new(), Vec::new());
        leaves(&is, &mut kept);
        leaves(&was["event"], &mut lost);
        lost.retain(|leaf| !kept.contains(leaf));
        assert!(lost.is_empty(), "{lost:?} is written in this event and is not read any more:\n{line}");
        events.push(event);
    }
    // Whatever order a storage gives them in, and however often, they are taken.
    let state = A::replay(&events);
    let _backwards = events.iter().rev().fold(state, A::evolve);
    lines.len()
}

/// A record of one event of each shape: equal but for texts with digits (ids and instants) and numbers.
fn records<A: Decider>(id: A::Id, events: &[A::Event], told: impl Fn(&A::Event) -> (Instant, Actor)) -> Vec<Record<A>> {
    let mut shapes = BTreeSet::new();
    let mut records: Vec<Record<A>> = Vec::new();
    for event in events {
        let mut shape = serde_json::to_value(event).expect("JSON");
        blank(&mut shape);
        if !shapes.insert(shape.to_string()) {
            continue;
        }
        let (at, by) = told(event);
        let command = CommandId::new(Uuid::from_u128(0xc000 + records.len() as u128));
        let metadata = Metadata::new(command, by, at);
        // What the host does by itself follows from something.
        let before = records.last().filter(|_| by == Actor::System);
        let metadata = before.map_or(metadata, |before| metadata.following(&before.metadata));
        let version = Version::new(records.len() as u64 + 1);
        let id = EventId::new(id, version);
        records.push(Record { id, name: A::event_name(event).to_owned(), metadata, event: event.clone() });
    }
    records
}

fn blank(value: &mut Value) {
    match value {
        Value::Object(entries) => entries.values_mut().for_each(blank),
        Value::Array(items) => items.iter_mut().for_each(blank),
        Value::Number(_) => *value = Value::Null,
        Value::String(text) if text.contains(|character: char| character.is_ascii_digit()) => *value = Value::Null,
        _ => {}
    }
}

/// What stands at the ends: no names of fields, and nothing that is as good as not there.
fn leaves<'v>(value: &'v Value, found: &mut Vec<&'v Value>) {
    match value {
        Value::Object(entries) => entries.values().for_each(|inner| leaves(inner, found)),
        Value::Array(items) => items.iter().for_each(|inner| leaves(inner, found)),
        Value::Null | Value::Bool(false) => {}
        leaf => found.push(leaf),
    }
}

/// The tag of a variant as JSON has it.
fn tag(variant: &Value) -> Option<String> {
    let object = variant.as_object().and_then(|variant| variant.keys().next().cloned());
    object.or_else(|| variant.as_str().map(str::to_owned))
}

fn kinds(source: &str) -> Kinds {
    declared(source, "Change")
}

/// The variants of an enum in a source text, in kebab case, with those fields that are not written where they are empty.
fn declared(source: &str, name: &str) -> Kinds {
    let (_, body) = source.split_once(&format!("pub enum {name} {{")).expect(name);
    let (body, _) = body.split_once("\n}\n").expect("its end");
    let mut kinds = Kinds::new();
    let (mut variant, mut optional) = (String::new(), false);
    for line in body.lines() {
        let text = line.trim_start();
        let depth = line.len() - text.len();
        let word: String =
            text.chars().take_while(|character| character.is_alphanumeric() || *character == '_').collect();
        if depth == 4 && word.starts_with(|character: char| character.is_ascii_uppercase()) {
            variant = kebab(&word);
            kinds.insert(variant.clone(), Vec::new());
        } else if text.starts_with("#[serde(") {
            optional = text.contains("skip_serializing_if");
        } else if depth == 8 && !word.is_empty() && std::mem::take(&mut optional) {
            kinds.entry(variant.clone()).or_default().push(word);
        }
    }
    kinds
}

fn kebab(name: &str) -> String {
    let mut kebab = String::new();
    for character in name.chars() {
        if character.is_ascii_uppercase() && !kebab.is_empty() {
            kebab.push('-');
        }
        kebab.push(character.to_ascii_lowercase());
    }
    kebab
}

#[track_caller]
fn read<A: Decider>(line: &str) -> Record<A> {
    serde_json::from_str(line).unwrap_or_else(|error| panic!("what was written is not read any more: {error}\n{line}"))
}

fn json(value: &(impl Serialize + Debug)) -> String {
    serde_json::to_string(value).unwrap_or_else(|error| panic!("{error}: {value:?}"))
}

fn lines(file: &str) -> Vec<String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/events").join(file);
    let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    text.lines().map(str::to_owned).collect()
}
