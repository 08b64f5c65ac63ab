//! Writes and sends the letters. Tokens are made here, in the transaction that stores their letter.

use serde_json::{Value, json};
use sqlx::PgConnection;

use super::asking;
use super::issue::Issue;
use super::leaving;
use super::mails::{self, Copy};
use super::sending;
use super::store::deliveries;
use super::store::deliveries::Reader;
use super::tasks::{self, Asked, Batch, Parcel};
use crate::app::{App, Snapshot};
use crate::base::{Instant, MailId};
use crate::platform::mail::Fate;
use crate::platform::{jobs, mail};
use crate::web::letter::Imprint;

/// Does one job; running it again does no harm.
pub async fn run_job(app: &App, kind: &str, payload: Value) -> anyhow::Result<()> {
    match kind {
        tasks::ASKED => asked(app, &serde_json::from_value(payload)?).await,
        tasks::SEND => batch(app, serde_json::from_value(payload)?).await,
        tasks::DELIVER => deliver(app, serde_json::from_value(payload)?).await,
        tasks::PRUNE => {
            let mut db = app.db.acquire().await?;
            asking::prune(&mut db, app.now()).await?;
            Ok(())
        }
        other => anyhow::bail!("the newsletter knows no job {other:?}"),
    }
}

/// The asking and its letter are one transaction: no proof without a letter, no second letter for a repeated job.
async fn asked(app: &App, task: &Asked) -> anyhow::Result<()> {
    let at = app.now();
    let snapshot = app.snapshot();
    let site = snapshot.site(&task.prefix).unwrap_or_else(|| snapshot.default_site());
    let mut tx = app.db.begin().await?;
    let Some((id, token)) = asking::ask(&mut tx, task, site.language, at).await? else { return Ok(()) };
    let imprint = Imprint::from(&snapshot.rules.shop);
    let letter = mails::confirmation(&site, &imprint, task.email.clone(), id.uuid(), &format!("/newsletter/confirm/{token}"), task.request)?;
    let Some(mail) = mail::insert(&mut *tx, &letter, &app.mail_domain(), at).await? else { return Ok(()) };
    jobs::enqueue(&mut *tx, "mail.send", &json!({ "mail": mail }), at).await?;
    tx.commit().await?;
    app.enqueued();
    Ok(())
}

async fn batch(app: &App, task: Batch) -> anyhow::Result<()> {
    let at = app.now();
    let mut tx = app.db.begin().await?;
    let Some((issue, readers)) = sending::next(&mut tx, task.issue, at).await? else { return Ok(()) };
    let snapshot = app.snapshot();
    for reader in &readers {
        let mail = write(&mut tx, &snapshot, &app.mail_domain(), &issue, reader, at).await?;
        jobs::enqueue(&mut *tx, tasks::DELIVER, &Parcel { issue: issue.id, subscriber: reader.id, mail }, at).await?;
    }
    tx.commit().await?;
    app.enqueued();
    Ok(())
}

/// One reader's letter, with a link of its own to leave by.
async fn write(db: &mut PgConnection, snapshot: &Snapshot, domain: &str, issue: &Issue, reader: &Reader, at: Instant) -> anyhow::Result<MailId> {
    let token = leaving::issue_link(&mut *db, reader.id, &reader.email_key, at).await?;
    let copy = Copy {
        kind: "newsletter",
        key: format!("{}.{}", issue.id, reader.id),
        to: reader.email.clone(),
        owner: reader.id.uuid(),
        leave_path: &format!("/newsletter/unsubscribe/{token}"),
    };
    let letter = mails::copy(&mails::site(snapshot, reader.language), &Imprint::from(&snapshot.rules.shop), issue, copy)?;
    let Some(mail) = mail::insert(&mut *db, &letter, domain, at).await? else { anyhow::bail!("this letter was written before") };
    deliveries::set_mail(db, issue.id, reader.id, mail).await?;
    Ok(mail)
}

/// Sends a letter, unless its reader left or was suppressed since it was written.
async fn deliver(app: &App, task: Parcel) -> anyhow::Result<()> {
    let state = if deliveries::may_get(&app.db, task.subscriber).await? {
        match app.mailer.deliver_once(&app.db, task.mail, app.now()).await? {
            Fate::Sent => "sent",
            Fate::Kept => "kept",
            Fate::Refused => "refused",
            Fate::Unsure => "unsure",
        }
    } else {
        mail::withhold(&app.db, task.mail, "the reader left before it was sent").await?;
        // An earlier run may have sent it and died before it said so.
        match mail::find(&app.db, task.mail).await?.map(|mail| mail.status).as_deref() {
            Some("sent") => "sent",
            Some("sending") => "unsure",
            _ => "skipped",
        }
    };
    deliveries::set_state(&app.db, task.issue, task.subscriber, state, app.now()).await?;
    Ok(())
}
