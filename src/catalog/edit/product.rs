//! A product's words, status and publication. Old handles stay and lead to the new one.

use sqlx::PgConnection;

use super::{EditError, EditRefused, came_or_went, changed};
use crate::base::{Handle, Instant, Language, MarketId, ProductId};
use crate::catalog::store::write::products as store;

/// Whether a product is being prepared, for sale, or put away.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize, sqlx::Type)]
#[sqlx(type_name = "text", rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum Status {
    Draft,
    Active,
    Archived,
}

impl Status {
    pub const ALL: [Self; 3] = [Self::Draft, Self::Active, Self::Archived];

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.code() == text)
    }

    pub const fn code(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Active => "active",
            Self::Archived => "archived",
        }
    }

    pub const fn label(self) -> &'static str {
        match self {
            Self::Draft => "Draft",
            Self::Active => "Active",
            Self::Archived => "Archived",
        }
    }
}

/// What the merchant says of a product, in one language.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct ProductEdit {
    pub title: String,
    /// As typed: Markdown or HTML.
    pub description: String,
    /// The same, cleaned (`web::markdown::render`).
    #[serde(skip)]
    pub description_html: String,
    pub vendor: String,
    pub product_type: String,
    pub tags: Vec<String>,
    pub tax_class: String,
    pub status: Status,
    /// Made of the title where it is `None` and the product has none yet.
    pub handle: Option<Handle>,
    pub seo_title: String,
    pub seo_description: String,
}

/// A new product, without options or variants.
pub async fn create(tx: &mut PgConnection, language: Language, edit: &ProductEdit, at: Instant) -> Result<ProductId, EditError> {
    let id = ProductId::fresh(at);
    store::insert(&mut *tx, id, edit, at).await?;
    store::set_texts(&mut *tx, id, language, edit).await?;
    let handle = match &edit.handle {
        Some(handle) => handle.clone(),
        None => free_handle(&mut *tx, language, &edit.title, id).await?,
    };
    take_handle(&mut *tx, id, language, &handle).await?;
    changed(&mut *tx, id).await?;
    Ok(id)
}

/// Saves a product that nobody saved since `version`.
pub async fn update(
    tx: &mut PgConnection,
    id: ProductId,
    version: i32,
    language: Language,
    edit: &ProductEdit,
    at: Instant,
) -> Result<(), EditError> {
    let was = store::status(&mut *tx, id).await?;
    if !store::update(&mut *tx, id, version, edit, at).await? {
        return Err(EditRefused::Stale.into());
    }
    if was != Some(edit.status) {
        came_or_went(&mut *tx, id).await?;
    }
    store::set_texts(&mut *tx, id, language, edit).await?;
    if let Some(handle) = &edit.handle {
        take_handle(&mut *tx, id, language, handle).await?;
    }
    changed(&mut *tx, id).await?;
    Ok(())
}

/// Something beside the words changed (variants, options, pictures): the product is a newer version. Takes its lock.
pub async fn touch(tx: &mut PgConnection, id: ProductId, at: Instant) -> sqlx::Result<()> {
    store::touch(&mut *tx, id, at).await?;
    changed(tx, id).await
}

/// Prepares a product, puts it on sale or away. What was put away stays for the orders that hold it.
pub async fn set_status(tx: &mut PgConnection, id: ProductId, status: Status, at: Instant) -> sqlx::Result<()> {
    store::set_status(&mut *tx, id, status, at).await?;
    came_or_went(&mut *tx, id).await?;
    changed(tx, id).await
}

/// Shows a product in a market from an instant on, until another or for good; replaces what was planned there.
pub async fn publish(tx: &mut PgConnection, product: ProductId, market: MarketId, from: Instant, until: Option<Instant>) -> Result<(), EditError> {
    if until.is_some_and(|until| until <= from) {
        return Err(EditRefused::PeriodEmpty.into());
    }
    store::delete_publications(&mut *tx, product, market).await?;
    store::insert_publication(&mut *tx, product, market, from, until).await?;
    came_or_went(&mut *tx, product).await?;
    Ok(changed(tx, product).await?)
}

/// Takes a product out of a market, now and later.
pub async fn unpublish(tx: &mut PgConnection, product: ProductId, market: MarketId) -> sqlx::Result<()> {
    if store::delete_publications(&mut *tx, product, market).await? > 0 {
        came_or_went(&mut *tx, product).await?;
        changed(tx, product).await?;
    }
    Ok(())
}

async fn take_handle(tx: &mut PgConnection, id: ProductId, language: Language, handle: &Handle) -> Result<(), EditError> {
    store::retire_handle(&mut *tx, id, language, handle).await?;
    if store::set_handle(&mut *tx, id, language, handle).await? { Ok(()) } else { Err(EditRefused::HandleTaken.into()) }
}

/// The handle of a title, with a number where it is taken.
async fn free_handle(tx: &mut PgConnection, language: Language, title: &str, id: ProductId) -> sqlx::Result<Handle> {
    let wanted = Handle::of_title(title, &format!("p-{}", &id.uuid().simple().to_string()[20..]));
    let taken = store::handles_like(tx, language, wanted.as_str()).await?;
    let numbered = (2..).filter_map(|n| Handle::parse(&format!("{wanted}-{n}")));
    Ok(std::iter::once(wanted.clone()).chain(numbered).find(|handle| !taken.contains(handle)).unwrap_or(wanted))
}
