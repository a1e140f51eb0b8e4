//! A whole onboarding, played by brand, provider and the stand-in.

use serde_json::json;

use crate::browser::{Window, browse};

#[tokio::test(flavor = "multi_thread")]
async fn an_onboarding_is_played_to_its_end_with_the_keyboard_alone() {
    browse(|window| async move {
        window.go("/onboarding").await;
        window.press("#start-new").await;
        let start = "form[aria-label='Start a new onboarding']";
        window.press(&format!("{start} button")).await;
        // Without access to the two places at Meta it does not begin.
        window.until("document.querySelector('form [role=alert], form [aria-invalid=true]')").await;
        for name in ["business_manager", "security_center"] {
            window.tab_to(&format!("{start} input[name={name}]")).await;
            window.keys([' ']).await;
        }
        window.press(&format!("{start} button")).await;
        window.until("document.querySelector('#step-SignAgreement form')").await;

        window.press("form[aria-label=\"Sign the provider's agreement\"] button").await;
        window.press("form[aria-label=\"Accept WhatsApp's business terms\"] button").await;
        let details = "form[aria-label='Submit number, business and name']";
        window.press(&format!("{details} button")).await;
        window.until("document.querySelectorAll('#step-SubmitDetails [aria-invalid=true]').length === 3").await;
        assert_eq!(window.value("document.activeElement.name").await, json!("phone_number"));
        window.write(&format!("{details} [name=phone_number]"), "+49 40 5550123").await;
        window.write(&format!("{details} [name=business_manager_id]"), "203040506070809").await;
        window.write(&format!("{details} [name=display_name]"), "Harbour Cakes").await;
        window.press(&format!("{details} button")).await;
        window.says("#title", "Harbour Cakes").await;

        switch(&window, "Oona").await;
        choose(&window, "Harbour Cakes").await;
        let account = "form[aria-label='Tell which account was created at Meta']";
        window.press(&format!("{account} button")).await;
        window.until("document.querySelectorAll('#step-CreateAccount [aria-invalid=true]').length === 1").await;
        window.write(&format!("{account} [name=account]"), "102290129340777").await;
        window.write(&format!("{account} [name=phone_number_id]"), "106540352242777").await;
        window.press(&format!("{account} button")).await;
        done(&window, "CreateAccount").await;
        for decision in
            ["Approve the provider's request", "Approve the number", "Approve the display name", "Verify the business"]
        {
            window.press(&format!("button[aria-label=\"{decision}\"]")).await;
            window
                .until(&format!("!document.querySelector({})", json!(format!("button[aria-label=\"{decision}\"]"))))
                .await;
        }
        for step in ["ApproveRequest", "ApproveNumber", "VerifyBusiness"] {
            done(&window, step).await;
        }

        switch(&window, "Mara").await;
        choose(&window, "Harbour Cakes").await;
        window.press("form[aria-label='Ask for a code'] button").await;
        window.write("form[aria-label='Enter the code'] input", "111111").await;
        window.press("form[aria-label='Enter the code'] button").await;
        window.says("#said", "not the right code").await;
        window.write("form[aria-label='Enter the code'] input", "123830").await;
        window.press("form[aria-label='Enter the code'] button").await;
        done(&window, "VerifyNumber").await;

        switch(&window, "Oona").await;
        choose(&window, "Harbour Cakes").await;
        window.write("form[aria-label='Register the number'] input", "246802").await;
        window.press("form[aria-label='Register the number'] button").await;
        window.press("form[aria-label='Activate the account'] button").await;
        done(&window, "ActivateAccount").await;
        window.says(".head", "Live").await;

        switch(&window, "Mara").await;
        choose(&window, "Harbour Cakes").await;
        let profile = "form[aria-label='Complete the business profile']";
        window.press(&format!("{profile} button")).await;
        window.until("document.querySelector('#step-CompleteProfile [name=logo][aria-invalid=true]')").await;
        window.write(&format!("{profile} [name=about]"), "Cakes, from six in the morning").await;
        window.write(&format!("{profile} [name=logo]"), "logo-1").await;
        window.press(&format!("{profile} button")).await;
        done(&window, "CompleteProfile").await;
        window.press("form[aria-label='Hand in a message template'] button").await;
        window.until("document.querySelector('#step-AddTemplates[data-status=in-review]')").await;
        window.press("form[aria-label='A template'] button").await;
        done(&window, "AddTemplates").await;

        switch(&window, "Oona").await;
        choose(&window, "Harbour Cakes").await;
        window.press("form[aria-label='Apply for the badge'] button").await;
        window.press("button[aria-label='Grant the badge']").await;
        done(&window, "ObtainBadge").await;
        window.says(".next", "Everything is done").await;
    })
    .await;
}

async fn done(window: &Window, step: &str) {
    window.until(&format!("document.querySelector('#step-{step}[data-status=done]')")).await;
}

/// Chooses a person in the switcher by typing the name, and switches.
async fn switch(window: &Window, name: &str) {
    window.tab_to("#who-select").await;
    window.keys(name.chars()).await;
    window.run("window.before = true").await;
    window.press("#who-switch").await;
    window.until("window.before === undefined && !document.querySelector('main[aria-busy]')").await;
    window
        .until(&format!("document.querySelector('#who-select').selectedOptions[0].text.startsWith({})", json!(name)))
        .await;
}

/// Chooses an onboarding in the list.
async fn choose(window: &Window, name: &str) {
    let link = format!(
        "[...document.querySelectorAll('.choices a')].find((link) => link.innerText.includes({}))",
        json!(name)
    );
    window.until(&link).await;
    // By its address, which stays when the page is drawn again.
    let address = window.value(&format!("{link}.getAttribute('href')")).await;
    window.press(&format!(".choices a[href={address}]")).await;
    window.says("#title", name).await;
}
