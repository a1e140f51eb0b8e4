//! The shape of `src`: a module uses only modules of lower layers, and files and folders stay small and well named.

use std::fs;
use std::path::{Path, PathBuf};

/// Lowest first. Modules of one layer do not see each other.
const LAYERS: &[&[&str]] = &[
    &["rule", "id", "time", "text"],
    &["form"],
    // Settings and access know no medium (`settings.any-medium`): they do not see `whatsapp`.
    &["access", "settings", "whatsapp"],
    &["decider"],
    &["channel", "conversation", "onboarding", "template", "health"],
    &["port", "schedule", "index", "translation"],
    &["service", "memory"],
    &["testing"],
];

/// Names that say nothing about what is inside.
const EMPTY_NAMES: &[&str] = &["utils", "types", "models", "common", "prelude"];

const MOST_LINES: usize = 400;

struct Source {
    /// Within `src`, as in `onboarding/step.rs`.
    path: PathBuf,
    text: String,
}

#[test]
fn a_module_uses_only_lower_layers() {
    none(&layer_faults(&sources()));
}

#[test]
fn files_and_folders_are_small_and_well_named() {
    let mut faults = shape_faults(&sources());
    faults.extend(lone_files(&root()));
    none(&faults);
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

fn none(faults: &[String]) {
    assert!(faults.is_empty(), "\n{}\n", faults.join("\n"));
}

fn sources() -> Vec<Source> {
    let root = root();
    let sources: Vec<Source> = files_below(&root)
        .into_iter()
        .map(|file| Source {
            path: file.strip_prefix(&root).expect("a file below src").to_owned(),
            text: fs::read_to_string(&file).expect("readable text"),
        })
        .collect();
    assert!(sources.len() > 10, "only {} files found below {}", sources.len(), root.display());
    sources
}

fn files_below(folder: &Path) -> Vec<PathBuf> {
    entries(folder)
        .into_iter()
        .flat_map(|entry| if entry.is_dir() { files_below(&entry) } else { vec![entry] })
        .collect()
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    let mut entries: Vec<PathBuf> =
        fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path()).collect();
    entries.sort();
    entries
}

fn layer_of(module: &str) -> Option<usize> {
    LAYERS.iter().position(|layer| layer.contains(&module))
}

fn layer_faults(sources: &[Source]) -> Vec<String> {
    let mut faults = Vec::new();
    for source in sources.iter().filter(|source| is_rust(source) && source.path != Path::new("lib.rs")) {
        let path = source.path.display();
        let module = top_level_module(&source.path);
        let Some(layer) = layer_of(&module) else {
            faults.push(format!("{path}: `{module}` has no place in LAYERS"));
            continue;
        };
        let code = without_comments(&source.text);
        if code.contains("super::super::") {
            faults.push(format!("{path}: `super::super::` hides which module is meant, write `crate::`"));
        }
        let mut used = named_after("crate::", &code);
        if source.path.components().count() == 1 {
            // Here `super` is the crate, unless it stands in a module inside the file.
            used.extend(named_after("super::", &code).into_iter().filter(|name| layer_of(name).is_some()));
        }
        for name in used.into_iter().filter(|name| *name != module) {
            match layer_of(&name) {
                Some(lower) if lower < layer => {}
                Some(_) => faults.push(format!("{path}: `{module}` uses `{name}`, which is not in a lower layer")),
                None => faults.push(format!("{path}: `crate::{name}` is no module in LAYERS")),
            }
        }
    }
    faults
}

fn is_rust(source: &Source) -> bool {
    source.path.extension().is_some_and(|extension| extension == "rs")
}

fn top_level_module(path: &Path) -> String {
    let first = path.iter().next().expect("a path with a first part");
    Path::new(first).with_extension("").to_string_lossy().into_owned()
}

fn without_comments(text: &str) -> String {
    text.lines().filter(|line| !line.trim_start().starts_with("//")).flat_map(|line| [line, "\n"]).collect()
}

/// What is named directly below a prefix such as `crate::`, in a path or in the outer level of a group in braces.
fn named_after(prefix: &str, code: &str) -> Vec<String> {
    let mut names = Vec::new();
    for (at, _) in code.match_indices(prefix) {
        if code[..at].ends_with(|before: char| before.is_alphanumeric() || before == '_') {
            continue;
        }
        let rest = &code[at + prefix.len()..];
        match rest.strip_prefix('{') {
            Some(group) => names.extend(outer_names(group)),
            None => names.extend(first_name(rest)),
        }
    }
    names
}

fn outer_names(group: &str) -> Vec<String> {
    let mut names = Vec::new();
    let mut depth = 0;
    let mut item_begins = true;
    for (at, character) in group.char_indices() {
        match character {
            '{' => depth += 1,
            '}' if depth == 0 => break,
            '}' => depth -= 1,
            ',' if depth == 0 => item_begins = true,
            _ if item_begins && !character.is_whitespace() => {
                names.extend(first_name(&group[at..]));
                item_begins = false;
            }
            _ => {}
        }
    }
    names
}

fn first_name(text: &str) -> Option<String> {
    let name: String = text.chars().take_while(|next| next.is_alphanumeric() || *next == '_').collect();
    (!name.is_empty()).then_some(name)
}

fn shape_faults(sources: &[Source]) -> Vec<String> {
    let mut faults = Vec::new();
    for source in sources {
        let path = source.path.display();
        let lines = source.text.lines().count();
        if lines > MOST_LINES {
            faults.push(format!("{path}: {lines} lines, more than {MOST_LINES}"));
        }
        for name in declared_modules(&source.text).filter(|name| EMPTY_NAMES.contains(&name.as_str())) {
            faults.push(format!("{path}: a module named `{name}` says nothing about what is inside"));
        }
    }
    faults
}

fn declared_modules(text: &str) -> impl Iterator<Item = String> {
    text.lines().filter_map(|line| {
        let (before, after) = line.split_once("mod ")?;
        let before = before.trim();
        (before.is_empty() || before.starts_with("pub")).then(|| first_name(after))?
    })
}

fn lone_files(folder: &Path) -> Vec<String> {
    let entries = entries(folder);
    let mut faults: Vec<String> =
        entries.iter().filter(|entry| entry.is_dir()).flat_map(|inner| lone_files(inner)).collect();
    if let [only] = entries.as_slice() {
        faults.push(format!("{}: the only one in its folder, fold it into the module above", only.display()));
    }
    faults
}

/// The faults of a made-up source.
fn planted(path: &str, text: &str) -> Vec<String> {
    let sources = [Source { path: path.into(), text: text.into() }];
    [layer_faults(&sources), shape_faults(&sources)].concat()
}

#[test]
fn what_is_allowed_is_not_reported() {
    for (path, text) in [
        ("service.rs", "use crate::access::Role;\nuse crate::{id::UserId, port::{Store, Outcome}};\n"),
        (
            "onboarding/step.rs",
            "use super::plan;\npub(crate) fn of(at: crate::time::Instant) -> crate::onboarding::Step {}\n",
        ),
        ("time.rs", "mod tests { use super::*; }\n"),
        ("id.rs", "/// See [`crate::service`].\n//! use crate::memory;\nuse other_crate::service;\n"),
        ("lib.rs", "pub use crate::service::Service;\n"),
        ("onboarding/steps.md", "use crate::service\n"),
    ] {
        assert_eq!(planted(path, text), Vec::<String>::new(), "{path}");
    }
}

#[test]
fn a_planted_fault_is_reported() {
    for (path, text, expected) in [
        ("rule.rs", "use crate::whatsapp::Line;\n", "`rule` uses `whatsapp`"),
        ("id.rs", "use crate::time::Instant;\n", "`id` uses `time`"),
        ("form.rs", "fn of() { super::decider::decide() }\n", "`form` uses `decider`"),
        (
            "channel/state.rs",
            "use crate::{rule, time::{self, Instant},\n    template::Name};\n",
            "`channel` uses `template`",
        ),
        ("channel/state.rs", "use super::super::template;\n", "write `crate::`"),
        ("channel/state.rs", "use crate::Anything;\n", "`crate::Anything` is no module"),
        ("billing.rs", "", "`billing` has no place"),
        ("channel.rs", "pub(crate) mod common;\n", "named `common`"),
        ("channel.rs", &"\n".repeat(MOST_LINES + 1), "401 lines"),
    ] {
        let faults = planted(path, text);
        assert!(faults.len() == 1 && faults[0].contains(expected), "expected {expected:?}, found {faults:?}");
    }
}
