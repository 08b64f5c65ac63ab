//! Putting the goods on the shelves: products, variants, prices, stock, pictures, collections.

use sqlx::PgConnection;

use super::goods::{COLLECTIONS, COMPANIONS, Good, Look, Size, all};
use super::photos;
use super::photos::Photo;
use crate::app::App;
use crate::base::{Actor, Country, Handle, Instant, Language, LocationId, MarketId, MediaId, PriceListId, ProductId, VariantId};
use crate::catalog;
use crate::catalog::edit::{
    CollectionEdit, OptionEdit, ProductEdit, Status, VariantEdit, add_variant, create, create_collection, publish, set_companions, set_options,
    set_picture, set_products,
};
use crate::inventory;
use crate::inventory::Note;
use crate::pricing;
use crate::search;
use crate::web::{Link, markdown};

/// The shop has stood open for so long: longer than its history.
pub const OPEN_FOR_DAYS: i64 = 58;
/// Prices go back so far, so that a reduction has a price before it.
const PRICED_FOR_DAYS: i64 = 90;
/// A reduction began so long ago …
const REDUCED_FOR_DAYS: i64 = 5;
/// … and goes on so long.
const REDUCED_ON_DAYS: i64 = 45;

/// Where things are put.
#[derive(Debug, Clone, Copy)]
pub struct Shelves {
    pub market: MarketId,
    pub list: PriceListId,
    pub location: LocationId,
    pub at: Instant,
}

/// Puts everything there; gives the collections' links for the menu.
pub async fn fill(app: &App, db: &mut PgConnection, shelves: &Shelves) -> anyhow::Result<Vec<Link>> {
    let mut products: Vec<(&'static str, ProductId)> = Vec::new();
    // Ids and lists go by time: the first good on the page is the newest.
    for (age, good) in all().enumerate() {
        let at = shelves.at.plus_seconds(-i64::try_from(age)?);
        products.push((good.handle, put(app, &mut *db, &Shelves { at, ..*shelves }, good).await?));
    }
    let found = |handle: &str| products.iter().find(|(known, _)| *known == handle).map(|(_, id)| *id);
    for (good, companions) in COMPANIONS.iter().filter_map(|(handle, companions)| Some((found(handle)?, companions))) {
        set_companions(&mut *db, good, &companions.iter().filter_map(|handle| found(handle)).collect::<Vec<_>>()).await?;
    }
    let mut links = Vec::new();
    for (position, collection) in (1..).zip(COLLECTIONS) {
        let edit = CollectionEdit {
            title: collection.title.into(),
            description: collection.text.into(),
            description_html: markdown::render(collection.text),
            handle: Handle::of_title(collection.title, collection.title),
            is_active: true,
            position,
        };
        let id = create_collection(&mut *db, Language::english(), &edit, shelves.at).await?;
        let members: Vec<ProductId> = collection.goods.iter().filter_map(|handle| found(handle)).collect();
        set_products(&mut *db, id, &members, shelves.at).await?;
        if let Some(media) = hang(app, &mut *db, None, photos::named(collection.picture), collection.title, shelves.at).await? {
            set_picture(&mut *db, id, Some(media), shelves.at).await?;
        }
        links.push(Link { title: edit.title, href: format!("/collections/{}", edit.handle) });
    }
    Ok(links)
}

async fn put(app: &App, db: &mut PgConnection, shelves: &Shelves, good: &Good) -> anyhow::Result<ProductId> {
    // For sale, and on the shelf, since the shop opened.
    let (language, at) = (Language::english(), shelves.at.plus_days(-OPEN_FOR_DAYS));
    let edit = ProductEdit {
        title: good.title.into(),
        description: good.text.into(),
        description_html: markdown::render(good.text),
        vendor: "Rossavarna".into(),
        product_type: good.kind.into(),
        tags: good.tags.iter().map(ToString::to_string).collect(),
        tax_class: "standard".into(),
        status: Status::Active,
        handle: Some(Handle::of_title(good.handle, good.handle)),
        seo_title: String::new(),
        seo_description: good.summary.into(),
    };
    let product = create(&mut *db, language, &edit, at).await?;
    let options = options(good);
    if !options.is_empty() {
        set_options(&mut *db, product, &options, at).await?;
    }
    for look in good.looks {
        let alt = good.look_option.map_or_else(|| good.title.to_owned(), |_| format!("{}, {}", good.title, look.name.to_lowercase()));
        let picture = hang(app, &mut *db, Some(product), photos::front(good, look), &alt, at).await?;
        for size in good.sizes.iter().map(|size| size.in_look(look)) {
            let variant = add_variant(&mut *db, product, &variant(good, look, &size, picture), None, at).await?;
            price(&mut *db, shelves, variant, &size).await?;
            let note = Note { reason: "Opening stock", actor: Actor::System, at, low_stock: 3 };
            inventory::ensure_level(&mut *db, variant, shelves.location).await?;
            inventory::receive(&mut *db, variant, shelves.location, size.stock, &note).await?;
        }
    }
    hang(app, &mut *db, Some(product), photos::detail(good), good.title, at).await?;
    publish(&mut *db, product, shelves.market, at, None).await?;
    search::refresh(&mut *db, product).await?;
    Ok(product)
}

fn options(good: &Good) -> Vec<OptionEdit> {
    let option = |name: &str, values: Vec<&str>| OptionEdit { name: name.into(), values: values.into_iter().map(Into::into).collect(), was: None };
    let looks = good.look_option.map(|name| option(name, good.looks.iter().map(|look| look.name).collect()));
    let sizes = good.size_option.map(|name| option(name, good.sizes.iter().map(|size| size.name).collect()));
    looks.into_iter().chain(sizes).collect()
}

fn variant(good: &Good, look: &Look, size: &Size, picture: Option<MediaId>) -> VariantEdit {
    let values = [good.look_option.map(|_| look.name), good.size_option.map(|_| size.name)];
    VariantEdit {
        values: values.into_iter().flatten().map(Into::into).collect(),
        sku: Some(good.sku(look, size)),
        barcode: None,
        weight_grams: size.grams,
        requires_shipping: true,
        is_tracked: true,
        sells_when_empty: good.made_to_order,
        cost_minor: Some(size.cents * 2 / 5),
        hs_code: Some(good.hs_code.into()),
        origin_country: Country::parse(good.origin),
        media: picture,
    }
}

/// The price since long before, and the reduction on top of it for a while.
async fn price(db: &mut PgConnection, shelves: &Shelves, variant: VariantId, size: &Size) -> sqlx::Result<()> {
    let at = shelves.at;
    pricing::schedule(&mut *db, shelves.list, variant, size.cents, None, at.plus_days(-PRICED_FOR_DAYS), None).await?;
    if let Some(reduced) = size.reduced_to {
        let (from, until) = (at.plus_days(-REDUCED_FOR_DAYS), at.plus_days(REDUCED_ON_DAYS));
        pricing::schedule(db, shelves.list, variant, reduced, Some(size.cents), from, Some(until)).await?;
    }
    Ok(())
}

/// A picture on its page, ready to be shown; `alt` where its file does not say what is on it.
async fn hang(
    app: &App,
    db: &mut PgConnection,
    product: Option<ProductId>,
    photo: Option<Photo>,
    alt: &str,
    at: Instant,
) -> anyhow::Result<Option<MediaId>> {
    let Some(photo) = photo else { return Ok(None) };
    let alt = if photo.alt.is_empty() { alt } else { &photo.alt };
    catalog::originals::adopt(&app.blobs, db, product, alt, photo.bytes, at).await.map(Some)
}
