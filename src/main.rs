//! `wharf`: parses, calls, exits.

use clap::Parser;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[tokio::main]
async fn main() -> std::process::ExitCode {
    // One TLS provider for everything that speaks TLS; a second call would find it installed.
    drop(rustls::crypto::ring::default_provider().install_default());
    match wharf::cli::run(wharf::cli::Cli::parse()).await {
        Ok(code) => code,
        Err(error) => {
            eprintln!("wharf: {error:#}");
            std::process::ExitCode::FAILURE
        }
    }
}
