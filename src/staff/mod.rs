//! The shop's people: who may do what, how they get in (password, then a code), and the log of what they changed. Who somebody is comes from
//! their session alone; there is always at least one owner.

mod admin;
mod entering;
mod factor;
mod guard;
mod jobs;
mod member;
mod places;
mod role;
mod second_factor;
mod store;
mod team;

pub use admin::admin_routes;
pub use entering::owner_link;
pub use guard::proof::wanted as proof_wanted;
pub use guard::{SignedInStaff, Staff, admit};
pub use jobs::run_job;
pub use member::Member;
pub use places::{Place, places};
pub use role::{Anyone, Books, Catalog, Factors, Orders, People, Permission, Permitted, Refunds, Role, Settings, Stock};
pub use second_factor::remove_by_email;
pub use store::{audit, insert, list, prune_sessions};
