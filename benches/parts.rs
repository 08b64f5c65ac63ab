//! Single parts, for whoever changes one: a quote, words, a page's frame, the cleaning of HTML, the files of a picture.
//! `cargo bench --bench parts`, or with a word of a name behind it. Times are of one machine; compare before and after.

use std::hint::black_box;
use std::sync::Arc;

use askama::Template;
use divan::Bencher;
use wharf::base::{Country, Currency, Instant, Language, MarketId, MethodId, Money, PriceListId, TaxRate, VariantId, ZoneId};
use wharf::catalog::picture::{Format, derive_one, inspect};
use wharf::delivery::{Band, DeliveryTable, Method, Zone};
use wharf::markets::{Market, Pair, PriceList, ShopSettings};
use wharf::pricing::{Input, LineInput, Rules, quote};
use wharf::tax::{DatedRate, TaxTable};
use wharf::web::frame::{Frame, Personal, Site};
use wharf::web::{Meta, filters, markdown, words};

fn main() {
    divan::main();
}

const TEXT: &str = include_str!("../src/demo/data/tide-mug.md");
const PICTURE: &[u8] = include_bytes!("../demo/pictures/ash-spoon.webp");

fn at() -> Instant {
    Instant::from_unix(1_700_000_000)
}

fn ireland() -> Country {
    Country::parse("IE").expect("a country")
}

fn rules() -> (Rules, MarketId) {
    let (market, zone) = (MarketId::fresh(at()), ZoneId::fresh(at()));
    let rate = |class: &str, percent: &str| DatedRate {
        class: class.into(),
        country: ireland(),
        rate: TaxRate::new(percent.parse().expect("a number")).expect("a rate"),
        from: None,
        until: None,
    };
    let post = Method {
        id: MethodId::fresh(at()),
        zone,
        name: "Post".into(),
        carrier: "an_post".into(),
        currency: Currency::EUR,
        bands: vec![Band(Some(2_000), 590), Band(Some(25_000), 1_490), Band(None, 3_900)],
        free_over: Some(Money::new(9_000, Currency::EUR)),
        tax_class: "proportional".into(),
        min_days: 1,
        max_days: 3,
        position: 1,
        from: None,
        until: None,
        version: 1,
    };
    let rules = Rules {
        version: 1,
        shop: ShopSettings::default(),
        markets: vec![Market {
            id: market,
            code: "ie".into(),
            name: "Ireland".into(),
            currency: Currency::EUR,
            display_country: ireland(),
            countries: vec![ireland()],
            pairs: vec![Pair { market, language: Language::english(), prefix: String::new(), hreflang: "en".into() }],
            price_list: PriceList { id: PriceListId::fresh(at()), currency: Currency::EUR, includes_tax: true },
        }],
        tax: TaxTable::new(vec![rate("standard", "23"), rate("reduced", "9")]),
        delivery: DeliveryTable::new(vec![Zone { id: zone, name: "Ireland".into(), areas: vec![(ireland(), String::new())] }], vec![post]),
    };
    (rules, market)
}

/// A cart of so many lines, priced, taxed and delivered.
#[divan::bench(args = [1, 10, 200])]
fn quote_of_lines(bencher: Bencher, lines: usize) {
    let (rules, market) = rules();
    let line = |at_line: usize| LineInput {
        variant: VariantId::fresh(at()),
        qty: 1 + at_line as i64 % 3,
        unit: Money::new(1_999 + at_line as i64, Currency::EUR),
        tax_class: if at_line.is_multiple_of(4) { "reduced" } else { "standard" }.into(),
        weight_grams: 350,
        requires_shipping: true,
    };
    let input = Input { market, country: ireland(), postcode: "D02 AF30".into(), method: None, lines: (0..lines).map(line).collect() };
    bencher.bench(|| quote(black_box(&rules), black_box(&input), at()));
}

#[divan::bench]
fn words_without_arguments() -> String {
    words::text(Language::english(), black_box("kit-cart"), &[])
}

#[divan::bench]
fn words_with_a_plural() -> String {
    words::text(Language::english(), black_box("kit-cart-count"), &[("count", 3.into())])
}

fn site() -> Site {
    Site {
        shop_name: "Shop".into(),
        claim: "Things".into(),
        origin: "https://shop.example".into(),
        prefix: String::new(),
        language: Language::english(),
        hreflang: "en".into(),
        alternates: Vec::new(),
        zone: "Europe/Dublin".into(),
        currency: Currency::EUR,
        is_test: false,
        is_https: true,
        menu: Vec::new(),
        footer: Vec::new(),
        contact_email: "hello@shop.example".into(),
    }
}

#[derive(Template)]
#[template(source = "{% for price in prices %}<li>{{ \"kit-cart\"|t }} {{ price|money }}</li>{% endfor %}", ext = "html")]
struct Prices {
    prices: Vec<Money>,
}

/// A page with so many prices, its frame round it.
#[divan::bench(args = [0, 100])]
fn page_with_prices(bencher: Bencher, prices: usize) {
    let frame = Frame { site: Arc::new(site()), as_of: at(), personal: Personal::default() };
    let prices: Vec<Money> = (0..prices).map(|minor| Money::new(1_234_500 + minor as i64, Currency::EUR)).collect();
    bencher.bench(|| frame.page(Meta { title: "Prices".into(), is_private: true, ..Meta::default() }, Prices { prices: prices.clone() }));
}

/// A product's text as it is typed, to clean HTML.
#[divan::bench]
fn markdown_to_clean_html() -> String {
    markdown::render(black_box(TEXT))
}

#[divan::bench]
fn clean_html_to_plain_words(bencher: Bencher) {
    let html = markdown::render(TEXT);
    bencher.bench(|| markdown::plain(black_box(&html)));
}

/// Turning a photograph upright, scaling it, writing it down; what a shop does once for each size.
#[divan::bench(args = ["jpg", "webp", "avif"], sample_count = 5)]
fn picture_of_640(bencher: Bencher, format: &str) {
    let format = match format {
        "jpg" => Format::Jpeg,
        "webp" => Format::Webp,
        _ => Format::Avif,
    };
    bencher.bench(|| derive_one(black_box(PICTURE), 640, format));
}

/// What an upload is asked before anything is done with it.
#[divan::bench]
fn head_of_a_picture(bencher: Bencher) {
    bencher.bench(|| inspect(black_box(PICTURE)));
}
