//! A member of staff, and what makes a name, an address and a password good enough.

use super::role::Role;
use crate::base::password;
use crate::base::{Email, Instant, SessionId, StaffId};

/// Somebody who works here, or did.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Member {
    pub id: StaffId,
    pub name: String,
    pub email: Email,
    pub role: Role,
    pub is_active: bool,
    /// False while the invitation is open.
    pub has_password: bool,
    /// Whether sign-in asks for a code as well.
    pub has_factor: bool,
    pub version: i32,
    pub created_at: Instant,
}

/// A place where somebody is signed in.
#[derive(Debug, sqlx::FromRow)]
pub struct Session {
    pub id: SessionId,
    pub user_agent: String,
    pub created_at: Instant,
    pub seen_at: Instant,
}

/// Characters of a password: the least that staff may choose, and the most that is hashed.
pub const PASSWORD: std::ops::RangeInclusive<usize> = 12..=200;

/// What is wrong with a new password: length counts, and that it is none of those tried first (NIST SP 800-63B 3.1.1).
pub fn password_fault(password: &str, email: &str) -> Option<&'static str> {
    if !PASSWORD.contains(&password.chars().count()) {
        return Some("Choose a password of 12 to 200 characters.");
    }
    password::fault(password, &[email]).map(|_| "This password is too easy to guess.")
}

#[cfg(test)]
mod tests {
    use super::password_fault;

    #[test]
    fn a_password_is_long_and_not_obvious() {
        assert!(password_fault("correct horse battery", "a@example.org").is_none());
        for bad in ["short", "aaaaaaaaaaaaaa", "Somebody@example.org", "Qwerty123456", "correct horse battery staple"] {
            assert!(password_fault(bad, "somebody@example.org").is_some(), "{bad}");
        }
    }
}
