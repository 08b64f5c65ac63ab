//! Letters: written to `mails` by a job, sent by another through SMTP, or kept for the staff page where no SMTP is set.
//!
//! A letter is delivered at least once; twice only if a crash falls between the server's DATA answer and our note of
//! it, and then with the same Message-ID.

use lettre::message::{Mailbox, MultiPart};
use lettre::{AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};
use sqlx::PgExecutor;
use uuid::Uuid;

use super::config::Config;
use crate::base::{Email, Instant, MailId};

/// A finished letter, both twins.
#[derive(Debug)]
pub struct Letter {
    /// `order-placed`, `shipped`, …
    pub kind: &'static str,
    pub to: Email,
    pub subject: String,
    pub html: String,
    pub plain: String,
    /// The order or customer that it is about.
    pub owner: Option<Uuid>,
    /// Two letters with the same key are the same letter: a repeated job writes it once.
    pub key: String,
}

/// A stored letter.
#[derive(Debug, sqlx::FromRow)]
pub struct Mail {
    pub id: MailId,
    pub kind: String,
    pub recipient: String,
    pub subject: String,
    pub html: String,
    pub plain: String,
    pub status: String,
    pub message_id: String,
    pub last_error: Option<String>,
    pub created_at: Instant,
    pub sent_at: Option<Instant>,
}

const COLUMNS_BY_ID: &str =
    "SELECT id, kind, recipient, subject, html, plain, status, message_id, last_error, created_at, sent_at FROM mails WHERE id = $1";

/// Stores a letter; `None` where the same letter was stored before.
pub async fn insert(db: impl PgExecutor<'_>, letter: &Letter, domain: &str, at: Instant) -> sqlx::Result<Option<MailId>> {
    sqlx::query_scalar(
        "INSERT INTO mails (id, kind, recipient, subject, html, plain, owner, message_id, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
         ON CONFLICT (message_id) DO NOTHING
      RETURNING id",
    )
    .bind(MailId::fresh(at))
    .bind(letter.kind)
    .bind(letter.to.as_str())
    .bind(&letter.subject)
    .bind(&letter.html)
    .bind(&letter.plain)
    .bind(letter.owner)
    .bind(format!("<{}.{}@{domain}>", letter.kind, letter.key))
    .bind(at)
    .fetch_optional(db)
    .await
}

pub async fn find(db: impl PgExecutor<'_>, id: MailId) -> sqlx::Result<Option<Mail>> {
    sqlx::query_as(COLUMNS_BY_ID).bind(id).fetch_optional(db).await
}

/// The newest letters, older than `before`.
pub async fn list(db: impl PgExecutor<'_>, before: Option<MailId>, limit: i64) -> sqlx::Result<Vec<Mail>> {
    sqlx::query_as(
        "SELECT id, kind, recipient, subject, html, plain, status, message_id, last_error, created_at, sent_at
           FROM mails
          WHERE $1::uuid IS NULL OR id < $1
          ORDER BY id DESC
          LIMIT $2",
    )
    .bind(before)
    .bind(limit)
    .fetch_all(db)
    .await
}

async fn mark(db: impl PgExecutor<'_>, id: MailId, status: &str, error: Option<&str>, sent_at: Option<Instant>) -> sqlx::Result<()> {
    sqlx::query("UPDATE mails SET status = $2, last_error = $3, sent_at = $4 WHERE id = $1")
        .bind(id)
        .bind(status)
        .bind(error)
        .bind(sent_at)
        .execute(db)
        .await
        .map(drop)
}

/// Sends letters, or keeps them where no SMTP server is configured.
#[derive(Clone)]
pub struct Mailer {
    transport: Option<AsyncSmtpTransport<Tokio1Executor>>,
    from: Mailbox,
}

impl Mailer {
    /// Fails on an SMTP URL or sender address that cannot be read.
    pub fn open(config: &Config) -> anyhow::Result<Self> {
        let transport = config
            .smtp_url
            .as_ref()
            .map(|url| {
                use secrecy::ExposeSecret;
                anyhow::Ok(
                    AsyncSmtpTransport::<Tokio1Executor>::from_url(url.expose_secret())?.timeout(Some(std::time::Duration::from_secs(20))).build(),
                )
            })
            .transpose()?;
        Ok(Self { transport, from: config.mail_from.parse()? })
    }

    pub const fn is_configured(&self) -> bool {
        self.transport.is_some()
    }

    /// Sends one stored letter. An error means: try again.
    pub async fn deliver(&self, db: &sqlx::PgPool, id: MailId, at: Instant) -> anyhow::Result<()> {
        let Some(mail) = find(db, id).await? else { return Ok(()) };
        if matches!(mail.status.as_str(), "sent" | "kept") {
            return Ok(());
        }
        let Some(transport) = &self.transport else {
            mark(db, id, "kept", None, None).await?;
            return Ok(());
        };
        mark(db, id, "sending", None, None).await?;
        match transport.send(self.message(&mail)?).await {
            Ok(_) => {
                mark(db, id, "sent", None, Some(at)).await?;
                metrics::counter!("wharf_mails_sent_total", "kind" => mail.kind).increment(1);
                Ok(())
            }
            Err(error) => {
                mark(db, id, "failed", Some(&error.to_string()), None).await?;
                Err(error.into())
            }
        }
    }

    fn message(&self, mail: &Mail) -> anyhow::Result<Message> {
        Ok(Message::builder()
            .from(self.from.clone())
            .to(Mailbox::new(None, mail.recipient.parse()?))
            .subject(&mail.subject)
            .message_id(Some(mail.message_id.clone()))
            .multipart(MultiPart::alternative_plain_html(mail.plain.clone(), mail.html.clone()))?)
    }
}
