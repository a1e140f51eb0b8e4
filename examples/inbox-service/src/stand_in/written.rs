//! JSON as Meta writes it, and the clock it writes it by.

use std::fmt::Write as _;

use serde_json::Value;

/// The text of a delivery, over which Meta signs: what is not ASCII is escaped in lower-case hexadecimal, and so is a slash
/// behind a backslash. Whoever parses it and writes it again gets another signature.
pub(super) fn as_meta_writes(delivery: &Value) -> String {
    let mut written = String::new();
    // Neither stands anywhere in JSON but in strings.
    for character in delivery.to_string().chars() {
        match character {
            '/' => written.push_str("\\/"),
            ascii if ascii.is_ascii() => written.push(ascii),
            other => {
                for unit in other.encode_utf16(&mut [0; 2]) {
                    // Writing to a string does not fail.
                    let _ = write!(written, "\\u{unit:04x}");
                }
            }
        }
    }
    written
}

/// Microseconds since 1970.
#[expect(clippy::disallowed_methods, clippy::disallowed_types, reason = "it stands in for Meta, which has a clock")]
pub(super) fn micros_now() -> u64 {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_micros()).unwrap_or(u64::MAX)
}

/// Seconds since 1970, as Meta's deliveries tell them.
pub(super) fn seconds_now() -> u64 {
    micros_now() / 1_000_000
}
