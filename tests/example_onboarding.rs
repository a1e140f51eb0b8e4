//! The example's output is part of what a newcomer is promised, so it is pinned. `UPDATE_GOLDEN=1 cargo test --test
//! example_onboarding` writes it anew.
#![allow(unreachable_pub, dead_code, reason = "the modules are the example's own")]

use std::fs;
use std::path::Path;

#[path = "../examples/onboarding/acts.rs"]
mod acts;
#[path = "../examples/onboarding/case.rs"]
mod case;
#[path = "../examples/onboarding/page.rs"]
mod page;
#[path = "../examples/onboarding/paint.rs"]
mod paint;
#[path = "../examples/onboarding/story.rs"]
mod story;

const SHIPPED: &str = "examples/data/harbour-bakery.jsonl";
const OF_TODAY: &str = "examples/data/quayside-flowers.jsonl";

fn told(text: &str, coloured: bool) -> String {
    let case = case::parse(SHIPPED, text).unwrap_or_else(|error| panic!("{error}"));
    let mut out = Vec::new();
    story::tell(&case, true, paint::Paint::new(coloured), &mut out).expect("a vector takes all");
    String::from_utf8(out).expect("the story is text")
}

fn read(path: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).expect("the shipped case")
}

fn shipped() -> String {
    read(SHIPPED)
}

#[test]
fn the_story_is_as_it_was_read_before() {
    for (case, golden) in [(SHIPPED, "onboarding-story.txt"), (OF_TODAY, "onboarding-story-embedded-signup.txt")] {
        let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden").join(golden);
        let told = told(&read(case), false);
        if std::env::var_os("UPDATE_GOLDEN").is_some() {
            fs::write(&golden, &told).expect("the golden file can be written");
        }
        let wanted = fs::read_to_string(&golden).unwrap_or_default();
        assert!(told == wanted, "{} is out of date", golden.display());
    }
}

#[test]
fn the_story_fits_eighty_columns_and_is_plain_unless_somebody_looks() {
    for case in [SHIPPED, OF_TODAY] {
        let plain = told(&read(case), false);
        let (story, _mermaid) = plain.split_once("```mermaid").expect("the gantt was asked for");
        for line in story.lines() {
            assert!(line.chars().count() <= 80, "{} columns: {line}", line.chars().count());
        }
        assert!(!plain.contains('\u{1b}'));
    }
    assert!(told(&shipped(), true).contains('\u{1b}'));
}

#[test]
fn the_shipped_case_has_everything_that_may_go_wrong() {
    let story = told(&shipped(), false);
    for part in [
        "Meta declined the display name",
        "the code was good until",
        "Meta says that it is the wrong code",
        "a land line takes its code by voice call",
        "by voice call",
        "told before: nothing changes",
        "arrives late: it is so since",
        "Meta's delivery comes early",
        "dropped unread: the signature does not fit the",
        "The channel is live",
    ] {
        assert!(story.contains(part), "the story no longer has: {part}");
    }
}

#[test]
fn the_case_of_today_has_what_a_signup_may_come_to() {
    let story = told(&read(OF_TODAY), false);
    for part in [
        "the plan `embedded-signup` has no step",
        "leaves the signup on the screen PHONE_NUMBER_SETUP",
        "comes back from the signup with an account, and no",
        "open: the provider has to add the number to the account",
        "before Mon 16 Nov 10:05: register and activate the account",
        "no number was registered in time after the signup: go",
        "The channel is live",
    ] {
        assert!(story.contains(part), "the story no longer has: {part}");
    }
}

#[test]
fn a_malformed_line_stops_with_file_line_field_and_what_was_expected() {
    let head = shipped().lines().next().expect("a head").to_owned();
    let error = |line: &str| match case::parse("case.jsonl", &format!("{head}\n\n{line}\n")) {
        Ok(_) => panic!("{line} was read"),
        Err(error) => error,
    };
    let at = r#""at": "2026-01-05T09:00:00Z""#;
    assert_eq!(
        error(r#"{"at": "yesterday", "brand": "start"}"#),
        "case.jsonl:3:18: field `at`: an instant is written like 2026-01-05T09:00:00Z, not like `yesterday`"
    );
    assert_eq!(error(r#"{"brand": "start"}"#), "case.jsonl:3:18: the line: missing field `at`");
    assert_eq!(
        error(&format!(r#"{{{at}, "brand": {{"sign-agreement": {{}}}}}}"#)),
        "case.jsonl:3:61: field `brand.sign-agreement`: missing field `text`"
    );
    let unknown = error(&format!(r#"{{{at}, "brand": {{"dance": {{}}}}}}"#));
    assert!(unknown.starts_with("case.jsonl:3:"), "{unknown}");
    assert!(unknown.contains("`brand`") || unknown.contains("brand.dance"), "{unknown}");
    assert!(unknown.contains("expected one of `start`, `sign-agreement`"), "{unknown}");
    assert!(error(&format!("{{{at}}}")).contains("expected exactly one of the fields `brand`, `provider`"));
    assert!(error(&format!(r#"{{{at}, "brand": "start"}} {{}}"#)).contains("something follows"));
    assert!(error("not json").starts_with("case.jsonl:3:"));
}

#[test]
fn a_file_that_cannot_be_read_is_named() {
    let error = case::read("no/such/case.jsonl").err().expect("it is not there");
    assert!(error.starts_with("no/such/case.jsonl: cannot be read:"), "{error}");
}
