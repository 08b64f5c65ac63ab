//! The rules of the shop as one immutable, versioned snapshot: everything small, future rows included.

use sqlx::PgConnection;

use crate::base::{Country, Instant, MarketId, Money, TaxRate};
use crate::delivery;
use crate::delivery::DeliveryTable;
use crate::markets;
use crate::markets::{Market, Pair, ShopSettings};
use crate::platform::settings;
use crate::tax;
use crate::tax::TaxTable;

/// One per node, replaced when a change is announced. A page asks Postgres only for what is not in here.
#[derive(Debug, Clone)]
pub struct Rules {
    pub version: i64,
    pub shop: ShopSettings,
    pub markets: Vec<Market>,
    pub tax: TaxTable,
    pub delivery: DeliveryTable,
}

impl Rules {
    /// Reads all rules as of one moment: the caller's transaction should be REPEATABLE READ.
    pub async fn load(db: &mut PgConnection) -> sqlx::Result<Self> {
        Ok(Self {
            version: super::store::rules_version(&mut *db).await?,
            shop: settings::load(&mut *db, ShopSettings::KEY).await?.0,
            markets: markets::load(&mut *db).await?,
            tax: tax::load(&mut *db).await?,
            delivery: delivery::load(&mut *db).await?,
        })
    }

    pub fn market(&self, id: MarketId) -> Option<&Market> {
        self.markets.iter().find(|market| market.id == id)
    }

    /// The market whose pair has this prefix.
    pub fn market_at(&self, prefix: &str) -> Option<&Market> {
        self.markets.iter().find(|market| market.pairs.iter().any(|pair| pair.prefix == prefix))
    }

    /// The pair that owns a path, and the path inside it. The empty prefix owns what no other prefix does.
    pub fn pair_of<'a, 'b>(&'a self, path: &'b str) -> Option<(&'a Market, &'a Pair, &'b str)> {
        let pairs = || self.markets.iter().flat_map(|market| market.pairs.iter().map(move |pair| (market, pair)));
        pairs()
            .filter(|(_, pair)| !pair.prefix.is_empty())
            .find_map(|(market, pair)| {
                let rest = path.strip_prefix(pair.prefix.as_str())?;
                (rest.is_empty() || rest.starts_with('/')).then_some((market, pair, rest))
            })
            .or_else(|| pairs().find(|(_, pair)| pair.prefix.is_empty()).map(|(market, pair)| (market, pair, path)))
    }

    /// What a page of the market shows for a stored price: with the display country's tax where the market's prices
    /// contain it or consumers must see it.
    pub fn shown(&self, market: &Market, amount: Money, class: &str, country: Country, as_of: Instant) -> Money {
        if market.price_list.includes_tax {
            return amount;
        }
        let rate = self.tax.rate(class, country, as_of).unwrap_or(TaxRate::ZERO);
        amount.plus(rate.on_top_of(amount))
    }
}
