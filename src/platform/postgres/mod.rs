//! A private Postgres for who runs Wharf without `DATABASE_URL`: found on the machine, kept below the home folder, reached
//! through a socket that only its user may open, never through TCP.
//!
//! One Wharf at a time uses a home: the lock is the operating system's, which frees it when the process ends in whatever way.
//! The server has a session of its own, so that Ctrl-C lets requests finish before `stop`. It outlives a Wharf that is
//! killed, and the next start takes it over. This module does not migrate anything.

mod error;
mod find;
mod place;
mod server;
#[cfg(test)]
mod tests;

use std::fs::{self, File, TryLockError};
use std::io::{Read, Seek, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use sqlx::{Connection, PgConnection};

pub use error::StartError;
use find::Programs;
use place::{PORT, Place, unwritable};

/// The database of the shop.
const DATABASE: &str = "wharf";

/// A private Postgres that runs and holds the database `wharf`. Dropping it frees the home, but leaves the server running.
#[derive(Debug)]
pub struct Private {
    server: Arc<Server>,
    sockets: PathBuf,
    /// Held for as long as this process uses the home.
    _lock: File,
}

#[derive(Debug)]
struct Server {
    programs: Programs,
    place: Place,
}

impl Private {
    /// Starts the server of a home folder, which is made if missing, or takes over the one that was left running.
    ///
    /// The first start takes seconds, because it makes the cluster; later ones take a fraction of a second.
    pub async fn start(home: &Path) -> Result<Self, StartError> {
        let home = home.to_owned();
        let (lock, server, left_running) = blocking(move || {
            let (home, lock) = take(&home)?;
            let place = Place::prepare(&home)?;
            let programs = find::programs(server::made_by(&place))?;
            let left_running = server::left_running(&place);
            Ok((lock, Arc::new(Server { programs, place }), left_running))
        })
        .await?;
        if let Some(sockets) = left_running {
            match ensure_database(&sockets).await {
                Ok(()) => return Ok(Self { server, sockets, _lock: lock }),
                Err(error) => tracing::warn!(%error, "the Postgres that was left running does not answer; it is started again"),
            }
        }
        let starting = Arc::clone(&server);
        blocking(move || {
            // Elsewhere the process could be a stranger's that has the number of ours.
            if cfg!(target_os = "linux") {
                server::halt(&starting.programs, &starting.place)?;
            }
            server::make_data(&starting.programs, &starting.place)?;
            server::launch(&starting.programs, &starting.place)
        })
        .await?;
        let sockets = server.place.sockets.clone();
        ensure_database(&sockets).await?;
        Ok(Self { server, sockets, _lock: lock })
    }

    /// The address of the database of a Wharf that uses the home right now, for a command that works beside it.
    pub async fn url_beside(home: &Path) -> Result<Option<String>, StartError> {
        let home = home.canonicalize().map_err(|because| unwritable(home, because))?;
        blocking(move || Ok(server::left_running(&Place::prepare(&home)?).map(|sockets| url(&sockets, DATABASE)))).await
    }

    /// The address of the database, for sqlx.
    pub fn url(&self) -> String {
        url(&self.sockets, DATABASE)
    }

    /// What the operator should know: that the files are not where they were asked for.
    pub fn notice(&self) -> Option<String> {
        let place = &self.server.place;
        place.is_elsewhere.then(|| {
            format!(
                "The database is kept in {}, because Postgres does not run as root and its own user cannot enter the folder of the shop.",
                place.base.display()
            )
        })
    }

    /// Ends the server's sessions, lets it write everything, and waits for its end. Does nothing if it has ended already.
    pub async fn stop(&self) {
        let server = Arc::clone(&self.server);
        if let Err(error) = blocking(move || server::halt(&server.programs, &server.place)).await {
            tracing::warn!(%error, "the private Postgres did not stop");
        }
    }
}

/// Makes the home and locks it; a lock that is held names the process that holds it.
fn take(home: &Path) -> Result<(PathBuf, File), StartError> {
    let failed = |source| unwritable(home, source);
    fs::create_dir_all(home).map_err(failed)?;
    let home = home.canonicalize().map_err(failed)?;
    let mut lock = File::options().read(true).write(true).create(true).truncate(false).open(home.join("lock")).map_err(failed)?;
    match lock.try_lock() {
        Ok(()) => {
            lock.set_len(0).map_err(failed)?;
            write!(lock, "{}", std::process::id()).map_err(failed)?;
            Ok((home, lock))
        }
        Err(TryLockError::WouldBlock) => {
            let mut pid = String::new();
            lock.rewind().and_then(|()| lock.read_to_string(&mut pid)).map_err(failed)?;
            Err(StartError::InUse { home, pid: if pid.is_empty() { "unknown".into() } else { pid } })
        }
        Err(TryLockError::Error(source)) => Err(failed(source)),
    }
}

/// Makes the database if it is missing. A server that has just started may refuse for a moment.
async fn ensure_database(sockets: &Path) -> Result<(), StartError> {
    let mut connection = connect(&url(sockets, "postgres")).await?;
    let is_there: bool = sqlx::query_scalar("SELECT EXISTS (SELECT FROM pg_database WHERE datname = 'wharf')").fetch_one(&mut connection).await?;
    if !is_there {
        sqlx::query("CREATE DATABASE wharf").execute(&mut connection).await?;
    }
    connection.close().await?;
    Ok(())
}

async fn connect(url: &str) -> Result<PgConnection, sqlx::Error> {
    let mut attempts = 0;
    loop {
        match PgConnection::connect(url).await {
            Err(_) if attempts < 30 => {
                attempts += 1;
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
            outcome => return outcome,
        }
    }
}

fn url(sockets: &Path, database: &str) -> String {
    let mut host = String::new();
    for byte in sockets.to_string_lossy().bytes() {
        match byte {
            b'/' | b'.' | b'-' | b'_' => host.push(byte.into()),
            it if it.is_ascii_alphanumeric() => host.push(it.into()),
            it => host.push_str(&format!("%{it:02X}")),
        }
    }
    format!("postgres://{}@localhost:{PORT}/{database}?host={host}&sslmode=disable", server::ROLE)
}

async fn blocking<T: Send + 'static>(work: impl FnOnce() -> Result<T, StartError> + Send + 'static) -> Result<T, StartError> {
    tokio::task::spawn_blocking(work).await.expect("starting and stopping Postgres does not panic")
}
