// What a browser runs on the page from which somebody pays: the scripts of docs/payment-page.md, and none that was changed on the way.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import { openBrowser, withPage } from './kit/browser.mjs';
import { openShop } from './kit/shop.mjs';
import { becomeOwner } from './kit/stories.mjs';

let shop, browser;
before(async () => {
  shop = await openShop();
  browser = await openBrowser();
}, { timeout: 120_000 });
after(async () => {
  await browser?.close();
  await shop?.close();
});

async function toCheckout(page) {
  await page.goto(`${shop.origin}/products/tide-mug`, { waitUntil: 'networkidle' });
  await page.getByRole('button', { name: 'Add to cart' }).click();
  await page.getByRole('dialog', { name: 'Your cart' }).waitFor();
}

test('exactly the listed scripts run', { timeout: 60_000 }, () => withPage(browser, {}, async (page) => {
  await toCheckout(page);
  const scripts = new Set();
  page.on('request', (request) => request.resourceType() === 'script' && scripts.add(new URL(request.url()).pathname.replace(/^\/static\/(.+)\.[0-9a-f]+\.js$/, '$1.js')));
  await page.goto(`${shop.origin}/checkout`, { waitUntil: 'networkidle' });
  await page.locator('#country').selectOption('FR');
  await page.waitForLoadState('networkidle');
  const listed = [...(await readFile(new URL('../../docs/payment-page.md', import.meta.url), 'utf8')).matchAll(/^\| `(js\/[^`]+)`/gm)].map(([, name]) => name);
  assert.deepEqual([...scripts].sort(), listed.sort());
}));

test('a script that was changed on the way is not run, and the page works without it', { timeout: 60_000 }, async () => {
  const context = await browser.newContext({ reducedMotion: 'reduce' });
  try {
    const page = await context.newPage();
    await toCheckout(page);
    let changed = 0;
    await context.route(/count\.[0-9a-f]+\.js$/, async (route) => {
      const answer = await route.fetch();
      changed += 1;
      await route.fulfill({ response: answer, body: `document.documentElement.dataset.stolen = "1";\n${await answer.text()}` });
    });
    await page.goto(`${shop.origin}/checkout`, { waitUntil: 'networkidle' });
    assert.ok(changed > 0);
    assert.equal(await page.locator('html').getAttribute('data-stolen'), null);
    await page.locator('button[name=place]').waitFor();
  } finally {
    await context.close();
  }
});

test('what the browser refuses on the payment page is reported, and waits for the shop on Today', { timeout: 120_000 }, async () => {
  const context = await browser.newContext({ reducedMotion: 'reduce' });
  try {
    const page = await context.newPage();
    await toCheckout(page);
    await page.goto(`${shop.origin}/checkout`, { waitUntil: 'networkidle' });
    const reported = page.waitForResponse((response) => response.url().endsWith('/webhooks/browser-reports'));
    await page.evaluate(() => {
      const script = document.createElement('script');
      script.src = 'https://skimmer.example/lib/card.js?order=1';
      document.body.append(script);
    });
    assert.equal((await reported).status(), 204);
    await becomeOwner(page, shop);
    await page.getByRole('link', { name: /report about the payment page/ }).click();
    const row = page.getByRole('row', { name: /skimmer/ });
    assert.match(await row.innerText(), /A script from https:\/\/skimmer\.example\/lib[^?]*Payment page[^?]*\/checkout/);
  } finally {
    await context.close();
  }
});
