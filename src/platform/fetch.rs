//! Fetches a file from an address that somebody typed in, without letting that address reach into our own network.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use axum::body::Bytes;
use http::header;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::{Client, Response, Url};

/// Redirects followed at most.
const MOST_REDIRECTS: usize = 3;
/// Everything together: names, redirects and the body.
const TIME_LIMIT: Duration = Duration::from_secs(20);
/// One connection.
const CONNECT_LIMIT: Duration = Duration::from_secs(5);

/// A file as it came.
#[derive(Debug, Clone)]
pub struct Fetched {
    pub bytes: Bytes,
    /// What the server called it: lower case, without parameters. A claim; the bytes have to be looked at.
    pub content_type: String,
    /// The address after redirects.
    pub final_url: String,
}

/// Why a file was not fetched; each sentence is for the merchant who gave the address.
#[derive(Debug, thiserror::Error)]
pub enum FetchError {
    #[error("This is not a web address that starts with http:// or https:// and has no user name in it.")]
    Address,
    #[error("The address leads to {0}, which is not on the public internet.")]
    NotPublic(String),
    #[error("The name {0} cannot be found.")]
    NoSuchName(String),
    #[error("The address redirects more than {MOST_REDIRECTS} times.")]
    TooManyRedirects,
    #[error("The server answered with status {0}.")]
    Status(u16),
    #[error("The server sent \"{0}\", which is not the kind of file that was asked for.")]
    WrongType(String),
    #[error("The file is larger than {0} bytes.")]
    TooLarge(usize),
    #[error("The server took longer than {} seconds.", TIME_LIMIT.as_secs())]
    TooSlow,
    #[error("The server could not be reached: {0}")]
    Failed(#[from] reqwest::Error),
}

/// Fetches files from outside. Sends no cookies, no credentials and no referrer, and goes through no proxy, for a proxy would look names up itself.
#[derive(Debug, Clone)]
pub struct Fetcher {
    allow_loopback: bool,
}

/// A resolver with one answer for every name: the addresses that were checked. So a second answer of the name server cannot lead elsewhere.
struct Checked(Vec<SocketAddr>);

impl Resolve for Checked {
    fn resolve(&self, _: Name) -> Resolving {
        let addresses: Addrs = Box::new(self.0.clone().into_iter());
        Box::pin(std::future::ready(Ok(addresses)))
    }
}

impl Fetcher {
    /// `allow_loopback` lets 127.0.0.0/8 and ::1 through: only for tests. Fetching needs the process-wide TLS provider to be installed.
    pub fn new(allow_loopback: bool) -> Self {
        Self { allow_loopback }
    }

    /// Fetches at most `max_bytes` bytes of one of the types (`image/png`, or `image/*` for a family). Every redirect is checked as the first address is.
    pub async fn get(&self, url: &str, max_bytes: usize, accept_types: &[&str]) -> Result<Fetched, FetchError> {
        let work = async {
            let (response, url) = self.follow(url, accept_types).await?;
            let content_type = accepted_type(&response, accept_types)?;
            Ok(Fetched { bytes: read_limited(response, max_bytes).await?, content_type, final_url: url.into() })
        };
        tokio::time::timeout(TIME_LIMIT, work).await.map_err(|_| FetchError::TooSlow)?
    }

    async fn follow(&self, url: &str, accept_types: &[&str]) -> Result<(Response, Url), FetchError> {
        let mut url = Url::parse(url.trim()).map_err(|_| FetchError::Address)?;
        for _ in 0..=MOST_REDIRECTS {
            let response = self.ask(&url, accept_types).await?;
            let status = response.status();
            if status.is_success() {
                return Ok((response, url));
            }
            let target = response.headers().get(header::LOCATION).filter(|_| status.is_redirection());
            let Some(target) = target else { return Err(FetchError::Status(status.as_u16())) };
            url = target.to_str().ok().and_then(|text| url.join(text).ok()).ok_or(FetchError::Address)?;
        }
        Err(FetchError::TooManyRedirects)
    }

    /// One request, to addresses that were looked up once and checked.
    async fn ask(&self, url: &Url, accept_types: &[&str]) -> Result<Response, FetchError> {
        let addresses = self.addresses(url).await?;
        // The connection must not be taken from a pool, so each request has a client of its own.
        let client = Client::builder()
            .dns_resolver(Arc::new(Checked(addresses)))
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .no_gzip()
            .referer(false)
            .connect_timeout(CONNECT_LIMIT)
            .timeout(TIME_LIMIT)
            .user_agent(concat!("Wharf/", env!("CARGO_PKG_VERSION")))
            .build()?;
        let accept = if accept_types.is_empty() { "*/*".to_owned() } else { accept_types.join(", ") };
        Ok(client.get(url.clone()).header(header::ACCEPT, accept).send().await?)
    }

    /// Where the address leads. A name with even one address inside our network is refused as a whole: no honest name has both.
    async fn addresses(&self, url: &Url) -> Result<Vec<SocketAddr>, FetchError> {
        if !matches!(url.scheme(), "http" | "https") || !url.username().is_empty() || url.password().is_some() {
            return Err(FetchError::Address);
        }
        let host = url.host_str().ok_or(FetchError::Address)?;
        let port = url.port_or_known_default().ok_or(FetchError::Address)?;
        let literal = host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
        let found: Vec<SocketAddr> = match literal {
            Ok(ip) => vec![SocketAddr::new(ip, port)],
            Err(_) => {
                let looked_up = tokio::net::lookup_host((host, port)).await;
                looked_up.map_err(|_| FetchError::NoSuchName(host.to_owned()))?.collect()
            }
        };
        if found.is_empty() {
            return Err(FetchError::NoSuchName(host.to_owned()));
        }
        let allowed = |ip: IpAddr| is_public(ip) || (self.allow_loopback && ip.is_loopback());
        if found.iter().all(|address| allowed(address.ip())) { Ok(found) } else { Err(FetchError::NotPublic(host.to_owned())) }
    }
}

/// The type that the server names, where it is one of those asked for.
fn accepted_type(response: &Response, accept_types: &[&str]) -> Result<String, FetchError> {
    let named = response.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or("");
    let named = named.split(';').next().unwrap_or("").trim().to_ascii_lowercase();
    let fits = |wanted: &&str| match wanted.strip_suffix('*') {
        Some(family) => named.starts_with(family),
        None => named == *wanted,
    };
    if accept_types.is_empty() || accept_types.iter().any(fits) { Ok(named) } else { Err(FetchError::WrongType(named)) }
}

/// The body, given up as soon as it is too large whatever its header said.
async fn read_limited(mut response: Response, max_bytes: usize) -> Result<Bytes, FetchError> {
    let announced = response.content_length().map(usize::try_from);
    if announced.is_some_and(|length| length.map_or(true, |length| length > max_bytes)) {
        return Err(FetchError::TooLarge(max_bytes));
    }
    let mut bytes = Vec::new();
    while let Some(chunk) = response.chunk().await? {
        if bytes.len() + chunk.len() > max_bytes {
            return Err(FetchError::TooLarge(max_bytes));
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes.into())
}

/// Whether an address is on the public internet, by the special-purpose registries of IANA (RFC 6890 and its updates).
pub fn is_public(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => is_public_v4(ip),
        IpAddr::V6(ip) => is_public_v6(ip),
    }
}

fn is_public_v4(ip: Ipv4Addr) -> bool {
    !matches!(
        ip.octets(),
        [0 | 10 | 127, ..]              // this network, private, loopback
            | [100, 64..=127, ..]       // shared by carriers (CGNAT)
            | [169, 254, ..]            // link-local, where clouds keep their metadata
            | [172, 16..=31, ..]        // private
            | [192, 0, 0 | 2, _]        // protocol assignments, documentation
            | [192, 88, 99, _]          // 6to4 relays
            | [192, 168, ..]            // private
            | [198, 18..=19, ..]        // benchmarks
            | [198, 51, 100, _]         // documentation
            | [203, 0, 113, _]          // documentation
            | [224..=255, ..] // multicast, reserved, broadcast
    )
}

fn is_public_v6(ip: Ipv6Addr) -> bool {
    match ip.segments() {
        // An IPv4 address seen through NAT64 leads where that address leads.
        [0x64, 0xff9b, 0, 0, 0, 0, high, low] => is_public_v4(Ipv4Addr::from_bits((u32::from(high) << 16) | u32::from(low))),
        // Teredo and other protocols, documentation, 6to4: each may hide another address or none.
        [0x2001, 0..=0x1ff, ..] | [0x2001, 0xdb8, ..] | [0x2002, ..] | [0x3fff, 0..=0xfff, ..] => false,
        // Only global unicast is left; loopback, ULA, link-local, multicast and mapped IPv4 are outside it.
        [first, ..] => (0x2000..=0x3fff).contains(&first),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::StatusCode;
    use axum::response::{IntoResponse, Redirect};
    use axum::{Router, routing::get};

    #[test]
    fn inner_addresses_are_known() {
        let inner = "0.0.0.0 0.1.2.3 10.0.0.1 100.64.0.1 100.127.255.255 127.0.0.1 127.9.9.9 169.254.169.254 172.16.0.1 172.31.255.255 192.0.0.8 \
             192.0.2.1 192.88.99.1 192.168.1.1 198.18.0.1 198.19.255.255 198.51.100.1 203.0.113.9 224.0.0.1 239.1.1.1 240.0.0.1 255.255.255.255 \
             :: ::1 ::ffff:127.0.0.1 ::ffff:10.0.0.1 ::ffff:8.8.8.8 ::7f00:1 64:ff9b::7f00:1 64:ff9b::a9fe:a9fe 64:ff9b:1::1 100::1 2001::1 2001:db8::1 \
             2002:7f00:1::1 3fff::1 fc00::1 fd12:3456::1 fe80::1 fec0::1 ff02::1";
        for text in inner.split_whitespace() {
            assert!(!is_public(text.parse().unwrap()), "{text}");
        }
        let public = "1.1.1.1 8.8.8.8 9.255.255.255 11.0.0.1 100.63.255.255 100.128.0.1 126.1.1.1 128.0.0.1 169.253.1.1 172.15.0.1 172.32.0.1 192.167.1.1 \
             198.17.1.1 198.20.1.1 223.255.255.255 2606:4700::1111 2a00:1450::1 2001:200::1 64:ff9b::808:808";
        for text in public.split_whitespace() {
            assert!(is_public(text.parse().unwrap()), "{text}");
        }
    }

    async fn server() -> String {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let picture = || async { ([(header::CONTENT_TYPE, "image/PNG; q=1")], vec![7_u8; 1000]) };
        // Without an announced length, so that the limit has to work while the body comes.
        let endless = || async {
            let chunks = futures::stream::repeat(Ok::<_, std::convert::Infallible>(Bytes::from(vec![0_u8; 4096])));
            ([(header::CONTENT_TYPE, "image/png")], axum::body::Body::from_stream(chunks))
        };
        let app = Router::new()
            .route("/picture", get(picture))
            .route("/endless", get(endless))
            .route("/page", get(|| async { axum::response::Html("<p>hi</p>") }))
            .route("/once", get(|| async { Redirect::temporary("/picture") }))
            .route("/loop", get(|| async { Redirect::temporary("/loop") }))
            .route("/metadata", get(|| async { Redirect::temporary("http://169.254.169.254/latest/meta-data/") }))
            .route("/file", get(|| async { Redirect::temporary("file:///etc/passwd") }))
            .route("/gone", get(|| async { StatusCode::GONE.into_response() }));
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, app).await });
        base
    }

    #[tokio::test]
    async fn fetches_within_limits() {
        let base = server().await;
        let fetcher = Fetcher::new(true);
        let fetched = fetcher.get(&format!("{base}/once"), 1000, &["image/*"]).await.unwrap();
        assert_eq!((fetched.bytes.len(), fetched.content_type.as_str()), (1000, "image/png"));
        assert_eq!(fetched.final_url, format!("{base}/picture"));
        // A name is looked up by us and the connection goes to what we found.
        assert!(
            fetcher
                .get(&base.replace("127.0.0.1", "localhost").replace("http://", "HTTP://"), 10, &[])
                .await
                .is_err_and(|e| matches!(e, FetchError::Status(404)))
        );
        let refused = async |path: &str| fetcher.get(&format!("{base}{path}"), 999, &["image/png"]).await.unwrap_err();
        assert!(matches!(refused("/picture").await, FetchError::TooLarge(999)));
        assert!(matches!(refused("/endless").await, FetchError::TooLarge(999)));
        assert!(matches!(refused("/page").await, FetchError::WrongType(kind) if kind == "text/html"));
        assert!(matches!(refused("/loop").await, FetchError::TooManyRedirects));
        assert!(matches!(refused("/metadata").await, FetchError::NotPublic(host) if host == "169.254.169.254"));
        assert!(matches!(refused("/file").await, FetchError::Address));
        assert!(matches!(refused("/gone").await, FetchError::Status(410)));
    }

    #[tokio::test]
    async fn inner_network_is_out_of_reach() {
        let base = server().await;
        let port = base.rsplit(':').next().unwrap().to_owned();
        let fetcher = Fetcher::new(false);
        for host in ["127.0.0.1", "localhost", "localhost.", "2130706433", "0x7f.1", "0177.0.0.1", "[::1]", "[::ffff:127.0.0.1]", "[::]", "0"] {
            let answer = fetcher.get(&format!("http://{host}:{port}/picture"), 1000, &[]).await.unwrap_err();
            assert!(matches!(answer, FetchError::NotPublic(_) | FetchError::NoSuchName(_)), "{host}: {answer:?}");
        }
        for address in ["ftp://example.com/a", "file:///etc/passwd", "http://user:pw@example.com/", "data:image/png,x", "//example.com", "x"] {
            assert!(matches!(fetcher.get(address, 1000, &[]).await, Err(FetchError::Address)), "{address}");
        }
    }
}
