//! Where things are: which onboardings, channels, conversations and templates there are, and by what Meta knows them.

use whatsapp_inbox::id::{ChannelId, ConversationId, OnboardingId, OrganisationId, TemplateId};
use whatsapp_inbox::onboarding::Onboarding;
use whatsapp_inbox::port::{Backend, Store};
use whatsapp_inbox::whatsapp::{PhoneNumber, PhoneNumberId, TemplateKey, WabaId};

use super::Host;
use crate::tables::{Row, Value, text};

/// A number at Meta.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// The number.
    pub number: PhoneNumber,
    /// Its id at Meta.
    pub phone_number: PhoneNumberId,
    /// The account that it is in.
    pub account: WabaId,
}

/// With whom a conversation is, and on which number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Customer {
    /// The channel's number, by its id at Meta.
    pub phone_number: PhoneNumberId,
    /// The customer, by the id that Meta gives them.
    pub wa_id: String,
    /// The customer's name.
    pub name: String,
}

/// Where a conversation is, and with whom.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spot {
    /// The conversation.
    pub id: ConversationId,
    /// Its channel.
    pub channel: ChannelId,
    /// The customer, by the id that Meta gives them.
    pub wa_id: String,
    /// The customer's name.
    pub name: String,
}

/// A template as Meta knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TemplateAtMeta {
    /// The account that holds it.
    pub account: WabaId,
    /// Its name and language.
    pub key: TemplateKey,
    /// Its id at Meta, once Meta has told it.
    pub meta_id: Option<String>,
}

impl Host {
    /// There is an onboarding, or will be.
    ///
    /// # Errors
    ///
    /// [`Backend`] where it cannot be written.
    pub async fn note_onboarding(&self, id: OnboardingId) -> Result<(), Backend> {
        let sql = "INSERT INTO onboardings (organisation, id) VALUES ($1, $2) ON CONFLICT DO NOTHING";
        self.tables.write(sql, [text(id.organisation()), text(id.uuid())]).await.map(drop)
    }

    /// The onboardings of an organisation.
    ///
    /// # Errors
    ///
    /// [`Backend`] where it cannot be read.
    pub async fn onboardings(&self, organisation: OrganisationId) -> Result<Vec<OnboardingId>, Backend> {
        let sql = "SELECT organisation, id FROM onboardings WHERE organisation = $1 ORDER BY id";
        read_onboardings(&self.tables.rows(sql, [text(organisation)]).await?)
    }

    /// A delivery that names this value may be about this onboarding: an account, a number, its id at Meta, a business. Whether
    /// it is, its state tells.
    ///
    /// # Errors
    ///
    /// [`Backend`] where it cannot be written.
    pub async fn note_trace(&self, id: OnboardingId, value: &str) -> Result<(), Backend> {
        let sql = "INSERT INTO traces (value, organisation, onboarding) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING";
        let values = [text(value), text(id.organisation()), text(id.uuid())];
        self.tables.write(sql, values).await.map(drop)
    }

    /// The onboardings that a value may lead to.
    ///
    /// # Errors
    ///
    /// [`Backend`] where it cannot be read.
    pub async fn onboardings_at(&self, value: &Value) -> Result<Vec<OnboardingId>, Backend> {
        let sql = "SELECT organisation, onboarding FROM traces WHERE value = $1 ORDER BY organisation, onboarding";
        read_onboardings(&self.tables.rows(sql, [value.clone()]).await?)
    }

    /// The number of an onboarding, once it has one at Meta.
    ///
    /// # Errors
    ///
    /// [`Backend`] where it cannot be read.
    pub async fn line_of(&self, onboarding: OnboardingId) -> Result<Option<Line>, Backend> {
        let state = Store::<Onboarding>::load(&*self.store, onboarding, None).await?.state;
        let line = |number| {
            let account = state.accounts().last()?.clone();
            Some(Line { number, phone_number: state.phone_number_id()?.clone(), account })
        };
        Ok(state.number().and_then(line))
    }

    /// There is a channel, or will be. One without a number at Meta is found by nothing.
    ///
    /// # Errors
    ///
    /// [`Backend`] where it cannot be written.
    pub async fn note_channel(&self, id: ChannelId, line: Option<(&PhoneNumberId, &WabaId)>) -> Result<(), Backend> {
        let (number, account) = line.map_or(("", ""), |(number, account)| (number.as_str(), account.as_str()));
        let sql = "INSERT INTO channels (organisation, id, phone_number, account) VALUES ($1, $2, $3, $4)
                   ON CONFLICT (organisation, id)
                   DO UPDATE SET phone_number = excluded.phone_number, account = excluded.account";
        let values = [text(id.organisation()), text(id.uuid()), text(number), text(account)];
        self.tables.write(sql, values).await.map(drop)
    }

    /// The channels of an organisation.
    ///
    /// # Errors
    ///
    /// [`Backend`] where it cannot be read.
    pub async fn channels(&self, organisation: OrganisationId) -> Result<Vec<ChannelId>, Backend> {
        let sql = "SELECT organisation, id FROM channels WHERE organisation = $1 ORDER BY id";
        read_channels(&self.tables.rows(sql, [text(organisation)]).await?)
    }

    /// The channels on a number, by its id at Meta: closed ones are among them.
    ///
    /// # Errors
    ///
    /// [`Backend`] where it cannot be read.
    pub async fn channels_on(&self, number: &str) -> Result<Vec<ChannelId>, Backend> {
        let sql = "SELECT organisation, id FROM channels WHERE phone_number = $1 ORDER BY organisation, id";
        read_channels(&self.tables.rows(sql, [text(number)]).await?)
    }

    /// The channels of an account at Meta.
    ///
    /// # Errors
    ///
    /// [`Backend`] where it cannot be read.
    pub async fn channels_of(&self, account: &WabaId) -> Result<Vec<ChannelId>, Backend> {
        let sql = "SELECT organisation, id FROM channels WHERE account = $1 ORDER BY organisation, id";
        read_channels(&self.tables.rows(sql, [text(account)]).await?)
    }

    /// There is a conversation, or will be. Its name is the latest.
    ///
    /// # Errors
    ///
    /// [`Backend`] where it cannot be written.
    pub async fn note_conversation(&self, spot: &Spot) -> Result<(), Backend> {
        let sql = "INSERT INTO conversations (organisation, channel, id, customer, name) VALUES ($1, $2, $3, $4, $5)
                   ON CONFLICT (organisation, id) DO UPDATE SET name = excluded.name";
        let (organisation, channel) = (text(spot.id.organisation()), text(spot.channel.uuid()));
        let values = [organisation, channel, text(spot.id.uuid()), text(&spot.wa_id), text(&spot.name)];
        self.tables.write(sql, values).await.map(drop)
    }

    /// A conversation, if one with this id was noted.
    ///
    /// # Errors
    ///
    /// [`Backend`] where it cannot be read.
    pub async fn conversation(&self, id: ConversationId) -> Result<Option<Spot>, Backend> {
        let sql = "SELECT channel, customer, name FROM conversations WHERE organisation = $1 AND id = $2";
        let found = self.tables.rows(sql, [text(id.organisation()), text(id.uuid())]).await?;
        let spot = |row: &Row| {
            let channel = ChannelId::new(id.organisation(), row.parsed(0)?);
            Ok(Spot { id, channel, wa_id: row.text(1)?.to_owned(), name: row.text(2)?.to_owned() })
        };
        found.first().map(spot).transpose()
    }

    /// With whom a conversation is, where its channel has a number.
    ///
    /// # Errors
    ///
    /// [`Backend`] where it cannot be read.
    pub async fn customer(&self, conversation: ConversationId) -> Result<Option<Customer>, Backend> {
        let sql = "SELECT phone_number, customer, name FROM conversations
                   JOIN channels ON channels.organisation = conversations.organisation AND channels.id = channel
                   WHERE conversations.organisation = $1 AND conversations.id = $2";
        let found = self.tables.rows(sql, [text(conversation.organisation()), text(conversation.uuid())]).await?;
        let Some(row) = found.first() else { return Ok(None) };
        let Ok(phone_number) = PhoneNumberId::new(row.text(0)?) else { return Ok(None) };
        Ok(Some(Customer { phone_number, wa_id: row.text(1)?.to_owned(), name: row.text(2)?.to_owned() }))
    }

    /// There is a template, or will be. Until it is there, what it is called at Meta is what was noted last.
    ///
    /// # Errors
    ///
    /// [`Backend`] where it cannot be written.
    pub async fn note_template(&self, id: TemplateId, account: &WabaId, key: &TemplateKey) -> Result<(), Backend> {
        let sql = "INSERT INTO templates (organisation, id, account, name, language) VALUES ($1, $2, $3, $4, $5)
                   ON CONFLICT (organisation, id) DO UPDATE
                   SET account = excluded.account, name = excluded.name, language = excluded.language";
        let (organisation, account) = (text(id.organisation()), text(account));
        let values = [organisation, text(id.uuid()), account, text(key.name()), text(key.language())];
        self.tables.write(sql, values).await.map(drop)
    }

    /// Meta has told its id of a template.
    ///
    /// # Errors
    ///
    /// [`Backend`] where it cannot be written.
    pub async fn note_template_id(&self, template: TemplateId, meta_id: &str) -> Result<(), Backend> {
        let sql = "UPDATE templates SET meta_id = $1 WHERE organisation = $2 AND id = $3";
        let values = [text(meta_id), text(template.organisation()), text(template.uuid())];
        self.tables.write(sql, values).await.map(drop)
    }

    /// A template as Meta knows it.
    ///
    /// # Errors
    ///
    /// [`Backend`] where it cannot be read.
    pub async fn template_at_meta(&self, template: TemplateId) -> Result<Option<TemplateAtMeta>, Backend> {
        let sql = "SELECT account, name, language, meta_id FROM templates WHERE organisation = $1 AND id = $2";
        let found = self.tables.rows(sql, [text(template.organisation()), text(template.uuid())]).await?;
        let read = |row: &Row| {
            let account = WabaId::new(row.text(0)?).map_err(Backend::new)?;
            let key = TemplateKey::new(row.text(1)?, row.text(2)?).map_err(Backend::new)?;
            Ok(TemplateAtMeta { account, key, meta_id: row.maybe_text(3).map(str::to_owned) })
        };
        found.first().map(read).transpose()
    }

    /// The templates of an organisation.
    ///
    /// # Errors
    ///
    /// [`Backend`] where it cannot be read.
    pub async fn templates(&self, organisation: OrganisationId) -> Result<Vec<TemplateId>, Backend> {
        let sql = "SELECT id FROM templates WHERE organisation = $1 ORDER BY name, language";
        let found = self.tables.rows(sql, [text(organisation)]).await?;
        found.iter().map(|row| Ok(TemplateId::new(organisation, row.parsed(0)?))).collect()
    }

    /// The templates with a name and language, of one account or, where a delivery names none, of any.
    ///
    /// # Errors
    ///
    /// [`Backend`] where it cannot be read.
    pub async fn templates_at(&self, account: Option<&WabaId>, key: &TemplateKey) -> Result<Vec<TemplateId>, Backend> {
        let sql = "SELECT organisation, id FROM templates WHERE name = $1 AND language = $2 AND $3 IN ('', account)
                   ORDER BY organisation, id";
        let account = text(account.map(WabaId::as_str).unwrap_or_default());
        let found = self.tables.rows(sql, [text(key.name()), text(key.language()), account]).await?;
        found.iter().map(|row| Ok(TemplateId::new(row.parsed(0)?, row.parsed(1)?))).collect()
    }
}

fn read_onboardings(rows: &[Row]) -> Result<Vec<OnboardingId>, Backend> {
    rows.iter().map(|row| Ok(OnboardingId::new(row.parsed(0)?, row.parsed(1)?))).collect()
}

fn read_channels(rows: &[Row]) -> Result<Vec<ChannelId>, Backend> {
    rows.iter().map(|row| Ok(ChannelId::new(row.parsed(0)?, row.parsed(1)?))).collect()
}
