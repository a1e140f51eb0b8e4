//! A brand's way onto WhatsApp, told from a case file: `cargo run --example onboarding`.
//!
//! The case is a file of JSON Lines: what brand and provider did, and Meta's deliveries as raw bodies with their signatures.
//! Give a path to tell another one; add `--gantt` to print the timeline as a Mermaid gantt chart as well.
#![allow(unreachable_pub, reason = "the modules are shared with the test that pins the output")]

mod acts;
mod case;
mod page;
mod paint;
mod story;

use std::io::{self, BufWriter, IsTerminal, Write};
use std::process::ExitCode;

use paint::Paint;

const SHIPPED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/data/harbour-bakery.jsonl");

fn main() -> ExitCode {
    let mut path = SHIPPED.to_owned();
    let mut gantt = false;
    for argument in std::env::args().skip(1) {
        match argument.as_str() {
            "--gantt" => gantt = true,
            "--help" | "-h" => {
                println!("usage: cargo run --example onboarding [-- [--gantt] [CASE.jsonl]]");
                return ExitCode::SUCCESS;
            }
            flag if flag.starts_with('-') => {
                eprintln!("{flag} is not known: cargo run --example onboarding -- --help");
                return ExitCode::FAILURE;
            }
            file => file.clone_into(&mut path),
        }
    }
    let out = io::stdout();
    let coloured = out.is_terminal() && std::env::var_os("NO_COLOR").is_none();
    let mut out = BufWriter::new(out.lock());
    let told = case::read(&path).and_then(|case| {
        story::tell(&case, gantt, Paint::new(coloured), &mut out).map_err(|error| format!("cannot write: {error}"))
    });
    let flushed = out.flush();
    match (told, flushed) {
        (Ok(()), Ok(())) => ExitCode::SUCCESS,
        (Err(message), _) => {
            eprintln!("{message}");
            ExitCode::FAILURE
        }
        (_, Err(_)) => ExitCode::FAILURE,
    }
}
