//! Is this message from Stripe, and what is it about? Signed over the raw bytes, checked before anything is parsed.

use data_encoding::HEXLOWER_PERMISSIVE;
use hmac::{Hmac, KeyInit, Mac};
use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;
use sha2::Sha256;

use crate::base::Instant;
use crate::payments::provider::{EventKind, ProviderEvent, WebhookError};

/// How far a signature may be from the shop's clock, in seconds, either way (Stripe's own libraries: 300).
const TOLERANCE_SECONDS: i64 = 300;
/// More signatures than Stripe ever sends while a secret is being replaced; bounds the work a stranger can cause.
const MOST_SIGNATURES: usize = 8;

/// Checks the header `Stripe-Signature` against every secret that is valid at the moment, then reads the event.
pub(super) fn verify(secrets: &[SecretString], body: &[u8], header: &str, now: Instant) -> Result<ProviderEvent, WebhookError> {
    let (signed_at, signatures) = read_header(header).ok_or(WebhookError::Signature)?;
    let authentic = secrets.iter().map(ExposeSecret::expose_secret).filter(|secret| !secret.is_empty()).any(|secret| {
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret.as_bytes()) else { return false };
        mac.update(signed_at.as_bytes());
        mac.update(b".");
        mac.update(body);
        signatures.iter().any(|signature| mac.clone().verify_slice(signature).is_ok())
    });
    if !authentic {
        return Err(WebhookError::Signature);
    }
    let seconds: i64 = signed_at.parse().map_err(|_| WebhookError::Timestamp)?;
    if now.unix().saturating_sub(seconds).saturating_abs() > TOLERANCE_SECONDS {
        return Err(WebhookError::Timestamp);
    }
    read_event(body, Instant::from_unix(seconds)).ok_or(WebhookError::Malformed)
}

/// `t=1700000000,v1=…,v1=…,v0=…`: the time as it was signed and the signatures of scheme v1.
fn read_header(header: &str) -> Option<(&str, Vec<Vec<u8>>)> {
    let mut time = None;
    let mut signatures = Vec::new();
    for part in header.split(',') {
        match part.trim().split_once('=') {
            Some(("t", _)) if time.is_some() => return None,
            Some(("t", value)) => time = Some(value),
            Some(("v1", value)) if signatures.len() < MOST_SIGNATURES => {
                signatures.extend(HEXLOWER_PERMISSIVE.decode(value.as_bytes()).ok());
            }
            _ => {}
        }
    }
    Some((time?, signatures))
}

/// Tolerant on purpose: an endpoint may be set to another API version than the one this shop speaks.
pub(super) fn read_event(body: &[u8], signed_at: Instant) -> Option<ProviderEvent> {
    let event: Value = serde_json::from_slice(body).ok()?;
    let text = |value: &Value| value.as_str().filter(|text| !text.is_empty()).map(str::to_owned);
    let id = text(&event["id"])?;
    let name = text(&event["type"])?;
    let object = &event["data"]["object"];
    let own_id = || text(&object["id"]);
    let intent = || text(&object["payment_intent"]).or_else(|| text(&object["payment_intent"]["id"]));
    let (session_reference, payment_reference) = match object["object"].as_str() {
        Some("checkout.session") => (own_id(), intent()),
        Some("payment_intent") => (None, own_id()),
        _ => (None, intent()),
    };
    let order = [&object["metadata"]["order"], &object["client_reference_id"]].iter().find_map(|value| value.as_str()?.parse().ok());
    let occurred_at = event["created"].as_i64().map_or(signed_at, Instant::from_unix);
    Some(ProviderEvent { id, kind: kind(&name), session_reference, payment_reference, order, occurred_at })
}

fn kind(name: &str) -> EventKind {
    match name {
        "checkout.session.completed" => EventKind::SessionCompleted,
        "checkout.session.expired" => EventKind::SessionExpired,
        "checkout.session.async_payment_succeeded" | "payment_intent.succeeded" => EventKind::PaymentSucceeded,
        "checkout.session.async_payment_failed" | "payment_intent.payment_failed" => EventKind::PaymentFailed,
        "charge.refunded" | "charge.refund.updated" | "refund.created" | "refund.updated" | "refund.failed" => EventKind::Refunded,
        other => EventKind::Other(other.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: i64 = 1_800_000_000;

    fn sign(secret: &str, time: &str, body: &[u8]) -> String {
        let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).unwrap();
        mac.update(format!("{time}.").as_bytes());
        mac.update(body);
        data_encoding::HEXLOWER.encode(&mac.finalize().into_bytes())
    }

    fn check(secrets: &[&str], body: &[u8], header: &str) -> Result<ProviderEvent, WebhookError> {
        let secrets: Vec<SecretString> = secrets.iter().map(|secret| SecretString::from(*secret)).collect();
        verify(&secrets, body, header, Instant::from_unix(NOW))
    }

    #[test]
    fn any_secret_and_any_signature_of_scheme_one_will_do() {
        let body = br#"{"id":"evt_1","type":"checkout.session.completed","created":5,"data":{"object":{"object":"checkout.session","id":"cs_1","payment_intent":"pi_1"}}}"#;
        let header = format!("t={NOW},v0=00,v1=zz,v1={},v1={}", "0".repeat(64), sign("new", &NOW.to_string(), body));
        let event = check(&["old", "new"], body, &header).unwrap();
        assert_eq!((event.id.as_str(), event.kind), ("evt_1", EventKind::SessionCompleted));
        assert_eq!((event.session_reference.as_deref(), event.payment_reference.as_deref()), (Some("cs_1"), Some("pi_1")));
        assert_eq!(event.occurred_at, Instant::from_unix(5));
    }

    #[test]
    fn forgeries_are_refused() {
        let body = br#"{"id":"evt_1","type":"x"}"#;
        let good = sign("s", &NOW.to_string(), body);
        let shorter = &good[..62];
        let other_scheme = format!("t={NOW},v0={good}");
        for header in [
            "",
            "t=",
            "v1=",
            &format!("v1={good}"),
            &format!("t={NOW}"),
            &other_scheme,
            &format!("t={NOW},v1={shorter}"),
            &format!("t={},v1={good}", NOW + 1),
            &format!("t={NOW},t={NOW},v1={good}"),
        ] {
            assert_eq!(check(&["s"], body, header), Err(WebhookError::Signature), "{header}");
        }
        let header = format!("t={NOW},v1={good}");
        assert_eq!(check(&["s"], br#"{"id":"evt_1","type":"y"}"#, &header), Err(WebhookError::Signature));
        assert_eq!(check(&[], body, &header), Err(WebhookError::Signature));
        let unkeyed = format!("t={NOW},v1={}", sign("", &NOW.to_string(), body));
        assert_eq!(check(&[""], body, &unkeyed), Err(WebhookError::Signature), "an unset secret must not let everybody in");
    }

    #[test]
    fn old_and_future_signatures_are_refused_and_the_edge_is_not() {
        let body = br#"{"id":"evt_1","type":"x"}"#;
        for (offset, fine) in [(-300, true), (300, true), (-301, false), (301, false)] {
            let time = (NOW + offset).to_string();
            let found = check(&["s"], body, &format!("t={time},v1={}", sign("s", &time, body)));
            assert_eq!(found.is_ok(), fine, "{offset}");
            assert!(fine || found == Err(WebhookError::Timestamp));
        }
    }

    #[test]
    fn signed_nonsense_is_malformed() {
        for body in [&b"not json"[..], b"{}", br#"{"id":7,"type":"x"}"#, b"\xff\xfe"] {
            let header = format!("t={NOW},v1={}", sign("s", &NOW.to_string(), body));
            assert_eq!(check(&["s"], body, &header), Err(WebhookError::Malformed));
        }
    }
}
