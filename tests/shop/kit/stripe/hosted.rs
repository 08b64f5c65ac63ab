//! The page of the stand-in on which a shopper pays: plain forms, no script.

use axum::Router;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Redirect, Response};
use axum::routing::{get, post};

use super::FakeStripe;

pub fn routes() -> Router<FakeStripe> {
    Router::new().route("/pay/{session}", get(page)).route("/pay/{session}/{verb}", post(act))
}

async fn page(State(fake): State<FakeStripe>, Path(session): Path<String>) -> Response {
    draw(&fake, &session, "")
}

async fn act(State(fake): State<FakeStripe>, Path((session, verb)): Path<(String, String)>) -> Response {
    let Some((success, cancel)) = fake.world().sessions.get(&session).map(|row| (row.success_url.clone(), row.cancel_url.clone())) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let back = Redirect::to(&success.replace("{CHECKOUT_SESSION_ID}", &session));
    match verb.as_str() {
        "pay" if fake.pay(&session).await => back.into_response(),
        "pay-later" if fake.pay_pending(&session).await => back.into_response(),
        "decline" if fake.fail(&session).await => draw(&fake, &session, "Your card was declined."),
        "cancel" => Redirect::to(&cancel).into_response(),
        _ => draw(&fake, &session, "This page can be paid no more."),
    }
}

fn draw(fake: &FakeStripe, session: &str, notice: &str) -> Response {
    let mut world = fake.world();
    world.pass_time();
    let Some(row) = world.sessions.get(session) else { return StatusCode::NOT_FOUND.into_response() };
    let lines: String = row.lines.iter().map(|line| format!("<li>{}</li>", escape(line))).collect();
    let button = |verb: &str, label: &str| format!("<form method=\"post\" action=\"/pay/{session}/{verb}\"><button>{label}</button></form>");
    let buttons = if row.status == "open" {
        [button("pay", "Pay"), button("pay-later", "Pay later by bank"), button("decline", "Decline"), button("cancel", "Cancel")].concat()
    } else {
        format!("<p>This page can be paid no more ({}).</p>{}", row.status, button("cancel", "Back"))
    };
    let notice = if notice.is_empty() { String::new() } else { format!("<p role=\"alert\">{notice}</p>") };
    Html(format!(
        "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>Test payment</title><main><h1>Test payment</h1>{notice}\
         <ul>{lines}</ul><p>Total: {} {} (smallest units of the provider)</p>{buttons}</main></html>",
        row.amount,
        row.currency.to_ascii_uppercase(),
    ))
    .into_response()
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
