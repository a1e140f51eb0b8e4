//! Chance that can be repeated.

use std::time::Duration;

/// `SplitMix64`. The same seed makes the same choices.
#[derive(Debug, Clone)]
pub(crate) struct Random(u64);

impl Random {
    /// One of many that follow from a seed.
    pub(crate) const fn of(seed: u64, which: u64) -> Self {
        Self(seed ^ which.wrapping_mul(0xd6e8_feb8_6659_fd93))
    }

    pub(crate) const fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// Below a limit.
    pub(crate) const fn below(&mut self, limit: u64) -> u64 {
        self.next() % limit
    }

    /// So many times out of a hundred.
    pub(crate) const fn percent(&mut self, times: u64) -> bool {
        self.below(100) < times
    }

    pub(crate) fn pick<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        let count = u64::try_from(of.len()).unwrap();
        &of[usize::try_from(self.below(count)).unwrap()]
    }

    pub(crate) const fn millis(&mut self, from: u64, to: u64) -> Duration {
        Duration::from_millis(from + self.below(to - from))
    }

    /// An id that nobody else has drawn.
    pub(crate) fn uuid(&mut self) -> whatsapp_inbox::uuid::Uuid {
        whatsapp_inbox::uuid::Uuid::from_u64_pair(self.next(), self.next())
    }
}
