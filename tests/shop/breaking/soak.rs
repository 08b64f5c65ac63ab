//! Hours of use leave memory as it was (R20). A minute of it with `bin/break`, as long as `WHARF_SOAK_SECONDS` says.

use std::time::Duration;

use super::{everything_acknowledged_is_there, is_long, nothing_is_due, pool, shoppers};
use crate::kit::Browser;
use crate::kit::process::Process;
use crate::kit::shop::cast_database;
use crate::kit::steps::stock;

#[tokio::test]
async fn memory_stays_flat_under_use() {
    if !is_long() {
        return println!("only in the long form");
    }
    let seconds = std::env::var("WHARF_SOAK_SECONDS").ok().and_then(|text| text.parse().ok()).unwrap_or(60);
    let url = cast_database().await;
    let db = pool(&url).await;
    let number = stock(&db, "TEAPOT", 10_000_000).await;
    let home = std::env::temp_dir().join(format!("wharf-tests-{}", std::process::id())).join("soak");
    let shop = Process::serve(&url, &home, None).await;
    let (mut memory, began) = (Vec::new(), std::time::Instant::now());
    while began.elapsed() < Duration::from_secs(seconds) {
        let until = tokio::time::Instant::now() + Duration::from_secs(seconds / 20 + 1);
        let reader = async {
            let browser = Browser::new(&shop.origin);
            let mut at = 0u32;
            while tokio::time::Instant::now() < until {
                at += 1;
                for path in [
                    "/".to_owned(),
                    "/collections/table".to_owned(),
                    format!("/search?q=lamp{at}"),
                    "/products/teapot".to_owned(),
                    "/sitemap.xml".to_owned(),
                ] {
                    assert!(browser.get(&path).await.status < 500, "{path}");
                }
            }
        };
        let (told, ()) = tokio::join!(shoppers(&shop.origin, number, 4, until), reader);
        assert_eq!(told.failures, []);
        everything_acknowledged_is_there(&db, &told).await;
        memory.push(shop.memory());
    }
    println!("resident memory over {seconds} s, KiB: {memory:?}");
    let (early, late) = (memory[memory.len() / 4], memory[memory.len() - 1]);
    assert!(late < early + early / 4 + 8_192, "it grows: {memory:?}");
    nothing_is_due(&db).await;
}
