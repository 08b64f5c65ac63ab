//! What the operator sets: the command line and `WHARF_…` variables. What the merchant sets is data with an admin page.

use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;

use clap::Args;
use secrecy::{ExposeSecret, SecretString};

/// Every setting of the operator, documented and with a default that is good for a first look.
#[derive(Debug, Clone, Args)]
pub struct Config {
    /// Address and port to listen on.
    #[arg(long, env = "WHARF_LISTEN", default_value = "127.0.0.1:8080", global = true)]
    pub listen: SocketAddr,
    /// Folder of the private Postgres and of uploaded files.
    #[arg(long, env = "WHARF_HOME", default_value = "./.wharf", global = true)]
    pub home: PathBuf,
    /// Postgres to use; without it a private one is started under the home folder.
    #[arg(long, env = "DATABASE_URL", hide_env_values = true, global = true)]
    pub database_url: Option<SecretString>,
    /// A standby of it that follows by streaming replication, for pages that everybody may read.
    #[arg(long, env = "DATABASE_REPLICA_URL", hide_env_values = true, global = true)]
    pub database_replica_url: Option<SecretString>,
    /// Connections to Postgres per node.
    #[arg(long, env = "WHARF_DB_CONNECTIONS", default_value_t = 20, global = true)]
    pub db_connections: u32,
    /// The shop's public origin, `https://shop.example`; default: http and the listen address.
    #[arg(long, env = "WHARF_BASE_URL", global = true)]
    pub base_url: Option<String>,
    /// Offer the test payment method and mark every order as a test; on in the demo unless set.
    #[arg(long, env = "WHARF_TEST_MODE", global = true)]
    pub test_mode: Option<bool>,
    /// Mail server, `smtp://host:1025` or `smtps://user:password@host`; without it letters are kept for the admin.
    #[arg(long, env = "WHARF_SMTP_URL", hide_env_values = true, global = true)]
    pub smtp_url: Option<SecretString>,
    /// Sender of the shop's letters.
    #[arg(long, env = "WHARF_MAIL_FROM", default_value = "Wharf <shop@wharf.example>", global = true)]
    pub mail_from: String,
    /// Stripe's secret key; without it Stripe is not offered.
    #[arg(long, env = "WHARF_STRIPE_SECRET_KEY", hide_env_values = true, global = true)]
    pub stripe_secret_key: Option<SecretString>,
    /// Stripe's webhook signing secrets, separated by commas (two while one is being replaced).
    #[arg(long, env = "WHARF_STRIPE_WEBHOOK_SECRETS", hide_env_values = true, value_delimiter = ',', global = true)]
    pub stripe_webhook_secrets: Vec<SecretString>,
    /// Where Stripe's API is; changed only by tests.
    #[arg(long, env = "WHARF_STRIPE_API", default_value = "https://api.stripe.com/", global = true)]
    pub stripe_api: String,
    /// Origin of Stripe's payment page, for the form-action of checkout.
    #[arg(long, env = "WHARF_STRIPE_CHECKOUT", default_value = "https://checkout.stripe.com", global = true)]
    pub stripe_checkout: String,
    /// Keep files in this S3 bucket instead of the home folder.
    #[arg(long, env = "WHARF_S3_BUCKET", global = true)]
    pub s3_bucket: Option<String>,
    /// Region of the bucket.
    #[arg(long, env = "WHARF_S3_REGION", default_value = "us-east-1", global = true)]
    pub s3_region: String,
    /// Endpoint of an S3-compatible store.
    #[arg(long, env = "WHARF_S3_ENDPOINT", global = true)]
    pub s3_endpoint: Option<String>,
    /// Access key of the bucket.
    #[arg(long, env = "WHARF_S3_ACCESS_KEY", hide_env_values = true, global = true)]
    pub s3_access_key: Option<SecretString>,
    /// Secret key of the bucket.
    #[arg(long, env = "WHARF_S3_SECRET_KEY", hide_env_values = true, global = true)]
    pub s3_secret_key: Option<SecretString>,
    /// Keys of 32 characters or more that lock what the shop must be able to read again (second factors), separated by
    /// commas: the first locks, all open. Without one a key of the shop's own is kept in the database.
    #[arg(long, env = "WHARF_SECRET_KEYS", hide_env_values = true, value_delimiter = ',', global = true)]
    pub secret_keys: Vec<SecretString>,
    /// Bearer token that opens `/metrics`; without it the page does not exist.
    #[arg(long, env = "WHARF_METRICS_TOKEN", hide_env_values = true, global = true)]
    pub metrics_token: Option<SecretString>,
    /// Proxies whose `X-Forwarded-For` is believed, separated by commas.
    #[arg(long, env = "WHARF_TRUSTED_PROXIES", value_delimiter = ',', global = true)]
    pub trusted_proxies: Vec<IpAddr>,
    /// Multiplies every rate limit, for load tests; taken only while the shop listens on loopback.
    #[arg(long, env = "WHARF_RATE_FACTOR", default_value_t = 1, global = true)]
    pub rate_factor: u32,
    /// Logs as JSON.
    #[arg(long, env = "WHARF_LOG_JSON", default_value_t = false, global = true)]
    pub log_json: bool,
    /// Bytes of rendered pages that a node keeps.
    #[arg(long, env = "WHARF_CACHE_BYTES", default_value_t = 64 * 1024 * 1024, global = true)]
    pub cache_bytes: u64,
}

/// Why the shop would not start as configured.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    #[error("WHARF_BASE_URL must be an origin such as https://shop.example (no path, no slash at the end); it is {0:?}.")]
    BaseUrl(String),
    #[error("WHARF_BASE_URL is plain http for a host that is not this machine ({0:?}); cookies would travel unprotected. Use https.")]
    PlainHttp(String),
    #[error("WHARF_STRIPE_SECRET_KEY is set but WHARF_STRIPE_WEBHOOK_SECRETS is empty; payments could not be confirmed.")]
    StripeWebhook,
    #[error("WHARF_S3_BUCKET is set but WHARF_S3_ACCESS_KEY or WHARF_S3_SECRET_KEY is missing.")]
    S3Keys,
    #[error("Every key of WHARF_SECRET_KEYS needs 32 characters or more.")]
    SecretKeys,
    #[error("WHARF_MAIL_FROM must look like Name <address@example.com>; it is {0:?}.")]
    MailFrom(String),
}

impl Config {
    /// The public origin without a slash at the end.
    pub fn origin(&self) -> String {
        self.base_url.clone().unwrap_or_else(|| format!("http://{}", self.listen))
    }

    pub fn is_https(&self) -> bool {
        self.origin().starts_with("https://")
    }

    /// Host and port of the public origin.
    pub fn host(&self) -> String {
        self.origin().split_once("://").map(|(_, host)| host.to_owned()).unwrap_or_default()
    }

    pub fn is_loopback(&self) -> bool {
        let host = self.host();
        let name = host.rsplit_once(':').map_or(host.as_str(), |(name, _)| name);
        matches!(name, "localhost" | "127.0.0.1" | "[::1]")
    }

    pub fn is_test(&self) -> bool {
        self.test_mode.unwrap_or(false)
    }

    /// Rate limits are multiplied by this; 1 unless the shop is on loopback.
    pub fn rates(&self) -> u32 {
        if self.listen.ip().is_loopback() { self.rate_factor.max(1) } else { 1 }
    }

    /// Everything that would make the shop refuse to start, at once.
    pub fn faults(&self) -> Vec<ConfigError> {
        let origin = self.origin();
        let mut faults = Vec::new();
        let host = origin.strip_prefix("https://").or_else(|| origin.strip_prefix("http://"));
        if host.is_none_or(|host| host.is_empty() || host.contains('/') || host.contains('@')) {
            faults.push(ConfigError::BaseUrl(origin));
        } else if !self.is_https() && !self.is_loopback() {
            faults.push(ConfigError::PlainHttp(origin));
        }
        if self.stripe_secret_key.is_some() && self.stripe_webhook_secrets.is_empty() {
            faults.push(ConfigError::StripeWebhook);
        }
        if self.s3_bucket.is_some() && (self.s3_access_key.is_none() || self.s3_secret_key.is_none()) {
            faults.push(ConfigError::S3Keys);
        }
        if self.secret_keys.iter().any(|key| key.expose_secret().trim().len() < 32) {
            faults.push(ConfigError::SecretKeys);
        }
        if self.mail_from.parse::<lettre::message::Mailbox>().is_err() {
            faults.push(ConfigError::MailFrom(self.mail_from.clone()));
        }
        faults
    }
}
