//! Structured logs and the numbers of `/metrics`.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use metrics::{Counter, Histogram};
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use tracing_subscriber::EnvFilter;
use tracing_subscriber::prelude::*;

/// Starts logging to stderr: lines for people, or JSON for machines. A second call does nothing.
pub fn start_logs(as_json: bool) {
    let filter = EnvFilter::try_from_env("WHARF_LOG").unwrap_or_else(|_| EnvFilter::new("info,sqlx=warn,hyper=off,reqwest=off"));
    let registry = tracing_subscriber::registry().with(filter);
    let outcome = if as_json {
        registry.with(tracing_subscriber::fmt::layer().json().with_writer(std::io::stderr)).try_init()
    } else {
        registry.with(tracing_subscriber::fmt::layer().compact().with_target(false).with_writer(std::io::stderr)).try_init()
    };
    drop(outcome);
}

/// The recorder behind `/metrics`; shared by everything in this process.
pub fn metrics() -> PrometheusHandle {
    static HANDLE: std::sync::OnceLock<PrometheusHandle> = std::sync::OnceLock::new();
    HANDLE
        .get_or_init(|| {
            let recorder = PrometheusBuilder::new().build_recorder();
            let handle = recorder.handle();
            drop(metrics::set_global_recorder(recorder));
            handle
        })
        .clone()
}

/// A name for a request that no other request gets, here or on another node: what this process drew when it began, and a number.
pub fn request_id() -> String {
    static PROCESS: OnceLock<String> = OnceLock::new();
    static NEXT: AtomicU64 = AtomicU64::new(0);
    let process = PROCESS.get_or_init(|| super::secrets::token()[..8].to_owned());
    format!("{process}{:x}", NEXT.fetch_add(1, Ordering::Relaxed))
}

/// Counts an answer and its time. The handles are looked up once: that costs more than counting.
pub fn answered(status: u16, after: Duration) {
    static BY_STATUS: [OnceLock<Counter>; 600] = [const { OnceLock::new() }; 600];
    static SECONDS: OnceLock<Histogram> = OnceLock::new();
    if let Some(counter) = BY_STATUS.get(usize::from(status)) {
        counter.get_or_init(|| metrics::counter!("wharf_requests_total", "status" => status.to_string())).increment(1);
    }
    SECONDS.get_or_init(|| metrics::histogram!("wharf_request_seconds")).record(after.as_secs_f64());
}
