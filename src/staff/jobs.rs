//! Letters to staff: the invitation to work here, and what happened to their second factor.

use anyhow::Context;
use askama::Template;
use sqlx::{Postgres, Transaction};

use super::member::Member;
use super::second_factor::{Event, LETTER, LetterTask};
use super::store;
use super::team::{INVITATION, InvitationTask};
use crate::app::App;
use crate::base::Instant;
use crate::platform::tokens::Purpose;
use crate::platform::{jobs, mail, tokens};
use crate::web::filters;
use crate::web::letter::{Draft, Imprint, letter};

/// Days that an invitation opens the account.
const INVITATION_DAYS: i64 = 7;
/// Seconds in which one letter tells of all guesses.
const GUESSES_SECONDS: i64 = 3_600;

pub async fn run_job(app: &App, kind: &str, payload: serde_json::Value) -> anyhow::Result<()> {
    match kind {
        INVITATION => invitation(app, &serde_json::from_value(payload)?).await,
        LETTER => second_factor(app, &serde_json::from_value(payload)?).await,
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
    let site = app.snapshot().default_site();
    let token = tokens::issue(&mut *tx, Purpose::StaffInvitation, member.id.uuid(), &member.email.key(), at, at.plus_days(INVITATION_DAYS)).await?;
    let link = format!("{}/admin/invitation/{token}", app.config.origin());
    let draft = Draft {
        kind: "staff-invitation",
        key: format!("{}-{}", member.id, task.asked_at.micros()),
        to: member.email.clone(),
        owner: Some(member.id.uuid()),
        subject: format!("Your account at {}", site.shop_name),
        html: Html { name: &member.name, shop: &site.shop_name, link: &link, days: INVITATION_DAYS },
        text: Plain { name: &member.name, shop: &site.shop_name, link: &link, days: INVITATION_DAYS },
    };
    send(app, tx, draft).await
}

/// Puts a letter on its way and commits; one that was written before goes back, with whatever was made for it.
async fn send<H: Template, T: Template>(app: &App, mut tx: Transaction<'_, Postgres>, draft: Draft<H, T>) -> anyhow::Result<()> {
    let (snapshot, at) = (app.snapshot(), app.now());
    let shop = &snapshot.rules.shop;
    let imprint =
        Imprint { name: shop.legal_name.clone(), address: shop.legal_address.clone(), vat_id: shop.vat_id.clone(), email: shop.email.clone() };
    let written = letter(&snapshot.default_site(), &imprint, draft).context("a letter to staff cannot be written")?;
    if let Some(mail) = mail::insert(&mut *tx, &written, &app.mail_domain(), at).await? {
        jobs::enqueue(&mut *tx, "mail.send", &serde_json::json!({ "mail": mail }), at).await?;
        tx.commit().await?;
        app.enqueued();
    }
    Ok(())
}

#[derive(Template)]
#[template(path = "staff/mails/second_factor.html")]
struct FactorHtml<'a> {
    name: &'a str,
    sentence: &'a str,
    advice: &'a str,
    link: &'a str,
    at: Instant,
}

#[derive(Template)]
#[template(path = "staff/mails/second_factor.txt")]
struct FactorPlain<'a> {
    name: &'a str,
    sentence: &'a str,
    advice: &'a str,
    link: &'a str,
    at: Instant,
}

/// Subject, sentence and advice of what happened.
const fn said(event: Event) -> (&'static str, &'static str, &'static str) {
    const NOT_YOU: &str = "If this was not you, somebody is in your account: tell an owner of the shop at once, and change your password.";
    match event {
        Event::Added => ("A second factor was set up", "An authenticator app was set up for your account. Signing in now takes its code.", NOT_YOU),
        Event::Removed => {
            ("Your second factor was removed", "Your account is no longer protected by a second factor, and its recovery codes are over.", NOT_YOU)
        }
        Event::NewRecoveryCodes => ("New recovery codes were made", "New recovery codes were made for your account; the old ones are over.", NOT_YOU),
        Event::RecoveryCodeUsed => {
            ("A recovery code was used", "Somebody signed in to your account, or proved to be you, with one of your recovery codes.", NOT_YOU)
        }
        Event::Guessed => (
            "Wrong codes at your account",
            "Somebody who knows your password typed wrong codes at the second step of signing in. They were not let in.",
            "If this was not you, change your password: it is no longer a secret.",
        ),
    }
}

async fn second_factor(app: &App, task: &LetterTask) -> anyhow::Result<()> {
    let mut tx = app.db.begin().await?;
    let Some(member) = store::find(&mut *tx, task.staff).await?.filter(|member| member.is_active) else { return Ok(()) };
    let Member { id, name, email, .. } = &member;
    let (subject, sentence, advice) = said(task.event);
    let link = format!("{}/admin/me", app.config.origin());
    // Guesses are told of once in a while, everything else each time.
    let when = if task.event == Event::Guessed { task.at.unix() / GUESSES_SECONDS } else { task.at.micros() };
    let draft = Draft {
        kind: "staff-factor",
        key: format!("{id}-{}-{when}", subject.to_lowercase().replace(' ', "-")),
        to: email.clone(),
        owner: Some(id.uuid()),
        subject: subject.to_owned(),
        html: FactorHtml { name, sentence, advice, link: &link, at: task.at },
        text: FactorPlain { name, sentence, advice, link: &link, at: task.at },
    };
    send(app, tx, draft).await
}
