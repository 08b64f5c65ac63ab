//! Randomness, hashes of what strangers hold, and passwords.

use argon2::{Argon2, PasswordHasher, PasswordVerifier};
use data_encoding::BASE32_NOPAD;
use sha2::{Digest, Sha256};

/// 160 random bits as 32 letters and digits; what links and cookies carry.
pub fn token() -> String {
    let mut bytes = [0; 20];
    getrandom::fill(&mut bytes).expect("the operating system gives random bytes");
    BASE32_NOPAD.encode(&bytes).to_lowercase()
}

/// What is stored of a token.
pub fn hash(token: &str) -> Vec<u8> {
    Sha256::digest(token.as_bytes()).to_vec()
}

/// Eight bytes of a SHA-256, in hex: fingerprints of texts and files.
pub fn fingerprint(bytes: &[u8]) -> String {
    data_encoding::HEXLOWER.encode(&Sha256::digest(bytes)[..8])
}

/// Argon2id (RFC 9106; 19 MiB, 2 passes: OWASP's minimum) off the async threads.
pub async fn hash_password(password: String) -> anyhow::Result<String> {
    tokio::task::spawn_blocking(move || {
        Argon2::default().hash_password(password.as_bytes()).map(|hash| hash.to_string()).map_err(|e| anyhow::anyhow!("hashing a password: {e}"))
    })
    .await?
}

/// Checks a password; with no hash on record it does the same work against a made-up one and says no (T30).
pub async fn verify_password(password: String, stored: Option<String>) -> anyhow::Result<bool> {
    tokio::task::spawn_blocking(move || {
        let is_known = stored.is_some();
        let text = stored.unwrap_or_else(|| NOBODY.clone());
        let parsed = argon2::PasswordHash::new(&text).map_err(|e| anyhow::anyhow!("a stored password hash: {e}"))?;
        Ok(Argon2::default().verify_password(password.as_bytes(), &parsed).is_ok() && is_known)
    })
    .await?
}

/// Makes the hash that unknown accounts are checked against, so that not even the first of them takes longer (T30).
pub fn warm() {
    std::sync::LazyLock::force(&NOBODY);
}

static NOBODY: std::sync::LazyLock<String> = std::sync::LazyLock::new(|| {
    Argon2::default().hash_password(token().as_bytes()).map(|hash| hash.to_string()).expect("the default parameters are valid")
});

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_password_opens_only_its_own_hash() {
        let stored = hash_password("correct horse".into()).await.expect("hashed");
        assert!(verify_password("correct horse".into(), Some(stored.clone())).await.expect("checked"));
        assert!(!verify_password("wrong horse".into(), Some(stored)).await.expect("checked"));
        assert!(!verify_password("anything".into(), None).await.expect("checked"));
    }
}
