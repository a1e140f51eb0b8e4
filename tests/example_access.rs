//! The example's output is part of what a newcomer is promised, so it is pinned. `UPDATE_GOLDEN=1 cargo test --test
//! example_access` writes it anew.
#![allow(unreachable_pub, dead_code, reason = "the modules are the example's own")]

use std::fs;
use std::path::Path;

#[path = "../examples/access/answer.rs"]
mod answer;
#[path = "../examples/access/organisation.rs"]
mod organisation;
#[path = "../examples/onboarding/paint.rs"]
mod paint;
#[path = "../examples/access/story.rs"]
mod story;

const SHIPPED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/data/organisation.json");

fn run(arguments: &[&str], coloured: bool) -> Result<String, String> {
    let arguments: Vec<String> = arguments.iter().map(|argument| (*argument).to_owned()).collect();
    story::run(SHIPPED, &arguments, paint::Paint::new(coloured))
}

fn told() -> String {
    run(&[], false).unwrap_or_else(|error| panic!("{error}"))
}

#[test]
fn the_story_is_as_it_was_read_before() {
    let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/access-story.txt");
    let told = told();
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        fs::write(&golden, &told).expect("the golden file can be written");
    }
    let wanted = fs::read_to_string(&golden).unwrap_or_default();
    assert!(told == wanted, "{} is out of date", golden.display());
}

#[test]
fn the_story_fits_eighty_columns_and_is_plain_unless_somebody_looks() {
    for line in told().lines().filter(|line| !line.contains("  {\"")) {
        assert!(line.chars().count() <= 80, "{} columns: {line}", line.chars().count());
    }
    assert!(!told().contains('\u{1b}'));
    assert!(run(&[], true).expect("the story").contains('\u{1b}'));
}

#[test]
fn the_story_has_every_kind_of_answer_and_no_id() {
    let story = told();
    for part in [
        "contributor  in team Counter",
        "and the highest of these counts",
        "it takes a contributor, and Dev Rao is a viewer",
        "the access of Ben Okafor ended on",
        "it takes an account admin, as Mara Petersen is",
        "being an account admin gives none",
        "the channel is another organisation's",
        "told: “no such channel was found”",
        "! Piet Jansen has no channel any more",
        "! in Orders nobody may reply any more",
        "exactly those foretold",
        "the second time there was nothing left to do",
    ] {
        assert!(story.contains(part), "the story no longer has: {part}");
    }
    assert!(!story.contains("0000"), "an id where a name should stand");
}

#[test]
fn a_question_of_ones_own_is_answered() {
    let answer = run(&["dev", "view-reports", "wholesale"], false).expect("an answer");
    assert!(answer.contains("no: it takes a supervisor, and Dev Rao is a viewer"), "{answer}");
    assert_eq!(run(&[SHIPPED, "dev", "view-reports", "wholesale"], false), Ok(answer));
    assert!(run(&["--help"], false).expect("help").contains("cargo run --example access -- ana reply orders"));
}

#[test]
fn a_wrong_name_lists_those_there_are() {
    let error = |arguments: &[&str]| run(arguments, false).expect_err("a wrong question");
    assert_eq!(
        error(&["anna", "reply", "orders"]),
        "there is no person `anna`; there are ana, ben, carla, dev, mara, piet, nora"
    );
    assert_eq!(
        error(&["ana", "reply", "order"]),
        "there is no channel `order`; there are orders, wholesale, deliveries, feedback"
    );
    let action = error(&["ana", "dance", "orders"]);
    assert!(action.starts_with("there is no action `dance`; there are view, move-to-pending, "), "{action}");
    assert!(error(&["ana", "reply"]).starts_with("a question is a person, an action and a channel"));
}

#[test]
fn a_wrong_file_stops_with_where_and_what_was_expected() {
    let shipped = fs::read_to_string(SHIPPED).expect("the shipped organisation");
    let error = |was: &str, is: &str| {
        assert!(shipped.contains(was), "the shipped organisation no longer has {was}");
        organisation::parse("mine.json", &shipped.replacen(was, is, 1)).err().expect("a wrong file")
    };
    assert_eq!(
        error("2026-03-31T18:00:00Z", "soon"),
        "mine.json:35:67: field `channels[1].grants[1].user.ends`: an instant is written like 2026-01-05T09:00:00Z, not \
         like `soon`"
    );
    assert_eq!(
        error(r#""role": "supervisor" } }"#, r#""role": "boss" } }"#),
        "mine.json:34:51: field `channels[1].grants[0].user.role`: unknown variant `boss`, expected one of `viewer`, \
         `contributor`, `supervisor`"
    );
    assert_eq!(
        error(r#""team": "counter" }"#, r#""team": "till" }"#),
        "mine.json: field `channels[0]`: there is no team `till`; there are counter, bakehouse, delivery"
    );
    assert_eq!(
        error(r#""person": "ana""#, r#""person": "anna""#),
        "mine.json: field `questions[0]`: there is no person `anna`; there are ana, ben, carla, dev, mara, piet, nora"
    );
    assert_eq!(error(r#""id": "piet""#, r#""id": "ana""#), "mine.json: there is more than one person `ana`");
    assert!(error(r#""delete_team""#, r#""remove_team""#).contains("unknown field `remove_team`"));
    let missing = organisation::read("no/such.json").err().expect("it is not there");
    assert!(missing.starts_with("no/such.json: cannot be read:"), "{missing}");
}

#[test]
fn only_an_account_admin_switches_all_users_off() {
    let shipped = fs::read_to_string(SHIPPED).expect("the shipped organisation");
    let by = |id: &str, text: &str| {
        let text = text.replace(r#""by": "mara""#, &format!(r#""by": "{id}""#));
        let organisation = organisation::parse("mine.json", &text).unwrap_or_else(|error| panic!("{error}"));
        story::tell(organisation, paint::Paint::new(false)).expect_err("a person who is no account admin")
    };
    assert_eq!(by("carla", &shipped), "Carla Weiss is refused: only an account admin may change who has access");
    let elsewhere = shipped.replace(r#""all_users_in": "feedback""#, r#""all_users_in": "orders""#);
    assert_eq!(by("piet", &elsewhere), "Piet Jansen is refused: no such channel was found");
    let other = "Nora Lind of Quay Roasters is refused: no such channel was found";
    assert_eq!(by("nora", &shipped), other);
}
