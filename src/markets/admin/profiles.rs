//! The shop's profiles elsewhere as a form has them: one address a line.

use axum::http::Uri;

use crate::web::limits;

/// Profiles of a shop at most.
const MOST: usize = 10;

pub fn written(profiles: &[String]) -> String {
    profiles.join("\n")
}

/// Reads what [`written`] writes, each address once; the error is a sentence that names the line.
pub fn read(text: &str) -> Result<Vec<String>, String> {
    let mut profiles: Vec<String> = Vec::new();
    for (at, line) in text.lines().enumerate().map(|(at, line)| (at, line.trim())).filter(|(_, line)| !line.is_empty()) {
        if line.chars().count() > limits::LINE {
            return Err(format!("Line {}: an address has at most {} characters.", at + 1, limits::LINE));
        }
        if !is_profile(line) {
            return Err(format!("Line {}: write a whole address that begins with https://, such as https://social.example/our-shop.", at + 1));
        }
        if !profiles.iter().any(|known| known == line) {
            profiles.push(line.to_owned());
        }
    }
    if profiles.len() > MOST { Err(format!("At most {MOST} addresses.")) } else { Ok(profiles) }
}

/// On https, at a host with a name, without a password in it.
fn is_profile(text: &str) -> bool {
    let Ok(address) = text.parse::<Uri>() else { return false };
    let has_name = |host: &str| host.contains('.') && !host.starts_with('.') && !host.ends_with('.') && !host.contains("..");
    address.scheme_str() == Some("https")
        && address.host().is_some_and(has_name)
        && address.authority().is_some_and(|place| !place.as_str().contains('@'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_profile_is_a_whole_address_on_https() {
        let text = " https://social.example/@rossavarna \n\nhttps://video.example/c/pots?lang=en\nhttps://social.example/@rossavarna";
        let profiles = read(text).expect("addresses");
        assert_eq!(profiles, ["https://social.example/@rossavarna", "https://video.example/c/pots?lang=en"]);
        assert_eq!(read(&written(&profiles)), Ok(profiles));
        assert_eq!(read(" \n"), Ok(Vec::new()));
        for bad in [
            "http://social.example/pots",
            "social.example/pots",
            "https://",
            "https://pots",
            "https://.example/",
            "https://me:secret@social.example/",
            "javascript:alert(1)",
            "/pages/about",
            "https://social.example/our pots",
        ] {
            assert!(read(&format!("https://a.example/\n{bad}")).is_err_and(|sentence| sentence.starts_with("Line 2: ")), "{bad}");
        }
    }

    #[test]
    fn there_are_ten_at_most() {
        let many = |count: usize| (0..count).map(|n| format!("https://social.example/{n}")).collect::<Vec<_>>().join("\n");
        assert!(read(&many(10)).is_ok());
        assert_eq!(read(&many(11)), Err("At most 10 addresses.".to_owned()));
        assert!(read(&format!("https://social.example/{}", "x".repeat(300))).is_err());
    }
}
