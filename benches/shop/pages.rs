//! Pages beside the floor: from the cache, for a visitor with a cart, and made anew.

use anyhow::Context;

use crate::Plan;
use crate::floor::{Answer, Kept};
use crate::load::{self, Load};
use crate::recorder;
use crate::report::{Pair, Report};
use crate::server::{Cluster, Server};

/// Pages to measure, with the names of the table.
pub struct Chosen {
    pub shop: &'static str,
    pub product: String,
    pub collection: String,
    pub search: String,
}

pub fn demo() -> Chosen {
    Chosen { shop: "demo", product: "/products/tide-mug".into(), collection: "/collections/at-the-table".into(), search: "/search?q=bowl".into() }
}

/// A product, the largest collection and a common word of the imported catalogues.
pub async fn large(cluster: &Cluster) -> anyhow::Result<Chosen> {
    let mut db = cluster.connect("large").await?;
    let product: String =
        sqlx::query_scalar("SELECT handle FROM product_handles WHERE is_current ORDER BY product_id DESC LIMIT 1").fetch_one(&mut db).await?;
    let collection: String = sqlx::query_scalar(
        "SELECT h.handle FROM collection_products m JOIN collection_handles h ON h.collection_id = m.collection_id AND h.is_current
          GROUP BY h.handle ORDER BY count(*) DESC LIMIT 1",
    )
    .fetch_one(&mut db)
    .await?;
    Ok(Chosen {
        shop: "large",
        product: format!("/products/{product}"),
        collection: format!("/collections/{collection}"),
        search: "/search?q=memory".into(),
    })
}

/// What a browser says it can read; without it, what is measured is not compressed.
const BROTLI: (&str, &str) = ("accept-encoding", "br");

fn headers(list: &[(&str, &str)]) -> Vec<(String, String)> {
    list.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

/// The answer of one request, as the floor is to give it.
async fn fetch(url: &str, asked: &[(String, String)]) -> anyhow::Result<Answer> {
    let mut request = reqwest::Client::builder().no_gzip().build()?.get(url);
    for (name, value) in asked {
        request = request.header(name, value);
    }
    let response = request.send().await?;
    anyhow::ensure!(response.status().is_success(), "{url} answers {}", response.status());
    let sent = response.headers().iter().filter(|(name, _)| !["content-length", "transfer-encoding", "date", "connection"].contains(&name.as_str()));
    let sent = sent.filter_map(|(name, value)| Some((name.to_string(), value.to_str().ok()?.to_owned()))).collect();
    Ok(Answer { headers: sent, body: response.bytes().await?.to_vec(), statements: Vec::new() })
}

/// Asks two addresses in turn; the medians.
fn pair(
    plan: &Plan,
    asked: &[(String, String)],
    shop: (&Server, &str),
    floor: (&Server, &str),
    postgres: Option<u32>,
) -> anyhow::Result<(Load, Load)> {
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    for _ in 0..plan.rounds {
        theirs.push(load::ask(&format!("{}{}", floor.0.origin, floor.1), asked, plan.seconds, floor.0.pid(), postgres)?);
        ours.push(load::ask(&format!("{}{}", shop.0.origin, shop.1), asked, plan.seconds, shop.0.pid(), postgres)?);
    }
    Ok((median(ours), median(theirs)))
}

fn median(mut loads: Vec<Load>) -> Load {
    loads.sort_by(|one, other| one.per_second.total_cmp(&other.per_second));
    loads.get(loads.len() / 2).copied().unwrap_or_default()
}

pub async fn measure(plan: &Plan, cluster: &Cluster, database: &str, chosen: &Chosen, report: &mut Report) -> anyhow::Result<()> {
    cached(plan, cluster, database, chosen, report).await?;
    fresh(plan, cluster, database, chosen, report).await
}

async fn cached(plan: &Plan, cluster: &Cluster, database: &str, chosen: &Chosen, report: &mut Report) -> anyhow::Result<()> {
    let shop = Server::shop(plan, cluster, database, "serve", &[])?;
    let compressed = headers(&[BROTLI]);
    let page = fetch(&format!("{}{}", shop.origin, chosen.product), &compressed).await?;
    if chosen.shop == "demo" {
        report.wire(&shop.origin, &chosen.product, &page).await?;
    }
    let floor = Server::floor(cluster, database, &Kept { answers: vec![page], lookup: "SELECT 1".into(), ..Kept::default() })?;
    eprintln!("cached product page, {}", chosen.shop);
    let (ours, base) = pair(plan, &compressed, (&shop, &chosen.product), (&floor, "/memory/0"), cluster.pid())?;
    report.add(Pair::new(format!("{}: cached product page / same bytes from memory", chosen.shop), 0.7, 0.9, ours, base));
    let (cookie, added) = with_cart(cluster, &shop, &chosen.product).await?;
    report.statements(format!("{}: add to cart", chosen.shop), 4, added);
    // As a browser: it takes every coding, and brings what the page before it set.
    let coded = headers(&[("accept-encoding", "gzip, deflate, br, zstd"), ("cookie", &cookie)]);
    let first = fetch(&format!("{}{}", shop.origin, chosen.product), &coded).await?;
    let set = first.headers.iter().filter(|(name, _)| name == "set-cookie").filter_map(|(_, value)| value.split(';').next());
    let cookie = std::iter::once(cookie.as_str()).chain(set).collect::<Vec<_>>().join("; ");
    let visitor = headers(&[("accept-encoding", "gzip, deflate, br, zstd"), ("cookie", &cookie)]);
    eprintln!("visitor with a cart, {}", chosen.shop);
    let mut with = Vec::new();
    for _ in 0..plan.rounds {
        with.push(load::ask(&format!("{}{}", shop.origin, chosen.product), &visitor, plan.seconds, shop.pid(), cluster.pid())?);
    }
    report.add(Pair::new(format!("{}: visitor with a cart / cached page", chosen.shop), 0.5, 0.7, median(with), ours));
    Ok(())
}

/// A visitor who has put the product of a page into the cart: their cookies, and the statements that it took.
async fn with_cart(cluster: &Cluster, shop: &Server, product: &str) -> anyhow::Result<(String, usize)> {
    let client = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build()?;
    let html = client.get(format!("{}{product}", shop.origin)).send().await?.text().await?;
    let form = html.split("data-buy").nth(1).context("the page has a form")?;
    let number = form.split("name=\"variant\"").nth(1).and_then(|rest| rest.split("value=\"").nth(1)).and_then(|rest| rest.split('"').next());
    let fields = [("variant", number.context("the form names a variant")?), ("qty", "1")];
    let add = || {
        client.post(format!("{}/cart/lines", shop.origin)).header("sec-fetch-site", "same-origin").header("origin", &shop.origin).form(&fields).send()
    };
    let first = add().await?;
    anyhow::ensure!(first.status().is_redirection(), "adding to the cart answers {}", first.status());
    let cookies: Vec<String> =
        first.headers().get_all("set-cookie").iter().filter_map(|it| it.to_str().ok()?.split(';').next().map(str::to_owned)).collect();
    let cookies: Vec<String> = cookies.into_iter().filter(|cookie| !cookie.contains("flash")).collect();
    let cookie = cookies.join("; ");
    recorder::listen(cluster, true).await?;
    let again = client
        .post(format!("{}/cart/lines", shop.origin))
        .header("sec-fetch-site", "same-origin")
        .header("origin", &shop.origin)
        .header("cookie", &cookie)
        .form(&fields)
        .send();
    let (_, statements) = recorder::during(cluster, async { Ok(again.await?) }).await?;
    recorder::listen(cluster, false).await?;
    let writes = statements.iter().filter(|(sql, _)| !["BEGIN", "COMMIT"].contains(&sql.as_str())).count();
    Ok((cookie, writes))
}

/// Without a cache every request makes the page.
async fn fresh(plan: &Plan, cluster: &Cluster, database: &str, chosen: &Chosen, report: &mut Report) -> anyhow::Result<()> {
    let shop = Server::shop(plan, cluster, database, "serve", &[("WHARF_CACHE_BYTES", "0")])?;
    let paths = [("product", &chosen.product), ("collection", &chosen.collection), ("search", &chosen.search)];
    let mut kept = Kept { lookup: "SELECT * FROM products WHERE id = (SELECT id FROM products LIMIT 1)".into(), ..Kept::default() };
    for (_, path) in paths {
        fetch(&format!("{}{path}", shop.origin), &[]).await?;
    }
    recorder::listen(cluster, true).await?;
    for (name, path) in paths {
        let url = format!("{}{path}", shop.origin);
        let (mut answer, statements) = recorder::during(cluster, fetch(&url, &[])).await?;
        report.statements(format!("{}: {name} page", chosen.shop), 3, statements.len());
        for (number, statement) in statements.into_iter().enumerate() {
            let name = format!("{name}_{number}");
            let prepared = recorder::prepare(cluster, database, &name, &statement).await?;
            answer.statements.push((name, prepared, statement.1));
        }
        kept.answers.push(answer);
    }
    recorder::listen(cluster, false).await?;
    let id: uuid::Uuid = sqlx::query_scalar("SELECT id FROM products LIMIT 1").fetch_one(&mut cluster.connect(database).await?).await?;
    kept.lookup = format!("SELECT * FROM products WHERE id = '{id}'");
    let floor = Server::floor(cluster, database, &kept)?;
    for (page, (name, path)) in paths.into_iter().enumerate() {
        eprintln!("{name} page made anew, {}", chosen.shop);
        let (ours, base) = pair(plan, &[], (&shop, path), (&floor, &format!("/statements/{page}")), cluster.pid())?;
        report.add(Pair::new(format!("{}: {name} page made anew / its statements and bytes", chosen.shop), 0.6, 0.8, ours, base));
        report.memory(ours.memory);
    }
    eprintln!("product page made anew, beside one SELECT, {}", chosen.shop);
    let (ours, base) = pair(plan, &[], (&shop, paths[0].1), (&floor, "/lookup/0"), cluster.pid())?;
    report.add(Pair::new(format!("{}: product page made anew / one SELECT and its bytes", chosen.shop), 0.3, 0.5, ours, base));
    Ok(())
}
