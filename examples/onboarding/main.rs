//! A brand's way onto WhatsApp, told from a case file: `cargo run --example onboarding`.
//!
//! The case is a file of JSON Lines: what brand and provider did, and Meta's deliveries as raw bodies with their signatures.
//! `--plan embedded-signup` tells the shipped case of Meta's flow of today. Give a path to tell another one; add `--gantt` to print the timeline as a Mermaid gantt chart as well.
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
const OF_TODAY: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/data/quayside-flowers.jsonl");

/// The shipped case of a plan.
fn shipped(plan: &str) -> Option<&'static str> {
    match plan {
        "walkthrough" => Some(SHIPPED),
        "embedded-signup" => Some(OF_TODAY),
        _ => None,
    }
}

fn main() -> ExitCode {
    let mut path = SHIPPED.to_owned();
    let mut gantt = false;
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--plan" => {
                let Some(file) = arguments.next().as_deref().and_then(shipped) else {
                    eprintln!("--plan is followed by walkthrough or embedded-signup");
                    return ExitCode::FAILURE;
                };
                file.clone_into(&mut path);
            }
            "--gantt" => gantt = true,
            "--help" | "-h" => {
                println!("usage: cargo run --example onboarding [-- [--gantt] [--plan PLAN | CASE.jsonl]]");
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
