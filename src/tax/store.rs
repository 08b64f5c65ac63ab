//! SQL of the tax rates.

use sqlx::PgConnection;

use super::table::{DatedRate, TaxTable};
use crate::base::{Country, Instant, TaxRate, TaxRateId};

/// Class, country, rate, from, until.
type Row = (String, Country, TaxRate, Option<Instant>, Option<Instant>);

pub async fn load(db: &mut PgConnection) -> sqlx::Result<TaxTable> {
    list(db).await.map(TaxTable::new)
}

/// All rates that ever were or are to come.
pub async fn list(db: &mut PgConnection) -> sqlx::Result<Vec<DatedRate>> {
    let rows: Vec<Row> =
        sqlx::query_as("SELECT class, country, percent, lower(valid), upper(valid) FROM tax_rates ORDER BY country, class, lower(valid) NULLS FIRST")
            .fetch_all(db)
            .await?;
    Ok(rows.into_iter().map(|(class, country, rate, from, until)| DatedRate { class, country, rate, from, until }).collect())
}

/// The tax classes: code and name.
pub async fn classes(db: &mut PgConnection) -> sqlx::Result<Vec<(String, String)>> {
    sqlx::query_as("SELECT code, name FROM tax_classes ORDER BY code DESC").fetch_all(db).await
}

/// A rate that begins at `from`: the one in force then ends there, and it lasts until the next one that is entered
/// already. `None` where one begins at that very moment.
pub async fn succeed(
    db: &mut PgConnection,
    class: &str,
    country: Country,
    rate: TaxRate,
    from: Instant,
    at: Instant,
) -> sqlx::Result<Option<DatedRate>> {
    let begins: bool = sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM tax_rates WHERE class = $1 AND country = $2 AND lower(valid) = $3)")
        .bind(class)
        .bind(country)
        .bind(from)
        .fetch_one(&mut *db)
        .await?;
    if begins {
        return Ok(None);
    }
    let next: Option<Instant> = sqlx::query_scalar("SELECT min(lower(valid)) FROM tax_rates WHERE class = $1 AND country = $2 AND lower(valid) > $3")
        .bind(class)
        .bind(country)
        .bind(from)
        .fetch_one(&mut *db)
        .await?;
    sqlx::query("UPDATE tax_rates SET valid = tstzrange(lower(valid), $3) WHERE class = $1 AND country = $2 AND valid @> $3")
        .bind(class)
        .bind(country)
        .bind(from)
        .execute(&mut *db)
        .await?;
    let row = DatedRate { class: class.to_owned(), country, rate, from: Some(from), until: next };
    insert(db, &row, at).await?;
    Ok(Some(row))
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
