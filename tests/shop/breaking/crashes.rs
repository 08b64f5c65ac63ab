//! Killed at any moment, ended in order, replaced by another while shoppers shop (R4, R7, R13, R14).

use std::path::PathBuf;
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use wharf::platform::postgres::Private;

use super::{Told, everything_acknowledged_is_there, leases_have_ended, nothing_is_due, pool, rounds, shoppers, the_doctor_is_content};
use crate::kit::Browser;
use crate::kit::process::Process;
use crate::kit::shop::cast_database;
use crate::kit::sink::Sink;
use crate::kit::steps::stock;

fn home(name: &str) -> PathBuf {
    std::env::temp_dir().join(format!("wharf-tests-{}", std::process::id())).join(name)
}

fn soon(least: u64, most: u64) -> Duration {
    let mut bytes = [0; 4];
    getrandom::fill(&mut bytes).expect("randomness");
    Duration::from_millis(least + u64::from(u32::from_le_bytes(bytes)) % (most - least))
}

#[tokio::test]
async fn what_was_acknowledged_before_the_shop_was_killed_is_there_after_it() {
    let url = cast_database().await;
    let (db, home, mail) = (pool(&url).await, home("killed"), Sink::start().await);
    let number = stock(&db, "TEAPOT", 100_000).await;
    let mut told = Told::default();
    let mut round = 0;
    // On a machine that has other things to do, more of them, until somebody has bought something.
    while round < rounds(2, 30) || told.paid.is_empty() && round < 12 {
        round += 1;
        let mut shop = Process::serve(&url, &home, Some(&mail)).await;
        let (origin, end) = (shop.origin.clone(), tokio::time::Instant::now() + Duration::from_secs(30));
        let crowd = tokio::spawn(async move { shoppers(&origin, number, 6, end).await });
        tokio::time::sleep(soon(1_000, 4_000)).await;
        shop.kill();
        told.add(crowd.await.expect("shoppers"));
    }
    assert!(!told.paid.is_empty(), "somebody bought something: {told:?}");
    assert_eq!(told.failures, [], "nobody saw an error of the shop");
    leases_have_ended(&db).await;
    let shop = Process::serve(&url, &home, Some(&mail)).await;
    nothing_is_due(&db).await;
    everything_acknowledged_is_there(&db, &told).await;
    let placed: Vec<String> = sqlx::query_scalar("SELECT number FROM orders WHERE status = 'placed'").fetch_all(&db).await.expect("orders");
    let letters = mail.to(crate::kit::steps::ADA);
    for number in &placed {
        let mine: Vec<_> = letters.iter().filter(|letter| letter.header("subject").contains(number.as_str())).collect();
        assert!(!mine.is_empty(), "{number} has its letter");
        assert!(mine.iter().all(|letter| letter.header("message-id") == mine[0].header("message-id")), "{number}: twice only as the same letter");
    }
    drop(shop);
    the_doctor_is_content(&url, &home);
    println!(
        "killed {} times: {} orders and {} payments acknowledged, {} letters for {} orders",
        round,
        told.ordered.len(),
        told.paid.len(),
        letters.len(),
        placed.len()
    );
}

#[tokio::test]
async fn what_was_acknowledged_before_postgres_was_killed_is_there_after_it() {
    let home = home("postgres-killed");
    std::fs::create_dir_all(&home).expect("a home");
    let mut postgres = Private::start(&home).await.expect("a Postgres of its own");
    let url = postgres.url();
    let db = wharf::platform::db::open(&url, 4).await.expect("the database");
    wharf::platform::db::migrate(&db).await.expect("the schema");
    crate::kit::cast::open(&db).await.expect("the cast");
    let number = stock(&db, "TEAPOT", 100_000).await;
    let files: String = sqlx::query_scalar("SHOW data_directory").fetch_one(&db).await.expect("where it lies");
    let shop = Process::serve(&url, &home.join("shop"), None).await;
    let mut told = Told::default();
    for round in 0..rounds(1, 10) {
        let browser = Browser::new(&shop.origin);
        assert_eq!(browser.get("/").await.status, 200);
        let (origin, end) = (shop.origin.clone(), tokio::time::Instant::now() + Duration::from_secs(2));
        let crowd = tokio::spawn(async move { shoppers(&origin, number, 6, end).await });
        tokio::time::sleep(soon(300, 1_500)).await;
        let pid = std::fs::read_to_string(format!("{files}/postmaster.pid")).expect("it runs").lines().next().expect("a number").to_owned();
        assert!(Command::new("kill").args(["-KILL", &pid]).status().expect("kill runs").success());
        told.add(crowd.await.expect("shoppers"));

        let began = std::time::Instant::now();
        let page = browser.get("/").await;
        assert_eq!(page.status, 200, "what is in memory is still served");
        let page = browser.get(&format!("/search?q=round{round}")).await;
        assert_eq!((page.status, page.header("retry-after").is_empty()), (503, false));
        assert!(began.elapsed() < Duration::from_secs(8), "and nobody waits long: {:?}", began.elapsed());
        drop(postgres);
        postgres = Private::start(&home).await.expect("it comes back");
        let back = std::time::Instant::now();
        while browser.get(&format!("/search?q=again{round}")).await.status != 200 {
            assert!(back.elapsed() < Duration::from_secs(10), "the shop comes back by itself");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }
    db.close().await;
    let db = pool(&url).await;
    drop(shop);
    leases_have_ended(&db).await;
    let shop = Process::serve(&url, &home.join("shop"), None).await;
    nothing_is_due(&db).await;
    everything_acknowledged_is_there(&db, &told).await;
    println!("Postgres killed {} times: {} orders and {} payments acknowledged", rounds(1, 10), told.ordered.len(), told.paid.len());
    drop(shop);
    db.close().await;
    postgres.stop().await;
}

#[tokio::test]
async fn a_shop_is_replaced_by_another_and_no_request_fails() {
    let url = cast_database().await;
    let (db, home) = (pool(&url).await, home("replaced"));
    let number = stock(&db, "TEAPOT", 100_000).await;
    let mut old = Process::serve(&url, &home.join("old"), None).await;
    let mut told = Told::default();
    for round in 0..rounds(2, 10) {
        let new = Process::serve(&url, &home.join(format!("new-{round}")), None).await;
        let (front, stop) = (Arc::new([old.origin.clone(), new.origin.clone()]), Arc::new(AtomicBool::new(false)));
        // What stands in front of the nodes looks twice a second which is ready, as proxies and balancers do.
        let node = Arc::new(AtomicUsize::new(0));
        let (health, seen) = (Arc::clone(&node), old.origin.clone());
        tokio::spawn(async move {
            while Browser::new(&seen).try_get("/readyz").await.is_ok_and(|page| page.status == 200) {
                tokio::time::sleep(Duration::from_millis(500)).await;
            }
            health.store(1, Ordering::SeqCst);
        });
        let crowd = (0..6).map(|at| {
            let (front, stop, node) = (Arc::clone(&front), Arc::clone(&stop), Arc::clone(&node));
            tokio::spawn(async move {
                let (mut told, mut read) = (Told::default(), 0);
                while !stop.load(Ordering::SeqCst) {
                    let browser = Browser::new(&front[node.load(Ordering::SeqCst)]);
                    let done = if at % 2 == 0 {
                        super::buy(&browser, number, &mut told).await
                    } else {
                        browser.try_get("/products/teapot").await.map(|page| {
                            told.note(&page);
                            read += 1;
                        })
                    };
                    match done {
                        Ok(()) => {}
                        // Nothing has been sent on a connection that was refused: whoever is in front sends it to the other node.
                        Err(error) if error.is_connect() => node.store(1, Ordering::SeqCst),
                        Err(error) => panic!("a request that was sent failed: {error:?}"),
                    }
                }
                (told, read)
            })
        });
        let crowd: Vec<_> = crowd.collect();
        tokio::time::sleep(Duration::from_millis(700)).await;
        old.terminate();
        let status = old.ended(Duration::from_secs(30)).await;
        assert!(status.success(), "it ended as asked: {status}");
        tokio::time::sleep(Duration::from_millis(500)).await;
        stop.store(true, Ordering::SeqCst);
        for one in crowd {
            let (more, read) = one.await.expect("no request failed");
            assert!(read > 0 || !more.ordered.is_empty(), "everybody got something");
            told.add(more);
        }
        old = new;
    }
    assert_eq!(told.failures, []);
    nothing_is_due(&db).await;
    everything_acknowledged_is_there(&db, &told).await;
}
