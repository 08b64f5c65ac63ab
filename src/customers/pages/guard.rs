//! Slows guessing down. Three counters, none of which locks an account for good: a stranger who knows an address only
//! uses up their own tries on it, until they come from many places; and each counter begins anew after 15 minutes.

use std::net::IpAddr;

use crate::app::App;
use crate::platform::{secrets, throttle};
use crate::web::AppError;
use crate::web::limits::Rate;

const WINDOW_SECONDS: i64 = 900;

/// The counters of one try.
pub struct Guard {
    from: IpAddr,
    pair: String,
    account: String,
    address: String,
    tries: i32,
}

impl Guard {
    /// `tries` is what one place may do to one `account` (an e-mail key or an id) in 15 minutes.
    pub fn new(what: &str, account: &str, from: IpAddr, tries: i32) -> Self {
        let account = secrets::fingerprint(account.as_bytes());
        let place = place(from);
        Self { from, pair: format!("{what}:{account}:{place}"), account: format!("{what}:{account}"), address: format!("{what}:from:{place}"), tries }
    }

    /// Counts one try; too many answer 429 and say when to come back.
    pub async fn check(&self, app: &App) -> Result<(), AppError> {
        app.rates.check(Rate::Credentials, self.from).map_err(AppError::TooMany)?;
        let factor = i32::try_from(app.config.rates()).unwrap_or(i32::MAX);
        let now = app.now();
        let mut is_fine = true;
        for (key, limit) in [
            (&self.pair, self.tries),
            (&self.account, self.tries.saturating_mul(10)),
            (&self.address, self.tries.saturating_mul(6).saturating_mul(factor)),
        ] {
            is_fine &= throttle::allow(&app.db, key, limit, WINDOW_SECONDS, now).await?;
        }
        if is_fine { Ok(()) } else { Err(AppError::TooMany(WINDOW_SECONDS.unsigned_abs())) }
    }

    /// The right person came through: their tries are forgotten, those of the place are not.
    pub async fn clear(&self, app: &App) -> sqlx::Result<()> {
        throttle::clear(&app.db, &self.pair).await?;
        throttle::clear(&app.db, &self.account).await
    }
}

/// An address as one place: a household holds a whole /64 of IPv6.
fn place(from: IpAddr) -> String {
    match from {
        IpAddr::V4(address) => address.to_string(),
        IpAddr::V6(address) => address.segments()[..4].iter().map(|part| format!("{part:x}")).collect::<Vec<_>>().join(":"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_household_is_one_place() {
        let place_of = |text: &str| place(text.parse().expect("an address"));
        assert_eq!(place_of("2001:db8:1:2::1"), place_of("2001:db8:1:2:ffff::9"));
        assert_ne!(place_of("192.0.2.1"), place_of("192.0.2.2"));
    }
}
