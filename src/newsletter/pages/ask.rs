//! Asking for the newsletter: the same answer whether or not the address is known (T30). What differs is done by a job.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;

use crate::app::App;
use crate::base::{Email, ids};
use crate::customers::Guard;
use crate::newsletter::tasks::{ASKED, Asked};
use crate::platform::jobs;
use crate::web::next::local_path;
use crate::web::{Fields, Frame, Meta, PageResult, Visitor, filters, limits};

/// Letters that one place may cause to one address in 15 minutes.
const LETTERS: i32 = 5;
/// The sentence beside the button: kept as what people agreed to.
const PROMISE: &str = "newsletter-form-promise";

#[derive(Template)]
#[template(path = "newsletter/ask.html")]
struct Page<'a> {
    from: &'a str,
    typed: &'a str,
    problem: &'a str,
}

fn head(frame: &Frame) -> Meta {
    Meta { title: frame.text("newsletter-form-title"), is_private: true, ..Meta::default() }
}

/// GET /newsletter
pub async fn new(frame: Frame) -> PageResult {
    frame.page(head(&frame), Page { from: "/newsletter", typed: "", problem: "" })
}

/// POST /newsletter
pub async fn create(State(app): State<App>, frame: Frame, visitor: Visitor, fields: Fields) -> PageResult {
    let from = local_path(fields.get("from")).unwrap_or("/newsletter");
    let typed = fields.get("email");
    let Some(email) = Some(typed).filter(|text| text.len() <= limits::LINE).and_then(Email::parse) else {
        let problem = frame.text("newsletter-form-odd");
        return frame.page_with(StatusCode::UNPROCESSABLE_ENTITY, head(&frame), Page { from, typed, problem: &problem });
    };
    Guard::new("newsletter", &email.key(), visitor.address, LETTERS).check(&app).await?;
    let at = app.now();
    let asked = Asked {
        email,
        prefix: frame.site.prefix.clone(),
        source: from.to_owned(),
        text: frame.text(PROMISE),
        ip: visitor.address.to_string(),
        at,
        request: ids::v7(at),
    };
    jobs::enqueue(&app.db, ASKED, &asked, at).await?;
    app.enqueued();
    Ok(frame.see_other_saying(from, "newsletter-flash-asked"))
}
