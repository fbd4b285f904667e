// Debian's Chromium, driven by Playwright. What npm gives for that lies in build/browser, where tools/test has put it.
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

export const kBuilt = path.resolve(import.meta.dirname ?? path.dirname(new URL(import.meta.url).pathname), '../../../build/browser');
const kChromium = process.env.OSTRAKON_CHROMIUM ?? ['/usr/bin/chromium-headless-shell', '/usr/bin/chromium'].find((file) => fs.existsSync(file));

function required(name) {
  return createRequire(path.join(kBuilt, 'package.json'))(name);
}

/** Why there can be no browser here; empty where there can. */
export function whyNoBrowser() {
  if (!fs.existsSync(path.join(kBuilt, 'node_modules/playwright-core')) || !fs.existsSync(path.join(kBuilt, 'node_modules/axe-core'))) {
    return `playwright-core and axe-core are not in ${kBuilt}: tools/test puts them there, from npm`;
  }
  return kChromium ? '' : 'Chromium is not installed: tools/test does that';
}

/** One browser for a whole file of cases. */
export async function launchBrowser() {
  const { chromium } = required('playwright-core');
  return chromium.launch({
    executablePath: kChromium,
    args: ['--disable-dev-shm-usage'],
  });
}

let networks = 0;

/** The header of who comes from a network of its own, so that no case uses up the questions of another. */
export function fromNewNetwork() {
  return { 'X-Forwarded-For': `2001:db8:${(++networks).toString(16)}::1` };
}

export async function newVisitor(browser, options = {}) {
  const context = await browser.newContext({
    javaScriptEnabled: false,
    locale: 'en-GB',
    ignoreHTTPSErrors: true,
    extraHTTPHeaders: fromNewNetwork(),
    ...options,
  });
  context.setDefaultTimeout(20_000);
  return context;
}

/** Notes all that a page asks of others than its own servers, and all that it complains of: `say` hears of it. */
export function watch(page, origins, say) {
  page.on('request', (request) => origins.some((origin) => request.url().startsWith(`${origin}/`)) || say(`${page.url()} asks for ${request.url()}`));
  page.on('pageerror', (error) => say(`${page.url()}: ${error}`));
  page.on('dialog', (dialog) => {
    say(`${page.url()} opens a dialog: ${dialog.message()}`);
    return dialog.dismiss();
  });
  page.on('console', (message) => {
    // The status of the page itself is looked at by whoever has asked for it.
    const isOwnStatus = message.text().startsWith('Failed to load resource') && message.location().url === page.url();
    return message.type() !== 'error' || isOwnStatus || say(`${page.url()} complains: ${message.text()}`);
  });
}

const kStandards = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
// What is not about colours is the same in the dark.
const kRules = { light: { type: 'tag', values: kStandards }, dark: { type: 'rule', values: ['color-contrast'] } };

/**
 * What axe-core finds in pages. A page without scripts cannot run it: the same document is shown where scripts run.
 */
export class Auditor {
  static async make(browser) {
    const auditor = new Auditor();
    auditor.context = await newVisitor(browser, { javaScriptEnabled: true, bypassCSP: true });
    await auditor.context.addInitScript(required('axe-core').source);
    auditor.page = await auditor.context.newPage();
    return auditor;
  }

  /** All findings in the document `html` of `url`, in these colours. */
  async audit(url, html, colorSchemes) {
    const isIt = (asked) => asked.href === url;
    await this.page.route(isIt, (route) => route.fulfill({ contentType: 'text/html; charset=utf-8', body: html }));
    const shown = await this.page.goto(url);
    await this.page.unroute(isIt);
    if ((await shown.text()) !== html) {
      throw new Error(`${url} is looked at with other contents than it has`);
    }
    const found = [];
    for (const colorScheme of colorSchemes) {
      await this.page.emulateMedia({ colorScheme });
      const said = await this.page.evaluate(async (only) => {
        const { violations } = await globalThis.axe.run(document, { runOnly: only, resultTypes: ['violations'] });
        return violations.map(({ id, help, nodes }) => `${id} (${help}): ${nodes.map((node) => node.html).join(' ')}`);
      }, kRules[colorScheme]);
      found.push(...said.map((finding) => `${colorScheme}: ${finding}`));
    }
    return found;
  }
}
