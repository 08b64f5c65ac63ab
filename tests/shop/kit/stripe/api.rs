//! The API of the stand-in: the calls that the shop makes, refused where Stripe refuses.

use std::collections::BTreeMap;
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::http::{Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value, json};
use wharf::base::Currency;

use super::world::{IntentRow, RefundRow, SessionRow, World};
use super::{FakeStripe, SECRET_KEY};

/// Form fields by their written names (`line_items[0][quantity]`).
type Fields = BTreeMap<String, String>;
type Answer = Result<Value, (u16, Value)>;

pub fn routes() -> Router<FakeStripe> {
    Router::new().route("/v1/{*path}", axum::routing::any(call))
}

async fn call(State(fake): State<FakeStripe>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let Ok(body) = axum::body::to_bytes(body, 1 << 20).await else { return StatusCode::BAD_REQUEST.into_response() };
    let text = |name: &str| parts.headers.get(name).and_then(|value| value.to_str().ok());
    if text("authorization") != Some(&format!("Bearer {SECRET_KEY}")) {
        return answer(Err(refusal(401, "invalid_request_error", None, "Invalid API Key provided")));
    }
    let key = text("idempotency-key").filter(|_| parts.method == Method::POST).map(str::to_owned);
    let (reply, wait) = work(&fake, &parts, key, &body);
    tokio::time::sleep(wait).await;
    reply
}

/// Does the call; its answer, and how long that is to take.
fn work(fake: &FakeStripe, parts: &axum::http::request::Parts, key: Option<String>, body: &Bytes) -> (Response, Duration) {
    let mut world = fake.world();
    if world.fail_next.0 > 0 {
        world.fail_next.0 -= 1;
        let status = world.fail_next.1;
        return (answer(Err(refusal(status, "api_error", None, "Something went wrong on Stripe's end"))), Duration::ZERO);
    }
    world.pass_time();
    let sent = format!("{}&{}", parts.uri.query().unwrap_or_default(), String::from_utf8_lossy(body));
    let fields: Fields = reqwest::Url::parse(&format!("http://form/?{sent}")).map(|url| url.query_pairs().into_owned().collect()).unwrap_or_default();
    let asked = format!("{} {fields:?}", parts.uri.path());
    let found = match key.as_ref().and_then(|key| world.keys.get(key)) {
        Some((before, reply)) if *before == asked => Ok(reply.clone()),
        Some(_) => Err(refusal(400, "idempotency_error", None, "Keys for idempotent requests can only be used with the same parameters")),
        None => {
            let found = act(fake, &mut world, &parts.method, parts.uri.path(), &fields);
            if let (Some(key), Ok(reply)) = (key, &found) {
                world.keys.insert(key, (asked, reply.clone()));
            }
            found
        }
    };
    if world.drop_answers > 0 {
        world.drop_answers -= 1;
        let broken = futures::stream::once(async { Err::<Bytes, _>(std::io::Error::other("dropped on purpose")) });
        return (Body::from_stream(broken).into_response(), Duration::ZERO);
    }
    (answer(found), world.answer_after)
}

fn act(fake: &FakeStripe, world: &mut World, method: &Method, path: &str, fields: &Fields) -> Answer {
    let parts: Vec<&str> = path.split('/').skip(2).collect();
    let expand = fields.iter().any(|(name, value)| name.starts_with("expand[") && value == "payment_intent");
    let known = match parts.as_slice() {
        ["checkout", "sessions", id, ..] => world.sessions.contains_key(*id),
        ["payment_intents", id, ..] => world.intents.contains_key(*id),
        ["refunds", id, ..] => world.refunds.contains_key(*id),
        _ => true,
    };
    if !known {
        return Err(refusal(404, "invalid_request_error", Some("resource_missing"), "No such object"));
    }
    match (method.as_str(), parts.as_slice()) {
        ("POST", ["checkout", "sessions"]) => create_session(world, fields),
        ("GET", ["checkout", "sessions", id]) => Ok(world.session(id, expand)),
        ("POST", ["checkout", "sessions", id, "expire"]) => {
            if !world.expire(id) {
                return Err(invalid("Only Checkout Sessions with a status in [\"open\"] can be expired."));
            }
            let (fake, message) = (fake.clone(), signed(world, id, "checkout.session.expired"));
            tokio::spawn(async move { fake.deliver(message).await });
            Ok(world.session(id, expand))
        }
        ("GET", ["payment_intents", id]) => Ok(world.intent(id)),
        ("POST", ["payment_intents", id, "capture"]) => {
            let intent = waiting(world, id)?;
            let amount = number(fields, "amount_to_capture")?;
            if amount <= 0 || amount > intent.capturable {
                return Err(invalid("The amount to capture is greater than the amount that can be captured"));
            }
            (intent.status, intent.received, intent.capturable) = ("succeeded", amount, 0);
            Ok(world.intent(id))
        }
        ("POST", ["payment_intents", id, "cancel"]) => {
            let intent = waiting(world, id)?;
            (intent.status, intent.capturable) = ("canceled", 0);
            Ok(world.intent(id))
        }
        ("POST", ["refunds"]) => create_refund(world, fields),
        ("GET", ["refunds", id]) => Ok(world.refund(id)),
        ("GET", ["refunds"]) => {
            let of = |id: &&String| fields.get("payment_intent").is_none_or(|intent| world.refunds[*id].intent == *intent);
            let data: Vec<Value> = world.refunds.keys().rev().filter(of).map(|id| world.refund(id)).collect();
            Ok(json!({ "object": "list", "data": data, "has_more": false, "url": "/v1/refunds" }))
        }
        _ => Err(refusal(404, "invalid_request_error", None, "Unrecognized request URL")),
    }
}

fn signed(world: &mut World, session: &str, kind: &str) -> (Vec<u8>, String) {
    let body = world.event(session, kind).to_string().into_bytes();
    let header = super::sign(&world.webhook_secret, world.now(), &body);
    (body, header)
}

fn create_session(world: &mut World, fields: &Fields) -> Answer {
    let given = |name: &str| fields.get(name).cloned();
    let needed = |name: &str| given(name).ok_or_else(|| invalid(&format!("Missing required param: {name}.")));
    let (success_url, cancel_url) = (needed("success_url")?, needed("cancel_url")?);
    if needed("mode")? != "payment" || given("automatic_tax[enabled]").is_some_and(|on| on == "true") {
        return Err(invalid("This stand-in knows payments of fixed totals only"));
    }
    let expires_at = number(fields, "expires_at")?;
    if !(30 * 60..=24 * 3600).contains(&(expires_at - world.now())) {
        return Err(invalid("The `expires_at` timestamp must be 30 minutes to 24 hours ahead (of the stand-in's clock, see shift_clock)"));
    }
    let (mut amount, mut lines, mut currency) = (0, Vec::new(), String::new());
    for at in (0..).take_while(|at| fields.contains_key(&format!("line_items[{at}][quantity]"))) {
        let (each, qty) =
            (number(fields, &format!("line_items[{at}][price_data][unit_amount]"))?, number(fields, &format!("line_items[{at}][quantity]"))?);
        let (name, its) =
            (needed(&format!("line_items[{at}][price_data][product_data][name]"))?, needed(&format!("line_items[{at}][price_data][currency]"))?);
        if each < 0 || qty < 1 || name.is_empty() || at >= 100 || (at > 0 && its != currency) {
            return Err(invalid("Invalid line item"));
        }
        amount += each * qty;
        lines.push(format!("{qty} × {name}"));
        currency = its;
    }
    if let Some(problem) = unchargeable(amount, &currency) {
        return Err(problem);
    }
    let id = world.fresh("cs_test");
    let row = SessionRow {
        id: id.clone(),
        amount,
        currency,
        order: given("client_reference_id"),
        metadata: metadata(fields, "metadata["),
        email: given("customer_email"),
        lines,
        status: "open",
        intent: None,
        expires_at,
        success_url,
        cancel_url,
    };
    world.sessions.insert(id.clone(), row);
    Ok(world.session(&id, false))
}

/// Stripe's rules for `amount` by currency: minimum, three-decimal and former decimal currencies.
fn unchargeable(units: i64, code: &str) -> Option<(u16, Value)> {
    let currency = Currency::parse(&code.to_ascii_uppercase()).filter(|currency| currency.stripe_multiplier().is_some());
    let Some(currency) = currency else { return Some(invalid("Invalid currency")) };
    let step = match code {
        "isk" | "ugx" => 100,
        "bhd" | "jod" | "kwd" | "omr" | "tnd" => 10,
        _ => 1,
    };
    let minimum = currency.stripe_minimum().unwrap_or_default() * rust_decimal::Decimal::from(currency.stripe_multiplier().unwrap_or(1));
    if units <= 0 || rust_decimal::Decimal::from(units) < minimum {
        return Some(refusal(400, "invalid_request_error", Some("amount_too_small"), "The total amount due is too small"));
    }
    (units % step != 0).then(|| invalid("Invalid amount for this currency"))
}

fn create_refund(world: &mut World, fields: &Fields) -> Answer {
    let id = fields.get("payment_intent").filter(|id| world.intents.contains_key(*id)).ok_or_else(|| invalid("No such payment_intent"))?.clone();
    let intent = &world.intents[&id];
    let left = intent.received - intent.refunded;
    let amount = number(fields, "amount").unwrap_or(left);
    if left == 0 && intent.received > 0 {
        return Err(refusal(400, "invalid_request_error", Some("charge_already_refunded"), "Charge has already been refunded."));
    }
    if amount <= 0 || amount > left {
        return Err(invalid(&format!("Refund amount ({amount}) is greater than unrefunded amount on charge ({left})")));
    }
    let (currency, status, name) = (intent.currency.clone(), world.refund_status.clone(), world.fresh("re"));
    if status != "failed" {
        world.intents.get_mut(&id).expect("just seen").refunded += amount;
    }
    world.refunds.insert(name.clone(), RefundRow { intent: id, amount, currency, metadata: metadata(fields, "metadata["), status });
    Ok(world.refund(&name))
}

fn waiting<'a>(world: &'a mut World, id: &str) -> Result<&'a mut IntentRow, (u16, Value)> {
    let intent = world.intents.get_mut(id).expect("looked up before");
    if intent.status == "requires_capture" {
        return Ok(intent);
    }
    Err(refusal(400, "invalid_request_error", Some("payment_intent_unexpected_state"), "This PaymentIntent's status does not allow that"))
}

fn metadata(fields: &Fields, prefix: &str) -> Map<String, Value> {
    fields.iter().filter_map(|(name, value)| Some((name.strip_prefix(prefix)?.strip_suffix(']')?.to_owned(), json!(value)))).collect()
}

fn number(fields: &Fields, name: &str) -> Result<i64, (u16, Value)> {
    fields.get(name).and_then(|text| text.parse().ok()).ok_or_else(|| invalid(&format!("Invalid integer: {name}")))
}

fn invalid(message: &str) -> (u16, Value) {
    refusal(400, "invalid_request_error", None, message)
}

fn refusal(status: u16, kind: &str, code: Option<&str>, message: &str) -> (u16, Value) {
    (status, json!({ "error": { "type": kind, "code": code, "message": message } }))
}

fn answer(found: Answer) -> Response {
    let (status, body) = found.map_or_else(|refused| refused, |done| (200, done));
    let status = StatusCode::from_u16(status).expect("a status");
    (status, [(header::CONTENT_TYPE, "application/json")], body.to_string()).into_response()
}
