//! Which SQL the shop runs: per shop, to count what a page costs; and all of it, to find what no test runs.

use std::collections::{HashMap, HashSet};
use std::io::Write;
use std::sync::{LazyLock, Mutex};

use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id};
use tracing::{Event, Subscriber};
use tracing_subscriber::filter::{EnvFilter, LevelFilter, Targets};
use tracing_subscriber::layer::Context;
use tracing_subscriber::prelude::*;
use tracing_subscriber::registry::LookupSpan;

/// The file that statements are written to, each once, where it is set.
pub const FILE: &str = "WHARF_STATEMENTS";
/// Name of the span that a request to a shop runs in.
pub const SPAN: &str = "request to a test shop";

static OF_SHOPS: LazyLock<Mutex<HashMap<String, Vec<String>>>> = LazyLock::new(Mutex::default);
static SEEN: LazyLock<Mutex<HashSet<String>>> = LazyLock::new(Mutex::default);

/// Logs what is wrong, as the shop does, and keeps the statements.
pub fn start() {
    let lines = tracing_subscriber::fmt::layer()
        .compact()
        .with_target(false)
        .with_writer(std::io::stderr)
        .with_filter(EnvFilter::try_from_env("WHARF_LOG").unwrap_or_else(|_| EnvFilter::new("info,sqlx=warn,hyper=off,reqwest=off")));
    let statements = Keeper.with_filter(Targets::new().with_target("sqlx::query", LevelFilter::DEBUG).with_target("shop::kit", LevelFilter::INFO));
    drop(tracing_subscriber::registry().with(lines).with(statements).try_init());
}

/// Takes the statements that requests to a shop's database have run since the last time.
pub fn take(database: &str) -> Vec<String> {
    OF_SHOPS.lock().expect("no test died here").remove(database).unwrap_or_default()
}

/// One line, single blanks.
pub fn plain(sql: &str) -> String {
    sql.split_whitespace().collect::<Vec<_>>().join(" ")
}

struct Keeper;

/// The database of a request, kept in its span.
struct Database(String);

#[derive(Default)]
struct Statement {
    summary: String,
    whole: String,
    database: String,
}

impl Visit for Statement {
    fn record_debug(&mut self, _: &Field, _: &dyn std::fmt::Debug) {}

    fn record_str(&mut self, field: &Field, value: &str) {
        match field.name() {
            "summary" => value.clone_into(&mut self.summary),
            "db.statement" => value.clone_into(&mut self.whole),
            "database" => value.clone_into(&mut self.database),
            _ => {}
        }
    }
}

impl<S: Subscriber + for<'a> LookupSpan<'a>> tracing_subscriber::Layer<S> for Keeper {
    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, context: Context<'_, S>) {
        let mut found = Statement::default();
        attributes.record(&mut found);
        if let Some(span) = context.span(id).filter(|span| span.name() == SPAN) {
            span.extensions_mut().insert(Database(found.database));
        }
    }

    fn on_event(&self, event: &Event<'_>, context: Context<'_, S>) {
        let mut found = Statement::default();
        event.record(&mut found);
        let sql = plain(if found.whole.is_empty() { &found.summary } else { &found.whole });
        if let Some(scope) = context.event_scope(event) {
            for span in scope {
                if let Some(Database(name)) = span.extensions().get::<Database>() {
                    OF_SHOPS.lock().expect("no test died here").entry(name.clone()).or_default().push(sql.clone());
                }
            }
        }
        let Some(file) = std::env::var_os(FILE) else { return };
        let mut seen = SEEN.lock().expect("no test died here");
        if seen.insert(sql.clone()) {
            let mut file = std::fs::File::options().create(true).append(true).open(file).expect("the file of statements");
            writeln!(file, "{sql}").expect("a statement is written down");
        }
    }
}
