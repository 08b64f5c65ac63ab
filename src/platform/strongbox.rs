//! What the shop must be able to read again but a copy of its rows should not give away: locked at rest with
//! XChaCha20-Poly1305 (ASVS 11.3.2). Keys come from the operator; a shop without one keeps its own in the database, which
//! then protects single tables and logs, not the whole database.

use chacha20poly1305::aead::{Aead, KeyInit as _, Payload};
use chacha20poly1305::{Key, XChaCha20Poly1305, XNonce};
use hmac::{Hmac, KeyInit as _, Mac};
use secrecy::ExposeSecret;
use sha2::Sha256;
use sqlx::PgPool;

use super::config::Config;
use super::{secrets, settings};

/// Settings key of the shop's own key.
const OWN: &str = "strongbox";
/// Bytes of a nonce, which stands before what it locked.
const NONCE: usize = 24;

/// The keys in hand: the first locks, all open, so that a key can be replaced (ASVS 11.2.2).
pub struct Strongbox {
    keys: Vec<XChaCha20Poly1305>,
}

impl Strongbox {
    /// With the operator's keys, and behind them the shop's own, which is made where there is no other.
    pub async fn open(config: &Config, db: &PgPool) -> sqlx::Result<Self> {
        let mut keys: Vec<String> = config.secret_keys.iter().map(|key| key.expose_secret().trim().to_owned()).collect();
        let (mut own, _): (String, i32) = settings::load(db, OWN).await?;
        if keys.is_empty() && own.is_empty() {
            // Of two nodes that make one at the same moment, the first wins.
            settings::save(db, OWN, &format!("{}{}", secrets::token(), secrets::token()), 0).await?;
            (own, _) = settings::load(db, OWN).await?;
        }
        keys.extend(Some(own).filter(|own| !own.is_empty()));
        Ok(Self::of(&keys))
    }

    fn of(keys: &[String]) -> Self {
        Self { keys: keys.iter().map(|key| XChaCha20Poly1305::new(&derived(key))).collect() }
    }

    /// Locks `plain`; it opens only as the same `what`, so that nobody moves it to another row.
    pub fn lock(&self, what: &str, plain: &[u8]) -> anyhow::Result<Vec<u8>> {
        let mut nonce = [0; NONCE];
        getrandom::fill(&mut nonce).map_err(|error| anyhow::anyhow!("the operating system gives no random bytes: {error}"))?;
        let key = self.keys.first().ok_or_else(|| anyhow::anyhow!("the strongbox has no key"))?;
        let payload = Payload { msg: plain, aad: what.as_bytes() };
        let locked = key.encrypt(&XNonce::from(nonce), payload).map_err(|_| anyhow::anyhow!("locking {what} failed"))?;
        Ok([nonce.as_slice(), &locked].concat())
    }

    /// What was locked as `what`; `None` where no key fits or somebody changed it.
    pub fn unlock(&self, what: &str, locked: &[u8]) -> Option<Vec<u8>> {
        let (nonce, rest) = locked.split_first_chunk::<NONCE>()?;
        self.keys.iter().find_map(|key| key.decrypt(&XNonce::from(*nonce), Payload { msg: rest, aad: what.as_bytes() }).ok())
    }
}

/// 32 bytes of a text of any length, for this one use of it.
fn derived(text: &str) -> Key {
    let mut mac = Hmac::<Sha256>::new_from_slice(text.as_bytes()).expect("a key of any length");
    mac.update(b"wharf strongbox 1");
    Key::from(<[u8; 32]>::from(mac.finalize().into_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_locked_opens_with_its_key_in_its_place_and_unchanged() {
        let (old, new) = ("an old key of thirty-two letters".to_owned(), "a new key of thirty-two letters!".to_owned());
        let locked = Strongbox::of(std::slice::from_ref(&old)).lock("row 1", b"secret").expect("locked");
        assert!(!locked.windows(6).any(|part| part == b"secret"));
        let replaced = Strongbox::of(&[new.clone(), old]);
        assert_eq!(replaced.unlock("row 1", &locked).as_deref(), Some(b"secret".as_slice()));
        assert_eq!(replaced.unlock("row 2", &locked), None);
        assert_eq!(Strongbox::of(&[new]).unlock("row 1", &locked), None);
        let mut changed = locked;
        *changed.last_mut().expect("bytes") ^= 1;
        assert_eq!(replaced.unlock("row 1", &changed), None);
        assert_eq!(replaced.unlock("row 1", b"short"), None);
    }
}
