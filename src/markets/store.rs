//! SQL of the markets.

use sqlx::PgConnection;

use super::market::{Market, Pair, PriceList};
use crate::base::{Country, Currency, Language, MarketId, PriceListId};

/// A market and the one price list that is open in it.
type MarketRow = (MarketId, String, String, Currency, Country, PriceListId, Currency, bool);

/// All markets in their order. A market without a price list or pair is not open and left out.
pub async fn load(db: &mut PgConnection) -> sqlx::Result<Vec<Market>> {
    let rows: Vec<MarketRow> = sqlx::query_as(
        "SELECT m.id, m.code, m.name, m.currency, m.display_country, l.id, l.currency, l.includes_tax
           FROM markets m
           JOIN LATERAL (SELECT id, currency, includes_tax FROM price_lists WHERE market_id = m.id ORDER BY name LIMIT 1) l ON true
          ORDER BY m.position, m.code",
    )
    .fetch_all(&mut *db)
    .await?;
    let countries: Vec<(MarketId, Country)> =
        sqlx::query_as("SELECT market_id, country FROM market_countries ORDER BY country").fetch_all(&mut *db).await?;
    let pairs: Vec<(MarketId, Language, String, String)> =
        sqlx::query_as("SELECT market_id, language, prefix, hreflang FROM pairs ORDER BY prefix").fetch_all(&mut *db).await?;
    Ok(rows
        .into_iter()
        .map(|(id, code, name, currency, display_country, list, list_currency, includes_tax)| Market {
            id,
            code,
            name,
            currency,
            display_country,
            countries: countries.iter().filter(|(market, _)| *market == id).map(|(_, country)| *country).collect(),
            pairs: pairs
                .iter()
                .filter(|(market, ..)| *market == id)
                .map(|(market, language, prefix, hreflang)| Pair {
                    market: *market,
                    language: *language,
                    prefix: prefix.clone(),
                    hreflang: hreflang.clone(),
                })
                .collect(),
            price_list: PriceList { id: list, currency: list_currency, includes_tax },
        })
        .filter(|market| !market.pairs.is_empty())
        .collect())
}

/// Opens a market with its countries, pairs and price list.
pub async fn insert(db: &mut PgConnection, market: &Market, position: i32) -> sqlx::Result<()> {
    sqlx::query("INSERT INTO markets (id, code, name, currency, display_country, position) VALUES ($1, $2, $3, $4, $5, $6)")
        .bind(market.id)
        .bind(&market.code)
        .bind(&market.name)
        .bind(market.currency)
        .bind(market.display_country)
        .bind(position)
        .execute(&mut *db)
        .await?;
    sqlx::query("INSERT INTO market_countries (market_id, country) SELECT $1, unnest($2::text[])")
        .bind(market.id)
        .bind(&market.countries)
        .execute(&mut *db)
        .await?;
    for pair in &market.pairs {
        sqlx::query("INSERT INTO pairs (market_id, language, prefix, hreflang) VALUES ($1, $2, $3, $4)")
            .bind(market.id)
            .bind(pair.language)
            .bind(&pair.prefix)
            .bind(&pair.hreflang)
            .execute(&mut *db)
            .await?;
    }
    sqlx::query("INSERT INTO price_lists (id, market_id, name, currency, includes_tax) VALUES ($1, $2, $3, $4, $5)")
        .bind(market.price_list.id)
        .bind(market.id)
        .bind("Retail")
        .bind(market.price_list.currency)
        .bind(market.price_list.includes_tax)
        .execute(&mut *db)
        .await
        .map(drop)
}
