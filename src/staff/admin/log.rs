//! The audit log: who changed what, field by field.

use std::collections::BTreeMap;

use askama::Template;
use axum::Router;
use axum::extract::{Query, State};
use axum::routing::get;
use serde_json::Value;

use crate::app::App;
use crate::staff::Staff;
use crate::staff::member::Member;
use crate::staff::role::Books;
use crate::staff::store::{self, Entry};
use crate::web::PageResult;
use crate::web::filters;
use crate::web::frame::AdminFrame;

/// Entries on a page.
const PAGE: usize = 50;

pub fn routes() -> Router<App> {
    Router::new().route("/admin/audit", get(index))
}

#[derive(serde::Deserialize)]
struct Wanted {
    #[serde(default)]
    entity: String,
    #[serde(default)]
    actor: String,
    before: Option<i64>,
}

/// An entry as it is read.
struct Row {
    entry: Entry,
    /// What was done to what: `ship order`.
    done: String,
    /// The page of the thing, where it has one.
    path: Option<String>,
    changes: Vec<Difference>,
}

impl Row {
    fn of(entry: Entry) -> Self {
        let action = entry.action.strip_prefix(&format!("{}.", entry.entity)).unwrap_or(&entry.action);
        let done = format!("{action} {}", entry.entity).replace('_', " ");
        let changes = differences(entry.before.as_ref(), entry.after.as_ref());
        Self { done, path: path(&entry.entity, &entry.entity_id), changes, entry }
    }
}

/// Where a thing is looked at.
fn path(entity: &str, id: &str) -> Option<String> {
    let place = match entity {
        "order" => "orders",
        "product" => "products",
        "collection" => "collections",
        "page" if id.parse::<uuid::Uuid>().is_ok() => "pages",
        _ => return None,
    };
    Some(format!("/admin/{place}/{id}"))
}

/// A path of fields as words, and no more of an id than tells it from others.
fn field(path: &str) -> String {
    path.strip_prefix("done.").unwrap_or(path).replace(['_', '.'], " ")
}

fn shown(value: &str) -> String {
    if value.parse::<uuid::Uuid>().is_ok() { format!("…{}", &value[value.len() - 6..]) } else { value.to_owned() }
}

/// One field that is not what it was.
#[derive(Debug, PartialEq, Eq)]
struct Difference {
    field: String,
    before: String,
    after: String,
}

#[derive(Template)]
#[template(path = "staff/admin/log.html")]
struct Page<'a> {
    entries: Vec<Row>,
    members: &'a [Member],
    entity: &'a str,
    actor: &'a str,
    older: Option<String>,
}

async fn index(State(app): State<App>, frame: AdminFrame, _staff: Staff<Books>, Query(wanted): Query<Wanted>) -> PageResult {
    let narrowed = |text: &'_ str| Some(text.trim().to_owned()).filter(|text| !text.is_empty() && !text.contains('\0'));
    let (entity, actor) = (narrowed(&wanted.entity), narrowed(&wanted.actor));
    let limit = i64::try_from(PAGE).unwrap_or_default() + 1;
    let mut entries = store::entries(&app.db, entity.as_deref(), actor.as_deref(), wanted.before, limit).await?;
    let has_older = entries.len() > PAGE;
    entries.truncate(PAGE);
    let older = entries.last().filter(|_| has_older).map(|last| {
        let query = form_urlencoded::Serializer::new(String::new())
            .append_pair("entity", &wanted.entity)
            .append_pair("actor", &wanted.actor)
            .append_pair("before", &last.id.to_string())
            .finish();
        format!("/admin/audit?{query}")
    });
    let entries = entries.into_iter().map(Row::of).collect();
    let members = store::list(&app.db).await?;
    frame.page("Audit log", Page { entries, members: &members, entity: &wanted.entity, actor: &wanted.actor, older })
}

/// What is not the same before and after, inner fields by their path.
fn differences(before: Option<&Value>, after: Option<&Value>) -> Vec<Difference> {
    let (mut was, mut is) = (BTreeMap::new(), BTreeMap::new());
    flatten("", before.unwrap_or(&Value::Null), &mut was);
    flatten("", after.unwrap_or(&Value::Null), &mut is);
    let mut fields: Vec<&String> = was.keys().chain(is.keys()).collect();
    fields.sort();
    fields.dedup();
    fields
        .into_iter()
        .filter(|name| was.get(*name) != is.get(*name))
        .map(|name| Difference {
            before: was.get(name).map(|value| shown(value)).unwrap_or_default(),
            after: is.get(name).map(|value| shown(value)).unwrap_or_default(),
            field: field(name),
        })
        .collect()
}

fn flatten(path: &str, value: &Value, into: &mut BTreeMap<String, String>) {
    let inner = |name: &str| if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") };
    match value {
        Value::Null => {}
        Value::Object(fields) => fields.iter().for_each(|(name, value)| flatten(&inner(name), value, into)),
        Value::Array(items) => items.iter().enumerate().for_each(|(at, value)| flatten(&inner(&(at + 1).to_string()), value, into)),
        Value::String(text) => drop(into.insert(path.to_owned(), text.clone())),
        other => drop(into.insert(path.to_owned(), other.to_string())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_changed_is_named() {
        let changed = differences(
            Some(&serde_json::json!({ "a": 1, "b": { "c": "x" } })),
            Some(&serde_json::json!({ "a": 1, "b": { "c": "y" }, "d": [true] })),
        );
        let named: Vec<(&str, &str, &str)> = changed.iter().map(|d| (d.field.as_str(), d.before.as_str(), d.after.as_str())).collect();
        assert_eq!(named, [("b c", "x", "y"), ("d 1", "", "true")]);
    }
}
