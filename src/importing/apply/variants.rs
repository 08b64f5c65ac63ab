//! The variants of one product: found by the values of their options, a single one by being the only one.

use std::collections::{HashMap, HashSet};

use sqlx::PgConnection;

use super::product::Pictures;
use super::{Done, Run, merge};
use crate::base::{Actor, LocationId, ProductId, VariantId};
use crate::catalog::edit::{EditError, add_variant, archive_variant, restore_variant, update_variant};
use crate::catalog::store::admin::{self, Variant};
use crate::catalog::store::write::variants as written;
use crate::importing::{Column, ProblemKind, ProductDraft, VariantDraft, store};
use crate::inventory::{Note, default_location, ensure_level, set_on_hand};
use crate::pricing;

/// What the shop knows of a product's variants.
struct Shelf {
    location: LocationId,
    prices: HashMap<VariantId, (i64, Option<i64>)>,
    counted: HashMap<VariantId, i32>,
    /// SKU → the variant of the whole shop that has it.
    owners: HashMap<String, VariantId>,
}

pub(super) async fn apply(
    tx: &mut PgConnection,
    run: &Run,
    product: ProductId,
    draft: &ProductDraft,
    pictures: &mut Pictures,
    done: &mut Done,
) -> Result<(), EditError> {
    let known = admin::variants(&mut *tx, product).await?;
    let living: Vec<&Variant> = known.iter().filter(|variant| variant.archived_at.is_none()).collect();
    let is_single = living.len() == 1 && draft.variants.len() == 1 && !draft.is_incomplete;
    let is_nameless = !known.is_empty() && !merge::speaks_of_options(&run.present);
    if !known.is_empty() && !merge::speaks_of_variants(&run.present) {
        done.variants.left += living.len();
        return Ok(());
    }
    if is_nameless && !is_single {
        let message = format!("the file does not say which variants of “{}” it means; they are left as they are", draft.handle);
        done.tell(draft.line, ProblemKind::MissingOptionValue, message);
        done.variants.left += living.len();
        return Ok(());
    }
    let pairs: Vec<(&VariantDraft, Option<&Variant>)> = if is_single {
        vec![(&draft.variants[0], Some(living[0]))]
    } else {
        // The living stand first, so one that was put away is only taken out again where no other has its values.
        draft.variants.iter().map(|said| (said, known.iter().find(|variant| variant.values == said.option_values))).collect()
    };
    if !draft.is_incomplete {
        let kept: HashSet<VariantId> = pairs.iter().filter_map(|(_, old)| old.map(|old| old.id)).collect();
        for gone in living.iter().filter(|variant| !kept.contains(&variant.id)) {
            archive_variant(&mut *tx, gone.id, run.at).await?;
            done.variants.changed += 1;
        }
    }
    let mut shelf = Shelf::of(&mut *tx, run, product, draft).await?;
    for (said, old) in pairs {
        let values = match old {
            Some(old) if is_nameless => old.values.clone(),
            _ => said.option_values.clone(),
        };
        one(&mut *tx, run, product, (said, values, old), &mut shelf, pictures, done).await?;
    }
    Ok(())
}

async fn one(
    tx: &mut PgConnection,
    run: &Run,
    product: ProductId,
    (said, values, old): (&VariantDraft, Vec<String>, Option<&Variant>),
    shelf: &mut Shelf,
    pictures: &mut Pictures,
    done: &mut Done,
) -> Result<(), EditError> {
    remark(said, done);
    let media = match &said.image_url {
        Some(url) => Some(pictures.of_variant(&mut *tx, run, url, &mut done.images).await?),
        None => None,
    };
    let sku = shelf.sku(run, said, old, done);
    let wanted = merge::variant(said, values, &run.present, old, sku, media);
    let mut is_changed = false;
    let id = match old {
        None => {
            let id = add_variant(&mut *tx, product, &wanted, None, run.at).await?;
            ensure_level(&mut *tx, id, shelf.location).await?;
            id
        }
        Some(old) => {
            if old.archived_at.is_some() {
                restore_variant(&mut *tx, old.id).await?;
                is_changed = true;
            }
            if old.values != wanted.values {
                written::set_values(&mut *tx, &[(old.id, wanted.values.clone())]).await?;
                is_changed = true;
            }
            if merge::variant_as_it_is(old) != wanted {
                update_variant(&mut *tx, old.id, &wanted).await?;
                is_changed = true;
            }
            old.id
        }
    };
    if let Some(sku) = wanted.sku {
        shelf.owners.insert(sku.clone(), id);
        done.skus.push(sku);
    }
    is_changed |= shelf.price(&mut *tx, run, id, said).await?;
    if wanted.is_tracked {
        is_changed |= shelf.count(tx, run, id, said, done).await?;
    }
    match (old.is_some(), is_changed) {
        (false, _) => done.variants.created += 1,
        (true, true) => done.variants.changed += 1,
        (true, false) => done.variants.left += 1,
    }
    Ok(())
}

fn remark(said: &VariantDraft, done: &mut Done) {
    if let Some(code) = said.hs_code.as_ref().filter(|_| merge::hs_code(said).is_none()) {
        done.tell(said.line, ProblemKind::UnknownValue, format!("“{code}” is not a tariff number of 6 to 10 digits; left out"));
    }
    if let Some(country) = said.country_of_origin.as_ref().filter(|_| merge::origin(said).is_none()) {
        done.tell(said.line, ProblemKind::UnknownValue, format!("“{country}” is not a country's code of two letters; left out"));
    }
}

impl Shelf {
    async fn of(tx: &mut PgConnection, run: &Run, product: ProductId, draft: &ProductDraft) -> sqlx::Result<Self> {
        let location = default_location(&mut *tx).await?;
        let prices = store::prices(&mut *tx, product, run.list, run.at).await?;
        let skus: Vec<String> = draft.variants.iter().filter_map(|variant| variant.sku.clone()).collect();
        Ok(Self {
            location,
            prices: prices.into_iter().map(|(id, amount, was)| (id, (amount, was))).collect(),
            counted: store::counted(&mut *tx, product, location).await?.into_iter().collect(),
            owners: store::owners(tx, &skus).await?.into_iter().collect(),
        })
    }

    /// The SKU that a variant gets: the file's, unless another variant of the shop has it.
    fn sku(&mut self, run: &Run, said: &VariantDraft, old: Option<&Variant>, done: &mut Done) -> Option<String> {
        let was = old.and_then(|old| old.sku.clone());
        if old.is_some() && !run.has(Column::Sku) {
            return was;
        }
        let Some(sku) = said.sku.clone() else {
            if let Some(was) = &was {
                self.owners.remove(was);
            }
            return None;
        };
        let own = old.map(|old| old.id);
        let is_taken = match self.owners.get(&sku) {
            Some(owner) => Some(*owner) != own,
            None => run.skus.contains(&sku),
        };
        if is_taken {
            let message = format!("another variant of the shop has the SKU “{sku}”; imported without it");
            done.tell(said.line, ProblemKind::DuplicateSku, message);
            return was;
        }
        if let Some(freed) = was.filter(|was| *was != sku) {
            self.owners.remove(&freed);
        }
        Some(sku)
    }

    async fn price(&self, tx: &mut PgConnection, run: &Run, id: VariantId, said: &VariantDraft) -> sqlx::Result<bool> {
        // Prices are never taken away: without one, what the shop asks for it stays.
        let Some(price) = said.price else { return Ok(false) };
        let current = self.prices.get(&id).copied();
        let former = if run.has(Column::CompareAt) { said.compare_at.map(|was| was.minor()) } else { current.and_then(|(_, was)| was) };
        let wanted = (price.minor(), former.filter(|was| *was > price.minor()));
        if current == Some(wanted) {
            return Ok(false);
        }
        pricing::set_price(tx, run.list, id, wanted.0, wanted.1, run.at).await
    }

    async fn count(&self, tx: &mut PgConnection, run: &Run, id: VariantId, said: &VariantDraft, done: &mut Done) -> sqlx::Result<bool> {
        let Some(quantity) = said.quantity else { return Ok(false) };
        let pieces = i32::try_from(quantity.max(0)).unwrap_or(i32::MAX);
        if i64::from(pieces) != quantity {
            done.tell(said.line, ProblemKind::InvalidNumber, format!("{quantity} pieces cannot lie on a shelf; taken as {pieces}"));
        }
        if self.counted.get(&id).copied().unwrap_or_default() == pieces {
            return Ok(false);
        }
        let note = Note { reason: "import", actor: Actor::System, at: run.at, low_stock: run.low_stock };
        set_on_hand(tx, id, self.location, pieces, &note).await?;
        Ok(true)
    }
}
