//! Suppliers: who provides IT and other services, what they have accepted, when that is looked at again.

use calendar::Date;
use ids::{PersonId, SupplierId};

use super::text::Short;

/// What is known of a supplier. One may provide several services.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SupplierDetails {
    /// What it is called.
    pub name: Short,
    /// What it provides, in a line: "IT support, filtering".
    pub services: Short,
    /// How it is reached.
    pub contact: Option<Short>,
    /// Which policy of the school it has accepted, with the edition.
    pub policy: Option<Short>,
    /// When it did.
    pub accepted: Option<Date>,
    /// When the arrangement is looked at again.
    pub review: Option<Date>,
    /// Who in the school answers for it.
    pub owner: Option<PersonId>,
}

/// A supplier. Never deleted, only ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Supplier {
    /// Which.
    pub id: SupplierId,
    /// What is known.
    pub details: SupplierDetails,
    /// Since when.
    pub started: Date,
    /// The last day.
    pub ended: Option<Date>,
    /// Of the record.
    pub version: i64,
}

// === impl Supplier ===

impl Supplier {
    /// Whether it serves the school on a day.
    pub fn serves(&self, on: Date) -> bool {
        self.started <= on && self.ended.is_none_or(|ended| on <= ended)
    }

    /// What is missing or late on a day, in words; nothing where all is in order. A review in the past is never taken for done.
    pub fn wants(&self, on: Date) -> Vec<&'static str> {
        let details = &self.details;
        let wants = [
            (details.policy.is_none() || details.accepted.is_none(), "it has not accepted the school's policy"),
            (details.review.is_none(), "no day is set on which the arrangement is looked at again"),
            (details.review.is_some_and(|review| review < on), "the arrangement was to be looked at again and was not"),
            (details.owner.is_none(), "nobody in the school answers for it"),
        ];
        wants.into_iter().filter(|(wanting, _)| *wanting && self.serves(on)).map(|(_, words)| words).collect()
    }
}
