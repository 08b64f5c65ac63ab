//! The file: tar in gzip in age. Whoever writes to it must end it; whoever reads it knows by its end that it is whole.

use std::fs::File;
use std::io::{BufReader, BufWriter, Read};
use std::path::{Path, PathBuf};

use age::secrecy::SecretString;
use anyhow::Context;
use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;

type Out = GzEncoder<age::stream::StreamWriter<BufWriter<File>>>;

/// An archive that is being written beside its place, and takes it when it is whole.
pub(super) struct Writer {
    tar: tar::Builder<Out>,
    draft: PathBuf,
    place: PathBuf,
    made_at: u64,
}

impl Writer {
    pub fn create(place: &Path, passphrase: &str, made_at: u64) -> anyhow::Result<Self> {
        let mut draft = place.as_os_str().to_owned();
        draft.push(".part");
        let draft = PathBuf::from(draft);
        let file = private(&draft).with_context(|| format!("{} cannot be written", draft.display()))?;
        let encryptor = age::Encryptor::with_user_passphrase(SecretString::from(passphrase.to_owned()));
        let encrypted = encryptor.wrap_output(BufWriter::new(file))?;
        let tar = tar::Builder::new(GzEncoder::new(encrypted, Compression::new(4)));
        Ok(Self { tar, draft, place: place.to_owned(), made_at })
    }

    pub fn add(&mut self, name: &str, bytes: &[u8]) -> std::io::Result<()> {
        let mut head = tar::Header::new_gnu();
        head.set_size(bytes.len() as u64);
        head.set_mode(0o600);
        head.set_mtime(self.made_at);
        self.tar.append_data(&mut head, name, bytes)
    }

    /// Writes everything down and gives the file its name; its size in bytes.
    pub fn finish(self) -> anyhow::Result<u64> {
        let file = self.tar.into_inner()?.finish()?.finish()?.into_inner().map_err(std::io::IntoInnerError::into_error)?;
        file.sync_all()?;
        let size = file.metadata()?.len();
        std::fs::rename(&self.draft, &self.place)?;
        Ok(size)
    }
}

/// A new file that only its owner reads.
fn private(path: &Path) -> std::io::Result<File> {
    let mut options = File::options();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

/// Why a file is not read.
#[derive(Debug, thiserror::Error)]
pub enum Unreadable {
    #[error("{0} cannot be read: {1}")]
    File(String, std::io::Error),
    #[error("the file is not a backup, or it is damaged at its beginning")]
    NoBackup,
    #[error("the passphrase is not that of this backup")]
    Passphrase,
}

/// Bytes of the largest entry that is read. We write rows in chunks of some megabytes, and no original is larger than 20.
const LARGEST_ENTRY: u64 = 256 * 1024 * 1024;

/// The bytes of an entry. No memory is taken for what it claims to hold, only for what is there.
///
/// # Errors
/// Where the archive ends early or was changed, or the entry is larger than any that we write.
pub(super) fn read(entry: &mut tar::Entry<'_, impl Read>) -> std::io::Result<Vec<u8>> {
    if entry.size() > LARGEST_ENTRY {
        return Err(std::io::Error::other("an entry larger than any of ours"));
    }
    let mut bytes = Vec::new();
    entry.read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Opens a backup; its entries come in the order in which they were written.
pub(super) fn open(path: &Path, passphrase: &str) -> Result<tar::Archive<impl Read>, Unreadable> {
    let file = File::open(path).map_err(|error| Unreadable::File(path.display().to_string(), error))?;
    let decryptor = age::Decryptor::new_buffered(BufReader::new(file)).map_err(|_| Unreadable::NoBackup)?;
    if !decryptor.is_scrypt() {
        return Err(Unreadable::NoBackup);
    }
    let identity = age::scrypt::Identity::new(SecretString::from(passphrase.to_owned()));
    let plain = decryptor.decrypt(std::iter::once(&identity as &dyn age::Identity)).map_err(|_| Unreadable::Passphrase)?;
    Ok(tar::Archive::new(GzDecoder::new(plain)))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use proptest::sample::Index;

    use super::*;

    const PASSPHRASE: &str = "a passphrase of the tests";

    fn folder() -> PathBuf {
        let folder = std::env::temp_dir().join(format!("wharf-archive-{}", uuid::Uuid::now_v7()));
        std::fs::create_dir_all(&folder).expect("a folder");
        folder
    }

    fn entries(place: &Path) -> anyhow::Result<Vec<(String, Vec<u8>)>> {
        let mut archive = open(place, PASSPHRASE)?;
        let entries = archive.entries()?.map(|entry| {
            let mut entry = entry?;
            Ok((entry.path()?.to_string_lossy().into_owned(), read(&mut entry)?))
        });
        entries.collect()
    }

    proptest! {
        // Few: each asks for the second that deriving a key from a passphrase takes on purpose. `WHARF_STRANGERS` asks for more.
        #![proptest_config(ProptestConfig {
            cases: std::env::var("WHARF_STRANGERS").ok().and_then(|number| number.parse().ok()).unwrap_or(4).min(500),
            failure_persistence: None,
            max_shrink_iters: 4,
            ..ProptestConfig::default()
        })]

        /// A backup that was changed anywhere is refused, or says what was written; never something else.
        #[test]
        fn a_changed_backup_says_nothing_else(
            written in prop::collection::vec(("rows/[a-z]{1,9}/[0-9]{6}|files/[a-z0-9]{1,20}", prop::collection::vec(any::<u8>(), 0..3_000)), 1..4),
            at in any::<Index>(),
            bit in 0..8_u8,
            cuts in any::<bool>(),
        ) {
            let folder = folder();
            let place = folder.join("backup.age");
            let mut writer = Writer::create(&place, PASSPHRASE, 1_700_000_000).expect("a file");
            for (name, bytes) in &written {
                writer.add(name, bytes).expect("an entry");
            }
            let size = writer.finish().expect("a backup");
            let mut bytes = std::fs::read(&place).expect("the backup");
            prop_assert_eq!(u64::try_from(bytes.len()).ok(), Some(size));
            let at = at.index(bytes.len());
            if cuts {
                bytes.truncate(at);
            } else {
                bytes[at] ^= 1 << bit;
            }
            std::fs::write(&place, &bytes).expect("changed");
            if let Ok(read) = entries(&place) {
                prop_assert_eq!(read, written);
            }
            std::fs::remove_dir_all(folder).expect("tidied");
        }
    }

    #[test]
    fn an_entry_that_claims_to_be_endless_takes_no_memory() {
        let mut head = tar::Header::new_gnu();
        head.set_path("rows/orders/000000").expect("a path");
        head.set_cksum();
        for claimed in [LARGEST_ENTRY + 1, 1 << 40, u64::MAX >> 1] {
            head.set_size(claimed);
            head.set_cksum();
            let mut archive = tar::Archive::new(&head.as_bytes()[..]);
            let mut entry = archive.entries().expect("entries").next().expect("one").expect("a header");
            assert!(read(&mut entry).is_err(), "{claimed}");
        }
        head.set_size(LARGEST_ENTRY);
        head.set_cksum();
        let mut archive = tar::Archive::new(&head.as_bytes()[..]);
        let mut entry = archive.entries().expect("entries").next().expect("one").expect("a header");
        assert!(read(&mut entry).is_ok_and(|bytes| bytes.is_empty()) || archive.entries().is_err(), "what is not there is not waited for");
    }
}
