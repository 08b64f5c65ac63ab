//! What a password must be: long enough, and none of those that everybody tries first.

/// Fewest characters of a password.
pub const FEWEST: usize = 10;
/// Most characters, so that hashing a password stays cheap.
pub const MOST: usize = 200;

/// Why a password is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PasswordFault {
    TooShort,
    TooLong,
    /// Among the first that are tried.
    Common,
    /// It is made of the name or address that it protects.
    Personal,
}

/// Passwords of ten characters and more that lead the lists of leaked ones, lower case.
const COMMON: [&str; 101] = [
    "1234567890",
    "0123456789",
    "12345678910",
    "123456789a",
    "1234567891",
    "0987654321",
    "9876543210",
    "123456789q",
    "12345678900",
    "123123123123",
    "1q2w3e4r5t",
    "1q2w3e4r5t6y",
    "1qaz2wsx3edc",
    "qwertyuiop",
    "qwerty12345",
    "qwerty123456",
    "qwertyuiop123",
    "asdfghjkl1",
    "asdfghjkl123",
    "zxcvbnm123",
    "qazwsxedcrfv",
    "qwerasdfzxcv",
    "q1w2e3r4t5",
    "q1w2e3r4t5y6",
    "1qazxsw23edc",
    "qwert12345",
    "asdf123456",
    "abcd123456",
    "abc1234567",
    "abcdefghij",
    "abcdefghijk",
    "abcdefghijkl",
    "a123456789",
    "aa12345678",
    "aa123456789",
    "1234abcd5678",
    "abcd1234567",
    "password12",
    "password123",
    "password1234",
    "password12345",
    "passw0rd123",
    "p@ssw0rd123",
    "p@ssword123",
    "password01",
    "password11",
    "password99",
    "password123!",
    "passwordpassword",
    "mypassword",
    "mypassword1",
    "mypassword123",
    "newpassword",
    "newpassword1",
    "changeme123",
    "changeme1234",
    "letmein123",
    "letmein1234",
    "welcome123",
    "welcome1234",
    "welcome2024",
    "welcome2025",
    "welcome2026",
    "iloveyou123",
    "iloveyou12",
    "iloveyouso",
    "iloveyou1234",
    "football123",
    "baseball123",
    "basketball",
    "basketball1",
    "superman123",
    "spiderman123",
    "starwars123",
    "pokemon123",
    "minecraft123",
    "liverpool1",
    "liverpool123",
    "manchester",
    "manchester1",
    "chelsea123",
    "sunshine123",
    "princess123",
    "monkey12345",
    "dragon12345",
    "computer123",
    "internet123",
    "administrator",
    "administrator1",
    "admin12345",
    "admin123456",
    "michael123",
    "jennifer123",
    "charlotte1",
    "elizabeth1",
    "alexander1",
    "christopher",
    "secret12345",
    "trustno1trustno1",
    "correcthorsebatterystaple",
    "shopping123",
];

/// What is wrong with a password, if anything. `personal` are texts that it must not consist of (name, address).
pub fn fault(password: &str, personal: &[&str]) -> Option<PasswordFault> {
    let length = password.chars().count();
    let lower = password.to_lowercase();
    if length < FEWEST {
        Some(PasswordFault::TooShort)
    } else if length > MOST {
        Some(PasswordFault::TooLong)
    } else if COMMON.contains(&lower.as_str()) || has_one_letter(&lower) || lower.replace(' ', "") == "correcthorsebatterystaple" {
        Some(PasswordFault::Common)
    } else if personal.iter().any(|text| !text.is_empty() && text.to_lowercase() == lower) {
        Some(PasswordFault::Personal)
    } else {
        None
    }
}

fn has_one_letter(text: &str) -> bool {
    text.chars().next().is_some_and(|first| text.chars().all(|c| c == first))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_common_and_personal_passwords_are_refused() {
        assert_eq!(fault("tea for 2", &[]), Some(PasswordFault::TooShort));
        assert_eq!(fault("Password123", &[]), Some(PasswordFault::Common));
        assert_eq!(fault("aaaaaaaaaaaa", &[]), Some(PasswordFault::Common));
        assert_eq!(fault("Ada@example.org", &["ada@example.org"]), Some(PasswordFault::Personal));
        assert_eq!(fault(&"x1".repeat(101), &[]), Some(PasswordFault::TooLong));
        assert_eq!(fault("three green teapots", &["Ada", ""]), None);
    }

    #[test]
    fn every_entry_could_be_typed() {
        assert!(COMMON.iter().all(|entry| entry.chars().count() >= FEWEST && *entry == entry.to_lowercase()));
    }
}
