//! Writes the letters of accounts. The token of a link is made here, in the transaction that stores its letter, so that
//! no job ever holds one.

use serde_json::Value;
use sqlx::PgConnection;

use super::account::Account;
use super::mails::{self, Kind};
use super::store::accounts;
use super::tasks::{self, Task};
use super::{reset, session, verify};
use crate::app::App;
use crate::base::Email;
use crate::platform::{jobs, mail};
use crate::web::letter::Imprint;

/// The kinds of job that [`run_job`] knows. `customers.prune` belongs on the timetable, once a day, with any payload.
pub const JOBS: &[&str] = &[tasks::VERIFY, tasks::RESET, tasks::EXISTS, tasks::PASSWORD_CHANGED, tasks::EMAIL_CHANGED, tasks::PRUNE];

/// Does one job; running it again does no harm.
///
/// # Errors
/// What the database, a template or an unknown kind says: try again later.
pub async fn run_job(app: &App, kind: &str, payload: Value) -> anyhow::Result<()> {
    if kind == tasks::PRUNE {
        session::prune(&app.db, app.now()).await?;
        return Ok(());
    }
    let task: Task = serde_json::from_value(payload)?;
    let mut tx = app.db.begin().await?;
    // Nobody of that id: an address without an account asked for a new password (T30), or the account is gone.
    let Some(account) = accounts::find(&mut *tx, task.customer).await? else { return Ok(()) };
    let Some(order) = order(&mut tx, kind, &account, &task, app).await? else { return Ok(()) };
    let snapshot = app.snapshot();
    let site = snapshot.site(&task.prefix).unwrap_or_else(|| snapshot.default_site());
    let imprint = Imprint::from(&snapshot.rules.shop);
    let letter = mails::write(&site, &imprint, order.kind, &order.account, order.to, &order.path, task.request)?;
    // The same letter was stored before: this run's token goes with its transaction.
    let Some(id) = mail::insert(&mut *tx, &letter, &app.mail_domain(), app.now()).await? else { return Ok(()) };
    jobs::enqueue(&mut *tx, "mail.send", &serde_json::json!({ "mail": id }), app.now()).await?;
    tx.commit().await?;
    app.enqueued();
    Ok(())
}

/// What to write, to whom, and where its button leads.
struct Order {
    kind: Kind,
    account: Account,
    to: Email,
    path: String,
}

async fn order(db: &mut PgConnection, kind: &str, account: &Account, task: &Task, app: &App) -> anyhow::Result<Option<Order>> {
    let now = app.now();
    let order = |kind, to: &Email, path: String| Order { kind, account: account.clone(), to: to.clone(), path };
    let own = &account.email;
    Ok(Some(match kind {
        tasks::VERIFY => match &task.email {
            Some(wanted) if wanted.key() != account.email_key => return Ok(Some(change(db, account, wanted, app).await?)),
            _ if account.is_verified() => return Ok(None),
            _ => order(Kind::Verify, own, format!("/account/verify/{}", verify::issue(db, account, own, now).await?)),
        },
        tasks::RESET => order(Kind::Reset, own, format!("/account/reset/{}", reset::issue(db, account, now).await?)),
        tasks::EXISTS => order(Kind::Exists, own, "/account/reset".to_owned()),
        tasks::PASSWORD_CHANGED => order(Kind::PasswordChanged, own, String::new()),
        tasks::EMAIL_CHANGED => order(Kind::EmailChanged, task.email.as_ref().unwrap_or(own), String::new()),
        other => anyhow::bail!("customers know no job {other:?}"),
    }))
}

/// Another address for an account: whoever already has an account there is told so, and nobody else learns it (T30).
async fn change(db: &mut PgConnection, account: &Account, wanted: &Email, app: &App) -> sqlx::Result<Order> {
    if let Some(other) = accounts::find_by_key(&mut *db, &wanted.key()).await? {
        return Ok(Order { kind: Kind::Exists, to: other.email.clone(), account: other, path: "/account/reset".to_owned() });
    }
    let token = verify::issue(db, account, wanted, app.now()).await?;
    Ok(Order { kind: Kind::ChangeEmail, account: account.clone(), to: wanted.clone(), path: format!("/account/verify/{token}") })
}
