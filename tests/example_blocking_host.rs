//! The example without ports runs, and is as short as it promises.
#![allow(dead_code, reason = "the example prints, and nobody reads it here")]

use std::fs;
use std::path::Path;

#[path = "../examples/blocking_host.rs"]
mod blocking_host;
use blocking_host::tell;

#[test]
fn what_is_printed_is_as_it_was_read_before() {
    let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/blocking-host.txt");
    let told = tell().expect("nothing is in the way");
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        fs::write(&golden, &told).expect("the golden file can be written");
    }
    assert!(told == fs::read_to_string(&golden).unwrap_or_default(), "{} is out of date", golden.display());
}

#[test]
fn it_has_the_lines_that_it_promises() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/blocking_host.rs");
    let text = fs::read_to_string(path).expect("the example");
    let lines = text.lines().filter(|line| !line.trim().is_empty()).count();
    assert!(lines <= 40, "{lines} lines");
}
