//! One black-box binary: what the shop promises, room by room.

mod access;
mod admin;
mod backup;
mod breaking;
mod cache;
mod cart;
mod catalog;
mod checkout;
mod collections;
mod companions;
mod customers;
mod demo;
mod desk;
mod facts;
mod house;
mod importing;
mod journeys;
mod kit;
mod machinery;
mod newsletter;
mod orders;
mod payments;
mod seo;
mod setup;
mod staff;
mod stripe_smoke;
