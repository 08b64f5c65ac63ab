//! Who works here: invited, given another role, let go. There is always an owner.

use sqlx::PgConnection;

use super::member::Member;
use super::role::Role;
use super::{store, store::audit};
use crate::base::{Actor, Email, Instant, StaffId};
use crate::platform::jobs;
use crate::platform::tokens;
use crate::platform::tokens::Purpose;

/// The job that writes an invitation.
pub const INVITATION: &str = "staff.invitation";

/// What [`INVITATION`] needs to know; the token is made when the letter is, so that no job holds one.
#[derive(Debug, serde::Serialize, serde::Deserialize)]
pub struct InvitationTask {
    pub staff: StaffId,
    /// Tells a second invitation from a repetition of the first.
    pub asked_at: Instant,
}

/// Why nothing changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TeamRefused {
    EmailTaken,
    /// Managers do not touch owners and make nobody one.
    NotYours,
    LastOwner,
    /// Nobody locks themselves out.
    Yourself,
    /// Somebody else changed this account since the page was opened.
    Stale,
}

/// Makes an account without a password and sends its invitation.
pub async fn invite(
    db: &mut PgConnection,
    by: (StaffId, Role),
    name: &str,
    email: Email,
    role: Role,
    at: Instant,
) -> sqlx::Result<Result<StaffId, TeamRefused>> {
    if !by.1.may_manage(role) {
        return Ok(Err(TeamRefused::NotYours));
    }
    let member = Member {
        id: StaffId::fresh(at),
        name: name.to_owned(),
        email,
        role,
        is_active: true,
        has_password: false,
        has_factor: false,
        version: 1,
        created_at: at,
    };
    if !store::insert(&mut *db, &member, None).await? {
        return Ok(Err(TeamRefused::EmailTaken));
    }
    let after = serde_json::json!({ "name": member.name, "role": role });
    audit(&mut *db, Actor::Staff(by.0), "invite", "staff", &member.id.to_string(), None, Some(after), at).await?;
    jobs::enqueue(&mut *db, INVITATION, &InvitationTask { staff: member.id, asked_at: at }, at).await?;
    Ok(Ok(member.id))
}

/// Sends another invitation; the links sent before end.
pub async fn invite_again(db: &mut PgConnection, by: (StaffId, Role), member: &Member, at: Instant) -> sqlx::Result<Result<(), TeamRefused>> {
    if !by.1.may_manage(member.role) || !member.is_active || member.has_password {
        return Ok(Err(TeamRefused::NotYours));
    }
    tokens::revoke(&mut *db, Purpose::StaffInvitation, member.id.uuid(), at).await?;
    jobs::enqueue(&mut *db, INVITATION, &InvitationTask { staff: member.id, asked_at: at }, at).await?;
    audit(&mut *db, Actor::Staff(by.0), "invite again", "staff", &member.id.to_string(), None, None, at).await?;
    Ok(Ok(()))
}

/// What somebody is to become.
pub struct Change<'a> {
    pub name: &'a str,
    pub role: Role,
    pub is_active: bool,
    pub version: i32,
}

/// Changes an account. A new role or the end of an account ends its sessions.
pub async fn change(db: &mut PgConnection, by: (StaffId, Role), id: StaffId, to: Change<'_>, at: Instant) -> sqlx::Result<Result<(), TeamRefused>> {
    let owners = store::lock_owners(&mut *db).await?;
    let Some(was) = store::find(&mut *db, id).await? else { return Err(sqlx::Error::RowNotFound) };
    if !by.1.may_manage(was.role) || !by.1.may_manage(to.role) {
        return Ok(Err(TeamRefused::NotYours));
    }
    let stays_owner = to.role == Role::Owner && to.is_active;
    if !stays_owner && owners == [id] {
        return Ok(Err(TeamRefused::LastOwner));
    }
    if by.0 == id && !to.is_active {
        return Ok(Err(TeamRefused::Yourself));
    }
    if !store::set(&mut *db, id, to.name, to.role, to.is_active, to.version).await? {
        return Ok(Err(TeamRefused::Stale));
    }
    if was.role != to.role || !to.is_active {
        store::delete_sessions(&mut *db, id).await?;
    }
    if !to.is_active {
        tokens::revoke(&mut *db, Purpose::StaffInvitation, id.uuid(), at).await?;
    }
    let entry = |name: &str, role: Role, is_active: bool| Some(serde_json::json!({ "name": name, "role": role, "is_active": is_active }));
    let (before, after) = (entry(&was.name, was.role, was.is_active), entry(to.name, to.role, to.is_active));
    audit(&mut *db, Actor::Staff(by.0), "update", "staff", &id.to_string(), before, after, at).await?;
    Ok(Ok(()))
}
