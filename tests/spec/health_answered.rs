//! `health.two-axes`: what Meta answers when it is asked whether a number can send (`health_status`).

use whatsapp_inbox::health::{Answered, Cause, Effect, Fact, NodeHealth, Registration, Remedy};
use whatsapp_inbox::whatsapp::{HealthNode, MessagingHealth, NumberStatus};

use crate::health_case::*;

fn answered(can_send: MessagingHealth) -> Fact {
    Fact::Answered(Answered::of([NodeHealth::new(HealthNode::PhoneNumber, can_send)]))
}

fn unheard() -> MessagingHealth {
    MessagingHealth::Unknown("DREAMING".to_owned())
}

#[test]
fn health_two_axes_an_answer_that_blocks_stops_sending_and_one_that_limits_limits_it() {
    for (can_send, effect) in [
        (MessagingHealth::Available, None),
        (unheard(), Some(Effect::Warns)),
        (MessagingHealth::Limited, Some(Effect::Limits)),
        (MessagingHealth::Blocked, Some(Effect::Stops)),
    ] {
        let fact = answered(can_send.clone());
        let health = of([&fact]);
        assert_eq!(health.can_send(later()).effect, effect, "{can_send}");
        // It is about sending alone.
        assert_eq!(health.can_receive(later()).effect, None, "{can_send}");
        let reason = health.can_send(later()).reasons.pop().map(|reason| (reason.fact, reason.remedy));
        assert_eq!(reason, effect.map(|_| (fact, Remedy::LookAtMeta)));
    }
    assert_eq!(of([&Fact::Answered(Answered::of([]))]).can_send(later()).effect, None);
}

#[test]
fn health_two_axes_the_worst_node_of_an_answer_counts() {
    let best_first = [MessagingHealth::Available, unheard(), MessagingHealth::Limited, MessagingHealth::Blocked];
    let kinds = [HealthNode::PhoneNumber, HealthNode::Account, HealthNode::Business, HealthNode::App];
    for drawn in 0..best_first.len().pow(4) {
        let words = (0..4_u32).map(|place| drawn / best_first.len().pow(place) % best_first.len());
        let words: Vec<usize> = words.collect();
        let nodes =
            kinds.iter().zip(&words).map(|(kind, word)| NodeHealth::new(kind.clone(), best_first[*word].clone()));
        let answered = Answered::of(nodes);
        let worst = words.iter().copied().max().expect("four");
        assert_eq!(answered.can_send(), &best_first[worst]);
        // Those that can are not listed, and the others are in the order of their gravity.
        assert_eq!(answered.nodes().len(), words.iter().filter(|word| **word > 0).count());
        let places = answered.nodes().iter().map(|node| best_first.iter().position(|word| *word == node.can_send));
        assert!(places.rev().is_sorted());
    }
}

#[test]
fn health_two_axes_an_answer_says_why_in_metas_own_words() {
    let about_calls = Cause::new("Calls are not switched on").with_code(138_024);
    let locked = Cause::new("The account is locked.").with_code(131_031).with_advice("Appeal in the support home.");
    let fact = Fact::Answered(Answered::of([
        // An error of a number that can send is about calls, and a template's is not a channel's.
        NodeHealth::new(HealthNode::PhoneNumber, MessagingHealth::Available).because([about_calls]),
        NodeHealth::new(HealthNode::Template, MessagingHealth::Blocked).because([Cause::new("It is in review")]),
        NodeHealth::new(HealthNode::Business, MessagingHealth::Limited).because([Cause::new("The name is in review")]),
        NodeHealth::new(HealthNode::Account, MessagingHealth::Blocked).because([locked]),
        NodeHealth::new(HealthNode::App, MessagingHealth::Limited),
    ]));
    assert_eq!(
        fact.to_string(),
        "health status BLOCKED (WABA: The account is locked, error 131031, Meta's advice: Appeal in the support home; \
         BUSINESS: The name is in review; APP LIMITED)"
    );
    assert_eq!(serde_json::from_str::<Fact>(&serde_json::to_string(&fact).expect("JSON")).expect("a fact"), fact);
    let template = NodeHealth::new(HealthNode::Template, MessagingHealth::Blocked);
    assert_eq!(Answered::of([template]).can_send(), &MessagingHealth::Available);
}

#[test]
fn health_two_axes_an_answer_is_a_fact_of_its_own() {
    let [blocked, limited, available] =
        [MessagingHealth::Blocked, MessagingHealth::Limited, MessagingHealth::Available].map(answered);
    // A later answer takes the place of the earlier one, whatever the words.
    for (one, other) in
        [(&blocked, &available), (&blocked, &limited), (&available, &blocked), (&limited, &answered(unheard()))]
    {
        assert_eq!(of([one, other]).can_send(later()).effect, of([other]).can_send(later()).effect);
    }
    // It lifts nothing else, and nothing else lifts it.
    let lost = Fact::Registration(Registration::Lost);
    assert!(of([&lost, &available]).can_send(later()).is_no());
    assert!(of([&blocked, &Fact::Number(NumberStatus::Connected)]).can_send(later()).is_no());
}

#[test]
fn webhook_order_an_answer_is_kept_small_whatever_meta_writes() {
    let node = |causes: usize| {
        let cause = |n: usize| Cause::new(format!("{n}: {}", "é".repeat(400))).with_advice("ß".repeat(300));
        NodeHealth::new(HealthNode::App, MessagingHealth::Limited).because((0..causes).map(cause))
    };
    for (nodes, causes) in [(8, 4), (9, 5), (300, 300)] {
        let answered = Answered::of((0..nodes).map(|_| node(causes)));
        assert_eq!(answered.nodes().len(), 8);
        for node in answered.nodes() {
            assert_eq!(node.causes.len(), 4);
            for (n, cause) in node.causes.iter().enumerate() {
                assert_eq!(cause.says, format!("{n}: {}", "é".repeat(297)));
                assert_eq!(cause.advice.as_deref(), Some(&*"ß".repeat(300)));
            }
        }
    }
    // What is grave is not what is left out.
    let nodes = (0..20).map(|_| node(1)).chain([NodeHealth::new(HealthNode::Account, MessagingHealth::Blocked)]);
    assert_eq!(Answered::of(nodes).can_send(), &MessagingHealth::Blocked);
}
