//! Merchants write Markdown (or paste HTML); shoppers get clean HTML: an allow-list, no scripts, no frames, no styles (T24).

use std::collections::HashSet;
use std::sync::LazyLock;

static CLEANER: LazyLock<ammonia::Builder<'static>> = LazyLock::new(|| {
    let tags = [
        "p",
        "br",
        "strong",
        "b",
        "em",
        "i",
        "u",
        "s",
        "sub",
        "sup",
        "small",
        "ul",
        "ol",
        "li",
        "dl",
        "dt",
        "dd",
        "h2",
        "h3",
        "h4",
        "blockquote",
        "hr",
        "a",
        "img",
        "table",
        "caption",
        "thead",
        "tbody",
        "tr",
        "th",
        "td",
        "code",
        "pre",
        "figure",
        "figcaption",
    ];
    let mut cleaner = ammonia::Builder::default();
    cleaner
        .tags(HashSet::from(tags))
        .generic_attributes(HashSet::from(["lang", "dir"]))
        .url_schemes(HashSet::from(["http", "https", "mailto", "tel"]))
        .link_rel(Some("noopener"));
    cleaner
});

/// Markdown with HTML in it → clean HTML. Headings of the page's own level become the next lower ones.
pub fn render(text: &str) -> String {
    let mut html = String::new();
    let options = pulldown_cmark::Options::ENABLE_TABLES | pulldown_cmark::Options::ENABLE_STRIKETHROUGH;
    pulldown_cmark::html::push_html(&mut html, pulldown_cmark::Parser::new_ext(text, options));
    CLEANER.clean(&html.replace("<h1", "<h2").replace("</h1>", "</h2>")).to_string()
}

/// The words of clean HTML, for descriptions and search.
pub fn plain(html: &str) -> String {
    let stripped = ammonia::Builder::empty().clean(&html.replace('<', " <")).to_string();
    let text = stripped.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&nbsp;", " ").replace("&amp;", "&");
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The beginning of a text, cut at a word.
pub fn excerpt(text: &str, characters: usize) -> String {
    if text.chars().count() <= characters {
        return text.to_owned();
    }
    let cut: String = text.chars().take(characters).collect();
    format!("{}…", cut.rsplit_once(' ').map_or(cut.as_str(), |(head, _)| head).trim_end_matches([',', '.', ';', ':', '–', '-']))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scripts_and_handlers_do_not_survive() {
        let html = render("# Care\n\n<img src=x onerror=alert(1)><script>alert(1)</script>[tea](javascript:alert(1)) **dry**");
        assert!(html.contains("<h2>Care</h2>") && html.contains("<strong>dry</strong>"), "{html}");
        assert!(!html.contains("script") && !html.contains("onerror"), "{html}");
    }

    #[test]
    fn plain_text_keeps_words_apart() {
        assert_eq!(plain("<p>One</p><p>two &amp; three</p>"), "One two & three");
    }
}
