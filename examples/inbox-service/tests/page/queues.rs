//! The queues: what the team writes comes to the stand-in, what customers write comes here.

use serde_json::json;

use crate::browser::{ANA, DANA, ORDERS, Window, browse};
use crate::customer_writes;

/// Opens the conversation of a customer, by its card.
async fn open(window: &Window, customer: &str) {
    let card =
        format!("[...document.querySelectorAll('.card')].find((card) => card.innerText.includes({}))", json!(customer));
    window.until(&card).await;
    window.run(&format!("{card}.click()")).await;
    window.says("#title", customer).await;
    window.until("document.querySelector('.thread li')").await;
}

/// Waits until a customer's card is in a queue.
async fn in_queue(window: &Window, customer: &str, queue: &str) {
    window.until(&format!("document.querySelector('.column.{queue}').innerText.includes({})", json!(customer))).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reply_is_sent_and_the_customer_answers() {
    browse(|window| async move {
        window.become_somebody(&format!("user:{ANA}")).await;
        window.go("/queues").await;
        open(&window, "Lena Brandt").await;
        window.write(".reply textarea", "Two are left: shall we keep one?").await;
        window.press(".reply .primary").await;
        window.until("document.querySelector('.message.ours[data-state=delivered]')").await;
        window.says(".thread", "Two are left: shall we keep one?").await;
        in_queue(&window, "Lena Brandt", "pending").await;
        window.says(".detail .facts", "Ana Silva").await;
        // The keyboard is where the next reply is written.
        assert_eq!(window.value("document.activeElement.matches('.reply textarea')").await, json!(true));

        // The stand-in refuses this text.
        window.write(".reply textarea", "fail").await;
        window.press(".reply .primary").await;
        window.until("document.querySelector('.message.ours[data-state=failed]')").await;
        window.says(".thread", "failed").await;

        // What somebody types stays while the page looks for news.
        window.write(".reply textarea", "half a sentence").await;
        customer_writes(&window, "+49 151 00000001", "Lena Brandt", "Yes, please!").await;
        window.says(".thread", "Yes, please!").await;
        in_queue(&window, "Lena Brandt", "new").await;
        assert_eq!(
            window.value("[document.activeElement.name, document.activeElement.value]").await,
            json!(["text", "half a sentence"])
        );
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_template_reaches_who_has_not_written_for_a_day() {
    browse(|window| async move {
        window.become_somebody(&format!("user:{ANA}")).await;
        window.go("/queues").await;
        open(&window, "Paul Wieser").await;
        window.says("#no-reply", "24 hours").await;
        let field = |name: &str| format!(".template [data-part=body][name='{name}']");
        window.says(".template .preview", "Your order is ready, {{1}}. We keep it until {{2}}.").await;
        // What is missing is told at its field.
        window.write(&field("1"), "Paul").await;
        window.press(".template button").await;
        window.says(".template", "The parameter `2` of the body is missing").await;
        assert_eq!(window.value("document.activeElement.name").await, json!("2"));
        window.write(&field("2"), "eight").await;
        window.press(".template button").await;
        window.until("document.querySelector('.message.ours[data-state=delivered]')").await;
        window.says(".thread", "Your order is ready, Paul. We keep it until eight.").await;
        window.says(".thread", "template loaf_ready").await;
        in_queue(&window, "Paul Wieser", "pending").await;
        // The form is empty for the next.
        assert_eq!(window.value(&format!("document.querySelector({}).value", json!(field("1")))).await, json!(""));
        // Where free text may be sent it stands back.
        open(&window, "Lena Brandt").await;
        assert_eq!(window.value("document.querySelector('.template').open").await, json!(false));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_team_takes_tags_notes_moves_and_snoozes() {
    browse(|window| async move {
        window.become_somebody(&format!("user:{ANA}")).await;
        window.go("/queues").await;
        open(&window, "Omar Haddad").await;
        window.press("#do-take").await;
        window.says(".detail .facts", "Ana Silva").await;
        window.write("[aria-labelledby=tags-title] input", "saturday").await;
        window.keys([fantoccini::key::Key::Enter.into()]).await;
        window.says(".label-list", "saturday").await;
        window.write(".notes textarea", "He is a regular.").await;
        window.press(".notes form button").await;
        window.says(".notes", "He is a regular.").await;
        window.press("form[aria-label='Snooze for'] button").await;
        window.says(".detail .facts", "Snoozed until").await;
        window.press("#do-wake").await;
        window.until("!document.querySelector('.detail .facts').innerText.includes('Snoozed')").await;
        window.press("#do-move-to-resolved").await;
        in_queue(&window, "Omar Haddad", "resolved").await;
        // Nobody owns what is resolved, and the rules say what would have to come first.
        window.press("#do-take").await;
        window.says("#said", "The conversation is resolved: to take it, move it to New or Pending first").await;
        window.fill("form[aria-label='Write as a customer'] [name=from]", "+4915100000002").await;
        window.fill("form[aria-label='Write as a customer'] [name=text]", "And a cake, please.").await;
        window.click("form[aria-label='Write as a customer'] button").await;
        in_queue(&window, "Omar Haddad", "new").await;
        window.says(".thread", "And a cake, please.").await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_viewer_cannot_reply_and_sees_why() {
    browse(|window| async move {
        window.become_somebody(&format!("user:{DANA}")).await;
        window.go(&format!("/queues#channel={ORDERS}")).await;
        window.says(".inbox-head", "You are a viewer here").await;
        open(&window, "Ruth Adler").await;
        window.says("#no-reply", "It takes a contributor to reply, and this person is a viewer").await;
        assert_eq!(window.value("document.querySelector('.reply')").await, json!(null));
        window.press("#do-take").await;
        window.says("#said", "It takes a contributor to take it, and this person is a viewer").await;
        // What a viewer may do, works.
        window.press("#do-move-to-resolved").await;
        in_queue(&window, "Ruth Adler", "resolved").await;
    })
    .await;
}
