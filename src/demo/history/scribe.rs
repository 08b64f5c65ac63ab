//! What shoppers did: they opened accounts, filled carts, ordered and paid, each through the door of its room.

use std::collections::HashMap;
use std::sync::Arc;

use anyhow::Context;
use sqlx::PgConnection;

use super::plan::{Plan, Sale};
use super::steps::Step;
use super::wares::Basket;
use crate::app::App;
use crate::base::{Actor, CartId, CustomerId, Email, FulfilmentId, Handle, Instant, Language, LocationId, OrderId, StaffId, VariantId, ids};
use crate::cart;
use crate::catalog;
use crate::checkout;
use crate::checkout::Placing;
use crate::customers;
use crate::customers::Application;
use crate::inventory;
use crate::inventory::Note;
use crate::markets::Market;
use crate::newsletter;
use crate::newsletter::Asked;
use crate::orders;
use crate::orders::Consent;
use crate::payments;
use crate::payments::{Choice, Method, Providers};
use crate::platform::secrets;
use crate::pricing::{Quote, Rules};
use crate::staff;
use crate::staff::{Member, Role};
use crate::web::words;

/// From the payment page to the answer of the provider.
const PAYING_SECONDS: i64 = 75;
/// From asking for a letter to pressing its button.
const READING_SECONDS: i64 = 150;
/// Where all the invented shoppers sit (RFC 5737).
const FROM: &str = "192.0.2.7";

/// Does the steps of a plan, one after the other, on one connection.
pub struct Scribe<'a> {
    pub(super) db: &'a mut PgConnection,
    pub(super) plan: &'a Plan,
    pub(super) providers: Providers,
    pub(super) clerk: StaffId,
    /// By place in the plan.
    pub(super) orders: HashMap<usize, OrderId>,
    pub(super) parcels: HashMap<usize, Vec<FulfilmentId>>,
    rules: Arc<Rules>,
    market: Market,
    location: LocationId,
    /// Id and public number of every ware.
    variants: Vec<(VariantId, i64)>,
    customers: HashMap<usize, CustomerId>,
    carts: HashMap<usize, CartId>,
    /// Of a password that nobody knows: it is hashed once, for hashing is meant to be slow.
    password_hash: String,
}

impl<'a> Scribe<'a> {
    pub async fn new(app: &App, db: &'a mut PgConnection, plan: &'a Plan) -> anyhow::Result<Self> {
        let rules = app.rules();
        let market = rules.markets.first().context("the demo has a market")?.clone();
        let variants = variants(&mut *db, plan, &market, app.now()).await?;
        let location = inventory::default_location(&mut *db).await?;
        let began = plan.steps.first().map_or_else(|| app.now(), |(at, _)| *at);
        let clerk = hire(&mut *db, began).await?;
        Ok(Self {
            db,
            plan,
            providers: app.providers(),
            clerk,
            orders: HashMap::new(),
            parcels: HashMap::new(),
            rules,
            market,
            location,
            variants,
            customers: HashMap::new(),
            carts: HashMap::new(),
            password_hash: secrets::hash_password(secrets::token()).await?,
        })
    }

    /// Does one step as of its moment.
    pub async fn perform(&mut self, step: Step, at: Instant) -> anyhow::Result<()> {
        match step {
            Step::SignUp(person) => self.sign_up(person, at).await,
            Step::Subscribe { person, confirms } => self.subscribe(person, confirms, at).await,
            Step::Fill(left) => {
                let (person, basket) = &self.plan.left[left];
                self.fill(*person, basket, at).await.map(drop)
            }
            Step::Buy(sale) => self.buy(sale, at).await,
            Step::Decline(sale) => self.decline(sale, at).await,
            Step::Leave(sale) => self.place(sale, at).await.map(drop),
            Step::Expire(sale) => self.pay(sale, Choice::Expire, at).await,
            Step::Receive { ware, qty } => self.supply(ware, qty, "From the workshop", at).await,
            Step::Finish { ware } => self.supply(ware, 1, "Made to order", at).await,
            Step::SortOut { ware, qty } => self.supply(ware, -qty, "Came back with a mark, sold in the workshop", at).await,
            Step::Book { .. } | Step::Ship { .. } | Step::Deliver { .. } | Step::Cancel(_) | Step::Refund(_) | Step::Note { .. } => {
                self.at_the_desk(step, at).await
            }
        }
        .with_context(|| format!("{step:?} at {at}"))
    }

    /// An account, confirmed by its letter; what was bought as a guest before belongs to it then.
    async fn sign_up(&mut self, person: usize, at: Instant) -> anyhow::Result<()> {
        let who = &self.plan.people[person];
        let application = Application {
            name: who.address.name.clone(),
            email: who.email.clone(),
            password_hash: self.password_hash.clone(),
            prefix: String::new(),
        };
        let id = customers::sign_up(&mut *self.db, &application, at).await?.context("the address is new")?;
        let account = customers::find(&mut *self.db, id).await?.context("the account was just made")?;
        let token = customers::issue_verification(&mut *self.db, &account, &who.email, at).await?;
        let account = customers::verify(&mut *self.db, &token, "", at.plus_seconds(READING_SECONDS)).await?.context("the link is fresh")?;
        orders::attach_guest_orders(&mut *self.db, id, &account.email_key).await?;
        customers::save_address(&mut *self.db, id, None, &who.address, true, at.plus_seconds(READING_SECONDS)).await?;
        self.customers.insert(person, id);
        Ok(())
    }

    /// Asked for at the foot of the home page; confirmed by its letter.
    async fn subscribe(&mut self, person: usize, confirms: bool, at: Instant) -> anyhow::Result<()> {
        let asked = Asked {
            email: self.plan.people[person].email.clone(),
            prefix: String::new(),
            source: "/".into(),
            text: words::text(Language::english(), "newsletter-form-promise", &[]),
            ip: FROM.into(),
            at,
            request: ids::v7(at),
        };
        // Who subscribes twice gets no second letter.
        if let Some((_, token)) = newsletter::ask(&mut *self.db, &asked, Language::english(), at).await?
            && confirms
        {
            newsletter::confirm(&mut *self.db, &token, FROM, at.plus_seconds(READING_SECONDS)).await?;
        }
        Ok(())
    }

    async fn fill(&mut self, person: usize, basket: &Basket, at: Instant) -> anyhow::Result<CartId> {
        let customer = self.customers.get(&person).copied();
        let (cart, _) = cart::create(&mut *self.db, self.market.id, Language::english(), customer, at).await?;
        // One after another, as hands do: what is put in at the same moment has no order, and the first line is the one given back.
        for (place, (ware, qty)) in (1..).zip(basket) {
            cart::add(&mut *self.db, cart, self.variants[*ware].1, &[], *qty, at.plus_seconds(place)).await??;
        }
        Ok(cart)
    }

    async fn buy(&mut self, number: usize, at: Instant) -> anyhow::Result<()> {
        self.place(number, at).await?;
        if self.plan.sales[number].fate.is_transfer() { Ok(()) } else { self.pay(number, Choice::Pay, at.plus_seconds(PAYING_SECONDS)).await }
    }

    /// The order ends, its cart is open again and becomes the next order.
    async fn decline(&mut self, number: usize, at: Instant) -> anyhow::Result<()> {
        self.place(number, at).await?;
        self.pay(number, Choice::Decline, at.plus_seconds(PAYING_SECONDS)).await
    }

    async fn place(&mut self, number: usize, at: Instant) -> anyhow::Result<()> {
        let sale = &self.plan.sales[number];
        let cart = match self.carts.get(&number) {
            Some(cart) => *cart,
            None => self.fill(sale.buyer, &sale.basket, at.plus_seconds(-240)).await?,
        };
        self.carts.insert(number, cart);
        let quote = self.quote(sale, cart, at).await?;
        let customer = self.customers.get(&sale.buyer).copied();
        let person = &self.plan.people[sale.buyer];
        let placing = Placing {
            cart,
            language: Language::english(),
            customer,
            email: person.email.clone(),
            shipping: person.address.clone(),
            billing: person.address.clone(),
            method: quote.delivery.as_ref().map(|delivery| delivery.offer.method),
            payment: if sale.fate.is_transfer() { Method::BankTransfer } else { Method::Test },
            expected_total: quote.total.minor(),
            consents: vec![consent("terms", "checkout-terms", true, at), consent("news", "checkout-news", false, at)],
            note: sale.words.to_owned(),
            // No money moved, whatever mode the shop is in.
            is_test: true,
        };
        let actor = customer.map_or(Actor::Guest, Actor::Customer);
        let placed = checkout::place(&mut *self.db, &self.rules, &placing, actor, at).await?;
        self.orders.insert(number, placed.order);
        Ok(())
    }

    /// What the checkout page showed.
    async fn quote(&mut self, sale: &Sale, cart: CartId, at: Instant) -> anyhow::Result<Quote> {
        let address = &self.plan.people[sale.buyer].address;
        let contents = cart::contents(&mut *self.db, cart, Language::english(), &self.market, at).await?;
        let quote = |method| cart::quote(&self.rules, &self.market, &contents, address.country, &address.postcode, method, at);
        let first = quote(None).context("the demo delivers there")?;
        match first.offers.iter().find(|offer| sale.is_express && offer.name == "Express") {
            Some(express) => quote(Some(express.method)).context("the demo delivers there"),
            None => Ok(first),
        }
    }

    /// The shopper decides on the payment page, and the shop writes down what the provider says.
    async fn pay(&mut self, number: usize, choice: Choice, at: Instant) -> anyhow::Result<()> {
        let order = orders::find(&mut *self.db, self.orders[&number]).await?.context("an order of this history")?;
        let payment = payments::latest(&mut *self.db, order.id).await?.context("it waits for its payment")?;
        let request = checkout::session_request(&mut *self.db, &self.providers.origin, &order, &payment).await?;
        let standing = payments::visit(&mut *self.db, &request, &self.providers.origin, choice, at).await?;
        orders::settle(&mut *self.db, payment.id, &standing, Actor::Provider, at).await?;
        Ok(())
    }

    /// Pieces come to the shelf, or (negative) leave it unsold.
    async fn supply(&mut self, ware: usize, qty: i32, reason: &str, at: Instant) -> anyhow::Result<()> {
        let note = Note { reason, actor: Actor::Staff(self.clerk), at, low_stock: self.rules.shop.low_stock };
        let variant = self.variants[ware].0;
        if qty < 0 {
            inventory::adjust(&mut *self.db, variant, self.location, qty, &note).await?;
        } else {
            inventory::receive(&mut *self.db, variant, self.location, qty, &note).await?;
        }
        Ok(())
    }
}

/// Who packs the parcels. The account has no password: nobody signs in with it until an owner sends an invitation.
async fn hire(db: &mut PgConnection, at: Instant) -> anyhow::Result<StaffId> {
    let email = Email::parse("nuala@example.com").context("an address")?;
    let id = StaffId::fresh(at);
    let member = Member {
        id,
        name: "Nuala Joyce".into(),
        email,
        role: Role::Clerk,
        is_active: true,
        has_password: false,
        has_factor: false,
        version: 1,
        created_at: at,
    };
    anyhow::ensure!(staff::insert(&mut *db, &member, None).await?, "somebody else has the clerk's address");
    staff::audit(db, Actor::System, "invite", "staff", &id.to_string(), None, Some(serde_json::json!({ "name": member.name })), at).await?;
    Ok(id)
}

/// Ids and public numbers of the wares, in their order.
async fn variants(db: &mut PgConnection, plan: &Plan, market: &Market, as_of: Instant) -> anyhow::Result<Vec<(VariantId, i64)>> {
    let mut known: HashMap<String, (VariantId, i64)> = HashMap::new();
    let mut handles: Vec<&str> = plan.wares.iter().map(|ware| ware.handle).collect();
    handles.dedup();
    for handle in handles {
        let handle = Handle::of_title(handle, handle);
        let product = catalog::by_handle(&mut *db, Language::english(), market.id, &handle, as_of).await?.context("a product of the demo")?;
        known.extend(product.variants.into_iter().filter_map(|variant| Some((variant.sku?, (variant.id, variant.number)))));
    }
    plan.wares.iter().map(|ware| known.get(&ware.sku).copied().with_context(|| format!("{} is on the shelves", ware.sku))).collect()
}

fn consent(kind: &str, key: &str, given: bool, at: Instant) -> Consent {
    let text = words::text(Language::english(), key, &[]);
    Consent { kind: kind.to_owned(), text_hash: secrets::fingerprint(text.as_bytes()), given, at, language: Language::english() }
}
