//! Leaving: a page with a button for people, and the same address for their mail programs (RFC 8058), which send no
//! cookie and no Origin. Tries are not counted: a mail provider leaves for many readers from one place, and 160 random
//! bits are not guessed.

use askama::Template;
use axum::body::Bytes;
use axum::extract::{Path, State};

use super::{secret, stale};
use crate::app::App;
use crate::newsletter::leaving;
use crate::newsletter::subscriber::{Reason, Status, Subscriber};
use crate::web::{Frame, PageResult, filters};

#[derive(Template)]
#[template(path = "newsletter/leave.html")]
struct Page<'a> {
    one: &'a Subscriber,
    token: &'a str,
    is_gone: bool,
}

/// GET /newsletter/unsubscribe/{token}
pub async fn show(State(app): State<App>, frame: Frame, Path(token): Path<String>) -> PageResult {
    let mut db = app.db.acquire().await?;
    let Some(one) = leaving::behind_link(&mut db, &token, app.now()).await? else { return stale(&frame) };
    let is_gone = one.status == Status::Unsubscribed;
    frame.page(secret(&frame, "newsletter-leave-title"), Page { one: &one, token: &token, is_gone })
}

/// POST /newsletter/unsubscribe/{token}. The answer is never a redirect: RFC 8058, section 3.1, forbids it.
pub async fn update(State(app): State<App>, frame: Frame, Path(token): Path<String>, body: Bytes) -> PageResult {
    let at = app.now();
    let mut tx = app.db.begin().await?;
    let Some(one) = leaving::behind_link(&mut tx, &token, at).await? else { return stale(&frame) };
    leaving::leave(&mut tx, &one, if is_one_click(&body) { Reason::OneClick } else { Reason::Link }, at).await?;
    tx.commit().await?;
    frame.page(secret(&frame, "newsletter-leave-title"), Page { one: &one, token: &token, is_gone: true })
}

/// Mail programs send the pair as multipart/form-data or as a urlencoded form (RFC 8058, section 3.2).
fn is_one_click(body: &[u8]) -> bool {
    let text = String::from_utf8_lossy(body);
    text.contains("List-Unsubscribe") && text.contains("One-Click")
}

#[cfg(test)]
mod tests {
    use super::is_one_click;

    #[test]
    fn both_shapes_of_one_click_are_understood() {
        assert!(is_one_click(b"List-Unsubscribe=One-Click"));
        assert!(is_one_click(b"--b\r\nContent-Disposition: form-data; name=\"List-Unsubscribe\"\r\n\r\nOne-Click\r\n--b--\r\n"));
        assert!(!is_one_click(b""));
    }
}
