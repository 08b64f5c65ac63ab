//! One field for everything: orders, products, stock, customers, pages, and the places of the admin. The same results are
//! a page of their own and, without the frame, what the command palette shows.

use askama::Template;
use axum::extract::{Query, State};

use crate::app::App;
use crate::base::VariantId;
use crate::catalog::edit::Status;
use crate::catalog::store::admin as catalog;
use crate::catalog::store::admin::Filter as Goods;
use crate::content;
use crate::customers;
use crate::inventory;
use crate::inventory::Level;
use crate::orders;
use crate::orders::Filter;
use crate::staff::{Anyone, Permission, Role, Staff, places};
use crate::web::PageResult;
use crate::web::frame::AdminFrame;

/// Hits of one kind that are shown; the room's own list has the rest.
const MOST: usize = 6;
/// Characters of a search that are looked at.
const LONGEST: usize = 100;

#[derive(Debug, Default, serde::Deserialize)]
#[serde(default)]
pub struct Asked {
    q: String,
    /// Set by the palette, which has a frame of its own.
    fragment: String,
}

/// What was found of one kind.
struct Group {
    /// For the ids of the page.
    name: &'static str,
    title: &'static str,
    hits: Vec<Hit>,
    /// Where all of them are listed, if there are more.
    all: String,
}

/// One thing that was found, and where it is.
struct Hit {
    href: String,
    title: String,
    note: String,
    /// A word on its state with its tone; both empty where nothing is to be said.
    state: &'static str,
    tone: &'static str,
}

impl Hit {
    fn new(href: impl Into<String>, title: impl Into<String>, note: impl Into<String>) -> Self {
        Self { href: href.into(), title: title.into(), note: note.into(), state: "", tone: "" }
    }
}

#[derive(Template)]
#[template(path = "desk/admin/search.html")]
struct Page<'a> {
    q: &'a str,
    groups: Vec<Group>,
}

#[derive(Template)]
#[template(path = "desk/admin/_results.html")]
struct Results<'a> {
    q: &'a str,
    groups: Vec<Group>,
}

pub async fn show(State(app): State<App>, frame: AdminFrame, staff: Staff<Anyone>, Query(asked): Query<Asked>) -> PageResult {
    let words = clean(&asked.q);
    let groups = find(&app, &frame, staff.role, &words).await?;
    if asked.fragment.is_empty() {
        let title = if words.is_empty() { "Search".to_owned() } else { format!("Search: {words}") };
        return frame.page(&title, Page { q: &words, groups });
    }
    frame.fragment(Results { q: &words, groups })
}

/// What was typed, without control characters and doubled blanks, not longer than is looked at.
fn clean(text: &str) -> String {
    let text: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).take(LONGEST).collect();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

async fn find(app: &App, frame: &AdminFrame, role: Role, words: &str) -> sqlx::Result<Vec<Group>> {
    let mut groups = go_to(role, words);
    if words.is_empty() {
        return Ok(groups);
    }
    // Who types the name of a place means the place; anybody else means a thing.
    let named: Vec<Group> = if places(role).any(|place| place.is_called(words)) { std::mem::take(&mut groups) } else { Vec::new() };
    let mut found = named;
    if role.may(Permission::Orders) {
        found.push(find_orders(app, words).await?);
    }
    if role.may(Permission::Catalog) {
        found.push(find_products(app, frame, words).await?);
    }
    if role.may(Permission::Stock) {
        found.push(find_stock(app, frame, words).await?);
    }
    if role.may(Permission::Orders) {
        found.push(find_customers(app, words).await?);
    }
    if role.may(Permission::Catalog) {
        found.push(find_pages(app, words).await?);
    }
    found.append(&mut groups);
    found.retain(|group| !group.hits.is_empty());
    Ok(found)
}

/// The places and beginnings that a search names; all of them where nothing was typed.
fn go_to(role: Role, words: &str) -> Vec<Group> {
    let hits = |is_action: bool| {
        places(role)
            .filter(|place| {
                place.is_action == is_action
                    && (words.is_empty() && (is_action || !place.group.is_empty()) || !words.is_empty() && place.answers(words))
            })
            .map(|place| Hit::new(place.path, place.title, ""))
            .collect()
    };
    [("go", "Go to", hits(false)), ("do", "Do", hits(true))]
        .into_iter()
        .map(|(name, title, hits): (_, _, Vec<Hit>)| Group { name, title, hits, all: String::new() })
        .filter(|group| !group.hits.is_empty())
        .collect()
}

async fn find_orders(app: &App, words: &str) -> sqlx::Result<Group> {
    let found = orders::search(&app.db, &Filter { q: words, ..Filter::default() }, limit()).await?;
    let hits = found.into_iter().map(|order| {
        let mut hit = Hit::new(format!("/admin/orders/{}", order.id), order.number.clone(), format!("{}, {}", order.name, order.email));
        (hit.state, hit.tone) = if order.is_flagged { ("flagged", "is-bad") } else { (order.status.code(), order.status.tone()) };
        hit
    });
    Ok(group("orders", "Orders", hits.collect(), "/admin/orders", words))
}

async fn find_products(app: &App, frame: &AdminFrame, words: &str) -> sqlx::Result<Group> {
    let found = catalog::list(&app.db, frame.site.language, &Goods { words, limit: limit(), ..Goods::default() }).await?;
    let hits = found.into_iter().map(|product| {
        let mut hit = Hit::new(format!("/admin/products/{}", product.id), product.title, product.vendor);
        (hit.state, hit.tone) = match product.status {
            Status::Active => ("", ""),
            Status::Draft => ("draft", "is-warn"),
            Status::Archived => ("archived", "is-quiet"),
        };
        hit
    });
    Ok(group("products", "Products", hits.collect(), "/admin/products", words))
}

/// Variants lead to their stock, which is what is asked for with one in the hand.
async fn find_stock(app: &App, frame: &AdminFrame, words: &str) -> sqlx::Result<Group> {
    let found = catalog::search_variants(&app.db, frame.site.language, words, limit()).await?;
    let ids: Vec<VariantId> = found.iter().map(|variant| variant.id).collect();
    let levels = inventory::levels(&app.db, &ids).await?;
    let hits = found.into_iter().map(|variant| {
        let left = levels.iter().find(|level| level.variant_id == variant.id && level.is_tracked).map(Level::available);
        let title = if variant.values.is_empty() { variant.title } else { format!("{}, {}", variant.title, variant.values.join(" / ")) };
        let note: Vec<String> = variant.sku.into_iter().chain(left.map(|left| format!("{left} to sell"))).collect();
        let mut hit = Hit::new(format!("/admin/variants/{}/stock", variant.id), title, note.join(", "));
        if variant.is_archived {
            (hit.state, hit.tone) = ("archived", "is-quiet");
        }
        hit
    });
    Ok(group("stock", "Stock", hits.collect(), "", words))
}

async fn find_customers(app: &App, words: &str) -> sqlx::Result<Group> {
    let found = customers::search(&app.db, words, None, limit()).await?;
    let hits = found.into_iter().map(|customer| Hit::new(format!("/admin/customers/{}", customer.id), customer.name, customer.email.to_string()));
    Ok(group("customers", "Customers", hits.collect(), "/admin/customers", words))
}

async fn find_pages(app: &App, words: &str) -> sqlx::Result<Group> {
    let found = content::named(&app.db, words, limit()).await?;
    let hits = found.into_iter().map(|(id, title, blog)| Hit::new(format!("/admin/pages/{id}"), title, blog));
    Ok(group("pages", "Pages", hits.collect(), "", words))
}

/// One more than is shown tells whether there are more.
fn limit() -> i64 {
    i64::try_from(MOST + 1).unwrap_or(i64::MAX)
}

fn group(name: &'static str, title: &'static str, mut hits: Vec<Hit>, list: &str, words: &str) -> Group {
    let has_more = hits.len() > MOST && !list.is_empty();
    hits.truncate(MOST);
    let query = form_urlencoded::Serializer::new(String::new()).append_pair("q", words).finish();
    Group { name, title, hits, all: if has_more { format!("{list}?{query}") } else { String::new() } }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_typed_is_made_plain() {
        assert_eq!(clean("  Müller\u{0}\n  T1001 "), "Müller T1001");
        assert_eq!(clean(&"x".repeat(500)).len(), LONGEST);
    }

    #[test]
    fn nothing_typed_offers_the_menu_and_what_can_be_begun() {
        let titles = |role| go_to(role, "").into_iter().map(|group| (group.title, group.hits.len())).collect::<Vec<_>>();
        assert_eq!(titles(Role::Owner), [("Go to", 14), ("Do", 6)]);
        assert_eq!(titles(Role::Clerk), [("Go to", 3)]);
    }
}
