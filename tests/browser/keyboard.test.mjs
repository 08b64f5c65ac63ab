// Everything that a shopper needs can be done with Tab, Space, Enter and arrows, and one always sees where one is.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openBrowser, withPage } from './kit/browser.mjs';
import { openShop } from './kit/shop.mjs';
import { SHOPPER, browse } from './kit/stories.mjs';

let shop, browser;
before(async () => {
  shop = await openShop();
  browser = await openBrowser();
}, { timeout: 120_000 });
after(async () => {
  await browser?.close();
  await shop?.close();
});

/** Presses Tab until `selector` has the focus; every stop on the way must be visible. */
async function tabTo(page, selector) {
  for (let stops = 0; stops < 90; stops += 1) {
    await page.keyboard.press('Tab');
    const here = await page.evaluate((wanted) => {
      const element = document.activeElement;
      if (!element || element === document.body) return null;
      const isMarked = (node) => {
        const style = getComputedStyle(node);
        return (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0) || style.boxShadow !== 'none';
      };
      // A card or a choice may wear the mark of what is inside it.
      const wearers = [element, ...(element.labels ?? []), element.closest('.card'), element.closest('label')].filter(Boolean);
      return { html: element.outerHTML.slice(0, 160), isVisible: wearers.some(isMarked), isThere: element.matches(wanted) };
    }, selector);
    if (!here) continue;
    assert.ok(here.isVisible, `the focus is not visible on ${here.html}`);
    if (here.isThere) return;
  }
  assert.fail(`Tab never reaches ${selector} on ${page.url()}`);
}

test('from a product to a paid order by keyboard', { timeout: 60_000 }, () => withPage(browser, {}, async (page) => {
  await browse(page, shop.origin);
  await tabTo(page, 'form.buy .button.primary');
  await page.keyboard.press('Enter');
  await page.locator('dialog.side .lines').waitFor();
  await tabTo(page, 'dialog.side a[href="/checkout"]');
  await page.keyboard.press('Enter');
  await page.waitForURL(/\/checkout$/);
  for (const name of ['email', 'name', 'line1', 'postcode', 'city']) {
    await tabTo(page, `#${name}`);
    await page.keyboard.type(SHOPPER[name]);
  }
  await tabTo(page, 'input[name=payment]');
  for (let presses = 0; presses < 4 && !(await page.locator('input[name=payment][value=test]').isChecked()); presses += 1) {
    await page.keyboard.press(presses === 0 ? 'Space' : 'ArrowDown');
  }
  await tabTo(page, '#terms');
  await page.keyboard.press('Space');
  await tabTo(page, 'button[name=place]');
  await page.keyboard.press('Enter');
  await page.waitForURL(/\/pay\/test\//);
  await tabTo(page, 'button[value=pay]');
  await page.keyboard.press('Space');
  await page.waitForURL(/\/orders\//);
}));

test('a choice made by keyboard keeps its place on the page that comes', { timeout: 60_000 }, () => withPage(browser, {}, async (page) => {
  await page.goto(`${shop.origin}/products/tide-mug`);
  await page.waitForLoadState('networkidle');
  await tabTo(page, 'input[name=option-0]');
  await page.keyboard.press('ArrowDown');
  await page.waitForURL(/variant=/);
  await page.waitForFunction(() => document.activeElement?.name === 'option-0' && document.activeElement.checked);
  await page.keyboard.press('Tab');
  assert.equal(await page.evaluate(() => document.activeElement.name), 'option-1', 'the next choice is the next stop');
}));
