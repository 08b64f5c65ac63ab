//! Which statements a request runs: Postgres writes them down while one request is made.

use std::io::{Read, Seek, SeekFrom};
use std::time::Duration;

use sqlx::Executor;

use crate::server::Cluster;

/// A statement as Postgres received it: text with `$1`, and its values.
pub type Statement = (String, Vec<Option<String>>);

/// `PREPARE` for a statement. The shop names the types of its values; here Postgres finds most by itself, the others are text.
pub async fn prepare(cluster: &Cluster, database: &str, name: &str, (sql, values): &Statement) -> anyhow::Result<String> {
    let mut db = cluster.connect(database).await?;
    let mut types: Vec<&str> = values.iter().map(|value| kind(value.as_deref().unwrap_or_default())).collect();
    loop {
        let listed = if types.is_empty() { String::new() } else { format!(" ({})", types.join(", ")) };
        let statement = format!("PREPARE {name}{listed} AS {sql}");
        let Err(refused) = db.execute(sqlx::AssertSqlSafe(statement.as_str())).await else { return Ok(statement) };
        let said = refused.to_string();
        let number =
            said.split("data type of parameter $").nth(1).and_then(|rest| rest.split(|c: char| !c.is_ascii_digit()).next()?.parse::<usize>().ok());
        let place = number.and_then(|number| types.get_mut(number.checked_sub(1)?)).filter(|kind| **kind == "unknown");
        match place {
            Some(kind) => *kind = "text",
            None => anyhow::bail!("{said}: {statement}"),
        }
    }
}

/// The type of a value whose form leaves no doubt; Postgres would take a moment for a range of them where both fit.
fn kind(value: &str) -> &'static str {
    let digits_at = |places: &[usize]| places.iter().all(|place| value.as_bytes().get(*place).is_some_and(u8::is_ascii_digit));
    if value.parse::<uuid::Uuid>().is_ok() {
        "uuid"
    } else if value.len() >= 19 && digits_at(&[0, 1, 2, 3, 5, 6, 8, 9, 11, 12, 14, 15, 17, 18]) && value.as_bytes()[10] == b' ' {
        "timestamptz"
    } else {
        "unknown"
    }
}

/// Has Postgres log every statement of a database from now on, or no longer. Sessions that are open hear of it.
pub async fn listen(cluster: &Cluster, is_on: bool) -> anyhow::Result<()> {
    let mut db = cluster.connect("wharf").await?;
    let least = if is_on { 0 } else { -1 };
    db.execute(sqlx::AssertSqlSafe(format!("ALTER SYSTEM SET log_min_duration_statement = {least}"))).await?;
    db.execute("SELECT pg_reload_conf()").await?;
    tokio::time::sleep(Duration::from_millis(400)).await;
    Ok(())
}

/// The statements that were run while `what` was done. What a pool or the timetable says by itself is left out.
pub async fn during<T>(cluster: &Cluster, what: impl Future<Output = anyhow::Result<T>>) -> anyhow::Result<(T, Vec<Statement>)> {
    let path = cluster.log();
    let from = std::fs::metadata(&path)?.len();
    let done = what.await?;
    tokio::time::sleep(Duration::from_millis(50)).await;
    let mut file = std::fs::File::open(&path)?;
    file.seek(SeekFrom::Start(from))?;
    let mut text = String::new();
    file.read_to_string(&mut text)?;
    Ok((done, read(&text)))
}

fn read(log: &str) -> Vec<Statement> {
    let mut found: Vec<Statement> = Vec::new();
    let mut is_open = false;
    for line in log.lines() {
        if let Some(more) = line.strip_prefix('\t') {
            if let Some((sql, _)) = found.last_mut().filter(|_| is_open) {
                sql.push('\n');
                sql.push_str(more);
            }
        } else if let Some((_, rest)) = line.split_once("LOG:  duration: ") {
            let executed = rest.split_once(" execute ").and_then(|(_, rest)| rest.split_once(": "));
            is_open = executed.is_some();
            if let Some((_, sql)) = executed {
                found.push((sql.to_owned(), Vec::new()));
            }
        } else if let Some((_, listed)) = line.split_once("DETAIL:  parameters: ") {
            if let Some((_, values)) = found.last_mut().filter(|_| is_open) {
                *values = parameters(listed);
            }
            is_open = false;
        } else {
            is_open = false;
        }
    }
    found.retain(|(sql, _)| !is_background(sql));
    found
}

/// The listener of the invalidations and the workers ask by the clock, whether or not anybody asks them.
fn is_background(sql: &str) -> bool {
    ["invalidations", "FROM jobs", "UPDATE jobs", "pg_current_xact", "DELETE FROM throttles"].iter().any(|part| sql.contains(part))
}

/// `$1 = 'a', $2 = NULL`
fn parameters(listed: &str) -> Vec<Option<String>> {
    let mut values = Vec::new();
    let mut rest = listed;
    while let Some((_, after)) = rest.split_once(" = ") {
        if let Some(after) = after.strip_prefix("NULL") {
            values.push(None);
            rest = after;
            continue;
        }
        let mut text = String::new();
        let mut signs = after.strip_prefix('\'').unwrap_or(after).char_indices().peekable();
        let mut end = 0;
        while let Some((at, sign)) = signs.next() {
            if sign == '\'' && signs.next_if(|(_, next)| *next == '\'').is_none() {
                end = at + 2;
                break;
            }
            text.push(sign);
        }
        values.push(Some(text));
        rest = after.get(end..).unwrap_or_default();
    }
    values
}
