//! SQL of zones and methods.

use sqlx::PgConnection;
use sqlx::types::Json;

use super::table::{Band, DeliveryTable, Method, Zone};
use crate::base::{Country, Currency, Instant, MethodId, Money, ZoneId};

#[derive(sqlx::FromRow)]
struct MethodRow {
    id: MethodId,
    zone_id: ZoneId,
    name: String,
    carrier: String,
    currency: Currency,
    bands: Json<Vec<Band>>,
    free_over_minor: Option<i64>,
    tax_class: String,
    min_days: i32,
    max_days: i32,
    position: i32,
    valid_from: Option<Instant>,
    valid_until: Option<Instant>,
    version: i32,
}

impl From<MethodRow> for Method {
    fn from(row: MethodRow) -> Self {
        Self {
            id: row.id,
            zone: row.zone_id,
            name: row.name,
            carrier: row.carrier,
            free_over: row.free_over_minor.map(|minor| Money::new(minor, row.currency)),
            currency: row.currency,
            bands: row.bands.0,
            tax_class: row.tax_class,
            min_days: row.min_days,
            max_days: row.max_days,
            position: row.position,
            from: row.valid_from,
            until: row.valid_until,
            version: row.version,
        }
    }
}

pub async fn list_methods(db: &mut PgConnection) -> sqlx::Result<Vec<Method>> {
    let rows: Vec<MethodRow> = sqlx::query_as(
        "SELECT id, zone_id, name, carrier, currency, bands, free_over_minor, tax_class, min_days, max_days, position,
                lower(valid) AS valid_from, upper(valid) AS valid_until, version
           FROM delivery_methods
          ORDER BY position, name",
    )
    .fetch_all(db)
    .await?;
    Ok(rows.into_iter().map(Method::from).collect())
}

pub async fn load(db: &mut PgConnection) -> sqlx::Result<DeliveryTable> {
    let zones: Vec<(ZoneId, String)> = sqlx::query_as("SELECT id, name FROM zones ORDER BY position, name").fetch_all(&mut *db).await?;
    let areas: Vec<(ZoneId, Country, String)> =
        sqlx::query_as("SELECT zone_id, country, postcode_prefix FROM zone_areas ORDER BY country, postcode_prefix").fetch_all(&mut *db).await?;
    let zones = zones
        .into_iter()
        .map(|(id, name)| Zone {
            id,
            name,
            areas: areas.iter().filter(|(zone, ..)| *zone == id).map(|(_, country, prefix)| (*country, prefix.clone())).collect(),
        })
        .collect();
    Ok(DeliveryTable::new(zones, list_methods(db).await?))
}

pub async fn insert_zone(db: &mut PgConnection, zone: &Zone, position: i32) -> sqlx::Result<()> {
    sqlx::query("INSERT INTO zones (id, name, position) VALUES ($1, $2, $3)").bind(zone.id).bind(&zone.name).bind(position).execute(&mut *db).await?;
    let (countries, prefixes): (Vec<Country>, Vec<String>) = zone.areas.iter().cloned().unzip();
    sqlx::query("INSERT INTO zone_areas (zone_id, country, postcode_prefix) SELECT $1, * FROM unnest($2::text[], $3::text[])")
        .bind(zone.id)
        .bind(countries)
        .bind(prefixes)
        .execute(db)
        .await
        .map(drop)
}

pub async fn insert_method(db: &mut PgConnection, method: &Method) -> sqlx::Result<()> {
    sqlx::query(
        "INSERT INTO delivery_methods (id, zone_id, name, carrier, currency, bands, free_over_minor, tax_class, min_days, max_days, position, valid)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, tstzrange($12, $13))",
    )
    .bind(method.id)
    .bind(method.zone)
    .bind(&method.name)
    .bind(&method.carrier)
    .bind(method.currency)
    .bind(Json(&method.bands))
    .bind(method.free_over.map(Money::minor))
    .bind(&method.tax_class)
    .bind(method.min_days)
    .bind(method.max_days)
    .bind(method.position)
    .bind(method.from)
    .bind(method.until)
    .execute(db)
    .await
    .map(drop)
}

/// Changes the price rules of a method unless somebody did since `version`; says whether it did.
pub async fn set_method(db: &mut PgConnection, method: &Method) -> sqlx::Result<bool> {
    let done = sqlx::query(
        "UPDATE delivery_methods
            SET name = $2, bands = $3, free_over_minor = $4, min_days = $5, max_days = $6, carrier = $8, version = version + 1
          WHERE id = $1 AND version = $7",
    )
    .bind(method.id)
    .bind(&method.name)
    .bind(Json(&method.bands))
    .bind(method.free_over.map(Money::minor))
    .bind(method.min_days)
    .bind(method.max_days)
    .bind(method.version)
    .bind(&method.carrier)
    .execute(db)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Ends a method; false where it has ended before.
pub async fn end_method(db: &mut PgConnection, id: MethodId, at: Instant) -> sqlx::Result<bool> {
    let done = sqlx::query(
        "UPDATE delivery_methods
            SET valid = tstzrange(CASE WHEN lower(valid) >= $2 THEN $2 - interval '1 microsecond' ELSE lower(valid) END, $2), version = version + 1
          WHERE id = $1 AND (upper(valid) IS NULL OR upper(valid) > $2)",
    )
    .bind(id)
    .bind(at)
    .execute(db)
    .await?;
    Ok(done.rows_affected() == 1)
}
