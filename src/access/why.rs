//! Why.

use std::fmt;
use std::ops::ControlFlow;

use serde::{Deserialize, Serialize};

use super::grant::over;
use super::{Access, Action, Least, Principal, Reason, Role};
use crate::id::TeamId;
use crate::time::Instant;

/// One way on which a person comes into a channel, and the role on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[expect(clippy::exhaustive_enums, reason = "there is one kind of path for each kind of grant")]
pub enum Path {
    /// By a grant of their own.
    Direct {
        /// The role of the grant.
        role: Role,
        /// From when on it is as if it were not there.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        ends: Option<Instant>,
    },
    /// As a member of a team that has access.
    Team {
        /// The team.
        team: TeamId,
        /// The role of the membership.
        role: Role,
    },
    /// As one of all users.
    AllUsers {
        /// The role that all users have.
        role: Role,
    },
    /// As a member of a team, where all teams have access.
    AllTeams {
        /// The team.
        team: TeamId,
        /// The role of the membership.
        role: Role,
    },
}

/// A decision with all that led to it (`access.why`). It tells that the channel exists: show it to admins only.
///
/// ```
/// use whatsapp_inbox::access::{Access, Action, Grant, Principal, Role};
/// use whatsapp_inbox::id::{ChannelId, OrganisationId, UserId};
/// use whatsapp_inbox::time::Instant;
/// use whatsapp_inbox::uuid::Uuid;
///
/// let bakery = OrganisationId::new(Uuid::from_u128(1));
/// let ana = Principal::user(UserId::new(bakery, Uuid::from_u128(7)));
/// let access = Access::of(ChannelId::new(bakery, Uuid::from_u128(200)), [Grant::ALL_USERS])?;
/// let why = access.why(&ana, Action::Reply, Instant::MIN);
/// assert_eq!(
///     why.to_string(),
///     "no: to reply takes a contributor, and the highest role is viewer (viewer as one of all users)"
/// );
/// # Ok::<(), whatsapp_inbox::access::ForeignHolder>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Why {
    /// Whether it is a yes.
    pub allowed: bool,
    /// What was asked for.
    pub action: Action,
    /// The least that it takes.
    pub needed: Least,
    /// The highest role, over all paths.
    pub held: Option<Role>,
    /// Every path that gives a role now.
    pub paths: Vec<Path>,
    /// The grant of their own that has ended, if one has.
    pub ended: Option<Path>,
    /// Why not, if not.
    pub reason: Option<Reason>,
    /// What the person is told of it, if not: see [`Denied`](super::Denied).
    pub told: Option<String>,
}

impl Access {
    /// The decision with all that led to it: every path that gives a role, the highest role, the reason of a denial.
    #[must_use]
    pub fn why(&self, principal: &Principal, action: Action, now: Instant) -> Why {
        let decision = self.decide(principal, action, now);
        let (mut paths, mut ended) = (Vec::new(), None);
        _ = self.each_path(principal, |path| {
            match path.ended(now) {
                Some(_) => ended = Some(path),
                None => paths.push(path),
            }
            ControlFlow::Continue(())
        });
        Why {
            allowed: decision.is_allowed(),
            action,
            needed: action.least(),
            held: self.role(principal, now),
            paths,
            ended,
            reason: decision.reason(),
            told: decision.into_result().err().map(|denied| denied.to_string()),
        }
    }
}

impl Path {
    /// When it ended, if it has at an instant (`access.expiry`).
    #[must_use]
    pub fn ended(self, now: Instant) -> Option<Instant> {
        match self {
            Self::Direct { ends, .. } => over(ends, now),
            Self::Team { .. } | Self::AllUsers { .. } | Self::AllTeams { .. } => None,
        }
    }

    /// The role on this path.
    #[must_use]
    pub const fn role(self) -> Role {
        match self {
            Self::Direct { role, .. }
            | Self::Team { role, .. }
            | Self::AllUsers { role }
            | Self::AllTeams { role, .. } => role,
        }
    }
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Direct { role, ends: None } => write!(f, "{role} by a grant of their own"),
            Self::Direct { role, ends: Some(at) } => write!(f, "{role} by a grant of their own that ends at {at}"),
            Self::Team { team, role } => write!(f, "{role} as a member of team {}", team.uuid()),
            Self::AllUsers { role } => write!(f, "{role} as one of all users"),
            Self::AllTeams { team, role } => {
                write!(f, "{role} as a member of team {}, as all teams have access", team.uuid())
            }
        }
    }
}

impl fmt::Display for Why {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (action, needed) = (self.action, self.needed);
        f.write_str(if self.allowed { "yes: " } else { "no: " })?;
        match (self.reason, self.needed, self.held) {
            (
                Some(
                    reason @ (Reason::NoAccess
                    | Reason::Ended { .. }
                    | Reason::OtherOrganisation
                    | Reason::NoChannel
                    | Reason::Closed { .. }),
                ),
                ..,
            ) => {
                write!(f, "{reason}")
            }
            (_, Least::Admin, _) => {
                write!(f, "to {action} takes an account admin, and this person is ")?;
                f.write_str(if self.allowed { "one" } else { "none" })
            }
            (_, Least::Role(_), held) => {
                write!(
                    f,
                    "to {action} takes a {needed}, and the highest role is {} (",
                    held.map_or("none", Role::name)
                )?;
                for (index, path) in self.paths.iter().enumerate() {
                    write!(f, "{}{path}", if index == 0 { "" } else { "; " })?;
                }
                if let Some(ended) = self.ended {
                    write!(f, "; over: {ended}")?;
                }
                f.write_str(")")
            }
        }
    }
}
