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
