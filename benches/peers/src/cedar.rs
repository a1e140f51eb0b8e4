//! The policy as Cedar has it.
//!
//! A team has a group for each role, and a person's parents are the groups of their memberships, those of the lower roles
//! included. For each role a channel has two attributes: the users who have at least that role, where one look-up tells, and
//! the groups that give it, of which there are few. A grant that has an end is a policy of its own that asks `context.now`,
//! because Cedar cannot search a set of records. Everybody of an organisation is in its group, and so is everybody who is in
//! any team, by role.
//!
//! The ids name the organisation, as this crate's do, and a `forbid` keeps organisations apart.

use std::collections::{HashMap, HashSet};

use cedar_policy::{
    Authorizer, Context, Decision, Entities, Entity, EntityUid, PolicySet, Request, RestrictedExpression,
};
use whatsapp_inbox::access::{Access, AccountRole, Action, Grant, Least, Principal, Role};
use whatsapp_inbox::time::Instant;

const RULES: &str = r#"
permit (principal, action in Action::"viewer", resource)
when { resource.viewers.contains(principal) || principal in resource.viewer };
permit (principal, action in Action::"contributor", resource)
when { resource.contributors.contains(principal) || principal in resource.contributor };
permit (principal, action in Action::"supervisor", resource)
when { resource.supervisors.contains(principal) || principal in resource.supervisor };
permit (principal, action in Action::"admin", resource) when { principal.admin };
forbid (principal, action, resource) unless { principal.organisation == resource.organisation };
"#;

/// An organisation, or several, in Cedar.
pub struct Cedar {
    authorizer: Authorizer,
    policies: PolicySet,
    /// Everything there is.
    all: Entities,
    /// For each person: they and their groups.
    people: Vec<Vec<Entity>>,
    channels: Vec<Entity>,
    /// The actions and their groups, which every question needs.
    actions: Vec<Entity>,
}

impl Cedar {
    pub fn new(people: &[Principal], channels: &[Access]) -> Self {
        let ending = channels.iter().flat_map(ending).collect::<String>();
        let policies = format!("{RULES}{ending}").parse().expect("policies");
        let people: Vec<Vec<Entity>> = people.iter().map(person).collect();
        let channels: Vec<Entity> = channels.iter().map(channel).collect();
        let actions: Vec<Entity> = Action::ALL.into_iter().map(action).collect();
        let mut seen = HashSet::new();
        let everything = people.iter().flatten().chain(&channels).chain(&actions);
        let all = everything.filter(|entity| seen.insert(entity.uid())).cloned();
        let all = Entities::from_entities(all, None).expect("entities");
        Self { authorizer: Authorizer::new(), policies, all, people, channels, actions }
    }

    /// What is asked of Cedar; making it is left out of the timings.
    pub fn request(&self, person: usize, channel: usize, action: Action, now: Instant) -> Request {
        let now = RestrictedExpression::new_long(now.unix_millis());
        let context = Context::from_pairs([("now".to_owned(), now)]).expect("a context");
        let (person, channel) = (self.people[person][0].uid(), self.channels[channel].uid());
        Request::new(person, uid("Action", action_name(action)), channel, context, None).expect("a request")
    }

    /// The answer from everything, loaded before.
    pub fn preloaded(&self, request: &Request) -> bool {
        self.authorizer.is_authorized(request, &self.policies, &self.all).decision() == Decision::Allow
    }

    /// The answer from what this question needs and nothing else, which is how Cedar's documentation says to ask where not
    /// everything is in memory. The entities are ready made; putting them together belongs to the question.
    pub fn sliced(&self, request: &Request, person: usize, channel: usize) -> bool {
        let slice = self.people[person].iter().chain([&self.channels[channel]]).chain(&self.actions).cloned();
        let slice = Entities::from_entities(slice, None).expect("entities");
        self.authorizer.is_authorized(request, &self.policies, &slice).decision() == Decision::Allow
    }
}

fn uid(kind: &str, id: impl std::fmt::Display) -> EntityUid {
    EntityUid::from_type_name_and_id(kind.parse().expect("a type"), cedar_policy::EntityId::new(id.to_string()))
}

const fn role_name(role: Role) -> &'static str {
    match role {
        Role::Viewer => "viewer",
        Role::Contributor => "contributor",
        Role::Supervisor => "supervisor",
    }
}

fn action_name(action: Action) -> String {
    format!("{action:?}")
}

fn action(action: Action) -> Entity {
    let least = match action.least() {
        Least::Role(role) => role_name(role),
        Least::Admin => "admin",
    };
    Entity::new_no_attrs(uid("Action", action_name(action)), HashSet::from([uid("Action", least)]))
}

/// The person, then their groups.
fn person(person: &Principal) -> Vec<Entity> {
    let organisation = person.organisation();
    let mut groups = HashSet::from([uid("Everybody", organisation)]);
    for membership in person.memberships() {
        // A higher role is in the groups of the lower ones too.
        for role in Role::ALL.into_iter().filter(|role| *role <= membership.role).map(role_name) {
            groups.insert(uid("Team", format!("{}/{role}", membership.team)));
            if membership.team.organisation() == organisation {
                groups.insert(uid("AnyTeam", format!("{organisation}/{role}")));
            }
        }
    }
    let admin = RestrictedExpression::new_bool(person.account() == AccountRole::Admin);
    let organisation = RestrictedExpression::new_string(organisation.to_string());
    let attributes = HashMap::from([("admin".to_owned(), admin), ("organisation".to_owned(), organisation)]);
    let bare: Vec<Entity> = groups.iter().cloned().map(|group| Entity::new_no_attrs(group, HashSet::new())).collect();
    let person = Entity::new(uid("User", person.id()), attributes, groups).expect("a person");
    std::iter::once(person).chain(bare).collect()
}

fn channel(access: &Access) -> Entity {
    let organisation = access.organisation();
    let mut attributes = HashMap::new();
    for least in Role::ALL {
        let name = role_name(least);
        let users = access.grants().filter_map(|grant| match grant {
            Grant::User { user, role, ends: None } if least <= role => Some(uid("User", user)),
            _ => None,
        });
        let groups = access.grants().filter_map(|grant| match grant {
            Grant::Team(team) => Some(uid("Team", format!("{team}/{name}"))),
            Grant::AllUsers(role) if least <= role => Some(uid("Everybody", organisation)),
            Grant::AllTeams => Some(uid("AnyTeam", format!("{organisation}/{name}"))),
            _ => None,
        });
        let users = RestrictedExpression::new_set(users.map(RestrictedExpression::new_entity_uid));
        let groups = RestrictedExpression::new_set(groups.map(RestrictedExpression::new_entity_uid));
        attributes.insert(format!("{name}s"), users);
        attributes.insert(name.to_owned(), groups);
    }
    let organisation = RestrictedExpression::new_string(organisation.to_string());
    attributes.insert("organisation".to_owned(), organisation);
    Entity::new(uid("Channel", access.channel()), attributes, HashSet::new()).expect("a channel")
}

/// A policy for each grant that has an end.
fn ending(access: &Access) -> Vec<String> {
    let channel = access.channel();
    let policies = access.grants().filter_map(|grant| match grant {
        Grant::User { user, role, ends: Some(at) } => {
            let roles = Role::ALL.into_iter().filter(|least| *least <= role);
            let actions: Vec<String> = roles.map(|role| format!("Action::\"{}\"", role_name(role))).collect();
            Some(format!(
                "permit (principal == User::\"{user}\", action in [{}], resource == Channel::\"{channel}\")\n\
                 when {{ context.now < {} }};\n",
                actions.join(", "),
                at.unix_millis()
            ))
        }
        _ => None,
    });
    policies.collect()
}
