//! The settings: faults at their fields, what a change would do, what happens when somebody else was quicker.

use serde_json::json;

use crate::browser::{MARA, ORDERS, Window, browse};

const SAVE: &str = ".settings-form .primary";

/// The numbers of the preview, once it says of how many conversations it tells.
async fn counts(window: &Window) -> [u64; 3] {
    let count = |name: &str| format!("Number(document.querySelector('[data-count={name}] strong').innerText)");
    let mut counts = [0; 3];
    for (at, name) in counts.iter_mut().zip(["resolved_at_once", "other_deadline", "unchanged"]) {
        *at = window.value(&count(name)).await.as_u64().unwrap();
    }
    counts
}

async fn window_of(window: &Window, setting: &str, days: &str, hours: &str, minutes: &str) {
    for (unit, value) in [("days", days), ("hours", hours), ("minutes", minutes)] {
        window.fill(&format!("[data-span={setting}] [data-unit={unit}]"), value).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn faults_stand_at_their_fields_and_the_first_has_the_keyboard() {
    browse(|window| async move {
        window.go("/settings").await;
        window.fill("[name=name]", &"x".repeat(256)).await;
        window.says("[data-counter=name]", "256 of 255").await;
        window_of(&window, "auto_resolve_new", "0", "0", "5").await;
        window.click(SAVE).await;
        window.until("document.querySelector('[name=name][aria-invalid=true]')").await;
        let told = "document.getElementById(document.querySelector('[name=name]').getAttribute('aria-describedby').split(' ').at(-1))";
        let told = window.value(&format!("{told}.innerText")).await;
        assert_eq!(told, json!("A channel name has 1 to 255 characters, and this one has 256."));
        window.says("[data-choice=auto_resolve_new]", "10 minutes to 999 days, and this one is 5 minutes").await;
        assert_eq!(window.value("document.activeElement.name").await, json!("name"));
        // Nothing of it was saved, and what was typed is still there.
        let saved = window.api("GET", &format!("/api/channels/{ORDERS}/settings"), MARA, None, None).await;
        assert_eq!((&saved["name"], &saved["settings_version"]), (&json!("Orders"), &json!(1)));
        assert_eq!(window.value("document.querySelector('[name=name]').value.length").await, json!(256));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_preview_counts_what_applying_then_changes() {
    browse(|window| async move {
        window.go("/settings").await;
        window.until("document.querySelector('[data-count]')").await;
        assert_eq!(counts(&window).await[..2], [0, 0]);
        window_of(&window, "auto_resolve_pending", "0", "10", "0").await;
        window.says(".effect", "If you save this").await;
        window.until("document.querySelector('[data-count=unchanged].none') || !document.querySelector('[data-count=other_deadline].none')").await;
        let [at_once, other, unchanged] = counts(&window).await;
        assert_eq!(at_once + other + unchanged, 10, "every conversation that is open is counted");
        assert!(at_once > 0 && other > 0);
        window.click(SAVE).await;
        window.says("#said", "The settings are saved").await;
        window.says("[data-holds=auto_resolve_pending]", "after 10 hours – this channel says so").await;
        assert_eq!(counts(&window).await, [at_once, other, unchanged], "saving alone changes none");
        window.click("#apply").await;
        window.says("#said", &format!("{} conversations were changed", at_once + other)).await;
        window.until("!document.querySelector('#apply')").await;
        assert_eq!(counts(&window).await, [0, 0, unchanged + other]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_was_slower_keeps_what_was_typed() {
    browse(|window| async move {
        window.go("/settings").await;
        window.fill("[name=name]", "Orders and cakes").await;
        let settings = format!("/api/channels/{ORDERS}/settings");
        let theirs = json!({ "resolve_reason": "Silence", "reply_policy": "owner" });
        window.api("PATCH", &settings, MARA, Some("1"), Some(theirs)).await;
        window.click(SAVE).await;
        window.says("#stale", "You began with version 1, and the settings are at version 2 now").await;
        window.says("#stale", "Changed by you: name").await;
        window.says("#stale", "resolve reason").await;
        window.click("#keep-typed").await;
        window.until("document.querySelector('[name=resolve_reason]').value === 'Silence'").await;
        assert_eq!(window.value("document.querySelector('[name=name]').value").await, json!("Orders and cakes"));
        window.click(SAVE).await;
        window.says("#title", "Orders and cakes").await;
        let saved = window.api("GET", &settings, MARA, None, None).await;
        assert_eq!(
            (&saved["name"], &saved["reply_policy"], &saved["settings_version"]),
            (&json!("Orders and cakes"), &json!("owner"), &json!(3))
        );
    })
    .await;
}

/// Makes the first calls that write come to nothing, and notes what each was sent with.
const BROKEN: &str = "
    const real = window.fetch;
    window.sent = [];
    window.broken = 4;
    window.fetch = (path, request) => {
        if (request.method !== 'PATCH') return real(path, request);
        window.sent.push(request.headers['Idempotency-Key']);
        window.broken -= 1;
        return window.broken < 0 ? real(path, request) : Promise.reject(new TypeError('no answer'));
    };";

#[tokio::test(flavor = "multi_thread")]
async fn what_nobody_answered_is_sent_again_as_the_same_command() {
    browse(|window| async move {
        window.go("/settings").await;
        window.run(BROKEN).await;
        window.fill("[name=name]", "Orders by WhatsApp").await;
        window.click(SAVE).await;
        window.says(".settings-form [role=alert]", "The service does not answer. What you typed is still here").await;
        window.click(SAVE).await;
        window.says("#title", "Orders by WhatsApp").await;
        // Three tries of one press, and two of the other: one command.
        let sent = window.value("[window.sent.length, new Set(window.sent).size]").await;
        assert_eq!(sent, json!([5, 1]));
        let saved = window.api("GET", &format!("/api/channels/{ORDERS}/settings"), MARA, None, None).await;
        assert_eq!(saved["settings_version"], json!(2));
    })
    .await;
}
