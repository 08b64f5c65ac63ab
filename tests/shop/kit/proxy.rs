//! Something between the shop and its Postgres that can be slow, deaf, gone, or hang up at the worst moment.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU8, AtomicU64, Ordering};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream, UnixStream};
use tokio::sync::watch;

/// What a connection lives through.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Mood {
    /// Everything passes.
    Calm,
    /// New connections are closed at once, and old ones end.
    Refusing,
    /// Nothing passes any more, and nothing is closed.
    Deaf,
}

#[derive(Debug)]
struct State {
    mood: AtomicU8,
    /// Milliseconds that every message to Postgres waits.
    latency: AtomicU64,
    /// The next COMMIT reaches Postgres, and its answer nobody.
    cuts_commit: AtomicBool,
    changed: watch::Sender<()>,
}

#[derive(Debug, Clone)]
pub struct Proxy {
    state: Arc<State>,
    /// The same database by way of the proxy.
    pub url: String,
}

impl Proxy {
    /// Stands before the socket that a URL of the test cluster names.
    pub async fn before(url: &str) -> Self {
        let (head, query) = url.split_once('?').expect("a URL with a host parameter");
        let database = head.rsplit('/').next().expect("a database");
        let parameter = |name: &str| {
            form_urlencoded::parse(query.as_bytes()).find(|(key, _)| key == name).map(|(_, value)| value.into_owned()).unwrap_or_default()
        };
        let port = head.rsplit('/').nth(1).and_then(|server| server.rsplit(':').next()).expect("a port");
        let socket = PathBuf::from(parameter("host")).join(format!(".s.PGSQL.{port}"));
        let user = head.trim_start_matches("postgres://").split('@').next().unwrap_or_default();
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let url = format!("postgres://{user}@{}/{database}?sslmode=disable", listener.local_addr().expect("a bound socket"));
        let state = Arc::new(State {
            mood: AtomicU8::new(Mood::Calm as u8),
            latency: AtomicU64::new(0),
            cuts_commit: AtomicBool::new(false),
            changed: watch::channel(()).0,
        });
        let shared = Arc::clone(&state);
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                if shared.is(Mood::Refusing) {
                    continue;
                }
                if let Ok(server) = UnixStream::connect(&socket).await {
                    tokio::spawn(carry(client, server, Arc::clone(&shared)));
                }
            }
        });
        Self { state, url }
    }

    pub fn set(&self, mood: Mood) {
        self.state.mood.store(mood as u8, Ordering::SeqCst);
        self.state.changed.send_replace(());
    }

    pub fn slow(&self, milliseconds: u64) {
        self.state.latency.store(milliseconds, Ordering::SeqCst);
    }

    pub fn cut_next_commit(&self) {
        self.state.cuts_commit.store(true, Ordering::SeqCst);
    }

    /// Did that COMMIT come?
    pub fn has_cut(&self) -> bool {
        !self.state.cuts_commit.load(Ordering::SeqCst)
    }
}

impl State {
    fn is(&self, mood: Mood) -> bool {
        self.mood.load(Ordering::SeqCst) == mood as u8
    }

    /// Returns when connections are to end.
    async fn refusal(&self) {
        let mut changed = self.changed.subscribe();
        while !self.is(Mood::Refusing) {
            if changed.changed().await.is_err() {
                return;
            }
        }
    }

    /// Returns at once, or when it hears again.
    async fn hearing(&self) {
        let mut changed = self.changed.subscribe();
        while self.is(Mood::Deaf) {
            if changed.changed().await.is_err() {
                return;
            }
        }
    }
}

async fn carry(client: TcpStream, server: UnixStream, state: Arc<State>) {
    let _ = client.set_nodelay(true);
    let (mut from_client, mut to_client) = client.into_split();
    let (mut from_server, mut to_server) = server.into_split();
    let (cut, mut is_cut) = watch::channel(false);
    let (up, down) = (Arc::clone(&state), Arc::clone(&state));
    let there = async move {
        let mut buffer = vec![0; 64 * 1024];
        while let Ok(length @ 1..) = from_client.read(&mut buffer).await {
            let message = &buffer[..length];
            up.hearing().await;
            let latency = up.latency.load(Ordering::SeqCst);
            if latency > 0 {
                tokio::time::sleep(Duration::from_millis(latency)).await;
            }
            if message.windows(7).any(|part| part == b"COMMIT\0") && up.cuts_commit.swap(false, Ordering::SeqCst) {
                cut.send_replace(true);
            }
            if to_server.write_all(message).await.is_err() {
                return;
            }
        }
    };
    let back = async move {
        let mut buffer = vec![0; 64 * 1024];
        while let Ok(length @ 1..) = from_server.read(&mut buffer).await {
            down.hearing().await;
            // Postgres has done it, and said so to nobody.
            if *is_cut.borrow_and_update() || to_client.write_all(&buffer[..length]).await.is_err() {
                return;
            }
        }
    };
    tokio::select! {
        () = there => {}
        () = back => {}
        () = state.refusal() => {}
    }
}
