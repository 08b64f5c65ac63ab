//! One black-box binary: what the shop promises, room by room.

mod kit;
mod stripe_smoke;
