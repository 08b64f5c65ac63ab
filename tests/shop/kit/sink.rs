//! A mail server that keeps what it gets. It has its moods with some mailboxes: `refused@` does not exist, `busy@` is
//! to be tried again, and of `silent@` it keeps the letter but hangs up before it says so.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};

#[derive(Clone)]
pub struct Sink {
    pub address: SocketAddr,
    letters: Arc<Mutex<Vec<Letter>>>,
    was_busy: Arc<Mutex<bool>>,
}

/// A letter as it came in.
#[derive(Debug, Clone)]
pub struct Letter {
    pub to: String,
    pub raw: String,
}

impl Letter {
    pub fn header(&self, name: &str) -> String {
        let head = self.raw.split("\r\n\r\n").next().unwrap_or_default().replace("\r\n ", " ").replace("\r\n\t", " ");
        let start = format!("{}:", name.to_lowercase());
        let line = head.lines().find(|line| line.to_lowercase().starts_with(&start)).unwrap_or_default();
        line.split_once(':').map(|(_, value)| value.trim().to_owned()).unwrap_or_default()
    }

    /// Everything with quoted-printable undone.
    pub fn text(&self) -> String {
        let joined = self.raw.replace("=\r\n", "");
        let mut bytes = Vec::new();
        let mut rest = joined.as_bytes();
        while let Some((&first, tail)) = rest.split_first() {
            let hex = (first == b'=').then(|| tail.get(..2)).flatten().and_then(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok());
            match hex {
                Some(byte) => {
                    bytes.push(byte);
                    rest = &tail[2..];
                }
                None => {
                    bytes.push(first);
                    rest = tail;
                }
            }
        }
        String::from_utf8_lossy(&bytes).into_owned()
    }

    /// The path of the first link that begins with `path`, inside the shop.
    pub fn link(&self, path: &str) -> String {
        let text = self.text();
        let at = text.find(path).unwrap_or_else(|| panic!("no link to {path} in {text}"));
        text[at..].chars().take_while(|c| !c.is_whitespace() && !"\"'<>)".contains(*c)).collect()
    }
}

impl Sink {
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let sink = Self { address: listener.local_addr().expect("a bound socket"), letters: Arc::default(), was_busy: Arc::default() };
        let server = sink.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(talk(stream, server.clone()));
            }
        });
        sink
    }

    pub fn to(&self, address: &str) -> Vec<Letter> {
        self.letters.lock().expect("letters").iter().filter(|letter| letter.to == address).cloned().collect()
    }
}

async fn talk(stream: TcpStream, sink: Sink) -> std::io::Result<()> {
    let (read, mut write) = stream.into_split();
    let mut lines = BufReader::new(read);
    let (mut to, mut line) = (String::new(), String::new());
    write.write_all(b"220 sink\r\n").await?;
    loop {
        line.clear();
        if lines.read_line(&mut line).await? == 0 {
            return Ok(());
        }
        let upper = line.to_uppercase();
        let answer: &[u8] = if upper.starts_with("EHLO") || upper.starts_with("HELO") {
            b"250 sink\r\n"
        } else if upper.starts_with("RCPT TO:") {
            to = line.split(['<', '>']).nth(1).unwrap_or_default().to_owned();
            if to.starts_with("refused@") {
                b"550 no such mailbox\r\n"
            } else if to.starts_with("busy@") && !std::mem::replace(&mut *sink.was_busy.lock().expect("a mood"), true) {
                b"451 try again\r\n"
            } else {
                b"250 ok\r\n"
            }
        } else if upper.starts_with("DATA") {
            write.write_all(b"354 go on\r\n").await?;
            let mut raw = String::new();
            loop {
                line.clear();
                lines.read_line(&mut line).await?;
                if line == ".\r\n" {
                    break;
                }
                raw.push_str(line.strip_prefix('.').unwrap_or(&line));
            }
            sink.letters.lock().expect("letters").push(Letter { to: to.clone(), raw });
            if to.starts_with("silent@") {
                return Ok(());
            }
            b"250 kept\r\n"
        } else if upper.starts_with("QUIT") {
            write.write_all(b"221 bye\r\n").await?;
            return Ok(());
        } else {
            b"250 ok\r\n"
        };
        write.write_all(answer).await?;
    }
}
