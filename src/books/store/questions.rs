//! The questions: one statement each, over the whole shop, that gives rows only where something differs.

/// A question, and the words round the two values of its answer.
#[derive(Debug, Clone, Copy)]
pub struct Question {
    pub sql: &'static str,
    /// Before the stored value.
    pub stored: &'static str,
    /// Before the value that was derived.
    pub found: &'static str,
    /// Its rows are about orders.
    pub is_order: bool,
}

const fn of_orders(stored: &'static str, found: &'static str, sql: &'static str) -> Question {
    Question { sql, stored, found, is_order: true }
}

/// Questions about pieces.
pub const PIECES: &[Question] = &[
    Question {
        sql: "SELECT concat_ws(' ', COALESCE(t.title, 'Variant'), v.sku, '(no. ' || v.number || ')') AS name,
                     COALESCE(l.allocated, 0)::bigint AS stored, COALESCE(o.open, 0)::bigint AS found
                FROM (SELECT variant_id, sum(allocated) AS allocated FROM stock_levels GROUP BY variant_id) l
                FULL JOIN (SELECT i.variant_id, sum(i.qty - i.shipped_qty - i.cancelled_qty) AS open
                             FROM order_lines i
                             JOIN orders o ON o.id = i.order_id
                            WHERE o.stock_held AND i.variant_id IS NOT NULL
                            GROUP BY i.variant_id) o USING (variant_id)
                JOIN variants v ON v.id = variant_id
                LEFT JOIN LATERAL (SELECT title FROM product_texts WHERE product_id = v.product_id ORDER BY language LIMIT 1) t ON true
               WHERE COALESCE(l.allocated, 0) <> COALESCE(o.open, 0)
               ORDER BY v.number",
        stored: "its levels promise",
        found: "the orders that hold stock still wait for",
        is_order: false,
    },
    of_orders(
        "a line counts as shipped",
        "its parcels hold",
        "SELECT o.number AS name, i.shipped_qty::bigint AS stored, COALESCE(p.qty, 0)::bigint AS found
           FROM order_lines i
           JOIN orders o ON o.id = i.order_id
           LEFT JOIN (SELECT order_line_id, sum(qty) AS qty FROM fulfilment_lines GROUP BY order_line_id) p ON p.order_line_id = i.id
          WHERE i.shipped_qty <> COALESCE(p.qty, 0)
          ORDER BY o.number, i.position",
    ),
    of_orders(
        "a line counts as shipped",
        "the stock ledger saw leave",
        "SELECT o.number AS name, i.shipped_qty::bigint AS stored, COALESCE(m.qty, 0)::bigint AS found
           FROM order_lines i
           JOIN orders o ON o.id = i.order_id
           LEFT JOIN (SELECT order_line_id, -sum(on_hand_delta) AS qty FROM stock_moves WHERE kind = 'shipped' GROUP BY order_line_id) m
             ON m.order_line_id = i.id
          WHERE i.variant_id IS NOT NULL AND i.shipped_qty <> COALESCE(m.qty, 0)
          ORDER BY o.number, i.position",
    ),
    of_orders(
        "a line was sold with",
        "its quote says",
        "SELECT o.number AS name, i.qty::bigint AS stored, COALESCE((o.quote #>> ARRAY['lines', i.position::text, 'qty'])::bigint, 0) AS found
           FROM order_lines i
           JOIN orders o ON o.id = i.order_id
          WHERE i.qty IS DISTINCT FROM (o.quote #>> ARRAY['lines', i.position::text, 'qty'])::bigint
          ORDER BY o.number, i.position",
    ),
    of_orders(
        "it has lines for",
        "its quote has lines for",
        "SELECT o.number AS name, COALESCE(i.qty, 0)::bigint AS stored, q.qty::bigint AS found
           FROM orders o
           LEFT JOIN (SELECT order_id, sum(qty) AS qty FROM order_lines GROUP BY order_id) i ON i.order_id = o.id
          CROSS JOIN LATERAL (SELECT COALESCE(sum((line ->> 'qty')::bigint), 0) AS qty FROM jsonb_array_elements(o.quote -> 'lines') line) q
          WHERE COALESCE(i.qty, 0) <> q.qty
          ORDER BY o.number",
    ),
];

/// Questions about amounts.
pub const MONEY: &[Question] = &[
    of_orders(
        "its total is",
        "its lines and delivery come to",
        "SELECT o.number AS name, o.currency, o.total_minor AS stored, i.gross + q.delivery AS found
           FROM orders o
          CROSS JOIN LATERAL (SELECT COALESCE(sum(gross_minor), 0)::bigint AS gross FROM order_lines WHERE order_id = o.id) i
          CROSS JOIN LATERAL (SELECT COALESCE((o.quote #>> '{delivery,gross,minor}')::bigint, 0) AS delivery) q
          WHERE o.total_minor <> i.gross + q.delivery
          ORDER BY o.number",
    ),
    of_orders(
        "its tax is",
        "its tax rows add up to",
        "SELECT o.number AS name, o.currency, o.tax_minor AS stored, t.tax AS found
           FROM orders o
          CROSS JOIN LATERAL (SELECT COALESCE(sum(tax_minor), 0)::bigint AS tax FROM order_taxes WHERE order_id = o.id) t
          WHERE o.tax_minor <> t.tax
          ORDER BY o.number",
    ),
    of_orders(
        "its total is",
        "net and tax of its tax rows come to",
        "SELECT o.number AS name, o.currency, o.total_minor AS stored, t.gross AS found
           FROM orders o
          CROSS JOIN LATERAL (SELECT COALESCE(sum(net_minor + tax_minor), 0)::bigint AS gross FROM order_taxes WHERE order_id = o.id) t
          WHERE o.total_minor <> t.gross
          ORDER BY o.number",
    ),
    of_orders(
        "its tax is",
        "the tax of its lines and delivery comes to",
        "SELECT o.number AS name, o.currency, o.tax_minor AS stored, i.tax + q.delivery AS found
           FROM orders o
          CROSS JOIN LATERAL (SELECT COALESCE(sum(tax_minor), 0)::bigint AS tax FROM order_lines WHERE order_id = o.id) i
          CROSS JOIN LATERAL (SELECT COALESCE((o.quote #>> '{delivery,tax,minor}')::bigint, 0) AS delivery) q
          WHERE o.tax_minor <> i.tax + q.delivery
          ORDER BY o.number",
    ),
    of_orders(
        "a line's gross is",
        "its net and tax come to",
        "SELECT o.number AS name, o.currency, i.gross_minor AS stored, i.net_minor + i.tax_minor AS found
           FROM order_lines i
           JOIN orders o ON o.id = i.order_id
          WHERE i.gross_minor <> i.net_minor + i.tax_minor
          ORDER BY o.number, i.position",
    ),
    of_orders(
        "a line's gross is",
        "its quote says",
        "SELECT o.number AS name, o.currency, i.gross_minor AS stored, COALESCE((o.quote #>> ARRAY['lines', i.position::text, 'gross', 'minor'])::bigint, 0) AS found
           FROM order_lines i
           JOIN orders o ON o.id = i.order_id
          WHERE i.gross_minor IS DISTINCT FROM (o.quote #>> ARRAY['lines', i.position::text, 'gross', 'minor'])::bigint
          ORDER BY o.number, i.position",
    ),
    of_orders(
        "a line's tax is",
        "its quote says",
        "SELECT o.number AS name, o.currency, i.tax_minor AS stored, COALESCE((o.quote #>> ARRAY['lines', i.position::text, 'tax', 'minor'])::bigint, 0) AS found
           FROM order_lines i
           JOIN orders o ON o.id = i.order_id
          WHERE i.tax_minor IS DISTINCT FROM (o.quote #>> ARRAY['lines', i.position::text, 'tax', 'minor'])::bigint
          ORDER BY o.number, i.position",
    ),
    of_orders(
        "its goods are",
        "its quote says",
        "SELECT number AS name, currency, items_minor AS stored, COALESCE((quote #>> '{items,minor}')::bigint, 0) AS found
           FROM orders
          WHERE items_minor IS DISTINCT FROM (quote #>> '{items,minor}')::bigint
          ORDER BY number",
    ),
    of_orders(
        "its delivery is",
        "its quote says",
        "SELECT number AS name, currency, delivery_minor AS stored, COALESCE((quote #>> '{delivery,offer,price,minor}')::bigint, 0) AS found
           FROM orders
          WHERE delivery_minor <> COALESCE((quote #>> '{delivery,offer,price,minor}')::bigint, 0)
          ORDER BY number",
    ),
    of_orders(
        "its total is",
        "its quote says",
        "SELECT number AS name, currency, total_minor AS stored, COALESCE((quote #>> '{total,minor}')::bigint, 0) AS found
           FROM orders
          WHERE total_minor IS DISTINCT FROM (quote #>> '{total,minor}')::bigint
          ORDER BY number",
    ),
    of_orders(
        "a payment asks for",
        "the order's total is",
        "SELECT o.number AS name, p.currency, p.amount_minor AS stored, o.total_minor AS found
           FROM payments p
           JOIN orders o ON o.id = p.order_id
          WHERE p.amount_minor <> o.total_minor OR p.currency <> o.currency
          ORDER BY o.number, p.attempt",
    ),
    of_orders(
        "a payment counts as paid",
        "the ledger has captured",
        "SELECT o.number AS name, p.currency, p.paid AS stored, p.captured AS found
           FROM (SELECT p.order_id, p.attempt, p.provider, p.currency, CASE WHEN p.state = 'paid' THEN p.amount_minor ELSE 0 END AS paid,
                        COALESCE((SELECT sum(e.amount_minor) FROM payment_events e WHERE e.payment_id = p.id AND e.kind = 'captured'), 0)::bigint AS captured
                   FROM payments p) p
           JOIN orders o ON o.id = p.order_id
          WHERE p.paid <> p.captured AND p.provider <> 'bank_transfer'
          ORDER BY o.number, p.attempt",
    ),
    of_orders(
        "its transfer counts as paid with",
        "it asks, without what was waived, for",
        "SELECT o.number AS name, o.currency, e.captured AS stored, o.total_minor - o.waived_minor AS found
           FROM payments p
           JOIN orders o ON o.id = p.order_id
          CROSS JOIN LATERAL (SELECT COALESCE(sum(amount_minor), 0)::bigint AS captured FROM payment_events WHERE payment_id = p.id AND kind = 'captured') e
          WHERE p.provider = 'bank_transfer' AND (p.state = 'paid') <> (e.captured > 0 AND e.captured >= o.total_minor - o.waived_minor)
          ORDER BY o.number, p.attempt",
    ),
    of_orders(
        "its refunds that succeeded come to",
        "the ledger has given back",
        "SELECT o.number AS name, o.currency, r.amount AS stored, e.amount AS found
           FROM orders o
          CROSS JOIN LATERAL (SELECT COALESCE(sum(amount_minor), 0)::bigint AS amount FROM refunds WHERE order_id = o.id AND state = 'succeeded') r
          CROSS JOIN LATERAL (SELECT COALESCE(sum(amount_minor), 0)::bigint AS amount FROM payment_events WHERE order_id = o.id AND kind = 'refunded') e
          WHERE r.amount <> e.amount
          ORDER BY o.number",
    ),
    of_orders(
        "its refunds, those under way included, come to",
        "only this much was captured:",
        "SELECT o.number AS name, o.currency, r.amount AS stored, e.amount AS found
           FROM orders o
           JOIN (SELECT order_id, sum(amount_minor)::bigint AS amount FROM refunds WHERE state <> 'failed' GROUP BY order_id) r ON r.order_id = o.id
          CROSS JOIN LATERAL (SELECT COALESCE(sum(amount_minor), 0)::bigint AS amount FROM payment_events WHERE order_id = o.id AND kind = 'captured') e
          WHERE r.amount > e.amount
          ORDER BY o.number",
    ),
];

/// Things that must not be, without values.
pub const ODD: &[Question] = &[
    of_orders(
        "more than one of its payments can still bring money",
        "",
        "SELECT o.number
           FROM payments p
           JOIN orders o ON o.id = p.order_id
          WHERE p.state IN ('created', 'open', 'pending', 'authorised')
          GROUP BY o.number
         HAVING count(*) > 1
          ORDER BY o.number",
    ),
    of_orders(
        "it is placed, but no money was captured",
        "",
        "SELECT o.number
           FROM orders o
          WHERE o.status IN ('placed', 'closed') AND o.total_minor > 0 AND o.payment_method <> 'bank_transfer'
            AND NOT EXISTS (SELECT 1 FROM payment_events e WHERE e.order_id = o.id AND e.kind = 'captured')
          ORDER BY o.number",
    ),
    of_orders(
        "it is over, but still holds stock",
        "",
        "SELECT number FROM orders WHERE status IN ('cancelled', 'expired') AND stock_held ORDER BY number",
    ),
    Question {
        sql: "SELECT c.id::text
                FROM carts c
               WHERE c.status = 'completing' AND NOT EXISTS (SELECT 1 FROM orders o WHERE o.cart_id = c.id AND o.status = 'pending')
               ORDER BY c.id",
        stored: "it is being turned into an order, but no order of it waits for payment",
        found: "",
        is_order: false,
    },
];
