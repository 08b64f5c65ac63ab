//! What the keyboard does in the admin: a page of its own, and the sheet that a question mark opens.

use askama::Template;
use axum::extract::Query;

use crate::staff::{Anyone, Staff, places};
use crate::web::PageResult;
use crate::web::frame::AdminFrame;

#[derive(Debug, Default, serde::Deserialize)]
#[serde(default)]
pub struct Asked {
    /// Set by the sheet, which has a frame of its own.
    fragment: String,
}

/// The letter after `g`, and where it leads.
type Way = (&'static str, &'static str);

#[derive(Template)]
#[template(path = "desk/admin/keys.html")]
struct Page {
    ways: Vec<Way>,
}

#[derive(Template)]
#[template(path = "desk/admin/_keys.html")]
struct Sheet {
    ways: Vec<Way>,
}

pub async fn show(frame: AdminFrame, staff: Staff<Anyone>, Query(asked): Query<Asked>) -> PageResult {
    let ways = places(staff.role).filter(|place| !place.key.is_empty()).map(|place| (place.key, place.title)).collect();
    if asked.fragment.is_empty() { frame.page("Keyboard", Page { ways }) } else { frame.fragment(Sheet { ways }) }
}
