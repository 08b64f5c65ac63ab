//! Wharf: an online shop in one binary. This page is its floor plan, lowest storey first: a room uses only what stands
//! before it; the roof (app, router, serving, work, cli) sees all.

pub mod base;
pub mod platform;
pub mod web;

pub mod staff;

pub mod machinery;

pub mod markets;

pub mod customers;

pub mod catalog;

pub mod inventory;

pub mod delivery;
pub mod pricing;
pub mod tax;

pub mod search;

pub mod cart;

pub mod payments;

pub mod orders;

pub mod fulfillment;

pub mod checkout;

pub mod content;

pub mod newsletter;

pub mod seo;

pub mod importing;

pub mod books;

pub mod backup;

pub mod analytics;

pub mod desk;

pub mod setup;

pub mod demo;

pub mod app;
pub mod cli;
pub mod router;
pub mod serving;
pub mod work;
