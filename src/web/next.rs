//! Where to go after signing in: a path of this shop and nothing else (T35).

/// The path of a `next` field if it stays inside the shop: one slash at its start, no empty or dotted segment, no
/// backslash, visible ASCII only.
pub fn local_path(text: &str) -> Option<&str> {
    let path = text.split(['?', '#']).next().unwrap_or_default();
    let is_visible = text.bytes().all(|b| b.is_ascii_graphic() && b != b'\\');
    let is_plain = !path.contains("//") && !path.split('/').any(|part| matches!(part, "." | ".."));
    (text.starts_with('/') && text.len() <= 512 && is_visible && is_plain && text.parse::<http::uri::PathAndQuery>().is_ok()).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_paths_of_the_shop_are_followed() {
        for good in ["/", "/checkout", "/account/orders?before=W1001"] {
            assert_eq!(local_path(good), Some(good));
        }
        for bad in
            ["", "checkout", "//evil.example", "/\\evil.example", "/a//b", "/.//evil.example", "https://evil.example", "/\tevil", "/a\r\nX: y", "/ü"]
        {
            assert_eq!(local_path(bad), None, "{bad:?}");
        }
    }
}
