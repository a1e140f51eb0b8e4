//! Random organisations, from seeds.

use std::collections::BTreeSet;

use proptest::prelude::*;
use whatsapp_inbox::access::{Access, AccessChange, Grant, Holder, Principal, Role};
use whatsapp_inbox::id::{ChannelId, OrganisationId, TeamId, UserId};
use whatsapp_inbox::uuid::Uuid;

use crate::access_case::*;

/// Draws numbers from a seed, the same in every run (`SplitMix64`).
pub struct Draws(pub u64);

/// An organisation, with strangers of another whose UUIDs are the same.
#[derive(Debug, Clone)]
pub struct Organisation {
    pub teams: u64,
    pub people: Vec<Principal>,
    pub channels: Vec<Access>,
}

impl Draws {
    pub fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (mixed ^ (mixed >> 31)) % end.max(1)
    }

    pub fn one_in(&mut self, count: u64) -> bool {
        self.below(count) == 0
    }

    pub fn of<T: Copy>(&mut self, items: &[T]) -> T {
        items[usize::try_from(self.below(items.len() as u64)).expect("few")]
    }

    pub fn role(&mut self) -> Role {
        self.of(&Role::ALL)
    }

    pub fn holder(&mut self, organisation: OrganisationId, users: u64, teams: u64) -> Holder {
        match self.below(8) {
            0 => Holder::AllUsers,
            1 => Holder::AllTeams,
            2..=4 if teams > 0 => Holder::Team(TeamId::new(organisation, self.uuid(teams))),
            _ => Holder::User(UserId::new(organisation, self.uuid(users))),
        }
    }

    pub fn uuid(&mut self, count: u64) -> Uuid {
        Uuid::from_u128(u128::from(self.below(count)))
    }

    pub fn grant(&mut self, holder: Holder) -> Grant {
        match holder {
            Holder::User(user) => {
                let ends = [None, None, Some(-1), Some(0), Some(1)];
                Grant::User { user, role: self.role(), ends: self.of(&ends).map(now_and) }
            }
            Holder::Team(team) => Grant::Team(team),
            Holder::AllUsers => Grant::AllUsers(self.role()),
            Holder::AllTeams => Grant::AllTeams,
        }
    }

    /// Grants for different holders.
    pub fn grants(&mut self, organisation: OrganisationId, users: u64, teams: u64) -> Vec<Grant> {
        let count = self.below(8);
        let holders: BTreeSet<Holder> = (0..count).map(|_| self.holder(organisation, users, teams)).collect();
        holders.into_iter().map(|holder| self.grant(holder)).collect()
    }

    pub fn person(&mut self, id: u64, teams: u64) -> Principal {
        let (own, other) = if self.one_in(5) { (CAFE, BAKERY) } else { (BAKERY, CAFE) };
        let id = UserId::new(own, Uuid::from_u128(u128::from(id)));
        let mut person = if self.one_in(6) { Principal::admin(id) } else { Principal::user(id) };
        for _ in 0..self.below(4).min(teams) {
            let organisation = if self.one_in(8) { other } else { own };
            person = person.in_team(TeamId::new(organisation, self.uuid(teams)), self.role());
        }
        person
    }

    pub fn access(&mut self, id: u64, users: u64, teams: u64) -> Access {
        let organisation = if self.one_in(5) { CAFE } else { BAKERY };
        let channel = ChannelId::new(organisation, Uuid::from_u128(u128::from(id)));
        Access::of(channel, self.grants(organisation, users, teams)).expect("grants of its own organisation")
    }

    /// A change of this access: something new, something other, or something taken away.
    pub fn change(&mut self, access: &Access, users: u64, teams: u64) -> AccessChange {
        let standing: Vec<Holder> = access.grants().map(Grant::holder).collect();
        let new = standing.is_empty() || self.one_in(2);
        let holder = if new { self.holder(access.organisation(), users, teams) } else { self.of(&standing) };
        if self.one_in(2) { AccessChange::Revoke(holder) } else { AccessChange::Grant(self.grant(holder)) }
    }
}

impl Organisation {
    pub fn new(draws: &mut Draws, channels: u64, users: u64, teams: u64) -> Self {
        let people = (0..users).map(|id| draws.person(id, teams)).collect();
        let channels = (0..channels).map(|id| draws.access(id, users, teams)).collect();
        Self { teams, people, channels }
    }

    pub fn users(&self) -> u64 {
        self.people.len() as u64
    }

    /// The same organisation after some time: people, memberships, admins, grants and channels have come and gone.
    pub fn later(&self, draws: &mut Draws) -> Self {
        let (users, teams) = (self.users(), self.teams);
        let mut people = Vec::new();
        for person in &self.people {
            let id = u64::try_from(person.id().uuid().as_u128()).expect("small");
            match draws.below(12) {
                0 => {}
                1 => people.push(draws.person(id, teams)),
                2 if teams > 0 => {
                    people.push(person.clone().in_team(TeamId::new(BAKERY, draws.uuid(teams)), draws.role()));
                }
                3 => people.extend(person.memberships().first().map(|first| person.clone().without_team(first.team))),
                _ => people.push(person.clone()),
            }
        }
        people.push(draws.person(users, teams));
        let mut channels = Vec::new();
        for access in &self.channels {
            let changes: Vec<AccessChange> = (0..draws.below(3)).map(|_| draws.change(access, users, teams)).collect();
            channels.extend((!draws.one_in(12)).then(|| access.after(&changes).expect("its own")));
        }
        channels.push(draws.access(self.channels.len() as u64, users, teams));
        Self { teams, people, channels }
    }
}

/// Organisations, from empty to this many channels, users and teams, and what is drawn next.
pub fn organisations(channels: u64, users: u64) -> impl Strategy<Value = (Organisation, u64)> {
    (0..=channels, 0..=users, 0..=20_u64, any::<u64>()).prop_map(|(channels, users, teams, seed)| {
        (Organisation::new(&mut Draws(seed), channels, users, teams), seed.rotate_left(32))
    })
}
