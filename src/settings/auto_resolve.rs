//! After how long a conversation resolves by itself, and who says so.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize};

use crate::rule::{Explain, Limit, Rule};

const HOUR_MINUTES: u32 = 60;
const DAY_MINUTES: u32 = 24 * HOUR_MINUTES;

/// A time after which a conversation resolves by itself: whole minutes, from 10 minutes to 999 days of 24 hours
/// (`settings.auto-resolve-bounds`).
///
/// ```
/// use whatsapp_inbox::settings::Window;
///
/// assert_eq!(Window::days(30)?, Window::minutes(43_200)?);
/// assert_eq!(
///     Window::minutes(9).unwrap_err().to_string(),
///     "an auto-resolve window is 10 minutes to 999 days, and this one is 9 minutes"
/// );
/// # Ok::<(), whatsapp_inbox::settings::WindowError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(transparent)]
pub struct Window(u32);

/// That a window is too short or too long. It is refused and never moved to the nearest that would do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
#[error("an auto-resolve window is {} to {}, and this one is {given_minutes} minutes", .bounds.min, .bounds.max)]
#[non_exhaustive]
pub struct WindowError {
    /// What was given, in minutes.
    pub given_minutes: u64,
    /// What is allowed, by the rule or by the organisation.
    pub bounds: WindowBounds,
}

impl Explain for WindowError {
    fn code(&self) -> &'static str {
        "window-out-of-bounds"
    }

    fn rule(&self) -> Rule {
        Rule::SettingsAutoResolveBounds
    }

    fn limit(&self) -> Option<Limit> {
        Some(Limit::new(u64::from(self.bounds.min.0), u64::from(self.bounds.max.0), "minutes"))
    }
}

impl Window {
    /// The shortest: 10 minutes.
    pub const MIN: Self = Self(10);
    /// The longest: 999 days.
    pub const MAX: Self = Self(999 * DAY_MINUTES);
    /// What holds unless somebody says otherwise: 30 days (`settings.auto-resolve-default`).
    pub const BUILT_IN: Self = Self(30 * DAY_MINUTES);

    /// So many minutes.
    ///
    /// # Errors
    ///
    /// [`WindowError`] below 10 minutes and above 999 days.
    pub const fn minutes(minutes: u32) -> Result<Self, WindowError> {
        if minutes < Self::MIN.0 || minutes > Self::MAX.0 {
            return Err(WindowError { given_minutes: minutes as u64, bounds: WindowBounds::WIDEST });
        }
        Ok(Self(minutes))
    }

    /// So many hours.
    ///
    /// # Errors
    ///
    /// [`WindowError`] below 10 minutes and above 999 days.
    pub const fn hours(hours: u32) -> Result<Self, WindowError> {
        Self::of(hours, HOUR_MINUTES)
    }

    /// So many days of 24 hours.
    ///
    /// # Errors
    ///
    /// [`WindowError`] below 10 minutes and above 999 days.
    pub const fn days(days: u32) -> Result<Self, WindowError> {
        Self::of(days, DAY_MINUTES)
    }

    const fn of(count: u32, unit_minutes: u32) -> Result<Self, WindowError> {
        match count.checked_mul(unit_minutes) {
            Some(minutes) => Self::minutes(minutes),
            None => Err(WindowError {
                given_minutes: (count as u64).saturating_mul(unit_minutes as u64),
                bounds: WindowBounds::WIDEST,
            }),
        }
    }

    /// A window that history holds: it was accepted when it was recorded, whatever is asked for today.
    pub(super) const fn recorded(minutes: u32) -> Self {
        Self(minutes)
    }

    /// Its length in minutes.
    #[must_use]
    pub const fn in_minutes(self) -> u32 {
        self.0
    }
}

impl fmt::Display for Window {
    /// In the largest unit that leaves no rest: `30 days`, `36 hours`, `1 minute`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let units = [(DAY_MINUTES, "day"), (HOUR_MINUTES, "hour"), (1, "minute")];
        let fits = |(minutes, _): &(u32, &str)| self.0.checked_rem(*minutes) == Some(0);
        let (minutes, unit) = units.into_iter().find(fits).unwrap_or((1, "minute"));
        let count = self.0.checked_div(minutes).unwrap_or(self.0);
        write!(f, "{count} {unit}{}", if count == 1 { "" } else { "s" })
    }
}

impl<'de> Deserialize<'de> for Window {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::minutes(u32::deserialize(deserializer)?).map_err(serde::de::Error::custom)
    }
}

#[cfg(feature = "schemars")]
impl schemars::JsonSchema for Window {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Window".into()
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        // What is written may be older than the limits.
        if generator.contract().is_serialize() {
            return schemars::json_schema!({ "type": "integer", "minimum": 0 });
        }
        schemars::json_schema!({ "type": "integer", "minimum": Self::MIN.0, "maximum": Self::MAX.0 })
    }
}

/// From which to which window a channel may choose. An organisation may narrow it; that binds the next change, not what
/// stands (`settings.auto-resolve-bounds`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "WrittenBounds")]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema), schemars(!try_from, deny_unknown_fields))]
pub struct WindowBounds {
    min: Window,
    max: Window,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenBounds {
    min: Window,
    max: Window,
}

impl TryFrom<WrittenBounds> for WindowBounds {
    type Error = BoundsError;

    fn try_from(written: WrittenBounds) -> Result<Self, BoundsError> {
        Self::new(written.min, written.max)
    }
}

/// That the shortest window would be longer than the longest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
#[error("the shortest window must not be longer than the longest, and {min} is longer than {max}")]
#[non_exhaustive]
pub struct BoundsError {
    /// The shortest that was given.
    pub min: Window,
    /// The longest that was given.
    pub max: Window,
}

impl Explain for BoundsError {
    fn code(&self) -> &'static str {
        "bounds-crossed"
    }

    fn rule(&self) -> Rule {
        Rule::SettingsAutoResolveBounds
    }
}

impl WindowBounds {
    /// All there is: 10 minutes to 999 days.
    pub const WIDEST: Self = Self { min: Window::MIN, max: Window::MAX };

    /// From one window to another, both allowed.
    ///
    /// # Errors
    ///
    /// [`BoundsError`] where `min` is longer than `max`.
    pub const fn new(min: Window, max: Window) -> Result<Self, BoundsError> {
        if min.0 > max.0 {
            return Err(BoundsError { min, max });
        }
        Ok(Self { min, max })
    }

    /// The shortest that is allowed.
    #[must_use]
    pub const fn min(self) -> Window {
        self.min
    }

    /// The longest that is allowed.
    #[must_use]
    pub const fn max(self) -> Window {
        self.max
    }

    /// The window, if these bounds allow it.
    ///
    /// # Errors
    ///
    /// [`WindowError`] with these bounds, if they do not.
    pub const fn check(self, window: Window) -> Result<Window, WindowError> {
        if window.0 < self.min.0 || window.0 > self.max.0 {
            return Err(WindowError { given_minutes: window.0 as u64, bounds: self });
        }
        Ok(window)
    }
}

impl Default for WindowBounds {
    fn default() -> Self {
        Self::WIDEST
    }
}

/// What a channel, or an organisation, says of auto-resolve in one queue (`settings.auto-resolve-values`).
///
/// In JSON: `"inherit"`, `"off"`, or `{"after-minutes": 1440}`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[expect(clippy::exhaustive_enums, reason = "there is nothing else to say of it")]
pub enum AutoResolve {
    /// What the organisation says; for an organisation, what is built in: 30 days.
    #[default]
    Inherit,
    /// Never.
    Off,
    /// After this time.
    #[serde(rename = "after-minutes")]
    After(Window),
}

impl AutoResolve {
    /// The window, where it says one.
    #[must_use]
    pub const fn window(self) -> Option<Window> {
        match self {
            Self::After(window) => Some(window),
            Self::Inherit | Self::Off => None,
        }
    }
}

impl fmt::Display for AutoResolve {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Inherit => f.write_str("inherit"),
            Self::Off => f.write_str("off"),
            Self::After(window) => write!(f, "after {window}"),
        }
    }
}

/// The queues that resolve by themselves, each with its own setting (`settings.auto-resolve-queues`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[expect(clippy::exhaustive_enums, reason = "the queues are closed on purpose")]
pub enum OpenQueue {
    /// Something waits for the team.
    New,
    /// Something waits for the customer.
    Pending,
}

impl OpenQueue {
    /// Both.
    pub const ALL: [Self; 2] = [Self::New, Self::Pending];
}

impl fmt::Display for OpenQueue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::New => "New",
            Self::Pending => "Pending",
        })
    }
}

/// What an organisation says of auto-resolve for all its channels.
///
/// The bounds are for channels: the organisation's own windows, and the 30 days that are built in, are not held to them.
///
/// ```
/// use whatsapp_inbox::settings::{AutoResolve, AutoResolvePolicy, Window, WindowBounds};
///
/// let mut policy = AutoResolvePolicy::default();
/// policy.new = AutoResolve::After(Window::days(7)?);
/// policy.bounds = WindowBounds::new(Window::hours(1)?, Window::days(30)?)?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct AutoResolvePolicy {
    /// For the New queue, where a channel inherits.
    pub new: AutoResolve,
    /// For the Pending queue, where a channel inherits.
    pub pending: AutoResolve,
    /// From which to which window channels may choose.
    pub bounds: WindowBounds,
}

impl AutoResolvePolicy {
    /// What it says for a queue.
    #[must_use]
    pub const fn of(&self, queue: OpenQueue) -> AutoResolve {
        match queue {
            OpenQueue::New => self.new,
            OpenQueue::Pending => self.pending,
        }
    }
}
