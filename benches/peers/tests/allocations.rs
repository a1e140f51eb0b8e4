//! A decision allocates nothing, whatever the answer. It is counted here because the crate forbids unsafe code in its own
//! tests, and an allocator that counts cannot be written without.

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use std::collections::HashSet;
use std::hint::black_box;
use std::mem::discriminant;

use peers::policy::{Policy, Random, Shape};
use whatsapp_inbox::access::Action;

thread_local! {
    static ALLOCATIONS: Cell<usize> = const { Cell::new(0) };
}

struct Counting;

// SAFETY: everything is passed on to the system's allocator as it came.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        ALLOCATIONS.set(ALLOCATIONS.get() + 1);
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

fn allocations(work: impl FnOnce()) -> usize {
    let before = ALLOCATIONS.get();
    work();
    ALLOCATIONS.get() - before
}

#[test]
fn a_decision_allocates_nothing() {
    assert_ne!(allocations(|| drop(black_box(Box::new(1)))), 0, "allocations are counted");

    let mut random = Random::new(5);
    let shape = Shape { channels: 60, people: 120, teams: 12, all_users: 6, all_teams: 6, admins: 10, ends: 3 };
    let policy = Policy::new(shape, &mut random);
    let elsewhere = Policy::new(Shape { channels: 1, ..shape }, &mut random);
    let mut answers = HashSet::new();
    for access in policy.channels.iter().chain(&elsewhere.channels) {
        for person in &policy.people {
            for action in Action::ALL {
                let mut decision = None;
                let count = allocations(|| decision = Some(access.decide(person, action, policy.now)));
                assert_eq!(count, 0, "{action}: {decision:?}");
                answers.insert(decision.and_then(|decision| decision.reason()).as_ref().map(discriminant));
            }
        }
    }
    // Allowed, no access, role too low, admin only, ended, other organisation.
    assert_eq!(answers.len(), 6);
}
