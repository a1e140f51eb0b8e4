//! `webhook.tolerant`: what is JSON and what is not, held to another reader of it.

use proptest::prelude::*;
use serde::de::IgnoredAny;

use super::read;
use super::tolerant::json;

/// What makes JSON of what is none, or the other way round.
const BYTES: &[u8] = b"{}[]\",:\\ 0-.eutn\n\x01\xc3";

/// Read here where the other reader takes it, and refused where it does not. Tells which.
#[track_caller]
fn agree(body: &[u8]) -> bool {
    let is_json = std::str::from_utf8(body).is_ok() && serde_json::from_slice::<IgnoredAny>(body).is_ok();
    assert_eq!(read(body).is_ok(), is_json, "{}", String::from_utf8_lossy(body));
    is_json
}

#[test]
fn webhook_tolerant_scalars_are_those_of_json() {
    let numbers = [
        "0", "-0", "10", "1.5", "-1.50e+7", "1E-2", "0.0", "1e0", "01", "-", "+1", "1.", ".5", "1e", "1e+", "1.e1",
        "--1", "0x1", "1 2", "-a", "1a", "1e5.0",
    ];
    let words = ["true", "false", "null", "tru", "nul", "True", "nullx", "NaN", "", " ", ",", ":", "'a'", "{", "]"];
    let strings = [
        r#""""#,
        r#""a""#,
        r#"""#,
        r#""\""#,
        r#""\\""#,
        r#""\/\b\f\n\r\t\"""#,
        r#""\x""#,
        r#""\u00e4""#,
        r#""\uD800""#,
        r#""\u00e""#,
        r#""\u00eg""#,
        r#""\u""#,
        "\"\u{1}\"",
        "\"\t\"",
        "\"1234567\t\"",
        "\"\u{7f}\u{e4}\u{1f382}\"",
        "\"12345678\u{e4}\n\"",
        "\"1234567\u{1f}8\"",
        "\"1234567 8\"",
    ];
    let mut good = 0;
    for scalar in numbers.iter().chain(&words).chain(&strings) {
        for body in [
            (*scalar).to_owned(),
            format!("[{scalar}]"),
            format!(r#"{{"field":"f","value":{{"a":[{scalar} , {{}}],"b":{scalar}}}}}"#),
            format!(r#"{{"entry":[{{"id":{scalar},"changes":[{scalar}]}}]}}"#),
        ] {
            good += usize::from(agree(body.as_bytes()));
        }
    }
    assert!(good > 60, "{good}");
}

#[test]
fn webhook_tolerant_brackets_and_commas_are_those_of_json() {
    let pieces = ["{", "}", "[", "]", ",", ":", "1", "\"a\""];
    let (mut good, mut bad) = (0, 0);
    for n in 0..pieces.len().pow(5) {
        let text: String = (0..5).map(|at| pieces[n / pieces.len().pow(at) % pieces.len()]).collect();
        for body in [format!(r#"{{"field":"f","value":{text}}}"#), format!(r#"{{"entry":[{text}]}}"#), text] {
            if agree(body.as_bytes()) { good += 1 } else { bad += 1 }
        }
    }
    assert!(good > 30 && bad > 50_000, "{good} {bad}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn webhook_tolerant_what_is_nearly_json_is_read_where_it_is_json(
        body in json(),
        changed in prop::collection::vec((any::<prop::sample::Index>(), prop::sample::select(BYTES)), 0..3),
    ) {
        let mut body = body.into_bytes();
        for (place, byte) in changed {
            *place.get_mut(&mut body) = byte;
        }
        agree(&body);
    }
}
