//! Signing up: the same answer whether or not the address has an account (T30).

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;

use super::caller::{Caller, password};
use super::guard::Guard;
use super::private;
use crate::app::App;
use crate::base::Email;
use crate::base::password::{self, PasswordFault};
use crate::customers::sign_up::{Application, sign_up};
use crate::platform::secrets;
use crate::web::filters;
use crate::web::{Fields, Frame, PageResult, Problems, limits};

/// Letters that one place may cause to one address in 15 minutes.
pub const LETTERS: i32 = 5;

#[derive(Template)]
#[template(path = "customers/sign_up.html")]
struct Page<'a> {
    fields: &'a Fields,
    problems: &'a Problems,
}

/// GET /account/sign-up
pub async fn new(caller: Caller) -> PageResult {
    if caller.visitor.customer.is_some() {
        return Ok(caller.frame.see_other("/account"));
    }
    caller.frame.page(private(&caller.frame, "customers-sign-up-title"), Page { fields: &Fields::default(), problems: &Problems::default() })
}

/// POST /account/sign-up
pub async fn create(State(app): State<App>, caller: Caller, fields: Fields) -> PageResult {
    let mut problems = Problems::default();
    let name = name(&caller.frame, &fields, &mut problems);
    let email = email(&caller.frame, &fields, "email", &mut problems);
    let chosen = password(&fields, "password");
    check_password(&caller.frame, &chosen, &[&name, fields.get("email")], "password", &mut problems);
    let Some(email) = email.filter(|_| problems.is_empty()) else {
        let fields = Fields::default().with("name", fields.get("name")).with("email", fields.get("email"));
        let page = Page { fields: &fields, problems: &problems };
        return caller.frame.page_with(StatusCode::UNPROCESSABLE_ENTITY, private(&caller.frame, "customers-sign-up-title"), page);
    };
    Guard::new("sign-up", &email.key(), caller.visitor.address, LETTERS).check(&app).await?;
    let application = Application { name, email, password_hash: secrets::hash_password(chosen).await?, prefix: caller.prefix().to_owned() };
    let mut tx = app.db.begin().await?;
    sign_up(&mut tx, &application, app.now()).await?;
    tx.commit().await?;
    app.enqueued();
    Ok(caller.frame.see_other_saying("/account/sign-in", "customers-flash-signed-up"))
}

/// The name in a form, checked.
pub fn name(frame: &Frame, fields: &Fields, problems: &mut Problems) -> String {
    let name = fields.get("name");
    if name.is_empty() {
        problems.add("name", frame.text("customers-form-name-missing"));
    } else if name.chars().count() > 100 || name.chars().any(char::is_control) {
        problems.add("name", frame.text("customers-form-name-odd"));
    }
    name.to_owned()
}

/// The address in a form, checked.
pub fn email(frame: &Frame, fields: &Fields, field: &str, problems: &mut Problems) -> Option<Email> {
    let email = Some(fields.get(field)).filter(|text| text.len() <= limits::LINE).and_then(Email::parse);
    if email.is_none() {
        problems.add(field, frame.text("customers-form-email-odd"));
    }
    email
}

/// Adds a sentence where a chosen password is no good.
pub fn check_password(frame: &Frame, chosen: &str, personal: &[&str], field: &str, problems: &mut Problems) {
    if let Some(fault) = password::fault(chosen, personal) {
        let key = match fault {
            PasswordFault::TooShort => "customers-form-password-short",
            PasswordFault::TooLong => "customers-form-password-long",
            PasswordFault::Common => "customers-form-password-common",
            PasswordFault::Personal => "customers-form-password-personal",
        };
        problems.add(field, frame.text(key));
    }
}
