//! What carries a signature of ours or of a provider: changed in any way, it is not believed.

use hmac::{Hmac, KeyInit, Mac};
use proptest::prelude::*;
use sha2::Sha256;
use wharf::base::Instant;
use wharf::payments::stripe::read_event;
use wharf::payments::{Stripe, StripeConfig, WebhookError};
use wharf::web::Personal;
use wharf::web::spots::Spots;

use super::cases;
use super::damage::damaged;

const SECRET: &str = "whsec_of_strangers";
const NOW: i64 = 1_800_000_000;
const BODY: &str = r#"{"id":"evt_1","type":"checkout.session.completed","created":1800000000,"data":{"object":{"object":"checkout.session","id":"cs_1","payment_intent":"pi_1","amount_total":5395,"metadata":{"order":"0198c0de-0000-7000-8000-000000000001"}}}}"#;
const HEADER_PARTS: &[&[u8]] =
    &[b",", b"=", b"t=", b"v1=", b"v0=", b"t=1800000000", b"t=-1", b"t=99999999999999999999", b" ", b"00", b"v1=,v1=,v1=,v1=,v1=,v1=,v1=,v1=,"];
const BODY_PARTS: &[&[u8]] = &[
    b"{",
    b"}",
    b"[",
    b"[[[[[[[[[[[[[[[[",
    b"\"",
    b"\\u0000",
    b"\\ud800",
    b"null",
    b"1e999",
    b"-1",
    b"\"id\":",
    b"\"order\":",
    b"\"object\":",
    b",",
    b":",
    b"\xff",
];

fn signed(body: &[u8], at: &str) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(SECRET.as_bytes()).expect("a key");
    mac.update(at.as_bytes());
    mac.update(b".");
    mac.update(body);
    data_encoding::HEXLOWER.encode(&mac.finalize().into_bytes())
}

fn stripe() -> Stripe {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let config = StripeConfig {
        secret_key: "sk_test_x".to_owned().into(),
        webhook_secrets: vec![SECRET.to_owned().into()],
        base_url: "http://127.0.0.1:9/".into(),
    };
    Stripe::new(config).expect("a provider")
}

fn header() -> String {
    format!("t={NOW},v1={},v0=abc", signed(BODY.as_bytes(), &NOW.to_string()))
}

proptest! {
    #![proptest_config(cases(400))]

    /// T11: a changed body is refused before it is read; a changed header is believed only while time and one signature are what they were.
    #[test]
    fn a_changed_message_is_not_believed(body in damaged(vec![BODY.into()], BODY_PARTS), header_bytes in damaged(vec![header().into()], HEADER_PARTS)) {
        let (stripe, now) = (stripe(), Instant::from_unix(NOW));
        prop_assert_eq!(stripe.verify(&body, &header(), now).is_ok(), body == BODY.as_bytes());
        let changed = String::from_utf8_lossy(&header_bytes);
        let is_believed = stripe.verify(BODY.as_bytes(), &changed, now).is_ok();
        let signature = signed(BODY.as_bytes(), &NOW.to_string());
        let (times, signatures): (Vec<&str>, Vec<&str>) = changed.split(',').filter_map(|part| part.trim().split_once('=')).fold((vec![], vec![]), |mut all, (key, value)| {
            match key {
                "t" => all.0.push(value),
                "v1" => all.1.push(value),
                _ => {}
            }
            all
        });
        let is_whole = times == [NOW.to_string()] && signatures.iter().any(|one| one.eq_ignore_ascii_case(&signature));
        prop_assert!(!is_believed || is_whole, "{changed}");
    }

    /// Whoever has the secret may still send anything: it is read or refused, and signed bodies of any shape cost no more than that.
    #[test]
    fn a_signed_message_of_any_shape_is_read_or_refused(body in damaged(vec![BODY.into()], BODY_PARTS), late in -1_000..1_000_i64) {
        let at = (NOW + late).to_string();
        let header = format!("t={at},v1={}", signed(&body, &at));
        match stripe().verify(&body, &header, Instant::from_unix(NOW)) {
            Ok(event) => {
                prop_assert!(late.abs() <= 300 && !event.id.is_empty());
                prop_assert_eq!(read_event(&body).map(|read| (read.id, read.order)).ok(), Some((event.id, event.order)));
            }
            Err(WebhookError::Timestamp) => prop_assert!(late.abs() > 300),
            Err(error) => prop_assert!(matches!(error, WebhookError::Malformed), "{error}"),
        }
    }

    /// T31: the cookie that fills the head of shared pages says what this node wrote into it, or nothing.
    #[test]
    fn a_changed_cookie_says_nothing(count in 0..1_000_i64, name in prop::option::of("\\PC{0,20}"), damage in damaged(vec![vec![b'.'; 1]], &[b"."]), cut in any::<prop::sample::Index>(), letter in any::<u8>()) {
        let (spots, at) = (Spots::new(), Instant::from_unix(NOW));
        let personal = Personal { cart_count: count, name, flash: None };
        let Some(value) = spots.write(&personal, Some("cart"), None, at) else { return Ok(()) };
        prop_assert_eq!(spots.read(&value, Some("cart"), None, at), Some(personal));
        let mut changed = value.clone().into_bytes();
        let place = cut.index(changed.len());
        changed[place] = letter;
        for other in [String::from_utf8_lossy(&changed).into_owned(), value[..place].to_owned(), format!("{value}{}", String::from_utf8_lossy(&damage))] {
            if other != value {
                prop_assert_eq!(spots.read(&other, Some("cart"), None, at), None, "{}", other);
            }
        }
    }
}
