//! Every identifier in the shop. An id is the only thing any room may know about any other.

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident)+) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize, sqlx::Type)]
        #[serde(transparent)]
        #[sqlx(transparent)]
        pub struct $name(uuid::Uuid);

        impl $name {
            /// A new id that sorts by `at`, so that primary keys stay append-mostly.
            pub fn fresh(at: super::Instant) -> Self {
                Self(super::ids::v7(at))
            }

            pub const fn from_uuid(id: uuid::Uuid) -> Self {
                Self(id)
            }

            pub const fn uuid(self) -> uuid::Uuid {
                self.0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }

        impl std::str::FromStr for $name {
            type Err = uuid::Error;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.parse().map(Self)
            }
        }
    )+};
}

ids! {
    StaffId SessionId MarketId PriceListId CustomerId AddressId ProductId OptionId OptionValueId VariantId MediaId
    CollectionId LocationId MoveId ZoneId MethodId TaxRateId PriceId CartId CartLineId PaymentId PaymentEventId
    RefundId WebhookId OrderId OrderLineId OrderEventId FulfilmentId PageId JobId MailId SubscriberId IssueId
}

/// UUIDv7 of an instant of the shop's clock (not of the machine's).
pub fn v7(at: super::Instant) -> uuid::Uuid {
    let millis = at.millis();
    let seconds = u64::try_from(millis.div_euclid(1000)).unwrap_or_default();
    let nanos = u32::try_from(millis.rem_euclid(1000)).unwrap_or_default() * 1_000_000;
    uuid::Uuid::new_v7(uuid::Timestamp::from_unix(uuid::NoContext, seconds, nanos))
}
