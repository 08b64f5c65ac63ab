//! The audit log: who changed what, field by field.

use std::collections::{BTreeMap, HashMap};
use std::sync::LazyLock;

use askama::Template;
use axum::Router;
use axum::extract::{Query, State};
use axum::routing::get;
use regex::Regex;
use serde_json::Value;
use uuid::Uuid;

use crate::app::App;
use crate::base::{Instant, Language, Money};
use crate::machinery::store::{self, Entry};
use crate::staff;
use crate::staff::{Books, Member, Staff};
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
    /// What the thing is called.
    of: String,
    /// The page of the thing, where it has one.
    path: Option<String>,
    changes: Vec<Difference>,
}

impl Row {
    fn of(entry: Entry, words: &Words) -> Self {
        let action = entry.action.strip_prefix(&format!("{}.", entry.entity)).unwrap_or(&entry.action);
        let done = format!("{action} {}", entry.entity).replace('_', " ");
        let changes = words.differences(entry.before.as_ref(), entry.after.as_ref());
        let of = if entry.entity_id.parse::<Uuid>().is_ok() { words.name(&entry.entity_id) } else { entry.entity_id.clone() };
        Self { path: path(&entry.entity, &entry.entity_id), of: Some(of).filter(|of| *of != done).unwrap_or_default(), done, changes, entry }
    }
}

/// Where a thing is looked at.
fn path(entity: &str, id: &str) -> Option<String> {
    let place = match entity {
        "order" => "orders",
        "product" => "products",
        "collection" => "collections",
        "staff" => "staff",
        "page" if id.parse::<Uuid>().is_ok() => "pages",
        _ => return None,
    };
    Some(format!("/admin/{place}/{id}"))
}

/// An id within a text.
static ID: LazyLock<Regex> = LazyLock::new(|| Regex::new("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}").expect("a sound pattern"));

/// What entries are put into words with.
struct Words {
    /// What things are called, by id.
    names: HashMap<Uuid, String>,
    /// The shop's time zone.
    zone: String,
    language: Language,
}

impl Words {
    /// The name of a thing; where it has none any more, as much of its id as tells it from others.
    fn name(&self, id: &str) -> String {
        let name = id.parse().ok().and_then(|id: Uuid| self.names.get(&id).cloned());
        name.unwrap_or_else(|| format!("…{}", &id[id.len().saturating_sub(6)..]))
    }

    fn named(&self, text: &str) -> String {
        ID.replace_all(text, |found: &regex::Captures| self.name(&found[0])).into_owned()
    }

    /// A path of fields as words.
    fn field(&self, path: &str) -> String {
        let path = path.strip_prefix("done.").unwrap_or(path);
        // A name within the path keeps its dots.
        let (mut words, mut at) = (String::new(), 0);
        for id in ID.find_iter(path) {
            words.push_str(&path[at..id.start()].replace(['_', '.', '-'], " "));
            words.push_str(&self.name(id.as_str()));
            at = id.end();
        }
        words.push_str(&path[at..].replace(['_', '.'], " "));
        words.trim().to_owned()
    }

    /// A value as the shop writes it elsewhere: moments on its own clock, things by name.
    fn value(&self, text: &str) -> String {
        // A day or a number alone is no moment.
        let moment = text.contains('T').then(|| text.parse::<jiff::Timestamp>().ok()).flatten();
        match moment {
            Some(at) => Instant::new(at).in_zone(&self.zone).strftime("%-d %b %Y, %H:%M").to_string(),
            None => self.named(text),
        }
    }

    /// What is not the same before and after, inner fields by their path.
    fn differences(&self, before: Option<&Value>, after: Option<&Value>) -> Vec<Difference> {
        let (mut was, mut is) = (BTreeMap::new(), BTreeMap::new());
        self.flatten("", before.unwrap_or(&Value::Null), &mut was);
        self.flatten("", after.unwrap_or(&Value::Null), &mut is);
        let mut fields: Vec<&String> = was.keys().chain(is.keys()).collect();
        fields.sort();
        fields.dedup();
        fields
            .into_iter()
            .filter_map(|name| {
                let value = |of: &BTreeMap<String, String>| of.get(name).map(|value| self.value(value)).unwrap_or_default();
                let (before, after) = what_differs(&value(&was), &value(&is));
                // What is the same in words is no change to whoever reads it.
                (before != after).then(|| Difference { before, after, field: self.field(name) })
            })
            .collect()
    }

    fn flatten(&self, path: &str, value: &Value, into: &mut BTreeMap<String, String>) {
        let inner = |name: &str| if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") };
        match value {
            Value::Null => {}
            Value::Object(fields) => match serde_json::from_value::<Money>(value.clone()) {
                Ok(amount) if fields.len() == 2 => drop(into.insert(path.to_owned(), filters::written(amount, self.language))),
                _ => fields.iter().for_each(|(name, value)| self.flatten(&inner(name), value, into)),
            },
            Value::Array(items) => items.iter().enumerate().for_each(|(at, value)| self.flatten(&inner(&(at + 1).to_string()), value, into)),
            Value::Bool(value) => drop(into.insert(path.to_owned(), if *value { "yes" } else { "no" }.to_owned())),
            // Browsers send each end of a line as two characters, and older entries have them.
            Value::String(text) => drop(into.insert(path.to_owned(), text.replace("\r\n", "\n"))),
            other => drop(into.insert(path.to_owned(), other.to_string())),
        }
    }
}

/// Of long texts the part in which they differ, with a little of what is round it.
fn what_differs(before: &str, after: &str) -> (String, String) {
    const LONG: usize = 160;
    const ROUND: usize = 24;
    let (before, after): (Vec<char>, Vec<char>) = (before.chars().collect(), after.chars().collect());
    let same = before.iter().zip(&after).take_while(|(one, other)| one == other).count();
    let rest = before.len().min(after.len()) - same;
    let same_after = before.iter().rev().zip(after.iter().rev()).take(rest).take_while(|(one, other)| one == other).count();
    let cut = |text: &[char]| {
        if text.len() <= LONG || same + same_after == 0 {
            return text.iter().collect();
        }
        let (from, to) = (same.saturating_sub(ROUND), (text.len() - same_after + ROUND).min(text.len()));
        let part: String = text[from..to].iter().collect();
        format!("{}{part}{}", if from > 0 { "…" } else { "" }, if to < text.len() { "…" } else { "" })
    };
    (cut(&before), cut(&after))
}

/// All ids that entries speak of.
fn ids(entries: &[Entry]) -> Vec<Uuid> {
    let texts = entries.iter().flat_map(|entry| {
        let values = [entry.before.as_ref(), entry.after.as_ref()].into_iter().flatten().map(ToString::to_string);
        values.chain([entry.entity_id.clone()])
    });
    let mut ids: Vec<Uuid> = texts.flat_map(|text| ID.find_iter(&text).filter_map(|id| id.as_str().parse().ok()).collect::<Vec<_>>()).collect();
    ids.sort_unstable();
    ids.dedup();
    ids
}

/// One field that is not what it was.
#[derive(Debug, PartialEq, Eq)]
struct Difference {
    field: String,
    before: String,
    after: String,
}

#[derive(Template)]
#[template(path = "machinery/admin/audit.html")]
struct Page<'a> {
    entries: Vec<Row>,
    members: &'a [Member],
    /// The kinds of things that anything was done to.
    kinds: Vec<String>,
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
    let language = frame.site.language;
    let names = store::names(&app.db, language, &ids(&entries)).await?.into_iter().collect();
    let words = Words { names, zone: frame.site.zone.clone(), language };
    let entries = entries.into_iter().map(|entry| Row::of(entry, &words)).collect();
    let members = staff::list(&app.db).await?;
    let kinds = store::audited_kinds(&app.db).await?;
    frame.page("Audit log", Page { entries, members: &members, kinds, entity: &wanted.entity, actor: &wanted.actor, older })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words() -> Words {
        let names = HashMap::from([("01a22314-003f-787b-99f4-d8faaa9f29b1".parse().expect("an id"), "Mug – 0.25 l".to_owned())]);
        Words { names, zone: "Europe/Dublin".to_owned(), language: Language::english() }
    }

    fn read(before: &Value, after: &Value) -> Vec<(String, String, String)> {
        words().differences(Some(before), Some(after)).into_iter().map(|d| (d.field, d.before, d.after)).collect()
    }

    fn row(field: &str, before: &str, after: &str) -> (String, String, String) {
        (field.to_owned(), before.to_owned(), after.to_owned())
    }

    #[test]
    fn only_what_changed_is_named() {
        let changed = read(&serde_json::json!({ "a": 1, "b": { "c": "x" } }), &serde_json::json!({ "a": 1, "b": { "c": "y" }, "d": [true] }));
        assert_eq!(changed, [row("b c", "x", "y"), row("d 1", "", "yes")]);
    }

    #[test]
    fn of_long_texts_only_the_part_that_differs_is_shown() {
        let (start, end) = ("The wall is thin at the lip and thicker at the foot. ".repeat(3), " It is fired twice.".repeat(8));
        let (before, after) = what_differs(&format!("{start}Glazed by hand.{end}"), &format!("{start}Glazed by spray.{end}"));
        assert_eq!(
            (before.as_str(), after.as_str()),
            ("… at the foot. Glazed by hand. It is fired twice. It …", "… at the foot. Glazed by spray. It is fired twice. It …")
        );
        assert_eq!(what_differs("Mug", "Mugs"), ("Mug".to_owned(), "Mugs".to_owned()));
        assert_eq!(what_differs("", &start).1, start);
    }

    #[test]
    fn values_are_written_as_everywhere_else() {
        let id = "01a22314-003f-787b-99f4-d8faaa9f29b1";
        let changed = read(
            &serde_json::json!({}),
            &serde_json::json!({
                "amount": { "minor": 4190, "currency": "EUR" }, "from": "2026-07-01T10:00:00.123456Z", "variant": id,
                format!("sku-{id}"): "M-1", "parcel": "01a22314-0000-787b-99f4-d8faaade2ba7", "day": "2026-07-01",
            }),
        );
        assert_eq!(
            changed,
            [
                row("amount", "", "€41.90"),
                row("day", "", "2026-07-01"),
                row("from", "", "1 Jul 2026, 11:00"),
                row("parcel", "", "…de2ba7"),
                row("sku Mug – 0.25 l", "", "M-1"),
                row("variant", "", "Mug – 0.25 l"),
            ]
        );
    }
}
