//! After how long conversations resolve by themselves, and who says so.

use serde_json::{Value, json};
use whatsapp_inbox::channel::{Channel, Refused};
use whatsapp_inbox::decider::Decider;
use whatsapp_inbox::rule::{Explain, Limit, Rule};
use whatsapp_inbox::settings::{
    AutoAssignment, AutoResolve, AutoResolvePolicy, OpenQueue, Settings, SettingsDraft, SettingsPatch, Source, Window,
    WindowBounds,
};

use crate::case::*;
use crate::channel_case::*;

const DAY: u32 = 24 * 60;

fn after(minutes: u32) -> AutoResolve {
    AutoResolve::After(Window::minutes(minutes).expect("a window"))
}

fn bounds(min: u32, max: u32) -> WindowBounds {
    WindowBounds::new(Window::minutes(min).expect("a window"), Window::minutes(max).expect("a window")).expect("bounds")
}

fn organisation(new: AutoResolve, pending: AutoResolve) -> AutoResolvePolicy {
    let mut policy = AutoResolvePolicy::default();
    (policy.new, policy.pending) = (new, pending);
    policy
}

fn channel(queue: OpenQueue, said: AutoResolve) -> Settings {
    let settings = Settings::new(channel_name(NAME));
    let with = match queue {
        OpenQueue::New => settings.with().auto_resolve_new(said),
        OpenQueue::Pending => settings.with().auto_resolve_pending(said),
    };
    with.build(&AutoResolvePolicy::default()).expect("sound settings")
}

fn patch(new: Option<AutoResolve>, pending: Option<AutoResolve>) -> SettingsPatch {
    let mut patch = SettingsPatch::default();
    (patch.auto_resolve_new, patch.auto_resolve_pending) = (new, pending);
    patch
}

#[test]
fn settings_auto_resolve_default_is_30_days_in_both_queues() {
    let settings = Settings::new(channel_name(NAME));
    for queue in OpenQueue::ALL {
        // Given a channel and an organisation that have said nothing, then it is 30 days of 24 hours, and nobody says so.
        let window = settings.window(queue, &AutoResolvePolicy::default());
        assert_eq!((window.value.map(Window::in_minutes), window.source), (Some(30 * 24 * 60), Source::BuiltIn));
        assert_eq!(settings.auto_resolve(queue), AutoResolve::Inherit);
    }
    assert_eq!(Window::BUILT_IN, Window::days(30).unwrap());
}

#[test]
fn settings_auto_assignment_is_on_unless_it_is_switched_off() {
    let settings = Settings::new(channel_name(NAME));
    let policy = AutoResolvePolicy::default();
    let said = |settings: &Settings| (settings.auto_assignment().value, settings.auto_assignment().source);
    assert_eq!(said(&settings), (AutoAssignment::On, Source::BuiltIn));
    let off = settings.with().auto_assignment(AutoAssignment::Off).build(&policy).unwrap();
    assert_eq!(said(&off), (AutoAssignment::Off, Source::Channel));
    let on = off.with().auto_assignment(AutoAssignment::On).build(&policy).unwrap();
    assert_eq!(said(&on), (AutoAssignment::On, Source::Channel));
    assert_eq!(said(&settings), (AutoAssignment::On, Source::BuiltIn), "each channel has its own");
    // Only what there is can be said.
    let read = |value: Value| {
        let draft: SettingsDraft = serde_json::from_value(json!({ "auto_assignment": value })).expect("a draft");
        draft.check(&settings, &policy).map(|patch| patch.auto_assignment)
    };
    assert_eq!(read(json!("on")), Ok(Some(AutoAssignment::On)));
    assert_eq!(read(json!("off")), Ok(Some(AutoAssignment::Off)));
    for wrong in [json!("On"), json!(" on"), json!(""), json!(true), json!("inherit")] {
        let faults = read(wrong.clone()).unwrap_err();
        assert_eq!(faults.as_slice().len(), 1, "{wrong}");
        assert_eq!(faults.as_slice()[0].rule, Rule::SettingsAutoAssignment);
    }
}

#[test]
fn settings_auto_resolve_values_tell_value_and_source_over_all_that_two_can_say() {
    let (ours, theirs) = (after(60), after(7 * DAY));
    let built_in = Some(30 * DAY);
    let cases = [
        (AutoResolve::Inherit, AutoResolve::Inherit, built_in, Source::BuiltIn),
        (AutoResolve::Inherit, AutoResolve::Off, None, Source::Organisation),
        (AutoResolve::Inherit, theirs, Some(7 * DAY), Source::Organisation),
        (AutoResolve::Off, AutoResolve::Inherit, None, Source::Channel),
        (AutoResolve::Off, AutoResolve::Off, None, Source::Channel),
        (AutoResolve::Off, theirs, None, Source::Channel),
        (ours, AutoResolve::Inherit, Some(60), Source::Channel),
        (ours, AutoResolve::Off, Some(60), Source::Channel),
        (ours, theirs, Some(60), Source::Channel),
    ];
    for (said, theirs, value, source) in cases {
        for queue in OpenQueue::ALL {
            // Given what channel and organisation say of one queue, the other queue saying nothing,
            let settings = channel(queue, said);
            let (policy, other) = match queue {
                OpenQueue::New => (organisation(theirs, AutoResolve::Inherit), OpenQueue::Pending),
                OpenQueue::Pending => (organisation(AutoResolve::Inherit, theirs), OpenQueue::New),
            };
            assert_eq!(policy.of(queue), theirs);
            // then reading tells what holds and who says so, and the other queue is as it was.
            let window = settings.window(queue, &policy);
            assert_eq!((window.value.map(Window::in_minutes), window.source), (value, source), "{said} under {theirs}");
            let window = settings.window(other, &policy);
            assert_eq!((window.value.map(Window::in_minutes), window.source), (built_in, Source::BuiltIn));
        }
    }
}

#[test]
fn settings_auto_resolve_values_in_json() {
    let of = |value: AutoResolve| serde_json::to_value(value).unwrap();
    for (value, written, words) in [
        (AutoResolve::Inherit, json!("inherit"), "inherit"),
        (AutoResolve::Off, json!("off"), "off"),
        (after(1440), json!({ "after-minutes": 1440 }), "after 1 day"),
        (after(90), json!({ "after-minutes": 90 }), "after 90 minutes"),
        (after(2160), json!({ "after-minutes": 2160 }), "after 36 hours"),
    ] {
        assert_eq!(of(value), written);
        assert_eq!(serde_json::from_value::<AutoResolve>(written).unwrap(), value);
        assert_eq!(value.to_string(), words);
    }
    for wrong in [json!("after"), json!(60), json!(null), json!({ "after-minutes": 9 }), json!({ "after-days": 1 })] {
        assert!(serde_json::from_value::<AutoResolve>(wrong.clone()).is_err(), "{wrong}");
    }
    // What holds is a number of minutes or nothing, with its source.
    let reading = channel(OpenQueue::New, AutoResolve::Off).window(OpenQueue::New, &AutoResolvePolicy::default());
    assert_eq!(serde_json::to_value(reading).unwrap(), json!({ "value": null, "source": "channel" }));
    let reading = channel(OpenQueue::New, AutoResolve::Off).window(OpenQueue::Pending, &AutoResolvePolicy::default());
    assert_eq!(serde_json::to_value(reading).unwrap(), json!({ "value": 43200, "source": "built-in" }));
}

#[test]
fn settings_auto_resolve_queues_and_channels_are_apart() {
    // Given two channels, when one changes one queue, then nothing else changes.
    let (mut one, two) = (ChannelCase::open([]), ChannelCase::open([]));
    one.does(ADMIN, one.change(patch(Some(after(60)), None)));
    assert_eq!(one.settings().auto_resolve(OpenQueue::New), after(60));
    assert_eq!(one.settings().auto_resolve(OpenQueue::Pending), AutoResolve::Inherit);
    assert_eq!(two.settings(), &Settings::new(channel_name(NAME)));
    one.does(ADMIN, one.change(patch(None, Some(AutoResolve::Off))));
    assert_eq!(one.settings().auto_resolve(OpenQueue::New), after(60));
    assert_eq!(one.settings().auto_resolve(OpenQueue::Pending), AutoResolve::Off);
    // Back to what the organisation says.
    one.does(ADMIN, one.change(patch(Some(AutoResolve::Inherit), None)));
    assert_eq!(one.settings().auto_resolve(OpenQueue::New), AutoResolve::Inherit);
}

#[test]
fn settings_auto_resolve_bounds_are_10_minutes_and_999_days() {
    const MOST: u32 = 999 * DAY;
    for (given, sound) in [
        (0, false),
        (9, false),
        (10, true),
        (11, true),
        (MOST - 1, true),
        (MOST, true),
        (MOST + 1, false),
        (u32::MAX, false),
    ] {
        // Given so many minutes, then they are taken as they are or refused, and never moved to a bound.
        match Window::minutes(given) {
            Ok(window) => assert_eq!((window.in_minutes(), sound), (given, true)),
            Err(error) => {
                assert!(!sound, "{given}");
                assert_eq!((error.given_minutes, error.bounds), (u64::from(given), WindowBounds::WIDEST));
                assert_eq!(error.limit(), Some(Limit::new(10, 1_438_560, "minutes")));
                let sentence =
                    format!("an auto-resolve window is 10 minutes to 999 days, and this one is {given} minutes");
                assert_eq!(error.to_string(), sentence);
                assert_eq!((error.code(), error.rule()), ("window-out-of-bounds", Rule::SettingsAutoResolveBounds));
            }
        }
        assert_eq!(serde_json::from_value::<Window>(json!(given)).is_ok(), sound, "{given}");
    }
    assert_eq!((Window::MIN.in_minutes(), Window::MAX.in_minutes()), (10, MOST));
}

#[test]
fn settings_auto_resolve_bounds_hold_for_hours_and_days_of_24_hours() {
    assert_eq!(Window::hours(1).map(Window::in_minutes), Ok(60));
    assert_eq!(Window::days(1).map(Window::in_minutes), Ok(1440));
    assert_eq!(Window::days(999), Ok(Window::MAX));
    assert_eq!(Window::hours(999 * 24), Ok(Window::MAX));
    for (refused, given_minutes) in [
        (Window::hours(0), 0),
        (Window::days(0), 0),
        (Window::hours(999 * 24 + 1), 999 * 1440 + 60),
        (Window::days(1000), 1_440_000),
        // Numbers of which the minutes do not fit in 32 bits, and would be small again if they were cut off.
        (Window::hours(71_582_789), 4_294_967_340),
        (Window::days(2_982_617), 4_294_968_480),
        (Window::hours(u32::MAX), u64::from(u32::MAX) * 60),
        (Window::days(u32::MAX), u64::from(u32::MAX) * 1440),
    ] {
        let error = refused.unwrap_err();
        assert_eq!((error.given_minutes, error.bounds), (given_minutes, WindowBounds::WIDEST));
    }
}

#[test]
fn settings_auto_resolve_bounds_of_an_organisation_are_in_order() {
    let window = |minutes| Window::minutes(minutes).unwrap();
    assert_eq!(WindowBounds::default(), WindowBounds::WIDEST);
    let one = WindowBounds::new(window(60), window(60)).expect("one window alone");
    assert_eq!((one.min(), one.max()), (window(60), window(60)));
    let error = WindowBounds::new(window(61), window(60)).unwrap_err();
    assert_eq!((error.min, error.max), (window(61), window(60)));
    assert_eq!(serde_json::to_value(one).unwrap(), json!({ "min": 60, "max": 60 }));
    assert_eq!(serde_json::from_value::<WindowBounds>(json!({ "min": 60, "max": 60 })).unwrap(), one);
    for wrong in [
        json!({ "min": 61, "max": 60 }),
        json!({ "min": 9, "max": 60 }),
        json!({ "min": 60 }),
        json!({ "min": 60, "max": 70, "x": 1 }),
    ] {
        assert!(serde_json::from_value::<WindowBounds>(wrong.clone()).is_err(), "{wrong}");
    }
    // A policy says nothing unless it is said, and knows its fields.
    let policy = |value: Value| serde_json::from_value::<AutoResolvePolicy>(value);
    assert_eq!(policy(json!({})).unwrap(), AutoResolvePolicy::default());
    assert_eq!(policy(json!({ "new": "off" })).unwrap(), organisation(AutoResolve::Off, AutoResolve::Inherit));
    assert!(policy(json!({ "neu": "off" })).is_err());
}

#[test]
fn settings_auto_resolve_bounds_that_an_organisation_narrows_bind_draft_and_channel() {
    for queue in OpenQueue::ALL {
        for (given, sound) in [(59, false), (60, true), (1440, true), (1441, false)] {
            // Given an organisation that allows an hour to a day, when a channel asks for so many minutes,
            let mut case = ChannelCase::open([]);
            case.policy.auto_resolve.bounds = bounds(60, 1440);
            let (field, asked) = match queue {
                OpenQueue::New => ("auto_resolve_new", patch(Some(after(given)), None)),
                OpenQueue::Pending => ("auto_resolve_pending", patch(None, Some(after(given)))),
            };
            let draft: SettingsDraft = serde_json::from_value(json!({ field: { "after-minutes": given } })).unwrap();
            let checked = draft.check(case.settings(), &case.policy.auto_resolve);
            // then form and channel agree on it, each with what was given and the organisation's limit.
            if sound {
                assert_eq!(checked, Ok(asked.clone()));
                case.does(ADMIN, case.change(asked));
                assert_eq!(case.settings().auto_resolve(queue), after(given));
                continue;
            }
            let faults = checked.unwrap_err();
            let [fault] = faults.as_slice() else { panic!("{faults}") };
            assert_eq!(fault.pointer, format!("/{field}/after-minutes"));
            assert_eq!(
                (fault.given.as_str(), fault.limit),
                (given.to_string().as_str(), Some(Limit::new(60, 1440, "minutes")))
            );
            let Refused::Window { queue: where_to, error } = case.refused(ADMIN, case.change(asked)) else { panic!() };
            assert_eq!((where_to, error.given_minutes, error.bounds), (queue, u64::from(given), bounds(60, 1440)));
        }
    }
}

#[test]
fn settings_auto_resolve_bounds_bind_the_next_change_and_not_what_stands() {
    // Given 40 days in both queues, when the organisation then allows a day at most,
    let mut case = ChannelCase::open([]);
    case.does(ADMIN, case.change(patch(Some(after(40 * DAY)), Some(after(40 * DAY)))));
    case.policy.auto_resolve.bounds = bounds(60, DAY);
    // then 40 days still hold,
    let window = case.settings().window(OpenQueue::New, &case.policy.auto_resolve);
    assert_eq!((window.value.map(Window::in_minutes), window.source), (Some(40 * DAY), Source::Channel));
    // the form may send them back with another change, which alone is made,
    let form = json!({ "name": "Orders", "auto_resolve_new": { "after-minutes": 40 * DAY } });
    let draft: SettingsDraft = serde_json::from_value(form).unwrap();
    let asked = draft.check(case.settings(), &case.policy.auto_resolve).expect("what stands may stay");
    case.does(ADMIN, case.change(asked));
    assert_eq!(case.settings().name().as_str(), "Orders");
    assert_eq!(case.settings().auto_resolve(OpenQueue::New), after(40 * DAY));
    // but 39 days are refused, and once it was changed there is no way back.
    let refused = case.refused(ADMIN, case.change(patch(Some(after(39 * DAY)), None)));
    assert_eq!(refused.code(), "window-out-of-bounds");
    case.does(ADMIN, case.change(patch(Some(AutoResolve::Off), None)));
    assert_eq!(case.refused(ADMIN, case.change(patch(Some(after(40 * DAY)), None))).code(), "window-out-of-bounds");
    // What stands in one queue is nothing for the other.
    let draft: SettingsDraft =
        serde_json::from_value(json!({ "auto_resolve_new": { "after-minutes": 40 * DAY } })).unwrap();
    assert!(draft.check(case.settings(), &case.policy.auto_resolve).is_err(), "it stands in Pending alone");
    // Off and inherit are no windows, and are never out of bounds.
    case.does(ADMIN, case.change(patch(Some(AutoResolve::Inherit), Some(AutoResolve::Off))));
}

#[test]
fn settings_auto_resolve_bounds_refuse_a_change_whole() {
    // Given a change of the name and of a window out of bounds, then neither is made.
    let mut case = ChannelCase::open([]);
    case.policy.auto_resolve.bounds = bounds(60, DAY);
    let mut asked = patch(None, Some(after(2 * DAY)));
    asked.name = Some(channel_name("Orders"));
    let refused = case.refused(ADMIN, case.change(asked));
    assert_eq!(
        refused.to_string(),
        "auto-resolve of Pending: an auto-resolve window is 1 hour to 1 day, and this one is 2880 minutes"
    );
    assert_eq!(case.settings().name().as_str(), NAME);
}

#[test]
fn settings_auto_resolve_new_only_reads_a_window_as_a_value_of_its_own() {
    // Given the window that was read when a conversation entered a queue, when channel and organisation change theirs,
    let mut case = ChannelCase::open([]);
    let given = case.settings().window(OpenQueue::New, &case.policy.auto_resolve);
    case.does(ADMIN, case.change(patch(Some(after(60)), None)));
    case.policy.auto_resolve.new = AutoResolve::Off;
    // then what was read stays what it was, and only the next reading is another.
    assert_eq!(given.value, Some(Window::BUILT_IN));
    let next = case.settings().window(OpenQueue::New, &case.policy.auto_resolve);
    assert_eq!(next.value.map(Window::in_minutes), Some(60));
    // A change of settings asks nothing of the conversations that are there.
    assert!(case.events.iter().all(|event| Channel::effects(event).is_empty()));
}

#[test]
fn settings_auto_resolve_values_in_the_settings_view_are_each_queues_own() {
    // Given a channel that says something of New and leaves Pending to its organisation, then the view tells each apart.
    let mut case = ChannelCase::open([]);
    case.policy.auto_resolve = organisation(after(7 * DAY), AutoResolve::Off);
    case.does(ADMIN, case.change(patch(Some(after(60)), None)));
    let view = case.state.settings_view(&admin(), &case.policy.auto_resolve, case.now).expect("an admin");
    let (new, pending) = (view.auto_resolve_new, view.auto_resolve_pending);
    assert_eq!((new.value.map(Window::in_minutes), new.source), (Some(60), Source::Channel));
    assert_eq!((pending.value, pending.source), (None, Source::Organisation));
}
