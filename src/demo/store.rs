//! SQL of the demo: whether there is a shop, and clearing it.

use sqlx::{PgConnection, query, query_scalar};

use crate::base::Instant;
use crate::platform::settings;

/// Settings key that says whether the shop was opened as the demo.
const MARK: &str = "demo";
/// Settings key of the moment before which a history is still to be written.
const OWED: &str = "demo-history";

/// One node opens or clears the demo at a time; held to the end of the transaction.
pub async fn lock(db: &mut PgConnection) -> sqlx::Result<()> {
    query("SELECT pg_advisory_xact_lock(hashtext('wharf demo'))").execute(db).await.map(drop)
}

pub async fn has_market(db: &mut PgConnection) -> sqlx::Result<bool> {
    query_scalar("SELECT EXISTS (SELECT 1 FROM markets)").fetch_one(db).await
}

pub async fn mark(db: &mut PgConnection, is_demo: bool) -> sqlx::Result<()> {
    settings::save(db, MARK, &is_demo, 0).await.map(drop)
}

/// For the history that is still to be written: the moment up to which; `None` once it is there.
pub async fn owe_history(db: &mut PgConnection, until: Option<Instant>) -> sqlx::Result<()> {
    let (_, version) = settings::load::<Option<Instant>>(&mut *db, OWED).await?;
    settings::save(db, OWED, &until, version).await.map(drop)
}

pub async fn owed_history(db: &mut PgConnection) -> sqlx::Result<Option<Instant>> {
    Ok(settings::load::<Option<Instant>>(db, OWED).await?.0)
}

pub async fn is_demo(db: &mut PgConnection) -> sqlx::Result<bool> {
    Ok(settings::load::<bool>(db, MARK).await?.0)
}

/// Empties the shop and starts its numbers again. What other nodes follow stays: the version of the rules and the
/// invalidations, which they read by number; so do the classes of tax that every shop begins with.
pub async fn clear(db: &mut PgConnection) -> sqlx::Result<()> {
    query(
        "DO $$
         DECLARE names text;
         BEGIN
             SELECT string_agg(format('%I.%I', schemaname, tablename), ', ')
               INTO names
               FROM pg_tables
              WHERE schemaname = current_schema() AND tablename NOT IN ('_sqlx_migrations', 'rules_version', 'invalidations', 'tax_classes');
             EXECUTE 'TRUNCATE ' || names || ' RESTART IDENTITY';
         END $$",
    )
    .execute(&mut *db)
    .await?;
    query("ALTER SEQUENCE order_numbers RESTART").execute(&mut *db).await?;
    query("ALTER SEQUENCE variant_numbers RESTART").execute(&mut *db).await?;
    query("DELETE FROM tax_classes WHERE code NOT IN ('standard', 'reduced', 'zero')").execute(db).await.map(drop)
}
