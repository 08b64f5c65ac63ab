//! The shop that a newcomer sees first: an invented workshop with made-up goods and ray-traced pictures of our own,
//! built only through the doors of the other rooms.

mod goods;
mod history;
mod home;
mod journal;
mod open;
mod pages;
mod photos;
mod remove;
mod shelves;
mod shop;
mod store;

pub use history::history;
pub use open::open;
pub use remove::remove;
