//! Customers who write.

use std::sync::Arc;

use inbox_service::clock;
use serde_json::json;

use super::client::Client;
use super::history::Line;
use super::meta::Delivery;
use super::world::{World, Written};

/// So many customers each number has.
pub(crate) const CUSTOMERS: u64 = 8;

/// One of them.
pub(crate) fn customer(n: u64) -> String {
    format!("4915100000{n:03}")
}

/// Writes until it is over.
pub(crate) async fn write(world: Arc<World>, which: u64) {
    let mut client = world.client(which);
    while world.goes_on() {
        let line = client.random.pick(&world.lines()).clone();
        one(&world, &mut client, &line).await;
        tokio::time::sleep(client.random.millis(20, 150)).await;
    }
}

/// Writes once, to a number, which is delivered until it is taken.
pub(crate) async fn one(world: &World, client: &mut Client, line: &Line) {
    // Some customers write a lot, so that several write the same conversation at once.
    let most = if client.random.percent(50) { 2 } else { CUSTOMERS };
    let customer = customer(client.random.below(most));
    let id = format!("wamid.KILL{:016X}", client.random.next());
    let message = json!({
        "from": customer,
        "id": id,
        "timestamp": (clock::now().unix_millis() / 1000).to_string(),
        "type": "text",
        "text": { "body": format!("Do you have rye loaves? {id}") },
    });
    let value = json!({
        "messaging_product": "whatsapp",
        "metadata": { "display_phone_number": line.number.digits().to_string(), "phone_number_id": line.phone_number },
        "contacts": [{ "profile": { "name": "Omar" }, "wa_id": customer }],
        "messages": [message],
    });
    let changes = json!([{ "field": "messages", "value": value }]);
    let delivery =
        json!({ "object": "whatsapp_business_account", "entry": [{ "id": line.account, "changes": changes }] });
    client.deliver(&Delivery::of(&delivery)).await;
    world.wrote(Written { line: line.clone(), customer, id });
}
