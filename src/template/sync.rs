//! A listing of an account's templates.

use std::collections::{BTreeMap, BTreeSet};

use super::{Found, Listed, Reading};
use crate::time::Instant;
use crate::whatsapp::TemplateKey;

/// A listing of an account's templates, page by page (`template.sync`).
///
/// It is of the instant at which the first page was asked for, so that what Meta tells meanwhile counts. It is complete once the
/// last page is there; until then, or for good where a page fails, it is partial, and what is missing from it is not gone.
///
/// ```
/// use whatsapp_inbox::template::{Extent, Listed, Listing, Page};
/// use whatsapp_inbox::time::Instant;
/// use whatsapp_inbox::whatsapp::{TemplateKey, TemplateStatus};
///
/// let (ready, offer) = (TemplateKey::new("order_ready", "en")?, TemplateKey::new("offer", "en")?);
/// let listing = Listing::begun(Instant::MIN).with_page([(ready, Listed::new(TemplateStatus::Approved))], Page::More);
/// assert_eq!(listing.extent(), Extent::Partial);
/// assert_eq!(listing.reading_of(&offer), None);
///
/// let listing = listing.with_page([], Page::Last);
/// assert_eq!(listing.extent(), Extent::Complete);
/// assert!(listing.reading_of(&offer).is_some(), "it is missing");
/// # Ok::<(), whatsapp_inbox::whatsapp::TemplateKeyError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listing {
    at: Instant,
    extent: Extent,
    listed: BTreeMap<TemplateKey, Listed>,
}

/// How much of an account's templates a listing has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[expect(clippy::exhaustive_enums, reason = "all of it or not")]
pub enum Extent {
    /// All of them.
    Complete,
    /// Some of them.
    Partial,
}

/// Whether a page of a listing is the last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[expect(clippy::exhaustive_enums, reason = "there is another page or not")]
pub enum Page {
    /// Another follows.
    More,
    /// None follows.
    Last,
}

impl Listing {
    /// A listing whose first page is asked for at this instant.
    #[must_use]
    pub const fn begun(at: Instant) -> Self {
        Self { at, extent: Extent::Partial, listed: BTreeMap::new() }
    }

    /// The same, with a page. A page that failed is not added, and the listing stays partial.
    #[must_use]
    pub fn with_page(mut self, listed: impl IntoIterator<Item = (TemplateKey, Listed)>, page: Page) -> Self {
        self.listed.extend(listed);
        if page == Page::Last {
            self.extent = Extent::Complete;
        }
        self
    }

    /// Of when it is.
    #[must_use]
    pub const fn at(&self) -> Instant {
        self.at
    }

    /// How much of the account's templates it has.
    #[must_use]
    pub const fn extent(&self) -> Extent {
        self.extent
    }

    /// How many templates it has: what the account holds at least.
    #[must_use]
    pub fn len(&self) -> usize {
        self.listed.len()
    }

    /// Whether it has none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.listed.is_empty()
    }

    /// What it says of a template; nothing where it has not got that far.
    #[must_use]
    pub fn reading_of(&self, key: &TemplateKey) -> Option<Reading> {
        let found = match (self.listed.get(key), self.extent) {
            (Some(listed), _) => Found::Listed(listed.clone()),
            (None, Extent::Complete) => Found::Missing,
            (None, Extent::Partial) => return None,
        };
        Some(Reading { at: self.at, found })
    }

    /// The templates in it that are not known yet: to be adopted.
    pub fn strangers<'a>(&'a self, known: &'a BTreeSet<TemplateKey>) -> impl Iterator<Item = &'a TemplateKey> {
        self.listed.keys().filter(|key| !known.contains(key))
    }
}
