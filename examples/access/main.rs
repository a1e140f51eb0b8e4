//! Who may do what in a small organisation, and why: `cargo run --example access`.
//!
//! The organisation is a JSON file in names; `-- --help` tells how to ask a question of your own.
#![allow(unreachable_pub, reason = "the modules are shared with the test that pins the output")]

mod answer;
mod organisation;
#[path = "../onboarding/paint.rs"]
mod paint;
mod story;

use std::io::{self, IsTerminal, Write};
use std::process::ExitCode;

use paint::Paint;

const SHIPPED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/data/organisation.json");

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let mut out = io::stdout().lock();
    let coloured = out.is_terminal() && std::env::var_os("NO_COLOR").is_none();
    match story::run(SHIPPED, &arguments, Paint::new(coloured)) {
        // Whoever reads may have read enough.
        Ok(text) if out.write_all(text.as_bytes()).and_then(|()| out.flush()).is_ok() => ExitCode::SUCCESS,
        Ok(_) => ExitCode::FAILURE,
        Err(message) => {
            eprintln!("{message}");
            ExitCode::FAILURE
        }
    }
}
