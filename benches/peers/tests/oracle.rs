//! Cedar as an independent oracle: it must say yes and no exactly where this crate does.
//!
//! Every kind of grant, every action, account admins, people in several teams and in none, two organisations that use the
//! same UUIDs, and grants that have an end: Cedar holds them with their end and is told the time.

use peers::cedar::Cedar;
use peers::policy::{Policy, Random, Shape};
use whatsapp_inbox::access::{Access, Action, Grant, Path, Principal, Reason};
use whatsapp_inbox::id::{ChannelId, OrganisationId, TeamId, UserId};
use whatsapp_inbox::time::Instant;
use whatsapp_inbox::uuid::Uuid;

const SHAPE: Shape = Shape { channels: 60, people: 120, teams: 12, all_users: 6, all_teams: 6, admins: 10, ends: 3 };

/// The same channel with the same UUIDs in another organisation.
fn abroad(access: &Access, organisation: OrganisationId) -> Access {
    let grants = access.grants().map(|grant| match grant {
        Grant::User { user, role, ends } => {
            let user = UserId::new(organisation, user.uuid());
            ends.map_or(Grant::user(user, role), |ends| Grant::user_until(user, role, ends))
        }
        Grant::Team(team) => Grant::Team(TeamId::new(organisation, team.uuid())),
        other => other,
    });
    Access::of(ChannelId::new(organisation, access.channel().uuid()), grants).expect("one organisation")
}

#[test]
fn every_decision_agrees_with_cedar() {
    let mut random = Random::new(4);
    let policy = Policy::new(SHAPE, &mut random);
    let other = OrganisationId::new(Uuid::from_u128(1));

    let mut people = policy.people.clone();
    // In no team; the same user elsewhere; and one who is in a team of another organisation.
    people.extend(policy.people[..10].iter().map(|person| Principal::user(person.id())));
    people.extend(policy.people[..10].iter().map(|person| {
        let memberships = person.memberships().iter();
        let abroad = Principal::user(UserId::new(other, person.id().uuid()));
        memberships.fold(abroad, |abroad, membership| {
            abroad.in_team(TeamId::new(other, membership.team.uuid()), membership.role)
        })
    }));
    people.extend(policy.people[10..20].iter().map(|person| {
        let memberships = person.memberships().iter();
        let outsider = Principal::user(UserId::new(other, person.id().uuid()));
        memberships.fold(outsider, |outsider, membership| outsider.in_team(membership.team, membership.role))
    }));
    let mut channels = policy.channels.clone();
    channels.extend(policy.channels[..15].iter().map(|access| abroad(access, other)));

    // Cedar knows a person by their id, so those who share one are asked about apart.
    let (first, rest) = people.split_at(policy.people.len());
    let (second, rest) = rest.split_at(10);
    let mut seen = Seen::default();
    for people in [first, second, rest] {
        agree(people, &channels, &policy, &mut seen);
    }
    seen.everything();
}

fn agree(people: &[Principal], channels: &[Access], policy: &Policy, seen: &mut Seen) {
    let cedar = Cedar::new(people, channels);
    // The instant at which half of the ending grants end, the one before it, and one at which all have ended.
    let instants = [policy.now, just_before(policy.now), policy.now.plus_minutes(1)];
    for (person, principal) in people.iter().enumerate() {
        for (channel, access) in channels.iter().enumerate() {
            for (index, action) in Action::ALL.into_iter().enumerate() {
                let now = instants[(person + channel + index) % instants.len()];
                let request = cedar.request(person, channel, action, now);
                let decision = access.decide(principal, action, now);
                let why = access.why(principal, action, now);
                assert_eq!(decision.is_allowed(), cedar.preloaded(&request), "{action} at {now}: {why}");
                if index == channel % Action::ALL.len() {
                    assert_eq!(decision.is_allowed(), cedar.sliced(&request, person, channel), "{action}: {why}");
                }
                seen.count(&why.paths, decision.reason());
            }
        }
    }
}

fn just_before(at: Instant) -> Instant {
    Instant::from_unix_millis(at.unix_millis() - 1).expect("an instant")
}

/// How often each path and each reason was met: an agreement about nothing is worth nothing.
#[derive(Default)]
struct Seen {
    paths: [usize; 5],
    reasons: [usize; 6],
}

impl Seen {
    fn count(&mut self, paths: &[Path], reason: Option<Reason>) {
        for path in paths {
            self.paths[match path {
                Path::Direct { ends: None, .. } => 0,
                Path::Direct { .. } => 1,
                Path::Team { .. } => 2,
                Path::AllUsers { .. } => 3,
                Path::AllTeams { .. } => 4,
            }] += 1;
        }
        self.reasons[match reason {
            None => 0,
            Some(Reason::NoAccess) => 1,
            Some(Reason::RoleTooLow { .. }) => 2,
            Some(Reason::AdminOnly) => 3,
            Some(Reason::Ended { .. }) => 4,
            Some(Reason::OtherOrganisation) => 5,
            Some(reason) => panic!("a reason that Cedar does not know yet: {reason}"),
        }] += 1;
    }

    fn everything(&self) {
        println!("paths {:?}, reasons {:?}", self.paths, self.reasons);
        assert!(
            self.paths.iter().chain(&self.reasons).all(|count| *count >= 500),
            "{:?} {:?}",
            self.paths,
            self.reasons
        );
    }
}
