//! The house rules, executable: who may import whom, SQL in stores only, one clock, every word there, README true.

use std::fs;
use std::path::{Path, PathBuf};

/// Bottom to top. The back of a room uses only what stands before it.
const ORDER: [&str; 28] = [
    "base",
    "platform",
    "web",
    "staff",
    "markets",
    "customers",
    "catalog",
    "inventory",
    "delivery",
    "tax",
    "pricing",
    "search",
    "cart",
    "payments",
    "orders",
    "fulfillment",
    "checkout",
    "content",
    "newsletter",
    "seo",
    "importing",
    "books",
    "backup",
    "analytics",
    "desk",
    "machinery",
    "setup",
    "demo",
];
/// The front of a room: may use any room and the roof, is used by none.
const FRONT: [&str; 10] = ["pages", "admin", "hooks", "jobs", "mails", "guard", "media", "apply", "details", "desk"];
/// Stands over the rooms.
const ROOF: [&str; 7] = ["app", "router", "serving", "work", "cli", "lib", "main"];

fn files(folder: &str, extension: &str) -> Vec<(PathBuf, String)> {
    fn walk(folder: &Path, extension: &str, found: &mut Vec<(PathBuf, String)>) {
        for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() {
                walk(&path, extension, found);
            } else if path.extension().is_some_and(|known| known == extension) {
                let text = fs::read_to_string(&path).expect("a text file");
                found.push((path, text));
            }
        }
    }
    let mut found = Vec::new();
    walk(&Path::new(env!("CARGO_MANIFEST_DIR")).join(folder), extension, &mut found);
    found.sort();
    found
}

fn parts(path: &Path) -> Vec<String> {
    let inside = path.strip_prefix(Path::new(env!("CARGO_MANIFEST_DIR")).join("src")).expect("a source file");
    inside.iter().map(|part| part.to_string_lossy().trim_end_matches(".rs").to_owned()).collect()
}

#[test]
fn the_house_stands() {
    let mut broken = Vec::new();
    for (path, text) in files("src", "rs") {
        let parts = parts(&path);
        let room = parts[0].as_str();
        if ROOF.contains(&room) || parts.iter().any(|part| part == "tests") {
            continue;
        }
        let floor = ORDER.iter().position(|known| *known == room).unwrap_or_else(|| panic!("{room} has no floor"));
        let is_front = parts.iter().any(|part| FRONT.contains(&part.as_str())) || room == "demo";
        let code = text.split("#[cfg(test)]").next().unwrap_or_default();
        let mut breach = |what: String| broken.push(format!("{}: {what}", path.display()));
        if !is_front {
            for above in &ORDER[floor + 1..] {
                if code.contains(&format!("crate::{above}::")) || code.contains(&format!("use crate::{above};")) {
                    breach(format!("uses {above}, which stands above it"));
                }
            }
            // `mod.rs` is the one file that names both storeys.
            let is_door = parts.last().is_some_and(|part| part == "mod");
            if code.contains("crate::app") && !is_door {
                breach("the back of a room sees the roof".into());
            }
            if floor > 2 && !is_door && (code.contains("use axum") || code.contains("crate::web")) {
                breach("the back of a room sees HTTP".into());
            }
            for other in ORDER.iter().filter(|other| **other != room) {
                for front in ["pages", "admin", "hooks", "jobs", "mails"] {
                    if *other != "platform" && code.contains(&format!("crate::{other}::{front}")) {
                        breach(format!("imports the front {other}::{front}"));
                    }
                }
            }
            if code.contains("use crate::{") {
                breach("groups rooms in one import; name each room on its own line".into());
            }
        }
        let is_store = parts.iter().any(|part| part.starts_with("store"));
        let is_kept_apart = matches!(room, "platform")
            || matches!((room, parts.last().map(String::as_str)), ("payments", Some("test")) | ("orders", Some("attach" | "history")));
        if code.contains("sqlx::query") && !is_store && !is_kept_apart {
            breach("SQL outside a store".into());
        }
        if code.contains("AssertSqlSafe") {
            breach("a statement built from strings".into());
        }
        if !text.starts_with("//!") {
            breach("does not say what it is".into());
        }
        for clock in ["Timestamp::now(", "SystemTime::now(", "Zoned::now("] {
            if code.contains(clock) && !path.ends_with("platform/clock.rs") {
                breach(format!("asks the machine what time it is ({clock})"));
            }
        }
        if code.contains(".unwrap()") || code.contains("todo!") || code.contains("unimplemented!") {
            breach("an unwrap or something left undone".into());
        }
    }
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

/// A browser cuts what is longer than `maxlength` without a word; the shop says so instead, beside the field.
#[test]
fn no_field_cuts_what_is_typed() {
    let cutting: Vec<_> = files("templates", "html").into_iter().filter(|(_, text)| text.contains("maxlength")).map(|(path, _)| path).collect();
    assert!(cutting.is_empty(), "{cutting:?}");
}

#[test]
fn every_word_that_is_used_exists() {
    let key = regex::Regex::new(r#""((?:kit|address|mail|catalog|content|cart|checkout|payments|orders|customers|search|seo|staff|inventory|delivery|newsletter)-[a-z0-9]+(?:-[a-z0-9]+)*)""#).expect("a pattern");
    let defined: std::collections::BTreeSet<String> = files("templates/kit/words/en", "ftl")
        .iter()
        .flat_map(|(_, text)| text.lines().filter_map(|line| line.split_once(" =")).map(|(key, _)| key.to_owned()).collect::<Vec<_>>())
        .collect();
    let t_call = regex::Regex::new(r#""([a-z0-9-]+)"\|t"#).expect("a pattern");
    let mut missing = Vec::new();
    for (path, text) in files("templates", "html").into_iter().chain(files("templates", "txt")) {
        missing.extend(
            t_call.captures_iter(&text).filter(|found| !defined.contains(&found[1])).map(|found| format!("{}: {}", path.display(), &found[1])),
        );
    }
    for (path, text) in files("src", "rs") {
        if !text.contains("text(") && !text.contains("flash") && !text.contains("-flash-") {
            continue;
        }
        let code = text.split("#[cfg(test)]").next().unwrap_or_default();
        for found in key.captures_iter(code) {
            let word = &found[1];
            let looks_like_a_class = ["kit-", "cart-link"].contains(&word);
            if !looks_like_a_class && word.matches('-').count() >= 2 && !defined.contains(word) && !word.starts_with("orders-mails") {
                missing.push(format!("{}: {word}", path.display()));
            }
        }
    }
    assert!(missing.is_empty(), "{}", missing.join("\n"));
    for language in wharf::web::words::languages() {
        for word in &defined {
            assert!(wharf::web::words::has(&language, word), "{language} lacks {word}");
        }
    }
}

/// The SQL of the shop that no test runs. Reads what a run of all tests wrote down; `bin/test` calls it after them.
#[test]
#[ignore = "needs the statements of a whole run"]
fn every_statement_is_executed_by_a_test() {
    let file = std::env::var_os(crate::kit::statements::FILE).expect("the file of statements");
    let seen = fs::read_to_string(file).expect("the statements of a run");
    let literal = regex::Regex::new(r#""((?:[^"\\]|\\.)*)""#).expect("a pattern");
    let begins = regex::Regex::new(r"^\s*(SELECT|INSERT|UPDATE|DELETE|WITH|DO|ALTER|TRUNCATE|LOCK|NOTIFY|LISTEN) ").expect("a pattern");
    let hole = regex::Regex::new(r"\{[^{}]*\}").expect("a pattern");
    let (mut statements, mut unseen) = (0, Vec::new());
    for (path, text) in files("src", "rs").into_iter().filter(|(path, _)| !path.ends_with("postgres/tests.rs")) {
        let code = text.split("#[cfg(test)]").next().unwrap_or_default();
        for found in literal.captures_iter(code).filter(|found| begins.is_match(&found[1])) {
            let sql = crate::kit::statements::plain(&found[1].replace("\\\n", " ").replace("\\\"", "\""));
            statements += 1;
            if !hole.split(&sql).map(str::trim).filter(|part| part.len() > 8).all(|part| seen.contains(part)) {
                unseen.push(format!("{}: {sql}", path.strip_prefix(env!("CARGO_MANIFEST_DIR")).unwrap_or(&path).display()));
            }
        }
    }
    assert!(statements > 200, "the pattern finds the statements: {statements}");
    assert!(unseen.is_empty(), "{} of {statements} statements are run by no test:\n{}", unseen.len(), unseen.join("\n"));
}

#[test]
fn safe_is_said_only_in_the_kit_and_of_cleaned_text() {
    let mut broken = Vec::new();
    for (path, text) in files("templates", "html") {
        let is_kit = path.to_string_lossy().contains("/templates/kit/");
        for line in text.lines().filter(|line| line.contains("|safe")) {
            if !is_kit && !line.contains("_html|safe") && !line.contains("svg|safe") {
                broken.push(format!("{}: {}", path.display(), line.trim()));
            }
        }
        if !path.to_string_lossy().contains("mail") && (text.contains(" style=\"") || text.contains("<script>") || text.contains(" onclick=")) {
            broken.push(format!("{}: inline style or script", path.display()));
        }
    }
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

#[test]
fn the_readme_names_every_room_and_every_setting() {
    let readme = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md")).expect("a README");
    let missing: Vec<&str> =
        ORDER.iter().copied().filter(|room| !readme.contains(&format!("`{room}/`")) && !readme.contains(&format!("{room}/ "))).collect();
    assert!(missing.is_empty(), "rooms that the floor plan lacks: {missing:?}");
    let config = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("src/platform/config.rs")).expect("the configuration");
    let setting = regex::Regex::new(r#"env = "([A-Z0-9_]+)""#).expect("a pattern");
    let missing: Vec<String> =
        setting.captures_iter(&config).map(|found| found[1].to_owned()).filter(|name| !readme.contains(name.as_str())).collect();
    assert!(missing.is_empty(), "settings that the table lacks: {missing:?}");
}

#[test]
fn no_migration_leaves_a_constraint_without_a_name() {
    let mut broken = Vec::new();
    for (path, text) in files("migrations", "sql") {
        for line in text.lines() {
            let bare = line.trim();
            let is_rule =
                ["PRIMARY KEY", "REFERENCES", "CHECK (", "UNIQUE", "EXCLUDE"].iter().any(|word| bare.contains(word)) && !bare.starts_with("--");
            if is_rule && !bare.contains("CONSTRAINT") && !bare.contains("CREATE UNIQUE INDEX") && !bare.starts_with("CHECK") {
                broken.push(format!("{}: {bare}", path.display()));
            }
        }
    }
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}
