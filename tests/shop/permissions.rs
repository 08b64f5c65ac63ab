//! The matrix of roles and doors, knocked at: `docs/permissions.md` says who may do what, the router which doors there are.

use wharf::staff::{Permission, Role};

use crate::kit::doors::{Rule, address, addresses, doors, matrix, written};
use crate::kit::{Browser, Page, Shop, shop_test};

const ROLES: [Role; 3] = [Role::Clerk, Role::Manager, Role::Owner];

async fn knock(browser: &Browser, method: &str, path: &str) -> Page {
    match method {
        "GET" => browser.get(path).await,
        "POST" => browser.post(path, &[("name", "")]).await,
        other => panic!("who uses {other} at {path}?"),
    }
}

/// The doors in an order that ends with the one that ends the session.
fn in_order() -> Vec<((String, String), Rule)> {
    let mut all: Vec<_> = matrix().into_iter().collect();
    all.sort_by_key(|((_, path), _)| path == "/admin/sign-out");
    all
}

fn leads_to_sign_in(page: &Page) -> bool {
    page.status == 303 && page.location().as_deref() == Some("/admin/sign-in") && page.body.is_empty()
}

#[test]
fn every_door_is_written_in_the_matrix_and_no_other() {
    let (known, written) = (doors(), matrix());
    let missing: Vec<String> = known.iter().filter(|door| !written.contains_key(*door)).map(|(method, path)| format!("{method} {path}")).collect();
    assert!(missing.is_empty(), "doors of which docs/permissions.md does not say who may use them: {missing:#?}");
    let gone: Vec<String> = written.keys().filter(|door| !known.contains(*door)).map(|(method, path)| format!("{method} {path}")).collect();
    assert!(gone.is_empty(), "docs/permissions.md speaks of doors that are not there: {gone:#?}");
}

#[test]
fn the_table_of_roles_is_the_one_that_the_guard_asks() {
    use Permission::{Anyone, Books, Catalog, Factors, Orders, People, Refunds, Settings, Stock};
    for permission in [Anyone, Orders, Stock, Refunds, Catalog, Settings, Books, People, Factors] {
        for role in ROLES {
            assert_eq!(written(&format!("{permission:?}"), role.name()), role.may(permission), "{permission:?} of {role}");
        }
    }
}

#[tokio::test]
async fn nothing_of_the_admin_answers_without_a_session() {
    shop_test(|shop| async move {
        let stranger = shop.visitor();
        for ((method, path), rule) in matrix() {
            let page = knock(&stranger, &method, &address(&path)).await;
            if rule.needs == "open" {
                let is_over = page.status == 410 && !page.has("form");
                let is_step = path.starts_with("/admin/sign-in") && (page.status == 200 || page.status == 422 || leads_to_sign_in(&page));
                assert!(is_over || is_step, "{method} {path}: {}", page.status);
            } else {
                assert!(leads_to_sign_in(&page), "{method} {path}: {}", page.status);
            }
        }
        assert_eq!(stranger.get("/admin/no-such-room").await.status, 404);
        assert_eq!(stranger.cookie("staff"), None);
    })
    .await;
}

/// Knocks at every door as one role.
async fn knock_everywhere(shop: &Shop, role: Role) {
    let browser = shop.staff(&format!("{role}@example.com"), "Somebody", Some(role.name())).await;
    let mut wrong = Vec::new();
    for ((method, path), rule) in in_order() {
        if rule.needs == "open" {
            continue;
        }
        let page = knock(&browser, &method, &address(&path)).await;
        let is_right = if written(&rule.needs, role.name()) {
            // Let in: what comes of an id that nothing has, or an empty form, is the room's business.
            !matches!(page.status, 401 | 403 | 405 | 500..) && (!leads_to_sign_in(&page) || path == "/admin/sign-out")
        } else {
            page.status == 403
        };
        if !is_right {
            wrong.push(format!("{method} {path} ({}): {}", rule.needs, page.status));
        }
    }
    assert!(wrong.is_empty(), "{role}: {wrong:#?}");
}

#[tokio::test]
async fn every_door_lets_in_whom_the_matrix_names_and_nobody_else() {
    shop_test(|shop| async move {
        for role in ROLES {
            knock_everywhere(shop, role).await;
        }
        assert_eq!(shop.count("SELECT count(*) FROM staff").await, 3, "nobody was invited on the way");
    })
    .await;
}

#[tokio::test]
async fn doors_that_must_be_proved_ask_and_no_others_do() {
    shop_test(|shop| async move {
        let mei = shop.owner().await;
        shop.app.clock.shift_seconds(601);
        for ((method, path), rule) in in_order().into_iter().filter(|((method, _), rule)| method == "POST" && rule.needs != "open") {
            let page = knock(&mei, &method, &address(&path)).await;
            let is_asked = page.status == 422 && page.text("h1") == "Is it you?";
            assert_eq!(is_asked, rule.is_proved, "{path}: {}", page.status);
        }
    })
    .await;
}

#[tokio::test]
async fn without_a_second_factor_every_door_of_a_real_shop_leads_to_it() {
    let shop: &'static Shop = Box::leak(Box::new(Shop::open_with(&["--test-mode=false"]).await));
    let mei = shop.owner().await;
    for ((method, path), rule) in matrix() {
        if ["/admin/me/second-factor", "/admin/proof", "/admin/sign-out"].iter().any(|open| path.starts_with(open)) {
            continue;
        }
        let page = knock(&mei, &method, &address(&path)).await;
        assert_eq!(page.location().as_deref(), Some("/admin/me/second-factor"), "{method} {path} ({})", rule.needs);
    }
    shop.close().await;
}

#[tokio::test]
async fn no_link_of_the_menu_leads_to_a_refusal() {
    shop_test(|shop| async move {
        for role in ROLES {
            let browser = shop.staff(&format!("{role}@example.com"), "Somebody", Some(role.name())).await;
            let links = browser.get("/admin").await.attrs("nav a", "href");
            assert!(links.contains(&"/admin/orders".to_owned()) && links.contains(&"/admin/staff".to_owned()) == (role != Role::Clerk), "{links:?}");
            for link in links {
                assert_eq!(browser.get(&link).await.status, 200, "{role}: {link}");
            }
        }
    })
    .await;
}

#[tokio::test]
async fn forms_of_other_sites_change_nothing_in_the_admin() {
    shop_test(|shop| async move {
        let mei = shop.owner().await;
        for path in addresses() {
            assert_eq!(mei.forged_post(&path, &[("name", "Hacked"), ("version", "1")]).await.status, 403, "{path}");
        }
        assert_eq!(mei.get("/admin").await.status, 200);
    })
    .await;
}
