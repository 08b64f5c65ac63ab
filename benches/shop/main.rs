//! What the shop costs beside the physical floor, measured side by side in one run: `bin/bench`. How to read the table
//! and what it said: `docs/performance.md`.

mod floor;
mod load;
mod machine;
mod pages;
mod placing;
mod recorder;
mod report;
mod server;

use std::path::PathBuf;

use report::Report;
use server::Cluster;

/// What is asked of a run.
pub struct Plan {
    /// Seconds of one measurement.
    pub seconds: u32,
    /// Times that every pair is measured; the median counts.
    pub rounds: usize,
    /// The release binary.
    pub binary: PathBuf,
    /// `pages`, `placing` or `large`: only these; empty for all.
    pub only: String,
    /// Catalogues to import for the second half; empty leaves it out.
    pub catalogues: Vec<PathBuf>,
}

fn plan() -> Plan {
    let number = |name: &str, default: u32| std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(default);
    let catalogues = std::env::var_os("BENCH_CATALOGUES").map(|list| std::env::split_paths(&list).collect()).unwrap_or_default();
    Plan {
        seconds: number("BENCH_SECONDS", 4),
        rounds: usize::try_from(number("BENCH_ROUNDS", 3)).unwrap_or(3).max(1),
        binary: std::env::var_os("WHARF_BIN").map(PathBuf::from).expect("WHARF_BIN names the release binary; bin/bench sets it"),
        only: std::env::var("BENCH_ONLY").unwrap_or_default(),
        catalogues,
    }
}

impl Plan {
    fn wants(&self, part: &str) -> bool {
        self.only.is_empty() || self.only == part
    }
}

fn main() -> anyhow::Result<()> {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    // The floor is a process of its own, as the shop is.
    if let Some(file) = arguments.strip_prefix(&["floor".to_owned()]).and_then(<[String]>::first) {
        return floor::serve(file);
    }
    tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(run(&plan()))
}

async fn run(plan: &Plan) -> anyhow::Result<()> {
    let cluster = Cluster::start().await?;
    let mut report = Report::new(plan);
    let outcome = measure(plan, &cluster, &mut report).await;
    println!("\n{report}");
    cluster.stop().await;
    outcome
}

async fn measure(plan: &Plan, cluster: &Cluster, report: &mut Report) -> anyhow::Result<()> {
    eprintln!("demo shop");
    cluster.database("demo").await?;
    server::open_demo(plan, cluster, "demo").await?;
    report.start(server::starts(plan, cluster, "demo").await?);
    if plan.wants("pages") {
        pages::measure(plan, cluster, "demo", &pages::demo(), report).await?;
    }
    if plan.wants("placing") {
        placing::measure(plan, cluster, "demo", report).await?;
    }
    if plan.wants("large") && !plan.catalogues.is_empty() {
        eprintln!("large shop");
        cluster.copy("demo", "large").await?;
        server::import(plan, cluster, "large").await?;
        pages::measure(plan, cluster, "large", &pages::large(cluster).await?, report).await?;
    }
    Ok(())
}
