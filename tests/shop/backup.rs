//! A backup holds everything, is read by nobody without its passphrase, and becomes the same shop again.

use std::path::PathBuf;

use wharf::backup::{self, RestoreRefused};
use wharf::platform::blobs::{Blobs, BlobsConfig};

use crate::kit::Shop;
use crate::kit::steps::{ADA, buy, with_cart};

const PASSPHRASE: &str = "seven lamps on a quay";

struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("wharf-backup-{}-{name}", std::process::id()));
        drop(std::fs::remove_dir_all(&path));
        std::fs::create_dir_all(&path).expect("a folder");
        Self(path)
    }

    fn file(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    fn blobs(&self) -> Blobs {
        Blobs::open(BlobsConfig::Folder(self.0.join("media"))).expect("a folder for files")
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        drop(std::fs::remove_dir_all(&self.0));
    }
}

/// Every table with its number of rows and a checksum of them.
async fn contents(shop: &Shop) -> Vec<(String, i64, Option<i64>)> {
    let tables: Vec<String> =
        sqlx::query_scalar("SELECT tablename::text FROM pg_tables WHERE schemaname = 'public' AND tablename <> '_sqlx_migrations' ORDER BY 1")
            .fetch_all(shop.db())
            .await
            .expect("tables");
    let mut found = Vec::new();
    for table in tables {
        let sql = format!("SELECT '{table}', count(*), sum(hashtext(t::text)::bigint)::bigint FROM {table} t");
        found.push(sqlx::query_as(sqlx::AssertSqlSafe(sql)).fetch_one(shop.db()).await.expect("rows"));
    }
    found
}

#[tokio::test]
async fn a_shop_comes_back_from_its_backup_as_it_was() {
    let folder = Folder::new("whole");
    let (shop, empty) = (Shop::open().await, Shop::open_empty().await);
    let ada = with_cart(&shop, "TEAPOT", "1").await;
    buy(&shop, &ada).await;
    shop.work().await;
    sqlx::query(
        "INSERT INTO media (id, product_id, position, state, original, created_at)
         SELECT gen_random_uuid(), id, 9, 'failed', 'originals/' || id || '.jpg', created_at FROM products",
    )
    .execute(shop.db())
    .await
    .expect("pictures");
    let picture = wharf::catalog::originals(shop.db()).await.expect("files");
    assert!(!picture.is_empty());
    for key in &picture {
        shop.app.blobs.put(key, key.clone().into_bytes().into(), "image/jpeg").await.expect("a file");
    }
    let before = contents(&shop).await;
    let place = folder.file("shop.age");
    let (summary, size) = backup::write(shop.db(), &shop.app.blobs, &place, PASSPHRASE, shop.app.now()).await.expect("a backup");
    assert!(summary.rows > 100 && summary.files == picture.len() as u64 && summary.missing.is_empty(), "{summary:?}");
    let bytes = std::fs::read(&place).expect("the file");
    assert_eq!(bytes.len() as u64, size);
    assert!(bytes.starts_with(b"age-encryption.org/v1") && !bytes.windows(ADA.len()).any(|part| part == ADA.as_bytes()), "nothing can be read in it");
    assert!(!folder.file("shop.age.part").exists());
    assert_eq!(contents(&shop).await, before, "it only reads");

    let blobs = folder.blobs();
    let (manifest, restored) = backup::restore(empty.db(), &blobs, &place, PASSPHRASE).await.expect("restored");
    assert_eq!((restored, manifest.tables.len()), (summary, before.len()));
    assert_eq!(contents(&empty).await, before);
    for key in &picture {
        assert_eq!(blobs.get(key).await.expect("an answer").as_deref(), Some(key.as_bytes()));
    }
    assert!(wharf::books::examine(empty.db()).await.expect("examined").is_empty());
    // Numbers go on where they were: the next order is not one that exists.
    empty.app.reload().await.expect("the rules");
    let bo = with_cart(&empty, "TEAPOT", "1").await;
    buy(&empty, &bo).await;
    assert_eq!(empty.count("SELECT count(*) FROM orders").await, 2);

    let proof = backup::verify(shop.db(), &place, PASSPHRASE).await.expect("proved");
    assert!(proof.differences.is_empty() && proof.summary.rows == manifest_rows(&before));
    assert_eq!(shop.count("SELECT count(*) FROM pg_database WHERE datname LIKE 'wharf_verify_%'").await, 0, "no scratch is left");
    shop.close().await;
    empty.close().await;
}

fn manifest_rows(contents: &[(String, i64, Option<i64>)]) -> u64 {
    contents.iter().map(|(_, rows, _)| u64::try_from(*rows).expect("a count")).sum()
}

#[tokio::test]
async fn a_backup_of_a_shop_that_sells_is_of_one_moment() {
    let folder = Folder::new("moment");
    let (shop, empty) = (Shop::open().await, Shop::open_empty().await);
    let place = folder.file("shop.age");
    let selling = async {
        for _ in 0..5 {
            let ada = with_cart(&shop, "TEAPOT", "1").await;
            buy(&shop, &ada).await;
        }
    };
    let saving = async {
        tokio::time::sleep(std::time::Duration::from_millis(300)).await;
        backup::write(shop.db(), &shop.app.blobs, &place, PASSPHRASE, shop.app.now()).await
    };
    let ((), saved) = tokio::join!(selling, saving);
    saved.expect("a backup");
    backup::restore(empty.db(), &folder.blobs(), &place, PASSPHRASE).await.expect("restored");
    assert!(wharf::books::examine(empty.db()).await.expect("examined").is_empty(), "no order is half there");
    shop.close().await;
    empty.close().await;
}

#[tokio::test]
async fn what_cannot_be_restored_says_why_and_leaves_nothing() {
    let folder = Folder::new("refused");
    let (shop, empty) = (Shop::open().await, Shop::open_empty().await);
    let (place, blobs) = (folder.file("shop.age"), folder.blobs());
    let before = contents(&empty).await;
    let short = backup::write(shop.db(), &blobs, &place, "too short", shop.app.now()).await.expect_err("refused").to_string();
    assert!(short.contains("12 characters") && !place.exists());
    backup::write(shop.db(), &blobs, &place, PASSPHRASE, shop.app.now()).await.expect("a backup");
    let again = backup::write(shop.db(), &blobs, &place, PASSPHRASE, shop.app.now()).await.expect_err("refused").to_string();
    assert!(again.contains("exists already"), "{again}");

    let say = async |path: &PathBuf, passphrase: &str| backup::restore(empty.db(), &blobs, path, passphrase).await.expect_err("refused").to_string();
    assert!(say(&place, "another passphrase").await.contains("passphrase"));
    assert!(say(&folder.file("nowhere"), PASSPHRASE).await.contains("cannot be read"));
    let other = folder.file("other");
    std::fs::write(&other, "no backup").expect("a file");
    assert!(say(&other, PASSPHRASE).await.contains("not a backup"));
    let bytes = std::fs::read(&place).expect("the file");
    for (cut, what) in [(bytes.len() / 2, "cut in the middle"), (bytes.len() - 1, "cut at its end")] {
        std::fs::write(&other, &bytes[..cut]).expect("a file");
        assert!(say(&other, PASSPHRASE).await.contains("not whole"), "{what}");
    }
    let mut changed = bytes.clone();
    changed[bytes.len() * 2 / 3] ^= 1;
    std::fs::write(&other, changed).expect("a file");
    assert!(say(&other, PASSPHRASE).await.contains("not whole"), "one bit was changed");
    assert_eq!(contents(&empty).await, before, "nothing was restored");

    let taken = backup::restore(shop.db(), &blobs, &place, PASSPHRASE).await;
    assert!(matches!(taken, Err(RestoreRefused::NotEmpty)), "{:?}", taken.err());
    assert!(shop.count("SELECT count(*) FROM products").await > 0);
    shop.close().await;
    empty.close().await;
}
