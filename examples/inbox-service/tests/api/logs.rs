//! What the service writes down of itself: everything at the finest level, and no secret in it.

use std::io::Write;
use std::sync::{Mutex, Once, PoisonError};

use inbox_service::demo::{ANA, MARA};
use serde_json::json;
use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::MakeWriter;
use whatsapp_inbox::uuid::Uuid;

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
        subscriber.with_ansi(false).with_writer(Writer).init();
    });
}

fn written() -> String {
    String::from_utf8_lossy(&WRITTEN.lock().unwrap_or_else(PoisonError::into_inner)).into_owned()
}
