//! `health.two-axes`: each answer says what is so, since when, until when, and what to do.

use whatsapp_inbox::health::{Answer, Axis, Effect, Fact, Health, Link};
use whatsapp_inbox::testing::health_facts;
use whatsapp_inbox::whatsapp::{BanState, NumberRating, Restriction};

use crate::health_case::*;

#[test]
fn health_two_axes_an_answer_is_one_sentence_with_every_reason() {
    let health = Health::default();
    assert_eq!(health.can_send(later()).to_string(), "all can be sent");
    assert_eq!(health.can_receive(later()).to_string(), "all comes in");
    let restriction = Restriction::CustomerInitiatedMessaging;
    let end = later().plus_days(2);
    let health = of([
        Fact::Rating(NumberRating::Yellow),
        Fact::Restricted { restriction, until: Some(end) },
        Fact::Ban { state: BanState::Scheduled, date: Some(later().plus_days(9)) },
    ]);
    let [rating, restricted, ban] = [
        "rating YELLOW since 2026-01-05T09:00:00.000Z, so write less often, and only what customers want to read",
        "restriction RESTRICTED_CUSTOMER_INITIATED_MESSAGING since 2026-01-05T09:00:01.000Z until \
         2026-01-08T09:00:00.000Z, so wait: it ends by itself",
        "ban SCHEDULE_FOR_DISABLE since 2026-01-05T09:00:02.000Z, in force from 2026-01-15T09:00:00.000Z on, so ask Meta \
         to look at it again, in the Business Support Home",
    ];
    assert_eq!(health.can_send(later()).to_string(), format!("not all can be sent: {restricted}; {rating}; {ban}"));
    assert_eq!(health.can_receive(later()).to_string(), format!("nothing comes in: {restricted}; {ban}"));
    assert_eq!(health.can_send(end).to_string(), format!("all can be sent, and perhaps not for long: {rating}; {ban}"));
    assert_eq!(health.can_receive(end).to_string(), format!("all comes in, and perhaps not for long: {ban}"));
    let gone = of([Fact::Link(Link::Disconnected(None))]).can_send(later());
    assert_eq!(
        gone.to_string(),
        "nothing can be sent: disconnected since 2026-01-05T09:00:00.000Z, so connect the number to the provider again"
    );
}

#[test]
fn core_explain_every_reason_says_what_since_when_until_when_and_what_to_do() {
    let end = later().plus_days(3);
    let mut reasons = 0;
    for fact in health_facts(None).into_iter().chain(health_facts(Some(end))) {
        let health = of([fact.clone()]);
        for answer in [health.can_send(later()), health.can_receive(later())] {
            for reason in &answer.reasons {
                let sentence = reason.to_string();
                for part in [fact.to_string(), format!("since {}", reason.since), reason.remedy.to_string()] {
                    assert!(sentence.contains(&part), "{sentence}");
                }
                let dated = reason.until.or(reason.stops_from);
                assert_eq!(sentence.contains(&end.to_string()), dated.is_some(), "{sentence}");
                assert!(answer.to_string().ends_with(&sentence) && !sentence.ends_with('.'), "{sentence}");
                reasons += 1;
            }
        }
    }
    assert!(reasons > 100, "{reasons}");
}

#[test]
fn health_two_axes_every_answer_is_yes_limited_or_no() {
    let mut kinds = [0; 3];
    for fact in health_facts(None) {
        let health = of([fact]);
        for (axis, answer) in Axis::ALL.into_iter().zip([health.can_send(later()), health.can_receive(later())]) {
            assert_eq!(answer.axis, axis);
            let is = |answer: &Answer| [answer.is_yes(), answer.is_limited(), answer.is_no()];
            let expected = match answer.effect {
                None | Some(Effect::Warns) => [true, false, false],
                Some(Effect::Limits) => [false, true, false],
                Some(Effect::Stops) => [false, false, true],
            };
            assert_eq!(is(&answer), expected);
            for (count, is) in kinds.iter_mut().zip(expected) {
                *count += u32::from(is);
            }
        }
    }
    assert!(kinds.iter().all(|count| *count >= 5), "{kinds:?}");
}
