//! Wharf: an online shop in one binary. This page is its floor plan, lowest storey first: a room uses only what stands
//! before it; the roof (app, router, work, cli) sees all.

pub mod base;
pub mod platform;
pub mod web;

pub mod markets;

pub mod catalog;
pub mod delivery;
pub mod tax;
pub mod pricing;

pub mod payments;
pub mod content;

pub mod demo;

pub mod app;
