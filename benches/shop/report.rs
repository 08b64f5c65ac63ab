//! The table.

use std::fmt;
use std::time::Duration;

use crate::Plan;
use crate::floor::Answer;
use crate::load::Load;

/// Something measured beside its floor.
pub struct Pair {
    name: String,
    must: f64,
    aim: f64,
    ours: Load,
    floor: Load,
}

impl Pair {
    pub const fn new(name: String, must: f64, aim: f64, ours: Load, floor: Load) -> Self {
        Self { name, must, aim, ours, floor }
    }
}

/// A number with a limit: at most `must`.
struct Limit {
    name: String,
    must: f64,
    found: f64,
    unit: &'static str,
}

pub struct Report {
    pairs: Vec<Pair>,
    limits: Vec<Limit>,
    most_memory: u64,
}

const MEBI: f64 = 1024.0 * 1024.0;

fn real(bytes: u64) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "sizes far below 2^52")]
    let real = bytes as f64;
    real
}

impl Report {
    pub fn new(plan: &Plan) -> Self {
        let size = std::fs::metadata(&plan.binary).map_or(0, |file| file.len());
        let binary = Limit { name: "release binary".into(), must: 40.0, found: real(size) / MEBI, unit: "MB" };
        Self { pairs: Vec::new(), limits: vec![binary], most_memory: 0 }
    }

    pub fn add(&mut self, pair: Pair) {
        eprintln!("  {:.0}/s beside {:.0}/s", pair.ours.per_second, pair.floor.per_second);
        self.pairs.push(pair);
    }

    pub fn limit(&mut self, name: impl Into<String>, must: f64, found: f64, unit: &'static str) {
        self.limits.push(Limit { name: name.into(), must, found, unit });
    }

    pub fn statements(&mut self, name: String, most: u32, found: usize) {
        self.limit(format!("SQL statements, {name}"), f64::from(most), real(u64::try_from(found).unwrap_or(u64::MAX)), "");
    }

    pub fn start(&mut self, (ready, resident): (Duration, u64)) {
        self.limit("ready on an existing database", 1.0, ready.as_secs_f64(), "s");
        self.limit("resident memory at rest", 60.0, real(resident) / MEBI, "MB");
    }

    pub const fn memory(&mut self, bytes: u64) {
        if bytes > self.most_memory {
            self.most_memory = bytes;
        }
    }

    /// What a product page weighs on the wire, compressed: HTML, every style and every script of the shop.
    pub async fn wire(&mut self, origin: &str, path: &str, page: &Answer) -> anyhow::Result<()> {
        let client = reqwest::Client::builder().no_gzip().build()?;
        let html = client.get(format!("{origin}{path}")).send().await?.text().await?;
        let mut wanted: Vec<String> = html
            .split('"')
            .filter(|text| text.starts_with("/static/") && (text.ends_with(".css") || text.ends_with(".js")))
            .map(str::to_owned)
            .collect();
        let mut bytes = page.body.len();
        let mut seen = std::collections::HashSet::new();
        while let Some(href) = wanted.pop() {
            if !seen.insert(href.clone()) {
                continue;
            }
            let response = client.get(format!("{origin}{href}")).header("accept-encoding", "br").send().await?;
            bytes += response.bytes().await?.len();
            if href.ends_with(".js") {
                let script = client.get(format!("{origin}{href}")).send().await?.text().await?;
                wanted.extend(script.split('"').filter(|text| text.starts_with("/static/") && text.ends_with(".js")).map(str::to_owned));
            }
        }
        self.limit("HTML, CSS and JS of a product page on the wire", 30.0, real(u64::try_from(bytes)?) / 1024.0, "KB");
        Ok(())
    }
}

impl fmt::Display for Report {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(out, "| work | ratio | must | aim | requests/s, shop | floor | p50 ms | p99 ms | CPU µs/request: shop | Postgres |")?;
        writeln!(out, "| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |")?;
        for Pair { name, must, aim, ours, floor } in &self.pairs {
            let ratio = ours.per_second / floor.per_second.max(1e-9);
            let mark = if ratio >= *must { "" } else { " **missed**" };
            let millis = |time: Duration| time.as_secs_f64() * 1e3;
            writeln!(
                out,
                "| {name} | {ratio:.2}{mark} | {must} | {aim} | {:.0} | {:.0} | {:.2} | {:.2} | {:.0} | {:.0} |",
                ours.per_second,
                floor.per_second,
                millis(ours.half),
                millis(ours.most),
                ours.server_micros,
                ours.postgres_micros,
            )?;
        }
        writeln!(out, "\n| what | found | must |\n| --- | --- | --- |")?;
        let loaded = Limit { name: "resident memory under load".into(), must: 120.0, found: real(self.most_memory) / MEBI, unit: "MB" };
        for Limit { name, must, found, unit } in self.limits.iter().chain([&loaded]) {
            let mark = if found <= must { "" } else { " **missed**" };
            let digits = if *unit == "s" {
                3
            } else if unit.is_empty() {
                0
            } else {
                1
            };
            writeln!(out, "| {name} | {found:.digits$} {unit}{mark} | ≤ {must} {unit} |")?;
        }
        Ok(())
    }
}
