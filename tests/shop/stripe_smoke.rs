//! The Stripe provider against the stand-in: paid once, refunded within bounds, unclear answers healed by the same key.

use wharf::base::{Currency, Instant, Language, Money, OrderId, PaymentId};
use wharf::payments::stripe::SESSION_SECONDS;
use wharf::payments::{
    EventKind, ProviderError, RefundRequest, RefundStanding, SessionLine, SessionRequest, Standing, Stripe, StripeConfig, WebhookError,
};

use crate::kit::stripe::{FakeStripe, SECRET_KEY};

const SECRET: &str = "whsec_test";

async fn both() -> Option<(FakeStripe, Stripe)> {
    if !FakeStripe::available() {
        println!("skipped: shared data absent");
        return None;
    }
    let fake = FakeStripe::start(SECRET).await;
    let stripe = client(&fake, SECRET_KEY);
    Some((fake, stripe))
}

fn client(fake: &FakeStripe, key: &str) -> Stripe {
    Stripe::new(StripeConfig { secret_key: key.into(), webhook_secrets: vec!["whsec_other".into(), SECRET.into()], base_url: fake.base_url.clone() })
        .unwrap()
}

fn now() -> Instant {
    Instant::new(jiff::Timestamp::now())
}

fn eur(minor: i64) -> Money {
    Money::new(minor, Currency::EUR)
}

fn request(amount: Money, lines: &[(&str, i64, i64)]) -> SessionRequest {
    let order = OrderId::fresh(now());
    SessionRequest {
        order,
        payment: PaymentId::fresh(now()),
        order_number: "W-1001".into(),
        amount,
        lines: lines
            .iter()
            .map(|(name, qty, minor)| SessionLine { name: (*name).into(), qty: *qty, amount: Money::new(*minor, amount.currency()) })
            .collect(),
        email: Some("ada@example.com".into()),
        success_url: "http://127.0.0.1:1/thanks?session={CHECKOUT_SESSION_ID}".into(),
        cancel_url: "http://127.0.0.1:1/cart".into(),
        expires_at: now().plus_seconds(SESSION_SECONDS),
        idempotency_key: format!("{order}:1"),
        language: Language::parse("de-CH").unwrap(),
    }
}

fn cup() -> SessionRequest {
    request(eur(5000), &[("Tasse & Teller <blau>", 2, 3998), ("Versand", 1, 499), ("Kerzen", 2, 503)])
}

#[tokio::test]
async fn stripe_session_is_paid_and_partly_refunded() {
    let Some((fake, stripe)) = both().await else { return };
    let asked = cup();
    let session = stripe.create_session(&asked).await.unwrap();
    assert_eq!(session.expires_at.unix(), asked.expires_at.unix());
    assert!(session.redirect_url.starts_with(&fake.base_url));
    assert_eq!(stripe.query(&session.reference).await, Ok(Standing::Open));
    assert!(fake.fail(&session.reference).await);
    assert_eq!(stripe.query(&session.reference).await, Ok(Standing::Open), "a declined attempt can be repeated");

    let page = reqwest::get(&session.redirect_url).await.unwrap().text().await.unwrap();
    assert!(page.contains("2 × Tasse &amp; Teller &lt;blau&gt;") && page.contains("1 × 2 × Kerzen") && page.contains("5000 EUR"), "{page}");
    let browser = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap();
    let paid = browser.post(format!("{}/pay", session.redirect_url)).send().await.unwrap();
    assert_eq!(
        (paid.status().as_u16(), paid.headers()["location"].to_str().unwrap()),
        (303, &*format!("http://127.0.0.1:1/thanks?session={}", session.reference))
    );
    let Ok(Standing::Paid { amount, payment_reference }) = stripe.query(&session.reference).await else { panic!("not paid") };
    assert_eq!(amount, eur(5000));
    assert!(!fake.pay(&session.reference).await, "nobody pays twice");

    assert!(matches!(stripe.expire(&session.reference).await, Ok(Standing::Paid { .. })), "a paid session cannot be expired");
    let part = RefundRequest { payment_reference: payment_reference.clone(), amount: eur(2000), idempotency_key: "r1".into() };
    let Ok(RefundStanding::Succeeded { reference }) = stripe.refund(&part).await else { panic!("not refunded") };
    assert_eq!(stripe.refund(&part).await, Ok(RefundStanding::Succeeded { reference: reference.clone() }), "the same key refunds once");
    assert_eq!(stripe.find_refund(&payment_reference, "r1").await, Ok(Some(RefundStanding::Succeeded { reference: reference.clone() })));
    assert_eq!(stripe.find_refund(&payment_reference, "r9").await, Ok(None));
    assert!(stripe.query_refund(&reference).await.is_ok());
    let too_much = RefundRequest { amount: eur(3001), idempotency_key: "r2".into(), ..part.clone() };
    assert!(matches!(stripe.refund(&too_much).await, Err(ProviderError::Refused { .. })));
    let reused = RefundRequest { amount: eur(1), ..part };
    assert!(matches!(stripe.refund(&reused).await, Err(ProviderError::Unknown(_))), "under that key something was done");
    assert_eq!((fake.sessions_created(), fake.charges(), fake.refunds(), fake.taken_and_returned()), (1, 1, 1, (5000, 2000)));
}

#[tokio::test]
async fn stripe_answers_that_get_lost_are_unknown_and_the_same_key_finds_the_same_session() {
    let Some((fake, stripe)) = both().await else { return };
    let asked = cup();
    fake.drop_answers(1);
    assert!(matches!(stripe.create_session(&asked).await, Err(ProviderError::Unknown(_))));
    assert_eq!(fake.sessions_created(), 1);
    let session = stripe.create_session(&asked).await.unwrap();
    assert_eq!(stripe.create_session(&asked).await.unwrap(), session);
    assert_eq!(Some(&session.reference), fake.session_of(&asked.order.to_string()).as_ref());
    let other = SessionRequest { cancel_url: "http://127.0.0.1:1/".into(), ..asked };
    assert!(matches!(stripe.create_session(&other).await, Err(ProviderError::Unknown(_))));
    assert_eq!(fake.sessions_created(), 1);
    fake.fail_next(1, 503);
    assert!(matches!(stripe.query(&session.reference).await, Err(ProviderError::Unknown(_))));
    fake.fail_next(1, 429);
    assert!(matches!(stripe.query(&session.reference).await, Err(ProviderError::Unknown(_))));
    assert!(matches!(stripe.query("cs_none").await, Err(ProviderError::Refused { code, .. }) if code == "resource_missing"));
    assert!(matches!(client(&fake, "sk_test_wrong").query(&session.reference).await, Err(ProviderError::Refused { code, .. }) if code == "http_401"));

    fake.pay(&session.reference).await;
    let Ok(Standing::Paid { payment_reference, .. }) = stripe.query(&session.reference).await else { panic!("not paid") };
    let refund = RefundRequest { payment_reference: payment_reference.clone(), amount: eur(100), idempotency_key: "r".into() };
    fake.drop_answers(1);
    assert!(matches!(stripe.refund(&refund).await, Err(ProviderError::Unknown(_))));
    let found = stripe.find_refund(&payment_reference, "r").await.unwrap().unwrap();
    assert_eq!(stripe.refund(&refund).await, Ok(found));
    assert_eq!(fake.refunds(), 1);
}

#[tokio::test]
async fn stripe_sessions_end_in_every_way() {
    let Some((fake, stripe)) = both().await else { return };
    let ids = {
        let mut ids = Vec::new();
        for _ in 0..6 {
            ids.push(stripe.create_session(&cup()).await.unwrap().reference);
        }
        ids
    };
    assert_eq!(stripe.expire(&ids[0]).await, Ok(Standing::Expired));
    assert_eq!(stripe.expire(&ids[0]).await, Ok(Standing::Expired));
    assert!(!fake.pay(&ids[0]).await);

    fake.pay_pending(&ids[1]).await;
    assert_eq!(stripe.query(&ids[1]).await, Ok(Standing::Pending));
    assert_eq!(stripe.expire(&ids[1]).await, Ok(Standing::Pending));
    fake.fail_later(&ids[1]).await;
    assert_eq!(stripe.query(&ids[1]).await, Ok(Standing::Failed { reason_code: Some("generic_decline".into()) }));
    fake.pay_pending(&ids[2]).await;
    fake.settle(&ids[2]).await;
    assert!(matches!(stripe.query(&ids[2]).await, Ok(Standing::Paid { .. })));

    fake.pay_other_amount(&ids[3], 1).await;
    assert!(matches!(stripe.query(&ids[3]).await, Ok(Standing::Paid { amount, .. }) if amount == eur(1)), "what was taken, not what was asked");

    fake.authorise(&ids[4]).await;
    let Ok(Standing::Authorised { amount, payment_reference }) = stripe.query(&ids[4]).await else { panic!("not authorised") };
    assert_eq!(amount, eur(5000));
    assert!(matches!(stripe.capture(&payment_reference, eur(5001)).await, Err(ProviderError::Refused { .. })));
    let captured = stripe.capture(&payment_reference, eur(4000)).await.unwrap();
    assert_eq!(captured, Standing::Paid { amount: eur(4000), payment_reference: payment_reference.clone() });
    assert_eq!(stripe.capture(&payment_reference, eur(4000)).await, Ok(captured.clone()), "captured once");
    assert_eq!(stripe.void(&payment_reference).await, Ok(captured), "too late to release");

    fake.shift_clock(SESSION_SECONDS + 1);
    assert_eq!(stripe.query(&ids[5]).await, Ok(Standing::Expired), "time ends a session");
    assert!(matches!(stripe.create_session(&cup()).await, Err(ProviderError::Refused { .. })), "too short for Stripe");
}

#[tokio::test]
async fn stripe_charges_the_frozen_total_or_nothing() {
    let Some((fake, stripe)) = both().await else { return };
    let discounted = request(eur(900), &[("Kerze", 1, 1000), ("Rabatt", 1, -100)]);
    let session = stripe.create_session(&discounted).await.unwrap();
    fake.pay(&session.reference).await;
    assert!(matches!(stripe.query(&session.reference).await, Ok(Standing::Paid { amount, .. }) if amount == eur(900)));
    let many = request(eur(101), &vec![("Perle", 1, 1); 101]);
    assert!(stripe.create_session(&many).await.is_ok());
    for (code, minor) in [("JPY", 500), ("ISK", 500), ("KWD", 5120), ("MGA", 500_000), ("HUF", 20_000)] {
        let amount = Money::new(minor, Currency::parse(code).unwrap());
        let session = stripe.create_session(&request(amount, &[("x", 1, minor)])).await.unwrap();
        fake.pay(&session.reference).await;
        assert!(matches!(stripe.query(&session.reference).await, Ok(Standing::Paid { amount: paid, .. }) if paid == amount), "{code}");
    }
    let made = fake.sessions_created();
    let fils = Money::new(5124, Currency::parse("KWD").unwrap());
    for wrong in [request(eur(49), &[("x", 1, 49)]), request(eur(100), &[("x", 1, 99)]), request(fils, &[("x", 1, 5124)])] {
        assert!(matches!(stripe.create_session(&wrong).await, Err(ProviderError::NotOffered(_))));
    }
    assert_eq!(fake.sessions_created(), made);
}

#[tokio::test]
async fn stripe_messages_are_believed_only_when_signed_and_fresh() {
    let Some((fake, stripe)) = both().await else { return };
    let asked = cup();
    let session = stripe.create_session(&asked).await.unwrap();
    fake.hold_webhooks(true);
    fake.pay(&session.reference).await;
    let (body, header) = fake.take_held().remove(0);
    let event = stripe.verify(&body, &header, now()).unwrap();
    assert_eq!((event.kind, event.order, event.session_reference), (EventKind::SessionCompleted, Some(asked.order), Some(session.reference.clone())));
    assert!(event.payment_reference.is_some());
    assert_eq!(stripe.verify(&body, &header, now().plus_seconds(302)), Err(WebhookError::Timestamp));
    assert_eq!(stripe.verify(&body, &header, now().plus_seconds(-302)), Err(WebhookError::Timestamp));
    let mut forged = body.clone();
    forged.push(b' ');
    assert_eq!(stripe.verify(&forged, &header, now()), Err(WebhookError::Signature));
    let (body, header) = fake.webhook_for(&session.reference, "payment_intent.succeeded");
    let event = stripe.verify(&body, &header, now()).unwrap();
    assert_eq!((event.kind, event.order, event.session_reference), (EventKind::PaymentSucceeded, Some(asked.order), None));
}

#[tokio::test]
async fn stripe_stand_in_tells_the_shop_and_piles_up_what_is_held() {
    let Some((fake, stripe)) = both().await else { return };
    let session = stripe.create_session(&cup()).await.unwrap();
    let (heard, mut inbox) = tokio::sync::mpsc::unbounded_channel();
    let shop = axum::Router::new().route(
        "/webhooks/stripe",
        axum::routing::post(move |headers: axum::http::HeaderMap, body: axum::body::Bytes| async move {
            heard.send((body.to_vec(), headers["stripe-signature"].to_str().unwrap().to_owned())).unwrap();
        }),
    );
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    fake.set_webhook_url(format!("http://{}/webhooks/stripe", listener.local_addr().unwrap()));
    tokio::spawn(async move { axum::serve(listener, shop).await });
    fake.fail(&session.reference).await;
    fake.hold_webhooks(true);
    fake.pay(&session.reference).await;
    let (body, header) = inbox.try_recv().expect("told before the call returned");
    assert_eq!(stripe.verify(&body, &header, now()).unwrap().kind, EventKind::PaymentFailed);
    assert!(inbox.try_recv().is_err(), "held back");
    fake.release_webhooks().await;
    let (body, header) = inbox.try_recv().expect("released");
    assert_eq!(stripe.verify(&body, &header, now()).unwrap().kind, EventKind::SessionCompleted);
}
