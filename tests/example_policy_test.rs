//! A policy that cannot be broken proves nothing: each rule of the example is broken once, and no other with it. Each is as
//! short as it promises.
#![allow(dead_code, reason = "what the example's `main` needs")]

use std::fs;
use std::path::Path;

use whatsapp_inbox::access::{AccessChange, Grant, Holder, Principal, Role};
use whatsapp_inbox::settings::{AutoResolve, WindowBounds};

#[path = "../examples/policy_test.rs"]
mod policy_test;
use policy_test::{House, RULES, bakery, tell};

/// Which rules do not hold after this change of the bakery, with what breaks them.
fn broken(change: impl FnOnce(&mut House)) -> Vec<String> {
    let mut house = bakery().expect("the bakery");
    change(&mut house);
    RULES.iter().filter_map(|(name, rule)| rule(&house).err().map(|why| format!("{name}: {why}"))).collect()
}

fn granted(house: &mut House, channel: usize, grant: Grant) {
    let channel = &mut house.channels[channel];
    channel.access = channel.access.after(&[AccessChange::Grant(grant)]).expect("a grant to one of us");
}

#[test]
fn what_is_printed_is_as_it_was_read_before() {
    let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/policy-test.txt");
    let (told, holds) = tell(&bakery().expect("the bakery"));
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        fs::write(&golden, &told).expect("the golden file can be written");
    }
    assert!(told == fs::read_to_string(&golden).unwrap_or_default(), "{} is out of date", golden.display());
    assert!(holds);
}

#[test]
fn a_contributor_who_is_an_admin_too_may_close() {
    let broken = broken(|house| {
        let ana = house.people.iter_mut().find(|person| person.name == "Ana").expect("Ana");
        let team = ana.is.memberships()[0];
        ana.is = Principal::admin(ana.is.id()).in_team(team.team, team.role);
    });
    assert_eq!(broken, ["no contributor ever closes a channel: Ana may close Orders"]);
}

#[test]
fn an_intern_who_supervises_sees_reports() {
    let broken = broken(|house| {
        let (ivo, ends) = (house.people[2].is.id(), house.now.plus_days(1));
        granted(house, 1, Grant::user_until(ivo, Role::Supervisor, ends));
    });
    assert_eq!(broken, ["interns never see reports: Ivo sees the reports of Wholesale"]);
}

#[test]
fn a_grant_may_last_too_long() {
    let lasting = |days| {
        broken(|house| {
            let (ivo, ends) = (house.people[2].is.id(), house.now.plus_days(days));
            granted(house, 1, Grant::user_until(ivo, Role::Viewer, ends));
        })
    };
    assert_eq!(lasting(90), [""; 0]);
    assert_eq!(lasting(91), ["what is granted to one person ends within 90 days: one in Wholesale does not"]);
}

#[test]
fn a_channel_may_have_nobody_to_reply() {
    let broken = broken(|house| {
        let orders = &mut house.channels[0].access;
        *orders = orders.after(&[AccessChange::Revoke(Holder::AllTeams)]).expect("a change among us");
    });
    assert_eq!(broken, ["in every channel two people may reply: in Orders it is 0"]);
}

#[test]
fn a_channel_may_never_resolve() {
    let broken = broken(|house| {
        let orders = &mut house.channels[0].settings;
        let never = orders.clone().with().auto_resolve_pending(AutoResolve::Off).build(&house.policy.auto_resolve);
        *orders = never.expect("it can be switched off");
    });
    assert_eq!(broken, ["every channel resolves by itself within 30 days: Orders resolves what is in Pending never"]);
}

#[test]
fn wide_bounds_let_an_admin_set_more() {
    let broken = broken(|house| house.policy.auto_resolve.bounds = WindowBounds::WIDEST);
    assert_eq!(broken, ["no admin can set a window of more than 30 days: Orders can be set to 31 days"]);
}

#[test]
fn each_rule_has_the_lines_that_it_promises() {
    let text = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/policy_test.rs")).expect("it");
    let rules: Vec<&str> =
        text.split("\n\n").filter(|part| part.contains("(house: &House) -> Result<(), String> {")).collect();
    assert_eq!(rules.len(), RULES.len());
    for rule in rules {
        let lines = rule.lines().count();
        assert!(lines <= 15, "{lines} lines: {rule}");
    }
}
