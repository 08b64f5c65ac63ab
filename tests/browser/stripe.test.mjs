// The way to Stripe's page and back under the shop's own policy: Chrome applies form-action to redirects too.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openBrowser, withPage } from './kit/browser.mjs';
import { openShop } from './kit/shop.mjs';
import { shop as shopFor } from './kit/stories.mjs';
import { fixtures, openStripe } from './kit/stripe.mjs';

const examples = await fixtures();
const skip = examples ? false : "Stripe's example objects are not at hand (WHARF_SHARED)";
let stripe, shop, browser;
before(async () => {
  if (!examples) return;
  stripe = await openStripe(examples);
  shop = await openShop(stripe.env);
  browser = await openBrowser();
}, { timeout: 120_000 });
after(async () => {
  await browser?.close();
  await shop?.close();
  await stripe?.close();
});

for (const javaScriptEnabled of [true, false]) {
  test(`an order is paid at Stripe ${javaScriptEnabled ? 'with' : 'without'} JavaScript`, { timeout: 60_000, skip }, () => withPage(browser, { javaScriptEnabled }, async (page) => {
    await shopFor(page, shop.origin, 'stripe');
    await page.waitForURL(`${stripe.origin}/c/pay/*`);
    // Somebody who goes back finds the payment open and gets to the same page again.
    const payPage = page.url();
    await page.goto(`${shop.origin}/checkout`);
    await page.locator('form[action="/checkout/payment"] button').click();
    await page.waitForURL(payPage);
    await page.locator('button').click();
    await page.waitForURL(`${shop.origin}/orders/*`);
    const session = stripe.sessions.get(payPage.split('/').at(-1));
    const total = (await page.locator('.summary .total dd').textContent()).replace(/\D/g, '');
    assert.equal(Number(total), session.amount_total, 'what is shown is what Stripe was asked for');
    assert.match(await page.locator('h1').textContent(), /thank|paid|received|confirmed/i);
  }));
}
