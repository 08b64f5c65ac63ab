//! What is bought: the variants of the demo, how often each, and what people put together.

use super::dice::Dice;
use crate::demo::goods;

/// Days before the opening on which what is sold out now was still there.
const SOLD_OUT_SINCE: i64 = 9;
/// Different things in an order, by how often.
const LINES: [usize; 4] = [44, 31, 17, 8];
/// Pieces of a small thing, by how often.
const PIECES: [usize; 4] = [56, 28, 4, 12];
/// What costs more, in cents, is bought one at a time.
const SMALL: i64 = 4_300;

/// A variant as the demo shows it at its opening.
#[derive(Debug, Clone)]
pub struct Ware {
    pub handle: &'static str,
    pub sku: String,
    pub cents: i64,
    /// Pieces that can be bought at the opening.
    pub stock: i32,
    pub made_to_order: bool,
    /// Glass or stoneware.
    pub breaks: bool,
}

/// So many of a ware, by its place among all.
pub type Basket = Vec<(usize, i32)>;

/// All wares, as the shelves hold them.
pub fn all() -> Vec<Ware> {
    let of_good = |good: &'static goods::Good| {
        good.looks.iter().flat_map(move |look| good.sizes.iter().map(move |size| (look, size))).map(move |(look, size)| {
            let real = size.in_look(look);
            let sku = good.sku(look, size);
            let breaks = good.tags.iter().any(|tag| matches!(*tag, "stoneware" | "glass"));
            Ware { handle: good.handle, sku, cents: real.cents, stock: real.stock, made_to_order: good.made_to_order, breaks }
        })
    };
    goods::all().flat_map(of_good).collect()
}

/// How often a ware is bought on a day, beside the others.
const fn liking(ware: &Ware, day: i64) -> usize {
    if ware.made_to_order || (ware.stock == 0 && day <= SOLD_OUT_SINCE) {
        return 0;
    }
    match ware.cents {
        ..2_700 => 9,
        2_700..4_000 => 8,
        4_000..6_000 => 5,
        6_000..10_000 => 3,
        _ => 1,
    }
}

/// What somebody buys on a day.
pub fn basket(wares: &[Ware], day: i64, dice: &mut Dice) -> Basket {
    let likings: Vec<usize> = wares.iter().map(|ware| liking(ware, day)).collect();
    let mut basket: Basket = Vec::new();
    for _ in 0..=dice.weighted(&LINES) {
        let chosen = dice.weighted(&likings);
        let most = if wares[chosen].stock < 4 { 1 } else { PIECES.len() };
        let qty = if wares[chosen].cents <= SMALL { dice.weighted(&PIECES[..most]) + 1 } else { 1 };
        if basket.iter().all(|(known, _)| *known != chosen) {
            basket.push((chosen, i32::try_from(qty).unwrap_or(1)));
        }
    }
    basket
}
