//! The three axes of an order, each derived from facts in one place and then stored.

/// Is it an order at all, and is it still on?
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize, sqlx::Type)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum OrderStatus {
    /// Waits for a hosted payment; nothing has been promised.
    Pending,
    Placed,
    /// Paid, and nothing is left to ship.
    Closed,
    Cancelled,
    /// Was never paid; its cart is open again.
    Expired,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize, sqlx::Type)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum PaymentStatus {
    None,
    Pending,
    Authorised,
    PartPaid,
    Paid,
    Overpaid,
    PartRefunded,
    Refunded,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize, sqlx::Type)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum FulfilmentStatus {
    None,
    PartShipped,
    Shipped,
    Delivered,
}

/// What the ledgers say of an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Facts {
    /// What is to be paid: the total without what was waived.
    pub total: i64,
    pub captured: i64,
    pub refunded: i64,
    pub is_payment_pending: bool,
    pub is_authorised: bool,
    /// Pieces ordered and not cancelled.
    pub wanted: i64,
    pub shipped: i64,
    /// All parcels have arrived.
    pub is_delivered: bool,
}

impl Facts {
    /// A placed order closes when nothing is left to do for it, and opens again when something is.
    pub const fn order(&self, now: OrderStatus) -> OrderStatus {
        match now {
            OrderStatus::Placed | OrderStatus::Closed => {
                let is_settled = matches!(self.payment(), PaymentStatus::Paid | PaymentStatus::PartRefunded | PaymentStatus::Refunded);
                if is_settled && self.shipped >= self.wanted { OrderStatus::Closed } else { OrderStatus::Placed }
            }
            OrderStatus::Pending | OrderStatus::Cancelled | OrderStatus::Expired => now,
        }
    }

    pub const fn payment(&self) -> PaymentStatus {
        if self.captured == 0 {
            return if self.total == 0 {
                PaymentStatus::Paid
            } else if self.is_authorised {
                PaymentStatus::Authorised
            } else if self.is_payment_pending {
                PaymentStatus::Pending
            } else {
                PaymentStatus::None
            };
        }
        if self.refunded >= self.captured {
            PaymentStatus::Refunded
        } else if self.captured < self.total {
            PaymentStatus::PartPaid
        } else if self.refunded > 0 {
            PaymentStatus::PartRefunded
        } else if self.captured > self.total {
            PaymentStatus::Overpaid
        } else {
            PaymentStatus::Paid
        }
    }

    /// What has not arrived yet.
    pub const fn missing(&self) -> i64 {
        if self.captured < self.total { self.total - self.captured } else { 0 }
    }

    pub const fn fulfilment(&self) -> FulfilmentStatus {
        if self.shipped == 0 {
            FulfilmentStatus::None
        } else if self.shipped < self.wanted {
            FulfilmentStatus::PartShipped
        } else if self.is_delivered {
            FulfilmentStatus::Delivered
        } else {
            FulfilmentStatus::Shipped
        }
    }
}

impl OrderStatus {
    /// Nothing of it is to be sent or paid any more.
    pub const fn is_called_off(self) -> bool {
        matches!(self, Self::Cancelled | Self::Expired)
    }

    /// Nothing waits for anybody any more: what has not been paid or sent will not be.
    pub const fn is_over(self) -> bool {
        matches!(self, Self::Closed | Self::Cancelled | Self::Expired)
    }
}

macro_rules! words {
    ($($name:ident { $($variant:ident => $code:literal, $tone:literal;)+ })+) => {$(
        impl $name {
            /// The word in the database, in addresses of filters and in Fluent keys.
            pub const fn code(self) -> &'static str {
                match self { $(Self::$variant => $code,)+ }
            }

            pub fn parse(text: &str) -> Option<Self> {
                match text { $($code => Some(Self::$variant),)+ _ => None }
            }

            /// CSS class of its pill.
            pub const fn tone(self) -> &'static str {
                match self { $(Self::$variant => $tone,)+ }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.code().replace('_', " "))
            }
        }
    )+};
}

words! {
    OrderStatus { Pending => "pending", "is-warn"; Placed => "placed", "is-good"; Closed => "closed", "is-quiet"; Cancelled => "cancelled", "is-bad"; Expired => "expired", "is-quiet"; }
    PaymentStatus {
        None => "none", "is-warn"; Pending => "pending", "is-warn"; Authorised => "authorised", "is-warn"; PartPaid => "part_paid", "is-warn"; Paid => "paid", "is-good";
        Overpaid => "overpaid", "is-bad"; PartRefunded => "part_refunded", "is-quiet"; Refunded => "refunded", "is-quiet";
    }
    FulfilmentStatus { None => "none", "is-warn"; PartShipped => "part_shipped", "is-warn"; Shipped => "shipped", "is-good"; Delivered => "delivered", "is-good"; }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FRESH: Facts =
        Facts { total: 1000, captured: 0, refunded: 0, is_payment_pending: false, is_authorised: false, wanted: 3, shipped: 0, is_delivered: false };

    #[test]
    fn payment_follows_the_ledger() {
        let status = |captured, refunded| Facts { captured, refunded, ..FRESH }.payment();
        assert_eq!(status(0, 0), PaymentStatus::None);
        assert_eq!(status(999, 0), PaymentStatus::PartPaid);
        assert_eq!(status(1000, 0), PaymentStatus::Paid);
        assert_eq!(status(1001, 0), PaymentStatus::Overpaid);
        assert_eq!(status(1000, 1), PaymentStatus::PartRefunded);
        assert_eq!(status(1000, 1000), PaymentStatus::Refunded);
        assert_eq!(status(999, 1), PaymentStatus::PartPaid, "not all of it came");
        let missing = |captured| Facts { captured, ..FRESH }.missing();
        assert_eq!([missing(0), missing(999), missing(1000), missing(1001)], [1000, 1, 0, 0]);
    }

    #[test]
    fn a_placed_order_closes_when_nothing_is_left_to_do() {
        let status = |captured, shipped, now| Facts { captured, shipped, ..FRESH }.order(now);
        assert_eq!(status(1000, 2, OrderStatus::Placed), OrderStatus::Placed);
        assert_eq!(status(1000, 3, OrderStatus::Placed), OrderStatus::Closed);
        assert_eq!(status(1001, 3, OrderStatus::Placed), OrderStatus::Placed, "money of the shopper is to go back");
        assert_eq!(status(1001, 3, OrderStatus::Closed), OrderStatus::Placed);
        assert_eq!(status(1000, 3, OrderStatus::Cancelled), OrderStatus::Cancelled);
    }

    #[test]
    fn fulfilment_follows_the_parcels() {
        let status = |shipped, wanted, is_delivered| Facts { shipped, wanted, is_delivered, ..FRESH }.fulfilment();
        assert_eq!(status(0, 3, false), FulfilmentStatus::None);
        assert_eq!(status(1, 3, false), FulfilmentStatus::PartShipped);
        assert_eq!(status(3, 3, false), FulfilmentStatus::Shipped);
        assert_eq!(status(3, 3, true), FulfilmentStatus::Delivered);
    }
}
