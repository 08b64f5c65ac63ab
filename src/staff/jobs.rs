//! The letter that invites somebody to work here.

use anyhow::Context;
use askama::Template;

use super::store;
use super::team::{INVITATION, InvitationTask};
use crate::app::App;
use crate::platform::tokens::Purpose;
use crate::platform::{jobs, mail, tokens};
use crate::web::letter::{Draft, Imprint, letter};

/// Days that an invitation opens the account.
const INVITATION_DAYS: i64 = 7;

pub async fn run_job(app: &App, kind: &str, payload: serde_json::Value) -> anyhow::Result<()> {
    match kind {
        INVITATION => invitation(app, &serde_json::from_value(payload)?).await,
        other => anyhow::bail!("no such job: {other}"),
    }
}

#[derive(Template)]
#[template(path = "staff/mails/invitation.html")]
struct Html<'a> {
    name: &'a str,
    shop: &'a str,
    link: &'a str,
    days: i64,
}

#[derive(Template)]
#[template(path = "staff/mails/invitation.txt")]
struct Plain<'a> {
    name: &'a str,
    shop: &'a str,
    link: &'a str,
    days: i64,
}

/// Writes the letter and its token in one transaction; a repeated job writes neither again.
async fn invitation(app: &App, task: &InvitationTask) -> anyhow::Result<()> {
    let at = app.now();
    let mut tx = app.db.begin().await?;
    let Some(member) = store::find(&mut *tx, task.staff).await?.filter(|member| member.is_active && !member.has_password) else { return Ok(()) };
    let snapshot = app.snapshot();
    let site = snapshot.default_site();
    let shop = &snapshot.rules.shop;
    let token = tokens::issue(&mut *tx, Purpose::StaffInvitation, member.id.uuid(), &member.email.key(), at, at.plus_days(INVITATION_DAYS)).await?;
    let link = format!("{}/admin/invitation/{token}", app.config.origin());
    let imprint =
        Imprint { name: shop.legal_name.clone(), address: shop.legal_address.clone(), vat_id: shop.vat_id.clone(), email: shop.email.clone() };
    let draft = Draft {
        kind: "staff-invitation",
        key: format!("{}-{}", member.id, task.asked_at.micros()),
        to: member.email.clone(),
        owner: Some(member.id.uuid()),
        subject: format!("Your account at {}", site.shop_name),
        html: Html { name: &member.name, shop: &site.shop_name, link: &link, days: INVITATION_DAYS },
        text: Plain { name: &member.name, shop: &site.shop_name, link: &link, days: INVITATION_DAYS },
    };
    let written = letter(&site, &imprint, draft).context("the invitation cannot be written")?;
    if let Some(mail) = mail::insert(&mut *tx, &written, &app.mail_domain(), at).await? {
        jobs::enqueue(&mut *tx, "mail.send", &serde_json::json!({ "mail": mail }), at).await?;
        tx.commit().await?;
        app.enqueued();
    }
    Ok(())
}
