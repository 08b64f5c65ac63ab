//! Finds the Postgres programs that are installed on this machine and picks the ones to use.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::StartError;

/// The oldest Postgres that the shop's migrations are written for.
pub const OLDEST: u32 = 15;

/// The Postgres programs of one version, all in one folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Programs {
    folder: PathBuf,
    pub major: u32,
}

impl Programs {
    /// The full path of one program, for example `initdb`.
    pub fn path(&self, program: &str) -> PathBuf {
        self.folder.join(program)
    }
}

/// The programs to use. `made_by` is the version that made the data that are already there: Postgres opens only its own version's data.
pub fn programs(made_by: Option<u32>) -> Result<Programs, StartError> {
    pick(installed(), made_by)
}

/// The first of the list (what PATH names) where it fits, else the newest that does.
fn pick(installed: Vec<Programs>, made_by: Option<u32>) -> Result<Programs, StartError> {
    let newest = installed.iter().max_by_key(|it| it.major).cloned();
    let mut fitting: Vec<_> = installed.into_iter().filter(|it| it.major >= OLDEST && made_by.is_none_or(|major| major == it.major)).collect();
    if !fitting.is_empty() {
        return Ok(fitting.swap_remove(0));
    }
    Err(match (newest, made_by) {
        (None, _) => StartError::NotFound { advice: advice() },
        (Some(it), None) => StartError::TooOld { found: it.major, folder: it.folder },
        (Some(it), Some(made_by)) => StartError::OtherVersion { made_by, found: it.major, folder: it.folder },
    })
}

/// Every installed Postgres: the one of PATH first, then the newest of the usual places.
fn installed() -> Vec<Programs> {
    let mut found: Vec<Programs> = Vec::new();
    for folder in path_folders() {
        found.extend(programs_in(&folder));
    }
    let from_path = found.len();
    for (root, below) in [
        ("/usr/lib/postgresql", "bin"),
        ("/opt/homebrew/opt", "bin"),
        ("/usr/local/opt", "bin"),
        ("/usr", "bin"),
        ("/Applications/Postgres.app/Contents/Versions", "bin"),
    ] {
        for folder in version_folders(Path::new(root)) {
            found.extend(programs_in(&folder.join(below)));
        }
    }
    found[from_path..].sort_by_key(|it| std::cmp::Reverse(it.major));
    found
}

/// The folders of PATH that name a Postgres. A link is followed, because its folder may hold only some of the programs.
fn path_folders() -> Vec<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let links = std::env::split_paths(&path).map(|folder| folder.join("postgres"));
    links.filter_map(|link| link.canonicalize().ok()?.parent().map(Path::to_owned)).collect()
}

/// The folders below `root` whose names are those of a Postgres: `17`, `postgresql@17`, `pgsql-17`, `postgresql`.
fn version_folders(root: &Path) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(root) else { return Vec::new() };
    let names_one = |name: &str| name.starts_with("postgresql") || name.starts_with("pgsql-") || name.parse::<f32>().is_ok();
    entries.flatten().filter(|it| it.file_name().to_str().is_some_and(names_one)).map(|it| it.path()).collect()
}

fn programs_in(folder: &Path) -> Option<Programs> {
    if !["postgres", "initdb", "pg_ctl"].iter().all(|program| folder.join(program).is_file()) {
        return None;
    }
    let said = Command::new(folder.join("postgres")).arg("--version").current_dir("/").output().ok()?;
    let major = major_version(&String::from_utf8_lossy(&said.stdout))?;
    Some(Programs { folder: folder.to_owned(), major })
}

/// Reads `postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)`, `… 18beta1`, `… 9.6.24`.
fn major_version(said: &str) -> Option<u32> {
    let version = said.split_once("(PostgreSQL)")?.1.trim_start();
    let digits = version.find(|c: char| !c.is_ascii_digit()).unwrap_or(version.len());
    version[..digits].parse().ok()
}

fn advice() -> &'static str {
    if cfg!(target_os = "macos") {
        return "`brew install postgresql@17`";
    }
    let system = std::fs::read_to_string("/etc/os-release").unwrap_or_default();
    let is = |names: &[&str]| names.iter().any(|name| system.contains(name));
    if is(&["debian", "ubuntu"]) {
        "`apt-get install postgresql`"
    } else if is(&["fedora", "rhel", "centos", "suse"]) {
        "the package postgresql-server (`dnf install postgresql-server postgresql-contrib`)"
    } else if is(&["alpine"]) {
        "`apk add postgresql17 postgresql17-contrib`"
    } else if is(&["arch"]) {
        "`pacman -S postgresql`"
    } else {
        "the Postgres server, version 15 or newer, with its contrib modules"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn programs(folder: &str, major: u32) -> Programs {
        Programs { folder: folder.into(), major }
    }

    #[test]
    fn versions_are_read_as_every_packager_writes_them() {
        assert_eq!(major_version("postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)\n"), Some(15));
        assert_eq!(major_version("postgres (PostgreSQL) 17.6 (Homebrew)"), Some(17));
        assert_eq!(major_version("postgres (PostgreSQL) 18beta1"), Some(18));
        assert_eq!(major_version("postgres (PostgreSQL) 9.6.24"), Some(9));
        assert_eq!(major_version("postgres (EnterpriseThing) 12"), None);
        assert_eq!(major_version("postgres (PostgreSQL) devel"), None);
    }

    #[test]
    fn the_first_that_fits_is_used() {
        let all = || vec![programs("/path", 14), programs("/new", 17), programs("/old", 15)];
        assert_eq!(pick(all(), None).unwrap(), programs("/new", 17));
        assert_eq!(pick(all(), Some(15)).unwrap(), programs("/old", 15));
    }

    #[test]
    fn what_does_not_fit_is_named() {
        assert!(matches!(pick(vec![], None), Err(StartError::NotFound { .. })));
        assert!(matches!(pick(vec![programs("/path", 14)], None), Err(StartError::TooOld { found: 14, .. })));
        assert!(matches!(pick(vec![programs("/path", 17)], Some(16)), Err(StartError::OtherVersion { made_by: 16, found: 17, .. })));
    }
}
