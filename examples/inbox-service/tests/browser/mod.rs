//! A browser, and a service that it looks at: both are started for one test and end with it.
#![allow(unreachable_pub, reason = "a module of one test program")]

use std::env;
use std::future::Future;
use std::net::{SocketAddr, TcpListener};
use std::process::Stdio;
use std::time::Duration;

use axum::http::Method;
use fantoccini::actions::{InputSource, KeyAction, KeyActions};
use fantoccini::key::Key;
use fantoccini::wd::{Capabilities, WebDriverCompatibleCommand};
use fantoccini::{Client, ClientBuilder};
use hyper_util::client::legacy::connect::HttpConnector;
use inbox_service::config::{Config, Meta, Storage};
use inbox_service::start::start;
use reqwest::Url;
use serde_json::{Value, json};
use tokio::process::{Child, Command};
use tokio_util::sync::CancellationToken;

pub const BAKERY: &str = "00000000-0000-0000-0000-00000000ba5e";
pub const MARA: &str = "00000000-0000-0000-0000-00000000ba5e/00000000-0000-0000-0000-000000000001";
pub const ANA: &str = "00000000-0000-0000-0000-00000000ba5e/00000000-0000-0000-0000-000000000002";
pub const BEN: &str = "00000000-0000-0000-0000-00000000ba5e/00000000-0000-0000-0000-000000000003";
pub const DANA: &str = "00000000-0000-0000-0000-00000000ba5e/00000000-0000-0000-0000-000000000005";
pub const ORDERS: &str = "00000000-0000-0000-0000-00000000ba5e/00000000-0000-0000-0000-0000000000c0";

/// So often it is looked whether something has become true, and so long in between: a machine may be slow.
const LOOKS: usize = 400;
const PAUSE: Duration = Duration::from_millis(50);
/// More stops than any page has.
const STOPS: usize = 300;

/// A window on the pages of a service of its own.
#[derive(Debug, Clone)]
pub struct Window {
    client: Client,
    /// Where the service is.
    pub here: String,
}

/// Does something in a window. Without chromedriver nothing is done; where that must not be, it is a failure.
pub async fn browse<F: Future<Output = ()> + Send + 'static>(test: impl FnOnce(Window) -> F) {
    let Some((_driver, at)) = chromedriver().await else {
        let must_be = env::var("CI").is_ok_and(|ci| ci == "true");
        assert!(!must_be, "the pages are tested with chromedriver, and there is none");
        eprintln!("skipped: there is no chromedriver");
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let stop = CancellationToken::new();
    let listen = SocketAddr::from(([127, 0, 0, 1], 0));
    let config = Config { listen, storage: Storage::Folder(folder.path().to_owned()), meta: Meta::StandIn };
    let started = start(config, &stop).await.unwrap();
    let connector = HttpConnector::new();
    let client = ClientBuilder::new(connector).capabilities(capabilities()).connect(&at).await.unwrap();
    let window = Window { client: client.clone(), here: format!("http://{}", started.address) };
    // The browser is closed whatever happens, or it would stay when the test is long over.
    let done = tokio::spawn(test(window)).await;
    client.close().await.unwrap();
    stop.cancel();
    started.stopped(&stop).await;
    if let Err(failed) = done {
        std::panic::resume_unwind(failed.into_panic());
    }
}

/// A driver on a free port. It ends with the value.
async fn chromedriver() -> Option<(Child, String)> {
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let mut command = Command::new("chromedriver");
    command.arg(format!("--port={port}")).stdout(Stdio::null()).stderr(Stdio::null()).kill_on_drop(true);
    let driver = command.spawn().ok()?;
    let at = format!("http://127.0.0.1:{port}");
    for _ in 0..LOOKS {
        if reqwest::get(format!("{at}/status")).await.is_ok() {
            return Some((driver, at));
        }
        tokio::time::sleep(PAUSE).await;
    }
    panic!("chromedriver does not answer");
}

fn capabilities() -> Capabilities {
    let arguments =
        ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--window-size=1280,900"];
    let told = json!({
        "goog:chromeOptions": { "args": arguments },
        "goog:loggingPrefs": { "browser": "ALL" },
    });
    serde_json::from_value(told).unwrap()
}

impl Window {
    /// Goes to a page, and waits until it is there.
    pub async fn go(&self, path: &str) {
        // A change of the part after `#` alone would load nothing.
        self.client.goto("about:blank").await.unwrap();
        self.client.goto(&format!("{}{path}", self.here)).await.unwrap();
        self.until("!document.querySelector('main[aria-busy]') && !document.querySelector('.loading')").await;
    }

    /// Goes on as somebody else: `user:…` or `operator:…`.
    pub async fn become_somebody(&self, who: &str) {
        self.client.goto(&format!("{}/health", self.here)).await.unwrap();
        self.run(&format!("document.cookie = 'who={who}; Path=/; SameSite=Strict'")).await;
    }

    /// Runs a script, and gives what it returns.
    pub async fn run(&self, script: &str) -> Value {
        self.client.execute(script, Vec::new()).await.unwrap()
    }

    /// What an expression comes to.
    pub async fn value(&self, expression: &str) -> Value {
        self.run(&format!("return {expression}")).await
    }

    /// Waits until an expression is true.
    pub async fn until(&self, expression: &str) {
        let look = format!("try {{ return Boolean({expression}) }} catch {{ return false }}");
        for _ in 0..LOOKS {
            // While a page is loaded no script can run in it.
            if self.client.execute(&look, Vec::new()).await.is_ok_and(|told| told == json!(true)) {
                return;
            }
            tokio::time::sleep(PAUSE).await;
        }
        let seen = self.value("document.body.innerText").await;
        panic!("it did not become true: {expression}; the page says: {seen}");
    }

    /// The text of the first element that a selector finds, once there is one.
    pub async fn text(&self, selector: &str) -> String {
        self.until(&format!("document.querySelector({})", json!(selector))).await;
        let text = self.value(&format!("document.querySelector({}).innerText", json!(selector))).await;
        text.as_str().unwrap_or_default().to_owned()
    }

    /// Waits until an element says something.
    pub async fn says(&self, selector: &str, text: &str) {
        self.until(&format!("document.querySelector({}).innerText.includes({})", json!(selector), json!(text))).await;
    }

    /// Clicks an element, once it is there.
    pub async fn click(&self, selector: &str) {
        self.until(&format!("document.querySelector({})", json!(selector))).await;
        self.run(&format!("document.querySelector({}).click()", json!(selector))).await;
    }

    /// Gives a field a value, as if it had been typed.
    pub async fn fill(&self, selector: &str, value: &str) {
        self.until(&format!("document.querySelector({})", json!(selector))).await;
        let fill = format!(
            "const field = document.querySelector({}); field.value = {};
             for (const kind of ['input', 'change']) field.dispatchEvent(new Event(kind, {{ bubbles: true }}));",
            json!(selector),
            json!(value)
        );
        self.run(&fill).await;
    }

    /// Presses keys, one after the other.
    pub async fn keys(&self, keys: impl IntoIterator<Item = char>) {
        let press = |actions: KeyActions, value| actions.then(KeyAction::Down { value }).then(KeyAction::Up { value });
        let actions = keys.into_iter().fold(KeyActions::new("keys".to_owned()), press);
        self.client.perform_actions(actions).await.unwrap();
    }

    /// Goes with Tab alone to an element, and nowhere by mouse.
    pub async fn tab_to(&self, selector: &str) {
        self.until(&format!("document.querySelector({})", json!(selector))).await;
        let there = format!("document.activeElement.matches({})", json!(selector));
        for _ in 0..STOPS {
            if self.value(&there).await == json!(true) {
                return;
            }
            self.keys([Key::Tab.into()]).await;
        }
        panic!("Tab does not come to {selector}");
    }

    /// Goes to a button or a link with Tab, and presses Enter.
    pub async fn press(&self, selector: &str) {
        self.tab_to(selector).await;
        self.keys([Key::Enter.into()]).await;
    }

    /// Goes to a field with Tab, and types in place of what stands there.
    pub async fn write(&self, selector: &str, text: &str) {
        self.tab_to(selector).await;
        // Who comes into a field with Tab has all of its text selected, and writes over it.
        self.keys(text.chars()).await;
        let value = self.value("document.activeElement.value").await;
        assert_eq!(value, json!(text), "typed into {selector}");
    }

    /// As wide as this a window is, and of this scheme.
    pub async fn look(&self, width: u32, scheme: &str) {
        let size = json!({ "width": width, "height": 900, "deviceScaleFactor": 1, "mobile": false });
        self.tell("Emulation.setDeviceMetricsOverride", size).await;
        let scheme = json!({ "features": [{ "name": "prefers-color-scheme", "value": scheme }] });
        self.tell("Emulation.setEmulatedMedia", scheme).await;
    }

    /// What the browser complained of since it was asked last.
    pub async fn complaints(&self) -> Vec<String> {
        let log = self.client.issue_cmd(Log).await.unwrap();
        let lines = log.as_array().cloned().unwrap_or_default();
        lines.iter().filter(|line| line["level"] == "SEVERE").map(|line| line["message"].to_string()).collect()
    }

    async fn tell(&self, command: &'static str, parameters: Value) {
        self.client.issue_cmd(DevTools { command, parameters }).await.unwrap();
    }

    /// What the API answers to somebody, beside the window.
    pub async fn api(&self, method: &str, path: &str, who: &str, version: Option<&str>, body: Option<Value>) -> Value {
        let url = format!("{}{path}", self.here);
        let mut request = reqwest::Client::new().request(method.parse().unwrap(), url).header("X-User", who);
        if let Some(version) = version {
            request = request.header("If-Match", format!("\"{version}\""));
        }
        if let Some(body) = body {
            request = request.json(&body);
        }
        let response = request.send().await.unwrap();
        let (status, text) = (response.status(), response.text().await.unwrap());
        assert!(status.is_success(), "{method} {path}: {status} {text}");
        serde_json::from_str(&text).unwrap()
    }
}

/// A command of the browser's own protocol.
#[derive(Debug)]
struct DevTools {
    command: &'static str,
    parameters: Value,
}

/// What stands in the console.
#[derive(Debug)]
struct Log;

fn endpoint(base: &Url, session: Option<&str>, path: &str) -> Result<Url, <Url as std::str::FromStr>::Err> {
    base.join(&format!("session/{}/{path}", session.unwrap_or_default()))
}

impl WebDriverCompatibleCommand for DevTools {
    fn endpoint(&self, base: &Url, session: Option<&str>) -> Result<Url, <Url as std::str::FromStr>::Err> {
        endpoint(base, session, "goog/cdp/execute")
    }

    fn method_and_body(&self, _: &Url) -> (Method, Option<String>) {
        (Method::POST, Some(json!({ "cmd": self.command, "params": self.parameters }).to_string()))
    }
}

impl WebDriverCompatibleCommand for Log {
    fn endpoint(&self, base: &Url, session: Option<&str>) -> Result<Url, <Url as std::str::FromStr>::Err> {
        endpoint(base, session, "se/log")
    }

    fn method_and_body(&self, _: &Url) -> (Method, Option<String>) {
        (Method::POST, Some(json!({ "type": "browser" }).to_string()))
    }
}
