//! Who has access, why, and what a change means before it is made.

use serde_json::json;

use crate::browser::{BAKERY, BEN, DANA, MARA, ORDERS, Window, browse};

fn cell(name: &str) -> String {
    format!(".cell[aria-label^=\"{name} in Orders\"]")
}

async fn answers(window: &Window) {
    window.until("document.querySelectorAll('.answers li').length === 16").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cell_says_why() {
    browse(|window| async move {
        window.go("/access").await;
        window.press(&cell("Dana Novák")).await;
        answers(&window).await;
        assert_eq!(window.text("#why").await, "Dana Novák in Orders");
        assert_eq!(window.value("document.activeElement.id").await, json!("why"));
        window.says(".paths", "Viewer as a member of team Counter").await;
        for action in ["view", "reply", "change-access"] {
            let asked = format!("/api/access/why?user={DANA}&channel={ORDERS}&action={action}");
            let told = window.api("GET", &asked, MARA, None, None).await;
            let shown = window.text(&format!("[data-action={action}] p")).await;
            let sentence = told["sentence"].as_str().unwrap();
            assert_eq!(shown.to_lowercase(), format!("{}.", sentence.to_lowercase()));
        }
        // Arrows go from cell to cell.
        window.tab_to(&cell("Ana Silva")).await;
        window.keys([fantoccini::key::Key::Down.into()]).await;
        assert_eq!(
            window.value(&format!("document.activeElement.matches({})", json!(cell("Ben Okafor")))).await,
            json!(true)
        );
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_revocation_says_what_it_means_and_changes_the_cell() {
    browse(|window| async move {
        window.go("/access").await;
        window.click(&cell("Ana Silva")).await;
        answers(&window).await;
        window.press("button[aria-label='Revoke the access of Counter']").await;
        window.says("dialog", "Ana Silva").await;
        window.says("dialog", "viewer").await;
        window.says(&cell("Ana Silva"), "Contributor").await;
        window.press("#impact-do").await;
        window.says(&cell("Ana Silva"), "Viewer").await;
        // What stands beside it was read anew.
        window.says("[data-action=reply]", "No: to reply takes a contributor").await;
        window.until("!document.querySelector('dialog')").await;
        assert_eq!(window.value("document.activeElement.id").await, json!("grants-title"));

        window.click("button[aria-label='Revoke the access of All users']").await;
        window.says("dialog", "Ben Okafor has no channel any more").await;
        window.click("dialog .quiet").await;
        window.says(&cell("Ben Okafor"), "Viewer").await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn access_is_given_and_who_was_slower_is_told() {
    browse(|window| async move {
        window.go("/access").await;
        window.fill(".give [name=user]", BEN).await;
        window.fill(".give [name=role]", "supervisor").await;
        window.click(".give .primary").await;
        window.says("dialog", "viewer → ").await;
        // Somebody else changes the access while the window is open.
        let team = json!([{ "grant": { "team": format!("{BAKERY}/00000000-0000-0000-0000-0000000007e2") } }]);
        window.api("POST", &format!("/api/channels/{ORDERS}/access"), MARA, Some("0"), Some(team)).await;
        window.click("#impact-do").await;
        window.says("#said", "Somebody else changed the access in between").await;
        window.says(".grants", "Night shift").await;
        window.click(".give .primary").await;
        window.click("#impact-do").await;
        window.says(&cell("Ben Okafor"), "Supervisor").await;
        window.says(".grants", "Ben Okafor").await;
    })
    .await;
}
