//! What is generated from the code is what is committed. `UPDATE_GOLDEN=1 cargo test --test generated` writes it anew.

use std::fs;
use std::path::{Path, PathBuf};

use whatsapp_inbox::onboarding::Plan;

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
fn the_plan_beside_the_module() {
    golden("src/onboarding/plan.md", &plan(Plan::Walkthrough));
}

#[test]
fn the_plan_in_the_readme() {
    const BEGIN: &str = "<!-- plan:begin (generated) -->\n";
    const END: &str = "<!-- plan:end -->\n";
    let readme = fs::read_to_string(root().join("README.md")).expect("README.md");
    let (before, rest) = readme.split_once(BEGIN).expect("README.md has the marker where the plan begins");
    let (_, after) = rest.split_once(END).expect("README.md has the marker where the plan ends");
    golden("README.md", &format!("{before}{BEGIN}{}{END}{after}", plan(Plan::Walkthrough)));
}
