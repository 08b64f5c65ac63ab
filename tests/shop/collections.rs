//! The picture of a collection: of its own, or of its first product.

use crate::kit::{Browser, Page, Shop, shop_test};

/// A picture of one colour.
fn png(shade: u8, width: u32, height: u32) -> Vec<u8> {
    let mut bytes = std::io::Cursor::new(Vec::new());
    image::RgbImage::from_pixel(width, height, image::Rgb([shade, 90, 120])).write_to(&mut bytes, image::ImageFormat::Png).expect("a picture");
    bytes.into_inner()
}

async fn table(desk: &Browser) -> String {
    desk.get("/admin/collections").await.attr("tbody a[href^='/admin/collections/']", "href")
}

async fn uploaded(desk: &Browser, path: &str, alt: &str, bytes: Vec<u8>) -> Page {
    desk.upload(&format!("{path}/picture"), &[("alt", alt)], ("files", "table.png", "image/png", bytes)).await
}

/// What the address of the collection is shared with, as (address, width), and what the list of collections shows of it: address and words.
async fn shown(shop: &Shop) -> (String, String, String, String) {
    let visitor = shop.visitor();
    let (page, list) = (visitor.get("/collections/table").await, visitor.get("/collections").await);
    assert_eq!((page.status, list.status), (200, 200));
    let head = |property: &str| page.attr(&format!("meta[property='{property}']"), "content");
    (head("og:image"), head("og:image:width"), list.attr(".tile img", "src"), list.attr(".tile img", "alt"))
}

#[tokio::test]
async fn a_collection_has_a_picture_of_its_own_or_that_of_its_first_product() {
    shop_test(|shop| async move {
        let desk = shop.owner().await;
        let path = table(&desk).await;
        let (nothing, _, placeholder, _) = shown(shop).await;
        assert!(nothing.contains("share") && placeholder.contains("placeholder"), "{nothing} {placeholder}");
        let teapot: String = sqlx::query_scalar("SELECT product_id::text FROM product_handles WHERE handle = 'teapot'")
            .fetch_one(shop.db())
            .await
            .expect("the teapot");
        let sent = desk
            .upload(&format!("/admin/products/{teapot}/pictures"), &[("alt", "The pot")], ("files", "pot.png", "image/png", png(1, 800, 800)))
            .await;
        assert_eq!(sent.status, 303, "{}", sent.body);
        shop.work().await;
        let (first, ..) = shown(shop).await;
        assert!(first.contains("/media/"), "{first}");

        let done = uploaded(&desk, &path, "A laid table", png(40, 1500, 1000)).await;
        assert_eq!((done.status, done.location()), (303, Some(path.clone())), "{}", done.body);
        let (own, width, tile, words) = shown(shop).await;
        assert_ne!(own, first, "its own, at once");
        assert_eq!((width.as_str(), words.as_str()), ("1280", "A laid table"));
        for address in [&own, &tile] {
            let file = shop.visitor().get(address).await;
            assert_eq!((file.status, file.header("content-type")), (200, "image/jpeg"), "{address}");
        }
        shop.work().await;
        assert!(shop.visitor().get("/collections").await.has(".tile source[type='image/avif']"), "a lighter form follows");

        assert_eq!(uploaded(&desk, &path, "", png(90, 640, 480)).await.status, 303);
        let (other, width, _, words) = shown(shop).await;
        assert_ne!(other, own);
        assert_eq!((width.as_str(), words.as_str()), ("640", "Table"), "a picture without words is told by the collection's name");
        assert_eq!(shop.count("SELECT count(*) FROM media WHERE product_id IS NULL").await, 1, "the one before is gone");
        let page = desk.get(&path).await;
        assert_eq!(desk.submit(&page, "form.described", &[("picture-alt", "Plates"), ("do", "save")]).await.status, 303);
        assert_eq!(shown(shop).await.3, "Plates");

        let page = desk.get(&path).await;
        assert_eq!(desk.submit(&page, "form.described", &[("do", "remove")]).await.status, 303);
        assert_eq!(shown(shop).await.0, first, "that of its first product again");
        assert!(!desk.get(&path).await.has("form.described"));
        assert_eq!(shop.count("SELECT count(*) FROM media WHERE product_id IS NULL").await, 0);
        let log = desk.get("/admin/audit").await;
        for action in ["set the picture", "describe the picture", "remove the picture"] {
            assert!(log.body.contains(action), "{action}");
        }
    })
    .await;
}

#[tokio::test]
async fn what_is_no_picture_is_refused_in_a_sentence() {
    shop_test(|shop| async move {
        let desk = shop.owner().await;
        let path = table(&desk).await;
        let svg = b"<svg xmlns='http://www.w3.org/2000/svg'/>".to_vec();
        let torn = png(7, 300, 300)[..200].to_vec();
        for (bytes, alt, field) in
            [(svg, "", "files"), (torn, "", "files"), (Vec::new(), "", "files"), (png(7, 300, 300), "x".repeat(300).as_str(), "alt")]
        {
            let refused = uploaded(&desk, &path, alt, bytes).await;
            assert_eq!(refused.status, 422, "{field}");
            assert!(!refused.text(&format!("#{field}-error")).is_empty(), "{field}");
            assert_eq!(refused.attr("#title", "value"), "Table", "the rest of the page is as it was");
        }
        assert_eq!(shop.count("SELECT count(*) FROM media").await, 0);
        assert_eq!(desk.post(&format!("{path}/picture/words"), &[("do", "remove")]).await.status, 404, "there is nothing to take away");
        assert_eq!(uploaded(&desk, &path, "", png(7, 300, 300)).await.status, 303);
        assert_eq!(desk.post(&format!("{path}/picture/words"), &[("picture-alt", &"x".repeat(300))]).await.status, 422);
        let clerk = shop.staff("cleo@example.com", "Cleo", Some("clerk")).await;
        assert_eq!(uploaded(&clerk, &path, "", png(7, 300, 300)).await.status, 403);
    })
    .await;
}

#[tokio::test]
async fn a_new_picture_drops_only_the_pages_that_show_it() {
    shop_test(|shop| async move {
        let desk = shop.owner().await;
        let path = table(&desk).await;
        let visitor = shop.visitor();
        assert!(visitor.get("/search?q=xyzzyplugh").await.has(".tile"));
        visitor.get("/search?q=teapot").await;
        assert_eq!(uploaded(&desk, &path, "A laid table", png(40, 600, 400)).await.status, 303);
        assert!(shop.app.cache.get(" /search?q=teapot", shop.app.now()).is_some(), "a list of products does not show it");
        for showing in ["/", "/collections", "/search?q=xyzzyplugh"] {
            assert_eq!(visitor.get(showing).await.attr(".tile img", "alt"), "A laid table", "{showing}");
        }
    })
    .await;
}
