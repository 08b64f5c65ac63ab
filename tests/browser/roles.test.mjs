// A purchase by what a screen reader says: roles and names only, never a selector. What cannot be found so cannot be used so.
import { after, before, test } from 'node:test';
import assert from 'node:assert/strict';
import { openBrowser, withPage } from './kit/browser.mjs';
import { openShop } from './kit/shop.mjs';
import { SHOPPER } from './kit/stories.mjs';

let shop, browser;
before(async () => {
  shop = await openShop();
  browser = await openBrowser();
}, { timeout: 120_000 });
after(async () => {
  await browser?.close();
  await shop?.close();
});

test('from the home page to a paid order by roles and names', { timeout: 90_000 }, () => withPage(browser, {}, async (page) => {
  await page.goto(`${shop.origin}/`);
  await page.getByRole('navigation', { name: 'Main menu' }).getByRole('link', { name: 'At the table' }).click();
  await page.getByRole('heading', { level: 1, name: 'At the table' }).waitFor();
  await page.getByRole('group', { name: 'Filter and sort' }).waitFor();
  await page.getByRole('main').getByRole('link', { name: 'Tide mug', exact: true }).click();
  await page.getByRole('heading', { level: 1, name: 'Tide mug' }).waitFor();
  await page.getByRole('group', { name: 'Colour' }).getByRole('radio', { name: /Tenmoku/ }).check({ force: true });
  await page.waitForURL(/variant=/);
  assert.ok(await page.getByRole('group', { name: 'Colour' }).getByRole('radio', { name: /Tenmoku/ }).isChecked());
  await page.getByRole('spinbutton', { name: 'Quantity' }).fill('2');
  await page.waitForLoadState('networkidle');
  await page.getByRole('button', { name: 'Add to cart' }).click();
  const side = page.getByRole('dialog', { name: 'Your cart' });
  await side.getByRole('link', { name: 'Tide mug', exact: true }).waitFor();
  await side.getByRole('link', { name: 'Go to checkout' }).click();
  await page.getByRole('heading', { level: 1, name: 'Checkout' }).waitFor();
  await page.getByRole('textbox', { name: 'E-mail' }).fill('not an address');
  await page.getByRole('button', { name: 'Order with obligation to pay' }).click();
  // The browser or the shop says what is wrong; either way nothing is lost.
  await page.getByRole('textbox', { name: 'E-mail' }).fill(SHOPPER.email);
  await page.getByRole('textbox', { name: 'Full name' }).fill(SHOPPER.name);
  await page.getByRole('textbox', { name: 'Street and number' }).fill(SHOPPER.line1);
  await page.getByRole('textbox', { name: /Postcode/ }).fill(SHOPPER.postcode);
  await page.getByRole('textbox', { name: 'City' }).fill(SHOPPER.city);
  await page.getByRole('group', { name: 'Payment' }).getByRole('radio', { name: /Test payment/ }).check();
  await page.getByRole('checkbox', { name: /terms/ }).check();
  await page.getByRole('button', { name: 'Order with obligation to pay' }).click();
  await page.waitForURL(/\/pay\/test\//);
  await page.getByRole('button', { name: 'Pay', exact: true }).click();
  await page.getByRole('heading', { level: 1, name: 'Thank you for your order' }).waitFor();
  await page.getByRole('heading', { name: 'How your order is doing' }).waitFor();
}));
