//! The cellar: who does which job, the timetable, and the listener that keeps this node's pages true.

use std::time::Duration;

use anyhow::Context;
use sqlx::postgres::PgListener;

use crate::app::App;
use crate::base::{Instant, MailId};
use crate::platform::jobs::Job;
use crate::platform::{invalidation, jobs, telemetry, throttle, tokens};
use crate::{catalog, customers, machinery, newsletter, orders, payments, staff};

/// Jobs that come back by themselves: kind and seconds between two runs.
const TIMETABLE: [(&str, i64); 5] =
    [("payments.sweep", 60), ("customers.prune", 86_400), ("newsletter.prune", 86_400), ("work.prune", 3_600), ("work.measure", 600)];
/// Measured times are kept one by one until they are summed up, and without a scraper nobody else does that.
const UPKEEP: Duration = Duration::from_secs(5);
/// Jobs done at the same time by one node.
const HANDS: usize = 3;
/// Kinds that keep a hand busy for long. One hand leaves them to the others, so that money and letters never wait behind them.
const SLOW: [&str; 3] = ["catalog.picture", "newsletter.send", "newsletter.deliver"];

#[derive(serde::Deserialize)]
struct SendTask {
    mail: MailId,
}

/// Hangs the timetable up; an entry that hangs there already is left alone.
pub async fn hang_timetable(app: &App) -> anyhow::Result<()> {
    for (kind, _) in TIMETABLE {
        jobs::enqueue_once(&app.db, kind, kind, &serde_json::json!({}), app.now()).await?;
    }
    Ok(())
}

async fn run(app: &App, job: &Job) -> anyhow::Result<()> {
    let payload = job.payload.clone();
    match job.kind.split('.').next().unwrap_or_default() {
        "mail" => app.mailer.deliver(&app.db, serde_json::from_value::<SendTask>(payload)?.mail, app.now()).await,
        "orders" => orders::run_job(app, &job.kind, payload).await,
        "payments" => payments::run_job(app, &job.kind, payload).await,
        "customers" => customers::run_job(app, &job.kind, payload).await,
        "newsletter" => newsletter::run_job(app, &job.kind, payload).await,
        "staff" => staff::run_job(app, &job.kind, payload).await,
        "catalog" => {
            anyhow::ensure!(catalog::run_job(app, &job.kind, &payload).await?, "nobody does {}", job.kind);
            Ok(())
        }
        "work" => look_after(app, &job.kind).await,
        _ => anyhow::bail!("nobody does {}", job.kind),
    }
}

async fn look_after(app: &App, kind: &str) -> anyhow::Result<()> {
    if kind == "work.measure" {
        return app.clock.measure(&app.db).await.context("measuring the clock");
    }
    tokens::prune(&app.db, app.now()).await?;
    throttle::prune(&app.db, app.now()).await?;
    staff::prune_sessions(&app.db, app.now()).await?;
    machinery::prune_reports(&app.db, app.now()).await?;
    invalidation::prune(&app.db).await?;
    app.rates.sweep();
    Ok(())
}

/// Does one due job that is of none of the kinds to leave; false where there is none.
async fn do_one(app: &App, left: &[&str]) -> anyhow::Result<bool> {
    let Some(job) = jobs::claim(&app.db, left, app.now()).await? else { return Ok(false) };
    let began = std::time::Instant::now();
    let outcome = run(app, &job).await;
    metrics::histogram!("wharf_job_seconds", "kind" => job.kind.clone()).record(began.elapsed().as_secs_f64());
    match outcome {
        Ok(()) => match TIMETABLE.iter().find(|(kind, _)| *kind == job.kind) {
            Some((_, every)) => jobs::repeat(&app.db, job.id, app.now().plus_seconds(*every)).await?,
            None => jobs::finish(&app.db, job.id).await?,
        },
        Err(error) => {
            let said = format!("{error:#}");
            if jobs::fail(&app.db, &job, &said, app.now()).await? {
                tracing::error!(job.kind, job.id = %job.id, error = said, "a job is laid aside; staff can start it again");
            } else {
                tracing::warn!(job.kind, job.id = %job.id, job.attempts, error = said, "a job failed and is tried again");
            }
        }
    }
    Ok(true)
}

/// Does what is due at this moment, and what that causes.
pub async fn do_due(app: &App) -> anyhow::Result<()> {
    while do_one(app, &[]).await? {}
    Ok(())
}

/// Works until told to stop; a job that is under way is finished first.
pub async fn work(app: App, stop: tokio::sync::watch::Receiver<bool>) {
    let hands = (0..HANDS).map(|hand| {
        let left: &[&str] = if hand == 0 { &SLOW } else { &[] };
        let (app, mut stop) = (app.clone(), stop.clone());
        tokio::spawn(async move {
            while !*stop.borrow() {
                let did_something = do_one(&app, left).await.unwrap_or_else(|error| {
                    tracing::warn!(error = format!("{error:#}"), "the worker cannot reach its jobs");
                    false
                });
                if !did_something {
                    tokio::select! {
                        () = app.work.notified() => {}
                        () = tokio::time::sleep(Duration::from_millis(700)) => {}
                        _ = stop.changed() => {}
                    }
                }
            }
        })
    });
    for hand in hands.collect::<Vec<_>>() {
        if let Err(error) = hand.await {
            tracing::error!(%error, "a worker ended badly");
        }
    }
}

/// Keeps this node's rules and pages true: woken by notifications, looking anyway several times a second.
pub async fn listen(app: App, mut stop: tokio::sync::watch::Receiver<bool>) {
    let mut listener: Option<PgListener> = None;
    let mut last_error: Option<Instant> = None;
    let mut tidied = std::time::Instant::now();
    let follower = app.replica.clone().map(|replica| {
        let db = app.db.clone();
        tokio::spawn(async move { replica.follow(&db).await })
    });
    while !*stop.borrow() {
        if listener.is_none() {
            listener = connect(&app).await;
        }
        tokio::select! {
            () = tokio::time::sleep(Duration::from_millis(400)) => {}
            heard = async { match listener.as_mut() { Some(ear) => ear.recv().await.is_ok(), None => std::future::pending().await } } => {
                if !heard {
                    listener = None;
                }
            }
            _ = stop.changed() => break,
        }
        if tidied.elapsed() > UPKEEP {
            telemetry::metrics().run_upkeep();
            tidied = std::time::Instant::now();
        }
        if let Err(error) = app.catch_up().await
            && !*stop.borrow()
            && last_error.is_none_or(|at| app.now().seconds_since(at) > 30)
        {
            tracing::warn!(error = format!("{error:#}"), "invalidations cannot be read; pages are served for a minute at most");
            last_error = Some(app.now());
        }
    }
    if let Some(follower) = follower {
        follower.abort();
    }
}

async fn connect(app: &App) -> Option<PgListener> {
    let mut listener = PgListener::connect_with(&app.db).await.ok()?;
    listener.listen(invalidation::CHANNEL).await.ok()?;
    Some(listener)
}
