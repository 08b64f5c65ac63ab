//! What people type, and what stands in addresses.

use std::time::{Duration, Instant};

use axum::body::Body;
use axum::extract::{FromRequest, Request};
use axum::response::IntoResponse;
use proptest::prelude::*;
use proptest::sample::select;
use scraper::{ElementRef, Html, Node};
use wharf::base::{Address, Country, Currency, Email, Handle, Language, Money};
use wharf::search::Filter;
use wharf::web::frame::Undo;
use wharf::web::jsonld::JsonLd;
use wharf::web::{Fields, Problems, limits, markdown, next, typed};

use super::cases;
use super::damage::soup;

/// What Markdown and HTML are made of, and what slips through bad cleaners.
const MARKUP: &[&str] = &[
    "# ",
    "\n\n",
    "\n",
    "* ",
    "1. ",
    "> ",
    "| a | b |\n|---|---|\n",
    "```\n",
    "`",
    "**",
    "~~",
    "[tea](",
    ")",
    "![",
    "](",
    "<",
    ">",
    "</",
    "/>",
    "<p>",
    "</p>",
    "<h1>",
    "</h1>",
    "<h1",
    "<div>",
    "<script>",
    "</script>",
    "<scr<script>ipt>",
    "<style>",
    "</style>",
    "<svg>",
    "<svg/onload=",
    "<math>",
    "<mtext>",
    "<mglyph>",
    "<annotation-xml encoding=\"text/html\">",
    "<iframe srcdoc=\"",
    "<img src=x onerror=alert(1)>",
    "<img src=\"",
    "<a href=\"",
    "\">",
    "javascript:alert(1)",
    "java\tscript:",
    "&#106;avascript:",
    "JaVaScRiPt:",
    "data:text/html,",
    "vbscript:",
    "//evil.example",
    "https://evil.example/",
    "mailto:a@b.example",
    "\" onclick=\"x",
    "' style='x",
    " srcset=x",
    "<form action=x>",
    "<input name=x>",
    "<base href=//evil.example>",
    "<meta http-equiv=refresh>",
    "<link rel=stylesheet href=x>",
    "<object data=x>",
    "<template>",
    "</template>",
    "<noscript>",
    "</noscript>",
    "<textarea>",
    "</textarea>",
    "<title>",
    "</title>",
    "<plaintext>",
    "<xmp>",
    "<table>",
    "<tr>",
    "<td>",
    "</table>",
    "<select>",
    "<option>",
    "<b>",
    "</b>",
    "<i lang=a>",
    "</main>",
    "</body>",
    "</html>",
    "<!--",
    "-->",
    "<!--hole:cart-->",
    "<!--hole:account-->",
    "<![CDATA[",
    "]]>",
    "<?php",
    "&lt;",
    "&gt;",
    "&amp;",
    "&quot;",
    "&#0;",
    "&#x3c;",
    "\u{0}",
    "\u{202e}",
    "\u{feff}",
    "word ",
];

const ELEMENTS: [&str; 38] = [
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
    "del",
    "html",
    "body",
];
const ATTRIBUTES: [&str; 18] = [
    "lang", "dir", "href", "hreflang", "rel", "src", "alt", "width", "height", "align", "char", "charoff", "colspan", "rowspan", "headers", "scope",
    "start", "cite",
];

/// What is wrong with HTML that a page is to hold, by a parser of browsers' rules that is not the cleaner's caller.
fn faults(html: &str) -> Vec<String> {
    let document = Html::parse_document(&format!("<!DOCTYPE html><body><main>{html}</main><footer>after</footer>"));
    let mut faults = Vec::new();
    let mut footer = None;
    for node in document.tree.nodes() {
        match node.value() {
            Node::Comment(comment) => faults.push(format!("a comment: {comment:?}")),
            Node::Element(element) => {
                let name = element.name();
                if name == "footer" {
                    footer = node.parent().and_then(ElementRef::wrap).map(|parent| parent.value().name().to_owned());
                } else if !ELEMENTS.contains(&name) && !matches!(name, "main" | "head") {
                    faults.push(format!("an element: {name}"));
                }
                for (attribute, value) in element.attrs() {
                    if !ATTRIBUTES.contains(&attribute) {
                        faults.push(format!("an attribute: {attribute} of {name}"));
                    }
                    if matches!(attribute, "href" | "src" | "cite") && !leads_somewhere_sound(value) {
                        faults.push(format!("an address: {value:?}"));
                    }
                }
            }
            _ => {}
        }
    }
    if footer.as_deref() != Some("body") {
        faults.push(format!("what comes after it stands in {footer:?}"));
    }
    faults
}

/// By the rules of browsers (WHATWG URL).
fn leads_somewhere_sound(address: &str) -> bool {
    let base = reqwest::Url::parse("https://shop.example/pages/care").expect("an address");
    base.join(address).is_ok_and(|url| matches!(url.scheme(), "http" | "https" | "mailto" | "tel")) || base.join(address).is_err()
}

/// What people write as amounts, and what they do not.
const AMOUNTS: &[&str] = &[
    "0",
    "1",
    "9",
    "12",
    "345",
    "000",
    "99999999999",
    ".",
    ",",
    " ",
    "-",
    "+",
    "'",
    "’",
    "€",
    "$",
    "EUR",
    "e5",
    "\u{a0}",
    "\u{202f}",
    "٣",
    "1.234,50",
];
/// What an address of the shop may look like, and what leads elsewhere.
const PATHS: &[&str] = &[
    "/",
    "//",
    "\\",
    "/\\",
    "..",
    ".",
    "/./",
    "/../",
    "checkout",
    "account",
    "evil.example",
    "@",
    ":",
    "https:",
    "javascript:",
    "?",
    "#",
    "%2f",
    "%5c",
    "%00",
    "\t",
    "\n",
    " ",
    "\u{a0}",
    "ü",
    "next=",
    "&",
    ";",
    "[",
    "]",
    "\u{ff0f}",
];
const QUERIES: &[&str] = &[
    "f.colour=",
    "f.größe=",
    "f.=",
    "f. a =",
    "blue",
    "red~blue",
    "~",
    "Chalk",
    "ΜΠΛΕΣ",
    "İ",
    "ẞ",
    "%00",
    "%0a",
    "%01 x",
    "+",
    "%20",
    "&",
    "=",
    "sort=",
    "newest",
    "dearest",
    "available=",
    "yes",
    "sale=yes",
    "page=2",
    "%c3%28",
    "%",
    ";",
];

proptest! {
    #![proptest_config(cases(400))]

    /// T24: of what merchants paste, pages get elements, attributes and addresses of the list, and nothing that reaches outside.
    #[test]
    fn cleaned_html_is_what_is_allowed_and_stays_in_its_place(text in soup(MARKUP, 24)) {
        let html = markdown::render(&text);
        let faults = faults(&html);
        prop_assert!(faults.is_empty(), "{faults:?}\nof {html}");
        prop_assert!(!html.contains("<!--"), "{html}");
        // Cleaned again, it is the same: what is stored clean is shown as it was stored.
        let words = markdown::plain(&html);
        prop_assert!(words == words.split_whitespace().collect::<Vec<_>>().join(" "));
        for length in [0, 1, 7, 160] {
            prop_assert!(markdown::excerpt(&words, length).chars().count() <= length + 1);
        }
    }

    /// No text can end the element that structured data stands in, and none is changed by it.
    #[test]
    fn structured_data_stays_in_its_element(text in soup(MARKUP, 12)) {
        let written = JsonLd::new(&[&text]).to_string();
        prop_assert!(!written.contains('<'), "{written}");
        prop_assert_eq!(serde_json::from_str::<Vec<String>>(&written).expect("JSON"), [text]);
    }

    /// What is taken for an amount is exactly the digits that were typed, with the decimals of the currency; nothing panics.
    #[test]
    fn no_amount_is_guessed(text in soup(AMOUNTS, 8), currency in select(Currency::all())) {
        let decimals = currency.exponent() as usize;
        for read in [Money::parse(&text, currency), Money::typed(&text, currency)] {
            let Ok(amount) = read else { continue };
            prop_assert_eq!(Money::parse(&amount.plain(), currency), Ok(amount), "{}", text);
            let typed: String = text.chars().filter(char::is_ascii_digit).collect();
            let minor = amount.minor().unsigned_abs().to_string();
            let is_exact = (0..=decimals).any(|missing| format!("{typed}{}", "0".repeat(missing)).trim_start_matches('0') == minor.trim_start_matches('0'));
            prop_assert!(is_exact, "{text:?} is no {amount}");
        }
    }

    /// Numbers of forms: the value that stands there, or a sentence beside the field, never both or neither.
    #[test]
    fn a_number_is_read_or_refused(text in "[-+0-9 ]{0,12}|\\PC{0,6}") {
        let fields = Fields::default().with("f", text.clone());
        for read in [|f: &Fields, p: &mut Problems| Some(i64::from(typed::count(f, "f", p))), |f: &Fields, p: &mut Problems| typed::signed(f, "f", p).map(i64::from)] {
            let mut problems = Problems::default();
            let number = read(&fields, &mut problems);
            let sound = text.trim().strip_prefix('+').unwrap_or(text.trim()).parse::<i64>().ok();
            prop_assert!(problems.has("f") || text.trim().is_empty() || number == sound, "{text:?} is no {number:?}");
        }
    }

    /// An address that is taken can be written on an envelope of a letter, and is the same read again.
    #[test]
    fn what_is_taken_for_an_address_can_be_sent_to(text in "[a-zA-Zé._@ +'\\-\r\n<>,\"0-9]{0,24}|\\PC{0,5}@\\PC{0,5}\\.\\PC{1,5}") {
        let Some(email) = Email::parse(&text) else { return Ok(()) };
        prop_assert!(email.as_str().parse::<lettre::Address>().is_ok(), "{email} cannot be sent to");
        prop_assert!(!email.as_str().contains(|c: char| c.is_control() || c.is_whitespace() || "<>,;\"".contains(c)), "{email}");
        prop_assert_eq!(Email::parse(email.as_str()), Some(email.clone()));
        prop_assert_eq!(Email::parse(&email.key()).map(|again| again.key()), Some(email.key()));
    }

    /// A handle has a place in an address and comes back from it as it was.
    #[test]
    fn a_handle_survives_its_address(text in "\\PC{0,30}|[a-z0-9 &äß/.%-]{0,120}") {
        let made = Handle::of_title(&text, "product");
        prop_assert!(Handle::parse(made.as_str()).is_some(), "{made}");
        let Some(handle) = Handle::parse(&text) else { return Ok(()) };
        let url = reqwest::Url::parse("https://shop.example/products/").expect("an address").join(handle.as_str()).expect("a part of an address");
        let last = url.path_segments().and_then(|mut parts| parts.next_back()).unwrap_or_default().to_owned();
        let back = form_urlencoded::parse(last.as_bytes()).next().map(|(key, _)| key.into_owned()).unwrap_or_default();
        prop_assert_eq!(back, handle.as_str(), "{}", url);
    }

    /// Codes are what they say.
    #[test]
    fn codes_come_back_as_they_were(text in "[A-Za-z\\-]{0,12}|\\PC{0,4}") {
        prop_assert!(Country::parse(&text).is_none_or(|country| country.code() == text && !country.name().is_empty()));
        prop_assert!(Currency::parse(&text).is_none_or(|currency| currency.code() == text));
        prop_assert!(Language::parse(&text).is_none_or(|language| language.tag() == text));
    }

    /// A label has few lines, none empty, with everything that was typed on it, or the form is refused.
    #[test]
    fn a_label_holds_what_was_typed(country in select(Country::all()), parts in prop::array::uniform8("[\\PC\n\t]{0,12}|[A-Z0-9 -]{3,9}")) {
        let [name, company, line1, line2, postcode, city, region, phone] = parts.map(|part: String| part.trim().to_owned());
        let address = Address { name, company, line1, line2, postcode, city, region, country, phone };
        let faults = address.faults();
        let lines = address.lines();
        prop_assert!(lines.len() <= 40);
        if faults.is_empty() {
            prop_assert!(lines.iter().all(|line| !line.trim().is_empty() && !line.contains(char::is_control)), "{lines:?}");
            prop_assert!(lines.len() <= 10, "{lines:?}");
        }
    }

    /// T35: where a browser goes is inside the shop.
    #[test]
    fn no_path_leads_out_of_the_shop(text in soup(PATHS, 8)) {
        let shop = reqwest::Url::parse("https://shop.example/account/sign-in").expect("an address");
        let mut problems = Problems::default();
        let paths = [next::local_path(&text).map(str::to_owned), typed::path(&Fields::default().with("f", text.clone()), "f", &mut problems)];
        for path in paths.into_iter().flatten() {
            let there = shop.join(&path);
            prop_assert!(there.as_ref().is_ok_and(|url| url.origin() == shop.origin() && url.username().is_empty()), "{path:?} leads to {there:?}");
            prop_assert!(!path.contains(['\r', '\n']));
        }
        if let Some(undo) = Undo::read(&text) {
            prop_assert!(shop.join(&undo.path).is_ok_and(|url| url.origin() == shop.origin()), "{:?}", undo.path);
        }
    }

    /// One choice has one address, and turning a choice on and off again is no choice.
    #[test]
    fn a_choice_has_one_address(query in soup(QUERIES, 10), option in "\\PC{1,5}|Χρώμα|colour", value in "[^~]{1,5}|ΜΠΛΕΣ|İ") {
        let filter = Filter::read(&query, Currency::EUR);
        prop_assert_eq!(&Filter::read(&filter.query(), Currency::EUR), &filter, "{}", filter.query());
        let (option, value) = (option.trim(), value.trim());
        let is_sound = |text: &str| !text.is_empty() && !text.contains(char::is_control) && !text.contains('~');
        if is_sound(option) && is_sound(value) && query.len() < 100 {
            let chosen = if filter.has(option, value) { filter.clone() } else { filter.toggled(option, value) };
            prop_assert!(chosen.has(option, value));
            prop_assert!(Filter::read(&chosen.query(), Currency::EUR).has(option, value), "{} of {}: {}", value, option, chosen.query());
            prop_assert!(!chosen.toggled(option, value).has(option, value));
        }
    }

    /// A form is read as it was sent, or refused; it is never more than its limits.
    #[test]
    fn a_form_is_read_as_it_was_sent(fields in prop::collection::vec(("\\PC{0,8}", "(?s).{0,40}"), 0..30), raw in prop::collection::vec(any::<u8>(), 0..200), many in 1..4_000_usize) {
        let sent = form_urlencoded::Serializer::new(String::new()).extend_pairs(&fields).finish();
        let has_zero = fields.iter().any(|(name, value)| name.contains('\0') || value.contains('\0'));
        match read(sent.into_bytes()) {
            Ok(read) => prop_assert!(read.0 == fields && !has_zero),
            Err(status) => prop_assert!(has_zero && status == 422, "{status}"),
        }
        if let Ok(Fields(read)) = read(raw) {
            prop_assert!(read.iter().all(|(name, value)| !name.contains('\0') && !value.contains('\0')));
        }
        let crowd = read("a=1&".repeat(many).into_bytes());
        prop_assert_eq!(crowd.is_ok(), many <= 2_000);
        prop_assert_eq!(read(vec![b'a'; limits::FORM_BYTES + many]).err(), Some(413));
    }
}

/// A body as the forms of shoppers read it; the status of the refusal.
fn read(body: Vec<u8>) -> Result<Fields, u16> {
    let request = Request::post("/").header("content-type", "application/x-www-form-urlencoded").body(Body::from(body)).expect("a request");
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    runtime.block_on(Fields::from_request(request, &())).map_err(|refused| refused.into_response().status().as_u16())
}

/// As long a text as may be saved, of the kind that parsers are slow at, is ready in a moment.
#[test]
fn the_worst_texts_are_not_slow() {
    let full = |token: &str| token.repeat(limits::TEXT / token.chars().count());
    let formats: String = "<p>".to_owned() + &(0..4_000).map(|number| format!("<b lang=a{number}>")).collect::<String>() + &"<p>x".repeat(9_000);
    let links: String = (0..9_000).map(|number| format!("[a{number}]: x\n")).collect();
    let worst = [
        full("<b>"),
        full("<table><td>"),
        full("> "),
        full("* "),
        full("["),
        full("![a]("),
        full("`a``"),
        full("**a"),
        full("_a"),
        full("<!--"),
        full("&#x3c;"),
        full("<a href=\""),
        full("|"),
        full("</p>"),
        full("<i><p>"),
        full("~~a"),
        formats,
        links,
    ];
    for text in worst {
        let began = Instant::now();
        let html = markdown::render(&text);
        let took = began.elapsed();
        let beginning: String = text.chars().take(20).collect();
        assert!(took < Duration::from_secs(10), "{beginning}… took {took:?}");
        assert!(html.len() < 40 * text.len(), "{beginning}… made {} bytes of {}", html.len(), text.len());
    }
}
