//! How much Meta allows of something.

use std::fmt;

use super::open_enum::as_text;

/// How much Meta allows of something: customers that may be written to in a day, or phone numbers.
///
/// Meta writes it as a number (`2000`, `-1` for no limit) or as a tier (`TIER_2K`, `TIER_UNLIMITED`, `UNTIERED`), in the same
/// place at different times; both are read, and what is neither is kept as it came (`webhook.open-enums`).
///
/// ```
/// use whatsapp_inbox::whatsapp::Allowance;
///
/// assert_eq!(Allowance::from("TIER_2K"), Allowance::from("2000"));
/// assert!(Allowance::from("TIER_10K").allows(10_000));
/// assert!(!Allowance::from("50").allows(51));
/// assert!(Allowance::from("-1").allows(u32::MAX));
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Allowance {
    /// Meta has not set it yet.
    NotSet,
    /// So many.
    UpTo(u32),
    /// As many as one likes.
    Unlimited,
    /// Something that was neither number nor tier when this crate was made.
    Unknown(String),
}

impl Allowance {
    /// Whether Meta said something that is understood.
    #[must_use]
    pub const fn is_known(&self) -> bool {
        !matches!(self, Self::Unknown(_))
    }

    /// Whether so many are allowed for certain: not where nothing was set, or it was not understood.
    #[must_use]
    pub const fn allows(&self, count: u32) -> bool {
        match self {
            Self::UpTo(most) => count <= *most,
            Self::Unlimited => true,
            Self::NotSet | Self::Unknown(_) => false,
        }
    }
}

impl From<&str> for Allowance {
    fn from(text: &str) -> Self {
        let tier = text.get(..5).is_some_and(|start| start.eq_ignore_ascii_case("TIER_"));
        let amount = if tier { text.get(5..).unwrap_or_default() } else { text };
        let says = |word: &str| amount.eq_ignore_ascii_case(word);
        if says("NOT_SET") || says("UNTIERED") {
            Self::NotSet
        } else if says("UNLIMITED") || says("-1") {
            Self::Unlimited
        } else {
            count(amount).map_or_else(|| Self::Unknown(text.to_owned()), Self::UpTo)
        }
    }
}

/// The number that digits write, in thousands where a `K` follows them.
fn count(text: &str) -> Option<u32> {
    let thousands = text.strip_suffix(['K', 'k']);
    let digits = thousands.unwrap_or(text);
    if !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    digits.parse::<u32>().ok()?.checked_mul(if thousands.is_some() { 1_000 } else { 1 })
}

impl fmt::Display for Allowance {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotSet => f.write_str("NOT_SET"),
            Self::UpTo(most) => most.fmt(f),
            Self::Unlimited => f.write_str("UNLIMITED"),
            Self::Unknown(text) => f.write_str(text),
        }
    }
}

as_text!(Allowance);
