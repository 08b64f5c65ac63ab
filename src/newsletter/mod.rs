//! The newsletter: nobody gets it who did not ask for it and confirm (GDPR Art. 7(1) wants both shown), everybody leaves
//! with one click (RFC 8058), a suppressed address is never written to, and no issue reaches anybody twice.

mod admin;
mod asking;
mod issue;
mod jobs;
mod leaving;
mod mails;
mod pages;
mod sending;
mod store;
mod subscriber;
mod tasks;

pub use admin::admin_routes;
pub use asking::{ask, confirm};
pub use issue::{Issue, IssueEdit, IssueRefused, create as create_issue};
pub use jobs::run_job;
pub use leaving::{behind_link, issue_link, leave};
pub use pages::routes;
pub use sending::{next as next_readers, start as start_issue};
pub use subscriber::{Reason, Status, Subscriber};
pub use tasks::Asked;
