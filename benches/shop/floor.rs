//! The floor: the least server that sends the same bytes. From memory; after one `SELECT` by primary key; after the
//! statements that the shop runs for the page, prepared on every connection as the shop's are.

use std::sync::Arc;

use anyhow::Context;
use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::{Executor, PgPool};
use wharf::platform::db::SESSION;

/// What the floor answers with.
#[derive(Debug, Clone, Default, serde::Serialize, serde::Deserialize)]
pub struct Kept {
    pub port: u16,
    pub url: String,
    pub answers: Vec<Answer>,
    /// Finds one row by its primary key.
    pub lookup: String,
}

#[derive(Debug, Clone, Default, serde::Serialize, serde::Deserialize)]
pub struct Answer {
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
    /// The statements of the page, each prepared under a name, and the values of one request.
    pub statements: Vec<(String, String, Vec<Option<String>>)>,
}

struct Floor {
    db: PgPool,
    answers: Vec<(HeaderMap, Bytes, Vec<String>)>,
}

/// Serves until it is ended.
pub fn serve(file: &str) -> anyhow::Result<()> {
    let kept: Kept = serde_json::from_slice(&std::fs::read(file)?)?;
    tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(async move {
        let listener = tokio::net::TcpListener::bind(("127.0.0.1", kept.port)).await?;
        let floor = Arc::new(open(kept).await?);
        let routes = Router::new()
            .route("/memory/{page}", get(memory))
            .route("/lookup/{page}", get(lookup))
            .route("/statements/{page}", get(statements))
            .with_state(floor);
        axum::serve(listener, routes).await?;
        Ok(())
    })
}

async fn open(kept: Kept) -> anyhow::Result<Floor> {
    let mut prepared = vec![format!("PREPARE lookup AS {}", kept.lookup)];
    let mut answers = Vec::new();
    for answer in &kept.answers {
        let mut headers = HeaderMap::new();
        for (name, value) in &answer.headers {
            headers.append(name.parse::<HeaderName>()?, HeaderValue::from_str(value)?);
        }
        let mut runs = Vec::new();
        for (name, statement, values) in &answer.statements {
            prepared.push(statement.clone());
            let values: Vec<String> =
                values.iter().map(|value| value.as_ref().map_or("NULL".to_owned(), |text| format!("'{}'", text.replace('\'', "''")))).collect();
            runs.push(if values.is_empty() { format!("EXECUTE {name}") } else { format!("EXECUTE {name} ({})", values.join(", ")) });
        }
        answers.push((headers, Bytes::from(answer.body.clone()), runs));
    }
    let prepared: Arc<[String]> = prepared.into();
    let db = PgPoolOptions::new()
        .max_connections(20)
        .after_connect(move |connection, _| {
            let prepared = Arc::clone(&prepared);
            Box::pin(async move {
                for statement in prepared.iter() {
                    connection.execute(sqlx::AssertSqlSafe(statement.as_str())).await?;
                }
                Ok(())
            })
        })
        .connect_with(kept.url.parse::<PgConnectOptions>()?.options(SESSION))
        .await
        .context("the floor's database")?;
    Ok(Floor { db, answers })
}

fn answer(floor: &Floor, page: usize) -> Response {
    match floor.answers.get(page) {
        Some((headers, body, _)) => (headers.clone(), body.clone()).into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

async fn memory(State(floor): State<Arc<Floor>>, Path(page): Path<usize>) -> Response {
    answer(&floor, page)
}

async fn lookup(State(floor): State<Arc<Floor>>, Path(page): Path<usize>) -> Response {
    match sqlx::raw_sql("EXECUTE lookup").fetch_all(&floor.db).await {
        Ok(rows) if rows.len() == 1 => answer(&floor, page),
        _ => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

async fn statements(State(floor): State<Arc<Floor>>, Path(page): Path<usize>) -> Response {
    for sql in floor.answers.get(page).map(|(.., runs)| runs.as_slice()).unwrap_or_default() {
        if sqlx::raw_sql(sqlx::AssertSqlSafe(sql.as_str())).fetch_all(&floor.db).await.is_err() {
            return StatusCode::INTERNAL_SERVER_ERROR.into_response();
        }
    }
    answer(&floor, page)
}
