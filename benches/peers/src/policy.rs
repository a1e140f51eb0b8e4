//! An organisation with its people and channels, and questions about them. The same numbers on every run.

use whatsapp_inbox::access::{Access, Action, Grant, Principal, Role};
use whatsapp_inbox::id::{ChannelId, OrganisationId, TeamId, UserId};
use whatsapp_inbox::time::Instant;
use whatsapp_inbox::uuid::{Builder, Uuid};

/// How large an organisation is, and what is in it. Where it says "one in", 0 is none.
#[derive(Debug, Clone, Copy)]
pub struct Shape {
    pub channels: usize,
    pub people: usize,
    pub teams: usize,
    /// One channel in so many is open to all users.
    pub all_users: usize,
    /// One channel in so many is open to all teams.
    pub all_teams: usize,
    /// One person in so many is an account admin.
    pub admins: usize,
    /// One grant to a user in so many has an end, half of them in the past.
    pub ends: usize,
}

impl Shape {
    /// A large organisation: about 10 direct and 5 team grants a channel, everybody in 1 to 5 teams.
    pub const LARGE: Self =
        Self { channels: 1_000, people: 10_000, teams: 200, all_users: 5, all_teams: 0, admins: 0, ends: 0 };
}

/// People and channels.
#[derive(Debug, Clone)]
pub struct Policy {
    pub organisation: OrganisationId,
    pub people: Vec<Principal>,
    pub channels: Vec<Access>,
    pub now: Instant,
}

/// May this person do this in this channel? Both by their place in the [`Policy`].
#[derive(Debug, Clone, Copy)]
pub struct Question {
    pub person: usize,
    pub channel: usize,
    pub action: Action,
}

/// `SplitMix64`: small, and the same everywhere.
#[derive(Debug)]
pub struct Random(u64);

impl Random {
    pub const fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// Less than `end`, which is not 0.
    pub fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.next() % end as u64).expect("less than a usize")
    }

    fn one_in(&mut self, count: usize) -> bool {
        count != 0 && self.below(count) == 0
    }

    fn of<T: Copy>(&mut self, items: &[T]) -> T {
        items[self.below(items.len())]
    }

    pub fn uuid(&mut self) -> Uuid {
        let bytes = (u128::from(self.next()) << 64 | u128::from(self.next())).to_ne_bytes();
        Builder::from_random_bytes(bytes).into_uuid()
    }
}

impl Policy {
    pub fn new(shape: Shape, random: &mut Random) -> Self {
        let now: Instant = "2026-01-05T09:00:00Z".parse().expect("an instant");
        let organisation = OrganisationId::new(random.uuid());
        let teams: Vec<TeamId> = (0..shape.teams).map(|_| TeamId::new(organisation, random.uuid())).collect();
        let person = |random: &mut Random| {
            let user = UserId::new(organisation, random.uuid());
            let person = if random.one_in(shape.admins) { Principal::admin(user) } else { Principal::user(user) };
            (0..=random.below(5)).fold(person, |person, _| person.in_team(random.of(&teams), random.of(&Role::ALL)))
        };
        let people: Vec<Principal> = (0..shape.people).map(|_| person(random)).collect();
        let channel = |random: &mut Random| {
            let mut grants = Vec::new();
            for _ in 0..5 + random.below(11) {
                let (user, role) = (people[random.below(people.len())].id(), random.of(&Role::ALL));
                let (past, future) = (now, now.plus_minutes(1));
                grants.push(if random.one_in(shape.ends) {
                    Grant::user_until(user, role, random.of(&[past, future]))
                } else {
                    Grant::user(user, role)
                });
            }
            grants.extend((0..2 + random.below(7)).map(|_| Grant::Team(random.of(&teams))));
            grants.extend(random.one_in(shape.all_users).then(|| Grant::AllUsers(random.of(&Role::ALL))));
            grants.extend(random.one_in(shape.all_teams).then_some(Grant::AllTeams));
            Access::of(ChannelId::new(organisation, random.uuid()), grants).expect("one organisation")
        };
        let channels = (0..shape.channels).map(|_| channel(random)).collect();
        Self { organisation, people, channels, now }
    }

    /// Questions in random order. Every second one is about somebody who has a role in the channel or had one.
    pub fn questions(&self, count: usize, random: &mut Random) -> Vec<Question> {
        let mut questions = Vec::with_capacity(count);
        while questions.len() < count {
            let (person, channel) = (random.below(self.people.len()), random.below(self.channels.len()));
            let reached = self.channels[channel].grants().any(|grant| reaches(grant, &self.people[person]));
            if reached || questions.len() % 2 == 0 {
                questions.push(Question { person, channel, action: random.of(&Action::ALL) });
            }
        }
        questions
    }
}

fn reaches(grant: Grant, person: &Principal) -> bool {
    match grant {
        Grant::User { user, .. } => user == person.id(),
        Grant::Team(team) => person.memberships().iter().any(|membership| membership.team == team),
        _ => true,
    }
}
