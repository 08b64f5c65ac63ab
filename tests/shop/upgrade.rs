//! Before an upgrade the new version says what it would lock and for how long, and changes nothing by saying so.

use std::time::{Duration, Instant};

use sqlx::migrate::{MigrateError, Migration, MigrationType, Migrator};
use sqlx::{AssertSqlSafe, Executor, PgPool, SqlSafeStr};
use wharf::platform::db::{self, MIGRATIONS};
use wharf::platform::upgrade::{Outcome, Pending, Waits, rehearse};

use crate::kit::process::command;
use crate::kit::shop::bare_database;

const PLENTY: Duration = Duration::from_secs(60);
/// The last migration that the database of an older version has.
const OLD: i64 = 20_261_128_101_500;

/// A database of its own and its address.
async fn database() -> (PgPool, String) {
    let url = bare_database().await;
    (db::open(&url, 4).await.expect("the database"), url)
}

fn migrator(statements: &[&str]) -> Migrator {
    let one = |(index, sql): (usize, &&str)| {
        let (version, sql) = (i64::try_from(index).expect("few") + 1, (*sql).to_owned());
        let is_outside = sql.contains("CONCURRENTLY");
        Migration::new(version, format!("step {version}").into(), MigrationType::Simple, AssertSqlSafe(sql).into_sql_str(), is_outside)
    };
    Migrator::with_migrations(statements.iter().enumerate().map(one).collect())
}

/// Of each migration the tables and who waits for them.
fn locked(pending: &[Pending]) -> Vec<Vec<(&str, Waits)>> {
    pending
        .iter()
        .map(|one| match &one.outcome {
            Outcome::Works { tables, .. } => tables.iter().map(|(table, waits)| (table.as_str(), *waits)).collect(),
            other => panic!("{}: {other:?}", one.description),
        })
        .collect()
}

async fn count(db: &PgPool, sql: &'static str) -> i64 {
    sqlx::query_scalar(sql).fetch_one(db).await.expect("a count")
}

#[tokio::test]
async fn an_older_database_learns_what_it_lacks_and_keeps_what_it_is() {
    let (db, url) = database().await;
    MIGRATIONS.run_to(OLD, &db).await.expect("the older schema");
    let lacking = MIGRATIONS.iter().filter(|migration| migration.version > OLD).count();
    let pending = rehearse(&db, &MIGRATIONS, PLENTY).await.expect("rehearsed");
    assert_eq!(pending.len(), lacking);
    let notes = pending.iter().find(|one| one.description == "staff note proofs").expect("it is missing");
    let Outcome::Works { tables, took } = &notes.outcome else { panic!("{notes:?}") };
    assert_eq!((tables["staff_sessions"], tables.len(), *took < PLENTY), (Waits::Everybody, 1, true));
    assert_eq!(count(&db, "SELECT count(*) FROM information_schema.columns WHERE column_name = 'proved_at'").await, 0, "nothing stays");
    assert_eq!(count(&db, "SELECT max(version) FROM _sqlx_migrations").await, OLD);

    let home = std::env::temp_dir().join(format!("wharf-upgrade-{}", std::process::id()));
    let said = |arguments: &[&str]| {
        let done = command("upgrade", &url, &home).args(arguments).output().expect("it runs");
        (done.status.code(), String::from_utf8_lossy(&done.stdout).into_owned())
    };
    let (code, text) = said(&["--dry-run"]);
    assert_eq!(code, Some(3), "{text}");
    let line = text.lines().find(|line| line.contains("staff note proofs")).unwrap_or_else(|| panic!("{text}"));
    let told = line.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(told.contains("staff_sessions readers and writers wait") && told.ends_with(" ms"), "{line}");
    assert!(text.starts_with(&format!("{lacking} of {} migrations are missing", MIGRATIONS.iter().count())), "{text}");
    assert_eq!(count(&db, "SELECT max(version) FROM _sqlx_migrations").await, OLD);

    let newest = MIGRATIONS.iter().map(|migration| migration.version).max().expect("migrations");
    assert_eq!(said(&[]).0, Some(0));
    assert_eq!(count(&db, "SELECT max(version) FROM _sqlx_migrations").await, newest, "without the word it is done");
    assert_eq!(said(&["--dry-run"]), (Some(0), "The schema is up to date.\n".into()));

    // A version that is older than the database must not guess.
    sqlx::query(
        "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) VALUES (20990101000000, 'later', true, '', 0)",
    )
    .execute(&db)
    .await
    .expect("a later one");
    assert!(matches!(rehearse(&db, &MIGRATIONS, PLENTY).await, Err(MigrateError::VersionMissing(20_990_101_000_000))));
    assert_eq!(said(&["--dry-run"]).0, Some(1));
    sqlx::query("UPDATE _sqlx_migrations SET success = version < 20990101000000").execute(&db).await.expect("half way");
    assert!(matches!(rehearse(&db, &MIGRATIONS, PLENTY).await, Err(MigrateError::Dirty(20_990_101_000_000))));
    sqlx::query("DELETE FROM _sqlx_migrations WHERE version = 20990101000000").execute(&db).await.expect("gone");
    sqlx::query("UPDATE _sqlx_migrations SET checksum = '' WHERE version = $1").bind(OLD).execute(&db).await.expect("changed");
    assert!(matches!(rehearse(&db, &MIGRATIONS, PLENTY).await, Err(MigrateError::VersionMismatch(OLD))));
    db.close().await;
}

#[tokio::test]
async fn an_empty_database_keeps_nobody_waiting() {
    let (db, _) = database().await;
    let pending = rehearse(&db, &MIGRATIONS, PLENTY).await.expect("rehearsed");
    assert_eq!(pending.len(), MIGRATIONS.iter().count());
    assert!(locked(&pending).iter().all(Vec::is_empty), "{pending:?}");
    assert_eq!(count(&db, "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").await, 0);
    db.close().await;
}

#[tokio::test]
async fn every_table_is_told_with_who_waits_for_it() {
    let (db, _) = database().await;
    db.execute(
        "CREATE TABLE goods (id int PRIMARY KEY, name text); CREATE INDEX goods_name ON goods (name); CREATE TABLE carts (id int, goods_id int)",
    )
    .await
    .expect("tables");
    let steps = migrator(&[
        "UPDATE carts SET id = 1",
        "CREATE INDEX carts_id ON carts (id)",
        "CREATE TABLE fresh (id int PRIMARY KEY); CREATE INDEX fresh_id ON fresh (id); INSERT INTO fresh VALUES (1)",
        "CREATE INDEX CONCURRENTLY goods_id ON goods (id)",
        "ALTER TABLE carts ADD CONSTRAINT carts_goods_fk FOREIGN KEY (goods_id) REFERENCES goods (id) NOT VALID",
        "DROP INDEX goods_name",
        "ALTER TABLE goods ADD COLUMN note text",
        "DROP TABLE carts",
        "SELECT count(*) FROM goods",
    ]);
    let mut pending = rehearse(&db, &steps, PLENTY).await.expect("rehearsed");
    assert_eq!(pending.remove(3).outcome, Outcome::OutsideTransaction, "it is named, and those after it are tried");
    let expected: [&[(&str, Waits)]; 8] = [
        &[("carts", Waits::RowWriters)],
        &[("carts", Waits::Writers)],
        &[],
        &[("carts", Waits::Writers), ("goods", Waits::Writers)],
        &[("goods", Waits::Everybody)],
        &[("goods", Waits::Everybody)],
        &[("carts", Waits::Everybody)],
        &[("goods", Waits::Everybody)],
    ];
    assert_eq!(locked(&pending), expected, "what an earlier one had locked is named where the text names it");
    assert_eq!(count(&db, "SELECT count(*) FROM pg_class WHERE relname IN ('goods_name', 'carts') OR relname = 'fresh'").await, 2, "nothing stays");
    db.close().await;
}

#[tokio::test]
async fn what_fails_what_lasts_and_what_is_in_use_ends_the_rehearsal_in_time() {
    let (db, _) = database().await;
    db.execute("CREATE TABLE goods (id int); INSERT INTO goods VALUES (1), (1)").await.expect("a table");

    let fails = rehearse(&db, &migrator(&["CREATE UNIQUE INDEX goods_key ON goods (id)", "SELECT 1"]), PLENTY).await.expect("rehearsed");
    assert!(matches!(&fails[0].outcome, Outcome::Fails(reason) if reason.contains("goods_key")), "{fails:?}");
    assert_eq!(fails[1].outcome, Outcome::Untried);

    // Each statement would end before the limit of statements does, all together would not.
    let began = Instant::now();
    let lasts = migrator(&["SELECT pg_sleep(0.9); SELECT pg_sleep(0.9); SELECT pg_sleep(0.9); SELECT pg_sleep(0.9)", "SELECT 1"]);
    let lasts = rehearse(&db, &lasts, Duration::from_secs(1)).await.expect("rehearsed");
    assert_eq!([&lasts[0].outcome, &lasts[1].outcome], [&Outcome::TooLong, &Outcome::Untried]);
    assert!(began.elapsed() < Duration::from_millis(2_500), "{:?}", began.elapsed());
    let asleep = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND state <> 'idle' AND pid <> pg_backend_pid()";
    assert_eq!(count(&db, asleep).await, 0, "and Postgres has ended it as well");

    let mut somebody = db.begin().await.expect("somebody");
    somebody.execute("LOCK TABLE goods IN ACCESS SHARE MODE").await.expect("reads for long");
    let began = Instant::now();
    let in_use = rehearse(&db, &migrator(&["ALTER TABLE goods ADD COLUMN note text"]), PLENTY).await.expect("rehearsed");
    assert!(matches!(&in_use[0].outcome, Outcome::Fails(reason) if reason.contains("in use")), "{in_use:?}");
    assert!(began.elapsed() < Duration::from_secs(6), "{:?}", began.elapsed());
    somebody.rollback().await.expect("done");
    db.close().await;
}

#[tokio::test]
async fn a_node_of_the_version_before_starts_beside_a_newer_schema() {
    let (db, url) = database().await;
    db::migrate(&db).await.expect("the schema");
    sqlx::query(
        "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) VALUES (99991231235959, 'from the future', true, '', 0)",
    )
    .execute(&db)
    .await
    .expect("a newer version was here");
    db::migrate(&db).await.expect("it is served as it is");
    let home = std::env::temp_dir().join(format!("wharf-ahead-{}", std::process::id()));
    let shop = crate::kit::process::Process::serve(&url, &home, None).await;
    assert!(crate::kit::Browser::new(&shop.origin).get("/readyz").await.status == 200, "it starts and is ready");
    assert_eq!(count(&db, "SELECT count(*) FROM _sqlx_migrations WHERE version = 99991231235959").await, 1);
}
