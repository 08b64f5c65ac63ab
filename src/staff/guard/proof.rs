//! Before something sensitive is done, whoever does it must have proved lately that the session is theirs: a desk that was
//! left open invites nobody and changes no factor (ASVS 7.5.1). Who must prove it is asked on a page that keeps what was
//! typed, and the form goes on from there by itself.

use askama::Template;
use axum::extract::{FromRequest, Request};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

use super::SignedInStaff;
use crate::app::App;
use crate::staff::store;
use crate::web::form::{Fields, Problems};
use crate::web::frame::AdminFrame;
use crate::web::{AppError, PageResult};

/// Where a proof is given.
pub const PROOF: &str = "/admin/proof";
/// Seconds for which a proof holds.
pub const PROOF_SECONDS: i64 = 600;
/// Field of the proof itself, and of where the form goes on to.
pub const ANSWER: &str = "proof";
pub const GOES_TO: &str = "proof_to";
/// Fields that no page repeats.
const NEVER_REPEATED: [&str; 6] = [ANSWER, GOES_TO, "recovery", "password", "repeated", "current"];

/// The fields of a sensitive form, from somebody who has proved lately who they are.
pub struct Proven(pub Fields);

impl FromRequest<App> for Proven {
    type Rejection = Response;

    async fn from_request(request: Request, app: &App) -> Result<Self, Response> {
        let extensions = request.extensions();
        let (Some(staff), Some(frame)) = (extensions.get::<SignedInStaff>().cloned(), extensions.get::<AdminFrame>().cloned()) else {
            return Err(AppError::Forbidden.into_response());
        };
        let fields = Fields::from_request(request, app).await.map_err(IntoResponse::into_response)?;
        match wanted(app, &frame, &staff, &fields).await {
            Ok(None) => Ok(Self(fields)),
            Ok(Some(page)) => Err(page),
            Err(error) => Err(error.into_response()),
        }
    }
}

/// The page that asks for a proof before this form goes on; `None` where the last one still holds.
pub async fn wanted(app: &App, frame: &AdminFrame, staff: &SignedInStaff, fields: &Fields) -> Result<Option<Response>, AppError> {
    if staff.has_proved(app.now()) {
        return Ok(None);
    }
    page(app, frame, staff, &frame.path, fields, (StatusCode::UNPROCESSABLE_ENTITY, &Problems::default())).await.map(Some)
}

/// By what somebody proves who they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Means {
    Code,
    Password,
    /// Neither: they came by a link, and only another one proves anything.
    Link,
}

pub async fn means(app: &App, staff: &SignedInStaff) -> sqlx::Result<Means> {
    if staff.has_factor {
        return Ok(Means::Code);
    }
    let has_password = store::password_hash(&app.db, staff.id).await?.is_some();
    Ok(if has_password { Means::Password } else { Means::Link })
}

#[derive(Template)]
#[template(path = "staff/admin/proof.html")]
struct Page<'a> {
    means: Means,
    goes_to: &'a str,
    email: &'a str,
    kept: Vec<&'a (String, String)>,
    problems: &'a Problems,
}

/// The question, with what was typed kept in it.
pub async fn page(
    app: &App,
    frame: &AdminFrame,
    staff: &SignedInStaff,
    goes_to: &str,
    fields: &Fields,
    (status, problems): (StatusCode, &Problems),
) -> PageResult {
    let kept = fields.0.iter().filter(|(name, _)| !NEVER_REPEATED.contains(&name.as_str())).collect();
    let page = Page { means: means(app, staff).await?, goes_to, email: staff.email.as_str(), kept, problems };
    frame.page_with(status, "Is it you?", page)
}
