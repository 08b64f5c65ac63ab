//! Name, address and password of an account: three forms on one page; the field `part` says which was sent.

use askama::Template;
use axum::extract::State;
use axum::http::{StatusCode, header};

use super::caller::{Caller, after_sign_in, password};
use super::guard::Guard;
use super::private;
use super::sign_up::{LETTERS, check_password, email, name};
use crate::app::App;
use crate::customers::store::accounts;
use crate::customers::tasks::{self, Task};
use crate::customers::{reset, sign_in};
use crate::platform::secrets;
use crate::web::filters;
use crate::web::{AppError, Customer, Fields, PageResult, Problems, SignedIn};

/// Tries at the current password in 15 minutes.
const TRIES: i32 = 10;

#[derive(Template)]
#[template(path = "customers/details.html")]
struct Page<'a> {
    customer: &'a SignedIn,
    fields: &'a Fields,
    problems: &'a Problems,
}

/// GET /account/details
pub async fn edit(caller: Caller, Customer(customer): Customer) -> PageResult {
    let fields = Fields::default().with("name", &customer.name);
    let page = Page { customer: &customer, fields: &fields, problems: &Problems::default() };
    caller.frame.page(private(&caller.frame, "customers-details-title"), page)
}

/// POST /account/details
pub async fn update(State(app): State<App>, caller: Caller, Customer(customer): Customer, fields: Fields) -> PageResult {
    match fields.get("part") {
        "name" => rename(&app, &caller, &customer, &fields).await,
        "email" => change_email(&app, &caller, &customer, &fields).await,
        "password" => change_password(&app, &caller, &customer, &fields).await,
        _ => Err(AppError::NotFound),
    }
}

fn again(caller: &Caller, customer: &SignedIn, fields: &Fields, problems: &Problems) -> PageResult {
    let name = if fields.get("part") == "name" { fields.get("name") } else { &customer.name };
    let fields = Fields::default().with("name", name).with("email", fields.get("email"));
    let page = Page { customer, fields: &fields, problems };
    caller.frame.page_with(StatusCode::UNPROCESSABLE_ENTITY, private(&caller.frame, "customers-details-title"), page)
}

async fn rename(app: &App, caller: &Caller, customer: &SignedIn, fields: &Fields) -> PageResult {
    let mut problems = Problems::default();
    let name = name(&caller.frame, fields, &mut problems);
    if !problems.is_empty() {
        return again(caller, customer, fields, &problems);
    }
    accounts::set_name(&app.db, customer.id, &name).await?;
    Ok(caller.frame.see_other_saying("/account/details", "customers-flash-details-saved"))
}

/// The current password, checked under a throttle; a problem at `field` where it is wrong.
async fn prove(app: &App, caller: &Caller, customer: &SignedIn, typed: String, field: &str, problems: &mut Problems) -> Result<(), AppError> {
    let guard = Guard::new("own-password", &customer.id.to_string(), caller.visitor.address, TRIES);
    guard.check(app).await?;
    if sign_in::check_own(&app.db, customer.id, typed).await? {
        guard.clear(app).await?;
    } else {
        problems.add(field, caller.frame.text("customers-details-current-wrong"));
    }
    Ok(())
}

/// The address changes when the letter to the new one is answered. Whether that one has an account shows only there.
async fn change_email(app: &App, caller: &Caller, customer: &SignedIn, fields: &Fields) -> PageResult {
    let mut problems = Problems::default();
    let wanted = email(&caller.frame, fields, "email", &mut problems);
    prove(app, caller, customer, password(fields, "email_current"), "email_current", &mut problems).await?;
    let Some(wanted) = wanted.filter(|_| problems.is_empty()) else { return again(caller, customer, fields, &problems) };
    Guard::new("change-email", &customer.id.to_string(), caller.visitor.address, LETTERS).check(app).await?;
    let now = app.now();
    Task::new(customer.id, caller.prefix(), now).with_email(wanted).enqueue(&app.db, tasks::VERIFY, now).await?;
    app.enqueued();
    Ok(caller.frame.see_other_saying("/account/details", "customers-flash-email-letter"))
}

/// Ends every session and begins a new one here (T29).
async fn change_password(app: &App, caller: &Caller, customer: &SignedIn, fields: &Fields) -> PageResult {
    let mut problems = Problems::default();
    let chosen = password(fields, "password");
    check_password(&caller.frame, &chosen, &[&customer.name, customer.email.as_str()], "password", &mut problems);
    prove(app, caller, customer, password(fields, "current"), "current", &mut problems).await?;
    if !problems.is_empty() {
        return again(caller, customer, fields, &problems);
    }
    let hash = secrets::hash_password(chosen).await?;
    let mut tx = app.db.begin().await?;
    reset::change_password(&mut tx, customer.id, &hash, caller.prefix(), app.now()).await?;
    let cookies = after_sign_in(&mut tx, caller, customer.id, app.now()).await?;
    tx.commit().await?;
    app.enqueued();
    let mut response = caller.frame.see_other_saying("/account/details", "customers-flash-password-changed");
    for cookie in cookies {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    Ok(response)
}
