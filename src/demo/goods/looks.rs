//! The glazes, woods, glasses and dyes of the workshop: each is named, coded and coloured in one place.

use super::Look;

pub(super) const CHALK: Look = look("Chalk", "CHK", "#e9e3d6");
pub(super) const CELADON: Look = look("Celadon", "CEL", "#a9bfae");
pub(super) const TENMOKU: Look = look("Tenmoku", "TEN", "#2c211b");
pub(super) const COBALT: Look = look("Cobalt", "COB", "#2f4668");
pub(super) const OCHRE: Look = look("Ochre", "OCH", "#b98a3f");
pub(super) const SLATE: Look = look("Slate", "SLA", "#4b5257");
pub(super) const BLUSH: Look = look("Blush", "BLU", "#d3a592");

pub(super) const ASH: Look = look("Ash", "ASH", "#d9bf94");
pub(super) const OAK: Look = look("Oak", "OAK", "#a9794a");
pub(super) const SMOKED_OAK: Look = look("Smoked oak", "SMO", "#5b4432");
pub(super) const BRASS: Look = look("Brass", "BRS", "#b3924f");

pub(super) const CLEAR: Look = look("Clear", "CLR", "#dfe5e2");
pub(super) const SMOKE: Look = look("Smoke", "SMK", "#837a70");
pub(super) const SEA: Look = look("Sea", "SEA", "#a7c9c3");

pub(super) const NATURAL: Look = look("Natural", "NAT", "#cbbfa8");
pub(super) const INDIGO: Look = look("Indigo", "IND", "#35445c");
/// A dye and a glaze: the glaze is matched to the cloth.
pub(super) const MOSS: Look = look("Moss", "MOS", "#6f7558");
pub(super) const RUST: Look = look("Rust", "RST", "#a4593a");

const fn look(name: &'static str, code: &'static str, swatch: &'static str) -> Look {
    Look { name, code, swatch, fewer: 0, dearer: 0, heavier: 0 }
}

impl Look {
    /// So many pieces fewer than the size says.
    pub(super) const fn fewer(self, fewer: i32) -> Self {
        Self { fewer, ..self }
    }

    /// Dearer by so many cents and heavier by so many grams than the size says.
    pub(super) const fn dearer(self, dearer: i64, heavier: i32) -> Self {
        Self { dearer, heavier, ..self }
    }
}
