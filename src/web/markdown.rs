//! Merchants write Markdown (or paste HTML); shoppers get clean HTML: an allow-list, no scripts, no frames, no styles (T24).

use std::collections::HashSet;
use std::sync::LazyLock;

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

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

/// Quotes and lists inside each other, at most: cleaning takes time with the square of the depth.
const DEEPEST: usize = 100;
/// Elements that a parser of browsers' rules makes of a text, at most, beyond those that stand in it.
const MOST_REPEATED: usize = 300_000;

/// Markdown with HTML in it → clean HTML. Headings of the page's own level become the next lower ones. A text that no person writes,
/// made to keep a parser busy, is shown as the characters that it is.
pub fn render(text: &str) -> String {
    let events: Vec<Event> = Parser::new_ext(text, Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH).collect();
    let html = if depth(&events) <= DEEPEST { written(events) } else { as_it_is(text) };
    let html = if repeated(&html) <= MOST_REPEATED { html } else { as_it_is(text) };
    CLEANER.clean(&html.replace("<h1", "<h2").replace("</h1>", "</h2>")).to_string()
}

fn written(events: Vec<Event<'_>>) -> String {
    let mut html = String::new();
    pulldown_cmark::html::push_html(&mut html, events.into_iter());
    html
}

fn as_it_is(text: &str) -> String {
    written(vec![Event::Start(Tag::Paragraph), Event::Text(text.into()), Event::End(TagEnd::Paragraph)])
}

/// How deep things stand inside each other.
fn depth(events: &[Event<'_>]) -> usize {
    let (mut now, mut deepest) = (0_usize, 0);
    for event in events {
        match event {
            Event::Start(_) => now += 1,
            Event::End(_) => now = now.saturating_sub(1),
            _ => {}
        }
        deepest = deepest.max(now);
    }
    deepest
}

/// What `<p><b lang=a><b lang=b><p>x<p>x` makes of itself: formatting that is not closed is begun again in every block that follows, at
/// most three times the same (HTML, 13.2.4.3). This is the most that it can come to: different formattings times tags.
fn repeated(html: &str) -> usize {
    const FORMATTING: [&str; 13] = ["b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u"];
    let (mut tags, mut formattings) = (0, HashSet::new());
    for (at, _) in html.match_indices('<') {
        let rest = &html[at + 1..];
        let name = rest.split(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or_default();
        tags += usize::from(!name.is_empty());
        if FORMATTING.iter().any(|known| known.eq_ignore_ascii_case(name)) {
            formattings.insert(tag(rest));
        }
    }
    // What a person writes is made of a few formattings; of those nothing is counted.
    3 * formattings.len().saturating_sub(FORMATTING.len()) * tags
}

/// The rest of a tag up to its end; a `>` in a quoted value does not end it.
fn tag(rest: &str) -> &str {
    let (mut quote, mut before) = (None, ' ');
    for (at, letter) in rest.char_indices() {
        match (quote, letter) {
            (None, '>') => return &rest[..at],
            (None, '"' | '\'') if before == '=' => quote = Some(letter),
            (Some(open), letter) if open == letter => quote = None,
            _ => {}
        }
        if !letter.is_whitespace() {
            before = letter;
        }
    }
    rest
}

/// The words of clean HTML, as [`render`] makes it, for descriptions and search. Clean HTML has `<` in tags only, so that it need
/// not be read as a browser reads pages.
pub fn plain(html: &str) -> String {
    let (mut words, mut rest) = (String::with_capacity(html.len()), html);
    while let Some(tag) = rest.find('<') {
        words.push_str(&rest[..tag]);
        words.push(' ');
        rest = &rest[tag + end_of_tag(&rest[tag..])..];
    }
    words.push_str(rest);
    let text = words.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&nbsp;", " ").replace("&amp;", "&");
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Bytes of the tag that a text begins with; `>` may stand in its quoted values.
fn end_of_tag(text: &str) -> usize {
    let mut quote = None;
    for (at, byte) in text.bytes().enumerate() {
        match (quote, byte) {
            (None, b'>') => return at + 1,
            (None, b'"' | b'\'') => quote = Some(byte),
            (Some(open), close) if open == close => quote = None,
            _ => {}
        }
    }
    text.len()
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
    fn a_text_that_is_made_to_keep_us_busy_is_shown_as_it_is() {
        let quotes = render(&"> ".repeat(101));
        assert!(quotes.starts_with("<p>&gt; &gt; ") && !quotes.contains("blockquote"), "{quotes}");
        assert!(render(&"> ".repeat(50)).matches("<blockquote>").count() == 50);
        let formats: String = "<p>".to_owned() + &(0..500).map(|number| format!("<b lang=\"a>{number}\">")).collect::<String>() + &"<p>x".repeat(300);
        let cleaned = CLEANER.clean(&formats).to_string();
        assert!(cleaned.len() > 100 * formats.len(), "a parser repeats it: {} of {}", cleaned.len(), formats.len());
        assert!(render(&formats).starts_with("<p>&lt;p&gt;&lt;b lang="));
        let page = "<p><strong>Care</strong> <em lang=\"de\">Pflege</em> <b class=\"x\">dry</b></p>\n\n".repeat(5_000);
        assert_eq!(render(&page).matches("<strong>").count(), 5_000);
    }

    #[test]
    fn plain_text_keeps_words_apart() {
        assert_eq!(plain("<p>One</p><p>two &amp; three</p>"), "One two & three");
        let clean = render("Look <img src=\"/a.jpg\" alt=\"a > b\"> here: [c](/d \"e > f's\") **1 < 2**<br>g &lt;h&gt;");
        assert_eq!(plain(&clean), "Look here: c 1 < 2 g <h>", "{clean}");
    }
}
