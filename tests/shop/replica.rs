//! Pages read from a standby: a real one, that follows a real Postgres by streaming replication.

use std::os::unix::fs::MetadataExt;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use sqlx::{Connection, Executor, PgConnection, PgPool};
use wharf::base::ProductId;
use wharf::platform::invalidation;
use wharf::platform::postgres::Private;

use crate::kit::Shop;

/// A database and its standby, each with a folder of its own.
struct Pair {
    first: Private,
    standby: Child,
    standby_url: String,
    home: PathBuf,
    /// Holds the number of the first server while that runs.
    pid_file: PathBuf,
}

impl Pair {
    async fn start() -> Self {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let home = std::env::temp_dir().join(format!("wharf-standby-{}", std::process::id()));
        std::fs::create_dir_all(&home).expect("a folder");
        let first = Private::start(&home).await.expect("Postgres");
        let mut db = PgConnection::connect(&first.url()).await.expect("it answers");
        let programs: String = sqlx::query_scalar("SELECT setting FROM pg_config WHERE name = 'BINDIR'").fetch_one(&mut db).await.expect("a folder");
        let data: String = sqlx::query_scalar("SHOW data_directory").fetch_one(&mut db).await.expect("a folder");
        let sockets: String = sqlx::query_scalar("SHOW unix_socket_directories").fetch_one(&mut db).await.expect("a folder");
        let sockets = sockets.trim_matches('"');
        let owner = std::fs::metadata(&data).expect("the data");
        // Beside the data, where the account of Postgres may write.
        let copy = Path::new(&data).with_file_name("standby");
        let program = |name: &str| {
            let mut command = Command::new(Path::new(&programs).join(name));
            command.uid(owner.uid()).gid(owner.gid()).current_dir("/").stdout(Stdio::null()).stderr(Stdio::null());
            command
        };
        std::fs::create_dir_all(&copy).expect("a folder");
        std::os::unix::fs::chown(&copy, Some(owner.uid()), Some(owner.gid())).expect("handed over");
        std::fs::set_permissions(&copy, std::os::unix::fs::PermissionsExt::from_mode(0o700)).expect("closed");
        let made = program("pg_basebackup")
            .args(["-h", sockets, "-p", "5432", "-U", "wharf", "-X", "stream", "-c", "fast", "-R", "-D"])
            .arg(&copy)
            .status()
            .expect("it runs");
        assert!(made.success(), "the copy was made");
        let standby = program("postgres")
            .arg("-D")
            .arg(&copy)
            .args(["-c", "listen_addresses=", "-c", "port=5432", "-c"])
            .arg(format!("unix_socket_directories={}", copy.display()))
            .spawn()
            .expect("the standby starts");
        let standby_url = first.url().replacen(sockets, &copy.display().to_string(), 1);
        assert_ne!(standby_url, first.url());
        let pair = Self { first, standby, standby_url, home, pid_file: Path::new(&data).join("postmaster.pid") };
        within_seconds(20, async || PgConnection::connect(&pair.standby_url).await.is_ok()).await;
        pair
    }

    async fn on_standby(&self, sql: &'static str) {
        let mut db = PgConnection::connect(&self.standby_url).await.expect("the standby answers");
        db.execute(sql).await.expect(sql);
    }

    async fn end(self) {
        self.first.stop().await;
    }
}

/// Neither server outlives a test that failed.
impl Drop for Pair {
    fn drop(&mut self) {
        let _ = self.standby.kill();
        let _ = self.standby.wait();
        let pid = std::fs::read_to_string(&self.pid_file).unwrap_or_default();
        if let Some(pid) = pid.lines().next() {
            let _ = Command::new("kill").args(["-INT", pid]).status();
        }
        let _ = std::fs::remove_dir_all(&self.home);
    }
}

async fn within_seconds(seconds: u64, holds: impl AsyncFn() -> bool) {
    for _ in 0..seconds * 20 {
        if holds().await {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("it did not come true in {seconds} s");
}

async fn rename(shop: &Shop, db: &PgPool, title: &str) {
    let mut tx = db.begin().await.expect("a transaction");
    let product: ProductId =
        sqlx::query_scalar("SELECT product_id FROM variants WHERE sku = 'TEAPOT'").fetch_one(&mut *tx).await.expect("the teapot");
    sqlx::query("UPDATE product_texts SET title = $2 WHERE product_id = $1").bind(product).bind(title).execute(&mut *tx).await.expect("renamed");
    invalidation::append(&mut *tx, &[format!("product:{product}")]).await.expect("told");
    tx.commit().await.expect("committed");
    shop.app.changed().await;
}

#[tokio::test]
async fn pages_come_from_the_standby_and_are_never_older_than_what_the_node_has_heard_of() {
    let pair = Pair::start().await;
    let replica = format!("--database-replica-url={}", pair.standby_url);
    let shop = Shop::elsewhere(&pair.first.url(), &[&replica, "--cache-bytes=0"]).await;
    let known = shop.app.replica.clone().expect("a standby");
    let ada = shop.visitor();
    within_seconds(10, async || known.is_current()).await;
    assert!(ada.get("/products/teapot").await.text("h1").contains("eapot"));

    // It is behind: what was just changed comes from the database, on every page.
    pair.on_standby("SELECT pg_wal_replay_pause()").await;
    rename(&shop, shop.db(), "Samovar").await;
    assert!(!known.is_current(), "what it has not replayed is not asked of it");
    assert_eq!(ada.get("/products/teapot").await.text("h1"), "Samovar");
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert!(!known.is_current());
    assert_eq!(ada.get("/products/teapot").await.text("h1"), "Samovar");

    // It has caught up: it is asked again, and knows.
    pair.on_standby("SELECT pg_wal_replay_resume()").await;
    within_seconds(10, async || known.is_current()).await;
    assert_eq!(ada.get("/products/teapot").await.text("h1"), "Samovar");

    // The database itself is away: what everybody may read is read on.
    pair.first.stop().await;
    for path in ["/", "/products/teapot", "/collections", "/search?q=samovar", "/sitemap.xml"] {
        let page = ada.get(path).await;
        assert_eq!(page.status, 200, "{path}: {}", page.body);
    }
    shop.close().await;
    pair.end().await;
}

#[tokio::test]
async fn a_standby_that_is_away_costs_no_page() {
    let url = crate::kit::shop::bare_database().await;
    // Nobody listens there; and a server that is no standby is not taken for one.
    for replica in ["postgres://nobody@127.0.0.1:9/nothing".to_owned(), url.clone()] {
        let shop = Shop::open_with(&[&format!("--database-replica-url={replica}"), "--cache-bytes=0"]).await;
        let page = shop.visitor().get("/products/teapot").await;
        assert_eq!(page.status, 200, "{}", page.body);
        tokio::time::sleep(Duration::from_millis(1_200)).await;
        assert!(!shop.app.replica.as_ref().expect("it is named").is_current());
        assert_eq!(shop.visitor().get("/products/teapot").await.status, 200);
        shop.close().await;
    }
}
