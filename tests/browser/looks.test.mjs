// What the shop does beyond plain pages where there is a script: cart at the side, suggestions, pictures brought near, choices.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openBrowser, withPage } from './kit/browser.mjs';
import { openShop } from './kit/shop.mjs';
import { browse } from './kit/stories.mjs';

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

test('what is added shows at the side, can be changed there, and is announced', LIMIT, () => withPage(browser, {}, async (page) => {
  const name = await browse(page, shop.origin);
  const product = page.url();
  await page.getByRole('button', { name: 'Add to cart' }).click();
  const side = page.getByRole('dialog', { name: 'Your cart' });
  await side.getByRole('link', { name, exact: true }).waitFor();
  assert.equal(page.url(), product, 'the shopper stays where they were');
  assert.match(await side.getByRole('status').textContent(), /cart/);
  assert.match(await page.locator('.cart-link').textContent(), /1/);
  await side.locator('input[name=qty]').fill('2');
  await side.locator('input[name=qty]').press('Tab');
  await page.locator('.cart-link .count', { hasText: '2' }).waitFor();
  await side.locator('input[name=qty]').fill('999');
  await side.locator('input[name=qty]').press('Tab');
  await side.locator('.notice.bad, .errors').first().waitFor();
  await side.getByRole('button', { name: /Remove/ }).click();
  await side.locator('.empty').waitFor();
  await page.keyboard.press('Escape');
  assert.equal(await side.count(), 0);
  await page.locator('.cart-link').click();
  await side.locator('.empty').waitFor();
}));

test('the search opens over the page and says what may be meant', LIMIT, () => withPage(browser, {}, async (page) => {
  await page.goto(`${shop.origin}/pages/shipping`);
  await page.waitForLoadState('networkidle');
  const open = page.getByRole('link', { name: 'Search', exact: true });
  await Promise.all([page.waitForResponse(/\/js\/shop\/search/), open.hover()]);
  await open.click();
  const field = page.getByRole('searchbox');
  await field.pressSequentially('mug', { delay: 30 });
  await page.locator('.suggestions a').first().waitFor();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await page.waitForURL(/\/products\//);
  await page.goto(`${shop.origin}/search`);
  await page.getByRole('searchbox').pressSequentially('mug', { delay: 30 });
  await page.locator('.suggestions a').first().waitFor();
  await page.keyboard.press('Escape');
  assert.equal(await page.locator('.suggestions').count(), 0);
}));

test('pictures are gone through and brought near by keyboard', LIMIT, () => withPage(browser, {}, async (page) => {
  await page.goto(`${shop.origin}/products/tide-mug`);
  await page.locator('.thumbs a').nth(1).click();
  await page.locator('.thumbs a:nth-child(1)[aria-current]').first().waitFor();
  const first = page.locator('[data-zoom]').first();
  await first.focus();
  await page.keyboard.press('Enter');
  const near = page.locator('dialog.zoom img');
  await near.waitFor();
  const before = await near.getAttribute('src');
  await page.keyboard.press('ArrowRight');
  assert.notEqual(await near.getAttribute('src'), before);
  await page.keyboard.press('Escape');
  await page.locator('dialog.zoom').waitFor({ state: 'detached' });
  assert.ok(await first.evaluate((link) => link === document.activeElement), 'the focus is back');
}));

test('a list is narrowed with and without a script', LIMIT, async () => {
  for (const javaScriptEnabled of [true, false]) {
    await withPage(browser, { javaScriptEnabled }, async (page) => {
      await page.goto(`${shop.origin}/collections/at-the-table`);
      const all = await page.locator('.card').count();
      await page.locator('.filter summary', { hasText: 'Colour' }).click();
      await page.locator('.filter-values a', { hasText: 'Celadon' }).click();
      await page.waitForURL(/f\.colour=celadon/);
      const some = await page.locator('.card').count();
      assert.ok(some > 0 && some < all, `${some} of ${all}`);
      await page.locator('.chip').click();
      await page.waitForURL(/at-the-table$/);
      assert.equal(await page.locator('.card').count(), all);
    });
  }
});

// WCAG 2.2: 1.4.10 reflow, 1.4.12 text spacing, 1.4.4 resize.
const SPACING = '* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important } p { margin-block-end: 2em !important }';
/** Makes every word as long as a German one. */
function LONG() {
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const texts = [];
  while (walk.nextNode()) texts.push(walk.currentNode);
  for (const text of texts) if (!text.parentElement.closest('script, style')) text.textContent = text.textContent.replace(/\b(\p{L}{4,})\b/gu, '$1verordnung');
}

test('pages keep their words at 320 pixels, with wide spacing, long words, from right to left, and with letters twice as large', { timeout: 120_000 }, () => withPage(browser, { viewport: { width: 320, height: 640 }, bypassCSP: true }, async (page) => {
  const wide = [];
  const measure = async (what) => {
    const out = await page.evaluate(() => {
      const limit = document.documentElement.clientWidth;
      if (document.documentElement.scrollWidth <= limit) return null;
      const all = [...document.querySelectorAll('body *')].filter((element) => element.getBoundingClientRect().right > limit + 1 && !element.closest('.menu, .strip, .thumbs, .visually-hidden'));
      return all.slice(0, 3).map((element) => `${element.localName}.${element.className}`).join(', ');
    });
    if (out !== null) wide.push(`${what}: ${out}`);
  };
  const paths = ['/', '/collections', '/collections/at-the-table', '/products/tide-mug', '/search?q=mug', '/cart', '/blogs/journal', '/account/sign-in', '/account/sign-up', '/pages/shipping', '/nowhere'];
  for (const path of paths) {
    await page.goto(`${shop.origin}${path}`);
    await measure(`320 ${path}`);
    await page.addStyleTag({ content: SPACING });
    await measure(`spacing ${path}`);
    await page.goto(`${shop.origin}${path}`);
    await page.evaluate(LONG);
    await measure(`long words ${path}`);
    await page.goto(`${shop.origin}${path}`);
    await page.evaluate(() => { document.documentElement.dir = 'rtl'; });
    await measure(`right to left ${path}`);
  }
  await page.setViewportSize({ width: 640, height: 900 });
  for (const path of paths) {
    await page.goto(`${shop.origin}${path}`);
    await page.addStyleTag({ content: ':root { font-size: 200% }' });
    await measure(`200 % ${path}`);
  }
  assert.deepEqual(wide, []);
}));

test('the account keeps its words on a narrow screen and its room on a wide one', { timeout: 60_000 }, () => withPage(browser, { viewport: { width: 320, height: 640 } }, async (page) => {
  const [email, password] = ['looks@example.com', 'a quiet long sentence 7'];
  await page.goto(`${shop.origin}/account/sign-up`);
  await page.getByLabel('Name').fill('Magdalena Hausenberger-Kowalczyk');
  await page.getByLabel('E-mail address').fill(email);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Create account' }).click();
  await page.waitForURL(/\/account\/sign-in/);
  await page.getByLabel('E-mail address').fill(email);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('main').getByRole('button', { name: 'Sign in' }).click();
  await page.waitForURL(/\/account$/);
  const squeezed = [];
  for (const path of ['/account', '/account/orders', '/account/addresses', '/account/details', '/account/sessions']) {
    for (const width of [320, 820, 1440]) {
      await page.setViewportSize({ width, height: 800 });
      await page.goto(`${shop.origin}${path}`);
      const found = await page.evaluate(() => ({
        wide: document.documentElement.scrollWidth - document.documentElement.clientWidth,
        lines: Math.round(document.querySelector('h1').getBoundingClientRect().height / parseFloat(getComputedStyle(document.querySelector('h1')).lineHeight)),
        here: document.querySelectorAll('.account-menu [aria-current=page]').length,
      }));
      if (found.wide > 0 || found.lines > 2 || width > 800 && found.lines > 1 || found.here !== 1) squeezed.push(`${path} at ${width}: ${JSON.stringify(found)}`);
    }
  }
  assert.deepEqual(squeezed, []);
}));
