//! The commands of the binary: parse, open, call.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::atomic::Ordering;
use std::time::Duration;

use anyhow::Context;
use clap::{Parser, Subcommand};
use secrecy::ExposeSecret;
use sqlx::PgPool;
use tokio::net::TcpListener;

use crate::app::{App, blobs_config};
use crate::backup;
use crate::base::Email;
use crate::platform::blobs::Blobs;
use crate::platform::clock::Clock;
use crate::platform::config::Config;
use crate::platform::postgres::{Private, StartError};
use crate::platform::upgrade::{Outcome, rehearse, told};
use crate::platform::{db, telemetry};
use crate::{books, demo, importing, router, serving, staff, work};

/// Wharf: a self-hosted online shop in one binary and Postgres. Without a command it opens the demo shop.
#[derive(Parser)]
#[command(name = "wharf", version)]
pub struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    config: Config,
}

#[derive(Subcommand)]
enum Command {
    /// Serve the shop and do its jobs.
    Serve,
    /// Only do jobs: mail, pictures, payments to ask about.
    Work,
    /// Bring the schema up to date and stop.
    #[command(visible_alias = "migrate")]
    Upgrade {
        /// Change nothing: run what is missing in a transaction that is rolled back, and say what it locks and for how long. The shop
        /// may go on meanwhile, and waits where a table is locked. Ends with 3 where something is missing, with 0 where nothing is.
        #[arg(long)]
        dry_run: bool,
        /// Seconds that the dry run may take, and the shop may have to wait for it.
        #[arg(long, default_value_t = 10, value_name = "SECONDS")]
        at_most: u64,
    },
    /// Open the demo shop and serve it (the default).
    Demo {
        /// Clear the demo shop instead: everything in the database goes.
        #[arg(long)]
        remove: bool,
    },
    /// Import a catalogue.
    Import {
        #[command(subcommand)]
        what: Import,
    },
    /// Show the configuration and why the shop would refuse to start.
    Check,
    /// Recompute ledgers, levels, totals and statuses, and name every difference.
    Doctor,
    /// Print a new one-time sign-in link for the owner.
    Link,
    /// Take the second factor of a member of staff away, who has lost app and recovery codes. It is logged, and told by letter.
    RemoveSecondFactor {
        /// The address they sign in with.
        email: String,
    },
    /// Write everything, rows and files as of one moment, to one encrypted file. The shop goes on meanwhile.
    Backup {
        file: PathBuf,
        #[command(flatten)]
        key: Key,
    },
    /// Fill an empty database and the files of a shop from a backup.
    Restore {
        file: PathBuf,
        /// Restore into a scratch database and folder instead, examine the books there, and throw both away.
        #[arg(long)]
        verify: bool,
        #[command(flatten)]
        key: Key,
    },
}

/// What a backup is locked with.
#[derive(clap::Args)]
struct Key {
    /// The passphrase, 12 characters or more. Without it nobody opens the backup, its owner included.
    #[arg(long, env = "WHARF_BACKUP_PASSPHRASE", hide_env_values = true)]
    passphrase: secrecy::SecretString,
}

#[derive(Subcommand)]
enum Import {
    /// Shopify's product CSV, in either dialect; a dry run unless --apply is given.
    Shopify {
        file: PathBuf,
        #[arg(long)]
        apply: bool,
    },
}

/// Whether a command may use the private Postgres of a shop that runs.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Beside {
    Nobody,
    AShop,
}

/// Everything that must be closed again.
struct Opened {
    app: App,
    private: Option<Private>,
}

/// What a dry run ends with where something is missing; clap ends with 2 where it does not understand.
const PENDING: u8 = 3;

/// Runs the command line; what the process ends with. The error is one clear sentence.
pub async fn run(cli: Cli) -> anyhow::Result<ExitCode> {
    let mut config = cli.config;
    telemetry::start_logs(config.log_json);
    telemetry::metrics();
    let command = cli.command.unwrap_or(Command::Demo { remove: false });
    if matches!(command, Command::Check) {
        return check(&config).map(|()| ExitCode::SUCCESS);
    }
    if let Some(fault) = config.faults().into_iter().next() {
        return Err(fault.into());
    }
    if let Command::Upgrade { dry_run: true, at_most } = command {
        return rehearse_upgrade(&config, Duration::from_secs(at_most)).await;
    }
    match command {
        Command::Check => Ok(()),
        Command::Serve => serve(config, false).await,
        Command::Demo { remove: false } => {
            config.test_mode.get_or_insert(true);
            serve(config, true).await
        }
        Command::Work => with(config, Beside::Nobody, async |app| work_only(app).await).await,
        Command::Upgrade { .. } => with(config, Beside::Nobody, async |_| say("The schema is up to date.")).await,
        Command::Demo { remove: true } => with(config, Beside::Nobody, async |app| demo::remove(&app).await).await,
        Command::Import { what: Import::Shopify { file, apply } } => {
            let bytes = std::fs::read(&file).with_context(|| format!("{} cannot be read", file.display()))?;
            with(config, Beside::AShop, async move |app| say(&importing::import_shopify(&app, bytes, !apply).await?)).await
        }
        Command::Doctor => {
            with(config, Beside::AShop, async |app| {
                let differences = books::examine(&app.db).await?;
                differences.iter().try_for_each(|difference| say(&difference.to_string()))?;
                anyhow::ensure!(differences.is_empty(), "{} differences", differences.len());
                say("The books agree: levels, totals, payments and statuses are what the ledgers say.")
            })
            .await
        }
        Command::Backup { file, key } => with(config, Beside::AShop, async move |app| back_up(&app, &file, &key).await).await,
        Command::Restore { file, verify, key } => restore(config, &file, verify, &key).await,
        Command::RemoveSecondFactor { email } => with(config, Beside::AShop, async move |app| remove_second_factor(&app, &email).await).await,
        Command::Link => with(config, Beside::AShop, async |app| say(&sign_in_link(&app).await?)).await,
    }
    .map(|()| ExitCode::SUCCESS)
}

async fn rehearse_upgrade(config: &Config, at_most: Duration) -> anyhow::Result<ExitCode> {
    let (pool, private) = database(config, Beside::AShop).await?;
    let pending = rehearse(&pool, &db::MIGRATIONS, at_most).await.context("the upgrade could not be tried");
    pool.close().await;
    if let Some(private) = private {
        private.stop().await;
    }
    let pending = pending?;
    if pending.is_empty() {
        say("The schema is up to date.")?;
        return Ok(ExitCode::SUCCESS);
    }
    say(&format!("{} of {} migrations are missing. What they do was tried and taken back:\n", pending.len(), db::MIGRATIONS.iter().count()))?;
    say(&told(&pending))?;
    say("Each is applied in a transaction of its own, so a table is locked for the time of its line, and longer only while somebody uses it.")?;
    anyhow::ensure!(!pending.iter().any(|one| matches!(one.outcome, Outcome::Fails(_))), "the upgrade would fail now; nothing was changed");
    Ok(ExitCode::from(PENDING))
}

async fn back_up(app: &App, file: &Path, key: &Key) -> anyhow::Result<()> {
    let began = std::time::Instant::now();
    let (summary, size) = backup::write(&app.db, &app.blobs, file, key.passphrase.expose_secret(), app.now()).await?;
    summary.missing.iter().try_for_each(|key| say(&format!("not there: {key}")))?;
    say(&format!(
        "{}: {} rows, {} files, {size} bytes, in {:.1} s. Prove it with: wharf restore --verify {}",
        file.display(),
        summary.rows,
        summary.files,
        began.elapsed().as_secs_f64(),
        file.display()
    ))
}

async fn restore(config: Config, file: &Path, verify: bool, key: &Key) -> anyhow::Result<()> {
    let began = std::time::Instant::now();
    let (pool, private) = database(&config, if verify { Beside::AShop } else { Beside::Nobody }).await?;
    let passphrase = key.passphrase.expose_secret();
    let outcome = async {
        if verify {
            let proof = backup::verify(&pool, file, passphrase).await?;
            proof.differences.iter().try_for_each(|difference| say(&difference.to_string()))?;
            anyhow::ensure!(proof.differences.is_empty(), "{} differences in the books of the restored shop", proof.differences.len());
            anyhow::Ok((proof.manifest, proof.summary))
        } else {
            let blobs = Blobs::open(blobs_config(&config))?;
            Ok(backup::restore(&pool, &blobs, file, passphrase).await?)
        }
    }
    .await;
    pool.close().await;
    if let Some(private) = private {
        private.stop().await;
    }
    let (manifest, summary) = outcome?;
    say(&format!(
        "{} of {}: {} rows, {} files, {} in {:.1} s.",
        file.display(),
        manifest.made_at,
        summary.rows,
        summary.files,
        if verify { "whole, and the books agree:" } else { "restored" },
        began.elapsed().as_secs_f64()
    ))
}

fn say(line: &str) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{line}")?;
    Ok(out.flush()?)
}

fn check(config: &Config) -> anyhow::Result<()> {
    say(&format!("{config:#?}"))?;
    let faults = config.faults();
    faults.iter().try_for_each(|fault| say(&format!("refused: {fault}")))?;
    anyhow::ensure!(faults.is_empty(), "the shop would not start");
    say("The shop would start.")
}

async fn open(config: Config, beside: Beside) -> anyhow::Result<Opened> {
    let (pool, private) = database(&config, beside).await?;
    db::migrate(&pool).await.context("the schema could not be brought up to date")?;
    let clock = Clock::default();
    clock.measure(&pool).await?;
    Ok(Opened { app: App::open(config, pool, clock).await?, private })
}

/// The database that is named, or a private one under the home folder.
async fn database(config: &Config, beside: Beside) -> anyhow::Result<(PgPool, Option<Private>)> {
    if let Some(url) = &config.database_url {
        let pool = db::open(url.expose_secret(), config.db_connections).await.context("the database at DATABASE_URL cannot be used")?;
        return Ok((pool, None));
    }
    let private = match Private::start(&config.home).await {
        Err(refused @ StartError::InUse { .. }) if beside == Beside::AShop => {
            let url = Private::url_beside(&config.home).await?.ok_or(refused)?;
            return Ok((db::open(&url, config.db_connections).await?, None));
        }
        started => started?,
    };
    if let Some(notice) = private.notice() {
        say(&notice)?;
    }
    Ok((db::open(&private.url(), config.db_connections).await?, Some(private)))
}

async fn with(config: Config, beside: Beside, what: impl AsyncFnOnce(App) -> anyhow::Result<()>) -> anyhow::Result<()> {
    let opened = open(config, beside).await?;
    let outcome = what(opened.app.clone()).await;
    close(opened).await;
    outcome
}

async fn close(opened: Opened) {
    opened.app.db.close().await;
    if let Some(replica) = &opened.app.replica {
        replica.close().await;
    }
    if let Some(private) = opened.private {
        private.stop().await;
    }
}

async fn sign_in_link(app: &App) -> anyhow::Result<String> {
    let token = staff::owner_link(&app.db, app.now()).await?;
    Ok(format!("{}/admin/open/{token}", app.config.origin()))
}

async fn remove_second_factor(app: &App, email: &str) -> anyhow::Result<()> {
    let key = Email::parse(email).with_context(|| format!("{email} is not an e-mail address"))?.key();
    match staff::remove_by_email(&app.db, &key, app.now()).await? {
        None => anyhow::bail!("nobody who works here signs in with {email}"),
        Some(false) => say(&format!("{email} has no second factor; nothing was changed.")),
        Some(true) => say(&format!(
            "The second factor of {email} and its recovery codes are gone, and all its sessions have ended. The audit log says so, and a letter \
             tells its owner. They sign in with their password now, or by the link of `wharf link`, and set up another."
        )),
    }
}

async fn serve(mut config: Config, opens_demo: bool) -> anyhow::Result<()> {
    let listener = TcpListener::bind(config.listen)
        .await
        .with_context(|| format!("the address {} cannot be listened on; is another shop running there? Choose one with --listen", config.listen))?;
    config.listen = listener.local_addr()?;
    let opened = open(config, Beside::Nobody).await?;
    let app = opened.app.clone();
    let outcome = async {
        if opens_demo {
            demo::open(&app).await.context("the demo shop could not be opened")?;
            // The past is decoration: without it the shop is a shop, so it must not keep one from starting.
            if let Err(error) = demo::history(&app).await {
                tracing::warn!(error = format!("{error:#}"), "the weeks before the demo's opening could not be written");
            }
        }
        work::hang_timetable(&app).await?;
        let origin = app.config.origin();
        say(&format!(
            "Shop     {origin}/\nAdmin    {origin}/admin\nSign in  {}  (works once, within a day)\nready {origin}/",
            sign_in_link(&app).await?
        ))?;
        serve_until_stopped(app.clone(), listener).await
    }
    .await;
    close(opened).await;
    outcome
}

/// Serves and works until SIGINT or SIGTERM: first readiness goes red, then requests and jobs under way finish (R13).
async fn serve_until_stopped(app: App, listener: TcpListener) -> anyhow::Result<()> {
    let (stop, stopped) = tokio::sync::watch::channel(false);
    let worker = tokio::spawn(work::work(app.clone(), stopped.clone()));
    let ear = tokio::spawn(work::listen(app.clone(), stopped.clone()));
    let ready = app.is_ready.clone();
    let server = serving::serve(listener, router::router(app.clone()), app.config.trusted_proxies.clone(), async move {
        let asked = asked_to_stop().await;
        ready.store(false, Ordering::Relaxed);
        if asked == Asked::ByOperator {
            tracing::info!("stopping: whoever sends requests here learns of it first");
            tokio::time::sleep(DRAIN).await;
        }
        tracing::info!("stopping: requests under way are finished first");
        stop.send_replace(true);
    });
    let mut patience = stopped.clone();
    tokio::select! {
        () = server => {}
        () = async {
            while !*patience.borrow() && patience.changed().await.is_ok() {}
            tokio::time::sleep(std::time::Duration::from_secs(30)).await;
        } => tracing::warn!("some requests did not end within 30 seconds"),
    }
    drop(tokio::time::timeout(std::time::Duration::from_secs(30), async { tokio::join!(worker, ear) }).await);
    Ok(())
}

async fn work_only(app: App) -> anyhow::Result<()> {
    work::hang_timetable(&app).await?;
    let (stop, stopped) = tokio::sync::watch::channel(false);
    let worker = tokio::spawn(work::work(app.clone(), stopped.clone()));
    let ear = tokio::spawn(work::listen(app, stopped));
    say("working")?;
    asked_to_stop().await;
    stop.send_replace(true);
    drop(tokio::join!(worker, ear));
    Ok(())
}

/// How long a node that is asked to stop still takes requests: readiness is red and every answer ends its connection, so that
/// a proxy or a browser goes elsewhere, and none sends its next request into a connection that is being closed.
const DRAIN: std::time::Duration = std::time::Duration::from_secs(3);

/// Who wants it to stop.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Asked {
    /// Ctrl-C at a terminal: nobody sends requests here but the one who pressed it.
    AtTheTerminal,
    /// SIGTERM: a deploy, or the machine shutting down.
    ByOperator,
}

async fn asked_to_stop() -> Asked {
    let mut term = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()).ok();
    tokio::select! {
        _ = tokio::signal::ctrl_c() => Asked::AtTheTerminal,
        _ = async { match term.as_mut() { Some(term) => term.recv().await, None => std::future::pending().await } } => Asked::ByOperator,
    }
}
