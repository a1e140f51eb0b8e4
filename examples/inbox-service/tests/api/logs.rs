//! What the service writes down of itself: everything at the finest level, and no secret in it.

use std::io::Write;
use std::sync::{Mutex, Once, PoisonError};

use inbox_service::demo::{CEM, MARA};
use inbox_service::stand_in::RIGHT_CODE;
use serde_json::json;
use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::MakeWriter;

use super::good::{conversation_with, onboard};
use super::webhook::{message, messages};
use super::world::{World, on_each};

static WRITTEN: Mutex<Vec<u8>> = Mutex::new(Vec::new());

struct Writer;

impl Write for Writer {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        WRITTEN.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Writer {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        Self
    }
}

/// From now on everything is caught that any service of this program writes.
pub(crate) fn listen() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let ours = "inbox_service=trace,tower_http=trace,whatsapp_inbox=trace,sqlite_store=trace,postgres_store=trace";
        let spans = tracing_subscriber::fmt::format::FmtSpan::FULL;
        let subscriber = tracing_subscriber::fmt().with_env_filter(EnvFilter::new(ours)).with_span_events(spans);
        // Without the time: its digits may be those of a secret.
        subscriber.without_time().with_ansi(false).with_writer(Writer).init();
    });
}

fn written() -> String {
    String::from_utf8_lossy(&WRITTEN.lock().unwrap_or_else(PoisonError::into_inner)).into_owned()
}

/// What is secret or private in the test below, each told to the service in the way that it is told in life.
const PIN: &str = "862951";
const WRONG_CODE: &str = "471113";
const GUESS: &str = "a-guess-of-the-verify-token";
const PRIVATE: [&str; 6] = [
    "private: what the team replied",
    "private: what a colleague noted",
    "private: what a customer wrote",
    "private: where a text is no object",
    "private: a name of a customer",
    "private: where no text is expected",
];

async fn use_secrets(world: &World) -> Vec<String> {
    let [replied, noted, wrote, misplaced, name, unexpected] = PRIVATE;
    let (onboarding, _) = onboard(world, PIN).await;
    let steps = format!("/api/onboardings/{onboarding}/commands");
    for act in [
        json!({ "enter-code": { "code": WRONG_CODE } }),
        json!({ "enter-code": { "code": 471_113 } }),
        json!({ "enter-code": WRONG_CODE }),
        json!({ "enter-code": { WRONG_CODE: 1 } }),
        json!({ "register": { "pin": PIN } }),
        json!({ "register": [PIN] }),
        json!({ PIN: null }),
    ] {
        let told = world.ask("POST", &steps).by(MARA).json(&act).send().await;
        assert!(told.status >= 400, "{act}: {}", told.text);
        // Nor is it told back, except as the name of a field.
        let field = told.text.contains("unknown field");
        assert!(field || !(told.text.contains(PIN) || told.text.contains(WRONG_CODE)), "{act}: {}", told.text);
    }
    let conversation = format!("/api/conversations/{}/commands", conversation_with(world, "Lena Brandt").await);
    for act in [
        json!({ "reply": { "text": replied } }),
        json!({ "add-note": { "text": noted } }),
        json!({ "reply": unexpected }),
    ] {
        world.ask("POST", &conversation).by(CEM).json(&act).send().await;
    }
    let shape = json!([{ "from": "4915100000055", "id": "wamid.shape", "text": misplaced }]);
    let contacts = json!([{ "wa_id": "4915100000055", "profile": { "name": name } }]);
    let named = json!([{ "from": "4915100000055", "id": "wamid.named", "text": { "body": wrote } }]);
    let number = "106540352242922";
    let mut told = Vec::new();
    for body in [message("wamid.p", wrote), messages(number, shape, json!([])), messages(number, named, contacts)] {
        let body = body.to_string();
        told.push(world.started.app.secret.sign(body.as_bytes()));
        assert_eq!(world.delivery(body.as_bytes()).send().await.status, 200);
    }
    let wrong = format!("sha256={}", "1234abcd".repeat(8));
    told.push(wrong.clone());
    world.ask("POST", "/webhook").header("x-hub-signature-256", &wrong).send().await.problem(401, "signature-mismatch");
    for token in [GUESS, "stand-in"] {
        let query = format!("?hub.mode=subscribe&hub.verify_token={token}&hub.challenge=815");
        world.ask("GET", &format!("/webhook{query}")).send().await;
    }
    world.quiet().await;
    told
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_secret_is_written_down() {
    on_each(async |world| {
        let mut secrets = use_secrets(world).await;
        secrets.extend(PRIVATE.map(str::to_owned));
        secrets.extend(
            [PIN, WRONG_CODE, RIGHT_CODE, GUESS, "verify_token", "Bearer", "it is no secret"].map(str::to_owned),
        );
        let written = written();
        // It is listened to at the finest level, or this would prove nothing.
        assert!(written.contains("TRACE") || written.contains("DEBUG"), "{written}");
        assert!(written.contains("a delivery was not Meta's") && written.contains("another shape"));
        for secret in secrets {
            let secret = secret.strip_prefix("sha256=").unwrap_or(&secret);
            let line = written.lines().find(|line| line.contains(secret));
            assert!(line.is_none(), "{}: {secret:?} in {line:?}", world.kind);
        }
    })
    .await;
}
