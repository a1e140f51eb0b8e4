//! What a storage lists is what asking one by one allows (`access.one-decision`): `cargo run -p visibility-sql`.
//!
//! Two organisations at random, with the same UUIDs for other things, go into an SQLite database. Then everybody's list
//! of channels for every action is asked of the database and of the library, and the two must be equal.
#![allow(unreachable_pub, reason = "what is copied from here is public there")]

mod query;
mod random;
mod store;

use std::error::Error;
use std::process::ExitCode;

use fastrand::Rng;
use whatsapp_inbox::access::{Access, Action, Least, Principal};
use whatsapp_inbox::time::Instant;
use whatsapp_inbox::uuid::Uuid;

use random::Size;

const SEED: u64 = 7;
const SIZE: Size = Size { channels: 50, people: 200, teams: 20 };

/// What was compared.
#[derive(Default)]
struct Compared {
    people: usize,
    lists: usize,
    channels: usize,
    /// Who was given another list for what, and the two lists.
    differences: Vec<String>,
}

fn main() -> Result<ExitCode, Box<dyn Error>> {
    let now: Instant = "2026-03-02T09:00:00Z".parse()?;
    let mut random = Rng::with_seed(SEED);
    let first = random::organisation(1, &SIZE, now, &mut random)?;
    let second = random::organisation(2, &SIZE, now, &mut random)?;
    let people = [first.people, second.people].concat();
    let channels = [first.channels, second.channels].concat();

    println!("{}", store::SCHEMA);
    if let Some(person) = people.iter().find(|person| person.memberships().len() == 2) {
        let (sql, values) = query::query(&person.filter(Action::MoveToPending, now));
        println!("-- Where may this member of {} teams move to Pending?", person.memberships().len());
        println!("{sql};\n-- with {} parameters\n", values.len());
    }
    let roles = |action: &Action| action.least() != Least::Admin;
    let mut equal = true;
    for (what, actions) in [
        ("actions that take a role", Action::ALL.into_iter().filter(roles).collect::<Vec<_>>()),
        ("actions that take an account admin", Action::ALL.into_iter().filter(|action| !roles(action)).collect()),
    ] {
        let compared = compare(&people, &channels, &actions, now)?;
        let outcome = if compared.differences.is_empty() { "all equal" } else { "NOT all equal" };
        let (people, lists, found) =
            (thousands(compared.people), thousands(compared.lists), thousands(compared.channels));
        println!("{people} people × {} {what}: {lists} lists, {found} channels, {outcome}", actions.len());
        for difference in &compared.differences {
            eprintln!("{difference}");
        }
        equal &= compared.differences.is_empty();
    }
    Ok(if equal { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Asks the database and the library for every person's channels for every action.
fn compare(people: &[Principal], channels: &[Access], actions: &[Action], now: Instant) -> rusqlite::Result<Compared> {
    let database = store::filled(channels)?;
    let mut compared = Compared { people: people.len(), ..Compared::default() };
    for person in people {
        for action in actions {
            let listed = store::visible(&database, &person.filter(*action, now))?;
            let mut allowed: Vec<Uuid> =
                person.where_can(channels, *action, now).map(|access| access.channel().uuid()).collect();
            allowed.sort_unstable();
            compared.lists += 1;
            compared.channels += allowed.len();
            if listed != allowed {
                let who = person.id();
                compared.differences.push(format!("{who}, {action}: listed {listed:?}, allowed {allowed:?}"));
            }
        }
    }
    Ok(compared)
}

/// A number with a comma before every three digits.
fn thousands(number: usize) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_database_lists_what_asking_one_by_one_allows() {
        let now = Instant::from_unix_millis(1_000_000_000_000).expect("an instant");
        let size = Size { channels: 12, people: 20, teams: 4 };
        for seed in 0..20 {
            let mut random = Rng::with_seed(seed);
            let both = [1, 2].map(|number| random::organisation(number, &size, now, &mut random).expect("its own"));
            let people: Vec<Principal> = both.iter().flat_map(|one| one.people.clone()).collect();
            let channels: Vec<Access> = both.iter().flat_map(|one| one.channels.clone()).collect();
            let compared = compare(&people, &channels, &Action::ALL, now).expect("a database");
            assert_eq!(compared.differences, Vec::<String>::new(), "seed {seed}");
            assert_eq!(compared.lists, 40 * Action::ALL.len());
            let most = compared.lists * 12;
            assert!(
                (most / 10..most * 9 / 10).contains(&compared.channels),
                "too few or too many to tell: seed {seed}"
            );
        }
    }

    #[test]
    fn thousands_are_told_apart() {
        assert_eq!([0, 999, 1000, 61_204, 1_000_000].map(thousands), ["0", "999", "1,000", "61,204", "1,000,000"]);
    }
}
