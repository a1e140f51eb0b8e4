//! Brands that come onto WhatsApp: from the start to a channel that customers write to, with Meta's part in it.

use std::sync::Arc;

use inbox_service::stand_in::RIGHT_CODE;
use serde_json::{Value, json};
use whatsapp_inbox::id::ChannelId;
use whatsapp_inbox::uuid::Uuid;
use whatsapp_inbox::whatsapp::PhoneNumber;

use super::client::{Answered, Ask, Client};
use super::history::{Line, OPERATOR, Organisation};
use super::load::user;
use super::world::World;

/// A code that was not asked for is asked for again after so many looks.
const ASK_AGAIN: u32 = 25;

/// Brings one brand after another to its channel.
pub(crate) async fn onboard(world: Arc<World>, which: u64) {
    let mut client = world.client(which);
    while world.goes_on() {
        let organisation = client.random.pick(&world.organisations).clone();
        let path = String::new();
        let mut brand = Brand { world: &world, client: &mut client, organisation, path };
        brand.comes().await;
    }
}

struct Brand<'a> {
    world: &'a World,
    client: &'a mut Client,
    organisation: Organisation,
    path: String,
}

impl Brand<'_> {
    async fn comes(&mut self) {
        let n = self.client.random.below(100_000_000);
        let number = format!("+4930{n:08}");
        let line = Line {
            // It is known when the channel is activated.
            channel: ChannelId::new(self.organisation.id, Uuid::nil()),
            number: PhoneNumber::new(&number).unwrap(),
            phone_number: format!("2065{n:08}"),
            account: format!("2022{n:08}"),
        };
        let business = format!("2030{n:08}");
        let start = json!({ "business_manager": "given", "security_center": "given" });
        let key = self.client.random.uuid();
        let admin = user(self.organisation.admin);
        let begun = self.client.command(Ask::post("/api/onboardings", admin, key, start)).await;
        let Some(id) = begun.body["id"].as_str() else { return };
        self.path = format!("/api/onboardings/{id}");
        let details = json!({
            "phone_number": number,
            "line": "mobile",
            "business_manager_id": business,
            "display_name": "Harbour Bakery",
        });
        self.brand(json!({ "sign-agreement": { "text": "agreement 1" } })).await;
        self.brand(json!({ "accept-terms": { "text": "terms 1" } })).await;
        self.brand(json!({ "submit-details": details })).await;
        let account = json!({ "account": line.account, "phone_number_id": line.phone_number });
        let mut decisions = decisions(&line, &business);
        if self.client.random.percent(50) {
            // Meta is quicker than the provider: nobody knows yet what it tells of.
            self.meta(vec![decisions.remove(0)]).await;
        }
        self.operator(json!({ "create-account": account })).await;
        // Somebody is too quick: there is nothing to activate yet.
        self.operator(json!({ "activate": { "grants": [] } })).await;
        self.brand(json!({ "answer-request": "approved" })).await;
        self.meta(decisions).await;
        self.verified_and_activated(line).await;
    }

    async fn brand(&mut self, act: Value) -> Answered {
        self.act(user(self.organisation.admin), act).await.0
    }

    async fn operator(&mut self, act: Value) -> (Answered, Uuid) {
        self.act(("x-operator", OPERATOR.to_string()), act).await
    }

    async fn act(&mut self, who: (&'static str, String), act: Value) -> (Answered, Uuid) {
        let key = self.client.random.uuid();
        (self.client.command(Ask::post(format!("{}/commands", self.path), who, key, act)).await, key)
    }

    /// What Meta decides, in any order.
    async fn meta(&mut self, mut decisions: Vec<(&'static str, Value)>) {
        while !decisions.is_empty() {
            let next = usize::try_from(self.client.random.below(4)).unwrap() % decisions.len();
            let (kind, decision) = decisions.swap_remove(next);
            let delivery = self.world.meta.decide(&decision).await;
            self.client.deliver(&delivery).await;
            let onboarding = self.path.trim_start_matches("/api/onboardings/").to_owned();
            self.world.told.lock().unwrap().push((onboarding, kind));
        }
    }

    /// Does what may be done next, until the channel is there or it is over.
    async fn verified_and_activated(&mut self, mut line: Line) {
        let mut looks_since_asked = ASK_AGAIN;
        while self.world.goes_on() {
            let brand = self.allowed(user(self.organisation.admin)).await;
            let operator = self.allowed(("x-operator", OPERATOR.to_string())).await;
            let may = |kinds: &[String], kind: &str| kinds.iter().any(|allowed| allowed == kind);
            if may(&operator, "activate") {
                let grants = self.organisation.grants();
                let (answer, key) = self.operator(json!({ "activate": { "grants": grants } })).await;
                if answer.done() {
                    line.channel = ChannelId::new(self.organisation.id, key);
                    // Customers may write before the channel is open.
                    super::customers::one(self.world, self.client, &line).await;
                    self.world.add_line(line);
                    return;
                }
            } else if may(&operator, "register") {
                self.operator(json!({ "register": { "pin": "135790" } })).await;
            } else if may(&brand, "enter-code") {
                self.brand(json!({ "enter-code": { "code": RIGHT_CODE } })).await;
            } else if may(&brand, "request-code") && looks_since_asked >= ASK_AGAIN {
                self.brand(json!({ "request-code": { "method": "SMS" } })).await;
                looks_since_asked = 0;
            } else if looks_since_asked % 10 == 9 {
                // An answer may be lost: what became of it is read at Meta.
                self.brand(json!("settle")).await;
            }
            looks_since_asked += 1;
            tokio::time::sleep(self.client.random.millis(100, 250)).await;
        }
    }

    async fn allowed(&mut self, who: (&'static str, String)) -> Vec<String> {
        let shown = self.client.read(&self.path, who).await.body;
        serde_json::from_value(shown["allowed"].clone()).unwrap_or_default()
    }
}

/// What Meta decides of a brand, each with the kind of fact that it tells.
fn decisions(Line { number, phone_number, account, .. }: &Line, business: &str) -> Vec<(&'static str, Value)> {
    let name = json!({
        "account": account,
        "number": number,
        "name": "Harbour Bakery",
        "decision": "APPROVED",
        "phone_number_id": phone_number,
    });
    let verified = json!({ "account": account, "business": business, "status": "verified" });
    vec![
        ("account-review", json!({ "account-reviewed": { "account": account, "decision": "APPROVED" } })),
        ("request", json!({ "request-approved": { "account": account, "business": business } })),
        ("business-verification", json!({ "business-verified": verified })),
        ("display-name", json!({ "name-reviewed": name })),
    ]
}
