//! What tests need around the shop: a database of its own, the production router on a free port, a browser, a movable
//! clock, a mail sink, a stand-in for Stripe, and a small cast of products.

pub mod browser;
pub mod cast;
pub mod doors;
pub mod process;
pub mod proxy;
pub mod shop;
pub mod sink;
pub mod statements;
pub mod steps;
pub mod stripe;

pub use browser::{Browser, Page};
pub use shop::{Shop, shop_test};
