//! What every front needs: one value, cheap to clone. Backs never see it; they get a connection and values.

use std::sync::{Arc, PoisonError, RwLock};

use anyhow::Context;
use secrecy::ExposeSecret;
use sqlx::pool::PoolConnection;
use sqlx::{PgPool, Postgres};

use crate::base::{Currency, Instant, Language, MarketId};
use crate::content::Home;
use crate::markets::{Market, Pair};
use crate::payments::{Providers, Stripe, StripeConfig};
use crate::platform::blobs::{Blobs, BlobsConfig};
use crate::platform::clock::Clock;
use crate::platform::config::Config;
use crate::platform::fetch::Fetcher;
use crate::platform::invalidation;
use crate::platform::invalidation::Cursor;
use crate::platform::mail::Mailer;
use crate::platform::replica::Replica;
use crate::platform::settings;
use crate::pricing::Rules;
use crate::web::cache::PageCache;
use crate::web::frame::{Link, Site};
use crate::web::limits::Rates;
use crate::web::spots::Spots;

/// The shop as one node sees it.
#[derive(Clone)]
pub struct App {
    pub db: PgPool,
    /// Read instead by [`App::reading`], where there is one.
    pub replica: Option<Arc<Replica>>,
    pub config: Arc<Config>,
    pub clock: Clock,
    pub mailer: Mailer,
    pub blobs: Blobs,
    pub fetcher: Arc<Fetcher>,
    pub cache: Arc<PageCache>,
    pub rates: Arc<Rates>,
    pub spots: Arc<Spots>,
    /// Name and port that requests are for.
    pub host: Arc<str>,
    /// `None` where no key is configured: not offered.
    pub stripe: Option<Stripe>,
    /// Wakes this node's worker: something was enqueued.
    pub work: Arc<tokio::sync::Notify>,
    /// False from the moment the node is told to stop.
    pub is_ready: Arc<std::sync::atomic::AtomicBool>,
    snapshot: Arc<RwLock<Arc<Snapshot>>>,
    cursor: Arc<tokio::sync::Mutex<Cursor>>,
}

/// The rules and what follows from them for pages; replaced as a whole.
#[derive(Debug)]
pub struct Snapshot {
    pub rules: Arc<Rules>,
    sites: Vec<Arc<Site>>,
    home: Arc<Home>,
}

impl Snapshot {
    /// The site of a path: its pair's, and the path inside the pair.
    pub fn site_of<'a>(&self, path: &'a str) -> Option<(Arc<Site>, &'a str)> {
        let (_, pair, rest) = self.rules.pair_of(path)?;
        self.site(&pair.prefix).map(|site| (site, rest))
    }

    pub fn site(&self, prefix: &str) -> Option<Arc<Site>> {
        self.sites.iter().find(|site| site.prefix == prefix).cloned()
    }

    /// The site of an order's market and language, else the default.
    pub fn site_for(&self, market: MarketId, language: Language) -> Arc<Site> {
        let pairs = self.rules.markets.iter().filter(|known| known.id == market).flat_map(|known| &known.pairs);
        pairs.filter(|pair| pair.language == language).find_map(|pair| self.site(&pair.prefix)).unwrap_or_else(|| self.default_site())
    }

    /// The site that x-default names; also the admin's.
    pub fn default_site(&self) -> Arc<Site> {
        self.site("").or_else(|| self.sites.first().cloned()).expect("a snapshot always has a site")
    }
}

impl App {
    /// The ways to pay, as they are configured.
    pub fn providers(&self) -> Providers {
        Providers { stripe: self.stripe.clone(), is_test: self.config.is_test(), origin: self.config.origin(), db: self.db.clone() }
    }

    /// Opens everything the configuration names; the schema must be up to date.
    pub async fn open(config: Config, db: PgPool, clock: Clock) -> anyhow::Result<Self> {
        // Numbers are kept from the first request on, whether or not anybody may read them.
        crate::platform::telemetry::metrics();
        let mailer = Mailer::open(&config)?;
        let blobs = Blobs::open(blobs_config(&config))?;
        let stripe = config
            .stripe_secret_key
            .clone()
            .map(|secret_key| {
                Stripe::new(StripeConfig { secret_key, webhook_secrets: config.stripe_webhook_secrets.clone(), base_url: config.stripe_api.clone() })
            })
            .transpose()?;
        let replica = match &config.database_replica_url {
            Some(url) => {
                Some(Arc::new(Replica::open(url.expose_secret(), config.db_connections).context("DATABASE_REPLICA_URL is no address of a database")?))
            }
            None => None,
        };
        let mut cursor = Cursor::default();
        cursor.read(&db).await?;
        let snapshot = load(&db, &config).await?;
        let app = Self {
            fetcher: Arc::new(Fetcher::new(config.is_test() && config.listen.ip().is_loopback())),
            cache: Arc::new(PageCache::new(config.cache_bytes)),
            rates: Arc::new(Rates::new(config.rates())),
            spots: Arc::default(),
            host: config.host().into(),
            config: Arc::new(config),
            db,
            replica,
            clock,
            mailer,
            blobs,
            stripe,
            work: Arc::default(),
            is_ready: Arc::new(std::sync::atomic::AtomicBool::new(true)),
            snapshot: Arc::new(RwLock::new(Arc::new(snapshot))),
            cursor: Arc::new(tokio::sync::Mutex::new(cursor)),
        };
        app.cache.heard(app.now());
        tokio::task::spawn_blocking(crate::platform::secrets::warm);
        Ok(app)
    }

    /// A connection for what everybody may read: to the standby where there is one that has all that this node has heard of, else
    /// to the database. A page takes one and asks all its questions there.
    pub async fn reading(&self) -> sqlx::Result<PoolConnection<Postgres>> {
        if let Some(replica) = &self.replica
            && let Some(connection) = replica.connection().await
        {
            return Ok(connection);
        }
        self.db.acquire().await
    }

    pub fn now(&self) -> Instant {
        self.clock.now()
    }

    pub fn snapshot(&self) -> Arc<Snapshot> {
        self.snapshot.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub fn rules(&self) -> Arc<Rules> {
        self.snapshot().rules.clone()
    }

    /// The home page as the merchant arranged it.
    pub fn home(&self) -> Arc<Home> {
        self.snapshot().home.clone()
    }

    /// Replaces the snapshot with what the database says now.
    pub async fn reload(&self) -> anyhow::Result<()> {
        let fresh = Arc::new(load(&self.db, &self.config).await?);
        *self.snapshot.write().unwrap_or_else(PoisonError::into_inner) = fresh;
        Ok(())
    }

    /// After a commit that appended invalidations: this node catches up at once, the others are woken.
    pub async fn changed(&self) {
        invalidation::wake(&self.db).await;
        if let Err(error) = self.catch_up().await {
            tracing::warn!(error = format!("{error:#}"), "invalidations could not be read; tried again within the second");
        }
    }

    /// Replays invalidations since the last look: rules first, then pages.
    pub async fn catch_up(&self) -> anyhow::Result<()> {
        let mut cursor = self.cursor.lock().await;
        let began = self.now();
        let tags = cursor.read(&self.db).await?;
        if tags.iter().any(|tag| tag == "rules") {
            self.reload().await?;
        }
        if !tags.is_empty() {
            if let Some(replica) = &self.replica {
                replica.require(&self.db).await;
            }
            self.cache.invalidate(&tags);
        }
        self.cache.heard(began);
        Ok(())
    }

    /// After a commit that enqueued jobs.
    pub fn enqueued(&self) {
        self.work.notify_one();
    }

    /// What `Message-ID`s end with.
    pub fn mail_domain(&self) -> String {
        let host = self.config.host();
        host.rsplit_once(':').map_or(host.clone(), |(name, _)| name.to_owned())
    }
}

/// Where the files of the shop are.
pub fn blobs_config(config: &Config) -> BlobsConfig {
    match (&config.s3_bucket, &config.s3_access_key, &config.s3_secret_key) {
        (Some(bucket), Some(access_key), Some(secret_key)) => BlobsConfig::S3 {
            bucket: bucket.clone(),
            region: config.s3_region.clone(),
            endpoint: config.s3_endpoint.clone(),
            access_key: access_key.clone(),
            secret_key: secret_key.clone(),
        },
        _ => BlobsConfig::Folder(config.home.join("media")),
    }
}

/// Settings key of the main menu: links inside the pair.
pub const MENU: &str = "menu";

async fn load(db: &PgPool, config: &Config) -> anyhow::Result<Snapshot> {
    let mut tx = db.begin_with("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY").await?;
    let rules = Rules::load(&mut tx).await?;
    let (menu, _): (Vec<Link>, i32) = settings::load(&mut *tx, MENU).await?;
    let (home, _): (Home, i32) = settings::load(&mut *tx, Home::KEY).await?;
    let mut sites = Vec::new();
    for market in &rules.markets {
        for pair in &market.pairs {
            let footer = crate::content::footer(&mut *tx, pair.language).await?.into_iter().map(|(title, href)| Link { title, href }).collect();
            sites.push(Arc::new(site(&rules, market, pair, &menu, footer, config)));
        }
    }
    tx.commit().await?;
    if sites.is_empty() {
        sites.push(Arc::new(bare_site(&rules, config)));
    }
    Ok(Snapshot { rules: Arc::new(rules), sites, home: Arc::new(home) })
}

fn site(rules: &Rules, market: &Market, pair: &Pair, menu: &[Link], footer: Vec<Link>, config: &Config) -> Site {
    let inside = |link: &Link| Link { title: link.title.clone(), href: format!("{}{}", pair.prefix, link.href) };
    Site {
        currency: market.currency,
        language: pair.language,
        prefix: pair.prefix.clone(),
        hreflang: pair.hreflang.clone(),
        alternates: rules.markets.iter().flat_map(|market| &market.pairs).map(|pair| (pair.hreflang.clone(), pair.prefix.clone())).collect(),
        menu: menu.iter().map(inside).collect(),
        footer: footer.iter().map(inside).collect(),
        ..bare_site(rules, config)
    }
}

/// The site of a shop that has no market yet.
fn bare_site(rules: &Rules, config: &Config) -> Site {
    Site {
        shop_name: rules.shop.name.clone(),
        claim: rules.shop.claim.clone(),
        origin: config.origin(),
        prefix: String::new(),
        language: Language::english(),
        hreflang: "en".into(),
        alternates: Vec::new(),
        zone: rules.shop.zone.clone(),
        currency: Currency::EUR,
        is_test: config.is_test(),
        is_https: config.is_https(),
        menu: Vec::new(),
        footer: Vec::new(),
        contact_email: rules.shop.email.clone(),
    }
}
