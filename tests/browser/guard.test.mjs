// Two steps to sign in, and "Is it you?", in a real browser without scripts: the 307 must send the form on, and no style or drawing may be refused.
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { after, before, test } from 'node:test';
import { openBrowser, withPage } from './kit/browser.mjs';
import { openShop } from './kit/shop.mjs';
import { OWNER, becomeOwner } from './kit/stories.mjs';

let shop, browser;
before(async () => {
  shop = await openShop();
  browser = await openBrowser();
}, { timeout: 120_000 });
after(async () => {
  await browser?.close();
  await shop?.close();
});

/** The bytes of a key in base32 (RFC 4648). */
const bytes = (text) => {
  const bits = [...text.replaceAll('-', '')].map((letter) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(letter).toString(2).padStart(5, '0')).join('');
  return Buffer.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2)));
};

/** What an authenticator app shows `later` steps of 30 seconds from now (RFC 6238). */
const code = (key, later = 0) => {
  const step = Buffer.alloc(8);
  step.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000) + later));
  const mac = createHmac('sha1', bytes(key)).update(step).digest();
  const at = mac[19] & 15;
  return String((mac.readUInt32BE(at) & 0x7fffffff) % 1_000_000).padStart(6, '0');
};

const path = (page) => new URL(page.url()).pathname;

test('a second factor is set up and asked for, and a proof sends the form on', { timeout: 90_000 }, () => withPage(browser, { javaScriptEnabled: false }, async (page) => {
  await becomeOwner(page, shop);
  await page.goto(`${shop.origin}/admin/me`);
  await page.getByRole('link', { name: 'Set up a second factor' }).click();
  await page.getByRole('button', { name: 'Set up an authenticator app' }).click();
  const drawing = await page.getByRole('img', { name: /QR code/ }).boundingBox();
  assert.ok(drawing.width > 150 && Math.abs(drawing.width - drawing.height) < 1, JSON.stringify(drawing));
  const key = await page.locator('code.secret').textContent();
  await page.getByRole('textbox', { name: 'Code' }).fill(code(key, -1));
  await page.getByRole('button', { name: 'Turn it on' }).click();
  assert.equal(await page.getByRole('main').getByRole('listitem').count(), 10);
  const recovery = await page.getByRole('main').getByRole('listitem').first().textContent();
  await page.getByRole('link', { name: 'I have kept them' }).click();
  await page.goto(`${shop.origin}/admin/me`);
  await page.locator('.who summary').click();
  await page.getByRole('button', { name: 'Sign out' }).click();

  await page.getByLabel('E-mail').fill(OWNER.email);
  await page.getByLabel('Password').fill(OWNER.password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.waitForURL(/sign-in\/code$/);
  await page.getByRole('textbox', { name: 'Code' }).fill('000 00');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByText('This code is not right').first().waitFor();
  await page.getByRole('textbox', { name: 'Code' }).fill(code(key));
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.waitForURL(/\/admin$/);

  // The question itself comes after ten minutes; its answer is sent here as its form would be.
  await page.goto(`${shop.origin}/admin/staff`);
  const fields = { proof_to: '/admin/staff', recovery, name: 'Cleo', email: 'cleo@example.com', role: 'clerk' };
  const inputs = Object.entries(fields).map(([name, value]) => `<input name="${name}" value="${value}">`).join('');
  await page.locator('main').evaluate((main, html) => main.insertAdjacentHTML('beforeend', html), `<form method="post" action="/admin/proof">${inputs}<button>Go on</button></form>`);
  await page.getByRole('button', { name: 'Go on' }).click();
  await page.getByRole('link', { name: 'Cleo' }).waitFor();
  assert.equal(path(page), '/admin/staff');
}));
