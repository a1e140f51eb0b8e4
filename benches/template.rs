//! Templates: reading and checking them beside `serde_json::Value` on the same bytes, filling in, and whether they may be sent.

use std::hint::black_box;

use criterion::{Criterion, Throughput};
use whatsapp_inbox::decider::{Actor, Context, Decider, Policy, Source};
use whatsapp_inbox::id::{CommandId, FactId, OrganisationId, TemplateId};
use whatsapp_inbox::template::{Adoption, Command, DefinitionDraft, Fact, Parameters, Template};
use whatsapp_inbox::time::Instant;
use whatsapp_inbox::uuid::Uuid;
use whatsapp_inbox::whatsapp::{TemplateEvent, TemplateKey, WabaId};

/// A template as Meta's API has it, with every part.
const JSON: &str = r#"{"name":"order_ready","language":"en_US","category":"UTILITY","parameter_format":"POSITIONAL","components":[{"type":"HEADER","format":"TEXT","text":"Order {{1}} of today","example":{"header_text":["A7"]}},{"type":"BODY","text":"Hello {{1}}, your order {{2}} is ready. You can pick it up at {{3}} until {{4}} today. Bring this message with you, and tell us if somebody else comes.","example":{"body_text":[["Ana","A7","Harbour Street 12","18:30"]]}},{"type":"FOOTER","text":"Harbour Bakery"},{"type":"BUTTONS","buttons":[{"type":"QUICK_REPLY","text":"Thanks"},{"type":"QUICK_REPLY","text":"Somebody else comes"},{"type":"URL","text":"Track","url":"https://loaf.example/orders/{{1}}","example":["a7"]},{"type":"PHONE_NUMBER","text":"Call us","phone_number":"+49401234567"}]}]}"#;

fn check(criterion: &mut Criterion) {
    let draft: DefinitionDraft = serde_json::from_str(JSON).unwrap();
    assert!(draft.check().is_ok());
    // The same with a fault in nearly every part.
    let faulty = JSON.replace("order_ready", "Order").replace("{{2}}", "{{5}}").replace("Harbour Bakery", "{{1}}");
    let faulty: DefinitionDraft = serde_json::from_str(&faulty).unwrap();
    assert_eq!(faulty.check().unwrap_err().as_slice().len(), 3);

    let mut group = criterion.benchmark_group("templates");
    group.throughput(Throughput::Elements(1));
    group.bench_function("read and checked", |bencher| {
        bencher.iter(|| serde_json::from_str::<DefinitionDraft>(black_box(JSON)).unwrap().check().unwrap());
    });
    group.bench_function("read", |bencher| {
        bencher.iter(|| serde_json::from_str::<DefinitionDraft>(black_box(JSON)).unwrap());
    });
    group.bench_function("serde_json::Value", |bencher| {
        bencher.iter(|| serde_json::from_str::<serde_json::Value>(black_box(JSON)).unwrap());
    });
    group.bench_function("checked", |bencher| bencher.iter(|| black_box(&draft).check().unwrap()));
    group.bench_function("checked with faults", |bencher| bencher.iter(|| black_box(&faulty).check().unwrap_err()));
    group.finish();
}

fn render(criterion: &mut Criterion) {
    let definition = serde_json::from_str::<DefinitionDraft>(JSON).unwrap().check().unwrap();
    let parameters =
        Parameters::numbered(["Ben", "B12", "Harbour Street 12", "18:30"]).header("1", "B12").button(2, "b12");
    let body = definition.body().as_str();

    let mut group = criterion.benchmark_group("render");
    group.bench_function("filled in", |bencher| bencher.iter(|| definition.render(black_box(&parameters)).unwrap()));
    group.bench_function("str::replace of the body alone", |bencher| {
        bencher.iter(|| {
            let values = [("{{1}}", "Ben"), ("{{2}}", "B12"), ("{{3}}", "Harbour Street 12"), ("{{4}}", "18:30")];
            values.into_iter().fold(black_box(body).to_owned(), |text, (from, to)| text.replace(from, to))
        });
    });
    group.finish();
}

fn decide(criterion: &mut Criterion) {
    let (now, policy) = (Instant::MIN.plus_days(1), Policy::default());
    let context = Context::new(now, Actor::Meta(Source::Delivery), CommandId::new(Uuid::from_u128(1)), &policy);
    let id = TemplateId::new(OrganisationId::new(Uuid::from_u128(1)), Uuid::from_u128(2));
    let adoption = Adoption::new(id, WabaId::new("7").unwrap(), TemplateKey::new("loaf_ready", "en").unwrap());
    let mut events = Template::default().decide(Command::Adopt(Box::new(adoption)), &context).unwrap();
    for number in 0..10_u32 {
        let event = if number % 2 == 0 { TemplateEvent::Approved } else { TemplateEvent::Paused };
        let command = Command::Observe {
            id: FactId::new(Uuid::from_u128(number.into())),
            at: Some(Instant::MIN.plus_hours(number)),
            fact: Fact::from(event),
        };
        let template = Template::replay(&events);
        events.extend(template.decide(command, &context).unwrap());
    }
    let template = Template::replay(&events);
    let mut group = criterion.benchmark_group("template of ten facts");
    group.bench_function("may be sent", |bencher| {
        bencher.iter(|| black_box(&template).may_send(black_box(now)).is_ok());
    });
    group.bench_function("viewed", |bencher| bencher.iter(|| black_box(&template).view(black_box(now))));
    group.bench_function("replayed", |bencher| bencher.iter(|| Template::replay(black_box(&events))));
    group.finish();
}

fn main() {
    let mut criterion = Criterion::default().configure_from_args();
    check(&mut criterion);
    render(&mut criterion);
    decide(&mut criterion);
    criterion.final_summary();
}
