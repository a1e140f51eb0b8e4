//! Clients that are slow, rude or many: each gets its due, and the others are served meanwhile.

use std::time::Duration;

use inbox_service::demo::MARA;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::{Instant, sleep, timeout};

use super::commands::futures_of;
use super::good::until_code;
use super::webhook::message;
use super::world::{PATIENCE, World, on_each};

/// The service's own bound is 15 seconds.
const CUT_OFF: Duration = Duration::from_secs(19);

/// Sends so much, and then a byte a second until it is hung up on; what was answered, and after how long.
async fn dribble(world: &World, first: &str) -> (String, Duration) {
    let began = Instant::now();
    let (mut reader, mut writer) = TcpStream::connect(world.address).await.unwrap().into_split();
    writer.write_all(first.as_bytes()).await.unwrap();
    let dribbling = tokio::spawn(async move {
        while writer.write_all(b"a").await.is_ok() {
            sleep(Duration::from_secs(1)).await;
        }
    });
    let mut answer = Vec::new();
    // Hung up on with bytes on their way, the kernel says reset.
    _ = timeout(PATIENCE, reader.read_to_end(&mut answer)).await.expect("it is never hung up on");
    dribbling.abort();
    (String::from_utf8_lossy(&answer).into_owned(), began.elapsed())
}

/// Sends all of it on a connection of its own, and what comes back until it is hung up.
async fn talk(world: &World, said: &[u8]) -> String {
    let (mut reader, mut writer) = TcpStream::connect(world.address).await.unwrap().into_split();
    let said = said.to_vec();
    let saying = tokio::spawn(async move {
        _ = writer.write_all(&said).await;
        writer
    });
    let mut answer = Vec::new();
    _ = timeout(PATIENCE, reader.read_to_end(&mut answer)).await.expect("it is never hung up on");
    drop(saying.await);
    String::from_utf8_lossy(&answer).into_owned()
}

fn status(answer: &str) -> u16 {
    answer.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or_default()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_slow_client_is_cut_off_and_the_others_are_served() {
    let world = World::on_sqlite().await;
    let before = world.quiet().await;
    let post = |path: &str| format!("POST {path} HTTP/1.1\r\nhost: a\r\ncontent-length: 9999\r\n");
    let json = "content-type: application/json\r\n";
    let mara = format!("x-user: {MARA}\r\n");
    let slow = [
        ("a head", "GET /health HTTP/1.1\r\nhost: a\r\nx-long: ".to_owned(), 0),
        ("the first line", "G".to_owned(), 0),
        ("a body", format!("{}\r\n", post("/webhook")), 408),
        ("a body of the API", format!("{}{json}{mara}\r\n{{", post("/api/templates/check")), 408),
        ("a body for the stand-in", format!("{}{json}\r\n{{", post("/graph-stand-in/decide")), 408),
        ("a head after a request", "GET /health HTTP/1.1\r\nhost: a\r\n\r\nGET ".to_owned(), 200),
    ];
    let others = async {
        let mut slowest = Duration::ZERO;
        for _ in 0..40 {
            let began = Instant::now();
            assert_eq!(world.ask("GET", "/health").send().await.status, 200);
            slowest = slowest.max(began.elapsed());
            sleep(Duration::from_millis(200)).await;
        }
        slowest
    };
    let dribbling = futures_of(slow.iter().map(|(_, first, _)| dribble(&world, first)).collect());
    let (cut_off, slowest) = tokio::join!(dribbling, others);
    for ((name, _, expected), (answer, after)) in slow.iter().zip(cut_off) {
        assert!(after < CUT_OFF, "{name}: {after:?}");
        assert_eq!(status(&answer), *expected, "{name}: {answer}");
        assert!(*expected != 408 || answer.contains("\"too-slow\""), "{name}: {answer}");
    }
    assert!(slowest < Duration::from_secs(2), "{slowest:?}");
    assert_eq!(world.quiet().await, before);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_code_is_answered_also_where_whoever_entered_it_has_gone() {
    on_each(async |world| {
        let path = format!("/api/onboardings/{}/commands", until_code(world).await);
        let body = r#"{"enter-code":{"code":"111111"}}"#;
        let head = format!(
            "POST {path} HTTP/1.1\r\nhost: a\r\nx-user: {MARA}\r\ncontent-type: application/json\r\n\
             content-length: {}\r\n\r\n",
            body.len()
        );
        let before = world.quiet().await["events"];
        let mut entries = 0;
        // Sooner or later: before it is read, before the entry is written, while Meta is called, afterwards.
        for pause in (0..=30).cycle() {
            let mut stream = TcpStream::connect(world.address).await.unwrap();
            stream.write_all(format!("{head}{body}").as_bytes()).await.unwrap();
            sleep(Duration::from_millis(pause)).await;
            drop(stream);
            // Where the entry is written, what Meta answered to it is.
            let events = world.quiet().await["events"] - before;
            assert_eq!(events % 2, 0, "{}: nobody knows what came of an entry, after {pause} ms", world.kind);
            entries = events / 2;
            // The fifth locks the number.
            if entries == 5 {
                break;
            }
        }
        assert_eq!(entries, 5);
        let told = world.ask("GET", path.trim_end_matches("/commands")).by(MARA).send().await.good(200);
        assert!(told["checklist"].to_string().contains("number-locked"), "{told}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_takes_no_answer_is_hung_up_on() {
    let world = World::on_sqlite().await;
    let began = Instant::now();
    let (reader, mut writer) = TcpStream::connect(world.address).await.unwrap().into_split();
    // More answers than the kernel keeps: from then on the service waits for somebody to read.
    let asks = "GET /pages/style.css HTTP/1.1\r\nhost: a\r\n\r\n".repeat(4096);
    let asking = tokio::spawn(async move { while writer.write_all(asks.as_bytes()).await.is_ok() {} });
    timeout(PATIENCE, asking).await.expect("it is never hung up on").unwrap();
    let after = began.elapsed();
    assert!(after > Duration::from_secs(10) && after < CUT_OFF, "{after:?}");
    assert_eq!(world.ask("GET", "/health").send().await.status, 200);
    drop(reader);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_hangs_up_leaves_nothing_half_done() {
    on_each(async |world| {
        let before = world.quiet().await;
        let body = message("wamid.gone", "Gone").to_string();
        let signature = world.started.app.secret.sign(body.as_bytes());
        let head = format!(
            "POST /webhook HTTP/1.1\r\nhost: a\r\nx-hub-signature-256: {signature}\r\ncontent-length: {}\r\n\r\n",
            body.len()
        );
        for part in [&body[..0], &body[..body.len() / 2], &body[..body.len() - 1]] {
            let mut stream = TcpStream::connect(world.address).await.unwrap();
            stream.write_all(format!("{head}{part}").as_bytes()).await.unwrap();
            stream.shutdown().await.unwrap();
        }
        for part in [&head[..10], &head[..head.len() - 2]] {
            let mut stream = TcpStream::connect(world.address).await.unwrap();
            stream.write_all(part.as_bytes()).await.unwrap();
        }
        assert_eq!(world.quiet().await, before);
        // Hung up on before the answer: kept or not, but whole, and once when it comes again.
        for _ in 0..20 {
            let mut stream = TcpStream::connect(world.address).await.unwrap();
            stream.write_all(format!("{head}{body}").as_bytes()).await.unwrap();
        }
        assert_eq!(world.delivery(body.as_bytes()).send().await.status, 200);
        let after = world.quiet().await;
        assert_eq!((after["deliveries"], after["messages"]), (before["deliveries"] + 1, before["messages"] + 1));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_hundred_connections_at_once_are_served() {
    on_each(async |world| {
        let ask = format!("GET /api/channels HTTP/1.1\r\nhost: a\r\nx-user: {MARA}\r\nconnection: close\r\n\r\n");
        let told = futures_of((0..200).map(|_| talk(world, ask.as_bytes())).collect()).await;
        assert!(told.iter().all(|told| status(told) == 200), "{}: {told:?}", world.kind);
        let deliver = async |n: usize| {
            let body = message(&format!("wamid.many.{n}"), "One of many").to_string();
            world.delivery(body.as_bytes()).send().await.status
        };
        let before = world.quiet().await;
        assert!(futures_of((0..200).map(deliver).collect()).await.iter().all(|status| *status == 200));
        assert_eq!(world.quiet().await["messages"], before["messages"] + 200);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_hardly_http_is_turned_away() {
    let world = World::on_sqlite().await;
    let before = world.quiet().await;
    let get = |path: &str, more: &str| format!("GET {path} HTTP/1.1\r\nhost: a\r\nconnection: close\r\n{more}\r\n");
    let headers = "x-many: a\r\n".repeat(10_000);
    let many = [
        ("ten thousand headers", get("/health", &headers), &[400, 431][..]),
        ("a header of a megabyte", get("/health", &format!("x: {}\r\n", "a".repeat(1_000_000))), &[400, 431]),
        ("a cookie of 60 kB", get("/api/me", &format!("cookie: who={}\r\n", "a".repeat(60_000))), &[401]),
        ("an address of a megabyte", get(&format!("/{}", "a".repeat(1_000_000)), ""), &[400, 414, 431]),
        ("a way out", get("/../../etc/passwd", ""), &[404]),
        ("a way out of the pages", get("/pages/../../Cargo.toml", ""), &[404]),
        ("a way out by encoding", get("/pages/..%2f..%2f..%2fetc%2fpasswd", ""), &[404]),
        ("two slashes", get("//etc/passwd", ""), &[404]),
        ("the address of another host", get("http://meta.example/etc/passwd", ""), &[404]),
        ("a zero character", get("/\0", ""), &[400]),
        ("no host, no version", "GET /health\r\n\r\n".to_owned(), &[400]),
        (
            "two lengths",
            "POST /webhook HTTP/1.1\r\nhost: a\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nab".to_owned(),
            &[400],
        ),
        ("a length that is none", "POST /webhook HTTP/1.1\r\nhost: a\r\ncontent-length: -1\r\n\r\n".to_owned(), &[400]),
        ("a TLS client", "\u{16}\u{3}\u{1}\u{2}\0\u{1}\0\r\n\r\n".to_owned(), &[400]),
    ];
    for (name, said, expected) in many {
        let answer = talk(&world, said.as_bytes()).await;
        // With much left unread, the kernel may throw the answer away.
        assert!(expected.contains(&status(&answer)) || (answer.is_empty() && said.len() > 60_000), "{name}: {answer}");
        assert!(!answer.contains("root:") && !answer.contains("[package]"), "{name}");
        assert_eq!(world.ask("GET", "/health").send().await.status, 200, "{name}");
    }
    assert_eq!(world.quiet().await, before);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_body_is_as_long_as_it_says() {
    let world = World::on_sqlite().await;
    let before = world.quiet().await;
    let body = message("wamid.long", "As long as it says").to_string();
    let signature = world.started.app.secret.sign(body.as_bytes());
    let head =
        |length: &str| format!("POST /webhook HTTP/1.1\r\nhost: a\r\nx-hub-signature-256: {signature}\r\n{length}\r\n");
    let length = |length: usize| head(&format!("content-length: {length}\r\n"));
    // What comes after the body is no part of it, and no request either.
    let more = talk(&world, format!("{}{body}and more\r\n\r\n", length(body.len())).as_bytes()).await;
    assert_eq!((status(&more), more.matches("HTTP/1.1").count()), (200, 2), "{more}");
    assert!(more.contains("HTTP/1.1 400"), "{more}");
    // Cut short, it is another body than the one that is signed.
    let less = talk(&world, format!("{}{body}", length(body.len() - 3)).as_bytes()).await;
    assert_eq!(status(&less), 401, "{less}");
    // In pieces, and with a length beside: the pieces count, or it is refused.
    let pieces = format!("{:x}\r\n{body}\r\n0\r\n\r\n", body.len());
    let both = head("transfer-encoding: chunked\r\ncontent-length: 3\r\nconnection: close\r\n");
    let both = talk(&world, format!("{both}{pieces}").as_bytes()).await;
    assert!(matches!(status(&both), 200 | 400), "{both}");
    assert_eq!(world.quiet().await["deliveries"], before["deliveries"] + 1);
}
