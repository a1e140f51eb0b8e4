//! Who acts.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::access::{AccountRole, Principal};
use crate::id::{OperatorId, UserId};

/// Who gives a command, as the host has authenticated them. It is believed: make that of a person with [`Actor::of`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub enum Actor {
    /// A person of the brand's who is an account admin: the one who acts for the brand.
    Admin(UserId),
    /// Any other person of the brand's.
    User(UserId),
    /// A person of the provider's, for the onboardings that the directory gives them.
    Operator(OperatorId),
    /// Meta, and how we know.
    Meta(Source),
    /// Time, and what the host does by itself.
    System,
    /// The customer who writes.
    Customer,
    /// The brand's phone: somebody answered from the WhatsApp Business app.
    BrandPhone,
}

/// How we know what Meta says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub enum Source {
    /// Meta delivered it to our webhook.
    Delivery,
    /// We asked the Graph API, and this was the answer, or that none came.
    GraphApi,
    /// An operator saw it at Meta and says so.
    Observed(OperatorId),
}

/// On whose behalf an actor acts, and who a step waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub enum Party {
    /// The organisation that wants the channel.
    Brand,
    /// Who runs the inbox and applies on the brand's behalf.
    Provider,
    /// Meta.
    Meta,
    /// Time, and what the host does by itself.
    System,
    /// The customer.
    Customer,
}

impl Actor {
    /// A person of the brand's, as the host's directory knows them.
    ///
    /// ```
    /// use whatsapp_inbox::access::Principal;
    /// use whatsapp_inbox::decider::Actor;
    /// use whatsapp_inbox::id::{OrganisationId, UserId};
    /// use whatsapp_inbox::uuid::Uuid;
    ///
    /// let ana = UserId::new(OrganisationId::new(Uuid::from_u128(1)), Uuid::from_u128(7));
    /// assert_eq!(Actor::of(&Principal::user(ana)), Actor::User(ana));
    /// assert_eq!(Actor::of(&Principal::admin(ana)), Actor::Admin(ana));
    /// ```
    #[must_use]
    pub const fn of(principal: &Principal) -> Self {
        match principal.account() {
            AccountRole::Admin => Self::Admin(principal.id()),
            AccountRole::User => Self::User(principal.id()),
        }
    }

    /// On whose behalf this actor acts.
    #[must_use]
    pub const fn party(self) -> Party {
        match self {
            Self::Admin(_) | Self::User(_) | Self::BrandPhone => Party::Brand,
            Self::Operator(_) => Party::Provider,
            Self::Meta(_) => Party::Meta,
            Self::System => Party::System,
            Self::Customer => Party::Customer,
        }
    }

    /// The person of the brand's, if it is one.
    #[must_use]
    pub const fn user(self) -> Option<UserId> {
        match self {
            Self::Admin(user) | Self::User(user) => Some(user),
            _ => None,
        }
    }
}

impl Party {
    /// The name, as the table of steps has it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Brand => "brand",
            Self::Provider => "provider",
            Self::Meta => "Meta",
            Self::System => "system",
            Self::Customer => "customer",
        }
    }
}

impl fmt::Display for Party {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl fmt::Display for Actor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Admin(_) => "account admin",
            Self::User(_) => "user",
            Self::Operator(_) => "operator",
            Self::Meta(Source::Delivery) => "Meta",
            Self::Meta(Source::GraphApi) => "Meta's Graph API",
            Self::Meta(Source::Observed(_)) => "Meta, as an operator saw it",
            Self::System => "system",
            Self::Customer => "customer",
            Self::BrandPhone => "brand's phone",
        })
    }
}
