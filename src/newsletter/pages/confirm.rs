//! Confirming: the link shows a button, only the button subscribes, because mail scanners follow links.

use askama::Template;
use axum::extract::{Path, State};

use super::{secret, stale};
use crate::app::App;
use crate::customers::Guard;
use crate::newsletter::asking;
use crate::newsletter::subscriber::Subscriber;
use crate::web::{Frame, PageResult, Visitor, filters};

/// Tries at links from one place in 15 minutes.
const TRIES: i32 = 20;

#[derive(Template)]
#[template(path = "newsletter/confirm.html")]
struct Page<'a> {
    one: &'a Subscriber,
    token: &'a str,
}

/// GET /newsletter/confirm/{token}
pub async fn show(State(app): State<App>, frame: Frame, visitor: Visitor, Path(token): Path<String>) -> PageResult {
    Guard::new("newsletter-link", &token, visitor.address, TRIES).check(&app).await?;
    let mut db = app.db.acquire().await?;
    let Some(one) = asking::pending(&mut db, &token, app.now()).await? else { return stale(&frame) };
    frame.page(secret(&frame, "newsletter-confirm-title"), Page { one: &one, token: &token })
}

/// POST /newsletter/confirm/{token}
pub async fn update(State(app): State<App>, frame: Frame, visitor: Visitor, Path(token): Path<String>) -> PageResult {
    Guard::new("newsletter-link", &token, visitor.address, TRIES).check(&app).await?;
    let mut tx = app.db.begin().await?;
    if asking::confirm(&mut tx, &token, &visitor.address.to_string(), app.now()).await?.is_none() {
        return stale(&frame);
    }
    tx.commit().await?;
    Ok(frame.see_other_saying("/", "newsletter-flash-confirmed"))
}
