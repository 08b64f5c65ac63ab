//! What is there of a variant, and what a page says about it.

use crate::base::actor::ActorText;
use crate::base::{Instant, ProductId, VariantId};

/// What a page says of a variant's stock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shown {
    InStock,
    /// So many are left, at or below the shop's mark.
    Low(i64),
    /// None is there, and it may be ordered all the same.
    ToOrder,
    SoldOut,
}

impl Shown {
    /// Of `available` pieces that can still be promised, where `low_stock` or fewer are few.
    pub fn of(available: i64, is_tracked: bool, sells_when_empty: bool, low_stock: i32) -> Self {
        match available {
            _ if !is_tracked => Self::InStock,
            ..=0 if sells_when_empty => Self::ToOrder,
            ..=0 => Self::SoldOut,
            left if left <= i64::from(low_stock) => Self::Low(left),
            _ => Self::InStock,
        }
    }

    pub fn is_sold_out(self) -> bool {
        self == Self::SoldOut
    }

    /// The pieces left, where they are few.
    pub const fn left(self) -> Option<i64> {
        if let Self::Low(left) = self { Some(left) } else { None }
    }

    /// The word of schema.org.
    pub const fn schema(self) -> &'static str {
        match self {
            Self::InStock | Self::Low(_) => "https://schema.org/InStock",
            Self::ToOrder => "https://schema.org/BackOrder",
            Self::SoldOut => "https://schema.org/OutOfStock",
        }
    }

    /// The word of Open Graph.
    pub const fn open_graph(self) -> &'static str {
        match self {
            Self::InStock | Self::Low(_) => "in stock",
            Self::ToOrder => "available for order",
            Self::SoldOut => "out of stock",
        }
    }
}

/// The stock of a variant at all locations together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, sqlx::FromRow)]
pub struct Level {
    pub variant_id: VariantId,
    pub product_id: ProductId,
    /// Pieces in the house.
    pub on_hand: i32,
    /// Pieces promised to orders.
    pub allocated: i32,
    pub is_tracked: bool,
    pub sells_when_empty: bool,
}

impl Level {
    /// Pieces that can still be promised; negative where more was promised than is there.
    pub const fn available(&self) -> i32 {
        self.on_hand.saturating_sub(self.allocated)
    }

    /// What pages say, where `low_stock` or fewer are few.
    pub fn shown(&self, low_stock: i32) -> Shown {
        Shown::of(self.available().into(), self.is_tracked, self.sells_when_empty, low_stock)
    }
}

/// One row of the ledger.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Move {
    pub kind: String,
    pub on_hand_delta: i32,
    pub allocated_delta: i32,
    pub reason: String,
    pub actor: ActorText,
    pub occurred_at: Instant,
}

impl Move {
    /// What happened, for staff.
    pub fn sentence(&self) -> &'static str {
        match self.kind.as_str() {
            "received" => "Received",
            "adjusted" => "Corrected",
            "allocated" => "Promised to an order",
            "released" => "Released by an order",
            "shipped" => "Shipped",
            "restocked" => "Put back",
            _ => "Moved",
        }
    }
}

/// A level that is not the sum of its moves.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Difference {
    pub variant_id: VariantId,
    pub on_hand: i32,
    pub on_hand_moves: i32,
    pub allocated: i32,
    pub allocated_moves: i32,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_say_what_can_still_be_promised() {
        let id = uuid::Uuid::nil();
        let level = |on_hand, allocated, is_tracked, sells_when_empty| Level {
            variant_id: VariantId::from_uuid(id),
            product_id: ProductId::from_uuid(id),
            on_hand,
            allocated,
            is_tracked,
            sells_when_empty,
        };
        assert_eq!(level(10, 2, true, false).shown(3), Shown::InStock);
        assert_eq!(level(10, 7, true, false).shown(3), Shown::Low(3));
        assert_eq!(level(10, 10, true, false).shown(3), Shown::SoldOut);
        assert_eq!(level(10, 12, true, true).shown(3), Shown::ToOrder);
        assert_eq!(level(0, 12, false, false).shown(3), Shown::InStock);
        assert_eq!(level(1, 0, true, false).shown(0), Shown::InStock);
    }
}
