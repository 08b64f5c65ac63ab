// One Chromium for a test file, and pages that remember what went wrong on them.
import assert from 'node:assert/strict';
import { chromium } from 'playwright-core';

const ARGS = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'];

export function openBrowser() {
  return chromium.launch({ executablePath: process.env.WHARF_CHROMIUM ?? '/usr/bin/chromium', headless: true, args: ARGS });
}

/** Runs `story` on a fresh page; afterwards nothing may have been refused by the policy, thrown, or answered with 5xx. */
export async function withPage(browser, options, story) {
  // A page that still moves takes no clicks: what is tested moves only where the motion is what is tested.
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, reducedMotion: 'reduce', ...options });
  context.setDefaultTimeout(20_000);
  // A page is whole when its pictures are there, and the first to ask for a picture waits until it is made, on a busy machine for long.
  context.setDefaultNavigationTimeout(40_000);
  const faults = [];
  context.on('console', (message) => {
    // Chromium logs every 4xx as an error; a refused form is none.
    if (message.type() === 'error' && !/status of 4\d\d/.test(message.text())) faults.push(`${message.location().url}: ${message.text()}`);
  });
  // Chromium says so of itself when it gives up crossing from page to page because the next one was there first.
  context.on('weberror', (error) => /Transition was aborted/.test(String(error.error())) || faults.push(String(error.error())));
  context.on('response', (response) => {
    if (response.status() >= 500) faults.push(`${response.status()} ${response.url()}`);
  });
  try {
    const page = await context.newPage();
    await story(page);
    assert.deepEqual(faults, []);
  } finally {
    await context.close();
  }
}
