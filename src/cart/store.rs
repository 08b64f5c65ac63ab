//! SQL of the carts.

use sqlx::types::Json;
use sqlx::{PgConnection, PgExecutor};

use super::contents::CartLine;
use crate::base::{CartId, CartLineId, CustomerId, Email, Instant, Language, MarketId, PriceListId, VariantId};
use crate::customers;
use crate::platform::secrets;

/// How long a browser keeps its cart.
pub const COOKIE_SECONDS: i64 = 60 * 86_400;

#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Cart {
    pub id: CartId,
    pub market_id: MarketId,
    pub language: Language,
    pub customer_id: Option<CustomerId>,
    /// `active`, `completing` (an order waits for its payment), `completed`.
    pub status: String,
    /// What was typed at checkout so far: name and value of each field.
    pub draft: Json<Vec<(String, String)>>,
}

/// Why a line was not added or changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AddRefused {
    #[error("no such variant")]
    Unknown,
    #[error("no variant with this choice")]
    NoSuchChoice,
    #[error("too many different things")]
    TooManyLines,
    #[error("the cart is being paid")]
    BeingPaid,
}

/// Who a visitor's cookies belong to, and how much is in the cart.
#[derive(Debug, Clone, Default, sqlx::FromRow)]
pub struct Resolved {
    pub cart: Option<CartId>,
    pub count: i64,
    pub customer_id: Option<CustomerId>,
    pub customer_name: Option<String>,
    pub customer_email: Option<Email>,
    pub is_verified: bool,
    /// When the session was last noted as used.
    pub seen_at: Option<Instant>,
}

/// Both cookies in one statement.
pub async fn resolve(db: impl PgExecutor<'_>, cart_token: Option<&str>, session_token: Option<&str>, at: Instant) -> sqlx::Result<Resolved> {
    sqlx::query_as(
        "SELECT c.id AS cart,
                coalesce((SELECT sum(qty) FROM cart_lines WHERE cart_id = c.id), 0)::bigint AS count,
                u.id AS customer_id, u.name AS customer_name, u.email AS customer_email, coalesce(u.email_verified_at IS NOT NULL, false) AS is_verified,
                s.seen_at
           FROM (SELECT 1) one
           LEFT JOIN carts c ON c.token_hash = $1 AND c.status <> 'completed'
           LEFT JOIN customer_sessions s ON s.token_hash = $2 AND s.expires_at > $3 AND s.seen_at > $4
           LEFT JOIN customers u ON u.id = s.customer_id",
    )
    .bind(cart_token.map(secrets::hash))
    .bind(session_token.map(secrets::hash))
    .bind(at)
    .bind(customers::idle_since(at))
    .fetch_one(db)
    .await
}

/// A new cart and the token for its cookie.
pub async fn create(
    db: impl PgExecutor<'_>,
    market: MarketId,
    language: Language,
    customer: Option<CustomerId>,
    at: Instant,
) -> sqlx::Result<(CartId, String)> {
    let token = secrets::token();
    let id: CartId = sqlx::query_scalar(
        "INSERT INTO carts (id, token_hash, market_id, language, customer_id, draft, created_at, updated_at) VALUES ($1, $2, $3, $4, $5, '[]', $6, $6) RETURNING id",
    )
    .bind(CartId::fresh(at))
    .bind(secrets::hash(&token))
    .bind(market)
    .bind(language)
    .bind(customer)
    .bind(at)
    .fetch_one(db)
    .await?;
    Ok((id, token))
}

pub async fn find(db: impl PgExecutor<'_>, id: CartId) -> sqlx::Result<Option<Cart>> {
    sqlx::query_as("SELECT id, market_id, language, customer_id, status, draft FROM carts WHERE id = $1").bind(id).fetch_optional(db).await
}

/// A cart by its cookie, whatever has become of it.
pub async fn find_by_token(db: impl PgExecutor<'_>, token: &str) -> sqlx::Result<Option<Cart>> {
    sqlx::query_as("SELECT id, market_id, language, customer_id, status, draft FROM carts WHERE token_hash = $1")
        .bind(secrets::hash(token))
        .fetch_optional(db)
        .await
}

/// The first lock of placing an order.
pub async fn lock(db: &mut PgConnection, id: CartId) -> sqlx::Result<Option<Cart>> {
    sqlx::query_as("SELECT id, market_id, language, customer_id, status, draft FROM carts WHERE id = $1 FOR UPDATE").bind(id).fetch_optional(db).await
}

/// The lines with everything that is known of their variants as of an instant, in one statement.
pub(super) async fn lines(
    db: impl PgExecutor<'_>,
    cart: CartId,
    language: Language,
    list: PriceListId,
    as_of: Instant,
) -> sqlx::Result<Vec<CartLine>> {
    sqlx::query_as(
        "SELECT l.id, l.variant_id, l.qty, l.seen_price_minor, v.number, v.product_id, v.values, v.sku, v.weight_grams, v.requires_shipping, v.is_tracked,
                v.sells_when_empty, v.hs_code, v.origin_country, v.cost_minor, p.tax_class, t.title, h.handle, m.hash AS picture, coalesce(m.alt, '') AS picture_alt,
                r.amount_minor, r.compare_at_minor,
                coalesce((SELECT sum(on_hand - allocated) FROM stock_levels WHERE variant_id = v.id), 0)::bigint AS available,
                v.archived_at IS NULL AND p.status = 'active'
                    AND EXISTS (SELECT 1 FROM publications b WHERE b.product_id = p.id AND b.market_id = c.market_id AND b.valid @> $4) AS is_published
           FROM cart_lines l
           JOIN carts c ON c.id = l.cart_id
           JOIN variants v ON v.id = l.variant_id
           JOIN products p ON p.id = v.product_id
           JOIN LATERAL (SELECT title FROM product_texts WHERE product_id = p.id ORDER BY language = $2 DESC, language LIMIT 1) t ON true
           JOIN LATERAL (SELECT handle FROM product_handles WHERE product_id = p.id AND is_current ORDER BY language = $2 DESC, language LIMIT 1) h ON true
           LEFT JOIN LATERAL (SELECT hash, alt FROM media WHERE product_id = p.id AND state = 'ready' ORDER BY id = v.media_id DESC NULLS LAST, position LIMIT 1) m ON true
           LEFT JOIN prices r ON r.variant_id = v.id AND r.price_list_id = $3 AND r.valid @> $4
          WHERE l.cart_id = $1
          ORDER BY l.created_at, l.id",
    )
    .bind(cart)
    .bind(language)
    .bind(list)
    .bind(as_of)
    .fetch_all(db)
    .await
}

/// Notes a change of a cart under its lock; false where it may not be changed, because it is being paid.
async fn touch(db: &mut PgConnection, cart: CartId, at: Instant) -> sqlx::Result<bool> {
    let status: Option<String> = sqlx::query_scalar("UPDATE carts SET updated_at = $2, version = version + 1 WHERE id = $1 RETURNING status")
        .bind(cart)
        .bind(at)
        .fetch_optional(db)
        .await?;
    Ok(status.as_deref() == Some("active"))
}

/// Puts so many of a variant (by its public number) into a cart that is not being paid; more of what is there counts up.
///
/// `choice` holds the values of the options as they were picked, in their order: where it is not empty, the variant of
/// the same product with exactly these is meant, whichever one the page showed.
pub async fn add(db: &mut PgConnection, cart: CartId, number: i64, choice: &[String], qty: i32, at: Instant) -> sqlx::Result<Result<(), AddRefused>> {
    if !touch(&mut *db, cart, at).await? {
        return Ok(Err(AddRefused::BeingPaid));
    }
    let found: Option<(VariantId, bool)> = sqlx::query_as(
        "SELECT v.id, v.values = $2 OR $2 = '{}' AS is_shown
           FROM variants v
           JOIN products p ON p.id = v.product_id
          WHERE v.number = $1 AND v.archived_at IS NULL AND p.status = 'active'",
    )
    .bind(number)
    .bind(choice)
    .fetch_optional(&mut *db)
    .await?;
    let variant = match found {
        None => return Ok(Err(AddRefused::Unknown)),
        Some((shown, true)) => shown,
        Some((shown, false)) => {
            let meant: Option<VariantId> = sqlx::query_scalar(
                "SELECT m.id FROM variants v JOIN variants m ON m.product_id = v.product_id WHERE v.id = $1 AND m.values = $2 AND m.archived_at IS NULL",
            )
            .bind(shown)
            .bind(choice)
            .fetch_optional(&mut *db)
            .await?;
            let Some(meant) = meant else { return Ok(Err(AddRefused::NoSuchChoice)) };
            meant
        }
    };
    let done = sqlx::query(
        "INSERT INTO cart_lines (id, cart_id, variant_id, qty, created_at)
         SELECT $1, $2, $3, $4, $5 WHERE (SELECT count(*) FROM cart_lines WHERE cart_id = $2) < $6
         ON CONFLICT (cart_id, variant_id) DO UPDATE SET qty = least(999, cart_lines.qty + excluded.qty)",
    )
    .bind(CartLineId::fresh(at))
    .bind(cart)
    .bind(variant)
    .bind(qty)
    .bind(at)
    .bind(200_i64)
    .execute(db)
    .await?;
    Ok(if done.rows_affected() == 1 { Ok(()) } else { Err(AddRefused::TooManyLines) })
}

/// Sets the quantity of a line of this very cart. 0 removes it and gives what was removed: its variant's number and pieces.
pub async fn set_qty(
    db: &mut PgConnection,
    cart: CartId,
    line: CartLineId,
    qty: i32,
    at: Instant,
) -> sqlx::Result<Result<Option<(i64, i32)>, AddRefused>> {
    if !touch(&mut *db, cart, at).await? {
        return Ok(Err(AddRefused::BeingPaid));
    }
    if qty == 0 {
        let gone = "DELETE FROM cart_lines l USING variants v WHERE l.id = $1 AND l.cart_id = $2 AND v.id = l.variant_id RETURNING v.number, l.qty";
        let removed: Option<(i64, i32)> = sqlx::query_as(gone).bind(line).bind(cart).fetch_optional(db).await?;
        return Ok(removed.map(Some).ok_or(AddRefused::Unknown));
    }
    let done = sqlx::query("UPDATE cart_lines SET qty = $3 WHERE id = $1 AND cart_id = $2").bind(line).bind(cart).bind(qty).execute(db).await?;
    Ok(if done.rows_affected() == 1 { Ok(None) } else { Err(AddRefused::Unknown) })
}

/// The visitor has now been shown these prices.
pub async fn mark_seen(db: impl PgExecutor<'_>, lines: &[(CartLineId, i64)]) -> sqlx::Result<()> {
    if lines.is_empty() {
        return Ok(());
    }
    let (ids, prices): (Vec<CartLineId>, Vec<i64>) = lines.iter().copied().unzip();
    sqlx::query("UPDATE cart_lines l SET seen_price_minor = n.price FROM unnest($1::uuid[], $2::bigint[]) n (id, price) WHERE l.id = n.id")
        .bind(ids)
        .bind(prices)
        .execute(db)
        .await
        .map(drop)
}

pub async fn save_draft(db: impl PgExecutor<'_>, cart: CartId, draft: &[(String, String)], at: Instant) -> sqlx::Result<()> {
    sqlx::query("UPDATE carts SET draft = $2, updated_at = $3 WHERE id = $1").bind(cart).bind(Json(draft)).bind(at).execute(db).await.map(drop)
}

/// The cart became an order that waits for its payment.
pub async fn start_completing(db: impl PgExecutor<'_>, cart: CartId, at: Instant) -> sqlx::Result<()> {
    sqlx::query("UPDATE carts SET status = 'completing', updated_at = $2 WHERE id = $1").bind(cart).bind(at).execute(db).await.map(drop)
}

/// The order is placed.
pub async fn complete(db: impl PgExecutor<'_>, cart: CartId, at: Instant) -> sqlx::Result<()> {
    sqlx::query("UPDATE carts SET status = 'completed', updated_at = $2 WHERE id = $1").bind(cart).bind(at).execute(db).await.map(drop)
}

/// A late payment claims the cart of its expired order; false where the cart has become another order meanwhile.
pub async fn complete_again(db: impl PgExecutor<'_>, cart: CartId, at: Instant) -> sqlx::Result<bool> {
    let done = sqlx::query("UPDATE carts SET status = 'completed', updated_at = $2 WHERE id = $1 AND status = 'active'")
        .bind(cart)
        .bind(at)
        .execute(db)
        .await?;
    Ok(done.rows_affected() == 1)
}

/// The order expired unpaid: what was in the cart is in the cart again.
pub async fn reopen(db: impl PgExecutor<'_>, cart: CartId, at: Instant) -> sqlx::Result<()> {
    sqlx::query("UPDATE carts SET status = 'active', updated_at = $2 WHERE id = $1 AND status = 'completing'")
        .bind(cart)
        .bind(at)
        .execute(db)
        .await
        .map(drop)
}

/// At sign-in: the cart of this browser becomes the customer's; an older active cart of theirs is poured into it.
pub async fn adopt(db: &mut PgConnection, cart: Option<CartId>, customer: CustomerId, at: Instant) -> sqlx::Result<Option<String>> {
    let older: Option<CartId> = sqlx::query_scalar(
        "SELECT id FROM carts WHERE customer_id = $1 AND status = 'active' AND id IS DISTINCT FROM $2 ORDER BY updated_at DESC LIMIT 1",
    )
    .bind(customer)
    .bind(cart)
    .fetch_optional(&mut *db)
    .await?;
    let token = secrets::token();
    match (cart, older) {
        (None, None) => return Ok(None),
        (None, Some(older)) => {
            sqlx::query("UPDATE carts SET token_hash = $2, updated_at = $3 WHERE id = $1")
                .bind(older)
                .bind(secrets::hash(&token))
                .bind(at)
                .execute(db)
                .await?;
        }
        (Some(cart), older) => {
            // A new token: whoever knew the cart before the sign-in does not know it after.
            sqlx::query("UPDATE carts SET customer_id = $2, token_hash = $3, updated_at = $4 WHERE id = $1")
                .bind(cart)
                .bind(customer)
                .bind(secrets::hash(&token))
                .bind(at)
                .execute(&mut *db)
                .await?;
            if let Some(older) = older {
                sqlx::query(
                    "INSERT INTO cart_lines (id, cart_id, variant_id, qty, created_at)
                     SELECT gen_random_uuid(), $1, variant_id, qty, created_at FROM cart_lines WHERE cart_id = $2
                     ON CONFLICT (cart_id, variant_id) DO UPDATE SET qty = greatest(cart_lines.qty, excluded.qty)",
                )
                .bind(cart)
                .bind(older)
                .execute(&mut *db)
                .await?;
                sqlx::query("DELETE FROM cart_lines WHERE cart_id = $1").bind(older).execute(&mut *db).await?;
                sqlx::query("UPDATE carts SET customer_id = NULL WHERE id = $1").bind(older).execute(db).await?;
            }
        }
    }
    Ok(Some(token))
}
