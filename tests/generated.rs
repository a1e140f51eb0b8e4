//! What is generated from the code is what is committed. `UPDATE_GOLDEN=1 cargo test --test generated` writes it anew.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use whatsapp_inbox::access::{Action, Path as AccessPath};
use whatsapp_inbox::conversation::Queue;
use whatsapp_inbox::health::{Axis, Effect, Fact, Remedy};
use whatsapp_inbox::onboarding::Plan;
use whatsapp_inbox::template::Standing;
use whatsapp_inbox::testing::health_facts;
use whatsapp_inbox::time::Instant;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_owned()
}

/// Compares a file with what it should be, or writes it.
fn golden(path: &str, wanted: &str) {
    let path = root().join(path);
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        fs::write(&path, wanted).expect("the file can be written");
    }
    let found = fs::read_to_string(&path).unwrap_or_default();
    assert!(found == wanted, "{} is out of date: UPDATE_GOLDEN=1 cargo test --test generated", path.display());
}

fn plan(plan: Plan) -> String {
    format!("{}\n```mermaid\n{}```\n", plan.table(), plan.diagram())
}

#[test]
fn the_plans_beside_the_module() {
    golden("src/onboarding/plan.md", &plan(Plan::Walkthrough));
    golden("src/onboarding/embedded_signup.md", &plan(Plan::EmbeddedSignup));
    golden("src/onboarding/partner_initiated.md", &plan(Plan::PartnerInitiated));
}

#[test]
fn the_matrices_of_access_beside_the_module() {
    golden("src/access/actions.md", &Action::table());
    golden("src/access/paths.md", &AccessPath::table());
}

/// The queues as a table and a diagram.
fn queues() -> String {
    format!("{}\n```mermaid\n{}```\n", Queue::table(), Queue::diagram())
}

#[test]
fn the_queues_beside_the_module() {
    golden("src/conversation/queue.md", &queues());
}

#[test]
fn the_lifecycle_of_templates_beside_the_module() {
    let lifecycle = format!("{}\n```mermaid\n{}```\n", Standing::table(), Standing::diagram());
    golden("src/template/lifecycle.md", &lifecycle);
}

/// What facts do to sending and receiving, but for those that do nothing; how time changes that; and which are implied by errors.
fn effects() -> String {
    let mut table = "| fact | can send | can receive | what to do |\n| --- | --- | --- | --- |\n".to_owned();
    for fact in health_facts(None) {
        let effects = Axis::ALL.map(|axis| Effect::of(&fact, axis));
        if effects != [None, None] {
            let [send, receive] = effects.map(effect_name);
            writeln!(table, "| `{fact}` | {send} | {receive} | {} |", Remedy::of(&fact)).expect("a text takes it");
        }
    }
    let end = Instant::MAX;
    table.push_str("\nWhere Meta tells a date, time alone changes it:\n\n");
    table.push_str(
        "| fact with a date | before: can send | can receive | what to do | from then on: can send | can receive |\n",
    );
    table.push_str("| --- | --- | --- | --- | --- | --- |\n");
    for fact in health_facts(Some(end)) {
        let [before, from] = [Instant::MIN, end].map(|now| Axis::ALL.map(|axis| Effect::at(&fact, axis, now)));
        if before != from {
            let [[send, receive], [later_send, later_receive]] = [before, from].map(|effects| effects.map(effect_name));
            let remedy = Remedy::of(&fact);
            writeln!(table, "| `{fact}` | {send} | {receive} | {remedy} | {later_send} | {later_receive} |")
                .expect("a text takes it");
        }
    }
    table.push_str("\nWhat the number of an error implies:\n\n| error | fact |\n| --- | --- |\n");
    for (code, fact) in (0..=999_999).filter_map(|code| Some((code, Fact::of_error(code)?))) {
        writeln!(table, "| {code} | `{fact}` |").expect("a text takes it");
    }
    table
}

fn effect_name(effect: Option<Effect>) -> &'static str {
    effect.map_or("–", Effect::name)
}

#[test]
fn the_effects_on_health_beside_the_module() {
    golden("src/health/effects.md", &effects());
}

#[test]
fn the_tables_in_the_readme() {
    let mut readme = fs::read_to_string(root().join("README.md")).expect("README.md");
    let generated = [
        ("plan", plan(Plan::Walkthrough)),
        ("plan of today", plan(Plan::EmbeddedSignup)),
        ("actions", Action::table()),
        ("paths", AccessPath::table()),
        ("queues", queues()),
    ];
    for (name, table) in generated {
        let (begin, end) = (format!("<!-- {name}:begin (generated) -->\n"), format!("<!-- {name}:end -->\n"));
        let (before, rest) = readme.split_once(&begin).unwrap_or_else(|| panic!("README.md has no {begin}"));
        let (_, after) = rest.split_once(&end).unwrap_or_else(|| panic!("README.md has no {end}"));
        readme = format!("{before}{begin}{table}{end}{after}");
    }
    golden("README.md", &readme);
}
