//! The programs of Postgres at work: make the data, start, stop, and read whether a server lives.

use std::fs::{self, File};
use std::os::unix::fs::OpenOptionsExt;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread::sleep;
use std::time::Duration;

use super::StartError;
use super::find::Programs;
use super::place::{self, PORT, Place, unwritable};

/// The role that owns the cluster.
pub const ROLE: &str = "wharf";
/// How long a server may take to recover before its start counts as failed, and how long one that is starting or stopping is waited for.
const PATIENCE_SECONDS: u16 = 120;
const LONGEST_LOG: u64 = 8 << 20;
const PAUSE: Duration = Duration::from_millis(100);

/// What the pid file says of the server.
enum State {
    Ready { sockets: PathBuf },
    Busy,
    Gone,
}

/// The version that made the data, `None` before the first start.
pub fn made_by(place: &Place) -> Option<u32> {
    fs::read_to_string(place.data.join("PG_VERSION")).ok()?.trim().parse().ok()
}

/// The socket folder of a server that was left running, after waiting for one that is starting or stopping.
pub fn left_running(place: &Place) -> Option<PathBuf> {
    for _ in 0..u32::from(PATIENCE_SECONDS) * 10 {
        match state(place) {
            State::Ready { sockets } => return Some(sockets),
            State::Gone => return None,
            State::Busy => sleep(PAUSE),
        }
    }
    None
}

fn state(place: &Place) -> State {
    let Ok(text) = fs::read_to_string(place.data.join("postmaster.pid")) else { return State::Gone };
    let lines: Vec<&str> = text.lines().map(str::trim).collect();
    let Some(pid) = lines.first().and_then(|it| it.parse().ok()) else { return State::Gone };
    if !is_live_server(pid, place) {
        return State::Gone;
    }
    match (lines.get(4), lines.get(7)) {
        (Some(sockets), Some(&"ready")) => State::Ready { sockets: PathBuf::from(sockets) },
        _ => State::Busy,
    }
}

/// Whether the process is the server of these data. By now its number may be another program's, even another Postgres', or that of a dead
/// server that its parent never collected. Linux tells by the working folder; elsewhere the name of the program must do.
fn is_live_server(pid: u32, place: &Place) -> bool {
    if Path::new("/proc/self").exists() {
        // Without a working folder a process is a remnant, and one that may not be read is somebody else's.
        let folder = fs::read_link(format!("/proc/{pid}/cwd")).ok();
        return folder.is_some_and(|it| place.data.canonicalize().is_ok_and(|data| data == it));
    }
    let said = Command::new("ps").args(["-o", "stat=", "-o", "comm=", "-p", &pid.to_string()]).output();
    let said = said.map(|it| String::from_utf8_lossy(&it.stdout).into_owned()).unwrap_or_default();
    said.contains("postgres") && !said.trim_start().starts_with('Z')
}

/// Makes the data on the first start, in a draft that is moved when whole, so that a start cut short leaves nothing half made.
pub fn make_data(programs: &Programs, place: &Place) -> Result<(), StartError> {
    if place.data.exists() {
        return Ok(());
    }
    let failed = |source| unwritable(&place.draft, source);
    let mut outcome = Ok(());
    // macOS before 15 has no C.UTF-8. The C locale comes last: it knows no letters beyond ASCII.
    for locale in ["C.UTF-8", "en_US.UTF-8", "C"] {
        if place.draft.exists() {
            fs::remove_dir_all(&place.draft).map_err(failed)?;
        }
        fs::create_dir(&place.draft).map_err(failed)?;
        place.hand_over(&place.draft)?;
        let mut initdb = command(programs, place, "initdb");
        initdb.args(["-D", place::DRAFT, "-U", ROLE, "-A", "trust", "-E", "UTF8"]);
        initdb.arg(format!("--locale={locale}"));
        outcome = run(initdb, "initdb");
        if outcome.is_ok() {
            return fs::rename(&place.draft, &place.data).map_err(failed);
        }
    }
    outcome
}

/// Starts the server and waits until it is ready, through crash recovery if need be.
pub fn launch(programs: &Programs, place: &Place) -> Result<(), StartError> {
    let mut attempts = 0;
    loop {
        forget_dead(place, &place.data.join("postmaster.pid"))?;
        forget_dead(place, &place.sockets.join(format!(".s.PGSQL.{PORT}.lock")))?;
        open_log(place)?;
        let outcome = pg_ctl_start(programs, place);
        attempts += 1;
        match outcome {
            // The children of a server that was killed hold its memory for a moment.
            Err(StartError::Failed { ref said, .. }) if attempts < 50 && said.contains("still in use") => sleep(PAUSE),
            outcome => return outcome,
        }
    }
}

/// Removes a lock of a server that is dead. Postgres takes any live or uncollected process of its number for the former server, and would refuse.
fn forget_dead(place: &Place, lock: &Path) -> Result<(), StartError> {
    let text = read(lock);
    match text.lines().next().and_then(|it| it.trim().parse().ok()) {
        Some(pid) if !is_live_server(pid, place) => fs::remove_file(lock).map_err(|source| unwritable(lock, source)),
        _ => Ok(()),
    }
}

/// Memory (128 MB), connections (100) and fsync (on) are those that initdb writes into postgresql.conf, where the operator may change them;
/// what keeps strangers out is not left to that file.
fn pg_ctl_start(programs: &Programs, place: &Place) -> Result<(), StartError> {
    let sockets = place.sockets.to_string_lossy().replace('"', "\"\"");
    let sockets = shell_quoted(&format!("unix_socket_directories=\"{sockets}\""));
    let options = format!("-c listen_addresses='' -c port={PORT} -c unix_socket_permissions=0700 -c {sockets}");
    let mut pg_ctl = command(programs, place, "pg_ctl");
    pg_ctl.args(["start", "-w", "-s", "-t", &PATIENCE_SECONDS.to_string(), "-o", &options, "-D", place::DATA, "-l", place::LOG]);
    run(pg_ctl, "pg_ctl").map_err(|error| match error {
        StartError::Failed { program, said } => StartError::Failed { program, said: format!("{said}\n{}", last_lines(&read(&place.log))) },
        other => other,
    })
}

/// Ends the server's sessions and waits until it has written everything.
pub fn halt(programs: &Programs, place: &Place) -> Result<(), StartError> {
    if matches!(state(place), State::Gone) {
        return Ok(());
    }
    let mut pg_ctl = command(programs, place, "pg_ctl");
    pg_ctl.args(["stop", "-w", "-s", "-m", "fast", "-t", &PATIENCE_SECONDS.to_string(), "-D", place::DATA]);
    run(pg_ctl, "pg_ctl")
}

/// A program of Postgres: as the server's account, away from the terminal's Ctrl-C, and deaf to the PG… variables of the caller.
/// It runs in the folder that holds the data, because pg_ctl gives paths to a shell and a home may have any name.
fn command(programs: &Programs, place: &Place, program: &str) -> Command {
    let mut command = Command::new(programs.path(program));
    if let Some(account) = place.account {
        command.uid(account.uid).gid(account.gid);
    }
    for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("PG")) {
        command.env_remove(name);
    }
    // Without a locale the server does not start on macOS.
    command.env("LC_ALL", "C").current_dir(&place.base).process_group(0).stdin(Stdio::null());
    command
}

fn run(mut command: Command, program: &'static str) -> Result<(), StartError> {
    let output = command.output().map_err(|error| StartError::Failed { program, said: error.to_string() })?;
    if output.status.success() {
        return Ok(());
    }
    let said = [output.stdout, output.stderr].concat();
    Err(StartError::Failed { program, said: last_lines(&String::from_utf8_lossy(&said)) })
}

/// Opens the log for its owner only: statements that failed stand in it. It starts afresh when it has grown long.
fn open_log(place: &Place) -> Result<(), StartError> {
    let failed = |source| unwritable(&place.log, source);
    let log = File::options().create(true).append(true).mode(0o600).open(&place.log).map_err(failed)?;
    if log.metadata().map_err(failed)?.len() > LONGEST_LOG {
        log.set_len(0).map_err(failed)?;
    }
    place.hand_over(&place.log)
}

fn read(path: &Path) -> String {
    fs::read(path).map(|it| String::from_utf8_lossy(&it).into_owned()).unwrap_or_default()
}

fn last_lines(text: &str) -> String {
    let lines: Vec<&str> = text.trim().lines().collect();
    lines[lines.len().saturating_sub(8)..].join("\n")
}

/// pg_ctl hands its options to a shell.
fn shell_quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}
