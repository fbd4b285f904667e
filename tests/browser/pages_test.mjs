// Every page, as those see it who run no scripts, read Spanish, have a dark screen or a telephone, or listen.
import fs from 'node:fs';
import path from 'node:path';

import { Auditor, fromNewNetwork, kBuilt, newVisitor, watch, whyNoBrowser } from './support/browser.mjs';
import { pages } from './support/pages.mjs';
import { Findings, runCases, skip, test } from './support/runner.mjs';
import { withWorld } from './support/world.mjs';

const kSuite = 'BrowserPages';
const kScreenshots = path.join(kBuilt, 'screenshots');
// Colours are the same in every language.
const kLanguages = { en: { locale: 'en-GB', colorSchemes: ['light', 'dark'] }, es: { locale: 'es-MX', colorSchemes: ['light'] } };
const kWide = { width: 1000, height: 800 };
const kPhones = [{ width: 320, height: 640 }, { width: 390, height: 844 }];

const why = whyNoBrowser();
if (why) {
  skip(kSuite, why);
}

async function picture(page, name) {
  await page.screenshot({ path: path.join(kScreenshots, `${name}.png`), fullPage: true });
}

/** What no page may lack, whatever it says. */
async function checkDocument(page, language, findings) {
  const said = await page.evaluate(() => ({
    language: document.documentElement.lang,
    title: document.title.trim(),
    headings: document.querySelectorAll('h1').length,
    scripts: document.querySelectorAll('script, style, [style], iframe, object').length,
    unlabelled: [...document.querySelectorAll('input:not([type=hidden]), textarea, select')].filter((field) => field.labels.length === 0).length,
    phrases: document.body.innerText.match(/\{\w+\}|\b[a-z_]+\.[a-z_]+_[a-z]+\b/g) ?? [],
  }));
  const where = page.url();
  findings.equal(said.language, language, `${where}: its language`);
  findings.expect(said.title !== '', `${where} has no title`);
  findings.equal(said.headings, 1, `${where}: headings of the first level`);
  findings.equal(said.scripts, 0, `${where}: scripts, styles of its own and frames`);
  findings.equal(said.unlabelled, 0, `${where}: fields without a label`);
  findings.equal(said.phrases, [], `${where}: phrases that are not filled in`);
}

/** Nothing is cut off or needs scrolling sideways. */
async function checkWidths(page, name, findings) {
  for (const size of kPhones) {
    await page.setViewportSize(size);
    const width = await page.evaluate(() => document.documentElement.scrollWidth);
    findings.expect(width <= size.width, `${page.url()} is ${width} wide on a screen of ${size.width}`);
  }
  await picture(page, `${name}-phone`);
}

/** One for all pages in a language: what it complains of is said to whoever looks at the time. */
async function newReader(browser, site, language) {
  const visitor = await newVisitor(browser, { locale: kLanguages[language].locale });
  const reader = { page: await visitor.newPage(), findings: undefined };
  watch(reader.page, [site.origin, site.operator], (what) => reader.findings.say(what));
  return reader;
}

async function look({ site, auditor, readers }, { name, status, open }, language) {
  const findings = new Findings();
  const { page } = Object.assign(readers[language], { findings });
  await page.setExtraHTTPHeaders(fromNewNetwork());
  await page.emulateMedia({ colorScheme: 'light' });
  await page.setViewportSize(kWide);
  const response = await open(page, site, language);
  findings.equal(response.status(), status, `${page.url()}: its status`);
  await checkDocument(page, language, findings);
  const { colorSchemes } = kLanguages[language];
  for (const found of await auditor.audit(page.url(), await response.text(), colorSchemes)) {
    findings.say(`${page.url()}: ${found}`);
  }
  for (const colorScheme of colorSchemes) {
    await page.emulateMedia({ colorScheme });
    await picture(page, `${name}-${language}-${colorScheme}`);
  }
  await checkWidths(page, `${name}-${language}`, findings);
  findings.throwIfAny();
}

for (const entry of pages) {
  for (const language of Object.keys(kLanguages)) {
    test(`${entry.name}.${language}`, (world) => look(world, entry, language));
  }
}

fs.rmSync(kScreenshots, { recursive: true, force: true });
await withWorld(async ({ browser, site }) => {
  const readers = { en: await newReader(browser, site, 'en'), es: await newReader(browser, site, 'es') };
  await runCases(kSuite, { site, readers, auditor: await Auditor.make(browser) });
});
