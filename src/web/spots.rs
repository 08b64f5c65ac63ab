//! A visitor's personal spots in a cookie of theirs, so that a page from the cache needs no question to the database.
//!
//! What the cookie says was read from the database less than [`LIVES_SECONDS`] ago for the very cart and session that it comes
//! with, and is signed with a key that this process made for itself; another node asks the database instead. It only fills the
//! head of shared pages: carts, checkouts and accounts are always read anew, and whatever a visitor does there takes it away.

use data_encoding::BASE64URL_NOPAD;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use super::frame::Personal;
use crate::base::Instant;

/// How long a cart that is changed elsewhere, on another device, may still be counted as it was.
pub const LIVES_SECONDS: i64 = 60;
/// Bytes of the signature.
const SIGNATURE: usize = 16;
/// Bytes of a name that are carried; longer ones are read.
const LONGEST_NAME: usize = 120;

/// Signs and checks the spots of this node's visitors.
pub struct Spots(Hmac<Sha256>);

impl Spots {
    /// With a new key.
    pub fn new() -> Self {
        let key = crate::platform::secrets::token();
        Self(Hmac::new_from_slice(key.as_bytes()).expect("a key of any length"))
    }

    /// The value of the cookie; `None` where a name is too long for it.
    pub fn write(&self, personal: &Personal, cart: Option<&str>, session: Option<&str>, at: Instant) -> Option<String> {
        let name = personal.name.as_deref().unwrap_or_default();
        if name.len() > LONGEST_NAME {
            return None;
        }
        let named = if personal.name.is_some() { "1" } else { "0" };
        let said = format!("{}.{}.{named}{}", at.unix(), personal.cart_count, BASE64URL_NOPAD.encode(name.as_bytes()));
        let signature = self.signature(&said, cart, session);
        Some(format!("{said}.{signature}"))
    }

    /// What the cookie says, if it is ours, of this cart and session, and not too old. It carries no flash.
    pub fn read(&self, value: &str, cart: Option<&str>, session: Option<&str>, now: Instant) -> Option<Personal> {
        let (said, signature) = value.rsplit_once('.')?;
        if !same(signature, &self.signature(said, cart, session)) {
            return None;
        }
        let mut parts = said.split('.');
        let (at, count, name) = (parts.next()?.parse::<i64>().ok()?, parts.next()?.parse().ok()?, parts.next()?);
        if !(0..LIVES_SECONDS).contains(&now.unix().saturating_sub(at)) {
            return None;
        }
        let (named, name) = name.split_at_checked(1)?;
        let name = String::from_utf8(BASE64URL_NOPAD.decode(name.as_bytes()).ok()?).ok()?;
        Some(Personal { cart_count: count, name: (named == "1").then_some(name), flash: None })
    }

    fn signature(&self, said: &str, cart: Option<&str>, session: Option<&str>) -> String {
        let mut mac = self.0.clone();
        for part in [said, cart.unwrap_or_default(), session.unwrap_or_default()] {
            mac.update(part.as_bytes());
            mac.update(b"\n");
        }
        BASE64URL_NOPAD.encode(&mac.finalize().into_bytes()[..SIGNATURE])
    }
}

impl Default for Spots {
    fn default() -> Self {
        Self::new()
    }
}

/// Compares without telling by its time where the first difference is.
fn same(one: &str, other: &str) -> bool {
    one.len() == other.len() && one.bytes().zip(other.bytes()).fold(0, |all, (a, b)| all | (a ^ b)) == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_this_node_wrote_for_this_visitor_is_believed_and_not_for_long() {
        let (spots, at) = (Spots::new(), Instant::from_unix(1_000_000));
        let personal = Personal { cart_count: 3, name: Some("Ünal.Äda".into()), flash: None };
        let value = spots.write(&personal, Some("cart"), Some("session"), at).expect("a value");
        assert_eq!(spots.read(&value, Some("cart"), Some("session"), at.plus_seconds(59)), Some(personal.clone()));
        for (cart, session) in [(None, Some("session")), (Some("cart"), None), (Some("other"), Some("session")), (Some("session"), Some("cart"))] {
            assert_eq!(spots.read(&value, cart, session, at), None);
        }
        assert_eq!(spots.read(&value, Some("cart"), Some("session"), at.plus_seconds(60)), None, "too old");
        assert_eq!(spots.read(&value, Some("cart"), Some("session"), at.plus_seconds(-1)), None, "from tomorrow");
        assert_eq!(Spots::new().read(&value, Some("cart"), Some("session"), at), None, "of another node");
        let other = value.replacen(".3.", ".4.", 1);
        assert_eq!(spots.read(&other, Some("cart"), Some("session"), at), None);
        for odd in ["", ".", "...", "1.2.3.4", "a.b.c.d.e.f"] {
            assert_eq!(spots.read(odd, None, None, at), None, "{odd}");
        }
        let nobody = Personal { cart_count: 0, name: None, flash: None };
        let value = spots.write(&nobody, Some("cart"), None, at).expect("a value");
        assert_eq!(spots.read(&value, Some("cart"), None, at), Some(nobody));
        let long = Personal { name: Some("x".repeat(121)), ..personal };
        assert_eq!(spots.write(&long, Some("cart"), None, at), None);
    }
}
