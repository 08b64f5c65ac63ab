//! What machines are told of the shop.

use serde_json::{Value, json};

use crate::kit::{Shop, shop_test};

/// What the home page says of the shop to machines.
async fn store(shop: &Shop) -> Value {
    let page = shop.visitor().get("/").await;
    page.structured().into_iter().find(|document| document["@type"] == "OnlineStore").expect("the shop")
}

#[tokio::test]
async fn profiles_elsewhere_are_told_to_machines_and_shown_to_nobody() {
    shop_test(|shop| async move {
        let desk = shop.owner().await;
        assert_eq!(store(shop).await.get("sameAs"), None, "nothing is said where there is none");
        let page = desk.get("/admin/settings/shop").await;
        let lines = "https://social.example/@teapots\n\n https://video.example/c/teapots \nhttps://social.example/@teapots";
        assert_eq!(desk.submit(&page, "form.panel", &[("profiles", lines)]).await.status, 303);
        let profiles = json!(["https://social.example/@teapots", "https://video.example/c/teapots"]);
        assert_eq!(store(shop).await["sameAs"], profiles);
        let home = shop.visitor().get("/").await;
        assert_eq!(home.body.matches("social.example").count(), 1, "in the structured data only");

        let page = desk.get("/admin/settings/shop").await;
        assert_eq!(page.text("#profiles"), "https://social.example/@teapots https://video.example/c/teapots");
        let eleven = (0..11).map(|n| format!("https://social.example/{n}")).collect::<Vec<_>>().join("\n");
        for (typed, sentence) in [
            ("https://social.example/a\nhttp://social.example/b", "Line 2: write a whole address"),
            ("javascript:alert(1)", "Line 1: write a whole address"),
            (eleven.as_str(), "At most 10 addresses."),
        ] {
            let refused = desk.submit(&page, "form.panel", &[("profiles", typed)]).await;
            assert_eq!((refused.status, refused.text("#profiles").is_empty()), (422, false), "{typed}");
            assert!(refused.text("#profiles-error").starts_with(sentence), "{}", refused.text("#profiles-error"));
        }
        assert_eq!(store(shop).await["sameAs"], profiles, "nothing was saved");
        assert_eq!(desk.submit(&page, "form.panel", &[("profiles", "")]).await.status, 303);
        assert_eq!(store(shop).await.get("sameAs"), None);
    })
    .await;
}
