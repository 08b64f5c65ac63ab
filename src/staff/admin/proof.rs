//! The answer to "Is it you?": checked, noted in a session with a new token (ASVS 7.2.4), and the form goes on to where it
//! was on its way.

use std::net::IpAddr;

use axum::Router;
use axum::extract::{Extension, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect};
use axum::routing::post;

use super::{typed_password, with_session};
use crate::app::App;
use crate::platform::strongbox::Strongbox;
use crate::staff::admin::code::{NOTHING, refusal, typed};
use crate::staff::entering::{SignIn, WINDOW_SECONDS};
use crate::staff::guard::proof::{ANSWER, GOES_TO, Means, PROOF, means, page};
use crate::staff::role::Anyone;
use crate::staff::{Staff, entering, second_factor, store};
use crate::web::form::{Fields, Problems};
use crate::web::frame::AdminFrame;
use crate::web::limits::Rate;
use crate::web::next::local_path;
use crate::web::{AppError, PageResult};

pub fn routes() -> Router<App> {
    Router::new().route(PROOF, post(create))
}

/// Status and sentence of an answer that proves nothing; `None` for one that does.
type Refusal = Option<(StatusCode, String)>;

async fn checked(app: &App, staff: &Staff<Anyone>, fields: &Fields, from: IpAddr) -> Result<Refusal, AppError> {
    let at = app.now();
    let refused = |status, sentence: String| Some((status, sentence));
    Ok(match means(app, staff).await? {
        Means::Code => {
            let (_, code) = typed(fields, ANSWER);
            if code.is_empty() {
                return Ok(refused(StatusCode::UNPROCESSABLE_ENTITY, NOTHING.to_owned()));
            }
            let strongbox = Strongbox::open(&app.config, &app.db).await?;
            let answer = second_factor::check(&app.db, &strongbox, staff.id, code, staff.actor(), from, at).await?;
            app.enqueued();
            refusal(answer)
        }
        Means::Password => match entering::check(&app.db, staff.email.as_str(), typed_password(fields, ANSWER), from, at).await? {
            SignIn::Welcome(id) if id == staff.id => None,
            SignIn::TooMany => {
                refused(StatusCode::TOO_MANY_REQUESTS, format!("Too many wrong passwords. Try again in {} minutes.", WINDOW_SECONDS / 60))
            }
            _ => refused(StatusCode::UNPROCESSABLE_ENTITY, "This is not your password.".to_owned()),
        },
        Means::Link => refused(StatusCode::UNPROCESSABLE_ENTITY, "There is nothing to prove it with but a new link.".to_owned()),
    })
}

async fn create(State(app): State<App>, frame: AdminFrame, staff: Staff<Anyone>, Extension(from): Extension<IpAddr>, fields: Fields) -> PageResult {
    app.rates.check(Rate::Credentials, from).map_err(AppError::TooMany)?;
    let goes_to = local_path(fields.get(GOES_TO)).filter(|path| path.starts_with("/admin/")).ok_or(AppError::NotFound)?;
    if let Some((status, sentence)) = checked(&app, &staff, &fields, from).await? {
        let mut problems = Problems::default();
        problems.add(typed(&fields, ANSWER).0, sentence);
        return page(&app, &frame, &staff, goes_to, &fields, (status, &problems)).await;
    }
    let Some(token) = store::prove_session(&app.db, staff.id, staff.session, app.now()).await? else {
        return Err(AppError::SignIn(crate::staff::guard::SIGN_IN));
    };
    // 307: the browser sends the same form on, with all that was typed.
    Ok(with_session(&app, Redirect::temporary(goes_to).into_response(), &token))
}
