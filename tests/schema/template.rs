//! Templates.

use serde_json::json;
use whatsapp_inbox::decider::{Actor, Context, Decider, Policy, Source};
use whatsapp_inbox::id::{CommandId, FactId, OrganisationId, TemplateId, UserId};
use whatsapp_inbox::template::*;
use whatsapp_inbox::time::Instant;
use whatsapp_inbox::uuid::Uuid;
use whatsapp_inbox::whatsapp::{
    TemplateCategory, TemplateEvent, TemplateKey, TemplatePause, TemplateQuality, TemplateStatus, TemplateUse, WabaId,
};

use super::{holds, of, read, written};

#[test]
fn a_template_its_events_and_its_view() {
    let organisation = OrganisationId::new(Uuid::from_u128(1));
    let admin = Actor::Admin(UserId::new(organisation, Uuid::from_u128(2)));
    let meta = Actor::Meta(Source::GraphApi);
    let policy = Policy::default();
    let definition = |text: &str| {
        let draft = DefinitionDraft::new("loaf_ready", "en_US", "UTILITY").body(text, ["Ana"]).header("Loaf", []);
        draft.quick_reply("Thanks").check().unwrap()
    };
    let first = definition("Your loaf is ready, {{1}}.");
    holds(&written::<Definition>(), &of(&first));
    holds(&read::<DefinitionDraft>(), &of(&DefinitionDraft::from(&first)));

    let at = |hours| Instant::MIN.plus_hours(hours);
    let observe = |hours: u32, fact| {
        (meta, hours, Command::Observe { id: FactId::new(Uuid::from_u128(hours.into())), at: Some(at(hours)), fact })
    };
    let paused = EventFact::new(TemplateEvent::Paused).pausing(TemplatePause::First);
    let announced = Announced::new(TemplateCategory::Marketing, at(900));
    let listed = Listed::new(TemplateStatus::Approved).with_quality(TemplateQuality::Green);
    let key: TemplateKey = first.key().clone();
    let listing = Listing::begun(at(8)).with_page([(key.clone(), listed)], Page::Last);
    let creation = Creation::new(TemplateId::new(organisation, Uuid::from_u128(3)), WabaId::new("7").unwrap(), first);
    let mut told = vec![
        (admin, 0, Command::Create(Box::new(creation.clone()))),
        (meta, 0, Command::Answer { call: 1, outcome: Outcome::Taken }),
        observe(1, TemplateEvent::Approved.into()),
        observe(2, Fact::Event(EventFact::new(TemplateEvent::Flagged).disabled_on(at(99)))),
        observe(3, Fact::Event(paused)),
        observe(4, Fact::Category { category: TemplateCategory::Utility, announced: Some(announced) }),
        observe(5, Fact::Quality(TemplateQuality::Red)),
        observe(6, TemplateEvent::Rejected.into()),
        (admin, 7, Command::Appeal),
        (meta, 8, Command::Read(listing.reading_of(&key).unwrap())),
        (admin, 9, Command::Switch(Switch::Off)),
        (admin, 9, Command::Edit(Box::new(definition("Come by, {{1}}.")))),
    ];
    let (events, view) = (written::<Event>(), written::<TemplateView>());
    let mut template = Template::default();
    let mut seen = 0;
    for (actor, hours, command) in told.drain(..) {
        let context = Context::new(at(hours), actor, CommandId::new(Uuid::from_u128(9)), &policy);
        for event in template.decide(command, &context).unwrap() {
            holds(&events, &of(&event));
            template = template.evolve(&event);
            holds(&view, &of(&template.view(at(hours)).unwrap()));
            seen += 1;
        }
    }
    assert_eq!(seen, 12);
    let adopted = Adoption::new(creation.id, creation.account, key).looking_like(creation.definition);
    let context = Context::new(at(0), meta, CommandId::new(Uuid::from_u128(9)), &policy);
    for event in Template::default().decide(Command::Adopt(Box::new(adopted)), &context).unwrap() {
        holds(&events, &of(&event));
        holds(&read::<Event>(), &of(&event));
        assert_eq!(serde_json::from_value::<Event>(of(&event)).unwrap(), event);
    }
    holds(&written::<TemplateUse>(), &of(&TemplateUse::default().with_creation(at(1))));
    assert!(!read::<Definition>().is_valid(&json!({ "name": "loaf_ready" })));
}
