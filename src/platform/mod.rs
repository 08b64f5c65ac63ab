//! Machinery that knows no shop: configuration, database, clock, jobs, outbox, mail, files, tokens, secrets,
//! telemetry.

pub mod blobs;
pub mod clock;
pub mod config;
pub mod db;
pub mod device;
pub mod fetch;
pub mod invalidation;
pub mod jobs;
pub mod mail;
pub mod outbox;
pub mod postgres;
pub mod replica;
pub mod secrets;
pub mod settings;
pub mod strongbox;
pub mod telemetry;
pub mod throttle;
pub mod tokens;
pub mod upgrade;
