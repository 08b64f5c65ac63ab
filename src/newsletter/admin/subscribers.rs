//! Who subscribed, with the proof of it.

use askama::Template;
use axum::extract::{Path, RawQuery, State};
use serde_json::json;

use super::{asked, limit, page};
use crate::app::App;
use crate::base::SubscriberId;
use crate::newsletter::leaving;
use crate::newsletter::store::subscribers::{find, search};
use crate::newsletter::subscriber::{Reason, Status, Subscriber};
use crate::staff;
use crate::staff::{Books, Staff};
use crate::web::frame::AdminFrame;
use crate::web::{AppError, PageResult, filters};

/// Longest search, in characters.
const QUERY: usize = 100;

#[derive(Template)]
#[template(path = "newsletter/admin/subscribers.html")]
struct List {
    rows: Vec<Subscriber>,
    q: String,
    status: Option<Status>,
    older: Option<String>,
    is_first: bool,
}

pub async fn index(State(app): State<App>, frame: AdminFrame, _: Staff<Books>, RawQuery(query): RawQuery) -> PageResult {
    let fields = asked(query);
    let q: String = fields.get("q").chars().take(QUERY).collect();
    let status = Status::parse(fields.get("status"));
    let before: Option<SubscriberId> = fields.get("before").parse().ok();
    let (rows, has_more) = page(search(&app.db, &q, status, before, Some(limit())).await?);
    let older = rows.last().filter(|_| has_more).map(|last| {
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.append_pair("q", &q).append_pair("status", status.map_or("", Status::code)).append_pair("before", &last.id.to_string());
        format!("/admin/newsletter/subscribers?{}", query.finish())
    });
    frame.page("Subscribers", List { rows, q, status, older, is_first: before.is_none() })
}

#[derive(Template)]
#[template(path = "newsletter/admin/subscriber.html")]
struct Show<'a> {
    one: &'a Subscriber,
}

pub async fn show(State(app): State<App>, frame: AdminFrame, _: Staff<Books>, Path(id): Path<SubscriberId>) -> PageResult {
    let one = find(&app.db, id).await?.ok_or(AppError::NotFound)?;
    frame.page(one.email.as_str(), Show { one: &one })
}

/// For somebody who asked by letter or telephone.
pub async fn unsubscribe(State(app): State<App>, frame: AdminFrame, staff: Staff<Books>, Path(id): Path<SubscriberId>) -> PageResult {
    let at = app.now();
    let mut tx = app.db.begin().await?;
    let one = find(&mut *tx, id).await?.ok_or(AppError::NotFound)?;
    if leaving::leave(&mut tx, &one, Reason::Staff, at).await? {
        let before = json!({ "email": one.email.as_str(), "status": one.status.code() });
        staff::audit(&mut *tx, staff.actor(), "unsubscribe", "subscriber", &id.to_string(), Some(before), None, at).await?;
        tx.commit().await?;
    }
    Ok(frame.see_other_saying(&format!("/admin/newsletter/subscribers/{id}"), "newsletter-desk-unsubscribed"))
}
