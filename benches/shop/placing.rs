//! Placing orders beside pgbench: sixteen shoppers order as fast as the shop lets them, through `checkout::place`; pgbench
//! sends the same writes, a round trip each, with nothing read, quoted or compared.

use std::fmt::Write;
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use anyhow::Context;
use clap::Parser;
use wharf::app::App;
use wharf::base::{Actor, Address, CartId, Country, Email, Language};
use wharf::checkout::{self, Placing};
use wharf::inventory::Note;
use wharf::payments::Method;
use wharf::platform::clock::Clock;
use wharf::platform::config::Config;
use wharf::platform::db;
use wharf::{cart, inventory};

use crate::Plan;
use crate::load::{CONNECTIONS, Load};
use crate::recorder::{self, Statement};
use crate::report::{Pair, Report};
use crate::server::Cluster;

/// Orders of one measurement.
const ORDERS: usize = 4_000;

#[derive(Parser)]
struct Settings {
    #[command(flatten)]
    config: Config,
}

async fn open(cluster: &Cluster, database: &str) -> anyhow::Result<App> {
    let url = cluster.url(database);
    let home = cluster.home.join(database);
    let arguments = ["bench".to_owned(), format!("--database-url={url}"), format!("--home={}", home.display()), "--test-mode=true".into()];
    let config = Settings::parse_from(arguments).config;
    let pool = db::open(&url, CONNECTIONS + 2).await?;
    let clock = Clock::default();
    clock.measure(&pool).await?;
    App::open(config, pool, clock).await
}

pub async fn measure(plan: &Plan, cluster: &Cluster, database: &str, report: &mut Report) -> anyhow::Result<()> {
    let app = open(cluster, database).await?;
    let numbers = stock_up(&app).await?;
    let recorded = record(cluster, &app, &numbers).await?;
    let first = numbers.first().map(std::slice::from_ref).context("the demo sells something")?;
    for (offset, (what, wanted)) in [(0, ("placing orders", numbers.as_slice())), (plan.rounds, ("all buyers want one variant", first))] {
        eprintln!("{what}");
        let ids: Vec<String> =
            sqlx::query_scalar("SELECT id::text FROM variants WHERE number = ANY($1) ORDER BY number").bind(wanted).fetch_all(&app.db).await?;
        let (mut ours, mut theirs) = (Vec::new(), Vec::new());
        for round in 0..plan.rounds {
            theirs.push(pgbench(cluster, database, &recorded, &ids, offset + round).await?);
            ours.push(orders(&app, wanted).await?);
        }
        let median = |mut found: Vec<f64>| {
            found.sort_by(f64::total_cmp);
            Load { per_second: found[found.len() / 2], ..Load::default() }
        };
        report.add(Pair::new(format!("{what} / pgbench with the same writes"), 0.5, 1.0, median(ours), median(theirs)));
    }
    app.db.close().await;
    Ok(())
}

/// Public numbers of all tracked variants, each with more pieces than anybody here buys.
async fn stock_up(app: &App) -> anyhow::Result<Vec<i64>> {
    let found: Vec<(wharf::base::VariantId, i64)> = sqlx::query_as(
        "SELECT v.id, v.number FROM variants v JOIN products p ON p.id = v.product_id AND p.status = 'active'
          WHERE v.is_tracked AND v.requires_shipping AND v.archived_at IS NULL AND v.weight_grams < 3000 ORDER BY v.number",
    )
    .fetch_all(&app.db)
    .await?;
    let mut tx = app.db.begin().await?;
    let location = inventory::default_location(&mut *tx).await?;
    let note = Note { reason: "for the measurement", actor: Actor::System, at: app.now(), low_stock: 0 };
    for (variant, _) in &found {
        inventory::receive(&mut tx, *variant, location, 10_000_000, &note).await?;
    }
    tx.commit().await?;
    app.reload().await?;
    Ok(found.into_iter().map(|(_, number)| number).collect())
}

fn address() -> anyhow::Result<Address> {
    Ok(Address {
        name: "Ada Kern".into(),
        company: String::new(),
        line1: "Birkenweg 12".into(),
        line2: String::new(),
        postcode: "10115".into(),
        city: "Berlin".into(),
        region: String::new(),
        country: Country::parse("DE").context("a country")?,
        phone: String::new(),
    })
}

/// A cart with one piece, and what its shopper confirms.
async fn fill(app: &App, number: i64) -> anyhow::Result<Placing> {
    let (rules, at) = (app.rules(), app.now());
    let market = rules.markets.first().context("a market")?;
    let mut tx = app.db.begin().await?;
    let (cart, _) = cart::create(&mut *tx, market.id, Language::english(), None, at).await?;
    cart::add(&mut tx, cart, number, &[], 1, at).await??;
    let contents = cart::contents(&mut *tx, cart, Language::english(), market, at).await?;
    tx.commit().await?;
    let address = address()?;
    let quote = cart::quote(&rules, market, &contents, address.country, &address.postcode, None, at).context("delivered there")?;
    Ok(Placing {
        cart,
        language: Language::english(),
        customer: None,
        email: Email::parse("ada@example.com").context("an address")?,
        shipping: address.clone(),
        billing: address,
        method: quote.delivery.as_ref().map(|delivery| delivery.offer.method),
        payment: Method::Test,
        expected_total: quote.total.minor(),
        consents: Vec::new(),
        note: String::new(),
        is_test: true,
    })
}

async fn place(app: &App, placing: &Placing) -> anyhow::Result<()> {
    let mut tx = app.db.begin().await?;
    checkout::place(&mut tx, &app.rules(), placing, Actor::Guest, app.now()).await?;
    tx.commit().await?;
    Ok(())
}

/// Orders a second by sixteen shoppers whose carts are full.
async fn orders(app: &App, numbers: &[i64]) -> anyhow::Result<f64> {
    let shoppers = usize::try_from(CONNECTIONS)?;
    let next = Arc::new(AtomicUsize::new(0));
    let mut filling = tokio::task::JoinSet::new();
    for shopper in 0..shoppers {
        let (app, numbers) = (app.clone(), numbers.to_vec());
        filling.spawn(async move {
            let mut carts = Vec::new();
            for turn in 0..ORDERS / shoppers {
                carts.push(fill(&app, numbers[(shopper + turn * shoppers) % numbers.len()]).await?);
            }
            anyhow::Ok(carts)
        });
    }
    let mut carts = Vec::new();
    while let Some(filled) = filling.join_next().await {
        carts.extend(filled??);
    }
    let carts: Arc<[Placing]> = carts.into();
    let began = Instant::now();
    let mut buying = tokio::task::JoinSet::new();
    for _ in 0..shoppers {
        let (app, carts, next) = (app.clone(), Arc::clone(&carts), Arc::clone(&next));
        buying.spawn(async move {
            while let Some(placing) = carts.get(next.fetch_add(1, Ordering::Relaxed)) {
                place(&app, placing).await?;
            }
            anyhow::Ok(())
        });
    }
    while let Some(done) = buying.join_next().await {
        done??;
    }
    #[expect(clippy::cast_precision_loss, reason = "a few thousand")]
    let count = carts.len() as f64;
    Ok(count / began.elapsed().as_secs_f64())
}

/// The writes of one order, and what in them is of this one order.
struct Recorded {
    writes: Vec<Statement>,
    cart: CartId,
    variant: String,
}

async fn record(cluster: &Cluster, app: &App, numbers: &[i64]) -> anyhow::Result<Recorded> {
    let number = *numbers.first().context("the demo sells something")?;
    let placing = fill(app, number).await?;
    place(app, &fill(app, number).await?).await?;
    recorder::listen(cluster, true).await?;
    let ((), statements) = recorder::during(cluster, place(app, &placing)).await?;
    recorder::listen(cluster, false).await?;
    if std::env::var_os("BENCH_SHOW").is_some() {
        for (sql, values) in &statements {
            eprintln!("{sql}\n  -- {values:?}\n");
        }
    }
    let is_write = |sql: &str| sql.contains("INSERT INTO") || sql.contains("UPDATE ") && !sql.contains("FOR UPDATE") || sql.contains("DELETE FROM");
    let variant: uuid::Uuid = sqlx::query_scalar("SELECT id FROM variants WHERE number = $1").bind(number).fetch_one(&app.db).await?;
    // The shop writes an order, its lines, taxes and first event in one statement; here each table is a round trip.
    let mut writes = by_table(app, placing.cart).await?;
    writes.extend(statements.into_iter().filter(|(sql, _)| is_write(sql) && !sql.contains("INSERT INTO orders ")));
    Ok(Recorded { writes, cart: placing.cart, variant: variant.to_string() })
}

/// The order of a cart as one statement a table: what is of this order as values, the rest copied from its row.
async fn by_table(app: &App, cart: CartId) -> anyhow::Result<Vec<Statement>> {
    let (order, number, line): (String, String, String) = sqlx::query_as(
        "SELECT o.id::text, o.number, l.id::text FROM orders o JOIN order_lines l ON l.order_id = o.id WHERE o.cart_id = $1 AND o.status <> 'expired'",
    )
    .bind(cart)
    .fetch_one(&app.db)
    .await?;
    let tables = [
        ("orders", "id", vec![("id", order.clone()), ("number", number), ("cart_id", cart.to_string())]),
        ("order_lines", "order_id", vec![("id", line), ("order_id", order.clone())]),
        ("order_taxes", "order_id", vec![("order_id", order.clone())]),
        ("order_events", "order_id", vec![("order_id", order.clone())]),
    ];
    let mut writes = Vec::new();
    for (table, key, own) in tables {
        let columns: Vec<String> = sqlx::query_scalar(
            "SELECT attname::text FROM pg_attribute WHERE attrelid = $1::regclass AND attnum > 0 AND NOT attisdropped AND attidentity = ''
              ORDER BY attnum",
        )
        .bind(table)
        .fetch_all(&app.db)
        .await?;
        let rest: Vec<String> = columns.into_iter().filter(|column| own.iter().all(|(name, _)| name != column)).collect();
        let names = own.iter().map(|(name, _)| (*name).to_owned()).chain(rest.iter().cloned()).collect::<Vec<_>>().join(", ");
        let given = (1..=own.len()).map(|place| format!("${place}")).chain(rest).collect::<Vec<_>>().join(", ");
        let sql = format!("INSERT INTO {table} ({names}) SELECT {given} FROM {table} WHERE {key} = '{order}'");
        writes.push((sql, own.into_iter().map(|(_, value)| Some(value)).collect()));
    }
    Ok(writes)
}

/// Transactions a second of pgbench: the same writes, in the same order, one round trip each, sixteen clients.
async fn pgbench(cluster: &Cluster, database: &str, recorded: &Recorded, variants: &[String], round: usize) -> anyhow::Result<f64> {
    let mut db = cluster.connect(database).await?;
    // Carts as the shop's orders close them: pgbench finds them by number.
    sqlx::query(
        "INSERT INTO carts SELECT (jsonb_populate_record(c, jsonb_build_object('id', lpad(to_hex($2::bigint * 1000000 + n), 32, '0'), 'token_hash', '\\x' || lpad(to_hex($2::bigint * 1000000 + n), 64, '0'), 'status', 'active'))).*
           FROM carts c, generate_series(0, $3) n WHERE c.id = $1",
    )
    .bind(recorded.cart)
    .bind(i64::try_from(round)?)
    .bind(i32::try_from(ORDERS)?)
    .execute(&mut db)
    .await
    .context("carts for pgbench")?;
    let script = cluster.home.join("order.sql");
    std::fs::write(&script, script_of(recorded, variants, round)?)?;
    let turns = (ORDERS / usize::try_from(CONNECTIONS)?).to_string();
    let output = Command::new(cluster.program("pgbench")?)
        .args(["-n", "-M", "prepared", "-c", &CONNECTIONS.to_string(), "-j", "2", "-t", &turns, "-D", "turn=-1", "-f"])
        .arg(&script)
        .arg(cluster.url(database))
        .output()?;
    let said = String::from_utf8_lossy(&output.stdout);
    let tps = said.lines().find_map(|line| line.strip_prefix("tps = ")).and_then(|rest| rest.split_whitespace().next()?.parse().ok());
    let failed = !said.contains("number of failed transactions: 0 ") || !output.status.success();
    tps.filter(|_| !failed).with_context(|| format!("pgbench said: {said}{}", String::from_utf8_lossy(&output.stderr)))
}

/// The writes with what must differ from order to order: ids and number of the order, its cart, its variant.
fn script_of(recorded: &Recorded, variants: &[String], round: usize) -> anyhow::Result<String> {
    let mut fresh: Vec<&str> = Vec::new();
    for (sql, values) in &recorded.writes {
        let new_rows = ["INSERT INTO orders ", "INSERT INTO order_lines ", "INSERT INTO payments "];
        if let Some(Some(id)) = values.first().filter(|_| new_rows.iter().any(|begin| sql.starts_with(begin))) {
            fresh.push(id);
        }
    }
    let cart = recorded.cart.to_string();
    let number = recorded.writes.iter().find(|(sql, _)| sql.starts_with("INSERT INTO orders ")).and_then(|(_, values)| values.get(1)?.clone());
    let number = number.context("an order was written")?;
    let value = |value: &Option<String>| -> String {
        let Some(text) = value else { return "NULL".into() };
        let inner = text.trim_matches(['{', '}']);
        let wrap = |expression: String| if text.starts_with('{') { format!("ARRAY[{expression}]") } else { expression };
        if let Some(place) = fresh.iter().position(|id| *id == inner) {
            return wrap(format!("lpad(to_hex({} + :turn * 16 + :client_id), 32, '0')::uuid", round * 1_000_000 + 100_000_000 * (place + 1)));
        }
        if inner == cart {
            return format!("lpad(to_hex({} + :turn * 16 + :client_id), 32, '0')::uuid", round * 1_000_000);
        }
        if inner == recorded.variant {
            return wrap("(:variants)[:variant]".replace(":variants", "ARRAY['VARIANTS']::uuid[]"));
        }
        if *text == number {
            return format!("'B' || ({} + :turn * 16 + :client_id)", round * 1_000_000);
        }
        format!("'{}'", text.replace('\'', "''"))
    };
    let list = variants.join("','");
    let mut script = format!("\\set turn :turn + 1\n\\set variant random(1, {})\nBEGIN;\n", variants.len());
    for (sql, values) in &recorded.writes {
        let mut text = sql.split_whitespace().collect::<Vec<_>>().join(" ");
        for (at, given) in values.iter().enumerate().rev() {
            text = text.replace(&format!("${}", at + 1), &value(given));
        }
        writeln!(script, "{};", text.replace("VARIANTS", &list))?;
    }
    script.push_str("COMMIT;\n");
    Ok(script)
}
