//! What the stand-in remembers, and its rules: a session is paid once, a refund never exceeds what was taken.

use std::collections::{BTreeMap, HashMap};

use serde_json::{Map, Value, json};

pub struct SessionRow {
    pub id: String,
    pub amount: i64,
    pub currency: String,
    pub order: Option<String>,
    pub metadata: Map<String, Value>,
    pub email: Option<String>,
    pub lines: Vec<String>,
    pub status: &'static str,
    pub intent: Option<String>,
    pub expires_at: i64,
    pub success_url: String,
    pub cancel_url: String,
}

pub struct IntentRow {
    pub amount: i64,
    pub capturable: i64,
    pub received: i64,
    pub refunded: i64,
    pub currency: String,
    pub status: &'static str,
    pub metadata: Map<String, Value>,
}

pub struct RefundRow {
    pub intent: String,
    pub amount: i64,
    pub currency: String,
    pub metadata: Map<String, Value>,
    pub status: String,
}

pub struct World {
    pub sessions: BTreeMap<String, SessionRow>,
    pub intents: BTreeMap<String, IntentRow>,
    pub refunds: BTreeMap<String, RefundRow>,
    /// Idempotency key → (request, answer).
    pub keys: HashMap<String, (String, Value)>,
    pub webhook_secret: String,
    pub webhook_url: Option<String>,
    pub hold: bool,
    pub held: Vec<(Vec<u8>, String)>,
    pub drop_answers: u32,
    pub answer_after: std::time::Duration,
    pub fail_next: (u32, u16),
    pub refund_status: String,
    pub shift: i64,
    base_url: String,
    templates: Value,
    serial: u32,
}

/// Complete objects to patch (`stripe/fixtures3.json` of the shared data).
pub fn fixtures() -> Option<Value> {
    let folder = std::env::var("WHARF_SHARED").unwrap_or_else(|_| "../shared".into());
    let text = ["data/stripe/fixtures3.json", "stripe/fixtures3.json"].iter().find_map(|file| std::fs::read(format!("{folder}/{file}")).ok())?;
    let mut all: Value = serde_json::from_slice(&text).expect("fixtures are JSON");
    Some(all["resources"].take())
}

impl World {
    pub fn new(webhook_secret: &str, base_url: &str, templates: Value) -> Self {
        Self {
            sessions: BTreeMap::new(),
            intents: BTreeMap::new(),
            refunds: BTreeMap::new(),
            keys: HashMap::new(),
            webhook_secret: webhook_secret.to_owned(),
            webhook_url: None,
            hold: false,
            held: Vec::new(),
            drop_answers: 0,
            answer_after: std::time::Duration::ZERO,
            fail_next: (0, 500),
            refund_status: "succeeded".to_owned(),
            shift: 0,
            base_url: base_url.to_owned(),
            templates,
            serial: 0,
        }
    }

    pub fn now(&self) -> i64 {
        jiff::Timestamp::now().as_second() + self.shift
    }

    /// Sorts by creation, so that the last key is the latest.
    pub fn fresh(&mut self, prefix: &str) -> String {
        self.serial += 1;
        format!("{prefix}_{:08}", self.serial)
    }

    /// Sessions end by themselves, and nobody is told.
    pub fn pass_time(&mut self) {
        let now = self.now();
        for session in self.sessions.values_mut().filter(|session| session.status == "open" && session.expires_at <= now) {
            session.status = "expired";
        }
    }

    pub fn pay(&mut self, session: &str, other: Option<i64>) -> bool {
        if !self.complete(session, "succeeded") {
            return false;
        }
        if let Some(units) = other {
            let intent = self.intent_of(session);
            (intent.amount, intent.received) = (units, units);
        }
        true
    }

    /// Ends an open session with its payment in `status`.
    pub fn complete(&mut self, session: &str, status: &'static str) -> bool {
        let Some(amount) = self.attempt(session) else { return false };
        let intent = self.intent_of(session);
        intent.status = status;
        intent.received = if status == "succeeded" { amount } else { 0 };
        intent.capturable = if status == "requires_capture" { amount } else { 0 };
        self.sessions.get_mut(session).expect("attempted").status = "complete";
        true
    }

    pub fn decline(&mut self, session: &str) -> bool {
        self.attempt(session).is_some()
    }

    pub fn settle(&mut self, session: &str, good: bool) -> bool {
        if self.sessions.get(session).is_none_or(|row| row.status != "complete") || self.intent_of(session).status != "processing" {
            return false;
        }
        let intent = self.intent_of(session);
        intent.status = if good { "succeeded" } else { "requires_payment_method" };
        intent.received = if good { intent.amount } else { 0 };
        true
    }

    pub fn expire(&mut self, session: &str) -> bool {
        self.pass_time();
        let Some(row) = self.sessions.get_mut(session).filter(|row| row.status == "open") else { return false };
        row.status = "expired";
        true
    }

    /// As at Stripe, the payment comes to be with the first attempt to pay.
    fn attempt(&mut self, session: &str) -> Option<i64> {
        self.pass_time();
        let row = self.sessions.get(session).filter(|row| row.status == "open")?;
        let (amount, currency, metadata, known) = (row.amount, row.currency.clone(), row.metadata.clone(), row.intent.is_some());
        if !known {
            let id = self.fresh("pi");
            let status = "requires_payment_method";
            self.intents.insert(id.clone(), IntentRow { amount, capturable: 0, received: 0, refunded: 0, currency, status, metadata });
            self.sessions.get_mut(session).expect("just seen").intent = Some(id);
        }
        Some(amount)
    }

    fn intent_of(&mut self, session: &str) -> &mut IntentRow {
        let id = self.sessions[session].intent.as_ref().expect("an attempt was made");
        self.intents.get_mut(id).expect("sessions name known payments")
    }

    // Objects as Stripe writes them.

    pub fn session(&self, id: &str, expand: bool) -> Value {
        let row = &self.sessions[id];
        let intent = row.intent.as_ref().map(|intent| if expand { self.intent(intent) } else { json!(intent) });
        let paid = row.status == "complete" && row.intent.as_ref().is_some_and(|intent| self.intents[intent].status == "succeeded");
        patched(
            &self.templates["checkout.session"],
            json!({
                "id": id, "amount_subtotal": row.amount, "amount_total": row.amount, "currency": row.currency, "status": row.status,
                "payment_status": if paid { "paid" } else { "unpaid" }, "payment_intent": intent, "metadata": row.metadata,
                "client_reference_id": row.order, "customer_email": row.email, "expires_at": row.expires_at, "created": self.now(),
                "success_url": row.success_url, "cancel_url": row.cancel_url,
                "url": (row.status == "open").then(|| format!("{}/pay/{id}", self.base_url)),
                "shipping_cost": null, "shipping_address_collection": null, "currency_conversion": null, "after_expiration": null,
                "collected_information": null, "customer_details": null, "invoice_creation": null, "managed_payments": null,
                "adaptive_pricing": { "enabled": false }, "allow_promotion_codes": false, "ui_mode": "hosted_page",
                "total_details": { "amount_discount": 0, "amount_shipping": 0, "amount_tax": 0 },
            }),
        )
    }

    pub fn intent(&self, id: &str) -> Value {
        let row = &self.intents[id];
        let declined = row.status == "requires_payment_method";
        patched(
            &self.templates["payment_intent"],
            json!({
                "id": id, "amount": row.amount, "amount_capturable": row.capturable, "amount_received": row.received, "currency": row.currency,
                "status": row.status, "metadata": row.metadata, "client_secret": format!("{id}_secret"), "canceled_at": null,
                "last_payment_error": declined.then(|| json!({
                    "type": "card_error", "code": "card_declined", "decline_code": "generic_decline", "message": "Your card was declined.",
                })),
                "next_action": null, "processing": null, "shipping": null, "transfer_data": null, "managed_payments": null,
            }),
        )
    }

    pub fn refund(&self, id: &str) -> Value {
        let row = &self.refunds[id];
        patched(
            &self.templates["refund"],
            json!({
                "id": id, "amount": row.amount, "currency": row.currency, "payment_intent": row.intent, "metadata": row.metadata, "status": row.status,
                "failure_reason": (row.status == "failed").then_some("lost_or_stolen_card"),
            }),
        )
    }

    pub fn event(&mut self, session: &str, kind: &str) -> Value {
        let id = self.fresh("evt");
        let about_payment = kind.starts_with("payment_intent.");
        let intent = self.sessions[session].intent.clone().filter(|_| about_payment);
        let object = intent.map_or_else(|| self.session(session, false), |intent| self.intent(&intent));
        patched(&self.templates["event"], json!({ "id": id, "type": kind, "created": self.now(), "data": { "object": object } }))
    }
}

fn patched(template: &Value, with: Value) -> Value {
    let mut object = template.clone();
    let (Value::Object(fields), Value::Object(with)) = (&mut object, with) else { panic!("templates and patches are objects") };
    fields.extend(with);
    object
}
