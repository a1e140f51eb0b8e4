//! One decision in a large organisation: this crate, Cedar and casbin, in one run.
//!
//! **Cedar and casbin are general engines, and this crate is one fixed policy**: read the ratios as the price of being
//! general. Everything is as kind to them as can be: their requests are ready made, Cedar's entities too, and casbin is
//! asked only what it has in its cache. This crate and Cedar are asked the same 16,384 questions in random order, casbin the
//! first 128 of them.

use std::cell::RefCell;
use std::hint::black_box;

use criterion::Criterion;
use criterion::measurement::{Measurement, WallTime};
use peers::casbin::Casbin;
use peers::cedar::Cedar;
use peers::policy::{Policy, Question, Random, Shape};

const QUESTIONS: usize = 16_384;
const CACHED: usize = 128;

/// The median of each benchmark in nanoseconds, for the table at the end.
#[derive(Default)]
struct Medians(RefCell<Vec<(&'static str, f64)>>);

impl Medians {
    fn measure(&self, criterion: &mut Criterion, name: &'static str, questions: usize, decide: impl Fn(usize) -> bool) {
        let mut samples = Vec::new();
        let mut next = (0..questions).cycle();
        criterion.bench_function(name, |bencher| {
            bencher.iter_custom(|iterations| {
                let began = WallTime.start();
                for _ in 0..iterations {
                    if let Some(question) = next.next() {
                        black_box(decide(question));
                    }
                }
                let took = WallTime.end(began);
                samples.push(WallTime.to_f64(&took) / iterations as f64);
                took
            });
        });
        samples.sort_unstable_by(f64::total_cmp);
        self.0.borrow_mut().extend(samples.get(samples.len() / 2).map(|median| (name, *median)));
    }

    fn print(&self) {
        let medians = self.0.borrow();
        let Some((_, ours)) = medians.first() else { return };
        println!("\nGeneral engines beside one fixed policy:\n");
        println!("| one decision | median, ns | times decide |\n| --- | --- | --- |");
        for (name, median) in medians.iter() {
            println!("| {name} | {median:.1} | {:.0} |", median / ours);
        }
    }
}

fn main() {
    let mut random = Random::new(3);
    let policy = Policy::new(Shape::LARGE, &mut random);
    let questions = policy.questions(QUESTIONS, &mut random);
    let decide = |index: usize| {
        let Question { person, channel, action } = questions[index];
        policy.channels[channel].decide(&policy.people[person], action, policy.now).is_allowed()
    };

    let cedar = Cedar::new(&policy.people, &policy.channels);
    let requests: Vec<_> = questions
        .iter()
        .map(|question| cedar.request(question.person, question.channel, question.action, policy.now))
        .collect();
    let preloaded = |index: usize| cedar.preloaded(&requests[index]);
    let sliced = |index: usize| {
        let Question { person, channel, .. } = questions[index];
        cedar.sliced(&requests[index], person, channel)
    };

    let casbin = Casbin::new(&policy.people, &policy.channels);
    let lines: Vec<_> = questions[..CACHED]
        .iter()
        .map(|question| {
            let (person, channel) = (&policy.people[question.person], &policy.channels[question.channel]);
            peers::casbin::request(person, channel, question.action)
        })
        .collect();
    let warm = |index: usize| casbin.decide(&lines[index]);

    assert!((0..QUESTIONS).all(|index| decide(index) == preloaded(index) && decide(index) == sliced(index)));
    assert!((0..CACHED).all(|index| decide(index) == warm(index)), "this also fills casbin's cache");

    let mut criterion = Criterion::default().configure_from_args();
    let medians = Medians::default();
    medians.measure(&mut criterion, "decide", QUESTIONS, decide);
    medians.measure(&mut criterion, "Cedar, preloaded", QUESTIONS, preloaded);
    medians.measure(&mut criterion, "Cedar, sliced", QUESTIONS, sliced);
    medians.measure(&mut criterion, "casbin, cached", CACHED, warm);
    medians.measure(&mut criterion, "decide, what casbin has cached", CACHED, decide);
    criterion.final_summary();
    medians.print();
}
