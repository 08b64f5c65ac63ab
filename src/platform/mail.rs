//! Letters: written to `mails` by a job, sent by another through SMTP, or kept for the staff page where no SMTP is set.
//!
//! A letter is delivered at least once; twice only if a crash falls between the server's DATA answer and our note of
//! it, and then with the same Message-ID. Marketing is the other way round ([`Mailer::deliver_once`]): at most once.

use lettre::message::header::{HeaderName, HeaderValue};
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
    /// Marketing only: the address that one click unsubscribes at.
    pub unsubscribe: Option<String>,
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
    /// Read only to send it.
    #[sqlx(default)]
    pub unsubscribe: Option<String>,
}

const COLUMNS_BY_ID: &str =
    "SELECT id, kind, recipient, subject, html, plain, status, message_id, last_error, created_at, sent_at, unsubscribe FROM mails WHERE id = $1";

/// Stores a letter; `None` where the same letter was stored before.
pub async fn insert(db: impl PgExecutor<'_>, letter: &Letter, domain: &str, at: Instant) -> sqlx::Result<Option<MailId>> {
    sqlx::query_scalar(
        "INSERT INTO mails (id, kind, recipient, subject, html, plain, owner, message_id, created_at, unsubscribe)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
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
    .bind(&letter.unsubscribe)
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

/// Lets go of a letter that is not to be sent after all; says whether it was still here.
pub async fn withhold(db: impl PgExecutor<'_>, id: MailId, why: &str) -> sqlx::Result<bool> {
    let done = sqlx::query("UPDATE mails SET status = 'kept', last_error = $2 WHERE id = $1 AND status IN ('queued', 'failed')")
        .bind(id)
        .bind(why)
        .execute(db)
        .await?;
    Ok(done.rows_affected() == 1)
}

/// The same for every letter about one owner.
pub async fn withhold_all(db: impl PgExecutor<'_>, owner: Uuid, why: &str) -> sqlx::Result<()> {
    sqlx::query("UPDATE mails SET status = 'kept', last_error = $2 WHERE owner = $1 AND status IN ('queued', 'failed')")
        .bind(owner)
        .bind(why)
        .execute(db)
        .await
        .map(drop)
}

/// Takes a letter in hand; false where it is out of the house, or another hand has it or died with it.
async fn take(db: impl PgExecutor<'_>, id: MailId) -> sqlx::Result<bool> {
    let done = sqlx::query("UPDATE mails SET status = 'sending', last_error = NULL WHERE id = $1 AND status IN ('queued', 'failed')")
        .bind(id)
        .execute(db)
        .await?;
    Ok(done.rows_affected() == 1)
}

/// What became of a letter that is sent at most once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    Sent,
    /// No mail server is configured, or it was withheld.
    Kept,
    /// The server will not have it.
    Refused,
    /// It may have gone out: nobody heard the server's answer.
    Unsure,
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

    /// Sends a stored letter once or not at all: where an answer was lost, it is not tried again. An error means: it
    /// certainly did not go out, try again.
    pub async fn deliver_once(&self, db: &sqlx::PgPool, id: MailId, at: Instant) -> anyhow::Result<Fate> {
        let Some(mail) = find(db, id).await? else { return Ok(Fate::Kept) };
        let Some(transport) = &self.transport else {
            withhold(db, id, "no mail server is configured").await?;
            return Ok(Fate::Kept);
        };
        // Before the letter is in hand, a server that is away is an error like any other.
        let message = self.message(&mail)?;
        transport.test_connection().await?;
        if !take(db, id).await? {
            return Ok(match mail.status.as_str() {
                "sent" => Fate::Sent,
                "kept" => Fate::Kept,
                _ => Fate::Unsure,
            });
        }
        let Err(error) = transport.send(message).await else {
            mark(db, id, "sent", None, Some(at)).await?;
            metrics::counter!("wharf_mails_sent_total", "kind" => mail.kind).increment(1);
            return Ok(Fate::Sent);
        };
        let said = error.to_string();
        if error.is_transient() {
            mark(db, id, "failed", Some(&said), None).await?;
            return Err(error.into());
        }
        let (status, fate) = if error.is_permanent() { ("failed", Fate::Refused) } else { ("sending", Fate::Unsure) };
        mark(db, id, status, Some(&said), None).await?;
        Ok(fate)
    }

    fn message(&self, mail: &Mail) -> anyhow::Result<Message> {
        let mut builder = Message::builder()
            .from(self.from.clone())
            .to(Mailbox::new(None, mail.recipient.parse()?))
            .subject(&mail.subject)
            .message_id(Some(mail.message_id.clone()));
        // RFC 8058, section 3.1: both headers, the address on https. The mail server's DKIM signature must cover them.
        if let Some(address) = &mail.unsubscribe {
            let header = |name, value| HeaderValue::new(HeaderName::new_from_ascii_str(name), value);
            builder = builder
                .raw_header(header("List-Unsubscribe", format!("<{address}>")))
                .raw_header(header("List-Unsubscribe-Post", "List-Unsubscribe=One-Click".to_owned()));
        }
        Ok(builder.multipart(MultiPart::alternative_plain_html(mail.plain.clone(), mail.html.clone()))?)
    }
}
