//! The images of one product: at most one a row, on rows of variants or on rows of their own.

use super::super::cells::Cells;
use super::super::{Column, ImageDraft, Problem, ProblemKind};
use super::MAX_IMAGES;

/// The images by position, and whether none was left out. An address that is repeated (some tools write it on every
/// row of a variant) is one image.
pub(super) fn read(rows: &[Cells], problems: &mut Vec<Problem>) -> (Vec<ImageDraft>, bool) {
    let mut images: Vec<ImageDraft> = Vec::new();
    let mut has_all = true;
    for cells in rows.iter().filter(|cells| !cells.is_blank(Column::ImageUrl)) {
        let Some(url) = cells.url(Column::ImageUrl, problems) else {
            has_all = false;
            continue;
        };
        if images.iter().any(|image| image.url == url) {
            continue;
        }
        if images.len() == MAX_IMAGES {
            let message = format!("a product has at most {MAX_IMAGES} images; from this row on they are left out");
            problems.push(cells.problem(Column::ImageUrl, ProblemKind::TooMany, message));
            has_all = false;
            break;
        }
        let next = images.iter().map(|image| image.position).max().unwrap_or(0).saturating_add(1);
        images.push(ImageDraft { url, position: position(cells, problems).unwrap_or(next), alt: cells.text(Column::ImageAlt) });
    }
    images.sort_by_key(|image| image.position);
    (images, has_all)
}

fn position(cells: &Cells, problems: &mut Vec<Problem>) -> Option<u32> {
    let number = cells.whole(Column::ImagePosition, problems)?;
    let position = u32::try_from(number).ok().filter(|position| *position > 0);
    if position.is_none() {
        let message = format!("positions begin at 1, not “{number}”; the image comes after those before it");
        problems.push(cells.problem(Column::ImagePosition, ProblemKind::InvalidNumber, message));
    }
    position
}
