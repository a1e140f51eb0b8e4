//! Settings: reading them and a change of them from JSON, beside `serde_json` alone, and what the checks take.
//!
//! A mirror has the same fields and the same serde attributes and checks nothing.

use std::hint::black_box;

use criterion::Criterion;
use serde::Deserialize;
use whatsapp_inbox::settings::{AutoAssignment, AutoResolvePolicy, ChannelName, Settings, SettingsDraft};

const JSON: &str = r#"{"name":"Customer care Europe","auto_assignment":"off","auto_resolve_new":{"after-minutes":1440},"auto_resolve_pending":"inherit","resolve_reason":"Customer stopped responding"}"#;
/// A typical name, of 20 characters.
const NAME: &str = "Customer care Europe";

/// `Settings` without its checks.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(dead_code, reason = "read, and dropped")]
struct Mirror {
    name: Box<str>,
    #[serde(default)]
    auto_assignment: Option<AutoAssignment>,
    #[serde(default)]
    auto_resolve_new: MirrorAutoResolve,
    #[serde(default)]
    auto_resolve_pending: MirrorAutoResolve,
    #[serde(default)]
    resolve_reason: Option<Box<str>>,
}

/// `AutoResolve` without its checks.
#[derive(Deserialize, Default)]
#[serde(rename_all = "kebab-case")]
#[allow(dead_code, reason = "read, and dropped")]
enum MirrorAutoResolve {
    #[default]
    Inherit,
    Off,
    #[serde(rename = "after-minutes")]
    After(u32),
}

/// `Mirror` with `String`, as most would write it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(dead_code, reason = "read, and dropped")]
struct Plain {
    name: String,
    #[serde(default)]
    auto_assignment: Option<AutoAssignment>,
    #[serde(default)]
    auto_resolve_new: MirrorAutoResolve,
    #[serde(default)]
    auto_resolve_pending: MirrorAutoResolve,
    #[serde(default)]
    resolve_reason: Option<String>,
}

fn json(criterion: &mut Criterion) {
    let settings: Settings = serde_json::from_str(JSON).unwrap();
    let standing = Settings::new(ChannelName::new("Support").unwrap());
    let policy = AutoResolvePolicy::default();
    let patch = serde_json::from_str::<SettingsDraft>(JSON).unwrap().check(&standing, &policy).unwrap();
    assert_eq!(standing.patched(&patch), settings);

    let mut group = criterion.benchmark_group("settings from JSON");
    group.bench_function("Settings", |bencher| {
        bencher.iter(|| serde_json::from_str::<Settings>(black_box(JSON)).unwrap());
    });
    group.bench_function("serde_json alone", |bencher| {
        bencher.iter(|| serde_json::from_str::<Mirror>(black_box(JSON)).unwrap());
    });
    group.bench_function("serde_json alone, with String", |bencher| {
        bencher.iter(|| serde_json::from_str::<Plain>(black_box(JSON)).unwrap());
    });
    group.bench_function("SettingsDraft, and check", |bencher| {
        bencher.iter(|| {
            let draft: SettingsDraft = serde_json::from_str(black_box(JSON)).unwrap();
            draft.check(black_box(&standing), &policy).unwrap()
        });
    });
    group.bench_function("SettingsDraft alone", |bencher| {
        bencher.iter(|| serde_json::from_str::<SettingsDraft>(black_box(JSON)).unwrap());
    });
    group.finish();
}

fn name(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("a name of 20 characters");
    group.bench_function("ChannelName::new", |bencher| bencher.iter(|| ChannelName::new(black_box(NAME))));
    group.bench_function("trimmed and copied", |bencher| bencher.iter(|| Box::<str>::from(black_box(NAME).trim())));
    group.bench_function("copied", |bencher| bencher.iter(|| Box::<str>::from(black_box(NAME))));
    group.finish();
}

fn main() {
    let mut criterion = Criterion::default().configure_from_args();
    json(&mut criterion);
    name(&mut criterion);
    criterion.final_summary();
}
