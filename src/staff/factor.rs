//! The second factor: an authenticator app that shows six digits anew every 30 seconds (RFC 6238), and ten recovery codes
//! for the day it is lost. Pure: what is stored and when it counts is the verbs' business.

use totp_rs::{Builder, Secret, Totp};

use crate::base::Instant;

/// Bytes of a secret: 160 bits, as RFC 4226 section 4 recommends.
pub const SECRET: usize = 20;
/// Codes for the day the app is lost.
pub const RECOVERY_CODES: usize = 10;
/// Random bytes of a recovery code: 120 bits, so that a plain hash of it is enough (ASVS 6.5.2).
const RECOVERY_BYTES: usize = 15;
/// Letters and digits of a recovery code without its hyphens.
const RECOVERY_LETTERS: usize = RECOVERY_BYTES * 8 / 5;

/// What somebody typed where a code is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Typed {
    /// Six digits of the app.
    App(String),
    /// A recovery code, freed of hyphens.
    Recovery(String),
    Neither,
}

impl Typed {
    /// Reads a code as people write it: with blanks and hyphens, in letters of either case.
    pub fn read(text: &str) -> Self {
        let plain: String = text.chars().filter(|c| !c.is_whitespace() && *c != '-').take(64).collect::<String>().to_lowercase();
        if plain.len() == 6 && plain.bytes().all(|byte| byte.is_ascii_digit()) {
            return Self::App(plain);
        }
        let is_ours = plain.len() == RECOVERY_LETTERS && plain.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'2'..=b'7'));
        if is_ours { Self::Recovery(plain) } else { Self::Neither }
    }
}

/// The secret that the shop and one app share.
pub struct Factor(Totp);

impl Factor {
    /// SHA-1, six digits, 30 seconds, one step of drift either way (RFC 6238 section 5.2): what every app understands.
    pub fn of(secret: [u8; SECRET]) -> Self {
        Self(Builder::new().with_secret(Secret::new_stack(secret)).build_noncompliant())
    }

    /// With the names that the app shows.
    fn named(&self, shop: &str, account: &str) -> Totp {
        let plain = |name: &str| name.replace(':', " ");
        let mut secret = [0; SECRET];
        secret.copy_from_slice(self.0.secret().as_bytes());
        let builder = Builder::new().with_secret(Secret::new_stack(secret));
        builder.with_issuer(Some(plain(shop))).with_account_name(plain(account)).build_noncompliant()
    }

    /// The step whose code this is, if it is that of `at` or of a neighbour.
    pub fn step_of(&self, digits: &str, at: Instant) -> Option<i64> {
        let step = self.0.check(digits, u64::try_from(at.unix()).ok()?)?;
        i64::try_from(step).ok()
    }

    /// The address that a QR code carries to the app.
    pub fn address(&self, shop: &str, account: &str) -> anyhow::Result<String> {
        self.named(shop, account).to_url().map_err(|error| anyhow::anyhow!("the address of a second factor: {error}"))
    }

    /// The secret in groups of four, to be typed where no QR code can be read.
    pub fn groups(&self) -> String {
        grouped(&data_encoding::BASE32_NOPAD.encode(self.0.secret().as_bytes()))
    }
}

/// Random bytes of the operating system.
fn random<const N: usize>() -> anyhow::Result<[u8; N]> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|error| anyhow::anyhow!("the operating system gives no random bytes: {error}"))?;
    Ok(bytes)
}

/// A new secret.
pub fn fresh_secret() -> anyhow::Result<[u8; SECRET]> {
    random()
}

/// Ten new recovery codes as they are stored hashed; [`grouped`] is how they are shown.
pub fn fresh_recovery_codes() -> anyhow::Result<Vec<String>> {
    (0..RECOVERY_CODES).map(|_| Ok(data_encoding::BASE32_NOPAD.encode(&random::<RECOVERY_BYTES>()?).to_lowercase())).collect()
}

/// Groups of four, which eyes can keep while fingers type.
pub fn grouped(code: &str) -> String {
    let letters: Vec<char> = code.chars().collect();
    letters.chunks(4).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join("-")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 6238, appendix B: the secret of the test vectors for SHA-1.
    const RFC: [u8; SECRET] = *b"12345678901234567890";

    #[test]
    fn codes_are_those_of_the_rfc_and_drift_by_one_step() {
        let factor = Factor::of(RFC);
        for (at, digits) in [(59, "287082"), (1_111_111_109, "081804"), (1_234_567_890, "005924"), (2_000_000_000, "279037")] {
            assert_eq!(factor.step_of(digits, Instant::from_unix(at)), Some(at / 30), "{at}");
            assert_eq!(factor.step_of(digits, Instant::from_unix(at + 30)), Some(at / 30), "one step late");
            assert_eq!(factor.step_of(digits, Instant::from_unix(at - 30)), Some(at / 30), "one step early");
            assert_eq!(factor.step_of(digits, Instant::from_unix(at + 61)), None, "two steps late");
        }
    }

    #[test]
    fn codes_are_read_as_people_write_them() {
        assert_eq!(Typed::read(" 287 082 "), Typed::App("287082".into()));
        let code = fresh_recovery_codes().expect("codes").remove(0);
        assert_eq!(Typed::read(&grouped(&code).to_uppercase()), Typed::Recovery(code));
        for odd in ["", "28708", "28708²", "+87082", "abcd-efgh", &"a".repeat(500)] {
            assert_eq!(Typed::read(odd), Typed::Neither, "{odd:?}");
        }
    }

    #[test]
    fn an_app_is_told_the_shop_and_the_account() {
        let address = Factor::of(RFC).address("Pots: & pans", "mei@example.com").expect("an address");
        assert_eq!(
            address,
            "otpauth://totp/Pots%20%20%26%20pans:mei%40example.com?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Pots%20%20%26%20pans"
        );
        assert_eq!(Factor::of(RFC).groups(), "GEZD-GNBV-GY3T-QOJQ-GEZD-GNBV-GY3T-QOJQ");
    }

    #[test]
    fn recovery_codes_differ_and_hold_120_bits() {
        let codes = fresh_recovery_codes().expect("codes");
        let different: std::collections::BTreeSet<&String> = codes.iter().collect();
        assert!(different.len() == RECOVERY_CODES && codes.iter().all(|code| code.len() == RECOVERY_LETTERS));
    }
}
