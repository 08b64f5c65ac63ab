//! What a visitor means to buy. A cart has one market; its prices are read anew each time, and what changed is said.

mod contents;
mod pages;
mod store;

pub use contents::{CartLine, Contents, State, contents, quote};
pub use pages::routes;
pub use store::{
    AddRefused, COOKIE_SECONDS, Cart, Resolved, add, adopt, complete, complete_again, create, find, find_by_token, lock, mark_seen, reopen, resolve,
    save_draft, set_qty, start_completing,
};
