//! What is long is kept in a file and compared whole. `UPDATE_GOLDEN=1 cargo test --test spec` writes it anew.

use std::fs;
use std::path::Path;

/// Compares a file of `tests/golden` with what it should be, or writes it.
#[track_caller]
pub fn golden(name: &str, wanted: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden").join(name);
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        fs::write(&path, wanted).expect("the file can be written");
    }
    let found = fs::read_to_string(&path).unwrap_or_default();
    assert!(found == wanted, "{name} is out of date: UPDATE_GOLDEN=1 cargo test --test spec\n{wanted}");
}
