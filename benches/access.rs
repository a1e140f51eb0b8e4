//! Access: one decision, its why, and the channels in which somebody may do something.
//!
//! Beside it stand two versions written by hand that give the same answers without a reason: maps with the hash of the
//! standard library, and sorted lists. They are given the channel and the person, as the crate is; one more variant of the
//! maps also finds these two by their ids. As they owe no reason, they look nothing up whose role would not be enough.
#![allow(unreachable_pub, dead_code, reason = "the organisation is also that of another package")]

#[path = "peers/src/policy.rs"]
mod policy;

use std::collections::{HashMap, HashSet};
use std::hint::black_box;

use criterion::{Criterion, Throughput};
use policy::{Policy, Question, Random, Shape};
use whatsapp_inbox::access::{Access, Action, Grant, Least, Principal, Role};
use whatsapp_inbox::id::{ChannelId, OrganisationId, TeamId, UserId};
use whatsapp_inbox::time::Instant;
use whatsapp_inbox::uuid::Uuid;

/// A channel by hand: how its grants are found is all that differs.
trait ByHand {
    fn of(access: &Access) -> Self;
    fn all_users(&self) -> Option<Role>;
    fn all_teams(&self) -> bool;
    fn user(&self, user: Uuid) -> Option<(Role, Option<Instant>)>;
    fn team(&self, team: Uuid) -> bool;

    fn may(&self, person: &Person, action: Action, now: Instant) -> bool {
        let Least::Role(needed) = action.least() else { return person.admin };
        let direct =
            || self.user(person.user).is_some_and(|(role, ends)| role >= needed && ends.is_none_or(|at| now < at));
        let enough = |(team, role): &(Uuid, Role)| *role >= needed && (self.all_teams() || self.team(*team));
        self.all_users().is_some_and(|role| role >= needed) || direct() || person.teams.iter().any(enough)
    }
}

/// A person by hand.
struct Person {
    user: Uuid,
    admin: bool,
    teams: Vec<(Uuid, Role)>,
}

impl Person {
    fn of(principal: &Principal) -> Self {
        let teams = principal.memberships().iter().map(|membership| (membership.team.uuid(), membership.role));
        let admin = principal.account() == whatsapp_inbox::access::AccountRole::Admin;
        Self { user: principal.id().uuid(), admin, teams: teams.collect() }
    }
}

/// A channel as maps, with the hash of the standard library.
#[derive(Default)]
struct Hashed {
    all_users: Option<Role>,
    all_teams: bool,
    users: HashMap<Uuid, (Role, Option<Instant>)>,
    teams: HashSet<Uuid>,
}

/// A channel as lists in the order of their ids.
#[derive(Default)]
struct Sorted {
    all_users: Option<Role>,
    all_teams: bool,
    users: Vec<(Uuid, (Role, Option<Instant>))>,
    teams: Vec<Uuid>,
}

impl ByHand for Hashed {
    fn of(access: &Access) -> Self {
        let sorted = Sorted::of(access);
        let (users, teams) = (sorted.users.into_iter().collect(), sorted.teams.into_iter().collect());
        Self { all_users: sorted.all_users, all_teams: sorted.all_teams, users, teams }
    }

    fn all_users(&self) -> Option<Role> {
        self.all_users
    }

    fn all_teams(&self) -> bool {
        self.all_teams
    }

    fn user(&self, user: Uuid) -> Option<(Role, Option<Instant>)> {
        self.users.get(&user).copied()
    }

    fn team(&self, team: Uuid) -> bool {
        self.teams.contains(&team)
    }
}

impl ByHand for Sorted {
    fn of(access: &Access) -> Self {
        let mut sorted = Self::default();
        for grant in access.grants() {
            match grant {
                Grant::User { user, role, ends } => sorted.users.push((user.uuid(), (role, ends))),
                Grant::Team(team) => sorted.teams.push(team.uuid()),
                Grant::AllUsers(role) => sorted.all_users = Some(role),
                Grant::AllTeams => sorted.all_teams = true,
            }
        }
        sorted.users.sort_unstable();
        sorted.teams.sort_unstable();
        sorted
    }

    fn all_users(&self) -> Option<Role> {
        self.all_users
    }

    fn all_teams(&self) -> bool {
        self.all_teams
    }

    fn user(&self, user: Uuid) -> Option<(Role, Option<Instant>)> {
        let place = self.users.binary_search_by_key(&user, |(user, _)| *user).ok()?;
        Some(self.users[place].1)
    }

    fn team(&self, team: Uuid) -> bool {
        self.teams.binary_search(&team).is_ok()
    }
}

/// One channel with 10 direct and 5 team grants, asked again and again.
fn one(criterion: &mut Criterion) {
    let mut random = Random::new(1);
    let organisation = OrganisationId::new(random.uuid());
    let users: Vec<UserId> = (0..11).map(|_| UserId::new(organisation, random.uuid())).collect();
    let teams: Vec<TeamId> = (0..9).map(|_| TeamId::new(organisation, random.uuid())).collect();
    let direct = users[..10].iter().map(|user| Grant::user(*user, Role::Contributor));
    let grants = direct.chain(teams[..5].iter().map(|team| Grant::Team(*team)));
    let access = Access::of(ChannelId::new(organisation, random.uuid()), grants).unwrap();
    let in_teams = |user: usize, in_teams: [usize; 3]| {
        in_teams
            .into_iter()
            .fold(Principal::user(users[user]), |person, team| person.in_team(teams[team], Role::Contributor))
    };
    let now = Instant::MIN;

    let mut group = criterion.benchmark_group("decision");
    for (name, person, allowed) in [
        ("allowed by direct", in_teams(4, [6, 7, 8]), true),
        ("allowed by team", in_teams(10, [6, 3, 8]), true),
        ("denied", in_teams(10, [6, 7, 8]), false),
    ] {
        let (hashed, sorted, by_hand) = (Hashed::of(&access), Sorted::of(&access), Person::of(&person));
        assert_eq!(access.decide(&person, Action::Reply, now).is_allowed(), allowed);
        assert_eq!(hashed.may(&by_hand, Action::Reply, now), allowed);
        assert_eq!(sorted.may(&by_hand, Action::Reply, now), allowed);
        group.bench_function(format!("{name}: decide"), |bencher| {
            bencher.iter(|| black_box(&access).decide(black_box(&person), black_box(Action::Reply), now));
        });
        group.bench_function(format!("{name}: why"), |bencher| {
            bencher.iter(|| black_box(&access).why(black_box(&person), black_box(Action::Reply), now));
        });
        group.bench_function(format!("{name}: hash maps by hand"), |bencher| {
            bencher.iter(|| black_box(&hashed).may(black_box(&by_hand), black_box(Action::Reply), now));
        });
        group.bench_function(format!("{name}: sorted lists by hand"), |bencher| {
            bencher.iter(|| black_box(&sorted).may(black_box(&by_hand), black_box(Action::Reply), now));
        });
    }
    group.finish();
}

/// A large organisation, asked in random order, so that little of what a question needs is near.
fn many(criterion: &mut Criterion) {
    let mut random = Random::new(2);
    let policy = Policy::new(Shape::LARGE, &mut random);
    let questions = policy.questions(65_536, &mut random);
    let people: Vec<Person> = policy.people.iter().map(Person::of).collect();
    let hashed: Vec<Hashed> = policy.channels.iter().map(Hashed::of).collect();
    let sorted: Vec<Sorted> = policy.channels.iter().map(Sorted::of).collect();
    let now = policy.now;
    let decide = |Question { person, channel, action }: &Question| {
        policy.channels[*channel].decide(&policy.people[*person], *action, now).is_allowed()
    };
    let by_hash =
        |Question { person, channel, action }: &Question| hashed[*channel].may(&people[*person], *action, now);
    let by_order =
        |Question { person, channel, action }: &Question| sorted[*channel].may(&people[*person], *action, now);
    // As it is mostly written: everything is found by its id.
    let channel_ids: Vec<Uuid> = policy.channels.iter().map(|access| access.channel().uuid()).collect();
    let person_ids: Vec<Uuid> = people.iter().map(|person| person.user).collect();
    let hashed_channels: HashMap<Uuid, &Hashed> = channel_ids.iter().copied().zip(&hashed).collect();
    let hashed_people: HashMap<Uuid, &Person> = person_ids.iter().copied().zip(&people).collect();
    let by_uuid = |Question { person, channel, action }: &Question| {
        let (channel, person) = (channel_ids[*channel], person_ids[*person]);
        hashed_channels[&channel].may(hashed_people[&person], *action, now)
    };
    assert!(
        questions
            .iter()
            .all(|question| decide(question) == by_hash(question) && by_hash(question) == by_uuid(question))
    );
    assert!(questions.iter().all(|question| decide(question) == by_order(question)));

    let mut group = criterion.benchmark_group("65,536 decisions in a large organisation");
    group.throughput(Throughput::Elements(questions.len() as u64)).sample_size(30);
    group.bench_function("decide", |bencher| {
        bencher.iter(|| black_box(&questions).iter().filter(|&q| decide(q)).count());
    });
    group.bench_function("hash maps by hand", |bencher| {
        bencher.iter(|| black_box(&questions).iter().filter(|&q| by_hash(q)).count());
    });
    group.bench_function("hash maps by hand, also for people and channels", |bencher| {
        bencher.iter(|| black_box(&questions).iter().filter(|&q| by_uuid(q)).count());
    });
    group.bench_function("sorted lists by hand", |bencher| {
        bencher.iter(|| black_box(&questions).iter().filter(|&q| by_order(q)).count());
    });
    group.finish();

    let mut group = criterion.benchmark_group("where may somebody reply, of 1,000 channels");
    let mut next = (0..policy.people.len()).cycle();
    let mut next = || next.next().expect("people");
    group.bench_function("where_can", |bencher| {
        bencher.iter(|| policy.people[next()].where_can(&policy.channels, Action::Reply, now).count());
    });
    group.bench_function("filter.matches", |bencher| {
        bencher.iter(|| {
            let filter = policy.people[next()].filter(Action::Reply, now);
            policy.channels.iter().filter(|access| filter.matches(access)).count()
        });
    });
    group.bench_function("hash maps by hand", |bencher| {
        bencher.iter(|| {
            let person = &people[next()];
            hashed.iter().filter(|channel| channel.may(person, Action::Reply, now)).count()
        });
    });
    group.bench_function("sorted lists by hand", |bencher| {
        bencher.iter(|| {
            let person = &people[next()];
            sorted.iter().filter(|channel| channel.may(person, Action::Reply, now)).count()
        });
    });
    group.finish();
}

fn main() {
    let mut criterion = Criterion::default().configure_from_args();
    one(&mut criterion);
    many(&mut criterion);
    criterion.final_summary();
}
