//! A product with everything that its page in the admin shows, and the form that says so.

use sqlx::PgConnection;

use crate::app::App;
use crate::base::{CollectionId, Currency, Instant, Language, MarketId, Money, PriceListId, ProductId, VariantId};
use crate::catalog::edit::VariantEdit;
use crate::catalog::store::admin::{self as store, Collection, Picture, Shown, Variant};
use crate::catalog::store::companions;
use crate::catalog::store::companions::Companion;
use crate::inventory;
use crate::inventory::Level;
use crate::pricing;
use crate::pricing::PriceRow;
use crate::web::Fields;
use crate::web::typed::local;

/// A market as forms name it.
#[derive(Debug, Clone)]
pub struct MarketRow {
    pub id: MarketId,
    pub code: String,
    pub name: String,
    pub list: PriceListId,
    pub currency: Currency,
}

/// The markets in their order.
pub fn markets(app: &App) -> Vec<MarketRow> {
    let rules = app.rules();
    let row = |market: &crate::markets::Market| MarketRow {
        id: market.id,
        code: market.code.clone(),
        name: market.name.clone(),
        list: market.price_list.id,
        currency: market.price_list.currency,
    };
    rules.markets.iter().map(row).collect()
}

/// What stands on a product's page.
pub struct Loaded {
    pub product: Shown,
    pub options: Vec<String>,
    /// Living ones first.
    pub variants: Vec<Variant>,
    pub levels: Vec<Level>,
    pub pictures: Vec<Picture>,
    pub publications: Vec<(MarketId, Instant, Option<Instant>)>,
    pub collections: Vec<Collection>,
    pub collections_of: Vec<CollectionId>,
    pub companions: Vec<Companion>,
    pub markets: Vec<MarketRow>,
    /// Per market, in their order.
    pub prices: Vec<Vec<PriceRow>>,
    pub zone: String,
    pub at: Instant,
}

/// Reads a product; `None` where there is none.
pub async fn load(app: &App, db: &mut PgConnection, language: Language, id: ProductId) -> sqlx::Result<Option<Loaded>> {
    let Some(product) = store::find(&mut *db, id, language).await? else { return Ok(None) };
    let variants = store::variants(&mut *db, id).await?;
    let ids: Vec<VariantId> = variants.iter().map(|variant| variant.id).collect();
    let markets = markets(app);
    let mut prices = Vec::new();
    for market in &markets {
        prices.push(pricing::list(&mut *db, market.list, &ids).await?);
    }
    let rules = app.rules();
    Ok(Some(Loaded {
        options: store::option_names(&mut *db, id).await?,
        levels: inventory::levels(&mut *db, &ids).await?,
        pictures: store::pictures(&mut *db, id).await?,
        publications: store::publications(&mut *db, id).await?,
        collections: store::collections(&mut *db, language).await?,
        collections_of: store::collections_of(&mut *db, id).await?,
        companions: companions::of(&mut *db, id, language).await?,
        zone: rules.shop.zone.clone(),
        at: app.now(),
        product,
        variants,
        markets,
        prices,
    }))
}

impl Loaded {
    pub fn living(&self) -> impl Iterator<Item = &Variant> {
        self.variants.iter().filter(|variant| variant.archived_at.is_none())
    }

    pub fn level(&self, variant: VariantId) -> Option<&Level> {
        self.levels.iter().find(|level| level.variant_id == variant)
    }

    /// What a variant costs now in the market at a place.
    pub fn price(&self, market: usize, variant: VariantId) -> Option<&PriceRow> {
        self.price_at(market, variant, self.at)
    }

    /// What it costs at another time.
    pub fn price_at(&self, market: usize, variant: VariantId, at: Instant) -> Option<&PriceRow> {
        let runs = |row: &&PriceRow| {
            row.variant_id == variant && row.valid_from.is_none_or(|from| from <= at) && row.valid_until.is_none_or(|until| at < until)
        };
        self.prices.get(market)?.iter().find(runs)
    }

    /// Values of an option in the order of the variants.
    pub fn values(&self, option: usize) -> Vec<&str> {
        let mut values = Vec::new();
        for value in self.living().filter_map(|variant| variant.values.get(option)) {
            if !values.contains(&value.as_str()) {
                values.push(value);
            }
        }
        values
    }

    pub fn edit_of(variant: &Variant) -> VariantEdit {
        VariantEdit {
            values: variant.values.clone(),
            sku: variant.sku.clone(),
            barcode: variant.barcode.clone(),
            weight_grams: variant.weight_grams,
            requires_shipping: variant.requires_shipping,
            is_tracked: variant.is_tracked,
            sells_when_empty: variant.sells_when_empty,
            cost_minor: variant.cost_minor,
            hs_code: variant.hs_code.clone(),
            origin_country: variant.origin_country,
            media: variant.media_id,
        }
    }

    /// The words of the product as fields; those of a market end with its code.
    pub fn words(&self) -> Fields {
        let product = &self.product;
        let mut fields = vec![
            ("version".to_owned(), product.version.to_string()),
            ("title".to_owned(), product.title.clone()),
            ("handle".to_owned(), product.handle.as_ref().map(ToString::to_string).unwrap_or_default()),
            ("description".to_owned(), product.description.clone()),
            ("vendor".to_owned(), product.vendor.clone()),
            ("product_type".to_owned(), product.product_type.clone()),
            ("tags".to_owned(), product.tags.join(", ")),
            ("tax_class".to_owned(), product.tax_class.clone()),
            ("status".to_owned(), product.status.code().to_owned()),
            ("seo_title".to_owned(), product.seo_title.clone()),
            ("seo_description".to_owned(), product.seo_description.clone()),
        ];
        for market in &self.markets {
            if let Some((_, from, until)) = self.publication(market.id) {
                fields.push((format!("published-{}", market.code), "1".to_owned()));
                fields.push((format!("from-{}", market.code), local(*from, &self.zone)));
                fields.push((format!("until-{}", market.code), until.map(|until| local(until, &self.zone)).unwrap_or_default()));
            }
        }
        fields.extend(self.collections_of.iter().map(|id| ("collection".to_owned(), id.to_string())));
        Fields(fields)
    }

    pub fn publication(&self, market: MarketId) -> Option<&(MarketId, Instant, Option<Instant>)> {
        self.publications.iter().find(|(id, ..)| *id == market)
    }

    /// The living variants as the fields of their table; each ends with the variant's number.
    pub fn rows(&self) -> Fields {
        let mut fields = vec![("version".to_owned(), self.product.version.to_string())];
        for variant in self.living() {
            self.variant_fields(variant, &mut fields);
        }
        Fields(fields)
    }

    fn variant_fields(&self, variant: &Variant, fields: &mut Vec<(String, String)>) {
        let number = variant.number;
        let mut add = |name: &str, value: String| fields.push((format!("{name}-{number}"), value));
        add("sku", variant.sku.clone().unwrap_or_default());
        add("barcode", variant.barcode.clone().unwrap_or_default());
        add("weight", variant.weight_grams.to_string());
        add("hs", variant.hs_code.clone().unwrap_or_default());
        add("origin", variant.origin_country.map(|country| country.code().to_owned()).unwrap_or_default());
        add("picture", variant.media_id.map(|media| media.to_string()).unwrap_or_default());
        for (name, is_on) in [("ships", variant.requires_shipping), ("tracked", variant.is_tracked), ("empty", variant.sells_when_empty)] {
            if is_on {
                add(name, "1".to_owned());
            }
        }
        for (at, market) in self.markets.iter().enumerate() {
            let row = self.price(at, variant.id);
            let plain = |minor: Option<i64>| minor.map(|minor| Money::new(minor, market.currency).plain()).unwrap_or_default();
            add(&format!("price-{}", market.code), plain(row.map(|row| row.amount_minor)));
            add(&format!("was-{}", market.code), plain(row.and_then(|row| row.compare_at_minor)));
        }
    }

    /// The options as the fields of their form: `option-0`, `values-0` and so on.
    pub fn option_rows(&self) -> Fields {
        let mut fields = vec![("version".to_owned(), self.product.version.to_string())];
        for (at, name) in self.options.iter().enumerate() {
            fields.push((format!("option-{at}"), name.clone()));
            fields.push((format!("values-{at}"), self.values(at).join(", ")));
        }
        Fields(fields)
    }
}
