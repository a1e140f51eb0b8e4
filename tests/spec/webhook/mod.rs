//! What reaches us from Meta.

mod fact_id;
mod fields;
mod hostile;
mod json;
mod open_enums;
mod order;
mod platform;
mod signature;
mod tolerant;
mod translation;
mod typed;

use whatsapp_inbox::whatsapp::delivery::{AppSecret, Change, Delivery, ReadError};

fn secret() -> AppSecret {
    AppSecret::new("9c1e5a0b7d3f").unwrap()
}

/// Reads a body as if Meta had signed it.
fn read(body: &[u8]) -> Result<Delivery<'_>, ReadError> {
    let secret = secret();
    secret.check(body, &secret.sign(body)).unwrap().read()
}

/// The changes of a body that is JSON.
fn changes(body: &str) -> Vec<Change<'_>> {
    read(body.as_bytes()).unwrap().changes
}

/// The one change of a body.
fn only(body: &str) -> Change<'_> {
    let [change] = <[Change<'_>; 1]>::try_from(changes(body)).unwrap();
    change
}

/// Every delivery of `tests/data/deliveries`, by the name of its file.
fn samples() -> Vec<(String, String)> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/deliveries");
    let files = std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().path());
    let mut samples: Vec<_> = files
        .map(|path| (path.file_stem().unwrap().to_str().unwrap().to_owned(), std::fs::read_to_string(path).unwrap()))
        .collect();
    samples.sort();
    samples
}

/// One of them.
fn sample(name: &str) -> String {
    samples().into_iter().find(|(other, _)| other == name).unwrap().1
}
