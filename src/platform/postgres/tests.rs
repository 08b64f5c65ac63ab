//! A real server started, stopped, killed and taken over.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::*;

const CHILD_HOME: &str = "WHARF_TEST_POSTGRES_HOME";

/// A home that goes with the test.
struct Home(PathBuf);

impl Home {
    fn new(name: &str) -> Self {
        Self(std::env::temp_dir().join(format!("wharf-{name}-{}", std::process::id())))
    }
}

impl Drop for Home {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

async fn run(url: &str, statement: &'static str) -> i64 {
    let mut connection = PgConnection::connect(url).await.unwrap();
    let count = sqlx::query_scalar(statement).fetch_one(&mut connection).await.unwrap();
    connection.close().await.unwrap();
    count
}

fn server_pid(shop: &Private) -> String {
    fs::read_to_string(shop.server.place.data.join("postmaster.pid")).unwrap().lines().next().unwrap().to_owned()
}

fn kill(pid: &str) {
    assert!(Command::new("kill").args(["-9", pid]).status().unwrap().success());
}

/// Runs this test binary again as another Wharf, which starts the server and is killed without a chance to stop it.
fn start_and_kill_another(home: &Path) {
    let mut other = Command::new(std::env::current_exe().unwrap())
        .args(["another_wharf", "--nocapture"])
        .env(CHILD_HOME, home)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let lines = BufReader::new(other.stdout.take().unwrap()).lines();
    let started = lines.map_while(Result::ok).any(|line| line.contains("the server runs"));
    other.kill().unwrap();
    other.wait().unwrap();
    assert!(started);
}

#[tokio::test]
async fn another_wharf() {
    let Some(home) = std::env::var_os(CHILD_HOME) else { return };
    let _shop = Private::start(Path::new(&home)).await.unwrap();
    println!("the server runs");
    std::future::pending::<()>().await;
}

#[tokio::test]
async fn the_server_survives_whatever_is_killed() {
    let home = Home::new("home with 'quotes', \"commas\" & é");
    let shop = Private::start(&home.0).await.unwrap();
    let mut connection = PgConnection::connect(&shop.url()).await.unwrap();
    sqlx::query("CREATE TABLE kept AS SELECT 1 AS one").execute(&mut connection).await.unwrap();
    let tcp: String = sqlx::query_scalar("SHOW listen_addresses").fetch_one(&mut connection).await.unwrap();
    assert_eq!(tcp, "");

    match Private::start(&home.0).await {
        Err(StartError::InUse { pid, .. }) => assert_eq!(pid, std::process::id().to_string()),
        other => panic!("a second Wharf on the same home: {other:?}"),
    }
    let beside = Private::url_beside(&home.0).await.unwrap().expect("a command works beside it");
    assert_eq!(run(&beside, "SELECT count(*) FROM kept").await, 1);

    // Open connections do not hold up the end.
    shop.stop().await;
    shop.stop().await;
    drop(shop);

    start_and_kill_another(&home.0);
    let shop = Private::start(&home.0).await.unwrap();
    assert_eq!(run(&shop.url(), "SELECT count(*) FROM kept").await, 1);

    kill(&server_pid(&shop));
    drop(shop);
    let shop = Private::start(&home.0).await.unwrap();
    assert_eq!(run(&shop.url(), "SELECT count(*) FROM kept").await, 1);
    let former = server_pid(&shop);
    drop(shop);
    let shop = Private::start(&home.0).await.unwrap();
    assert_eq!(server_pid(&shop), former, "a server that was left running is taken over");
    shop.stop().await;
}

#[tokio::test]
async fn a_long_home_works_through_the_temporary_folder() {
    let home = Home::new(&"long".repeat(25));
    let shop = Private::start(&home.0).await.unwrap();
    assert_eq!(run(&shop.url(), "SELECT count(*) FROM pg_database WHERE datname = 'wharf'").await, 1);
    shop.stop().await;
    let sockets = shop.sockets.clone();
    drop(shop);
    assert!(!sockets.starts_with(&home.0));
    fs::remove_dir_all(sockets).unwrap();
}

#[tokio::test]
async fn a_home_that_cannot_be_made_is_named() {
    let home = Home::new("file");
    fs::write(&home.0, "").unwrap();
    let error = Private::start(&home.0.join("below")).await.unwrap_err();
    fs::remove_file(&home.0).unwrap();
    assert!(matches!(error, StartError::Unwritable { .. }), "{error}");
}
