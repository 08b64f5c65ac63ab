//! An e-mail address that a letter can be sent to.

use super::money::text_column;

/// A deliverable-looking address; compared without regard to case, kept as it was typed but for the domain.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Email(String);

impl Email {
    /// Trims, checks the form (RFC 5321 lengths, a dotted domain, no control characters), lowers the domain.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let (local, domain) = text.rsplit_once('@')?;
        let domain_is_sound = domain.contains('.')
            && domain.len() <= 253
            && domain.split('.').all(|label| !label.is_empty() && label.len() <= 63 && !label.starts_with('-') && !label.ends_with('-'))
            && domain.chars().all(|c| c.is_alphanumeric() || c == '.' || c == '-');
        let local_is_sound = !local.is_empty()
            && local.len() <= 64
            && !local.starts_with('.')
            && !local.ends_with('.')
            && !local.contains("..")
            && local.chars().all(|c| c.is_alphanumeric() || ".!#$%&'*+/=?^_`{|}~-".contains(c));
        (domain_is_sound && local_is_sound).then(|| Self(format!("{local}@{}", domain.to_lowercase())))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What two spellings of one mailbox have in common; the key of accounts and suppression lists.
    pub fn key(&self) -> String {
        self.0.to_lowercase()
    }
}

impl std::fmt::Display for Email {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

text_column!(Email, |text| Email::parse(text), |this| this.as_str());

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_told_from_accidents() {
        assert!(Email::parse(" Ada.Lovelace+shop@Example.ORG ").is_some_and(|e| e.as_str() == "Ada.Lovelace+shop@example.org"));
        for bad in [
            "",
            "ada",
            "ada@",
            "@example.org",
            "ada@localhost",
            "a da@example.org",
            "ada@exa mple.org",
            "ada@example..org",
            "ada\r\nBcc: x@example.org",
        ] {
            assert!(Email::parse(bad).is_none(), "{bad:?}");
        }
    }
}
