//! The matrices of the documentation, worked out from what is decided.

use std::fmt::Write;

use uuid::Uuid;

use super::{Access, Action, Grant, Least, Path, Principal, Role};
use crate::id::{ChannelId, OrganisationId, TeamId, UserId};
use crate::time::Instant;

const ORGANISATION: OrganisationId = OrganisationId::new(Uuid::from_u128(1));
const USER: UserId = UserId::new(ORGANISATION, Uuid::from_u128(2));
const TEAM: TeamId = TeamId::new(ORGANISATION, Uuid::from_u128(3));
const CHANNEL: ChannelId = ChannelId::new(ORGANISATION, Uuid::from_u128(4));

impl Action {
    /// The matrix of actions and roles, as a Markdown table.
    #[must_use]
    pub fn table() -> String {
        let mut table = "| action | viewer | contributor | supervisor | account admin |\n".to_owned();
        table.push_str("| --- | --- | --- | --- | --- |\n");
        for action in Self::ALL {
            let [viewer, contributor, supervisor] = Role::ALL.map(|role| mark(role.allows(action)));
            let (title, admin) = (action.title(), mark(action.least() == Least::Admin));
            // Writing to a `String` cannot fail.
            _ = writeln!(table, "| {title} | {viewer} | {contributor} | {supervisor} | {admin} |");
        }
        table
    }
}

const fn mark(yes: bool) -> &'static str {
    if yes { "yes" } else { "–" }
}

impl Path {
    /// The matrix of paths and roles, as a Markdown table: what somebody is by one grant alone.
    #[must_use]
    pub fn table() -> String {
        let mut table = "| grant to | viewer | contributor | supervisor | in no team |\n".to_owned();
        table.push_str("| --- | --- | --- | --- | --- |\n");
        let direct = |role| Grant::user(USER, role);
        for (name, whose, grants) in [
            ("one user", "grant", Role::ALL.map(direct)),
            ("a team", "membership", [Grant::Team(TEAM); 3]),
            ("all users", "grant", Role::ALL.map(Grant::AllUsers)),
            ("all teams", "membership", [Grant::AllTeams; 3]),
        ] {
            _ = write!(table, "| {name}, with the role of the {whose} |");
            for (role, grant) in Role::ALL.into_iter().zip(grants) {
                _ = write!(table, " {} |", by(grant, Some(role)));
            }
            let in_no_team = if whose == "grant" { "the grant's role" } else { by(Grant::AllTeams, None) };
            _ = writeln!(table, " {in_no_team} |");
        }
        table
    }
}

/// What somebody is by one grant alone, as a member of a team with this role, or of none.
fn by(grant: Grant, membership: Option<Role>) -> &'static str {
    let person = Principal::user(USER);
    let person = match membership {
        Some(role) => person.in_team(TEAM, role),
        None => person,
    };
    let role = Access::of(CHANNEL, [grant]).ok().and_then(|access| access.role(&person, Instant::MIN));
    role.map_or("no access", Role::name)
}
