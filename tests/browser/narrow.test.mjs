// No page scrolls sideways on a phone.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openBrowser, withPage } from './kit/browser.mjs';
import { openShop } from './kit/shop.mjs';
import { addToCart, becomeOwner, browse, fillCheckout } from './kit/stories.mjs';

const WIDTH = 390;
let shop, browser;
before(async () => {
  shop = await openShop();
  browser = await openBrowser();
}, { timeout: 120_000 });
after(async () => {
  await browser?.close();
  await shop?.close();
});

test(`no page is wider than ${WIDTH} pixels`, { timeout: 60_000 }, () => withPage(browser, { viewport: { width: WIDTH, height: 844 } }, async (page) => {
  const wide = [];
  const measure = async (what) => {
    const found = await page.evaluate((width) => {
      const scrolls = document.documentElement.scrollWidth;
      if (scrolls <= width) return null;
      const out = [...document.querySelectorAll('body *')].filter((element) => element.getBoundingClientRect().right > width + 1);
      return `${scrolls}: ${out.slice(0, 4).map((element) => `${element.localName}.${element.className}`).join(', ')}`;
    }, WIDTH);
    if (found) wide.push(`${what} ${found}`);
  };
  await page.goto(`${shop.origin}/`);
  await measure('home');
  await page.goto(`${shop.origin}/account/sign-in`);
  await measure('sign-in');
  await page.goto(`${shop.origin}/`);
  await page.locator('main a[href^="/collections/"]').first().click();
  await page.waitForURL(/\/collections\//);
  await measure('collection');
  await browse(page, shop.origin);
  await measure('product');
  await addToCart(page);
  await measure('cart');
  await page.goto(`${shop.origin}/checkout`);
  await measure('checkout');
  await fillCheckout(page, 'test');
  await page.locator('button[name=place]').click();
  await page.waitForURL(/\/pay\/test\//);
  await measure('test payment');
  await page.locator('button[value=pay]').click();
  await page.waitForURL(/\/orders\//);
  await measure('order');
  await becomeOwner(page, shop);
  await measure('admin');
  await page.goto(`${shop.origin}/admin/orders`);
  await measure('admin orders');
  await page.locator('main table a[href^="/admin/orders/"]').first().click();
  await page.waitForURL(/\/admin\/orders\/.+/);
  await measure('admin order');
  assert.deepEqual(wide, []);
}));
