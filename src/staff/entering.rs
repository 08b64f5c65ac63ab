//! Getting in: by password, by the terminal's link, by an invitation. Every way makes a new session and ends the one
//! that the browser came with (T29); an unknown account costs the same time and gets the same answer (T30).

use std::net::IpAddr;

use sqlx::{PgConnection, PgPool};

use super::member::Member;
use super::role::Role;
use super::{store, store::audit};
use crate::base::{Actor, Email, Instant, StaffId};
use crate::platform::tokens::Purpose;
use crate::platform::{secrets, throttle, tokens};

/// Tries per account, and per address, in [`WINDOW_SECONDS`].
const TRIES: (i32, i32) = (10, 40);
/// What somebody waits who tried too often.
pub const WINDOW_SECONDS: i64 = 900;
/// Seconds in which the code must follow the password.
pub const CODE_SECONDS: i64 = 600;
/// Days that the terminal's link lives.
const LINK_DAYS: i64 = 1;

/// The answer to a name and a password.
pub enum SignIn {
    Welcome(StaffId),
    /// Unknown, inactive, without a password or with another one: nobody is told which.
    Refused,
    TooMany,
}

/// Checks a password. Counts the try first, in its own statements, so that guesses at the same moment all count.
pub async fn check(db: &PgPool, email: &str, password: String, from: IpAddr, at: Instant) -> anyhow::Result<SignIn> {
    let key = Email::parse(email).map_or_else(|| email.to_lowercase(), |email| email.key());
    // Hashed, because what is typed here may be a person's address or a password in the wrong field.
    let account = format!("staff:{}", secrets::fingerprint(key.as_bytes()));
    let within = throttle::allow(db, &account, TRIES.0, WINDOW_SECONDS, at).await?
        & throttle::allow(db, &format!("staff-from:{from}"), TRIES.1, WINDOW_SECONDS, at).await?;
    if !within {
        return Ok(SignIn::TooMany);
    }
    let found = store::credentials(db, &key).await?;
    let (id, hash) = found.map_or((None, None), |(id, hash)| (Some(id), hash));
    let is_right = secrets::verify_password(password, hash).await?;
    match id.filter(|_| is_right) {
        Some(id) => {
            throttle::clear(db, &account).await?;
            Ok(SignIn::Welcome(id))
        }
        None => Ok(SignIn::Refused),
    }
}

/// How far somebody came with a password or a link.
pub enum Entered {
    /// The token of a session.
    Whole(String),
    /// The token that stands for the first step; it opens nothing but the question for the code.
    AwaitsCode(String),
}

/// The first step is done: a session, or the question for the second factor where there is one. A link does not pass it
/// either (ASVS 6.4.3).
pub async fn enter(db: &mut PgConnection, staff: StaffId, user_agent: &str, old: Option<&str>, at: Instant) -> sqlx::Result<Entered> {
    let Some(member) = store::find(&mut *db, staff).await?.filter(|member| member.has_factor) else {
        return begin(db, staff, user_agent, old, at).await.map(Entered::Whole);
    };
    if let Some(old) = old {
        store::delete_token(&mut *db, old).await?;
    }
    let token = tokens::issue(db, Purpose::StaffCode, staff.uuid(), &member.email.key(), at, at.plus_seconds(CODE_SECONDS)).await?;
    Ok(Entered::AwaitsCode(token))
}

/// Who has done the first step and is asked for the second factor.
pub async fn awaited(db: &PgPool, token: &str, at: Instant) -> sqlx::Result<Option<Member>> {
    let Some((owner, bound_to)) = tokens::find(db, Purpose::StaffCode, token, at).await? else { return Ok(None) };
    let member = store::find(db, StaffId::from_uuid(owner)).await?;
    Ok(member.filter(|member| member.is_active && member.has_factor && member.email.key() == bound_to))
}

/// Both steps are done: a session. `None` where the first one was used meanwhile.
pub async fn complete(db: &mut PgConnection, token: &str, user_agent: &str, at: Instant) -> sqlx::Result<Option<String>> {
    match tokens::consume(&mut *db, Purpose::StaffCode, token, at).await? {
        Some((owner, _)) => begin(db, StaffId::from_uuid(owner), user_agent, None, at).await.map(Some),
        None => Ok(None),
    }
}

/// A new session in place of the one that the browser held; returns the cookie's token.
pub async fn begin(db: &mut PgConnection, staff: StaffId, user_agent: &str, old: Option<&str>, at: Instant) -> sqlx::Result<String> {
    if let Some(old) = old {
        store::delete_token(&mut *db, old).await?;
    }
    let token = store::insert_session(&mut *db, staff, user_agent, at).await?;
    audit(&mut *db, Actor::Staff(staff), "sign in", "staff", &staff.to_string(), None, None, at).await?;
    Ok(token)
}

/// A one-time token for `/admin/open/{token}`, good for a day: makes the owner, or signs the owner in. Only what can
/// read the terminal may ask for it.
pub async fn owner_link(db: &PgPool, at: Instant) -> sqlx::Result<String> {
    tokens::issue(db, Purpose::OwnerLink, uuid::Uuid::nil(), "", at, at.plus_days(LINK_DAYS)).await
}

/// Why a link did not open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OpenRefused {
    /// Used, too old or made up.
    Over,
    /// There is no owner yet, so name, address and password are needed.
    NeedsOwner,
}

/// Uses the terminal's link up: the owner's id, made of `new` where there is none.
pub async fn open(db: &mut PgConnection, token: &str, new: Option<(&Member, &str)>, at: Instant) -> sqlx::Result<Result<StaffId, OpenRefused>> {
    store::lock_owner_creation(&mut *db).await?;
    if tokens::consume(&mut *db, Purpose::OwnerLink, token, at).await?.is_none() {
        return Ok(Err(OpenRefused::Over));
    }
    if let Some(owner) = store::first_owner(&mut *db).await? {
        return Ok(Ok(owner.id));
    }
    let Some((member, hash)) = new else { return Ok(Err(OpenRefused::NeedsOwner)) };
    debug_assert_eq!(member.role, Role::Owner, "the link makes owners");
    store::insert(&mut *db, member, Some(hash)).await?;
    let after = serde_json::json!({ "name": member.name, "role": member.role });
    audit(&mut *db, Actor::Staff(member.id), "create", "staff", &member.id.to_string(), None, Some(after), at).await?;
    Ok(Ok(member.id))
}

/// Uses an invitation up and sets the password; `None` where it is over or the account is not active.
pub async fn accept(db: &mut PgConnection, token: &str, hash: &str, at: Instant) -> sqlx::Result<Option<StaffId>> {
    let Some((owner, bound_to)) = tokens::consume(&mut *db, Purpose::StaffInvitation, token, at).await? else { return Ok(None) };
    let id = StaffId::from_uuid(owner);
    let Some(member) = store::find(&mut *db, id).await?.filter(|member| member.is_active && member.email.key() == bound_to) else { return Ok(None) };
    store::set_password(&mut *db, id, hash).await?;
    store::delete_sessions(&mut *db, id).await?;
    audit(&mut *db, Actor::Staff(id), "accept invitation", "staff", &id.to_string(), None, Some(serde_json::json!({ "role": member.role })), at)
        .await?;
    Ok(Some(id))
}

/// A new password: every session ends, the one that asked gets a new one.
pub async fn change_password(db: &mut PgConnection, staff: StaffId, hash: &str, user_agent: &str, at: Instant) -> sqlx::Result<String> {
    store::set_password(&mut *db, staff, hash).await?;
    store::delete_sessions(&mut *db, staff).await?;
    audit(&mut *db, Actor::Staff(staff), "change password", "staff", &staff.to_string(), None, None, at).await?;
    store::insert_session(&mut *db, staff, user_agent, at).await
}
