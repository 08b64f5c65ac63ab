// What people do in the shop, said once.
import assert from 'node:assert/strict';

export const SHOPPER = { email: 'ada@example.org', name: 'Ada Byron', line1: '12 Quay Street', postcode: 'D02 AF30', city: 'Dublin' };

/** From the home page to a product that can be bought; returns its name. */
export async function browse(page, origin) {
  await page.goto(`${origin}/`);
  await page.locator('main a[href^="/collections/"]').first().click();
  await page.waitForURL(/\/collections\//);
  const card = page.locator('main .card:not(:has(.sold-out)) a[href^="/products/"]').first();
  const name = (await card.textContent()).trim();
  await card.click();
  await page.waitForURL(/\/products\//);
  assert.equal((await page.locator('h1').textContent()).trim(), name);
  // Who is quicker than the modules gets the plain pages; most stories are about what the modules do.
  await page.waitForLoadState('networkidle');
  return name;
}

/** Puts the product of the page into the cart: it shows at the side where there is a script, else on its own page. Ends there. */
export async function addToCart(page) {
  const origin = new URL(page.url()).origin;
  await page.locator('form.buy .button.primary').click();
  const shown = page.locator('dialog.panel .lines, main .lines').first();
  await shown.waitFor();
  if (new URL(page.url()).pathname !== '/cart') await page.goto(`${origin}/cart`);
}

/** Fills in the checkout up to the last button. */
export async function fillCheckout(page, payment) {
  for (const [name, value] of Object.entries(SHOPPER)) await page.locator(`#${name}`).fill(value);
  await page.locator(`input[name=payment][value=${payment}]`).check();
  await page.locator('#terms').check();
}

/** From the home page to the button that orders; returns the name of the product. */
export async function shop(page, origin, payment) {
  const name = await browse(page, origin);
  await addToCart(page);
  assert.ok((await page.locator('main .lines').textContent()).includes(name), 'the cart shows what was added');
  await page.locator('main a[href="/checkout"]').click();
  await page.waitForURL(/\/checkout$/);
  await fillCheckout(page, payment);
  await page.locator('button[name=place]').click();
  return name;
}

/** Who opens the shops of these tests. */
export const OWNER = { name: 'Grace Hopper', email: 'grace@example.org', password: 'a sentence is good, they say' };

/** Uses the link that the shop printed at its first start. */
export async function becomeOwner(page, shop) {
  await page.goto(shop.signIn);
  await page.locator('#name').fill(OWNER.name);
  await page.locator('#email').fill(OWNER.email);
  await page.locator('#password').fill(OWNER.password);
  await page.locator('#repeated').fill(OWNER.password);
  await page.locator('main button.primary').click();
  await page.waitForURL(/\/admin(\/|$)(?!open)/);
}
