//! A running shop: template database copied, router served, worker stepped by hand.

use std::future::Future;
use std::net::SocketAddr;
use std::process::{Child, Command, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU32, Ordering};

use clap::Parser;
use sqlx::{Connection, Executor, PgConnection, PgPool};
use tokio::sync::OnceCell;
use tracing::Instrument;
use wharf::app::App;
use wharf::platform::clock::Clock;
use wharf::platform::config::Config;
use wharf::platform::db;
use wharf::platform::postgres::Private;
use wharf::{router, work};

use super::browser::Browser;
use super::cast;
use super::proxy::Proxy;
use super::sink::Sink;
use super::statements;
use super::stripe::{FakeStripe, SECRET_KEY};

pub const WEBHOOK_SECRET: &str = "whsec_of_the_tests";

/// The cluster of this test run; it ends with the run, for the watcher's pipe closes then.
struct Cluster {
    url: String,
    _private: Private,
    _watcher: Mutex<Child>,
}

static CLUSTER: OnceCell<Cluster> = OnceCell::const_new();
static NUMBER: AtomicU32 = AtomicU32::new(0);

async fn cluster() -> &'static Cluster {
    CLUSTER
        .get_or_init(|| async {
            let _ = rustls::crypto::ring::default_provider().install_default();
            statements::start();
            wharf::platform::telemetry::metrics();
            let home = std::env::temp_dir().join(format!("wharf-tests-{}", std::process::id()));
            std::fs::create_dir_all(&home).expect("a folder for the test cluster");
            let private = Private::start(&home).await.expect("Postgres for the tests");
            let watcher = Command::new("sh")
                .arg("-c")
                .arg("read -r _; kill -INT $(head -1 \"$0/postgres/data/postmaster.pid\") 2>/dev/null; sleep 2; rm -rf \"$0\"")
                .arg(&home)
                .stdin(Stdio::piped())
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .spawn()
                .expect("a watcher of the cluster");
            let url = private.url();
            let mut admin = PgConnection::connect(&url).await.expect("the cluster answers");
            for setting in ["fsync = off", "synchronous_commit = off", "full_page_writes = off"] {
                admin.execute(sqlx::AssertSqlSafe(format!("ALTER SYSTEM SET {setting}"))).await.expect("a setting");
            }
            admin.execute("SELECT pg_reload_conf()").await.expect("reloaded");
            admin.execute("CREATE DATABASE shop_template").await.expect("a template");
            let pool = db::open(&named(&url, "shop_template"), 2).await.expect("the template");
            db::migrate(&pool).await.expect("the schema");
            cast::open(&pool).await.expect("the cast");
            pool.close().await;
            Cluster { url, _private: private, _watcher: Mutex::new(watcher) }
        })
        .await
}

async fn copy_template(url: &str, database: &str, template: &str) {
    let mut admin = PgConnection::connect(url).await.expect("the cluster answers");
    admin.execute(sqlx::AssertSqlSafe(format!("CREATE DATABASE {database} TEMPLATE {template}"))).await.expect("a database");
}

/// A database with the cast, for a shop in a process of its own; its address.
pub async fn cast_database() -> String {
    let cluster = cluster().await;
    let database = format!("shop_{}", NUMBER.fetch_add(1, Ordering::Relaxed));
    copy_template(&cluster.url, &database, "shop_template").await;
    named(&cluster.url, &database)
}

/// A database with nothing in it; its address.
pub async fn bare_database() -> String {
    let cluster = cluster().await;
    let database = format!("shop_{}", NUMBER.fetch_add(1, Ordering::Relaxed));
    copy_template(&cluster.url, &database, "template1").await;
    named(&cluster.url, &database)
}

/// The URL of another database of the same cluster.
fn named(url: &str, database: &str) -> String {
    url.replacen("/wharf?", &format!("/{database}?"), 1)
}

/// The database of a URL of the cluster.
fn database_of(url: &str) -> String {
    url.split('?').next().and_then(|head| head.rsplit('/').next()).unwrap_or_default().to_owned()
}

/// A shop in a database of its own.
pub struct Shop {
    pub app: App,
    pub origin: String,
    pub mail: Sink,
    /// Absent where the shared data is.
    pub stripe: Option<FakeStripe>,
    database: String,
    stop: tokio::sync::watch::Sender<bool>,
}

/// Runs a test in a fresh shop; at its end no job may be due or dead.
pub async fn shop_test<F: Future<Output = ()>>(test: impl FnOnce(&'static Shop) -> F) {
    let shop: &'static Shop = Box::leak(Box::new(Shop::open().await));
    test(shop).await;
    shop.work().await;
    let (_, dead) = wharf::platform::jobs::counts(&shop.app.db).await.expect("counted");
    assert_eq!(dead, 0, "no job is dead at the end");
    let differences = wharf::books::examine(&shop.app.db).await.expect("examined");
    assert!(differences.is_empty(), "the books disagree: {}", differences.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "));
    shop.close().await;
}

impl Shop {
    pub async fn open() -> Self {
        Self::open_with(&[]).await
    }

    /// With further command-line settings.
    pub async fn open_with(settings: &[&str]) -> Self {
        Self::build(true, Some("shop_template"), settings).await
    }

    /// Nobody has set anything up: the schema, and no row in it.
    pub async fn open_empty() -> Self {
        Self::build(true, None, &[]).await
    }

    /// As on the first day: no mail server is configured.
    pub async fn open_without_mail() -> Self {
        Self::build(false, Some("shop_template"), &[]).await
    }

    /// A shop that reaches Postgres through something in between.
    pub async fn behind_a_proxy() -> (Self, Proxy) {
        let cluster = cluster().await;
        let database = format!("shop_{}", NUMBER.fetch_add(1, Ordering::Relaxed));
        copy_template(&cluster.url, &database, "shop_template").await;
        let proxy = Proxy::before(&named(&cluster.url, &database)).await;
        let mail = Sink::start().await;
        let (app, address, stop) = node(&proxy.url, Some(&mail), None, &[]).await;
        (Self { app, origin: format!("http://{address}"), mail, stripe: None, database, stop }, proxy)
    }

    /// A shop on a database that is not of the tests' cluster; it gets the schema and the cast.
    pub async fn elsewhere(url: &str, settings: &[&str]) -> Self {
        let pool = db::open(url, 2).await.expect("the database");
        db::migrate(&pool).await.expect("the schema");
        cast::open(&pool).await.expect("the cast");
        pool.close().await;
        let mail = Sink::start().await;
        let (app, address, stop) = node(url, Some(&mail), None, settings).await;
        Self { app, origin: format!("http://{address}"), mail, stripe: None, database: database_of(url), stop }
    }

    async fn build(has_mail: bool, template: Option<&str>, settings: &[&str]) -> Self {
        let cluster = cluster().await;
        let database = format!("shop_{}", NUMBER.fetch_add(1, Ordering::Relaxed));
        copy_template(&cluster.url, &database, template.unwrap_or("template1")).await;
        if template.is_none() {
            let pool = db::open(&named(&cluster.url, &database), 2).await.expect("the new database");
            db::migrate(&pool).await.expect("the schema");
            pool.close().await;
        }
        let mail = Sink::start().await;
        let stripe = if FakeStripe::available() { Some(FakeStripe::start(WEBHOOK_SECRET).await) } else { None };
        let (app, address, stop) = node(&named(&cluster.url, &database), has_mail.then_some(&mail), stripe.as_ref(), settings).await;
        let origin = format!("http://{address}");
        if let Some(stripe) = &stripe {
            stripe.set_webhook_url(format!("{origin}/webhooks/stripe"));
        }
        Self { app, origin, mail, stripe, database, stop }
    }

    /// A second node on the same database.
    pub async fn second_node(&self) -> (App, String) {
        self.node_with(&[]).await
    }

    /// The same with further settings.
    pub async fn node_with(&self, settings: &[&str]) -> (App, String) {
        let cluster = cluster().await;
        let (app, address, stop) = node(&named(&cluster.url, &self.database), Some(&self.mail), self.stripe.as_ref(), settings).await;
        std::mem::forget(stop);
        (app, format!("http://{address}"))
    }

    pub fn visitor(&self) -> Browser {
        Browser::new(&self.origin)
    }

    pub fn browser_at(&self, origin: &str) -> Browser {
        Browser::new(origin)
    }

    /// Does everything that is due now, and what that causes.
    pub async fn work(&self) {
        work::do_due(&self.app).await.expect("the worker reaches its jobs");
    }

    /// Lets time pass and does what becomes due on the way.
    pub async fn pass(&self, seconds: i64) {
        let mut left = seconds;
        while left > 0 {
            let step = left.min(60);
            self.app.clock.shift_seconds(step);
            if let Some(stripe) = &self.stripe {
                stripe.shift_clock(step);
            }
            self.work().await;
            left -= step;
        }
    }

    /// A signed-in owner.
    pub async fn owner(&self) -> Browser {
        self.staff("mei@example.com", "Mei", None).await
    }

    /// A signed-in member of staff; `role` other than owner is set behind the scenes.
    pub async fn staff(&self, email: &str, name: &str, role: Option<&str>) -> Browser {
        let hash = wharf::platform::secrets::hash_password("a long test password".into()).await.expect("hashed");
        sqlx::query(
            "INSERT INTO staff (id, email, email_key, name, role, password_hash, created_at) VALUES ($1, $2, $2, $3, $4, $5, now()) ON CONFLICT (email_key) DO NOTHING",
        )
        .bind(wharf::base::ids::v7(self.app.now()))
        .bind(email)
        .bind(name)
        .bind(role.unwrap_or("owner"))
        .bind(hash)
        .execute(&self.app.db)
        .await
        .expect("a member of staff");
        let browser = self.visitor();
        let page = browser.post("/admin/sign-in", &[("email", email), ("password", "a long test password")]).await;
        assert_eq!(page.status, 303, "{}", page.body);
        browser
    }

    pub fn db(&self) -> &PgPool {
        &self.app.db
    }

    /// The SQL that requests have run since the last time this was asked.
    pub fn statements(&self) -> Vec<String> {
        statements::take(&self.database)
    }

    /// One number out of the database, for what no page shows.
    pub async fn count(&self, sql: &'static str) -> i64 {
        sqlx::query_scalar(sql).fetch_one(&self.app.db).await.expect("a count")
    }

    pub async fn close(&self) {
        let _ = self.stop.send(true);
        self.app.db.close().await;
    }
}

async fn node(url: &str, mail: Option<&Sink>, stripe: Option<&FakeStripe>, settings: &[&str]) -> (App, SocketAddr, tokio::sync::watch::Sender<bool>) {
    #[derive(Parser)]
    struct Settings {
        #[command(flatten)]
        config: Config,
    }
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = listener.local_addr().expect("a bound socket");
    let home = std::env::temp_dir().join(format!("wharf-tests-{}", std::process::id())).join(format!("home-{}", address.port()));
    let mut arguments = vec![
        "wharf".to_owned(),
        format!("--listen={address}"),
        format!("--home={}", home.display()),
        format!("--database-url={url}"),
        "--db-connections=18".into(),
        "--mail-from=Teapots <shop@teapots.example>".into(),
    ];
    arguments.extend(mail.map(|mail| format!("--smtp-url=smtp://{}", mail.address)));
    if let Some(stripe) = stripe {
        arguments.push(format!("--stripe-secret-key={SECRET_KEY}"));
        arguments.push(format!("--stripe-webhook-secrets={WEBHOOK_SECRET}"));
        arguments.push(format!("--stripe-api={}", stripe.base_url));
        arguments.push(format!("--stripe-checkout={}", stripe.base_url));
    }
    if !settings.iter().any(|setting| setting.starts_with("--test-mode")) {
        arguments.push("--test-mode=true".into());
    }
    if !settings.iter().any(|setting| setting.starts_with("--rate-factor")) {
        arguments.push("--rate-factor=1000".into());
    }
    arguments.extend(settings.iter().map(|setting| (*setting).to_owned()));
    let config = Settings::parse_from(arguments).config;
    let pool = db::open(url, config.db_connections).await.expect("the shop's database");
    let clock = Clock::default();
    clock.measure(&pool).await.expect("the clock");
    let app = App::open(config, pool, clock).await.expect("the shop opens");
    work::hang_timetable(&app).await.expect("the timetable hangs");
    let (stop, stopped) = tokio::sync::watch::channel(false);
    tokio::spawn(work::listen(app.clone(), stopped));
    let database = database_of(url);
    let watched = axum::middleware::from_fn(move |request: axum::extract::Request, next: axum::middleware::Next| {
        let span = tracing::info_span!(target: "shop::kit", statements::SPAN, database);
        next.run(request).instrument(span)
    });
    let service = router::router(app.clone()).layer(watched).into_make_service_with_connect_info::<SocketAddr>();
    tokio::spawn(async move { axum::serve(listener, service).await });
    (app, address, stop)
}
