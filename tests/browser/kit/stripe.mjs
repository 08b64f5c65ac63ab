// A stand-in for Stripe: the two calls of hosted Checkout, and the page it sends the shopper to, on another origin.
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const shared = process.env.WHARF_SHARED ?? resolve(here, '../../../../shared');

/** Stripe's own example objects; `null` where they are not at hand. */
export async function fixtures() {
  try {
    return JSON.parse(await readFile(resolve(shared, 'data/stripe/fixtures3.json'), 'utf8')).resources;
  } catch (error) {
    if (error.code === 'ENOENT') return null;
    throw error;
  }
}

/** Starts it; `env` is what the shop needs to use it. */
export async function openStripe(examples) {
  const sessions = new Map();
  const server = createServer(async (request, response) => {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    const sent = new URLSearchParams(Buffer.concat(chunks).toString());
    const { pathname } = new URL(request.url, 'http://localhost');
    const json = (body, status = 200) => response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    const api = /^\/v1\/checkout\/sessions(?:\/(\w+))?$/.exec(pathname);
    if (api && request.method === 'POST' && !api[1]) {
      const session = made(examples, sent, `cs_test_browser${sessions.size + 1}`, origin);
      sessions.set(session.id, session);
      return json(session);
    }
    const known = sessions.get(api?.[1] ?? /^\/c\/pay\/(\w+)$/.exec(pathname)?.[1]);
    if (!known) return json({ error: { type: 'invalid_request_error', message: `nothing at ${request.method} ${pathname}` } }, 404);
    if (api) return json(known);
    if (request.method === 'POST') {
      Object.assign(known, { status: 'complete', payment_status: 'paid', payment_intent: paid(examples, known), url: null });
      return response.writeHead(303, { location: known.success_url }).end();
    }
    return response
      .writeHead(200, { 'content-type': 'text/html; charset=utf-8' })
      .end(`<!doctype html><html lang="en"><title>Pay</title><link rel="icon" href="data:,"><h1>Pay ${known.amount_total} ${known.currency}</h1><form method="post"><button>Pay</button></form>`);
  });
  await new Promise((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address();
  const origin = `http://localhost:${port}`;
  return {
    origin,
    sessions,
    env: {
      WHARF_STRIPE_API: `http://127.0.0.1:${port}/`,
      WHARF_STRIPE_CHECKOUT: origin,
      WHARF_STRIPE_SECRET_KEY: 'sk_test_browser',
      WHARF_STRIPE_WEBHOOK_SECRETS: 'whsec_browser',
    },
    close: () => new Promise((closed) => {
      server.close(closed);
      server.closeAllConnections();
    }),
  };
}

/** A session as asked for; the total is the sum of its lines, as at Stripe. */
function made(examples, sent, id, origin) {
  let total = 0;
  for (let n = 0; sent.has(`line_items[${n}][quantity]`); n += 1) {
    total += Number(sent.get(`line_items[${n}][quantity]`)) * Number(sent.get(`line_items[${n}][price_data][unit_amount]`));
  }
  const metadata = Object.fromEntries([...sent].flatMap(([name, value]) => {
    const key = /^metadata\[(\w+)\]$/.exec(name)?.[1];
    return key ? [[key, value]] : [];
  }));
  return {
    ...structuredClone(examples.checkout_session ?? examples['checkout.session']),
    id,
    url: `${origin}/c/pay/${id}`,
    amount_subtotal: total,
    amount_total: total,
    currency: sent.get('line_items[0][price_data][currency]'),
    client_reference_id: sent.get('client_reference_id'),
    metadata,
    success_url: sent.get('success_url'),
    cancel_url: sent.get('cancel_url'),
    expires_at: Number(sent.get('expires_at')),
    status: 'open',
    payment_status: 'unpaid',
    payment_intent: null,
  };
}

function paid(examples, session) {
  return {
    ...structuredClone(examples.payment_intent),
    id: `pi_${session.id}`,
    amount: session.amount_total,
    amount_received: session.amount_total,
    currency: session.currency,
    metadata: session.metadata,
    status: 'succeeded',
  };
}
