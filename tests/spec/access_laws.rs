//! What holds of access in any organisation: one decision, grants only give, and an impact is the difference it tells.

use std::cell::Cell;
use std::collections::BTreeSet;

use proptest::prelude::*;
use whatsapp_inbox::access::{Access, AccessChange, AccountRole, Action, Impact, Principal, Snapshot, Warning};
use whatsapp_inbox::id::{ChannelId, UserId};
use whatsapp_inbox::time::Instant;

use crate::access_case::*;
use crate::access_random::*;
use crate::random::runner;

fn allowed_at(access: &Access, person: &Principal, action: Action, now: Instant) -> bool {
    access.decide(person, action, now).is_allowed()
}

fn add(count: &Cell<u32>, yes: bool) {
    count.set(count.get() + u32::from(yes));
}

#[test]
fn access_one_decision_filters_lists_and_reasons_agree_in_any_organisation() {
    let (all, yes) = (Cell::new(0), Cell::new(0));
    let law = |(organisation, _): (Organisation, u64)| {
        let Organisation { people, channels, .. } = &organisation;
        for action in Action::ALL {
            let mut found = Vec::new();
            for person in people {
                let filter = person.filter(action, now());
                let here: Vec<&Access> = person.where_can(channels, action, now()).collect();
                prop_assert!(channels.iter().filter(|access| filter.matches(access)).eq(here.iter().copied()));
                found.push(here.iter().map(|access| access.channel()).collect::<BTreeSet<_>>());
            }
            for access in channels {
                let who: Vec<&Principal> = access.who_can(people, action, now()).collect();
                let single = |(person, found): &(&Principal, &BTreeSet<ChannelId>)| {
                    let allowed = allowed_at(access, person, action, now());
                    assert_eq!(found.contains(&access.channel()), allowed);
                    assert_eq!(access.why(person, action, now()).allowed, allowed);
                    add(&all, true);
                    add(&yes, allowed);
                    allowed
                };
                prop_assert!(people.iter().zip(&found).filter(single).map(|(person, _)| person).eq(who));
            }
        }
        Ok(())
    };
    runner(24).run(&organisations(50, 200), law).unwrap();
    assert!(yes.get() > 100_000 && all.get() - yes.get() > 100_000, "{} of {}", yes.get(), all.get());
}

#[test]
fn access_highest_a_grant_more_takes_nothing_away_and_a_grant_less_gives_nothing() {
    let (more, less) = (Cell::new(0), Cell::new(0));
    let law = |(organisation, seed): (Organisation, u64)| {
        let draws = &mut Draws(seed);
        for access in &organisation.channels {
            let holder = draws.holder(access.organisation(), organisation.users(), organisation.teams);
            let (with, without) = (AccessChange::Grant(draws.grant(holder)), AccessChange::Revoke(holder));
            let without = access.after(&[without]).expect("its own");
            let with = without.after(&[with]).expect("its own");
            for person in &organisation.people {
                for now in [now_and(-1), now(), now_and(1)] {
                    let (before, after) = (may(&without, person, now), may(&with, person, now));
                    prop_assert!(before.iter().all(|action| after.contains(action)), "{holder:?} {person:?}");
                    add(&more, after.len() > before.len());
                    let conversations = after.iter().filter(|action| **action < Action::ChangeSettings);
                    prop_assert_eq!(with.role(person, now).is_none(), conversations.count() == 0);
                }
                add(&less, access.role(person, now()) > without.role(person, now()));
            }
        }
        Ok(())
    };
    runner(64).run(&organisations(10, 20), law).unwrap();
    assert!(more.get() > 1000 && less.get() > 100, "{} and {}", more.get(), less.get());
}

#[test]
fn access_revoke_impact_whoever_loses_anything_by_a_change_is_among_whose_owners_are_looked_at() {
    let (lost, kept) = (Cell::new(0), Cell::new(0));
    let law = |(organisation, seed): (Organisation, u64)| {
        let draws = &mut Draws(seed);
        for access in &organisation.channels {
            let change = draws.change(access, organisation.users(), organisation.teams);
            let after = access.after(&[change]).expect("its own");
            let looked_at = access.changes_to(&after).iter().any(|change| change.takes_away());
            for person in &organisation.people {
                for now in [now_and(-1), now(), now_and(1)] {
                    let less = after.role(person, now) < access.role(person, now);
                    prop_assert!(!less || looked_at, "{change:?} {person:?} {access:?}");
                    add(&lost, less);
                }
            }
            add(&kept, access != &after && !looked_at);
        }
        Ok(())
    };
    runner(200).run(&organisations(20, 20), law).unwrap();
    assert!(lost.get() > 1000 && kept.get() > 100, "{} lost, {} kept", lost.get(), kept.get());
}

/// Whose permissions differ where, worked out from single decisions, action by action.
fn differences(before: &Organisation, after: &Organisation) -> BTreeSet<String> {
    let channels: BTreeSet<ChannelId> = before.channels.iter().chain(&after.channels).map(Access::channel).collect();
    let users: BTreeSet<UserId> = before.people.iter().chain(&after.people).map(Principal::id).collect();
    let may = |organisation: &Organisation, channel, user| {
        let access = organisation.channels.iter().find(|access| access.channel() == channel);
        let person = organisation.people.iter().find(|person| person.id() == user);
        let all = access.zip(person).map(|(access, person)| may(access, person, now())).unwrap_or_default();
        all.into_iter().filter(|action| *action < Action::ChangeSettings).collect::<Vec<_>>()
    };
    let mut differences = BTreeSet::new();
    for channel in channels {
        for user in &users {
            let (was, is) = (may(before, channel, *user), may(after, channel, *user));
            let lost: Vec<_> = was.iter().filter(|action| !is.contains(action)).collect();
            let gained: Vec<_> = is.iter().filter(|action| !was.contains(action)).collect();
            if was != is {
                differences.insert(format!("{channel} {user} {lost:?} {gained:?}"));
            }
        }
    }
    differences
}

fn told(impact: &Impact) -> BTreeSet<String> {
    let told = impact.changes.iter().map(|change| {
        let (lost, gained): (Vec<_>, Vec<_>) = (change.lost().collect(), change.gained().collect());
        format!("{} {} {lost:?} {gained:?}", change.channel, change.user)
    });
    let all: BTreeSet<String> = told.collect();
    assert_eq!(all.len(), impact.changes.len(), "everything is told once");
    assert!(impact.changes.is_sorted_by_key(|change| (change.channel, change.user)));
    all
}

fn somebody_replies(access: &Access, people: &[Principal]) -> bool {
    people.iter().any(|person| allowed_at(access, person, Action::Reply, now()))
}

fn has_a_channel(person: &Principal, channels: &[Access]) -> bool {
    channels.iter().any(|access| allowed_at(access, person, Action::View, now()))
}

/// Warned of is whatever had somebody and has nobody, and nothing that has somebody or was not touched.
fn warnings_are_right(before: &Organisation, after: &Organisation, warnings: &[Warning]) -> u32 {
    for access in &after.channels {
        let was = before.channels.iter().find(|was| was.channel() == access.channel());
        let spoke = was.is_some_and(|was| somebody_replies(was, &before.people));
        let warned = warnings.contains(&Warning::NobodyMayReply { channel: access.channel() });
        let replies = somebody_replies(access, &after.people);
        assert!(if warned { !replies && (spoke || was != Some(access)) } else { replies || !spoke });
    }
    for person in &after.people {
        let was = before.people.iter().find(|was| was.id() == person.id());
        let had = was.is_some_and(|was| has_a_channel(was, &before.channels));
        let warned = warnings.contains(&Warning::NoChannel { user: person.id() });
        let has = has_a_channel(person, &after.channels);
        assert!(if warned { !has && (had || was != Some(person)) } else { has || !had });
    }
    u32::try_from(warnings.len()).expect("few")
}

#[test]
fn access_revoke_impact_of_any_change_of_an_organisation_is_the_difference_of_what_its_people_may() {
    let counts = [const { Cell::new(0_u32) }; 3];
    let law = |(before, seed): (Organisation, u64)| {
        let after = before.later(&mut Draws(seed));
        let snapshot = |organisation: &'_ Organisation| {
            Snapshot::new(&organisation.people, &organisation.channels)
                .impact(&Snapshot::new(&after.people, &after.channels), now())
        };
        let admins = |organisation: &Organisation| {
            let admins = organisation.people.iter().filter(|person| person.account() == AccountRole::Admin);
            admins.map(Principal::organisation).collect::<BTreeSet<_>>()
        };
        let left = admins(&before).is_subset(&admins(&after));
        match snapshot(&before) {
            Err(_) => {
                prop_assert!(!left);
                add(&counts[2], true);
            }
            Ok(impact) => {
                prop_assert!(left);
                prop_assert_eq!(told(&impact), differences(&before, &after));
                counts[0].set(counts[0].get() + u32::try_from(impact.changes.len()).expect("few"));
                counts[1].set(counts[1].get() + warnings_are_right(&before, &after, &impact.warnings));
            }
        }
        Ok(())
    };
    runner(200).run(&organisations(12, 12), law).unwrap();
    let [changes, warnings, refused] = counts.map(|count| count.get());
    assert!(changes > 2000 && warnings > 200 && refused > 5, "{changes}, {warnings}, {refused}");
}

#[test]
fn access_revoke_impact_of_a_change_of_one_channel_is_the_difference_of_what_people_may() {
    let counts = [const { Cell::new(0_u32) }; 2];
    let law = |(organisation, seed): (Organisation, u64)| {
        let draws = &mut Draws(seed);
        for access in &organisation.channels {
            let change = |draws: &mut Draws| draws.change(access, organisation.users(), organisation.teams);
            let changes: Vec<AccessChange> = (0..3).map(|_| change(draws)).collect();
            let one = |access| Organisation { channels: vec![access], ..organisation.clone() };
            let (before, after) = (one(access.clone()), one(access.after(&changes).expect("its own")));
            let impact = access.impact(&changes, &organisation.people, &organisation.channels, now()).expect("its own");
            prop_assert_eq!(told(&impact), differences(&before, &after));
            let silent = Warning::NobodyMayReply { channel: access.channel() };
            let here = |other: &&Access| other.channel() != access.channel();
            let elsewhere: Vec<&Access> = organisation.channels.iter().filter(here).collect();
            let has_one = |person: &Principal, this: &Access| {
                elsewhere.iter().copied().chain([this]).any(|access| access.role(person, now()).is_some())
            };
            let stranded = |person: &&Principal| has_one(person, access) && !has_one(person, &after.channels[0]);
            let stranded = organisation.people.iter().filter(stranded);
            let stranded: BTreeSet<UserId> = stranded.map(Principal::id).collect();
            let (silence, rest): (Vec<_>, Vec<_>) =
                impact.warnings.iter().copied().partition(|warning| *warning == silent);
            let warned = rest.iter().filter_map(|warning| match warning {
                Warning::NoChannel { user } => Some(*user),
                _ => None,
            });
            prop_assert_eq!(warned.collect::<BTreeSet<_>>(), stranded);
            let lost_reply: BTreeSet<UserId> = impact.replies_lost().map(|(_, user)| user).collect();
            let may_reply = |of: &Access| {
                let all = organisation.people.iter();
                all.filter(|one| allowed_at(of, one, Action::Reply, now())).map(Principal::id).collect::<BTreeSet<_>>()
            };
            let wanted: BTreeSet<UserId> =
                may_reply(access).difference(&may_reply(&after.channels[0])).copied().collect();
            prop_assert_eq!(lost_reply, wanted);
            let (had, has) = (&before, &after);
            let lost = |of: &Organisation| somebody_replies(&of.channels[0], &of.people);
            prop_assert!(!lost(had) || lost(has) || silence == vec![silent]);
            prop_assert!(!lost(has) || silence.is_empty());
            add(&counts[0], !impact.changes.is_empty());
            add(&counts[1], lost(had) && !lost(has));
        }
        Ok(())
    };
    runner(100).run(&organisations(20, 10), law).unwrap();
    let [changed, silenced] = counts.map(|count| count.get());
    assert!(changed > 300 && silenced > 50, "{changed}, {silenced}");
}
