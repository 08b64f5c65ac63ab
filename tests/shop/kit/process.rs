//! The binary itself, as a process that can be killed.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use super::browser::Browser;
use super::sink::Sink;

/// `wharf serve` (or another command) on a database.
pub struct Process {
    child: Child,
    pub origin: String,
    pub log: PathBuf,
}

/// A port that was free a moment ago.
fn free_port() -> u16 {
    std::net::TcpListener::bind("127.0.0.1:0").expect("a free port").local_addr().expect("a bound socket").port()
}

/// A command of the binary on a database.
pub fn command(name: &str, url: &str, home: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_wharf"));
    command.arg(name).arg(format!("--home={}", home.display())).arg(format!("--database-url={url}"));
    command.args(["--test-mode=true", "--rate-factor=1000", "--db-connections=16", "--mail-from=Teapots <shop@teapots.example>"]);
    command.stdin(Stdio::null());
    command
}

impl Process {
    /// Starts `serve` and waits until it is ready.
    pub async fn serve(url: &str, home: &Path, mail: Option<&Sink>) -> Self {
        let mut process = Self::spawn("serve", url, home, mail);
        process.ready().await;
        process
    }

    pub fn spawn(name: &str, url: &str, home: &Path, mail: Option<&Sink>) -> Self {
        std::fs::create_dir_all(home).expect("a home");
        let port = free_port();
        let log = home.join(format!("log-{port}"));
        let file = File::create(&log).expect("a log");
        let mut command = command(name, url, home);
        command.arg(format!("--listen=127.0.0.1:{port}"));
        if let Some(mail) = mail {
            command.arg(format!("--smtp-url=smtp://{}", mail.address));
        }
        let child = command.stdout(file.try_clone().expect("a log")).stderr(file).spawn().expect("the binary starts");
        Self { child, origin: format!("http://127.0.0.1:{port}"), log }
    }

    async fn ready(&mut self) {
        let browser = Browser::new(&self.origin);
        let began = Instant::now();
        loop {
            if browser.try_get("/readyz").await.is_ok_and(|page| page.status == 200) {
                return;
            }
            if let Ok(Some(status)) = self.child.try_wait() {
                panic!("the shop ended with {status}: {}", std::fs::read_to_string(&self.log).unwrap_or_default());
            }
            assert!(began.elapsed() < Duration::from_secs(60), "not ready: {}", std::fs::read_to_string(&self.log).unwrap_or_default());
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// Ends it as a power cut would.
    pub fn kill(&mut self) {
        self.child.kill().expect("killed");
        self.child.wait().expect("gone");
    }

    /// Asks it to end, as an operator would.
    pub fn terminate(&self) {
        let done = Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status().expect("kill runs");
        assert!(done.success());
    }

    pub async fn ended(&mut self, within: Duration) -> ExitStatus {
        let began = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait().expect("a child") {
                return status;
            }
            assert!(began.elapsed() < within, "it goes on: {}", std::fs::read_to_string(&self.log).unwrap_or_default());
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// Memory in use, in KiB.
    pub fn memory(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap_or_default();
        status.lines().find_map(|line| line.strip_prefix("VmRSS:")?.trim().strip_suffix(" kB")?.trim().parse().ok()).unwrap_or_default()
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
