//! A stand-in for Stripe on a loopback port: complete objects, one charge per session, idempotency keys, signed messages,
//! a payment page, and the troubles a shop must survive.
#![allow(dead_code, reason = "each test binary uses its own part of the stand-in")]

mod api;
mod hosted;
mod world;

use std::sync::{Arc, Mutex, MutexGuard};

use hmac::{Hmac, KeyInit, Mac};
use world::World;

/// The only key that the stand-in lets in.
pub const SECRET_KEY: &str = "sk_test_wharf";

/// A running stand-in; it stops with the runtime of its test.
#[derive(Clone)]
pub struct FakeStripe {
    /// `http://127.0.0.1:<port>`, for `StripeConfig::base_url`; payment pages are below it too.
    pub base_url: String,
    world: Arc<Mutex<World>>,
    http: reqwest::Client,
}

impl FakeStripe {
    /// Whether the object templates are there; without them, tests that need Stripe skip.
    pub fn available() -> bool {
        world::fixtures().is_some()
    }

    pub async fn start(webhook_secret: &str) -> Self {
        // A second installation is refused, which is fine: one is there.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a free loopback port");
        let base_url = format!("http://{}", listener.local_addr().expect("a bound socket"));
        let world = World::new(webhook_secret, &base_url, world::fixtures().expect("WHARF_SHARED holds stripe/fixtures3.json"));
        let http = reqwest::Client::builder().timeout(std::time::Duration::from_secs(10)).build().expect("a client");
        let fake = Self { base_url, world: Arc::new(Mutex::new(world)), http };
        let app = api::routes().merge(hosted::routes()).with_state(fake.clone());
        tokio::spawn(async move { axum::serve(listener, app).await });
        fake
    }

    fn world(&self) -> MutexGuard<'_, World> {
        self.world.lock().expect("no test panics while holding the stand-in")
    }

    // What the shopper and time do. Each returns whether it could be done, and returns after the shop answered the message.

    /// Pays an open session in full.
    pub async fn pay(&self, session: &str) -> bool {
        let done = self.world().pay(session, None);
        self.tell(done, session, "checkout.session.completed").await
    }

    /// Takes another amount (in Stripe's units) than the session asked for.
    pub async fn pay_other_amount(&self, session: &str, units: i64) -> bool {
        let done = self.world().pay(session, Some(units));
        self.tell(done, session, "checkout.session.completed").await
    }

    /// Completes a session whose money is reserved and waits for capture.
    pub async fn authorise(&self, session: &str) -> bool {
        let done = self.world().complete(session, "requires_capture");
        self.tell(done, session, "checkout.session.completed").await
    }

    /// Completes a session whose money takes days; then [`Self::settle`] or [`Self::fail_later`].
    pub async fn pay_pending(&self, session: &str) -> bool {
        let done = self.world().complete(session, "processing");
        self.tell(done, session, "checkout.session.completed").await
    }

    pub async fn settle(&self, session: &str) -> bool {
        let done = self.world().settle(session, true);
        self.tell(done, session, "checkout.session.async_payment_succeeded").await
    }

    pub async fn fail_later(&self, session: &str) -> bool {
        let done = self.world().settle(session, false);
        self.tell(done, session, "checkout.session.async_payment_failed").await
    }

    /// One attempt is declined; the session stays open.
    pub async fn fail(&self, session: &str) -> bool {
        let done = self.world().decline(session);
        self.tell(done, session, "payment_intent.payment_failed").await
    }

    pub async fn expire(&self, session: &str) -> bool {
        let done = self.world().expire(session);
        self.tell(done, session, "checkout.session.expired").await
    }

    async fn tell(&self, done: bool, session: &str, kind: &str) -> bool {
        if done {
            let message = self.webhook_for(session, kind);
            self.deliver(message).await;
        }
        done
    }

    // Messages.

    /// Where the shop listens; `None` (as at the start) sends nothing.
    pub fn set_webhook_url(&self, url: impl Into<Option<String>>) {
        self.world().webhook_url = url.into();
    }

    /// A fresh signed message about a session as it is now: raw body and `Stripe-Signature`.
    pub fn webhook_for(&self, session: &str, kind: &str) -> (Vec<u8>, String) {
        let mut world = self.world();
        let body = world.event(session, kind).to_string().into_bytes();
        let header = sign(&world.webhook_secret, world.now(), &body);
        (body, header)
    }

    /// While on, messages pile up as if the network were down; [`Self::take_held`] or [`Self::release_webhooks`].
    pub fn hold_webhooks(&self, hold: bool) {
        self.world().hold = hold;
    }

    pub fn take_held(&self) -> Vec<(Vec<u8>, String)> {
        std::mem::take(&mut self.world().held)
    }

    pub async fn release_webhooks(&self) {
        self.hold_webhooks(false);
        for message in self.take_held() {
            self.deliver(message).await;
        }
    }

    /// Posts one message to the shop; the shop's status, or `None` when nothing was sent or heard.
    pub async fn deliver(&self, (body, header): (Vec<u8>, String)) -> Option<u16> {
        let url = {
            let mut world = self.world();
            if world.hold {
                world.held.push((body, header));
                return None;
            }
            world.webhook_url.clone()?
        };
        let call = self.http.post(url).header("stripe-signature", header).header("content-type", "application/json").body(body);
        call.send().await.ok().map(|answer| answer.status().as_u16())
    }

    // Troubles.

    /// The next `n` API calls do their work, then the connection closes without an answer.
    pub fn drop_answers(&self, n: u32) {
        self.world().drop_answers = n;
    }

    /// From now on API calls do their work at once and answer so much later.
    pub fn answer_after(&self, wait: std::time::Duration) {
        self.world().answer_after = wait;
    }

    /// The next `n` API calls do nothing and answer `status`.
    pub fn fail_next(&self, n: u32, status: u16) {
        self.world().fail_next = (n, status);
    }

    /// Refunds from now on are made in this state (`succeeded` at the start, or `pending`, `failed`).
    pub fn set_refund_status(&self, status: &str) {
        self.world().refund_status = status.to_owned();
    }

    /// Moves Stripe's clock: expiry and signatures follow. Keep it beside the shop's.
    pub fn shift_clock(&self, seconds: i64) {
        self.world().shift += seconds;
    }

    // The books.

    pub fn sessions_created(&self) -> usize {
        self.world().sessions.len()
    }

    /// How many payments took money.
    pub fn charges(&self) -> usize {
        self.world().intents.values().filter(|intent| intent.received > 0).count()
    }

    pub fn refunds(&self) -> usize {
        self.world().refunds.len()
    }

    /// Stripe's units taken and given back, over all payments.
    pub fn taken_and_returned(&self) -> (i64, i64) {
        let world = self.world();
        (world.intents.values().map(|intent| intent.received).sum(), world.intents.values().map(|intent| intent.refunded).sum())
    }

    /// The latest session of an order (its id as text).
    pub fn session_of(&self, order: &str) -> Option<String> {
        self.world().sessions.values().filter(|session| session.order.as_deref() == Some(order)).map(|session| session.id.clone()).next_back()
    }

    pub fn last_session(&self) -> Option<String> {
        self.world().sessions.keys().next_back().cloned()
    }
}

/// The header `Stripe-Signature` for a body.
pub fn sign(secret: &str, at: i64, body: &[u8]) -> String {
    let mut mac = Hmac::<sha2::Sha256>::new_from_slice(secret.as_bytes()).expect("any key length will do");
    mac.update(format!("{at}.").as_bytes());
    mac.update(body);
    format!("t={at},v1={}", data_encoding::HEXLOWER.encode(&mac.finalize().into_bytes()))
}
