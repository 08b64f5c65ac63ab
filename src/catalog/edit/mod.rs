//! Changing what is for sale: the merchant's verbs. Each appends the invalidations of the pages it makes stale; search
//! documents are refreshed by the fronts, for search stands above this room.

mod collection;
mod companions;
mod options;
mod product;
mod variant;

pub use collection::{CollectionEdit, create_collection, move_product, set_picture, set_products, shown_anew, update_collection};
pub use companions::{MOST_COMPANIONS, set_companions};
pub use options::{MOST_VARIANTS, OptionEdit, add_missing_variants, missing, set_options};
pub use product::{ProductEdit, Status, create, publish, set_status, touch, unpublish, update};
pub use variant::{VariantEdit, add_variant, archive_variant, restore_variant, update_variant};

use crate::base::ProductId;
use crate::catalog::store::admin;
use crate::platform::invalidation;

/// Why a change was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum EditRefused {
    /// Somebody saved since the page was opened.
    #[error("Somebody changed this since you opened it. What you typed is still here; please look and save again.")]
    Stale,
    #[error("Another one has or had this address. Please choose another.")]
    HandleTaken,
    #[error("Another variant has this SKU.")]
    SkuTaken,
    /// Two variants of a product would have the same values.
    #[error("There is a variant with these values already.")]
    ValuesTaken,
    #[error("Two options have the same name.")]
    OptionTaken,
    /// A variant has one value per option.
    #[error("Give one value for each option.")]
    ValuesMissing,
    #[error("A product has at most {MOST_VARIANTS} variants.")]
    TooManyVariants,
    #[error("This period overlaps another one.")]
    PeriodEmpty,
    #[error("A product does not go with itself. Choose another one.")]
    CompanionOfItself,
    #[error("This product is among those chosen already.")]
    CompanionTwice,
    #[error("At most {MOST_COMPANIONS} products can be chosen. Remove one first.")]
    TooManyCompanions,
    #[error("There is no such product. Search for it again.")]
    CompanionUnknown,
}

impl EditRefused {
    /// The field of a form that it is about.
    pub const fn field(self) -> &'static str {
        match self {
            Self::Stale => "version",
            Self::HandleTaken => "handle",
            Self::SkuTaken => "sku",
            Self::ValuesTaken | Self::ValuesMissing => "values",
            Self::OptionTaken | Self::TooManyVariants => "options",
            Self::PeriodEmpty => "until",
            Self::CompanionOfItself | Self::CompanionTwice | Self::TooManyCompanions | Self::CompanionUnknown => "companions",
        }
    }
}

/// A change that did not happen: refused, or the database failed.
#[derive(Debug, thiserror::Error)]
pub enum EditError {
    #[error(transparent)]
    Refused(#[from] EditRefused),
    #[error(transparent)]
    Db(sqlx::Error),
}

impl From<sqlx::Error> for EditError {
    /// What the constraints of the catalogue say no to, told by their names.
    fn from(error: sqlx::Error) -> Self {
        let refused = match error.as_database_error().and_then(|fault| fault.constraint()) {
            Some("product_handles_pkey" | "collection_texts_language_handle_key" | "collection_handles_pkey") => EditRefused::HandleTaken,
            Some("variants_sku_key") => EditRefused::SkuTaken,
            Some("variants_product_id_values_key") => EditRefused::ValuesTaken,
            Some("product_options_product_id_name_key") => EditRefused::OptionTaken,
            Some("product_companions_companion_id_fkey") => EditRefused::CompanionUnknown,
            _ => return Self::Db(error),
        };
        Self::Refused(refused)
    }
}

/// The product is shown now, or no longer: also pages beside which it did not stand so far, but would now, are stale. They are
/// those of its collections' products.
pub async fn came_or_went(db: &mut sqlx::PgConnection, product: ProductId) -> sqlx::Result<()> {
    let collections = admin::collections_of(&mut *db, product).await?;
    let tags: Vec<String> = collections.iter().map(|collection| format!("collection:{collection}")).collect();
    invalidation::append(db, &tags).await
}

/// Pages that show the product, and lists that may show it, are stale.
pub async fn changed(db: &mut sqlx::PgConnection, product: ProductId) -> sqlx::Result<()> {
    invalidation::append(db, &[format!("product:{product}"), "listing".to_owned()]).await
}
