//! One product of a file: found by its handle and nothing else.

use std::collections::HashMap;

use sqlx::PgConnection;

use super::{Done, Run, merge, variants};
use crate::base::{Handle, MediaId, ProductId};
use crate::catalog::edit::{self, EditError, EditRefused, OptionEdit, Status};
use crate::catalog::store::admin;
use crate::catalog::store::write::{media, products};
use crate::catalog::tasks;
use crate::importing::{Column, Effects, ImageDraft, ProblemKind, ProductDraft, store};
use crate::search;

pub(super) async fn apply(tx: &mut PgConnection, run: &Run, draft: &ProductDraft) -> Result<Done, EditError> {
    let handle = Handle::parse(&draft.handle).ok_or(EditRefused::HandleTaken)?;
    let mut done = Done::default();
    remark(draft, &mut done);
    let known = products::by_handle(&mut *tx, run.language, &handle).await?;
    let old = match known {
        Some((id, _)) => admin::find(&mut *tx, id, run.language).await?,
        None => None,
    };
    let wanted = merge::product(draft, handle, &run.present, old.as_ref());
    let is_active = wanted.status == Status::Active;
    let mut is_changed = false;
    let id = match &old {
        None => edit::create(&mut *tx, run.language, &wanted, run.at).await?,
        Some(old) => {
            if merge::as_it_is(old) != wanted {
                edit::update(&mut *tx, old.id, old.version, run.language, &wanted, run.at).await?;
                is_changed = true;
            }
            old.id
        }
    };
    if is_active {
        is_changed |= publish(&mut *tx, run, id).await?;
    }
    is_changed |= set_options(&mut *tx, run, id, draft).await?;
    let mut pictures = Pictures::of(&mut *tx, id).await?;
    for image in &draft.images {
        pictures.take(&mut *tx, run, image, &mut done.images).await?;
    }
    variants::apply(&mut *tx, run, id, draft, &mut pictures, &mut done).await?;
    done.product = match (old.is_some(), is_changed || done.is_change()) {
        (false, _) => Effects { created: 1, ..Effects::default() },
        (true, true) => {
            edit::touch(&mut *tx, id, run.at).await?;
            Effects { changed: 1, ..Effects::default() }
        }
        (true, false) => Effects { left: 1, ..Effects::default() },
    };
    if done.is_change() {
        search::refresh(tx, id).await?;
    }
    Ok(done)
}

fn remark(draft: &ProductDraft, done: &mut Done) {
    if draft.gift_card {
        let message = format!("“{}” is a gift card, which this shop does not sell; kept as a draft", draft.handle);
        done.tell(draft.line, ProblemKind::NotSupported, message);
    }
    let untaxed = draft.variants.iter().filter(|variant| !variant.taxable).count();
    if untaxed > 0 && untaxed < draft.variants.len() {
        let message = format!("only some variants of “{}” are taxed; tax is a matter of the whole product here, and it is taxed", draft.handle);
        done.tell(draft.line, ProblemKind::NotSupported, message);
    }
}

/// From now on, unless the merchant planned something.
async fn publish(tx: &mut PgConnection, run: &Run, id: ProductId) -> Result<bool, EditError> {
    let planned = admin::publications(&mut *tx, id).await?;
    let is_planned = planned.iter().any(|(market, _, until)| *market == run.market && until.is_none_or(|until| until > run.at));
    if !is_planned {
        edit::publish(tx, id, run.market, run.at, None).await?;
    }
    Ok(!is_planned)
}

async fn set_options(tx: &mut PgConnection, run: &Run, id: ProductId, draft: &ProductDraft) -> Result<bool, EditError> {
    let names = admin::option_names(&mut *tx, id).await?;
    if names == draft.options || !merge::speaks_of_options(&run.present) {
        return Ok(false);
    }
    let options: Vec<OptionEdit> = draft
        .options
        .iter()
        .enumerate()
        .map(|(place, name)| {
            let mut values: Vec<String> = Vec::new();
            for value in draft.variants.iter().filter_map(|variant| variant.option_values.get(place)) {
                if !values.contains(value) {
                    values.push(value.clone());
                }
            }
            // An option that has another name now, at the same place, is the old one renamed.
            let renamed = || (place < names.len() && !draft.options.contains(&names[place])).then_some(place);
            OptionEdit { name: name.clone(), values, was: names.iter().position(|old| old == name).or_else(renamed) }
        })
        .collect();
    edit::set_options(tx, id, &options, run.at).await?;
    Ok(true)
}

/// The pictures of a product by the addresses they came from.
pub(super) struct Pictures {
    product: ProductId,
    known: HashMap<String, (MediaId, String)>,
}

impl Pictures {
    async fn of(tx: &mut PgConnection, product: ProductId) -> sqlx::Result<Self> {
        let rows = store::pictures(tx, product).await?;
        Ok(Self { product, known: rows.into_iter().map(|row| (row.source_url, (row.id, row.alt))).collect() })
    }

    /// A picture that the file lists: fetched by a job where it is new.
    async fn take(&mut self, tx: &mut PgConnection, run: &Run, image: &ImageDraft, effects: &mut Effects) -> sqlx::Result<()> {
        let wanted = image.alt.clone().unwrap_or_default();
        match self.known.get_mut(&image.url) {
            None => {
                self.add(tx, run, &image.url, &wanted).await?;
                effects.created += 1;
            }
            Some((id, alt)) if *alt != wanted && run.has(Column::ImageAlt) => {
                media::set_alt(tx, *id, &wanted).await?;
                *alt = wanted;
                effects.changed += 1;
            }
            Some(_) => effects.left += 1,
        }
        Ok(())
    }

    /// The picture of a variant, mostly one of those that are listed.
    pub(super) async fn of_variant(&mut self, tx: &mut PgConnection, run: &Run, url: &str, effects: &mut Effects) -> sqlx::Result<MediaId> {
        if let Some((id, _)) = self.known.get(url) {
            return Ok(*id);
        }
        effects.created += 1;
        self.add(tx, run, url, "").await
    }

    async fn add(&mut self, tx: &mut PgConnection, run: &Run, url: &str, alt: &str) -> sqlx::Result<MediaId> {
        let id = media::insert(&mut *tx, Some(self.product), alt, None, Some(url), run.at).await?;
        tasks::enqueue(tx, tasks::FETCH, id, run.at).await?;
        self.known.insert(url.to_owned(), (id, alt.to_owned()));
        Ok(id)
    }
}
