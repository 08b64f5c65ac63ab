//! Everybody in one file, with the proof: to move elsewhere, or to show to an authority (GDPR Art. 7(1)).

use axum::extract::State;
use axum::http::header;
use axum::response::IntoResponse;
use serde_json::json;

use crate::app::App;
use crate::base::Instant;
use crate::newsletter::store::subscribers::search;
use crate::newsletter::subscriber::{Reason, Subscriber};
use crate::staff;
use crate::staff::{Books, Staff};
use crate::web::PageResult;

const COLUMNS: [&str; 12] = [
    "email",
    "language",
    "status",
    "suppressed",
    "source",
    "text",
    "asked_at",
    "asked_ip",
    "confirmed_at",
    "confirmed_ip",
    "unsubscribed_at",
    "unsubscribe_reason",
];

pub async fn show(State(app): State<App>, staff: Staff<Books>) -> PageResult {
    let rows = search(&app.db, "", None, None, None).await?;
    let file = written(&rows)?;
    staff::audit(&app.db, staff.actor(), "export", "subscriber", "all", None, Some(json!({ "rows": rows.len() })), app.now()).await?;
    let headers = [(header::CONTENT_TYPE, "text/csv; charset=utf-8"), (header::CONTENT_DISPOSITION, "attachment; filename=\"subscribers.csv\"")];
    Ok((headers, file).into_response())
}

fn written(rows: &[Subscriber]) -> anyhow::Result<Vec<u8>> {
    let mut file = csv::Writer::from_writer(Vec::new());
    file.write_record(COLUMNS)?;
    for row in rows {
        let time = |at: Option<Instant>| at.map(|at| at.timestamp().to_string()).unwrap_or_default();
        let cells = [
            row.email.to_string(),
            row.language.to_string(),
            row.status.code().to_owned(),
            if row.is_suppressed { "yes" } else { "no" }.to_owned(),
            row.source.clone(),
            row.text.clone(),
            time(Some(row.asked_at)),
            row.asked_ip.clone(),
            time(row.confirmed_at),
            row.confirmed_ip.clone().unwrap_or_default(),
            time(row.unsubscribed_at),
            row.reason.map_or("", Reason::code).to_owned(),
        ];
        file.write_record(cells.map(harmless))?;
    }
    Ok(file.into_inner()?)
}

/// A cell that a spreadsheet would take for a formula begins with an apostrophe (OWASP, CSV injection): strangers typed it.
fn harmless(cell: String) -> String {
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{cell}") } else { cell }
}

#[cfg(test)]
mod tests {
    use super::harmless;

    #[test]
    fn a_stranger_writes_no_formula() {
        assert_eq!(harmless("=1+1@example.com".into()), "'=1+1@example.com");
        assert_eq!(harmless("ada@example.com".into()), "ada@example.com");
    }
}
