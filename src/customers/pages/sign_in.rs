//! Signing in and out.

use askama::Template;
use axum::extract::{Query, State};
use axum::http::{StatusCode, header};

use super::caller::{Caller, after_sign_in, password};
use super::guard::Guard;
use super::private;
use crate::app::App;
use crate::base::Email;
use crate::customers::sign_in;
use crate::customers::store::sessions;
use crate::platform::secrets;
use crate::web::cookies::Cookie;
use crate::web::filters;
use crate::web::next::local_path;
use crate::web::{Fields, Frame, PageResult, Problems};

/// Tries of one place at one account in 15 minutes.
const TRIES: i32 = 10;

#[derive(serde::Deserialize)]
pub struct Asked {
    #[serde(default)]
    next: String,
}

#[derive(Template)]
#[template(path = "customers/sign_in.html")]
struct Page<'a> {
    fields: &'a Fields,
    problems: &'a Problems,
}

/// GET /account/sign-in
pub async fn new(caller: Caller, Query(asked): Query<Asked>) -> PageResult {
    let next = local_path(&asked.next).unwrap_or_default();
    if caller.visitor.customer.is_some() {
        return Ok(caller.frame.see_other(if next.is_empty() { "/account" } else { next }));
    }
    let fields = Fields::default().with("next", next);
    caller.frame.page(private(&caller.frame, "customers-sign-in-title"), Page { fields: &fields, problems: &Problems::default() })
}

/// POST /account/sign-in
pub async fn create(State(app): State<App>, caller: Caller, fields: Fields) -> PageResult {
    // An address that cannot exist is looked up like any other, so that it takes as long.
    let key = Email::parse(fields.get("email")).map_or_else(|| fields.get("email").to_lowercase(), |email| email.key());
    let guard = Guard::new("sign-in", &key, caller.visitor.address, TRIES);
    guard.check(&app).await?;
    let Some(customer) = sign_in::check(&app.db, &key, password(&fields, "password")).await? else {
        return refused(&caller.frame, &fields);
    };
    let mut tx = app.db.begin().await?;
    let cookies = after_sign_in(&mut tx, &caller, customer, app.now()).await?;
    tx.commit().await?;
    guard.clear(&app).await?;
    let mut response = caller.frame.see_other(local_path(fields.get("next")).unwrap_or("/account"));
    for cookie in cookies {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    Ok(response)
}

/// One sentence for every reason (T30).
fn refused(frame: &Frame, fields: &Fields) -> PageResult {
    let mut problems = Problems::default();
    problems.add("email", frame.text("customers-sign-in-wrong"));
    let next = local_path(fields.get("next")).unwrap_or_default();
    let fields = Fields::default().with("email", fields.get("email")).with("next", next);
    frame.page_with(StatusCode::UNPROCESSABLE_ENTITY, private(frame, "customers-sign-in-title"), Page { fields: &fields, problems: &problems })
}

/// POST /account/sign-out
pub async fn destroy(State(app): State<App>, caller: Caller) -> PageResult {
    sessions::delete(&app.db, &secrets::hash(caller.token())).await?;
    let mut response = caller.frame.see_other_saying("/", "customers-flash-signed-out");
    response.headers_mut().append(header::SET_COOKIE, Cookie::Customer.clear(caller.frame.site.is_https));
    // Whoever uses this browser next sees neither name nor cart; the cart comes back with the next sign-in.
    response.headers_mut().append(header::SET_COOKIE, Cookie::Cart.clear(caller.frame.site.is_https));
    Ok(response)
}
