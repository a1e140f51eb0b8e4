//! How often an approved template may be edited.

use crate::time::{Instant, allowed_from};

const IN_A_DAY: (usize, u32) = (1, 24 * 60);
const IN_A_MONTH: (usize, u32) = (10, 30 * 24 * 60);

/// From when an approved template may be edited again: once in any 24 hours and ten times in any 30 days
/// (`template.edit-budget`). Nothing while it never was; an instant that has passed lets it be edited.
///
/// The edits are those that were made while it was approved, in any order.
///
/// ```
/// use whatsapp_inbox::template::edit_allowed_from;
/// use whatsapp_inbox::time::Instant;
///
/// let edited: Instant = "2026-01-05T09:00:00Z".parse()?;
/// assert_eq!(edit_allowed_from(&[edited]), Some(edited.plus_hours(24)));
/// # Ok::<(), whatsapp_inbox::time::InstantError>(())
/// ```
#[must_use]
pub fn edit_allowed_from(edits: &[Instant]) -> Option<Instant> {
    let [day, month] = [IN_A_DAY, IN_A_MONTH].map(|(limit, minutes)| allowed_from(edits, limit, minutes));
    day.max(month)
}
