//! The letters of accounts. They share one form: a greeting, sentences, perhaps a button, a closing sentence.

use askama::Template;
use fluent_bundle::FluentValue;
use uuid::Uuid;

use super::account::Account;
use crate::base::Email;
use crate::markets::ShopSettings;
use crate::platform::mail::Letter;
use crate::web::Site;
use crate::web::filters;
use crate::web::letter::{Draft, Imprint, LetterError, letter};
use crate::web::words;

impl From<&ShopSettings> for Imprint {
    fn from(shop: &ShopSettings) -> Self {
        let name = if shop.legal_name.is_empty() { &shop.name } else { &shop.legal_name };
        Self { name: name.clone(), address: shop.legal_address.clone(), vat_id: shop.vat_id.clone(), email: shop.email.clone() }
    }
}

/// Which letter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Verify,
    ChangeEmail,
    Reset,
    Exists,
    PasswordChanged,
    EmailChanged,
}

impl Kind {
    /// Name of the letter, and the keys of its subject, sentence, button and close (`""` = no button).
    const fn words(self) -> [&'static str; 5] {
        match self {
            Self::Verify => [
                "verify-email",
                "customers-mail-verify-subject",
                "customers-mail-verify-text",
                "customers-mail-verify-button",
                "customers-mail-verify-close",
            ],
            Self::ChangeEmail => [
                "change-email",
                "customers-mail-change-subject",
                "customers-mail-change-text",
                "customers-mail-change-button",
                "customers-mail-change-close",
            ],
            Self::Reset => [
                "reset-password",
                "customers-mail-reset-subject",
                "customers-mail-reset-text",
                "customers-mail-reset-button",
                "customers-mail-reset-close",
            ],
            Self::Exists => [
                "account-exists",
                "customers-mail-exists-subject",
                "customers-mail-exists-text",
                "customers-mail-exists-button",
                "customers-mail-exists-close",
            ],
            Self::PasswordChanged => {
                ["password-changed", "customers-mail-password-subject", "customers-mail-password-text", "", "customers-mail-password-close"]
            }
            Self::EmailChanged => ["email-changed", "customers-mail-email-subject", "customers-mail-email-text", "", "customers-mail-email-close"],
        }
    }
}

impl Kind {
    /// Letters to an address that nobody has confirmed greet without the name: else anybody could send strangers a
    /// text of their own in our letter.
    const fn greeting(self) -> &'static str {
        match self {
            Self::Verify | Self::ChangeEmail => "customers-mail-hello",
            _ => "customers-mail-greeting",
        }
    }
}

#[derive(Template)]
#[template(path = "customers/mails/letter.html")]
struct Html<'a> {
    greeting: &'a str,
    sentence: &'a str,
    button: &'a str,
    url: &'a str,
    close: &'a str,
}

#[derive(Template)]
#[template(path = "customers/mails/letter.txt")]
struct Plain<'a> {
    greeting: &'a str,
    sentence: &'a str,
    button: &'a str,
    url: &'a str,
    close: &'a str,
}

/// Writes a letter to `to` about an account; `path` is where its button leads.
pub fn write(site: &Site, imprint: &Imprint, kind: Kind, account: &Account, to: Email, path: &str, request: Uuid) -> Result<Letter, LetterError> {
    let [name, subject, sentence, button, close] = kind.words();
    let args = [
        ("name", FluentValue::from(account.name.as_str())),
        ("what", FluentValue::from(site.shop_name.as_str())),
        ("number", FluentValue::from(to.as_str().to_owned())),
    ];
    let text = |key: &str| if key.is_empty() { String::new() } else { words::text(site.language, key, &args) };
    let (greeting, sentence, button, close, url) = (text(kind.greeting()), text(sentence), text(button), text(close), site.url(path));
    letter(
        site,
        imprint,
        Draft {
            kind: name,
            key: request.to_string(),
            to,
            owner: Some(account.id.uuid()),
            subject: text(subject),
            html: Html { greeting: &greeting, sentence: &sentence, button: &button, url: &url, close: &close },
            text: Plain { greeting: &greeting, sentence: &sentence, button: &button, url: &url, close: &close },
        },
    )
}
