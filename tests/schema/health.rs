//! The health of a channel.

use whatsapp_inbox::health::{Answer, Fact, Health, Told};
use whatsapp_inbox::id::FactId;
use whatsapp_inbox::testing::{health_facts, sample};
use whatsapp_inbox::uuid::Uuid;

use super::{holds, of, read, written};

#[test]
fn every_fact_and_every_answer() {
    let end = sample::begin().plus_days(3);
    let [facts, answers] = [written::<Fact>(), written::<Answer>()];
    for fact in health_facts(None).into_iter().chain(health_facts(Some(end))) {
        holds(&facts, &of(&fact));
        let told = Told::new(FactId::new(Uuid::from_u128(1)), Some(sample::begin()), fact);
        holds(&written::<Told>(), &of(&told));
        holds(&read::<Told>(), &of(&told));
        let mut health = Health::default();
        health.hear(told, sample::begin());
        holds(&answers, &of(&health.can_send(sample::begin())));
        holds(&answers, &of(&health.can_receive(sample::begin())));
    }
}
