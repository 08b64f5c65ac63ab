//! What the variants of a product cost on a list at an instant, and how many can be had.

use crate::base::{Instant, VariantId};

/// A variant as a price list and the stock know it.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct VariantOffer {
    pub variant_id: VariantId,
    /// As the list has it, in minor units of its currency; `None` where it is not sold on this list at this instant.
    pub amount_minor: Option<i64>,
    /// What it cost before; above the price.
    pub compare_at_minor: Option<i64>,
    /// When the price of today ends, if that is known.
    pub ends_at: Option<Instant>,
    /// When any dated price of this variant next begins or ends.
    pub next_change: Option<Instant>,
    /// Pieces on hand at all locations that are promised to nobody.
    pub available: i64,
}
