//! The pages: files that are built into the program.

use axum::Router;
use axum::http::header;
use axum::response::{Html, Redirect};
use axum::routing::get;

const CSS: &str = "text/css; charset=utf-8";
const SCRIPT: &str = "text/javascript; charset=utf-8";

/// Every page, with its style and scripts.
pub fn router() -> Router {
    let html = |text: &'static str| get(move || async move { Html(text) });
    let file =
        |kind: &'static str, text: &'static str| get(move || async move { ([(header::CONTENT_TYPE, kind)], text) });
    Router::new()
        .route("/", get(|| async { Redirect::temporary("/onboarding") }))
        .route("/onboarding", html(include_str!("../pages/onboarding.html")))
        .route("/settings", html(include_str!("../pages/settings.html")))
        .route("/access", html(include_str!("../pages/access.html")))
        .route("/queues", html(include_str!("../pages/queues.html")))
        .route("/pages/style.css", file(CSS, include_str!("../pages/style.css")))
        .route("/pages/common.js", file(SCRIPT, include_str!("../pages/common.js")))
        .route("/pages/onboarding.js", file(SCRIPT, include_str!("../pages/onboarding.js")))
        .route("/pages/settings.js", file(SCRIPT, include_str!("../pages/settings.js")))
        .route("/pages/access.js", file(SCRIPT, include_str!("../pages/access.js")))
        .route("/pages/queues.js", file(SCRIPT, include_str!("../pages/queues.js")))
}
