//! Two organisations at random, the same ones for the same seed.

use fastrand::Rng;
use whatsapp_inbox::access::{Access, ForeignHolder, Grant, Principal, Role};
use whatsapp_inbox::id::{ChannelId, OrganisationId, TeamId, UserId};
use whatsapp_inbox::time::Instant;
use whatsapp_inbox::uuid::Uuid;

/// How many of each an organisation has.
pub struct Size {
    pub channels: u128,
    pub people: u128,
    pub teams: u128,
}

/// An organisation's people and the access of its channels.
pub struct Organisation {
    pub people: Vec<Principal>,
    pub channels: Vec<Access>,
}

/// An organisation. Its channels, people and teams count from 1, so that two organisations share all their UUIDs.
pub fn organisation(number: u128, size: &Size, now: Instant, random: &mut Rng) -> Result<Organisation, ForeignHolder> {
    let id = OrganisationId::new(Uuid::from_u128(number));
    let people = (1..=size.people).map(|person| {
        let user = UserId::new(id, Uuid::from_u128(person));
        let person = if random.u8(..20) == 0 { Principal::admin(user) } else { Principal::user(user) };
        let joins = random.u8(..4);
        (0..joins).fold(person, |person, _| person.in_team(team(id, size, random), role(random)))
    });
    let people = people.collect();
    let channels = (1..=size.channels).map(|channel| {
        let mut grants = Vec::new();
        for _ in 0..random.u8(..20) {
            let user = UserId::new(id, Uuid::from_u128(random.u128(1..=size.people)));
            grants.push(match random.u8(..2) {
                0 => Grant::user(user, role(random)),
                _ => Grant::user_until(user, role(random), end(now, random)),
            });
        }
        grants.extend((0..random.u8(..4)).map(|_| Grant::Team(team(id, size, random))));
        grants.extend((random.u8(..5) == 0).then(|| Grant::AllUsers(role(random))));
        grants.extend((random.u8(..5) == 0).then_some(Grant::AllTeams));
        Access::of(ChannelId::new(id, Uuid::from_u128(channel)), grants)
    });
    Ok(Organisation { people, channels: channels.collect::<Result<_, _>>()? })
}

fn team(organisation: OrganisationId, size: &Size, random: &mut Rng) -> TeamId {
    TeamId::new(organisation, Uuid::from_u128(random.u128(1..=size.teams)))
}

fn role(random: &mut Rng) -> Role {
    random.choice(Role::ALL).unwrap_or(Role::Viewer)
}

/// Long past, a millisecond before now, now itself, a millisecond after it, or far ahead.
fn end(now: Instant, random: &mut Rng) -> Instant {
    let moved = random.choice([-86_400_000, -1, 0, 1, 86_400_000]).unwrap_or(0);
    Instant::from_unix_millis(now.unix_millis() + moved).unwrap_or(now)
}
