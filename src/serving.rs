//! Connections: how many, from whom, how long one may dawdle, and their end when the shop stops (R13, T32).

use std::collections::HashMap;
use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use hyper::body::Incoming;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tower::ServiceExt;

/// How long a connection may take to send the head of its next request, from its beginning or from the last answer on. Longer than
/// proxies keep an unused connection (nginx 60 s, many load balancers 60 to 75 s), so that they close it and not we under a request.
const HEAD: Duration = Duration::from_secs(80);
/// Connections of a node at once; more wait until one ends.
const MOST: usize = 8_192;
/// Connections from one address at once, unless it is this machine or a trusted proxy. Browsers open six, over HTTP/2 one.
const MOST_FROM_ONE: usize = 128;

/// Serves until `stop` is done; then takes no connection any more, and returns when those that are open have got their answers.
pub async fn serve(listener: TcpListener, router: Router, trusted: Vec<IpAddr>, stop: impl Future<Output = ()>) {
    let (open, senders, graceful) = (Arc::new(Semaphore::new(MOST)), Arc::new(Senders::default()), GracefulShutdown::new());
    let mut builder = Builder::new(TokioExecutor::new());
    builder.http1().timer(TokioTimer::new()).header_read_timeout(HEAD);
    builder.http2().timer(TokioTimer::new()).keep_alive_interval(HEAD).keep_alive_timeout(Duration::from_secs(20)).max_concurrent_streams(128);
    tokio::pin!(stop);
    loop {
        let Ok(place) = Arc::clone(&open).acquire_owned().await else { break };
        let (stream, from) = tokio::select! {
            accepted = accept(&listener) => accepted,
            () = &mut stop => break,
        };
        let is_near = from.ip().is_loopback() || trusted.contains(&from.ip());
        let Some(counted) = senders.enter(from.ip(), is_near) else { continue };
        let router = router.clone();
        let service = tower::service_fn(move |mut request: hyper::Request<Incoming>| {
            request.extensions_mut().insert(ConnectInfo(from));
            router.clone().oneshot(request.map(Body::new))
        });
        let connection = graceful.watch(builder.serve_connection(TokioIo::new(stream), TowerToHyperService::new(service)).into_owned());
        tokio::spawn(async move {
            // Whoever hangs up in the middle of something is no fault of ours.
            if let Err(error) = connection.await {
                tracing::trace!(%error, "a connection ended early");
            }
            drop((place, counted));
        });
    }
    drop(listener);
    graceful.shutdown().await;
}

/// The next connection. Where there is none to be had (too many files are open), a little later.
async fn accept(listener: &TcpListener) -> (TcpStream, SocketAddr) {
    loop {
        match listener.accept().await {
            Ok((stream, from)) => {
                drop(stream.set_nodelay(true));
                return (stream, from);
            }
            Err(error) if is_of_one_connection(&error) => {}
            Err(error) => {
                tracing::warn!(%error, "no connection can be taken at the moment");
                tokio::time::sleep(Duration::from_millis(200)).await;
            }
        }
    }
}

fn is_of_one_connection(error: &std::io::Error) -> bool {
    use std::io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset)
}

/// How many connections each address has open.
#[derive(Debug, Default)]
struct Senders(Mutex<HashMap<IpAddr, usize>>);

/// One connection of an address, for as long as it is open.
struct Counted {
    senders: Arc<Senders>,
    from: IpAddr,
}

impl Senders {
    /// Counts one more; `None` where the address has enough, and is not near.
    fn enter(self: &Arc<Self>, from: IpAddr, is_near: bool) -> Option<Counted> {
        let mut open = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let count = open.entry(from).or_default();
        if !is_near && *count >= MOST_FROM_ONE {
            return None;
        }
        *count += 1;
        Some(Counted { senders: Arc::clone(self), from })
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        let mut open = self.senders.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = open.get_mut(&self.from) {
            *count -= 1;
            if *count == 0 {
                open.remove(&self.from);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_has_so_many_connections_and_gets_its_places_back() {
        let senders = Arc::new(Senders::default());
        let from = IpAddr::from([203, 0, 113, 7]);
        let mut open: Vec<Counted> = (0..MOST_FROM_ONE).map(|_| senders.enter(from, false).expect("a place")).collect();
        assert!(senders.enter(from, false).is_none());
        assert!(senders.enter(from, true).is_some() && senders.enter(IpAddr::from([203, 0, 113, 8]), false).is_some());
        open.pop();
        assert!(senders.enter(from, false).is_some());
        drop(open);
        assert!(senders.0.lock().expect("unbroken").is_empty(), "nothing is kept of who has left");
    }
}
