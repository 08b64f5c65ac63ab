//! Postgres deaf, gone or hanging up at the worst moment; the mail server gone; the disk full (R6 to R10).

use std::process::Command;
use std::time::{Duration, Instant};

use crate::kit::proxy::Mood;
use crate::kit::steps::{DUBLIN, available, newest_order, order, put, statuses, with_cart};
use crate::kit::{Browser, Shop, shop_test};

#[tokio::test]
async fn an_order_whose_commit_was_never_answered_is_found_and_not_made_twice() {
    let (shop, proxy) = Shop::behind_a_proxy().await;
    let ada = with_cart(&shop, "LAST-CUP", "1").await;
    let page = ada.get("/checkout").await;
    let mut fields = DUBLIN.to_vec();
    fields.extend([("payment", "test"), ("place", "1")]);
    proxy.cut_next_commit();
    let lost = ada.submit(&page, "form.checkout", &fields).await;
    assert!(proxy.has_cut(), "the order's COMMIT was cut");
    assert_eq!((lost.status, lost.header("retry-after").is_empty()), (503, false), "{}", lost.text("main"));
    assert_eq!(shop.count("SELECT count(*) FROM orders").await, 1, "Postgres had done it");
    let again = ada.submit(&page, "form.checkout", &fields).await;
    assert!(again.location().is_some_and(|to| to.contains("/pay/test/")), "{}: {}", again.status, again.text("main"));
    assert_eq!(shop.count("SELECT count(*) FROM orders").await, 1);
    assert_eq!(available(&shop, "LAST-CUP").await, 0);
    shop.close().await;
}

/// Until Postgres is back: what is in memory is served, the rest says honestly that it waits; then everything works again.
async fn outage(mood: Mood) {
    let (shop, proxy) = Shop::behind_a_proxy().await;
    let visitor = shop.visitor();
    assert_eq!(visitor.get("/products/teapot").await.status, 200);
    let ada = with_cart(&shop, "TEAPOT", "1").await;
    proxy.set(mood);
    let began = Instant::now();
    assert_eq!(visitor.get("/products/teapot").await.status, 200, "a page in memory");
    assert!(began.elapsed() < Duration::from_secs(1), "at once: {:?}", began.elapsed());
    for (browser, path) in [(&visitor, "/products/lamp"), (&ada, "/checkout"), (&ada, "/cart")] {
        let began = Instant::now();
        let page = browser.get(path).await;
        assert_eq!((page.status, page.header("retry-after").is_empty()), (503, false), "{mood:?} {path}");
        assert!(page.text("h1").contains("sorry") || !page.text("h1").is_empty(), "in the shop's frame");
        assert!(began.elapsed() < Duration::from_secs(6), "{mood:?} {path}: {:?}", began.elapsed());
    }
    let ready = visitor.get("/readyz").await;
    assert_eq!((ready.status, visitor.get("/healthz").await.status), (503, 200));
    proxy.set(Mood::Calm);
    let back = Instant::now();
    while ada.get("/checkout").await.status != 200 {
        assert!(back.elapsed() < Duration::from_secs(10), "the shop comes back by itself");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert!(order(&ada, "test").await.location().is_some_and(|to| to.contains("/pay/test/")));
    shop.close().await;
}

#[tokio::test]
async fn without_postgres_the_shop_says_so_and_comes_back_by_itself() {
    outage(Mood::Refusing).await;
}

#[tokio::test]
async fn a_postgres_that_does_not_answer_holds_nobody_for_long() {
    outage(Mood::Deaf).await;
}

#[tokio::test]
async fn a_table_that_is_held_too_long_is_an_outage_and_no_fault() {
    shop_test(|shop| async move {
        let ada = shop.visitor();
        let page = ada.get("/products/teapot").await;
        let mut other = shop.db().begin().await.expect("a transaction");
        sqlx::query("LOCK TABLE cart_lines").execute(&mut *other).await.expect("held");
        let told = ada.submit(&page, "form.buy", &[("qty", "1")]).await;
        assert_eq!((told.status, told.header("retry-after")), (503, "5"), "{}", told.text("main"));
        other.rollback().await.expect("let go");
        assert_eq!(ada.submit(&page, "form.buy", &[("qty", "1")]).await.status, 303, "the same again");
    })
    .await;
}

#[tokio::test]
async fn a_letter_whose_answer_was_lost_is_sent_again_as_the_same_letter() {
    shop_test(|shop| async move {
        let silent = shop.visitor();
        put(shop, &silent, "TEAPOT", "1").await;
        let page = silent.get("/checkout").await;
        let mut fields = DUBLIN.to_vec();
        fields.retain(|(name, _)| *name != "email");
        fields.extend([("email", "silent@example.com"), ("payment", "bank_transfer"), ("place", "1")]);
        let placed = silent.submit(&page, "form.checkout", &fields).await;
        assert!(placed.location().is_some_and(|to| to.contains("/orders/")), "checkout waits for no letter: {}", placed.status);
        shop.work().await;
        assert_eq!(shop.mail.to("silent@example.com").len(), 1);
        shop.pass(600).await;
        let letters = shop.mail.to("silent@example.com");
        assert!(letters.len() >= 2, "tried again");
        assert!(letters.iter().all(|letter| letter.header("message-id") == letters[0].header("message-id")), "under the same name");
        sqlx::query("DELETE FROM jobs").execute(shop.db()).await.expect("the mailbox is given up");
    })
    .await;
}

#[tokio::test]
async fn a_full_disk_refuses_pictures_and_no_orders() {
    shop_test(|shop| async move {
        let media = shop.app.config.home.join("media");
        std::fs::create_dir_all(&media).expect("a folder");
        let mounted = Command::new("mount").args(["-t", "tmpfs", "-o", "size=64k", "tmpfs"]).arg(&media).status();
        if !mounted.is_ok_and(|status| status.success()) {
            return println!("no small disk could be mounted here; the test did nothing");
        }
        let desk = shop.owner().await;
        let id: wharf::base::ProductId =
            sqlx::query_scalar("SELECT product_id FROM variants WHERE sku = 'TEAPOT'").fetch_one(shop.db()).await.expect("a product");
        // A picture that does not compress.
        let mut noise = vec![0u8; 400 * 400 * 3];
        let mut seed = 1u32;
        noise.iter_mut().for_each(|byte| {
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            *byte = u8::try_from(seed >> 24).unwrap_or_default();
        });
        let mut png = std::io::Cursor::new(Vec::new());
        image::RgbImage::from_raw(400, 400, noise).expect("pixels").write_to(&mut png, image::ImageFormat::Png).expect("a picture");
        let page =
            desk.upload(&format!("/admin/products/{id}/pictures"), &[("alt", "Noise")], ("files", "noise.png", "image/png", png.into_inner())).await;
        assert!((400..=599).contains(&page.status), "{}", page.status);
        assert!(!page.text("main").is_empty(), "in words");
        assert_eq!(shop.count("SELECT count(*) FROM media WHERE alt = 'Noise'").await, 0, "nothing half made");
        let ada: Browser = with_cart(shop, "TEAPOT", "1").await;
        crate::kit::steps::buy(shop, &ada).await;
        assert_eq!(statuses(shop, &newest_order(shop).await).await.1, "paid", "orders go on");
        assert!(Command::new("umount").arg(&media).status().is_ok_and(|status| status.success()));
    })
    .await;
}

#[tokio::test]
async fn a_bucket_that_is_away_costs_pictures_and_no_pages() {
    // Port 9 is closed; the picture's address is one that a shop would give.
    let bucket = ["--s3-bucket=shop", "--s3-endpoint=http://127.0.0.1:9", "--s3-access-key=key", "--s3-secret-key=secret"];
    let shop = Shop::open_with(&bucket).await;
    let ada = shop.visitor();
    let asked = Instant::now();
    let picture = ada.get("/media/0123456789abcdef/640.webp").await;
    assert_eq!((picture.status, picture.header("retry-after")), (503, "5"), "{}", picture.body);
    assert!(asked.elapsed() < Duration::from_secs(10), "it took {:?}", asked.elapsed());
    assert_eq!(ada.get("/products/teapot").await.status, 200);
    shop.close().await;
}

#[tokio::test]
async fn who_dawdles_over_a_request_holds_nobody_up_and_is_hung_up_on() {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    let url = crate::kit::shop::cast_database().await;
    let home = std::env::temp_dir().join(format!("wharf-tests-{}", std::process::id())).join("dawdling");
    let shop = crate::kit::process::Process::serve(&url, &home, None).await;
    let address = shop.origin.trim_start_matches("http://").to_owned();
    let mut slow = Vec::new();
    for _ in 0..300 {
        let mut stream = tokio::net::TcpStream::connect(&address).await.expect("a connection");
        stream.write_all(format!("GET / HTTP/1.1\r\nHost: {address}\r\nX-Slow: ").as_bytes()).await.expect("a beginning");
        slow.push(stream);
    }
    let began = Instant::now();
    assert_eq!(Browser::new(&shop.origin).get("/products/teapot").await.status, 200);
    assert!(began.elapsed() < Duration::from_secs(5), "others are served: {:?}", began.elapsed());
    if !super::is_long() {
        return;
    }
    let mut rest = Vec::new();
    for stream in &mut slow {
        tokio::time::timeout(Duration::from_secs(100), stream.read_to_end(&mut rest)).await.expect("hung up on").ok();
    }
    assert!(began.elapsed() < Duration::from_secs(100), "{:?}", began.elapsed());
}
