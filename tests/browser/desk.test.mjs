// What the admin does beyond plain pages where there is a script: palette, help sheet, rows by keyboard, changed marks.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openBrowser, withPage } from './kit/browser.mjs';
import { openShop } from './kit/shop.mjs';
import { becomeOwner } from './kit/stories.mjs';

const LIMIT = { timeout: 60_000 };
let shop, browser, storageState;
before(async () => {
  shop = await openShop();
  browser = await openBrowser();
  await withPage(browser, {}, async (page) => {
    await becomeOwner(page, shop);
    storageState = await page.context().storageState();
  });
}, { timeout: 120_000 });
after(async () => {
  await browser?.close();
  await shop?.close();
});

/** A story at the desk of the owner. */
const atDesk = (path, story, options = {}) => withPage(browser, { storageState, ...options }, async (page) => {
  await page.goto(`${shop.origin}${path}`);
  await story(page);
});
const path = (page) => new URL(page.url()).pathname;

test('the palette finds and opens by keyboard, and gives the focus back', LIMIT, () => atDesk('/admin/customers', async (page) => {
  await page.keyboard.press('Control+k');
  const palette = page.getByRole('dialog', { name: 'Search and commands' });
  const field = palette.getByRole('combobox');
  await field.pressSequentially('new prod', { delay: 20 });
  await palette.getByRole('option', { name: /New product/, selected: true }).waitFor();
  await page.keyboard.press('Escape');
  assert.equal(await palette.count(), 0);
  await page.keyboard.press('Control+k');
  await field.fill('tide');
  await palette.getByRole('option', { name: /Tide mug/ }).first().waitFor();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowUp');
  const title = await palette.getByRole('option', { selected: true }).locator('.hit-title').textContent();
  await page.keyboard.press('Enter');
  await page.waitForURL(/\/admin\/products\//);
  assert.equal((await page.locator('h1').textContent()).trim(), title.trim());
  await page.getByRole('button', { name: /search and commands/ }).click();
  await field.fill('vat');
  await page.keyboard.press('Enter');
  await page.waitForURL(/\/admin\/settings\/taxes$/);
}));

test('without a script the same search is a page', LIMIT, () => atDesk('/admin', async (page) => {
  await page.getByRole('searchbox', { name: 'Search everything' }).fill('tide mug');
  await page.keyboard.press('Enter');
  await page.waitForURL(/\/admin\/search\?q=tide/);
  await page.getByRole('link', { name: /Tide mug/ }).first().click();
  await page.waitForURL(/\/admin\/(products|variants)\//);
}, { javaScriptEnabled: false }));

test('what else is being worked on is saved along; what is refused there keeps everything', LIMIT, () => atDesk('/admin/products', async (page) => {
  await page.getByRole('link', { name: /Tide mug/ }).first().click();
  const title = page.locator('form.words [name=title]');
  await title.waitFor();
  const was = await title.inputValue();
  const price = page.locator('form.variants [name^=price]').first();
  await title.fill(`${was} II`);
  await price.fill('cheap');
  await page.locator('form.words .actions .button.primary').click();
  await page.locator('main > .errors').waitFor();
  assert.equal(await title.inputValue(), `${was} II`, 'nothing typed is lost');
  assert.equal(await page.locator('h1').first().textContent(), was, 'and nothing was sent');
  await price.fill('31.50');
  await page.locator('form.words .actions .button.primary').click();
  await page.getByRole('heading', { level: 1, name: `${was} II` }).waitFor();
  assert.equal(await price.inputValue(), '31.50', 'both are saved');
  assert.equal(await page.locator('form.is-changed').count(), 0);
}));

test('letters go to rooms and through rows; the sheet lists them and turns them off', LIMIT, () => atDesk('/admin', async (page) => {
  await page.keyboard.press('g');
  await page.keyboard.press('p');
  await page.waitForURL(/\/admin\/products$/);
  await page.keyboard.press('j');
  await page.keyboard.press('j');
  await page.keyboard.press('j');
  await page.keyboard.press('k');
  const second = page.locator('table.list tbody tr').nth(1).locator('th a');
  const href = await second.getAttribute('href');
  assert.ok(await second.evaluate((link) => link === document.activeElement), 'the second row has the focus');
  await page.keyboard.press('x');
  await page.locator('.bulk-bar').waitFor();
  await page.keyboard.press('x');
  await page.locator('.bulk-bar').waitFor({ state: 'hidden' });
  await second.focus();
  await page.keyboard.press('Enter');
  await page.waitForURL(`**${href}`);

  await page.goto(`${shop.origin}/admin/orders`);
  await page.keyboard.press('/');
  await page.keyboard.type('gp?j');
  assert.equal(await page.evaluate(() => document.activeElement.value), 'gp?j', 'what is typed is typed');
  assert.equal(path(page), '/admin/orders');
  await page.evaluate(() => document.activeElement.blur());
  await page.keyboard.press('?');
  const sheet = page.getByRole('dialog', { name: 'Keyboard' });
  await sheet.getByText('Save the form').waitFor();
  await sheet.getByRole('checkbox', { name: /single letter/ }).uncheck();
  await page.keyboard.press('Escape');
  for (const key of ['?', 'g', 'c']) await page.keyboard.press(key);
  assert.equal(await sheet.count(), 0, 'a single letter does nothing now');
  assert.equal(path(page), '/admin/orders');
  await page.keyboard.press('Control+k');
  await page.getByRole('dialog', { name: 'Search and commands' }).waitFor();
  await page.goto(`${shop.origin}/admin/keys`);
  await page.getByRole('checkbox', { name: /single letter/ }).check();
  await page.evaluate(() => document.activeElement.blur());
  for (const key of ['g', 'c']) await page.keyboard.press(key);
  await page.waitForURL(/\/admin\/customers$/);
}));

test('what differs from what is saved is marked, reset, saved by Ctrl S, and the page stays where it was', LIMIT, () => atDesk('/admin/products', async (page) => {
  await page.locator('table.list tbody th a').first().click();
  await page.waitForURL(/\/admin\/products\/.+/);
  const product = path(page);
  const words = page.locator('form.words');
  const vendor = words.locator('#vendor');
  const before = await vendor.inputValue();
  await vendor.fill('Somebody else');
  await words.getByRole('status').getByText('Unsaved changes').waitFor();
  assert.equal(await words.locator('.field.is-changed').count(), 1);
  await vendor.fill(before);
  await words.locator('.is-changed').first().waitFor({ state: 'detached' });
  await vendor.fill('Somebody else');
  await words.getByRole('button', { name: 'Reset' }).click();
  assert.equal(await vendor.inputValue(), before);
  await words.getByText('Unsaved changes').waitFor({ state: 'hidden' });

  await vendor.fill('Somebody else');
  const mark = (id) => page.evaluate((field) => getComputedStyle(document.querySelector(`label[for=${field}]`), '::after').content, id);
  assert.match(await mark('title'), /\*/, 'what must be filled in is marked');
  const title = await page.locator('#title').inputValue();
  await page.locator('#title').fill('Another title');
  await page.locator('.field.is-changed #title').waitFor();
  assert.match(await mark('title'), /changed/, 'and that it differs is told all the same');
  await page.locator('#title').fill(title);
  await vendor.scrollIntoViewIfNeeded();
  await page.evaluate(() => scrollTo(0, 300));
  const at = await page.evaluate(() => scrollY);
  await page.keyboard.press('Control+s');
  await page.locator('.flash').getByText('The product was saved.').waitFor();
  assert.equal(path(page), product);
  await page.waitForFunction((wanted) => Math.abs(scrollY - wanted) < 120, at);
  assert.equal(await page.locator('#vendor').inputValue(), 'Somebody else');
}));

test('at 390 px no page of the admin is wider than the window', LIMIT, () => atDesk('/admin/products', async (page) => {
  const product = await page.locator('table.list tbody th a').first().getAttribute('href');
  await page.goto(`${shop.origin}/admin/search?q=tide`);
  const stock = await page.locator('a[href$="/stock"]').first().getAttribute('href');
  for (const one of ['', '/orders', '/products', '/customers', '/collections', '/pages', '/settings', '/settings/delivery', '/settings/taxes', '/staff', '/mails', '/jobs', '/audit', '/keys', '/search']) {
    await page.goto(`${shop.origin}/admin${one}`);
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `/admin${one}`);
  }
  for (const one of [product, stock]) {
    await page.goto(`${shop.origin}${one}`);
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), one);
  }
  const menu = page.locator('.admin-nav');
  assert.ok(!(await menu.getByRole('link', { name: 'Orders', exact: true }).isVisible()), 'the menu is folded');
  await menu.locator('summary').click();
  await menu.getByRole('link', { name: 'Orders', exact: true }).click();
  await page.waitForURL(/\/admin\/orders$/);
}, { viewport: { width: 390, height: 844 } }));

test('a question is on the screen each time it is asked', LIMIT, () => atDesk('/admin/orders?view=all', async (page) => {
  await page.locator('main tbody tr', { hasText: 'delivered' }).locator('a[href^="/admin/orders/"]').first().click();
  await page.waitForURL(/admin\/orders\/0/);
  for (const amount of ['1', '2', '3']) {
    const form = page.locator('form[action$="/refunds"]:has(#refund-extra)');
    await form.locator('#refund-extra').fill(amount);
    await form.locator('[name=reason]').fill('a scratch');
    await form.getByRole('button', { name: 'Refund', exact: true }).click();
    const question = page.getByRole('heading', { name: new RegExp(`Refund €${amount}\\.00`) });
    await question.waitFor();
    await page.waitForTimeout(300);
    const box = await question.boundingBox();
    assert.ok(box.y >= 0 && box.y < page.viewportSize().height, `asked for ${amount} at ${box.y}`);
  }
}));
