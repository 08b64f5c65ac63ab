//! The processes that are measured: Postgres, the shop, the floor.

use std::net::TcpListener;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::Context;
use sqlx::{Connection, Executor, PgConnection};
use wharf::platform::postgres::Private;

use crate::Plan;
use crate::machine;

/// A Postgres of our own with the settings that the shop's private one has, fsync included.
pub struct Cluster {
    private: Private,
    pub home: PathBuf,
}

impl Cluster {
    pub async fn start() -> anyhow::Result<Self> {
        let home = std::env::temp_dir().join(format!("wharf-bench-{}", std::process::id()));
        std::fs::create_dir_all(&home)?;
        Ok(Self { private: Private::start(&home).await?, home })
    }

    pub async fn stop(&self) {
        self.private.stop().await;
        drop(std::fs::remove_dir_all(&self.home));
    }

    pub fn url(&self, database: &str) -> String {
        self.private.url().replacen("/wharf?", &format!("/{database}?"), 1)
    }

    pub async fn connect(&self, database: &str) -> anyhow::Result<PgConnection> {
        Ok(PgConnection::connect(&self.url(database)).await?)
    }

    pub async fn database(&self, name: &str) -> anyhow::Result<()> {
        self.connect("wharf").await?.execute(sqlx::AssertSqlSafe(format!("CREATE DATABASE {name}"))).await?;
        Ok(())
    }

    pub async fn copy(&self, from: &str, to: &str) -> anyhow::Result<()> {
        self.connect("wharf").await?.execute(sqlx::AssertSqlSafe(format!("CREATE DATABASE {to} TEMPLATE {from}"))).await?;
        Ok(())
    }

    /// Where the server writes what it did.
    pub fn log(&self) -> PathBuf {
        self.home.join("postgres/log")
    }

    pub fn data(&self) -> PathBuf {
        self.home.join("postgres/data")
    }

    /// A program of the same version as the server, which not every system keeps in the path.
    pub fn program(&self, name: &str) -> anyhow::Result<PathBuf> {
        let pid = self.pid().context("the cluster runs")?;
        let server = std::fs::read_link(format!("/proc/{pid}/exe"))?;
        Ok(server.with_file_name(name))
    }

    pub fn pid(&self) -> Option<u32> {
        std::fs::read_to_string(self.data().join("postmaster.pid")).ok()?.lines().next()?.trim().parse().ok()
    }
}

/// A server that was started for a measurement; it ends with this.
pub struct Server {
    child: Child,
    pub origin: String,
    /// From the start of the process to the first good answer of `/readyz`.
    pub ready_after: Duration,
}

impl Server {
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    fn start(mut command: Command, port: u16, probe: &str) -> anyhow::Result<Self> {
        let began = Instant::now();
        let child = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::inherit()).spawn()?;
        let mut server = Self { child, origin: format!("http://127.0.0.1:{port}"), ready_after: Duration::ZERO };
        while !machine::answers(port, probe) {
            anyhow::ensure!(server.child.try_wait()?.is_none(), "the server ended before it was ready");
            anyhow::ensure!(began.elapsed() < Duration::from_secs(120), "the server was not ready in time");
            std::thread::sleep(Duration::from_millis(2));
        }
        server.ready_after = began.elapsed();
        Ok(server)
    }

    /// The shop on a database. Rate limits are out of the way, for one address does all the asking.
    pub fn shop(plan: &Plan, cluster: &Cluster, database: &str, command: &str, settings: &[(&str, &str)]) -> anyhow::Result<Self> {
        let port = free_port()?;
        let mut program = Command::new(&plan.binary);
        program
            .arg(command)
            .env("DATABASE_URL", cluster.url(database))
            .env("WHARF_HOME", cluster.home.join(database))
            .env("WHARF_LISTEN", format!("127.0.0.1:{port}"))
            .env("WHARF_TEST_MODE", "true")
            .env("WHARF_RATE_FACTOR", "1000000")
            .env("WHARF_LOG", "warn")
            .envs(settings.iter().copied());
        Self::start(program, port, "/readyz")
    }

    pub fn floor(cluster: &Cluster, database: &str, kept: &crate::floor::Kept) -> anyhow::Result<Self> {
        let port = free_port()?;
        let file = cluster.home.join(format!("floor-{port}.json"));
        let kept = crate::floor::Kept { port, url: cluster.url(database), ..kept.clone() };
        std::fs::write(&file, serde_json::to_vec(&kept)?)?;
        let mut program = Command::new(std::env::current_exe()?);
        program.arg("floor").arg(file);
        Self::start(program, port, "/memory/0")
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let pid = self.child.id().to_string();
        drop(Command::new("kill").args(["-TERM", &pid]).status());
        let began = Instant::now();
        while began.elapsed() < Duration::from_secs(10) && matches!(self.child.try_wait(), Ok(None)) {
            std::thread::sleep(Duration::from_millis(20));
        }
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

fn free_port() -> anyhow::Result<u16> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?.port())
}

/// Opens the demo shop with its history, and waits until its pictures are made.
pub async fn open_demo(plan: &Plan, cluster: &Cluster, database: &str) -> anyhow::Result<()> {
    let _shop = Server::shop(plan, cluster, database, "demo", &[])?;
    let mut db = cluster.connect(database).await?;
    loop {
        let waiting: i64 = sqlx::query_scalar("SELECT count(*) FROM media WHERE state = 'pending'").fetch_one(&mut db).await?;
        if waiting == 0 || std::env::var_os("BENCH_NO_PICTURES").is_some() {
            break;
        }
        eprint!("\rpictures to make: {waiting}   ");
        tokio::time::sleep(Duration::from_secs(2)).await;
    }
    eprintln!();
    db.execute("VACUUM ANALYZE").await?;
    Ok(())
}

/// Imports the large catalogues. Their pictures lie where nobody can fetch them, so nobody is sent for them.
pub async fn import(plan: &Plan, cluster: &Cluster, database: &str) -> anyhow::Result<()> {
    for file in &plan.catalogues {
        let plain = cluster.home.join("catalogue.csv");
        let unpacked = Command::new("gzip").args(["-dc"]).arg(file).output()?;
        anyhow::ensure!(unpacked.status.success(), "{} cannot be unpacked", file.display());
        std::fs::write(&plain, unpacked.stdout)?;
        let began = Instant::now();
        let said = Command::new(&plan.binary)
            .args(["import", "shopify", "--apply"])
            .arg(&plain)
            .env("DATABASE_URL", cluster.url(database))
            .env("WHARF_HOME", cluster.home.join(database))
            .env("WHARF_LOG", "error")
            .output()?;
        let summary = String::from_utf8_lossy(&said.stdout).lines().take(3).collect::<Vec<_>>().join("; ");
        eprintln!("{}: {:.0} s. {summary}", file.file_name().unwrap_or_default().to_string_lossy(), began.elapsed().as_secs_f64());
    }
    let mut db = cluster.connect(database).await?;
    db.execute("DELETE FROM jobs WHERE key IS NULL").await.context("jobs of pictures")?;
    db.execute("VACUUM ANALYZE").await?;
    Ok(())
}

/// Time to readiness on an existing database and memory at rest; the median of three starts.
pub async fn starts(plan: &Plan, cluster: &Cluster, database: &str) -> anyhow::Result<(Duration, u64)> {
    let mut seen = Vec::new();
    for _ in 0..3 {
        let shop = Server::shop(plan, cluster, database, "serve", &[])?;
        tokio::time::sleep(Duration::from_secs(2)).await;
        seen.push((shop.ready_after, machine::resident(shop.pid())));
    }
    seen.sort();
    Ok(seen[1])
}
