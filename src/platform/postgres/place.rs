//! Where the private Postgres keeps its files, and the account it runs as: Postgres refuses to run as root.

use std::fs::{self, DirBuilder, Metadata};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{DirBuilderExt, MetadataExt, PermissionsExt, chown};
use std::path::{Path, PathBuf};
use std::process::Command;

use sha2::{Digest, Sha256};

use super::StartError;

/// A socket's address has room for 103 bytes on macOS and 107 on Linux.
const LONGEST_SOCKET: usize = 100;
/// The port names the socket file; nothing listens on TCP.
pub const PORT: u16 = 5432;

/// The names of what `base` holds.
pub const DATA: &str = "data";
pub const DRAFT: &str = "data.new";
pub const LOG: &str = "log";

/// The user and group that the server runs as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Account {
    pub uid: u32,
    pub gid: u32,
}

/// The folders of one private Postgres. `base` is ours; `data`, `sockets` and `log` belong to the account of the server.
#[derive(Debug)]
pub struct Place {
    pub base: PathBuf,
    pub data: PathBuf,
    /// Where a first start makes the data before it moves them to `data` whole.
    pub draft: PathBuf,
    pub log: PathBuf,
    /// Mode 0700: who may enter it may use the database.
    pub sockets: PathBuf,
    /// Set where the server may not run as the user of this process, which is root.
    pub account: Option<Account>,
    /// True where the home is closed to the account, so that the files are under `/var/lib/wharf`.
    pub is_elsewhere: bool,
}

impl Place {
    /// Chooses the folders for a home (an existing folder, canonical) and makes those that are missing.
    pub fn prepare(home: &Path) -> Result<Self, StartError> {
        let mark = mark(home);
        let base = home.join("postgres");
        let mut account = account_for(&base.join(DATA))?;
        let is_elsewhere = account.is_some_and(|it| !is_open_to(home, it));
        let base = if is_elsewhere { PathBuf::from("/var/lib/wharf").join(&mark) } else { base };
        let data = base.join(DATA);
        if is_elsewhere {
            make_folder(Path::new("/var/lib/wharf"), 0o755, None)?;
            account = account_for(&data)?;
        }
        // With an account of its own, the server must pass through; the folders inside are closed.
        make_folder(&base, if account.is_some() { 0o711 } else { 0o700 }, None)?;
        let sockets = socket_folder(&base, &mark, account);
        make_folder(&sockets, 0o700, account)?;
        Ok(Self { draft: base.join(DRAFT), log: base.join(LOG), data, base, sockets, account, is_elsewhere })
    }

    /// Gives a file or folder to the account of the server.
    pub fn hand_over(&self, path: &Path) -> Result<(), StartError> {
        let Some(account) = self.account else { return Ok(()) };
        chown(path, Some(account.uid), Some(account.gid)).map_err(|source| unwritable(path, source))
    }
}

pub fn unwritable(folder: &Path, because: std::io::Error) -> StartError {
    StartError::Unwritable { folder: folder.to_owned(), because }
}

/// Makes a folder that is missing. One that is there must have the right owner: in a shared temporary folder it may be a stranger's.
fn make_folder(folder: &Path, mode: u32, account: Option<Account>) -> Result<(), StartError> {
    let failed = |source| unwritable(folder, source);
    match DirBuilder::new().mode(mode).create(folder) {
        Ok(()) => {
            // The mask of the process may have taken bits away.
            fs::set_permissions(folder, fs::Permissions::from_mode(mode)).map_err(failed)?;
            if let Some(account) = account {
                chown(folder, Some(account.uid), Some(account.gid)).map_err(failed)?;
            }
            Ok(())
        }
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {
            let found = fs::symlink_metadata(folder).map_err(failed)?;
            let owner = account.map_or_else(own_uid, |it| it.uid);
            if found.is_dir() && (found.uid() == owner || (account.is_none() && owner == 0)) {
                return Ok(());
            }
            Err(StartError::OtherOwner { folder: folder.to_owned(), owner: found.uid() })
        }
        Err(error) => Err(failed(error)),
    }
}

/// A short name that is the same for the same home.
fn mark(home: &Path) -> String {
    data_encoding::HEXLOWER.encode(&Sha256::digest(home.as_os_str().as_bytes())[..8])
}

/// The account for the server: nobody else's when we are an ordinary user; for root the owner of existing data, else `postgres` or `nobody`.
fn account_for(data: &Path) -> Result<Option<Account>, StartError> {
    let owner = fs::symlink_metadata(data).ok().map(|it| Account { uid: it.uid(), gid: it.gid() });
    let own = own_uid();
    match owner {
        _ if own != 0 && owner.is_none_or(|it| it.uid == own) => Ok(None),
        Some(owner) if own != 0 => Err(StartError::OtherOwner { folder: data.to_owned(), owner: owner.uid }),
        Some(owner) if owner.uid != 0 => Ok(Some(owner)),
        _ => {
            let users = fs::read_to_string("/etc/passwd").unwrap_or_default();
            let account = ["postgres", "_postgres", "nobody"].iter().find_map(|name| account_named(&users, name));
            account.map(Some).ok_or(StartError::NoAccount)
        }
    }
}

/// The user of this process; the standard library does not tell. Without an answer Postgres itself judges.
fn own_uid() -> u32 {
    if let Ok(this) = fs::metadata("/proc/self") {
        return this.uid();
    }
    let said = Command::new("id").arg("-u").output().map(|it| it.stdout).unwrap_or_default();
    String::from_utf8_lossy(&said).trim().parse().unwrap_or(u32::MAX)
}

fn account_named(users: &str, name: &str) -> Option<Account> {
    let line = users.lines().find(|line| line.split(':').next() == Some(name))?;
    let mut numbers = line.split(':').skip(2);
    let account = Account { uid: numbers.next()?.parse().ok()?, gid: numbers.next()?.parse().ok()? };
    (account.uid != 0).then_some(account)
}

/// Whether the account may pass through every folder on the way.
fn is_open_to(folder: &Path, account: Account) -> bool {
    folder.ancestors().all(|step| fs::metadata(step).is_ok_and(|it| may_pass(&it, account)))
}

fn may_pass(folder: &Metadata, account: Account) -> bool {
    let bit = match folder {
        it if it.uid() == account.uid => 0o100,
        it if it.gid() == account.gid => 0o010,
        _ => 0o001,
    };
    folder.mode() & bit != 0
}

/// Beside the data, unless a socket's address has no room for that; then in the temporary folder.
fn socket_folder(base: &Path, mark: &str, account: Option<Account>) -> PathBuf {
    let name = format!("wharf-{mark}");
    let temporary = std::env::temp_dir();
    let is_reachable = account.is_none_or(|it| is_open_to(&temporary, it));
    let choices = [Some(base.join("run")), is_reachable.then(|| temporary.join(&name))];
    choices.into_iter().flatten().find(|it| has_room(it)).unwrap_or_else(|| Path::new("/tmp").join(&name))
}

fn has_room(sockets: &Path) -> bool {
    let socket = sockets.join(format!(".s.PGSQL.{PORT}"));
    socket.to_str().is_some_and(|it| it.len() < LONGEST_SOCKET)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_homes_have_their_socket_in_the_temporary_folder() {
        let mark = mark(Path::new("/srv/shop/.wharf"));
        assert_eq!(mark.len(), 16);
        assert_eq!(socket_folder(Path::new("/srv/shop/.wharf/postgres"), &mark, None), Path::new("/srv/shop/.wharf/postgres/run"));
        let long = PathBuf::from(format!("/srv/{}/postgres", "x".repeat(80)));
        let chosen = socket_folder(&long, &mark, None);
        assert!(chosen.ends_with(format!("wharf-{mark}")) && has_room(&chosen), "{chosen:?}");
    }

    #[test]
    fn accounts_come_from_the_list_of_users() {
        let users = "root:x:0:0::/root:/bin/sh\npostgres:x:101:104:PostgreSQL:/var/lib/postgresql:/bin/bash\nnobody:*:-2:-2::/:/bin/false\n";
        assert_eq!(account_named(users, "postgres"), Some(Account { uid: 101, gid: 104 }));
        assert_eq!(account_named(users, "nobody"), None);
        assert_eq!(account_named(users, "root"), None);
    }

    #[test]
    fn a_private_folder_closes_all_that_is_below() {
        let root = std::env::temp_dir().join(format!("wharf-place-{}", std::process::id()));
        let below = root.join("below");
        fs::create_dir_all(&below).unwrap();
        fs::set_permissions(&below, fs::Permissions::from_mode(0o755)).unwrap();
        let stranger = Account { uid: 4_000_000, gid: 4_000_000 };
        fs::set_permissions(&root, fs::Permissions::from_mode(0o755)).unwrap();
        let was_open = is_open_to(&below, stranger);
        fs::set_permissions(&root, fs::Permissions::from_mode(0o700)).unwrap();
        let is_open = is_open_to(&below, stranger);
        fs::remove_dir_all(&root).unwrap();
        assert!(was_open && !is_open);
    }
}
