//! Puts a file's products into the shop: created, or changed where the file says otherwise. One transaction per product,
//! so that one that fails is reported and the rest goes on; the same file again changes nothing. A dry run does the same
//! and takes every transaction back.

mod merge;
mod product;
mod variants;

use std::collections::{BTreeSet, HashSet};

use anyhow::Context;

use super::{Catalogue, Column, DryRun, Effects, Problem, ProblemKind, Table, shopify};
use crate::app::App;
use crate::base::{Currency, Instant, Language, MarketId, PriceListId};
use crate::catalog::edit::EditError;

/// What holds for the whole run.
struct Run {
    language: Language,
    market: MarketId,
    list: PriceListId,
    low_stock: i32,
    at: Instant,
    present: BTreeSet<Column>,
    /// Those of the products before: in a dry run the database does not know them.
    skus: HashSet<String>,
}

impl Run {
    fn has(&self, column: Column) -> bool {
        self.present.contains(&column)
    }
}

/// What happened with one product.
#[derive(Debug, Default)]
struct Done {
    product: Effects,
    variants: Effects,
    images: Effects,
    skus: Vec<String>,
    problems: Vec<Problem>,
}

impl Done {
    fn is_change(&self) -> bool {
        [self.product, self.variants, self.images].iter().any(|effects| effects.created + effects.changed > 0)
    }

    fn tell(&mut self, line: u64, kind: ProblemKind, message: String) {
        self.problems.push(Problem { line, column: String::new(), kind, message });
    }
}

/// Imports Shopify's product file into the first market and its first language; gives a report for people.
///
/// # Errors
/// When the file cannot be read as products at all, or the database cannot be reached.
pub async fn import_shopify(app: &App, bytes: Vec<u8>, dry_run: bool) -> anyhow::Result<String> {
    let rules = app.rules();
    let market = rules.markets.first().context("the shop has no market yet")?;
    let language = market.pairs.first().context("the first market has no language yet")?.language;
    let currency = market.price_list.currency;
    let mut catalogue = tokio::task::spawn_blocking(move || read(&bytes, currency)).await??;
    let mut run = Run {
        language,
        market: market.id,
        list: market.price_list.id,
        low_stock: rules.shop.low_stock,
        at: app.now(),
        present: catalogue.present.clone(),
        skus: HashSet::new(),
    };
    let (mut all, mut failed, mut is_changed) = (Done::default(), 0_usize, false);
    for draft in &catalogue.products {
        let outcome: Result<Done, EditError> = async {
            let mut tx = app.db.begin().await?;
            let done = product::apply(&mut tx, &run, draft).await?;
            if dry_run || !done.is_change() {
                tx.rollback().await?
            } else {
                tx.commit().await?
            }
            Ok(done)
        }
        .await;
        match outcome {
            Ok(done) => {
                is_changed |= done.is_change();
                for (sum, effects) in [(&mut all.product, done.product), (&mut all.variants, done.variants), (&mut all.images, done.images)] {
                    *sum = plus(*sum, effects);
                }
                run.skus.extend(done.skus);
                all.problems.extend(done.problems);
            }
            Err(EditError::Db(error @ (sqlx::Error::Io(_) | sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed))) => {
                return Err(error).context("the database went away during the import; what was imported before stays");
            }
            Err(error) => {
                failed += 1;
                let message = format!("“{}” was left out as a whole: {error}", draft.handle);
                all.tell(draft.line, ProblemKind::Refused, message);
            }
        }
    }
    if is_changed && !dry_run {
        app.changed().await;
        app.enqueued();
    }
    // What the import found stands first, for a long list is cut.
    all.problems.append(&mut catalogue.problems);
    catalogue.problems = all.problems;
    let report = DryRun { catalogue: &catalogue, products: all.product, variants: all.variants, images: all.images }.to_string();
    Ok(format!("{}{report}", heading(dry_run, failed)))
}

fn heading(dry_run: bool, failed: usize) -> String {
    let what = if dry_run { "Dry run: nothing was written. This is what an import would do.\n" } else { "Imported.\n" };
    match failed {
        0 => what.to_owned(),
        _ => format!("{what}Products left out because they failed: {failed}\n"),
    }
}

fn read(bytes: &[u8], currency: Currency) -> anyhow::Result<Catalogue> {
    Ok(shopify::read(&Table::parse(bytes)?, currency)?)
}

const fn plus(one: Effects, other: Effects) -> Effects {
    Effects { created: one.created + other.created, changed: one.changed + other.changed, left: one.left + other.left }
}
