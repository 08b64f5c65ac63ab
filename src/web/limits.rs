//! How much anybody may ask for: sizes of bodies and fields, and named rates per address.

use std::net::IpAddr;
use std::num::NonZeroU32;

use governor::clock::{Clock, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};

/// Bytes of an ordinary form.
pub const FORM_BYTES: usize = 64 * 1024;
/// Bytes of a form with long texts or many rows, for staff: a text of [`TEXT`] characters, percent-encoded.
pub const LONG_FORM_BYTES: usize = 1024 * 1024;
/// Bytes of an upload (pictures, CSV).
pub const UPLOAD_BYTES: usize = 24 * 1024 * 1024;
/// Bytes of a webhook.
pub const WEBHOOK_BYTES: usize = 512 * 1024;
/// Bytes of a message in which a browser reports what it refused.
pub const REPORT_BYTES: usize = 16 * 1024;
/// Characters of a one-line field.
pub const LINE: usize = 255;
/// Characters of a long text.
pub const TEXT: usize = 100_000;
/// The most of one variant in one cart.
pub const MAX_QTY: i64 = 999;
/// Different lines in one cart.
pub const MAX_LINES: i64 = 200;
/// Seconds a request may take.
pub const REQUEST_SECONDS: u64 = 30;

/// What is limited.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rate {
    /// Pages that are not served from memory.
    Pages,
    /// Anything that changes something.
    Writes,
    /// Sign-in, sign-up, reset: on top of the counters per account in Postgres.
    Credentials,
    /// Placing orders and starting payments (T33).
    Checkout,
    /// What browsers report by themselves: apart from [`Rate::Writes`], so that an extension costs nobody their purchase.
    Reports,
}

/// The limiters of one node.
pub struct Rates {
    pages: DefaultKeyedRateLimiter<IpAddr>,
    writes: DefaultKeyedRateLimiter<IpAddr>,
    credentials: DefaultKeyedRateLimiter<IpAddr>,
    checkout: DefaultKeyedRateLimiter<IpAddr>,
    reports: DefaultKeyedRateLimiter<IpAddr>,
}

impl Rates {
    /// `factor` multiplies every limit.
    pub fn new(factor: u32) -> Self {
        let per_minute = |n: u32| {
            let n = NonZeroU32::new(n.saturating_mul(factor)).unwrap_or(NonZeroU32::MIN);
            RateLimiter::keyed(Quota::per_minute(n))
        };
        Self { pages: per_minute(1_200), writes: per_minute(240), credentials: per_minute(30), checkout: per_minute(60), reports: per_minute(60) }
    }

    /// Counts one; where it is too many, how many seconds to wait.
    pub fn check(&self, rate: Rate, from: IpAddr) -> Result<(), u64> {
        let limiter = match rate {
            Rate::Pages => &self.pages,
            Rate::Writes => &self.writes,
            Rate::Credentials => &self.credentials,
            Rate::Checkout => &self.checkout,
            Rate::Reports => &self.reports,
        };
        limiter.check_key(&from).map_err(|wait| wait.wait_time_from(DefaultClock::default().now()).as_secs() + 1)
    }

    /// Forgets addresses that have been quiet.
    pub fn sweep(&self) {
        for limiter in [&self.pages, &self.writes, &self.credentials, &self.checkout, &self.reports] {
            limiter.retain_recent();
        }
    }
}
