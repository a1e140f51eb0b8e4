//! Who is who.

use serde::Serialize;
use whatsapp_inbox::access::{AccountRole, Principal, Role};
use whatsapp_inbox::decider::Policy;
use whatsapp_inbox::id::{ChannelId, ConversationId, OnboardingId, OperatorId, OrganisationId, TeamId, UserId};
use whatsapp_inbox::onboarding::Onboarding;
use whatsapp_inbox::port::{Backend, Directory, Store};
use whatsapp_inbox::uuid::Uuid;
use whatsapp_inbox::whatsapp::{NumberUse, PhoneNumber};

use super::Host;
use crate::tables::{Row, text};

/// An organisation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Organisation {
    /// Which.
    pub id: OrganisationId,
    /// Its name.
    pub name: String,
}

/// A person, with their name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Person {
    /// Their name.
    pub name: String,
    /// What the rules know of them.
    #[serde(flatten)]
    pub principal: Principal,
}

/// A team.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Team {
    /// Which.
    pub id: TeamId,
    /// Its name.
    pub name: String,
}

/// A person of the provider's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Operator {
    /// Who.
    pub id: OperatorId,
    /// Their name.
    pub name: String,
}

impl Host {
    /// A person joins, or is somebody else from now on.
    ///
    /// # Errors
    ///
    /// [`Backend`] where it cannot be written.
    pub async fn add_person(&self, person: &Principal, name: &str) -> Result<(), Backend> {
        let (organisation, id) = (text(person.organisation()), text(person.id().uuid()));
        let account = match person.account() {
            AccountRole::Admin => "admin",
            AccountRole::User => "user",
        };
        let sql = "INSERT INTO people (organisation, id, name, account) VALUES ($1, $2, $3, $4)
                   ON CONFLICT (organisation, id) DO UPDATE SET name = excluded.name, account = excluded.account";
        self.tables.write(sql, [organisation.clone(), id.clone(), text(name), text(account)]).await?;
        for membership in person.memberships() {
            let sql = "INSERT INTO memberships (organisation, person, team, role) VALUES ($1, $2, $3, $4)
                       ON CONFLICT (organisation, person, team) DO UPDATE SET role = excluded.role";
            let (team, role) = (text(membership.team.uuid()), text(membership.role.name()));
            self.tables.write(sql, [organisation.clone(), id.clone(), team, role]).await?;
        }
        Ok(())
    }

    /// A team.
    ///
    /// # Errors
    ///
    /// [`Backend`] where it cannot be written.
    pub async fn add_team(&self, team: TeamId, name: &str) -> Result<(), Backend> {
        let sql = "INSERT INTO teams (organisation, id, name) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING";
        self.tables.write(sql, [text(team.organisation()), text(team.uuid()), text(name)]).await.map(drop)
    }

    /// A person of the provider's.
    ///
    /// # Errors
    ///
    /// [`Backend`] where it cannot be written.
    pub async fn add_operator(&self, operator: OperatorId, name: &str) -> Result<(), Backend> {
        let sql = "INSERT INTO operators (id, name) VALUES ($1, $2) ON CONFLICT DO NOTHING";
        self.tables.write(sql, [text(operator), text(name)]).await.map(drop)
    }

    /// An operator serves an onboarding from now on.
    ///
    /// # Errors
    ///
    /// [`Backend`] where it cannot be written.
    pub async fn add_served(&self, operator: OperatorId, onboarding: OnboardingId) -> Result<(), Backend> {
        let sql = "INSERT INTO served (organisation, onboarding, operator) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING";
        let values = [text(onboarding.organisation()), text(onboarding.uuid()), text(operator)];
        self.tables.write(sql, values).await.map(drop)
    }

    /// The onboardings that an operator serves.
    ///
    /// # Errors
    ///
    /// [`Backend`] where it cannot be read.
    pub async fn served_by(&self, operator: OperatorId) -> Result<Vec<OnboardingId>, Backend> {
        let sql = "SELECT organisation, onboarding FROM served WHERE operator = $1 ORDER BY organisation, onboarding";
        let found = self.tables.rows(sql, [text(operator)]).await?;
        found.iter().map(|row| Ok(OnboardingId::new(row.parsed(0)?, row.parsed(1)?))).collect()
    }

    /// Every operator.
    ///
    /// # Errors
    ///
    /// [`Backend`] where it cannot be read.
    pub async fn operators(&self) -> Result<Vec<Operator>, Backend> {
        let found = self.tables.rows("SELECT id, name FROM operators ORDER BY name", []).await?;
        found.iter().map(|row| Ok(Operator { id: row.parsed(0)?, name: row.text(1)?.to_owned() })).collect()
    }

    /// An operator, if there is one with this id.
    ///
    /// # Errors
    ///
    /// [`Backend`] where it cannot be read.
    pub async fn operator(&self, id: OperatorId) -> Result<Option<Operator>, Backend> {
        let found = self.tables.rows("SELECT name FROM operators WHERE id = $1", [text(id)]).await?;
        found.first().map(|row| Ok(Operator { id, name: row.text(0)?.to_owned() })).transpose()
    }

    /// Every organisation.
    ///
    /// # Errors
    ///
    /// [`Backend`] where it cannot be read.
    pub async fn organisations(&self) -> Result<Vec<Organisation>, Backend> {
        let found = self.tables.rows("SELECT id, name FROM organisations ORDER BY name", []).await?;
        found.iter().map(|row| Ok(Organisation { id: row.parsed(0)?, name: row.text(1)?.to_owned() })).collect()
    }

    /// The people of an organisation, by name.
    ///
    /// # Errors
    ///
    /// [`Backend`] where it cannot be read.
    pub async fn people(&self, organisation: OrganisationId) -> Result<Vec<Person>, Backend> {
        let sql = "SELECT people.id, name, account, team, role FROM people
                   LEFT JOIN memberships ON memberships.organisation = people.organisation AND person = people.id
                   WHERE people.organisation = $1 ORDER BY name, people.id, team";
        read_people(organisation, &self.tables.rows(sql, [text(organisation)]).await?)
    }

    /// A person, if there is one with this id.
    ///
    /// # Errors
    ///
    /// [`Backend`] where it cannot be read.
    pub async fn person(&self, user: UserId) -> Result<Option<Person>, Backend> {
        let sql = "SELECT people.id, name, account, team, role FROM people
                   LEFT JOIN memberships ON memberships.organisation = people.organisation AND person = people.id
                   WHERE people.organisation = $1 AND people.id = $2 ORDER BY team";
        let found = self.tables.rows(sql, [text(user.organisation()), text(user.uuid())]).await?;
        Ok(read_people(user.organisation(), &found)?.pop())
    }

    /// The teams of an organisation, by name.
    ///
    /// # Errors
    ///
    /// [`Backend`] where it cannot be read.
    pub async fn teams(&self, organisation: OrganisationId) -> Result<Vec<Team>, Backend> {
        let sql = "SELECT id, name FROM teams WHERE organisation = $1 ORDER BY name";
        let found = self.tables.rows(sql, [text(organisation)]).await?;
        let team =
            |row: &Row| Ok(Team { id: TeamId::new(organisation, row.parsed(0)?), name: row.text(1)?.to_owned() });
        found.iter().map(team).collect()
    }
}

/// A person has as many rows as teams, one at least, and they lie together.
fn read_people(organisation: OrganisationId, rows: &[Row]) -> Result<Vec<Person>, Backend> {
    let mut people: Vec<Person> = Vec::new();
    for row in rows {
        let user = UserId::new(organisation, row.parsed(0)?);
        let person = match people.pop() {
            Some(person) if person.principal.id() == user => person,
            other => {
                people.extend(other);
                let principal = match row.text(2)? {
                    "admin" => Principal::admin(user),
                    _ => Principal::user(user),
                };
                Person { name: row.text(1)?.to_owned(), principal }
            }
        };
        people.push(match row.maybe_text(3) {
            Some(_) => {
                let (team, role): (Uuid, Role) = (row.parsed(3)?, row.parsed(4)?);
                let principal = person.principal.in_team(TeamId::new(organisation, team), role);
                Person { principal, ..person }
            }
            None => person,
        });
    }
    Ok(people)
}

impl Directory for Host {
    async fn principal(&self, user: UserId) -> Result<Option<Principal>, Backend> {
        Ok(self.person(user).await?.map(|person| person.principal))
    }

    async fn policy(&self, organisation: OrganisationId) -> Result<Policy, Backend> {
        let found = self.tables.rows("SELECT policy FROM organisations WHERE id = $1", [text(organisation)]).await?;
        found.first().map_or(Ok(Policy::default()), |row| serde_json::from_str(row.text(0)?).map_err(Backend::new))
    }

    async fn serves(&self, operator: OperatorId, onboarding: OnboardingId) -> Result<bool, Backend> {
        let sql = "SELECT operator FROM served WHERE organisation = $1 AND onboarding = $2 AND operator = $3";
        let values = [text(onboarding.organisation()), text(onboarding.uuid()), text(operator)];
        Ok(!self.tables.rows(sql, values).await?.is_empty())
    }

    async fn conversations(
        &self,
        channel: ChannelId,
        after: Option<ConversationId>,
        limit: usize,
    ) -> Result<Vec<ConversationId>, Backend> {
        // Ids are written in lower case, so their order as text is their order.
        let sql =
            "SELECT id FROM conversations WHERE organisation = $1 AND channel = $2 AND id > $3 ORDER BY id LIMIT $4";
        let after = after.map(|id| id.uuid().to_string()).unwrap_or_default();
        let (organisation, limit) = (channel.organisation(), i64::try_from(limit).unwrap_or(i64::MAX));
        let values = [text(organisation), text(channel.uuid()), text(after), limit.into()];
        let found = self.tables.rows(sql, values).await?;
        found.iter().map(|row| Ok(ConversationId::new(organisation, row.parsed(0)?))).collect()
    }

    async fn number_use(&self, number: PhoneNumber) -> Result<NumberUse, Backend> {
        // The budgets belong to the number: whatever any onboarding of it has used up counts for the next.
        let mut all = NumberUse::default();
        for id in self.onboardings_at(&text(number)).await? {
            let onboarding = Store::<Onboarding>::load(&*self.store, id, None).await?.state;
            let used = onboarding.number_uses().filter(|(of, _)| *of == number);
            all = used.fold(all, |all, (_, used)| all.merged(used));
        }
        Ok(all)
    }
}
