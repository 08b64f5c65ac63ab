//! A small named cast, made through the rooms' own doors: the teapot (one variant, ten in stock), the lamp (colour and
//! size), the last cup (one in stock), the gone bowl (sold out).

use sqlx::PgPool;
use wharf::base::{Actor, Country, Currency, Handle, Instant, Language, MarketId, MethodId, Money, PriceListId, ZoneId};
use wharf::catalog::edit::{
    CollectionEdit, OptionEdit, ProductEdit, Status, VariantEdit, add_variant, create, create_collection, publish, set_options, set_products,
};
use wharf::delivery::{Band, Method, Zone};
use wharf::inventory::{Note, open_location, set_on_hand};
use wharf::markets::{BankAccount, Market, Pair, PriceList, ShopSettings};
use wharf::platform::{invalidation, settings};
use wharf::{delivery, markets, pricing, search, tax};

/// Opened so long before any test that every price and publication holds.
const OPENED: i64 = 1_600_000_000;

/// Title, options with their values, price in cents, pieces in stock.
type Thing = (&'static str, &'static [(&'static str, &'static [&'static str])], i64, i32);

pub async fn open(pool: &PgPool) -> anyhow::Result<()> {
    let at = Instant::from_unix(OPENED);
    let mut tx = pool.begin().await?;
    let shop = ShopSettings {
        name: "Teapots".into(),
        claim: "Pots and lamps".into(),
        email: "hello@teapots.example".into(),
        zone: "Europe/Dublin".into(),
        legal_name: "Teapots Ltd".into(),
        legal_address: "1 Quay Street\nGalway".into(),
        order_prefix: "T".into(),
        bank: BankAccount { holder: "Teapots Ltd".into(), iban: "IE64IRCE92050112345678".into(), bic: String::new() },
        ..ShopSettings::default()
    };
    settings::save(&mut *tx, ShopSettings::KEY, &shop, 0).await?;
    let countries: Vec<Country> = ["IE", "DE", "FR", "ES"].iter().filter_map(|code| Country::parse(code)).collect();
    let market = MarketId::fresh(at);
    let english = Language::english();
    let list = PriceList { id: PriceListId::fresh(at), currency: Currency::EUR, includes_tax: true };
    let pair = Pair { market, language: english, prefix: String::new(), hreflang: "en".into() };
    let display_country = Country::parse("IE").expect("a country");
    markets::insert(
        &mut tx,
        &Market {
            id: market,
            code: "eu".into(),
            name: "Europe".into(),
            currency: Currency::EUR,
            display_country,
            countries: countries.clone(),
            pairs: vec![pair],
            price_list: list,
        },
        0,
    )
    .await?;
    for rate in tax::standard_rates() {
        tax::insert(&mut tx, &rate, at).await?;
    }
    let zone = Zone { id: ZoneId::fresh(at), name: "Europe".into(), areas: countries.iter().map(|country| (*country, String::new())).collect() };
    delivery::insert_zone(&mut tx, &zone, 0).await?;
    for (position, (name, bands, free_over)) in [
        ("Standard", vec![Band(Some(2_000), 495), Band(Some(20_000), 995)], Some(Money::new(10_000, Currency::EUR))),
        ("Express", vec![Band(None, 1_490)], None),
    ]
    .into_iter()
    .enumerate()
    {
        let method = Method {
            id: MethodId::fresh(at),
            zone: zone.id,
            name: name.into(),
            carrier: "dhl".into(),
            currency: Currency::EUR,
            bands,
            free_over,
            tax_class: "proportional".into(),
            min_days: 2,
            max_days: 4,
            position: i32::try_from(position)?,
            from: None,
            until: None,
            version: 1,
        };
        delivery::insert_method(&mut tx, &method).await?;
    }
    let location = open_location(&mut *tx, "Workshop", display_country, at).await?;
    let note = Note { reason: "first count", actor: Actor::System, at, low_stock: 3 };

    let mut all = Vec::new();
    let things: [Thing; 4] = [
        ("Teapot", &[], 4_900, 10),
        ("Lamp", &[("Colour", &["Red", "Blue"]), ("Size", &["S", "L"])], 12_000, 5),
        ("Last cup", &[], 1_500, 1),
        ("Gone bowl", &[], 2_500, 0),
    ];
    for (title, options, price, stock) in things {
        let edit = ProductEdit {
            title: title.into(),
            description: format!("A {} for every day.", title.to_lowercase()),
            description_html: format!("<p>A {} for every day.</p>", title.to_lowercase()),
            vendor: "Teapots".into(),
            status: Status::Active,
            handle: Some(Handle::of_title(title, "thing")),
            tax_class: "standard".into(),
            product_type: String::new(),
            tags: Vec::new(),
            seo_title: String::new(),
            seo_description: String::new(),
        };
        let product = create(&mut tx, english, &edit, at).await?;
        all.push(product);
        let option_edits: Vec<OptionEdit> = options
            .iter()
            .map(|(name, values)| OptionEdit { name: (*name).into(), values: values.iter().map(|v| (*v).to_owned()).collect(), was: None })
            .collect();
        if !option_edits.is_empty() {
            set_options(&mut tx, product, &option_edits, at).await?;
        }
        let mut rows: Vec<Vec<String>> = vec![Vec::new()];
        for (_, values) in options {
            rows = rows.iter().flat_map(|row| values.iter().map(move |value| row.iter().cloned().chain([(*value).to_owned()]).collect())).collect();
        }
        for values in rows {
            let sku =
                format!("{}{}", title.to_uppercase().replace(' ', "-"), values.iter().map(|v| format!("-{}", v.to_uppercase())).collect::<String>());
            let edit = VariantEdit { values, sku: Some(sku), weight_grams: 800, requires_shipping: true, is_tracked: true, ..VariantEdit::default() };
            let variant = add_variant(&mut tx, product, &edit, None, at).await?;
            pricing::set_price(&mut tx, list.id, variant, price, None, at).await?;
            set_on_hand(&mut tx, variant, location, stock, &note).await?;
        }
        publish(&mut tx, product, market, at, None).await?;
        search::refresh(&mut tx, product).await?;
    }
    let edit = CollectionEdit {
        title: "Table".into(),
        description: String::new(),
        description_html: String::new(),
        handle: Handle::of_title("Table", "table"),
        is_active: true,
        position: 0,
    };
    let collection = create_collection(&mut tx, english, &edit, at).await?;
    set_products(&mut tx, collection, &all, at).await?;
    invalidation::rules_changed(&mut tx).await?;
    tx.commit().await?;
    Ok(())
}
