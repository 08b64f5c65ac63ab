//! SQL of the tax rates.

use sqlx::PgConnection;

use super::table::{DatedRate, TaxTable};
use crate::base::{Country, Instant, TaxRate, TaxRateId};

pub async fn load(db: &mut PgConnection) -> sqlx::Result<TaxTable> {
    let rows: Vec<(String, Country, TaxRate, Option<Instant>, Option<Instant>)> =
        sqlx::query_as("SELECT class, country, percent, lower(valid), upper(valid) FROM tax_rates ORDER BY class, country, lower(valid)")
            .fetch_all(db)
            .await?;
    Ok(TaxTable::new(rows.into_iter().map(|(class, country, rate, from, until)| DatedRate { class, country, rate, from, until }).collect()))
}

/// Enters a rate; the database refuses overlaps.
pub async fn insert(db: &mut PgConnection, row: &DatedRate, at: Instant) -> sqlx::Result<()> {
    sqlx::query("INSERT INTO tax_rates (id, class, country, percent, valid) VALUES ($1, $2, $3, $4, tstzrange($5, $6))")
        .bind(TaxRateId::fresh(at))
        .bind(&row.class)
        .bind(row.country)
        .bind(row.rate)
        .bind(row.from)
        .bind(row.until)
        .execute(db)
        .await
        .map(drop)
}

/// The EU's standard and first reduced rates (`base/data/vat-rates.csv`), to begin with.
pub fn standard_rates() -> Vec<DatedRate> {
    let mut reader = csv::ReaderBuilder::new().comment(Some(b'#')).from_reader(&include_bytes!("../base/data/vat-rates.csv")[..]);
    reader
        .records()
        .filter_map(|row| {
            let row = row.ok()?;
            Some(DatedRate {
                country: Country::parse(row.get(0)?)?,
                class: row.get(1)?.to_owned(),
                rate: TaxRate::new(row.get(2)?.parse().ok()?)?,
                from: None,
                until: None,
            })
        })
        .collect()
}
