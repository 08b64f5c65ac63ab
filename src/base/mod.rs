//! The vocabulary of the shop: pure types that every room may use. Imports nothing of the house, does no I/O.

pub mod actor;
pub mod address;
pub mod country;
pub mod email;
pub mod handle;
pub mod ids;
pub mod instant;
pub mod language;
pub mod money;
pub mod password;
pub mod rate;

pub use actor::Actor;
pub use address::{Address, AddressError};
pub use country::Country;
pub use email::Email;
pub use handle::Handle;
pub use ids::*;
pub use instant::Instant;
pub use language::Language;
pub use money::{Currency, Money};
pub use rate::TaxRate;
