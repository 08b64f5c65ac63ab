//! The letters: one that asks whether somebody really asked, and the issues, each with its way out.

use std::sync::Arc;

use askama::Template;
use fluent_bundle::FluentValue;
use uuid::Uuid;

use super::asking::CONFIRM_DAYS;
use super::issue::Issue;
use crate::app::Snapshot;
use crate::base::{Email, Language};
use crate::platform::mail::Letter;
use crate::web::letter::{Draft, Imprint, LetterError, letter};
use crate::web::{Site, filters, markdown, words};

#[derive(Template)]
#[template(path = "newsletter/mails/confirm.html")]
struct ConfirmHtml<'a> {
    sentence: &'a str,
    url: &'a str,
    close: &'a str,
}

#[derive(Template)]
#[template(path = "newsletter/mails/confirm.txt")]
struct ConfirmText<'a> {
    sentence: &'a str,
    url: &'a str,
    close: &'a str,
}

/// The letter with the button that subscribes; it advertises nothing, for nobody has asked for that yet.
pub fn confirmation(site: &Site, imprint: &Imprint, to: Email, owner: Uuid, path: &str, request: Uuid) -> Result<Letter, LetterError> {
    let args = [("what", FluentValue::from(site.shop_name.as_str())), ("count", FluentValue::from(CONFIRM_DAYS))];
    let text = |key: &str| words::text(site.language, key, &args);
    let (sentence, close, url) = (text("newsletter-mail-confirm-text"), text("newsletter-mail-confirm-close"), site.url(path));
    letter(
        site,
        imprint,
        Draft {
            kind: "newsletter-confirm",
            key: request.to_string(),
            to,
            owner: Some(owner),
            subject: text("newsletter-mail-confirm-subject"),
            html: ConfirmHtml { sentence: &sentence, url: &url, close: &close },
            text: ConfirmText { sentence: &sentence, url: &url, close: &close },
        },
    )
}

#[derive(Template)]
#[template(path = "newsletter/mails/issue.html")]
struct IssueHtml<'a> {
    body_html: &'a str,
    shop: &'a str,
    url: &'a str,
}

#[derive(Template)]
#[template(path = "newsletter/mails/issue.txt")]
struct IssueText<'a> {
    body: &'a str,
    shop: &'a str,
    url: &'a str,
}

/// Which letter of an issue.
pub struct Copy<'a> {
    pub kind: &'static str,
    /// Two with the same key are the same letter.
    pub key: String,
    pub to: Email,
    pub owner: Uuid,
    /// Where one click unsubscribes.
    pub leave_path: &'a str,
}

/// One reader's letter of an issue.
pub fn copy(site: &Site, imprint: &Imprint, issue: &Issue, copy: Copy<'_>) -> Result<Letter, LetterError> {
    let url = site.url(copy.leave_path);
    let body_html = absolute(&issue.body_html, site);
    let body = plain(issue, site);
    let draft = Draft {
        kind: copy.kind,
        key: copy.key,
        to: copy.to,
        owner: Some(copy.owner),
        subject: issue.subject.clone(),
        html: IssueHtml { body_html: &body_html, shop: &site.shop_name, url: &url },
        text: IssueText { body: &body, shop: &site.shop_name, url: &url },
    };
    Ok(Letter { unsubscribe: Some(url.clone()), ..letter(site, imprint, draft)? })
}

/// The site of a reader's language.
pub fn site(snapshot: &Snapshot, language: Language) -> Arc<Site> {
    let mut pairs = snapshot.rules.markets.iter().flat_map(|market| &market.pairs);
    pairs.find(|pair| pair.language == language).and_then(|pair| snapshot.site(&pair.prefix)).unwrap_or_else(|| snapshot.default_site())
}

/// A letter has no address of its own: links that begin with a slash lead to the shop's pages, pictures to its files.
fn absolute(html: &str, site: &Site) -> String {
    html.replace("href=\"/", &format!("href=\"{}", site.url("/"))).replace("src=\"/", &format!("src=\"{}/", site.origin))
}

/// Markdown reads well as it is; HTML that was pasted does not.
fn plain(issue: &Issue, site: &Site) -> String {
    if issue.body.contains("</") {
        return markdown::plain(&issue.body_html);
    }
    issue.body.replace("](/", &format!("]({}", site.url("/")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::web::frame::tests_site;

    #[test]
    fn links_of_a_letter_lead_to_the_shop() {
        let site = Site { prefix: "/de".into(), ..tests_site() };
        assert_eq!(
            absolute("<a href=\"/products/mug\"><img src=\"/media/mug.jpg\"></a>", &site),
            "<a href=\"http://localhost/de/products/mug\"><img src=\"http://localhost/media/mug.jpg\"></a>"
        );
    }
}
