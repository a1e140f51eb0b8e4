//! The pages in a browser: what is shown, what is typed, what happens then.

mod browser;
mod page {
    mod access;
    mod onboarding;
    mod queues;
    mod settings;
}

use browser::{ANA, BAKERY, MARA, ORDERS, Window, browse};
use serde_json::json;

const HOSTILE: &str = "<img src=x onerror=\"window.hacked = 1\">";

/// What a page shows must be text, whoever named it.
async fn nothing_was_run(window: &Window) {
    assert_eq!(
        window.value("[window.hacked === undefined, document.querySelectorAll('img[src=\"x\"]').length]").await,
        json!([true, 0])
    );
}

/// Nothing is wider than the window, so that nobody has to scroll to the side.
async fn fits(window: &Window, what: &str) {
    let more = window.value("document.documentElement.scrollWidth - innerWidth").await;
    assert!(more.as_i64().is_some_and(|more| more <= 0), "{what} is wider than its window by {more}");
}

/// A customer writes, by way of the stand-in.
pub async fn customer_writes(window: &Window, number: &str, name: &str, text: &str) {
    let told = json!({ "customer-writes": {
        "account": "102290129340398", "phone_number_id": "106540352242922", "number": "+494012345678",
        "from": number, "name": name, "text": text,
    }});
    window.api("POST", "/graph-stand-in/decide", MARA, None, Some(told)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn each_page_loads_in_both_schemes_and_fits_a_narrow_screen() {
    browse(|window| async move {
        let attention = format!("/onboarding#onboarding={BAKERY}/00000000-0000-0000-0000-0000000000b2");
        let pages = ["/onboarding", &attention, "/onboarding#start=new", "/settings", "/access", "/queues"];
        for scheme in ["light", "dark"] {
            for page in pages {
                for width in [1280, 400] {
                    window.look(width, scheme).await;
                    window.go(page).await;
                    window.until("document.querySelector('h1')").await;
                    fits(&window, page).await;
                    assert_eq!(window.complaints().await, Vec::<String>::new(), "{page} in {scheme} at {width}");
                }
            }
        }
        // Opened further: a cell's answer, a conversation.
        window.look(400, "dark").await;
        window.go("/access").await;
        window.click(".cell").await;
        window.until("document.querySelectorAll('.answers li').length === 16").await;
        fits(&window, "what was opened").await;
        window.go("/queues").await;
        window.click(".card").await;
        window.until("document.querySelector('.thread li')").await;
        fits(&window, "what was opened").await;
        assert_eq!(window.complaints().await, Vec::<String>::new());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_name_that_is_a_program_stays_text() {
    browse(|window| async move {
        window
            .api(
                "PATCH",
                &format!("/api/channels/{ORDERS}/settings"),
                MARA,
                Some("1"),
                Some(json!({ "name": HOSTILE })),
            )
            .await;
        customer_writes(&window, "+49 151 00000077", HOSTILE, HOSTILE).await;
        window.go("/settings").await;
        window.says("#title", HOSTILE).await;
        nothing_was_run(&window).await;
        window.go("/access").await;
        window.says(".matrix thead", HOSTILE).await;
        window.click(".cell").await;
        window.says("#why", HOSTILE).await;
        nothing_was_run(&window).await;
        window.go("/queues").await;
        let card = format!(
            "[...document.querySelectorAll('.card')].find((card) => card.innerText.includes({}))",
            json!(HOSTILE)
        );
        window.until(&card).await;
        window.run(&format!("{card}.click()")).await;
        window.says(".thread", HOSTILE).await;
        window.says("#title", HOSTILE).await;
        nothing_was_run(&window).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_may_not_is_told_in_a_sentence() {
    browse(|window| async move {
        window.become_somebody(&format!("user:{ANA}")).await;
        window.go("/settings").await;
        window.says("[role=alert]", "it takes an account admin, and this person is none").await;
        window.go("/access").await;
        window.says("[role=alert]", "Not allowed to change who has access").await;
        window.go("/onboarding").await;
        window.says("main", "An onboarding is for account admins").await;
        window.become_somebody("operator:00000000-0000-0000-0000-000000000be1").await;
        window.go("/queues").await;
        window.says("main", "The provider sees onboardings alone").await;
        // Nobody at all.
        window.become_somebody("user:nobody").await;
        window.go("/queues").await;
        window.says("[role=alert]", "Nobody is signed in").await;
    })
    .await;
}
