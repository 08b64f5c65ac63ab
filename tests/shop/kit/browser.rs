//! A browser without JavaScript: cookies, Origin and Sec-Fetch-Site as browsers send them, redirects one at a time.

#![allow(dead_code, reason = "a browser can do more than every test asks of it")]

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use scraper::{Html, Selector};

#[derive(Clone)]
pub struct Browser {
    origin: String,
    http: reqwest::Client,
    cookies: Arc<Mutex<BTreeMap<String, String>>>,
}

/// What came back.
pub struct Page {
    pub status: u16,
    pub body: String,
    pub headers: reqwest::header::HeaderMap,
    pub path: String,
}

impl Browser {
    pub fn new(origin: &str) -> Self {
        let http = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().expect("a client");
        Self { origin: origin.to_owned(), http, cookies: Arc::default() }
    }

    fn url(&self, path: &str) -> String {
        if path.starts_with("http") { path.to_owned() } else { format!("{}{path}", self.origin) }
    }

    fn cookie_line(&self) -> String {
        self.cookies.lock().expect("cookies").iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("; ")
    }

    pub fn cookie(&self, name: &str) -> Option<String> {
        self.cookies.lock().expect("cookies").get(name).cloned()
    }

    async fn send(&self, request: reqwest::RequestBuilder, path: &str) -> Page {
        self.attempt(request, path).await.expect("an answer")
    }

    /// The same where the shop may be gone: an error where no whole answer came.
    async fn attempt(&self, request: reqwest::RequestBuilder, path: &str) -> reqwest::Result<Page> {
        let is_ours = self.url(path).starts_with(&self.origin);
        let line = self.cookie_line();
        let request = if is_ours && !line.is_empty() { request.header("cookie", line) } else { request };
        let response = request.timeout(std::time::Duration::from_secs(40)).send().await?;
        if is_ours {
            let mut cookies = self.cookies.lock().expect("cookies");
            for value in response.headers().get_all("set-cookie") {
                let text = value.to_str().expect("ASCII");
                let (name, rest) = text.split_once('=').expect("a cookie");
                let value = rest.split(';').next().unwrap_or_default();
                if value.is_empty() {
                    cookies.remove(name);
                } else {
                    cookies.insert(name.to_owned(), value.to_owned());
                }
            }
        }
        Ok(Page { status: response.status().as_u16(), headers: response.headers().clone(), path: path.to_owned(), body: response.text().await? })
    }

    pub async fn try_get(&self, path: &str) -> reqwest::Result<Page> {
        self.attempt(self.http.get(self.url(path)).header("sec-fetch-site", "none"), path).await
    }

    pub async fn try_post(&self, path: &str, fields: &[(&str, &str)]) -> reqwest::Result<Page> {
        let request = self.http.post(self.url(path)).header("origin", &self.origin).header("sec-fetch-site", "same-origin").form(fields);
        self.attempt(request, path).await
    }

    /// The fields of a form as it stands, with some replaced.
    pub fn filled(page: &Page, form: &str, fields: &[(&str, &str)]) -> Vec<(String, String)> {
        let (_, mut all) = page.form(form);
        all.retain(|(known, _)| !fields.iter().any(|(name, _)| name == known));
        all.extend(fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
        all
    }

    pub async fn get(&self, path: &str) -> Page {
        self.send(self.http.get(self.url(path)).header("sec-fetch-site", "none"), path).await
    }

    pub async fn get_with(&self, path: &str, headers: &[(&str, &str)]) -> Page {
        let request = headers.iter().fold(self.http.get(self.url(path)), |request, (name, value)| request.header(*name, *value));
        self.send(request, path).await
    }

    /// Sends a form; where the answer is 307 it goes on to the other address as it is, as browsers do (RFC 9110, 15.4.8).
    pub async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Page {
        let form = |path: &str| self.http.post(self.url(path)).header("origin", &self.origin).header("sec-fetch-site", "same-origin").form(fields);
        let page = self.send(form(path), path).await;
        match page.location().filter(|_| page.status == 307) {
            Some(location) => self.send(form(&location), &location).await,
            None => page,
        }
    }

    /// A form of another site's making.
    pub async fn forged_post(&self, path: &str, fields: &[(&str, &str)]) -> Page {
        let request = self.http.post(self.url(path)).header("origin", "https://evil.example").header("sec-fetch-site", "cross-site").form(fields);
        self.send(request, path).await
    }

    pub async fn post_raw(&self, path: &str, headers: &[(&str, &str)], body: Vec<u8>) -> Page {
        let request = headers.iter().fold(self.http.post(self.url(path)).body(body), |request, (name, value)| request.header(*name, *value));
        self.send(request, path).await
    }

    /// Uploads one file with fields beside it.
    pub async fn upload(&self, path: &str, fields: &[(&str, &str)], file: (&str, &str, &str, Vec<u8>)) -> Page {
        let boundary = "wharf-test-boundary";
        let mut body = Vec::new();
        for (name, value) in fields {
            body.extend(format!("--{boundary}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n").into_bytes());
        }
        let (name, file_name, kind, bytes) = file;
        body.extend(
            format!("--{boundary}\r\nContent-Disposition: form-data; name=\"{name}\"; filename=\"{file_name}\"\r\nContent-Type: {kind}\r\n\r\n")
                .into_bytes(),
        );
        body.extend(bytes);
        body.extend(format!("\r\n--{boundary}--\r\n").into_bytes());
        let origin = self.origin.clone();
        let kind = format!("multipart/form-data; boundary={boundary}");
        self.post_raw(path, &[("content-type", &kind), ("origin", &origin), ("sec-fetch-site", "same-origin")], body).await
    }

    /// Follows redirects as far as they go.
    pub async fn follow(&self, mut page: Page) -> Page {
        for _ in 0..8 {
            let Some(location) = page.location() else { return page };
            page = self.get(&location).await;
        }
        panic!("too many redirects");
    }

    /// Fills in a form of a page as a person would: what it holds, with some fields replaced, sent where it says.
    pub async fn submit(&self, page: &Page, form: &str, fields: &[(&str, &str)]) -> Page {
        let (action, mut all) = page.form(form);
        for (name, _) in fields {
            all.retain(|(known, _)| known != name);
        }
        all.extend(fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
        let borrowed: Vec<(&str, &str)> = all.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        self.post(&action, &borrowed).await
    }
}

impl Page {
    pub fn location(&self) -> Option<String> {
        (300..400).contains(&self.status).then(|| self.headers.get("location")?.to_str().ok().map(str::to_owned)).flatten()
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    fn select(selector: &str) -> Selector {
        Selector::parse(selector).unwrap_or_else(|error| panic!("{selector}: {error}"))
    }

    /// The words of everything that matches, in order, blanks folded.
    pub fn texts(&self, selector: &str) -> Vec<String> {
        let html = Html::parse_document(&self.body);
        html.select(&Self::select(selector))
            .map(|element| element.text().collect::<String>().split_whitespace().collect::<Vec<_>>().join(" "))
            .collect()
    }

    /// The words of the first match, `""` where there is none.
    pub fn text(&self, selector: &str) -> String {
        self.texts(selector).into_iter().next().unwrap_or_default()
    }

    pub fn has(&self, selector: &str) -> bool {
        Html::parse_document(&self.body).select(&Self::select(selector)).next().is_some()
    }

    pub fn attr(&self, selector: &str, name: &str) -> String {
        let html = Html::parse_document(&self.body);
        html.select(&Self::select(selector)).next().and_then(|element| element.value().attr(name)).unwrap_or_default().to_owned()
    }

    pub fn attrs(&self, selector: &str, name: &str) -> Vec<String> {
        let html = Html::parse_document(&self.body);
        html.select(&Self::select(selector)).filter_map(|element| element.value().attr(name)).map(str::to_owned).collect()
    }

    /// Every JSON-LD document of the page.
    pub fn structured(&self) -> Vec<serde_json::Value> {
        let html = Html::parse_document(&self.body);
        html.select(&Self::select("script[type='application/ld+json']"))
            .map(|element| serde_json::from_str(&element.text().collect::<String>()).expect("JSON-LD is JSON"))
            .collect()
    }

    /// Where a form goes and what it would send without a button.
    fn form(&self, selector: &str) -> (String, Vec<(String, String)>) {
        let html = Html::parse_document(&self.body);
        let form = html
            .select(&Self::select(selector))
            .next()
            .unwrap_or_else(|| panic!("no form {selector} on {} ({}): {}", self.path, self.status, self.body));
        let mut fields = Vec::new();
        for element in form.select(&Self::select("input, select, textarea")) {
            let value = element.value();
            let (Some(name), kind) = (value.attr("name"), value.attr("type").unwrap_or("text")) else { continue };
            if matches!(kind, "radio" | "checkbox") && value.attr("checked").is_none()
                || matches!(kind, "file" | "submit")
                || value.attr("disabled").is_some()
            {
                continue;
            }
            let text = match value.name() {
                "textarea" => element.text().collect(),
                "select" => element
                    .select(&Self::select("option[selected]"))
                    .next()
                    .or_else(|| element.select(&Self::select("option")).next())
                    .and_then(|option| option.value().attr("value").map(str::to_owned))
                    .unwrap_or_default(),
                _ => value.attr("value").unwrap_or(if kind == "checkbox" { "on" } else { "" }).to_owned(),
            };
            fields.push((name.to_owned(), text));
        }
        (form.value().attr("action").unwrap_or(&self.path).to_owned(), fields)
    }
}
