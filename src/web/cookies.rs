//! Cookies whose names and `Secure` follow the public origin: `__Host-…` on https, a plain name on http loopback.

use axum::http::{HeaderMap, HeaderValue, header};

/// The cookies of the shop.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cookie {
    Cart,
    Customer,
    Staff,
    /// A member of staff whose password was right, on the way to the second factor.
    StaffCode,
    Flash,
    /// Where a change that was just made can be taken back.
    Undo,
    /// The visitor's personal spots: [`super::spots`].
    Spots,
}

/// Characters of what can be taken back; browsers keep some 4,000 of a cookie.
pub const LONGEST_UNDO: usize = 3_000;

impl Cookie {
    const fn name(self, is_https: bool) -> &'static str {
        match (self, is_https) {
            (Self::Cart, true) => "__Host-cart",
            (Self::Cart, false) => "cart",
            (Self::Customer, true) => "__Host-session",
            (Self::Customer, false) => "session",
            (Self::Staff, true) => "__Host-staff",
            (Self::Staff, false) => "staff",
            (Self::StaffCode, true) => "__Host-staff-code",
            (Self::StaffCode, false) => "staff-code",
            (Self::Flash, true) => "__Host-flash",
            (Self::Flash, false) => "flash",
            (Self::Undo, true) => "__Host-undo",
            (Self::Undo, false) => "undo",
            (Self::Spots, true) => "__Host-spots",
            (Self::Spots, false) => "spots",
        }
    }

    /// Whether we could have set this value: a token, a key, or an address with its parameters.
    fn is_ours(self, value: &str) -> bool {
        let (longest, signs) = match self {
            Self::Undo => (LONGEST_UNDO, "-._*%&=+/?"),
            Self::Spots => (300, "-._"),
            Self::Cart | Self::Customer | Self::Staff | Self::StaffCode | Self::Flash => (64, "-"),
        };
        !value.is_empty() && value.len() <= longest && value.bytes().all(|b| b.is_ascii_alphanumeric() || signs.contains(char::from(b)))
    }

    /// The value sent by the browser; anything that is not one of our tokens or keys is no value.
    pub fn read(self, headers: &HeaderMap, is_https: bool) -> Option<String> {
        let name = self.name(is_https);
        headers
            .get_all(header::COOKIE)
            .iter()
            .filter_map(|line| line.to_str().ok())
            .flat_map(|line| line.split(';'))
            .filter_map(|pair| pair.trim().split_once('='))
            .find(|(key, value)| *key == name && self.is_ours(value))
            .map(|(_, value)| value.to_owned())
    }

    /// `Set-Cookie` for a value that lives `seconds`; HttpOnly, SameSite=Lax, whole site.
    pub fn set(self, value: &str, seconds: i64, is_https: bool) -> HeaderValue {
        let secure = if is_https { "; Secure" } else { "" };
        HeaderValue::from_str(&format!("{}={value}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Lax{secure}", self.name(is_https)))
            .expect("tokens and keys are visible ASCII")
    }

    /// `Set-Cookie` that removes it.
    pub fn clear(self, is_https: bool) -> HeaderValue {
        self.set("", 0, is_https)
    }
}
