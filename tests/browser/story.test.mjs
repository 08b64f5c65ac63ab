// The whole story of an order, with and without JavaScript.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openBrowser, withPage } from './kit/browser.mjs';
import { openShop } from './kit/shop.mjs';
import { addToCart, becomeOwner, browse, shop as shopFor } from './kit/stories.mjs';

const LIMIT = { timeout: 60_000 };
let shop, browser;
before(async () => {
  shop = await openShop();
  browser = await openBrowser();
}, { timeout: 120_000 });
after(async () => {
  await browser?.close();
  await shop?.close();
});

/** Orders and pays with the test provider; returns the number of the order. */
async function buy(page) {
  const name = await shopFor(page, shop.origin, 'test');
  await page.waitForURL(/\/pay\/test\//);
  await page.locator('button[value=pay]').click();
  await page.waitForURL(/\/orders\//);
  const text = await page.locator('main').textContent();
  assert.ok(text.includes(name), 'the order shows what was bought');
  assert.ok(text.includes('ada@example.org') && text.includes('12 Quay Street'));
  await page.goto(`${shop.origin}/cart`);
  assert.equal(await page.locator('main .lines').count(), 0, 'the cart is empty afterwards');
  await page.goBack();
  return (await page.locator('.eyebrow').textContent()).match(/[A-Z0-9-]*\d+/)[0];
}

test('a shopper without JavaScript finds, orders and pays', LIMIT, () => withPage(browser, { javaScriptEnabled: false }, async (page) => {
  assert.ok(await buy(page));
}));

test('with JavaScript an order is placed, paid, shipped and refunded', LIMIT, async () => {
  let number;
  await withPage(browser, {}, async (page) => {
    number = await buy(page);
  });
  await withPage(browser, {}, async (page) => {
    // Money is asked about once more.
    page.on('dialog', (dialog) => dialog.accept());
    await becomeOwner(page, shop);
    await page.goto(`${shop.origin}/admin/orders`);
    await page.locator('main table a', { hasText: number }).click();
    await page.waitForURL(/\/admin\/orders\/.+/);

    await page.locator('#ship-carrier').selectOption({ index: 1 });
    await page.locator('#ship-tracking').fill('JD014600006281234567');
    await page.locator('#ship button.primary').click();
    await page.locator('#parcel-1').waitFor();

    await page.locator('#refund input[type=number]').first().fill('1');
    await page.locator('#refund-reason').fill('It arrived broken');
    await page.locator('#refund button').click();
    await page.locator('section:has(#sure-title) button').click();
    await page.locator('main', { hasText: 'It arrived broken' }).waitFor();
    const payments = page.locator('section[aria-labelledby=payments-title]');
    const isBack = async () => {
      for (let tries = 0; tries < 20; tries += 1) {
        if ((await payments.textContent()).includes('paid back')) return true;
        await page.waitForTimeout(500);
        await page.reload();
      }
      return false;
    };
    assert.ok(await isBack(), 'the refund is carried out');
  });
});

test('another country is counted where the shopper stands, and nothing typed is lost', LIMIT, () => withPage(browser, {}, async (page) => {
  await browse(page, shop.origin);
  await addToCart(page);
  await page.goto(`${shop.origin}/checkout`);
  const total = page.locator('.summary .total dd');
  const before = await total.textContent();
  await page.locator('#name').fill('Ada Byron');
  await page.locator('#terms').check();
  await page.locator('#country').focus();
  await page.locator('#country').selectOption('DE');
  await page.locator('input[name=shown_for][value=DE]').waitFor({ state: 'attached' });
  assert.notEqual(await total.textContent(), before, 'delivery to Germany costs more');
  assert.equal(await page.evaluate(() => document.activeElement.id), 'country', 'focus stays');
  assert.match(await page.locator('form.checkout > [role=status]').textContent(), /Germany.*€/);
  assert.ok(await page.locator('#terms').isChecked());
  assert.equal(await page.locator('#name').inputValue(), 'Ada Byron');
  const standard = await total.textContent();
  await page.locator('input[name=method]').last().check();
  await page.waitForFunction((was) => document.querySelector('.summary .total dd').textContent !== was, standard);
  assert.ok(await page.evaluate(() => document.activeElement.name === 'method' && document.activeElement.checked), 'focus stays on the choice');
  await page.keyboard.press('Shift+Tab');
  assert.equal(await page.evaluate(() => document.activeElement.id), 'phone', 'and the address comes before it');
}));

test('what was refused at the top goes with what it was about, when the country changes', LIMIT, () => withPage(browser, {}, async (page) => {
  await browse(page, shop.origin);
  await addToCart(page);
  await page.goto(`${shop.origin}/checkout`);
  await page.locator('#country').selectOption('DE');
  await page.locator('input[name=shown_for][value=DE]').waitFor({ state: 'attached' });
  await page.locator('#postcode').fill('1');
  await page.locator('button[name=place]').click();
  const faults = page.locator('.errors li a');
  const told = () => faults.evaluateAll((links) => links.map((link) => link.hash));
  await faults.first().waitFor();
  assert.ok((await told()).includes('#postcode'), 'a postcode of one digit is refused');
  await page.locator('#country').selectOption('AT');
  await page.locator('input[name=shown_for][value=AT]').waitFor({ state: 'attached' });
  assert.ok(!(await told()).includes('#postcode'), 'it was about the postcodes of Germany');
  assert.ok((await told()).includes('#name'), 'a name is missing still');
  assert.equal(await page.locator('#postcode').inputValue(), '1', 'and what was typed stays');
}));
