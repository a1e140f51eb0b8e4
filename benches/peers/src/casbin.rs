//! The policy as casbin has it, without what it has no word for: ends and several organisations.
//!
//! A line for each user's grant and for each role of a team's; people are in `team/role`, actions are in the roles that are
//! enough for them. casbin goes through all lines for a question that it has not answered before (some 25,000 here), so
//! what is timed is the answer from its cache.

use casbin::{CachedEnforcer, CoreApi, DefaultModel, MemoryAdapter, MgmtApi};
use whatsapp_inbox::access::{Access, Action, Grant, Least, Principal, Role};

use crate::ready;

const MODEL: &str = r#"
[request_definition]
r = sub, obj, act
[policy_definition]
p = sub, obj, role
[role_definition]
g = _, _
g2 = _, _
[policy_effect]
e = some(where (p.eft == allow))
[matchers]
m = r.obj == p.obj && (p.sub == "everybody" || g(r.sub, p.sub)) && g2(r.act, p.role)
"#;

/// An organisation in casbin.
pub struct Casbin(CachedEnforcer);

impl Casbin {
    pub fn new(people: &[Principal], channels: &[Access]) -> Self {
        ready(async {
            let model = DefaultModel::from_str(MODEL).await.expect("a model");
            let mut enforcer = CachedEnforcer::new(model, MemoryAdapter::default()).await.expect("an enforcer");
            enforcer.enable_auto_build_role_links(false);
            let grants = channels.iter().flat_map(lines).collect();
            enforcer.add_policies(grants).await.expect("policies");
            let memberships: std::collections::BTreeSet<Vec<String>> = people.iter().flat_map(memberships).collect();
            enforcer.add_grouping_policies(memberships.into_iter().collect()).await.expect("memberships");
            let actions = Action::ALL.into_iter().flat_map(enough).collect();
            enforcer.add_named_grouping_policies("g2", actions).await.expect("actions");
            enforcer.build_role_links().expect("links");
            Self(enforcer)
        })
    }

    /// The answer; from the cache if it was given before and is among the last 200.
    pub fn decide(&self, [person, channel, action]: &[String; 3]) -> bool {
        self.0.enforce((person.as_str(), channel.as_str(), action.as_str())).expect("an answer")
    }
}

/// What is asked of casbin; making it is left out of the timings.
pub fn request(person: &Principal, access: &Access, action: Action) -> [String; 3] {
    [person.id().uuid().to_string(), access.channel().uuid().to_string(), format!("{action:?}")]
}

fn lines(access: &Access) -> Vec<Vec<String>> {
    let line = |holder: String, role: Role| vec![holder, access.channel().uuid().to_string(), role.name().to_owned()];
    let lines = access.grants().flat_map(|grant| match grant {
        Grant::User { user, role, .. } => vec![line(user.uuid().to_string(), role)],
        Grant::Team(team) => Role::ALL.map(|role| line(format!("{}/{role}", team.uuid()), role)).to_vec(),
        Grant::AllUsers(role) => vec![line("everybody".to_owned(), role)],
        _ => Role::ALL.map(|role| line(format!("any team/{role}"), role)).to_vec(),
    });
    lines.collect()
}

fn memberships(person: &Principal) -> Vec<Vec<String>> {
    let user = person.id().uuid().to_string();
    let groups = person.memberships().iter().flat_map(|membership| {
        let role = membership.role;
        [format!("{}/{role}", membership.team.uuid()), format!("any team/{role}")]
    });
    groups.map(|group| vec![user.clone(), group]).collect()
}

fn enough(action: Action) -> Vec<Vec<String>> {
    let Least::Role(least) = action.least() else { return Vec::new() };
    least.and_higher().iter().map(|role| vec![format!("{action:?}"), role.name().to_owned()]).collect()
}
