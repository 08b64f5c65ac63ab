//! Where things lie and how many: levels, and the append-only ledger that is their only writer. Verbs append the
//! invalidations of the pages that show something else afterwards.

mod level;
mod moving;
mod store;

pub use level::{Difference, Level, Move, Shown};
pub use moving::{AllocateError, Item, Note, adjust, allocate, receive, release, restock, set_on_hand, ship};
pub use store::{default_location, ensure_level, history, levels, open_location, recompute};
