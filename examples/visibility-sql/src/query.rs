//! The filter as SQL. Copy this file: it is all that a service needs.

use rusqlite::types::Value;
use whatsapp_inbox::access::{Granted, Reach, VisibilityFilter};
use whatsapp_inbox::uuid::Uuid;

/// The channels that a filter lets through, as a query for their ids and the values of its parameters.
///
/// No value stands in the text. The text depends on how many roles and teams count and on nothing else, so a database
/// that keeps prepared statements keeps few.
pub fn query(filter: &VisibilityFilter) -> (String, Vec<Value>) {
    let mut values = vec![id(filter.organisation().uuid())];
    let reached = match filter.reach() {
        Reach::Nothing => "FALSE".to_owned(),
        Reach::Everything => "TRUE".to_owned(),
        Reach::Granted(granted) => reached(granted, &mut values),
    };
    let sql = format!("SELECT id FROM channels\nWHERE organisation = ?1 AND ({reached})\nORDER BY id");
    (sql, values)
}

/// The ways to reach a channel, of which one is enough.
fn reached(granted: &Granted, values: &mut Vec<Value>) -> String {
    let user = bound(values, [id(granted.user().uuid())]);
    let ends_after = bound(values, [Value::Integer(granted.ends_after().unix_millis())]);
    let roles = bound(values, granted.roles().iter().map(|role| Value::Text(role.name().to_owned())));
    let teams = bound(values, granted.teams().iter().map(|team| id(team.uuid())));
    let by_team = if granted.teams().is_empty() {
        String::new()
    } else {
        format!(
            "
  OR all_teams
  OR id IN (
    SELECT channel FROM team_grants
    WHERE organisation = ?1 AND team IN ({teams}))"
        )
    };
    // Each part asks for the organisation itself: the same id in another one is another thing.
    format!(
        "
  all_users IN ({roles})
  OR id IN (
    SELECT channel FROM user_grants
    WHERE organisation = ?1 AND user = {user} AND role IN ({roles}) AND (ends IS NULL OR ends > {ends_after})){by_team}"
    )
}

/// Adds values, and gives the parameters that stand for them: `?4, ?5`.
fn bound(values: &mut Vec<Value>, more: impl IntoIterator<Item = Value>) -> String {
    let first = values.len() + 1;
    values.extend(more);
    (first..=values.len()).map(|number| format!("?{number}")).collect::<Vec<_>>().join(", ")
}

/// An id as the tables hold it: 16 bytes.
pub fn id(uuid: Uuid) -> Value {
    Value::Blob(uuid.as_bytes().to_vec())
}

#[cfg(test)]
mod tests {
    use super::*;
    use whatsapp_inbox::access::{Action, Principal, Role};
    use whatsapp_inbox::id::{OrganisationId, TeamId, UserId};
    use whatsapp_inbox::time::Instant;

    const BAKERY: OrganisationId = OrganisationId::new(Uuid::from_u128(1));
    const ANA: UserId = UserId::new(BAKERY, Uuid::from_u128(2));

    #[test]
    fn every_value_is_a_parameter() {
        let team = |number| TeamId::new(BAKERY, Uuid::from_u128(number));
        let ana = Principal::user(ANA).in_team(team(3), Role::Contributor).in_team(team(4), Role::Supervisor);
        let (sql, values) = query(&ana.filter(Action::Reply, Instant::MIN));
        assert_eq!(values.len(), 7, "organisation, user, instant, two roles, two teams: {sql}");
        for number in 1..=values.len() {
            assert!(sql.contains(&format!("?{number}")), "?{number} is bound to nothing in {sql}");
        }
        assert!(!sql.contains("?8") && !sql.contains('\'') && !sql.contains("contributor"), "{sql}");
    }

    #[test]
    fn without_a_team_no_grant_to_teams_counts() {
        let viewer = TeamId::new(BAKERY, Uuid::from_u128(3));
        for ana in [Principal::user(ANA), Principal::user(ANA).in_team(viewer, Role::Viewer)] {
            let (sql, values) = query(&ana.filter(Action::ViewReports, Instant::MIN));
            assert!(!sql.contains("team"), "{sql}");
            assert_eq!(values.len(), 4, "organisation, user, instant, one role: {sql}");
        }
    }

    #[test]
    fn an_admins_action_asks_for_all_or_nothing() {
        for (person, part) in [(Principal::user(ANA), "(FALSE)"), (Principal::admin(ANA), "(TRUE)")] {
            let (sql, values) = query(&person.filter(Action::ChangeSettings, Instant::MIN));
            assert!(sql.contains(part), "{sql}");
            assert_eq!(values, [id(BAKERY.uuid())]);
        }
    }
}
