//! The pages: files that are built into the program.

use axum::Router;
use axum::http::header;
use axum::response::{Html, Redirect};
use axum::routing::get;

const CSS: &str = "text/css; charset=utf-8";
const SVG: &str = "image/svg+xml";
const SCRIPT: &str = "text/javascript; charset=utf-8";

/// What the pages ask for, by its name under `/pages/`.
const FILES: [(&str, &str, &str); 28] = [
    ("access-grants.js", SCRIPT, include_str!("../pages/access-grants.js")),
    ("access-why.js", SCRIPT, include_str!("../pages/access-why.js")),
    ("access.css", CSS, include_str!("../pages/access.css")),
    ("access.js", SCRIPT, include_str!("../pages/access.js")),
    ("api.js", SCRIPT, include_str!("../pages/api.js")),
    ("common.js", SCRIPT, include_str!("../pages/common.js")),
    ("dom.js", SCRIPT, include_str!("../pages/dom.js")),
    ("form.js", SCRIPT, include_str!("../pages/form.js")),
    ("icon.svg", SVG, include_str!("../pages/icon.svg")),
    ("onboarding-fields.js", SCRIPT, include_str!("../pages/onboarding-fields.js")),
    ("onboarding-forms.js", SCRIPT, include_str!("../pages/onboarding-forms.js")),
    ("onboarding-stand-in.js", SCRIPT, include_str!("../pages/onboarding-stand-in.js")),
    ("onboarding-steps.js", SCRIPT, include_str!("../pages/onboarding-steps.js")),
    ("onboarding-timeline.js", SCRIPT, include_str!("../pages/onboarding-timeline.js")),
    ("onboarding.css", CSS, include_str!("../pages/onboarding.css")),
    ("onboarding.js", SCRIPT, include_str!("../pages/onboarding.js")),
    ("queues-cards.js", SCRIPT, include_str!("../pages/queues-cards.js")),
    ("queues-conversation.js", SCRIPT, include_str!("../pages/queues-conversation.js")),
    ("queues-customer.js", SCRIPT, include_str!("../pages/queues-customer.js")),
    ("queues-template.js", SCRIPT, include_str!("../pages/queues-template.js")),
    ("queues.css", CSS, include_str!("../pages/queues.css")),
    ("queues.js", SCRIPT, include_str!("../pages/queues.js")),
    ("settings-form.js", SCRIPT, include_str!("../pages/settings-form.js")),
    ("settings-preview.js", SCRIPT, include_str!("../pages/settings-preview.js")),
    ("settings.css", CSS, include_str!("../pages/settings.css")),
    ("settings.js", SCRIPT, include_str!("../pages/settings.js")),
    ("style.css", CSS, include_str!("../pages/style.css")),
    ("time.js", SCRIPT, include_str!("../pages/time.js")),
];

/// What every page begins as; its script makes the rest.
const PAGE: &str = include_str!("../pages/page.html");

/// The pages, by their addresses and titles.
const PAGES: [(&str, &str); 4] =
    [("onboarding", "Onboarding"), ("settings", "Settings"), ("access", "Access"), ("queues", "Queues")];

/// Every page, with its style and scripts.
pub fn router() -> Router {
    let html = |text: String| get(move || async move { Html(text) });
    let file =
        |kind: &'static str, text: &'static str| get(move || async move { ([(header::CONTENT_TYPE, kind)], text) });
    let start = Router::new().route("/", get(|| async { Redirect::temporary("/onboarding") }));
    let pages = PAGES.into_iter().fold(start, |pages, (name, title)| {
        let here = format!("href=\"/{name}\">{title}");
        let marked = here.replace('>', " aria-current=\"page\">");
        let page = PAGE.replace("{name}", name).replace("{Title}", title).replace(&here, &marked);
        pages.route(&format!("/{name}"), html(page))
    });
    FILES.into_iter().fold(pages, |pages, (name, kind, text)| pages.route(&format!("/pages/{name}"), file(kind, text)))
}
