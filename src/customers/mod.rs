//! Accounts: who they are, how they prove it, their sessions and address books. An account never says whether an
//! e-mail address is known to the shop (T30); what a stranger could have typed proves nothing until a letter did.

mod account;
mod address_book;
mod admin;
mod jobs;
mod mails;
mod pages;
mod reset;
mod session;
mod sign_in;
mod sign_up;
mod store;
mod tasks;
mod verify;

pub use account::Account;
pub use address_book::{SavedAddress, default_address, save_address};
pub use admin::admin_routes;
pub use jobs::{JOBS, run_job};
pub use pages::{Guard, routes};
pub use session::{Session, idle_since, note_use};
pub use sign_up::{Application, sign_up};
pub use store::accounts::{find, find_by_key};
pub use store::addresses::list as addresses;
pub use store::admin::search;
pub use verify::{issue as issue_verification, verify};
