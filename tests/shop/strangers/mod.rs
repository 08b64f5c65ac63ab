//! Whatever strangers send: every reader of bytes from outside gets inputs that nobody would write, made of what it likes to read,
//! damaged. Each test states a property, not only that nothing panics. A few cases run with all tests; `bin/break` runs many
//! (`WHARF_BREAK=long`), and `WHARF_STRANGERS=100000` as many of each as one wishes. A case that fails is shrunk and printed.

mod damage;
mod doors;
mod files;
mod signed;
mod texts;

use proptest::test_runner::{Config, TestRunner};

/// How many inputs: `short` with all other tests, a hundred times as many by `bin/break`, or what somebody wishes.
fn many(short: u32) -> u32 {
    let wished = std::env::var("WHARF_STRANGERS").ok().and_then(|number| number.parse().ok());
    wished.unwrap_or_else(|| crate::breaking::rounds(short, short.saturating_mul(100)))
}

/// So many cases of a property.
fn cases(short: u32) -> Config {
    let cases = many(short);
    // Nothing is written beside the sources: a case worth keeping becomes a test of its own.
    Config { cases, failure_persistence: None, max_shrink_iters: 2_000, ..Config::default() }
}

/// The source of inputs for tests that cannot run inside `proptest!`.
fn runner() -> TestRunner {
    TestRunner::new(cases(1))
}
