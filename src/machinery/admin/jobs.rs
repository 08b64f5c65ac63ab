//! Jobs: what waits, what failed, what was laid aside; the latter is started again or given up.

use askama::Template;
use axum::Router;
use axum::extract::{Path, State};
use axum::routing::{get, post};

use crate::app::App;
use crate::base::JobId;
use crate::machinery::store;
use crate::platform::jobs;
use crate::platform::jobs::{Listed, MAX_ATTEMPTS};
use crate::staff;
use crate::staff::{Books, Staff};
use crate::web::filters;
use crate::web::frame::AdminFrame;
use crate::web::{AppError, PageResult};

pub fn routes() -> Router<App> {
    Router::new().route("/admin/jobs", get(index)).route("/admin/jobs/{id}/retry", post(update)).route("/admin/jobs/{id}/delete", post(destroy))
}

#[derive(Template)]
#[template(path = "machinery/admin/jobs.html")]
struct Index {
    jobs: Vec<Listed>,
    waiting: i64,
    dead: i64,
    most: i32,
}

async fn index(State(app): State<App>, frame: AdminFrame, _staff: Staff<Books>) -> PageResult {
    let (waiting, dead) = jobs::counts(&app.db).await?;
    frame.page("Jobs", Index { jobs: jobs::list(&app.db).await?, waiting, dead, most: MAX_ATTEMPTS })
}

async fn update(State(app): State<App>, frame: AdminFrame, staff: Staff<Books>, Path(id): Path<JobId>) -> PageResult {
    let mut tx = app.db.begin().await?;
    if !jobs::revive(&mut *tx, id, app.now()).await? {
        return Err(AppError::NotFound);
    }
    staff::audit(&mut *tx, staff.actor(), "retry", "job", &id.to_string(), None, None, app.now()).await?;
    tx.commit().await?;
    app.enqueued();
    Ok(frame.see_other_saying("/admin/jobs", "machinery-flash-retried"))
}

async fn destroy(State(app): State<App>, frame: AdminFrame, staff: Staff<Books>, Path(id): Path<JobId>) -> PageResult {
    let mut tx = app.db.begin().await?;
    let (kind, payload) = store::delete_dead_job(&mut *tx, id).await?.ok_or(AppError::NotFound)?;
    let before = serde_json::json!({ "kind": kind, "payload": payload });
    staff::audit(&mut *tx, staff.actor(), "delete", "job", &id.to_string(), Some(before), None, app.now()).await?;
    tx.commit().await?;
    Ok(frame.see_other_saying("/admin/jobs", "machinery-flash-deleted"))
}
