//! Every door of the admin as the router knows it, and what is written of it in `docs/permissions.md`.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use regex::Regex;

/// A method and the template of an address: `POST`, `/admin/orders/{id}/note`.
pub type Door = (String, String);

/// The doors of the router. It lists them nowhere but in its `Debug`, so whatever is routed, by whichever call, is here.
pub fn doors() -> BTreeSet<Door> {
    let written = format!("{:?}", wharf::router::admin_doors());
    let captured = |pattern: &str| -> Vec<(String, String)> {
        let pattern = Regex::new(pattern).expect("a pattern");
        pattern.captures_iter(&written).map(|found| (found[1].to_owned(), found[2].to_owned())).collect()
    };
    let paths: BTreeMap<String, String> = captured(r#"(RouteId\(\d+\)): "(/admin[^"]*)""#).into_iter().collect();
    let methods = captured(r#"(RouteId\(\d+\)): MethodRouter\(.*?allow_header: Bytes\(b"([A-Z,]*)"\)"#);
    let doors: BTreeSet<Door> = methods
        .iter()
        .filter_map(|(id, methods)| Some((paths.get(id)?, methods)))
        .flat_map(|(path, methods)| methods.split(',').filter(|method| *method != "HEAD").map(|method| (method.to_owned(), path.clone())))
        .collect();
    let known: BTreeSet<&String> = doors.iter().map(|(_, path)| path).collect();
    assert!(known.len() == paths.len() && known.len() > 80, "{} of {} paths have methods", known.len(), paths.len());
    doors
}

/// The addresses of all doors, ids replaced by one that nothing has.
pub fn addresses() -> BTreeSet<String> {
    doors().iter().map(|(_, path)| address(path)).collect()
}

/// A door's address with an id that nothing has.
pub fn address(path: &str) -> String {
    Regex::new(r"\{[^}]+\}").expect("a pattern").replace_all(path, "0198c0de-0000-7000-8000-000000000000").into_owned()
}

/// What a line of the matrix says of a door.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    /// Name of the permission, or `open`.
    pub needs: String,
    pub is_proved: bool,
}

/// The rows of a table of the document whose first cell passes, in cells.
fn rows(is_row: impl Fn(&str) -> bool) -> Vec<Vec<String>> {
    let document = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/permissions.md")).expect("the matrix");
    let cells = |line: &str| line.trim_matches('|').split('|').map(|cell| cell.trim().to_owned()).collect::<Vec<_>>();
    document.lines().filter(|line| line.starts_with("| ")).map(cells).filter(|row| is_row(&row[0])).collect()
}

/// The written rule of every door.
pub fn matrix() -> BTreeMap<Door, Rule> {
    let mut rules = BTreeMap::new();
    for row in rows(|first| first.starts_with('`')) {
        let path = row[0].trim_matches('`');
        for (method, cell) in [("GET", &row[1]), ("POST", &row[2])] {
            let (needs, more) = cell.split_once(", ").unwrap_or((cell, ""));
            if needs != "–" {
                let rule = Rule { needs: needs.to_owned(), is_proved: more == "proved" };
                assert!(rules.insert((method.to_owned(), path.to_owned()), rule).is_none(), "{path} is written twice");
            }
        }
    }
    rules
}

/// Whether a role has a permission, as it is written.
pub fn written(permission: &str, role: &str) -> bool {
    let row = rows(|first| first == permission).pop().unwrap_or_else(|| panic!("no such permission: {permission}"));
    let at = ["clerk", "manager", "owner"].iter().position(|known| *known == role).expect("a role");
    row[at + 2] == "yes"
}
