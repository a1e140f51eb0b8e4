//! The store that the example shows does all that a store must, after a crash too, in the lines that it promises.

use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::{env, fs, process};

use whatsapp_inbox::conversation::{Command, Conversation};
use whatsapp_inbox::decider::{Actor, Context, Decider, Fingerprint, Policy, Version};
use whatsapp_inbox::id::{ChannelId, CommandId, ConversationId, OrganisationId};
use whatsapp_inbox::port::{Commit, Committed, Loaded, Metadata, Store};
use whatsapp_inbox::testing::{block_on, contract};
use whatsapp_inbox::time::Instant;
use whatsapp_inbox::uuid::Uuid;

#[path = "../examples/own_store/store.rs"]
mod store;
use store::Files;

/// A folder that is there while a test runs.
struct Folder(PathBuf);

impl Folder {
    fn new(test: &str) -> Self {
        let folder = env::temp_dir().join(format!("own-store-{test}-{}", process::id()));
        fs::create_dir_all(&folder).expect("a folder for the test");
        Self(folder)
    }

    /// The store as a process finds it that begins.
    fn opened(&self) -> Files {
        Files { folder: self.0.clone(), lock: Mutex::new(()) }
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        _ = fs::remove_dir_all(&self.0);
    }
}

/// The commit that begins a conversation.
fn beginning() -> Commit<Conversation> {
    let bakery = OrganisationId::new(Uuid::from_u128(1));
    let id = ConversationId::new(bakery, Uuid::from_u128(300));
    let (command, policy) = (CommandId::new(Uuid::from_u128(3)), Policy::default());
    let begin = Command::Begin { id, channel: ChannelId::new(bakery, Uuid::from_u128(200)) };
    let fingerprint = Fingerprint::of(&begin);
    let context = Context::new(Instant::MIN, Actor::Customer, command, &policy);
    let events = Conversation::default().decide(begin, &context).expect("nothing is in the way");
    let metadata = Metadata::new(command, Actor::Customer, Instant::MIN);
    Commit::new(id, (Conversation::default(), Version::FIRST), events, metadata, fingerprint)
}

#[test]
fn it_does_all_that_a_store_must() {
    let folder = Folder::new("contract");
    let report = block_on(contract(&folder.opened(), 1));
    assert!(report.passed.len() >= 55, "{} checks", report.passed.len());
    report.into_result().unwrap_or_else(|report| panic!("{report}"));
}

#[test]
fn a_crash_before_the_journal_is_there_leaves_nothing() {
    let (folder, commit) = (Folder::new("before"), beginning());
    fs::write(folder.0.join("draft"), r#"[["conversation-"#).expect("half a draft");
    let loaded: Loaded<Conversation> = block_on(folder.opened().load(commit.aggregate, None)).expect("readable");
    assert_eq!(loaded, Loaded::default());
    let version = commit.version();
    assert_eq!(block_on(folder.opened().commit(commit)).expect("written"), Committed::Now { version });
}

#[test]
fn a_crash_after_the_journal_is_there_leaves_all() {
    let (folder, commit) = (Folder::new("after"), beginning());
    let name = format!("conversation-{}.json", commit.aggregate.to_string().replace('/', "-"));
    let version = commit.version();
    assert_eq!(block_on(folder.opened().commit(commit.clone())).expect("written"), Committed::Now { version });

    // What the journal held at that moment, with none or one of the two files in its place.
    let content = |name: &str| serde_json::from_slice(&fs::read(folder.0.join(name)).expect("a file")).expect("JSON");
    let files: [(&str, serde_json::Value); 2] = [(&name, content(&name)), ("claims.json", content("claims.json"))];
    for lost in [&[name.as_str(), "claims.json"][..], &["claims.json"], &[]] {
        for name in lost {
            fs::remove_file(folder.0.join(name)).expect("a file");
        }
        fs::write(folder.0.join("journal"), serde_json::to_vec(&files).expect("JSON")).expect("a journal");
        let begun = folder.opened();
        let loaded: Loaded<Conversation> = block_on(begun.load(commit.aggregate, None)).expect("readable");
        assert_eq!(loaded, Loaded::new(commit.state.clone(), version, None));
        let again = block_on(begun.commit(commit.clone())).expect("known");
        assert_eq!(again, Committed::AlreadyApplied { version });
        assert!(!folder.0.join("journal").exists());
    }
}

#[test]
fn it_has_the_lines_that_it_promises() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/own_store/store.rs");
    let text = fs::read_to_string(path).expect("the example");
    let lines = text.lines().filter(|line| !line.trim().is_empty()).count();
    assert!(lines <= 120, "{lines} lines");
}
