//! The program itself, told something that it cannot work with: it says which variable, and why, and ends.

use std::net::TcpListener;
use std::process::Command;

use inbox_service::tables::{Sqlite, Tables};

/// What it says on standard error before it ends in failure.
fn said(variables: &[(&str, &str)]) -> String {
    let folder = tempfile::tempdir().unwrap();
    let mut program = Command::new(env!("CARGO_BIN_EXE_inbox-service"));
    for name in ["DATABASE_URL", "GRAPH_URL", "GRAPH_TOKEN", "APP_SECRET", "VERIFY_TOKEN", "RUST_LOG"] {
        program.env_remove(name);
    }
    program.env("LISTEN", "127.0.0.1:0").env("DATA", folder.path().join("data")).envs(variables.iter().copied());
    let ended = program.output().unwrap();
    let said = String::from_utf8(ended.stderr).unwrap();
    assert_eq!(ended.status.code(), Some(1), "{said}");
    said
}

fn is_told(variables: &[(&str, &str)], parts: &[&str]) {
    let said = said(variables);
    for part in parts {
        assert!(said.contains(part), "{part} is not in: {said}");
    }
    // A sentence, and no value of Rust's.
    assert!(!said.contains("Error {") && !said.contains("kind:") && !said.contains("Os {"), "{said}");
}

#[test]
fn a_port_that_is_taken() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    is_told(&[("LISTEN", &address)], &["inbox-service: LISTEN: ", &address, "in use"]);
}

#[test]
fn what_is_no_address() {
    is_told(
        &[("LISTEN", "localhost:8099")],
        &["LISTEN: an address and a port, such as 127.0.0.1:8080", "`localhost:8099`"],
    );
}

#[test]
fn a_folder_that_is_a_file() {
    let file = tempfile::NamedTempFile::new().unwrap();
    let path = file.path().to_str().unwrap();
    is_told(&[("DATA", path)], &["DATA: ", path]);
}

#[test]
fn a_database_that_is_not_there() {
    is_told(&[("DATABASE_URL", "host=127.0.0.1 port=1 user=inbox password=hidden-word")], &["DATABASE_URL: "]);
    is_told(&[("DATABASE_URL", "nonsense")], &["DATABASE_URL: "]);
    assert!(
        !said(&[("DATABASE_URL", "host=127.0.0.1 port=1 user=inbox password=hidden-word")]).contains("hidden-word")
    );
}

#[test]
fn half_of_what_meta_needs() {
    for name in ["GRAPH_TOKEN", "APP_SECRET", "VERIFY_TOKEN"] {
        is_told(&[(name, "something")], &["GRAPH_URL: this is missing", name]);
    }
    is_told(&[("GRAPH_URL", "https://graph.facebook.com/v23.0")], &["GRAPH_TOKEN: this is missing"]);
    is_told(&[("GRAPH_URL", "graph")], &["GRAPH_URL: "]);
}

/// An organisation of one's own in the folder, as after `GRAPH_URL` was set once.
#[tokio::test]
async fn no_demonstration_beside_people_of_ones_own() {
    use std::sync::Arc;

    use inbox_service::host::Host;
    use inbox_service::stored::Stored;
    use inbox_service::tables::{Sqlite, Tables};
    use whatsapp_inbox::decider::Policy;
    use whatsapp_inbox::id::OrganisationId;
    use whatsapp_inbox::uuid::Uuid;

    let folder = tempfile::tempdir().unwrap();
    let store = Stored::Sqlite(sqlite_store::Sqlite::open(folder.path().join("inbox.db")).unwrap());
    let tables = Tables::Sqlite(Sqlite::open(&folder.path().join("host.db")).unwrap());
    let host = Host::open(tables, Arc::new(store)).await.unwrap();
    let own = OrganisationId::new(Uuid::from_u128(0xbead));
    assert!(host.add_organisation(own, "Ours", &Policy::default()).await.unwrap());
    drop(host);
    let path = folder.path().to_str().unwrap().to_owned();
    let refused = tokio::task::spawn_blocking(move || {
        is_told(&[("DATA", &path)], &["without GRAPH_URL anybody could be anybody"]);
    });
    refused.await.unwrap();
}

#[tokio::test]
async fn half_of_a_migration_is_none() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("host.db");
    // Given tables that cannot all be made, since one is there,
    let connection = rusqlite::Connection::open(&file).unwrap();
    connection.execute_batch("CREATE TABLE notes (id text)").unwrap();
    let migrate = async || Tables::Sqlite(Sqlite::open(&file).unwrap()).migrate().await;
    let error = migrate().await.unwrap_err().to_string();
    assert!(error.contains("notes"), "{error}");
    let tables = "SELECT group_concat(name) FROM sqlite_master WHERE type = 'table'";
    let tables = || connection.query_row(tables, [], |row| row.get::<_, String>(0)).unwrap();
    assert_eq!(tables(), "notes");
    // when it is gone, then they are made.
    connection.execute_batch("DROP TABLE notes").unwrap();
    migrate().await.unwrap();
    assert!(tables().contains("deliveries"));
    migrate().await.unwrap();
}
