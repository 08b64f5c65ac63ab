//! The frame of every letter: one HTML document with its plain twin, and the shop's imprint below both.

use askama::Template;
use uuid::Uuid;

use super::filters;
use super::frame::Site;
use crate::base::Email;
use crate::platform::mail::Letter;

/// What the HTML of a letter may do where staff look at it: be looked at.
pub const SANDBOX: &str =
    "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src *; form-action 'none'; base-uri 'none'; frame-ancestors 'none'";

/// What the law wants at the foot of a business letter; empty fields are left out.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Imprint {
    pub name: String,
    /// Lines of the address.
    pub address: String,
    pub vat_id: String,
    pub email: String,
}

impl Imprint {
    fn lines(&self) -> impl Iterator<Item = &str> {
        std::iter::once(self.name.as_str()).chain(self.address.lines()).map(str::trim).filter(|line| !line.is_empty())
    }
}

/// A letter before it has its frame.
#[derive(Debug)]
pub struct Draft<H, T> {
    /// `order-placed`, `shipped`, …
    pub kind: &'static str,
    /// The same for a repeated job, so that it writes the letter once.
    pub key: String,
    pub to: Email,
    /// The order or customer that it is about.
    pub owner: Option<Uuid>,
    pub subject: String,
    pub html: H,
    pub text: T,
}

/// The frame in MJML; mail programs get what mrml makes of it.
#[derive(Template)]
#[template(path = "kit/mail.html")]
struct Html<'a> {
    site: &'a Site,
    imprint: &'a Imprint,
    subject: &'a str,
    /// What lists of letters show beside the subject.
    preview: &'a str,
    body: &'a str,
}

impl Html<'_> {
    /// Where lines begin; mail programs do not know the word.
    fn start(&self) -> &'static str {
        if self.site.language.direction() == "rtl" { "right" } else { "left" }
    }
}

#[derive(Template)]
#[template(path = "kit/mail.txt")]
struct Plain<'a> {
    site: &'a Site,
    imprint: &'a Imprint,
    body: &'a str,
}

/// Why a letter could not be written; both are faults of a template.
#[derive(Debug, thiserror::Error)]
pub enum LetterError {
    #[error("a template of a letter cannot be rendered")]
    Template(#[from] askama::Error),
    #[error("the layout of a letter is not MJML: {0}")]
    Layout(String),
}

/// Puts a draft into the shop's frame, in the language of the site. Its HTML twin is MJML components of one column (`mj-text`,
/// `mj-table`, `mj-button` …); links inside it are the draft's: `site.url(…)`.
pub fn letter<H: Template, T: Template>(site: &Site, imprint: &Imprint, draft: Draft<H, T>) -> Result<Letter, LetterError> {
    let locale = site.locale();
    let values: (&str, &dyn std::any::Any) = ("locale", &locale);
    let subject = one_line(&draft.subject);
    let html = draft.html.render_with_values(&values)?;
    let text = draft.text.render_with_values(&values)?;
    let preview = text.lines().map(str::trim).filter(|line| !line.is_empty()).nth(1).unwrap_or_default();
    let layout = Html { site, imprint, subject: &subject, preview, body: &html }.render_with_values(&values)?;
    Ok(Letter {
        kind: draft.kind,
        to: draft.to,
        html: laid_out(&layout)?,
        plain: Plain { site, imprint, body: text.trim() }.render_with_values(&values)?,
        subject,
        owner: draft.owner,
        key: draft.key,
        unsubscribe: None,
    })
}

fn laid_out(mjml: &str) -> Result<String, LetterError> {
    let parsed = mrml::parse(mjml).map_err(|error| LetterError::Layout(error.to_string()))?;
    parsed.element.render(&mrml::prelude::render::RenderOptions::default()).map_err(|error| LetterError::Layout(error.to_string()))
}

/// A header is one line: names that people typed must not begin another (T25).
fn one_line(text: &str) -> String {
    text.split(|c: char| c.is_control()).map(str::trim).filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::web::frame::tests_site;

    #[derive(Template)]
    #[template(source = "<mj-text>{{ name }}<br><img src='x' alt=''></mj-text>", ext = "html")]
    struct Fragment<'a> {
        name: &'a str,
    }

    #[derive(Template)]
    #[template(source = "Hello {{ name }}", ext = "txt")]
    struct Twin<'a> {
        name: &'a str,
    }

    #[test]
    fn a_letter_escapes_names_keeps_one_subject_line_and_carries_the_imprint() {
        let name = "<Ada>";
        let imprint = Imprint { name: "Wharf Ltd".into(), address: "1 Quay\nDublin".into(), ..Imprint::default() };
        let draft = Draft {
            kind: "test",
            key: "1".into(),
            to: Email::parse("ada@example.org").expect("an address"),
            owner: None,
            subject: "Hello\r\nBcc: bo@example.org".into(),
            html: Fragment { name },
            text: Twin { name },
        };
        let letter = letter(&tests_site(), &imprint, draft).expect("rendered");
        assert_eq!(letter.subject, "Hello Bcc: bo@example.org");
        assert!(letter.html.contains("&#60;Ada&#62;<br") && !letter.html.contains("<mj-") && letter.html.contains("Wharf Ltd"));
        assert!(letter.plain.contains("Hello <Ada>") && letter.plain.contains("1 Quay\nDublin"), "{}", letter.plain);
    }
}
