//! The second factor as it is set up, asked for and taken away. A code counts once, guesses are few, and whoever it belongs
//! to gets a letter about every change (ASVS 6.3.7).

use std::net::IpAddr;

use sqlx::{PgConnection, PgPool};

use super::factor::{Factor, SECRET, Typed, fresh_recovery_codes, fresh_secret};
use super::{store, store::audit};
use crate::base::{Actor, Instant, StaffId};
use crate::platform::strongbox::Strongbox;
use crate::platform::{jobs, secrets, throttle};

/// Wrong codes per account, and per address, in [`WINDOW_SECONDS`]. Six digits and three steps make one guess in 333,000 good.
const TRIES: (i32, i32) = (6, 40);
const WINDOW_SECONDS: i64 = 900;
/// Wrong codes per account and day, so that patience does not help either.
const TRIES_A_DAY: i32 = 50;
const DAY_SECONDS: i64 = 86_400;
/// Seconds in which an offered secret may be confirmed.
const OFFER_SECONDS: i64 = 3_600;
/// The job that writes the letter about a change.
pub const LETTER: &str = "staff.second-factor";

/// What a letter tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Event {
    Added,
    Removed,
    NewRecoveryCodes,
    RecoveryCodeUsed,
    /// Somebody who has the password types wrong codes.
    Guessed,
}

/// What [`LETTER`] needs to know.
#[derive(Debug, serde::Serialize, serde::Deserialize)]
pub struct LetterTask {
    pub staff: StaffId,
    pub event: Event,
    pub at: Instant,
}

/// The answer to a typed code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    Right,
    Wrong,
    /// It was right once.
    Used,
    /// Nothing was compared; come back within so many seconds.
    TooMany(i64),
    /// The stored secret does not open: the operator changed the keys.
    Unreadable,
}

/// Under which words the strongbox keeps a secret.
fn place(staff: StaffId) -> String {
    format!("second factor of {staff}")
}

fn unlocked(strongbox: &Strongbox, staff: StaffId, locked: &[u8]) -> Option<Factor> {
    let secret = <[u8; SECRET]>::try_from(strongbox.unlock(&place(staff), locked)?).ok()?;
    Some(Factor::of(secret))
}

async fn tell(db: &mut PgConnection, staff: StaffId, event: Event, at: Instant) -> sqlx::Result<()> {
    jobs::enqueue(db, LETTER, &LetterTask { staff, event, at }, at).await
}

/// Makes a secret to be shown; it counts once [`confirm`] got a code of it.
pub async fn offer(db: &PgPool, strongbox: &Strongbox, staff: StaffId, at: Instant) -> anyhow::Result<()> {
    let locked = strongbox.lock(&place(staff), &fresh_secret()?)?;
    Ok(store::offer_factor(db, staff, &locked, at).await?)
}

/// The secret that waits to be confirmed, and as it is stored.
pub async fn offered(db: &PgPool, strongbox: &Strongbox, staff: StaffId, at: Instant) -> sqlx::Result<Option<(Factor, Vec<u8>)>> {
    let stored = store::factor(db, staff).await?;
    let is_fresh = stored.offered_at.is_some_and(|offered_at| at.seconds_since(offered_at) < OFFER_SECONDS);
    Ok(stored.offered.filter(|_| is_fresh).and_then(|locked| Some((unlocked(strongbox, staff, &locked)?, locked))))
}

/// From now on the second factor is asked for. Returns the recovery codes, to be shown this once; `None` where something
/// else was offered meanwhile. All sessions end.
pub async fn confirm(db: &mut PgConnection, staff: StaffId, offered: &[u8], step: i64, at: Instant) -> anyhow::Result<Option<Vec<String>>> {
    let had_one = store::factor(&mut *db, staff).await?.secret.is_some();
    if !store::confirm_factor(&mut *db, staff, offered, step, at).await? {
        return Ok(None);
    }
    let codes = replace_codes(&mut *db, staff, at).await?;
    store::delete_sessions(&mut *db, staff).await?;
    let action = if had_one { "replace second factor" } else { "set up second factor" };
    audit(&mut *db, Actor::Staff(staff), action, "staff", &staff.to_string(), None, None, at).await?;
    tell(db, staff, Event::Added, at).await?;
    Ok(Some(codes))
}

async fn replace_codes(db: &mut PgConnection, staff: StaffId, at: Instant) -> anyhow::Result<Vec<String>> {
    let codes = fresh_recovery_codes()?;
    let hashes: Vec<Vec<u8>> = codes.iter().map(|code| secrets::hash(code)).collect();
    store::replace_recovery_codes(db, staff, &hashes, at).await?;
    Ok(codes)
}

/// Ten new recovery codes, to be shown this once; the old ones are over.
pub async fn renew_codes(db: &mut PgConnection, staff: StaffId, at: Instant) -> anyhow::Result<Vec<String>> {
    let codes = replace_codes(&mut *db, staff, at).await?;
    audit(&mut *db, Actor::Staff(staff), "make new recovery codes", "staff", &staff.to_string(), None, None, at).await?;
    tell(db, staff, Event::NewRecoveryCodes, at).await?;
    Ok(codes)
}

/// Takes somebody's second factor away; says whether there was one. Who does it of another ends that one's sessions.
pub async fn remove(db: &mut PgConnection, staff: StaffId, by: Actor, at: Instant) -> sqlx::Result<bool> {
    if !store::delete_factor(&mut *db, staff).await? {
        return Ok(false);
    }
    if by != Actor::Staff(staff) {
        store::delete_sessions(&mut *db, staff).await?;
    }
    audit(&mut *db, by, "remove second factor", "staff", &staff.to_string(), None, None, at).await?;
    tell(db, staff, Event::Removed, at).await?;
    Ok(true)
}

/// The same for whom the terminal names by address; `None` where nobody has it.
pub async fn remove_by_email(db: &PgPool, email: &str, at: Instant) -> sqlx::Result<Option<bool>> {
    let mut tx = db.begin().await?;
    let Some((staff, _)) = store::credentials(&mut *tx, email).await? else { return Ok(None) };
    let was_there = remove(&mut tx, staff, Actor::System, at).await?;
    tx.commit().await?;
    Ok(Some(was_there))
}

/// The throttle keys of an account: of the window, and of the day.
fn keys(staff: StaffId) -> [String; 2] {
    [format!("staff-code:{staff}"), format!("staff-code-day:{staff}")]
}

/// Counts a try before anything is compared, so that guesses at the same moment all count; the seconds to wait where it is
/// one too many. A recovery code cannot be guessed, so it is counted by address only: nobody locks its owner out.
async fn wait(db: &PgPool, staff: StaffId, typed: &Typed, from: IpAddr, at: Instant) -> sqlx::Result<Option<i64>> {
    let mut limits = vec![(format!("staff-code-from:{from}"), TRIES.1, WINDOW_SECONDS)];
    if !matches!(typed, Typed::Recovery(_)) {
        let [window, day] = keys(staff);
        limits.extend([(window, TRIES.0, WINDOW_SECONDS), (day, TRIES_A_DAY, DAY_SECONDS)]);
    }
    let mut longest = None;
    for (key, limit, seconds) in limits {
        if !throttle::allow(db, &key, limit, seconds, at).await? {
            longest = longest.max(Some(seconds));
        }
    }
    Ok(longest)
}

/// Checks a code of the app or a recovery code and uses it up. `by` is who is known to ask: the member in a session, a guest
/// at the door.
pub async fn check(db: &PgPool, strongbox: &Strongbox, staff: StaffId, typed: &str, by: Actor, from: IpAddr, at: Instant) -> anyhow::Result<Answer> {
    let typed = Typed::read(typed);
    if let Some(seconds) = wait(db, staff, &typed, from, at).await? {
        let task = LetterTask { staff, event: Event::Guessed, at };
        jobs::enqueue_once(db, LETTER, &format!("{LETTER}:{staff}"), &task, at).await?;
        return Ok(Answer::TooMany(seconds));
    }
    let answer = match typed {
        Typed::App(digits) => check_app(db, strongbox, staff, &digits, at).await?,
        Typed::Recovery(code) => check_recovery(db, staff, &code, at).await?,
        Typed::Neither => Answer::Wrong,
    };
    if answer == Answer::Right {
        for key in keys(staff) {
            throttle::clear(db, &key).await?;
        }
    } else {
        audit(db, by, "wrong code", "staff", &staff.to_string(), None, None, at).await?;
    }
    Ok(answer)
}

async fn check_app(db: &PgPool, strongbox: &Strongbox, staff: StaffId, digits: &str, at: Instant) -> sqlx::Result<Answer> {
    let Some(locked) = store::factor(db, staff).await?.secret else { return Ok(Answer::Wrong) };
    let Some(factor) = unlocked(strongbox, staff, &locked) else {
        tracing::error!(%staff, "a second factor does not open: WHARF_SECRET_KEYS lacks the key that locked it");
        return Ok(Answer::Unreadable);
    };
    let Some(step) = factor.step_of(digits, at) else { return Ok(Answer::Wrong) };
    Ok(if store::use_step(db, staff, step).await? { Answer::Right } else { Answer::Used })
}

async fn check_recovery(db: &PgPool, staff: StaffId, code: &str, at: Instant) -> sqlx::Result<Answer> {
    let mut tx = db.begin().await?;
    if !store::use_recovery_code(&mut *tx, staff, &secrets::hash(code), at).await? {
        return Ok(Answer::Wrong);
    }
    let left = store::recovery_codes_left(&mut *tx, staff).await?;
    let after = serde_json::json!({ "recovery_codes_left": left });
    audit(&mut *tx, Actor::Staff(staff), "use recovery code", "staff", &staff.to_string(), None, Some(after), at).await?;
    tell(&mut tx, staff, Event::RecoveryCodeUsed, at).await?;
    tx.commit().await?;
    Ok(Answer::Right)
}
