//! Load by wrk, and what it says.

use std::process::Command;
use std::time::Duration;

use anyhow::Context;

use crate::machine;

/// Connections that ask at once.
pub const CONNECTIONS: u32 = 16;

#[derive(Debug, Clone, Copy, Default)]
pub struct Load {
    pub per_second: f64,
    pub half: Duration,
    pub most: Duration,
    /// Processor time a request in microseconds, of the server and of Postgres.
    pub server_micros: f64,
    pub postgres_micros: f64,
    /// Resident memory of the server at the end, in bytes.
    pub memory: u64,
}

/// Asks one address for some seconds; every answer must be a good one.
pub fn ask(url: &str, headers: &[(String, String)], seconds: u32, server: u32, postgres: Option<u32>) -> anyhow::Result<Load> {
    let before = (machine::seconds(server), postgres.map_or(0.0, machine::seconds));
    let mut wrk = Command::new("wrk");
    wrk.args(["-t1", &format!("-c{CONNECTIONS}"), &format!("-d{seconds}s"), "--latency"]);
    for (name, value) in headers {
        wrk.arg("-H").arg(format!("{name}: {value}"));
    }
    let output = wrk.arg(url).output().context("wrk cannot be run; bin/bench installs it")?;
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    let after = (machine::seconds(server), postgres.map_or(0.0, machine::seconds));
    anyhow::ensure!(!said.contains("Non-2xx") && !said.contains("Socket errors"), "{url}: {said}");
    let field = |name: &str| said.lines().find_map(|line| line.trim().strip_prefix(name)).unwrap_or_default().trim().to_owned();
    let asked = said.lines().find_map(|line| line.trim().split_once(" requests in ")).and_then(|(count, _)| count.parse::<f64>().ok());
    let asked = asked.with_context(|| format!("wrk said something else: {said}"))?;
    Ok(Load {
        per_second: field("Requests/sec:").parse().unwrap_or_default(),
        half: time(&field("50%")),
        most: time(&field("99%")),
        server_micros: (after.0 - before.0) / asked * 1e6,
        postgres_micros: (after.1 - before.1) / asked * 1e6,
        memory: machine::resident(server),
    })
}

/// `1.23ms` as wrk writes it.
fn time(text: &str) -> Duration {
    let unit = text.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.');
    let number: f64 = text.trim_end_matches(unit).parse().unwrap_or_default();
    let seconds = match unit {
        "us" => number / 1e6,
        "ms" => number / 1e3,
        "m" => number * 60.0,
        _ => number,
    };
    Duration::from_secs_f64(seconds)
}
