//! Every answer about access against a naive model that is written from the text of the rules: all actions, all
//! combinations of ways into a channel, admins and others, of this organisation and of the other.

use whatsapp_inbox::access::{Access, Action, Denied, Grant, Principal, Reason, Role};
use whatsapp_inbox::id::{OrganisationId, TeamId, UserId};
use whatsapp_inbox::rule::Explain;
use whatsapp_inbox::time::Instant;

use crate::access_case::*;

/// The table of the rules: from which rank on an action is open, and what it is called. Rank 0 is for account admins.
const TABLE: [(Action, u8, &str); 16] = [
    (Action::View, 1, "view the channel and its conversations"),
    (Action::MoveToPending, 1, "move to Pending"),
    (Action::MoveToResolved, 1, "move to Resolved"),
    (Action::EditTags, 1, "add and remove tags"),
    (Action::EditNotes, 1, "add and remove notes"),
    (Action::EditTopics, 1, "add and remove topics"),
    (Action::Reply, 2, "reply"),
    (Action::Take, 2, "take a conversation"),
    (Action::Assign, 2, "assign a conversation"),
    (Action::Unassign, 2, "unassign a conversation"),
    (Action::MoveToNew, 2, "move back to New"),
    (Action::Snooze, 2, "snooze a conversation"),
    (Action::ViewReports, 3, "view the channel's reports"),
    (Action::ChangeSettings, 0, "change the channel's settings"),
    (Action::ChangeAccess, 0, "change who has access"),
    (Action::ActForBrand, 0, "act for the brand in an onboarding"),
];

const RANKS: [(u8, Role, &str); 3] =
    [(1, Role::Viewer, "viewer"), (2, Role::Contributor, "contributor"), (3, Role::Supervisor, "supervisor")];

/// Ways into the channel, as ranks; 0 is none.
#[derive(Debug, Clone, Copy)]
struct Ways {
    direct: u8,
    /// In how many milliseconds the direct grant ends, if it does.
    ends_in: Option<i64>,
    counter: bool,
    kitchen: bool,
    all_users: u8,
    all_teams: bool,
}

/// Whom the model asks for: the memberships are the counter's and the kitchen's, and one in the counter of the other
/// organisation than the person's, as ranks.
#[derive(Debug, Clone)]
struct Someone {
    admin: bool,
    of_bakery: bool,
    counter: Vec<u8>,
    kitchen: u8,
    astray: u8,
}

/// What the rules say.
#[derive(Debug, PartialEq)]
struct Expected {
    rank: u8,
    reason: Option<Reason>,
    code: Option<&'static str>,
    sentence: Option<String>,
}

fn role(rank: u8) -> Option<Role> {
    RANKS.iter().find(|row| row.0 == rank).map(|row| row.1)
}

fn name(rank: u8) -> &'static str {
    RANKS.iter().find(|row| row.0 == rank).expect("a rank").2
}

/// The highest rank over all paths that are there now.
fn rank(ways: Ways, someone: &Someone) -> u8 {
    if !someone.of_bakery {
        return 0;
    }
    let mut ranks = vec![0, ways.all_users];
    if ways.ends_in.is_none_or(|millis| millis > 0) {
        ranks.push(ways.direct);
    }
    if ways.counter || ways.all_teams {
        ranks.extend(&someone.counter);
    }
    if ways.kitchen || ways.all_teams {
        ranks.push(someone.kitchen);
    }
    ranks.sort_unstable();
    ranks[ranks.len() - 1]
}

fn expected(ways: Ways, someone: &Someone, row: (Action, u8, &str)) -> Expected {
    let (_, least, title) = row;
    let rank = rank(ways, someone);
    let ended = ways.direct != 0 && ways.ends_in.is_some_and(|millis| millis <= 0);
    let (allowed, reason, code, because) = if !someone.of_bakery {
        (false, Reason::OtherOrganisation, "never told", "never told".to_owned())
    } else if least == 0 {
        let because = "it takes an account admin, and this person is none".to_owned();
        (someone.admin, Reason::AdminOnly, "admin-only", because)
    } else if rank != 0 {
        let (held, needed) = (role(rank).expect("a role"), role(least).expect("a role"));
        let because = format!("it takes a {}, and this person is a {}", name(least), name(rank));
        (rank >= least, Reason::RoleTooLow { held, needed }, "role-too-low", because)
    } else if ended {
        let because = "the access of this person ended at 2026-01-05T09:00:00.000Z".to_owned();
        (false, Reason::Ended { at: now() }, "access-ended", because)
    } else {
        (
            false,
            Reason::NoAccess,
            "no-access",
            "no grant is for this person, and being an account admin gives none".to_owned(),
        )
    };
    if allowed {
        return Expected { rank, reason: None, code: None, sentence: None };
    }
    // Who may not view the channel is told nothing of it; an admin of its organisation is.
    let told = someone.of_bakery && (rank != 0 || someone.admin);
    let (code, sentence) = if told {
        (code, format!("not allowed to {title}: {because}"))
    } else {
        ("not-found", "no such channel was found".to_owned())
    };
    Expected { rank, reason: Some(reason), code: Some(code), sentence: Some(sentence) }
}

/// All combinations of ways into a channel.
fn all_ways() -> Vec<Ways> {
    let mut all = Vec::new();
    let mut directs = vec![(0, None)];
    for direct in 1..=3 {
        directs.extend([None, Some(0), Some(1)].map(|ends_in| (direct, ends_in)));
    }
    for (direct, ends_in) in directs {
        for teams in 0..8_u8 {
            for all_users in 0..=3 {
                let [counter, kitchen, all_teams] = [1, 2, 4].map(|bit| teams & bit != 0);
                all.push(Ways { direct, ends_in, counter, kitchen, all_users, all_teams });
            }
        }
    }
    all
}

/// Everybody there can be: no membership, one or two with every role, twice in one team, astray in the other organisation's.
fn everybody() -> Vec<Someone> {
    let mut memberships = Vec::new();
    for counter in 0..=3 {
        for kitchen in 0..=3 {
            memberships.push((vec![counter], kitchen, 0));
        }
        if counter != 0 {
            memberships.push((vec![], 0, counter));
            memberships.extend((1..=3).filter(|again| *again != counter).map(|again| (vec![counter, again], 0, 0)));
        }
    }
    let mut all = Vec::new();
    for (counter, kitchen, astray) in memberships {
        for (admin, of_bakery) in [(false, true), (true, true), (false, false), (true, false)] {
            all.push(Someone { admin, of_bakery, counter: counter.clone(), kitchen, astray });
        }
    }
    all
}

fn access(index: usize, ways: Ways) -> Access {
    let mut grants = Vec::new();
    if let Some(role) = role(ways.direct) {
        let ends = ways.ends_in.map(now_and);
        grants.push(ends.map_or(Grant::user(ANA, role), |ends| Grant::user_until(ANA, role, ends)));
    }
    grants.extend(ways.counter.then_some(Grant::Team(COUNTER)));
    grants.extend(ways.kitchen.then_some(Grant::Team(KITCHEN)));
    grants.extend(role(ways.all_users).map(Grant::AllUsers));
    grants.extend(ways.all_teams.then_some(Grant::AllTeams));
    Access::of(channel(1000 + index as u128), grants).expect("grants of its own organisation")
}

fn person(someone: &Someone) -> Principal {
    let (own, other) = if someone.of_bakery { (BAKERY, CAFE) } else { (CAFE, BAKERY) };
    let team_of = |organisation: OrganisationId, team: TeamId| TeamId::new(organisation, team.uuid());
    let id = UserId::new(own, ANA.uuid());
    let mut person = if someone.admin { Principal::admin(id) } else { Principal::user(id) };
    let counter = someone.counter.iter().map(|rank| (team_of(own, COUNTER), *rank));
    let others = [(team_of(own, KITCHEN), someone.kitchen), (team_of(other, COUNTER), someone.astray)];
    for (team, rank) in counter.chain(others) {
        if let Some(role) = role(rank) {
            person = person.in_team(team, role);
        }
    }
    person
}

/// One cell: the decision and all that is read from it.
fn check(access: &Access, person: &Principal, action: Action, expected: &Expected, now: Instant) {
    let decision = access.decide(person, action, now);
    assert_eq!((decision.is_allowed(), decision.reason()), (expected.reason.is_none(), expected.reason));
    let denied = decision.into_result().err();
    assert_eq!(denied.map(|denied| denied.code()), expected.code);
    assert_eq!(denied.map(Denied::is_not_found), expected.code.map(|code| code == "not-found"));
    assert_eq!(denied.map(|denied| denied.to_string()), expected.sentence);
    assert!(denied.is_none_or(|denied| denied.action() == action));
    assert_eq!(access.role(person, now), role(expected.rank));
    let why = access.why(person, action, now);
    assert_eq!((why.allowed, why.held, why.reason), (decision.is_allowed(), role(expected.rank), expected.reason));
    assert_eq!(why.paths.iter().map(|path| path.role()).max(), role(expected.rank));
}

#[test]
fn access_highest_every_cell_is_as_the_text_of_the_rules_has_it() {
    // Given every combination of ways into a channel, and everybody there can be,
    let ways = all_ways();
    let channels: Vec<Access> = ways.iter().enumerate().map(|(index, ways)| access(index, *ways)).collect();
    let everybody = everybody();
    let people: Vec<Principal> = everybody.iter().map(person).collect();
    let (mut cells, mut yes) = (0_u32, 0_u32);
    for (access, ways) in channels.iter().zip(&ways) {
        for (person, someone) in people.iter().zip(&everybody) {
            for row in TABLE {
                // when somebody asks for anything, then the answer, its reason and what is told are what the rules say.
                let expected = expected(*ways, someone, row);
                check(access, person, row.0, &expected, now());
                cells += 1;
                yes += u32::from(expected.reason.is_none());
            }
        }
    }
    assert_eq!((ways.len(), people.len()), (320, 100));
    assert_eq!(cells, 320 * 100 * 16);
    assert!(yes > cells / 5 && yes < cells / 2, "{yes} of {cells}");
}

#[test]
fn access_one_decision_every_list_and_filter_is_as_the_text_of_the_rules_has_it() {
    let (ways, everybody) = (all_ways(), everybody());
    let channels: Vec<Access> = ways.iter().enumerate().map(|(index, ways)| access(index, *ways)).collect();
    let people: Vec<Principal> = everybody.iter().map(person).collect();
    assert_eq!(TABLE.map(|row| row.0), Action::ALL);
    let mut cells = 0_u32;
    for row in TABLE {
        let action = row.0;
        // Given who may do something where, as the rules say,
        let yes: Vec<Vec<bool>> = everybody
            .iter()
            .map(|someone| ways.iter().map(|ways| expected(*ways, someone, row).reason.is_none()).collect())
            .collect();
        // when it is asked who can in a channel, then it is they, in order;
        for (place, access) in channels.iter().enumerate() {
            let wanted = people.iter().zip(&yes).filter(|(_, yes)| yes[place]).map(|(person, _)| person);
            assert!(access.who_can(&people, action, now()).eq(wanted), "{action:?} {:?}", ways[place]);
        }
        // when it is asked where somebody can, or a filter is applied, then it is there.
        for ((person, someone), yes) in people.iter().zip(&everybody).zip(&yes) {
            let wanted = || channels.iter().zip(yes).filter(|(_, yes)| **yes).map(|(access, _)| access);
            assert!(person.where_can(&channels, action, now()).eq(wanted()), "{action:?} {someone:?}");
            let filter = person.filter(action, now());
            assert!(channels.iter().filter(|access| filter.matches(access)).eq(wanted()), "{action:?} {someone:?}");
            cells += u32::try_from(yes.len()).expect("few");
        }
    }
    assert_eq!(cells, 320 * 100 * 16);
}
