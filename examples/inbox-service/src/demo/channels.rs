//! Channels beside the one that an onboarding opened, its settings, and templates.

use whatsapp_inbox::access::{Grant, Role};
use whatsapp_inbox::channel::{Channel, Command, Opening};
use whatsapp_inbox::decider::Actor;
use whatsapp_inbox::id::{ChannelId, FactId, TemplateId};
use whatsapp_inbox::port::{Backend, Directory};
use whatsapp_inbox::settings::{ChannelName, SettingsDraft};
use whatsapp_inbox::template::{self, Creation, DefinitionDraft};
use whatsapp_inbox::uuid::Uuid;
use whatsapp_inbox::whatsapp::{TemplateEvent, WabaId};

use super::onboardings::LIVE;
use super::{BAKERY, DANA, MARA, META, NIGHT, ORDERS, PRESS, Seed, WHOLESALE, command, request, told};

impl Seed<'_> {
    pub(super) async fn channels(&self) -> Result<(), Backend> {
        self.open(WHOLESALE, "Wholesale", vec![Grant::Team(NIGHT), Grant::user(DANA, Role::Contributor)]).await?;
        self.open(PRESS, "Press", vec![Grant::AllTeams]).await?;
        let close = request(&["press closes"], Actor::Admin(MARA), self.hours_ago(30));
        told(&["press", "closes"], self.app.service.channel(PRESS, Command::Close, &close).await)?;

        let form = r#"{"name": "Orders", "auto_resolve_new": {"after-minutes": 4320},
            "auto_resolve_pending": {"after-minutes": 1440}, "closing_warning": {"when-open": 60},
            "resolve_reason": "No answer for a day"}"#;
        let form: SettingsDraft = serde_json::from_str(form).map_err(Backend::new)?;
        let orders = self.app.service.state::<Channel>(ORDERS).await?;
        let policy = self.app.host.policy(BAKERY).await?;
        let Some(settings) = orders.settings() else { return Ok(()) };
        let patch = Box::new(form.check(settings, &policy.auto_resolve).map_err(Backend::new)?);
        let change = Command::ChangeSettings { on: orders.settings_version(), patch };
        let by = request(&["orders settings"], Actor::Admin(MARA), self.hours_ago(6 * 24));
        told(&["orders", "settings"], self.app.service.channel(ORDERS, change, &by).await)
    }

    async fn open(&self, id: ChannelId, name: &str, grants: Vec<Grant>) -> Result<(), Backend> {
        self.app.host.note_channel(id, None).await?;
        let opening = Opening::new(id, ChannelName::new(name).map_err(Backend::new)?).with_grants(grants);
        let by = request(&["open", name], Actor::System, self.hours_ago(20 * 24));
        told(&["open", name], self.app.service.channel(id, Command::Open(Box::new(opening)), &by).await)
    }

    pub(super) async fn templates(&self) -> Result<(), Backend> {
        let ready = DefinitionDraft::new("loaf_ready", "en_US", "UTILITY")
            .body("Your order is ready, {{1}}. We keep it until {{2}}.", ["Ana", "six"]);
        let closing = DefinitionDraft::new("closing_warning", "en", "UTILITY")
            .body("We are about to close this conversation. Write to us if you still need anything.", []);
        for (n, draft, approved) in [(1, ready, true), (2, closing, false)] {
            let id = TemplateId::new(BAKERY, Uuid::from_u128(0x7a0 + n));
            let account = WabaId::new(LIVE.account).map_err(Backend::new)?;
            let definition = draft.check().map_err(Backend::new)?;
            let name = definition.key().name().to_owned();
            self.app.host.note_template(id, &account, definition.key()).await?;
            let create = template::Command::Create(Box::new(Creation::new(id, account, definition)));
            let at = self.hours_ago(6 * 24);
            let by = request(&["template", &name], Actor::Admin(MARA), at);
            told(&["template", &name], self.app.service.template(id, create, &by).await)?;
            self.app.service.relay_templates(at, 8).await?;
            if approved {
                let (what, at) = (["template", &name, "approved"], self.hours_ago(5 * 24));
                let fact = TemplateEvent::Approved.into();
                let fact = template::Command::Observe { id: FactId::new(command(&what).uuid()), at: Some(at), fact };
                told(&what, self.app.service.template(id, fact, &request(&what, META, at)).await)?;
            }
        }
        Ok(())
    }
}
