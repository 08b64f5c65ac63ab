//! What time it is: the database's time (by measured offset) plus a shift that tests move.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use sqlx::PgPool;

use crate::base::Instant;

/// How far the two clocks may be apart before this one is corrected.
const TOLERANCE_MICROS: i64 = 50_000;

/// The only source of business time. Cheap to clone; clones share the shift.
#[derive(Debug, Clone, Default)]
pub struct Clock {
    offset_micros: Arc<AtomicI64>,
    shift_micros: Arc<AtomicI64>,
}

impl Clock {
    pub fn now(&self) -> Instant {
        let shift = self.offset_micros.load(Ordering::Relaxed) + self.shift_micros.load(Ordering::Relaxed);
        Instant::from_micros(jiff::Timestamp::now().as_microsecond() + shift)
    }

    /// Measures how far this machine's clock is from the database's; half the round trip is the error.
    pub async fn measure(&self, db: &PgPool) -> sqlx::Result<()> {
        let sent = jiff::Timestamp::now().as_microsecond();
        let there: Instant = sqlx::query_scalar("SELECT clock_timestamp()").fetch_one(db).await?;
        let received = jiff::Timestamp::now().as_microsecond();
        let offset = there.micros() - (sent + received) / 2;
        // Smaller differences are the error of the measurement; following them would let time step back and forth.
        if (offset - self.offset_micros.load(Ordering::Relaxed)).abs() > TOLERANCE_MICROS {
            self.offset_micros.store(offset, Ordering::Relaxed);
        }
        Ok(())
    }

    /// Moves this clock forward (or, negative, back).
    pub fn shift_seconds(&self, seconds: i64) {
        self.shift_micros.fetch_add(seconds * 1_000_000, Ordering::Relaxed);
    }
}
