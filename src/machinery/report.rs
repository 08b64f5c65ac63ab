//! What a browser refused to do on a page of the shop (Content-Security-Policy), as it is sent and as it is kept: folded
//! until nothing of a visitor is left, and no query or token.

use reqwest::Url;
use serde::Deserialize;

use crate::base::Instant;

/// Reports read out of one message; a browser that has more sends them again.
const MOST: usize = 20;
/// Characters of an address, and of a part of one, that are kept: a token of ours has 32.
const ADDRESS: usize = 120;
const PART: usize = 24;

/// The rules that a browser may name. Whatever names another is not a browser.
const DIRECTIVES: [&str; 20] = [
    "base-uri",
    "child-src",
    "connect-src",
    "default-src",
    "font-src",
    "form-action",
    "frame-ancestors",
    "frame-src",
    "img-src",
    "manifest-src",
    "media-src",
    "object-src",
    "script-src",
    "script-src-attr",
    "script-src-elem",
    "style-src",
    "style-src-attr",
    "style-src-elem",
    "trusted-types",
    "worker-src",
];
/// What may stand for an address where there is none.
const KEYWORDS: [&str; 8] = ["about", "blob", "data", "eval", "filesystem", "inline", "self", "wasm-eval"];
const EXTENSIONS: [&str; 4] = ["chrome-extension", "moz-extension", "ms-browser-extension", "safari-web-extension"];
/// Stands for what an extension of the visitor's browser brought along; its address would tell one visitor from another.
const EXTENSION: &str = "extension";

/// A message that holds no report of a browser.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("no report of a browser")]
pub struct Unreadable;

/// One report as a browser sends it, in the older form or the newer.
#[derive(Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Sent {
    #[serde(alias = "document-uri", alias = "documentURL")]
    document: String,
    #[serde(alias = "effective-directive", alias = "effectiveDirective")]
    directive: String,
    /// The rule as the older form words it, with what it allows.
    #[serde(alias = "violated-directive")]
    rule: String,
    #[serde(alias = "blocked-uri", alias = "blockedURL")]
    blocked: String,
    #[serde(alias = "source-file", alias = "sourceFile")]
    source: String,
}

#[derive(Deserialize)]
struct Old {
    #[serde(rename = "csp-report")]
    report: Sent,
}

#[derive(Deserialize)]
struct New {
    #[serde(rename = "type")]
    kind: String,
    #[serde(default)]
    body: serde_json::Value,
}

/// The reports of a message by its content type: `application/csp-report` (CSP 2) or `application/reports+json` (Reporting API).
pub fn read(content_type: &str, body: &[u8]) -> Result<Vec<Sent>, Unreadable> {
    match content_type.split(';').next().unwrap_or_default().trim() {
        "application/csp-report" => serde_json::from_slice::<Old>(body).map(|old| vec![old.report]).map_err(|_| Unreadable),
        "application/reports+json" => {
            let all: Vec<New> = serde_json::from_slice(body).map_err(|_| Unreadable)?;
            let ours = all.into_iter().filter(|report| report.kind == "csp-violation").take(MOST);
            ours.map(|report| serde_json::from_value(report.body).map_err(|_| Unreadable)).collect()
        }
        _ => Err(Unreadable),
    }
}

/// Which of the shop's pages: never more of its address than that where the address may hold a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, sqlx::Type)]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum Page {
    Payment,
    Cart,
    Shop,
    Order,
    Account,
    Admin,
    Other,
}

impl Page {
    /// By the path inside the pair.
    fn of(path: &str) -> Self {
        match path.split('/').nth(1).unwrap_or_default() {
            "checkout" | "pay" => Self::Payment,
            "cart" => Self::Cart,
            "" | "products" | "collections" | "pages" | "blogs" | "search" => Self::Shop,
            "orders" => Self::Order,
            "account" | "newsletter" => Self::Account,
            "admin" => Self::Admin,
            _ => Self::Other,
        }
    }

    pub const fn title(self) -> &'static str {
        match self {
            Self::Payment => "Payment page",
            Self::Cart => "Cart",
            Self::Shop => "Shop",
            Self::Order => "Order page",
            Self::Account => "Account, newsletter",
            Self::Admin => "Admin",
            Self::Other => "Another page",
        }
    }

    /// The path that is shown as an example.
    fn sample(self, path: &str) -> String {
        match self {
            Self::Shop => cut(path, ADDRESS),
            Self::Other => String::new(),
            Self::Payment | Self::Cart | Self::Order | Self::Account | Self::Admin => format!("/{}", path.split('/').nth(1).unwrap_or_default()),
        }
    }
}

/// What is kept of a report; two with the same page, directive and blocked address are one row.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Report {
    pub page: Page,
    pub directive: &'static str,
    /// Origin and first part of the path, or a word ("inline", "extension").
    pub blocked: String,
    pub sample: String,
}

impl Report {
    /// Folds a report about a page of the shop at `origin`; `inside` takes a pair's prefix off a path. `None` where it is about
    /// another site, or names a rule that does not exist.
    pub fn of(sent: &Sent, origin: &str, inside: impl Fn(&str) -> String) -> Option<Self> {
        let (document, ours) = (Url::parse(&sent.document).ok()?, Url::parse(origin).ok()?);
        let named = if sent.directive.is_empty() { sent.rule.split(' ').next().unwrap_or_default() } else { &sent.directive };
        let directive = DIRECTIVES.into_iter().find(|known| *known == named)?;
        let path = inside(document.path());
        let page = Page::of(&path);
        (document.origin() == ours.origin()).then(|| Self { page, directive, blocked: blocked(sent), sample: page.sample(&path) })
    }
}

fn blocked(sent: &Sent) -> String {
    let is_extension = |address: &str| EXTENSIONS.iter().any(|scheme| address.split(':').next() == Some(scheme));
    if is_extension(&sent.blocked) || is_extension(&sent.source) {
        return EXTENSION.into();
    }
    let word = sent.blocked.split(':').next().unwrap_or_default();
    match Url::parse(&sent.blocked) {
        Ok(url) if url.has_host() => {
            let host: Vec<&str> = url.host_str().unwrap_or_default().split('.').map(part).collect();
            let port = url.port().map(|port| format!(":{port}")).unwrap_or_default();
            let first = url.path_segments().and_then(|mut parts| parts.next()).filter(|first| !first.is_empty());
            let first = first.map(|first| format!("/{}", part(first))).unwrap_or_default();
            cut(&format!("{}://{}{port}{first}", url.scheme(), host.join(".")), ADDRESS)
        }
        _ => KEYWORDS.into_iter().find(|known| *known == word).unwrap_or(if word.is_empty() { "inline" } else { "unknown" }).into(),
    }
}

/// A part of an address, unless it is long enough to be a secret.
fn part(text: &str) -> &str {
    if text.len() <= PART { text } else { "…" }
}

fn cut(text: &str, most: usize) -> String {
    text.chars().take(most).collect()
}

/// A row as staff see it.
#[derive(Debug, sqlx::FromRow)]
pub struct Listed {
    pub page: Page,
    pub directive: String,
    pub blocked: String,
    pub sample: String,
    pub times: i64,
    pub first_seen_at: Instant,
    pub last_seen_at: Instant,
    pub is_new: bool,
}

impl Listed {
    pub fn is_payment(&self) -> bool {
        self.page == Page::Payment
    }

    /// "A script from https://example.com/js"
    pub fn what(&self) -> String {
        let (thing, joined) = match self.directive.as_str() {
            rule if rule.starts_with("script-src") || rule == "worker-src" => ("A script", "from"),
            rule if rule.starts_with("style-src") => ("A style", "from"),
            "img-src" => ("A picture", "from"),
            "font-src" => ("A font", "from"),
            "media-src" => ("Sound or film", "from"),
            "connect-src" => ("A connection", "to"),
            "form-action" => ("A form", "to"),
            "frame-ancestors" => ("The page in a frame", "of"),
            "frame-src" | "child-src" | "object-src" => ("A frame", "from"),
            "base-uri" => ("Another base of all links", ","),
            _ => ("Something", "from"),
        };
        match self.blocked.as_str() {
            EXTENSION => format!("{thing} of a browser extension"),
            "inline" => format!("{thing} written into the page"),
            "eval" | "wasm-eval" => format!("{thing} made out of text"),
            "data" | "blob" | "filesystem" | "about" => format!("{thing} held in the page itself"),
            "self" => format!("{thing} {joined} the shop itself"),
            "unknown" => format!("{thing} {joined} somewhere"),
            address => format!("{thing} {joined} {address}"),
        }
    }

    /// What it may come from, and what to do.
    pub fn meaning(&self) -> &'static str {
        let can_steal = self.directive.starts_with("script-src") || matches!(self.directive.as_str(), "connect-src" | "form-action" | "base-uri");
        match (self.blocked.as_str(), can_steal) {
            (EXTENSION, _) => "An extension in the visitor's browser. Nothing to do.",
            _ if self.directive == "frame-ancestors" => {
                "Another site tried to show the shop inside its own page. Browsers refuse that. Nothing to do."
            }
            (_, true) if self.is_payment() => {
                "From one or two visitors: an extension, or a program against viruses. From many: something on the way adds to the payment page. \
                 Open the page yourself, compare its scripts with docs/payment-page.md, and ask whoever runs your proxy or hosting."
            }
            ("inline" | "eval" | "wasm-eval", _) => {
                "Mostly an extension, or a program against viruses, that writes into pages; else a proxy that adds to them."
            }
            (_, true) => "Mostly an extension; else a proxy or hosting panel that adds scripts to pages. Ask whoever runs it if it comes often.",
            _ => "Mostly an extension that changes how pages look. If it comes often: a text or page of yours may use a file of another site.",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TOKEN: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

    fn sent(document: &str, blocked: &str) -> Sent {
        Sent { document: document.into(), directive: "script-src-elem".into(), blocked: blocked.into(), ..Sent::default() }
    }

    fn kept(document: &str, blocked: &str) -> Option<Report> {
        Report::of(&sent(document, blocked), "https://shop.example", |path| path.strip_prefix("/de").unwrap_or(path).to_owned())
    }

    #[test]
    fn both_forms_say_the_same() {
        let old = br#"{"csp-report":{"document-uri":"https://shop.example/","effective-directive":"script-src-elem","blocked-uri":"https://cdn.example/a.js"}}"#;
        let new = br#"[{"type":"deprecation","body":{}},{"type":"csp-violation","age":1,"body":{"documentURL":"https://shop.example/",
            "effectiveDirective":"script-src-elem","blockedURL":"https://cdn.example/a.js","disposition":"enforce"}}]"#;
        let expected = Ok(vec![sent("https://shop.example/", "https://cdn.example/a.js")]);
        assert_eq!(read("application/csp-report", old), expected);
        assert_eq!(read("application/reports+json; charset=utf-8", new), expected);
        for (kind, body) in
            [("application/json", &old[..]), ("application/csp-report", new), ("application/reports+json", old), ("", b""), ("text/plain", b"{}")]
        {
            assert_eq!(read(kind, body), Err(Unreadable), "{kind}");
        }
    }

    #[test]
    fn nothing_is_kept_that_could_be_a_secret() {
        for path in [
            format!("/orders/{TOKEN}"),
            format!("/account/reset/{TOKEN}"),
            format!("/pay/test/{TOKEN}"),
            format!("/{TOKEN}"),
            format!("/admin/open/{TOKEN}"),
        ] {
            for blocked in [
                format!("https://u:p@evil.example/{TOKEN}?t={TOKEN}#{TOKEN}"),
                format!("https://{TOKEN}.evil.example/{TOKEN}"),
                format!("moz-extension://{TOKEN}"),
            ] {
                let report = kept(&format!("https://shop.example{path}?token={TOKEN}#{TOKEN}"), &blocked).expect("ours");
                let written = format!("{report:?}").to_uppercase();
                assert!(!written.contains(TOKEN) && !written.contains("U:P"), "{written}");
            }
        }
    }

    #[test]
    fn a_report_is_folded_to_page_rule_and_origin() {
        let report = kept("https://shop.example/de/products/mug?variant=3", "https://cdn.example:8443/js/a/b.js?v=1").expect("ours");
        let parts = (report.page, report.directive, report.blocked.as_str(), report.sample.as_str());
        assert_eq!(parts, (Page::Shop, "script-src-elem", "https://cdn.example:8443/js", "/products/mug"));
        assert_eq!(
            kept("https://shop.example/checkout/return?session=x", "inline").map(|report| (report.page, report.sample)),
            Some((Page::Payment, "/checkout".into()))
        );
        for (blocked, word) in [
            ("inline", "inline"),
            ("", "inline"),
            ("data", "data"),
            ("data:text/html,x", "data"),
            ("blob:https://x.example/1", "blob"),
            ("chrome-extension", "extension"),
            ("what else", "unknown"),
        ] {
            assert_eq!(kept("https://shop.example/", blocked).map(|report| report.blocked).as_deref(), Some(word), "{blocked}");
        }
    }

    #[test]
    fn reports_of_other_sites_and_unknown_rules_are_none() {
        for document in ["https://evil.example/", "http://shop.example/", "https://shop.example:444/", "about:blank", "", "/checkout"] {
            assert_eq!(kept(document, "inline"), None, "{document}");
        }
        let odd = Sent { directive: "<script>".into(), ..sent("https://shop.example/", "inline") };
        assert_eq!(Report::of(&odd, "https://shop.example", str::to_owned), None);
        let old = Sent { directive: String::new(), rule: "script-src 'self'".into(), ..sent("https://shop.example/", "inline") };
        assert_eq!(Report::of(&old, "https://shop.example", str::to_owned).map(|report| report.directive), Some("script-src"));
    }
}
